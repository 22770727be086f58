"""Calls that somebody takes: drafts that survive a kill, and what becomes of each.

What is typed lies sealed as one value under the call's own key, and is stored before the answer says so. A field that
is left is a fact as well: it commits to what stands in the form then, and says which type and site were chosen. When a
call has ended its key is destroyed with the next turn of the timers; what was reported lies under the incident's key.
Source: CONSOLE.md, section 1; INTEGRATIONS.md, section 14; decision 0068.
"""

from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from tocsin.centre.again import answer_before, keyed_digest
from tocsin.centre.call_facts import begun, end, saved, taken_over
from tocsin.centre.configuration import Run
from tocsin.centre.editing import BadForm
from tocsin.centre.erasure import FACTS_MAX
from tocsin.centre.reads import Reads
from tocsin.centre.reporting import Report, SealedReport
from tocsin.centre.ring_facts import call_ended
from tocsin.centre.timers import set_timer
from tocsin.centre.values import Values
from tocsin.model.call_forms import (
    CALL_BEGUN,
    CALL_ENDS,
    CALL_SAVED,
    CALL_TAKEN_OVER,
    DRAFT_BYTES_MAX,
    DRAFT_FIELD,
    DRAFT_HOURS,
    INCIDENT_REPORTED,
    OPEN_MAX,
    REPORT_FIELD,
    REPORTS_MAX,
    AbandonReason,
    CallBegun,
    CallDraft,
    CallForm,
    CallSaved,
    CallTakenOver,
    CallWords,
    IncidentReported,
    ReportedPlace,
    Way,
)
from tocsin.model.catalogue import Catalogue, HazardClass, IncidentType
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.help_note import HELP_NOTE, HelpNote, mistakes_of
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.retention import HOUR_US
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.reporting import type_of

REPORTS: Final = Code("reports")
CALL_DRAFT: Final = Code("call_draft")
_BEGUN: Final = Code("begun")
_PURPOSE: Final = b"tocsin call 1\0"
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_JSON: Final = msgspec.json.Encoder().encode
_DRAFT: Final = msgspec.msgpack.Decoder(CallDraft).decode
_WORDS: Final = msgspec.msgpack.Decoder(CallWords).decode
_FORM: Final = msgspec.json.Decoder(CallForm)


class Carry(Protocol):
    """Lets a report open or join an incident (`Centre.report`)."""

    def __call__(self, report: Report, /) -> tuple[Incident, Seq]:
        """Do it."""
        ...


class Beside(Protocol):
    """What else a form's beginning puts, in its transaction."""

    def __call__(self, transaction: StoreTransaction, appender: Appender, call: CallForm, /) -> None:
        """Put it."""
        ...


class OpenedReport(msgspec.Struct, frozen=True, kw_only=True):
    """One report of an incident, as long as the vault has its words."""

    at: Micros
    by: Actor | None
    call: Ref | None
    is_first: bool
    is_handed_over: bool
    place: ReportedPlace
    seq: Seq
    site_id: Ref | None
    type: Code
    device_time: Micros | None
    waited_s: int | None
    way: Way
    words: CallWords | None
    """None: erased."""

    def __repr__(self) -> str:
        """Nothing of what was said."""
        return f"OpenedReport({self.seq})"


