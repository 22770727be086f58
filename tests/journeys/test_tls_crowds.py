"""Crowds at the TLS port: what never finishes its handshake costs a place at most, and shuts no panel out."""

import asyncio
import contextlib
import os
import re
import resource
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.certificates import Authority
from support.in_process import InProcess
from support.panels import PLAIN, alarm, poll
from support.server import Server, wait_for
from tocsin.intake.dc09.listeners import BACKLOG, HANDSHAKE_S
from tocsin.process import SPARE_FILES
from tocsin.settings import load

pytestmark = [pytest.mark.slow, pytest.mark.requires("linux")]

CROWD = 3_000
GROWTH_MAX_KB = 100 * 1024
WITHIN_S = 30
"""Comes at once; a busy machine gets more."""
TLS = """
[receivers.dc09.tls]
listen = ["127.0.0.1:0"]
certificate = "server.pem"
key = "server.key"
"""
_TLS_AT = re.compile(r"^DC-09 on (.+):(\d+), TLS$", re.MULTILINE)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("certificates"), "authority")
    made.give("server", "receiver", addresses=["127.0.0.1"])
    return made


@pytest.fixture
def tls_folder(folder: Path, authority: Authority) -> Path:
    """The folder of a centre that speaks TLS too."""
    with (folder / "tocsin.toml").open("a") as settings:
        settings.write(TLS)
    for name in ("server.pem", "server.key"):
        (folder / name).write_bytes((authority.file.parent / name).read_bytes())
    return folder


