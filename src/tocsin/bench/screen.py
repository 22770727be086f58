"""`tocsin bench screen`: from the commit to the operator's screen, and what the core and the live stream cost.

Centres and loads are processes of their own, the screen is the console as it ships in the machine's Chromium. What a
figure is compared with is taken in the same run.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from tocsin.bench import shim
from tocsin.bench.browser import asked_urls, chromium, what_is_missing
from tocsin.bench.consoles import Consoles
from tocsin.bench.desk import Desk, following
from tocsin.bench.figures import Figure, Report, Run, Subject, figure_of, not_measured, run_of
from tocsin.bench.frames import accounts_csv
from tocsin.bench.ground import CLOCK, Asked, Ground, Tell, measured
from tocsin.bench.load import Open, Storm, quantile
from tocsin.bench.panels import Alarm, Panels
from tocsin.bench.pixel import Screens, Shown, open_count, open_incidents, signed_in
from tocsin.bench.processes import Load, Server, centre_process, load_process, output_of
from tocsin.model.access import ROLES
from tocsin.model.errors import CentreFault
from tocsin.store.driver import dbapi
from tocsin.system import seeded, sleep_blocking
from tocsin.web.live import TICK_S

CAUGHT_UP_S: Final = 120.0
LOOK_S: Final = 0.02
KILO: Final = 1000
GAP_S: Final = 0.15
"""At least so long between two signals whose way to the stream is timed: each finds the centre at rest."""

SEEN_S: Final = 30.0
FIRE_S: Final = 2.0
"""About so long one fire takes, from silence to its sound."""

ENDLESS: Final = frozenset({"/api/v1/live"})
ROWS_STAND: Final = """
new Promise((told) =>
  new PerformanceObserver((marks) => told(performance.timeOrigin + marks.getEntriesByName("tocsin.rows")[0].startTime))
    .observe({ type: "mark", buffered: true }))
"""
"""When the first rows stood in a page, in ms since 1970."""

NO_PAGES: Final = frozenset(
    {
        "/api/v1/approvals/{approval_id}",
        "/api/v1/approvals/{approval_id}/contact",
        "/api/v1/accounts/{account_id}/sheet",
        "/api/v1/action-plans/{plan_id}",
        "/api/v1/action-plans/{plan_id}/versions",
        "/api/v1/action-plans/{plan_id}/versions/{version_id}",
        "/api/v1/calls/{call_id}",
        "/api/v1/chains/{chain_id}",
        "/api/v1/export/accounts",
        "/api/v1/export/keyholders",
        "/api/v1/export/schedules",
        "/api/v1/export/sites",
        "/api/v1/export/zones",
        "/api/v1/figures/export",
        "/api/v1/incidents/{incident_id}/wishes",
        "/api/v1/journal/export",
        "/api/v1/on-test/{test_id}",
        "/api/v1/on-test/{test_id}/report",
        "/api/v1/own/accounts/{account_id}/key-links",
        "/api/v1/own/accounts/{account_id}/sheet",
        "/api/v1/own/on-test/{test_id}",
        "/api/v1/own/on-test/{test_id}/report",
        "/api/v1/own/sites/{site_id}/keyholders",
        "/api/v1/plans/{plan_id}/picture",
        "/api/v1/session/challenge",
        "/api/v1/shifts/{shift_id}",
        "/api/v1/sites/{place_id}/history",
        "/api/v1/sites/{site_id}",
        "/api/v1/sites/{site_id}/keyholders",
        "/api/v1/sites/{site_id}/plans",
        "/api/v1/sites/{site_id}/schedules",
        "/api/v1/sources/{source_id}",
        "/api/v1/duty/card",
        "/api/v1/gazetteer",
        "/api/v1/duty/check-in",
        "/api/v1/duty/places",
        "/api/v1/duty/places/{place_code}",
        "/api/v1/duty/receipts",
        "/api/v1/duty/sheets",
        "/api/v1/incidents/{incident_id}/stills/{still_id}/clear",
        "/api/v1/incidents/{incident_id}/stills/{still_id}/masked",
        "/api/v1/rings/{ring_id}/number",
        "/api/v1/rings/{ring_id}/locations",
        "/api/v1/watch-log/export",
    }
)
"""What the bench's centre does not have (sites, approvals, phones, shifts, chains), and whole files."""

