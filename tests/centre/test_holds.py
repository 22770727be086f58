"""A legal hold keeps an incident's texts until its date and no longer; it takes two persons, a reason and an end."""

import pytest

from support.centres import edit, make_folder
from support.erasing import ANA, PANEL_WORDS, WORDS, Room
from support.fakes import ManualClock
from tocsin.model.commands import Close
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.retention import DAY_US, HOLDS_MAX, EraseEarly, LiftHold, SetHold


@pytest.fixture
def room(tmp_path):
    made = Room(make_folder(tmp_path / "centre", clock=ManualClock()))
    yield made
    made.close_folder()


def hold(room, incident, days=100, reason="court_order"):
    until = room.clock.now_us() + days * DAY_US
    return room.centre.holds.set(SetHold(incident=incident, reason=reason, until=until), "approval-1", ANA)


def lift(room, incident, id_):
    return room.centre.holds.lift(LiftHold(hold=id_, incident=incident, reason="settled"), "approval-2", ANA)


def test_held_texts_outlive_their_class_and_end_with_the_hold(room):
    incident = room.closed()
    hold(room, incident, 100)
    room.pass_days(99)
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    assert room.centre.holds.data_of(incident).is_held
    room.pass_days(2)
    assert room.words(incident) == []
    assert room.findings() == []


def test_held_texts_outlive_the_days_keys(room):
    incident = room.alarm(address="017")
    room.note(incident)
    room.close(incident)
    hold(room, incident, 300)
    room.pass_days(200)
    found = room.texts.read(incident, ANA)
    assert [(one.text, one.user) for one in found.signals] == [(PANEL_WORDS, "017")]


def test_hold_makes_the_copies_that_an_older_program_did_not(room):
    incident = room.closed()
    edit(room.settings.database_path, "DELETE FROM vault_values WHERE field = 'signal'")
    hold(room, incident, 300)
    room.pass_days(200)
    assert room.words(incident) == [PANEL_WORDS, WORDS]


def test_hold_on_an_open_incident_counts_when_it_is_closed(room):
    incident = room.alarm()
    hold(room, incident, 100)
    assert room.due_at(incident) is None
    room.close(incident)
    assert room.due_at(incident) == room.store.holds(incident)[0].until
    assert room.findings() == []


def test_shorter_hold_shortens_nothing(room):
    incident = room.closed()
    before = room.due_at(incident)
    hold(room, incident, 5)
    assert room.due_at(incident) == before
    room.pass_days(29)
    assert room.words(incident) == [PANEL_WORDS, WORDS]


def test_latest_of_several_holds_decides_and_lifting_it_leaves_the_next(room):
    incident = room.closed()
    short, long_ = hold(room, incident, 60), hold(room, incident, 200, "complaint")
    assert room.due_at(incident) == long_.until
    lift(room, incident, long_.id)
    assert room.due_at(incident) == short.until
    lift(room, incident, short.id)
    assert room.due_at(incident) == room.store.incident(incident).closed_at + 30 * DAY_US
    assert room.findings() == []


def test_texts_whose_time_was_over_go_at_once_when_the_hold_is_lifted(room):
    incident = room.closed()
    held = hold(room, incident, 100)
    room.pass_days(50)
    lift(room, incident, held.id)
    room.tick()
    assert room.words(incident) == []


def test_hold_and_its_end_are_facts_in_the_time_line_with_who_and_why(room):
    incident = room.closed()
    held = hold(room, incident)
    lift(room, incident, held.id)
    line = [stored.row.kind for stored in room.store.incident_facts(incident, 50)]
    assert line[-2:] == ["hold.set", "hold.lifted"]
    (made,) = room.bodies("hold.set")
    assert made == {"approval": "approval-1", "exercise": False, "reason": "court_order", "until": held.until}
    (ended,) = room.bodies("hold.lifted")
    assert ended == {"approval": "approval-2", "exercise": False, "hold": held.id, "reason": "settled"}


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_hold_ends_ahead_and_within_twelve_months(room, days):
    incident = room.closed()
    with pytest.raises(BadInput, match=r"\[hold\.until\]"):
        hold(room, incident, days)
    assert room.store.holds() == []


