"""What the core makes of sites on test: which test a signal falls under, and what becomes of a test's incidents.

In the core's steps alone, and in a rebuild. Whether a test counts for a signal follows from their numbers in the
journal and from the test's end, so nothing here is undone when a step is: the facts are durable before it is told.
"""

from collections.abc import Iterable
from typing import Final, Protocol

import msgspec

from tocsin.centre.held import HeldRebuild, HeldView, undecided_since
from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import Incident, IncidentClosed, IncidentOpened
from tocsin.model.journal import EntryRow
from tocsin.model.on_test import CODE_GIVEN, OnTestCodeGiven, SiteTest, SiteTestCode
from tocsin.model.ports import Store
from tocsin.model.signals import SignalBody
from tocsin.model.values import Actor, Ref, Seq
from tocsin.rules.classify import Reading
from tocsin.rules.on_test import BODIES, HELD, UnderTest, apply_test, decide_end, under_test


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_GIVEN: Final = msgspec.json.Decoder(OnTestCodeGiven)


def id_of_test(seq: Seq) -> Ref:
    """The name of the test that the fact of this number began."""
    return Ref(f"test-{seq}")


def id_of_code(seq: Seq) -> Ref:
    """The name of the code that the fact of this number gave."""
    return Ref(f"testcode-{seq}")


def on_test_rebuild() -> HeldRebuild[SiteTest]:
    """The tests from their facts alone."""
    return HeldRebuild(BODIES, apply_test, id_of_test)


class CodeRebuild:
    """The one-day codes from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.codes: dict[Ref, SiteTestCode] = {}

    def take(self, row: EntryRow) -> None:
        """Apply a fact about a code."""
        entry = _ENTRY.decode(row.entry)
        if row.kind == CODE_GIVEN:
            body = _GIVEN.decode(entry.body)
            id_ = id_of_code(row.seq)
            self.codes[id_] = SiteTestCode(
                id=id_, given=body, given_at=row.at, given_by=entry.actor, is_ended=False, seq=row.seq
            )
        elif entry.ref is not None:
            self.codes[entry.ref] = msgspec.structs.replace(self.codes[entry.ref], is_ended=True)


class OnTestView:
    """The tests that the core still needs, by account and by site. In the writer's thread."""

    def __init__(self, store: Store) -> None:
        """Begin with those that go on, and with those that ended after what the core has taken."""
        self._facts = on_test_rebuild()
        self._held = HeldView(store.site_tests(ended_after=undecided_since(store)), self._facts.found, _place_of)

    def fed(self, row: EntryRow) -> None:
        """A fact about a test is durable."""
        self._held.put(self._facts.take(row))

    def passed(self, seq: Seq) -> None:
        """All up to this one is decided on: tests that ended before are needed no more."""
        self._held.passed(seq)

    def judge(
        self, reading: Reading, signal: SignalBody, account_id: Ref | None, site_id: Ref | None, seq: Seq
    ) -> UnderTest | None:
        """Under which test a signal falls; None: its place is not on test."""
        if not self._held:
            return None
        return under_test(reading, signal, account_id, site_id, self._held.of(account_id, site_id), seq)


class Ending(Protocol):
    """What the core does with what is decided here."""

    def opened(self, body: IncidentOpened) -> Ref:
        """Append the fact; return the incident's id."""
        ...

    def closed(self, incident: Ref, body: IncidentClosed) -> None:
        """Append the fact."""
        ...

    def number(self) -> int:
        """The next number to be shown."""
        ...


def take_ended(row: EntryRow, incidents: Iterable[Incident], config: int, catalogue: Catalogue, ending: Ending) -> None:
    """A test is over, or zones are back in service: their incidents end, and what is still active opens."""
    held = _ENTRY.decode(row.entry).ref
    of_test = [one for one in incidents if one.test == held and one.presentation in HELD]
    for incident in sorted(of_test, key=lambda one: one.number):
        closed, opened = decide_end(incident, row.at, ending.number(), config, catalogue)
        ending.closed(incident.id, closed)
        if opened is not None:
            ending.opened(opened)


def _place_of(test: SiteTest) -> Ref:
    place = test.begun.account_id or test.begun.site_id
    assert place is not None, "a test is of an account or of a site"
    return place
