"""A backup of a centre at work, and the centre that is made from it: real processes, real panels."""

import asyncio
import json
import random
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from support.findings import journal_findings, projection_findings
from support.journal_reader import read_journal, signals
from support.journeys import settle, talk_and_kill
from support.panels import PLAIN, Ledger, alarm, deliver, mixed_fleet
from support.server import Run, Server, run_tocsin, wait_for

pytestmark = pytest.mark.slow
HELD_MAX_MS = 10_000
"""A panel repeats what was not acknowledged after about so long. A few milliseconds are usual (docs/reference/backup.md
has what was measured); a busy machine may hold the writer up itself."""


def restored(folder: Path, file: Path, new: Path) -> Run:
    new.mkdir()
    shutil.copy(folder / "master.key", new / "master.key")
    return run_tocsin("restore", file, new)


def test_backup_of_a_centre_at_work_holds_all_that_was_acknowledged_before_it_and_keeps_nobody_waiting(
    serve: Callable[..., Server], folder: Path, tmp_path: Path
) -> None:
    ledger = Ledger()
    panels = mixed_fleet(ledger, random.Random(4))
    made: list[Run] = []
    file = tmp_path / "one.tocsin"
    with serve() as server:
        talk_and_kill(server, panels, 0.5, lambda: None)
        before = set(ledger.acknowledged)

        def back_up() -> None:
            made.append(run_tocsin("backup", folder, file, "--keep-days", "30", "--json"))

        talk_and_kill(server, panels, 0.0, back_up)
        settle(server, panels)
        assert server.stop() == 0
    assert made[0].status == 0, made[0].errors
    told = json.loads(made[0].output)
    assert told["writer_held_ms"] < HELD_MAX_MS
    assert journal_findings(folder, read_journal(folder), ledger) == [], "the centre itself missed nothing"
    done = restored(folder, file, tmp_path / "new")
    assert done.status == 0, done.errors
    entries = read_journal(tmp_path / "new")
    assert before <= {entry.name for entry in signals(entries)}
    with Server(tmp_path / "new") as server:  # what was stored and not decided on yet is decided on now
        wait_for(lambda: "tocsin_core_waiting 0.0" in server.get("/metrics").text, 60, "the core has caught up")
        assert server.stop() == 0
    assert projection_findings(tmp_path / "new") == []
    print(json.dumps(told))


def test_restored_centre_serves_says_that_it_was_restored_and_lets_no_old_session_in(
    serve: Callable[..., Server], folder: Path, tmp_path: Path
) -> None:
    with serve() as server:
        asyncio.run(deliver(alarm(PLAIN[0], 1), "tcp", server.dc09, Ledger()))
        link = run_tocsin("link", "Ana Horvat", "--dir", folder, "--json")
        assert run_tocsin("backup", folder, tmp_path / "one").status == 0
        asyncio.run(deliver(alarm(PLAIN[0], 2), "tcp", server.dc09, Ledger()))
        server.stop()
    assert restored(folder, tmp_path / "one", tmp_path / "new").status == 0
    with Server(tmp_path / "new") as server:
        wait_for(lambda: "tocsin_core_waiting 0.0" in server.get("/metrics").text, 60, "the core has caught up")
        assert server.get(json.loads(link.output)["path"]).status in (400, 410), "a link of the past opens nothing"
        # The very message that came after the backup is a signal to this centre, and not a repeat.
        asyncio.run(deliver(alarm(PLAIN[0], 2), "tcp", server.dc09, Ledger()))
        assert server.stop() == 0
    entries = read_journal(tmp_path / "new")
    kinds = [entry.kind for entry in entries]
    assert kinds.count("centre.restored") == 1
    epochs = [entry.body["epoch"] for entry in entries if entry.kind == "centre.started"]
    assert epochs[-1] > epochs[0]
    opened = [entry.body["reason"] for entry in entries if entry.kind == "incident.opened"]
    assert "notice_restored" in opened, "somebody is told on the screen"
    assert len(signals(entries)) == 2


def test_centre_that_is_killed_while_it_is_backed_up_starts_again_and_can_be_backed_up(
    serve: Callable[..., Server], folder: Path, tmp_path: Path
) -> None:
    with serve() as server:
        runs: list[Run] = []
        backing = threading.Thread(target=lambda: runs.append(run_tocsin("backup", folder, tmp_path / "one")))
        backing.start()
        wait_for(lambda: (folder / "backup-copy").exists() or not backing.is_alive(), 60, "the backup has begun")
        server.kill()
        backing.join()
    (folder / "backup-copy").mkdir(exist_ok=True)
    (folder / "backup-copy" / "tocsin.db").write_bytes(b"half a copy")
    with serve() as server:
        assert run_tocsin("backup", folder, tmp_path / "two").status == 0
        server.stop()
    assert not (folder / "backup-copy").exists()
    assert {path.name for path in tmp_path.iterdir() if ".part" in path.name} == set()
    assert restored(folder, tmp_path / "two", tmp_path / "new").status == 0
