"""docs/reference/retention.md shows the classes of personal data that the program has, in its own words."""

import re
from pathlib import Path

from tocsin.model.personal import REGISTER
from tocsin.model.retention import CLASSES, ERASE_REASONS, HOLD_REASONS, HOLDS_MAX, LIFT_REASONS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "retention.md").read_text(encoding="utf-8")


def test_page_shows_every_class_with_its_length_and_its_reason():
    section = PAGE.split("\n## Classes\n", 1)[1].split("\n## ", 1)[0]
    shown = re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE)
    assert shown == [(name, one.kept, one.reason) for name, one in CLASSES.items()]


def test_page_says_which_classes_no_field_is_of():
    empty = sorted(CLASSES.keys() - {field.retention for field in REGISTER})
    said = re.search(r"No field of this release is of the classes (.+?):", PAGE)
    assert said is not None
    assert sorted(re.findall(r"`([a-z_]+)`", said[1])) == empty


def test_page_names_the_coded_reasons_and_limits():
    for reason in (*HOLD_REASONS, *LIFT_REASONS, *ERASE_REASONS):
        assert f"`{reason}`" in PAGE, reason
    assert f"at most {HOLDS_MAX} at once" in PAGE
