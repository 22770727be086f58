"""Who was shown personal data: a fact for each person, incident and claim, durable before the bytes leave (R9).

Within an incident one fact stands for a person and what was shown, until somebody claims the incident again. What is
read outside an incident is noted once a person, object and quarter of an hour. Exports, rejected frames and subject
requests are always their own, and write their own facts.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.model.journal import Fact, StoredEntry, VaultRead
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Ref

VAULT_READ: Final = Code("vault.read")
HANDLING: Final = Code("handling")
FACTS_MAX: Final = 500
"""Facts of one incident that are looked at, the newest."""

COVERED_S: Final = 900.0
COVERED_MAX: Final = 10_000
CLAIMS: Final = frozenset({"incident.opened", "incident.claimed", "incident.reopened"})
_INCIDENT: Final = "incident-"


class _Read(msgspec.Struct, gc=False):
    actor: Actor | None
    body: VaultRead


_READ: Final = msgspec.json.Decoder(_Read)


class Reads:
    """Notes who reads what. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock) -> None:
        """Note in the journal that `run` leads to."""
        self._store = store
        self._run = run
        self._clock = clock
        self._lock = threading.Lock()
        self._covered: OrderedDict[tuple[Actor, Ref, Code], float] = OrderedDict()

    def note(self, ref: Ref, what: Code, actor: Actor, count: int = 1, reason: Code = HANDLING) -> None:
        """Note that somebody is shown so many values of an object; durable when this returns, which is before they go.

        `ref` is the incident in whose course it is read, where there is one: a site's wishes shown in an incident are
        a reading of that incident. Nothing is noted where `count` is 0.

        Raises:
            CentreFault: it could not be noted. Then nothing may be shown.
        """
        if count <= 0:
            return
        if ref.startswith(_INCIDENT):
            self._note_incident(ref, what, actor, count, reason)
            return
        now_s = self._clock.monotonic_s()
        with self._lock:
            noted_s = self._covered.get((actor, ref, what))
        if noted_s is not None and now_s - noted_s < COVERED_S:
            return
        fact = _fact(ref, what, actor, count, reason)
        self._run(lambda journal: journal.record([fact]))
        with self._lock:
            self._covered[actor, ref, what] = now_s
            self._covered.move_to_end((actor, ref, what))
            if len(self._covered) > COVERED_MAX:
                self._covered.popitem(last=False)

    def note_always(self, ref: Ref, what: Code, actor: Actor, count: int, reason: Code) -> None:
        """Note a reading that is always its own, such as an export.

        Raises:
            CentreFault: it could not be noted. Then nothing may be shown.
        """
        fact = _fact(ref, what, actor, count, reason)
        self._run(lambda journal: journal.record([fact]))

    def _note_incident(self, incident: Ref, what: Code, actor: Actor, count: int, reason: Code) -> None:
        if has_read(self._store.incident_facts(incident, FACTS_MAX), what, actor):
            return
        fact = _fact(incident, what, actor, count, reason)

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            # In the writer's turn: two windows of one person that ask at once are one reading.
            if not has_read(self._store.incident_facts(incident, FACTS_MAX), what, actor):
                transaction.add_incident_facts([(incident, appender.append(fact))])

        self._run(lambda journal: journal.decide(work))


def has_read(facts: Sequence[StoredEntry], what: Code, actor: Actor | None) -> bool:
    """The actor was shown this since somebody claimed the incident last."""
    for stored in reversed(facts):
        if stored.row.kind in CLAIMS:
            return False
        if stored.row.kind == VAULT_READ:
            found = _READ.decode(stored.row.entry)
            if found.actor == actor and found.body.what == what:
                return True
    return False


def _fact(ref: Ref, what: Code, actor: Actor, count: int, reason: Code) -> Fact:
    return Fact(kind=VAULT_READ, body=VaultRead(count=count, reason=reason, what=what), ref=ref, actor=actor)
