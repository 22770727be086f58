"""Who may come in: users with their roles, and the sessions, tokens and one-time links that stand for them.

A role is what a person may do; a scope is what a program may. Which permissions either has is one table
(`web.permissions`). Names of people lie in the vault, secrets nowhere: of those the centre keeps SHA-256 alone.
Source: INTEGRATIONS.md, section 11.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from tocsin.model.hushed import Hushed
from tocsin.model.values import Actor, Code, DeviceKey, HexHash, Micros, PersonalText, Ref, Secret, Seq

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

AccessKind = Literal["session", "token", "link", "recovery"]
EndReason = Literal["sign_out", "user_removed", "too_many", "everywhere", "another", "lost", "password"]
"""Why a session ended before its time: signed out here, or everywhere; the user was removed, or opened too many;
another person ended it; its device was lost; the password was changed."""

SignInHow = Literal["link", "password", "totp", "recovery"]
"""What somebody came in by: a link; a password alone, with a code of the authenticator, or with a recovery code."""

CredentialKind = Literal["password", "totp", "pin", "recovery"]
CREDENTIAL_KINDS: Final[tuple[CredentialKind, ...]] = ("password", "totp", "pin", "recovery")
LockReason = Literal["asked", "idle"]
"""Why a desk was locked: somebody asked for it, or nobody touched it for a while."""

UnlockHow = Literal["pin", "password"]

Act = Literal[
    "journal.unsealed_export",
    "hold.set",
    "hold.lift",
    "erase.early",
    "erase.waiting",
    "subject.request",
    "restore.over",
    "journal.key_change",
]
"""What takes two persons in this release (INTEGRATIONS.md, section 11)."""


class ActRule(msgspec.Struct, frozen=True, gc=False):
    """Who may ask for an act that takes two persons, and who may answer."""

    ask: tuple[Role, ...]
    answer: tuple[Role, ...]


ACTS: Final[Mapping[Act, ActRule]] = {
    "journal.unsealed_export": ActRule(("supervisor",), ("supervisor", "auditor", "administrator")),
    "hold.set": ActRule(("supervisor",), ("supervisor", "auditor", "administrator")),
    "hold.lift": ActRule(("supervisor",), ("supervisor", "auditor", "administrator")),
    "erase.early": ActRule(("supervisor",), ("supervisor", "auditor", "administrator")),
    "erase.waiting": ActRule(("supervisor",), ("supervisor", "auditor", "administrator")),
    "subject.request": ActRule(("supervisor",), ("supervisor", "auditor", "administrator")),
    "restore.over": ActRule(("administrator",), ("supervisor", "auditor", "administrator")),
    "journal.key_change": ActRule(("administrator",), ("supervisor", "auditor", "administrator")),
}
"""The two-person rule as data. Whoever may not see what an act shows may answer for it, and not ask."""


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
    """Body of `session.opened`, version 2: somebody came in. The fact names it `session-SEQ`; its actor is the user.

    Reads version 1 too, which had no `how`: everybody came by a link.
    """

    expires_at: Micros
    how: SignInHow = "link"
    link: Ref | None = None
    """The link that was used up."""


class SessionEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `session.ended`, version 2: before its time. A session that reaches its end needs no fact.

    Reads version 1 too, which had the first three reasons alone.
    """

    reason: EndReason


class SessionLocked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `session.locked`, version 1: a desk goes on showing, and takes no commands until it is unlocked."""

    reason: LockReason


class SessionUnlocked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `session.unlocked`, version 1: whoever signed in at the desk is back."""

    how: UnlockHow


class SessionBound(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `session.bound`, version 1: the session belongs to a responder's phone from now on, and for longer."""

    expires_at: Micros


class CredentialRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `credential.set`, version 1, whose ref is the user: what somebody can sign in or unlock with."""

    kind: CredentialKind
    reference: Ref | None
    """Where its secret lies in the vault; None for recovery codes, of which only hashes are kept."""
    set_at: Micros


class CredentialRemoved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `credential.removed`, version 1, whose ref is the user. Its secret is destroyed."""

    kind: CredentialKind


class RecoveryUsed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `recovery.used`, version 1: a recovery code stood in for the authenticator. The actor is the user."""

    left: int
    """Codes that are left."""


class GrantRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `grant.set`, version 1, whose ref is the user: a site contact's site, or an installer's account."""

    removed: bool = False
    target: Ref
    """`site-N` or `account-N`."""


class ApprovalAsked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `approval.asked`, version 1: somebody wants what takes two persons. The fact names it `approval-SEQ`."""

    act: Act
    digest: HexHash
    """Of all that the act was asked with (`access.approvals.digest_of`): the answer is to this and nothing else."""
    expires_at: Micros
    reason: Code
    subject: Ref | None
    """What it is about, such as an incident."""


class ApprovalAnswered(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `approval.answered`, version 1, whose ref is the approval: what the second person said."""

    given: bool


class ApprovalUsed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `approval.used`, version 1, whose ref is the approval: the act is done now; it is good for no other."""

    act: Act


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
    """Last use, up to a minute late; of a link or recovery code, when it was used up."""
    ended_at: Micros | None = None
    how: SignInHow | None = None
    """What a session was opened by; None for one that an older program made by a link, and for what is no session."""
    locked_at: Micros | None = None
    """Since when a session is locked."""
    device: DeviceKey | None = None
    """Public key of the phone that a session is bound to."""


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


class Credential(msgspec.Struct, frozen=True, gc=False):
    """A credential as the table has it: whose, the row, and the fact that the row came from."""

    user: Actor
    row: CredentialRow
    seq: Seq


class Grant(msgspec.Struct, frozen=True, gc=False):
    """A grant as the table has it: whose, the row, and the fact that the row came from."""

    user: Actor
    row: GrantRow
    seq: Seq


class Approval(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What two persons do together, as the table has it."""

    id: Ref
    act: Act
    digest: HexHash
    subject: Ref | None
    reason: Code
    asked_by: Actor
    expires_at: Micros
    """By then it is answered and used, or good for nothing."""
    answered_by: Actor | None = None
    given: bool | None = None
    used: bool = False


class CredentialState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What somebody can sign in or unlock with, and since when; None is not set. In memory only."""

    password: Micros | None
    totp: Micros | None
    pin: Micros | None
    recovery: Micros | None
    recovery_left: int
    """Recovery codes that are not used up."""


class TotpOffer(Hushed, frozen=True, kw_only=True, gc=False):
    """A secret for somebody's authenticator, shown this once; kept in memory until a code of it was given."""

    secret: Secret
    """Base32, for typing in."""
    uri: Secret
    """`otpauth://...`, for a picture to scan. The user's name stands in it."""
    expires_at: Micros
    """By then a code of it was given, or it is forgotten."""


class Challenge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a phone signs to show that it still is the one that its session was bound to."""

    message: HexHash
    """32 random bytes in hex; signed are the ASCII bytes `tocsin device 1 SESSION MESSAGE` (ECDSA, P-256, SHA-256)."""
    expires_at: Micros


class SessionItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An open session as a list shows it: everything but its secret."""

    id: Ref
    user: Actor
    how: SignInHow
    device: bool
    """It is bound to a phone."""
    locked: bool
    created_at: Micros
    expires_at: Micros
    used_at: Micros | None
