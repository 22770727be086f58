"""`tocsin demo`: a centre with a harbour town's panels; its link leads to the operator's screen."""

import asyncio
import contextlib
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from tocsin.model.errors import BadInput, CentreFault, Conflict
from tocsin.model.values import Secret
from tocsin.system import SystemClock, sleep

if TYPE_CHECKING:
    from tocsin.cli.demo_phones import PhoneServer
    from tocsin.cli.folder import CentreAccess
    from tocsin.panel import Report, Run

__all__ = ["demo"]

NAME: Final = "Harbour control room (demo)"
"""What the demo calls its centre."""

FIRST_OPERATOR: Final = "Ana"
SECOND_OPERATOR: Final = "Bo"
RESPONDER: Final = "Dan"
DUTY_PAGE: Final = "/duty"


class Person(NamedTuple):
    """Somebody of the demo, who comes in by a link: nobody has a password before choosing one."""

    name: str
    roles: tuple[str, ...]
    words: str
    """What there is to be seen as this person."""
    accounts: tuple[str, ...] = ()
    """Numbers of the accounts that an installer looks after, or at whose sites somebody is the contact."""


LIGHTHOUSE: Final = ("4140", "4141", "4142")
PEOPLE: Final = (
    Person(FIRST_OPERATOR, ("administrator", "supervisor"), "everything that there is to try"),
    Person(SECOND_OPERATOR, ("operator",), "a colleague at another desk"),
    Person("Cleo", ("supervisor",), "the second person for what takes two, and the journal"),
    Person(RESPONDER, ("responder",), "the phone page of staff on duty, and a phone that stays signed in"),
    Person("Eva", ("site_contact",), "what happens at the Cold Store North, and nothing else", ("4107",)),
    Person("Finn", ("installer",), "the lighthouse's panels: are they heard, and what is wrong with them", LIGHTHOUSE),
    Person("Gus", ("integrator",), "sites, accounts and the frame doctor; no incidents"),
    Person("Hana", ("auditor",), "the journal, and no name in it"),
    Person("Ivo", ("administrator",), "people, roles and tokens; no incidents"),
)
"""One of each role. The first may do everything that there is to try."""
LINK_S: Final = 3600
DARK_S: Final = 8.0
"""So long the centre is gone when the plug is pulled: a screen says within five that it is not connected."""

CALL_TRIES: Final = 5
REFRESH_S: Final = 0.5
PLAIN_S: Final = 10.0
"""Between two lines where no person watches a terminal."""
NUMBERS_A_SECOND: Final = 29
"""So far apart begin the message numbers of two demos that start a second apart: within the receiver's window for
repeats (300 s) no number of 9,000 comes again, so that nothing new is taken for a repeat."""
MESSAGE_NUMBERS: Final = 9000


class Asked(NamedTuple):
    """What the town is asked to send."""

    has_panels: bool
    pace: float
    seed: int
    has_flood: bool
    seconds: float | None
    """How long; None: until somebody ends it."""


def demo(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Folder of the centre; a temporary one without.", show_default=False)
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the web part; a free one where it is taken.")
    ] = 8400,
    flood: Annotated[bool, typer.Option("--flood", help="Add a storm: 600 alarms and faults in 10 min.")] = False,
    no_panels: Annotated[bool, typer.Option("--no-panels", help="Serve only; send with `tocsin panel`.")] = False,
    roles: Annotated[bool, typer.Option("--roles", help="Print a sign-in link for a person of each role.")] = False,
    pace: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds of the town's day in one second: with 60, a day in 24 min.")
    ] = 60,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="Another seed is another day in the same town.")] = 1,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End by itself after so long.", show_default=False)
    ] = None,
) -> None:
    """Make a centre with a harbour town's panels, and a link to its operator's screen.

    121 panels of a made-up town, one of them set up by nobody and a third encrypted, send real DC-09 over TCP to a real
    receiver: openings and closings, faults, a fire, water, a break-in. Whoever is on call is told on telephones that
    are simulated in the browser. Stop it with Ctrl-C: it then counts what was
    acknowledged against what the journal holds, and verifies the journal. With --dir the same centre can be started
    again.

    Example: tocsin demo --flood
    """
    from tocsin.cli.demo_duty import NUMBERS
    from tocsin.cli.demo_phones import PhoneServer

    # Ended as by Ctrl-C: the centre is stopped, and a temporary folder goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    names = {number: name for name, number in NUMBERS.items()}
    has_hours = not no_panels and _has_hours(pace)
    with (
        _folder(folder, has_hours=has_hours) as (place, sensor),
        PhoneServer(names) as phones,
        _running(place, port, phones) as running,
    ):
        _welcome(running, is_kept=folder is not None, pace=None if no_panels else pace, has_roles=roles)
        before_seq = running.journal_seq()
        acked = _watch(running, Asked(not no_panels, pace, seed, flood, seconds), sensor)
        running.stop()
        _account_for(place, acked, before_seq)


