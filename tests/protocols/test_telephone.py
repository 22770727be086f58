"""What telephone systems, callers' telephones and networks tell: what is kept, what is dropped, and what is refused."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.rings import Located, plain_number
from tocsin.protocols.aml import ALLOWED, AmlMessage, read_aml
from tocsin.protocols.machine_messages import Fault
from tocsin.protocols.pidf_lo import LocationFault, read_location
from tocsin.protocols.telephone import CallMessage, read_call

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
RING = {"event": "ringing", "call": "abc", "caller": "+49 431 1234", "line": "112", "extension": "1001"}


def fields(found):
    return found.event, found.call, found.caller, found.dialled, found.extension


def test_json_and_a_form_say_the_same():
    kept = ("ringing", "abc", "+494311234", "112", "1001")
    assert fields(read_call(json.dumps(RING).encode(), JSON, {})) == kept
    assert fields(read_call(urlencode(RING).encode(), FORM + "; charset=utf-8", {})) == kept


def test_a_vendors_own_words_are_read_as_ours_and_nothing_else_of_it_is_kept():
    names = {"event": "Status", "ringing": "RING", "call": "UniqueID", "caller": "CallerIDNum", "extension": "Exten"}
    body = urlencode(
        {"Status": "RING", "UniqueID": "17.3", "CallerIDNum": "0431 77", "Exten": "12", "CallerIDName": "Planted"}
    )
    found = read_call(body.encode(), FORM, names)
    assert fields(found) == ("ringing", "17.3", "043177", None, "12")
    assert "Planted" not in repr([getattr(found, name) for name in found.__struct_fields__])
    assert repr(found) == "CallMessage()"


@pytest.mark.parametrize("withheld", ["", "anonymous", "Withheld", None])
def test_a_withheld_number_is_none(withheld):
    found = read_call(json.dumps(RING | {"caller": withheld}).encode(), JSON, {})
    assert (found.caller, found.is_caller_odd) == (None, False)


def test_a_caller_who_is_no_number_is_dropped_and_the_call_is_kept():
    found = read_call(json.dumps(RING | {"caller": "Planted Name"}).encode(), JSON, {})
    assert (found.event, found.caller, found.is_caller_odd) == ("ringing", None, True)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"x" * 65_537, JSON, "intake.size"),
        (b"[" * 17 + b"]" * 17, JSON, "intake.depth"),
        (b'{"event":"ringing","call":"1","x":' + b"[" * 16 + b"]" * 16 + b"}", JSON, "intake.depth"),
        (b"{" + b",".join(b'"k%d":1' % n for n in range(257)) + b"}", JSON, "intake.keys"),
        (b"not json", JSON, "intake.json"),
        (b"\xff", JSON, "intake.json"),
        (b"[]", JSON, "intake.form"),
        (b"\xff=1", FORM, "intake.form"),
        (b"&".join(b"k%d=1" % n for n in range(101)), FORM, "intake.form"),
        (b"{}", "text/xml", "intake.type"),
        (b'{"event":"hold","call":"1"}', JSON, "intake.event"),
        (b'{"event":"ringing"}', JSON, "intake.id"),
        (b'{"event":"ringing","call":"' + b"c" * 201 + b'"}', JSON, "intake.id"),
        (b'{"event":"ringing","call":"1","caller":{}}', JSON, "intake.form"),
        (b'{"event":"ringing","call":"1","caller":true}', JSON, "intake.form"),
    ],
)  # fmt: skip
def test_what_is_no_call_is_refused_by_its_rule(body, kind, code):
    found = read_call(body, kind, {})
    assert isinstance(found, Fault)
    assert found.code == code


@given(st.binary(max_size=400), st.sampled_from([JSON, FORM, ""]))
def test_any_bytes_give_a_call_or_a_fault(body, kind):
    assert isinstance(read_call(body, kind, {}), CallMessage | Fault)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30), lambda inner: st.lists(inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from(["event", "call", "caller", "line", "extension", "location", "name"]), _ANY))
def test_whatever_is_kept_of_an_object_is_of_its_own_alphabet(said):
    found = read_call(json.dumps(said).encode(), JSON, {})
    if isinstance(found, CallMessage):
        assert found.event in ("ringing", "answered", "ended")
        assert found.caller is None or set(found.caller) <= set("+0123456789*#")
        for line in (found.dialled, found.extension):
            assert line is None or (line.isascii() and len(line) <= 24)


@pytest.mark.parametrize(
    ("said", "plain"),
    [("+49 431 1234", "494311234"), ("0049 431 1234", "494311234"), ("0012", "0012"), ("1001", "1001"), ("*31", "*31")],
)
def test_numbers_are_compared_without_separators_and_prefix(said, plain):
    assert plain_number(said) == plain


# AML -----------------------------------------------------------------------------------------------------------------

AML = {
    "v": "3", "emergency_number": "112", "source": "CALL", "time": "1800000000000", "device_number": "+491701234567",
    "location_latitude": "54.32", "location_longitude": "10.14", "location_time": "1799999990000",
    "location_accuracy": "12.5", "location_confidence": "0.68", "location_altitude": "3", "location_floor": "2",
    "location_source": "wifi", "location_vertical_accuracy": "4",
}  # fmt: skip
PLANTED = {
    "device_imsi": "262011234567890", "device_imei": "490154203237518", "device_iccid": "8949",
    "device_model": "Planted X",
    "cell_home_mcc": "262", "cell_network_mnc": "01", "location_bearing": "77.125", "location_speed": "88.125",
    "adr_carcrash_time": "1", "medical": "Planted", "emergency_contact": "+4917099999",
}  # fmt: skip


def test_aml_keeps_its_allow_list_and_drops_the_rest():
    found = read_aml(urlencode(AML | PLANTED).encode())
    assert found == AmlMessage(
        device_number="+491701234567",
        location=Located(
            latitude=54.32, longitude=10.14, radius_m=12.5, confidence_pct=68.0, altitude_m=3.0, floor="2",
            measured_at=1_799_999_990_000_000, source="aml",
        ),
    )  # fmt: skip
    shown = repr([getattr(found.location, name) for name in Located.__struct_fields__])
    assert not any(value in shown for value in PLANTED.values() if len(value) > 3)
    assert not ALLOWED & PLANTED.keys()


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"location_accuracy": "far"}, {"radius_m": None}),
        ({"location_accuracy": "-1"}, {"radius_m": None}),
        ({"location_accuracy": "nan"}, {"radius_m": None}),
        ({"location_confidence": "900"}, {"confidence_pct": None}),
        ({"location_time": "1800000000", "time": "soon"}, {"measured_at": None}),
        ({"location_floor": "x" * 99}, {"floor": "x" * 40}),
    ],
)
def test_a_malformed_field_of_aml_is_left_out_and_the_position_stays(change, left):
    found = read_aml(urlencode(AML | change).encode())
    assert (found.location.latitude, found.location.longitude) == (54.32, 10.14)
    assert {name: getattr(found.location, name) for name in left} == left


@pytest.mark.parametrize("gone", ["device_number", "location_latitude", "location_longitude"])
def test_aml_without_number_or_place_is_thrown_away(gone):
    assert read_aml(urlencode(AML | {gone: "?"}).encode()) is None
    assert read_aml(urlencode({name: value for name, value in AML.items() if name != gone}).encode()) is None


@given(
    st.binary(max_size=300)
    | st.dictionaries(st.sampled_from(sorted(AML)), st.text(max_size=40)).map(lambda one: urlencode(one).encode())
)
def test_any_bytes_are_a_position_on_earth_or_nothing(body):
    found = read_aml(body)
    if found is not None:
        assert -90 <= found.location.latitude <= 90
        assert -180 <= found.location.longitude <= 180


# PIDF-LO -------------------------------------------------------------------------------------------------------------


def pidf(shape, extra="", entity="pres:planted@example.org"):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"
 xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="{entity}">
<tuple id="a"><status><gp:geopriv><gp:location-info>{shape}</gp:location-info></gp:geopriv></status>
<timestamp>2026-11-23T18:00:00Z</timestamp>{extra}</tuple></presence>""".encode()


