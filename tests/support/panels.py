"""Panels for the journeys: small, patient and suspicious. Built on the codec alone, on real sockets.

Each keeps a message until it is acknowledged, repeats it with a new time stamp and new encryption as real panels do,
and writes down what it sent and what was acknowledged, when. That ledger is what the journal is held against.
"""

import asyncio
import contextlib
import hashlib
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from tocsin.model.values import Micros
from tocsin.protocols.dc09.answers import Answer, read_answer
from tocsin.protocols.dc09.encode import encode_frame, format_stamp
from tocsin.protocols.dc09.framing import RawFrame, StreamDecoder, read_datagram

PLAIN = [f"{number}" for number in range(1001, 1041)]
KEYED = [f"{number}" for number in range(2001, 2021)]
SHORT_WINDOW = "3001"
SHORT_WINDOW_S = 1
UNKNOWN = [f"{number}" for number in range(9001, 9011)]

Way = Literal["tcp", "udp"]
Name = tuple[str, str]


def key_of(account: str) -> bytes | None:
    """The key of an account of these tests: 128 or 256 bits, None for a plain one."""
    if account not in KEYED:
        return None
    return hashlib.sha256(account.encode()).digest()[: 16 if int(account) % 2 else 32]


def accounts_csv() -> str:
    """The file that sets them up."""
    lines = ["account,key,duplicate_window_s", *(f"{account},," for account in PLAIN)]
    lines += [f"{account},{(key_of(account) or b'').hex()}," for account in KEYED]
    return "\n".join([*lines, f"{SHORT_WINDOW},,{SHORT_WINDOW_S}"]) + "\n"


