"""The load: panels on real sockets, in a process of its own, light enough not to be what is measured.

Reads one order a line on stdin and answers each with one line on stdout, JSON both ways. Plain sockets and epoll rather
than asyncio, since one turn of the loop then costs half of what the server spends on the frame.
"""

import contextlib
import select
import socket
import sys
from collections import deque
from typing import Final

import msgspec

from tocsin.bench.frames import Account, Prepared, account, is_acknowledged, poll, prepare
from tocsin.system import SystemClock, cpu_s, raise_file_limit, seeded

SILENCE_S: Final = 20.0
"""No answer on any connection for so long ends the bench: the server hangs."""

ANSWER_MAX: Final = 8192
LEAD_S: Final = 0.05
SPARE_FILES: Final = 64
_CLOCK: Final = SystemClock()


class Open(msgspec.Struct, frozen=True, tag="open", tag_field="do"):
    """Connect so many panels, each with an account of its own, in place of those there are."""

    host: str
    port: int
    connections: int
    is_encrypted: bool = False
    does_poll: bool = False
    """Send one supervision message each, and wait for its answer."""


class Storm(msgspec.Struct, frozen=True, tag="storm", tag_field="do"):
    """Send so many frames in all, one outstanding on each connection: the next when the last is answered."""

    first: int
    """Number of the first frame of each panel."""
    frames: int
    is_mixed: bool = False
    """Signals of every kind in turn (`frames.MIXED`), in place of burglary alarms."""


class Pace(msgspec.Struct, frozen=True, tag="pace", tag_field="do"):
    """Send at a rate of its own, whatever the answers do. Gaps are random, as of panels that do not know of others."""

    first: int
    frames: int
    rate_per_s: float
    seed: int


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="do"):
    """Frames are encoded: the sending begins with the next line."""

    frames_each: int


class Result(msgspec.Struct, frozen=True, kw_only=True, tag="result", tag_field="do"):
    """What came of an order."""

    connections: int
    answered: int = 0
    wrong: int = 0
    """Answers other than the acknowledgement that was due."""
    lost: int = 0
    """Connections that ended before their last answer."""
    seconds: float = 0.0
    cpu_s: float = 0.0
    """Processor time of this process while it sent."""
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    max_ms: float = 0.0
    """From when a frame was sent to its answer; a paced load only."""
    late_p99_ms: float = 0.0
    """How far behind their time frames were sent. It waits for no answer, so this tells how busy the machine was."""


class Failed(msgspec.Struct, frozen=True, tag="failed", tag_field="do"):
    """The order could not be carried out."""

    reason: str


Order = Open | Storm | Pace
Answer = Ready | Result | Failed


class _Panel:
    """One connection and what it has to send."""

    __slots__ = ("account", "answers", "next", "partial", "recv", "send", "sent_s", "sock", "to_send")

    def __init__(self, of: Account, sock: socket.socket) -> None:
        self.account = of
        self.sock = sock
        self.recv = sock.recv
        self.send = sock.send
        self.to_send: list[Prepared] = []
        self.next = 0
        """How many of them were sent."""
        self.partial = b""
        self.answers: list[bytes] = []
        """Answers to encrypted frames, to be decrypted when the time is not measured."""
        self.sent_s: deque[float] = deque()
        """When the frames that have no answer yet were sent."""


