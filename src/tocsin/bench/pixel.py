"""From the commit to the screen: the console in Chromium, and beside it a page that does the least it can.

Both follow the same centre in turn, under the same load. When a change was on the screen is told by a script in the
page (observer.js); when it was committed, by the centre's own table.
"""

import bisect
import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from tocsin.bench.desk import Desk
from tocsin.bench.ground import CLOCK
from tocsin.bench.load import quantile
from tocsin.bench.panels import Alarm, Panels
from tocsin.model.errors import CentreFault
from tocsin.store.driver import dbapi
from tocsin.system import seeded

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTH: Final = 1600
HEIGHT: Final = 900
START_MS: Final = 60_000
ROWS: Final = "[data-id][data-version]"
SETTLE_S: Final = 1.5
"""After the load: the last change has been drawn by then, or never is."""

URGENT: Final = 12
"""Open incidents of priority 1: with these some of priority 2 are on the screen as well."""

SERIOUS: Final = 100
BASELINE_ROWS: Final = 25
KEY_EVERY_MS: Final = 250
KEY_TOLD_MS: Final = 16.0
KEYS_SHARE: Final = 0.5
"""Keys are pressed for so long after the changes were watched: painting a key is a task of its own."""

SHARE_URGENT: Final = 0.2
SHARE_SERIOUS: Final = 0.3
"""Of the changes, so many happen to rows on the screen of priority 1 and 2; the rest to any other."""

UNSEEN_MAX: Final = 0.01
START_SHIFT: Final = "Start shift: test the sound"
HEARD: Final = "Yes, all of it"
SOUND_LOOKS: Final = 200
SOUND_LOOK_MS: Final = 25
SOUNDED: Final = """
(after) => {
  const mark = performance.getEntriesByName("tocsin.sound").find((one) => one.detail.name === "p1");
  return mark && mark.startTime > after ? tocsinBench.toWall(mark.startTime) : null;
}
"""
FACTS: Final = """
SELECT f.incident, f.seq, j.at FROM incident_facts f JOIN journal j ON j.seq = f.seq WHERE f.seq > ?1
UNION ALL
SELECT json_extract(CAST(entry AS TEXT), '$.ref'), seq, at FROM journal WHERE seq > ?1 AND kind = 'incident.folded'
ORDER BY 2
"""
"""What changed an incident; what is counted of a detector that chatters stands in no time line."""

OPENED: Final = "SELECT at FROM journal WHERE seq > ? AND kind = 'incident.opened'"


