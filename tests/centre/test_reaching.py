"""Reaching people: whoever sleeps is called, nobody is lost behind another, and nothing is sent that nobody needs."""

import pytest

from support.centres import held, make_folder
from support.chains import chain, group, step, strength, wait
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, Room
from support.fakes import ManualClock
from tocsin.centre.outbox import Sent
from tocsin.model.commands import Claim, Close, Release
from tocsin.model.notices import Accepted, ContactAddress
from tocsin.system import SystemClock

R = ("user-3", "user-4")
UNWANTED = Close(disposition="unwanted")


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        made.add(b"name,address,directions\nMill,1 Quay Street,\nYard,2 Quay Street,\n", kind="sites")
        made.add(b"account,site\n1001,Mill\n1002,Mill\n2001,Yard\n")
        room = Room(made)
        room.users(user_1=("supervisor",), user_2=("operator",), user_3=("responder",), user_4=("responder",))
        room.centre.outbox.use({("sms", 1), ("voice", 1)}, "t-1-", "https://c.example", lambda: None)
        room.home(BOSS, *R)
        for person in (BOSS, *R):
            room.centre.contacts.add(person, "voice", ContactAddress(address="+12025550178"))
        yield room
        assert rebuild_findings(made.store) == []


def notices(room, incident):
    return sorted(room.store.notices(500, incident=incident), key=lambda one: one.seq)


def living(room, incident):
    return [one.recipient for one in notices(room, incident) if one.due_at is not None]


def answer(room, incident, person, said):
    newest = [one for one in notices(room, incident) if one.recipient == person and one.plan][-1]
    room.answer(newest, said)


# A message that was delivered wakes nobody ---------------------------------------------------------------------------


def test_delivered_message_and_no_answer_a_call_goes_out_by_forty_seconds(room):
    """After the step that told the supervisor: nobody asleep hears a message."""
    incident = room.alarm()
    sent = room.run_s(81, "delivered")
    calls = [at_s for at_s, person, channel, of in sent if (person, channel, of) == (BOSS, "voice", incident)]
    assert calls, sent
    assert calls[0] <= 80


def test_step_that_calls_is_not_left_out_for_a_message_that_another_step_sent(room):
    row = chain(
        step("notify", users=(BOSS,), channels=("sms",)), wait(30), step("notify", users=(BOSS,), channels=("voice",))
    )
    room.centre.chains.make(row, BOSS)
    room.alarm()
    sent = room.run_s(35, "delivered")
    assert [(at_s, channel) for at_s, person, channel, _ in sent if person == BOSS] == [(5, "sms"), (30, "voice")]


def test_call_by_the_built_in_chain_is_not_left_out_for_a_message_of_a_moment_before(room):
    room.centre.chains.make(chain(wait(30), step("notify", users=(BOSS,), channels=("sms",))), BOSS)
    room.alarm()
    sent = room.run_s(81, "delivered")
    assert "voice" in [channel for _, person, channel, _ in sent if person == BOSS]


def test_what_one_notice_has_not_brought_out_yet_goes_with_the_one_that_takes_its_place(room):
    row = chain(
        step("notify", users=(R[0],), channels=("sms",)), wait(30), step("notify", users=(R[0],), channels=("voice",))
    )
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.pass_s(31)  # nothing could be sent yet
    first, second = notices(room, incident)
    assert (first.state, first.reason) == ("expired", "replaced")
    assert [way.channel for way in second.plan] == ["sms", "voice"]


def test_nobody_has_two_notices_of_one_incident_at_a_time(room):
    room.centre.chains.make(chain(step("notify", users=(BOSS, R[0])), again=(60, 3)), BOSS)
    incident = room.alarm()
    for _ in range(60):
        room.run_s(5)
        going_on = living(room, incident)
        assert len(going_on) == len(set(going_on))
    room.centre.outbox.notify(incident, [BOSS, R[0], R[1]], ANA, "by-hand")
    assert sorted(living(room, incident)) == [BOSS, *R]


