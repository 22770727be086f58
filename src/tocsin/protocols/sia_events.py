"""DC-03, the SIA format inside DC-09: `#5512|Nri2/FA014^Boiler room^|Atext` (DC09.md section 4).

Read as panels write it: an event that can be read is never lost for something beside it that cannot.
"""

import re
from collections.abc import Sequence
from typing import Final, cast

from tocsin.model.signals import SIGNALS_PER_FRAME_MAX
from tocsin.model.values import AccountNumber, Code
from tocsin.protocols.payload import Payload, SiaEvent, split_account

# Everything is possessive: each byte is looked at once, whatever comes.
_PACKET: Final = re.compile(r"(?:[^/^*]++|\*'[^']*+'|\*|\^[^^]*+\^?)++")
# 1 code  2 address  3 what stands behind `*`  4 text. A name stands between `*'` and `'NM` (XSIA).
_EVENT: Final = re.compile(r"([A-Z]{2})([0-9A-Fa-f]*+)[^*^]*+(?:\*('[^']*+'[^^]*+|[^^]*+))?(?:\^([^^]*+))?")
# 1 name  2 value  3 the rest.
_MODIFIER: Final = re.compile(r"([a-z]{2})([^*^]*+)(?s:(.*))")
_NAMES: Final = "ti|da|id|ri|pi|ai|ph|lv|va|pt|rg|ss"
# A modifier with a plain value, perhaps a text, and behind it without a `/`: another one, or behind the text an event.
# 1 name  2 value  3 text.
_GLUED: Final = re.compile(
    rf"({_NAMES})([0-9:.+-]++)(?:(?=(?:{_NAMES})[0-9A-Za-z:.+-])"
    rf"|(\^[^^]*+\^)(?=(?:{_NAMES})[0-9A-Za-z:.+-]|[A-Z]{{2}}(?:[0-9A-Fa-f]*+(?:[*^]|\Z))))"
)
# Behind a text an event must have a number: `^HALL^NORTH` is text all through.
_EVENT_BEHIND_TEXT: Final = re.compile(r"\^[A-Z]{2}(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]++(?:[*^]|\Z)")
_TWO_HEX_LETTERS: Final = re.compile(r"[A-F]{2}")
_HEX_DIGITS: Final = "0123456789ABCDEFabcdef"
_PLAIN_VALUE: Final = re.compile(r"[0-9:.+-]+")
# 1 account  2 block  3 area  4 code  5 address  6 text.
_PLAIN: Final = re.compile(r"#([0-9A-Za-z]{1,16}+)\|([NO])(?:ri([0-9]++)/)?([A-Z]{2})([0-9A-Fa-f]*+)(?:\^([^|^]++)\^)?")
_PlainGroups = tuple[AccountNumber, Code, str | None, Code, str, str | None]
_EMPTY: Final[dict[str, str]] = {}


def parse_sia(data: str) -> Payload | None:
    """Read the data of a SIA-DCS frame; None where they say nothing, cannot be read, or hold too many events.

    Never raises. Data without any event can be right (text alone): `events` is empty then.
    """
    # Nine frames in ten hold one plain event; the long way would read them alike (a property test compares).
    plain = _PLAIN.fullmatch(data)
    if plain is not None:
        account, block, partition, code, address, text = cast("_PlainGroups", plain.groups())
        mods = _EMPTY if partition is None else {"ri": partition}
        return Payload(account, (SiaEvent(block, code, address, mods, text, None),), (), (), False)
    return read_sia(data)


def read_sia(data: str) -> Payload | None:
    """Read any data of a SIA-DCS frame, as `parse_sia` does."""
    account, parts = split_account(data)
    reader = _Reader()
    for part in parts:
        reader.read(part)
    if not reader.events and account is not None and not data.startswith("#"):
        # `NBA01|...`: the account block is missing whole, and the first event looked like an account without its `#`.
        first = _Reader()
        first.read(data.partition("|")[0])
        if first.events:
            account = None
            first.texts, first.others = reader.texts, reader.others
            reader = first
    if not reader.is_readable or len(reader.events) > SIGNALS_PER_FRAME_MAX:
        return None
    return Payload(account, tuple(reader.events), tuple(reader.texts), tuple(reader.others), reader.has_user)


