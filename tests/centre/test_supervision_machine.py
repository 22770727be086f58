"""Supervision against a plain model of it: dictionaries, and one deadline a path. Whatever order things come in."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support.fakes import ManualClock
from tocsin.centre import last_seen
from tocsin.centre.categories import FACTOR, GRACE_S, SCAN_S, shipped_categories
from tocsin.centre.shared_losses import TOGETHER_S
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import GAP_S, PLAIN_MAX, Watch
from tocsin.centre.supervision_losses import Losses
from tocsin.model.accounts import Account, AccountPolicy, AccountRow

KEY = b"k" * 32
FIGURES = shipped_categories()
HOSTS = ("192.0.2.1", "198.51.100.1")
KINDS = [("SP6", None), ("SP5", 30), ("DP4", None), (None, 40), (None, 0), ("SP4", None)]
EVERY_S = 20, 30, 300, 5000
SITES = {1: "site-1", 2: "site-1", 3: "site-2", 4: "site-2", 5: None}
accounts = st.integers(1, 5)


def exact(least, most):
    """Seconds that add up without rounding: the model adds them in another order."""
    return st.integers(int(least * 64), int(most * 64)).map(lambda ticks: ticks / 64)


def policy(n, kind):
    return AccountPolicy(
        id=f"account-{n}", account=str(n), receiver=None, line=None, key=None, late_max_s=40, early_max_s=20,
        duplicate_window_us=300_000_000, panel_time_zone=None, poll_602=False, carried_by=None,
        category=kind[0], interval_s=kind[1],
    )  # fmt: skip


class Path(msgspec.Struct):
    """One path of the model."""

    heard: float
    allowed: float
    host: str
    is_missing: bool = False
    lost_by: float = 0
    """The latest moment at which it can have been lost, of one that is missing."""


class Model:
    """What should be told, worked out one path at a time."""

    def __init__(self):
        self.kinds = {}
        self.paths = {}
        """By account: its paths, the first first."""

    def limit(self, n, index):
        category, interval = self.kinds[n]
        if interval == 0:
            return None
        found = FIGURES.get(category)
        by_interval = None if interval is None or index else interval * FACTOR + GRACE_S
        ceiling = None if found is None else float(found.alternative_s if index else found.limit_s)
        if index and self.paths[n][0].is_missing:
            ceiling = float(found.alone_s)
        return min(one for one in (by_interval, ceiling) if one is not None)

    def working_limit(self, n, index):
        """How long this path may be silent while the account's other one works."""
        category, interval = self.kinds[n]
        found = FIGURES.get(category)
        by_interval = None if interval is None or index else interval * FACTOR + GRACE_S
        ceiling = None if found is None else float(found.alternative_s if index else found.limit_s)
        return min(one for one in (by_interval, ceiling) if one is not None)

    def lost_with(self, n, index):
        """Which paths of the site were lost together with this one; None where something of the site is heard."""
        if SITES[n] is None:
            return None
        at_site = {
            (one, i): path
            for one, paths in self.paths.items()
            if SITES[one] == SITES[n]
            for i, path in enumerate(paths)
            if path.is_missing or path.allowed is not None
        }
        mine = at_site.pop((n, index))
        if not all(path.is_missing for path in at_site.values()):
            return None
        return [
            key
            for key, path in at_site.items()
            if max(path.heard, mine.heard) - min(path.lost_by, mine.lost_by) <= TOGETHER_S
        ]

    def hear(self, n, host, now):
        paths = self.paths.setdefault(n, [])
        is_dual = (self.kinds[n][0] or "").startswith("DP")
        index = next((i for i, path in enumerate(paths) if path.host == host), None)
        if index is None and (not paths or (is_dual and len(paths) < 2)):
            paths.append(Path(now, 0, host))
            index = len(paths) - 1
        elif index is None:
            index = min(range(len(paths)), key=lambda i: paths[i].heard)
        path = paths[index]
        path.heard, path.host, path.allowed = now, host, self.limit(n, index)

    def scan(self, now):
        told = []
        for n, paths in self.paths.items():
            names = ("primary", "alternative") if (self.kinds[n][0] or "").startswith("DP") else ("only",)
            late = [path.allowed is not None and path.heard + path.allowed <= now + SCAN_S for path in paths]
            for index, (name, path) in enumerate(zip(names, paths, strict=False)):
                if late[index] != path.is_missing:
                    path.is_missing = late[index]
                    if late[index]:
                        path.lost_by = min(path.heard + self.working_limit(n, index), now)
                    told.append((n, name, late[index]))
                    if name == "primary":
                        self.first_path_changed(n, now)
        return sorted(told)

    def first_path_changed(self, n, now):
        """Once the primary path is lost the other must be heard soon; once it is back, the other has its day again."""
        for index, path in enumerate(self.paths[n][1:], 1):
            if path.is_missing or path.allowed is None or path.heard + path.allowed <= now + SCAN_S:
                continue
            limit = self.limit(n, index)
            path.allowed = min(path.allowed, now - path.heard + limit) if self.paths[n][0].is_missing else limit

    def move(self, seconds):
        for paths in self.paths.values():
            for path in paths:
                if not path.is_missing and path.allowed is not None:
                    path.allowed += seconds


