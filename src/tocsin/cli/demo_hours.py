"""The demo's opening hours: three sites with a schedule, set around the start, since the town's day takes 24 minutes.

By the town's default pace the bakery closes after 12 minutes and opens again after 24. Its hours say that it should be
open in between, and closed afterwards: it is late to open, and later late to close, and each returns by itself. The
library keeps its hours, and the petrol station never closes and has to test. Nothing of it is told in the first quarter
of an hour.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from tocsin.centre.centre import CLI, Centre
from tocsin.centre.schedule_core import newest_of
from tocsin.cli.folder import CentreAccess
from tocsin.model.schedules import DAY_MIN, DayHours, Hours, ScheduleRow, WeekHours
from tocsin.model.values import Code, Micros, Ref, Seq, ZoneName
from tocsin.system import SystemClock

PANEL: Final = "Intrusion panel"
_MINUTE_US: Final = 60_000_000
_LAST_MIN: Final = DAY_MIN - 60
"""The last hours go on for a good while: who leaves the demo running is not told of each of the town's days."""


class _Keeps(NamedTuple):
    """How a site's hours lie: from and to, in minutes from the start; and what is waited for."""

    spans: tuple[tuple[int, int], ...]
    open_late_min: int | None
    close_late_min: int | None
    test_h: int | None = None


BAKERY: Final = "Bakery Mill Lane"
LIBRARY: Final = "Library"
STATION: Final = "Petrol Station Coast Road"
KEEPS: Final = {
    BAKERY: _Keeps(((-60, 13), (15, 28), (47, _LAST_MIN)), 3, 3),
    LIBRARY: _Keeps(((-60, 14), (22, 40), (46, _LAST_MIN)), 10, 10),
    STATION: _Keeps((), None, None, 24),
}
EARLY_MIN: Final = 5
NOT_OPENED_MIN, NOT_CLOSED_MIN = 18, 31
"""When the bakery is told as late to open and to close, in minutes from the start."""


def fill_hours(centre: CentreAccess) -> None:
    """Set the hours around now. What a person has set since stays as they left it."""
    held = centre.asked
    assert isinstance(held, Centre), "the demo is filled before it runs"
    known = centre.all_schedules()
    sites = {site.id: str(site.row.name) for site in centre.sites()}
    now = SystemClock().now_us()
    for account in centre.accounts():
        name = sites.get(account.row.site_id) if account.row.site_id is not None else None
        if name not in KEEPS or account.row.name != PANEL:
            continue
        old = newest_of(known, account.id, None)
        if old is None or held.schedules.set_by(old) == CLI:
            held.schedules.set(hours_around(now, account.id, name), Seq(0) if old is None else old.seq, CLI)


def hours_around(now: Micros, account_id: Ref, site: str) -> ScheduleRow:
    """The schedule of a site's panel for a demo that starts now."""
    keeps = KEEPS[site]
    begin = datetime.fromtimestamp(now // _MINUTE_US * 60, UTC)
    days: dict[str, list[Hours]] = {}
    for opens, closes in keeps.spans:
        at = begin + timedelta(minutes=opens)
        minute = at.hour * 60 + at.minute
        days.setdefault(at.date().isoformat(), []).append(Hours(closes_min=minute + closes - opens, opens_min=minute))
    always = tuple(WeekHours(closes_min=DAY_MIN, opens_min=0, weekday=day) for day in range(7))
    return ScheduleRow(
        account_id=account_id,
        close_late_min=keeps.close_late_min,
        days=tuple(DayHours(date=Code(day), hours=tuple(hours), source="by_hand") for day, hours in days.items()),
        early_min=EARLY_MIN,
        open_late_min=keeps.open_late_min,
        partition=None,
        test_h=keeps.test_h,
        week=() if keeps.spans else always,
        zone=ZoneName("UTC"),
    )


__all__ = ["fill_hours", "hours_around"]
