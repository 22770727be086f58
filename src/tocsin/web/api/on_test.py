"""`/api/v1/on-test`: which places are on test, what arrived from them, and which tests were forgotten."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.centre.account_parts import partition_code
from tocsin.centre.on_test_board import OnTestBoard, TestTally
from tocsin.centre.site_tests import Wanted
from tocsin.model.errors import BadInput
from tocsin.model.on_test import DEFAULT_S, LENGTH_S_MAX, STAY_LIVE, SUPERVISED_S_MAX, SiteTest, SiteTestCode
from tocsin.model.values import Code, Micros, Place, Ref
from tocsin.reports.walk_test import TestedSignal, TestedZone, WalkTest
from tocsin.web.api.named_zones import named_zones
from tocsin.web.api.on_test_types import (
    ArrivedItem,
    BeginTestBody,
    CodeItem,
    CodeMade,
    CodesAnswer,
    ExtendTestBody,
    GiveCodeBody,
    OnTestAnswer,
    OnTestDetail,
    OnTestItem,
)
from tocsin.web.parts import Parts
from tocsin.web.permissions import Permission, needs
from tocsin.web.report_maker import ReportMaker
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

LONGER: Final[Permission] = "on_test.longer"
ENDED_US: Final = 24 * 3600 * 1_000_000
ENDED_MAX: Final = 100
ARRIVED_MAX: Final = 500
PDF: Final = "application/pdf"
PrincipalRequest = Request[Principal, Any, Any]
CodeId = Annotated[str, PathParameter(description="Id of a one-day code", max_length=40)]
SiteTestId = Annotated[str, PathParameter(description="Id of a test", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of sites on test."""
    tests, codes, shown, maker = parts.centre.site_tests, parts.centre.test_codes, _Shown(parts), ReportMaker()

    @get("/api/v1/on-test", opt=needs("on_test.read"), summary="Places on test, by their end")
    @in_thread
    def read_on_test(request: PrincipalRequest) -> OnTestAnswer:
        """Each with what arrived, what is missing, and whether somebody may have forgotten it."""
        return shown.board(may_be_longer=LONGER in request.user.granted)

    @get("/api/v1/on-test/{test_id:str}", opt=needs("on_test.read"), summary="One test with what arrived")
    @in_thread
    def read_one_test(test_id: SiteTestId) -> OnTestDetail:
        """A test that goes on or is over, with its newest signals."""
        return shown.detail(shown.one(test_id))

    @get(
        "/api/v1/on-test/{test_id:str}/report",
        opt=needs("on_test.read"),
        summary="The walk-test report",
        media_type=PDF,
    )
    async def read_report(test_id: SiteTestId) -> Response[bytes]:
        """Which zones were tested and which are missing, with what arrived, as PDF."""
        form = await asyncio.to_thread(shown.form, test_id)
        made = await maker.make(msgspec.json.encode(form))
        named = f'attachment; filename="walk-{form.test.id}.pdf"'
        return Response(made, media_type=PDF, headers={"content-disposition": named, "cache-control": "no-store"})

    @get("/api/v1/on-test-codes", opt=needs("on_test.write"), summary="One-day codes that are out")
    @in_thread
    def read_test_codes() -> CodesAnswer:
        """Each for one place; their letters are told nobody again."""
        return CodesAnswer(items=[shown.code(one) for one in codes.living()])

    @post("/api/v1/on-test-codes", opt=needs("on_test.write"), summary="Give an installer a one-day code")
    @in_thread
    def give_test_code(request: PrincipalRequest, data: JSONBody[GiveCodeBody]) -> CodeMade:
        """For one place, until its end at most. Say its letters by telephone to whom you know."""
        made, secret = codes.give(
            None if data.account_id is None else Ref(data.account_id),
            None if data.site_id is None else Ref(data.site_id),
            None if data.company is None else Code(data.company),
            data.until,
            request.user.actor,
        )
        return CodeMade(address="/test", code=secret, item=shown.code(made))

    @delete("/api/v1/on-test-codes/{code_id:str}", opt=needs("on_test.write"), summary="End a one-day code")
    @in_thread
    def end_test_code(request: PrincipalRequest, code_id: CodeId) -> Response[None]:
        """It opens nothing more. A test that goes on goes on."""
        codes.end(Ref(code_id), request.user.actor)
        return Response(None, status_code=204)

    @post("/api/v1/on-test", opt=needs("on_test.write"), summary="Put a place on test")
    @in_thread
    def begin_test(request: PrincipalRequest, data: JSONBody[BeginTestBody]) -> OnTestItem:
        """Its signals are stored and shown, and start no response until the end, but for classes that stay live."""
        wanted = Wanted(
            account_id=None if data.account_id is None else Ref(data.account_id),
            asked_by=data.asked_by,
            company=None if data.company is None else Code(data.company),
            live=tuple(data.live),
            not_live=tuple(data.not_live),
            partition=None if data.partition is None else Code(data.partition),
            reason=data.reason,
            site_id=None if data.site_id is None else Ref(data.site_id),
            until=data.until,
            zones=tuple(Code(zone) for zone in data.zones),
        )
        return shown.item(tests.begin(wanted, request.user.actor, is_supervisor=LONGER in request.user.granted))

    @post("/api/v1/on-test/{test_id:str}/extend", opt=needs("on_test.write"), status_code=200, summary="End it later")
    @in_thread
    def extend_test(request: PrincipalRequest, test_id: SiteTestId, data: JSONBody[ExtendTestBody]) -> OnTestItem:
        """Put the end off, each time by an act of its own."""
        is_supervisor = LONGER in request.user.granted
        return shown.item(
            tests.extend(shown.one(test_id).id, data.until, request.user.actor, is_supervisor=is_supervisor)
        )

    @post("/api/v1/on-test/{test_id:str}/end", opt=needs("on_test.write"), status_code=200, summary="End it now")
    @in_thread
    def end_test(request: PrincipalRequest, test_id: SiteTestId) -> OnTestItem:
        """What is still active opens as an incident."""
        return shown.item(tests.end(shown.one(test_id).id, request.user.actor))

    of_codes = [read_test_codes, give_test_code, end_test_code]
    return [*of_codes, read_on_test, read_one_test, read_report, begin_test, extend_test, end_test]


