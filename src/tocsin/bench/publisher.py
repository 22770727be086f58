"""A publisher at a broker: what detectors say, as fast as the broker takes it, in a process of its own.

Reads one order a line on stdin and answers with one `Result` when the broker has acknowledged all of it.
"""

import sys
import threading
from typing import Final

import msgspec
from paho.mqtt.client import Client, MQTTMessageInfo, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from tocsin.bench.load import Failed, Result
from tocsin.bench.machines import BASE, device_list, state
from tocsin.system import SystemClock, cpu_s

ANSWER_S: Final = 60.0
INFLIGHT: Final = 500
_CLOCK: Final = SystemClock()


class Publish(msgspec.Struct, frozen=True):
    """Say so many messages, numbers `first` and those after it; 0: say which devices there are."""

    first: int
    messages: int
    devices: int


class Publisher:
    """One client of a broker."""

    def __init__(self, host: str, port: int) -> None:
        """Connect.

        Raises:
            OSError: the broker does not answer.
        """
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._client.max_inflight_messages_set(INFLIGHT)
        up = threading.Event()
        self._client.on_connect = lambda *_: up.set()
        self._client.connect(host, port)
        self._client.loop_start()
        if not up.wait(ANSWER_S):
            raise ConnectionError("the broker does not answer")

    def carry_out(self, order: Publish) -> Result:
        """Publish what the order says, until the broker has all of it."""
        began_s, began_cpu_s = _CLOCK.monotonic_s(), cpu_s()
        if order.messages:
            waits = [self._say(*state(order.first + index, order.devices)) for index in range(order.messages)]
        else:
            waits = [self._say(f"{BASE}/bridge/devices", device_list(order.devices), is_kept=True)]
        waits[-1].wait_for_publish(ANSWER_S)
        return Result(
            connections=1,
            answered=order.messages,
            lost=0 if waits[-1].is_published() else 1,
            seconds=_CLOCK.monotonic_s() - began_s,
            cpu_s=cpu_s() - began_cpu_s,
        )

    def _say(self, topic: str, payload: bytes, *, is_kept: bool = False) -> MQTTMessageInfo:
        return self._client.publish(topic, payload, qos=1, retain=is_kept)


def main(host: str, port: int) -> None:
    """Take orders until standard input ends."""
    publisher = Publisher(host, port)
    while line := sys.stdin.buffer.readline():
        try:
            said: Result | Failed = publisher.carry_out(msgspec.json.decode(line, type=Publish))
        except (OSError, ValueError, RuntimeError) as error:
            said = Failed(f"{type(error).__name__}: {error}")
        sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
