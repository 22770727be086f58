"""The gazetteer: public places by name, in a file of its own beside the database, for the call form's "Where is it?".

Places alone, as somebody imported them: no text of an incident, no site and no person is ever put into it. Sites lie in
the vault and are looked for in memory; whoever asks for both joins the two. A file that is imported takes the place of
what its source brought before, as a whole or not at all: the new index is written beside the old one and then renamed.
Source: CONSOLE.md, section 16; decision 0074.
"""

import contextlib
import fcntl
import os
import unicodedata
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from tocsin.model.errors import BadInput, CentreFault, Conflict
from tocsin.model.values import Code, Place
from tocsin.store.driver import dbapi

FILE: Final = "places.db"
FOUND_MAX: Final = 12
LOOKED_AT: Final = 400
"""So many that fit are put into order, the more important ones first: a short beginning fits half a country."""

WORDS_MAX: Final = 8
PLACES_MAX: Final = 5_000_000
SOURCES_MAX: Final = 20
NAME_MAX: Final = 200
BATCH: Final = 10_000
SCHEMA: Final = 1
_DDL: Final = """
CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, near TEXT NOT NULL, kind TEXT NOT NULL,
    latitude REAL, longitude REAL, source TEXT NOT NULL);
CREATE TABLE sources (name TEXT PRIMARY KEY, places INTEGER NOT NULL, imported_at INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(name, near, content='places', content_rowid='id', detail=column,
    tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6');
"""
_RANKS: Final = ("settlement", "place", "street", "crossing", "kilometre", "address")
"""Kinds, the more important ones first; within a source they are stored in this order."""


class Gazetted(msgspec.Struct, frozen=True, kw_only=True):
    """A place of the gazetteer."""

    name: Place
    near: Place | None = None
    """What it lies in or at: a town, a district, a postal code."""
    kind: Code = Code("place")
    """settlement, place, street, crossing, kilometre or address."""
    latitude: float | None = None
    longitude: float | None = None
    source: Code = Code("")


class GazetteerSource(msgspec.Struct, frozen=True, kw_only=True):
    """What was imported under one name."""

    name: Code
    places: int
    imported_at: int
    """Microseconds since 1970, UTC."""


