"""Wrong secrets: who keeps guessing waits, and nobody else does."""

import pytest

from support.fakes import CountingIds, ManualClock
from tocsin.access.attempts import (
    ADDRESSES_MAX,
    FORGIVE_S,
    FREE_ATTEMPTS,
    FREE_OF_ADDRESS,
    FREE_PASSWORDS,
    FREE_UNLOCKS,
    KNOWN_S,
    REFILL_S,
    Attempts,
    network_of,
)
from tocsin.model.errors import TooMany


@pytest.fixture
def clock():
    return ManualClock()


def guess(attempts, times, address="192.0.2.7"):
    for _ in range(times):
        attempts.failed(address)


def test_eleventh_wrong_secret_of_an_address_is_told_how_long_to_wait(clock):
    attempts = Attempts(clock, CountingIds())
    guess(attempts, FREE_ATTEMPTS)
    with pytest.raises(TooMany, match=r"\[access\.too_many\]") as refusal:
        guess(attempts, 1)
    assert refusal.value.retry_after_s == 6
    assert attempts.refused == FREE_ATTEMPTS + 1


def test_secrets_that_are_guessed_from_all_over_one_network_of_ipv6_count_together(clock):
    attempts = Attempts(clock, CountingIds())
    for number in range(FREE_ATTEMPTS):
        guess(attempts, 1, f"2001:db8:1:2::{number + 1:x}")
    with pytest.raises(TooMany, match=r"\[access\.too_many\]"):
        guess(attempts, 1, "2001:db8:1:2:ffff::1")
    guess(attempts, 1, "2001:db8:1:3::1")


def test_other_addresses_do_not_wait(clock):
    attempts = Attempts(clock, CountingIds())
    guess(attempts, FREE_ATTEMPTS)
    guess(attempts, FREE_ATTEMPTS, "192.0.2.8")


def test_waiting_as_long_as_told_gives_one_more(clock):
    attempts = Attempts(clock, CountingIds())
    guess(attempts, FREE_ATTEMPTS)
    with pytest.raises(TooMany):
        guess(attempts, 1)
    clock.advance(REFILL_S)
    guess(attempts, 1)
    with pytest.raises(TooMany):
        guess(attempts, 1)


def test_guessing_on_does_not_make_it_longer(clock):
    attempts = Attempts(clock, CountingIds())
    guess(attempts, FREE_ATTEMPTS)
    for _ in range(100):
        with pytest.raises(TooMany) as refusal:
            guess(attempts, 1)
    assert refusal.value.retry_after_s == 6


def test_a_quiet_minute_forgives_everything(clock):
    attempts = Attempts(clock, CountingIds())
    guess(attempts, FREE_ATTEMPTS)
    clock.advance(REFILL_S * FREE_ATTEMPTS)
    guess(attempts, FREE_ATTEMPTS)


def test_so_many_addresses_are_remembered_and_the_quietest_goes_first(clock):
    attempts = Attempts(clock, CountingIds())
    guess(attempts, FREE_ATTEMPTS, "first")
    for number in range(ADDRESSES_MAX - 1):
        guess(attempts, 1, str(number))
    with pytest.raises(TooMany):
        guess(attempts, 1, "first")
    for number in range(ADDRESSES_MAX):
        guess(attempts, 1, f"other {number}")
    assert len(attempts._used) == ADDRESSES_MAX
    guess(attempts, 1, "first")


# Passwords -----------------------------------------------------------------------------------------------------------

DESK, STRANGER = "192.0.2.7", "198.51.100.1"


@pytest.fixture
def attempts(clock):
    return Attempts(clock, CountingIds())


def wrong(attempts, times, name="Ana", address=STRANGER):
    for _ in range(times):
        attempts._clock.advance(wait_of(attempts, name, address))
        attempts.gate(name, address).wrong()


def wait_of(attempts, name="Ana", address=STRANGER):
    """How long an attempt has to wait; 0 where it is looked at, which is taken back."""
    try:
        gate = attempts.gate(name, address)
    except TooMany as refusal:
        return refusal.retry_after_s
    gate.take_back()
    return 0