SRS = 'srsName="urn:ogc:def:crs:EPSG::4326"'
UOM = 'uom="urn:ogc:def:uom:EPSG::9001"'


def place(found):
    return found.latitude, found.longitude, found.radius_m


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (f"<gml:Point {SRS}><gml:pos>54.32 10.14</gml:pos></gml:Point>", (54.32, 10.14, None)),
        (f"<gs:Circle {SRS}><gml:pos>54.32 10.14</gml:pos><gs:radius {UOM}>30</gs:radius></gs:Circle>",
         (54.32, 10.14, 30)),
        (f"<gs:Ellipse {SRS}><gml:pos>42.5 -73.2</gml:pos><gs:semiMajorAxis {UOM}>7.7</gs:semiMajorAxis>"
         f"<gs:semiMinorAxis {UOM}>3.3</gs:semiMinorAxis><gs:orientation>20</gs:orientation></gs:Ellipse>",
         (42.5, -73.2, 7.7)),
        (f"<gml:Polygon {SRS}><gml:exterior><gml:LinearRing><gml:pos>0 0</gml:pos><gml:pos>0 0.002</gml:pos>"
         "<gml:pos>0.002 0.002</gml:pos><gml:pos>0.002 0</gml:pos><gml:pos>0 0</gml:pos></gml:LinearRing>"
         "</gml:exterior>"
         "</gml:Polygon>", (0.001, 0.001, 157.3)),
        (f"<gml:Polygon {SRS}><gml:exterior><gml:LinearRing><gml:posList>"
         "0 0 0 0.002 0.002 0.002 0.002 0 0 0</gml:posList>"
         "</gml:LinearRing></gml:exterior></gml:Polygon>", (0.001, 0.001, 157.3)),
    ],
)  # fmt: skip
def test_each_shape_is_a_middle_and_a_circle_around_it_latitude_first(shape, expected):
    assert place(read_location(pidf(shape))) == pytest.approx(expected)


