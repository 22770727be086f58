"""The catalogue: what an incident can be, and what each code of a panel means for it (CODES.md)."""

from typing import Final, Literal

import msgspec

from tocsin.model.values import Code, Words

HazardClass = Literal[
    "fire",
    "explosion",
    "medical",
    "rescue",
    "hazmat",
    "flood_weather",
    "intrusion",
    "robbery_holdup",
    "theft",
    "violence",
    "missing_person",
    "trafficking_kidnap",
    "collision",
    "utility",
    "technical",
    "welfare_check",
]
"""The closed set of SCOPE.md, R2. It has no "other"."""

MACHINE_NEVER: Final = frozenset({"violence", "theft", "missing_person", "trafficking_kidnap"})
"""Hazard classes that need a person's report; no code of a machine opens them (INTEGRATIONS.md, section 0)."""

Priority = Literal[1, 2, 3, 4]
"""Order of handling: 1 first. 5 stands in code tables only, and opens nothing."""

OpenedBy = Literal["any", "person", "centre"]
CodeFormat = Literal["SIA", "CID"]
Kind = Literal[
    "alarm",
    "duress",
    "tamper",
    "trouble",
    "supervisory",
    "bypass",
    "test",
    "open",
    "close",
    "cancel",
    "other",
    "restoral",
    "trouble_restoral",
]


class IncidentType(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of `incident_types.csv`."""

    type: Code
    short: Code
    """Three digits."""
    hazard: HazardClass
    meaning: Words
    priority: Priority
    opened_by: OpenedBy
    action_plan: Code
    questions: tuple[Words, ...]
    checks: tuple[Words, ...]
    first_units: tuple[Words, ...]
    """Such as `2 pump`."""


class CodeRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of a code table."""

    format: CodeFormat
    code: Code
    meaning: Words
    address_is: Code
    kind: Kind
    kind_restore: Kind
    """What it is where the qualifier is 3; `kind` for DC-03, which has no qualifier."""
    type: Code | None
    hazard: HazardClass | None
    priority: int
    """1 to 5."""
    restores_as: Code | None = None
    """Contact ID: the DC-03 code that says the same where the qualifier is 3, where there is one."""


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Types and codes, checked against each other."""

    types: dict[str, IncidentType]
    """By type."""
    codes: dict[tuple[str, str], CodeRule]
    """By format and code."""
    version: Code
    """First 16 hex digits of SHA-256 over the files: which catalogue a decision was made by."""
