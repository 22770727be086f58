"""Connections: who gets a place, who loses it, and how all of them end."""

import asyncio
import contextlib
import http.client
import socket
import ssl
import threading
import time

import pytest
import uvloop
from litestar import Litestar, Request, get, post
from litestar.response import Stream
from structlog.testing import capture_logs

from support.centres import wait_for
from support.certificates import Authority
from tocsin.model.errors import BadInput
from tocsin.settings import load
from tocsin.web import server as module
from tocsin.web.server import WebServer, web_context

ANSWER_S = 10.0


@get("/hello", sync_to_thread=False)
def hello(request: Request) -> str:
    return f"{request.scope['scheme']} {request.client.host}"


@post("/echo")
async def echo(request: Request) -> bytes:
    return await request.body()


@get("/for-ever", sync_to_thread=False)
def for_ever() -> Stream:
    async def beats():
        while True:
            yield b"beat\n"
            await asyncio.sleep(0.01)

    return Stream(beats())


class Serving:
    """A server in a thread of its own."""

    def __init__(self, settings, context=None, **times):
        self.settings, self.context, self.times = settings, context, times
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        app = Litestar([hello, echo, for_ever], openapi_config=None, logging_config=None)
        self.server = WebServer(app, listener, self.settings, self.context, **self.times)
        self.server.start()
        self._ready.set()
        await self._end.wait()
        begin_s = time.monotonic()
        await self.server.stop()
        self.stop_s = time.monotonic() - begin_s

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), ANSWER_S)

    def ask(self, method="GET", path="/hello", **options):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S)
        with contextlib.closing(connection):
            connection.request(method, path, **options)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture
def settings(tmp_path):
    def make(**web):
        lines = ["[web]", *(f"{name} = {value}" for name, value in web.items())]
        (tmp_path / "tocsin.toml").write_text("\n".join(lines))
        return load(tmp_path, {})

    return make


def is_closed(connection):
    """The other side has closed it, whatever it said before."""
    try:
        while data := connection.recv(65_536):
            assert data
    except ConnectionResetError:
        pass
    return True


def test_connection_is_kept_for_the_next_request(settings):
    with Serving(settings()) as served:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=ANSWER_S)
        with contextlib.closing(connection):
            for _ in range(3):
                connection.request("GET", "/hello")
                assert connection.getresponse().read() == b"http 127.0.0.1"
            assert served.server.connections == 1
        wait_for(lambda: served.server.connections == 0)


def test_places_have_a_limit_and_one_that_is_left_is_free_again(settings):
    with Serving(settings(connections_max=10)) as served, contextlib.ExitStack() as open_:
        connections = [open_.enter_context(served.connect()) for _ in range(10)]
        wait_for(lambda: served.server.connections == 10)
        with capture_logs() as logs, served.connect() as late:
            assert is_closed(late)
        assert (served.server.connections, served.server.refused) == (10, 1)
        assert [(log["event"], log["open"]) for log in logs] == [("web.full", 10)]
        connections[0].close()
        wait_for(lambda: served.server.connections == 9)
        assert served.ask()[0] == 200


def test_full_is_logged_once_a_minute_at_most(settings):
    with Serving(settings(connections_max=10)) as served, contextlib.ExitStack() as open_:
        for _ in range(10):
            open_.enter_context(served.connect())
        wait_for(lambda: served.server.connections == 10)
        with capture_logs() as logs:
            for _ in range(5):
                with served.connect() as late:
                    assert is_closed(late)
        assert [log["event"] for log in logs] == ["web.full"]
        assert served.server.refused == 5


def test_one_address_has_at_most_half_of_the_places_but_this_machine_and_proxies(settings):
    with Serving(settings(connections_max=10, trusted_proxies='["198.51.100.0/24"]')) as served:
        server = served.server
        for address in ("192.0.2.7", "127.0.0.1", "198.51.100.9", "::1", "fe80::1%eth0"):
            server._by_address[address] = 5
        assert server._has_too_many("192.0.2.7")
        assert server._has_too_many("fe80::1%eth0")
        assert not any(map(server._has_too_many, ("127.0.0.1", "::1", "198.51.100.9", "192.0.2.8")))


@pytest.mark.parametrize("begun", [b"", b"\r\n", b"GET /hello HTTP/1.1\r\nhost: x\r\n"])
def test_who_does_not_say_what_it_wants_loses_its_place(settings, begun):
    with Serving(settings(), head_s=0.5) as served, served.connect() as connection:
        begin_s = time.monotonic()
        connection.sendall(begun)
        assert is_closed(connection)
        assert 0.4 < time.monotonic() - begin_s < 5
        wait_for(lambda: served.server.connections == 0)


def test_who_says_it_byte_by_byte_loses_its_place_too(settings):
    with Serving(settings(), head_s=0.5) as served, served.connect() as connection:
        begin_s = time.monotonic()
        with contextlib.suppress(OSError):
            for byte in b"GET /hello HTTP/1.1\r\n" + b"x: " + b"a" * 10_000:
                connection.sendall(bytes([byte]))
                time.sleep(0.01)
        assert time.monotonic() - begin_s < 5
        wait_for(lambda: served.server.connections == 0)


