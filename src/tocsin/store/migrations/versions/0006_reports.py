"""Reports of people: calls that are being taken."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add what reports of people need."""
    op.create_table(
        "call_forms",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
