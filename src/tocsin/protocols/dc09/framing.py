r"""Where frames begin and end in a stream of bytes.

    LF  crc  0LLL  "body"  CR        crc: four hex digits, or two raw bytes that may have any value

A frame is found by the place of its first quote (9 or 7 bytes after the LF) and cut by its length. Two rules keep a
broken frame from costing the good one behind it. An LF before the end that the length promises ends the frame where it
begins the head of another; any other LF is a byte of the body, as some panels send it in a text, and check sum, length
and CR decide. And after a failure the search goes on behind what was thrown away, never behind what the broken length
promised. The price: a text that holds the head of a frame breaks its own frame, since nobody can tell it from one.

Every decision depends on the bytes alone, not on how they were split, and is taken once: time is linear in the input.
"""

import re
from typing import Final, Literal

import msgspec
from fastcrc import crc16

from tocsin.model.values import Code

BODY_MAX: Final = 4095
"""The length has three hex digits."""
FRAME_MAX: Final = BODY_MAX + 10
"""LF, four CRC digits, four length digits, body, CR."""

CrcForm = Literal["hex", "binary"]

_LF: Final = b"\n"
_CR: Final = b"\r"
_BETWEEN: Final = b"\0\r\n"
"""What panels send between frames; no rubbish."""
_LOOKAHEAD: Final = 10
"""With so many bytes from an LF on it is known whether a head starts there."""

# The two forms exclude each other: where the quote stands at 9, a length digit stands at 7. A CRC of four digits cannot
# hold an LF; one that seems to is two stray bytes before a frame with a binary check sum.
_START: Final = re.compile(rb'\n(?:([^\n]{4})([0-9A-Fa-f]{4})|([\x00-\xff]{2})([0-9A-Fa-f]{4}))"')

_WHOLE: Final = re.compile(rb'\n([0-9A-Fa-f]{4})(0[0-9A-Fa-f]{3})("[^\r\n]*+)\r')

crc_of = crc16.arc
"""CRC-16/ARC of a body (DC09.md section 2)."""


class RawFrame(msgspec.Struct, frozen=True, gc=False):
    """One frame whose check sum and length are right. Nothing is known of its content yet."""

    raw: bytes
    """As received, LF to CR."""
    crc_form: CrcForm
    crc: int
    body: bytes
    """From the first quote up to the CR."""

    def __repr__(self) -> str:
        """Say its size and never its content: this object passes near logs."""
        return f"RawFrame({self.crc_form}, {len(self.raw)} bytes)"


class Broken(msgspec.Struct, frozen=True, gc=False):
    """Bytes that are no frame, and why. A run of rubbish is one of these, however long it is."""

    raw: bytes
    """What was thrown away, at most FRAME_MAX bytes of it."""
    reason: Code
    """`not_dc09`, `crc` or `length`; where check sum and length are both wrong, `crc`."""

    def __repr__(self) -> str:
        """Say its size and never its content."""
        return f"Broken({self.reason}, {len(self.raw)} bytes)"


Piece = RawFrame | Broken


class Start(msgspec.Struct, frozen=True, gc=False):
    """The head of a frame: where it stands and what it claims."""

    at: int
    body_at: int
    form: CrcForm
    crc: bytes
    """As sent: four characters, or two bytes."""
    length: int

    def crc_fits(self, body: bytes) -> bool:
        """Whether the check sum that was sent is the one of `body`."""
        value = crc_of(body)
        return self.crc.upper() == b"%04X" % value if self.form == "hex" else self.crc == value.to_bytes(2, "big")


def find_start(data: bytes, at: int = 0) -> Start | None:
    """Find the first head of a frame in `data` from `at` on."""
    match = _START.search(data, at)
    if match is None:
        return None
    crc, length, binary_crc, binary_length = match.groups()
    if crc is not None:
        return Start(match.start(), match.end() - 1, "hex", crc, int(length, 16))
    return Start(match.start(), match.end() - 1, "binary", binary_crc, int(binary_length, 16))


