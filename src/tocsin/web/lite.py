"""`/lite`: the queue, what was closed, and all that is done with an incident, by plain pages without any script.

For the day on which the console fails, and for browsers that it does not run in. It shows what the API shows, and does
what the API does, by the same functions.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from tocsin.model.commands import AddNote, Claim, Close, Command, IncidentAct, Release, Reopen
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import DISPOSITIONS
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.action_plan_words import WAIVE_WORDS
from tocsin.rules.words import DISPOSITION_WORDS, REOPEN_WORDS, zone_words
from tocsin.web.api.catalogue import time_to_claim
from tocsin.web.api.incidents import CLOSED, Desk, checked_id, checked_text
from tocsin.web.api.types import (
    ClaimBody,
    CloseBody,
    IncidentDetail,
    IncidentItem,
    IncidentPage,
    NoteBody,
    ReleaseBody,
    ReopenBody,
    SignalItem,
    TimelineItem,
)
from tocsin.web.pages import message_page, page
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal

ROWS: Final = 100
"""Incidents on one page of the queue."""

NEVER_S: Final = 2**31
"""The profile says nothing about when it is to be claimed."""

EVERY_S: Final = 15
"""How often a page renews itself where somebody chose that."""

FORM_BYTES_MAX: Final = 16_384
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_PERSON: Final = re.compile(r"\{(user-[0-9]{1,16}|token-[0-9]{1,16}|cli)\}")
_PAGE: Final = msgspec.json.Decoder(IncidentPage)

Body = TypeVar("Body", bound=msgspec.Struct)
PageRequest = Request[Principal, Any, Any]
Renews = Annotated[str | None, QueryParameter(name="every", max_length=4, required=False)]
After = Annotated[str | None, QueryParameter(name="after", max_length=64, required=False)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The plain pages."""
    lite = _Lite(parts)

    @get("/lite", opt=needs("incident.read", page=True), include_in_schema=False)
    async def queue(request: PageRequest, every: Renews = None, after: After = None) -> Response[bytes]:
        """The queue, most urgent first."""
        return await lite.queue(request, renews=every is not None, after=after)

    @get("/lite/closed", opt=needs("incident.read", page=True), include_in_schema=False)
    async def closed(request: PageRequest, after: After = None) -> Response[bytes]:
        """What was closed, the latest first: of an operator the own ones, for seven days."""
        return await lite.closed(request, after)

    @get("/lite/incidents/{incident_id:str}", opt=needs("incident.read", page=True), include_in_schema=False)
    async def incident(request: PageRequest, incident_id: FromPath[str]) -> Response[bytes]:
        """One incident, with what can be done with it."""
        return await lite.incident(request, checked_id(incident_id))

    @get("/lite/incidents/{incident_id:str}/texts", opt=needs("incident.texts", page=True), include_in_schema=False)
    async def texts(request: PageRequest, incident_id: FromPath[str]) -> Response[bytes]:
        """What people wrote and panels said. The reading is a fact."""
        return await lite.texts(request, checked_id(incident_id))

    @post(
        "/lite/incidents/{incident_id:str}/{act:str}",
        opt=needs("incident.handle", page=True),
        include_in_schema=False,
        request_max_body_size=FORM_BYTES_MAX,
    )
    async def act(request: PageRequest, incident_id: FromPath[str], act: FromPath[str]) -> Response[Any]:
        """Carry out what a form asks."""
        return await lite.act(request, checked_id(incident_id), act)

    return [queue, closed, incident, texts, act]


