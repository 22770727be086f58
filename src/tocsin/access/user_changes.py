"""Users made, named, given roles and grants, and removed."""

from collections.abc import Callable, Iterable

import msgspec

from tocsin.access.base import Base, Change
from tocsin.access.credentials import Credentials
from tocsin.access.entries import Entries
from tocsin.access.grants import Grants
from tocsin.access.people import People
from tocsin.access.sessions import Sessions
from tocsin.access.users import NAME_PREFIX, USER_SET, USERS_MAX, checked_name, checked_roles, user_id
from tocsin.model.access import CREDENTIAL_KINDS, User, UserRow
from tocsin.model.errors import Conflict
from tocsin.model.journal import Fact
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Ref, Seq


class UserChanges:
    """What administrators change, each time together with all that ends by it."""

    def __init__(
        self,
        base: Base,
        entries: Entries,
        people: People,
        sessions: Sessions,
        credentials: Credentials,
        grants: Grants,
        forget: Callable[[Actor], None],
        users_max: int = USERS_MAX,
    ) -> None:
        """Change these; `forget` is told who was removed."""
        self._base = base
        self._ids = base.ids
        self._changing = base.changing
        self._entries = entries
        self._people = people
        self._sessions = sessions
        self._credentials = credentials
        self._grants = grants
        self._forget = forget
        self._users_max = users_max

    def set_user(self, name: str, roles: Iterable[str], actor: Actor) -> Actor:
        """Make a user, or give the one of this name these roles; return the id. Names are compared without case.

        Raises:
            BadInput: name or roles are none.
            Conflict: there are 1,000 users already; or nobody else is administrator.
        """
        name, wanted = checked_name(name), checked_roles(roles)
        with self._changing:
            found = self._people.find(name)
            if found is not None:
                self.set_roles(found, wanted, actor)
                return found
            if sum(not user.row.removed for user in self._people.users.values()) >= self._users_max:
                raise Conflict(
                    f"There are {self._users_max:,} users already. Nothing was changed. Remove some first",
                    "access.users_full",
                )
            reference = Ref(f"{NAME_PREFIX}{self._ids.token_bytes(8).hex()}")
            change = Change()
            change.new_secrets[reference] = name.encode()
            id_ = self._store_user(UserRow(name=reference, roles=wanted), None, actor, change)
            self._people.names[id_] = name
        self._base.tell()
        return id_

    def set_roles(self, user: Actor, roles: Iterable[str], actor: Actor) -> None:
        """Give a user these roles, at once, in open sessions too.

        Raises:
            BadInput: `access.roles`, `user.unknown`.
            Conflict: `access.last_administrator`: nobody else could give the role back.
        """
        wanted = checked_roles(roles)
        with self._changing:
            row = self._people.user(user).row
            if row.roles == wanted:
                return
            if "administrator" not in wanted:
                self._refuse_last_administrator(user)
            self._store_user(msgspec.structs.replace(row, roles=wanted), user, actor, Change())
        self._base.tell()

    def rename_user(self, user: Actor, name: str, actor: Actor) -> None:
        """Give a user another name; the old one is destroyed.

        Raises:
            BadInput: `access.name`, `user.unknown`.
            Conflict: `access.name_taken`.
        """
        name = checked_name(name)
        with self._changing:
            row = self._people.user(user).row
            if self._people.names.get(user) == name:
                return
            if self._people.find(name) not in (None, user):
                raise Conflict(
                    "Another user has this name. Nothing was changed. Give another name, by which colleagues can tell "
                    "the two apart",
                    "access.name_taken",
                )
            reference = Ref(f"{NAME_PREFIX}{self._ids.token_bytes(8).hex()}")
            change = Change()
            change.new_secrets[reference] = name.encode()
            change.old_secrets.append(row.name)
            self._store_user(msgspec.structs.replace(row, name=reference), user, actor, change)
            self._people.names[user] = name
        self._base.tell()

    def remove_user(self, id_: Actor, actor: Actor) -> None:
        """Let a user in no more: sessions, links and grants end; name, password, codes and PIN are destroyed.

        Raises:
            BadInput: there is no such user.
            Conflict: `access.last_administrator`.
        """
        with self._changing:
            user = self._people.user(id_)
            self._refuse_last_administrator(id_)
            row = msgspec.structs.replace(user.row, removed=True)
            change = Change()
            change.old_secrets.append(row.name)

            def write(transaction: StoreTransaction, seq: Seq) -> None:
                transaction.put_users([User(id_, row, seq)])
                self._grants.forget(id_, transaction, seq)
                seqs.append(seq)

            def after() -> None:
                self._people.users[id_] = User(id_, row, seqs[-1])
                self._people.names.pop(id_, None)
                self._forget(id_)
                self._grants.forgotten(id_)

            seqs: list[Seq] = []
            change.add(Fact(kind=USER_SET, body=row, ref=Ref(id_), actor=actor), write)
            change.after(after)
            self._sessions.add_end(self._entries.sessions_of(id_), actor, "user_removed", change)
            self._credentials.remove(id_, CREDENTIAL_KINDS, actor, change)
            self._entries.add(
                [*self._entries.ended_rows(id_, "link"), *self._entries.ended_rows(id_, "recovery")], change
            )
            change.commit(self._base)
        self._base.tell()

    def grant(self, user: Actor, target: Ref, actor: Actor) -> None:
        """Let a site contact see a site (`site-N`), or an installer an account (`account-N`).

        Raises:
            BadInput: `user.unknown`; `access.grant`: the target is none; `access.grant_role`: the user lacks the role.
            Conflict: `access.grants_full`.
        """
        with self._changing:
            roles = self._people.user(user).row.roles
            change = Change()
            self._grants.give(user, roles, target, actor, change)
            change.commit(self._base)
        self._base.tell()

    def revoke_grant(self, user: Actor, target: Ref, actor: Actor) -> None:
        """Take a grant back; one that is not there stays so."""
        with self._changing:
            change = Change()
            self._grants.take_back(user, target, actor, change)
            change.commit(self._base)
        self._base.tell()

    def _store_user(self, row: UserRow, id_: Actor | None, actor: Actor, change: Change) -> Actor:
        """Add a user's row to a change, and commit it."""
        made: list[User] = []

        def write(transaction: StoreTransaction, seq: Seq) -> None:
            made[:] = [User(id_ or user_id(seq), row, seq)]
            transaction.put_users(made)

        change.add(Fact(kind=USER_SET, body=row, ref=None if id_ is None else Ref(id_), actor=actor), write)
        change.commit(self._base)
        self._people.users[made[0].id] = made[0]
        return made[0].id

    def _refuse_last_administrator(self, id_: Actor) -> None:
        if "administrator" not in self._people.roles_of(id_):
            return
        if not any(
            "administrator" in self._people.roles_of(other) for other in list(self._people.users) if other != id_
        ):
            raise Conflict(
                "This is the only administrator. Nothing was changed. Give somebody else the role first, or nobody "
                "could give it again",
                "access.last_administrator",
            )
