"""A control room: a centre in a process of its own, the panels that report to it, and the people who sign in.

room.alarm("1001", "FA")                        a real frame, acknowledged
ana = room.person("Ana")                        a program with Ana's session, at the API
"""

import atexit
import contextlib
import functools
import http.client
import itertools
import json
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from support.centres import make_folder
from support.in_process import frame, receive
from support.server import Server, copy_centre, run_tocsin, wait_for
from tocsin.cli.link import make_link

ANSWER_S = 30.0
LINK_S = 900
ROLES = ("operator", "supervisor")


class Reply(NamedTuple):
    """What the API answered."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Person:
    """Somebody's session, used by a program."""

    def __init__(self, address: tuple[str, int], link: str) -> None:
        """Use the link up."""
        self.address = address
        reply = self.ask("POST", link)
        if reply.status != 303:
            raise AssertionError(f"the link let nobody in: {reply.status} {reply.text[:300]}")
        self.cookie = reply.headers["set-cookie"].partition(";")[0]
        self.headers = {"cookie": self.cookie}
        self.session = self.get("/session")
        self.headers["x-csrf-token"] = self.session["csrf"]
        self.id: str = self.session["user"]["id"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Ask for anything."""
        connection = http.client.HTTPConnection(*self.address, timeout=ANSWER_S)
        try:
            sent = {**getattr(self, "headers", {}), **headers}
            data = None
            if body is not None:
                data = json.dumps(body).encode()
                sent["content-type"] = "application/json"
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """Read a page of the API."""
        reply = self.ask("GET", f"/api/v1{path}")
        if reply.status != 200:
            raise AssertionError(f"{path}: {reply.status} {reply.text[:500]}")
        return reply.json

    def act(self, incident: str, name: str, **body: Any) -> Reply:
        """Give a command, under a key of its own."""
        key = uuid.uuid4().hex
        return self.ask("POST", f"/api/v1/incidents/{incident}/{name}", body, **{"idempotency-key": key})

    def claim(self, incident: dict[str, Any]) -> dict[str, Any]:
        """Claim an incident; it is that person's then."""
        reply = self.act(incident["id"], "claim", version=incident["version"])
        if reply.status not in (200, 201):
            raise AssertionError(f"not claimed: {reply.status} {reply.text[:500]}")
        return reply.json["incident"]

    def open_incidents(self) -> list[dict[str, Any]]:
        """Every open incident, in the order of the queue."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self.get(f"/incidents?state=open&limit=2000{after}")
            found += page["items"]
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"


class Room:
    """One centre, with whatever comes to it and whoever works at it."""

    def __init__(self, server: Server) -> None:
        """Take a server that is not begun."""
        self.server = server
        self.windows: list[Callable[[], object]] = []
        """What closes each browser window onto it; one that is closed already stays so."""
        self._sequences: dict[str, Iterator[int]] = {}

    @property
    def folder(self) -> Path:
        return self.server.folder

    @property
    def address(self) -> tuple[str, int]:
        """Where it serves pages."""
        return self.server.web

    @property
    def origin(self) -> str:
        """The same, as a browser writes it."""
        return f"http://{self.address[0]}:{self.address[1]}"

    def alarm(self, account: str, code: str = "FA", zone: int = 1, *, key: bytes | None = None, text: str = "") -> None:
        """Let the panel of an account report, and wait for its acknowledgement."""
        self.report(account, f"#{account}|Nri1/{code}{zone:03d}{text}", key=key)

    def report(self, account: str, data: str, *, token: str = "SIA-DCS", key: bytes | None = None) -> None:
        """Send a frame with these data, and wait for its acknowledgement."""
        numbers = self._sequences.setdefault(account, itertools.cycle(range(1, 10_000)))
        self.send([frame(account, next(numbers), data=data, token=token, key=key)], key=key)

    def send(self, frames: Sequence[bytes], key: bytes | None = None) -> None:
        """Send frames on one connection, and wait until all are acknowledged."""
        with socket.create_connection(self.server.dc09, ANSWER_S) as connection:
            for start in range(0, len(frames), 2000):
                part = frames[start : start + 2000]
                connection.sendall(b"".join(part))
                kinds = receive(connection, len(part), key)
                if kinds != ["ACK"] * len(part):
                    raise AssertionError(f"not acknowledged: {set(kinds)}")

    def send_unanswered(self, frame_: bytes) -> None:
        """Send a frame that is due no answer."""
        with socket.create_connection(self.server.dc09, ANSWER_S) as connection:
            connection.sendall(frame_)
            kinds = receive(connection, 0, None)
            if kinds:
                raise AssertionError(f"answered: {kinds}")

    def keep_addresses(self) -> None:
        """From the next start on listen where it listens now, so that pages that are open find it again."""
        web, dc09 = (f"{host}:{port}" for host, port in (self.address, self.server.dc09))
        settings = f'[web]\nlisten = "{web}"\n\n[receivers.dc09]\nlisten = ["{dc09}"]\n'
        (self.folder / "tocsin.toml").write_text(settings)

    def link(self, name: str = "Ana", roles: Sequence[str] = ROLES) -> str:
        """Path of a sign-in link for somebody, made as the command makes it."""
        return urlsplit(make_link(self.folder, name, roles, LINK_S)).path

    def person(self, name: str = "Ana", roles: Sequence[str] = ROLES) -> Person:
        """Sign somebody in."""
        return Person(self.address, self.link(name, roles))


@contextlib.contextmanager
def room(place: Path, *, settings: str = "", **tables: str) -> Iterator[Room]:
    """A centre with these tables (sites, accounts, zones), served for as long as the context lasts.

    `settings` are added to those that every one has.
    """
    folder = copy_centre(_template(tuple(tables.items())), place / "centre")
    if settings:
        with (folder / "tocsin.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
    with Server(folder) as server:
        made = Room(server)
        yield made
        # A page that is still there would go on asking, and be told that nobody answers.
        for close in reversed(made.windows):
            close()


@functools.cache
def _template(tables: tuple[tuple[str, str], ...]) -> Path:
    """A centre with these tables, made once in a process of tests: copying it takes a tenth of the time."""
    place = Path(tempfile.mkdtemp(prefix="tocsin-room-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    make_folder(place / "centre")
    for kind, table in tables:
        file = place / f"{kind}.csv"
        file.write_text(table, encoding="utf-8")
        done = run_tocsin("import", kind, file, "--dir", place / "centre")
        if done.status:
            raise AssertionError(f"not imported: {done.output} {done.errors}")
    return place / "centre"


def wait_for_open(person: Person, count: int, deadline_s: float = 30.0) -> list[dict[str, Any]]:
    """Wait until so many incidents are open, and return them."""
    wait_for(lambda: person.get("/incidents?state=open&limit=1")["total"] == count, deadline_s, f"{count} open")
    return person.open_incidents()
