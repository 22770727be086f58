"""What the coded reasons and the facts of an incident say, in English: plain, short, and without anybody's name.

People stand in it by their id, as `{user-12}`, which a screen replaces by the name that it may show.
Source: CONSOLE.md, section 8; STYLE.md, section 11.
"""

from typing import Final, assert_never

from tocsin.model.action_plans import PlanBegun, PlanEnded, StepDone, StepOverdue, StepWaived
from tocsin.model.call_forms import IncidentReported
from tocsin.model.calls import CallOutcome, IncidentCalled
from tocsin.model.catalogue import Catalogue, HazardClass
from tocsin.model.escalation import IncidentEscalated, IncidentLookAgain, Tell
from tocsin.model.help_note import IncidentHelpNoted
from tocsin.model.incidents import (
    REPORTED,
    Disposition,
    IncidentAbsorbed,
    IncidentClaimed,
    IncidentClosed,
    IncidentFolded,
    IncidentGivenBack,
    IncidentJoined,
    IncidentMerged,
    IncidentNoted,
    IncidentOpened,
    IncidentParted,
    IncidentPlaced,
    IncidentQuieted,
    IncidentReleased,
    IncidentReopened,
    IncidentRestored,
    IncidentShelved,
    IncidentUnmerged,
    IncidentUnshelved,
    Point,
    ReopenReason,
    ShelveReason,
    UnshelveReason,
)
from tocsin.model.keyholders import IncidentPhraseChecked
from tocsin.model.notices import Channel
from tocsin.model.retention import HoldLifted, HoldReason, HoldSet, IncidentErased, LiftReason
from tocsin.model.rosters import is_roster
from tocsin.model.stills import (
    StillErased,
    StillLift,
    StillLifted,
    StillMask,
    StillMasked,
    StillTaken,
    incident_of,
    number_of,
)
from tocsin.model.values import Actor, Code, Ref, Words
from tocsin.rules import reasons
from tocsin.rules.action_plan_words import tell_plan
from tocsin.rules.correlation_words import CONFIRMED_WORDS, quieted, regrouped
from tocsin.rules.incident import IncidentBody
from tocsin.rules.plain_words import duration_words, zone_words

CHANNEL_WORDS: Final[dict[Channel, str]] = {
    "email": "e-mail",
    "push": "Web Push",
    "sms": "text messages",
    "voice": "calls",
    "webhook": "webhooks",
}
"""Each channel of notices, in words."""

