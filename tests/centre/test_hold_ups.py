"""The control room calls for help: it always opens, people elsewhere hear of it at once, never whoever pressed."""

import msgspec
import pytest
from structlog.testing import capture_logs

from support.centres import held, make_folder
from support.chains import chain, step, wait
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, Room
from support.fakes import ManualClock, arrival
from tocsin.centre.core import Core
from tocsin.centre.hold_ups import AGAIN_S
from tocsin.centre.shifts import Wanted
from tocsin.model.commands import Claim, Close
from tocsin.model.hold_up import HELD_UP, HeldUp
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.hold_up import is_hidden
from tocsin.system import SystemClock

BO = "user-3"


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        one.users(user_1=("supervisor",), user_2=("operator",), user_3=("operator",))
        yield one
        assert rebuild_findings(one.store) == []


def press(room, who=ANA, *, exercise=False, raised_by=ANA):
    room.centre.hold_ups.press(who, raised_by=raised_by, exercise=exercise)
    room.made.journal.store([])
    room.scheduler.wake()
    return open_ones(room)


def open_ones(room):
    return sorted(room.store.incidents("open", None, 100), key=lambda one: one.number)


def test_press_opens_a_silent_hold_up_of_priority_1_that_only_the_own_screens_do_not_show(room):
    (incident,) = press(room)
    assert (incident.type, incident.hazard, incident.priority) == ("HOLD-UP", "robbery_holdup", 1)
    assert (incident.silent, incident.is_room, incident.exercise, incident.raised_by) == (True, True, False, ANA)
    assert [is_hidden(incident, who, is_lead=False) for who in (ANA, BO, BOSS)] == [True, False, False]
    (fact,) = room.facts(HELD_UP)
    assert (fact["actor"], fact["body"]) == (ANA, {"exercise": False, "raised_by": ANA, "site_id": None})


def test_everybody_who_can_be_reached_is_told_at_once_but_whoever_pressed(room):
    room.home(BOSS, ANA, BO)
    (incident,) = press(room)
    room.pass_s(1)
    assert [tell for tell, _ in room.told(incident.id)] == ["second_desk", "supervisor", "everyone"]
    assert sorted(one.recipient for one in room.store.notices(10)) == [BOSS, BO]
    assert {one.shown_type for one in room.store.notices(10)} == {None}
    room.pass_s(3600)
    assert ANA not in {one.recipient for one in room.store.notices(100)}


def test_who_was_told_of_another_incident_a_moment_ago_is_told_of_the_hold_up_all_the_same(room):
    room.home(BOSS)
    other = room.alarm()
    room.pass_s(41)
    assert room.told(other)[-1] == ("supervisor", 1)
    *_, incident = press(room)
    room.pass_s(1)
    assert [one.incident for one in room.store.notices(10) if one.recipient == BOSS] == [incident.id, other]


def test_chain_of_the_centres_own_begins_at_once_whatever_it_waits_for_first(room):
    room.home(BOSS, BO)
    row = chain(wait(200), step("notify", users=(BO,)), name="Hold-up", types=("HOLD-UP",))
    room.centre.chains.make(row, BOSS)
    (incident,) = press(room)
    room.pass_s(1)
    assert BO in {one.recipient for one in room.store.notices(10) if one.incident == incident.id}


def test_same_keys_again_are_the_same_incident_and_another_person_s_are_another(room):
    (first,) = press(room)
    assert press(room) == [first]  # within ten seconds: answered alike, and nothing added
    room.clock.advance(AGAIN_S + 1)
    (again,) = press(room)
    assert (again.id, again.version > first.version, again.alarmed > first.alarmed) == (first.id, True, True)
    assert len(press(room, BO, raised_by=BO)) == 2
    room.act(first.id, Claim(), BOSS)
    room.act(first.id, Close("test", None), BOSS)
    assert first.id not in [one.id for one in press(room)]  # closed meanwhile: a call of its own, however soon
    assert [one.raised_by for one in open_ones(room)] == [BO, ANA]
    assert len(room.facts(HELD_UP)) == 4


def test_test_press_and_real_one_never_hide_each_other(room):
    room.home(BOSS)
    (trial,) = press(room, exercise=True)
    assert (trial.exercise, trial.type, trial.is_room) == (True, "HOLD-UP", True)
    trial, real = press(room)
    assert (trial.exercise, real.exercise) == (True, False)
    room.pass_s(1)
    assert {one.incident for one in room.store.notices(10)} == {trial.id, real.id}
    assert {one.exercise for one in room.store.notices(10) if one.incident == trial.id} == {True}


