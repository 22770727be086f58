"""Accounts as the receivers see them: an immutable picture in memory, swapped whole (DESIGN.md, "Before the reply")."""

from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from tocsin.model.accounts import (
    DUPLICATE_WINDOW_S,
    EARLY_MAX_S,
    LATE_MAX_S,
    Account,
    AccountPolicy,
    Refusal,
    RefusalAnswer,
)
from tocsin.model.values import AccountNumber, Code, Micros, Ref, ZoneName

_SECOND_US: Final = 1_000_000
_OFF: Final = -1
_NOBODY: Final = -1
_DIGITS_MAX: Final = 18
_Number = tuple[str, int | None, int | None]


class _Rules(NamedTuple):
    """What many accounts have in common: a million of them share a few of these."""

    receiver: int | None
    line: int | None
    late_max_s: int | None
    early_max_s: int | None
    duplicate_window_us: int
    panel_time_zone: ZoneName | None
    poll_602: bool
    carried_by: AccountNumber | None
    category: Code | None
    interval_s: int | None


class AccountSnapshot:
    """Finds an account without I/O (`model.ports.AccountDirectory`).

    An account takes some 150 bytes: its number, and its place in a few arrays. Its policy is made when it is asked for.
    """

    __slots__ = (
        "_by_number",
        "_free",
        "_ids",
        "_keys",
        "_numbers",
        "_refusals",
        "_rules",
        "_rules_list",
        "_rules_of",
        "config",
        "follows",
        "keyless",
        "longest_window_us",
        "size",
        "token",
        "touched",
    )

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
        self._refusals = _by_identity(refusals)
        self._by_number: dict[str, int | tuple[int, ...]] = {}
        self._numbers = array("q")
        """By slot: the number in the account's id; -2 and less where it is no number (`_ids`), -1 for nobody."""
        self._rules_of = array("i")
        self._rules: dict[_Rules, int] = {}
        self._rules_list: list[_Rules] = []
        self._keys: dict[int, bytes] = {}
        self._ids: list[Ref] = []
        self._free: list[int] = []
        self.longest_window_us = DUPLICATE_WINDOW_S * _SECOND_US
        self.size = 0
        self.token = object()
        """Tells this picture from every other."""
        self.follows: object = None
        """Token of the picture that this one was made from by `changed`."""
        self.touched: tuple[int, ...] = ()
        """Slots that are not what they were there."""
        for policy in policies:
            self._add(policy)
        self.keyless = tuple(keyless)  # whoever makes the policies may fill it meanwhile

    def find(self, receiver: int | None, line: int | None, account: AccountNumber) -> AccountPolicy | None:
        """Return the account by (R, L, number), else by number, without case; None where unknown or ambiguous.

        An account that names no receiver or line fits any; of several that fit, the one that names more wins, and
        two that R and L cannot tell apart are an unknown account, never a guess.
        """
        number = account.upper()
        found = self._by_number.get(number)
        if found is None:
            return None
        if isinstance(found, int):
            return self._policy(number, found)
        best: AccountPolicy | None = None
        best_score = -1
        for slot in found:
            policy = self._policy(number, slot)
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
        return tuple(self._policy(number, slot) for slot in _slots(self._by_number.get(number, ())))

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
        """The next picture, made in a fraction of the time that a whole one takes. Accounts keep their slots.

        `gone`: number and id of accounts as they were that are replaced or removed. `policies`: what there is instead.
        `keyless`: all accounts now whose key is lost. `refusals`: all of them, None where they stay.
        """
        made = AccountSnapshot((), config, keyless)
        made._refusals = self._refusals if refusals is None else _by_identity(refusals)
        made._by_number = dict(self._by_number)
        made._numbers, made._rules_of = self._numbers[:], self._rules_of[:]
        made._rules, made._rules_list = dict(self._rules), list(self._rules_list)
        made._keys = dict(self._keys)
        made._ids, made._free = list(self._ids), list(self._free)
        made.longest_window_us = self.longest_window_us
        made.size = self.size
        freed: dict[Ref, int] = {}
        for number, id_ in gone:
            if (slot := made._remove(number.upper(), id_)) is not None:
                freed[id_] = slot
        touched = set(freed.values())
        for policy in policies:
            touched.add(made._add(policy, freed.pop(policy.id, None)))
        made._free += freed.values()
        made.follows, made.touched = self.token, tuple(sorted(touched))
        return made

    def watch(self, slot: int) -> tuple[int, Code | None, int | None] | None:
        """Number in the id of the account in a slot, its category and its interval; None where there is nobody."""
        number = self._numbers[slot]
        if number == _NOBODY:
            return None
        rules = self._rules_list[self._rules_of[slot]]
        return number, rules.category, rules.interval_s

    def columns(self) -> tuple["array[int]", "array[int]", list[tuple[Code | None, int | None]]]:
        """By slot, number in the account's id (-1: nobody) and which rules it has; by rules, category and interval."""
        return self._numbers, self._rules_of, [(rules.category, rules.interval_s) for rules in self._rules_list]

    def _add(self, policy: AccountPolicy, slot: int | None = None) -> int:
        number = policy.account.upper()
        rules = _Rules(
            policy.receiver,
            policy.line,
            policy.late_max_s,
            policy.early_max_s,
            policy.duplicate_window_us,
            policy.panel_time_zone,
            policy.poll_602,
            policy.carried_by,
            policy.category,
            policy.interval_s,
        )
        kind = self._rules.setdefault(rules, len(self._rules))
        if kind == len(self._rules_list):
            self._rules_list.append(rules)
        if slot is None and self._free:
            slot = self._free.pop()
        if slot is None:
            slot = len(self._numbers)
            self._numbers.append(_NOBODY)
            self._rules_of.append(0)
        self._numbers[slot], self._rules_of[slot] = self._number_in(policy.id), kind
        if policy.key is not None:
            self._keys[slot] = policy.key
        before = self._by_number.get(number)
        self._by_number[number] = slot if before is None else (*_slots(before), slot)
        self.longest_window_us = max(self.longest_window_us, policy.duplicate_window_us)
        self.size += 1
        return slot

    def _remove(self, number: str, id_: Ref) -> int | None:
        found = self._by_number.get(number, ())
        for slot in _slots(found):
            if self._id(slot) == id_:
                left = tuple(other for other in _slots(found) if other != slot)
                if left:
                    self._by_number[number] = left[0] if len(left) == 1 else left
                else:
                    del self._by_number[number]
                self._numbers[slot] = _NOBODY
                self._keys.pop(slot, None)
                self.size -= 1
                return slot
        return None

    def _policy(self, number: str, slot: int) -> AccountPolicy:
        # By name it takes twice as long; the fields of `_Rules` stand in the order of this call.
        rules = self._rules_list[self._rules_of[slot]]
        return AccountPolicy(
            id=self._id(slot),
            account=AccountNumber(number),
            receiver=rules[0],
            line=rules[1],
            key=self._keys.get(slot),
            late_max_s=rules[2],
            early_max_s=rules[3],
            duplicate_window_us=rules[4],
            panel_time_zone=rules[5],
            poll_602=rules[6],
            carried_by=rules[7],
            category=rules[8],
            interval_s=rules[9],
            slot=slot,
        )

    def _number_in(self, id_: Ref) -> int:
        kind, _, number = id_.partition("-")
        if kind == "account" and number.isdecimal() and len(number) < _DIGITS_MAX and (number == str(int(number))):
            return int(number)
        self._ids.append(id_)
        return -1 - len(self._ids)

    def _id(self, slot: int) -> Ref:
        number = self._numbers[slot]
        return Ref(f"account-{number}") if number >= 0 else self._ids[-2 - number]


def _slots(found: int | tuple[int, ...]) -> tuple[int, ...]:
    return (found,) if isinstance(found, int) else found


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
        category=row.category,
        interval_s=row.supervision_interval_s,
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
