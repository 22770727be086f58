"""Ids that senders give their signals: the same for ever within a token (DESIGN.md, "The journal", 6; decision 0066).

Of each a keyed hash is kept beside the journal, with one of what was said under it: the same again is a repeat, and
anything else is refused. The row is written in the transaction of its signal.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.journal.identity import RepeatWindow
from tocsin.model.ports import Store, StoreTransaction
from tocsin.model.signals import Arrival, Differs, Receipt
from tocsin.model.values import Seq, SignalId

_Key = tuple[bytes, bytes]
"""Keyed hashes of an id, and of what was said under it."""


class GivenRow(msgspec.Struct, frozen=True, gc=False):
    """An id that was given, and the signal that has it."""

    digest: bytes
    content: bytes
    id: SignalId
    seq: Seq


class GivenIds:
    """The ids of one batch: those that the store has, and those that are new with it."""

    def __init__(self, window: RepeatWindow, store: Store, batch: Sequence[Arrival]) -> None:
        """Look up every id of the batch at once."""
        self._keys: dict[int, list[_Key | None]] = {}
        self._known: dict[bytes, GivenRow] = {}
        self._new: list[GivenRow] = []
        wanted: list[bytes] = []
        for arrival in batch:
            if arrival.given is None:
                continue
            keys = [
                None if one is None else (window.digest(one.material), window.digest(one.content))
                for one in arrival.given
            ]
            self._keys[id(arrival)] = keys
            wanted += [key[0] for key in keys if key is not None]
        if wanted:
            self._known = {
                digest: GivenRow(digest, content, SignalId(id_), Seq(seq))
                for digest, content, id_, seq in store.given_ids(wanted)
            }

    def look(self, arrival: Arrival) -> list[Receipt | int | None] | Differs:
        """By signal: the receipt of its original, its place where that comes in the same arrival, None where it is new.

        `Differs` where something else was said under one of the ids: then nothing of the arrival may be stored.
        """
        found: list[Receipt | int | None] = []
        own: dict[bytes, tuple[bytes, int]] = {}
        for index, key in enumerate(self._keys[id(arrival)]):
            if key is None:
                found.append(None)
                continue
            digest, content = key
            known = self._known.get(digest)
            if known is not None:
                if known.content != content:
                    return Differs(index)
                found.append(Receipt(known.id, known.seq, None))
            elif digest in own:
                if own[digest][0] != content:
                    return Differs(index)
                found.append(own[digest][1])
            else:
                own[digest] = content, index
                found.append(None)
        return found

    def keep(self, arrival: Arrival, receipts: Sequence[Receipt]) -> None:
        """Remember the ids of what is new, for the rest of the batch and for the store."""
        for key, receipt in zip(self._keys[id(arrival)], receipts, strict=True):
            if key is not None and receipt.duplicate_of is None and receipt.seq is not None:
                row = GivenRow(key[0], key[1], receipt.id, receipt.seq)
                self._known[row.digest] = row
                self._new.append(row)

    def beside(self, also: Callable[[StoreTransaction], None] | None) -> Callable[[StoreTransaction], None] | None:
        """What is written beside the batch, with the new ids where there are some."""
        if not self._new:
            return also
        rows: Final = [(row.digest, row.content, row.id, row.seq) for row in self._new]

        def write(transaction: StoreTransaction) -> None:
            transaction.add_given(rows)
            if also is not None:
                also(transaction)

        return write
