"""`/api/v1/approvals`: what takes two persons. One asks, another answers on any screen, the act is done once.

The answer is to one act with exactly what it was asked with: the act's own route works the same digest out of what it
is given, and takes the approval by it. What the second person is shown comes from that alone, and whoever asks can say
nothing beside it. It is remembered by this process and stored nowhere, so what was asked before a restart is not
answered, but asked anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, get_type_hints

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.access.approvals import APPROVAL_S, digest_of
from tocsin.model.access import Act, Approval
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.export import SubjectRequest, UnsealedExport
from tocsin.model.ports import Clock, Store
from tocsin.model.retention import EraseEarly, EraseWaiting, LiftHold, SetHold
from tocsin.model.values import Actor, Code, PersonalText, Ref
from tocsin.web.api.people_types import (
    AnswerBody,
    AnswerHereBody,
    ApprovalBody,
    ApprovalItem,
    ApprovalsAnswer,
    ContactAnswer,
)
from tocsin.web.hidden import hidden_from
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal, address_of
from tocsin.web.threads import CHECKS, in_thread

PARAMETERS: Final[dict[Act, type[msgspec.Struct]]] = {
    "hold.set": SetHold,
    "hold.lift": LiftHold,
    "erase.early": EraseEarly,
    "erase.waiting": EraseWaiting,
    "journal.unsealed_export": UnsealedExport,
    "subject.request": SubjectRequest,
}
"""What each act is asked with: the struct that its own route takes the approval by. An act has its line here."""

REASONS: Final[dict[Act, Code]] = {"subject.request": Code("data_subject"), "erase.waiting": Code("time")}
"""Of acts that are always done for the same reason: it is not among their parameters."""

REMEMBERED_MAX: Final = 200
"""Approvals whose parameters are remembered; only those are answered. They live five minutes."""

DATA_SUBJECT: Final = Code("data_subject")
SUBJECT_CONTACT: Final = Code("subject_contact")
PrincipalRequest = Request[Principal, Any, Any]
ApprovalId = Annotated[str, PathParameter(description="Id of an approval", max_length=40)]
Shown = dict[str, str | int | bool | None]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of approvals."""
    access = parts.access
    book = access.approvals
    shown = _Shown()
    contacts = _Contacts(parts.clock)

    def item(approval: Approval, actor: Actor) -> ApprovalItem:
        return ApprovalItem(
            id=approval.id,
            act=approval.act,
            reason=approval.reason,
            subject=approval.subject,
            shown=shown.get(approval.id) or {},
            asked_by=approval.asked_by,
            expires_at=approval.expires_at,
            answered_by=approval.answered_by,
            given=approval.given,
            used=approval.used,
            may_answer=shown.get(approval.id) is not None and book.may_answer(approval, actor),
        )

    def waiting(who: Principal) -> list[Approval]:
        hidden = hidden_from(parts.board, who)
        return [one for one in book.waiting(who.actor) if one.subject not in hidden]

    def refuse_forgotten(approval_id: str) -> None:
        waits = book.get(Ref(approval_id))
        if waits is not None and waits.given is None and shown.get(waits.id) is None:
            raise Conflict(
                "The centre was started again since this was asked, and does not know any more what the yes would be "
                "for. Nothing was changed. Have it asked anew",
                "approval.forgotten",
            )

    @get("/api/v1/approvals", opt=needs("approval.use"), summary="What waits for a second person")
    @in_thread
    def read_approvals(request: PrincipalRequest) -> ApprovalsAnswer:
        """What one has asked for, and what one may be the second person of; newest first."""
        actor = request.user.actor
        return ApprovalsAnswer(items=[item(one, actor) for one in reversed(waiting(request.user))])

    @get("/api/v1/approvals/{approval_id:str}", opt=needs("approval.use"), summary="One approval")
    @in_thread
    def read_approval(request: PrincipalRequest, approval_id: ApprovalId) -> ApprovalItem:
        """One of them: whether it was given."""
        actor = request.user.actor
        found = book.get(Ref(approval_id))
        if found is None or found.id not in {one.id for one in waiting(request.user)}:
            raise _unknown()
        return item(found, actor)

    @get(
        "/api/v1/approvals/{approval_id:str}/contact",
        opt=needs("subject.request"),
        summary="The contact of a subject request that waits",
    )
    @in_thread
    def read_contact(request: PrincipalRequest, approval_id: ApprovalId) -> ContactAnswer:
        """What a subject request would look for, for a second person who may make one too. The reading is a fact.

        It is in the memory of this process alone, until it is answered or five minutes are over. Other second persons
        agree to the procedure, and are shown no contact.
        """
        access.refuse_link_alone(request.user.own_session.id)
        actor = request.user.actor
        found = book.get(Ref(approval_id))
        if found is None or not book.may_answer(found, actor):
            raise _unknown()
        contact = contacts.get(found.id)
        if contact is None:
            raise _unknown()
        parts.centre.reads.note(found.id, SUBJECT_CONTACT, actor, reason=DATA_SUBJECT)
        return ContactAnswer(contact=contact)

    @post("/api/v1/approvals", opt=needs("approval.use"), summary="Ask for a second person")
    @in_thread
    def ask_approval(request: PrincipalRequest, data: JSONBody[ApprovalBody]) -> ApprovalItem:
        """Ask for the yes of a second person. It is good for five minutes, once, for exactly these parameters."""
        access.refuse_link_alone(request.user.own_session.id)
        actor = request.user.actor
        parameters = read_parameters(data.act, data.parameters)
        subject, reason = about(data.act, parameters)
        if data.reason != reason or data.subject not in (None, subject):
            raise BadInput(
                "The reason or the subject that is given is not that of the act's parameters. Nothing was asked. Give "
                "the same ones, so that the second person agrees to what will be done",
                "approval.parameters",
            )
        refuse_unknown(parts.store, parameters, hidden_from(parts.board, request.user))
        asked = book.ask(data.act, digest_of(data.act, parameters), subject, reason, actor)
        shown.put(asked.id, shown_of(parameters))
        if isinstance(parameters, SubjectRequest):
            contacts.put(asked.id, parameters.contact)
        return item(asked, actor)

    @post(
        "/api/v1/approvals/{approval_id:str}/answer",
        opt=needs("approval.use"),
        status_code=200,
        summary="Answer as the second person",
    )
    @in_thread
    def answer_approval(request: PrincipalRequest, approval_id: ApprovalId, data: JSONBody[AnswerBody]) -> ApprovalItem:
        """Say yes or no, as the second person. Nobody answers what they asked for."""
        session = request.user.own_session.id
        access.refuse_link_alone(session)
        if not access.is_confirmed(session):
            book.refuse_lent(session)
        actor = request.user.actor
        refuse_forgotten(approval_id)
        answered = book.answer(Ref(approval_id), actor, data.given)
        contacts.drop(answered.id)
        return item(answered, actor)

    @post(
        "/api/v1/approvals/{approval_id:str}/answer-here",
        opt=needs("approval.use"),
        status_code=200,
        summary="Answer on the first person's screen",
    )
    @CHECKS.check
    def answer_approval_here(
        request: PrincipalRequest, approval_id: ApprovalId, data: JSONBody[AnswerHereBody]
    ) -> ApprovalItem:
        """Let the second person answer on the screen of the first, by name and password. No session is made of it."""
        access.refuse_link_alone(request.user.own_session.id)
        refuse_forgotten(approval_id)
        second = access.check_person(data.name, data.password, data.code, address_of(request.scope))
        answered = book.answer(Ref(approval_id), second, data.given)
        contacts.drop(answered.id)
        return item(answered, request.user.actor)

    return [read_approvals, read_approval, read_contact, ask_approval, answer_approval, answer_approval_here]


