"""`/api/v1/me/reach`: how one is reached. Contacts of one's own, the kind of staff, "not now", and a test."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.calendar_worker import CalendarAnswer as Read
from tocsin.centre.calendars import CALENDAR_BYTES_MAX
from tocsin.centre.own_calendar import is_away, refused
from tocsin.centre.rosters import checked_zone
from tocsin.model.errors import BadInput
from tocsin.model.notices import (
    CHANNELS,
    CONTACTS_MAX,
    FAILING,
    AwayDay,
    AwayHours,
    AwayWeekly,
    ChannelTime,
    Contact,
    ContactAddress,
    Notice,
    OwnRules,
    ReachRow,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Secret, ZoneName
from tocsin.rules.delivery import is_test_due
from tocsin.rules.ladder import plan_of
from tocsin.web.api.notice_types import (
    AwayItem,
    CalendarTaken,
    ChannelTimeBody,
    ContactBody,
    ContactItem,
    ContactMade,
    MyReachAnswer,
    NoticeItem,
    ReachBody,
    ReachItem,
    RulesBody,
    WeekBody,
    WeeklyBody,
    notice_item,
)
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.side_process import SideProcess
from tocsin.web.threads import in_thread

CALENDAR_S: Final = 15.0
_READ: Final = msgspec.json.Decoder(Read)
LOOKED_MAX: Final = 100
"""Notices of one's own that are looked through for tests."""

