"""Bring a database to this program's schema, and refuse one that is newer than the program."""

from pathlib import Path

import sqlalchemy as sa

from tocsin.model.errors import Conflict
from tocsin.store.schema import REVISION


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
    # Alembic takes 0.2 s to load, which every ordinary start is spared.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
