"""Tests of the tests: a centre with a fault in it must be found out by the simulation, and in words that say what."""

import pytest

from support.simulations import Mutants

SEEDS = range(1, 13)


@pytest.fixture(scope="module")
def mutants():
    made = Mutants()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("mutant", "first", "words"),
    [
        ("reply_before_commit", 1, "was acknowledged, and is not in the journal"),
        ("no_identity", 1, "times, though it was one message"),
        ("window_forgotten_at_start", 2, "times, though it was one message"),
        ("timers_forgotten_at_start", 1, "has not fired"),
        ("notice_noted_before_it_is_sent", 2, "no provider ever took it"),
        ("notices_by_the_wall_clock", 2, "no person was told of it"),
        ("commands_forgotten", 1, "and refused when it came again"),
        ("tests_without_end", 1, "has not fired"),
        ("steps_taken_again", 1, "was taken twice"),
        ("chain_without_end", 1, "no timer will ever"),
        ("closed_with_steps_undone", 1, "steps undone"),
        ("limits_of_steps_forgotten", 1, "and its timer says otherwise"),
        ("handled_though_not_over", 8, "was closed by its plan, though"),
        ("shelves_without_end", 1, "and its timer says otherwise"),
        ("lives_put_aside_by_one", 1, "was put aside by one person alone, or for long"),
        ("news_stays_aside", 8, "and it stayed aside"),
        ("outages_are_the_panels_fault", 1, "our own outage made it overdue"),
        ("table_behind_its_facts", 1, "and its timer says otherwise"),
        ("goes_on_after_a_failed_fsync", 1, "wrote on after an fsync had failed"),
        ("disk_fault_is_nobodys", 1, "goes on as if it had not"),
        ("accepted_is_delivered", 1, "no telephone ever had it"),
        ("timers_by_the_wall_clock", 1, "by a clock that nobody sets"),
        ("timers_by_the_monotonic_clock", 1, "has not fired"),
        ("stalls_are_the_panels_fault", 1, "our own outage made it overdue"),
        ("empty_desks_unseen", 2, "nobody has been at the desk"),
        ("desks_by_the_wall_clock", 3, "nobody has been at the desk"),
        ("claims_stay_with_who_has_gone", 8, "nobody on shift has it"),
        ("handed_over_to_two_desks", 1, "2 desks have it"),
        ("later_ones_stay_behind", 1, "it has not gone to its desk"),
        ("claims_stay_with_who_offered", 1, "and still has it"),
        ("outages_end_notices", 1, "though the centre had missed"),
        ("silence_is_the_end", 3, "was never asked"),
        ("steps_that_send_nothing", 1, "no person was told of it"),
        ("nobody_sends", 3, "no person was told of it"),
        ("delivered_is_the_end", 5, "nobody had answered, and nobody is called"),
        ("notices_go_on_though_closed", 1, "which was closed before"),
        ("notices_go_on_though_claimed", 1, "which somebody had claimed"),
        ("notices_go_on_though_replaced", 1, "notices at a time"),
        ("bundled_and_lost", 1, "no person was told of it"),
        ("enough_by_heads", 2, "and is missing there"),
        ("zones_out_of_service_raise", 1, "a zone out of service opened incident"),
        ("zones_out_hide_life", 2, "is about life, and was hidden"),
        ("zones_out_without_end", 4, "its zones are still out of service"),
        ("zones_out_forgotten_at_start", 3, "a zone out of service opened incident"),
        ("codes_without_end", 2, "an installer's code"),
    ],
)
def test_mutant_is_found(mutants, mutant, first, words):
    """`first` is a seed that once found it; others follow where it does no more."""
    assert words in mutants.breaks(mutant, [first, *SEEDS])


@pytest.mark.parametrize(
    ("mutant", "words"),
    [
        ("late_openings_unseen", "did not open by its time, and nobody was told"),
        ("openings_unheard", "opened in time, and was told of as late"),
    ],
)
def test_mutant_of_schedules_is_found_where_no_clock_is_wrong(mutants, mutant, words):
    """Nobody outside knows for certain what an hour off makes of opening times."""
    assert words in mutants.breaks(mutant, SEEDS, hours=1, accounts=60, faults=("network", "people"))


@pytest.mark.soak
@pytest.mark.parametrize(
    ("mutant", "first", "words"),
    [
        ("silence_by_thrice_the_limit", 6, "and nobody was told"),
        ("last_minute_forgotten", 7, "our own outage made it overdue"),
        ("lease_outlives_its_commit", 5, "still wants something"),
    ],
)
def test_mutant_that_shows_seldom_is_found_in_longer_runs(mutants, mutant, first, words):
    assert words in mutants.breaks(mutant, [first, *SEEDS], hours=3, accounts=60)


@pytest.mark.soak
def test_chain_that_was_changed_and_left_behind_is_found(mutants):
    assert "chain" in mutants.breaks("changed_chain_left_behind", [2, *SEEDS])
