"""What the conventions of MQTT have in common: devices, what they say, and why a message is not taken. Pure.

A topic may be named after whoever lives there, so none leaves these modules but to the broker: a device is known by
the number of its hardware, or by a hash of its name (decision 0069).
"""

import hashlib
import re
from typing import Any, Final, Protocol

import msgspec

from tocsin.model.machines import DEVICE_MAX
from tocsin.model.signals import Quantity
from tocsin.model.values import Code, Micros, PersonalText

PAYLOAD_BYTES_MAX: Final = 65_536
DEPTH_MAX: Final = 16
KEYS_MAX: Final = 256
TOPIC_MAX: Final = 200
DEVICES_MAX: Final = 2_000
"""Devices of one source."""

_HARDWARE: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{16})|([0-9a-fA-F]{12})|((?:[0-9a-fA-F]{2}:){5,7}[0-9a-fA-F]{2})")
_DECODE: Final = msgspec.json.Decoder()

WORDS_OF_KEYS: Final = {
    "smoke": "smoke",
    "heat": "heat",
    "fire": "fire",
    "carbon_monoxide": "carbon_monoxide",
    "gas": "gas",
    "water_leak": "water",
    "leak": "water",
    "flood": "water",
    "sos": "sos",
    "tamper": "tamper",
    "battery_low": "battery",
}
"""Keys of a device's message whose true means an alarm, and the word of each (`model.machines`)."""

ARMED_KEYS: Final = frozenset({"contact", "occupancy", "presence", "vibration", "motion", "window_open", "door"})
"""They tell of an intrusion, or of who is there: nobody knows of a source whether its place is closed and armed."""

ACTIONS: Final = frozenset({"emergency", "panic", "sos"})
"""Presses of a button that call for help; of `action` nothing else is taken."""


class Said(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that a device says."""

    word: str
    """Of `model.machines.MACHINE_WORDS`; "" for a value that no mapping names."""
    device: Code | None
    """1 to 16 letters and digits; None for what speaks for all of them."""
    is_active: bool
    is_momentary: bool = False
    """It has no end: a button that was pressed."""
    device_time: Micros | None = None
    id: str | None = None
    """As the convention gives it: unique for ever within the source."""
    text: PersonalText | None = None
    """To be sealed."""
    values: tuple[Quantity, ...] = ()


class Taken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a message says, and what of it was refused."""

    said: tuple[Said, ...] = ()
    refused: tuple[Code, ...] = ()
    """Rules, to be counted."""
    has_new_topics: bool = False
    """Other topics are to be read from now on."""


NOTHING: Final = Taken()


class Unread(msgspec.Struct, frozen=True):
    """Why a payload was not read."""

    rule: Code


class Convention(Protocol):
    """How a kind of sender names its topics and puts its messages. Keeps what devices it has told of, in memory."""

    def told_by(self) -> list[str]:
        """Topics that the broker keeps, and that tell which devices there are."""
        ...

    def topics(self) -> list[str]:
        """What else to read: exact topics, with `+` only where a convention puts a device's number there. Never `#`."""
        ...

    def take(self, topic: str, payload: bytes) -> Taken:
        """Read a message. Raises nothing."""
        ...

    def names(self) -> dict[Code, str]:
        """What the sender calls its devices, to be shown to who sets them up, and kept nowhere."""
        ...


def refused(*rules: str) -> Taken:
    """A message of which nothing is taken."""
    return Taken(refused=tuple(Code(rule) for rule in rules))


def device_of(name: str) -> Code:
    """What a device is known by: its hardware's number where the name is one or has one in it, else a hash of it."""
    found = _HARDWARE.search(name)
    if found is not None:
        return Code(re.sub(r"[^0-9A-F]", "", (found[1] or found[2] or found[3]).upper()))
    return Code(hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:DEVICE_MAX].upper())


def is_topic(topic: object) -> bool:
    """An exact topic that may be read."""
    return isinstance(topic, str) and 1 <= len(topic) <= TOPIC_MAX and not any(sign in topic for sign in "+#\0$")


def read_json(payload: bytes) -> Any | Unread:
    """The value of a payload, or the rule by which it is refused: size, json, depth, keys."""
    if len(payload) > PAYLOAD_BYTES_MAX:
        return Unread(Code("size"))
    try:
        value = _DECODE.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unread(Code("json"))
    return _too_much(value) or value


def _too_much(value: Any) -> Unread | None:
    keys = 0
    level: list[Any] = [value]
    for _ in range(DEPTH_MAX):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                keys += len(one)  # pyright: ignore[reportUnknownArgumentType]
                inner.extend(one.values())  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            elif isinstance(one, list):
                inner.extend(one)  # pyright: ignore[reportUnknownArgumentType]
        if keys > KEYS_MAX:
            return Unread(Code("keys"))
        level = [one for one in inner if isinstance(one, dict | list)]
        if not level:
            return None
    return Unread(Code("depth"))


def said_by_keys(message: dict[str, Any], device: Code, **more: Any) -> Taken:
    """What the known keys of a device's message say: booleans alone, and calls for help of `action`."""
    said: list[Said] = []
    rules: dict[Code, None] = {}
    for key, value in message.items():
        word = WORDS_OF_KEYS.get(key)
        if word is not None and isinstance(value, bool):
            said.append(Said(word=word, device=device, is_active=value, **more))
        elif key == "action" and isinstance(value, str) and value in ACTIONS:
            said.append(Said(word="sos", device=device, is_active=True, is_momentary=True, **more))
        elif key in ARMED_KEYS:
            rules[Code("intrusion")] = None
    return Taken(said=tuple(said), refused=tuple(rules))
