"""Rules per person: by which channels and how soon, and "not now" by the own calendar, which no last step heeds."""

from datetime import UTC, datetime

import pytest

from support.centres import held, make_folder
from support.chains import chain, step, wait
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, Room
from support.fakes import ManualClock
from tocsin.centre.chain_view import ChainView
from tocsin.centre.contacts import rebuild_contacts
from tocsin.centre.own_calendar import is_away
from tocsin.model.chains import ChainOf
from tocsin.model.errors import BadInput
from tocsin.model.notices import AwayDay, AwayHours, AwayWeekly, ChannelTime, ContactAddress, OwnCalendar, OwnRules
from tocsin.rules.ladder import plan_of

REX = "user-3"
FRIDAY = datetime(2027, 1, 15, 12, tzinfo=UTC)
NOON = int(FRIDAY.timestamp()) * 1_000_000
HOUR = 3_600_000_000
NIGHT = AwayWeekly(hours=AwayHours(from_min=22 * 60, to_min=30 * 60), weekday=4)
"""Friday 22:00 to Saturday 06:00."""


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(NOON)) as made:
        one = Room(made)
        one.users(user_1=("supervisor",), user_2=("operator",), user_3=("responder",))
        made.centre.outbox.use({("sms", 1), ("voice", 1), ("email", 1)}, "t-1-", "https://c.example", lambda: None)
        one.home(BOSS, REX)
        for channel, address in (("voice", "+12025550178"), ("email", "rex@example.org")):
            made.centre.contacts.add(REX, channel, ContactAddress(address=address))
        yield one
        assert rebuild_findings(one.store) == []
        assert rebuild_contacts(one.store.entries(0, 100_000)) == (one.store.contacts(), one.store.reach())


def rules(urgent=(), normal=()):
    return OwnRules(
        normal=tuple(ChannelTime(after_s=at, channel=by) for by, at in normal),
        urgent=tuple(ChannelTime(after_s=at, channel=by) for by, at in urgent),
    )


def ways(room, priority, channels=()):
    contacts = [one for one in room.store.contacts(REX) if not channels or one.row.channel in channels]
    own = room.store.reach(REX)[0].row.rules
    return [(one.at_s, one.channel) for one in plan_of(contacts, room.centre.outbox.ways, priority, own=own)]


def test_own_rules_say_by_which_channels_and_how_soon_for_what_is_urgent_and_for_the_rest(room):
    ladder = ways(room, 1), ways(room, 3)
    room.centre.contacts.set_rules(REX, rules([("voice", 0), ("sms", 30)], [("email", 0)]))
    assert ways(room, 1) == ways(room, 2) == [(0, "voice"), (30, "sms")]
    assert ways(room, 3) == ways(room, 4) == [(0, "email")]
    room.centre.contacts.set_rules(REX, rules(normal=[("sms", 10)]))
    assert ways(room, 1) == ladder[0], "an empty set is the ladder of the centre"
    room.centre.contacts.set_rules(REX, rules())
    assert room.store.reach(REX)[0].row.rules is None
    assert (ways(room, 1), ways(room, 3)) == ladder


def test_own_rules_that_reach_nothing_give_way_to_the_ladder(room):
    room.centre.contacts.set_rules(REX, rules([("push", 0), ("sms", 20)]))
    assert ways(room, 1) == [(0, "sms")]
    assert ways(room, 1, ("voice",)) == [(0, "voice")], "a step that names calls calls, whatever the person's rules"


def test_notice_goes_out_by_the_own_rules_and_duty_changes_nothing_of_them(room):
    room.centre.contacts.set_rules(REX, rules([("voice", 0)]))
    room.centre.contacts.set_reach(REX, "from_home", not_now_until=None, on_duty_until=None)
    room.centre.chains.make(chain(step("notify", users=(REX,)), wait(60), step("supervisor")), BOSS)
    incident = room.alarm()
    room.pass_s(1)
    (notice,) = room.store.notices(10, incident=incident)
    assert [one.channel for one in notice.plan] == ["voice"]


@pytest.mark.parametrize(
    "wrong",
    [
        rules([("email", 0)]),
        rules([("sms", 301)]),
        rules(normal=[("sms", 601)]),
        rules([("sms", 0), ("sms", 20)]),
        rules([("sms", -1)]),
    ],
)
def test_rules_that_would_come_too_late_or_be_read_by_nobody_are_refused(room, wrong):
    before = room.store.head().seq
    with pytest.raises(BadInput, match=r"reach\.rules"):
        room.centre.contacts.set_rules(REX, wrong)
    assert room.store.head().seq == before


# The own calendar ----------------------------------------------------------------------------------------------------


def calendar(*, days=(), weekly=(), zone="UTC"):
    return OwnCalendar(days=days, weekly=weekly, zone=zone)


