"""Mail of machines: its subject and its text, line by line, reduced to what it says. Pure.

No part is opened that is no text, nothing is fetched, and neither headers nor lines leave this module but for the 120
characters of a text that is sealed.

Sources: RFC 5322 (messages), RFC 2045 and 2046 (MIME), RFC 2047 (words in headers).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from tocsin.model.machines import MACHINE_WORDS, TEXT_MAX
from tocsin.model.mappings import MapFault, entered_fault, expected_fault
from tocsin.model.sources import MailLine
from tocsin.model.values import Code, Words
from tocsin.protocols.machine_messages import Fault, MachineMessage, plain_device, unnamed_fault
from tocsin.protocols.mqtt_devices import device_of

if TYPE_CHECKING:
    from email.message import Message

MAIL_BYTES_MAX: Final = 10_000_000
READ_BYTES_MAX: Final = 262_144
"""So much of a mail is read: its text stands before what is attached."""

NESTED_MAX: Final = 24
"""Parts that could hold others. The parser's work rises with their depth."""

PARTS_MAX: Final = 100
LINES_MAX: Final = 500
LINE_MAX: Final = 400
SAID_MAX: Final = 50
"""Signals of one mail."""

HTML_MAX: Final = 65_536
TOKEN_MAX: Final = 100
ID_MAX: Final = 250
_NESTING: Final = re.compile(rb"multipart|message/", re.IGNORECASE)
_BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "title", "td", "th"})
_UNSEEN: Final = frozenset({"script", "style", "head"})
_BLANKS: Final = re.compile(r"\s+")


def line_fault(line: MailLine, index: int) -> MapFault | None:
    """Why nobody may use this line; None where it is good."""
    fault = expected_fault(line.pattern, "its text", index)
    if fault is not None:
        return fault
    if not line.pattern.replace("*", "").strip() or line.pattern.count("*") > 1:
        return MapFault(Code("source.mapping"), Words("its text is empty, or has more than one *"), index)
    if line.word not in MACHINE_WORDS:
        return MapFault(Code("source.word"), Words("its word is none of those that a machine may say"), index)
    if line.device is not None and plain_device(line.device) != line.device:
        return MapFault(Code("source.mapping"), Words("its device is not 1 to 16 capital letters and digits"), index)
    return entered_fault(line.pattern, "its text", index)


def read_mail(raw: bytes, patterns: Sequence[MailLine]) -> list[MachineMessage] | Fault:
    """Read a mail; or say why all of it is refused. Raises nothing.

    Of each line the first pattern that fits counts; where none does, the mail is a signal that no line names.
    """
    if len(raw) > MAIL_BYTES_MAX:
        return Fault(f"The mail has more than {MAIL_BYTES_MAX:,} bytes", Code("intake.size"))
    part = raw[:READ_BYTES_MAX]
    if len(_NESTING.findall(part)) > NESTED_MAX:
        return Fault("The mail has too many parts within parts", Code("intake.depth"))
    # They come with the first mail: a centre that takes none holds nothing of them.
    from email.parser import BytesParser
    from email.policy import compat32

    try:
        mail = BytesParser(policy=compat32).parsebytes(part)
        subject = _plain(_decoded(mail.get("Subject", "")))
        lines = [subject, *_lines(mail)]
        id_ = _identity(mail)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        # The library trips over some of what a stranger may send: a character set or an encoding that is none.
        return Fault("The mail cannot be read", Code("intake.form"))
    said: dict[tuple[str, bool, Code | None], str] = {}
    for line in lines:
        for pattern in patterns:
            token = _token(line, pattern.pattern)
            if token is None:
                continue
            device = pattern.device if not token else plain_device(token) or device_of(token)
            said.setdefault((pattern.word, pattern.is_active, device), line)
            break
        if len(said) > SAID_MAX:
            return Fault(f"The mail says more than {SAID_MAX} things", Code("intake.many"))
    if said:
        return [
            _message(MACHINE_WORDS[word].cid, is_active, device, line, id_)
            for (word, is_active, device), line in said.items()
        ]
    fault = unnamed_fault(subject, "The subject")
    if fault is not None:
        return fault
    return [_message(None, True, None, next((line for line in lines if line), ""), id_)]


def _message(cid: Code | None, is_active: bool, device: Code | None, text: str, id_: str | None) -> MachineMessage:
    return MachineMessage(
        cid=cid,
        is_active=is_active,
        device=device,
        values=(),
        device_time=None,
        text=text[:TEXT_MAX] or None,
        id=None if id_ is None else f"{id_}\n{cid}\n{is_active}\n{device}",
    )


def _token(line: str, pattern: str) -> str | None:
    """What stands for the `*`; "" where the pattern has none; None where the line does not fit."""
    before, star, after = pattern.partition("*")
    before, after = _plain_start(before), _plain_end(after)
    if not star:
        return "" if line == _plain(pattern) else None
    if len(line) <= len(before) + len(after) or not line.startswith(before) or not line.endswith(after):
        return None
    token = line[len(before) : len(line) - len(after)].strip()
    return token if 0 < len(token) <= TOKEN_MAX and " " not in token else None


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()[:LINE_MAX]


def _plain_start(text: str) -> str:
    return _BLANKS.sub(" ", text).lstrip()


def _plain_end(text: str) -> str:
    return _BLANKS.sub(" ", text).rstrip()


def _identity(mail: "Message") -> str | None:
    """The mail's own id, with its date: some senders give one id to all that they ever send."""
    found = str(mail.get("Message-ID", "")).strip()
    if not found:
        return None
    return hashlib.sha256(f"{found}\n{mail.get('Date', '')}".encode("utf-8", "replace")).hexdigest()


def _decoded(said: object) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header

    try:
        parts = decode_header(str(said)[:2000])
    except (HeaderParseError, ValueError):
        return str(said)[:2000]
    return "".join(one if isinstance(one, str) else one.decode(charset or "utf-8", "replace") for one, charset in parts)


def _lines(mail: "Message") -> Iterator[str]:
    count = 0
    for text in _texts(mail):
        for line in text.splitlines():
            plain = _plain(line)
            if not plain:
                continue
            count += 1
            if count > LINES_MAX:
                return
            yield plain


def _texts(mail: "Message") -> Iterator[str]:
    """Plain texts; where there are none, texts of HTML. What is attached is left."""
    plain: list[str] = []
    marked: list[str] = []
    for count, part in enumerate(mail.walk()):
        if count >= PARTS_MAX:
            break
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.get_content_disposition() == "attachment":
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        text = _text_of(content, part.get_content_charset())
        (plain if kind == "text/plain" else marked).append(text)
    yield from plain or [_shown(one[:HTML_MAX]) for one in marked]


def _text_of(content: bytes, charset: str | None) -> str:
    try:
        return content.decode(charset or "utf-8", "replace")
    except LookupError:
        return content.decode("latin-1")


class _Shown(HTMLParser):
    """The text of a page, without what nobody sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def _shown(html: str) -> str:
    parser = _Shown()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)
