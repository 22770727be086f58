"""What the API takes and answers about people: the own account, users, tokens, sessions, approvals, own sites."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tocsin.model.access import Act, Role, Scope, SignInHow
from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.export import CONTACT_MAX
from tocsin.model.hushed import Hushed
from tocsin.model.incidents import Condition, Presentation, State
from tocsin.model.values import AccountNumber, Actor, Code, HexHash, Micros, PersonalText, Place, Ref, Secret, Words
from tocsin.web.api.types import UserItem

TYPED_MAX = 512
"""The longest password, PIN or code that is looked at; limits of their own are told by `access`."""

Typed = Annotated[str, Meta(min_length=1, max_length=TYPED_MAX, extra={"personal": True})]
Name = Annotated[str, Meta(min_length=1, max_length=120, extra={"personal": True})]
UserId = Annotated[str, Meta(pattern=r"^user-[0-9]{1,16}$")]
TargetId = Annotated[str, Meta(pattern=r"^(site|account)-[0-9]{1,16}$")]
ApprovalId = Annotated[str, Meta(pattern=r"^approval-[0-9]{1,16}$")]
Reason = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]{0,39}$")]
Hex = Annotated[str, Meta(pattern=r"^([0-9a-fA-F]{2}){1,256}$")]


class CredentialsItem(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody can sign in or unlock with, and since when; null is not set."""

    password: Micros | None
    totp: Micros | None
    """An authenticator, as the second factor."""
    pin: Micros | None
    """For unlocking a desk."""
    recovery: Micros | None
    recovery_left: int
    """Recovery codes that are not used up."""


class SessionListItem(msgspec.Struct, frozen=True, kw_only=True):
    """An open session."""

    id: Ref
    user_id: Actor
    how: SignInHow
    """What it was opened by."""
    device: bool
    """It is bound to a phone."""
    locked: bool
    created_at: Micros
    expires_at: Micros
    used_at: Micros | None
    own: bool
    """It is the one that asks."""


class SessionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Open sessions, newest first."""

    items: list[SessionListItem]


class MeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The own account."""

    user: UserItem
    credentials: CredentialsItem
    sessions: list[SessionListItem]
    own: list[Ref]
    """Sites and accounts that somebody entered as one's own."""
    is_fresh: bool
    """Signed in or confirmed within 15 minutes. Else changes of how one signs in are refused (403 `access.confirm`)
    until `/api/v1/session/confirm`."""
    needs_old: bool
    """A new password wants the old one; it does not for 15 minutes after one came by a link."""


class PasswordBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new password for oneself."""

    new: Typed
    old: Typed | None = None
    """Not needed where one came by a link within the last 15 minutes."""


class ConfirmBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Password, and code where one has an authenticator, once more."""

    password: Typed
    code: Typed | None = None


class PinBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new PIN."""

    pin: Typed


class TotpAnswer(Hushed, frozen=True, kw_only=True):
    """A secret for an authenticator, shown this once."""

    secret: Secret
    uri: Secret
    """What the picture says, for an authenticator that takes it as a link."""
    picture: list[Secret]
    """The same to scan: a QR code, row by row, `1` is dark; its light margin is in it."""
    expires_at: Micros
    """By then a code of it was given, or it is forgotten."""


class TotpCodeBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first code of an authenticator."""

    code: Typed


class RecoveryAnswer(Hushed, frozen=True, kw_only=True):
    """Recovery codes, shown this once. Each lets somebody in once, in place of a code of the authenticator."""

    codes: list[Secret]


class UnlockBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What unlocks a desk: PIN or password."""

    secret: Typed


class LockBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a desk is locked."""

    reason: Literal["asked", "idle"] = "asked"


class DeviceBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public key of a phone, which this session is bound to from now on."""

    public_key: Hex
    """An uncompressed point of P-256: 65 bytes in hex, as `crypto.subtle.exportKey("raw", ...)` gives them."""


class ChallengeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone signs: the ASCII bytes `tocsin device 1 SESSION MESSAGE`, by ECDSA with SHA-256."""

    session: Ref
    message: HexHash
    expires_at: Micros
    csrf: Code
    """Send it as `X-CSRF-Token` with the proof."""


class ProofBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signature of the challenge."""

    signature: Hex
    """r and s, 64 bytes in hex, as `crypto.subtle.sign` gives them."""


class UserBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new user."""

    name: Name
    roles: Annotated[list[Role], Meta(min_length=1, max_length=8)]


