"""The demo's one call: somebody telephones about a small fire, and a colleague takes it, as the console does.

It says of itself that it is simulated. The same call again opens nothing: it has one id.
"""

import contextlib
import http.client
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tocsin.cli.folder import open_centre
from tocsin.model.errors import CentreFault

CALL_S: Final = 115.0
"""So long after the demo began: the fire that its first steps are about has come by then."""

WAIT_S: Final = 10.0
LINK_S: Final = 300
DRAFT: Final = {
    "marks": {"place": "told", "type": "FIRE-OUTDOOR"},
    "words": {
        "where": "SIMULATED CALL: car park behind the fish market",
        "said": "A waste bin burns. Nobody is near it.",
        "answers": [{"number": 1, "words": "a waste bin"}, {"number": 3, "said": "no"}],
        "note": {"caller": {"telephone": "+1 202 555 0143", "call_back": "+1 202 555 0143"}},
    },
}


def take_call(folder: Path, web: str, name: str) -> None:
    """Sign in as somebody of the demo, take the call, and leave its incident to the desks.

    Raises:
        CentreFault: the centre refused it.
        OSError: it does not answer; trying again can help.
    """
    with signed_in(folder, web, name) as post:
        call = post("/api/v1/calls", "demo-call", {"draft": DRAFT})
        post(f"/api/v1/calls/{call['id']}/open", "demo-call-open", {"draft": DRAFT, "is_claimed": False})


@contextlib.contextmanager
def signed_in(folder: Path, web: str, name: str) -> Iterator[Callable[[str, str, object], Any]]:
    """Somebody of the demo signs in, does some things at the API under ids of their own, and signs out.

    Raises:
        CentreFault: the centre refused something.
        OSError: it does not answer; trying again can help.
    """
    with open_centre(folder) as centre:
        link = f"/sign-in/{centre.admission().link(name, (), LINK_S).secret}"
    asked = urlsplit(web)
    connection = http.client.HTTPConnection(asked.hostname or "", asked.port, timeout=WAIT_S)
    try:
        cookie = _ask(connection, "POST", link, {}, None, 303)[1].partition(";")[0]
        session, _ = _ask(connection, "GET", "/api/v1/session", {"cookie": cookie}, None, 200)
        headers = {"cookie": cookie, "x-csrf-token": session["csrf"], "content-type": "application/json"}
        yield lambda path, key, body: _ask(connection, "POST", path, {**headers, "idempotency-key": key}, body, 201)[0]
        form = {**headers, "content-type": "application/x-www-form-urlencoded"}
        _ask(connection, "POST", "/sign-out", form, None, 303)
    finally:
        connection.close()


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str], body: object, status: int
) -> tuple[Any, str]:
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    data, cookie = answer.read(), answer.getheader("set-cookie") or ""
    if answer.status != status:
        raise CentreFault(
            f"The demo's call was answered with {answer.status}. The demo goes on without it", "demo.call"
        )
    return (json.loads(data) if data.startswith(b"{") else None), cookie
