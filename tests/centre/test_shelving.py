"""Shelving: a person puts an incident aside for a while; it is never forgotten, and never silent about what is new."""

import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, Room
from support.fakes import ManualClock
from tocsin.centre.shelving import SHELF
from tocsin.model.commands import Call, Claim, Close, Merge, Release, Shelve, Unshelve
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.system import SystemClock

FAULT, FIRE = "BA", "FA"


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def room(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        yield one
        assert rebuild_findings(one.store) == []


def shelf(minutes=15, reason="fault_known", *, is_lead=False):
    return Shelve(reason=reason, minutes=minutes, is_lead=is_lead)


def due(room):
    return {timer.ref: timer.due_at for timer in room.store.timers(kind=SHELF)}


def of(room, incident):
    one = room.store.incident(incident)
    return one.state, one.presentation, one.claimed_by, None if one.shelved is None else one.shelved.by


def test_shelved_incident_is_open_nobodys_and_comes_back_at_its_end_by_itself(room):
    incident = room.alarm(FAULT)
    room.act(incident, Claim())
    room.act(incident, shelf(15))
    assert of(room, incident) == ("open", "shelved", None, ANA)
    assert incident in {one.id for one in room.store.incidents("open", None, 10)}
    shelved = room.store.incident(incident).shelved
    assert due(room) == {incident: shelved.until}
    assert shelved.until - shelved.at == 15 * 60_000_000
    room.pass_s(15 * 60 - 1)
    assert of(room, incident)[1] == "shelved"
    room.pass_s(2)
    assert of(room, incident) == ("open", "shown", None, None)
    assert due(room) == {}
    (fact,) = room.facts("incident.unshelved")
    assert (fact["actor"], fact["body"]) == (None, {"exercise": False, "late_s": 0, "reason": "due"})
    assert room.committed[-1].incidents[0].presentation == "shown"  # every screen is told, and sounds


def test_end_that_came_while_the_centre_stood_still_is_done_at_its_start_and_says_how_late(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room = Room(made)
        incident = room.alarm(FAULT)
        room.act(incident, shelf(15))
    clock.advance(3600)
    with held(folder, clock=clock) as made:
        room = Room(made)
        room.scheduler.wake()
        room.pass_s(1)
        assert of(room, incident)[1] == "shown"
        (fact,) = room.facts("incident.unshelved")
        assert 2_690 <= fact["body"]["late_s"] <= 2_710
        assert rebuild_findings(room.store) == []


def test_what_is_about_lives_is_shelved_by_two_persons_for_ten_minutes_at_most(room):
    incident = room.alarm(FIRE)
    with pytest.raises(Forbidden, match="supervisor") as refused:
        room.act(incident, shelf(5))
    assert refused.value.code == "shelve.lead"
    with pytest.raises(Conflict) as refused:  # nobody has it: nobody else has looked
        room.act(incident, shelf(5, is_lead=True), BOSS)
    assert refused.value.code == "shelve.alone"
    room.act(incident, Claim(), BOSS)
    with pytest.raises(Conflict) as refused:  # who has it and who shelves it are one
        room.act(incident, shelf(5, is_lead=True), BOSS)
    assert refused.value.code == "shelve.alone"
    room.act(incident, Claim(take_over=True), ANA)
    with pytest.raises(BadInput) as refused:
        room.act(incident, shelf(11, is_lead=True), BOSS)
    assert refused.value.code == "shelve.minutes"
    room.act(incident, shelf(10, is_lead=True), BOSS)
    assert of(room, incident) == ("open", "shelved", None, BOSS)
    assert room.timers() == {}
    room.pass_s(601)
    assert list(room.timers()) == [incident]  # and the chain begins from its beginning
    room.pass_s(21)
    assert [tell for tell, _ in room.told(incident)] == ["second_desk"]


def test_call_of_the_room_itself_is_never_shelved(room):
    room.centre.hold_ups.press("user-3", raised_by="user-3", exercise=False)
    room.made.journal.store([])
    (incident,) = room.store.incidents("open", None, 10)
    room.act(incident.id, Claim(), ANA)
    with pytest.raises(Conflict) as refused:
        room.act(incident.id, shelf(5, is_lead=True), BOSS)
    assert refused.value.code == "shelve.room"


def test_repeat_of_what_is_known_leaves_it_shelved(room):
    incident = room.alarm("BA")
    room.act(incident, shelf())
    assert room.alarm("BA") == incident
    assert of(room, incident)[1] == "shelved"
    assert room.store.incident(incident).signals == 2
    assert list(due(room)) == [incident]


def test_another_zone_of_what_is_about_lives_ends_the_shelving_at_once(room):
    incident = room.alarm(FIRE)
    room.act(incident, Claim(), ANA)
    room.act(incident, shelf(10, is_lead=True), BOSS)
    again = room.alarm("KA")  # heat, where smoke was known
    assert again == incident
    assert of(room, incident)[1] == "shown"
    (fact,) = room.facts("incident.unshelved")
    assert fact["body"]["reason"] == "news"
    assert list(room.timers()) == [incident]


def test_claim_takes_it_off_the_shelf_and_its_timer_is_gone_in_the_same_commit(room):
    incident = room.alarm(FAULT)
    room.act(incident, shelf())
    room.act(incident, Claim(), BOSS)
    assert of(room, incident) == ("open", "shown", BOSS, None)
    assert due(room) == {}
    claimed = room.facts("incident.claimed")[-1]
    ended = [fact for fact in room.facts("timer.set") if fact["body"]["kind"] == SHELF][-1]
    assert (ended["at"], ended["body"]["due_at"], ended["actor"]) == (claimed["at"], None, BOSS)
    room.act(incident, Close(disposition="fault"), BOSS)
    room.pass_s(3600)
    assert room.facts("incident.unshelved") == []


def test_taken_back_by_hand_it_waits_again_and_twice_changes_nothing(room):
    incident = room.alarm(FAULT)
    room.act(incident, shelf())
    room.act(incident, Unshelve(), BOSS)
    assert of(room, incident) == ("open", "shown", None, None)
    version = room.store.incident(incident).version
    room.act(incident, Unshelve(), BOSS)
    assert room.store.incident(incident).version == version
    assert due(room) == {}


def test_shelving_is_refused_where_it_is_anothers_shelved_already_closed_or_changed_since(room):
    incident = room.alarm(FAULT)
    room.act(incident, Claim(), BOSS)
    for act, code in ((shelf(), "incident.claimed_by_other"),):
        with pytest.raises(Conflict) as refused:
            room.act(incident, act, ANA)
        assert refused.value.code == code
    room.act(incident, Release(), BOSS)
    for minutes in (0, 481):
        with pytest.raises(BadInput) as wrong:
            room.act(incident, shelf(minutes))
        assert wrong.value.code == "shelve.minutes"
    room.act(incident, shelf())
    with pytest.raises(Conflict) as refused:
        room.act(incident, shelf())
    assert refused.value.code == "shelve.already"
    room.act(incident, Claim())
    room.act(incident, Close(disposition="fault"))
    with pytest.raises(Conflict) as refused:
        room.act(incident, shelf())
    assert refused.value.code == "incident.closed"


def test_shelved_one_is_not_merged_with_one_that_is_shown(room):
    one, other = room.alarm("BA", "1001"), room.alarm("BA", "1002")
    room.act(one, shelf())
    with pytest.raises(BadInput) as refused:
        room.act(one, Merge(into=other, seen=room.store.incident(other).version))
    assert refused.value.code == "merge.unlike"


def test_duress_on_the_telephone_ends_the_shelving(room):
    incident = room.alarm(FAULT)
    room.act(incident, shelf())
    room.act(incident, Call(of="keyholder-1", outcome="duress", place=1, telephone=1))
    one = room.store.incident(incident)
    assert (one.presentation, one.priority, one.silent) == ("shown", 1, True)
    assert due(room) == {}
    assert list(room.timers()) == [incident]
