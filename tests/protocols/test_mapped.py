"""Messages in a form of their own: what a mapping makes of them, and that nothing else of them is kept."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.mappings import MapLine, Mapping
from tocsin.model.signals import Quantity
from tocsin.protocols.machine_messages import Fault, MachineMessage
from tocsin.protocols.mapped import NOTHING, at, read_mapped, read_payload
from tocsin.protocols.mqtt_devices import device_of
from tocsin.protocols.mqtt_generic import Generic, is_filter, may_meet

SMOKE = MapLine(at="/alarm", expected="ON", word="smoke")
OVER = MapLine(at="/alarm", expected="OFF", word="smoke", is_active=False)
HOT = MapLine(at="/t", compare="above", limit_milli=60_000, back_milli=55_000, unit="degC", word="high_temperature")
COLD = MapLine(at="/t", compare="below", limit_milli=4_000, back_milli=6_000, unit="degC", word="low_temperature")
ALERTS = Mapping(
    each="/alerts",
    lines=(MapLine(at="/labels/tocsin", expected="water", word="water"),),
    device_at="/labels/sensor",
    state_at="/status",
    returned=("resolved",),
    text_at="/annotations/summary",
    time_at="/startsAt",
)


def mapping(*lines, **more):
    return Mapping(lines=lines or (SMOKE, OVER), **more)


def read(body, made=None):
    found = read_mapped(json.dumps(body).encode(), made or mapping())
    return found if isinstance(found, Fault) else [(one.cid, one.is_active, one.device) for one in found]


def whole(**changes):
    plain = {
        "cid": None,
        "is_active": True,
        "device": None,
        "values": (),
        "device_time": None,
        "text": None,
        "id": None,
    }
    return MachineMessage(**(plain | changes))


@pytest.mark.parametrize(
    ("document", "pointer", "found"),
    [
        ({"a": {"b": 1}}, "/a/b", 1),
        ({"a": [5, 6]}, "/a/1", 6),
        ({"a/b": 1}, "/a~1b", 1),
        ({"a~b": 1}, "/a~0b", 1),
        ({"~1": 1}, "/~01", 1),
        ({"": 1}, "/", 1),
        ({"a": 1}, "", {"a": 1}),
        ({"a": None}, "/a", None),
    ],
)
def test_a_pointer_finds_what_the_standard_says(document, pointer, found):
    assert at(document, pointer) == found


@pytest.mark.parametrize("pointer", ["/b", "/a/2", "/a/-", "/a/01", "/a/-1", "/a/1/x", "/a/1e0"])
def test_a_pointer_to_nothing_finds_nothing(pointer):
    assert at({"a": [5, 6]}, pointer) is NOTHING


def test_a_value_says_that_it_is_so_or_over():
    assert read({"alarm": "ON", "owner": "Anna Muster"}) == [("111", True, None)]
    assert read({"alarm": "OFF"}) == [("111", False, None)]


@pytest.mark.parametrize(
    ("value", "expected"), [(True, "true"), (False, "false"), (None, "null"), (1, "1"), (2.5, "2.5")]
)
def test_values_that_are_no_text_are_compared_as_json_writes_them(value, expected):
    assert read({"alarm": value}, mapping(MapLine(at="/alarm", expected=expected, word="gas"))) == [("151", True, None)]


def test_each_place_says_something_and_of_each_the_first_line_that_fits():
    made = mapping(
        SMOKE,
        MapLine(at="/alarm", expected="ON", word="gas"),
        MapLine(at="/bat/low", expected="true", word="battery"),
        MapLine(at="/bat/low", expected="false", word="battery", is_active=False),
    )
    assert read({"alarm": "ON", "bat": {"low": False}}, made) == [("111", True, None), ("384", False, None)]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (60.001, [("158", True, None)]),
        (60, []),
        (55.5, []),
        (55, [("158", False, None)]),
        ("61.5", [("158", True, None)]),
        (-100, [("158", False, None)]),
    ],
)
def test_a_number_beyond_its_limit_is_so_and_over_only_when_it_is_back_far_enough(value, says):
    assert read({"t": value}, mapping(HOT)) == says


@pytest.mark.parametrize(
    ("value", "says"), [(3.9, [("159", True, None)]), (4, []), (5.9, []), (6, [("159", False, None)])]
)
def test_a_limit_below_works_the_other_way_round(value, says):
    assert read({"t": value}, mapping(COLD)) == says


def test_the_number_of_a_limit_is_kept_in_the_unit_of_its_kind():
    made = mapping(msgspec.structs.replace(HOT, unit="degF", limit_milli=150_000, back_milli=140_000))
    (one,) = read_mapped(b'{"t": 212}', made)
    assert one == whole(cid="158", values=(Quantity(milli=100_000, unit="degC"),))


def test_everything_beside_is_taken_from_its_place_and_nothing_else():
    body = {
        "alerts": [
            {
                "status": "firing",
                "labels": {"tocsin": "water", "sensor": "Cellar-1", "owner": "Anna Muster"},
                "annotations": {"summary": "x" * 200, "plate": "AB 123"},
                "startsAt": "2026-11-23T12:00:00Z",
            },
            {"status": "resolved", "labels": {"tocsin": "water", "sensor": "Mrs Muster's room"}},
        ],
        "externalURL": "http://muster.example",
    }
    first, second = read_mapped(json.dumps(body).encode(), ALERTS)
    assert first == whole(cid="154", device="CELLAR1", text="x" * 120, device_time=1_795_435_200_000_000)
    assert second == whole(cid="154", is_active=False, device=device_of("Mrs Muster's room"))
    assert "MUSTER" not in second.device


def test_a_name_of_a_device_that_is_none_is_known_by_its_hash():
    made = mapping(device_at="/name")
    assert read({"alarm": "ON", "name": "kitchen-1"}, made)[0][2] == "KITCHEN1"
    assert read({"alarm": "ON", "name": "Küche von Anna"}, made)[0][2] == device_of("Küche von Anna")


def test_a_line_may_name_the_device_itself():
    made = mapping(MapLine(at="/in1", expected="1", word="fire", device="IN1"), device_at="/name")
    assert read({"in1": 1, "name": "x"}, made) == [("110", True, "IN1")]


def test_a_value_that_nobody_named_is_of_unknown_nature_and_its_letters_are_text():
    assert read_mapped(b'{"alarm": "brand"}', mapping()) == [whole(text="brand")]
    made = mapping(state_at="/s", returned=("ok",))
    assert read_mapped(b'{"alarm": "brand", "s": "ok"}', made)[0].is_active, "in doubt it is so"


def test_a_request_without_any_place_is_of_unknown_nature_and_a_brokers_message_is_refused():
    assert read({"other": 1}) == [(None, True, None)]
    assert read_payload(b'{"other": 1}', mapping(), None).rule == "place"


@pytest.mark.parametrize(("value", "rule"), [("person", "scope"), ("2 people", "scope"), ("motion", "intrusion")])
def test_a_value_that_names_people_or_an_intrusion_is_refused(value, rule):
    assert read({"alarm": value}).rule == rule


def test_an_id_counts_for_each_thing_that_is_said_and_for_its_end():
    made = mapping(SMOKE, OVER, MapLine(at="/low", expected="true", word="battery"), id_at="/id")
    first, second = read_mapped(b'{"alarm": "ON", "low": true, "id": 7}', made)
    (over,) = read_mapped(b'{"alarm": "OFF", "id": 7}', made)
    assert len({first.id, second.id, over.id}) == 3
    assert read_mapped(b'{"alarm": "ON", "low": true, "id": 7}', made) == [first, second]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "json"),
        (b"alarm=ON", "json"),
        (b"\xff", "json"),
        (b'"ON"', "form"),
        (b"5", "form"),
        (b'{"alarm": {"x": 1}}', "form"),
        (b'{"alarm": [1]}', "form"),
        (b'{"a": "' + b"x" * 65_536 + b'"}', "size"),
        (b"[" * 18 + b"]" * 18, "depth"),
        (b"[" * 60_000, "json"),
        (json.dumps({f"k{n}": 1 for n in range(257)}).encode(), "keys"),
        (b'{"alarm": "ON", "t": 1e17}', "value"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_rule(body, rule):
    found = read_mapped(body, mapping(SMOKE, HOT))
    assert isinstance(found, Fault), found
    assert found.rule == rule


@pytest.mark.parametrize(
    ("body", "rule", "index"),
    [
        ({"alerts": []}, "empty", None),
        ({"alerts": {}}, "form", None),
        ({}, "form", None),
        ({"alerts": [{"labels": {"tocsin": "water"}}] * 501}, "many", None),
        ({"alerts": [{"labels": {"tocsin": "water"}}, {"labels": {"tocsin": "face"}}]}, "scope", 1),
        ({"alerts": [{f"k{n}": 1 for n in range(257)}]}, "keys", 0),
        ({"alerts": [{}], "x": {f"k{n}": 1 for n in range(257)}}, "keys", None),
    ],
)
def test_a_list_of_messages_is_refused_whole_and_the_bad_one_is_named(body, rule, index):
    found = read(body, ALERTS)
    assert (found.rule, found.index) == (rule, index)


def test_many_messages_have_many_keys_together():
    body = {"alerts": [{"labels": {"tocsin": "water"}, **{f"k{n}": 1 for n in range(20)}}] * 100}
    assert len(read(body, ALERTS)) == 100


@pytest.mark.parametrize(("payload", "says"), [(b"ON", "111"), (b'"ON"', "111")])
def test_a_brokers_plain_text_stands_at_the_whole(payload, says):
    (one,) = read_payload(payload, mapping(MapLine(at="", expected="ON", word="smoke")), "D1")
    assert (one.cid, one.device) == (says, "D1")


def test_a_brokers_plain_number_is_compared():
    (one,) = read_payload(b"61.5", mapping(msgspec.structs.replace(HOT, at="")), None)
    assert (one.cid, one.values) == ("158", (Quantity(milli=61_500, unit="degC"),))


def test_topics_are_read_by_their_filter_and_name_the_device_by_a_hash():
    made = Generic(("tele/+/STATE",), mapping())
    (one,) = made.take("tele/annas-room/STATE", b'{"alarm": "ON"}').said
    assert (one.word, one.device, one.is_active) == ("smoke", device_of("annas-room"), True)
    assert made.names() == {device_of("annas-room"): "annas-room"}
    assert made.take("tele/x/SENSOR", b'{"alarm": "ON"}').refused == ("topic",)
    assert Generic(("tele/+/STATE",), None).topics() == []
    assert made.take("tele/x/STATE", b"\xff").refused == ("json",)
    (unknown,) = made.take("tele/x/STATE", b'{"alarm": "brand"}').said
    assert (unknown.word, unknown.text, unknown.is_momentary) == ("", "brand", True)


@pytest.mark.parametrize("entered", ["a", "a/b", "a/+/c", "a/+", "a b/c-d_e.f:1"])
def test_filters_that_may_be_read(entered):
    assert is_filter(entered)


@pytest.mark.parametrize(
    "entered", ["", "#", "a/#", "+", "+/a", "a//b", "/a", "a/", "a+/b", "$SYS/a", "a/x\0", "ä", "a" * 201]
)
def test_filters_that_are_never_read(entered):
    assert not is_filter(entered)


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/+/c", "a/b/+", True),
        ("a/b", "a/c", False),
        ("a/+", "a/b/c", False),
    ],
)
def test_filters_that_may_meet_are_known(one, other, meets):
    assert (may_meet(one, other), may_meet(other, one)) == (meets, meets)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20) | st.sampled_from(["ON", "OFF"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["alarm", "t", "alerts", "labels", "tocsin", "id"]), inner, max_size=4)
    ),
    max_leaves=20,
)
ALL = mapping(SMOKE, OVER, HOT, COLD, device_at="/id", id_at="/id", text_at="/alarm")


@settings(max_examples=200)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()), st.sampled_from([ALL, ALERTS]))
def test_any_bytes_are_read_or_refused_and_what_is_kept_has_its_limits(body, made):
    for found in (read_mapped(body, made), read_payload(body, made, "D")):
        if isinstance(found, Fault):
            assert found.rule
            continue
        for one in found:
            assert len(one.text or "") <= 120
            assert one.device is None or 1 <= len(one.device) <= 16
            assert len(one.values) <= 8
