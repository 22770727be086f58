"""The reference and the how-to say what the code does."""

import re
import shlex
from pathlib import Path

import msgspec
from typer.main import get_command

from tocsin.cli.panel import Asked, panel_app
from tocsin.panel import FAULT_MODES, LedgerLine, Report, rising_accounts
from tocsin.panel.scenario import Scenario, Step, parse_scenario, plan

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "panel.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to" / "simulate-panels.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading."""
    section = REFERENCE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def words(cells: list[str]) -> set[str]:
    return {word for cell in cells for word in re.findall(r"`([a-z_0-9]+)`", cell)}


def options() -> list[list[str]]:
    uses: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for command, sub in get_command(panel_app).commands.items():
        for parameter in sub.params:
            if parameter.name == "help":
                continue
            name = parameter.opts[0] if parameter.opts[0].startswith("-") else str(parameter.name).upper()
            is_unset = parameter.default in (None, False) or parameter.required
            default = "" if is_unset else f"`{parameter.default}`"
            uses.setdefault(name, (str(parameter.help), []))[1].append((command, default))
    rows = []
    for name, (text, where) in uses.items():
        defaults = {default for _, default in where}
        each = ", ".join(f"{command} {value}" for command, value in where if value)
        one = defaults.pop() if len(defaults) == 1 else each
        rows.append([f"`{name}`", ", ".join(command for command, _ in where), one, text])
    return rows


def test_reference_lists_every_option_with_its_default_and_meaning():
    assert table("Options") == options()


def test_reference_lists_every_fault():
    expected = []
    for mode in FAULT_MODES.values():
        number = "" if mode.argument is None else f"{mode.argument} ({mode.low} to {mode.high}), else {mode.default}"
        needs = [word for word, is_needed in (("a key", mode.needs_key), ("tcp or tls", mode.stream_only)) if is_needed]
        expected.append([f"`{mode.name}`", mode.sends, mode.answer, number, ", ".join(needs)])
    assert table("Faults") == expected


def test_reference_lists_every_field_of_report_list_and_scenario():
    lists = table("The lists: `--acked` and `--unacked`")
    assert words([row[0] for row in lists]) == set(LedgerLine.__struct_fields__)
    assert words([row[0] for row in table("The report: `--json`")]) == set(Report.__struct_fields__)
    assert [row[0].strip("`") for row in table("Scenario files")] == list(Step.__struct_fields__)
    assert set(Scenario.__struct_fields__) == {"name", "panels", "step"}


def test_every_command_of_the_how_to_is_understood():
    lines = re.findall(r"^ +(tocsin panel .+)$", HOW_TO, re.MULTILINE)
    assert len(lines) >= 12
    group = get_command(panel_app)
    for line in lines:
        name, *arguments = shlex.split(line)[2:]
        command = group.commands[name]
        assert command.make_context(name, arguments).params["host"] == "127.0.0.1", line


def test_scenario_of_the_how_to_is_understood():
    example = re.search(r"```toml\n(.*?)```", HOW_TO, re.DOTALL)
    assert example is not None
    scenario = parse_scenario(example[1])
    plans = plan(scenario, rising_accounts("5512", 3))
    assert [len(one) for one in plans] == [13, 12, 12]


def test_each_option_of_a_command_is_one_that_the_program_reads():
    known = set(Asked.__struct_fields__)
    for name, command in get_command(panel_app).commands.items():
        names = {parameter.name for parameter in command.params} - {"help", "file", "speed"}
        assert names <= known, name
        needed = {field.name for field in msgspec.structs.fields(Asked) if field.required}
        assert needed <= names, name
