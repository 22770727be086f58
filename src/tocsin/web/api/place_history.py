"""`/api/v1/sites/{id}/history` and that of an account: what the journal says of a place, a page by key at a time.

It is a reading of the journal, and noted as one. Closed incidents are told to whoever may see them all.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter

from tocsin.centre.journal_reading import JournalReading
from tocsin.centre.place_history import HistoryLine, HistoryWhat, PlaceHistory, wanted_of
from tocsin.model.catalogue import Priority
from tocsin.model.incidents import Disposition, Incident, State
from tocsin.model.on_test import TestReason
from tocsin.model.out_of_service import OutEndReason, OutReason
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Ref, Seq, Words
from tocsin.web.api.incidents import CLOSED
from tocsin.web.api.journal import SeqParameter
from tocsin.web.hidden import Hidden
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PAGE_DEFAULT: Final = 50
PAGE_MAX: Final = 100
PrincipalRequest = Request[Principal, Any, Any]
PlaceId = Annotated[str, PathParameter(description="Id of a site or an account", max_length=40)]
What = Annotated[
    Literal["incidents", "tests", "openings", "edits"] | None,
    QueryParameter(description="Only this; all of it without", required=False),
]


class HistoryIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident there, in a word each."""

    id: Ref
    closed_at: Micros | None
    disposition: Disposition | None
    exercise: bool
    meaning: Words | None
    number: int
    priority: Priority
    state: State
    type: Code


class HistoryTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test there."""

    id: Ref
    company: Code | None
    ended_at: Micros | None
    reason: TestReason
    until: Micros


class HistoryOut(msgspec.Struct, frozen=True, kw_only=True):
    """Zones there that were taken out of service."""

    end_reason: OutEndReason | None
    ended_at: Micros | None
    reason: OutReason
    until: Micros
    zones: list[Code]


class HistoryItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened at a place."""

    account: AccountNumber | None
    account_id: Ref | None
    actor: Actor | None
    at: Micros
    changed: list[Code]
    """Fields that are others than before; `texts`: a sealed text was saved."""
    code: Code | None
    incident: HistoryIncident | None
    is_new: bool
    is_removed: bool
    kind: Code
    """Of the fact, as the journal's reference lists it; `open` and `close` of a signal."""
    seq: Seq
    test: HistoryTest | None
    thing: Ref
    what: HistoryWhat
    zones_out: HistoryOut | None


class HistoryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page, newest first."""

    has_incidents: bool
    """Closed incidents are among them; else only those that are open."""
    is_cut: bool
    """What is of some accounts of the site alone is not in it: each has a history of its own."""
    items: list[HistoryItem]
    next: Seq | None
    """Where older ones begin; a page may be empty and have one."""


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of histories."""
    history = PlaceHistory(parts.store, parts.catalogue)
    reading = JournalReading(parts.store, parts.centre.note, parts.clock)
    names, hidden = parts.centre.names, Hidden(parts.board, parts.store)

    def answer(place: Ref, before: int | None, what: HistoryWhat | None, limit: int, who: Principal) -> HistoryAnswer:
        reading.note(who.actor, None)
        may_see = CLOSED in who.granted
        page = history.page(
            place, None if before is None else Seq(before), limit, wanted_of(() if what is None else (what,))
        )

        def is_shown(incident: Incident) -> bool:
            return (may_see or incident.state == "open") and not hidden.is_hidden(incident, who)

        lines = [one for one in page.lines if one.incident is None or is_shown(one.incident)]
        accounts = names.accounts({one.account_id for one in lines if one.account_id is not None})
        numbers = {id_: one.account for id_, one in accounts.items()}
        return HistoryAnswer(
            has_incidents=may_see,
            is_cut=page.is_cut,
            items=[_item(one, None if one.account_id is None else numbers.get(one.account_id)) for one in lines],
            next=page.next,
        )

    def _item(line: HistoryLine, account: AccountNumber | None) -> HistoryItem:
        test, out = line.test, line.zones_out
        return HistoryItem(
            account=account,
            account_id=line.account_id,
            actor=line.actor,
            at=line.at,
            changed=list(line.changed),
            code=line.code,
            incident=None if line.incident is None else _incident(line.incident),
            is_new=line.is_new,
            is_removed=line.is_removed,
            kind=line.kind,
            seq=line.seq,
            test=None
            if test is None
            else HistoryTest(
                id=test.id,
                company=test.begun.company,
                ended_at=test.ended_at,
                reason=test.begun.reason,
                until=test.until,
            ),
            thing=line.thing,
            what=line.what,
            zones_out=None
            if out is None
            else HistoryOut(
                end_reason=out.end_reason,
                ended_at=out.ended_at,
                reason=out.taken.reason,
                until=out.until,
                zones=list(out.taken.zones),
            ),
        )

    def _incident(incident: Incident) -> HistoryIncident:
        kind = parts.catalogue.types.get(incident.type)
        return HistoryIncident(
            id=incident.id,
            closed_at=incident.closed_at,
            disposition=incident.disposition,
            exercise=incident.exercise,
            meaning=None if kind is None else kind.meaning,
            number=incident.number,
            priority=incident.priority,
            state=incident.state,
            type=incident.type,
        )

    @get("/api/v1/sites/{place_id:str}/history", opt=needs("place.history"), summary="What happened at a site")
    @in_thread
    def read_site_history(
        request: PrincipalRequest,
        place_id: PlaceId,
        before: SeqParameter = None,
        what: What = None,
        limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT,
    ) -> HistoryAnswer:
        """Incidents, tests, openings and closings, and changes: who, when, and which fields. Newest first."""
        return answer(Ref(place_id), before, what, limit, request.user)

    @get("/api/v1/accounts/{place_id:str}/history", opt=needs("place.history"), summary="What happened at an account")
    @in_thread
    def read_account_history(
        request: PrincipalRequest,
        place_id: PlaceId,
        before: SeqParameter = None,
        what: What = None,
        limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT,
    ) -> HistoryAnswer:
        """The same of one account."""
        return answer(Ref(place_id), before, what, limit, request.user)

    return [read_site_history, read_account_history]
