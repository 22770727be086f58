"""`tocsin frame` and `tocsin panel` run without POSIX: no uvloop, no package of SQLite, no fcntl, no resource."""

import socket
import subprocess
import sys

import pytest

BLOCKED = """
import sys
for name in ("fcntl", "resource", "uvloop", "pysqlite3", "pwd", "grp", "termios"):
    sys.modules[name] = None
from tocsin.cli import main
sys.exit(main(sys.argv[1:]))
"""
FRAME = '86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027'


def run(*words, **options):
    return subprocess.run(
        [sys.executable, "-c", BLOCKED, *words], capture_output=True, timeout=30, check=False, **options
    )


def test_the_frame_doctor_explains_without_posix():
    done = run("frame", FRAME)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"FA" in done.stdout


def test_the_frame_doctor_s_lines_come_without_posix():
    done = run("frame", "--jsonl", input=b'{"id": "1", "raw": "0A", "now": null, "accounts": null, "key": null}\n')
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)


def test_the_panel_simulator_sends_without_posix(free_port):
    done = run(
        "panel",
        "send",
        "--host",
        "127.0.0.1",
        "--port",
        str(free_port),
        "--account",
        "5512",
        "--code",
        "BA",
        "--tries",
        "1",
        "--wait",
        "0.1",
        "--retry",
        "0.05",
        "--json",
    )
    assert done.returncode == 1, done.stderr
    assert b'"never"' in done.stdout, "nobody listens there, and it says so"


@pytest.mark.parametrize("words", [("--help",), ("panel", "--help"), ("frame", "--help"), ("--version",)])
def test_help_comes_without_posix(words):
    assert run(*words).returncode == 0


@pytest.fixture
def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
