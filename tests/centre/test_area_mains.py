"""Many accounts lose their mains within minutes: one incident that names all, and nothing else goes into it."""

import json

import pytest

from support.cores import CoreAtWork, PlacesOf
from tocsin.model.commands import Claim, Close, Unmerge
from tocsin.model.incidents import POINTS_MAX
from tocsin.rules.judgement import JUDGEMENT

RULE = JUDGEMENT.area_mains
COUNT = RULE.accounts
PLACES = PlacesOf({f"account-{number}": f"site-{number}" for number in range(1, 400)} | {"account-900": "site-1"})


@pytest.fixture
def centre():
    made = CoreAtWork(places=PLACES)
    yield made
    assert made.findings() == []


def fails(centre, *numbers, code="AT", gap_s=10):
    for number in numbers:
        centre.clock.advance(gap_s)
        centre.signal(code, str(number), account_ref=f"account-{number}")
    return centre.rows()[-1]


def area_of(centre):
    (found,) = [one for one in centre.open() if one.area == "mains"]
    return found


def test_fewer_than_many_are_an_incident_each(centre):
    fails(centre, *range(1, COUNT))
    assert len(centre.open()) == COUNT - 1
    assert all(one.area is None for one in centre.open())


def test_many_within_minutes_become_one_that_names_all(centre):
    row = fails(centre, *range(1, COUNT + 1))
    area = area_of(centre)
    assert centre.open() == [area]
    assert (row.outcome, row.reason, row.incident) == ("opened", "area_mains", area.id)
    assert {point.account_id for point in area.points} == {f"account-{n}" for n in range(1, COUNT + 1)}
    assert (area.area_accounts, area.signals, area.account_id, area.site_id, area.type) == (
        COUNT, COUNT, None, None, "TECH-MAINS",
    )  # fmt: skip
    closed = centre.store.incidents("closed", None, 100)
    assert {(one.disposition, one.merged_into, one.closed_by) for one in closed} == {("duplicate", area.id, None)}
    later = fails(centre, *range(10, 60))
    assert (later.reason, later.incident) == ("area_mains_joined", area.id)
    assert area_of(centre).area_accounts == COUNT + 50
    assert len(centre.open()) == 1


def test_what_returns_is_over_and_the_last_one_makes_it_returned(centre):
    fails(centre, *range(1, COUNT + 3))
    for number in range(1, COUNT + 3):
        row = fails(centre, number, code="AR")
        assert (row.outcome, row.incident) == ("joined", area_of(centre).id)
        assert area_of(centre).area_accounts == COUNT + 2 - number
    assert area_of(centre).condition == "returned"
    centre.clock.advance(RULE.joins_s + 1)
    assert fails(centre, 2).outcome == "opened", "long after, it is its own failure"


def test_slow_failures_and_those_of_one_place_are_no_area(centre):
    fails(centre, *range(1, 3 * COUNT), gap_s=RULE.window_s // COUNT + 30)
    assert all(one.area is None for one in centre.open())
    other = CoreAtWork(places=PlacesOf({f"account-{number}": "site-1" for number in range(1, 30)}))
    fails(other, *range(1, 3 * COUNT))
    assert all(one.area is None for one in other.open())


def test_one_that_somebody_has_stays_theirs(centre):
    fails(centre, 1)
    (first,) = centre.open()
    centre.handle(first.id, Claim())
    fails(centre, *range(2, COUNT + 1))
    assert centre.store.incident(first.id).state == "open"
    assert centre.store.incident(first.id).claimed_by == "user-1"
    assert fails(centre, 1, code="AR").incident == first.id
    assert "account-1" not in {point.account_id for point in area_of(centre).points}


@pytest.mark.parametrize("code", ["FA", "BA", "YT", "TA", "HA"])
def test_no_other_class_ever_goes_into_it(centre, code):
    fails(centre, *range(1, COUNT + 1))
    row = fails(centre, 2, code=code)
    assert (row.outcome, row.incident == area_of(centre).id) == ("opened", False)


def test_same_account_again_and_a_restart_in_between(centre):
    fails(centre, *range(1, COUNT + 1))
    again = centre.again(places=PLACES)
    again.clock.advance(7_200)
    row = again.signal("AT", "3", account_ref="account-3")
    assert (row.reason, row.incident) == ("same_point", again.open()[0].id)
    row = again.signal("AR", "3", account_ref="account-3")
    assert row.reason == "restored"
    assert again.findings() == []
    assert centre.findings() == []


def test_person_may_take_one_out_again(centre):
    fails(centre, *range(1, COUNT + 1))
    one = centre.store.incidents("closed", None, 100)[-1]
    answer = centre.handle(one.id, Unmerge())[0]
    assert answer.state == "open"
    assert one.account_id not in {point.account_id for point in area_of(centre).points}


def test_more_than_can_be_remembered_join_and_it_is_never_called_returned_by_itself(centre):
    fails(centre, *range(1, POINTS_MAX + 20), gap_s=1)
    area = area_of(centre)
    assert (len(area.points), area.points_full, area.signals) == (POINTS_MAX, True, POINTS_MAX + 19)


def test_closing_it_ends_it_and_the_next_failure_is_one_alone(centre):
    fails(centre, *range(1, COUNT + 1))
    area = area_of(centre)
    centre.handle(area.id, Claim())
    centre.handle(area.id, Close(disposition="real"))
    fails(centre, 50)
    (one,) = centre.open()
    assert (one.area, one.account_id) == (None, "account-50")
    opened = json.loads(centre.store.incident_facts(one.id, 9)[0].row.entry)["body"]
    assert opened["earlier"] is None
