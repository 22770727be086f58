"""How a notice goes on: until somebody answers, by all ways, and with an end that is always said."""

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from tocsin.model.notices import (
    ATTEMPTS_MAX,
    CHANNELS,
    Accepted,
    Contact,
    ContactRow,
    Failed,
    NoticeMoved,
    NoticeQueued,
    NoticeStep,
    ReachRow,
    Retry,
)
from tocsin.rules.chains import answers_of
from tocsin.rules.delivery import (
    EXPIRES_S,
    REDIAL_S,
    decide_answer,
    decide_due,
    decide_end,
    decide_hold,
    decide_receipt,
    decide_sent,
    is_received,
    moved,
    queued,
    refusal_of,
    sendings,
    wants_at,
)
from tocsin.rules.ladder import AGAIN_S, WAITS_S, again_s_of, plan_of

SECOND = 1_000_000
T0 = 1_800_000_000 * SECOND
TAKEN = Accepted("a")


def contact(id_, channel, tested=True):
    row = ContactRow(
        address=f"value-{id_}", channel=channel, reason="added", tested_at=T0 if tested else None, user="user-5"
    )
    return Contact(f"contact-{id_}", row, 1)


def body(plan=(), **changes):
    plain = {
        "again_s": None, "begins_at": None, "ends_at_claim": True,
        "exercise": False, "expires_at": T0 + EXPIRES_S * SECOND, "incident": "incident-1", "number": 4720,
        "plan": plan, "priority": 1, "purpose": "incident", "recipient": "user-5", "refusal": None,
        "shown_type": None, "wanted": None,
    }  # fmt: skip
    return NoticeQueued(**(plain | changes))


def step(channel="sms", provider=1, contact_="contact-1", at_s=0):
    return NoticeStep(at_s=at_s, channel=channel, contact=contact_, provider=provider, wait_s=WAITS_S[channel])


def both(channel="sms", contact_="contact-1", at_s=0):
    return step(channel, 1, contact_, at_s), step(channel, 2, contact_, None)


def ladder(*contacts, ways=None, priority=1, purpose="incident"):
    ways = {(one.row.channel, 1) for one in contacts} if ways is None else ways
    return plan_of(contacts, ways, priority, purpose)


class Life:
    """One notice through its facts, and what providers were given of it, by the second."""

    def __init__(self, *plan, **changes):
        self.now = T0
        self.seq = 1
        self.given = set()
        self.sent = []
        self.notice = queued(body(tuple(plan), **changes), "notice-1", 1, T0, None)

    def take(self, fact):
        if fact is not None:
            self.seq += 1
            self.notice = moved(self.notice, fact, self.seq, self.now)
        return fact

    def look(self):
        """What is due now is done; returns the numbers of the attempts that a provider is given."""
        for _ in range(200):
            if self.take(decide_due(self.notice, self.now)) is None:
                break
        else:
            raise AssertionError("it never comes to rest")
        new = [one for one in sendings(self.notice) if one not in self.given]
        self.given.update(new)
        at_s = round((self.now - T0) / SECOND)
        self.sent += [(at_s, one.channel, one.contact, one.provider) for one in map(self.attempt, new)]
        return new

    def attempt(self, number):
        return self.notice.attempts[number - 1]

    def say(self, outcome, number=None):
        """The provider says this of what it was given last, or of this attempt."""
        number = max(self.given) if number is None else number
        self.take(decide_sent(self.notice, number, outcome, None, self.now))
        return self

    def send(self, outcome):
        """All that is due goes out, and providers say this of each; what follows at once as well."""
        while new := self.look():
            for number in new:
                self.say(outcome, number)
        return self

    def tell(self, receipt, number=None):
        number = max(self.given) if number is None else number
        return self.take(decide_receipt(self.notice, number, receipt, self.now, is_late=False))

    def pass_s(self, seconds):
        self.now += int(seconds * SECOND)
        return self

    def fall_due(self):
        self.now = max(self.now, self.notice.due_at)
        return self

    def run_s(self, seconds, outcome=TAKEN, after=None):
        """Let time go by, sending all that is due; `after` is called with each number that was sent."""
        end = self.now + int(seconds * SECOND)
        while self.notice.due_at is not None and max(self.notice.due_at, self.now) <= end:
            self.fall_due()
            for number in self.look():
                self.say(outcome, number)
                if after is not None:
                    after(number)
        self.now = end
        return self

    @property
    def attempts(self):
        return [(one.channel, one.provider, one.state) for one in self.notice.attempts]