def _welcome(running: "_Running", *, is_kept: bool, pace: float | None, has_roles: bool) -> None:
    """Say first what a person needs first: the link. Without a pace, no panels send."""
    from tocsin.cli.folder import open_centre

    with open_centre(running.folder) as centre:
        admission = centre.admission()
        first, second, *rest = (
            admission.link(person.name, (), LINK_S).url for person in (PEOPLE if has_roles else PEOPLE[:2])
        )
    again = f"{_command()} link {FIRST_OPERATOR} --dir {running.folder}"
    lines = [
        f"Open this link: {first}",
        f"It signs you in as {FIRST_OPERATOR}, once, within an hour. Another one: {again}",
        f"A second operator, {SECOND_OPERATOR}, in another browser or a private window: {second}",
        *_others(rest, running.folder),
        "",
    ]
    if pace is None:
        send = f"{_command()} panel send --host {running.dc09_host} --port {running.dc09_port}"
        lines.append(f"No panels are sending. Be one: {send} --account 4102 --code FA --zone 001")
    else:
        lines.append(
            f"The town's day begins at 06:00. After {2400 / pace:.0f} s the mains fail at the lighthouse, and after "
            f"{5400 / pace:.0f} s there is a fire."
        )
    lines += _to_look_at(running.phones.url, has_panels=pace is not None)
    if pace is not None and _has_hours(pace):
        from tocsin.cli.demo_hours import NOT_CLOSED_MIN, NOT_OPENED_MIN

        lines.append(
            f"Later: the bakery in Mill Lane is late to open after {NOT_OPENED_MIN} min, and late to close after "
            f"{NOT_CLOSED_MIN} min; both return by themselves."
        )
    kept = "." if is_kept else ", which is gone at the end; --dir keeps one."
    lines += [
        f"The centre is in {running.folder}{kept}",
        "Enter pulls the plug: the centre is killed, and comes back. Ctrl-C ends the demo.",
    ]
    print("\n".join(lines), flush=True)


def _to_look_at(phones: str, *, has_panels: bool) -> list[str]:
    """Say what happens by itself in the first two minutes, and where to look."""
    from tocsin.cli.demo_call import CALL_S
    from tocsin.cli.demo_duty import TEXT_S, VOICE_S
    from tocsin.cli.demo_report import REPORT_S
    from tocsin.cli.demo_sensor import DRY_S, WATER_S
    from tocsin.panel.town import Town

    town = Town().traffic
    link = (
        f"  Supervision (g s): the link of the Marina's fire panel fails after {town.silence.begins_s:.0f} s. It is "
        "missed a good minute later, and comes back."
    )
    call = (
        f"  Queue (g q): after {CALL_S:.0f} s somebody telephones, simulated; {SECOND_OPERATOR} takes the call. After "
        f"{REPORT_S:.0f} s a simulated phone reports: {RESPONDER} is on duty. Their page is {DUTY_PAGE}."
    )
    return [
        "Where to look in the first two minutes:",
        *([link, call] if has_panels else []),
        *(
            [
                f"  Ways in (g y): a simulated sensor sends water in the museum's cellar by HTTP, after {WATER_S} s, "
                f"and that it is over, {DRY_S - WATER_S} s later."
            ]
            if has_panels
            else []
        ),
        "  On test (g t): the technical panel of the Swimming Hall. Its test ends by itself after "
        f"{town.on_test.ends_s:.0f} s; what is active then is an incident.",
        f"  {phones}: simulated telephones; nothing leaves this computer. Let nobody claim the fire: {TEXT_S} s later "
        f"whoever is on call has a message, and {VOICE_S} s later a call. Take the call there and press a key.",
    ]


