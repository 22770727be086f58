"""The board of sites on test: what arrived from each, what is still missing, and which tests somebody forgot.

Worked out of what the core noted of signals, when somebody asks. From any thread but the writer's.
"""

import threading
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import SignalOutcome, SignalRow
from tocsin.model.on_test import SiteTest
from tocsin.model.ports import Clock, Store
from tocsin.model.signals import SignalBody
from tocsin.model.sites import ZoneDetector, zone_number
from tocsin.model.values import AccountNumber, Code, Micros, Ref, Seq
from tocsin.rules import reasons
from tocsin.rules.classify import ALARM_KINDS, is_restored, shown_code

SECOND: Final = 1_000_000
QUIET_US: Final = 3600 * SECOND
LONG_US: Final = 8 * 3600 * SECOND
SIGNALS_MAX: Final = 5_000
"""So many signals of one account are looked at; the board says so where there were more."""

ACCOUNTS_MAX: Final = 200
"""So many accounts of one site."""

PAGE: Final = 200
OWN_FILED: Final = frozenset({reasons.FILED_TEST, reasons.FILED_BYPASS})
"""Filed signals that installers and site contacts see: their test messages, and what they bypass."""

Mark = Literal["again", "long", "quiet"]
"""Why a test may be forgotten: put on again within an hour of the end; for more than 8 h; without a signal for 1 h."""


class TestTally(msgspec.Struct, frozen=True, kw_only=True):
    """What arrived in a test."""

    __test__ = False

    is_cut: bool
    """There was more than is looked at."""
    last_at: Micros | None
    marks: tuple[Mark, ...]
    missing: tuple[Code, ...] | None
    """Zones of the test that nobody has tested yet; None where that cannot be said."""
    signals: int


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """One signal that came while its place was on test."""

    account: AccountNumber
    account_id: Ref
    at: Micros
    code: Code | None
    incident: Ref | None
    is_alarm: bool
    """Its detector said that there is something: that tests it."""
    is_understood: bool
    """Its code stands in a table."""
    outcome: SignalOutcome
    reason: Code
    seq: Seq
    zone: Code | None


