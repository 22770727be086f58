"""Calendars of holidays over the API: made, taken from a file, shared, changed for all, and kept while used."""

import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.web import Site

ACCOUNTS = b"account,site,name,partitions\n4101,Harbour Mill,Intrusion,2: Strong room\n4102,Harbour Mill,Fire,\n"
XMAS = {"date": "2027-12-25", "hours": []}
WEEK = [{"weekday": day, "opens_min": 480, "closes_min": 1080} for day in range(5)]
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Labour Day\r\n"
    b"DTSTART;VALUE=DATE:20270501\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def site(tmp_path):
    clock = ManualClock()
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(ACCOUNTS)
    made.ids = [one.id for one in made.held.store.accounts()]
    yield made
    made.close()


def add(client, label="austria", days=(XMAS,), **fields):
    return client.post("/api/v1/holidays", json={"label": label, "days": list(days), **fields})


def schedule(client, id_, **fields):
    body = {"version": 0, "zone": "Europe/Vienna", "week": WEEK, "days": [], "open_late_min": 15}
    return client.put(f"/api/v1/accounts/{id_}/schedules", json=body | fields)


def days(client, id_):
    (item,) = client.get(f"/api/v1/accounts/{id_}/schedules").json()["items"]
    return [(one["date"], one["source"]) for one in item["days"]]


def test_one_calendar_is_shared_by_two_schedules_changed_for_both_and_kept_while_used(site):
    client = site.signed_in("supervisor")
    made = add(client).json()
    assert (made["label"], made["days"], made["count"]) == ("austria", [XMAS | {"source": "shared"}], 0)
    first = schedule(client, site.ids[0], holidays=made["id"], partition="2").json()
    schedule(client, site.ids[1], holidays=made["id"])
    assert first["holidays"] == made["id"]
    assert days(client, site.ids[1]) == [("2027-12-25", "shared")]
    (item,) = client.get("/api/v1/holidays").json()["items"]
    assert [(one["account"], one["partition"]) for one in item["users"]] == [("4101", "2"), ("4102", None)]
    body = {"label": "austria", "days": [{"date": "2027-05-01", "hours": []}], "version": made["version"]}
    changed = client.put(f"/api/v1/holidays/{made['id']}", json=body)
    assert changed.status_code == 200, changed.text
    assert [days(client, id_) for id_ in site.ids] == [[("2027-05-01", "shared")]] * 2
    again = client.put(f"/api/v1/holidays/{made['id']}", json=body)
    assert (again.status_code, again.json()["code"], again.json()["holidays"]["label"]) == (
        409, "config.overtaken", "austria"
    )  # fmt: skip
    refused = client.delete(f"/api/v1/holidays/{made['id']}?version={changed.json()['version']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "holidays.used")
    assert "4101, 4102" in refused.json()["detail"]
    for id_ in site.ids:
        (one,) = client.get(f"/api/v1/accounts/{id_}/schedules").json()["items"]
        fields = {"partition": one["partition"], "days": one["days"], "version": one["version"]}
        assert schedule(client, id_, **fields).json()["days"] == []
    assert client.delete(f"/api/v1/holidays/{made['id']}?version={changed.json()['version']}").status_code == 204
    assert client.get("/api/v1/holidays").json()["items"] == []


def test_file_is_read_dry_first_and_then_for_all(site):
    client = site.signed_in("integrator")
    made = add(client).json()
    schedule(client, site.ids[1], holidays=made["id"])
    path = f"/api/v1/holidays/{made['id']}/calendar?version={made['version']}&time_zone=Europe/Vienna"
    dry = client.post(f"{path}&dry_run=true", content=CALENDAR, headers={"content-type": "text/calendar"})
    assert [one["date"] for one in dry.json()["item"]["days"]] == ["2027-05-01"]
    assert days(client, site.ids[1]) == [("2027-12-25", "shared")]
    taken = client.post(path, content=CALENDAR, headers={"content-type": "text/calendar"})
    assert (taken.status_code, taken.json()["left_out"]) == (200, 0)
    assert days(client, site.ids[1]) == [("2027-05-01", "shared")]
    assert "Labour" not in taken.text


@pytest.mark.parametrize("zone", ["Nowhere/Land", "-x", "../../etc/passwd", ""])
def test_clock_that_is_none_is_refused(site, zone):
    client = site.signed_in("integrator")
    made = add(client).json()
    path = f"/api/v1/holidays/{made['id']}/calendar?version={made['version']}&time_zone={zone}"
    refused = client.post(path, content=CALENDAR, headers={"content-type": "text/calendar"})
    assert (refused.status_code, refused.json()["code"]) == (400, "holidays.zone")


def test_who_may_see_accounts_sees_them_and_who_may_set_schedules_sets_them(site):
    made = add(site.signed_in("supervisor")).json()
    operator = site.signed_in("operator")
    assert [one["id"] for one in operator.get("/api/v1/holidays").json()["items"]] == [made["id"]]
    assert add(operator, label="mine").status_code == 403
    assert site.signed_in("auditor").get("/api/v1/holidays").status_code == 403


def test_label_is_a_short_name_without_words(site):
    client = site.signed_in("supervisor")
    for label in ("", "a b", "x" * 41, "<b>"):
        assert add(client, label=label).status_code == 400


def test_second_who_changes_a_calendar_sees_who_was_first_and_what_it_is_now(site):
    """By whichever way: the form, a file, or where one wants to remove it."""
    first, second = site.signed_in("supervisor"), site.signed_in("supervisor")
    made = add(first).json()
    path, labour = f"/api/v1/holidays/{made['id']}", {"date": "2027-05-01", "hours": []}
    now = first.put(path, json={"label": "austria", "days": [labour], "version": made["version"]}).json()
    late = {"label": "austria", "days": [XMAS], "version": made["version"]}
    zone = f"version={made['version']}&time_zone=Europe/Vienna"
    for refused in (
        second.put(path, json=late),
        second.post(f"{path}/calendar?{zone}", content=CALENDAR, headers={"content-type": "text/calendar"}),
        second.delete(f"{path}?version={made['version']}"),
    ):
        told = refused.json()
        assert (refused.status_code, told["code"]) == (409, "config.overtaken")
        assert (told["holidays"], told["changed_by"], told["changed_at"]) == (now, now["changed_by"], now["changed_at"])
    assert first.get("/api/v1/holidays").json()["items"] == [now]
