"""One broker: a connection that is made again for as long as the centre runs, and messages that wait for their commit.

paho-mqtt speaks the protocol, with manual acknowledgement: a message is acknowledged when whoever took it says that it
is durable. Until then the broker keeps it, and sends it again after whatever ended us in between. The usual wrappers
acknowledge before the program has handled the message.

Each connection is a client of its own. An acknowledgement goes to the connection that its message came on, or nowhere:
a packet identifier means another message on the next one.

Sources: MQTT 5.0 (OASIS, 2019) sections 3.1.2.11.2 (session expiry), 3.1.2.11.3 (receive maximum), 4.4 (delivery
again); MQTT 3.1.1 (2014) section 4.4.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
import structlog

from tocsin.model.values import Secret
from tocsin.system import sleep

if TYPE_CHECKING:
    from paho.mqtt.client import Client

RECEIVE_MAX: Final = 200
"""So many messages the broker may have under way: they wait in its memory rather than in ours."""

PACKET_BYTES_MAX: Final = (1 << 20) + 65_536
"""A broker keeps larger ones back. Above what a message may hold, so that one that is too large is refused and counted
here; the list of a Zigbee bridge is the largest. Far below what could exhaust memory."""

SESSION_S: Final = 7 * 86_400
"""So long the broker keeps what comes while we are away."""

KEEPALIVE_S: Final = 30
CONNECT_S: Final = 10.0
"""For a name to be resolved, a connection made and TLS agreed on."""

ANSWER_S: Final = 15.0
"""For the broker's word on a connection."""

WAIT_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Before the next try; the last one from then on."""

HELD_MAX: Final = 1_000
"""Messages that are not durable yet. Beyond it nothing more is read."""

TOPICS_AT_ONCE: Final = 100
"""Topics of one question: well under what a packet may hold."""

_MISC_S: Final = 1.0
_FAILED: Final = 0x80
"""Answers of a broker from here on are refusals (MQTT 5.0 section 2.4)."""

_LOG = structlog.get_logger("mqtt")

Protocol = Literal["5", "3.1.1"]
Why = Literal["refused", "unreachable", "lost", "silent", "stopped"]


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where a broker is, and who we are to it."""

    host: str
    port: int = 1883
    client_id: str
    """The same for ever: the broker keeps a session under it."""
    protocol: Protocol = "5"
    username: str | None = None
    password: Secret | None = None
    tls: ssl.SSLContext | None = None


def make_client(broker: Broker, client_id: str, *, is_kept: bool) -> "Client":
    """A client for one connection, not connected yet; `is_kept`: the broker keeps its session, and we acknowledge."""
    from paho.mqtt.client import Client, MQTTv5, MQTTv311
    from paho.mqtt.enums import CallbackAPIVersion

    is_five = broker.protocol == "5"
    made = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        clean_session=None if is_five else not is_kept,
        protocol=MQTTv5 if is_five else MQTTv311,
        manual_ack=is_kept,
        reconnect_on_failure=False,
    )
    made.connect_timeout = CONNECT_S
    if broker.username is not None:
        made.username_pw_set(broker.username, broker.password)
    if broker.tls is not None:
        made.tls_set_context(broker.tls)
    return made


class Message(msgspec.Struct, frozen=True, gc=False):
    """What a broker has delivered. `Bridge.done` when it is durable, or refused."""

    topic: str
    payload: bytes
    qos: int
    """The lower of publisher's and subscriber's. 0: the sender was promised nothing."""
    is_retained: bool
    """State that the broker kept; not news."""
    is_again: bool
    """The broker has sent it before, and does not know whether it came."""
    connection: "Connection"
    mid: int


class State(msgspec.Struct, frozen=True):
    """How it stands with a broker."""

    is_connected: bool
    why: Why | None = None
    """Why there is no connection, None where there is one or none was tried yet."""
    said: str | None = None
    """What the broker or the system said, in its words, 120 characters at most."""
    refused: tuple[str, ...] = ()
    """Topics that the broker does not let us read."""
    best_effort: tuple[str, ...] = ()
    """Topics for which it grants no acknowledged delivery."""


