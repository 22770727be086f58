"""Bring a database to this program's schema, and refuse one that is newer than the program."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from tocsin.model.errors import Conflict
from tocsin.store.schema import METADATA, REVISION

_VERSION: Final = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic itself makes it."""


def migrate(engine: sa.Engine) -> None:
    """Make or upgrade the schema in one transaction; nothing happens where it is this program's already.

    Raises:
        Conflict: the database was made by a newer program. Nothing was changed.
    """
    with engine.connect() as connection:
        found = _revision(connection)
    if found == REVISION:
        return
    if found is not None and found > REVISION:
        raise Conflict(
            f"The database has schema {found}, this program knows {REVISION}: it was written by a newer Tocsin. "
            "Nothing was changed. Start the newer program, or restore a backup made by this one",
            "store.newer",
        )
    with engine.begin() as connection:
        if found is None:
            make(connection)
        else:
            upgrade(connection)


def make(connection: sa.Connection) -> None:
    """Make the tables of a new database: what all migrations together come to, and a tenth of their time."""
    METADATA.create_all(connection, checkfirst=False)
    _VERSION.create(connection, checkfirst=False)
    connection.execute(_VERSION.insert().values(version_num=REVISION))


def upgrade(connection: sa.Connection) -> None:
    """Run each migration that the database has not seen yet; on an empty one, all of them."""
    # Alembic takes 0.2 s to load, which every ordinary start is spared.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
