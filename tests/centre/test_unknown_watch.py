"""A number that nobody sets up is told to a person, once, and never a thousand of them one by one."""

import json

import pytest

from support.cores import CoreAtWork
from tocsin.centre.unknown_watch import NAMED_MAX, WAITS_S, tell_unknown
from tocsin.model.lists import UnknownAccount


@pytest.fixture
def centre():
    made = CoreAtWork()
    yield made
    assert made.findings() == []


def heard(centre, *numbers, ago_s=WAITS_S, **fields):
    now = centre.clock.now_us()
    counts = {"signals": 1, "polls": 2, "unreadable": 0, **fields}
    return [
        UnknownAccount(account=number, first_at=now - ago_s * 1_000_000, last_at=now, line=None, receiver=None,
                       transport="tcp", **counts)
        for number in numbers
    ]  # fmt: skip


def tell(centre, unknown):
    return tell_unknown(centre.journal, centre.store, unknown, centre.clock.now_us())


def test_number_that_waited_an_hour_is_one_incident_however_often_it_is_looked_at(centre):
    unknown = heard(centre, "4711") + heard(centre, "4712", ago_s=WAITS_S - 1)
    assert [tell(centre, unknown), tell(centre, unknown)] == [1, 0]
    centre.run()
    assert [(i.type, i.account, i.origin) for i in centre.open()] == [("TECH-UNKNOWNACCOUNT", "4711", "centre")]
    body = json.loads(centre.store.entries(0, 1)[0].row.entry)["body"]
    assert body == {"account": "4711", "count": 3, "notice": "unknown_waiting", "reason": None}


def test_one_number_of_two_receivers_is_told_once(centre):
    assert tell(centre, heard(centre, "ab1") + heard(centre, "AB1")) == 1


def test_number_that_left_the_list_and_came_again_is_told_again(centre):
    tell(centre, heard(centre, "1", "2"))
    tell(centre, heard(centre, "2", "3"))
    assert tell(centre, heard(centre, "1", "2", "3")) == 1


def test_storm_of_numbers_is_one_incident(centre):
    storm = heard(centre, *(str(n) for n in range(NAMED_MAX + 1)))
    assert tell(centre, storm) == NAMED_MAX + 1
    centre.run()
    assert [(i.account, i.type) for i in centre.open()] == [(None, "TECH-UNKNOWNACCOUNT")]
    assert tell(centre, storm) == 0
