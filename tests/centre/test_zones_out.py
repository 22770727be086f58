"""Zones out of service: what starts no response, what does all the same, and what becomes of it when they are back."""

import msgspec
import pytest

from support.cores import CoreAtWork, PlacesOf
from support.fakes import START_US, ManualClock
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.site_tests import SiteTests, Wanted, register_tests
from tocsin.centre.timers import Timers
from tocsin.centre.zones_out import WantedOut, ZonesOutOfService, register_zones_out
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.commands import Claim
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.store.sqlite import SqliteStore

HOUR = 3_600_000_000
DAY = 24 * HOUR
ACCOUNTS = {"account-1": "site-1", "account-2": "site-1"}


class OutOfService(CoreAtWork):
    """A core with two accounts at one site, and the commands and timers of zones out of service and of tests."""

    def __init__(self, **options):
        super().__init__(places=PlacesOf(ACCOUNTS), clock=options.pop("clock", None) or ManualClock(), **options)
        if not self.store.accounts():
            with self.store.transaction() as transaction:
                transaction.put_accounts(
                    Account(id_, AccountRow(account=id_[-1], site_id=site), n)
                    for n, (id_, site) in enumerate(ACCOUNTS.items(), 1)
                )
        self.zones = ZonesOutOfService(store=self.store, run=lambda work: work(self.journal), clock=self.clock)
        self.tests = SiteTests(store=self.store, run=lambda work: work(self.journal), clock=self.clock)
        self.timers = Timers(self.store)
        register_zones_out(self.timers, self.store)
        register_tests(self.timers, self.store)
        self.scheduler = Scheduler(self.timers, self.store, lambda work: work(self.journal), self.clock)

    def again(self, **options):
        with self.store.transaction() as transaction:
            transaction.put_meta("running", "1")
        return OutOfService(store=self.store, clock=self.clock, **options)

    def take(self, *zones, n=1, hours=2, actor="user-1", is_supervisor=False, **fields):
        wanted = WantedOut(
            account_id=f"account-{n}", zones=zones or ("4",), until=self.clock.now_us() + int(hours * HOUR),
            **({"not_live": (), "reason": "detector_fault"} | fields),
        )  # fmt: skip
        return self.zones.take_out(wanted, actor, is_supervisor=is_supervisor)

    def test(self, **fields):
        wanted = Wanted(
            account_id="account-1", site_id=None, zones=(), partition=None, until=self.clock.now_us() + HOUR,
            **({"asked_by": "installer", "company": None, "live": (), "not_live": (), "reason": "walk_test"} | fields),
        )  # fmt: skip
        return self.tests.begin(wanted, "user-1")

    def say(self, code="BA", n=1, zone="4", **fields):
        """A signal of account `n`; returns how its incident is shown, or why it was filed."""
        row = self.signal(code, str(n), account_ref=f"account-{n}", address=zone, **fields)
        return row.reason if row.incident is None else self.store.incident(row.incident).presentation

    def ring(self):
        """Whatever is due ends."""
        before = len(self.store.zones_out())
        self.scheduler.wake()
        self.scheduler.turn()
        self.run()
        return before - len(self.store.zones_out())

    def shown(self):
        return [(one.type, one.presentation, one.reason) for one in self.open()]


def test_burglary_of_a_zone_out_of_service_is_stored_and_shown_and_starts_nothing_and_the_next_zone_counts():
    centre = OutOfService()
    out = centre.take("04")
    assert [centre.say("BA", zone=zone) for zone in ("004", "5", None)] == ["out_of_service", "shown", "shown"]
    assert centre.say("BA", n=2) == "shown", "another account"
    assert [(one.presentation, one.test) for one in centre.open()] == [
        ("out_of_service", out.id), ("shown", None)
    ]  # fmt: skip
    assert [row.outcome for row in centre.rows()] == ["opened", "opened", "joined", "joined"]
    assert centre.findings() == []


@pytest.mark.parametrize(("hazard", "code"), [("fire", "FA"), ("medical", "MA"), ("robbery_holdup", "HA")])
def test_what_is_about_life_stays_live_unless_somebody_named_it(hazard, code):
    centre = OutOfService()
    out = centre.take()
    centre.take(n=2, not_live=(hazard,))
    assert (centre.say(code), centre.say(code, n=2)) == ("shown", "out_of_service")
    assert centre.open()[0].test == out.id, "its page says that the zone is out of service"


