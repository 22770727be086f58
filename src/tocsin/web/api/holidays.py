"""`/api/v1/holidays`: calendars of holidays that the schedules of many places share."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.calendar_worker import CalendarAnswer as Read
from tocsin.centre.calendars import CALENDAR_BYTES_MAX
from tocsin.centre.schedule_check import is_zone
from tocsin.model.errors import BadInput
from tocsin.model.holidays import Holidays, HolidaysRow
from tocsin.model.schedules import DayHours, Hours, Schedule
from tocsin.model.values import Code, Ref, Seq
from tocsin.web.api.holiday_types import HolidaysAnswer, HolidaysBody, HolidaysItem, HolidayUser
from tocsin.web.api.schedule_types import DateHours, HoursItem
from tocsin.web.api.sites import Version
from tocsin.web.configuration_items import shown_now
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.side_process import SideProcess
from tocsin.web.threads import in_thread

CALENDAR_S: Final = 15.0
BODY_BYTES_MAX: Final = 64 << 10
USERS_MAX: Final = 50
"""So many of those who share a calendar are named; the count says how many there are."""

T = TypeVar("T")
PrincipalRequest = Request[Principal, Any, Any]
HolidaysId = Annotated[str, PathParameter(description="Id of a calendar of holidays", max_length=40)]
CalendarZone = Annotated[
    str, QueryParameter(description="By whose clock the file is read, such as Europe/Vienna", max_length=64)
]
_READ: Final = msgspec.json.Decoder(Read)


class HolidaysRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says, and the calendar with it."""

    item: HolidaysItem
    left_out: int
    """Events that say nothing here: called off, or longer than the day after."""


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of calendars of holidays."""
    holidays, names = parts.centre.holidays, parts.centre.names
    reader = SideProcess("tocsin.centre.calendar_worker", "calendar", CALENDAR_S)

    def items(found: Sequence[Holidays]) -> list[HolidaysItem]:
        users = holidays.users()
        shown = [one for calendar in found for one in users.get(calendar.id, [])[:USERS_MAX]]
        accounts = names.accounts({one.row.account_id for one in shown})

        def user(one: Schedule) -> HolidayUser:
            account = accounts[one.row.account_id]
            return HolidayUser(
                account=account.account,
                account_id=one.row.account_id,
                account_name=account.name,
                partition=one.row.partition,
                schedule=one.id,
            )

        return [
            HolidaysItem(
                id=one.id,
                changed_at=one.at,
                changed_by=one.by,
                count=len(users.get(one.id, [])),
                days=[
                    DateHours(
                        date=day.date,
                        hours=[HoursItem(opens_min=h.opens_min, closes_min=h.closes_min) for h in day.hours],
                        source="shared",
                    )
                    for day in one.row.days
                ],
                label=one.row.label,
                users=[user(at) for at in users.get(one.id, [])[:USERS_MAX] if at.row.account_id in accounts],
                version=one.seq,
            )
            for one in found
        ]

    @get("/api/v1/holidays", opt=needs("account.read"), summary="Calendars of holidays that schedules share")
    @in_thread
    def read_holidays() -> HolidaysAnswer:
        """Each with its days, and with who shares it."""
        return HolidaysAnswer(items=items(holidays.all()))

    @post(
        "/api/v1/holidays",
        opt=needs("schedule.write"),
        request_max_body_size=BODY_BYTES_MAX,
        summary="Add a calendar of holidays",
    )
    @in_thread
    def add_holidays(request: PrincipalRequest, data: JSONBody[HolidaysBody]) -> HolidaysItem:
        """Schedules name it to share it."""
        return items([holidays.set(None, _row(data), Seq(0), request.user.actor)])[0]

    @put(
        "/api/v1/holidays/{holidays_id:str}",
        opt=needs("schedule.write"),
        request_max_body_size=BODY_BYTES_MAX,
        summary="Change a calendar of holidays",
    )
    @in_thread
    def change_holidays(
        request: PrincipalRequest, holidays_id: HolidaysId, data: JSONBody[HolidaysBody]
    ) -> HolidaysItem:
        """Whole, and with it every schedule that shares it; where somebody changed it since, the refusal shows it."""
        id_ = Ref(holidays_id)
        return items([_shown(id_, lambda: holidays.set(id_, _row(data), Seq(data.version), request.user.actor))])[0]

    @post(
        "/api/v1/holidays/{holidays_id:str}/calendar",
        opt={**needs("schedule.write"), FILE: ("text/calendar",)},
        status_code=200,
        request_max_body_size=CALENDAR_BYTES_MAX,
        summary="Take holidays from an iCalendar file",
    )
    async def read_calendar(
        request: PrincipalRequest,
        holidays_id: HolidaysId,
        version: Version,
        time_zone: CalendarZone,
        dry_run: Annotated[bool, QueryParameter(description="Say what it would do; change nothing")] = False,
    ) -> HolidaysRead:
        """Its days take the place of those that are there. No word of the file is kept."""
        if not is_zone(time_zone):
            raise BadInput(
                "That is no time zone of the IANA database, such as Europe/Vienna. Nothing was changed. Name one",
                "holidays.zone",
            )
        old = await _one(Ref(holidays_id))
        today = datetime.fromtimestamp(parts.clock.now_us() // 1_000_000, UTC).date() - timedelta(days=1)
        answer = _READ.decode(await reader.read(await request.body(), time_zone, today.isoformat()))
        if answer.read is None:
            raise BadInput(answer.message, answer.code)
        row = msgspec.structs.replace(old.row, days=tuple(answer.read.days))
        item = await _taken(old, row, Seq(version), request.user, dry_run=dry_run)
        return HolidaysRead(item=item, left_out=answer.read.left_out)

    @delete("/api/v1/holidays/{holidays_id:str}", opt=needs("schedule.write"), summary="Remove a calendar of holidays")
    @in_thread
    def remove_holidays(request: PrincipalRequest, holidays_id: HolidaysId, version: Version) -> Response[None]:
        """Refused while schedules share it; the answer says whose."""
        id_ = Ref(holidays_id)
        _shown(id_, lambda: holidays.remove(id_, Seq(version), request.user.actor))
        return Response(None, status_code=204)

    def _shown(id_: Ref, change: Callable[[], T]) -> T:
        return shown_now(change, lambda: items([holidays.one(id_)])[0])

    @in_thread
    def _one(id_: Ref) -> Holidays:
        return holidays.one(id_)

    @in_thread
    def _taken(old: Holidays, row: HolidaysRow, version: Seq, who: Principal, *, dry_run: bool) -> HolidaysItem:
        if dry_run:
            return items([msgspec.structs.replace(old, row=row)])[0]
        return items([_shown(old.id, lambda: holidays.set(old.id, row, version, who.actor))])[0]

    return [read_holidays, add_holidays, change_holidays, read_calendar, remove_holidays]


def _row(body: HolidaysBody) -> HolidaysRow:
    return HolidaysRow(
        days=tuple(
            DayHours(
                date=Code(day.date),
                hours=tuple(Hours(closes_min=h.closes_min, opens_min=h.opens_min) for h in day.hours),
                source="shared",
            )
            for day in body.days
        ),
        label=Code(body.label),
    )
