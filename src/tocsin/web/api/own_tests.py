"""`/api/v1/own/on-test`: installers and site contacts put their own places on test, within the centre's limits.

They see what they tried, and nothing else: what stayed live is an alarm, and a silent call leaves no trace here.
"""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from msgspec import Meta

from tocsin.centre.account_parts import partition_code
from tocsin.centre.on_test_board import Arrived, OnTestBoard
from tocsin.centre.site_tests import Wanted
from tocsin.model.errors import BadInput, Forbidden
from tocsin.model.on_test import ZONES_A_TEST_MAX, SiteTest, TestEndReason, TestReason
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref
from tocsin.reports.walk_test import TestedSignal, TestedZone, WalkTest
from tocsin.web.api.named_zones import NamedZone, named_zones
from tocsin.web.api.on_test import ARRIVED_MAX, ENDED_MAX, ENDED_US, PDF, SiteTestId
from tocsin.web.api.on_test_types import Part
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.report_maker import ReportMaker
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]


class OwnTestItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of the own places on test, or that was within the last day."""

    id: Ref
    account: AccountNumber | None
    account_id: Ref | None
    account_name: Place | None
    begun_at: Micros
    end_reason: TestEndReason | None
    ended_at: Micros | None
    is_mine: bool
    """The one who asks has set it."""
    partition: Code | None
    partition_name: Place | None
    reason: TestReason
    site: Place | None
    site_id: Ref | None
    until: Micros
    word_at: Micros | None
    """When it was said that it is about to end; None: not yet, or not at all."""
    zone_names: list[NamedZone]
    """Names of zones of the account; those that nobody named are left out."""
    zones: list[Code]


class OwnPlaceItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of the own places, to choose from."""

    account: AccountNumber | None
    """None: it is a whole site."""
    id: Ref
    name: Place | None


class OwnTestsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What ends first comes first; what is over comes last."""

    at: Micros
    items: list[OwnTestItem]
    places: list[OwnPlaceItem]
    length_s_max: int
    """0: tests are set by the centre alone."""


class TriedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One signal that came of the test."""

    account: AccountNumber
    at: Micros
    code: Code | None
    is_understood: bool
    zone: Code | None
    zone_name: Place | None


class OwnTestDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One test, what came of it, newest first, and the zones of which no alarm came."""

    missing: list[Code] | None
    test: OwnTestItem
    tried: list[TriedItem]


class BeginOwnTestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put one's own place on test."""

    reason: TestReason
    until: Micros
    account_id: Annotated[str, Meta(pattern=r"^account-[0-9]{1,16}$")] | None = None
    partition: Part | None = None
    site_id: Annotated[str, Meta(pattern=r"^site-[0-9]{1,16}$")] | None = None
    zones: Annotated[list[Part], Meta(max_length=ZONES_A_TEST_MAX)] = []


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of one's own tests."""
    own, maker = OwnTests(parts), ReportMaker()

    @get("/api/v1/own/on-test", opt=needs("own.tests"), summary="The own places on test")
    @in_thread
    def read_own_tests(request: PrincipalRequest) -> OwnTestsAnswer:
        """Tests of the own places, whoever set them."""
        return own.answer(request.user.actor)

    @get("/api/v1/own/on-test/{test_id:str}", opt=needs("own.tests"), summary="One test, and what came of it")
    @in_thread
    def read_own_test(request: PrincipalRequest, test_id: SiteTestId) -> OwnTestDetail:
        """What came of it, without whatever stayed live."""
        return own.detail(test_id, request.user.actor)

    @get("/api/v1/own/on-test/{test_id:str}/report", opt=needs("own.tests"), summary="Walk-test report", media_type=PDF)
    async def read_own_report(request: PrincipalRequest, test_id: SiteTestId) -> Response[bytes]:
        """Which zones were tested and which are missing, as PDF."""
        form = await asyncio.to_thread(own.form, test_id, request.user.actor)
        made = await maker.make(msgspec.json.encode(form))
        named = f'attachment; filename="walk-{form.test.id}.pdf"'
        return Response(made, media_type=PDF, headers={"content-disposition": named, "cache-control": "no-store"})

    @post("/api/v1/own/on-test", opt=needs("own.tests"), summary="Put one's own place on test")
    @in_thread
    def begin_own_test(request: PrincipalRequest, data: JSONBody[BeginOwnTestBody]) -> OwnTestItem:
        """For as long as the centre lets one. Fire, hold-up and medical stay live."""
        return own.begin(data, request.user.actor)

    @post("/api/v1/own/on-test/{test_id:str}/end", opt=needs("own.tests"), status_code=200, summary="End it now")
    @in_thread
    def end_own_test(request: PrincipalRequest, test_id: SiteTestId) -> OwnTestItem:
        """What is still active opens as an incident."""
        return own.end(test_id, request.user.actor)

    return [read_own_tests, read_own_test, read_own_report, begin_own_test, end_own_test]


