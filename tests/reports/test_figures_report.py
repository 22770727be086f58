"""A report in each of its forms: the same figures, in words that claim nothing, with what is missing said."""

import csv
import datetime as dt
import io
import itertools
import json
import re
import zoneinfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.figures import BEGIN, DAY, HOUR, MINUTE, SECOND, Facts, an_ask, both, database
from support.pdf import pages
from tocsin.centre.profiles import shipped, shipped_ids
from tocsin.model.errors import BadInput
from tocsin.reports import says
from tocsin.reports.drawing import Line, Rect, Words, text_width
from tocsin.reports.figures_form import FiguresForm, make
from tocsin.reports.figures_html import svg
from tocsin.reports.period import BARS_MAX, make_ask, plain_since, time_of
from tocsin.reports.plots import drawings

PEOPLE = ("user-1", "user-2", "user-3", "user-4")
FORMS = ("json", "csv", "html", "pdf", "text", "page")
CLAIMS = r"\b(?:compliant|compliance|certified|conforms|conformant)\b"


@pytest.fixture(scope="module")
def day():
    """A day with a little of everything."""
    journal = Facts()
    north = journal.desk(BEGIN - HOUR, "north")
    south = journal.desk(BEGIN - HOUR, "south")
    for number, who in enumerate(PEOPLE):
        journal.on_shift(BEGIN + number * SECOND, who, south if number == 3 else north)
    for number in range(40):
        at = BEGIN + 2 * HOUR + number * 17 * MINUTE
        hazard = ("fire", "technical", "intrusion")[number % 3]
        incident = journal.opened(
            at, hazard=hazard, priority=1 + number % 4, account=f"4{number % 7}", exercise=number == 7,
            presentation="on_test" if number == 9 else "shown",
        )  # fmt: skip
        if number % 10:
            journal.claimed(at + (8 + 3 * number) * SECOND, incident, PEOPLE[number % 4])
            journal.closed(
                at + (90 + 3 * number) * SECOND, incident, PEOPLE[number % 4], ("unwanted", "real")[number % 2]
            )
    seq = journal.missing(BEGIN + 15 * HOUR, ("47", 80 * SECOND, 90))
    journal.opened(BEGIN + 15 * HOUR, cause=seq, hazard="technical", priority=3, account="47")
    journal.returned(BEGIN + 16 * HOUR, "47")
    return journal


@pytest.fixture(scope="module")
def made(day, tmp_path_factory):
    """The report in a form, of the database or of the export."""
    folder = tmp_path_factory.mktemp("report")
    stored, lines = database(day, folder / "tocsin.db"), folder / "journal.jsonl"
    lines.write_bytes(b"".join(day.lines))

    def make_it(form, *, is_export=False, **more):
        plain = {
            "centre": "Harbour (Hafen) café",
            "source": str(lines if is_export else stored),
            "is_export": is_export,
            "since": BEGIN,
            "until": BEGIN + DAY,
            "made_at": BEGIN + 2 * DAY,
            "as_of": BEGIN + DAY,
            "profile": shipped("en50518-2019"),
            "load_profile": shipped("eemua-191"),
            "shift_changes": ("06:00", "14:00", "22:00"),
            "trouble": (),
            "form": form,
        }
        return make(FiguresForm(**(plain | more)))

    return make_it


def words_of(form, data):
    if form == "pdf":
        return " ".join(text for page in pages(data) for text in page)
    return data.decode()


@pytest.mark.parametrize(
    ("form", "profile"),
    [*((one, "en50518-2019") for one in FORMS), *(("text", one) for one in shipped_ids() if one != "en50518-2019")],
)
def test_no_form_claims_what_nobody_granted_or_names_anybody(made, form, profile):
    kind = "load_profile" if shipped(profile).kind == "load" else "profile"
    said = words_of(form, made(form, **{kind: shipped(profile)}))
    assert re.findall(CLAIMS, said, re.IGNORECASE) == []
    assert "user-" not in said
    if form != "csv":
        assert "designed to measure against" in said.lower()


@pytest.mark.parametrize("form", ["csv", "html", "pdf", "text", "page"])
def test_figure_from_memory_is_marked_and_the_profiles_version_stands_there(made, form):
    said = words_of(form, made(form))
    assert "nconfirmed figure" in said
    assert shipped("en50518-2019").version in said
    assert "unconfirmed figure" not in words_of(
        form, made(form, profile=shipped("nfpa-1225-2022"), load_profile=clean())
    )


