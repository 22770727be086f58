"""The bridge to a broker, against a real one: nothing is acknowledged before somebody says that it is durable."""

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import signal
import ssl
from pathlib import Path

import pytest

from support.certificates import Authority
from support.mosquitto import Publisher, mosquitto
from tocsin.intake.mqtt import bridge as module
from tocsin.intake.mqtt.bridge import Bridge, Broker

pytestmark = pytest.mark.requires("mosquitto")
QUICK = (0.05, 0.1)


@pytest.fixture
def broker(tmp_path):
    with mosquitto(tmp_path / "broker") as found:
        yield found


@pytest.fixture
def publisher(broker):
    made = Publisher(broker.port)
    yield made
    made.close()


class Reader:
    """A bridge at work in a loop of its own."""

    def __init__(self, port, topics=("dev/#",), acknowledges=True, **options):
        self.got = []
        self.states = []
        self.acknowledges = acknowledges
        self.bridge = Bridge(
            Broker(host="127.0.0.1", port=port, client_id="tocsin-test", **options),
            self.take,
            self.states.append,
            QUICK,
        )
        self.bridge.subscribe(dict.fromkeys(topics, 1))

    def take(self, message):
        self.got.append(message)
        if self.acknowledges:
            self.bridge.done(message)

    @property
    def texts(self):
        return [message.payload.decode() for message in self.got]

    async def __aenter__(self):
        self.task = asyncio.create_task(self.bridge.run())
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


async def until(condition):
    end = asyncio.get_running_loop().time() + 20
    while not condition():
        assert asyncio.get_running_loop().time() < end, "not within 20 s"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(broker, publisher, protocol):
    async def run():
        async with Reader(broker.port, acknowledges=False, protocol=protocol) as first:
            await until(lambda: first.bridge.state.is_connected)
            await asyncio.to_thread(publisher.say, "dev/a", "one")
            await asyncio.to_thread(publisher.say, "dev/a", "two")
            await until(lambda: len(first.got) == 2)
            first.bridge.done(first.got[0])
            await until(lambda: not first.got[0].connection._client.want_write())
        async with Reader(broker.port, protocol=protocol) as second:
            await until(lambda: second.got)
            await asyncio.to_thread(publisher.say, "dev/a", "three")
            await until(lambda: len(second.got) == 2)
        assert (second.texts, [one.is_again for one in second.got]) == (["two", "three"], [True, False])
        async with Reader(broker.port, protocol=protocol) as third:
            await asyncio.to_thread(publisher.say, "dev/a", "four")
            await until(lambda: third.got)
        assert third.texts == ["four"]

    asyncio.run(run())


def test_broker_that_dies_keeps_what_came_meanwhile_and_the_bridge_comes_back_by_itself(broker):
    async def run():
        async with Reader(broker.port, acknowledges=False) as reader:
            await until(lambda: reader.bridge.state.is_connected)
            sender = await asyncio.to_thread(Publisher, broker.port)
            await asyncio.to_thread(sender.say, "dev/a", "before")
            await until(lambda: reader.got)
            old = reader.got[0]
            sender.close()
            await asyncio.to_thread(broker.end, signal.SIGTERM)
            await until(lambda: not reader.bridge.state.is_connected)
            await asyncio.to_thread(broker.start)
            await until(lambda: len(reader.got) == 2)
            # Its identifier means another message on this connection: an old acknowledgement goes nowhere.
            reader.bridge.done(old)
            assert (reader.texts, reader.got[1].connection is old.connection) == (["before", "before"], False)
            reader.bridge.done(reader.got[1])
        why = [state.why for state in reader.states if not state.is_connected]
        assert (why[0], why[-1], set(why[1:-1]) <= {"unreachable", "refused", "lost"}) == ("lost", "stopped", True)
        async with Reader(broker.port) as after:
            sender = await asyncio.to_thread(Publisher, broker.port)
            await asyncio.to_thread(sender.say, "dev/a", "later")
            await until(lambda: after.got)
            sender.close()
        assert after.texts == ["later"]

    asyncio.run(run())


def test_state_that_the_broker_kept_is_told_apart_from_news(broker, publisher):
    publisher.say("dev/a", "old", retain=True)

    async def run():
        async with Reader(broker.port) as reader:
            await until(lambda: reader.got)
            await asyncio.to_thread(publisher.say, "dev/a", "new")
            await asyncio.to_thread(publisher.say, "dev/a", "best effort", 0)
            await until(lambda: len(reader.got) == 3)
        assert [(one.is_retained, one.qos) for one in reader.got] == [(True, 1), (False, 1), (False, 0)]

    asyncio.run(run())


def test_topics_change_while_it_runs(broker, publisher):
    async def run():
        async with Reader(broker.port, topics=["dev/a"]) as reader:
            await until(lambda: reader.bridge.state.is_connected)
            reader.bridge.subscribe({"dev/b": 1})
            # The broker carries out what one client asks in order: what it keeps for `b` comes after it left `a`.
            await asyncio.to_thread(publisher.say, "dev/b", "kept", 1, True)
            await until(lambda: reader.got)
            await asyncio.to_thread(publisher.say, "dev/a", "unheard")
            await asyncio.to_thread(publisher.say, "dev/b", "heard")
            await until(lambda: "heard" in reader.texts)
        assert set(reader.texts) == {"kept", "heard"}

    asyncio.run(run())


