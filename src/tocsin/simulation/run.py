"""One run: a centre, everything around it, and what befalls them, all from one seed."""

import asyncio
import contextlib
import functools
import shutil
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import structlog

from tocsin.centre.opening import create_folder
from tocsin.centre.table_files import PLAIN
from tocsin.centre.tables import KINDS
from tocsin.model.errors import BadInput, CentreFault, TocsinError
from tocsin.model.ports import Clock, Notifier
from tocsin.model.values import Seq
from tocsin.rules.delivery import EXPIRES_S
from tocsin.rules.ladder import Way
from tocsin.settings import load
from tocsin.simulation.disk import FREE_BYTES, QUICK_S
from tocsin.simulation.duty import set_up
from tocsin.simulation.host import Host, SimulatedService
from tocsin.simulation.judge import Judge
from tocsin.simulation.machine import SeededIds, SimulatedDeath, VirtualLoop, World
from tocsin.simulation.panels import Life, Network, Panel, Reported, make_setups
from tocsin.simulation.part_work import PART_CHANCE, PartWork
from tocsin.simulation.people import Operator
from tocsin.simulation.place_work import PLACE_CHANCE, Places, PlaceWork
from tocsin.simulation.providers import Phones, Provider
from tocsin.simulation.shelf_work import SHELF_CHANCE, ShelfWork
from tocsin.simulation.shift_work import CHANGE_CHANCE, ShiftWork
from tocsin.system import sleep

if TYPE_CHECKING:
    from collections.abc import Iterator

FAULTS: Final = ("network", "silence", "disk", "kill", "clock", "suspend", "people", "providers")
"""What may be let happen, by name."""

HOURS_MAX: Final = 24 * 31
ACCOUNTS_MAX: Final = 9_000
DRAIN_S: Final = 2_400.0
"""After the last fault so long a quiet time: notices expire, chains come to their end, panels are heard again."""

SETTLE_S: Final = 200.0
REPORTS_A_DAY: Final = 2.0
"""Of each account, bursts and restorals aside; of a few accounts as many as of this number:"""

ACCOUNTS_BUSY: Final = 450
"""About what the people of a run can handle: with thrice that, a day ends with thousands of incidents that nobody has
looked at, and costs what telling everybody of them costs."""

BUSY_HOURS: Final = 3.0
"""In a longer run there are no more reports than in so many hours of it: the rest of a day is quiet, as days are."""

FULL_HOURS: Final = 24.0
QUICKEST: Final = 0.1
"""In a shorter run more befalls the centre each hour, up to ten times as much."""

SHELVING: Final = frozenset({"cem", "eva"})
"""Who puts things aside: somebody at a desk, and somebody who leads the room."""

BURST: Final = 10
"""Panels that report while an fsync fails: in service it is when much is written that a disk fails."""

LOOK_S: Final = 5.0
SETTINGS: Final = '[web]\nlisten = "127.0.0.1:0"\n\n[receivers.dc09]\nlisten = ["127.0.0.1:0"]\n'


class Asked(NamedTuple):
    """What a run is to be."""

    seed: int
    hours: float = 24.0
    accounts: int = 500
    faults: tuple[str, ...] = FAULTS

    @property
    def command(self) -> str:
        """How to run it again."""
        words = [f"tocsin simulate-centre --seed {self.seed}"]
        if self.hours != 24.0:
            words.append(f"--hours {self.hours:g}")
        if self.accounts != 500:
            words.append(f"--accounts {self.accounts}")
        if self.faults != FAULTS:
            words.append(f"--faults {','.join(self.faults) or 'none'}")
        return " ".join(words)


class Ran(NamedTuple):
    """What came of it."""

    asked: Asked
    findings: tuple[str, ...]
    """What broke, each in a sentence; empty where every promise was kept."""
    head: str
    """Hash of the journal's last entry: the same seed gives the same."""
    digest: str
    """Hash of the whole trace."""
    figures: dict[str, int]


