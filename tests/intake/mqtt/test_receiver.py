"""What becomes of a broker's messages: what is stored, what is acknowledged with it, and what if it cannot be."""

import asyncio
import contextlib
import json

import pytest

from support.centres import held, make_folder
from support.mosquitto import Publisher, mosquitto
from tocsin.centre.categories import shipped_categories
from tocsin.centre.supervision import Watch
from tocsin.intake.mqtt.bridge import Broker
from tocsin.intake.mqtt.receiver import FAILURES_MAX, Brokered
from tocsin.intake.webhook.counts import SourceTally
from tocsin.model.errors import CentreFault, JournalFull
from tocsin.model.mappings import MapLine, Mapping
from tocsin.model.sources import MqttWay, SourceRow
from tocsin.model.values import Actor, Code

pytestmark = pytest.mark.requires("mosquitto")


class AtWork:
    """A broker, a centre in this process, and what lies between: stored when a test says so."""

    def __init__(self, centre, port, way=None, mapping=None):
        self.centre = centre
        self.submitted = []
        self.refuses = 0
        self.told = []
        self.tally = SourceTally(None)
        self.watch = Watch(b"k" * 32, centre.clock, shipped_categories())
        self.watch.use(centre.centre.snapshot())
        (account,) = centre.store.accounts()
        way = way or MqttWay(base=Code("zigbee2mqtt"), convention="zigbee2mqtt")
        row = SourceRow(account_id=account.id, mapping=mapping, mqtt=way, way="mqtt")
        self.source = centre.centre.sources.make(row, Actor("cli"))
        self.brokered = Brokered(
            Broker(host="127.0.0.1", port=port, client_id="tocsin-test"),
            store=centre.store,
            submit=self.submit,
            tally=self.tally,
            watch=self.watch,
            clock=centre.clock,
            notice=self.told.append,
            waits_s=(0.05,),
        )
        self.brokered.use(centre.centre.snapshot())

    def submit(self, arrival, tag):
        """As the writer takes it, or does not."""
        if self.refuses:
            self.refuses -= 1
            raise RuntimeError("it has ended")
        self.submitted.append((arrival, tag))

    def store(self):
        """Make durable what waits, and say so."""
        waiting, self.submitted = self.submitted, []
        for (_, tag), receipt in zip(waiting, self.centre.journal.store([one for one, _ in waiting]), strict=True):
            self.brokered.delivered(tag, receipt)

    def fail(self, fault):
        """Say that what waits could not be stored."""
        waiting, self.submitted = self.submitted, []
        for _, tag in waiting:
            self.brokered.delivered(tag, fault)

    def counts(self):
        """Messages received, signals stored, repeats, and refusals by rule."""
        found = self.tally.of(self.source.id)
        refused = {rule: one.count for rule, one in found.refused.items()}
        return found.received, found.stored, found.repeated, refused

    async def until(self, condition):
        end = asyncio.get_running_loop().time() + 20
        while not condition():
            assert asyncio.get_running_loop().time() < end, "not within 20 s"
            await asyncio.sleep(0.01)


@pytest.fixture
def broker(tmp_path):
    with mosquitto(tmp_path / "broker") as found:
        publisher = Publisher(found.port)
        devices = [{"friendly_name": "hall", "ieee_address": "0x00158d0001a2b3c4", "type": "EndDevice"}]
        publisher.say("zigbee2mqtt/bridge/devices", json.dumps(devices), retain=True)
        found.publisher = publisher
        yield found
        publisher.close()


def run(broker, tmp_path, story, way=None, reads="zigbee2mqtt/hall", mapping=None):
    """Tell a story to a centre that reads the broker."""

    async def tell():
        with held(make_folder(tmp_path / "centre")) as centre:
            centre.add(b"account\n1001\n")
            work = AtWork(centre, broker.port, way, mapping)
            task = asyncio.create_task(work.brokered.bridge.run())
            await work.until(lambda: reads in work.brokered.bridge._topics and work.brokered.state.is_connected)
            try:
                await story(work)
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    asyncio.run(tell())


async def say(broker, **state):
    await asyncio.to_thread(broker.publisher.say, "zigbee2mqtt/hall", json.dumps(state))


