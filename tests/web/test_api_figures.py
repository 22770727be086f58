"""Figures over the API: for supervisors and auditors, made by a process, of fewer than three people never."""

import json

import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.pdf import pages
from support.retention_room import Room
from tocsin.model.commands import Release


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    made = Room(make_folder(tmp_path_factory.mktemp("figures") / "centre", clock=ManualClock()))
    for account in ("4711", "4712"):
        made.closed(account=account)
    yield made
    made.close()


def test_supervisor_and_auditor_read_them_and_nobody_else(room):
    for role, status in (("supervisor", 200), ("auditor", 200), ("operator", 403), ("administrator", 403)):
        who = room.signed_in(role)
        assert who.get("/api/v1/figures/profiles").status_code == status
        if status == 403:
            for path in ("/api/v1/figures", "/api/v1/figures/export?format=csv"):
                assert who.get(path).json()["code"] == "access.forbidden"


def test_report_says_what_it_is_of_and_withholds_what_one_person_did(room):
    answer = room.one.get("/api/v1/figures")
    assert answer.status_code == 200, answer.text
    blocks = answer.json()["blocks"]
    said = answer.text
    assert [name for name, _ in blocks[0]["rows"] if name.startswith("Designed")] == ["Designed to measure against"]
    assert "Fewer than three people handled incidents" in said
    assert "user-" not in said
    assert "Yilmaz" not in said
    (came,) = [one for one in blocks if one.get("title") == "What came in"]
    assert came["rows"][0][:2] == ["2", "2"]


@pytest.mark.parametrize(
    ("form", "media", "begins"),
    [
        ("csv", "text/csv; charset=utf-8", b"section,"),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("json", "application/json", b'{"format":1'),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
def test_report_is_handed_out_as_a_file(room, form, media, begins):
    answer = room.one.get(f"/api/v1/figures/export?format={form}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert answer.headers["content-disposition"] == f'attachment; filename="figures.{form}"'
    assert answer.content.startswith(begins)
    if form == "pdf":
        assert "Figures" in pages(answer.content)[0]


def test_other_profile_is_measured_against_by_name(room):
    made = json.loads(room.one.get("/api/v1/figures/export?format=json&profile=nfpa-1225-2022").content)
    assert made["profile"]["id"] == "nfpa-1225-2022"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("profile=en50158", "profile.unknown"),
        ("load_profile=en50518-2019", "profile.kind"),
        ("since=yesterday", "report.period"),
        ("since=2020-01-01&until=2020-01-02", "report.empty"),
        ("since=2024-01-01&until=2026-12-31", "report.period"),
    ],
)
def test_what_cannot_be_reported_is_refused(room, query, code):
    answer = room.one.get(f"/api/v1/figures?{query}")
    status = 404 if code == "profile.unknown" else 400
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_profiles_say_what_is_unconfirmed_chosen_and_wrong(room):
    own = room.parts.settings.folder / "profiles"
    own.mkdir()
    (own / "bad.toml").write_text("[profile]\nid = 'bad'\n")
    items = {one["id"]: one for one in room.one.get("/api/v1/figures/profiles").json()["items"]}
    assert (items["en50518-2019"]["unconfirmed"], items["en50518-2019"]["is_chosen"]) == (4, True)
    assert (items["nfpa-1225-2022"]["unconfirmed"], items["nfpa-1225-2022"]["is_chosen"]) == (0, False)
    assert items["eemua-191"]["kind"] == "load"
    assert items["bad"]["kind"] is None
    assert "profiles/bad.toml, line 1" in items["bad"]["trouble"]


def test_time_to_claim_is_the_chosen_profiles(room):
    found = room.signed_in("operator").get("/api/v1/catalogue").json()["time_to_claim"]
    assert (found["profile"], found["is_confirmed"], found["trouble"]) == ("en50518-2019", False, None)
    limits = {(one["hazard"], one["priority"]): one["limit_s"] for one in found["limits"]}
    assert (limits["fire", 1], limits["technical", 4]) == (30, 90)


def test_plain_page_marks_what_waits_for_longer_than_that(room):
    operator = room.signed_in("operator")
    room.incident(account="4713")
    waiting = room.held.store.signal_rows(0, 10_000)[-1].incident
    room.act(Release(), waiting)
    incident = room.held.store.incident(waiting)
    room.parts.board.load(incident.version, [incident])
    assert "OVERDUE" not in operator.get("/lite").text
    room.clock.advance(31)
    assert "OVERDUE" in operator.get("/lite").text
