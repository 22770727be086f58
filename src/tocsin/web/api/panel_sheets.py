"""`/api/v1/accounts/{id}/sheet` and `/key-link`: what an installer needs to program the panel of one account.

The sheet holds everything but the key. That is shown once, on a page of its own, to whoever opens a link; the link is
in the answer to whoever asked for it, and in no list after that.
"""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.centre.account_import import presets
from tocsin.centre.categories import shipped_categories
from tocsin.centre.texts import open_rows
from tocsin.model.accounts import EARLY_MAX_S, LATE_MAX_S, Account, AccountRow
from tocsin.model.errors import BadInput
from tocsin.model.key_links import LENGTH_S_MAX, EndReason, KeyLink
from tocsin.model.values import Actor, Code, Micros, Ref, Secret, Words
from tocsin.reports.panel_sheet import Interval, PanelSheet, SheetAddress, SheetZone
from tocsin.settings import Settings, split_address
from tocsin.web.api.on_test_types import Company
from tocsin.web.api.users import origin_of
from tocsin.web.key_pages import PATH
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.report_maker import ReportMaker
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PDF: Final = "application/pdf"
SHOWN_MAX: Final = 50
WILDCARDS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - read, not listened on
PrincipalRequest = Request[Principal, Any, Any]
AccountId = Annotated[str, PathParameter(description="Id of an account", max_length=40)]
LinkId = Annotated[str, PathParameter(description="Id of a link to a key", max_length=40)]


class GiveKeyLinkBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Make a link to the key of an account."""

    until: Micros
    company: Company | None = None
    is_new: bool = False
    """Opening it makes another key: the panel is not heard until it has that."""


KeyLinkState = Literal["alive", "opened", "ended", "expired"]


class KeyLinkItem(msgspec.Struct, frozen=True, kw_only=True):
    """A link, and what became of it. What it holds is told nobody again."""

    id: Ref
    company: Code | None
    end_reason: EndReason | None
    given_at: Micros
    given_by: Actor | None
    is_new: bool
    opened_at: Micros | None
    opened_by: Actor | None
    """The link's own id where nobody was signed in there."""
    state: KeyLinkState
    until: Micros


class KeyLinkMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new link. It is told this once."""

    item: KeyLinkItem
    url: Secret
    """Whoever opens it sees the key, once."""

    def __repr__(self) -> str:
        """Tell which link and never what it holds."""
        return f"KeyLinkMade({self.item.id})"


class KeyLinksAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Links to the keys of an account, the newest first."""

    items: list[KeyLinkItem]
    length_s_max: int


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of panel sheets and links to keys."""
    links, shown, maker = parts.centre.key_links, _Sheets(parts), ReportMaker()

    @get("/api/v1/accounts/{account_id:str}/sheet", opt=needs("account.read"), summary="Panel sheet", media_type=PDF)
    async def read_sheet(account_id: AccountId) -> Response[bytes]:
        """What an installer types into the panel, without its key, as PDF."""
        return await _made(await asyncio.to_thread(shown.form, Ref(account_id)))

    @get(
        "/api/v1/own/accounts/{account_id:str}/sheet",
        opt=needs("own.accounts"),
        summary="Panel sheet of one's own account",
        media_type=PDF,
    )
    async def read_own_sheet(request: PrincipalRequest, account_id: AccountId) -> Response[bytes]:
        """The same, for whoever looks after the account."""
        own = await asyncio.to_thread(shown.own, Ref(account_id), request.user.actor)
        return await _made(await asyncio.to_thread(shown.form, own))

    async def _made(form: PanelSheet) -> Response[bytes]:
        made = await maker.make(msgspec.json.encode(form))
        named = f'attachment; filename="panel-{form.account}.pdf"'
        return Response(made, media_type=PDF, headers={"content-disposition": named, "cache-control": "no-store"})

    @get("/api/v1/accounts/{account_id:str}/key-links", opt=needs("key.link"), summary="Links to an account's key")
    @in_thread
    def read_key_links(account_id: AccountId) -> KeyLinksAnswer:
        """Who gave one and who opened it, the newest first."""
        return shown.answer(Ref(account_id))

    @post("/api/v1/accounts/{account_id:str}/key-links", opt=needs("key.link"), summary="Make a link to the key")
    @in_thread
    def give_key_link(request: PrincipalRequest, account_id: AccountId, data: JSONBody[GiveKeyLinkBody]) -> KeyLinkMade:
        """It opens once. One that was given before for the account opens nothing any more."""
        return shown.give(Ref(account_id), data, request)

    @delete("/api/v1/key-links/{link_id:str}", opt=needs("key.link"), summary="End a link to a key")
    @in_thread
    def end_key_link(request: PrincipalRequest, link_id: LinkId) -> Response[None]:
        """It opens nothing more."""
        links.end(Ref(link_id), request.user.actor)
        return Response(None, status_code=204)

    @get(
        "/api/v1/own/accounts/{account_id:str}/key-links", opt=needs("own.key"), summary="Links to one's account's key"
    )
    @in_thread
    def read_own_key_links(request: PrincipalRequest, account_id: AccountId) -> KeyLinksAnswer:
        """The same, for whoever looks after the account."""
        return shown.answer(shown.own(Ref(account_id), request.user.actor))

    @post(
        "/api/v1/own/accounts/{account_id:str}/key-links",
        opt=needs("own.key"),
        summary="Make a link to the key of one's own account",
    )
    @in_thread
    def give_own_key_link(
        request: PrincipalRequest, account_id: AccountId, data: JSONBody[GiveKeyLinkBody]
    ) -> KeyLinkMade:
        """The same, for whoever looks after the account: a key once, then a new one."""
        return shown.give(shown.own(Ref(account_id), request.user.actor), data, request)

    return [
        read_sheet,
        read_own_sheet,
        read_key_links,
        give_key_link,
        end_key_link,
        read_own_key_links,
        give_own_key_link,
    ]


class _Sheets:
    """What the routes share. Reads the disk: never in the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._access = parts.access
        self._parts = parts
        self._clock = parts.clock
        self._configuration = parts.centre.configuration
        self._links = parts.centre.key_links
        self._names = parts.centre.names
        self._secrets_get = parts.vault.secrets_get
        self._settings = parts.settings
        self._store = parts.store

    def own(self, account_id: Ref, actor: Actor) -> Ref:
        """One of the own accounts: of others nobody learns whether they are."""
        if account_id not in self._access.granted(actor):
            raise BadInput(
                "There is no such account among your own. Nothing was changed. Look at the list again", "own.unknown"
            )
        return account_id

    def give(self, account_id: Ref, data: GiveKeyLinkBody, request: PrincipalRequest) -> KeyLinkMade:
        company = None if data.company is None else Code(data.company)
        link, secret = self._links.give(account_id, company, data.until, request.user.actor, is_new=data.is_new)
        url = Secret(f"{origin_of(self._parts, request)}{PATH}/{secret}")
        return KeyLinkMade(item=self._item(link), url=url)

    def answer(self, account_id: Ref) -> KeyLinksAnswer:
        found = self._links.of_account(account_id)[:SHOWN_MAX]
        return KeyLinksAnswer(items=[self._item(one) for one in found], length_s_max=LENGTH_S_MAX)

    def form(self, account_id: Ref) -> PanelSheet:
        account = self._account(account_id)
        (row,) = open_rows([account.row], self._secrets_get)
        site = None if row.site_id is None else self._names.sites([row.site_id]).get(row.site_id)
        preset = None if row.profile is None else presets().get(row.profile)
        interval, interval_s = _interval(row)
        return PanelSheet(
            account=row.account,
            account_name=row.name,
            addresses=tuple(_addresses(self._settings)),
            carried_by=row.carried_by,
            category=row.category,
            centre=self._settings.centre.name,
            early_max_s=_window(row.early_max_s, EARLY_MAX_S),
            interval=interval,
            interval_s=interval_s,
            key_bits=None if row.key is None else row.key.bits,
            key_form=None if row.key is None else row.key.form,
            late_max_s=_window(row.late_max_s, LATE_MAX_S),
            line=row.line,
            made_at=self._clock.now_us(),
            maker=None if preset is None else Words(preset.maker),
            notes=() if preset is None else tuple((Words(one.says), Words(one.label)) for one in preset.notes),
            panel_time_zone=row.panel_time_zone,
            poll_602=row.poll_602,
            receiver=row.receiver,
            site=None if site is None else site.name,
            zones=tuple(
                SheetZone(number=one.row.number, name=one.row.name) for one in self._configuration.zones((account_id,))
            ),
        )

    def _account(self, id_: Ref) -> Account:
        found = self._store.accounts((id_,))
        if not found:
            raise BadInput(
                "There is no such account, or not any more. Nothing was changed. Look at the list again",
                "accounts.unknown",
            )
        return found[0]

    def _item(self, link: KeyLink) -> KeyLinkItem:
        is_alive = self._links.is_alive(link)
        state: KeyLinkState = "alive" if is_alive else "expired"
        if link.opened is not None:
            state = "opened"
        elif link.ended is not None:
            state = "ended"
        return KeyLinkItem(
            id=link.id,
            company=link.given.company,
            end_reason=link.ended,
            given_at=link.given_at,
            given_by=link.given_by,
            is_new=link.given.is_new,
            opened_at=link.opened_at,
            opened_by=link.opened_by,
            state=state,
            until=link.given.until,
        )


def _addresses(settings: Settings) -> Iterator[SheetAddress]:
    """Where panels send to: as somebody said, else where the receiver listens."""
    dc09 = settings.receivers.dc09
    for said, listen, is_tls in (
        (dc09.panel_addresses, dc09.listen, False),
        (dc09.tls.panel_addresses, dc09.tls.listen, True),
    ):
        for address in (said or listen) if listen else ():
            host, port = split_address(address)
            yield SheetAddress(host=None if host in WILDCARDS else host, is_tls=is_tls, port=port)


def _interval(row: AccountRow) -> tuple[Interval, int | None]:
    if row.supervision_interval_s == 0:
        return "off", None
    if row.supervision_interval_s is not None:
        return "set", row.supervision_interval_s
    figures = None if row.category is None else shipped_categories().get(row.category)
    return ("learnt", None) if figures is None else ("category", figures.limit_s // 2)


def _window(set_s: int | None, default_s: int) -> int | None:
    return default_s if set_s is None else None if set_s < 0 else set_s
