"""Stills of incidents: taken masked, shown masked, lifted by few and for minutes, erased after three days.

Both pictures lie sealed under a key of the still's own, so that they end without the incident's other texts. When an
incident's texts are erased before, its stills go with them. A legal hold keeps them as it keeps the texts.
What was merged into an incident shows its stills there, and has them again where the merge is undone.
Source: SCOPE.md, R4 and R6; INTEGRATIONS.md, section 13; decision 0081.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

from tocsin.centre.again import answer_before, keyed_digest
from tocsin.centre.configuration import Run
from tocsin.centre.erasure import FACTS_MAX
from tocsin.centre.merged import ABSORBED, GIVEN_BACK, held_until, merged_with
from tocsin.centre.reads import Reads
from tocsin.centre.still_worker import check_box
from tocsin.centre.timers import Timers, set_timer
from tocsin.centre.values import Values
from tocsin.model.catalogue import HazardClass
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Committed, Incident
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.retention import HOUR_US
from tocsin.model.stills import (
    CLASSES,
    FETCH_S,
    LIFT_S,
    MACHINE_CLASSES,
    MASKED_FIELD,
    ORIGINAL_FIELD,
    PICTURE_BYTES_MAX,
    STILL_ENDS,
    STILL_ERASED,
    STILL_HOURS,
    STILL_LIFTED,
    STILL_MASKED,
    STILL_TAKEN,
    STILLS_MAX,
    DrawnStill,
    Still,
    StillBox,
    StillErased,
    StillLift,
    StillLifted,
    StillMask,
    StillMasked,
    StillSource,
    StillTaken,
    incident_of,
    still_ref,
)
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq
from tocsin.model.vault import Timer

STILLS: Final = Code("stills")
_TAKEN: Final = Code("taken")
_PURPOSE: Final = b"tocsin still 1\0"
_LIFTS_MAX: Final = 100
_OTHER_STILLS: Final = frozenset({STILL_TAKEN, ABSORBED, GIVEN_BACK})
"""Facts after which an incident has others than before."""

NEWEST: Final = 50
"""Facts of an incident that are looked at in the writer's turn."""


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


class _Sent(NamedTuple):
    """A picture on its way: where it goes, from whom, and how it is known when it comes again."""

    incident: Ref
    drawn: DrawnStill
    box: StillBox | None
    source: StillSource
    actor: Actor | None
    cause: Seq | None
    owner: Actor
    """Whose command it is."""
    id: Code
    what: str
    """What it is known by, beside its incident and pixels."""


class _Lift(NamedTuple):
    """A mask that is lifted: who is shown what, and until when by the clock that never steps."""

    still: Still
    incident: Ref
    """Where it is shown: its own, or what that was merged into."""
    actor: Actor
    viewer: str
    since_s: float
    is_fetched: bool


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_BODY: Final = msgspec.json.Decoder(StillTaken)
_ERASED: Final = msgspec.json.Decoder(StillErased)


def stills_of(facts: Sequence[StoredEntry]) -> list[Still]:
    """The stills that the facts of an incident tell of, the oldest first; erased ones say when."""
    found: dict[Ref, Still] = {}
    for stored in facts:
        row = stored.row
        if row.kind == STILL_TAKEN:
            entry = _ENTRY.decode(row.entry)
            body = _BODY.decode(entry.body)
            assert entry.ref is not None, "a still is of an incident"
            found[body.still] = Still(
                id=body.still, at=row.at, by=entry.actor, body=body, incident=entry.ref, seq=row.seq
            )
        elif row.kind == STILL_ERASED:
            gone = _ERASED.decode(_ENTRY.decode(row.entry).body).still
            if gone in found:
                found[gone] = msgspec.structs.replace(found[gone], erased_at=row.at)
    return list(found.values())


