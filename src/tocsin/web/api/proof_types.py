"""What the API takes and answers about the proof: exports, subject requests, what is held about oneself."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.access import CredentialKind, Role
from tocsin.model.export import CONTACT_MAX, RequestReference, SubjectWhat, UnsealReason
from tocsin.model.notices import Channel
from tocsin.model.values import AccountRef, Actor, Code, IncidentRef, Micros, PersonalText, Ref, Secret, Words
from tocsin.web.api.people_types import ApprovalId

Moment = Annotated[int, Meta(ge=0, le=2**53 - 1)]
FileForm = Literal["jsonl", "csv"]


class ActCountItem(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one kind that one caused."""

    kind: Code
    count: int
    first_at: Micros
    last_at: Micros


class CredentialItem(msgspec.Struct, frozen=True, kw_only=True):
    """A way of signing in that is set up."""

    kind: CredentialKind
    since: Micros


class HeldSession(msgspec.Struct, frozen=True, kw_only=True):
    """An open session of one's own."""

    id: Ref
    created_at: Micros
    expires_at: Micros
    used_at: Micros | None


class HoldingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is held about oneself."""

    id: Actor
    """All that the record knows of one."""
    name: PersonalText
    """Apart from the record, sealed, until one is removed as a user."""
    roles: list[Role]
    credentials: list[CredentialItem]
    sessions: list[HeldSession]
    own: list[Ref]
    """Sites and accounts that one was granted."""
    contacts: list[Channel]
    """Ways in which one is reached; the addresses stand in the own account, each in part."""
    acts: list[ActCountItem]
    """What the record says that one did, by kind. It stays for as long as the journal is kept."""
    text: Words
    """The same as a page, in Markdown."""


class UnsealedBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An unsealed export, exactly as the second person agreed to it: of an incident, or of an account and some days."""

    approval: ApprovalId
    reason: UnsealReason
    incident: IncidentRef | None = None
    account_id: AccountRef | None = None
    since: Moment | None = None
    until: Moment | None = None
    """At most seven days after `since`."""
    form: FileForm = "jsonl"


class SubjectRequestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subject request, exactly as the second person agreed to it."""

    approval: ApprovalId
    reference: RequestReference
    """The request's number in the centre's files: the year and a number, with up to four capitals before them."""
    what: SubjectWhat
    contact: Annotated[PersonalText, Meta(min_length=3, max_length=CONTACT_MAX)]

    def __repr__(self) -> str:
        """Without the contact: this object passes near logs and tracebacks."""
        return f"SubjectRequestBody({self.what})"


class SubjectRequestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed file and what opens it. Both are handed out this once and kept nowhere."""

    reference: Code
    found: int
    name: Code
    file: bytes
    """In the age format."""
    passphrase: Secret

    def __repr__(self) -> str:
        """Without what opens it."""
        return f"SubjectRequestAnswer({self.reference})"
