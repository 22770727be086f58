"""Steps that tell who is on call by a roster, or on shift at a desk: then, and not when they were written."""

import pytest

from support.centres import held, make_folder
from support.chains import chain, step, strength, wait
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS
from support.fakes import ManualClock
from support.shifts import BO, Desks
from tocsin.centre.attendance import Attendance
from tocsin.centre.chain_view import ChainView
from tocsin.centre.chains import BadChain, rebuild_chains
from tocsin.centre.rosters import Wanted
from tocsin.model.chains import ChainOf
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.escalation import IncidentEscalated, StepHours
from tocsin.model.notices import ContactAddress
from tocsin.model.rosters import RosterLayer
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.words import tell

RAY, SUE, TED = "user-5", "user-6", "user-7"
"""Responders, reached at home."""

NOON = 1_800_014_400_000_000
"""2027-01-15 12:00 UTC, a Friday."""

TODAY = NOON // 86_400_000_000


class Calls(Desks):
    """A room with a desk, three responders, and rosters by UTC whose first turn began yesterday at 8."""

    def __init__(self, made):
        super().__init__(made)
        self.users(user_5=("responder",), user_6=("responder",), user_7=("responder",))
        self.home(RAY, SUE, TED)

    def roster(self, *people, label="fire", id_=None, **fields):
        plain = {
            "at_min": 480, "first_day": TODAY - 1, "from_min": 0, "users": people, "to_min": 1440,
            "turn_days": 1, "weekdays": (),
        }  # fmt: skip
        layer = RosterLayer(**(plain | fields))
        version = None if id_ is None else self.centre.rosters.one(id_).seq
        return self.centre.rosters.put(id_, Wanted(label=label, layers=(layer,), zone="UTC"), version, BOSS).id

    def make(self, *steps, **fields):
        return self.centre.chains.make(chain(*steps, **fields), BOSS)

    def told(self, incident):
        """Of the own chain: when, what, how many, and who and what was not there."""
        row = self.store.incident(incident)
        return [
            (round((one.at - row.opened_at) / 1e6), one.tell, one.told, one.desks, one.vacant)
            for one in row.escalated
            if one.chain is not None
        ]

    def people(self, incident):
        return [one.recipient for one in reversed(self.store.notices(500, incident=incident)) if one.plan]

    def nobody_lives(self, seconds):
        """Time goes by, and no console of anybody does."""
        look = Attendance(store=self.store, run=lambda work: work(self.made.journal), clock=self.clock, limit_s=60).look
        for _ in range(seconds // 20):
            self.pass_s(20)
            look(set())

    def problems(self, *steps):
        return [(one.code, one.is_refused, one.step) for one in self.centre.chains.problems(chain(*steps))]


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(NOON)) as made:
        one = Calls(made)
        yield one
        assert rebuild_findings(one.store) == []
        assert rebuild_chains(one.store.entries(0, 100_000)) == (one.store.chains(), one.store.groups())


def refused(act):
    with pytest.raises((BadInput, Conflict)) as caught:
        act()
    return caught.value.code


def test_step_tells_whoever_is_on_call_when_it_is_taken_and_not_when_it_was_written(room):
    roster = room.roster(RAY, SUE)
    room.make(step("notify", rosters=(roster,)))
    first = room.alarm()
    room.pass_s(1)
    assert room.people(first) == [SUE]  # since 8 o'clock
    room.pass_s(24 * 3600)
    second = room.alarm(account="1002")
    room.pass_s(1)
    assert room.people(second) == [RAY]


def test_who_is_on_two_rosters_and_in_the_step_by_name_is_told_once(room):
    step_ = step("notify", rosters=(room.roster(RAY), room.roster(RAY, label="water")), users=(RAY,))
    room.make(step_)
    incident = room.alarm()
    room.pass_s(1)
    assert (room.people(incident), room.told(incident)) == ([RAY], [(0, "notify", 1, (), ())])


