"""Calls that somebody takes: the form while it is filled in, and what a person's report brings to an incident.

A form is a draft until it opens an incident, joins one, or is abandoned. What the caller says lies sealed: of a draft
under the call's own key, of a report under its incident's. Facts say that there is something, what type and what site
was chosen, and never a word of it. Fields of facts stand in the order of canonical JSON.
Source: SCOPE.md, "What help needs"; CONSOLE.md, section 1; INTEGRATIONS.md, section 14; decision 0068.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from tocsin.model.catalogue import Priority
from tocsin.model.help_note import LINE_MAX, WORDS_MAX, HelpNote, YesNo
from tocsin.model.hushed import Hushed
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq

CALL_BEGUN: Final = Code("call.begun")
CALL_SAVED: Final = Code("call.saved")
CALL_TAKEN_OVER: Final = Code("call.taken_over")
CALL_ENDED: Final = Code("call.ended")
CALL_ERASED: Final = Code("call.erased")
CALL_KINDS: Final = frozenset({CALL_BEGUN, CALL_SAVED, CALL_TAKEN_OVER, CALL_ENDED, CALL_ERASED})
INCIDENT_REPORTED: Final = Code("incident.reported")

CALL_ENDS: Final = Code("call")
"""Kind of the timer by which a draft is erased: at once when its call has ended, else after DRAFT_HOURS."""

DRAFT_FIELD: Final = Code("call_draft")
REPORT_FIELD: Final = Code("report")
"""Fields of the sealed values."""

DRAFT_HOURS: Final = 72
"""A draft that nobody ends stands before every desk for so long; then it is erased as forgotten."""

OPEN_MAX: Final = 200
"""Calls that are taken at once."""

DRAFT_BYTES_MAX: Final = 49_152
ANSWERS_MAX: Final = 12
ACCURACY_MAX_M: Final = 100_000
WAITED_MAX_S: Final = 31_536_000
REPORTS_MAX: Final = 200
"""Reports of one incident."""

Way = Literal["call", "check_in", "duty"]
"""By which way a person reports: by telephone, to whoever takes the call; by a check-in that they missed; by the phone
page of staff on duty."""

ReportedPlace = Literal["site", "told", "unclear"]
"""Where it is: at a site that the centre knows; in words alone; in words, and nobody is sure of them. An unclear place
holds up nothing."""

CallEndedAs = Literal["opened", "joined", "abandoned", "forgotten"]
AbandonReason = Literal["hung_up", "wrong_number", "no_help_needed", "passed_on", "test_call", "by_mistake"]
ABANDON_REASONS: Final[tuple[AbandonReason, ...]] = (
    "hung_up",
    "wrong_number",
    "no_help_needed",
    "passed_on",
    "test_call",
    "by_mistake",
)
"""Why a call became no report: the caller was gone before anything could be asked; misdialled; nobody needs help; it is
another service's, which has it; a test; the form was opened by mistake."""

_Line = Annotated[str, Meta(max_length=LINE_MAX, extra={"personal": True})]
_Words = Annotated[str, Meta(max_length=WORDS_MAX, extra={"personal": True})]
Degrees = Annotated[float, Meta(ge=-180, le=180, extra={"personal": True})]


class _Said(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of what was said: refuses what is no field, and shows nothing of itself."""


class QuestionAnswered(_Said, frozen=True, kw_only=True):
    """What the caller answers to one question of the catalogue."""

    number: Annotated[int, Meta(ge=1, le=ANSWERS_MAX)]
    """Which question of the type, from 1."""
    said: YesNo | None = None
    words: _Line | None = None


class CallWords(_Said, frozen=True, kw_only=True):
    """What somebody reports, in their words. It exists in memory and sealed under the call's or incident's key."""

    where: _Line | None = None
    """The place as it was told: an address, a crossing, a landmark."""
    exact: _Line | None = None
    """Where there: floor, door, room."""
    latitude: Annotated[float, Meta(ge=-90, le=90, extra={"personal": True})] | None = None
    longitude: Degrees | None = None
    accuracy_m: Annotated[int, Meta(ge=0, le=ACCURACY_MAX_M, extra={"personal": True})] | None = None
    """How far from there it may be, as the phone that took the position said."""
    said: _Words | None = None
    """What happened, as it was told."""
    answers: Annotated[tuple[QuestionAnswered, ...], Meta(max_length=ANSWERS_MAX)] = ()
    note: HelpNote | None = None
    """What helping needs: it begins the incident's help note where the report opens one."""


class CallMarks(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """What of a form is nobody's word: chosen from lists."""

    place: ReportedPlace | None = None
    site_id: Annotated[Ref, Meta(pattern="^site-[0-9]{1,16}$")] | None = None
    type: Annotated[Code, Meta(pattern="^[A-Z][A-Z0-9.-]{1,39}$")] | None = None


class CallDraft(_Said, frozen=True, kw_only=True):
    """A form as it was saved last."""

    marks: CallMarks = CallMarks()
    words: CallWords = CallWords()


class CallForm(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is being taken, or has just ended: projection of its facts. Nothing personal."""

    id: Ref
    """`call-` and the seq of the fact that began it."""
    begun_at: Micros
    begun_by: Actor | None
    ended_at: Micros | None = None
    held_by: Actor | None
    """Whoever fills it in now."""
    incident: Ref | None = None
    """Where its report is."""
    marks: CallMarks
    """As they were when a field was left last."""
    outcome: CallEndedAs | None = None
    """None: it is being taken."""
    saved_at: Micros
    """When a field was left last."""
    seq: Seq
    """Of the last fact about it."""


class CallBegun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `call.begun`, version 1: somebody, the actor, takes a call."""

    exercise: bool


class CallSaved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `call.saved`, version 1: a field of the form was left. `value` commits to all that stands in it then."""

    exercise: bool
    place: ReportedPlace | None
    site_id: Ref | None
    type: Code | None
    value: Ref


class CallTakenOver(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `call.taken_over`, version 1: the actor goes on with a form that another began."""

    exercise: bool
    previous: Actor | None


class CallEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `call.ended`, version 1: what became of it. Its draft is erased with the next turn of the timers."""

    exercise: bool
    incident: Ref | None
    outcome: CallEndedAs
    reason: AbandonReason | None
    """Of one that was abandoned."""


class CallErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `call.erased`, version 1: the keys of the draft were destroyed, and what was in it with them."""

    keys: tuple[KeyId, ...]
    values: int


class IncidentReported(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.reported`, version 1: a person reported it, by the actor's hand. Every outcome stands in it."""

    call: Ref | None
    """The call that it came by."""
    confirmed: bool
    """The incident is confirmed from now on: by a person, where something else had opened it."""
    device_time: Micros | None = None
    """When it was typed, by the sender's own clock, which may be wrong: it gives neither age nor order."""
    exercise: bool
    is_first: bool
    """It opened the incident."""
    is_handed_over: bool = False
    """Somebody else typed it at the phone; the actor sends it for them."""
    place: ReportedPlace
    priority: Priority
    """Of the incident from now on."""
    raised_from: Priority | None
    """Its priority before, where this report raised it."""
    silent: bool
    """Of the incident from now on: a silent call for help."""
    site_id: Ref | None
    """Where the report says that it is."""
    type: Code
    """What the report says that it is."""
    value: Ref
    """Where what was said lies sealed; it commits to what lies there."""
    waited_s: int | None = None
    """So long it lay at the sender before it was sent, both by the sender's clock; None: nobody can say."""
    way: Way
