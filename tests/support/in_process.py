"""A whole centre served by a thread of this process: real sockets, no process to wait for.

with serving(settings) as centre:
    assert centre.send(frame) == ...
"""

import asyncio
import contextlib
import http.client
import json
import socket
import ssl
import threading
from typing import Any, NamedTuple

import uvloop

from support import known_handlers
from support.centres import wait_for
from tocsin.app import Service
from tocsin.centre.control import RemoteCentre
from tocsin.centre.folder import CONTROL
from tocsin.protocols.dc09.answers import read_answer
from tocsin.protocols.dc09.encode import encode_frame, format_stamp
from tocsin.protocols.dc09.framing import RawFrame, StreamDecoder, read_datagram
from tocsin.system import SystemClock

ANSWER_S = 10.0
SILENCE_S = 0.15
known_handlers.remember()


class HttpAnswer(NamedTuple):
    """What HTTP answered."""

    status: int
    type: str
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class InProcess:
    """A `Service` in an event loop of its own."""

    def __init__(self, settings, environ=None, **options):
        self.settings = settings
        self.service = None
        self.status = None
        self._options = options
        self._environ = environ or {}
        self._started = threading.Event()
        self._fault = None
        self._thread = threading.Thread(target=self._run, name="in-process centre", daemon=True)

    def start(self):
        """Return when it is ready, or raise what kept it from that."""
        self._thread.start()
        assert self._started.wait(20)
        if self._fault is not None:
            self._thread.join(20)
            raise self._fault
        return self

    def stop(self):
        """End it in good order; return the exit status."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self.service.stop)
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.status

    @property
    def remote(self):
        return RemoteCentre(self.settings.folder / CONTROL)

    def get(self, path, method="GET"):
        connection = http.client.HTTPConnection(*self.service.web_address, timeout=ANSWER_S)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return HttpAnswer(answer.status, answer.getheader("content-type"), answer.read().decode())
        finally:
            connection.close()

    def metrics(self):
        """All figures by name with labels."""
        lines = [line for line in self.get("/metrics").text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def send(self, *frames, way="tcp", context=None, key=None, listener=0, answers=None, address=None):
        """Send frames on one connection; return the kinds of the answers, waiting for one each or `answers`."""
        expected = len(frames) if answers is None else answers
        with self._connected(way, context, listener, address) as connection:
            for frame in frames:
                connection.sendall(frame)
            return receive(connection, expected, key, way)

    def _connected(self, way, context, listener, address):
        if way == "tls":
            plain = socket.create_connection(self.service.tls_addresses[listener], ANSWER_S)
            return context.wrap_socket(plain)
        if way == "tcp":
            return socket.create_connection(address or self.service.dc09_addresses[listener], ANSWER_S)
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.settimeout(ANSWER_S)
        made.connect(self.service.dc09_addresses[listener])
        return made

    def _run(self):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        try:
            self.service = Service(self.settings, self._environ, **self._options)
            await self.service.start()
        except BaseException as fault:  # noqa: BLE001 - handed to the thread that waits
            self._fault = fault
            return
        finally:
            self._started.set()
        self.status = await self.service.wait()


def receive(connection, expected, key, way="tcp"):
    """Kinds of the answers that come: `expected` of them, and none more within a moment where none is due."""
    decoder = StreamDecoder()
    kinds = []
    if not expected:
        connection.settimeout(SILENCE_S)
    while len(kinds) < max(expected, 1):
        try:
            data = connection.recv(65_536)
        except (TimeoutError, ssl.SSLError):
            break
        if not data:
            kinds.append("closed")
            break
        pieces = read_datagram(data) if way == "udp" else decoder.feed(data)
        for piece in pieces:
            assert isinstance(piece, RawFrame)
            answer = read_answer(piece, key)
            kinds.append(answer.kind if answer is not None else "unread")
    return kinds


@contextlib.contextmanager
def serving(settings, environ=None, **options):
    """A centre at work, ended at the end; it must end in good order."""
    made = InProcess(settings, environ, **options).start()
    try:
        yield made
    finally:
        status = made.stop()
    assert status == 0


def frame(account, sequence, *, data=None, token="SIA-DCS", key=None, at=None, **fields):
    """A frame as a panel sends it now."""
    return encode_frame(
        **{
            "token": token,
            "sequence": f"{sequence:04d}",
            "receiver": None,
            "line": "0",
            "account": account,
            "data": f"#{account}|NBA01" if data is None and token != "NULL" else data,
            "timestamp": format_stamp(SystemClock().now_us() if at is None else at),
            "key": key,
            "pad": bytes(range(16)) if key else b"",
            **fields,
        }
    )


__all__ = ["InProcess", "frame", "receive", "serving", "wait_for"]
