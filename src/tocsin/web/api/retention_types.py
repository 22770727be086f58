"""What the API takes and answers about how long personal data are kept, legal holds and erasure."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.retention import EraseReason, HoldReason, LiftReason, LongReason, Retention
from tocsin.model.values import Actor, Code, Micros, Ref, Words
from tocsin.web.api.people_types import ApprovalId

Until = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class RetentionItem(msgspec.Struct, frozen=True, kw_only=True):
    """One class: how long, why, and what is of it."""

    name: Retention
    kept: Words
    reason: Words
    hours: int | None
    """Here; null where no number of hours tells it."""
    hours_default: int | None
    hours_max: int | None
    """The most that a centre can set; null where it sets nothing."""
    fields: list[Code]
    """Of the register of personal fields, `type.field`; none: this release holds nothing of the class."""


class RetentionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All classes, in the order in which people read them."""

    items: list[RetentionItem]
    incident_reason: LongReason
    """Why texts of incidents are kept for longer than 30 days, where they are."""
    incident_reason_words: Words
    clock_doubted: bool
    """The machine's clock stepped by more than two days: nothing is erased by time for a day."""


class HoldItem(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold."""

    id: Ref
    incident: Ref
    reason: HoldReason
    set_at: Micros
    set_by: Actor | None
    until: Micros
    lifted_at: Micros | None
    lifted_by: Actor | None
    lifted_reason: LiftReason | None
    holds: bool
    """It keeps data now."""


class HoldsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Legal holds, latest first."""

    items: list[HoldItem]


class DataAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with an incident's texts."""

    incident: Ref
    retention: Retention
    values: int
    """Sealed values that are there."""
    due_at: Micros | None
    """When they are erased; null while the incident is open, or where they were erased."""
    erased_at: Micros | None
    """When texts of it were erased last."""
    erased_reason: Code | None
    holds: list[HoldItem]
    is_held: bool
    clock_doubted: bool


class WaitingItem(msgspec.Struct, frozen=True, kw_only=True):
    """An incident whose texts wait after a restore. Nobody is shown them."""

    incident: Ref
    number: int
    closed_at: Micros | None
    """Null for whoever may not see closed incidents."""
    until: Micros
    """When they are erased, unless a legal hold is set before."""


class WaitingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the incidents whose texts fell due after the backup that was restored, the oldest incident first."""

    items: list[WaitingItem]
    next: Ref | None
    """Give it as `after` for the next page."""
    total: int
    """All that wait: `count` of the act `erase.waiting`."""
    erasing: int
    """Let go by two persons, and not erased yet: that takes a minute or so."""


class ReleaseWaitingBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What waits, let go: exactly as the second person agreed to it."""

    count: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    """`total`, as it was agreed on."""
    approval: ApprovalId


class ReleasedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was let go."""

    released: int
    """Incidents whose texts are erased within a minute or so."""


class HoldBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hold to set: exactly as the second person agreed to it."""

    reason: HoldReason
    until: Until
    """At most twelve months ahead."""
    approval: ApprovalId


class LiftBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hold to lift."""

    reason: LiftReason
    approval: ApprovalId


class EraseBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Data to erase before their time."""

    reason: EraseReason
    approval: ApprovalId
