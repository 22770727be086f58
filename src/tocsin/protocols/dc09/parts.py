"""A frame byte by byte: its parts in order, where each begins and ends, and whether it is right.

The parts cover every byte once, but for those that are missing, which have no length and stand where they belong. Where
the head is broken each part is held to its own form, so that one that is wrong takes nothing from its neighbour.
"""

import re
from typing import Final, Literal

import msgspec

from tocsin.protocols.dc09.causes import right_sum
from tocsin.protocols.dc09.doctor import Diagnosis
from tocsin.protocols.dc09.framing import BODY_MAX, Start
from tocsin.protocols.dc09.header import ANSWER_TOKENS, EVENT_TOKENS, POLL_TOKENS

PartName = Literal[
    "before", "start", "crc", "length", "token", "sequence", "receiver", "line", "account", "data", "xdata",
    "timestamp", "end", "behind",
]  # fmt: skip
State = Literal["right", "wrong", "unread"]
PARTS_MAX: Final = 2_200
"""A body of 4,095 bytes holds no more empty brackets; a longer one is not parted further."""

_BETWEEN: Final = b"\0\r\n"
_TOKEN: Final = re.compile(r'"(\*?)([^"\[\]]{1,40})"?')
_HEAD: Final = re.compile(
    r"(?P<sequence>[^RL#\[]*)(?P<receiver>R[^L#\[]*)?(?P<line>L[^#\[]*)?(?P<account>#[^\[]*)?", re.DOTALL
)
_FORMS: Final = {
    "sequence": re.compile(r"[0-9]{4}"),
    "receiver": re.compile(r"R[0-9A-Fa-f]{1,6}"),
    "line": re.compile(r"L[0-9A-Fa-f]{0,6}"),
    "account": re.compile(r"#[0-9A-Za-z]{1,16}"),
}
_WANTED: Final = {
    "sequence": "four decimal digits, 0001 to 9999",
    "receiver": "R and 1 to 6 hex digits, or nothing",
    "line": "L and at most 6 hex digits",
    "account": "# and 1 to 16 letters or digits",
}
_MISSING: Final = {"receiver": "none was sent, which is allowed", "line": "none was sent: taken for 0"}


class Part(msgspec.Struct, frozen=True, gc=False):
    """One part of a frame. `begin` is its first byte, `end` the one behind its last; equal where it is missing."""

    name: PartName
    begin: int
    end: int
    state: State
    words: str


def parts_of(diagnosis: Diagnosis) -> list[Part]:
    """The parts of what was examined, in the order of its bytes."""
    start = diagnosis.start
    size = len(diagnosis.raw)
    if start is None:
        words = "no head of a frame: LF, four digits or two bytes of check sum, four digits of length, a quote"
        return [Part("before", 0, size, "wrong", words)]
    parts: list[Part] = []
    if start.at:
        stray = diagnosis.raw[: start.at].strip(_BETWEEN)
        words = f"{_bytes(start.at)} before the frame; a receiver passes over them"
        parts.append(Part("before", 0, start.at, "wrong" if stray else "right", words))
    parts.append(Part("start", start.at, start.at + 1, "right", "LF"))
    crc_end = start.body_at - 4
    parts.append(_crc(diagnosis, start, start.at + 1, crc_end))
    parts.append(_length(diagnosis, start, crc_end))
    body_end = start.body_at + len(diagnosis.body)
    parts.extend(_body(diagnosis, start.body_at, body_end))
    if diagnosis.has_end:
        parts.append(Part("end", body_end, body_end + 1, "right", "CR"))
        body_end += 1
    else:
        parts.append(Part("end", body_end, body_end, "wrong", "there is no CR"))
    if body_end < size:
        words = f"{_bytes(size - body_end)} behind the frame"
        stray = diagnosis.raw[body_end:].strip(_BETWEEN)
        parts.append(Part("behind", body_end, size, "wrong" if stray else "right", words))
    return parts


