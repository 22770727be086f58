"""What a person may do with an incident, and what a newer version of it means (decision 0020)."""

import pytest
from msgspec.structs import replace

from support.events import Room, cid, sia, user
from tocsin.model.commands import AddNote, Claim, Close, Release, Reopen
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import DISPOSITIONS, REOPEN_REASONS, IncidentClaimed, IncidentNoted, IncidentReopened
from tocsin.rules.incident import apply
from tocsin.rules.lifecycle import decide

ACTS = {
    "claim": Claim(),
    "take over": Claim(take_over=True),
    "release": Release(),
    "note": AddNote(note="text-1"),
    "close": Close(disposition="real"),
    "reopen": Reopen(reason="more_to_do"),
}
ME, OTHER = "user-1", "user-2"


def room_with(state):
    """A room with one incident: new, mine, theirs or closed."""
    room = Room()
    incident = room.take(sia("FA", "1"))
    if state != "new":
        room.act(incident, Claim(), actor=OTHER if state == "theirs" else ME)
    if state == "closed":
        room.act(incident, Close(disposition="real"))
    return room, incident


ANSWERS = {
    # state: what each act gets: done, a no-op, or a code
    "new": {
        "claim": "done",
        "take over": "done",
        "release": "incident.not_claimed",
        "note": "done",
        "close": "incident.not_claimed",
        "reopen": "incident.open",
    },
    "mine": {
        "claim": None,
        "take over": None,
        "release": "done",
        "note": "done",
        "close": "done",
        "reopen": "incident.open",
    },
    "theirs": {
        "claim": "incident.claimed_by_other",
        "take over": "done",
        "release": "incident.claimed_by_other",
        "note": "done",
        "close": "incident.claimed_by_other",
        "reopen": "incident.open",
    },
    "closed": {
        "claim": "incident.closed",
        "take over": "incident.closed",
        "release": "incident.closed",
        "note": "done",
        "close": "incident.closed",
        "reopen": "done",
    },
}


@pytest.mark.parametrize("state", ANSWERS)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_in_each_state(state, act):
    room, incident = room_with(state)
    now = room.now_of(incident)
    expected = ANSWERS[state][act]
    if expected in ("done", None):
        body = decide(now, ACTS[act], ME, now.version)
        assert (body is None) == (expected is None)
        return
    with pytest.raises(Conflict) as caught:
        decide(now, ACTS[act], ME, now.version)
    assert caught.value.code == expected
    assert f"Incident {now.number} " in caught.value.message
    assert "Nothing was changed" in caught.value.message


def test_claim_is_by_name_and_says_since_when():
    room, incident = room_with("new")
    room.wait(7)
    now = room.act(incident, Claim())
    assert (now.claimed_by, now.claimed_at, now.state, now.acted) == (ME, room.now, "open", now.version)


def test_claim_of_what_one_has_changes_nothing():
    room, incident = room_with("mine")
    before = room.now_of(incident)
    assert room.act(incident, Claim()) == before
    assert room.act(incident, Claim(take_over=True), version=incident.version) == before


def test_taking_over_names_from_whom():
    room, incident = room_with("theirs")
    now = room.now_of(incident)
    assert decide(now, Claim(take_over=True), ME, now.version) == IncidentClaimed(exercise=False, previous=OTHER)
    assert room.act(incident, Claim(take_over=True)).claimed_by == ME


def test_release_gives_it_back():
    room, incident = room_with("mine")
    now = room.act(incident, Release())
    assert (now.claimed_by, now.claimed_at, now.state) == (None, None, "open")


@pytest.mark.parametrize("disposition", DISPOSITIONS)
def test_close_has_an_outcome_a_time_and_a_name(disposition):
    room, incident = room_with("mine")
    room.wait(60)
    now = room.act(incident, Close(disposition=disposition, note="text-9"))
    assert (now.state, now.disposition, now.closed_by, now.closed_at) == ("closed", disposition, ME, room.now)
    assert (now.claimed_by, now.condition) == (None, "active")


@pytest.mark.parametrize("reason", REOPEN_REASONS)
def test_reopened_incident_is_open_and_has_somebody(reason):
    room, incident = room_with("closed")
    now = room.act(incident, Reopen(reason=reason), actor=OTHER)
    assert (now.state, now.claimed_by, now.disposition, now.closed_by, now.closed_at) == (
        "open",
        OTHER,
        None,
        None,
        None,
    )
    assert room.take(sia("FA", "1")).id == incident.id


def test_note_needs_no_version_and_no_claim():
    for state in ANSWERS:
        room, incident = room_with(state)
        assert decide(room.now_of(incident), AddNote(note="text-1"), ME, None) == IncidentNoted(
            exercise=False, note="text-1"
        )


@pytest.mark.parametrize("held", ["on_test", "out_of_service", "shelved"])
def test_what_somebody_reopens_is_held_back_no_more(held):
    room, incident = room_with("closed")
    incident = replace(room.now_of(incident), presentation=held, test="out-7")
    body = decide(incident, Reopen(reason="more_to_do"), ME, incident.version)
    again = apply(incident, body, seq=incident.version + 1, at=9, actor=ME, id_=incident.id)
    assert (again.state, again.presentation, again.test) == ("open", "shown", None)


