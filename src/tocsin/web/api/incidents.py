"""`/api/v1/incidents`: the queue, one incident whole, its texts, and what people do with it."""

import asyncio
import re
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter

from tocsin.centre.incident_texts import FACTS_MAX, SIGNALS_MAX
from tocsin.model.commands import AddNote, Claim, Close, Command, IncidentAct, Merge, Release, Reopen, Shelve, Unshelve
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.incidents import Incident, IncidentFilter, State
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.rules import words
from tocsin.web.action_plan_items import PlanItems
from tocsin.web.api.types import (
    ClaimBody,
    CloseBody,
    CommandAnswer,
    IncidentDetail,
    IncidentItem,
    IncidentPage,
    IncidentTexts,
    LiveId,
    MergedItem,
    NoteBody,
    NoteItem,
    OnTestNote,
    OtherIncident,
    OutNote,
    ReleaseBody,
    ReopenBody,
    ShelveBody,
    SignalText,
    UnshelveBody,
)
from tocsin.web.board import PAGE_INCIDENTS_MAX, Board, join_page
from tocsin.web.conflicts import words_of
from tocsin.web.hidden import Hidden, hidden_from
from tocsin.web.items import signal_items, timeline_item, type_item
from tocsin.web.names import PlaceReader
from tocsin.web.parts import Parts
from tocsin.web.permissions import Permission, needs
from tocsin.web.problems import IncidentConflict
from tocsin.web.security import Principal

PAGE_DEFAULT: Final = 500
CLOSED: Final[Permission] = "incident.closed"
TEXTS: Final[Permission] = "incident.texts"
PLACES: Final[Permission] = "place.read"
"""Without it incidents are shown by ids: without names, addresses or directions."""

SHELVE_URGENT: Final[Permission] = "incident.shelve_urgent"

OWN_CLOSED_S: Final = 7 * 86_400
"""So long somebody who handled an incident sees it when it is closed (INTEGRATIONS.md, section 11)."""

AFTER_CHARACTERS_MAX: Final = 64
CONFLICT_FACTS: Final = 5
_INCIDENT: Final = re.compile(r"incident-[0-9]{1,16}")
_TAKEN_NAMES: Final = 3
"""So often a page asks for names; incidents that come meanwhile are shown without."""

