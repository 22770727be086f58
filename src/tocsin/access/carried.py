"""After a restore over a living centre: what was ended there since the backup does not let anybody in again.

Read from the facts that the centre wrote after the backup, and ended anew by facts of the same kinds. Only what ends is
carried: nobody gets a role, a password or a grant by it. A password that was changed opens nothing any more; whoever
had it comes in by a link.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from tocsin.access.base import Base, Change
from tocsin.access.credentials import CREDENTIAL_REMOVED, CREDENTIAL_SET, Credentials
from tocsin.access.entries import ended
from tocsin.access.fact_entry import entry_of
from tocsin.access.grants import GRANT_SET, Grants
from tocsin.access.users import USER_SET
from tocsin.model.access import (
    CREDENTIAL_KINDS,
    AccessRow,
    CredentialKind,
    CredentialRemoved,
    CredentialRow,
    GrantRow,
    NamedUser,
    TokenRevoked,
    User,
    UserRow,
)
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.ports import Store, StoreTransaction
from tocsin.model.values import Actor, Code, Ref, Seq

TOKEN_REVOKED: Final = Code("token.revoked")
PEOPLE_KINDS: Final = frozenset({USER_SET, CREDENTIAL_SET, CREDENTIAL_REMOVED, GRANT_SET, TOKEN_REVOKED})


_USER: Final = msgspec.json.Decoder(UserRow)
_SET: Final = msgspec.json.Decoder(CredentialRow)
_REMOVED: Final = msgspec.json.Decoder(CredentialRemoved)
_GRANT: Final = msgspec.json.Decoder(GrantRow)


class PeopleSince:
    """What became of people after a backup: takes the entries in order, and knows how each thing was in the end."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.users: dict[Actor, UserRow] = {}
        self.credentials: dict[Actor, dict[CredentialKind, bool]] = {}
        """Those that were set or removed, and whether there is one in the end."""
        self.grants: dict[tuple[Actor, Ref], bool] = {}
        """Whether it was taken back in the end."""
        self.tokens: set[Ref] = set()
        """Revoked."""

    def take(self, stored: StoredEntry) -> None:
        """Take an entry of one of `PEOPLE_KINDS`. What it makes is new since the backup, and of no matter."""
        entry = entry_of(stored)
        if entry.ref is None:
            return
        user = Actor(entry.ref)
        match stored.row.kind:
            case "user.set":
                self.users[user] = _USER.decode(entry.body)
            case "credential.set":
                self.credentials.setdefault(user, {})[_SET.decode(entry.body).kind] = True
            case "credential.removed":
                self.credentials.setdefault(user, {})[_REMOVED.decode(entry.body).kind] = False
            case "grant.set":
                grant = _GRANT.decode(entry.body)
                self.grants[user, grant.target] = grant.removed
            case _:
                self.tokens.add(entry.ref)


class EndedAgain(msgspec.Struct, frozen=True, kw_only=True):
    """What was ended anew."""

    counts: Mapping[str, int]
    need_link: tuple[NamedUser, ...]
    """Users who may come in, and whose password opens nothing any more."""
    has_administrator: bool
    """Somebody is left who may administer people; else the command line makes somebody that."""


