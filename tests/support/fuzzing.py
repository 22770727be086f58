# ruff: noqa: E501 - shapes stand as they come
"""Fuzzing of every reader of strangers' bytes: recorded shapes, mutated blindly, each input made anew from its number.

Whatever comes, a reader answers or refuses: it raises nothing but the errors that it names, and takes no longer than
SLOW_S. Input `number` of a reader under a seed is the same on every machine:

    FUZZ_SEED=7 FUZZ_AT=4711 python -m pytest -m soak tests/protocols/test_fuzzing.py -k mail

reads that one alone.
"""

import base64
import io
import json
import random
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from PIL import Image

from support.bounced import report
from tocsin.centre.still_worker import draw_zone
from tocsin.model.accounts import AccountPolicy
from tocsin.model.errors import BadInput
from tocsin.model.mappings import MapLine, Mapping, MapValue
from tocsin.model.signals import Receipt
from tocsin.model.sources import MailLine
from tocsin.notify.webhook import signed
from tocsin.protocols.aml import read_aml
from tocsin.protocols.bounces import read_bounce
from tocsin.protocols.contact_id import parse_cid
from tocsin.protocols.dc09.answers import acknowledge, acknowledge_poll, read_answer, refuse
from tocsin.protocols.dc09.encode import encode_frame, parse_stamp, wrap
from tocsin.protocols.dc09.framing import RawFrame, StreamDecoder, read_datagram
from tocsin.protocols.dc09.judge import ReceiverPolicy, judge
from tocsin.protocols.dc09.signals import to_arrival
from tocsin.protocols.machine_messages import EVENT_TYPE, EVENTS_TYPE, JSON_TYPE, read_messages
from tocsin.protocols.mail_in import read_mail
from tocsin.protocols.mail_pictures import pictures_of
from tocsin.protocols.mapped import read_mapped
from tocsin.protocols.mqtt_chirpstack import ChirpStack
from tocsin.protocols.mqtt_frigate import Frigate
from tocsin.protocols.mqtt_generic import Generic
from tocsin.protocols.mqtt_home_assistant import HomeAssistant
from tocsin.protocols.mqtt_zigbee2mqtt import Zigbee2Mqtt
from tocsin.protocols.pidf_lo import read_location
from tocsin.protocols.sia_events import read_sia
from tocsin.protocols.standard_webhooks import secret_text, wrong_with
from tocsin.protocols.telephone import FORM_TYPE, read_call

SLOW_S = 1.0
"""Of a processor, for one input."""

GROWN_MAX = 20_000
KEY = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
NOW = parse_stamp("07:05:11,03-04-2027")
PAD = bytes(range(100, 131))
SECRET = bytes(range(32))
TOKENS = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"1e400", b"-1", b"9" * 40, b"NaN", b"null", b"true", b"[]", b"{}",
    b"[" * 40, b'{"a":' * 40, b"/" * 20, b"~1", b"\r\n", b"\n\n", b"--", b"%00", b"%ff", b"=?utf-8?b?//8=?=", b"]", b"|",
    b"^", b'"', b"\\", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"0" * 16, b"\xf0\x9f\x9a\x92", b"+", b"#", b"=",
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n",
    b"charset=idna", b"charset=undefined", b"2027-02-30T25:61:61+99:99",
)  # fmt: skip


class Reader(NamedTuple):
    """What reads strangers' bytes, and messages as they come."""

    read: Callable[[bytes], object]
    shapes: list[bytes]
    share: float = 1.0
    """Of the inputs that are asked for: less where each takes long."""
    short: int = 1_000
    """Inputs in `make test`."""


class BrokenError(AssertionError):
    """An input that a reader did not bear, with what reads it again."""


def mutated(shapes: list[bytes], dice: random.Random) -> bytes:
    """One of the shapes, changed a few times."""
    made = bytearray(dice.choice(shapes))
    for _ in range(dice.choice((1, 1, 2, 3, 5, 8))):
        place = dice.randrange(len(made) + 1)
        end = min(len(made), place + dice.choice((1, 1, 2, 4, 8, 32, 200)))
        match dice.randrange(9):
            case 0 if made:
                made[place % len(made)] ^= 1 << dice.randrange(8)
            case 1 if made:
                made[place % len(made)] = dice.randrange(256)
            case 2:
                made[place:place] = dice.choice(TOKENS)
            case 3:
                made[place:end] = dice.choice(TOKENS)
            case 4:
                del made[place:end]
            case 5:
                made[place:place] = made[place:end] * dice.choice((1, 2, 30))
            case 6:
                other = dice.choice(shapes)
                begin = dice.randrange(len(other) + 1)
                made[place:] = other[begin:]
            case 7:
                del made[place:]
            case _:
                made[place:place] = dice.randbytes(dice.choice((1, 2, 8, 64)))
        if len(made) > GROWN_MAX:
            del made[GROWN_MAX:]
    return bytes(made)


