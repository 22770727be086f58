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
