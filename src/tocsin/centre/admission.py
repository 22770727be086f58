"""Letting people and programs in, as the commands do it: links, users and tokens of one centre."""

from collections.abc import Callable, Sequence

import msgspec

from tocsin.access.access import LINK_S, TOKEN_DAYS, Access
from tocsin.centre.centre import CLI
from tocsin.model.access import MadeSecret, NamedUser, TokenItem
from tocsin.model.errors import BadInput
from tocsin.model.values import Actor, Micros, Ref, Secret

DEFAULT_ROLES = ("operator",)
"""What somebody new is who is given no role: somebody who handles incidents."""


class MadeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was just made, with its secret, which is shown this once."""

    user: Actor
    is_new: bool
    """The user was made for it."""
    roles: tuple[str, ...]
    secret: Secret
    expires_at: Micros
    url: str | None
    """Where it leads; None where the centre's address is not known yet."""

    def __repr__(self) -> str:
        """Name it without its secret."""
        return f"MadeLink({self.user})"


class Admission:
    """What `tocsin link` and `tocsin token` ask for."""

    def __init__(self, access: Access, url: Callable[[], str | None]) -> None:
        """Work on `access`; `url` tells the address under which people open the centre, None where nobody knows."""
        self._access = access
        self._url = url

    def link(self, name: str | None, roles: Sequence[str] = (), seconds: int = LINK_S) -> MadeLink:
        """Make a sign-in link for a user, and the user where there is none of this name.

        Without a name it is for the one user that there is. `roles`, where given, are the user's from now on.

        Raises:
            BadInput: name or roles are none; no name, and not one user.
            Conflict: there are too many users or unused links.
        """
        access = self._access
        known = access.people()
        if name is None:
            if len(known) != 1:
                raise BadInput(
                    f"There are {len(known)} users, and none was named. Nothing was made. Give the name of whom the "
                    "link is for; `tocsin link --list` shows all",
                    "usage.user",
                )
            found = known[0].id
            if roles:
                access.set_user(known[0].name, roles, CLI)
        else:
            found = access.find(name)
            if found is None or roles:
                found = access.set_user(name, roles or DEFAULT_ROLES, CLI)
        made = access.create_link(found, CLI, seconds)
        url = self._url()
        return MadeLink(
            user=found,
            is_new=found not in {person.id for person in known},
            roles=access.roles_of(found),
            secret=made.secret,
            expires_at=made.expires_at,
            url=None if url is None else f"{url}/sign-in/{made.secret}",
        )

    def people(self) -> list[NamedUser]:
        """Everybody who may come in."""
        return self._access.people()

    def create_token(self, scopes: Sequence[str], days: int = TOKEN_DAYS) -> MadeSecret:
        """Make a token for a program."""
        return self._access.create_token(scopes, days, CLI)

    def tokens(self) -> list[TokenItem]:
        """All tokens, newest first."""
        return self._access.tokens()

    def revoke_token(self, id_: Ref) -> None:
        """Let a token open nothing any more."""
        self._access.revoke_token(id_, CLI)
