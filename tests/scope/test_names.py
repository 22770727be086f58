"""R1, R2, R6: nothing is called what SCOPE.md declines, wherever a name stands; hazard classes are a closed set.

Types, tables, settings, the API, the catalogue, metrics, commands and permissions are walked: what is added later is
in it by itself.
"""

import json
import re
import typing
from importlib import resources

import pytest
from prometheus_client.parser import text_string_to_metric_families

from support.api_description import api_description
from support.centres import make_folder, rows
from support.scope import ALLOWED, is_declined, structs
from tocsin.cli import COMMANDS, _load
from tocsin.intake.dc09.counters import Counters
from tocsin.model.catalogue import HazardClass
from tocsin.model.errors import BadInput
from tocsin.model.help_note import PersonsInNeed
from tocsin.model.journal import KINDS
from tocsin.rules.catalogue import load_catalogue, shipped_catalogue
from tocsin.settings import describe
from tocsin.store.schema import METADATA
from tocsin.web.metrics import Figures, render
from tocsin.web.permissions import PERMISSIONS

DESCRIBED = api_description()
HAZARDS = [
    *("fire", "explosion", "medical", "rescue", "hazmat", "flood_weather", "intrusion", "robbery_holdup", "theft"),
    *("violence", "missing_person", "trafficking_kidnap", "collision", "utility", "technical", "welfare_check"),
]
NUMBERS_OF_PEOPLE = re.compile(r"(person|people|patient|crew|visitor|occupant|victim|casualt|hurt|trapped|adult|child)")


def fields():
    return [f"{kind.__name__}.{field}" for kind in structs() for field in kind.__struct_fields__]


