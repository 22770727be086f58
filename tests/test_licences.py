"""Licences of what the program runs with and is made with: each was looked at by somebody, and none is the GPL's kind.

The wheel holds none of these packages: they are installed beside it. `console/test_sources.py` has the console's.
"""

import importlib.metadata as metadata
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PERMISSIVE = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0",
    "Unlicense", "Zlib",
})  # fmt: skip
UNCHANGED = frozenset({"MPL-2.0"})
"""Of each file, not of what uses it: fine as a dependency that nobody here changes."""

CHANGES_NOTHING = frozenset({"certifi", "hypothesis", "pathspec", "pytest-rerunfailures"})
"""The only packages under such a licence. Another one is looked at first, and then added here."""

CLASSIFIERS = {
    "OSI Approved :: Apache Software License": "Apache-2.0",
    "OSI Approved :: BSD License": "BSD-3-Clause",
    "OSI Approved :: ISC License (ISCL)": "ISC",
    "OSI Approved :: MIT License": "MIT",
    "OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Public Domain": "CC0-1.0",
}
WORDS = {"MIT License": "MIT"}
SAY_NOTHING = {
    "pypdfium2": (("BSD-3-Clause", "Apache-2.0"), "LICENSES/BSD-3-Clause.txt", "Redistribution and use in source"),
    "pyrage": (("MIT",), "LICENSE", "The MIT License (MIT)"),
    "pysqlite3": (("Zlib",), "LICENSE", "This software is provided 'as-is', without any express or implied warranty"),
}
"""Packages whose metadata name no licence, or by words of their own: what their licence file begins with was read."""

ELSEWHERE = {"colorama": "BSD-3-Clause"}
"""Installed on Windows alone."""

COPYLEFT = re.compile(r"\b[AL]?GPL|\bAGPL|\bSSPL|\bBUSL|\bEUPL|\bCC-BY-NC|Commons Clause", re.IGNORECASE)
FILES = ("requirements.txt", "requirements-build.txt", "requirements-console.txt", "requirements-dev.txt")


def named(file):
    return set(re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE))


def licences(name):
    """Those that a package is under, all of which hold; of a choice ("MIT OR Apache-2.0") each would do."""
    if name in ELSEWHERE:
        return {ELSEWHERE[name]}
    found = metadata.metadata(name)
    if name in SAY_NOTHING:
        return set(SAY_NOTHING[name][0])
    if expression := found.get("License-Expression"):
        choices = [set(one.split(" OR ")) for one in expression.replace("(", "").replace(")", "").split(" AND ")]
        return {next(iter(sorted(of & PERMISSIVE) or sorted(of))) for of in choices}
    of_classifiers = [one.removeprefix("License :: ") for one in found.get_all("Classifier", []) if "License ::" in one]
    words = (found.get("License") or "none").strip().splitlines()[0]
    return {CLASSIFIERS[one] for one in of_classifiers if one != "OSI Approved"} or {WORDS.get(words, words)}


@pytest.mark.parametrize("file", FILES)
def test_every_package_is_under_a_licence_that_was_looked_at(file):
    names = named(file)
    assert names
    unknown = {name: sorted(found) for name in names if (found := licences(name)) - PERMISSIVE - UNCHANGED}
    assert unknown == {}
    assert {name for name in names if licences(name) & UNCHANGED} <= CHANGES_NOTHING


def test_no_package_names_a_licence_that_would_bind_what_uses_it():
    for name in set().union(*map(named, FILES)) - ELSEWHERE.keys():
        said = [metadata.metadata(name).get(key) or "" for key in ("License", "License-Expression")]
        said += metadata.metadata(name).get_all("Classifier", [])
        # A text of many lines names licences of parts that it leaves out, too; its file was looked at.
        assert [one for one in said if "\n" not in one and COPYLEFT.search(one)] == [], name


@pytest.mark.parametrize("name", SAY_NOTHING)
def test_licence_that_metadata_do_not_name_is_the_one_in_its_file(name):
    _, file, words = SAY_NOTHING[name]
    files = [one for one in metadata.files(name) or () if str(one).endswith(f"licenses/{file}")]
    assert len(files) == 1
    assert words in " ".join(files[0].locate().read_text(encoding="utf-8").split())


@pytest.mark.parametrize(("said", "is_bad"), [("GPL-3.0-or-later", True), ("LGPLv3", True), ("MIT", False)])
def test_such_a_licence_would_be_found(said, is_bad):
    assert bool(COPYLEFT.search(said)) is is_bad
    assert (said in PERMISSIVE) is not is_bad
