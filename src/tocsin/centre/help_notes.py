"""What whoever handles an incident may know of people: help note, call list, a resident's wishes, and a phrase's word.

All of it belongs to an incident, and what is read is noted as a reading of it before it is shown. The note lies under
the incident's key and dies with it. A phrase that was said goes as far as here: what comes of it is one word.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run, Secrets
from tocsin.centre.core_commands import digest_of
from tocsin.centre.editing import BadForm
from tocsin.centre.guessing import Guessing
from tocsin.centre.incident_texts import Handle
from tocsin.centre.keyholders import open_contacts, open_wishes
from tocsin.centre.phrases import check_phrase, plain, unpack
from tocsin.centre.reads import FACTS_MAX, Reads
from tocsin.centre.table_plan import KnownKeyholder
from tocsin.centre.values import Values
from tocsin.model.calls import CALLED, Called, CallOutcome, IncidentCalled, OnCallList
from tocsin.model.commands import Call, CheckPhrase, Command, ConfirmHelpNote, WriteHelpNote
from tocsin.model.errors import BadInput, Conflict, KeyMissing
from tocsin.model.help_note import (
    HELP_NOTE,
    HELP_NOTED,
    NOTE_BYTES_MAX,
    HelpNote,
    IncidentHelpNoted,
    mistakes_of,
)
from tocsin.model.incidents import Incident
from tocsin.model.journal import StoredEntry
from tocsin.model.keyholders import IncidentPhraseChecked, PhraseOutcome, ResidentWishes, SiteWishes
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.calling import next_call
from tocsin.rules.classify import UNCLASSIFIED

KEYHOLDERS: Final = Code("keyholders")
WISHES: Final = Code("wishes")
_PHRASE: Final = Code("phrase")
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(HelpNote).decode


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: IncidentHelpNoted


class _CallEntry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: IncidentCalled


class _Checked(msgspec.Struct, gc=False):
    body: IncidentPhraseChecked


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_CALL: Final = msgspec.json.Decoder(_CallEntry)
_CHECKED: Final = msgspec.json.Decoder(_Checked)
_ANSWER: Final = msgspec.json.Decoder(Incident)


class OpenedHelpNote(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version of an incident's help note."""

    note: HelpNote | None
    """None: none was written, or it is erased."""
    version: int
    written_at: Micros | None = None
    written_by: Actor | None = None
    review_due_at: Micros | None = None
    """Of a note about somebody missing, while the incident is open."""

    def __repr__(self) -> str:
        """Nothing of it."""
        return f"OpenedHelpNote(version {self.version})"


def on_call_list(listed: Sequence[KnownKeyholder]) -> list[OnCallList]:
    """The call list as far as the order of calls depends on it."""
    return [
        OnCallList(
            id=one.id,
            is_away=one.contact is not None and one.contact.availability == "away",
            telephones=0 if one.contact is None else len(one.contact.telephones),
        )
        for one in listed
    ]


