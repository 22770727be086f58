"""The live hub: tells every console what changed, each change encoded once (CONSOLE.md, section 3).

The event loop owns it. Changes are kept in a ring, and each console has a place in it: what it was told last. A write
joins what is newer than that place, so that consoles at one place share their bytes, one that was away for a moment
takes up where it was, and one that takes too little is never waited for nor buffered for. Nothing personal comes here.

Nothing runs while nothing happens: a timer is set only when something waits, and the beat only while somebody listens.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

import msgspec
import structlog

from tocsin.model.errors import BadInput, CentreFault, TooMany
from tocsin.model.incidents import Committed, Incident
from tocsin.model.ports import Clock
from tocsin.model.values import Actor, Ref, Seq
from tocsin.web.api.types import Beat, LiveId, Reset
from tocsin.web.board import Board, Update
from tocsin.web.permissions import Permission

TICK_S: Final = 0.1
"""A console is written to at most so often."""

URGENT_S: Final = 0.02
"""But where a priority 1 needs attention: then at once, and no sooner than so long after the write before."""

BEAT_S: Final = 2.0
RING_ENTRIES_MAX: Final = 10_000
RING_BYTES_MAX: Final = 16 << 20
EVENT_BYTES_MAX: Final = 64 << 10
"""What was missed is told in events of about this size."""

WAITING_BYTES_MAX: Final = 256 << 10
"""So much waits for one console at most, beside what its connection holds."""

SLOW_S: Final = 2.0
"""A console that could not be given anything for so long is slow, and reset as soon as it takes what waits."""

TOUCHED_KEPT_S: Final = 48 * 3600.0
"""So long it is known when a session's console was last touched."""

CUT_S: Final = 10.0
"""One that does not take it for so long is cut off."""

RETRY_MS: Final = 1_000
LIVE_ID_CHARACTERS_MAX: Final = 33

_UNKNOWN_READ: Final[Permission] = "unknown.read"
_TEXTS_READ: Final[Permission] = "incident.texts"
_TEXTS: Final = frozenset[Permission]({_TEXTS_READ})
_LEAD: Final[Permission] = "shift.lead"
_TOLD_APART: Final = frozenset[Permission]({_UNKNOWN_READ, _TEXTS_READ, _LEAD})
"""Permissions that change what the stream says. Consoles that have the same of these are told the same."""

_JSON: Final = msgspec.json.Encoder()
_LOG = structlog.get_logger("live")

Rights = frozenset[Permission]
ResetReason = Literal["gap", "epoch", "slow", "rights"]


class Sink(Protocol):
    """Where a console's bytes go. None of these waits."""

    def write(self, data: bytes) -> None:
        """Send, or keep until it can be sent."""
        ...

    def waiting_bytes(self) -> int:
        """How much was written and not yet taken by the connection."""
        ...

    def end(self) -> None:
        """End in good order, after what was written."""
        ...

    def cut(self) -> None:
        """End at once; what waits is lost."""
        ...


class Timer(Protocol):
    """What `Timers` gives back."""

    def cancel(self) -> None:
        """It shall not run."""
        ...


class Timers(Protocol):
    """Runs something later, in the hub's own thread: the event loop."""

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Timer:
        """Run it after so many seconds."""
        ...


class _Part(NamedTuple):
    """One change, encoded as a `Change`."""

    key: str
    """Of two parts with one key the later makes the earlier one needless."""
    data: bytes
    needs: frozenset[Permission] = frozenset()
    not_for: Actor | None = None
    """Whose consoles are told nothing of it."""


class _Entry:
    """What one commit changed."""

    __slots__ = ("offset", "parts", "seq", "size_bytes")

    def __init__(self, seq: Seq, parts: Sequence[_Part], offset: int) -> None:
        self.seq = seq
        self.parts = parts
        self.offset = offset
        """Bytes of all entries before it, since the start."""
        self.size_bytes = sum(len(part.data) for part in parts)