REASONS: Final[dict[Code, Words]] = {
    code: Words(words)
    for code, words in {
        # Why it has this type and priority.
        reasons.BY_CODE: "Type and priority are those of its code in the code table.",
        reasons.BY_ZONE: "Type and priority are those that the zone list of the account gives this zone.",
        reasons.BY_ZONE_PRIORITY: "The type is that of its code; the priority is what the zone list gives this zone.",
        reasons.DISPUTED: (
            "Type and priority are those of its code. The message names a second account that it cannot speak for: "
            "check both places."
        ),
        reasons.DISPUTED_UNKNOWN_CODE: (
            "The code is in no table. The message names a second account that it cannot speak for: check both places."
        ),
        reasons.NO_EVENT: "The message holds no event that can be read, only text: read it, then decide.",
        reasons.UNKNOWN_CODE: "The code is in no table, so it could be anything: a person decides.",
        reasons.UNKNOWN_CODE_CAUTION: (
            "The code is in no table, and belongs to a family that can be about life: priority 1 until somebody has "
            "named it."
        ),
        reasons.UNKNOWN_CODE_SILENT: (
            "The code is in no table, and belongs to the family of hold-up and panic: priority 1, handled in silence "
            "until somebody has named it."
        ),
        reasons.UNKNOWN_CODE_ZONE: (
            "The code is in no table. It is as urgent as the zone list of the account says that this zone is."
        ),
        reasons.QUARANTINED: (
            "A rule failed on this signal, so nobody knows what it says. It is set aside as it came: read it, then "
            "decide."
        ),
        reasons.ACTIVE_AFTER_TEST: (
            "It was still active when the test of this place ended. What it said during the test started no response: "
            "treat it as an alarm of now."
        ),
        reasons.ACTIVE_BACK_IN_SERVICE: (
            "It was still active when its zone was put back into service. What it said before started no response: "
            "treat it as an alarm of now."
        ),
        # What the centre notices of itself (rules.notices).
        Code("notice_disk_full"): (
            "The centre's disk is full: signals are refused, and panels are told to try again. Make room at once."
        ),
        Code("notice_core_stalled"): (
            "The centre had stopped at an entry that it could not take: signals were stored, and nothing became of "
            "them. Look through what came in since, and keep the log."
        ),
        Code("notice_core_late"): (
            "Signals waited for more than 10 s to become incidents: ages on the screen count from when they came in."
        ),
        Code("notice_timers_stopped"): (
            "The timers stood still: nobody was told of what nobody claims. Look through the queue, and at whom it "
            "says to telephone."
        ),
        Code("notice_supervision_stopped"): (
            "Nobody was watching who is silent: a panel or a path that was lost meanwhile is told late. Look at the "
            "board of supervision, and keep the log."
        ),
        Code("notice_nobody_reached"): (
            "Nobody can be told by notice now: whoever a chain tells at its end is off duty, said not now, or has no "
            "contact that works. Set somebody on duty, or telephone what nobody claims."
        ),
        Code("notice_contact_gone"): (
            "A provider knows a contact no more, and its owner has no other: it was taken away, and they can be told "
            "nothing. The page of notices says whose: ask them for another one."
        ),
        Code("notice_notices_stopped"): (
            "Notices stood still: whoever should have been told by telephone, message or mail was not. Look at the "
            "board of notices, and telephone."
        ),
        Code("notice_tail_lost"): (
            "The journal begins again after a loss that somebody accepted: what came in the lost part is not here."
        ),
        Code("notice_restored"): (
            "The centre was restored from a backup: what came in after it was made is not here, what was changed since "
            "is as it was. Look for alarms that nobody sees, and at users and tokens."
        ),
        Code("notice_sender_stopped"): (
            "A sender is no longer read, since it sent more for unknown accounts than the limit: find it, and set its "
            "accounts up or switch it off."
        ),
        Code("notice_account_refused"): (
            "Signals of an account are refused: its key, clock or window does not fit. Check the account and its panel."
        ),
        Code("notice_message_set_aside"): (
            "A message of the broker could not be stored, however often, and was set aside: what it said is not here. "
            "The page Sources says whose it was. Report it as a fault."
        ),
        Code("notice_broker_lost"): (
            "The broker that sensors send to is not reached: what they say now comes when it is back, or not at all. "
            "Look at the page Sources, the broker and the network."
        ),
        Code("notice_access_attacked"): (
            "Within a minute 20 passwords, tokens or links were refused: somebody guesses, or something has a wrong "
            "token. Look who signs in and which source is silent; tell the supervisor."
        ),
        Code("notice_chain_broken"): (
            "A chain of escalation reaches nobody at its end any more: somebody left, withdrew a contact, or a channel "
            "was switched off. The page Escalation says which one: mend it."
        ),
        Code("notice_unknown_waiting"): (
            "Signals of a number that nobody has set up have waited for an hour: set it up in the list of unknown "
            "accounts, or say that it is not ours."
        ),
        Code("notice_desk_unattended"): (
            "Somebody is on shift at a desk without a living console: locked, signed out or cut off. The page of "
            "shifts says which. Go there or telephone, and watch the queue."
        ),
        # The control room itself (rules.hold_up).
        reasons.ROOM_HELD_UP: (
            "Somebody in the control room calls for help in silence. Nothing shows it where the call came from. Do not "
            "telephone the control room: have the police go there."
        ),
        reasons.HELD_UP_AGAIN: "The same hold-up keys or button again.",
        # What people report (rules.reporting).
        reasons.REPORTED_BY_CALL: (
            "Somebody telephoned. Who took the call chose the type from the catalogue, and the priority is that of the "
            "type."
        ),
        reasons.MISSED_CHECK_IN: (
            "Somebody who works alone said by when they would be heard of, was reminded, and was not heard of. What "
            "they reported says who and where."
        ),
        reasons.REPORTED_BY_STAFF: (
            "Somebody of the staff on duty reported it by phone. They chose the type from the catalogue, and the "
            "priority is that of the type."
        ),
        # What supervision finds (rules.supervision).
        reasons.OVERDUE: "Nothing has been heard of this account for longer than its limit.",
        reasons.SOURCE_SILENT: "This source has sent nothing for longer than its limit: look at it and at its gateway.",
        reasons.LOST_PATH: (
            "One of two paths is not heard any more; the other one works. A fault, and no sign of a break-in."
        ),
        reasons.LOST_ALL_PATHS: (
            "All paths of an armed account were lost together, and others were not: somebody may have cut them."
        ),
        reasons.LOST_SITE: (
            "Nothing of an armed site is heard any more: all paths of its accounts were lost together, and others were "
            "not. Somebody may have cut them."
        ),
        reasons.LOST_RECEIVER: (
            "Most of what is watched went silent together: look at our own side first, the receiver, its network, the "
            "way to the internet."
        ),
        reasons.LOST_TRANSPORT: (
            "Most of what comes in by one transport went silent together: look at our own side first, its port, the "
            "firewall, the certificate."
        ),
        reasons.LOST_NETWORK: "Many accounts behind one network went silent together: it is that, not each of them.",
        reasons.LOST_AGAIN: "It is not heard again: the same outage comes and goes.",
        reasons.LOST_MORE: "More of them are not heard any more.",
        reasons.HEARD_AGAIN: "Heard again.",
        reasons.UNWATCHED: "It is not watched any more, so nobody waits for it.",
        # What a schedule waits for (rules.schedules).
        reasons.NOT_OPENED: "It should be open by its schedule, and nobody has opened it.",
        reasons.NOT_CLOSED: "It should be closed by its schedule, and nobody has armed it.",
        reasons.NOT_TESTED: "The test report that its schedule waits for did not come.",
        reasons.NOT_OPENED_TOLD_LATE: (
            "It should be open by its schedule, and nobody has opened it. The centre stood still when that fell due: "
            "this is told late."
        ),
        reasons.NOT_CLOSED_TOLD_LATE: (
            "It should be closed by its schedule, and nobody has armed it. The centre stood still when that fell due: "
            "this is told late."
        ),
        reasons.NOT_TESTED_TOLD_LATE: (
            "The test report that its schedule waits for did not come. The centre stood still when that fell due: "
            "this is told late."
        ),
        reasons.OPENED_OUTSIDE: "It was opened outside the hours of its schedule.",
        reasons.OPENED_LATE: "It was opened.",
        reasons.CLOSED_LATE: "It was closed.",
        reasons.CLOSED_AGAIN: "It was closed again.",
        reasons.TESTED_LATE: "A test report came.",
        **{
            Code(f"notice_notify_{channel}_{rank}"): (
                f"Notices do not leave by the {which} provider of {words}: it refuses them or does not answer. Look at "
                "the delivery board, and telephone whom it names."
            )
            for channel, words in CHANNEL_WORDS.items()
            for rank, which in ((1, "first"), (2, "second"))
        },
        Code("notice_again"): "The centre noticed the same again.",
        Code("notice_over"): "The centre noticed that it is over.",
        # Why it joined.
        reasons.SAME_POINT: "Joined: the same detector says the same again.",
        reasons.SAME_ZONE: "Joined: the same zone, shortly after.",
        reasons.SAME_ACCOUNT: "Joined: the same account, shortly after.",
        reasons.SAME_SITE: "Joined: the same site, shortly after.",
        reasons.SAME_UNKNOWN_ACCOUNT: "Joined: the same unknown account, shortly after.",
        reasons.SAME_DISPUTED_ACCOUNT: "Joined: the same two accounts, shortly after.",
        reasons.STILL_PRESENT: "Joined: the panel says that it is still there.",
        reasons.AREA_MAINS: (
            "The mains failed at many places within minutes: it is the supply of an area, not each of them. All are "
            "named here; what returns is over."
        ),
        reasons.AREA_MAINS_JOINED: "Joined: the mains failed here too, shortly after many others.",
        reasons.MERGED_AS_AREA: "The mains failed at many places within minutes: it is the supply of an area.",
        reasons.MERGED_HERE: "Joined: it belongs to an incident that was merged into this one.",
        reasons.CHATTERING: (
            "Joined: the same detector again and again. It chatters: what it says from now on is counted here in one "
            "number, until it is quiet."
        ),
        reasons.RUNAWAY: (
            "One detector says the same again and again: a fault of this account. Its alarms are counted in their own "
            "incident; all else is shown as ever."
        ),
        reasons.RUNAWAY_MORE: "Joined: another detector of this account goes on and on too.",
        reasons.RUNAWAY_CALM: "The detector has been quiet for long enough.",
        reasons.FOLDED: "Joined: the detector chatters, and this is counted with its other signals.",
        reasons.COUNTED_IN_FAULT: (
            "Joined: somebody closed the incident of this detector while it goes on and on. What it says is counted "
            "here, in its fault, until it is quiet."
        ),
        reasons.MERGED_BY_PERSON: "A person said that it is the same happening as another incident.",
        reasons.SPLIT_OFF: (
            "A person made it of signals of another incident. Its type is that of the first alarm among them."
        ),
        reasons.SPLIT_UNDONE: "A person undid the split: its signals went back.",
        reasons.RESTORED: "Joined: a restoral of what is active here.",
        reasons.RESTORED_NOTHING: "Joined: a restoral of this kind. What is active here was not named by it.",
        reasons.CANCELLED: "Joined: somebody at the place cancelled the alarm. The incident stays open.",
        reasons.DISARMED: "Joined: the place was disarmed. The incident stays open.",
        reasons.INFORMATION: "Joined: it tells more about this incident.",
        # Why it was filed.
        reasons.FILED_TEST: "Filed: a test opens nothing.",
        reasons.FILED_OPEN: "Filed: a disarming, and no break-in is open at this account.",
        reasons.FILED_CLOSE: "Filed: an arming opens nothing.",
        reasons.FILED_BYPASS: "Filed: a bypass of this kind opens nothing.",
        reasons.FILED_RESTORAL: "Filed: a restoral, and nothing that it could end is open at this account.",
        reasons.FILED_UNKNOWN_RESTORAL: (
            "Filed: its code is in no table; it says that something is over, and nothing of that code is open at this "
            "account."
        ),
        reasons.FILED_CANCEL: "Filed: a cancel, and nothing that it could cancel is open at this account.",
        reasons.FILED_INFORMATION: "Filed: information that opens nothing.",
        reasons.UNKNOWN_ACCOUNT_QUEUE: (
            "Filed: no alarm, and nobody has set up its account. The account waits in the list of unknown accounts."
        ),
    }.items()
}
"""The sentence for each coded reason."""

