"""Where to go: what whoever has answered "coming" sees of the place, until the incident is closed.

A site's address, way in and dangers, never the help note nor a keyholder: nothing of it is personal, and who has
answered is a fact already. Nobody sees it before an answer, and nobody who cannot come.
Source: STANDARDS.md, section 5, lesson 8; INTEGRATIONS.md, section 11 (responder).
"""

from typing import Final

import msgspec

from tocsin.model.incidents import Incident
from tocsin.model.notices import Notice
from tocsin.model.values import Place
from tocsin.model.warnings import PlaceDanger
from tocsin.web.parts import Parts

DANGER_WORDS: Final[dict[PlaceDanger, str]] = {
    "crew_attacked": "a crew was attacked here",
    "dog": "dog",
    "needles": "needles",
    "weapons_stored": "weapons are stored here",
}


class NoticePlace(msgspec.Struct, frozen=True, kw_only=True):
    """The place of an incident, as the page of a notice shows it. None, or empty: nobody entered it."""

    name: Place | None
    address: Place | None
    directions: Place | None
    zone: Place | None
    """The zone that opened it: its name, else its number."""
    position: str | None
    """`geo:` address, which a phone opens in its own map (RFC 5870)."""
    hazards: tuple[str, ...]
    hazard_details: Place | None
    dangers: tuple[str, ...]
    """To crews."""


def place_for(parts: Parts, notice: Notice) -> NoticePlace | None:
    """The place, where this notice's person is coming and the incident is open; else None."""
    if notice.answer != "coming" or notice.purpose != "incident" or notice.incident is None:
        return None
    incident = parts.store.incident(notice.incident)
    if incident is None or incident.state != "open":
        return None
    site = None if incident.site_id is None else parts.centre.names.sites([incident.site_id]).get(incident.site_id)
    row = None if site is None else site.row
    zone = _zone(parts, incident)
    if row is None and zone is None:
        return None
    has_position = row is not None and row.latitude is not None and row.longitude is not None
    return NoticePlace(
        name=None if row is None else row.name,
        address=None if row is None else row.address,
        directions=None if row is None else row.directions,
        zone=zone,
        position=f"geo:{row.latitude},{row.longitude}" if row is not None and has_position else None,
        hazards=() if row is None else tuple(one.replace("_", " ") for one in row.hazards),
        hazard_details=None if row is None else row.hazard_details,
        dangers=tuple(
            DANGER_WORDS[one.warning.body.danger] for one in parts.centre.place_warnings.of_incident(incident)
        ),
    )


def _zone(parts: Parts, incident: Incident) -> Place | None:
    if incident.zone is None or incident.account_id is None:
        return None
    named = parts.centre.names.zones([incident.account_id]).get(incident.account_id, {}).get(incident.zone)
    return Place(f"zone {incident.zone}") if named is None else Place(f"{named} (zone {incident.zone})")
