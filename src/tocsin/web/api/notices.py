"""`/api/v1/notices`: the delivery board, and having people told of an incident."""

from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.outbox import unknown_notice
from tocsin.model.errors import BadInput
from tocsin.model.notices import FAILING, PEOPLE_MAX, NoticeState
from tocsin.model.values import Actor, Code, Ref, Seq
from tocsin.rules.chains import answers_of
from tocsin.rules.delivery import people_to_test
from tocsin.web.api.incidents import Desk, IdempotencyKey, IncidentId, checked_id
from tocsin.web.api.notice_types import IncidentNoticesAnswer, NoticeItem, NoticesAnswer, NotifyBody, notice_item
from tocsin.web.hidden import Hidden
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PAGE_MAX: Final = 200
OF_INCIDENT_MAX: Final = 1000
PrincipalRequest = Request[Principal, Any, Any]
NoticeId = Annotated[str, PathParameter(description="Id of a notice", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the delivery board."""
    outbox, store, access = parts.centre.outbox, parts.store, parts.access
    desk, unseen = Desk(parts), Hidden(parts.board, parts.store)

    @get("/api/v1/notices", opt=needs("notice.read"), summary="The delivery board")
    @in_thread
    def read_notices(
        request: PrincipalRequest,
        of_state: Annotated[NoticeState | None, QueryParameter(name="state", required=False)] = None,
        before: Annotated[int | None, QueryParameter(ge=1, le=2**53, required=False)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = 100,
    ) -> NoticesAnswer:
        """Who was told of what, by which attempts, and who answered; newest first. Tests are among them."""
        found = store.notices(
            limit,
            before=None if before is None else Seq(before),
            states=None if of_state is None else (of_state,),
        )
        tally = store.notice_tally()
        hidden, uncounted = unseen.incidents(request.user), unseen.counts(request.user)
        return NoticesAnswer(
            items=[notice_item(one) for one in found if one.incident not in hidden],
            next=found[-1].seq if len(found) == limit else None,
            waiting=max(0, tally.waiting - uncounted.waiting),
            held=max(0, tally.held - uncounted.held),
            failing=[Code(one) for one in sorted(outbox.failing)],
            ways=[Code(f"{channel}_{rank}") for channel, rank in sorted(outbox.ways)],
            failing_of=list(dict.fromkeys(one.row.user for one in store.contacts() if one.row.reason == FAILING)),
            tests_due_of=people_to_test(store.contacts(), parts.clock.now_us(), parts.settings.notify.test_days),
        )

    @get("/api/v1/incidents/{incident_id:str}/notices", opt=needs("notice.read"), summary="Who was told of it")
    @in_thread
    def read_incident_notices(request: PrincipalRequest, incident_id: IncidentId) -> IncidentNoticesAnswer:
        """Notices of an incident, newest first, with their answers."""
        incident = desk.seen(checked_id(incident_id), request.user)
        found = store.notices(OF_INCIDENT_MAX, incident=incident.id)
        last = answers_of(found)
        return IncidentNoticesAnswer(
            items=[notice_item(one) for one in found],
            coming=sum(answer == "coming" for answer in last.values()),
            cannot=sum(answer == "cannot" for answer in last.values()),
        )

    @post(
        "/api/v1/incidents/{incident_id:str}/notify", opt=needs("notice.send"), status_code=200, summary="Tell people"
    )
    @in_thread
    def notify(
        request: PrincipalRequest,
        incident_id: IncidentId,
        data: JSONBody[NotifyBody],
        idempotency_key: IdempotencyKey,
    ) -> IncidentNoticesAnswer:
        """Have people told of an open incident. Who is off duty, or said "not now", is not; the answer says so."""
        incident = desk.seen(checked_id(incident_id), request.user)
        people, nobody = _people(data, incident.raised_by)
        made = outbox.notify(incident.id, people, request.user.actor, Code(idempotency_key), data.wanted)
        return IncidentNoticesAnswer(items=[notice_item(one) for one in made], coming=0, cannot=0, nobody=nobody)

    @post("/api/v1/notices/{notice_id:str}/again", opt=needs("notice.send"), status_code=200, summary="Send again")
    @in_thread
    def send_again(request: PrincipalRequest, notice_id: NoticeId) -> NoticeItem:
        """Have somebody told anew: what was held after a restore, has failed or expired."""
        return notice_item(outbox.send_again(seen(notice_id, request.user), request.user.actor))

    @delete("/api/v1/notices/{notice_id:str}", opt=needs("notice.send"), summary="Let go of a notice")
    @in_thread
    def drop_notice(request: PrincipalRequest, notice_id: NoticeId) -> Response[None]:
        """Send nothing more of it."""
        outbox.drop(seen(notice_id, request.user), request.user.actor)
        return Response(None, status_code=204)

    def seen(notice_id: str, who: Principal) -> Ref:
        """One that they may see; any other is as unknown as one that never was."""
        found = store.notice(Ref(notice_id))
        if found is not None and found.incident in unseen.incidents(who):
            raise unknown_notice()
        return Ref(notice_id)

    def _people(data: NotifyBody, but: Actor | None) -> tuple[list[Actor], list[Code]]:
        wanted = set(data.roles)
        living = {user.id: user.row.roles for user in store.users() if not user.row.removed}
        named = [Actor(one) for one in dict.fromkeys(data.users)]
        unknown = [one for one in named if one not in living or not access.roles_of(one)]
        if unknown:
            raise BadInput(
                f"{len(unknown)} of the people who were named do not work here any more. Nobody was notified. Load the "
                "page anew and choose again",
                "notice.people",
            )
        on_call, nobody = parts.centre.rosters.people(Ref(one) for one in data.rosters)
        by_role = (id_ for id_, roles in living.items() if wanted.intersection(roles))
        # Whoever called for the control room is told of nothing: what they read is read with them.
        people = [one for one in dict.fromkeys([*named, *on_call, *by_role]) if one != but]
        if not 1 <= len(people) <= PEOPLE_MAX:
            raise BadInput(
                f"1 to {PEOPLE_MAX} people are told at once; this names {len(people)}. Nobody was notified. Name "
                "others, or fewer",
                "notice.people",
            )
        return people, nobody

    return [read_notices, read_incident_notices, notify, send_again, drop_notice]
