"""A store in memory: for tests and trials, nothing durable. It passes the same contract as the real one."""

import contextlib
import copy
from collections.abc import Generator, Iterable, Mapping, Sequence

import msgspec

from tocsin.model.accounts import Account
from tocsin.model.errors import CentreFault
from tocsin.model.journal import GENESIS, EntryRow, Head, StoredEntry
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.values import AccountNumber, Code, HexHash, Micros, Ref, Seq, SignalId, StreamName

_Number = tuple[AccountNumber, Code | None, Code | None]


class _Tables:
    """All that a store keeps. Copied for a transaction, so that a failed one leaves nothing behind."""

    def __init__(self) -> None:
        self.entries: list[EntryRow] = []
        self.duplicates: dict[SignalId, int] = {}
        self.accounts: dict[Ref, Account] = {}
        self.unknown: dict[_Number, UnknownAccount] = {}
        self.rejected: list[RejectedFrame] = []
        self.rejected_last = 0
        self.meta: dict[Code, str] = {}


class MemoryStore:
    """Keeps a centre's journal in memory (`model.ports.Store`)."""

    def __init__(self) -> None:
        """Start empty."""
        self._tables = _Tables()
        self.fail_next: CentreFault | None = None
        """Raised by the next commit, as a full disk or a failed fsync would be."""

    @contextlib.contextmanager
    def transaction(self) -> Generator["MemoryTransaction"]:
        """Begin the writer's transaction; nothing of it stays where the context ends with an exception."""
        draft = copy.copy(self._tables)
        for name, value in vars(self._tables).items():
            setattr(draft, name, copy.copy(value))
        yield MemoryTransaction(draft)
        if self.fail_next is not None:
            fault, self.fail_next = self.fail_next, None
            raise fault
        self._tables = draft

    def head(self) -> Head:
        """The end of the journal."""
        return _head(self._tables)

    def entries(self, after: Seq, limit: int) -> list[StoredEntry]:
        """Entries with a seq above `after`, in order, at most `limit`."""
        found = [StoredEntry(row, 0) for row in self._tables.entries if row.seq > after][:limit]
        return [
            entry if entry.id is None else StoredEntry(entry.row, self._tables.duplicates.get(entry.id, 0))
            for entry in found
        ]

    def accounts(self) -> list[Account]:
        """All accounts, in the order in which they were made."""
        return sorted(self._tables.accounts.values(), key=lambda account: int(account.id.rpartition("-")[2]))

    def unknown_accounts(self) -> list[UnknownAccount]:
        """The unknown accounts, newest first."""
        return sorted(self._tables.unknown.values(), key=lambda row: row.last_at, reverse=True)

    def rejected_frames(self, limit: int) -> list[RejectedFrame]:
        """The newest rejected frames, newest first."""
        return self._tables.rejected[::-1][:limit]

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal."""
        return self._tables.meta.get(name)

    def check(self) -> list[str]:
        """Memory is never damaged."""
        return []

    def close(self) -> None:
        """Nothing to let go of."""


class MemoryTransaction:
    """One transaction of the writer (`model.ports.StoreTransaction`)."""

    def __init__(self, tables: _Tables) -> None:
        """Work on a copy of the tables."""
        self._tables = tables

    def head(self) -> Head:
        """The journal's end inside this transaction."""
        return _head(self._tables)

    def stream_end(self, stream: StreamName) -> int:
        """The last number of a stream, 0 where it is empty."""
        return max((row.number or 0 for row in self._tables.entries if row.stream == stream), default=0)

    def append(self, rows: Sequence[EntryRow]) -> None:
        """Append entries, which must go on where the journal and each stream end."""
        taken = {row.seq for row in self._tables.entries}
        names: set[tuple[StreamName | None, int | None]] = {
            (row.stream, row.number) for row in self._tables.entries if row.stream is not None
        }
        for row in rows:
            if row.seq in taken or (row.stream is not None and (row.stream, row.number) in names):
                fault = CentreFault("The store refused a row. Nothing of it was stored", "store.refused")
                fault.permanent = False
                raise fault
            taken.add(row.seq)
            names.add((row.stream, row.number))
            self._tables.entries.append(row)

    def add_duplicates(self, counts: Mapping[SignalId, int]) -> None:
        """Add to the counts of repeats."""
        for id_, count in counts.items():
            self._tables.duplicates[id_] = self._tables.duplicates.get(id_, 0) + count

    def put_accounts(self, accounts: Iterable[Account]) -> None:
        """Insert accounts, or replace those of the same id."""
        self._tables.accounts.update({account.id: account for account in accounts})

    def put_unknown(self, rows: Iterable[UnknownAccount]) -> None:
        """Insert or replace rows of the unknown accounts."""
        self._tables.unknown.update({(row.account, row.receiver, row.line): row for row in rows})

    def drop_unknown(self, account: AccountNumber) -> None:
        """Forget a number, compared without case."""
        kept = {n: row for n, row in self._tables.unknown.items() if n[0].upper() != account.upper()}
        self._tables.unknown = kept

    def add_rejected(self, rows: Sequence[RejectedFrame], keep_max: int) -> None:
        """Append to the rejected frames, and let the oldest go so that `keep_max` stay."""
        for row in rows:
            self._tables.rejected_last += 1
            self._tables.rejected.append(msgspec.structs.replace(row, id=self._tables.rejected_last))
        self._tables.rejected = self._tables.rejected[-keep_max:] if keep_max else []

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal."""
        return self._tables.meta.get(name)

    def put_meta(self, name: Code, value: str) -> None:
        """Set such a value."""
        self._tables.meta[name] = value


def _head(tables: _Tables) -> Head:
    if not tables.entries:
        return Head(Seq(0), GENESIS, Micros(0))
    last = tables.entries[-1]
    return Head(last.seq, HexHash(last.hash.hex()), last.at)