def test_nothing_more_is_read_while_too_much_waits_for_its_commit(broker, publisher, monkeypatch):
    monkeypatch.setattr(module, "HELD_MAX", 5)

    async def run():
        async with Reader(broker.port, acknowledges=False) as reader:
            await until(lambda: reader.bridge.state.is_connected)
            for number in range(20):
                await asyncio.to_thread(publisher.say, "dev/a", str(number), 0)
            await until(lambda: len(reader.got) >= 5)
            await asyncio.sleep(0.2)  # time in which more would come
            assert len(reader.got) == 5
            for _ in range(20):
                await until(lambda: reader.got[len(done) :])
                message = reader.got[len(done)]
                done.append(message)
                reader.bridge.done(message)
            assert reader.texts == [str(number) for number in range(20)]

    done = []
    asyncio.run(run())


def test_more_comes_than_a_packet_may_hold_and_the_rest_goes_on(broker, publisher):
    async def run():
        async with Reader(broker.port) as reader:
            await until(lambda: reader.bridge.state.is_connected)
            await asyncio.to_thread(publisher.say, "dev/a", "x" * (module.PACKET_BYTES_MAX + 1))
            await asyncio.to_thread(publisher.say, "dev/a", "y" * 100_000)
            await asyncio.to_thread(publisher.say, "dev/a", "after")
            await until(lambda: "after" in reader.texts)
        assert [len(text) for text in reader.texts] == [100_000, 5]

    asyncio.run(run())


def test_broker_says_why_it_lets_us_not_in_and_what_we_may_not_read(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    salt = os.urandom(12)
    hashed = hashlib.pbkdf2_hmac("sha512", b"right", salt, 101)
    rules = {
        "clients": [
            {
                "username": "tocsin",
                "password": base64.b64encode(hashed).decode(),
                "salt": base64.b64encode(salt).decode(),
                "iterations": 101,
                "roles": [{"rolename": "reader"}],
            }
        ],
        "roles": [
            {"rolename": "reader", "acls": [{"acltype": "subscribePattern", "topic": "dev/ours/#", "allow": True}]}
        ],
        "defaultACLAccess": {"subscribe": False, "publishClientReceive": True},
    }
    (folder / "rules.json").write_text(json.dumps(rules))
    plugin = next(Path("/usr/lib").glob("*/mosquitto_dynamic_security.so"))
    lines = ("allow_anonymous false", f"plugin {plugin}", f"plugin_opt_config_file {folder}/rules.json")
    with mosquitto(folder, lines) as broker:

        async def run():
            async with Reader(broker.port, username="tocsin", password="wrong") as wrong:
                await until(lambda: wrong.states)
            assert (wrong.states[0].why, wrong.states[0].said) == ("refused", "Not authorized")
            topics = ["dev/ours/#", "dev/theirs/#"]
            async with Reader(broker.port, topics, username="tocsin", password="right") as right:
                await until(lambda: right.bridge.state.refused)
                assert (right.bridge.state.is_connected, right.bridge.state.refused) == (True, ("dev/theirs/#",))

        asyncio.run(run())


def test_a_port_where_nobody_is_says_so_and_is_tried_again(tmp_path):
    async def run():
        async with Reader(1) as reader:
            await until(lambda: reader.states)
        assert (reader.states[0].why, "refused" in reader.states[0].said) == ("unreachable", True)

    asyncio.run(run())


# paho leaves the socket of a failed agreement to the collector, which closes it.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_broker_over_tls_is_known_by_its_certificate(tmp_path):
    ours, another = Authority(tmp_path, "ours"), Authority(tmp_path, "another")
    certificate, key = ours.give("broker", "broker", addresses=["127.0.0.1"])
    lines = ("allow_anonymous true", f"certfile {certificate}", f"keyfile {key}")
    with mosquitto(tmp_path / "tls", lines) as broker:

        async def run():
            async with Reader(broker.port, tls=ssl.create_default_context(cafile=str(another.file))) as wrong:
                await until(lambda: wrong.states)
            assert (wrong.states[0].why, "certificate verify failed" in wrong.states[0].said) == ("unreachable", True)
            async with Reader(broker.port, tls=ssl.create_default_context(cafile=str(ours.file))) as right:
                await until(lambda: right.bridge.state.is_connected)
                publisher = await asyncio.to_thread(Publisher, broker.port, ours.file)
                for number in range(300):  # more than the broker sends unacknowledged, and than one read of TLS holds
                    publisher.client.publish("dev/a", f"{number} {'x' * 500}", 1)
                await until(lambda: len(right.got) == 300)
                publisher.close()
            assert [text.split()[0] for text in right.texts] == [str(number) for number in range(300)]

        asyncio.run(run())
