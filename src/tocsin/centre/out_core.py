"""What the core makes of zones out of service: which signals start no response.

In its steps alone, and in a rebuild.
"""

from typing import Final

import msgspec

from tocsin.centre.held import HeldView, undecided_since
from tocsin.model.journal import EntryRow
from tocsin.model.out_of_service import ZonesOut
from tocsin.model.ports import Store
from tocsin.model.signals import SignalBody
from tocsin.model.values import Actor, Ref, Seq
from tocsin.rules.classify import Reading
from tocsin.rules.on_test import UnderTest
from tocsin.rules.out_of_service import BODIES, apply_out, out_of_service


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_DECODERS: Final = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}


def id_of_out(seq: Seq) -> Ref:
    """The name of what the fact of this number took out of service."""
    return Ref(f"out-{seq}")


class OutRebuild:
    """Zones out of service from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.outs: dict[Ref, ZonesOut] = {}

    def take(self, row: EntryRow) -> ZonesOut:
        """Apply a fact; return what it is about as it is then."""
        entry = _ENTRY.decode(row.entry)
        body = _DECODERS[row.kind].decode(entry.body)
        id_ = entry.ref or id_of_out(row.seq)
        out = apply_out(self.outs.get(id_), body, seq=row.seq, at=row.at, actor=entry.actor, id_=id_)
        self.outs[id_] = out
        return out


class OutView:
    """Zones out of service that the core still needs, by account. In the writer's thread."""

    def __init__(self, store: Store) -> None:
        """Begin with those that are out, and with those put back after what the core has taken."""
        self._facts = OutRebuild()
        self._held = HeldView(
            store.zones_out(ended_after=undecided_since(store)), self._facts.outs, lambda out: out.taken.account_id
        )

    def fed(self, row: EntryRow) -> None:
        """A fact about zones out of service is durable."""
        self._held.put(self._facts.take(row))

    def passed(self, seq: Seq) -> None:
        """All up to this one is decided on."""
        self._held.passed(seq)

    def judge(self, reading: Reading, signal: SignalBody, account_id: Ref | None, seq: Seq) -> UnderTest | None:
        """By what a signal's zone is out of service; None: it is in service."""
        if not self._held:
            return None
        return out_of_service(reading, signal, account_id, self._held.of(account_id), seq)
