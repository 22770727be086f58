"""Captured files: frames as they once came, to be sent again.

One frame a line: as hex from LF to CR, or as text without them; or JSON Lines with `raw` (hex) and `at` (microseconds
since 1970, or an ISO time), which is also what `tocsin journal export --unsealed` writes. Empty lines and lines that
begin with `#` are skipped, and so are answers of a receiver.
"""

import math
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from tocsin.model.errors import BadInput
from tocsin.panel.fleet import MESSAGES_MAX, RawFrameDue
from tocsin.protocols.dc09.framing import FRAME_MAX, RawFrame, read_datagram
from tocsin.protocols.dc09.header import ANSWER_TOKENS, read_header

FILE_MAX: Final = 256 * 1024 * 1024
LINE_MAX: Final = 64 * 1024
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){10,8210}\Z")


class Capture(msgspec.Struct, frozen=True):
    """The frames of a file by account, in the order of the file. `""` stands for unreadable ones."""

    by_account: dict[str, list[RawFrameDue]]
    frames: int
    answers_skipped: int


def read_capture(path: Path, *, speed: float = 1.0) -> Capture:
    """Read a captured file. `speed` divides the times between the frames.

    Raises:
        BadInput: the file cannot be read or is too large, or a line is none of the forms; the line is named.
    """
    if not 0.001 <= speed <= 1_000_000:
        raise BadInput("--speed must lie between 0.001 and 1,000,000.", "panel.limit")
    try:
        if path.stat().st_size > FILE_MAX:
            raise BadInput(f"The file {path.name} is larger than {FILE_MAX // 1024 // 1024} MiB.", "panel.capture")
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise BadInput(f"The file {path} cannot be read.", "panel.capture") from error
    try:
        return parse_capture(lines, speed=speed)
    except BadInput as error:
        raise BadInput(f"{path.name}: {str(error).rsplit(' [', 1)[0]}", "panel.capture") from error


def parse_capture(lines: list[bytes], *, speed: float = 1.0) -> Capture:
    """Read the lines of a captured file (see `read_capture`)."""
    by_account: dict[str, list[RawFrameDue]] = {}
    frames = answers = 0
    start_us: int | None = None
    at_s = 0.0
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith(b"#"):
            continue
        raw, at_us = _read_line(text, number)
        if at_us is not None:
            start_us = at_us if start_us is None else start_us
            at_s = max(at_s, (at_us - start_us) / 1_000_000 / speed)
        due = _due(raw, at_s, frames + 1)
        if due is None:
            answers += 1
            continue
        frames += 1
        if frames > MESSAGES_MAX:
            raise BadInput(f"At most {MESSAGES_MAX} frames.", "panel.capture")
        by_account.setdefault(due.account, []).append(due)
    if not frames:
        raise BadInput("There is no frame of a panel in it.", "panel.capture")
    return Capture(by_account, frames, answers)


def _read_line(text: bytes, number: int) -> tuple[bytes, int | None]:
    if len(text) > LINE_MAX:
        raise BadInput(f"Line {number} is longer than {LINE_MAX} bytes.", "panel.capture")
    if text.startswith(b"{"):
        return _read_json(text, number)
    if _HEX.match(text):
        return bytes.fromhex(text.decode("ascii")), None
    if b'"' not in text[:12] or len(text) > FRAME_MAX:
        raise BadInput(f"Line {number} is neither a frame as text or hex, nor JSON.", "panel.capture")
    return b"\n" + text + b"\r", None


def _read_json(text: bytes, number: int) -> tuple[bytes, int | None]:
    try:
        record: Any = msgspec.json.decode(text)
        derived = record.get("derived") or {}
        raw = record["raw"] if "raw" in record else derived["raw"]
        found = bytes.fromhex(raw)
        at = record.get("at")
        return found, None if at is None else _micros(at)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(
            f'Line {number}: JSON lines have "raw" (hex) and may have "at" (microseconds or an ISO time with zone).',
            "panel.capture",
        ) from error


def _micros(at: object) -> int:
    if isinstance(at, str):
        when = datetime.fromisoformat(at)
        if when.tzinfo is None:
            raise ValueError("no zone")
        return round(when.timestamp() * 1_000_000)
    if isinstance(at, int | float) and not isinstance(at, bool) and math.isfinite(at):
        return int(at)
    raise TypeError("no time")


def _due(raw: bytes, at_s: float, number: int) -> RawFrameDue | None:
    """Return what to send, None for an answer of a receiver."""
    pieces = read_datagram(raw)
    frame = next((piece for piece in pieces if isinstance(piece, RawFrame)), None)
    head = None if frame is None else read_header(frame.body)
    if head is None:
        return RawFrameDue(at_s, number, raw, "", None, None, None, "", False)
    if head.token in ANSWER_TOKENS:
        return None
    return RawFrameDue(
        at_s,
        number,
        raw,
        head.token,
        head.sequence,
        head.receiver,
        head.line,
        head.account,
        head.encrypted,
    )
