"""The lines of an export, read back: strictly, and fast where they look as our export prints them.

Only the standard library is needed, since an outsider's verifier runs this (journal/verify.py).
Source: INTERFACES.md, "tocsin journal export".
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple, cast

from tocsin.journal.canonical import INTEGER_MAX, NotCanonicalError, canonical, decode

LINE_BYTES_MAX: Final = 1_048_576
SHAPES_MAX: Final = 16
SHAPE_KEYS_MAX: Final = 100

_ID: Final = re.compile(r"([a-z][a-z0-9]{0,15})-([1-9][0-9]{0,15})")
_KIND: Final = re.compile(r"[a-z][a-z0-9_.]{0,39}")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
# Canonical values as they are printed, for `LineReader`: a string without an escape, an integer surely below 2^53.
_INTEGER: Final = r"(?>[1-8][0-9]{15}|-?[1-9][0-9]{0,14}|0)"
_STRING: Final = r'"[^"\\\x00-\x1f]*+"'
_SCALAR: Final = rf"(?>null|{_STRING}|false|true|[1-8][0-9]{{15}}|-?[1-9][0-9]{{0,14}}|0|\[\])"
_KEYS: Final = frozenset(
    ("seq", "id", "at", "kind", "v", "ref", "actor", "cause", "body", "prev", "hash", "derived"),
)


class Entry(NamedTuple):
    """One line, read."""

    seq: int
    stream: str | None
    number: int
    at: int
    kind: str
    body: str | dict[str, object]
    """As printed where that is canonical, else read."""
    prev: str
    hash: str
    canonical: bytes
    head: str | None
    """Text of a signed head that the export carries with this entry."""


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Give the lines of an export, none much longer than `LINE_BYTES_MAX`, so that no file fills the memory."""
    while line := file.readline(LINE_BYTES_MAX + 1):
        yield line


class LineReader:
    """Reads lines: fast where they look as our export prints them, slowly and strictly where they do not.

    Of each kind of fact it learns the keys from the first body, and makes a pattern of the whole line that only
    canonical values under those keys can match. What matches is hashed as it is printed, without being parsed: it is
    3 times as fast.
    """

    def __init__(self) -> None:
        self._shapes: list[re.Pattern[str]] = []
        self._learnt: set[tuple[str, object]] = set()

    def read(self, line: bytes) -> Entry:
        """Read one line.

        Raises:
            NotCanonicalError: it is no entry, or it could be read in two ways.
        """
        if len(line) > LINE_BYTES_MAX:
            raise NotCanonicalError(f"its line is longer than {LINE_BYTES_MAX} bytes")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise NotCanonicalError("it is not UTF-8") from None
        return self._read_fast(text) or self._read_slow(line)

    def _read_fast(self, text: str) -> Entry | None:
        found = None
        for index, shape in enumerate(self._shapes):
            found = shape.fullmatch(text)
            if found is not None:
                # Kinds come in runs: the last one goes first.
                self._shapes.insert(0, self._shapes.pop(index))
                break
        if found is None:
            return None
        seq, id_, stream, number, at, kind, v, ref, actor, cause, body, prev, hashed = found.groups()
        entry = (
            f'{{"actor":{actor},"at":{at},"body":{body},"cause":{cause},"id":{id_},"kind":"{kind}","prev":"{prev}",'
            f'"ref":{ref},"seq":{seq},"v":{v}}}'
        )
        return Entry(int(seq), stream, int(number or 0), int(at), kind, body, prev, hashed, entry.encode(), None)

    def _read_slow(self, line: bytes) -> Entry:
        if not line.rstrip():
            raise NotCanonicalError("its line is empty")
        value = decode(line)
        if type(value) is not dict:
            raise NotCanonicalError("its line is no object")
        fields = cast("dict[str, object]", value)
        if fields.keys() != _KEYS:
            raise NotCanonicalError("its keys are not those of an entry")
        derived = fields.pop("derived")
        hashed = fields.pop("hash")
        stream, number = _checked(fields, hashed, derived)
        entry = canonical(fields)
        body = cast("dict[str, object]", fields["body"])
        self._learn(cast("str", fields["kind"]), fields["v"], body)
        return Entry(
            cast("int", fields["seq"]),
            stream,
            number,
            cast("int", fields["at"]),
            cast("str", fields["kind"]),
            body,
            cast("str", fields["prev"]),
            cast("str", hashed),
            entry,
            _head_of(derived),
        )

    def _learn(self, kind: str, v: object, body: dict[str, object]) -> None:
        """Make the pattern of a kind's lines from a body that was found canonical."""
        if (kind, v) in self._learnt or len(self._shapes) >= SHAPES_MAX:
            return
        self._learnt.add((kind, v))
        if len(body) > SHAPE_KEYS_MAX or not all(re.fullmatch(r"[a-z0-9_]{1,40}", key) for key in body):
            return
        id_ = f'"{_ID.pattern}"' if kind == "signal" else rf'null|"{_ID.pattern}"'
        pairs = ",".join(f'"{key}":{_SCALAR}' for key in sorted(body))
        self._shapes.append(
            re.compile(
                rf'\{{"seq":([1-9][0-9]{{0,14}}),"id":({id_}),"at":({_INTEGER}),"kind":"({re.escape(kind)})","v":({v}),'
                rf'"ref":(null|{_STRING}),"actor":(null|{_STRING}),"cause":(null|{_INTEGER}),"body":(\{{{pairs}\}}),'
                r'"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","derived":\{(?:"duplicates":[0-9]{1,15})?\}\}\n?'
            )
        )


def _checked(fields: dict[str, object], hashed: object, derived: object) -> tuple[str | None, int]:
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
    if type(fields["body"]) is not dict or type(derived) is not dict:
        raise NotCanonicalError("its body or what is derived is no object")
    if fields["id"] is None and fields["kind"] != "signal":
        return None, 0
    found = _ID.fullmatch(fields["id"]) if type(fields["id"]) is str else None
    if found is None:
        raise NotCanonicalError("its id is not of the right form")
    return found[1], int(found[2])


def _head_of(derived: object) -> str | None:
    head = cast("dict[str, object]", derived).get("head")
    return head if type(head) is str else None