def clean():
    """A load profile whose figures are all confirmed."""
    profile = shipped("eemua-191")
    figures = tuple(one for one in profile.figures if one.is_confirmed)
    return msgspec.structs.replace(profile, figures=figures)


@pytest.mark.parametrize("form", ["html", "pdf", "text"])
def test_what_is_left_out_and_what_is_missing_is_said(made, form):
    said = words_of(form, made(form, profile=shipped("nfpa-1225-2022")))
    for words in (
        "Part of an exercise",
        "The place was on test",
        says.NOT_MEASURED,
        "dispatches are not in the journal",
    ):
        assert words in said


def test_report_of_an_export_is_that_of_the_database(made):
    ours, theirs = json.loads(made("json")), json.loads(made("json", is_export=True))
    assert ours["figures"] == theirs["figures"]
    assert (ours.pop("is_export"), theirs.pop("is_export")) == (False, True)
    assert ours == theirs


def test_table_of_plain_values_opens_as_one(made):
    rows = list(csv.DictReader(io.StringIO(made("csv").decode())))
    assert {one["section"] for one in rows} >= {
        "period",
        "left out",
        "profile",
        "reaction",
        "load",
        "unwanted",
        "paths",
    }
    (left_out,) = [one for one in rows if one["what"] == "exercise"]
    assert left_out["value"] == "1"
    assert [one["value"] for one in rows if one["of"] == "all: all" and one["what"] == "half within"]


def test_too_few_people_are_said_and_their_figures_withheld(tmp_path):
    journal = Facts()
    incident = journal.opened(BEGIN + HOUR)
    journal.claimed(BEGIN + HOUR + 7 * SECOND, incident)
    form = FiguresForm(
        centre="Small", source=str(database(journal, tmp_path / "t.db")), is_export=False, since=BEGIN,
        until=BEGIN + DAY, made_at=BEGIN + DAY, as_of=BEGIN + DAY, profile=shipped("en50518-2019"),
        load_profile=shipped("eemua-191"), shift_changes=("06:00",), trouble=("The profile 'x' is wrong",), form="text",
    )  # fmt: skip
    said = make(form).decode()
    assert "Fewer than three people handled incidents in this period" in said
    assert "7.0 s" not in said
    assert "The profile 'x' is wrong" in said


def test_long_report_continues_on_the_next_page_with_its_heads(tmp_path):
    journal = Facts()
    for number in range(60):
        for again in range(3):
            at = BEGIN + HOUR + (number * 3 + again) * MINUTE
            incident = journal.opened(at, account=f"A{number:03}", type=f"TYPE-{number}")
            journal.claimed(at + 5 * SECOND, incident, PEOPLE[again])
            journal.closed(at + 30 * SECOND, incident, PEOPLE[again], "unwanted")
    form = FiguresForm(
        centre="Large", source=str(database(journal, tmp_path / "t.db")), is_export=False, since=BEGIN,
        until=BEGIN + DAY, made_at=BEGIN + DAY, as_of=BEGIN + DAY, profile=shipped("en50518-2019"),
        load_profile=shipped("eemua-191"), shift_changes=("06:00",), trouble=(), form="pdf",
    )  # fmt: skip
    found = pages(make(form))
    with_types = [page for page in found if any(text.startswith("TYPE-") for text in page)]
    assert len(with_types) > 1
    assert all("Unwanted" in page for page in with_types)
    assert f"page 1 of {len(found)}" in found[0]


# Plots ----------------------------------------------------------------------------------------------------------------


