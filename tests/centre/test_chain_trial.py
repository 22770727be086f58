"""A chain tried on the incidents of the last days: by the journal, and by the groups and contacts of today."""

import pytest

from support.centres import held, make_folder
from support.chains import chain, step, strength, wait
from support.cores import rebuild_findings
from support.escalations import BOSS, Room
from support.fakes import ManualClock
from tocsin.centre import chain_trial
from tocsin.model.chains import StoredChain
from tocsin.model.commands import Claim, Close, Release
from tocsin.model.errors import BadInput
from tocsin.model.notices import ContactAddress
from tocsin.system import SystemClock

REX, SUE = "user-3", "user-4"
DAY_S = 86_400


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        one.users(user_1=("supervisor",), user_2=("operator",), user_3=("responder",), user_4=("responder",))
        one.home(BOSS, REX)
        yield one
        assert rebuild_findings(one.store) == []


def tried(room, *steps, id_="not-saved", days=30, **fields):
    head, notices = room.store.head().seq, room.store.notices(500)
    found = room.centre.chain_trials.last_days(StoredChain(id_, chain(*steps, **fields), 0), days)
    assert (room.store.head().seq, room.store.notices(500)) == (head, notices), "nothing is stored or sent"
    return found


def course(found):
    return [
        (one.id, one.waited_s, [(step.after_s, step.tell, [who.user for who in step.recipients]) for step in one.steps])
        for one in found.incidents
    ]


CREW = step("notify", users=(REX,))


def test_who_would_have_been_told_at_which_second_until_somebody_claimed_it(room):
    incident = room.alarm()
    room.pass_s(75)
    room.act(incident, Claim())
    found = tried(room, CREW, wait(60), step("supervisor"), wait(60), step("all"))
    assert course(found) == [(incident, 75, [(0, "notify", [REX]), (60, "supervisor", [BOSS])])]
    assert (found.looked, found.fitting, found.told, found.nobody, found.in_time) == (1, 1, 1, 0, 0)
    assert found.incidents[0].steps[0].recipients[0].channels == ("sms",)


def test_incident_that_was_over_before_the_first_step_was_in_time(room):
    incident = room.alarm()
    room.pass_s(10)
    room.act(incident, Claim())
    found = tried(room, wait(30), CREW)
    assert (found.in_time, found.told, found.nobody, course(found)) == (1, 0, 0, [(incident, 10, [])])


def test_where_nobody_would_have_been_told_is_counted_and_stands_first(room):
    room.centre.contacts.set_reach(BOSS, "on_shift", not_now_until=None, on_duty_until=None)
    first = room.alarm()
    room.pass_s(20)
    room.act(first, Claim())
    room.centre.contacts.set_reach(BOSS, "from_home", not_now_until=None, on_duty_until=None)
    second = room.alarm(account="1002")
    room.pass_s(20)
    room.act(second, Claim())
    found = tried(room, step("notify", users=(SUE,)), wait(60), step("supervisor"))
    assert [(one.id, one.is_nobody, one.steps[-1].refused) for one in found.incidents] == [
        (first, True, 1), (second, False, 0)
    ]  # fmt: skip
    assert (found.fitting, found.nobody, found.told, found.in_time) == (2, 1, 1, 0)


def test_who_was_off_duty_then_is_counted_and_not_named_whoever_is_on_duty_now(room):
    room.centre.contacts.add(SUE, "sms", ContactAddress(address="+12025550178"))
    incident = room.alarm()
    room.pass_s(30)
    room.act(incident, Claim())
    now = room.clock.now_us()
    room.centre.contacts.set_reach(SUE, "on_shift", not_now_until=None, on_duty_until=now + 3600 * 1_000_000)
    found = tried(room, step("notify", users=(SUE,)), wait(600), CREW)
    (shown,) = found.incidents
    assert next((one.tell, one.told, one.refused, one.recipients) for one in shown.steps) == ("notify", 0, 1, ())
    later = room.alarm(account="1002")
    room.pass_s(30)
    room.act(later, Claim())
    newest = tried(room, step("notify", users=(SUE,)), wait(600), CREW).incidents[0]
    assert (newest.id, newest.steps[0].recipients[0].user) == (later, SUE)


def test_given_back_it_begins_anew_and_a_chain_that_counts_goes_on_over_the_claim(room):
    incident = room.alarm()
    room.pass_s(5)
    room.act(incident, Claim())
    room.pass_s(100)
    room.act(incident, Release())
    room.pass_s(20)
    room.act(incident, Claim())
    room.act(incident, Close(disposition="real"))
    assert course(tried(room, CREW)) == [(incident, 125, [(0, "notify", [REX]), (105, "notify", [REX])])]
    counting = tried(room, CREW, wait(60), step("supervisor"), strength=strength(4))
    steps = [(0, "notify", [REX]), (60, "supervisor", [BOSS]), (120, "telephone", [BOSS])]
    assert course(counting) == [(incident, 125, steps)]


def test_only_what_the_chain_would_have_been_for_counts_and_a_stored_one_gives_way_to_its_change(room):
    fire, burglary = room.alarm(), room.alarm("BA", account="1002")
    room.pass_s(30)
    for one in (fire, burglary):
        room.act(one, Claim())
    stored = room.centre.chains.make(chain(CREW, name="fires", types=("FIRE-ALARM",)), BOSS)
    assert [one.id for one in tried(room, CREW, priorities=(1, 2)).incidents] == [burglary], "one by type goes before"
    assert {one.id for one in tried(room, CREW, priorities=(), id_=stored.id).incidents} == {fire, burglary}
    assert [one.id for one in room.centre.chain_trials.by_name("FIRES", 30).incidents] == [fire]
    for name, days in (("none", 30), ("fires", 0), ("fires", 32)):
        with pytest.raises(BadInput):
            room.centre.chain_trials.by_name(name, days)


def test_older_incidents_are_not_looked_at_and_one_that_goes_on_counts_up_to_now(room):
    old = room.alarm()
    room.act(old, Claim())
    room.act(old, Close(disposition="real"))
    room.clock.advance(3 * DAY_S)
    new = room.alarm(account="1002")
    room.pass_s(100)
    found = tried(room, CREW, wait(60), step("supervisor"), wait(60), step("all"), days=2)
    assert course(found) == [(new, None, [(0, "notify", [REX]), (60, "supervisor", [BOSS])])]
    assert (found.looked, found.is_cut) == (1, False)


def test_trial_ends_at_its_limit_and_says_so(room, monkeypatch):
    for number in range(3):
        room.alarm(account=str(2000 + number))
    monkeypatch.setattr(chain_trial, "LOOKED_MAX", 2)
    monkeypatch.setattr(chain_trial, "SHOWN_MAX", 1)
    found = tried(room, CREW)
    assert (found.looked, found.is_cut, found.fitting, len(found.incidents)) == (2, True, 2, 1)
