"""What helping needs to know, in the course of an incident: help note, call list, wishes, and a phrase's word."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.centre.help_notes import no_call_first, on_call_list
from tocsin.centre.table_plan import KnownKeyholder
from tocsin.model.calls import Called, NextCall
from tocsin.model.help_note import asked_in
from tocsin.model.keyholders import confirm_due_at
from tocsin.model.values import Code, Ref
from tocsin.rules.calling import next_call
from tocsin.web.api.help_types import (
    CallAnswer,
    CallBody,
    CallItem,
    CallListAnswer,
    HelpNoteAnswer,
    HelpNoteBody,
    HelpNoteConfirmBody,
    HelpNoteWritten,
    PhraseAnswer,
    PhraseCheckBody,
    WishesAnswer,
)
from tocsin.web.api.incidents import Desk, IdempotencyKey, IncidentId, checked_id
from tocsin.web.names import PlaceReader
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of what helping needs."""
    desk = Desk(parts)
    notes = parts.centre.help_notes
    reader = PlaceReader(parts.centre.names)

    @get("/api/v1/incidents/{incident_id:str}/help-note", opt=needs("help.read"), summary="The help note")
    @in_thread
    def read_help_note(request: PrincipalRequest, incident_id: IncidentId) -> HelpNoteAnswer:
        """What helping needs to know. Each person's first reading of each claim is a fact in the journal."""
        incident = desk.seen(checked_id(incident_id), request.user)
        found = notes.read(incident.id, request.user.actor)
        return HelpNoteAnswer(
            note=found.note,
            version=found.version,
            asked=list(asked_in(incident.hazard)),
            written_at=found.written_at,
            written_by=found.written_by,
            review_due_at=found.review_due_at,
            no_call_first=no_call_first(incident),
        )

    @put("/api/v1/incidents/{incident_id:str}/help-note", opt=needs("help.write"), summary="Write the help note")
    @in_thread
    def write_help_note(
        request: PrincipalRequest,
        incident_id: IncidentId,
        data: JSONBody[HelpNoteBody],
        idempotency_key: IdempotencyKey,
    ) -> HelpNoteWritten:
        """Put the help note in place of what it was, whole. It lies sealed and dies with the incident."""
        id_ = checked_id(incident_id)
        desk.seen(id_, request.user)
        incident, seq = notes.write(id_, data.note, data.version, request.user.actor, Code(idempotency_key))
        return HelpNoteWritten(version=incident.help_version, incident=reader.item(incident), seq=seq)

    @post(
        "/api/v1/incidents/{incident_id:str}/help-note/confirm",
        opt=needs("help.write"),
        status_code=200,
        summary="Confirm the help note",
    )
    @in_thread
    def confirm_help_note(
        request: PrincipalRequest,
        incident_id: IncidentId,
        data: JSONBody[HelpNoteConfirmBody],
        idempotency_key: IdempotencyKey,
    ) -> HelpNoteWritten:
        """Say that the note about somebody missing was looked at again, and is right as it is: due in 12 hours."""
        id_ = checked_id(incident_id)
        desk.seen(id_, request.user)
        incident, seq = notes.confirm(id_, data.version, request.user.actor, Code(idempotency_key))
        return HelpNoteWritten(version=incident.help_version, incident=reader.item(incident), seq=seq)

    @get("/api/v1/incidents/{incident_id:str}/keyholders", opt=needs("help.read"), summary="Whom to telephone")
    @in_thread
    def read_call_list(request: PrincipalRequest, incident_id: IncidentId) -> CallListAnswer:
        """The call list of an open incident's site. Where `no_call_first` is true, premises are not called first."""
        incident = desk.seen(checked_id(incident_id), request.user)
        found = notes.call_list(incident.id, request.user.actor)
        now = parts.clock.now_us()
        phrases = parts.store.site_phrases([incident.site_id]) if incident.site_id is not None else []
        calls = notes.calls(incident.id)
        return CallListAnswer(
            site_id=incident.site_id,
            items=[
                CallItem(
                    id=one.id,
                    order=one.row.order,
                    name=None if one.contact is None else one.contact.name,
                    telephones=[] if one.contact is None else list(one.contact.telephones),
                    availability="always" if one.contact is None else one.contact.availability,
                    has_phrase=one.row.has_phrase,
                    is_due=confirm_due_at(one.row) <= now,
                )
                for one in found
            ],
            site_has_phrase=any(one.row.has_phrase for one in phrases),
            no_call_first=no_call_first(incident),
            calls=calls,
            next=_next(found, calls),
        )

    @post(
        "/api/v1/incidents/{incident_id:str}/calls",
        opt=needs("help.write"),
        status_code=200,
        summary="Note a call to a keyholder",
    )
    @in_thread
    def note_call(
        request: PrincipalRequest,
        incident_id: IncidentId,
        data: JSONBody[CallBody],
        idempotency_key: IdempotencyKey,
    ) -> CallAnswer:
        """What became of a call, in a word of the list; the answer says whom to call next."""
        id_, actor = checked_id(incident_id), request.user.actor
        desk.seen(id_, request.user)
        incident, seq = notes.called(id_, Ref(data.of), data.telephone, data.outcome, actor, Code(idempotency_key))
        calls = notes.calls(id_)
        next_ = _next(notes.call_list(id_, actor), calls)
        return CallAnswer(calls=calls, incident=reader.item(incident), next=next_, seq=seq)

    @get("/api/v1/incidents/{incident_id:str}/wishes", opt=needs("help.read"), summary="A resident's wishes")
    @in_thread
    def read_wishes(request: PrincipalRequest, incident_id: IncidentId) -> WishesAnswer:
        """What a resident wants crews to know, in an open incident of that home."""
        incident = desk.seen(checked_id(incident_id), request.user)
        found = notes.wishes(incident.id, request.user.actor)
        if found is None:
            return WishesAnswer(is_set=False, wishes=[], key_safe=None, words=None, consented_at=None, review_at=None)
        kept, wishes = found
        return WishesAnswer(
            is_set=True,
            wishes=list(wishes.wishes),
            key_safe=wishes.key_safe,
            words=wishes.words,
            consented_at=kept.row.consented_at,
            review_at=kept.row.review_at,
        )

    @post(
        "/api/v1/incidents/{incident_id:str}/phrase",
        opt=needs("help.write"),
        status_code=200,
        summary="Have a phrase checked",
    )
    @in_thread
    def check_phrase(
        request: PrincipalRequest,
        incident_id: IncidentId,
        data: JSONBody[PhraseCheckBody],
        idempotency_key: IdempotencyKey,
    ) -> PhraseAnswer:
        """Say whether a word is the right one, a wrong one, or the one for duress. That is noted, never the word."""
        id_ = checked_id(incident_id)
        desk.seen(id_, request.user)
        outcome, incident, seq = notes.check(id_, Ref(data.of), data.phrase, request.user.actor, Code(idempotency_key))
        return PhraseAnswer(outcome=outcome, incident=reader.item(incident), seq=seq)

    return [read_help_note, write_help_note, confirm_help_note, read_call_list, note_call, read_wishes, check_phrase]


def _next(listed: Sequence[KnownKeyholder], calls: Sequence[Called]) -> NextCall:
    """Whom of a call list to telephone next."""
    return next_call(on_call_list(listed), calls)
