"""How a notice goes on: ways in order, receipts that never take back, and an end that is always said."""

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tocsin.model.notices import (
    ATTEMPTS_MAX,
    CHANNELS,
    Accepted,
    Contact,
    ContactRow,
    Failed,
    NoticeQueued,
    NoticeStep,
    ReachRow,
    Retry,
)
from tocsin.rules.delivery import (
    EXPIRES_S,
    REDIAL_S,
    WAITS_S,
    decide_answer,
    decide_due,
    decide_end,
    decide_hold,
    decide_receipt,
    decide_sent,
    is_received,
    moved,
    next_attempt,
    plan_of,
    queued,
    refusal_of,
)

SECOND = 1_000_000
T0 = 1_800_000_000 * SECOND


def contact(id_, channel, tested=True):
    row = ContactRow(
        address=f"value-{id_}", channel=channel, reason="added", tested_at=T0 if tested else None, user="user-5"
    )
    return Contact(f"contact-{id_}", row, 1)


def body(plan=(), **changes):
    plain = {
        "exercise": False, "expires_at": T0 + EXPIRES_S * SECOND, "incident": "incident-1", "number": 4720,
        "plan": plan, "priority": 1, "purpose": "incident", "recipient": "user-5", "refusal": None,
        "shown_type": None, "wanted": None,
    }  # fmt: skip
    return NoticeQueued(**(plain | changes))


def step(channel="sms", provider=1, contact_="contact-1"):
    return NoticeStep(channel=channel, contact=contact_, provider=provider, wait_s=WAITS_S[channel])


class Life:
    """One notice through its facts."""

    def __init__(self, *plan, **changes):
        self.now = T0
        self.seq = 1
        self.notice = queued(body(tuple(plan), **changes), "notice-1", 1, T0, None)

    def take(self, fact):
        if fact is not None:
            self.seq += 1
            self.notice = moved(self.notice, fact, self.seq, self.now)
        return fact

    def send(self, outcome):
        assert decide_due(self.notice, self.now) is None, "it is to be sent"
        self.take(decide_sent(self.notice, next_attempt(self.notice), outcome, None, self.now))
        return self

    def pass_s(self, seconds):
        self.now += int(seconds * SECOND)
        return self

    def fall_due(self):
        self.now = max(self.now, self.notice.due_at)
        self.take(decide_due(self.notice, self.now))
        return self

    @property
    def attempts(self):
        return [(one.channel, one.provider, one.state) for one in self.notice.attempts]


def test_contacts_that_were_tested_come_first_then_channels_in_order_each_by_both_providers():
    contacts = [contact(1, "email"), contact(2, "sms", tested=False), contact(3, "sms"), contact(4, "push")]
    ways = {("email", 1), ("sms", 1), ("sms", 2), ("push", 1)}
    assert [(one.contact, one.channel, one.provider) for one in plan_of(contacts, ways)] == [
        ("contact-4", "push", 1), ("contact-3", "sms", 1), ("contact-3", "sms", 2), ("contact-1", "email", 1),
        ("contact-2", "sms", 1), ("contact-2", "sms", 2),
    ]  # fmt: skip
    assert plan_of(contacts, {("voice", 1)}) == ()


@pytest.mark.parametrize(
    ("reach", "refusal"),
    [
        (None, "off_duty"),
        (ReachRow(kind="on_shift", not_now_until=None, on_duty_until=None), "off_duty"),
        (ReachRow(kind="on_shift", not_now_until=None, on_duty_until=T0), "off_duty"),
        (ReachRow(kind="on_shift", not_now_until=None, on_duty_until=T0 + 1), None),
        (ReachRow(kind="from_home", not_now_until=None, on_duty_until=None), None),
        (ReachRow(kind="from_home", not_now_until=T0 + 1, on_duty_until=None), "not_now"),
        (ReachRow(kind="from_home", not_now_until=T0, on_duty_until=None), None),
    ],
)
def test_duty_decides_for_who_is_on_shift_and_not_now_alone_for_who_is_at_home(reach, refusal):
    assert refusal_of(reach, T0) == refusal


