"""Desks and shifts: who is responsible at every moment, and what goes from one person to the next."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS
from support.fakes import ManualClock
from support.shifts import BO, HOUR, Desks
from tocsin.centre.editing import Overtaken
from tocsin.centre.rebuild import Rebuild
from tocsin.centre.shifts import Wanted
from tocsin.model.commands import Claim, Release
from tocsin.model.errors import BadInput, CentreFault, Conflict, Forbidden
from tocsin.model.shifts import DESKS_MAX, SHIFT_S_MAX
from tocsin.system import SystemClock


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        one = Desks(made)
        yield one
        assert rebuild_findings(one.store) == []


def test_person_goes_on_shift_by_their_own_word_and_is_on_duty_with_it(room):
    shift = room.begin(ANA)
    assert room.on() == [(ANA, room.desk)]
    assert room.duty(ANA) > room.until(23)
    with pytest.raises(Conflict, match="on shift already") as caught:
        room.begin(ANA)
    assert caught.value.code == "shift.already"
    room.begin(BO)
    assert room.shifts.end(shift, ANA).end_reason == "by_hand"
    assert (room.on(), room.duty(ANA)) == ([(BO, room.desk)], None)


def test_who_is_called_from_home_stays_so_on_shift_and_off(room):
    room.centre.contacts.set_reach(ANA, "from_home", not_now_until=None, on_duty_until=None)
    room.begin(BO)
    room.shifts.end(room.begin(ANA), ANA)
    assert room.store.reach(ANA)[0].row.kind == "from_home"


def test_shift_passes_its_claims_and_its_list_to_whoever_accepts_and_both_names_are_a_fact(room):
    mine, others = room.alarm(), room.alarm("BA", account="1002")
    room.act(mine, Claim())
    shift = room.begin(ANA)
    out = room.take_out("7")
    offered = room.shifts.offer(shift, BO, ANA)
    assert (offered.offered.zones_out, offered.offered.zones_out_count) == ((out,), 1)
    assert (offered.offered_to, offered.offered.claimed) == (BO, (mine,))
    late = room.alarm("GA", account="1003")
    over = room.shifts.accept(shift, room.until(), BO)
    assert (over.user, over.to, over.end_reason) == (ANA, BO, "handed_over")
    assert set(over.listed.incidents) == {mine, others, late}
    assert (over.listed.incidents_count, dict(over.listed.timers)) == (3, {"unclaimed": 2, "out_of_service": 1})
    assert over.listed.zones_out == (out,)
    (fact,) = room.facts("shift.ended")
    assert (fact["actor"], fact["body"]["to"], fact["body"]["listed"]["claimed"]) == (BO, BO, [mine])
    assert [one["body"]["from_shift"] for one in room.facts("shift.begun")] == [None, shift]
    assert room.store.incident(mine).claimed_by == BO
    assert room.on() == [(BO, room.desk)]
    assert (room.duty(ANA), room.duty(BO) is not None) == (None, True)


def test_until_it_is_accepted_the_outgoing_stays_responsible(room):
    shift = room.begin(ANA)
    room.shifts.offer(shift, BO, ANA)
    assert room.on() == [(ANA, room.desk)]
    room.shifts.end_offer(shift, BO)
    assert [one["body"]["reason"] for one in room.facts("shift.offer_ended")] == ["declined"]
    with pytest.raises(Conflict) as caught:
        room.shifts.accept(shift, room.until(), BO)
    assert (caught.value.code, room.on()) == ("shift.not_offered", [(ANA, room.desk)])
    room.shifts.offer(shift, BO, ANA)
    room.shifts.end_offer(shift, ANA)
    assert room.facts("shift.offer_ended")[-1]["body"]["reason"] == "withdrawn"


def test_only_who_it_was_handed_to_accepts_it(room):
    shift = room.begin(ANA)
    room.shifts.offer(shift, BO, ANA)
    for act in (lambda: room.shifts.accept(shift, room.until(), BOSS), lambda: room.shifts.end_offer(shift, BOSS)):
        with pytest.raises(Forbidden) as caught:
            act()
        assert caught.value.code == "shift.others"
    with pytest.raises(Forbidden):
        room.shifts.offer(shift, BOSS, BO)


def test_supervisor_takes_the_shift_of_somebody_who_has_gone(room):
    mine = room.alarm()
    room.act(mine, Claim())
    shift = room.begin(ANA)
    over = room.shifts.take_over(shift, room.until(), BOSS)
    assert (over.end_reason, over.to, room.on()) == ("taken_over", BOSS, [(BOSS, room.desk)])
    assert room.store.incident(mine).claimed_by == BOSS


def test_who_is_on_shift_already_takes_a_second_desk_with_the_shift_that_they_have(room):
    south = room.add("south")
    room.begin(BO, south)
    shift = room.begin(ANA)
    room.shifts.offer(shift, BO, ANA)
    room.shifts.accept(shift, room.until(), BO)
    assert room.on() == [(BO, south)]


def killed(_command):
    raise CentreFault("The process ended here", "centre.stopping")


def cut_short(room):
    """Bo accepts Ana's shift, and the process is killed before her incident has passed; return the shift and that."""
    mine = room.alarm()
    room.act(mine, Claim())
    shift = room.begin(ANA)
    room.shifts.offer(shift, BO, ANA)
    with pytest.raises(CentreFault):
        room.shifts_with(killed).accept(shift, room.until(), BO)
    assert (room.on(), room.store.incident(mine).claimed_by) == ([(BO, room.desk)], ANA)
    return shift, mine


