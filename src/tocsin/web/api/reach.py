"""`/api/v1/me/reach`: how one is reached. Contacts of one's own, the kind of staff, "not now", and a test."""

import base64
from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.model.notices import CHANNELS, CONTACTS_MAX, Contact, ContactAddress, Notice
from tocsin.model.values import Actor, Code, Ref, Secret
from tocsin.rules.delivery import refusal_of
from tocsin.rules.ladder import plan_of
from tocsin.web.api.notice_types import (
    ContactBody,
    ContactItem,
    ContactMade,
    MyReachAnswer,
    NoticeItem,
    ReachBody,
    ReachItem,
    notice_item,
)
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

LOOKED_MAX: Final = 100
"""Notices of one's own that are looked through for tests."""

WEBHOOK_SECRET_BYTES: Final = 32
PrincipalRequest = Request[Principal, Any, Any]
ContactId = Annotated[str, PathParameter(description="Id of a contact", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of one's own contacts."""
    contacts, outbox = parts.centre.contacts, parts.centre.outbox
    mine = _Mine(parts)

    @get("/api/v1/me/reach", opt=needs("self.manage"), summary="How one is reached")
    @in_thread
    def read_reach(request: PrincipalRequest) -> MyReachAnswer:
        """Own contacts, when one may be notified, and what is switched on here. No address is shown whole."""
        return mine.answer(request.user.actor)

    @put("/api/v1/me/reach", opt=needs("self.manage"), summary="When one may be notified")
    @in_thread
    def set_reach(request: PrincipalRequest, data: JSONBody[ReachBody]) -> MyReachAnswer:
        """On shift: on duty until a time. From home: reachable, or "not now" until a time. No sign-out changes it."""
        me = request.user.actor
        contacts.set_reach(me, data.kind, not_now_until=data.not_now_until, on_duty_until=data.on_duty_until)
        return mine.answer(me)

    @post("/api/v1/me/contacts", opt=needs("self.manage"), status_code=201, summary="Add a contact")
    @in_thread
    def add_contact(request: PrincipalRequest, data: JSONBody[ContactBody]) -> ContactMade:
        """Add a way to be reached. It counts when a test of it was answered."""
        secret: Secret | None = None
        if data.channel == "webhook":
            made = base64.b64encode(parts.ids.token_bytes(WEBHOOK_SECRET_BYTES)).decode()
            secret = Secret(f"whsec_{made}")
        address = ContactAddress(
            address=data.address,
            auth=None if data.auth is None else Secret(data.auth),
            p256dh=None if data.p256dh is None else Secret(data.p256dh),
            secret=secret,
        )
        contact = contacts.add(request.user.actor, data.channel, address)
        found = mine.contacts(request.user.actor)
        return ContactMade(contact=next(one for one in found if one.id == contact.id), secret=secret)

    @delete("/api/v1/me/contacts/{contact_id:str}", opt=needs("self.manage"), summary="Remove a contact")
    @in_thread
    def remove_contact(request: PrincipalRequest, contact_id: ContactId) -> Response[None]:
        """Forget a contact; its address is destroyed."""
        contacts.remove(request.user.actor, Ref(contact_id))
        return Response(None, status_code=204)

    @post("/api/v1/me/contacts/{contact_id:str}/test", opt=needs("self.manage"), status_code=200, summary="Test it")
    @in_thread
    def test_contact(request: PrincipalRequest, contact_id: ContactId) -> NoticeItem:
        """Send oneself a test, whatever one's duty is. Answer it, and the contact counts."""
        return notice_item(outbox.test(request.user.actor, Ref(contact_id)))

    return [read_reach, set_reach, add_contact, remove_contact, test_contact]


class _Mine:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def answer(self, me: Actor) -> MyReachAnswer:
        outbox = self._parts.centre.outbox
        on = {channel for channel, _ in outbox.ways}
        return MyReachAnswer(
            reach=self._reach(me),
            contacts=self.contacts(me),
            channels=[channel for channel in CHANNELS if channel in on],
            contacts_max=CONTACTS_MAX,
            push_key=outbox.push_key,
        )

    def contacts(self, me: Actor) -> list[ContactItem]:
        centre = self._parts.centre
        on = {channel for channel, _ in centre.outbox.ways}
        tests: dict[Ref, Notice] = {}
        for notice in self._parts.store.notices(LOOKED_MAX, recipient=me):
            if notice.purpose == "test" and notice.plan:
                tests.setdefault(notice.plan[0].contact, notice)
        return [
            _item(one, hint, tests.get(one.id), is_on=one.row.channel in on) for one, hint in centre.contacts.of(me)
        ]

    def _reach(self, me: Actor) -> ReachItem:
        centre = self._parts.centre
        row = centre.contacts.reach(me)
        found = self._parts.store.contacts(me)
        reason: str | None = refusal_of(row, self._parts.clock.now_us())
        if reason is None and not plan_of(found, centre.outbox.ways):
            reason = "no_way" if found else "no_contact"
        if reason is None and not plan_of([one for one in found if one.row.tested_at is not None], centre.outbox.ways):
            reason = "untested"
        return ReachItem(
            kind="on_shift" if row is None else row.kind,
            not_now_until=None if row is None else row.not_now_until,
            on_duty_until=None if row is None else row.on_duty_until,
            is_reachable=reason is None,
            reason=None if reason is None else Code(reason),
        )


def _item(contact: Contact, hint: str, test: Notice | None, *, is_on: bool) -> ContactItem:
    return ContactItem(
        id=contact.id,
        channel=contact.row.channel,
        hint=hint,
        tested_at=contact.row.tested_at,
        is_on=is_on,
        test=None if test is None else notice_item(test),
    )
