"""How long personal data are kept, by class, and why; legal holds; what ends them before their time.

The defaults are SCOPE.md's. A centre may shorten what `[retention]` of its settings names, and lengthen one class up to
twelve months where it says why. Every personal field of the register (`model.personal`) names one of these classes.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from tocsin.model.values import Actor, Code, HoldRef, IncidentRef, KeyId, Micros, Ref, Seq, Words

Retention = Literal[
    "intake",
    "intake_or_panel",
    "incident",
    "missing",
    "still",
    "position",
    "keyholder",
    "warning",
    "wishes",
    "watch",
    "ring",
    "configuration",
    "user",
    "journal",
    "memory",
]
"""The classes. A class that no field names yet waits for the part of the product that will need it."""

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US
HOLD_DAYS_MAX: Final = 366
"""A legal hold ends within twelve months; it can be set again, by two persons again."""

HOLDS_MAX: Final = 20
"""Holds of one incident at once."""

HoldReason = Literal[
    "court_order", "police_request", "complaint", "insurance_claim", "internal_review", "accident_inquiry"
]
HOLD_REASONS: Final[tuple[HoldReason, ...]] = (
    "court_order",
    "police_request",
    "complaint",
    "insurance_claim",
    "internal_review",
    "accident_inquiry",
)
"""Why data are kept beyond their time. Coded: a reason in words could name somebody."""

LiftReason = Literal["settled", "set_by_mistake", "data_subject"]
LIFT_REASONS: Final[tuple[LiftReason, ...]] = ("settled", "set_by_mistake", "data_subject")
"""Why a hold ends before its date: the matter is settled; it should not have been set; somebody's right to erasure."""

EraseReason = Literal["data_subject", "not_needed", "entered_by_mistake", "authority_order"]
ERASE_REASONS: Final[tuple[EraseReason, ...]] = ("data_subject", "not_needed", "entered_by_mistake", "authority_order")
"""Why data are erased before their time."""


