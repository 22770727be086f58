"""`tocsin panel send | storm | replay`: the dialler and panel simulator on the command line."""

import asyncio
import contextlib
import ipaddress
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import typer

from tocsin.model.accounts import KeyForm
from tocsin.model.errors import BadInput
from tocsin.model.values import PanelTransport
from tocsin.panel.capture import read_capture
from tocsin.panel.faults import FAULT_MODES, FaultPlan, parse_fault
from tocsin.panel.fleet import Fleet, Manner, PadStyle, Panel, Target, rising_accounts, zone_of
from tocsin.panel.messages import Recipe, check_recipe
from tocsin.panel.report import FileLedger, Report
from tocsin.panel.run import Run, room_for, tls_context
from tocsin.panel.scenario import panels_of, plan, read_scenario
from tocsin.protocols.dc09.keys import guess_form, parse_key
from tocsin.system import call_every

STORM_MAX_OUTSIDE: Final = 100
"""Messages, or panels, that a target outside the own network gets without --unsafe-target."""
KEY_FILE_MAX: Final = 200
SHOWN_MAX: Final = 10
"""Messages never acknowledged that the table for a person names."""

panel_app = typer.Typer(
    help="Send real DC-09 as a panel: signals, a storm, a recording. Says what was acknowledged and what never was.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


def _option(*names: str, text: str, **more: Any) -> Any:
    return typer.Option(*names, help=text, **more)


Host = Annotated[str, _option("--host", text="Name or address of the receiver.")]
Port = Annotated[int, _option("--port", text="Port of the receiver.", min=1, max=65535)]
TransportOption = Annotated[PanelTransport, _option("--transport", text="How to connect.")]
Ca = Annotated[Path | None, _option("--ca", text="TLS: file of the certificates that may sign the receiver's (PEM).")]
Cert = Annotated[Path | None, _option("--cert", text="TLS: the panel's own certificate with its chain (PEM).")]
CertKey = Annotated[Path | None, _option("--cert-key", text="TLS: the key of --cert, where it is another file (PEM).")]
ServerName = Annotated[
    str | None, _option("--server-name", text="TLS: name in the receiver's certificate, if not the host.")
]
Insecure = Annotated[bool, _option("--insecure", text="TLS: take any certificate. For a test bench only.")]
Unsafe = Annotated[
    bool,
    _option(
        "--unsafe-target", text=f"Allow more than {STORM_MAX_OUTSIDE} messages to a receiver outside this network."
    ),
]

Account = Annotated[str, _option("--account", text="Account of the first panel; leading zeros count.")]
Panels = Annotated[
    int, _option("--panels", text="How many panels; their accounts rise from --account.", min=1, max=100_000)
]
HexAccounts = Annotated[bool, _option("--hex-accounts", text="Let the accounts rise as hex numbers.")]
Receiver = Annotated[str | None, _option("--receiver", text="Digits after R; without it R is left out.")]
Line = Annotated[str, _option("--line", text="Digits after L; empty sends a bare L.")]
NoLine = Annotated[bool, _option("--no-line", text="Leave L out, as some dialler libraries do.")]
Key = Annotated[
    str | None,
    _option("--key", text="Key: the messages are encrypted. Other users of this machine can see it; see --key-file."),
]
KeyFile = Annotated[Path | None, _option("--key-file", text="File whose first line is the key.")]
KeyFormOption = Annotated[
    KeyForm | None, _option("--key-form", text="Whether the key is hex digits or text; without it its length tells.")
]

Token = Annotated[str | None, _option("--token", text="Token; without it SIA-DCS, ADM-CID or NULL by the code.")]
Data = Annotated[
    str | None, _option("--data", text="Data as they stand between the brackets; {account} and {number} are filled in.")
]
Code = Annotated[str | None, _option("--code", text="Code: two letters (SIA) or three digits (Contact ID).")]
Zone = Annotated[str | None, _option("--zone", text="Zone or user number.")]
Area = Annotated[str | None, _option("--area", text="Area (SIA) or group (Contact ID).")]
Qualifier = Annotated[
    Literal["1", "3", "6"], _option("--qualifier", text="Contact ID: 1 new, 3 restore, 6 still present.")
]
Text = Annotated[str | None, _option("--text", text="Text behind the zone (SIA).")]
Block = Annotated[
    list[str] | None, _option("--block", text="Extended data, letter first, without brackets; may be repeated.")
]
Unique = Annotated[bool, _option("--unique", text="Put the message's running number into zone and text.")]
First = Annotated[
    int, _option("--first", text="Number of each panel's first message; the sequence number follows from it.", min=1)
]
Count = Annotated[int, _option("--count", text="Messages a panel.", min=0)]
Rate = Annotated[
    float | None,
    _option("--rate", text="Messages a second of all panels together; without it as fast as answers come."),
]
ScenarioFile = Annotated[Path | None, _option("--scenario", text="TOML file that says who sends what and when.")]

Wait = Annotated[float, _option("--wait", text="Seconds to wait for an answer before the message is repeated.")]
Tries = Annotated[
    int, _option("--tries", text="Tries, failed connections among them, before a message is given up.", min=1)
]
Retry = Annotated[float, _option("--retry", text="Seconds to pause when no connection could be made.")]
Connect = Annotated[
    Literal["keep", "message"], _option("--connect", text="Keep the connection open, or make one for each message.")
]
PollInterval = Annotated[
    float | None,
    _option(
        "--poll-interval",
        text="Send a NULL after so many silent seconds; the run then lasts until --duration or Ctrl-C.",
    ),
]
Duration = Annotated[float | None, _option("--duration", text="Begin no message after so many seconds.")]
ReconnectEvery = Annotated[
    float | None, _option("--mass-reconnect", text="Drop all connections every so many seconds, and come back at once.")
]
ClockOffset = Annotated[
    float, _option("--clock-offset", text="Seconds by which the panels' clocks are wrong at the start.")
]
TimeZone = Annotated[
    str | None, _option("--local-time", text="Stamp in the local time of this zone (Europe/Vienna) instead of UTC.")
]
NoStamp = Annotated[bool, _option("--no-stamp", text="Leave the time stamp out of messages in clear.")]
Pad = Annotated[
    PadStyle,
    _option(
        "--pad",
        text="Padding of encrypted messages: 0-15 bytes; 16-31; or 16-31, but the least and no separator in NULL.",
    ),
]
LowerHex = Annotated[bool, _option("--lower-hex", text="Write check sum, length and ciphertext in lower-case hex.")]
Crc = Annotated[Literal["hex", "binary"], _option("--crc", text="Check sum as four hex digits or two bytes.")]
FaultOption = Annotated[
    list[str] | None,
    _option(
        "--fault",
        text="NAME, NAME=SHARE, NAME:NUMBER or NAME:NUMBER=SHARE; may be repeated. Names: "
        + ", ".join(FAULT_MODES)
        + ".",
    ),
]
Seed = Annotated[int, _option("--seed", text="Seed of faults and padding: the same seed strikes the same messages.")]
Prepare = Annotated[bool, _option("--prepare", text="Make the frames before the clock starts, for measuring.")]

Json = Annotated[bool, _option("--json", text="Print the report as one JSON object.")]
Acked = Annotated[
    Path | None,
    _option("--acked", text="Write each acknowledged message to this file (JSON Lines), as the answer comes."),
]
Unacked = Annotated[Path | None, _option("--unacked", text="Write each message given up to this file (JSON Lines).")]


class Asked(msgspec.Struct, kw_only=True):
    """What the command line asked for; a command without an option has its default."""

    host: str
    port: int
    transport: PanelTransport
    ca: Path | None
    cert: Path | None
    cert_key: Path | None
    server_name: str | None
    insecure: bool
    unsafe_target: bool
    account: str = "0000"
    panels: int = 1
    hex_accounts: bool = False
    receiver: str | None = None
    line: str = "0"
    no_line: bool = False
    key: str | None
    key_file: Path | None
    key_form: KeyForm | None
    token: str | None = None
    data: str | None = None
    code: str | None = None
    zone: str | None = None
    area: str | None = None
    qualifier: str = "1"
    text: str | None = None
    block: list[str] | None = None
    unique: bool = False
    first: int = 1
    count: int = 1
    rate: float | None = None
    within: float | None = None
    scenario: Path | None = None
    wait: float
    tries: int
    retry: float
    connect: str
    poll_interval: float | None = None
    duration: float | None
    mass_reconnect: float | None
    clock_offset: float = 0.0
    local_time: str | None = None
    no_stamp: bool = False
    pad: PadStyle = "long"
    lower_hex: bool = False
    crc: Literal["hex", "binary"] = "hex"
    fault: list[str] | None = None
    seed: int = 0
    prepare: bool = False
    json: bool
    acked: Path | None
    unacked: Path | None


@panel_app.command()
def send(
    host: Host = "127.0.0.1",
    port: Port = 10000,
    transport: TransportOption = "tcp",
    ca: Ca = None,
    cert: Cert = None,
    cert_key: CertKey = None,
    server_name: ServerName = None,
    insecure: Insecure = False,
    unsafe_target: Unsafe = False,
    account: Account = "1234",
    panels: Panels = 1,
    hex_accounts: HexAccounts = False,
    receiver: Receiver = None,
    line: Line = "0",
    no_line: NoLine = False,
    key: Key = None,
    key_file: KeyFile = None,
    key_form: KeyFormOption = None,
    token: Token = None,
    data: Data = None,
    code: Code = None,
    zone: Zone = None,
    area: Area = None,
    qualifier: Qualifier = "1",
    text: Text = None,
    block: Block = None,
    unique: Unique = False,
    first: First = 1,
    count: Count = 1,
    rate: Rate = None,
    scenario: ScenarioFile = None,
    wait: Wait = 20.0,
    tries: Tries = 3,
    retry: Retry = 1.0,
    connect: Connect = "keep",
    poll_interval: PollInterval = None,
    duration: Duration = None,
    mass_reconnect: ReconnectEvery = None,
    clock_offset: ClockOffset = 0.0,
    local_time: TimeZone = None,
    no_stamp: NoStamp = False,
    pad: Pad = "long",
    lower_hex: LowerHex = False,
    crc: Crc = "hex",
    fault: FaultOption = None,
    seed: Seed = 0,
    prepare: Prepare = False,
    json: Json = False,
    acked: Acked = None,
    unacked: Unacked = None,
) -> None:
    """Send messages, one panel or many. Without a code, data, token or scenario it sends one NULL (link test).

    Example: tocsin panel send --account 5512 --code BA --zone 01 --port 10000
    """
    _carry_out(_send_fleet, Asked(**locals()))


@panel_app.command()
def storm(
    host: Host = "127.0.0.1",
    port: Port = 10000,
    transport: TransportOption = "tcp",
    ca: Ca = None,
    cert: Cert = None,
    cert_key: CertKey = None,
    server_name: ServerName = None,
    insecure: Insecure = False,
    unsafe_target: Unsafe = False,
    account: Account = "1000",
    panels: Panels = 100,
    within: Annotated[float, _option("--within", text="Seconds over which the panels begin.")] = 1.0,
    hex_accounts: HexAccounts = False,
    receiver: Receiver = None,
    line: Line = "0",
    no_line: NoLine = False,
    key: Key = None,
    key_file: KeyFile = None,
    key_form: KeyFormOption = None,
    token: Token = None,
    data: Data = None,
    code: Code = None,
    zone: Zone = None,
    area: Area = None,
    qualifier: Qualifier = "1",
    text: Text = None,
    block: Block = None,
    unique: Unique = False,
    first: First = 1,
    count: Count = 1,
    wait: Wait = 20.0,
    tries: Tries = 3,
    retry: Retry = 1.0,
    connect: Connect = "keep",
    duration: Duration = None,
    mass_reconnect: ReconnectEvery = None,
    clock_offset: ClockOffset = 0.0,
    local_time: TimeZone = None,
    no_stamp: NoStamp = False,
    pad: Pad = "long",
    lower_hex: LowerHex = False,
    crc: Crc = "hex",
    fault: FaultOption = None,
    seed: Seed = 0,
    prepare: Prepare = False,
    json: Json = False,
    acked: Acked = None,
    unacked: Unacked = None,
) -> None:
    """Have many panels send within one second, as after a lightning stroke. Without a code, data or token it sends BA.

    Example: tocsin panel storm --panels 1000 --account 1000 --code FA --zone 014
    """
    asked = Asked(**locals())
    if data is None and code is None and token is None:
        asked.code, asked.zone = "BA", zone or "01"
    _carry_out(_send_fleet, asked)


@panel_app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Frames, one a line: hex, text, or JSON Lines with raw and at.")],
    speed: Annotated[float, _option("--speed", text="How many times faster than recorded.")] = 1.0,
    host: Host = "127.0.0.1",
    port: Port = 10000,
    transport: TransportOption = "tcp",
    ca: Ca = None,
    cert: Cert = None,
    cert_key: CertKey = None,
    server_name: ServerName = None,
    insecure: Insecure = False,
    unsafe_target: Unsafe = False,
    key: Key = None,
    key_file: KeyFile = None,
    key_form: KeyFormOption = None,
    wait: Wait = 20.0,
    tries: Tries = 3,
    retry: Retry = 1.0,
    connect: Connect = "keep",
    duration: Duration = None,
    mass_reconnect: ReconnectEvery = None,
    json: Json = False,
    acked: Acked = None,
    unacked: Unacked = None,
) -> None:
    """Send captured frames again, byte for byte, one connection for each account.

    Example: tocsin panel replay monday.jsonl --speed 10
    """
    values = {name: value for name, value in locals().items() if name not in ("file", "speed")}
    capture = read_capture(file, speed=speed)
    if capture.answers_skipped:
        _say(f"{capture.answers_skipped} answers of a receiver in the file are not sent.")

    def replay_fleet(asked: Asked) -> Fleet:
        secret = _key(asked)
        names = sorted(capture.by_account)
        return Fleet(
            panels=tuple(Panel(account=name or "0", key=secret) for name in names),
            plans=tuple(capture.by_account[name] for name in names),
            manner=_manner(asked),
        )

    _carry_out(replay_fleet, Asked(**values))


