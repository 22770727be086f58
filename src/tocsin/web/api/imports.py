"""`/api/v1/import` and `/export`: the tables of people, as commands take and write them.

A file is checked in a process of its own and never lies on a disk. In an export a cell that a spreadsheet would run as
a formula begins with an apostrophe, which an import takes off again.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Stream

from tocsin.centre.folder import CONTROL
from tocsin.centre.table_files import BYTES_MAX, BadRows, Problem
from tocsin.centre.table_worker import Outcome, error_of
from tocsin.centre.tables import KINDS
from tocsin.model.errors import BadInput
from tocsin.web.api.configuration_types import BadRow, ImportAnswer
from tocsin.web.openapi import TABLE_FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import Permission, needs
from tocsin.web.security import Principal
from tocsin.web.worker import Worker

WRITES: Final[dict[str, Permission]] = {
    "accounts": "account.write",
    "sites": "site.write",
    "zones": "account.write",
    "keyholders": "keyholder.write",
    "schedules": "schedule.write",
}
READS: Final[dict[str, Permission]] = {
    "accounts": "account.read",
    "sites": "site.read",
    "zones": "account.read",
    "keyholders": "keyholder.write",
    "schedules": "account.read",
}
"""A file of every keyholder is for whoever keeps the lists; who handles an incident sees those of its site."""
_OUTCOME: Final = msgspec.json.Decoder(Outcome)
PrincipalRequest = Request[Principal, Any, Any]
Form = Annotated[Literal["csv", "json"], QueryParameter(name="format", description="Form of the file")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """An import and an export of each kind."""
    worker = Worker(parts.settings.folder / CONTROL)
    return [route for kind in KINDS for route in (_import_route(kind, worker), _export_route(kind, worker))]


def _import_route(kind: str, worker: Worker) -> HTTPRouteHandler:
    async def import_table(
        request: PrincipalRequest,
        dry_run: Annotated[bool, QueryParameter(description="Say what it would do; change nothing")] = False,
    ) -> ImportAnswer:
        """Import a file, CSV or JSON: the whole file or nothing. The body is the file itself.

        With `dry_run` mistakes are listed in the answer; without, they are a problem with code `import.rows`.
        """
        act = "plan" if dry_run else "carry_out"
        answer = await worker.answer("import", kind, request.user.actor, act, data=_body(request))
        outcome = _OUTCOME.decode(answer)
        if outcome.error is not None:
            raise error_of(outcome.error)
        if outcome.bad and not dry_run:
            raise BadRows(outcome.bad, outcome.more_bad, "line")
        result = outcome.result
        return ImportAnswer(
            dry_run=dry_run,
            new=0 if result is None else result.new,
            changed=0 if result is None else result.changed,
            same=0 if result is None else result.same,
            bad=[_bad_row(kind, problem) for problem in outcome.bad],
            more_bad=outcome.more_bad,
            sites=0 if result is None else result.sites,
            config=0 if result is None else result.config,
            took_s=outcome.took_s,
        )

    # Each kind is an operation of its own, with a permission and a name of its own.
    import_table.__name__ = f"import_{kind}"
    route = post(
        f"/api/v1/import/{kind}",
        opt={**needs(WRITES[kind]), TABLE_FILE: "body"},
        status_code=200,
        request_max_body_size=BYTES_MAX,
        summary=f"Import {kind}",
    )
    return route(import_table)


def _export_route(kind: str, worker: Worker) -> HTTPRouteHandler:
    async def export_table(request: PrincipalRequest, form: Form = "csv") -> Response[Any]:
        """A file of every row, without any key. Importing it again changes nothing."""
        pieces = worker.file("export", kind, form, request.user.actor)
        first = await anext(pieces)

        async def whole():
            yield first
            async for piece in pieces:
                yield piece

        return Stream(
            whole(),
            media_type="text/csv" if form == "csv" else "application/json",
            headers={"content-disposition": f'attachment; filename="{kind}.{form}"'},
        )

    export_table.__name__ = f"export_{kind}"
    opt = {**needs(READS[kind]), TABLE_FILE: "answer"}
    return get(f"/api/v1/export/{kind}", opt=opt, summary=f"Export {kind}")(export_table)


async def _body(request: PrincipalRequest) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except InternalServerException as error:
        # So the library says that whoever sends has gone away.
        raise BadInput("The file did not come whole. Nothing was imported. Send it again", "import.gone") from error


def _bad_row(kind: str, problem: Problem) -> BadRow:
    column = problem.reason.partition(" ")[0]
    return BadRow(line=problem.line, column=column if column in KINDS[kind].columns else None, reason=problem.reason)