class RetentionClass(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One class: how long, counted from what, and why so long."""

    kept: Words
    """In words, with the default."""
    reason: Words
    """Why not shorter, and why not longer."""
    hours: int | None = None
    """By default; None where no number of hours tells it."""
    hours_max: int | None = None
    """A centre cannot set more; None where it cannot set it at all."""


CLASSES: Final[Mapping[Retention, RetentionClass]] = {
    "intake": RetentionClass(
        kept=Words("at most 14 days: its day's key is destroyed"),
        reason=Words("to find out why a message was rejected or who pressed; a user's number is needed for no longer"),
        hours=14 * 24,
        hours_max=14 * 24,
    ),
    "intake_or_panel": RetentionClass(
        kept=Words(
            "at most 90 days, at most 14 where the message holds a user's number or was rejected: "
            "its day's key is destroyed"
        ),
        reason=Words("a quarter's disputes over what a panel sent can be settled; beyond it nobody has asked"),
        hours=90 * 24,
        hours_max=90 * 24,
    ),
    "incident": RetentionClass(
        kept=Words("30 days after its incident was closed: the incident's key is destroyed"),
        reason=Words(
            "questions about an operation come within weeks; figures and proof need none of it. At most 12 months, "
            "where the centre says why"
        ),
        hours=30 * 24,
        hours_max=366 * 24,
    ),
    "missing": RetentionClass(
        kept=Words("24 hours after the incident of a missing person was closed: the incident's key is destroyed"),
        reason=Words("a description serves the search alone, and the search is over"),
        hours=24,
    ),
    "still": RetentionClass(
        kept=Words("72 hours"),
        reason=Words("long enough to look again at what was seen during an operation"),
        hours=72,
        hours_max=72,
    ),
    "position": RetentionClass(
        kept=Words("24 hours"),
        reason=Words("help finds somebody in hours; where somebody was afterwards is nobody's business"),
        hours=24,
        hours_max=24,
    ),
    "keyholder": RetentionClass(
        kept=Words("for as long as somebody is a keyholder, confirmed each year, and 30 days more"),
        reason=Words("the centre must reach who can open; a mistaken removal can be mended for a month"),
        hours=30 * 24,
    ),
    "warning": RetentionClass(
        kept=Words("at most 6 months, or until a supervisor ends it sooner"),
        reason=Words("crews must know a danger that was met there; places change, so it must be met anew"),
        hours=183 * 24,
    ),
    "wishes": RetentionClass(
        kept=Words("until its review date, until consent is withdrawn, or until the site is removed"),
        reason=Words("it is there because the resident wants it there"),
    ),
    "watch": RetentionClass(
        kept=Words("90 days after its day: the day's key is destroyed"),
        reason=Words("what a shift wrote down can be looked back at for a quarter; figures and proof need none of it"),
        hours=90 * 24,
    ),
    "ring": RetentionClass(
        kept=Words(
            "half an hour after a call is over, or 72 hours after one that nobody answered: its key is destroyed"
        ),
        reason=Words("whoever takes the call puts it into the form, and who was not answered is called back"),
        hours=72,
    ),
    "configuration": RetentionClass(
        kept=Words(
            "in keys.db under the master key, until the text is replaced, or its account, site or zone is removed"
        ),
        reason=Words("help must find the place for as long as it is looked after"),
    ),
    "user": RetentionClass(
        kept=Words("in keys.db under the master key, until the user is removed"),
        reason=Words("colleagues must know who acts"),
    ),
    "journal": RetentionClass(
        kept=Words("for as long as the journal is kept"),
        reason=Words("the proof of what happened names the centre, and nobody else"),
    ),
    "memory": RetentionClass(
        kept=Words("while the message is handled; it is written nowhere"),
        reason=Words("it is needed for a moment"),
    ),
}
"""Every class, in the order in which people read them."""


LongReason = Literal["none", "law", "contract", "insurer", "regulator"]
"""Why a centre keeps texts of incidents for longer than SCOPE.md's default. Coded, and printed on the scope sheet."""

LONG_REASONS: Final[Mapping[LongReason, Words]] = {
    "none": Words("no reason is given, and none is needed for the default"),
    "law": Words("a law asks this centre for records of this length"),
    "contract": Words("contracts with those who are protected ask for it"),
    "insurer": Words("insurers settle claims within this time"),
    "regulator": Words("the authority that supervises this centre asks for it"),
}


class RetentionRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a centre set of how long it keeps: `[retention]` of its settings."""

    incident_days: int = 30
    incident_reason: LongReason = "none"
    intake_days: int = 14
    panel_days: int = 90

    @property
    def key(self) -> Code:
        """By what incidents get their timers: another key, and those that are there are looked at again."""
        return Code(f"incident-{self.incident_days}")

    def hours_of(self, name: Retention) -> int:
        """How long values of a class live here, in hours.

        Raises:
            KeyError: the class has no number of hours.
        """
        own = {"incident": self.incident_days, "intake": self.intake_days, "intake_or_panel": self.panel_days}
        if name in own:
            return own[name] * 24
        hours = CLASSES[name].hours
        if hours is None:
            raise KeyError(name)
        return hours


class IncidentErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.erased`, version 1: the keys of an incident's texts were destroyed, and the texts with them."""

    approval: Ref | None
    """What two persons agreed on, where it came before its time."""
    exercise: bool
    keys: tuple[KeyId, ...]
    notes: int
    """Notes that lay under names of their own, as the first release kept them."""
    reason: Code
    """`time`, or why it came before its time."""
    values: int


class HoldSet(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `hold.set`, version 1: the incident's data are kept until then, whatever their class says.

    Its own seq names the hold: `hold-` and the seq.
    """

    approval: Ref | None
    exercise: bool
    reason: HoldReason
    until: Micros


class HoldLifted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `hold.lifted`, version 1: the hold ended before its date."""

    approval: Ref | None
    exercise: bool
    hold: Ref
    reason: LiftReason


class Hold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A legal hold: a row of `holds`, the projection of `hold.set` and `hold.lifted`."""

    id: Ref
    incident: Ref
    lifted_at: Micros | None
    lifted_by: Actor | None
    lifted_reason: LiftReason | None
    reason: HoldReason
    set_at: Micros
    set_by: Actor | None
    until: Micros

    def holds_at(self, now: Micros) -> bool:
        """It keeps data at this time."""
        return self.lifted_at is None and now < self.until


class Erasure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The last erasure of an incident's data: a row of `erasures`, the projection of `incident.erased`."""

    at: Micros
    incident: Ref
    reason: Code
    seq: Seq


class SetHold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What two persons agree on before a hold is set: the approval names these very values."""

    incident: IncidentRef
    reason: HoldReason
    until: Micros


class LiftHold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What two persons agree on before a hold is lifted."""

    hold: HoldRef
    incident: IncidentRef
    reason: LiftReason


class EraseEarly(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What two persons agree on before data are erased ahead of their time."""

    incident: IncidentRef
    reason: EraseReason


class EraseWaiting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What two persons agree on before all that waits after a restore is erased."""

    count: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    """How many incidents wait: only a restore adds to them, so it says which."""


class IncidentData(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How it stands with an incident's texts: whether there are any, when they end, and what holds them."""

    incident: Ref
    retention: Retention
    values: int
    """Sealed values that are there: notes, copies of what panels said, and the like."""
    due_at: Micros | None
    """When they are erased; None while the incident is open, or where nothing is left to erase."""
    erased_at: Micros | None
    erased_reason: Code | None
    holds: tuple[Hold, ...]
    """All that were ever set, oldest first."""
    is_held: bool
    clock_doubted: bool
    """The machine's clock stepped lately: nothing is erased for a day."""


def retention_of(hazard: str) -> Retention:
    """Which class an incident's texts belong to."""
    return "missing" if hazard == "missing_person" else "incident"
