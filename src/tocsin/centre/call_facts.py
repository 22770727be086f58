"""What facts make of calls that somebody takes, live and in a rebuild; and the end of their drafts, by a timer."""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.centre.ring_facts import call_ended
from tocsin.centre.timers import Timers, set_timer
from tocsin.centre.values import Values
from tocsin.model.call_forms import (
    CALL_BEGUN,
    CALL_ENDED,
    CALL_ENDS,
    CALL_ERASED,
    CALL_SAVED,
    CALL_TAKEN_OVER,
    AbandonReason,
    CallEnded,
    CallEndedAs,
    CallErased,
    CallForm,
    CallMarks,
    CallSaved,
)
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq
from tocsin.model.vault import Timer


def begun(seq: Seq, at: Micros, actor: Actor | None) -> CallForm:
    """A call as it begins."""
    return CallForm(
        id=Ref(f"call-{seq}"), begun_at=at, begun_by=actor, held_by=actor, marks=CallMarks(), saved_at=at, seq=seq
    )


def saved(call: CallForm, body: CallSaved, seq: Seq, at: Micros) -> CallForm:
    """A field was left."""
    marks = CallMarks(place=body.place, site_id=body.site_id, type=body.type)
    return msgspec.structs.replace(call, marks=marks, saved_at=at, seq=seq)


def taken_over(call: CallForm, seq: Seq, actor: Actor | None) -> CallForm:
    """Somebody else goes on with it."""
    return msgspec.structs.replace(call, held_by=actor, seq=seq)


def ended(call: CallForm, body: CallEnded, seq: Seq, at: Micros) -> CallForm:
    """It is over."""
    return msgspec.structs.replace(call, ended_at=at, incident=body.incident, outcome=body.outcome, seq=seq)


def end(
    transaction: StoreTransaction,
    appender: Appender,
    call: CallForm,
    outcome: CallEndedAs,
    incident: Ref | None,
    reason: AbandonReason | None,
    actor: Actor,
) -> CallForm:
    """Put that it is over; its draft is erased with the next turn of the timers."""
    body = CallEnded(exercise=False, incident=incident, outcome=outcome, reason=reason)
    seq = appender.append(Fact(kind=CALL_ENDED, body=body, ref=call.id, actor=actor))
    call = ended(call, body, seq, appender.at)
    transaction.put_call_form(call)
    set_timer(transaction, appender, CALL_ENDS, call.id, appender.at, Code(outcome), actor=actor)
    return call


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_SAVED: Final = msgspec.json.Decoder(CallSaved)
_ENDED: Final = msgspec.json.Decoder(CallEnded)


class CallRebuild:
    """The calls from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.calls: dict[Ref, CallForm] = {}

    def take(self, row: EntryRow) -> None:
        """Apply a fact about a call."""
        entry = _ENTRY.decode(row.entry)
        if row.kind == CALL_BEGUN:
            call = begun(row.seq, row.at, entry.actor)
            self.calls[call.id] = call
            return
        assert entry.ref is not None, "a call is begun before anything becomes of it"
        call = self.calls[entry.ref]
        if row.kind == CALL_SAVED:
            call = saved(call, _SAVED.decode(entry.body), row.seq, row.at)
        elif row.kind == CALL_TAKEN_OVER:
            call = taken_over(call, row.seq, entry.actor)
        elif row.kind == CALL_ENDED:
            call = ended(call, _ENDED.decode(entry.body), row.seq, row.at)
        else:
            del self.calls[entry.ref]
            return
        self.calls[entry.ref] = call


class CallEnds:
    """Erases drafts of calls that ended, and of those that nobody ended (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store, values: Values) -> None:
        """Work on these."""
        self._store = store
        self._values = values
        self._keys: dict[Ref, tuple[KeyId, ...]] = {}

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Its time is its own: no hold is of a draft."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy the keys: from here on nobody can read it."""
        self._keys = self._values.destroy([timer.ref for timer in timers], (), now)

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the rows, and say so."""
        call = self._store.call_form(timer.ref)
        if call is not None and call.outcome is None:
            body = CallEnded(exercise=False, incident=None, outcome="forgotten", reason=None)
            seq = appender.append(Fact(kind=CALL_ENDED, body=body, ref=timer.ref))
            call_ended(self._store, transaction, timer.ref, None, seq)
        erased = CallErased(keys=self._keys[timer.ref], values=transaction.drop_values(timer.ref))
        appender.append(Fact(kind=CALL_ERASED, body=erased, ref=timer.ref))
        transaction.drop_call_form(timer.ref)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more: whoever looks next finds nothing."""


def register_calls(timers: Timers, store: Store, values: Values) -> None:
    """Let drafts end by their timers."""
    timers.register(CALL_ENDS, CallEnds(store, values))
