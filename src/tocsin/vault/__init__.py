"""The vault: keys, sealing, retention. What is personal is readable as long as its key lives, and no longer."""

from tocsin.vault.master import MasterKey, adopt, staged_path, sync_folder
from tocsin.vault.vault import Vault

__all__ = ["MasterKey", "Vault", "adopt", "staged_path", "sync_folder"]
