"""Calendars of holidays that the schedules of many places share. Nothing personal: a label and days.

Fields stand in the order of canonical JSON.
"""

from typing import Final

import msgspec

from tocsin.model.schedules import DayHours
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

HOLIDAYS_SET: Final = Code("holidays.set")
HOLIDAY_DAYS_MAX: Final = 100
"""Days of one calendar: the holidays of some years."""

HOLIDAY_CALENDARS_MAX: Final = 50
LABEL_MAX: Final = 40


class HolidaysRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `holidays.set`, version 1: one calendar, whole. `ref` is None where it is new."""

    days: tuple[DayHours, ...]
    """Rising; none twice."""
    label: Code
    removed: bool = False


class Holidays(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A calendar, and the fact that made it what it is."""

    at: Micros
    by: Actor | None
    id: Ref
    row: HolidaysRow
    seq: Seq
