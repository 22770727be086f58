"""The API's description: whole, true to the routes and to the decoder, the same with and without a centre."""

import json
import subprocess
import sys

import pytest

from support.centres import make_folder
from support.web import web
from tocsin.web.app import handlers_of
from tocsin.web.openapi import openapi_document
from tocsin.web.permissions import PERMISSION, PUBLIC, SCOPE_PERMISSIONS


@pytest.fixture(scope="module")
def document():
    return openapi_document()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with web(make_folder(tmp_path_factory.mktemp("openapi") / "centre")) as made:
        yield made


def operations(document):
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def references(value):
    """Every `$ref` in a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_route_of_the_api_is_in_it_with_its_permission(document, site):
    routes = {
        f"{method} {route.path_format}": handler.opt[PERMISSION]
        for route in site.app.routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS" and (route.path.startswith("/api/v1/") or route.path_format in document["paths"])
    }
    assert {name: operation["x-permission"] for name, operation in operations(document).items()} == routes
    assert all("x-permission" in operation for operation in operations(document).values())
    assert len(routes) > 25


def test_no_page_and_no_file_is_in_it(document):
    assert [path for path in document["paths"] if path.startswith(("/lite", "/sign", "/assets"))] == []
    assert "/" not in document["paths"]


def test_operations_have_names_of_their_own_and_a_sentence(document):
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(names) == len(set(names))
    assert all(operation["summary"] for operation in operations(document).values())


def test_what_it_refers_to_is_there_and_what_is_there_is_referred_to(document):
    assert document["openapi"].startswith("3.1")
    found = set(references(document))
    for reference in found:
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    streamed = {"Beat", "Delta", "Reset"}
    used = {reference.rpartition("/")[2] for reference in found}
    assert set(document["components"]["schemas"]) - used <= streamed
    assert streamed <= set(document["components"]["schemas"])


def test_ways_in_are_those_that_the_guard_takes(document):
    for name, operation in operations(document).items():
        ways = [set(way) for way in operation["security"]]
        permission = operation["x-permission"]
        if permission == PUBLIC:
            assert ways == []
            continue
        is_safe = name.startswith("GET ")
        expected = [{"session"} if is_safe else {"session", "csrf"}]
        if any(permission in granted for granted in SCOPE_PERMISSIONS.values()):
            expected.append({"token"})
        assert ways == expected, name
    assert set(document["components"]["securitySchemes"]) == {"session", "csrf", "token"}


def test_every_operation_tells_of_problems(document):
    for operation in operations(document).values():
        responses = operation["responses"]
        assert responses["default"]["$ref"] == "#/components/responses/Problem"
        assert {"400"} <= set(responses)
        assert operation["x-permission"] == PUBLIC or {"401", "403"} <= set(responses)
        assert not any("content" in response for status, response in responses.items() if status == "204")
    problem = document["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "code", "detail"} <= set(problem["required"])


def test_bodies_are_closed_as_the_decoder_is(document):
    schemas = document["components"]["schemas"]
    bodies = {
        reference.rpartition("/")[2]
        for operation in operations(document).values()
        for reference in references(operation.get("requestBody", {}))
    }
    assert {"ClaimBody", "CloseBody", "NoteBody"} <= bodies
    assert [name for name in bodies if schemas[name].get("additionalProperties") is not False] == []
    assert schemas["NoteBody"]["properties"]["text"]["maxLength"] == 2000


@pytest.mark.slow
def test_it_is_printed_without_a_centre_and_served_by_one_alike(document, site):
    done = subprocess.run([sys.executable, "-m", "tocsin.web.openapi"], capture_output=True, check=True)
    assert json.loads(done.stdout) == json.loads(json.dumps(document))
    assert done.stderr == b""
    answer = site.client().get("/api/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.content == done.stdout
    assert site.client().get("/api/openapi.json").content == done.stdout


def test_application_that_is_served_has_no_page_of_the_library(site):
    paths = {path for handler in handlers_of(site.app) for path in handler.paths}
    assert not any("schema" in path or "described" in path or "swagger" in path for path in paths)