PHONE, TABLET, SMS, CALL, MAIL = (
    contact(1, "push"), contact(2, "push"), contact(3, "sms"), contact(4, "voice"), contact(5, "email")
)  # fmt: skip


def test_all_devices_ring_at_once_then_again_with_a_message_then_comes_a_call():
    life = Life(*ladder(PHONE, TABLET, SMS, CALL, MAIL)).run_s(60)
    assert [one[:3] for one in life.sent] == [
        (0, "push", "contact-1"), (0, "push", "contact-2"),
        (20, "push", "contact-1"), (20, "push", "contact-2"), (20, "sms", "contact-3"), (20, "email", "contact-5"),
        (40, "voice", "contact-4"),
    ]  # fmt: skip


@pytest.mark.parametrize("receipt", ["delivered", "seen"])
@pytest.mark.parametrize("contacts", [(SMS, CALL), (PHONE, CALL), (PHONE, SMS, CALL)])
def test_what_a_device_has_and_nobody_answers_is_followed_by_a_call_within_forty_seconds(contacts, receipt):
    """Whoever sleeps has the message delivered, and does not wake."""
    life = Life(*ladder(*contacts))
    life.run_s(40, after=lambda number: life.tell(receipt, number))
    assert "voice" in [channel for _, channel, _, _ in life.sent]
    assert life.notice.state == receipt


def test_ladder_begins_with_what_there_is():
    assert [(one.at_s, one.channel) for one in ladder(SMS, CALL)] == [(0, "sms"), (20, "voice")]
    assert [(one.at_s, one.channel) for one in ladder(CALL)] == [(0, "voice")]
    assert [(one.at_s, one.channel) for one in ladder(PHONE, SMS, CALL, priority=3)] == [
        (0, "push"), (60, "sms"), (180, "voice")
    ]  # fmt: skip


def test_ladder_of_priority_1_comes_again_until_somebody_answers():
    life = Life(*ladder(SMS, CALL), again_s=again_s_of(1, "incident"))
    life.run_s(2 * AGAIN_S + 30, after=lambda number: life.tell("delivered", number))
    assert [(at_s, channel) for at_s, channel, _, _ in life.sent] == [
        (0, "sms"), (20, "voice"), (180, "sms"), (200, "voice"), (360, "sms"), (380, "voice"),
    ]  # fmt: skip
    life.take(decide_answer(life.notice, 1, "coming", life.now, is_late=False))
    assert life.notice.due_at is None
    assert len(life.run_s(900).sent) == 6
    assert again_s_of(2, "incident") is None


def test_one_provider_that_hangs_holds_up_no_other_device_and_no_later_way():
    life = Life(*ladder(PHONE, TABLET, SMS, CALL))
    life.look()  # the first phone's provider never says anything
    life.say(Accepted("b"), 2)
    life.pass_s(20).look()
    life.pass_s(20).look()
    assert [(at_s, contact_) for at_s, _, contact_, _ in life.sent] == [
        (0, "contact-1"), (0, "contact-2"), (20, "contact-2"), (20, "contact-3"), (40, "contact-4")
    ]  # fmt: skip


def test_contacts_that_were_tested_come_first_then_channels_in_order_each_with_its_second_provider():
    contacts = [contact(1, "email"), contact(2, "sms", tested=False), contact(3, "sms"), contact(4, "push")]
    ways = {("email", 1), ("sms", 1), ("sms", 2), ("push", 1)}
    assert [(one.at_s, one.contact, one.provider) for one in plan_of(contacts, ways, 1)] == [
        (0, "contact-4", 1), (20, "contact-4", 1), (20, "contact-3", 1), (None, "contact-3", 2), (20, "contact-1", 1),
        (40, "contact-2", 1), (None, "contact-2", 2),
    ]  # fmt: skip
    assert plan_of(contacts, {("voice", 1)}, 1) == ()
    assert [one.at_s for one in plan_of(contacts, ways, None, "program")] == [0, 30, None, 60, 90, None]


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


