"""The API by its own description: whatever that allows, and much that it does not, is answered as it says, in time.

Schemathesis makes the requests; a real centre answers them over a socket: to a person who has every role, and then to
one of each role and a program of each scope, who are refused what the table does not give them whatever they send.
"""

import re

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.serialization import serialize_binary

from support.api_description import api_description
from support.room import room, wait_for_open
from tocsin.cli.folder import open_centre
from tocsin.model.access import ROLES, SCOPES
from tocsin.web.permissions import PUBLIC, of_roles, of_scopes


@schemathesis.serializer("message/rfc822")
def _mail(_context, value):
    """A mail is sent as it is: the library knows no such type."""
    return serialize_binary(value)


pytestmark = pytest.mark.slow
ANSWER_S = 5.0
ANSWER_SLOW_S = 30.0
"""Where a process is started for each answer, or a password is hashed."""

EXAMPLES = 8
EXAMPLES_SLOW = 2
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DESCRIBED = api_description()
ENDLESS = {"GET /api/v1/live"}
"""Streams do not end: tests/web/test_live*.py read them."""

ENDING = {
    "DELETE /api/v1/session",
    "POST /api/v1/session/device",
    "POST /api/v1/session/lock",
}
"""Would sign out or lock whoever asks all the rest; tests/web/test_sign_in*.py and test_api_people.py do that."""

SLOW = re.compile("/api/v1/(import|export)/")
"""Each file is read or written by a process of its own."""

HASHING = re.compile("/answer-here$|/me/(password|pin)$|/session/(confirm|unlock)$")
"""What checks a password stands back behind everything else that the machine does."""

OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, methods in DESCRIBED["paths"].items()
    for method in methods
    if f"{method.upper()} {path}" not in ENDLESS | ENDING
)


def _takes_something(operation):
    method, path = operation.split(" ", 1)
    described = DESCRIBED["paths"][path]
    return "requestBody" in described[method.lower()] or described[method.lower()].get("parameters")


TAKING = [operation for operation in OPERATIONS if _takes_something(operation)]
"""Only these can be asked otherwise than described."""


@pytest.fixture(scope="module")
def everybody(tmp_path_factory):
    """Somebody who may do everything, at a centre where there is something of each kind to be found."""
    accounts = "account,site,name\n1001,Harbour Mill,Boiler house\n1002,,Depot\n"
    with room(tmp_path_factory.mktemp("api"), accounts=accounts) as made:
        for account in ("1001", "1002", "9009"):
            made.alarm(account)
        ana = made.person("Ana", ROLES)
        incidents = wait_for_open(ana, 3)
        ana.claim(incidents[0])
        (site,) = ana.get("/sites")["items"]
        ana.known = {
            "incident_id": incidents[0]["id"],
            "account_id": incidents[0]["account_id"],
            "site_id": site["id"],
            "user_id": made.person("Bo", ["responder"]).id,
        }
        ana.room = made
        yield ana


@pytest.fixture(scope="module")
def schema():
    return schemathesis.openapi.from_dict(DESCRIBED)


def ask(everybody, schema, operation, examples, mode):
    """Ask with so many examples; each answer is as described, and comes in time."""
    method, path = operation.split(" ", 1)
    of_known = {name: value for name, value in everybody.known.items() if f"{{{name}}}" in path}
    # Half of them are about something that is there: what is made up is refused before much happens.
    strategy = strategies.one_of(
        schema[path][method].as_strategy(generation_mode=mode),
        schema[path][method].as_strategy(generation_mode=mode, path_parameters=of_known or None),
    )
    origin = f"http://{everybody.address[0]}:{everybody.address[1]}"

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def each(case):
        limit_s = ANSWER_SLOW_S if SLOW.search(operation) or HASHING.search(path) else ANSWER_S
        answer = case.call(base_url=origin, headers=everybody.headers, timeout=limit_s, allow_redirects=False)
        case.validate_response(answer, checks=CHECKS)

    each()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_requests_as_described_are_answered_as_described(everybody, schema, operation):
    ask(everybody, schema, operation, EXAMPLES_SLOW if SLOW.search(operation) else EXAMPLES, GenerationMode.POSITIVE)


@pytest.mark.parametrize("operation", TAKING)
def test_requests_not_as_described_are_refused_as_described(everybody, schema, operation):
    ask(everybody, schema, operation, EXAMPLES_SLOW if SLOW.search(operation) else EXAMPLES, GenerationMode.NEGATIVE)


ASKERS = [("role", role) for role in ROLES] + [("scope", scope) for scope in SCOPES]


@pytest.mark.parametrize(("kind", "name"), ASKERS)
def test_each_role_and_scope_is_refused_what_it_may_not_whatever_it_sends(everybody, schema, kind, name):
    if kind == "role":
        headers = everybody.room.person(f"Only {name}", [name]).headers
        granted = of_roles([name])
    else:
        with open_centre(everybody.room.folder) as centre:
            headers = {"authorization": f"Bearer {centre.admission().create_token([name]).secret}"}
        granted = of_scopes([name])
    origin = f"http://{everybody.address[0]}:{everybody.address[1]}"
    refused = [one for one in OPERATIONS if _permission(one) not in {*granted, PUBLIC}]
    assert len(refused) > 20

    @settings(
        max_examples=1,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(data=strategies.data())
    def each(data):
        for operation in refused:
            method, path = operation.split(" ", 1)
            case = data.draw(schema[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
            answer = case.call(base_url=origin, headers=headers, timeout=ANSWER_S, allow_redirects=False)
            assert (answer.status_code, answer.json()["code"]) == (403, "access.forbidden"), operation

    each()


def _permission(operation):
    method, path = operation.split(" ", 1)
    return DESCRIBED["paths"][path][method.lower()]["x-permission"]


@pytest.mark.soak
@pytest.mark.parametrize("operation", TAKING)
def test_a_thousand_requests_each_are_answered_as_described(everybody, schema, operation):
    ask(everybody, schema, operation, 500, GenerationMode.POSITIVE)
    ask(everybody, schema, operation, 500, GenerationMode.NEGATIVE)