# Nobody is told of what nobody is needed for -------------------------------------------------------------------------


@pytest.mark.parametrize("acts", [(Claim(),), (Claim(), UNWANTED)], ids=["claim", "closing"])
@pytest.mark.parametrize("when_s", [41, 55, 130])
def test_nothing_goes_out_after_a_claim_or_a_closing(room, acts, when_s):
    incident = room.alarm()
    room.run_s(when_s)
    for act in acts:
        room.act(incident, act)
    assert living(room, incident) == []
    assert room.run_s(400) == []


def test_what_is_being_given_to_a_provider_as_somebody_claims_begins_nothing_again(room):
    incident = room.alarm()
    room.pass_s(41)
    under_way = room.centre.outbox.take()
    room.act(incident, Claim())
    room.centre.outbox.sent([Sent(one, Accepted(None)) for one in under_way])
    assert room.run_s(300) == []


def test_claim_ends_nothing_where_enough_must_come_and_a_closing_does(room):
    room.centre.chains.make(chain(step("notify", users=R), strength=strength(2)), BOSS)
    incident = room.alarm()
    room.run_s(5)
    room.act(incident, Claim())
    assert sorted(living(room, incident)) == list(R)
    assert room.run_s(60)
    room.act(incident, UNWANTED)
    assert room.run_s(300) == []


def test_whoever_was_told_by_hand_is_needed_though_somebody_claims_it(room):
    incident = room.alarm()
    room.centre.outbox.notify(incident, [R[0], BOSS], ANA, "by-hand")
    room.run_s(45)  # the built-in chain tells the supervisor once more
    room.act(incident, Claim())
    assert sorted(living(room, incident)) == [BOSS, R[0]]


def test_answer_ends_whatever_else_asks_its_person(room):
    incident = room.alarm()
    room.run_s(105)
    answer(room, incident, BOSS, "coming")
    assert BOSS not in living(room, incident)
    assert [one for one in room.run_s(400) if one[1] == BOSS] == []
    assert [tell for tell, _ in room.told(incident)][-1] == "telephone", "only a claim ends the chain"


def test_step_whose_people_are_coming_does_not_say_that_nobody_could_be_reached(room):
    """Nor does the chain run to its end for it: the next step has its own time."""
    row = chain(step("notify", users=(R[0],)), wait(30), step("notify", users=(R[0],)), wait(60), step("supervisor"))
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.run_s(5)
    answer(room, incident, R[0], "coming")
    room.run_s(31)
    own = [one for one in room.store.incident(incident).escalated if one.chain is not None]
    assert [(one.tell, one.told, one.bundled) for one in own] == [("notify", 1, 0), ("notify", 0, 1)]


def test_who_said_coming_is_told_again_when_it_is_given_back(room):
    incident = room.alarm()
    room.run_s(45)
    answer(room, incident, BOSS, "coming")
    room.act(incident, Claim())
    room.act(incident, Release())
    assert BOSS in [person for _, person, _, _ in room.run_s(60)]


def test_enough_are_coming_and_the_others_are_called_no_more(room):
    room.centre.chains.make(chain(step("notify", users=(*R, BOSS)), strength=strength(2)), BOSS)
    incident = room.alarm()
    room.run_s(5)
    room.act(incident, Claim())
    answer(room, incident, R[0], "coming")
    answer(room, incident, R[1], "coming")
    (notice,) = [one for one in notices(room, incident) if one.recipient == BOSS]
    assert (notice.due_at, notice.reason) == (None, "enough")
    assert room.run_s(300) == []


def test_everybody_of_the_last_step_says_cannot_while_the_clock_is_set_back_and_nobody_waits(room):
    """The times of facts stand still then: whom which step told is told apart by their order."""
    row = chain(step("notify", users=(R[0],)), wait(60), step("notify", users=(R[1],)), again=(120, 1))
    room.centre.chains.make(row, BOSS)
    room.clock.wall_us -= 3600 * 1_000_000
    incident = room.alarm()
    room.pass_s(65)
    answer(room, incident, R[1], "cannot")
    room.pass_s(1)
    own = [one.tell for one in room.store.incident(incident).escalated if one.chain is not None]
    assert own == ["notify", "notify", "again"]


