"""AML over HTTPS: the position that a caller's telephone sends when it dials for help. Pure: bytes in, a position out.

Fields are those of ETSI TS 103 625 as a form. Every field is optional and may be malformed: what cannot be read is left
out. What is not named here (IMSI, IMEI, ICCID, model, cells, networks, speed, bearing, medical data, contacts) never
leaves this module. Source: INTEGRATIONS.md, section 14.
"""

import math
import re
from typing import Final
from urllib.parse import parse_qsl

from tocsin.model.hushed import Hushed
from tocsin.model.rings import Located
from tocsin.model.values import Micros, PersonalText

BODY_BYTES_MAX: Final = 16_384
FIELDS_MAX: Final = 200
VERSION: Final = "v"
ALLOWED: Final = frozenset(
    {
        VERSION,
        "emergency_number",
        "source",
        "time",
        "device_number",
        "location_latitude",
        "location_longitude",
        "location_time",
        "location_accuracy",
        "location_confidence",
        "location_altitude",
        "location_floor",
        "location_source",
        "location_vertical_accuracy",
    }
)
_NUMBER: Final = re.compile(r"\+?[0-9]{3,23}")
_TIME_MS_MIN, _TIME_MS_MAX = 31_536_000_000, 7_258_118_400_000
"""1971 to 2200."""


class AmlMessage(Hushed, frozen=True, kw_only=True):
    """What is kept of one message."""

    device_number: PersonalText
    """The telephone that dialled; it serves the match, and stands in no fact."""
    location: Located


def read_aml(body: bytes) -> AmlMessage | None:
    """Read a message; None where it has no number or no position, and so helps nobody. Raises nothing."""
    if len(body) > BODY_BYTES_MAX:
        return None
    try:
        pairs = parse_qsl(body.decode("utf-8"), max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError:  # of UnicodeDecodeError too
        return None
    said: dict[str, str] = {}
    for name, value in pairs:
        if name in ALLOWED and len(value) <= 100:
            said.setdefault(name, value.strip())
    number = re.sub(r"[ ()/.-]", "", said.get("device_number", ""))
    latitude = _within(said.get("location_latitude"), -90, 90)
    longitude = _within(said.get("location_longitude"), -180, 180)
    if not _NUMBER.fullmatch(number) or latitude is None or longitude is None:
        return None
    confidence = _within(said.get("location_confidence"), 0, 100)
    if confidence is not None and confidence <= 1:
        confidence = round(confidence * 100, 3)  # a share of one, as some telephones send it
    return AmlMessage(
        device_number=number,
        location=Located(
            latitude=latitude,
            longitude=longitude,
            radius_m=_within(said.get("location_accuracy"), 0, 1e8),
            confidence_pct=confidence,
            altitude_m=_within(said.get("location_altitude"), -1e5, 1e5),
            floor=_floor(said.get("location_floor")),
            measured_at=_time(said.get("location_time")) or _time(said.get("time")),
            source="aml",
        ),
    )


def _within(said: str | None, low: float, high: float) -> float | None:
    try:
        value = float(said or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and low <= value <= high else None


def _floor(said: str | None) -> str | None:
    plain = "".join(sign for sign in said or "" if sign.isprintable())[:40].strip()
    return plain or None


def _time(said: str | None) -> Micros | None:
    """Milliseconds since 1970."""
    value = _within(said, _TIME_MS_MIN, _TIME_MS_MAX)
    return None if value is None else Micros(round(value) * 1000)