# -- from options to a fleet -----------------------------------------------------------------------------------------


def _send_fleet(asked: Asked) -> Fleet:
    faults = tuple(parse_fault(text) for text in asked.fault or [])
    FaultPlan(faults)
    secret = _key(asked)
    scenario = None if asked.scenario is None else read_scenario(asked.scenario)
    panels = asked.panels if scenario is None else max(asked.panels, panels_of(scenario))
    accounts = rising_accounts(asked.account, panels, is_hex=asked.hex_accounts)
    made = tuple(
        Panel(
            account=account,
            receiver=asked.receiver,
            line=None if asked.no_line else asked.line,
            key=secret,
        )
        for account in accounts
    )
    manner = _manner(asked)
    if scenario is not None:
        _refuse_beside_scenario(asked)
        plans = plan(scenario, accounts, asked.first)
        return Fleet(panels=made, plans=plans, manner=manner, faults=faults, seed=asked.seed)
    recipe = Recipe(
        token=asked.token,
        data=asked.data,
        code=asked.code,
        zone=asked.zone,
        area=asked.area,
        qualifier=asked.qualifier,
        text=asked.text,
        blocks=tuple(asked.block or ()),
        is_unique=asked.unique,
    )
    return Fleet(
        panels=made,
        recipe=check_recipe(recipe, "The message"),
        count=asked.count,
        first=asked.first,
        rate_per_s=asked.rate,
        within_s=asked.within,
        manner=manner,
        faults=faults,
        seed=asked.seed,
    )


