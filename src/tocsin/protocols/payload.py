"""What the data of an event frame say, whichever of the two formats they are in."""

import re
from typing import Final

import msgspec

from tocsin.model.values import AccountNumber, Code

_ACCOUNT: Final = re.compile(r"#?([0-9A-Za-z]{1,16})")


class SiaEvent(msgspec.Struct, frozen=True, gc=False):
    """One DC-03 event, as sent, with the modifiers that stood before it in its block."""

    block: Code
    """`N` new, or `O` old: a repeat of something already reported."""
    code: Code
    address: str
    """Hex by the standard, decimal on nearly every panel; "" where there is none."""
    mods: dict[str, str]
    """Modifier to value, such as `{"ri": "2"}`. Shared between events: never to be changed."""
    text: str | None
    """Without the `^`."""
    units: str | None
    """What stood behind `*`, such as `17C_` or `''NM`."""


class CidEvent(msgspec.Struct, frozen=True, gc=False):
    """One Contact ID event, as sent."""

    qualifier: Code
    """1 new event, opening; 3 restoral, closing; 6 still present."""
    code: Code
    group: Code
    """00: none."""
    zone: str
    """A zone or a user, by the code. 000: none."""


class Payload(msgspec.Struct, frozen=True, gc=False):
    """What the data of a frame say."""

    account: AccountNumber | None
    """As sent, without `#`; None where it is missing."""
    events: tuple[SiaEvent | CidEvent, ...]
    """In order of sending, at most SIGNALS_PER_FRAME_MAX."""
    texts: tuple[str, ...]
    """Of A blocks, without the letter."""
    others: tuple[str, ...]
    """All other blocks, letter first, kept and not acted upon."""
    has_user: bool
    """A modifier names a user or a telephone (`id`, `ph`), with an event or without."""


def split_account(data: str) -> tuple[AccountNumber | None, list[str]]:
    """Split data into the account that they name and the blocks behind it.

    The account block may lack its `#`, may be empty, and may be missing altogether.
    """
    first, *parts = data.split("|")
    match = _ACCOUNT.fullmatch(first)
    if match is not None:
        return AccountNumber(match[1]), parts
    return None, parts if first in ("", "#") else [first, *parts]
