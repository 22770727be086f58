"""What comes to an open port: rubbish, scans, silence, floods. The service stays up for all others, every time."""

import asyncio
import contextlib
import itertools
import os
import random
import re
import resource
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from support.findings import journal_findings
from support.journal_reader import notices, read_journal, signals
from support.panels import KEYED, PLAIN, UNKNOWN, Ledger, Message, Way, alarm, deliver, linked, one_by_one, poll
from support.server import Server, wait_for
from tocsin.protocols.dc09.encode import encode_frame

pytestmark = pytest.mark.slow

Serve = Callable[..., Server]
AT_ONCE_S = 5.0
"""What a known account may wait while others misbehave; answers come in milliseconds, the rest is a busy machine."""

WITHIN_S = 30
QUIET_S = 2.0
"""No answer for so long: no more come."""

CROWD = 10_000


class Witness:
    """A known account that wants its answers at once, whatever else goes on; at the end it looks into the journal."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ledger = Ledger()
        self._numbers = iter(range(1, 9999))

    def is_served(self) -> None:
        """A message over TCP and one over UDP, in clear and encrypted, each acknowledged at once."""
        number = next(self._numbers)
        ways: tuple[Way, ...] = ("tcp", "udp")
        for account in (PLAIN[-1], KEYED[-1]):
            for way in ways:
                message = alarm(account, 2 * number + (way == "udp"))
                answer = asyncio.run(deliver(message, way, self.server.dc09, self.ledger, answer_s=AT_ONCE_S))
                assert answer.kind == "ACK"

    def looks_back(self) -> None:
        """The server ends in order, has logged no failure, and has stored what it acknowledged."""
        assert self.server.stop() == 0
        assert "Traceback" not in self.server.errors
        entries = [e for e in read_journal(self.server.folder) if e.kind != "signal" or e.name in self.ledger.sent]
        stored = [entry.name for entry in signals(entries) if entry.body["event"] == 1]
        assert sorted(stored) == sorted(self.ledger.acknowledged)


@pytest.fixture
def witness(serve: Serve, request: pytest.FixtureRequest) -> Iterator[Witness]:
    """A server with the settings that the test names, and a witness."""
    with serve(**getattr(request, "param", {})) as server:
        made = Witness(server)
        made.is_served()
        yield made


def settings(**given: object):
    """Name the settings of the receiver for `witness`."""
    return pytest.mark.parametrize("witness", [given], indirect=True, ids=[" ".join(given)])


def connected(server: Server, source: str = "127.0.0.1") -> socket.socket:
    """A plain socket to the receiver."""
    return socket.create_connection(server.dc09, timeout=10, source_address=(source, 0))


def wait_until_closed(link: socket.socket) -> None:
    """Return when the other side has closed; fails after ten seconds."""
    with contextlib.suppress(ConnectionResetError):
        while link.recv(65_536):
            pass


# Rubbish -------------------------------------------------------------------------------------------------------------


def test_random_bytes_get_no_answer_and_cost_nobody_else(witness: Witness) -> None:
    dice = random.Random(9)
    for size in [1, 2, 9, 10, 11, 100, 4105, 4106, 70_000] * 6:
        with connected(witness.server) as link, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            link.sendall(dice.randbytes(size))
            datagram.sendto(dice.randbytes(min(size, 60_000)), witness.server.dc09)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.sendto(b"", witness.server.dc09)
    witness.is_served()
    witness.looks_back()


def test_spoilt_frames_get_what_the_protocol_says_and_never_stop_the_stream(witness: Witness) -> None:
    """Good frames with bytes changed, dropped and doubled, in clear and encrypted; a good one ends each stream."""
    dice = random.Random(10)
    for number in range(1, 120):
        message = alarm((PLAIN[0], KEYED[0], UNKNOWN[0])[number % 3], number)
        spoilt = bytearray(message.frame())
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(spoilt))
            match dice.randrange(3):
                case 0:
                    spoilt[at] = dice.randrange(256)
                case 1:
                    del spoilt[at]
                case _:
                    spoilt[at:at] = dice.randbytes(dice.randint(1, 20))
        last = Message(PLAIN[1], f"{number:04d}", "ADM-CID", f"#{PLAIN[1]}|1131 01 {number:03d}")
        # Behind a frame that promises more than it has, up to 4,095 bytes pass before its end is known.
        asyncio.run(_ends_well(witness, bytes(spoilt), last))
    witness.is_served()
    assert witness.server.is_running
    assert "Traceback" not in witness.server.errors


async def _ends_well(witness: Witness, spoilt: bytes, last: Message) -> None:
    async with linked("tcp", witness.server.dc09) as link:
        witness.ledger.note_sent(last)
        await link.send(spoilt + last.frame())
        async with asyncio.timeout(WITHIN_S):
            assert (await link.answer(last)).kind == "ACK"


def test_an_http_request_gets_no_answer(witness: Witness) -> None:
    with connected(witness.server) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: example\r\nUser-Agent: scanner\r\n\r\n" * 50)
        link.shutdown(socket.SHUT_WR)
        assert link.recv(100) == b""
    wait_for(
        lambda: witness.server.metric('tocsin_frames_refused_total{outcome="discarded",reason="not_dc09"}'),
        WITHIN_S,
        "count",
    )
    witness.is_served()
    witness.looks_back()


def test_a_port_scan_leaves_nothing_behind(witness: Witness) -> None:
    for index in range(500):
        link = connected(witness.server)
        if index % 2:
            # Closed with a reset, as scanners do.
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        link.close()
    witness.is_served()
    wait_for(lambda: witness.server.metric("tocsin_connections_open") == 0, WITHIN_S, "all closed")
    witness.looks_back()


def test_the_longest_frame_is_taken_whole(witness: Witness) -> None:
    for account in (PLAIN[0], KEYED[0]):
        message = alarm(account, 1)
        room = 4095 - len(message.frame()) + 10
        room = room if account in PLAIN else room // 32 * 16 - 16
        text = "x" * room
        long = message._replace(data=message.data.replace("Boiler room", "Boiler room" + text))
        assert len(long.frame()) == 4105 or account in KEYED
        assert len(long.frame()) > 4000
        assert asyncio.run(deliver(long, "tcp", witness.server.dc09, witness.ledger)).kind == "ACK"
        assert asyncio.run(deliver(long, "udp", witness.server.dc09, witness.ledger)).kind == "ACK"
    witness.looks_back()


def test_a_frame_full_of_events_is_stored_whole_and_delays_nobody(witness: Witness) -> None:
    events = 1300
    full = Message(PLAIN[0], "0001", "SIA-DCS", f"#{PLAIN[0]}|N" + "/".join(["FA"] * events))
    assert asyncio.run(deliver(full, "tcp", witness.server.dc09, witness.ledger)).kind == "ACK"
    witness.is_served()
    witness.looks_back()
    stored = [entry.body for entry in signals(read_journal(witness.server.folder)) if entry.name == full.name]
    assert [(body["event"], body["events"]) for body in stored] == [(n, events) for n in range(1, events + 1)]


# Silence -------------------------------------------------------------------------------------------------------------


@settings(first_frame_s=1)
def test_half_a_frame_and_silence_is_closed(witness: Witness) -> None:
    """Nothing at all, half a frame, and a byte now and then: all closed; who sent a frame is not."""
    frame = alarm(PLAIN[0], 1).frame()
    began = time.monotonic()
    with (
        connected(witness.server) as silent,
        connected(witness.server) as half,
        connected(witness.server) as drop,
        connected(witness.server) as panel,
    ):
        half.sendall(frame[:20])
        panel.sendall(poll(PLAIN[0]).frame())
        is_closed = False
        drop.settimeout(0.05)
        for byte in itertools.islice(itertools.cycle(frame[:-1]), int(WITHIN_S / 0.05)):
            try:
                drop.sendall(bytes([byte]))
                is_closed = drop.recv(100) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                is_closed = True
            if is_closed:
                break
        assert is_closed
        assert time.monotonic() - began > 0.5
        wait_until_closed(silent)
        wait_until_closed(half)
        assert panel.recv(100) != b""
        panel.sendall(poll(PLAIN[0]).frame())
        assert panel.recv(100) != b""
    witness.is_served()
    witness.looks_back()


# Crowds --------------------------------------------------------------------------------------------------------------


def _has_files(count: int) -> bool:
    """Let this process open so many files, if the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
    return True


