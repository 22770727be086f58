"""Putting places on test, putting the end off, and ending: by people, and by the clock, which says so before.

A test always has an end, and ends by itself. What was active then opens as an incident (`centre.on_test_core`).
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.held import HeldEnds
from tocsin.centre.on_test_core import id_of_test
from tocsin.centre.place_names import CONFIG
from tocsin.centre.reminders import Reminders
from tocsin.centre.timers import Timers, set_timer
from tocsin.model.catalogue import HazardClass
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.journal import Fact
from tocsin.model.on_test import (
    LENGTH_S_MAX,
    STAY_LIVE,
    SUPERVISED_S_MAX,
    TEST_BEGUN,
    TEST_ENDED,
    TEST_ENDING,
    TEST_ENDS,
    TEST_EXTENDED,
    TEST_WORD,
    TESTS_MAX,
    WORD_S,
    ZONES_A_TEST_MAX,
    AskedBy,
    OnTestBegun,
    OnTestEnded,
    OnTestEnding,
    OnTestExtended,
    SiteTest,
    TestEndReason,
    TestReason,
)
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.sites import zone_number
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.on_test import apply_test, word_due_at

SECOND: Final = 1_000_000
AGAIN_US: Final = 3600 * SECOND
"""Put on again so soon after the end, it could be forgotten: it is marked."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to put on test."""

    account_id: Ref | None
    asked_by: AskedBy
    company: Code | None
    live: tuple[HazardClass, ...]
    """Classes that stay live besides those of STAY_LIVE."""
    not_live: tuple[HazardClass, ...]
    """Of STAY_LIVE, those that do not, each by its name."""
    partition: Code | None
    reason: TestReason
    site_id: Ref | None
    until: Micros
    zones: tuple[Code, ...]


