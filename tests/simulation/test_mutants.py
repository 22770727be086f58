"""Tests of the tests: a centre with a fault in it must be found out by the simulation, and in words that say what."""

import pytest

from support.simulations import mutant_breaks

SEEDS = range(1, 9)


@pytest.mark.parametrize(
    ("mutant", "words"),
    [
        ("reply_before_commit", "was acknowledged, and is not in the journal"),
        ("no_identity", "times, though it was one message"),
        ("window_forgotten_at_start", "times, though it was one message"),
        ("timers_forgotten_at_start", "has not fired"),
        ("notice_noted_before_it_is_sent", "no provider ever took it"),
        ("notices_by_the_wall_clock", "still wants something"),
        ("commands_forgotten", "notes"),
        ("tests_without_end", "has not fired"),
        ("steps_taken_again", "was taken twice"),
        ("chain_without_end", "no timer will ever tell"),
        ("silence_by_thrice_the_limit", "and nobody was told"),
        ("outages_are_the_panels_fault", "our own outage made it overdue"),
        ("last_minute_forgotten", "our own outage made it overdue"),
        ("table_behind_its_facts", "differs from a rebuild"),
    ],
)
def test_mutant_is_found(mutant, words):
    assert words in mutant_breaks(mutant, SEEDS)
