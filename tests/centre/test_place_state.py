"""How a place stands now: its hours of this day by its own clock, and what its panels said of arming."""

from datetime import datetime

import pytest

from support.cores import CoreAtWork, PlacesOf
from support.fakes import ManualClock
from tocsin.centre.place_state import OPENED_US, armed_states, hours_today
from tocsin.model.schedules import DayHours, Hours, Schedule, ScheduleRow, WeekHours

MINUTE = 60_000_000
WEEK = tuple(WeekHours(weekday=day, opens_min=8 * 60, closes_min=18 * 60) for day in range(5))


def at(text, offset="+01:00"):
    """A time in Vienna, in winter unless said otherwise."""
    return int(datetime.fromisoformat(f"{text}{offset}").timestamp()) * 1_000_000


def day(date, *hours, source="tonight"):
    return DayHours(date=date, hours=tuple(Hours(opens_min=a * 60, closes_min=b * 60) for a, b in hours), source=source)


def today(now, *days, week=WEEK, **fields):
    """The hours of the one schedule at a time: spans in hours of Vienna's clock face, whether open now, and whence."""
    row = ScheduleRow(
        account_id="account-1", close_late_min=15, days=days, early_min=30, open_late_min=15, partition=None,
        test_h=None, week=week, zone="Europe/Vienna", **fields,
    )  # fmt: skip
    found = hours_today([Schedule(id="schedule-1", row=row, seq=1, since=0)], now)
    return [
        ([(one.opens_at, one.closes_at) for one in hours.spans], hours.is_open_time, hours.source) for hours in found
    ]


@pytest.mark.parametrize(
    ("now", "days", "spans", "is_open", "source"),
    [
        # Monday, as every Monday. Half an hour early an opening is in order, and the place is closed all the same.
        ("2027-01-04T07:45", (), [("2027-01-04T08:00", "2027-01-04T18:00")], False, None),
        ("2027-01-04T12:00", (), [("2027-01-04T08:00", "2027-01-04T18:00")], True, None),
        ("2027-01-04T18:00", (), [("2027-01-04T08:00", "2027-01-04T18:00")], False, None),
        # Sunday, and a holiday: closed all day.
        ("2027-01-03T12:00", (), [], False, None),
        ("2027-01-06T12:00", (day("2027-01-06", source="calendar"),), [], False, "calendar"),
        # Tonight only: until two in the morning. Past midnight it is still the hours of the day before that count.
        (
            "2027-01-04T20:00",
            (day("2027-01-04", (8, 26)),),
            [("2027-01-04T08:00", "2027-01-05T02:00")],
            True,
            "tonight",
        ),
        (
            "2027-01-05T01:00",
            (day("2027-01-04", (8, 26)),),
            [("2027-01-04T08:00", "2027-01-05T02:00"), ("2027-01-05T08:00", "2027-01-05T18:00")],
            True,
            "tonight",
        ),
        # After two they are over, and nothing is said of tonight any more.
        (
            "2027-01-05T03:00",
            (day("2027-01-04", (8, 26)),),
            [("2027-01-04T08:00", "2027-01-05T02:00"), ("2027-01-05T08:00", "2027-01-05T18:00")],
            False,
            None,
        ),
    ],
)
def test_hours_of_today_are_those_of_the_places_own_day(now, days, spans, is_open, source):
    wanted = [(at(one), at(other)) for one, other in spans]
    assert today(at(now), *days) == [(wanted, is_open, source)]


def test_day_on_which_clocks_go_forward_has_its_hours_too():
    now = at("2027-03-28T12:00", "+02:00")  # a Sunday
    always = tuple(WeekHours(weekday=one, opens_min=0, closes_min=1440) for one in range(7))
    ((spans, is_open, _),) = today(now, week=always)
    assert (is_open, spans[0][0] <= at("2027-03-28T00:00"), spans[-1][1] >= at("2027-03-29T00:00", "+02:00")) == (
        True, True, True,
    )  # fmt: skip


def test_account_that_only_tests_has_no_hours():
    assert today(at("2027-01-04T12:00"), week=()) == []


class Hall(CoreAtWork):
    """Three accounts of one site, whose panels open and close."""

    def say(self, account, code, **fields):
        """Return when it came."""
        self.signal(code, str(account), account_ref=f"account-{account}", address="1", **fields)
        return self.clock.now_us()

    def states(self):
        """Of each account: which partitions are armed (None: it is open), and since when."""
        found = armed_states(self.store, [f"account-{n}" for n in (3, 2, 1)], self.clock.now_us())
        return [(one.account_id, one.partitions, one.since) for one in found]


def test_place_is_armed_or_open_as_its_panel_said_last_and_nothing_is_said_of_one_that_never_told():
    hall = Hall(places=PlacesOf({f"account-{n}": "site-1" for n in (1, 2, 3)}), clock=ManualClock())
    assert hall.states() == []
    opened = hall.say(1, "OP")
    hall.clock.advance(60)
    closed = hall.say(2, "CL")
    assert hall.states() == [("account-1", None, opened), ("account-2", (), closed)]
    hall.clock.advance(60)
    part = hall.say(1, "CL", partition="2")
    again = hall.say(2, "OP")
    assert hall.states() == [("account-1", ("2",), part), ("account-2", None, again)]
    hall.clock.advance(60)
    whole = hall.say(1, "CL")
    assert hall.states()[0] == ("account-1", (), whole)
    # What stays armed stays so for years; an opening of last month says nothing any more.
    hall.clock.advance(OPENED_US / 1_000_000 + 1)
    assert hall.states() == [("account-1", (), whole)]