def test_accepting_again_does_what_a_kill_left_undone(room):
    shift, mine = cut_short(room)
    room.shifts.accept(shift, room.until(), BO)
    assert room.store.incident(mine).claimed_by == BO
    assert (len(room.facts("shift.ended")), room.on()) == (1, [(BO, room.desk)])


def test_next_process_does_what_a_kill_left_undone_though_nobody_asks_again(room):
    _, mine = cut_short(room)
    room.shifts.pass_found()
    assert room.store.incident(mine).claimed_by == BO


def test_what_a_kill_left_undone_is_whose_shift_it_is_by_then(room):
    _, mine = cut_short(room)
    (second,) = room.store.shifts()
    room.clock.advance(60)
    room.shifts.take_over(second.id, room.until(), BOSS)
    room.shifts.pass_found()
    assert room.store.incident(mine).claimed_by == BOSS


def room_call(room, raised_by):
    """A call of the control room itself, that Ana has claimed."""
    room.centre.hold_ups.press(raised_by or "token-1", raised_by=raised_by, exercise=False)
    room.made.journal.store([])
    call = room.store.incidents("open", None, 1)[0]
    assert call.is_room
    room.act(call.id, Claim())
    return call.id


@pytest.mark.parametrize(("raised_by", "heir", "has_it"), [(BO, BO, None), (None, BO, None), (None, BOSS, BOSS)])
def test_call_of_the_room_passes_with_a_shift_to_nobody_who_must_not_see_it(room, raised_by, heir, has_it):
    fire, call = room.alarm(), room_call(room, raised_by)
    room.act(fire, Claim())
    shift = room.begin(ANA)
    offered = room.shifts.offer(shift, heir, ANA)
    assert offered.offered.claimed == (fire,)
    assert call not in str(room.facts("shift.offered"))
    room.shifts.accept(shift, room.until(), heir)
    claims = {one.id: one.claimed_by for one in room.store.incidents("open", None, 10)}
    assert claims == {fire: heir, call: has_it}
    released = [(fact["ref"], fact["actor"]) for fact in room.facts("incident.released")]
    assert released == ([] if has_it else [(call, ANA)])


def test_whoever_ends_anothers_shift_is_not_told_of_a_call_that_they_must_not_see(room):
    room.begin(BO)
    call = room_call(room, BOSS)
    room.shifts.end(room.begin(ANA), BOSS, is_lead=True)
    assert room.store.incident(call).claimed_by is None
    own = room_call(room, BO)
    with pytest.raises(Conflict, match="Open incidents are claimed"):
        room.shifts.end(room.begin(ANA), ANA)
    assert room.store.incident(own).claimed_by == ANA