class Carrying:
    """Ends again what was ended after a backup: one change, of a centre that nobody serves yet."""

    def __init__(self, base: Base, since: PeopleSince, aside: Store, actor: Actor) -> None:
        """Read how it is by the backup; `aside` is the centre that was there."""
        self._base = base
        self._since = since
        self._aside = aside
        self._actor = actor
        self._credentials = Credentials(base)
        self._grants = Grants(base)
        self._users = {user.id: user for user in base.store.users() if not user.row.removed}
        self._rows = [row for row in base.store.access_rows() if row.ended_at is None]
        self._ended: dict[Ref, AccessRow] = {}
        self._change = Change()
        self._counts: dict[str, int] = dict.fromkeys(
            ("users_removed", "roles_taken", "credentials_removed", "recovery_codes", "tokens_revoked", "grants_taken"),
            0,
        )
        self._need_link: list[NamedUser] = []

    def carry_out(self) -> EndedAgain:
        """End it; durable when this returns.

        Raises:
            JournalFull, DiskFault: nothing was ended, or it is unknown.
        """
        removed = {id_ for id_, row in self._since.users.items() if row.removed and id_ in self._users}
        for id_, row in self._since.users.items():
            if id_ in removed:
                self._remove_user(self._users[id_])
            elif id_ in self._users:
                self._take_roles(self._users[id_], row)
        for id_, kinds in self._since.credentials.items():
            if id_ in self._users and id_ not in removed:
                self._remove_credentials(id_, kinds)
        held = {(grant.user, grant.row.target) for grant in self._base.store.grants()}
        for (id_, target), is_taken in self._since.grants.items():
            if is_taken and id_ not in removed and (id_, target) in held:
                self._grants.take_back(id_, target, self._actor, self._change)
                self._counts["grants_taken"] += 1
        administers = {
            id_
            for id_, user in self._users.items()
            if "administrator" in user.row.roles and id_ not in removed
            if id_ not in self._since.users or "administrator" in self._since.users[id_].roles
        }
        self._end_secrets()
        self._use_steps()
        rows = list(self._ended.values())
        self._change.write(lambda transaction: transaction.put_access(rows))
        with self._base.changing:
            self._change.commit(self._base)
        return EndedAgain(counts=self._counts, need_link=tuple(self._need_link), has_administrator=bool(administers))

    def _remove_user(self, user: User) -> None:
        row = msgspec.structs.replace(user.row, removed=True)

        def write(transaction: StoreTransaction, seq: Seq) -> None:
            transaction.put_users([User(user.id, row, seq)])
            self._grants.forget(user.id, transaction, seq)

        self._change.old_secrets.append(row.name)
        self._change.add(Fact(kind=USER_SET, body=row, ref=Ref(user.id), actor=self._actor), write)
        self._credentials.remove(user.id, CREDENTIAL_KINDS, self._actor, self._change)
        self._end([one for one in self._rows if one.user == user.id])
        self._counts["users_removed"] += 1

    def _take_roles(self, user: User, last: UserRow) -> None:
        """Leave those of the backup that the user still had in the end: maybe none, then the user may nothing."""
        left = tuple(role for role in user.row.roles if role in last.roles)
        if left == user.row.roles:
            return
        row = msgspec.structs.replace(user.row, roles=left)
        fact = Fact(kind=USER_SET, body=row, ref=Ref(user.id), actor=self._actor)
        self._change.add(fact, lambda transaction, seq: transaction.put_users([User(user.id, row, seq)]))
        self._counts["roles_taken"] += 1

    def _remove_credentials(self, user: Actor, kinds: Mapping[CredentialKind, bool]) -> None:
        """What was set or removed since is not what the backup has: that one is destroyed."""
        gone: set[CredentialKind] = set(kinds)
        if kinds.get("totp"):
            # In the end a code was wanted. That authenticator is lost, and the password shall not do without it.
            gone.add("password")
        if "totp" in gone:
            gone.add("recovery")
        there: list[CredentialKind] = [
            kind for kind in CREDENTIAL_KINDS if kind in gone and self._credentials.row(user, kind) is not None
        ]
        self._credentials.remove(user, there, self._actor, self._change)
        if "recovery" in gone:
            self._end([row for row in self._rows if row.kind == "recovery" and row.user == user])
        self._counts["credentials_removed"] += len(there)
        if "password" in there or kinds.get("password"):  # one that was set where the backup has none is lost as well
            self._need_link.append(self._named(user))

    def _end_secrets(self) -> None:
        """Tokens that were revoked, by the facts; recovery codes that were used up, by the table beside them."""
        for row in self._rows:
            if row.kind == "token" and row.id in self._since.tokens:
                body = TokenRevoked(scopes=row.scopes)
                self._change.add(Fact(kind=TOKEN_REVOKED, body=body, ref=row.id, actor=self._actor))
                self._end([row])
                self._counts["tokens_revoked"] += 1
        alive = {row.hash for row in self._aside.access_rows() if row.ended_at is None}
        used = [row for row in self._rows if row.kind == "recovery" and row.hash not in alive]
        self._end(used)
        self._counts["recovery_codes"] = sum(row.kind == "recovery" for row in self._ended.values())

    def _use_steps(self) -> None:
        """A code that an authenticator showed, and that was used at the centre that was there, is not used again."""
        known = self._base.store.totp_steps()
        for user, step in self._aside.totp_steps().items():
            if step > known.get(user, 0) and self._credentials.row(user, "totp") is not None and user in self._users:
                self._change.write(lambda transaction, user=user, step=step: transaction.put_totp_step(user, step))

    def _end(self, rows: list[AccessRow]) -> None:
        now = self._base.clock.now_us()
        self._ended |= {row.id: ended(row, now) for row in rows}

    def _named(self, user: Actor) -> NamedUser:
        row = self._users[user].row
        name = self._base.secrets.secrets_get([row.name]).get(row.name)
        return NamedUser(id=user, name=user if name is None else name.decode("utf-8", "replace"), roles=row.roles)
