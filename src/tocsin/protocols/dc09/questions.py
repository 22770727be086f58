"""What the frame doctor is asked, and its answers: read from what people paste and programs send, written as lines.

Pure: whoever asks says what time it is, and gives the random bytes of an answer's pad.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from tocsin.model.errors import BadInput
from tocsin.model.values import Micros
from tocsin.protocols.dc09.advice import render
from tocsin.protocols.dc09.doctor import Diagnosis, Patient, diagnose

FRAME_TEXT_MAX: Final = 32_768
ACCOUNTS_MAX: Final = 1000

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MARKS: Final = {
    "<lf>": "LF (0A)",
    "<0a>": "LF (0A)",
    "\\n": "LF (0A)",
    "\\x0a": "LF (0A)",
    "\u240a": "LF (0A)",
    "<cr>": "CR (0D)",
    "<0d>": "CR (0D)",
    "\\r": "CR (0D)",
    "\\x0d": "CR (0D)",
    "\u240d": "CR (0D)",
}
"""LF and CR as manuals and programs write them out."""
_BLANK: Final = " \t\r\n\0"
_SPLITTING: Final = {"\x85": b"\\u0085", "\u2028": b"\\u2028", "\u2029": b"\\u2029"}
"""What some readers take for the end of a line, as it stands in JSON."""
_HEX: Final = re.compile(r"(?:0x)?((?:[0-9A-Fa-f]{2}[\s:,-]*)+)")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One line of --jsonl. Fields that we do not know are left alone."""

    raw: str
    """Hex."""
    id: msgspec.Raw = msgspec.Raw(b"null")
    now: str | None = None
    """ISO time; None: the time stamp is not judged."""
    accounts: dict[str, str | None] | None = None
    key: str | None = None


class _Id(msgspec.Struct, frozen=True):
    id: msgspec.Raw = msgspec.Raw(b"null")


def read_frame(text: str) -> bytes:
    r"""Read what a person pasted: hex, or the text of a frame with or without LF and CR.

    LF and CR may be written out: `\n` and `\r`, or `<LF>` and `<CR>`.

    Raises:
        BadInput: it is neither, or too long.
    """
    if len(text) > FRAME_TEXT_MAX:
        raise BadInput(f"The frame has {len(text)} characters; at most {FRAME_TEXT_MAX} are read.", "frame.input")
    digits = _HEX.fullmatch(text.strip())
    if digits is not None:
        return bytes.fromhex(re.sub(r"[\s:,-]", "", digits[1]))
    body = _split_marks(text)[1]
    if not body:
        raise BadInput("There is no frame: give it in hex or as text.", "frame.input")
    # Bytes of the command line that are no UTF-8 come through as they are.
    return b"\n" + body.encode("utf-8", "surrogateescape") + b"\r"


def _split_marks(text: str) -> tuple[list[str], str]:
    """Split a pasted frame into the line ends that are written out around it, and the frame."""
    text = text.strip(_BLANK)
    before: list[str] = []
    behind: list[str] = []
    while mark := next((mark for mark in _MARKS if text[: len(mark)].lower() == mark), None):
        before.append(text[: len(mark)])
        text = text[len(mark) :].lstrip(_BLANK)
    while mark := next((mark for mark in _MARKS if text[-len(mark) :].lower() == mark), None):
        behind.insert(0, text[-len(mark) :])
        text = text[: -len(mark)].rstrip(_BLANK)
    return before + behind, text


def told_marks(text: str) -> str:
    """Say which written-out line ends of a pasted frame were taken for the bytes; "" where there were none."""
    if _HEX.fullmatch(text.strip()):
        return ""
    told = [f"{mark} as {_MARKS[mark.lower()]}" for mark in dict.fromkeys(_split_marks(text)[0])]
    return f"\nRead {' and '.join(told)}, as they are written out here." if told else ""


def read_time(text: str, now: Callable[[], Micros]) -> Micros:
    """Read an ISO time, or `now`. Without an offset it is UTC.

    Raises:
        BadInput: it is no time.
    """
    if text == "now":
        return now()
    try:
        at = datetime.fromisoformat(text[:-1] + "Z" if text.endswith("z") else text)
        return Micros(((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1))
    except (ValueError, OverflowError) as error:
        raise BadInput("The time is no ISO time such as 2027-03-04T07:05:11Z.", "frame.time") from error


def answer_line(line: bytes, now: Callable[[], Micros], pad: bytes) -> bytes:
    """Answer one question in JSON with a line of JSON; whatever is wrong with it is said in `error`."""
    try:
        line.decode("utf-8")  # an id is handed back unread, so its encoding is checked here
        question = msgspec.json.decode(line, type=Question)
        if question.accounts is not None and len(question.accounts) > ACCOUNTS_MAX:
            raise BadInput(f"A question holds at most {ACCOUNTS_MAX} accounts.", "frame.input")
        raw = bytes.fromhex(question.raw)
        at = None if question.now is None else read_time(question.now, now)
        patient = Patient(accounts=question.accounts, key=question.key)
        return explanation_line(diagnose(raw, at, patient, pad), bytes(question.id))
    except BadInput as error:
        return error_line(_id_of(line), str(error))
    except UnicodeDecodeError:
        return error_line(b"null", "The line is not UTF-8. [frame.input]")
    except msgspec.MsgspecError as error:
        return error_line(_id_of(line), f"{error}. [frame.input]")
    except ValueError:
        return error_line(_id_of(line), "`raw` is not hex. [frame.input]")
    except RecursionError:
        return error_line(b"null", "The line is nested too deeply. [frame.input]")


def _id_of(line: bytes) -> bytes:
    try:
        return bytes(msgspec.json.decode(line, type=_Id).id)
    except (msgspec.MsgspecError, RecursionError):
        return b"null"


def error_line(line_id: bytes, text: str) -> bytes:
    """Answer a line that is no question."""
    return _one_line({"id": msgspec.Raw(line_id), "error": text})


def _one_line(answer: dict[str, Any]) -> bytes:
    """Write an answer as JSON without anything that a reader could take for the end of a line."""
    written = msgspec.json.encode(answer).replace(b"\r", b" ")  # a CR can only be space between the parts of an id
    for char, escaped in _SPLITTING.items():
        written = written.replace(char.encode(), escaped)
    return written


def explanation_line(diagnosis: Diagnosis, line_id: bytes = b"null") -> bytes:
    """What the doctor found, as one line of JSON."""
    told: dict[str, Any] = msgspec.to_builtins(diagnosis.explanation)
    return _one_line({"id": msgspec.Raw(line_id), **told})


def explanation_text(diagnosis: Diagnosis, pasted: str | None = None) -> str:
    """What the doctor found, in sentences; and what of the pasted text was taken for a line end."""
    return render(diagnosis) + ("" if pasted is None else told_marks(pasted))
