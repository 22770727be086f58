"""`/api/v1/intake/calls`, `/rings` and `/lines`: calls that a telephone system tells of, and telephone lines."""

import asyncio
from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.dials import DialWish, call_of
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.rings import LineRow, Ring, StoredLine, plain_number
from tocsin.model.values import Actor, Code, Place, Ref, Seq
from tocsin.protocols.aml import BODY_BYTES_MAX as AML_BYTES_MAX
from tocsin.protocols.machine_messages import BODY_BYTES_MAX, JSON_TYPE
from tocsin.protocols.telephone import FORM_TYPE
from tocsin.rules.ringing import state_of
from tocsin.web.api.call_types import CallFormItem
from tocsin.web.api.calls import form_items
from tocsin.web.api.incidents import Desk, IdempotencyKey, IncidentId, checked_id
from tocsin.web.api.ring_types import (
    DialBody,
    DialItem,
    DialReadiness,
    LineBody,
    LineItem,
    LinesAnswer,
    LinkedRing,
    RingItem,
    RingLocationsAnswer,
    RingNumberAnswer,
    RingReceipt,
    RingReturnBody,
    RingsAnswer,
)
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal, address_of
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
RingId = Annotated[
    str, PathParameter(description="Id of a call of the telephone system", pattern=r"^ring-[0-9]{1,16}$")
]
LineId = Annotated[str, PathParameter(description="Id of a line", pattern=r"^line-[0-9]{1,16}$")]
Version = Annotated[int, QueryParameter(ge=1, le=2**53 - 1, description="The version that was looked at")]
SourceName = Annotated[
    str | None,
    QueryParameter(
        description="The source that sends; needed where the token may send for several",
        pattern=r"^source-[0-9]{1,16}$",
        required=False,
    ),
]
_SHOWN: Final = frozenset({"ringing", "answered", "missed", "returned"})


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of telephone systems and their calls."""
    rings, lines, shown = parts.centre.rings, parts.centre.lines, _Shown(parts)
    dials, desk = parts.centre.dials, Desk(parts)

    @post(
        "/api/v1/intake/calls",
        opt={**needs("signal.send"), FILE: (JSON_TYPE, FORM_TYPE)},
        status_code=202,
        request_max_body_size=BODY_BYTES_MAX,
        summary="Tell of a call",
    )
    async def take_call_event(request: PrincipalRequest, source: SourceName = None) -> Response[RingReceipt]:
        """A telephone system tells that a call rings, was answered or has ended. Durable when this answers."""
        ring, is_news = await parts.telephone.take(
            _token(request),
            None if source is None else Ref(source),
            await request.body(),
            {name.lower(): value for name, value in request.headers.items()},
            host=address_of(request.scope),
        )
        return Response(RingReceipt(id=ring.id, state=state_of(ring), is_repeat=not is_news), status_code=202)

    @post(
        "/api/v1/intake/locations",
        opt={**needs("signal.send"), FILE: (FORM_TYPE,)},
        status_code=204,
        request_max_body_size=AML_BYTES_MAX,
        summary="Send a caller's position",
    )
    async def take_location(request: PrincipalRequest, source: SourceName = None) -> Response[None]:
        """The position of a telephone that dialled for help (AML). What is of no use is thrown away, and still 204."""
        await parts.telephone.locate(
            _token(request),
            None if source is None else Ref(source),
            await request.body(),
            {name.lower(): value for name, value in request.headers.items()},
            host=address_of(request.scope),
        )
        return Response(None, status_code=204)

    @get("/api/v1/rings", opt=needs("call.take"), summary="Calls of the telephone system")
    @in_thread
    def read_rings(request: PrincipalRequest) -> RingsAnswer:
        """Which calls ring, are talked in, or wait to be called back. No number stands in it."""
        actor = request.user.actor
        return RingsAnswer(
            items=shown.rings(actor),
            dials=[dial_item(one) for one in dials.of(actor)],
            dialling=shown.dialling(actor),
            in_call_until=rings.in_call_until({one.desk for one in parts.store.shifts() if one.user == actor}),
        )

    @post("/api/v1/rings/{ring_id:str}/take", opt=needs("call.take"), summary="Open the form of a call")
    @in_thread
    def take_ring(request: PrincipalRequest, ring_id: RingId, idempotency_key: IdempotencyKey) -> CallFormItem:
        """Open the call form of a call that rings, with its number and the place of its line."""
        form = rings.take(Ref(ring_id), request.user.actor, Code(idempotency_key))
        return form_items(parts, [form])[0]

    @post("/api/v1/rings/{ring_id:str}/returned", opt=needs("call.take"), status_code=200, summary="Called back")
    @in_thread
    def return_ring(request: PrincipalRequest, ring_id: RingId, data: JSONBody[RingReturnBody]) -> RingItem:
        """Say that somebody has called back who was not answered, or that this was a mistake."""
        ring = rings.mark_returned(Ref(ring_id), request.user.actor, is_done=data.is_done)
        return shown.item(ring, request.user.actor)

    @get("/api/v1/rings/{ring_id:str}/number", opt=needs("call.take"), summary="Whom to call back")
    @in_thread
    def read_ring_number(request: PrincipalRequest, ring_id: RingId) -> RingNumberAnswer:
        """The number of a caller. Each reading is noted in the journal."""
        return RingNumberAnswer(telephone=rings.number(Ref(ring_id), request.user.actor))

    @get("/api/v1/rings/{ring_id:str}/locations", opt=needs("call.take"), summary="Positions of a caller")
    @in_thread
    def read_ring_locations(request: PrincipalRequest, ring_id: RingId) -> RingLocationsAnswer:
        """Where the caller is, as the telephone or its network said. Each reading is noted in the journal."""
        return RingLocationsAnswer(items=rings.locations(Ref(ring_id), request.user.actor))

    @post(
        "/api/v1/incidents/{incident_id:str}/dial",
        opt=needs("help.write"),
        status_code=200,
        summary="Have the telephone system call",
    )
    async def dial(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[DialBody], idempotency_key: IdempotencyKey
    ) -> DialItem:
        """Let the desk's telephone ring, then the other side. Answers at once: taken, or why not; never tried again."""
        if parts.dialling is None:
            raise Conflict(
                "The centre's telephone system calls for nobody: it is not set up. Nobody was called. Dial by hand, or "
                "set telephone.dial_url",
                "dial.off",
            )
        ring, number = await asyncio.to_thread(ask, request, checked_id(incident_id), data, Code(idempotency_key))
        if number is not None:
            assert ring.extension is not None, "it begins at a desk"
            reason = await parts.dialling.dial(call_of(ring.id), ring.extension, number)
            if reason is not None:
                ring = await asyncio.to_thread(dials.fail, ring.id, reason) or ring
        return dial_item(ring)

    def ask(request: PrincipalRequest, id_: Ref, data: DialBody, key: Code) -> tuple[Ring, str | None]:
        desk.seen(id_, request.user)
        wish = DialWish(
            of=None if data.of is None else Ref(data.of),
            telephone=data.telephone,
            step=None if data.step is None else Code(data.step),
            is_anyway=data.is_anyway,
        )
        return dials.ask(id_, wish, request.user.actor, key)

    @get("/api/v1/lines", opt=needs("source.read"), summary="Telephone lines")
    @in_thread
    def read_lines() -> LinesAnswer:
        """Lines of equipment with their places, and the telephones of desks."""
        return LinesAnswer(items=shown.lines(lines.all()))

    @post("/api/v1/lines", opt=needs("source.write"), summary="Add a line")
    @in_thread
    def add_line(request: PrincipalRequest, data: JSONBody[LineBody]) -> LineItem:
        """At a site, or the telephone of a desk."""
        return shown.lines([lines.put(None, None, _row(data), request.user.actor)])[0]

    @put("/api/v1/lines/{line_id:str}", opt=needs("source.write"), summary="Change a line")
    @in_thread
    def change_line(request: PrincipalRequest, line_id: LineId, data: JSONBody[LineBody]) -> LineItem:
        """Put a line in place of what it is; refused where somebody changed it since."""
        if data.version is None:
            raise BadInput(
                "The change does not say which version of the line was seen. Nothing was changed. Send `version` of "
                "the line that is on the screen",
                "line.version",
            )
        return shown.lines([lines.put(Ref(line_id), Seq(data.version), _row(data), request.user.actor)])[0]

    @delete("/api/v1/lines/{line_id:str}", opt=needs("source.write"), summary="Remove a line")
    @in_thread
    def remove_line(request: PrincipalRequest, line_id: LineId, version: Version) -> Response[None]:
        """Calls of it have no place any more."""
        row = LineRow(desk=None, exact=None, number=Code("0"), removed=True, site_id=None)
        lines.put(Ref(line_id), Seq(version), row, request.user.actor)
        return Response(None, status_code=204)

    return [
        take_call_event,
        take_location,
        read_rings,
        take_ring,
        return_ring,
        dial,
        read_ring_number,
        read_ring_locations,
        read_lines,
        add_line,
        change_line,
        remove_line,
    ]


