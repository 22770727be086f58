"""The watch log over HTTP: written, put right, read by day, taken away, and by whom."""

import csv
import io

import pytest

from support.web import web


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    from support.centres import make_folder

    with web(make_folder(tmp_path_factory.mktemp("watch") / "centre")) as made:
        yield made


@pytest.fixture(scope="module")
def ana(site):
    return site.signed_in("operator")


def write(who, text, corrects=None):
    return who.post("/api/v1/watch-log", json={"text": text, "corrects": corrects})


def test_line_is_written_put_right_and_read_with_what_the_centre_did(site, ana):
    first = write(ana, "Gate 5 is shut.").json()["seq"]
    assert write(ana, "Gate 4, not 5.", first).status_code == 201
    desk = site.signed_in("supervisor").post("/api/v1/desks", json={"label": "north"}).json()
    until = ana.get("/api/v1/session").json()["now"] + 3_600_000_000
    assert ana.post("/api/v1/shifts", json={"desk": desk["id"], "until": until}).status_code == 201
    items = ana.get("/api/v1/watch-log").json()["items"]
    said = [(one["kind"], one["words"], one["text"], one["corrects"]) for one in items]
    assert said[:4] == [
        ("shift.begun", "went on shift at desk north", None, None),
        ("desk.set", "set up the desk north", None, None),
        ("watch.noted", "wrote", "Gate 4, not 5.", first),
        ("watch.noted", "wrote", "Gate 5 is shut.", None),
    ]
    assert write(ana, "words", 999_999).json()["code"] == "watch.unknown"
    assert write(ana, " ").json()["code"] == "watch.text"
    assert write(ana, "x" * 2_001).status_code == 400


def test_line_about_a_test_or_zones_out_of_service_leads_to_them(site, ana):
    boss = site.signed_in("supervisor", "integrator")
    account = boss.post("/api/v1/accounts", json={"account": "4711"}).json()["id"]
    until = ana.get("/api/v1/session").json()["now"] + 3_600_000_000
    taken = {"zones": ["4", "7"], "reason": "detector_fault", "not_live": [], "until": until}
    out = ana.post(f"/api/v1/accounts/{account}/out-of-service", json=taken).json()["id"]
    assert ana.post(f"/api/v1/out-of-service/{out}/end").status_code == 200
    body = {"account_id": account, "asked_by": "staff", "reason": "walk_test", "zones": [], "until": until}
    test = ana.post("/api/v1/on-test", json=body).json()["id"]
    items = ana.get("/api/v1/watch-log").json()["items"]
    assert [(one["words"], one["ref"]) for one in items[:3]] == [
        ("put a place on test", test),
        ("put zones back into service", account),
        ("took zones 4, 7 out of service", account),
    ]


def test_export_is_a_table_that_runs_nothing_in_a_spreadsheet(ana):
    write(ana, "=cmd|' /C calc'!A0")
    whole = {"since": 0, "until": 2**53 - 1}
    reply = ana.get("/api/v1/watch-log/export", params=whole)
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert rows[-1]["text"] == "'=cmd|' /C calc'!A0"
    assert rows == sorted(rows, key=lambda row: int(row["seq"]))
    assert ana.get("/api/v1/watch-log/export", params={"since": 5, "until": 5}).json()["code"] == "watch.times"


@pytest.mark.parametrize("role", ["auditor", "administrator", "integrator", "responder", "site_contact", "installer"])
def test_who_works_at_no_desk_neither_reads_nor_writes_it(site, role):
    who = site.signed_in(role)
    assert who.get("/api/v1/watch-log").status_code == 403
    assert write(who, "words").status_code == 403
