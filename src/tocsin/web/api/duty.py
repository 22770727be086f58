"""`/api/v1/duty`: what staff on duty report by phone, what became of it, and the paper that goes with it."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.site_import import buildings_of
from tocsin.model.call_forms import CallWords
from tocsin.model.check_ins import CheckIn
from tocsin.model.duty import PLACE_CODE_MAX, PLACES_MAX, RECEIPTS_MAX, SHEETS_MAX, DutyReceipt, DutyTimes
from tocsin.model.errors import BadInput
from tocsin.model.help_note import HelpNote, Missing
from tocsin.model.sites import SITE_NAME_MAX
from tocsin.model.values import Code, Place, Ref, Secret, Words
from tocsin.reports.duty_sheets import CardNumber, DutyCard, PlaceSheet, PlaceSheets
from tocsin.rules.classify import is_silent
from tocsin.web.api.duty_types import (
    CheckInAnswer,
    CheckInBody,
    CheckInGoesOnBody,
    CheckInItem,
    CodedPlaceItem,
    DutyForm,
    DutyPlace,
    DutyPlaces,
    DutyReceipts,
    DutyReportBody,
    DutyType,
)
from tocsin.web.api.incidents import IdempotencyKey
from tocsin.web.api.panel_sheets import PDF
from tocsin.web.api.users import origin_of
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.report_maker import ReportMaker
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

HELP_TYPE: Final = Code("WELFARE-ASSIST")
"""Staff attacked or in danger, or asking for more help (CODES.md)."""

PAGE: Final = "/duty"
HERE: Final = "#/here/"
PrincipalRequest = Request[Principal, Any, Any]
CheckInId = Annotated[str, PathParameter(description="Id of a check-in", pattern=r"^checkin-[0-9]{1,16}$")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of staff on duty."""
    shown, maker = _Duty(parts), ReportMaker()
    reports, check_ins = parts.centre.duty_reports, parts.centre.check_ins

    @get("/api/v1/duty", opt=needs("own.report"), summary="What the phone page is made of")
    @in_thread
    def read_duty(request: PrincipalRequest) -> DutyForm:
        """The types that people report, and the places that staff choose from, for a phone to keep."""
        places, total = shown.places(request.user, "")
        return DutyForm(
            centre=Place(parts.settings.centre.name),
            telephone=None if parts.settings.duty.telephone is None else Words(parts.settings.duty.telephone),
            help_type=HELP_TYPE,
            types=shown.types(),
            places=places,
            places_total=total,
            now=parts.clock.now_us(),
        )

    @get("/api/v1/duty/places", opt=needs("own.report"), summary="Places by how their names begin")
    @in_thread
    def read_duty_places(
        request: PrincipalRequest,
        name: Annotated[str, QueryParameter(max_length=SITE_NAME_MAX, description="How a word of the name begins")],
    ) -> DutyPlaces:
        """Sites, for a centre that has more of them than a phone is given at once."""
        places, total = shown.places(request.user, name)
        return DutyPlaces(places=places, total=total)

    @get("/api/v1/duty/places/{place_code:str}", opt=needs("own.report"), summary="Where a code is")
    @in_thread
    def read_coded_place(
        place_code: Annotated[str, PathParameter(description="What the code says", max_length=PLACE_CODE_MAX)],
    ) -> CodedPlaceItem:
        """The place that a scanned code names."""
        found = reports.place_of(place_code)
        if found is None:
            raise BadInput(
                "This code is none of this centre's, or its place is gone. Nothing was reported. Choose the place "
                "another way, and have the sheet replaced",
                "duty.code.unknown",
            )
        site = parts.centre.names.sites([found.site_id]).get(found.site_id)
        return CodedPlaceItem(site_id=found.site_id, name=None if site is None else site.name, part=found.part)

    @post("/api/v1/duty/reports", opt=needs("own.report"), summary="Report something")
    @in_thread
    def send_report(
        request: PrincipalRequest, data: JSONBody[DutyReportBody], idempotency_key: IdempotencyKey
    ) -> DutyReceipt:
        """Open an incident. It is durable when this answers; the same report again gets its receipt for 30 days."""
        note = HelpNote(missing=Missing(harm_feared=data.harm_feared)) if data.harm_feared else None
        words = CallWords(
            where=data.where or None,
            exact=data.exact or None,
            latitude=data.latitude,
            longitude=data.longitude,
            accuracy_m=data.accuracy_m,
            said=data.said or None,
            note=note,
        )
        return reports.report(
            data.type,
            words,
            request.user.actor,
            Code(idempotency_key),
            DutyTimes(typed_at=data.typed_at, sent_at=data.sent_at),
            site_id=None if data.site_id is None else Ref(data.site_id),
            code=data.code,
            written_by=data.written_by,
            is_handed_over=data.is_handed_over,
        )

    @get("/api/v1/duty/receipts", opt=needs("own.report"), summary="What became of the own reports")
    @in_thread
    def read_receipts(
        request: PrincipalRequest,
        report: Annotated[
            list[Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]],
            QueryParameter(description="The phone's own ids", max_items=RECEIPTS_MAX),
        ],
    ) -> DutyReceipts:
        """Received, claimed, closed: of those that this person sent in the last 30 days, and of nobody else's."""
        return DutyReceipts(items=reports.receipts([Code(one) for one in report], request.user.actor))

    @get("/api/v1/duty/check-in", opt=needs("own.report"), summary="The own check-in")
    @in_thread
    def read_check_in(request: PrincipalRequest) -> CheckInAnswer:
        """The check-in that goes on, or was missed lately: of the own person, and of nobody else."""
        return shown.check_in(check_ins.of(request.user.actor))

    @post("/api/v1/duty/check-in", opt=needs("own.report"), summary="Begin a check-in")
    @in_thread
    def begin_check_in(
        request: PrincipalRequest, data: JSONBody[CheckInBody], idempotency_key: IdempotencyKey
    ) -> CheckInAnswer:
        """Be heard of by then, or be looked for. It is durable, with its timer, when this answers."""
        words = CallWords(where=data.where or None, exact=data.exact or None)
        site_id = None if data.site_id is None else Ref(data.site_id)
        key = Code(idempotency_key)
        begun = check_ins.begin(data.minutes, words, request.user.actor, key, site_id=site_id, code=data.code)
        return shown.check_in(begun)

    @post(
        "/api/v1/duty/check-in/{check_in_id:str}/go-on",
        opt=needs("own.report"),
        status_code=200,
        summary="All is well, and it goes on",
    )
    @in_thread
    def go_on(
        request: PrincipalRequest,
        check_in_id: CheckInId,
        data: JSONBody[CheckInGoesOnBody],
        idempotency_key: IdempotencyKey,
    ) -> CheckInAnswer:
        """Begin its time anew."""
        return shown.check_in(
            check_ins.prolong(Ref(check_in_id), data.minutes, request.user.actor, Code(idempotency_key))
        )

    @post(
        "/api/v1/duty/check-in/{check_in_id:str}/end",
        opt=needs("own.report"),
        status_code=200,
        summary="All is well, and it is over",
    )
    @in_thread
    def end_check_in(
        request: PrincipalRequest, check_in_id: CheckInId, idempotency_key: IdempotencyKey
    ) -> CheckInAnswer:
        """End it: nobody is looked for. It is durable when this answers."""
        check_ins.end(Ref(check_in_id), request.user.actor, Code(idempotency_key))
        return shown.check_in(None)

    @get("/api/v1/duty/card", opt=needs("duty.print"), summary="Duty card", media_type=PDF)
    async def read_card(request: PrincipalRequest) -> Response[bytes]:
        """The short numbers, the control room's telephone and the code of the phone page, as PDF."""
        card = DutyCard(
            centre=parts.settings.centre.name,
            telephone=None if parts.settings.duty.telephone is None else Words(parts.settings.duty.telephone),
            made_at=parts.clock.now_us(),
            url=Secret(origin_of(parts, request) + PAGE),
            numbers=tuple(CardNumber(hazard=one.hazard, short=one.short, meaning=one.meaning) for one in shown.types()),
        )
        return _pdf(await maker.make(msgspec.json.encode(card)), "duty-card")

    @get("/api/v1/duty/sheets", opt=needs("duty.print"), summary="Codes of places, to hang up", media_type=PDF)
    async def read_sheets(
        request: PrincipalRequest,
        site_id: Annotated[
            list[Annotated[str, msgspec.Meta(pattern=r"^site-[0-9]{1,16}$")]],
            QueryParameter(description="Sites", max_items=SHEETS_MAX),
        ],
    ) -> Response[bytes]:
        """A sheet for each site and each building on it: whoever scans its code is there."""
        import asyncio

        sheets = await asyncio.to_thread(shown.sheets, [Ref(one) for one in site_id], origin_of(parts, request))
        return _pdf(await maker.make(msgspec.json.encode(sheets)), "places")

    return [
        read_duty,
        read_duty_places,
        read_coded_place,
        send_report,
        read_receipts,
        read_check_in,
        begin_check_in,
        go_on,
        end_check_in,
        read_card,
        read_sheets,
    ]


