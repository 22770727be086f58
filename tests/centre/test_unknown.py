"""Which known accounts an unknown number may be meant for: the likeliest slip first, and never a guess beyond five."""

import time

import pytest

from tocsin.centre.snapshot import AccountSnapshot, policy_of
from tocsin.centre.unknown import SIMILAR_MAX, similar_accounts
from tocsin.model.accounts import Account, AccountRow


def snapshot(*numbers):
    accounts = [Account(f"account-{n}", AccountRow(account=number), n) for n, number in enumerate(numbers, 1)]
    return AccountSnapshot([policy_of(account, lambda name: b"") for account in accounts], 1)


def similar(number, *known):
    return [(policy.account, why) for policy, why in similar_accounts(number, snapshot(*known))]


@pytest.mark.parametrize(
    ("number", "known", "why"),
    [
        ("4771", "4711", "differs in one digit"),
        ("4711", "4171", "has two digits swapped"),
        ("004711", "4711", "differs in zeros in front"),
        ("4711", "0004711", "differs in zeros in front"),
        ("471", "4711", "has one digit more"),
        ("47111", "4711", "has one digit less"),
        ("4711", "47a1", "differs in one digit"),
        ("4711", "4711", "is the same number with another receiver or line"),
        ("1", "2", "differs in one digit"),
    ],
)
def test_one_slip_is_found_and_named(number, known, why):
    assert similar(number, known) == [(known.upper(), why)]


@pytest.mark.parametrize("known", ["4822", "1174", "471122", "", "47"])
def test_two_slips_are_another_number(known):
    assert similar("4711", known or "9") == []


def test_likeliest_slip_comes_first_and_five_are_named_at_most():
    known = ["4710", "4717", "4718", "4719", "4171", "04711", "4712", "47110"]
    found = similar("4711", *known)
    assert found[:2] == [("04711", "differs in zeros in front"), ("4171", "has two digits swapped")]
    assert len(found) == SIMILAR_MAX


def test_page_of_200_numbers_is_compared_to_100_000_accounts_in_no_time():
    many = snapshot(*(f"{n:05d}" for n in range(100_000)))
    begun_s = time.perf_counter()
    for n in range(200):
        assert len(similar_accounts(f"{n:06d}X", many)) <= SIMILAR_MAX
    assert time.perf_counter() - begun_s < 2
