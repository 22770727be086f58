"""What `tocsin doctor` says of one thing that it looked at."""

from typing import Literal

import msgspec

State = Literal["ok", "look", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    state: State
    found: str
    remedy: str = ""