def test_silence_goes_to_the_second_provider_and_the_end_is_said():
    life = Life(*both("sms"), step("email", 1, "contact-2", 300))
    life.run_s(60)
    assert life.sent[-1] == (60, "sms", "contact-1", 2)
    life.run_s(EXPIRES_S - 61)
    assert life.attempts == [("sms", 1, "silent"), ("sms", 2, "silent"), ("email", 1, "silent")]
    assert (life.notice.due_at, life.notice.state) == (life.notice.expires_at, "accepted")
    life.run_s(1)
    assert (life.notice.state, life.notice.reason, life.notice.due_at) == ("expired", "no_time_left", None)


@pytest.mark.parametrize("hours", [0.3, 1, 23])
@pytest.mark.parametrize("missed", ["before it was sent", "while it was sent", "while a receipt was awaited"])
def test_what_the_centre_itself_missed_takes_nothing_of_a_notices_time(missed, hours):
    """It was down, stood still, or its clock was set forward: the second provider is asked all the same."""
    life = Life(*both("sms"))
    waits = ["before it was sent", "while it was sent", "while a receipt was awaited"]
    before, meanwhile, after = (hours * 3600 if one == missed else 0 for one in waits)
    life.pass_s(before).look()
    life.pass_s(meanwhile).look()
    life.say(Accepted("a")).fall_due().pass_s(after).send(Accepted("b"))
    assert life.attempts == [("sms", 1, "silent"), ("sms", 2, "accepted")]
    while life.notice.due_at is not None:
        life.fall_due().look()
    assert (life.notice.state, life.notice.reason) == ("expired", "no_time_left")
    assert life.now - T0 <= (EXPIRES_S + hours * 3600) * SECOND, "and no more than what was missed is given back"


def test_centre_that_was_down_does_not_begin_all_ways_at_once_when_it_is_back():
    life = Life(*ladder(PHONE, SMS, CALL), again_s=180).send(Accepted("a")).pass_s(600).send(Accepted("a"))
    back_s = 600
    assert [(at_s, channel) for at_s, channel, _, _ in life.sent] == [(0, "push"), (back_s, "push"), (back_s, "sms")]
    life.run_s(20)
    assert life.sent[-1][:2] == (back_s + 20, "voice")


def test_what_was_missed_for_longer_than_a_day_goes_out_no_more():
    life = Life(*both("sms")).send(Accepted("a")).pass_s(86_400 + 121)
    assert life.look() == []
    assert (life.notice.state, life.attempts) == ("expired", [("sms", 1, "accepted")])


def test_a_failure_told_after_the_centre_stood_still_leads_to_the_next_way():
    life = Life(*both("sms")).send(Accepted("a")).pass_s(1800)
    life.tell("failed")
    assert life.send(Accepted("b")).attempts == [("sms", 1, "failed"), ("sms", 2, "accepted")]


def test_provider_that_cannot_take_it_is_asked_again_after_the_other_and_as_it_says():
    life = Life(*both("sms"))
    life.look()
    life.say(Retry(None, "http_503"))
    assert (life.notice.due_at, life.notice.state) == (life.now, "queued")
    assert life.look() == [2]
    life.say(Retry(40, "http_429"))
    assert life.notice.due_at == life.now + 40 * SECOND
    life.fall_due().send(Accepted("x", is_received=True))
    assert life.attempts == [("sms", 1, "retry"), ("sms", 2, "retry"), ("sms", 1, "delivered")]


def test_who_cannot_be_reached_by_one_way_does_not_wait_for_the_next():
    life = Life(*ladder(PHONE, SMS, CALL)).send(Failed("gone"))
    assert life.sent == [(0, "push", "contact-1", 1), (0, "sms", "contact-3", 1), (0, "voice", "contact-4", 1)]


