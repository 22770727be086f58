"""What a test starts by a fork is what it would start anew: a process of its own, with what it was given."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import tocsin
from support import zygote
from support.centres import make_folder
from support.server import Server, environment, run_tocsin
from tocsin.cli import COMMANDS

pytestmark = [pytest.mark.slow, pytest.mark.requires("linux")]

HELP = ["journal", "--help"]


def is_fork(process: "subprocess.Popen[str]") -> bool:
    """Its command line is still that of the process that it was forked from."""
    return b"zygote.py" in Path(f"/proc/{process.pid}/cmdline").read_bytes()


def imported_by(*words: str | Path) -> frozenset[str]:
    """The modules that a command imports when it is started anew."""
    command = [sys.executable, "-X", "importtime", "-m", "tocsin", *map(str, words)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    return frozenset(line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "import time:" in line)


def test_output_errors_and_status_are_those_of_a_new_interpreter():
    for words in (HELP, ["--version"], ["nix"], ["link"], []):
        forked = run_tocsin(*words)
        anew = subprocess.run(
            [sys.executable, "-m", "tocsin", *words], env=environment(), capture_output=True, text=True, check=False
        )
        assert forked == (anew.returncode, anew.stdout, anew.stderr)


def test_serve_is_a_child_of_its_own_that_can_be_ended_and_killed(tmp_path):
    server = Server(make_folder(tmp_path / "centre").folder)
    with server:
        assert is_fork(server._process)
        assert os.waitpid(server.pid, os.WNOHANG) == (0, 0), "it is our child"
        assert Path(f"/proc/{server.pid}/cwd").readlink() == Path.cwd()
        assert server.stop() == 0
    with server:
        assert server.kill() == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_folder_environment_limits_session_and_input_are_those_that_were_given(tmp_path):
    read, write = os.pipe()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (333, hard))
    before = os.umask(0o027)
    try:
        process = zygote.start(
            ["frame", "--jsonl"], cwd=tmp_path, env={**environment(), "TZ": "Asia/Tokyo"}, start_new_session=True,
            stdin=subprocess.PIPE, stdout=write, text=True,
        )  # fmt: skip
    finally:
        os.umask(before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    os.close(write)
    with process, os.fdopen(read) as output:
        assert is_fork(process)
        status = Path(f"/proc/{process.pid}/status").read_text()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert "Umask:\t0027" in status
        assert [line.split()[3] for line in limits.splitlines() if line.startswith("Max open files")] == ["333"]
        assert Path(f"/proc/{process.pid}/cwd").readlink() == tmp_path
        assert os.getsid(process.pid) == process.pid
        assert sorted(os.listdir(f"/proc/{process.pid}/fd")) == ["0", "1", "2"]
        assert process.stdin is not None
        process.stdin.write('{"frame": "x"}\n')
        process.stdin.close()
        assert output.readline() != ""
    assert process.returncode == 0


def test_settings_of_another_centre_do_not_reach_a_fork(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "centre").folder
    run_tocsin("doctor", "--dir", folder, env={"TOCSIN_CENTRE__NAME": "Elsewhere"})
    monkeypatch.setenv("TOCSIN_NO_SUCH_SETTING", "1")
    with Server(folder, {"TOCSIN_CENTRE__NAME": "Harbour"}) as server:
        assert server.get("/readyz").status == 200


def test_variables_that_are_read_at_the_start_start_a_new_interpreter(monkeypatch):
    for name in ("LD_PRELOAD", "MALLOC_ARENA_MAX", "MUTANT", "PYTHONHASHSEED", "PYTHONPATH"):
        assert not zygote.can_fork(HELP, {"env": {**environment(), name: "x"}}), name
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    assert not zygote.can_fork(HELP, {}), "the zygote does not know it"


def test_options_and_commands_that_a_fork_cannot_carry_out_start_a_new_interpreter():
    given = {"env": environment(), "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    assert zygote.can_fork(HELP, given)
    assert not zygote.can_fork(HELP, {**given, "preexec_fn": print})
    assert not zygote.can_fork(HELP, {**given, "pass_fds": [9]})
    assert not zygote.can_fork(["simulate-centre"], given)
    assert not zygote.can_fork([], given)


@pytest.mark.afresh
def test_test_that_is_marked_afresh_forks_nothing():
    with zygote.start(["frame", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert not is_fork(process)


def test_serve_is_forked_with_no_module_that_it_would_not_have_imported(tmp_path):
    """So a module that relies on another's import is found as before."""
    folder = make_folder(tmp_path / "centre").folder
    with Server(folder, program=(sys.executable, "-X", "importtime", "-m", "tocsin")) as server:
        server.stop()
        lines = [line for line in server.errors.splitlines() if line.startswith("import time:")]
    imported = {line.rpartition("|")[2].strip() for line in lines}
    prepared = zygote.zygote("serve").modules()
    assert {"tocsin.app", "litestar.app"} <= prepared
    assert {name for name in prepared - imported if name.startswith("tocsin.")} == set()
    packages = {name.partition(".")[0] for name in imported}
    known = packages | sys.stdlib_module_names | {"__main__"}
    assert {name for name in prepared if name.partition(".")[0] not in known} == set()


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - zygote.PREPARED.keys() - zygote.ANEW))
def test_command_needs_no_import_of_another(name):
    """A fork has the imports of all commands. Each tells its help with its own alone."""
    assert "tocsin.cli" in imported_by(name, "--help")


def test_version_is_said_by_a_fork_of_this_tree():
    assert run_tocsin("--version").output == f"tocsin {tocsin.__version__}\n"
