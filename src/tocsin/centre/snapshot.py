"""Accounts as the receivers see them: an immutable picture in memory, swapped whole (DESIGN.md, "Before the reply")."""

from collections.abc import Callable, Iterable
from typing import Final

from tocsin.model.accounts import DUPLICATE_WINDOW_S, EARLY_MAX_S, LATE_MAX_S, Account, AccountPolicy
from tocsin.model.values import AccountNumber, Code, Ref

_SECOND_US: Final = 1_000_000
_OFF: Final = -1


class AccountSnapshot:
    """Finds an account without I/O (`model.ports.AccountDirectory`)."""

    __slots__ = ("_by_number", "config", "keyless", "longest_window_us", "size")

    def __init__(self, policies: Iterable[AccountPolicy], config: int, keyless: Iterable[Ref] = ()) -> None:
        """Index the accounts by number. `config` is the version of the configuration that they stand for.

        `keyless` are those whose key is lost: their policy has a key that nobody knows, so every frame is refused.
        """
        self.config = config
        self.keyless = tuple(keyless)
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


def policy_of(account: Account, secret: Callable[[Code], bytes]) -> AccountPolicy:
    """Turn an account's settings into what a receiver judges by; `secret` unwraps its key.

    Raises:
        KeyMissing: the key is not in the vault. The account must not be served without it, as a clear one.
    """
    row = account.row
    return AccountPolicy(
        id=account.id,
        account=AccountNumber(row.account.upper()),
        receiver=_number(row.receiver),
        line=_number(row.line),
        key=None if row.key is None else secret(row.key.name),
        late_max_s=_limit(row.late_max_s, LATE_MAX_S),
        early_max_s=_limit(row.early_max_s, EARLY_MAX_S),
        duplicate_window_us=(row.duplicate_window_s or DUPLICATE_WINDOW_S) * _SECOND_US,
        panel_time_zone=row.panel_time_zone,
        poll_602=row.poll_602,
        carried_by=None if row.carried_by is None else AccountNumber(row.carried_by.upper()),
    )


def _number(value: Code | None) -> int | None:
    return None if value is None else int(value, 16)


def _limit(value: int | None, default: int) -> int | None:
    if value is None:
        return default
    return None if value == _OFF else value
