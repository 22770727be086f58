"""What the board of supervision shows, worked out of the arrays when somebody asks: in a thread, for a million of them.

The event loop writes into the arrays meanwhile, so a row may be a second newer than its neighbour.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tocsin.centre.categories import LATE_FACTOR
from tocsin.centre.supervision import ENDED, FIRST, GRACE, LEARNING, NEVER, NO_ROW, Watch
from tocsin.centre.supervision_losses import Losses
from tocsin.model.ports import Clock
from tocsin.model.supervision import WATCH_STATES, LossCause, PathRole, WatchState
from tocsin.model.values import Code, Micros, Ref, Transport

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, np.dtype[Any]]

NEEDED_FIRST: Final[tuple[WatchState, ...]] = (
    "all_paths_lost",
    "missing",
    "one_path_lost",
    "late",
    "second_never_heard",
    "grace",
)
"""What the page shows first: what needs a person, the gravest first."""

_OF: Final = {state: number for number, state in enumerate(WATCH_STATES)}
_ORDER: Final[tuple[WatchState, ...]] = (*NEEDED_FIRST, "on_time", "learning", "never_heard", "off")


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts of one category, by state."""

    category: Code | None
    states: dict[WatchState, int]
    limit_s: int | None
    alternative_s: int | None
    is_confirmed: bool
    """The limit was compared with the bought text, or stands in a public one."""
    oldest: Ref | None
    """The account that has been missing longest."""
    oldest_s: float


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """A loss in common that goes on."""

    cause: LossCause
    group: Code
    what: Code | None
    """The network or the transport, where it is known."""
    missing: int


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The head of the board."""

    at: Micros
    tallies: tuple[Tally, ...]
    common: tuple[Common, ...]
    is_grace: bool
    moved_s: float
    downtime_s: float


class WatchedPath(msgspec.Struct, frozen=True, kw_only=True):
    """One path of an account on the board."""

    path: PathRole
    silent_s: float | None
    """Since it was last heard; None: never."""
    limit_s: float | None
    is_missing: bool
    receiver: int | None
    line: int | None
    transport: Transport | None
    network: Code | None


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """One account on the board."""

    account_id: Ref
    state: WatchState
    category: Code | None
    interval_s: float | None
    is_learnt: bool
    is_moved: bool
    """Its deadline was moved by an outage of ours."""
    paths: tuple[WatchedPath, ...]


class Board:
    """Answers what the watch knows. From any thread."""

    def __init__(self, watch: Watch, losses: Losses, clock: Clock) -> None:
        """Look at these."""
        self._watch = watch
        self._losses = losses
        self._clock = clock

    def totals(self) -> Totals:
        """How many accounts there are of each state and category, and what many have in common."""
        watch = self._watch
        at = self._clock.now_us()
        tallies: list[Tally] = []
        common: list[Common] = []
        if watch.size:
            import numpy as np

            found = _Look(watch, self._clock.monotonic_s())
            categories: dict[Code | None, list[int]] = {}
            for kind, (category, _) in enumerate(watch.kinds):
                categories.setdefault(category, []).append(kind)
            for category, kinds in categories.items():
                of = _among(kinds, len(watch.kinds))[found.kind]
                counts = np.bincount(found.state[of], minlength=len(WATCH_STATES))
                if not counts.any():
                    continue
                gone = of & _states(("missing", "all_paths_lost", "one_path_lost"))[found.state]
                oldest, oldest_s = found.longest_missing(gone)
                figures = None if category is None else watch.figures.get(category)
                tallies.append(
                    Tally(
                        category=category,
                        states={state: int(counts[_OF[state]]) for state in WATCH_STATES},
                        limit_s=None if figures is None else figures.limit_s,
                        alternative_s=None if figures is None else figures.alternative_s,
                        is_confirmed=figures is None or figures.is_confirmed,
                        oldest=oldest,
                        oldest_s=oldest_s,
                    )
                )
            common = self._common(found)
        tallies.sort(key=lambda one: one.category or Code("~"))
        return Totals(
            at=at,
            tallies=tuple(tallies),
            common=tuple(common),
            is_grace=watch.is_grace,
            moved_s=watch.moved_s,
            downtime_s=watch.downtime_s,
        )

    def page(
        self,
        states: Collection[WatchState],
        begin: int,
        limit: int,
        *,
        category: Code | None = None,
        receiver: int | None = None,
        network: str | None = None,
        accounts: Collection[Ref] | None = None,
    ) -> tuple[list[Watched], int]:
        """Accounts of some states, the gravest first, then who is silent longest; and how many there are.

        `category` "-" are those without one. `accounts`: of these alone.
        """
        watch = self._watch
        if not watch.size:
            return [], 0
        import numpy as np

        now_s = self._clock.monotonic_s()
        found = _Look(watch, now_s)
        chosen = _states(states)[found.state]
        if category is not None:
            wanted = None if category == "-" else category
            kinds = [kind for kind, (one, _) in enumerate(watch.kinds) if one == wanted]
            chosen &= _among(kinds, len(watch.kinds))[found.kind]
        if receiver is not None:
            routes = [number for number, route in enumerate(watch.routes) if route.receiver == receiver]
            chosen &= _among(routes, len(watch.routes))[found.route] & (found.heard_s != NEVER)
        if network is not None:
            number = watch.network_of(network)
            chosen &= found.network == number
        if accounts is not None:
            numbers = np.fromiter((int(id_.rpartition("-")[2]) for id_ in accounts), np.int64, len(accounts))
            chosen &= np.isin(found.account, numbers)
        rows = np.flatnonzero(chosen)
        ranks = np.array([_ORDER.index(state) for state in WATCH_STATES], np.uint8)
        # One key of both: who is silent longest stands first within each state; who never spoke, by their order.
        key = ranks[found.state[rows]].astype(np.float64) * 1e9 + found.heard_s[rows]
        if begin + limit < len(rows):
            first = np.argpartition(key, begin + limit)[: begin + limit]
            rows, key = rows[first], key[first]
        rows = rows[np.lexsort((found.first[rows], key))][begin : begin + limit]
        return [self._watched(int(found.first[at]), int(found.state[at]), now_s) for at in rows], int(chosen.sum())

    def _watched(self, row: int, state: int, now_s: float) -> Watched:
        watch = self._watch
        category, interval_s = watch.kinds[watch.kind[row]]
        rows = [row] if watch.other[row] == NO_ROW else [row, watch.other[row]]
        return Watched(
            account_id=Ref(f"account-{watch.account[row]}"),
            state=WATCH_STATES[state],
            category=category,
            interval_s=watch.interval_of(row),
            is_learnt=interval_s is None and watch.learnt[row] > 0,
            is_moved=watch.is_moved(row),
            paths=tuple(self._path(one, now_s) for one in rows),
        )

    def _path(self, row: int, now_s: float) -> WatchedPath:
        watch = self._watch
        is_heard = watch.heard[row] != NEVER
        limit_s = watch.limit[row]
        # In grace nothing but the restart was heard.
        is_known = is_heard and bool(watch.digest[row])
        route = watch.routes[watch.route[row]] if is_known else None
        network = watch.network[row]
        return WatchedPath(
            path=watch.role(row),
            silent_s=max(0.0, now_s - watch.heard[row]) if is_heard else None,
            limit_s=limit_s if limit_s < 1e9 else None,
            is_missing=watch.missing[row] == 1,
            receiver=None if route is None else route.receiver,
            line=None if route is None else route.line,
            transport=None if route is None else route.transport,
            network=Code(watch.network_name(network)) if network and is_known else None,
        )

    def _common(self, found: "_Look") -> list[Common]:

        told: list[Common] = []
        for group in list(self._losses.groups.values()):
            of = found.is_common
            what: Code | None = None
            if group.cause == "network" and group.network:
                of = of & (found.all_network == group.network)
                what = Code(self._watch.network_name(group.network))
            elif group.cause == "transport":
                what = Code(group.code.removeprefix("transport-"))
                routes = [number for number, one in enumerate(self._watch.routes) if one.transport == what]
                of = of & _among(routes, len(self._watch.routes))[found.all_route]
            if missing := int(of.sum()):
                told.append(Common(cause=group.cause, group=group.code, what=what, missing=missing))
        return told


class _Look:
    """The accounts at one moment: columns with a place for each, in the order of their rows."""

    def __init__(self, watch: Watch, now_s: float) -> None:
        import numpy as np

        size = watch.size
        account = np.frombuffer(watch.account, np.int64, size)
        other = np.frombuffer(watch.other, np.int32, size)
        flags = np.frombuffer(watch.flags, np.uint8, size)
        heard_s = np.frombuffer(watch.heard, np.float64, size)
        limit_s = np.frombuffer(watch.limit, np.float64, size)
        missing = np.frombuffer(watch.missing, np.bool_, size)
        kind = np.frombuffer(watch.kind, np.int32, size)
        at = np.arange(size, dtype=np.int32)
        is_first = (account != NO_ROW) & (flags & ENDED == 0) & ((other == NO_ROW) | (at < other))
        self.first = np.flatnonzero(is_first)
        first = self.first
        self.account, self.kind = account[first], kind[first]
        self.route = np.frombuffer(watch.route, np.int32, size)[first]
        self.network = np.frombuffer(watch.network, np.int32, size)[first]
        self.all_route, self.all_network = (
            np.frombuffer(watch.route, np.int32, size),
            np.frombuffer(watch.network, np.int32, size),
        )
        self.is_common = missing & np.frombuffer(watch.common, np.bool_, size)
        has_other = other[first] != NO_ROW
        second = np.where(has_other, other[first], first)
        is_gone, is_other_gone = missing[first], missing[second]
        own_s = heard_s[first]
        age_s = now_s - own_s
        self.now_s = now_s
        # Of two paths, the missing one tells since when.
        self.heard_s = np.where(has_other & ~is_gone & is_other_gone, heard_s[second], own_s)
        interval_s = np.array([float(one or 0) for _, one in watch.kinds])[self.kind]
        learnt_s = np.frombuffer(watch.learnt, np.float32, size)[first]
        interval_s = np.where(interval_s > 0, interval_s, learnt_s)
        is_off = np.array([one == 0 for _, one in watch.kinds])[self.kind]
        is_watched = np.isfinite(limit_s[first])
        flag = flags[first]
        state = np.full(len(first), _OF["on_time"], np.uint8)
        is_dual = np.array([(one or "").startswith("DP") for one, _ in watch.kinds])[self.kind]
        state[is_dual & ~has_other & is_watched] = _OF["second_never_heard"]
        state[(interval_s > 0) & (age_s > interval_s * LATE_FACTOR)] = _OF["late"]
        state[flag & GRACE > 0] = _OF["grace"]
        state[~is_watched & (flag & LEARNING > 0)] = _OF["learning"]
        state[(own_s == NEVER) | (flag & FIRST > 0)] = _OF["never_heard"]
        state[is_gone & ~has_other] = _OF["missing"]
        state[has_other & (is_gone != is_other_gone)] = _OF["one_path_lost"]
        state[has_other & is_gone & is_other_gone] = _OF["all_paths_lost"]
        state[is_off] = _OF["off"]
        self.state = state

    def longest_missing(self, of: "Column") -> tuple[Ref | None, float]:
        """Who of these was last heard first, and how long ago."""
        import numpy as np

        rows = np.flatnonzero(of)
        if not len(rows):
            return None, 0.0
        at = rows[int(self.heard_s[rows].argmin())]
        return Ref(f"account-{self.account[at]}"), self.now_s - float(self.heard_s[at])


def _among(numbers: Collection[int], count: int) -> "Column":
    """A table of yes and no: which of so many numbers are among these."""
    import numpy as np

    table = np.zeros(max(1, count), np.bool_)
    table[list(numbers)] = True
    return table


def _states(states: Collection[WatchState]) -> "Column":
    return _among([_OF[state] for state in states], len(WATCH_STATES))
