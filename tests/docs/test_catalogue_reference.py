"""docs/reference/catalogue.md says the columns, limits, parameters, restorals, reasons and types that the code has."""

import re
import typing
from pathlib import Path

from tocsin.model.catalogue import Kind
from tocsin.rules import catalogue, classify, restorals, words
from tocsin.rules.catalogue import ADDRESS_IS, COLUMNS, shipped_catalogue
from tocsin.rules.chatter import LIFE_SAFETY, SOURCES_MAX
from tocsin.rules.correlate import CANDIDATES_MAX, CORRELATIONS, CORRELATIONS_BY_TYPE, POINTS_MAX
from tocsin.rules.judgement import JUDGEMENT

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "catalogue.md").read_text(encoding="utf-8")
SAME = {
    "hazard": "class",
    "hazard_not_more_urgent": "class, and no more urgent, or type",
    "type": "type",
    "type_not_more_urgent": "type, and no more urgent",
}


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading row, without it."""
    rows = PAGE.split(f"\n{heading}\n", 1)[1].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[1:]]


def quoted(names) -> str:
    return ", ".join(f"`{name}`" for name in names)


def text(page: str = PAGE) -> str:
    """The page on one line, so that sentences are found wherever they break."""
    return re.sub(r"\s+", " ", page)


def test_columns_of_each_file_are_those_of_the_loader():
    assert {row[0]: row[2] for row in table("| file | holds | columns |")} == {
        f"`{name}`": quoted(columns) for name, columns in COLUMNS.items()
    }


def test_every_column_is_described_once():
    described = [name for row in table("| column | values |") for name in re.findall(r"`([a-z_]+)`", row[0])]
    assert sorted(described) == sorted({column for columns in COLUMNS.values() for column in columns})


def test_closed_sets_are_written_out():
    rows = {row[0]: row[1] for row in table("| column | values |")}
    assert rows["`address_is`"] == f"what the address means: {quoted(sorted(ADDRESS_IS))}"
    assert rows["`kind`"] == quoted(typing.get_args(Kind))


def test_limits_are_those_of_the_code():
    said = text()
    assert (
        f"at most {catalogue.FILE_CHARACTERS_MAX:,} characters, {catalogue.ROWS_MAX:,} rows and "
        f"{catalogue.CELL_CHARACTERS_MAX:,} characters a cell" in said
    )
    assert f"the first {catalogue.MISTAKES_SHOWN_MAX}; the rest are counted" in said
    assert f"| 1 to {catalogue.MEANING_CHARACTERS_MAX} characters, for the screen |" in PAGE
    assert f"| at most {catalogue.PARTS_MAX} texts, divided by" in PAGE
    assert f"a number from 1 to {catalogue.UNITS_MAX} and a capability" in said
    assert f"At most {CANDIDATES_MAX} incidents are looked at for one signal" in said
    assert f"at most {POINTS_MAX} of one incident" in said


def test_caution_names_the_families_and_groups_of_the_code():
    letters = re.search(
        r"families ([A-Z, and]+), or of Contact ID ([0-9x, and]+), is priority 1; of ([^i]+) it", text()
    )
    assert letters is not None
    assert set(re.findall(r"\b[A-Z]\b", letters[1])) == classify.CAUTION_FAMILIES
    assert set(re.findall(r"(\d\d)x", letters[2])) == classify.CAUTION_GROUPS
    assert set(re.findall(r"\b[A-Z]\b", letters[3])) == classify.SILENT_FAMILIES
    assert set(re.findall(r"(\d\d)x", letters[3])) == classify.SILENT_GROUPS


def test_parameters_of_correlation_are_those_of_the_code():
    expected = [
        [name, one.scope, SAME[one.same], f"{one.window_s:,} s"]
        for name, one in (CORRELATIONS | CORRELATIONS_BY_TYPE).items()
    ]
    assert table("| class | same place | says the same | window |") == expected


def test_what_confirms_and_what_chatters_is_as_the_code_has_it():
    rows = [[name, one.needs, f"{one.window_s:,} s"] for name, one in JUDGEMENT.confirmations.items()]
    assert table("| class | confirmed by another | window |") == rows
    rule, said = JUDGEMENT.chatter, text()
    assert f"alarms {rule.alarms} times within {rule.window_s} s chatters" in said
    assert f"until it has been quiet for {rule.quiet_s} s" in said
    assert f"Of one incident {SOURCES_MAX} detectors are watched" in said
    assert f"within {JUDGEMENT.returned_s:,} s of the closing" in said
    assert {"fire", "explosion", "medical", "rescue", "hazmat", "robbery_holdup"} == LIFE_SAFETY


def test_restorals_are_those_of_the_code():
    rows = table("| codes | end |")
    families = re.findall(r"\b[A-Z]\b", rows[0][0].partition(" of ")[2])
    assert "".join(families) == restorals.FAMILIES
    assert rows[4:] == [
        *([f"`{one}` also", f"`{also}`"] for one, also in restorals.ALSO.items()),
        *([f"`{one}`", quoted(sorted(ended))] for one, ended in restorals.PAIRS.items()),
    ]


def test_reasons_have_the_words_of_the_code():
    assert dict(table("| code | words |")) == {f"`{code}`": said for code, said in words.REASONS.items()}
    rest = PAGE.split("## Outcomes of closing", 1)[1]
    assert all(
        f"| `{code}` | {said} |" in rest
        for code, said in (words.DISPOSITION_WORDS | words.REOPEN_WORDS | words.SHELVE_WORDS).items()
    )


def test_types_are_those_that_ship():
    assert table("| number | type | class | priority | opened by | meaning |") == [
        [one.short, one.type, one.hazard, str(one.priority), one.opened_by, one.meaning]
        for one in shipped_catalogue().types.values()
    ]
