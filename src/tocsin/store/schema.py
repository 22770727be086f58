"""Tables. The journal is the truth; every other table is a projection of it, or a bounded list beside it."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

REVISION: Final = "0001"
"""The migration that makes this schema."""

JOURNAL: Final = sa.Table(
    "journal",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("stream", sa.String),
    sa.Column("number", sa.BigInteger),
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("key", sa.BigInteger),
    sa.Column("sealed", sa.LargeBinary),
)
"""`entry` is the canonical JSON that was hashed. `key` and `sealed` are the signal's personal part, in its own row."""

sa.Index("journal_stream", JOURNAL.c.stream, JOURNAL.c.number, unique=True, sqlite_where=JOURNAL.c.stream.isnot(None))

DUPLICATES: Final = sa.Table(
    "duplicates",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
)
"""How often a signal was repeated. No hash and no rule uses it; a kill may undercount, never overcount."""

ACCOUNTS: Final = sa.Table(
    "accounts",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `account.set`: the row as canonical JSON."""

UNKNOWN: Final = sa.Table(
    "unknown_accounts",
    METADATA,
    sa.Column("account", sa.String, primary_key=True),
    sa.Column("receiver", sa.String, primary_key=True),
    sa.Column("line", sa.String, primary_key=True),
    sa.Column("first_at", sa.BigInteger, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),
    sa.Column("signals", sa.BigInteger, nullable=False),
    sa.Column("polls", sa.BigInteger, nullable=False),
    sa.Column("unreadable", sa.BigInteger, nullable=False),
    sa.Column("transport", sa.String, nullable=False),
)
"""Receiver and line are "-" where the frame had none, since a primary key has no NULL."""

REJECTED: Final = sa.Table(
    "rejected_frames",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("transport", sa.String, nullable=False),
    sa.Column("account", sa.String),
    sa.Column("token", sa.String),
    sa.Column("key", sa.BigInteger),
    sa.Column("sealed", sa.LargeBinary),
    sqlite_autoincrement=True,
)

META: Final = sa.Table(
    "meta",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