def test_what_cannot_be_stored_comes_again_until_it_can(broker, tmp_path):
    async def story(work):
        await say(broker, smoke=True)
        for _ in range(2):
            await work.until(lambda: work.submitted)
            work.fail(JournalFull("full", "store.full"))
        await work.until(lambda: work.submitted)
        work.store()
        await say(broker, smoke=False)
        await work.until(lambda: work.submitted)
        work.store()
        assert work.counts()[1:] == (2, 0, {})
        assert work.told == []

    run(broker, tmp_path, story)


def test_what_the_writer_does_not_take_comes_again(broker, tmp_path):
    async def story(work):
        work.refuses = 2
        await say(broker, smoke=True)
        await work.until(lambda: work.submitted)
        work.store()
        assert (work.refuses, work.counts()[1], work.told) == (0, 1, [])

    run(broker, tmp_path, story)


def test_fire_of_a_review_that_could_not_be_stored_is_stored_when_it_comes_again(broker, tmp_path):
    way = MqttWay(base=Code("frigate"), cameras=(Code("yard"),), convention="frigate")

    async def story(work):
        for kind in ("new", "update"):
            after = {"id": "r-1", "camera": "yard", "data": {"objects": ["fire"]}}
            body = json.dumps({"type": kind, "before": after, "after": after})
            await asyncio.to_thread(broker.publisher.say, "frigate/reviews", body)
        await work.until(lambda: work.submitted and work.submitted[0][1].also)
        work.fail(JournalFull("full", "store.full"))
        await work.until(lambda: work.submitted and work.submitted[0][1].also)
        work.store()
        assert work.counts()[1:] == (1, 0, {})
        assert work.brokered.bridge._held == 0

    run(broker, tmp_path, story, way, "frigate/reviews")


def test_sensor_that_says_again_and_again_that_all_is_well_is_stored_once(broker, tmp_path):
    way = MqttWay(base=Code("7"), convention="chirpstack")
    topic = "application/7/device/a84041000181d6f2/event/up"

    async def story(work):
        for number, is_wet in enumerate((False, False, True, True, False)):
            body = {"deviceInfo": {"devEui": "a84041000181d6f2"}, "deduplicationId": f"d-{number}"}
            text = json.dumps(body | {"object": {"water_leak": is_wet}})
            await asyncio.to_thread(broker.publisher.say, topic, text)
            await work.until(lambda: work.counts()[0] == number + 1)  # noqa: B023 - called in this turn alone
            work.store()
        assert work.counts() == (5, 3, 2, {})

    run(broker, tmp_path, story, way, "application/7/device/+/event/up")


def test_message_that_fails_alone_is_set_aside_and_told_and_holds_back_no_other(broker, tmp_path):
    async def story(work):
        await say(broker, smoke=True)
        for _ in range(FAILURES_MAX):
            await work.until(lambda: work.submitted)
            assert work.told == []
            work.fail(CentreFault("a fault of ours", "journal.arrival"))
        assert (work.told, work.counts()[3]) == (["message_set_aside"], {"fault": 1})
        await say(broker, gas=True)
        await work.until(lambda: work.submitted)
        work.store()
        assert work.counts()[1] == 1

    run(broker, tmp_path, story)


def test_same_state_that_comes_before_the_first_is_durable_is_acknowledged_with_it_and_not_stored(broker, tmp_path):
    async def story(work):
        await say(broker, smoke=True)
        await say(broker, smoke=True)
        await work.until(lambda: work.submitted and work.submitted[0][1].also)
        assert len(work.submitted) == 1
        work.store()
        assert work.counts() == (2, 1, 0, {})
        assert work.brokered.bridge._held == 0
        await say(broker, smoke=True)
        await work.until(lambda: work.counts()[2] == 1)
        assert work.submitted == []

    run(broker, tmp_path, story)


def test_fault_of_the_first_brings_both_again(broker, tmp_path):
    async def story(work):
        await say(broker, smoke=True)
        await say(broker, smoke=True)
        await work.until(lambda: work.submitted and work.submitted[0][1].also)
        work.fail(JournalFull("full", "store.full"))
        await work.until(lambda: work.submitted and work.submitted[0][1].also)
        work.store()
        assert work.counts()[1] == 1

    run(broker, tmp_path, story)


def test_what_the_broker_kept_is_state_and_never_an_alarm(broker, tmp_path):
    broker.publisher.say("zigbee2mqtt/hall", '{"smoke": true}', retain=True)

    async def story(work):
        await work.until(lambda: work.brokered._states)
        assert work.submitted == []
        await say(broker, smoke=True)
        await say(broker, smoke=False)
        await work.until(lambda: work.submitted)
        ((arrival, _),) = work.submitted
        assert [(one.code, one.qualifier) for one in arrival.signals] == [("111", "3")]
        work.store()

    run(broker, tmp_path, story)


