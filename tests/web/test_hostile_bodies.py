"""Bodies that somebody made to do harm: fields that are not theirs to set, nesting without end, length without end."""

import json
import re

import pytest

from support.api_description import api_description
from support.centres import make_folder
from support.web import web
from tocsin.model.access import ROLES
from tocsin.web.api.notice_callbacks import FORM_BYTES_MAX

DESCRIBED = api_description()
SCHEMAS = DESCRIBED["components"]["schemas"]
UPLOADS = re.compile("/api/v1/(import|intake)/")
"""Files and machines' messages, whose tests are in test_api_imports.py and test_api_intake.py."""

SMUGGLED = {
    "id": "user-1",
    "user": "user-1",
    "user_id_": "user-1",
    "role": "administrator",
    "is_admin": True,
    "permissions": ["user.write"],
    "actor": "cli",
    "session": "session-1",
    "removed": False,
    "__class__": "x",
    "__proto__": {"admin": True},
    "constructor": {"prototype": {}},
}
"""What a body of another program, or of somebody who hopes, would hold beside its own fields."""


@pytest.fixture(scope="module")
def everybody(tmp_path_factory):
    with web(make_folder(tmp_path_factory.mktemp("hostile") / "centre")) as site:
        yield site.signed_in(*ROLES)


def taking():
    """Method, a path that fits, and the name of the body's schema, of every route that takes JSON."""
    for path, methods in DESCRIBED["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            if schema is not None and not UPLOADS.search(path):
                yield method.upper(), re.sub(r"\{\w+\}", "x", path), schema


TAKING = sorted(((method, path) for method, path, _ in taking()))

SHORT = {"/api/v1/notices/callback/x": FORM_BYTES_MAX}
"""Addresses that take less than the others, since anybody may ask there."""


def send(client, method, path, body):
    headers = {"content-type": "application/json", "idempotency-key": "hostile"}
    return client.request(method, path, content=body, headers=headers)


def test_every_body_of_the_api_is_here():
    assert len(TAKING) > 25
    assert all("$ref" in schema for _, _, schema in taking()), "a body is a closed struct with a name"


@pytest.mark.parametrize(("method", "path"), TAKING)
def test_field_that_the_body_does_not_have_is_refused_and_nothing_is_assigned(everybody, method, path):
    for name, value in SMUGGLED.items():
        answer = send(everybody, method, path, json.dumps({name: value}))
        assert answer.status_code == 400, (name, answer.text)
        assert answer.json()["code"] == "request.invalid"
        assert "administrator" not in answer.text


def test_every_schema_of_a_body_is_closed_all_the_way_down():
    wanted = [schema["$ref"].rpartition("/")[2] for _, _, schema in taking()]
    seen = set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        schema = SCHEMAS[name]
        if "properties" in schema:
            assert schema.get("additionalProperties") is False, name
        wanted += re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schema))
    assert len(seen) > 30


@pytest.mark.parametrize("depth", [50, 1_000, 20_000])
@pytest.mark.parametrize(("method", "path"), TAKING)
def test_deep_body_is_refused_at_once(everybody, method, path, depth):
    for body in ("[" * depth + "]" * depth, '{"parameters":' * (depth // 20) + "1" + "}" * (depth // 20), "[" * depth):
        answer = send(everybody, method, path, body)
        is_long = len(body) > SHORT.get(path, len(body))
        assert answer.status_code == (413 if is_long else 400), answer.text[:200]


@pytest.mark.parametrize("depth", [5, 900, 3_000])
def test_parameters_of_an_approval_may_be_nested_as_somebody_likes_and_are_refused(everybody, depth):
    nested = '{"a":' * depth + "1" + "}" * depth
    body = f'{{"act":"hold.set","reason":"x","parameters":{{"incident":{nested}}}}}'
    answer = send(everybody, "POST", "/api/v1/approvals", body)
    assert answer.status_code == 400


@pytest.mark.parametrize(("method", "path"), TAKING)
def test_huge_body_is_refused_by_its_length_and_by_what_came(everybody, method, path):
    body = b'{"name":"' + b"x" * (5 << 20) + b'"}'
    assert send(everybody, method, path, body).status_code == 413

    async def endless():
        for _ in range(80):
            yield b" " * 65_536

    assert send(everybody, method, path, endless()).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"name":NaN}',
        b'{"name":1e999}',
        b'{"name":"\\ud800"}',
        b"\0",
    ],
)
@pytest.mark.parametrize(("method", "path"), [one for one in TAKING if "users" in one[1] or "/me/" in one[1]])
def test_body_that_is_none_is_refused(everybody, method, path, body):
    assert send(everybody, method, path, body).status_code == 400


def test_value_of_a_field_is_of_its_type_or_is_refused(everybody):
    """A number may be written as text, as in a query; it is one then, and within its bounds."""
    for body in (
        {"scopes": "read", "days": 90},
        {"scopes": ["read"], "days": "0x5a"},
        {"scopes": ["read"], "days": "9000"},
        {"scopes": ["read"], "days": 90.5},
        {"scopes": ["read"], "days": True},
        {"scopes": {"0": "read"}, "days": 90},
        {"scopes": ["read"], "days": 10**30},
        {"scopes": ["read"], "days": -1},
        {"scopes": [], "days": 1},
        {"scopes": ["read", "administrator"], "days": 1},
    ):
        assert send(everybody, "POST", "/api/v1/tokens", json.dumps(body)).status_code == 400, body
    assert everybody.get("/api/v1/tokens").json() == {"items": []}


def test_of_a_field_that_comes_twice_nothing_slips_past_its_check(everybody):
    body = '{"name":"Bo Novak","roles":["operator"],"roles":["king"]}'
    assert send(everybody, "POST", "/api/v1/users", body).status_code == 400
    body = '{"name":"Bo Novak","roles":["king"],"roles":["operator"]}'
    assert send(everybody, "POST", "/api/v1/users", body).status_code in (201, 400)
    made = [one for one in everybody.get("/api/v1/users").json()["items"] if one["name"] == "Bo Novak"]
    assert [one["roles"] for one in made] in ([], [["operator"]])
