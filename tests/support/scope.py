"""What SCOPE.md's rules are tested with: words that nothing may be called, and where a planted value turns up."""

import base64
import importlib
import pkgutil
import re
import typing
from collections.abc import Iterator
from pathlib import Path

import msgspec

import tocsin

DECLINED = re.compile(
    r"(?<![a-z])(faces?|facial|gait|voices?|voice_?prints?|(number_|licen[cs]e_)?plates?|anpr|lpr|biometrics?|"
    r"appearances?|clothing|hair|height_cm|sex|gender|race|racial|skin|ethnic|ethnicity|nationality|citizenship|"
    r"religion|religious|worship|politics|political|party|union|emotions?|mood|crowds?|persons?|people|"
    r"(person|head|people)_?counts?|occupancy|watch_?lists?|blacklists?|suspects?|offenders?|protests?|strikes?|"
    r"assembly|processions?|petitions?|opinions?|speech|audio|microphones?|video|recordings?|transcripts?|birth|"
    r"age_years|diagnosis|insurance|scores?|ratings?|rankings?|leader_?boards?)(?![a-z])"
)
"""Whole words of a name, parted by anything but letters. What a name here would do is in no release (SCOPE.md)."""

ALLOWED = {
    "persons_in_need": "how many need help, as people told it (SCOPE.md, R1)",
    "PersonsInNeed": "the same, as a type",
    "missing_person": "a hazard class",
    "MISS-PERSON": "an incident type of that class",
    "PersonItem": "a colleague: id, name, roles",
    "PersonalField": "a row of the register",
    "PersonHere": "one of the two persons at the machine",
    "MED-BIRTH": "a birth under way, which needs help",
    "--person": "one of the two persons at the machine",
    "Diagnosis": "what the doctor of frames says of a frame",
    "PeopleTables": "users and their rights, worked out from the journal",
    "persons": "the two persons who show at the machine who they are",
}
"""Names in which such a word means something else, each with what it means."""


def is_declined(name: str) -> bool:
    """Whether a name speaks of what is never built."""
    rest = ".".join(part for part in name.split(".") if part not in ALLOWED)
    return DECLINED.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", rest).lower()) is not None


def structs() -> Iterator[type[msgspec.Struct]]:
    """Every Struct that any module of the program makes."""
    for module in pkgutil.walk_packages(tocsin.__path__, "tocsin."):
        if module.name.split(".")[1] in ("bench", "cli", "__main__") or "migrations" in module.name:
            continue
        made = importlib.import_module(module.name)
        for one in vars(made).values():
            if isinstance(one, type) and issubclass(one, msgspec.Struct) and one.__module__ == made.__name__:
                yield one


def is_personal(hint: typing.Any) -> bool:
    """A type says that it may name somebody, or a part of it does."""
    for meta in getattr(hint, "__metadata__", ()):
        if isinstance(meta, msgspec.Meta) and (meta.extra or {}).get("personal"):
            return True
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return any(is_personal(one) for one in typing.get_type_hints(hint, include_extras=True).values())
    return any(is_personal(part) for part in getattr(hint, "__args__", ()))


def forms_of(value: bytes) -> dict[str, bytes]:
    """How a value could stand in a file."""
    return {
        "plain": value,
        "upper": value.upper(),
        "hex": value.hex().encode(),
        "HEX": value.hex().upper().encode(),
        "utf-16": value.decode().encode("utf-16-le"),
        # The middle of it, whatever stands before: base64 goes by threes.
        **{f"base64 {n}": base64.b64encode(b"x" * n + value)[4:-4] for n in range(3)},
    }


def found_in(places: typing.Iterable[Path], planted: typing.Iterable[bytes]) -> list[str]:
    """Where any of the planted values stands in a file below these places, in any form."""
    wanted = [(value, form, data) for value in planted for form, data in forms_of(value).items()]
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*")))]
    found: list[str] = []
    for file in files:
        if file.is_file():
            data = file.read_bytes()
            found += [f"{file.name}: {value!r} as {form}" for value, form, one in wanted if one in data]
    return found
