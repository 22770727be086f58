"""Accounts as a rebuild finds them again."""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.model.accounts import Account, AccountRow
from tocsin.model.journal import StoredEntry
from tocsin.model.values import Code, Ref, Seq

ACCOUNT_SET: Final = Code("account.set")


class _Entry(msgspec.Struct):
    body: AccountRow
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def account_id(seq: Seq) -> Ref:
    """Name of the account that the fact of this seq made."""
    return Ref(f"account-{seq}")


def rebuild_accounts(entries: Iterable[StoredEntry]) -> list[Account]:
    """Apply the journal's facts again, from the first: what results equals the live table byte for byte.

    Needs nothing but the entries: no vault, no rule (DESIGN.md, "The journal", 7).
    """
    found: dict[Ref, Account] = {}
    for stored in entries:
        if stored.row.kind == ACCOUNT_SET:
            entry = _ENTRY.decode(stored.row.entry)
            id_ = entry.ref or account_id(stored.row.seq)
            found[id_] = Account(id_, entry.body, stored.row.seq)
            if entry.body.removed:
                del found[id_]
    return sorted(found.values(), key=lambda account: int(account.id.rpartition("-")[2]))
