"""Calendars of holidays as they are kept, and a schedule with the days of the one that it shares. Decides nothing."""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.model.errors import BadInput
from tocsin.model.holidays import Holidays
from tocsin.model.ports import Store, StoreTransaction
from tocsin.model.schedules import ScheduleRow
from tocsin.model.values import Code, Ref

CALENDARS: Final = Code("holiday_calendars")
"""Small value: all of them, as JSON."""

_DECODE: Final = msgspec.json.Decoder(tuple[Holidays, ...]).decode


def stored_holidays(store: Store | StoreTransaction) -> tuple[Holidays, ...]:
    """Every calendar, in the order in which they were made."""
    kept = store.get_meta(CALENDARS)
    return () if kept is None else _DECODE(kept.encode())


def calendar_of(known: Iterable[Holidays], id_: Ref) -> Holidays:
    """The calendar of an id.

    Raises:
        BadInput: there is none.
    """
    for one in known:
        if one.id == id_:
            return one
    raise BadInput(
        "There is no such calendar of holidays, or not any more. Nothing was changed. Look at the list again",
        "holidays.unknown",
    )


def with_holidays(row: ScheduleRow, calendars: Iterable[Holidays]) -> ScheduleRow:
    """A schedule with the days of its calendar as they are now; a day that it says for itself goes before.

    Raises:
        BadInput: there is no such calendar.
    """
    own = tuple(one for one in row.days if one.source != "shared")
    if row.holidays is None:
        return msgspec.structs.replace(row, days=own)
    named = {one.date for one in own}
    shared = (one for one in calendar_of(calendars, row.holidays).row.days if one.date not in named)
    return msgspec.structs.replace(row, days=tuple(sorted((*own, *shared), key=lambda one: one.date)))


__all__ = ["CALENDARS", "calendar_of", "stored_holidays", "with_holidays"]
