"""Wrong secrets: who keeps guessing waits, and nobody else does."""

import pytest

from support.fakes import CountingIds, ManualClock
from tocsin.access.attempts import ADDRESSES_MAX, FREE_ATTEMPTS, REFILL_S, Attempts
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