def _others(links: list[str | None], folder: Path) -> list[str]:
    """Say who else there is: one line for all, or one for each where links were asked for."""
    others = PEOPLE[2:]
    if links:
        return [
            f"{person.name}, {_roles(person)}: {person.words}. {link}"
            for person, link in zip(others, links, strict=True)
        ]
    named = ", ".join(f"{person.name} ({_roles(person)})" for person in others)
    return [
        f"There is somebody of each role to be: {named}. A link: {_command()} link {others[0].name} --dir {folder}; "
        "--roles prints one for each."
    ]


def _roles(person: Person) -> str:
    return " and ".join(person.roles).replace("_", " ")


def _command() -> str:
    """How this program is called here."""
    called = Path(sys.argv[0])
    if called.name == "tocsin" and shutil.which("tocsin") is None:
        return str(called)
    return "tocsin" if shutil.which("tocsin") else f"{sys.executable} -m tocsin"


class _Running:
    """A `tocsin serve` process of ours, which can be killed and started again under the same addresses."""

    def __init__(self, folder: Path, web: str, phones: "PhoneServer") -> None:
        self.folder = folder
        self.phones = phones
        self.web = ""
        self.dc09_host, self.dc09_port = "127.0.0.1", 0
        self._listen = web
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        """The process has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and wait until it is ready.

        Raises:
            CentreFault: it ended instead.
        """
        environ = {
            **os.environ,
            **self.phones.environment(),
            "TOCSIN_RECEIVERS__DC09__LISTEN": f'["{self.dc09_host}:{self.dc09_port}"]',
            "TOCSIN_WEB__LISTEN": self._listen,
        }
        command = [sys.executable, "-m", "tocsin", "serve", "--dir", str(self.folder), "--log-level", "warning"]
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            command, env=environ, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        lines = self._first_words()
        dc09 = next(line for line in lines if line.startswith("DC-09"))
        self.dc09_host, _, number = dc09.split()[2].rstrip(",").rpartition(":")
        self.dc09_port = int(number)
        self.web = next(line for line in lines if line.startswith("Ready")).split()[1].removesuffix("/readyz")
        self._listen = self.web.removeprefix("http://")

    def _first_words(self) -> list[str]:
        assert self._process is not None, "it was started"
        assert self._process.stdout is not None, "its output is a pipe"
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Ready"):
            line = self._process.stdout.readline().decode()
            if not line:
                raise CentreFault("The demo's centre did not start; what it said stands above", "demo.not_started")
            lines.append(line.strip())
        return lines

    def figures(self) -> dict[str, float]:
        """The metrics by name with labels; empty while the centre does not answer."""
        try:
            with urllib.request.urlopen(f"{self.web}/metrics", timeout=2) as answer:  # noqa: S310 - our own address
                text = answer.read().decode()
        except (OSError, urllib.error.URLError):
            return {}
        pairs = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def journal_seq(self) -> int:
        """Last durable entry of the journal.

        Raises:
            CentreFault: the centre does not answer.
        """
        found = self.figures().get("tocsin_journal_seq")
        if found is None:
            raise CentreFault(
                "The demo's centre does not answer over HTTP; what it said stands above", "demo.not_started"
            )
        return int(found)

    def kill(self) -> None:
        """End it as a power cut would: nothing of it runs any more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it in order, and after 30 s by force."""
        if self._process is None:
            return
        if self.is_alive:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
        self.kill()


