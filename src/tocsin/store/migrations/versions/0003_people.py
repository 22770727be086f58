"""People: credentials, rights, two persons, values under incidents' keys, timers, keyholders."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what access, the vault and the personal parts of sites and incidents need."""
    _access()


def _access() -> None:
    """Add what people sign in with, what they were granted, and what two persons do together."""
    for name, type_ in (("how", sa.String), ("locked_at", sa.BigInteger), ("device", sa.String)):
        op.add_column("access", sa.Column(name, type_))
    for name, other in (("credentials", "kind"), ("grants", "target")):
        op.create_table(
            name,
            sa.Column("user", sa.String, primary_key=True),
            sa.Column(other, sa.String, primary_key=True),
            sa.Column("seq", sa.BigInteger, nullable=False),
            sa.Column("row", sa.LargeBinary, nullable=False),
        )
    op.create_table(
        "totp_steps",
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