class _Reader:
    """Collects what the blocks of one frame say."""

    __slots__ = ("events", "has_content", "has_user", "is_broken", "others", "texts")

    def __init__(self) -> None:
        self.events: list[SiaEvent] = []
        self.texts: list[str] = []
        self.others: list[str] = []
        self.has_user = False
        self.has_content = False
        self.is_broken = False

    @property
    def is_readable(self) -> bool:
        return bool(self.events) or (self.has_content and not self.is_broken)

    def read(self, block: str) -> None:
        function = block[:1]
        if function in ("N", "O"):
            self._read_events(function, block[1:])
        elif function == "A":
            self.texts.append(block[1:])
            self.has_content = True
        elif len(block) > 1:  # one character alone is an extra block that some panels send: skipped
            self.others.append(block)
            self.has_content = True

    def _read_events(self, function: str, content: str) -> None:
        packets: Sequence[str] = _PACKET.findall(content) if "^" in content or "*" in content else content.split("/")
        mods: dict[str, str] = _EMPTY
        for index, packet in enumerate(packets):
            following = packets[index + 1] if index + 1 < len(packets) else ""
            mods = self._read_packet(function, packet, following, mods)
            if len(self.events) > SIGNALS_PER_FRAME_MAX:
                return

    def _read_packet(self, function: str, packet: str, following: str, mods: dict[str, str]) -> dict[str, str]:
        """Read an event or a modifier, and what is glued behind it where a `/` is missing; return the modifiers."""
        rest = packet
        while rest:
            event = _EVENT.match(rest)
            if event is None:
                modifier = _GLUED.match(rest) or _MODIFIER.match(rest)
                if modifier is None:
                    # Nothing that we know. What can be read beside it still counts.
                    self.is_broken = True
                    break
                if modifier.re is _GLUED:
                    name, value, extra, event = modifier[1], modifier[2], modifier[3] or "", None
                    rest = rest[modifier.end() :]
                else:
                    name, value, extra, event = _split_glued(modifier, following)
                    rest = ""
                mods = mods | _named(name, value, extra)
                self.has_user = self.has_user or name in ("id", "ph")
                self.has_content = True
            if event is not None:
                code, address, units, text = event.groups()
                self.events.append(SiaEvent(Code(function), Code(code), address, mods, text, units))
                rest = _behind_text(event)
        return mods


def _behind_text(event: re.Match[str]) -> str:
    """What is glued behind the closing `^` of an event's text, if it is an event with a number; else nothing."""
    tail = event.string[event.end() :]
    return tail[1:] if _EVENT_BEHIND_TEXT.match(tail) else ""


def _named(name: str, value: str, rest: str) -> dict[str, str]:
    """A modifier by its name; the text that it may carry stands beside it under `name^`."""
    extra, _, text = rest.partition("^")
    text = text.partition("^")[0]
    return {name: value + extra, name + "^": text} if text else {name: value + extra}


def _split_glued(modifier: re.Match[str], following: str) -> tuple[str, str, str, re.Match[str] | None]:
    """Find the event in a modifier whose `/` is missing: `ri0RP2`. Name, value, rest and the event, if there is one.

    The value before it is digits; a name (`idANNA`) is no event. Where the two letters could be hex digits of a user's
    number and an event stands behind the next `/`, they are.
    """
    name, value, rest = modifier.groups()
    digits_at = len(value.rstrip(_HEX_DIGITS))
    for at in (digits_at - 2, digits_at - 1):
        if at > 0 and value[at : at + 2].isupper() and value[at : at + 2].isalpha():
            break
    else:
        letters = _TWO_HEX_LETTERS.search(value, digits_at)
        if letters is None or (name in ("id", "ph") and _EVENT.match(following)):
            return name, value, rest, None
        at = letters.start()
    event = _EVENT.match(value[at:] + rest) if _PLAIN_VALUE.fullmatch(value[:at]) else None
    return (name, value, rest, None) if event is None else (name, value[:at], "", event)
