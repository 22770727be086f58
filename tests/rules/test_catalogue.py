"""The catalogue's files: what ships is whole, and each kind of mistake is named with its file, line and reason."""

import collections
import csv
import io

import pytest

from tocsin.data import read_shipped
from tocsin.model.catalogue import HazardClass, Kind
from tocsin.model.errors import BadInput
from tocsin.rules import catalogue, notices
from tocsin.rules.catalogue import (
    COLUMNS,
    FILE_CHARACTERS_MAX,
    MISTAKES_SHOWN_MAX,
    ROWS_MAX,
    load_catalogue,
    shipped_catalogue,
)

SHIPPED = {name: read_shipped(name) for name in COLUMNS}
TYPES, CAPABILITIES, SIA, CID = (
    "incident_types.csv",
    "capabilities.csv",
    "sia_codes.csv",
    "contact_id_codes.csv",
)


def changed(file, key, **cells):
    """The shipped files with some cells of the row of that key changed; and the line of that row."""
    rows = list(csv.reader(io.StringIO(SHIPPED[file])))
    line, row = next((number, row) for number, row in enumerate(rows, 1) if row[0] == key)
    for column, value in cells.items():
        row[rows[0].index(column)] = value
    return SHIPPED | {file: written(rows)}, line


def written(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def with_row(file, *cells):
    """The shipped files with one row more; and its line."""
    return SHIPPED | {file: SHIPPED[file] + written([cells])}, SHIPPED[file].count("\n") + 1


def refusal(files) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load_catalogue(files)
    return caught.value


# What ships ---------------------------------------------------------------------------------------------------------


def test_shipped_catalogue_is_whole():
    shipped = shipped_catalogue()
    assert (len(shipped.types), len(shipped.codes)) == (112, 326 + 322)
    assert collections.Counter(one.priority for one in shipped.types.values()) == {1: 44, 2: 32, 3: 29, 4: 7}
    assert {one.hazard for one in shipped.types.values()} == set(HazardClass.__args__)
    assert len({one.action_plan for one in shipped.types.values()}) == 32
    assert sum(rule.priority == 1 for (one, _), rule in shipped.codes.items() if one == "SIA") == 11
    assert sum(rule.priority == 1 for (one, _), rule in shipped.codes.items() if one == "CID") == 22


def test_rows_are_read_as_they_stand():
    shipped = shipped_catalogue()
    smoke = shipped.types["FIRE-SMOKE"]
    assert (smoke.short, smoke.hazard, smoke.priority, smoke.opened_by) == ("202", "fire", 1, "any")
    assert smoke.first_units == ("2 pump", "1 ladder", "1 command")
    assert len(smoke.questions) == 4
    rule = shipped.codes["CID", "131"]
    assert (rule.meaning, rule.address_is, rule.kind, rule.kind_restore) == (
        "Perimeter burglary alarm",
        "zone",
        "alarm",
        "restoral",
    )
    assert (rule.type, rule.hazard, rule.priority, rule.restores_as) == ("INT-BURGLARY", "intrusion", 2, "BH")
    assert shipped.codes["SIA", "OP"].type is None
    assert shipped.codes["SIA", "FA"].kind_restore == "alarm"


def test_catalogue_is_read_once_and_named_by_its_files():
    assert shipped_catalogue() is shipped_catalogue()
    assert load_catalogue(SHIPPED) == shipped_catalogue()
    assert load_catalogue(SHIPPED).version == shipped_catalogue().version
    other, _ = changed(SIA, "FA", meaning="Fire")
    assert load_catalogue(other).version != shipped_catalogue().version
    assert len(shipped_catalogue().version) == 16


def test_order_of_columns_blank_lines_and_a_byte_order_mark_do_not_matter():
    rows = list(csv.reader(io.StringIO(SHIPPED[SIA])))
    turned = "\ufeff" + written([list(reversed(row)) for row in rows]).replace("\n", "\r\n") + "\r\n\r\n"
    assert load_catalogue(SHIPPED | {SIA: turned}).codes == shipped_catalogue().codes


def test_centre_may_add_a_code_and_a_local_type():
    base = next(row for row in csv.reader(io.StringIO(SHIPPED[TYPES])) if row[0] == "RESC-WATER")
    local = ["RESC-WATER.HARBOUR", "901", base[2], "Somebody in the basin", "2", base[5], base[6], base[7], base[8], ""]
    files, _ = with_row(TYPES, *local)
    files |= with_row(SIA, "XZ", "Basin sensor", "zone", "alarm", "rescue", "RESC-WATER.HARBOUR", "2")[0] | {
        TYPES: files[TYPES]
    }
    made = load_catalogue(files)
    assert made.types["RESC-WATER.HARBOUR"].short == "901"
    assert made.codes["SIA", "XZ"].type == "RESC-WATER.HARBOUR"


def test_types_that_the_rules_name_are_required():
    named = {notices.QUARANTINE_TYPE, *(notice.type for notice in notices.NOTICES.values())}
    assert named <= catalogue.REQUIRED_TYPES
    rows = SHIPPED[TYPES].splitlines(keepends=True)
    files = SHIPPED | {TYPES: "".join(row for row in rows if not row.startswith("TECH-SOURCE,"))}
    assert f"{TYPES}: type TECH-SOURCE is missing" in refusal(files).message


# Rows that are refused ----------------------------------------------------------------------------------------------

BAD_CELLS = [
    # file, row, what is changed, the reason
    (TYPES, "FIRE-SMOKE", {"type": "fire-smoke"}, "type: 'fire-smoke' is not a name"),
    (TYPES, "FIRE-SMOKE", {"type": "FIRE-ALARM"}, "type 'FIRE-ALARM' stands in line 2 already"),
    (TYPES, "FIRE-SMOKE", {"hazard": "public_order"}, "hazard: 'public_order' is not one of collision, "),
    (TYPES, "FIRE-SMOKE", {"hazard": ""}, "hazard: '' is not one of"),
    (TYPES, "FIRE-SMOKE", {"short": "201"}, "short: '201' stands in line 2 already"),
    (TYPES, "FIRE-SMOKE", {"short": "012"}, "short: 012 is never given"),
    (TYPES, "FIRE-SMOKE", {"short": "112"}, "short: 112 is never given"),
    (TYPES, "FIRE-SMOKE", {"short": "911"}, "short: 911 is never given"),
    (TYPES, "FIRE-SMOKE", {"short": "999"}, "short: 999 is never given"),
    (TYPES, "FIRE-SMOKE", {"short": "20"}, "short: '20' is not three digits"),
    (TYPES, "FIRE-SMOKE", {"short": "2O2"}, "short: '2O2' is not three digits"),
    (TYPES, "FIRE-SMOKE", {"short": "٢٠٢"}, "short: '٢٠٢' is not three digits"),
    (TYPES, "FIRE-SMOKE", {"short": "399"}, "short: 399 does not begin with 2, the digit of fire"),
    (TYPES, "FIRE-SMOKE", {"meaning": ""}, "meaning: 0 characters, not 1 to 200"),
    (TYPES, "FIRE-SMOKE", {"meaning": "x" * 201}, "meaning: 201 characters, not 1 to 200"),
    (TYPES, "FIRE-SMOKE", {"meaning": "x" * 1001}, "meaning: 1,001 characters, the limit is 1,000"),
    (TYPES, "FIRE-SMOKE", {"meaning": "Smoke\x1b[2J"}, "meaning: blanks around it, or a character that cannot"),
    (TYPES, "FIRE-SMOKE", {"meaning": "Smoke\nFire"}, "meaning: blanks around it, or a character that cannot"),
    (TYPES, "FIRE-SMOKE", {"meaning": " Smoke"}, "meaning: blanks around it"),
    (TYPES, "FIRE-SMOKE", {"priority": "5"}, "priority: '5' is not 1 to 4"),
    (TYPES, "FIRE-SMOKE", {"priority": "0"}, "priority: '0' is not 1 to 4"),
    (TYPES, "FIRE-SMOKE", {"priority": "high"}, "priority: 'high' is not 1 to 4"),
    (TYPES, "FIRE-SMOKE", {"opened_by": "anybody"}, "opened_by: 'anybody' is not one of any, centre, person"),
    (TYPES, "FIRE-SMOKE", {"action_plan": "Fire alarm"}, "action_plan: 'Fire alarm' is not a name"),
    (TYPES, "FIRE-SMOKE", {"action_plan": ""}, "action_plan: '' is not a name"),
    (TYPES, "FIRE-SMOKE", {"questions": "Where?;How?"}, "questions: not at most 12 texts divided by '; '"),
    (TYPES, "FIRE-SMOKE", {"checks": "a; ; b"}, "checks: not at most 12 texts"),
    (TYPES, "FIRE-SMOKE", {"checks": "; ".join("abcdefghijklm")}, "checks: not at most 12 texts"),
    (TYPES, "FIRE-SMOKE", {"first_units": "2 pumps"}, "first_units: there is no capability 'pumps'"),
    (TYPES, "FIRE-SMOKE", {"first_units": "pump"}, "first_units: 'pump' is not a number from 1 to 20"),
    (TYPES, "FIRE-SMOKE", {"first_units": "0 pump"}, "first_units: '0 pump' is not a number from 1 to 20"),
    (TYPES, "FIRE-SMOKE", {"first_units": "21 pump"}, "first_units: '21 pump' is not a number from 1 to 20"),
    (TYPES, "THEFT-FOUND", {"opened_by": "any"}, "opened_by: the class theft needs a person's report"),
    (CAPABILITIES, "ladder", {"capability": "pump"}, "capability 'pump' stands in line 2 already"),
    (CAPABILITIES, "pump", {"by_default": "own"}, "by_default: 'own' is not one of request, unit"),
    (CAPABILITIES, "air", {"capability": "Air"}, "capability: 'Air' is not a name in small letters"),
    (SIA, "FA", {"code": "F1"}, "code: 'F1' is not two capital letters"),
    (SIA, "FA", {"code": "fa"}, "code: 'fa' is not two capital letters"),
    (SIA, "FX", {"code": "FA"}, "code 'FA' stands in line 82 already"),
    (SIA, "FA", {"kind": "fire"}, "kind: 'fire' is not one of"),
    (SIA, "FA", {"address_is": "person"}, "address_is: 'person' is not one of"),
    (SIA, "FA", {"incident_type": "FIRE"}, "incident_type: there is no type 'FIRE'"),
    (SIA, "FA", {"incident_type": ""}, "incident_type: a code of priority 1 opens an incident, so it needs a type"),
    (SIA, "FA", {"hazard": ""}, "hazard: '', but FIRE-ALARM is of fire"),
    (SIA, "FA", {"hazard": "medical"}, "hazard: 'medical', but FIRE-ALARM is of fire"),
    (SIA, "FA", {"priority": "6"}, "priority: '6' is not 1 to 5"),
    (SIA, "FA", {"priority": ""}, "priority: '' is not 1 to 5"),
    (SIA, "OP", {"hazard": "intrusion"}, "hazard: there is none without a type"),
    (SIA, "FH", {"priority": "3"}, "priority: restoral opens nothing, so it is 5"),
    (SIA, "FJ", {"priority": "4"}, "priority: trouble_restoral opens nothing, so it is 5"),
    (SIA, "FC", {"priority": "1"}, "priority: cancel opens nothing, so it is 5"),
    (SIA, "HV", {"priority": "5"}, "priority: a silent call for help opens an incident, so it is 1 to 4"),
    (SIA, "RP", {"priority": "4", "hazard": "technical", "incident_type": "TECH-PANEL"}, "priority: a test opens"),
    (SIA, "FL", {"incident_type": "FIRE-OUT"}, "incident_type: FIRE-OUT is opened by a person's report alone"),
    (
        SIA,
        "FL",
        {"incident_type": "VIOL-ASSAULT", "hazard": "violence"},
        "incident_type: VIOL-ASSAULT is opened by a person's report alone, never by a code",
    ),
    (
        SIA,
        "UX",
        {"incident_type": "TECH-CENTRE"},
        "incident_type: TECH-CENTRE is opened by the centre itself alone, never by a code",
    ),
    (CID, "110", {"code": "11A"}, "code: '11A' is not three digits (0-9, B-F)"),
    (CID, "110", {"code": "0110"}, "code: '0110' is not three digits"),
    (CID, "102", {"kind_restore": "over"}, "kind_restore: 'over' is not one of"),
    (
        CID,
        "102",
        {"kind_restore": "duress"},
        "kind_restore: 'duress' is not alarm, restoral, trouble_restoral or close",
    ),
    # rule 11: both tables agree
    (CID, "110", {"sia": "F9"}, "sia: 'F9' is no code of sia_codes.csv"),
    (CID, "110", {"sia_restore": "F9"}, "sia_restore: 'F9' is no code of sia_codes.csv"),
    (CID, "110", {"kind": "trouble"}, "kind: trouble, but FA of sia_codes.csv has alarm"),
    (CID, "110", {"priority": "2"}, "priority: 2, but FA of sia_codes.csv has 1"),
    (CID, "110", {"sia": "WA"}, "hazard: fire, but WA of sia_codes.csv has flood_weather"),
    (CID, "110", {"sia_restore": "FJ"}, "kind_restore: restoral, but FJ of sia_codes.csv has trouble_restoral"),
    (CID, "110", {"sia_restore": "WH"}, "sia_restore: WH of sia_codes.csv is of flood_weather, not of fire"),
    (CID, "453", {"sia_restore": "CE"}, "sia_restore: CE of sia_codes.csv has priority 5, not 3"),
]


@pytest.mark.parametrize(("file", "key", "cells", "reason"), BAD_CELLS)
def test_bad_cell_is_refused_with_file_line_and_reason(file, key, cells, reason):
    files, line = changed(file, key, **cells)
    error = refusal(files)
    assert f"\n{file} line {line}: {reason}" in error.message
    assert error.code == "catalogue.rows"


def test_every_mistake_of_every_file_is_counted_and_the_first_are_named():
    files, _ = changed(SIA, "FA", kind="fire", priority="9")
    files |= {CID: changed(CID, "110", meaning="")[0][CID]}
    message = refusal(files).message
    assert message.endswith(
        "refused, 3 mistakes; nothing of it is used. Mend these lines:\n"
        f"{SIA} line 82: kind: 'fire' is not one of {', '.join(sorted(Kind.__args__))}\n"
        f"{SIA} line 82: priority: '9' is not 1 to 5\n"
        f"{CID} line 6: meaning: 0 characters, not 1 to 200"
    )


def test_list_of_mistakes_ends():
    rows = list(csv.reader(io.StringIO(SHIPPED[SIA])))
    for row in rows[1:]:
        row[3] = "nonsense"
    message = refusal(SHIPPED | {SIA: written(rows)}).message
    assert message.count("is not one of") == MISTAKES_SHOWN_MAX
    assert "326 mistakes" in message
    assert message.endswith(f"\n... and {326 - MISTAKES_SHOWN_MAX} more")


def test_long_and_hostile_cells_are_not_repeated():
    files, _ = changed(SIA, "FA", kind="\u202e" * 900)
    assert "\u202e" not in refusal(files).message
    files, _ = changed(SIA, "FA", kind="k" * 900)
    assert len(refusal(files).message) < 600


# Files that are refused ---------------------------------------------------------------------------------------------


def test_local_type_changes_nothing_that_ships():
    base = next(row for row in csv.reader(io.StringIO(SHIPPED[TYPES])) if row[0] == "RESC-WATER")
    for at, cell, reason in (
        (1, "401", "short: '401' stands in line"),
        (1, "499", "short: 499 does not begin with 9, the digit of a local type"),
        (0, "RESC-POOL.X", "type: 'RESC-POOL.X' is a local type of 'RESC-POOL', which is not there"),
        (5, "person", "opened_by: a local type has that of RESC-WATER, unchanged"),
        (7, "Who?", "questions: a local type has that of RESC-WATER, unchanged"),
        (8, "", "checks: a local type has that of RESC-WATER, unchanged"),
        (2, "medical", "hazard: a local type has that of RESC-WATER, unchanged"),
    ):
        row = ["RESC-WATER.HARBOUR", "901", *base[2:]]
        row[at] = cell
        files, line = with_row(TYPES, *row)
        assert f"{TYPES} line {line}: {reason}" in refusal(files).message


@pytest.mark.parametrize("name", COLUMNS)
def test_missing_file_is_refused(name):
    error = refusal({other: text for other, text in SHIPPED.items() if other != name})
    assert (error.code, f"{name}: the file is missing" in error.message) == ("catalogue.file", True)


def test_unknown_file_is_refused():
    error = refusal(SHIPPED | {"zones.csv": ""})
    assert (error.code, "zones.csv: no such file is known" in error.message) == ("catalogue.file", True)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_there_once_each_and_no_other(name):
    heading, rest = SHIPPED[name].split("\n", 1)
    first = COLUMNS[name][0]
    for new, reason in (
        (heading.replace(first, "name", 1), f"{name} line 1: 'name' is no column of this file"),
        (heading.replace(first, "name", 1), f"{name} line 1: column {first} is missing"),
        (f"{heading},{first}", f"{name} line 1: column {first} stands there twice"),
        ("", f"{name} line 1: column {first} is missing"),
    ):
        error = refusal(SHIPPED | {name: f"{new}\n{rest}"})
        assert error.code == "catalogue.columns"
        assert reason in error.message


def test_row_with_a_cell_too_many_or_too_few_is_refused():
    for row in ("XZ,Mains, also battery,none,trouble,technical,TECH-MAINS,4\n", "XZ,Mains\n"):
        error = refusal(SHIPPED | {SIA: SHIPPED[SIA] + row})
        assert error.code == "catalogue.syntax"
        assert f"{SIA} line 328: " in error.message
        assert "a comma in a text needs quotes" in error.message


def test_open_quote_is_refused():
    error = refusal(SHIPPED | {SIA: SHIPPED[SIA] + 'XZ,"Mains\n'})
    assert (error.code, f"{SIA} line 328: no CSV" in error.message) == ("catalogue.syntax", True)


def test_file_without_rows_is_refused():
    error = refusal(SHIPPED | {SIA: SHIPPED[SIA].split("\n")[0] + "\n"})
    assert (error.code, f"{SIA}: the file has no rows" in error.message) == ("catalogue.syntax", True)


def test_files_have_a_limit():
    error = refusal(SHIPPED | {SIA: "x" * (FILE_CHARACTERS_MAX + 1)})
    assert (error.code, "the limit is 1,048,576" in error.message) == ("catalogue.size", True)
    rows = SHIPPED[CAPABILITIES] + "".join(f"c{number},x,unit\n" for number in range(ROWS_MAX))
    error = refusal(SHIPPED | {CAPABILITIES: rows})
    assert (error.code, "more than 5,000 rows" in error.message) == ("catalogue.size", True)
    assert "c4999" not in error.message


def test_code_is_the_same_at_the_end_of_the_message():
    assert str(refusal({})).endswith("[catalogue.file]")
