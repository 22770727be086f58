"""Accounts as the receivers see them: an immutable picture in memory, swapped whole (DESIGN.md, "Before the reply")."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from tocsin.model.accounts import (
    DUPLICATE_WINDOW_S,
    EARLY_MAX_S,
    LATE_MAX_S,
    Account,
    AccountPolicy,
    Refusal,
    RefusalAnswer,
)
from tocsin.model.values import AccountNumber, Code, Micros, Ref

_SECOND_US: Final = 1_000_000
_OFF: Final = -1
_Number = tuple[str, int | None, int | None]


class AccountSnapshot:
    """Finds an account without I/O (`model.ports.AccountDirectory`)."""

    __slots__ = ("_by_number", "_refusals", "config", "keyless", "longest_window_us", "size")

    def __init__(
        self,
        policies: Iterable[AccountPolicy],
        config: int,
        keyless: Iterable[Ref] = (),
        refusals: Iterable[Refusal] = (),
    ) -> None:
        """Index the accounts by number. `config` is the version of the configuration that they stand for.

        `keyless` are those whose key is lost: their policy has a key that nobody knows, so every frame is refused.
        """
        self.config = config
        self.keyless = tuple(keyless)
        self._refusals = _by_identity(refusals)
        by_number: dict[str, list[AccountPolicy]] = {}
        longest_us = DUPLICATE_WINDOW_S * _SECOND_US
        self.size = 0
        for policy in policies:
            by_number.setdefault(policy.account.upper(), []).append(policy)
            longest_us = max(longest_us, policy.duplicate_window_us)
            self.size += 1
        self._by_number = {number: tuple(found) for number, found in by_number.items()}
        self.longest_window_us = longest_us

    def find(self, receiver: int | None, line: int | None, account: AccountNumber) -> AccountPolicy | None:
        """Return the account by (R, L, number), else by number, without case; None where unknown or ambiguous.

        An account that names no receiver or line fits any; of several that fit, the one that names more wins, and
        two that R and L cannot tell apart are an unknown account, never a guess.
        """
        found = self._by_number.get(account.upper())
        if found is None:
            return None
        if len(found) == 1:
            return found[0]
        best: AccountPolicy | None = None
        best_score = -1
        for policy in found:
            if policy.receiver not in (None, receiver) or policy.line not in (None, line):
                continue
            score = (policy.receiver is not None) + (policy.line is not None)
            if score > best_score:
                best, best_score = policy, score
            elif score == best_score:
                best = None
        return best

    def numbered(self, number: str) -> tuple[AccountPolicy, ...]:
        """Every account of a number, which is given in upper case."""
        return self._by_number.get(number, ())

    def refusal(
        self, receiver: int | None, line: int | None, account: AccountNumber, now: Micros
    ) -> RefusalAnswer | None:
        """How an unknown number is answered that a person refused; None where nobody did, or its time is over."""
        if not self._refusals:
            return None
        found = self._refusals.get((account.upper(), receiver, line))
        return found[0] if found is not None and now < found[1] else None

    def changed(
        self,
        config: int,
        gone: Iterable[tuple[AccountNumber, Ref]],
        policies: Iterable[AccountPolicy],
        keyless: Iterable[Ref],
        refusals: Iterable[Refusal] | None = None,
    ) -> "AccountSnapshot":
        """The next picture, made in a fraction of the time that a whole one takes.

        `gone`: number and id of accounts as they were that are replaced or removed. `policies`: what there is instead.
        `keyless`: all accounts now whose key is lost. `refusals`: all of them, None where they stay.
        """
        made = AccountSnapshot((), config, keyless)
        made._refusals = self._refusals if refusals is None else _by_identity(refusals)
        by_number = dict(self._by_number)
        made.longest_window_us = self.longest_window_us
        made.size = self.size
        for number, id_ in gone:
            old = by_number.pop(number.upper(), ())
            left = tuple(policy for policy in old if policy.id != id_)
            made.size -= len(old) - len(left)
            if left:
                by_number[number.upper()] = left
        for policy in policies:
            number = policy.account.upper()
            by_number[number] = (*by_number.get(number, ()), policy)
            made.longest_window_us = max(made.longest_window_us, policy.duplicate_window_us)
            made.size += 1
        made._by_number = by_number
        return made


def policy_of(account: Account, secret: Callable[[Code], bytes]) -> AccountPolicy:
    """Turn an account's settings into what a receiver judges by; `secret` unwraps its key.

    Raises:
        KeyMissing: the key is not in the vault. The account must not be served without it, as a clear one.
    """
    row = account.row
    return AccountPolicy(
        id=account.id,
        account=AccountNumber(row.account.upper()),
        receiver=number_of(row.receiver),
        line=number_of(row.line),
        key=None if row.key is None else secret(row.key.name),
        late_max_s=_limit(row.late_max_s, LATE_MAX_S),
        early_max_s=_limit(row.early_max_s, EARLY_MAX_S),
        duplicate_window_us=(row.duplicate_window_s or DUPLICATE_WINDOW_S) * _SECOND_US,
        panel_time_zone=row.panel_time_zone,
        poll_602=row.poll_602,
        carried_by=None if row.carried_by is None else AccountNumber(row.carried_by.upper()),
    )


def _by_identity(refusals: Iterable[Refusal]) -> Mapping[_Number, tuple[RefusalAnswer, Micros]]:
    return {
        (row.account.upper(), number_of(row.receiver), number_of(row.line)): (row.answer, row.until)
        for row in (refusal.row for refusal in refusals)
        if row.answer is not None
    }


def number_of(value: Code | None) -> int | None:
    """R or L as a number, for they are compared so; an empty L is line 0."""
    return None if value is None else int(value or "0", 16)


def _limit(value: int | None, default: int) -> int | None:
    if value is None:
        return default
    return None if value == _OFF else value