class Load:
    """Panels that send for one process of the bench."""

    def __init__(self) -> None:
        """Begin without any."""
        self._panels: dict[int, _Panel] = {}
        self._epoll = select.epoll()

    def close(self) -> None:
        """Hang up."""
        for panel in self._panels.values():
            panel.sock.close()
        self._panels.clear()
        self._epoll.close()
        self._epoll = select.epoll()

    def open(self, order: Open) -> Result:
        """Connect the panels."""
        self.close()
        raise_file_limit(order.connections + SPARE_FILES)
        began_s = _CLOCK.monotonic_s()
        for index in range(order.connections):
            sock = socket.create_connection((order.host, order.port), timeout=SILENCE_S)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            panel = _Panel(account(index, is_encrypted=order.is_encrypted), sock)
            if order.does_poll:
                panel.to_send = [poll(panel.account)]
            sock.setblocking(False)
            self._panels[sock.fileno()] = panel
            self._epoll.register(sock.fileno(), select.EPOLLIN)
        if order.does_poll:
            return self._storm()
        return Result(connections=len(self._panels), seconds=_CLOCK.monotonic_s() - began_s)

    def prepare(self, order: Storm | Pace) -> Ready:
        """Encode the frames of an order, an equal number for each panel."""
        each = max(1, round(order.frames / len(self._panels)))
        now = _CLOCK.now_us()
        for panel in self._panels.values():
            is_mixed = isinstance(order, Storm) and order.is_mixed
            panel.to_send = prepare(panel.account, order.first, each, now, is_mixed=is_mixed)
        return Ready(each)

    def run(self, order: Storm | Pace) -> Result:
        """Carry out what was prepared, then check the answers that could not be checked at once."""
        result = self._storm() if isinstance(order, Storm) else self._pace(order)
        return msgspec.structs.replace(result, wrong=result.wrong + self._wrong_secrets())

    def _storm(self) -> Result:
        panels, wait = self._panels, self._epoll.poll
        left, answered, wrong, lost = len(panels), 0, 0, 0
        began_s, began_cpu_s = _CLOCK.monotonic_s(), cpu_s()
        for panel in panels.values():
            panel.send(panel.to_send[0].frame)
            panel.next = 1
        while left:
            events = wait(SILENCE_S)
            if not events:
                raise TimeoutError(f"no answer for {SILENCE_S:.0f} s")
            for fd, _ in events:
                panel = panels[fd]
                try:
                    data = panel.recv(ANSWER_MAX)
                except OSError:
                    data = b""
                if not data:
                    self._epoll.unregister(fd)
                    lost += 1
                    left -= 1
                    continue
                number = panel.next
                if data != panel.to_send[number - 1].due:
                    status = self._take_apart(panel, data)
                    if status is None:
                        continue
                    wrong += not status
                answered += 1
                if number == len(panel.to_send):
                    left -= 1
                    continue
                panel.next = number + 1
                panel.send(panel.to_send[number].frame)
        return Result(
            connections=len(panels),
            answered=answered,
            wrong=wrong,
            lost=lost,
            seconds=_CLOCK.monotonic_s() - began_s,
            cpu_s=cpu_s() - began_cpu_s,
        )

    def _take_apart(self, panel: _Panel, data: bytes) -> bool | None:
        """An answer that is not the clear one that was due, byte for byte: None where more of it must come."""
        if panel.partial:
            data = panel.partial + data
            panel.partial = b""
        if not data.endswith(b"\r"):
            panel.partial = data
            return None
        due = panel.to_send[panel.next - 1].due
        if panel.account.key is None:
            return data == due
        panel.answers.append(data)
        return data.startswith(due, 9)

    def _wrong_secrets(self) -> int:
        """Decrypt the answers that came encrypted; how many are not the acknowledgement that was due."""
        wrong = 0
        for panel in self._panels.values():
            for sent, answer in zip(panel.to_send, panel.answers, strict=False):
                wrong += answer.startswith(sent.due, 9) and not is_acknowledged(panel.account, sent, answer)
            panel.answers.clear()
        return wrong

    def _pace(self, order: Pace) -> Result:
        panels = list(self._panels.values())
        gap = seeded(order.seed).expovariate
        each = len(panels[0].to_send)
        total = each * len(panels)
        dues: list[float] = []
        due_s = 0.0
        for _ in range(total):
            due_s += gap(order.rate_per_s)
            dues.append(due_s)
        for panel in panels:
            panel.next = 0
            panel.sent_s.clear()
        latencies: list[float] = []
        late: list[float] = []
        sent, left, wrong, lost = 0, total, 0, 0
        clock = _CLOCK.monotonic_s
        began_s, began_cpu_s = clock() + LEAD_S, cpu_s()
        heard_s = began_s
        while left > 0:
            now_s = clock() - began_s
            while sent < total and dues[sent] <= now_s:
                panel = panels[sent % len(panels)]
                sent_s = clock() - began_s
                late.append(sent_s - dues[sent])
                panel.sent_s.append(sent_s)
                with contextlib.suppress(OSError):
                    panel.send(panel.to_send[sent // len(panels)].frame)
                sent += 1
            wait_s = dues[sent] - now_s if sent < total else SILENCE_S
            for fd, _ in self._epoll.poll(max(0.0, wait_s)):
                panel = self._panels[fd]
                try:
                    data = panel.recv(ANSWER_MAX)
                except OSError:
                    data = b""
                if not data:
                    self._epoll.unregister(fd)
                    lost += 1
                    left -= each - panel.next
                    continue
                heard_s = clock()
                took, bad = self._take_paced(panel, data, heard_s - began_s, latencies)
                left -= took
                wrong += bad
            if clock() - heard_s > SILENCE_S:
                raise TimeoutError(f"no answer for {SILENCE_S:.0f} s")
        latencies.sort()
        late.sort()
        return Result(
            connections=len(panels),
            answered=len(latencies),
            wrong=wrong,
            lost=lost,
            seconds=clock() - began_s,
            cpu_s=cpu_s() - began_cpu_s,
            p50_ms=quantile(latencies, 0.50) * 1000,
            p99_ms=quantile(latencies, 0.99) * 1000,
            max_ms=quantile(latencies, 1.0) * 1000,
            late_p99_ms=quantile(late, 0.99) * 1000,
        )

    def _take_paced(self, panel: _Panel, data: bytes, now_s: float, latencies: list[float]) -> tuple[int, int]:
        """Count the whole answers in `data`, and those that are wrong. A panel may have several outstanding."""
        *whole, panel.partial = (panel.partial + data).split(b"\r")
        wrong = 0
        for answer in whole:
            wrong += answer + b"\r" != panel.to_send[panel.next].due
            panel.next += 1
            latencies.append(now_s - panel.sent_s.popleft())
        return len(whole), wrong


def quantile(ordered: list[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed; 0 of none. `ordered` rises."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Carry out orders until there are no more."""
    load = Load()
    for line in sys.stdin.buffer:
        try:
            order = msgspec.json.decode(line, type=Order)
            if isinstance(order, Open):
                _say(load.open(order))
                continue
            _say(load.prepare(order))
            sys.stdin.buffer.readline()
            _say(load.run(order))
        except (OSError, ValueError) as error:
            _say(Failed(f"{type(error).__name__}: {error}"))


if __name__ == "__main__":
    main()
