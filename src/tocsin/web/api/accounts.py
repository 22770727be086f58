"""`/api/v1/accounts`: the numbers under which panels report, their zones, and what they sent. Found by number alone.

A key is set and never read back: answers say that there is one, how long it is and how its panel shows it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.account_import import OFF, AccountDraft, presets, read_account
from tocsin.centre.editing import BadForm, Editor, refuse_bad_form
from tocsin.centre.table_files import Problems, TableRow
from tocsin.centre.zone_import import read_zone
from tocsin.model.catalogue import IncidentType
from tocsin.model.errors import BadInput
from tocsin.model.sites import ZONES_MAX, ZoneRow
from tocsin.model.values import Code, Ref, Seq, Words
from tocsin.web.api.configuration_types import (
    AccountBody,
    AccountChange,
    AccountItem,
    AccountPage,
    PanelNote,
    ProfileItem,
    ProfilesAnswer,
    RemoveKey,
    SetKey,
    ZoneItem,
    ZonesAnswer,
    ZonesBody,
)
from tocsin.web.api.sites import Key, Limit, Version
from tocsin.web.api.types import SignalPage
from tocsin.web.configuration_items import Items, once, shown_now
from tocsin.web.hidden import Hidden
from tocsin.web.items import signal_items
from tocsin.web.names import PlaceReader
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PAGE_DEFAULT: Final = 50
ZONES_BODY_BYTES_MAX: Final = 4 << 20
"""2,000 zones with long names and every escape that JSON knows."""

PrincipalRequest = Request[Principal, Any, Any]
AccountId = Annotated[str, PathParameter(description="Id of an account", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of accounts."""
    store = parts.store
    items = Items(parts)
    reader = PlaceReader(parts.centre.names)
    editor = Editor(parts.centre.configuration, store, parts.clock)
    unseen = Hidden(parts.board, store)

    def item(id_: Ref) -> AccountItem:
        return items.accounts([editor.account(id_)])[0]

    @get("/api/v1/accounts", opt=needs("account.read"), summary="Accounts, by number")
    @in_thread
    def read_accounts(
        after: Annotated[
            str | None,
            QueryParameter(
                description="`next` of the page before",
                pattern=r"^[0-9A-Z]{1,16}:account-[0-9]{1,16}$",
                required=False,
            ),
        ] = None,
        limit: Limit = PAGE_DEFAULT,
        site_id: Annotated[
            str | None, QueryParameter(description="At this site alone", pattern=r"^site-[0-9]{1,16}$", required=False)
        ] = None,
        number: Annotated[
            str | None,
            QueryParameter(description="How the number begins", pattern=r"^[0-9A-Za-z]{1,16}$", required=False),
        ] = None,
    ) -> AccountPage:
        """A page of the accounts. They are found by number and site; no name of an account is ever searched."""
        place = None
        if after is not None:
            begins, _, id_ = after.partition(":")
            place = begins, int(id_.rpartition("-")[2])
        site, begin = None if site_id is None else Ref(site_id), (number or "").upper()
        found = store.account_page(place, limit, site_id=site, number=begin)
        next_ = f"{found[-1].row.account.upper()}:{found[-1].id}" if len(found) == limit else None
        return AccountPage(items=items.accounts(found), next=next_, total=store.account_count(site, begin))

    @get("/api/v1/accounts/{account_id:str}", opt=needs("account.read"), summary="One account")
    @in_thread
    def read_account_item(account_id: AccountId) -> AccountItem:
        """One account, whole, but for its key."""
        return item(Ref(account_id))

    @post("/api/v1/accounts", opt=needs("account.write"), summary="Make an account")
    @in_thread
    def make_account(request: PrincipalRequest, data: JSONBody[AccountBody], key: Key = None) -> AccountItem:
        """Make an account. Open incidents of its number, from when it was unknown, move to it."""
        made = editor.make_account(
            account_draft(data), data.site_id, request.user.actor, once(parts.vault, key, "account.make", data)
        )
        return item(made.id)

    @put(
        "/api/v1/accounts/{account_id:str}",
        opt=needs("account.write"),
        summary="Change an account",
    )
    @in_thread
    def change_account(
        request: PrincipalRequest, account_id: AccountId, data: JSONBody[AccountChange], key: Key = None
    ) -> AccountItem:
        """Put an account in place of what it is; without `key` it keeps the one that it has."""
        id_, actor, draft = Ref(account_id), request.user.actor, account_draft(data)
        once_ = once(parts.vault, key, f"account.change {id_}", data)
        shown_now(
            lambda: editor.change_account(id_, data.version, draft, data.site_id, actor, once_), lambda: item(id_)
        )
        return item(id_)

    @delete(
        "/api/v1/accounts/{account_id:str}",
        opt=needs("account.write"),
        summary="Remove an account",
    )
    @in_thread
    def remove_account(
        request: PrincipalRequest, account_id: AccountId, version: Version, key: Key = None
    ) -> Response[None]:
        """Remove an account that has no open incident, with its zones. Its key and its names are destroyed."""
        id_, actor = Ref(account_id), request.user.actor
        once_ = once(parts.vault, key, f"account.remove {id_}", version)
        shown_now(lambda: editor.remove_account(id_, Seq(version), actor, once_), lambda: item(id_))
        return Response(None, status_code=204)

    @get(
        "/api/v1/accounts/{account_id:str}/signals",
        opt=needs("account.read"),
        summary="Signals of an account",
    )
    @in_thread
    def read_signals(
        request: PrincipalRequest,
        account_id: AccountId,
        after: Annotated[
            str | None,
            QueryParameter(description="`next` of the page before", pattern=r"^[0-9]{1,16}$", required=False),
        ] = None,
        limit: Limit = PAGE_DEFAULT,
    ) -> SignalPage:
        """What an account sent, newest first, and where each signal ended; without any sealed text."""
        id_ = editor.account(Ref(account_id)).id
        found = store.account_signals(id_, None if after is None else Seq(int(after)), limit)
        next_ = str(found[-1][0].seq) if len(found) == limit else None
        hidden = unseen.incidents(request.user)
        shown = [one for one in found if one[0].incident not in hidden]
        return SignalPage(items=signal_items(shown, reader, parts.catalogue), next=next_)

    @get(
        "/api/v1/accounts/{account_id:str}/zones",
        opt=needs("account.read"),
        summary="Zones of an account",
    )
    @in_thread
    def read_zones(account_id: AccountId) -> ZonesAnswer:
        """Every zone of an account."""
        return items.zones(editor.account(Ref(account_id)).id)

    @put(
        "/api/v1/accounts/{account_id:str}/zones",
        opt=needs("account.write"),
        request_max_body_size=ZONES_BODY_BYTES_MAX,
        summary="Set the zones of an account",
    )
    @in_thread
    def set_zones(
        request: PrincipalRequest, account_id: AccountId, data: JSONBody[ZonesBody], key: Key = None
    ) -> ZonesAnswer:
        """Let an account have these zones and no others."""
        id_, actor = editor.account(Ref(account_id)).id, request.user.actor
        rows = zone_rows(data.items, id_, parts.catalogue.types)
        once_ = once(parts.vault, key, f"zones.set {id_}", data)
        shown_now(lambda: editor.set_zones(id_, data.version, rows, actor, once_), lambda: items.zones(id_))
        return items.zones(id_)

    @get("/api/v1/profiles", opt=needs("account.read"), sync_to_thread=False, summary="Makers whose panels are known")
    def read_profiles() -> ProfilesAnswer:
        """What an account's `profile` may be, what it fills in, and what is known of such panels."""
        return PROFILES

    return [
        read_accounts,
        read_account_item,
        make_account,
        change_account,
        remove_account,
        read_signals,
        read_zones,
        set_zones,
        read_profiles,
    ]


