"""Who was heard when, and who is overdue: arrays in memory, a few writes a poll and one look a second.

The event loop alone writes here. An account of one path has one row, one of DP1 to DP4 has one for each of its two
paths. All times are monotonic: a clock that is set, and a host that slept, make nobody overdue. What our own outage
costs is added to the limits, and the next message of a path takes it away again.

Other threads may look: arrays are never resized in place, a longer one takes their place.
"""

import hashlib
import ipaddress
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, repeat
from operator import add, le
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tocsin.centre.categories import GRACE_S, LEARN_GAPS, SCAN_S, CategoryFigures, are_alike, limit_s
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.model.ports import Clock
from tocsin.model.supervision import PathRole
from tocsin.model.values import Code, Ref, Transport

if TYPE_CHECKING:
    import numpy as np


GAP_S: Final = 5.0
"""A scan that comes later than this was held up by us: nobody is overdue by that."""

NEVER: Final = -(2.0**28)
"""No time that a path was heard at: eight years before 0. What a restart takes over may lie before 0 too."""
NO_LIMIT: Final = float("inf")
NO_ROW: Final = -1
ROWS_MIN: Final = 64

LEARNING: Final = 1
"""It has neither category nor interval: its polls are looked at."""

MOVED: Final = 2
"""Its limit is longer than its own, for our own outage; the next message ends that."""

FIRST: Final = 4
"""Never heard: its limit begins with its first message."""

GRACE: Final = 8
"""Nothing is known of before our restart: it has one full period."""

ENDED: Final = 16
"""Watched no more, and free when the next scan has told so."""

PLAIN_MAX: Final = 8_192
"""Rows up to which plain Python looks through them, in a millisecond: numpy, which more need, brings 12 MB."""

SCANNED_AT_ONCE: Final = 16_384
TOLD_A_SCAN_MAX: Final = 2_000
"""Transitions that one scan tells; what is left comes with the next."""

NETWORK_V4_BITS: Final = 24
NETWORK_V6_BITS: Final = 48
_TRANSPORTS: Final[tuple[Transport, ...]] = ("tcp", "udp", "tls", "http", "mqtt", "smtp")


class Route(NamedTuple):
    """By which way a path comes, as far as it is worth telling: R, L and transport."""

    receiver: int | None
    line: int | None
    transport: Transport


class Lost(NamedTuple):
    """A path that has just gone missing."""

    row: int
    account: Ref
    path: PathRole
    heard_s: float
    limit_s: float
    route: Route
    network: int
    other_row: int
    """The account's other path; NO_ROW where it has none that was ever heard."""


class Returned(NamedTuple):
    """A path that is missing no more."""

    row: int
    account: Ref
    path: PathRole
    away_s: float
    is_heard: bool


class Transitions(NamedTuple):
    """What one scan found."""

    lost: list[Lost]
    returned: list[Returned]


NOTHING: Final = Transitions([], [])
_NO_ROUTE: Final = Route(None, None, "tcp")