def test_wait_for_an_account_doubles_and_ends_at_five_minutes(attempts, clock):
    wrong(attempts, FREE_PASSWORDS)
    assert wait_of(attempts) == 0
    waits = []
    for number in range(12):
        wrong(attempts, 1, address=f"198.51.100.{number}")
        waits.append(wait_of(attempts, address="203.0.113.9"))
        clock.advance(waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_who_waits_is_not_looked_at_and_does_not_wait_longer_for_asking(attempts, clock):
    wrong(attempts, FREE_PASSWORDS + 3)
    for _ in range(50):
        assert wait_of(attempts) == 4
    clock.advance(4)
    assert wait_of(attempts) == 0


def test_names_that_are_not_there_wait_as_those_that_are_and_case_does_not_matter(attempts):
    wrong(attempts, FREE_PASSWORDS + 1, name="nobody at all")
    assert wait_of(attempts, "NOBODY at all", "203.0.113.9") == 1
    assert wait_of(attempts, "somebody else", "203.0.113.9") == 0


def test_address_that_tries_many_names_waits_for_every_name(attempts):
    for number in range(FREE_OF_ADDRESS):
        wrong(attempts, 1, name=f"name {number}")
    assert wait_of(attempts, "another") == 0
    wrong(attempts, 1, name="one more")
    assert wait_of(attempts, "another") == 1
    assert wait_of(attempts, "another", "203.0.113.9") == 0


def test_hundred_at_once_count_as_a_hundred_before_any_is_checked(attempts):
    for _ in range(FREE_PASSWORDS + 1):
        attempts.gate("Ana", STRANGER)
    with pytest.raises(TooMany, match=r"\[access\.wait\]"):
        attempts.gate("Ana", STRANGER)


def test_guesses_of_strangers_hold_nobody_up_who_signed_in_from_there_before(attempts, clock):
    attempts.gate("Ana", DESK).right()
    wrong(attempts, FREE_PASSWORDS + 1)
    for _ in range(30):
        clock.advance(300)
        wrong(attempts, 1)
    assert wait_of(attempts) > 100
    assert wait_of(attempts, address=DESK) == 0
    assert attempts.gate("Ana", DESK).is_known


def test_wrong_guesses_at_ones_own_desk_cost_a_minute_at_most(attempts, clock):
    attempts.gate("Ana", DESK).right()
    waits = []
    for _ in range(FREE_PASSWORDS + 10):
        wrong(attempts, 1, address=DESK)
        waits.append(wait_of(attempts, address=DESK))
        clock.advance(waits[-1])
    assert waits == [0] * FREE_PASSWORDS + [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    attempts.gate("Ana", DESK).right()
    wrong(attempts, FREE_PASSWORDS, address=DESK)
    assert wait_of(attempts, address=DESK) == 0


def test_colleague_who_mistypes_at_the_same_desk_holds_nobody_up(attempts):
    attempts.gate("Ana", DESK).right()
    for number in range(FREE_OF_ADDRESS + 1):
        wrong(attempts, 1, name=f"Bo {number}", address=DESK)
    assert wait_of(attempts, "Cy", DESK) == 1
    assert wait_of(attempts, "Ana", DESK) == 0


def test_address_is_known_for_thirty_days_and_by_a_link_too(attempts, clock):
    attempts.signed_in("ANA", DESK)
    clock.advance(KNOWN_S - 1)
    gate = attempts.gate("Ana", DESK)
    assert gate.is_known
    gate.take_back()
    clock.advance(1)
    assert not attempts.gate("Ana", DESK).is_known


def test_quiet_forgives_one_wrong_password_in_ten_minutes(attempts, clock):
    wrong(attempts, FREE_PASSWORDS + 2)
    clock.advance(FORGIVE_S * 4)
    wrong(attempts, 2)
    assert wait_of(attempts) == 0
    wrong(attempts, 1)
    assert wait_of(attempts) == 1


def test_clock_that_is_set_moves_no_limit(attempts, clock):
    wrong(attempts, FREE_PASSWORDS + 4)
    clock.wall_us += 10**15
    assert wait_of(attempts) == 8
    clock.wall_us -= 10**16
    clock.advance(8)
    assert wait_of(attempts) == 0


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("unknown", "unknown", True),
    ],
)
def test_of_ipv6_a_network_counts_as_one_address(one, other, is_same):
    assert (network_of(one) == network_of(other)) is is_same


def test_unlocking_waits_half_a_minute_at_most_and_by_desk(attempts, clock):
    waits = []
    for _ in range(FREE_UNLOCKS + 8):
        attempts.unlocking("session-5")
        try:
            attempts.unlocking("session-5")
        except TooMany as refusal:
            waits.append(refusal.retry_after_s)
        else:
            attempts.not_looked_at("session-5")
            waits.append(0)
        clock.advance(waits[-1])
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]
    attempts.unlocking("session-6")
    attempts.unlocked("session-5")
    attempts.unlocking("session-5")


def test_figures_count_what_was_wrong_and_never_run_back(attempts):
    wrong(attempts, 2)
    attempts.gate("Ana", DESK).right()
    attempts.gate("Ana", DESK).take_back()
    assert attempts.refused == 2


def test_attempts_remember_no_more_than_their_limit(attempts):
    for number in range(ADDRESSES_MAX + 50):
        attempts.gate(f"name {number}", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}").right()
    assert len(attempts._known) == ADDRESSES_MAX
    assert len(attempts._accounts._counts) == ADDRESSES_MAX


def test_no_name_and_no_address_of_whoever_signs_in_is_kept(attempts):
    wrong(attempts, 3, name="Ana Horvat")
    attempts.gate("Ana Horvat", DESK).right()
    kept = [*attempts._accounts._counts, *attempts._addresses._counts, *attempts._pairs._counts, *attempts._known]
    assert kept
    assert all(set(map(len, [key])) <= {16, 32} and b"Ana" not in key and b"192" not in key for key in kept)
