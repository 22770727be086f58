"""Tests of the tests: a centre with a fault in it must be found out by the simulation, and in words that say what."""

import pytest

from support.simulations import mutant_breaks

SEEDS = range(1, 9)


@pytest.mark.parametrize(
    ("mutant", "first", "words"),
    [
        ("reply_before_commit", 2, "was acknowledged, and is not in the journal"),
        ("no_identity", 1, "times, though it was one message"),
        ("window_forgotten_at_start", 4, "times, though it was one message"),
        ("timers_forgotten_at_start", 1, "has not fired"),
        ("notice_noted_before_it_is_sent", 1, "no provider ever took it"),
        ("notices_by_the_wall_clock", 1, "still wants something"),
        ("commands_forgotten", 1, "and refused when it came again"),
        ("tests_without_end", 2, "has not fired"),
        ("steps_taken_again", 1, "was taken twice"),
        ("chain_without_end", 2, "no timer will ever tell"),
        ("silence_by_thrice_the_limit", 6, "and nobody was told"),
        ("outages_are_the_panels_fault", 1, "our own outage made it overdue"),
        ("last_minute_forgotten", 7, "our own outage made it overdue"),
        ("table_behind_its_facts", 1, "the screens show other incidents than are stored"),
    ],
)
def test_mutant_is_found(mutant, first, words):
    """`first` is a seed that once found it; others follow where it does no more."""
    assert words in mutant_breaks(mutant, [first, *SEEDS])
