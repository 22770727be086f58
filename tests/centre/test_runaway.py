"""A detector that goes on and on is a fault of its account: opened once, over when quiet, and nothing is hidden."""

import pytest

from support.centres import held, make_folder
from support.cores import CoreAtWork, PlacesOf, rebuild_findings
from support.escalations import Room
from support.fakes import ManualClock, arrival
from tocsin.centre.dry_run import dry_run
from tocsin.centre.runaways import CALM
from tocsin.model.commands import Claim, Close
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.judgement import JUDGEMENT
from tocsin.system import SystemClock

SITE = PlacesOf({"account-1": "site-1"})
MANY = JUDGEMENT.chatter.runaway_alarms


def repeat(centre, times, code="BA", address="5", account_ref="account-1", every_s=1):
    for _ in range(times):
        centre.clock.advance(every_s)
        centre.receive(code, account_ref=account_ref, address=address)
    return centre.run()


def close(centre, incident):
    centre.handle(incident.id, Claim())
    centre.handle(incident.id, Close(disposition="fault"))


def runaways(centre):
    return [one for one in centre.open() if one.type == "TECH-RUNAWAY"]


def test_it_opens_with_the_alarm_that_is_too_many_and_once():
    centre = CoreAtWork(places=SITE)
    assert runaways(repeat(centre, MANY - 1)) == []
    (opened,) = runaways(repeat(centre, 1))
    assert (opened.account_id, opened.site_id, opened.zone, opened.priority) == ("account-1", "site-1", "5", 3)
    assert (opened.reason, opened.condition) == ("runaway", "active")
    repeat(centre, 3 * MANY)
    assert runaways(centre) == [opened]
    assert centre.findings() == []