class Supervision(RuleBasedStateMachine):
    """A watch and the model, side by side. So few rows are looked through without numpy."""

    plain_max = PLAIN_MAX

    @initialize(kinds=st.lists(st.sampled_from(KINDS), min_size=5, max_size=5))
    def begin(self, kinds):
        self.clock = ManualClock()
        self.model = Model()
        self.model.kinds = dict(enumerate(kinds, 1))
        self.start(None)

    def start(self, data):
        self.watch = Watch(KEY, self.clock, FIGURES, plain_max=self.plain_max)
        self.snapshot = AccountSnapshot([policy(n, kind) for n, kind in self.model.kinds.items()], 1)
        self.watch.use(self.snapshot)
        self.facts = []
        self.losses = Losses(self.watch, Numbers(), self.clock, self.facts.extend, KEY)
        if data is not None:
            last_seen.restore(self.watch, data, self.clock.now_us())

    @rule(n=accounts, host=st.sampled_from(HOSTS), is_poll=st.booleans())
    def hear(self, n, host, is_poll):
        if n in self.model.kinds:
            slot = self.snapshot.find(None, None, str(n)).slot
            self.watch.note(slot, None, 0, "tcp", host, is_poll=is_poll)
            self.model.hear(n, host, self.clock.since_s)

    def told(self, **options):
        found = self.watch.scan(**options)
        self.lost = found.lost
        self.facts.clear()
        self.losses.found(found)
        self.losses.work()
        lost = [(int(one.account[8:]), one.path, True) for one in found.lost]
        return sorted(lost + [(int(one.account[8:]), one.path, False) for one in found.returned])

    @rule(seconds=st.sampled_from([1.0, 2.5, 4.0]), times=st.integers(1, 30))
    def wait(self, seconds, times):
        for _ in range(times):
            self.clock.advance(seconds)
            assert self.told() == self.model.scan(self.clock.since_s)
            self.whole_sites_are_told_as_such()

    def whole_sites_are_told_as_such(self):
        """A fact says that all of a site was lost together, exactly where the model says so and nothing explains it.

        What many others lost too is taken as it was found: `test_shared_losses` looks at that.
        """
        rows = {(self.watch.account[row], self.watch.role(row)): row for row in range(self.watch.size)}
        facts = {
            (path.account_id, path.path): (path.of_site, body.cause)
            for fact in self.facts
            if hasattr(body := fact.body, "cause")
            for path in body.paths
        }
        assert facts.keys() == {(one.account, one.path) for one in self.lost}
        for one in self.lost:
            n, index = int(one.account[8:]), int(one.path == "alternative")
            beside = self.model.lost_with(n, index)

            def row_of(key):
                is_dual = (self.model.kinds[key[0]][0] or "").startswith("DP")
                return rows[key[0], ("primary", "alternative")[key[1]] if is_dual else "only"]

            of_site, cause = facts[one.account, one.path]
            others_too = [
                row
                for row in range(self.watch.size)
                if self.watch.missing[row]
                and self.watch.network[row] == one.network
                and SITES[self.watch.account[row]] != SITES[n]
            ]
            if not beside:
                assert not of_site
            elif not (self.watch.common[one.row] and all(self.watch.common[row_of(key)] for key in beside)):
                assert (of_site, cause) == (True, None)
            elif others_too:
                assert not of_site

    @rule(seconds=exact(GAP_S + 1, 100_000))
    def host_sleeps(self, seconds):
        self.clock.advance(seconds)
        self.model.move(seconds)
        assert self.told() == self.model.scan(self.clock.since_s)

    @rule(seconds=exact(0.5, 4.0))
    def intake_is_paused(self, seconds):
        self.clock.advance(seconds)
        self.model.move(seconds)
        assert self.told(is_ours=True) == self.model.scan(self.clock.since_s)

    @rule(seconds=st.integers(-10_000_000, 10_000_000))
    def clock_is_set(self, seconds):
        self.clock.wall_us += seconds * 1_000_000

    @rule(n=accounts, kind=st.sampled_from(KINDS))
    def account_is_removed_or_made(self, n, kind):
        """Removed while nothing of it is missing: with an open incident the centre refuses."""
        if any(path.is_missing for path in self.model.paths.get(n, [])):
            return
        if n in self.model.kinds:
            del self.model.kinds[n]
            self.model.paths.pop(n, None)
            self.snapshot = self.snapshot.changed(2, [(str(n), f"account-{n}")], [], [])
        else:
            self.model.kinds[n] = kind
            self.snapshot = self.snapshot.changed(2, [], [policy(n, kind)], [])
        self.watch.use(self.snapshot)

    @rule()
    def picture_is_made_anew(self):
        self.snapshot = AccountSnapshot([policy(n, kind) for n, kind in sorted(self.model.kinds.items())], 3)
        self.watch.use(self.snapshot)

    @precondition(lambda self: not any(path.is_missing for paths in self.model.paths.values() for path in paths))
    @rule(away_s=st.integers(0, 1_000_000))
    def we_restart(self, away_s):
        data = last_seen.encode(self.watch, self.clock.now_us(), self.clock.since_s)
        before_s = self.clock.since_s
        self.clock.wall_us += away_s * 1_000_000
        self.clock.since_s = 1000.0
        for paths in self.model.paths.values():
            for path in paths:
                silent_s = before_s - path.heard
                path.heard = self.clock.since_s - silent_s - away_s
                if path.allowed is not None:
                    path.allowed += away_s
        self.start(data)
        now = self.clock.since_s
        assert self.told() == self.model.scan(now)

    @invariant()
    def paths_are_counted(self):
        if hasattr(self, "watch"):
            assert self.watch.paths_heard == sum(map(len, self.model.paths.values()))


