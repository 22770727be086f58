"""Figures: computed twice, the same; exercises and tests never in, nobody singled out, nothing slow dropped."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.figures import BEGIN, DAY, HOUR, MINUTE, SECOND, Facts, an_ask, both
from tocsin.centre.profiles import parse, shipped
from tocsin.model.errors import BadInput
from tocsin.reports.figures import PEOPLE_MIN, Figures, Times, join_small
from tocsin.reports.figures_by_lines import figures_by_lines

PEOPLE = ("user-1", "user-2", "user-3", "user-4", "user-5")
NOON = BEGIN + 12 * HOUR


def handled(journal, at, who, after_s=20, **more):
    """An incident that was claimed and closed; return its id."""
    incident = journal.opened(at, **more)
    journal.claimed(at + after_s * SECOND, incident, who)
    journal.closed(at + (after_s + 60) * SECOND, incident, who)
    return incident


def busy(count=9, people=PEOPLE, **more):
    journal = Facts()
    for number in range(count):
        handled(journal, NOON + number * 10 * MINUTE, people[number % len(people)], **more)
    return journal


def group(figures, dimension="all"):
    return [one for one in figures.groups if one.dimension == dimension]


def result(figures, id_):
    return next(one for one in figures.groups[0].results if one.figure == id_)


# Two computations -----------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("open", "open", "open", "join", "claim", "claim", "claim", "release", "close", "close", "reopen",
             "merge", "unmerge", "split", "plan", "shift",
             "off", "missing", "back", "signal", "desk")
        ),
        st.integers(0, 40_000_000_000),
        st.integers(0, 1_000_000),
    ),
    min_size=20,
    max_size=100,
)  # fmt: skip
HAZARDS = ("fire", "technical", "intrusion", "medical")
DISPOSITIONS = ("real", "unwanted", "test", "fault", "duplicate")


class Making:
    """Turns drawn steps into a journal: whatever may stand in one, in any order that the writer's rules allow."""

    def __init__(self):
        self.journal = Facts()
        self.at = BEGIN - 5 * MINUTE
        self.incidents, self.desks, self.shifts = [], [], []

    def step(self, what, gap_us, pick):
        # Mostly close together, now and then far apart; and often at the very same moment.
        self.at += gap_us % (90 * SECOND) if pick % 5 else (0 if pick % 2 else gap_us)
        journal, who = self.journal, (*PEOPLE, "token-9", None)[pick % 7]
        one = self.incidents[pick % len(self.incidents)] if self.incidents else None
        match what:
            case "open":
                self.incidents.append(
                    journal.opened(
                        self.at - pick % (3 * SECOND),
                        account=(None, "1", "2", "3")[pick % 4],
                        exercise=pick % 11 == 0,
                        hazard=HAZARDS[pick % 4],
                        is_room=pick % 13 == 0,
                        origin=("signal", "signal", "call")[pick % 3],
                        presentation=("shown", "shown", "shown", "on_test", "shelved")[pick % 5],
                        priority=1 + pick % 4,
                        reason="active_after_test" if pick % 17 == 0 else "by_code",
                        zone=(None, "1", "2")[pick % 3],
                    )
                )
            case "join" if one:
                journal.joined(self.at, one, is_alarm=pick % 3 > 0, zone=(None, "1", "2")[pick % 3])
            case "claim" if one:
                journal.claimed(self.at, one, who or "user-1")
            case "release" if one:
                journal.released(self.at, one, who or "user-1")
            case "close" if one:
                journal.closed(self.at, one, who, DISPOSITIONS[pick % 5])
            case "reopen" if one:
                journal.reopened(self.at, one, who or "user-1")
            case "merge" if one:
                journal.merged(self.at, one, self.incidents[0], who)
            case "unmerge" if one:
                journal.unmerged(self.at, one, who or "user-1")
            case "split" if one:
                moved = {"at": self.at, "moved": [], "of": one}
                self.incidents.append(journal.opened(self.at - pick % SECOND, split=moved))
            case "plan" if one:
                journal.plan_begun(self.at, one, alone=pick % 2 == 0)
            case "desk":
                hazards = [HAZARDS[pick % 4]] if pick % 2 else []
                self.desks.append(journal.desk(self.at, f"desk {pick % 3}", hazards, [1] if pick % 7 == 0 else []))
            case "shift" if self.desks:
                self.shifts.append(journal.on_shift(self.at, who or "user-1", self.desks[pick % len(self.desks)]))
            case "off" if self.shifts:
                journal.off_shift(self.at, self.shifts.pop(pick % len(self.shifts)))
            case "missing":
                paths = [(str(number), pick % (200 * SECOND), 90) for number in range(pick % 4)]
                seq = journal.missing(self.at, *paths, cause="network" if pick % 2 else None, exercise=pick % 9 == 0)
                if pick % 3:
                    self.incidents.append(journal.opened(self.at, cause=seq, hazard="technical", priority=3))
            case "back":
                journal.returned(self.at, str(pick % 3), reason="heard" if pick % 4 else "unwatched")
            case "signal":
                journal.signal(self.at, exercise=pick % 5 == 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, days=st.integers(1, 2), load=st.sampled_from(("eemua-191", "small")))
