"""What the API takes and answers about calendars of holidays."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.holidays import HOLIDAY_DAYS_MAX, LABEL_MAX
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref, Seq
from tocsin.web.api.schedule_types import DateHours


class HolidayUser(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule that shares a calendar."""

    account: AccountNumber
    account_id: Ref
    account_name: Place | None
    partition: Code | None
    schedule: Ref


class HolidaysItem(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar, and who shares it."""

    id: Ref
    changed_at: Micros
    changed_by: Actor | None
    count: int
    """How many schedules share it."""
    days: list[DateHours]
    label: Code
    users: list[HolidayUser]
    """The first of them."""
    version: Seq


class HolidaysAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every calendar, by its label."""

    items: list[HolidaysItem]


class HolidaysBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calendar, whole."""

    label: Annotated[str, Meta(pattern=f"^[A-Za-z0-9-]{{1,{LABEL_MAX}}}$")]
    days: Annotated[list[DateHours], Meta(max_length=HOLIDAY_DAYS_MAX)]
    version: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    """Of the calendar that it takes the place of; 0: there was none."""
