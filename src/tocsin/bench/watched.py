"""Watch a million accounts without sockets, and print what that costs: a process of `tocsin bench supervision`.

It takes memory before and after, so it imports what every centre has first, and numpy only with the accounts.
"""

import os
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tocsin.centre.categories import shipped_categories
from tocsin.centre.places import PlacesSnapshot
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.centre.supervision_board import NEEDED_FIRST, Board
from tocsin.centre.supervision_losses import Losses
from tocsin.model.accounts import DUPLICATE_WINDOW_S, EARLY_MAX_S, LATE_MAX_S, AccountPolicy
from tocsin.model.sites import AccountPlace
from tocsin.model.supervision import WATCH_STATES
from tocsin.model.values import AccountNumber, Code, Ref
from tocsin.store.memory import MemoryStore
from tocsin.system import SystemClock, cpu_s, seeded

CATEGORIES: Final = ("SP2", "SP3", "SP4", "SP5")
SCANS: Final = 20
ANSWERS: Final = 5
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What it costs to watch so many accounts."""

    accounts: int
    memory_mb: float
    """Above what the process had without any."""
    numpy_mb: float
    """The part of it that came with the first account."""
    poll_ns: float
    """Processor time of one poll, in an order that no cache knows."""
    dictionary_ns: float
    """The same of one entry set in a dictionary of the same accounts."""
    scan_ms: float
    scan_wall_ms: float
    compare_ms: float
    """Processor time of one comparison of as many numbers."""
    answer_ms: float
    """Processor time of the slowest answer: the board's numbers, a page of who is missing, a page of all."""
    use_ms: float
    """Processor time to take over a change of one account."""


def measure(accounts: int, polls: int) -> Cost:
    """Watch so many accounts, each heard from an address of its own, and let them poll."""
    before = _rss()
    clock = SystemClock()
    snapshot = AccountSnapshot(_policies(1), 1)
    watch = Watch(b"k" * 32, clock, shipped_categories())
    watch.use(snapshot)
    with_one = _rss()
    snapshot = AccountSnapshot(_policies(accounts), 1)
    places = PlacesSnapshot(_places(accounts), 1)
    watch.use(snapshot)
    for n in range(accounts):
        if n % 10_000 == 0:
            watch.scan()  # as once a second: a later one would be taken for an outage of ours
        watch.note(n, None, 0, "udp", _host(n), is_poll=True)
    memory_mb = (_rss() - before) / 1e6
    assert places.of_account(Ref("account-1")) is not None, "it is kept until here"
    order = _order(accounts, polls)
    hosts = [_host(n) for n in order]
    begun_s = cpu_s()
    for n, host in zip(order, hosts, strict=True):
        watch.note(n, None, 0, "udp", host, is_poll=True)
    poll_s = cpu_s() - begun_s
    scans, walls = list[float](), list[float]()
    for _ in range(SCANS):
        wall_s, begun_s = clock.monotonic_s(), cpu_s()
        watch.scan()
        scans.append(cpu_s() - begun_s)
        walls.append(clock.monotonic_s() - wall_s)
    board = Board(watch, Losses(watch, MemoryStore(), clock, lambda _facts: [], b"k" * 32), clock)
    answers = list[float]()
    for _ in range(ANSWERS):
        for ask in (board.totals, lambda: board.page(NEEDED_FIRST, 0, 40), lambda: board.page(WATCH_STATES, 0, 40)):
            begun_s = cpu_s()
            ask()
            answers.append(cpu_s() - begun_s)
    changed = snapshot.changed(2, [(_number(0), Ref("account-1"))], _policies(1), [])
    begun_s = cpu_s()
    watch.use(changed)
    use_s = cpu_s() - begun_s
    return Cost(
        accounts=accounts,
        memory_mb=memory_mb,
        numpy_mb=(with_one - before) / 1e6,
        poll_ns=poll_s / polls * 1e9,
        dictionary_ns=_dictionary_ns(accounts, order),
        scan_ms=sorted(scans)[SCANS // 2] * 1e3,
        scan_wall_ms=sorted(walls)[SCANS // 2] * 1e3,
        compare_ms=_compare_ms(accounts),
        answer_ms=max(answers) * 1e3,
        use_ms=use_s * 1e3,
    )


def _policies(count: int) -> Iterator[AccountPolicy]:
    for n in range(count):
        yield AccountPolicy(
            id=Ref(f"account-{n + 1}"),
            account=_number(n),
            receiver=None,
            line=None,
            key=None,
            late_max_s=LATE_MAX_S,
            early_max_s=EARLY_MAX_S,
            duplicate_window_us=DUPLICATE_WINDOW_S * 1_000_000,
            panel_time_zone=None,
            poll_602=False,
            carried_by=None,
            category=Code(CATEGORIES[n % len(CATEGORIES)]),
            interval_s=90 if n % 2 else None,
        )


def _places(count: int) -> Iterator[tuple[Ref, AccountPlace]]:
    for n in range(count):
        yield Ref(f"account-{n + 1}"), AccountPlace(Ref(f"site-{count + n}"), {})


def _number(n: int) -> AccountNumber:
    return AccountNumber(f"{n:06X}")


def _host(n: int) -> str:
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def _order(accounts: int, polls: int) -> list[int]:
    random = seeded(1)
    return [random.randrange(accounts) for _ in range(polls)]


def _dictionary_ns(accounts: int, order: list[int]) -> float:
    clock, heard = SystemClock(), dict.fromkeys(range(accounts), 0.0)
    begun_s = cpu_s()
    for n in order:
        heard[n] = clock.monotonic_s()
    return (cpu_s() - begun_s) / len(order) * 1e9


def _compare_ms(accounts: int) -> float:
    import numpy as np

    numbers = np.frombuffer(array("d", bytes(8 * accounts)), np.float64)
    begun_s = cpu_s()
    for _ in range(SCANS):
        (numbers <= 1.0).any()
    return (cpu_s() - begun_s) / SCANS * 1e3


def _rss() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES


if __name__ == "__main__":
    import tocsin.app  # noqa: F401 - an empty centre has all of it in memory

    sys.stdout.buffer.write(msgspec.json.encode(measure(int(sys.argv[1]), int(sys.argv[2]))) + b"\n")