class HelpNotes:
    """Help notes and what else helping needs to know. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        values: Values,
        secrets: Secrets,
        reads: Reads,
        clock: Clock,
        run: Run,
        handle: Handle,
    ) -> None:
        """Work on these."""
        self._guessing = Guessing(store, clock)
        self._run = run
        self._store = store
        self._values = values
        self._secrets = secrets
        self._reads = reads
        self._clock = clock
        self._handle = handle

    def write(self, incident: Ref, note: HelpNote, seen: int, actor: Actor, id_: Code) -> tuple[Incident, Seq]:
        """Store the note in place of what it was.

        Raises:
            BadInput: there is no such incident; the note has what its class has no place for (BadForm), or too much.
            Conflict: the incident is closed, or somebody wrote the note since version `seen`.
        """
        found = self._incident(incident)
        if wrong := mistakes_of(note, found.hazard):
            raise BadForm(wrong)
        data = _ENCODE(note)
        if len(data) > NOTE_BYTES_MAX:
            raise BadInput(
                f"The help note has {len(data):,} bytes, limit {NOTE_BYTES_MAX:,}. Nothing was changed. Shorten it",
                "help_note.long",
            )
        value = self._values.seal(incident, HELP_NOTE, data)
        act = WriteHelpNote(note=value.ref, seen=seen, value=value, is_looked_for=note.missing is not None)
        return self._handle(Command(actor=actor, id=id_, incident=incident, version=None, act=act))

    def confirm(self, incident: Ref, seen: int, actor: Actor, id_: Code) -> tuple[Incident, Seq]:
        """Note that the note about somebody missing was looked at again, and is right as it is in version `seen`.

        Raises:
            BadInput: there is no such incident.
            Conflict: the incident is closed, somebody wrote the note since, or it is about nobody missing.
        """
        self._incident(incident)
        return self._handle(
            Command(actor=actor, id=id_, incident=incident, version=None, act=ConfirmHelpNote(seen=seen))
        )

    def read(self, incident: Ref, actor: Actor) -> OpenedHelpNote:
        """The newest note; that it was read is a fact before this returns, once an actor and claim.

        Raises:
            BadInput: there is no such incident.
        """
        found = self._incident(incident)
        rows = self._store.values(incident, HELP_NOTE, 1)
        opened = self._values.open(rows)
        if not rows or rows[0].ref not in opened:
            return OpenedHelpNote(note=None, version=found.help_version)
        row, note = rows[0], _DECODE(opened[rows[0].ref])
        is_looked_for = note.missing is not None and found.state == "open"
        self._reads.note(incident, HELP_NOTE, actor)
        return OpenedHelpNote(
            note=note,
            version=found.help_version,
            written_at=row.at,
            written_by=_writer_of(row.ref, self._store.incident_facts(incident, FACTS_MAX)),
            review_due_at=found.look_again_at if is_looked_for else None,
        )

    def call_list(self, incident: Ref, actor: Actor) -> list[KnownKeyholder]:
        """Whom to telephone for a key, in order; noted as `read` is. A technical fault needs a key as well.

        Raises:
            BadInput: there is no such incident.
            Conflict: it is closed, or an exercise.
        """
        found = self._open(incident)
        _refuse_exercise(found)
        if found.site_id is None:
            return []
        living = [one for one in self._store.keyholders([found.site_id]) if one.row.removed_at is None]
        opened = open_contacts(living, self._secrets.secrets_get)
        self._reads.note(incident, KEYHOLDERS, actor, count=len(opened))
        return opened

    def wishes(self, incident: Ref, actor: Actor) -> tuple[SiteWishes, ResidentWishes] | None:
        """A resident's wishes, in an open alarm of that home; noted as `read` is. None: there are none.

        Raises:
            BadInput: there is no such incident.
            Conflict: it is closed, an exercise, or no alarm (`is_alarm`).
        """
        found = self._open(incident)
        _refuse_exercise(found)
        if not is_alarm(found):
            raise Conflict(
                f"Incident {found.number} is a technical fault: a resident's wishes are shown in an alarm of that home "
                "alone. Nothing was read. Where somebody there needs help, call the keyholders",
                "incident.no_alarm",
            )
        kept = self._store.site_wishes([found.site_id]) if found.site_id is not None else []
        if not kept or (kept[0].row.review_at or 0) <= self._clock.now_us():
            # Its day has come, though the timer may be late.
            return None
        opened = open_wishes(kept[0].row, self._secrets.secrets_get)
        if opened is None:
            return None
        self._reads.note(incident, WISHES, actor)
        return kept[0], opened

    def check(
        self, incident: Ref, of: Ref, phrase: str, actor: Actor, id_: Code
    ) -> tuple[PhraseOutcome, Incident, Seq]:
        """Look whether a phrase that was said is the right one, a wrong one, or the one for duress; note which.

        The same command with the same phrase gets the same answer again. With another phrase it is refused without
        looking, whatever the phrase is worth, and counts as an attempt.

        Raises:
            BadInput: there is no such incident, or no phrase is set for this keyholder or site.
            Conflict: the incident is closed, or another command had this id.
            TooMany: too many were asked for in this incident.
        """
        found = self._open(incident)
        verifier = self._verifier_of(found, of)
        raw = self._secrets.secrets_get([verifier]).get(verifier)
        if raw is None:
            raise KeyMissing(
                f"What tells the phrase of {of} is lost. Nothing was checked. Set the phrase again", "phrases.lost"
            )
        said = self._values.digest(incident, _PHRASE, plain(phrase).encode())

        def command(outcome: PhraseOutcome) -> Command:
            act = CheckPhrase(of=of, outcome=outcome, said=said)
            return Command(actor=actor, id=id_, incident=incident, version=None, act=act)

        with self._guessing.turn(incident) as turn:
            kept = self._run(lambda journal: journal.decide(lambda transaction, _: transaction.get_command(actor, id_)))
            if kept is not None and kept[0] == digest_of(command("wrong"), None):
                turn.refuse_matching()
                return self._again(kept)
            if kept is not None:
                turn.refuse_other()
            turn.count()
            outcome = check_phrase(unpack(raw), phrase)
            changed, seq = self._handle(command(outcome))
        return outcome, changed, seq

    def called(
        self, incident: Ref, of: Ref, telephone: int, outcome: CallOutcome, actor: Actor, id_: Code
    ) -> tuple[Incident, Seq]:
        """Note what became of a call to a keyholder of the incident's site.

        Raises:
            BadInput: there is no such incident, or no such keyholder or number on its call list.
            Conflict: the incident is closed, or an exercise.
        """
        found = self._open(incident)
        _refuse_exercise(found)
        listed = [] if found.site_id is None else self._store.keyholders(ids=[of])
        row = next((one.row for one in listed if one.row.site_id == found.site_id and one.row.removed_at is None), None)
        if row is None:
            raise BadInput(
                f"Incident {found.number}: nobody of this id is on its call list, or not any more. Nothing was "
                "noted. Look at the list again, or write a note",
                "calls.unknown",
            )
        has_more = self._has_more(found, of, telephone, outcome)
        act = Call(of=of, outcome=outcome, place=row.order, telephone=telephone, has_more=has_more)
        return self._handle(Command(actor=actor, id=id_, incident=incident, version=None, act=act))

    def _has_more(self, incident: Incident, of: Ref, telephone: int, outcome: CallOutcome) -> bool:
        """Behind this call, does the list name somebody who makes sense to call? Nothing of a contact is shown."""
        if incident.site_id is None:
            return False
        living = [one for one in self._store.keyholders([incident.site_id]) if one.row.removed_at is None]
        made = Called(at=self._clock.now_us(), by=None, of=of, outcome=outcome, telephone=telephone)
        listed = on_call_list(open_contacts(living, self._secrets.secrets_get))
        return next_call(listed, [*self.calls(incident.id), made]).of is not None

    def calls(self, incident: Ref) -> list[Called]:
        """What became of calls to keyholders in the course of an incident, in their order: the newest 500 facts."""
        found: list[Called] = []
        for stored in self._store.incident_facts(incident, FACTS_MAX):
            if stored.row.kind == CALLED:
                entry = _CALL.decode(stored.row.entry)
                body = entry.body
                found.append(
                    Called(at=stored.row.at, by=entry.actor, of=body.of, outcome=body.outcome, telephone=body.telephone)
                )
        return found

    def _verifier_of(self, incident: Incident, of: Ref) -> Ref:
        """Where what tells the phrase of a keyholder of the incident's site lies, or of the site itself."""
        verifier: Ref | None = None
        if incident.site_id is not None and of == incident.site_id:
            verifier = next((one.row.verifier for one in self._store.site_phrases([of])), None)
        elif incident.site_id is not None:
            for one in self._store.keyholders(ids=[of]):
                if one.row.site_id == incident.site_id and one.row.removed_at is None:
                    verifier = one.row.verifier
        if verifier is None:
            raise BadInput(
                f"Incident {incident.number}: no phrase is set there. Nothing was checked. Ask another keyholder, or "
                "treat the call as one without a phrase",
                "phrases.unknown",
            )
        return verifier

    def _again(self, kept: tuple[bytes, bytes]) -> tuple[PhraseOutcome, Incident, Seq]:
        """The answer to a command that was carried out: what came of it stands in its fact."""
        answer = _ANSWER.decode(kept[1])
        (fact,) = self._store.entries_at([answer.version])
        return _CHECKED.decode(fact.row.entry).body.outcome, answer, answer.version

    def _incident(self, id_: Ref) -> Incident:
        found = self._store.incident(id_)
        if found is None:
            raise BadInput("There is no such incident. Nothing was read. Look at the queue again", "incident.unknown")
        return found

    def _open(self, id_: Ref) -> Incident:
        found = self._incident(id_)
        if found.state == "closed":
            raise Conflict(
                f"Incident {found.number} is closed: what its place is about is shown while it is open. Nothing was "
                "read. Reopen it where there is more to do",
                "incident.closed",
            )
        return found


def is_alarm(incident: Incident) -> bool:
    """A hazard to people, and no fault of the equipment: a resident's wishes are for that (SCOPE.md, "social alarm").

    A signal that nobody can read may be a call for help, so it counts as one until somebody knows better.
    """
    return incident.hazard != "technical" or incident.type == UNCLASSIFIED


def _refuse_exercise(incident: Incident) -> None:
    if incident.exercise:
        raise Conflict(
            f"Incident {incident.number} is an exercise: keyholders and a resident's wishes are for real ones alone. "
            "Nothing was read. Play those parts yourselves",
            "incident.exercise",
        )


def no_call_first(incident: Incident) -> bool:
    """A silent call for help, or a hold-up: nobody at the premises is telephoned first."""
    return incident.silent or incident.hazard == "robbery_holdup"


def _writer_of(value: Ref, facts: Sequence[StoredEntry]) -> Actor | None:
    """Who wrote a version of the note; None where its fact is older than those that are looked at."""
    for stored in reversed(facts):
        if stored.row.kind == HELP_NOTED and (entry := _ENTRY.decode(stored.row.entry)).body.value == value:
            return entry.actor
    return None
