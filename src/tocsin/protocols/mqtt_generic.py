"""A broker's topics in a form of their sender's own, read by a mapping. Pure.

A device is what the mapping names, else what stands for the first `+` of the topics: the number of its hardware, or a
hash of its name, which may be somebody's.
"""

import re
from collections.abc import Sequence
from typing import Final

from tocsin.model.machines import WORD_OF_CID
from tocsin.model.mappings import Mapping
from tocsin.model.values import Code
from tocsin.protocols.machine_messages import Fault, MachineMessage
from tocsin.protocols.mapped import read_payload
from tocsin.protocols.mqtt_devices import DEVICES_MAX, TOPIC_MAX, Said, Taken, device_of, refused

_LEVEL: Final = re.compile(r"[ -\"%-*,-.0-~]{1,100}")


def is_filter(entered: str) -> bool:
    """Topics that a centre may read: an exact first level, `+` for a whole level behind it, never `#`."""
    levels = entered.split("/")
    return (
        len(entered) <= TOPIC_MAX
        and levels[0] != "+"
        and all(level == "+" or _LEVEL.fullmatch(level) is not None for level in levels)
    )


def is_of(pattern: Sequence[str], levels: Sequence[str]) -> bool:
    """Does a topic fit a pattern whose `+` stands for one level?"""
    return len(pattern) == len(levels) and all(
        part in ("+", level) for part, level in zip(pattern, levels, strict=True)
    )


def may_meet(one: str, other: str) -> bool:
    """Is there a topic that both of these would read?"""
    first, second = one.split("/"), other.split("/")
    return len(first) == len(second) and all(a == b or "+" in (a, b) for a, b in zip(first, second, strict=True))


class Generic:
    """What the topics of one source say."""

    def __init__(self, filters: Sequence[str], mapping: Mapping | None) -> None:
        """`filters` as `is_filter` lets them through. Without a mapping nothing is read."""
        self._filters = tuple(filters) if mapping is not None else ()
        self._mapping = mapping
        self._names: dict[Code, str] = {}

    def told_by(self) -> list[str]:
        """None: what is read stands in the settings of the source."""
        return []

    def topics(self) -> list[str]:
        """The filters."""
        return list(self._filters)

    def names(self) -> dict[Code, str]:
        """What stands in the topics of those that were heard."""
        return dict(self._names)

    def take(self, topic: str, payload: bytes) -> Taken:
        """Read a message by the mapping."""
        levels = topic.split("/")
        pattern = next((found for one in self._filters if is_of(found := one.split("/"), levels)), None)
        if pattern is None or self._mapping is None:
            return refused("topic")
        device = None
        if "+" in pattern:
            name = levels[pattern.index("+")]
            device = device_of(name)
            if len(self._names) < DEVICES_MAX:
                self._names[device] = name[:100]
        found = read_payload(payload, self._mapping, device)
        if isinstance(found, Fault):
            return refused(found.rule)
        return Taken(said=tuple(_said_of(one) for one in found))


def _said_of(one: MachineMessage) -> Said:
    return Said(
        word="" if one.cid is None else WORD_OF_CID[one.cid],
        device=one.device,
        is_active=one.is_active,
        is_momentary=one.cid is None,
        device_time=one.device_time,
        id=one.id,
        text=one.text,
        values=one.values,
    )