def test_code_that_no_table_has_and_that_could_be_about_life_stays_live():
    centre = OutOfService()
    centre.take()
    assert (centre.say("FD"), centre.say("WW")) == ("shown", "out_of_service")


def test_message_that_disputes_its_account_is_never_out_of_service():
    centre = OutOfService()
    centre.take()
    assert centre.say("BA", disputed=True, data_account="77") == "shown"


def test_alarm_out_of_service_never_joins_one_that_counts_nor_the_other_way():
    centre = OutOfService()
    centre.say("BA", zone="5")
    out = centre.take()
    assert (centre.say("BA"), centre.say("BA", zone="6")) == ("out_of_service", "shown")
    assert [(one.presentation, one.signals) for one in centre.open()] == [("shown", 2), ("out_of_service", 1)]
    centre.zones.put_back(out.id, "user-1")
    centre.run()
    assert centre.say("BA", zone="4") == "shown"


def test_they_are_put_back_by_themselves_and_what_is_still_active_opens_as_an_incident_of_now():
    centre = OutOfService()
    out = centre.take("4", "5")
    centre.say("BA", zone="4")
    centre.say("BA", zone="5")
    centre.say("BR", zone="5")
    centre.clock.advance(2 * 3600)
    assert centre.ring() == 1
    assert centre.shown() == [("INT-BURGLARY", "shown", "active_back_in_service")]
    (opened,) = centre.open()
    assert ([point.zone for point in opened.points], opened.opened_at) == (["4"], centre.clock.now_us())
    ended = centre.store.zones_out_by(out.id)
    assert (ended.end_reason, ended.ended_by) == ("due", None)
    (closed,) = centre.store.incidents("closed", None, 10)
    assert (closed.disposition, closed.presentation, closed.closed_by) == ("fault", "out_of_service", None)
    assert centre.findings() == []
    assert centre.store.timers() == []


def test_clock_set_back_by_an_hour_does_not_keep_them_out_for_an_hour_more():
    centre = OutOfService()
    centre.take()
    centre.ring()
    centre.clock.wall_us -= HOUR
    centre.clock.advance(2 * 3600)
    assert centre.ring() == 1


def test_end_is_told_once_and_a_timer_stands_for_the_newest_end():
    centre = OutOfService()
    out = centre.take()
    centre.zones.extend(out.id, START_US + 5 * HOUR, "user-2")
    assert [(timer.kind, timer.due_at) for timer in centre.store.timers()] == [("out_of_service", START_US + 5 * HOUR)]
    centre.clock.advance(5 * 3600)
    centre.ring()
    kinds = [one.row.kind for one in centre.store.entries(0, 100)]
    assert kinds == [
        "zones.taken_out", "timer.set", "zones.out_extended", "timer.set", "zones.put_back", "timer.set"
    ]  # fmt: skip


def test_what_returned_before_they_are_back_opens_nothing():
    centre = OutOfService()
    out = centre.take()
    centre.say("BA")
    centre.say("BR")
    centre.zones.put_back(out.id, "user-7")
    centre.run()
    assert centre.shown() == []
    assert (centre.store.zones_out_by(out.id).ended_by, centre.store.timers()) == ("user-7", [])
    assert centre.findings() == []


def test_end_outlives_a_restart_and_a_clock_that_is_set_back():
    centre = OutOfService()
    centre.take()
    centre.say("BA")
    centre = centre.again()
    assert centre.say("BA") == "out_of_service"
    centre.clock.advance(2 * 3600)
    centre = centre.again()
    assert (centre.ring(), centre.say("BA", zone="9")) == (1, "shown")
    assert centre.findings() == []


def test_signal_of_after_the_end_counts_whether_or_not_the_end_is_written():
    centre = OutOfService()
    centre.take()
    centre.clock.advance(2 * 3600)
    assert centre.say("BA") == "shown"


def test_signal_that_waited_for_the_core_while_they_were_put_back_is_judged_by_when_it_came():
    centre = OutOfService()
    out = centre.take()
    centre.receive("BA", "1", account_ref="account-1", address="4")
    centre.zones.put_back(out.id, "user-1")
    centre = centre.again()
    centre.run()
    assert centre.shown() == [("INT-BURGLARY", "shown", "active_back_in_service")]
    assert centre.findings() == []


def test_walk_test_sees_a_zone_that_is_out_of_service_and_what_is_live_in_the_test_alone_starts_nothing():
    centre = OutOfService()
    out = centre.take(not_live=("fire",))
    assert centre.say("FA") == "out_of_service"
    test = centre.test()
    assert (centre.say("BA"), centre.say("FA")) == ("on_test", "out_of_service")
    assert {one.test for one in centre.open()} == {out.id, test.id}
    assert centre.say("FA", zone="5") == "shown"