def test_roster_with_nobody_on_call_lets_the_next_step_come_at_once_and_the_course_says_so(room):
    night = room.roster(RAY, from_min=1200, to_min=360)
    room.make(step("notify", rosters=(night,)), wait(120), step("notify", users=(SUE,)))
    incident = room.alarm()
    room.pass_s(1)
    assert room.told(incident) == [(0, "notify", 0, (), (night,)), (0, "notify", 1, (), ())]
    assert room.people(incident) == [SUE]
    (fact, *_) = [one for one in room.facts("incident.escalated") if one["body"]["chain"] is not None]
    assert fact["body"]["vacant"] == [night]


def test_course_says_in_words_which_of_a_step_had_nobody():
    body = IncidentEscalated(
        bundled=0, chain="chain-1", desks=("desk-2",), exercise=False, late_s=0, refused=0, step=0, tell="notify",
        told=0, vacant=("roster-1", "roster-2", "desk-1"), version=1,
    )  # fmt: skip
    assert tell(body, None, shipped_catalogue()).endswith(
        "Nobody could be sent a notice. 1 desk told by the screen. By 2 rosters nobody is on call. Nobody is at 1 desk."
    )


@pytest.mark.parametrize("is_last", [True, False])
def test_gap_of_a_roster_is_refused_at_the_end_and_said_before_it(room, is_last):
    days = room.roster(RAY, from_min=360, to_min=1200)
    steps = [step("notify", rosters=(days,)), *(() if is_last else (step("notify", users=(SUE,)),))]
    found = [one for one in room.problems(*steps) if one[0] in ("chain.nobody", "chain.gap")]
    assert found == ([("chain.nobody", True, 1)] if is_last else [("chain.gap", False, 1)])
    if is_last:
        with pytest.raises(BadChain, match="first in 8 h: nobody is on call by its roster"):
            room.make(*steps)


def test_two_rosters_that_fill_each_others_gaps_may_stand_at_the_end(room):
    days = room.roster(RAY, from_min=360, to_min=1200)
    nights = room.roster(SUE, label="night", from_min=1200, to_min=360)
    room.make(step("notify", rosters=(days, nights)))


def test_turn_of_somebody_without_a_contact_is_a_gap(room):
    roster = room.roster(RAY, BO)
    with pytest.raises(BadChain, match="has no contact that works"):
        room.make(step("notify", rosters=(roster,)))
    room.make(step("notify", rosters=(roster,), users=(SUE,)))  # who is always told fills it


def test_chain_whose_roster_gets_a_gap_later_is_an_incident_until_it_is_closed(room):
    roster = room.roster(RAY)
    made = room.make(step("notify", rosters=(roster,)))
    assert room.centre.chains.watch() == []
    room.roster(RAY, id_=roster, weekdays=(0, 1, 2, 3))
    assert room.centre.chains.watch() == [made.id]
    assert room.facts("centre.noticed")[-1]["body"]["notice"] == "chain_broken"
    room.roster(RAY, id_=roster)
    assert room.centre.chains.watch() == []
    assert room.facts("centre.noticed")[-1]["body"]["notice"] == "chains_work"


def test_roster_and_desk_that_a_chain_tells_are_not_removed(room):
    roster = room.roster(RAY)
    made = room.make(step("notify", rosters=(roster,), desks=(room.desk,)), step("notify", users=(SUE,)))
    version = room.centre.rosters.one(roster).seq
    assert refused(lambda: room.centre.rosters.remove(roster, version, BOSS)) == "roster.used"
    assert refused(lambda: room.shifts.remove_desk(room.desk, BOSS)) == "desk.used"
    room.centre.chains.remove(made.id, made.seq, BOSS)
    room.centre.rosters.remove(roster, version, BOSS)
    room.shifts.remove_desk(room.desk, BOSS)


@pytest.mark.parametrize(
    ("fields", "code"), [({"rosters": ("roster-999",)}, "chain.roster"), ({"desks": ("desk-999",)}, "chain.desk")]
)
def test_roster_or_desk_that_is_not_there_is_refused(room, fields, code):
    assert (code, True, 1) in room.problems(step("notify", users=(RAY,), **fields))