class Stills:
    """Stills of incidents. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        clock: Clock,
        ids: Ids,
        values: Values,
        reads: Reads,
        key: Callable[[], bytes],
    ) -> None:
        """Work on these; `key` is a lasting key of the centre, that commands are known by when they come again."""
        self._store = store
        self._run = run
        self._clock = clock
        self._ids = ids
        self._values = values
        self._reads = reads
        self._key = key
        self._lock = threading.Lock()
        self._lifts: dict[str, _Lift] = {}
        self.on_committed: Callable[[Committed], None] = lambda _committed: None
        """Is told of incidents that have other stills than before."""

    def of(self, incident: Ref) -> list[Still]:
        """The stills of an incident and of those that were merged into it, the oldest first.

        Raises:
            BadInput: there is no such incident.
        """
        self._incident(incident)
        return self._shown(incident, self._store.incident_facts(incident, FACTS_MAX))

    def _shown(self, incident: Ref, facts: Sequence[StoredEntry]) -> list[Still]:
        found = self._there(incident, stills_of(facts))
        for other in merged_with(self._store, incident, facts, FACTS_MAX):
            found += self._there(other, stills_of(self._store.incident_facts(other, FACTS_MAX)))
        return sorted(self._there(incident, found), key=lambda one: one.seq)

    def _there(self, incident: Ref, stills: list[Still]) -> list[Still]:
        """Where the texts of an incident were erased, what it showed until then is gone too."""
        erasure = self._store.erasure(incident) if stills else None
        if erasure is None:
            return stills
        return [
            one
            if one.erased_at is not None or self._store.values(one.id, MASKED_FIELD, 1)
            else msgspec.structs.replace(one, erased_at=erasure.at)
            for one in stills
        ]

    def add(
        self, incident: Ref, drawn: DrawnStill, box: StillBox, source: StillSource, actor: Actor, id_: Code
    ) -> tuple[Still, Seq]:
        """Store a picture that was masked; durable when this returns. The same command again gets the same still.

        Raises:
            BadInput: there is no such incident or box.
            Conflict: it takes no picture (any more), or another command had this id.
        """
        check_box(box)
        self._incident(incident)
        what = f"{box.x} {box.y} {box.width} {box.height} {source}"
        return self._keep(_Sent(incident, drawn, box, source, actor, None, actor, id_, what))

    def add_of_machine(self, incident: Ref, drawn: DrawnStill, by: Ref, signal: Seq) -> bool:
        """Store a masked picture that came with a signal of the source `by`; durable when this returns.

        False: this very picture came with that signal before, and is there.

        Raises:
            BadInput: there is no such incident.
            Conflict: it takes no picture (any more).
        """
        self._incident(incident)
        what = f"{by} {signal}"
        id_ = Code(f"still-{keyed_digest(self._key(), _PURPOSE, what.encode(), drawn.original).hex()[:32]}")
        before = self._store.head().seq
        _, seq = self._keep(_Sent(incident, drawn, None, "mail", None, signal, Actor(by), id_, what))
        return seq > before

    def _keep(self, sent: _Sent) -> tuple[Still, Seq]:
        while True:
            done = self._add(sent)
            if done is not None:
                self.on_committed(Committed(seq=done[1], personal=(sent.incident,)))
                return done

    def _add(self, sent: _Sent) -> tuple[Still, Seq] | None:
        """As `add`; None where another still was taken meanwhile, and has the name that this one was sealed for."""
        incident, drawn = sent.incident, sent.drawn
        facts = self._store.incident_facts(incident, FACTS_MAX)
        count, seen = len(self._shown(incident, facts)), facts[-1].row.seq
        ref = still_ref(incident, len(stills_of(facts)))
        masked = self._values.seal(ref, MASKED_FIELD, drawn.masked, most=PICTURE_BYTES_MAX)
        original = self._values.seal(ref, ORIGINAL_FIELD, drawn.original, most=PICTURE_BYTES_MAX)

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[Still, Seq] | None:
            before = transaction.get_command(sent.owner, sent.id)
            # Sent again after a merge it is asked of what stands, and is the same picture.
            of = incident if before is None else incident_of(Ref(before[1].decode(errors="replace")))
            digest = keyed_digest(self._key(), _PURPOSE, f"{of} {sent.what}".encode(), drawn.original)
            if (kept := answer_before(transaction, sent.owner, sent.id, digest)) is not None:
                return self._again(kept, incident)
            found = self._incident(incident)
            _refuse_unfit(found, count, CLASSES if sent.source == "duty" else MACHINE_CLASSES)
            # In the writer's turn, which intake waits for: what came since, and not the whole time line again.
            newest = self._store.incident_facts(incident, NEWEST)
            if newest[0].row.seq > seen or any(one.row.kind in _OTHER_STILLS and one.row.seq > seen for one in newest):
                return None
            erase_at = Micros(appender.at + STILL_HOURS * HOUR_US)
            body = StillTaken(
                box=sent.box,
                erase_at=erase_at,
                exercise=found.exercise,
                height_px=drawn.height_px,
                masked=masked.ref,
                original=original.ref,
                source=sent.source,
                still=ref,
                width_px=drawn.width_px,
            )
            seq = _put(transaction, appender, STILL_TAKEN, body, incident, sent.actor, sent.cause)
            self._values.store(transaction, [masked, original], appender.at)
            set_timer(
                transaction, appender, STILL_ENDS, ref, erase_at, _TAKEN, actor=sent.actor, exercise=found.exercise
            )
            transaction.put_command(sent.owner, sent.id, appender.at, digest, ref.encode())
            return Still(id=ref, at=appender.at, by=sent.actor, body=body, incident=incident, seq=seq), seq

        return self._run(lambda journal: journal.decide(work))

    def masked(self, incident: Ref, still: Ref, actor: Actor) -> bytes:
        """The masked picture; that it was shown is a fact before this returns, once a person, incident and claim.

        Raises:
            BadInput: there is none, or not any more.
        """
        found = self._still(incident, still)
        picture = self._picture(found, MASKED_FIELD, found.body.masked)
        self._reads.note(incident, STILLS, actor)
        return picture

    def lift(self, incident: Ref, still: Ref, reason: StillLift, actor: Actor, viewer: str) -> tuple[str, Seq]:
        """Let this viewer be shown the picture without its mask; return the one-time word of its address.

        `viewer` names the session that asks: no other is given the bytes. That the mask is lifted, by whom and why, is
        a fact before this returns.

        Raises:
            BadInput: there is no such still, or not any more.
            Conflict: the incident is closed.
        """
        found = self._still(incident, still)
        if self._incident(incident).state != "open":
            raise Conflict(
                "The incident is closed: its pictures stay masked. Nothing was shown. Reopen it where there is more "
                "to do",
                "still.closed",
            )
        self._picture(found, ORIGINAL_FIELD, found.body.original)
        body = StillLifted(exercise=found.body.exercise, reason=reason, still=still)
        seq = self._note(STILL_LIFTED, body, incident, actor)
        word = self._ids.token_bytes(24).hex()
        now_s = self._clock.monotonic_s()
        with self._lock:
            self._lifts = {key: one for key, one in self._lifts.items() if now_s - one.since_s < LIFT_S}
            if len(self._lifts) >= _LIFTS_MAX:
                del self._lifts[next(iter(self._lifts))]
            self._lifts[word] = _Lift(found, incident, actor, viewer, now_s, is_fetched=False)
        return word, seq

    def unmasked(self, incident: Ref, still: Ref, word: str, viewer: str) -> bytes:
        """The picture without its mask, once, to the viewer whom it was lifted for, right after that.

        Raises:
            BadInput: nobody lifted it for this viewer, it was fetched, too much time passed, or it is gone.
        """
        now_s = self._clock.monotonic_s()
        with self._lock:
            lift = self._lifts.get(word)
            if (
                lift is None
                or lift.is_fetched
                or lift.viewer != viewer
                or (lift.still.id, lift.incident) != (still, incident)
                or now_s - lift.since_s > FETCH_S
            ):
                raise BadInput(
                    "This address is not good, or not any more. Nothing was shown. Lift the mask again",
                    "still.not_lifted",
                )
            self._lifts[word] = lift._replace(is_fetched=True)
        return self._picture(self._still(incident, still), ORIGINAL_FIELD, lift.still.body.original)

    def mask_again(self, incident: Ref, still: Ref, word: str, viewer: str, reason: StillMask) -> bool:
        """Note that the screen shows the mask again; False: nobody had lifted it, or its time was over."""
        with self._lock:
            lift = self._lifts.get(word)
            if lift is None or lift.viewer != viewer or (lift.still.id, lift.incident) != (still, incident):
                return False
            del self._lifts[word]
        passed = self._clock.monotonic_s() - lift.since_s
        body = StillMasked(
            exercise=lift.still.body.exercise, reason=reason, seconds=min(LIFT_S, round(passed)), still=still
        )
        self._note(STILL_MASKED, body, incident, lift.actor)
        return True

    # Parts -----------------------------------------------------------------------------------------------------------

    def _note(self, kind: Code, body: StillLifted | StillMasked, incident: Ref, actor: Actor) -> Seq:
        seq = self._run(
            lambda journal: journal.decide(
                lambda transaction, appender: _put(transaction, appender, kind, body, incident, actor)
            )
        )
        self.on_committed(Committed(seq=seq, personal=(incident,)))
        return seq

    def _incident(self, id_: Ref) -> Incident:
        found = self._store.incident(id_)
        if found is None:
            raise BadInput(
                "There is no such incident. Nothing was changed. Look at the queue again", "incident.unknown"
            )
        return found

    def _still(self, incident: Ref, still: Ref) -> Still:
        found = next((one for one in self.of(incident) if one.id == still and one.erased_at is None), None)
        if found is None:
            raise _gone()
        return found

    def _picture(self, still: Still, field: Code, ref: Ref) -> bytes:
        opened = self._values.open(self._store.values(still.id, field, 1))
        if ref not in opened or self._values.is_waiting(still.incident):
            raise _gone()
        return opened[ref]

    def _again(self, kept: bytes, incident: Ref) -> tuple[Still, Seq]:
        still = next((one for one in self.of(incident) if one.id == kept.decode()), None)
        if still is None:
            raise _gone()
        return still, still.seq


class StillEnds:
    """Erases stills when their time is over (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store, values: Values) -> None:
        """Work on these."""
        self._store = store
        self._values = values
        self._keys: dict[Ref, tuple[KeyId, ...]] = {}

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """A legal hold of its incident keeps it, or of what that was merged into."""
        return held_until(self._store, incident_of(timer.ref), now)

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy the keys: from here on nobody can see it."""
        self._keys = self._values.destroy([timer.ref for timer in timers], (), now)

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the rows, and say so."""
        incident = incident_of(timer.ref)
        found = transaction.incident(incident)
        body = StillErased(
            exercise=found is not None and found.exercise,
            keys=self._keys[timer.ref],
            still=timer.ref,
            values=transaction.drop_values(timer.ref),
        )
        _put(transaction, appender, STILL_ERASED, body, incident, None)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more: whoever looks next finds when it was erased."""


def register_stills(timers: Timers, store: Store, values: Values) -> None:
    """Let stills end by their timers."""
    timers.register(STILL_ENDS, StillEnds(store, values))


def _refuse_unfit(incident: Incident, count: int, classes: frozenset[HazardClass]) -> None:
    """See that an incident that has so many stills takes another, where its class is one of these.

    Raises:
        Conflict: its class has none, it is closed, or it has as many as it may have.
    """
    if incident.hazard not in classes:
        raise Conflict(
            "Incidents of this kind take no pictures: they would be of people. Nothing was stored of it. The report "
            "stands without it",
            "still.class",
        )
    if incident.state != "open":
        raise Conflict("The incident is closed and takes no pictures. Nothing was stored of it", "still.closed")
    if count >= STILLS_MAX:
        raise Conflict(
            f"An incident has at most {STILLS_MAX} pictures, and this one has them. Nothing was stored of it. Say in "
            "words what is to be seen",
            "still.full",
        )


def _put(
    transaction: StoreTransaction,
    appender: Appender,
    kind: Code,
    body: StillTaken | StillLifted | StillMasked | StillErased,
    incident: Ref,
    actor: Actor | None,
    cause: Seq | None = None,
) -> Seq:
    seq = appender.append(Fact(kind=kind, body=body, ref=incident, actor=actor, cause=cause))
    transaction.add_incident_facts([(incident, seq)])
    return seq


def _gone() -> BadInput:
    return BadInput(
        "There is no such picture, or not any more. Nothing was shown. Look at the incident again", "still.unknown"
    )
