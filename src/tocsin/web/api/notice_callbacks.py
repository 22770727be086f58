"""What comes back of notices: receipts of providers, keys pressed in a call, and the page on which a person answers.

Each path ends with the name of a notice and attempt and a code that nobody can guess; that is what lets it in, and it
lets it do nothing but that. The same again gets the same answer, before `send` has returned, after the incident was
closed, and for seven days. Opening the page changes nothing: programs that look at mail open links too.
"""

from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, PathParameter

from tocsin.centre.outbox import Link
from tocsin.model.errors import BadInput
from tocsin.model.notices import Notice, NoticeAnswer, Receipt
from tocsin.protocols import voice_xml
from tocsin.rules import voice
from tocsin.rules.notice_texts import in_exercise, spoken, spoken_type, title_of
from tocsin.web.api.notice_place import place_for
from tocsin.web.api.notice_types import ToldBody
from tocsin.web.pages import message_page, page
from tocsin.web.parts import Parts
from tocsin.web.permissions import public
from tocsin.web.security import FORM_TYPE, Principal, Security
from tocsin.web.threads import in_thread

FORM_BYTES_MAX: Final = 16_384
FIELDS_MAX: Final = 100
PROVED: Final = frozenset({"check_in", "reminder", "test"})
"""Purposes that ask nobody to come: whoever answers has read it."""

_THANKS: Final = {
    "check_in": "Thank you. Now open the phone page. Good-bye.",
    "test": "Thank you. The test has arrived. Good-bye.",
}

SMS_STATES: Final[dict[str, Receipt]] = {
    "delivered": "delivered",
    "read": "seen",
    "undelivered": "failed",
    "failed": "failed",
}
"""What a provider says of a text message, and what it means here; all else tells nothing."""

CALL_ENDS: Final = frozenset({"busy", "no-answer", "failed", "canceled", "completed"})
"""A call that ended so, and in which no key was pressed, was not answered."""