def test_silence_goes_to_the_second_provider_then_to_the_next_channel_and_the_end_is_said():
    life = Life(step("sms", 1), step("sms", 2), step("email", 1, "contact-2"))
    life.send(Accepted("a")).fall_due()
    assert (life.notice.state, life.notice.step, life.notice.is_sending) == ("accepted", 1, True)
    life.send(Accepted("b")).fall_due().send(Accepted("c")).fall_due()
    assert life.attempts == [("sms", 1, "silent"), ("sms", 2, "silent"), ("email", 1, "silent")]
    assert (life.notice.due_at, life.notice.state) == (life.notice.expires_at, "accepted")
    life.fall_due()
    assert (life.notice.state, life.notice.reason, life.notice.due_at) == ("expired", "no_time_left", None)


@pytest.mark.parametrize("hours", [0.3, 1, 24])
@pytest.mark.parametrize("missed", ["before it was sent", "while it was sent", "while a receipt was awaited"])
def test_what_the_centre_itself_missed_takes_nothing_of_a_notices_time(missed, hours):
    """It was down, stood still, or its clock was set forward: the second provider is asked all the same."""
    life = Life(step("sms", 1), step("sms", 2))
    waits = ["before it was sent", "while it was sent", "while a receipt was awaited"]
    before, meanwhile, after = (hours * 3600 if one == missed else 0 for one in waits)
    life.pass_s(before)
    life.take(decide_due(life.notice, life.now))
    life.pass_s(meanwhile)
    life.take(decide_sent(life.notice, 1, Accepted("a"), None, life.now))
    life.pass_s(after).fall_due().send(Accepted("b")).fall_due()
    assert life.attempts == [("sms", 1, "silent"), ("sms", 2, "silent")]
    life.fall_due()
    assert (life.notice.state, life.notice.reason) == ("expired", "no_time_left")
    assert life.now - T0 <= (EXPIRES_S + hours * 3600) * SECOND, "and no more than what was missed is given back"


def test_what_was_missed_for_longer_than_a_day_goes_out_no_more():
    life = Life(step("sms", 1), step("sms", 2)).send(Accepted("a")).pass_s(86_400 + 61).fall_due()
    assert (life.notice.state, life.attempts) == ("expired", [("sms", 1, "accepted")])


def test_a_failure_told_after_the_centre_stood_still_leads_to_the_next_way():
    life = Life(step("sms", 1), step("sms", 2)).send(Accepted("a")).pass_s(1800)
    life.take(decide_receipt(life.notice, 1, "failed", life.now, is_late=False))
    assert life.send(Accepted("b")).attempts == [("sms", 1, "failed"), ("sms", 2, "accepted")]


def test_provider_that_cannot_take_it_is_asked_again_after_the_others_and_as_it_says():
    life = Life(step("sms", 1), step("sms", 2))
    life.send(Retry(None, "http_503"))
    assert (life.notice.step, life.notice.due_at, life.notice.state) == (1, life.now, "queued")
    life.send(Retry(40, "http_429"))
    assert (life.notice.step, life.notice.tries, life.notice.due_at) == (0, 1, life.now + 40 * SECOND)
    life.fall_due().send(Accepted("x", is_received=True))
    assert (life.notice.state, life.notice.due_at) == ("delivered", None)


def test_nobody_who_refuses_for_good_is_asked_again_and_all_refusing_is_failed_at_once():
    life = Life(step("sms", 1), step("email", 1, "contact-2"))
    life.send(Failed("number_refused")).send(Failed("smtp_550"))
    assert (life.notice.state, life.notice.reason, life.notice.due_at) == ("failed", "smtp_550", None)
    assert life.attempts == [("sms", 1, "failed"), ("email", 1, "failed")]