class Watch(msgspec.Struct, frozen=True):
    """What the script in the page has found."""

    seen: list[tuple[str, int, float]]
    """Incident, version, and when it was on the screen, in ms since 1970."""
    long_tasks_ms: list[float]
    keys_ms: list[float]
    rows_max: int
    first_rows_ms: float | None
    """From the beginning of the navigation."""
    shift: float


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What one page did in one run."""

    urgent_p95_ms: float
    urgent_p99_ms: float
    others_p95_ms: float
    others_p99_ms: float
    changes: int
    """How many were looked at."""
    unseen: int
    """How many of them never came to the screen."""
    long_tasks: int
    seconds: float
    rows_max: int
    key_p95_ms: float
    first_rows_ms: float
    shift: float


class Fact(NamedTuple):
    """One change of an incident, as the journal has it."""

    incident: str
    seq: int
    at_ms: float


def codes(index: int) -> str:
    """What the account of this index reports: a fire, a burglary, a battery fault."""
    if index < URGENT:
        return "FA"
    return "BA" if index < URGENT + SERIOUS else "YT"


def open_incidents(panels: Panels, accounts: Sequence[str]) -> None:
    """Let each account open an incident."""
    panels.send([Alarm(account, codes(index), 1) for index, account in enumerate(accounts)])


class Screens:
    """Pages that follow one centre."""

    def __init__(self, browser: "Browser", desk: Desk, panels: Panels, address: tuple[str, int], folder: Path) -> None:
        """Open pages in `browser`, signed in as `desk`; changes come from `panels`, which report to `address`."""
        self._address = address
        self._browser = browser
        self._desk = desk
        self._panels = panels
        self._folder = folder

    def console(self, accounts: Sequence[str], rate_per_s: float, seconds: float, seed: int, *, slowed: int) -> Shown:
        """Show the console for so long, with so many changes a second, on a processor `slowed` so many times."""
        with self._page(slowed) as page:
            page.goto("/")
            page.locator(ROWS).nth(10).wait_for(timeout=START_MS)
            shown = self._watch(page, accounts, rate_per_s, seconds, seed)
            keys_ms = self._press(page, accounts, rate_per_s, seconds * KEYS_SHARE)
            return msgspec.structs.replace(shown, key_p95_ms=quantile(keys_ms, 0.95))

    def baseline(self, accounts: Sequence[str], rate_per_s: float, seconds: float, seed: int, *, slowed: int) -> Shown:
        """Show the page that does the least it can."""
        with self._page(slowed) as page:
            page.goto("/healthz")
            rows = [row.id for row in _open_rows(self._desk)[:BASELINE_ROWS]]
            page.evaluate(_script("baseline.js"), rows)
            return self._watch(page, accounts, rate_per_s, seconds, seed, watched=rows)

    def sounds(self, accounts: Sequence[str], rate_per_s: float, seconds: float, fires: Sequence[str]) -> list[float]:
        """How long each fire, of an account of its own, takes to its first sound, in ms, in order of size.

        Everything of priority 1 is claimed before each, so that it is quiet.
        """
        found = list[float]()
        alarms = self._alarms_out_of_sight(accounts, round(rate_per_s * seconds))
        with self._page(1) as page, ThreadPoolExecutor(1) as pool:
            page.goto("/")
            page.locator(ROWS).nth(10).wait_for(timeout=START_MS)
            page.get_by_role("button", name=START_SHIFT).click()
            page.get_by_role("button", name=HEARD).click()
            background = pool.submit(self._panels.send_paced, alarms, rate_per_s, 0)
            with contextlib.closing(Panels(self._address)) as burning:
                for account in fires:
                    self._claim_urgent()
                    page.wait_for_timeout(SETTLE_S * 1000)
                    begun_seq, begun_ms = self._last_seq(), page.evaluate("performance.now()")
                    burning.send([Alarm(account, "FA", 1)])
                    sounded_ms = self._first_sound(page, begun_ms)
                    (opened,) = self._query(OPENED, begun_seq)
                    found.append(sounded_ms - opened[0] / 1000)
            background.result()
        return sorted(found)

    def _alarms_out_of_sight(self, accounts: Sequence[str], count: int) -> list[Alarm]:
        others = accounts[URGENT + SERIOUS :]
        return [Alarm(others[index % len(others)], "YT", 1) for index in range(count)]

    def _claim_urgent(self) -> None:
        for row in _open_rows(self._desk):
            if row.priority == 1 and row.claimed_by is None:
                self._desk.claim(row.id, row.version)

    def _first_sound(self, page: "Page", after_ms: float) -> float:
        """When the sound of a priority 1 began after a moment of the page's clock; in ms since 1970."""
        for _ in range(SOUND_LOOKS):
            sounded = page.evaluate(SOUNDED, after_ms)
            if sounded is not None:
                return float(sounded)
            page.wait_for_timeout(SOUND_LOOK_MS)
        raise CentreFault(
            "A fire of the bench made no sound: no figure can be had from that. Report this as a fault of Tocsin",
            "bench.sound",
        )

    @contextlib.contextmanager
    def _page(self, slowed: int) -> Iterator["Page"]:
        with signed_in(self._browser, self._desk) as page:
            page.add_init_script(_script("observer.js"))
            if slowed > 1:
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
            yield page

    def _watch(
        self,
        page: "Page",
        accounts: Sequence[str],
        rate_per_s: float,
        seconds: float,
        seed: int,
        watched: list[str] | None = None,
    ) -> Shown:
        page.wait_for_timeout(SETTLE_S * 1000)
        first = _take(page)
        rows = watched or page.evaluate(f"[...document.querySelectorAll('{ROWS}')].map((row) => row.dataset.id)")
        alarms = self._alarms(rows, accounts, round(rate_per_s * seconds), seed)
        begun_seq, began_s = self._last_seq(), CLOCK.monotonic_s()
        self._panels_while(page, alarms, rate_per_s, seed, lambda: None)
        seconds = CLOCK.monotonic_s() - began_s
        page.wait_for_timeout(SETTLE_S * 1000)
        return self._shown(_take(page), first, self._facts(begun_seq, set(rows)), seconds)

    def _press(self, page: "Page", accounts: Sequence[str], rate_per_s: float, seconds: float) -> list[float]:
        """How long each of some keys took until what it changed was painted, in ms, in order of size."""
        keys = itertools.cycle("jk")
        pressed = 0

        def press() -> None:
            nonlocal pressed
            pressed += 1
            page.keyboard.press(next(keys))

        alarms = self._alarms_out_of_sight(accounts, max(1, round(rate_per_s * seconds)))
        self._panels_while(page, alarms, rate_per_s, 0, press)
        page.wait_for_timeout(KEY_EVERY_MS)
        told = _take(page).keys_ms
        # What was painted within 16 ms is not told: it counts as that.
        return sorted([*told, *[KEY_TOLD_MS] * max(0, pressed - len(told))])

    def _panels_while(
        self, page: "Page", alarms: Sequence[Alarm], rate_per_s: float, seed: int, then: Callable[[], None]
    ) -> None:
        """Let panels send, and do something now and then until they are done."""
        with ThreadPoolExecutor(1) as pool:
            sender = pool.submit(self._panels.send_paced, alarms, rate_per_s, seed)
            while not sender.done():
                page.wait_for_timeout(KEY_EVERY_MS)
                then()
            sender.result()

    def _alarms(self, rows: Sequence[str], accounts: Sequence[str], count: int, seed: int) -> list[Alarm]:
        """Signals that join open incidents, of priority 1 and 2 on the screen, and any others."""
        dice = seeded(seed)
        priorities = {row.id: row.priority for row in _open_rows(self._desk)}
        numbers = {row.id: row.account for row in _open_rows(self._desk)}
        index_of = {account: index for index, account in enumerate(accounts)}
        urgent = [numbers[row] for row in rows if priorities.get(row) == 1]
        serious = [numbers[row] for row in rows if priorities.get(row) == 2]
        if not urgent or not serious:
            raise CentreFault(
                f"The page shows {len(rows)} rows, and none of priority 1 or of 2: no figure can be had from that. "
                "Report this as a fault of Tocsin",
                "bench.rows",
            )
        alarms: list[Alarm] = []
        for _ in range(count):
            share = dice.random()
            if share < SHARE_URGENT:
                account = dice.choice(urgent)
            elif share < SHARE_URGENT + SHARE_SERIOUS:
                account = dice.choice(serious)
            else:
                account = accounts[dice.randrange(URGENT + SERIOUS, len(accounts))]
            assert account is not None, "every incident of the bench has an account"
            alarms.append(Alarm(account, codes(index_of[account]), dice.randrange(1, 9)))
        return alarms

    def _shown(self, watch: Watch, first: Watch, facts: Sequence[Fact], seconds: float) -> Shown:
        by_row: dict[str, list[tuple[int, float]]] = {}
        for incident, version, at_ms in watch.seen:
            by_row.setdefault(incident, []).append((version, at_ms))
        priorities = {row.id: row.priority for row in _open_rows(self._desk)}
        urgent, others, unseen = list[float](), list[float](), 0
        for fact in facts:
            versions = by_row.get(fact.incident, [])
            # Changes that came together are drawn together: the first drawing that is not older shows this one.
            place = bisect.bisect_left(versions, (fact.seq, 0.0))
            if place == len(versions):
                unseen += 1
                continue
            kind = urgent if priorities.get(fact.incident) == 1 else others
            kind.append(versions[place][1] - fact.at_ms)
        if not urgent or not others or unseen > UNSEEN_MAX * len(facts):
            raise CentreFault(
                f"{unseen} of {len(facts)} changes did not come to the screen: no figure can be had from that. Report "
                "this as a fault of Tocsin",
                "bench.unseen",
            )
        urgent.sort()
        others.sort()
        return Shown(
            urgent_p95_ms=quantile(urgent, 0.95),
            urgent_p99_ms=quantile(urgent, 0.99),
            others_p95_ms=quantile(others, 0.95),
            others_p99_ms=quantile(others, 0.99),
            changes=len(facts),
            unseen=unseen,
            long_tasks=len(watch.long_tasks_ms),
            seconds=seconds,
            rows_max=max(watch.rows_max, first.rows_max),
            key_p95_ms=0.0,
            first_rows_ms=first.first_rows_ms or 0.0,
            shift=first.shift,
        )

    def _last_seq(self) -> int:
        return self._query("SELECT max(seq) FROM journal")[0][0]

    def _facts(self, after: int, incidents: set[str]) -> list[Fact]:
        """Changes of these incidents. Their time is that of the fact, which is a moment before its commit."""
        found = self._query(FACTS, after)
        return [Fact(incident, seq, at / 1000) for incident, seq, at in found if incident in incidents]

    def _query(self, sql: str, *values: int) -> list[Any]:
        connection = dbapi.connect(f"file:{self._folder / 'tocsin.db'}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


@contextlib.contextmanager
def signed_in(browser: "Browser", desk: Desk) -> Iterator["Page"]:
    """A page of somebody who came in by the session of `desk`."""
    name, _, value = desk.cookie.partition("=")
    origin = f"http://{desk.address[0]}:{desk.address[1]}"
    context = browser.new_context(base_url=origin, viewport={"width": WIDTH, "height": HEIGHT})
    try:
        context.add_cookies([{"name": name, "value": value, "url": origin}])
        yield context.new_page()
    finally:
        context.close()


class _OpenRow(msgspec.Struct):
    id: str
    account: str | None
    claimed_by: str | None
    priority: int
    version: int


class _OpenPage(msgspec.Struct):
    items: list[_OpenRow]
    next: str | None
    total: int


_PAGE: Final = msgspec.json.Decoder(_OpenPage)


def _open_rows(desk: Desk) -> list[_OpenRow]:
    """The first page of the queue."""
    return _PAGE.decode(desk.get("/api/v1/incidents?state=open&limit=2000").body).items


def open_count(desk: Desk) -> int:
    """How many incidents are open."""
    return _PAGE.decode(desk.get("/api/v1/incidents?state=open&limit=1").body).total


def _take(page: "Page") -> Watch:
    return msgspec.convert(page.evaluate("tocsinBench.take()"), Watch)


def _script(name: str) -> str:
    return resources.files("tocsin.bench").joinpath(name).read_text(encoding="utf-8")
