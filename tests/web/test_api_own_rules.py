"""Own rules and own calendar over HTTP: each is the person's alone, and no word of a file is kept."""

import pytest

from support.centres import make_folder
from support.escalations import Room
from support.fakes import ManualClock
from support.web import Site

NOON = 1_800_014_400_000_000
"""2027-01-15 12:00 UTC."""

ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
    b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Surgery at St Anna\r\nDTSTART;VALUE=DATE:20270115\r\n"
    b"DTEND;VALUE=DATE:20270117\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Choir\r\nDTSTART:20270116T180000Z\r\nDTEND:20270116T200000Z\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Choir\r\nDTSTART:20270118T180000Z\r\nDTEND:20270118T200000Z\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(NOON)
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    Room(made.held)
    yield made
    made.close()


def done(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer):
    return answer.status_code, answer.json()["code"]


def test_two_sets_of_rules_are_kept_and_given_up(site):
    rex = site.signed_in("responder")
    assert done(rex.get("/api/v1/me/reach"))["rules"] == {"urgent": [], "normal": []}
    mine = {"urgent": [{"channel": "voice", "after_s": 0}, {"channel": "sms", "after_s": 30}], "normal": []}
    assert done(rex.put("/api/v1/me/reach/rules", json=mine))["rules"] == mine
    done(rex.put("/api/v1/me/reach", json={"kind": "from_home"}))
    assert done(rex.get("/api/v1/me/reach"))["rules"] == mine
    late = {"urgent": [{"channel": "sms", "after_s": 301}], "normal": []}
    assert refused(rex.put("/api/v1/me/reach/rules", json=late)) == (400, "reach.rules")
    assert done(site.signed_in("responder").get("/api/v1/me/reach"))["rules"]["urgent"] == []
    assert done(rex.put("/api/v1/me/reach/rules", json={"urgent": [], "normal": []}))["rules"]["urgent"] == []


def test_own_week_and_absences_say_not_now_by_themselves_and_no_word_of_the_file_is_kept(site):
    rex = site.signed_in("responder")
    done(rex.put("/api/v1/me/reach", json={"kind": "from_home"}))
    week = {"zone": "UTC", "weekly": [{"weekday": 4, "from_min": 600, "to_min": 840}]}
    away = done(rex.put("/api/v1/me/reach/week", json=week))
    assert (away["away"]["is_now"], away["reach"]["reason"]) == (True, "not_now")
    assert done(rex.put("/api/v1/me/reach/week", json=week | {"weekly": []}))["away"]["is_now"] is False
    taken = done(
        rex.post("/api/v1/me/reach/calendar?time_zone=UTC", content=ICS, headers={"content-type": "text/calendar"})
    )
    assert (taken["days"], taken["left_out"]) == (3, 0)
    assert taken["reach"]["away"]["days"] == [
        {"date": "2027-01-15", "hours": []},
        {"date": "2027-01-16", "hours": []},
        {"date": "2027-01-18", "hours": [{"from_min": 1080, "to_min": 1200}]},
    ]
    assert taken["reach"]["reach"]["reason"] == "not_now"
    assert b"Choir" not in b"".join(one.row.entry for one in site.held.store.entries(0, 10_000))
    assert done(rex.delete("/api/v1/me/reach/calendar"))["away"] == {
        "zone": None, "weekly": [], "days": [], "is_now": False
    }  # fmt: skip


def test_file_that_is_no_calendar_changes_nothing(site):
    rex = site.signed_in("responder")
    head = site.held.store.head().seq

    def sent(zone, content):
        return refused(
            rex.post(
                f"/api/v1/me/reach/calendar?time_zone={zone}",
                content=content,
                headers={"content-type": "text/calendar"},
            )
        )

    assert sent("UTC", b"no")[1] == "calendar.form"
    assert sent("Mars", ICS)[1] == "roster.zone"
    assert site.held.store.head().seq == head