class _Lite:
    """What the pages show and do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = Desk(parts)
        self._limits_s = {(one.hazard, one.priority): one.limit_s for one in time_to_claim(parts.settings).limits}

    async def queue(self, request: PageRequest, *, renews: bool, after: str | None) -> Response[bytes]:
        found = _PAGE.decode(await self._desk.open_page(ROWS, after, None, request.user))
        now = self._parts.clock.now_us()
        headers = {"refresh": str(EVERY_S)} if renews else {}
        return page(
            "lite.html",
            headers=headers,
            **self._frame(request, now),
            rows=[self._row(item, now, request.user) for item in found.items],
            total=found.total,
            unclaimed=sum(item.claimed_by is None for item in found.items),
            next=found.next,
            renews=renews,
            every_s=EVERY_S,
        )

    async def closed(self, request: PageRequest, after: str | None) -> Response[bytes]:
        now = self._parts.clock.now_us()
        live = self._parts.board.live
        read = await asyncio.to_thread(self._desk.closed_page, ROWS, after, None, live, request.user)
        found = _PAGE.decode(read)
        return page(
            "lite_closed.html",
            **self._frame(request, now),
            rows=[self._row(item, now, request.user) for item in found.items],
            total=found.total,
            next=found.next,
            sees_all=CLOSED in request.user.granted,
            may_act="incident.handle" in request.user.permissions,
        )

    async def incident(self, request: PageRequest, id_: Ref) -> Response[bytes]:
        detail = await asyncio.to_thread(self._desk.detail, id_, self._parts.board.live, request.user)
        item = detail.incident
        now = self._parts.clock.now_us()
        may_act = "incident.handle" in request.user.permissions
        has_texts = any(line.note for line in detail.timeline) or any(signal.has_text for signal in detail.signals)
        return page(
            "lite_incident.html",
            **self._frame(request, now),
            row=self._row(item, now, request.user),
            item=item,
            detail=detail,
            timeline=[
                (time_words(line.at), self._with_names(with_zone(line, detail.signals), request.user))
                for line in reversed(detail.timeline)
            ],
            joined=list(dict.fromkeys(one.reason for one in detail.signals if one.outcome == "joined")),
            signals=[(time_words(signal.received_at), signal, became_words(signal)) for signal in detail.signals],
            has_texts=has_texts and "incident.texts" in request.user.permissions,
            is_mine=item.claimed_by == request.user.actor,
            may_act=may_act,
            key=self._parts.ids.token_bytes(16).hex(),
            dispositions={code: DISPOSITION_WORDS[code] for code in DISPOSITIONS},
            undone=self._undone(detail),
            waive_reasons=WAIVE_WORDS,
            reopen_reasons=REOPEN_WORDS,
        )

    def _undone(self, detail: IncidentDetail) -> list[str]:
        """What must be done or left undone with a reason before it is closed."""
        plan = detail.plan
        return [] if plan is None else [one.words for one in plan.steps if one.id in plan.undone]

    async def texts(self, request: PageRequest, id_: Ref) -> Response[bytes]:
        found = await asyncio.to_thread(self._desk.texts, id_, request.user)
        detail = await asyncio.to_thread(self._desk.detail, id_, self._parts.board.live, request.user)
        said = {note.note: note.text for note in found.notes}
        received = {signal.seq: signal.received_at for signal in detail.signals}
        return page(
            "lite_texts.html",
            **self._frame(request, self._parts.clock.now_us()),
            item=detail.incident,
            notes=[
                (time_words(line.at), self._name(line.actor, request.user), said.get(line.note))
                for line in detail.timeline
                if line.note is not None
            ],
            signals=[
                (time_words(received[text.seq]) if text.seq in received else "", text.text, text.user)
                for text in found.signals
            ],
        )

    async def act(self, request: PageRequest, id_: Ref, name: str) -> Response[Any]:
        form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
        act, version, text = _read(name, form)
        key = form.get("key", "")
        if not _KEY.fullmatch(key):
            raise _bad_form()
        command = Command(actor=request.user.actor, id=Code(key), incident=id_, version=version, act=act)
        try:
            await asyncio.to_thread(self._desk.carry_out, command, text, request.user)
        except Conflict as conflict:
            return message_page(
                "Not done",
                self._with_names(conflict.message, request.user).replace("`", "'"),
                link=(f"/lite/incidents/{id_}", "See it as it is now"),
                status=409,
            )
        return Redirect("/lite" if isinstance(act, Close) else f"/lite/incidents/{id_}", status_code=303)

    def _frame(self, request: PageRequest, now: Micros) -> dict[str, Any]:
        """What stands on every page."""
        session = request.user.session
        return {
            "centre": self._parts.settings.centre.name,
            "who": self._name(request.user.actor, request.user),
            "csrf": None if session is None else session.csrf,
            "locked": session is not None and session.locked,
            "now": time_words(now),
            "missing": self._parts.status.missing(),
        }

    def _row(self, item: IncidentItem, now: Micros, who: Principal) -> dict[str, Any]:
        found = self._parts.catalogue.types.get(item.type)
        return {
            "id": item.id,
            "number": item.number,
            "priority": item.priority,
            "type": item.type,
            "meaning": None if found is None else found.meaning,
            "site": item.site or item.account_name or _account_words(item),
            "zone": item.zone_name or (zone_words(item.zone) if item.zone else None),
            "opened": time_words(item.opened_at),
            "age": age_words(item.opened_at, now),
            "is_overdue": item.claimed_by is None
            and item.state == "open"
            and item.presentation == "shown"
            and now - item.opened_at > self._limits_s.get((item.hazard, item.priority), NEVER_S) * 1_000_000,
            "claimed_by": None if item.claimed_by is None else self._name(item.claimed_by, who),
            "condition": item.condition,
            "state": item.state,
            "shelved_until": None if item.shelved is None else time_words(item.shelved.until),
            "silent": item.silent,
            "exercise": item.exercise,
            "confirmed": item.confirmed,
            "signals": item.signals,
            "closed": None if item.closed_at is None else time_words(item.closed_at),
            "closed_by": None if item.closed_at is None else self._name(item.closed_by, who),
            "disposition": None if item.disposition is None else DISPOSITION_WORDS[item.disposition],
        }

    def _name(self, actor: Actor | None, who: Principal) -> str:
        """Somebody's name for whoever may see colleagues' names; for a program the id, as in the API."""
        if actor is None:
            return "The centre"
        if "user.read" not in who.granted:
            return actor
        person = self._parts.access.person(actor)
        return actor if person is None else person.name

    def _with_names(self, words: str, who: Principal) -> str:
        return _PERSON.sub(lambda found: self._name(Actor(found[1]), who), words)


def with_zone(line: TimelineItem, signals: Sequence[SignalItem]) -> str:
    """A line of the time line, with the name of the zone that its signal tells of: as the list of signals has it."""
    told = next((one for one in signals if one.seq == line.cause), None)
    if told is None or told.zone is None or told.zone_name is None:
        return line.words
    number = zone_words(told.zone)
    return re.sub(rf"(?<=, ){re.escape(number)}(?!\w)", lambda _: f"{told.zone_name} ({number})", line.words)


def became_words(signal: SignalItem) -> str:
    """What became of a signal: `Joined: ...` once, and an opening by name."""
    if signal.reason.lower().startswith(f"{signal.outcome}:"):
        return signal.reason
    return f"{signal.outcome.capitalize()}: {signal.reason}"


def _account_words(item: IncidentItem) -> str:
    if item.told_place is not None:
        by = "staff" if item.origin == "duty" else "the caller"
        return f"Place as told by {by}" + (": UNCLEAR" if item.told_place == "unclear" else "")
    if item.account is None:
        return "The centre itself"
    return f"{'Unknown account' if item.account_id is None else 'Account'} {item.account}"


def time_words(at: Micros) -> str:
    """A point in time as the centre's own clock on the wall shows it."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def age_words(since: Micros, now: Micros) -> str:
    """How long ago: `04:10`, from an hour on `2 h 04 min`."""
    seconds = max(0, (now - since) // 1_000_000)
    if seconds < 3600:
        return f"{seconds // 60:02d}:{seconds % 60:02d}"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def _read(name: str, form: dict[str, str]) -> tuple[IncidentAct, Seq | None, str | None]:
    """The act that a form asks for, the version that its sender saw, and the words of a note.

    Raises:
        BadInput: the form is not one of ours, or the note is empty or too long.
    """
    match name:
        case "claim":
            claim = _body(ClaimBody, form)
            return Claim(take_over=claim.take_over), claim.version, None
        case "release":
            return Release(), _body(ReleaseBody, form).version, None
        case "note":
            return AddNote(note=Ref("")), None, checked_text(_body(NoteBody, form).text)
        case "close":
            close = _body(CloseBody, form)
            note = None if close.note is None else checked_text(close.note)
            return Close(disposition=close.disposition, waive=close.waive), close.version, note
        case "reopen":
            reopen = _body(ReopenBody, form)
            return Reopen(reason=reopen.reason), reopen.version, None
        case _:
            raise BadInput("There is nothing of this name to be done with an incident", "lite.unknown")


def _body(kind: type[Body], form: dict[str, str]) -> Body:
    fields = {
        name: value.replace("\r\n", "\n") for name, value in form.items() if name in kind.__struct_fields__ and value
    }
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError:
        raise _bad_form() from None


def _bad_form() -> BadInput:
    return BadInput(
        "The form was not filled in as it must be: a note has 1 to 2,000 characters, a closing has an outcome. Nothing "
        "was changed. Go back and try again",
        "lite.form",
    )
