"""Names of an account's parts: its partitions, and the two ways by which it reports. Texts of people, sealed with it.

One text holds all, as a file has it: `1: Shop | 2: Strong room`, `first: GSM | second: line over the clinic's network`.
Who looks a zone's name up finds a part's under the word by which incidents name it: `partition-2`, `path-primary`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from tocsin.centre.table_plan import Mistake
from tocsin.model.accounts import AccountRow
from tocsin.model.sites import zone_number
from tocsin.model.supervision import PathRole
from tocsin.model.values import Code, Place

PART_NAME_MAX: Final = 60
PARTITIONS_MAX: Final = 64
_BETWEEN: Final = "|"
_PATHS: Final[Mapping[str, tuple[PathRole, ...]]] = MappingProxyType(
    {"first": ("primary", "only"), "second": ("alternative",)}
)
"""A path as people call it, and which it is in facts. The only path of an account of one is its first."""


def path_code(path: PathRole) -> Code:
    """Under which word the name of a path is found."""
    return Code(f"path-{path}")


def partition_code(partition: str) -> Code:
    """Under which word the name of a partition is found, however the panel sends its number."""
    return Code(f"partition-{zone_number(partition)}")


def part_names(row: AccountRow) -> Iterator[tuple[Code, Place]]:
    """Names of an account's parts, its texts in clear."""
    for number, name in _parts(row.partitions or ""):
        yield partition_code(number), Place(name)
    for word, name in _parts(row.paths or ""):
        for path in _PATHS.get(word, ()):
            yield path_code(path), Place(name)


def read_partitions(cell: str) -> Place:
    """`1: Shop | 2: Strong room`, as it is kept.

    Raises:
        Mistake: a number that no panel sends, one that comes twice, or a name that is none.
    """
    found = dict[str, str]()
    for number, name in _parts(cell):
        if not (number.isascii() and number.isalnum() and len(number) <= 6):
            raise Mistake("must each begin with 1 to 6 letters and digits, as in: 1: Shop | 2: Strong room")
        if zone_number(number) in found:
            raise Mistake(f"have number {zone_number(number)} twice")
        found[zone_number(number)] = _checked(name, "1: Shop | 2: Strong room")
    if len(found) > PARTITIONS_MAX:
        raise Mistake(f"are {len(found)}, and an account has at most {PARTITIONS_MAX}")
    return _text(found)


def read_paths(cell: str) -> Place:
    """`first: GSM | second: telephone line`, as it is kept.

    Raises:
        Mistake: another word than first or second, one that comes twice, or a name that is none.
    """
    found = dict[str, str]()
    for word, name in _parts(cell):
        if word.lower() not in _PATHS or word.lower() in found:
            raise Mistake("must be first and second, each once at most, as in: first: GSM | second: telephone line")
        found[word.lower()] = _checked(name, "first: GSM | second: telephone line")
    return _text(found)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(_BETWEEN):
        if part.strip():
            word, _, name = part.partition(":")
            yield word.strip(), name.strip()


def _checked(name: str, example: str) -> str:
    if not name:
        raise Mistake(f"must each have a name behind a colon, as in: {example}")
    if len(name) > PART_NAME_MAX or not name.isprintable():
        raise Mistake(f"must each have a name of at most {PART_NAME_MAX} printable characters")
    return name


def _text(found: Mapping[str, str]) -> Place:
    return Place(f" {_BETWEEN} ".join(f"{word}: {name}" for word, name in found.items()))


__all__ = ["part_names", "partition_code", "path_code", "read_partitions", "read_paths"]
