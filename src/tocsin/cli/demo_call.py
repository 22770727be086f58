"""The demo's one call: somebody telephones about a small fire, and a colleague takes it, as the console does.

It says of itself that it is simulated. The same call again opens nothing: it has one id.
"""

import http.client
import json
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
    with open_centre(folder) as centre:
        link = f"/sign-in/{centre.admission().link(name, (), LINK_S).secret}"
    asked = urlsplit(web)
    connection = http.client.HTTPConnection(asked.hostname or "", asked.port, timeout=WAIT_S)
    try:
        cookie = _ask(connection, "POST", link, {}, None, 303)[1].partition(";")[0]
        session, _ = _ask(connection, "GET", "/api/v1/session", {"cookie": cookie}, None, 200)
        headers = {"cookie": cookie, "x-csrf-token": session["csrf"], "content-type": "application/json"}
        call, _ = _ask(
            connection, "POST", "/api/v1/calls", {**headers, "idempotency-key": "demo-call"}, {"draft": DRAFT}, 201
        )
        body = {"draft": DRAFT, "is_claimed": False}
        path = f"/api/v1/calls/{call['id']}/open"
        _ask(connection, "POST", path, {**headers, "idempotency-key": "demo-call-open"}, body, 201)
        _ask(
            connection, "POST", "/sign-out", {**headers, "content-type": "application/x-www-form-urlencoded"}, None, 303
        )
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
