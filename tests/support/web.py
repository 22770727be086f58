"""The web application over a held centre of this process, and people and programs who ask it.

with web(settings) as site:
    operator = site.signed_in("operator")
    assert operator.get("/api/v1/session").status_code == 200
"""

import asyncio
import contextlib
import dataclasses
import functools
import itertools
import re
from typing import Any

import httpx

from support import known_handlers
from support.centres import HeldCentre
from support.people import CHEAP, PASSWORD
from tocsin.access.access import Access
from tocsin.access.passwords import Passwords
from tocsin.centre.categories import shipped_categories
from tocsin.centre.supervision import Watch
from tocsin.centre.supervision_board import Board as SupervisionBoard
from tocsin.centre.supervision_losses import Losses
from tocsin.intake.telephone.receiver import Telephone
from tocsin.intake.webhook.counts import COUNTS, SourceTally
from tocsin.intake.webhook.receiver import Webhooks
from tocsin.model.errors import CentreFault
from tocsin.model.values import Actor, Seq
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.system import SystemIds
from tocsin.web.app import make_app
from tocsin.web.board import Board
from tocsin.web.parts import Parts

ORIGIN = "http://127.0.0.1:8400"
TAG = "test0000"
known_handlers.remember()


class Ready:
    """A process with nothing missing (`web.health.Status`)."""

    def __init__(self):
        self.lacks = []

    def missing(self):
        return self.lacks

    def metrics(self):
        return b"tocsin_ready 1.0\n"


class Client:
    """Asks the application in an event loop of its own; keeps cookies as a browser does, and follows no redirect."""

    def __init__(self, runner, app, origin, address):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50_000))
        self._runner = runner
        self._client = httpx.AsyncClient(transport=transport, base_url=origin)
        self.headers, self.cookies = self._client.headers, self._client.cookies

    def request(self, method, path, **options):
        answer = self._runner.run(self._client.request(method, path, **options))
        for cookie in answer.cookies.jar:
            # In place of the one that the test gave it: to httpx that is another site's.
            if cookie.value and self.cookies.get(cookie.name, domain="") is not None:
                self.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
                self.cookies.set(cookie.name, cookie.value)
        return answer

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, **options):
        return self.request("POST", path, **options)

    def patch(self, path, **options):
        return self.request("PATCH", path, **options)

    def put(self, path, **options):
        return self.request("PUT", path, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def close(self):
        self._runner.run(self._client.aclose())


class Direct:
    """A writer that stores at once, in the event loop (`journal.writer.Writer`)."""

    waiting_signals = 0

    def __init__(self, site):
        self._site = site

    def submit(self, arrival, tag):
        try:
            (told,) = self._site.held.journal.store([arrival])
        except CentreFault as fault:
            told = fault
        self._site.parts.webhooks.delivered(tag, told)


class Site:
    """The application, and what it works with."""

    def __init__(self, settings, clock=None, held: Any = (), **parts: Any):
        """`held` are options of the centre, `parts` take the place of the usual ones."""
        self.held = HeldCentre(settings, clock=clock, **dict(held))
        self.clock = self.held.clock
        self.passwords = Passwords(CHEAP)
        self.access = make_access(self.held, settings, passwords=self.passwords)
        self.held.centre.use_approvals(self.access.approvals.take)
        board = Board(1)
        board.load(Seq(0), [])
        self.watch = Watch(b"k" * 32, self.clock, shipped_categories())
        self.losses = Losses(self.watch, self.held.store, self.clock, lambda facts: [], b"k" * 32)
        plain = {
            "supervision": SupervisionBoard(self.watch, self.losses, self.clock),
            "access": self.access,
            "board": board,
            "catalogue": shipped_catalogue(),
            "centre": self.held.centre,
            "clock": self.clock,
            "hub": None,
            "ids": SystemIds(),
            "settings": settings,
            "status": Ready(),
            "store": self.held.store,
            "vault": self.held.vault,
            "webhooks": self._webhooks(),
        }
        plain["telephone"] = Telephone(plain["webhooks"], self.held.centre.rings, self.held.centre.dials)
        plain["dialling"] = None
        names = {field.name for field in dataclasses.fields(Parts)}
        self.parts = Parts(**({name: value for name, value in plain.items() if name in names} | parts))
        self._numbers = itertools.count(1)
        self._runner = asyncio.Runner()
        self._clients = []

    def _webhooks(self):
        tally = SourceTally(self.held.store.get_meta(COUNTS))
        made = Webhooks(
            store=self.held.store,
            writer=Direct(self),
            tally=tally,
            watch=self.watch,
            clock=self.clock,
            queue_max=100,
            secrets=self.held.vault,
        )
        made.use(self.held.centre.snapshot())
        return made

    @functools.cached_property
    def app(self):
        """The application, made when somebody asks it; a test may put another in its place before."""
        return make_app(self.parts)

    def client(self, origin=ORIGIN, address="192.0.2.7"):
        """Somebody whom nobody knows, who asks from this address."""
        made = Client(self._runner, self.app, origin, address)
        self._clients.append(made)
        return made

    def user(self, *roles, name=None):
        """Make a user; return the id."""
        return self.access.set_user(name or f"Person {next(self._numbers)}", roles, Actor("cli"))

    def known(self, *roles, name="Ana Horvat", password=PASSWORD):
        """Make a user with a password; return the id."""
        user = self.user(*roles, name=name)
        self.access.set_password(user, password, Actor("cli"))
        return user

    def link(self, *roles, user=None):
        """A sign-in link's secret."""
        return self.access.create_link(user or self.user(*roles), Actor("cli")).secret

    def session(self, *roles, user=None):
        """The secret of an open session, and the session."""
        return self.access.sign_in(self.link(*roles, user=user))

    def signed_in(self, *roles, user=None, origin=ORIGIN, address="192.0.2.7"):
        """Somebody who is signed in with these roles; the CSRF token goes with every request."""
        secret, session = self.session(*roles, user=user)
        client = self.client(origin, address)
        prefix = "__Host-" if origin.startswith("https") else ""
        client.cookies.set(f"{prefix}tocsin-{TAG}", secret)
        client.headers["x-csrf-token"] = session.csrf
        return client

    def program(self, *scopes, origin=ORIGIN):
        """A program with a token of these scopes."""
        client = self.client(origin)
        client.headers["authorization"] = f"Bearer {self.access.create_token(scopes, 90, Actor('cli')).secret}"
        return client

    def close(self):
        for client in self._clients:
            client.close()
        self._runner.close()
        self.held.close()


def make_access(held, settings, record=None, **options):
    """Access over a held centre."""
    return Access(
        store=held.store,
        secrets=held.vault,
        clock=held.clock,
        ids=SystemIds(),
        record=record or held.journal.record,
        session_s=settings.web.session_h * 3600,
        centre_tag=TAG,
        **({"passwords": Passwords(CHEAP)} | options),
    )


@contextlib.contextmanager
def web(settings, **options):
    """The application over a held centre, let go of at the end."""
    site = Site(settings, **options)
    try:
        yield site
    finally:
        site.close()


def csrf_field(page: str) -> str:
    """The CSRF token in a page's form."""
    found = re.search(r'name="csrf" value="([0-9a-f]{40})"', page)
    assert found is not None, page
    return found[1]
