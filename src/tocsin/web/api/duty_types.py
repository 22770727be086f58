"""What the API takes and answers about reports of staff on duty.

As in `types`: times are integers, microseconds since 1970 UTC. What holds something personal shows nothing of itself.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.call_forms import ACCURACY_MAX_M, Degrees
from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.check_ins import Minutes
from tocsin.model.duty import DutyReceipt, PhoneTime, PlaceCode
from tocsin.model.help_note import LINE_MAX, WORDS_MAX, Harm
from tocsin.model.values import Actor, Code, Micros, Place, Ref, Words
from tocsin.web.api.help_types import HushedBody

UserRef = Annotated[Actor, Meta(pattern=r"^user-[0-9]{1,16}$")]
SiteRef = Annotated[str, Meta(pattern=r"^site-[0-9]{1,16}$")]
Line = Annotated[str, Meta(max_length=LINE_MAX, extra={"personal": True})]


class DutyType(msgspec.Struct, frozen=True, kw_only=True):
    """A type that a person may report."""

    type: Code
    short: Code
    hazard: HazardClass
    meaning: Words
    priority: Priority
    silent: bool
    """A silent call for help: once it is sent, nothing of it stays on the phone."""


class DutyPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A site that staff may choose."""

    site_id: Ref
    name: Place
    parts: list[Place]
    """Buildings and places on it."""


class DutyForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the phone page is made of; a phone keeps it for when there is no network."""

    centre: Place
    telephone: Words | None
    """The control room's number, as staff dial it."""
    help_type: Code
    """What "help here now" reports."""
    types: list[DutyType]
    places: list[DutyPlace]
    """By name. Empty where staff choose none from a list."""
    places_total: int
    """More than stand here: the others are found by words."""
    now: Micros


class DutyPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """Sites by name."""

    places: list[DutyPlace]
    total: int


class CodedPlaceItem(msgspec.Struct, frozen=True, kw_only=True):
    """Where a code is."""

    site_id: Ref
    name: Place | None
    part: Place | None


class DutyReportBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody reports by phone."""

    type: Annotated[str, Meta(pattern=r"^([A-Z][A-Z0-9.-]{1,39}|[0-9]{3})$")]
    """By its word, or by its short number."""
    typed_at: PhoneTime
    """By the phone's clock, as `sent_at`: what is right of them is how far they are apart."""
    sent_at: PhoneTime
    site_id: SiteRef | None = None
    code: PlaceCode | None = None
    """What the code at the place says; it wins over `site_id`."""
    where: Line | None = None
    exact: Line | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90, extra={"personal": True})] | None = None
    longitude: Degrees | None = None
    accuracy_m: Annotated[int, Meta(ge=0, le=ACCURACY_MAX_M, extra={"personal": True})] | None = None
    said: Annotated[str, Meta(max_length=WORDS_MAX, extra={"personal": True})] | None = None
    harm_feared: Annotated[tuple[Harm, ...], Meta(max_length=5)] = ()
    """Of somebody missing: without a harm that is feared nobody is looked for."""
    written_by: UserRef | None = None
    """Who was signed in at the phone when it was typed: in nobody else's name it goes out, unless it is handed over."""
    is_handed_over: bool = False
    """Somebody else typed it, or nobody was signed in; whoever is signed in now saw it and sends it for them."""


class CheckInItem(msgspec.Struct, frozen=True, kw_only=True):
    """The own check-in."""

    id: Ref
    begun_at: Micros
    due_at: Micros
    """By then its person is heard of, or is looked for."""
    minutes: int
    is_reminded: bool
    is_missed: bool
    """The control room looks for them."""
    number: int | None
    """Of the incident that was opened."""


class CheckInAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The own check-in, where there is one."""

    check_in: CheckInItem | None
    now: Micros


class CheckInBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody works alone: for how long, and where."""

    minutes: Minutes
    site_id: SiteRef | None = None
    code: PlaceCode | None = None
    where: Line | None = None
    exact: Line | None = None


class CheckInGoesOnBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All is well, and it goes on for so long from now."""

    minutes: Minutes


class DutyReceipts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the own reports."""

    items: Annotated[list[DutyReceipt], Meta(max_length=100)]