DISPOSITION_WORDS: Final[dict[Disposition, Words]] = {
    "real": Words("Real: the hazard was there"),
    "unwanted": Words("Unwanted: an alarm without its hazard"),
    "test": Words("Test: set off on purpose"),
    "fault": Words("Fault: the equipment was faulty"),
    "cancelled": Words("Cancelled: called off by who raised it"),
    "duplicate": Words("Duplicate: another incident is about the same"),
    "not_found": Words("Not found: nothing was seen at the place"),
    "handled_by_plan": Words("Handled by its plan, without an operator"),
}
"""What each outcome of closing means."""

REOPEN_WORDS: Final[dict[ReopenReason, Words]] = {
    "closed_by_mistake": Words("Closed by mistake"),
    "active_again": Words("Active again"),
    "more_to_do": Words("There is more to do"),
}
"""What each reason for reopening means."""

SHELVE_WORDS: Final[dict[ShelveReason, Words]] = {
    "fault_known": Words("The fault is known"),
    "engineer_called": Words("Somebody is on the way"),
    "work_on_site": Words("Works at the place cause it"),
    "weather": Words("The weather causes it"),
    "comes_again": Words("It comes again and again"),
}
"""What each reason for shelving means."""

UNSHELVE_WORDS: Final[dict[UnshelveReason, Words]] = {
    "due": Words("It was shelved until now."),
    "news": Words("More came in than was known when it was shelved."),
    "by_hand": Words("Somebody took it back from the shelf."),
}
"""Why it is shelved no more."""

