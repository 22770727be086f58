"""The broker of a bench: mosquitto in a folder of its own, on a free port of this machine, and what publishes there."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tocsin.bench.ground import CLOCK
from tocsin.bench.load import Failed, Result
from tocsin.bench.processes import child_process
from tocsin.bench.publisher import Publish
from tocsin.model.errors import CentreFault
from tocsin.system import sleep_blocking

HOST: Final = "127.0.0.1"
NOT_THERE: Final = "needs the broker mosquitto (Debian: apt install mosquitto)"
START_S: Final = 20.0
STEP_S: Final = 0.02
SETTINGS: Final = (
    "allow_anonymous true",
    "persistence true",
    "autosave_interval 10",
    "max_queued_messages 0",  # what we do not keep up with waits, and is not dropped
    "log_type error",
)
"""As docs/how-to/connect-a-broker.md says, but for the bound of the queue."""


class Told:
    """A publisher in a process of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", devices: int) -> None:
        """Let it publish for so many devices."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self._devices = devices
        self._first = 0

    def list_devices(self) -> None:
        """Have the broker keep the list of devices."""
        self._carry_out(Publish(0, 0, self._devices))

    def publish(self, messages: int) -> Result:
        """So many messages, each of which is news; when the broker has all of them."""
        result = self._carry_out(Publish(self._first, messages, self._devices))
        self._first += messages
        return result

    def _carry_out(self, order: Publish) -> Result:
        self._in.write(msgspec.json.encode(order) + b"\n")
        self._in.flush()
        line = self._out.readline()
        answer = msgspec.json.decode(line, type=Result | Failed) if line else Failed("it ended")
        if isinstance(answer, Failed) or answer.lost:
            reason = answer.reason if isinstance(answer, Failed) else "the broker has not all of it"
            raise CentreFault(f"The publisher of the bench failed: {reason[:200]}", "bench.load")
        return answer


def find_mosquitto() -> str | None:
    """Where it is; Debian puts it where only root looks."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def broker_process(folder: Path) -> Iterator[int]:
    """A broker for as long as the context lasts; its port."""
    command = find_mosquitto()
    assert command is not None, "asked for where it is"
    folder.mkdir()
    with socket.socket() as found:
        found.bind((HOST, 0))
        port = int(found.getsockname()[1])
    user = ("user root",) if os.getuid() == 0 else ()  # else it gives up what it may write
    lines = (f"listener {port} {HOST}", f"persistence_location {folder}/", *SETTINGS, *user)
    settings = folder / "mosquitto.conf"
    settings.write_text("\n".join(lines) + "\n")
    with child_process([command, "-c", str(settings)], {}) as process:
        end_s = CLOCK.monotonic_s() + START_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
                break
            if process.poll() is not None or CLOCK.monotonic_s() > end_s:
                raise CentreFault("The broker of the bench did not start. Start it by hand to see why", "bench.process")
            sleep_blocking(STEP_S)
        yield port


@contextlib.contextmanager
def publisher_process(port: int, devices: int) -> Iterator[Told]:
    """A publisher at a broker for as long as the context lasts."""
    command = [sys.executable, "-m", "tocsin.bench.publisher", HOST, str(port)]
    with child_process(command, {}, stdin=subprocess.PIPE) as process:
        yield Told(process, devices)