@pytest.mark.parametrize(
    ("witness", "limit"),
    [({"connections_max": 100}, 100), ({}, 6000)],
    ids=["limit 100", "limit by default"],
    indirect=["witness"],
)
def test_ten_thousand_connections_at_once_shut_no_panel_out(witness: Witness, limit: int) -> None:
    if not _has_files(CROWD + 500):
        pytest.skip(f"needs a limit of {CROWD + 500} open files (ulimit -Hn)")
    with contextlib.ExitStack() as crowd:
        panel = crowd.enter_context(connected(witness.server))
        panel.sendall(poll(PLAIN[0]).frame())
        assert panel.recv(100) != b""
        for index in range(CROWD):
            link = crowd.enter_context(socket.socket())
            link.setblocking(False)
            link.connect_ex(witness.server.dc09)
            if index % 2000 == 1999:
                witness.is_served()
        wait_for(lambda: witness.server.metric("tocsin_connections_total") >= CROWD, 60, "all connections taken")
        assert witness.server.metric("tocsin_connections_open") <= limit
        witness.is_served()
        # The panel that had its connection before them has it still.
        panel.sendall(poll(PLAIN[0]).frame())
        assert panel.recv(100) != b""
    witness.is_served()
    witness.looks_back()


def test_a_client_that_never_reads_its_answers_is_not_read_for_ever(witness: Witness) -> None:
    frame = poll(PLAIN[0]).frame()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(witness.server.dc09)
        deaf.setblocking(False)
        sent = _send_all_it_takes(deaf, frame * 2000)
        assert sent < 64 << 20, "its frames are read though nobody takes the answers"
        witness.is_served()
    witness.is_served()
    witness.looks_back()


