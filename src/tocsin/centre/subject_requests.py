"""What is held under a contact, for the person whose contact it is: the one way to find values by one (SCOPE.md, R7).

Two persons, a request's number, a telephone number or a name as it stands in a contact field, five requests a day. What
is found goes into a file sealed with a passphrase that is shown once; the journal says that it was done, and neither
what was looked for nor what was found. Looked at are contacts of keyholders and callers, and names of staff: no text.
"""

import re
import threading
from base64 import b32encode
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import msgspec

from tocsin.access.access import Access
from tocsin.centre.configuration import Run
from tocsin.centre.keyholders import SecretsGet, open_contacts
from tocsin.centre.seal_worker import seal_with_passphrase
from tocsin.centre.values import Values
from tocsin.model.call_forms import DRAFT_FIELD, REPORT_FIELD, CallDraft, CallWords
from tocsin.model.errors import TooMany
from tocsin.model.export import REQUESTS_A_DAY, SubjectRequest
from tocsin.model.help_note import HELP_NOTE, Caller, HelpNote
from tocsin.model.incidents import State
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock, Ids, Store
from tocsin.model.proof import SubjectRequested
from tocsin.model.rings import CALLER_FIELD, RingCaller
from tocsin.model.values import Actor, Code, Ref, Seq

__all__ = ["SealedAnswer", "SubjectRequests"]

DAY_US: Final = 86_400_000_000
DAY_S: Final = 86_400
PAGE: Final = 1_000
LOOKED_MAX: Final = 100_000
TAIL_DIGITS: Final = 9
"""Numbers are the same where so many of their last digits are: with and without the country's prefix."""

REQUESTED: Final = Code("subject.requested")
_STATES: Final[tuple[State, ...]] = ("open", "closed")
_NOTE: Final = msgspec.msgpack.Decoder(HelpNote)
_WORDS: Final = msgspec.msgpack.Decoder(CallWords)
_DRAFT: Final = msgspec.msgpack.Decoder(CallDraft)
_CALLER: Final = msgspec.msgpack.Decoder(RingCaller)


class Seal(Protocol):
    """Makes a sealed file (`seal_worker`)."""

    def __call__(self, plain: bytes, passphrase: str, /) -> bytes:
        """Encrypt it."""
        ...


class SealedAnswer(msgspec.Struct, frozen=True):
    """The file, and what opens it: both are handed out once and kept nowhere."""

    reference: Code
    found: int
    file: bytes
    """In the age format; any program of that kind opens it."""
    passphrase: str

    def __repr__(self) -> str:
        """Without either."""
        return f"SealedAnswer({self.reference})"


