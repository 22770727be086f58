"""The how-to pages: their commands are understood, their unit fits the program, their tables name what exists."""

import configparser
import contextlib
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
from tocsin.process import SPARE_FILES
from tocsin.protocols.dc09.judge import Reason
from tocsin.protocols.dc09.keys import parse_key
from tocsin.rules.correlate import CORRELATIONS
from tocsin.rules.words import DISPOSITION_WORDS
from tocsin.settings import describe
from tocsin.vault.master import CREDENTIAL

DOCS = Path(__file__).parents[2] / "docs"
CONNECT = (DOCS / "how-to" / "connect-a-panel.md").read_text(encoding="utf-8")
EXPLAINED = (DOCS / "explanation" / "from-a-signal-to-an-incident.md").read_text(encoding="utf-8")
HANDLE = (DOCS / "how-to" / "handle-an-incident.md").read_text(encoding="utf-8")
KEYBOARD = (DOCS / "how-to" / "keyboard.md").read_text(encoding="utf-8")
MAKERS = (DOCS / "how-to" / "connect-a-makers-panel.md").read_text(encoding="utf-8")
SERVICE = (DOCS / "how-to" / "run-as-a-service.md").read_text(encoding="utf-8")
PAGES = sorted(DOCS.rglob("*.md"))
LATER = {"tocsin journal export --unsealed"}
"""What a page names as to come."""


def commands_of(page: str) -> list[str]:
    """Commands on lines of their own."""
    lines = re.findall(r"^(?: {4,}|\$ )(?:\$ )?(?:\S*/)?(tocsin [a-z].*)$", page, re.MULTILINE)
    return [line for line in lines if is_whole(line)]


def mentions_of(page: str) -> list[str]:
    """Commands in the text, which may leave out what does not matter there."""
    return [line for line in re.findall(r"`(tocsin [a-z][^`]*)`", page.replace("\n", " ")) if is_whole(line)]


def is_whole(line: str) -> bool:
    return line not in LATER and "..." not in line and "[" not in line.split("'")[0]


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
    text = page.read_text(encoding="utf-8")
    for command in commands_of(text):
        understood(command)
    for command in mentions_of(text):
        with contextlib.suppress(typer.BadParameter):  # something is missing; an option that is not there is no such
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


def test_page_of_makers_says_of_each_what_the_presets_say_and_how_it_is_known():
    made = {preset.maker: preset for preset in presets().values()}
    for maker in ("Ajax", "Hikvision", "Satel", "Jablotron"):
        section = MAKERS.split(f"\n## {maker}\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE)[1:]
        notes = made[maker].notes
        # What a manual or a public code list says beyond the presets may follow, with its label.
        assert [label for _, label in rows[: len(notes)]] == [note.label for note in notes], maker
        assert {label for _, label in rows} <= {"seen in captures", "from a manual"}
        if not notes:
            assert "Nothing is known" in section


def test_accounts_files_of_the_page_of_makers_can_be_imported():
    files = re.findall(r"^ +(account,site\S*)\n +(.+)$", MAKERS, re.MULTILINE)
    assert len(files) == 2
    for heading, row in files:
        cells = dict(zip(heading.split(","), row.split(","), strict=True))
        form = "text" if cells["profile"] == "Ajax" else "hex"
        assert parse_key(cells["key"], form)


def test_explanation_of_correlation_gives_the_rows_of_the_table_that_decides():
    table = EXPLAINED.partition("Some rows of it:")[2].partition("\n\nThe whole table")[0]
    said = dict(re.findall(r"^\| ([a-z]+)[^|]* \| ([^|]+) \|", table, re.MULTILINE)[1:])
    words = {
        "fire": "fire",
        "intrusion": "intrusion",
        "water": "flood_weather",
        "rescue": "rescue",
        "faults": "technical",
    }
    words["hold"] = "robbery_holdup"
    assert set(said) == set(words)
    for word, hazard in words.items():
        rule = CORRELATIONS[hazard]
        number, unit = re.search(r"(\d+) (minutes|hours)", said[word]).groups()
        assert int(number) * {"minutes": 60, "hours": 3600}[unit] == rule.window_s, word
        assert f"the same {rule.scope}" in said[word]
        assert ("the same type" in said[word]) == (rule.same == "type"), word


def test_every_outcome_of_closing_is_explained():
    rows = re.findall(
        r"^\| ([a-z, ]+) \| [^|]+ \|$", HANDLE.partition("| what it was |")[2].partition("\n\n")[0], re.MULTILINE
    )
    assert rows == [words.partition(":")[0].lower() for words in DISPOSITION_WORDS.values()]


def test_page_of_the_keyboard_lists_the_keys_that_the_console_has():
    console = Path(__file__).parents[2] / "console" / "src"
    keys = (console / "keys" / "keys.svelte.ts").read_text(encoding="utf-8")
    defaults = keys.partition("DEFAULTS")[2].partition("};")[0]
    labels = {" ": "Space", "ArrowDown": "↓", "ArrowUp": "↑", "ArrowRight": "→", "ArrowLeft": "←", "Escape": "Esc"}
    wanted = [
        tuple(labels.get(key, key) for key in re.findall(r'"([^"]*)"', line))
        for line in re.findall(r"^  \w+: \[(.*)\],$", defaults, re.MULTILINE)
    ]
    pages = re.findall(r'key: "(\w)"', (console / "pages" / "index.ts").read_text(encoding="utf-8"))
    wanted += [("g", key) for key in pages]
    listed = [tuple(re.findall(r"`([^`]+)`", cell)) for cell in re.findall(r"^\| (`[^|]+) \|", KEYBOARD, re.MULTILINE)]
    assert sorted(listed) == sorted(wanted)
