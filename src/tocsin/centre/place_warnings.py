"""Warnings to crews about a place: one closed incident as cause, a danger of a closed list, six months at most.

They are shown in open incidents of that place and in the incident that caused them, and nowhere else: there is no list,
no map and no search (SCOPE.md).
"""

from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.keyholders import warning_id
from tocsin.centre.timers import set_timer
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref
from tocsin.model.warnings import (
    DAY_US,
    PLACE_WARNED,
    PLACE_WARNING_ENDED,
    WARNING_DAYS_MAX,
    WARNING_ENDS,
    EndReason,
    PlaceDanger,
    PlaceWarned,
    PlaceWarning,
    PlaceWarningEnded,
)


class _Who(msgspec.Struct):
    actor: Actor | None
    at: Micros


_WHO: Final = msgspec.json.Decoder(_Who)


class MadeWarning(msgspec.Struct, frozen=True, kw_only=True):
    """A warning, and who made it when."""

    warning: PlaceWarning
    made_at: Micros
    made_by: Actor | None


class PlaceWarnings:
    """Warnings of places. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock

    def of_incident(self, incident: Incident) -> list[MadeWarning]:
        """What crews of an open incident are warned of; of a closed one, the warnings that it is the cause of."""
        if incident.site_id is None:
            return []
        now = self._clock.now_us()
        standing = [one for one in self._store.place_warnings([incident.site_id]) if one.body.ends_at > now]
        if incident.state == "closed":
            standing = [one for one in standing if one.body.cause == incident.id]
        who = {one.row.seq: _WHO.decode(one.row.entry) for one in self._store.entries_at([w.seq for w in standing])}
        return [MadeWarning(warning=one, made_at=who[one.seq].at, made_by=who[one.seq].actor) for one in standing]

    def warn(self, cause: Ref, danger: PlaceDanger, ends_at: Micros, actor: Actor) -> PlaceWarning:
        """Warn crews of the place of a closed incident. A warning of the same danger there is renewed by it.

        Raises:
            BadInput: there is no such incident, it has no place, or the end is not within 183 days.
            Conflict: it is open, or an exercise.
        """
        now = self._clock.now_us()
        if not now < ends_at <= now + WARNING_DAYS_MAX * DAY_US:
            raise BadInput(
                f"A warning ends within {WARNING_DAYS_MAX} days from now. Nothing was changed. Name such a day; it can "
                "be made again with a new cause",
                "place_warning.end",
            )

        def work(transaction: StoreTransaction, appender: Appender) -> PlaceWarning:
            incident = _cause_of(transaction.incident(cause))
            site_id = incident.site_id
            assert site_id is not None, "a cause has a place"
            for old in self._store.place_warnings([site_id]):
                if old.body.danger == danger:
                    _end(transaction, appender, old, "renewed", actor)
            body = PlaceWarned(cause=cause, danger=danger, ends_at=ends_at, site_id=site_id)
            seq = appender.append(Fact(kind=PLACE_WARNED, body=body, actor=actor))
            warning = PlaceWarning(warning_id(seq), body, seq)
            transaction.put_place_warnings([warning])
            set_timer(transaction, appender, WARNING_ENDS, warning.id, ends_at, Code("ends"), actor=actor)
            return warning

        return self._run(lambda journal: journal.decide(work))

    def lift(self, id_: Ref, actor: Actor) -> None:
        """End a warning before its time.

        Raises:
            BadInput: there is none, or not any more.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            found = next((one for one in self._store.place_warnings() if one.id == id_), None)
            if found is None:
                raise BadInput(
                    "There is no such warning, or not any more. Nothing was changed. Look at the incident again",
                    "place_warning.unknown",
                )
            _end(transaction, appender, found, "lifted", actor)

        self._run(lambda journal: journal.decide(work))


def _cause_of(incident: Incident | None) -> Incident:
    if incident is None:
        raise BadInput("There is no such incident. Nothing was changed. Look at the queue again", "incident.unknown")
    if incident.state == "open":
        raise Conflict(
            f"Incident {incident.number} is open, and a warning needs a closed one as its cause. Nothing was changed. "
            "Close it first",
            "place_warning.open",
        )
    if incident.exercise:
        raise Conflict(
            f"Incident {incident.number} was an exercise, which warns nobody. Nothing was changed",
            "place_warning.exercise",
        )
    if incident.site_id is None:
        raise BadInput(
            f"Incident {incident.number} has no site, so there is no place to warn of. Nothing was changed. Set up the "
            "site of its account",
            "place_warning.no_site",
        )
    return incident


def _end(
    transaction: StoreTransaction, appender: Appender, warning: PlaceWarning, reason: EndReason, actor: Actor
) -> None:
    body = PlaceWarningEnded(reason=reason, site_id=warning.body.site_id)
    appender.append(Fact(kind=PLACE_WARNING_ENDED, body=body, ref=warning.id, actor=actor))
    transaction.drop_place_warnings([warning.id])
    set_timer(transaction, appender, WARNING_ENDS, warning.id, None, Code(reason), actor=actor)
