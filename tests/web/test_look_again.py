"""A help note that is looked at again, over HTTP: the row says that it is due, and a press starts the next 12 hours."""

import uuid

import pytest

from support.desks import Office, wait_for
from support.in_process import serving
from support.look_again import HOUR_US, make_search
from tocsin.settings import load

PATH = "/api/v1/incidents/{}/help-note/confirm"


@pytest.fixture
def made(tmp_path):
    return make_search(tmp_path / "centre", hours_ago=13)


@pytest.fixture
def office(made, tmp_path):
    with serving(load(tmp_path / "centre", {})) as centre:
        yield Office(centre)


def confirm(person, incident, version=1, key=None):
    return person.ask(
        "POST", PATH.format(incident), {"version": version}, **{"idempotency-key": key or uuid.uuid4().hex}
    )


def due(follower, incident):
    row = follower.rows.get(incident)
    return row if row is not None and row["look_again_due"] else None


def test_what_fell_due_while_the_centre_was_down_is_on_every_screen_and_confirmed_for_12_hours(office, made):
    ana, bo = office.person("Ana"), office.person("Bo")
    with bo.listen() as stream:
        bo.snapshot(stream.follower)
        row = stream.until(lambda follower: due(follower, made.id))
        assert row["look_again_at"] == made.look_again_at
        assert bo.get(f"/incidents/{made.id}/help-note")["review_due_at"] == made.look_again_at
        lines = [line["words"] for line in ana.get(f"/incidents/{made.id}")["timeline"]]
        assert any(line.startswith("The help note must be looked at again. This came 01:00:") for line in lines)
        before = ana.session["now"]
        reply = confirm(ana, made.id, key="once")
        assert (reply.status, reply.json["version"], reply.json["incident"]["look_again_due"]) == (200, 1, False)
        assert reply.json["incident"]["look_again_at"] >= before + 12 * HOUR_US
        assert confirm(ana, made.id, key="once").json == reply.json
        told = stream.until(lambda follower: not follower.rows[made.id]["look_again_due"] and follower.rows[made.id])
        assert told["look_again_at"] == reply.json["incident"]["look_again_at"]
    lines = [line["words"] for line in ana.get(f"/incidents/{made.id}")["timeline"]]
    assert lines[-1] == "{" + ana.id + "} looked at the help note again: it is right as it is."


def test_confirming_is_for_who_writes_help_notes_and_names_the_version_that_was_seen(office, made):
    ana, ida = office.person("Ana"), office.person("Ida", ("integrator",))
    assert confirm(ida, made.id).status == 403
    for body, code in (({"version": 2}, "help_note.changed"), ({"version": 0}, None), ({}, None), ({"at": 1}, None)):
        reply = ana.ask("POST", PATH.format(made.id), body, **{"idempotency-key": uuid.uuid4().hex})
        assert (reply.status, reply.json["code"]) == ((409, code) if code else (400, reply.json["code"]))
    assert confirm(ana, "incident-999999").status == 404
    fire = ana.get("/incidents?state=open&limit=10")["items"]
    assert [one["id"] for one in fire if one["look_again_at"] is not None] == [made.id]


def test_incident_without_a_note_about_somebody_missing_is_not_confirmed(office):
    ana = office.person("Ana")
    office.report("1001", "FA")
    other = wait_for(lambda: next((row for row in ana.open_incidents() if row["hazard"] != "missing_person"), None))
    note = {"persons_in_need": {"told_by": "caller", "hurt": 1}}
    path = f"/api/v1/incidents/{other['id']}/help-note"
    reply = ana.ask("PUT", path, {"note": note, "version": 0}, **{"idempotency-key": "w1"})
    assert reply.json["incident"]["look_again_at"] is None
    assert (confirm(ana, other["id"]).status, confirm(ana, other["id"]).json["code"]) == (409, "help_note.not_due")
