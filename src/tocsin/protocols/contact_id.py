"""DC-05, Contact ID inside DC-09: `#5512|1131 01 015` (DC09.md section 5)."""

import re
from typing import Final, cast

from tocsin.model.signals import SIGNALS_PER_FRAME_MAX
from tocsin.model.values import Code
from tocsin.protocols.payload import CidEvent, Payload, split_account

# The letter A does not exist in Contact ID: a 0 is sent and counted as 10.
_EVENT: Final = re.compile(r"([136])([0-9B-F]{3}) ([0-9B-F]{2}) ([0-9B-F]{3})")


def parse_cid(data: str) -> Payload | None:
    """Read the data of an ADM-CID frame; None where they hold no event, or too many. Never raises."""
    account, parts = split_account(data)
    events: list[CidEvent] = []
    others: list[str] = []
    for part in parts:
        match = _EVENT.fullmatch(part.strip(" "))
        if match is not None:
            events.append(CidEvent(*cast("tuple[Code, Code, Code, str]", match.groups())))
        elif len(part) > 1:
            others.append(part)
    if not events or len(events) > SIGNALS_PER_FRAME_MAX:
        return None
    return Payload(account, tuple(events), (), tuple(others), False)
