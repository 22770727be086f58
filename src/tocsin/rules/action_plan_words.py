"""What the facts about action plans say, in English: plain, short, and without anybody's name.

Steps stand in it by their id: the words of a centre's own plans lie in the vault.
"""

from typing import Final, assert_never

from tocsin.model.action_plans import (
    CHOICES,
    RESULTS,
    LineCode,
    PlanBegun,
    PlanEnd,
    PlanEnded,
    PlanReason,
    StepDone,
    StepKind,
    StepOverdue,
    StepWaived,
    WaiveReason,
)
from tocsin.model.values import Actor, Code, Words
from tocsin.rules.action_plan_state import PlanFact

RESULT_WORDS: Final[dict[Code, Words]] = {
    Code(code): Words(words)
    for code, words in {
        "attends": "attends",
        "refuses": "refuses to come",
        "wrong_phrase": "did not know the phrase",
        "duress": "under duress",
        "busy": "busy",
        "no_answer": "no answer",
        "voicemail": "a voicemail box answered",
        "wrong_number": "a wrong number",
        "nobody": "nobody was reached",
        "yes": "yes",
        "no": "no",
        "unknown": "not known",
        "done": "done",
        "not_possible": "not possible",
        "said": "said",
        "asked": "asked, and it is coming",
        "refused": "asked, and it cannot come",
        "not_reached": "not reached",
        "told": "told",
        "over": "the time is over",
        "returned": "the signal returned",
        "written": "written",
        "skipped": "left out",
        "waived": "left undone",
        "missed": "its time was missed",
        "keyholder": "a keyholder",
        "guard": "a guard",
        "crew": "a crew",
        "fire_service": "the fire service",
        "ambulance": "an ambulance",
        "police": "the police",
        "several": "several",
        "none": "none",
        "seen": "seen",
        "smelled": "smelled",
        "nothing": "nothing",
        "adult": "an adult",
        "child": "a child",
        "baby": "a baby",
        "rising": "rising",
        "standing": "standing",
        "falling": "falling",
        "power": "power",
        "gas": "gas",
        "water": "water",
        "network": "the network",
        "real": "the hazard is there",
        "fault": "faulty equipment",
        "works": "works at the place",
        "user": "set off by somebody at the place",
    }.items()
}
"""Every result and answer, in words. A test compares with what the model has."""

WAIVE_WORDS: Final[dict[WaiveReason, Words]] = {
    "not_needed": Words("it is not needed here"),
    "not_possible": Words("it is not possible"),
    "done_elsewhere": Words("others have done it"),
    "unsafe": Words("it would put somebody in danger"),
    "other_first": Words("something more urgent came first"),
}
LINE_WORDS: Final[dict[LineCode, Words]] = {
    "site_informed": Words("The place was informed"),
    "keyholder_informed": Words("The keyholder was informed"),
    "crews_informed": Words("The crews were informed"),
    "police_informed": Words("The police were informed"),
    "engineer_informed": Words("The engineer was informed"),
    "help_on_the_way": Words("Help is on the way"),
    "place_secured": Words("The place is secured"),
    "no_cause_found": Words("No cause was found"),
    "handed_over": Words("It was handed over"),
}
KIND_WORDS: Final[dict[StepKind, Words]] = {
    "call": Words("call"),
    "question": Words("question"),
    "decision": Words("decision"),
    "check": Words("check"),
    "instruct": Words("instruct"),
    "dispatch": Words("dispatch"),
    "notify": Words("notify"),
    "wait": Words("wait"),
    "message": Words("message"),
}
_BEGAN: Final[dict[PlanReason, str]] = {
    "claimed": "",
    "changed": " The type or the place is another.",
    "duress": " Somebody is under duress: handle it in silence.",
    "opened": " Nobody needs to claim it as long as its plan goes on by itself.",
    "reopened": " It was reopened: what was done stays done.",
    "by_hand": "",
}
_ENDED: Final[dict[PlanEnd, str]] = {
    "through": "The plan has been gone through.",
    "to_queue": "The plan goes no further by itself: somebody must claim it.",
    "handled": "The signal returned: the plan has handled it.",
    "taken_over": "Somebody claimed it: the plan goes no further by itself.",
    "common_cause": "Many have one cause: the plan goes no further by itself, and somebody must claim it.",
    "not_alone": "It is more urgent than it was: the plan goes no further by itself, and somebody must claim it.",
}


def result_words(result: Code) -> Words:
    """A result in words; one of a newer or older version is shown as it is."""
    return RESULT_WORDS.get(result) or Words(result)


def tell_plan(body: PlanFact, actor: Actor | None) -> str:
    """One line of an incident's time line about its plan, with its actor as `{id}`."""
    match body:
        case PlanBegun():
            how = " without an operator" if body.alone else ""
            kept = f" {len(body.keeps)} done before." if body.keeps else ""
            return f"The plan {body.name} began{how}.{_BEGAN[body.reason]}{kept}"
        case StepDone():
            return _done(body, actor)
        case StepWaived():
            who = "The plan" if actor is None else f"{{{actor}}}"
            return f"{who} left step {body.step} undone: {WAIVE_WORDS[body.reason]}."
        case StepOverdue():
            late = " This came late: the centre stood still." if body.late_s else ""
            return f"Step {body.step} is overdue.{_follows(body)}{late}"
        case PlanEnded():
            return _ENDED[body.reason]
    assert_never(body)


def _done(body: StepDone, actor: Actor | None) -> str:
    who = "By plan" if actor is None else f"{{{actor}}}"
    said = result_words(body.result)
    if body.place is not None:
        said = f"keyholder {body.place} of the list: {said}"
    if body.asked is not None:
        asked = ", ".join(one.replace("_", " ") for one in body.asked.asks) or "help"
        number = "" if body.asked.reference is None else f", their number {body.asked.reference}"
        said = f"{asked} asked{number}"
    if body.told is not None:
        said = f"notices go to {body.told}" if body.told else "nobody could be sent a notice"
    if body.line is not None:
        said = LINE_WORDS[body.line]
    raised = "" if body.raised_from is None else " Raised to priority 1."
    silence = " Handled in silence from now on." if body.result == "duress" else ""
    return f"{who}, step {body.step}: {said}.{silence}{raised}"


def _follows(body: StepOverdue) -> str:
    match body.do:
        case "go":
            return f" The plan goes on with {body.next}." if body.next is not None else " The plan goes on."
        case "tell":
            told = f" Notices go to {body.told}." if body.told else " Nobody could be sent a notice."
            return told + (f" {body.refused} cannot be reached." if body.refused else "")
        case "mark":
            return ""
    assert_never(body.do)


def all_results() -> list[Code]:
    """Every result that there is, each once."""
    known = [one for results in RESULTS.values() for one in results]
    known += [one for answers in CHOICES.values() for one in answers]
    return list(dict.fromkeys([*known, Code("told"), Code("skipped"), Code("waived"), Code("missed")]))
