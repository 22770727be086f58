"""What becomes of a broker's messages: its source, what they say, the commit, and only then the acknowledgement.

Works in the event loop. The only way to an acknowledgement of what is news is `delivered`, which the writer's receipts
come to. What cannot be stored is not acknowledged: the connection ends, and the broker sends it again on the next one.
"""

import asyncio
import copy
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import msgspec
import structlog

from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.intake.mqtt.bridge import Bridge, Broker, Connection, Message, State
from tocsin.intake.webhook.counts import SourceTally
from tocsin.model.accounts import Account
from tocsin.model.errors import CentreFault
from tocsin.model.machines import MACHINE_WORDS, TRIAL_CID, TRIAL_TEXT
from tocsin.model.ports import Clock, Store
from tocsin.model.signals import Arrival, Differs, Given, Identity, Receipt, SealedPart, Signal
from tocsin.model.sources import SourceRow, StoredSource
from tocsin.model.values import AccountNumber, Code, Ref
from tocsin.protocols.mqtt_chirpstack import ChirpStack
from tocsin.protocols.mqtt_devices import Convention, Said, Taken, refused
from tocsin.protocols.mqtt_frigate import Frigate
from tocsin.protocols.mqtt_generic import Generic, is_of
from tocsin.protocols.mqtt_home_assistant import HomeAssistant
from tocsin.protocols.mqtt_zigbee2mqtt import Zigbee2Mqtt
from tocsin.system import timeout

AGAIN_US: Final = 60_000_000
"""So long after a message without an id the broker's word that it repeats one is believed."""

STATES_MAX: Final = 20_000
"""Devices and words whose last state is kept; the oldest goes, and what it says next is stored once more."""

EARLY_S: Final = 30.0
"""So long a message waits for whatever tells of its device: the broker sends that as soon as it is asked for."""

TEST_S: Final = 10.0
"""For our own test to come back and be stored."""

FAILURES_MAX: Final = 3
"""So often a message may fail that no other fails with: a fault of ours, which must not hold back the others."""

_LOG = structlog.get_logger("intake.mqtt")
_State = tuple[Ref, Code | None, str]


def convention_of(row: SourceRow) -> Convention:
    """What reads the messages of a source at the broker."""
    way = row.mqtt
    assert way is not None, "a source at the broker has topics"
    match way.convention:
        case "generic":
            return Generic(way.topics, row.mapping)
        case "home_assistant":
            return HomeAssistant(way.base)
        case "zigbee2mqtt":
            return Zigbee2Mqtt(way.base)
        case "chirpstack":
            return ChirpStack(way.base)
        case "frigate":
            return Frigate(way.base, way.cameras)


def explained(convention: Convention, topic: str, payload: bytes) -> Taken:
    """What it would take of a message, and stay as it is."""
    levels = tuple(topic.split("/"))
    asked = [tuple(one.split("/")) for one in (*convention.told_by(), *convention.topics())]
    if not any(is_of(pattern, levels) for pattern in asked):
        return refused("topic")
    return copy.deepcopy(convention).take(topic, payload)


class FromBroker:
    """A message between "queued" and "stored"."""

    __slots__ = ("also", "message", "signals", "source", "states", "trial")

    def __init__(self, source: Ref, message: Message) -> None:
        """Hold what is acknowledged."""
        self.source = source
        self.message = message
        self.signals = 0
        self.trial: asyncio.Future[Receipt] | None = None
        """Who waits for a test of ours."""
        self.states: set[_State] = set()
        """What it tells of."""
        self.also: list[Message] = []
        """Messages that say the same, and came before it was stored: acknowledged with it."""


class _Known(NamedTuple):
    """The last state that was heard."""

    is_active: bool
    pending: FromBroker | None
    """The message that says so and waits for its commit; None: that is durable."""
    connection: Connection
    """On which it was heard."""


class _Reader:
    """A source, and what reads its messages."""

    __slots__ = ("account", "convention", "has_best_effort", "patterns", "source", "told_by", "topics")

    def __init__(self, source: StoredSource, account: Account) -> None:
        self.source = source
        self.account = account
        self.convention = convention_of(source.row)
        self.has_best_effort = False
        self.told_by = frozenset(self.convention.told_by())
        self.topics: set[str] = set()
        self.patterns: list[tuple[str, ...]] = []
        self.look()

    def look(self) -> None:
        """Take up the topics that it reads now."""
        topics = [*self.convention.told_by(), *self.convention.topics()]
        self.topics = {topic for topic in topics if "+" not in topic}
        self.patterns = [tuple(topic.split("/")) for topic in topics if "+" in topic]

    def reads(self, topic: str, levels: tuple[str, ...]) -> bool:
        return topic in self.topics or any(is_of(pattern, levels) for pattern in self.patterns)


