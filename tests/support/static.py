"""Pages of a test, served on a port of this machine."""

import contextlib
import http.server
import threading
from collections.abc import Iterator, Mapping
from typing import NamedTuple

TYPES = {".js": "text/javascript", ".css": "text/css"}


class Page(NamedTuple):
    """What an address answers."""

    text: str
    headers: Mapping[str, str] = {}


@contextlib.contextmanager
def serve_pages(pages: Mapping[str, Page | str]) -> Iterator[str]:
    """Serve these by their paths for as long as the context lasts; the origin."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path, "" if self.path == "/favicon.ico" else None)
            page = Page(found) if isinstance(found, str) else found
            self.send_response(404 if page is None else 200)
            kind = TYPES.get(self.path[self.path.rfind(".") :], "text/html")
            self.send_header("content-type", f"{kind}; charset=utf-8")
            for name, value in (page.headers if page else {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write((page.text if page else "").encode())

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
