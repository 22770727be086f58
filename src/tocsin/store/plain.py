"""Statements straight to the driver, for what is asked all the time: by SQLAlchemy each costs five times as much.

Inside the writer's transaction they are a part of it; where somebody reads, each stands for itself, so what must be one
picture is one statement. Errors are the driver's own, which `store.reading.faults` turns into ours.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

Row = tuple[Any, ...]


def ask(connection: sa.Connection, statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """All rows."""
    cursor = connection.connection.cursor()
    try:
        return cursor.execute(statement, values).fetchall()
    finally:
        cursor.close()


def ask_one(connection: sa.Connection, statement: str, values: Sequence[Any] = ()) -> Row | None:
    """The first row; None where there is none."""
    cursor = connection.connection.cursor()
    try:
        return cursor.execute(statement, values).fetchone()
    finally:
        cursor.close()


def do(connection: sa.Connection, statement: str, values: Sequence[Any] = ()) -> int:
    """Carry it out; return how many rows were touched."""
    cursor = connection.connection.cursor()
    try:
        return cursor.execute(statement, values).rowcount
    finally:
        cursor.close()


def do_many(connection: sa.Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Carry it out for each of these."""
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(statement, rows)
    finally:
        cursor.close()


__all__ = ["Row", "ask", "ask_one", "do", "do_many"]
