"""What the core makes of zones out of service: which signals start no response.

In its steps alone, and in a rebuild.
"""

from tocsin.centre.held import HeldRebuild, HeldView, undecided_since
from tocsin.model.journal import EntryRow
from tocsin.model.out_of_service import ZonesOut
from tocsin.model.ports import Store
from tocsin.model.signals import SignalBody
from tocsin.model.values import Ref, Seq
from tocsin.rules.classify import Reading
from tocsin.rules.on_test import UnderTest
from tocsin.rules.out_of_service import BODIES, apply_out, out_of_service


def id_of_out(seq: Seq) -> Ref:
    """The name of what the fact of this number took out of service."""
    return Ref(f"out-{seq}")


def out_rebuild() -> HeldRebuild[ZonesOut]:
    """Zones out of service from their facts alone."""
    return HeldRebuild(BODIES, apply_out, id_of_out)


class OutView:
    """Zones out of service that the core still needs, by account. In the writer's thread."""

    def __init__(self, store: Store) -> None:
        """Begin with those that are out, and with those put back after what the core has taken."""
        self._facts = out_rebuild()
        self._held = HeldView(
            store.zones_out(ended_after=undecided_since(store)), self._facts.found, lambda out: out.taken.account_id
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
