"""What staff on duty report by their phones, and where the codes at a site lead.

A report bears an id that the phone made, so it is the same however often it comes. Its clock is told and decides
nothing. Source: SCOPE.md; CONSOLE.md, sections 1 and 17; decision 0071.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from tocsin.model.hushed import Hushed
from tocsin.model.values import Code, Micros

LABEL_MAX: Final = 80
"""Characters of the part of a site that a code names: as long as the name of a building."""

PLACE_CODE_MAX: Final = 480
"""Characters of a place's code: site, proof, and the name of the part."""

PLACES_MAX: Final = 2_000
"""Sites that a phone is given at once."""

RECEIPTS_MAX: Final = 50
"""Reports that a phone asks about at once."""

SHEETS_MAX: Final = 200
"""Codes on the sheets of one file."""

PlaceCode = Annotated[
    str, Meta(pattern=r"^site-[0-9]{1,16}\.[a-z2-7]{20}(\.[A-Za-z0-9_-]{1,430})?$", max_length=PLACE_CODE_MAX)
]
"""What a QR code at a site holds behind the page's address: nobody can make one up."""

PhoneTime = Annotated[Micros, Meta(ge=-(2**53), le=2**53 - 1)]
"""By the phone's clock, which may say anything."""


class DutyTimes(msgspec.Struct, frozen=True, kw_only=True):
    """When a report was typed and sent, by the phone's clock. They give neither age nor order."""

    typed_at: PhoneTime
    sent_at: PhoneTime


class DutyReceipt(Hushed, frozen=True, kw_only=True):
    """What became of a report, for whoever sent it: whether it is there, in which incident, and how that stands."""

    report: Code
    """The phone's own id."""
    received_at: Micros
    number: int
    """Of the incident."""
    is_claimed: bool
    closed_at: Micros | None
