"""Fakes of those who carry notices: HTTP servers that note what they are given and answer as a test says.

They are no providers: they show what we send and how we take their answers, not whether anything is delivered.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from support.server import wait_for


class Taken(NamedTuple):
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


class FakeProvider:
    """Takes what is sent to it. `answer` is what it says: status, headers, body; or a function of the request."""

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        self.taken: list[Taken] = []
        self.answer: Any = (204, {}, b"")
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                taken = Taken(self.path, headers, body)
                owner.taken.append(taken)
                said = owner.answer(taken) if callable(owner.answer) else owner.answer
                status, more, content = said
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/hook") -> str:
        return f"http://{self.address}{path}"

    def wait(self, count: int = 1, deadline_s: float = 10.0) -> list[Taken]:
        """Wait until so many came."""
        wait_for(lambda: len(self.taken) >= count, deadline_s, f"{count} requests at the fake provider")
        return self.taken

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    """A fake for as long as the context lasts."""
    made = FakeProvider()
    try:
        yield made
    finally:
        made.close()
