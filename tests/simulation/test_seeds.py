"""The whole centre under faults: new seeds each time, and the seeds that once found something."""

import os
import random
from collections import Counter

import pytest

from support.simulations import broken_by

CI_SEEDS = 20
SOAK_RUNS = 40
SOAK_SEEDS = 50
"""Of each run of the soak; they are new each time."""

SEED_MAX = 1_000_000_000


@pytest.fixture(scope="session")
def dice():
    """Seeded by SIMULATION_SEED, else by chance; the number is printed, and pytest shows it where a test fails."""
    first = int(os.environ.get("SIMULATION_SEED") or int.from_bytes(os.urandom(4)))
    print(f"SIMULATION_SEED={first}")
    tries = Counter[object]()

    def throw(which):
        """A second try is of another seed: what the first one found is told at the end of the run."""
        tries[which] += 1
        again = "" if tries[which] == 1 else f" try {tries[which]}"
        return random.Random(f"{first} {which}{again}").randrange(SEED_MAX)

    return throw


@pytest.mark.parametrize("which", range(CI_SEEDS))
def test_every_promise_is_kept_whatever_befalls_the_centre(dice, which):
    broken = broken_by(dice(which))
    assert not broken, "; ".join(broken[-1:] + broken[:-1])


@pytest.mark.soak
@pytest.mark.parametrize("run", range(SOAK_RUNS))
def test_every_promise_is_kept_over_thousands_of_seeds(dice, run):
    seeds = [dice(f"soak {run} {which}") for which in range(SOAK_SEEDS)]
    found = [(seed, broken) for seed in seeds if (broken := broken_by(seed, hours=3, accounts=60))]
    assert found == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_a_whole_day_of_five_hundred_accounts(dice, seed):
    assert broken_by(dice(f"day {seed}"), hours=24, accounts=500) == []


# Seeds that found something, each by what it found -------------------------------------------------------------------
# What was mended has small tests of its own, and mutants that bring it back (test_mutants.py).


@pytest.mark.soak
def test_seed_8_a_poll_in_the_last_minute_before_a_kill_counts():
    """Who was late, and was heard after last-seen had been written, was called silent right after the restart."""
    assert broken_by(8, hours=3, accounts=60) == []


@pytest.mark.soak
def test_seed_8_the_end_of_a_test_is_known_at_once():
    """Nobody woke the timers when a place was put on test: within the first minute its end was not seen to."""
    assert broken_by(8, hours=0.4, accounts=60) == []


@pytest.mark.soak
def test_seed_2_an_outage_of_ours_counts_after_a_second_restart_too():
    """What a full disk had added to the limits was forgotten by the next process: whole networks were called silent."""
    assert broken_by(2, hours=2, accounts=60) == []


@pytest.mark.soak
def test_seed_107_an_end_without_room_for_last_seen_is_no_end_in_good_order():
    """A full disk: the file was minutes old, and was taken for that of the end."""
    assert broken_by(107, hours=1.5) == []


@pytest.mark.soak
def test_seed_1_a_clock_that_is_set_back_holds_up_no_notice():
    """After it, notices waited in the outbox until the clock had come to where it had been: an hour."""
    assert broken_by(1, hours=3, accounts=60) == []


def test_seed_5_what_a_full_disk_had_no_room_to_lease_is_sent_afterwards():
    """It stood as under way until the next start, and nobody was told."""
    assert broken_by(5) == []


def test_seed_11_a_clock_that_is_set_back_hides_no_empty_desk():
    """Whoever had been there last was there for an hour more."""
    assert broken_by(11) == []


def test_seed_20_a_clock_that_is_set_forward_ends_no_notice():
    """Of a fire somebody was told by a provider that swallows; then the clock was an hour on, and that was all."""
    assert broken_by(20) == []


def test_seed_56_a_notice_that_is_being_sent_when_the_machine_falls_asleep_goes_on_afterwards():
    """Half an hour later the provider said that it had it, the time was over, and the next was never asked."""
    assert broken_by(56) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", [7, 17, 32, 47, 51, 52])
def test_what_the_centre_itself_missed_takes_nothing_of_a_notices_time(seed):
    """7: asleep. 52: without a processor. 32: the clock in a process. 17, 47, 51: the clock between two of them."""
    assert broken_by(seed) == []


def test_seed_39_what_is_reopened_is_held_back_by_nothing_that_is_over():
    """Zones were back in service, their incident closed by that; somebody reopened it, and the queue still hid it."""
    assert broken_by(39) == []


@pytest.mark.soak
def test_seed_10_a_timer_that_was_ended_and_is_set_again_for_the_same_time_waits_anew():
    """While the clock was set back somebody said "coming", and half a minute later another "cannot"."""
    assert broken_by(10, hours=3, accounts=60) == []


@pytest.mark.soak
def test_seed_81_a_host_that_sleeps_when_the_faults_end_has_its_quiet_time_afterwards():
    """The clock was set back, so that waits went by the one that stood still for as long as the host slept."""
    assert broken_by(81) == []


def test_seed_5040_a_notice_ends_by_its_time_while_the_clock_is_set_back():
    """Each of its waits began anew by the time that stood still: its providers were asked for half an hour and more."""
    assert broken_by(5040) == []
