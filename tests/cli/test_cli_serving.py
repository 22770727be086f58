"""The plain words of `tocsin serve`, and what a centre that serves keeps out of its memory."""

import inspect
import subprocess
import sys

import pytest
from typer.main import get_command_from_info
from typer.models import CommandInfo

from support.centres import make_folder
from support.server import Server
from tocsin.cli import main, serving
from tocsin.cli.serve import serve

HEAVY = {
    "aiosmtplib": "nothing leaves before a channel is switched on",
    "alembic": "a centre of this version's schema is not migrated",
    "attr": "our types are msgspec's",
    "click": "it reads a command line",
    "greenlet": "our engines work in threads",
    "httpcore": "nothing leaves before a channel is switched on",
    "mako": "it writes migrations",
    "multiprocessing": "passwords are hashed by a process that is told what to do on a pipe",
    "numpy": "a few thousand accounts are looked through without it",
    "pydyf": "reports are made in a process of their own",
    "pydantic": "our types are msgspec's",
    "rich": "nobody sees coloured lines",
    "segno": "it draws the code of an authenticator, when somebody sets one up",
    "typer": "it reads a command line",
    "yaml": "our documents are JSON",
    "zxcvbn": "it judges a new password, in a process of its own",
}
"""What a served centre that has just become ready has not imported, and why it needs none of it."""


def test_plain_words_are_those_that_typer_knows():
    command = get_command_from_info(
        CommandInfo(name="serve", callback=serve), pretty_exceptions_short=True, rich_markup_mode=None
    )
    known = {option: one for one in command.params for option in one.opts if option != "--help"}
    assert {option: one.name for option, one in known.items() if not one.is_flag} == serving.VALUES
    assert [option for option, one in known.items() if one.is_flag] == [serving.FLAG]
    ours = inspect.signature(serving.run).parameters
    assert {one.name: one.default for one in known.values() if not one.required} == {
        name: one.default for name, one in ours.items() if one.default is not inspect.Parameter.empty
    }


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["--dir"],
        ["--dir="],
        ["--dir", ""],
        ["--dir", "--roles"],
        ["--roles", "receiver"],
        ["--dir", "a", "b"],
        ["--dir", "a", "--dir", "b"],
        ["--dir", "a", "--accept-lost-tail", "--accept-lost-tail"],
        ["--dir", "a", "--accept-lost-tail=yes"],
        ["--dir", "a", "--log"],
    ],
)
def test_words_that_are_not_plain_are_left_to_typer(words):
    assert serving.run_plain(words) is None


def test_option_that_serve_does_not_know_is_wrong_use(tmp_path, capsys):
    assert main(["serve", "--dir", str(tmp_path), "--loud"]) == 2
    assert "No such option: --loud" in capsys.readouterr().err


@pytest.mark.parametrize("form", [["--dir", "{}"], ["--dir={}"]], ids=["two words", "one word"])
def test_folder_is_read_in_either_form(tmp_path, capsys, form):
    words = [word.format(tmp_path / "nothing") for word in form]
    assert main(["serve", *words]) == 1
    assert str(tmp_path / "nothing") in capsys.readouterr().err


@pytest.mark.slow
def test_served_centre_keeps_out_what_it_does_not_use(tmp_path):
    settings = make_folder(tmp_path / "centre")
    (tmp_path / "accounts.csv").write_text("account;category\n4711;SP6\n4712;DP4\n")
    words = "import", "accounts", str(tmp_path / "accounts.csv"), "--dir", str(settings.folder)
    # Another process: what one left out in this one is gone for good.
    subprocess.run([sys.executable, "-m", "tocsin", *words], check=True, capture_output=True)
    with Server(settings.folder, program=(sys.executable, "-X", "importtime", "-m", "tocsin")) as server:
        assert server.get("/readyz").status == 200
        assert server.stop() == 0
        lines = [line for line in server.errors.splitlines() if line.startswith("import time:")]
    imported = {line.rpartition("|")[2].strip() for line in lines}
    assert {"tocsin.app", "litestar", "sqlalchemy"} <= imported
    # What is kept out is asked for and refused at once: a package that did come has brought modules of its own.
    packages = {name.partition(".")[0] for name in imported if "." in name}
    assert packages & HEAVY.keys() == set()
    assert {"bdb", "uvicorn.supervisors"} & imported == set()
    # With the first page, the first scrape, or never.
    assert {"jinja2", "prometheus_client", "urllib.request", "email.policy"} & imported == set()