@contextlib.contextmanager
def _folder(folder: Path | None, *, has_hours: bool) -> Generator[tuple[Path, Secret]]:
    """The folder, made and filled with the town where it is new; a temporary one goes at the end.

    With it comes the token of its simulated sensor.
    """
    temporary = None
    if folder is None:
        temporary = folder = Path(tempfile.mkdtemp(prefix="tocsin-demo-"))
    try:
        yield folder, _fill(folder, has_hours=has_hours)
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _has_hours(pace: float) -> bool:
    """Sites have opening hours at the town's own pace alone: at another one its panels would open outside them."""
    from tocsin.panel.town import PACE

    return pace == PACE


def _fill(folder: Path, *, has_hours: bool) -> Secret:
    """Make the centre and bring in the town, or what an earlier start that was ended too soon left out of it.

    Returns the token of the simulated sensor.

    Raises:
        Conflict: the centre in this folder is somebody's own, or runs.
    """
    from tocsin.centre.centre import CLI, Centre
    from tocsin.centre.tables import KINDS
    from tocsin.cli.accounts import run_import
    from tocsin.cli.demo_duty import begin_test, fill_duty
    from tocsin.cli.demo_hours import fill_hours
    from tocsin.cli.demo_places import fill_call_lists
    from tocsin.cli.demo_sensor import fill_sensor
    from tocsin.cli.folder import open_centre, settings_of
    from tocsin.cli.init import make_centre
    from tocsin.panel.town import Town
    from tocsin.settings import FILE_NAME

    if not (folder / FILE_NAME).exists():
        make_centre(folder, NAME, is_demo=True)
    elif not settings_of(folder).centre.demo:
        raise Conflict(
            f"The centre in {folder} is not for trying out (centre.demo). Nothing was changed: no simulated panel may "
            "send to a centre in service. Name another folder, or none",
            "demo.not_a_demo",
        )
    with open_centre(folder) as centre:
        if not isinstance(centre.asked, Centre):
            raise Conflict(
                f"The demo in {folder} runs already. Nothing was changed. Go on with that one, end it first, or name "
                "another folder",
                "demo.runs",
            )
        if not centre.zones():
            town = Town()
            for kind, table in (("sites", town.sites_csv), ("accounts", town.accounts_csv), ("zones", town.zones_csv)):
                run_import(centre, KINDS[kind], table.encode())
        fill_call_lists(centre)
        if has_hours:
            fill_hours(centre)
        _settle(centre)
        people = {person.name: person.id for person in centre.admission().people()}
        boss = people.get(FIRST_OPERATOR, CLI)
        fill_duty(centre, people, boss)
        begin_test(centre, boss)
        return fill_sensor(centre, boss)


def _settle(centre: "CentreAccess") -> None:
    """Let the demo's people be there, each with what is theirs; those of an earlier start stay as they are."""
    from tocsin.centre.admission import UserRequest

    admission = centre.admission()
    known = {person.name for person in admission.people()}
    accounts = {str(account.row.account): account for account in centre.accounts()}
    for person in PEOPLE:
        if person.name in known:
            continue
        admission.user(UserRequest(op="add", name=person.name, roles=person.roles))
        own = [accounts[number] for number in person.accounts if number in accounts]
        for account in own:
            target = account.id if "installer" in person.roles else account.row.site_id
            admission.user(UserRequest(op="grant", name=person.name, target=target))


@contextlib.contextmanager
def _running(folder: Path, port: int, phones: "PhoneServer") -> Generator[_Running]:
    running = _Running(folder, f"127.0.0.1:{_free(port)}", phones)
    phones.keep_token(folder)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def _free(port: int) -> int:
    from tocsin.intake.listening import bind

    try:
        bind(f"127.0.0.1:{port}", socket.SOCK_STREAM, "--port").close()
    except BadInput:
        print(f"Port {port} is in use; taking a free one.", file=sys.stderr)
        return 0
    return port


def _watch(running: _Running, asked: Asked, sensor: Secret) -> int:
    """Send and show until Ctrl-C; return how many messages were acknowledged as stored."""
    acked: list[int] = []
    with contextlib.suppress(KeyboardInterrupt), _screen(asked) as show:
        asyncio.run(_play(running, asked, sensor, show, acked))
    return sum(acked)