class SiteTests:
    """Commands about tests. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock
        self.on_timed: Callable[[], None] = lambda: None
        """Called when the end of a test was set or put off: whoever runs timers looks again."""
        self.word_s = WORD_S
        """So long before its end people are told of it; 0: they are not."""

    def begin_own(self, wanted: Wanted, actor: Actor, length_s_max: int) -> SiteTest:
        """Put one's own place on test, for so long at most. Fire, hold-up and medical stay live.

        Raises:
            Forbidden: it is for longer, or for what is to stay live.
            BadInput, Conflict: as `begin`.
        """
        if wanted.not_live:
            raise Forbidden(
                "Fire, hold-up and medical stay live in a test that one sets for oneself. Nothing was changed. Ask "
                "the centre, by telephone, where these are to be tested",
                "on_test.own_live",
            )
        if wanted.until - self._clock.now_us() > length_s_max * SECOND:
            raise Forbidden(
                f"A test that one sets for oneself takes {length_s_max // 3600} hours at most here. Nothing was "
                "changed. Name an earlier end, or ask the centre",
                "on_test.own_longer",
            )
        return self.begin(wanted, actor)

    def begin(self, wanted: Wanted, actor: Actor, *, is_supervisor: bool = False) -> SiteTest:
        """Put a place on test from now on.

        Raises:
            BadInput: no such place, or an end, zone or class that cannot be.
            Forbidden: it is for longer than a day, and a supervisor did not ask.
            Conflict: just that is on test already.
        """
        now = self._clock.now_us()
        _check_until(wanted.until, now, is_supervisor=is_supervisor)
        live = _live(wanted)
        zones = tuple(sorted({zone_number(zone) for zone in wanted.zones}, key=lambda one: (len(one), one)))
        partition = None if wanted.partition is None else zone_number(wanted.partition)
        if len(zones) > ZONES_A_TEST_MAX:
            raise BadInput(
                f"A test names at most {ZONES_A_TEST_MAX} zones, and this one names {len(zones)}. Nothing was changed. "
                "Put the whole account on test, or a partition of it",
                "on_test.zones",
            )
        site_id = self.place_of(wanted.account_id, wanted.site_id, has_part=bool(zones) or partition is not None)

        def work(transaction: StoreTransaction, appender: Appender) -> SiteTest:
            known = self._store.site_tests(ended_after=Micros(now - AGAIN_US))
            going_on = [one for one in known if one.ended_at is None]
            if len(going_on) >= TESTS_MAX:
                raise Conflict(
                    f"{TESTS_MAX} places are on test, and no more can be. Nothing was changed. End those that are over",
                    "on_test.full",
                )
            place = (wanted.account_id, wanted.account_id or site_id)
            same_place = [
                one for one in known if (one.begun.account_id, one.begun.account_id or one.begun.site_id) == place
            ]
            for one in same_place:
                if one.ended_at is None and (one.begun.partition, one.begun.zones) == (partition, zones):
                    raise Conflict(
                        "Just that is on test already. Nothing was changed. Put the end of that test off, or end it "
                        "first",
                        "on_test.same",
                    )
            body = OnTestBegun(
                account_id=wanted.account_id,
                again=any(one.ended_at is not None for one in same_place),
                asked_by=wanted.asked_by,
                company=wanted.company,
                config=int(transaction.get_meta(CONFIG) or 0),
                exercise=False,
                live=live,
                partition=partition,
                reason=wanted.reason,
                site_id=site_id,
                until=wanted.until,
                zones=zones,
            )
            seq = appender.append(Fact(kind=TEST_BEGUN, body=body, actor=actor))
            id_ = id_of_test(seq)
            test = apply_test(None, body, seq=seq, at=appender.at, actor=actor, id_=id_)
            transaction.put_site_test(test)
            set_timer(transaction, appender, TEST_ENDS, id_, wanted.until, Code("ends"), actor=actor)
            self._set_word(transaction, appender, test, Code("ends"), actor)
            return test

        test = self._run(lambda journal: journal.decide(work))
        self.on_timed()
        return test

    def extend(self, id_: Ref, until: Micros, actor: Actor, *, is_supervisor: bool = False) -> SiteTest:
        """Put the end of a test off: an act of its own, each time.

        Raises:
            BadInput: there is no such test, or the end cannot be.
            Forbidden: it would go on for longer than a day from now, and a supervisor did not ask.
            Conflict: it is over, or does not end before that.
        """
        now = self._clock.now_us()
        _check_until(until, now, is_supervisor=is_supervisor)

        def work(transaction: StoreTransaction, appender: Appender) -> SiteTest:
            test = self._going_on(id_, now)
            if until <= test.until:
                raise Conflict(
                    "The test does not end before that. Nothing was changed. Name a later end, or end it now",
                    "on_test.not_later",
                )
            body = OnTestExtended(exercise=test.begun.exercise, until=until)
            seq = appender.append(Fact(kind=TEST_EXTENDED, body=body, ref=id_, actor=actor))
            test = apply_test(test, body, seq=seq, at=appender.at, actor=actor, id_=id_)
            transaction.put_site_test(test)
            set_timer(transaction, appender, TEST_ENDS, id_, until, Code("extended"), actor=actor)
            self._set_word(transaction, appender, test, Code("extended"), actor)
            return test

        test = self._run(lambda journal: journal.decide(work))
        self.on_timed()
        return test

    def end(self, id_: Ref, actor: Actor) -> SiteTest:
        """End a test now. Of one that is over nothing changes.

        Raises:
            BadInput: there is no such test.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> SiteTest:
            test = self._one(id_)
            if test.ended_at is not None:
                return test
            test = _end(test, "by_hand", transaction, appender, actor)
            set_timer(transaction, appender, TEST_ENDS, id_, None, Code("by_hand"), actor=actor)
            self._drop_word(transaction, appender, id_, Code("by_hand"), actor)
            return test

        return self._run(lambda journal: journal.decide(work))

    def _set_word(
        self, transaction: StoreTransaction, appender: Appender, test: SiteTest, reason: Code, actor: Actor
    ) -> None:
        """Let people be told before the end that it has now; what stood there for another end goes."""
        due_at = word_due_at(test.until, appender.at, self.word_s)
        if due_at is None:
            self._drop_word(transaction, appender, test.id, reason, actor)
        else:
            set_timer(transaction, appender, TEST_WORD, test.id, due_at, reason, actor=actor)

    def _drop_word(
        self, transaction: StoreTransaction, appender: Appender, id_: Ref, reason: Code, actor: Actor
    ) -> None:
        if self._store.timer(TEST_WORD, id_) is not None:
            set_timer(transaction, appender, TEST_WORD, id_, None, reason, actor=actor)

    def _one(self, id_: Ref) -> SiteTest:
        test = self._store.site_test(id_)
        if test is None:
            raise BadInput(
                "There is no such test. Nothing was changed. Look at the sites on test again", "on_test.unknown"
            )
        return test

    def _going_on(self, id_: Ref, now: Micros) -> SiteTest:
        test = self._one(id_)
        if test.ended_at is not None or test.until <= now:
            raise Conflict(
                "This test is over. Nothing was changed. Put the place on test anew, where it is still needed",
                "on_test.over",
            )
        return test

    def place_of(self, account_id: Ref | None, site_id: Ref | None, *, has_part: bool = False) -> Ref | None:
        """Check that there is such a place; return its site.

        Raises:
            BadInput: there is none, or a part of none.
        """
        if account_id is not None:
            found = self._store.accounts([account_id])
            if not found:
                raise BadInput(
                    "There is no such account, or not any more. Nothing was changed. Look for it again",
                    "on_test.place",
                )
            return found[0].row.site_id
        if site_id is None or has_part:
            raise BadInput(
                "A test is of a site or of an account, and zones and partitions are of an account. Nothing was "
                "changed. Name the account",
                "on_test.scope",
            )
        if not self._store.sites([site_id]):
            raise BadInput(
                "There is no such site, or not any more. Nothing was changed. Look for it again", "on_test.place"
            )
        return site_id