Supervision.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_supervision_tells_what_a_plain_model_tells = Supervision.TestCase


class SupervisionOfMany(Supervision):
    """The same, as a centre of a million accounts looks through its rows: with numpy."""

    plain_max = 0


SupervisionOfMany.TestCase.settings = Supervision.TestCase.settings
test_supervision_of_many_tells_what_a_plain_model_tells = SupervisionOfMany.TestCase


class Numbers:
    """A store that knows every account's number and site, and nothing else."""

    def accounts(self, ids):
        found = {id_: id_.removeprefix("account-") for id_ in sorted(ids)}
        return [
            Account(id_, AccountRow(account=number, site_id=SITES.get(int(number))), 1) for id_, number in found.items()
        ]

    def site_sizes(self, site_ids):
        return {id_: len(self.account_page(None, 9, site_id=id_)) for id_ in site_ids}

    def account_page(self, after, limit, *, site_id):
        return self.accounts(f"account-{n}" for n, site in SITES.items() if site == site_id)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.integers(0, 3),
            st.sampled_from(["tcp", "udp"]),
            st.sampled_from(EVERY_S),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from([1, 4]),
)
def test_facts_of_what_is_missing_are_the_same_with_numpy_and_without_it(panels, step_s):
    """Panels behind a few networks, each of which polls every so many seconds until it dies at one of three times."""
    told = []
    for plain_max in (PLAIN_MAX, 0):
        clock, facts = ManualClock(), []
        watch = Watch(KEY, clock, FIGURES, plain_max=plain_max)
        snapshot = AccountSnapshot([policy(n, kind) for n, (kind, *_) in enumerate(panels)], 1)
        watch.use(snapshot)
        losses = Losses(watch, Numbers(), clock, lambda some, facts=facts: facts.extend(some), KEY)
        for second in range(0, 900, step_s):
            for n, (_, network, transport, every_s) in enumerate(panels):
                if second % every_s == 0 and second < 200 * (1 + network):
                    slot = snapshot.find(None, None, str(n)).slot
                    watch.note(slot, None, 0, transport, f"192.0.{network}.{n}", is_poll=True)
            clock.advance(step_s)
            losses.found(watch.scan())
            losses.work()
        told.append(facts)
        assert watch.is_small == bool(plain_max)
    assert told[0] == told[1]
