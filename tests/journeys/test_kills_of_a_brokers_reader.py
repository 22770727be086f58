"""Promises 1 and 2 for what comes by a broker: process and broker die, and nothing is lost or stored twice."""

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.bad_disk import WAL, BadDisk
from support.centres import held
from support.journal_reader import read_journal, signals
from support.mosquitto import Mosquitto, Publisher, mosquitto
from support.server import Server, wait_for
from tocsin.model.sources import MqttWay, SourceRow
from tocsin.model.values import Actor, Code
from tocsin.settings import load

pytestmark = [pytest.mark.afresh, pytest.mark.slow, pytest.mark.requires("mosquitto")]

Serve = Callable[..., Server]
NAME = "Ann Example's bedroom"
IEEE = "0x00158d0001a2b3c4"
DEVICES = [{"friendly_name": NAME, "ieee_address": IEEE, "type": "EndDevice"}]
TOPIC = f"zigbee2mqtt/{NAME}"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker on which a bridge of Zigbee2MQTT has told of one detector."""
    with mosquitto(tmp_path / "broker") as found:
        publisher = Publisher(found.port)
        publisher.say("zigbee2mqtt/bridge/devices", json.dumps(DEVICES), retain=True)
        publisher.say("zigbee2mqtt/bridge/state", '{"state": "online"}', retain=True)
        publisher.say(TOPIC, '{"smoke": false}', retain=True)
        publisher.close()
        yield found


@pytest.fixture
def place(folder: Path, broker: Mosquitto) -> dict[str, str]:
    """A source that reads it, and the environment of a centre that does."""
    with held(load(folder, {})) as centre:
        (account, *_) = centre.store.accounts()
        way = MqttWay(base=Code("zigbee2mqtt"), convention="zigbee2mqtt")
        centre.centre.sources.make(SourceRow(account_id=account.id, mqtt=way, way="mqtt"), Actor("cli"))
    return {"TOCSIN_RECEIVERS__MQTT__HOST": "127.0.0.1", "TOCSIN_RECEIVERS__MQTT__PORT": str(broker.port)}


def stored(folder: Path) -> list[tuple[str, str, str]]:
    """Code, qualifier and device of what is stored, in order."""
    found = [entry.body for entry in signals(read_journal(folder))]
    return [(body["code"], body["qualifier"], body["address"]) for body in found if body["source"] == "mqtt"]


def say(broker: Mosquitto, *states: bool) -> None:
    """Let the detector say whether it smells smoke."""
    publisher = Publisher(broker.port)
    for is_on in states:
        publisher.say(TOPIC, json.dumps({"smoke": is_on, "linkquality": 90}))
    publisher.close()


def reads(broker: Mosquitto) -> bool:
    """Has the centre subscribed to what the detector says?"""
    return f"tocsin 1 {TOPIC}\n" in (broker.folder / "mosquitto.log").read_text()


def test_alarm_of_a_broker_is_an_incident_and_its_name_stands_nowhere(
    serve: Serve, folder: Path, broker: Mosquitto, place: dict[str, str]
) -> None:
    server = serve(place)
    with server:
        server.wait_ready()
        wait_for(lambda: reads(broker), 30, "it reads the detector")
        say(broker, True, True, False)
        wait_for(lambda: len(stored(folder)) == 2, 30, "both are stored")
        server.stop()
    assert stored(folder) == [("111", "1", "00158D0001A2B3C4"), ("111", "3", "00158D0001A2B3C4")]
    for file in folder.rglob("*"):
        if file.is_file():
            assert b"Example" not in file.read_bytes(), file


@pytest.mark.requires("cc")
def test_alarm_that_was_not_acknowledged_comes_again_and_is_stored_once(
    serve: Serve, disk: BadDisk, folder: Path, broker: Mosquitto, place: dict[str, str]
) -> None:
    server = serve({**place, **disk.environment})
    with server:
        server.wait_ready()
        wait_for(lambda: reads(broker) and server.metric("tocsin_core_waiting") == 0, 30, "it reads the detector")
        disk.kill_after(WAL)
        say(broker, True)
        server.wait_exit()
    disk.heal()
    assert stored(folder) == [("111", "1", "00158D0001A2B3C4")], "the sync was done, the acknowledgement was not sent"
    with server:
        server.wait_ready()
        wait_for(lambda: server.metric("tocsin_core_waiting") == 0, 30, "it is at rest")
        say(broker, False)
        wait_for(lambda: ("111", "3", "00158D0001A2B3C4") in stored(folder), 30, "what comes after it is stored")
        server.stop()
    assert stored(folder) == [("111", "1", "00158D0001A2B3C4"), ("111", "3", "00158D0001A2B3C4")]


def test_centre_and_broker_that_die_lose_nothing_that_was_said(
    serve: Serve, folder: Path, broker: Mosquitto, place: dict[str, str]
) -> None:
    server = serve(place)
    with server:
        server.wait_ready()
        wait_for(lambda: reads(broker), 30, "it reads the detector")
        server.kill()
        # More than a broker sends before something is acknowledged: what tells of the device must not wait behind it.
        say(broker, *[False] * 400, True)
        broker.end(signal.SIGTERM)
        server.start().wait_ready()
        broker.start()
        wait_for(lambda: len(stored(folder)) == 2, 60, "what was said while both were away is stored")
        say(broker, False)
        wait_for(lambda: len(stored(folder)) == 3, 30, "and what is said after it")
        server.stop()
    # Of what the state was before nobody knew: the first word of it is stored, the repeats of it are not.
    assert stored(folder) == [("111", qualifier, "00158D0001A2B3C4") for qualifier in ("3", "1", "3")]
