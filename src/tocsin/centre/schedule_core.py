"""What the core makes of schedules: what did not come in time, what came after all, and openings outside their hours.

In the core's steps alone, and in a rebuild, which applies the same facts and decides nothing.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.centre.open_incidents import OpenIncidents
from tocsin.centre.schedule_times import has_hours, is_open_time
from tocsin.centre.supervision_core import Opening
from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import IncidentJoined, IncidentOpened
from tocsin.model.journal import EntryRow
from tocsin.model.ports import Store
from tocsin.model.schedules import Awaited, Schedule, ScheduleMissed, ScheduleRow
from tocsin.model.signals import SignalBody
from tocsin.model.sites import Places, zone_number
from tocsin.model.values import Code, Ref, Seq
from tocsin.rules import reasons
from tocsin.rules.classify import Reading
from tocsin.rules.schedules import decide_came, decide_missed, decide_outside


class _SetEntry(msgspec.Struct, gc=False):
    body: ScheduleRow
    ref: Ref | None


class _MissedEntry(msgspec.Struct, gc=False):
    body: ScheduleMissed


_SET: Final = msgspec.json.Decoder(_SetEntry)
_MISSED: Final = msgspec.json.Decoder(_MissedEntry)
_CAME: Final[dict[str, Awaited]] = {"open": "open", "close": "close", "test": "test"}


def id_of_schedule(seq: Seq) -> Ref:
    """The name of the schedule that the fact of this number made."""
    return Ref(f"schedule-{seq}")


def schedule_of(row: EntryRow) -> Schedule:
    """The schedule that a fact says."""
    entry = _SET.decode(row.entry)
    return Schedule(id=entry.ref or id_of_schedule(row.seq), row=entry.body, seq=row.seq, since=row.at)


class ScheduleRebuild:
    """The schedules from their facts alone."""

    def __init__(self) -> None:
        """Begin with none."""
        self.schedules: dict[Ref, Schedule] = {}

    def take(self, row: EntryRow) -> None:
        """Apply a fact."""
        one = schedule_of(row)
        if one.row.removed:
            self.schedules.pop(one.id, None)
        else:
            self.schedules[one.id] = one


class ScheduleView:
    """The schedules by account, as the core needs them. In the writer's thread."""

    def __init__(self, store: Store) -> None:
        """Begin with those that there are."""
        self._of: dict[Ref, dict[Ref, Schedule]] = {}
        for one in store.schedules():
            self._put(one)

    def fed(self, row: EntryRow) -> None:
        """A fact about a schedule is durable."""
        self._put(schedule_of(row))

    def of(self, account_id: Ref, partition: Code | None) -> list[Schedule]:
        """Those that a signal of this account and partition is about: one without a partition is about all."""
        found = self._of.get(account_id)
        if not found:
            return []
        return [
            one for one in found.values() if None in (partition, one.row.partition) or one.row.partition == partition
        ]

    def _put(self, one: Schedule) -> None:
        of_account = self._of.setdefault(one.row.account_id, {})
        if one.row.removed:
            of_account.pop(one.id, None)
            if not of_account:
                del self._of[one.row.account_id]
        else:
            of_account[one.id] = one


def take_missed(row: EntryRow, open_: OpenIncidents, places: Places, catalogue: Catalogue, opening: Opening) -> None:
    """What a schedule waits for did not come: open or join its incident."""
    fact = _MISSED.decode(row.entry).body
    place = places.of_account(fact.account_id)
    _carry_out(
        decide_missed(
            fact.what,
            fact.account,
            fact.account_id,
            fact.partition,
            fact.late_s,
            row.at,
            tuple(open_.watched(fact.account_id)),
            site_id=None if place is None else place.site_id,
            number=opening.number(),
            config=places.config,
            catalogue=catalogue,
        ),
        opening,
    )


def take_kept(
    signal: SignalBody,
    reading: Reading,
    said: Code,
    account_id: Ref | None,
    schedules: ScheduleView,
    open_: OpenIncidents,
    places: Places,
    catalogue: Catalogue,
    opening: Opening,
    *,
    is_on_test: bool,
) -> None:
    """A signal of opening, closing or testing came, and ended as `said`: what that ends, and whether it was in order.

    A place on test has no hours: whoever tests it opens and closes as they need.
    """
    what = _came(reading, said)
    if what is None or account_id is None or signal.disputed:
        return
    partition = None if signal.partition is None else zone_number(signal.partition)
    found = schedules.of(account_id, partition)
    if not found:
        return
    own = tuple(open_.watched(account_id))
    for incident, joined in decide_came(what, partition, signal.received_at, own, places.config):
        opening.joined(incident, joined)
    if what != "open" or is_on_test or said != reasons.FILED_OPEN:
        return
    place = places.of_account(account_id)
    for one in found:
        if has_hours(one.row) and not is_open_time(one.row, signal.received_at):
            decided = decide_outside(
                signal.account,
                account_id,
                one.row.partition,
                signal.received_at,
                tuple(open_.watched(account_id)),
                site_id=None if place is None else place.site_id,
                number=opening.number(),
                config=places.config,
                catalogue=catalogue,
            )
            _carry_out(decided, opening)


def test_codes(catalogue: Catalogue) -> frozenset[tuple[str, Code]]:
    """Formats and codes of test reports."""
    return frozenset((rule.format, rule.code) for rule in catalogue.codes.values() if rule.kind == "test")


def newest_of(schedules: Iterable[Schedule], account_id: Ref, partition: Code | None) -> Schedule | None:
    """The one of an account and partition."""
    return next((one for one in schedules if one.row.account_id == account_id and one.row.partition == partition), None)


def _came(reading: Reading, said: Code) -> Awaited | None:
    if said == reasons.FILED_OPEN:
        return "open"
    if said == reasons.FILED_CLOSE:
        return "close"
    return _CAME.get(reading.kind or "")


def _carry_out(decided: IncidentOpened | tuple[Ref, IncidentJoined], opening: Opening) -> None:
    if isinstance(decided, IncidentOpened):
        opening.opened(decided)
    else:
        opening.joined(*decided)


__all__ = ["ScheduleRebuild", "ScheduleView", "id_of_schedule", "newest_of", "schedule_of", "take_kept", "take_missed"]