def _refuse_beside_scenario(asked: Asked) -> None:
    for name in ("token", "data", "code", "zone", "area", "text", "block", "rate"):
        if getattr(asked, name):
            raise BadInput(f"A scenario says itself what is sent: leave out --{name}.", "panel.message")


def _manner(asked: Asked) -> Manner:
    zone_of(asked.local_time)
    return Manner(
        wait_s=asked.wait,
        tries=asked.tries,
        retry_s=asked.retry,
        keep_open=asked.connect == "keep",
        poll_interval_s=asked.poll_interval,
        clock_offset_s=asked.clock_offset,
        time_zone=asked.local_time,
        is_stamped=not asked.no_stamp,
        pad=asked.pad,
        upper_hex=not asked.lower_hex,
        crc_form=asked.crc,
    )


def _key(asked: Asked) -> bytes | None:
    text = asked.key
    if asked.key_file is not None:
        if text is not None:
            raise BadInput("Give either --key or --key-file.", "panel.key")
        try:
            with asked.key_file.open(encoding="utf-8") as file:
                text = file.readline(KEY_FILE_MAX).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"The key file {asked.key_file} cannot be read.", "panel.key") from error
    return None if text is None else parse_key(text, asked.key_form or guess_form(text))


def _target(asked: Asked) -> Target:
    target = Target(
        host=asked.host,
        port=asked.port,
        transport=asked.transport,
        ca_file=_path(asked.ca),
        certificate=_path(asked.cert),
        certificate_key=_path(asked.cert_key),
        server_name=asked.server_name,
        is_insecure=asked.insecure,
    )
    if target.transport == "tls":
        tls_context(target)
        if target.is_insecure:
            _say("Warning: --insecure takes any certificate; whoever sits in between can read and answer.")
    elif asked.ca or asked.cert or asked.cert_key or asked.insecure or asked.server_name:
        raise BadInput("--ca, --cert, --cert-key, --server-name and --insecure need --transport tls.", "panel.tls")
    return target


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _refuse_unsafe(asked: Asked, fleet: Fleet) -> None:
    """Keep a storm away from receivers that do not belong to this bench."""
    many = fleet.planned > STORM_MAX_OUTSIDE or len(fleet.panels) > STORM_MAX_OUTSIDE
    if asked.unsafe_target or not many or is_near(asked.host, asked.port):
        return
    raise BadInput(
        f"{asked.host[:80]} lies outside this machine's private networks, and this run would send it"
        f" {fleet.planned} messages. An alarm receiver in service is not a test bench: a storm can hide a real alarm."
        " If the receiver is yours and out of service, add --unsafe-target.",
        "panel.unsafe",
    )


