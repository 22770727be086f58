"""A real broker: mosquitto in a folder of its own, on a port of this machine."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion


def find_mosquitto() -> str | None:
    """Where it is; Debian puts it where only root looks."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


class Mosquitto:
    """A broker that keeps its sessions on disk, and can be killed and started again."""

    def __init__(self, folder: Path, lines: tuple[str, ...] = ("allow_anonymous true",)) -> None:
        """Start it, with these lines in its settings."""
        self.folder = folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port: int = found.getsockname()[1]
        self._settings = folder / "mosquitto.conf"
        self._settings.write_text(
            "\n".join(
                (
                    f"listener {self.port} 127.0.0.1",
                    "persistence true",
                    f"persistence_location {folder}/",
                    "autosave_interval 1",
                    "autosave_on_changes true",
                    "log_type subscribe",
                    "log_type error",
                    *(("user root",) if os.getuid() == 0 else ()),  # else it gives up what it may write
                    *lines,
                    "",
                )
            )
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = find_mosquitto()
        assert command is not None
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen([command, "-c", str(self._settings)], stdout=log, stderr=log)
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self._process.poll() is None, (self.folder / "mosquitto.log").read_text()
            assert time.monotonic() < end
            time.sleep(0.02)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it as this signal does."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(20)
            self._process = None


class Publisher:
    """Another client: says what it is told to say, and waits until the broker has it."""

    def __init__(self, port: int, authority: Path | None = None) -> None:
        """Connect to it."""
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        if authority is not None:
            self.client.tls_set(str(authority))
        up = threading.Event()
        self.client.on_connect = lambda *_: up.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert up.wait(20)

    def say(self, topic: str, text: str, qos: int = 1, retain: bool = False) -> None:
        """Publish, and wait until the broker has it."""
        self.client.publish(topic, text, qos, retain).wait_for_publish(20)

    def close(self) -> None:
        """Leave."""
        self.client.disconnect()
        self.client.loop_stop()


@contextlib.contextmanager
def mosquitto(folder: Path, lines: tuple[str, ...] = ("allow_anonymous true",)) -> Iterator[Mosquitto]:
    """A broker for as long as the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    broker = Mosquitto(folder, lines)
    try:
        yield broker
    finally:
        broker.end()