class Watch:
    """Every watched path of every account."""

    def __init__(
        self,
        key: bytes,
        clock: Clock,
        figures: Mapping[Code, CategoryFigures],
        *,
        plain_max: int = PLAIN_MAX,
        default_interval_s: int | None = None,
    ) -> None:
        """Begin with nobody; addresses are hashed under `key`, so that the file tells none.

        `default_interval_s` is that of accounts with neither an interval nor a category; None: it is learnt.
        """
        self._default_interval_s = default_interval_s
        self._key = key[:64]
        self._plain_max = plain_max
        self._clock = clock
        self.figures = figures
        self.size = 0
        """Rows that are or were in use; `_free` are among them."""
        self._free: list[int] = []
        self._room = 0
        self.heard = array("d")
        """By row: when it was last heard, monotonic seconds; NEVER."""
        self.limit = array("d")
        """How long it may be silent; NO_LIMIT where it is not supervised."""
        self.earlier = array("d")
        self.span = array("f")
        """While a path is learnt: its last poll, and the gap before it. While it is missing: when it had been heard
        before, and when that was told. A missing path learns nothing."""
        self.learnt = array("f")
        """Interval that was learnt, 0 where none was."""
        self.path = array("q")
        """Hash of its way, in this process; 0: none."""
        self.digest = array("Q")
        """Keyed hash of the address, as in the file; 0: none."""
        self.network = array("i")
        """Network that it comes from, as a number (`network_name`); 0: not known."""
        self.account = array("q")
        """Number in the account's id; -1: nobody."""
        self.kind = array("i")
        """Which category and interval (`kinds`)."""
        self.route = array("i")
        self.other = array("i")
        """Row of the account's other path."""
        self.flags = bytearray()
        self.alike = bytearray()
        """How many gaps alike were seen."""
        self.missing = bytearray()
        """1: a transition to missing was told."""
        self.common = bytearray()
        """1: it was lost with many others."""
        self.kinds: list[tuple[Code | None, int | None]] = []
        self._kind_of: dict[tuple[Code | None, int | None], int] = {}
        self.routes: list[Route] = []
        self._route_of: dict[Route, int] = {}
        self._networks: dict[int, int] = {}
        """Networks of version 6, and their numbers: those of version 4 are numbers themselves."""
        self._row_of = array("i")
        """By slot of the accounts' snapshot: the account's first row."""
        self._token: object = None
        self.watched_paths = 0
        self._scanned_s = clock.monotonic_s()
        self.moved_s = 0.0
        """By how much deadlines were moved since the start, our restart included."""
        self.downtime_s = 0.0
        """The part of it that was our restart."""
        self.is_grace = False
        """No last-seen file was there at the start: whoever is heard for the first time has a full period."""

    @property
    def paths_heard(self) -> int:
        """Paths that were ever heard, as far as is known."""
        return self.size - self.heard[: self.size].count(NEVER)

    @property
    def is_small(self) -> bool:
        """So few rows that they are looked through without numpy."""
        return self.size <= self._plain_max

    # Hearing ---------------------------------------------------------------------------------------------------------

    def note(
        self,
        slot: int,
        receiver: int | None,
        line: int | None,
        transport: Transport,
        host: str,
        *,
        is_poll: bool,
    ) -> None:
        """The account in this slot of the newest snapshot was heard on a path. The sender's port does not count."""
        row = self._row_of[slot]
        if row < 0:
            return  # nobody of the newest picture: it was removed while its frame was on the way
        path = hash((receiver, line, transport, host))
        if self.path[row] == path:
            self.heard[row] = self._clock.monotonic_s()
            return
        self._note_slowly(row, path, Route(receiver, line, transport), host, is_poll=is_poll)

    def _note_slowly(self, row: int, path: int, route: Route, host: str, *, is_poll: bool) -> None:
        now_s = self._clock.monotonic_s()
        row = self._row_for(row, path, route, host)
        flags = self.flags[row]
        if flags & FIRST and self.heard[row] == NEVER:
            self._set_limit(row, self.own_limit(row))
        if flags & LEARNING and is_poll and not self.missing[row]:
            self._learn(row, now_s)
        self.heard[row] = now_s
        if flags & MOVED or self.missing[row]:
            self._set_limit(row, self.own_limit(row))
        self.flags[row] &= LEARNING
        # Only a path that nothing more is to be looked at for has its hash here: that is the quick way.
        self.path[row] = 0 if self.flags[row] else path

    def _row_for(self, first: int, path: int, route: Route, host: str) -> int:
        """The row of an account that a way belongs to; where it is a new one, that of the path longest unheard."""
        digest = self._digest(host)
        rows = [first] if self.other[first] == NO_ROW else [first, self.other[first]]
        for row in rows:
            if self.path[row] == path or (self.digest[row] == digest and self.routes[self.route[row]] == route):
                if not self.network[row]:
                    self._take_path(row, digest, route, host)  # the file tells no network
                return row
        unused = next((row for row in rows if self.digest[row] == 0), None)
        if unused is None and len(rows) == 1 and self._is_dual(first):
            unused = self._add_other(first)
        row = min(rows, key=self.heard.__getitem__) if unused is None else unused
        self._take_path(row, digest, route, host)
        return row

    def _take_path(self, row: int, digest: int, route: Route, host: str) -> None:
        self.digest[row] = digest
        self.network[row] = self._network(host)
        self.route[row] = self._route(route)

    def _learn(self, row: int, now_s: float) -> None:
        """Look at the gap before this poll. Two of them alike, one after the other, are an interval."""
        polled_s, before_s = self.earlier[row], self.span[row]
        self.earlier[row] = now_s
        if polled_s == NEVER:
            return
        gap_s = now_s - polled_s
        self.span[row] = gap_s
        if not are_alike(gap_s, before_s):
            self.alike[row] = 1
            return
        self.alike[row] += 1
        if self.alike[row] >= LEARN_GAPS:
            self.learnt[row] = (gap_s + before_s) / 2
            self.flags[row] &= ~LEARNING
            self.alike[row] = 0
            self._set_limit(row, self.own_limit(row))

    # Looking ---------------------------------------------------------------------------------------------------------

    def scan(self, *, is_ours: bool = False) -> Transitions:
        """Find who went missing and who came back, once a second.

        `is_ours`: nothing is taken in now, by our own fault. Then, and where the scan itself was held up, all deadlines
        are moved by that time, and nobody is overdue by it.
        """
        now_s = self._clock.monotonic_s()
        gap_s, self._scanned_s = now_s - self._scanned_s, now_s
        if not self.watched_paths and 1 not in self.missing:
            return NOTHING
        if is_ours or gap_s > GAP_S:
            self.move(gap_s)
        changed = self._changed(now_s + SCAN_S)
        if not changed:
            return NOTHING
        found = Transitions([], [])
        for row in changed[:TOLD_A_SCAN_MAX]:
            if not self.missing[row]:
                found.lost.append(self._lose(row, now_s))
            else:
                found.returned.append(self._regain(row))
        return found

    def _changed(self, due_s: float) -> list[int]:
        """Rows that are overdue by then and not told as missing, and the other way round."""
        size = self.size
        if self.is_small:
            # Columns have room for more. Nearly always nothing has changed, which is seen four times as fast by this.
            late = bytes(map(le, map(add, islice(self.heard, size), self.limit), repeat(due_s)))
            missing = bytes(self.missing[:size])
            return [row for row in range(size) if late[row] != missing[row]] if late != missing else []
        import numpy as np

        heard_s = np.frombuffer(self.heard, np.float64, size)
        limit_s = np.frombuffer(self.limit, np.float64, size)
        missing = np.frombuffer(self.missing, np.bool_, size)
        changed: list[int] = []
        # Piece by piece: what is worked with stays in the processor's own memory.
        for begin in range(0, size, SCANNED_AT_ONCE):
            some = slice(begin, begin + SCANNED_AT_ONCE)
            late = heard_s[some] + limit_s[some] <= due_s
            rows = np.flatnonzero(late != missing[some])
            if len(rows):
                changed += (rows + begin).tolist()
                if len(changed) >= TOLD_A_SCAN_MAX:
                    break
        return changed

    def move(self, seconds: float) -> None:
        """Move the deadline of whoever is not missing by an outage of ours, until the next message of each."""
        if not self.size:
            return
        self.moved_s += seconds
        if self.is_small:
            for row in range(self.size):
                if self.limit[row] != NO_LIMIT and not self.missing[row]:
                    self.limit[row] += seconds
                    self.flags[row] |= MOVED
                    self.path[row] = 0
            return
        import numpy as np

        limit = np.frombuffer(self.limit, np.float64, self.size)
        flags = np.frombuffer(self.flags, np.uint8, self.size)
        moves = np.isfinite(limit) & (np.frombuffer(self.missing, np.uint8, self.size) == 0)
        limit[moves] += seconds
        flags[moves] |= MOVED
        np.frombuffer(self.path, np.int64, self.size)[moves] = 0

    def _lose(self, row: int, now_s: float) -> Lost:
        self.missing[row], self.common[row] = 1, 0
        self.earlier[row], self.span[row] = self.heard[row], now_s
        self.path[row] = 0  # its next message sets its limit anew
        self._leave_alone(row, now_s)
        return Lost(
            row=row,
            account=Ref(f"account-{self.account[row]}"),
            path=self.role(row),
            heard_s=self.heard[row],
            limit_s=self.limit[row],
            route=self.routes[self.route[row]] if self.routes else _NO_ROUTE,
            network=self.network[row],
            other_row=self.other[row],
        )

    def _leave_alone(self, row: int, now_s: float) -> None:
        """A path is missing from now on. Where it is the primary one, the other must be heard soon: nothing else is.

        A panel of DP1 to DP4 then reports by its second path as often as it did by its first. What was heard before
        proves nothing: whoever cuts both must not have the day that the second path may otherwise be silent.
        """
        other = self.other[row]
        if other == NO_ROW or self.role(row) != "primary" or self.missing[other] or self.limit[other] == NO_LIMIT:
            return
        # Never later than it was due anyway: it may be overdue in this very scan.
        soon = max(0.0, now_s - self.heard[other]) + self.own_limit(other)
        self._set_limit(other, min(self.limit[other], soon))
        self.flags[other] |= MOVED
        self.path[other] = 0

    def _leave_no_more_alone(self, row: int, *, is_heard: bool) -> None:
        """A path is missing no more. Where it is the primary one, the other has its day again, unless it is due now."""
        other = self.other[row]
        if not is_heard or other == NO_ROW or self.role(row) != "primary":
            return
        due_s = self.heard[other] + self.limit[other]
        if not self.missing[other] and self.limit[other] != NO_LIMIT and due_s > self._scanned_s + SCAN_S:
            self._set_limit(other, self.own_limit(other))

    def _is_alone(self, row: int) -> bool:
        """It is an alternative path, and the primary one is missing."""
        other = self.other[row]
        return other != NO_ROW and self.missing[other] == 1 and self.role(row) == "alternative"

    def _regain(self, row: int) -> Returned:
        """It was heard, or nobody waits for it any more. What was learnt may be wrong, and is learnt anew beside it."""
        is_heard = self.heard[row] > self.earlier[row]
        heard_s = self.heard[row] if is_heard else self._clock.monotonic_s()
        found = Returned(
            row=row,
            account=Ref(f"account-{self.account[row]}"),
            path=self.role(row),
            away_s=max(0.0, heard_s - self.earlier[row]),
            is_heard=is_heard,
        )
        self.missing[row] = self.common[row] = 0
        self._leave_no_more_alone(row, is_heard=is_heard)
        if self.flags[row] & ENDED:
            self._free_row(row)
        elif self.learnt[row]:
            self.flags[row] |= LEARNING
            self.path[row] = 0
            self.earlier[row], self.alike[row], self.span[row] = NEVER, 0, 0.0
        return found

    # After a restart -------------------------------------------------------------------------------------------------

    def restore(
        self,
        accounts: Sequence[int],
        silent_s: Sequence[float],
        digests: Sequence[int],
        routes: Sequence[Route],
        learnt_s: Sequence[float],
        away_s: float,
        moved_s: Sequence[float],
        *,
        is_whole: bool = True,
    ) -> None:
        """Take over what a file says of the accounts that are watched: how long each path was silent at its end.

        Deadlines are moved by our time away, and stay moved by our outages before that. An account's paths stand in
        their order. Where the file is not whole, a poll may have been heard and forgotten with the process: each path
        has the time of one more.
        """
        now_s = self._clock.monotonic_s()
        found = {self.account[row]: row for row in range(self.size) if self._is_first(row)}
        columns = zip(accounts, silent_s, digests, routes, learnt_s, moved_s, strict=True)
        for number, silent, digest, route, learnt, moved in columns:
            row = found.get(number)
            if row is None:
                continue
            if self.heard[row] != NEVER:
                if not self._is_dual(row) or self.other[row] != NO_ROW:
                    continue
                row = self._add_other(row)
            self.heard[row] = now_s - silent - away_s
            self.digest[row], self.route[row] = digest, self._route(route)
            if learnt and self.flags[row] & LEARNING:
                self.learnt[row] = learnt
                self.flags[row] &= ~LEARNING
            limit = self.own_limit(row)
            if limit != NO_LIMIT:
                limit += moved
                if not is_whole:
                    limit += max(0.0, one_poll_s(limit - moved) - (limit - silent))
                self._set_limit(row, limit + away_s)
                self.flags[row] = self.flags[row] & LEARNING | MOVED
        self.moved_s += away_s
        self.downtime_s = away_s

    def give_grace(self) -> None:
        """The last-seen file is lost: whoever is supervised has one full period from now on."""
        self.is_grace = True
        now_s = self._clock.monotonic_s()
        for row in range(self.size):
            if self.flags[row] & FIRST and self.heard[row] == NEVER and not self.missing[row]:
                self.heard[row] = now_s
                self._set_limit(row, self.own_limit(row))
                self.flags[row] = GRACE

    def keep_missing(self, account: Ref, path: PathRole, silent_s: float) -> None:
        """A path that was missing when the process before this one ended: it is still, until it is heard."""
        number = int(account.rpartition("-")[2])
        row = next((row for row in range(self.size) if self.account[row] == number), NO_ROW)
        if row == NO_ROW:
            return
        if path == "alternative" and self._is_dual(row):
            row = self._add_other(row) if self.other[row] == NO_ROW else self.other[row]
        now_s = self._clock.monotonic_s()
        if self.heard[row] == NEVER or self.flags[row] & GRACE:
            self.heard[row] = now_s - silent_s
        self.flags[row] &= ~(FIRST | GRACE)
        if self.limit[row] == NO_LIMIT and self.flags[row] & LEARNING:
            # What it had learnt is lost with the file: it stays missing until its next message all the same.
            self._set_limit(row, 0.0)
            self.flags[row] |= MOVED
        elif self.limit[row] != NO_LIMIT or self.own_limit(row) != NO_LIMIT:
            self._set_limit(row, min(self.own_limit(row), now_s - self.heard[row]))
            self.flags[row] |= MOVED
        self.missing[row], self.earlier[row], self.span[row] = 1, self.heard[row], now_s
        self._leave_alone(row, now_s)

    # Accounts --------------------------------------------------------------------------------------------------------

    def use(self, snapshot: AccountSnapshot) -> None:
        """Watch the accounts of this picture from now on, each by its category and interval."""
        if snapshot.token is self._token:
            return
        if snapshot.follows is not None and snapshot.follows is self._token:
            self._use_changes(snapshot)
        else:
            self._use_all(snapshot)
        self._token = snapshot.token

    def _use_changes(self, snapshot: AccountSnapshot) -> None:
        count = len(snapshot.columns()[0])
        if count > len(self._row_of):
            self._row_of = self._row_of + array("i", [NO_ROW]) * (count - len(self._row_of))
        moved: dict[int, int] = {}
        for slot in snapshot.touched:
            row = self._row_of[slot]
            if row != NO_ROW:
                moved[self.account[row]] = row
            self._row_of[slot] = NO_ROW
        self._place(snapshot, snapshot.touched, moved)

    def _place(self, snapshot: AccountSnapshot, slots: Iterable[int], moved: dict[int, int]) -> None:
        """Give each of these slots its account's row: that of `moved`, by the account's number, or a new one.

        What nobody takes of `moved` is watched no more.
        """
        for slot in slots:
            found = snapshot.watch(slot)
            if found is None:
                continue
            number, category, interval_s = found
            kind = self._kind(category, interval_s)
            row = moved.pop(number, NO_ROW)
            if row == NO_ROW:
                row = self._add_row(number, kind)
            elif self.kind[row] != kind:
                self._set_kind(row, kind)
            self._row_of[slot] = row
        for row in moved.values():
            self._end_account(row)

    def _use_all(self, snapshot: AccountSnapshot) -> None:
        numbers, rules_of, rules = snapshot.columns()
        if not len(numbers) and not self.size:
            self._row_of = array("i")
            return
        if max(len(numbers), self.size) <= self._plain_max:
            used = (row for row in range(self.size) if self.account[row] != NO_ROW and not self.flags[row] & ENDED)
            known = {self.account[row]: row for row in used if self._is_first(row)}
            self._row_of = array("i", [NO_ROW]) * len(numbers)
            self._place(snapshot, range(len(numbers)), known)
            return
        import numpy as np

        kinds = np.array([self._kind(category, interval_s) for category, interval_s in rules] or [0], np.int32)
        wanted = np.frombuffer(numbers, np.int64) if len(numbers) else np.empty(0, np.int64)
        wanted_kinds = kinds[np.frombuffer(rules_of, np.int32)] if len(numbers) else np.empty(0, np.int32)
        account = np.frombuffer(self.account, np.int64, self.size) if self.size else np.empty(0, np.int64)
        other = np.frombuffer(self.other, np.int32, self.size) if self.size else np.empty(0, np.int32)
        ended = (np.frombuffer(self.flags, np.uint8, self.size) & ENDED) > 0 if self.size else np.empty(0, bool)
        at = np.arange(self.size, dtype=np.int32)
        first = np.flatnonzero((account != NO_ROW) & ~ended & ((other == NO_ROW) | (at < other))).astype(np.int32)
        first = first[np.argsort(account[first], kind="stable")]
        found = np.searchsorted(account[first], wanted)
        found[found == len(first)] = 0
        is_known = np.zeros(len(wanted), bool)
        if len(first):
            is_known = (account[first[found]] == wanted) & (wanted != NO_ROW)
        rows = np.full(len(wanted), NO_ROW, np.int32)
        rows[is_known] = first[found[is_known]]
        stays = np.zeros(self.size, bool)
        stays[rows[is_known]] = True
        kind = np.frombuffer(self.kind, np.int32, self.size) if self.size else np.empty(0, np.int32)
        differs = (
            [
                (int(rows[slot]), int(wanted_kinds[slot]))
                for slot in np.flatnonzero(is_known)
                if kind[rows[slot]] != wanted_kinds[slot]
            ]
            if len(first)
            else []
        )
        gone = [int(row) for row in first if not stays[row]]
        new = np.flatnonzero(~is_known & (wanted != NO_ROW))
        begin = self._add_rows(wanted[new], wanted_kinds[new])
        rows[new] = np.arange(begin, begin + len(new), dtype=np.int32)
        for row, kind_ in differs:
            self._set_kind(row, kind_)
        for row in gone:
            self._end_account(row)
        self._row_of = array("i", rows.tobytes())

    def _add_rows(self, numbers: "np.ndarray[Any, Any]", kinds: "np.ndarray[Any, Any]") -> int:
        """Add a row for each of these accounts, one behind the other; return the first."""
        import numpy as np

        begin, count = self.size, len(numbers)
        if not count:
            return begin
        self._grow(begin + count)
        self.size = end = begin + count
        for column in (self.heard, self.earlier):
            column[begin:end] = array("d", [NEVER]) * count
        self.limit[begin:end] = array("d", [NO_LIMIT]) * count
        self.other[begin:end] = array("i", [NO_ROW]) * count
        self.account[begin:end] = array("q", numbers.astype(np.int64).tobytes())
        self.kind[begin:end] = array("i", kinds.astype(np.int32).tobytes())
        flags = np.array([self._first_flags(kind) for kind in range(len(self.kinds))] or [0], np.uint8)
        self.flags[begin:end] = flags[kinds].tobytes()
        return begin

    def _is_first(self, row: int) -> bool:
        """It is the row that the account is found by: the older one of two."""
        other = self.other[row]
        return other == NO_ROW or row < other

    def _add_other(self, first: int) -> int:
        """Add the row of an account's second path. It stands behind the first one: so they are told apart."""
        row = self._add_row(self.account[first], self.kind[first], behind=first)
        self.other[first], self.other[row] = row, first
        return row

    def _add_row(self, number: int, kind: int, behind: int = NO_ROW) -> int:
        row = self._free.pop() if self._free and self._free[-1] > behind else self.size
        if row == self.size:
            if row >= self._room:
                self._grow(max(ROWS_MIN, self.size * 2))
            self.size += 1
        self._clear(row)
        self.account[row] = number
        self.kind[row] = kind
        self._begin(row)
        return row

    def _clear(self, row: int) -> None:
        for column in (self.heard, self.earlier):
            column[row] = NEVER
        for column in (self.span, self.learnt):
            column[row] = 0.0
        self.limit[row] = NO_LIMIT
        self.path[row] = self.digest[row] = self.network[row] = 0
        self.account[row] = self.other[row] = NO_ROW
        self.kind[row] = self.route[row] = 0
        self.flags[row] = self.alike[row] = self.missing[row] = self.common[row] = 0

    def _begin(self, row: int) -> None:
        self.flags[row] = self._first_flags(self.kind[row])

    def _first_flags(self, kind: int) -> int:
        category, interval_s = self.kinds[kind]
        if category is None and interval_s is None:
            return LEARNING
        return FIRST if interval_s != 0 else 0

    def _set_kind(self, row: int, kind: int) -> None:
        """A person has changed category or interval. What was learnt is forgotten where they say something."""
        rows = [row] if self.other[row] == NO_ROW else [row, self.other[row]]
        for one in rows:
            self.kind[one] = kind
        if len(rows) == 2 and not self._is_dual(row):
            self._end_row(rows.pop())
            self.other[row] = NO_ROW
        for one in rows:
            was_heard = self.heard[one]
            self.learnt[one], self.alike[one] = 0.0, 0
            if not self.missing[one]:
                self.earlier[one], self.span[one] = NEVER, 0.0
            self.flags[one] = self.path[one] = 0
            self._begin(one)
            if was_heard == NEVER:
                self._set_limit(one, NO_LIMIT)
            else:
                self._set_limit(one, self.own_limit(one))
                self.flags[one] &= LEARNING
        if len(rows) == 2 and self.missing[row]:
            self._leave_alone(row, self._clock.monotonic_s())

    def _end_account(self, row: int) -> None:
        other = self.other[row]
        self._end_row(row)
        if other != NO_ROW:
            self._end_row(other)

    def _end_row(self, row: int) -> None:
        """Watch it no more; one that is missing is told as returned by the next scan, and free then."""
        self._set_limit(row, NO_LIMIT)
        self.flags[row] = ENDED
        self.path[row] = self.digest[row] = 0
        if not self.missing[row]:
            self._free_row(row)

    def _free_row(self, row: int) -> None:
        self._clear(row)
        self._free.append(row)

    def _is_dual(self, row: int) -> bool:
        category = self.kinds[self.kind[row]][0]
        return category is not None and category.startswith("DP")

    def role(self, row: int) -> PathRole:
        """Which path of its account it is."""
        if not self._is_dual(row):
            return "only"
        return "primary" if self._is_first(row) else "alternative"

    def moved_of(self, row: int) -> float:
        """By how many seconds our outages have moved the deadline of a path that is not missing."""
        if not self.flags[row] & MOVED or self.missing[row]:
            return 0.0
        moved_s = self.limit[row] - self.own_limit(row)
        return max(0.0, moved_s) if moved_s < NO_LIMIT else 0.0

    def is_moved(self, row: int) -> bool:
        """Its deadline was moved by an outage of ours."""
        return bool(self.flags[row] & MOVED)

    def network_of(self, name: str) -> int:
        """The number that stands for a network, or for that of an address; 0 where it is none."""
        return self._network(name.partition("/")[0])

    def interval_of(self, row: int) -> float | None:
        """Interval of its polls: as set, or learnt; None where there is none."""
        category, interval_s = self.kinds[self.kind[row]]
        if interval_s:
            return float(interval_s)
        return self.learnt[row] or None if category is None and interval_s is None else None

    def _set_limit(self, row: int, limit: float) -> None:
        self.watched_paths += (limit != NO_LIMIT) - (self.limit[row] != NO_LIMIT)
        self.limit[row] = limit

    def own_limit(self, row: int) -> float:
        """How long a path may be silent, without what our outages add."""
        category, interval_s = self.kinds[self.kind[row]]
        if interval_s == 0:
            return NO_LIMIT
        found = limit_s(category, self.interval_of(row), self.figures, self.role(row), is_alone=self._is_alone(row))
        return NO_LIMIT if found is None else found

    def lost_by(self, row: int) -> float:
        """The latest moment at which a missing path can have been lost: its limit ran out, or it was told as missing.

        By the limit that it has while the account's other path works; NEVER plus some, of one that has no limit.
        """
        category, _ = self.kinds[self.kind[row]]
        limit = limit_s(category, self.interval_of(row), self.figures, self.role(row)) or 0.0
        return min(self.earlier[row] + limit, float(self.span[row]))

    def _kind(self, category: Code | None, interval_s: int | None) -> int:
        if category is None and interval_s is None:
            interval_s = self._default_interval_s
        found = self._kind_of.setdefault((category, interval_s), len(self.kinds))
        if found == len(self.kinds):
            self.kinds.append((category, interval_s))
        return found

    def _route(self, route: Route) -> int:
        found = self._route_of.setdefault(route, len(self.routes))
        if found == len(self.routes):
            self.routes.append(route)
        return found

    def _digest(self, host: str) -> int:
        digest = hashlib.blake2b(host.encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "big") or 1

    def _network(self, host: str) -> int:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return 0
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        address = mapped or address
        if isinstance(address, ipaddress.IPv4Address):
            return (int(address) >> (32 - NETWORK_V4_BITS)) + 1
        prefix = int(address) >> (128 - NETWORK_V6_BITS)
        return self._networks.setdefault(prefix, -1 - len(self._networks))

    def network_name(self, number: int) -> str:
        """The network that a number stands for: `203.0.113.0/24`."""
        if number > 0:
            return f"{ipaddress.IPv4Address((number - 1) << (32 - NETWORK_V4_BITS))}/{NETWORK_V4_BITS}"
        prefix = list(self._networks)[-1 - number]
        return f"{ipaddress.IPv6Address(prefix << (128 - NETWORK_V6_BITS))}/{NETWORK_V6_BITS}"

    def _grow(self, room: int) -> None:
        """Make longer arrays in place of these; who looks at the old ones goes on looking at them."""
        if room <= self._room:
            return
        for name in ("heard", "limit", "earlier", "span", "learnt"):
            setattr(self, name, _longer(getattr(self, name), room))
        for name in ("path", "digest", "network", "account", "kind", "route", "other"):
            setattr(self, name, _longer(getattr(self, name), room))
        for name in ("flags", "alike", "missing", "common"):
            setattr(self, name, getattr(self, name) + bytes(room - self._room))
        self._room = room


def one_poll_s(limit: float) -> float:
    """Within a limit that allows for one lost poll (`categories.limit_s`): how long until the next one must come."""
    return (limit + GRACE_S) / 2


def _longer(column: "array[Any]", room: int) -> "array[Any]":
    return column + array(column.typecode, [0]) * (room - len(column))
