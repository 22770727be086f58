"""docs/reference/live.md says what the stream says: events, fields, reasons, and the times of the code."""

import re
from pathlib import Path
from typing import get_args, get_type_hints

from tocsin.web import live
from tocsin.web.api.types import Beat, Change, Delta, Reset

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "live.md").read_text(encoding="utf-8")


def table(heading: str) -> dict[str, str]:
    """First column to the last, of the table behind these words."""
    lines = PAGE[PAGE.index(heading) :].split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("|---"))
    rows = [line.strip("|").split("|") for line in lines[start + 1 :][: lines[start + 1 :].index("")]]
    return {row[0].strip().strip("`"): row[-1].strip() for row in rows}


def test_page_has_every_event_and_its_fields():
    events = table("## Events")
    assert list(events) == ["delta", "beat", "reset"]
    for name, kind in (("delta", Delta), ("beat", Beat), ("reset", Reset)):
        assert re.findall(r"`(\w+)`", events[name])[: len(kind.__struct_fields__)] == list(kind.__struct_fields__)


def test_page_has_every_change():
    assert list(table("What stands in a change:")) == list(Change.__struct_fields__)
    assert re.findall(r"`(\w+)`", table("## Events")["delta"])[2:] == list(Change.__struct_fields__)


def test_page_has_every_reason_of_a_reset():
    assert list(table("## When it resets")) == list(get_args(get_type_hints(Reset)["reason"]))


def test_times_of_the_page_are_those_of_the_code():
    said = " ".join(PAGE.split())
    assert f"every {live.TICK_S * 1000:.0f} ms at most" in said
    assert f"no sooner than {live.URGENT_S * 1000:.0f} ms after the write before" in said
    assert f"at once, then every {live.BEAT_S:.0f} s" in said
    assert f"within {live.BEAT_S:.0f} s" in said
    assert f"took nothing for {live.SLOW_S:.0f} s though {live.WAITING_BYTES_MAX >> 10} kB waited" in said
    assert f"takes nothing for {live.CUT_S:.0f} s is cut off" in said
    assert f"retry: {live.RETRY_MS}" in said
