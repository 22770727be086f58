"""What an open incident waits for by a time: the facts that say that it came, and what was done about it."""

from typing import Final, Literal

import msgspec

from tocsin.model.values import Code

LOOK_AGAIN: Final = Code("look_again")
"""Kind of the timer of an open incident about somebody missing, whose help note must be looked at again."""

INCIDENT_LOOK_AGAIN: Final = Code("incident.look_again")
LookAgainReason = Literal["written", "confirmed", "due", "withdrawn"]


class IncidentLookAgain(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.look_again`, version 1: the help note about somebody missing, and when it is looked at again.

    Written or confirmed: in 12 hours. Due: now. Withdrawn: nobody is missing by the note any more, or it is gone.
    """

    exercise: bool
    late_s: int
    """Seconds after it was due, where the centre stood still then."""
    reason: LookAgainReason