class Console:
    """One live stream: what it may see, and how far it was told."""

    __slots__ = ("actor", "at", "blocked_since_s", "is_allowed", "is_slow", "rights", "session", "sink")

    def __init__(
        self,
        sink: Sink,
        rights: Rights,
        is_allowed: Callable[[], bool],
        at: Seq,
        session: Ref | None = None,
        actor: Actor | None = None,
    ) -> None:
        """`is_allowed` says whether who opened it may still see it; asked with every beat, it does no I/O.

        `session` is the one that it was opened in; None: by a program's token. `actor` is who opened it.
        """
        self.actor = actor
        self.sink = sink
        self.rights = rights & _TOLD_APART
        self.is_allowed = is_allowed
        self.at = at
        self.session = session
        self.blocked_since_s: float | None = None
        """Since when it could not be given what it was due."""
        self.is_slow = False


class Hub:
    """Tells consoles what was committed."""

    def __init__(
        self,
        *,
        epoch: int,
        head: Seq,
        unchanged_since: Seq,
        clock: Clock,
        timers: Timers,
        beat: Callable[[], Beat],
        consoles_max: int,
        ring_entries_max: int = RING_ENTRIES_MAX,
        ring_bytes_max: int = RING_BYTES_MAX,
    ) -> None:
        """Go on at `head`; nothing that consoles see has changed after `unchanged_since`.

        `beat` is asked every 2 s while there are consoles, and does no I/O.
        """
        self._epoch = epoch
        self._head = head
        self._newest = unchanged_since
        """The latest change; who was told that has missed nothing."""
        self._floor = unchanged_since
        """A console that holds an older id has missed what is not in the ring."""
        self._clock = clock
        self._timers = timers
        self.beat = beat
        self._consoles_max = consoles_max
        self._ring_entries_max = ring_entries_max
        self._ring_bytes_max = ring_bytes_max
        self._consoles: dict[Console, None] = {}
        self._ring: deque[_Entry] = deque()
        self._ring_bytes = 0
        self._offset = 0
        self._joined: dict[tuple[Seq, Rights, Actor | None], tuple[bytes, Seq]] = {}
        self._kept_from: set[Actor] = set()
        """Who must not be told of something: they alone are told apart by who they are."""
        self._timer: Timer | None = None
        self._due_s = 0.0
        self._beat_timer: Timer | None = None
        self._nudged_s = float("-inf")
        self._written_s = float("-inf")
        self._is_closed = False
        self._touched_s: dict[Ref, float] = {}
        """When somebody last touched key or pointer of each session's console, or first opened a stream of it."""
        self.resets: dict[ResetReason, int] = {"gap": 0, "epoch": 0, "slow": 0, "rights": 0}

    @property
    def consoles(self) -> int:
        """How many live streams are open."""
        return len(self._consoles)

    # What comes in ----------------------------------------------------------------------------------------------------

    def publish(
        self,
        committed: Committed,
        updates: Sequence[Update],
        open_one: Callable[[Ref], Incident | None] = lambda _id: None,
    ) -> None:
        """Tell what a commit changed: within 100 ms, and where a priority 1 needs attention, at once.

        `open_one` gives an open incident, for changes that say no more than that something of it is another: of a call
        of the control room that is not for every console either.
        """
        if committed.seq <= self._head:
            # Ids must rise, or consoles would take this for old. It cannot be; if it is, nobody may miss it.
            _LOG.error("live.seq_not_rising", seq=committed.seq, head=self._head)
            self._forget()
            return
        parts = [
            _Part(update.now.id, b'{"incident":' + update.row + b"}", _needs(update.now), update.now.raised_by)
            for update in updates
        ]
        changed = {update.now.id: update.now for update in updates}
        for id_ in committed.personal:
            of = changed.get(id_) or open_one(id_)
            needs, not_for = (frozenset[Permission](), None) if of is None else (_needs(of), of.raised_by)
            data = b'{"personal":' + _JSON.encode(id_) + b"}"
            parts.append(_Part(f"personal {id_}", data, needs | _TEXTS, not_for))
        self._kept_from.update(part.not_for for part in parts if part.not_for is not None)
        if committed.config is not None:
            parts.append(_Part("config", b'{"config":%d}' % committed.config))
        self._head = self._newest = committed.seq
        self._remember(_Entry(committed.seq, parts, self._offset))
        if self._consoles:
            is_urgent = any(needs_attention(update.before, update.now) for update in updates)
            self._write_by(self._written_s + (URGENT_S if is_urgent else TICK_S))

    # Consoles ---------------------------------------------------------------------------------------------------------

    def refuse_more(self) -> None:
        """Raise where there is no room for another console.

        Raises:
            TooMany: there are as many as `web.consoles_max` allows.
            CentreFault: the centre is stopping.
        """
        if self._is_closed:
            fault = CentreFault("The centre is stopping. Nothing was opened. Try again in a moment", "live.stopping")
            fault.permanent = False
            raise fault
        if len(self._consoles) >= self._consoles_max:
            raise TooMany(
                f"{len(self._consoles)} consoles are connected, the limit. Nothing was opened. Close windows that "
                "nobody needs, or raise web.consoles_max",
                "live.consoles",
                retry_after_s=5,
            )

    def listening(self, idle_s: float | None = None) -> set[Ref]:
        """Sessions with a stream that is taken: its beats reach somebody.

        With `idle_s`, only those whose key or pointer somebody touched within that time.
        """
        since_s = float("-inf") if idle_s is None else self._clock.monotonic_s() - idle_s
        return {
            console.session
            for console in self._consoles
            if console.session is not None
            and not console.is_slow
            and console.blocked_since_s is None
            and self._touched_s.get(console.session, since_s) >= since_s
        }

    def touch(self, session: Ref) -> None:
        """Somebody has touched key or pointer of this session's console just now."""
        now_s = self._clock.monotonic_s()
        self._touched_s[session] = now_s
        if len(self._touched_s) > 2 * self._consoles_max:
            self._touched_s = {one: at_s for one, at_s in self._touched_s.items() if now_s - at_s < TOUCHED_KEPT_S}

    def connect(
        self,
        sink: Sink,
        rights: Rights,
        is_allowed: Callable[[], bool],
        last: LiveId | None,
        session: Ref | None = None,
        actor: Actor | None = None,
    ) -> Console:
        """Begin a stream with a beat and with what was missed since the id `last`; None goes on from now.

        Raises:
            TooMany, CentreFault: as `refuse_more`.
            BadInput: `last` is no id of a live stream.
        """
        self.refuse_more()
        epoch, at = (self._epoch, self._head) if last is None else parse_live_id(last)
        console = Console(sink, rights, is_allowed, at, session, actor)
        self._consoles[console] = None
        if session is not None and session not in self._touched_s:
            self.touch(session)  # once: a stream that is opened anew by itself is nobody's touch
        sink.write(_chunk(b"retry: %d\n\n" % RETRY_MS) + self._beats()(console))
        if epoch != self._epoch:
            self._reset(console, "epoch")
        elif at > self._head:
            self._reset(console, "gap")
        elif self._serve(console):
            self._write_by(self._clock.monotonic_s() + TICK_S)
        if self._beat_timer is None:
            self._beat_timer = self._timers.call_later(BEAT_S, self._beat_now)
        return console

    def disconnect(self, console: Console) -> None:
        """Its connection has ended. Once is enough, twice does no harm."""
        self._consoles.pop(console, None)
        if not self._consoles:
            self._rest()

    def close(self) -> None:
        """End every stream in good order, and take no more."""
        self._is_closed = True
        for console in tuple(self._consoles):
            self.disconnect(console)
            console.sink.end()

    # Writing ----------------------------------------------------------------------------------------------------------

    def _write_by(self, due_s: float) -> None:
        """Write at `due_s`, or now where that is past."""
        now_s = self._clock.monotonic_s()
        if due_s <= now_s:
            self._write()
        elif self._timer is None or due_s < self._due_s:
            if self._timer is not None:
                self._timer.cancel()
            self._due_s = due_s
            self._timer = self._timers.call_later(due_s - now_s, self._write)

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._written_s = self._clock.monotonic_s()
        is_somebody_behind = False
        for console in tuple(self._consoles):
            is_somebody_behind |= self._serve(console)
        if is_somebody_behind:
            self._write_by(self._written_s + TICK_S)

    def _serve(self, console: Console) -> bool:
        """Give a console what it is due, as far as it takes it; return whether there is more to give."""
        if not console.is_slow and console.at >= self._newest:
            return False
        waiting = console.sink.waiting_bytes()
        if console.is_slow:
            return self._serve_slow(console, waiting)
        if console.at < self._floor:
            # More happened since than the ring holds. Who is stuck as well is slow, and told when that is over.
            if waiting > EVENT_BYTES_MAX:
                self._block(console)
                console.is_slow = True
                return True
            self._reset(console, "gap" if console.blocked_since_s is None else "slow")
            return False
        while console.at < self._newest:
            data, at = self._next_event(console)
            if waiting and waiting + len(data) > WAITING_BYTES_MAX:
                console.is_slow = self._block(console) >= SLOW_S
                return True
            console.sink.write(data)
            console.at = at
            console.blocked_since_s = None
            waiting += len(data)
        return False

    def _block(self, console: Console) -> float:
        """It cannot be given what it is due; return for how many seconds."""
        now_s = self._clock.monotonic_s()
        if console.blocked_since_s is None:
            console.blocked_since_s = now_s
        return now_s - console.blocked_since_s

    def _serve_slow(self, console: Console, waiting: int) -> bool:
        if waiting <= EVENT_BYTES_MAX:
            self._reset(console, "slow")
            return False
        if self._block(console) >= CUT_S:
            self.resets["slow"] += 1
            _LOG.warning("live.console_cut", waiting_bytes=waiting)
            self.disconnect(console)
            console.sink.cut()
            return False
        return True

    def _next_event(self, console: Console) -> tuple[bytes, Seq]:
        """What comes after the console's place, framed, and the place behind it."""
        key = (console.at, console.rights, console.actor if console.actor in self._kept_from else None)
        found = self._joined.get(key)
        if found is None:
            found = self._joined[key] = self._join(*key)
        return found

    def _join(self, at: Seq, rights: Rights, actor: Actor | None) -> tuple[bytes, Seq]:
        ring = self._ring
        first = bisect_right(ring, at, key=_seq_of)
        # All that is left goes into one event where it fits. Where not, events end at places that are the same for
        # everybody, so that consoles which come back together share their bytes from the second event on.
        block = None if self._offset - ring[first].offset <= EVENT_BYTES_MAX else _block(ring[first])
        latest: dict[str, bytes] = {}
        seq = at
        for index in range(first, len(ring)):
            entry = ring[index]
            if block is not None and _block(entry) != block:
                break
            seq = entry.seq
            for part in entry.parts:
                if part.needs <= rights and (part.not_for is None or part.not_for != actor):
                    latest.pop(part.key, None)
                    latest[part.key] = part.data
        changes = b",".join(latest.values())
        data = b'id: %d-%d\nevent: delta\ndata: {"prev":"%d-%d","changes":[%s]}\n\n'
        return _chunk(data % (self._epoch, seq, self._epoch, at, changes)), seq

    def _reset(self, console: Console, reason: ResetReason) -> None:
        """Let it load everything anew, and go on from now."""
        self.resets[reason] += 1
        console.sink.write(_event("reset", Reset(reason=reason)))
        console.at = self._head
        console.is_slow = False
        console.blocked_since_s = None

    # Beats ------------------------------------------------------------------------------------------------------------

    def _beats(self) -> Callable[[Console], bytes]:
        """The beat as it is now, for each console what it may see."""
        full = self.beat()
        made: dict[bool, bytes] = {}

        def beat(console: Console) -> bytes:
            with_unknown = _UNKNOWN_READ in console.rights
            if with_unknown not in made:
                shown = full if with_unknown else msgspec.structs.replace(full, unknown=None)
                made[with_unknown] = _event("beat", shown)
            return made[with_unknown]

        return beat

    def _beat_now(self) -> None:
        self._beat_timer = self._timers.call_later(BEAT_S, self._beat_now)
        beat = self._beats()
        for console in tuple(self._consoles):
            if not console.is_allowed():
                self._reset(console, "rights")
                self.disconnect(console)
                console.sink.end()
            elif not console.is_slow and console.sink.waiting_bytes() <= WAITING_BYTES_MAX:
                console.sink.write(beat(console))

    def beat_soon(self) -> None:
        """Something that beats tell of has changed: tell it now, and not two seconds later."""
        if self._consoles and not self._is_closed and self._clock.monotonic_s() - self._nudged_s >= URGENT_S:
            self._nudged_s = self._clock.monotonic_s()
            if self._beat_timer is not None:
                self._beat_timer.cancel()
            self._beat_now()

    # The ring ---------------------------------------------------------------------------------------------------------

    def _remember(self, entry: _Entry) -> None:
        self._joined.clear()
        self._ring.append(entry)
        self._ring_bytes += entry.size_bytes
        self._offset += entry.size_bytes
        while len(self._ring) > self._ring_entries_max or self._ring_bytes > self._ring_bytes_max:
            gone = self._ring.popleft()
            self._ring_bytes -= gone.size_bytes
            self._floor = gone.seq

    def _forget(self) -> None:
        self._joined.clear()
        self._ring.clear()
        self._ring_bytes = 0
        self._floor = self._head
        for console in tuple(self._consoles):
            self._reset(console, "gap")

    def _rest(self) -> None:
        """Nobody is there: no timer runs."""
        for timer in (self._timer, self._beat_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._beat_timer = None


def show(committed: Committed, board: Board, hub: Hub) -> None:
    """Take up what was committed: first on the board, then to every console."""
    hub.publish(committed, board.apply(committed), board.get)


def _needs(incident: Incident) -> Rights:
    """What a console's rights must hold to be told of it: by a button, nobody knows whose desk is meant."""
    return frozenset({_LEAD}) if incident.is_room and incident.raised_by is None else frozenset()


def needs_attention(before: Incident | None, now: Incident) -> bool:
    """A priority 1 that somebody must look at now: new, raised, joined, reopened, given back, or off the shelf."""
    if now.priority != 1 or now.state != "open":
        return False
    if before is None or before.priority != 1:
        return True
    if before.shelved is not None and now.shelved is None:
        return True
    return before.signals != now.signals or (before.claimed_by is not None and now.claimed_by is None)


def parse_live_id(text: str) -> tuple[int, Seq]:
    """Epoch and seq of a live id.

    Raises:
        BadInput: it is none.
    """
    epoch, dash, seq = text.partition("-")
    if len(text) > LIVE_ID_CHARACTERS_MAX or not (dash and _is_number(epoch) and _is_number(seq)):
        raise BadInput(
            "The id to go on from is none of a live stream. Nothing was opened. Give the id of the last event, as it "
            "is, or `live` of a snapshot",
            "live.id",
        )
    return int(epoch), Seq(int(seq))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16


def _seq_of(entry: _Entry) -> Seq:
    return entry.seq


def _block(entry: _Entry) -> int:
    return entry.offset // EVENT_BYTES_MAX


def _event(name: str, data: msgspec.Struct) -> bytes:
    return _chunk(b"event: %s\ndata: %s\n\n" % (name.encode(), _JSON.encode(data)))


def _chunk(data: bytes) -> bytes:
    """As one chunk of an HTTP/1.1 body (RFC 9112, section 7.1): framed once, for all consoles."""
    return b"%x\r\n%s\r\n" % (len(data), data)