class SubjectRequests:
    """Answers requests. From any thread but the writer's; one takes seconds in a large centre."""

    def __init__(
        self,
        *,
        store: Store,
        values: Values,
        secrets_get: SecretsGet,
        access: Access,
        run: Run,
        clock: Clock,
        ids: Ids,
        seal: Seal | None = None,
    ) -> None:
        """Look in these; `seal` makes the file."""
        self._store = store
        self._values = values
        self._secrets_get = secrets_get
        self._access = access
        self._run = run
        self._clock = clock
        self._ids = ids
        self._seal = seal or seal_with_passphrase
        self._answering = threading.Lock()

    def refuse_too_many(self) -> None:
        """Before an approval is used up.

        Raises:
            TooMany: five were answered within a day.
        """
        since = self._clock.now_us() - DAY_US
        times = [at for at in self._times() if at > since]
        if len(times) >= REQUESTS_A_DAY:
            left_us = sorted(times)[-REQUESTS_A_DAY] + DAY_US - self._clock.now_us()
            raise TooMany(
                f"{REQUESTS_A_DAY} subject requests were answered within a day, which is the limit. Nothing was looked "
                "for. Come again when the day is over",
                "subject.too_many",
                max(1, min(DAY_S, left_us // 1_000_000)),
            )

    def answer(self, wanted: SubjectRequest, approval: Ref, actor: Actor) -> SealedAnswer:
        """Look, seal what was found, and note it; the fact is durable before the file is handed out.

        Whoever calls has taken the approval of two persons for exactly this.

        Raises:
            TooMany: as `refuse_too_many`. CentreFault: it could not be sealed or noted; nothing is handed out.
        """
        with self._answering:
            return self._answer(wanted, approval, actor)

    def _answer(self, wanted: SubjectRequest, approval: Ref, actor: Actor) -> SealedAnswer:
        self.refuse_too_many()
        found = list(self._find(wanted))
        passphrase = _passphrase(self._ids)
        plain = {
            "reference": wanted.reference,
            "looked_for": {"what": wanted.what, "contact": wanted.contact},
            "made_at": self._clock.now_us(),
            "looked_at": ["contacts of keyholders", "contacts of callers in help notes", "names of staff"],
            "found": found,
        }
        file = self._seal(msgspec.json.format(msgspec.json.encode(plain), indent=1), passphrase)
        body = SubjectRequested(
            approval=approval, found=len(found), reference=Code(wanted.reference), what=Code(wanted.what)
        )
        self._run(lambda journal: journal.record([Fact(kind=REQUESTED, body=body, actor=actor)]))
        return SealedAnswer(Code(wanted.reference), len(found), file, passphrase)

    def _times(self) -> Iterator[int]:
        after: Seq | None = Seq(0)
        while after is not None:
            found, after = self._store.facts((REQUESTED,), after, PAGE, LOOKED_MAX)
            yield from (stored.row.at for stored in found)

    def _find(self, wanted: SubjectRequest) -> Iterator[dict[str, object]]:
        for known in open_contacts(self._store.keyholders(), self._secrets_get):
            contact = known.contact
            if contact is not None and _matches(wanted, [contact.name], contact.telephones):
                yield {
                    "where": f"keyholder {known.row.order} of {known.row.site_id}",
                    "removed": known.row.removed_at is not None,
                    "held": msgspec.to_builtins(contact),
                }
        for state in _STATES:
            before: Seq | None = None
            while page := self._store.incidents(state, before, PAGE):
                for incident in page:
                    yield from self._of_incident(incident.id, wanted)
                before = page[-1].version
        for call in self._store.call_forms():
            for value in self._values.open(self._store.values(call.id, DRAFT_FIELD)).values():
                note = _DRAFT.decode(value).words.note
                if note is not None and note.caller is not None and _is_caller(note.caller, wanted):
                    yield {"where": f"caller of {call.id}", "held": msgspec.to_builtins(note.caller)}
        for ring in self._store.rings():
            for value in self._values.open(self._store.values(ring.id, CALLER_FIELD)).values():
                telephone = _CALLER.decode(value).telephone
                if _matches(wanted, (), [telephone]):
                    yield {"where": f"caller of {ring.id}", "held": {"telephone": telephone}}
        for person in self._access.people():
            if _matches(wanted, [person.name], ()):
                yield {"where": f"staff, {person.id}", "held": {"name": person.name, "roles": list(person.roles)}}

    def _of_incident(self, incident: Ref, wanted: SubjectRequest) -> Iterator[dict[str, object]]:
        """The caller of its note; what was written before the last version too, for as long as it is there.

        And callers of further reports, whose words stand with the report.
        """
        notes = [_NOTE.decode(one) for one in self._values.open(self._store.values(incident, HELP_NOTE)).values()]
        reports = self._values.open(self._store.values(incident, REPORT_FIELD)).values()
        notes += [words.note for words in map(_WORDS.decode, reports) if words.note is not None]
        for caller in (note.caller for note in notes):
            if caller is None:
                continue
            if _is_caller(caller, wanted):
                yield {"where": f"caller of {incident}", "held": msgspec.to_builtins(caller)}


def _is_caller(caller: Caller, wanted: SubjectRequest) -> bool:
    numbers = [number for number in (caller.telephone, caller.call_back) if number]
    return _matches(wanted, [caller.name] if caller.name else [], numbers)


def _matches(wanted: SubjectRequest, names: Sequence[str], numbers: Sequence[str]) -> bool:
    if wanted.what == "name":
        return any(_plain(name) == _plain(wanted.contact) for name in names)
    return any(_is_same_number(number, wanted.contact) for number in numbers)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_same_number(one: str, other: str) -> bool:
    first, second = (re.sub(r"\D", "", number) for number in (one, other))
    if len(first) >= TAIL_DIGITS and len(second) >= TAIL_DIGITS:
        return first[-TAIL_DIGITS:] == second[-TAIL_DIGITS:]
    return bool(first) and first == second


def _passphrase(ids: Ids) -> str:
    """120 bits in groups that can be read out on a telephone."""
    letters = b32encode(ids.token_bytes(15)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
