"""docs/tutorials/first-signal.md, typed as it stands: every command, on free ports."""

import json
import re
from pathlib import Path

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "first-signal.md"
FAILS = ("--wait 2 --tries 1", "forged.jsonl")
"""The two that must fail: nobody answered, and the journal is forged."""


def masked(text: str) -> list[str]:
    return re.sub(r"\d+", "0", text).splitlines()


def test_every_command_of_the_tutorial_ends_as_the_page_says(tutorial):
    page = TUTORIAL.read_text(encoding="utf-8")
    typed = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    assert [done.command for done in tutorial.done] == typed
    assert len(typed) >= 18
    for done in tutorial.done:
        fails = not done.command.startswith("sed") and any(words in done.command for words in FAILS)
        assert done.status == int(fails), f"{done.command}: {done.output}"


def test_every_command_of_the_tutorial_says_what_the_page_shows(tutorial):
    shown = [done for done in tutorial.done if done.expected]
    assert len(shown) >= 9
    for done in shown:
        said = masked(done.output)
        assert [line for line in masked(done.expected) if line not in said] == [], f"{done.command}: {done.output}"


def test_signal_of_the_tutorial_is_in_the_journal_as_the_page_shows_it(tutorial):
    example = re.search(r"```json\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    shown = json.loads(example[1])
    line = json.loads(tutorial.of("journal tail").output)
    body = {name: line["body"][name] for name in shown["body"]}
    assert {**{name: line[name] for name in shown}, "body": body} == shown
    assert "Boiler" not in tutorial.of("journal tail").output
    assert line["body"]["commitment"] is not None
