"""Which known account a number that nobody entered may be meant for.

A slip when a panel is set up is most often one digit, two swapped ones, or zeros in front. The sender's address is no
help here: it is sealed (decision 0017).
"""

from collections.abc import Iterator
from typing import Final

from tocsin.centre.snapshot import AccountSnapshot
from tocsin.model.accounts import AccountPolicy
from tocsin.model.values import AccountNumber, Ref

SIMILAR_MAX: Final = 5
"""Known accounts that one unknown number is compared to on the screen."""

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def similar_accounts(number: AccountNumber, snapshot: AccountSnapshot) -> list[tuple[AccountPolicy, str]]:
    """Known accounts that resemble a number, and how they differ; the likeliest first, at most five."""
    found: dict[Ref, tuple[AccountPolicy, str]] = {}
    for candidate, why in _candidates(number.upper()):
        for policy in snapshot.numbered(candidate):
            found.setdefault(policy.id, (policy, why))
        if len(found) >= SIMILAR_MAX:
            break
    return list(found.values())[:SIMILAR_MAX]


def _candidates(number: str) -> Iterator[tuple[str, str]]:
    """Numbers that one slip turns into this one, the likeliest slip first."""
    yield number, "is the same number with another receiver or line"
    bare = number.lstrip("0")
    for zeros in range(17 - len(bare)):
        if bare and (padded := "0" * zeros + bare) != number:
            yield padded, "differs in zeros in front"
    for at in range(len(number) - 1):
        if number[at] != number[at + 1]:
            yield number[:at] + number[at + 1] + number[at] + number[at + 2 :], "has two digits swapped"
    for at, digit in enumerate(number):
        for other in _ALPHABET:
            if other != digit:
                yield number[:at] + other + number[at + 1 :], "differs in one digit"
    if len(number) > 1:
        for at in range(len(number)):
            yield number[:at] + number[at + 1 :], "has one digit less"
    if len(number) < 16:
        for at in range(len(number) + 1):
            for other in _ALPHABET:
                yield number[:at] + other + number[at:], "has one digit more"
