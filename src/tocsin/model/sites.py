"""Sites, and the zones of their accounts."""

from typing import Final, Literal, Protocol, get_args

import msgspec

from tocsin.model.catalogue import Priority
from tocsin.model.values import Code, Place, Ref, Seq

SITE_NAME_MAX: Final = 120
ADDRESS_MAX: Final = 240
DIRECTIONS_MAX: Final = 1000
ZONE_NAME_MAX: Final = 120
ZONES_MAX: Final = 2000
"""Zones of one account."""

AUTHORITY_REF_MAX: Final = 40
BUILDINGS_MAX: Final = 40
BUILDING_NAME_MAX: Final = 80
BUILDING_ACCESS_MAX: Final = 240
BUILDINGS_TEXT_MAX: Final = 4000
"""All buildings of a site together, as a file has them."""

HAZARD_DETAILS_MAX: Final = 500
INSTALLER_MAX: Final = 20

SiteHazard = Literal[
    "asbestos",
    "batteries",
    "biological",
    "compressed_gas",
    "confined_space",
    "corrosive",
    "cryogenic",
    "dust_explosion",
    "explosives",
    "flammable_gas",
    "flammable_liquid",
    "fragile_floor_or_roof",
    "high_voltage",
    "oxidiser",
    "photovoltaic",
    "radioactive",
    "toxic",
    "water_reactive",
]
"""What is dangerous about premises themselves: substances, machines, the building. The list is closed and has nothing
about people; what people there may do to a crew is a warning with a cause and an end (`model.warnings`)."""

SITE_HAZARDS: Final[tuple[SiteHazard, ...]] = get_args(SiteHazard)

SiteResponse = Literal["authority_at_once", "authority_if_confirmed", "guard_first", "keyholder_first", "inform_only"]
"""What was agreed for an alarm of this site. Coded, since words could name somebody."""

SITE_RESPONSES: Final[tuple[SiteResponse, ...]] = get_args(SiteResponse)

SiteGrade = Literal[1, 2, 3, 4]
"""Of its alarm system, as EN 50131-1 counts them."""


class SiteRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One site, whole: body of `site.set`, version 2, in canonical order. Version 1 knew name, address, directions."""

    address: Place | None = None
    """As a person gives it. In a fact and in the table: a reference to the vault, never the text."""
    authority_ref: Place | None = None
    """Under which number brigade or police know it. The same."""
    buildings: Place | None = None
    """Buildings and places on it, as `site_import.buildings_of` reads them. The same."""
    config: int = 0
    directions: Place | None = None
    """How to get in: gate, door, key safe's place. The same."""
    grade: SiteGrade | None = None
    hazard_details: Place | None = None
    """Where the hazards are, and how much. The same; none without a hazard."""
    hazards: tuple[SiteHazard, ...] = ()
    """Each once, sorted."""
    installer: Code | None = None
    """Number or short name by which the centre knows the firm; never a person's name."""
    latitude: Place | None = None
    """In degrees of WGS 84, at most 6 decimals. The same; never without `longitude`."""
    longitude: Place | None = None
    name: Place | None = None
    """The same. Unique in the centre, compared without case."""
    removed: bool = False
    response: SiteResponse | None = None


class Site(msgspec.Struct, frozen=True, gc=False):
    """A site: its opaque id, its row, and the fact that the row came from."""

    id: Ref
    row: SiteRow
    seq: Seq


ZoneDetector = Literal[
    "beam",
    "call_point",
    "carbon_monoxide",
    "contact",
    "flame",
    "gas",
    "glass_break",
    "heat",
    "hold_up_button",
    "motion",
    "plant_contact",
    "smoke",
    "smoke_and_heat",
    "sprinkler_flow",
    "vibration",
    "water",
]
"""What hangs on the wall. The list is closed: equipment alone. It changes nothing of what an alarm opens."""

ZONE_DETECTORS: Final[tuple[ZoneDetector, ...]] = get_args(ZoneDetector)


class ZoneRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One zone of an account, whole: body of `zone.set`, version 2, in canonical order.

    Version 1 knew neither detector nor partition.
    """

    account_id: Ref
    config: int = 0
    detector: ZoneDetector | None = None
    name: Place | None = None
    """As a person gives it. In a fact and in the table: a reference to the vault, never the text."""
    number: Code
    """As the panel sends it, without leading zeros; `0` where it is only zeros."""
    partition: Code | None = None
    """Of the account, as the panel sends it, without leading zeros; None: no list says so."""
    priority: Priority | None = None
    """None: by the code."""
    removed: bool = False
    type: Code | None = None
    """What an alarm of this zone opens, whatever code it comes with; None: by the code (CODES.md, order of look-up)."""


class Zone(msgspec.Struct, frozen=True, gc=False):
    """A zone and the fact that its row came from."""

    row: ZoneRow
    seq: Seq


class ZoneRule(msgspec.Struct, frozen=True, gc=False):
    """What a zone says of its alarms."""

    type: Code | None
    priority: Priority | None


class AccountPlace(msgspec.Struct, frozen=True, gc=False):
    """Where an account stands: what rules need of it."""

    site_id: Ref | None
    zones: dict[str, ZoneRule]
    """By number without leading zeros; only zones that say something."""


class Places(Protocol):
    """The configuration as rules see it: an immutable snapshot."""

    @property
    def config(self) -> int:
        """Version of the configuration."""
        ...

    def of_account(self, account_id: Ref) -> AccountPlace | None:
        """The account's place; None where no such account is set up."""
        ...


def zone_number(sent: str) -> Code:
    """A zone as it is compared: without leading zeros, in upper case; `0` where there are only zeros."""
    return Code(sent.lstrip("0").upper() or "0")
