"""Schedules: when accounts open, close and test; tonight only; calendars of other programs; and who is late."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.account_parts import partition_code
from tocsin.centre.calendar_worker import CalendarAnswer as Read
from tocsin.centre.calendars import CALENDAR_BYTES_MAX
from tocsin.centre.editing import who_made
from tocsin.centre.schedule_times import DAY, is_open_time, spans
from tocsin.model.errors import BadInput
from tocsin.model.incidents import Incident
from tocsin.model.schedules import (
    SCHEDULE_DUE,
    Awaited,
    DayHours,
    Hours,
    Schedule,
    ScheduleRow,
    WeekHours,
)
from tocsin.model.values import Code, Micros, Ref, Seq, ZoneName
from tocsin.rules import reasons
from tocsin.rules.schedules import is_of_schedule
from tocsin.web.api.accounts import AccountId
from tocsin.web.api.schedule_types import (
    CalendarAnswer,
    DateHours,
    HoursItem,
    LateAnswer,
    LateItem,
    ScheduleBody,
    ScheduleItem,
    SchedulesAnswer,
    SpanItem,
    TonightBody,
    WeekdayHours,
)
from tocsin.web.api.sites import SiteId, Version
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.side_process import SideProcess
from tocsin.web.threads import in_thread

ACCOUNTS_MAX: Final = 200
"""So many accounts of one site are looked at."""

SPANS_SHOWN_MAX: Final = 14
SCHEDULE_BODY_BYTES_MAX: Final = 256 << 10
CALENDAR_S: Final = 15.0
PrincipalRequest = Request[Principal, Any, Any]
ScheduleId = Annotated[str, PathParameter(description="Id of a schedule", max_length=40)]
_READ: Final = msgspec.json.Decoder(Read)
_WHAT: Final[dict[Code, Awaited]] = {
    reasons.NOT_OPENED: "open",
    reasons.NOT_OPENED_TOLD_LATE: "open",
    reasons.NOT_CLOSED: "close",
    reasons.NOT_CLOSED_TOLD_LATE: "close",
    reasons.NOT_TESTED: "test",
    reasons.NOT_TESTED_TOLD_LATE: "test",
}


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of schedules."""
    schedules, shown = parts.centre.schedules, _Shown(parts)
    calendars = SideProcess("tocsin.centre.calendar_worker", "calendar", CALENDAR_S)

    @get("/api/v1/accounts/{account_id:str}/schedules", opt=needs("account.read"), summary="Schedules of an account")
    @in_thread
    def read_schedules(account_id: AccountId) -> SchedulesAnswer:
        """One for the whole account, and one for each partition that has its own."""
        return SchedulesAnswer(items=shown.items(parts.store.schedules([Ref(account_id)])), is_cut=False)

    @get("/api/v1/sites/{site_id:str}/schedules", opt=needs("site.read"), summary="Schedules of a site's accounts")
    @in_thread
    def read_site_schedules(site_id: SiteId) -> SchedulesAnswer:
        """Those of all accounts that stand there."""
        accounts = parts.store.account_page(None, ACCOUNTS_MAX + 1, site_id=Ref(site_id))
        found = parts.store.schedules([one.id for one in accounts[:ACCOUNTS_MAX]])
        return SchedulesAnswer(items=shown.items(found), is_cut=len(accounts) > ACCOUNTS_MAX)

    @get("/api/v1/supervision/schedules", opt=needs("supervision.read"), summary="Who did not open, close or test")
    @in_thread
    def read_late() -> LateAnswer:
        """Open incidents about schedules, the oldest first."""
        return shown.late()

    @put(
        "/api/v1/accounts/{account_id:str}/schedules",
        opt=needs("schedule.write"),
        request_max_body_size=SCHEDULE_BODY_BYTES_MAX,
        summary="Set the schedule of an account or a partition",
    )
    @in_thread
    def set_schedule(request: PrincipalRequest, account_id: AccountId, data: JSONBody[ScheduleBody]) -> ScheduleItem:
        """Set it whole; refused where somebody changed it since."""
        made = schedules.set(_row(Ref(account_id), data), Seq(data.version), request.user.actor)
        return shown.items([made])[0]

    @post(
        "/api/v1/schedules/{schedule_id:str}/tonight",
        opt=needs("schedule.tonight"),
        status_code=200,
        summary="Let it close at another time today",
    )
    @in_thread
    def set_tonight(request: PrincipalRequest, schedule_id: ScheduleId, data: JSONBody[TonightBody]) -> ScheduleItem:
        """For this one day; tomorrow it is as ever."""
        made = schedules.tonight(Ref(schedule_id), Seq(data.version), data.closes_at, request.user.actor)
        return shown.items([made])[0]

    @post(
        "/api/v1/schedules/{schedule_id:str}/calendar",
        opt={**needs("schedule.write"), FILE: ("text/calendar",)},
        status_code=200,
        request_max_body_size=CALENDAR_BYTES_MAX,
        summary="Take days from an iCalendar file",
    )
    async def take_calendar(
        request: PrincipalRequest,
        schedule_id: ScheduleId,
        version: Version,
        dry_run: Annotated[bool, QueryParameter(description="Say what it would do; change nothing")] = False,
    ) -> CalendarAnswer:
        """Its days take the place of those of the calendar before. No word of the file is kept."""
        old = await shown.one(Ref(schedule_id))
        today = datetime.fromtimestamp(parts.clock.now_us() // 1_000_000, UTC).date() - timedelta(days=1)
        answer = _READ.decode(await calendars.read(await request.body(), old.row.zone, today.isoformat()))
        if answer.read is None:
            raise BadInput(answer.message, answer.code)
        own = [one for one in old.row.days if one.source not in ("calendar", "shared")]
        named = {one.date for one in own}
        days = (*own, *(one for one in answer.read.days if one.date not in named))
        row = msgspec.structs.replace(old.row, days=days)
        item = await shown.taken(row, old, Seq(version), request.user, dry_run=dry_run)
        return CalendarAnswer(days=len(answer.read.days), left_out=answer.read.left_out, item=item)

    @delete("/api/v1/schedules/{schedule_id:str}", opt=needs("schedule.write"), summary="Remove a schedule")
    @in_thread
    def remove_schedule(request: PrincipalRequest, schedule_id: ScheduleId, version: Version) -> Response[None]:
        """Nothing is waited for any more."""
        schedules.remove(Ref(schedule_id), Seq(version), request.user.actor)
        return Response(None, status_code=204)

    return [
        read_schedules,
        read_site_schedules,
        read_late,
        set_schedule,
        set_tonight,
        take_calendar,
        remove_schedule,
    ]


class _Shown:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store
        self._names = parts.centre.names

    @in_thread
    def one(self, id_: Ref) -> Schedule:
        return self._parts.centre.schedules.one(id_)

    @in_thread
    def taken(self, row: ScheduleRow, old: Schedule, version: Seq, who: Principal, *, dry_run: bool) -> ScheduleItem:
        if not dry_run:
            old = self._parts.centre.schedules.set(row, version, who.actor)
        return self.items([msgspec.structs.replace(old, row=row) if dry_run else old])[0]

    def items(self, found: list[Schedule]) -> list[ScheduleItem]:
        accounts = self._names.accounts({one.row.account_id for one in found})
        parts = self._names.zones(accounts)
        now = self._parts.clock.now_us()
        items: list[ScheduleItem] = []
        for one in found:
            account = accounts.get(one.row.account_id)
            if account is None:
                continue  # it was removed a moment ago
            row = one.row
            due = self._store.timer(SCHEDULE_DUE, one.id)
            ahead = spans(row, now, Micros(now + 7 * DAY))[:SPANS_SHOWN_MAX]
            items.append(
                ScheduleItem(
                    id=one.id,
                    account=account.account,
                    account_id=row.account_id,
                    account_name=account.name,
                    changed_at=one.since,
                    changed_by=who_made(self._store, one.seq)[0],
                    close_late_min=row.close_late_min,
                    days=[
                        DateHours(
                            date=day.date,
                            hours=[HoursItem(opens_min=h.opens_min, closes_min=h.closes_min) for h in day.hours],
                            source=day.source,
                        )
                        for day in row.days
                    ],
                    due_at=None if due is None else due.due_at,
                    early_min=row.early_min,
                    holidays=row.holidays,
                    is_open_time=is_open_time(msgspec.structs.replace(row, early_min=0), now),
                    next=[SpanItem(opens_at=span.opens_at, closes_at=span.closes_at) for span in ahead],
                    open_late_min=row.open_late_min,
                    partition=row.partition,
                    partition_name=None
                    if row.partition is None
                    else parts.get(row.account_id, {}).get(partition_code(row.partition)),
                    test_h=row.test_h,
                    version=one.seq,
                    week=[
                        WeekdayHours(weekday=w.weekday, opens_min=w.opens_min, closes_min=w.closes_min)
                        for w in row.week
                    ],
                    zone=row.zone,
                )
            )
        return items

    def late(self) -> LateAnswer:
        found = sorted((one for one in self._parts.board.all() if _is_late(one)), key=lambda one: one.opened_at)
        sites = self._names.sites({one.site_id for one in found if one.site_id is not None})
        parts = self._names.zones({one.account_id for one in found if one.account_id is not None})
        items: list[LateItem] = []
        for one in found:
            assert one.account_id is not None, "a schedule is an account's"
            site = None if one.site_id is None else sites.get(one.site_id)
            items.append(
                LateItem(
                    account=one.account,
                    account_id=one.account_id,
                    incident=one.id,
                    incident_number=one.number,
                    is_returned=one.condition == "returned",
                    partition=one.zone,
                    partition_name=None if one.zone is None else parts.get(one.account_id, {}).get(one.zone),
                    reason=one.reason,
                    since=one.opened_at,
                    site=None if site is None else site.name,
                    site_id=one.site_id,
                    what=_WHAT.get(one.reason),
                )
            )
        return LateAnswer(items=items, schedules=self._store.schedule_count())


def _is_late(incident: Incident) -> bool:
    return incident.state == "open" and is_of_schedule(incident)


def _row(account_id: Ref, body: ScheduleBody) -> ScheduleRow:
    return ScheduleRow(
        account_id=account_id,
        close_late_min=body.close_late_min,
        days=tuple(
            DayHours(
                date=Code(day.date),
                hours=tuple(Hours(closes_min=h.closes_min, opens_min=h.opens_min) for h in day.hours),
                source=day.source,
            )
            for day in body.days
        ),
        early_min=body.early_min,
        holidays=None if body.holidays is None else Ref(body.holidays),
        open_late_min=body.open_late_min,
        partition=None if body.partition is None else Code(body.partition),
        test_h=body.test_h,
        week=tuple(WeekHours(closes_min=w.closes_min, opens_min=w.opens_min, weekday=w.weekday) for w in body.week),
        zone=ZoneName(body.zone),
    )