def test_last_step_says_how_many_have_said_that_they_cannot(room):
    incident = room.alarm()
    room.run_s(45)
    answer(room, incident, BOSS, "cannot")
    room.pass_s(300)
    last = [fact["body"] for fact in room.facts("incident.escalated") if fact["body"]["tell"] == "telephone"]
    assert [(one["told"], one["refused"]) for one in last] == [(0, 1)]
    assert [one.recipient for one in notices(room, incident)] == [BOSS, ANA], "the operator has no contact"


# Enough are coming ---------------------------------------------------------------------------------------------------


def test_nobody_who_can_do_what_is_missing_hears_that_enough_are_coming(room):
    """Two who cannot drive are coming; the driver is asked, and is not thanked."""
    room.users(user_5=("responder",))
    room.home("user-5")
    crew = room.centre.chains.make_group(group("crew", user_3=(), user_4=(), user_5=("driver",)), BOSS)
    wanted = strength(2, driver=1)
    room.centre.chains.make(chain(step("notify", groups=(crew.id,)), strength=wanted), BOSS)
    incident = room.alarm()
    room.run_s(5)
    answer(room, incident, R[0], "coming")
    answer(room, incident, R[1], "coming")
    of = {one.recipient: one for one in notices(room, incident)}
    assert not room.centre.outbox.is_full(of["user-5"])
    answer(room, incident, "user-5", "coming")
    assert not room.centre.outbox.is_full(of["user-5"]), "nobody else can drive"
    assert room.centre.outbox.is_full(of[R[0]]), "two others are coming, and one of them drives"


def test_enough_counts_those_whom_any_step_told(room):
    row = chain(step("notify", users=(R[0],)), wait(30), step("notify", users=(R[1], BOSS)), strength=strength(1))
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.run_s(35)
    answer(room, incident, R[0], "coming")
    of = {one.recipient: one for one in notices(room, incident)}
    assert room.centre.outbox.is_full(of[R[1]]), "told by another step, and not needed any more"
    assert not room.centre.outbox.is_full(of[R[0]])


# Many at once --------------------------------------------------------------------------------------------------------


def own_chain(room):
    room.centre.chains.make(chain(step("notify", users=(R[0],)), priorities=(1, 2, 3)), BOSS)


def test_second_incident_of_a_site_is_told_when_forty_five_seconds_are_over(room):
    own_chain(room)
    first = room.alarm("BA", "1001")
    sent = room.run_s(15)
    second = room.alarm("WA", "1002")
    assert first != second
    sent = room.run_s(60)
    assert room.told(second)[0] == ("notify", 0)
    assert room.store.incident(second).escalated[0].bundled == 1
    told = [at_s for at_s, _, _, of in sent if of == second]
    assert told[0] == 30, "45 s after the first"


@pytest.mark.parametrize(
    ("code", "account"), [("BA", "2001"), ("FA", "1002"), ("HA", "1002")], ids=["another site", "priority 1", "silent"]
)
def test_nobody_waits_behind_another_site_or_with_what_is_urgent_or_silent(room, code, account):
    own_chain(room)
    room.alarm("BA", "1001")
    room.run_s(5)
    second = room.alarm(code, account)
    assert R[0] in [person for _, person, _, of in room.run_s(5) if of == second]


def test_bundled_notice_survives_a_restart_and_ends_with_a_claim(room):
    own_chain(room)
    room.alarm("BA", "1001")
    room.run_s(5)
    second = room.alarm("WA", "1002")
    room.run_s(5)
    (notice,) = notices(room, second)
    assert (notice.state, notice.attempts) == ("queued", ())
    assert notice.due_at - notice.queued_at > 30_000_000
    room.act(second, Claim())
    assert [one for one in room.run_s(120) if one[3] == second] == []