def test_both_computations_say_the_same_of_any_journal(steps, days, load, tmp_path):
    making = Making()
    for step in steps:
        making.step(*step)
    more = {} if load == "eemua-191" else {"load_profile": parse(SMALL_FLOOD, "small")}
    ask = an_ask(until=BEGIN + days * DAY, as_of=max(making.at, BEGIN + HOUR), **more)
    both(making.journal, tmp_path / "journal.db", ask)


SMALL_FLOOD = """\
[profile]
id = "small"
title = "A flood that a test can make"
wording = "designed to measure against"
kind = "load"
[[figure]]
id = "begins"
measure = "load.flood_begins"
target = 2
source = "s"
evidence = "C"
[[figure]]
id = "ends"
measure = "load.flood_ends"
target = 2
source = "s"
evidence = "C"
"""


def test_empty_journal_has_no_figure_and_no_trouble(tmp_path):
    figures = both(Facts(), tmp_path / "j.db", an_ask())
    assert (figures.incidents, figures.groups, figures.is_withheld, figures.chattering) == (0, (), False, 0)


# What is measured -----------------------------------------------------------------------------------------------------


def test_reaction_counts_from_receipt_to_the_first_claim_by_a_person(tmp_path):
    journal = Facts()
    for number, who in enumerate(PEOPLE[:3]):
        incident = journal.opened(NOON + number * HOUR)
        journal.claimed(NOON + number * HOUR + 5 * SECOND, incident, "token-4")
        journal.claimed(NOON + number * HOUR + (10 + number) * SECOND, incident, who)
        journal.claimed(NOON + number * HOUR + 50 * SECOND, incident, "user-9")
    figures = both(journal, tmp_path / "j.db", an_ask())
    times = Times(cases=3, median_us=11 * SECOND, p90_us=12 * SECOND, longest_us=12 * SECOND)
    assert group(figures)[0].reaction == times
    assert figures.claimed_by_programs == 3


def test_unclaimed_incident_is_a_miss_once_it_is_older_than_the_limit(tmp_path):
    journal = busy()
    journal.opened(NOON + 5 * HOUR)
    for late_s, cases, waiting in ((30, 9, 1), (31, 10, 0)):
        ask = an_ask(as_of=NOON + 5 * HOUR + late_s * SECOND)
        found = result(both(journal, tmp_path / "j.db", ask), "reaction.urgent.80")
        assert (found.cases, found.within, found.waiting) == (cases, 9, waiting)


def test_claim_at_the_limit_is_within_it_and_one_after_is_not(tmp_path):
    journal = Facts()
    for number, after_us in enumerate((30 * SECOND, 30 * SECOND, 30 * SECOND + 1000)):
        incident = journal.opened(NOON + number * HOUR)
        journal.claimed(NOON + number * HOUR + after_us, incident, PEOPLE[number])
    found = result(both(journal, tmp_path / "j.db", an_ask()), "reaction.urgent.80")
    assert (found.cases, found.within) == (3, 2)


