"""What a notice says: number and priority, "open to read", a link. No address, no person, no place.

A locked screen shows it to whoever looks: what must not be given away there (a silent call for help, a patient) has no
type in it. Source: INTEGRATIONS.md, section 10; SCOPE.md, "hold-up, duress".
"""

from typing import Final

from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.notices import IncidentNotified, NoticeMoved, NoticePurpose
from tocsin.model.values import Actor, Code, Words

TEXT_MAX: Final = 160
"""Characters of one text message in GSM 7 bit."""

URL_MAX: Final = 120
"""A link that is no longer leaves room for number and priority in one text message."""

HIDDEN_HAZARDS: Final[frozenset[HazardClass]] = frozenset(
    {"medical", "robbery_holdup", "violence", "missing_person", "trafficking_kidnap"}
)
"""Classes whose type stands in no notice: whoever sees the phone must not learn of them."""

HIDDEN_TYPES: Final = ("PANIC", "HOLD-UP", "MED-")
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The characters that take one place in a text message (3GPP TS 23.038)."""


def shown_type(type_: Code, hazard: HazardClass, *, is_silent: bool) -> Code | None:
    """The type as a locked screen may show it; None where it must not."""
    if is_silent or hazard in HIDDEN_HAZARDS or type_.startswith(HIDDEN_TYPES):
        return None
    return type_


def title_of(purpose: NoticePurpose, number: int | None, priority: Priority | None, *, is_exercise: bool) -> Words:
    """The one line that a person must see: the incident's number first."""
    if purpose == "test":
        return Words("TEST of your contact")
    if purpose == "check_in":
        return Words("CHECK IN NOW: say that all is well")
    if purpose == "reminder":
        return Words("What you put on test is about to end")
    words = f"#{number} P{priority}"
    return Words(f"{words} EXERCISE" if is_exercise else words)


def text_of(
    purpose: NoticePurpose,
    number: int | None,
    priority: Priority | None,
    type_: Code | None,
    url: str,
    *,
    is_exercise: bool,
) -> Words:
    """The whole text, with its link, which is never cut: words give way to it."""
    title = title_of(purpose, number, priority, is_exercise=is_exercise)
    for words in (f"{title} {type_}. Open to read: " if type_ else "", f"{title}. Open to read: ", f"{title} "):
        if words and len(words) + len(url) <= TEXT_MAX:
            return Words(words + url)
    return Words(f"{title} {url}")


EXERCISE: Final = "This is an exercise."


def spoken(centre: str, priority: Priority | None, purpose: NoticePurpose, *, is_exercise: bool) -> Words:
    """The first words of a call: the centre, whether it is an exercise, and the priority, and nothing else."""
    if purpose == "test":
        return Words(f"{centre}. This is a test. Press 1 if you hear it. Press 9 to hear it again.")
    if purpose == "check_in":
        return Words(f"{centre}. Your check-in is nearly over. Open the phone page and say that all is well. Press 1.")
    if purpose == "reminder":
        said = "What you put on test is about to end. Press 1 if you hear it. Press 9 to hear it again."
        return in_exercise(f"{centre}.", said, is_exercise=is_exercise)
    keys = "Press 1 if you are coming. Press 2 if you cannot. Press 9 to hear it again."
    return in_exercise(f"{centre}.", f"Priority {priority}. {keys}", is_exercise=is_exercise)


def in_exercise(first: str, rest: str, *, is_exercise: bool) -> Words:
    """What a call says, with what it must not be taken for before everything else and once more at its end."""
    return Words(f"{first} {EXERCISE} {rest} {EXERCISE}" if is_exercise else f"{first} {rest}")


def spoken_type(meaning: str | None, shown: Code | None) -> str:
    """What it is, read out to whoever is coming; of what a screen must not show, nothing is said into a room either.

    A phone may lie on a table, switched loud, beside whoever must not hear it (STANDARDS.md, lesson 13).
    """
    if shown is None:
        return "Telephone the centre for what it is."
    return "Type not known." if meaning is None else f"{meaning}."


def tell_notified(body: IncidentNotified, actor: Actor | None) -> str:
    """A line of an incident's time line: that people were told of it."""
    who = "The centre" if actor is None else f"{{{actor}}}"
    people = "1 person" if body.count == 1 else f"{body.count} people"
    wanted = "" if body.wanted is None else f" {body.wanted} are needed."
    refused = "" if not body.refused else f" {body.refused} of them could not be: off duty, not now, or no contact."
    return f"{who} had {people} told of it.{wanted}{refused}"


def tell_answer(body: NoticeMoved, actor: Actor | None) -> str:
    """A line of an incident's time line: what somebody who was told has answered."""
    who = "Somebody" if actor is None else f"{{{actor}}}"
    said = "is coming" if body.answer == "coming" else "cannot come"
    return f"{who} {said}.{' It came late.' if body.is_late else ''}"