class _Shown:
    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._clock = parts.clock
        self._names = parts.centre.names
        self._centre = parts.settings.centre.name
        self._board = OnTestBoard(parts.store, parts.clock, parts.catalogue)

    def board(self, *, may_be_longer: bool) -> OnTestAnswer:
        now = self._clock.now_us()
        found = self._store.site_tests(ended_after=Micros(now - ENDED_US))
        going_on = sorted((one for one in found if one.ended_at is None), key=lambda one: (one.until, one.seq))
        ended = sorted((one for one in found if one.ended_at is not None), key=lambda one: -(one.ended_seq or 0))
        ended = ended[:ENDED_MAX]
        items = self.items([*going_on, *ended])
        return OnTestAnswer(
            at=now,
            default_s=DEFAULT_S,
            ended=items[len(going_on) :],
            items=items[: len(going_on)],
            length_s_max=SUPERVISED_S_MAX if may_be_longer else LENGTH_S_MAX,
            stay_live=sorted(STAY_LIVE),
        )

    def one(self, id_: str) -> SiteTest:
        found = self._store.site_test(Ref(id_))
        if found is None:
            raise BadInput(
                "There is no such test. Nothing was changed. Look at the sites on test again", "on_test.unknown"
            )
        return found

    def detail(self, test: SiteTest) -> OnTestDetail:
        arrived = self._board.arrived(test, ARRIVED_MAX)
        zones = self._names.zones({one.account_id for one in arrived})

        def name(account_id: Ref, zone: Code | None) -> Place | None:
            return None if zone is None else zones.get(account_id, {}).get(zone)

        return OnTestDetail(
            arrived=[
                ArrivedItem(
                    account=one.account,
                    at=one.at,
                    code=one.code,
                    incident=one.incident,
                    is_understood=one.is_understood,
                    outcome=one.outcome,
                    reason=one.reason,
                    seq=one.seq,
                    zone=one.zone,
                    zone_name=name(one.account_id, one.zone),
                )
                for one in arrived
            ],
            test=self.item(test),
        )

    def form(self, id_: str) -> WalkTest:
        test = self.one(id_)
        arrived = self._board.arrived(test, ARRIVED_MAX)
        accounts = {one.account_id for one in arrived}
        if test.begun.account_id is not None:
            accounts.add(test.begun.account_id)
        names = self._names.zones(accounts)
        zones, tested, detectors = self._board.zones(test), self._board.tested(test), self._board.detectors(test)
        own = {} if test.begun.account_id is None else names.get(test.begun.account_id, {})
        item = self.item(test)

        def tested_zone(zone: Code) -> TestedZone:
            at, code = tested.get(zone, (None, None))
            return TestedZone(number=zone, name=own.get(zone), at=at, code=code, detector=detectors.get(zone))

        return WalkTest(
            account=item.account,
            account_name=item.account_name,
            centre=self._centre,
            is_cut=len(arrived) == ARRIVED_MAX or item.is_cut,
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
                    zone_name=None if one.zone is None else names.get(one.account_id, {}).get(one.zone),
                )
                for one in reversed(arrived)
            ),
            site=item.site,
            test=test,
            zones=None if zones is None else tuple(tested_zone(zone) for zone in zones),
        )

    def code(self, code: SiteTestCode) -> CodeItem:
        given = code.given
        accounts = {} if given.account_id is None else self._names.accounts([given.account_id])
        account = None if given.account_id is None else accounts.get(given.account_id)
        site = None if given.site_id is None else self._names.sites([given.site_id]).get(given.site_id)
        return CodeItem(
            id=code.id,
            account=None if account is None else account.account,
            company=given.company,
            given_at=code.given_at,
            given_by=code.given_by,
            site=None if site is None else site.name,
            until=given.until,
        )

    def item(self, test: SiteTest) -> OnTestItem:
        return self.items([test])[0]

    def items(self, tests: Sequence[SiteTest]) -> list[OnTestItem]:
        accounts = self._names.accounts({one.begun.account_id for one in tests if one.begun.account_id is not None})
        sites = self._names.sites({one.begun.site_id for one in tests if one.begun.site_id is not None})
        parts = self._names.zones({one.begun.account_id for one in tests if one.begun.account_id is not None})
        items: list[OnTestItem] = []
        for test, tally in zip(tests, self._board.tallies(tests), strict=True):
            account = None if test.begun.account_id is None else accounts.get(test.begun.account_id)
            site = None if test.begun.site_id is None else sites.get(test.begun.site_id)
            items.append(
                _item(
                    test,
                    tally,
                    {} if test.begun.account_id is None else parts.get(test.begun.account_id, {}),
                    account=None if account is None else account.account,
                    account_name=None if account is None else account.name,
                    site=None if site is None else site.name,
                )
            )
        return items


def _item(test: SiteTest, tally: TestTally, parts: Mapping[Code, Place], **names: Any) -> OnTestItem:
    begun = test.begun
    return OnTestItem(
        id=test.id,
        account_id=begun.account_id,
        asked_by=begun.asked_by,
        begun_at=test.begun_at,
        begun_by=test.begun_by,
        company=begun.company,
        end_reason=test.end_reason,
        ended_at=test.ended_at,
        ended_by=test.ended_by,
        extended=test.extended,
        is_cut=tally.is_cut,
        last_at=tally.last_at,
        live=list(begun.live),
        marks=list(tally.marks),
        missing=None if tally.missing is None else list(tally.missing),
        partition=begun.partition,
        partition_name=None if begun.partition is None else parts.get(partition_code(begun.partition)),
        reason=begun.reason,
        signals=tally.signals,
        site_id=begun.site_id,
        until=test.until,
        word_at=test.word_at,
        zone_names=named_zones((*begun.zones, *(tally.missing or ())), parts),
        zones=list(begun.zones),
        **names,
    )
