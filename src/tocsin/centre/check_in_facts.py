"""What facts make of check-ins, live and in a rebuild."""

from typing import Final

import msgspec

from tocsin.model.check_ins import (
    CHECK_IN_BEGUN,
    CHECK_IN_ENDED,
    CHECK_IN_PROLONGED,
    CHECK_IN_REMINDED,
    CheckIn,
    CheckInBegun,
    CheckInEnded,
    CheckInProlonged,
    CheckInReminded,
)
from tocsin.model.journal import EntryRow
from tocsin.model.values import Actor, Micros, Ref, Seq


def begun(body: CheckInBegun, seq: Seq, at: Micros, actor: Actor) -> CheckIn:
    """A check-in as it begins."""
    return CheckIn(
        id=Ref(f"checkin-{seq}"), begun_at=at, due_at=body.due_at, minutes=body.minutes, place=body.place, seq=seq,
        site_id=body.site_id, user=actor,
    )  # fmt: skip


def prolonged(one: CheckIn, body: CheckInProlonged, seq: Seq) -> CheckIn:
    """It goes on."""
    return msgspec.structs.replace(one, due_at=body.due_at, minutes=body.minutes, reminded_at=None, seq=seq)


def reminded(one: CheckIn, body: CheckInReminded, seq: Seq, at: Micros) -> CheckIn:
    """Its time is nearly over."""
    return msgspec.structs.replace(one, due_at=body.due_at, reminded_at=at, seq=seq)


def ended(one: CheckIn, body: CheckInEnded, seq: Seq) -> CheckIn:
    """It is over."""
    return msgspec.structs.replace(one, incident=body.incident, outcome=body.outcome, seq=seq)


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_BEGUN: Final = msgspec.json.Decoder(CheckInBegun)
_PROLONGED: Final = msgspec.json.Decoder(CheckInProlonged)
_REMINDED: Final = msgspec.json.Decoder(CheckInReminded)
_ENDED: Final = msgspec.json.Decoder(CheckInEnded)


class CheckInRebuild:
    """The check-ins from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.check_ins: dict[Ref, CheckIn] = {}

    def take(self, row: EntryRow) -> None:
        """Apply a fact about one."""
        entry = _ENTRY.decode(row.entry)
        if row.kind == CHECK_IN_BEGUN:
            assert entry.actor is not None, "somebody began it"
            one = begun(_BEGUN.decode(entry.body), row.seq, row.at, entry.actor)
            self.check_ins[one.id] = one
            return
        assert entry.ref is not None, "it begins before anything becomes of it"
        one = self.check_ins[entry.ref]
        if row.kind == CHECK_IN_PROLONGED:
            one = prolonged(one, _PROLONGED.decode(entry.body), row.seq)
        elif row.kind == CHECK_IN_REMINDED:
            one = reminded(one, _REMINDED.decode(entry.body), row.seq, row.at)
        elif row.kind == CHECK_IN_ENDED:
            one = ended(one, _ENDED.decode(entry.body), row.seq)
        else:
            del self.check_ins[entry.ref]
            return
        self.check_ins[entry.ref] = one
