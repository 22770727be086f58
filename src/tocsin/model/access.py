"""Who may come in: users with their roles, and the sessions, tokens and one-time links that stand for them.

A role is what a person may do; a scope is what a program may. Which permissions either has is one table
(`web.permissions`). Names of people lie in the vault, secrets nowhere: of those the centre keeps SHA-256 alone.
Source: INTEGRATIONS.md, section 11.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.values import Actor, HexHash, Micros, PersonalText, Ref, Secret, Seq

Role = Literal[
    "operator",
    "supervisor",
    "responder",
    "site_contact",
    "installer",
    "integrator",
    "auditor",
    "administrator",
]
ROLES: Final[tuple[Role, ...]] = (
    "operator",
    "supervisor",
    "responder",
    "site_contact",
    "installer",
    "integrator",
    "auditor",
    "administrator",
)
"""The eight roles. A user holds a set of them."""

Scope = Literal["read", "handle", "journal", "intake"]
SCOPES: Final[tuple[Scope, ...]] = ("read", "handle", "journal", "intake")
"""What a token may be made for."""

AccessKind = Literal["session", "token", "link"]
EndReason = Literal["sign_out", "user_removed", "too_many"]
"""Why a session ended before its time."""


class UserRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One user, whole: body of `user.set`, version 1, in canonical order."""

    name: Ref
    """Where the name lies in the vault."""
    removed: bool = False
    """The user may not come in any more, and the name is destroyed."""
    roles: tuple[Role, ...]
    """Sorted, without repeats."""


class User(msgspec.Struct, frozen=True, gc=False):
    """A user as the table has it: the opaque id, the row, and the fact that the row came from."""

    id: Actor
    row: UserRow
    seq: Seq


class NamedUser(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A user with the name, as colleagues see one. In memory only."""

    id: Actor
    name: PersonalText
    roles: tuple[Role, ...]


class LinkCreated(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `link.created`, version 1: a link that lets somebody in once. The fact names it `link-SEQ`."""

    expires_at: Micros
    user: Actor


class SessionOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `session.opened`, version 1: somebody came in. The fact names it `session-SEQ`; its actor is the user."""

    expires_at: Micros
    link: Ref
    """The link that was used up."""


class SessionEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `session.ended`, version 1: before its time. A session that reaches its end needs no fact."""

    reason: EndReason


class TokenCreated(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `token.created`, version 1: a program may ask. The fact names it `token-SEQ`."""

    expires_at: Micros
    scopes: tuple[Scope, ...]
    """Sorted, without repeats."""


class TokenRevoked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `token.revoked`, version 1: it opens nothing any more."""

    scopes: tuple[Scope, ...]
    """What it had been made for."""


class AccessRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What lets somebody in: a session, a token or a link, by the hash of its secret."""

    hash: HexHash
    """SHA-256 of the secret, which the centre does not keep."""
    kind: AccessKind
    id: Ref
    user: Actor | None
    """Whom it stands for; None for a token, which is nobody's."""
    scopes: tuple[Scope, ...] = ()
    created_at: Micros
    expires_at: Micros
    used_at: Micros | None = None
    """Last use, up to a minute late; of a link, when it was used up."""
    ended_at: Micros | None = None


class TokenItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A token as a list shows it: everything but its secret."""

    id: Ref
    scopes: tuple[Scope, ...]
    created_at: Micros
    expires_at: Micros
    used_at: Micros | None
    state: Literal["alive", "expired", "revoked"]


class MadeSecret(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was just made, with its secret, which is shown this once."""

    id: Ref
    secret: Secret
    expires_at: Micros

    def __repr__(self) -> str:
        """Name it without its secret."""
        return f"MadeSecret({self.id})"
