"""Mutants: a server with one fault put into it before it starts, to see that the journeys find it out.

Python imports this module at the start of every process that has this folder on PYTHONPATH; the variable MUTANT names
the fault. It is the one place where patching our own code is the point.
"""

import os
from collections.abc import Callable
from typing import Any


def synchronous_normal() -> None:
    """Commits are not synced: what a power cut leaves is older than what was acknowledged."""
    import sqlalchemy as sa

    from tocsin.store import sqlite

    make = sqlite.make_engine

    def engine(*args: Any, **options: Any) -> sa.Engine:
        made = make(*args, **options)
        sa.event.listen(made, "connect", lambda one, _record: one.execute("PRAGMA synchronous=NORMAL"))
        return made

    sqlite.make_engine = engine


def reply_before_commit() -> None:
    """The acknowledgement leaves when the signal is queued."""
    from tocsin.intake.dc09 import receiver
    from tocsin.model.signals import Receipt
    from tocsin.model.values import SignalId

    queue = receiver.Receiver._queue

    def reply_and_queue(self: Any, sender: Any, verdict: Any, now: Any) -> None:
        sender.send(receiver.acknowledge(verdict, Receipt(SignalId("main-0"), None, None), now, b"pad"))
        queue(self, sender, verdict, now)

    receiver.Receiver._queue = reply_and_queue


def no_identity() -> None:
    """No repeat is recognised."""
    from tocsin.journal.identity import RepeatWindow

    RepeatWindow.digest = lambda self, material: os.urandom(16)


def window_extended() -> None:
    """Each repeat begins the window anew, so that a panel that repeats without end hides its next alarm."""
    import msgspec

    from tocsin.journal.identity import RepeatWindow

    find = RepeatWindow.find

    def find_and_extend(self: Any, digest: bytes, at: Any) -> Any:
        original = find(self, digest, at)
        if original is not None:
            self._originals[digest] = msgspec.structs.replace(original, until=at + 1_000_000)
        return original

    RepeatWindow.find = find_and_extend
    RepeatWindow.expire = lambda self, now: None


def window_forgotten_at_start() -> None:
    """After a restart every repeat is a signal anew."""
    from tocsin.journal.journal import Journal

    Journal._restore_window = lambda self, longest_window_us: None


def goes_on_after_a_failed_fsync() -> None:
    """The writer takes the next batch as if nothing had happened."""
    from tocsin.journal.journal import Journal

    Journal._disk_fault = property(lambda self: None, lambda self, fault: None)


