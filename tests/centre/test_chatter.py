"""A detector that chatters, in the real core: one incident, few facts, every signal stored; quiet ends it."""

import collections

import msgspec
import pytest

from support.centres import held, make_folder
from support.cores import CoreAtWork, PlacesOf, rebuild_findings
from support.escalations import Room
from support.fakes import SECOND, ManualClock, arrival
from tocsin.centre.core import STEP_ENTRIES_MAX, Core
from tocsin.centre.quieting import QUIET
from tocsin.model.commands import Claim, Close
from tocsin.store.sqlite import SqliteStore
from tocsin.system import SystemClock

SITE = PlacesOf({"account-1": "site-1"})


def kinds(store):
    return collections.Counter(stored.row.kind for stored in store.entries(0, 1_000_000))


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_detector_that_chatters_thousands_of_times_is_one_incident_and_a_few_facts(tmp_path, count):
    centre = CoreAtWork(SqliteStore(tmp_path / "tocsin.db"), places=SITE)
    for number in range(count // 100):
        for code in ("BA", "BR"):
            centre.receive(code, account_ref="account-1", address="5", events=50)
        if number % 10 == 9:
            centre.run()
    centre.run()
    incident, runaway = centre.open()
    assert (runaway.type, runaway.origin, len(runaway.points)) == ("TECH-RUNAWAY", "centre", 1)
    assert (incident.signals, len(incident.sources), len(incident.points)) == (count, 1, 1)
    assert incident.chatter_count > count - 100
    assert len(centre.rows()) == count
    assert {row.incident for row in centre.rows()} == {incident.id}
    assert len(msgspec.json.encode(incident)) < 3_000
    found = kinds(centre.store)
    assert found["signal"] == count
    assert found["incident.joined"] + found["incident.opened"] < 60
    assert found.total() < count * 1.1
    assert found["incident.folded"] <= count // 100 * 2
    longest = max(len(stored.row.entry) for stored in centre.store.entries(0, 1_000_000))
    assert longest < STEP_ENTRIES_MAX * 12 + 2_000
    assert len(centre.store.incident_facts(incident.id, 10_000)) < 60
    assert centre.findings() == []
    centre.store.close()


def test_another_zone_between_is_told_in_its_place():
    centre = CoreAtWork(places=SITE)
    for _ in range(4):
        centre.receive("BA", account_ref="account-1", address="5")
    centre.run()
    for code, address in (("BA", "5"), ("BR", "5"), ("BA", "6"), ("BR", "5"), ("BA", "5")):
        centre.receive(code, account_ref="account-1", address=address)
    centre.run()
    assert [row.reason for row in centre.rows()][-5:] == ["folded", "folded", "same_site", "folded", "folded"]
    assert centre.findings() == []


class FailsOnce(Core):
    """A core whose third step ends in an error after all was decided."""

    steps = 0

    def _write(self, step):
        super()._write(step)
        self.steps += 1
        if self.steps == 3:
            raise RuntimeError("once")


def test_step_that_fails_and_a_restart_count_nothing_twice():
    centre = CoreAtWork(places=SITE, core=FailsOnce)
    for _ in range(30):
        centre.receive("BA", account_ref="account-1", address="5")
    centre.run()
    assert centre.core.steps > 3
    again = centre.again(places=SITE)
    for _ in range(10):
        again.receive("BA", account_ref="account-1", address="5")
    again.run()
    (incident,) = again.open()
    assert (incident.signals, incident.chatter_count) == (40, 40)
    assert again.findings() == []


def test_detector_that_returns_after_the_closing_opens_and_says_so():
    centre = CoreAtWork(places=SITE)
    centre.signal("BA", account_ref="account-1", address="5")
    (first,) = centre.open()
    centre.handle(first.id, Claim())
    centre.handle(first.id, Close(disposition="unwanted"))
    centre.clock.advance(720)
    for again in (False, True):  # in memory, and read from the store
        if again:
            centre = centre.again(places=SITE)
        centre.signal("BA", account_ref="account-1", address="5")
        (incident,) = centre.open()
        assert incident.number != first.number
        (opened,) = [
            msgspec.json.decode(stored.row.entry)["body"]
            for stored in centre.store.incident_facts(incident.id, 10)
            if stored.row.kind == "incident.opened"
        ]
        assert opened["earlier"] == {"closed_s": 720, "incident": first.id, "number": first.number}
        centre.handle(incident.id, Claim(), id_=f"claim-{incident.number}")
        centre.handle(incident.id, Close(disposition="duplicate"), id_=f"close-{incident.number}")
        first = incident
        centre.clock.advance(720)
    centre.clock.advance(3_600)
    centre.signal("BA", account_ref="account-1", address="5")
    last = centre.store.entries(centre.journal.head.seq - 2, 10)
    assert '"earlier":null' in b"".join(stored.row.entry for stored in last).decode()
    assert centre.findings() == []


def test_other_zone_type_or_account_did_not_return():
    centre = CoreAtWork(places=PlacesOf({"account-1": "site-1", "account-2": "site-2"}))
    centre.signal("BA", account_ref="account-1", address="5")
    (first,) = centre.open()
    centre.handle(first.id, Claim())
    centre.handle(first.id, Close(disposition="unwanted"))
    for code, account, ref, zone in (
        ("BA", "1234", "account-1", "6"),
        ("FA", "1234", "account-1", "5"),
        ("BA", "77", "account-2", "5"),
    ):
        centre.signal(code, account=account, account_ref=ref, address=zone)
    opened = [s.row.entry for s in centre.store.entries(0, 1000) if s.row.kind == "incident.opened"][1:]
    assert len(opened) == 3
    assert all(b'"earlier":null' in entry for entry in opened)


# Quiet ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


def chatter(room, times=4, code="BA"):
    for _ in range(times):
        room._count += 1
        made = arrival(
            b"%d" % room._count, account="1001", code=code, address="5", received_at=room.clock.now_us(),
        )  # fmt: skip
        room.made.journal.store([made])
    room.made.journal.store([])
    room.scheduler.wake()
    return room.store.signal_rows(0, 10_000)[-1].incident


def test_quiet_ends_the_chatter_once_by_a_timer_that_outlives_a_restart_and_tells_every_screen(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room = Room(made)
        incident = chatter(room)
        room.pass_s(200)
        chatter(room, 1)
        chatter(room, 1, "BR")
        room.pass_s(200)
        assert room.store.incident(incident).chatter_since is not None
    with held(folder, clock=clock) as made:
        room = Room(made)
        room.pass_s(150)
        after = room.store.incident(incident)
        assert (after.chatter_since, after.condition, after.points) == (None, "returned", ())
        assert room.committed[-1].incidents == (after,)
        (quieted,) = room.facts("incident.quieted")
        assert (quieted["ref"], quieted["body"]["quiet_s"], quieted["body"]["sources"][0]["count"]) == (
            incident,
            300,
            6,
        )
        assert room.store.timers(kind=QUIET) == []
        assert rebuild_findings(room.store) == []
        room.pass_s(3_600)
        assert len(room.facts("incident.quieted")) == 1


def test_closing_ends_the_timer(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        room = Room(made)
        incident = chatter(room)
        assert [timer.ref for timer in room.store.timers(kind=QUIET)] == [incident]
        room.act(incident, Claim())
        room.act(incident, Close(disposition="fault"))
        assert room.store.timers(kind=QUIET) == []
        room.pass_s(900)
        assert room.facts("incident.quieted") == []
        assert rebuild_findings(room.store) == []


def test_clock_that_is_set_back_leaves_nothing_chattering(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room = Room(made)
        incident = chatter(room)
        clock.wall_us -= 7_200 * SECOND
        room.pass_s(400)
        assert room.store.incident(incident).chatter_since is None
