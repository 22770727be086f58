"""`tocsin doctor`: what would keep this centre from working, and the remedy, before an alarm finds out."""

import contextlib
import ctypes
import os
import shlex
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from tocsin.cli.doctor_ways import ways_in
from tocsin.cli.finding import Finding, validity
from tocsin.model.errors import TocsinError

__all__ = ["Finding", "doctor"]

FSYNC_ROUNDS: Final = 7
FSYNC_SLOW_MS: Final = 20.0
"""An fsync slower than this still works; acknowledgements then take as long."""

YEAR_2026_US: Final = 1_767_225_600_000_000
BEHIND_MAX_US: Final = 60_000_000
LOST_SHOWN_MAX: Final = 20
_TIME_ERROR: Final = 5


def doctor(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)],
    deep: Annotated[
        bool, typer.Option("--deep", help="Also look through the whole database; slow on a large one.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Check disk, fsync, SQLite, ports, clock, keys, settings, broker and mail of a centre.

    Works whether the centre runs or not. Exit status 1 where something is wrong; each such line has its remedy.

    Example: tocsin doctor --dir /srv/centre
    """
    findings: list[Finding] = []
    for finding in _examine(folder, deep=deep):
        findings.append(finding)
        _show(finding, as_json=as_json)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _examine(folder: Path, *, deep: bool) -> Iterator[Finding]:
    from tocsin.settings import load

    try:
        settings = load(folder, os.environ)
    except TocsinError as error:
        yield Finding(
            "settings", "wrong", error.message, "Correct the file; the reference is docs/reference/settings.md"
        )
        return
    yield Finding("settings", "ok", f"{folder / 'tocsin.toml'} is sound")
    yield _sqlite()
    yield from _disk(folder)
    yield _fsync(folder)
    yield _files(settings.receivers.dc09.connections_max + settings.web.connections_max)
    yield _clock()
    yield from _secret_files(folder, settings.master_key_path)
    yield from _replaced(folder)
    is_running, finding = _lock(folder)
    yield finding
    yield from _tls(settings)
    yield from _https(settings)
    yield from _telephone(settings)
    if is_running:
        yield from ways_in(settings, None, list)
        return
    yield from _ports(settings)
    yield from _keys_and_journal(folder, settings, deep=deep)
    yield from _ways_in(settings)


def _sqlite() -> Finding:
    from tocsin.store.driver import dbapi
    from tocsin.store.sqlite import SQLITE_VERSION_MIN

    if dbapi.sqlite_version_info < SQLITE_VERSION_MIN:
        return Finding(
            "SQLite",
            "wrong",
            f"version {dbapi.sqlite_version} can corrupt a database",
            "Install pysqlite3 0.6.1 or newer",
        )
    return Finding("SQLite", "ok", f"version {dbapi.sqlite_version}")


def _disk(folder: Path) -> Iterator[Finding]:
    from tocsin.centre.disk import DiskRoom
    from tocsin.centre.folder import RESERVE

    room = DiskRoom(folder, RESERVE)
    free_gb = room.free_bytes() / (1 << 30)
    if room.is_low():
        yield Finding("disk", "look", f"{free_gb:.1f} GB free: less than 10 % or 2 GB", "Make room, or move the folder")
    else:
        yield Finding("disk", "ok", f"{free_gb:.1f} GB free")
    if not os.access(folder, os.W_OK):
        yield Finding("folder", "wrong", f"{folder} cannot be written by this user", "Give the folder to this user")


def _fsync(folder: Path) -> Finding:
    from tocsin.system import SystemClock

    clock = SystemClock()
    path = folder / "doctor.probe"
    times_ms: list[float] = []
    try:
        with path.open("wb") as file:
            for _ in range(FSYNC_ROUNDS):
                file.write(bytes(4096))
                file.flush()
                began_s = clock.monotonic_s()
                os.fsync(file.fileno())
                times_ms.append((clock.monotonic_s() - began_s) * 1000)
    except OSError as error:
        return Finding(
            "fsync",
            "wrong",
            f"a file in {folder} cannot be made durable: {error.strerror}",
            "Check the disk and the rights of the folder",
        )
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
    median_ms = sorted(times_ms)[FSYNC_ROUNDS // 2]
    if median_ms > FSYNC_SLOW_MS:
        return Finding(
            "fsync",
            "look",
            f"{median_ms:.1f} ms: every acknowledgement waits at least so long",
            "Put the folder on a faster disk",
        )
    return Finding("fsync", "ok", f"{median_ms:.2f} ms")


def _files(connections_max: int) -> Finding:
    import resource

    from tocsin.process import SPARE_FILES

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections_max + SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return Finding(
            "open files",
            "wrong",
            f"this user may open {hard}, {connections_max} connections want {wanted}",
            "Raise the limit (LimitNOFILE= of the service), or lower connections_max of receivers.dc09 or web",
        )
    return Finding("open files", "ok", f"room for {connections_max} connections")


def _clock() -> Finding:
    from tocsin.system import SystemClock

    if SystemClock().now_us() < YEAR_2026_US:
        return Finding(
            "clock", "wrong", "the machine's clock is years behind", "Set it: panels take the time from our answers"
        )
    if sys.platform == "linux" and _kernel_clock_state() == _TIME_ERROR:
        return Finding(
            "clock",
            "look",
            "the kernel does not count its clock as synchronised",
            "Run an NTP service (chrony, systemd-timesyncd): encrypted panels are refused by a wrong clock",
        )
    return Finding("clock", "ok", "set")


def _kernel_clock_state() -> int:
    """What adjtimex(2) returns when asked for nothing: 5 means unsynchronised."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))
    except (OSError, AttributeError):
        return 0


def _secret_files(folder: Path, master_key: Path) -> Iterator[Finding]:
    from tocsin.centre.folder import KEYS

    for path in (master_key, folder / KEYS):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding("keys", "wrong", f"{path} can be read by others", f"chmod 600 {path}")


def _replaced(folder: Path) -> Iterator[Finding]:
    from tocsin.centre.folder import replaced_with_keys

    for path in replaced_with_keys(folder):
        yield Finding(
            "erasure",
            "look",
            f"{path} has a centre that was restored over, with its keys: what was erased since can be read there",
            f"When nobody needs it any more: rm -r {shlex.quote(str(path))}. No erasure is complete before",
        )


def _lock(folder: Path) -> tuple[bool, Finding]:
    from tocsin.centre.control import RemoteCentre
    from tocsin.centre.folder import CONTROL, FolderLock
    from tocsin.model.errors import Conflict

    lock = FolderLock(folder, passing=True)
    try:
        lock.acquire()
    except Conflict:
        try:
            accounts = len(RemoteCentre(folder / CONTROL).accounts())
        except TocsinError as error:
            return True, Finding("centre", "wrong", error.message, "Look at its log, or start it again")
        return True, Finding("centre", "ok", f"running, {accounts} accounts, answers on its control socket")
    except TocsinError as error:
        return True, Finding("folder", "wrong", error.message, "Give the folder to this user")
    lock.release()
    return False, Finding("centre", "ok", "not running")


def _ports(settings) -> Iterator[Finding]:
    from tocsin.intake.listening import bind

    wanted: list[tuple[str, str, socket.SocketKind]] = [("web.listen", settings.web.listen, socket.SOCK_STREAM)]
    for address in settings.receivers.dc09.listen:
        wanted += [("receivers.dc09.listen", address, socket.SOCK_STREAM)]
        wanted += [("receivers.dc09.listen", address, socket.SOCK_DGRAM)]
    wanted += [("receivers.dc09.tls.listen", a, socket.SOCK_STREAM) for a in settings.receivers.dc09.tls.listen]
    for setting, address, kind in wanted:
        protocol = "UDP" if kind is socket.SOCK_DGRAM else "TCP"
        try:
            bind(address, kind, setting).close()
        except TocsinError as error:
            yield Finding("port", "wrong", error.message, "End the program that has it, or set another")
        else:
            yield Finding("port", "ok", f"{address} {protocol} is free")


def _tls(settings) -> Iterator[Finding]:
    """The TLS receiver's files, and how long its certificate is valid."""
    tls = settings.receivers.dc09.tls
    if not tls.listen:
        return
    from tocsin.intake.dc09.listeners import tls_context

    try:
        tls_context(settings)
    except TocsinError as error:
        yield Finding("TLS", "wrong", error.message, "Name the receiver's own certificate and key, both PEM")
        return
    yield validity("TLS", settings.folder / tls.certificate)


def _https(settings) -> Iterator[Finding]:
    """The console's files, how long its certificate is valid, and whether others come in without encryption."""
    import ipaddress

    from tocsin.settings import split_address
    from tocsin.web.server import web_context

    web = settings.web
    if web.certificate is None:
        host = split_address(web.listen)[0]
        with contextlib.suppress(ValueError):
            host = "localhost" if ipaddress.ip_address(host).is_loopback else host
        if host != "localhost" and not (web.public_url or "").startswith("https://"):
            yield Finding(
                "HTTPS",
                "look",
                "other machines reach the console without encryption: what they send and see can be read on the way",
                "Set web.certificate and web.key; or let a proxy speak HTTPS, and set web.public_url",
            )
        return
    try:
        web_context(settings)
    except TocsinError as error:
        yield Finding("HTTPS", "wrong", error.message, "Name the centre's own certificate and key, both PEM")
        return
    yield validity("HTTPS", settings.folder / web.certificate)


def _account_keys(opened) -> Iterator[Finding]:
    from tocsin.model.errors import KeyMissing

    lost: list[str] = []
    for account in opened.store.accounts():
        try:
            if account.row.key is not None:
                opened.vault.secret_get(account.row.key.name)
        except KeyMissing:
            lost.append(account.row.account)
    if lost:
        shown = ", ".join(lost[:LOST_SHOWN_MAX]) + (" ..." if len(lost) > LOST_SHOWN_MAX else "")
        yield Finding(
            "keys",
            "wrong",
            f"the keys of {len(lost)} accounts are not in keys.db, so all their frames are refused: {shown}",
            "Put the newest keys.db back, or import these accounts again with their keys",
        )


def _telephone(settings) -> Iterator[Finding]:
    from tocsin.cli.doctor_telephone import look_at_telephone

    yield from look_at_telephone(settings.folder, settings.telephone)


def _keys_and_journal(folder: Path, settings, *, deep: bool) -> Iterator[Finding]:
    from tocsin.cli.doctor_telephone import look_at_desks
    from tocsin.cli.folder import held_folder
    from tocsin.system import SystemClock

    try:
        with held_folder(folder) as opened:
            yield Finding("keys", "ok", "the master key opens keys.db")
            yield from _account_keys(opened)
            yield from look_at_desks(settings.telephone, opened.store)
            head = opened.store.head()
            yield Finding("journal", "ok", f"{head.seq} entries, its tail is whole")
            if head.at > SystemClock().now_us() + BEHIND_MAX_US:
                yield Finding(
                    "clock",
                    "look",
                    "the machine's clock is behind the journal's last entry",
                    "Set the clock: until it has caught up, entries keep the time of the last one",
                )
            if deep:
                wrong = opened.store.check()
                yield (
                    Finding("database", "wrong", wrong[0], "Keep this folder as it is, and restore a backup")
                    if wrong
                    else Finding("database", "ok", "looked through, sound")
                )
    except TocsinError as error:
        yield Finding("journal", "wrong", error.message, "")


def _ways_in(settings) -> Iterator[Finding]:
    """The broker and the mail, with the sources that are set up."""
    from tocsin.cli.folder import held_folder

    with contextlib.suppress(TocsinError), held_folder(settings.folder) as opened:  # said above, where it is wrong
        sources = opened.store.sources()

        def lost() -> list[str]:
            names = {one.id: one.row.secret for one in sources if one.row.mail is not None}
            known = opened.vault.secrets_get([name for name in names.values() if name is not None])
            return [id_ for id_, name in names.items() if name not in known]

        yield from ways_in(settings, sources, lost)


def _show(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(finding).decode(), flush=True)
        return
    print(f"{finding.state:5}  {finding.what:10}  {finding.found}", flush=True)
    if finding.remedy:
        print(f"{'':5}  {'':10}  -> {finding.remedy}", flush=True)