PROFILES: Final = ProfilesAnswer(
    items=[
        ProfileItem(
            profile=Code(name),
            maker=Words(preset.maker),
            sets=preset.sets,
            notes=[PanelNote(says=Words(note.says), label=Words(note.label)) for note in preset.notes],
        )
        for name, preset in presets().items()
    ]
)


def account_draft(body: AccountBody) -> AccountDraft:
    """The account that a body stands for, checked as a row of a file is.

    Raises:
        BadForm: each mistake.
    """
    problems = Problems("form")
    draft = read_account(TableRow(1, account_cells(body)), problems)
    refuse_bad_form(problems)
    assert draft is not None, "what is wrong was noted"
    return draft


def account_cells(body: AccountBody) -> dict[str, str]:
    """A body as the cells of a file say it."""
    cells = {
        "account": body.account,
        "name": body.name,
        "receiver": body.receiver,
        "line": body.line,
        "carried_by": body.carried_by,
        "category": body.category,
        "supervision_interval_s": _seconds(body.supervision_interval_s, 0),
        "late_max_s": _seconds(body.late_max_s, -1),
        "early_max_s": _seconds(body.early_max_s, -1),
        "duplicate_window_s": _seconds(body.duplicate_window_s, None),
        "panel_time_zone": body.panel_time_zone,
        "poll_602": "yes" if body.poll_602 else None,
        "unknown_codes": body.unknown_codes,
        "profile": body.profile,
        "partitions": body.partitions,
        "paths": body.paths,
    }
    filled = {name: cell.strip() for name, cell in cells.items() if cell is not None and cell.strip()}
    match body.key:
        case SetKey():
            # To the character: a blank may belong to it.
            filled |= {"key": body.key.value, "key_form": body.key.form}
        case RemoveKey():
            filled["key"] = OFF
        case None:
            pass
    return filled


def zone_rows(zones: list[ZoneItem], account_id: Ref, types: Mapping[str, IncidentType]) -> list[ZoneRow]:
    """The zones that a body stands for, checked as rows of a file are.

    Raises:
        BadInput: more than an account may have.
        BadForm: each mistake, with the place of its zone in the list, from 1.
    """
    if len(zones) > ZONES_MAX:
        raise BadInput(
            f"{len(zones):,} zones, limit {ZONES_MAX:,} for an account. Nothing was changed. Leave some out",
            "zones.too_many",
        )
    problems = Problems("zone")
    rows: list[ZoneRow] = []
    first_at: dict[Code, int] = {}
    for at, zone in enumerate(zones, 1):
        cells = {
            "zone": zone.number,
            "name": zone.name,
            "type": zone.type,
            "priority": None if zone.priority is None else str(zone.priority),
            "partition": zone.partition,
            "detector": zone.detector,
        }
        filled = {name: cell.strip() for name, cell in cells.items() if cell is not None and cell.strip()}
        row = read_zone(TableRow(at, filled), problems, account_id, types)
        if row is None:
            continue
        if first_at.setdefault(row.number, at) != at:
            problems.add(at, f"is zone {row.number} again, as zone {first_at[row.number]} of the list")
        rows.append(row)
    if found := problems.shown:
        raise BadForm(f"zone {problem.line} of the list: {problem.reason}" for problem in found)
    return rows


def _seconds(value: int | None, off: int | None) -> str | None:
    if value is None:
        return None
    return OFF if value == off else str(value)