def test_reopening_of_an_older_journal_leaves_it_held_back_as_it_was():
    room, incident = room_with("closed")
    incident = replace(room.now_of(incident), presentation="on_test", test="test-7")
    body = IncidentReopened(exercise=False, reason="more_to_do")
    again = apply(incident, body, seq=incident.version + 1, at=9, actor=ME, id_=incident.id)
    assert (again.presentation, again.test) == ("on_test", "test-7")


@pytest.mark.parametrize("act", [act for act in ACTS if act != "note"])
def test_every_other_act_says_what_was_seen(act):
    room, incident = room_with("closed" if act == "reopen" else "mine")
    with pytest.raises(BadInput) as caught:
        decide(room.now_of(incident), ACTS[act], ME, None)
    assert caught.value.code == "incident.version"


@pytest.mark.parametrize("act", [act for act in ACTS if act != "note"])
def test_version_that_the_centre_never_had_is_refused(act):
    room, incident = room_with("closed" if act == "reopen" else "mine")
    now = room.now_of(incident)
    with pytest.raises(Conflict) as caught:
        decide(now, ACTS[act], ME, now.version + 1)
    assert caught.value.code == "incident.changed"


# A newer version ----------------------------------------------------------------------------------------------------

NEWER = {
    "same detector again": [sia("FA", "1")],
    "restoral": [sia("FH", "1")],
    "another detector": [sia("FA", "2")],
    "active again": [sia("FH", "1"), sia("FA", "1")],
}


@pytest.mark.parametrize("newer", NEWER)
def test_claim_and_release_overlook_whatever_joined(newer):
    room, incident = room_with("new")
    room.take_all(NEWER[newer])
    assert room.act(incident, Claim(), version=incident.version).claimed_by == ME
    seen = room.now_of(incident).version
    room.take_all(NEWER[newer])
    assert room.act(incident, Release(), version=seen).claimed_by is None


@pytest.mark.parametrize("newer", NEWER)
def test_taking_over_overlooks_whatever_joined_and_no_act_of_a_person(newer):
    room, incident = room_with("theirs")
    seen = room.now_of(incident).version
    room.take_all(NEWER[newer])
    assert room.act(incident, Claim(take_over=True), version=seen).claimed_by == ME
    with pytest.raises(Conflict) as caught:
        room.act(incident, Claim(take_over=True), actor="user-3", version=seen)
    assert caught.value.code == "incident.changed"


@pytest.mark.parametrize("newer", NEWER)
def test_nobody_closes_over_an_alarm_that_they_did_not_see(newer):
    room, incident = room_with("mine")
    seen = room.now_of(incident).version
    room.take_all(NEWER[newer])
    if newer in ("same detector again", "restoral"):
        assert room.act(incident, Close(disposition="unwanted"), version=seen).state == "closed"
        return
    with pytest.raises(Conflict) as caught:
        room.act(incident, Close(disposition="unwanted"), version=seen)
    assert caught.value.code == "incident.changed"
    assert room.act(incident, Close(disposition="real")).state == "closed"


def test_nobody_closes_over_a_raised_priority():
    room = Room()
    incident = room.take(cid("118", "1"))
    seen = room.act(incident, Claim()).version
    room.take(cid("110", "1"))
    with pytest.raises(Conflict, match=r"incident\.changed"):
        room.act(incident, Close(disposition="unwanted"), version=seen)


def test_nobody_closes_over_a_note_of_another():
    room, incident = room_with("mine")
    seen = room.now_of(incident).version
    room.act(incident, AddNote(note="text-1"), actor=OTHER)
    with pytest.raises(Conflict, match=r"incident\.changed"):
        room.act(incident, Close(disposition="unwanted"), version=seen)


def test_openings_and_restorals_do_not_hold_up_a_closing():
    room = Room()
    incident = room.take(sia("BA", "1"))
    seen = room.act(incident, Claim()).version
    room.take_all([user(sia("OR")), user(sia("BC")), sia("BH", "1")])
    assert room.act(incident, Close(disposition="unwanted"), version=seen).state == "closed"


def test_reopening_overlooks_no_act_of_a_person():
    room, incident = room_with("closed")
    seen = room.now_of(incident).version
    room.act(incident, AddNote(note="text-1"), actor=OTHER)
    with pytest.raises(Conflict, match=r"incident\.changed"):
        room.act(incident, Reopen(reason="more_to_do"), version=seen)


def test_of_two_who_claim_at_once_one_has_it():
    room, incident = room_with("new")
    room.act(incident, Claim(), actor=OTHER, version=incident.version)
    with pytest.raises(Conflict, match=r"incident\.claimed_by_other"):
        room.act(incident, Claim(), version=incident.version)


def test_exercise_is_told_in_every_fact():
    room = Room()
    incident = room.take(sia("FA", "1", exercise=True))
    for act in (Claim(), AddNote(note="text-1"), Release(), Claim(), Close(disposition="test")):
        room.act(incident, act)
    room.act(incident, Reopen(reason="more_to_do"))
    assert all(b'"exercise":true' in fact[-1] for fact in room.facts)
    assert len(room.facts) == 7
