"""docs/tutorials/your-first-alarm.md: its commands and what they say; tests/browser carries out the rest."""

import re
from pathlib import Path

from tocsin.cli.demo import demo
from tocsin.panel.town import FLOOD_ALARMS, PACE, Town

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "tutorials" / "your-first-alarm.md").read_text(encoding="utf-8")
CLONED = (DOCS / "tutorials" / "first-signal.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def masked(text):
    return re.sub(r"\d+", "0", re.sub(r"/sign-in/[\w-]+", "/sign-in/SECRET", text)).splitlines()


def starts_s(*words):
    """When the happenings whose names begin so start, in seconds at the usual pace."""
    town = Town()
    return [
        round(town._since_begin_s(happening.at) / PACE)
        for word in words
        for happening in town.traffic.happening
        if happening.name.startswith(word)
    ]


def test_commands_are_those_that_are_typed_for_the_other_tutorial():
    assert blocks(PAGE, "sh") == blocks(CLONED, "sh")[:1]


def test_demo_says_what_the_page_shows(tutorial):
    said = masked(tutorial.of("make demo").output)
    shown = [line for block in blocks(PAGE, "text") for line in masked(block)]
    assert len(shown) == 2
    assert [line for line in shown if line not in said] == []


def test_help_of_the_demo_counts_the_panels_that_its_line_shows():
    panels = len(Town().fleet().panels)
    assert f"{panels} panels of a made-up town" in (demo.__doc__ or "")
    assert f"{panels} panels of a made-up town" in " ".join(COMMANDS_PAGE.split())


def test_town_does_at_these_seconds_what_the_page_says():
    assert starts_s("Mains fault", "Fire in the cold store") == [40, 90]
    assert "After 40 seconds the mains fail at the lighthouse" in PROSE
    assert "After 90 seconds a smoke detector in a cold store speaks up" in PROSE
    assert starts_s("Break-in at the jeweller", "Water in the museum", "Hold-up at the bank") == [150, 210, 270]
    (smoke_s,) = starts_s("Smoke at the panel that nobody has set up")
    assert 480 <= smoke_s < 540
    assert "will raise a fire after eight" in PROSE
    assert f"{FLOOD_ALARMS} alarms and faults in ten minutes" in PROSE
    fire = next(one for one in Town().traffic.happening if one.name.startswith("Fire in the cold store"))
    last_s = max(step.after_s for step in fire.steps)
    assert 200 <= last_s <= 230
    assert "After three and a half minutes the detectors are back to normal" in PROSE