class StreamDecoder:
    """Cuts one connection's bytes into frames. One a connection; it keeps at most two frames' worth of bytes."""

    __slots__ = ("_headless", "_run", "_run_told", "_tail")

    def __init__(self) -> None:
        self._tail = b""
        self._headless = 0  # no second head begins in so many bytes of the tail: they are searched once
        self._run = b""
        self._run_told = False

    def feed(self, data: bytes) -> list[Piece]:
        """Take what came from the socket, and return what it completes, in the order of the bytes."""
        if not self._tail and not self._run and not self._run_told:
            # One frame a segment is what panels send; the long way would cut it alike.
            frame = _whole(data)
            if frame is not None:
                return [frame]
        return self._read(self._tail + data if self._tail else data, final=False)

    def close(self) -> list[Piece]:
        """Return what is left when nothing more can come. The decoder is empty then and may be used again."""
        return self._read(self._tail, final=True)

    def _read(self, data: bytes, *, final: bool) -> list[Piece]:
        pieces: list[Piece] = []
        at, end = 0, len(data)
        headless, self._headless = self._headless, 0
        while at < end:
            start = find_start(data, at)
            if start is None:
                keep_from = end if final else _undecided_from(data, at, end)
                self._skip(data[at:keep_from], pieces)
                at = keep_from
                break
            if start.at > at:
                self._skip(data[at : start.at], pieces)
            self._end_run(pieces)
            at = start.at
            cut = _cut(data, start, 0 if at else headless, final=final)
            if cut is None:
                self._headless = end - at - _LOOKAHEAD + 1
                break
            piece, at = cut
            pieces.append(piece)
        self._tail = data[at:]
        if final:
            self._end_run(pieces)
        return pieces

    def _skip(self, rubbish: bytes, pieces: list[Piece]) -> None:
        """Add to the run of rubbish; tell of it once it is as long as a frame, since it may have no end."""
        if self._run_told:
            return
        self._run = (self._run + rubbish[: FRAME_MAX + len(_BETWEEN)] if self._run else rubbish.lstrip(_BETWEEN))[
            :FRAME_MAX
        ]
        if len(self._run) == FRAME_MAX:
            pieces.append(Broken(self._run.rstrip(_BETWEEN), Code("not_dc09")))
            self._run_told = True
            self._run = b""

    def _end_run(self, pieces: list[Piece]) -> None:
        if self._run:
            pieces.append(Broken(self._run.rstrip(_BETWEEN), Code("not_dc09")))
            self._run = b""
        self._run_told = False


def read_datagram(data: bytes) -> list[Piece]:
    """Cut one datagram into frames: normally one. What is unfinished at its end is broken."""
    return StreamDecoder()._read(data, final=True)  # pyright: ignore[reportPrivateUsage] - same module, one pass


def _whole(data: bytes) -> RawFrame | None:
    """Take `data` as exactly one frame with a check sum in digits; None where it is anything else."""
    match = _WHOLE.fullmatch(data)
    if match is None:
        return None
    crc, length, body = match.groups()
    value = crc_of(body)
    if int(length, 16) != len(body) or crc.upper() != b"%04X" % value:
        return None
    return RawFrame(data, "hex", value, body)


def _undecided_from(data: bytes, at: int, end: int) -> int:
    """Return the place of the first LF behind which too little stands to tell, or `end`."""
    place = data.find(_LF, max(at, end - _LOOKAHEAD + 1))
    return end if place < 0 else place


def _cut(data: bytes, start: Start, headless: int, *, final: bool) -> tuple[Piece, int] | None:
    """Cut the frame at `start`: the piece and where to go on, or None while more bytes are needed to tell.

    No second head begins before `headless`: what was searched with less data at hand is not searched again.
    """
    search_from = start.body_at
    if headless > search_from:
        search_from = headless
    if start.length > BODY_MAX:
        return _discard(data, start, search_from, final=final)
    stop = start.body_at + start.length
    line_end = data.find(_LF, search_from, stop)
    if line_end >= 0 and (head := _START.search(data, line_end, stop)) is not None:
        return _throw_away(data, start, head.start())
    first_cr = data.find(_CR, start.body_at, stop + 1)
    if 0 <= first_cr < stop and start.crc_fits(data[start.body_at : first_cr]):
        # Only the length is wrong: say so now, not when the panel has lost patience and repeats.
        return _discard(data, start, search_from, final=final)
    if len(data) <= stop:
        return _discard(data, start, search_from, final=True) if final else None
    body = data[start.body_at : stop]
    if data[stop] == _CR[0] and start.crc_fits(body):
        return RawFrame(data[start.at : stop + 1], start.form, crc_of(body), body), stop + 1
    return _discard(data, start, search_from, final=final)


def _discard(data: bytes, start: Start, search_from: int, *, final: bool) -> tuple[Piece, int] | None:
    """Throw away a broken frame: to its first CR, up to the next head, or as long as a frame can be.

    None while an LF before that end may still turn out to begin a head: the frame behind must not lose its LF.
    """
    limit = start.at + FRAME_MAX
    head = _START.search(data, search_from, limit + _LOOKAHEAD - 1)
    if head is not None and head.start() < limit:
        return _throw_away(data, start, head.start())
    cr = data.find(_CR, start.body_at, limit)
    if cr < 0 and len(data) < limit and not final:
        return None
    end = cr + 1 if cr >= 0 else min(limit, len(data))
    if not final and data.find(_LF, max(search_from, len(data) - _LOOKAHEAD + 1), end) >= 0:
        return None
    return _throw_away(data, start, end)


def _throw_away(data: bytes, start: Start, end: int) -> tuple[Piece, int]:
    """Throw away the frame at `start`, to its first CR, or up to `end` where it has none before."""
    cr = data.find(_CR, start.body_at, end)
    body = data[start.body_at : end if cr < 0 else cr]
    if cr >= 0:
        end = cr + 1
    return Broken(data[start.at : end], Code("length" if start.crc_fits(body) else "crc")), end
