"""`/api/v1/calls`: calls that somebody takes. A form is saved as it is typed, and opens an incident or joins one."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.model.call_forms import CallForm
from tocsin.model.incidents import Incident
from tocsin.model.values import Code, Ref, Seq
from tocsin.web.api.call_types import (
    CallAbandonBody,
    CallDraftBody,
    CallFormAnswer,
    CallFormItem,
    CallFormsAnswer,
    CallJoinBody,
    CallOpenBody,
    CallSaveBody,
    ReportItem,
    ReportsAnswer,
)
from tocsin.web.api.incidents import Desk, IdempotencyKey, IncidentId, checked_id
from tocsin.web.api.types import CommandAnswer
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
CallId = Annotated[str, PathParameter(description="Id of a call", pattern=r"^call-[0-9]{1,16}$")]


def form_items(parts: Parts, found: Sequence[CallForm]) -> list[CallFormItem]:
    """Calls that are being taken, as the API says them. Reads the disk."""
    sites = parts.centre.names.sites({one.marks.site_id for one in found if one.marks.site_id is not None})
    return [
        CallFormItem(
            id=one.id,
            begun_at=one.begun_at,
            begun_by=one.begun_by,
            held_by=one.held_by,
            incident=one.incident,
            marks=one.marks,
            outcome=one.outcome,
            saved_at=one.saved_at,
            site=site.name if one.marks.site_id is not None and (site := sites.get(one.marks.site_id)) else None,
            version=one.seq,
        )
        for one in found
    ]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of calls, and of what people reported."""
    desk = Desk(parts)
    calls = parts.centre.call_forms
    names = parts.centre.names

    def items(found: Sequence[CallForm]) -> list[CallFormItem]:
        return form_items(parts, found)

    def carried(request: PrincipalRequest, done: tuple[Incident, Seq]) -> CommandAnswer:
        return CommandAnswer(incident=desk.item(done[0], request.user), seq=done[1])

    @get("/api/v1/calls", opt=needs("call.take"), summary="Calls that are being taken")
    @in_thread
    def read_calls() -> CallFormsAnswer:
        """Which calls are being taken at the desks of the room; nothing of what is said."""
        return CallFormsAnswer(items=items(calls.open()))

    @post("/api/v1/calls", opt=needs("call.take"), summary="Take a call")
    @in_thread
    def begin_call(
        request: PrincipalRequest, data: JSONBody[CallDraftBody], idempotency_key: IdempotencyKey
    ) -> CallFormItem:
        """Begin a form with what was typed first. It is durable when this answers, and every desk sees the call."""
        return items([calls.begin(data.draft, request.user.actor, Code(idempotency_key))])[0]

    @get("/api/v1/calls/{call_id:str}", opt=needs("call.take"), summary="The form of a call")
    @in_thread
    def read_call(request: PrincipalRequest, call_id: CallId) -> CallFormAnswer:
        """What stands in the form of a call that is being taken. Each reading is noted in the journal."""
        call, draft = calls.read(Ref(call_id), request.user.actor)
        # As the form stands: of one that was opened of a ring no field was left yet, and its line has a site.
        return CallFormAnswer(call=items([msgspec.structs.replace(call, marks=draft.marks)])[0], draft=draft)

    @put("/api/v1/calls/{call_id:str}", opt=needs("call.take"), summary="Save the form of a call")
    @in_thread
    def save_call(request: PrincipalRequest, call_id: CallId, data: JSONBody[CallSaveBody]) -> CallFormItem:
        """Save what is typed, in place of what was saved before. It is durable when this answers."""
        return items([calls.save(Ref(call_id), data.draft, request.user.actor, is_left=data.is_left)])[0]

    @post(
        "/api/v1/calls/{call_id:str}/take-over",
        opt=needs("call.take"),
        status_code=200,
        summary="Take a call over",
    )
    @in_thread
    def take_call_over(request: PrincipalRequest, call_id: CallId) -> CallFormItem:
        """Go on with a form that another desk began. Whoever had it saves no more."""
        return items([calls.take_over(Ref(call_id), request.user.actor)])[0]

    @post("/api/v1/calls/{call_id:str}/abandon", opt=needs("call.take"), status_code=200, summary="Abandon a call")
    @in_thread
    def abandon_call(
        request: PrincipalRequest, call_id: CallId, data: JSONBody[CallAbandonBody], idempotency_key: IdempotencyKey
    ) -> CallFormItem:
        """End a call that is no report, with the reason. What stood in its form is erased."""
        return items([calls.abandon(Ref(call_id), data.reason, request.user.actor, Code(idempotency_key))])[0]

    @post("/api/v1/calls/{call_id:str}/open", opt=needs("call.take"), summary="Open an incident of a call")
    @in_thread
    def open_of_call(
        request: PrincipalRequest, call_id: CallId, data: JSONBody[CallOpenBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Open an incident. It is durable when this answers; the same again gets the same answer for 30 days."""
        actor, key = request.user.actor, Code(idempotency_key)
        return carried(request, calls.report(Ref(call_id), data.draft, actor, key, is_claimed=data.is_claimed))

    @post(
        "/api/v1/calls/{call_id:str}/join",
        opt=needs("call.take"),
        status_code=200,
        summary="Join a call to an open incident",
    )
    @in_thread
    def join_call(
        request: PrincipalRequest, call_id: CallId, data: JSONBody[CallJoinBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Add a call to an incident that is open: it is confirmed by a person, and as urgent as the call says."""
        into, key = desk.seen(checked_id(data.into), request.user).id, Code(idempotency_key)
        return carried(request, calls.report(Ref(call_id), data.draft, request.user.actor, key, into=into))

    @get("/api/v1/incidents/{incident_id:str}/reports", opt=needs("help.read"), summary="What people reported")
    @in_thread
    def read_reports(request: PrincipalRequest, incident_id: IncidentId) -> ReportsAnswer:
        """Each report of an incident in the caller's words. Each person's first reading of each claim is a fact."""
        id_ = desk.seen(checked_id(incident_id), request.user).id
        found = calls.reports(id_, request.user.actor)
        sites = names.sites({one.site_id for one in found if one.site_id is not None})
        return ReportsAnswer(
            items=[
                ReportItem(
                    at=one.at,
                    by=one.by,
                    call=one.call,
                    is_first=one.is_first,
                    is_handed_over=one.is_handed_over,
                    place=one.place,
                    seq=one.seq,
                    site_id=one.site_id,
                    site=site.name if one.site_id is not None and (site := sites.get(one.site_id)) else None,
                    type=one.type,
                    device_time=one.device_time,
                    waited_s=one.waited_s,
                    way=one.way,
                    words=one.words,
                )
                for one in found
            ]
        )

    return [
        read_calls,
        begin_call,
        read_call,
        save_call,
        take_call_over,
        abandon_call,
        open_of_call,
        join_call,
        read_reports,
    ]
