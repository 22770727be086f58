"""Alarms at a moderate rate, from accounts of the bench's choice, all on one connection."""

import socket
import threading
from collections.abc import Sequence
from typing import Final, NamedTuple

from tocsin.model.errors import CentreFault
from tocsin.protocols.dc09.encode import encode_frame
from tocsin.system import SystemClock, seeded, sleep_blocking

LINE: Final = "0"
ANSWER_S: Final = 20.0
SEQUENCES: Final = 9999
READ_BYTES: Final = 65_536
_CLOCK: Final = SystemClock()


class Alarm(NamedTuple):
    """What one account says."""

    account: str
    code: str
    zone: int


class Panels:
    """Panels that share a connection, as behind one transmitter. What they send is acknowledged, or the bench ends."""

    def __init__(self, address: tuple[str, int]) -> None:
        """Connect."""
        self._socket = socket.create_connection(address, timeout=ANSWER_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sequence = 0
        self._partial = b""

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, alarms: Sequence[Alarm]) -> None:
        """Send these at once, and wait until all are acknowledged."""
        frames = [self._frame(alarm) for alarm in alarms]
        for at in range(0, len(frames), SEQUENCES // 4):
            part = frames[at : at + SEQUENCES // 4]
            sender = threading.Thread(target=self._socket.sendall, args=(b"".join(part),))
            sender.start()
            self._read(len(part))
            sender.join()

    def send_paced(self, alarms: Sequence[Alarm], rate_per_s: float, seed: int) -> None:
        """Send these at random moments, so many a second, whatever the answers do; then wait for the rest."""
        gap = seeded(seed).expovariate
        failed: list[CentreFault] = []

        def read() -> None:
            try:
                self._read(len(alarms))
            except CentreFault as fault:
                failed.append(fault)

        reader = threading.Thread(target=read)
        reader.start()
        due_s = _CLOCK.monotonic_s()
        for alarm in alarms:
            due_s += gap(rate_per_s)
            sleep_blocking(max(0.0, due_s - _CLOCK.monotonic_s()))
            self._socket.sendall(self._frame(alarm))
        reader.join()
        for fault in failed:
            raise fault

    def _frame(self, alarm: Alarm) -> bytes:
        self._sequence = self._sequence % SEQUENCES + 1
        return encode_frame(
            token="SIA-DCS",  # noqa: S106 - a word of the protocol
            sequence=f"{self._sequence:04d}",
            receiver=None,
            line=LINE,
            account=alarm.account,
            data=f"#{alarm.account}|Nri1/{alarm.code}{alarm.zone:03d}",
        )

    def _read(self, expected: int) -> None:
        left = expected
        while left > 0:
            try:
                data = self._socket.recv(READ_BYTES)
            except OSError:
                data = b""
            if not data:
                raise _unanswered(left)
            *whole, self._partial = (self._partial + data).split(b"\r")
            if any(b'"ACK"' not in answer for answer in whole):
                raise CentreFault(
                    "A signal of the bench was not acknowledged: no figure can be had from that. Report this as a "
                    "fault of Tocsin",
                    "bench.answers",
                )
            left -= len(whole)


def _unanswered(count: int) -> CentreFault:
    return CentreFault(
        f"{count} signals of the bench were not answered within {ANSWER_S:.0f} s: no figure can be had from that. "
        "Report this as a fault of Tocsin",
        "bench.answers",
    )
