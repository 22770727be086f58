"""People: credentials, rights, two persons, values under incidents' keys, timers, keyholders."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what access, the vault and the personal parts of sites and incidents need."""
    _access()
    _add_vault()
    _help()


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


def _add_vault() -> None:
    """Keys of holders, values under them, timers, legal holds, erasures."""
    op.create_table(
        "holder_keys",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("holder_keys_holder", "holder_keys", ["holder"])
    op.create_table(
        "vault_values",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ref", sa.String, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("vault_values_holder", "vault_values", ["holder", "field"])
    op.create_table(
        "timers",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("timers_due", "timers", ["due_at"])
    op.create_table(
        "holds",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("holds_incident", "holds", ["incident"])
    op.create_table(
        "erasures",
        sa.Column("incident", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )


def _help() -> None:
    """Add keyholders, phrases, wishes and place warnings."""
    for name, key, has_site in (
        ("keyholders", "id", True),
        ("site_phrases", "site_id", False),
        ("site_wishes", "site_id", False),
        ("place_warnings", "id", True),
    ):
        op.create_table(
            name,
            sa.Column(key, sa.String, primary_key=True),
            sa.Column("seq", sa.BigInteger, nullable=False),
            *([sa.Column("site_id", sa.String, nullable=False)] if has_site else []),
            sa.Column("row", sa.LargeBinary, nullable=False),
        )
        if has_site:
            op.create_index(f"{name}_site", name, ["site_id"])
