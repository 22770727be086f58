"""From what a scan finds to facts: what lost paths have in common, and who is lost altogether.

A scan runs in the event loop; this runs in a thread beside it, and its facts go to the writer in small batches, in the
order in which they were found. What cannot be stored now is tried again with the next scan.
"""

import hashlib
import threading
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

import structlog

from tocsin.centre.categories import SCAN_S
from tocsin.centre.shared_losses import MANY, WINDOW_S, SharedLoss, is_common, were_lost_together
from tocsin.centre.site_losses import is_beyond_site, is_site_lost, rows_at_sites
from tocsin.centre.supervision import NEVER, NO_LIMIT, NO_ROW, Lost, Returned, Transitions, Watch
from tocsin.model.errors import CentreFault
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock, Store
from tocsin.model.supervision import (
    PATHS_A_FACT_MAX,
    SUPERVISION_MISSING,
    SUPERVISION_RETURNED,
    LossCause,
    Outage,
    PathMissing,
    PathReturned,
    SupervisionMissing,
    SupervisionReturned,
)
from tocsin.model.values import AccountNumber, Code, Micros, Ref, Seq

OWN_A_FACT_MAX: Final = 20
"""Paths of one fact that each open an incident: the core takes them in one step."""

FACTS_A_TURN_MAX: Final = 10
TRIES_MAX: Final = 3
"""So often a scan's transitions are tried whole; then each by itself, so that one that fails holds up no other."""

NETWORKS_LOOKED_AT_MAX: Final = 8
"""Networks that are looked at for one scan's losses: those with the most of them."""

P = TypeVar("P")
_LOG = structlog.get_logger("supervision")


class Record(Protocol):
    """Appends facts in a turn of the writer, and waits for the commit."""

    def __call__(self, facts: Sequence[Fact], /) -> Sequence[Seq]:
        """Do it."""
        ...


class Group(NamedTuple):
    """What lost paths have in common."""

    cause: LossCause
    code: Code
    network: int
    """As `Watch.network`; 0 where it is not known, or another cause."""


