"""The how-to pages: their commands are understood, their unit fits the program, their tables name what exists."""

import configparser
import importlib
import re
import shlex
import shutil
import subprocess
import typing
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from tocsin.app import STOP_S
from tocsin.centre.account_import import presets
from tocsin.cli import COMMANDS
from tocsin.cli.serve import SPARE_FILES
from tocsin.protocols.dc09.judge import Reason
from tocsin.settings import describe
from tocsin.vault.master import CREDENTIAL

DOCS = Path(__file__).parents[2] / "docs"
CONNECT = (DOCS / "how-to" / "connect-a-panel.md").read_text(encoding="utf-8")
SERVICE = (DOCS / "how-to" / "run-as-a-service.md").read_text(encoding="utf-8")
PAGES = sorted(DOCS.rglob("*.md"))
LATER = {"tocsin journal export --unsealed"}
"""What a page names as to come."""


def commands_of(page: str) -> list[str]:
    """Commands on lines of their own, and those in the text that have arguments."""
    lines = re.findall(r"^(?: {4,}|\$ )(?:\$ )?(?:\S*/)?(tocsin [a-z].*)$", page, re.MULTILINE)
    inline = re.findall(r"`(tocsin [a-z][^`]*)`", page.replace("\n", " "))
    found = [line for line in [*lines, *inline] if line not in LATER]
    return [line for line in found if "..." not in line and "[" not in line.split("'")[0]]


def understood(command: str) -> None:
    """Have the program read a command without carrying it out; a word alone names a command."""
    name, *words = shlex.split(command.replace("\\|", "|"))[1:]
    entry = COMMANDS[name]
    target = getattr(importlib.import_module(entry.module), entry.attribute)
    if isinstance(target, typer.Typer):
        group = get_command(target)
        if not words:
            return
        below = group.commands[words[0]]
        if words[1:]:
            below.make_context(words[0], words[1:])
        return
    application = typer.Typer(add_completion=False)
    application.command(name)(target)
    if words and any(word.startswith("-") for word in words):
        get_command(application).make_context(name, words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_command_of_a_page_is_understood(page):
    for command in commands_of(page.read_text(encoding="utf-8")):
        understood(command)


def unit() -> configparser.ConfigParser:
    text = re.search(r"```ini\n(.*?)```", SERVICE, re.DOTALL)
    assert text is not None
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue] - systemd's names have capitals
    parser.read_string(text[1])
    return parser


def test_unit_gives_the_service_time_files_and_its_key():
    service = unit()["Service"]
    settings = {f"{one.section}.{one.key}": one.default for one in describe()}
    assert int(service["LimitNOFILE"]) >= int(settings["receivers.dc09.connections_max"]) + SPARE_FILES
    assert int(service["TimeoutStopSec"]) >= STOP_S + 30
    assert service["LoadCredentialEncrypted"] == CREDENTIAL
    assert service["KillSignal"] == "SIGTERM"
    understood(service["ExecStart"].removeprefix("/opt/tocsin/bin/"))
    assert "--accept-lost-tail" not in service["ExecStart"]


def test_unit_is_one_that_systemd_reads(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd-analyze")
    text = re.search(r"```ini\n(.*?)```", SERVICE, re.DOTALL)
    assert text is not None
    file = tmp_path / "tocsin.service"
    file.write_text(text[1].replace("/opt/tocsin/bin/tocsin", "/bin/true"))
    done = subprocess.run([analyze, "verify", str(file)], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if "tocsin.service" in line]
    assert complaints == []


def test_every_reason_has_its_cause_and_remedy():
    table = CONNECT.partition("### Refused frames")[2].partition("### Nothing comes")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(typing.get_args(Reason))


def test_makers_are_told_of_as_the_presets_know_them():
    table = CONNECT.partition("## 4. What is known of makers")[2].partition("## 5.")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)[2:]
    assert {label for _, _, label in rows} == {"seen in captures", "from a manual", "-"}
    for preset in presets().values():
        labels = {label for maker, _, label in rows if maker == preset.maker}
        assert labels == ({note.label for note in preset.notes} or {"-"}), preset.maker