def test_second_request_has_its_time_from_its_own_first_byte(settings):
    with Serving(settings(), head_s=0.5) as served, served.connect() as connection:
        for _ in range(3):
            connection.sendall(b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n")
            assert b"127.0.0.1" in connection.recv(65_536)
            time.sleep(0.3)
        connection.sendall(b"GET /hello HTTP/1.1\r\n")
        assert is_closed(connection)


def test_head_that_never_ends_is_refused(settings):
    with Serving(settings()) as served, served.connect() as connection:
        connection.sendall(b"GET /hello HTTP/1.1\r\nx: " + b"a" * (module.HEAD_BYTES_MAX + 1))
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
        assert is_closed(connection)


def test_long_body_is_no_long_head(settings):
    with Serving(settings()) as served:
        body = b"x" * (10 * module.HEAD_BYTES_MAX)
        assert served.ask("POST", "/echo", body=body) == (201, body.decode())


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b'\nC0FFEE0012"SIA-DCS"\r',
        b"GET\r\n\r\n",
        b"\x00" * 5000,
        b"GET / HTTP/9.9\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_the_next_one_served(settings, data):
    with Serving(settings()) as served:
        with served.connect() as connection:
            connection.sendall(data)
            assert is_closed(connection)
        assert served.ask()[0] == 200
        wait_for(lambda: served.server.connections == 0)


def test_websocket_is_not_spoken(settings):
    headers = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-key": "x", "sec-websocket-version": "13"}
    with Serving(settings()) as served:
        assert served.ask(headers=headers)[0] in (200, 400)
        assert served.ask()[0] == 200


def test_nobodys_word_on_the_senders_address_counts_unless_it_is_a_proxys_of_the_settings(settings):
    said = {"x-forwarded-for": "192.0.2.99", "x-forwarded-proto": "https"}
    with Serving(settings()) as served:
        assert served.ask(headers=said)[1] == "http 127.0.0.1"
    with Serving(settings(trusted_proxies='["198.51.100.9"]')) as served:
        assert served.ask(headers=said)[1] == "http 127.0.0.1"
    with Serving(settings(trusted_proxies='["127.0.0.1"]')) as served:
        assert served.ask(headers=said)[1] == "https 192.0.2.99"
        assert served.ask()[1] == "http 127.0.0.1"


@pytest.mark.parametrize("open_streams", [0, 5])
def test_stop_comes_within_three_seconds_whoever_is_connected(settings, open_streams):
    with Serving(settings()) as served, contextlib.ExitStack() as open_:
        open_.enter_context(served.connect())
        for _ in range(open_streams):
            stream = open_.enter_context(served.connect())
            stream.sendall(b"GET /for-ever HTTP/1.1\r\nhost: x\r\n\r\n")
            assert stream.recv(1000).startswith(b"HTTP/1.1 200 ")
        served.stop()
        assert served.stop_s < module.STOP_S + 0.5
        with pytest.raises(ConnectionRefusedError):
            served.connect()


# HTTPS ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("certificate"), "authority")
    return Certificate(authority, "web")


class Certificate:
    """A certificate, its key, and who signed it."""

    def __init__(self, authority, name):
        self.authority = authority
        self.file, self.key = authority.give(name, "centre", addresses=["127.0.0.1"])


def https(settings, certificate, **more):
    return settings(certificate=f'"{certificate.file}"', key=f'"{certificate.key}"', **more)


def test_https_is_spoken_with_the_certificate_of_the_settings(settings, certificate):
    chosen = https(settings, certificate)
    with Serving(chosen, web_context(chosen)) as served:
        context = ssl.create_default_context(cafile=certificate.authority.file)
        with context.wrap_socket(served.connect(), server_hostname="127.0.0.1") as connection:
            connection.sendall(b"GET /hello HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            text = b"".join(iter(lambda: connection.recv(65_536), b""))
            assert text.endswith(b"https 127.0.0.1")
            assert connection.version() in ("TLSv1.2", "TLSv1.3")
        wait_for(lambda: served.server.connections == 0)


def test_plain_words_to_https_get_no_answer_and_no_place(settings, certificate):
    chosen = https(settings, certificate)
    with Serving(chosen, web_context(chosen)) as served:
        with served.connect() as connection:
            connection.sendall(b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n")
            assert is_closed(connection)
        wait_for(lambda: served.server.connections == 0)


def test_handshake_that_never_ends_loses_its_place_and_never_has_more_than_there_are(settings, certificate):
    chosen = https(settings, certificate, connections_max=10)
    with Serving(chosen, web_context(chosen), handshake_s=1.0) as served, contextlib.ExitStack() as open_:
        silent = [open_.enter_context(served.connect()) for _ in range(10)]
        wait_for(lambda: served.server.connections == 10)
        with served.connect() as late:
            assert is_closed(late)
        for connection in silent:
            assert is_closed(connection)
        wait_for(lambda: served.server.connections == 0)


def test_no_certificate_is_plain_http(settings):
    assert web_context(settings()) is None


@pytest.mark.parametrize("spoil", ["missing", "no certificate", "another key", "pass word"])
def test_certificate_that_cannot_be_used_is_refused_with_the_setting_named(settings, certificate, tmp_path, spoil):
    files = {"certificate": certificate.file, "key": certificate.key}
    other = Certificate(certificate.authority, "other")
    if spoil == "missing":
        files["certificate"] = tmp_path / "none.pem"
    elif spoil == "no certificate":
        (tmp_path / "text.pem").write_text("no certificate")
        files["certificate"] = tmp_path / "text.pem"
    elif spoil == "another key":
        files["key"] = other.key
    else:
        files["key"] = locked(other.key, tmp_path / "locked.pem")
        files["certificate"] = other.file
    chosen = settings(**{name: f'"{path}"' for name, path in files.items()})
    with pytest.raises(BadInput, match=r"web\.certificate or web\.key cannot be used .*\[settings\.tls\]"):
        web_context(chosen)


def locked(key, path):
    from cryptography.hazmat.primitives import serialization as form

    loaded = form.load_pem_private_key(key.read_bytes(), None)
    path.write_bytes(
        loaded.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"word"))
    )
    return path
