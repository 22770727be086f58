"""What the conventions of MQTT say, and what of them never passes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.machines import MACHINE_WORDS
from tocsin.protocols.mqtt_chirpstack import ChirpStack
from tocsin.protocols.mqtt_devices import DEVICES_MAX, PAYLOAD_BYTES_MAX, WORDS_OF_KEYS, device_of
from tocsin.protocols.mqtt_frigate import HEARD, SEEN, Frigate
from tocsin.protocols.mqtt_home_assistant import CLASSES, HomeAssistant
from tocsin.protocols.mqtt_zigbee2mqtt import Zigbee2Mqtt

IEEE = "0x00158d0001a2b3c4"
CODE = "00158D0001A2B3C4"
EUI = "a84041000181d6f2"


def said(taken):
    return [(one.word, one.device, one.is_active) for one in taken.said]


def send(convention, topic, body):
    return convention.take(topic, body if isinstance(body, bytes) else json.dumps(body).encode())


# Devices ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (IEEE, CODE),
        (f"zigbee2mqtt_{IEEE}", CODE),
        ("shelly-98CDAC2F11AA", "98CDAC2F11AA"),
        ("98:cd:ac:2f:11:aa", "98CDAC2F11AA"),
    ],
)
def test_device_is_known_by_the_number_of_its_hardware(name, code):
    assert device_of(name) == code


def test_name_of_a_device_never_becomes_its_code():
    code = device_of("grandmother upstairs")
    assert (len(code), code.isalnum(), "GRAND" in code) == (16, True, False)
    assert device_of("grandmother upstairs") == code != device_of("grandmother downstairs")


def test_every_word_that_a_convention_says_is_one_that_a_machine_may_say():
    assert {*WORDS_OF_KEYS.values(), *CLASSES.values(), *SEEN.values(), *HEARD.values()} <= MACHINE_WORDS.keys()


# Home Assistant -----------------------------------------------------------------------------------------------------


def discovered(**entity):
    home = HomeAssistant()
    taken = send(home, "homeassistant/binary_sensor/x/config", {"stat_t": "a/b", "uniq_id": IEEE, **entity})
    return home, taken


@pytest.mark.parametrize(("class_", "word"), CLASSES.items())
def test_each_device_class_is_its_word_and_ends(class_, word):
    home, taken = discovered(dev_cla=class_)
    assert taken.has_new_topics
    assert "a/b" in home.topics()
    is_well = class_ in ("connectivity", "power")
    assert said(home.take("a/b", b"ON")) == [(word, CODE, not is_well)]
    assert said(home.take("a/b", b"OFF")) == [(word, CODE, is_well)]
    assert home.take("a/b", b"perhaps").refused == ("state",)


@pytest.mark.parametrize("class_", ["door", "motion", "occupancy", "window", "opening", "garage_door", "vibration"])
def test_what_counts_in_an_armed_zone_alone_is_refused_by_name(class_):
    home, taken = discovered(dev_cla=class_)
    assert (taken.refused, "a/b" in home.topics()) == (("intrusion",), False)


@pytest.mark.parametrize(
    "class_", ["presence", "sound", "light", "lock", "moving", "running", "plug", "update", 3, None]
)
def test_other_classes_are_refused(class_):
    home, taken = discovered(dev_cla=class_)
    assert (taken.refused, "a/b" in home.topics()) == (("class",), False)


@pytest.mark.parametrize("component", ["device_tracker", "person", "camera", "image", "text", "notify", "sensor"])
def test_other_components_of_a_device_are_refused(component):
    home = HomeAssistant()
    body = {"~": "a", "cmps": {"one": {"p": component, "stat_t": "~/b", "dev_cla": "smoke"}}}
    assert send(home, "homeassistant/device/x/config", body).refused == ("component",)
    assert send(home, f"homeassistant/{component}/x/config", {"stat_t": "a/b", "dev_cla": "smoke"}) is not None
    assert not any(topic.startswith(f"homeassistant/{component}/") for topic in home.told_by())


def test_abbreviated_keys_and_the_base_topic_are_read():
    home = HomeAssistant()
    body = {
        "~": "plant/7",
        "dev": {"ids": [IEEE], "name": "Boiler room"},
        "avty": [{"t": "~/here", "pl_avail": "yes", "pl_not_avail": "no"}],
        "cmps": {
            "s": {"p": "binary_sensor", "dev_cla": "smoke", "stat_t": "~/smoke", "pl_on": "1", "pl_off": "0"},
            "w": {
                "p": "binary_sensor",
                "dev_cla": "moisture",
                "stat_t": "~/state",
                "val_tpl": "{{ value_json.a.wet }}",
            },
        },
    }
    assert send(home, "homeassistant/device/x/config", body).has_new_topics
    assert {"plant/7/smoke", "plant/7/state", "plant/7/here"} <= set(home.topics())
    assert said(home.take("plant/7/smoke", b"1")) == [("smoke", CODE, True)]
    assert said(home.take("plant/7/here", b"no")) == [("missing", CODE, True)]
    assert home.names() == {CODE: "Boiler room"}
    assert said(send(home, "plant/7/state", {"a": {"wet": "ON"}})) == [("water", CODE, True)]
    assert send(home, "plant/7/state", {"a": 7}).said == ()


def test_state_that_json_writes_as_true_is_compared_as_home_assistant_does():
    home, _ = discovered(dev_cla="smoke", val_tpl="{{ value_json.smoke }}", pl_on=True, pl_off=False)
    assert said(send(home, "a/b", {"smoke": True})) == [("smoke", CODE, True)]
    assert said(send(home, "a/b", {"smoke": False})) == [("smoke", CODE, False)]


@pytest.mark.parametrize(
    "template", ["{{ value | int > 3 }}", "{% if value %}ON{% endif %}", "{{ states('person.x') }}", "ON", 7]
)
def test_template_that_is_more_than_a_path_is_refused(template):
    assert discovered(dev_cla="smoke", val_tpl=template)[1].refused == ("template",)


@pytest.mark.parametrize("topic", ["a/#", "+/b", "#", "", "$SYS/x", "x" * 201, None, 7])
def test_discovery_cannot_make_us_read_more_than_one_topic(topic):
    assert discovered(dev_cla="smoke", stat_t=topic)[1].refused == ("topic",)


def test_entity_that_is_taken_back_is_read_no_more():
    home, _ = discovered(dev_cla="smoke")
    assert home.take("homeassistant/binary_sensor/x/config", b"").has_new_topics
    assert (home.take("a/b", b"ON").refused, "a/b" in home.topics()) == (("topic",), False)


def test_same_discovery_again_asks_for_no_new_topics():
    home, _ = discovered(dev_cla="smoke")
    body = {"stat_t": "a/b", "uniq_id": IEEE, "dev_cla": "smoke"}
    assert not send(home, "homeassistant/binary_sensor/x/config", body).has_new_topics


def test_more_devices_than_a_source_may_have_are_refused():
    home = HomeAssistant()
    cmps = {str(n): {"p": "binary_sensor", "dev_cla": "gas", "stat_t": f"g/{n}"} for n in range(50)}
    for number in range(DEVICES_MAX // 50):
        assert send(home, f"homeassistant/device/{number}/config", {"cmps": cmps}).refused == ()
    assert send(home, "homeassistant/device/more/config", {"cmps": cmps}).refused == ("many",)


# Zigbee2MQTT --------------------------------------------------------------------------------------------------------


def zigbee(*names):
    made = Zigbee2Mqtt()
    listed = [{"friendly_name": "Coordinator", "ieee_address": "0x1", "type": "Coordinator"}]
    listed += [
        {"friendly_name": name, "ieee_address": f"{IEEE[:-1]}{n}", "definition": {"exposes": [{}]}}
        for n, name in enumerate(names)
    ]
    assert send(made, "zigbee2mqtt/bridge/devices", listed).has_new_topics
    return made


def test_device_of_zigbee2mqtt_is_known_by_its_address_and_not_by_its_friendly_name():
    made = zigbee("Ann Example's bedroom")
    topic = "zigbee2mqtt/Ann Example's bedroom"
    assert topic in made.topics()
    taken = send(made, topic, {"smoke": True, "battery_low": False, "linkquality": 120})
    assert said(taken) == [("smoke", f"{CODE[:-1]}0", True), ("battery", f"{CODE[:-1]}0", False)]
    assert "Ann" not in repr(taken)
    assert said(send(made, f"{topic}/availability", {"state": "offline"})) == [("missing", f"{CODE[:-1]}0", True)]
    assert said(made.take("zigbee2mqtt/bridge/state", b"offline")) == [("missing", None, True)]


def test_contact_and_occupancy_are_refused_and_only_calls_for_help_are_taken_of_action():
    made = zigbee("one")
    taken = send(made, "zigbee2mqtt/one", {"contact": False, "occupancy": True, "water_leak": True})
    assert (said(taken), taken.refused) == ([("water", f"{CODE[:-1]}0", True)], ("intrusion",))
    press = send(made, "zigbee2mqtt/one", {"action": "emergency"}).said
    assert [(one.word, one.is_momentary) for one in press] == [("sos", True)]
    assert send(made, "zigbee2mqtt/one", {"action": "single"}).said == ()


def test_topic_that_no_device_has_is_refused():
    assert send(zigbee("one"), "zigbee2mqtt/two", {"smoke": True}).refused == ("topic",)


def test_value_that_is_no_boolean_raises_nothing():
    assert send(zigbee("one"), "zigbee2mqtt/one", {"smoke": "yes", "gas": 1}).said == ()


# ChirpStack ---------------------------------------------------------------------------------------------------------


def uplink(**more):
    return {"deduplicationId": "d-1", "time": "2026-11-23T10:00:00+00:00", "deviceInfo": {"devEui": EUI}, **more}


def test_uplink_of_a_sensor_has_its_id_and_time():
    stack = ChirpStack("7")
    topic = f"application/7/device/{EUI}/event/up"
    (one,) = send(stack, topic, uplink(object={"water_leak": True, "people_count": 12})).said
    assert (one.word, one.device, one.is_active, one.id, one.device_time) == (
        "water", EUI.upper(), True, "d-1", 1_795_428_000_000_000,
    )  # fmt: skip
    assert send(stack, topic, uplink()).refused == ("codec",)
    other = uplink(object={"smoke": True}, deviceInfo={"devEui": "0" * 16})
    assert send(stack, topic, other).refused == ("device",)
    assert send(stack, topic.replace("/7/", "/8/"), uplink(object={"smoke": True})).refused == ("topic",)


@pytest.mark.parametrize(("level", "is_low"), [(14.9, True), (15, False), (100, False)])
def test_battery_of_a_sensor_is_told_by_its_status(level, is_low):
    topic = f"application/7/device/{EUI}/event/status"
    assert said(send(ChirpStack("7"), topic, uplink(batteryLevel=level))) == [("battery", EUI.upper(), is_low)]


# Frigate ------------------------------------------------------------------------------------------------------------


def review(kind="new", objects=("fire",), id_="r-1", **data):
    after = {"id": id_, "camera": "yard", "severity": "alert", "data": {"objects": list(objects), **data}}
    return {"type": kind, "before": after, "after": after}


def test_fire_that_a_camera_sees_has_one_id_a_review_and_ends_with_it():
    frigate = Frigate("frigate", ("yard",))
    assert [one.word for one in send(frigate, "frigate/reviews", review(objects=["person"])).said] == []
    first = send(frigate, "frigate/reviews", review("update", ["person", "fire"]))
    assert [(one.word, one.is_active, one.id) for one in first.said] == [("fire", True, "r-1/fire")]
    again = send(frigate, "frigate/reviews", review("update", ["fire", "smoke"]))
    assert [one.id for one in again.said] == ["r-1/fire", "r-1/smoke"]
    end = send(frigate, "frigate/reviews", review("end", ["fire", "smoke"]))
    assert [(one.word, one.is_active) for one in end.said][-2:] == [("fire", False), ("smoke", False)]


def test_end_of_a_fire_is_said_of_its_camera_whatever_others_see_and_not_while_another_review_of_it_goes_on():
    frigate = Frigate("frigate", ("yard", "hall"))
    for id_, camera in (("r-1", "yard"), ("r-2", "hall"), ("r-3", "yard")):
        body = review(id_=id_)
        body["after"]["camera"] = camera
        send(frigate, "frigate/reviews", body)
    yard = frigate.take("frigate/reviews", json.dumps(review("end", id_="r-1")).encode())
    assert [one.is_active for one in yard.said] == [True]
    last = frigate.take("frigate/reviews", json.dumps(review("end", id_="r-3")).encode())
    assert [one.is_active for one in last.said] == [True, False]


@pytest.mark.parametrize("objects", [["person"], ["person-verified"], ["car"], ["face", "license_plate"], ["dog"], []])
def test_whatever_else_a_camera_sees_is_refused(objects):
    taken = send(Frigate("frigate", ("yard",)), "frigate/reviews", review(objects=objects, sub_labels=["Ann Example"]))
    assert (taken.said, taken.refused) == ((), ("object",))


def test_frigate_is_read_by_exact_topics_and_none_that_names_or_counts():
    topics = Frigate("frigate", ("yard",)).topics()
    assert topics == [
        "frigate/available", "frigate/reviews", "frigate/yard/audio/fire_alarm", "frigate/yard/audio/smoke_detector",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["speech", "yell", "bark", "crying", "transcription", "glass", "gunshot"])
def test_other_sounds_are_refused(kind):
    frigate = Frigate("frigate", ("yard",))
    assert frigate.take(f"frigate/yard/audio/{kind}", b"ON").refused == ("topic",)
    assert said(frigate.take("frigate/yard/audio/smoke_detector", b"ON"))[0][0] == "smoke"


# All ----------------------------------------------------------------------------------------------------------------


def conventions():
    home = discovered(dev_cla="smoke", val_tpl="{{ value_json.smoke }}")[0]
    return [
        (home, ["a/b", "homeassistant/binary_sensor/x/config", "homeassistant/device/x/config"]),
        (zigbee("one"), ["zigbee2mqtt/one", "zigbee2mqtt/bridge/devices", "zigbee2mqtt/bridge/state"]),
        (ChirpStack("7"), [f"application/7/device/{EUI}/event/up", f"application/7/device/{EUI}/event/status"]),
        (Frigate("frigate", ("yard",)), ["frigate/reviews", "frigate/available", "frigate/yard/audio/fire_alarm"]),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["smoke", "deviceInfo", "devEui", "object", "after", "data", "objects", "id", "camera", "type", "state",
             "stat_t", "dev_cla", "cmps", "p", "dev", "ids", "avty", "t", "~", "val_tpl", "friendly_name",
             "ieee_address", "batteryLevel", "time", "action"]
        ) | st.text(max_size=8),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@pytest.mark.parametrize("which", range(4))
@given(body=JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
def test_no_payload_breaks_a_convention_or_names_a_rule_of_its_own(which, body):
    convention, topics = conventions()[which]
    for topic in topics:
        taken = convention.take(topic, body)
        assert all(rule.isalpha() and len(rule) <= 12 for rule in taken.refused)
        assert all(one.word in MACHINE_WORDS for one in taken.said)
        assert all(one.device is None or (one.device.isalnum() and len(one.device) <= 16) for one in taken.said)
    assert all("#" not in topic for topic in (*convention.topics(), *convention.told_by()))
    assert all("+" not in topic for topic in convention.topics()) or which == 2


@pytest.mark.parametrize("which", range(4))
def test_payload_that_is_too_large_or_too_deep_is_refused_by_name(which):
    convention, topics = conventions()[which]
    assert convention.take(topics[0], b" " * (PAYLOAD_BYTES_MAX + 1)).refused == ("size",)
    deep = b'{"a":' * 17 + b"1" + b"}" * 17
    assert convention.take(topics[0], deep).refused in (("depth",), ("state",), ("form",)) or which == 0
    wide = json.dumps({str(n): n for n in range(257)}).encode()
    assert convention.take(topics[0], wide).refused == ("keys",) or which == 0