def test_held_notices_of_a_call_of_the_room_are_in_no_hand_over(room):
    room.home(BOSS)
    fire, call = room.alarm(), room_call(room, ANA)
    room.pass_s(1)
    room.centre.outbox.notify(call, [BOSS], ANA, "c-1")
    room.centre.outbox.notify(fire, [BOSS], ANA, "c-2")
    with room.store.transaction() as transaction:
        found = room.store.notices(10)
        transaction.put_notices([msgspec.structs.replace(one, state="held") for one in found])
    listed = room.shifts.listed(ANA)
    assert {room.store.notice(one).incident for one in listed.held} == {fire}
    assert listed.held_count == sum(one.incident == fire for one in found) < len(found)
    with room.store.transaction() as transaction:
        transaction.put_notices(found)


def test_what_somebody_claims_after_handing_over_stays_theirs(room):
    shift = room.begin(ANA)
    room.shifts.offer(shift, BO, ANA)
    room.shifts.accept(shift, room.until(), BO)
    mine = room.alarm()
    room.act(mine, Claim())
    room.shifts.pass_found()
    assert room.store.incident(mine).claimed_by == ANA


def test_claims_that_a_kill_kept_from_passing_pass_at_the_next_start_and_what_was_claimed_anew_stays(room):
    mine, again = room.alarm(), room.alarm("BA", account="1002")
    room.act(mine, Claim())
    room.act(again, Claim())
    shift = room.begin(ANA)
    room.shifts.offer(shift, BO, ANA)

    def killed(_command):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        room.shifts_with(killed).accept(shift, room.until(), BO)
    assert [room.store.incident(one).claimed_by for one in (mine, again)] == [ANA, ANA]
    room.clock.advance(1)
    room.act(again, Release())
    room.act(again, Claim())
    room.shifts.pass_found()
    assert [room.store.incident(one).claimed_by for one in (mine, again)] == [BO, ANA]


def test_second_who_changes_a_desk_is_told_who_was_quicker(room):
    seen = room.shifts.desks()[0].seq
    room.shifts.set_desk(room.desk, Wanted(hazards=("fire",), label="north", priorities=()), BOSS, seen)
    with pytest.raises(Overtaken) as caught:
        room.shifts.set_desk(room.desk, Wanted(hazards=(), label="south", priorities=()), ANA, seen)
    assert (caught.value.by, room.shifts.desks()[0].row.label) == (BOSS, "north")


def test_last_one_and_who_has_incidents_cannot_just_go(room):
    shift = room.begin(ANA)
    with pytest.raises(Conflict) as caught:
        room.shifts.end(shift, ANA)
    assert caught.value.code == "shift.last"
    other = room.begin(BO)
    room.act(room.alarm(), Claim())
    with pytest.raises(Conflict) as caught:
        room.shifts.end(shift, ANA)
    assert caught.value.code == "shift.holds"
    with pytest.raises(Forbidden) as caught:
        room.shifts.end(other, ANA)
    assert caught.value.code == "shift.others"
    room.shifts.end(other, BOSS, is_lead=True)
    assert room.on() == [(ANA, room.desk)]


def test_supervisor_ends_the_last_shift_where_the_centre_closes(room):
    shift = room.begin(ANA)
    room.shifts.end(shift, BOSS, is_lead=True)
    assert room.on() == []
    room.shifts.end(shift, BOSS, is_lead=True)
    assert len(room.facts("shift.ended")) == 1


@pytest.mark.parametrize("hours", [0, -1, SHIFT_S_MAX / 3600 + 0.1])
def test_shift_is_planned_to_end_within_a_day(room, hours):
    with pytest.raises(BadInput) as caught:
        room.shifts.begin(room.desk, room.clock.now_us() + int(hours * HOUR), ANA)
    assert (caught.value.code, room.on()) == ("shift.until", [])


def test_shift_is_handed_to_somebody_who_works_at_a_desk(room):
    shift = room.begin(ANA)
    for to in (ANA, "user-4", "user-99"):
        with pytest.raises(BadInput) as caught:
            room.shifts.offer(shift, to, ANA)
        assert caught.value.code == "shift.to"


