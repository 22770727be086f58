"""Frigate 0.16 and newer: fire and smoke seen, alarm sounds heard, and whether Frigate is there. Default deny. Pure.

Of a review only its id, its camera and fire or smoke among its objects leave this module. Names, plates, scores,
boxes, pictures and every other object are dropped here; topics that carry them are never read (INTEGRATIONS.md
section 2, "Frigate").

Source: Frigate documentation, "MQTT" (reviews, audio, available), version 0.16, read 2026.
"""

from typing import Any, Final

import msgspec

from tocsin.model.values import Code
from tocsin.protocols.mqtt_devices import Said, Taken, Unread, device_of, read_json, refused

SEEN: Final = {"fire": "fire", "smoke": "smoke"}
HEARD: Final = {"fire_alarm": "fire", "smoke_detector": "smoke"}


REVIEWS_MAX: Final = 1_000
"""Reviews that go on at once; beyond it the oldest is taken for one whose end was never said."""


class _Data(msgspec.Struct):
    objects: list[str] = []


class _Review(msgspec.Struct):
    id: str
    camera: str
    data: _Data


class _Message(msgspec.Struct):
    type: str
    after: _Review


class Frigate:
    """What one Frigate says of these cameras."""

    def __init__(self, base: str, cameras: tuple[str, ...]) -> None:
        """`cameras`: names as Frigate has them."""
        self._base = base
        self._cameras = {name: device_of(f"frigate/{name}") for name in cameras}
        self._raised: dict[str, tuple[Code, set[str]]] = {}
        """Reviews that go on: the camera of each, and what was said of it."""

    def told_by(self) -> list[str]:
        """None: what is read stands in the settings of the source."""
        return []

    def topics(self) -> list[str]:
        """Reviews, two sounds of each camera, and the last will: exact topics alone."""
        own = [f"{self._base}/available", f"{self._base}/reviews"]
        return own + [f"{self._base}/{camera}/audio/{kind}" for camera in self._cameras for kind in HEARD]

    def names(self) -> dict[Code, str]:
        """Names of cameras."""
        return {code: name for name, code in self._cameras.items()}

    def take(self, topic: str, payload: bytes) -> Taken:
        """Read a message."""
        if topic == f"{self._base}/available":
            word = payload[:20].decode("utf-8", "replace")
            if word not in ("online", "offline", "stopped"):
                return refused("state")
            return Taken(said=(Said(word="missing", device=None, is_active=word != "online"),))
        if topic == f"{self._base}/reviews":
            return self._review(payload)
        base, _, rest = topic.rpartition("/audio/")
        camera = self._cameras.get(base.removeprefix(f"{self._base}/"))
        if camera is None or rest not in HEARD:
            return refused("topic")
        if payload not in (b"ON", b"OFF"):
            return refused("state")
        return Taken(said=(Said(word=HEARD[rest], device=camera, is_active=payload == b"ON"),))

    def _review(self, payload: bytes) -> Taken:
        read: Any = read_json(payload)
        if isinstance(read, Unread):
            return refused(read.rule)
        try:
            message = msgspec.convert(read, _Message)
        except msgspec.ValidationError:
            return refused("form")
        review = message.after
        camera = self._cameras.get(review.camera)
        if camera is None:
            return refused("device")
        found = [SEEN[name] for name in dict.fromkeys(review.data.objects) if name in SEEN]
        # Said with each message of the review, under one id: what could not be stored the first time is said again.
        said = [Said(word=word, device=camera, is_active=True, id=f"{review.id[:100]}/{word}") for word in found]
        if message.type == "end":
            _, told = self._raised.pop(review.id, (camera, set[str]()))
            others = {word for of, words in self._raised.values() if of == camera for word in words}
            said += [
                Said(word=word, device=camera, is_active=False, id=f"{review.id[:100]}/{word}/end")
                for word in sorted(told | set(found))
                if word not in others
            ]
        elif found:
            if len(self._raised) >= REVIEWS_MAX:
                self._raised.pop(next(iter(self._raised)))
            _, told = self._raised.get(review.id, (camera, set[str]()))
            self._raised[review.id] = camera, told | set(found)
        return Taken(said=tuple(said)) if said or found else refused("object")
