"""Stills of an incident: masked for who handles it, clear for few and for minutes. Never for a token."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.still_worker import StillAnswer, check_box
from tocsin.model.errors import BadInput
from tocsin.model.stills import (
    FETCH_S,
    FILE_BYTES_MAX,
    FULL,
    IDLE_S,
    LIFT_S,
    STILLS_MAX,
    DrawnStill,
    Still,
    StillBox,
    number_of,
)
from tocsin.model.values import Code, Ref
from tocsin.web.api.incidents import Desk, IdempotencyKey, IncidentId, checked_id
from tocsin.web.api.still_types import (
    StillItem,
    StillLiftAnswer,
    StillLiftBody,
    StillMaskBody,
    StillsAnswer,
    StillSent,
)
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.side_process import SideProcess
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
StillId = Annotated[str, PathParameter(description="Id of a still", pattern=r"^still-[0-9]{2,16}$")]
Word = Annotated[str, QueryParameter(description="What the lifting answered", pattern=r"^[0-9a-f]{48}$")]
ReportId = Annotated[str, PathParameter(description="The phone's own id of a report", pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Part = Annotated[int, QueryParameter(ge=0, le=FULL, description="Of the box, in parts of a thousand of the picture")]
MEDIA: Final = ("image/png", "image/jpeg")
MASK_S: Final = 20.0
_ANSWER: Final = msgspec.msgpack.Decoder(StillAnswer)
_HEADERS: Final = {"cache-control": "no-store", "content-security-policy": "default-src 'none'; sandbox"}


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of stills."""
    stills, desk, reports = parts.centre.stills, Desk(parts), parts.centre.duty_reports
    worker = SideProcess("tocsin.centre.still_worker", "picture", MASK_S)

    @in_thread
    def incident_of(report: str, who: Principal) -> Ref:
        return reports.incident_of(Code(report), who.actor)

    @in_thread
    def stored(incident: Ref, drawn: DrawnStill, box: StillBox, who: Principal, key: str) -> int:
        stills.add(incident, drawn, box, "duty", who.actor, Code(key))
        return max(0, STILLS_MAX - len(stills.of(incident)))

    @post(
        "/api/v1/duty/reports/{report_id:str}/stills",
        opt={**needs("own.report"), FILE: MEDIA},
        status_code=200,
        request_max_body_size=FILE_BYTES_MAX,
        summary="Send a picture with an own report",
    )
    async def send_still(
        request: PrincipalRequest,
        report_id: ReportId,
        idempotency_key: IdempotencyKey,
        x: Part,
        y: Part,
        width: Part,
        height: Part,
    ) -> StillSent:
        """The body is the picture, and the box is what stays clear; all else is pixelated before anything is stored.

        Its pixels alone are kept, for 72 hours. The same picture again gets the same answer for 30 days.
        """
        incident = await incident_of(report_id, request.user)
        box = StillBox(height=height, width=width, x=x, y=y)
        check_box(box)
        words = (str(part) for part in (x, y, width, height))
        answer = _ANSWER.decode(await worker.read(await request.body(), *words))
        if answer.still is None:
            raise BadInput(answer.message, answer.code)
        return StillSent(left=await stored(incident, answer.still, box, request.user, idempotency_key))

    @get("/api/v1/incidents/{incident_id:str}/stills", opt=needs("still.read"), summary="Stills of an incident")
    @in_thread
    def read_stills(request: PrincipalRequest, incident_id: IncidentId) -> StillsAnswer:
        """Which stills it has, and until when, with those of what was merged into it. Erased ones are named, with when.

        Merged, they may be more than one incident takes.
        """
        incident = desk.seen(checked_id(incident_id), request.user).id
        found = stills.of(incident)
        numbers = {one.incident: seen.number for one in found if (seen := parts.store.incident(one.incident))}
        return StillsAnswer(
            items=[_item(one, None if one.incident == incident else numbers.get(one.incident)) for one in found],
            left=max(0, STILLS_MAX - len(found)),
        )

    @get(
        "/api/v1/incidents/{incident_id:str}/stills/{still_id:str}/masked",
        opt=needs("still.read"),
        summary="A masked still",
    )
    @in_thread
    def read_masked(request: PrincipalRequest, incident_id: IncidentId, still_id: StillId) -> Response[bytes]:
        """JPEG, pixelated but for the box. It is kept in no cache. Each person's first one of each claim is a fact."""
        incident = desk.seen(checked_id(incident_id), request.user).id
        return _jpeg(stills.masked(incident, Ref(still_id), request.user.actor))

    @post(
        "/api/v1/incidents/{incident_id:str}/stills/{still_id:str}/lift",
        opt=needs("still.lift"),
        status_code=200,
        summary="Lift the mask of a still",
    )
    @in_thread
    def lift_mask(
        request: PrincipalRequest, incident_id: IncidentId, still_id: StillId, data: JSONBody[StillLiftBody]
    ) -> StillLiftAnswer:
        """Who lifts it and why is a fact before this answers. The picture itself comes once, to this sign-in alone."""
        incident = desk.seen(checked_id(incident_id), request.user).id
        user = request.user
        word, seq = stills.lift(incident, Ref(still_id), data.reason, user.actor, user.own_session.id)
        return StillLiftAnswer(fetch_s=FETCH_S, idle_s=IDLE_S, limit_s=LIFT_S, seq=seq, word=word)

    @get(
        "/api/v1/incidents/{incident_id:str}/stills/{still_id:str}/clear",
        opt=needs("still.lift"),
        summary="A still whose mask was lifted",
    )
    @in_thread
    def read_clear(
        request: PrincipalRequest, incident_id: IncidentId, still_id: StillId, word: Word
    ) -> Response[bytes]:
        """JPEG without its mask, once, within half a minute, to the sign-in that lifted it."""
        incident = desk.seen(checked_id(incident_id), request.user).id
        return _jpeg(stills.unmasked(incident, Ref(still_id), word, request.user.own_session.id))

    @post(
        "/api/v1/incidents/{incident_id:str}/stills/{still_id:str}/mask",
        opt=needs("still.lift"),
        status_code=204,
        summary="Note that a still is masked again",
    )
    @in_thread
    def mask_again(
        request: PrincipalRequest, incident_id: IncidentId, still_id: StillId, data: JSONBody[StillMaskBody]
    ) -> None:
        """After how long, and why. Where nobody says so the time line counts the whole time that it may be lifted."""
        incident = desk.seen(checked_id(incident_id), request.user).id
        stills.mask_again(incident, Ref(still_id), data.word, request.user.own_session.id, data.reason)

    return [send_still, read_stills, read_masked, lift_mask, read_clear, mask_again]


def _item(still: Still, merged_number: int | None) -> StillItem:
    body = still.body
    return StillItem(
        id=still.id,
        at=still.at,
        by=still.by,
        box=body.box,
        erase_at=body.erase_at,
        erased_at=still.erased_at,
        height_px=body.height_px,
        merged_number=merged_number,
        number=number_of(still.id),
        source=body.source,
        width_px=body.width_px,
    )


def _jpeg(picture: bytes) -> Response[bytes]:
    return Response(picture, media_type="image/jpeg", headers=_HEADERS)
