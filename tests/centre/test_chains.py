"""Chains of the centre's own: whom they tell, until enough are coming, whatever is changed or answered meanwhile."""

import msgspec
import pytest

from support.centres import held, make_folder
from support.chains import chain, group, step, strength, wait
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, Room
from support.fakes import ManualClock
from tocsin.centre.chains import BadChain, _put_chain, rebuild_chains
from tocsin.centre.editing import Overtaken
from tocsin.centre.escalation import UNSETTLED, hold_steps
from tocsin.model.chains import ChainOf, StoredChain
from tocsin.model.commands import Claim, Close, Release
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.escalation import CHAIN_STEP
from tocsin.model.notices import ContactAddress
from tocsin.rules.chains import chain_for, of_incident
from tocsin.system import SystemClock

R = [f"user-{number}" for number in range(3, 9)]
"""Six responders."""

CREW = {person.replace("-", "_"): ("responder",) for person in R}


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def room(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        one.users(user_1=("supervisor",), user_2=("operator",), **CREW)
        one.home(BOSS, ANA, *R)
        yield one
        assert rebuild_findings(one.store) == []
        entries = one.store.entries(0, 100_000)
        assert rebuild_chains(entries) == (one.store.chains(), one.store.groups())


def own(room, incident):
    """The steps of the own chain: when after the alarm, what, how many."""
    row = room.store.incident(incident)
    return [
        (round((one.at - row.opened_at) / 1e6), one.tell, one.told) for one in row.escalated if one.chain is not None
    ]


def notices(room, incident):
    return [one for one in room.store.notices(500, incident=incident) if one.plan]


def answer(room, incident, person, said):
    """Somebody answers the newest notice of an incident."""
    newest = next(one for one in notices(room, incident) if one.recipient == person)
    room.answer(newest, said)


def crew_chain(room, **more):
    made = room.centre.chains.make_group(
        group(**{person.replace("-", "_"): ("driver",) if person == R[0] else () for person in R}), BOSS
    )
    row = chain(step("notify", groups=(made.id,)), wait(180), step("all"), **more)
    return room.centre.chains.make(row, BOSS)


def test_chain_of_the_centres_own_tells_its_people_in_its_time_and_ends_with_telephone(room):
    room.centre.chains.make(chain(step("notify", users=(R[0],)), wait(90), step("notify", users=(R[1],))), BOSS)
    incident = room.alarm()
    room.pass_s(300)
    assert own(room, incident) == [(0, "notify", 1), (90, "notify", 1), (150, "telephone", 1)]
    assert {one.recipient for one in notices(room, incident)} == {R[0], R[1], BOSS}


def test_second_desk_after_20_s_and_supervisor_after_40_s_stay_beside_a_chain_of_ones_own(room):
    room.centre.chains.make(chain(step("notify", users=(R[0],))), BOSS)
    incident = room.alarm()
    room.pass_s(400)
    built_in = [one for one in room.store.incident(incident).escalated if one.chain is None]
    ages = [round((one.at - room.store.incident(incident).opened_at) / 1e6) for one in built_in]
    assert [one.tell for one in built_in] == ["second_desk", "supervisor", "telephone"]
    assert ages == [20, 40, 280]  # TELEPHONE no sooner than without the chain


def test_claim_ends_a_chain_that_does_not_count(room):
    room.centre.chains.make(chain(step("notify", users=(R[0],)), wait(60), step("all")), BOSS)
    incident = room.alarm()
    room.pass_s(1)
    room.act(incident, Claim())
    room.pass_s(600)
    assert [fact["body"]["tell"] for fact in room.facts("incident.escalated")] == ["notify"]
    assert room.store.timers(kind=CHAIN_STEP) == []


def test_chain_goes_on_until_so_many_are_coming_with_a_driver_whoever_claims(room):
    crew_chain(room, strength=strength(4, driver=1))
    incident = room.alarm()
    room.pass_s(1)
    room.act(incident, Claim())
    for person in R[1:5]:
        answer(room, incident, person, "coming")
    standing = room.centre.escalating.standing(room.centre.escalating.plan_of(_of()), incident)
    assert (standing.coming, standing.wanted, standing.asked) == (4, 4, 6)
    assert [(need.capability, need.count) for need in standing.missing] == [("driver", 1)]
    assert len(room.store.timers(kind=CHAIN_STEP)) == 1
    answer(room, incident, R[0], "coming")
    assert room.store.timers(kind=CHAIN_STEP) == []
    assert room.facts("timer.set")[-1]["body"]["reason"] == "strong"
    room.pass_s(600)
    assert own(room, incident) == [(0, "notify", 6)]


def _of():
    return ChainOf(priority=1, site=None, type="FIRE-ALARM")


def test_chain_goes_on_from_where_it_was_when_somebody_cannot_come_after_all(room):
    crew_chain(room, strength=strength(2))
    incident = room.alarm()
    room.pass_s(1)
    room.act(incident, Claim())
    answer(room, incident, R[0], "coming")
    answer(room, incident, R[1], "coming")
    room.pass_s(1000)
    assert own(room, incident) == [(0, "notify", 6)]
    answer(room, incident, R[1], "cannot")
    room.pass_s(181)
    assert [tell for _, tell, _ in own(room, incident)] == ["notify", "everyone"]


def test_who_has_not_answered_is_told_again_as_often_as_the_chain_says(room):
    row = chain(step("notify", users=(R[0], R[1])), strength=strength(2), again=(120, 2))
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.pass_s(1)
    answer(room, incident, R[0], "coming")
    room.act(incident, Claim())
    room.pass_s(1000)
    assert own(room, incident) == [(0, "notify", 2), (120, "again", 1), (240, "again", 1), (360, "telephone", 1)]
    told = [one.recipient for one in notices(room, incident)]
    assert (told.count(R[0]), told.count(R[1])) == (1, 3)


def test_person_in_two_groups_and_a_role_is_asked_once(room):
    one = room.centre.chains.make_group(group("first", user_3=(), user_4=()), BOSS)
    two = room.centre.chains.make_group(group("second", user_4=(), user_5=()), BOSS)
    row = chain(
        step("notify", groups=(one.id, two.id), users=(R[1],)), wait(100), step("notify", roles=("responder",)),
        strength=strength(9),
    )  # fmt: skip
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.pass_s(101)
    told = [one.recipient for one in notices(room, incident)]
    assert sorted(told) == sorted([*R, BOSS])  # the supervisor by the built-in chain


def test_step_by_another_channel_tells_the_same_people_again_but_for_those_who_answered(room):
    room.centre.outbox.use({("sms", 1), ("voice", 1)}, "t-1-", "https://c.example", lambda: None)
    for person in R[:2]:
        room.centre.contacts.add(person, "voice", ContactAddress(address="+12025550178"))
    both = {"users": (R[0], R[1])}
    row = chain(
        step("notify", channels=("sms",), **both), wait(60), step("notify", channels=("voice",), **both),
        strength=strength(2),
    )  # fmt: skip
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.pass_s(1)
    answer(room, incident, R[0], "coming")
    room.pass_s(60)
    calls = [one.recipient for one in notices(room, incident) if one.plan[0].channel == "voice"]
    assert calls == [R[1]]


def test_flood_asks_the_crew_for_each_incident_where_strength_is_needed(room):
    crew_chain(room, strength=strength(2))
    first, second = room.alarm(), room.alarm(account="1002")
    room.pass_s(5)
    assert len(notices(room, first)) == len(notices(room, second)) == 6


def test_all_who_were_told_cannot_come_and_the_next_step_comes_at_once(room):
    row = chain(step("notify", users=(R[0],)), wait(300), step("notify", users=(R[1],)), strength=strength(1))
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.pass_s(2)
    answer(room, incident, R[0], "cannot")
    room.pass_s(1)
    assert [tell for _, tell, _ in own(room, incident)] == ["notify", "notify"]


def test_answer_after_the_closing_is_noted_as_late_and_changes_nothing(room):
    crew_chain(room, strength=strength(2))
    incident = room.alarm()
    room.pass_s(1)
    asked = notices(room, incident)[0]
    room.act(incident, Claim())
    room.act(incident, Close(disposition="real"))
    before = [fact["seq"] for fact in room.facts("timer.set")]
    room.answer(asked, "cannot")
    assert room.facts("notice.moved")[-1]["body"]["is_late"] is True
    assert [fact["seq"] for fact in room.facts("timer.set")] == before
    room.pass_s(1000)
    assert [fact["body"]["tell"] for fact in room.facts("incident.escalated")] == ["notify"]


def test_last_answer_counts_by_whatever_notice_it_came_while_times_stand_still(room):
    crew_chain(room, strength=strength(1), again=(60, 2))
    incident = room.alarm()
    room.pass_s(1)
    room.clock.wall_us -= 3_600_000_000
    room.pass_s(250)
    newest, oldest = [one for one in notices(room, incident) if one.recipient == R[1]][:2]
    plan = room.centre.escalating.plan_of(of_incident(room.store.incident(incident)))

    def coming():
        return room.centre.escalating.standing(plan, incident).coming

    room.answer(newest, "cannot")
    room.answer(oldest, "coming")
    assert coming() == 1
    room.answer(newest, "cannot")  # it said so before, and something else was said since
    assert coming() == 0
    room.answer(oldest, "coming")
    assert coming() == 1


def test_closing_ends_a_chain_that_counts(room):
    crew_chain(room, strength=strength(2))
    incident = room.alarm()
    room.pass_s(1)
    room.act(incident, Claim())
    assert len(room.store.timers(kind=CHAIN_STEP)) == 1
    room.act(incident, Close(disposition="real"))
    assert room.store.timers(kind=CHAIN_STEP) == []
    assert room.facts("timer.set")[-1]["body"]["reason"] == "closed"


def test_given_back_a_counting_chain_goes_on_and_the_built_in_one_begins_anew(room):
    crew_chain(room, strength=strength(2))
    incident = room.alarm()
    room.pass_s(1)
    room.act(incident, Claim())
    room.pass_s(60)
    room.act(incident, Release())
    room.pass_s(130)
    row = room.store.incident(incident)
    assert own(room, incident) == [(0, "notify", 6), (180, "everyone", 1)]
    assert [one.tell for one in row.escalated if one.chain is None] == ["second_desk", "supervisor"]


def test_chain_for_a_site_comes_before_one_for_a_type_before_one_for_a_priority(room):
    by_priority, by_type = chain(step("all")), chain(step("all"), types=("FIRE-ALARM",), priorities=())
    by_site = chain(step("all"), sites=("site-1",), priorities=())
    rows = [StoredChain(f"chain-{n}", row, n) for n, row in enumerate((by_priority, by_type, by_site), 1)]
    of = _of()
    assert chain_for(rows, of).id == "chain-2"
    assert chain_for(rows, msgspec.structs.replace(of, site="site-1")).id == "chain-3"
    assert chain_for(rows, msgspec.structs.replace(of, type="X")).id == "chain-1"
    assert chain_for(rows, msgspec.structs.replace(of, type="X", priority=2)) is None


def test_chain_that_applies_to_lower_priorities_tells_people_of_those(room):
    room.centre.chains.make(chain(step("notify", users=(R[0],)), priorities=(2, 3, 4)), BOSS)
    incident = room.alarm("TA")
    room.pass_s(2)
    assert own(room, incident) == [(0, "notify", 1)]
    assert [one for one in room.store.incident(incident).escalated if one.chain is None] == []


def test_two_supervisors_edit_one_chain_and_the_second_learns_who_was_first(room):
    made = room.centre.chains.make(chain(step("all")), BOSS)
    room.centre.chains.change(made.id, made.seq, chain(step("supervisor")), BOSS)
    with pytest.raises(Overtaken) as refused:
        room.centre.chains.change(made.id, made.seq, chain(step("notify", roles=("operator",))), ANA)
    assert (refused.value.by, refused.value.code) == (BOSS, "config.overtaken")
    with pytest.raises(Overtaken):
        room.centre.chains.remove(made.id, made.seq, ANA)
    assert [one.row.steps[0].kind for one in room.store.chains()] == ["supervisor"]


def test_same_change_again_makes_no_fact(room):
    made = room.centre.chains.make(chain(step("all")), BOSS)
    again = room.centre.chains.change(made.id, made.seq, chain(step("all")), BOSS)
    assert (again, len(room.facts("chain.set"))) == (made, 1)


def test_chain_that_is_changed_while_it_goes_on_begins_anew(room):
    made = room.centre.chains.make(chain(step("notify", users=(R[0],)), wait(600), step("all")), BOSS)
    incident = room.alarm()
    room.pass_s(5)
    room.centre.chains.change(made.id, made.seq, chain(wait(10), step("notify", users=(R[1],))), BOSS)
    room.scheduler.wake()
    room.pass_s(11)
    assert [(tell, told) for _, tell, told in own(room, incident)] == [("notify", 1), ("notify", 1)]
    assert R[1] in {one.recipient for one in notices(room, incident)}


def test_removed_chain_falls_back_to_the_built_in_one_for_what_waits(room):
    made = room.centre.chains.make(chain(step("notify", users=(R[0],))), BOSS)
    incident = room.alarm()
    room.pass_s(45)
    room.centre.chains.remove(made.id, made.seq, BOSS)
    room.scheduler.wake()
    room.pass_s(60)
    built_in = [one.tell for one in room.store.incident(incident).escalated if one.chain is None]
    assert built_in == ["second_desk", "supervisor", "everyone"]
    assert room.store.timers(kind=CHAIN_STEP) == []


def test_new_chain_begins_for_what_waits_already(room):
    incident = room.alarm()
    room.pass_s(5)
    room.centre.chains.make(chain(step("notify", users=(R[0],))), BOSS)
    room.scheduler.wake()
    room.pass_s(1)
    assert [tell for _, tell, _ in own(room, incident)] == ["notify"]


def test_killed_between_a_change_and_what_goes_on_the_next_start_brings_it_to_its_end(room):
    incident = room.alarm()
    room.pass_s(5)

    def work(transaction, appender):
        transaction.put_meta(UNSETTLED, "1")
        return _put_chain(transaction, appender, None, chain(step("notify", users=(R[0],))), BOSS)

    room.made.journal.decide(work)  # and then the process was killed
    room.centre.escalating.use_chains(room.store.chains())
    room.centre.chains.settle_found()
    room.scheduler.wake()
    room.pass_s(1)
    assert [tell for _, tell, _ in own(room, incident)] == ["notify"]
    assert room.store.get_meta(UNSETTLED) == ""


def test_after_a_restore_no_step_of_yesterday_is_taken(room):
    crew_chain(room, strength=strength(2))
    room.alarm()
    assert hold_steps(room.made.journal, room.store) == 2
    room.scheduler.wake()
    room.pass_s(600)
    assert room.facts("incident.escalated") == []


@pytest.mark.parametrize("hours", [-1, 1])
def test_clock_that_is_set_by_an_hour_neither_loses_nor_repeats_a_step(room, hours):
    room.centre.chains.make(chain(step("notify", users=(R[0],)), wait(60), step("notify", users=(R[1],))), BOSS)
    incident = room.alarm()
    room.pass_s(10)
    room.clock.wall_us += hours * 3600 * 1_000_000
    room.pass_s(50 if hours < 0 else 0)
    room.pass_s(1)
    assert [tell for _, tell, _ in own(room, incident)][:2] == ["notify", "notify"]
    room.pass_s(600)
    told = [one.recipient for one in notices(room, incident)]
    assert (told.count(R[0]), told.count(R[1])) == (1, 1)


def test_chain_that_reaches_nobody_at_its_end_is_refused_and_says_why(room):
    for last, words in (
        (step("notify", roles=("auditor",)), "there is nobody in it"),
        (step("notify", users=(R[0],), channels=("voice",)), "not switched on"),
    ):
        with pytest.raises(BadChain) as refused:
            room.centre.chains.make(chain(step("supervisor"), last), BOSS)
        assert refused.value.code == "chain.nobody"
        assert words in refused.value.message
    empty = room.centre.chains.make_group(group("empty"), BOSS)
    with pytest.raises(BadChain, match="nobody in it"):
        room.centre.chains.make(chain(step("notify", groups=(empty.id,))), BOSS)
    assert room.store.chains() == []


def test_chain_that_reaches_nobody_any_more_is_an_incident_until_it_is_mended(room):
    made = room.centre.chains.make(chain(step("notify", users=(R[0],))), BOSS)
    assert room.centre.chains.watch() == []
    (contact,) = room.store.contacts(R[0])
    room.centre.contacts.remove(R[0], contact.id)
    assert room.centre.chains.watch() == [made.id]
    assert room.centre.chains.watch() == [made.id]  # said once
    room.made.journal.store([])
    (opened,) = [one for one in room.store.incidents("open", None, 10) if one.reason == "notice_chain_broken"]
    assert opened.type == "TECH-NOTIFY"
    room.home(R[0])
    assert room.centre.chains.watch() == []
    room.made.journal.store([])
    assert room.store.incident(opened.id).condition == "returned"
    assert [fact["body"]["notice"] for fact in room.facts("centre.noticed")] == ["chain_broken", "chains_work"]


def test_group_that_a_chain_tells_cannot_be_removed(room):
    made = room.centre.chains.make_group(group(user_3=()), BOSS)
    of = room.centre.chains.make(chain(step("notify", groups=(made.id,))), BOSS)
    with pytest.raises(Conflict) as refused:
        room.centre.chains.remove_group(made.id, made.seq, BOSS)
    assert refused.value.code == "group.used"
    room.centre.chains.remove(of.id, of.seq, BOSS)
    room.centre.chains.remove_group(made.id, made.seq, BOSS)
    assert (room.store.groups(), room.store.chains()) == ([], [])
    with pytest.raises(BadInput):
        room.centre.chains.group(made.id)


def test_name_and_what_a_chain_applies_to_are_its_own(room):
    room.centre.chains.make(chain(step("all")), BOSS)
    for row, code in (
        (chain(step("all"), name="CREW", priorities=(2,)), "chain.same_name"),
        (chain(step("all"), name="b"), "chain.same"),
    ):
        with pytest.raises(Conflict) as refused:
            room.centre.chains.make(row, BOSS)
        assert refused.value.code == code


def test_changed_chain_holds_at_once_below_priority_1_too_and_nobody_is_told_twice(room):
    incident = room.alarm("BA")
    room.pass_s(5)
    made = room.centre.chains.make(chain(step("notify", users=(R[0],)), priorities=(2,)), BOSS)
    room.scheduler.wake()
    room.pass_s(1)
    assert [one.recipient for one in notices(room, incident)] == [R[0]]
    room.pass_s(600)  # it has come to TELEPHONE, its end
    assert room.store.timers(kind=CHAIN_STEP) == []
    before = len(notices(room, incident))
    changed = chain(step("notify", users=(R[0], R[1])), priorities=(2,))
    room.centre.chains.change(made.id, made.seq, changed, BOSS)
    room.scheduler.wake()
    room.pass_s(1)
    assert [one.recipient for one in notices(room, incident)][: -before or None] == [R[1]]


def test_change_elsewhere_begins_no_chain_again_that_has_come_to_its_end(room):
    incident = room.alarm()
    room.centre.chains.make(chain(step("notify", users=(R[0],))), BOSS)
    room.pass_s(600)
    before = own(room, incident)
    room.centre.chains.make(chain(step("all"), name="other", priorities=(3,)), BOSS)
    room.scheduler.wake()
    room.pass_s(600)
    assert own(room, incident) == before


def test_change_of_a_group_puts_no_first_step_off(room):
    room.centre.chains.make(chain(wait(60), step("notify", users=(R[0],))), BOSS)
    incident = room.alarm()
    for _ in range(5):
        room.pass_s(11)
        room.centre.chains.make_group(group(f"g{room.made.journal.head.seq}", user_3=()), BOSS)
        room.scheduler.wake()
    room.pass_s(6)
    assert own(room, incident) == [(60, "notify", 1)]


def test_chain_that_is_made_after_a_restore_takes_no_step_of_yesterday(room):
    incident = room.alarm()
    hold_steps(room.made.journal, room.store)
    room.centre.chains.make(chain(step("notify", users=(R[0],))), BOSS)
    room.scheduler.wake()
    room.pass_s(600)
    assert own(room, incident) == []
    today = room.alarm(account="1002")
    room.pass_s(1)
    assert [tell for _, tell, _ in own(room, today)] == ["notify"]
