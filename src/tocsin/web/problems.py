"""Whatever goes wrong, said as a problem document (RFC 9457) with a stable code and a remedy; to people, as a page.

A problem holds no stack, no path of ours and nothing of what was sent: a value that was refused may be a name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from tocsin.centre.editing import BadForm, Overtaken
from tocsin.model.errors import (
    BadInput,
    CentreFault,
    Conflict,
    Forbidden,
    NotSignedIn,
    Refused,
    SecondFactorNeeded,
    TocsinError,
    TooMany,
)
from tocsin.model.values import Actor, Micros
from tocsin.web.api.action_plan_types import ActionPlanItem, UndoneStep
from tocsin.web.api.chain_types import ChainItem, GroupItem
from tocsin.web.api.configuration_types import AccountItem, SiteItem, ZonesAnswer
from tocsin.web.api.holiday_types import HolidaysItem
from tocsin.web.api.rule_types import ParametersAnswer
from tocsin.web.api.types import IncidentItem, Problem

PROBLEM_TYPE: Final = "application/problem+json"
PROBLEMS_MAX: Final = 100
"""Mistakes of one body that an answer names."""

ROWS_MAX: Final = 1_000
"""Bad rows of one file that an answer names."""

INVALID: Final = "request.invalid"
RETRY_S: Final = 2
_LOG = structlog.get_logger("web")

DETAILS: Final[Mapping[int, str]] = {
    400: "The request cannot be read. Nothing was changed. See the API's reference for what it takes.",
    404: "There is nothing under this address. See the API's reference, or begin at the first page.",
    405: "This address does not take that method. Nothing was changed. See the API's reference for what it takes.",
    413: "The body is larger than this address takes. Nothing was changed. Send less at once.",
    421: "This centre does not answer under the name that was asked. Nothing was changed. Use the address that "
    "`tocsin serve` prints, or set web.public_url to the name that people use.",
    500: "The centre failed to answer. Whether something was changed is not known: look, then try again. Its log says "
    "more.",
}
"""What is said where HTTP itself is wrong: code `http.STATUS`."""

_OTHER: Final = "The request was refused. Nothing was changed. See the API's reference for what it takes."
_VALUE = re.compile(r"^Invalid enum value .*?(?= - at `|$)")
_UNKNOWN = re.compile(r"unknown field `(.*?)`(?= - at `|$)", re.DOTALL)
_MISSING = re.compile(r"Missing required (header|query) parameter '([A-Za-z0-9_-]{1,80})'")
_PLAIN = re.compile(r"[A-Za-z0-9_.\[\]$-]{1,80}")


class Locked(Refused):
    """The session is locked, and what was asked for is not among what a locked desk goes on showing."""

    def __init__(self) -> None:
        """Refuse it."""
        super().__init__("This desk is locked. Nothing was done. Unlock it with PIN or password", "access.locked")


class ProofNeeded(NotSignedIn):
    """The session is bound to a phone, which has not shown for a while that it is still the same."""

    def __init__(self) -> None:
        """Refuse it."""
        super().__init__(
            "This session is bound to a phone, which has not shown for ten minutes that it is the one. Nothing was "
            "done. Answer the challenge of `/api/v1/session/challenge`, or sign in again",
            "access.proof",
        )


ConfiguredRow = (
    SiteItem | AccountItem | ZonesAnswer | ChainItem | GroupItem | ActionPlanItem | ParametersAnswer | HolidaysItem
)
"""What an answer shows of the configuration where somebody was quicker."""


class IncidentConflict(Conflict):
    """A command on an incident that is not as its sender saw it; the answer shows how it is now."""

    def __init__(
        self, message: str, code: str, incident: IncidentItem, steps: Sequence[UndoneStep] | None = None
    ) -> None:
        """Refuse a command on what is now `incident`; `steps` of its plan must be done first."""
        super().__init__(message, code)
        self.incident = incident
        self.steps = list(steps) if steps else None


class RowConflict(Conflict):
    """A change of a row that is not as its sender saw it; the answer shows how it is now, and who changed it."""

    def __init__(self, message: str, code: str, row: ConfiguredRow, by: Actor | None, at: Micros):
        """Refuse a change of what is now `row`."""
        super().__init__(message, code)
        self.row = row
        self.by = by
        self.at = at


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    """Answer with this problem."""
    return Response(problem, status_code=problem.status, media_type=PROBLEM_TYPE, headers=dict(headers or {}))


def make_problem(
    status: int,
    code: str,
    detail: str,
    *,
    incident: IncidentItem | None = None,
    retry_after_s: int | None = None,
    problems: list[str] | None = None,
) -> Problem:
    """Make a problem; its title is the status in words."""
    return Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail if detail.endswith((".", "?", "!")) else f"{detail}.",
        incident=incident,
        retry_after_s=retry_after_s,
        problems=problems,
    )


def problem_of(error: Exception) -> Problem:
    """Say an error as a problem."""
    match error:
        case TocsinError():
            return _ours(error)
        case ValidationException():
            return make_problem(
                400,
                INVALID,
                "The request does not have the form that this address takes. Nothing was changed. Each mistake is "
                "named with its place",
                problems=_mistakes(error.extra) or _missing(error.detail),
            )
        case HTTPException() if error.status_code < 500:
            status = error.status_code
            return make_problem(status, f"http.{status}", DETAILS.get(status, _OTHER))
        case RecursionError():
            return make_problem(400, "http.400", DETAILS[400])
        case _:
            return make_problem(500, "http.500", DETAILS[500])


def status_of(error: TocsinError) -> int:
    """The status of HTTP that an error of ours has."""
    match error:
        case SecondFactorNeeded():
            return 403  # a code is wanted as well; no session has ended by it
        case NotSignedIn():
            return 401
        case Locked():
            return 423
        case Forbidden():
            return 403
        case TooMany():
            return 429
        case Conflict():
            return 409
        case BadInput():
            return 404 if error.code.endswith(".unknown") else 400
        case CentreFault():
            return 503
        case _:
            return 400


def headers_of(problem: Problem) -> dict[str, str]:
    """What HTTP wants said beside a problem."""
    headers: dict[str, str] = {}
    if problem.retry_after_s is not None:
        headers["retry-after"] = str(problem.retry_after_s)
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"
    return headers


def log_failure(request: Request[Any, Any, Any], error: Exception) -> None:
    """Log what is ours to mend."""
    if isinstance(error, CentreFault):
        _LOG.warning("web.refused", code=error.code)
    elif not isinstance(error, (TocsinError, RecursionError)) and not _is_senders(error):
        _LOG.error("web.failed", method=request.method, route=request.scope.get("path_template"), exc_info=error)


Handler = Callable[[Request[Any, Any, Any], Exception], Response[Any]]


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Answer a program with the problem that an error is."""
    log_failure(request, error)
    problem = problem_of(error)
    return problem_response(problem, headers_of(problem))


