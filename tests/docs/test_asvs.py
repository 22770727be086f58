"""The pass over OWASP ASVS 5: whole, counted right, and every test that it names is there."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (test|reason|later) \| (.+) \|$", re.MULTILINE)
LINES = LINE.findall(TEXT)
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
LEVELS = {"1": 70, "2": 183}
"""Lines of each level in version 5.0.0."""


@cache
def names_in(file):
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_line_of_both_levels_has_its_answer_once():
    assert len({number for number, *_ in LINES}) == len(LINES)
    assert Counter(level for _, level, *_ in LINES) == LEVELS
    assert len(re.findall(r"^\| \d+\.", TEXT, re.MULTILINE)) == len(LINES), "no line has another form"


def test_lines_stand_in_their_order_below_their_chapter():
    numbers = [tuple(map(int, number.split("."))) for number, *_ in LINES]
    assert numbers == sorted(numbers)
    for chapter, part in re.findall(r"^## V(\d+) .*?$(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL):
        assert {number.split(".")[0] for number, *_ in LINE.findall(part)} == {chapter}


def test_counts_at_the_top_are_those_of_the_lines():
    counted = Counter((level, answer) for _, level, _, answer, _ in LINES)
    for level in LEVELS:
        counts = [counted[level, answer] for answer in ("test", "reason", "later")]
        assert f"| level {level} | {' | '.join(map(str, counts))} | {sum(counts)} |" in TEXT
    both = [sum(counted[level, answer] for level in LEVELS) for answer in ("test", "reason", "later")]
    assert f"| together | {' | '.join(map(str, both))} | {sum(both)} |" in TEXT


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED.findall(TEXT))))
def test_every_test_that_is_named_exists(file, name):
    assert name in names_in(file)


def test_every_line_that_is_answered_by_a_test_names_one_and_the_others_say_why():
    for number, _, _, answer, where in LINES:
        if answer == "test":
            assert NAMED.sub("", where).strip(", ") == "", number
        else:
            assert len(NAMED.sub("", where).split()) >= 2, number
