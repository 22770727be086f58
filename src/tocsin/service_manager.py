"""What the system's service manager is told: that the centre serves, and each second that it still lives.

A process that hangs whole, with its event loop, can tell nobody by itself; systemd ends and restarts it when these
words stop (`WatchdogSec=`). Source: sd_notify(3), systemd 252.
"""

import contextlib
import os
import socket
from collections.abc import Mapping


class ServiceManager:
    """Whoever started this process and listens on NOTIFY_SOCKET; where nobody does, every word goes nowhere."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        """Take the socket's name from the environment, and keep it from programs that we start."""
        environ = os.environ if environ is None else environ
        name = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{name[1:]}" if name.startswith("@") else name

    def ready(self) -> None:
        """It serves."""
        self._tell("READY=1")

    def alive(self) -> None:
        """The event loop turns. Call it oftener than twice in the watchdog's time."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """It ends in good order, and must not be taken for hanging."""
        self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),  # a manager that has gone costs no alarm
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as sender,
        ):
            sender.sendto(words.encode(), self._address)
