"""Every route against every role and every scope of tokens: who gets past the guard is what the table says.

The routes come from the API's description and, for pages, from the application; a route that is added later is in it by
itself. `python -m pytest tests/web/test_matrix.py -rP` prints how large the matrix was.
"""

import re

import pytest
from litestar.exceptions import HTTPException

from support.api_description import api_description
from support.centres import make_folder
from support.web import TAG, web
from tocsin.model.access import ROLES, SCOPES
from tocsin.web.app import make_app
from tocsin.web.permissions import LOCKED_PERMISSIONS, PERMISSION, PUBLIC, TABLE

COOKIE = f"tocsin-{TAG}"
PAST = "past the guard"
REFUSED = "access.forbidden"
UNKNOWN = "access.not_signed_in"
LOCKED = "access.locked"
ARRIVED = 418
DESCRIBED = api_description()
COUNTED = {}


async def arrive(connection, handler):
    """Stands behind the guard: whoever comes here was let pass, and nothing is done."""
    raise HTTPException(status_code=ARRIVED)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with web(make_folder(tmp_path_factory.mktemp("matrix") / "centre")) as made:
        made.app = make_app(made.parts, behind=[arrive])
        yield made


def described():
    """Method, a path that fits, and the permission, from the API's description."""
    return [
        (method.upper(), re.sub(r"\{\w+\}", "x", path), operation["x-permission"])
        for path, methods in DESCRIBED["paths"].items()
        for method, operation in methods.items()
    ]


def undescribed(site):
    """The same of pages and files, which the description leaves out."""
    known = {(method, path) for method, path, _ in described()}
    found = []
    for route in site.app.routes:
        path = re.sub(r"\{\w+:\w+\}", "x", route.path)
        for handler in route.route_handlers:
            found += [(method, path, handler.opt.get(PERMISSION)) for method in handler.http_methods]
    return [one for one in found if one[0] != "OPTIONS" and one[:2] not in known]


def rows(site):
    """Every route that is not open to anybody."""
    found = sorted(row for row in {*described(), *undescribed(site)} if row[2] != PUBLIC)
    assert len(found) > 90, "the description is whole"
    return found


def verdict(answer):
    """What the guard said, whether to a program or to a person."""
    if answer.status_code == ARRIVED:
        return PAST
    if answer.status_code == 303:
        return {"/sign-in": UNKNOWN, "/unlock": LOCKED}[answer.headers["location"]]
    if answer.headers["content-type"].startswith("application/problem+json"):
        return answer.json()["code"]
    return REFUSED if answer.status_code == 403 and "This needs the permission" in answer.text else answer.text


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_past_the_guard_of_every_route_where_the_table_says_so_and_nowhere_else(site, role):
    client = site.signed_in(role)
    expected = {row: PAST if role in TABLE[row[2]].roles.split() else REFUSED for row in rows(site)}
    found = {row: verdict(client.request(*row[:2])) for row in expected}
    assert found == expected
    COUNTED[role] = len(found)


@pytest.mark.parametrize("scope", SCOPES)
def test_each_token_gets_past_the_guard_of_every_route_where_the_table_says_so_and_nowhere_else(site, scope):
    client = site.program(scope)
    expected = {row: PAST if scope in TABLE[row[2]].scopes.split() else REFUSED for row in rows(site)}
    found = {row: verdict(client.request(*row[:2])) for row in expected}
    assert found == expected
    COUNTED[scope] = len(found)


@pytest.mark.parametrize("role", ROLES)
def test_a_locked_session_shows_the_queue_and_takes_no_command(site, role):
    user = site.known(role, name=role)
    client = site.signed_in(user=user)
    site.access.lock(site.access.session(client.cookies[COOKIE]).id)

    def told(permission):
        if role not in TABLE[permission].roles.split():
            return REFUSED
        return PAST if permission in LOCKED_PERMISSIONS else LOCKED

    expected = {row: told(row[2]) for row in rows(site)}
    found = {row: verdict(client.request(*row[:2])) for row in expected}
    assert found == expected
    COUNTED[f"{role}, locked"] = len(found)


def test_nobody_gets_past_the_guard_of_any_route(site):
    client = site.client()
    found = {row: verdict(client.request(*row[:2])) for row in rows(site)}
    assert found == dict.fromkeys(found, UNKNOWN)
    COUNTED["nobody"] = len(found)


def test_what_is_locked_away_is_every_command_every_text_and_the_own_account():
    """By hand, so that a line of the table that is changed by mistake is seen."""
    assert set(TABLE) >= LOCKED_PERMISSIONS
    commands = {name for name in TABLE if name.rpartition(".")[2] in ("write", "handle", "texts", "act", "open", "use")}
    assert LOCKED_PERMISSIONS & (commands | {"self.manage", "session.end", "journal.read"}) == set()


def test_matrix_is_whole(site):
    asked = len(ROLES) * 2 + len(SCOPES) + 1
    size = len(rows(site))
    # Where this test runs without the others, there is nothing to add up.
    if len(COUNTED) == asked:
        assert set(COUNTED.values()) == {size}
        print(f"matrix: {size} routes x {asked} askers = {sum(COUNTED.values())}")
