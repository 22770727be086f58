"""Putting zones back into service, in a transaction: of a person, of a timer, or of an account that is removed."""

from tocsin.centre.timers import set_timer
from tocsin.model.journal import Fact
from tocsin.model.out_of_service import OUT_ENDS, ZONES_PUT_BACK, OutEndReason, ZonesOut, ZonesPutBack
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Actor, Code
from tocsin.rules.out_of_service import apply_out


def put_back(
    out: ZonesOut, reason: OutEndReason, transaction: StoreTransaction, appender: Appender, actor: Actor | None
) -> ZonesOut:
    """Append the fact, write the table, and end the timer where it is not the timer that says so."""
    body = ZonesPutBack(exercise=out.taken.exercise, reason=reason)
    seq = appender.append(Fact(kind=ZONES_PUT_BACK, body=body, ref=out.id, actor=actor))
    out = apply_out(out, body, seq=seq, at=appender.at, actor=actor, id_=out.id)
    transaction.put_zones_out(out)
    if reason != "due":
        set_timer(transaction, appender, OUT_ENDS, out.id, None, Code(reason), actor=actor)
    return out
