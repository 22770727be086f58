"""Zones out of service: which signals start no response.

In doubt a signal counts, as in `rules.on_test`: a class about life stays live unless somebody named it.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec.structs import replace

from tocsin.model.out_of_service import (
    ZONES_OUT_EXTENDED,
    ZONES_PUT_BACK,
    ZONES_TAKEN_OUT,
    ZonesOut,
    ZonesOutExtended,
    ZonesPutBack,
    ZonesTakenOut,
)
from tocsin.model.signals import SignalBody
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.classify import Reading
from tocsin.rules.on_test import UnderTest, is_live

OutBody: TypeAlias = ZonesTakenOut | ZonesOutExtended | ZonesPutBack
BODIES: Final[dict[Code, type[OutBody]]] = {
    ZONES_TAKEN_OUT: ZonesTakenOut,
    ZONES_OUT_EXTENDED: ZonesOutExtended,
    ZONES_PUT_BACK: ZonesPutBack,
}
"""The body of each kind of fact about zones out of service."""


def out_of_service(
    reading: Reading, signal: SignalBody, account_id: Ref | None, outs: Iterable[ZonesOut], seq: Seq
) -> UnderTest | None:
    """Judge a signal by the zones that are out of service; None: its zone is not.

    Of several, one that takes the signal out counts before one that leaves it live, then the one that ends last.
    """
    found = [out for out in outs if covers(out, signal, account_id, reading, seq)]
    if not found:
        return None
    judged = [(not is_live(reading, out.taken.live), out.until, -out.seq, out) for out in found]
    is_off, _, _, out = max(judged, key=lambda one: one[:3])
    return UnderTest(out.id, not is_off, "out_of_service")


def covers(out: ZonesOut, signal: SignalBody, account_id: Ref | None, reading: Reading, seq: Seq) -> bool:
    """The signal comes from one of these zones, while they are out of service.

    What names no zone, and a message whose two accounts dispute each other, comes from none of them.
    """
    if account_id != out.taken.account_id or signal.disputed or signal.received_at >= out.until:
        return False
    if seq < out.seq or (out.ended_seq is not None and seq > out.ended_seq):
        return False
    return reading.detector in out.taken.zones


def apply_out(out: ZonesOut | None, body: OutBody, *, seq: Seq, at: Micros, actor: Actor | None, id_: Ref) -> ZonesOut:
    """Return what is out of service as it is after the fact; `out` is None for the fact that begins it."""
    if isinstance(body, ZonesTakenOut):
        assert out is None, "zones are taken out once under one name"
        return ZonesOut(
            id=id_,
            end_reason=None,
            ended_at=None,
            ended_by=None,
            ended_seq=None,
            extended=0,
            seq=seq,
            taken=body,
            taken_at=at,
            taken_by=actor,
            until=body.until,
        )
    assert out is not None, "only zones that were taken out have further facts"
    if isinstance(body, ZonesOutExtended):
        return replace(out, extended=out.extended + 1, until=body.until)
    return replace(out, end_reason=body.reason, ended_at=at, ended_by=actor, ended_seq=seq)