async def _play(running: _Running, asked: Asked, sensor: Secret, show: "Show", acked: list[int]) -> None:
    """Let the town have its days, so many at a time as are made ahead, until the demo is over."""
    from tocsin.cli.demo_sensor import send

    sending = asyncio.create_task(send(lambda: running.web, sensor, acked)) if asked.has_panels else None
    try:
        await _days(running, asked, show, acked)
    finally:
        if sending is not None:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending


async def _days(running: _Running, asked: Asked, show: "Show", acked: list[int]) -> None:
    from tocsin.panel.town import DAY_S, DAYS_MAX

    clock = SystemClock()
    begin_s = clock.monotonic_s()
    turn = 0
    calling = asyncio.create_task(_people(running)) if asked.has_panels else None
    with _plug() as pulled, _ending(calling):
        while running.is_alive:
            turn_s = DAYS_MAX * DAY_S / asked.pace
            if asked.seconds is not None:
                turn_s = min(turn_s, asked.seconds - (clock.monotonic_s() - begin_s))
            if turn_s <= 0:
                return
            await _turn(running, asked, turn, turn_s, show, acked, pulled)
            turn += 1


@contextlib.contextmanager
def _ending(task: "asyncio.Task[None] | None") -> Generator[None]:
    try:
        yield
    finally:
        if task is not None:
            task.cancel()


async def _people(running: _Running) -> None:
    """Somebody telephones, and somebody on duty reports by phone, once each."""
    from tocsin.cli.demo_call import CALL_S, take_call
    from tocsin.cli.demo_report import REPORT_S, send_report

    await sleep(CALL_S)
    await _once(running, take_call, SECOND_OPERATOR)
    await sleep(REPORT_S - CALL_S)
    await _once(running, send_report, RESPONDER)


async def _once(running: _Running, act: Callable[[Path, str, str], None], name: str) -> None:
    """Let somebody do it; where the plug is pulled just then, a little later."""
    for _ in range(CALL_TRIES):
        try:
            await asyncio.to_thread(act, running.folder, running.web, name)
        except OSError:
            await sleep(DARK_S)
        except CentreFault as fault:
            print(fault, file=sys.stderr)
            return
        else:
            return


async def _turn(
    running: _Running, asked: Asked, turn: int, turn_s: float, show: "Show", acked: list[int], pulled: asyncio.Event
) -> None:
    """Let the town send for so long and show it; add to `acked` how many messages were acknowledged."""
    clock = SystemClock()
    run = _run(running, asked, turn) if asked.has_panels else None
    sending = None if run is None else asyncio.create_task(run.run(duration_s=turn_s))
    begin_s = clock.monotonic_s()
    before = sum(acked)
    dark_until_s: float | None = None
    try:
        while clock.monotonic_s() < begin_s + turn_s and (running.is_alive or dark_until_s is not None):
            if pulled.is_set() and dark_until_s is None:
                dark_until_s = clock.monotonic_s() + DARK_S
                await asyncio.to_thread(running.kill)
            if dark_until_s is not None and clock.monotonic_s() >= dark_until_s:
                await asyncio.to_thread(show, Seen(clock.monotonic_s() - begin_s, {}, None, before, 0.0))
                await asyncio.to_thread(running.start)
                dark_until_s = None
                pulled.clear()
            figures = {} if dark_until_s is not None else await asyncio.to_thread(running.figures)
            report = None if run is None else run.report()
            dark_s = None if dark_until_s is None else dark_until_s - clock.monotonic_s()
            await asyncio.to_thread(show, Seen(clock.monotonic_s() - begin_s, figures, report, before, dark_s))
            await sleep(REFRESH_S)
    finally:
        if run is not None and sending is not None:
            run.stop()
            # Ctrl-C cancels the sending too; what was acknowledged until then counts all the same.
            with contextlib.suppress(asyncio.CancelledError):
                await sending
            acked.append(run.report().acked)