def test_nothing_slow_is_dropped(tmp_path):
    journal = busy()
    incident = journal.opened(NOON + 2 * HOUR)
    journal.claimed(NOON + 11 * HOUR, incident, "user-1")
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert group(figures)[0].reaction.longest_us == 9 * HOUR
    assert result(figures, "reaction.urgent.98").within == 9


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"exercise": True}, "exercise"),
        ({"presentation": "on_test", "test": "test-4"}, "on_test"),
        ({"presentation": "out_of_service"}, "out_of_service"),
        ({"presentation": "shelved"}, "shelved"),
        ({"reason": "active_after_test"}, "after_test"),
    ],
)
def test_planted_exercise_or_test_enters_no_figure_and_has_its_own_line(tmp_path, more, why):
    plain = both(busy(), tmp_path / "j.db", an_ask())
    journal = busy()
    planted = handled(journal, NOON + 2 * HOUR, "user-1", after_s=4000, **more)
    for second in (1, 2, 3):
        journal.joined(NOON + 2 * HOUR + second * SECOND, planted, exercise=more.get("exercise", False))
    journal.signal(NOON + 2 * HOUR, exercise=True)
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert dict(figures.excluded)[why] == 1
    assert (figures.groups, figures.spreads, figures.signals) == (plain.groups, plain.spreads, 0)
    if why != "after_test":  # that one was heard, and is load
        assert (figures.load, figures.bars, figures.sources) == (plain.load, plain.bars, plain.sources)
        assert (figures.chattering, figures.worst_ten) == (plain.chattering, plain.worst_ten)


def test_what_whoever_took_the_call_had_at_once_is_no_reaction_and_is_load_all_the_same(tmp_path):
    plain = both(busy(), tmp_path / "j.db", an_ask())
    journal = busy()
    at_once = journal.opened(NOON + 2 * HOUR, origin="call", account=None)
    journal.claimed(NOON + 2 * HOUR, at_once, "user-1")
    journal.closed(NOON + 3 * HOUR, at_once, "user-1", "real")
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert dict(figures.excluded)["by_call"] == 1
    assert group(figures)[0].cases == group(plain)[0].cases
    assert figures.load != plain.load
    # Where it waited for another desk, that is a reaction as any.
    later = journal.opened(NOON + 4 * HOUR, origin="call", account=None)
    journal.claimed(NOON + 4 * HOUR + 30 * SECOND, later, "user-2")
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert dict(figures.excluded)["by_call"] == 1
    assert group(figures)[0].cases == group(plain)[0].cases + 1


def test_planted_exercise_of_a_path_enters_no_figure(tmp_path):
    journal = busy()
    plain = both(journal, tmp_path / "j.db", an_ask())
    journal.missing(NOON + 3 * HOUR, ("7", 900 * SECOND, 90), exercise=True)
    assert both(journal, tmp_path / "j.db", an_ask()).paths == plain.paths


def test_what_a_plan_handled_alone_has_a_line_of_its_own(tmp_path):
    journal = busy()
    incident = journal.opened(NOON + 2 * HOUR, hazard="technical", priority=4)
    journal.closed(NOON + 3 * HOUR, incident, None, "fault")
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert dict(figures.excluded)["by_plan"] == 1
    assert group(figures)[0].cases == 9


def test_what_a_plan_had_first_is_no_slow_reaction(tmp_path):
    journal = busy()
    plain = both(journal, tmp_path / "j.db", an_ask())
    incident = journal.opened(NOON + 2 * HOUR, hazard="technical", priority=4)
    journal.plan_begun(NOON + 2 * HOUR, incident, alone=True)
    journal.claimed(NOON + 3 * HOUR, incident)
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert dict(figures.excluded)["after_plan"] == 1
    assert figures.groups == plain.groups
    journal.plan_begun(NOON + 3 * HOUR, handled(journal, NOON + 3 * HOUR, "user-1"), alone=False)
    assert group(both(journal, tmp_path / "j.db", an_ask()))[0].cases == 10


