"""A help note about somebody missing in a real process that is killed: it is said once, and not forgotten."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.findings import projection_findings
from support.journal_reader import read_journal
from support.look_again import make_search
from support.room import Person, Room
from support.server import Server, wait_for

pytestmark = pytest.mark.slow


def due(folder: Path, *, is_running: bool = False) -> list[int]:
    """How late each was that fell due, in seconds."""
    found = [entry for entry in read_journal(folder, is_running=is_running) if entry.kind == "incident.look_again"]
    return [entry.body["late_s"] for entry in found if entry.body["reason"] == "due"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_search(tmp_path / "centre", hours_ago=13)
    return tmp_path / "centre"


def test_killed_and_started_again_it_is_said_once_and_confirmed_over_a_kill(
    serve: Callable[..., Server], folder: Path
) -> None:
    server = serve()
    server.start()
    server.kill()  # before it could look at its timers
    with server:
        wait_for(lambda: due(folder, is_running=True), 20, "it is said")
        server.kill()
    with server:
        ana: Person = Room(server).person("Ana")
        (row,) = ana.open_incidents()
        assert row["look_again_due"]
        reply = ana.act(row["id"], "help-note/confirm", version=1)
        assert reply.status == 200
        server.kill()
    with server:
        (again,) = Room(server).person("Bo").open_incidents()
        assert (again["look_again_due"], again["look_again_at"]) == (
            False,
            reply.json["incident"]["look_again_at"],
        )
        assert server.stop() == 0
    (late_s,) = due(folder)
    assert 3600 <= late_s < 3600 + 120
    assert projection_findings(folder) == []
