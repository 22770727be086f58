"""Nobody whom a notice could reach is an incident before the fire, not by it."""

import pytest

from support.centres import held, make_folder
from support.chains import chain, step
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, Room
from support.fakes import ManualClock
from tocsin.centre.outbox import Sent
from tocsin.centre.reachable import GRACE_S
from tocsin.model.notices import ContactAddress, Failed
from tocsin.system import SystemClock

DUTY_US = 8 * 3_600_000_000


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        one.users(user_1=("supervisor",), user_2=("operator",), user_3=("responder",))
        yield one
        one.made.journal.store([])
        assert rebuild_findings(one.store) == []


def on_duty(room, person, until_us):
    now = room.clock.now_us()
    room.centre.contacts.set_reach(person, "on_shift", not_now_until=None, on_duty_until=now + until_us)
    room.centre.contacts.add(person, "sms", ContactAddress(address="+12025550177"))


def opened(room, reason):
    room.made.journal.store([])
    return [(one.type, one.condition) for one in room.store.incidents("open", None, 10) if one.reason == reason]


def minutes(room, count):
    for _ in range(count):
        room.clock.advance(60)
        room.centre.reachable.watch()


def test_duty_that_ends_with_nobody_after_it_is_an_incident_until_somebody_is_on_duty(room):
    on_duty(room, BOSS, DUTY_US)
    minutes(room, 479)
    assert opened(room, "notice_nobody_reached") == []
    minutes(room, int(GRACE_S // 60))
    assert opened(room, "notice_nobody_reached") == [], "a change of shift takes its minutes"
    minutes(room, 30)
    assert opened(room, "notice_nobody_reached") == [("TECH-NOTIFY", "active")]
    on_duty(room, ANA, DUTY_US)
    minutes(room, 1)
    assert opened(room, "notice_nobody_reached") == [("TECH-NOTIFY", "returned")]
    notices = [fact["body"]["notice"] for fact in room.facts("centre.noticed")]
    assert notices == ["nobody_reached", "somebody_reached"], "each once"


def test_gap_of_a_few_minutes_between_two_shifts_is_none(room):
    on_duty(room, BOSS, 60_000_000)
    minutes(room, 5)
    on_duty(room, ANA, DUTY_US)
    minutes(room, 30)
    assert room.facts("centre.noticed") == []


def test_own_chain_whose_last_people_are_off_duty_counts_though_the_built_in_one_reaches_somebody(room):
    room.home(ANA)
    on_duty(room, "user-3", DUTY_US)
    room.centre.chains.make(chain(step("notify", users=("user-3",))), BOSS)
    assert room.centre.reachable.watch() == 0
    room.clock.advance(DUTY_US / 1e6)
    assert room.centre.reachable.watch() == 1


def test_room_without_any_channel_is_not_nagged(room):
    room.centre.outbox.use({}, "t-1-", "https://c.example", lambda: None)
    minutes(room, 60)
    assert room.facts("centre.noticed") == []


def test_it_is_told_once_over_a_restart(room):
    minutes(room, 10)
    again = room.centre.reachable.__class__(
        store=room.store, run=room.centre.reachable._run, clock=room.clock, outbox=room.centre.outbox,
        escalating=room.centre.escalating,
    )  # fmt: skip
    for _ in range(20):
        room.clock.advance(60)
        again.watch()
    assert len(room.facts("centre.noticed")) == 1


def test_last_contact_that_a_provider_knows_no_more_is_an_incident(room):
    room.home(BOSS, ANA)
    room.centre.contacts.add(BOSS, "sms", ContactAddress(address="+12025550178"))
    room.alarm()
    told = {}
    for _ in range(40):
        room.clock.advance(10)
        room.pass_s(0.1)
        for sending in room.centre.outbox.take():
            told[sending.step.contact] = sending.notice.recipient
            room.centre.outbox.sent([Sent(sending, Failed("http_410", is_gone=True))])
        left = {one.row.user for one in room.store.contacts()}
        assert bool(opened(room, "notice_contact_gone")) == (left != {BOSS, ANA})
    assert opened(room, "notice_contact_gone") == [("TECH-NOTIFY", "active")]
    assert room.store.contacts() == []