def test_sent_is_never_said_before_the_provider_took_it():
    life = Life(step("sms", 1))
    assert life.notice.state == "queued"
    assert decide_due(life.notice, life.now) is None
    assert life.notice.attempts == ()
    life.send(Accepted("a"))
    assert life.notice.state == "accepted"


def test_receipt_that_comes_before_the_answer_to_send_is_kept_and_not_lowered_by_it():
    life = Life(step("sms", 1))
    life.take(decide_receipt(life.notice, 1, "delivered", life.now, is_late=False))
    assert (life.notice.state, life.notice.due_at, life.attempts) == ("delivered", None, [("sms", 1, "delivered")])
    life.take(decide_sent(life.notice, 1, Accepted("a"), "ab" * 32, life.now))
    assert (life.notice.state, life.notice.due_at, life.attempts) == ("delivered", None, [("sms", 1, "delivered")])
    assert life.notice.attempts[0].provider_hash == "ab" * 32


def test_same_receipt_and_same_answer_again_are_nothing_new():
    life = Life(step("sms", 1)).send(Accepted("a"))
    assert life.take(decide_receipt(life.notice, 1, "delivered", life.now, is_late=False))
    assert decide_receipt(life.notice, 1, "delivered", life.now, is_late=False) is None
    assert life.take(decide_answer(life.notice, 1, "coming", is_late=False))
    assert decide_answer(life.notice, 1, "coming", is_late=True) is None
    assert life.take(decide_answer(life.notice, 1, "cannot", is_late=False)), "who changes their mind is heard"
    assert (life.notice.answer, life.notice.state) == ("cannot", "answered")


def test_late_receipt_of_an_earlier_way_stops_those_that_would_follow():
    life = Life(step("sms", 1), step("email", 1, "contact-2")).send(Accepted("a")).fall_due()
    assert life.notice.is_sending
    life.take(decide_receipt(life.notice, 1, "delivered", life.now, is_late=False))
    assert (life.notice.state, life.notice.due_at) == ("delivered", None)


def test_answer_after_the_end_is_noted_and_said_to_be_late():
    life = Life(step("sms", 1)).send(Accepted("a")).fall_due().fall_due()
    assert life.notice.state == "expired"
    life.take(decide_answer(life.notice, 1, "coming", is_late=True))
    assert (life.notice.state, life.notice.answer, life.notice.is_late) == ("answered", "coming", True)


def test_call_that_nobody_answers_is_made_twice_more_after_a_minute_each_then_comes_the_next_contact():
    life = Life(step("voice", 1), step("voice", 1, "contact-2"))
    for _ in range(2):
        life.send(Accepted("c"))
        life.take(decide_receipt(life.notice, len(life.notice.attempts), "no_answer", life.now, is_late=False))
        assert (life.notice.step, life.notice.due_at) == (0, life.now + REDIAL_S * SECOND)
        life.fall_due()
    life.send(Accepted("c"))
    life.take(decide_receipt(life.notice, 3, "no_answer", life.now, is_late=False))
    assert (life.notice.step, life.notice.due_at, life.notice.is_sending) == (1, life.now, True)


def test_what_a_restored_backup_wants_waits_for_a_person():
    life = Life(step("sms", 1))
    life.take(decide_hold(life.notice))
    assert (life.notice.state, life.notice.due_at, life.notice.reason) == ("held", None, "restored")
    assert decide_hold(life.notice) is None
    life.take(decide_end(life.notice, "sent_again"))
    assert (life.notice.state, life.notice.reason) == ("expired", "sent_again")


def test_refused_person_has_a_notice_that_says_why_and_wants_nothing():
    life = Life(refusal="off_duty")
    assert (life.notice.state, life.notice.reason, life.notice.due_at) == ("failed", "off_duty", None)


OUTCOMES = st.sampled_from(
    [Accepted("a"), Accepted(None, is_received=True), Retry(None, "x"), Retry(7, "x"), Failed("x"), Failed("y", True)]
)
STEPS = st.lists(st.tuples(st.sampled_from(CHANNELS), st.sampled_from([1, 2]), st.integers(1, 3)), max_size=6)


