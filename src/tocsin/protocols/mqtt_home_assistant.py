"""Home Assistant's discovery over MQTT: binary sensors whose class is one that a machine may tell of. Pure.

An entity is told of by a retained message `PREFIX/binary_sensor/[NODE/]OBJECT/config`, or with others of its device by
`PREFIX/device/OBJECT/config`; its state comes on the topic named there. Keys may be abbreviated. Other components
(persons' trackers, cameras, texts, locks, numbers) are refused by name.

Source: Home Assistant documentation, "MQTT" (discovery, abbreviations) and "Binary sensor" (device classes), read 2026.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

import msgspec

from tocsin.model.values import Code
from tocsin.protocols.mqtt_devices import (
    DEVICES_MAX,
    NOTHING,
    PAYLOAD_BYTES_MAX,
    Said,
    Taken,
    Unread,
    device_of,
    is_topic,
    read_json,
    refused,
)

_ABBREVIATED: Final = {
    "avty": "availability",
    "avty_mode": "availability_mode",
    "avty_t": "availability_topic",
    "cmps": "components",
    "dev": "device",
    "dev_cla": "device_class",
    "ids": "identifiers",
    "p": "platform",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "stat_t": "state_topic",
    "t": "topic",
    "uniq_id": "unique_id",
    "val_tpl": "value_template",
}

CLASSES: Final = {
    "smoke": "smoke",
    "heat": "heat",
    "carbon_monoxide": "carbon_monoxide",
    "gas": "gas",
    "moisture": "water",
    "safety": "fault",
    "tamper": "tamper",
    "problem": "fault",
    "battery": "battery",
    "connectivity": "missing",
    "power": "mains",
    "cold": "low_temperature",
}
"""Device classes, and the word of each."""

OFF_IS_ALARM: Final = frozenset({"connectivity", "power"})
"""Classes whose `on` means that all is well."""

ARMED: Final = frozenset({"door", "garage_door", "motion", "occupancy", "opening", "vibration", "window"})
"""They count in a closed, armed zone alone, which nobody knows of a source."""

_TEMPLATE: Final = re.compile(r"\{\{-?\s*value(?P<path>_json(?:\.[A-Za-z_][A-Za-z0-9_]*)+)?\s*-?\}\}")


class _Entity(msgspec.Struct, frozen=True):
    word: str
    device: Code
    is_off_alarm: bool
    on: str
    off: str
    path: tuple[str, ...] | None
    """Keys to the value in a JSON message; None: the message is the value."""
    state_topic: str
    available: tuple[tuple[str, str, str, tuple[str, ...] | None], ...]
    """Topic, what means there, what means gone, and the keys to it."""
    name: str


class HomeAssistant:
    """What Home Assistant's discovery told of, and what its entities say."""

    def __init__(self, prefix: str = "homeassistant") -> None:
        """Read discovery under this prefix."""
        self._prefix = prefix
        self._entities: dict[str, tuple[_Entity, ...]] = {}
        """By topic of what told of them."""
        self._by_topic: dict[str, list[_Entity]] = {}

    def told_by(self) -> list[str]:
        """Discovery: each `+` stands for a name that the sender chose."""
        kinds = ("binary_sensor/+", "binary_sensor/+/+", "device/+")
        return [f"{self._prefix}/{kind}/config" for kind in kinds]

    def topics(self) -> list[str]:
        """States and availability."""
        return list(self._by_topic)

    def names(self) -> dict[Code, str]:
        """Names of devices, as discovery says them."""
        return {one.device: one.name for found in self._entities.values() for one in found if one.name}

    def take(self, topic: str, payload: bytes) -> Taken:
        """Read a message of discovery, a state or an availability."""
        if topic.startswith(f"{self._prefix}/") and topic.endswith("/config"):
            return self._discovered(topic, payload)
        entities = self._by_topic.get(topic)
        if entities is None:
            return refused("topic")
        if len(payload) > PAYLOAD_BYTES_MAX:
            return refused("size")
        said: list[Said] = []
        rules: dict[Code, None] = {}
        for one in entities:
            if one.state_topic == topic:
                found = _value(payload, one.path)
                if found == one.on or found == one.off:
                    said.append(
                        Said(word=one.word, device=one.device, is_active=(found == one.on) is not one.is_off_alarm)
                    )
                elif found is not None:
                    rules[Code("state")] = None
            for at, here, gone, path in one.available:
                if at == topic:
                    found = _value(payload, path)
                    if found in (here, gone):
                        away = Said(word="missing", device=one.device, is_active=found == gone)
                        if away not in said:
                            said.append(away)
        return Taken(said=tuple(said), refused=tuple(rules))

    def _discovered(self, topic: str, payload: bytes) -> Taken:
        before = self._entities.get(topic, ())
        if not payload.strip():
            self._entities.pop(topic, None)
            return self._changed() if before else NOTHING
        read = read_json(payload)
        if isinstance(read, Unread):
            return refused(read.rule)
        if not isinstance(read, dict):
            return refused("form")
        said = _long(cast("dict[str, Any]", read))
        component = topic[len(self._prefix) + 1 :].partition("/")[0]
        parts: list[dict[str, Any]] = [said]
        if component == "device":
            cmps = said.get("components")
            if not isinstance(cmps, dict):
                return refused("form")
            shared = {key: value for key, value in said.items() if key != "components"}
            parts = [
                {**shared, **_long({"~": said.get("~"), **cast("dict[str, Any]", one)})}
                for one in cast("dict[str, Any]", cmps).values()
                if isinstance(one, dict)
            ]
        made: list[_Entity] = []
        rules: dict[Code, None] = {}
        for one in parts:
            if component == "device" and one.get("platform") != "binary_sensor":
                rules[Code("component")] = None
                continue
            found = _entity(one)
            if isinstance(found, _Entity):
                made.append(found)
            else:
                rules[found] = None
        if sum(map(len, self._entities.values())) - len(before) + len(made) > DEVICES_MAX:
            return refused("many")
        if made:
            self._entities[topic] = tuple(made)
        else:
            self._entities.pop(topic, None)
        if tuple(made) == before:
            return Taken(refused=tuple(rules))
        return msgspec.structs.replace(self._changed(), refused=tuple(rules))

    def _changed(self) -> Taken:
        old = set(self._by_topic)
        self._by_topic = {}
        for found in self._entities.values():
            for one in found:
                for topic in dict.fromkeys((one.state_topic, *(at for at, *_ in one.available))):
                    self._by_topic.setdefault(topic, []).append(one)
        return Taken(has_new_topics=set(self._by_topic) != old)