class _Shown:
    """Parameters that name nobody, while their approval lives: so that the second person sees what the yes is for."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._of: OrderedDict[Ref, Shown] = OrderedDict()

    def put(self, id_: Ref, shown: Shown) -> None:
        with self._changing:
            self._of[id_] = shown
            while len(self._of) > REMEMBERED_MAX:
                self._of.popitem(last=False)

    def get(self, id_: Ref) -> Shown | None:
        with self._changing:
            return self._of.get(id_)


class _Contacts:
    """What subject requests would look for, in memory alone and for the life of an approval: never in a fact or row."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changing = threading.Lock()
        self._of: dict[Ref, tuple[PersonalText, float]] = {}

    def put(self, id_: Ref, contact: PersonalText) -> None:
        now_s = self._clock.monotonic_s()
        with self._changing:
            self._of = {one: kept for one, kept in self._of.items() if kept[1] > now_s}
            self._of[id_] = (contact, now_s + APPROVAL_S)

    def get(self, id_: Ref) -> PersonalText | None:
        with self._changing:
            contact, until_s = self._of.get(id_, ("", 0.0))
        return contact if self._clock.monotonic_s() < until_s else None

    def drop(self, id_: Ref) -> None:
        with self._changing:
            self._of.pop(id_, None)


def read_parameters(act: Act, given: Mapping[str, Any]) -> msgspec.Struct:
    """Parameters as the act's own route takes them.

    Raises:
        BadInput: they do not fit the act.
    """
    kind = PARAMETERS.get(act)
    if kind is None:
        raise BadInput(
            "This act is not done over the API in this release. Nothing was asked. `tocsin` has a command for it",
            "approval.not_here",
        )
    names = {field.encode_name for field in msgspec.structs.fields(kind)}
    if given.keys() - names:
        raise _bad_parameters()
    try:
        return msgspec.convert(given, kind)
    except (msgspec.ValidationError, RecursionError):
        raise _bad_parameters() from None


