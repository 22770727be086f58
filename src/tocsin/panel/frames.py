"""A panel's pen: messages into frames, with its clock, key, padding, and the answer that it may expect."""

from datetime import UTC, datetime
from typing import Final

from tocsin.model.values import Micros
from tocsin.panel.faults import Dice
from tocsin.panel.fleet import Manner, Panel, micros, zone_of
from tocsin.panel.messages import Message
from tocsin.protocols.dc09.encode import encode_frame, format_stamp

_PAD_SHORT: Final = 15
_PAD_LONG: Final = 31
_ACK: Final = "ACK"
HEX_SEQUENCE: Final = "00AF"


class Pen:
    """Writes the frames of one panel. Pure: time and randomness are arguments."""

    __slots__ = ("_cached_second", "_cached_stamp", "_manner", "_rng", "_zone", "clock_offset_us", "epoch_us", "panel")

    def __init__(self, panel: Panel, manner: Manner, *, epoch_us: Micros, rng: Dice) -> None:
        """`epoch_us` is the wall time at second 0 of the run; from there on the panel's own clock runs."""
        self.panel = panel
        self.epoch_us = epoch_us
        self.clock_offset_us = micros(manner.clock_offset_s)
        self._manner = manner
        self._rng = rng
        self._zone = zone_of(manner.time_zone)
        self._cached_second = -1
        self._cached_stamp = ""

    def wall_us(self, now_s: float) -> Micros:
        """The true wall time at second `now_s` of the run."""
        return Micros(self.epoch_us + int(now_s * 1_000_000))

    def stamp(self, now_s: float, skew_us: int = 0) -> str:
        """The stamp that the panel writes now, as its clock and zone are set."""
        at = self.epoch_us + int(now_s * 1_000_000) + self.clock_offset_us + skew_us
        second = at // 1_000_000
        if second != self._cached_second:
            self._cached_second = second
            self._cached_stamp = format_stamp(Micros((second + self._zone_s(second)) * 1_000_000))
        return self._cached_stamp

    def correct_clock(self, now_s: float, told_us: Micros) -> None:
        """Set the clock so that its next stamp reads what a NAK told."""
        wall = self.wall_us(now_s)
        self.clock_offset_us = told_us - wall - self._zone_s(told_us // 1_000_000) * 1_000_000

    def _zone_s(self, second: int) -> int:
        if self._zone is None:
            return 0
        offset = datetime.fromtimestamp(second, UTC).astimezone(self._zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())

    def frame(
        self, message: Message, sequence: str, now_s: float, *, skew_us: int = 0, key: bytes | None, further: int = 0
    ) -> bytes:
        """Return the frame of a message; `key` None sends it in clear, `further` moves its stamp on by so many s."""
        panel, manner = self.panel, self._manner
        stamped = manner.is_stamped or key is not None
        stamp = self.stamp(now_s, skew_us + further * 1_000_000) if stamped else None
        pad, separator = b"", True
        if key is not None:
            pad, separator = self._pad(message)
        return encode_frame(
            token=message.token,
            sequence=sequence,
            receiver=panel.receiver,
            line=panel.line,
            account=panel.account,
            data=message.data,
            blocks=message.blocks,
            timestamp=stamp,
            key=key,
            pad=pad,
            separator=separator,
            crc_form=manner.crc_form,
            upper_hex=manner.upper_hex,
        )

    def _pad(self, message: Message) -> tuple[bytes, bool]:
        """Return random bytes, which the codec cuts to whole blocks, and whether the separator follows them."""
        is_bare = self._manner.pad == "bare-null" and not message.data
        is_short = is_bare or self._manner.pad == "short"
        return self._rng.randbytes(_PAD_SHORT if is_short else _PAD_LONG), not is_bare

    def answer(self, sequence: str) -> bytes:
        """Return the one ACK that a receiver without extras sends to a message in clear."""
        panel = self.panel
        return encode_frame(
            token=_ACK,
            sequence=sequence,
            receiver=panel.receiver,
            line=panel.line,
            account=panel.account,
            data="",
            crc_form=self._manner.crc_form,
        )


def break_crc(frame: bytes, *, is_binary: bool) -> bytes:
    """Return the frame with a wrong check sum."""
    if is_binary:
        return frame[:1] + bytes([frame[1] ^ 0x55, frame[2] ^ 0xAA]) + frame[3:]
    return frame[:1] + b"%04X" % (int(frame[1:5], 16) ^ 0x55AA) + frame[5:]


def break_length(frame: bytes, by: int, *, is_binary: bool) -> bytes:
    """Return the frame with a length field that is `by` bytes off, kept between 0 and 4,095."""
    start = 3 if is_binary else 5
    length = int(frame[start : start + 4], 16)
    wrong = min(max(length + by, 0), 0xFFF)
    return frame[:start] + b"0%03X" % (wrong if wrong != length else length - 1) + frame[start + 4 :]


def truncate(frame: bytes) -> bytes:
    """Return the first half of the frame."""
    return frame[: len(frame) // 2]
