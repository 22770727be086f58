"""Calls that a telephone system tells of: stored before it is answered, taken with a form, or called back.

The number lies sealed under the ring's key, and goes into the form of whoever takes the call; what is left of it here
is destroyed half an hour after the call is over, or 72 hours after one that nobody answered. That the same number rings
again is known by a keyed hash in memory, for half an hour, and only of what is still open (SCOPE.md, R7).
Source: INTEGRATIONS.md, section 14; decision 0073.
"""

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Final

import msgspec

from tocsin.centre.call_forms import Beside, CallForms
from tocsin.centre.configuration import Run
from tocsin.centre.known_numbers import KnownNumbers
from tocsin.centre.lines import Lines
from tocsin.centre.reads import Reads
from tocsin.centre.ring_facts import put
from tocsin.centre.values import Values
from tocsin.model.call_forms import CallDraft, CallForm, CallMarks, CallWords
from tocsin.model.errors import BadInput, Conflict, TooMany
from tocsin.model.help_note import Caller as NoteCaller
from tocsin.model.help_note import HelpNote
from tocsin.model.journal import Fact
from tocsin.model.keyholders import Keyholder
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.rings import (
    CALLER_FIELD,
    LINKED_MIN,
    LOCATION_FIELD,
    LOCATIONS_MAX,
    RING_LOCATED,
    RING_RETURNED,
    RING_TAKEN,
    RING_TOLD,
    RINGS_MAX,
    Located,
    Ring,
    RingCaller,
    RingLocated,
    RingReturned,
    RingTaken,
    RingTold,
    plain_number,
)
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref
from tocsin.protocols.telephone import CallMessage
from tocsin.rules.ringing import MINUTE_US, in_call_until, is_news, located, returned, state_of, taken, told_of

RING_CALLER: Final = Code("ring_caller")
RING_LOCATIONS: Final = Code("ring_locations")
NUMBERS_MAX: Final = 10_000
"""Numbers that rang within half an hour; beyond it the oldest is forgotten."""

AML_BEFORE_US: Final = 5 * MINUTE_US
AML_AFTER_US: Final = 20 * MINUTE_US
"""A position counts from so long before a call rings until so long after."""

UNMATCHED_US: Final = 15 * MINUTE_US
UNMATCHED_MAX: Final = 1_000
FORGET_S: Final = 60.0
"""So often it is looked for what is older than it may be."""

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_CALLER: Final = msgspec.msgpack.Decoder(RingCaller).decode
_LOCATED: Final = msgspec.msgpack.Decoder(Located).decode
_KEY: Final = b"tocsin ring 1\0"
_NUMBER: Final = b"tocsin ring number 1\0"


