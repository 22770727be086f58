"""The demo's opening hours: what is said to come late comes late, whatever the hour of day, and nothing before it."""

from datetime import UTC, datetime, timedelta

import pytest

from support.centres import make_folder
from tocsin.centre.schedule_check import wrong_of
from tocsin.centre.schedule_times import MINUTE, checks, is_open_time
from tocsin.centre.tables import KINDS
from tocsin.cli.accounts import run_import
from tocsin.cli.demo_hours import (
    BAKERY,
    KEEPS,
    LIBRARY,
    NOT_CLOSED_MIN,
    NOT_OPENED_MIN,
    PANEL,
    STATION,
    fill_hours,
    hours_around,
)
from tocsin.cli.folder import open_centre
from tocsin.panel.town import PACE, Town

TOWN = Town()
SHOWN_MIN = 60
STARTS_S = 15
"""The centre and its panels are up some seconds after the hours were set."""


def told_of(site, seed, start):
    """What the site's schedule tells in the first hour, in minutes from the start: by what its panel says."""
    account = next(row["account"] for row in TOWN.rows if row["site"] == site and row["name"] == PANEL)
    place = TOWN.accounts.index(account)
    said = [
        (one.says, start + round((one.at_s + STARTS_S) * 1_000_000))
        for one in TOWN.told(days=3, seed=seed)
        if one.place == place and one.says in ("opened", "closed")
    ]
    row = hours_around(start, "account-1", site)
    assert wrong_of(row) == []
    told = [
        ("outside", (at - start) // MINUTE)
        for says, at in said
        if says == "opened" and at < start + SHOWN_MIN * MINUTE and not is_open_time(row, at)
    ]
    for check in checks(row, start, start, start + SHOWN_MIN * MINUTE):
        before = [says for says, at in said if at <= check.due_at]
        is_armed = bool(before) and before[-1] == "closed"
        if check.what == "open" and is_armed:
            told.append(("open", (check.due_at - start) / MINUTE))
        elif check.what == "close" and not is_armed and before and not is_open_time(row, check.due_at):
            told.append(("close", (check.due_at - start) / MINUTE))
    return told


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("minute", [0, 13 * 60 + 7, 23 * 60 + 30, 23 * 60 + 45.9, 24 * 60 - 1])
def test_bakery_is_late_to_open_and_then_to_close_and_nothing_else_is_told_whenever_the_demo_starts(seed, minute):
    start = int((datetime(2026, 12, 31, tzinfo=UTC) + timedelta(minutes=minute)).timestamp() * 1_000_000)
    assert PACE == 60
    bakery = told_of(BAKERY, seed, start)
    assert [what for what, _ in bakery] == ["open", "close"]
    for (_, at_min), said_min in zip(bakery, (NOT_OPENED_MIN, NOT_CLOSED_MIN), strict=True):
        assert said_min - 1 <= at_min <= said_min
    assert told_of(LIBRARY, seed, start) == []


def test_hours_are_set_anew_at_each_start_but_not_where_a_person_changed_them(tmp_path):
    folder = tmp_path / "centre"
    make_folder(folder)
    with open_centre(folder) as centre:
        run_import(centre, KINDS["sites"], TOWN.sites_csv.encode())
        run_import(centre, KINDS["accounts"], TOWN.accounts_csv.encode())
        fill_hours(centre)
        first = centre.all_schedules()
        assert len(first) == len(KEEPS)
        (station,) = [one for one in first if one.row.test_h is not None]
        assert (len(station.row.week), STATION in KEEPS) == (7, True)
        changed = centre.asked.schedules.set(first[0].row, first[0].seq, "user-1")
        fill_hours(centre)
        again = {one.id: one.seq for one in centre.all_schedules()}
        assert again.keys() == {one.id for one in first}
        assert again[changed.id] == changed.seq
        assert all(again[one.id] > one.seq for one in first[1:])
