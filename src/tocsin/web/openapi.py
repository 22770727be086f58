"""`/api/openapi.json`: what the API takes and answers, worked out from its routes and types.

    python -m tocsin.web.openapi > openapi.json

needs no centre: the document is the same for all of them. It says who may do what, and holds no secret.
"""

import asyncio
import contextlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from litestar import Response, Router, get
from litestar.exceptions import ServiceUnavailableException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import License

import tocsin
from tocsin.settings import Settings
from tocsin.system import timeout
from tocsin.web.api import types
from tocsin.web.parts import Parts
from tocsin.web.permissions import PERMISSION, PUBLIC, SCOPE_PERMISSIONS, public
from tocsin.web.problems import PROBLEM_TYPE

PATH: Final = "/api/openapi.json"
CACHE: Final = "public, max-age=300"
MAKE_S: Final = 60.0
STREAMED: Final = (types.Delta, types.Beat, types.Reset)
"""What stands in the events of the live stream, which OpenAPI has no words for."""

_REF: Final = "#/components/schemas/{name}"
_PROBLEM: Final = {"$ref": "#/components/responses/Problem"}
_WORDS: Final = {
    "400": "The request does not have the form that this address takes, or was refused.",
    "401": "Nobody is signed in, and no token came with it.",
    "403": "Whoever asks may not, or the CSRF token is missing.",
    "default": "Anything else that went wrong.",
}
_SESSION: Final = "session"
_CSRF: Final = "csrf"
_TOKEN: Final = "token"  # noqa: S105 - name of a way in
_SCHEMES: Final[dict[str, Any]] = {
    _SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": "tocsin-CENTRE",
        "description": "A session, opened by a one-time link. CENTRE is eight hex digits, the centre's own; over HTTPS "
        "the name begins with `__Host-`.",
    },
    _CSRF: {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "`csrf` of `/api/v1/session`, with whatever changes something for a session.",
    },
    _TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "description": "A token for a program, made by `tocsin token create`.",
    },
}


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of the document. It is open: whoever writes a program has no token yet."""
    del parts
    made = _Made()

    @get(PATH, opt=public(), include_in_schema=False)
    async def openapi_json() -> Response[bytes]:
        """The document."""
        return Response(await made.document(), media_type="application/json", headers={"cache-control": CACHE})

    return [openapi_json]


class _Made:
    """The document, made once by a process of its own: it takes half a second of the processor, which panels need."""

    def __init__(self) -> None:
        self._document: bytes | None = None
        self._making = asyncio.Lock()

    async def document(self) -> bytes:
        async with self._making:
            if self._document is None:
                self._document = await self._make()
            return self._document

    async def _make(self) -> bytes:
        command = (sys.executable, "-m", __name__)
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        try:
            async with timeout(MAKE_S):
                document, _ = await process.communicate()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0 or not document:
            raise ServiceUnavailableException
        return document


class _Absent:
    """Stands for every part of a centre while only its routes are looked at."""

    def __getattr__(self, name: str) -> "_Absent":
        return self

    def __call__(self, *_arguments: object, **_named: object) -> "_Absent":
        return self


def _name_of(handler: HTTPRouteHandler) -> str:
    """Name of a route's function, also of one that runs in a thread: the library wraps that, more than once."""
    function: Any = handler.fn
    while not hasattr(function, "__name__"):
        function = function.func
    return str(function.__name__)


