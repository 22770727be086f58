"""The watch log: lines of people, sealed under a key of their day, beside lines that are facts of the centre itself.

Nothing of it can be changed: who was mistaken writes a line that says so. What was written is erased 90 days after its
day; that something was written, by whom and when, stays in the journal.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.reads import Reads
from tocsin.centre.timers import Timers, set_timer
from tocsin.centre.values import Values
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import EntryPage, Fact, StoredEntry
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.retention import CLASSES, DAY_US, HOUR_US
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.model.watch_log import (
    DAY_MAX,
    LOGGED,
    WATCH_ENDS,
    WATCH_ERASED,
    WATCH_FIELD,
    WATCH_NOTED,
    WORDS_MAX,
    WatchErased,
    WatchNoted,
    WatchWords,
)

KEPT_US: Final = (CLASSES["watch"].hours or 0) * HOUR_US
PAGE_MAX: Final = 200
EXPORTED_MAX: Final = 10_000
WATCH_LOG: Final = Code("watch_log")
WRITTEN: Final = Code("written")
EXPORT: Final = Code("export")


class _Noted(msgspec.Struct, gc=False):
    body: WatchNoted


_NOTED: Final = msgspec.json.Decoder(_Noted)


class WatchLog:
    """Writes and reads the watch log. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock, values: Values, reads: Reads) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock
        self._values = values
        self._reads = reads

    def write(self, text: str, corrects: Seq | None, actor: Actor) -> Seq:
        """Write a line; `corrects` names an earlier one that it puts right. Return its seq.

        Raises:
            BadInput: it is empty or too long, or there is no such line of somebody's.
            Conflict: as much was written on this day as can be.
        """
        text = text.strip()
        if not 1 <= len(text) <= WORDS_MAX:
            raise BadInput(
                f"A line of the watch log has 1 to {WORDS_MAX} characters. Nothing was written. Write it shorter, or "
                "in two lines",
                "watch.text",
            )
        if corrects is not None:
            found = self._store.entries(Seq(corrects - 1), 1)
            if not found or found[0].row.seq != corrects or found[0].row.kind != WATCH_NOTED:
                raise BadInput(
                    "There is no such line of the watch log, or nobody wrote it. Nothing was written. Look at the log, "
                    "and choose a line that somebody wrote",
                    "watch.unknown",
                )
        now = self._clock.now_us()
        day = day_of(now)
        value = self._values.seal(day, WATCH_FIELD, text.encode())

        def work(transaction: StoreTransaction, appender: Appender) -> Seq:
            if self._store.value_count(day) >= DAY_MAX:
                raise Conflict(
                    f"{DAY_MAX} lines were written today, and no more can be. Nothing was written. Use paper, and see "
                    "what writes so much",
                    "watch.full",
                )
            seq = appender.append(
                Fact(kind=WATCH_NOTED, body=WatchNoted(corrects=corrects, note=value.ref), actor=actor)
            )
            self._values.store(transaction, [value], appender.at)
            if transaction.timer(WATCH_ENDS, day) is None:
                set_timer(transaction, appender, WATCH_ENDS, day, erased_at(now), WRITTEN, actor=actor)
            return seq

        return self._run(lambda journal: journal.decide(work))

    def page(
        self, actor: Actor, *, before: Seq | None, since: Micros, until: Micros, limit: int
    ) -> tuple[EntryPage, Mapping[Seq, WatchWords]]:
        """Lines from `since` to before `until`, newest first, with what was written as far as it is not erased.

        That somebody is shown it is a fact before this returns.
        """
        page = self._store.logged(before, since, until, max(1, min(limit, PAGE_MAX)))
        return page, self._open(page.entries, actor, is_export=False)

    def export(
        self, actor: Actor, *, since: Micros, until: Micros
    ) -> tuple[Sequence[StoredEntry], Mapping[Seq, WatchWords]]:
        """The same, the oldest first, to be taken away.

        Raises:
            BadInput: they are more than `EXPORTED_MAX`.
        """
        entries = self._store.logged(None, since, until, EXPORTED_MAX + 1).entries
        if len(entries) > EXPORTED_MAX:
            raise BadInput(
                f"There are more than {EXPORTED_MAX:,} lines between these times. Nothing was exported. Export a "
                "shorter time",
                "watch.export",
            )
        return entries[::-1], self._open(entries, actor, is_export=True)

    def _open(self, entries: Sequence[StoredEntry], actor: Actor, *, is_export: bool) -> dict[Seq, WatchWords]:
        notes = {_NOTED.decode(one.row.entry).body.note: one.row for one in entries if one.row.kind == WATCH_NOTED}
        days = dict.fromkeys(day_of(row.at) for row in notes.values())
        # A line that was written at midnight by a clock that had run back lies with the day of its writing.
        rows = [row for day in days for row in self._store.values(day, WATCH_FIELD) if row.ref in notes]
        opened = self._values.open(rows)
        for day in sorted({row.holder for row in rows if row.ref in opened}):
            count = sum(row.holder == day for row in rows)
            if is_export:
                self._reads.note_always(day, WATCH_LOG, actor, count, EXPORT)
            else:
                self._reads.note(day, WATCH_LOG, actor, count)
        return {notes[ref].seq: WatchWords(text=text.decode()) for ref, text in opened.items()}


class WatchEnds:
    """Erases what was written on a day (`timers.Handler`). In the writer's turn."""

    def __init__(self, values: Values) -> None:
        """Destroy keys of these."""
        self._values = values
        self._keys: dict[Ref, tuple[KeyId, ...]] = {}

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Its time is in its name; a legal hold is of an incident, never of the log."""
        due_at = erased_at(Micros(int(timer.ref.rpartition("-")[2]) * DAY_US))
        return due_at if due_at > now else None

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy the keys: from here on nobody can read it."""
        self._keys = self._values.destroy([timer.ref for timer in timers], (), now)

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the rows, and say so."""
        body = WatchErased(keys=self._keys[timer.ref], values=transaction.drop_values(timer.ref))
        appender.append(Fact(kind=WATCH_ERASED, body=body, ref=timer.ref))
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more: whoever looks next finds nothing."""


def register_watch(timers: Timers, values: Values) -> None:
    """Let what was written end by its timer."""
    timers.register(WATCH_ENDS, WatchEnds(values))


def day_of(at: Micros) -> Ref:
    """The holder of what is written at a time: its day, in days since 1970-01-01, UTC."""
    return Ref(f"watch-{at // DAY_US}")


def erased_at(at: Micros) -> Micros:
    """When what is written at a time is erased."""
    return Micros((at // DAY_US + 1) * DAY_US + KEPT_US)


__all__ = ["DAY_MAX", "LOGGED", "WatchLog", "day_of", "erased_at", "register_watch"]
