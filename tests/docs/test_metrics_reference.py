"""docs/reference/metrics.md lists what a real render gives: names, types, labels, what they say, buckets."""

import re
import typing
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tocsin.intake.dc09.counters import LATENCY_BUCKETS_MS, Counters
from tocsin.protocols.dc09.judge import Reason
from tocsin.web.metrics import Figures, render

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")


def rendered():
    counters = Counters()
    counters.refused["discarded", "crc"] = 1
    figures = dict.fromkeys(Figures.__struct_fields__, 0) | {
        "counters": counters,
        "bounces": {"noted": 1},
        "sources": {"stored": 1},
    }
    return list(text_string_to_metric_families(render(Figures(**figures)).decode()))


def rows(first_column: str) -> list[list[str]]:
    """The rows of the table with that first column."""
    table = re.search(rf"^\| {first_column} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


def test_page_lists_every_metric_that_a_render_gives():
    expected = []
    for family in rendered():
        labels = {label: None for sample in family.samples for label in sample.labels if label != "le"}
        name = f"{family.name}_total" if family.type == "counter" else family.name
        shown = f"{name}{{{','.join(labels)}}}" if labels else name
        expected.append([f"`{shown}`", family.type, family.documentation])
    listed = rows("metric")
    assert [row[:3] for row in listed] == expected
    assert all(row[3] for row in listed)


def test_page_lists_every_result_and_every_reason():
    family = next(family for family in rendered() if family.name == "tocsin_frames")
    results = [f"`{sample.labels['result']}`" for sample in family.samples]
    assert [row[0] for row in rows("result")] == results
    assert {row[0].strip("`") for row in rows("reason")} == {*typing.get_args(Reason), "budget"}


def test_page_names_the_buckets_of_the_histogram():
    sentence = re.search(r"Upper bounds of its buckets in\s+seconds: (.+?), and no bound\.", PAGE)
    assert sentence is not None
    assert [float(bound) for bound in sentence[1].split(", ")] == [bound / 1000 for bound in LATENCY_BUCKETS_MS]


def test_page_lists_what_a_centre_at_work_gives(tutorial):
    assert tutorial.metrics
    names = {row[0].strip("`").partition("{")[0] for row in rows("metric")}
    families = text_string_to_metric_families(tutorial.metrics)
    assert {f"{one.name}_total" if one.type == "counter" else one.name for one in families} == names
