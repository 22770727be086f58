"""The command `tocsin` itself: help, version, statuses, and how errors are said."""

import importlib
import os
import subprocess
import sys

import pytest
import typer
from typer.main import get_command

import tocsin
from tocsin.cli import COMMANDS, Command, main


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]])
def test_help_lists_every_command(words, capsys):
    assert main(words) == 0
    out = capsys.readouterr().out
    width = max(map(len, COMMANDS))
    for name, command in COMMANDS.items():
        assert f"  {name:{width}}  {command.summary}\n" in out
    assert "tocsin demo" in out


def test_no_command_shows_the_help_as_wrong_use(capsys):
    assert main([]) == 2
    assert "Commands:" in capsys.readouterr().out


def test_version_is_the_packages(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tocsin {tocsin.__version__}\n"


def test_misspelt_command_names_the_nearest(capsys):
    assert main(["frmae"]) == 2
    assert capsys.readouterr().err == "There is no command 'frmae'; did you mean `tocsin frame`?\n"
    assert main(["zzz"]) == 2
    assert "`tocsin --help` lists the commands" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_its_help_is_the_one_in_the_list(name, capsys):
    entry = COMMANDS[name]
    target = getattr(importlib.import_module(entry.module), entry.attribute)
    if isinstance(target, typer.Typer):
        summary = (get_command(target).help or "").strip().splitlines()[0]
    else:
        summary = (target.__doc__ or "").strip().splitlines()[0]
    assert summary.startswith(entry.summary)
    assert main([name, "--help"]) == 0
    assert "Example" in capsys.readouterr().out or isinstance(target, typer.Typer)


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Offer a command of a module of our own, as the table does with the real ones."""

    def offer(body: str) -> str:
        name = f"a_command_{abs(hash(body))}"
        (tmp_path / f"{name}.py").write_text(body)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setitem(COMMANDS, "probe", Command(name, "probe", "A probe."))
        return "probe"

    return offer


RAISING = """
from tocsin.model.errors import BadInput, Conflict, DiskFault
import typer
def probe(fail: str = ""):
    '''A probe.'''
    if fail:
        raise eval(fail)
    print("done")
"""


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        ("", 0, ""),
        ("typer.Exit(3)", 3, ""),
        ("BadInput('The key is too short.', 'dc09.key')", 2, "The key is too short. [dc09.key]\n"),
        ("BadInput('Line 2 is wrong.', 'settings.value')", 1, "Line 2 is wrong. [settings.value]\n"),
        ("BadInput('2 mistakes.', 'import.rows')", 1, "2 mistakes. [import.rows]\n"),
        ("Conflict('The folder is in use.', 'folder.in_use')", 1, "The folder is in use. [folder.in_use]\n"),
        ("DiskFault('The fsync failed.', 'store.disk')", 1, "The fsync failed. [store.disk]\n"),
        ("KeyboardInterrupt()", 130, ""),
    ],
)
def test_expected_errors_are_a_sentence_and_a_status(command, error, status, says, capsys):
    assert main([command(RAISING), f"--fail={error}"]) == status
    assert capsys.readouterr().err == says


def test_fault_of_ours_is_not_hidden(command):
    with pytest.raises(ZeroDivisionError):
        main([command(RAISING), "--fail=ZeroDivisionError()"])


def test_wrong_option_shows_the_usage(command, capsys):
    assert main([command(RAISING), "--nonsense"]) == 2
    err = capsys.readouterr().err
    assert "Usage: tocsin probe" in err
    assert "--nonsense" in err


def test_command_that_is_not_installed_is_said_and_breaks_no_other(monkeypatch, capsys):
    monkeypatch.setitem(COMMANDS, "probe", Command("tocsin.cli.no_such_module", "probe", "A probe."))
    assert main(["--help"]) == 0
    capsys.readouterr()
    assert main(["probe"]) == 1
    assert capsys.readouterr().err == "This build of Tocsin lacks the command probe; install the whole package.\n"


def test_application_of_a_command_keeps_its_own_commands(command, capsys):
    body = """
import typer
probe = typer.Typer(help="A probe.")
@probe.command()
def send(): print("sent")
@probe.command()
def storm(): print("stormed")
"""
    assert main([command(body), "storm"]) == 0
    assert capsys.readouterr().out == "stormed\n"


def run(*words: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, timeout=30, **options)


def test_module_runs_as_the_command():
    done = run("-m", "tocsin", "--version")
    assert (done.returncode, done.stdout) == (0, f"tocsin {tocsin.__version__}\n")


def test_help_answers_within_300_ms():
    # The best of five: what it costs, not what else the machine does.
    script = (
        "import subprocess, sys, time\n"
        "def once():\n"
        "    start = time.perf_counter()\n"
        "    subprocess.run([sys.executable, '-m', 'tocsin', '--help'], check=True, stdout=subprocess.DEVNULL)\n"
        "    return time.perf_counter() - start\n"
        "print(min(once() for _ in range(5)))\n"
    )
    assert float(run("-c", script).stdout) < 0.3


def test_help_imports_nothing_that_only_a_command_needs():
    done = run("-X", "importtime", "-m", "tocsin", "--help")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & {"typer", "rich", "msgspec", "sqlalchemy", "asyncio", "litestar", "cryptography"}


def test_reader_that_leaves_is_no_traceback():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "tocsin", "--help"], stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
        )
    assert "Traceback" not in done.stderr
