"""Entries read back, strictly: from the lines of an export, or as they are stored.

Only the standard library is needed, since an outsider's verifier runs this (journal/verify.py).
Source: INTERFACES.md, "tocsin journal export".
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, cast

from tocsin.journal.canonical import INTEGER_MAX, NotCanonicalError, canonical, decode
from tocsin.journal.shapes import STREAM_ID

if TYPE_CHECKING:
    from tocsin.model.journal import EntryColumns

LINE_BYTES_MAX: Final = 1_048_576

_ID: Final = re.compile(STREAM_ID)
_KIND: Final = re.compile(r"[a-z][a-z0-9_.]{0,39}")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_STORED_KEYS: Final = frozenset(("seq", "id", "at", "kind", "v", "ref", "actor", "cause", "body", "prev"))
_KEYS: Final = _STORED_KEYS | {"hash", "derived"}


class Entry(NamedTuple):
    """One entry, read."""

    seq: int
    stream: str | None
    number: int
    at: int
    kind: str
    v: int
    body: dict[str, object]
    prev: str
    hash: str
    canonical: bytes
    head: str | None
    """Text of a signed head that the export carries with this entry."""


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Give the lines of an export, none much longer than `LINE_BYTES_MAX`, so that no file fills the memory."""
    while line := file.readline(LINE_BYTES_MAX + 1):
        yield line


def read_line(line: bytes) -> Entry:
    """Read one line of an export strictly.

    Raises:
        NotCanonicalError: it is no entry, or it could be read in two ways.
    """
    if len(line) > LINE_BYTES_MAX:
        raise NotCanonicalError(f"its line is longer than {LINE_BYTES_MAX} bytes")
    if not line.rstrip():
        raise NotCanonicalError("its line is empty")
    fields = _fields(line, "its line is no object", _KEYS)
    derived = fields.pop("derived")
    if type(derived) is not dict:
        raise NotCanonicalError("what is derived is no object")
    head = cast("dict[str, object]", derived).get("head")
    return _entry(fields, fields.pop("hash"), head if type(head) is str else None)


def read_columns(columns: "EntryColumns") -> Entry:
    """Read one entry as it is stored, strictly, and the columns beside it, which must say what the entry says.

    Raises:
        NotCanonicalError: it is no entry, it could be read in two ways, or is not in the form that is hashed.
    """
    seq, at, kind, stream, number, stored, hashed = columns
    if type(stored) is not bytes or type(hashed) is not bytes:
        raise NotCanonicalError("it, or its hash, is no bytes")
    if len(stored) > LINE_BYTES_MAX:
        raise NotCanonicalError(f"it is longer than {LINE_BYTES_MAX} bytes")
    entry = _entry(_fields(stored, "it is no object", _STORED_KEYS), hashed.hex(), None)
    if entry.canonical != stored:
        raise NotCanonicalError("its bytes are not in the form that is hashed")
    if (entry.seq, entry.at, entry.kind, entry.stream, entry.number or None) != (seq, at, kind, stream, number):
        raise NotCanonicalError("a column beside it says another thing than the entry itself")
    return entry


def _fields(text: bytes, otherwise: str, keys: frozenset[str]) -> dict[str, object]:
    value = decode(text)
    if type(value) is not dict:
        raise NotCanonicalError(otherwise)
    fields = cast("dict[str, object]", value)
    if fields.keys() != keys:
        raise NotCanonicalError("its keys are not those of an entry")
    return fields


def _entry(fields: dict[str, object], hashed: object, head: str | None) -> Entry:
    stream, number = _checked(fields, hashed)
    return Entry(
        cast("int", fields["seq"]),
        stream,
        number,
        cast("int", fields["at"]),
        cast("str", fields["kind"]),
        cast("int", fields["v"]),
        cast("dict[str, object]", fields["body"]),
        cast("str", fields["prev"]),
        cast("str", hashed),
        canonical(fields),
        head,
    )


def _checked(fields: dict[str, object], hashed: object) -> tuple[str | None, int]:
    """Refuse values that no entry has; return the stream and number of its id."""
    for name, pattern in (("kind", _KIND), ("prev", _HEX)):
        if type(fields[name]) is not str or not pattern.fullmatch(cast("str", fields[name])):
            raise NotCanonicalError(f"its {name} is not of the right form")
    if type(hashed) is not str or not _HEX.fullmatch(hashed):
        raise NotCanonicalError("its hash is not of the right form")
    for name, least in (("seq", 1), ("v", 1), ("at", -INTEGER_MAX)):
        if type(fields[name]) is not int or not least <= cast("int", fields[name]) <= INTEGER_MAX:
            raise NotCanonicalError(f"its {name} is not of the right form")
    for name, kind in (("ref", str), ("actor", str), ("cause", int)):
        if fields[name] is not None and type(fields[name]) is not kind:
            raise NotCanonicalError(f"its {name} is not of the right form")
    if type(fields["body"]) is not dict:
        raise NotCanonicalError("its body is no object")
    if fields["id"] is None and fields["kind"] != "signal":
        return None, 0
    found = _ID.fullmatch(fields["id"]) if type(fields["id"]) is str else None
    if found is None:
        raise NotCanonicalError("its id is not of the right form")
    return found[1], int(found[2])
