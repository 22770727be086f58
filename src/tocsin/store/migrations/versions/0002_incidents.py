"""Incidents and where each signal ended; commands; sites and zones; users and what lets them in."""

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what the projector and the operators' screens need."""
    op.create_table(
        "incidents",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("incidents_state", "incidents", ["state", "version"])
    op.create_table(
        "incident_facts",
        sa.Column("incident", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signals",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("account_id", sa.String),
        sa.Column("code", sa.String),
        sa.Column("format", sa.String),
        sa.Column("zone", sa.String),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("incident", sa.String),
    )
    op.create_index("signals_incident", "signals", ["incident", "seq"], sqlite_where=sa.text("incident IS NOT NULL"))
    op.create_index("signals_account", "signals", ["account_id", "seq"], sqlite_where=sa.text("account_id IS NOT NULL"))
    op.create_table(
        "commands",
        sa.Column("actor", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
    )
    for name in ("sites", "users"):
        op.create_table(
            name,
            sa.Column("id", sa.String, primary_key=True),
            sa.Column("seq", sa.BigInteger, nullable=False),
            sa.Column("row", sa.LargeBinary, nullable=False),
        )
    op.create_table(
        "zones",
        sa.Column("account_id", sa.String, primary_key=True),
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "access",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("user", sa.String),
        sa.Column("scopes", sa.String),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_table(
        "refusals",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("receiver", sa.String, primary_key=True),
        sa.Column("line", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.add_column("accounts", sa.Column("number", sa.String))
    op.add_column("accounts", sa.Column("made", sa.BigInteger))
    op.add_column("accounts", sa.Column("site_id", sa.String))
    op.create_index("accounts_number", "accounts", ["number", "made"])
    op.create_index("accounts_site", "accounts", ["site_id", "number", "made"])
    _fill_accounts()


def _fill_accounts() -> None:
    """Work out what accounts are found by, for those that are there already."""
    connection = op.get_bind()
    found = connection.exec_driver_sql("SELECT id, row FROM accounts").all()
    values = [(msgspec.json.decode(row)["account"].upper(), int(id_.rpartition("-")[2]), id_) for id_, row in found]
    if values:
        connection.exec_driver_sql("UPDATE accounts SET number = ?, made = ? WHERE id = ?", values)
