"""Exports of the journal, subject requests, the scope sheet, and what is held about oneself.

What is exported is a fact before the first byte leaves. Whatever opens something sealed takes two persons: ask for the
approval first, with the same values (`/api/v1/approvals`), and give its id with the act.
"""

import asyncio
import datetime as dt
import re
import threading
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream
from msgspec.structs import replace

from tocsin.access.approvals import digest_of
from tocsin.centre.journal_export import JournalExports, csv_table, json_lines
from tocsin.centre.proof import Proof
from tocsin.centre.sheets import ScopeSheet, holdings_text
from tocsin.centre.subject_requests import SubjectRequests
from tocsin.model.access import CREDENTIAL_KINDS, CredentialKind
from tocsin.model.errors import BadInput, TooMany
from tocsin.model.export import SubjectRequest, UnsealedExport
from tocsin.model.hold_up import HELD_UP
from tocsin.model.journal import KINDS
from tocsin.model.ports import Clock
from tocsin.model.values import Code, Micros, Ref, Secret, Seq, Words
from tocsin.web.api.proof_types import (
    ActCountItem,
    CredentialItem,
    HeldSession,
    HoldingsAnswer,
    SubjectRequestAnswer,
    SubjectRequestBody,
    UnsealedBody,
)
from tocsin.web.hidden import Hidden
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

