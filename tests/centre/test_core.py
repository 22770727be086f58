"""What becomes of stored signals: each ends in one place, whatever fails, and a rebuild finds the same."""

import functools
import json

import pytest

from support.cores import CoreAtWork, PlacesOf
from support.fakes import SECOND, ManualClock
from tocsin.centre import core as core_module
from tocsin.centre.core import Core
from tocsin.centre.step_guard import StepEndless, StepGuard
from tocsin.model.accounts import AccountRow
from tocsin.model.commands import AddNote, Claim, Close, Release, Reopen
from tocsin.model.errors import BadInput, CentreFault, Conflict, DiskFault
from tocsin.model.journal import CentreNoticed, CentreStarted, Fact
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

SITE = PlacesOf({"account-1": "site-1", "account-2": "site-1", "account-3": "site-2"})


@pytest.fixture
def centre():
    made = CoreAtWork(places=SITE)
    yield made
    assert made.findings() == []


def kinds(store):
    return [stored.row.kind for stored in store.entries(0, 10_000)]


# Where signals end --------------------------------------------------------------------------------------------------


def test_alarm_opens_an_incident_that_names_its_signal_as_cause(centre):
    row = centre.signal("BA", account_ref="account-1")
    (incident,) = centre.open()
    assert (incident.id, incident.number, incident.type, incident.priority) == ("incident-2", 1, "INT-BURGLARY", 2)
    assert (row.outcome, row.incident, row.seq) == ("opened", "incident-2", 1)
    entry = json.loads(centre.store.entries(1, 1)[0].row.entry)
    assert (entry["kind"], entry["ref"], entry["cause"], entry["actor"]) == ("incident.opened", None, 1, None)


def test_signal_is_decided_on_in_a_later_commit_than_the_one_that_stored_it(centre):
    centre.receive()
    assert (kinds(centre.store), centre.open()) == (["signal"], [])
    centre.receive("RP")
    assert kinds(centre.store) == ["signal", "signal", "incident.opened"]


def test_second_detector_at_the_site_joins_and_is_told_once(centre):
    centre.signal("FA", account_ref="account-1")
    row = centre.signal("FA", account="77", account_ref="account-2", address="09")
    (incident,) = centre.open()
    assert (row.outcome, row.incident, incident.signals, incident.confirmed) == ("joined", incident.id, 2, True)
    assert [committed.incidents[0].signals for committed in centre.committed] == [1, 2]


def test_signals_that_open_nothing_are_filed_in_one_fact_a_step(centre):
    for _ in range(3):
        centre.receive("RP", account_ref="account-1")
    centre.run()
    assert [row.outcome for row in centre.rows()] == ["filed"] * 3
    assert centre.open() == []
    # The first was decided on with the second's commit, and so on: a step takes what is durable before it.
    assert kinds(centre.store).count("signals.filed") == 3
    assert centre.committed == []


def test_events_of_one_frame_each_end_somewhere(centre):
    centre.receive("BA", events=3, account_ref="account-1")
    centre.run()
    assert [(row.seq, row.outcome) for row in centre.rows()] == [(1, "opened"), (2, "joined"), (3, "joined")]


def test_alarm_of_an_unknown_account_keeps_its_type_and_moves_when_the_number_is_set_up(centre):
    centre.signal("FA", account="4711")
    (incident,) = centre.open()
    assert (incident.type, incident.priority, incident.account_id) == ("FIRE-ALARM", 1, None)
    row = AccountRow(account="4711", config=4, site_id="site-9")
    (seq,) = centre.journal.record([Fact(kind="account.set", body=row)])
    centre.run()
    (incident,) = centre.open()
    assert (incident.account_id, incident.site_id) == (f"account-{seq}", "site-9")
    assert [committed.config for committed in centre.committed] == [None, 4, None]


def test_what_the_centre_notices_of_itself_is_an_incident_until_it_is_over(centre):
    def notice(name):
        body = CentreNoticed(account=None, count=1, notice=name, reason=None)
        centre.journal.record([Fact(kind="centre.noticed", body=body)])
        centre.run()

    for name in ("disk_full", "disk_full", "disk_room"):
        notice(name)
    (incident,) = centre.open()
    assert (incident.type, incident.priority, incident.signals) == ("TECH-CENTRE", 1, 0)
    assert incident.condition == "returned"
    notice("disk_full")
    assert [found.condition for found in centre.open()] == ["active"]


