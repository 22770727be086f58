"""Texts of incidents: notes that people write, and what panels said. All of it lies sealed; reading it is a fact.

A note's words go into the vault first and are durable there; the fact holds the reference alone. The reference is
worked out from who writes, the command's id and the words, under a key of the centre: the same command sent again finds
its own note, and the name tells nothing of the words (DESIGN.md, "Personal data and the vault").
"""

import hmac
import threading
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from tocsin.centre.configuration import Run, Secrets
from tocsin.model.commands import AddNote, Close, Command, IncidentAct
from tocsin.model.errors import BadInput, DiskFault
from tocsin.model.incidents import Incident, IncidentClosed, IncidentNoted, SignalRow
from tocsin.model.journal import Fact, StoredEntry, VaultRead
from tocsin.model.ports import Appender, Sealer, Store, StoreTransaction
from tocsin.model.values import Actor, Code, PersonalText, Ref, Seq

PREFIX: Final = "incident-text-"
"""How a reference begins; behind it stand 16 hex digits."""

FACTS_MAX: Final = 500
"""Facts of one incident that are looked at, the newest."""

SIGNALS_MAX: Final = 200
VAULT_READ: Final = Code("vault.read")
HANDLING: Final = Code("handling")
INCIDENT_TEXTS: Final = Code("incident_texts")
_CLAIMS: Final = frozenset({"incident.opened", "incident.claimed", "incident.reopened"})
_NOTING: Final = {"incident.noted": IncidentNoted, "incident.closed": IncidentClosed}
_NAME_PURPOSE: Final = b"tocsin incident text 1"


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_BODIES: Final = {kind: msgspec.json.Decoder(body) for kind, body in _NOTING.items()}


class OpenedNote(msgspec.Struct, frozen=True, gc=False):
    """A note's words, as long as the vault has them."""

    note: Ref
    text: PersonalText | None


class OpenedSignal(msgspec.Struct, frozen=True, gc=False):
    """What was sealed with a signal and is shown to whoever handles it."""

    seq: Seq
    text: PersonalText | None
    user: PersonalText | None
    """Address of a code whose address is a user's number."""


class OpenedTexts(msgspec.Struct, frozen=True, gc=False):
    """All texts of an incident: of its newest signals, and of its notes from the oldest on."""

    signals: list[OpenedSignal]
    notes: list[OpenedNote]


class LastingSecrets(Secrets, Protocol):
    """Where texts are kept, and a key that names them (`vault.Vault`)."""

    def identity_key(self) -> bytes:
        """32 bytes, the centre's for ever."""
        ...


class Handle(Protocol):
    """Carries out a command (`Centre.handle`)."""

    def __call__(self, command: Command, /) -> tuple[Incident, Seq]:
        """Do it."""
        ...


class IncidentTexts:
    """Writes and reads the texts of incidents. From any thread but the writer's."""

    def __init__(self, *, store: Store, sealer: Sealer, secrets: LastingSecrets, run: Run, handle: Handle) -> None:
        """Work on these."""
        self._store = store
        self._sealer = sealer
        self._secrets = secrets
        self._run = run
        self._handle = handle
        self._writing = threading.Lock()

    def handle(self, command: Command, text: str | None) -> tuple[Incident, Seq]:
        """Carry out a command whose act has a note with these words; without words, as `Centre.handle`.

        Raises:
            Conflict, BadInput, CentreFault: as `Centre.handle`. Then the words are kept nowhere.
        """
        if text is None:
            return self._handle(command)
        note = self._name(command, text)
        # One at a time: of two senders of the same command, the one that is refused must not take the other's words.
        with self._writing:
            is_there = bool(self._secrets.secrets_get([note]))
            self._secrets.secrets_put({note: text.encode()})
            try:
                return self._handle(msgspec.structs.replace(command, act=_with_note(command.act, note)))
            except DiskFault:
                # Whether the fact is on the disk is unknown: words too many are better than a note without its.
                raise
            except BaseException:
                if not is_there:
                    self._secrets.secrets_delete([note])
                raise

    def read(self, incident: Ref, actor: Actor) -> OpenedTexts:
        """Open the texts of an incident. That it was read is a fact before this returns: once an actor and claim.

        Raises:
            BadInput: there is no such incident.
        """
        if self._store.incident(incident) is None:
            raise BadInput("There is no such incident. Nothing was read. Look at the queue again", "incident.unknown")
        facts = self._store.incident_facts(incident, FACTS_MAX)
        texts = OpenedTexts(
            signals=self._signals(self._store.incident_signals(incident, SIGNALS_MAX)), notes=self._notes(facts)
        )
        count = len(texts.signals) + sum(note.text is not None for note in texts.notes)
        if count and not _has_read(facts, actor):
            body = VaultRead(count=count, reason=HANDLING, what=INCIDENT_TEXTS)
            fact = Fact(kind=VAULT_READ, body=body, ref=incident, actor=actor)
            self._run(lambda journal: journal.decide(lambda tx, app: self._note_reading(incident, fact, tx, app)))
        return texts

    def _note_reading(self, incident: Ref, fact: Fact, transaction: StoreTransaction, appender: Appender) -> None:
        """In the writer's turn: two windows of one person that ask at once are one reading."""
        if not _has_read(self._store.incident_facts(incident, FACTS_MAX), fact.actor):
            transaction.add_incident_facts([(incident, appender.append(fact))])

    def _signals(self, found: Sequence[tuple[SignalRow, StoredEntry]]) -> list[OpenedSignal]:
        opened: list[OpenedSignal] = []
        for row, stored in found:
            if stored.row.key is None or stored.row.sealed is None:
                continue
            part = self._sealer.open(stored.row.key, stored.row.sealed)
            if part is not None and (part.text is not None or part.address is not None):
                opened.append(OpenedSignal(row.seq, part.text, part.address))
        return opened

    def _notes(self, facts: Sequence[StoredEntry]) -> list[OpenedNote]:
        references: list[Ref] = []
        for stored in facts:
            if (decoder := _BODIES.get(stored.row.kind)) is not None:
                note = decoder.decode(_ENTRY.decode(stored.row.entry).body).note
                if note is not None:
                    references.append(note)
        found: Mapping[str, bytes] = self._secrets.secrets_get(references) if references else {}
        return [OpenedNote(note, found[note].decode() if note in found else None) for note in references]

    def _name(self, command: Command, text: str) -> Ref:
        said = msgspec.json.encode((command.actor, command.id, command.incident, text))
        return Ref(PREFIX + hmac.digest(self._secrets.identity_key(), _NAME_PURPOSE + said, "sha256").hex()[:16])


def _with_note(act: IncidentAct, note: Ref) -> IncidentAct:
    assert isinstance(act, AddNote | Close), "no other act has words"
    return msgspec.structs.replace(act, note=note)


def _has_read(facts: Sequence[StoredEntry], actor: Actor | None) -> bool:
    """The actor read the texts since somebody claimed the incident last."""
    for stored in reversed(facts):
        if stored.row.kind in _CLAIMS:
            return False
        if stored.row.kind == VAULT_READ and _ENTRY.decode(stored.row.entry).actor == actor:
            return True
    return False
