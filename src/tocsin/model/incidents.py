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
technical incident was handled without an operator (decision 0052)."""

ReopenReason = Literal["closed_by_mistake", "active_again", "more_to_do"]
REOPEN_REASONS: Final[tuple[ReopenReason, ...]] = ("closed_by_mistake", "active_again", "more_to_do")
ShelveReason = Literal["fault_known", "engineer_called", "work_on_site", "weather", "comes_again"]
"""Why somebody shelves it: the fault is known; somebody is on the way; works at the place cause it; the weather does;
it comes again and again."""

UnshelveReason = Literal["due", "news", "by_hand"]
"""Its end has come; more came in than was known when it was shelved; somebody wanted it back."""

SHELF_MIN: Final = 15
"""Minutes that an incident is shelved for, where nobody says otherwise."""

SHELF_MAX_MIN: Final = 480
SHELF_URGENT_MAX_MIN: Final = 10
"""At most so long, where it is about lives."""

Origin = Literal["signal", "centre", "call", "check_in", "duty"]
"""By which way it came: from equipment; raised by the centre itself; reported by telephone; a lone worker's check-in
that was missed; reported by staff on duty."""

REPORTED: Final[frozenset[Origin]] = frozenset({"call", "check_in", "duty"})
"""Those of a person's report."""

ToldPlace = Literal["told", "unclear"]
ConfirmedBy = Literal["zone", "account"]
"""What confirms an incident: another zone of the same account, or another account."""

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


