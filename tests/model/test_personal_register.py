"""Every stored field is a typed value, every personal one is in the register, and no name speaks of what we decline."""

import importlib
import pkgutil
import re
import types
import typing
from collections.abc import Iterable, Iterator

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

import tocsin.model
from tocsin.intake.dc09.counters import Counters
from tocsin.journal import heads
from tocsin.model import values
from tocsin.model.personal import KEPT, NOT_PERSONAL, REGISTER, PersonalField, Retention
from tocsin.settings import describe
from tocsin.store.schema import METADATA
from tocsin.vault.vault import LIFE_DAYS
from tocsin.web.metrics import Figures, render

DECLINED = re.compile(
    r"(?<![a-z])(faces?|facial|gait|voice|(number_)?plates?|biometrics?|appearance|clothing|sex|gender|race|skin|ethnic|"
    r"ethnicity|nationality|religion|religious|worship|politics|political|union|emotion|mood|crowds?|people|persons?|"
    r"(person|head|people)_?counts?|watch_?lists?|blacklists?|suspects?|protests?|strikes?|assembly|procession|petition|"
    r"opinion|speech|audio|microphone|video|recordings?)(?![a-z])"
)
"""Whole words of a name, parted by anything but letters (SCOPE.md)."""

IN_NEED = "persons_in_need"
"""The one exception: with the strength of crews, the only numbers of people that there are (SCOPE.md, R1)."""


def declined(name: str) -> bool:
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return DECLINED.search(re.sub(rf"(?<![a-z_]){IN_NEED}(?![a-z_])", "", plain)) is not None


def stored_types() -> list[type[msgspec.Struct]]:
    """Every Struct that a module of tocsin.model or tocsin.journal.heads makes."""
    names = [f"tocsin.model.{module.name}" for module in pkgutil.iter_modules(tocsin.model.__path__)]
    modules = [*map(importlib.import_module, names), heads]
    return [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one.__module__ == module.__name__
    ]


def parts_of(annotation: typing.Any) -> Iterator[typing.Any]:
    """What an annotation is built from, down to typed values: `personal`, a plain type, a NewType, a Struct."""
    if typing.get_origin(annotation) is typing.Annotated:
        is_personal = any((getattr(meta, "extra", None) or {}).get("personal") for meta in annotation.__metadata__)
        yield from ["personal"] if is_personal else parts_of(annotation.__origin__)
    elif typing.get_origin(annotation) in (types.UnionType, typing.Union, tuple, dict):
        for part in typing.get_args(annotation):
            yield from parts_of(part)
    else:
        yield annotation


def is_typed(part: typing.Any) -> bool:
    if isinstance(part, typing.NewType):
        return part.__module__.startswith("tocsin.model.") or part in (
            heads.Origin,
            heads.SignatureText,
            heads.VerifierKeyText,
        )
    return (
        part in ("personal", int, bool, type(None), ...)
        or typing.get_origin(part) is typing.Literal
        or (isinstance(part, type) and issubclass(part, msgspec.Struct) and part is not msgspec.Struct)
    )


def mistakes(
    kinds: Iterable[type[msgspec.Struct]], personal: Iterable[str], not_personal: Iterable[str]
) -> dict[str, str]:
    """What is wrong, by field. A place may say anything, so it counts as personal."""
    personal, not_personal = set(personal), set(not_personal)
    found: dict[str, str] = {}
    seen: set[str] = set()
    for kind in kinds:
        for field, annotation in typing.get_type_hints(kind, include_extras=True).items():
            name = f"{kind.__name__}.{field}"
            seen.add(name)
            parts = list(parts_of(annotation))
            if name in personal:
                continue
            if "personal" in parts or values.Place in parts:
                found[name] = "personal, and not in the register"
            elif name not in not_personal and not all(map(is_typed, parts)):
                found[name] = "no typed value"
            elif name in not_personal and all(map(is_typed, parts)):
                found[name] = "typed, so it needs no reason"
    return found | dict.fromkeys((personal | not_personal) - seen, "names no field")


def names_of(rows: Iterable[typing.Any]) -> list[str]:
    return [f"{row.type}.{row.field}" for row in rows]


def test_every_stored_field_is_a_typed_value_and_every_personal_one_is_in_the_register():
    assert mistakes(stored_types(), names_of(REGISTER), names_of(NOT_PERSONAL)) == {}


