"""Looks at a broker from outside the session that a centre has there: does it let us in, read and write, and whom else?

Under a name of its own, so that a running centre is not put out; nothing that the broker delivers is looked at.
"""

import contextlib
import threading
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from tocsin.intake.mqtt.bridge import KEEPALIVE_S, TOPICS_AT_ONCE, Broker, Why, make_client

ANSWER_S: Final = 5.0
"""For each answer of the broker."""

_SAID: Final = b"doctor"
_REFUSED: Final = 0x80


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """What was found."""

    why: Why | None = None
    """Why it does not let us in; None: it does."""
    said: str = ""
    """In the words of the broker or the system, 120 characters at most."""
    unread: tuple[str, ...] = ()
    """Topics of those that were asked for, which it does not let us read."""
    is_test_back: bool = False
    """What we wrote to the topic of our tests came back."""
    lets_anybody: bool = False
    """It lets in who has no name and no certificate."""


def probe(broker: Broker, topics: Sequence[str]) -> Probed:
    """Connect, ask to read `topics`, write a test and wait for it; then try without a name. Raises nothing.

    Takes a second where all is well, and half a minute where nothing answers.
    """
    asking = _Asking(broker)
    try:
        why, said = asking.open()
        if why is not None:
            return Probed(why=why, said=said[:120])
        unread = asking.unread(topics)
        is_back = asking.comes_back(f"tocsin/{broker.client_id}/test")
    finally:
        asking.close()
    if broker.username is None:
        return Probed(unread=unread, is_test_back=is_back, lets_anybody=broker.tls is None)
    nobody = _Asking(msgspec.structs.replace(broker, username=None, password=None))
    try:
        return Probed(unread=unread, is_test_back=is_back, lets_anybody=nobody.open()[0] is None)
    finally:
        nobody.close()


class _Asking:
    """One client, of one connection."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._told = threading.Event()
        self._reason: Any = None
        self._answers: dict[int, list[Any]] = {}
        self._answered = threading.Condition()
        self._back = threading.Event()
        client = self._client = make_client(broker, f"{broker.client_id}-doctor", is_kept=False)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message

    def open(self) -> tuple[Why | None, str]:
        """Connect; None where it lets us in, else why not, and its words."""
        try:
            self._client.connect(self._broker.host, self._broker.port, KEEPALIVE_S)
        except (OSError, ValueError) as error:  # paho raises ValueError for a host that cannot be one
            return "unreachable", str(error)
        self._client.loop_start()
        if not self._told.wait(ANSWER_S):
            return "silent", "no answer"
        if self._reason is not None and self._reason.is_failure:
            return "refused", str(self._reason)
        return None, ""

    def unread(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Those that it does not let us read, or does not say so."""
        found: list[str] = []
        for begin in range(0, len(topics), TOPICS_AT_ONCE):
            part = list(topics[begin : begin + TOPICS_AT_ONCE])
            reasons = dict(zip(part, self._subscribe(part), strict=False))
            found += [topic for topic in part if topic not in reasons or reasons[topic].value >= _REFUSED]
        return tuple(found)

    def comes_back(self, topic: str) -> bool:
        """Whether what we write there comes back."""
        if any(reason.value >= _REFUSED for reason in self._subscribe([topic])):
            return False
        self._client.publish(topic, _SAID, qos=1)
        return self._back.wait(ANSWER_S)

    def close(self) -> None:
        """Leave."""
        with contextlib.suppress(OSError, ValueError):
            self._client.disconnect()
        self._client.loop_stop()

    def _subscribe(self, topics: Sequence[str]) -> list[Any]:
        _, mid = self._client.subscribe([(topic, 1) for topic in topics])
        with self._answered:
            self._answered.wait_for(lambda: mid in self._answers, ANSWER_S)
            return self._answers.get(mid or 0, [])[: len(topics)]

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._reason = reason
        self._told.set()

    def _on_subscribe(self, _client: Any, _data: Any, mid: int, reasons: Sequence[Any], _properties: Any) -> None:
        with self._answered:
            self._answers[mid] = list(reasons)
            self._answered.notify_all()

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        if message.payload == _SAID:
            self._back.set()