@contextlib.contextmanager
def _plug() -> Generator[asyncio.Event]:
    """Set when somebody presses Enter; never where nobody can."""
    pulled = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read() -> None:
        if os.read(sys.stdin.fileno(), 1024):
            pulled.set()
        else:
            loop.remove_reader(sys.stdin.fileno())

    try:
        loop.add_reader(sys.stdin.fileno(), read)
    except (AttributeError, OSError, ValueError):  # a file, or no standard input at all
        yield pulled
        return
    try:
        yield pulled
    finally:
        loop.remove_reader(sys.stdin.fileno())


def _run(running: _Running, asked: Asked, turn: int) -> "Run":
    from tocsin.panel import Run, Target
    from tocsin.panel.town import DAYS_MAX, Town

    first = SystemClock().now_us() // 1_000_000 * NUMBERS_A_SECOND % MESSAGE_NUMBERS + 1
    fleet = Town().fleet(
        pace=asked.pace,
        days=DAYS_MAX,
        flood=asked.has_flood and turn == 0,
        walk=turn == 0,
        first=first,
        seed=asked.seed + turn,
    )
    return Run(fleet, Target(host=running.dc09_host, port=running.dc09_port))


# What the terminal shows: little. The screen to look at is in the browser. --------------------------------------------


class Seen(NamedTuple):
    """The state of the demo at one moment."""

    elapsed_s: float
    figures: dict[str, float]
    report: "Report | None"
    acked_before: int
    dark_s: float | None
    """How long the centre still stays dead; None: it lives."""


Show = Callable[[Seen], None]


@contextlib.contextmanager
def _screen(asked: Asked) -> Generator[Show]:
    """One line that is kept up to date on a terminal, a line every ten seconds elsewhere."""
    if not sys.stdout.isatty():
        yield _plain(asked)
        return
    from rich.live import Live
    from rich.text import Text

    with Live(refresh_per_second=4, transient=True) as live:

        def show(seen: Seen) -> None:
            if seen.figures or seen.dark_s is not None:
                live.update(Text(_line(asked, seen)))

        yield show


def _plain(asked: Asked) -> Show:
    clock = SystemClock()
    next_s = 0.0
    is_dark = False

    def show(seen: Seen) -> None:
        nonlocal next_s, is_dark
        if seen.dark_s is None and (clock.monotonic_s() < next_s or not seen.figures):
            return
        if seen.dark_s is not None and is_dark:
            return
        is_dark = seen.dark_s is not None
        next_s = clock.monotonic_s() + PLAIN_S
        print(_line(asked, seen), flush=True)

    return show


def _line(asked: Asked, seen: Seen) -> str:
    from tocsin.panel.town import town_time

    if seen.dark_s is not None:
        return "The plug is pulled: the centre is dead, and the panels keep what nobody has acknowledged. " + (
            "It starts again." if seen.dark_s <= 0 else f"It starts again in {math.ceil(seen.dark_s)} s."
        )
    words = [
        f"{int(seen.figures.get('tocsin_incidents_open', 0)):,} incidents open",
        f"journal of {int(seen.figures.get('tocsin_journal_seq', 0)):,} entries",
    ]
    if seen.report is not None:
        connected = int(seen.figures.get("tocsin_connections_open", 0))
        words = [
            f"{town_time(seen.elapsed_s, asked.pace)} in the town",
            f"{connected} of {seen.report.panels} panels connected",
            f"{seen.acked_before + seen.report.acked:,} messages acknowledged",
            *words,
        ]
    return "   ".join(words)


def _account_for(folder: Path, acked: int, before_seq: int) -> None:
    """Count what was acknowledged in this run against what the journal holds of it, and verify all of the journal."""
    from tocsin.cli.journal import verify_folder

    verdict, signals = verify_folder(folder, counted_after=before_seq)
    print(f"In this run {acked:,} messages were acknowledged; the journal holds {signals:,} signals of it.")
    for sentence in verdict.words:
        print(sentence)
    if verdict.exit_code or acked > signals:
        raise typer.Exit(1)
