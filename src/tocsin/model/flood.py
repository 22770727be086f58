"""Alarm floods: the facts of a storm, and the storm that goes on.

A storm begins when more incidents are announced in ten minutes than the desks can take, and ends when they are few
again. Source: ISA-18.2, EEMUA 191; STANDARDS.md 3.5.
"""

from typing import Final

import msgspec

from tocsin.model.values import Code, Micros, Ref, Seq

STORM_BEGAN: Final = Code("storm.began")
STORM_ENDED: Final = Code("storm.ended")


class StormBegan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `storm.began`, version 1. `ref` is None: the storm is `storm-` and this seq."""

    begins: int
    """More than so many in the window, for each staffed desk."""
    count: int
    """So many were announced in the window before."""
    desks: int
    """Desks with somebody on shift, at least 1."""
    exercise: bool
    since: Micros
    """When the first of them came in: it belongs to the storm."""
    window_s: int


class StormEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `storm.ended`, version 1. `ref` is the storm."""

    count: int
    """So many are announced in the window now."""
    desks: int
    ends: int
    """Fewer than so many in the window, for each staffed desk."""
    exercise: bool
    late_s: int
    """So much later than it should: the centre stood still."""


class Storm(msgspec.Struct, frozen=True, kw_only=True):
    """A storm that goes on."""

    id: Ref
    seq: Seq
    """Of the fact that it began by."""
    since: Micros


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """How many incidents were announced, up to now."""

    minute: int
    ten_min: int
    hour: int