def test_what_was_merged_unclaimed_or_split_off_is_counted_where_it_was_claimed(tmp_path):
    journal = busy()
    plain = both(journal, tmp_path / "j.db", an_ask())
    first = journal.opened(NOON + 2 * HOUR)
    journal.merged(NOON + 3 * HOUR, first, "incident-1")
    split = journal.opened(NOON + 2 * HOUR, split={"at": NOON + 4 * HOUR, "moved": [], "of": "incident-1"})
    journal.claimed(NOON + 4 * HOUR, split)
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert dict(figures.excluded)["regrouped"] == 2
    assert (figures.groups, figures.unclaimed) == (plain.groups, plain.unclaimed)
    second = journal.opened(NOON + 5 * HOUR)
    journal.claimed(NOON + 5 * HOUR + SECOND, second, "user-2")
    journal.merged(NOON + 5 * HOUR + MINUTE, second, "incident-1", "user-2")
    assert group(both(journal, tmp_path / "j.db", an_ask()))[0].cases == 10


def test_open_call_of_the_control_room_itself_stays_unseen(tmp_path):
    journal = busy()
    plain = both(journal, tmp_path / "j.db", an_ask())
    incident = journal.opened(NOON + 2 * HOUR, is_room=True, hazard="robbery_holdup", account=None)
    unseen = both(journal, tmp_path / "j.db", an_ask())
    assert (unseen.incidents, unseen.groups, unseen.load, unseen.bars) == (
        plain.incidents, plain.groups, plain.load, plain.bars
    )  # fmt: skip
    journal.claimed(NOON + 3 * HOUR, incident, "user-2")
    journal.closed(NOON + 4 * HOUR, incident, "user-2")
    assert both(journal, tmp_path / "j.db", an_ask()).incidents == plain.incidents + 1


# Nobody is singled out ------------------------------------------------------------------------------------------------


def test_fewer_than_three_people_have_no_figure_at_all(tmp_path):
    figures = both(busy(people=PEOPLE[:2]), tmp_path / "j.db", an_ask())
    assert (figures.is_withheld, figures.groups, figures.spreads) == (True, (), ())
    assert figures.incidents == 9, "what came in is no figure of anybody"


def test_what_nobody_has_claimed_is_counted_however_few_people_there_are(tmp_path):
    journal = busy(people=PEOPLE[:1])
    journal.opened(NOON + 3 * HOUR)
    journal.opened(NOON + 4 * HOUR, exercise=True)
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert (figures.unclaimed, figures.is_withheld) == (1, True)


def test_desk_of_two_joins_the_next_larger_one_and_says_so(tmp_path):
    journal = Facts()
    north, south, west = (journal.desk(BEGIN, name) for name in ("north", "south", "west"))
    for place, who in ((north, "1"), (north, "2"), (south, "3"), (south, "4"), (south, "5"), (west, "6"), (west, "7"),
                       (west, "8"), (west, "9")):  # fmt: skip
        journal.on_shift(BEGIN + HOUR, f"user-{who}", place)
    for number in range(18):
        handled(journal, NOON + number * 10 * MINUTE, f"user-{1 + number % 9}")
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert [(one.labels, one.cases) for one in group(figures, "desk")] == [(("north", "south"), 10), (("west",), 8)]
    assert figures.load_joined == ("north",)
    assert [one.label for one in figures.load if one.kind == "desk"] == ["south", "west"]


def test_class_that_two_people_handled_is_not_told_apart_by_the_profile_either(tmp_path):
    journal = busy()
    handled(journal, NOON + 3 * HOUR, "user-1", hazard="technical", after_s=500)
    figures = both(journal, tmp_path / "j.db", an_ask())
    assert [one.labels for one in group(figures, "hazard")] == [("fire", "technical")]
    found = result(figures, "reaction.other.80")
    assert (found.is_withheld, found.cases, found.within) == (True, 0, 0)


