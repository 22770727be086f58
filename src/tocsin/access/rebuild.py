"""People's tables worked out from the journal again: apply the facts, decide nothing (DESIGN.md, "The journal", 7).

What results equals the live tables byte for byte, with the vault empty. Hashes of secrets and last uses are in no fact,
so the table `access` is none of them; nor is the last step of an authenticator.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.access.approvals import answered, approval_id, asked, used
from tocsin.access.fact_entry import FactEntry, entry_of
from tocsin.access.users import rebuild_users
from tocsin.model.access import (
    Approval,
    ApprovalAnswered,
    ApprovalAsked,
    Credential,
    CredentialRemoved,
    CredentialRow,
    Grant,
    GrantRow,
    User,
    UserRow,
)
from tocsin.model.errors import DiskFault
from tocsin.model.journal import StoredEntry
from tocsin.model.values import Actor, Code, Ref, Seq

_USER: Final = msgspec.json.Decoder(UserRow)
_CREDENTIAL: Final = msgspec.json.Decoder(CredentialRow)
_REMOVED: Final = msgspec.json.Decoder(CredentialRemoved)
_GRANT: Final = msgspec.json.Decoder(GrantRow)
_ASKED: Final = msgspec.json.Decoder(ApprovalAsked)
_ANSWERED: Final = msgspec.json.Decoder(ApprovalAnswered)


class PeopleTables(msgspec.Struct, frozen=True):
    """The four tables, each in the order in which the store gives it."""

    users: list[User]
    credentials: list[Credential]
    grants: list[Grant]
    approvals: list[Approval]


def rebuild_people(entries: Iterable[StoredEntry]) -> PeopleTables:
    """Apply the journal's facts again, from the first.

    Raises:
        DiskFault: the journal speaks of what it does not hold.
    """
    kept = [one for one in entries if one.row.kind.partition(".")[0] in ("user", "credential", "grant", "approval")]
    credentials: dict[tuple[Actor, str], Credential] = {}
    grants: dict[tuple[Actor, Ref], Grant] = {}
    approvals: dict[Ref, Approval] = {}
    for stored in kept:
        entry, seq = entry_of(stored), stored.row.seq
        match stored.row.kind:
            case "user.set":
                if entry.ref is not None and _USER.decode(entry.body).removed:
                    for place in [place for place in grants if place[0] == entry.ref]:
                        del grants[place]
            case "credential.set":
                row = _CREDENTIAL.decode(entry.body)
                credentials[_user(entry), row.kind] = Credential(_user(entry), row, seq)
            case "credential.removed":
                credentials.pop((_user(entry), _REMOVED.decode(entry.body).kind), None)
            case "grant.set":
                _set_grant(grants, Grant(_user(entry), _GRANT.decode(entry.body), seq))
            case _:
                _approve(approvals, stored.row.kind, entry, seq)
    return PeopleTables(
        users=rebuild_users(kept),
        credentials=sorted(credentials.values(), key=lambda one: (_number(one.user), one.row.kind)),
        grants=sorted(grants.values(), key=lambda one: (_number(one.user), one.row.target)),
        approvals=list(approvals.values()),
    )


def _set_grant(grants: dict[tuple[Actor, Ref], Grant], grant: Grant) -> None:
    grants[grant.user, grant.row.target] = grant
    if grant.row.removed:
        del grants[grant.user, grant.row.target]


def _approve(approvals: dict[Ref, Approval], kind: Code, entry: FactEntry, seq: Seq) -> None:
    if kind == "approval.asked":
        id_ = approval_id(seq)
        approvals[id_] = asked(id_, _ASKED.decode(entry.body), _actor(entry))
        return
    id_ = entry.ref
    if id_ is None or id_ not in approvals:
        raise DiskFault(
            "The journal speaks of an approval that nobody asked for. Nothing was rebuilt. Verify the journal",
            "journal.broken",
        )
    if kind == "approval.answered":
        approvals[id_] = answered(approvals[id_], _ANSWERED.decode(entry.body), _actor(entry))
    else:
        approvals[id_] = used(approvals[id_])


def _user(entry: FactEntry) -> Actor:
    assert entry.ref is not None, "its fact has a user"
    return Actor(entry.ref)


def _actor(entry: FactEntry) -> Actor:
    assert entry.actor is not None, "its fact has an actor"
    return entry.actor


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])