def dial_item(ring: Ring) -> DialItem:
    """A dial as the API says it."""
    dial = ring.dial
    assert dial is not None, "it is a dial"
    return DialItem(
        id=ring.id,
        incident=dial.incident,
        of=dial.of,
        telephone=dial.telephone,
        step=dial.step,
        asked_at=ring.begun_at,
        picked_up_at=dial.picked_up_at,
        answered_at=ring.answered_at,
        ended_at=ring.ended_at,
        failed=dial.failed,
        is_lost=ring.is_lost,
        version=ring.seq,
    )


def _token(request: PrincipalRequest) -> Ref:
    if request.user.token is None:
        raise Forbidden(
            "This comes with a token of a source, not from somebody who is signed in. Nothing was stored. Make a token "
            "on the page of ways in, and send with that",
            "intake.token",
        )
    return request.user.token.id


def _row(data: LineBody) -> LineRow:
    return LineRow(
        desk=None if data.desk is None else Ref(data.desk),
        exact=None if data.exact is None else Code(data.exact),
        number=Code(plain_number(data.number)),
        removed=False,
        site_id=None if data.site_id is None else Ref(data.site_id),
    )


class _Shown:
    """Rings and lines as the API says them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store

    def rings(self, actor: Actor) -> list[RingItem]:
        return [self.item(one, actor) for one in self._parts.centre.rings.all() if self._is_shown(one)]

    def _is_shown(self, ring: Ring) -> bool:
        """Over, it is shown while its form is filled in: positions of its caller may still come."""
        if state_of(ring) in _SHOWN:
            return True
        form = None if ring.call is None else self._store.call_form(ring.call)
        return form is not None and form.outcome is None

    def dialling(self, actor: Actor) -> DialReadiness:
        """Whether the telephone system calls for the desk of somebody."""
        if self._parts.dialling is None:
            return "off"
        return "no_extension" if self._parts.centre.dials.line_of(actor) is None else "ready"

    def item(self, ring: Ring, actor: Actor) -> RingItem:
        centre = self._parts.centre
        desk = None if ring.extension is None else centre.lines.desks().get(ring.extension)
        line = None if ring.line is None else centre.lines.one(ring.line)
        site_id = None if line is None else line.row.site_id
        site = None if site_id is None else centre.names.sites({site_id}).get(site_id)
        form = None if ring.call is None else self._store.call_form(ring.call)
        shifts = self._store.shifts()
        mine = {one.desk for one in shifts if one.user == actor}
        is_for_all = all(one.desk != desk for one in shifts)
        return RingItem(
            id=ring.id,
            state=state_of(ring),
            begun_at=ring.begun_at,
            ringing_at=ring.ringing_at,
            answered_at=ring.answered_at,
            ended_at=ring.ended_at,
            dialled=ring.dialled,
            extension=ring.extension,
            desk=desk,
            is_mine=desk is not None and desk in mine,
            has_number=ring.has_number,
            is_lost=ring.is_lost,
            call=ring.call,
            held_by=None if form is None else form.held_by,
            incident=ring.incident,
            site_id=site_id,
            site=None if site is None else site.name,
            exact=None if line is None else line.row.exact,
            known_as=self._known_as(ring),
            linked=self._linked(ring),
            locations=ring.located,
            returned_at=ring.returned_at,
            returned_by=ring.returned_by,
            # At a desk where nobody is on shift nobody would hear it.
            sounds=state_of(ring) == "ringing" and ring.call is None and (desk in mine or is_for_all),
            version=ring.seq,
        )

    def _known_as(self, ring: Ring) -> Place | None:
        keyholder = self._parts.centre.rings.keyholder(ring)
        if keyholder is None:
            return None
        site = self._parts.centre.names.sites({keyholder.row.site_id}).get(keyholder.row.site_id)
        return None if site is None else Place(f"keyholder {keyholder.row.order} of {site.name}")

    def _linked(self, ring: Ring) -> LinkedRing | None:
        before = None if ring.linked is None else self._store.ring(ring.linked)
        if before is None:
            return None
        return LinkedRing(ring=before.id, at=before.begun_at, call=before.call, incident=before.incident)

    def lines(self, found: list[StoredLine]) -> list[LineItem]:
        sites = self._parts.centre.names.sites({one.row.site_id for one in found if one.row.site_id is not None})
        desks = {one.id: one.row.label for one in self._store.desks()}
        return [
            LineItem(
                id=one.id,
                number=one.row.number,
                desk=one.row.desk,
                desk_label=None if one.row.desk is None else desks.get(one.row.desk),
                site_id=one.row.site_id,
                site=site.name if one.row.site_id is not None and (site := sites.get(one.row.site_id)) else None,
                exact=one.row.exact,
                version=one.seq,
            )
            for one in found
        ]
