"""What two persons agree on when something sealed leaves the centre: unsealed exports and subject requests."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from tocsin.model.values import AccountRef, Code, IncidentRef, Micros, PersonalText

UnsealReason = Literal[
    "complaint", "court_order", "police_request", "accident_inquiry", "fault_finding", "data_subject"
]
UNSEAL_REASONS: Final[tuple[UnsealReason, ...]] = (
    "complaint",
    "court_order",
    "police_request",
    "accident_inquiry",
    "fault_finding",
    "data_subject",
)
"""Why messages and texts are opened for an export. Coded: a reason in words could name somebody."""

ACCOUNT_DAYS_MAX: Final = 7
"""So many days of one account at most."""

REQUESTS_A_DAY: Final = 5
CONTACT_MAX: Final = 120
REFERENCE: Final = r"[A-Z]{0,4}-?20[0-9]{2}[-/][0-9]{1,6}"
"""A request's number in the centre's files: up to four capitals, the year, a number. No name or date of birth fits."""

RequestReference = Annotated[Code, Meta(pattern=f"^{REFERENCE}$", max_length=16)]
SubjectWhat = Literal["telephone", "name"]


class UnsealedExport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries of one incident, or of one account from a time to another; with what was sealed with them."""

    reason: UnsealReason
    incident: IncidentRef | None = None
    account_id: AccountRef | None = None
    since: Micros | None = None
    until: Micros | None = None


class RestoreOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A backup takes the place of a centre that is there, which is kept beside it."""

    backup: Code
    """Its name."""


class SubjectRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody asked what is held under a contact of theirs."""

    reference: RequestReference
    what: SubjectWhat
    contact: Annotated[PersonalText, Meta(min_length=3, max_length=CONTACT_MAX)]

    def __repr__(self) -> str:
        """Without the contact: this object passes near logs and tracebacks."""
        return f"SubjectRequest({self.what})"