class Message(NamedTuple):
    """What a panel has to say; its frame is made anew each time that it is sent."""

    account: str
    sequence: str
    token: str
    data: str

    @property
    def name(self) -> Name:
        """What no two messages of a test have in common."""
        return self.account, self.sequence

    def frame(self) -> bytes:
        """The bytes, with the time of now; encrypted with fresh padding where the account has a key."""
        key = key_of(self.account)
        return encode_frame(
            token=self.token,
            sequence=self.sequence,
            receiver=None,
            line="0",
            account=self.account,
            data=self.data,
            timestamp=format_stamp(Micros(time.time_ns() // 1000)),
            key=key,
            pad=os.urandom(31) if key else b"",
        )


def alarm(account: str, number: int) -> Message:
    """The account's message number `number`: SIA and Contact ID by turns, sometimes with several events."""
    sequence = f"{(number - 1) % 9999 + 1:04d}"
    if number % 2:
        more = "/TA7^Porch^" if number % 5 == 0 else ""
        return Message(account, sequence, "SIA-DCS", f"#{account}|Nri1/FA{number % 1000:03d}^Boiler room^{more}")
    return Message(account, sequence, "ADM-CID", f"#{account}|1131 01 {number % 1000:03d}")


def poll(account: str) -> Message:
    """A link test."""
    return Message(account, "0000", "NULL", "")


class Acknowledged(NamedTuple):
    """When a message was sent for the time that counted, and when its ACK came (CLOCK_MONOTONIC, ns)."""

    sent_ns: int
    acknowledged_ns: int


class Ledger:
    """What was sent, how often, and what of it was acknowledged."""

    def __init__(self) -> None:
        self.sent: dict[Name, int] = {}
        self.messages: dict[Name, Message] = {}
        self.acknowledged: dict[Name, Acknowledged] = {}

    def note_sent(self, message: Message) -> None:
        """It is about to leave."""
        assert self.messages.setdefault(message.name, message) == message, "a name is given once"
        self.sent[message.name] = self.sent.get(message.name, 0) + 1

    def note_acknowledged(self, message: Message, sent_ns: int) -> None:
        """Its ACK has come."""
        self.acknowledged.setdefault(message.name, Acknowledged(sent_ns, time.monotonic_ns()))

    @property
    def waiting(self) -> set[Name]:
        """Sent and never acknowledged."""
        return set(self.sent) - set(self.acknowledged)


class Link:
    """One socket of a panel."""

    def __init__(self, way: Way, address: tuple[str, int]) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM if way == "tcp" else socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._way = way
        self._address = address
        self._decoder = StreamDecoder()

    async def open(self) -> "Link":
        """Connect."""
        await asyncio.get_running_loop().sock_connect(self._socket, self._address)
        return self

    async def send(self, data: bytes) -> None:
        """Write all."""
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def frames(self) -> list[RawFrame]:
        """The next frames that come; ConnectionError where the other side has closed."""
        data = await asyncio.get_running_loop().sock_recv(self._socket, 65_536)
        if not data:
            raise ConnectionError("closed")
        pieces = self._decoder.feed(data) if self._way == "tcp" else read_datagram(data)
        return [piece for piece in pieces if isinstance(piece, RawFrame)]

    async def answer(self, message: Message) -> Answer:
        """The next answer with the message's number; waits as long as it takes."""
        while True:
            for frame in await self.frames():
                found = read_answer(frame, key_of(message.account))
                if found is not None and found.sequence == message.sequence:
                    return found

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()


@contextlib.asynccontextmanager
async def linked(way: Way, address: tuple[str, int]):
    """A link, closed at the end."""
    link = Link(way, address)
    try:
        yield await link.open()
    finally:
        link.close()


class Panel:
    """One account that talks until it is told to stop; what is not acknowledged it keeps."""

    def __init__(self, account: str, way: Way, ledger: Ledger, dice: random.Random, answer_s: float = 0.7) -> None:
        self._account = account
        self._way: Way = way
        self._ledger = ledger
        self._dice = dice
        self._answer_s = answer_s
        self._numbers = iter(range(1, 10_000))
        self._pending: Message | None = None
        self._link: Link | None = None

    @property
    def is_content(self) -> bool:
        """All that it said was acknowledged."""
        return self._pending is None

    async def talk(self, address: Callable[[], tuple[str, int]], is_over: Callable[[], bool]) -> None:
        """Say one thing after the other. Broken links are opened again; nothing is given up."""
        try:
            while not is_over():
                if self._pending is None:
                    self._pending = self._next()
                if await self._say(self._pending, address):
                    again = self._pending if self._dice.random() < 0.1 else None
                    self._pending = None
                    if again is not None:
                        # Its ACK got lost, as far as this panel knows.
                        await self._say(again, address)
        finally:
            self._hang_up()

    async def settle(self, address: Callable[[], tuple[str, int]], deadline_s: float = 60.0) -> None:
        """Repeat what is pending until it is acknowledged, and say nothing new."""
        end = time.monotonic() + deadline_s
        try:
            while self._pending is not None:
                if await self._say(self._pending, address):
                    self._pending = None
                assert time.monotonic() < end, f"account {self._account} was not acknowledged within {deadline_s:g} s"
        finally:
            self._hang_up()

    def _next(self) -> Message:
        return alarm(self._account, next(self._numbers))

    async def _say(self, message: Message, address: Callable[[], tuple[str, int]]) -> bool:
        """Send it once; True when it was acknowledged."""
        try:
            if self._link is None:
                self._link = Link(self._way, address())
                await self._link.open()
            frame = message.frame()
            self._ledger.note_sent(message)
            sent_ns = time.monotonic_ns()
            await self._link.send(frame)
            async with asyncio.timeout(self._answer_s):
                answer = await self._link.answer(message)
        except (OSError, TimeoutError):
            self._hang_up()
            await asyncio.sleep(0.01)
            return False
        if answer.kind != "ACK":
            raise AssertionError(f"account {message.account}: {answer.kind} in answer to a sound message")
        self._ledger.note_acknowledged(message, sent_ns)
        return True

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


class Chatterer:
    """An account that talks by datagram without waiting for answers, and takes note of those that come."""

    def __init__(self, account: str, ledger: Ledger, interval_s: float = 0.002) -> None:
        self._account = account
        self._ledger = ledger
        self._interval_s = interval_s

    async def talk(self, address: Callable[[], tuple[str, int]], is_over: Callable[[], bool]) -> None:
        """Talk until it is over."""
        sent: dict[str, tuple[Message, int]] = {}

        async def listen(link: Link) -> None:
            while True:
                for frame in await link.frames():
                    found = read_answer(frame, None)
                    if found is not None and found.kind == "ACK":
                        self._ledger.note_acknowledged(*sent[found.sequence])

        with contextlib.suppress(OSError):
            async with linked("udp", address()) as link:
                listening = asyncio.create_task(listen(link))
                try:
                    for number in range(1, 10_000):
                        if is_over() or listening.done():
                            break
                        message = alarm(self._account, number)
                        self._ledger.note_sent(message)
                        sent[message.sequence] = (message, time.monotonic_ns())
                        await link.send(message.frame())
                        await asyncio.sleep(self._interval_s)
                finally:
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)


def mixed_fleet(ledger: Ledger, dice: random.Random) -> list[Panel]:
    """Sixteen panels: plain and AES, TCP and UDP, and two that the centre does not know."""
    return [
        *(Panel(account, "tcp", ledger, dice) for account in PLAIN[:6]),
        *(Panel(account, "udp", ledger, dice) for account in PLAIN[6:9]),
        *(Panel(account, "tcp", ledger, dice) for account in KEYED[:3]),
        *(Panel(account, "udp", ledger, dice) for account in KEYED[3:5]),
        *(Panel(account, "tcp", ledger, dice) for account in UNKNOWN[:2]),
    ]


async def deliver(
    message: Message, way: Way, address: tuple[str, int], ledger: Ledger, *, answer_s: float = 10.0
) -> Answer:
    """Send one message on a link of its own and return its answer."""
    async with linked(way, address) as link:
        ledger.note_sent(message)
        sent_ns = time.monotonic_ns()
        await link.send(message.frame())
        async with asyncio.timeout(answer_s):
            answer = await link.answer(message)
        if answer.kind == "ACK":
            ledger.note_acknowledged(message, sent_ns)
        return answer


def one_by_one(accounts: list[str], count: int, first: int = 1) -> Iterator[Message]:
    """`count` messages, the accounts by turns."""
    for index in range(count):
        yield alarm(accounts[index % len(accounts)], first + index // len(accounts))
