"""Guesses at passwords, each by another name from another address of this machine, until standard input ends.

Prints how many there were, and how many of them were looked at; the others were told to wait.
"""

import asyncio
import http
import os
import sys
from collections import Counter

import msgspec

from tocsin.system import call_every

ADDRESSES: int = 200 * 250
"""Of 127.0.0.0/8, all of which are this machine's own."""


NICE: int = 10
"""Whoever guesses has machines of their own: what it costs to send is not to be taken for what it costs to answer."""

STEP_S: float = 0.005
"""As often those are begun whose time has come."""


class Guessed(msgspec.Struct, frozen=True):
    """What came of it."""

    sent: int
    looked_at: int
    failed: int
    """Without an answer."""


async def _guess(host: str, port: int, number: int) -> int:
    """Send one wrong password; return the status of the answer, 0 where there is none."""
    place = number % ADDRESSES
    body = f"name=Person+{number}&password=no+such+password+{number}".encode()
    try:
        reader, writer = await asyncio.open_connection(
            host, port, local_addr=(f"127.{1 + place % 200}.{place // 200}.1", 0)
        )
        writer.write(
            b"POST /sign-in HTTP/1.1\r\nhost: %b:%d\r\naccept: text/html\r\nconnection: close\r\n"
            b"content-type: application/x-www-form-urlencoded\r\ncontent-length: %d\r\n\r\n%b"
            % (host.encode(), port, len(body), body)
        )
        answer = await reader.read()
        writer.close()
        return int(answer.split(b" ", 2)[1])
    except (OSError, ValueError, IndexError):
        return 0


async def send(host: str, port: int, rate_per_s: float) -> Guessed:
    """Guess at this rate, whatever the answers do, until standard input ends."""
    running, statuses = set[asyncio.Task[int]](), Counter[int]()
    clock = asyncio.get_running_loop().time
    began_s, begun = clock(), 0

    def begin() -> None:
        nonlocal begun
        while begun < (clock() - began_s) * rate_per_s:
            task = asyncio.create_task(_guess(host, port, begun))
            running.add(task)
            task.add_done_callback(end)
            begun += 1

    def end(task: asyncio.Task[int]) -> None:
        running.discard(task)
        statuses[task.result()] += 1

    sending = asyncio.create_task(call_every(STEP_S, begin))
    await asyncio.to_thread(sys.stdin.buffer.read)
    sending.cancel()
    await asyncio.gather(*running)
    return Guessed(sum(statuses.values()), statuses[http.HTTPStatus.BAD_REQUEST], statuses[0])


if __name__ == "__main__":
    os.nice(NICE)
    guessed = asyncio.run(send(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
    sys.stdout.buffer.write(msgspec.json.encode(guessed) + b"\n")