def about(act: Act, parameters: msgspec.Struct) -> tuple[Ref | None, Code]:
    """What an act is about, and why it is done: by its parameters, never by what somebody says beside them."""
    subject: Ref | None = getattr(parameters, "incident", None) or getattr(parameters, "account_id", None)
    return subject, REASONS.get(act) or Code(getattr(parameters, "reason"))  # noqa: B009 - not of every struct


def refuse_unknown(store: Store, parameters: msgspec.Struct, hidden: Collection[Ref] = ()) -> None:
    """Before anything is asked, and so stays in the journal: is there what the act would be done with?

    Raises:
        BadInput: `incident.unknown`, `hold.unknown`, `accounts.unknown`.
    """
    incident: Ref | None = getattr(parameters, "incident", None)
    account: Ref | None = getattr(parameters, "account_id", None)
    hold: Ref | None = getattr(parameters, "hold", None)
    if incident is not None and (incident in hidden or store.incident(incident) is None):
        raise BadInput("There is no such incident. Nothing was asked. Look at the queue again", "incident.unknown")
    if hold is not None and hold not in {one.id for one in store.holds(incident)}:
        raise BadInput(
            "This incident has no such legal hold. Nothing was asked. Look at the incident's holds again",
            "hold.unknown",
        )
    # What an account sent is there for longer than the account.
    if account is not None and not (store.accounts([account]) or store.account_signals(account, None, 1)):
        raise BadInput("There is no such account. Nothing was asked. Look at the list again", "accounts.unknown")


def shown_of(parameters: msgspec.Struct) -> Shown:
    """Those of them that are plain and name nobody."""
    hints = get_type_hints(type(parameters), include_extras=True)
    shown: Shown = {}
    for field in msgspec.structs.fields(parameters):
        value = getattr(parameters, field.name)
        if isinstance(value, str | int | bool | None) and not is_personal(hints[field.name]):
            shown[field.encode_name] = value
    return shown


def is_personal(hint: Any) -> bool:
    """A field's type says that it may name somebody, or part of it does."""
    for meta in getattr(hint, "__metadata__", ()):
        if isinstance(meta, msgspec.Meta) and (meta.extra or {}).get("personal"):
            return True
    return any(is_personal(part) for part in getattr(hint, "__args__", ()))


def _bad_parameters() -> BadInput:
    return BadInput(
        "These are not the parameters that this act has. Nothing was asked. See the API's reference for what the act "
        "takes",
        "approval.parameters",
    )


def _unknown() -> BadInput:
    return BadInput(
        "There is no such approval for you, or its five minutes are over. Nothing was changed. Ask again",
        "approval.unknown",
    )
