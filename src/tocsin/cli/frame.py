"""`tocsin frame`: the frame doctor, for a person (one frame as argument) or a program (JSON Lines).

Whatever judges is imported when it is needed, so that `tocsin frame --help` answers at once.
"""

import re
import sys
from typing import IO, Annotated, Final

import typer

from tocsin.model.errors import BadInput
from tocsin.model.values import Micros

LINE_MAX: Final = 65_536
"""Bytes of one line of --jsonl."""


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
    from tocsin.protocols.dc09.doctor import Patient, diagnose
    from tocsin.protocols.dc09.questions import explanation_line, explanation_text, read_frame, read_time

    raw, at = read_frame(text), None if now is None else read_time(now, _now)
    diagnosis = diagnose(raw, at, Patient(accounts=_accounts(account), key=key), _pad())
    if as_json:
        sys.stdout.buffer.write(explanation_line(diagnosis))
    else:
        sys.stdout.buffer.write(explanation_text(diagnosis, text).encode("utf-8", "replace"))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def answer_lines(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer every line with one line, in order, each flushed: a program may wait for one before it writes the next."""
    from tocsin.protocols.dc09.questions import answer_line, error_line

    while line := source.readline(LINE_MAX + 1):
        if len(line) > LINE_MAX and not line.endswith(b"\n"):
            _skip_line(source)
            answer = error_line(b"null", f"The line is longer than {LINE_MAX} bytes. [frame.input]")
        else:
            answer = answer_line(line, _now, _pad())
        sink.write(answer + b"\n")
        sink.flush()


def _skip_line(source: IO[bytes]) -> None:
    while (rest := source.readline(LINE_MAX)) and not rest.endswith(b"\n"):
        pass


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


def _now() -> Micros:
    from tocsin.system import SystemClock

    return SystemClock().now_us()


def _pad() -> bytes:
    from tocsin.system import SystemIds

    return SystemIds().token_bytes(32)
