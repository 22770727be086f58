"""ChirpStack 4: sensors over LoRaWAN, by the events of one application. Pure.

Of an uplink's decoded object the known keys are taken, of a status the battery; everything else is left.
Source: ChirpStack documentation, "Event types" (up, status), version 4, read 2026.
"""

import re
from datetime import datetime
from typing import Any, Final

import msgspec

from tocsin.model.values import Code, Micros
from tocsin.protocols.mqtt_devices import NOTHING, Said, Taken, Unread, device_of, read_json, refused, said_by_keys

BATTERY_LOW: Final = 15.0
"""Per cent."""

_TOPIC: Final = re.compile(r"application/([^/]+)/device/([0-9a-fA-F]{16})/event/(up|status)")


class _Info(msgspec.Struct):
    devEui: str  # noqa: N815 - the sender's word


class _Event(msgspec.Struct):
    deviceInfo: _Info  # noqa: N815
    deduplicationId: str = ""  # noqa: N815
    time: str = ""
    object: dict[str, Any] | None = None
    batteryLevel: float | None = None  # noqa: N815


class ChirpStack:
    """What the devices of one application say."""

    def __init__(self, application: str) -> None:
        """`application`: its id."""
        self._application = application

    def told_by(self) -> list[str]:
        """None: what is read stands in the settings of the source."""
        return []

    def topics(self) -> list[str]:
        """Uplinks and states of batteries; the one `+` stands for a device's number."""
        return [f"application/{self._application}/device/+/event/{kind}" for kind in ("up", "status")]

    def names(self) -> dict[Code, str]:
        """None: devices are known by their number."""
        return {}

    def take(self, topic: str, payload: bytes) -> Taken:
        """Read an event."""
        found = _TOPIC.fullmatch(topic)
        if found is None or found[1] != self._application:
            return refused("topic")
        read = read_json(payload)
        if isinstance(read, Unread):
            return refused(read.rule)
        try:
            event = msgspec.convert(read, _Event)
        except msgspec.ValidationError:
            return refused("form")
        if event.deviceInfo.devEui.lower() != found[2].lower():
            return refused("device")  # the broker lets a device speak on its own topic alone
        device = device_of(found[2])
        given = event.deduplicationId[:100] or None
        if found[3] == "status":
            level = event.batteryLevel
            if level is None:
                return NOTHING
            return Taken(said=(Said(word="battery", device=device, is_active=0 <= level < BATTERY_LOW, id=given),))
        if event.object is None:
            return refused("codec")
        return said_by_keys(event.object, device, device_time=_time(event.time), id=given)


def _time(said: str) -> Micros | None:
    try:
        at = datetime.fromisoformat(said[:40])
    except ValueError:
        return None
    return None if at.tzinfo is None or not 1971 <= at.year <= 2200 else Micros(round(at.timestamp() * 1_000_000))