class OnTestBoard:
    """Reads what arrived."""

    def __init__(self, store: Store, clock: Clock, catalogue: Catalogue) -> None:
        """Read from `store`."""
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._kept: dict[Ref, _Kept] = {}

    def tallies(self, tests: Sequence[SiteTest]) -> list[TestTally]:
        """What arrived in each of these, in their order. What was counted before is not counted again."""
        now = self._clock.now_us()
        with self._lock:
            self._kept = {test.id: self._kept.get(test.id) or _Kept() for test in tests}
            return [self._tally(test, self._kept[test.id], now) for test in tests]

    def tested(self, test: SiteTest) -> dict[Code, tuple[Micros, Code | None]]:
        """Zones of a test of which an alarm came, with the first one's time and code."""
        kept = _Kept()
        self._tally(test, kept, self._clock.now_us())
        return kept.zones

    def arrived(self, test: SiteTest, limit: int) -> list[Arrived]:
        """The newest signals of a test, newest first."""
        found = [
            self._arrived(row, body)
            for account_id in self._accounts(test)[0]
            for row, body in self._signals(test, account_id, test.seq, limit)
        ]
        return sorted(found, key=lambda one: one.seq, reverse=True)[:limit]

    def tried(self, test: SiteTest, limit: int) -> list[Arrived]:
        """The same without what is no test: whatever stayed live is an alarm, and nothing for who tests a panel.

        A silent call leaves no trace here: not its restoral either.
        """
        is_of_test: dict[Ref, bool] = {}
        found: list[Arrived] = []
        for one in self.arrived(test, limit):
            if one.incident is None:
                if one.reason in OWN_FILED:
                    found.append(one)
                continue
            if one.incident not in is_of_test:
                incident = self._store.incident(one.incident)
                is_of_test[one.incident] = (
                    incident is not None and incident.presentation == "on_test" and not incident.silent
                )
            if is_of_test[one.incident]:
                found.append(one)
        return found

    def zones(self, test: SiteTest) -> tuple[Code, ...] | None:
        """Zones that a test is of, by number; None where nobody entered any, or the test is of a site.

        Of a partition those that name it; zones without a partition are of none.
        """
        if test.begun.zones:
            return test.begun.zones
        if test.begun.account_id is None:
            return None
        found = [
            zone.row.number
            for zone in self._store.zones([test.begun.account_id])
            if test.begun.partition in (None, zone.row.partition)
        ]
        return tuple(sorted(found, key=_by_number)) or None

    def detectors(self, test: SiteTest) -> dict[Code, ZoneDetector]:
        """What hangs at the zones of the account that a test is of, where that was entered."""
        zones = [] if test.begun.account_id is None else self._store.zones([test.begun.account_id])
        return {zone.row.number: zone.row.detector for zone in zones if zone.row.detector is not None}

    def _tally(self, test: SiteTest, kept: "_Kept", now: Micros) -> TestTally:
        accounts, is_cut = self._accounts(test)
        for account_id in accounts:
            after = kept.reached.get(account_id, test.seq)
            for row, body in self._signals(test, account_id, after, SIGNALS_MAX):
                kept.signals += 1
                kept.last_at = max(kept.last_at or row.at, row.at)
                kept.reached[account_id] = max(kept.reached.get(account_id, Seq(0)), row.seq)
                if row.zone is not None and self._is_alarm(body):
                    kept.tested(zone_number(row.zone), row)
        zones = self.zones(test)
        return TestTally(
            is_cut=is_cut or kept.signals >= SIGNALS_MAX,
            last_at=kept.last_at,
            marks=marks_of(test, kept.last_at, now),
            missing=None if zones is None else tuple(zone for zone in zones if zone not in kept.zones),
            signals=kept.signals,
        )

    def _accounts(self, test: SiteTest) -> tuple[list[Ref], bool]:
        if test.begun.account_id is not None:
            return [test.begun.account_id], False
        found = self._store.account_page(None, ACCOUNTS_MAX + 1, site_id=test.begun.site_id)
        return [account.id for account in found[:ACCOUNTS_MAX]], len(found) > ACCOUNTS_MAX

    def _signals(
        self, test: SiteTest, account_id: Ref, after: Seq, most: int
    ) -> Iterator[tuple[SignalRow, SignalBody]]:
        """Signals of an account that fall under a test, newest first, down to a number of the journal."""
        before = None if test.ended_seq is None else test.ended_seq
        is_room: dict[Ref, bool] = {}
        seen = 0
        while seen < most:
            page = self._store.account_signals(account_id, before, min(PAGE, most))
            for row, stored in page:
                if row.seq <= after:
                    return
                body = _ENTRY.decode(stored.row.entry).body
                if _is_of(test, row, body) and not self._is_of_room(row.incident, is_room):
                    yield row, body
            seen += len(page)
            if len(page) < min(PAGE, most):
                return
            before = page[-1][0].seq

    def _is_of_room(self, id_: Ref | None, known: dict[Ref, bool]) -> bool:
        """A call of the control room itself is no part of any test, so that no list and no count of one tells of it."""
        if id_ is None:
            return False
        if id_ not in known:
            incident = self._store.incident(id_)
            known[id_] = incident is not None and incident.is_room
        return known[id_]

    def _arrived(self, row: SignalRow, body: SignalBody) -> Arrived:
        assert row.account_id is not None, "it was found by its account"
        known = row.code is not None and (row.format or "", row.code) in self._catalogue.codes
        return Arrived(
            account=row.account,
            account_id=row.account_id,
            at=row.at,
            code=None if row.code is None or row.format is None else shown_code(row.format, row.code, body.qualifier),
            incident=row.incident,
            is_alarm=self._is_alarm(body),
            is_understood=known,
            outcome=row.outcome,
            reason=row.reason,
            seq=row.seq,
            zone=None if row.zone is None else zone_number(row.zone),
        )

    def _is_alarm(self, body: SignalBody) -> bool:
        """A detector was tested when it said that there is something: neither its fault nor its restoral tests it."""
        rule = self._catalogue.codes.get((body.format or "", body.code or ""))
        return rule is not None and rule.kind in ALARM_KINDS and not is_restored(body, rule)


class _Kept:
    def __init__(self) -> None:
        self.reached: dict[Ref, Seq] = {}
        self.signals = 0
        self.last_at: Micros | None = None
        self.zones: dict[Code, tuple[Micros, Code | None]] = {}

    def tested(self, zone: Code, row: SignalRow) -> None:
        """An alarm of this zone came; the first one counts."""
        before = self.zones.get(zone)
        if before is None or row.at < before[0]:
            self.zones[zone] = (row.at, row.code)


class _Entry(msgspec.Struct, gc=False):
    body: SignalBody


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def marks_of(test: SiteTest, last_at: Micros | None, now: Micros) -> tuple[Mark, ...]:
    """Why this test may be forgotten; nothing of one that is over."""
    if test.ended_at is not None:
        return ()
    marks: list[Mark] = []
    if test.begun.again:
        marks.append("again")
    if now - test.begun_at > LONG_US:
        marks.append("long")
    if now - max(test.begun_at, last_at or test.begun_at) >= QUIET_US:
        marks.append("quiet")
    return tuple(marks)


def _is_of(test: SiteTest, row: SignalRow, body: SignalBody) -> bool:
    """As `rules.on_test.covers` judged it, but that what stayed live is shown too."""
    if body.disputed or row.at >= test.until:
        return False
    if test.begun.partition is not None and (
        body.partition is None or zone_number(body.partition) != test.begun.partition
    ):
        return False
    return not test.begun.zones or (row.zone is not None and zone_number(row.zone) in test.begun.zones)


def _by_number(zone: Code) -> tuple[int, str]:
    return len(zone), zone