HAZARD_WORDS: Final[dict[HazardClass, Words]] = {
    "fire": Words("Fire"),
    "explosion": Words("Explosion"),
    "medical": Words("Medical"),
    "rescue": Words("Rescue"),
    "hazmat": Words("Hazardous material"),
    "flood_weather": Words("Flood and weather"),
    "intrusion": Words("Intrusion"),
    "robbery_holdup": Words("Robbery and hold-up"),
    "theft": Words("Theft"),
    "violence": Words("Violence"),
    "missing_person": Words("Missing person"),
    "trafficking_kidnap": Words("Trafficking and kidnap"),
    "collision": Words("Collision"),
    "utility": Words("Utility"),
    "technical": Words("Technical"),
    "welfare_check": Words("Welfare check"),
}
"""Each hazard class, as it is shown."""

TELL_WORDS: Final[dict[Tell, Words]] = {
    "second_desk": Words("the second desk was told"),
    "supervisor": Words("the supervisor was told"),
    "everyone": Words("everybody was told"),
    "notify": Words("people were told"),
    "again": Words("who had not answered was told again"),
    "telephone": Words("telephone somebody. The supervisor was told again"),
    "webhook": Words("programs were called"),
}
"""What each step of a chain did."""

WAITED_S: Final = 60
"""From so many seconds on it is said how long a report lay on the phone."""