def test_walk_sees_every_type_that_holds_something():
    names = [kind.__name__ for kind in stored_types()]
    assert len(names) == len(set(names)), "the register names a type without its module"
    assert {"SealedPart", "Signal", "AccountRow", "EntryRow", "RejectedFrame", "CentreCreatedBody"} <= set(names)


def test_register_names_each_field_once_and_says_what_why_and_how_long():
    names = [*names_of(REGISTER), *names_of(NOT_PERSONAL)]
    assert len(names) == len(set(names))
    for row in (*REGISTER, *NOT_PERSONAL):
        assert all(getattr(row, field) for field in row.__struct_fields__), row
        assert isinstance(row, PersonalField) or len(row.reason) > 10
    assert set(KEPT) == set(typing.get_args(Retention))


def test_times_of_the_register_are_those_of_the_vault():
    assert [re.findall(r"\d+", KEPT[one]) for one in ("intake", "intake_or_panel")] == [
        [str(LIFE_DAYS["intake"])],
        [str(LIFE_DAYS["panel"]), str(LIFE_DAYS["intake"])],
    ]


class Bad(msgspec.Struct):
    """One field for each mistake that the walk must find, and good ones between."""

    bare: str
    inside: tuple[bytes, ...] | None
    key_of: dict[str, int]
    anything: object
    hidden: values.PersonalText | None
    deep: dict[values.Code, tuple[values.PersonalBytes, ...]]
    place: values.Place
    excused: str
    excused_without_need: values.Code
    declared: dict[str, values.PersonalText]
    good: tuple[values.Code, ...] | None
    number: int


def test_walk_finds_each_kind_of_mistake():
    assert mistakes(
        [Bad], ["Bad.declared", "Bad.gone"], ["Bad.excused", "Bad.excused_without_need", "Nobody.reason"]
    ) == {
        "Bad.bare": "no typed value",
        "Bad.inside": "no typed value",
        "Bad.key_of": "no typed value",
        "Bad.anything": "no typed value",
        "Bad.hidden": "personal, and not in the register",
        "Bad.deep": "personal, and not in the register",
        "Bad.place": "personal, and not in the register",
        "Bad.excused_without_need": "typed, so it needs no reason",
        "Bad.gone": "names no field",
        "Nobody.reason": "names no field",
    }


def field_names() -> list[str]:
    return [f"{kind.__name__}.{field}" for kind in stored_types() for field in kind.__struct_fields__]


def column_names() -> list[str]:
    return [f"{table.name}.{column.name}" for table in METADATA.tables.values() for column in table.columns]


def setting_names() -> list[str]:
    return [f"{setting.section}.{setting.key}" for setting in describe()]


def metric_names() -> list[str]:
    some: dict[str, typing.Any] = {"bounces": {"noted": 0}, "counters": Counters(), "sources": {"stored": 0}}
    figures: dict[str, typing.Any] = dict.fromkeys(Figures.__struct_fields__, 0) | some
    families = text_string_to_metric_families(render(Figures(**figures)).decode())
    return [
        name
        for family in families
        for name in (family.name, *(label for sample in family.samples for label in sample.labels))
    ]


@pytest.mark.parametrize("names_here", [field_names, column_names, setting_names, metric_names])
def test_no_name_speaks_of_what_the_scope_declines(names_here):
    names = names_here()
    assert len(names) > 20
    assert [name for name in names if declined(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        "Signal.face_id",
        "t.person_count",
        "watch_list",
        "a.crowd",
        "PlateRow.x",
        "a.b_gait",
        "a.persons",
        "a.persons_in_need_of_watching",
    ],
)
def test_a_declined_word_is_found_in_a_name(name):
    assert declined(name)


def test_numbers_of_people_stand_in_one_part_of_the_help_note_and_count_those_who_need_help():
    assert sorted(name for name in field_names() if IN_NEED in re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()) == [
        "HelpNote.persons_in_need",
        "PersonsInNeed.accounted_for",
        "PersonsInNeed.crew_strength",
        "PersonsInNeed.hurt",
        "PersonsInNeed.missing",
        "PersonsInNeed.to_be_moved",
        "PersonsInNeed.told_by",
        "PersonsInNeed.trapped",
    ]


@pytest.mark.parametrize("name", ["Signal.interface", "template", "signal.personal", "unsealed", "a.embrace"])
def test_a_word_that_only_contains_a_declined_one_is_none(name):
    assert DECLINED.search(name.lower()) is None
