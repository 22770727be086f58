"""A person's report in the core: what it opens or joins, in the transaction of its command.

`rules.reporting` decides. Here it is looked up, sealed under the incident's key, appended and put, with all that follows:
plan, chain, flood, and what the way in does of its own in the same transaction.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import msgspec

from tocsin.model.call_forms import ReportedPlace, Way
from tocsin.model.catalogue import IncidentType
from tocsin.model.commands import WriteHelpNote
from tocsin.model.help_note import IncidentHelpNoted
from tocsin.model.incidents import Incident, IncidentClaimed
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Actor, Code, Ref
from tocsin.model.vault import SealedValue


class SealedReport(NamedTuple):
    """What a report brings, sealed under its incident's key."""

    report: SealedValue
    note: SealedValue | None
    """The incident's first help note, where the report opens one and says what helping needs."""
    is_looked_for: bool
    """The note is about somebody missing."""


Seal: TypeAlias = Callable[[Ref, bool], SealedReport]
"""Seals for an incident; True: the report opens it."""

Beside: TypeAlias = Callable[[StoreTransaction, Appender, Incident], None]
"""What the way in puts in the same transaction, when the incident stands."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to be opened or joined, by an actor's hand."""

    actor: Actor
    id: Code
    """The sender's own: unique for the actor for 30 days. The same again gets the same answer."""
    digest: bytes
    """What the command is known by when it comes again: keyed, since it counts the caller's words."""
    way: Way
    call: Ref | None
    type: IncidentType
    place: ReportedPlace
    site_id: Ref | None
    into: Ref | None
    """The open incident that it joins; None: it opens one."""
    is_claimed: bool
    """Whoever takes it has the incident that it opens."""
    seal: Seal
    beside: Beside


def claimed(incident: Incident) -> IncidentClaimed:
    """Whoever took the report has it from its beginning."""
    return IncidentClaimed(exercise=incident.exercise, previous=None)


def noted(incident: Incident, note: SealedValue) -> IncidentHelpNoted:
    """The first help note of an incident."""
    return IncidentHelpNoted(exercise=incident.exercise, value=note.ref, version=incident.help_version + 1)


def note_act(sealed: SealedReport, note: SealedValue) -> WriteHelpNote:
    """What somebody did who wrote that note: one about somebody missing is looked at again."""
    return WriteHelpNote(note=note.ref, seen=0, value=note, is_looked_for=sealed.is_looked_for)
