"""Incidents: what we handle, on three axes, and the facts that make one.

State is open or closed; condition says whether the hazard's signal still stands; presentation, whether it is shown.
"Claimed" is an open incident with `claimed_by` (DESIGN.md, Operation). Fields stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.action_plans import PlanState
from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.escalation import Escalation
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Ref, Seq, SignalId

State = Literal["open", "closed"]
Condition = Literal["active", "returned"]
Presentation = Literal["shown", "shelved", "on_test", "out_of_service"]
Disposition = Literal["real", "unwanted", "test", "fault", "cancelled", "duplicate", "not_found", "handled_by_plan"]
DISPOSITIONS: Final[tuple[Disposition, ...]] = (
    "real",
    "unwanted",
    "test",
    "fault",
    "cancelled",
    "duplicate",
    "not_found",
)
"""Coded outcomes of closing: real; an alarm without its hazard; a test; faulty equipment; called off by who raised it;
the same happening as another incident; nothing was found at the place. `handled_by_plan` is said by no person: a
technical incident was handled without an operator (decision 0049)."""

ReopenReason = Literal["closed_by_mistake", "active_again", "more_to_do"]
REOPEN_REASONS: Final[tuple[ReopenReason, ...]] = ("closed_by_mistake", "active_again", "more_to_do")
Origin = Literal["signal", "centre"]
SignalOutcome = Literal["opened", "joined", "filed", "quarantined"]
POINTS_MAX: Final = 200
"""Points of one incident that are remembered as active; with more it is never called returned by itself."""


class Point(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A zone of an account that is in alarm or trouble, until the same says that it is over."""

    account: AccountNumber
    """Upper case."""
    account_id: Ref | None
    code: Code
    format: Code
    kind: Code
    type: Code
    zone: Code | None
    """Without leading zeros; None where the signal named none, 0, or one that is sealed. `door-3` where the code's
    address is no zone, so that nobody looks up a zone's name for it."""


class IncidentFilter(msgspec.Struct, frozen=True):
    """Which incidents of a state are meant: all, those of a site, and those that were somebody's."""

    site_id: Ref | None = None
    handler: Actor | None = None
    """Who closed them, or had them when they were closed."""
    closed_after: Micros = Micros(0)
    """With `handler`: closed later than this."""

    def lets(self, incident: "Incident") -> bool:
        """Is this one meant?"""
        if self.site_id is not None and incident.site_id != self.site_id:
            return False
        if self.handler is None:
            return True
        is_own = self.handler in (incident.closed_by, incident.claimed_by)
        return is_own and incident.closed_at is not None and incident.closed_at > self.closed_after


EVERY: Final = IncidentFilter()


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One happening that we handle: a row of the projection, of the queue, of the live stream. Nothing personal."""

    account: AccountNumber | None
    """Number of the account that opened it, as sent; None where the centre itself raised it."""
    account_id: Ref | None
    """None where the account is unknown."""
    acted: Seq
    """Seq of the last act of a person on it, or of its opening: what a command must not overlook (decision 0020)."""
    alarm_at: Micros
    """When its latest signal of priority 1 to 4 was received: windows of correlation count from here, so that openings,
    restorals and tests do not keep it open for more alarms."""
    alarmed: Seq
    """Seq of the last fact that told of more than was known: its opening, another detector, a higher priority, silence
    needed, active again. Nobody closes it without having seen that one."""
    claimed_at: Micros | None
    claimed_by: Actor | None
    closed_at: Micros | None
    closed_by: Actor | None
    code: Code | None
    """Code of the signal that opened it, as sent; a Contact ID code with its letter: `E131`."""
    condition: Condition
    confirmed: bool
    """By a second signal of another detector."""
    disposition: Disposition | None
    escalated: tuple[Escalation, ...] = ()
    """What was done since it began to wait for somebody to claim it; empty once somebody has."""
    exercise: bool
    hazard: HazardClass
    help_version: int = 0
    """Version of its help note; 0 where none was written."""
    id: Ref
    """`incident-` and the seq of the fact that opened it."""
    is_room: bool = False
    """The control room itself calls for help in silence (`rules.hold_up`)."""
    last_at: Micros
    """When its latest signal was received."""
    line: Code | None
    """L of the message that opened it: parts unknown accounts of the same number."""
    look_again_at: Micros | None = None
    """When its help note, about somebody missing, must be looked at again."""
    look_again_due: bool = False
    """That time has come, and nobody has looked."""
    number: int
    """Shown to people; rises, may have gaps."""
    opened_at: Micros
    """When the signal that opened it was received: its age counts from here."""
    origin: Origin
    plan: PlanState | None = None
    """How far it has come with its action plan; None where none has begun."""
    points: tuple[Point, ...]
    """What is active, oldest first."""
    points_full: bool
    """More than POINTS_MAX were active at once: some are not remembered, so it is never called returned by itself."""
    presentation: Presentation
    priority: Priority
    raised_by: Actor | None = None
    """Who called for the control room by the hold-up keys: their own screens show nothing of it while it is open."""
    reason: Code
    """Why it has this type and priority (`rules.words`)."""
    receiver: Code | None
    """R of the message that opened it."""
    signals: int
    silent: bool
    """A silent call for help: no sound at the site, no call to the premises first."""
    site_id: Ref | None
    state: State
    test: Ref | None = None
    """The test that its place was on when it opened, or by what its zone was out of service then (`out-...`); of what
    such a thing left active, that."""
    type: Code
    version: Seq
    """Seq of the last fact about it: what a command names as the version that its sender saw."""
    zone: Code | None


class IncidentOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.opened`, version 2. Its cause is the signal, or the fact that the centre raised it for.

    Version 1 knew no tests, and no call of the control room itself: it is read as one that is shown.
    """

    account: AccountNumber | None
    account_id: Ref | None
    catalogue: Code
    code: Code | None
    config: int
    exercise: bool
    hazard: HazardClass
    is_room: bool = False
    """The control room itself calls for help in silence."""
    line: Code | None
    number: int
    opened_at: Micros
    origin: Origin
    points: tuple[Point, ...]
    presentation: Presentation = "shown"
    """`on_test`, `out_of_service`: its place or zone was, and it starts no response."""
    priority: Priority
    raised_by: Actor | None = None
    """By whose hold-up keys."""
    reason: Code
    receiver: Code | None
    signal: SignalId | None
    silent: bool
    site_id: Ref | None
    test: Ref | None = None
    """The test that its place was on, or by what its zone was out of service."""
    type: Code
    zone: Code | None


