"""What the API takes and answers about zones out of service."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.catalogue import HazardClass
from tocsin.model.out_of_service import ZONES_OUT_MAX, OutEndReason, OutReason
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref

ZoneOut = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{1,16}$")]
"""A zone as the panel sends it."""

OutMark = Literal["again", "long"]
"""Why they may be forgotten: taken out again within a day of the end; out for more than two weeks."""


class OutIncident(msgspec.Struct, frozen=True, kw_only=True):
    """What zones out of service said: an incident that starts no response."""

    id: Ref
    number: int


class OutZone(msgspec.Struct, frozen=True, kw_only=True):
    """One zone that is out of service."""

    number: Code
    name: Place | None


class ZonesOutItem(msgspec.Struct, frozen=True, kw_only=True):
    """Zones of one account that are out of service, or were."""

    id: Ref
    account: AccountNumber | None
    """None: it was removed."""
    account_id: Ref
    account_name: Place | None
    end_reason: OutEndReason | None
    ended_at: Micros | None
    ended_by: Actor | None
    extended: int
    incidents: list[OutIncident]
    """Open ones, by number."""
    live: list[HazardClass]
    """Of the classes about life, those whose signals are incidents as ever."""
    marks: list[OutMark]
    reason: OutReason
    site: Place | None
    site_id: Ref | None
    taken_at: Micros
    taken_by: Actor | None
    until: Micros
    zones: list[OutZone]


class ZonesOutAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is put back first comes first; then what was put back within the last day, the latest first."""

    at: Micros
    default_s: int
    """For how long zones are out unless somebody says otherwise."""
    ended: list[ZonesOutItem]
    items: list[ZonesOutItem]
    length_s_max: int
    """The longest that the one who asks may set."""
    stay_live: list[HazardClass]
    """They stay live unless each is named."""


class TakeOutBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take zones of an account out of service."""

    reason: OutReason
    until: Micros
    zones: Annotated[list[ZoneOut], Meta(min_length=1, max_length=ZONES_OUT_MAX)]
    not_live: Annotated[list[HazardClass], Meta(max_length=16)] = []
    """Of fire, hold-up and medical, each that starts no response either."""


class ExtendOutBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put the end off."""

    until: Micros