def test_slower_than_the_window_it_is_no_runaway():
    centre = CoreAtWork(places=SITE)
    repeat(centre, 2 * MANY, every_s=JUDGEMENT.chatter.runaway_s // MANY + 2)
    assert runaways(centre) == []
    assert centre.open()[0].chatter_since is not None


def test_second_detector_of_the_account_joins_it_and_what_is_about_lives_is_shown_as_ever():
    centre = CoreAtWork(places=SITE)
    repeat(centre, MANY)
    (first,) = runaways(centre)
    repeat(centre, MANY, "FA", "7")
    repeat(centre, 1, "FA", "8")
    (both,) = runaways(centre)
    assert [(one.code, one.zone) for one in both.points] == [("BA", "5"), ("FA", "7")]
    assert both.alarmed > first.alarmed
    (fire,) = [one for one in centre.open() if one.hazard == "fire"]
    assert (fire.priority, fire.presentation, fire.confirmed) == (1, "shown", True)
    assert {one.zone for one in fire.points} == {"7", "8"}
    assert centre.findings() == []


@pytest.mark.parametrize("code", ["HA", "PA"])
def test_nothing_of_a_hold_up_opens_a_second_row(code):
    centre = CoreAtWork(places=SITE)
    repeat(centre, 3 * MANY, code)
    assert runaways(centre) == []


def test_unknown_account_that_runs_away_is_told_of_once_and_apart_from_another():
    centre = CoreAtWork()
    repeat(centre, 2 * MANY, account_ref=None)
    (opened,) = runaways(centre)
    assert (opened.account, opened.account_id) == ("1234", None)
    for _ in range(MANY):
        centre.clock.advance(1)
        centre.receive("BA", "77", address="5")
    centre.run()
    assert sorted(one.account for one in runaways(centre)) == ["1234", "77"]
    assert centre.findings() == []


@pytest.mark.parametrize("closed_after", [4, MANY // 2, MANY - 1])
def test_incident_that_is_closed_early_does_not_begin_the_count_anew(closed_after):
    centre = CoreAtWork(places=SITE)
    repeat(centre, closed_after)
    close(centre, centre.open()[0])
    repeat(centre, MANY - 1 - closed_after)
    assert runaways(centre) == []
    repeat(centre, 3)  # as many as tell anew that it chatters
    assert len(runaways(centre)) == 1
    assert centre.findings() == []


def test_each_alarm_that_is_closed_at_once_counts_too():
    centre = CoreAtWork(places=SITE)
    for _ in range(MANY - 2):
        repeat(centre, 1)
        close(centre, centre.open()[0])
    repeat(centre, 3)
    assert len(runaways(centre)) == 1


def test_whoever_closes_the_incident_of_what_runs_away_gets_no_further_one_until_it_was_quiet():
    centre = CoreAtWork(places=SITE)
    repeat(centre, MANY)
    (burglary,) = [one for one in centre.open() if one.type != "TECH-RUNAWAY"]
    close(centre, burglary)
    repeat(centre, 2 * MANY)
    (fault,) = centre.open()
    assert (fault.type, fault.chatter_count) == ("TECH-RUNAWAY", 2 * MANY)
    repeat(centre, 1, address="6")  # of another detector it is an alarm as ever
    assert [one.zone for one in centre.open() if one.type != "TECH-RUNAWAY"] == ["6"]
    assert centre.findings() == []


def test_closed_fault_and_alarm_are_told_again_and_the_fault_with_the_first_alarms():
    centre = CoreAtWork(places=SITE)
    repeat(centre, MANY)
    for one in centre.open():
        close(centre, one)
    repeat(centre, 3)
    assert sorted(one.type for one in centre.open()) == ["INT-BURGLARY", "TECH-RUNAWAY"]


@pytest.mark.parametrize("code", ["FA", "MA", "GA"])
def test_alarm_about_lives_opens_an_incident_again_though_its_fault_is_open(code):
    centre = CoreAtWork(places=SITE)
    repeat(centre, MANY, code)
    (alarm,) = [one for one in centre.open() if one.type != "TECH-RUNAWAY"]
    close(centre, alarm)
    repeat(centre, 1, code)
    (again,) = [one for one in centre.open() if one.type != "TECH-RUNAWAY"]
    assert (again.type, again.presentation) == (alarm.type, "shown")
    assert len(runaways(centre)) == 1


def test_fire_panel_without_zones_runs_away_too_and_no_alarm_of_it_is_counted_with_others():
    centre = CoreAtWork(places=SITE)
    repeat(centre, MANY - 1, "FA", address=None)
    assert runaways(centre) == []
    repeat(centre, 1, "FA", address=None)
    assert len(runaways(centre)) == 1
    repeat(centre, 5, "FA", address=None)
    (fire,) = [one for one in centre.open() if one.hazard == "fire"]
    assert fire.chatter_since is None
    assert fire.signals == MANY + 5
    assert centre.findings() == []


# Calm ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


def alarms(room, times, code="BA", address="5"):
    for _ in range(times):
        room._count += 1
        what = {"account": "1001", "code": code, "address": address, "received_at": room.clock.now_us()}
        room.made.journal.store([arrival(b"%d" % room._count, **what)])
    room.made.journal.store([])
    room.scheduler.wake()


def of_room(room):
    return [one for one in room.store.incidents("open", None, 100) if one.type == "TECH-RUNAWAY"]


def test_it_returns_by_a_timer_that_outlives_a_restart_when_its_detector_is_quiet_and_is_active_again(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room = Room(made)
        alarms(room, MANY)
        room.pass_s(200)
        alarms(room, 1)
        room.pass_s(200)
        (opened,) = of_room(room)
        assert opened.condition == "active"
    with held(folder, clock=clock) as made:
        room = Room(made)
        room.pass_s(150)
        (after,) = of_room(room)
        assert (after.condition, after.points) == ("returned", ())
        assert room.store.timers(kind=CALM) == []
        assert rebuild_findings(room.store) == []
        alarms(room, MANY)
        (again,) = of_room(room)
        assert (again.id, again.condition, len(again.points)) == (opened.id, "active", 1)
        assert again.alarmed > after.alarmed
        assert [timer.ref for timer in room.store.timers(kind=CALM)] == [opened.id]
        assert rebuild_findings(room.store) == []


def test_it_returns_also_where_somebody_closed_the_incident_that_counted(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        room = Room(made)
        alarms(room, MANY)
        (counted,) = [one for one in room.store.incidents("open", None, 100) if one.type != "TECH-RUNAWAY"]
        room.act(counted.id, Claim())
        room.act(counted.id, Close(disposition="fault"))
        room.pass_s(JUDGEMENT.chatter.quiet_s + 1)
        (after,) = of_room(room)
        assert after.condition == "returned"
        alarms(room, 1)
        assert room.store.signal_rows(0, 1_000)[-1].outcome == "opened"
        again = dry_run(lambda: iter(room.store.entries(0, 100_000)), 0, JUDGEMENT, JUDGEMENT, shipped_catalogue())
        assert (again.signals, again.as_decided) == (MANY + 1, MANY + 1)
        assert rebuild_findings(room.store) == []


def test_fire_panel_without_zones_that_was_calm_is_told_of_again(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        room = Room(made)
        alarms(room, MANY, "FA", None)
        room.pass_s(JUDGEMENT.chatter.quiet_s + 1)
        (calm,) = of_room(room)
        alarms(room, MANY, "FA", None)
        (again,) = of_room(room)
        assert (calm.condition, again.id, again.condition) == ("returned", calm.id, "active")
        assert rebuild_findings(room.store) == []


def test_closing_ends_its_timer(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        room = Room(made)
        alarms(room, MANY)
        (opened,) = of_room(room)
        room.act(opened.id, Claim())
        room.act(opened.id, Close(disposition="fault"))
        assert room.store.timers(kind=CALM) == []
        alarms(room, MANY)
        assert of_room(room) == []  # somebody knows of it; it is told anew when it was quiet between
