"""On test: places whose signals are stored and shown, and start no response, until a stated time. Nothing personal.

Fields stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq

TEST_BEGUN: Final = Code("test.begun")
TEST_EXTENDED: Final = Code("test.extended")
TEST_ENDING: Final = Code("test.ending")
TEST_ENDED: Final = Code("test.ended")
TEST_KINDS: Final = frozenset({TEST_BEGUN, TEST_EXTENDED, TEST_ENDING, TEST_ENDED})
CODE_GIVEN: Final = Code("test.code_given")
CODE_ENDED: Final = Code("test.code_ended")
CODE_KINDS: Final = frozenset({CODE_GIVEN, CODE_ENDED})
TEST_ENDS: Final = Code("on_test")
"""Kind of the timer that ends a test."""

TEST_WORD: Final = Code("on_test_word")
"""Kind of the timer that says before that a test is about to end."""

WORD_S: Final = 600
"""So long before its end, unless the settings say otherwise."""

STAY_LIVE: Final[frozenset[HazardClass]] = frozenset({"fire", "robbery_holdup", "medical"})
"""They stay live unless somebody names them one by one (CONSOLE.md, section 12)."""

TestReason = Literal["building_works", "drill", "fault_finding", "installation", "maintenance", "walk_test"]
TEST_REASONS: Final[tuple[TestReason, ...]] = (
    "building_works",
    "drill",
    "fault_finding",
    "installation",
    "maintenance",
    "walk_test",
)
"""Why a place is on test. Coded, since a reason in words could name somebody."""

AskedBy = Literal["installer", "keyholder", "site_contact", "staff"]
ASKED_BY: Final[tuple[AskedBy, ...]] = ("installer", "keyholder", "site_contact", "staff")
"""In which role somebody asked for it. Who that was is on nobody's record."""

TestEndReason = Literal["due", "by_hand"]
COMPANY_MAX: Final = 20
ZONES_A_TEST_MAX: Final = 200
DEFAULT_S: Final = 2 * 3600
LENGTH_S_MAX: Final = 24 * 3600
"""Longer needs a supervisor."""

SUPERVISED_S_MAX: Final = 7 * 24 * 3600
"""Longer than a week is nobody's test: the zone is out of service, or the account is not used."""

TESTS_MAX: Final = 5_000
"""So many may be on test at once."""


class OnTestBegun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `test.begun`, version 1: a place is on test. `ref` is None: the test is named `test-` and this seq."""

    account_id: Ref | None
    """None: all accounts of the site."""
    again: bool
    """A test of the same site or account ended less than an hour before."""
    asked_by: AskedBy
    company: Code | None
    """Number or short name by which the centre knows the firm; never a person's name."""
    config: int
    exercise: bool
    live: tuple[HazardClass, ...]
    """Classes whose signals are incidents as ever, rising."""
    partition: Code | None
    """Of the account, without leading zeros; None: all."""
    reason: TestReason
    site_id: Ref | None
    """Of the account, when it began; None where it has none."""
    until: Micros
    zones: tuple[Code, ...]
    """Of the account, without leading zeros; empty: all."""


class OnTestExtended(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `test.extended`, version 1: it ends later. `ref` is the test."""

    exercise: bool
    until: Micros


class OnTestEnding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `test.ending`, version 1: it is about to end by itself, and people are told. `ref` is the test."""

    exercise: bool
    late_s: int
    """How late that is told; 0 where it is in time."""
    until: Micros


class OnTestEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `test.ended`, version 1: the place is not on test any more. What is still active opens with it."""

    exercise: bool
    reason: TestEndReason


class SiteTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test, going on or over: a row of the projection of the three kinds."""

    id: Ref
    begun: OnTestBegun
    begun_at: Micros
    begun_by: Actor | None
    ended_at: Micros | None
    ended_by: Actor | None
    """None where it ended by itself."""
    ended_seq: Seq | None
    end_reason: TestEndReason | None
    extended: int
    """How often somebody put its end off."""
    seq: Seq
    """Of the fact that began it."""
    until: Micros
    word_at: Micros | None = None
    """When it was said that it is about to end; None: not yet, or its end was put off since, or nobody is told."""


class OnTestCodeGiven(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `test.code_given`, version 1: whoever has the code puts this one place on test, until it ends.

    `ref` is None: the code is named `testcode-` and this seq, and that is the actor of what is done with it.
    """

    account_id: Ref | None
    """None: the site."""
    code: HexHash
    """Keyed hash of it."""
    company: Code | None
    config: int
    exercise: bool
    site_id: Ref | None
    until: Micros


class OnTestCodeEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `test.code_ended`, version 1: before its time. `ref` is the code."""

    exercise: bool


class SiteTestCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code for one place and one day: a row of the projection of the two kinds."""

    id: Ref
    given: OnTestCodeGiven
    given_at: Micros
    given_by: Actor | None
    is_ended: bool
    """By hand, before its time."""
    seq: Seq