class Source(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One detector of an incident: an account, a zone and what it says. Known so that nobody is told of each repeat."""

    account: AccountNumber
    """Upper case."""
    account_id: Ref | None
    at: tuple[Micros, ...]
    """When its latest alarms were received, oldest first: at most ALARMS_KEPT."""
    burst: int = 0
    """Its alarms since `burst_at`."""
    burst_at: Micros | None = None
    """Since when they are counted, to see whether it runs away."""
    code: Code
    """What it says: of one zone, another code is another detector."""
    count: int = 0
    """Its signals since it began to chatter, restorals too; 0 where it does not."""
    is_over: bool = False
    """Its latest word was that it is back to normal."""
    last_at: Micros
    """When its latest signal was received."""
    runaway_since: Micros | None = None
    """It runs away since then; None: it does not."""
    since: Micros | None = None
    """It chatters since then; None: it does not."""
    type: Code
    zone: Code | None


ALARMS_KEPT: Final = 10
"""Alarms of a detector whose times are kept: more than that are never asked for."""

SOURCES_MAX: Final = 20
"""Detectors of one incident whose repeats are watched: those that alarmed last, and those that chatter."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A closed incident that the same detector had opened or was active in a short while ago."""

    closed_s: int
    """So many seconds before this one."""
    incident: Ref
    number: int


class Shelved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Somebody put an incident aside for a while: open, listed and counted, and silent until then."""

    at: Micros
    by: Actor | None
    reason: ShelveReason
    until: Micros


class MergedIncident(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was merged into an incident: what comes of it goes there while that is open."""

    account: AccountNumber | None
    account_id: Ref | None
    code: Code | None
    hazard: HazardClass
    incident: Ref
    line: Code | None
    merged_at: Micros
    merged_by: Actor | None
    """None: the centre did it."""
    number: int
    points: tuple[Point, ...]
    """What it added to what is active."""
    reason: Code
    receiver: Code | None
    seq: Seq
    """Of the fact that merged it."""
    signals: int
    site_id: Ref | None
    type: Code
    was_confirmed: bool
    """The incident was confirmed before."""
    zone: Code | None


class SplitOff(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From where a person split signals off for an incident of their own."""

    at: Micros
    moved: tuple[Seq, ...]
    """The signals, rising."""
    of: Ref


MERGED_MAX: Final = 20
"""Incidents that can be merged into one."""

MOVED_MAX: Final = 200
"""Signals that can be split off at once."""


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
    area: Code | None = None
    """`mains`: it is about the mains of an area, and names all accounts that said so."""
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
    merged_here: tuple[MergedIncident, ...] = ()
    """What was merged into it, oldest first."""
    merged_into: Ref | None = None
    """The incident that it was merged into, while it is closed by that."""
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
    reports: int = 0
    """How often people reported it."""
    shelved: Shelved | None = None
    """Who put it aside, why and until when, while its presentation is `shelved`."""
    signals: int
    silent: bool
    """A silent call for help: no sound at the site, no call to the premises first."""
    site_id: Ref | None
    sources: tuple[Source, ...] = ()
    """Its detectors that said the same more than once, while it is open."""
    split: SplitOff | None = None
    """A person made it of signals of another."""
    state: State
    test: Ref | None = None
    """The test that its place was on when it opened, or by what its zone was out of service then (`out-...`); of what
    such a thing left active, that."""
    told_place: ToldPlace | None = None
    """Its place is in the words of the report that opened it; `unclear`: and nobody is sure of them."""
    type: Code
    version: Seq
    """Seq of the last fact about it: what a command names as the version that its sender saw."""
    zone: Code | None

    @property
    def area_accounts(self) -> int:
        """Of an area: how many accounts are active. 0 else."""
        return 0 if self.area is None else len({one.account_id or one.account for one in self.points})

    @property
    def chatter_since(self) -> Micros | None:
        """Since when a detector of it chatters; None where none does."""
        return min((one.since for one in self.sources if one.since is not None), default=None)

    @property
    def chatter_count(self) -> int:
        """How many signals were counted for the detectors that chatter."""
        return sum(one.count for one in self.sources if one.since is not None)


class IncidentOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.opened`, version 2. Its cause is the signal, or the fact that the centre raised it for.

    Version 1 knew no tests, and no call of the control room itself: it is read as one that is shown.
    """

    account: AccountNumber | None
    account_id: Ref | None
    area: Code | None = None
    """`mains`: it is about the mains of an area."""
    catalogue: Code
    code: Code | None
    config: int
    earlier: Earlier | None = None
    """The same detector was in a closed incident a short while ago: said, and not joined."""
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
    split: SplitOff | None = None
    """A person made it of signals of another."""
    test: Ref | None = None
    """The test that its place was on, or by what its zone was out of service."""
    type: Code
    zone: Code | None


class IncidentJoined(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.joined`, version 2: a signal belongs to an open incident. Every outcome stands in it.

    Version 1 knew no detectors that chatter, and did not say by what it was confirmed.
    """

    at: Micros
    """When the signal was received."""
    code: Code | None
    condition: Condition
    config: int
    confirmed: bool
    confirmed_by: ConfirmedBy | None = None
    """What confirmed it, where this signal did."""
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
    source: Source | None = None
    """The detector as it is known from now on; None where its repeats are not watched."""
    zone: Code | None


class IncidentFolded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.folded`, version 1: signals of detectors that chatter, counted together.

    One fact for whatever the core took in one step. Each signal ends in this incident.
    """

    alarm_at: Micros
    """Of the incident from now on."""
    at: Micros
    """When the latest of the signals was received."""
    config: int
    exercise: bool
    signals: tuple[Seq, ...]
    """In the order in which they came."""
    sources: tuple[Source, ...]
    """The detectors that they came from, as they are known from now on."""


class IncidentQuieted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.quieted`, version 1: detectors that chattered have been quiet for a while."""

    condition: Condition
    exercise: bool
    points_ended: tuple[Point, ...]
    """What is over, since the last word of the detector was a restoral."""
    quiet_s: int
    """So long they were quiet."""
    sources: tuple[Source, ...]
    """As they were, with their counts."""


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


class IncidentShelved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.shelved`, version 1: the actor puts it aside for a while; nobody has it then."""

    exercise: bool
    minutes: int
    """1 to 480; where it is about lives, at most 10."""
    previous: Actor | None
    """Who had it."""
    reason: ShelveReason


class IncidentUnshelved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.unshelved`, version 1: it is shown and waits for somebody again; it sounds.

    Whoever claims or reopens it ends the shelving too, without this.
    """

    exercise: bool
    late_s: int
    """So much later than it should, by whichever clock says more: the centre stood still."""
    reason: UnshelveReason


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
    """Body of `incident.reopened`, version 2: it is open again and claimed by the actor.

    Version 1 had no `presentation`: what had been held back stayed so.
    """

    exercise: bool
    presentation: Presentation | None = None
    """As which it is shown from now on, where it had been held back; None: as before."""
    reason: ReopenReason


class IncidentMerged(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.merged`, version 1: it is the same happening as another, and closed as its duplicate."""

    disposition: Disposition
    exercise: bool
    into: Ref
    number: int
    """Of that other."""
    reason: Code
    """By a person, or why the centre did it (`rules.reasons`)."""


class IncidentAbsorbed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.absorbed`, version 1: another was merged into this one."""

    alarm_at: Micros
    """Of the incident from now on."""
    claimed: bool
    """The actor has it from now on."""
    condition: Condition
    confirmed: bool
    exercise: bool
    last_at: Micros
    """Of the incident from now on."""
    merged: MergedIncident | None
    """None where only signals come back that had been split off."""
    moved: tuple[Seq, ...]
    """Those signals."""
    of: Ref
    points_added: tuple[Point, ...]
    points_full: bool


class IncidentUnmerged(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.unmerged`, version 1: the merge was undone; it is open again and the actor's."""

    condition: Condition
    exercise: bool
    into: Ref
    points: tuple[Point, ...]
    """What of it is still active."""


class IncidentGivenBack(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.given_back`, version 1: what had been merged into this one is by itself again."""

    condition: Condition
    confirmed: bool
    exercise: bool
    of: Ref
    points_ended: tuple[Point, ...]
    signals: int
    """So many of its signals went with it."""


class IncidentParted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.parted`, version 1: a person split signals off into an incident of their own."""

    condition: Condition
    exercise: bool
    into: Ref
    moved: tuple[Seq, ...]
    number: int
    """Of the new incident."""
    points_ended: tuple[Point, ...]


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