class Deliveries(RuleBasedStateMachine):
    """Whatever providers, devices and people do, in any order: it comes to an end, and nothing is taken back."""

    def __init__(self):
        super().__init__()
        self.life = Life(step("sms", 1))
        self.best = 0
        self.under_way = None

    def take(self, fact):
        before = self.life.notice
        self.life.take(fact)
        after = self.life.notice
        assert len(after.attempts) >= len(before.attempts)
        assert len(after.attempts) <= ATTEMPTS_MAX + 1
        if is_received(before):
            assert is_received(after), "what is known to be received stays so"
        if before.answer is not None:
            assert after.answer is not None
        if after.is_sending:
            assert after.due_at is not None
            assert 0 <= after.step < len(after.plan)

    @precondition(lambda self: self.life.seq == 1)
    @rule(steps=STEPS)
    def plan(self, steps):
        self.life = Life(*(step(channel, rank, f"contact-{number}") for channel, rank, number in steps))
        if not steps:
            self.life = Life(refusal="no_contact")

    @precondition(lambda self: self.life.notice.due_at is not None and self.under_way is None)
    @rule()
    def fall_due(self):
        life = self.life
        life.now = max(life.now, life.notice.due_at)
        fact = decide_due(life.notice, life.now)
        if fact is None:
            self.under_way = next_attempt(life.notice)
        else:
            self.take(fact)

    @precondition(lambda self: self.under_way is not None)
    @rule(outcome=OUTCOMES, seconds=st.integers(0, 40))
    def provider_says(self, outcome, seconds):
        self.life.pass_s(seconds)
        number, self.under_way = self.under_way, None
        self.take(decide_sent(self.life.notice, number, outcome, "cd" * 32, self.life.now))

    @rule(hours=st.sampled_from([0.1, 1, 30]))
    def nobody_looks(self, hours):
        """The centre is down, asleep, or its clock is set forward."""
        self.life.pass_s(hours * 3600)

    @precondition(lambda self: self.life.notice.plan)
    @rule(back=st.integers(0, 3), receipt=st.sampled_from(["delivered", "seen", "failed", "no_answer"]))
    def device_tells(self, back, receipt):
        number = max(1, (self.under_way or len(self.life.notice.attempts)) - back)
        for _ in range(2):
            fact = decide_receipt(self.life.notice, number, receipt, self.life.now, is_late=False)
            self.take(fact)
        again = decide_receipt(self.life.notice, number, receipt, self.life.now, is_late=False)
        assert again is None, "a receipt is taken once"

    @precondition(lambda self: self.life.notice.plan)
    @rule(answer=st.sampled_from(["coming", "cannot"]))
    def person_answers(self, answer):
        number = max(1, self.under_way or len(self.life.notice.attempts))
        self.take(decide_answer(self.life.notice, number, answer, is_late=False))
        assert self.life.notice.answer == answer
        assert self.life.notice.due_at is None, "who has answered is not called again"

    @invariant()
    def is_over_or_wants_something(self):
        notice = self.life.notice
        if notice.due_at is None:
            assert notice.state in ("delivered", "seen", "answered", "failed", "expired", "held")
        else:
            assert notice.state in ("queued", "accepted"), "nobody is told again once it is known to be there"

    def teardown(self):
        for _ in range(500):
            if self.life.notice.due_at is None:
                return
            if self.under_way is None:
                self.fall_due()
            else:
                number, self.under_way = self.under_way, None
                self.take(decide_sent(self.life.notice, number, Accepted("z"), None, self.life.now))
        raise AssertionError("it never ends")


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_facts_of_a_notice_are_canonical_in_the_order_of_their_fields():
    for kind in (NoticeQueued, type(decide_hold(Life(step()).notice)), ContactRow, ReachRow, NoticeStep):
        names = [field.name for field in msgspec.structs.fields(kind)]
        assert names == sorted(names)
