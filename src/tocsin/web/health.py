"""`/healthz`, `/readyz` and `/metrics`, which every process answers whatever parts it runs (INTERFACES.md, HTTP)."""

from typing import Protocol

import msgspec
from litestar import Litestar, MediaType, Request, Response, get
from litestar.exceptions import HTTPException


class Status(Protocol):
    """What the process says of itself."""

    def missing(self) -> list[str]:
        """What is not ready, in words; empty where all parts are."""
        ...

    def metrics(self) -> bytes:
        """The Prometheus text."""
        ...


class Readiness(msgspec.Struct, frozen=True):
    """Answer of `/readyz`."""

    ready: bool
    missing: list[str]


class Problem(msgspec.Struct, frozen=True):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str


def health_app(status: Status) -> Litestar:
    """Make the application; nothing in it needs a sign-in, and nothing in it tells about people or places."""

    @get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False)
    def healthz() -> str:
        """The process answers."""
        return "ok\n"

    @get("/readyz", sync_to_thread=False)
    def readyz() -> Response[Readiness]:
        """Every part that this process runs is ready, or what is missing."""
        missing = status.missing()
        return Response(Readiness(not missing, missing), status_code=200 if not missing else 503)

    @get("/metrics", sync_to_thread=False)
    def metrics() -> Response[bytes]:
        """What the process counts."""
        return Response(status.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Litestar(
        [healthz, readyz, metrics],
        openapi_config=None,
        exception_handlers={HTTPException: _problem},
        request_max_body_size=65_536,
        logging_config=None,
    )


def _problem(_request: Request, error: HTTPException) -> Response[Problem]:
    problem = Problem("about:blank", error.detail, error.status_code, f"http.{error.status_code}")
    return Response(problem, status_code=error.status_code, media_type="application/problem+json")
