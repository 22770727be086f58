"""The demo's telephones: a simulated provider of messages and calls, and a page in the browser with the phones.

Nothing leaves this computer, and nothing rings: it takes what the centre sends to a provider of the shape that Twilio's
interface has (`notify.gateway`), shows it, and calls the centre back, as a provider does, with what was delivered and
which keys were pressed.
"""

import base64
import contextlib
import hmac
import html
import os
import queue
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import parse_qs, urlencode, urljoin
from xml.etree import ElementTree

import msgspec

from tocsin.data import read_shipped
from tocsin.model.ports import Clock
from tocsin.system import SystemClock, SystemIds

__all__ = ["ACCOUNT", "Answer", "PhoneServer", "Phones"]

ACCOUNT: Final = "demo"
PAGE: Final = "demo/phones.html"
TOKEN_FILE: Final = "demo-telephones.token"  # noqa: S105 - the name of a file
FORM_BYTES_MAX: Final = 16_384
ANSWER_BYTES_MAX: Final = 65_536
KEPT_MAX: Final = 50
"""Messages and calls that are shown, the newest; the others are forgotten."""

PHONES_MAX: Final = 20
"""Numbers that are reached; another one is refused as a provider refuses a number that cannot be."""

RING_S: Final = 25
"""So long a phone rings where the centre does not say how long."""

CALLBACK_S: Final = 5.0
REQUEST_S: Final = 30.0
TICK_S: Final = 0.5
NUMBER_REFUSED: Final = 21_211
"""Code by which such a provider says that a number cannot be reached."""

_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_LINK: Final = re.compile(r"https?://[^\s<>\"']+")
_PATH: Final = re.compile(r"/calls/([0-9]{1,9})/(take|hang-up|1|2|9)")

Post = Callable[[str, Mapping[str, str]], bytes]
"""Sends a form to an address of the centre; returns what it says. Raises OSError where it does not answer."""


class Answer(NamedTuple):
    """What the provider says to a request."""

    status: int
    body: bytes
    content_type: str = "application/json"


class Text(msgspec.Struct):
    """A message on a phone."""

    number: str
    body: str


class Call(msgspec.Struct):
    """A call to a phone, from its first ringing on."""

    id: int
    number: str
    url: str
    """Asked for what is said when somebody takes it."""
    status_url: str
    due_s: float | None
    """When it stops ringing, or has been silent for too long."""
    action: str | None = None
    """Where a pressed key goes."""
    said: str = ""
    state: Literal["ringing", "talking", "over"] = "ringing"
    end: str = ""