class UserPatch(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes different about a user; what is left out stays."""

    name: Name | None = None
    roles: Annotated[list[Role], Meta(min_length=1, max_length=8)] | None = None


class UserDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A user, as administrators see one."""

    user: UserItem
    credentials: CredentialsItem
    sessions: list[SessionListItem]
    own: list[Ref]
    """Sites of a site contact, accounts of an installer."""


class LinkAnswer(Hushed, frozen=True, kw_only=True):
    """A sign-in link, shown this once: it lets in whoever opens it first."""

    url: Secret
    expires_at: Micros


class EndedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How many sessions were ended."""

    ended: int


class RoleItem(msgspec.Struct, frozen=True, kw_only=True):
    """A role, in words."""

    role: Role
    words: Words
    """What it is for."""
    leaves_out: Words
    permissions: list[Code]


class PermissionItem(msgspec.Struct, frozen=True, kw_only=True):
    """A permission, in words."""

    permission: Code
    words: Words


class ScopeItem(msgspec.Struct, frozen=True, kw_only=True):
    """What a token of this scope may."""

    scope: Scope
    permissions: list[Code]


class ActItem(msgspec.Struct, frozen=True, kw_only=True):
    """What takes two persons."""

    act: Act
    ask: list[Role]
    answer: list[Role]


class RolesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who may what, whole."""

    roles: list[RoleItem]
    scopes: list[ScopeItem]
    permissions: list[PermissionItem]
    acts: list[ActItem]


class TokenBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new token."""

    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=4)]
    days: Annotated[int, Meta(ge=1, le=3650)] = 90


class TokenAnswer(Hushed, frozen=True, kw_only=True):
    """A token, shown this once."""

    id: Ref
    secret: Secret
    expires_at: Micros


class TokenListItem(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its secret."""

    id: Ref
    scopes: list[Scope]
    created_at: Micros
    expires_at: Micros
    used_at: Micros | None
    state: Literal["alive", "expired", "revoked"]


class TokensAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens, newest first; those that ended stay listed for 30 days."""

    items: list[TokenListItem]


class GrantBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site of a site contact, or an account of an installer."""

    user_id: UserId
    target_id: TargetId


class GrantItem(msgspec.Struct, frozen=True, kw_only=True):
    """Whose own a site or account is."""

    user_id: Actor
    target_id: Ref


class GrantsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every grant."""

    items: list[GrantItem]


class ApprovalBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Asks a second person for their yes to an act with exactly these parameters."""

    act: Act
    reason: Reason
    subject: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}-[0-9]{1,16}$")] | None = None
    parameters: Annotated[dict[str, Any], Meta(max_length=32)]
    """As the act itself will be asked with, but for `approval`."""


class ApprovalItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that two persons do together."""

    id: Ref
    act: Act
    reason: Code
    subject: Ref | None
    shown: dict[str, str | int | bool | None]
    """Parameters of the act that name nobody."""
    asked_by: Actor
    expires_at: Micros
    """By then it is answered and used, or good for nothing."""
    answered_by: Actor | None
    given: bool | None
    """What the second person said; null: nothing yet."""
    used: bool
    may_answer: bool
    """Whoever asks this may be the second person."""


class ContactAnswer(Hushed, frozen=True, kw_only=True):
    """What a subject request that waits for a second person would look for."""

    contact: Annotated[PersonalText, Meta(max_length=CONTACT_MAX)]


class ApprovalsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What waits or waited for a second person in the last minutes, newest first."""

    items: list[ApprovalItem]


class AnswerBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second person's answer, by the own session."""

    given: bool


class AnswerHereBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second person's answer on the screen of the first: who they are is checked, and no session is made."""

    name: Name
    password: Typed
    code: Typed | None = None
    given: bool = True


class OwnIncidentItem(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as the contact of its site sees it: nothing that people said, nobody who handles it."""

    number: int
    site_id: Ref
    site: Place | None
    type: Code
    meaning: Words | None
    hazard: HazardClass
    priority: Priority
    state: State
    condition: Condition
    presentation: Presentation
    exercise: bool
    is_claimed: bool
    """Somebody is at it."""
    zone: Code | None
    zone_name: Place | None
    opened_at: Micros
    closed_at: Micros | None


class OwnIncidentsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What happens at the own sites, and what was closed there in the last 30 days; newest first."""

    items: list[OwnIncidentItem]
    sites: list[Ref]


class OwnFault(msgspec.Struct, frozen=True, kw_only=True):
    """A technical fault that is open."""

    type: Code
    meaning: Words | None
    condition: Condition
    since: Micros


class OwnAccountItem(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its installer sees it: whether it is heard, and its faults."""

    account_id: Ref
    account: AccountNumber
    name: Place | None
    category: Code | None
    has_key: bool
    zones: int
    heard_at: Micros | None
    """Its latest test, opening, closing or trouble; no alarm moves it."""
    faults: list[OwnFault]


class OwnAccountsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts that one looks after."""

    items: list[OwnAccountItem]
