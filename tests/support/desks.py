"""A centre in this process that people and panels work with: real frames in, real HTTP out.

with desks(folder) as office:
    ana = office.person("Ana")
    incident = office.alarm("1001", "FA")
    with ana.listen() as stream: ...
"""

import contextlib
import itertools
import socket

from support.centres import held, make_folder, wait_for
from support.in_process import frame, serving
from support.live import Follower, ServerEvents
from support.room import ANSWER_S, ROLES, Person

SITES = (
    "name,address,directions,hazards,hazard_details\n"
    "Boiler hall,1 Quay Street,Gate 2,flammable_gas,two bottles\nBank,2 Quay Street,,,\n"
)
ACCOUNTS = "account,site,name\n1001,Boiler hall,Fire panel\n1002,Bank,Intrusion panel\n1003,Boiler hall,Water\n"
ZONES = "account,receiver,line,zone,name,type,priority\n1001,,,1,Kessel 1,,\n1001,,,2,Kessel 2,,\n"


def make_office(folder, **options):
    """A folder with two sites, three accounts and two zones; return its settings."""
    settings = make_folder(folder, **options)
    with held(settings) as centre:
        for kind, table in (("sites", SITES), ("accounts", ACCOUNTS), ("zones", ZONES)):
            centre.add(table.encode(), kind=kind)
    return settings


class Office:
    """A centre at work, its panels and its people."""

    def __init__(self, centre):
        self.centre = centre
        self.address = centre.service.web_address
        self._sequence = itertools.count(1)

    def person(self, name="Ana", roles=ROLES):
        made = self.centre.remote.link(name, roles)
        return Operator(self.address, f"/sign-in/{made.secret}")

    def program(self, *scopes):
        """A token's header."""
        return {"authorization": f"Bearer {self.centre.remote.create_token(scopes).secret}"}

    def report(self, account, code, zone=1, text=""):
        """Let a panel report, and wait until it is acknowledged."""
        data = f"#{account}|Nri1/{code}{zone:03d}" + (f"^{text}^" if text else "")
        assert self.centre.send(frame(account, next(self._sequence) % 9999 + 1, data=data)) == ["ACK"]

    def alarm(self, person, account="1001", code="FA", zone=1, text=""):
        """Let a panel report what opens an incident; return its row."""
        before = {row["id"] for row in person.open_incidents()}
        self.report(account, code, zone, text)
        return wait_for(lambda: next((row for row in person.open_incidents() if row["id"] not in before), None))


class Operator(Person):
    """Somebody who is signed in, and may listen."""

    @contextlib.contextmanager
    def listen(self, last=None, **headers):
        """The live stream, on a connection of its own."""
        sent = {key: value for key, value in self.headers.items() if key == "cookie"} | headers
        if last is not None:
            sent["Last-Event-ID"] = last
        with Stream(self.address, sent) as stream:
            yield stream

    def close(self, id_, disposition="test", **more):
        """Claim an incident, from whoever has it, and close it; return its row."""
        version = self.get(f"/incidents/{id_}")["incident"]["version"]
        claimed = self.act(id_, "claim", version=version, take_over=True)
        reply = self.act(id_, "close", version=claimed.json["incident"]["version"], disposition=disposition, **more)
        assert reply.status == 200, reply.text
        return reply.json["incident"]

    def close_all(self):
        for row in self.open_incidents():
            self.close(row["id"])

    def snapshot(self, follower, limit=2000):
        """Load all pages of the queue into a follower."""
        pages, after = [], ""
        while True:
            reply = self.ask("GET", f"/api/v1/incidents?state=open&limit={limit}{after}")
            pages.append(reply.text.encode())
            if reply.json["next"] is None:
                follower.load(*pages)
                return
            after = f"&after={reply.json['next']}"


class Stream:
    """One live stream over a socket of its own, and the console that follows it."""

    def __init__(self, address, headers, path="/api/v1/live", version="1.1", receive_bytes=None):
        self._socket = socket.socket()
        self._socket.settimeout(ANSWER_S)
        if receive_bytes is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self._socket.connect(address)
        lines = [f"GET {path} HTTP/{version}", f"Host: {address[0]}:{address[1]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            data = self._socket.recv(65_536)
            assert data, f"the connection ended: {head!r}"
            head += data
        head, _, self._early = head.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in rest)}
        self.follower = Follower()
        self.is_over = False
        self._events = ServerEvents()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def read(self, seconds=ANSWER_S):
        """Take what has come, or wait for it so long; return the events. None come after the end."""
        if self._early:
            data, self._early = self._early, b""
        else:
            self._socket.settimeout(seconds)
            try:
                data = self._socket.recv(1 << 20)
            except TimeoutError:
                return []
            except ConnectionResetError:
                data = b""
            if not data:
                self.is_over = True
                return []
        events = self._events.feed(data)
        self.follower.take(events)
        return events

    def until(self, condition):
        """Read until it holds; return what it said."""

        def look():
            found = condition(self.follower)
            if not found:
                self.read(0.2)
            return found

        return wait_for(look, ANSWER_S)

    def until_over(self):
        """Read to the end; whether it ended in good order."""
        while not self.is_over:
            self.read()
        return self._events.is_over


@contextlib.contextmanager
def desks(folder, **options):
    """An office at work, ended at the end."""
    with serving(make_office(folder, **options)) as centre:
        yield Office(centre)
