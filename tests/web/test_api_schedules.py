"""Schedules over the API: set, changed by two people at once, tonight only, from a calendar, and who is late."""

from datetime import UTC, datetime

import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.web import Site

ACCOUNTS = (
    b"account,site,name,partitions\n4101,Harbour Mill,Intrusion,02: Strong room\n4102,Harbour Mill,Fire,\n4103,,,\n"
)
HOURS = {"opens_min": 480, "closes_min": 1080}
BODY = {
    "version": 0, "zone": "Europe/Vienna", "week": [{"weekday": day, **HOURS} for day in range(5)],
    "days": [{"date": "2027-12-25", "hours": []}], "open_late_min": 15, "close_late_min": 15, "test_h": 25,
}  # fmt: skip
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Mr Hollis\r\n"
    b"DTSTART;VALUE=DATE:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def site(tmp_path):
    clock = ManualClock()
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(ACCOUNTS)
    made.id = made.held.store.accounts()[0].id
    made.place = made.held.store.sites()[0].id
    yield made
    made.close()


def put(client, id_, **fields):
    return client.put(f"/api/v1/accounts/{id_}/schedules", json=BODY | fields)


def test_schedule_is_set_and_shown_at_its_account_and_its_site(site):
    client = site.signed_in("supervisor")
    made = put(client, site.id)
    assert made.status_code == 200, made.text
    item = made.json()
    assert (item["account"], item["partition"], item["zone"]) == ("4101", None, "Europe/Vienna")
    assert item["week"][0] == {"weekday": 0, **HOURS}
    assert item["days"] == [{"date": "2027-12-25", "hours": [], "source": "by_hand"}]
    assert item["due_at"] > site.clock.now_us()
    assert len(item["next"]) >= 4
    put(client, site.id, partition="2")
    for path in (f"accounts/{site.id}", f"sites/{site.place}"):
        items = client.get(f"/api/v1/{path}/schedules").json()["items"]
        assert [(one["partition"], one["partition_name"]) for one in items] == [(None, None), ("2", "Strong room")]
        assert items[0] == item


def test_second_who_changes_it_is_told_who_was_first(site):
    first = site.signed_in("supervisor")
    second = site.signed_in("integrator")
    version = put(first, site.id).json()["version"]
    assert put(first, site.id, version=version, test_h=48).status_code == 200
    refused = put(second, site.id, version=version, test_h=12)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "config.overtaken")
    assert problem["changed_by"].startswith("user-")
    assert problem["changed_at"] > 0
    assert put(second, site.id, version=0).status_code == 409
    assert site.held.store.schedules()[0].row.test_h == 48


def test_tonight_is_an_operators_to_say_and_the_rest_is_not(site):
    item = put(site.signed_in("supervisor"), site.id).json()
    operator = site.signed_in("operator")
    assert put(operator, site.id).status_code == 403
    at = item["next"][0]["opens_at"] - 60_000_000
    site.clock.advance((at - site.clock.now_us()) / 1e6)
    closes_at = item["next"][0]["closes_at"] + 3_600_000_000
    answer = operator.post(
        f"/api/v1/schedules/{item['id']}/tonight", json={"version": item["version"], "closes_at": closes_at}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["next"][0]["closes_at"] == closes_at
    assert [one["source"] for one in answer.json()["days"]] == ["tonight", "by_hand"]
    late = operator.post(
        f"/api/v1/schedules/{item['id']}/tonight", json={"version": answer.json()["version"], "closes_at": at}
    )
    assert (late.status_code, late.json()["code"]) == (400, "schedules.tonight")


def test_calendar_is_shown_before_it_counts_and_no_word_of_it_is_kept(site, tmp_path):
    client = site.signed_in("supervisor")
    item = put(client, site.id).json()
    today = item["next"][0]["opens_at"] // 1_000_000
    day = datetime.fromtimestamp(today, UTC).strftime("%Y%m%d").encode()
    path = f"/api/v1/schedules/{item['id']}/calendar?version={item['version']}"
    headers = {"content-type": "text/calendar"}
    looked = client.post(f"{path}&dry_run=true", content=CALENDAR % day, headers=headers)
    assert looked.status_code == 200, looked.text
    assert (looked.json()["days"], looked.json()["left_out"]) == (1, 0)
    assert len(site.held.store.schedules()[0].row.days) == 1
    taken = client.post(path, content=CALENDAR % day, headers=headers).json()["item"]
    assert [one["source"] for one in taken["days"]] == ["calendar", "by_hand"]
    assert all(b"Hollis" not in one.row.entry for one in site.held.store.entries(0, 1000))
    path = f"/api/v1/schedules/{item['id']}/calendar?version={taken['version']}"
    wrong = client.post(path, content=b"no", headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "calendar.form")
    huge = client.post(path, content=b"x" * 300_000, headers=headers)
    assert huge.status_code == 413


def test_rule_that_is_a_bomb_is_refused_in_words(site):
    client = site.signed_in("supervisor")
    item = put(client, site.id).json()
    bomb = CALENDAR.replace(b"END:VEVENT", b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;BYHOUR=1,2\r\nEND:VEVENT")
    answer = client.post(
        f"/api/v1/schedules/{item['id']}/calendar?version={item['version']}", content=bomb % b"20270401"
    )
    assert answer.status_code == 400 or answer.json()["days"] == 0
    assert site.held.store.schedules()[0].seq == item["version"]


def test_removed_schedule_and_removed_account_leave_none(site):
    client = site.signed_in("supervisor", "integrator")
    item = put(client, site.id).json()
    assert client.delete(f"/api/v1/schedules/{item['id']}?version={item['version'] + 1}").status_code == 409
    assert client.delete(f"/api/v1/schedules/{item['id']}?version={item['version']}").status_code == 204
    assert client.get(f"/api/v1/accounts/{site.id}/schedules").json()["items"] == []
    put(client, site.id)
    version = client.get(f"/api/v1/accounts/{site.id}").json()["version"]
    assert client.delete(f"/api/v1/accounts/{site.id}?version={version}").status_code == 204
    assert (site.held.store.schedules(), [one for one in site.held.store.timers() if one.kind == "schedule"]) == (
        [],
        [],
    )


def test_board_of_nobody_late_says_how_many_are_looked_after(site):
    client = site.signed_in("operator")
    assert client.get("/api/v1/supervision/schedules").json() == {"items": [], "schedules": 0}
    put(site.signed_in("supervisor"), site.id)
    assert client.get("/api/v1/supervision/schedules").json() == {"items": [], "schedules": 1}


@pytest.mark.parametrize(
    "fields",
    [
        {"zone": "Europe/Nowhere"},
        {"week": [{"weekday": 7, **HOURS}]},
        {"days": [{"date": "2027-02-30", "hours": []}]},
        {"test_h": 0},
        {"partition": "a b"},
        {"week": [{"weekday": 0, "opens_min": 5, "closes_min": 5}]},
    ],
)
def test_schedule_that_cannot_be_is_refused(site, fields):
    assert put(site.signed_in("supervisor"), site.id, **fields).status_code == 400
    assert site.held.store.schedules() == []
