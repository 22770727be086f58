"""What can be asked of a centre about itself: the scope sheet, and what is held about somebody who works here.

The command line asks over the control socket where a centre runs, as with `centre.Centre`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal

import msgspec

import tocsin
from tocsin.access.access import Access
from tocsin.access.approvals import digest_of
from tocsin.centre.journal_export import JournalExports, csv_table, json_lines
from tocsin.centre.sheets import SHEET_KINDS, Holdings, ScopeSheet, kept_here, scope_sheet
from tocsin.journal.heads import CentreCreatedBody
from tocsin.model.errors import BadInput
from tocsin.model.export import UnsealedExport
from tocsin.model.journal import ActCount, Fact, StoredEntry, VaultRead
from tocsin.model.ports import Store
from tocsin.model.retention import RetentionRules
from tocsin.model.values import Actor, Code, PersonalText, Ref, Secret, Seq

__all__ = ["ExportForm", "PersonHere", "Proof"]

LOOKED_MAX: Final = 100_000
"""Entries that one query looks at, so that none stays open for long."""

PAGE: Final = 2_000
VAULT_READ: Final = Code("vault.read")
HOLDINGS: Final = Code("holdings")
ASKED: Final = Code("data_subject")


HERE: Final = "here"
"""The place of whoever types a password at the machine itself, for the limits of sign-in."""

ExportForm = Literal["jsonl", "csv"]


class PersonHere(msgspec.Struct, frozen=True):
    """Somebody who shows at the machine who it is."""

    name: PersonalText
    password: Secret
    code: Secret = Secret("")
    """Of the authenticator, where one is set up."""

    def __repr__(self) -> str:
        """Nothing of it."""
        return "PersonHere()"


class _Created(msgspec.Struct):
    body: CentreCreatedBody


_CREATED: Final = msgspec.json.Decoder(_Created)


class Proof:
    """Answers about the centre itself. From any thread but the writer's; large journals take a while."""

    def __init__(
        self,
        *,
        store: Store,
        access: Access,
        note: Callable[[Fact], None],
        exports: JournalExports | None = None,
        retention: RetentionRules | None = None,
    ) -> None:
        """Read from these; `note` makes a fact durable, `exports` opens what is sealed where two persons agree."""
        self._store = store
        self._access = access
        self._note = note
        self._exports = exports
        self._retention = retention or RetentionRules()

    def scope_sheet(self) -> ScopeSheet:
        """Count what the centre can be asked about, in the journal as it is now."""
        head = self._store.head()
        first = self._store.entries(Seq(0), 1)
        entries = (stored for stored in self._facts() if stored.row.seq <= head.seq)
        return scope_sheet(
            entries,
            origin=_CREATED.decode(first[0].row.entry).body.origin,
            version=Code(tocsin.__version__),
            since=first[0].row.at,
            until=head.at,
            seq=head.seq,
            hash_=head.hash,
            retention=kept_here(self._retention),
        )

    def holdings_of_name(self, name: str, actor: Actor) -> Holdings:
        """What is held about a user of this name, for that person; noted before it is handed out.

        Raises:
            BadInput: nobody of this name works here.
        """
        found = self._access.find(name)
        if found is None:
            raise BadInput(
                "There is no user of this name. Nothing was read. `tocsin link --list` shows all", "user.unknown"
            )
        held = self.holdings(found)
        body = VaultRead(count=1, reason=ASKED, what=HOLDINGS)
        self._note(Fact(kind=VAULT_READ, body=body, ref=Ref(found), actor=actor))
        return held

    def holdings(self, user: Actor) -> Holdings:
        """What is held about a user, to be shown to that person alone."""
        person = self._access.person(user)
        if person is None:
            raise BadInput("There is no such user. Nothing was read. List the users first", "user.unknown")
        return Holdings(
            id=user,
            name=person.name,
            roles=person.roles,
            credentials=self._access.credentials_of(user),
            sessions=self._access.sessions(user),
            grants=[one for one in self._store.grants() if one.user == user],
            contacts=self._store.contacts(user),
            reach=next((one.row for one in self._store.reach(user)), None),
            acts=self._acts(user),
        )

    def unsealed_here(self, wanted: UnsealedExport, persons: Sequence[PersonHere], form: ExportForm) -> bytes:
        """An unsealed export for two persons who are both here: one asks, the other answers, as on a screen.

        Raises:
            BadInput: what is asked for has no limits, or name and password are wrong.
            Forbidden: one of them may not, or both are the same.
            TooMany: passwords were wrong too often; each sign-in has its limit here too.
        """
        exports = self._exports
        if exports is None or len(persons) != 2:
            raise BadInput("An unsealed export takes two persons. Nothing was read. Name both", "usage.unsealed")
        exports.refuse_unknown(wanted)
        first, second = (self._access.check_person(one.name, one.password, one.code or None, HERE) for one in persons)
        book, act = self._access.approvals, "journal.unsealed_export"
        digest = digest_of(act, wanted)
        asked = book.ask(act, digest, wanted.incident or wanted.account_id, Code(wanted.reason), first)
        book.answer(asked.id, second, True)
        approval = book.take(asked.id, act, digest, first)
        found = exports.unsealed(wanted, approval.id, first)
        return csv_table(found) if form == "csv" else json_lines(found)

    def _acts(self, user: Actor) -> list[ActCount]:
        counts: dict[Code, ActCount] = {}
        after: Seq | None = Seq(0)
        while after is not None:
            found, after = self._store.acts_of(user, after, LOOKED_MAX)
            for one in found:
                known = counts.get(one.kind)
                counts[one.kind] = one if known is None else _joined(known, one)
        return [counts[kind] for kind in sorted(counts)]

    def _facts(self) -> Iterator[StoredEntry]:
        after: Seq | None = Seq(0)
        kinds = frozenset(Code(kind) for kind in SHEET_KINDS)
        while after is not None:
            found, after = self._store.facts(kinds, after, PAGE, LOOKED_MAX)
            yield from found


def _joined(one: ActCount, other: ActCount) -> ActCount:
    return msgspec.structs.replace(
        one,
        count=one.count + other.count,
        first_at=min(one.first_at, other.first_at),
        last_at=max(one.last_at, other.last_at),
    )