def test_nobody_who_refuses_for_good_is_asked_again_and_all_refusing_is_failed_at_once():
    life = Life(step("sms", 1), step("email", 1, "contact-2", 20), again_s=180)
    life.look()
    life.say(Failed("number_refused")).look()
    life.say(Failed("smtp_550"))
    assert (life.notice.state, life.notice.reason, life.notice.due_at) == ("failed", "smtp_550", None)
    assert life.attempts == [("sms", 1, "failed"), ("email", 1, "failed")]


def test_sent_is_never_said_before_the_provider_took_it():
    life = Life(step("sms", 1))
    assert (life.notice.state, life.look(), life.notice.state) == ("queued", [1], "queued")
    assert life.attempts == [("sms", 1, "sending")]
    life.say(Accepted("a"))
    assert life.notice.state == "accepted"


def test_receipt_that_comes_before_the_answer_to_send_is_kept_and_not_lowered_by_it():
    life = Life(step("sms", 1))
    life.look()
    life.tell("delivered")
    assert (life.notice.state, life.attempts) == ("delivered", [("sms", 1, "delivered")])
    life.take(decide_sent(life.notice, 1, Accepted("a"), "ab" * 32, life.now))
    assert (life.notice.state, life.attempts) == ("delivered", [("sms", 1, "delivered")])
    assert life.notice.attempts[0].provider_hash == "ab" * 32


def test_same_receipt_and_same_answer_again_are_nothing_new():
    life = Life(step("sms", 1)).send(Accepted("a"))
    assert life.tell("delivered")
    assert life.tell("delivered") is None
    assert life.take(decide_answer(life.notice, 1, "coming", life.now, is_late=False))
    assert decide_answer(life.notice, 1, "coming", life.now, is_late=True) is None
    assert life.take(decide_answer(life.notice, 1, "cannot", life.now, is_late=False)), "a change of mind is heard"
    assert (life.notice.answer, life.notice.state) == ("cannot", "answered")


@pytest.mark.parametrize("purpose", ["test", "program"])
def test_what_asks_nobody_ends_when_it_has_arrived(purpose):
    """A test, or a call of a program: nobody has to come."""
    life = Life(*ladder(contact(1, "webhook"), contact(2, "webhook"), purpose=purpose), purpose=purpose)
    life.send(Accepted(None, is_received=True))
    assert (life.notice.state, life.notice.due_at, len(life.sent)) == ("delivered", None, 1)


def test_what_a_person_said_last_counts_whatever_becomes_known_of_an_older_answer_later():
    """Seed 2: a clock was set back, so both answers had one time; and of the first one a receipt came afterwards."""
    first, last = (queued(body(both()), f"notice-{seq}", seq, T0, None) for seq in (1, 2))
    first = moved(first, decide_answer(first, 0, "cannot", T0, is_late=False), 3, T0)
    last = moved(last, decide_answer(last, 0, "coming", T0, is_late=False), 4, T0)
    first = replace(first, version=5)
    assert answers_of([first, last]) == answers_of([last, first]) == {"user-5": "coming"}


def test_answer_after_the_end_is_noted_and_said_to_be_late():
    life = Life(step("sms", 1)).run_s(EXPIRES_S)
    assert life.notice.state == "expired"
    life.take(decide_answer(life.notice, 1, "coming", life.now, is_late=True))
    assert (life.notice.state, life.notice.answer, life.notice.is_late) == ("answered", "coming", True)


def test_call_that_nobody_answers_is_made_twice_more_after_a_minute_each():
    life = Life(step("voice", 1))
    for at_s in (0, REDIAL_S, 2 * REDIAL_S):
        life.fall_due().send(Accepted("c"))
        assert life.sent[-1][0] == at_s
        life.tell("no_answer")
    assert (life.notice.state, life.notice.due_at, len(life.sent)) == ("failed", None, 3)


