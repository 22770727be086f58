"""Part of the queue goes to another desk: offered, accepted or not, given back. Commands of people, and their facts.

Until the other desk accepts, nothing has changed. What the offering person has claimed is claimed by whoever accepts,
each by a command like any other and before the part is theirs: whoever is killed between finds it offered still. Once
nobody is at that desk, or nothing of the part is open, it ends by itself, and the whole room has it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from typing import Final

import msgspec
import structlog

from tocsin.centre.configuration import Run
from tocsin.model.catalogue import HazardClass
from tocsin.model.commands import Claim, Command
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.incidents import Incident
from tocsin.model.journal import EntryRow, Fact, StoredEntry
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.queue_parts import (
    PART_MAX,
    PARTS_MAX,
    QUEUE_ACCEPTED,
    QUEUE_ENDED,
    QUEUE_JOINED,
    QUEUE_KINDS,
    QUEUE_OFFERED,
    PartEnd,
    QueueAccepted,
    QueueEnded,
    QueueJoined,
    QueueOffered,
    QueuePart,
)
from tocsin.model.shifts import Shift
from tocsin.model.values import Actor, Code, Ref, Seq
from tocsin.rules.queue_parts import BODIES, PartBody, apply_part, came_later, may_go, over, told_in

PARTS: Final = Code("queue_parts")
PAGE: Final = 1_000
NEWS: Final = 50
"""So many are read at once where but the newest are wanted."""

_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode
_DECODE: Final = msgspec.json.Decoder(tuple[QueuePart, ...]).decode
_LOG = structlog.get_logger("queue")
Handle = Callable[[Command], tuple[Incident, Seq]]


class QueueParts:
    """Commands about parts of the queue. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, handle: Handle) -> None:
        """Work on these; `handle` carries out commands on incidents, whose claims go with a part."""
        self._store = store
        self._run = run
        self._handle = handle
        self._looked = Seq(0)
        """The newest open incident at the last look: after a start all are looked at again."""
        self._looked_for: frozenset[Ref] = frozenset()
        """The accepted parts then: where they are others now, what came before the last look may be of one."""

    def all(self) -> tuple[QueuePart, ...]:
        """Those that are offered or handed over, in the order in which they were offered."""
        return stored_parts(self._store)

    def offer(
        self, to_desk: Ref, hazard: HazardClass | None, site_id: Ref | None, actor: Actor, *, is_lead: bool = False
    ) -> QueuePart:
        """Offer what is open of a class or a site, or of both, to another desk. The actor keeps it until they accept.

        Raises:
            BadInput: neither is named, or there is no such desk.
            Forbidden: the actor is on shift at no desk, and no supervisor (`is_lead`).
            Conflict: nobody is at that desk, it is the actor's own, nothing of it may go, or it is too much at once.
        """
        if hazard is None and site_id is None:
            raise BadInput("Neither a class nor a site was named. Nothing was changed. Choose one", "part.what")
        if all(desk.id != to_desk or desk.row.removed for desk in self._store.desks()):
            raise BadInput("There is no such desk. Nothing was changed. Look at the desks", "desk.unknown")
        shifts = self._store.shifts()
        own = next((one.desk for one in shifts if one.user == actor), None)
        if own is None and not is_lead:
            raise Forbidden(
                "You are on shift at no desk. Nothing was changed. Go on shift, or ask a supervisor",
                "part.not_on_shift",
            )
        if own == to_desk:
            raise Conflict("This is your own desk. Nothing was changed. Choose another", "part.own")
        if to_desk not in self._staffed(shifts):
            raise Conflict(
                "Nobody is at that desk. Nothing was changed, you have it all. Choose a desk with somebody at it",
                "part.unstaffed",
            )
        incidents = tuple(one.id for one in self._open() if may_go(one, actor, hazard, site_id))
        if not incidents:
            raise Conflict(
                "Nothing of this is open that could go: what others have claimed stays theirs. Nothing was changed",
                "part.empty",
            )
        if len(incidents) > PART_MAX:
            raise Conflict(
                f"These are {len(incidents)} incidents, and {PART_MAX} go at once. Nothing was changed. Choose a site, "
                "or a class at a site",
                "part.many",
            )
        body = QueueOffered(from_desk=own, hazard=hazard, incidents=incidents, site_id=site_id, to_desk=to_desk)

        def work(transaction: StoreTransaction, appender: Appender) -> QueuePart:
            self._end_those_over(transaction, appender)
            parts = self.all()
            if len(parts) >= PARTS_MAX:
                raise Conflict(
                    f"{PARTS_MAX} parts are handed over already. Nothing was changed. Give some back first", "part.full"
                )
            return self._put(transaction, appender, QUEUE_OFFERED, body, None, actor)[-1]

        return self._run(lambda journal: journal.decide(work))

    def accept(self, id_: Ref, actor: Actor) -> QueuePart:
        """Take a part over, for the desk at which one is on shift; what its offerer had claimed is claimed by oneself.

        Raises:
            BadInput: there is no such part, or not any more.
            Forbidden: one is not on shift at that desk.
            Conflict: it was accepted already, or nothing of it is open any more.
        """
        part = self._one(id_)
        self._check_at(part, actor)
        self._take_claims(part, actor)

        def work(transaction: StoreTransaction, appender: Appender) -> QueuePart:
            part = self._one(id_)
            self._check_at(part, actor)
            if part.accepted_at is not None:
                raise Conflict("This part was accepted already. Nothing was changed", "part.accepted")
            open_ = tuple(id_ for id_ in part.incidents if _is_open(self._store.incident(id_)))
            if not open_:
                raise Conflict("Nothing of this part is open any more. Nothing was changed", "part.empty")
            body = QueueAccepted(incidents=open_)
            made = self._put(transaction, appender, QUEUE_ACCEPTED, body, id_, actor)
            return next(one for one in made if one.id == id_)

        return self._run(lambda journal: journal.decide(work))

    def end(self, id_: Ref, actor: Actor, *, is_lead: bool = False) -> PartEnd:
        """Withdraw what one offered, decline it, or give it back; a supervisor (`is_lead`) ends any.

        Raises:
            BadInput: there is no such part, or not any more.
            Forbidden: one neither offered it nor is at the desk that it went to.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> PartEnd:
            part = self._one(id_)
            at_desk = any(one.user == actor and one.desk == part.to_desk for one in self._store.shifts())
            if part.accepted_at is None:
                reason: PartEnd = "declined" if at_desk else "withdrawn"
                may = at_desk or part.by == actor or is_lead
            else:
                reason, may = "given_back", at_desk or is_lead
            if not may:
                raise Forbidden(
                    "Another desk has this part. Nothing was changed. They give it back, or a supervisor takes it back",
                    "part.others",
                )
            self._put(transaction, appender, QUEUE_ENDED, QueueEnded(reason=reason), id_, actor)
            return reason

        return self._run(lambda journal: journal.decide(work))

    def look(self) -> None:
        """Add what came later to what was handed over, and end what has ended: nothing open, or nobody at that desk."""
        parts = self.all()
        accepted = frozenset(one.id for one in parts if one.accepted_at is not None)
        if accepted != self._looked_for:
            self._looked, self._looked_for = Seq(0), accepted
        if not parts:
            return
        newest = next(iter(self._store.incidents("open", None, 1)), None)
        is_new = newest is not None and newest.version > self._looked
        if self._over(parts) or (is_new and self._later(parts)):
            self._run(lambda journal: journal.decide(self._go_on))
        if newest is not None:
            self._looked = newest.version

    def _go_on(self, transaction: StoreTransaction, appender: Appender) -> None:
        parts = self.all()
        for part, body in self._later(parts):
            parts = self._put(transaction, appender, QUEUE_JOINED, body, part.id, None)
        self._end_those_over(transaction, appender, parts)

    def _later(self, parts: Sequence[QueuePart]) -> list[tuple[QueuePart, QueueJoined]]:
        if all(one.accepted_at is None for one in parts):
            return []
        shifts = self._store.shifts()
        at_desk = {desk: frozenset(one.user for one in shifts if one.desk == desk) for desk in self._staffed(shifts)}
        # Whatever has not changed since the last look was looked at then: in a flood there are thousands.
        newer = takewhile(lambda one: one.version > self._looked, self._open(NEWS))
        return came_later([one for one in parts if one.to_desk in at_desk], newer, at_desk)

    def _end_those_over(
        self, transaction: StoreTransaction, appender: Appender, parts: Sequence[QueuePart] | None = None
    ) -> None:
        for part, body in self._over(self.all() if parts is None else parts):
            self._put(transaction, appender, QUEUE_ENDED, body, part.id, None)
            _LOG.info("queue.part_ended", part=part.id, reason=body.reason)

    def _over(self, parts: Iterable[QueuePart]) -> list[tuple[QueuePart, QueueEnded]]:
        staffed = self._staffed(self._store.shifts())
        return over(parts, lambda id_: _is_open(self._store.incident(id_)), staffed)

    def _staffed(self, shifts: Iterable[Shift]) -> frozenset[Ref]:
        away = {desk.id for desk in self._store.desks() if desk.row.removed or desk.unattended_since is not None}
        return frozenset(one.desk for one in shifts) - away

    def _take_claims(self, part: QueuePart, actor: Actor) -> None:
        for id_ in part.incidents:
            incident = self._store.incident(id_)
            if incident is None or not _is_open(incident) or incident.claimed_by != part.by:
                continue
            command = Command(
                actor=actor,
                id=Code(f"{part.id}-{id_}-{incident.version}"),
                incident=id_,
                version=incident.version,
                act=Claim(take_over=True),
            )
            try:
                self._handle(command)
            except Conflict as fault:
                # Somebody did something to it in this moment: whoever has it keeps it, and every screen says who.
                _LOG.warning("queue.claim_not_passed", incident=id_, code=fault.code)

    def _check_at(self, part: QueuePart, actor: Actor) -> None:
        if not any(one.user == actor and one.desk == part.to_desk for one in self._store.shifts()):
            raise Forbidden(
                "You are not on shift at the desk that this part is offered to. Nothing was changed. Somebody there "
                "accepts it",
                "part.desk",
            )

    def _one(self, id_: Ref) -> QueuePart:
        found = next((one for one in self.all() if one.id == id_), None)
        if found is None:
            raise BadInput(
                "There is no such part, or not any more: its incidents are the whole room's. Nothing was changed",
                "part.unknown",
            )
        return found

    def _open(self, limit: int = PAGE) -> Iterable[Incident]:
        before: Seq | None = None
        while page := self._store.incidents("open", before, limit):
            yield from page
            before = page[-1].version

    def _put(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        kind: Code,
        body: PartBody,
        id_: Ref | None,
        actor: Actor | None,
    ) -> tuple[QueuePart, ...]:
        kept = transaction.get_meta(PARTS)
        before = _DECODE(kept.encode()) if kept else ()
        seq = appender.append(Fact(kind=kind, body=body, ref=id_, actor=actor))
        after = apply_part(before, body, seq=seq, at=appender.at, actor=actor, id_=id_ or Ref(f"part-{seq}"))
        transaction.put_meta(PARTS, _ENCODE(after).decode())
        transaction.add_incident_facts([(incident, seq) for incident in told_in(before, body, id_)])
        return after


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_DECODERS: Final = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}


class QueueRebuild:
    """Parts of the queue from their facts alone."""

    def __init__(self) -> None:
        """Begin with none."""
        self.parts: tuple[QueuePart, ...] = ()

    def take(self, row: EntryRow) -> tuple[Ref, ...]:
        """Apply a fact; return the incidents in whose time lines it stands."""
        entry = _ENTRY.decode(row.entry)
        body = _DECODERS[row.kind].decode(entry.body)
        id_, before = entry.ref or Ref(f"part-{row.seq}"), self.parts
        self.parts = apply_part(self.parts, body, seq=row.seq, at=row.at, actor=entry.actor, id_=id_)
        return told_in(before, body, entry.ref)


def stored_parts(store: Store) -> tuple[QueuePart, ...]:
    """Those that the store has."""
    kept = store.get_meta(PARTS)
    return _DECODE(kept.encode()) if kept else ()


def rebuild_parts(entries: Iterable[StoredEntry]) -> tuple[QueuePart, ...]:
    """Apply the journal's facts again. Equals what the store has."""
    rebuilt = QueueRebuild()
    for stored in entries:
        if stored.row.kind in QUEUE_KINDS:
            rebuilt.take(stored.row)
    return rebuilt.parts


def _is_open(incident: Incident | None) -> bool:
    return incident is not None and incident.state == "open"
