"""The other end of group commit: the same journal on the same store, with one signal a commit.

Prints how many signals a second became durable so. Started with the slow fsync, it says what a centre without group
commit would do on that disk.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from tocsin.bench.frames import account, prepare
from tocsin.centre.centre import Centre
from tocsin.centre.opening import open_folder
from tocsin.journal.journal import Journal
from tocsin.model.signals import Arrival
from tocsin.protocols.dc09.framing import RawFrame, read_datagram
from tocsin.protocols.dc09.judge import ReceiverPolicy, judge
from tocsin.protocols.dc09.signals import to_arrival
from tocsin.settings import load
from tocsin.system import SystemClock, SystemIds

T = TypeVar("T")


class OneByOne(msgspec.Struct, frozen=True):
    """What came of it."""

    signals: int
    seconds: float


def never(_work: Callable[[Journal], T]) -> T:
    """The writer of a centre that is asked for its accounts alone."""
    raise AssertionError("nothing is written but by the bench itself")


def measure(folder: Path, signals: int) -> OneByOne:
    """Store so many signals in the journal of a folder that no other process holds, one a commit."""
    clock, ids = SystemClock(), SystemIds()
    opened = open_folder(load(folder, os.environ), os.environ, ids)
    try:
        opened.vault.prepare(clock.now_us())
        centre = Centre(
            store=opened.store,
            sealer=opened.vault,
            secrets=opened.vault,
            holders=opened.vault.holders,
            clock=clock,
            ids=ids,
            run=never,
        )
        arrivals = arrivals_of(centre, 0, signals)
        journal = opened.journal(clock, 0)
        began_s = clock.monotonic_s()
        for arrival in arrivals:
            journal.store((arrival,))
        return OneByOne(signals, clock.monotonic_s() - began_s)
    finally:
        opened.close()


def arrivals_of(centre: Centre, first: int, count: int) -> list[Arrival]:
    """Arrivals as a receiver makes them, of one account; number `first` and those after it, no two of them repeats."""
    snapshot, now = centre.snapshot(), SystemClock().now_us()
    made: list[Arrival] = []
    for sent in prepare(account(0, is_encrypted=False), first, count, now):
        (frame,) = read_datagram(sent.frame)
        assert isinstance(frame, RawFrame)
        verdict = judge(frame, snapshot, ReceiverPolicy(), now)
        made.append(to_arrival(verdict, peer="127.0.0.1:1", transport="tcp", received_at=now, config=snapshot.config))
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(measure(Path(sys.argv[1]), int(sys.argv[2]))) + b"\n")
