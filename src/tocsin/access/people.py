"""Who there is: users, their names and what they may do. Asked without I/O; `UserChanges` changes it."""

from tocsin.access.base import Base, no_user
from tocsin.model.access import NamedUser, Role, User
from tocsin.model.values import Actor


class People:
    """Held in memory; whoever changes it holds `Base.changing`."""

    def __init__(self, base: Base) -> None:
        """Read who there is."""
        self._base = base
        self.users: dict[Actor, User] = {user.id: user for user in base.store.users()}
        self.names: dict[Actor, str] = self._read_names()

    def roles_of(self, user: Actor) -> tuple[Role, ...]:
        """The roles that somebody has now; none where they may not come in."""
        found = self.users.get(user)
        return () if found is None or found.row.removed else found.row.roles

    def person(self, id_: Actor) -> NamedUser | None:
        """A user with the name; None where there is none, or the user was removed."""
        user = self.users.get(id_)
        if user is None or user.row.removed:
            return None
        return NamedUser(id=id_, name=self.names.get(id_) or id_, roles=user.row.roles)

    def everybody(self) -> list[NamedUser]:
        """Everybody who may come in, in the order in which they were made. A name that is lost is the id."""
        return [person for id_ in list(self.users) if (person := self.person(id_)) is not None]

    def find(self, name: str) -> Actor | None:
        """The user of this name, compared without case."""
        wanted = name.casefold()
        for id_, known in list(self.names.items()):
            if known.casefold() == wanted and not self.users[id_].row.removed:
                return id_
        return None

    def user(self, id_: Actor) -> User:
        """A user who was not removed.

        Raises:
            BadInput: `user.unknown`.
        """
        user = self.users.get(id_)
        if user is None or user.row.removed:
            raise no_user()
        return user

    def named(self, id_: Actor) -> NamedUser:
        """A user who was not removed, with the name.

        Raises:
            BadInput: `user.unknown`.
        """
        person = self.person(id_)
        if person is None:
            raise no_user()
        return person

    def _read_names(self) -> dict[Actor, str]:
        living = {user.id: user.row.name for user in self.users.values() if not user.row.removed}
        found = self._base.secrets.secrets_get(sorted(living.values()))
        return {id_: found[name].decode("utf-8", "replace") for id_, name in living.items() if name in found}