POINTS_NAMED_MAX: Final = 3
"""Points that one line of the time line names; of more it gives the number."""


def why(reason: Code) -> Words:
    """The sentence for a coded reason. One of a newer or older version is shown as it is: it is never nothing."""
    return REASONS.get(reason) or Words(f"Reason: {reason}.")


HOLD_WORDS: Final[dict[HoldReason, str]] = {
    "court_order": "a court ordered it",
    "police_request": "the police ask",
    "complaint": "a complaint",
    "insurance_claim": "an insurance claim",
    "internal_review": "our own review",
    "accident_inquiry": "an inquiry into an accident",
}
LIFT_WORDS: Final[dict[LiftReason, str]] = {
    "settled": "the matter is settled",
    "set_by_mistake": "it was set by mistake",
    "data_subject": "the person concerned asks",
}
ERASE_WORDS: Final[dict[str, str]] = {
    "time": "their time was over",
    "data_subject": "the person concerned asked",
    "not_needed": "they were not needed any more",
    "entered_by_mistake": "they were entered by mistake",
    "authority_order": "an authority ordered it",
}


def tell_data(body: HoldSet | HoldLifted | IncidentErased, actor: Actor | None) -> str:
    """One line of an incident's time line about how long its texts live, with its actor as `{id}`."""
    who = "The centre" if actor is None else f"{{{actor}}}"
    match body:
        case HoldSet():
            return f"{who} set a legal hold on its texts: {HOLD_WORDS[body.reason]}."
        case HoldLifted():
            return f"{who} lifted a legal hold on its texts: {LIFT_WORDS[body.reason]}."
        case IncidentErased():
            return f"{who} erased its texts: {ERASE_WORDS.get(body.reason, body.reason)}."
    assert_never(body)