@pytest.fixture
def server(tls_folder: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """It serves with the settings that the test names."""
    env = {f"TOCSIN_RECEIVERS__DC09__{name}".upper(): str(value) for name, value in request.param.items()}
    with Server(tls_folder, env) as made:
        yield made


def settings(**given: object):
    """Name the settings of the receiver for `server`."""
    return pytest.mark.parametrize("server", [given], indirect=True, ids=[" ".join(given)])


def tls_address(server: Server) -> tuple[str, int]:
    """Where the running server hears TLS."""
    said = (server.folder.parent / f"{server.folder.name}-output" / "1.out").read_text()
    found = _TLS_AT.search(said)
    assert found is not None
    return found[1], int(found[2])


def rss_kb(server: Server) -> int:
    """Memory that the process holds."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{server.pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def context_for(authority: Authority) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.file))
    context.check_hostname = False
    return context


def is_served_inside_tls(address: tuple[str, int], context: ssl.SSLContext, frame: bytes) -> bool:
    """A panel that makes its connection, its handshake and one message, each right behind the other."""
    try:
        with context.wrap_socket(socket.create_connection(address, timeout=5)) as link:
            link.sendall(frame)
            return b"ACK" in link.recv(200)
    except OSError:
        return False


def is_served_in_clear(server: Server, number: int) -> bool:
    with socket.create_connection(server.dc09, timeout=5) as link:
        link.sendall(alarm(PLAIN[0], number).frame())
        return b"ACK" in link.recv(200)


def is_closed(link: socket.socket) -> bool:
    link.setblocking(False)
    with contextlib.suppress(BlockingIOError, ConnectionError):
        while link.recv(65_536):
            pass
        return True
    try:
        link.send(b"")
    except OSError:
        return True
    return False


def hello(authority: Authority) -> bytes:
    """The first thing that a panel says in a handshake."""
    outgoing = ssl.MemoryBIO()
    made = context_for(authority).wrap_bio(ssl.MemoryBIO(), outgoing)
    with contextlib.suppress(ssl.SSLWantReadError):
        made.do_handshake()
    return outgoing.read()


def crowd_at(address: tuple[str, int], count: int, stack: contextlib.ExitStack) -> list[socket.socket]:
    """So many bare connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count + 500:
        pytest.skip(f"needs a limit of {count + 500} open files (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 500), hard))
    links = [stack.enter_context(socket.socket()) for _ in range(count)]
    for link in links:
        link.setblocking(False)
        link.connect_ex(address)
    return links


@pytest.mark.afresh  # it weighs the memory of a process
@pytest.mark.parametrize(
    ("server", "says_hello"),
    [({"connections_max": 200}, False), ({"connections_max": 200}, True), ({}, False)],
    ids=["silent", "half a handshake", "silent, with places for all"],
    indirect=["server"],
)
def test_a_crowd_at_the_tls_port_shuts_no_panel_out(server: Server, authority: Authority, says_hello: bool) -> None:
    address, context = tls_address(server), context_for(authority)
    assert is_served_in_clear(server, 1)
    assert is_served_inside_tls(address, context, alarm(PLAIN[1], 1).frame())
    before = rss_kb(server)
    with contextlib.ExitStack() as stack:
        links = crowd_at(address, CROWD, stack)
        if says_hello:
            first = hello(authority)
            for link in links:
                with contextlib.suppress(OSError):
                    link.send(first)
        assert is_served_in_clear(server, 2)
        began = time.monotonic()
        assert any(is_served_inside_tls(address, context, alarm(PLAIN[1], 2).frame()) for _ in range(2))
        assert time.monotonic() - began < HANDSHAKE_S, "it waits for nobody's end"
        assert server.get("/readyz").status == 200
        wait_for(lambda: server.metric("tocsin_connections_total") >= CROWD, 60, "all connections taken")
        assert server.metric("tocsin_connections_open") <= (200 if "CONNECTIONS_MAX" in str(server.env) else CROWD + 10)
        assert is_served_in_clear(server, 3)
        assert any(is_served_inside_tls(address, context, alarm(PLAIN[1], 3).frame()) for _ in range(2))
        assert server.get("/readyz").status == 200
        assert rss_kb(server) - before < GROWTH_MAX_KB
        if "CONNECTIONS_MAX" in str(server.env):
            wait_for(lambda: "connections.full" in server.errors, WITHIN_S, "the line of the log")
            assert server.errors.count("connections.full") == 1
            assert "127.0.0.1" not in server.errors.split("connections.full")[0].splitlines()[-1]
    wait_for(lambda: server.metric("tocsin_connections_open") == 0, WITHIN_S, "all places free")
    wait_for(lambda: len(os.listdir(f"/proc/{server.pid}/fd")) < 60, WITHIN_S, "all files closed")
    assert server.stop() == 0
    assert "Traceback" not in server.errors


@settings(first_frame_s=60)
def test_half_a_handshake_and_silence_is_closed(server: Server, authority: Authority) -> None:
    address = tls_address(server)
    with contextlib.ExitStack() as stack:
        for said in (hello(authority), hello(authority)[:7], b"\x16"):
            stack.enter_context(socket.create_connection(address)).sendall(said)
        wait_for(lambda: server.metric("tocsin_connections_open") == 3, WITHIN_S, "three places")
        wait_for(lambda: server.metric("tocsin_connections_open") == 0, HANDSHAKE_S + WITHIN_S, "no place")
        assert server.metric("tocsin_connections_silent_total") == 3
        wait_for(lambda: len(os.listdir(f"/proc/{server.pid}/fd")) < 60, WITHIN_S, "all files closed")
    assert server.stop() == 0
    assert "Traceback" not in server.errors


@settings(first_frame_s=1)
def test_what_has_no_first_frame_in_time_is_closed_in_any_part_of_its_handshake(
    server: Server, authority: Authority
) -> None:
    address = tls_address(server)
    with (
        socket.create_connection(address) as silent,
        socket.create_connection(address) as half,
        context_for(authority).wrap_socket(socket.create_connection(address)) as whole,
    ):
        half.sendall(hello(authority))
        wait_for(lambda: server.metric("tocsin_connections_open") == 3, WITHIN_S, "three places")
        wait_for(lambda: is_closed(silent) and is_closed(half), WITHIN_S, "closed")
        wait_for(lambda: server.metric("tocsin_connections_open") == 0, WITHIN_S, "no place")
        assert server.metric("tocsin_connections_silent_total") == 3
        whole.settimeout(WITHIN_S)
        with contextlib.suppress(OSError):
            assert whole.recv(10) == b""
    assert server.stop() == 0
    assert "Traceback" not in server.errors


@settings(connections_max=200)
def test_a_stop_amid_handshakes_is_in_order(server: Server, authority: Authority) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(40):
            link = stack.enter_context(socket.create_connection(tls_address(server)))
            if number % 2:
                link.sendall(hello(authority))
        wait_for(lambda: server.metric("tocsin_connections_open") == 40, WITHIN_S, "all places")
        assert server.stop() == 0
    assert "Traceback" not in server.errors


@settings(connections_max=200)
def test_rubbish_and_broken_handshakes_leave_no_trace(server: Server, authority: Authority) -> None:
    address = tls_address(server)
    for number in range(60):
        with socket.create_connection(address) as link:
            link.sendall((b"GET / HTTP/1.1\r\n\r\n", hello(authority), hello(authority)[:30])[number % 3])
            if number % 2:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    wait_for(lambda: server.metric("tocsin_connections_open") == 0, WITHIN_S, "no place")
    wait_for(lambda: len(os.listdir(f"/proc/{server.pid}/fd")) < 60, WITHIN_S, "all files closed")
    assert is_served_inside_tls(address, context_for(authority), poll(PLAIN[0]).frame())
    assert server.stop() == 0
    assert "Traceback" not in server.errors


class OnStockLoop(InProcess):
    """The same service on asyncio's own loop."""

    def _run(self) -> None:
        asyncio.run(self._serve())


def finished_with(address: tuple[str, int], context: ssl.SSLContext, frame: bytes) -> bytes:
    """Shake hands, and send the end of the handshake and a frame in one segment; return the answer."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    made = context.wrap_bio(incoming, outgoing)
    with socket.create_connection(address, timeout=5) as link:
        while True:
            try:
                made.do_handshake()
                break
            except ssl.SSLWantReadError:
                link.sendall(outgoing.read())
                incoming.write(link.recv(65_536))
        made.write(frame)
        link.sendall(outgoing.read())
        while True:
            try:
                return made.read(200)
            except ssl.SSLWantReadError:
                data = link.recv(65_536)
                assert data, "closed without an answer"
                incoming.write(data)


@pytest.mark.parametrize("loop", [InProcess, OnStockLoop], ids=["uvloop", "asyncio"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_a_frame_in_the_segment_that_ends_the_handshake_is_answered(
    tls_folder: Path, authority: Authority, loop: Callable[..., InProcess], version: ssl.TLSVersion
) -> None:
    context = context_for(authority)
    context.minimum_version = context.maximum_version = version
    running = loop(load(tls_folder, {})).start()
    try:
        with socket.create_connection(running.service.tls_addresses[0]) as half:
            half.sendall(hello(authority))
            for number in range(1, 101):
                frame = alarm(PLAIN[2], number).frame()
                assert b"ACK" in finished_with(running.service.tls_addresses[0], context, frame)
        wait_for(lambda: running.metrics()["tocsin_connections_open"] == 0, WITHIN_S, "no place")
        assert running.metrics()["tocsin_connections_total"] == 101
    finally:
        status = running.stop()
    assert status == 0


def test_files_beside_connections_are_enough_for_a_full_backlog() -> None:
    assert SPARE_FILES >= BACKLOG + 512
