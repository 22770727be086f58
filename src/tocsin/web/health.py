"""`/healthz`, `/readyz` and `/metrics`, which every process answers whatever parts it runs (INTERFACES.md, HTTP)."""

from typing import Protocol

import msgspec
import structlog
from litestar import Litestar, MediaType, Request, Response, get
from litestar.exceptions import HTTPException

_LOG = structlog.get_logger("web")


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
        return Response(status.metrics(), media_type="text/plain; version=0.0.4")

    return Litestar(
        [healthz, readyz, metrics],
        openapi_config=None,
        exception_handlers={HTTPException: _problem, Exception: _fault},
        request_max_body_size=65_536,
        logging_config=None,
    )


def _problem(_request: Request, error: HTTPException) -> Response[Problem]:
    return _answer(error.status_code, error.detail)


def _fault(_request: Request, error: Exception) -> Response[Problem]:
    _LOG.error("web.failed", exc_info=error)
    return _answer(500, "The centre failed to answer; its log says more")


def _answer(status: int, title: str) -> Response[Problem]:
    problem = Problem("about:blank", title, status, f"http.{status}")
    return Response(problem, status_code=status, media_type="application/problem+json")
