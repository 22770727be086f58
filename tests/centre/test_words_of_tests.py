"""The word before a test ends: once for each end, by a timer that is the test's, and gone with it."""

import contextlib
from types import SimpleNamespace

import msgspec
import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, Room
from support.fakes import START_US, ManualClock
from support.on_test import HOUR, OnTest
from tocsin.centre.reminders import Reminders
from tocsin.centre.site_tests import Wanted
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.notices import WAITING_MAX, ContactAddress, ReachRow
from tocsin.model.on_test import TEST_ENDS, TEST_WORD
from tocsin.store.memory import MemoryStore
from tocsin.system import SystemClock

MINUTE = 60_000_000
BUSY, RUNG = "user-3", "user-4"
"""One has said "not now", the other has a telephone to be called by and no more."""


def words(centre):
    """Tests of which it was said that they are about to end, and how late that was."""
    rows = [one.row for one in centre.store.entries(0, 10_000)]
    found = [msgspec.json.decode(row.entry) for row in rows if row.kind == "test.ending"]
    told = [(entry["ref"], entry["body"]["until"], entry["body"]["late_s"]) for entry in found]
    return [(ref, (until - START_US) // MINUTE, late_s) for ref, until, late_s in told]


def due(centre, kind=TEST_WORD):
    return [(one.due_at - START_US) // MINUTE for one in centre.store.timers(kind=kind)]


def after(centre, minutes):
    """Let the clock go on, and what is due then be done."""
    centre.clock.advance(minutes * 60)
    centre.ring()


def test_word_comes_ten_minutes_before_the_end_and_once():
    centre = OnTest()
    test = centre.begin()
    after(centre, 109)
    assert (words(centre), centre.store.site_test(test.id).word_at) == ([], None)
    after(centre, 1)
    after(centre, 5)
    assert (words(centre), due(centre)) == ([(test.id, 120, 0)], [])
    assert centre.store.site_test(test.id).word_at == START_US + 110 * MINUTE
    after(centre, 5)
    assert (centre.store.site_test(test.id).end_reason, len(words(centre))) == ("due", 1)
    assert centre.findings() == []


def test_word_comes_in_time_though_the_clock_is_set_back():
    """It waits for no clock, as the end itself."""
    centre = OnTest()
    test = centre.begin(until=START_US + 30 * MINUTE)
    after(centre, 1)
    centre.clock.wall_us -= HOUR
    after(centre, 18)
    assert words(centre) == []
    after(centre, 2)
    assert [ref for ref, _, _ in words(centre)] == [test.id]


@pytest.mark.parametrize(("length_min", "wanted"), [(11, [1]), (10, []), (9, []), (1, [])])
def test_test_that_is_no_longer_than_the_word_gets_none(length_min, wanted):
    centre = OnTest()
    centre.begin(until=START_US + length_min * MINUTE)
    assert due(centre) == wanted
    after(centre, length_min + 1)
    assert (words(centre), centre.store.timers()) == ([], [])


@pytest.mark.parametrize(("word_s", "wanted"), [(0, []), (60, [119]), (7_200, [])])
def test_how_long_before_is_the_centres_own_and_nobody_is_told_where_it_is_none(word_s, wanted):
    centre = OnTest()
    centre.tests.word_s = word_s
    centre.begin()
    assert due(centre) == wanted


def test_word_goes_with_a_test_that_is_ended_before():
    centre = OnTest()
    test = centre.begin()
    centre.tests.end(test.id, "user-2")
    assert centre.store.timers() == []
    after(centre, 121)
    assert words(centre) == []


def test_word_moves_with_the_end_and_comes_again_for_another_one():
    centre = OnTest()
    test = centre.begin()
    after(centre, 60)
    centre.tests.extend(test.id, START_US + 3 * HOUR, "user-2")
    assert due(centre) == [170]
    after(centre, 110)
    assert words(centre) == [(test.id, 180, 0)]
    assert centre.tests.extend(test.id, START_US + 5 * HOUR, "user-2").word_at is None
    assert due(centre) == [290]
    after(centre, 120)
    assert words(centre) == [(test.id, 180, 0), (test.id, 300, 0)]
    assert centre.findings() == []


def test_end_that_is_put_off_by_less_than_the_word_is_told_by_whoever_does_it():
    centre = OnTest()
    test = centre.begin(until=START_US + 20 * MINUTE)
    after(centre, 5)
    centre.clock.advance(14 * 60 + 30)  # the word is due, and nobody has looked yet
    centre.tests.extend(test.id, START_US + 25 * MINUTE, "user-2")
    assert (due(centre), due(centre, TEST_ENDS)) == ([], [25])
    centre.ring()
    assert words(centre) == []


def test_word_is_said_once_over_a_restart_and_late_where_the_centre_stood_still():
    centre = OnTest()
    test = centre.begin()
    centre.begin(account_id="account-3", until=START_US + 4 * HOUR)
    centre = centre.again()
    centre.clock.advance(112 * 60)
    centre = centre.again()
    centre.ring()
    assert words(centre) == [(test.id, 120, 120)]
    centre = centre.again()
    centre.ring()
    assert len(words(centre)) == 1
    centre.clock.advance(3 * 3600)
    centre = centre.again()
    centre.ring()
    assert len(words(centre)) == 1, "what is over while the centre stood still is about to end no more"
    assert centre.store.timers() == []


class Dying(MemoryStore):
    """A store whose process dies before a commit, where that is asked for."""

    dies = False

    @contextlib.contextmanager
    def transaction(self):
        with super().transaction() as transaction:
            yield transaction
            if self.dies:
                raise InterruptedError("killed")


def test_kill_before_the_commit_of_the_word_leaves_neither_it_nor_the_end_of_its_timer():
    centre = OnTest(store=Dying())
    test = centre.begin()
    centre.clock.advance(111 * 60)
    centre.store.dies = True
    centre.scheduler.round()
    centre.store.dies = False
    assert (words(centre), due(centre), centre.store.site_test(test.id).word_at) == ([], [110], None)
    centre = centre.again()
    centre.ring()
    assert (words(centre), due(centre)) == ([(test.id, 120, 60)], [])


def wanted(account, until, person):
    """The whole of an account, or one zone of it: tests of one account differ."""
    return Wanted(
        account_id=account, asked_by="installer", company=None, live=(), not_live=(), partition=None,
        reason="maintenance", site_id=None, until=until, zones=() if person == BOSS else (person[-1],),
    )  # fmt: skip


def test_whoever_began_the_test_has_word_by_a_message_once_and_over_a_restart(tmp_path):
    folder = make_folder(tmp_path / "centre")
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room, contacts = Room(made), made.centre.contacts
        contacts.add(BOSS, "voice", ContactAddress(address="+12025550178"))
        room.home(BOSS, BUSY)
        contacts.add(BOSS, "email", ContactAddress(address="boss@example.org"))
        contacts.set_reach(BUSY, "from_home", not_now_until=clock.now_us() + 2 * HOUR, on_duty_until=None)
        contacts.set_reach(RUNG, "from_home", not_now_until=None, on_duty_until=None)
        contacts.add(RUNG, "voice", ContactAddress(address="+12025550179"))
        room.users(user_1=("operator",), user_3=("operator",), user_4=("operator",))
        account = "account-1"
        with made.store.transaction() as transaction:
            transaction.put_accounts([Account(account, AccountRow(account="1001"), 1)])
        for person in (BOSS, ANA, BUSY, RUNG):
            made.centre.site_tests.begin(wanted(account, clock.now_us() + HOUR, person), person)
        room.pass_s(49 * 60)
        assert room.store.notices(10) == []
    with held(folder, clock=clock) as made:
        room, woken = Room(made), []
        ways = {(channel, 1) for channel in ("email", "sms", "voice")}
        made.centre.outbox.use(ways, "t-1-", "https://c.example", lambda: woken.append(room.store.notices(10)))
        room.pass_s(5 * 60)
        (word,) = room.store.notices(10)
        assert woken == [[word]], "told to go once it is durable"
        assert (word.recipient, word.purpose, [way.channel for way in word.plan]) == (BOSS, "reminder", ["sms"])
        (sending,) = room.centre.outbox.take()
        assert sending.message.title == "What you put on test is about to end"
        room.pass_s(20 * 60)
        assert [one.id for one in room.store.notices(10)] == [word.id]
        assert word.expires_at == next(one.until for one in room.store.site_tests(0) if one.begun_by == BOSS)
        assert rebuild_findings(room.store) == []


def test_word_of_a_test_takes_no_place_in_an_outbox_that_is_full():
    """What is urgent goes there; screens have said it."""
    full = SimpleNamespace(
        reach=lambda _person: [SimpleNamespace(row=ReachRow(kind="from_home", not_now_until=None, on_duty_until=None))],
        contacts=lambda _person: [
            SimpleNamespace(id="contact-1", row=SimpleNamespace(address="sealed-1", channel="sms", tested_at=None))
        ],
        notice_tally=lambda: SimpleNamespace(waiting=WAITING_MAX),
    )
    reminders = Reminders(full, SimpleNamespace(ways={("sms", 1)}))
    assert not reminders.queue(None, SimpleNamespace(at=START_US), BOSS, 1, START_US + HOUR, exercise=False)