def test_paused_reader_takes_nothing_and_goes_on_where_it_was(broker, tmp_path):
    async def story(work):
        work.brokered.bridge.pause()
        await say(broker, smoke=True)
        await asyncio.sleep(0.2)  # time in which it would come
        assert work.submitted == []
        work.brokered.bridge.go_on()
        await work.until(lambda: work.submitted)
        work.store()
        assert work.counts()[1] == 1

    run(broker, tmp_path, story)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"way": "mqtt"}, "source.way"),
        ({"mqtt": MqttWay(base=Code("x"), convention="zigbee2mqtt")}, "source.way"),
        ({"way": "mqtt", "mqtt": MqttWay(base=Code("x"), convention="frigate")}, "source.cameras"),
        (
            {"way": "mqtt", "mqtt": MqttWay(base=Code("x"), cameras=(Code("hall"),), convention="zigbee2mqtt")},
            "source.cameras",
        ),
        ({"way": "mqtt", "mqtt": MqttWay(base=Code("people_count"), convention="zigbee2mqtt")}, "source.scope"),
        (
            {"way": "mqtt", "mqtt": MqttWay(base=Code("x"), cameras=(Code("FaceCam"),), convention="frigate")},
            "source.scope",
        ),
    ],
)
def test_source_that_is_half_set_up_or_names_people_is_refused(tmp_path, row, code):
    with held(make_folder(tmp_path / "centre")) as centre:
        centre.add(b"account\n1001\n")
        (account,) = centre.store.accounts()
        with pytest.raises(Exception) as caught:  # noqa: PT011 - its code is what is looked at
            centre.centre.sources.make(SourceRow(account_id=account.id, **row), Actor("cli"))
        assert caught.value.code == code


def test_two_sources_never_read_the_same_topics(tmp_path):
    with held(make_folder(tmp_path / "centre")) as centre:
        centre.add(b"account\n1001\n1002\n")
        way = MqttWay(base=Code("zigbee2mqtt"), convention="zigbee2mqtt")
        first, second = centre.store.accounts()
        centre.centre.sources.make(SourceRow(account_id=first.id, mqtt=way, way="mqtt"), Actor("cli"))
        with pytest.raises(Exception) as caught:  # noqa: PT011 - its code is what is looked at
            centre.centre.sources.make(SourceRow(account_id=second.id, mqtt=way, way="mqtt"), Actor("cli"))
        assert caught.value.code == "source.topics"


def test_topics_of_ones_own_are_read_by_their_mapping(broker, tmp_path):
    lines = (
        MapLine(at="", expected="ON", word="water"),
        MapLine(at="", expected="OFF", word="water", is_active=False),
    )
    way = MqttWay(base=Code(""), convention="generic", topics=("cellar/+/state",))

    async def story(work):
        for payload in ("ON", "ON", "person", "Wasser!", "OFF"):
            broker.publisher.say("cellar/pump of Anna/state", payload)
        broker.publisher.say("cellar/other", "ON")
        await work.until(lambda: work.tally.of(work.source.id).received == 5)
        await work.until(lambda: len(work.submitted) == 3)
        said = [(one.signals[0].code, one.signals[0].qualifier, one.sealed[0].text) for one, _ in work.submitted]
        work.store()
        assert said == [("154", "1", None), (None, None, "Wasser!"), ("154", "3", None)]
        await work.until(lambda: work.counts()[1:] == (3, 1, {"scope": 1}) or work.counts()[1:] == (3, 0, {"scope": 1}))

    run(broker, tmp_path, story, way, reads="cellar/+/state", mapping=Mapping(lines=lines))


def test_our_own_test_goes_by_the_broker_and_back(broker, tmp_path):
    async def story(work):
        asked = asyncio.create_task(work.brokered.test(work.source, b"12345678"))
        await work.until(lambda: work.submitted)
        ((arrival, _),) = work.submitted
        assert (arrival.signals[0].code, arrival.signals[0].source) == ("605", "mqtt")
        assert not asked.done()
        work.store()
        receipt = await asked
        assert receipt.id == "main-1"
        assert work.counts() == (0, 0, 0, {})
        assert work.brokered.test_topic not in work.brokered.bridge._topics

    run(broker, tmp_path, story)
