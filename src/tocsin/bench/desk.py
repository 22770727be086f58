"""A program at the centre's API: asks for pages and follows the live stream, and takes the time of both."""

import contextlib
import http.client
import queue
import socket
import threading
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from tocsin.bench.ground import CLOCK
from tocsin.model.errors import CentreFault
from tocsin.web.api.types import Delta

ANSWER_S: Final = 30.0
_DELTA: Final = msgspec.json.Decoder(Delta)


class Got(NamedTuple):
    """An answer, and how long it took, with the way there and back."""

    status: int
    body: bytes
    seconds: float


class Desk:
    """One connection to the API, signed in by a link."""

    def __init__(self, address: tuple[str, int], link: str) -> None:
        """Use the link up: its session is this desk's."""
        self.address = address
        self._connection = http.client.HTTPConnection(*address, timeout=ANSWER_S)
        self._connection.request("POST", urlsplit(link).path)
        answer = self._connection.getresponse()
        answer.read()
        self.cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        """Name and value of the session's cookie."""
        if answer.status != http.HTTPStatus.SEE_OTHER or not self.cookie:
            raise CentreFault(
                f"The sign-in of the bench was answered with {answer.status}. Report this as a fault of Tocsin",
                "bench.sign_in",
            )
        self.headers = {"cookie": self.cookie}
        self._csrf: str | None = None

    def get(self, path: str, coding: str = "identity") -> Got:
        """Ask for a page, in this content coding where it is there in it."""
        headers = {**self.headers, "accept-encoding": coding}
        for is_last in (False, True):
            began_s = CLOCK.monotonic_s()
            try:
                self._connection.request("GET", path, headers=headers)
                answer = self._connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                # The centre ends connections that nobody uses for a while; the next request opens another.
                self._connection.close()
                if is_last:
                    raise
                continue
            body = answer.read()
            return Got(answer.status, body, CLOCK.monotonic_s() - began_s)
        raise AssertionError("the last try returns or raises")

    def claim(self, incident: str, version: int) -> None:
        """Claim an incident.

        Raises:
            CentreFault: it is not claimed.
        """
        if self._csrf is None:
            self._csrf = msgspec.json.decode(self.get("/api/v1/session").body)["csrf"]
        connection = http.client.HTTPConnection(*self.address, timeout=ANSWER_S)
        try:
            headers = {
                **self.headers,
                "x-csrf-token": self._csrf,
                "idempotency-key": f"bench-{incident}-{version}",
                "content-type": "application/json",
            }
            body = msgspec.json.encode({"version": version})
            connection.request("POST", f"/api/v1/incidents/{incident}/claim", body, headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise CentreFault(
                f"A claim of the bench was answered with {answer.status}. Report this as a fault of Tocsin",
                "bench.answers",
            )

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class Told(NamedTuple):
    """A change that the live stream told of."""

    account: str | None
    signals: int
    at_s: float
    """When it was read, on the monotonic clock."""


@contextlib.contextmanager
def following(desk: Desk) -> Iterator["queue.SimpleQueue[Told]"]:
    """Follow the live stream in a thread: what it tells of incidents comes into a queue, in order."""
    connection = http.client.HTTPConnection(*desk.address, timeout=ANSWER_S)
    connection.request("GET", "/api/v1/live", headers=desk.headers)
    # The answer takes the socket over, since it ends with it: kept here, so that reading can be ended.
    stream: socket.socket = connection.sock
    answer = connection.getresponse()
    if answer.status != http.HTTPStatus.OK:
        raise CentreFault(f"The live stream answered {answer.status}. Report this as a fault of Tocsin", "bench.live")
    told: queue.SimpleQueue[Told] = queue.SimpleQueue()

    def read() -> None:
        event = b""
        with contextlib.suppress(OSError, http.client.HTTPException):
            for line in answer:
                if line.startswith(b"event: "):
                    event = line[7:].strip()
                elif line.startswith(b"data: ") and event == b"delta":
                    at_s = CLOCK.monotonic_s()
                    for change in _DELTA.decode(line[6:]).changes:
                        if change.incident is not None:
                            told.put(Told(change.incident.account, change.incident.signals, at_s))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield told
    finally:
        with contextlib.suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)
        reader.join()
        answer.close()
        connection.close()