def test_by_a_button_of_the_room_no_operator_s_screen_shows_it_and_a_supervisor_s_does(room):
    (incident,) = press(room, "token-1", raised_by=None)
    assert (incident.raised_by, incident.is_room) == (None, True)
    assert is_hidden(incident, ANA, is_lead=False)
    assert not is_hidden(incident, BOSS, is_lead=True)


def test_by_a_button_nobody_who_works_at_a_desk_is_told_but_supervisors_are(room):
    """Whoever is forced may be any of them, and what their telephone shows is read with them."""
    room.home(BOSS, ANA, BO)
    room.centre.contacts.set_reach(BO, "on_shift", not_now_until=None, on_duty_until=room.clock.now_us() + 3600 * 10**6)
    (_incident,) = press(room, "token-1", raised_by=None)
    room.pass_s(1)
    assert sorted(one.recipient for one in room.store.notices(10)) == [BOSS, ANA]  # Ana is at home
    desk = room.centre.shifts.set_desk(None, Wanted(hazards=(), label="north", priorities=()), BOSS).id
    begun = room.centre.shifts.begin(desk, room.clock.now_us() + 3600 * 10**6, ANA).version
    room.pass_s(3600)
    again = {one.recipient for one in room.store.notices(100) if one.seq > begun}
    assert again == {BOSS}


def test_claim_by_another_desk_ends_the_escalation_and_shows_nothing_to_whoever_pressed(room):
    (incident,) = press(room)
    room.act(incident.id, Claim(), BO)
    room.pass_s(3600)
    assert room.told(incident.id) == []
    claimed = room.store.incident(incident.id)
    assert (claimed.claimed_by, is_hidden(claimed, ANA, is_lead=True)) == (BO, True)


def test_button_of_an_account_at_the_own_site_counts_as_the_room_s_own(tmp_path):
    with held(make_folder(tmp_path / "centre")) as made:
        own = sites(made, "Control room", "Bank")["Control room"]
        made.add(b"account,site\n9001,Control room\n9002,Bank\n")
        ids = {one.row.account: one.id for one in made.centre.accounts()}
        core = Core(made.store, made.clock, shipped_catalogue(), made.centre.places(), own_site=own)
        made.journal.attach(core)
        for number, (account, code) in enumerate((("9001", "HA"), ("9002", "HA"), ("9001", "FA"))):
            said = {"account": account, "account_ref": ids[account], "code": code}
            made.journal.store([arrival(b"%d" % number, received_at=made.clock.now_us(), **said)])
            made.journal.store([])
        found = sorted(made.store.incidents("open", None, 10), key=lambda one: one.number)
        assert [(one.account, one.code, one.is_room) for one in found] == [
            ("9001", "HA", True),
            ("9002", "HA", False),
            ("9001", "FA", False),
        ]
        assert found[0].raised_by is None  # nobody knows at whose desk


def test_log_says_at_the_start_that_the_own_site_is_gone_and_nothing_at_a_press(tmp_path):
    folder = make_folder(tmp_path / "centre")
    with capture_logs() as said, held(folder, own_site="site-999") as made:
        started = len(said)
        made.centre.hold_ups.press(ANA, raised_by=ANA, exercise=False)
    assert [one["event"] for one in said[:started]].count("held_up.no_site") == 1
    assert said[started:] == []


def test_press_names_the_own_site_and_goes_without_where_that_was_removed(tmp_path):
    folder = make_folder(tmp_path / "centre")
    with held(folder) as made:
        own = sites(made, "Control room")["Control room"]
    for site, wanted in ((own, own), ("site-999", None)):
        with held(folder, own_site=site) as made:
            made.centre.hold_ups.press(ANA, raised_by=ANA, exercise=False)
            entry = made.store.entries(made.store.head().seq - 1, 1)[0].row
            assert (entry.kind, msgspec.json.decode(entry.entry)["body"]["site_id"]) == (HELD_UP, wanted)


def sites(made, *names):
    made.add("\n".join(("name", *names, "")).encode(), kind="sites")
    return {one.row.name: one.id for one in made.centre.sites()}


def test_body_of_the_fact_stands_in_canonical_order():
    fields = [one.name for one in msgspec.structs.fields(HeldUp)]
    assert fields == sorted(fields)