def columns(folder):
    database = make_folder(folder / "centre").database_path
    tables = [name for (name,) in rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [f"{table}.{row[1]}" for table in tables for row in rows(database, f"PRAGMA table_info({table})")]


def settings():
    return [f"{one.section}.{one.key}" for one in describe()]


def api():
    found = list(DESCRIBED["paths"])
    for item in DESCRIBED["paths"].values():
        for operation in item.values():
            found.append(operation["operationId"])
            found += [one["name"] for one in operation.get("parameters", ())]
    for name, schema in DESCRIBED["components"]["schemas"].items():
        found += [name, *(f"{name}.{field}" for field in schema.get("properties", ()))]
        found += [f"{name}.{value}" for value in schema.get("enum", ()) if isinstance(value, str)]
    return found


def catalogue():
    known = shipped_catalogue()
    codes = [str(code) for code in known.types] + [f"{form}.{code}" for form, code in known.codes]
    return [*codes, *(question for one in known.types.values() for question in (one.action_plan,))]


def metrics():
    figures = dict.fromkeys(Figures.__struct_fields__, 0) | {"counters": Counters(), "bounces": {}, "sources": {}}
    families = text_string_to_metric_families(render(Figures(**figures)).decode())
    return [name for one in families for name in (one.name, *(label for s in one.samples for label in s.labels))]


def commands():
    found = []
    for name in COMMANDS:
        command = _load(name)
        below = getattr(command, "commands", {"": command})
        found += [option for one in below.values() for parameter in one.params for option in parameter.opts]
    return [*COMMANDS, *found]


@pytest.mark.parametrize("names", [fields, settings, api, catalogue, metrics, commands], ids=lambda one: one.__name__)
def test_no_name_speaks_of_what_is_never_built(names):
    found = names()
    assert len(found) > 20
    assert [name for name in found if is_declined(name)] == []


def test_no_column_of_a_real_database_does(tmp_path):
    found = columns(tmp_path)
    assert {"journal.entry", "vault_values.sealed", "timers.due_at"} <= set(found)
    assert [name for name in found if is_declined(name)] == []


def test_no_kind_of_fact_and_no_permission_does():
    assert [name for name in (*KINDS, *PERMISSIONS) if is_declined(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        "Caller.sex",
        "PersonItem.face_id",
        "crowd_size",
        "a.numberPlate",
        "ANPR",
        "operator_score",
        "watch_list",
        "persons_seen",
    ],
)
def test_name_that_speaks_of_it_would_be_found(name):
    assert is_declined(name)


def test_each_exception_says_what_it_means():
    assert all(len(reason) > 10 for reason in ALLOWED.values())


def test_numbers_of_people_stand_in_one_type_alone():
    """How many need help, told by people: nothing else is counted of them, and never by a machine (SCOPE.md)."""
    found = set()
    for kind in structs():
        for field, hint in typing.get_type_hints(kind, include_extras=True).items():
            parts = json.dumps(str(hint))
            if NUMBERS_OF_PEOPLE.search(field) and re.search(r"\bint\b", parts):
                found.add(kind.__name__)
    assert found <= {"PersonsInNeed"}
    assert set(PersonsInNeed.__struct_fields__) >= {"told_by", "hurt", "trapped", "crew_strength"}


# R2 ----------------------------------------------------------------------------------------------------------------


def test_hazard_classes_are_the_sixteen_and_none_is_other():
    assert list(typing.get_args(HazardClass)) == HAZARDS
    assert {one.hazard for one in shipped_catalogue().types.values()} <= set(HAZARDS)


def files():
    data = resources.files("tocsin.data")
    return {one.name: one.read_text("utf-8") for one in data.iterdir() if one.name.endswith(".csv")}


@pytest.mark.parametrize("hazard", ["other", "protest", "crowd", "suspicious_person", ""])
def test_catalogue_with_a_type_outside_of_them_is_refused_with_its_line(hazard):
    tables = files()
    lines = tables["incident_types.csv"].splitlines()
    at = next(number for number, line in enumerate(lines) if number and ",fire," in line)
    lines[at] = lines[at].replace(",fire,", f",{hazard},", 1)
    with pytest.raises(BadInput) as caught:
        load_catalogue(tables | {"incident_types.csv": "\n".join(lines) + "\n"})
    assert str(at + 1) in str(caught.value)


# R6 ----------------------------------------------------------------------------------------------------------------


FLOOR_PLANS = {"/api/v1/sites/{site_id}/plans", "/api/v1/plans/{plan_id}/picture"}
"""Drawings of buildings, set up by whoever sets up the site: no camera, no incident and no person is in them."""


STILLS = {"/api/v1/duty/reports/{report_id}/stills"}
"""Photographs of things by staff on duty, masked before they are stored (tests/centre/test_still_worker.py)."""


def test_no_address_takes_a_picture_or_sound_but_for_floor_plans_and_stills_that_are_masked():
    found = [
        (path, media)
        for path, item in DESCRIBED["paths"].items()
        for operation in item.values()
        for part in (operation.get("requestBody", {}), *operation["responses"].values())
        for media in part.get("content", {})
        if media.startswith(("image/", "audio/", "video/")) or media == "multipart/form-data"
    ]
    assert {path for path, _ in found} == FLOOR_PLANS | STILLS
    assert {media for _, media in found} == {"image/png", "image/jpeg"}


BLOBS = {
    "journal.entry": "canonical JSON that was hashed",
    "journal.hash": "a hash",
    "journal.sealed": "sealed under a day's key",
}


def test_bytes_in_a_database_are_hashes_rows_or_sealed(tmp_path):
    database = make_folder(tmp_path / "centre").database_path
    tables = [name for (name,) in rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    blobs = {
        f"{table}.{row[1]}"
        for table in tables
        for row in rows(database, f"PRAGMA table_info({table})")
        if row[2] == "BLOB"
    }
    plain = {name for name in blobs if not name.endswith((".row", ".hash", ".sealed", ".digest", ".answer", ".entry"))}
    assert plain == set()
    assert set(BLOBS) <= blobs


def test_nothing_is_indexed_by_words():
    """R7: no full-text search, no index over anything sealed."""
    indexes = [index for table in METADATA.tables.values() for index in table.indexes]
    indexed = {f"{index.table.name}.{column.name}" for index in indexes for column in index.columns}
    assert indexed
    assert [name for name in indexed if name.endswith((".sealed", ".row", ".entry"))] == []
