"""The journal over HTTP: newest first, by kind, by number; who reads it is in it, once a quarter of an hour."""

import itertools
import json

import pytest

from support.centres import edit, held, make_folder
from support.desks import desks
from support.fakes import ManualClock
from tocsin.centre.journal_reading import LOOKED_MAX, READING_S, JournalReading
from tocsin.model.errors import CentreFault
from tocsin.system import SystemClock


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        for zone in range(1, 6):
            made.report("1001", "BA", zone, text="^SEALED TEXT^")
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("auditor",))


def page(person, query=""):
    return person.get(f"/journal?{query}")


def test_entries_come_newest_first_in_pages_down_to_the_first_and_hold_nothing_sealed(office, ana):
    found, before, head = [], "", None
    while True:
        reply = ana.ask("GET", f"/api/v1/journal?limit=7{before}")
        assert "SEALED" not in reply.text
        assert "Boiler" not in reply.text
        one = reply.json
        head = head or one["head"]
        found += one["items"]
        if one["next"] is None:
            break
        before = f"&before={one['next']}"
    assert [item["seq"] for item in found] == list(range(head, 0, -1))
    for younger, older in itertools.pairwise(found):
        assert younger["prev"] == older["hash"]
    assert found[-1]["kind"] == "centre.created"


def test_entry_is_what_an_export_of_the_journal_writes(office, ana, tmp_path):
    from tocsin.cli.journal import journal_app

    path = tmp_path / "export.jsonl"
    with pytest.raises(SystemExit):
        journal_app(["export", "--dir", str(office.centre.settings.folder), "--out", str(path)])
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    (shown,) = page(ana, f"seq={lines[1]['seq']}")["items"]
    lines[1]["derived"].pop("head", None)
    assert shown == lines[1]


def test_one_kind_is_found_and_no_other(office, ana):
    items = page(ana, "kind=signal&limit=200")["items"]
    assert {item["kind"] for item in items} == {"signal"}
    assert len(items) == 5
    reply = ana.ask("GET", "/api/v1/journal?kind=Erika")
    assert (reply.status, reply.json["code"]) == (400, "journal.kind")
    assert "Erika" not in reply.text


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "before=0", "seq=-1", "before=x", f"seq={2**60}"])
def test_page_out_of_range_is_refused(ana, query):
    assert ana.ask("GET", f"/api/v1/journal?{query}").status == 400


def test_number_that_is_not_there_is_an_empty_page(ana):
    assert page(ana, f"seq={2**53 - 2}")["items"] == []


def test_reading_is_a_fact_of_its_own_once_a_person_and_quarter_of_an_hour(office):
    bo, eve = office.person("Bo", ("supervisor",)), office.person("Eve", ("auditor",))

    def facts(person):
        items = page(bo, "kind=journal.read&limit=200")["items"]
        return [item["body"] for item in items if item["actor"] == person.id]

    first = page(bo, "kind=signal")
    assert facts(bo) == [{"kind": "signal", "until": facts(bo)[0]["until"]}]
    assert first["head"] >= page(bo, "kind=journal.read")["items"][0]["seq"], "the fact was there before the page"
    page(bo)
    assert len(facts(bo)) == 1
    page(eve)
    assert [body["kind"] for body in facts(eve)] == [None]


def test_who_may_not_read_leaves_no_trace_but_the_refusal(office, ana):
    operator = office.person("Op", ("operator",))
    before = len(page(ana, "kind=journal.read&limit=200")["items"])
    reply = operator.ask("GET", "/api/v1/journal")
    assert (reply.status, reply.json["code"]) == (403, "access.forbidden")
    assert len(page(ana, "kind=journal.read&limit=200")["items"]) == before


def test_program_with_the_scope_reads_and_is_noted_by_its_token(office, ana):
    import http.client

    connection = http.client.HTTPConnection(*office.address, timeout=20)
    connection.request("GET", "/api/v1/journal?limit=1", headers=office.program("journal"))
    answer = connection.getresponse()
    assert answer.status == 200
    answer.read()
    connection.close()
    newest = page(ana, "kind=journal.read&limit=1")["items"][0]
    assert newest["actor"].startswith("token-")


# Without HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture
def centre(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    with held(make_folder(tmp_path / "centre"), clock=clock) as made:
        made.folder = tmp_path / "centre"
        yield made


def reads(centre):
    return [e.row for e in centre.store.entries(0, 1000) if e.row.kind == "journal.read"]


def test_reading_counts_anew_after_its_time_and_after_a_clock_that_was_set_back(centre):
    reading = JournalReading(centre.store, centre.centre.note, centre.clock)
    for after_s, facts in ((0, 1), (READING_S - 1, 1), (1, 2), (10, 2), (-7200, 3), (1, 3)):
        centre.clock.advance(after_s)
        reading.page("user-1", None, None, 10)
        assert len(reads(centre)) == facts


def test_nothing_is_shown_where_the_reading_cannot_be_noted(centre):
    def fail(_fact):
        raise CentreFault("The centre is stopping", "centre.stopping")

    reading = JournalReading(centre.store, fail, centre.clock)
    for _ in range(2):
        with pytest.raises(CentreFault, match=r"centre\.stopping"):
            reading.page("user-1", None, None, 10)


def test_damaged_entry_is_shown_as_damaged_and_hides_no_other(centre):
    from tocsin.web.api.journal import entry_item

    centre.add(b"account\n1\n2\n")
    edit(centre.folder / "tocsin.db", "UPDATE journal SET entry = ? WHERE seq = 2", (b"\xff no json",))
    reading = JournalReading(centre.store, centre.centre.note, centre.clock)
    found, _ = reading.page("user-1", None, None, 10)
    items = [entry_item(stored) for stored in found.entries]
    assert [(item.seq, item.derived.get("damaged", False)) for item in items][-3:] == [
        (3, False),
        (2, True),
        (1, False),
    ]
    assert items[-2].kind == "account.set"


def test_looking_for_a_rare_kind_is_bounded(centre):
    assert LOOKED_MAX == 20_000
    reading = JournalReading(centre.store, centre.centre.note, centre.clock)
    centre.add(b"account\n" + b"".join(b"%d\n" % n for n in range(LOOKED_MAX + 10)))
    found, head = reading.page("user-1", None, "centre.created", 10)
    assert (found.entries, found.next) == ((), head + 1 - LOOKED_MAX)
    found, _ = reading.page("user-1", found.next, "centre.created", 10)
    assert [stored.row.seq for stored in found.entries] == [1]
