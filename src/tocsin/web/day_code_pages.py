"""`/test`: an installer without a login, with a code that an operator gave for one place and one day.

Plain pages without scripts: begin, what arrived, what is missing, the report, end. Whoever has the code sees what was
tried at that place, and no alarm.
"""

import asyncio
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from tocsin.model.errors import Forbidden, Refused
from tocsin.model.on_test import TEST_REASONS, SiteTest, SiteTestCode, TestReason
from tocsin.model.values import Actor, Code, Micros, Place
from tocsin.reports.worker import stamp
from tocsin.web.api.own_tests import OwnTestDetail, OwnTests
from tocsin.web.pages import FORM_BYTES_MAX, page, read_form
from tocsin.web.parts import Parts
from tocsin.web.permissions import public
from tocsin.web.problems import headers_of, problem_of
from tocsin.web.report_maker import ReportMaker
from tocsin.web.security import Security, address_of

PATH: Final = "/test"
COOKIE: Final = "tocsin-test"
RENEW_S: Final = 5
HOURS: Final = (1, 2, 4, 8, 12, 24)
ZONES_MAX: Final = 1_400
TRIED_MAX: Final = 100
PageRequest = Request[Any, Any, Any]
_Part = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{1,6}$")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The pages of a one-day code."""
    security, shown, maker = Security(parts.access, parts.settings), OwnTests(parts), ReportMaker()
    codes, tests, clock = parts.centre.test_codes, parts.centre.site_tests, parts.clock
    centre = parts.settings.centre.name

    @get(PATH, opt=public(page=True), include_in_schema=False)
    async def test_page(request: PageRequest) -> Response[bytes]:
        """The place's test; without a code, where to type it."""
        return await asyncio.to_thread(_shown, request, None)

    @post(PATH, opt=public(page=True), include_in_schema=False, request_max_body_size=FORM_BYTES_MAX)
    async def use_code(request: PageRequest) -> Response[Any]:
        """Take a code. A wrong one counts as a guess of its address."""
        security.refuse_other_pages(request)
        form = await read_form(request, "code")
        try:
            found = await asyncio.to_thread(_found, form.get("code", ""), address_of(request.scope))
        except Refused as refusal:
            return _ask(refusal)
        response: Response[Any] = Redirect(PATH, status_code=303)
        left_s = max(1, (found.given.until - clock.now_us()) // 1_000_000)
        response.set_cookie(_cookie(request, form.get("code", ""), left_s))
        return response

    @post(f"{PATH}/begin", opt=public(page=True), include_in_schema=False, request_max_body_size=FORM_BYTES_MAX)
    async def begin(request: PageRequest) -> Response[Any]:
        """Put the place on test."""
        security.refuse_other_pages(request)
        form = await read_form(request, "hours", "reason", "zones")
        return await asyncio.to_thread(_do, request, lambda code: _begin(code, form))

    @post(f"{PATH}/end", opt=public(page=True), include_in_schema=False, request_max_body_size=FORM_BYTES_MAX)
    async def end(request: PageRequest) -> Response[Any]:
        """End the test."""
        security.refuse_other_pages(request)
        return await asyncio.to_thread(_do, request, _end)

    @get(f"{PATH}/report", opt=public(page=True), include_in_schema=False)
    async def report(request: PageRequest) -> Response[Any]:
        """The walk-test report."""
        form = await asyncio.to_thread(_form, request)
        if form is None:
            return Redirect(PATH, status_code=303)
        made = await maker.make(form)
        headers = {"content-disposition": 'attachment; filename="walk-test.pdf"', "cache-control": "no-store"}
        return Response(made, media_type="application/pdf", headers=headers)

    @post(f"{PATH}/leave", opt=public(page=True), include_in_schema=False, request_max_body_size=FORM_BYTES_MAX)
    async def leave(request: PageRequest) -> Response[Any]:
        """Forget the code on this machine."""
        security.refuse_other_pages(request)
        response: Response[Any] = Redirect(PATH, status_code=303)
        response.set_cookie(_cookie(request, "", 0))
        return response

    def _found(typed: str, address: str) -> SiteTestCode:
        found = codes.find(typed[:40])
        if found is None:
            parts.access.attempts.failed(address)
            raise Forbidden(
                "This code opens nothing, or not any more. Nothing was changed. Look at it again, or ask the centre",
                "on_test.code",
            )
        return found

    def _code(request: PageRequest) -> SiteTestCode | None:
        typed = request.cookies.get(COOKIE, "")
        return codes.find(typed[:40]) if typed else None

    def _ask(refusal: Refused | None) -> Response[bytes]:
        problem = None if refusal is None else problem_of(refusal)
        return page(
            "test_code.html",
            status=200 if problem is None else problem.status,
            headers={} if problem is None else headers_of(problem),
            centre=centre,
            wrong=None if problem is None else problem.detail,
        )

    def _shown(request: PageRequest, refusal: Refused | None) -> Response[bytes]:
        code = _code(request)
        if code is None:
            return _ask(refusal)
        actor = Actor(code.id)
        test = codes.test_of(code)
        detail = None if test is None else shown.detail_of(test, actor)
        problem = None if refusal is None else problem_of(refusal)
        left_h = (code.given.until - clock.now_us()) / 3_600_000_000
        return page(
            "test.html",
            status=200 if problem is None else problem.status,
            headers={"cache-control": "no-store"},
            centre=centre,
            wrong=None if problem is None else problem.detail,
            place=shown.place_words(code.given.account_id, code.given.site_id),
            code_until=stamp(code.given.until),
            renew_s=RENEW_S if test is not None and test.ended_at is None else 0,
            test=None if test is None else _words(test, {} if detail is None else _named(detail)),
            missing=None
            if detail is None or detail.missing is None
            else [_label(one, _named(detail)) for one in detail.missing],
            has_zones=detail is not None and detail.missing is not None,
            tried=[]
            if detail is None
            else [
                {
                    "at": stamp(one.at),
                    "zone": one.zone or "",
                    "name": one.zone_name or "",
                    "code": one.code or "",
                    "understood": one.is_understood,
                }
                for one in detail.tried[:TRIED_MAX]
            ],
            hours=[one for one in HOURS if one < left_h],
            reasons=[(one, one.replace("_", " ")) for one in TEST_REASONS],
        )

    def _words(test: SiteTest, names: dict[Code, Place]) -> dict[str, Any]:
        is_over = test.ended_at is not None
        return {
            "is_over": is_over,
            "is_ending": not is_over and test.word_at is not None,
            "left_min": max(1, -((clock.now_us() - test.until) // 60_000_000)),
            "until": stamp(test.until if test.ended_at is None else test.ended_at),
            "zones": ", ".join(_label(one, names) for one in test.begun.zones),
        }

    def _do(request: PageRequest, act: Any) -> Response[Any]:
        code = _code(request)
        if code is None:
            return Redirect(PATH, status_code=303)
        try:
            act(code)
        except Refused as refusal:
            return _shown(request, refusal)
        return Redirect(PATH, status_code=303)

    def _begin(code: SiteTestCode, form: dict[str, str]) -> None:
        hours, zones = form.get("hours", ""), form.get("zones", "")[:ZONES_MAX]
        try:
            named = msgspec.convert(zones.replace(",", " ").split(), list[_Part])
            reason = msgspec.convert(form.get("reason"), TestReason)
            wanted_h = msgspec.convert(hours, int, strict=False)
        except msgspec.ValidationError:
            raise Forbidden(
                "Zones are numbers of up to 6 letters and digits. Nothing was changed. Look at the form again",
                "on_test.form",
            ) from None
        left = code.given.until
        until = min(left, Micros(clock.now_us() + wanted_h * 3_600_000_000)) if wanted_h else left
        codes.begin(code, tuple(Code(zone) for zone in named), reason, until)

    def _end(code: SiteTestCode) -> None:
        test = codes.test_of(code)
        if test is not None:
            tests.end(test.id, Actor(code.id))

    def _form(request: PageRequest) -> bytes | None:
        code = _code(request)
        test = None if code is None else codes.test_of(code)
        if code is None or test is None:
            return None
        return msgspec.json.encode(shown.form_of(test, Actor(code.id)))

    def _cookie(request: PageRequest, value: str, left_s: int) -> Cookie:
        letters = "".join(one for one in value.upper() if one.isalnum())[:40]
        secure = request.scope.get("scheme") == "https"
        return Cookie(
            key=COOKIE, value=letters, path=PATH, max_age=left_s, httponly=True, samesite="strict", secure=secure
        )

    return [test_page, use_code, begin, end, report, leave]


def _named(detail: OwnTestDetail) -> dict[Code, Place]:
    return {one.number: one.name for one in detail.test.zone_names}


def _label(zone: Code, names: dict[Code, Place]) -> str:
    """`4 Kessel 2`; a zone without a name by its number."""
    return f"{zone} {names[zone]}" if zone in names else zone
