"""A small real receiver for the simulator's tests: TCP, TLS and UDP on 127.0.0.1, answering as it is told.

It judges nothing that the real one judges; it shows the simulator what a receiver can do, right and wrong.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from tocsin.protocols.dc09.encode import encode_frame, format_stamp, parse_stamp
from tocsin.protocols.dc09.framing import Broken, RawFrame, StreamDecoder, read_datagram
from tocsin.protocols.dc09.header import ANSWER_TOKENS, Header, read_header
from tocsin.system import SystemClock

CONTENT = re.compile(rb"([^\[\]]*)\]((?:\[[^\[\]]*\])*)(?:_([^\[\]]*))?")
PAD = b"0123456789abcdefghijklmnopqrstu"


def decrypt(key: bytes, text: bytes) -> bytes | None:
    """Read the hex text of a frame by the standard's words: AES-CBC, IV of zeros, pad up to the first bar."""
    try:
        clear = Cipher(AES(key), CBC(bytes(16))).decryptor().update(bytes.fromhex(text.decode("ascii")))
    except ValueError:
        return None
    content, bracket, tail = clear.partition(b"]")
    return content.partition(b"|")[2] + bracket + tail  # without a bar there are no data


@dataclass(frozen=True)
class Heard:
    """A frame as the receiver understood it."""

    raw: bytes
    token: str
    sequence: str
    account: str
    receiver: str | None
    line: str | None
    encrypted: bool
    content: bytes | None
    stamp: str | None


Behaviour = Callable[[Heard, int], str]
"""What to answer: ack, nak, duh, silence, wrong-sequence, wrong-account, wrong-receiver, clear, twice, close."""


def always_ack(heard: Heard, count: int) -> str:
    """The good receiver."""
    return "ack"


@dataclass
class SmallReceiver:
    """Answers by `behave(heard, how many frames came before)`; keeps all that it heard."""

    keys: dict[str, bytes] = field(default_factory=dict)
    behave: Behaviour = always_ack
    window_s: float | None = None
    """Encrypted messages whose stamp is further off get a NAK."""
    clock_ahead_s: float = 0.0
    heard: list[Heard] = field(default_factory=list)
    acked: list[Heard] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    reads: list[int] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    transports: set[asyncio.BaseTransport] = field(default_factory=set)
    port: int = 0

    def now_us(self) -> int:
        return SystemClock().now_us() + round(self.clock_ahead_s * 1_000_000)

    def take(self, piece: RawFrame | Broken) -> tuple[bytes, bool]:
        """Return the answer's bytes and whether to hang up."""
        if isinstance(piece, Broken):
            self.broken.append(str(piece.reason))
            return b"", False
        header = read_header(piece.body)
        if header is None or header.token in ANSWER_TOKENS:
            self.broken.append("header")
            return b"", False
        key = self.keys.get(header.account)
        content = piece.body.partition(b"[")[2]
        if header.encrypted:
            content = None if key is None else decrypt(key, content)
        match = None if content is None else CONTENT.fullmatch(content)
        stamp = None if match is None or match[3] is None else match[3].decode()
        heard = Heard(
            piece.raw,
            header.token,
            header.sequence,
            header.account,
            header.receiver,
            header.line,
            header.encrypted,
            None if match is None else match[1] + match[2],
            stamp,
        )
        self.heard.append(heard)
        if match is None or (key is not None and not header.encrypted):
            return b"", False
        if header.encrypted and parse_stamp(stamp or "") is None:
            return b"", False  # a wrong key gives noise, and noise may hold a bracket
        if self.window_s is not None and header.encrypted:
            at = parse_stamp(stamp or "")
            if at is None or abs(self.now_us() - at) > self.window_s * 1_000_000:
                return self.nak(), False
        return self.answer(self.behave(heard, len(self.heard) - 1), heard, header, key)

    def nak(self) -> bytes:
        return encode_frame(
            token="NAK",
            sequence="0000",
            receiver="0",
            line="0",
            account="A0",
            data=None,
            timestamp=format_stamp(self.now_us()),
        )

    def answer(self, kind: str, heard: Heard, header: Header, key: bytes | None) -> tuple[bytes, bool]:
        if kind == "silence":
            return b"", False
        if kind == "close":
            return b"", True
        if kind == "nak":
            return self.nak(), False
        parts = {
            "token": "DUH" if kind == "duh" else "ACK",
            "sequence": header.sequence,
            "receiver": header.receiver,
            "line": header.line,
            "account": header.account,
        }
        if kind == "wrong-sequence":
            parts["sequence"] = f"{(int(header.sequence) + 1) % 10000:04d}"
        if kind == "wrong-account":
            parts["account"] = "9" + header.account[1:]
        if kind == "wrong-receiver":
            parts["receiver"] = "F" if header.receiver is None else None
        if header.encrypted and key is not None and kind not in ("duh", "clear"):
            frame = encode_frame(**parts, data=None, timestamp=format_stamp(self.now_us()), key=key, pad=PAD)
        else:
            form = "binary" if heard.raw[7:8] == b'"' else "hex"
            frame = encode_frame(**parts, data=None, crc_form=form)
        if kind in ("ack", "twice"):
            self.acked.append(heard)
        return frame * (2 if kind == "twice" else 1), False

    def drop_all(self) -> None:
        for transport in list(self.transports):
            transport.abort()


class _Stream(asyncio.Protocol):
    def __init__(self, owner: SmallReceiver) -> None:
        self.owner = owner
        self.decoder = StreamDecoder()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.owner.transports.add(transport)
        self.owner.connections += 1
        self.owner.open_now += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self.owner.transports.discard(self.transport)
        self.owner.open_now -= 1

    def data_received(self, data: bytes) -> None:
        self.owner.reads.append(len(data))
        out = []
        for piece in self.decoder.feed(data):
            answer, hang_up = self.owner.take(piece)
            if hang_up:
                self.transport.abort()
                return
            out.append(answer)
        if any(out):
            self.transport.write(b"".join(out))


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, owner: SmallReceiver) -> None:
        self.owner = owner

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.owner.reads.append(len(data))
        for piece in read_datagram(data):
            answer, _ = self.owner.take(piece)
            if answer:
                self.transport.sendto(answer, addr)


@asynccontextmanager
async def serving(owner: SmallReceiver, *, tls: ssl.SSLContext | None = None, udp: bool = False, port: int = 0):
    """Listen on 127.0.0.1; `owner.port` is the port."""
    loop = asyncio.get_running_loop()
    if udp:
        transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(owner), local_addr=("127.0.0.1", port))
        owner.port = transport.get_extra_info("sockname")[1]
        try:
            yield owner
        finally:
            transport.close()
            await asyncio.sleep(0)
        return
    server = await loop.create_server(lambda: _Stream(owner), "127.0.0.1", port, ssl=tls, backlog=4096)
    owner.port = server.sockets[0].getsockname()[1]
    try:
        yield owner
    finally:
        server.close()
        owner.drop_all()
        await server.wait_closed()
        await asyncio.sleep(0)
