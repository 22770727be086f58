"""The load of machines by HTTP: batches of signals, one outstanding on each connection, in a process of its own.

Reads one order a line on stdin, encodes, says `Ready`, and begins with the next line; answers with one `Result`.
"""

import asyncio
import http
import sys
from typing import Final

import msgspec

from tocsin.bench.load import Failed, Ready, Result
from tocsin.bench.machines import batch
from tocsin.system import SystemClock, cpu_s

ANSWER_MAX: Final = 1 << 20
_CLOCK: Final = SystemClock()


class Post(msgspec.Struct, frozen=True):
    """Send so many requests for each source, each of so many signals."""

    host: str
    port: int
    sources: tuple[str, ...]
    tokens: tuple[str, ...]
    first: int
    """Number of the first signal of each source."""
    requests_each: int
    signals: int


def requests_of(order: Post) -> list[list[bytes]]:
    """The requests of each source, as they go on the wire."""
    made: list[list[bytes]] = []
    for source, token in zip(order.sources, order.tokens, strict=True):
        bodies = (
            batch(source, order.first + number * order.signals, order.signals) for number in range(order.requests_each)
        )
        made.append(
            [
                b"POST /api/v1/intake/signals HTTP/1.1\r\nhost: %b:%d\r\nauthorization: Bearer %b\r\n"
                b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
                % (order.host.encode(), order.port, token.encode(), len(body), body)
                for body in bodies
            ]
        )
    return made


async def _send(order: Post, requests: list[bytes]) -> tuple[int, int]:
    """Send one after the other; return how many signals were taken, and how many answers were others."""
    taken = wrong = 0
    reader, writer = await asyncio.open_connection(order.host, order.port, limit=ANSWER_MAX)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
        await reader.readexactly(int(fields[b"content-length"]))
        if int(head.split(b" ", 2)[1]) == http.HTTPStatus.ACCEPTED:
            taken += order.signals
        else:
            wrong += 1
    writer.close()
    return taken, wrong


async def send(order: Post, requests: list[list[bytes]]) -> Result:
    """Send all of it, a connection for each source."""
    began_s, began_cpu_s = _CLOCK.monotonic_s(), cpu_s()
    each = await asyncio.gather(*(_send(order, one) for one in requests))
    return Result(
        connections=len(requests),
        answered=sum(taken for taken, _ in each),
        wrong=sum(wrong for _, wrong in each),
        seconds=_CLOCK.monotonic_s() - began_s,
        cpu_s=cpu_s() - began_cpu_s,
    )


def main() -> None:
    """Take orders until standard input ends."""
    while line := sys.stdin.buffer.readline():
        order = msgspec.json.decode(line, type=Post)
        requests = requests_of(order)
        _say(Ready(order.requests_each))
        sys.stdin.buffer.readline()
        try:
            _say(asyncio.run(send(order, requests)))
        except (OSError, EOFError, ValueError, KeyError) as error:
            _say(Failed(f"{type(error).__name__}: {error}"))


def _say(what: Ready | Result | Failed) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