class Rings:
    """Calls of telephone systems. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        clock: Clock,
        values: Values,
        reads: Reads,
        calls: CallForms,
        lines: Lines,
        known: KnownNumbers,
        key: Callable[[], bytes],
    ) -> None:
        """Work on these; `key` is a lasting key of the centre."""
        self._store = store
        self._run = run
        self._clock = clock
        self._values = values
        self._reads = reads
        self._calls = calls
        self._lines = lines
        self._known = known
        self._key = key
        self._lock = threading.Lock()
        self._rang: OrderedDict[bytes, list[tuple[Micros, Ref]]] = OrderedDict()
        """By keyed hash of a number: when it rang, and which rings those were. In memory alone."""
        self._positions: list[tuple[Micros, bytes, Located]] = []
        """Positions that no call has claimed: gone after a quarter of an hour."""
        self.on_changed: Callable[[], None] = lambda: None
        """Called when consoles have something new to ask for. From any thread."""

    # What a telephone system tells -----------------------------------------------------------------------------------

    def tell(self, source: Ref, told: CallMessage) -> tuple[Ring, bool]:
        """Store what is told of a call; return it as it is then, and whether that was news. Durable when it returns.

        Raises:
            TooMany: as many calls are kept as can be.
            CentreFault: it could not be stored; telling it again can help.
        """
        key = HexHash(hmac.digest(self._key(), _KEY + f"{source}\0{told.call}".encode(), "sha256").hex())
        number = None if told.caller is None else self._number(told.caller)
        body = RingTold(
            dialled=told.dialled,
            event=told.event,
            exercise=False,
            extension=told.extension,
            key=key,
            line=None if told.caller is None else self._lines.with_number(told.caller),
            linked=None,
            source=source,
            value=None,
        )
        news = False

        def work(transaction: StoreTransaction, appender: Appender) -> Ring:
            nonlocal news
            before = self._store.ring_of(key)
            if before is None and len(self._store.rings()) >= RINGS_MAX:
                raise TooMany(
                    f"{RINGS_MAX:,} calls are kept, and no more can be. Nothing was stored. Tell it again in a minute; "
                    "people answer the telephone all the same",
                    "ring.full",
                    60,
                )
            bare = msgspec.structs.replace(body, value=Ref("value-") if number is not None else None)
            news = is_news(before, bare)
            if not news and (told.location is None or before is None):
                assert before is not None, "a call that nobody told of is news"
                return before
            ring = before
            if news:
                ring = self._told(transaction, appender, before, body, told.caller, number)
            assert ring is not None, "it was told of"
            if told.location is not None and ring.located < LOCATIONS_MAX:
                ring = self._locate(transaction, appender, ring, told.location)
                news = True
            put(transaction, appender, ring)
            return ring

        ring = self._run(lambda journal: journal.decide(work))
        if news:
            if number is not None:
                self._remember(number, ring)
                ring = self._claim_positions(ring, number)
            self.on_changed()
        return ring, news

    def _told(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Ring | None,
        body: RingTold,
        caller: str | None,
        number: bytes | None,
    ) -> Ring:
        """Append what is told. The number is sealed under the ring's key, whose name is the seq of its first fact."""
        ref = None if before is None else before.id
        value: Ref | None = None
        linked: Ref | None = None
        if caller is not None and number is not None and not (before is not None and before.has_number):
            holder = ref or Ref(f"ring-{appender.seq + 1}")
            sealed = self._values.seal(
                holder, CALLER_FIELD, _ENCODE(RingCaller(telephone=caller)), is_new=before is None
            )
            self._values.store(transaction, [sealed], appender.at)
            value, linked = sealed.ref, self._linked(number, appender.at)
        body = msgspec.structs.replace(body, value=value, linked=linked)
        seq = appender.append(Fact(kind=RING_TOLD, body=body, ref=ref))
        return told_of(before, body, seq, appender.at)

    def _locate(self, transaction: StoreTransaction, appender: Appender, ring: Ring, where: Located) -> Ring:
        sealed = self._values.seal(ring.id, LOCATION_FIELD, _ENCODE(where))
        self._values.store(transaction, [sealed], appender.at)
        body = RingLocated(exercise=False, source=where.source, value=sealed.ref)
        return located(ring, appender.append(Fact(kind=RING_LOCATED, body=body, ref=ring.id)))

    # The same number again, and where it is ------------------------------------------------------------------------

    def locate(self, device_number: str, where: Located) -> bool:
        """Take a position of a caller's telephone: to the call of this number, or in memory until one rings.

        True: a call has it. Positions of before five minutes, and of nobody within a quarter of an hour, are gone.
        """
        number, now = self._number(device_number), self._clock.now_us()
        with self._lock:
            self._forget_old(now)
            found = [ref for at, ref in self._rang.get(number, ()) if now - at <= AML_AFTER_US]
        for ref in reversed(found):
            if self._add(ref, where):
                self.on_changed()
                return True
        with self._lock:
            if len(self._positions) >= UNMATCHED_MAX:
                self._positions.pop(0)
            self._positions.append((now, number, where))
        return False

    def forget_old(self) -> None:
        """Drop what is kept in memory and is older than it may be. Now and then, from any thread."""
        with self._lock:
            self._forget_old(self._clock.now_us())

    def _forget_old(self, now: Micros) -> None:
        self._positions = [one for one in self._positions if 0 <= now - one[0] <= UNMATCHED_US]
        for number in [number for number, rang in self._rang.items() if now - rang[-1][0] > LINKED_MIN * MINUTE_US]:
            del self._rang[number]

    def _claim_positions(self, ring: Ring, number: bytes) -> Ring:
        now = self._clock.now_us()
        with self._lock:
            mine = [one for one in self._positions if one[1] == number and now - one[0] <= AML_BEFORE_US]
            self._positions = [one for one in self._positions if one not in mine]
        for _, _, where in mine:
            ring = self._add(ring.id, where) or ring
        return ring

    def _add(self, id_: Ref, where: Located) -> Ring | None:
        """Add a position to a ring that is not over; None where it is."""

        def work(transaction: StoreTransaction, appender: Appender) -> Ring | None:
            ring = self._store.ring(id_)
            if ring is None or ring.located >= LOCATIONS_MAX:
                return None
            ring = self._locate(transaction, appender, ring, where)
            put(transaction, appender, ring)
            return ring

        return self._run(lambda journal: journal.decide(work))

    def _number(self, said: str) -> bytes:
        return hmac.digest(self._key(), _NUMBER + plain_number(said).encode(), "sha256")

    def _remember(self, number: bytes, ring: Ring) -> None:
        with self._lock:
            rang = self._rang.setdefault(number, [])
            if all(ref != ring.id for _, ref in rang):
                rang.append((ring.begun_at, ring.id))
                del rang[:-5]
            self._rang.move_to_end(number)
            if len(self._rang) > NUMBERS_MAX:
                self._rang.popitem(last=False)

    def _linked(self, number: bytes, at: Micros) -> Ref | None:
        """The newest ring of this number within half an hour that is still open: of several, one that somebody took."""
        with self._lock:
            rang = [ref for since, ref in self._rang.get(number, ()) if at - since <= LINKED_MIN * MINUTE_US]
        found = [ring for ref in reversed(rang) if (ring := self._store.ring(ref)) is not None and self._is_open(ring)]
        found.sort(key=lambda ring: ring.call is None)
        return found[0].id if found else None

    def _is_open(self, ring: Ring) -> bool:
        if ring.incident is not None:
            incident = self._store.incident(ring.incident)
            return incident is not None and incident.state == "open"
        if ring.call is not None:
            form = self._store.call_form(ring.call)
            return form is not None and form.outcome is None
        return state_of(ring) in ("ringing", "answered", "missed")

    # What people do with it ------------------------------------------------------------------------------------------

    def all(self) -> list[Ring]:
        """Calls to the centre that are kept, in the order in which we were told of them."""
        return [one for one in self._store.rings() if one.dial is None]

    def in_call_until(self, desks: Collection[Ref]) -> Micros | None:
        """Until when somebody talks by the telephone of one of these desks, at most; None: nobody does."""
        extensions = {number for number, desk in self._lines.desks().items() if desk in desks}
        talks = [in_call_until(one) for one in self._store.rings() if one.extension in extensions]
        now = self._clock.now_us()
        return max((until for until in talks if until is not None and until > now), default=None)

    def take(self, id_: Ref, actor: Actor, command: Code) -> CallForm:
        """Open the call form of a ring, with its number and the place of its line. The same again: the same form.

        Raises:
            BadInput: there is no such ring, or not any more.
            Conflict: somebody has its form already (`ring.taken`).
        """
        ring = self._found(id_)
        if ring.call is not None:
            form = self._store.call_form(ring.call)
            if form is not None and form.outcome is None and form.held_by == actor:
                return form
            raise _taken()
        draft = self._draft(ring)

        def beside(transaction: StoreTransaction, appender: Appender, call: CallForm) -> None:
            found = self._found(id_)
            if found.call is not None:
                raise _taken()
            body = RingTaken(call=call.id, exercise=False)
            seq = appender.append(Fact(kind=RING_TAKEN, body=body, ref=id_, actor=actor))
            put(transaction, appender, taken(found, call.id, seq), actor)

        put_beside: Beside = beside
        form = self._calls.begin(draft, actor, command, beside=put_beside)
        self.on_changed()
        return form

    def mark_returned(self, id_: Ref, actor: Actor, *, is_done: bool) -> Ring:
        """Say that somebody has called back, or that this was a mistake.

        Raises:
            BadInput: there is no such ring, or not any more.
            Conflict: it is no call that nobody answered.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> Ring:
            ring = self._found(id_)
            if (state := state_of(ring)) == ("returned" if is_done else "missed"):
                return ring
            if state not in ("missed", "returned"):
                raise Conflict(
                    "This call was answered, or still rings. Nothing was changed. Look at the list again",
                    "ring.not_missed",
                )
            body = RingReturned(exercise=False, is_done=is_done)
            seq = appender.append(Fact(kind=RING_RETURNED, body=body, ref=id_, actor=actor))
            ring = returned(ring, is_done, seq, appender.at, actor)
            put(transaction, appender, ring, actor)
            return ring

        ring = self._run(lambda journal: journal.decide(work))
        self.on_changed()
        return ring

    def number(self, id_: Ref, actor: Actor) -> str | None:
        """Who is to be called back; that it was read is a fact before this returns. None: withheld, or erased.

        Raises:
            BadInput: there is no such ring, or not any more.
        """
        self._found(id_)
        self._reads.note(id_, RING_CALLER, actor)
        return self._telephone(id_)

    def locations(self, id_: Ref, actor: Actor) -> list[Located]:
        """Positions of a caller, in the order in which they came; that they were read is a fact before this returns.

        Raises:
            BadInput: there is no such ring, or not any more.
        """
        self._found(id_)
        rows = self._store.values(id_, LOCATION_FIELD, LOCATIONS_MAX)
        opened = self._values.open(rows)
        self._reads.note(id_, RING_LOCATIONS, actor, count=len(opened))
        return [_LOCATED(opened[row.ref]) for row in sorted(rows, key=lambda row: row.at) if row.ref in opened]

    def ring_of_call(self, call: Ref) -> Ring | None:
        """The ring that a call form was opened of."""
        return next((one for one in self._store.rings() if one.call == call), None)

    def keyholder(self, ring: Ring) -> Keyholder | None:
        """Whose number rings now, where it is a keyholder's. Of a call that is over nobody is told (SCOPE.md, R7)."""
        if state_of(ring) not in ("ringing", "answered") or not ring.has_number:
            return None
        telephone = self._telephone(ring.id)
        return None if telephone is None else self._known.keyholder(telephone)

    def _telephone(self, id_: Ref) -> str | None:
        rows = self._store.values(id_, CALLER_FIELD, 1)
        opened = self._values.open(rows)
        return None if not rows or rows[0].ref not in opened else _CALLER(opened[rows[0].ref]).telephone

    def _draft(self, ring: Ring) -> CallDraft:
        telephone = self._telephone(ring.id)
        note = None if telephone is None else HelpNote(caller=NoteCaller(telephone=telephone))
        line = None if ring.line is None else self._lines.one(ring.line)
        site = None if line is None or line.row.site_id is None else line.row.site_id
        if site is not None and not self._store.sites([site]):
            site = None
        exact = None if line is None or line.row.exact is None else str(line.row.exact)
        return CallDraft(
            marks=CallMarks(place=None if site is None else "site", site_id=site),
            words=CallWords(exact=exact, note=note),
        )

    def _found(self, id_: Ref) -> Ring:
        ring = self._store.ring(id_)
        if ring is None:
            raise BadInput(
                "There is no such call, or its number is erased already. Nothing was changed. Look at the list again",
                "ring.unknown",
            )
        return ring


def _taken() -> Conflict:
    return Conflict(
        "Somebody has the form of this call already. Nothing was changed. Look at the calls being taken", "ring.taken"
    )
