"""The watch log is found by its own index: what it costs does not grow with the signals between its lines."""

import sqlalchemy as sa

from tocsin.store.schema import IS_LOGGED
from tocsin.store.sqlite import open_store


def test_log_is_read_by_its_index_alone(tmp_path):
    store = open_store(tmp_path / "tocsin.db")
    try:
        with store._read() as connection:
            plan = connection.execute(
                sa.text(f"EXPLAIN QUERY PLAN SELECT seq FROM journal WHERE {IS_LOGGED} AND at >= 0 ORDER BY seq DESC")
            ).all()
        assert ["journal_logged" in row[-1] for row in plan] == [True]
    finally:
        store.close()
