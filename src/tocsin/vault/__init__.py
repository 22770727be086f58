"""The vault: keys, sealing, retention. What is personal is readable as long as its key lives, and no longer."""

from tocsin.vault.master import MasterKey
from tocsin.vault.vault import Vault

__all__ = ["MasterKey", "Vault"]