def openapi_document() -> dict[str, Any]:
    """The document as JSON's own types."""
    from tocsin.web.app import handlers_of, make_app

    class _Described(_Absent):
        settings = Settings(folder=Path())

    app = make_app(
        cast("Parts", _Described()),
        OpenAPIConfig(
            title="Tocsin",
            version=tocsin.__version__,
            description="The API of an alarm-receiving and emergency-dispatch centre. Times are microseconds since "
            "1970 UTC. Whatever goes wrong is a problem document (RFC 9457) with a stable code.",
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            # The library's own routes to the document; this application is never served.
            openapi_router=Router("/described", route_handlers=[], opt=public(), include_in_schema=False),
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            use_handler_docstrings=True,
            operation_id_creator=lambda handler, _method, _parts: _name_of(handler),
        ),
    )
    document = app.openapi_schema.to_schema()
    handlers = {_name_of(handler): handler for handler in handlers_of(app)}
    for operation in _operations(document):
        _finish(operation, handlers[operation["operationId"]])
    components = document["components"]
    components["schemas"] = _schemas(set(components["schemas"]))
    components["securitySchemes"] = _SCHEMES
    components["responses"] = {
        "Problem": {
            "description": "What went wrong, with a stable code and a remedy.",
            "content": {PROBLEM_TYPE: {"schema": {"$ref": _REF.format(name=types.Problem.__name__)}}},
        }
    }
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (operation for operation in path.values() if isinstance(operation, dict))


TABLE_FILE: Final = "table_file"
"""In a route's `opt`: its body or its answer is a table as a file, CSV or JSON. The value says which of the two."""

FILE: Final = "file"
"""In a route's `opt`: its body is a file of one of these media types."""

ANSWERS: Final = "answers"
"""In a route's `opt`: its answer is a file of one of these media types."""

_TABLE: Final[dict[str, Any]] = {
    "text/csv": {"schema": {"type": "string"}},
    "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
}


def _finish(operation: dict[str, Any], handler: HTTPRouteHandler) -> None:
    """Say who may, and what comes where it goes wrong."""
    permission = handler.opt[PERMISSION]
    responses = operation["responses"]
    if "204" in responses:
        responses["204"].pop("content", None)
    match handler.opt.get(TABLE_FILE):
        case "body":
            operation["requestBody"] = {"required": True, "content": _TABLE}
        case "answer":
            responses["200"]["content"] = _TABLE
        case _:
            pass
    if (media := handler.opt.get(FILE)) is not None:
        operation["requestBody"] = {"required": True, "content": _files(media)}
    if (media := handler.opt.get(ANSWERS)) is not None:
        responses["200"]["content"] = _files(media)
    wanted = ["400", "default"] if permission == PUBLIC else ["400", "401", "403", "default"]
    for status in wanted:
        responses[status] = {**_PROBLEM, "description": _WORDS[status]}
    operation["x-permission"] = permission
    if permission == PUBLIC:
        operation["security"] = []
        return
    is_safe = handler.http_methods == {"GET"}
    operation["security"] = [{_SESSION: []} if is_safe else {_SESSION: [], _CSRF: []}]
    if any(permission in granted for granted in SCOPE_PERMISSIONS.values()):
        operation["security"].append({_TOKEN: []})


def _files(media: Iterable[str]) -> dict[str, Any]:
    """Each of these media types, and what is in it: JSON is an object, all else bytes."""
    binary = {"type": "string", "format": "binary"}
    return {name: {"schema": {"type": "object"} if name == "application/json" else binary} for name in media}


def _schemas(named: set[str]) -> dict[str, Any]:
    """The schemas of the types, as the decoder of requests itself sees them."""
    kinds = {kind.__name__: kind for kind in _structs()}
    lost = sorted(name for name in named if name not in kinds)
    if lost:
        raise TypeError(f"{lost} are in the API, and in no module of tocsin.web or tocsin.model")
    wanted = [kinds[name] for name in sorted(named)] + [*STREAMED, types.Problem]
    _, components = msgspec.json.schema_components(wanted, ref_template=_REF)
    return dict(sorted(components.items()))


def _structs() -> Iterator[type[msgspec.Struct]]:
    """Every Struct of the rooms whose types the API shows."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith(("tocsin.model.", "tocsin.web.", "tocsin.protocols.", "tocsin.centre.")):
            for one in vars(module).values():
                if isinstance(one, type) and issubclass(one, msgspec.Struct) and one.__module__ == name:
                    yield one


def main() -> None:
    """Print the document."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(openapi_document(), order="sorted"), indent=1).decode())
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
