"""Calendars of other programs: what becomes a day of a schedule, and what a hostile one gets."""

import subprocess
import sys
from datetime import date

import msgspec
import pytest

from tocsin.centre.calendar_worker import CalendarAnswer
from tocsin.centre.calendars import read_calendar
from tocsin.model.errors import BadInput
from tocsin.model.schedules import DayHours, Hours

BEGIN = date(2027, 3, 1)


def ics(*events):
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{body}END:VCALENDAR\r\n".encode()


def days(*events, zone="Europe/Vienna"):
    return {one.date: [(h.opens_min, h.closes_min) for h in one.hours] for one in read(*events, zone=zone).days}


def read(*events, zone="Europe/Vienna"):
    return read_calendar(ics(*events), zone, BEGIN)


def test_event_of_whole_days_closes_them_and_no_word_of_it_is_kept():
    found = read(
        "DTSTART;VALUE=DATE:20270329\r\nSUMMARY:Mr Hollis is away\r\nDESCRIPTION:x\r\nDTEND;VALUE=DATE:20270331"
    )
    assert found.days == (
        DayHours(date="2027-03-29", hours=(), source="calendar"),
        DayHours(date="2027-03-30", hours=(), source="calendar"),
    )
    assert b"Hollis" not in msgspec.json.encode(found)


def test_event_with_times_is_when_it_is_open_by_the_clock_of_the_place():
    assert days("DTSTART:20270405T080000Z\r\nDTEND:20270405T120000Z") == {"2027-04-05": [(600, 840)]}
    assert days("DTSTART:20270405T080000\r\nDURATION:PT4H30M") == {"2027-04-05": [(480, 750)]}
    assert days("DTSTART;TZID=America/New_York:20270405T080000\r\nDURATION:PT1H") == {"2027-04-05": [(840, 900)]}
    assert days("DTSTART:20270405T220000\r\nDURATION:PT6H") == {"2027-04-05": [(1320, 1680)]}


def test_event_that_comes_again_keeps_its_hour_when_clocks_are_changed():
    weekly = "DTSTART;TZID=Europe/Vienna:20270320T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    assert days(weekly) == {name: [(540, 600)] for name in ("2027-03-20", "2027-03-27", "2027-04-03")}


def test_days_that_are_left_out_called_off_or_moved_are_so():
    rule = "DTSTART;VALUE=DATE:20270401\r\nRRULE:FREQ=DAILY;UNTIL=20270404\r\nEXDATE;VALUE=DATE:20270402"
    assert list(days(rule)) == ["2027-04-01", "2027-04-03", "2027-04-04"]
    moved = "RECURRENCE-ID;VALUE=DATE:20270403\r\nDTSTART;VALUE=DATE:20270410"
    data = ics(rule).replace(
        b"END:VCALENDAR", f"BEGIN:VEVENT\r\nUID:0\r\n{moved}\r\nEND:VEVENT\r\nEND:VCALENDAR".encode()
    )
    assert [one.date for one in read_calendar(data, "UTC", BEGIN).days] == ["2027-04-01", "2027-04-04", "2027-04-10"]
    found = read("DTSTART;VALUE=DATE:20270401\r\nSTATUS:CANCELLED", "DTSTART:20270401T080000Z\r\nDURATION:P9D")
    assert (found.days, found.left_out) == ((), 2)


def test_holiday_of_every_year_is_there_this_year_and_what_is_over_is_not():
    assert list(days("DTSTART;VALUE=DATE:19551026\r\nRRULE:FREQ=YEARLY")) == ["2027-10-26"]
    assert days("DTSTART;VALUE=DATE:20270228", "DTSTART;VALUE=DATE:20300101") == {}


def test_event_without_end_says_nothing_of_days_that_are_not_looked_at():
    assert len(days("DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:99991231")) == 400
    assert len(days("DTSTART;VALUE=DATE:20260301\r\nRRULE:FREQ=DAILY;COUNT=9999")) == 400


def test_hours_of_one_day_are_joined():
    two = ("DTSTART:20270405T080000\r\nDURATION:PT2H", "DTSTART:20270405T093000\r\nDURATION:PT1H")
    assert read(*two).days[0].hours == (Hours(opens_min=480, closes_min=630),)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "calendar.form"),
        (b"\x00\xff" * 100, "calendar.form"),
        (b"BEGIN:VCALENDAR\r\n", "calendar.form"),
        (b"x" * (256 * 1024 + 1), "calendar.size"),
        (ics(*["DTSTART;VALUE=DATE:20270405"] * 2001), "calendar.events"),
        (ics("DTSTART;VALUE=DATE:20270405\r\nDTEND;VALUE=DATE:20270401"), "calendar.form"),
        (ics("DTSTART:20270405T080000\r\nRRULE:FREQ=SECONDLY"), "calendar.rule"),
        (ics("DTSTART:20270405T080000\r\nRRULE:FREQ=HOURLY"), "calendar.rule"),
        (ics("DTSTART:20270405T080000\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY"), "calendar.rule"),
        (ics("DTSTART:19000101T080000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY"), "calendar.repeats"),
        (ics(*[f"DTSTART:20270405T{hour:02}0000\r\nDURATION:PT10M" for hour in range(5)]), "calendar.spans"),
    ],
)  # fmt: skip
def test_calendar_that_is_none_or_too_much_is_refused_and_says_why(data, code):
    with pytest.raises(BadInput) as refused:
        read_calendar(data, "UTC", BEGIN)
    assert refused.value.code == code


def run(data):
    command = [sys.executable, "-m", "tocsin.centre.calendar_worker", "Europe/Vienna", "2027-03-01"]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)


def test_rule_that_never_comes_ends_its_reader_and_nothing_else():
    done = run(ics("DTSTART:20270405T080000\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;BYHOUR=1,2,3;BYMINUTE=1,2"))
    answer = msgspec.json.decode(done.stdout, type=CalendarAnswer) if done.returncode == 0 else None
    assert answer is None or (answer.read is not None and answer.read.days == ())


def test_reader_answers_days_or_why_there_are_none():
    good = msgspec.json.decode(run(ics("DTSTART;VALUE=DATE:20270405")).stdout, type=CalendarAnswer)
    assert good.read is not None
    assert [one.date for one in good.read.days] == ["2027-04-05"]
    assert msgspec.json.decode(run(b"no").stdout, type=CalendarAnswer).code == "calendar.form"
