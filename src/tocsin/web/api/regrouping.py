"""`/api/v1/incidents/{id}/merge`, `/unmerge`, `/split`, `/unsplit`: what people regroup, and undo."""

from typing import Any

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.model.commands import Merge, Split, Unmerge, Unsplit
from tocsin.web.api.incidents import Desk, IdempotencyKey, IncidentId, checked_id
from tocsin.web.api.types import CommandAnswer, MergeBody, SplitBody, UndoBody
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal

PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of regrouping."""
    desk = Desk(parts)

    @post("/api/v1/incidents/{incident_id:str}/merge", opt=needs("incident.handle"), status_code=200, summary="Merge")
    async def merge(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[MergeBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Say that it is the same happening as another: it is closed as a duplicate, and what comes of it goes there.

        409 `merge.claimed_by_others` names who has one of them; with `take_over` whoever asks has the other one then.
        """
        act = Merge(into=checked_id(data.into), seen=data.seen, take_over=data.take_over)
        return await desk.act(request, incident_id, idempotency_key, data.version, act)

    @post(
        "/api/v1/incidents/{incident_id:str}/unmerge",
        opt=needs("incident.handle"),
        status_code=200,
        summary="Undo a merge",
    )
    async def unmerge(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[UndoBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Let an incident that was merged be by itself again: open, and whoever asks has it. For 12 hours."""
        return await desk.act(request, incident_id, idempotency_key, data.version, Unmerge())

    @post("/api/v1/incidents/{incident_id:str}/split", opt=needs("incident.handle"), status_code=200, summary="Split")
    async def split(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[SplitBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Make an incident of its own of some signals. The answer is the old one; the new one is in the queue."""
        act = Split(signals=tuple(sorted(set(data.signals))))
        return await desk.act(request, incident_id, idempotency_key, data.version, act)

    @post(
        "/api/v1/incidents/{incident_id:str}/unsplit",
        opt=needs("incident.handle"),
        status_code=200,
        summary="Undo a split",
    )
    async def unsplit(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[UndoBody], idempotency_key: IdempotencyKey
    ) -> CommandAnswer:
        """Let the signals that were split off for this incident go back; it is closed as a duplicate. For 12 hours."""
        return await desk.act(request, incident_id, idempotency_key, data.version, Unsplit())

    return [merge, unmerge, split, unsplit]