def poisoned_rule() -> None:
    """A rule fails on code ZX."""
    _replace_classify(lambda: 1 // 0)


def deadly_rule() -> None:
    """A rule ends the process on code ZX, as a fault of a library in C would."""
    _replace_classify(lambda: os._exit(137))


def stuck_core() -> None:
    """The core can neither take an entry of code ZX nor set it aside."""
    from tocsin.centre.core import Core

    take = Core._take

    def take_or_fail(self: Any, row: Any, step: Any) -> None:
        if b'"ZX"' in row.entry:
            raise ZeroDivisionError
        take(self, row, step)

    Core._take = take_or_fail


def _replace_classify(fail: Callable[[], object]) -> None:
    from tocsin.centre import core_taking

    classify = core_taking.classify

    def classify_or_fail(signal: Any, place: Any, catalogue: Any) -> Any:
        if signal.code == "ZX":
            fail()
        return classify(signal, place, catalogue)

    core_taking.classify = classify_or_fail


def checkpoint_later() -> None:
    """What the core has passed is written with its next step, not with this one."""
    from tocsin.centre import core
    from tocsin.store.sqlite import SqliteTransaction

    put = SqliteTransaction.put_meta
    held: list[str] = []

    def put_the_one_before(self: Any, name: Any, value: str) -> None:
        if name == core.PASSED:
            held.append(value)
            value = held[max(0, len(held) - 2)]
        put(self, name, value)

    SqliteTransaction.put_meta = put_the_one_before


def timers_forgotten_at_start() -> None:
    """What an earlier process had set never fires."""
    from tocsin.centre.scheduler import Scheduler

    make, look = Scheduler.__init__, Scheduler._look

    def remember(self: Any, timers: Any, store: Any, run: Any, clock: Any) -> None:
        make(self, timers, store, run, clock)
        self.forgotten = {(timer.kind, timer.ref) for timer in store.timers()}

    def look_away(self: Any) -> None:
        look(self)
        self._deadlines = {key: one for key, one in self._deadlines.items() if key not in self.forgotten}

    Scheduler.__init__, Scheduler._look = remember, look_away


def notice_noted_before_it_is_sent() -> None:
    """A notice stands as taken by its provider as soon as it is leased."""
    from tocsin.centre.outbox import Outbox, Sent
    from tocsin.model.notices import Accepted

    take = Outbox.take

    def take_and_note(self: Any, *limit: int) -> Any:
        leased = take(self, *limit)
        if leased:
            self.sent([Sent(one, Accepted(None)) for one in leased])
        return leased

    Outbox.take = take_and_note


def notices_by_the_wall_clock() -> None:
    """What is to be sent waits until a clock that was set back has come to it."""
    from tocsin.centre.outbox import Outbox

    Outbox._now = lambda self: self._clock.now_us()


def commands_forgotten() -> None:
    """A command that comes again is carried out again."""
    from tocsin.store.sqlite import SqliteTransaction

    SqliteTransaction.get_command = lambda self, actor, id_: None


def tests_without_end() -> None:
    """Nobody looks when a test is over."""
    from tocsin.centre.scheduler import Scheduler

    look = Scheduler._look

    def without_tests(self: Any) -> None:
        look(self)
        self._deadlines = {key: one for key, one in self._deadlines.items() if key[0] != "on_test"}

    Scheduler._look = without_tests


def steps_taken_again() -> None:
    """The step that was taken last is taken once more."""
    from tocsin.centre import escalation

    next_step, left = escalation.next_step, [5]  # so often: a chain that never goes on would fill the memory

    def again(chain: Any, last: Any, *skips: Any) -> Any:
        if last is None or last.step != 1 or not left[0]:
            return next_step(chain, last, *skips)
        left[0] -= 1
        return last.step

    escalation.next_step = again


def chain_without_end() -> None:
    """After everybody was told once, nothing more is due."""
    from tocsin.centre import escalation

    next_due = escalation.next_due

    def ends(chain: Any, last: Any, since: Any, *skips: Any) -> Any:
        return None if last is not None and last.step >= 2 else next_due(chain, last, since, *skips)

    escalation.next_due = ends


def closed_with_steps_undone() -> None:
    """Nobody asks what of a plan is left."""
    from tocsin.rules import lifecycle

    lifecycle.refuse_undone = lambda incident, disposition, excused: None


def limits_of_steps_forgotten() -> None:
    """No step of a plan has a timer."""
    from tocsin.centre.action_plan_steps import Planning

    Planning._sync = lambda self, transaction, appender, before, incident: None


def shelves_without_end() -> None:
    """What is put aside stays aside."""
    from tocsin.centre.shelving import Shelving

    Shelving.followed = lambda self, transaction, appender, before, after, actor=None: None


def lives_put_aside_by_one() -> None:
    """Whoever wants puts aside what is about lives, for as long as they want."""
    from tocsin.rules import shelving

    shelving.is_about_lives = lambda incident: False


def news_stays_aside() -> None:
    """What comes of something shelved is joined to it, and nobody is shown it."""
    from tocsin.centre import core_commands, core_step
    from tocsin.rules import shelving

    core_step.ends_shelf = core_commands.ends_shelf = shelving.ends_shelf = lambda before, body: None


def handled_though_not_over() -> None:
    """A plan closes what has not returned."""
    from msgspec.structs import replace

    from tocsin.rules import action_plan_acts as acts

    out = acts._out
    acts._out = lambda incident, led: out(replace(incident, condition="returned"), led)
    leads_to = acts.leads_to
    acts.leads_to = lambda step, result: acts.HANDLED if step.kind == "wait" else leads_to(step, result)


def silence_by_thrice_the_limit() -> None:
    """A path may be silent for three times its limit."""
    from tocsin.centre.supervision import Watch

    own_limit = Watch.own_limit
    Watch.own_limit = lambda self, row: own_limit(self, row) * 3


def outages_are_the_panels_fault() -> None:
    """No deadline is moved while we take nothing in."""
    from tocsin.centre.supervision import Watch

    Watch.move = lambda self, seconds: None


def last_minute_forgotten() -> None:
    """After a kill, what was heard in the last minute was never heard."""
    from tocsin.centre import supervision

    supervision.one_poll_s = lambda limit: 0.0


def table_behind_its_facts() -> None:
    """A claim stands in the journal, and not in the table."""
    from tocsin.store.sqlite import SqliteTransaction

    put = SqliteTransaction.put_incidents

    def put_unclaimed(self: Any, incidents: Any) -> None:
        put(self, [one for one in incidents if one.claimed_by is None or one.state == "closed"])

    SqliteTransaction.put_incidents = put_unclaimed


def disk_fault_is_nobodys() -> None:
    """An fsync failed, and the process goes on, deaf."""
    from tocsin.app.disk_faults import DiskFaults

    DiskFaults.failed = lambda self, fault: None


def lease_outlives_its_commit() -> None:
    """What could not be leased for want of room is under way for ever."""
    from tocsin.centre.outbox import Outbox
    from tocsin.model.errors import CentreFault

    take = Outbox.take

    def take_and_keep(self: Any, *limit: int) -> Any:
        due = [row.notice for row in self._due(100, self._now())]
        try:
            return take(self, *limit)
        except CentreFault:
            self._under_way.update({one: {1} for one in due})
            self._wants.update(dict.fromkeys(due))
            raise

    Outbox.take = take_and_keep


def accepted_is_delivered() -> None:
    """What a provider has taken counts as received, so that nobody tries the next."""
    from tocsin.centre import outbox
    from tocsin.model.notices import Accepted

    decide = outbox.decide_sent

    def decide_delivered(notice: Any, number: int, outcome: Any, *more: Any) -> Any:
        if isinstance(outcome, Accepted):
            outcome = Accepted(outcome.provider_id, is_received=True)
        return decide(notice, number, outcome, *more)

    outbox.decide_sent = decide_delivered


def timers_by_the_wall_clock() -> None:
    """What tells people waits until a clock that was set back has come to its time."""
    from tocsin.centre.scheduler import Scheduler

    def ready(self: Any) -> Any:
        now = self._clock.now_us()
        return [one for one in self._deadlines.values() if one.timer.due_at <= now]

    Scheduler._ready = ready
    Scheduler._wait_s = lambda self: 1.0


def timers_by_the_monotonic_clock() -> None:
    """What fell due while the host was suspended waits for as long again."""
    from tocsin.centre.scheduler import Scheduler

    def ready(self: Any) -> Any:
        now_s = self._clock.monotonic_s()
        return [one for one in self._deadlines.values() if one.due_s <= now_s]

    Scheduler._shorten = lambda self: None
    Scheduler._ready = ready
    Scheduler._wait_s = lambda self: 1.0


def stalls_are_the_panels_fault() -> None:
    """Nobody notices that the process had no processor."""
    from tocsin.centre import supervision

    supervision.GAP_S = 1e9


def empty_desks_unseen() -> None:
    """Nobody looks who is at the desks."""
    from tocsin.centre.attendance import Attendance

    Attendance.look = lambda self, alive: None


def desks_by_the_wall_clock() -> None:
    """A clock that is set back makes whoever was there last be there for an hour more."""
    from tocsin.centre import attendance

    unattended = attendance.unattended
    newest: dict[Any, Any] = {}

    def unattended_by_the_wall(desks: Any, shifts: Any, alive_at: Any, *more: Any) -> Any:
        newest.update({id_: max(at, newest.get(id_, at)) for id_, at in alive_at.items()})
        return unattended(desks, shifts, newest, *more)

    attendance.unattended = unattended_by_the_wall


def claims_stay_with_who_has_gone() -> None:
    """A shift is handed over, and its incidents are not."""
    from tocsin.centre.shifts import Shifts

    Shifts._pass_claims = lambda self, shift, actor: True


def handed_over_to_two_desks() -> None:
    """What one desk hands on stays with the desk before it, too."""
    from tocsin.rules import queue_parts

    queue_parts._without = lambda part, taken: part


def later_ones_stay_behind() -> None:
    """What comes later than a part goes nowhere."""
    from tocsin.centre import queue_parts

    queue_parts.came_later = lambda parts, incidents, at_desk: []


def claims_stay_with_who_offered() -> None:
    """A part is accepted, and whoever offered it has its incidents still."""
    from tocsin.centre.queue_parts import QueueParts

    QueueParts._take_claims = lambda self, part, actor: None


def changed_chain_left_behind() -> None:
    """A chain is changed, and what goes on does not hear of it."""
    from tocsin.centre.escalation import Escalating

    def settle(self: Any, run: Any) -> None:
        from tocsin.centre.escalation import UNSETTLED

        run(lambda journal: journal.decide(lambda transaction, _appender: transaction.put_meta(UNSETTLED, "")))

    Escalating.settle = settle


def outages_end_notices() -> None:
    """A notice's time passes while nobody can look at it."""
    from tocsin.rules import delivery

    delivery._given_back = lambda notice, now: notice


def silence_is_the_end() -> None:
    """What one provider took is waited for, and the next is not asked."""
    from tocsin.rules import delivery

    delivery.next_way = lambda notice, last, dials_max: None


def delivered_is_the_end() -> None:
    """What some device has is called no more, whoever sleeps beside it."""
    from tocsin.rules import delivery

    wants_at = delivery.wants_at

    def wants(notice: Any, *under_way: Any) -> Any:
        return None if delivery.is_received(notice) else wants_at(notice, *under_way)

    delivery.wants_at = wants


def goes_on_for_a_reason(reason: str) -> Callable[[], None]:
    """What ends notices for this reason ends none."""

    def mutate_ends() -> None:
        from tocsin.centre import escalation, outbox, telling

        end = outbox.end_notices

        def end_but(transaction: Any, appender: Any, incident: Any, why: Any, *meant: Any) -> None:
            if why != reason:
                end(transaction, appender, incident, why, *meant)

        outbox.end_notices = escalation.end_notices = telling.end_notices = end_but

    mutate_ends.__name__ = f"notices_go_on_though_{reason}"
    return mutate_ends


def bundled_and_lost() -> None:
    """Who was told of another incident a moment before is not told of this one."""
    from tocsin.centre.escalation import Escalating

    whom = Escalating._whom

    def lose(self: Any, step: Any, plan: Any, incident: Any, *more: Any, **named: Any) -> Any:
        meant, told = whom(self, step, plan, incident, *more, **named), self._told | self._telling
        now_s = self._clock.monotonic_s()
        lost = [one for one in meant.planned if one in told and now_s - told[one].at_s < 3600]
        lost = [one for one in lost if told[one].incident != incident.id and step.tell != "webhook"]
        planned = {one: ways for one, ways in meant.planned.items() if one not in lost}
        return meant._replace(planned=planned, bundled=meant.bundled + len(lost))

    Escalating._whom = lose


def enough_by_heads() -> None:
    """Enough are coming as soon as there are as many as wanted, whatever they can do."""
    from tocsin.centre.outbox import Outbox

    def is_full(self: Any, notice: Any) -> bool:
        others = self._store.notices(1000, incident=notice.incident)
        coming = {one.recipient for one in others if one.answer == "coming"} - {notice.recipient}
        return notice.wanted is not None and len(coming) >= notice.wanted

    Outbox.is_full = is_full


def steps_that_send_nothing() -> None:
    """A step says how many it tells, and has no notice go out."""
    from tocsin.centre import escalation

    escalation.notify = lambda *_what, **_more: None


def nobody_sends() -> None:
    """What stands in the outbox stays there."""
    from tocsin.notify.sender import Sender

    async def take(self: Any) -> int:
        return 0

    Sender._take = take


def zones_out_of_service_raise() -> None:
    """A zone that is out of service opens incidents like any other."""
    from tocsin.centre.out_core import OutView

    OutView.judge = lambda self, *signal: None


def zones_out_hide_life() -> None:
    """A fire in a zone that is out of service starts no response."""
    from tocsin.rules import out_of_service

    out_of_service.is_live = lambda reading, live: False


def zones_out_without_end() -> None:
    """A zone that was taken out of service stays out for ever."""
    from tocsin.centre import zones_out

    zones_out.set_timer = lambda *_what, **_more: None


def zones_out_forgotten_at_start() -> None:
    """After a restart nobody knows what is out of service."""
    from tocsin.centre.out_core import OutView

    make = OutView.__init__

    def begin(self: Any, store: Any) -> None:
        make(self, store)
        self._held._by_place.clear()

    OutView.__init__ = begin


def late_openings_unseen() -> None:
    """Nobody waits for a place to open."""
    from tocsin.centre.schedules import SchedulesDue

    SchedulesDue._is_missed = lambda self, *what: False


def openings_unheard() -> None:
    """Whoever opens in time is told of as late."""
    from tocsin.centre.schedules import SchedulesDue

    SchedulesDue._is_missed = lambda self, *what: True


def codes_without_end() -> None:
    """An installer's code opens for ever."""
    from tocsin.centre.day_codes import DayCodes

    DayCodes.find = lambda self, typed: self._store.site_test_code(self._hash(typed))


_MUTANTS: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        synchronous_normal,
        reply_before_commit,
        no_identity,
        window_extended,
        window_forgotten_at_start,
        goes_on_after_a_failed_fsync,
        poisoned_rule,
        deadly_rule,
        stuck_core,
        checkpoint_later,
        timers_forgotten_at_start,
        notice_noted_before_it_is_sent,
        notices_by_the_wall_clock,
        commands_forgotten,
        tests_without_end,
        steps_taken_again,
        chain_without_end,
        closed_with_steps_undone,
        limits_of_steps_forgotten,
        shelves_without_end,
        lives_put_aside_by_one,
        news_stays_aside,
        handled_though_not_over,
        silence_by_thrice_the_limit,
        outages_are_the_panels_fault,
        last_minute_forgotten,
        table_behind_its_facts,
        disk_fault_is_nobodys,
        lease_outlives_its_commit,
        accepted_is_delivered,
        timers_by_the_wall_clock,
        timers_by_the_monotonic_clock,
        stalls_are_the_panels_fault,
        empty_desks_unseen,
        desks_by_the_wall_clock,
        claims_stay_with_who_has_gone,
        handed_over_to_two_desks,
        later_ones_stay_behind,
        claims_stay_with_who_offered,
        changed_chain_left_behind,
        outages_end_notices,
        silence_is_the_end,
        steps_that_send_nothing,
        nobody_sends,
        delivered_is_the_end,
        goes_on_for_a_reason("closed"),
        goes_on_for_a_reason("claimed"),
        goes_on_for_a_reason("replaced"),
        bundled_and_lost,
        enough_by_heads,
        zones_out_of_service_raise,
        zones_out_hide_life,
        zones_out_without_end,
        zones_out_forgotten_at_start,
        late_openings_unseen,
        openings_unheard,
        codes_without_end,
    )
}


def mutate(name: str) -> None:
    """Put this fault into the product."""
    _MUTANTS[name]()


if os.environ.get("MUTANT"):
    mutate(os.environ["MUTANT"])