GOOD_BYE: Final = "This call is not known here. Good-bye."
AnyRequest = Request[Principal | None, Any, Any]
Secret = Annotated[str, PathParameter(description="End of the link", max_length=64)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes that providers, devices and recipients come by."""
    outbox = parts.centre.outbox
    calls = _Calls(parts)
    security = Security(parts.access, parts.settings)

    @post(
        "/api/v1/notices/callback/{secret:str}",
        opt=public(),
        status_code=204,
        request_max_body_size=FORM_BYTES_MAX,
        summary="What a program or a device tells of a notice",
    )
    @in_thread
    def told(secret: Secret, data: JSONBody[ToldBody]) -> None:
        """A receipt or an answer. The path is the notice's own, and was sent with it."""
        link = _known(outbox.link(secret))
        if data.state in ("delivered", "seen"):
            outbox.receipt(link, data.state)
        else:
            outbox.answer(link, _answer(link.notice, data.state))

    @post("/n/{secret:str}/sms", opt=public(), include_in_schema=False,
          request_max_body_size=FORM_BYTES_MAX)  # fmt: skip
    async def told_of_sms(request: AnyRequest, secret: FromPath[str]) -> Response[None]:
        """What a provider says of a text message."""
        form = await _form(request)
        receipt = SMS_STATES.get(form.get("MessageStatus", "").lower())
        await _told(secret, receipt)
        return Response(None, status_code=204)

    @post("/n/{secret:str}/call", opt=public(), include_in_schema=False,
          request_max_body_size=FORM_BYTES_MAX)  # fmt: skip
    async def told_of_call(request: AnyRequest, secret: FromPath[str]) -> Response[None]:
        """What a provider says of a call: that it ended."""
        form = await _form(request)
        is_end = form.get("CallStatus", "").lower() in CALL_ENDS
        await _told(secret, "no_answer" if is_end else None)
        return Response(None, status_code=204)

    @post("/n/{secret:str}/voice/{step:str}", opt=public(), include_in_schema=False,
          request_max_body_size=FORM_BYTES_MAX)  # fmt: skip
    @in_thread
    def call_answered(secret: FromPath[str], step: FromPath[str]) -> Response[bytes]:
        """Somebody, or something, took the call: the prompt."""
        return calls.prompt(secret, step)

    @post("/n/{secret:str}/voice/{step:str}/key", opt=public(), include_in_schema=False,
          request_max_body_size=FORM_BYTES_MAX)  # fmt: skip
    async def key_pressed(request: AnyRequest, secret: FromPath[str], step: FromPath[str]) -> Response[bytes]:
        """A key was pressed, or none in time."""
        form = await _form(request)
        return await calls.key(secret, step, form.get("Digits"))

    @get("/n/{secret:str}", opt=public(page=True), include_in_schema=False)
    @in_thread
    def read_notice_page(secret: FromPath[str]) -> Response[bytes]:
        """What a notice is about, and the buttons to answer it."""
        return calls.page(secret)

    @post("/n/{secret:str}/answer/{answer:str}", opt=public(page=True), include_in_schema=False,
          request_max_body_size=FORM_BYTES_MAX)  # fmt: skip
    async def answer_notice_page(request: AnyRequest, secret: FromPath[str], answer: FromPath[str]) -> Response[bytes]:
        """A button was pressed."""
        security.refuse_other_pages(request)
        return await calls.press(secret, answer)

    @in_thread
    def _told(token: str, receipt: Receipt | None) -> None:
        link = _known(outbox.link(token))
        if receipt is not None:
            outbox.receipt(link, receipt)

    return [told, told_of_sms, told_of_call, call_answered, key_pressed, read_notice_page, answer_notice_page]


class _Calls:
    """What a call says, and what the page shows."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._outbox = parts.centre.outbox
        self._centre = parts.settings.centre.name

    def prompt(self, token: str, at: str) -> Response[bytes]:
        link, step = self._outbox.link(token), _step(at)
        if link is None or step is None:
            return _xml(voice_xml.end(GOOD_BYE))
        return self._ask(link, token, step)

    @in_thread
    def key(self, token: str, at: str, key: str | None) -> Response[bytes]:
        link, step = self._outbox.link(token), _step(at)
        if link is None or step is None:
            return _xml(voice_xml.end(GOOD_BYE))
        notice = link.notice
        is_full = self._outbox.is_full(notice)
        if notice.answer is not None and "answered" in {one.state for one in notice.attempts[link.attempt - 1 :][:1]}:
            return self._end(notice, notice.answer, is_full=is_full)  # a repeat of this call's last step
        move = voice.pressed(step, key, is_full=is_full)
        match move.said:
            case "prompt":
                assert move.step is not None, "a prompt has its step"
                return self._ask(link, token, move.step)
            case "coming" | "enough" | "cannot":
                answer = _answer(notice, "cannot" if move.said == "cannot" else "coming")
                notice = self._outbox.answer(link, answer)
                return self._end(notice, answer, is_full=is_full)
            case "no_answer":
                self._outbox.receipt(link, "no_answer")
                return _xml(voice_xml.end("No key was pressed. Somebody else is called. Good-bye."))

    def page(self, token: str) -> Response[bytes]:
        link = self._outbox.link(token)
        return _unknown_page() if link is None else self._page(link.notice, token)

    @in_thread
    def press(self, token: str, answer: str) -> Response[bytes]:
        link = self._outbox.link(token)
        if link is None:
            return _unknown_page()
        if answer not in ("coming", "cannot", "arrived"):
            return message_page("Not understood", "There is no such answer. Nothing was noted. Go back.", status=400)
        return self._page(self._outbox.answer(link, _answer(link.notice, answer)), token)

    def _page(self, notice: Notice, token: str) -> Response[bytes]:
        incident = None if notice.incident is None else self._parts.store.incident(notice.incident)
        return page(
            "notice.html",
            centre=self._centre,
            title=title_of(notice.purpose, notice.number, notice.priority, is_exercise=notice.exercise),
            type=notice.shown_type,
            is_test=notice.purpose in PROVED,
            is_check_in=notice.purpose == "check_in",
            is_reminder=notice.purpose == "reminder",
            answer=notice.answer,
            is_late=notice.is_late,
            is_closed=incident is not None and incident.state == "closed",
            is_full=self._outbox.is_full(notice),
            path=f"/n/{token}",
            place=place_for(self._parts, notice),
            link=None if incident is None else f"/#/incidents/{incident.id}",
        )

    def _ask(self, link: Link, token: str, step: voice.CallStep) -> Response[bytes]:
        notice = link.notice
        words = spoken(self._centre, notice.priority, notice.purpose, is_exercise=notice.exercise)
        action = f"/n/{token}/voice/{step.prompt}.{step.repeats}/key"
        return _xml(voice_xml.ask(words, action, voice.SILENCE_S))

    def _end(self, notice: Notice, answer: NoticeAnswer, *, is_full: bool) -> Response[bytes]:
        if answer == "arrived":
            return _xml(voice_xml.end(_THANKS.get(notice.purpose, "Thank you. Good-bye.")))
        if answer == "cannot":
            said = "You are noted as not coming. Good-bye."
        elif is_full:
            said = "Enough are coming. You are noted. Good-bye."
        else:
            late = " This incident has been closed meanwhile." if notice.is_late else ""
            said = f"You are noted as coming.{late} {self._place(notice)} Good-bye."
        return _xml(voice_xml.end(in_exercise("Thank you.", said, is_exercise=notice.exercise)))

    def _place(self, notice: Notice) -> str:
        """Place and type, read out to whoever has answered: never before."""
        incident = None if notice.incident is None else self._parts.store.incident(notice.incident)
        if incident is None:
            return ""
        known = self._parts.catalogue.types.get(incident.type)
        said = spoken_type(None if known is None else known.meaning, notice.shown_type)
        site = None
        if incident.site_id is not None:
            site = self._parts.centre.names.sites([incident.site_id]).get(incident.site_id)
        if site is None or site.name is None:
            return f"{said} The place is not known; ask the centre."
        address = "" if site.row.address is None else f", {site.row.address}"
        return f"{said} At {site.name}{address}."


def _known(link: Link | None) -> Link:
    if link is None:
        raise BadInput(
            "There is no notice under this address, or its time is over. Nothing was noted. Ask the centre",
            "notice_link.unknown",
        )
    return link


def _answer(notice: Notice, said: str) -> NoticeAnswer:
    """A test, or a reminder of any kind, is answered by having arrived, whichever button or key it was."""
    if notice.purpose in PROVED:
        return "arrived"
    return "cannot" if said == "cannot" else "coming"


def _step(at: str) -> voice.CallStep | None:
    prompt, _, repeats = at.partition(".")
    if not (len(prompt) == len(repeats) == 1 and prompt.isascii() and (prompt + repeats).isdigit()):
        return None
    step = voice.CallStep(int(prompt), int(repeats))
    return step if voice.is_step(step) else None


async def _form(request: AnyRequest) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith(FORM_TYPE):
        raise BadInput("A provider sends a form. Nothing was noted. Look at its settings", "notice_link.form")
    fields = (await request.form()).multi_items()
    return {name: value for name, value in list(fields)[:FIELDS_MAX] if isinstance(value, str)}


def _xml(body: bytes) -> Response[bytes]:
    return Response(body, status_code=200, media_type=voice_xml.CONTENT_TYPE)


def _unknown_page() -> Response[bytes]:
    return message_page(
        "Not known",
        "There is no notice under this address, or its time is over. Nothing was noted. Telephone the centre.",
        status=404,
    )