def test_no_plot_draws_beyond_its_edges_and_each_says_what_is_to_be_seen(day, tmp_path):
    ask = an_ask()
    drawn = drawings(both(day, tmp_path / "j.db", ask), ask, lambda at: f"{(at - BEGIN) // HOUR:02d}:00")
    assert [one.id for one in drawn] == ["load", "spread", "classes", "worst"]
    for drawing in drawn:
        assert drawing.says.endswith(".")
        assert drawing.title in svg(drawing)
        for shape in drawing.shapes:
            match shape:
                case Rect():
                    corners = [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
                case Line():
                    corners = shape.points
                case Words():
                    wide = text_width(shape.text, shape.size)
                    left = shape.x - {"start": 0, "middle": wide / 2, "end": wide}[shape.anchor]
                    corners = [(left, shape.y - shape.size), (left + wide, shape.y)]
            for x, y in corners:
                assert -1 <= x <= drawing.width + 1, (drawing.id, shape)
                assert -1 <= y <= drawing.height + 1, (drawing.id, shape)


def test_priorities_are_told_apart_in_grey(day, tmp_path):
    ask = an_ask()
    (load, *_) = drawings(both(day, tmp_path / "j.db", ask), ask, lambda _at: "x")
    looks = {(one.fill, one.hatch) for one in load.shapes if isinstance(one, Rect)}
    assert looks == {("p1", "none"), ("p2", "diagonal"), ("p3", "none"), ("p4", "horizontal")}


# Periods --------------------------------------------------------------------------------------------------------------

VIENNA = zoneinfo.ZoneInfo("Europe/Vienna")


def asked(since, until, zone=VIENNA, **more):
    plain = {
        "begins": 0,
        "as_of": BEGIN + 300 * DAY,
        "profile": shipped("en50518-2019"),
        "load_profile": shipped("eemua-191"),
        "shift_changes": ("06:00", "14:00", "22:00"),
    }
    return make_ask(since, until, zone=zone, **(plain | more))


def test_day_by_the_local_clock_begins_at_its_own_midnight():
    assert (
        time_of("2026-10-25", is_end=True, zone=VIENNA) - time_of("2026-10-25", is_end=False, zone=VIENNA) == 25 * HOUR
    )
    assert time_of("2026-10-25T12:30", is_end=False, zone=VIENNA) == time_of(
        "2026-10-25T11:30+00:00", is_end=True, zone=VIENNA
    )
    assert (
        time_of("2026-10-25", is_end=False, zone=VIENNA)
        - plain_since(time_of("2026-10-25T09:00", is_end=False, zone=VIENNA), VIENNA)
        == 29 * DAY
    )


@pytest.mark.parametrize("words", ["yesterday", "2026-13-01", "2026-02-30", "", "9999999999", "2026-01-01T25:00"])
def test_what_is_no_time_is_refused(words):
    with pytest.raises(BadInput, match=r"\[report.period\]"):
        time_of(words, is_end=False)


@given(first=st.integers(0, 700), days=st.integers(1, 400), clip=st.integers(0, 23))
def test_shifts_and_months_cover_each_moment_once_and_bars_are_few(first, days, clip):
    since = time_of(str(dt.date(2025, 1, 1) + dt.timedelta(days=first)), is_end=False, zone=VIENNA) + clip * HOUR
    ask = asked(since, since + days * DAY, as_of=since + 900 * DAY)
    for spans in (ask.months, sorted(ask.shifts, key=lambda one: one.since)):
        assert spans[0].since <= ask.since
        assert spans[-1].until >= ask.until
        assert all(a.until == b.since for a, b in itertools.pairwise(spans))
    assert 1 <= len(ask.buckets) <= BARS_MAX + 1
    assert ask.buckets[0] == ask.since
    assert list(ask.buckets) == sorted(set(ask.buckets))
    assert all(ask.since <= day < ask.until for day in ask.days)


def test_shift_over_the_change_of_the_clock_keeps_its_name():
    since = time_of("2026-10-24", is_end=False, zone=VIENNA)
    ask = asked(since, since + 2 * DAY)
    nights = [one.until - one.since for one in ask.shifts if one.label == "22:00 to 06:00"]
    assert 9 * HOUR in nights


def test_period_is_cut_to_what_the_journal_holds():
    ask = asked(BEGIN, BEGIN + 5 * DAY, begins=BEGIN + DAY, as_of=BEGIN + 2 * DAY)
    assert (ask.since, ask.until) == (BEGIN + DAY, BEGIN + 2 * DAY + 1)
    with pytest.raises(BadInput, match=r"\[report.empty\]"):
        asked(BEGIN, BEGIN + DAY, begins=BEGIN + 3 * DAY)
    with pytest.raises(BadInput, match="400 days"):
        asked(BEGIN, BEGIN + 500 * DAY)
    with pytest.raises(BadInput, match="before it begins"):
        asked(BEGIN, BEGIN)


# Amounts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("us", "words"),
    [(0, "0.0 s"), (29_999_999, "29.9 s"), (119_900_000, "119.9 s"), (120_000_000, "2 min 00 s"), (None, "-"),
     (3600 * SECOND, "1 h 00 min"), (3 * DAY, "3 d 0 h")],
)  # fmt: skip
def test_durations_are_cut_off_and_never_rounded_up_into_a_limit(us, words):
    assert says.duration(us) == words


def test_shares_are_cut_off():
    assert (says.share(7999, 10_000), says.share(1, 3), says.share(0, 0)) == ("79.9 %", "33.3 %", "-")
