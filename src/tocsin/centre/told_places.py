"""Places that were only told, for the list of open incidents on paper: opened for it, and noted as read before (R9)."""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.reads import FACTS_MAX, HANDLING, VAULT_READ, has_read
from tocsin.centre.values import Values
from tocsin.model.call_forms import REPORT_FIELD, CallWords
from tocsin.model.journal import Fact, VaultRead
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Place, Ref

PAPER: Final = Code("paper")
REPORTS_LOOKED_AT: Final = 20
"""Of one incident, the newest."""

PLACE_MAX: Final = 200
"""Characters of a place on paper."""

_WORDS: Final = msgspec.msgpack.Decoder(CallWords).decode


class ToldPlaces:
    """Opens the places that people told. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, values: Values) -> None:
        """Read these; note in the journal that `run` leads to."""
        self._store = store
        self._run = run
        self._values = values
        self._printed: set[Ref] = set()
        """Incidents whose place the centre itself has read for paper since it started."""

    def read(self, incidents: Sequence[Ref], actor: Actor | None) -> dict[Ref, Place]:
        """Where these are, in the newest words that say it; those that nobody can read are left out.

        That it was read is a fact of each incident before this returns, once a person and claim; once an incident
        where the centre prints by itself (`actor` is None).

        Raises:
            JournalFull, CentreFault: it could not be noted. Then nothing may be printed.
        """
        found: dict[Ref, Place] = {}
        for incident in incidents:
            opened = self._values.open(self._store.values(incident, REPORT_FIELD, REPORTS_LOOKED_AT))
            told = [place for data in opened.values() if (place := place_of(_WORDS(data))) is not None]
            if told:
                found[incident] = told[-1]
        self._note(list(found), actor)
        return found

    def _note(self, incidents: Sequence[Ref], actor: Actor | None) -> None:
        new = [one for one in incidents if not self._is_noted(one, actor)]
        if not new:
            return

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            for one in new:
                body = VaultRead(count=1, reason=HANDLING, what=PAPER)
                seq = appender.append(Fact(kind=VAULT_READ, body=body, ref=one, actor=actor))
                transaction.add_incident_facts([(one, seq)])

        self._run(lambda journal: journal.decide(work))
        if actor is None:
            self._printed.update(new)

    def _is_noted(self, incident: Ref, actor: Actor | None) -> bool:
        if actor is None and incident in self._printed:
            return True
        return has_read(self._store.incident_facts(incident, FACTS_MAX), PAPER, actor)

    def forget(self, still_open: Sequence[Ref]) -> None:
        """Of what is closed nothing is remembered."""
        self._printed.intersection_update(still_open)


def place_of(words: CallWords) -> Place | None:
    """Where it is, as somebody told it: words, where exactly, else the position in degrees; None: they said nothing."""
    said = ", ".join(one for one in (words.where, words.exact) if one)
    if not said and words.latitude is not None and words.longitude is not None:
        said = f"{words.latitude:.5f}, {words.longitude:.5f}"
    if not said:
        return None
    return Place(said if len(said) <= PLACE_MAX else f"{said[: PLACE_MAX - 3]}...")
