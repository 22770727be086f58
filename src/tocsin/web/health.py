"""`/healthz`, `/readyz` and `/metrics`, which every process answers whatever parts it runs (INTERFACES.md, HTTP)."""

from typing import Final, Protocol

import msgspec
from litestar import Litestar, MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

from tocsin.web.permissions import public
from tocsin.web.problems import answer_problem

OPEN_PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Answered under any name: whoever watches the process may know it by another. They tell of no person and no place."""


class Status(Protocol):
    """What the process says of itself."""

    def missing(self) -> list[str]:
        """What is not ready, in words; empty where all parts are."""
        ...

    def metrics(self) -> bytes:
        """The Prometheus text."""
        ...


PROMETHEUS: Final = "text/plain; version=0.0.4"


class Readiness(msgspec.Struct, frozen=True):
    """Answer of `/readyz`."""

    ready: bool
    missing: list[str]


def health_routes(status: Status) -> list[HTTPRouteHandler]:
    """The three routes; nothing in them needs a sign-in, and nothing in them tells about people or places."""

    @get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False, opt=public(), summary="Does the process answer")
    def healthz() -> str:
        """The process answers."""
        return "ok\n"

    @get("/readyz", sync_to_thread=False, opt=public(), summary="Is every part ready, and what is missing")
    def readyz() -> Response[Readiness]:
        """Every part that this process runs is ready, or what is missing."""
        missing = status.missing()
        return Response(Readiness(not missing, missing), status_code=200 if not missing else 503)

    @get(
        "/metrics", media_type=PROMETHEUS, sync_to_thread=False, opt=public(), summary="What is counted, for Prometheus"
    )
    def metrics() -> Response[bytes]:
        """What the process counts."""
        return Response(status.metrics(), media_type=PROMETHEUS)

    return [healthz, readyz, metrics]


def health_app(status: Status) -> Litestar:
    """The three routes alone, as long as nothing else is there."""
    return Litestar(
        [*health_routes(status)],
        openapi_config=None,
        exception_handlers={Exception: answer_problem},
        request_max_body_size=65_536,
        logging_config=None,
    )