def test_operator_minutes_of_a_source_are_of_three_people_at_least(tmp_path):
    journal = Facts()
    for number in range(6):
        account = "few" if number < 2 else "many"
        incident = journal.opened(NOON + number * HOUR, account=account)
        journal.claimed(NOON + number * HOUR + 10 * SECOND, incident, PEOPLE[number % 5])
        journal.closed(NOON + number * HOUR + 70 * SECOND, incident, PEOPLE[number % 5], "unwanted")
    rows = {one.key: one for one in both(journal, tmp_path / "j.db", an_ask()).sources if one.dimension == "account"}
    assert (rows["few"].unwanted, rows["few"].operator_us) == (2, None)
    assert rows["many"].unwanted == 4
    assert rows["many"].operator_us == pytest.approx(4 * MINUTE, abs=10_000)


@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.tuples(st.integers(1, 50), st.sets(st.sampled_from("123456789"), max_size=6)),
        max_size=8,
    )
)
def test_joined_groups_are_of_three_people_or_more_and_leave_nobody_out(groups):
    parts = join_small(groups)
    everybody = set().union(*(people for _, people in groups.values()))
    assert bool(parts) == (len(everybody) >= PEOPLE_MIN)
    if parts:
        assert sorted(label for labels in parts for label in labels) == sorted(groups)
    for labels in parts:
        assert len(set().union(*(groups[label][1] for label in labels))) >= PEOPLE_MIN
        assert list(labels) == sorted(labels)


def test_no_figure_names_a_person(tmp_path):
    import msgspec

    text = msgspec.json.encode(both(busy(), tmp_path / "j.db", an_ask())).decode()
    assert "user-" not in text
    names = {field.name for field in msgspec.structs.fields(Figures)}
    assert not {"people", "users", "actors"} & names


# Load -----------------------------------------------------------------------------------------------------------------


def room(figures):
    return figures.load[0]


def test_flood_begins_above_ten_in_ten_minutes_and_ends_below_five(tmp_path):
    journal = Facts()
    for number in range(10):
        journal.opened(NOON + number * SECOND, account=str(number))
    assert room(both(journal, tmp_path / "j.db", an_ask())).floods == 0
    journal.opened(NOON + 10 * SECOND, account="x")
    found = room(both(journal, tmp_path / "j.db", an_ask()))
    # From the eleventh until only four are younger than ten minutes.
    assert (found.floods, found.flood_us) == (1, (600 + 6 - 10) * SECOND)
    assert (found.annunciated, found.peak_slot, found.peak_minute, found.peak_hour) == (11, 11, 11, 11)


def test_average_is_of_ten_minute_slots_and_is_never_scaled(tmp_path):
    journal = Facts()
    for minute in (1, 2, 11):
        journal.opened(NOON + minute * MINUTE, account=str(minute))
    found = room(both(journal, tmp_path / "j.db", an_ask(since=NOON, until=NOON + 30 * MINUTE)))
    assert (found.slots, found.mean_milli, found.peak_minute, found.peak_hour) == (3, 1000, 1, 3)


def test_desk_is_loaded_while_somebody_is_there_and_by_what_it_takes(tmp_path):
    journal = Facts()
    desk = journal.desk(BEGIN, "north", ["fire"])
    shifts = [journal.on_shift(NOON, who, desk) for who in PEOPLE[:3]]
    journal.opened(NOON - MINUTE)
    journal.opened(NOON + MINUTE)
    journal.opened(NOON + 2 * MINUTE, hazard="technical")
    for shift in shifts:
        journal.off_shift(NOON + 20 * MINUTE, shift)
    journal.opened(NOON + 21 * MINUTE)
    (found,) = (one for one in both(journal, tmp_path / "j.db", an_ask()).load if one.kind == "desk")
    assert (found.annunciated, found.label) == (1, "north")


def test_source_with_three_alarms_within_a_minute_chatters(tmp_path):
    journal = Facts()
    incident = journal.opened(NOON)
    journal.joined(NOON + 30 * SECOND, incident)
    journal.joined(NOON + 60 * SECOND, incident)
    assert both(journal, tmp_path / "j.db", an_ask()).chattering == 0
    journal.joined(NOON + 80 * SECOND, incident)
    assert both(journal, tmp_path / "j.db", an_ask()).chattering == 1