def is_near(host: str, port: int) -> bool:
    """Whether every address of the host is on this machine or in a private network.

    Raises:
        BadInput: the host has no address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadInput(f"The host {host[:80]!r} has no address; check its name.", "panel.host") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return all(address.is_loopback or address.is_private or address.is_link_local for address in addresses)


# -- running and telling ---------------------------------------------------------------------------------------------


def _carry_out(make: Callable[[Asked], Fleet], asked: Asked) -> None:
    fleet, target = make(asked), _target(asked)
    _refuse_unsafe(asked, fleet)
    room_for(len(fleet.panels))
    ledger = FileLedger(asked.acked, asked.unacked)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            report = runner.run(_drive(fleet, target, ledger, asked))
    finally:
        ledger.close()
    if asked.json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        _tell(report)
    raise typer.Exit(0 if report.ok else 1)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Uvloop where it exists: it makes the simulator about half as fast again."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _drive(fleet: Fleet, target: Target, ledger: FileLedger, asked: Asked) -> Report:
    run = Run(fleet, target, ledger=ledger)
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
        loop.add_signal_handler(signal.SIGTERM, run.stop)
    work = loop.create_task(
        run.run(prepare=asked.prepare, duration_s=asked.duration, reconnect_every_s=asked.mass_reconnect)
    )
    progress = loop.create_task(_show_progress(run)) if sys.stderr.isatty() else None
    try:
        await asyncio.wait({work})
    except asyncio.CancelledError:  # Ctrl-C: the report is still owed
        run.stop()
        await asyncio.wait({work})
    finally:
        if progress is not None:
            progress.cancel()
            await asyncio.gather(progress, return_exceptions=True)
    return work.result()


async def _show_progress(run: Run) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    planned = run.fleet.planned
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("connecting", total=planned or None)

        def update() -> None:
            tally = run.tally
            text = f"sent {tally.sent}  acknowledged {tally.acked}  given up {tally.never}"
            if run.fleet.manner.poll_interval_s is not None:
                text += f"  polls {tally.polls_acked}/{tally.polls_sent}"
            bar.update(task, completed=tally.acked + tally.never + tally.silent_as_expected, description=text)

        await call_every(0.2, update)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _tell(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(_summary(report), soft_wrap=True, highlight=False)
    table = Table(show_header=False)
    for name, value in _rows(report):
        table.add_row(name, value)
    console.print(table)
    if report.unacked:
        missed = Table(title="Given up", title_justify="left")
        for name in ("account", "sequence", "token", "tries", "answer", "fault"):
            missed.add_column(name)
        for line in report.unacked[:SHOWN_MAX]:
            missed.add_row(line.account, line.sequence, line.token, str(line.tries), line.answer, line.fault or "")
        console.print(missed)
        left = report.never + report.silent_as_expected - min(len(report.unacked), SHOWN_MAX)
        if left > 0:
            console.print(f"... and {left} more; --unacked FILE keeps them all.")


def _summary(report: Report) -> str:
    parts = [f"Sent {report.sent}, acknowledged {report.acked}, never acknowledged {report.never}."]
    if report.interrupted:
        parts.append("Stopped before the end.")
    if not report.ok:
        parts.append("Not everything came out as expected.")
    return " ".join(parts)


def _rows(report: Report) -> list[tuple[str, str]]:
    latency = report.latency_ms
    rows: list[tuple[str, object]] = [
        ("frames written, repeats included", report.transmissions),
        ("ACK / NAK / DUH / none", f"{report.ack} / {report.nak} / {report.duh} / {report.none}"),
        ("answers that did not fit", report.wrong),
        ("late answers", report.late),
        ("left unanswered as expected", report.silent_as_expected),
        ("acknowledged against expectation", report.unexpected),
        ("repeats sent / unanswered", f"{report.repeats_sent} / {report.repeats_unanswered}"),
        ("polls sent / acknowledged", f"{report.polls_sent} / {report.polls_acked}"),
        (
            "connections / lost / failed",
            f"{report.connections} / {report.connections_lost} / {report.connection_failures}",
        ),
        ("failures by kind", _counts(report.failures)),
        ("faults", _counts(report.faults)),
        (
            "latency p50 / p90 / p99 / max, ms",
            " / ".join(_ms(value) for value in (latency.p50, latency.p90, latency.p99, latency.max)),
        ),
        ("behind its time at most, ms", report.behind_max_ms),
        ("duration, s", f"{report.duration_s:.3f}"),
        ("acknowledged a second", report.rate_per_s),
        ("acknowledged per core-second", report.acked_per_core_s),
    ]
    return [(name, str(value)) for name, value in rows if value not in (0, "", "0 / 0")]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


__all__ = ["is_near", "panel_app"]