# Steps --------------------------------------------------------------------------------------------------------------


class Slow(ManualClock):
    """Every look at the clock takes a millisecond."""

    def monotonic_s(self):
        self.since_s += 0.001
        return self.since_s


def test_step_ends_after_a_few_milliseconds_and_goes_on_in_the_next():
    centre = CoreAtWork(clock=Slow())
    centre.receive("BA", events=20)
    centre.journal.store(())
    decided = len(centre.rows())
    assert 1 <= decided <= 5
    centre.journal.store(())
    assert decided < len(centre.rows()) <= 2 * decided
    assert len(centre.run().rows()) == 20
    assert centre.findings() == []


def test_core_reads_back_from_the_store_what_memory_had_no_room_for(monkeypatch):
    monkeypatch.setattr(core_module, "FED_MAX", 3)  # a limit, lowered so that a test can reach it
    monkeypatch.setattr(core_module, "READ_ENTRIES", 4)
    monkeypatch.setattr(core_module, "STEP_ENTRIES_MAX", 2)
    centre = CoreAtWork()
    centre.receive("BA", events=30, account="1")
    centre.receive("RP", events=30, account="2")
    centre.run()
    assert [row.seq for row in centre.rows()] == [
        stored.row.seq for stored in centre.store.entries(0, 1000) if stored.row.kind == "signal"
    ]
    assert centre.findings() == []


@pytest.mark.parametrize("kind", ["sqlite", "memory"])
def test_restart_goes_on_where_the_last_commit_ended(tmp_path, kind):
    store = SqliteStore(tmp_path / "tocsin.db") if kind == "sqlite" else MemoryStore()
    centre = CoreAtWork(store, places=SITE)
    centre.signal("FA", account_ref="account-1")
    centre.receive("FA", account_ref="account-1", address="02")
    centre.receive("BA", account_ref="account-3")
    again = centre.again(places=SITE).run()
    assert [row.outcome for row in again.rows()] == ["opened", "joined", "opened"]
    assert [incident.number for incident in again.open()] == [1, 2]
    assert again.findings() == []
    store.close()


def test_start_without_anything_to_decide_on_commits_nothing():
    centre = CoreAtWork()
    centre.journal.record([Fact(kind="centre.started", body=CentreStarted(epoch=1, version="0"))])
    assert not centre.again().journal.is_core_behind


def test_failed_commit_leaves_no_trace_in_memory(centre):
    centre.signal("FA", account_ref="account-1")
    centre.receive("FA", account_ref="account-1", address="02")
    centre.store.fail_next = CentreFault("refused", "store.refused")
    with pytest.raises(CentreFault):
        centre.journal.store(())
    assert centre.core.open_incidents()[1][0].signals == 1
    centre.run()
    assert centre.open() == centre.core.open_incidents()[1]
    assert centre.open()[0].signals == 2


def test_broken_disk_in_a_step_is_the_disks_fault_and_not_a_rules():
    class Broken(MemoryStore):
        pass

    centre = CoreAtWork(Broken())
    centre.receive()
    centre.store.fail_next = DiskFault("fsync", "store.disk")
    with pytest.raises(DiskFault):
        centre.journal.store(())
    assert centre.rows() == []


# Poison -------------------------------------------------------------------------------------------------------------


class Poisoned(Core):
    """A core with a rule that fails on code ZX."""

    def _decide(self, row, step):
        super()._decide(row, step)
        if b'"code":"ZX"' in row.entry:
            raise ZeroDivisionError