class Bridge:
    """Keeps a connection to one broker, and hands out what it delivers. Use it in one event loop."""

    def __init__(
        self,
        broker: Broker,
        take: Callable[[Message], None],
        told: Callable[[State], None] = lambda _state: None,
        waits_s: Sequence[float] = WAIT_S,
    ) -> None:
        """`take` gets each message, at once, and sees to it that `done` is called; `told` hears of every change."""
        self._broker = broker
        self._take = take
        self._told = told
        self._waits_s = waits_s
        self._topics: dict[str, int] = {}
        self._connection: Connection | None = None
        self._held = 0
        self._may_read = asyncio.Event()
        self._may_read.set()
        self.state = State(is_connected=False)

    def subscribe(self, topics: Mapping[str, Literal[0, 1]]) -> None:
        """Read these topics with this QoS, and no others from now on; where there is a connection, on it.

        0 is for what the broker keeps (`retain`) and sends anew to each connection: it does not wait behind 200
        messages that are not acknowledged yet.
        """
        wanted: dict[str, int] = dict(topics)
        old, self._topics = self._topics, wanted
        if self._connection is not None:
            self._connection.read({topic: qos for topic, qos in wanted.items() if topic not in old})
            self._connection.leave([topic for topic in old if topic not in wanted])

    async def run(self) -> None:
        """Connect, serve, and connect again, until cancelled. The broker keeps our session meanwhile."""
        failures = 0
        while True:
            await self._may_read.wait()
            connection = Connection(self._broker, self._topics, self._arrived, self._changed)
            ended = State(is_connected=False, why="stopped")
            try:
                ended = await self._serve(connection)
            finally:
                self._connection = None
                self._held = 0  # what was not acknowledged on it comes again
                connection.close()
                self._change(ended)
            failures = 0 if connection.was_up else failures + 1
            wait_s = self._waits_s[min(failures, len(self._waits_s) - 1)]
            await sleep(wait_s)

    def done(self, message: Message) -> None:
        """It is durable, or refused for good: acknowledge it, if its connection is still there."""
        if message.connection is not self._connection:
            return
        self._held -= 1
        message.connection.acknowledge(message)
        if self._held < HELD_MAX and self._may_read.is_set():
            message.connection.go_on()

    def say(self, topic: str, payload: bytes) -> bool:
        """Publish with QoS 1; False where there is no connection. Whether it may, only its coming back tells."""
        return self._connection is not None and self._connection.say(topic, payload)

    def pause(self) -> None:
        """Read nothing more; what was read is still acknowledged."""
        self._may_read.clear()
        if self._connection is not None:
            self._connection.pause()

    def go_on(self) -> None:
        """Read again."""
        self._may_read.set()
        if self._connection is not None and self._held < HELD_MAX:
            self._connection.go_on()

    def drop(self, said: str) -> None:
        """End the connection, so that the broker sends what is not acknowledged once more, on the next one."""
        if self._connection is not None:
            self._connection.end("stopped", said)

    async def _serve(self, connection: "Connection") -> State:
        try:
            await connection.open()
        except (OSError, ValueError) as error:  # paho raises ValueError for a host that cannot be one
            return State(is_connected=False, why="unreachable", said=str(error)[:120])
        self._connection = connection
        return await connection.wait()

    def _arrived(self, message: Message) -> None:
        self._held += 1
        if self._held >= HELD_MAX:
            message.connection.pause()
        self._take(message)

    def _changed(self, connection: "Connection", state: State) -> None:
        if connection is self._connection:
            self._change(state)

    def _change(self, state: State) -> None:
        if state != self.state:
            self.state = state
            _LOG.info("mqtt.state", connected=state.is_connected, why=state.why)
            self._told(state)


