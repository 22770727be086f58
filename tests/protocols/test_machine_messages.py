"""Messages of machines: reduced to what is allowed, or refused by a rule that is named; whatever the bytes are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.catalogue import MACHINE_NEVER
from tocsin.model.machines import (
    MACHINE_MAY,
    MACHINE_WORDS,
    REFUSED_WORDS,
    SCALES,
    TEXT_MAX,
    UNITS,
    refused_word,
)
from tocsin.model.signals import Quantity
from tocsin.protocols.machine_messages import EVENT_TYPE, EVENTS_TYPE, Fault, MachineMessage, read_messages
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.classify import machine_type

HAZARDS = {one.hazard for one in shipped_catalogue().types.values()}


def read(body, kind="application/json", headers=None):
    return read_messages(body if isinstance(body, bytes) else json.dumps(body).encode(), kind, headers or {})


def one(body, kind="application/json", headers=None):
    (found,) = read(body, kind, headers)
    return found


def message(**fields):
    plain = {"cid": "111", "is_active": True, "values": ()} | dict.fromkeys(("device", "device_time", "text", "id"))
    return MachineMessage(**(plain | fields))


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "json"), (b"{", "json"), (b"\xff", "json"), (b"[]", "empty"), (b'{"signals":[]}', "empty"),
        (b"5", "form"),
        (b"{}", "code"), (b'{"code":5}', "form"), (b'{"code":"smoke","state":"perhaps"}', "state"),
        (b'{"code":"motion"}', "intrusion"), (b'{"code":"front_door"}', "intrusion"),
        (b'{"code":"faceMatch"}', "scope"),
        (b'{"code":"smoke","device":"a/b"}', "device"), (b'{"code":"smoke","device":"' + b"a" * 17 + b'"}', "device"),
        (b'{"code":"smoke","values":[{"value":3,"unit":"persons"}]}', "unit"),
        (b'{"code":"smoke","values":[{"value":3}]}', "form"),
        (b'{"code":"smoke","values":[{"value":1e300,"unit":"degC"}]}', "value"),
        (b'{"code":"smoke","values":[' + b",".join([b'{"value":3,"unit":"s"}'] * 9) + b"]}", "values"),
        (b'{"code":"smoke","id":""}', "id"), (b'{"code":"smoke","id":"' + b"a" * 301 + b'"}', "id"),
        (b'{"code":"smoke","x":' + b"[" * 16 + b"]" * 16 + b"}", "depth"),
        (b'{"code":"smoke",' + b",".join(b'"k%d":1' % n for n in range(256)) + b"}", "keys"),
        (b"[" + b",".join([b'{"code":"gas"}'] * 501) + b"]", "many"), (b"[" * 60_000, "depth"), (b" " * 65_537, "size"),
    ],
)  # fmt: skip
def test_each_limit_refuses_with_its_own_rule(body, rule):
    assert read(body).rule == rule


def test_limits_count_for_each_message_and_not_for_their_sum():
    assert len(read([{"code": "gas", **{f"k{n}": 1 for n in range(200)}}] * 20)) == 20
    assert len(read({"signals": [{"code": "gas", **{f"k{n}": 1 for n in range(200)}}] * 20})) == 20
    assert read([{"code": "gas"}, {"code": "gas", **{f"k{n}": 1 for n in range(256)}}]).rule == "keys"


@pytest.mark.parametrize(
    ("body", "index"), [([{"code": "gas"}, {"code": 3}], 1), ({"signals": [{"code": "gas"}] * 4 + [{"code": []}]}, 4)]
)
def test_wrong_message_of_many_is_named_by_its_number(body, index):
    fault = read(body)
    assert (fault.rule, fault.index, fault.words) == ("form", index, "`code` has not the form that it must have")


def test_fault_never_holds_what_was_sent():
    for body in ({"code": "planted_face"}, {"code": "gas", "device": "planted !"}, {"code": "gas", "state": "planted"},
                 {"code": "gas", "values": [{"value": 1, "unit": "planted"}]}, {"planted": 1}, {"code": {"planted": 1}},
                 {"code": "planted_window"}):  # fmt: skip
        fault = read(body)
        assert isinstance(fault, Fault)
        assert "planted" not in repr(fault)


def test_whole_message_is_reduced_to_what_is_allowed():
    sent = {
        "code": "smoke", "device": "Hall-01.b", "state": "returned", "id": 17, "text": "x" * 500, "driver": "Somebody",
        "device_time": "2026-11-23T12:00:00+01:00", "values": [{"value": -40, "unit": "degF", "who": "Somebody"}],
    }  # fmt: skip
    assert one(sent) == message(
        is_active=False, device="HALL01B", id="17", text="x" * TEXT_MAX, device_time=1_795_431_600_000_000,
        values=(Quantity(milli=-40_000, unit="degC"),),
    )  # fmt: skip


def test_time_that_cannot_be_read_costs_no_alarm():
    for said in ("yesterday", "2026-11-23T12:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "1" * 100):
        assert one({"code": "smoke", "device_time": said}).device_time is None


def test_unknown_word_is_no_code_and_its_letters_are_text():
    assert one({"code": "Overheated!", "text": "left"}) == message(cid=None, text="Overheated!: left")


def test_event_says_what_its_data_leave_out():
    event = {"specversion": "1.0", "id": "1", "source": "/a", "type": "org.example.gas", "subject": "tank-1",
             "time": "2026-11-23T11:00:00Z"}  # fmt: skip
    expected = message(cid="151", device="TANK1", device_time=1_795_431_600_000_000, id="/a\n1")
    assert one(event, EVENT_TYPE) == expected
    assert read([event], EVENTS_TYPE) == [expected]
    assert one(b"", "", {f"ce-{name}": value for name, value in event.items()}) == expected
    assert one(event | {"subject": "Room of somebody"}, EVENT_TYPE).device is None
    assert one(event | {"data": {"code": "smoke", "device": "d"}}, EVENT_TYPE) == message(
        device="D", device_time=1_795_431_600_000_000, id="/a\n1"
    )
    for wrong in ({"specversion": "0.3"}, {"id": ""}, {"source": ""}, {"data_base64": "AAAA"}):
        assert read(event | wrong, EVENT_TYPE).rule == "event"
    assert read({"specversion": "1.0"}, EVENT_TYPE).rule == "form"


@given(st.binary(max_size=300), st.sampled_from(["", "application/json", EVENT_TYPE, EVENTS_TYPE, "x"]))
def test_any_bytes_are_read_or_refused(body, kind):
    assert isinstance(read_messages(body, kind, {}), (Fault, list))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["code", "device", "id", "state", "values", "value", "unit", "text", "data", "signals", "type"]
            )
            | st.text(max_size=5),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["application/json", EVENT_TYPE, EVENTS_TYPE]))
def test_any_json_is_read_or_refused_and_what_is_read_keeps_the_limits(value, kind):
    found = read(value, kind)
    if isinstance(found, Fault):
        return
    for kept in found:
        assert kept.device is None or (kept.device.isascii() and kept.device.isalnum() and len(kept.device) <= 16)
        assert kept.text is None or len(kept.text) <= TEXT_MAX
        assert kept.cid is None or kept.cid in {word.cid for word in MACHINE_WORDS.values()}


@pytest.mark.parametrize("hazard", sorted(HAZARDS))
def test_no_word_opens_a_class_that_needs_a_person(hazard):
    types = {shipped_catalogue().codes["CID", word.cid].type for word in MACHINE_WORDS.values()}
    opened = {shipped_catalogue().types[one].hazard for one in types if one is not None}
    if hazard in MACHINE_NEVER or hazard == "intrusion":
        assert hazard not in opened
    assert (hazard in MACHINE_NEVER) != (hazard in MACHINE_MAY)


@pytest.mark.parametrize("word", sorted(MACHINE_WORDS))
def test_each_word_has_a_code_that_a_machine_may_open_and_that_ends(word):
    rule = shipped_catalogue().codes["CID", MACHINE_WORDS[word].cid]
    assert rule.address_is == "zone" or rule.kind == "test"
    if rule.priority < 5:
        assert machine_type(rule.type, shipped_catalogue()) is not None
        assert rule.kind_restore in ("restoral", "trouble_restoral")
    assert refused_word(word) is None


@pytest.mark.parametrize("word", sorted(REFUSED_WORDS))
def test_each_refused_word_is_found_in_each_place_of_a_pointer(word):
    for entered in (word, f"/{word}", f"/a/{word}/b", f"a_{word}", f"{word}-b", f"x.{word}", f"the{word.title()}Value",
                    word.upper(), f"{word}2", f"HTTP{word.title()}"):  # fmt: skip
        assert refused_word(entered) == word
    assert read({"code": f"x_{word}"}).rule == "scope"


@pytest.mark.parametrize("entered", ["message", "voltage", "account", "surface", "template", "discount", "/a/storage"])
def test_words_that_only_hold_a_refused_one_pass(entered):
    assert refused_word(entered) is None


@pytest.mark.parametrize(
    ("value", "unit", "milli", "turned"),
    [
        (32, "degF", 0, "degC"), (0, "K", -273_150, "degC"), (1500, "mV", 1500, "V"), (2, "h", 7_200_000, "s"),
        (1.5, "min", 90_000, "s"), (1013, "hPa", 101_300_000, "Pa"), (36, "km/h", 10_000, "m/s"), (5, "%", 5_000, "%"),
    ],
)  # fmt: skip
def test_unit_of_the_same_kind_is_turned_into_ours(value, unit, milli, turned):
    assert one({"code": "smoke", "values": [{"value": value, "unit": unit}]}).values == (Quantity(milli, turned),)


def test_every_scale_ends_in_a_unit_of_the_list():
    assert {scale.unit for scale in SCALES.values()} == set(UNITS)
