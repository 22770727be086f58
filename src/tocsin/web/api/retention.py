"""`/api/v1/retention`, `/api/v1/holds` and an incident's data: when they end, what holds them, erasing them early.

Nothing here shows a word of an incident. Holds and early erasure take two persons: ask for the approval first, with the
same values (`/api/v1/approvals`), and give its id with the act.
"""

from typing import Annotated, Any, Final

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.model.errors import BadInput
from tocsin.model.personal import REGISTER
from tocsin.model.retention import (
    CLASSES,
    LONG_REASONS,
    EraseEarly,
    EraseWaiting,
    Hold,
    IncidentData,
    LiftHold,
    Retention,
    RetentionRules,
    SetHold,
)
from tocsin.model.values import Code, Micros, Ref
from tocsin.web.api.incidents import CLOSED, Desk, IncidentId, checked_id
from tocsin.web.api.retention_types import (
    DataAnswer,
    EraseBody,
    HoldBody,
    HoldItem,
    HoldsAnswer,
    LiftBody,
    ReleasedAnswer,
    ReleaseWaitingBody,
    RetentionAnswer,
    RetentionItem,
    WaitingAnswer,
    WaitingItem,
)
from tocsin.web.hidden import hidden_from
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

HOLDS_SHOWN_MAX: Final = 1_000
HOLD_CHARACTERS_MAX: Final = 40
WAITING_PAGE_DEFAULT: Final = 50
WAITING_PAGE_MAX: Final = 500
PrincipalRequest = Request[Principal, Any, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=WAITING_PAGE_MAX)]
AfterIncident = Annotated[
    str | None,
    QueryParameter(description="`next` of the page before", pattern=r"^incident-[0-9]{1,16}$", required=False),
]
HoldId = Annotated[str, PathParameter(description="Id of a legal hold", max_length=HOLD_CHARACTERS_MAX)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of retention."""
    holds, waiting, clock, store = parts.centre.holds, parts.centre.waiting, parts.clock, parts.store
    rules = parts.settings.retention_rules
    desk = Desk(parts)

    def hold_item(hold: Hold) -> HoldItem:
        return HoldItem(
            id=hold.id,
            incident=hold.incident,
            reason=hold.reason,
            set_at=hold.set_at,
            set_by=hold.set_by,
            until=hold.until,
            lifted_at=hold.lifted_at,
            lifted_by=hold.lifted_by,
            lifted_reason=hold.lifted_reason,
            holds=hold.holds_at(clock.now_us()),
        )

    def data_answer(data: IncidentData) -> DataAnswer:
        return DataAnswer(
            incident=data.incident,
            retention=data.retention,
            values=data.values,
            due_at=data.due_at,
            erased_at=data.erased_at,
            erased_reason=data.erased_reason,
            holds=[hold_item(hold) for hold in reversed(data.holds)],
            is_held=data.is_held,
            clock_doubted=data.clock_doubted,
        )

    @get("/api/v1/retention", opt=needs("retention.read"), summary="How long personal data are kept, and why")
    @in_thread
    def read_retention() -> RetentionAnswer:
        """Every class of personal data: how long it is kept here, the default, and the reason."""
        return RetentionAnswer(
            items=[class_item(name, rules) for name in CLASSES],
            incident_reason=rules.incident_reason,
            incident_reason_words=LONG_REASONS[rules.incident_reason],
            clock_doubted=parts.vault.is_clock_in_doubt(clock.now_us()),
        )

    @get("/api/v1/holds", opt=needs("retention.read"), summary="Legal holds")
    @in_thread
    def read_holds(request: PrincipalRequest) -> HoldsAnswer:
        """The latest legal holds, lifted ones too."""
        hidden = hidden_from(parts.board, request.user)
        found = [hold for hold in store.holds() if hold.incident not in hidden]
        return HoldsAnswer(items=[hold_item(hold) for hold in reversed(found[-HOLDS_SHOWN_MAX:])])

    @get("/api/v1/retention/waiting", opt=needs("retention.read"), summary="What waits for its erasure after a restore")
    @in_thread
    def read_waiting(
        request: PrincipalRequest, limit: Limit = WAITING_PAGE_DEFAULT, after: AfterIncident = None
    ) -> WaitingAnswer:
        """Incidents whose texts fell due after the backup that was restored: shown to nobody, erased after a week.

        A legal hold on one of them opens its texts again and keeps them; they may have had one that no backup knows.
        When it was closed is for whoever may see closed incidents: what waits so soon was of somebody missing.
        """
        sees_closed = CLOSED in request.user.permissions
        page = waiting.page(None if after is None else Ref(after), limit)
        return WaitingAnswer(
            items=[
                WaitingItem(
                    incident=one.incident,
                    number=one.number,
                    closed_at=one.closed_at if sees_closed else None,
                    until=one.until,
                )
                for one in page.items
            ],
            next=page.next,
            total=page.total,
            erasing=page.erasing,
        )

    @post(
        "/api/v1/retention/waiting/release",
        opt=needs("erase.early"),
        status_code=200,
        summary="Erase now all that waits after a restore",
    )
    @in_thread
    def release_waiting(request: PrincipalRequest, data: JSONBody[ReleaseWaitingBody]) -> ReleasedAnswer:
        """Let all that waits fall due now; it is erased within a minute. Takes two persons: act `erase.waiting`."""
        wanted = EraseWaiting(count=data.count)
        return ReleasedAnswer(released=waiting.release(wanted, Ref(data.approval), request.user.actor))

    @get("/api/v1/incidents/{incident_id:str}/data", opt=needs("incident.read"), summary="When an incident's data end")
    @in_thread
    def read_data(request: PrincipalRequest, incident_id: IncidentId) -> DataAnswer:
        """Whether there are texts of the incident, when they are erased, and what holds them. Never a word of them.

        For whoever may see the incident itself: when its texts end tells whether somebody was missing.
        """
        return data_answer(holds.data_of(desk.seen(checked_id(incident_id), request.user).id))

    @post(
        "/api/v1/incidents/{incident_id:str}/holds",
        opt=needs("hold.write"),
        status_code=201,
        summary="Set a legal hold",
    )
    @in_thread
    def set_hold(request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[HoldBody]) -> HoldItem:
        """Keep the texts of an incident until a date. Takes two persons: act `hold.set`."""
        wanted = SetHold(incident=checked_id(incident_id), reason=data.reason, until=Micros(data.until))
        return hold_item(holds.set(wanted, Ref(data.approval), request.user.actor))

    @post(
        "/api/v1/incidents/{incident_id:str}/holds/{hold_id:str}/lift",
        opt=needs("hold.write"),
        status_code=200,
        summary="Lift a legal hold",
    )
    @in_thread
    def lift_hold(
        request: PrincipalRequest, incident_id: IncidentId, hold_id: HoldId, data: JSONBody[LiftBody]
    ) -> HoldItem:
        """End a legal hold before its date. Takes two persons: act `hold.lift`."""
        wanted = LiftHold(hold=_checked_hold(hold_id), incident=checked_id(incident_id), reason=data.reason)
        return hold_item(holds.lift(wanted, Ref(data.approval), request.user.actor))

    @post(
        "/api/v1/incidents/{incident_id:str}/erase",
        opt=needs("erase.early"),
        status_code=200,
        summary="Erase an incident's texts before their time",
    )
    @in_thread
    def erase(request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[EraseBody]) -> DataAnswer:
        """Destroy the key of a closed incident's texts, for ever. Takes two persons: act `erase.early`."""
        wanted = EraseEarly(incident=checked_id(incident_id), reason=data.reason)
        return data_answer(holds.erase_early(wanted, Ref(data.approval), request.user.actor))

    return [read_retention, read_holds, read_waiting, release_waiting, read_data, set_hold, lift_hold, erase]


def class_item(name: Retention, rules: RetentionRules) -> RetentionItem:
    """One class as people read it."""
    one = CLASSES[name]
    return RetentionItem(
        name=name,
        kept=one.kept,
        reason=one.reason,
        hours=None if one.hours is None else rules.hours_of(name),
        hours_default=one.hours,
        hours_max=one.hours_max,
        fields=[Code(f"{field.type}.{field.field}") for field in REGISTER if field.retention == name],
    )


def _checked_hold(hold_id: str) -> Ref:
    number = hold_id.removeprefix("hold-")
    if number == hold_id or not (number.isascii() and number.isdigit() and len(number) <= 16):
        raise BadInput("This incident has no such legal hold. Nothing was changed", "hold.unknown")
    return Ref(hold_id)