class Phones:
    """The phones with what came to each. From any thread."""

    def __init__(self, names: Mapping[str, str], clock: Clock, post: Post) -> None:
        """`names`: whose each number is."""
        self._names = names
        self._clock = clock
        self._post = post
        self._lock = threading.RLock()
        self._numbers = list(names)
        self._texts: list[Text] = []
        self._calls: list[Call] = []
        self._last = 0
        self._later: queue.SimpleQueue[tuple[str, dict[str, str]]] = queue.SimpleQueue()

    # What the centre asks of a provider ------------------------------------------------------------------------------

    def message(self, form: Mapping[str, str]) -> Answer:
        """A text message: it is delivered at once."""
        with self._lock:
            number = self._known(form)
            if number is None:
                return _refused()
            self._texts = [*self._texts, Text(number, form.get("Body", "")[:2_000])][-KEPT_MAX:]
            self._last += 1
            self._later.put((form.get("StatusCallback", ""), {"MessageStatus": "delivered"}))
            return _taken(f"SM{self._last}")

    def call(self, form: Mapping[str, str]) -> Answer:
        """A call: the phone rings until somebody takes it, or its time is over."""
        with self._lock:
            number = self._known(form)
            if number is None:
                return _refused()
            self._last += 1
            asked = form.get("Timeout", "")
            ring_s = int(asked) if asked.isdigit() and len(asked) <= 3 else RING_S
            made = Call(
                id=self._last,
                number=number,
                url=form.get("Url", ""),
                status_url=form.get("StatusCallback", ""),
                due_s=self._clock.monotonic_s() + ring_s,
            )
            self._calls = [*self._calls, made][-KEPT_MAX:]
            return _taken(f"CA{made.id}")

    # What somebody does on the page ----------------------------------------------------------------------------------

    def press(self, id_: int, what: str) -> None:
        """Take a call, press a key in it, or hang up. Of a call that is over, or does not stand so, nothing changes."""
        with self._lock:
            call = next((one for one in self._calls if one.id == id_), None)
            if call is None or call.state == "over":
                return
            if call.state == "ringing":
                if what == "take":
                    self._ask(call, call.url, {"CallStatus": "in-progress"})
                elif what == "hang-up":
                    self._over(call, "You let it go.", "busy")
            elif what == "hang-up":
                self._over(call, "You hung up.", "completed")
            elif what in ("1", "2", "9") and call.action is not None:
                self._ask(call, call.action, {"Digits": what})

    # What time does --------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """What rings too long stops; who says nothing for so long is asked again, as the centre wants it."""
        with self._lock:
            for call in self._calls:
                if call.due_s is None or call.state == "over" or self._clock.monotonic_s() < call.due_s:
                    continue
                if call.state == "ringing":
                    self._over(call, "Nobody took it.", "no-answer")
                elif call.action is not None:
                    self._ask(call, call.action, {})
        while True:
            try:
                url, form = self._later.get_nowait()
            except queue.Empty:
                return
            with contextlib.suppress(OSError):  # the plug is pulled: what became of it the centre never hears
                self._post(url, form)

    # What the page shows ---------------------------------------------------------------------------------------------

    def shown(self) -> str:
        """All phones as HTML, each with the newest first."""
        with self._lock:
            return "".join(self._phone(number) for number in self._numbers)

    def _phone(self, number: str) -> str:
        owner = html.escape(self._names.get(number, "A number that you entered"))
        calls = [self._call(one) for one in reversed(self._calls) if one.number == number]
        texts = [f'<li class="text">{_linked(one.body)}</li>' for one in reversed(self._texts) if one.number == number]
        nothing = "" if calls or texts else "<p>Nothing has come yet.</p>"
        return (
            f'<section class="phone" aria-label="Telephone of {owner}"><h2>{owner}</h2><p class="number">{number}</p>'
            f"<ul>{''.join(calls)}</ul>{nothing}<ul>{''.join(texts)}</ul></section>"
        )

    def _call(self, call: Call) -> str:
        said = f"<blockquote>{html.escape(call.said)}</blockquote>" if call.said else ""
        if call.state == "ringing":
            keys = _button(call.id, "take", "Take the call") + _button(call.id, "hang-up", "Let it go")
            return f'<li class="ringing"><strong>It rings</strong>{keys}</li>'
        if call.state == "talking":
            keys = "".join(
                _button(call.id, key, words)
                for key, words in (("1", "1 Coming"), ("2", "2 Cannot"), ("9", "9 Again"), ("hang-up", "Hang up"))
            )
            return f'<li class="talking"><strong>The centre says</strong>{said}{keys}</li>'
        return f'<li class="over">A call is over. {html.escape(call.end)}{said}</li>'

    # Inside ----------------------------------------------------------------------------------------------------------

    def _known(self, form: Mapping[str, str]) -> str | None:
        number = form.get("To", "")
        if number not in self._numbers:
            if not _NUMBER.fullmatch(number) or len(self._numbers) >= PHONES_MAX:
                return None
            self._numbers.append(number)
        return number

    def _ask(self, call: Call, url: str, form: dict[str, str]) -> None:
        """Let the centre say what is said next, and listen for a key, or end."""
        try:
            root = ElementTree.fromstring(self._post(url, {"CallSid": f"CA{call.id}", **form}))  # noqa: S314 - our own
        except (OSError, ElementTree.ParseError):
            self._over(call, "The line is dead: the centre does not answer.", None)
            return
        call.said = " ".join(one.text or "" for one in root.iter("Say"))
        gather = root.find("Gather")
        if gather is None:
            self._over(call, "The centre hung up.", "completed")
            return
        call.state = "talking"
        call.action = urljoin(url, gather.get("action", ""))
        call.due_s = self._clock.monotonic_s() + float(gather.get("timeout", "8"))

    def _over(self, call: Call, words: str, status: str | None) -> None:
        call.state, call.end, call.due_s, call.action = "over", words, None, None
        if status is not None:
            self._later.put((call.status_url, {"CallSid": f"CA{call.id}", "CallStatus": status}))