def test_signal_that_a_rule_fails_on_is_set_aside_as_an_incident_and_the_others_go_on():
    centre = CoreAtWork(core=Poisoned, places=SITE)
    for code in ("FA", "ZX", "BA"):
        centre.receive(code, account_ref="account-1")
    centre.run()
    assert [(row.code, row.outcome) for row in centre.rows()] == [
        ("FA", "opened"), ("ZX", "quarantined"), ("BA", "opened"),
    ]  # fmt: skip
    assert [(i.type, i.priority, i.reason) for i in centre.open()] == [
        ("FIRE-ALARM", 1, "by_code"), ("TECH-UNCLASSIFIED", 1, "quarantined"), ("INT-BURGLARY", 2, "by_code"),
    ]  # fmt: skip
    assert centre.findings() == []
    quarantined = next(
        json.loads(stored.row.entry)
        for stored in centre.store.entries(0, 99)
        if stored.row.kind == "signal.quarantined"
    )
    assert quarantined["body"] == {"error": "ZeroDivisionError", "exercise": False, "signal": "main-2"}


class Endless(Core):
    """A core with a rule that never ends on code ZX."""

    def _decide(self, row, step):
        super()._decide(row, step)
        while b'"code":"ZX"' in row.entry:
            pass


def test_rule_that_never_ends_is_ended_and_its_signal_set_aside_while_intake_goes_on():
    guard = StepGuard(limit_s=0.2)
    guard.start()
    centre = CoreAtWork(core=functools.partial(Endless, guard=guard), places=SITE)
    for code in ("FA", "ZX"):
        centre.receive(code, account_ref="account-1")
    # Each of these is stored and acknowledged in the very transaction whose step never ends, or after it.
    late = [centre.receive("BA", account_ref="account-1") for _ in range(4)]
    assert [one.seq for one in late] == sorted(one.seq for one in late if one.seq)
    centre.run(steps_max=20)
    guard.stop()
    assert [(row.code, row.outcome, row.reason) for row in centre.rows()][:3] == [
        ("FA", "opened", "by_code"), ("ZX", "quarantined", "StepEndless"), ("BA", "opened", "by_code"),
    ]  # fmt: skip
    assert [one.type for one in centre.open()][:3] == ["FIRE-ALARM", "TECH-UNCLASSIFIED", "INT-BURGLARY"]
    assert {row.outcome for row in centre.rows()[3:]} == {"joined"}
    assert not centre.core.is_stalled
    assert centre.findings() == []


def test_step_is_never_ended_outside_of_it_however_near_its_end_the_bound_is():
    """What is raised from outside arrives within the step or not at all: a commit is never broken by it."""
    guard = StepGuard(limit_s=0.0)
    guard.start()
    raised = 0
    for _ in range(60):
        try:
            guard.begin()
            try:
                for _ in range(200_000):
                    pass
            finally:
                guard.end()
        except StepEndless:
            raised += 1
        sorted(range(1_000))  # whatever the writer does next
    guard.stop()
    assert raised > 0


def test_poison_among_hundreds_is_found_and_costs_none_of_them():
    centre = CoreAtWork(core=Poisoned)
    for number in range(300):
        centre.receive("ZX" if number in (13, 14, 250) else "RP", account=str(number))
    centre.run()
    assert [row.account for row in centre.rows() if row.outcome == "quarantined"] == ["13", "14", "250"]
    assert len(centre.rows()) == 300


class Stuck(Core):
    """A core that cannot even set an entry aside."""

    def _take(self, row, step):
        raise ZeroDivisionError


def test_core_that_cannot_go_on_says_so_and_intake_does():
    centre = CoreAtWork(core=Stuck)
    centre.receive()
    centre.run()
    assert (centre.core.is_stalled, centre.journal.is_core_behind) == (True, False)
    centre.receive()
    assert kinds(centre.store) == ["signal", "signal"]


class Deadly(Core):
    """A core whose process dies of code ZX."""

    def _decide(self, row, step):
        if b'"code":"ZX"' in row.entry:
            raise KeyboardInterrupt
        super()._decide(row, step)


def test_signal_that_kills_the_process_is_set_aside_unseen_after_its_third_death():
    centre = CoreAtWork(is_deciding=False)
    for code in ("RP", "ZX", "FA"):
        centre.receive(code)
    deaths = 0
    centre = centre.again(core=Deadly)
    while True:
        try:
            centre.run()
            break
        except KeyboardInterrupt:
            deaths += 1
            centre = centre.again(core=Deadly)
    assert deaths <= 3
    assert [(row.code, row.outcome, row.reason) for row in centre.rows()][1] == ("ZX", "quarantined", "death")
    assert [row.outcome for row in centre.rows()] == ["filed", "quarantined", "opened"]
    assert centre.findings() == []