class Connection:
    """A client of paho, from its first byte to its last."""

    def __init__(
        self,
        broker: Broker,
        topics: Mapping[str, int],
        arrived: Callable[[Message], None],
        changed: "Callable[[Connection, State], None]",
    ) -> None:
        # Late: a centre without a broker has no use for it.
        self._broker = broker
        self._topics = dict(topics)
        self._arrived = arrived
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[State] = self._loop.create_future()
        self._fd: int | None = None
        self._is_paused = False
        self._misc: asyncio.TimerHandle | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._state = State(is_connected=True)
        self._asked: dict[int, list[tuple[str, int]]] = {}
        self.was_up = False
        self.is_session_lost = True
        """The broker has kept nothing for us: what was said while we were away is not here."""
        client = self._client = make_client(broker, broker.client_id, is_kept=True)
        client.on_socket_close = self._on_closing
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message

    async def open(self) -> None:
        """Connect and ask to be let in; the answer comes to `wait`.

        Raises:
            OSError: there is no way to the broker, or TLS with it failed.
        """
        await self._loop.run_in_executor(None, self._connect)
        self._client.on_socket_register_write = self._want_write
        self._client.on_socket_unregister_write = self._no_write
        found = self._client.socket()
        if found is None:
            raise ConnectionError("the broker closed the connection")
        self._fd = found.fileno()
        self._loop.add_reader(self._fd, self._readable)
        if self._client.want_write():
            self._loop.add_writer(self._fd, self._writable)
        self._misc = self._loop.call_later(_MISC_S, self._look)
        self._deadline = self._loop.call_later(ANSWER_S, self.end, "silent", "no answer")

    async def wait(self) -> State:
        """Until it has ended; return why."""
        return await self._ended

    def read(self, topics: Mapping[str, int]) -> None:
        """Subscribe to these too."""
        self._topics.update(topics)
        if self.was_up:
            self._subscribe(topics)

    def leave(self, topics: Sequence[str]) -> None:
        """Read these no more."""
        self._topics = {topic: qos for topic, qos in self._topics.items() if topic not in topics}
        if self.was_up and topics:
            self._client.unsubscribe(list(topics))
            state = self._state
            self._say(
                msgspec.structs.replace(
                    state,
                    refused=tuple(one for one in state.refused if one not in topics),
                    best_effort=tuple(one for one in state.best_effort if one not in topics),
                )
            )

    def say(self, topic: str, payload: bytes) -> bool:
        """Publish something of ours."""
        if self._fd is None or not self.was_up:
            return False
        self._client.publish(topic, payload, qos=1)
        return True

    def acknowledge(self, message: Message) -> None:
        """Tell the broker that it is ours now."""
        if message.qos and self._fd is not None:
            self._client.ack(message.mid, message.qos)

    def pause(self) -> None:
        """Read nothing more."""
        if self._fd is not None and not self._is_paused:
            self._is_paused = True
            self._loop.remove_reader(self._fd)

    def go_on(self) -> None:
        """Read again."""
        if self._fd is not None and self._is_paused:
            self._is_paused = False
            self._loop.add_reader(self._fd, self._readable)
            self._loop.call_soon(self._readable)  # TLS may hold what the socket has no more

    def close(self) -> None:
        """Leave, without a word where there is nobody to hear it; the broker keeps the session."""
        for timer in (self._misc, self._deadline):
            if timer is not None:
                timer.cancel()
        if self._fd is not None:
            with contextlib.suppress(OSError, ValueError):
                self._client.disconnect()
        self._let_go()
        with contextlib.suppress(OSError, ValueError):
            self._client.loop_write()  # the farewell, as far as it goes at once
        if (found := self._client.socket()) is not None:
            found.close()

    # paho's side -----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        options: dict[str, Any] = {}
        if self._broker.protocol == "5":
            from paho.mqtt.packettypes import PacketTypes
            from paho.mqtt.properties import Properties

            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = SESSION_S
            properties.ReceiveMaximum = RECEIVE_MAX
            properties.MaximumPacketSize = PACKET_BYTES_MAX
            options = {"clean_start": False, "properties": properties}
        self._client.connect(self._broker.host, self._broker.port, KEEPALIVE_S, **options)

    def _on_connect(self, _client: Any, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        self.is_session_lost = not flags.session_present
        if reason.value >= _FAILED or reason.is_failure:
            self.end("refused", str(reason))
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self.was_up = True
        self._say(self._state)
        self._subscribe(self._topics)

    def _subscribe(self, topics: Mapping[str, int]) -> None:
        every = list(topics.items())
        for begin in range(0, len(every), TOPICS_AT_ONCE):
            part = every[begin : begin + TOPICS_AT_ONCE]
            _, mid = self._client.subscribe(part)
            if mid is not None:
                self._asked[mid] = part

    def _on_subscribe(self, _client: Any, _data: Any, mid: int, reasons: Sequence[Any], _properties: Any) -> None:
        state = self._state
        asked = self._asked.pop(mid, [])
        answers = list(zip(asked, reasons, strict=False))
        refused = [topic for (topic, _), reason in answers if reason.value >= _FAILED]
        weak = [topic for (topic, qos), reason in answers if reason.value < min(qos, 1)]
        if refused or weak:
            self._say(
                msgspec.structs.replace(
                    state,
                    refused=tuple(dict.fromkeys((*state.refused, *refused))),
                    best_effort=tuple(dict.fromkeys((*state.best_effort, *weak))),
                )
            )

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""  # no topic that anybody reads: whoever takes it refuses it
        self._arrived(
            Message(topic, bytes(message.payload), message.qos, message.retain, message.dup, self, message.mid)
        )

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.end("lost" if self.was_up else "refused", str(reason))

    # The loop's side -------------------------------------------------------------------------------------------------

    def _readable(self) -> None:
        if self._is_paused or self._fd is None:
            return
        self._client.loop_read()
        found = self._client.socket()
        if found is None:
            self.end("lost", "the connection ended")
        elif not self._is_paused and isinstance(found, ssl.SSLSocket) and found.pending():
            self._loop.call_soon(self._readable)

    def _writable(self) -> None:
        self._client.loop_write()
        if self._client.socket() is None:
            self.end("lost", "the connection ended")

    def _want_write(self, _client: Any, _data: Any, _socket: Any) -> None:
        if self._fd is not None:
            self._loop.add_writer(self._fd, self._writable)

    def _no_write(self, _client: Any, _data: Any, _socket: Any) -> None:
        if self._fd is not None:
            self._loop.remove_writer(self._fd)

    def _on_closing(self, _client: Any, _data: Any, _socket: Any) -> None:
        self._let_go()  # before its number is another file's

    def _look(self) -> None:
        self._client.loop_misc()
        if self._client.socket() is None:
            self.end("silent", "no answer to a ping")
            return
        self._misc = self._loop.call_later(_MISC_S, self._look)

    def _say(self, state: State) -> None:
        self._state = state
        self._changed(self, state)

    def end(self, why: Why, said: str) -> None:
        """It is over."""
        self._let_go()
        if not self._ended.done():
            self._ended.set_result(State(is_connected=False, why=why, said=said[:120]))

    def _let_go(self) -> None:
        fd, self._fd = self._fd, None
        if fd is not None:
            self._loop.remove_reader(fd)
            self._loop.remove_writer(fd)