LINES: Final = "application/x-ndjson"
CSV: Final = "text/csv; charset=utf-8"
RETRY_S: Final = 10
STANDS_STILL_S: Final = 60.0
PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the proof."""
    access, centre = parts.access, parts.centre
    proof = Proof(store=parts.store, access=access, note=centre.note, retention=parts.settings.retention_rules)
    exports = JournalExports(
        store=parts.store,
        run=centre.run,
        heads=parts.settings.heads_path,
        sign_head=centre.sign_head,
        sealer=parts.vault,
        values=centre.values,
        texts=centre.incident_texts,
    )
    subjects = SubjectRequests(
        store=parts.store,
        values=centre.values,
        secrets_get=parts.vault.secrets_get,
        access=access,
        run=centre.run,
        clock=parts.clock,
        ids=parts.ids,
    )
    turn, hidden = Turn(parts.clock), Hidden(parts.board, parts.store)

    @get("/api/v1/me/holdings", opt=needs("self.manage"), summary="What is held about oneself")
    @in_thread
    def read_holdings(request: PrincipalRequest) -> HoldingsAnswer:
        """Everything that the centre holds about whoever asks, and about nobody else."""
        held = proof.holdings(request.user.actor)
        if hidden.first(request.user) is not None:
            held = replace(held, acts=[one for one in held.acts if one.kind != HELD_UP])
        since: dict[CredentialKind, Micros | None] = {
            kind: getattr(held.credentials, kind) for kind in CREDENTIAL_KINDS
        }
        return HoldingsAnswer(
            id=held.id,
            name=held.name,
            roles=[*access.roles_of(held.id)],
            credentials=[CredentialItem(kind=kind, since=at) for kind, at in since.items() if at is not None],
            sessions=[
                HeldSession(id=one.id, created_at=one.created_at, expires_at=one.expires_at, used_at=one.used_at)
                for one in held.sessions
            ],
            own=[one.row.target for one in held.grants],
            contacts=[one.row.channel for one in held.contacts],
            acts=[
                ActCountItem(kind=one.kind, count=one.count, first_at=one.first_at, last_at=one.last_at)
                for one in held.acts
            ],
            text=Words(holdings_text(held, _time)),
        )

    @get("/api/v1/scope-sheet", opt=needs("retention.read"), summary="What the centre can be asked about")
    @in_thread
    def read_scope_sheet() -> ScopeSheet:
        """The scope sheet: counted by month from the journal alone, without a name, number, place or text."""
        return proof.scope_sheet()

    @get("/api/v1/journal/export", opt=needs("journal.export"), media_type=LINES, summary="Export the journal")
    async def export_journal(
        request: PrincipalRequest,
        after: Annotated[int, QueryParameter(ge=0, le=2**53 - 1)] = 0,
        kind: Annotated[str | None, QueryParameter(max_length=40, required=False)] = None,
    ) -> Response[Any]:
        """JSON lines as `tocsin journal export` writes them, with the signed heads, so that they verify alone.

        Nothing sealed is in it, and people are opaque ids. The export is a fact, `journal.exported`, and its last line.
        """
        if kind is not None and kind not in KINDS:
            raise BadInput(
                "The journal has no such kind. Nothing was read. docs/reference/journal.md lists them", "journal.kind"
            )
        number = turn.begin()
        try:
            before = await asyncio.to_thread(hidden.first, request.user)
            pages = exports.pages(request.user.actor, Seq(after), None if kind is None else Code(kind), before)
            first = await asyncio.to_thread(next, pages, b"")
        except BaseException:
            turn.end(number)
            raise

        async def whole() -> AsyncIterator[bytes]:
            try:
                yield first
                while (page := await asyncio.to_thread(next, pages, None)) is not None:
                    turn.go_on(number)
                    yield page
            finally:
                turn.end(number)

        headers = {"content-disposition": 'attachment; filename="journal.jsonl"'}
        return Stream(whole(), media_type=LINES, headers=headers)

    @post(
        "/api/v1/journal/unsealed",
        opt=needs("journal.unseal"),
        status_code=200,
        media_type=LINES,
        summary="Export entries with what was sealed with them",
    )
    @in_thread
    def export_unsealed(request: PrincipalRequest, data: JSONBody[UnsealedBody]) -> Response[bytes]:
        """Messages, texts and user numbers of one incident, or of one account and seven days at most.

        Takes two persons: act `journal.unsealed_export`. In `derived` of each line stands what the vault still had.
        """
        wanted = UnsealedExport(
            reason=data.reason,
            incident=data.incident,
            account_id=data.account_id,
            since=None if data.since is None else Micros(data.since),
            until=None if data.until is None else Micros(data.until),
        )
        exports.refuse_unknown(wanted)
        actor, act = request.user.actor, "journal.unsealed_export"
        approval = access.approvals.take(Ref(data.approval), act, digest_of(act, wanted), actor)
        unseen = hidden.entries(request.user)
        found = [one for one in exports.unsealed(wanted, approval.id, actor) if not unseen.has(one.stored.row)]
        body, media = (csv_table(found), CSV) if data.form == "csv" else (json_lines(found), LINES)
        name = f"unsealed-{wanted.incident or wanted.account_id}.{data.form}"
        return Response(body, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})

    @post(
        "/api/v1/subject-requests",
        opt=needs("subject.request"),
        status_code=200,
        summary="Answer somebody who asks what is held about them",
    )
    @in_thread
    def answer_subject_request(request: PrincipalRequest, data: JSONBody[SubjectRequestBody]) -> SubjectRequestAnswer:
        """Look for one contact among contacts alone. The result is a sealed file, and what opens it, shown once.

        Takes two persons: act `subject.request`. Five a day.
        """
        subjects.refuse_too_many()
        wanted = SubjectRequest(reference=data.reference, what=data.what, contact=data.contact)
        actor, act = request.user.actor, "subject.request"
        approval = access.approvals.take(Ref(data.approval), act, digest_of(act, wanted), actor)
        made = subjects.answer(wanted, approval.id, actor)
        return SubjectRequestAnswer(
            reference=made.reference,
            found=made.found,
            name=Code(f"request-{re.sub(r'[^A-Za-z0-9-]', '-', made.reference)}.age"),
            file=made.file,
            passphrase=Secret(made.passphrase),
        )

    return [read_holdings, read_scope_sheet, export_journal, export_unsealed, answer_subject_request]


class Turn:
    """One export at a time: its lines are made beside the event loop, which panels need.

    Whoever goes away before the first page never says that it is over, so a turn ends by itself when it stands still.
    Where such a one goes on after all, it neither prolongs nor ends the turn of the next.
    """

    def __init__(self, clock: Clock) -> None:
        """Nobody exports yet."""
        self._clock = clock
        self._lock = threading.Lock()
        self._until_s = 0.0
        self._number = 0

    def begin(self) -> int:
        """Take the turn; return its number."""
        with self._lock:
            if self._clock.monotonic_s() < self._until_s:
                raise TooMany(
                    "Somebody exports the journal already. Nothing was exported. Try again in a moment",
                    "export.busy",
                    RETRY_S,
                )
            self._until_s = self._clock.monotonic_s() + STANDS_STILL_S
            self._number += 1
            return self._number

    def go_on(self, number: int) -> None:
        """Say that it does not stand still."""
        with self._lock:
            if number == self._number:
                self._until_s = self._clock.monotonic_s() + STANDS_STILL_S

    def end(self, number: int) -> None:
        """Let the next one begin."""
        with self._lock:
            if number == self._number:
                self._until_s = 0.0


def _time(at: Micros) -> str:
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
