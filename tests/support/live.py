"""A console without a browser: what it holds by the rules of the live stream. And a loop that stands still."""

import heapq
import itertools

import msgspec

from support.fakes import START_US
from tocsin.model.incidents import Committed, Incident
from tocsin.web.api.types import Beat, Delta, Reset
from tocsin.web.board import item_of

_ENCODE = msgspec.json.encode


def incident(seq=1, **fields):
    plain = {
        "account": "5512",
        "account_id": "account-3",
        "acted": seq,
        "alarm_at": START_US,
        "alarmed": seq,
        "claimed_at": None,
        "claimed_by": None,
        "closed_at": None,
        "closed_by": None,
        "code": "FA",
        "condition": "active",
        "confirmed": False,
        "disposition": None,
        "exercise": False,
        "hazard": "fire",
        "id": f"incident-{seq}",
        "last_at": START_US,
        "line": "0",
        "number": seq,
        "opened_at": START_US,
        "origin": "signal",
        "points": (),
        "points_full": False,
        "presentation": "shown",
        "priority": 3,
        "reason": "code",
        "receiver": None,
        "signals": 1,
        "silent": False,
        "site_id": "site-2",
        "state": "open",
        "type": "FIRE-SMOKE",
        "version": seq,
        "zone": "4",
    }
    return Incident(**(plain | fields))


def changed(found, version, **fields):
    """The incident after one more fact."""
    return msgspec.structs.replace(found, version=version, **fields)


def committed(seq, *incidents, personal=(), config=None):
    return Committed(seq=seq, incidents=tuple(incidents), personal=tuple(personal), config=config)


def shown(found):
    """What a console holds of an incident."""
    return msgspec.to_builtins(item_of(found))


class ManualTimers:
    """Timers that run when the clock is moved through `advance` (`web.live.Timers`)."""

    def __init__(self, clock):
        self.clock = clock
        self._order = itertools.count()
        self._due = []

    @property
    def waiting(self):
        return [entry for entry in self._due if not entry[2].is_cancelled]

    def call_later(self, delay, callback):
        handle = _Handle(callback)
        heapq.heappush(self._due, (self.clock.monotonic_s() + delay, next(self._order), handle))
        return handle

    def advance(self, seconds):
        end_s = self.clock.monotonic_s() + seconds
        while self._due and self._due[0][0] <= end_s + 1e-9:
            due_s, _, handle = heapq.heappop(self._due)
            if handle.is_cancelled:
                continue
            self.clock.advance(max(0.0, due_s - self.clock.monotonic_s()))
            handle.callback()
        self.clock.advance(max(0.0, end_s - self.clock.monotonic_s()))


class _Handle:
    def __init__(self, callback):
        self.callback = callback
        self.is_cancelled = False

    def cancel(self):
        self.is_cancelled = True


class PipeSink:
    """A connection that takes everything at once, or, once stuck, nothing (`web.live.Sink`)."""

    def __init__(self):
        self.data = bytearray()
        self.writes = []
        self.is_stuck = False
        self.waiting = 0
        self.waiting_most = 0
        self.end_state = None

    def write(self, data):
        assert self.end_state is None, "nothing is written behind the end"
        self.data += data
        self.writes.append(data)
        if self.is_stuck:
            self.waiting += len(data)
            self.waiting_most = max(self.waiting_most, self.waiting)

    def waiting_bytes(self):
        return self.waiting

    def take(self):
        """Whoever reads has read everything."""
        self.is_stuck = False
        self.waiting = 0

    def end(self):
        self.end_state = "ended"

    def cut(self):
        self.end_state = "cut"


class ServerEvents:
    """Server-sent events out of the chunks of an HTTP/1.1 body, whole ones as they come."""

    def __init__(self):
        self._chunks = bytearray()
        self._text = ""
        self.is_over = False

    def feed(self, data):
        self._chunks += data
        while (end := self._chunks.find(b"\r\n")) >= 0:
            size = int(self._chunks[:end], 16)
            if len(self._chunks) < end + 2 + size + 2:
                break
            self._text += self._chunks[end + 2 : end + 2 + size].decode()
            assert self._chunks[end + 2 + size : end + 4 + size] == b"\r\n"
            del self._chunks[: end + 4 + size]
            self.is_over = self.is_over or size == 0
        *blocks, self._text = self._text.split("\n\n")
        return [event for block in blocks if (event := _event(block)) is not None]


def _event(block):
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    if "event" not in fields:
        return None
    types = {"delta": Delta, "beat": Beat, "reset": Reset}
    return fields["event"], fields.get("id"), msgspec.json.decode(fields["data"], type=types[fields["event"]])


class Follower:
    """Holds what a console would hold: a snapshot, and what the stream said since (docs/reference/live.md)."""

    def __init__(self):
        self.rows = {}
        self.id = None
        self.personal = set()
        self.config = None
        self.beats = []
        self.resets = []
        self.deltas = 0
        self.needs_snapshot = True
        self._closed = {}
        self._early = []

    def load(self, *pages):
        """Take a snapshot: its pages in order, each as JSON."""
        decoded = [msgspec.json.decode(page) for page in pages]
        self.rows, self._closed = {}, {}
        for page in decoded:
            for row in page["items"]:
                self._put(row | {"account_name": None, "site": None, "zone_name": None})
        self.id = decoded[0]["live"]
        self.needs_snapshot = False
        early, self._early = self._early, []
        for id_, delta in early:
            self._take_delta(id_, delta)

    def take(self, events):
        for name, id_, data in events:
            match name:
                case "delta":
                    self.deltas += 1
                    self._take_delta(id_, data)
                case "beat":
                    assert id_ is None
                    self.beats.append(data)
                case "reset":
                    assert id_ is None
                    self.resets.append(data.reason)
                    self.needs_snapshot = True
                    self._early = []

    def _take_delta(self, id_, delta):
        if self.needs_snapshot:
            self._early.append((id_, delta))  # the snapshot may be older
            return
        epoch, seq = numbers(id_)
        held_epoch, held = numbers(self.id)
        assert epoch == held_epoch
        if seq <= held:
            return
        assert numbers(delta.prev)[1] <= held, "the chain is broken: something was missed, and nobody said so"
        for change in delta.changes:
            assert sum(value is not None for value in (change.incident, change.config, change.personal)) == 1
            if change.incident is not None:
                self._put(msgspec.to_builtins(change.incident))
            elif change.personal is not None:
                self.personal.add(change.personal)
            else:
                self.config = change.config
        self.id = id_

    def _put(self, row):
        known = self.rows.get(row["id"])
        if max(known["version"] if known else 0, self._closed.get(row["id"], 0)) >= row["version"]:
            return
        if row["state"] == "closed":
            self.rows.pop(row["id"], None)
            self._closed[row["id"]] = row["version"]
        else:
            self.rows[row["id"]] = row


def numbers(live_id):
    epoch, seq = live_id.split("-")
    return int(epoch), int(seq)
