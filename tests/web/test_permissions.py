"""The table of permissions is closed, and every route stands in it."""

import importlib.util
import re
from pathlib import Path

import pytest
from litestar import WebSocket, get, websocket
from litestar.handlers import asgi
from litestar.types import Receive, Scope, Send

from support.centres import make_folder
from support.web import web
from tocsin.model.access import ROLES, SCOPES
from tocsin.web import app as web_app
from tocsin.web.app import handlers_of, make_app, refuse_undeclared
from tocsin.web.permissions import (
    PERMISSION,
    PERMISSIONS,
    PUBLIC,
    ROLE_PERMISSIONS,
    ROLE_WORDS,
    SCOPE_PERMISSIONS,
    TABLE,
    needs,
    of_roles,
    of_scopes,
    public,
)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "access.md").read_text(encoding="utf-8")
OPEN = {
    "GET /api/openapi.json",
    "GET /assets/{name:path}",
    "GET /duty",
    "GET /duty-512.png",
    "GET /duty-worker.js",
    "GET /duty.webmanifest",
    "GET /healthz",
    "GET /icon.svg",
    "GET /metrics",
    "GET /n/{secret:str}",
    "GET /pages.css",
    "GET /readyz",
    "GET /sign-in",
    "GET /sign-in/{secret:str}",
    "GET /test",
    "GET /test/report",
    "POST /api/v1/notices/callback/{secret:str}",
    "POST /n/{secret:str}/answer/{answer:str}",
    "POST /n/{secret:str}/call",
    "POST /n/{secret:str}/sms",
    "POST /n/{secret:str}/voice/{step:str}",
    "POST /n/{secret:str}/voice/{step:str}/key",
    "POST /sign-in",
    "POST /sign-in/{secret:str}",
    "GET /key/{secret:str}",
    "POST /key/{secret:str}",
    "POST /test",
    "POST /test/begin",
    "POST /test/end",
    "POST /test/leave",
}
"""Everything that answers to anybody."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with web(make_folder(tmp_path_factory.mktemp("permissions") / "centre")) as made:
        yield made


def routes_of(site):
    """Method, path and permission of every route."""
    return {
        f"{method} {route.path}": handler.opt[PERMISSION]
        for route in site.app.routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }


def test_every_role_and_scope_is_in_the_table_with_known_permissions_alone():
    assert set(ROLE_PERMISSIONS) == set(ROLES)
    assert set(SCOPE_PERMISSIONS) == set(SCOPES)
    for granted in (*ROLE_PERMISSIONS.values(), *SCOPE_PERMISSIONS.values()):
        assert granted <= PERMISSIONS


def test_every_permission_is_some_roles_and_opens_some_route(site):
    assert of_roles(ROLES) == PERMISSIONS
    # These widen what a route shows or does: tests/web/test_closed_incidents.py, test_api_on_test.py,
    # tests/browser/test_flood.py.
    assert PERMISSIONS - set(routes_of(site).values()) == {
        "incident.closed",
        "incident.shelve_urgent",
        "on_test.longer",
    }


def test_every_route_declares_a_permission_or_is_one_of_the_open_ones(site):
    found = routes_of(site)
    assert {route for route, permission in found.items() if permission == PUBLIC} == OPEN
    assert {permission for permission in found.values() if permission != PUBLIC} <= PERMISSIONS
    assert len(found) > 20


@pytest.mark.parametrize("options", [{}, {"opt": {}}, {"opt": {PERMISSION: None}}, {"opt": {PERMISSION: "all"}}])
def test_route_that_declares_nothing_is_refused(options):
    @get("/forgotten", sync_to_thread=False, **options)
    def forgotten() -> str:
        return "anything"

    with pytest.raises(TypeError, match=r"/forgotten.* declares no permission"):
        refuse_undeclared([forgotten])


def test_application_with_a_route_that_declares_nothing_is_not_made(site):
    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return "anything"

    with pytest.raises(TypeError, match="declares no permission"):
        make_app(site.parts, more=[forgotten])


def test_application_with_a_way_in_that_no_guard_sees_is_not_made(site):
    @asgi("/below", copy_scope=True)
    async def below(scope: Scope, receive: Receive, send: Send) -> None:
        pass

    @websocket("/socket")
    async def socket(socket: WebSocket) -> None:
        pass

    for handler in (below, socket):
        with pytest.raises(TypeError, match="only routes of HTTP"):
            make_app(site.parts, more=[handler])


def test_route_with_a_permission_is_made_and_guarded(site):
    @get("/minded", sync_to_thread=False, opt=needs("journal.read"))
    def minded() -> str:
        return "the journal"

    @get("/open", sync_to_thread=False, opt=public())
    def open_() -> str:
        return "for all"

    app = make_app(site.parts, more=[minded, open_])
    assert {"/minded", "/open"} <= {path for handler in handlers_of(app) for path in handler.paths}


CONTENT = {"incident.read", "incident.handle", "incident.texts", "live.read"}
OWN = {"session.own", "self.manage"}


def test_administrators_auditors_and_integrators_see_no_incident():
    for role in ("administrator", "auditor", "integrator"):
        assert of_roles([role]) & CONTENT == set()


def test_who_comes_from_outside_sees_what_is_their_own_alone():
    """Their own is by name: `own.` and what everybody has of the own session and account."""
    for role in ("responder", "site_contact", "installer"):
        outside = of_roles([role]) - OWN
        assert {name for name in outside if not name.startswith("own.")} == set(), role
    assert "own.incidents" in of_roles(["site_contact"]) - of_roles(["installer", "responder"])
    assert "own.accounts" in of_roles(["installer"]) - of_roles(["site_contact", "responder"])


def test_auditor_changes_nothing_but_the_own_account_and_a_second_persons_answer():
    reads = {name for name in of_roles(["auditor"]) if name.rpartition(".")[2] in ("read", "export", "verify")}
    assert of_roles(["auditor"]) - reads == OWN | {"approval.use"}


def test_supervisor_may_what_an_operator_may_and_administers_nobody():
    assert of_roles(["operator"]) < of_roles(["supervisor"])
    assert {"user.write", "token.write"} & of_roles(["supervisor"]) == set()
    assert [role for role in ROLES if "user.write" in of_roles([role])] == ["administrator"]
    assert [role for role in ROLES if "token.write" in of_roles([role])] == ["administrator"]


def test_who_made_the_centre_may_run_a_room_of_one():
    rest = PERMISSIONS - of_roles(["administrator", "supervisor"])
    assert {name for name in rest if not name.startswith(("own.", "journal."))} == set()


def test_no_token_has_a_persons_rights():
    persons = {"incident.texts", "rejected.open", "session.own", "self.manage", "user.read", "desk.act"}
    persons |= {"user.write", "token.write", "session.end", "approval.use", "own.accounts", "own.incidents"}
    assert of_scopes(SCOPES) & persons == set()
    assert of_scopes(["intake"]) == {"notice.bounce", "signal.send"}


def test_reference_has_the_tables_as_they_are():
    file = ROOT / "docs" / "make_reference.py"
    spec = importlib.util.spec_from_file_location("make_reference", file)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    assert reference.access_page(PAGE) == PAGE


def test_every_permission_and_role_is_said_in_words():
    assert set(TABLE) == PERMISSIONS
    assert set(ROLE_WORDS) == set(ROLES)
    assert [name for name, line in TABLE.items() if not line.words or not line.roles] == []


def test_reference_lists_what_is_open_to_anybody():
    listed = re.findall(r"^- `(\w+ /\S*)`", PAGE.split("## Open to anybody")[1].split("\n## ")[0], re.MULTILINE)
    assert {re.sub(r":\w+}", "}", route) for route in OPEN} == set(listed)
    assert web_app.BODY_BYTES_MAX == 65_536
