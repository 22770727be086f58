"""`tocsin serve` as a process."""

import json
import signal
import socket
import subprocess
import sys

import pytest

from support.centres import KEYED_CSV, held, make_folder, rows
from support.in_process import frame, receive
from support.server import Server, environment
from tocsin.cli import main
from tocsin.journal.heads import read_heads
from tocsin.journal.notes import Note

pytestmark = [pytest.mark.afresh, pytest.mark.slow]


@pytest.fixture
def folder(tmp_path):
    settings = make_folder(tmp_path / "centre")
    with held(settings) as centre:
        centre.add(KEYED_CSV)
    return settings.folder


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_signal_to_end_is_exit_0_and_the_end_is_the_last_fact_and_signed(folder, number):
    with Server(folder) as server, socket.create_connection(server.dc09, 10) as panel:
        panel.sendall(frame("1", 1))
        assert receive(panel, 1, None) == ["ACK"]
        assert server.get("/healthz") == (200, "ok\n")
        server._signal(number)
        assert server.wait_exit() == 0
        assert panel.recv(10) == b""
    kinds = [kind for (kind,) in rows(folder / "tocsin.db", "SELECT kind FROM journal ORDER BY seq")]
    assert kinds[-5:] == ["centre.started", "signal", "incident.opened", "timer.set", "centre.stopped"]
    newest = [item for item in read_heads(folder / "heads.txt") if isinstance(item, Note)][-1]
    assert newest.size == len(kinds)
    assert not (folder / "control.sock").exists()


def test_service_manager_hears_that_it_serves_that_it_lives_and_that_it_ends(folder, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        with Server(folder, {"NOTIFY_SOCKET": str(tmp_path / "notify")}) as server:
            heard = [manager.recv(100) for _ in range(4)]
            assert set(heard) == {b"READY=1", b"WATCHDOG=1"}
            server.stop()
        while heard[-1] != b"STOPPING=1":
            heard.append(manager.recv(100))


def test_log_is_json_lines_that_name_no_address(folder):
    with Server(folder) as server:
        with socket.create_connection(server.dc09, 10) as panel:
            panel.sendall(frame("1", 1) + frame("2", 1))
            assert receive(panel, 1, None) == ["ACK"]
        server.stop()
        lines = [json.loads(line) for line in server.errors.splitlines()]
    events = [line["event"] for line in lines]
    assert [event for event in events if event.startswith("centre.")] == ["centre.ready", "centre.stopped"]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    assert "127.0.0.1" not in server.errors


def test_two_addresses_and_tls_are_said_on_standard_output(folder):
    (folder / "tocsin.toml").write_text(
        '[web]\nlisten = "127.0.0.1:0"\n[receivers.dc09]\nlisten = ["127.0.0.1:0", "127.0.0.1:0"]\n'
    )
    with Server(folder) as server:
        out = server._file("out").read_text().splitlines()
        server.stop()
    assert [line.split(":")[0] for line in out] == [
        "DC-09 on 127.0.0.1",
        "DC-09 on 127.0.0.1",
        "Console on http",
        "Ready",
    ]


# Refused before anything starts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (
            "receiver",
            "On SQLite one process runs all parts: the file has one writer. Nothing was started. Leave --roles out",
        ),
        ("", "On SQLite one process runs all parts: the file has one writer. Nothing was started. Leave --roles out"),
        ("receiver,coffee", "There is no part 'coffee'. Parts are receiver, core and web"),
    ],
)
def test_parts_that_cannot_run_alone_are_refused(folder, capsys, roles, message):
    assert main(["serve", "--dir", str(folder), "--roles", roles]) == 2
    assert capsys.readouterr() == ("", f"{message} [usage.roles]\n")


def test_log_level_that_is_none_is_refused(folder, capsys):
    assert main(["serve", "--dir", str(folder), "--log-level", "loud"]) == 2
    assert capsys.readouterr().err == "'loud' is no log level: debug, info, warning or error [usage.log_level]\n"


def serve_once(folder, **options):
    """A serve that does not begin: status and what it said."""
    command = [sys.executable, "-m", "tocsin", "serve", "--dir", str(folder), "--log-level", "error"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False, env=environment(), **options
    )
    return done.returncode, done.stdout, done.stderr


def test_port_in_use_is_one_sentence_and_the_folder_is_free_again(folder):
    with socket.socket() as blocker:
        blocker.bind(("127.0.0.1", 0))
        blocker.listen()
        address = f"127.0.0.1:{blocker.getsockname()[1]}"
        (folder / "tocsin.toml").write_text(
            f'[web]\nlisten = "127.0.0.1:0"\n[receivers.dc09]\nlisten = ["{address}"]\n'
        )
        assert serve_once(folder) == (
            1,
            "",
            f"receivers.dc09.listen = '{address}' cannot be opened: Address already in use. Nothing was started. End "
            "the program that has the port (perhaps another centre), or set another port [settings.port]\n",
        )
    (folder / "tocsin.toml").write_text('[web]\nlisten = "127.0.0.1:0"\n[receivers.dc09]\nlisten = []\n')
    with Server(folder) as server:
        assert server.stop() == 0


def test_lost_tail_is_refused_without_the_word_and_goes_on_with_it(folder):
    kept = (folder / "tocsin.db").read_bytes()
    with Server(folder) as server:
        server.stop()
    (folder / "tocsin.db").write_bytes(kept)
    status, out, err = serve_once(folder)
    assert (status, out) == (1, "")
    assert err.endswith("keeps that loss on record [journal.lost_tail]\n")
    with Server(folder, arguments=["--accept-lost-tail"]) as server:
        assert server.get("/readyz").status == 200
        assert server.stop() == 0
    bodies = [json.loads(entry)["body"] for (entry,) in rows(folder / "tocsin.db", "SELECT entry FROM journal")]
    assert [body["notice"] for body in bodies if "notice" in body] == ["tail_lost"]
    assert bodies[-1] == {"epoch": 2}


def test_help_has_an_example(capsys):
    assert main(["serve", "--help"]) == 0
    assert "Example: tocsin serve --dir /srv/centre" in capsys.readouterr().out