def input_of(name: str, seed: int, number: int) -> bytes:
    """Input `number` of a reader."""
    return mutated(READERS[name].shapes, random.Random(f"{seed} {name} {number}"))


def fuzz(name: str, inputs: int, seed: int, first: int = 0) -> float:
    """Give a reader so many inputs; return the longest that one took, in seconds of a processor."""
    reader, slowest_s = READERS[name], 0.0
    for number in range(first, first + inputs):
        data = input_of(name, seed, number)
        begin_s = time.process_time()
        try:
            reader.read(data)
        except Exception as error:
            raise BrokenError(f"FUZZ_SEED={seed} FUZZ_AT={number} {name}: {data[:2_000]!r}") from error
        took_s = time.process_time() - begin_s
        if took_s > SLOW_S:
            raise BrokenError(f"FUZZ_SEED={seed} FUZZ_AT={number} {name} took {took_s:.1f} s: {data[:2_000]!r}")
        slowest_s = max(slowest_s, took_s)
    return slowest_s


# Panels -------------------------------------------------------------------------------------------------------------


class _Everyone:
    """Knows every account, with one key or none."""

    config = 1

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def find(self, _receiver: int | None, _line: int | None, number: str) -> AccountPolicy:
        return AccountPolicy(
            id=f"account-{number}", account=number.upper(), receiver=None, line=None, key=self._key, late_max_s=None,
            early_max_s=None, duplicate_window_us=300_000_000, panel_time_zone=None, poll_602=True, carried_by=None,
        )  # fmt: skip

    def refusal(self, *_asked: object) -> None:
        return None


def _frame(data: bytes) -> None:
    """As bytes of a connection, as a datagram, and as the body of a frame whose check sum is right."""
    StreamDecoder().feed(data)
    for piece in (*read_datagram(data), *read_datagram(wrap(data[:4_000], "hex"))):
        if not isinstance(piece, RawFrame):
            continue
        for key in (None, KEY):
            read_answer(piece, key)
            verdict = judge(piece, _Everyone(key), ReceiverPolicy(), NOW)
            if verdict.kind == "event":
                to_arrival(verdict, peer="x", transport="udp", received_at=NOW, config=1)
                acknowledge(verdict, Receipt("r-1", 1, None), NOW, PAD)
            elif verdict.kind == "poll":
                acknowledge_poll(verdict, NOW, PAD)
            else:
                refuse(verdict, NOW)


def _frames() -> list[bytes]:
    made = [
        encode_frame(token=token, sequence="0001", receiver="1", line="0", account="1234", data=data, timestamp=stamp,
                     key=key, pad=PAD)
        for token, data in (
            ("SIA-DCS", "#1234|Nri1/FA001^Kitchen^*17C_"), ("ADM-CID", "#1234|1131 01 015"), ("NULL", None),
            ("SIA-DCS", "#1234|Nti07:04/da03-04-27/id5/BA12/RP"), ("VIS-BBA", "#1234|x"),
        )
        for stamp in (None, "07:05:11,03-04-2027")
        for key in (None, KEY)
    ]  # fmt: skip
    bodies = [b'"SIA-DCS"0001R1L0#1234[#1234|Nri1/FA001][X010E12.3][Vhttps://x/y]', b'"*ADM-CID"0001L0#1234[ABCDEF']
    return made + bodies


def _words(data: bytes) -> None:
    text = data.decode("latin-1")
    parse_cid(text)
    read_sia(text)


# Machines -----------------------------------------------------------------------------------------------------------

_MAPPING = Mapping(
    each="/alerts",
    lines=(
        MapLine(at="/labels/tocsin", expected="water", word="water"),
        MapLine(at="/t", compare="above", limit_milli=60_000, back_milli=55_000, unit="degC", word="high_temperature"),
    ),
    device_at="/labels/sensor",
    state_at="/status",
    returned=("resolved",),
    text_at="/annotations/summary",
    id_at="/fingerprint",
    time_at="/startsAt",
    values=(MapValue(at="/t", unit="degF"),),
)
_LINES = (MailLine(pattern="Zone * in alarm", word="smoke"), MailLine(pattern="Mains lost", word="mains", device="P1"))
_KINDS = (JSON_TYPE, EVENT_TYPE, EVENTS_TYPE, "")


def _messages(data: bytes) -> None:
    kind = _KINDS[data[0] % len(_KINDS)] if data else ""
    head = {"ce-id": "1", "ce-source": "/x", "ce-specversion": "1.0", "ce-type": data[:40].decode("latin-1")}
    for headers in ({}, head):
        found = read_messages(data[1:], kind, headers)
        for one in found if isinstance(found, list) else ():
            assert one.text is None or len(one.text) <= 120