def _long(said: Mapping[str, Any]) -> dict[str, Any]:
    """Keys in full, and `~` put in."""
    full = {_ABBREVIATED.get(key, key): value for key, value in said.items()}
    base = full.get("~")
    if isinstance(base, str):
        for key, value in full.items():
            if key.endswith("topic") and isinstance(value, str):
                full[key] = (
                    base + value[1:]
                    if value.startswith("~")
                    else value.removesuffix("~") + (base if value.endswith("~") else "")
                )
    for key in ("device", "availability"):
        inner = full.get(key)
        if isinstance(inner, dict):
            full[key] = {_ABBREVIATED.get(k, k): v for k, v in cast("dict[str, Any]", inner).items()}
        elif isinstance(inner, list):
            full[key] = [
                _long({"~": base, **cast("dict[str, Any]", one)})
                for one in cast("list[Any]", inner)
                if isinstance(one, dict)
            ]
    return full


def _entity(said: Mapping[str, Any]) -> _Entity | Code:
    """An entity, or the rule by which it is refused."""
    class_ = said.get("device_class")
    if not isinstance(class_, str):
        return Code("class")
    if class_ in ARMED:
        return Code("intrusion")
    word = CLASSES.get(class_)
    if word is None:
        return Code("class")
    state_topic = said.get("state_topic")
    if not is_topic(state_topic):
        return Code("topic")
    path = _path(said.get("value_template"))
    if isinstance(path, Unread):
        return path.rule
    available: list[tuple[str, str, str, tuple[str, ...] | None]] = []
    listed = said.get("availability")
    asked: list[Any] = list(cast("list[Any]", listed)) if isinstance(listed, list) else []
    if said.get("availability_topic") is not None:
        asked.append({**said, "topic": said["availability_topic"], "value_template": None})
    for one in asked:
        at = cast("dict[str, Any]", one)
        where = _path(at.get("value_template"))
        if is_topic(at.get("topic")) and not isinstance(where, Unread):
            here, gone = at.get("payload_available", "online"), at.get("payload_not_available", "offline")
            available.append((at["topic"], _text(here), _text(gone), where))
    device = said.get("device")
    name = cast("dict[str, Any]", device).get("name") if isinstance(device, dict) else None
    return _Entity(
        word=word,
        device=device_of(_identity(said)),
        is_off_alarm=class_ in OFF_IS_ALARM,
        on=_text(said.get("payload_on", "ON")),
        off=_text(said.get("payload_off", "OFF")),
        path=path,
        state_topic=cast("str", state_topic),
        available=tuple(available[:8]),
        name=name[:60] if isinstance(name, str) else "",
    )


def _identity(said: Mapping[str, Any]) -> str:
    """What names the device: its identifiers, else the entity's own id, else where its state stands."""
    device = said.get("device")
    if isinstance(device, dict):
        ids = cast("dict[str, Any]", device).get("identifiers")
        all_ids = cast("list[Any]", ids) if isinstance(ids, list) else [ids]
        first = all_ids[0] if all_ids else None
        if isinstance(first, str) and first:
            return first
    unique = said.get("unique_id")
    return unique if isinstance(unique, str) and unique else str(said.get("state_topic"))


def _path(template: object) -> tuple[str, ...] | Unread | None:
    """Keys to the value; None where the message is the value."""
    if template is None or template == "":
        return None
    found = _TEMPLATE.fullmatch(template.strip()) if isinstance(template, str) else None
    if found is None:
        return Unread(Code("template"))
    path = found["path"]
    return None if path is None else tuple(path.split(".")[1:])


def _value(payload: bytes, path: tuple[str, ...] | None) -> str | None:
    """What a message says there, as Home Assistant would write it; None where it says nothing there."""
    if path is None:
        return payload.decode("utf-8", "replace")
    value = read_json(payload)
    for key in path:
        if not isinstance(value, dict):
            return None
        value = cast("dict[str, Any]", value).get(key)
    return None if value is None else _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)