class Losses:
    """What becomes of transitions. `found` in the event loop, `work` in one thread at a time."""

    def __init__(self, watch: Watch, store: Store, clock: Clock, record: Record, key: bytes) -> None:
        """Begin with what is missing since before the start. Networks are named by hashes under `key`."""
        self._watch = watch
        self._store = store
        self._clock = clock
        self._record = record
        self._key = key[:64]
        self._found: deque[Transitions] = deque()
        self._tries = 0
        """How often the first of them has failed."""
        self._hard: dict[int, deque[Transitions]] = {}
        """By row: what fails by itself, and what came of the same path after it, in its order."""
        self._failed_s: float | None = None
        self._facts: deque[Fact] = deque()
        self._at_once = FACTS_A_TURN_MAX
        self._working = threading.Lock()
        self.groups: dict[Code, Group] = {}
        """Losses in common that go on."""
        self.config = 0

    def restore(self, outages: Iterable[Outage]) -> None:
        """What was missing when the process before this one ended: before the first scan."""
        now = self._clock.now_us()
        for outage in outages:
            self._watch.keep_missing(outage.account_id, outage.path, max(0.0, (now - outage.heard_at) / 1e6))
            if outage.group is not None:
                cause = _cause_of(outage.group)
                self.groups.setdefault(outage.group, Group(cause, outage.group, 0))

    @property
    def has_work(self) -> bool:
        """Something was found, or waits to be stored."""
        return bool(self._found or self._facts or self._hard)

    @property
    def failing_s(self) -> float:
        """For how long something that was found could not be recorded; 0 where nothing waits. From any thread."""
        failed_s = self._failed_s
        return 0.0 if failed_s is None else max(0.0, self._clock.monotonic_s() - failed_s)

    def found(self, transitions: Transitions) -> None:
        """Take what a scan found."""
        if transitions.lost or transitions.returned:
            self._found.append(transitions)

    def work(self) -> None:
        """Make facts of it all and have them stored. From a thread; a second one at a time does nothing."""
        if not self._working.acquire(blocking=False):
            return
        try:
            self._make_facts()
            self._store_facts()
            if not self._hard:
                self._failed_s = None
        except CentreFault as fault:
            self._note_failure()
            _LOG.warning("supervision.not_recorded", code=fault.code, waiting=len(self._facts))
        except Exception:  # noqa: BLE001 - nothing found is let go: the next scan tries again; it is logged, `/readyz` tells
            self._note_failure()
            _LOG.exception("supervision.failed", waiting=len(self._found) + len(self._facts))
        finally:
            self._working.release()

    def _store_facts(self) -> None:
        left = len(self._facts)
        while left > 0:
            some = [self._facts[at] for at in range(min(left, self._at_once))]
            try:
                self._record(some)
            except CentreFault:
                raise
            except Exception:
                if len(some) == 1:
                    self._facts.rotate(-1)  # one that cannot be written stays, and holds up no other
                self._at_once = 1
                raise
            for _ in some:
                self._facts.popleft()
            left -= len(some)
        self._at_once = FACTS_A_TURN_MAX

    def _note_failure(self) -> None:
        if self._failed_s is None:
            self._failed_s = self._clock.monotonic_s()

    def _make_facts(self) -> None:
        """Take what was found, each scan's whole; what fails again and again is parted, and tried beside the others."""
        for row in list(self._hard):
            self._try_hard(row)
        while self._found:
            # Looked at first and taken away when its facts are made: what fails in between is still here.
            found = self._without_hard(self._found[0])
            if self._tries < TRIES_MAX:
                try:
                    facts = self._facts_of(found)
                except CentreFault:
                    raise  # it is no fault of these
                except Exception:
                    self._tries += 1
                    raise
                self._facts.extend(facts)
            else:
                _LOG.error("supervision.parted", transitions=len(found.lost) + len(found.returned))
                for one in _singles(found):
                    self._hard.setdefault(_row_of(one), deque()).append(one)
            self._found.popleft()
            self._tries = 0
            for row in list(self._hard):
                self._try_hard(row)

    def _try_hard(self, row: int) -> None:
        waiting = self._hard[row]
        try:
            while waiting:
                self._facts.extend(self._facts_of(waiting[0]))
                waiting.popleft()
        except Exception as error:  # noqa: BLE001 - the other paths go on; it stays, is tried again, and `/readyz` tells
            self._note_failure()
            _LOG.warning("supervision.path_failed", row=row, error=type(error).__name__)
        if not waiting:
            del self._hard[row]

    def _without_hard(self, found: Transitions) -> Transitions:
        """What is not of a path that waits; what is, waits behind it: a return never comes before its loss."""
        if not self._hard:
            return found
        for one in _singles(found):
            if _row_of(one) in self._hard:
                self._hard[_row_of(one)].append(one)
        clear = Transitions(
            [one for one in found.lost if one.row not in self._hard],
            [one for one in found.returned if one.row not in self._hard],
        )
        self._found[0] = clear  # so that nothing is put behind twice where these fail
        return clear

    # Facts -----------------------------------------------------------------------------------------------------------

    def _facts_of(self, found: Transitions) -> list[Fact]:
        ids = {one.account for one in found.lost} | {one.account for one in found.returned}
        accounts = {account.id: account for account in self._store.accounts(ids)}
        numbers = {id_: account.row.account for id_, account in accounts.items()}
        gone = {one.account for one in found.lost}
        at_sites = rows_at_sites(self._watch, self._store, [one for one in accounts.values() if one.id in gone])
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        facts = self._returned(found.returned, numbers)
        groups = self._groups_of([lost for lost in found.lost if lost.account in numbers], now_s)
        shared: dict[Code, list[PathMissing]] = {}
        own: list[PathMissing] = []
        for lost in found.lost:
            if lost.account not in numbers:
                continue  # it was removed meanwhile
            group, site_id = groups.get(lost.row), accounts[lost.account].row.site_id
            beside = () if site_id is None else at_sites.get(site_id, ())
            path, is_own = self._missing(lost, numbers[lost.account], group, beside, now, now_s)
            if group is None or is_own:
                own.append(path)
            else:
                shared.setdefault(group.code, []).append(path)
        for code, paths in shared.items():
            group = self.groups[code]
            facts += [self._fact(some, group) for some in _parts(paths, PATHS_A_FACT_MAX)]
        facts += [self._fact(some, None) for some in _parts(own, OWN_A_FACT_MAX)]
        return facts

    def _returned(self, returned: list[Returned], numbers: dict[Ref, AccountNumber]) -> list[Fact]:
        paths = [
            PathReturned(
                account=numbers[one.account],
                account_id=one.account,
                away_s=round(one.away_s),
                path=one.path,
                reason="heard" if one.is_heard else "unwatched",
            )
            for one in returned
            if one.account in numbers
        ]
        return [
            Fact(
                kind=SUPERVISION_RETURNED,
                body=SupervisionReturned(config=self.config, exercise=False, paths=tuple(some)),
            )
            for some in _parts(paths, PATHS_A_FACT_MAX)
        ]

    def _missing(
        self,
        lost: Lost,
        number: AccountNumber,
        group: Group | None,
        at_site: tuple[int, ...],
        now: Micros,
        now_s: float,
    ) -> tuple[PathMissing, bool]:
        """The path as its fact tells it; and whether it is for itself, though others were lost with it.

        `at_site`: rows of all paths that are watched at its site.
        """
        watch, row, other = self._watch, lost.row, lost.other_row
        limit_s = watch.own_limit(row)
        has_other = other != NO_ROW and watch.other[other] == row
        is_all = not has_other or watch.missing[other] == 1
        is_together = False
        if has_other and is_all:
            is_explained = group is not None and watch.common[other] == 1
            is_together = not is_explained and were_lost_together(
                lost.heard_s, watch.lost_by(row), watch.earlier[other], watch.lost_by(other)
            )
        is_shared = group is not None and (
            group.cause != "network" or not at_site or is_beyond_site(watch, group.network, at_site)
        )
        of_site = is_site_lost(watch, lost, at_site, is_shared=is_shared)
        path = PathMissing(
            account=number,
            account_id=lost.account,
            all_lost=is_all,
            heard_at=Micros(now - round((now_s - lost.heard_s) * 1_000_000)),
            limit_s=round(limit_s) if limit_s < 1e9 else 0,
            of_site=of_site,
            path=lost.path,
            together=is_together or of_site,
        )
        return path, path.together

    def _fact(self, paths: Sequence[PathMissing], group: Group | None) -> Fact:
        body = SupervisionMissing(
            cause=None if group is None else group.cause,
            config=self.config,
            exercise=False,
            group=None if group is None else group.code,
            paths=tuple(paths),
        )
        return Fact(kind=SUPERVISION_MISSING, body=body)

    # What they have in common ----------------------------------------------------------------------------------------

    def _groups_of(self, lost: Sequence[Lost], now_s: float) -> dict[int, Group]:
        """By row: what it was lost with. Our own side is asked first."""
        if not lost:
            return {}
        found: dict[int, Group] = {}
        asked = [Group("receiver", Code("receiver"), 0)]
        asked += [
            Group("transport", Code(f"transport-{name}"), 0)
            for name in dict.fromkeys(one.route.transport for one in lost)
        ]
        networks = Counter(one.network for one in lost if one.network)
        asked += [
            Group("network", self._network_code(network), network)
            for network, _ in networks.most_common(NETWORKS_LOOKED_AT_MAX)
        ]
        for group in asked:
            of_group = [one for one in lost if one.row not in found and _is_in(one, group)]
            if not of_group:
                continue
            shared = self._shared(group, now_s)
            if not is_common(shared):
                if shared.missing < MANY:
                    self.groups.pop(group.code, None)
                continue
            self.groups[group.code] = group
            for one in of_group:
                found[one.row] = group
                self._watch.common[one.row] = 1
        return found

    def _shared(self, group: Group, now_s: float) -> SharedLoss:
        """What the paths of a group have lost together."""
        return self._shared_plainly(group, now_s) if self._watch.is_small else self._shared_of_many(group, now_s)

    def _shared_plainly(self, group: Group, now_s: float) -> SharedLoss:
        watch = self._watch
        due_s, recent_s = now_s + SCAN_S, now_s - WINDOW_S
        routes = {number for number, one in enumerate(watch.routes) if group.code == f"transport-{one.transport}"}
        lost = gone = 0
        heard_s, gaps_s = NEVER, list[float]()
        for row in range(watch.size):
            limit_s = watch.limit[row]
            if limit_s == NO_LIMIT:
                continue
            if group.cause == "network" and watch.network[row] != group.network:
                continue
            if group.cause == "transport" and watch.route[row] not in routes:
                continue
            is_told = watch.missing[row]
            if is_told or watch.heard[row] + limit_s <= due_s:
                gone += 1
                lost += not is_told or watch.span[row] >= recent_s
            else:
                heard_s = max(heard_s, watch.heard[row])
                gaps_s.append(float(watch.kinds[watch.kind[row]][1] or watch.learnt[row] or limit_s))
        silent_s = max(0.0, now_s - heard_s) if gaps_s else 0.0
        return SharedLoss(
            cause=group.cause,
            group=group.code,
            lost=lost,
            missing=gone,
            heard=len(gaps_s),
            missed_polls=sum(silent_s / gap_s for gap_s in gaps_s),
            silent_s=silent_s,
            gap_s=_median(gaps_s) if gaps_s else 0.0,
            is_known=group.code in self.groups,
        )

    def _shared_of_many(self, group: Group, now_s: float) -> SharedLoss:
        import numpy as np

        watch = self._watch
        size = watch.size
        limit = np.frombuffer(watch.limit, np.float64, size)
        heard_s = np.frombuffer(watch.heard, np.float64, size)
        mask = np.isfinite(limit)
        if group.cause == "network":
            mask &= np.frombuffer(watch.network, np.int32, size) == group.network
        elif group.cause == "transport":
            of_route = np.array([group.code == f"transport-{route.transport}" for route in watch.routes])
            mask &= of_route[np.frombuffer(watch.route, np.int32, size)]
        told = np.frombuffer(watch.missing, np.bool_, size)
        late = heard_s + limit <= now_s + SCAN_S
        gone = mask & (told | late)
        recent = gone & (~told | (np.frombuffer(watch.span, np.float32, size) >= now_s - WINDOW_S))
        well = np.flatnonzero(mask & ~told & ~late)
        missed = silent_s = typical_s = 0.0
        if len(well):
            of_kind = np.array([float(interval or 0) for _, interval in watch.kinds])
            gap_s = of_kind[np.frombuffer(watch.kind, np.int32, size)[well]]
            learnt_s = np.frombuffer(watch.learnt, np.float32, size)[well]
            gap_s = np.where(gap_s > 0, gap_s, np.where(learnt_s > 0, learnt_s, limit[well]))
            silent_s = max(0.0, now_s - float(heard_s[well].max()))
            missed, typical_s = float((silent_s / gap_s).sum()), float(np.median(gap_s))
        return SharedLoss(
            cause=group.cause,
            group=group.code,
            lost=int(recent.sum()),
            missing=int(gone.sum()),
            heard=len(well),
            missed_polls=missed,
            silent_s=silent_s,
            gap_s=typical_s,
            is_known=group.code in self.groups,
        )

    def _network_code(self, network: int) -> Code:
        digest = hashlib.blake2b(self._watch.network_name(network).encode(), key=self._key, digest_size=6).hexdigest()
        return Code(f"network-{digest}")


def _median(numbers: Sequence[float]) -> float:
    ranked, half = sorted(numbers), len(numbers) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def _is_in(lost: Lost, group: Group) -> bool:
    match group.cause:
        case "receiver":
            return True
        case "transport":
            return group.code == f"transport-{lost.route.transport}"
        case "network":
            return lost.network == group.network


def _cause_of(code: Code) -> LossCause:
    kind = code.partition("-")[0]
    return "network" if kind == "network" else "transport" if kind == "transport" else "receiver"


def _singles(found: Transitions) -> list[Transitions]:
    return [
        *(Transitions([], [one]) for one in found.returned),
        *(Transitions([one], []) for one in found.lost),
    ]


def _row_of(single: Transitions) -> int:
    return (single.lost or single.returned)[0].row


def _parts(paths: Sequence[P], most: int) -> list[Sequence[P]]:
    return [paths[begin : begin + most] for begin in range(0, len(paths), most)]
