"""Values under a key of their holder: what is stored of them, which keys a holder has, and when a holder's data end.

A holder is whatever owns a key: an incident, a site. Its key is drawn from a pool that was made ahead, so that sealing
costs no I/O; destroying the key erases all that was sealed under it (DESIGN.md, "Personal data and the vault").
"""

from typing import Final

import msgspec

from tocsin.model.values import Code, HexHash, KeyId, Micros, PersonalBytes, Ref

VALUE_PREFIX: Final = "value-"
"""How the name of a sealed value begins; behind it stand 64 hex digits, which commit to it."""

NOTE_FIELD: Final = Code("note")
SIGNAL_FIELD: Final = Code("signal")
"""Field of an incident's copy of what was sealed with a signal of it."""


class SealedValue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A value that is sealed and not yet stored. It goes along with a command, and into its fact's transaction."""

    ref: Ref
    """`value-` and SHA-256 of 32 random bytes and the value: a fact that names it commits to the value."""
    holder: Ref
    field: Code
    key: KeyId
    sealed: PersonalBytes
    digest: HexHash
    """Keyed hash of the value under the holder's key: the same command again is known by it. Stored nowhere."""


class ValueRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A sealed value as it is stored, beside the journal."""

    ref: Ref
    holder: Ref
    field: Code
    key: KeyId
    sealed: PersonalBytes
    at: Micros


class Timer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that falls due: a row of `timers`, the projection of `timer.set`. One a kind and object."""

    kind: Code
    ref: Ref
    due_at: Micros


class TimerSet(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `timer.set`, version 1: something of the object falls due then, in place of any time before.

    Kinds: `incident`, its data end; `look_again`, its help note must be looked at. What runs out names its own kind
    beside it.
    """

    due_at: Micros | None
    """None: nothing falls due any more."""
    exercise: bool
    kind: Code
    reason: Code
    """Why it was set, moved or ended: closed, reopened, hold_set, hold_lifted, settings, found, done."""
