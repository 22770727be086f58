"""Accounts as a command changes them and as a rebuild finds them again."""

from collections.abc import Iterable, Sequence

import msgspec

from tocsin.centre.account_import import AccountToStore
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.values import Actor, Code, Ref, Seq

ACCOUNT_SET = Code("account.set")
_BODY = msgspec.json.Decoder(AccountRow)


class _Entry(msgspec.Struct):
    body: msgspec.Raw
    ref: Ref | None


_ENTRY = msgspec.json.Decoder(_Entry)


def facts_of(items: Sequence[AccountToStore], actor: Actor) -> list[Fact]:
    """One `account.set` an account, each with the whole row."""
    return [Fact(kind=ACCOUNT_SET, body=item.row, ref=item.id, actor=actor) for item in items]


def accounts_of(facts: Sequence[Fact], seqs: Sequence[Seq]) -> list[Account]:
    """What the facts make, once they have their numbers: an account is named by the fact that made it."""
    made: list[Account] = []
    for fact, seq in zip(facts, seqs, strict=True):
        assert isinstance(fact.body, AccountRow)
        made.append(Account(fact.ref or account_id(seq), fact.body, seq))
    return made


def account_id(seq: Seq) -> Ref:
    """Name of the account that the fact of this seq made."""
    return Ref(f"account-{seq}")


def rebuild_accounts(entries: Iterable[StoredEntry]) -> list[Account]:
    """Apply the journal's facts again, from the first: what results equals the live table byte for byte.

    Needs nothing but the entries: no vault, no rule (DESIGN.md, "The journal", 7).
    """
    found: dict[Ref, Account] = {}
    for stored in entries:
        if stored.row.kind != ACCOUNT_SET:
            continue
        entry = _ENTRY.decode(stored.row.entry)
        id_ = entry.ref or account_id(stored.row.seq)
        found[id_] = Account(id_, _BODY.decode(entry.body), stored.row.seq)
    return sorted(found.values(), key=lambda account: int(account.id.rpartition("-")[2]))