def _crc(diagnosis: Diagnosis, start: Start, begin: int, end: int) -> Part:
    is_right = diagnosis.explanation.crc_ok
    sent = start.crc.decode("latin-1") if start.form == "hex" else start.crc.hex().upper()
    shown = sent if sent.isprintable() else start.crc.hex(" ").upper()
    form = "as four hex digits" if start.form == "hex" else "as two bytes"
    gives = "which is right" if is_right else f"the body gives {right_sum(diagnosis)}"
    return Part("crc", begin, end, "right" if is_right else "wrong", f"as sent {shown}, {gives}; {form}")


def _length(diagnosis: Diagnosis, start: Start, begin: int) -> Part:
    size = len(diagnosis.body)
    is_right = start.length == size <= BODY_MAX
    counted = f"the body has {size} bytes, {size:03X}"
    words = f"as sent {start.length:03X}, {'which is right' if is_right else counted}"
    return Part("length", begin, begin + 4, "right" if is_right else "wrong", words)


def _body(diagnosis: Diagnosis, at: int, end: int) -> list[Part]:
    """Token, head and brackets of the body, which begins at byte `at`."""
    told = diagnosis.explanation
    body = diagnosis.body.decode("latin-1")
    token = _TOKEN.match(body)
    if token is None:
        return [Part("token", at, end, "wrong", "a token between quotes must stand here")]
    parts = [_token(diagnosis, token, at)]
    head_end = body.find("[", token.end())
    head = body[token.end() : len(body) if head_end < 0 else head_end]
    parts.extend(_head(diagnosis, head, at + token.end()))
    if head_end < 0:
        parts.append(Part("data", end, end, "wrong", "the brackets with the data are missing"))
        return parts
    if told.encrypted:
        parts.extend(_secret(diagnosis, at + head_end, end))
    else:
        parts.extend(_content(diagnosis, body, head_end, at, end))
    return parts


def _token(diagnosis: Diagnosis, found: "re.Match[str]", at: int) -> Part:
    told = diagnosis.explanation
    sent = found[2] if found[2].isprintable() else "unprintable"
    is_closed = found[0].endswith('"')
    is_known = found[2] in EVENT_TOKENS | POLL_TOKENS | ANSWER_TOKENS
    words = f"{sent}, {'encrypted' if found[1] else 'in clear'}"
    if not is_closed:
        words += "; the quote behind it is missing"
    elif told.reason == "downgrade":
        words += ", and the account has a key"
    elif not is_known:
        words += "; no format that is read here"
    is_right = is_closed and is_known and told.reason != "downgrade"
    return Part("token", at, at + found.end(), "right" if is_right else "wrong", words)


def _head(diagnosis: Diagnosis, head: str, at: int) -> list[Part]:
    verdict = diagnosis.verdict
    is_read = verdict is not None and verdict.header is not None
    found = _HEAD.match(head)
    assert found is not None, "every part of it may be empty"
    parts: list[Part] = []
    begin = at
    for name, form in _FORMS.items():
        text = found[name] or ""
        end = begin + len(text)
        if not text and name in _MISSING:
            parts.append(_of_head(name, begin, end, "right", _MISSING[name]))
        elif is_read or form.fullmatch(text):
            parts.append(_of_head(name, begin, end, "right", _head_words(diagnosis, name, text)))
        else:
            parts.append(_of_head(name, begin, end, "wrong", f"must be {_WANTED[name]}"))
        begin = end
    rest = head[found.end() :]
    if rest:
        last = parts[-1]
        parts[-1] = Part(last.name, last.begin, last.end + len(rest), "wrong", f"must be {_WANTED['account']}")
    return _judged(diagnosis, parts)


def _of_head(name: str, begin: int, end: int, state: State, words: str) -> Part:
    assert name in ("sequence", "receiver", "line", "account"), name
    return Part(name, begin, end, state, words)


def _head_words(diagnosis: Diagnosis, name: str, text: str) -> str:
    match name:
        case "line" if text == "L":
            return "without digits: taken for 0"
        case "account":
            return text.removeprefix("#") or diagnosis.explanation.account or ""
        case _:
            return text.lstrip("RL")