def _is_senders(error: Exception) -> bool:
    return isinstance(error, HTTPException) and error.status_code < 500


def _ours(error: TocsinError) -> Problem:
    retry_after_s: int | None = None
    if isinstance(error, TooMany):
        retry_after_s = error.retry_after_s
    elif isinstance(error, CentreFault) and not error.permanent:
        retry_after_s = RETRY_S
    problem = make_problem(
        status_of(error),
        error.code,
        error.message,
        incident=error.incident if isinstance(error, IncidentConflict) else None,
        retry_after_s=retry_after_s,
        problems=_rows(error),
    )
    if isinstance(error, IncidentConflict) and error.steps:
        problem = msgspec.structs.replace(problem, steps=error.steps)
    if isinstance(error, Overtaken):
        return msgspec.structs.replace(problem, changed_by=error.by, changed_at=error.at)
    return _with_row(problem, error) if isinstance(error, RowConflict) else problem


def _with_row(problem: Problem, error: RowConflict) -> Problem:
    row = error.row
    return msgspec.structs.replace(
        problem,
        site=row if isinstance(row, SiteItem) else None,
        account=row if isinstance(row, AccountItem) else None,
        zones=row if isinstance(row, ZonesAnswer) else None,
        chain=row if isinstance(row, ChainItem) else None,
        group=row if isinstance(row, GroupItem) else None,
        action_plan=row if isinstance(row, ActionPlanItem) else None,
        parameters=row if isinstance(row, ParametersAnswer) else None,
        holidays=row if isinstance(row, HolidaysItem) else None,
        changed_by=error.by,
        changed_at=error.at,
    )


def _rows(error: TocsinError) -> list[str] | None:
    """The bad rows of a table, each with its line (`centre.table_files.BadRows`), or the bad fields of a form."""
    if isinstance(error, BadForm):
        return error.reasons[:PROBLEMS_MAX]
    rows = getattr(error, "problems", None)
    if not rows:
        return None
    noun = getattr(error, "noun", "row")
    named = [f"{noun} {row.line}: {row.reason}" for row in rows[:ROWS_MAX]]
    more = len(rows) - len(named) + int(getattr(error, "more", 0))
    return [*named, f"and {more:,} more"] if more else named


def _mistakes(extra: Any) -> list[str]:
    """What msgspec and the router found wrong, without any value that was sent."""
    found: list[str] = []
    for item in extra if isinstance(extra, list) else []:
        if not isinstance(item, dict):
            continue
        key, source, message = (str(item.get(name) or "") for name in ("key", "source", "message"))
        key = "body" if key == "data" else key  # what handlers call it
        place = key if _PLAIN.fullmatch(key) else source or "request"
        found.append(f"{place}: {_without_values(message)}")
    return found[:PROBLEMS_MAX]


def _missing(detail: str) -> list[str]:
    """A parameter that is not there, which the router names in its sentence alone."""
    found = _MISSING.match(detail)
    return [] if found is None else [f"{found[2]}: missing, it is a {found[1]} of the request"]


def _without_values(message: str) -> str:
    message = _VALUE.sub("Not one of the values that this field may have", message)
    message = _UNKNOWN.sub(
        lambda found: f"unknown field `{found[1] if _PLAIN.fullmatch(found[1]) else '...'}`", message
    )
    return message[:200]