def _pdf(made: bytes, name: str) -> Response[bytes]:
    named = f'attachment; filename="{name}.pdf"'
    return Response(made, media_type=PDF, headers={"content-disposition": named, "cache-control": "no-store"})


class _Duty:
    """What the routes share. Reads the disk: never in the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._catalogue = parts.catalogue
        self._clock = parts.clock
        self._names = parts.centre.names
        self._reports = parts.centre.duty_reports
        self._settings = parts.settings
        self._store = parts.store

    def check_in(self, one: CheckIn | None) -> CheckInAnswer:
        """A check-in as its person sees it."""
        item: CheckInItem | None = None
        if one is not None:
            incident = None if one.incident is None else self._store.incident(one.incident)
            item = CheckInItem(
                id=one.id,
                begun_at=one.begun_at,
                due_at=one.due_at,
                minutes=one.minutes,
                is_reminded=one.reminded_at is not None,
                is_missed=one.outcome == "missed",
                number=None if incident is None else incident.number,
            )
        return CheckInAnswer(check_in=item, now=self._clock.now_us())

    def types(self) -> list[DutyType]:
        """What a person may report, by short number."""
        return [
            DutyType(
                type=one.type,
                short=one.short,
                hazard=one.hazard,
                meaning=one.meaning,
                priority=one.priority,
                silent=is_silent(one.type),
            )
            for one in sorted(self._catalogue.types.values(), key=lambda one: one.short)
            if one.opened_by != "centre"
        ]

    def places(self, who: Principal, words: str) -> tuple[list[DutyPlace], int]:
        """Sites by name, for whoever may choose from them, and how many there are."""
        if "place.read" not in who.permissions and not self._settings.duty.lists_sites:
            return [], 0
        ids, total = self._names.site_page(None, PLACES_MAX, words)
        found = self._names.sites(ids)
        return [
            DutyPlace(site_id=id_, name=site.name, parts=[name for name, _ in buildings_of(site.row.buildings)])
            for id_ in ids
            if (site := found.get(id_)) is not None and site.name is not None
        ], total

    def sheets(self, ids: list[Ref], origin: str) -> PlaceSheets:
        """What the sheets are made of."""
        found = self._names.sites(ids)
        sheets: list[PlaceSheet] = []
        for id_ in dict.fromkeys(ids):
            site = found.get(id_)
            if site is None or site.name is None:
                raise BadInput(
                    "There is no such site, or not any more. Nothing was made. Look at the list again", "sites.unknown"
                )
            for part in (None, *(name for name, _ in buildings_of(site.row.buildings))):
                code = self._reports.code_of(id_, part)
                sheets.append(PlaceSheet(site=site.name, part=part, url=Secret(f"{origin}{PAGE}{HERE}{code}")))
        if len(sheets) > SHEETS_MAX:
            raise BadInput(
                f"These sites have {len(sheets):,} codes, limit {SHEETS_MAX}. Nothing was made. Choose fewer sites",
                "duty.sheets",
            )
        telephone = self._settings.duty.telephone
        return PlaceSheets(
            centre=self._settings.centre.name,
            telephone=None if telephone is None else Words(telephone),
            made_at=self._clock.now_us(),
            sheets=tuple(sheets),
        )