class Gazetteer:
    """Finds places, and takes files of them. From any thread."""

    def __init__(self, folder: Path) -> None:
        """Look into the folder of a centre. Where nothing was imported, nothing is found."""
        self._path = folder / FILE

    def find(self, said: str, limit: int = FOUND_MAX) -> list[Gazetted]:
        """Places whose words begin as these do, each of them; the best first. Nothing where the file cannot be read.

        Letters are compared without accents and case; what is not a letter or digit parts words.
        """
        words = words_of(said)
        if not words or not self._path.exists():
            return []
        asked = " AND ".join(f'"{word}"*' for word in words)
        try:
            with contextlib.closing(self._open()) as connection:
                rows = connection.execute(
                    "SELECT p.name, p.near, p.kind, p.latitude, p.longitude, p.source FROM words JOIN places p "
                    "ON p.id = words.rowid WHERE words MATCH ? ORDER BY words.rowid LIMIT ?",
                    (asked, LOOKED_AT),
                ).fetchall()
        except dbapi.DatabaseError as error:
            raise CentreFault(
                "The gazetteer cannot be read; sites are found all the same. Import its files again", "places.damaged"
            ) from error
        found = [
            Gazetted(name=name, near=near or None, kind=kind, latitude=latitude, longitude=longitude, source=source)
            for name, near, kind, latitude, longitude, source in rows
        ]
        return sorted(found, key=lambda one: _order(one, words))[:limit]

    def sources(self) -> list[GazetteerSource]:
        """What was imported, by name."""
        if not self._path.exists():
            return []
        with contextlib.closing(self._open()) as connection:
            rows = connection.execute("SELECT name, places, imported_at FROM sources ORDER BY name").fetchall()
        return [GazetteerSource(name=name, places=places, imported_at=at) for name, places, at in rows]

    def replace(self, source: Code, places: Iterable[Gazetted], at: int) -> int:
        """Let these stand for the source from now on; return how many. No places: it is taken out.

        Raises:
            Conflict: somebody imports already, or there are as many places or sources as can be.
            BadInput: what `places` raises; nothing was changed.
        """
        with self._alone():
            return self._replace(source, places, at)

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        """One import at a time, of all processes: the lock ends with whoever held it, however that ends."""
        descriptor = os.open(self._path.parent, os.O_RDONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict(
                    "Places are being imported already. Nothing was changed. Wait for that", "places.busy"
                ) from error
            yield
        finally:
            os.close(descriptor)

    def _replace(self, source: Code, places: Iterable[Gazetted], at: int) -> int:
        for left in self._path.parent.glob(f"{self._path.stem}.new-*"):
            left.unlink(missing_ok=True)  # of an import that was killed
        beside = self._path.with_suffix(f".new-{os.getpid()}")
        try:
            with contextlib.closing(dbapi.connect(beside)) as connection:
                connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _DDL)
                count = self._fill(connection, source, places, at)
                connection.execute("INSERT INTO words(words) VALUES ('rebuild')")
                connection.execute(f"PRAGMA user_version={SCHEMA}")
                connection.commit()
            _to_disk(beside)
            beside.replace(self._path)
            _to_disk(self._path.parent)
        finally:
            beside.unlink(missing_ok=True)
        return count

    def of(self, source: Code) -> Iterator[Gazetted]:
        """All that a source brought, in no order."""
        if not self._path.exists():
            return
        asked = "SELECT name, near, kind, latitude, longitude FROM places WHERE source = ?"
        with contextlib.closing(self._open()) as connection:
            for name, near, kind, latitude, longitude in connection.execute(asked, (source,)):
                yield Gazetted(name=name, near=near or None, kind=kind, latitude=latitude, longitude=longitude)

    def check(self, source: Code, places: Iterable[Gazetted]) -> int:
        """Whether `replace` would take these, and how many; nothing is changed.

        Raises:
            Conflict, BadInput: as `replace`.
        """
        count = 0
        for batch in _batches(places):
            count += len(batch)
            _refuse_many(count)
        _refuse_sources(len([one for one in self.sources() if one.name != source]) + (1 if count else 0))
        return count

    def remove(self, source: Code, at: int) -> None:
        """Take out what a source brought.

        Raises:
            BadInput: nothing was imported under this name.
            Conflict: somebody imports.
        """
        if all(one.name != source for one in self.sources()):
            raise BadInput(f"No places were imported as {source}. Nothing was changed", "places.source")
        self.replace(source, (), at)

    def _fill(self, connection: dbapi.Connection, source: Code, places: Iterable[Gazetted], at: int) -> int:
        """The new places in the order of their kinds, then those of other sources."""
        insert = "INSERT INTO places (name, near, kind, latitude, longitude, source) VALUES (?, ?, ?, ?, ?, ?)"
        connection.execute("CREATE TEMP TABLE given AS SELECT * FROM places WHERE 0")
        into = insert.replace("places", "given", 1)
        count = 0
        for batch in _batches(places):
            connection.executemany(into, [_row(one, source) for one in batch])
            count += len(batch)
            _refuse_many(count)
        columns = "name, near, kind, latitude, longitude, source"
        others: list[tuple[str, int, int]] = []
        if self._path.exists():
            connection.commit()
            connection.execute("ATTACH DATABASE ? AS old", (str(self._path),))
            kept = f"SELECT {columns} FROM old.places WHERE source <> ?"  # noqa: S608 - constants of this module
            connection.execute(f"INSERT INTO given ({columns}) {kept}", (source,))
            asked = "SELECT name, places, imported_at FROM old.sources WHERE name <> ?"
            others = connection.execute(asked, (source,)).fetchall()
        _refuse_sources(len(others) + (1 if count else 0))
        for rank in _RANKS:
            connection.execute(
                f"INSERT INTO places ({columns}) SELECT {columns} FROM given WHERE kind = ? ORDER BY rowid",  # noqa: S608
                (rank,),
            )
        rows = others + ([(source, count, at)] if count else [])
        connection.executemany("INSERT INTO sources VALUES (?, ?, ?)", rows)
        return count

    def _open(self) -> dbapi.Connection:
        return dbapi.connect(f"file:{self._path}?mode=ro", uri=True)


def words_of(said: str) -> list[str]:
    """The words that are looked for: letters and digits alone, so nothing in them is a sign of the index's language."""
    plain = "".join(sign if sign.isalnum() or unicodedata.combining(sign) else " " for sign in said[:300])
    return [word[:40] for word in plain.split()][:WORDS_MAX]


def _folded(said: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", said).casefold() if not unicodedata.combining(one))


def _order(one: Gazetted, words: list[str]) -> tuple[bool, bool, int, int, str]:
    name, first = _folded(one.name), _folded(" ".join(words))
    return name != first, not name.startswith(first), _RANKS.index(one.kind), len(name), name


def _row(one: Gazetted, source: Code) -> tuple[str, str, str, float | None, float | None, str]:
    return one.name, one.near or "", one.kind, one.latitude, one.longitude, source


def _batches(places: Iterable[Gazetted]) -> Iterator[list[Gazetted]]:
    batch: list[Gazetted] = []
    for one in places:
        if one.kind not in _RANKS:
            raise BadInput(f"A place's kind is none of {', '.join(_RANKS)}. Nothing was changed", "places.kind")
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _refuse_many(count: int) -> None:
    if count > PLACES_MAX:
        raise Conflict(
            f"A gazetteer has at most {PLACES_MAX:,} places. Nothing was changed. Import a smaller area", "places.full"
        )


def _refuse_sources(count: int) -> None:
    if count > SOURCES_MAX:
        raise Conflict(
            f"A gazetteer has at most {SOURCES_MAX} sources. Nothing was changed. Take one out first", "places.sources"
        )


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
