"""What the API takes and answers about desks and shifts."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.queue_parts import QueuePart
from tocsin.model.shifts import LABEL_MAX, Desk, Listed, Shift, ShiftEnd
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.web.api.chain_types import DeskId, RosterId, SiteId
from tocsin.web.api.out_of_service_types import ZonesOutItem
from tocsin.web.api.people_types import UserId

Label = Annotated[str, Meta(pattern=f"^[A-Za-z0-9-]{{1,{LABEL_MAX}}}$")]
"""What stands on a desk; never a person's name."""


class TimerCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many timers of a kind run."""

    kind: Code
    count: int


class ListedItem(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a shift."""

    by_plan: list[Ref]
    """Incidents that were handled by their plan, without an operator, since the shift began, the newest first."""
    by_plan_count: int
    claimed: list[Ref]
    """Open incidents that its person has."""
    held: list[Ref]
    """Notices that wait for a person after a restore."""
    held_count: int
    incidents: list[Ref]
    """Open incidents of the room, the newest first; of very many, the newest 500."""
    incidents_count: int
    shelved: list[Ref]
    """Those of them that somebody put aside, what comes back first first."""
    shelved_count: int
    tests: list[Ref]
    tests_count: int
    timers: list[TimerCount]
    zones_out: list[Ref]
    """What is out of service, each as it was taken out; what is put back first comes first."""
    zones_out_count: int


class ShiftItem(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on shift, or who was."""

    id: Ref
    begun_at: Micros
    desk: Ref
    end_reason: ShiftEnd | None
    ended_at: Micros | None
    ended_by: Actor | None
    from_shift: Ref | None
    is_over_time: bool
    """It was planned to end before now, and goes on."""
    listed: ListedItem | None
    """What was accepted with it at its end."""
    offered_at: Micros | None
    offered_to: Actor | None
    to: Actor | None
    """Who is responsible since it ended."""
    until: Micros
    """Planned."""
    user: Actor


class DeskItem(msgspec.Struct, frozen=True, kw_only=True):
    """A desk, and who is on shift at it."""

    id: Ref
    hazards: list[HazardClass]
    """Classes of incidents that it takes; empty: all."""
    label: Code
    on: list[ShiftItem]
    due: Actor | None
    """Who is on call by its roster, and should be on shift at it."""
    priorities: list[Priority]
    """Priorities that it takes; empty: all."""
    roster: Ref | None
    unattended_since: Micros | None
    """Somebody is on shift at it, and no console of theirs lives since then."""
    version: Seq
    """Changes with each change of the desk."""


class FromHomeItem(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is called from home."""

    not_now_until: Micros | None
    """Nothing comes before then."""
    user: Actor


class QueuePartItem(msgspec.Struct, frozen=True, kw_only=True):
    """Part of the queue that one desk offers to another, or has handed to it."""

    id: Ref
    accepted_at: Micros | None
    """None: until the other desk accepts, nothing has changed."""
    accepted_by: Actor | None
    by: Actor
    from_desk: Ref | None
    """None: a supervisor who was at no desk offered it."""
    hazard: HazardClass | None
    incidents: list[Ref]
    offered_at: Micros
    site_id: Ref | None
    to_desk: Ref


class OfferPartBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Offer what is open of a class or of a site, or of a class at a site."""

    to_desk: DeskId
    hazard: HazardClass | None = None
    site_id: SiteId | None = None


class ShiftsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The board: who is on, at which desk, for what."""

    at: Micros
    desks: list[DeskItem]
    ended: list[ShiftItem]
    """Within the last day, the latest first."""
    from_home: list[FromHomeItem]
    length_s_max: int
    mine: Ref | None
    """The shift of whoever asks."""
    offered: list[Ref]
    """Shifts that are handed to whoever asks."""
    parts: list[QueuePartItem]
    """Parts of the queue that are offered or handed over, in the order in which they were offered."""
    unattended_s: int
    """After so long without a living console a desk is unattended."""
    uncovered: list[HazardClass]
    """Classes that no desk with somebody on shift takes whole; empty, too, while no desk has anybody."""


class ShiftDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A shift with what goes with it."""

    now: ListedItem | None
    """As it is now; None: the shift is over."""
    offered: ListedItem | None
    """As it was when it was offered."""
    shift: ShiftItem
    zones_out: list[ZonesOutItem]
    """Those of `now`: why, since when, until when and by whom; what is put back first comes first."""


class DeskBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A desk as it is to be."""

    label: Label
    hazards: Annotated[list[HazardClass], Meta(max_length=16)] = []
    priorities: Annotated[list[Priority], Meta(max_length=4)] = []
    roster: RosterId | None = None
    """Who is on call by it should be on shift at this desk."""
    version: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    """Of the desk as it was on the screen; wanted for a change."""


class BeginShiftBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Go on shift."""

    desk: DeskId
    until: Micros


class OfferShiftBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hand a shift over."""

    to: UserId


class TakeShiftBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Accept a shift or take it over, and be on shift until a planned end."""

    until: Micros


def listed_item(listed: Listed | None) -> ListedItem | None:
    """What goes with a shift, as the API says it."""
    if listed is None:
        return None
    return ListedItem(
        by_plan=list(listed.by_plan),
        by_plan_count=listed.by_plan_count,
        claimed=list(listed.claimed),
        held=list(listed.held),
        held_count=listed.held_count,
        incidents=list(listed.incidents),
        incidents_count=listed.incidents_count,
        shelved=list(listed.shelved),
        shelved_count=listed.shelved_count,
        tests=list(listed.tests),
        tests_count=listed.tests_count,
        timers=[TimerCount(kind=kind, count=count) for kind, count in listed.timers],
        zones_out=list(listed.zones_out),
        zones_out_count=listed.zones_out_count,
    )


def part_item(part: QueuePart) -> QueuePartItem:
    """Part of the queue, as the API says it."""
    return QueuePartItem(
        id=part.id,
        accepted_at=part.accepted_at,
        accepted_by=part.accepted_by,
        by=part.by,
        from_desk=part.from_desk,
        hazard=part.hazard,
        incidents=list(part.incidents),
        offered_at=part.offered_at,
        site_id=part.site_id,
        to_desk=part.to_desk,
    )


def shift_item(shift: Shift, now: Micros) -> ShiftItem:
    """A shift, as the API says it."""
    return ShiftItem(
        id=shift.id,
        begun_at=shift.begun_at,
        desk=shift.desk,
        end_reason=shift.end_reason,
        ended_at=shift.ended_at,
        ended_by=shift.ended_by,
        from_shift=shift.from_shift,
        is_over_time=shift.ended_at is None and shift.until <= now,
        listed=listed_item(shift.listed),
        offered_at=shift.offered_at,
        offered_to=shift.offered_to,
        to=shift.to,
        until=shift.until,
        user=shift.user,
    )


def desk_item(desk: Desk, on: list[ShiftItem], due: Actor | None) -> DeskItem:
    """A desk, as the API says it."""
    return DeskItem(
        id=desk.id,
        due=due,
        hazards=list(desk.row.hazards),
        label=desk.row.label,
        on=on,
        priorities=list(desk.row.priorities),
        roster=desk.row.roster,
        unattended_since=desk.unattended_since,
        version=desk.seq,
    )