LIFTED_WORDS: Final[dict[StillLift, Words]] = {
    "in_danger": Words("Is somebody in danger"),
    "where_is_it": Words("Where is it"),
    "which_door": Words("Which door"),
    "way_in": Words("How do crews get in"),
}
"""Why a mask is lifted, as a question that the picture is to answer."""

_MASKED_WORDS: Final[dict[StillMask, str]] = {
    "by_hand": "by a key",
    "idle": "since nobody touched anything",
    "over": "since the time was over",
    "left": "since the screen showed something else",
}


def tell_still(
    body: StillTaken | StillLifted | StillMasked | StillErased, actor: Actor | None, incident: Ref | None
) -> str:
    """One line of an incident's time line about a picture of it, or of one merged into it, with its actor as `{id}`."""
    who = "The centre" if actor is None else f"{{{actor}}}"
    other = "" if incident_of(body.still) == incident else " of an incident that was merged into this one"
    picture = f"picture {number_of(body.still)}{other}"
    match body:
        case StillTaken():
            if body.source == "mail":
                return f"A machine's mail brought {picture}, all of it masked."
            return f"{who} sent {picture}, masked but for what they marked."
        case StillLifted():
            return f"{who} lifted the mask of {picture}: {LIFTED_WORDS[body.reason].lower()}?"
        case StillMasked():
            return f"The mask of {picture} is back after {body.seconds} s, {_MASKED_WORDS[body.reason]}."
        case StillErased():
            return f"{who} erased {picture}: its time was over."
    assert_never(body)


def tell(body: IncidentBody, actor: Actor | None, catalogue: Catalogue) -> str:
    """One line of an incident's time line: what a fact says, with its actor as `{id}`."""
    who = "The centre" if actor is None else f"{{{actor}}}"
    match body:
        case IncidentOpened():
            return _opened(body, catalogue)
        case IncidentJoined():
            return _joined(body, catalogue)
        case IncidentFolded():
            count = len(body.signals)
            return f"{count} more of detectors that chatter." if count > 1 else "One more of a detector that chatters."
        case IncidentQuieted():
            return quieted(body)
        case IncidentMerged() | IncidentAbsorbed() | IncidentUnmerged() | IncidentGivenBack() | IncidentParted():
            return regrouped(body, who)
        case IncidentRestored():
            over = " Nothing is active any more: returned." if body.condition == "returned" else ""
            return f"Over: {_points(body.points_ended, catalogue)}, by a restoral that is listed elsewhere.{over}"
        case IncidentPlaced():
            return "The account that it came from has been set up, so its place is known."
        case IncidentClaimed():
            if body.previous is None:
                return f"{who} claimed it."
            return f"{who} took it over from {{{body.previous}}}."
        case IncidentReleased():
            return f"{who} gave it back to the queue."
        case IncidentNoted():
            return f"{who} wrote a note."
        case IncidentClosed():
            noted = " With a note." if body.note is not None else ""
            return f"{who} closed it. {DISPOSITION_WORDS[body.disposition]}.{noted}"
        case IncidentReopened():
            return f"{who} reopened it and has it. {REOPEN_WORDS[body.reason]}."
        case IncidentShelved():
            had = "" if body.previous in (None, actor) else f" {{{body.previous}}} had it."
            return f"{who} shelved it for {body.minutes} min. {SHELVE_WORDS[body.reason]}.{had}"
        case IncidentUnshelved():
            if body.reason == "by_hand":
                return f"{who} took it back from the shelf."
            late = f" {_late(body.late_s)}" if body.late_s > 0 else ""
            return f"{UNSHELVE_WORDS[body.reason]} It is shown, and sounds again.{late}"
        case IncidentHelpNoted():
            return f"{who} wrote the help note{'' if body.version == 1 else ' anew'}."
        case IncidentPhraseChecked():
            return _phrase(body, who)
        case IncidentEscalated():
            return _escalated(body)
        case IncidentLookAgain():
            return _look_again(body, who)
        case IncidentCalled():
            return _called(body, who)
        case IncidentReported():
            return _reported(body, who, catalogue)
        case PlanBegun() | StepDone() | StepWaived() | StepOverdue() | PlanEnded():
            return tell_plan(body, actor)
    assert_never(body)


