"""Whatever goes wrong is a problem with a stable code and a remedy, and nothing of what was sent is in it."""

import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from structlog.testing import capture_logs

from support.centres import make_folder
from support.web import web
from tocsin.centre.table_files import BadRows, Problem
from tocsin.model.errors import (
    BadInput,
    CentreFault,
    Conflict,
    DiskFault,
    Forbidden,
    JournalFull,
    KeyMissing,
    NotSignedIn,
    TooMany,
)
from tocsin.web.app import make_app
from tocsin.web.permissions import public
from tocsin.web.problems import DETAILS

SECRET = "Ana Horvat, +43 660 1234567"
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["one", "two"]


class Body(msgspec.Struct, forbid_unknown_fields=True):
    inner: Inner
    number: Annotated[int, msgspec.Meta(ge=1, le=9)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=5, pattern="^[a-z]*$")] = "x"


ERRORS = {
    "bad": BadInput("Row 3 has no name. Nothing was changed. Give it one", "rows.bad"),
    "unknown": BadInput("There is no incident 7. Look at the queue", "incident.unknown"),
    "conflict": Conflict("It was changed. Load it anew.", "incident.changed"),
    "signed-out": NotSignedIn("Nobody is signed in", "access.not_signed_in"),
    "forbidden": Forbidden("This may not be", "access.forbidden"),
    "many": TooMany("Too many", "access.too_many", 7),
    "full": JournalFull("The disk is full", "store.full"),
    "disk": DiskFault("The disk is broken", "store.disk"),
    "key": KeyMissing("A key is not there", "keys.secret_missing"),
    "fault": CentreFault("The journal's thread has ended", "journal.ended"),
    "bug": ZeroDivisionError(SECRET),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    @get("/raise/{name:str}", opt=public(), sync_to_thread=False)
    def fail(name: FromPath[str]) -> None:
        raise ERRORS[name]

    @get("/rows", opt=public(), sync_to_thread=False)
    def rows() -> None:
        raise BadRows([Problem(line, f"reason {line}") for line in range(2, 152)], 30, "row")

    @post("/body", opt=public(), sync_to_thread=False)
    def body(data: JSONBody[Body]) -> None:
        pass

    @get("/query", opt=public(), sync_to_thread=False)
    def query(limit: FromQuery[int]) -> None:
        pass

    with web(make_folder(tmp_path_factory.mktemp("problems") / "centre")) as site:
        site.app = make_app(site.parts, more=[fail, rows, body, query])
        yield site.client()


@pytest.mark.parametrize(
    ("name", "status", "code", "detail", "more"),
    [
        ("bad", 400, "rows.bad", "Row 3 has no name. Nothing was changed. Give it one.", {}),
        ("unknown", 404, "incident.unknown", "There is no incident 7. Look at the queue.", {}),
        ("conflict", 409, "incident.changed", "It was changed. Load it anew.", {}),
        ("signed-out", 401, "access.not_signed_in", "Nobody is signed in.", {}),
        ("forbidden", 403, "access.forbidden", "This may not be.", {}),
        ("many", 429, "access.too_many", "Too many.", {"retry_after_s": 7}),
        ("full", 503, "store.full", "The disk is full.", {"retry_after_s": 2}),
        ("disk", 503, "store.disk", "The disk is broken.", {}),
        ("key", 503, "keys.secret_missing", "A key is not there.", {}),
        ("fault", 503, "journal.ended", "The journal's thread has ended.", {}),
        ("bug", 500, "http.500", DETAILS[500], {}),
    ],
)
def test_error_of_ours_has_its_status_its_code_and_its_sentence(client, name, status, code, detail, more):
    answer = client.get(f"/raise/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    titles = {
        400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden",
        404: "Not Found",
        409: "Conflict",
        429: "Too Many Requests",
        500: "Internal Server Error",
        503: "Service Unavailable",
    }
    expected = {"type": "about:blank", "title": titles[status], "status": status, "code": code, "detail": detail}
    assert answer.json() == expected | more
    assert answer.headers.get("retry-after") == (str(more["retry_after_s"]) if more else None)


def test_bug_is_logged_with_its_route_and_tells_nothing(client):
    with capture_logs() as logs:
        answer = client.get("/raise/bug")
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert [(log["event"], log["route"]) for log in logs] == [("web.failed", "/raise/{name}")]


@pytest.mark.parametrize(("name", "events"), [("bad", []), ("forbidden", []), ("full", ["web.refused"])])
def test_what_the_sender_can_mend_is_not_logged(client, name, events):
    with capture_logs() as logs:
        client.get(f"/raise/{name}")
    assert [log["event"] for log in logs] == events


def test_every_bad_row_is_named_and_the_rest_counted(client):
    problems = client.get("/rows").json()["problems"]
    assert problems == [*(f"row {line}: reason {line}" for line in range(2, 152)), "and 30 more"]


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        (
            {"inner": {"kind": SECRET}, "number": 3},
            ["inner.kind: Not one of the values that this field may have"],
        ),
        ({"inner": {"kind": "one"}, "number": 3, "name": SECRET}, ["name: Expected `str` of length <= 5"]),
        ({"inner": {"kind": "one"}, "number": SECRET}, ["number: Expected `int`, got `str`"]),
        ({"inner": {"kind": "one"}, "number": 10}, ["number: Expected `int` <= 9"]),
        ({"inner": {"kind": "one"}}, ["body: Object missing required field `number`"]),
        ({"inner": {"kind": "one"}, "number": 3, SECRET: 1}, ["body: Object contains unknown field `...`"]),
        ({"inner": {"kind": "one", "role": 1}, "number": 3}, ["inner: Object contains unknown field `role`"]),
        ([SECRET], ["body: Expected `object`, got `array`"]),
    ],
)
def test_body_of_another_form_is_refused_with_the_place_and_without_a_value(client, body, problems):
    answer = client.post("/body", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")
    assert answer.json()["problems"] == problems
    for word in ("Ana", "Horvat", "660"):
        assert word not in answer.text


def test_query_of_another_form_is_refused_without_a_value(client):
    answer = client.get("/query", params={"limit": SECRET})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")
    assert answer.json()["problems"] == ["limit: Expected `int`, got `str`"]
    assert "Horvat" not in answer.text
    assert "Horvat" not in client.get(f"/query?limit={SECRET}&{SECRET}=1").text


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"inner": ' * 100_000, b"[" * 60_000, b'{"number": 1e999}', b'{"a":1}  x'],
)
def test_body_that_is_no_json_or_never_ends_is_refused(client, body):
    answer = client.post("/body", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 413)
    assert answer.json()["code"] in ("http.400", "http.413", "request.invalid")