def test_nothing_happens_where_the_second_person_did_not_agree(room):
    def refuse(id_, act, digest, actor):
        raise Forbidden("no", "approval.refused")

    incident = room.closed()
    before = room.due_at(incident)
    held = hold(room, incident, 100)
    room.centre.holds.use_approvals(refuse)
    for act in (
        lambda: hold(room, incident, 200),
        lambda: lift(room, incident, held.id),
    ):
        with pytest.raises(Forbidden):
            act()
    assert (room.due_at(incident), len(room.store.holds())) == (held.until, 1)
    assert before < held.until


def test_what_was_agreed_is_what_is_done(room):
    asked = []
    room.centre.holds.use_approvals(lambda id_, act, digest, actor: asked.append((id_, act, digest, actor)))
    incident = room.closed()
    held = hold(room, incident, 100)
    hold(room, incident, 100)
    lift(room, incident, held.id)
    assert [one[1] for one in asked] == ["hold.set", "hold.set", "hold.lift"]
    assert asked[0][2] == asked[1][2] != asked[2][2]
    assert {one[3] for one in asked} == {ANA}


def test_erased_texts_cannot_be_held_and_held_ones_not_erased_early(room):
    incident, other = room.closed("1"), room.closed("2")
    hold(room, other, 100)
    with pytest.raises(Conflict, match=r"\[hold\.holds\]"):
        room.centre.holds.erase_early(EraseEarly(incident=other, reason="not_needed"), "approval-3", ANA)
    room.centre.holds.erase_early(EraseEarly(incident=incident, reason="not_needed"), "approval-4", ANA)
    with pytest.raises(Conflict, match=r"\[incident\.erased\]"):
        hold(room, incident)
    with pytest.raises(Conflict, match=r"\[incident\.erased\]"):
        room.centre.holds.erase_early(EraseEarly(incident=incident, reason="not_needed"), "approval-5", ANA)
    (body,) = room.bodies("incident.erased")
    assert (body["approval"], body["reason"], body["values"]) == ("approval-4", "not_needed", 2)
    assert room.words(other) == [PANEL_WORDS, WORDS]
    assert room.findings() == []


def test_unknown_and_ended_holds_are_not_lifted(room):
    incident = room.closed()
    with pytest.raises(BadInput, match=r"\[hold\.unknown\]"):
        lift(room, incident, "hold-1")
    held = hold(room, incident, 10)
    lift(room, incident, held.id)
    with pytest.raises(Conflict, match=r"\[hold\.ended\]"):
        lift(room, incident, held.id)
    short = hold(room, incident, 1)
    room.pass_days(2)
    with pytest.raises(Conflict, match=r"\[hold\.ended\]"):
        lift(room, incident, short.id)


def test_number_of_holds_is_limited(room):
    incident = room.closed()
    for _ in range(HOLDS_MAX):
        hold(room, incident)
    with pytest.raises(Conflict, match=r"\[hold\.too_many\]"):
        hold(room, incident)


def test_hold_of_an_unknown_incident_is_refused(room):
    with pytest.raises(BadInput, match=r"\[incident\.unknown\]"):
        hold(room, "incident-9999")
    with pytest.raises(BadInput, match=r"\[incident\.unknown\]"):
        room.centre.holds.data_of("incident-9999")


def test_hold_outlives_reopening_and_closing_again(room):
    incident = room.closed()
    held = hold(room, incident, 200)
    room.reopen(incident)
    assert room.due_at(incident) is None
    room.act(Close(disposition="real"), incident)
    assert room.due_at(incident) == held.until
    assert room.findings() == []
