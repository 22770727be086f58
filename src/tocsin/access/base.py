"""What the parts of this room work with, and how one of their changes becomes durable."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tocsin.model.errors import BadInput, DiskFault
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Ref, Seq


class Secrets(Protocol):
    """Where names and secrets of users are kept (`vault.Vault`)."""

    def secrets_get(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Unwrap many; those that are not there are left out."""
        ...

    def secret_names(self, prefix: str) -> Sequence[str]:
        """Names of those that begin so."""
        ...

    def secrets_put(self, secrets: Mapping[str, bytes]) -> None:
        """Wrap and store some; durable when this returns."""
        ...

    def secrets_delete(self, names: Sequence[str]) -> None:
        """Destroy some."""
        ...


class Record(Protocol):
    """Appends facts by whoever owns the journal, with what they make, in one transaction; waits for the commit."""

    def __call__(
        self, facts: Sequence[Fact], apply: Callable[[StoreTransaction, Sequence[Seq]], None], /
    ) -> Sequence[Seq]:
        """Do it; return the facts' numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Base:
    """What every part is given."""

    store: Store
    secrets: Secrets
    clock: Clock
    ids: Ids
    record: Record
    changing: threading.RLock = field(default_factory=threading.RLock)
    """Held by whoever changes something, until it is durable."""
    watchers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """Called after each change of rights, in the thread of whoever made it."""

    def tell(self) -> None:
        """Tell that rights have changed."""
        for on_change in self.watchers:
            on_change()


def journal_time_since(store: Store, clock: Clock) -> Callable[[Ref], int]:
    """How many microseconds the journal knows to have passed since the fact that an id names, as `session-SEQ`.

    The journal's time never runs back, so a clock that was set back before a start lengthens nothing. Where the clock
    is not behind the journal, it says more itself, and this is 0.
    """
    head = store.head()
    is_behind = clock.now_us() < head.at

    def since(id_: Ref) -> int:
        seq = id_.rpartition("-")[2]
        if not is_behind or not (seq.isascii() and seq.isdigit() and 0 < int(seq) <= head.seq):
            return 0
        found = store.entries(Seq(int(seq) - 1), 1)
        return head.at - found[0].row.at if found and found[0].row.seq == int(seq) else 0

    return since


class Change:
    """Facts, rows and secrets that become durable together, or not at all.

    New secrets are durable before the facts that name them; those that nothing names any more are destroyed after.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.new_secrets: dict[str, bytes] = {}
        self.old_secrets: list[str] = []
        self._facts: list[Fact] = []
        self._by_fact: list[Callable[[StoreTransaction, Seq], None]] = []
        self._writes: list[Callable[[StoreTransaction], None]] = []
        self._after: list[Callable[[], None]] = []

    def add(self, fact: Fact, write: Callable[[StoreTransaction, Seq], None] | None = None) -> None:
        """Append a fact; `write` is told its number, in the transaction."""
        self._facts.append(fact)
        self._by_fact.append(write or (lambda _transaction, _seq: None))

    def write(self, write: Callable[[StoreTransaction], None]) -> None:
        """Write something that has no fact of its own, after what the facts write."""
        self._writes.append(write)

    def after(self, work: Callable[[], None]) -> None:
        """Do something in memory, once all is durable."""
        self._after.append(work)

    def commit(self, base: Base) -> None:
        """Make it durable. Call with `base.changing` held.

        Raises:
            JournalFull: nothing was changed.
            DiskFault: whether it is on the disk is unknown.
        """
        if self.new_secrets:
            base.secrets.secrets_put(self.new_secrets)

        def apply(transaction: StoreTransaction, seqs: Sequence[Seq]) -> None:
            for write, seq in zip(self._by_fact, seqs, strict=True):
                write(transaction, seq)
            for write_more in self._writes:
                write_more(transaction)

        if self._facts or self._writes:
            try:
                base.record(self._facts, apply)
            except DiskFault:
                # The facts may be on the disk: a secret too many is better than a fact without one.
                raise
            except BaseException:
                if self.new_secrets:
                    base.secrets.secrets_delete(list(self.new_secrets))
                raise
        for work in self._after:
            work()
        if self.old_secrets:
            base.secrets.secrets_delete(self.old_secrets)


def no_user() -> BadInput:
    """What is said where somebody is not, or not any more."""
    return BadInput("There is no such user. Nothing was changed. List the users first", "user.unknown")
