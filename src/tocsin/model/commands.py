"""Commands: what a person wants of an incident. Each becomes facts, or is refused."""

import msgspec

from tocsin.model.action_plans import WaiveReason
from tocsin.model.calls import CallOutcome
from tocsin.model.incidents import SHELF_MIN, Disposition, ReopenReason, ShelveReason
from tocsin.model.keyholders import PhraseOutcome
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq
from tocsin.model.vault import SealedValue


class Claim(msgspec.Struct, frozen=True, tag="claim"):
    """Take it, by name. `take_over` takes it from whoever has it."""

    take_over: bool = False


class Release(msgspec.Struct, frozen=True, tag="release"):
    """Give it back to the queue."""


class AddNote(msgspec.Struct, frozen=True, tag="note"):
    """Write a note; its sealed words are stored with the fact."""

    note: Ref
    value: SealedValue | None = None


class Close(msgspec.Struct, frozen=True, tag="close"):
    """End it with a coded outcome."""

    disposition: Disposition
    note: Ref | None = None
    value: SealedValue | None = None
    waive: WaiveReason | None = None
    """Leave the mandatory steps of its plan undone that are left, and why."""


class Reopen(msgspec.Struct, frozen=True, tag="reopen"):
    """Take it up again."""

    reason: ReopenReason


class Shelve(msgspec.Struct, frozen=True, tag="shelve"):
    """Put it aside for a while: it stays open and listed, and is silent until then."""

    reason: ShelveReason
    minutes: int = SHELF_MIN
    is_lead: bool = False
    """Whoever does it leads the room, and may put aside what is about lives. By their rights, never by their word."""


class Unshelve(msgspec.Struct, frozen=True, tag="unshelve"):
    """Let it be shown and sound again before its time."""


class WriteHelpNote(msgspec.Struct, frozen=True, tag="help_note"):
    """Write the help note anew, whole; it is stored sealed with the fact."""

    note: Ref
    seen: int
    """The version of the note that the actor saw; 0 where there was none."""
    value: SealedValue | None = None
    is_looked_for: bool = False
    """It is about somebody missing, so it is looked at again in some hours."""


class ConfirmHelpNote(msgspec.Struct, frozen=True, tag="help_note_confirmed"):
    """The help note about somebody missing was looked at again, and is right as it is."""

    seen: int
    """The version of the note that the actor saw."""


class CheckPhrase(msgspec.Struct, frozen=True, tag="phrase"):
    """Note what became of a phrase that was said on the telephone. The phrase itself comes no further."""

    of: Ref
    """The keyholder whose phrase it should be, or the site."""
    outcome: PhraseOutcome
    said: HexHash
    """Keyed hash of the phrase under the incident's key: the same command again is known by it. Stored nowhere."""


class Call(msgspec.Struct, frozen=True, tag="called"):
    """Note what became of a call to a keyholder."""

    of: Ref
    outcome: CallOutcome
    place: int
    """Of the keyholder on the call list."""
    telephone: int
    """Which of the keyholder's numbers, from 1."""
    has_more: bool = False
    """Behind this one a number of the list makes sense to call: a call step of the plan goes on."""


class Merge(msgspec.Struct, frozen=True, tag="merge"):
    """It is the same happening as another: close it as a duplicate, and let what comes of it go there."""

    into: Ref
    seen: Seq
    """The version of that other that the actor saw."""
    take_over: bool = False
    """Also where others have claimed one of them, or both."""


class Unmerge(msgspec.Struct, frozen=True, tag="unmerge"):
    """Undo the merge of this one into another."""


class Split(msgspec.Struct, frozen=True, tag="split"):
    """Make an incident of its own of some signals."""

    signals: tuple[Seq, ...]


class Unsplit(msgspec.Struct, frozen=True, tag="unsplit"):
    """Undo the split that made this one: its signals go back."""


class BeginPlan(msgspec.Struct, frozen=True, tag="plan_begin"):
    """Begin the action plan of an incident where none has begun."""


class DoStep(msgspec.Struct, frozen=True, tag="step_do"):
    """Say what became of a step of its action plan."""

    step: Code
    result: Code
    asked_at: Micros | None = None
    asks: tuple[Code, ...] = ()
    reference: Code | None = None
    told: int | None = None
    """Worked out by the centre, of a notify step."""


class WaiveStep(msgspec.Struct, frozen=True, tag="step_waive"):
    """Leave a step undone, and say why."""

    step: Code
    reason: WaiveReason
    all_undone: bool = False
    """And every other mandatory one that stands in the way of closing."""


class PassStep(msgspec.Struct, frozen=True, tag="step_pass"):
    """Go past a step that is not mandatory."""

    step: Code


OwnAct = (
    Claim
    | Release
    | AddNote
    | Close
    | Reopen
    | Shelve
    | Unshelve
    | WriteHelpNote
    | ConfirmHelpNote
    | CheckPhrase
    | Call
)
"""What changes one incident alone."""

RegroupAct = Merge | Unmerge | Split | Unsplit
"""What changes two."""

PlanAct = BeginPlan | DoStep | WaiveStep | PassStep
"""What is done of an action plan."""

IncidentAct = OwnAct | RegroupAct | PlanAct


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One act on one incident, by one actor."""

    actor: Actor
    id: Code
    """The sender's own: unique for the actor for 30 days. The same again gets the same answer."""
    incident: Ref
    version: Seq | None
    """The version that the actor saw; refused where there is a newer one. None: any (a note)."""
    act: IncidentAct


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command, kept beside it."""

    at: Micros
    seq: Seq
    """Of the last fact that it made."""
