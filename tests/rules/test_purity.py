"""The rules are functions of what they are given: no clock, no file, no chance, and work that ends."""

import ast
import sys
from pathlib import Path

import pytest

import tocsin.rules

FILES = sorted(Path(tocsin.rules.__file__).parent.glob("*.py"))
ALLOWED = {"collections", "csv", "difflib", "functools", "hashlib", "io", "itertools", "msgspec", "re", "typing"}
OURS = ("tocsin.model", "tocsin.data", "tocsin.rules")
BUILTINS = {"open", "print", "input", "eval", "exec", "iter", "globals", "id", "hash"}
"""What reads or writes, never ends, or differs from one process to the next."""
ENDLESS = {"count", "cycle", "repeat"}
"""What of itertools goes on for ever."""


def mistakes(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        found += [name for name in names if name.partition(".")[0] not in ALLOWED and not name.startswith(OURS)]
        if isinstance(node, ast.While | ast.AsyncFunctionDef | ast.Await | ast.Global | ast.Nonlocal | ast.Yield):
            found.append(type(node).__name__)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
            found.append(node.func.id)
        if isinstance(node, ast.ImportFrom) and node.module == "itertools":
            found += sorted(ENDLESS & {alias.name for alias in node.names})
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "itertools":
            found += sorted(ENDLESS & {node.attr})
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append("float")
        # A rule that calls itself could go round for ever.
        if isinstance(node, ast.FunctionDef):
            calls = {
                one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
            }
            found += ["recursion"] if node.name in calls else []
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_rules_read_no_clock_and_no_file_and_end(file):
    assert mistakes(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import time", ["time"]),
        ("from random import choice", ["random"]),
        ("from tocsin.system import SystemClock", ["tocsin.system"]),
        ("while True: pass", ["While"]),
        ("open('x')", ["open"]),
        ("import itertools\nitertools.count()", ["count"]),
        ("from itertools import cycle, islice", ["cycle"]),
        ("x = 0.5", ["float"]),
        ("def f():\n    f()", ["recursion"]),
        ("from tocsin.rules.words import why", []),
    ],
)
def test_what_a_rule_may_not_is_recognised(source, found):
    assert mistakes(source) == found


def test_rules_are_loaded_without_the_rest_of_the_program():
    import subprocess

    code = "import sys, tocsin.rules.correlate, tocsin.rules.catalogue, tocsin.rules.lifecycle, tocsin.rules.words;" + (
        "print([m for m in sys.modules if m.startswith('tocsin.') and m.split('.')[1] not in ('model','data','rules')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