class IncidentJoined(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.joined`, version 1: a signal belongs to an open incident. Every outcome stands in it."""

    at: Micros
    """When the signal was received."""
    code: Code | None
    condition: Condition
    config: int
    confirmed: bool
    exercise: bool
    gap_s: int
    """Seconds since the incident's signal before."""
    is_alarm: bool
    """It is of priority 1 to 4: what it tells of is there. Else it is information, such as a restoral."""
    is_news: bool
    """It tells of more than was known: another detector, a higher priority, silence needed, active again."""
    kind: Code
    """What the signal is; `unknown` where no table has its code."""
    points_added: tuple[Point, ...]
    points_ended: tuple[Point, ...]
    points_full: bool
    priority: Priority
    """Of the incident from now on."""
    raised_from: Priority | None
    """Its priority before, where this signal raised it."""
    reason: Code
    """Why it joined (`rules.words`)."""
    signal: SignalId | None
    """None where the centre itself said it."""
    silent: bool
    zone: Code | None


class IncidentRestored(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.restored`, version 1: a restoral that joined another incident ended points of this one too.

    A restoral of a zone ends its alarm and its fault, which may be two incidents; the signal itself belongs to one.
    """

    at: Micros
    """When the signal was received."""
    condition: Condition
    config: int
    exercise: bool
    points_ended: tuple[Point, ...]
    signal: SignalId


class SignalsFiled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `signals.filed`, version 1: signals that open and join nothing, each with the reason."""

    config: int
    exercise: bool
    filed: tuple[tuple[Seq, Code], ...]
    """Seq of the signal, and why."""


class SignalQuarantined(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `signal.quarantined`, version 1: a rule failed on this signal. An incident follows it at once."""

    error: Code
    """Name of the exception's class, or `death` where the process ended while it was tried."""
    exercise: bool
    signal: SignalId | None


class IncidentClaimed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.claimed`, version 1: the actor has seen it and takes it."""

    exercise: bool
    previous: Actor | None
    """From whom it was taken over."""


class IncidentReleased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.released`, version 1: the actor gives it back to the queue; it sounds again."""

    exercise: bool


class IncidentNoted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.noted`, version 1."""

    exercise: bool
    note: Ref
    """Where the words lie in the vault."""


class IncidentClosed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.closed`, version 1."""

    disposition: Disposition
    exercise: bool
    note: Ref | None


class IncidentReopened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.reopened`, version 1: it is open again and claimed by the actor."""

    exercise: bool
    reason: ReopenReason


class IncidentPlaced(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.placed`, version 1: the unknown account that it came from was set up."""

    account_id: Ref
    config: int
    exercise: bool
    points: tuple[Point, ...]
    site_id: Ref | None


class SignalRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a signal ended: the row of the projection `signals`."""

    seq: Seq
    at: Micros
    """received_at."""
    account: AccountNumber
    account_id: Ref | None
    code: Code | None
    format: Code | None
    zone: Code | None
    outcome: SignalOutcome
    reason: Code
    incident: Ref | None


class Committed(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit changed of what people see. Handed on after the commit, never before."""

    config: int | None = None
    """Accounts, sites or zones were changed: the version that is there now."""
    incidents: tuple[Incident, ...] = ()
    """Their new rows, each once."""
    personal: tuple[Ref, ...] = ()
    """Incidents whose texts were added to or erased, or of which somebody was told or has answered."""
    seq: Seq
    """The journal's end with this commit."""
