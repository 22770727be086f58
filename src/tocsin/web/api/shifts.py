"""`/api/v1/shifts` and `/desks`: who is on, at which desk, and handing a shift over."""

from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.centre.shifts import Wanted
from tocsin.model.errors import BadInput
from tocsin.model.shifts import SHIFT_S_MAX, Desk, Shift
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.shifts import SECOND_US, uncovered
from tocsin.web.api.out_of_service import OutShown
from tocsin.web.api.shift_types import (
    BeginShiftBody,
    DeskBody,
    DeskItem,
    FromHomeItem,
    OfferPartBody,
    OfferShiftBody,
    QueuePartItem,
    ShiftDetail,
    ShiftItem,
    ShiftsAnswer,
    TakeShiftBody,
    desk_item,
    listed_item,
    part_item,
    shift_item,
)
from tocsin.web.parts import Parts
from tocsin.web.permissions import Permission, needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

LEAD: Final[Permission] = "shift.lead"
ENDED_US: Final = 24 * 3600 * SECOND_US
ENDED_MAX: Final = 50
PrincipalRequest = Request[Principal, Any, Any]
OneDesk = Annotated[str, PathParameter(description="Id of a desk", max_length=25)]
OnePart = Annotated[str, PathParameter(description="Id of a part of the queue", max_length=25)]
OneShift = Annotated[str, PathParameter(description="Id of a shift", max_length=25)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of desks and shifts."""
    shifts, queue, shown = parts.centre.shifts, parts.centre.queue_parts, _Shown(parts)

    @get("/api/v1/shifts", opt=needs("shift.read"), summary="Who is on shift, at which desk")
    @in_thread
    def read_shifts(request: PrincipalRequest) -> ShiftsAnswer:
        """Every desk with who is on and whether a console of theirs lives; who is called from home."""
        return shown.board(request.user.actor)

    @get("/api/v1/shifts/{shift_id:str}", opt=needs("shift.read"), summary="What goes with a shift")
    @in_thread
    def read_one_shift(shift_id: OneShift) -> ShiftDetail:
        """A shift with its open incidents, tests, zones out of service, held notices and timers, as they are now."""
        return shown.detail(shift_id)

    @post("/api/v1/shifts", opt=needs("shift.act"), summary="Go on shift")
    @in_thread
    def begin_shift(request: PrincipalRequest, data: JSONBody[BeginShiftBody]) -> ShiftItem:
        """Be on shift at a desk, by one's own word; notices come from now on, where duty decides."""
        return shown.item(shifts.begin(Ref(data.desk), data.until, request.user.actor))

    @post("/api/v1/shifts/{shift_id:str}/end", opt=needs("shift.act"), status_code=200, summary="Go off shift")
    @in_thread
    def end_shift(request: PrincipalRequest, shift_id: OneShift) -> ShiftItem:
        """Without handing over: while somebody else is on, and with nothing claimed. A supervisor ends the last one."""
        is_lead = LEAD in request.user.granted
        return shown.item(shifts.end(Ref(shift_id), request.user.actor, is_lead=is_lead))

    @post("/api/v1/shifts/{shift_id:str}/offer", opt=needs("shift.act"), status_code=200, summary="Hand it over")
    @in_thread
    def offer_shift(request: PrincipalRequest, shift_id: OneShift, data: JSONBody[OfferShiftBody]) -> ShiftItem:
        """To a colleague. Until they accept, whoever hands over stays responsible."""
        return shown.item(shifts.offer(Ref(shift_id), Actor(data.to), request.user.actor))

    @delete("/api/v1/shifts/{shift_id:str}/offer", opt=needs("shift.act"), status_code=200, summary="End a hand-over")
    @in_thread
    def end_offer(request: PrincipalRequest, shift_id: OneShift) -> ShiftItem:
        """Withdraw what one handed over, or decline it."""
        return shown.item(shifts.end_offer(Ref(shift_id), request.user.actor))

    @post("/api/v1/shifts/{shift_id:str}/accept", opt=needs("shift.act"), status_code=200, summary="Accept it")
    @in_thread
    def accept_shift(request: PrincipalRequest, shift_id: OneShift, data: JSONBody[TakeShiftBody]) -> ShiftItem:
        """Be responsible for the list as a whole from now on; the other's open incidents are claimed with it."""
        return shown.item(shifts.accept(Ref(shift_id), data.until, request.user.actor))

    @post("/api/v1/shifts/{shift_id:str}/take-over", opt=needs("shift.lead"), status_code=200, summary="Take it over")
    @in_thread
    def take_over_shift(request: PrincipalRequest, shift_id: OneShift, data: JSONBody[TakeShiftBody]) -> ShiftItem:
        """From somebody who has gone, without their word."""
        return shown.item(shifts.take_over(Ref(shift_id), data.until, request.user.actor))

    @post("/api/v1/desks", opt=needs("desk.write"), summary="Add a desk")
    @in_thread
    def add_desk(request: PrincipalRequest, data: JSONBody[DeskBody]) -> DeskItem:
        """With the classes and priorities that it takes; none: all."""
        return shown.desk(shifts.set_desk(None, _wanted(data), request.user.actor))

    @put("/api/v1/desks/{desk_id:str}", opt=needs("desk.write"), summary="Change a desk")
    @in_thread
    def change_desk(request: PrincipalRequest, desk_id: OneDesk, data: JSONBody[DeskBody]) -> DeskItem:
        """Its label, and what it takes; refused where somebody changed it since it was looked at."""
        if data.version is None:
            raise BadInput(
                "The change does not say which version of the desk was seen. Nothing was changed. Send `version` of "
                "the desk that is on the screen",
                "desk.version",
            )
        return shown.desk(shifts.set_desk(Ref(desk_id), _wanted(data), request.user.actor, Seq(data.version)))

    @delete("/api/v1/desks/{desk_id:str}", opt=needs("desk.write"), summary="Remove a desk")
    @in_thread
    def remove_desk(request: PrincipalRequest, desk_id: OneDesk) -> Response[None]:
        """One that nobody is on shift at."""
        shifts.remove_desk(Ref(desk_id), request.user.actor)
        return Response(None, status_code=204)

    @post("/api/v1/queue-parts", opt=needs("shift.act"), summary="Offer part of the queue to another desk")
    @in_thread
    def offer_part(request: PrincipalRequest, data: JSONBody[OfferPartBody]) -> QueuePartItem:
        """What is open of a class or a site. Until somebody at that desk accepts, nothing changes."""
        site = None if data.site_id is None else Ref(data.site_id)
        is_lead = LEAD in request.user.granted
        made = queue.offer(Ref(data.to_desk), data.hazard, site, request.user.actor, is_lead=is_lead)
        return part_item(made)

    @post("/api/v1/queue-parts/{part_id:str}/accept", opt=needs("shift.act"), status_code=200, summary="Accept a part")
    @in_thread
    def accept_part(request: PrincipalRequest, part_id: OnePart) -> QueuePartItem:
        """For the desk at which one is on shift; what its offerer had claimed is claimed by oneself."""
        return part_item(queue.accept(Ref(part_id), request.user.actor))

    @delete("/api/v1/queue-parts/{part_id:str}", opt=needs("shift.act"), summary="End a part")
    @in_thread
    def end_part(request: PrincipalRequest, part_id: OnePart) -> Response[None]:
        """Withdraw what one offered, decline it, or give it back: what is open of it is the whole room's again."""
        queue.end(Ref(part_id), request.user.actor, is_lead=LEAD in request.user.granted)
        return Response(None, status_code=204)

    of_desks = [add_desk, change_desk, remove_desk]
    return [
        *of_desks,
        offer_part,
        accept_part,
        end_part,
        read_shifts,
        read_one_shift,
        begin_shift,
        end_shift,
        offer_shift,
        end_offer,
        accept_shift,
        take_over_shift,
    ]


class _Shown:
    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._clock = parts.clock
        self._shifts = parts.centre.shifts
        self._out = OutShown(parts)
        self._parts = parts.centre.queue_parts
        self._limit_s = parts.settings.shifts.unattended_s

    def item(self, shift: Shift) -> ShiftItem:
        return shift_item(shift, self._clock.now_us())

    def desk(self, desk: Desk) -> DeskItem:
        on = [self.item(shift) for shift in self._store.shifts() if shift.desk == desk.id]
        return desk_item(desk, on, self._shifts.due(desk))

    def board(self, me: Actor) -> ShiftsAnswer:
        now = self._clock.now_us()
        found = self._store.shifts(ended_after=Micros(now - ENDED_US))
        going_on = [one for one in found if one.ended_at is None]
        ended = sorted((one for one in found if one.ended_at is not None), key=lambda one: -one.version)[:ENDED_MAX]
        desks = self._shifts.desks()
        staffed = {shift.desk for shift in going_on}
        on = [desk for desk in desks if desk.id in staffed]
        living = {user.id for user in self._store.users() if not user.row.removed}
        return ShiftsAnswer(
            at=now,
            desks=[
                desk_item(
                    desk,
                    [shift_item(shift, now) for shift in going_on if shift.desk == desk.id],
                    self._shifts.due(desk),
                )
                for desk in desks
            ],
            ended=[shift_item(one, now) for one in ended],
            from_home=[
                FromHomeItem(
                    user=one.user,
                    not_now_until=one.row.not_now_until if (one.row.not_now_until or 0) > now else None,
                )
                for one in self._store.reach()
                if one.row.kind == "from_home" and one.user in living
            ],
            length_s_max=SHIFT_S_MAX,
            mine=next((one.id for one in going_on if one.user == me), None),
            offered=[one.id for one in going_on if one.offered_to == me],
            parts=[part_item(one) for one in self._parts.all()],
            unattended_s=self._limit_s,
            uncovered=list(uncovered(on)) if on else [],
        )

    def detail(self, id_: str) -> ShiftDetail:
        shift = self._store.shift(Ref(id_))
        if shift is None:
            raise BadInput("There is no such shift. Nothing was changed. Look at who is on shift", "shift.unknown")
        now = None if shift.ended_at is not None else self._shifts.listed(shift.user)
        known = {one.id: one for one in self._store.zones_out()}
        return ShiftDetail(
            now=listed_item(now),
            offered=listed_item(shift.offered),
            shift=self.item(shift),
            zones_out=[] if now is None else self._out.items([known[id_] for id_ in now.zones_out if id_ in known]),
        )


def _wanted(data: DeskBody) -> Wanted:
    return Wanted(
        hazards=tuple(data.hazards),
        label=Code(data.label),
        priorities=tuple(data.priorities),
        roster=None if data.roster is None else Ref(data.roster),
    )