def register_tests(timers: Timers, store: Store, reminders: Reminders | None = None) -> None:
    """Let tests end by these timers, whatever the clock is thought of: a test that goes on hides alarms."""
    ends = HeldEnds(store.site_test, lambda test, transaction, appender: _end(test, "due", transaction, appender, None))
    timers.register(TEST_ENDS, ends, is_prompt=True)
    timers.register(TEST_WORD, _Words(timers, store, reminders), is_prompt=True)


class _Words:
    """Tells screens and whoever began a test that it is about to end (`timers.Handler`). In the writer's turn."""

    def __init__(self, timers: Timers, store: Store, reminders: Reminders | None) -> None:
        self._timers = timers
        self._store = store
        self._reminders = reminders
        self._has_queued = False

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: its timer moves with the end, in one transaction."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is sealed of it; a transaction begins."""
        self._has_queued = False

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say so, unless it is over: after a stop that was longer, its end alone is told."""
        test = self._store.site_test(timer.ref)
        if test is not None and test.ended_at is None and test.until > appender.at:
            late_s = self._timers.late_s(timer, appender.at)
            body = OnTestEnding(exercise=test.begun.exercise, late_s=late_s, until=test.until)
            seq = appender.append(Fact(kind=TEST_ENDING, body=body, ref=test.id))
            transaction.put_site_test(apply_test(test, body, seq=seq, at=appender.at, actor=None, id_=test.id))
            if self._reminders is not None and test.begun_by is not None:
                self._has_queued |= self._reminders.queue(
                    transaction, appender, test.begun_by, seq, test.until, exercise=test.begun.exercise
                )
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: what was queued goes out."""
        if self._has_queued and self._reminders is not None:
            self._reminders.wake()


def _end(
    test: SiteTest, reason: TestEndReason, transaction: StoreTransaction, appender: Appender, actor: Actor | None
) -> SiteTest:
    body = OnTestEnded(exercise=test.begun.exercise, reason=reason)
    seq = appender.append(Fact(kind=TEST_ENDED, body=body, ref=test.id, actor=actor))
    test = apply_test(test, body, seq=seq, at=appender.at, actor=actor, id_=test.id)
    transaction.put_site_test(test)
    return test


def _check_until(until: Micros, now: Micros, *, is_supervisor: bool) -> None:
    length_s = (until - now) / SECOND
    if length_s <= 0 or length_s > SUPERVISED_S_MAX:
        raise BadInput(
            f"A test ends after now, and within {SUPERVISED_S_MAX // 86_400} days. Nothing was changed. Name such an "
            "end; what is not used for longer goes out of service",
            "on_test.until",
        )
    if length_s > LENGTH_S_MAX and not is_supervisor:
        raise Forbidden(
            f"A test of more than {LENGTH_S_MAX // 3600} hours is a supervisor's to set. Nothing was changed. Name an "
            "earlier end, or ask a supervisor",
            "on_test.longer",
        )


def _live(wanted: Wanted) -> tuple[HazardClass, ...]:
    strange = set(wanted.not_live) - STAY_LIVE
    both = set(wanted.not_live) & set(wanted.live)
    if strange or both:
        named = ", ".join(sorted(strange | both))
        raise BadInput(
            f"What is not to stay live is named one by one, of {', '.join(sorted(STAY_LIVE))}; this names {named}. "
            "Nothing was changed. Leave that out",
            "on_test.live",
        )
    return tuple(sorted((STAY_LIVE - set(wanted.not_live)) | set(wanted.live)))


__all__ = ["SiteTests", "Wanted", "register_tests"]