ASKED: Final = {"/api/v1/places": ["account_id"]}
"""What a page wants one of, as the console asks for it."""

PLACES_MAX: Final = 200
SCRIPTS_KB: Final = 90.0
STYLES_KB: Final = 15.0
FONTS_KB: Final = 60.0


class Plan(Asked, frozen=True, kw_only=True):
    """How much is measured."""

    storm_connections: int = 200
    storm_warm_frames: int = 2_000
    open_incidents: int = 2_000
    changes_per_s: float = 50.0
    slowed: int = 4
    """So many times slower is the processor of the slowed page."""
    fires: int = 10
    """New incidents of priority 1 whose sound is timed in a run."""
    consoles: int = 200
    visible_signals: int = 40
    visible_fsync_ms: float = 20.0
    many_incidents: int = 10_000
    asks: int = 20
    """How often each page is asked for."""


URGENT: Final = Subject(
    name="pixel.urgent",
    what="Commit to screen, priority 1, 2,000 open, 50 changes/s, p95",
    unit="ms",
    judged="value",
    bound="at_most",
    target=100.0,
    ceiling_what="a page that does the least it can",
)
OTHERS: Final = msgspec.structs.replace(
    URGENT, name="pixel.others", what="The same, other priorities, p95", target=200.0
)
LONG: Final = Subject(
    name="pixel.long_tasks",
    what="Tasks over 50 ms in a minute of that",
    unit="a minute",
    judged="value",
    bound="at_most",
    target=1.0,
    ceiling_what=URGENT.ceiling_what,
)
KEY: Final = Subject(
    name="pixel.key", what="Key to paint in that, p95", unit="ms", judged="value", bound="at_most", target=100.0
)
FIRST: Final = Subject(
    name="pixel.load",
    what="From opening the page to the first rows of 2,000",
    unit="ms",
    judged="value",
    bound="at_most",
    target=1_000.0,
)
ROWS: Final = Subject(
    name="pixel.rows", what="Most rows in the page at once", unit="rows", judged="value", bound="at_most", target=60.0
)


def _slowed(subject: Subject, target: float) -> Subject:
    return msgspec.structs.replace(
        subject, name=f"{subject.name}.slowed", what=f"{subject.what}; processor 4 times slower", target=target
    )


SOUND: Final = Subject(
    name="pixel.sound",
    what="Commit of a fire to its first sound, p95",
    unit="ms",
    judged="value",
    bound="at_most",
    target=150.0,
)
NORMAL: Final = (URGENT, OTHERS, LONG, KEY, FIRST)
SLOWED: Final = (
    _slowed(URGENT, 200.0),
    _slowed(OTHERS, 300.0),
    _slowed(LONG, 10.0),
    _slowed(KEY, 200.0),
    _slowed(FIRST, 2_500.0),
)
HUB: Final = Subject(
    name="hub.consoles",
    what="Share of a core for 200 consoles at 50 changes/s",
    unit="cores",
    judged="value",
    bound="at_most",
    target=0.08,
    ceiling_what="the same without a console",
)
CORE: Final = Subject(
    name="core.rate",
    what="Signals a second that the core decides on in a storm",
    unit="signals/s",
    judged="ratio",
    bound="at_least",
    target=0.5,
    ceiling_what="signals a second stored and acknowledged at the same time",
)
CORE_SLOW: Final = msgspec.structs.replace(
    CORE, name="core.slow_disk", what="The same, with an fsync of 5 ms", ceiling_what="the same, same fsync"
)
VISIBLE: Final = Subject(
    name="visible.p95",
    what="From a signal's sending to the live stream, fsync 20 ms, p95",
    unit="ms",
    judged="ratio",
    bound="at_most",
    target=1.0,
    ceiling_what="two fsyncs as they really took, and a tick of the hub",
)
PAGES: Final = Subject(
    name="pages.slowest",
    what="Slowest page of the API with 10,000 open incidents, p95",
    unit="ms",
    judged="value",
    bound="at_most",
    target=100.0,
    ceiling_what="the shortest answer of the same server",
)
SCRIPTS: Final = Subject(
    name="script.scripts",
    what="Scripts before the first queue, gzipped",
    unit="kB",
    judged="value",
    bound="at_most",
    target=SCRIPTS_KB,
)
STYLES: Final = msgspec.structs.replace(SCRIPTS, name="script.styles", what="Styles, gzipped", target=STYLES_KB)
FONTS: Final = msgspec.structs.replace(SCRIPTS, name="script.fonts", what="Fonts", target=FONTS_KB)