def test_incident_open_for_more_than_a_day_is_stale_at_each_midnight(tmp_path):
    journal = Facts()
    old = journal.opened(BEGIN - DAY - HOUR)
    journal.opened(BEGIN - HOUR)
    assert both(journal, tmp_path / "j.db", an_ask()).stale == 1
    journal.closed(BEGIN - MINUTE, old, "user-1")
    assert both(journal, tmp_path / "j.db", an_ask()).stale == 0


# Paths ----------------------------------------------------------------------------------------------------------------


def test_path_fault_counts_from_the_last_message_to_the_incident_and_restoral_from_there(tmp_path):
    journal = Facts()
    seq = journal.missing(NOON, ("7", 80 * SECOND, 90))
    journal.opened(NOON + 2 * SECOND, cause=seq, hazard="technical", origin="centre")
    journal.returned(NOON + 5 * MINUTE, "7")
    journal.missing(NOON + HOUR, ("8", 200 * SECOND, 90), ("9", 10 * SECOND, 90), cause="network")
    journal.returned(NOON + 2 * HOUR, "8", reason="unwatched")
    paths = both(journal, tmp_path / "j.db", an_ask()).paths
    assert (paths.losses, paths.own, paths.common, paths.without_incident, paths.within) == (3, 1, 2, 2, 1)
    assert (paths.returned, paths.unwatched, paths.still_missing) == (1, 1, 1)
    assert paths.fault.median_us == pytest.approx(82 * SECOND, abs=5000)
    assert paths.restoral.median_us == pytest.approx(300 * SECOND, abs=5000)
    assert paths.worst == (("7", 1), ("8", 1), ("9", 1))


# Bad exports ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n",
        b"no journal\n",
        b'{"seq":1,"at":1,"kind":"signal","body":{}}\n',
        b"[1]\n",
        b'{"seq":' + b"1" * 2_000_000,
    ],
)
def test_line_that_is_no_entry_is_named_and_no_figure_is_made(line):
    good = Facts().lines[0]
    with pytest.raises(BadInput, match=r"Line 2 is no entry.*\[report.export\]"):
        figures_by_lines([good, line], an_ask())


def test_figures_are_the_same_whatever_was_erased_beside_the_journal():
    lines = busy().lines
    bare = [json.dumps({**json.loads(line), "derived": {}}).encode() for line in lines]
    assert figures_by_lines(bare, an_ask()) == figures_by_lines(lines, an_ask())


def test_profile_of_another_kind_measures_nothing_and_does_no_harm(tmp_path):
    figures = both(busy(), tmp_path / "j.db", an_ask(profile="nfpa-1225-2022"))
    assert figures.groups[0].results == ()
    assert [one.hazards for one in figures.spreads] == [()]
    assert shipped("nfpa-1225-2022").figures


def test_journals_made_at_random_have_something_of_everything(tmp_path):
    """Else the comparison above would compare nothing."""
    making, dice = Making(), random.Random(7)
    kinds = [
        "open",
        "open",
        "join",
        "claim",
        "claim",
        "claim",
        "release",
        "close",
        "reopen",
        "shift",
        "off",
        "missing",
        "back",
        "signal",
        "desk",
    ]
    for _ in range(1500):
        making.step(dice.choice(kinds), dice.randrange(4_000_000_000), dice.randrange(1_000_000))
    ask = an_ask(until=BEGIN + 3 * DAY, as_of=max(making.at, BEGIN + DAY))
    figures = both(making.journal, tmp_path / "j.db", ask)
    assert {one.dimension for one in figures.groups} == {"all", "hazard", "desk", "shift", "month"}
    assert any(len(one.labels) > 1 for one in figures.groups) or len(figures.groups) > 5
    assert all(count for why, count in figures.excluded if why in ("exercise", "on_test"))
    assert (
        min(figures.signals, figures.worst_ten, figures.paths.losses, figures.paths.returned, len(figures.sources)) > 0
    )
    assert figures.groups[0].handling is not None