WEBHOOK_SECRET_BYTES: Final = 32
PrincipalRequest = Request[Principal, Any, Any]
ContactId = Annotated[str, PathParameter(description="Id of a contact", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of one's own contacts."""
    contacts, outbox = parts.centre.contacts, parts.centre.outbox
    mine = _Mine(parts)
    calendars = SideProcess("tocsin.centre.calendar_worker", "calendar", CALENDAR_S)

    @get("/api/v1/me/reach", opt=needs("self.manage"), summary="How one is reached")
    @in_thread
    def read_reach(request: PrincipalRequest) -> MyReachAnswer:
        """Own contacts, when one may be notified, and what is switched on here. No address is shown whole."""
        return mine.answer(request.user.actor)

    @put("/api/v1/me/reach", opt=needs("self.manage"), summary="When one may be notified")
    @in_thread
    def set_reach(request: PrincipalRequest, data: JSONBody[ReachBody]) -> MyReachAnswer:
        """On shift: on duty until a time. From home: reachable, or "not now" until a time. No sign-out changes it."""
        me = request.user.actor
        contacts.set_reach(me, data.kind, not_now_until=data.not_now_until, on_duty_until=data.on_duty_until)
        return mine.answer(me)

    @put("/api/v1/me/reach/rules", opt=needs("self.manage"), summary="By which channels one is told, and how soon")
    @in_thread
    def set_rules(request: PrincipalRequest, data: JSONBody[RulesBody]) -> MyReachAnswer:
        """Two sets of rules, for what is urgent and for the rest; an empty one is the ladder of the centre."""
        me = request.user.actor
        contacts.set_rules(me, OwnRules(normal=_times(data.normal), urgent=_times(data.urgent)))
        return mine.answer(me)

    @put("/api/v1/me/reach/week", opt=needs("self.manage"), summary="When one is not to be told, each week")
    @in_thread
    def set_week(request: PrincipalRequest, data: JSONBody[WeekBody]) -> MyReachAnswer:
        """So "not now" is said by itself, for who is called from home. The last step of a chain goes all the same."""
        me = request.user.actor
        contacts.set_away(me, ZoneName(data.zone), weekly=tuple(map(_weekly, data.weekly)))
        return mine.answer(me)

    @post(
        "/api/v1/me/reach/calendar",
        opt={**needs("self.manage"), FILE: ("text/calendar",)},
        status_code=200,
        request_max_body_size=CALENDAR_BYTES_MAX,
        summary="Take own absences from an iCalendar file",
    )
    async def take_absences(
        request: PrincipalRequest,
        time_zone: Annotated[
            str, QueryParameter(min_length=1, max_length=64, description="IANA time zone of its days")
        ],
    ) -> CalendarTaken:
        """Its days take the place of those taken before. No word of the file is kept."""
        me = request.user.actor
        today = datetime.fromtimestamp(parts.clock.now_us() // 1_000_000, UTC).date() - timedelta(days=1)
        checked_zone(ZoneName(time_zone))
        answer = _READ.decode(await calendars.read(await request.body(), time_zone, today.isoformat(), "absences"))
        if answer.read is None:
            raise BadInput(answer.message, answer.code)
        days = tuple(
            AwayDay(
                date=one.date,
                hours=tuple(AwayHours(from_min=span.opens_min, to_min=span.closes_min) for span in one.hours),
            )
            for one in answer.read.days
        )

        def take() -> MyReachAnswer:
            contacts.set_away(me, ZoneName(time_zone), days=days)
            return mine.answer(me)

        reach = await asyncio.to_thread(take)
        return CalendarTaken(days=len(days), left_out=answer.read.left_out, reach=reach)

    @delete("/api/v1/me/reach/calendar", opt=needs("self.manage"), status_code=200, summary="Forget the own absences")
    @in_thread
    def drop_absences(request: PrincipalRequest) -> MyReachAnswer:
        """The days of the own calendar count no more; the own week stays."""
        me = request.user.actor
        row = contacts.reach(me)
        if row is not None and row.away is not None:
            contacts.set_away(me, row.away.zone, days=())
        return mine.answer(me)

    @post("/api/v1/me/contacts", opt=needs("self.manage"), status_code=201, summary="Add a contact")
    @in_thread
    def add_contact(request: PrincipalRequest, data: JSONBody[ContactBody]) -> ContactMade:
        """Add a way to be reached. It counts when a test of it was answered."""
        secret: Secret | None = None
        if data.channel == "webhook":
            made = base64.b64encode(parts.ids.token_bytes(WEBHOOK_SECRET_BYTES)).decode()
            secret = Secret(f"whsec_{made}")
        address = ContactAddress(
            address=data.address,
            auth=None if data.auth is None else Secret(data.auth),
            p256dh=None if data.p256dh is None else Secret(data.p256dh),
            secret=secret,
        )
        contact = contacts.add(request.user.actor, data.channel, address)
        found = mine.contacts(request.user.actor)
        return ContactMade(contact=next(one for one in found if one.id == contact.id), secret=secret)

    @delete("/api/v1/me/contacts/{contact_id:str}", opt=needs("self.manage"), summary="Remove a contact")
    @in_thread
    def remove_contact(request: PrincipalRequest, contact_id: ContactId) -> Response[None]:
        """Forget a contact; its address is destroyed."""
        contacts.remove(request.user.actor, Ref(contact_id))
        return Response(None, status_code=204)

    @post("/api/v1/me/contacts/{contact_id:str}/test", opt=needs("self.manage"), status_code=200, summary="Test it")
    @in_thread
    def test_contact(request: PrincipalRequest, contact_id: ContactId) -> NoticeItem:
        """Send oneself a test, whatever one's duty is. Answer it, and the contact counts."""
        return notice_item(outbox.test(request.user.actor, Ref(contact_id)))

    return [
        read_reach,
        set_reach,
        set_rules,
        set_week,
        take_absences,
        drop_absences,
        add_contact,
        remove_contact,
        test_contact,
    ]


class _Mine:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def answer(self, me: Actor) -> MyReachAnswer:
        outbox = self._parts.centre.outbox
        row = self._parts.centre.contacts.reach(me)
        on = {channel for channel, _ in outbox.ways}
        return MyReachAnswer(
            reach=self._reach(me),
            rules=_rules(row),
            away=_away(row, self._parts.clock.now_us()),
            contacts=self.contacts(me),
            channels=[channel for channel in CHANNELS if channel in on],
            contacts_max=CONTACTS_MAX,
            push_key=outbox.push_key,
        )

    def contacts(self, me: Actor) -> list[ContactItem]:
        centre = self._parts.centre
        on = {channel for channel, _ in centre.outbox.ways}
        now, days = self._parts.clock.now_us(), self._parts.settings.notify.test_days
        tests: dict[Ref, Notice] = {}
        for notice in self._parts.store.notices(LOOKED_MAX, recipient=me):
            if notice.purpose == "test" and notice.plan:
                tests.setdefault(notice.plan[0].contact, notice)
        return [
            _item(one, hint, tests.get(one.id), is_on=one.row.channel in on, is_due=is_test_due(one, now, days))
            for one, hint in centre.contacts.of(me)
        ]

    def _reach(self, me: Actor) -> ReachItem:
        centre = self._parts.centre
        row = centre.contacts.reach(me)
        found = self._parts.store.contacts(me)
        reason: str | None = refused(row, self._parts.clock.now_us())
        if reason is None and not plan_of(found, centre.outbox.ways):
            reason = "no_way" if found else "no_contact"
        if reason is None and not plan_of([one for one in found if one.row.tested_at is not None], centre.outbox.ways):
            reason = "untested"
        return ReachItem(
            kind="on_shift" if row is None else row.kind,
            not_now_until=None if row is None else row.not_now_until,
            on_duty_until=None if row is None else row.on_duty_until,
            is_reachable=reason is None,
            reason=None if reason is None else Code(reason),
        )


def _times(bodies: list[ChannelTimeBody]) -> tuple[ChannelTime, ...]:
    return tuple(ChannelTime(after_s=one.after_s, channel=one.channel) for one in bodies)


def _weekly(body: WeeklyBody) -> AwayWeekly:
    return AwayWeekly(hours=AwayHours(from_min=body.from_min, to_min=body.to_min), weekday=body.weekday)


def _rules(row: ReachRow | None) -> RulesBody:
    own = None if row is None else row.rules
    if own is None:
        return RulesBody(urgent=[], normal=[])
    urgent, normal = (
        [ChannelTimeBody(channel=one.channel, after_s=one.after_s) for one in times]
        for times in (own.urgent, own.normal)
    )
    return RulesBody(urgent=urgent, normal=normal)


def _away(row: ReachRow | None, now: Micros) -> AwayItem:
    away = None if row is None else row.away
    if away is None:
        return AwayItem(zone=None, weekly=[], days=[], is_now=False)
    return AwayItem(
        zone=away.zone,
        weekly=[
            WeeklyBody(weekday=one.weekday, from_min=one.hours.from_min, to_min=one.hours.to_min) for one in away.weekly
        ],
        days=list(away.days),
        is_now=is_away(away, now),
    )


def _item(contact: Contact, hint: str, test: Notice | None, *, is_on: bool, is_due: bool) -> ContactItem:
    return ContactItem(
        is_failing=contact.row.reason == FAILING,
        is_test_due=is_due,
        id=contact.id,
        channel=contact.row.channel,
        hint=hint,
        tested_at=contact.row.tested_at,
        is_on=is_on,
        test=None if test is None else notice_item(test),
    )
