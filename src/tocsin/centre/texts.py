"""Names of accounts, sites and zones, and how to reach them: texts that can say anything, so they lie in the vault.

A private home's account is often named after who lives there. The journal is kept for years and cannot forget; a text
in `keys.db`, wrapped under the master key, is destroyed when it is replaced (DESIGN.md, "Personal data and the vault").
All texts of one row lie together under one random name, which stands in the row's fields in their place.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from tocsin.model.accounts import AccountRow
from tocsin.model.sites import SiteRow, ZoneRow
from tocsin.model.values import Code, Place

PREFIXES: Final[Mapping[type[msgspec.Struct], str]] = {
    AccountRow: "account-text-",
    SiteRow: "site-text-",
    ZoneRow: "zone-text-",
}
"""How a reference begins; behind it stand 16 hex digits from outside."""

FIELDS: Final[Mapping[type[msgspec.Struct], tuple[str, ...]]] = {
    AccountRow: ("name", "partitions", "paths"),
    SiteRow: (
        "name",
        "address",
        "directions",
        "authority_ref",
        "buildings",
        "hazard_details",
        "latitude",
        "longitude",
    ),
    ZoneRow: ("name",),
}
"""Which fields hold a text, in the order in which they are sealed. New ones come last: what was sealed without them
stays as it is."""

NAMES_AT_ONCE: Final = 50_000
Row = TypeVar("Row", AccountRow, SiteRow, ZoneRow)
SecretsGet = Callable[[Sequence[str]], Mapping[str, bytes]]
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_TEXTS: Final = msgspec.msgpack.Decoder(tuple[Place | None, ...])


def seal_row(row: Row, new_name: Callable[[str], Code], secrets: dict[str, bytes]) -> Row:
    """Put a reference in place of each text; add what must be stored under it to `secrets`.

    `new_name` makes a name that is free, with this beginning.
    """
    kind = type(row)
    texts = {field: getattr(row, field) for field in FIELDS[kind]}
    if not any(texts.values()):
        return row
    reference = Place(new_name(PREFIXES[kind]))
    secrets[reference] = _ENCODE(tuple(texts.values()))
    return msgspec.structs.replace(row, **{field: None if text is None else reference for field, text in texts.items()})


def open_row(row: Row, found: Mapping[str, bytes]) -> Row:
    """Put the texts in place of the reference. A lost text is left out; setting it again brings it back."""
    references = texts_of(row)
    if not references:
        return row
    fields = FIELDS[type(row)]
    raw = found.get(references[0])
    texts = () if raw is None else _TEXTS.decode(raw)
    padded = (*texts, *(None,) * (len(fields) - len(texts)))
    return msgspec.structs.replace(row, **dict(zip(fields, padded, strict=True)))


def open_rows(rows: Iterable[Row], secrets_get: SecretsGet) -> list[Row]:
    """The rows with their texts in clear, in their order."""
    sealed = list(rows)
    found = read_many([text for row in sealed for text in texts_of(row)], secrets_get)
    return [open_row(row, found) for row in sealed]


def texts_of(row: AccountRow | SiteRow | ZoneRow) -> list[str]:
    """The references that a stored row holds: none or one."""
    return sorted({text for field in FIELDS[type(row)] if (text := getattr(row, field)) is not None})


def read_many(names: Collection[str], secrets_get: SecretsGet) -> dict[str, bytes]:
    """What lies under the names; what is lost is left out."""
    ordered = sorted(names)
    found: dict[str, bytes] = {}
    for begin in range(0, len(ordered), NAMES_AT_ONCE):
        found |= secrets_get(ordered[begin : begin + NAMES_AT_ONCE])
    return found