def test_desk_has_a_label_of_its_own_and_is_removed_when_nobody_is_at_it(room):
    with pytest.raises(Conflict) as caught:
        room.add("North")
    assert caught.value.code == "desk.same"
    assert room.add("north", hazards=("medical", "fire"), priorities=(2, 1, 2), id_=room.desk) == room.desk
    (desk,) = room.shifts.desks()
    assert (desk.row.hazards, desk.row.priorities) == (("fire", "medical"), (1, 2))
    shift = room.begin(ANA)
    with pytest.raises(Conflict) as caught:
        room.shifts.remove_desk(room.desk, BOSS)
    assert caught.value.code == "desk.staffed"
    room.shifts.end(shift, BOSS, is_lead=True)
    room.shifts.remove_desk(room.desk, BOSS)
    assert room.shifts.desks() == []
    for act in (lambda: room.begin(ANA), lambda: room.add("x", id_=room.desk)):
        with pytest.raises(BadInput) as caught:
            act()
        assert caught.value.code == "desk.unknown"


def test_more_desks_than_can_be_are_refused(room):
    for n in range(DESKS_MAX - 1):
        room.add(f"d{n}")
    with pytest.raises(Conflict) as caught:
        room.add("one-more")
    assert caught.value.code == "desk.full"


def test_what_there_is_not_is_said(room):
    for act in (room.shifts.end, room.shifts.end_offer):
        with pytest.raises(BadInput) as caught:
            act("shift-99", ANA)
        assert caught.value.code == "shift.unknown"
    shift = room.begin(ANA)
    room.shifts.take_over(shift, room.until(), BOSS)
    for act in (lambda: room.shifts.offer(shift, BO, ANA), lambda: room.shifts.take_over(shift, room.until(), BO)):
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.code == "shift.over"
    with pytest.raises(Conflict) as caught:
        room.shifts.take_over(room.store.shifts()[0].id, room.until(), BOSS)
    assert caught.value.code == "shift.own"


class Machine(RuleBasedStateMachine):
    """Whatever people do, in any order: somebody who was on shift is, until they or a supervisor said otherwise."""

    def __init__(self):
        super().__init__()
        self._folder = TemporaryDirectory()
        self._held = held(make_folder(Path(self._folder.name) / "centre"), clock=ManualClock(SystemClock().now_us()))
        self.room = Desks(self._held.__enter__())
        self.on = {}

    people = st.sampled_from([BOSS, ANA, BO])

    def _try(self, act):
        try:
            return act()
        except (BadInput, Conflict, Forbidden):
            return None

    def _of(self, user):
        return next((one.id for one in self.room.store.shifts() if one.user == user), "shift-0")

    @rule(user=people)
    def begin(self, user):
        if self._try(lambda: self.room.begin(user)):
            assert user not in self.on
            self.on[user] = None

    @rule(user=people, to=people)
    def offer(self, user, to):
        if self._try(lambda: self.room.shifts.offer(self._of(user), to, user)):
            self.on[user] = to

    @rule(user=people, by=people)
    def end_offer(self, user, by):
        if self._try(lambda: self.room.shifts.end_offer(self._of(user), by)):
            self.on[user] = None

    @rule(user=people, by=people)
    def accept(self, user, by):
        if self._try(lambda: self.room.shifts.accept(self._of(user), self.room.until(), by)):
            assert self.on.pop(user) == by
            self.on.setdefault(by, None)

    @rule(user=people)
    def take_over(self, user):
        if self._try(lambda: self.room.shifts.take_over(self._of(user), self.room.until(), BOSS)):
            del self.on[user]
            self.on.setdefault(BOSS, None)

    @rule(user=people)
    def end(self, user):
        if self._try(lambda: self.room.shifts.end(self._of(user), user)):
            del self.on[user]
            assert self.on

    @invariant()
    def those_who_are_on_are_those_who_should_be(self):
        going_on = self.room.store.shifts()
        assert {one.user: one.offered_to for one in going_on} == self.on
        assert len(going_on) == len(self.on)

    def teardown(self):
        rebuilt = Rebuild().take_all(self.room.store.entries(0, 100_000))
        assert list(rebuilt.shifts.shifts.values()) == self.room.store.shifts(ended_after=0)
        self._held.__exit__(None, None, None)
        self._folder.cleanup()


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)
