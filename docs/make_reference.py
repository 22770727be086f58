"""Writes the pages of the reference that the program itself can tell: settings.md and commands.md. Run by `make docs`.

A test compares the pages with what this would write, so that neither drifts from the other.
"""

import contextlib
import importlib
import io
import os
from pathlib import Path

import typer
from typer.main import get_command

from tocsin.cli import COMMANDS, main
from tocsin.settings import describe

FOLDER = Path(__file__).parent / "reference"

SETTINGS_HEAD = """\
# Settings

Settings of one process stand in `tocsin.toml` in the centre's folder. `tocsin init` writes the file with every setting
at its default. Sites, accounts and people are no settings: they are imported (`tocsin import`), and every change is a
fact in the journal.

- An environment variable goes before the file: `TOCSIN_`, the section and the key in capitals, joined by two
  underscores, as in `TOCSIN_RECEIVERS__DC09__CONNECTIONS_MAX=2000`. Its value is read as TOML where that fits the
  setting (`["0.0.0.0:10000"]`), else as plain text.
- An unknown key, or a variable of an unknown key, is an error that names the nearest known one. The process then does
  not start.
- A path without a leading slash starts at the centre's folder.
- A change takes effect at the next start.
"""

TABLE_HEAD = "| setting | default | allowed | meaning |\n|---|---|---|---|"

SECTIONS = {
    "centre": "The centre",
    "storage": "Storage",
    "web": "HTTP",
    "receivers.dc09": "The DC-09 receiver",
    "receivers.dc09.tls": "The DC-09 receiver inside TLS",
    "supervision": "Supervision",
    "vault": "The vault",
    "journal": "The journal",
}

COMMANDS_HEAD = """\
# Commands

What `--help` says, command by command. Exit status: 0 done, 1 the job failed, 2 wrong use, 130 interrupted; where a
command has others, its help says so. Errors are one sentence on stderr that ends with a code ([errors](errors.md)).
"""


def settings_page() -> str:
    """The page of the settings."""
    lines = [SETTINGS_HEAD]
    section = ""
    for setting in describe():
        if setting.section != section:
            section = setting.section
            lines.append(f"\n## `[{section}]` {SECTIONS[section]}\n\n{TABLE_HEAD}")
        default = f"`{setting.default}`" if setting.default else "none"
        lines.append(f"| `{section}.{setting.key}` | {default} | {setting.allowed} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The page of the commands: each one's own help, and that of the commands below it."""
    parts = [COMMANDS_HEAD]
    for name in COMMANDS:
        parts.append(f"## `tocsin {name}`\n")
        parts += [f"```text\n{_help(words)}```\n" for words in ([name], *([name, below] for below in _below(name)))]
    return "\n".join(parts)


def _below(name: str) -> list[str]:
    """Names of the commands that a command has of its own."""
    entry = COMMANDS[name]
    target = getattr(importlib.import_module(entry.module), entry.attribute)
    return list(getattr(get_command(target), "commands", {})) if isinstance(target, typer.Typer) else []


def _help(words: list[str]) -> str:
    os.environ["COLUMNS"] = "100"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*words, "--help"])
    return out.getvalue()


if __name__ == "__main__":
    (FOLDER / "settings.md").write_text(settings_page(), encoding="utf-8")
    (FOLDER / "commands.md").write_text(commands_page(), encoding="utf-8")
    print("Wrote docs/reference/settings.md and docs/reference/commands.md")
