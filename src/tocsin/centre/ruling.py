"""The parameters of judgement as this centre has them: changed by supervisors, checked, every version in the journal.

A decision goes by those in force when it is made, in the same turn of the writer, and its fact holds what was decided:
a rebuild decides nothing again. The newest versions lie in one row of the store, so that a start knows them before the
first signal. Source: decision 0045; STANDARDS.md, 3.5.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.editing import Overtaken
from tocsin.journal.journal import Journal
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.rules import RULES_SET, RulesSet, RulesVersion
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.judgement import JUDGEMENT, Judgement
from tocsin.rules.parameters import RANGES, judgement_with

VERSIONS: Final = Code("rules_versions")
VERSIONS_KEPT: Final = 50
"""Of which the store knows; the journal has all."""

NEW: Final = Seq(0)
SUBJECT: Final = Ref("rules")
_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode
_DECODE: Final = msgspec.json.Decoder(tuple[RulesVersion, ...]).decode


class _Entry(msgspec.Struct):
    actor: Actor | None
    at: Micros
    body: RulesSet


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class Ruling:
    """Changes of the parameters, and those in force. From any thread; `judgement` is read in the writer's turn too."""

    def __init__(self, store: Store, run: Run) -> None:
        """Take up what the store has."""
        self._store = store
        self._run = run
        self._changing = threading.RLock()
        self._versions = stored_versions(store)
        self._judgement = JUDGEMENT if not self._versions else judgement_in(self._versions[0].changed)

    @property
    def judgement(self) -> Judgement:
        """What decisions go by now."""
        return self._judgement

    def versions(self) -> tuple[RulesVersion, ...]:
        """The newest versions, newest first; empty: everything is as it ships, and always was."""
        return self._versions

    def set(self, changed: Mapping[str, int], version: Seq, actor: Actor) -> None:
        """Let decisions go by these from now on; a parameter that is not named, by what ships.

        Raises:
            BadInput: there is no such parameter, or it is outside its range.
            Overtaken: somebody changed them since `version`; 0 where nobody ever did.
        """
        judgement_with(changed)
        wanted = {Code(name): value for name, value in sorted(changed.items()) if value != RANGES[name].shipped}
        with self._changing:
            now = self._versions[0] if self._versions else RulesVersion(Micros(0), None, {}, NEW)
            if now.changed == wanted:
                return
            if now.seq != version:
                raise Overtaken(SUBJECT, now.by, now.at)

            def work(transaction: StoreTransaction, appender: Appender) -> tuple[RulesVersion, ...]:
                seq = appender.append(Fact(kind=RULES_SET, body=RulesSet(changed=wanted), actor=actor))
                made = (RulesVersion(appender.at, actor, wanted, seq), *self._versions)[:VERSIONS_KEPT]
                transaction.put_meta(VERSIONS, _ENCODE(made).decode())
                return made

            def turn(journal: Journal) -> None:
                self._versions = journal.decide(work)
                self._judgement = judgement_in(wanted)

            self._run(turn)


def stored_versions(store: Store) -> tuple[RulesVersion, ...]:
    """The newest versions, newest first."""
    kept = store.get_meta(VERSIONS)
    return () if kept is None else _DECODE(kept.encode())


def known_of(changed: Mapping[Code, int]) -> dict[str, int]:
    """Without what this release does not know, or no longer allows: that is as it ships."""
    return {
        str(name): value
        for name, value in changed.items()
        if name in RANGES and RANGES[name].least <= value <= RANGES[name].most
    }


def judgement_in(changed: Mapping[Code, int]) -> Judgement:
    """Judgement with what a version says, as far as this release knows it."""
    return judgement_with(known_of(changed))


def rebuild_rules(entries: Iterable[StoredEntry]) -> tuple[RulesVersion, ...]:
    """Apply the journal's facts again. Equals what the store has."""
    found: list[RulesVersion] = []
    for stored in entries:
        row = stored.row
        if row.kind == RULES_SET:
            entry = _ENTRY.decode(row.entry)
            found.append(RulesVersion(entry.at, entry.actor, entry.body.changed, row.seq))
    return tuple(reversed(found))[:VERSIONS_KEPT]