def _topic(data: bytes) -> tuple[str, bytes]:
    topic, _, payload = data.partition(b"\n")
    return topic.decode("utf-8", "replace"), payload


def _json(*bodies: object) -> list[bytes]:
    return [json.dumps(one).encode() for one in bodies]


def _said(topic: str, *bodies: object) -> list[bytes]:
    return [topic.encode() + b"\n" + one for one in _json(*bodies)]


def _home_assistant(data: bytes) -> None:
    made = HomeAssistant()
    made.take("homeassistant/binary_sensor/0x00158d0001a2b3c4/smoke/config", _DISCOVERED)
    for topic, payload in (_topic(data), ("homeassistant/binary_sensor/a/b/config", data), ("z/hall", data)):
        made.take(topic, payload)
        made.topics()


_DISCOVERED = _json(
    {"dev_cla": "smoke", "stat_t": "~/hall", "~": "z", "pl_on": "ON", "pl_off": "OFF", "val_tpl": "{{ value_json.s.a }}",
     "avty_t": "~/bridge", "uniq_id": "a", "dev": {"ids": ["0x00158d0001a2b3c4"]}}
)[0]  # fmt: skip
_DEVICE = {
    "dev": {"ids": ["98:cd:ac:2f:11:aa"], "name": "hall"}, "o": {"name": "x"},
    "cmps": {"a": {"p": "binary_sensor", "device_class": "gas", "state_topic": "x/y", "expire_after": 60}},
}  # fmt: skip


def _zigbee(data: bytes) -> None:
    made = Zigbee2Mqtt()
    made.take("zigbee2mqtt/bridge/devices", _LISTED)
    for topic, payload in (_topic(data), ("zigbee2mqtt/bridge/devices", data), ("zigbee2mqtt/hall", data)):
        made.take(topic, payload)
        made.topics()


_LISTED = _json([{"friendly_name": "hall", "ieee_address": "0x00158d0001a2b3c4", "type": "EndDevice"}])[0]


def _chirpstack(data: bytes) -> None:
    made = ChirpStack("7")
    made.take(*_topic(data))
    made.take("application/7/device/a84041000181d6f2/event/up", data)
    made.take("application/7/device/a84041000181d6f2/event/status", data)


def _frigate(data: bytes) -> None:
    made = Frigate("frigate", ("yard",))
    made.take(*_topic(data))
    made.take("frigate/reviews", data)


def _generic(data: bytes) -> None:
    made = Generic(["plant/+/alarm"], _MAPPING)
    made.take(*_topic(data))
    made.take("plant/boiler/alarm", data)


def _mail(data: bytes) -> None:
    found = read_mail(data, _LINES)
    for one in found if isinstance(found, list) else ():
        assert one.text is None or len(one.text) <= 120


def _mails() -> list[bytes]:
    picture = base64.encodebytes(_pictures()[0]).replace(b"\n", b"\r\n")
    return [
        b"From: a@b.c\r\nSubject: =?utf-8?q?Zone_3_in_alarm?=\r\nMessage-ID: <1@x>\r\nDate: x\r\n\r\nAnna\r\nMains lost\r\n",
        b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
        b"text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Zone 3 <b>in=20alarm</b><br>"
        b"<script>x</script>\r\n--b\r\nContent-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + picture + b"\r\n--b--\r\n",
        b"Subject: Zone 7 in alarm\r\nContent-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: base64"
        b"\r\n\r\nWm9uZSAzIGluIGFsYXJt\r\n",
    ]  # fmt: skip


# Telephones, pictures and what mail servers report ------------------------------------------------------------------


def _calls(data: bytes) -> None:
    for kind in (JSON_TYPE, FORM_TYPE):
        read_call(data, kind, {"event": "Status", "ringing": "RING"})
        read_call(data, kind, {})


def _signature(data: bytes) -> None:
    id_, _, rest = data.partition(b"\n")
    at, _, made = rest.partition(b"\n")
    headers = {"webhook-id": id_.decode("latin-1"), "webhook-timestamp": at.decode("latin-1")}
    wrong_with({**headers, "webhook-signature": made.decode("latin-1")}, data, SECRET, 1_800_000_000)


def _picture(data: bytes) -> None:
    try:
        still = draw_zone(data)
    except BadInput:
        return
    assert still.masked.startswith(b"\xff\xd8\xff")


def _pictures() -> list[bytes]:
    made: list[bytes] = []
    image = Image.frombytes("RGB", (72, 64), random.Random(1).randbytes(72 * 64 * 3))
    exif = Image.Exif()
    exif[0x0112] = 6
    for form, mode, options in (
        ("JPEG", "RGB", {"exif": exif, "comment": b"x"}), ("JPEG", "L", {"progressive": True}), ("JPEG", "CMYK", {}),
        ("PNG", "RGBA", {}), ("PNG", "P", {}),
    ):  # fmt: skip
        out = io.BytesIO()
        image.convert(mode).save(out, form, **options)
        made.append(out.getvalue())
    return made