class OwnTests:
    """What somebody sees and does of the own tests, with a login or a one-day code."""

    def __init__(self, parts: Parts) -> None:
        """Read from `parts`."""
        self._access = parts.access
        self._board = OnTestBoard(parts.store, parts.clock, parts.catalogue)
        self._centre = parts.settings.centre.name
        self._clock = parts.clock
        self._length_s_max = parts.settings.on_test.own_hours_max * 3600
        self._names = parts.centre.names
        self._store = parts.store
        self._tests = parts.centre.site_tests

    def answer(self, actor: Actor) -> OwnTestsAnswer:
        """The own tests."""
        now = self._clock.now_us()
        granted = self._access.granted(actor)
        found = [one for one in self._store.site_tests(Micros(now - ENDED_US)) if self._is_own(one, granted)]
        found.sort(key=lambda one: (one.ended_at is not None, one.ended_at or one.until, one.seq))
        return OwnTestsAnswer(
            at=now,
            items=[self._item(one, actor) for one in found[:ENDED_MAX]],
            places=self._places(granted),
            length_s_max=self._length_s_max,
        )

    def _places(self, granted: frozenset[Ref]) -> list[OwnPlaceItem]:
        sites = self._names.sites(one for one in granted if one.startswith("site-"))
        accounts = self._names.accounts(one for one in granted if one.startswith("account-"))
        return [
            *(OwnPlaceItem(account=None, id=id_, name=site.name) for id_, site in sorted(sites.items())),
            *(OwnPlaceItem(account=one.account, id=id_, name=one.name) for id_, one in sorted(accounts.items())),
        ]

    def begin(self, data: BeginOwnTestBody, actor: Actor) -> OwnTestItem:
        """Put one of the own places on test."""
        if self._length_s_max == 0:
            raise Forbidden(
                "At this centre nobody puts one's own place on test. Nothing was changed. Ask the centre by telephone",
                "on_test.own_off",
            )
        granted = self._access.granted(actor)
        account_id = None if data.account_id is None else Ref(data.account_id)
        site_id = None if data.site_id is None else Ref(data.site_id)
        if not self._is_place_own(account_id, site_id, granted):
            raise BadInput(
                "There is no such place among your own. Nothing was changed. Look at the list again", "on_test.place"
            )
        wanted = Wanted(
            account_id=account_id,
            asked_by="site_contact" if account_id is None or account_id not in granted else "installer",
            company=None,
            live=(),
            not_live=(),
            partition=None if data.partition is None else Code(data.partition),
            reason=data.reason,
            site_id=site_id,
            until=data.until,
            zones=tuple(Code(zone) for zone in data.zones),
        )
        return self._item(self._tests.begin_own(wanted, actor, self._length_s_max), actor)

    def end(self, id_: str, actor: Actor) -> OwnTestItem:
        """End one of the own tests."""
        return self._item(self._tests.end(self._one(id_, actor).id, actor), actor)

    def detail(self, id_: str, actor: Actor) -> OwnTestDetail:
        """One of the own tests."""
        return self.detail_of(self._one(id_, actor), actor)

    def detail_of(self, test: SiteTest, actor: Actor) -> OwnTestDetail:
        """A test that the one who asks may see."""
        tried = self._board.tried(test, ARRIVED_MAX)
        names = self._names.zones({one.account_id for one in tried})
        tested = {one.zone for one in tried if one.is_alarm}
        zones = self._board.zones(test)
        return OwnTestDetail(
            missing=None if zones is None else [zone for zone in zones if zone not in tested],
            test=self._item(test, actor),
            tried=[
                TriedItem(
                    account=one.account,
                    at=one.at,
                    code=one.code,
                    is_understood=one.is_understood,
                    zone=one.zone,
                    zone_name=_zone_name(one, names),
                )
                for one in tried
            ],
        )

    def form(self, id_: str, actor: Actor) -> WalkTest:
        """The form of the report of one of the own tests."""
        return self.form_of(self._one(id_, actor), actor)

    def form_of(self, test: SiteTest, actor: Actor) -> WalkTest:
        """The same of a test that the one who asks may see."""
        tried = self._board.tried(test, ARRIVED_MAX)[::-1]
        accounts = {one.account_id for one in tried}
        if test.begun.account_id is not None:
            accounts.add(test.begun.account_id)
        names = self._names.zones(accounts)
        own = {} if test.begun.account_id is None else names.get(test.begun.account_id, {})
        first: dict[Code, Arrived] = {}
        for one in tried:
            if one.zone is not None and one.is_alarm:
                first.setdefault(one.zone, one)
        zones, item, detectors = self._board.zones(test), self._item(test, actor), self._board.detectors(test)

        def tested(zone: Code) -> TestedZone:
            found = first.get(zone)
            return TestedZone(
                number=zone,
                name=own.get(zone),
                at=None if found is None else found.at,
                code=None if found is None else found.code,
                detector=detectors.get(zone),
            )

        return WalkTest(
            account=item.account,
            account_name=item.account_name,
            centre=self._centre,
            is_cut=len(tried) == ARRIVED_MAX,
            made_at=self._clock.now_us(),
            partition_name=None if test.begun.partition is None else own.get(partition_code(test.begun.partition)),
            signals=tuple(
                TestedSignal(
                    account=one.account,
                    at=one.at,
                    code=one.code,
                    is_understood=one.is_understood,
                    outcome=one.outcome,
                    zone=one.zone,
                    zone_name=_zone_name(one, names),
                )
                for one in tried
            ),
            site=item.site,
            test=test,
            zones=None if zones is None else tuple(tested(zone) for zone in zones),
        )

    def place_words(self, account_id: Ref | None, site_id: Ref | None) -> str:
        """A place in words: its site, and the account's number."""
        site = None if site_id is None else self._names.sites([site_id]).get(site_id)
        account = None if account_id is None else self._names.accounts([account_id]).get(account_id)
        parts = [None if site is None else site.name, None if account is None else f"account {account.account}"]
        return ", ".join(part for part in parts if part) or "-"

    def _one(self, id_: str, actor: Actor) -> SiteTest:
        """One of the own: of others nobody learns whether they are."""
        found = self._store.site_test(Ref(id_))
        if found is None or not self._is_own(found, self._access.granted(actor)):
            raise BadInput(
                "There is no such test among your own. Nothing was changed. Look at the list again", "on_test.unknown"
            )
        return found

    def _is_own(self, test: SiteTest, granted: frozenset[Ref]) -> bool:
        return self._is_place_own(test.begun.account_id, test.begun.site_id, granted)

    def _is_place_own(self, account_id: Ref | None, site_id: Ref | None, granted: frozenset[Ref]) -> bool:
        """An account that was entered as one's own, or whose site was; or such a site."""
        if account_id is None:
            return site_id in granted
        if account_id in granted:
            return True
        found = self._names.accounts([account_id]).get(account_id)
        return found is not None and found.site_id is not None and found.site_id in granted

    def _item(self, test: SiteTest, actor: Actor) -> OwnTestItem:
        begun = test.begun
        accounts = {} if begun.account_id is None else self._names.accounts([begun.account_id])
        account = None if begun.account_id is None else accounts.get(begun.account_id)
        site = None if begun.site_id is None else self._names.sites([begun.site_id]).get(begun.site_id)
        parts = {} if begun.account_id is None else self._names.zones([begun.account_id]).get(begun.account_id, {})
        return OwnTestItem(
            id=test.id,
            account=None if account is None else account.account,
            account_id=begun.account_id,
            account_name=None if account is None else account.name,
            begun_at=test.begun_at,
            end_reason=test.end_reason,
            ended_at=test.ended_at,
            is_mine=test.begun_by == actor,
            partition=begun.partition,
            partition_name=None if begun.partition is None else parts.get(partition_code(begun.partition)),
            reason=begun.reason,
            site=None if site is None else site.name,
            site_id=begun.site_id,
            until=test.until,
            word_at=test.word_at,
            zone_names=named_zones(begun.zones or self._board.zones(test) or (), parts),
            zones=list(begun.zones),
        )


def _zone_name(one: Arrived, names: dict[Ref, dict[Code, Place]]) -> Place | None:
    return None if one.zone is None else names.get(one.account_id, {}).get(one.zone)