class _Reported(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw


_REPORTED_ENTRY: Final = msgspec.json.Decoder(_Reported)
_REPORTED_BODY: Final = msgspec.json.Decoder(IncidentReported)


class CallForms:
    """Calls that are taken. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        clock: Clock,
        values: Values,
        reads: Reads,
        catalogue: Callable[[], Catalogue],
        key: Callable[[], bytes],
        carry: Carry,
    ) -> None:
        """Work on these; `key` is a lasting key of the centre, that commands are known by when they come again."""
        self._store = store
        self._run = run
        self._clock = clock
        self._values = values
        self._reads = reads
        self._catalogue = catalogue
        self._key = key
        self._carry = carry

    # What is being taken ---------------------------------------------------------------------------------------------

    def open(self) -> list[CallForm]:
        """Calls that are being taken, the oldest first."""
        return [one for one in self._store.call_forms() if one.outcome is None]

    def begin(self, draft: CallDraft, actor: Actor, id_: Code, *, beside: Beside | None = None) -> CallForm:
        """Begin a form, with what was typed first. The same command again gets the same call.

        `beside` is put in the same transaction, when the call stands.

        Raises:
            BadInput: it is too long, or names what is not there (BadForm).
            Conflict: as many are open as can be, or another command had this id.
        """
        draft, data = self._checked(draft)
        digest = self._digest(b"begin", data)

        def work(transaction: StoreTransaction, appender: Appender) -> CallForm:
            if (kept := answer_before(transaction, actor, id_, digest)) is not None:
                return _FORM.decode(kept)
            if len(self.open()) >= OPEN_MAX:
                raise Conflict(
                    f"{OPEN_MAX} calls are being taken, and no more can be. Nothing was saved. End those that are over",
                    "call.full",
                )
            seq = appender.append(Fact(kind=CALL_BEGUN, body=CallBegun(exercise=False), actor=actor))
            call = begun(seq, appender.at, actor)
            self._values.store(transaction, [self._values.seal(call.id, DRAFT_FIELD, data, is_new=True)], appender.at)
            set_timer(
                transaction, appender, CALL_ENDS, call.id, Micros(appender.at + DRAFT_HOURS * HOUR_US), _BEGUN,
                actor=actor,
            )  # fmt: skip
            transaction.put_call_form(call)
            transaction.put_command(actor, id_, appender.at, digest, _JSON(call))
            if beside is not None:
                beside(transaction, appender, call)
            return call

        return self._run(lambda journal: journal.decide(work))

    def save(self, id_: Ref, draft: CallDraft, actor: Actor, *, is_left: bool) -> CallForm:
        """Save what stands in the form, in place of what stood there; `is_left`: a field was left, which is a fact.

        Raises:
            BadInput: there is no such call, or the draft is not fit to be saved.
            Conflict: it has ended, or somebody else has taken it over.
        """
        draft, data = self._checked(draft)
        self._held(self._store.call_form(id_), actor)  # before a key is drawn for it
        value = self._values.seal(id_, DRAFT_FIELD, data)

        def work(transaction: StoreTransaction, appender: Appender) -> CallForm:
            call = self._held(self._store.call_form(id_), actor)
            transaction.drop_value_field(id_, DRAFT_FIELD)
            self._values.store(transaction, [value], appender.at)
            if not is_left:
                return call
            marks = draft.marks
            body = CallSaved(exercise=False, place=marks.place, site_id=marks.site_id, type=marks.type, value=value.ref)
            seq = appender.append(Fact(kind=CALL_SAVED, body=body, ref=id_, actor=actor))
            call = saved(call, body, seq, appender.at)
            transaction.put_call_form(call)
            return call

        return self._run(lambda journal: journal.decide(work))

    def read(self, id_: Ref, actor: Actor) -> tuple[CallForm, CallDraft]:
        """A call and what stands in its form; that it was read is a fact before this returns.

        Raises:
            BadInput: there is no such call, or not any more.
        """
        call = self._found(self._store.call_form(id_))
        rows = self._store.values(id_, DRAFT_FIELD, 1)
        opened = self._values.open(rows)
        if call.outcome is not None or not rows or rows[0].ref not in opened:
            raise _unknown()
        self._reads.note(id_, CALL_DRAFT, actor)
        return call, _DRAFT(opened[rows[0].ref])

    def take_over(self, id_: Ref, actor: Actor) -> CallForm:
        """Go on with a form that another began; whoever had it can save no more.

        Raises:
            BadInput: there is no such call.
            Conflict: it has ended.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> CallForm:
            call = self._living(self._store.call_form(id_))
            if call.held_by == actor:
                return call
            body = CallTakenOver(exercise=False, previous=call.held_by)
            seq = appender.append(Fact(kind=CALL_TAKEN_OVER, body=body, ref=id_, actor=actor))
            call = taken_over(call, seq, actor)
            transaction.put_call_form(call)
            return call

        return self._run(lambda journal: journal.decide(work))

    # What becomes of one ---------------------------------------------------------------------------------------------

    def abandon(self, id_: Ref, reason: AbandonReason, actor: Actor, command: Code) -> CallForm:
        """End a call that is no report, and say why. Its draft is erased.

        Raises:
            BadInput: there is no such call.
            Conflict: it has ended, somebody else has it, or another command had this id.
        """
        digest = self._digest(b"abandon", f"{id_} {reason}".encode())

        def work(transaction: StoreTransaction, appender: Appender) -> CallForm:
            if (kept := answer_before(transaction, actor, command, digest)) is not None:
                return _FORM.decode(kept)
            call = self._held(self._store.call_form(id_), actor)
            call = end(transaction, appender, call, "abandoned", None, reason, actor)
            call_ended(self._store, transaction, id_, None, call.seq)
            transaction.put_command(actor, command, appender.at, digest, _JSON(call))
            return call

        return self._run(lambda journal: journal.decide(work))

    def report(
        self,
        id_: Ref,
        draft: CallDraft,
        actor: Actor,
        command: Code,
        *,
        into: Ref | None = None,
        is_claimed: bool = True,
    ) -> tuple[Incident, Seq]:
        """Let a call open an incident, or join the open one that whoever took it chose.

        Durable when it returns: the incident, what was said, and that the call has ended.

        Raises:
            BadInput: there is no such call or incident, no type was chosen, or its class has no place for what the
                form holds (BadForm).
            Conflict: the call has ended, somebody else has it, the incident is closed, or another command had this id.
        """
        draft, data = self._checked(draft)
        if draft.marks.type is None:
            raise BadForm(["type is missing: choose what it is, or type its three digits"])
        found = type_of(draft.marks.type, self._catalogue())
        words, hazard = draft.words, found.hazard
        if into is not None:
            target = self._store.incident(into)
            if target is None:
                raise BadInput(
                    "There is no such incident. Nothing was changed. Look at the queue again", "incident.unknown"
                )
            hazard = target.hazard
        refuse_unfit(words, found, hazard, is_new=into is None)
        site_id = draft.marks.site_id
        place: ReportedPlace = draft.marks.place or ("told" if words.where else "unclear")
        place = "site" if site_id is not None else ("unclear" if place == "site" else place)
        said = f"{id_} {found.type} {site_id} {place} {into} {is_claimed}".encode()

        def beside(transaction: StoreTransaction, appender: Appender, incident: Incident) -> None:
            call = self._held(self._store.call_form(id_), actor)
            call = end(transaction, appender, call, "opened" if into is None else "joined", incident.id, None, actor)
            call_ended(self._store, transaction, id_, incident.id, call.seq)

        report = Report(
            actor=actor,
            id=command,
            digest=self._digest(b"report", said + b"\0" + data),
            way="call",
            call=id_,
            type=found,
            place=place,
            site_id=site_id,
            into=into,
            is_claimed=is_claimed,
            seal=lambda incident, is_first: self._seal(incident, words, is_first=is_first),
            beside=beside,
        )
        return self._carry(report)

    def reports(self, incident: Ref, actor: Actor) -> list[OpenedReport]:
        """What people reported of an incident, the oldest first; that it was read is a fact before this returns.

        Raises:
            BadInput: there is no such incident.
        """
        if self._store.incident(incident) is None:
            raise BadInput("There is no such incident. Nothing was read. Look at the queue again", "incident.unknown")
        rows = self._store.values(incident, REPORT_FIELD, REPORTS_MAX)
        opened = {ref: _WORDS(data) for ref, data in self._values.open(rows).items()}
        found: list[OpenedReport] = []
        for stored in self._store.incident_facts(incident, FACTS_MAX):
            if stored.row.kind != INCIDENT_REPORTED:
                continue
            entry = _REPORTED_ENTRY.decode(stored.row.entry)
            body = _REPORTED_BODY.decode(entry.body)
            found.append(
                OpenedReport(
                    at=stored.row.at,
                    by=entry.actor,
                    call=body.call,
                    is_first=body.is_first,
                    is_handed_over=body.is_handed_over,
                    place=body.place,
                    seq=stored.row.seq,
                    site_id=body.site_id,
                    type=body.type,
                    device_time=body.device_time,
                    waited_s=body.waited_s,
                    way=body.way,
                    words=opened.get(body.value),
                )
            )
        self._reads.note(incident, REPORTS, actor, count=len(opened))
        return found

    # Parts -----------------------------------------------------------------------------------------------------------

    def _seal(self, incident: Ref, words: CallWords, *, is_first: bool) -> SealedReport:
        """What helping needs begins the help note of what it opens; else it stands with the report alone."""
        note = words.note if is_first and words.note not in (None, HelpNote()) else None
        kept = words if note is None else msgspec.structs.replace(words, note=None)
        return SealedReport(
            report=self._values.seal(incident, REPORT_FIELD, _ENCODE(kept), is_new=is_first),
            note=None if note is None else self._values.seal(incident, HELP_NOTE, _ENCODE(note)),
            is_looked_for=note is not None and note.missing is not None,
        )

    def _checked(self, draft: CallDraft) -> tuple[CallDraft, bytes]:
        """The draft with its type by its word, and as it is sealed."""
        wrong: list[str] = []
        site_id, type_ = draft.marks.site_id, draft.marks.type
        short = next((one.type for one in self._catalogue().types.values() if one.short == type_), None)
        if short is not None:
            type_ = short
            draft = msgspec.structs.replace(draft, marks=msgspec.structs.replace(draft.marks, type=short))
        if site_id is not None and not self._store.sites([site_id]):
            wrong.append("site_id names no site, or one that was removed: choose another")
        if type_ is not None and type_ not in self._catalogue().types:
            wrong.append("type is not in the catalogue: choose another")
        words = draft.words
        if (words.latitude is None) != (words.longitude is None):
            wrong.append("latitude and longitude go together: give both or none")
        if wrong:
            raise BadForm(wrong)
        data = _ENCODE(draft)
        if len(data) > DRAFT_BYTES_MAX:
            raise BadInput(
                f"The call form has {len(data):,} bytes, limit {DRAFT_BYTES_MAX:,}. It was not saved. Shorten it",
                "call.long",
            )
        return draft, data

    def _digest(self, act: bytes, data: bytes) -> bytes:
        return keyed_digest(self._key(), _PURPOSE, act, data)

    def _found(self, call: CallForm | None) -> CallForm:
        if call is None:
            raise _unknown()
        return call

    def _living(self, call: CallForm | None) -> CallForm:
        found = self._found(call)
        if found.outcome is not None:
            raise Conflict(
                "This call has ended. Nothing was changed. Look at the queue for what became of it", "call.ended"
            )
        return found

    def _held(self, call: CallForm | None, actor: Actor) -> CallForm:
        found = self._living(call)
        if found.held_by != actor:
            raise Conflict(
                "Somebody else has taken this call over. Nothing of yours was saved. Talk to them, or take it over "
                "again",
                "call.taken_by_other",
            )
        return found


def refuse_unfit(words: CallWords, found: IncidentType, hazard: HazardClass, *, is_new: bool) -> None:
    """See that a report has what its class asks, and nothing that it has no place for.

    Raises:
        BadForm: each mistake.
    """
    note = words.note or HelpNote()
    wrong = mistakes_of(note, hazard)
    if is_new and hazard == "missing_person" and note.missing is None:
        wrong.append("missing.harm_feared is missing: nobody is looked for without a harm that is feared")
    questions = len(found.questions)
    numbers = [answer.number for answer in words.answers]
    if any(number > questions for number in numbers) or len(set(numbers)) < len(numbers):
        wrong.append(f"answers name questions from 1 to {questions}, each once")
    if wrong:
        raise BadForm(wrong)


def _unknown() -> BadInput:
    return BadInput(
        "There is no such call, or it has ended and its form is erased. Nothing was changed. Look at the queue",
        "call.unknown",
    )
