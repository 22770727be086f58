"""Escalation: what nobody claims reaches a person, in time, once, whatever happens to the process or to the clock."""

import msgspec
import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, SECOND, Room
from support.fakes import ManualClock
from tocsin.centre.escalation import SCHEDULED, hold_steps
from tocsin.centre.scheduler import GAP_S, RETRY_S
from tocsin.model.commands import Claim, Close, Release
from tocsin.model.errors import DiskFault
from tocsin.model.escalation import UNCLAIMED
from tocsin.rules.escalation import is_waiting
from tocsin.system import SystemClock


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def room(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        yield one
        assert rebuild_findings(one.store) == []


def test_unclaimed_priority_1_is_told_to_the_second_desk_after_20_s_and_to_the_supervisor_after_40_s(room):
    room.users(user_1=("supervisor",), user_2=("operator",))
    room.home(BOSS)
    incident = room.alarm()
    room.pass_s(19.5)
    assert room.told(incident) == []
    room.pass_s(1)
    assert room.told(incident) == [("second_desk", 0)]
    assert room.committed[-1].incidents[0].escalated[0].tell == "second_desk"  # the row on every screen
    room.pass_s(20)
    assert room.told(incident) == [("second_desk", 0), ("supervisor", 1)]
    (notice,) = room.store.notices(10)
    assert (notice.recipient, notice.incident, notice.priority) == (BOSS, incident, 1)
    assert room.woken == [1]


def test_claim_ends_the_escalation_in_the_same_transaction_and_visibly(room):
    incident = room.alarm()
    assert list(room.timers()) == [incident]
    room.act(incident, Claim())
    assert room.timers() == {}
    claimed = room.facts("incident.claimed")[0]
    ended = room.facts("timer.set")[-1]
    assert (ended["body"]["due_at"], ended["body"]["reason"], ended["actor"]) == (None, "claimed", ANA)
    assert (ended["seq"], ended["at"]) == (claimed["seq"] + 1, claimed["at"])
    room.pass_s(3600)
    assert room.steps() == []


def test_step_never_comes_after_the_disposition(room):
    incident = room.alarm()
    room.pass_s(25)
    room.act(incident, Claim())
    room.act(incident, Close(disposition="real"))
    room.pass_s(3600)
    assert [tell for _, tell, _ in room.steps()] == ["second_desk"]
    assert room.store.incident(incident).escalated == ()


def test_incident_given_back_waits_from_the_beginning(room):
    incident = room.alarm()
    room.pass_s(30)
    room.act(incident, Claim())
    room.pass_s(100)
    room.act(incident, Release())
    room.pass_s(19)
    assert room.told(incident) == []
    room.pass_s(2)
    assert [tell for tell, _ in room.told(incident)] == ["second_desk"]


def seconds(room, incident):
    """Steps of the built-in chain: when after the first signal, and what."""
    row = room.store.incident(incident)
    return [(round((one.at - row.opened_at) / SECOND), one.tell) for one in row.escalated]


def test_unclaimed_priority_2_is_told_to_the_second_desk_after_60_s_and_to_the_supervisor_after_180_s(room):
    room.users(user_1=("supervisor",), user_2=("operator",))
    room.home(BOSS, ANA)
    incident = room.alarm("BA")
    assert room.store.incident(incident).priority == 2
    room.pass_s(59)
    assert room.told(incident) == []
    room.pass_s(840)
    everyone = [(360, "everyone"), (540, "everyone"), (720, "everyone")]
    assert seconds(room, incident) == [(60, "second_desk"), (180, "supervisor"), *everyone]
    room.pass_s(2)
    assert seconds(room, incident)[-1] == (900, "telephone"), "it ends in no silence"
    assert room.timers() == {}
    assert {one.priority for one in room.store.notices(100)} == {2}


def test_claim_of_priority_2_ends_its_escalation_and_below_it_nothing_waits(room):
    incident = room.alarm("BA")
    assert list(room.timers()) == [incident]
    waits = room.store.incident(incident)
    assert [is_waiting(msgspec.structs.replace(waits, priority=one)) for one in (1, 2, 3, 4)] == [
        True,
        True,
        False,
        False,
    ]
    room.act(incident, Claim())
    assert room.timers() == {}


def test_incident_that_becomes_priority_1_begins_the_shorter_chain_then_whoever_was_told_before(room):
    room.users(user_1=("supervisor",), user_2=("operator",))
    room.home(BOSS, ANA)
    incident = room.alarm("FL")
    assert room.store.incident(incident).priority == 2
    room.pass_s(65)
    assert seconds(room, incident) == [(60, "second_desk")]
    assert room.alarm("FA") == incident
    room.pass_s(41)
    assert seconds(room, incident)[1:] == [(85, "second_desk"), (105, "supervisor")]
    assert [one.priority for one in room.store.notices(100)] == [1]


def test_nobody_waits_longer_for_what_became_more_urgent(room):
    incident = room.alarm("FL")
    room.pass_s(50)
    room.alarm("FA")
    room.pass_s(11)
    assert seconds(room, incident) == [(60, "second_desk")], "and not 20 s after the second signal"


def test_update_from_a_release_that_knew_priority_1_alone_lets_what_is_open_of_priority_2_wait_too(room):
    room.users(user_1=("supervisor",))
    room.home(BOSS)
    ended, burglary = room.alarm(), room.alarm("BA", account="1002")
    room.pass_s(1000)

    def as_before(transaction, appender):
        transaction.put_meta(SCHEDULED, "1")
        row = msgspec.structs.replace(transaction.incident(burglary), escalated=())
        transaction.put_incidents([row])

    before = room.store.incident(burglary)
    room.made.journal.decide(as_before)
    try:
        assert room.centre.escalating.schedule_found(room.made.journal, room.clock.now_us()) == 1
        assert list(room.timers()) == [burglary], "what has come to its end begins nothing again"
        assert room.store.incident(ended).escalated[-1].tell == "telephone"
        assert room.centre.escalating.schedule_found(room.made.journal, room.clock.now_us()) == 0
    finally:
        with room.store.transaction() as transaction:
            transaction.put_incidents([before])


def test_chain_never_ends_in_silence_its_last_step_asks_to_telephone(room):
    room.users(user_1=("supervisor",), user_2=("operator",), user_3=("responder",))
    room.home(BOSS, ANA, "user-3")
    incident = room.alarm()
    room.pass_s(40 + 4 * 60 + 1)
    assert room.told(incident) == [
        ("second_desk", 0),
        ("supervisor", 1),
        ("everyone", 2),
        ("everyone", 2),
        ("everyone", 2),
        ("telephone", 1),
    ]
    assert "user-3" not in {one.recipient for one in room.store.notices(100)}
    assert room.timers() == {}  # and it sounds, and says TELEPHONE, until somebody claims it


def test_where_nobody_can_be_reached_the_next_are_told_at_once(room):
    room.users(user_1=("supervisor",), user_2=("operator",))
    room.centre.contacts.set_reach(ANA, "from_home", not_now_until=None, on_duty_until=None)
    incident = room.alarm()
    room.pass_s(41)
    assert room.told(incident) == [("second_desk", 0), ("supervisor", 0), ("everyone", 0), ("telephone", 0)]
    assert [fact["body"]["refused"] for fact in room.facts("incident.escalated")] == [0, 1, 2, 1]
    notices = room.store.notices(100)
    assert {(one.recipient, one.reason) for one in notices} == {(BOSS, "off_duty"), (ANA, "no_contact")}


def test_in_a_flood_each_incident_of_priority_1_is_told_to_a_person(room):
    room.users(user_1=("supervisor",))
    room.home(BOSS)
    incidents = [room.alarm(account=str(number)) for number in range(2000, 2012)]
    room.pass_s(41)
    assert [room.told(one) for one in incidents] == [[("second_desk", 0), ("supervisor", 1)]] * 12
    sent = room.send()
    assert sorted(one.notice.incident for one in sent) == sorted(incidents)


def test_everybody_told_cannot_come_and_the_next_are_told_at_once(room):
    room.users(user_1=("supervisor",), user_3=("supervisor",), user_2=("operator",))
    room.home(BOSS, "user-3", ANA)
    incident = room.alarm()
    room.pass_s(41)
    first, second = sorted(room.store.notices(10), key=lambda one: one.recipient)
    room.answer(first, "cannot")
    room.pass_s(1)
    assert [tell for tell, _ in room.told(incident)] == ["second_desk", "supervisor"]
    room.answer(second, "cannot")
    room.pass_s(1)
    assert [tell for tell, _ in room.told(incident)] == ["second_desk", "supervisor", "everyone"]
    assert "cannot" in [fact["body"]["reason"] for fact in room.facts("timer.set")]


def test_somebody_is_coming_and_only_a_claim_ends_it(room):
    room.users(user_1=("supervisor",), user_2=("operator",))
    room.home(BOSS, ANA)
    incident = room.alarm()
    room.pass_s(41)
    room.answer(room.store.notices(10)[0], "coming")
    room.pass_s(58)
    assert len(room.told(incident)) == 2
    room.pass_s(2)
    assert [tell for tell, _ in room.told(incident)] == ["second_desk", "supervisor", "everyone"]


def test_steps_of_one_commit_are_told_to_screens_once_so_that_no_row_is_missed(room):
    incidents = {room.alarm(account=str(number)) for number in range(2000, 2006)}
    room.committed.clear()
    room.pass_s(21)
    assert {one.id for one in room.committed[0].incidents} == incidents
    seqs = [one.seq for one in room.committed]
    assert seqs == sorted(set(seqs))


# Lesson 4: escalations survive a restart -----------------------------------------------------------------------------


def test_escalation_survives_a_restart_fires_late_once_and_says_how_late(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        incident = Room(made).alarm()
    clock.advance(5.5 * 3600)
    with held(folder, clock=clock) as made:
        again = Room(made)
        again.scheduler.turn()
        assert again.steps() == [(incident, "second_desk", 5.5 * 3600 - 20)]
        again.pass_s(19)
        assert len(again.steps()) == 1
        again.pass_s(2)
        assert again.steps()[1:] == [(incident, tell, 0) for tell in ("supervisor", "everyone", "telephone")]
    with held(folder, clock=clock) as made:
        last = Room(made)
        last.pass_s(3600)
        assert len(last.steps()) == 4


def test_killed_between_the_fact_and_its_timer_there_is_neither_or_both(folder):
    clock = ManualClock(SystemClock().now_us())
    for kill in range(10):
        with held(folder, clock=clock) as made:
            room = Room(made)
            incident = room.alarm(account=str(3000 + kill))
            clock.advance(60)
            broken = made.journal.decide if kill % 2 else None
            if broken is not None:
                with pytest.raises(_KilledError):
                    made.journal.decide(lambda tx, appender, room=room: _fire_and_die(room, tx, appender))
                assert room.told(incident) == []
                assert incident in room.timers()
            else:
                room.scheduler.turn()
                assert len(room.told(incident)) == 1
                assert incident in room.timers()
    with held(folder, clock=clock) as made:
        room = Room(made)
        room.pass_s(600)
        steps = room.steps()
        assert len({(ref, tell) for ref, tell, _ in steps}) == len(steps)
        assert len({ref for ref, _, _ in steps}) == 10
        assert rebuild_findings(room.store) == []


class _KilledError(Exception):
    pass


def _fire_and_die(room, transaction, appender):
    for timer in room.store.timers(kind=UNCLAIMED):
        room.centre.escalating.step(timer, transaction, appender)
    raise _KilledError


def test_what_an_earlier_release_left_unclaimed_escalates_after_the_upgrade(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room = Room(made)
        incident = room.alarm()
        made.journal.decide(lambda tx, _: tx.drop_timer(UNCLAIMED, incident))  # as the release before left it
        assert made.centre.escalating.schedule_found(made.journal, clock.now_us()) == 1
        assert made.centre.escalating.schedule_found(made.journal, clock.now_us()) == 0
        room.scheduler.wake()
        room.pass_s(21)
        assert [tell for tell, _ in room.told(incident)] == ["second_desk"]


def test_no_step_of_a_restored_backup_is_taken_by_itself(room):
    incident = room.alarm()
    assert hold_steps(room.made.journal, room.store) == 1
    room.scheduler.wake()
    room.pass_s(600)
    assert (room.told(incident), room.facts("timer.set")[-1]["body"]["reason"]) == ([], "restored")


# Clocks --------------------------------------------------------------------------------------------------------------


def test_clock_set_back_by_an_hour_holds_up_nobodys_help(room):
    incident = room.alarm()
    room.pass_s(5)
    room.clock.wall_us -= 3600 * SECOND
    room.pass_s(16)
    assert room.steps() == [(incident, "second_desk", 0)]
    other = room.alarm(account="1002")
    room.pass_s(21)
    assert (other, "second_desk", 0) in room.steps()


def test_clock_set_back_and_a_restart_hold_up_nobodys_help_either(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        Room(made).alarm()
    clock.wall_us -= 3600 * SECOND
    with held(folder, clock=clock) as made:
        room = Room(made)
        room.pass_s(21)
        assert [tell for _, tell, _ in room.steps()] == ["second_desk"]


def test_clock_set_forward_tells_early_rather_than_late(room):
    room.alarm()
    room.pass_s(1)
    room.clock.wall_us += 3600 * SECOND
    room.pass_s(1)
    assert [tell for _, tell, _ in room.steps()] == ["second_desk"]


def test_suspended_host_is_late_and_not_lost(room):
    incident = room.alarm()
    room.pass_s(1)
    room.clock.wall_us += 7200 * SECOND  # the monotonic clock stands still meanwhile
    room.scheduler.turn()
    assert room.steps() == [(incident, "second_desk", 7200 + 1 - 20)]


def test_suspended_host_whose_clock_is_then_set_back_waits_not_as_long_again(room):
    """Found by seed 464512843 of the simulation."""
    incident = room.alarm()
    room.pass_s(1)
    room.clock.wall_us += 15 * SECOND  # suspended: four seconds are left of the wait
    room.scheduler.turn()
    assert room.steps() == []
    room.clock.wall_us -= 3600 * SECOND
    room.pass_s(5)
    assert [(ref, tell) for ref, tell, _ in room.steps()] == [(incident, "second_desk")]


def test_escalation_waits_for_no_doubted_clock_and_erasing_does(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us()), is_clock_in_doubt=lambda _now: True) as made:
        room = Room(made)
        first = room.alarm()
        room.act(first, Claim())
        room.act(first, Close(disposition="real"))
        room.alarm(account="1002")
        room.pass_s(41)
        assert [tell for _, tell, _ in room.steps()] == ["second_desk", "supervisor", "everyone", "telephone"]
        room.clock.advance(40 * 86_400)
        room.scheduler.turn()
        assert room.facts("incident.erased") == []


# The scheduler -------------------------------------------------------------------------------------------------------


def test_nothing_is_read_while_nothing_is_due(room):
    room.scheduler.turn()
    asked = _Counting(room.store)
    room.scheduler._store = asked
    for _ in range(10):
        room.clock.advance(room.scheduler.turn())
    assert set(asked.names) == {"timer_changes"}


class _Counting:
    def __init__(self, store):
        self._store, self.names = store, []

    def __getattr__(self, name):
        self.names.append(name)
        return getattr(self._store, name)


class _Failing:
    def __init__(self, store):
        self._store = store

    def timer_changes(self):
        return self._store.timer_changes()

    def head(self):
        raise DiskFault("failed", "store.disk")


def test_what_changed_is_taken_up_without_reading_every_timer_again(room):
    room.scheduler.turn()
    asked = _Counting(room.store)
    room.scheduler._store = asked
    room.alarm()
    room.clock.advance(GAP_S)
    room.scheduler.turn()
    assert set(asked.names) == {"timer_changes", "head"}
    room.pass_s(21)
    assert len(room.steps()) == 1


def test_a_look_that_a_fault_cut_short_is_made_whole_by_the_next(room):
    room.scheduler.turn()
    incident = room.alarm()
    room.scheduler._store = _Failing(room.store)
    room.clock.advance(GAP_S)
    room.scheduler.round()
    room.scheduler._store = room.store
    room.pass_s(21)
    assert [ref for ref, _, _ in room.steps()] == [incident]


def test_many_changes_share_one_look(room):
    room.scheduler.turn()
    room.scheduler.wake()
    assert 0 < room.scheduler.turn() <= GAP_S


def test_timer_that_fails_is_tried_again_until_it_works_and_holds_up_no_other(room):
    broken, other = room.alarm(), room.alarm(account="1002")
    row = room.store.incident(broken)
    with room.store.transaction() as transaction:  # what no step can be taken of
        transaction.put_incidents([msgspec.structs.replace(row, version=10**9)])
    room.pass_s(21)
    assert [ref for ref, _, _ in room.steps()] == [other]
    assert room.scheduler.failing == 1
    with room.store.transaction() as transaction:
        transaction.put_incidents([row])
    room.pass_s(RETRY_S + 1)
    assert [ref for ref, _, _ in room.steps()] == [other, broken]
    assert room.scheduler.failing == 0
