"""`/api/v1/unknown-accounts`: numbers that send and that nobody entered, and what a person makes of each.

The sender's address is not among what is told: it is sealed (decision 0017).
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter

from tocsin.centre.editing import Editor, Number
from tocsin.centre.unknown import similar_accounts
from tocsin.model.accounts import Refusal
from tocsin.model.errors import BadInput
from tocsin.model.lists import UnknownAccount
from tocsin.model.values import Actor, Place, Ref
from tocsin.web.api.accounts import account_draft
from tocsin.web.api.configuration_types import (
    AcceptBody,
    AccountItem,
    NumberBody,
    RefuseBody,
    RefusedItem,
    SimilarItem,
    UnknownAnswer,
    UnknownItem,
)
from tocsin.web.api.sites import Key, site_row
from tocsin.web.configuration_items import Items, once
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

SHOWN_MAX: Final = 500
SHOWN_DEFAULT: Final = 200
PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of unknown accounts."""
    queue = _Queue(parts)
    editor = queue.editor

    @get("/api/v1/unknown-accounts", opt=needs("unknown.read"), summary="Numbers that nobody entered")
    async def read_unknown(
        limit: Annotated[int, QueryParameter(ge=1, le=SHOWN_MAX)] = SHOWN_DEFAULT,
    ) -> UnknownAnswer:
        """The numbers that send, newest first, with known ones that they resemble; and those that are refused."""
        incidents: dict[str, list[Ref]] = {}
        for incident in parts.board.all():
            if incident.account_id is None and incident.account is not None:
                incidents.setdefault(incident.account.upper(), []).append(incident.id)
        return await asyncio.to_thread(queue.read, limit, incidents)

    @post("/api/v1/unknown-accounts/accept", opt=needs("unknown.handle"), summary="It is one of ours")
    @in_thread
    def accept_unknown(request: PrincipalRequest, data: JSONBody[AcceptBody], key: Key = None) -> AccountItem:
        """Make an account of a number that is listed. Open incidents of the number move to it and to its site."""
        return queue.accept(data, request, key)

    @post("/api/v1/unknown-accounts/refuse", opt=needs("unknown.handle"), status_code=200, summary="It is none of ours")
    @in_thread
    def refuse_unknown(request: PrincipalRequest, data: JSONBody[RefuseBody]) -> RefusedItem:
        """Answer a number with DUH or silence and store nothing of it, until a time. It leaves the list."""
        return queue.refuse(data, request.user.actor)

    @post("/api/v1/unknown-accounts/take-back", opt=needs("unknown.handle"), status_code=200, summary="Hear it again")
    @in_thread
    def take_back_refusal(request: PrincipalRequest, data: JSONBody[NumberBody]) -> Response[None]:
        """Let a refused number be unknown again: stored, and listed when it sends."""
        editor.take_back(_number(data), request.user.actor)
        return Response(None, status_code=204)

    return [read_unknown, accept_unknown, refuse_unknown, take_back_refusal]


class _Queue:
    def __init__(self, parts: Parts) -> None:
        self._vault = parts.vault
        self._centre = parts.centre
        self._items = Items(parts)
        self.editor = Editor(parts.centre.configuration, parts.store, parts.clock)

    def read(self, limit: int, incidents: Mapping[str, Sequence[Ref]]) -> UnknownAnswer:
        found = self._centre.unknown_accounts()
        snapshot = self._centre.configuration.shown()
        near = [similar_accounts(row.account, snapshot) for row in found[:limit]]
        sites = self._site_names([policy.id for some in near for policy, _ in some])
        return UnknownAnswer(
            items=[
                _item(
                    row,
                    [
                        SimilarItem(account_id=policy.id, account=policy.account, site=sites.get(policy.id), why=why)
                        for policy, why in some
                    ],
                    list(incidents.get(row.account.upper(), ())),
                )
                for row, some in zip(found, near, strict=False)
            ],
            total=len(found),
            refused=[self.refused_item(refusal) for refusal in self.editor.refused()],
        )

    def accept(self, body: AcceptBody, request: PrincipalRequest, key: str | None) -> AccountItem:
        number = body.account.account.upper()
        actor, once_ = request.user.actor, once(self._vault, key, "unknown.accept", body)
        is_known_command = self._centre.configuration.answered(actor, once_) is not None
        if not is_known_command and number not in {row.account.upper() for row in self._centre.unknown_accounts()}:
            raise _not_listed()
        draft = account_draft(body.account)
        if body.new_site is None:
            made = self.editor.make_account(draft, body.account.site_id, actor, once_)
        else:
            made = self.editor.make_account(draft, None, actor, once_, new_site=site_row(body.new_site))
        return self._items.accounts([made])[0]

    def refuse(self, body: RefuseBody, actor: Actor) -> RefusedItem:
        wanted = _key(body.account, body.receiver, body.line)
        listed = {_key(row.account, row.receiver, row.line) for row in self._centre.unknown_accounts()}
        listed |= {_key(one.row.account, one.row.receiver, one.row.line) for one in self.editor.refused()}
        if wanted not in listed:
            raise _not_listed()
        return self.refused_item(self.editor.refuse_number(_number(body), body.answer, body.reason, body.until, actor))

    def refused_item(self, refusal: Refusal) -> RefusedItem:
        row = refusal.row
        assert row.answer is not None, "one that was taken back is not shown"
        assert row.reason is not None, "a refusal has a reason"
        return RefusedItem(
            account=row.account,
            receiver=row.receiver,
            line=row.line,
            answer=row.answer,
            reason=row.reason,
            until=row.until,
            by=self.editor.who(refusal.seq)[0],
        )

    def _site_names(self, account_ids: Sequence[Ref]) -> dict[Ref, Place | None]:
        accounts = self._centre.names.accounts(account_ids)
        sites = self._centre.names.sites(name.site_id for name in accounts.values() if name.site_id is not None)
        return {
            id_: sites[name.site_id].name for id_, name in accounts.items() if name.site_id in sites and name.site_id
        }


def _item(row: UnknownAccount, similar: list[SimilarItem], incidents: list[Ref]) -> UnknownItem:
    return UnknownItem(
        account=row.account,
        receiver=row.receiver,
        line=row.line,
        transport=row.transport,
        first_at=row.first_at,
        last_at=row.last_at,
        signals=row.signals,
        polls=row.polls,
        unreadable=row.unreadable,
        similar=similar,
        incidents=incidents,
    )


def _not_listed() -> BadInput:
    return BadInput(
        "This number is not among the unknown accounts, or not any more. Nothing was changed. Look at the list again; "
        "a number that has not sent is entered among the accounts",
        "numbers.unknown",
    )


def _key(account: str, receiver: str | None, line: str | None) -> tuple[str, str | None, str | None]:
    return account.upper(), receiver, line


def _number(body: NumberBody) -> Number:
    return Number(account=body.account, receiver=body.receiver, line=body.line)
