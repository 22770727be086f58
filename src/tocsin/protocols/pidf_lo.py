"""PIDF-LO: a place as telephone networks tell it, in XML. Pure: bytes in, a position or a fault out.

Point, circle, ellipse, polygon and civic address; latitude comes before longitude, lengths are metres. A document type
or an entity is refused, so nothing is fetched and nothing grows. Of whom the document is (`entity`, notes, devices, the
name in a civic address) is dropped here. Source: RFC 4119, RFC 5139, RFC 5491, RFC 7459.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from xml.parsers import expat

from tocsin.model.rings import Located
from tocsin.model.values import Code, Micros

BYTES_MAX: Final = 65_536
DEPTH_MAX: Final = 40
ELEMENTS_MAX: Final = 1_000
TEXT_MAX: Final = 20_000
POINTS_MAX: Final = 200
"""Corners of a polygon."""

RADIUS_M_MAX: Final = 1e8
EARTH_M: Final = 6_371_009.0

_GML: Final = "http://www.opengis.net/gml"
_SHAPES: Final = "http://www.opengis.net/pidflo/1.0"
_CIVIC: Final = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
_PIDF: Final = "urn:ietf:params:xml:ns:pidf"
_CONFIDENCE: Final = "urn:ietf:params:xml:ns:geopriv:conf"
_SYSTEMS: Final = frozenset({"", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4979", "EPSG:4326"})
_METRES: Final = frozenset({"", "urn:ogc:def:uom:EPSG::9001", "m"})
_ADDRESS: Final = (
    ("RD", "STS", "HNO", "HNS"),
    ("BLD", "UNIT", "FLR", "ROOM", "LMK", "LOC"),
    ("PC", "A3", "A4", "A5"),
    ("A1", "A2"),
)
"""What of a civic address is kept, in the order in which it is read out. `NAM` may name a person: dropped."""


class LocationFault(NamedTuple):
    """Why a document is no position."""

    code: Code


class _Refused(Exception):  # noqa: N818 - never leaves this module
    pass


class _Element:
    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[_Element] = []
        self.text = ""

    def find(self, name: str) -> "_Element | None":
        """The first of this name below it; itself too."""
        waiting: list[_Element] = [self]
        while waiting:
            one = waiting.pop(0)
            if one.name == name:
                return one
            waiting[:0] = one.children
        return None


def read_location(body: bytes) -> Located | LocationFault:
    """Read the first place of a document. Raises nothing, and takes no longer than its size allows."""
    if len(body) > BYTES_MAX:
        return LocationFault(Code("location.size"))
    try:
        root = _tree(body)
    except (expat.ExpatError, _Refused, ValueError, LookupError):  # the last two: an encoding that is none
        return LocationFault(Code("location.xml"))
    try:
        return _located(root)
    except (_Refused, ValueError, OverflowError):
        return LocationFault(Code("location.form"))


def _tree(body: bytes) -> _Element:
    """The document, with limits on each of its measures, and no document type at all."""
    parser = expat.ParserCreate(namespace_separator=" ")
    root = _Element("", {})
    open_: list[_Element] = [root]
    seen = 0

    def refuse(*_arguments: object) -> int:
        raise _Refused

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal seen
        seen += 1
        if seen > ELEMENTS_MAX or len(open_) > DEPTH_MAX:
            raise _Refused
        one = _Element(name, attributes)
        open_[-1].children.append(one)
        open_.append(one)

    def end(_name: str) -> None:
        open_.pop()

    def text(said: str) -> None:
        if len(open_[-1].text) + len(said) > TEXT_MAX:
            raise _Refused
        open_[-1].text += said

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(body, True)
    return root


def _located(root: _Element) -> Located:
    shape = _shape(root)
    civic = _civic(root)
    if shape is None and civic is None:
        raise _Refused
    latitude, longitude, radius_m, altitude_m = shape or (None, None, None, None)
    confidence = root.find(f"{_CONFIDENCE} confidence")
    told = root.find(f"{_PIDF} timestamp")
    floor = root.find(f"{_CIVIC} FLR")
    return Located(
        latitude=latitude,
        longitude=longitude,
        radius_m=radius_m,
        confidence_pct=None if confidence is None else _percent(confidence.text),
        altitude_m=altitude_m,
        floor=None if floor is None else _words(floor.text)[:40] or None,
        civic=civic,
        measured_at=None if told is None else _time(told.text),
        source="pidf",
    )


_Shape = tuple[float, float, float | None, float | None]


def _shape(root: _Element) -> _Shape | None:
    for name, read in (
        (f"{_SHAPES} Circle", _circle),
        (f"{_SHAPES} Ellipse", _ellipse),
        (f"{_GML} Polygon", _polygon),
        (f"{_GML} Point", _point),
    ):
        found = root.find(name)
        if found is not None:
            if found.attributes.get("srsName", "") not in _SYSTEMS:
                raise _Refused
            return read(found)
    return None


def _point(shape: _Element) -> _Shape:
    pos = shape.find(f"{_GML} pos")
    if pos is None:
        raise _Refused
    numbers = [_number(one) for one in pos.text.split()]
    if len(numbers) not in (2, 3):
        raise _Refused
    latitude, longitude = _on_earth(numbers[0], numbers[1])
    altitude = numbers[2] if len(numbers) == 3 and abs(numbers[2]) <= 1e5 else None
    return latitude, longitude, None, altitude


def _circle(shape: _Element) -> _Shape:
    latitude, longitude, _, altitude = _point(shape)
    return latitude, longitude, _length(shape, "radius"), altitude


def _ellipse(shape: _Element) -> _Shape:
    """An ellipse as the circle around it: whoever searches must not search too little."""
    latitude, longitude, _, altitude = _point(shape)
    return latitude, longitude, max(_length(shape, "semiMajorAxis"), _length(shape, "semiMinorAxis")), altitude


def _polygon(shape: _Element) -> _Shape:
    """A polygon as the circle around the middle of its corners."""
    outer = shape.find(f"{_GML} exterior") or shape
    corners: list[tuple[float, float]] = []
    listed = outer.find(f"{_GML} posList")
    if listed is not None:
        texts = listed.text.split()
        is_solid = listed.attributes.get("srsDimension") == "3" or shape.attributes.get("srsName", "").endswith("4979")
        step = 3 if is_solid else 2
        corners = [(_number(texts[at]), _number(texts[at + 1])) for at in range(0, len(texts) - step + 1, step)]
    else:
        ring = outer.find(f"{_GML} LinearRing") or outer
        for one in ring.children:
            if one.name == f"{_GML} pos":
                numbers = [_number(number) for number in one.text.split()]
                if len(numbers) < 2:
                    raise _Refused
                corners.append((numbers[0], numbers[1]))
    corners = [_on_earth(*one) for one in corners]
    if not 3 <= len(corners) <= POINTS_MAX:
        raise _Refused
    if corners[0] == corners[-1]:
        corners = corners[:-1]
    middle = sum(one[0] for one in corners) / len(corners), sum(one[1] for one in corners) / len(corners)
    return *middle, round(max(_distance_m(middle, one) for one in corners), 1), None


def _length(shape: _Element, name: str) -> float:
    found = shape.find(f"{_SHAPES} {name}")
    if found is None or found.attributes.get("uom", "") not in _METRES:
        raise _Refused
    value = _number(found.text)
    if not 0 <= value <= RADIUS_M_MAX:
        raise _Refused
    return value


def _civic(root: _Element) -> str | None:
    address = root.find(f"{_CIVIC} civicAddress")
    if address is None:
        return None
    said = {one.name.partition(" ")[2]: _words(one.text) for one in address.children if one.name.startswith(_CIVIC)}
    parts = [" ".join(said[name] for name in some if said.get(name)) for some in _ADDRESS]
    return ", ".join(part for part in parts if part)[:300] or None


def _words(said: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())


def _number(said: str) -> float:
    value = float(said) if len(said) <= 40 else math.nan
    if not math.isfinite(value):
        raise _Refused
    return value


def _percent(said: str) -> float | None:
    try:
        value = _number(said.strip())
    except (_Refused, ValueError):  # "unknown" is a word of RFC 7459
        return None
    return value if 0 <= value <= 100 else None


def _time(said: str) -> Micros | None:
    try:
        at = datetime.fromisoformat(said.strip()[:40])
    except ValueError:
        return None
    if at.tzinfo is None or not 1971 <= at.year <= 2200:
        return None
    return Micros(round(at.timestamp() * 1_000_000))


def _on_earth(latitude: float, longitude: float) -> tuple[float, float]:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _Refused
    return latitude, longitude


def _distance_m(one: Sequence[float], other: Sequence[float]) -> float:
    north = math.radians(other[0] - one[0])
    east = math.radians(other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return EARTH_M * math.hypot(north, east)
