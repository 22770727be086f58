"""Many consoles without a screen: live streams that are read and thrown away, each on a connection of its own."""

import contextlib
import selectors
import socket
import threading
from typing import Final

from tocsin.bench.desk import Desk
from tocsin.model.errors import CentreFault

ANSWER_S: Final = 30.0
LOOK_S: Final = 0.2
READ_BYTES: Final = 1 << 20


class Consoles:
    """Live streams of one session, for as long as the context lasts."""

    def __init__(self, desk: Desk, count: int) -> None:
        """Open so many with the session of `desk`."""
        self.received_bytes = 0
        self.deltas = 0
        """Events that told of a change, of all consoles together."""
        self._desk = desk
        self._count = count
        self._is_over = False
        self._sockets = selectors.DefaultSelector()
        self._reader = threading.Thread(target=self._read)
        self._ended = 0

    def __enter__(self) -> "Consoles":
        for _ in range(self._count):
            self._open()
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._reader.join()
        for key in list(self._sockets.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr] - sockets
        self._sockets.close()

    def check(self) -> None:
        """See that every stream is still there.

        Raises:
            CentreFault: one ended.
        """
        if self._ended:
            raise CentreFault(
                f"{self._ended} of {self._count} live streams ended: no figure can be had from that. Report this as a "
                "fault of Tocsin",
                "bench.live",
            )

    def _open(self) -> None:
        connection = socket.create_connection(self._desk.address, timeout=ANSWER_S)
        host = f"{self._desk.address[0]}:{self._desk.address[1]}"
        head = f"GET /api/v1/live HTTP/1.1\r\nhost: {host}\r\ncookie: {self._desk.cookie}\r\n\r\n"
        connection.sendall(head.encode())
        answer = connection.recv(READ_BYTES)
        if not answer.startswith(b"HTTP/1.1 200"):
            connection.close()
            raise CentreFault(
                f"A live stream was answered with {answer[9:12].decode('ascii', 'replace')}. Report this as a fault of "
                "Tocsin",
                "bench.live",
            )
        connection.setblocking(False)
        self._sockets.register(connection, selectors.EVENT_READ)

    def _read(self) -> None:
        while not self._is_over:
            for key, _ in self._sockets.select(LOOK_S):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                data = b""
                with contextlib.suppress(OSError):
                    data = connection.recv(READ_BYTES)
                if not data:
                    self._sockets.unregister(connection)
                    connection.close()
                    self._ended += 1
                    continue
                self.received_bytes += len(data)
                self.deltas += data.count(b"event: delta")
