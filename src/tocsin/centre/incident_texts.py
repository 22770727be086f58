"""Texts of incidents: notes that people write, and what panels said. All of it lies sealed; reading it is a fact.

A note's words are sealed under the incident's key, and stored in the transaction of the fact that names them: a command
that is refused leaves nothing behind. The same command sent again is known by a keyed hash of its words (DESIGN.md,
"Personal data and the vault"). What panels said is read from the incident's own copy. Notes of the first release lie
in keys.db under names of their own, and are read and erased with the others.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from tocsin.centre.configuration import Secrets
from tocsin.centre.erasure import OLD_NOTE, notes_of
from tocsin.centre.reads import FACTS_MAX, HANDLING, VAULT_READ, Reads
from tocsin.centre.values import Values
from tocsin.model.commands import AddNote, Close, Command, IncidentAct
from tocsin.model.errors import BadInput
from tocsin.model.incidents import Incident, SignalRow
from tocsin.model.journal import StoredEntry
from tocsin.model.ports import Sealer, Store
from tocsin.model.signals import SealedPart
from tocsin.model.values import Actor, Code, PersonalText, Ref, Seq
from tocsin.model.vault import NOTE_FIELD, SIGNAL_FIELD

__all__ = [
    "FACTS_MAX",
    "HANDLING",
    "INCIDENT_TEXTS",
    "SIGNALS_MAX",
    "VAULT_READ",
    "Handle",
    "IncidentTexts",
    "LastingSecrets",
    "OpenedNote",
    "OpenedSignal",
    "OpenedTexts",
]

SIGNALS_MAX: Final = 200
INCIDENT_TEXTS: Final = Code("incident_texts")


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

    def __init__(
        self, *, store: Store, sealer: Sealer, secrets: Secrets, values: Values, reads: Reads, handle: Handle
    ) -> None:
        """Work on these."""
        self._store = store
        self._sealer = sealer
        self._secrets = secrets
        self._values = values
        self._reads = reads
        self._handle = handle

    def handle(self, command: Command, text: str | None) -> tuple[Incident, Seq]:
        """Carry out a command whose act has a note with these words; without words, as `Centre.handle`.

        Raises:
            Conflict, BadInput, CentreFault: as `Centre.handle`. Then the words are kept nowhere.
        """
        if text is None:
            return self._handle(command)
        self._refuse_unknown(command.incident)
        value = self._values.seal(command.incident, NOTE_FIELD, text.encode())
        act = command.act
        assert isinstance(act, AddNote | Close), "no other act has words"
        noting: IncidentAct = msgspec.structs.replace(act, note=value.ref, value=value)
        return self._handle(msgspec.structs.replace(command, act=noting))

    def read(self, incident: Ref, actor: Actor) -> OpenedTexts:
        """Open the texts of an incident. That it was read is a fact before this returns: once an actor and claim.

        Raises:
            BadInput: there is no such incident.
        """
        self._refuse_unknown(incident)
        facts = self._store.incident_facts(incident, FACTS_MAX)
        texts = OpenedTexts(signals=self._signals(incident), notes=self._notes(incident, facts))
        count = len(texts.signals) + sum(note.text is not None for note in texts.notes)
        self._reads.note(incident, INCIDENT_TEXTS, actor, count)
        return texts

    def parts(self, incident: Ref, limit: int = SIGNALS_MAX) -> list[tuple[SignalRow, SealedPart]]:
        """What was sealed with the newest signals of an incident, newest first, as far as the vault has it.

        From the incident's own copies. Where there is none, since the signal came before there were copies, from the
        day's: but never what came before the incident's texts were erased. Whoever shows it notes the reading.
        """
        found = self._store.incident_signals(incident, limit)
        rows = self._store.values(incident, SIGNAL_FIELD, limit)
        copies = self._values.open_signals(rows)
        after = self._ended(incident, is_any_gone=len(copies) < len(rows))
        opened: list[tuple[SignalRow, SealedPart]] = []
        for row, stored in found:
            part = copies.get(row.seq)
            if part is None and row.seq > after and stored.row.key is not None and stored.row.sealed is not None:
                part = self._sealer.open(stored.row.key, stored.row.sealed)
            if part is not None:
                opened.append((row, part))
        return opened

    def ended_at(self, incident: Ref) -> Seq:
        """Up to which seq nothing is opened that was sealed with the incident's signals, from the day's copy either.

        0 where nothing has ended.
        """
        rows = self._store.values(incident, SIGNAL_FIELD)
        return self._ended(incident, is_any_gone=len(self._values.open_signals(rows)) < len(rows))

    def _ended(self, incident: Ref, *, is_any_gone: bool) -> Seq:
        if is_any_gone or self._values.is_waiting(incident):
            # Their key is destroyed, and the fact that says so comes with the next turn of the timers. Or a restore
            # brought them back, and a person decides first.
            return self._store.head().seq
        erasure = self._store.erasure(incident)
        return Seq(0) if erasure is None else erasure.seq

    def _signals(self, incident: Ref) -> list[OpenedSignal]:
        return [
            OpenedSignal(row.seq, part.text, part.address)
            for row, part in self.parts(incident)
            if part.text is not None or part.address is not None
        ]

    def _notes(self, incident: Ref, facts: Sequence[StoredEntry]) -> list[OpenedNote]:
        references = notes_of(facts)
        found: dict[Ref, bytes] = self._values.open(self._store.values(incident, NOTE_FIELD)) if references else {}
        old = [note for note in references if note.startswith(OLD_NOTE)]
        if self._values.is_waiting(incident):
            old = []
        before: Mapping[str, bytes] = self._secrets.secrets_get(old) if old else {}
        texts = {**before, **found}
        return [OpenedNote(note, texts[note].decode() if note in texts else None) for note in references]

    def _refuse_unknown(self, incident: Ref) -> None:
        if self._store.incident(incident) is None:
            raise BadInput("There is no such incident. Nothing was read. Look at the queue again", "incident.unknown")
