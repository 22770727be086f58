"""Calls to keyholders in the course of an incident: what became of each, in a word of a closed list."""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import Priority
from tocsin.model.values import Actor, Code, Micros, Ref

CALLED: Final = Code("incident.called")

CallOutcome = Literal[
    "attends",
    "refuses",
    "no_answer",
    "voicemail",
    "busy",
    "wrong_number",
    "wrong_phrase",
    "duress",
]
"""Coded, since what somebody said on the telephone is nobody's to keep. A right phrase is a fact of its own."""

CALL_OUTCOMES: Final[tuple[CallOutcome, ...]] = (
    "attends",
    "refuses",
    "no_answer",
    "voicemail",
    "busy",
    "wrong_number",
    "wrong_phrase",
    "duress",
)

REACHED: Final[frozenset[CallOutcome]] = frozenset({"attends", "refuses", "wrong_phrase", "duress"})
"""Somebody answered, and there is no need to call that keyholder again."""

ROUNDS_MAX: Final = 2
"""So often a number is offered; then the list is through, and a person decides."""


class IncidentCalled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.called`, version 1: somebody telephoned a keyholder, and what became of it."""

    exercise: bool
    of: Ref
    """The keyholder."""
    outcome: CallOutcome
    place: int
    """Of the keyholder on the call list then, from 1."""
    priority: Priority
    """Of the incident from now on: 1 under duress."""
    raised_from: Priority | None
    silent: bool
    telephone: int
    """Which of the keyholder's numbers, from 1; never the number."""


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """One call, as its fact has it."""

    at: Micros
    by: Actor | None
    of: Ref
    outcome: CallOutcome
    telephone: int


class OnCallList(msgspec.Struct, frozen=True, kw_only=True):
    """A keyholder on the list of the incident's site, as far as the order of calls depends on it."""

    id: Ref
    is_away: bool
    """On the list, and cannot come for the time being: called last."""
    telephones: int
    """How many numbers there are; 0 where the contact is lost."""


NextReason = Literal["first_round", "again", "attends", "duress", "through", "nobody"]
"""Why this one is next, or why nobody is: somebody attends; somebody is under duress; all were called so often as
makes sense; nobody is on the list."""


class NextCall(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call next."""

    of: Ref | None
    reason: NextReason
    telephone: int | None