# Commands -----------------------------------------------------------------------------------------------------------


def test_incident_is_claimed_noted_closed_and_taken_up_again(centre):
    centre.signal("BA", account_ref="account-1")
    for act in (Claim(), AddNote("incident-text-1"), Close("unwanted"), Reopen("closed_by_mistake"), Release()):
        incident, seq = centre.handle("incident-2", act)
        assert incident.version == seq
    assert kinds(centre.store)[1:] == [
        "incident.opened", "incident.claimed", "incident.noted", "incident.closed", "incident.reopened",
        "incident.released",
    ]  # fmt: skip
    assert [committed.personal for committed in centre.committed] == [(), (), ("incident-2",), (), (), ()]
    assert (centre.open()[0].state, centre.open()[0].claimed_by) == ("open", None)


def test_same_command_again_gets_the_same_answer_and_makes_no_second_fact(centre):
    centre.signal()
    first = centre.handle("incident-2", Claim(), version=2, id_="same")
    centre.handle("incident-2", AddNote("incident-text-1"), version=None)
    assert centre.handle("incident-2", Claim(), version=2, id_="same") == first
    assert kinds(centre.store).count("incident.claimed") == 1
    with pytest.raises(Conflict, match=r"command\.reused"):
        centre.handle("incident-2", Claim(take_over=True), version=2, id_="same")
    incident, _ = centre.handle("incident-2", Claim(take_over=True), actor="user-2", id_="same")
    assert incident.claimed_by == "user-2"


def test_answers_are_kept_thirty_days(centre):
    centre.signal()
    centre.handle("incident-2", Claim(), version=2, id_="same")
    centre.clock.advance(31 * 86_400)
    centre.handle("incident-2", AddNote("incident-text-1"), version=None)
    centre.handle("incident-2", AddNote("incident-text-2"), version=None, id_="same")
    assert kinds(centre.store).count("incident.noted") == 2


def test_closed_incident_takes_no_signal_and_the_next_alarm_opens_another(centre):
    centre.signal("BA", account_ref="account-1")
    centre.handle("incident-2", Claim())
    closed, _ = centre.handle("incident-2", Close("unwanted"))
    centre.clock.advance(1)
    centre.signal("BA", account_ref="account-1")
    assert centre.store.incident("incident-2") == closed
    assert [incident.number for incident in centre.open()] == [2]


def test_command_on_what_is_not_there_is_refused(centre):
    with pytest.raises(BadInput, match=r"There is no incident incident-9\. Nothing was changed.*incident\.unknown"):
        centre.handle("incident-9", Claim(), version=1)


def test_older_version_is_refused_and_nothing_is_written(centre):
    centre.signal("BA", account_ref="account-1")
    centre.handle("incident-2", Claim())
    centre.handle("incident-2", Claim(take_over=True), actor="user-2")
    with pytest.raises(Conflict):
        centre.handle("incident-2", Close("real"), version=3)
    assert centre.open()[0].claimed_by == "user-2"


def test_age_of_what_waits_is_told_until_it_is_decided_on(centre):
    centre.receive("RP")
    assert centre.core.oldest_waiting_s == 0
    centre.clock.advance(12)
    assert centre.core.oldest_waiting_s == 12
    centre.receive("RP")
    assert (centre.core.oldest_waiting_s, centre.core.waiting_entries) == (0, 1)
    centre.clock.advance(1)
    centre.run()
    assert (centre.core.oldest_waiting_s, centre.core.waiting_entries) == (0, 0)


def test_last_signal_is_known_without_asking_the_store(centre):
    centre.clock.advance(5)
    centre.signal("RP")
    assert centre.core.last_signal_at == centre.clock.now_us()
    assert centre.again().core.last_signal_at == centre.clock.now_us(), "nor does a restart forget it"
    assert centre.clock.now_us() % SECOND == 0
