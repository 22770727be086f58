"""People: credentials, rights, two persons, values under incidents' keys, timers, keyholders."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what access, the vault and the personal parts of sites and incidents need."""