def test_body_of_another_type_is_refused(client):
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "x"):
        answer = client.post("/body", content=b"a=1", headers={"content-type": kind})
        assert answer.status_code in (400, 415), kind
        assert answer.headers["content-type"] == "application/problem+json"


def test_body_that_is_too_long_is_refused_whether_its_length_is_told_or_not(client):
    def chunks():
        for _ in range(100):
            yield b" " * 1000

    async def achunks():
        for chunk in chunks():
            yield chunk

    for content in (b" " * 70_000, achunks()):
        answer = client.post("/body", content=content, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "http.413")


@pytest.mark.parametrize("length", ["-1", "x", "1e9", ""])
def test_length_that_is_no_number_is_refused(client, length):
    answer = client.post("/body", content=b"{}", headers={"content-type": "application/json", "content-length": length})
    assert answer.status_code == 400


def test_address_that_is_not_there_is_a_problem_for_programs_and_a_page_for_people(client):
    assert client.get("/nowhere").headers["content-type"] == "application/problem+json"
    answer = client.get("/nowhere", headers={"accept": "text/html,*/*"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Not Found</h1>" in answer.text
    assert client.get("/api/v1/nowhere", headers={"accept": "text/html"}).status_code == 404
    assert client.get("/api/v1/nowhere", headers={"accept": "text/html"}).json()["code"] == "http.404"


@pytest.mark.parametrize(
    "path", ["/%2e%2e/%2e%2e/etc/passwd", "/%00", "/" + "a" * 10_000, "/%ff%fe", "/a?b=%ff", "/;x=1"]
)
def test_strange_addresses_are_not_there(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "http.404"


def test_reference_lists_the_codes_of_http(client):
    listed = set(re.findall(r"`(http\.\d+|request\.invalid)`", PAGE))
    assert listed == {f"http.{status}" for status in DETAILS} | {"request.invalid"}
