"""Commands: what a person wants of an incident. Each becomes facts, or is refused."""

import msgspec

from tocsin.model.incidents import Disposition, ReopenReason
from tocsin.model.values import Actor, Code, Micros, Ref, Seq


class Claim(msgspec.Struct, frozen=True, tag="claim"):
    """Take it, by name. `take_over` takes it from whoever has it."""

    take_over: bool = False


class Release(msgspec.Struct, frozen=True, tag="release"):
    """Give it back to the queue."""


class AddNote(msgspec.Struct, frozen=True, tag="note"):
    """Write a note; its words lie in the vault already."""

    note: Ref


class Close(msgspec.Struct, frozen=True, tag="close"):
    """End it with a coded outcome."""

    disposition: Disposition
    note: Ref | None = None


class Reopen(msgspec.Struct, frozen=True, tag="reopen"):
    """Take it up again."""

    reason: ReopenReason


IncidentAct = Claim | Release | AddNote | Close | Reopen


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
