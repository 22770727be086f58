"""A call at a real process: what was answered outlives kill -9, bodies of any kind, and nobody is found by name."""

import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.api_description import api_description
from support.room import room
from support.tour import TABLES

NUMBER, NAME, ADDRESS = "+1 202 555 0143", "Planted Erika Example", "7 Planted Lane"


def draft(**more):
    caller = {"telephone": NUMBER, "name": NAME}
    words = {"where": ADDRESS, "said": "smoke", "note": {"caller": caller}, **more}
    return {"marks": {"type": "FIRE-STRUCTURE", "place": "told"}, "words": words}


def post(person, path, key=None, **body):
    return person.ask("POST", f"/api/v1{path}", body, **{"idempotency-key": key or uuid.uuid4().hex})


def again_up(centre, ana):
    """Kill it and let it come back; Ana's session goes on."""
    centre.server.kill()
    centre.server.start().wait_ready()
    ana.address = centre.server.web


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    with room(tmp_path_factory.mktemp("calls"), **TABLES) as made:
        yield made


@pytest.mark.slow
def test_what_was_typed_and_what_was_opened_is_there_after_a_kill_and_the_same_command_is_done_once(centre):
    ana = centre.person("Ana")
    begun = post(ana, "/calls", draft=draft())
    assert begun.status == 201, begun.text
    call = begun.json["id"]
    assert (
        ana.ask("PUT", f"/api/v1/calls/{call}", {"draft": draft(said="smoke, and flames"), "is_left": True}).status
        == 200
    )
    again_up(centre, ana)
    found = ana.get(f"/calls/{call}")
    assert found["draft"]["words"]["said"] == "smoke, and flames"
    opened = post(ana, f"/calls/{call}/open", "once", draft=draft())
    assert opened.status == 201, opened.text
    again_up(centre, ana)
    (one,) = ana.open_incidents()
    assert (one["id"], one["claimed_by"], one["origin"]) == (opened.json["incident"]["id"], ana.id, "call")
    again = [post(ana, f"/calls/{call}/open", "once", draft=draft()) for _ in range(2)]
    assert [(reply.status, reply.json["incident"]["id"]) for reply in again] == [(201, one["id"])] * 2
    assert post(ana, f"/calls/{call}/open", "once", draft=draft(said="else")).json["code"] == "command.reused"
    assert len(ana.open_incidents()) == 1
    (report,) = ana.get(f"/incidents/{one['id']}/reports")["items"]
    assert (report["words"]["where"], report["place"], report["by"]) == (ADDRESS, "told", ana.id)
    assert ana.get("/calls")["items"] == []
    held = [path for path in Path(centre.folder).rglob("*") if path.is_file()]
    for planted in (NUMBER, NAME, ADDRESS):
        assert [path.name for path in held if planted.encode() in path.read_bytes()] == []


TEXT = st.text(max_size=400)
VALUE = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
ODD = st.recursive(
    VALUE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
NAMES = st.sampled_from(["where", "exact", "latitude", "longitude", "said", "answers", "note", "plate", "photo"])


@pytest.mark.slow
def test_any_body_is_saved_or_refused_by_name_and_the_form_stays_as_it_was(centre):
    ana = centre.person("Ana")
    call = post(ana, "/calls", draft=draft()).json["id"]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(NAMES, ODD, max_size=4), ODD)
    def sent(words, marks):
        body = {"draft": {"words": words, "marks": marks}}
        reply = ana.ask("PUT", f"/api/v1/calls/{call}", body)
        assert reply.status in (200, 400, 413), reply.text
        if reply.status == 400:
            assert reply.json["code"]
            assert NAME not in reply.text

    sent()
    ana.ask("PUT", f"/api/v1/calls/{call}", {"draft": draft()})
    before = ana.get(f"/calls/{call}")["draft"]
    for wrong in (
        {"words": {"plate": "AB 123"}},
        {"marks": {"site_id": "site-999999"}},
        {"words": {"where": "x" * 301}},
    ):
        assert ana.ask("PUT", f"/api/v1/calls/{call}", {"draft": wrong}).status == 400
    assert ana.get(f"/calls/{call}")["draft"] == before
    assert post(ana, f"/calls/{call}/abandon", reason="test_call").status == 200


def test_no_query_of_calls_or_reports_matches_anything_that_was_said():
    asked = [
        (path, parameter["name"])
        for path, methods in api_description()["paths"].items()
        if "/calls" in path or path.endswith("/reports")
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    ]
    # Which source a telephone system speaks for: an id, and nothing that was said.
    assert asked == [("/api/v1/intake/calls", "source")]