@pytest.mark.parametrize(
    ("hours", "expected"), [(9.9, False), (10, True), (13, True), (17.9, True), (18, False), (178, True)]
)
def test_span_of_the_week_passes_midnight(hours, expected):
    assert is_away(calendar(weekly=(NIGHT,)), NOON + round(hours * HOUR)) is expected


def test_week_goes_by_the_clock_of_its_zone():
    vienna = calendar(weekly=(NIGHT,), zone="Europe/Vienna")
    assert [is_away(vienna, NOON + hours * HOUR) for hours in (8, 9, 16, 17)] == [False, True, True, False]


def test_day_of_the_calendar_is_a_whole_one_or_its_hours():
    whole = AwayDay(date="2027-01-16", hours=())
    some = AwayDay(date="2027-01-18", hours=(AwayHours(from_min=480, to_min=540),))
    made = calendar(days=(whole, some))
    assert [is_away(made, NOON + hours * HOUR) for hours in (11, 12, 35, 36)] == [False, True, True, False]
    assert [is_away(made, NOON + hours * HOUR) for hours in (67, 68, 69)] == [False, True, False]


def test_own_calendar_says_not_now_and_silences_no_last_step(room):
    room.centre.contacts.set_away(REX, "UTC", days=(AwayDay(date="2027-01-15", hours=()),))
    first, last = step("notify", users=(REX,)), step("notify", users=(REX, BOSS))
    room.centre.chains.make(chain(first, wait(60), last), BOSS)
    incident = room.alarm()
    room.pass_s(90)
    assert REX in {one.recipient for one in room.store.notices(10, incident=incident) if one.plan}
    taken = [(one.tell, one.told) for one in room.store.incident(incident).escalated if one.chain is not None]
    assert taken[:2] == [("notify", 0), ("notify", 2)], "its own step left Rex alone; the last one did not"
    view = ChainView(room.store, room.centre.outbox, room.centre.escalating)
    plan = room.centre.escalating.plan_of(ChainOf(priority=1, site=None, type="FIRE-ALARM"))
    tried = [one for one in view.tried(ChainOf(priority=1, site=None, type="FIRE-ALARM"), plan, NOON) if one.is_own]
    assert [[refusal for _, (_, refusal) in one.people] for one in tried][:2] == [["not_now"], [None, None]]


def test_whoever_is_on_shift_is_told_by_duty_alone(room):
    room.centre.contacts.set_away(REX, "UTC", days=(AwayDay(date="2027-01-15", hours=()),))
    room.centre.contacts.set_reach(REX, "on_shift", not_now_until=None, on_duty_until=NOON + HOUR)
    row = chain(step("notify", users=(REX,)), wait(60), step("supervisor"))
    room.centre.chains.make(row, BOSS)
    incident = room.alarm()
    room.pass_s(1)
    assert [one.recipient for one in room.store.notices(10, incident=incident) if one.plan] == [REX]


def test_days_that_are_over_go_and_week_and_days_are_set_apart(room):
    gone, ahead = AwayDay(date="2027-01-02", hours=()), AwayDay(date="2027-02-01", hours=())
    room.centre.contacts.set_away(REX, "UTC", days=(gone, ahead))
    row = room.centre.contacts.set_away(REX, "UTC", weekly=(NIGHT,))
    assert row.away == calendar(days=(ahead,), weekly=(NIGHT,))
    assert room.centre.contacts.set_away(REX, "UTC", days=()).away == calendar(weekly=(NIGHT,))
    assert room.centre.contacts.set_away(REX, "UTC", weekly=()).away is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"zone": "Mars/Base"}, "roster.zone"),
        ({"weekly": (AwayWeekly(hours=AwayHours(from_min=60, to_min=60), weekday=0),)}, "reach.away"),
        ({"weekly": (AwayWeekly(hours=AwayHours(from_min=0, to_min=1500), weekday=0),)}, "reach.away"),
        ({"weekly": (AwayWeekly(hours=AwayHours(from_min=0, to_min=60), weekday=7),)}, "reach.away"),
        ({"weekly": (NIGHT,) * 22}, "reach.away"),
        ({"days": tuple(AwayDay(date=f"2027-{1 + n // 28:02}-{1 + n % 28:02}", hours=()) for n in range(101))},
         "reach.away"),
    ],
)  # fmt: skip
def test_calendar_that_cannot_be_is_refused(room, fields, code):
    with pytest.raises(BadInput) as caught:
        room.centre.contacts.set_away(REX, **({"zone": "UTC"} | fields))
    assert caught.value.code == code
    assert room.store.reach(REX)[0].row.away is None
    assert ANA not in {one.user for one in room.store.reach()}