def test_a_civic_address_is_read_out_in_order_and_names_nobody():
    found = read_location(
        pidf("<ca:civicAddress><ca:country>DE</ca:country><ca:A3>Kiel</ca:A3><ca:RD>Harbour</ca:RD>"
             "<ca:STS>Lane</ca:STS>"
             "<ca:HNO>7</ca:HNO><ca:FLR>2</ca:FLR><ca:NAM>Planted Erika</ca:NAM><ca:PC>24103</ca:PC></ca:civicAddress>")
    )  # fmt: skip
    assert found == Located(
        civic="Harbour Lane 7, 2, 24103 Kiel", floor="2", measured_at=1_795_456_800_000_000, source="pidf"
    )


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<", b"<a/>", BOMB, b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>', b"<a>" * 60 + b"</a>" * 60,
        b"<a>" + b"<b/>" * 1_001 + b"</a>", b"<a>" + b" " * 70_000 + b"</a>",
        b'<?xml version="1.0" encoding="x-odd"?><a/>',
        pidf(f"<gml:Point {SRS}><gml:pos>91 0</gml:pos></gml:Point>"),
        pidf(f"<gml:Point {SRS}><gml:pos>1</gml:pos></gml:Point>"),
        pidf(f"<gml:Point {SRS}><gml:pos>nan 1</gml:pos></gml:Point>"),
        pidf('<gml:Point srsName="urn:ogc:def:crs:EPSG::31467"><gml:pos>1 1</gml:pos></gml:Point>'),
        pidf(f'<gs:Circle {SRS}><gml:pos>1 1</gml:pos><gs:radius uom="feet">3</gs:radius></gs:Circle>'),
        pidf(f"<gs:Circle {SRS}><gml:pos>1 1</gml:pos></gs:Circle>"),
        pidf(f"<gml:Polygon {SRS}><gml:exterior><gml:pos>1 1</gml:pos></gml:exterior></gml:Polygon>"),
    ],
)  # fmt: skip
def test_what_is_no_place_is_a_fault_and_fetches_nothing(body):
    assert isinstance(read_location(body), LocationFault)


@given(st.binary(max_size=300) | st.text(max_size=60).map(lambda said: pidf(said)))
def test_any_bytes_are_a_place_or_a_fault(body):
    found = read_location(body)
    assert isinstance(found, Located | LocationFault)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 1e6))
def test_a_circle_is_read_as_it_was_written(latitude, longitude, radius):
    middle = f"<gml:pos>{latitude!r} {longitude!r}</gml:pos>"
    shape = f"<gs:Circle {SRS}>{middle}<gs:radius {UOM}>{radius!r}</gs:radius></gs:Circle>"
    assert place(read_location(pidf(shape))) == (latitude, longitude, radius)


def test_a_position_that_comes_with_a_call_is_read_and_a_broken_one_leaves_the_call():
    good = read_call(
        json.dumps(RING | {"location": pidf(f"<gml:Point {SRS}><gml:pos>1 2</gml:pos></gml:Point>").decode()}).encode(),
        JSON,
        {},
    )
    assert (good.location.latitude, good.is_location_odd) == (1, False)
    broken = read_call(json.dumps(RING | {"location": BOMB.decode()}).encode(), JSON, {})
    assert (broken.event, broken.location, broken.is_location_odd) == ("ringing", None, True)
