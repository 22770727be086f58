"""Zigbee2MQTT 2.x: devices by the list of its bridge, their states, and whether they are there. Pure.

Source: Zigbee2MQTT documentation, "MQTT topics and messages", read 2026.
"""

from typing import Any, Final, cast

import msgspec

from tocsin.model.values import Code
from tocsin.protocols.mqtt_devices import (
    DEVICES_MAX,
    NOTHING,
    Said,
    Taken,
    Unread,
    device_of,
    is_topic,
    read_json,
    refused,
    said_by_keys,
)

LIST_BYTES_MAX: Final = 1 << 20
"""The bridge's list of devices says what each can do: some 2 kB of each."""


class _Device(msgspec.Struct):
    friendly_name: str
    ieee_address: str
    disabled: bool = False
    type: str = ""


_DEVICES: Final = msgspec.json.Decoder(list[_Device])


class Zigbee2Mqtt:
    """What the bridge told of, and what its devices say."""

    def __init__(self, base: str = "zigbee2mqtt") -> None:
        """Read under this base topic."""
        self._base = base
        self._devices: dict[str, Code] = {}
        """By topic."""
        self._names: dict[Code, str] = {}

    def told_by(self) -> list[str]:
        """The bridge's list."""
        return [f"{self._base}/bridge/devices"]

    def topics(self) -> list[str]:
        """The bridge's state, and two topics of each device."""
        own = [f"{self._base}/bridge/state"]
        return own + [f"{topic}{end}" for topic in self._devices for end in ("", "/availability")]

    def names(self) -> dict[Code, str]:
        """Friendly names."""
        return dict(self._names)

    def take(self, topic: str, payload: bytes) -> Taken:
        """Read a message of the bridge or of a device."""
        if topic == f"{self._base}/bridge/devices":
            return self._listed(payload)
        if topic == f"{self._base}/bridge/state":
            return _presence(payload, None)
        if topic in self._devices:
            read = read_json(payload)
            if isinstance(read, Unread):
                return refused(read.rule)
            if not isinstance(read, dict):
                return refused("form")
            return said_by_keys(cast("dict[str, Any]", read), self._devices[topic])
        device = self._devices.get(topic.removesuffix("/availability"))
        return refused("topic") if device is None else _presence(payload, device)

    def _listed(self, payload: bytes) -> Taken:
        if len(payload) > LIST_BYTES_MAX:
            return refused("size")
        try:
            found = _DEVICES.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return refused("form")
        devices: dict[str, Code] = {}
        names: dict[Code, str] = {}
        for one in found:
            topic = f"{self._base}/{one.friendly_name}"
            if one.type == "Coordinator" or one.disabled or not is_topic(topic):
                continue
            if len(devices) >= DEVICES_MAX:
                break
            devices[topic] = device_of(one.ieee_address)
            if one.friendly_name != one.ieee_address:
                names[devices[topic]] = one.friendly_name[:60]
        is_other = devices.keys() != self._devices.keys()
        self._devices, self._names = devices, names
        return Taken(has_new_topics=is_other) if len(found) <= DEVICES_MAX else refused("many")


def _presence(payload: bytes, device: Code | None) -> Taken:
    """`online` or `offline`, in JSON since version 1.17, or plain."""
    if len(payload) > 200:
        return refused("size")
    read = read_json(payload)
    state = cast("dict[str, Any]", read).get("state") if isinstance(read, dict) else payload.decode("utf-8", "replace")
    if state not in ("online", "offline"):
        return NOTHING if not payload else refused("state")
    return Taken(said=(Said(word="missing", device=device, is_active=state == "offline"),))