def _escalated(body: IncidentEscalated) -> str:
    late = f" {_late(body.late_s)}" if body.late_s else ""
    why = "Too few are coming" if body.counts else "Nobody has claimed it"
    said = f"{why}: {TELL_WORDS[body.tell]}.{late}"
    if body.tell == "second_desk":
        return said
    if body.off_hours:
        return f"{why}: a step was left out, since it is not for this time of the day.{late}"
    parts = [f"Notices go to {body.told}."] if body.told else []
    if not body.told and not body.bundled:
        parts.append("Nobody could be sent a notice.")
    if body.desks:
        parts.append(f"{_count(len(body.desks), 'desk')} told by the screen.")
    if vacant := sum(is_roster(one) for one in body.vacant):
        parts.append(f"By {_count(vacant, 'roster')} nobody is on call.")
    if vacant := sum(not is_roster(one) for one in body.vacant):
        parts.append(f"Nobody is at {_count(vacant, 'desk')}.")
    if body.bundled:
        parts.append(f"{body.bundled} told already, coming, or told within a minute.")
    if body.refused:
        parts.append(f"{body.refused} cannot be reached.")
    return " ".join([said, *parts])


def _count(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _look_again(body: IncidentLookAgain, who: str) -> str:
    match body.reason:
        case "written":
            return "The help note is about somebody missing: it is to be looked at again in 12 hours."
        case "confirmed":
            return f"{who} looked at the help note again: it is right as it is."
        case "due":
            late = f" {_late(body.late_s)}" if body.late_s else ""
            return f"The help note must be looked at again.{late}"
        case "withdrawn":
            return "The help note need not be looked at again."
    assert_never(body.reason)


def _late(seconds: int) -> str:
    return f"This came {duration_words(seconds)} late: the centre stood still."


def _phrase(body: IncidentPhraseChecked, who: str) -> str:
    kind, _, number = body.of.partition("-")
    whose = "of the site" if kind == "site" else f"of keyholder {number}"
    match body.outcome:
        case "right":
            return f"{who} asked for the phrase {whose}: right."
        case "wrong":
            return f"{who} asked for the phrase {whose}: wrong."
        case "duress":
            raised = "" if body.raised_from is None else " Raised to priority 1."
            return f"{who} asked for the phrase {whose}: the duress phrase. Handled in silence from now on.{raised}"
    assert_never(body.outcome)


CALL_WORDS: Final[dict[CallOutcome, str]] = {
    "attends": "attends",
    "refuses": "refuses to come",
    "no_answer": "no answer",
    "voicemail": "a voicemail box answered",
    "busy": "busy",
    "wrong_number": "a wrong number",
    "wrong_phrase": "somebody answered who did not know the phrase",
    "duress": "under duress. Handled in silence from now on",
}
"""What became of a call to a keyholder, in words."""


def _called(body: IncidentCalled, who: str) -> str:
    raised = "" if body.raised_from is None else " Raised to priority 1."
    return (
        f"{who} called keyholder {body.place} of the list, number {body.telephone}: {CALL_WORDS[body.outcome]}.{raised}"
    )


def _reported(body: IncidentReported, who: str, catalogue: Catalogue) -> str:
    if body.is_first:
        unclear = " Where it is, is unclear." if body.place == "unclear" else ""
        if body.way == "check_in":
            return f"{who} works alone and did not check in.{unclear}"
        if body.way == "duty":
            return f"{who} reported it by the phone page.{_typed(body)}{unclear}"
        return f"{who} took the call that reported it.{unclear}"
    type_ = catalogue.types.get(body.type)
    meaning = body.type if type_ is None else f"{body.type} ({type_.meaning})"
    raised = "" if body.raised_from is None else f" Priority raised from {body.raised_from} to {body.priority}."
    silent = " Handle it in silence." if body.silent else ""
    if body.way == "duty":
        told = f"{who} reported it too, by the phone page: {meaning}.{_typed(body)}"
        return f"{told} Confirmed by a person.{raised}{silent}"
    return f"{who} took another call about it: {meaning}. Confirmed by a person.{raised}{silent}"


def _typed(body: IncidentReported) -> str:
    """Who typed it, where that was somebody else, and how long it lay on the phone, where that is worth a word."""
    other = " Somebody else typed it at the same phone." if body.is_handed_over else ""
    if body.waited_s is None or body.waited_s < WAITED_S:
        return other
    return f"{other} Typed at the phone {duration_words(body.waited_s)} before it reached us."


def code_words(code: Code | None, catalogue: Catalogue) -> str:
    """A code as shown (`FA`, `E131`, `R131`) with its meaning."""
    if code is None:
        return "A message without an event"
    is_cid = len(code) == 4
    rule = catalogue.codes.get(("CID", code[1:]) if is_cid else ("SIA", code))
    if rule is None:
        return f"Unknown code {code}"
    over = is_cid and code[0] == "R" and rule.kind_restore != rule.kind
    still = " (still present)" if is_cid and code[0] == "P" else ""
    return f"{code} {'over: ' if over else ''}{rule.meaning}{still}"


def _opened(body: IncidentOpened, catalogue: Catalogue) -> str:
    type_ = catalogue.types.get(body.type)
    meaning = "" if type_ is None else f" ({type_.meaning})"
    silent = " Handle it in silence." if body.silent else ""
    if body.origin == "centre":
        return f"Opened by the centre as {body.type}{meaning}, priority {body.priority}. {why(body.reason)}{silent}"
    if body.origin in REPORTED:
        return f"Opened as {body.type}{meaning}, priority {body.priority}. {why(body.reason)}{silent}"
    what = _with_zone(code_words(body.code, catalogue), body.zone)
    before = ""
    if body.earlier is not None:
        ago = duration_words(body.earlier.closed_s)
        before = f" The same detector was in incident {body.earlier.number}, which was closed {ago} before."
    return f"Opened as {body.type}{meaning}, priority {body.priority}: {what}. {why(body.reason)}{silent}{before}"


def _joined(body: IncidentJoined, catalogue: Catalogue) -> str:
    parts: list[str] = []
    if body.signal is not None:
        parts.append(f"{_with_zone(code_words(body.code, catalogue), body.zone)}.")
    parts.append(why(body.reason))
    if body.reason == reasons.HEARD_AGAIN:
        parts.append(f"It was away for {duration_words(body.gap_s)}.")
    if body.raised_from is not None:
        parts.append(f"Priority raised from {body.raised_from} to {body.priority}.")
    if body.confirmed_by is not None:
        parts.append(CONFIRMED_WORDS[body.confirmed_by])
    if body.points_ended:
        parts.append(f"Over: {_points(body.points_ended, catalogue)}.")
        parts.append("Nothing is active any more: returned." if body.condition == "returned" else "Others are active.")
    return " ".join(parts)


def _points(points: tuple[Point, ...], catalogue: Catalogue) -> str:
    if len(points) > POINTS_NAMED_MAX:
        return f"{len(points)} detectors"
    return "; ".join(_with_zone(_meaning(one, catalogue), one.zone) for one in points)


def _meaning(point: Point, catalogue: Catalogue) -> str:
    if point.format == "path":
        return f"account {point.account} not heard"
    if point.format == "runaway":
        return f"account {point.account} code {point.code} again and again"
    if point.format == "schedule":
        return f"account {point.account} {point.code.replace('_', ' ')}"
    rule = catalogue.codes.get((point.format, point.code))
    return f"unknown code {point.code}" if rule is None else rule.meaning


def _with_zone(text: str, zone: Code | None) -> str:
    return f"{text}, {zone_words(zone)}" if zone is not None else text
