"""What the API takes and answers about the parameters of judgement."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from tocsin.centre.dry_run import Outcome
from tocsin.model.catalogue import HazardClass
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, SignalId, Words
from tocsin.rules.parameters import CHANGED_MAX

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z_.]{0,39}$")]
Value = Annotated[int, Meta(ge=0, le=10_000_000)]


class ParameterItem(msgspec.Struct, frozen=True, kw_only=True):
    """A number of judgement."""

    name: Code
    words: Words
    now: int
    shipped: int
    least: int
    most: int


class ParameterValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parameter that is other than it ships."""

    name: Name
    value: Value


class RulesVersionItem(msgspec.Struct, frozen=True, kw_only=True):
    """One version of them."""

    version: Seq
    at: Micros
    by: Actor | None
    changed: list[ParameterValue]
    """All that were other than they ship; empty: none."""


class ParametersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every parameter as it is in force, and the newest versions, newest first."""

    items: list[ParameterItem]
    version: Seq
    """0: nobody ever changed any."""
    versions: list[RulesVersionItem]


class ParametersBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that shall be other than it ships, and the version that was looked at."""

    changed: Annotated[list[ParameterValue], Meta(max_length=CHANGED_MAX)]
    version: Seq


TRIED_DAYS_MAX: Final = 90
"""Days back that the page tries; the command goes further."""

NAMED_MAX: Final = 100
"""Signals that one answer names."""


class TryBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that would be other than it ships, and how many days back."""

    changed: Annotated[list[ParameterValue], Meta(max_length=CHANGED_MAX)]
    days: Annotated[int, Meta(ge=1, le=TRIED_DAYS_MAX)] = 30


class TriedClass(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the signals of a hazard class; by the parameters that are, and by those that are tried."""

    hazard: HazardClass | None
    """None: filed without a type."""
    words: Words
    opened: int
    joined: int
    folded: int
    filed: int
    would_open: int
    would_join: int
    would_fold: int
    would_file: int


class TriedEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Where a signal ends."""

    outcome: Outcome
    incident_id: Ref | None
    """The incident in which the signal that opens that one is today; None: filed."""
    incident_number: int | None


class TriedSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that would end elsewhere."""

    signal: SignalId
    at: Micros
    account: str
    code: Code | None
    zone: Code | None
    was: TriedEnd
    would: TriedEnd
    words: Words
    """Why it would."""


class TriedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What other parameters would have made of the signals of the last days. Nothing was changed."""

    since: Micros
    until: Micros
    signals: int
    otherwise: int
    """So many ended otherwise by the journal than by the present parameters too: other rules decided them then, or what
    was open before the time that is looked at is not known."""
    differing: int
    classes: list[TriedClass]
    named: list[TriedSignal]
    """The first of those that differ, at most NAMED_MAX."""
    is_untold: bool
    """A number is other than now that this does not tell all about: of floods, or of detectors that run away."""
