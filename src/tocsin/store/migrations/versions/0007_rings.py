"""Calls that a telephone system tells of, and telephone lines."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add what the telephone needs."""
    op.create_table(
        "rings",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("rings_key", "rings", ["key"])
    op.create_table(
        "lines",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
