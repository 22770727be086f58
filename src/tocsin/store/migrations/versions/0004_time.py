"""Time, and reaching people: supervision, notices, sites whole, on test, desks."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what watching, reaching people and sites need."""