def test_nobody_is_called_by_two_calls_at_once():
    """The ladder comes again while the phone rings, or is about to ring again."""
    life = Life(*ladder(SMS, CALL), again_s=60)
    ringing = []

    def ring(number):
        if life.attempt(number).channel == "voice":
            assert not ringing, "it rings already"
            ringing.append(number)

    for second in range(EXPIRES_S):
        life.run_s(1, after=ring)
        if ringing and second % 30 == 29:
            life.tell("no_answer", ringing.pop())


@pytest.mark.parametrize("reason", ["claimed", "closed", "answered", "replaced"])
def test_what_nobody_is_needed_for_any_more_sends_nothing_more(reason):
    life = Life(*ladder(PHONE, SMS, CALL), again_s=180)
    life.look()
    life.take(decide_end(life.notice, reason, life.now))
    assert (life.notice.state, life.notice.reason, life.notice.due_at) == ("expired", reason, None)
    life.say(Accepted("a"))
    assert (life.notice.state, life.notice.due_at) == ("expired", None), "a provider that had it begins nothing again"
    life.tell("delivered")
    assert (life.notice.state, life.notice.due_at) == ("delivered", None)
    assert len(life.run_s(900).sent) == 1


def test_what_a_restored_backup_wants_waits_for_a_person():
    life = Life(step("sms", 1))
    life.take(decide_hold(life.notice, life.now))
    assert (life.notice.state, life.notice.due_at, life.notice.reason) == ("held", None, "restored")
    assert decide_hold(life.notice, life.now) is None
    life.take(decide_end(life.notice, "sent_again", life.now))
    assert (life.notice.state, life.notice.reason) == ("expired", "sent_again")


def test_refused_person_has_a_notice_that_says_why_and_wants_nothing():
    life = Life(refusal="off_duty")
    assert (life.notice.state, life.notice.reason, life.notice.due_at) == ("failed", "off_duty", None)


OUTCOMES = st.sampled_from(
    [Accepted("a"), Accepted(None, is_received=True), Retry(None, "x"), Retry(7, "x"), Failed("x"), Failed("y", True)]
)
CONTACTS = st.lists(st.tuples(st.sampled_from(CHANNELS), st.booleans()), max_size=5)
WAYS = st.sets(st.tuples(st.sampled_from(CHANNELS), st.sampled_from([1, 2])), min_size=1)
AWAKE_S = 100
"""After so long without trouble whoever may be reached by telephone is called: the ladder's 40 s, and what was left
of a wait."""