def test_desk_by_name_is_told_by_its_screen_and_whoever_is_on_shift_there_by_a_notice(room):
    room.home(ANA)
    room.begin(ANA)
    room.begin(BO, room.add("south"))
    room.make(step("notify", desks=(room.desk,)), wait(60), step("notify", users=(SUE,)))
    incident = room.alarm()
    room.pass_s(59)
    assert (room.people(incident), room.told(incident)) == ([ANA], [(0, "notify", 1, (room.desk,), ())])


def test_desk_whose_people_have_no_phone_is_told_by_its_screen_and_waited_for(room):
    room.begin(BO)
    room.make(step("notify", desks=(room.desk,)), wait(60), step("notify", users=(SUE,)))
    incident = room.alarm()
    room.pass_s(59)
    assert room.told(incident) == [(0, "notify", 0, (room.desk,), ())]
    room.pass_s(2)
    assert [one[0] for one in room.told(incident)] == [0, 60]


@pytest.mark.parametrize("is_left", [True, False], ids=["left", "never_begun"])
def test_desk_that_nobody_is_at_is_not_waited_for(room, is_left):
    if is_left:
        room.begin(BO)
        room.nobody_lives(120)  # no console of his lives
    room.make(step("notify", desks=(room.desk,)), wait(60), step("notify", users=(SUE,)))
    incident = room.alarm()
    room.pass_s(1)
    assert [one[0] for one in room.told(incident)] == [0, 0]
    assert room.told(incident)[0][3:] == ((), (room.desk,))


def test_last_step_that_tells_a_desk_alone_is_refused_since_nobody_may_be_at_it(room):
    room.home(ANA)
    room.begin(ANA)
    with pytest.raises(BadChain) as caught:
        room.make(step("notify", users=(RAY,)), step("notify", desks=(room.desk,)))
    assert caught.value.code == "chain.last"
    # Who is at the desk now counts for nothing beside a role that nobody has a phone in.
    with pytest.raises(BadChain) as caught:
        room.make(step("notify", roles=("auditor",), desks=(room.desk,)))
    assert caught.value.code == "chain.nobody"


def test_first_person_is_told_within_its_limit_whoever_is_at_a_desk(room):
    steps = [step("notify", desks=(room.desk,)), wait(301), step("notify", users=(SUE,))]
    assert ("chain.wait", True, 3) in room.problems(*steps)


def test_dry_run_says_who_would_be_on_call_at_each_step(room):
    roster = room.roster(RAY, SUE, TED)
    made = room.make(
        step("notify", rosters=(roster,)), wait(3600), step("notify", rosters=(roster,), desks=(room.desk,)),
        wait(3600), step("notify", users=(SUE,)),
    )  # fmt: skip
    room.clock.advance(19.5 * 3600)  # half past seven: at eight it is another's turn
    view = ChainView(room.store, room.centre.outbox, room.centre.escalating)
    tried = view.tried(_of(), room.centre.escalating.plan_as(made), room.clock.now_us())
    own = [(one.after_s, [person for person, _ in one.people], one.vacant) for one in tried if one.is_own]
    assert own[:2] == [(0, [SUE], ()), (3600, [TED], (room.desk,))]


def _of():
    return ChainOf(priority=1, site=None, type="FIRE-ALARM")


@pytest.mark.parametrize(("from_min", "to_min", "is_on"), [(660, 780, True), (1200, 360, False), (1320, 840, True)])
def test_step_for_some_times_of_the_day_is_left_out_at_others_and_the_course_says_so(room, from_min, to_min, is_on):
    """In Vienna it is 13:00."""
    hours = StepHours(from_min=from_min, to_min=to_min + 1, zone="Europe/Vienna")
    room.make(step("notify", users=(RAY,), hours=hours), wait(60), step("notify", users=(SUE,)))
    incident = room.alarm()
    room.pass_s(1)
    assert room.people(incident) == ([RAY] if is_on else [SUE])
    bodies = [one["body"] for one in room.facts("incident.escalated") if one["body"]["chain"] is not None]
    assert [one["off_hours"] for one in bodies] == ([False] if is_on else [True, False])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from_min": 60, "to_min": 60, "zone": "UTC"}, "chain.hours"),
        ({"from_min": 60, "to_min": 1440, "zone": "UTC"}, "chain.hours"),
        ({"from_min": 60, "to_min": 61, "zone": "Nowhere/Land"}, "roster.zone"),
    ],
)
def test_times_of_the_day_that_cannot_be_are_refused(room, fields, code):
    timed = step("notify", users=(RAY,), hours=StepHours(**fields))
    assert refused(lambda: room.make(timed, step("notify", users=(SUE,)))) == code


