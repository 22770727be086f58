"""Sites on test: which signals start no response, and what becomes of their incidents at the end.

In doubt a signal is live: one alarm too many for the installer, never one too few for the brigade.
Source: CONSOLE.md, section 12.
"""

from collections.abc import Collection, Iterable
from typing import Final, TypeAlias

import msgspec
from msgspec.structs import replace

from tocsin.model.catalogue import Catalogue, HazardClass
from tocsin.model.incidents import Incident, IncidentClosed, IncidentOpened, Presentation
from tocsin.model.on_test import (
    STAY_LIVE,
    TEST_BEGUN,
    TEST_ENDED,
    TEST_ENDING,
    TEST_EXTENDED,
    OnTestBegun,
    OnTestEnded,
    OnTestEnding,
    OnTestExtended,
    SiteTest,
)
from tocsin.model.signals import SignalBody
from tocsin.model.sites import zone_number
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.classify import Reading
from tocsin.rules.reasons import ACTIVE_AFTER_TEST, ACTIVE_BACK_IN_SERVICE

TestBody: TypeAlias = OnTestBegun | OnTestExtended | OnTestEnding | OnTestEnded
BODIES: Final[dict[Code, type[TestBody]]] = {
    TEST_BEGUN: OnTestBegun,
    TEST_EXTENDED: OnTestExtended,
    TEST_ENDING: OnTestEnding,
    TEST_ENDED: OnTestEnded,
}
"""The body of each kind of fact about a test."""


HELD: Final[frozenset[Presentation]] = frozenset({"on_test", "out_of_service"})
"""How incidents are shown that start no response and end with what holds them."""


class UnderTest(msgspec.Struct, frozen=True, gc=False):
    """The place of a signal is on test, or its zone out of service, by this one.

    Where `is_live`, the signal counts as ever.
    """

    test: Ref
    is_live: bool
    presentation: Presentation = "on_test"


def under_test(
    reading: Reading,
    signal: SignalBody,
    account_id: Ref | None,
    site_id: Ref | None,
    tests: Iterable[SiteTest],
    seq: Seq,
) -> UnderTest | None:
    """Judge a signal by the tests that it could fall under; None: its place is not on test.

    Of several, one that takes the signal out of service counts before one that leaves it live, since somebody named
    that class, then the one that ends last. The time that counts is when the signal was received.
    """
    found = [test for test in tests if covers(test, signal, account_id, site_id, reading, seq)]
    if not found:
        return None
    judged = [(not is_live(reading, test.begun.live), test.until, -test.seq, test) for test in found]
    is_off, _, _, test = max(judged, key=lambda one: one[:3])
    return UnderTest(test.id, not is_off)


def covers(
    test: SiteTest, signal: SignalBody, account_id: Ref | None, site_id: Ref | None, reading: Reading, seq: Seq
) -> bool:
    """The signal comes from where the test is, while it is.

    A message whose two accounts dispute each other comes from nowhere sure, and an unknown account is no place: both
    are never on test. Nor is what names no zone, where the test is of some zones.
    """
    if account_id is None or signal.disputed or signal.received_at >= test.until:
        return False
    if seq < test.seq or (test.ended_seq is not None and seq > test.ended_seq):
        return False
    scope = test.begun
    if scope.account_id is None:
        return site_id is not None and site_id == scope.site_id
    if account_id != scope.account_id:
        return False
    if scope.partition is not None:
        sent = signal.partition
        if sent is None or zone_number(sent) != scope.partition:
            return False
    return not scope.zones or reading.detector in scope.zones


def is_live(reading: Reading, live: Collection[HazardClass]) -> bool:
    """The signal counts as ever, though its place is on test or its zone out of service, since it is of these."""
    if reading.hazard in live:
        return True
    if reading.silent and "robbery_holdup" in live:
        return True
    # Its code is in no table, and it could be about life.
    return not reading.is_known_code and reading.priority == 1 and not STAY_LIVE.isdisjoint(live)


def apply_test(
    test: SiteTest | None, body: TestBody, *, seq: Seq, at: Micros, actor: Actor | None, id_: Ref
) -> SiteTest:
    """Return the test as it is after the fact; `test` is None for the fact that begins it, and never else."""
    if isinstance(body, OnTestBegun):
        assert test is None, "a test begins once"
        return SiteTest(
            id=id_,
            begun=body,
            begun_at=at,
            begun_by=actor,
            ended_at=None,
            ended_by=None,
            ended_seq=None,
            end_reason=None,
            extended=0,
            seq=seq,
            until=body.until,
        )
    assert test is not None, "only a test that began has further facts"
    if isinstance(body, OnTestExtended):
        return replace(test, extended=test.extended + 1, until=body.until, word_at=None)
    if isinstance(body, OnTestEnding):
        return replace(test, word_at=at)
    return replace(test, ended_at=at, ended_by=actor, ended_seq=seq, end_reason=body.reason)


def word_due_at(until: Micros, now: Micros, word_s: int) -> Micros | None:
    """When it is said that a test with this end is about to end; None: not at all.

    A test that ends sooner than that is told by whoever sets it, and with 0 seconds nobody is told.
    """
    due_at = Micros(until - word_s * 1_000_000)
    return due_at if word_s > 0 and due_at > now else None


def decide_end(
    incident: Incident, at: Micros, number: int, config: int, catalogue: Catalogue
) -> tuple[IncidentClosed, IncidentOpened | None]:
    """A test is over: its incident ends as a test, and what is still active opens as an incident like any other.

    Of a zone that is back in service it ends as a fault. The new one's age counts from there: nobody could have acted
    on it before, and figures leave both out.
    """
    is_out = incident.presentation == "out_of_service"
    closed = IncidentClosed(disposition="fault" if is_out else "test", exercise=incident.exercise, note=None)
    if incident.condition != "active" or not (incident.points or incident.points_full):
        return closed, None
    opened = IncidentOpened(
        account=incident.account,
        account_id=incident.account_id,
        catalogue=catalogue.version,
        code=incident.code,
        config=config,
        exercise=incident.exercise,
        hazard=incident.hazard,
        line=incident.line,
        number=number,
        opened_at=at,
        origin=incident.origin,
        points=incident.points,
        priority=incident.priority,
        reason=ACTIVE_BACK_IN_SERVICE if is_out else ACTIVE_AFTER_TEST,
        receiver=incident.receiver,
        signal=None,
        silent=incident.silent,
        site_id=incident.site_id,
        test=incident.test,
        type=incident.type,
        zone=incident.zone,
    )
    return closed, opened
