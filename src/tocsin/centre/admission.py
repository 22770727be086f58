"""Letting people and programs in, as the commands do it: links, users and tokens of one centre."""

from collections.abc import Callable, Sequence
from typing import Literal, assert_never

import msgspec

from tocsin.access.access import Access
from tocsin.access.links import LINK_S
from tocsin.access.tokens import TOKEN_DAYS
from tocsin.centre.centre import CLI
from tocsin.model.access import CredentialState, MadeSecret, NamedUser, Role, SessionItem, TokenItem
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.values import Actor, Micros, PersonalText, Ref, Secret

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


UserOp = Literal["add", "list", "roles", "rename", "remove", "password", "reset", "sessions", "sign_out", "grant"]


class UserRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What `tocsin user` asks for."""

    op: UserOp
    name: PersonalText | None = None
    """Of the user, or the id."""
    new_name: PersonalText | None = None
    roles: tuple[str, ...] = ()
    secret: Secret | None = None
    target: Ref | None = None
    """A session, a site or an account."""
    removed: bool = False
    """A grant is taken back."""

    def __repr__(self) -> str:
        """Name the question and nothing that came with it."""
        return f"UserRequest({self.op})"


class KnownUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user as an administrator sees one."""

    id: Actor
    name: PersonalText
    roles: tuple[Role, ...]
    credentials: CredentialState
    sessions: int
    """How many are open."""
    grants: tuple[Ref, ...]


class UserAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: the users that it was about, sessions with whose they are, or how many ended."""

    users: tuple[KnownUser, ...] = ()
    sessions: tuple[tuple[PersonalText, SessionItem], ...] = ()
    ended: int = 0


class Admission:
    """What `tocsin link`, `tocsin token` and `tocsin user` ask for."""

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

    def user(self, request: UserRequest) -> UserAnswer:
        """Carry out what `tocsin user` asks for.

        Raises:
            BadInput, Conflict: it is refused; nothing was changed.
        """
        access = self._access
        if request.op == "list" or (request.op == "sessions" and request.name is None):
            people = access.people()
        elif request.op == "add":
            people = [self._add(request)]
        else:
            people = [self._find(request.name or "")]
        if request.op == "list":
            return UserAnswer(users=tuple(map(self._known, people)))
        if request.op == "sessions":
            found = [(one.name, item) for one in people for item in access.sessions(one.id)]
            return UserAnswer(sessions=tuple(sorted(found, key=lambda pair: pair[1].created_at, reverse=True)))
        known = self._known(people[0])
        ended = self._change(people[0], request)
        person = access.person(people[0].id)
        return UserAnswer(users=(known if person is None else self._known(person),), ended=ended)

    def _change(self, person: NamedUser, request: UserRequest) -> int:
        """Carry out a change of one user; return how many sessions ended."""
        access, user = self._access, person.id
        before = len(access.sessions(user))
        match request.op:
            case "add" | "list" | "sessions":
                pass
            case "roles":
                access.set_roles(user, request.roles, CLI)
            case "rename":
                access.rename_user(user, request.new_name or "", CLI)
            case "remove":
                access.remove_user(user, CLI)
            case "password":
                access.set_password(user, request.secret or "", CLI)
            case "reset":
                self._reset(user)
            case "sign_out" if request.target is not None:
                if request.target not in {item.id for item in access.sessions(user)}:
                    raise BadInput(
                        "This user has no such session, or it has ended. Nothing was changed. `tocsin user sessions` "
                        "lists them",
                        "access.no_session",
                    )
                access.end_session(request.target, CLI, "another")
            case "sign_out":
                access.end_all(user, CLI, "another")
            case "grant" if request.removed:
                access.revoke_grant(user, request.target or Ref(""), CLI)
            case "grant":
                access.grant(user, request.target or Ref(""), CLI)
            case _:
                assert_never(request.op)
        return before - len(access.sessions(user))

    def _reset(self, user: Actor) -> None:
        """Take authenticator, recovery codes and PIN away: the phone is lost, or the PIN is forgotten."""
        if self._access.credentials_of(user).totp is not None:
            self._access.remove_totp(user, CLI)
        self._access.remove_pin(user, CLI)

    def _add(self, request: UserRequest) -> NamedUser:
        access = self._access
        if access.find(" ".join((request.name or "").split())) is not None:
            raise Conflict(
                "There is a user of this name already. Nothing was changed. Give another name, or change the roles "
                "with `tocsin user roles`",
                "access.name_taken",
            )
        made = access.person(access.set_user(request.name or "", request.roles or DEFAULT_ROLES, CLI))
        assert made is not None, "the user was just made"
        return made

    def _find(self, name: str) -> NamedUser:
        """The user of a name or an id."""
        access = self._access
        found = access.person(access.find(" ".join(name.split())) or Actor(name))
        if found is None:
            raise BadInput(
                "There is no user of this name or id. Nothing was changed. `tocsin user list` shows all", "user.unknown"
            )
        return found

    def _known(self, person: NamedUser) -> KnownUser:
        access = self._access
        return KnownUser(
            id=person.id,
            name=person.name,
            roles=person.roles,
            credentials=access.credentials_of(person.id),
            sessions=len(access.sessions(person.id)),
            grants=tuple(sorted(access.granted(person.id))),
        )
