"""Rosters: always somebody, never two, whatever the clocks of the place do."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tocsin.centre.roster_turns import instant, local_day, on_call, spans
from tocsin.model.rosters import RosterLayer, RosterOverride, RosterRow

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
VIENNA = ZoneInfo("Europe/Vienna")
ZONES = [
    VIENNA,
    *(ZoneInfo(name) for name in ("America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran", "UTC")),
]
"""Half an hour of summer time, and an island that left a whole day out."""

PEOPLE = ("ana", "ben", "cleo")
zones = st.sampled_from(ZONES)
days = st.one_of(
    st.integers(10_000, 30_000),
    # Around changes: Vienna and New York 2026, Lord Howe, and Apia's missing 30 December 2011.
    *(st.integers(day - 3, day + 3) for day in (20_541, 20_520, 20_751, 20_758, 20_547, 15_338)),
)
minutes = st.integers(0, 1439)


def layer(people=PEOPLE, first_day=20_454, at_min=480, turn_days=7, weekdays=(), from_min=0, to_min=1440):
    return RosterLayer(
        at_min=at_min, first_day=first_day, from_min=from_min, to_min=to_min, users=people, turn_days=turn_days,
        weekdays=weekdays,
    )  # fmt: skip


def roster(*layers, overrides=()):
    return RosterRow(label="fire", layers=layers, overrides=overrides, removed=False, zone="Europe/Vienna")


def override(person, since, until, instead_of=None, number=1):
    return RosterOverride(from_at=since, instead_of=instead_of, number=number, user=person, until_at=until)


def at(text, zone=VIENNA):
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * SECOND


def day_of(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def shown(micros, zone=VIENNA):
    return datetime.fromtimestamp(micros / SECOND, UTC).astimezone(zone).isoformat(timespec="minutes")


def test_week_passes_on_at_the_day_and_hour_that_was_set():
    row = roster(layer(first_day=day_of("2026-01-05"), at_min=8 * 60))
    assert on_call(row, at("2026-01-05T07:59"), VIENNA, PEOPLE) is None
    assert on_call(row, at("2026-01-05T08:00"), VIENNA, PEOPLE) == "ana"
    assert on_call(row, at("2026-01-12T07:59"), VIENNA, PEOPLE) == "ana"
    assert on_call(row, at("2026-01-12T08:00"), VIENNA, PEOPLE) == "ben"
    assert on_call(row, at("2026-01-26T08:00"), VIENNA, PEOPLE) == "ana"


def test_hour_stays_the_hour_of_the_clock_face_over_summer_time():
    row = roster(layer(first_day=day_of("2026-03-23"), at_min=8 * 60))
    found = spans(row, at("2026-03-23T08:00"), at("2026-04-20T08:00"), VIENNA, PEOPLE)
    assert [shown(one.since)[:16] for one in found] == [
        "2026-03-23T08:00", "2026-03-30T08:00", "2026-04-06T08:00", "2026-04-13T08:00"
    ]  # fmt: skip
    assert found[0].until - found[0].since == 7 * DAY - HOUR


def test_hand_over_in_the_hour_that_is_left_out_is_at_the_change():
    # Vienna, 29 March 2026: after 01:59 comes 03:00.
    day = day_of("2026-03-29")
    assert shown(instant(day, 150, VIENNA)) == "2026-03-29T03:00+02:00"
    assert instant(day, 120, VIENNA) == instant(day, 150, VIENNA) == instant(day, 180, VIENNA)
    row = roster(layer(first_day=day - 1, at_min=150, turn_days=1))
    assert on_call(row, at("2026-03-29T01:59"), VIENNA, PEOPLE) == "ana"
    assert on_call(row, at("2026-03-29T03:00"), VIENNA, PEOPLE) == "ben"


def test_hand_over_in_the_hour_that_comes_twice_is_at_the_first():
    day = day_of("2026-10-25")
    assert shown(instant(day, 150, VIENNA)) == "2026-10-25T02:30+02:00"
    row = roster(layer(first_day=day - 1, at_min=150, turn_days=1))
    second = int(datetime(2026, 10, 25, 2, 15, tzinfo=VIENNA, fold=1).timestamp()) * SECOND
    assert on_call(row, second, VIENNA, PEOPLE) == "ben"


def test_island_that_left_a_day_out_has_somebody_on_call_all_the_same():
    apia = ZoneInfo("Pacific/Apia")
    first = day_of("2011-12-29")
    row = roster(layer(first_day=first, at_min=480, turn_days=1))
    found = spans(row, instant(first, 480, apia), instant(first + 4, 480, apia), apia, PEOPLE)
    assert None not in {one.person for one in found}


@settings(max_examples=200, deadline=None)
@given(zones, days, minutes, days, minutes)
def test_later_clock_face_is_never_earlier(zone, day, minute, other_day, other_minute):
    first, second = sorted([(day, minute), (other_day, other_minute)])
    assert instant(*first, zone) <= instant(*second, zone)


@settings(max_examples=200, deadline=None)
@given(zones, days, minutes)
def test_clock_face_that_exists_is_the_one_shown(zone, day, minute):
    found = datetime.fromtimestamp(instant(day, minute, zone) / SECOND, UTC).astimezone(zone)
    shows = ((found.date() - date(1970, 1, 1)).days, found.hour * 60 + found.minute)
    if shows == (day, minute):
        assert local_day(instant(day, minute, zone), zone) == day
    else:  # left out: a second before, clocks showed less
        before = datetime.fromtimestamp(instant(day, minute, zone) / SECOND - 1, UTC).astimezone(zone)
        assert before.utcoffset() != found.utcoffset()


@settings(max_examples=100, deadline=None)
@given(zones, days, minutes, st.integers(1, 9), st.integers(1, 3), st.integers(0, 40))
def test_round_without_windows_always_has_one_person_and_passes_in_order(zone, day, minute, turn, count, length):
    people = PEOPLE[:count]
    row = roster(layer(people=people, first_day=day, at_min=minute, turn_days=turn))
    since = instant(day, minute, zone)
    until = instant(day + length + turn, minute, zone)
    assume(until > since)
    found = spans(row, since, until, zone, people)
    assert (found[0].since, found[-1].until) == (since, until)
    assert all(one.until == after.since for one, after in pairwise(found))
    for one in found:
        assert one.person in people
    if count > 1:
        # Days that a zone left out take their turns with them: no turn is longer than it should be.
        assert all(one.until - one.since <= turn * DAY + 25 * HOUR for one in found)


layers = st.builds(
    layer,
    people=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3).map(tuple),
    first_day=st.integers(20_500, 20_560),
    at_min=minutes,
    turn_days=st.integers(1, 14),
    weekdays=st.lists(st.integers(0, 6), max_size=4, unique=True).map(tuple),
    from_min=minutes,
    to_min=st.integers(1, 1440),
)
T0 = 20_541 * DAY
overrides = st.builds(
    lambda person, instead_of, since, length: override(person, since, since + length, instead_of),
    st.sampled_from(PEOPLE),
    st.sampled_from([None, *PEOPLE]),
    st.integers(T0 - 10 * DAY, T0 + 10 * DAY),
    st.integers(1, 5 * DAY),
)


@settings(max_examples=100, deadline=None)
@given(
    zones,
    st.lists(layers, min_size=1, max_size=3).map(tuple),
    st.lists(overrides, max_size=3).map(tuple),
    st.lists(st.integers(T0 - 8 * DAY, T0 + 8 * DAY), min_size=1, max_size=20),
)
def test_spans_say_of_every_moment_what_is_said_when_it_is_asked_for(zone, some, exceptions, moments):
    row = roster(*some, overrides=exceptions)
    found = spans(row, T0 - 8 * DAY, T0 + 8 * DAY + 1, zone, PEOPLE)
    for moment in moments:
        (span,) = [one for one in found if one.since <= moment < one.until]
        assert span.person == on_call(row, moment, zone, PEOPLE)


@settings(max_examples=100, deadline=None)
@given(zones, layers, overrides, st.integers(T0 - 12 * DAY, T0 + 12 * DAY))
def test_exception_counts_from_its_beginning_to_its_end_and_not_a_moment_longer(zone, one, exception, moment):
    plain = on_call(roster(one), moment, zone, PEOPLE)
    found = on_call(roster(one, overrides=(exception,)), moment, zone, PEOPLE)
    is_meant = exception.instead_of in (None, plain)
    if exception.from_at <= moment < exception.until_at and is_meant:
        assert found == exception.user
    else:
        assert found == plain


def test_later_layer_counts_where_it_has_somebody():
    weekend = layer(people=("cleo",), weekdays=(5, 6))
    row = roster(layer(people=("ana",)), weekend)
    assert on_call(row, at("2026-02-06T12:00"), VIENNA, PEOPLE) == "ana"  # a Friday
    assert on_call(row, at("2026-02-07T12:00"), VIENNA, PEOPLE) == "cleo"


def test_night_that_begins_on_friday_goes_on_on_saturday():
    row = roster(layer(people=("ana",), weekdays=(4,), from_min=22 * 60, to_min=6 * 60))
    assert on_call(row, at("2026-02-06T21:59"), VIENNA, PEOPLE) is None
    assert on_call(row, at("2026-02-07T05:59"), VIENNA, PEOPLE) == "ana"
    assert on_call(row, at("2026-02-07T06:00"), VIENNA, PEOPLE) is None


def test_who_does_not_work_here_any_more_is_nobody_and_the_layer_below_counts():
    row = roster(layer(people=("ben",)), layer(people=("ana",)))
    now = at("2026-02-06T12:00")
    assert on_call(row, now, VIENNA, {"ben"}) == "ben"
    assert on_call(row, now, VIENNA, set()) is None
    gone = override("ana", now - 1, now + 1)
    assert on_call(roster(layer(people=("ben",)), overrides=(gone,)), now, VIENNA, {"ben"}) == "ben"


@pytest.mark.parametrize(("instead_of", "found"), [("ana", "cleo"), ("ben", "cleo"), (None, "cleo")])
def test_of_several_exceptions_the_later_counts_and_may_name_who_stands_in(instead_of, found):
    now = at("2026-02-06T12:00")
    first = override("ben", now - 1, now + 1, "ana")
    row = roster(layer(people=("ana",)), overrides=(first, override("cleo", now - 1, now + 1, instead_of, number=2)))
    assert on_call(row, now, VIENNA, PEOPLE) == ("ben" if instead_of == "ana" else found)
