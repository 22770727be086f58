"""The shipped code tables, as the codecs need them: what a code means, and whether its address names a user.

They are part of the codec: a centre's own catalogue may rename a code, but it cannot put a user's number in clear.
"""

import csv
from functools import cache, lru_cache
from typing import Final, Literal

import msgspec

from tocsin.data import read_shipped

Format = Literal["SIA", "CID"]

_FILES: Final[dict[Format, str]] = {"SIA": "sia_codes.csv", "CID": "contact_id_codes.csv"}
_USER_FAMILIES: Final[dict[Format, frozenset[str]]] = {"SIA": frozenset("CDJO"), "CID": frozenset("4")}
"""Families whose codes name users: an unknown code of one is taken to do so too (DC09.md section 13)."""


class CodeRow(msgspec.Struct, frozen=True, gc=False):
    """What the shipped table says of a code."""

    meaning: str
    address_is: str
    kind: str
    kind_restore: str
    """Contact ID only: the kind where the qualifier is 3."""


@cache
def codes(table: Format) -> dict[str, CodeRow]:
    """Return one of the two tables by code. Read once."""
    rows = csv.DictReader(read_shipped(_FILES[table]).splitlines())
    return {
        row["code"]: CodeRow(row["meaning"], row["address_is"], row["kind"], row.get("kind_restore") or row["kind"])
        for row in rows
    }


@cache
def _user_codes(table: Format) -> frozenset[str]:
    return frozenset(code for code, row in codes(table).items() if row.address_is == "user")


@lru_cache(maxsize=8192)
def names_user(table: Format, code: str) -> bool:
    """Whether the address of a code is a user's number, which stands in no clear text."""
    return code in _user_codes(table) or (code[:1] in _USER_FAMILIES[table] and code not in codes(table))
