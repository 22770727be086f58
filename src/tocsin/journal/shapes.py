"""Patterns of entries: what they match is canonical to the byte, and need not be parsed to be hashed.

Of each kind of fact the keys are learnt from bodies that were read strictly and found canonical. A pattern lets nothing
through but canonical values under those keys, in their order; what it does not match is read strictly. So a shape that
was never learnt costs time and never proof.
Only the standard library is needed, since an outsider's verifier runs this (journal/verify.py).
"""

import re
from collections.abc import Mapping
from typing import Final, cast

SHAPES_MAX: Final = 256
SHAPES_EACH_MAX: Final = 8
SHAPE_KEYS_MAX: Final = 100
SHAPE_DEPTH_MAX: Final = 4

STREAM_ID: Final = r"([a-z][a-z0-9]{0,15})-([1-9][0-9]{0,15})"
# Canonical values as they are printed: a string without an escape, an integer surely below 2^53.
_INTEGER: Final = r"(?>[1-8][0-9]{15}|-?[1-9][0-9]{0,14}|0)"
_STRING: Final = r'"[^"\\\x00-\x1f]*+"'
_SCALAR: Final = rf"(?>null|{_STRING}|false|true|[1-8][0-9]{{15}}|-?[1-9][0-9]{{0,14}}|0|\[\])"
_SEQ: Final = r"[1-9][0-9]{0,14}"
_HEX: Final = r"[0-9a-f]{64}"
_KEY: Final = re.compile(r"[a-z0-9_]{1,40}")


class Shapes:
    """What was learnt of one form of entries: lines of an export, or entries as they are stored."""

    def __init__(self, *, of_lines: bool) -> None:
        """Begin with nothing learnt."""
        self._of_lines = of_lines
        self._learnt: set[tuple[str, object, str]] = set()
        self.by_kind: dict[str, list[re.Pattern[str]]] = {}
        """Patterns of a kind; whoever finds one that is not the first puts it there, since like comes with like.

        Groups of a line: seq, id, stream, number, at, v, ref, actor, cause, body, prev, hash. Of a stored entry: at,
        stream, number, prev, seq.
        """

    def learn(self, kind: str, v: object, body: Mapping[str, object]) -> None:
        """Make the pattern of a kind's entries from a body that was found canonical."""
        known = self.by_kind.get(kind, [])
        if len(self._learnt) >= SHAPES_MAX or len(known) >= SHAPES_EACH_MAX or _keys_in(body) > SHAPE_KEYS_MAX:
            return
        pattern = _pattern(body, 0)
        if pattern is None or (kind, v, pattern) in self._learnt:
            return
        self._learnt.add((kind, v, pattern))
        whole = (_line_of if self._of_lines else _stored_of)(kind, v, pattern)
        self.by_kind[kind] = [re.compile(whole), *known]


def _line_of(kind: str, v: object, body: str) -> str:
    """A line as `tocsin journal export` prints it."""
    return (
        rf'\{{"seq":({_SEQ}),"id":({_id(kind)}),"at":({_INTEGER}),"kind":"{re.escape(kind)}","v":({v}),'
        rf'"ref":(null|{_STRING}),"actor":(null|{_STRING}),"cause":(null|{_INTEGER}),"body":({body}),'
        rf'"prev":"({_HEX})","hash":"({_HEX})","derived":\{{(?:"duplicates":[0-9]{{1,15}})?\}}\}}\n?'
    )


def _stored_of(kind: str, v: object, body: str) -> str:
    """An entry in its canonical form."""
    return (
        rf'\{{"actor":(?:null|{_STRING}),"at":({_INTEGER}),"body":{body},"cause":(?:null|{_INTEGER}),'
        rf'"id":(?:{_id(kind)}),"kind":"{re.escape(kind)}","prev":"({_HEX})","ref":(?:null|{_STRING}),'
        rf'"seq":({_SEQ}),"v":{v}\}}'
    )


def _id(kind: str) -> str:
    return f'"{STREAM_ID}"' if kind == "signal" else rf'null|"{STREAM_ID}"'


def _keys_in(value: object) -> int:
    if type(value) is dict:
        return sum(1 + _keys_in(inner) for inner in cast("dict[str, object]", value).values())
    if type(value) is list:
        return sum(map(_keys_in, cast("list[object]", value)))
    return 0


def _pattern(value: object, depth: int) -> str | None:
    """What matches values of this shape; None where it is too deep, or a key is of another form than ours."""
    if depth > SHAPE_DEPTH_MAX:
        return None
    if type(value) is dict:
        fields = cast("dict[str, object]", value)
        inner = {key: _pattern(fields[key], depth + 1) for key in sorted(fields)}
        if None in inner.values() or not all(map(_KEY.fullmatch, inner)):
            return None
        pairs = ",".join(f'"{key}":{pattern}' for key, pattern in inner.items())
        return rf"\{{{pairs}\}}"
    if type(value) is list and value:
        items = {_pattern(item, depth + 1) for item in cast("list[object]", value)}
        if None in items:
            return None
        item = f"(?>{'|'.join(sorted(cast('set[str]', items)))})"
        return rf"\[(?>{item}(?:,{item})*+)?\]"
    return _SCALAR