class Deliveries(RuleBasedStateMachine):
    """Whatever providers, devices and people do, in any order: it goes on until somebody answers, and has an end."""

    def __init__(self):
        super().__init__()
        self.life = Life(step("sms", 1))
        self.under_way = []

    def take(self, fact):
        before = self.life.notice
        self.life.take(fact)
        after = self.life.notice
        assert len(after.attempts) >= len(before.attempts)
        assert len(after.attempts) <= ATTEMPTS_MAX
        if is_received(before):
            assert is_received(after), "what is known to be received stays so"
        if before.answer is not None:
            assert after.answer is not None
        if before.due_at is None:
            assert after.due_at is None, "what is over begins nothing again"

    @precondition(lambda self: self.life.seq == 1)
    @rule(contacts=CONTACTS, ways=WAYS, priority=st.integers(1, 3), purpose=st.sampled_from(["incident", "test"]))
    def plan(self, contacts, ways, priority, purpose):
        made = [contact(number, channel, tested) for number, (channel, tested) in enumerate(contacts, 1)]
        plan = plan_of(made, ways, priority, purpose)
        self.life = Life(*plan, again_s=again_s_of(priority, purpose), purpose=purpose, priority=priority)
        if not plan:
            self.life = Life(refusal="no_contact")

    @precondition(lambda self: self.life.notice.due_at is not None)
    @rule()
    def fall_due(self):
        wanted = wants_at(self.life.notice, frozenset(self.under_way))
        self.life.now = max(self.life.now, wanted)
        self.under_way += self.life.look()

    @precondition(lambda self: self.under_way)
    @rule(outcome=OUTCOMES, seconds=st.integers(0, 40), newest=st.booleans())
    def provider_says(self, outcome, seconds, newest):
        self.life.pass_s(seconds)
        number = self.under_way.pop(-1 if newest else 0)
        self.take(decide_sent(self.life.notice, number, outcome, "cd" * 32, self.life.now))

    @rule(hours=st.sampled_from([0.1, 1, 30]))
    def nobody_looks(self, hours):
        """The centre is down, asleep, or its clock is set forward."""
        self.life.pass_s(hours * 3600)

    @precondition(lambda self: self.under_way)
    @rule()
    def dies(self):
        """What was under way is given to a provider again."""
        self.under_way = sendings(self.life.notice)

    @precondition(lambda self: self.life.notice.attempts)
    @rule(back=st.integers(0, 3), receipt=st.sampled_from(["delivered", "seen", "failed", "no_answer"]))
    def device_tells(self, back, receipt):
        number = max(1, len(self.life.notice.attempts) - back)
        for _ in range(2):
            self.take(decide_receipt(self.life.notice, number, receipt, self.life.now, is_late=False))
        again = decide_receipt(self.life.notice, number, receipt, self.life.now, is_late=False)
        assert again is None, "a receipt is taken once"

    @precondition(lambda self: self.life.notice.plan)
    @rule(answer=st.sampled_from(["coming", "cannot"]))
    def person_answers(self, answer):
        self.take(decide_answer(self.life.notice, len(self.life.notice.attempts), answer, self.life.now, is_late=False))
        assert self.life.notice.answer == answer
        assert self.life.notice.due_at is None, "who has answered is not called again"

    @rule(reason=st.sampled_from(["claimed", "closed", "answered", "replaced"]))
    def nobody_is_needed(self, reason):
        self.take(decide_end(self.life.notice, reason, self.life.now))
        assert self.life.notice.due_at is None

    @precondition(lambda self: self.life.notice.due_at is not None and self.life.notice.purpose == "incident")
    @rule(state=st.sampled_from(["delivered", "seen"]))
    def sleeps(self, state):
        """All goes well, everything arrives, and nobody answers: whoever has a telephone is called."""
        life = self.life
        for number in sorted(self.under_way):
            life.say(Accepted("a"), number)
        self.under_way = []
        if life.notice.due_at is None or life.now >= life.notice.expires_at - AWAKE_S * SECOND:
            return
        calls = {one.contact for one in life.notice.plan if one.channel == "voice" and one.at_s is not None}
        asked = {one.contact for one in life.notice.attempts}
        life.run_s(AWAKE_S if life.notice.priority == 1 else 300, after=lambda number: life.tell(state, number))
        called = {one.contact for one in life.notice.attempts}
        if len(life.notice.attempts) < ATTEMPTS_MAX and life.notice.due_at is not None:
            assert calls <= called, "nobody who sleeps is woken by what a device has"
        assert asked <= called

    @invariant()
    def is_over_or_wants_something(self):
        notice = self.life.notice
        if notice.due_at is None:
            assert notice.state in ("delivered", "seen", "answered", "failed", "expired", "held")
            may_rest = notice.purpose == "test" or notice.state in ("answered", "failed", "expired", "held")
            assert may_rest or notice.reason is not None or notice.is_late, "of an incident a receipt is no end"
            assert sendings(notice) == []
        else:
            assert notice.state != "answered"
            assert notice.state in ("queued", "accepted") or notice.purpose == "incident"

    def teardown(self):
        for _ in range(500):
            if self.life.notice.due_at is None:
                return
            if self.under_way:
                self.take(decide_sent(self.life.notice, self.under_way.pop(), Accepted("z"), None, self.life.now))
            else:
                self.fall_due()
        raise AssertionError("it never ends")


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_facts_of_a_notice_are_canonical_in_the_order_of_their_fields():
    for kind in (NoticeQueued, NoticeMoved, ContactRow, ReachRow, NoticeStep):
        names = [field.name for field in msgspec.structs.fields(kind)]
        assert names == sorted(names)
