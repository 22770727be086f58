"""The watch log: what the shift writes down, and which facts stand in it by themselves.

What somebody wrote lies sealed under a key of its day; the fact names it by its commitment alone. Fields of facts stand
in the order of canonical JSON.
"""

from typing import Final

import msgspec

from tocsin.model.values import Code, KeyId, PersonalText, Ref, Seq

WATCH_NOTED: Final = Code("watch.noted")
WATCH_ERASED: Final = Code("watch.erased")
WATCH_ENDS: Final = Code("watch_day")
"""Kind of the timer by which what was written on a day is erased."""

WATCH_FIELD: Final = Code("watch")
LOGGED: Final[tuple[Code, ...]] = tuple(
    Code(kind)
    for kind in (
        "centre.held_up",
        "centre.restored",
        "centre.started",
        "centre.stopped",
        "chain.set",
        "desk.attended",
        "desk.set",
        "desk.sound_checked",
        "desk.unattended",
        "group.set",
        "queue.accepted",
        "queue.ended",
        "queue.joined",
        "queue.offered",
        "roster.set",
        "shift.begun",
        "shift.ended",
        "shift.offer_ended",
        "shift.offered",
        "test.begun",
        "test.ended",
        "test.extended",
        WATCH_NOTED,
        "zones.out_extended",
        "zones.put_back",
        "zones.taken_out",
    )
)
"""Kinds of facts that stand in the watch log, rising. The table's index names them: another one needs a migration."""

WORDS_MAX: Final = 2_000
"""Characters of what somebody writes at once."""

DAY_MAX: Final = 2_000
"""Of what is written on one day."""


class WatchNoted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `watch.noted`, version 1: somebody, the actor, wrote this down. Nothing of it is ever changed."""

    corrects: Seq | None
    """An earlier line of somebody's that this one puts right; both stay."""
    note: Ref
    """Name of the sealed words."""


class WatchErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `watch.erased`, version 1: what was written on a day, `ref`, is gone with its key; its facts stay."""

    keys: tuple[KeyId, ...]
    values: int


class WatchWords(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What somebody wrote, opened."""

    text: PersonalText