def test_incident_out_of_service_that_somebody_claimed_ends_all_the_same_and_its_alarm_is_nobodys():
    centre = OutOfService()
    out = centre.take()
    centre.say("BA")
    centre.handle(centre.open()[0].id, Claim())
    centre.zones.put_back(out.id, "user-1")
    centre.run()
    assert [(one.presentation, one.claimed_by) for one in centre.open()] == [("shown", None)]


def test_end_is_put_off_and_no_sooner_end_is_taken_for_one():
    centre = OutOfService()
    out = centre.take()
    later = centre.zones.extend(out.id, START_US + 5 * HOUR, "user-2")
    assert (later.until, later.extended) == (START_US + 5 * HOUR, 1)
    with pytest.raises(Conflict) as caught:
        centre.zones.extend(out.id, START_US + 4 * HOUR, "user-2")
    assert caught.value.code == "out_of_service.not_later"
    centre.clock.advance(2 * 3600)
    assert (centre.ring(), centre.say("BA")) == (0, "out_of_service")
    centre.clock.advance(3 * 3600)
    assert centre.ring() == 1
    with pytest.raises(Conflict) as caught:
        centre.zones.extend(out.id, centre.clock.now_us() + HOUR, "user-2")
    assert caught.value.code == "out_of_service.over"
    assert centre.findings() == []


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"hours": 0}, BadInput, "out_of_service.until"),
        ({"hours": 93 * 24, "is_supervisor": True}, BadInput, "out_of_service.until"),
        ({"hours": 25}, Forbidden, "out_of_service.longer"),
        ({"not_live": ("intrusion",)}, BadInput, "out_of_service.live"),
        ({"n": 9}, BadInput, "out_of_service.account"),
    ],
)
def test_what_cannot_be_taken_out_is_refused_and_changes_nothing(fields, error, code):
    centre = OutOfService()
    with pytest.raises(error) as caught:
        centre.take(**fields)
    assert (caught.value.code, centre.store.zones_out(), centre.journal.head.seq) == (code, [], 0)


def test_as_many_zones_as_the_limit_says_and_at_least_one():
    centre = OutOfService()
    assert len(centre.take(*map(str, range(1, 201))).taken.zones) == 200
    for zones in (tuple(map(str, range(1, 202))), ()):
        with pytest.raises(BadInput) as caught:
            centre.zones.take_out(
                WantedOut(account_id="account-2", not_live=(), reason="not_in_use", until=START_US + HOUR, zones=zones),
                "user-1",
            )
        assert caught.value.code == "out_of_service.zones"


def test_zone_is_taken_out_once_at_a_time_and_again_within_a_day_is_marked():
    centre = OutOfService()
    first = centre.take("4", "5")
    with pytest.raises(Conflict, match=r"Zone 5 of this account is out") as caught:
        centre.take("05", "6")
    assert caught.value.code == "out_of_service.same"
    centre.zones.put_back(first.id, "user-1")
    assert (centre.take("5").taken.again, centre.take("7").taken.again) == (True, False)


def test_supervisor_takes_zones_out_for_a_quarter_of_a_year_and_what_is_unknown_is_said():
    centre = OutOfService()
    out = centre.take(hours=92 * 24, is_supervisor=True)
    assert out.until == START_US + 92 * DAY
    with pytest.raises(BadInput) as caught:
        centre.zones.put_back("out-999", "user-1")
    assert caught.value.code == "out_of_service.unknown"


def test_putting_back_twice_is_done_once():
    centre = OutOfService()
    out = centre.take()
    once = centre.zones.put_back(out.id, "user-1")
    assert (centre.zones.put_back(out.id, "user-2"), msgspec.structs.asdict(once)["ended_by"]) == (once, "user-1")


def test_tables_of_sqlite_say_the_same(tmp_path):
    store = SqliteStore(tmp_path / "tocsin.db")
    centre = OutOfService(store=store)
    out = centre.take("4", "5")
    centre.say("BA")
    centre.zones.extend(out.id, START_US + 3 * HOUR, "user-1")
    assert centre.findings() == []
    centre.zones.put_back(out.id, "user-1")
    centre.run()
    assert (centre.findings(), store.zones_out(), len(store.zones_out(ended_after=START_US))) == ([], [], 1)
    store.close()
