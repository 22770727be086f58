"""A silent call for help of the control room itself: what whoever presses the hold-up keys, or the room's button, says.

Fields of bodies stand in the order of canonical JSON. Source: CONSOLE.md, section 2; SCOPE.md, "hold-up, duress".
"""

from typing import Final

import msgspec

from tocsin.model.values import Actor, Code, Ref

HELD_UP: Final = Code("centre.held_up")


class HeldUp(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `centre.held_up`, version 1: somebody in the control room calls for help in silence.

    The actor is whose session, or which program's token, said so.
    """

    exercise: bool
    """A test press: the same way, marked on every screen and in every notice."""
    raised_by: Actor | None
    """Whose screens show nothing of it; None: a button of the room, so that no operator's screen does."""
    site_id: Ref | None
    """The centre's own site, where it has said which that is."""
