"""Lists beside the journal: unknown accounts and rejected frames, bounded, written with the next batch.

A kill may lose the last second of them; it never loses a signal, which is in the journal.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.ports import Sealer, StoreTransaction
from tocsin.model.signals import SealedPart
from tocsin.model.values import AccountNumber, Code, Micros, Transport

REJECTED_PENDING_MAX: Final = 1_000
"""Rejected frames that wait for one write. A flood of rubbish past it is counted by reason, and not kept."""

FLUSH_INTERVAL_US: Final = 1_000_000
_Number = tuple[str, Code | None, Code | None]


class Rejection(msgspec.Struct, frozen=True, gc=False):
    """A frame that was not accepted, before it is sealed."""

    at: Micros
    outcome: Code
    reason: Code
    transport: Transport
    account: AccountNumber | None
    token: Code | None
    part: SealedPart


class IntakeLists:
    """Collects in the event loop, hands over in the writer's thread."""

    def __init__(self, sealer: Sealer, unknown_kept: int, rejected_kept: int, known: list[UnknownAccount]) -> None:
        """Go on from the unknown accounts that were stored, newest first."""
        self._sealer = sealer
        self._unknown_kept = unknown_kept
        self._rejected_kept = rejected_kept
        self._lock = threading.Lock()
        self._unknown: OrderedDict[_Number, UnknownAccount] = OrderedDict(
            ((row.account.upper(), row.receiver, row.line), row) for row in reversed(known[:unknown_kept])
        )
        self._changed: dict[_Number, UnknownAccount] = {}
        self._dropped: list[AccountNumber] = []
        self._rejected: list[Rejection] = []
        self._next_flush_at = Micros(0)

    @property
    def unknown(self) -> list[UnknownAccount]:
        """The unknown accounts as of now, newest first."""
        return list(reversed(self._unknown.values()))

    def heard_unknown(
        self,
        account: AccountNumber,
        receiver: Code | None,
        line: Code | None,
        transport: Transport,
        at: Micros,
        *,
        signals: int = 0,
        polls: int = 0,
        unreadable: int = 0,
    ) -> None:
        """A number that we do not have was heard."""
        if self._unknown_kept == 0:
            return
        number = (account.upper(), receiver, line)
        old = self._unknown.get(number)
        row = UnknownAccount(
            account=account if old is None else old.account,
            first_at=at if old is None else old.first_at,
            last_at=at,
            line=line,
            polls=polls + (old.polls if old else 0),
            receiver=receiver,
            signals=signals + (old.signals if old else 0),
            transport=transport,
            unreadable=unreadable + (old.unreadable if old else 0),
        )
        with self._lock:
            self._unknown[number] = row
            self._unknown.move_to_end(number)
            self._changed[number] = row
            if len(self._unknown) > self._unknown_kept:
                gone, _ = self._unknown.popitem(last=False)
                self._changed.pop(gone, None)
                self._dropped.append(AccountNumber(gone[0]))

    def now_known(self, is_known: Callable[[UnknownAccount], bool]) -> None:
        """Forget the numbers that have been set up or refused since."""
        with self._lock:
            for number, row in list(self._unknown.items()):
                if is_known(row):
                    del self._unknown[number]
                    self._changed.pop(number, None)
                    self._dropped.append(row.account)

    def rejected(self, rejection: Rejection) -> None:
        """A frame was not accepted: keep it for whoever asks what their panel sent."""
        with self._lock:
            if len(self._rejected) < min(REJECTED_PENDING_MAX, self._rejected_kept):
                self._rejected.append(rejection)

    def is_due(self, now: Micros) -> bool:
        """Something waits, and the last write was at least a second ago."""
        return bool(self._changed or self._rejected or self._dropped) and (
            now >= self._next_flush_at or now < self._next_flush_at - FLUSH_INTERVAL_US
        )

    def take(self, now: Micros) -> "Taken | None":
        """Hand over what waits, to be written with the next transaction; None where nothing is due."""
        if not self.is_due(now):
            return None
        with self._lock:
            taken = Taken(self, self._changed, self._rejected, self._dropped)
            self._changed, self._rejected, self._dropped = {}, [], []
        self._next_flush_at = Micros(now + FLUSH_INTERVAL_US)
        return taken

    def put_back(self, taken: "Taken") -> None:
        """A transaction failed: what was taken for it waits again, but for numbers that were set up since."""
        with self._lock:
            changed = {number: row for number, row in taken.changed.items() if number in self._unknown}
            self._changed = {**changed, **self._changed}
            self._rejected = (taken.rejected + self._rejected)[:REJECTED_PENDING_MAX]
            self._dropped = taken.dropped + self._dropped

    def write(self, taken: "Taken", transaction: StoreTransaction) -> None:
        """Write what was taken."""
        for account in taken.dropped:
            transaction.drop_unknown(account)
        transaction.put_unknown(taken.changed.values())
        if taken.rejected:
            transaction.add_rejected([self._seal(one) for one in taken.rejected], self._rejected_kept)

    def _seal(self, one: Rejection) -> RejectedFrame:
        # The shorter-lived class: nobody knows what a frame holds that could not be read.
        key, sealed, _ = self._sealer.seal("intake", one.at, one.part)
        return RejectedFrame(
            account=one.account,
            at=one.at,
            id=0,
            key=key,
            outcome=one.outcome,
            reason=one.reason,
            sealed=sealed,
            token=one.token,
            transport=one.transport,
        )


class Taken:
    """What one transaction takes along (`journal.writer.Rider`)."""

    __slots__ = ("_lists", "changed", "dropped", "rejected")

    def __init__(
        self,
        lists: IntakeLists,
        changed: dict[_Number, UnknownAccount],
        rejected: list[Rejection],
        dropped: list[AccountNumber],
    ) -> None:
        """Hold it until it is written, or put back."""
        self._lists = lists
        self.changed = changed
        self.rejected = rejected
        self.dropped = dropped

    def write(self, transaction: StoreTransaction) -> None:
        """Write it."""
        self._lists.write(self, transaction)

    def put_back(self) -> None:
        """The transaction failed: it waits for the next."""
        self._lists.put_back(self)