def checked(asked: Asked) -> Asked:
    """Refuse what cannot be simulated.

    Raises:
        BadInput: `simulation.asked`: hours, accounts or kinds of faults are none.
    """
    strange = [name for name in asked.faults if name not in FAULTS]
    if strange:
        raise BadInput(
            f"There is no fault {strange[0][:20]!r}. Nothing was simulated. Name some of {', '.join(FAULTS)}, or none",
            "simulation.asked",
        )
    if not 0 < asked.hours <= HOURS_MAX or not 3 <= asked.accounts <= ACCOUNTS_MAX or asked.seed < 0:
        raise BadInput(
            f"A simulation takes a seed from 0 on, up to {HOURS_MAX} hours and 3 to {ACCOUNTS_MAX} accounts. Nothing "
            "was simulated. Give others",
            "simulation.asked",
        )
    return asked


def simulate(asked: Asked, on_trace: Callable[[str], None] = lambda _line: None) -> Ran:
    """Run it in a folder of its own, which is gone afterwards; `on_trace` gets what happens, line by line."""
    with _folder() as folder, _silent_logs():
        return Simulation(checked(asked), folder, on_trace).run()


@contextlib.contextmanager
def _folder() -> "Iterator[Path]":
    """In memory where the system has that: what an fsync costs is no part of a simulation."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it, and nobody else's is touched
    made = tempfile.mkdtemp(prefix="tocsin-simulation-", dir=shared if shared.is_dir() else None)
    try:
        yield Path(made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def _silent_logs() -> "Iterator[None]":
    """A centre under faults logs them by the thousand; the trace tells what matters."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)