PrincipalRequest = Request[Principal, Any, Any]
IncidentId = Annotated[str, PathParameter(description="Id of an incident", max_length=40)]
After = Annotated[
    str | None, QueryParameter(description="`next` of the page before", max_length=AFTER_CHARACTERS_MAX, required=False)
]
SiteId = Annotated[
    str | None,
    QueryParameter(description="Incidents of this site alone", pattern=r"^site-[0-9]{1,16}$", required=False),
]
IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="The sender's own id of this command. The same command again gets the same answer for 30 days.",
    ),
]
_JSON: Final = msgspec.json.Encoder()


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of incidents."""
    desk = Desk(parts)

    @get("/api/v1/incidents", opt=needs("incident.read"), summary="The queue, or what was closed")
    async def read_incidents(
        request: PrincipalRequest,
        of_state: Annotated[State, QueryParameter(name="state")] = "open",
        site_id: SiteId = None,
        limit: Annotated[int, QueryParameter(ge=1, le=PAGE_INCIDENTS_MAX)] = PAGE_DEFAULT,
        after: After = None,
    ) -> Response[IncidentPage]:
        """A page of incidents: open ones from memory, most urgent first; closed ones latest first.

        Of the closed ones an operator sees those that were the own, for seven days.
        """
        site = None if site_id is None else Ref(site_id)
        if of_state == "open":
            page = await desk.open_page(limit, after, site, request.user)
        else:
            page = await asyncio.to_thread(desk.closed_page, limit, after, site, parts.board.live, request.user)
        return Response(page, media_type="application/json")  # type: ignore[arg-type] - encoded already

    @get("/api/v1/incidents/{incident_id:str}", opt=needs("incident.read"), summary="One incident, whole")
    async def read_incident(request: PrincipalRequest, incident_id: IncidentId) -> IncidentDetail:
        """An incident with its place, time line and signals."""
        return await asyncio.to_thread(desk.detail, checked_id(incident_id), parts.board.live, request.user)

    @get("/api/v1/incidents/{incident_id:str}/texts", opt=needs("incident.texts"), summary="Texts of an incident")
    async def read_texts(request: PrincipalRequest, incident_id: IncidentId) -> IncidentTexts:
        """Notes, and texts of signals. Each person's first reading of each claim is a fact in the journal."""
        return await asyncio.to_thread(desk.texts, checked_id(incident_id), request.user)

    @post("/api/v1/incidents/{incident_id:str}/claim", opt=needs("incident.handle"), status_code=200, summary="Claim")
    async def claim(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[ClaimBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Take an incident, by name; `take_over` takes it from whoever has it."""
        return await desk.act(request, incident_id, idempotency_key, data.version, Claim(take_over=data.take_over))

    @post(
        "/api/v1/incidents/{incident_id:str}/release", opt=needs("incident.handle"), status_code=200, summary="Release"
    )
    async def release(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[ReleaseBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Give an incident back to the queue; it sounds again."""
        return await desk.act(request, incident_id, idempotency_key, data.version, Release())

    @post("/api/v1/incidents/{incident_id:str}/note", opt=needs("incident.handle"), status_code=200, summary="Note")
    async def note(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[NoteBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Write a note. Its words lie sealed; facts and the live stream say only that there is one."""
        text = checked_text(data.text)
        return await desk.act(request, incident_id, idempotency_key, None, AddNote(note=Ref("")), text)

    @post("/api/v1/incidents/{incident_id:str}/close", opt=needs("incident.handle"), status_code=200, summary="Close")
    async def close(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[CloseBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """End an incident with a coded outcome."""
        text = None if data.note is None else checked_text(data.note)
        act = Close(disposition=data.disposition, waive=data.waive)
        return await desk.act(request, incident_id, idempotency_key, data.version, act, text)

    @post("/api/v1/incidents/{incident_id:str}/reopen", opt=needs("incident.handle"), status_code=200, summary="Reopen")
    async def reopen(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[ReopenBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Take up a closed incident again; it is claimed by whoever reopens it."""
        return await desk.act(request, incident_id, idempotency_key, data.version, Reopen(reason=data.reason))

    @post("/api/v1/incidents/{incident_id:str}/shelve", opt=needs("incident.handle"), status_code=200, summary="Shelve")
    async def shelve(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[ShelveBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Put an incident aside for a while, with a reason: it stays open, listed and counted, and is silent.

        What is about lives needs two persons: one has claimed it, and another with `incident.shelve_urgent` shelves it,
        for 10 minutes at most.
        """
        is_lead = SHELVE_URGENT in request.user.granted
        act = Shelve(reason=data.reason, minutes=data.minutes, is_lead=is_lead)
        return await desk.act(request, incident_id, idempotency_key, data.version, act)

    @post(
        "/api/v1/incidents/{incident_id:str}/unshelve",
        opt=needs("incident.handle"),
        status_code=200,
        summary="Take back from the shelf",
    )
    async def unshelve(
        request: PrincipalRequest,
        incident_id: IncidentId,
        data: JSONBody[UnshelveBody],
        idempotency_key: IdempotencyKey,
    ) -> CommandAnswer:
        """Let a shelved incident be shown and sound again before its time."""
        return await desk.act(request, incident_id, idempotency_key, data.version, Unshelve())

    return [read_incidents, read_incident, read_texts, claim, release, note, close, reopen, shelve, unshelve]


class Desk:
    """What the routes do, and the pages without scripts (`web.lite`).

    Whatever may read the disk runs in a thread; the board belongs to the event loop.
    """

    def __init__(self, parts: Parts) -> None:
        self._board: Board = parts.board
        self._catalogue = parts.catalogue
        self._centre = parts.centre
        self._clock = parts.clock
        self._hidden = Hidden(parts.board, parts.store)
        self._reader = PlaceReader(parts.centre.names)
        self._store = parts.store
        self._plans = PlanItems(parts)

    async def open_page(self, limit: int, after: str | None, site_id: Ref | None, who: Principal) -> bytes:
        """A page of the queue, from memory."""
        board = self._board
        if PLACES not in who.granted:
            return board.page(limit, after, site_id, is_named=False, hidden=hidden_from(board, who))
        for _ in range(_TAKEN_NAMES):
            unnamed = board.unnamed(limit, after, site_id)
            if not unnamed:
                break
            board.name(*await asyncio.to_thread(self._reader.read, unnamed, board.config))
        return board.page(limit, after, site_id, hidden=hidden_from(board, who))

    def closed_page(self, limit: int, after: str | None, site_id: Ref | None, live: LiveId, who: Principal) -> bytes:
        """A page of closed incidents that `who` may see, from the store."""
        only = IncidentFilter(site_id=site_id)
        if CLOSED not in who.granted:
            own_after = Micros(self._clock.now_us() - OWN_CLOSED_S * 1_000_000)
            only = IncidentFilter(site_id=site_id, handler=who.actor, closed_after=own_after)
        found = self._store.incidents("closed", _version(after), limit + 1, only)
        shown = found[:limit]
        rows = [_JSON.encode(item) for item in self._reader_for(who).items(shown)]
        next_ = str(shown[-1].version) if len(found) > limit else None
        return join_page(rows, live, next_, self._store.incident_count("closed", only))

    def detail(self, id_: Ref, live: LiveId, who: Principal) -> IncidentDetail:
        """One incident, whole. `live` is older than what is read, so that nothing is missed between."""
        incident = self.seen(id_, who)
        found_type = self._catalogue.types.get(incident.type)
        reader = self._reader_for(who)
        premises = reader.premises(incident.site_id)
        return IncidentDetail(
            incident=reader.item(incident),
            type=None if found_type is None else type_item(found_type),
            why=words.why(incident.reason),
            address=premises.address,
            directions=premises.directions,
            hazards=list(premises.hazards),
            hazard_details=premises.hazard_details,
            on_test=self._on_test(incident),
            out_of_service=self._out_of_service(incident),
            merged=[
                MergedItem(
                    id=one.incident, merged_at=one.merged_at, merged_by=one.merged_by, number=one.number, type=one.type
                )
                for one in incident.merged_here
            ],
            merged_into=self._other(incident.merged_into, incident.closed_at),
            plan=None if TEXTS not in who.granted else self._plans.of_incident(incident, self._clock.now_us()),
            points=list(incident.points),
            split_from=None if incident.split is None else self._other(incident.split.of, incident.split.at),
            timeline=[timeline_item(stored, self._catalogue) for stored in self._store.incident_facts(id_, FACTS_MAX)],
            signals=signal_items(self._store.incident_signals(id_, SIGNALS_MAX), reader, self._catalogue),
            live=live,
        )

    def _other(self, id_: Ref | None, at: Micros | None) -> OtherIncident | None:
        other = None if id_ is None else self._store.incident(id_)
        return None if other is None or at is None else OtherIncident(at=at, id=other.id, number=other.number)

    def _on_test(self, incident: Incident) -> OnTestNote | None:
        test = None if incident.test is None else self._store.site_test(incident.test)
        if test is None:
            return None
        return OnTestNote(id=test.id, ended_at=test.ended_at, reason=test.begun.reason, until=test.until)

    def _out_of_service(self, incident: Incident) -> OutNote | None:
        out = None if incident.test is None else self._store.zones_out_by(incident.test)
        if out is None:
            return None
        return OutNote(id=out.id, ended_at=out.ended_at, reason=out.taken.reason, until=out.until)

    def seen(self, id_: Ref, who: Principal) -> Incident:
        """An incident that `who` may see.

        Raises:
            BadInput: there is none.
            Forbidden: it is closed, and was another's, or long ago.
        """
        incident = self._store.incident(id_)
        if incident is None or self._hidden.is_hidden(incident, who):
            raise _unknown()
        if not may_see(incident, who, self._clock.now_us()):
            raise Forbidden(
                "This incident is closed, and another person handled it, or it was more than seven days ago. Nothing "
                "was shown or changed. Ask a supervisor",
                "incident.not_own",
            )
        return incident

    def texts(self, id_: Ref, who: Principal) -> IncidentTexts:
        """The texts of an incident, after it is noted who reads them."""
        self.seen(id_, who)
        found = self._centre.incident_texts.read(id_, who.actor)
        return IncidentTexts(
            signals=[SignalText(seq=one.seq, text=one.text, user=one.user) for one in found.signals],
            notes=[NoteItem(note=one.note, text=one.text) for one in found.notes],
        )

    async def act(
        self,
        request: PrincipalRequest,
        incident_id: str,
        key: str,
        version: Seq | None,
        act: IncidentAct,
        text: str | None = None,
    ) -> CommandAnswer:
        """Carry out a command."""
        command = Command(
            actor=request.user.actor, id=Code(key), incident=checked_id(incident_id), version=version, act=act
        )
        return await asyncio.to_thread(self.carry_out, command, text, request.user)

    def carry_out(self, command: Command, text: str | None, who: Principal) -> CommandAnswer:
        """Carry out a command, with the words of its note; a conflict says who was first.

        Raises: as `seen`: who may not see an incident is told as little about it by an act as by asking for it.
        """
        self.seen(command.incident, who)
        if isinstance(command.act, Merge):
            self.seen(command.act.into, who)
        try:
            incident, seq = self._centre.incident_texts.handle(command, text)
        except Conflict as conflict:
            # Somebody else may have closed it since.
            self.seen(command.incident, who)
            raise self._explained(conflict, command, who) from conflict
        return CommandAnswer(incident=self._reader_for(who).item(incident), seq=seq)

    def _explained(self, conflict: Conflict, command: Command, who: Principal) -> Conflict:
        incident = self._store.incident(command.incident)
        if incident is None:
            return conflict
        facts = self._store.incident_facts(incident.id, CONFLICT_FACTS)
        said = words_of(conflict, command.act, incident, facts, self._clock.now_us(), self._catalogue)
        is_undone = conflict.code == "incident.steps_undone" and TEXTS in who.granted
        steps = self._plans.undone(incident) if is_undone else []
        return IncidentConflict(said, conflict.code, self._reader_for(who).item(incident), steps)

    def item(self, incident: Incident, who: Principal) -> IncidentItem:
        """An incident as they see it."""
        return self._reader_for(who).item(incident)

    def _reader_for(self, who: Principal) -> PlaceReader:
        return self._reader if PLACES in who.granted else self._reader.nameless()


def may_see(incident: Incident, who: Principal, now: Micros) -> bool:
    """Open ones are the whole room's; a closed one is its handler's for seven days, and then a supervisor's matter."""
    if incident.closed_at is None or CLOSED in who.granted:
        return True
    is_own = who.actor in (incident.closed_by, incident.claimed_by)
    return is_own and now - incident.closed_at < OWN_CLOSED_S * 1_000_000


def checked_id(incident_id: str) -> Ref:
    """The id of an incident, as it stood in an address."""
    if not _INCIDENT.fullmatch(incident_id):
        raise _unknown()
    return Ref(incident_id)


def _unknown() -> BadInput:
    return BadInput("There is no such incident. Nothing was changed. Look at the queue again", "incident.unknown")


def checked_text(text: str) -> str:
    """The words of a note, without white space around them."""
    text = text.strip()
    if not text:
        raise BadInput(
            "The note is empty. Nothing was changed. Write something, or leave the note out", "incident.note"
        )
    return text


def _version(after: str | None) -> Seq | None:
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= 16):
        raise BadInput(
            "`after` is no place among the closed incidents. Nothing was read. Give `next` of the page before, as it "
            "is, or leave it out to begin with the first page",
            "incidents.after",
        )
    return Seq(int(after))