def _send_all_it_takes(link: socket.socket, data: bytes) -> int:
    """Send until nothing was taken for half a second; return how many bytes were."""
    sent, last = 0, time.monotonic()
    while time.monotonic() - last < 0.5 and sent < 128 << 20:
        try:
            sent += link.send(data)
            last = time.monotonic()
        except BlockingIOError:
            time.sleep(0.005)  # asked again until the deadline above
        except ConnectionError:
            break
    return sent


# Floods --------------------------------------------------------------------------------------------------------------


@settings(unknown_store_per_min=50)
def test_a_flood_from_unknown_accounts_stops_at_its_budget_and_slows_no_known_one(witness: Witness) -> None:
    server = witness.server

    async def flood() -> int:
        acknowledged = 0
        async with linked("tcp", server.dc09) as link:
            for message in one_by_one(UNKNOWN, 400):
                await link.send(message.frame())
            with contextlib.suppress(TimeoutError):
                while True:
                    async with asyncio.timeout(QUIET_S):
                        acknowledged += len(await link.frames())
        return acknowledged

    with connected(server) as panel:
        panel.sendall(poll(PLAIN[0]).frame())
        assert panel.recv(100) != b""
        acknowledged = asyncio.run(flood())
        # From the same address: on a connection that it had, on a new one, by datagram.
        panel.sendall(poll(PLAIN[0]).frame())
        assert panel.recv(100) != b""
        witness.is_served()
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as datagrams:
            for message in one_by_one(UNKNOWN, 400, first=500):
                datagrams.sendto(message.frame(), server.dc09)
        witness.is_served()
    witness.looks_back()
    entries = read_journal(server.folder)
    flooded = [entry for entry in signals(entries) if entry.body["account"] in UNKNOWN]
    assert len(flooded) == 50
    assert acknowledged == sum(entry.body["event"] == 1 for entry in flooded)
    assert notices(entries) == ["sender_stopped"]


@pytest.mark.soak
@settings(unknown_store_per_min=5)
def test_everyone_behind_an_address_past_its_budget_is_read_again(witness: Witness) -> None:
    """Many connections wait for one minute to end; whoever comes late finds the next one used up, and waits again."""
    server = witness.server
    with contextlib.ExitStack() as crowd:
        links = [crowd.enter_context(connected(server)) for _ in range(60)]
        for index, link in enumerate(links):
            for unknown in range(3):
                link.sendall(alarm(UNKNOWN[unknown], 1000 + 3 * index + unknown).frame())
                time.sleep(0.002)  # so that each is read by itself
        for index, link in enumerate(links):
            link.sendall(alarm(PLAIN[index % 20], 5000 + index).frame())
        waiting = set(links)

        def all_answered() -> bool:
            for link in list(waiting):
                link.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    if re.search(rb"#10[0-9]{2}\[\]", link.recv(65_536)):
                        waiting.discard(link)
            return not waiting

        wait_for(all_answered, 300, "an answer to each")


def test_one_account_at_many_addresses_is_served_at_each(witness: Witness) -> None:
    frames = 0
    for index in range(1, 200):
        address = f"127.0.{index % 4}.{index + 1}"
        message = alarm(PLAIN[0], index)
        with connected(witness.server, address) as link:
            link.sendall(message.frame())
            assert b"ACK" in link.recv(200)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            datagram.bind((address, 0))
            datagram.settimeout(WITHIN_S)
            datagram.sendto(message.frame(), witness.server.dc09)
            assert b"ACK" in datagram.recv(200)
        frames += 1
    witness.is_served()
    assert witness.server.stop() == 0
    found = [e for e in signals(read_journal(witness.server.folder)) if e.body["account"] == PLAIN[0]]
    assert sum(entry.body["event"] == 1 for entry in found) == frames
    assert {entry.duplicates for entry in found if entry.body["event"] == 1} == {1}


# Wrong keys and wrong clocks ------------------------------------------------------------------------------------------


def test_a_clear_frame_and_a_wrong_key_on_a_keyed_account_are_stored_nowhere(witness: Witness) -> None:
    account = KEYED[0]
    clear = encode_frame(
        token="ADM-CID", sequence="0001", receiver=None, line="0", account=account, data=f"#{account}|1131 01 001"
    )
    wrong = encode_frame(
        token="ADM-CID",
        sequence="0002",
        receiver=None,
        line="0",
        account=account,
        data=f"#{account}|1131 01 002",
        timestamp="07:05:09,03-04-2027",
        key=b"\1" * 16,
        pad=os.urandom(31),
    )
    for frame in (clear, wrong):
        with connected(witness.server) as link:
            link.sendall(frame)
            link.shutdown(socket.SHUT_WR)
            assert link.recv(200) == b""
    witness.is_served()
    witness.looks_back()
    assert journal_findings(witness.server.folder, read_journal(witness.server.folder), witness.ledger) == []
