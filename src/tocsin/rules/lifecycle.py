"""What a person may do with an incident: act and state in, the fact's body or a refusal out (decision 0020)."""

from typing import Final, NoReturn, assert_never

from tocsin.model.calls import IncidentCalled
from tocsin.model.commands import (
    AddNote,
    Call,
    CheckPhrase,
    Claim,
    Close,
    ConfirmHelpNote,
    OwnAct,
    Release,
    Reopen,
    Shelve,
    Unshelve,
    WriteHelpNote,
)
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.escalation import IncidentLookAgain
from tocsin.model.help_note import VERSIONS_MAX, IncidentHelpNoted
from tocsin.model.incidents import (
    DISPOSITIONS,
    Incident,
    IncidentClaimed,
    IncidentClosed,
    IncidentNoted,
    IncidentReleased,
    IncidentReopened,
    Presentation,
)
from tocsin.model.keyholders import IncidentPhraseChecked
from tocsin.model.values import Actor, Seq
from tocsin.rules.action_plan import EXCUSED
from tocsin.rules.action_plan_acts import refuse_undone
from tocsin.rules.incident import IncidentBody
from tocsin.rules.shelving import decide_shelve, decide_unshelve

_WITHOUT_VERSION: Final = (AddNote, WriteHelpNote, ConfirmHelpNote, CheckPhrase, Call)
"""What overlooks nothing."""


def decide(incident: Incident, act: OwnAct, actor: Actor, version: Seq | None) -> IncidentBody | None:
    """Turn an act into the body of its fact; None where what is wanted is so already.

    `version` is the incident's version that the actor saw; notes, phrases and calls need none. Which newer facts an act
    may overlook differs (decision 0020): a claim any, taking over and reopening those of signals, closing only
    information.

    Raises:
        Conflict: the incident is not as the actor saw it, or not in a state for this act. Nothing was changed; looking
            at it again and repeating the act can help.
        BadInput: no version, or one that the incident never had.
    """
    if not isinstance(act, _WITHOUT_VERSION):
        if version is None:
            raise BadInput(
                f"Incident {incident.number}: nothing was changed, since the command does not say which version of it "
                "was seen. Send the version of the incident that is on the screen",
                "incident.version",
            )
        if version > incident.version:
            raise Conflict(
                f"Incident {incident.number}: nothing was changed, since the screen shows a version of it that the "
                "centre does not have. Reload, look at it again, and repeat",
                "incident.changed",
            )
    match act:
        case Claim():
            return _claim(incident, act, actor, version)
        case Release():
            return _release(incident, actor)
        case AddNote():
            return IncidentNoted(exercise=incident.exercise, note=act.note)
        case Close():
            return _close(incident, act, actor, version)
        case Reopen():
            return _reopen(incident, act, version)
        case Shelve():
            _must_be_open(incident, "shelve")
            _must_have_seen(incident, version, max(incident.acted, incident.alarmed))
            return decide_shelve(incident, act, actor)
        case Unshelve():
            _must_be_open(incident, "take back")
            return decide_unshelve(incident)
        case WriteHelpNote():
            return _write_help_note(incident, act)
        case ConfirmHelpNote():
            return _confirm_help_note(incident, act)
        case CheckPhrase():
            return _check_phrase(incident, act)
        case Call():
            return _call(incident, act)
    assert_never(act)


def _claim(incident: Incident, act: Claim, actor: Actor, version: Seq | None) -> IncidentClaimed | None:
    _must_be_open(incident, "claim")
    if incident.claimed_by == actor:
        return None
    if incident.claimed_by is None:
        # Whatever joined since: nobody has it, and somebody who saw it wants it. A burst of signals must not make
        # claiming impossible.
        return IncidentClaimed(exercise=incident.exercise, previous=None)
    if not act.take_over:
        raise Conflict(
            f"Incident {incident.number} was not claimed: another operator has it. Nothing was changed. Talk to them, "
            "or take it over",
            "incident.claimed_by_other",
        )
    _must_have_seen(incident, version, incident.acted)
    return IncidentClaimed(exercise=incident.exercise, previous=incident.claimed_by)


def _release(incident: Incident, actor: Actor) -> IncidentReleased:
    _must_be_open(incident, "release")
    _must_have(incident, actor, "released")
    return IncidentReleased(exercise=incident.exercise)


