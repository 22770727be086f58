"""docs/reference/limits.md says the limits that the code has, and those of intake and journal all."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import tocsin.access
import tocsin.intake
import tocsin.journal
from tocsin.settings import describe

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([0-9,]+)( [a-zA-Z]+)? \| ([^|]+) \| `([A-Za-z0-9_.]+)` \|$", PAGE, re.MULTILINE)
NO_LIMITS = {
    "tocsin.intake.mqtt.bridge.KEEPALIVE_S": "how often we say that we are there",
    "tocsin.intake.mqtt.bridge.CONNECT_S": "how long a try takes, at most",
    "tocsin.intake.mqtt.bridge.ANSWER_S": "how long a try takes, at most",
    "tocsin.intake.mqtt.bridge.TOPICS_AT_ONCE": "a size of what we send",
    "tocsin.intake.mail.receiver.AGAIN_US": "how long the same content is a repeat",
    "tocsin.intake.mail.pictures.ASK_S": "how often it is asked which incident a mail opened",
    "tocsin.intake.mail.receiver.TEST_S": "how long a try takes, at most",
    "tocsin.intake.mqtt.receiver.TEST_S": "how long a try takes, at most",
    "tocsin.intake.mqtt.receiver.AGAIN_US": "how long a broker's word counts",
    "tocsin.intake.telephone.receiver.COST_MIN": "made of CALLS_PER_S and BYTES_PER_S",
    "tocsin.access.own_credentials.RECOVERY_S": "recovery codes have no end",
    "tocsin.access.devices.KEY_BYTES": "a size of what we take",
    "tocsin.access.devices.SIGNATURE_BYTES": "a size of what we take",
    "tocsin.access.entries.DAY_S": "a unit",
    "tocsin.intake.webhook.counts.DAY_US": "a unit",
    "tocsin.access.entries.SECOND_US": "a unit",
    "tocsin.access.passwords.CHECK_S": "how long a check takes, about",
    "tocsin.access.passwords.NICE": "a priority",
    "tocsin.access.totp.CODE_DIGITS": "a size of what we take",
    "tocsin.access.totp.SECRET_BYTES": "a size of what we make",
    "tocsin.access.secrets.SECRET_BYTES": "a size of what we make",
    "tocsin.intake.dc09.receiver.PAD_BYTES": "a size of what we send",
    "tocsin.journal.identity.DIGEST_BYTES": "a size of what we make",
    "tocsin.journal.journal.PAGE": "a matter of speed alone",
    "tocsin.journal.notes.SIGNATURE_BYTES_MIN": "the least of a form",
    "tocsin.journal.ranges.AHEAD": "a matter of speed alone",
    "tocsin.journal.ranges.CARE_BYTES_MAX": "a matter of speed alone",
    "tocsin.journal.ranges.NICE": "a priority",
    "tocsin.journal.ranges.RANGE_BYTES": "a matter of speed alone",
    "tocsin.journal.ranges.RANGE_ENTRIES": "a matter of speed alone",
    "tocsin.journal.shapes.SHAPES_EACH_MAX": "a matter of speed alone",
    "tocsin.journal.shapes.SHAPES_MAX": "a matter of speed alone",
    "tocsin.journal.shapes.SHAPE_DEPTH_MAX": "a matter of speed alone",
    "tocsin.journal.shapes.SHAPE_KEYS_MAX": "a matter of speed alone",
    "tocsin.journal.verify.RANGES_MIN": "a matter of speed alone",
    "tocsin.journal.verify.WHOLE": "an exit status",
    "tocsin.journal.verify.BROKEN": "an exit status",
    "tocsin.journal.verify.CANNOT_JUDGE": "an exit status",
}
SETTINGS = {f"{one.section}.{one.key}": one.default for one in describe()}


def number(name: str) -> float:
    module, _, constant = name.rpartition(".")
    return getattr(importlib.import_module(module), constant)


def shown_as(name: str, value: float) -> float:
    """What the page says for it: microseconds as seconds."""
    return value / 1_000_000 if "_US" in name else value


def numbers_of(package) -> set[str]:
    """Every public number that a module of the package sets by itself."""
    found: set[str] = set()
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        assert module.__file__ is not None
        names = re.findall(
            r"^([A-Z][A-Z0-9_]*)(?:: \w+)? = ", Path(module.__file__).read_text(encoding="utf-8"), re.MULTILINE
        )
        found |= {f"{info.name}.{name}" for name in names if type(getattr(module, name)) in (int, float)}
    return found


def test_every_row_of_the_page_can_be_read():
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and not re.match(r"\| limit \||\|[-|]+$", line)]
    assert len(ROWS) == len(rows) > 50


@pytest.mark.parametrize(("value", "name"), [(row[1], row[4]) for row in ROWS])
def test_limit_is_the_one_of_the_code(value, name):
    shown = float(value.replace(",", ""))
    if name in SETTINGS:
        assert shown == float(SETTINGS[name])
    else:
        assert shown == shown_as(name, number(name))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[4])
def test_unit_is_that_of_the_name(row):
    name, unit = row[4].rpartition(".")[2].upper(), row[2].strip()
    if name.endswith("_PER_S"):
        assert unit == ""
    elif name.endswith("_S") or "_US" in name:
        assert unit == "s"
    elif "BYTES" in name:
        assert unit == "bytes"
    elif name.endswith("_MS"):
        assert unit == "ms"


def test_page_has_every_limit_of_intake_journal_and_access():
    listed = {row[4] for row in ROWS}
    found = numbers_of(tocsin.access) | numbers_of(tocsin.intake) | numbers_of(tocsin.journal)
    unlisted = found - listed - set(NO_LIMITS)
    assert unlisted == set(), "give it a row in limits.md, or a reason in NO_LIMITS"
    assert [name for name in NO_LIMITS if name in listed] == []
