"""Sites, and the zones of their accounts."""

from typing import Final, Protocol

import msgspec

from tocsin.model.catalogue import Priority
from tocsin.model.values import Code, Place, Ref, Seq

SITE_NAME_MAX: Final = 120
ADDRESS_MAX: Final = 240
DIRECTIONS_MAX: Final = 1000
ZONE_NAME_MAX: Final = 120
ZONES_MAX: Final = 2000
"""Zones of one account."""


class SiteRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One site, whole: body of `site.set`, version 1, in canonical order."""

    address: Place | None = None
    """As a person gives it. In a fact and in the table: a reference to the vault, never the text."""
    config: int = 0
    directions: Place | None = None
    """How to get in: gate, door, key safe's place. The same."""
    name: Place | None = None
    """The same. Unique in the centre, compared without case."""
    removed: bool = False


class Site(msgspec.Struct, frozen=True, gc=False):
    """A site: its opaque id, its row, and the fact that the row came from."""

    id: Ref
    row: SiteRow
    seq: Seq


class ZoneRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One zone of an account, whole: body of `zone.set`, version 1, in canonical order."""

    account_id: Ref
    config: int = 0
    name: Place | None = None
    """As a person gives it. In a fact and in the table: a reference to the vault, never the text."""
    number: Code
    """As the panel sends it, without leading zeros; `0` where it is only zeros."""
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