class Bench:
    """Measures by a plan, on ground of its own."""

    def __init__(self, plan: Plan, ground: Ground) -> None:
        """Measure as `plan` says."""
        self._plan = plan
        self._ground = ground

    def pixel(self) -> list[Figure]:
        """From the commit to the screen."""
        subjects = (*NORMAL, *SLOWED, ROWS, SOUND)
        if missing := what_is_missing():
            return [not_measured(subject, missing) for subject in subjects]
        plan = self._plan
        runs: dict[str, list[Run]] = {subject.name: [] for subject in subjects}
        with self.filled(plan.open_incidents, spare=plan.fires * plan.runs) as room, chromium() as browser:
            screens = Screens(browser, room.desk, room.panels, room.centre.dc09, room.folder)
            for number in self._ground.runs(URGENT, plan.runs):
                for slowed, kinds in ((1, NORMAL), (plan.slowed, SLOWED)):
                    how = (room.accounts, plan.changes_per_s, plan.run_s, number)
                    console = screens.console(*how, slowed=slowed)
                    least = screens.baseline(*how, slowed=slowed)
                    for subject, run in zip(kinds, _pixel_runs(console, least), strict=True):
                        runs[subject.name].append(run)
                    runs[ROWS.name].append(run_of(console.rows_max))
            for number in self._ground.runs(SOUND, plan.runs):
                fires = room.spare[number * plan.fires : (number + 1) * plan.fires]
                sounds = screens.sounds(room.accounts, plan.changes_per_s, FIRE_S * plan.fires, fires)
                runs[SOUND.name].append(run_of(quantile(sounds, 0.95), p50_ms=quantile(sounds, 0.5)))
        return [figure_of(subject, runs[subject.name]) for subject in subjects]

    def hub(self) -> list[Figure]:
        """What many consoles cost."""
        plan, runs = self._plan, list[Run]()
        with self.filled(plan.open_incidents) as room:
            for number in self._ground.runs(HUB, plan.runs):
                alone = self._share(room, number)
                with Consoles(room.desk, plan.consoles) as consoles:
                    told, sent = consoles.deltas, consoles.received_bytes
                    together = self._share(room, number + plan.runs)
                    consoles.check()
                    told, sent = consoles.deltas - told, consoles.received_bytes - sent
                each = plan.consoles * plan.run_s
                extra = {"writes_per_s": told / each, "bytes_per_s": sent / each, "cpu": together}
                runs.append(run_of(together - alone, alone, **extra))
        return [figure_of(HUB, runs)]

    def core(self) -> list[Figure]:
        """Whether the core keeps up with half of what intake takes."""
        slow = self._ground.slow_fsync()
        return [
            figure_of(CORE, self.storms(CORE, None)),
            not_measured(CORE_SLOW, shim.NOT_COMPILED)
            if slow is None
            else figure_of(CORE_SLOW, self.storms(CORE_SLOW, slow)),
        ]

    def visible(self) -> list[Figure]:
        """How soon the live stream tells of a signal, on a slow disk."""
        plan, runs = self._plan, list[Run]()
        slow = self._ground.slow_fsync(plan.visible_fsync_ms)
        if slow is None:
            return [not_measured(VISIBLE, shim.NOT_COMPILED)]
        with self.filled(1, slow) as room, following(room.desk) as told:
            for number in self._ground.runs(VISIBLE, plan.runs):
                gap = seeded(number).uniform
                before, latencies = slow.count(), list[float]()
                for _ in range(plan.visible_signals):
                    sleep_blocking(gap(GAP_S, GAP_S + TICK_S))
                    sent_s = CLOCK.monotonic_s()
                    # Priority 2: what priority 1 gains over it is not needed for the promise.
                    room.panels.send([Alarm(room.accounts[0], "BA", 1)])
                    latencies.append(told.get(timeout=SEEN_S).at_s - sent_s)
                fsync_ms = slow.count().since(before).mean_ms
                latencies.sort()
                extra = {"p50_ms": quantile(latencies, 0.5) * KILO, "max_ms": latencies[-1] * KILO}
                extra["fsync_ms"] = fsync_ms
                runs.append(run_of(quantile(latencies, 0.95) * KILO, 2 * fsync_ms + TICK_S * KILO, **extra))
        return [figure_of(VISIBLE, runs)]

    def pages(self) -> list[Figure]:
        """How long the pages of the API take when very much is open."""
        plan, runs = self._plan, list[Run]()
        with self.filled(plan.many_incidents) as room:
            paths = _paths(room.desk)
            for _ in self._ground.runs(PAGES, plan.runs):
                shortest = p95_ms(room.desk, "/healthz", plan.asks)
                took = {name: p95_ms(room.desk, path, plan.asks) for name, path in paths.items()}
                runs.append(run_of(max(took.values()), shortest, **took))
        return [figure_of(PAGES, runs)]

    def script(self) -> list[Figure]:
        """What the browser fetches before it shows the queue."""
        subjects = (SCRIPTS, STYLES, FONTS)
        if missing := what_is_missing():
            return [not_measured(subject, missing) for subject in subjects]
        self._ground.tell(SCRIPTS.name)
        log = self._ground.folder / "net.json"
        with self.filled(10) as room:
            with chromium(f"--log-net-log={log}") as browser, signed_in(browser, room.desk) as page:
                page.goto("/")
                page.wait_for_selector("[data-version]")
                # Only then does the console read ahead what these rows could do without.
                rows_ms: float = page.evaluate(ROWS_STAND)
            sizes = dict.fromkeys((".js", ".css", ".woff2"), 0)
            for path in {urlsplit(url).path for url in asked_urls(log, rows_ms)}:
                kind = Path(path).suffix
                if kind in sizes:
                    sizes[kind] += len(room.desk.get(path, coding="gzip").body)
        return [
            figure_of(subject, [run_of(size / KILO)]) for subject, size in zip(subjects, sizes.values(), strict=True)
        ]

    @contextlib.contextmanager
    def filled(self, count: int, slow: shim.SlowFsync | None = None, spare: int = 0) -> Iterator["Room"]:
        """A centre with so many open incidents, each of an account of its own, and `spare` accounts without one."""
        ground = self._ground
        all_accounts = [f"{index:06d}" for index in range(count + spare)]
        accounts = all_accounts[:count]
        table = "account,name\n" + "".join(f"{account},Building {account}\n" for account in all_accounts)
        folder = ground.centre(table.encode(), None if slow is None else ground.slow_folder)
        with centre_process(folder, {} if slow is None else slow.environment) as centre:
            panels = Panels(centre.dc09)
            desk = Desk(_web(centre), sign_in_link(folder))
            try:
                open_incidents(panels, accounts)
                _wait_until(lambda: open_count(desk), count)
                yield Room(centre, folder, desk, panels, accounts, all_accounts[count:])
            finally:
                desk.close()
                panels.close()

    def _share(self, room: "Room", seed: int) -> float:
        """Share of a core that the centre takes while so many changes a second come."""
        plan = self._plan
        alarms = [
            Alarm(room.accounts[index % len(room.accounts)], "YT", 1)
            for index in range(round(plan.changes_per_s * plan.run_s))
        ]
        began_s, began_cpu_s = CLOCK.monotonic_s(), room.centre.cpu_s
        room.panels.send_paced(alarms, plan.changes_per_s, seed)
        return (room.centre.cpu_s - began_cpu_s) / (CLOCK.monotonic_s() - began_s)

    def storms(self, subject: Subject, slow: shim.SlowFsync | None, *, is_mixed: bool = False) -> list[Run]:
        """Storms through a served centre: what the core decides on in them, beside what is acknowledged."""
        plan, ground, runs = self._plan, self._ground, list[Run]()
        folder = ground.centre(accounts_csv(plan.storm_connections, 0), None if slow is None else ground.slow_folder)
        environment = {} if slow is None else slow.environment
        with centre_process(folder, environment) as centre, load_process() as load, _decided(folder) as decided:
            load.open(Open(*centre.dc09, connections=plan.storm_connections))
            # A first run shows how fast it goes, so that the others take about as long as was asked for.
            each = max(1, plan.storm_warm_frames // plan.storm_connections)
            first, answered, seconds = each, *_storm(load, 0, each * plan.storm_connections, is_mixed=is_mixed)
            for _ in ground.runs(subject, plan.runs):
                _wait_until(decided, first * plan.storm_connections)
                each = max(1, round(answered / seconds * plan.run_s / plan.storm_connections))
                before = decided()
                answered, seconds = _storm(load, first, each * plan.storm_connections, is_mixed=is_mixed)
                in_storm, ended_s = decided() - before, CLOCK.monotonic_s()
                first += each
                _wait_until(decided, first * plan.storm_connections)
                behind_s = CLOCK.monotonic_s() - ended_s
                runs.append(run_of(in_storm / seconds, answered / seconds, behind_s=behind_s))
        return runs


class Room(NamedTuple):
    """A centre at work, and what comes to it."""

    centre: Server
    folder: Path
    desk: Desk
    panels: Panels
    accounts: list[str]
    """Each has an open incident."""
    spare: list[str]
    """These have none."""


PARTS: Final[dict[str, tuple[Callable[[Bench], list[Figure]], str]]] = {
    "pixel": (Bench.pixel, "commit to screen in Chromium, beside a page that does the least it can"),
    "hub": (Bench.hub, "what 200 consoles cost"),
    "core": (Bench.core, "the core in a storm, beside intake, also on a slow disk"),
    "visible": (Bench.visible, "a signal's way to the live stream on a slow disk"),
    "pages": (Bench.pages, "pages of the API with 10,000 open incidents"),
    "script": (Bench.script, "what is fetched before the first queue"),
}
"""What `--only` names."""


def measure(plan: Plan, folder: Path, only: Sequence[str], tell: Tell) -> Report:
    """Measure what `only` names, everything where it names nothing, in an empty folder that the caller removes."""

    def run(part: Callable[[Bench], list[Figure]], ground: Ground) -> list[Figure]:
        return part(Bench(plan, ground))

    parts = [functools.partial(run, part) for name, (part, _) in PARTS.items() if not only or name in only]
    return measured("screen", plan, folder, tell, parts)


def _storm(load: Load, first: int, frames: int, *, is_mixed: bool) -> tuple[int, float]:
    load.prepare(Storm(first, frames, is_mixed))
    result = load.run()
    return result.answered, result.seconds


@contextlib.contextmanager
def _decided(folder: Path) -> Iterator[Callable[[], int]]:
    """How many signals have their outcome: read from the centre's own table, beside the centre."""
    connection = dbapi.connect(f"file:{folder / 'tocsin.db'}?mode=ro", uri=True)
    try:
        yield lambda: connection.execute("SELECT count(*) FROM signals").fetchone()[0]
    finally:
        connection.close()


def _wait_until(decided: Callable[[], int], count: int) -> None:
    """Return when so many signals have their outcome."""
    end_s = CLOCK.monotonic_s() + CAUGHT_UP_S
    while decided() < count:
        if CLOCK.monotonic_s() > end_s:
            raise CentreFault(
                f"The core did not decide on all signals within {CAUGHT_UP_S:.0f} s of the storm's end. Report this as "
                "a fault of Tocsin",
                "bench.core",
            )
        sleep_blocking(LOOK_S)


def sign_in_link(folder: Path) -> str:
    """A link for somebody who may look at everything that is measured."""
    roles = [word for role in ROLES for word in ("--role", role)]
    return output_of(["tocsin", "link", "Bench", *roles, "--dir", str(folder)]).decode().split()[-1]


def _web(centre: Server) -> tuple[str, int]:
    assert centre.web is not None, "a whole centre has a web address"
    return centre.web


def _pixel_runs(console: Shown, least: Shown) -> tuple[Run, ...]:
    """The runs of `NORMAL` or `SLOWED`, in their order."""
    minutes = console.seconds / 60
    return (
        run_of(console.urgent_p95_ms, least.urgent_p95_ms, p99_ms=console.urgent_p99_ms, changes=console.changes),
        run_of(console.others_p95_ms, least.others_p95_ms, p99_ms=console.others_p99_ms, unseen=console.unseen),
        run_of(console.long_tasks / minutes, least.long_tasks / (least.seconds / 60)),
        run_of(console.key_p95_ms),
        run_of(console.first_rows_ms, shift=console.shift),
    )


def p95_ms(desk: Desk, path: str, asks: int) -> float:
    """How long an answer takes, in ms; a twentieth takes longer."""
    taken: list[float] = []
    for _ in range(asks):
        got = desk.get(path)
        if got.status != 200:
            raise CentreFault(
                f"{path[:200]} was answered with {got.status}: no figure can be had from that. Report this as a fault "
                "of Tocsin",
                "bench.answers",
            )
        taken.append(got.seconds)
    return quantile(sorted(taken), 0.95) * KILO


def _paths(desk: Desk) -> dict[str, str]:
    """Every page of the API that is read, by its name in the description, with whatever it needs filled in."""
    described = msgspec.json.decode(desk.get("/api/openapi.json").body)
    incidents = msgspec.json.decode(desk.get(f"/api/v1/incidents?limit={PLACES_MAX}").body)["items"]
    session = msgspec.json.decode(desk.get("/api/v1/session").body)
    first = incidents[0]
    known = {
        "account_id": first["account_id"],
        "incident_id": first["id"],
        "place_id": first["account_id"],
        "user_id": session["user"]["id"],
    }
    paths: dict[str, str] = {}
    for path, methods in described["paths"].items():
        if "get" not in methods or path in ENDLESS | NO_PAGES:
            continue
        given = {one["name"]: one for one in methods["get"].get("parameters", [])}
        needed = [name for name, one in given.items() if one.get("required")] + ASKED.get(path, [])
        if unknown := [name for name in needed if name not in known]:
            raise CentreFault(
                f"The bench does not know what to ask {path[:100]} for ({', '.join(unknown)[:100]}). Report this as a "
                "fault of Tocsin",
                "bench.pages",
            )
        query = [f"limit={int(given['limit']['schema']['maximum'])}"] if "limit" in given else []
        filled = path
        for name in needed:
            if given[name]["in"] == "path":
                filled = filled.replace(f"{{{name}}}", known[name])
            else:
                query += [f"{name}={incident[name]}" for incident in incidents]
        paths[path] = "?".join((filled, "&".join(query))) if query else filled
    return paths
