"""What the tests remember of handlers is what Litestar would read again."""

from typing import Annotated

import msgspec
import pytest
from litestar import Litestar, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.testing import TestClient

from support import known_handlers
from support.centres import make_folder
from support.web import Site
from tocsin.web.app import handlers_of, make_app


class Name(msgspec.Struct):
    name: str


class Number(msgspec.Struct):
    number: int


@pytest.fixture(autouse=True)
def remembering():
    known_handlers.remember()


def asked(type_, default=3):
    """The same code with another type and another default."""

    @post("/one", sync_to_thread=False)
    def one(data: JSONBody[type_], limit: Annotated[int, QueryParameter()] = default) -> dict[str, str]:
        return {"type": type(data).__name__, "limit": str(limit)}

    return one


def test_handler_of_the_same_code_with_another_type_or_default_is_read_anew():
    for type_, body, default in ((Name, {"name": "x"}, 3), (Number, {"number": 1}, 3), (Name, {"name": "x"}, 4)):
        with TestClient(Litestar([asked(type_, default)], openapi_config=None)) as client:
            assert client.post("/one", json=body).json() == {"type": type_.__name__, "limit": str(default)}
            assert client.post("/one", json={}).status_code == 400


def test_handler_answers_for_itself_and_not_for_the_one_it_was_remembered_from():
    def route(answer):
        @get("/one", sync_to_thread=False)
        def one() -> str:
            return answer

        return one

    for answer in ("first", "second"):
        with TestClient(Litestar([route(answer)], openapi_config=None)) as client:
            assert client.get("/one").text == answer


def test_application_is_the_same_with_what_is_remembered(tmp_path):
    """Every route with its methods, its parameters and what it answers with."""

    def shape(site):
        found = {}
        for handler in handlers_of(make_app(site.parts)):
            read = handler.parsed_fn_signature
            parameters = {name: (field.annotation, field.default) for name, field in read.parameters.items()}
            fields = sorted(handler.signature_model.__struct_fields__)
            where = *sorted(handler.paths), *sorted(handler.http_methods)
            found[where] = parameters, read.return_type.annotation, fields
        return found

    site = Site(make_folder(tmp_path / "centre"))
    try:
        assert shape(site) == shape(site)
        known_handlers.forget()
        first = shape(site)
        assert first == shape(site)
        assert len(first) > 200
    finally:
        site.close()
