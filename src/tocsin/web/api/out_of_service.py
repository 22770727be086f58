"""`/api/v1/out-of-service`: zones that are left out, why, until when, and which of them somebody may have forgotten."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.centre.zones_out import WantedOut
from tocsin.model.on_test import STAY_LIVE
from tocsin.model.out_of_service import DEFAULT_OUT_S, OUT_S_MAX, SUPERVISED_OUT_S_MAX, ZonesOut
from tocsin.model.values import Code, Micros, Ref
from tocsin.web.api.accounts import AccountId
from tocsin.web.api.on_test import LONGER
from tocsin.web.api.out_of_service_types import (
    ExtendOutBody,
    OutIncident,
    OutMark,
    OutZone,
    TakeOutBody,
    ZonesOutAnswer,
    ZonesOutItem,
)
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

ENDED_US: Final = 24 * 3600 * 1_000_000
ENDED_MAX: Final = 100
LONG_US: Final = 14 * 24 * 3600 * 1_000_000
"""So long out of service, somebody may have forgotten it."""

PrincipalRequest = Request[Principal, Any, Any]
OutId = Annotated[str, PathParameter(description="Id of what was taken out of service", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of zones out of service."""
    zones_out, shown = parts.centre.zones_out, OutShown(parts)

    @get("/api/v1/out-of-service", opt=needs("on_test.read"), summary="Zones out of service, by their end")
    @in_thread
    def read_out_of_service(request: PrincipalRequest) -> ZonesOutAnswer:
        """Each with its reason, what it said, and whether somebody may have forgotten it."""
        return shown.answer(None, may_be_longer=LONGER in request.user.granted)

    @get(
        "/api/v1/accounts/{account_id:str}/out-of-service",
        opt=needs("on_test.read"),
        summary="Zones of an account that are out of service",
    )
    @in_thread
    def read_out_of_account(request: PrincipalRequest, account_id: AccountId) -> ZonesOutAnswer:
        """The same of one account."""
        return shown.answer(Ref(account_id), may_be_longer=LONGER in request.user.granted)

    @post(
        "/api/v1/accounts/{account_id:str}/out-of-service",
        opt=needs("on_test.write"),
        summary="Take zones out of service",
    )
    @in_thread
    def take_out(request: PrincipalRequest, account_id: AccountId, data: JSONBody[TakeOutBody]) -> ZonesOutItem:
        """Their signals are stored and shown, and start no response until the end, but for classes that stay live."""
        wanted = WantedOut(
            account_id=Ref(account_id),
            not_live=tuple(data.not_live),
            reason=data.reason,
            until=data.until,
            zones=tuple(Code(zone) for zone in data.zones),
        )
        made = zones_out.take_out(wanted, request.user.actor, is_supervisor=LONGER in request.user.granted)
        return shown.items([made])[0]

    @post(
        "/api/v1/out-of-service/{out_id:str}/extend",
        opt=needs("on_test.write"),
        status_code=200,
        summary="Put zones back later",
    )
    @in_thread
    def extend_out(request: PrincipalRequest, out_id: OutId, data: JSONBody[ExtendOutBody]) -> ZonesOutItem:
        """Put the end off, each time by an act of its own."""
        is_supervisor = LONGER in request.user.granted
        made = zones_out.extend(Ref(out_id), data.until, request.user.actor, is_supervisor=is_supervisor)
        return shown.items([made])[0]

    @post(
        "/api/v1/out-of-service/{out_id:str}/end",
        opt=needs("on_test.write"),
        status_code=200,
        summary="Put zones back into service now",
    )
    @in_thread
    def put_back(request: PrincipalRequest, out_id: OutId) -> ZonesOutItem:
        """What is still active opens as an incident."""
        return shown.items([zones_out.put_back(Ref(out_id), request.user.actor)])[0]

    return [read_out_of_service, read_out_of_account, take_out, extend_out, put_back]


class OutShown:
    """What is out of service, as people see it: with names, what it said, and marks."""

    def __init__(self, parts: Parts) -> None:
        """Read these parts."""
        self._parts = parts
        self._store = parts.store
        self._names = parts.centre.names

    def answer(self, account_id: Ref | None, *, may_be_longer: bool) -> ZonesOutAnswer:
        """What is out of service, of one account or of all, and what was put back within the last day."""
        now = self._parts.clock.now_us()
        found = [
            one
            for one in self._store.zones_out(ended_after=Micros(now - ENDED_US))
            if account_id is None or one.taken.account_id == account_id
        ]
        going_on = sorted((one for one in found if one.ended_at is None), key=lambda one: (one.until, one.seq))
        ended = sorted((one for one in found if one.ended_at is not None), key=lambda one: -(one.ended_seq or 0))
        items = self.items([*going_on, *ended[:ENDED_MAX]])
        return ZonesOutAnswer(
            at=now,
            default_s=DEFAULT_OUT_S,
            ended=items[len(going_on) :],
            items=items[: len(going_on)],
            length_s_max=SUPERVISED_OUT_S_MAX if may_be_longer else OUT_S_MAX,
            stay_live=sorted(STAY_LIVE),
        )

    def items(self, found: Sequence[ZonesOut]) -> list[ZonesOutItem]:
        """These, in their order."""
        now = self._parts.clock.now_us()
        ids = {one.taken.account_id for one in found}
        accounts = self._names.accounts(ids)
        sites = self._names.sites({one.taken.site_id for one in found if one.taken.site_id is not None})
        zones = self._names.zones(ids)
        incidents: dict[Ref, list[OutIncident]] = {}
        for one in sorted(self._parts.board.all(), key=lambda one: one.number) if found else ():
            if one.presentation == "out_of_service" and one.test is not None:
                incidents.setdefault(one.test, []).append(OutIncident(id=one.id, number=one.number))
        items: list[ZonesOutItem] = []
        for out in found:
            taken = out.taken
            account = accounts.get(taken.account_id)
            site = None if taken.site_id is None else sites.get(taken.site_id)
            names = zones.get(taken.account_id, {})
            items.append(
                ZonesOutItem(
                    id=out.id,
                    account=None if account is None else account.account,
                    account_id=taken.account_id,
                    account_name=None if account is None else account.name,
                    end_reason=out.end_reason,
                    ended_at=out.ended_at,
                    ended_by=out.ended_by,
                    extended=out.extended,
                    incidents=incidents.get(out.id, []),
                    live=list(taken.live),
                    marks=_marks(out, now),
                    reason=taken.reason,
                    site=None if site is None else site.name,
                    site_id=taken.site_id,
                    taken_at=out.taken_at,
                    taken_by=out.taken_by,
                    until=out.until,
                    zones=[OutZone(number=zone, name=names.get(zone)) for zone in taken.zones],
                )
            )
        return items


def _marks(out: ZonesOut, now: Micros) -> list[OutMark]:
    """Why these may be forgotten; nothing of those that are back."""
    if out.ended_at is not None:
        return []
    marks: list[OutMark] = ["again"] if out.taken.again else []
    return [*marks, "long"] if now - out.taken_at > LONG_US else marks
