"""What the API takes and answers about the parameters of judgement."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.values import Actor, Code, Micros, Seq, Words
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