def test_last_step_and_the_first_within_its_limit_are_for_any_time_of_the_day(room):
    timed = step("notify", users=(RAY,), hours=StepHours(from_min=0, to_min=1439, zone="UTC"))
    assert ("chain.last", True, 1) in room.problems(timed)
    assert ("chain.wait", True, 3) in room.problems(timed, wait(301), step("notify", users=(SUE,)))
    supervisors = step("supervisor", hours=timed.hours)
    assert ("chain.hours", True, 1) in room.problems(supervisors, step("notify", users=(SUE,)))


# Programs, by their webhooks


GUS = "user-8"


@pytest.fixture
def gus(room):
    """An integrator, off duty, whose program has an address; webhooks are on."""
    room.users(user_8=("integrator",))
    room.centre.outbox.use({("sms", 1), ("webhook", 1)}, "t-1-", "https://c.example", lambda: None)
    room.centre.contacts.set_reach(GUS, "on_shift", not_now_until=None, on_duty_until=None)
    room.centre.contacts.add(GUS, "webhook", ContactAddress(address="https://dial.example/in", secret="whsec_AAAA"))
    return GUS


def test_webhook_step_calls_a_program_by_its_webhook_whoever_is_on_duty_and_asks_nobody(room, gus):
    made = room.make(step("webhook", users=(gus,)), step("notify", users=(RAY,)), strength=strength(1), again=(60, 1))
    incident = room.alarm()
    room.pass_s(1)
    program, person = reversed(room.store.notices(500, incident=incident))
    assert (program.recipient, program.purpose, [way.channel for way in program.plan]) == (gus, "program", ["webhook"])
    assert (person.recipient, person.purpose) == (RAY, "incident")
    assert room.told(incident) == [(0, "webhook", 1, (), ()), (0, "notify", 1, (), ())]
    room.answer(program, "coming")
    standing = room.centre.escalating.standing(room.centre.escalating.plan_as(made), incident)
    assert (standing.asked, standing.coming, standing.is_reached) == (1, 0, False)
    room.pass_s(61)
    assert room.people(incident).count(gus) == 1  # who has not answered is told again, and that is a person


def test_who_has_a_program_is_told_as_a_person_all_the_same(room, gus):
    room.centre.contacts.set_reach(gus, "from_home", not_now_until=None, on_duty_until=None)
    room.make(step("webhook", users=(gus,)), step("notify", users=(gus,)))
    incident = room.alarm()
    room.pass_s(1)
    assert [one.purpose for one in room.store.notices(500, incident=incident)] == ["incident", "program"]


def test_program_without_an_address_is_said_and_not_waited_for(room, gus):
    steps = [step("webhook", users=(SUE,)), wait(60), step("notify", users=(RAY,))]
    assert ("chain.webhook", False, 1) in room.problems(*steps)
    room.make(*steps)
    incident = room.alarm()
    room.pass_s(1)
    assert [(at, tell) for at, tell, *_ in room.told(incident)] == [(0, "webhook"), (0, "notify")]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((step("notify", users=(RAY,)), step("webhook", users=(GUS,))), "chain.last"),
        ((step("webhook"), step("notify", users=(RAY,))), "chain.who"),
        ((step("webhook", users=(GUS,), channels=("sms",)), step("notify", users=(RAY,))), "chain.step"),
        ((step("webhook", users=(GUS,), roles=("operator",)), step("notify", users=(RAY,))), "chain.step"),
        ((step("webhook", users=(GUS,)), wait(301), step("notify", users=(RAY,))), "chain.wait"),
    ],
)
def test_program_is_no_person_and_a_chain_that_takes_it_for_one_is_refused(room, gus, steps, code):
    with pytest.raises(BadChain) as caught:
        room.make(*steps)
    assert caught.value.code == code