_PLACE = (
    b'<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"'
    b' xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"><tuple id="a"><status><gp:'
    b"geopriv><gp:location-info>"
    b'<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>54.3 10.1</gml:pos><gs:radius uom="urn:ogc:def:uom:EPSG::'
    b'9001">30</gs:radius></gs:Circle></gp:location-info></gp:geopriv></status></tuple></presence>'
)
_ALERT = {
    "status": "firing", "labels": {"tocsin": "water", "sensor": "cellar"}, "annotations": {"summary": "x"}, "t": 71.5,
    "startsAt": "2026-11-23T12:00:00+01:00", "fingerprint": "a",
}  # fmt: skip
_RING = {"event": "ringing", "call": "abc", "caller": "+49 431 1234", "line": "112", "extension": "1001"}
_UP = {
    "deduplicationId": "a", "time": "2026-11-23T12:00:00Z", "deviceInfo": {"devEui": "a84041000181d6f2"}, "fCnt": 4,
    "object": {"smoke": True, "battery": 12.5, "water_leak": 0},
}  # fmt: skip
_REVIEW = {
    "type": "update",
    "after": {"id": "1.2-a", "camera": "yard", "severity": "alert", "data": {"objects": ["fire", "person-verified"]}},
}  # fmt: skip
_SMOKE = {"code": "smoke", "device": "kitchen-1", "id": "7", "state": "active", "text": "x",
          "values": [{"value": 71.5, "unit": "degC"}], "device_time": "2026-11-23T12:00:00+01:00"}  # fmt: skip
_EVENT = {
    "specversion": "1.0",
    "id": "8",
    "source": "/boiler",
    "type": "com.example.gas",
    "subject": "a",
    "data": _SMOKE,
}
_AML = b"v=3&device_number=%2B491701234567&location_latitude=54.32&location_longitude=10.14&location_accuracy=12&x=1"

READERS: dict[str, Reader] = {
    "frames": Reader(_frame, _frames()),
    "words": Reader(_words, [b"#1234|Nri1/FA001^Kitchen^*17C_/BA2", b"#1234|1131 01 015", b"Nti07:04/da03-04-27/id5/RP"]),
    "webhooks": Reader(_messages, [b"\0" + one for one in _json(_SMOKE, [_SMOKE, _SMOKE], {"signals": [_SMOKE]})]
                       + [b"\1" + _json(_EVENT)[0], b"\2" + _json([_EVENT, _EVENT])[0]]),
    "mapped": Reader(lambda data: read_mapped(data, _MAPPING), _json({"alerts": [_ALERT, _ALERT]}, [_ALERT], _ALERT)),
    "signatures": Reader(_signature, ["\n".join(signed("x", 1_800_000_000, b"1", secret_text(SECRET)).values()).encode()]),
    "home_assistant": Reader(_home_assistant, [*_said("homeassistant/device/x/config", _DEVICE), _DISCOVERED, b"z/hall\nON",
                                               *_said("z/hall", {"s": {"a": "ON"}}), b"z/bridge\noffline"]),
    "zigbee2mqtt": Reader(_zigbee, [*_said("zigbee2mqtt/hall", {"smoke": True, "battery_low": False, "action": "sos"}),
                                    _LISTED, b"zigbee2mqtt/hall/availability\n{\"state\":\"offline\"}",
                                    b"zigbee2mqtt/bridge/state\nonline"]),
    "chirpstack": Reader(_chirpstack, [*_json(_UP), *_said("application/7/device/a84041000181d6f2/event/up", _UP)]),
    "frigate": Reader(_frigate, [*_json(_REVIEW), *_said("frigate/reviews", _REVIEW),
                                 b"frigate/yard/audio/fire_alarm\nON", b"frigate/available\noffline"]),
    "generic": Reader(_generic, [*_json({"alerts": [_ALERT]}), *_said("plant/boiler/alarm", {"alerts": [_ALERT]})]),
    "mail": Reader(_mail, _mails(), short=400),
    "mail_pictures": Reader(lambda data: pictures_of(data, 6), _mails(), short=500),
    "pictures": Reader(_picture, _pictures(), 0.2, short=100),
    "calls": Reader(_calls, [*_json(_RING), urlencode(_RING).encode(), b"Status=RING&call=7"]),
    "callers": Reader(read_aml, [_AML]),
    "locations": Reader(read_location, [_PLACE]),
    "bounces": Reader(read_bounce, [report(), report(action="delayed", status="message/global-delivery-status")], short=400),
}  # fmt: skip
"""By name. Each is a reader of the product, as its way in calls it."""
