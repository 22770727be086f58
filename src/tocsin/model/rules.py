"""What a centre changes of the numbers that judgement goes by: the fact, and a version of them.

The numbers themselves, with what ships and their ranges, stand in `rules.parameters`.
"""

from typing import Final

import msgspec

from tocsin.model.values import Actor, Code, Micros, Seq

RULES_SET: Final = Code("rules.set")


class RulesSet(msgspec.Struct, frozen=True, gc=False):
    """Body of `rules.set`, version 1: all parameters of judgement that are other than what ships, from now on."""

    changed: dict[Code, int]
    """By name. Empty: everything is as it ships."""


class RulesVersion(msgspec.Struct, frozen=True, gc=False):
    """One version of them; `seq` is its number."""

    at: Micros
    by: Actor | None
    changed: dict[Code, int]
    seq: Seq