def _close(incident: Incident, act: Close, actor: Actor, version: Seq | None) -> IncidentClosed:
    _must_be_open(incident, "close")
    _must_have(incident, actor, "closed")
    _must_have_seen(incident, version, max(incident.acted, incident.alarmed))
    if act.disposition not in DISPOSITIONS:
        raise BadInput(
            f"Incident {incident.number} was not closed: no person closes as {act.disposition}, plans do. Nothing was "
            "changed. Choose another outcome",
            "incident.disposition",
        )
    if act.waive is None:
        refuse_undone(incident, act.disposition, EXCUSED)
    return IncidentClosed(disposition=act.disposition, exercise=incident.exercise, note=act.note)


def _reopen(incident: Incident, act: Reopen, version: Seq | None) -> IncidentReopened:
    if incident.state == "open":
        raise Conflict(
            f"Incident {incident.number} is open already. Nothing was changed. Claim it",
            "incident.open",
        )
    _must_have_seen(incident, version, incident.acted)
    # Whoever reopens it says that it is to be dealt with: the test, or whatever had held it back, may be over.
    shown: Presentation | None = None if incident.presentation == "shown" else "shown"
    return IncidentReopened(exercise=incident.exercise, presentation=shown, reason=act.reason)


def _write_help_note(incident: Incident, act: WriteHelpNote) -> IncidentHelpNoted:
    _must_be_open(incident, "note for the crews")
    if act.seen != incident.help_version:
        raise Conflict(
            f"The help note of incident {incident.number} was written anew since it was looked at. Nothing of yours "
            "was saved. Look at it as it is now, and save again",
            "help_note.changed",
        )
    if incident.help_version >= VERSIONS_MAX:
        raise Conflict(
            f"The help note of incident {incident.number} was written {VERSIONS_MAX} times, and no more are kept. "
            "Nothing was changed. Write a note of the incident",
            "help_note.full",
        )
    return IncidentHelpNoted(exercise=incident.exercise, value=act.note, version=incident.help_version + 1)


def _confirm_help_note(incident: Incident, act: ConfirmHelpNote) -> IncidentLookAgain:
    _must_be_open(incident, "look at again")
    if act.seen != incident.help_version:
        raise Conflict(
            f"The help note of incident {incident.number} was written anew since it was looked at. Nothing was "
            "confirmed. Look at it as it is now, and confirm again",
            "help_note.changed",
        )
    if incident.look_again_at is None:
        raise Conflict(
            f"The help note of incident {incident.number} is not about somebody missing, so it need not be looked at "
            "again. Nothing was changed. Write a note of the incident where there is something to say",
            "help_note.not_due",
        )
    return IncidentLookAgain(exercise=incident.exercise, late_s=0, reason="confirmed")


def _check_phrase(incident: Incident, act: CheckPhrase) -> IncidentPhraseChecked:
    """Under duress somebody asks for help and must not be seen to: first priority, and silent."""
    _must_be_open(incident, "check")
    is_duress = act.outcome == "duress"
    return IncidentPhraseChecked(
        exercise=incident.exercise,
        of=act.of,
        outcome=act.outcome,
        priority=1 if is_duress else incident.priority,
        raised_from=incident.priority if is_duress and incident.priority > 1 else None,
        silent=incident.silent or is_duress,
    )


def _call(incident: Incident, act: Call) -> IncidentCalled:
    """Who seems to be under duress on the telephone is helped as one who says the duress phrase."""
    _must_be_open(incident, "call about")
    is_duress = act.outcome == "duress"
    return IncidentCalled(
        exercise=incident.exercise,
        of=act.of,
        outcome=act.outcome,
        place=act.place,
        priority=1 if is_duress else incident.priority,
        raised_from=incident.priority if is_duress and incident.priority > 1 else None,
        silent=incident.silent or is_duress,
        telephone=act.telephone,
    )


def _must_be_open(incident: Incident, act: str) -> None:
    if incident.state == "closed":
        raise Conflict(
            f"Incident {incident.number} is closed: there is nothing to {act}. Nothing was changed. Reopen it where "
            "there is more to do",
            "incident.closed",
        )


def _must_have(incident: Incident, actor: Actor, done: str) -> None:
    if incident.claimed_by is None:
        raise Conflict(
            f"Incident {incident.number} was not {done}: nobody has claimed it. Nothing was changed. Claim it first",
            "incident.not_claimed",
        )
    if incident.claimed_by != actor:
        raise Conflict(
            f"Incident {incident.number} was not {done}: another operator has it. Nothing was changed. Talk to them, "
            "or take it over first",
            "incident.claimed_by_other",
        )


def _must_have_seen(incident: Incident, version: Seq | None, newest: Seq) -> None:
    if version is None or version < newest:
        _changed(incident)


def _changed(incident: Incident) -> NoReturn:
    raise Conflict(
        f"Incident {incident.number} has changed since it was looked at. Nothing was changed by this. Look at what is "
        "new, and repeat",
        "incident.changed",
    )