class Brokered:
    """Takes the messages of one broker for one centre."""

    def __init__(
        self,
        broker: Broker,
        *,
        store: Store,
        submit: Callable[[Arrival, FromBroker], None],
        tally: SourceTally,
        watch: Watch,
        clock: Clock,
        notice: Callable[[str], None],
        waits_s: Sequence[float] | None = None,
    ) -> None:
        """Read this broker; `submit` gives an arrival to the writer, `notice` tells what a person must know."""
        self._store = store
        self._submit = submit
        self._watch = watch
        self._clock = clock
        self._tally = tally
        self._snapshot: AccountSnapshot | None = None
        self._readers: dict[Ref, _Reader] = {}
        self._sources: list[StoredSource] = []
        self._states: dict[_State, _Known] = {}
        self._failed: dict[int, int] = {}
        self._early: list[tuple[float, Message]] = []
        """Messages of topics that nobody reads yet, and since when."""
        self._notice = notice
        self._lost_s: float | None = clock.monotonic_s()
        self._trials: dict[bytes, tuple[Ref, asyncio.Future[Receipt]]] = {}
        """Tests on their way, by what they say."""
        more = {} if waits_s is None else {"waits_s": waits_s}
        self.bridge = Bridge(broker, self._arrived, self._changed, **more)
        self.is_encrypted = broker.tls is not None
        self.test_topic = f"tocsin/{broker.client_id}/test"
        """Where our own tests go out and come back; read while there is one."""

    # What others ask -------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """How it stands with the broker."""
        return self.bridge.state

    @property
    def lost_s(self) -> float:
        """For how long there has been no connection, in seconds; 0 where there is one."""
        return 0.0 if self._lost_s is None else self._clock.monotonic_s() - self._lost_s

    def names(self, source: Ref) -> dict[Code, str]:
        """What a source's sender calls its devices: for who sets them up, and kept nowhere."""
        found = self._readers.get(source)
        return {} if found is None else found.convention.names()

    def is_best_effort(self, source: Ref) -> bool:
        """Something of it came that the broker had promised nobody."""
        found = self._readers.get(source)
        return found is not None and found.has_best_effort

    def explain(self, source: StoredSource, topic: str, payload: bytes) -> Taken:
        """What would be taken of a message, by what is known of the source's devices now. Changes nothing."""
        found = self._readers.get(source.id)
        return explained(convention_of(source.row) if found is None else found.convention, topic, payload)

    async def test(self, source: StoredSource, random: bytes) -> Receipt:
        """Say a test of a source to the broker, on a topic of ours, and store it when it comes back.

        Raises:
            CentreFault: it did not come back, or was not stored; with what may be wrong.
        """
        if source.id not in self._readers or not self.state.is_connected:
            raise _trial_fault("the broker is not connected, or the account of the source is gone")
        payload = random.hex().encode()
        told: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._trials[payload] = (source.id, told)
        self._subscribe()
        try:
            async with timeout(TEST_S):
                if not self.bridge.say(self.test_topic, payload):
                    raise _trial_fault("the broker is not connected")
                return await told
        except TimeoutError as error:
            raise _trial_fault(
                f"the broker did not bring it back within {TEST_S:g} s. Let us write and read the topic "
                f"{self.test_topic}; whether the source's own topics may be read, its page says"
            ) from error
        finally:
            del self._trials[payload]
            self._subscribe()

    def unread(self, source: Ref) -> list[str]:
        """Topics of a source that the broker does not let us read."""
        found = self._readers.get(source)
        refused = self.bridge.state.refused
        return [] if found is None else [topic for topic in found.convention.topics() if topic in refused]

    def use(self, snapshot: AccountSnapshot) -> None:
        """Judge by this picture of the accounts from now on."""
        self._snapshot = snapshot
        self._sources = []
        self.look()

    def look(self) -> None:
        """Take up the sources as they are set up now. Once a second, and after a change of accounts."""
        self._take_early()
        sources = [one for one in self._store.sources() if one.row.mqtt is not None]
        if sources == self._sources:
            return
        self._sources = sources
        accounts = {one.id: one for one in self._store.accounts([one.row.account_id for one in sources])}
        readers: dict[Ref, _Reader] = {}
        for one in sources:
            account = accounts.get(one.row.account_id)
            if account is None:
                continue
            old = self._readers.get(one.id)
            if old is not None and old.source.row == one.row:
                old.source, old.account = one, account
                readers[one.id] = old  # it knows its devices
            else:
                readers[one.id] = _Reader(one, account)
        self._readers = readers
        self._states = {key: value for key, value in self._states.items() if key[0] in readers}
        self._subscribe()

    # Messages --------------------------------------------------------------------------------------------------------

    def _arrived(self, message: Message) -> None:
        try:
            self._take(message)
        except Exception:  # noqa: BLE001 - logged and told; one message must not hold back all that come after it
            _LOG.exception("mqtt.message_failed")
            self._notice("message_set_aside")
            self.bridge.done(message)

    def _take(self, message: Message) -> None:
        if message.topic == self.test_topic:
            self._take_test(message)
            return
        levels = tuple(message.topic.split("/"))
        found = next((one for one in self._readers.values() if one.reads(message.topic, levels)), None)
        if found is None:
            # The broker kept it for us, and what tells of its device comes behind it: it is not lost by our haste.
            self._early.append((self._clock.monotonic_s(), message))
            return
        now = self._clock.now_us()
        source = found.source.id
        taken = found.convention.take(message.topic, message.payload)
        for rule in taken.refused:
            self._tally.refused(source, rule, now)
        if taken.has_new_topics:
            found.look()
            self._subscribe()
            self._take_early()
        if not message.is_retained:
            self._tally.received(source)
            self._heard(found.account)
            found.has_best_effort = found.has_best_effort or not (message.qos or message.topic in found.told_by)
        tag = FromBroker(source, message)
        new = [one for one in taken.said if self._is_news(source, one, message, tag)]
        if not new:
            waits = next((pending for one in taken.said if (pending := self._pending(source, one)) is not None), None)
            if waits is not None:
                waits.also.append(message)  # if that is not stored, both come again
                return
            if taken.said and not message.is_retained:
                self._tally.stored(source, 0, len(taken.said), now)
            self.bridge.done(message)
            return
        arrival = Arrival(
            signals=tuple(self._signal(found, one) for one in new),
            sealed=tuple(_sealed(one, index) for index, one in enumerate(new)),
            seal_class="intake",
            identity=None if any(one.id for one in new) else self._identity(source, message, new),
            received_at=now,
            config=0 if self._snapshot is None else self._snapshot.config,
            given=tuple(_given(source, one) for one in new) if any(one.id for one in new) else None,
        )
        tag.signals = len(new)
        try:
            self._submit(arrival, tag)
        except Exception:  # noqa: BLE001 - whatever it was, nothing of the message is stored: it must come again
            _LOG.exception("mqtt.not_submitted")
            self._forget(tag)
            self.bridge.drop("storage")

    def _take_test(self, message: Message) -> None:
        source, told = self._trials.get(message.payload, (None, None))
        found = None if source is None else self._readers.get(source)
        if found is None or told is None or told.done() or message.is_retained:
            self.bridge.done(message)  # of a test that nobody waits for any more
            return
        tag = FromBroker(found.source.id, message)
        tag.trial = told
        said = Said(word="", device=None, is_active=True, text=TRIAL_TEXT)
        signal = msgspec.structs.replace(
            self._signal(found, said), format=Code("CID"), code=TRIAL_CID, qualifier=Code("1")
        )
        arrival = Arrival(
            signals=(signal,),
            sealed=(SealedPart(text=TRIAL_TEXT),),
            seal_class="intake",
            identity=None,
            received_at=self._clock.now_us(),
            config=0 if self._snapshot is None else self._snapshot.config,
        )
        try:
            self._submit(arrival, tag)
        except Exception:  # noqa: BLE001 - nothing of it is stored: who waits is told so when the time is over
            _LOG.exception("mqtt.not_submitted")
            self.bridge.done(message)

    def _take_early(self) -> None:
        """Look again at what nobody read; what nobody reads for EARLY_S is of what was taken away."""
        early, self._early = self._early, []
        now_s = self._clock.monotonic_s()
        for since_s, message in early:
            levels = tuple(message.topic.split("/"))
            if any(one.reads(message.topic, levels) for one in self._readers.values()):
                self._arrived(message)
            elif now_s - since_s > EARLY_S:
                self.bridge.done(message)
            else:
                self._early.append((since_s, message))

    def delivered(self, tag: FromBroker, told: Receipt | Differs | CentreFault) -> None:
        """What became of a message, from the writer."""
        if tag.trial is not None:
            if not tag.trial.done() and isinstance(told, Receipt):
                tag.trial.set_result(told)
            self.bridge.done(tag.message)
            return
        if isinstance(told, CentreFault):
            self._forget(tag)
            if told.code == "journal.arrival" and self._is_hopeless(tag):
                self._tally.refused(tag.source, Code("fault"), self._clock.now_us())
                self._notice("message_set_aside")
                for message in (tag.message, *tag.also):
                    self.bridge.done(message)
            else:
                self.bridge.drop("storage")
            return
        for key in tag.states:
            known = self._states.get(key)
            if known is not None and known.pending is tag:
                self._states[key] = known._replace(pending=None)
        now = self._clock.now_us()
        if isinstance(told, Differs):
            # The sender gave one id to two things: the first is stored, and to send this again would change nothing.
            self._tally.refused(tag.source, Code("conflict"), now)
        else:
            each = told.each or (told,)
            repeated = sum(1 for one in each if one.duplicate_of is not None)
            repeats = tag.signals if repeated == len(each) else repeated
            self._tally.stored(tag.source, tag.signals - repeats, repeats, now)
            _LOG.info("signal.stored", source="mqtt", by=tag.source, id=told.id, signals=tag.signals)
        for message in (tag.message, *tag.also):
            self.bridge.done(message)

    def _forget(self, tag: FromBroker) -> None:
        """What it told of is not stored: it is news when it comes again."""
        for key in tag.states:
            self._states.pop(key, None)

    def _pending(self, source: Ref, said: Said) -> FromBroker | None:
        found = self._states.get((source, said.device, said.word))
        return None if found is None or said.is_momentary else found.pending

    def _is_hopeless(self, tag: FromBroker) -> bool:
        """Has it failed alone so often that it would hold back all that comes after it for ever?"""
        name = hash((tag.source, tag.message.topic, tag.message.payload))
        self._failed = {name: self._failed.get(name, 0) + 1}  # the broker sends in order: it is the first again
        return self._failed[name] >= FAILURES_MAX

    def _is_news(self, source: Ref, said: Said, message: Message, tag: FromBroker) -> bool:
        """Is it to be stored? A state is where it differs from the last one that was heard.

        What the broker kept (`retain`) is state and no news: it may be older than what was said live. Only where the
        broker has lost our session does it tell of a change that nobody else will tell us of.
        """
        if said.is_momentary:
            return not message.is_retained
        key = (source, said.device, said.word)
        was = self._states.get(key)
        if was is not None and was.is_active is said.is_active:
            return False
        connection = message.connection
        if message.is_retained and was is not None and (was.connection is connection or not connection.is_session_lost):
            return False
        if was is None and len(self._states) >= STATES_MAX:
            del self._states[next(iter(self._states))]
        is_news = was is not None or not message.is_retained
        self._states[key] = _Known(said.is_active, tag if is_news else None, connection)
        if is_news:
            tag.states.add(key)
        return is_news

    def _identity(self, source: Ref, message: Message, said: Sequence[Said]) -> Identity:
        content = [(one.word, one.device, one.is_active) for one in said]
        return Identity(
            material=f"mqtt\n{source}\n{message.topic}\n{content!r}".encode(),
            window_us=AGAIN_US,
            is_fresh=not message.is_again,
        )

    def _signal(self, reader: _Reader, said: Said) -> Signal:
        number = AccountNumber(reader.account.row.account)
        return Signal(
            source="mqtt",
            account=number,
            transmitter=number,
            account_ref=reader.account.id,
            data_account=None,
            disputed=False,
            receiver=None,
            line=None,
            sequence=Code("0"),
            token=Code("MQTT"),
            format=Code("CID") if said.word else None,
            block=None,
            code=MACHINE_WORDS[said.word].cid if said.word else None,
            qualifier=Code("1" if said.is_active else "3") if said.word else None,
            address=said.device,
            address_withheld=False,
            partition=None,
            peripheral=None,
            values=said.values,
            category=None,
            path=Code(reader.source.id),
            trigger=None,
            device_time=said.device_time,
            event_time=None,
            encrypted=self.is_encrypted,
            transport="mqtt",
        )

    def _heard(self, account: Account) -> None:
        """The source is heard: supervision of its account counts from here."""
        if self._snapshot is None:
            return
        for policy in self._snapshot.numbered(account.row.account.upper()):
            if policy.id == account.id:
                self._watch.note(policy.slot, None, None, "mqtt", "", is_poll=False)

    def _subscribe(self) -> None:
        topics: dict[str, Literal[0, 1]] = {}
        for one in self._readers.values():
            topics.update(dict.fromkeys(one.convention.told_by(), 0))
            topics.update(dict.fromkeys(one.convention.topics(), 1))
        if self._trials:
            topics[self.test_topic] = 1
        self.bridge.subscribe(topics)

    def _changed(self, state: State) -> None:
        if state.is_connected:
            self._lost_s = None
        else:
            self._early = []  # they come again
        if not state.is_connected and self._lost_s is None:
            self._lost_s = self._clock.monotonic_s()


def _trial_fault(words: str) -> CentreFault:
    fault = CentreFault(f"The test was not stored: {words}", "source.test")
    fault.permanent = False
    return fault


def _sealed(said: Said, index: int) -> SealedPart | None:
    return SealedPart(text=said.text) if said.text is not None else SealedPart() if index == 0 else None


def _given(source: Ref, said: Said) -> Given | None:
    if said.id is None:
        return None
    content = (said.word, said.device, said.is_active, said.device_time)
    return Given(f"{source}\nmqtt\n{said.id}\n{said.word}".encode(), repr(content).encode())
