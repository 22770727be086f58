"""Mutants: a server with one fault put into it before it starts, to see that the journeys find it out.

Python imports this module at the start of every process that has this folder on PYTHONPATH; the variable MUTANT names
the fault. It is the one place where patching our own code is the point.
"""

import os
from collections.abc import Callable
from typing import Any


def synchronous_normal() -> None:
    """Commits are not synced: what a power cut leaves is older than what was acknowledged."""
    import sqlalchemy as sa

    from tocsin.store import sqlite

    make = sqlite._engine

    def engine(*args: Any, **options: Any) -> sa.Engine:
        made = make(*args, **options)
        sa.event.listen(made, "connect", lambda one, _record: one.execute("PRAGMA synchronous=NORMAL"))
        return made

    sqlite._engine = engine


def reply_before_commit() -> None:
    """The acknowledgement leaves when the signal is queued."""
    from tocsin.intake.dc09 import receiver
    from tocsin.model.signals import Receipt
    from tocsin.model.values import SignalId

    queue = receiver.Receiver._queue

    def reply_and_queue(self: Any, sender: Any, verdict: Any, now: Any) -> None:
        sender.send(receiver.acknowledge(verdict, Receipt(SignalId("main-0"), None, None), now, b"pad"))
        queue(self, sender, verdict, now)

    receiver.Receiver._queue = reply_and_queue


def no_identity() -> None:
    """No repeat is recognised."""
    from tocsin.journal.identity import RepeatWindow

    RepeatWindow.digest = lambda self, material: os.urandom(16)


def window_extended() -> None:
    """Each repeat begins the window anew, so that a panel that repeats without end hides its next alarm."""
    import msgspec

    from tocsin.journal.identity import RepeatWindow

    find = RepeatWindow.find

    def find_and_extend(self: Any, digest: bytes, at: Any) -> Any:
        original = find(self, digest, at)
        if original is not None:
            self._originals[digest] = msgspec.structs.replace(original, until=at + 1_000_000)
        return original

    RepeatWindow.find = find_and_extend
    RepeatWindow.expire = lambda self, now: None


def window_forgotten_at_start() -> None:
    """After a restart every repeat is a signal anew."""
    from tocsin.journal.journal import Journal

    Journal._restore_window = lambda self, longest_window_us: None


def goes_on_after_a_failed_fsync() -> None:
    """The writer takes the next batch as if nothing had happened."""
    from tocsin.journal.journal import Journal

    Journal._disk_fault = property(lambda self: None, lambda self, fault: None)


def poisoned_rule() -> None:
    """A rule fails on code ZX."""
    _replace_classify(lambda: 1 // 0)


def deadly_rule() -> None:
    """A rule ends the process on code ZX, as a fault of a library in C would."""
    _replace_classify(lambda: os._exit(137))


def _replace_classify(fail: Callable[[], object]) -> None:
    from tocsin.centre import core

    classify = core.classify

    def classify_or_fail(signal: Any, place: Any, catalogue: Any) -> Any:
        if signal.code == "ZX":
            fail()
        return classify(signal, place, catalogue)

    core.classify = classify_or_fail


def checkpoint_later() -> None:
    """What the core has passed is written with its next step, not with this one."""
    from tocsin.centre import core
    from tocsin.store.sqlite import SqliteTransaction

    put = SqliteTransaction.put_meta
    held: list[str] = []

    def put_the_one_before(self: Any, name: Any, value: str) -> None:
        if name == core.PASSED:
            held.append(value)
            value = held[max(0, len(held) - 2)]
        put(self, name, value)

    SqliteTransaction.put_meta = put_the_one_before


_MUTANTS: dict[str, Callable[[], None]] = {
    mutate.__name__: mutate
    for mutate in (
        synchronous_normal,
        reply_before_commit,
        no_identity,
        window_extended,
        window_forgotten_at_start,
        goes_on_after_a_failed_fsync,
        poisoned_rule,
        deadly_rule,
        checkpoint_later,
    )
}

if os.environ.get("MUTANT"):
    _MUTANTS[os.environ["MUTANT"]]()