class Simulation:
    """One run."""

    def __init__(self, asked: Asked, folder: Path, on_trace: Callable[[str], None]) -> None:
        """Set everything up; `run` lets it happen."""
        self.asked = asked
        self._on_trace = on_trace
        self._digest = sha256()
        self.world = World(asked.seed)
        self.host = Host(self.world)
        self.end_s = asked.hours * 3600
        self._pace = min(1.0, max(QUICKEST, asked.hours / FULL_HOURS))
        self._folder = folder / "centre"
        self._ids = SeededIds(self.world)
        self._dice = self.world.dice("faults")
        self.network = Network(self.world, self.host, asked.faults)
        setups = make_setups(asked.accounts, self.world.dice("setups"))
        self.panels = [Panel(setup, self.network, self._acked) for setup in setups]
        self._life = Life(
            self.panels,
            self.network,
            asked.faults,
            REPORTS_A_DAY * max(1.0, ACCOUNTS_BUSY / asked.accounts) * min(1.0, BUSY_HOURS / asked.hours),
            self.end_s,
        )
        self.phones = Phones(self.world, self.host, asked.faults)
        self._notifiers: dict[Way, Notifier] = {
            ("sms", 1): Provider("sms1", self.phones),
            ("sms", 2): Provider("sms2", self.phones),
            ("email", 1): Provider("email1", self.phones),
        }
        are_impatient = "people" in asked.faults
        self.operators = [
            Operator("ana", ("operator",), self.world, 0.7 if are_impatient else 0.9, is_testing=True),
            Operator("ben", ("operator",), self.world, 0.5 if are_impatient else 0.9, is_testing=are_impatient),
            Operator("cem", ("operator",), self.world, 0.5, is_testing=False),
            Operator("eva", ("operator", "supervisor"), self.world, 0.2, is_testing=False),
            Operator("boss", ("supervisor", "administrator"), self.world, 0.0, is_testing=False),
        ]
        self.places = Places(self.world, self.panels)
        self.service: SimulatedService | None = None
        self.deaths = self.starts = self.failures = 0
        self.clock_steps: list[float] = []
        self.settled_seq = Seq(0)
        self.judge = Judge(self)
        self._died = asyncio.Event()
        self._is_over = False
        self._starting: SimulatedService | None = None

    def trace(self, words: str) -> None:
        """Note what happened; the trace is the same for the same seed."""
        line = f"{self.world.now_s:12.3f} {words}"
        self._digest.update(line.encode() + b"\n")
        self._on_trace(line)

    def run(self) -> Ran:
        """Let it happen, to the end or to the first thing that broke."""
        loop = self._loop = VirtualLoop(self.world)
        loop.set_exception_handler(self._failed)
        try:
            asyncio.set_event_loop(loop)
            loop.run_until_complete(self._main())
        finally:
            asyncio.set_event_loop(None)
            loop.close()
        figures = {
            "commits": self.host.disk.commits,
            "deaths": self.deaths,
            "failed_fsyncs": self.failures,
            "frames": self.network.frames,
            "reports": sum(len(panel.ledger) for panel in self.panels),
            "commands": sum(len(one.given) for one in self.operators),
            "notices": len(self.phones.handed),
            **self.judge.figures,
        }
        self.trace(f"end {figures}")
        return Ran(self.asked, tuple(self.judge.findings), self.judge.head, self._digest.hexdigest(), figures)

    def _failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Something was raised where nobody waits for it."""
        error = context.get("exception")
        if error is None or isinstance(error, SimulatedDeath) or self.host.disk.is_dead:
            return
        self.judge.broke(f"something was raised that nobody took: {type(error).__name__}: {error}")

    # The centre's life -----------------------------------------------------------------------------------------------

    async def _main(self) -> None:
        self._make()
        self.host.disk.on_death = self._note_death
        self.host.disk.on_failure = self._note_failure
        self.host.disk.on_written_blind = self._note_written_blind
        self.host.disk.on_timers_changed = self.judge.timers_changed
        await self._serve(is_first=True)
        self._life.begin()
        for operator in self.operators:
            operator.begin()
        self._plan_faults()
        self.world.after(LOOK_S, self._look)
        while not self._is_over and not self.judge.has_broken:
            await self._died.wait()
            if self._is_over or self.judge.has_broken:
                break
            await self._rise()
        if self.service is not None and not self.host.disk.is_dead:
            await self._end_well(self.service)
        if not self.judge.has_broken:
            self.judge.look_at_the_end(self._folder)

    def _make(self) -> None:
        self._folder.mkdir(parents=True)
        (self._folder / "tocsin.toml").write_text(SETTINGS, encoding="utf-8")
        self._settings = load(self._folder, {})
        create_folder(self._settings, {}, self._clock, self._ids, "simulated")

    @property
    def _clock(self) -> Clock:
        return self.host  # type: ignore[return-value] - it has the clock's two methods

    async def _serve(self, *, is_first: bool = False) -> None:
        """Start the process; whoever it concerns learns of it when it is ready."""
        self.starts += 1
        service = self._starting = SimulatedService(self._settings, self.host, self._ids, self._notifiers)
        await service.start()
        if is_first:
            self._set_up(service)
        self.service = service
        for one in (self.network, self.phones, self.places, *self.operators):
            one.service = service
        self.host.is_ready = True
        self.host.note_down(is_down=False)
        self.judge.started(service)
        self.trace(f"ready, seq {service.parts._journal.head.seq}")
        self._watch_end(service)

    def _watch_end(self, service: SimulatedService) -> None:
        async def wait() -> None:
            status = await service.wait()
            if self.service is service and not self.host.disk.is_dead:
                self.trace(f"ended by itself, status {status}")
                self._died.set()

        self._waiting = asyncio.get_running_loop().create_task(wait())

    def _set_up(self, service: SimulatedService) -> None:
        """Sites, accounts and people, as an import and a command bring them."""
        setups = [panel.setup for panel in self.panels]
        sites = "name\n" + "".join(f"{name}\n" for name in dict.fromkeys(one.site for one in setups))
        accounts = "account,site,key,key_form,supervision_interval_s\n" + "".join(
            f"{one.account},{one.site},{_key_cells(one.key)},{one.interval_s or 'off'}\n" for one in setups
        )
        for kind, table in (("sites", sites), ("accounts", accounts)):
            plan = KINDS[kind].plan(
                table.encode(),
                "csv",
                KINDS[kind].known(service.centre),
                PLAIN,
                lambda _done, _total: None,
                service.centre.same_keys,
            )
            service.centre.import_table(plan, service.centre.config())
        accounts_made = service.parts._opened.store.accounts()
        refs = [account.id for account in accounts_made]
        for account in accounts_made:
            self.places.account_of[account.id] = account.row.account
            if account.row.site_id is not None:
                self.places.site_of[account.row.account] = account.row.site_id
        for operator in self.operators:
            operator.enroll(service)
            operator.accounts = refs
        ids = {one.name: one.id for one in self.operators if one.id is not None}
        desk_staff = [ids["ana"], ids["ben"], ids["cem"]]
        set_up(service, ids["boss"], desk_staff, list(ids.values()))
        for operator in self.operators:
            own, is_lead = ids[operator.name], "supervisor" in operator.roles
            operator.work = ShiftWork(
                own,
                desk_staff,
                self.world.dice(f"shifts {operator.name}"),
                is_lead=is_lead,
                change_chance=CHANGE_CHANCE * QUICKEST / self._pace,
            )
            if operator.name != "boss":
                chance = PART_CHANCE * QUICKEST / self._pace
                operator.part_work = PartWork(own, self.world.dice(f"parts {operator.name}"), chance, is_lead=is_lead)
            if operator.name in SHELVING:
                chance = SHELF_CHANCE * QUICKEST / self._pace
                operator.shelf_work = ShelfWork(
                    own, self.world.dice(f"shelves {operator.name}"), chance, is_lead=is_lead
                )
            if operator.is_testing or is_lead:
                operator.place_work = PlaceWork(
                    own,
                    refs,
                    self.places,
                    self.world.dice(f"places {operator.name}"),
                    PLACE_CHANCE * QUICKEST / self._pace,
                )

    def _note_death(self) -> None:
        self.deaths += 1
        self.trace(f"dead at commit {self.host.disk.commits}")
        self._gone()
        self._died.set()

    def _note_failure(self) -> None:
        self.failures += 1
        self.trace(f"an fsync failed at commit {self.host.disk.commits}")
        self.judge.disk_failed()

    def _note_written_blind(self) -> None:
        self.judge.broke("the centre wrote on after an fsync had failed: nobody knows what of it is on the disk.")

    def _gone(self) -> None:
        if self.service is not None:
            # The time away counts from when last-seen was written.
            self.host.moves_s += self.world.now_s - self.host.saved_s + 5.0
        self.service = None
        self.host.is_ready = False
        self.host.note_down(is_down=True)
        for one in (self.network, self.phones, self.places, *self.operators):
            one.service = None

    async def _rise(self) -> None:
        """Clear away what has died, and start it again, as the system's service manager does."""
        while not self.judge.has_broken:
            self._died.clear()
            await self._clear_away()
            await sleep(self._dice.choice((2.0, 5.0, 5.0, 30.0, 240.0)))
            self.host.disk.begin_anew()
            self.host.restarts += 1
            try:
                await self._serve()
            except SimulatedDeath:
                continue
            except asyncio.CancelledError:
                if not self.host.disk.is_dead:
                    raise
                continue
            except TocsinError as error:
                if isinstance(error, CentreFault) and error.code == "store.full":
                    self.trace("no room to start")
                    self.host.disk.is_dead = True
                    continue
                self.judge.broke(f"the centre does not start again: {error}")
            if not self._died.is_set():
                return

    async def _clear_away(self) -> None:
        service = self._starting
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.gather(*others, return_exceptions=True)
        self._loop.forget_all()
        if service is not None:
            self._gone()
            service.abandon()
        self._starting = None

    async def _end_well(self, service: SimulatedService) -> None:
        service.stop()
        await self._waiting
        self._gone()

    def _acked(self, reported: Reported) -> None:
        self.trace(f"acknowledged {reported.account} {reported.sequence} {reported.code}")

    # What befalls it -------------------------------------------------------------------------------------------------

    def _plan_faults(self) -> None:
        for name, work, mean_s in (
            ("kill", self._kill, 5400.0),
            ("disk", self._trouble_disk, 7200.0),
            ("disk", self._fail_fsync, 9000.0),
            ("clock", self._set_clock, 14_400.0),
            ("suspend", self._sleep, 10_800.0),
        ):
            if name in self.asked.faults:
                self._plan(work, mean_s * self._pace)
        self.world.at(self.end_s, self._calm)

    def _plan(self, work: Callable[[], None], mean_s: float) -> None:
        def happen() -> None:
            if self.world.now_s < self.end_s:
                self.world.after(self._dice.uniform(0.2, 1.8) * mean_s, happen)
                work()

        self.world.after(self._dice.uniform(0.05, 1.0) * mean_s, happen)

    def _kill(self) -> None:
        """At one of the next commits, right before or right after it; or where it stands; or in good order."""
        disk, dice = self.host.disk, self._dice
        chance = dice.random()
        if self.service is None or self.world.is_asleep:
            return
        if chance < 0.15:
            self.trace("stopped in good order")
            self.service.stop()
        elif chance < 0.3:
            disk.die()
        else:
            disk.dies_at = disk.commits + dice.randrange(1, 60)
            disk.is_stored_first = dice.random() < 0.5

    def _trouble_disk(self) -> None:
        disk, dice = self.host.disk, self._dice
        if dice.random() < 0.5:
            disk.latency_s = dice.choice((0.05, 0.4, 2.0, 8.0))
            self.trace(f"slow disk: {disk.latency_s} s")
            self.world.after(dice.uniform(30, 900), self._quick_disk)
        else:
            disk.free_bytes = dice.randrange(2 << 20)
            self.trace("full disk")
            self.world.after(dice.uniform(30, 1200), self._make_room)

    def _fail_fsync(self) -> None:
        """At one of the next commits, and what it wrote is there afterwards, or not; while panels have much to say."""
        disk, dice = self.host.disk, self._dice
        disk.fails_at, disk.is_stored_first = disk.commits + dice.randrange(1, 10), dice.random() < 0.5
        for panel in dice.sample(self.panels, min(BURST, len(self.panels))):
            self.world.after(dice.uniform(0, 3), functools.partial(self._alarm, panel))

    @staticmethod
    def _alarm(panel: Panel) -> None:
        panel.report("FA", 1)

    def _quick_disk(self) -> None:
        self.host.disk.latency_s = QUICK_S

    def _make_room(self) -> None:
        self.host.disk.free_bytes = FREE_BYTES
        self.trace("room on the disk")

    def _set_clock(self) -> None:
        """An hour off either way, or right again."""
        world = self.world
        world.wrong_us = 0 if world.wrong_us else self._dice.choice((-1, 1)) * 3_600_000_000
        self.host.moves_s += 3600.0
        self.clock_steps.append(world.now_s)
        self.judge.clock_set()
        self.trace(f"clock wrong by {world.wrong_us // 1_000_000} s")

    def _sleep(self) -> None:
        if self.world.is_asleep:
            return
        seconds = self._dice.choice((3.0, 20.0, 90.0, 1800.0))
        is_suspended = self._dice.random() < 0.5
        self.trace(f"{'suspended' if is_suspended else 'stopped'} for {seconds} s")
        self.host.note_down(is_down=True, moves_s=7.0)
        (self.world.suspend if is_suspended else self.world.stop)(seconds)
        if self.service is not None:
            self.host.note_down(is_down=False)
        self.judge.slept()

    def _calm(self) -> None:
        """The last of the faults is over; a quiet time follows, once a host that sleeps has woken."""
        if self.world.is_asleep:
            self.world.after(LOOK_S, self._calm)
            return
        self.trace("calm")
        disk = self.host.disk
        disk.latency_s, disk.free_bytes, disk.dies_at, disk.fails_at = QUICK_S, FREE_BYTES, None, None
        self.network.is_bad = False
        self.network.dark.clear()
        self.phones.has_faults = False
        for panel in self.panels:
            if panel.is_mute:
                panel.wake()
        self.world.after(DRAIN_S - EXPIRES_S - SETTLE_S, self._note_settled)
        self.world.after(DRAIN_S, self._end)

    def _note_settled(self) -> None:
        """Notices that stand in the journal by now are over at the end."""
        if self.service is not None:
            self.settled_seq = self.service.parts._journal.head.seq

    def _end(self) -> None:
        self._is_over = True
        self._died.set()

    def _look(self) -> None:
        self.world.after(LOOK_S, self._look)
        service = self.service
        if service is not None and not self.world.is_asleep:
            self.host.note_down(is_down=not service.parts._receiver.is_accepting)
            self.judge.look(service)
        for operator in self.operators:
            if self.world.now_s % 600 < LOOK_S:
                operator.keep_reachable()
        if self.judge.has_broken:
            self._died.set()


def names_of(text: str) -> tuple[str, ...]:
    """Kinds of faults from a list with commas; "none" is none."""
    return () if text == "none" else tuple(name.strip() for name in text.split(","))


def _key_cells(key: bytes | None) -> str:
    return "," if key is None else f"{key.hex()},hex"