class PhoneServer:
    """The provider and its page, on a port of this machine, as long as the context lasts."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Show the phones of these numbers."""
        self.token = SystemIds().token_bytes(24).hex()
        """What the centre signs in with."""
        self._phones = Phones(names, SystemClock(), _post)
        self._page = read_shipped(PAGE)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(TICK_S,), daemon=True),
            threading.Thread(target=self._tick, daemon=True),
        ]

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{self.address}/"

    def keep_token(self, folder: Path) -> None:
        """Write what the centre signs in with into its folder, anew, where nobody else may read it."""
        file = folder / TOKEN_FILE
        file.unlink(missing_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as made:
            made.write(f"{self.token}\n")

    def environment(self) -> dict[str, str]:
        """Settings of a centre that sends here, and nowhere else."""
        return {
            "TOCSIN_NOTIFY__INTERNAL": msgspec.json.encode([self.address]).decode(),
            "TOCSIN_NOTIFY__GATEWAY__URL": f"{self.url}2010-04-01/Accounts/{ACCOUNT}",
            "TOCSIN_NOTIFY__GATEWAY__ACCOUNT": ACCOUNT,
            "TOCSIN_NOTIFY__GATEWAY__TOKEN_FILE": TOKEN_FILE,
            "TOCSIN_NOTIFY__GATEWAY__SENDER": "Harbour",
            "TOCSIN_NOTIFY__GATEWAY__SMS": "true",
            "TOCSIN_NOTIFY__GATEWAY__CALLS": "true",
        }

    def __enter__(self) -> "PhoneServer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    def _tick(self) -> None:
        while not self._ended.wait(TICK_S):
            self._phones.tick()

    def get(self, path: str) -> Answer:
        """The page, or what it shows now."""
        if path == "/":
            return Answer(200, self._page.replace("<!-- phones -->", self._phones.shown()).encode(), "text/html")
        if path == "/now":
            return Answer(200, self._phones.shown().encode(), "text/html")
        return Answer(404, b"There is nothing here.", "text/plain")

    def post(self, path: str, form: Mapping[str, str], authorization: str) -> Answer:
        """What the centre asks of a provider, or somebody does on the page."""
        if found := _PATH.fullmatch(path):
            self._phones.press(int(found[1]), found[2])
            return Answer(303, b"", "text/plain")
        wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{self.token}".encode()).decode()
        if not hmac.compare_digest(authorization.encode(), wanted.encode()):
            return Answer(401, b"{}")
        begin = f"/2010-04-01/Accounts/{ACCOUNT}/"
        if path == f"{begin}Messages.json":
            return self._phones.message(form)
        if path == f"{begin}Calls.json":
            return self._phones.call(form)
        return Answer(404, b"{}")

    def is_own(self, headers: Mapping[str, str]) -> bool:
        """It came to this page by its own name, and from no other page."""
        names = {self.address, self.address.replace("127.0.0.1", "localhost")}
        origin = headers.get("origin")
        return headers.get("host", "") in names and (origin is None or origin.removeprefix("http://") in names)


def _handler(server: PhoneServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = REQUEST_S

        def do_GET(self) -> None:
            self._say(server.get(self.path) if server.is_own(self._fields()) else _not_own())

        def do_POST(self) -> None:
            fields = self._fields()
            length = fields.get("content-length", "0")
            if not length.isdigit() or int(length) > FORM_BYTES_MAX:
                self.close_connection = True
                self._say(Answer(413, b"At most 16 KiB are taken.", "text/plain"))
                return
            body = self.rfile.read(int(length)).decode("utf-8", "replace")
            form = {name: values[0] for name, values in parse_qs(body, max_num_fields=100).items()}
            is_own = server.is_own(fields)
            self._say(server.post(self.path, form, fields.get("authorization", "")) if is_own else _not_own())

        def _fields(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def _say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("content-type", f"{answer.content_type}; charset=utf-8")
            self.send_header("content-length", str(len(answer.body)))
            self.send_header("cache-control", "no-store")
            if answer.status == 303:
                self.send_header("location", "/")
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
            """Nothing is logged: what is sent has links that let anybody answer."""

    return Handler


def _post(url: str, form: Mapping[str, str]) -> bytes:
    if not url.startswith(("http://127.0.0.1:", "http://[::1]:", "http://localhost:")):
        raise OSError("the centre of the demo is on this machine")
    asked = urllib.request.Request(url, urlencode(form).encode(), method="POST")  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(asked, timeout=CALLBACK_S) as answer:  # noqa: S310 - checked above
            return answer.read(ANSWER_BYTES_MAX)
    except ValueError as error:
        raise OSError("no address") from error


def _taken(sid: str) -> Answer:
    return Answer(201, msgspec.json.encode({"sid": sid}))


def _refused() -> Answer:
    return Answer(400, msgspec.json.encode({"code": NUMBER_REFUSED}))


def _not_own() -> Answer:
    return Answer(403, b"This page is opened by its own address alone.", "text/plain")


def _button(id_: int, what: str, words: str) -> str:
    return f'<form method="post" action="/calls/{id_}/{what}"><button>{words}</button></form>'


def _linked(text: str) -> str:
    """The text with its links, of our own centre, to follow."""
    parts: list[str] = []
    at = 0
    for found in _LINK.finditer(text):
        url = html.escape(found[0])
        parts += [html.escape(text[at : found.start()]), f'<a href="{url}" target="_blank" rel="noopener">{url}</a>']
        at = found.end()
    return "".join([*parts, html.escape(text[at:])])
