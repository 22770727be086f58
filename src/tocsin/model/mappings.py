"""Mappings: what the messages of a sender mean that has a form of its own (decision 0076).

A table and no language: places of a message by JSON pointer, what stands there, and the word for it. Nothing of a
mapping computes, and nothing in it can say what no machine says here (`model.machines`).
"""

import re
from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from tocsin.model.machines import DEVICE_MAX, MACHINE_WORDS, SCALES, VALUES_MAX, refused_word
from tocsin.model.values import Code, Expected, Pointer, Words

LINES_MAX: Final = 100
RETURNED_MAX: Final = 20
POINTER_MAX: Final = 200
POINTER_LEVELS_MAX: Final = 16
EXPECTED_MAX: Final = 80
LIMIT_MILLI_MAX: Final = 10**12

Compare = Literal["above", "below", "is"]
"""How a line looks at what stands at its place."""

_POINTER: Final = re.compile(r"(?:/(?:[ -.0-}]|~[01])*+)*")
_DEVICE: Final = re.compile(rf"[0-9A-Z]{{1,{DEVICE_MAX}}}")


class MapLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line: what a value at a place says."""

    at: Pointer
    """Where it looks, within one message. "": the whole of it, of a broker's message that is no object."""
    back_milli: int | None = None
    """Of a number: from here on, back on the other side, it is over. Between the two nothing is said."""
    compare: Compare = "is"
    device: Code | None = None
    """The device that it tells of, where no place says so."""
    expected: Expected | None = None
    """With `is`: text, a number as it is written, true, false or null."""
    is_active: bool = True
    """False: what it tells of is over. Numbers say both by themselves."""
    limit_milli: int | None = None
    """Of a number, in thousandths of `unit`."""
    unit: Code | None = None
    """Of a number, by name (`model.machines.SCALES`)."""
    word: Code
    """Of `model.machines.MACHINE_WORDS`."""


class MapValue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A number that is kept beside each signal."""

    at: Pointer
    unit: Code


class Mapping(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the messages of one source mean."""

    device_at: Pointer | None = None
    """Where the device is named."""
    each: Pointer | None = None
    """A list, each element of which is one message: places are within that. None: the whole body is one."""
    id_at: Pointer | None = None
    """Where the sender names this signal, once for ever."""
    lines: tuple[MapLine, ...]
    """1 to LINES_MAX. Of each place the first that fits counts."""
    returned: tuple[Expected, ...] = ()
    """What stands at `state_at` when it is over. Anything else there: it is so."""
    state_at: Pointer | None = None
    text_at: Pointer | None = None
    """Text that is sealed, 120 characters of it."""
    time_at: Pointer | None = None
    values: tuple[MapValue, ...] = ()


class MapFault(msgspec.Struct, frozen=True):
    """What is wrong with a mapping."""

    code: Code
    words: Words
    """A sentence without a full stop. It names the place by our own words, and a refused word by itself."""
    line: int | None = None
    """Of `lines`, from 0."""


def fault_of(mapping: Mapping) -> MapFault | None:
    """Why nobody may use this mapping; None where it is good."""
    return next(_faults(mapping), None)


def entered_fault(entered: str, what: str, line: int | None = None) -> MapFault | None:
    """A fault where somebody has entered a word that names, counts or judges people."""
    word = refused_word(entered)
    if word is None:
        return None
    return MapFault(
        Code("source.scope"),
        Words(f"{what} has the word {word!r}: no machine names or counts people here (docs/explanation/scope.md)"),
        line,
    )


def expected_fault(text: str, what: str, line: int | None = None) -> MapFault | None:
    """Why nobody may enter this text as one that a machine sends."""
    return next(_expected(text, what, line), None)


def _faults(mapping: Mapping) -> Iterator[MapFault]:
    for pointer, what in (
        (mapping.each, "the list of messages"),
        (mapping.device_at, "the place of the device"),
        (mapping.id_at, "the place of the id"),
        (mapping.state_at, "the place of the state"),
        (mapping.text_at, "the place of the text"),
        (mapping.time_at, "the place of the time"),
    ):
        if pointer is not None:
            yield from _pointer(pointer, what, None)
    if not 1 <= len(mapping.lines) <= LINES_MAX:
        yield _bad(f"it has no line, or more than {LINES_MAX}")
    if bool(mapping.returned) != (mapping.state_at is not None) or len(mapping.returned) > RETURNED_MAX:
        yield _bad(f"a place of the state needs 1 to {RETURNED_MAX} words that say it is over, and the reverse")
    for word in mapping.returned:
        yield from _expected(word, "a word of the state", None)
    if len(mapping.values) > VALUES_MAX:
        yield _bad(f"it keeps more than {VALUES_MAX} numbers")
    for value in mapping.values:
        yield from _pointer(value.at, "the place of a number", None)
        if value.unit not in SCALES:
            yield _bad("a number has none of the units that are taken", None, "source.unit")
    for index, line in enumerate(mapping.lines):
        yield from _line(line, index)


def _line(line: MapLine, index: int) -> Iterator[MapFault]:
    yield from _pointer(line.at, "its place", index)
    if line.word not in MACHINE_WORDS:
        yield _bad("its word is none of those that a machine may say", index, "source.word")
    if line.device is not None and not _DEVICE.fullmatch(line.device):
        yield _bad(f"its device is not 1 to {DEVICE_MAX} capital letters and digits", index)
    if line.compare == "is":
        if line.expected is None or (line.unit, line.limit_milli, line.back_milli) != (None, None, None):
            yield _bad("it looks for a text, and has none, or has a limit too", index)
        else:
            yield from _expected(line.expected, "its text", index)
        return
    if line.unit not in SCALES:
        yield _bad(
            "its number has none of the units that are taken: a number without one is not read", index, "source.unit"
        )
    if line.expected is not None or not line.is_active or line.limit_milli is None or line.back_milli is None:
        yield _bad("it looks for a number: it needs a limit and from where on it is over, and no text", index)
    elif max(abs(line.limit_milli), abs(line.back_milli)) > LIMIT_MILLI_MAX:
        yield _bad("its limit is too large", index)
    elif (line.back_milli > line.limit_milli) if line.compare == "above" else (line.back_milli < line.limit_milli):
        yield _bad("from where on it is over lies beyond its limit", index)


def _pointer(pointer: str, what: str, line: int | None) -> Iterator[MapFault]:
    if (
        len(pointer) > POINTER_MAX
        or pointer.count("/") > POINTER_LEVELS_MAX
        or not pointer.isascii()
        or not _POINTER.fullmatch(pointer)
    ):
        yield _bad(f"{what} is no JSON pointer such as /alarm/state", line, "source.pointer")
    elif (fault := entered_fault(pointer, what, line)) is not None:
        yield fault


def _expected(text: str, what: str, line: int | None) -> Iterator[MapFault]:
    if len(text) > EXPECTED_MAX or not text.isprintable():
        yield _bad(f"{what} has more than {EXPECTED_MAX} characters, or one that is not printed", line)
    elif (fault := entered_fault(text, what, line)) is not None:
        yield fault


def _bad(words: str, line: int | None = None, code: str = "source.mapping") -> MapFault:
    return MapFault(Code(code), Words(words), line)
