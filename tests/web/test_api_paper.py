"""Paper for a blackout: an empty form and the open incidents, and no words of a caller on either."""

import asyncio
import os
from datetime import UTC, datetime

import pytest

from support.centres import make_folder
from support.escalations import Room
from support.fakes import ManualClock, arrival
from support.pdf import pages
from support.web import Site
from tocsin.centre.told_places import ToldPlaces
from tocsin.model.errors import JournalFull
from tocsin.system import SystemClock
from tocsin.web.paper import FORM_FILE, LATEST, Press, remove_old, write


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(b"name,address,directions\nMill,1 Quay Street,\n", kind="sites")
    made.held.add(b"account,site,name\n4711,Mill,Exchange\n")
    yield made
    made.close()


def words(pdf):
    return " ".join(" ".join(piece for page in pages(pdf) for piece in page).split())


def test_the_open_incidents_stand_on_paper_with_their_place_and_no_words_of_a_caller(site):
    Room(site.held)
    ids = {one.row.account: one.id for one in site.held.store.accounts()}
    alarm = arrival(b"1", account="4711", code="FA", account_ref=ids["4711"], received_at=site.clock.now_us())
    site.held.journal.store([alarm])
    site.held.journal.store([])
    ana = site.signed_in("operator")
    draft = {
        "marks": {"type": "MED-CHEST", "place": "told"},
        "words": {
            "where": "7 Planted Lane",
            "said": "Someone fell",
            "note": {"caller": {"telephone": "+1 202 555 0143"}},
        },
    }
    call = ana.post("/api/v1/calls", json={"draft": draft}, headers={"idempotency-key": "b1"}).json()["id"]
    opened = ana.post(f"/api/v1/calls/{call}/open", json={"draft": draft}, headers={"idempotency-key": "o1"})
    assert opened.status_code == 201, opened.text
    answer = ana.get("/api/v1/paper/open-incidents")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    shown = words(answer.content)
    assert "FIRE" in shown
    assert "Mill, 1 Quay Street" in shown
    assert "NOBODY" in shown
    assert "told: 7 Planted Lane" in shown
    assert "Someone fell" not in shown
    assert "0143" not in shown
    # Who printed it is a fact, once; what the centre prints by itself is another.
    incident = next(one for one in site.held.store.incidents("open", None, 9) if one.told_place).id
    assert ana.get("/api/v1/paper/open-incidents").status_code == 200
    for _ in range(2):
        assert "told: 7 Planted Lane" in words(asyncio.run(Press(site.parts).open_incidents(None)))
    lines = ana.get(f"/api/v1/incidents/{incident}").json()["timeline"]
    printed = [line["words"] for line in lines if "printed the place" in line["words"]]
    assert [one.split()[0] == "The" for one in printed] == [False, True]


def test_where_it_cannot_be_noted_the_list_comes_without_places_that_were_told(site):
    Room(site.held)
    ana = site.signed_in("operator")
    draft = {"marks": {"type": "MED-CHEST", "place": "told"}, "words": {"where": "7 Planted Lane"}}
    call = ana.post("/api/v1/calls", json={"draft": draft}, headers={"idempotency-key": "b2"}).json()["id"]
    ana.post(f"/api/v1/calls/{call}/open", json={"draft": draft}, headers={"idempotency-key": "o2"})

    def full(_work):
        raise JournalFull("The disk is full. Nothing was stored", "journal.full")

    centre = site.held.centre
    centre.told_places = ToldPlaces(store=site.held.store, run=full, values=centre.values)
    shown = words(asyncio.run(Press(site.parts).open_incidents(None)))
    assert "told by a caller" in shown
    assert "Planted" not in shown


def test_after_a_week_no_list_is_left_where_no_new_ones_are_written(tmp_path):
    made = datetime(2026, 11, 1, tzinfo=UTC)
    for name in ("open-incidents-20261101T200000Z.pdf", "open-incidents-20261109T200000Z.pdf", FORM_FILE, LATEST):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (made.timestamp(), made.timestamp()))
    remove_old(tmp_path, datetime(2026, 11, 8, tzinfo=UTC))
    assert sorted(path.name for path in tmp_path.iterdir()) == [FORM_FILE, "open-incidents-20261109T200000Z.pdf"]
    remove_old(tmp_path / "none", made)


def test_an_empty_list_says_so_and_the_form_asks_where_first(site):
    ana = site.signed_in("operator")
    assert "No open incidents." in words(ana.get("/api/v1/paper/open-incidents").content)
    form = words(ana.get("/api/v1/paper/call-form").content)
    assert form.index("1 Where") < form.index("2 What") < form.index("3 Who needs help")
    assert site.signed_in("auditor").get("/api/v1/paper/open-incidents").status_code == 403


def test_a_round_puts_both_into_the_folder_whole_and_for_nobody_else(site, tmp_path):
    folder = tmp_path / "paper"
    asyncio.run(Press(site.parts).round(folder, 3))
    names = sorted(path.name for path in folder.iterdir())
    assert (len(names), names[0], names[-1]) == (3, FORM_FILE, LATEST)
    assert all((folder / name).read_bytes().startswith(b"%PDF") for name in names)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_the_oldest_lists_go_and_other_files_of_the_folder_stay(tmp_path):
    (tmp_path / "open-incidents-of-mine.pdf").write_bytes(b"mine")
    for n in range(5):
        write(tmp_path, f"open-incidents-20261123T20000{n}Z.pdf", b"%d" % n, None, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "open-incidents-20261123T200003Z.pdf", "open-incidents-20261123T200004Z.pdf",
        "open-incidents-of-mine.pdf", LATEST,
    ]  # fmt: skip
    assert (tmp_path / LATEST).read_bytes() == b"4"


def test_what_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    write(tmp_path, "open-incidents-20261123T200000Z.pdf", b"first", None, 2)

    def full(_descriptor):
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write(tmp_path, "open-incidents-20261123T200100Z.pdf", b"second", None, 2)
    assert (tmp_path / LATEST).read_bytes() == b"first"
    assert not list(tmp_path.glob(".*"))
