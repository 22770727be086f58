"""Starting, ending, and every reason not to start: a clear sentence on stderr, the right status, nothing changed."""

import asyncio
import contextlib
import ctypes
import hashlib
import os
import random
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.bad_disk import WAL, BadDisk
from support.findings import journal_findings
from support.journal_reader import read_journal, signals
from support.journeys import settle, talk_and_kill
from support.panels import KEYED, PLAIN, Ledger, Way, alarm, deliver, linked, mixed_fleet
from support.server import Run, Server, run_tocsin, wait_for

pytestmark = [pytest.mark.afresh, pytest.mark.slow]

Serve = Callable[..., Server]
DONE, FAILED = 0, 1
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


def state_of(folder: Path) -> dict[str, str]:
    """Every file with its bytes' hash, but for the lock and SQLite's index, which say nothing about the centre."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.is_file() and file.name not in ("lock", "reserve") and not file.name.endswith("-shm")
    }


def refused(folder: Path, *, env: dict[str, str] | None = None) -> Run:
    """Try to serve where that is refused; what is in the folder is the same afterwards."""
    before = state_of(folder)
    done = run_tocsin("serve", "--dir", folder, env=env)
    assert state_of(folder) == before
    assert done.output == ""
    assert done.errors.count("\n") == 1, done.errors
    assert "Traceback" not in done.errors
    return done


@contextlib.contextmanager
def changed(file: Path, data: bytes) -> Iterator[None]:
    """A file with other bytes for a moment."""
    before = file.read_bytes()
    file.write_bytes(data)
    try:
        yield
    finally:
        file.write_bytes(before)


# Ending --------------------------------------------------------------------------------------------------------------


def test_sigterm_under_load_ends_with_all_that_was_acknowledged_stored(serve: Serve) -> None:
    server = serve()
    ledger = Ledger()
    panels = mixed_fleet(ledger, random.Random(0))
    with server:
        talk_and_kill(server, panels, 0.4, lambda: (server.terminate(), server.wait_exit()))
        assert server.status == DONE
    entries = read_journal(server.folder)
    assert journal_findings(server.folder, entries, ledger) == []
    assert entries[-1].kind == "centre.stopped"
    with server:
        settle(server, panels)
        assert server.stop() == DONE
    assert journal_findings(server.folder, read_journal(server.folder), ledger) == []


@pytest.mark.requires("cc")
@pytest.mark.parametrize("way", ["tcp", "udp"])
def test_what_was_taken_before_sigterm_is_answered_before_the_end(serve: Serve, disk: BadDisk, way: Way) -> None:
    """The fsync takes seconds; SIGTERM comes while it runs."""
    server = serve(disk.environment)
    messages = [alarm(account, 1) for account in (PLAIN[0], KEYED[0], KEYED[1])]

    async def send_and_end() -> list[str]:
        async with contextlib.AsyncExitStack() as stack:
            links = [await stack.enter_async_context(linked(way, server.dc09)) for _ in messages]
            for link, message in zip(links, messages, strict=True):
                await link.send(message.frame())
            await asyncio.to_thread(
                wait_for, lambda: server.metric("tocsin_signals_waiting") > 0, 20, "a waiting signal"
            )
            server.terminate()
            disk.heal()  # from the next fsync on
            answers: list[str] = []
            for link, message in zip(links, messages, strict=True):
                try:
                    async with asyncio.timeout(20):
                        answers.append((await link.answer(message)).kind)
                except (OSError, TimeoutError) as error:
                    answers.append(type(error).__name__)
            return answers

    with server:
        disk.slow(WAL, 2_000)
        answers = asyncio.run(send_and_end())
        assert server.wait_exit() == DONE
    stored = {entry.name for entry in signals(read_journal(server.folder))}
    assert (answers, stored) == (["ACK"] * 3, {message.name for message in messages})


def test_a_process_that_is_told_to_end_while_it_starts_ends_in_order(serve: Serve) -> None:
    server = serve().start()
    wait_for(lambda: (server.folder / "control.sock").exists(), 60, "the control socket")
    server.terminate()
    assert server.wait_exit() in (DONE, -15)
    with server:
        assert server.stop() == DONE


# Not starting --------------------------------------------------------------------------------------------------------


def test_a_second_process_on_the_same_folder_is_refused_and_told_who_has_it(serve: Serve) -> None:
    with serve() as server:
        done = run_tocsin("serve", "--dir", server.folder)
        assert (done.status, done.output) == (FAILED, "")
        assert f"in use by process {server.pid}" in done.errors
        assert "[folder.in_use]" in done.errors
        assert asyncio.run(deliver(alarm(PLAIN[0], 1), "tcp", server.dc09, Ledger())).kind == "ACK"


def test_a_folder_that_cannot_be_written_is_refused(folder: Path) -> None:
    with _not_writable(folder) as options:
        done = run_tocsin("serve", "--dir", folder, **options)
    assert done.status == FAILED
    assert f"{folder} cannot be written: permission denied" in done.errors
    assert "[folder.not_writable]" in done.errors


@contextlib.contextmanager
def _not_writable(folder: Path) -> Iterator[dict[str, Callable[[], object]]]:
    """The folder without the right to write. Root has every right, so it gives up the one to pass over rights."""
    folder.chmod(0o555)
    lock = folder / "lock"
    lock.chmod(0o444)
    libc = ctypes.CDLL(None)
    yield {"preexec_fn": lambda: libc.prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)} if os.getuid() == 0 else {}
    folder.chmod(0o755)


def test_no_centre_in_the_folder_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        done = run_tocsin("serve", "--dir", folder)
        assert done.status == FAILED
        assert "tocsin init" in done.errors
        assert "Traceback" not in done.errors


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM], ids=["tcp", "udp"])
def test_a_port_in_use_is_refused(folder: Path, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run_tocsin("serve", "--dir", folder, env={"TOCSIN_RECEIVERS__DC09__LISTEN": f'["{address}"]'})
    assert done.status == FAILED
    assert address in done.errors
    assert "[settings.port]" in done.errors
    with Server(folder) as server:
        assert server.stop() == DONE


def test_the_web_port_in_use_is_refused(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run_tocsin("serve", "--dir", folder, env={"TOCSIN_WEB__LISTEN": address})
    assert done.status == FAILED
    assert f"web.listen = '{address}'" in done.errors


def test_a_misspelt_setting_is_refused_and_the_right_one_named(folder: Path) -> None:
    settings = folder / "tocsin.toml"
    with changed(settings, settings.read_bytes() + b"first_frame = 5\n"):
        done = refused(folder)
    assert done.status == FAILED
    assert "first_frame_s" in done.errors
    done = refused(folder, env={"TOCSIN_RECEIVERS__DC09__QUEU_MAX": "5"})
    assert "queue_max" in done.errors.lower()


def test_a_database_of_a_newer_version_is_refused(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / "tocsin.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    done = refused(folder)
    assert done.status == FAILED
    assert "newer Tocsin" in done.errors
    assert "[store.newer]" in done.errors


def test_keys_of_a_newer_version_are_refused(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / "keys.db")) as database:
        database.execute("PRAGMA user_version = 99")
    done = refused(folder)
    assert (done.status, "[keys.newer]" in done.errors) == (FAILED, True)


def test_a_wrong_or_missing_master_key_is_refused(folder: Path) -> None:
    key = folder / "master.key"
    for data, code in ((b"ab" * 32, "keys.master_wrong"), (b"not a key", "keys.master_form")):
        with changed(key, data):
            done = refused(folder)
        assert done.status != DONE
        assert f"[{code}]" in done.errors
        assert data.decode() not in done.errors
    kept = key.rename(folder.parent / "master.key")
    done = refused(folder)
    assert (done.status, "[keys.master_missing]" in done.errors) == (FAILED, True)
    shutil.move(kept, key)
    key.chmod(0o644)
    done = refused(folder)
    assert "[keys.readable]" in done.errors
    key.chmod(0o600)
    with Server(folder) as server:
        assert server.stop() == DONE


@pytest.mark.parametrize(("name", "code"), [("keys.db", "keys.missing"), ("tocsin.db", "store.missing")])
def test_half_a_centre_is_refused_and_nobody_is_told_to_make_a_new_one(folder: Path, name: str, code: str) -> None:
    (folder / name).rename(folder.parent / name)
    done = refused(folder)
    assert done.status == FAILED
    assert f"[{code}]" in done.errors
    assert "init" not in done.errors
    assert not (folder / name).exists()


@pytest.mark.parametrize("data", [b"no database at all" * 100, b"SQLite format 3\0" + bytes(8000)])
def test_a_damaged_database_is_refused(folder: Path, data: bytes) -> None:
    (folder / "tocsin.db").write_bytes(data)
    done = refused(folder)
    assert done.status == FAILED
    assert "backup" in done.errors.lower() or "check the disk" in done.errors.lower()


def test_an_older_copy_of_the_database_is_refused_and_its_loss_can_be_put_on_record(serve: Serve) -> None:
    server = serve()
    shutil.copyfile(server.folder / "tocsin.db", server.folder.parent / "old.db")
    with server:
        asyncio.run(deliver(alarm(PLAIN[0], 1), "tcp", server.dc09, Ledger()))
        assert server.stop() == DONE
    shutil.copyfile(server.folder.parent / "old.db", server.folder / "tocsin.db")
    done = refused(server.folder)
    assert (done.status, "[journal.lost_tail]" in done.errors) == (FAILED, True)
    with Server(server.folder, arguments=["--accept-lost-tail"]) as accepting:
        assert accepting.stop() == DONE
    notices = [entry.body for entry in read_journal(server.folder) if entry.kind == "centre.noticed"]
    assert [notice["notice"] for notice in notices] == ["tail_lost"]
    with server:
        assert server.stop() == DONE


def test_it_is_ready_within_a_few_seconds(serve: Serve) -> None:
    began = time.monotonic()
    with serve() as server:
        assert time.monotonic() - began < 30, "the target is 2 s; a busy machine gets more"
        assert server.get("/healthz").status == 200