def _judged(diagnosis: Diagnosis, parts: list[Part]) -> list[Part]:
    """An account in the right form may still be none that is set up."""
    if diagnosis.explanation.reason != "account":
        return parts
    return [
        Part(part.name, part.begin, part.end, "wrong", f"{part.words}, which is not known here")
        if part.name == "account" and part.state == "right"
        else part
        for part in parts
    ]


def _secret(diagnosis: Diagnosis, begin: int, end: int) -> list[Part]:
    """The encrypted rest: data, blocks and time stamp are inside."""
    told, verdict = diagnosis.explanation, diagnosis.verdict
    size = end - begin - 1
    is_read = verdict is not None and verdict.content is not None
    if not is_read:
        words = f"{size} characters that cannot be decrypted with this key, or without one"
        return [
            Part("data", begin, end, "wrong", words),
            Part("timestamp", end, end, "unread", "inside what cannot be decrypted"),
        ]
    words, state = f"{size} hex digits, decrypted", "right"
    if told.reason == "payload":
        words, state = f"{words}; they do not hold what {told.token} holds", "wrong"
    return [Part("data", begin, end, state, words), _stamp(diagnosis, end, end)]


def _content(diagnosis: Diagnosis, body: str, bracket: int, at: int, end: int) -> list[Part]:
    """Brackets in clear: the first holds the data, the others extended data; behind them stands the time stamp."""
    told = diagnosis.explanation
    parts: list[Part] = []
    position = bracket
    while position < len(body) and body[position] == "[" and len(parts) < PARTS_MAX:
        name: PartName = "xdata" if parts else "data"
        close = body.find("]", position)
        if close < 0:
            parts.append(Part(name, at + position, end, "wrong", "the ] behind it is missing"))
            return parts
        is_right = bool(parts) or told.reason != "payload"
        words = _data_words(diagnosis, close - position - 1) if not parts else f"block {_letter(body, position)}"
        parts.append(Part(name, at + position, at + close + 1, "right" if is_right else "wrong", words))
        position = close + 1
    rest = body[position:]
    if rest.startswith("_"):
        parts.append(_stamp(diagnosis, at + position, end))
    elif rest:
        parts.append(Part("timestamp", at + position, end, "wrong", "_ and a time stamp must stand here, or nothing"))
    else:
        parts.append(_stamp(diagnosis, end, end))
    return parts


def _letter(body: str, position: int) -> str:
    letter = body[position + 1]
    return letter if letter.isalnum() and letter.isascii() else "without a letter"


def _data_words(diagnosis: Diagnosis, size: int) -> str:
    told = diagnosis.explanation
    if told.reason == "payload":
        return f"they do not hold what {told.token} holds"
    if told.events:
        return "1 event" if len(told.events) == 1 else f"{len(told.events)} events"
    return "empty" if size == 0 else _bytes(size)


def _stamp(diagnosis: Diagnosis, begin: int, end: int) -> Part:
    told, verdict = diagnosis.explanation, diagnosis.verdict
    if told.timestamp is None:
        is_wrong = told.reason == "time"
        words = "none was sent" + (", and an encrypted frame needs one" if is_wrong else ", which is allowed")
        return Part("timestamp", begin, end, "wrong" if is_wrong else "right", words)
    shown = told.timestamp if told.timestamp.isprintable() else "unprintable"
    if verdict is None or verdict.header is None:
        return Part("timestamp", begin, end, "unread", shown)
    if verdict.device_time is None:
        return Part("timestamp", begin, end, "wrong", "no time (HH:MM:SS,MM-DD-YYYY)")
    if diagnosis.now is None:
        return Part("timestamp", begin, end, "unread", f"{shown}, not judged: no time was given")
    if verdict.clock_off_s is None:
        return Part("timestamp", begin, end, "right", shown)
    side = "behind" if verdict.clock_off_s < 0 else "ahead of"
    words = f"{shown}, {abs(verdict.clock_off_s)} s {side} now"
    words += "" if told.encrypted else "; in clear it is information only"
    return Part("timestamp", begin, end, "wrong", words)


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"
