"""`tocsin frame`: the frame doctor, for a person (one frame as argument) or a program (JSON Lines).

Whatever judges is imported when it is needed, so that `tocsin frame --help` answers at once.
"""

import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import IO, Annotated, Any, Final

import msgspec
import typer

from tocsin.model.errors import BadInput
from tocsin.model.values import Micros

LINE_MAX: Final = 65_536
"""Bytes of one line of --jsonl."""
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


def frame(
    text: Annotated[
        str | None,
        typer.Argument(metavar="FRAME", help="The frame in hex, or as text; LF and CR are added to a text."),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="Key of any account: hex (32, 48, 64 digits) or 16, 24, 32 characters.")
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option("--account", metavar="NUMBER[=KEY]", help="An account that is set up. May be repeated."),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option("--now", help="Judge the time stamp by this ISO time, or by `now`. Without it: not at all."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of sentences.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read questions as JSON Lines from standard input, answer each with a line.")
    ] = False,
) -> None:
    """Explain a DC-09 frame: what is right, what is not, what would fit.

    A key in the arguments can be seen by other programs of this machine; --jsonl takes keys from standard input.

    Example: tocsin frame '86540049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027'
    """
    if jsonl:
        if text is not None or key is not None or account or now is not None or as_json:
            raise BadInput("--jsonl takes everything from standard input; leave out the rest.", "frame.usage")
        answer_lines(sys.stdin.buffer, sys.stdout.buffer)
        return
    if text is None:
        raise BadInput(
            "Give a frame in hex or as text, or --jsonl. `tocsin frame --help` has an example.", "frame.usage"
        )
    raw, at, accounts = read_frame(text), None if now is None else read_time(now), _accounts(account)
    if as_json:
        sys.stdout.buffer.write(_explain_json(raw, at, accounts, key))
    else:
        sys.stdout.buffer.write(_explain(raw, at, accounts, key) + told_marks(text).encode())
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


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


def read_time(text: str) -> Micros:
    """Read an ISO time, or `now`. Without an offset it is UTC.

    Raises:
        BadInput: it is no time.
    """
    if text == "now":
        from tocsin.system import SystemClock

        return SystemClock().now_us()
    try:
        at = datetime.fromisoformat(text[:-1] + "Z" if text.endswith("z") else text)
        return Micros(((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1))
    except (ValueError, OverflowError) as error:
        raise BadInput("The time is no ISO time such as 2027-03-04T07:05:11Z.", "frame.time") from error


def answer_lines(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer every line with one line, in order, each flushed: a program may wait for one before it writes the next."""
    while line := source.readline(LINE_MAX + 1):
        if len(line) > LINE_MAX and not line.endswith(b"\n"):
            _skip_line(source)
            answer = _error(b"null", f"The line is longer than {LINE_MAX} bytes. [frame.input]")
        else:
            answer = _answer(line)
        sink.write(answer + b"\n")
        sink.flush()


def _skip_line(source: IO[bytes]) -> None:
    while (rest := source.readline(LINE_MAX)) and not rest.endswith(b"\n"):
        pass


def _answer(line: bytes) -> bytes:
    """Answer one line; whatever is wrong with it is said in `error`."""
    try:
        line.decode("utf-8")  # an id is handed back unread, so its encoding is checked here
        question = msgspec.json.decode(line, type=Question)
        if question.accounts is not None and len(question.accounts) > ACCOUNTS_MAX:
            raise BadInput(f"A question holds at most {ACCOUNTS_MAX} accounts.", "frame.input")
        raw = bytes.fromhex(question.raw)
        at = None if question.now is None else read_time(question.now)
        return _explain_json(raw, at, question.accounts, question.key, bytes(question.id))
    except BadInput as error:
        return _error(_id_of(line), str(error))
    except UnicodeDecodeError:
        return _error(b"null", "The line is not UTF-8. [frame.input]")
    except msgspec.MsgspecError as error:
        return _error(_id_of(line), f"{error}. [frame.input]")
    except ValueError:
        return _error(_id_of(line), "`raw` is not hex. [frame.input]")
    except RecursionError:
        return _error(b"null", "The line is nested too deeply. [frame.input]")


def _id_of(line: bytes) -> bytes:
    try:
        return bytes(msgspec.json.decode(line, type=_Id).id)
    except (msgspec.MsgspecError, RecursionError):
        return b"null"


def _error(line_id: bytes, text: str) -> bytes:
    return _one_line({"id": msgspec.Raw(line_id), "error": text})


def _one_line(answer: dict[str, Any]) -> bytes:
    """Write an answer as JSON without anything that a reader could take for the end of a line."""
    written = msgspec.json.encode(answer).replace(b"\r", b" ")  # a CR can only be space between the parts of an id
    for char, escaped in _SPLITTING.items():
        written = written.replace(char.encode(), escaped)
    return written


def _accounts(words: list[str] | None) -> dict[str, str | None] | None:
    if not words:
        return None
    found: dict[str, str | None] = {}
    for word in words:
        number, _, key = word.partition("=")
        if re.fullmatch(r"[0-9A-Za-z]{1,16}", number) is None:
            raise BadInput("--account wants NUMBER or NUMBER=KEY; a number is 1-16 letters or digits.", "frame.usage")
        found[number] = key or None
    return found


def _explain(raw: bytes, now: Micros | None, accounts: Mapping[str, str | None] | None, key: str | None) -> bytes:
    from tocsin.protocols.dc09.advice import render
    from tocsin.protocols.dc09.doctor import Patient, diagnose

    return render(diagnose(raw, now, Patient(accounts=accounts, key=key), _pad())).encode("utf-8", "replace")


def _explain_json(
    raw: bytes, now: Micros | None, accounts: Mapping[str, str | None] | None, key: str | None, line_id: bytes = b"null"
) -> bytes:
    from tocsin.protocols.dc09.doctor import explain

    told: dict[str, Any] = msgspec.to_builtins(explain(raw, now, accounts, key, _pad()))
    return _one_line({"id": msgspec.Raw(line_id), **told})


def _pad() -> bytes:
    from tocsin.system import SystemIds

    return SystemIds().token_bytes(32)
