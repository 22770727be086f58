"""Sites on test: what starts no response, what does all the same, and what becomes of it at the end."""

import msgspec
import pytest

from support.fakes import START_US, CountingIds
from support.on_test import HOUR, OnTest
from tocsin.centre.day_codes import DayCodes
from tocsin.centre.on_test_board import OnTestBoard
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.journal import Fact
from tocsin.model.on_test import TEST_ENDS
from tocsin.model.sites import Zone, ZoneRow
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.store.sqlite import SqliteStore


def test_burglary_on_test_is_stored_and_starts_nothing_while_fire_is_an_incident_as_ever():
    centre = OnTest()
    test = centre.begin()
    assert centre.say("BA") == "on_test"
    assert centre.say("FA") == "shown"
    assert centre.say("BA", n=3) == "shown"  # another site
    assert [(one.presentation, one.test) for one in centre.open()] == [
        ("on_test", test.id), ("shown", test.id), ("shown", None)
    ]  # fmt: skip
    assert centre.findings() == []


@pytest.mark.parametrize(("hazard", "code"), [("fire", "FA"), ("medical", "MA"), ("robbery_holdup", "HA")])
def test_class_about_life_starts_nothing_only_where_it_was_named(hazard, code):
    centre = OnTest()
    centre.begin()
    centre.begin(account_id="account-3", not_live=(hazard,))
    assert (centre.say(code), centre.say(code, n=3)) == ("shown", "on_test")


def test_code_that_no_table_has_and_that_could_be_about_life_stays_live():
    centre = OnTest()
    centre.begin()
    assert (centre.say("FD"), centre.say("WW")) == ("shown", "on_test")


def test_test_of_zones_leaves_the_other_zones_alone():
    centre = OnTest()
    centre.begin(zones=("04", "9"))
    told = [centre.say("BA", zone=zone) for zone in ("4", "004", "5", "9", None)]
    assert told == ["on_test", "on_test", "shown", "on_test", "shown"]


def test_test_of_a_partition_leaves_the_others_alone():
    centre = OnTest()
    centre.begin(partition="01")
    told = [centre.say("BA", zone=str(n), partition=part) for n, part in enumerate(("1", "2", None), 4)]
    assert told == ["on_test", "shown", "shown"]


def test_test_of_a_site_is_of_all_its_accounts():
    centre = OnTest()
    centre.begin(account_id=None, site_id="site-1")
    assert [centre.say("BA", n=n) for n in (1, 2, 3)] == ["on_test", "on_test", "shown"]


def test_message_that_disputes_its_account_and_an_unknown_account_are_never_on_test():
    centre = OnTest()
    centre.begin()
    assert centre.say("BA", disputed=True, data_account="77") == "shown"
    centre.receive("BA", "1")
    centre.run()
    assert centre.open()[-1].presentation == "shown"


def test_alarm_of_a_test_never_joins_an_incident_that_counts_nor_the_other_way():
    centre = OnTest()
    centre.say("BA")
    centre.begin()
    assert centre.say("BA", zone="5") == "on_test"
    assert [(one.presentation, one.signals) for one in centre.open()] == [("shown", 1), ("on_test", 1)]
    centre.tests.end("test-" + centre.store.site_tests()[0].id[5:], "user-1")
    centre.run()
    assert centre.say("BA", zone="6") == "shown"
    assert "on_test" not in [one.presentation for one in centre.open()]


def test_it_ends_by_itself_and_what_is_still_active_opens_as_an_incident_of_now():
    centre = OnTest()
    test = centre.begin()
    centre.say("BA", zone="4")
    centre.say("TA", zone="7")
    centre.say("BR", zone="4")
    centre.clock.advance(2 * 3600)
    assert centre.ring() == 1
    assert centre.shown() == [("TECH-TAMPER", "shown", "active_after_test")]
    (left,) = centre.open()
    assert (left.opened_at, left.claimed_by, left.test, [one.zone for one in left.points]) == (
        test.until, None, test.id, ["7"]
    )  # fmt: skip
    closed = centre.store.incidents("closed", None, 10)
    assert {(one.disposition, one.closed_by, one.presentation) for one in closed} == {("test", None, "on_test")}
    assert (centre.store.site_test(test.id).end_reason, centre.store.timers()) == ("due", [])
    assert centre.say("TR", zone="7") == "shown"
    assert centre.open()[0].condition == "returned"
    assert centre.findings() == []


def test_signal_after_the_end_counts_though_the_end_is_not_written_yet():
    centre = OnTest()
    centre.begin()
    centre.clock.advance(2 * 3600)
    assert centre.say("BA") == "shown"
    centre.ring()
    assert centre.shown() == [("INT-BURGLARY", "shown", "by_code")]


def test_signal_from_before_the_test_counts_though_it_is_decided_on_later():
    centre = OnTest()
    centre.receive("BA", "1", account_ref="account-1", address="4")
    centre.begin()
    centre.run()
    assert [one.presentation for one in centre.open()] == ["shown"]


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_restart_in_the_middle_changes_nothing(kind, tmp_path):
    centre = OnTest(store=SqliteStore(tmp_path / "tocsin.db") if kind == "sqlite" else None)
    test = centre.begin()
    centre.say("BA")
    centre.receive("BA", "1", account_ref="account-1", address="5")
    centre.tests.end(test.id, "user-1")  # neither of the two was decided on when the process died
    centre.receive("BA", "1", account_ref="account-1", address="6")
    centre = centre.again()
    centre.run()
    assert [(one.presentation, len(one.points)) for one in centre.open()] == [("shown", 3)]
    assert [one.presentation for one in centre.store.incidents("closed", None, 10)] == ["on_test"]
    assert centre.findings() == []
    centre.store.close()


def test_test_goes_on_over_a_restart_and_its_timer_with_it():
    centre = OnTest()
    centre.begin()
    centre.say("BA")
    centre = centre.again()
    assert centre.say("BA", zone="8") == "on_test"
    centre.clock.advance(3 * 3600)
    centre = centre.again()
    assert centre.ring() == 1
    assert [one.presentation for one in centre.open()] == ["shown"]


def test_end_is_put_off_by_an_act_of_its_own_and_the_timer_goes_with_it():
    centre = OnTest()
    test = centre.begin()
    later = centre.tests.extend(test.id, START_US + 5 * HOUR, "user-2")
    assert (later.until, later.extended) == (START_US + 5 * HOUR, 1)
    assert [timer.due_at for timer in centre.store.timers(kind=TEST_ENDS)] == [START_US + 5 * HOUR]
    centre.clock.advance(2 * 3600 + 1)
    assert centre.ring() == 0
    assert centre.say("BA") == "on_test"
    with pytest.raises(Conflict) as refused:
        centre.tests.extend(test.id, START_US + 3 * HOUR, "user-2")
    assert refused.value.code == "on_test.not_later"
    centre.clock.advance(3 * 3600)
    with pytest.raises(Conflict) as refused:
        centre.tests.extend(test.id, START_US + 9 * HOUR, "user-2")
    assert refused.value.code == "on_test.over"
    assert centre.ring() == 1
    assert centre.findings() == []


def test_clock_that_steps_ahead_ends_it_early_and_back_never_lets_a_signal_count_twice():
    centre = OnTest()
    centre.begin()
    centre.say("BA")
    centre.clock.wall_us -= HOUR
    assert centre.say("BA", zone="5") == "on_test"
    centre.clock.wall_us += 4 * HOUR
    assert centre.say("BA", zone="6") == "shown"
    centre.ring()
    assert [one.presentation for one in centre.open()] == ["shown"] * 3  # hours apart
    assert centre.findings() == []


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"until": START_US}, BadInput, "on_test.until"),
        ({"until": START_US + 8 * 24 * HOUR, "is_supervisor": True}, BadInput, "on_test.until"),
        ({"until": START_US + 25 * HOUR}, Forbidden, "on_test.longer"),
        ({"account_id": "account-99"}, BadInput, "on_test.place"),
        ({"account_id": None, "site_id": "site-99"}, BadInput, "on_test.place"),
        ({"account_id": None}, BadInput, "on_test.scope"),
        ({"account_id": None, "site_id": "site-1", "zones": ("4",)}, BadInput, "on_test.scope"),
        ({"zones": tuple(str(n) for n in range(1, 202))}, BadInput, "on_test.zones"),
        ({"not_live": ("intrusion",)}, BadInput, "on_test.live"),
        ({"not_live": ("fire",), "live": ("fire",)}, BadInput, "on_test.live"),
    ],
)
def test_what_cannot_be_put_on_test_is_refused_and_leaves_nothing(fields, error, code):
    centre = OnTest()
    with pytest.raises(error) as refused:
        centre.begin(**fields)
    assert (refused.value.code, centre.store.site_tests(ended_after=0), centre.store.timers()) == (code, [], [])


def test_longer_than_a_day_is_a_supervisors_to_set():
    centre = OnTest()
    assert centre.begin(until=START_US + 25 * HOUR, is_supervisor=True).until == START_US + 25 * HOUR


def test_same_place_is_on_test_once_and_again_soon_after_is_marked():
    centre = OnTest()
    test = centre.begin()
    with pytest.raises(Conflict) as refused:
        centre.begin()
    assert refused.value.code == "on_test.same"
    centre.begin(zones=("4",))
    centre.tests.end(test.id, "user-1")
    assert centre.tests.end(test.id, "user-1").end_reason == "by_hand"
    centre.clock.advance(1800)
    assert centre.begin(zones=("5",)).begun.again
    assert not centre.begin(account_id="account-3").begun.again
    with pytest.raises(BadInput) as unknown:
        centre.tests.end("test-99999", "user-1")
    assert unknown.value.code == "on_test.unknown"


def test_nothing_personal_stands_in_the_facts():
    centre = OnTest()
    centre.begin()
    body = next(
        msgspec.json.decode(stored.row.entry)["body"]
        for stored in centre.store.entries(0, 100)
        if stored.row.kind == "test.begun"
    )
    assert body == {
        "account_id": "account-1", "again": False, "asked_by": "installer", "company": "4711", "config": 0,
        "exercise": False, "live": ["fire", "medical", "robbery_holdup"], "partition": None, "reason": "walk_test",
        "site_id": "site-1", "until": START_US + 2 * HOUR, "zones": [],
    }  # fmt: skip


def test_clock_set_back_by_an_hour_does_not_keep_a_place_on_test_for_an_hour_more():
    centre = OnTest()
    test = centre.begin(until=START_US + HOUR)
    centre.say("BA")
    centre.ring()
    centre.clock.wall_us -= HOUR
    centre.clock.advance(3600)
    assert centre.ring() == 1
    assert (centre.store.site_test(test.id).end_reason, [one.presentation for one in centre.open()]) == (
        "due", ["shown"]
    )  # fmt: skip
    assert centre.findings() == []


def test_test_of_a_partition_says_which_of_its_zones_are_missing_and_of_no_other():
    centre = OnTest()
    test = centre.begin(partition="02")
    board = OnTestBoard(centre.store, centre.clock, shipped_catalogue())
    assert board.zones(test) is None, "no zone says of which partition it is"
    with centre.store.transaction() as transaction:
        transaction.put_zones(
            Zone(ZoneRow(account_id="account-1", number=number, partition=partition, detector=detector), n)
            for n, (number, partition, detector) in enumerate(
                [("4", "2", "smoke"), ("9", "2", None), ("5", "1", "heat"), ("6", None, None)], 20
            )
        )
    centre.say("BA", zone="4", partition="2")
    centre.say("BA", zone="5", partition="1")
    (tally,) = board.tallies([test])
    assert (board.zones(test), tally.missing) == (("4", "9"), ("9",))
    assert board.detectors(test) == {"4": "smoke", "5": "heat"}


def test_zone_and_account_that_are_removed_during_a_test_leave_it_as_it_is():
    centre = OnTest()
    test = centre.begin(zones=("4",))
    centre.say("BA")
    row = AccountRow(account="1", removed=True)
    centre.journal.record([Fact(kind="account.set", body=row, ref="account-1")])
    with centre.store.transaction() as transaction:
        transaction.put_accounts([Account("account-1", row, centre.journal.head.seq)])
    centre.run()
    board = OnTestBoard(centre.store, centre.clock, shipped_catalogue())
    (tally,) = board.tallies([centre.store.site_test(test.id)])
    assert (tally.signals, tally.missing, centre.store.accounts(["account-1"])) == (1, (), [])
    centre.clock.advance(2 * 3600)
    assert centre.ring() == 1
    assert [one.presentation for one in centre.open()] == ["shown"]
    assert centre.findings() == []


def test_forgotten_test_is_marked_by_what_makes_it_one():
    centre = OnTest()
    test = centre.begin(until=START_US + 24 * HOUR)
    board = OnTestBoard(centre.store, centre.clock, shipped_catalogue())

    def marks():
        return board.tallies([centre.store.site_test(test.id)])[0].marks

    centre.clock.advance(3599)
    assert marks() == ()
    centre.clock.advance(1)
    assert marks() == ("quiet",)
    centre.say("BA")
    assert marks() == ()
    centre.clock.advance(7 * 3600 + 1)
    assert marks() == ("long", "quiet")
    centre.tests.end(test.id, "user-1")
    assert marks() == ()


def test_walk_test_misses_the_zones_whose_detectors_said_nothing():
    centre = OnTest()
    test = centre.begin(zones=("4", "9", "12"))
    board = OnTestBoard(centre.store, centre.clock, shipped_catalogue())
    assert board.tallies([test])[0].missing == ("4", "9", "12")
    centre.say("BA", zone="09")
    centre.say("BT", zone="4")  # a fault of the detector tests nothing
    centre.say("BR", zone="12")
    assert board.tallies([test])[0].missing == ("4", "12")
    centre.say("FA", zone="4")  # live, and tested all the same
    assert board.tallies([test])[0].missing == ("12",)
    assert [(one.zone, one.code, one.is_understood) for one in board.arrived(test, 2)] == [
        ("4", "FA", True), ("12", "BR", True)
    ]  # fmt: skip


def test_codes_are_rebuilt_from_their_facts_and_their_letters_stand_nowhere():
    centre = OnTest()
    codes = DayCodes(
        centre.tests, centre.store, lambda work: work(centre.journal), centre.clock, CountingIds(), lambda: b"k" * 32
    )
    made, secret = codes.give("account-1", None, "4711", START_US + HOUR, "user-1")
    other, _ = codes.give(None, "site-3", None, START_US + 2 * HOUR, "user-1")
    assert [one.id for one in codes.living()] == [made.id, other.id]
    assert (codes.find(f"{secret[:4]} {secret[4:].lower()}"), codes.find(secret[:-1]), codes.find("2" * 11)) == (
        made, None, None
    )  # fmt: skip
    codes.end(other.id, "user-1")
    assert secret.encode() not in b"".join(stored.row.entry for stored in centre.store.entries(0, 100))
    assert centre.findings() == []
    centre.clock.advance(3600)
    assert (codes.find(secret), codes.living()) == (None, [])


def test_test_by_a_code_ends_with_the_code_at_the_latest_and_is_of_its_place_alone():
    centre = OnTest()
    codes = DayCodes(
        centre.tests, centre.store, lambda work: work(centre.journal), centre.clock, CountingIds(), lambda: b"k" * 32
    )
    made, _ = codes.give("account-1", None, "4711", START_US + HOUR, "user-1")
    with pytest.raises(Forbidden) as refused:
        codes.begin(made, (), "walk_test", START_US + HOUR + 1)
    assert refused.value.code == "on_test.code_longer"
    test = codes.begin(made, ("4",), "walk_test", START_US + HOUR)
    assert (test.begun.account_id, test.begun.asked_by, test.begun.company, test.begun_by) == (
        "account-1", "installer", "4711", made.id
    )  # fmt: skip
    assert codes.test_of(made) == test
    assert (centre.say("BA"), centre.say("FA"), centre.say("BA", n=2)) == ("on_test", "shown", "shown")


def test_signals_before_and_behind_the_end_are_told_apart_though_one_step_takes_them_all():
    centre = OnTest(is_deciding=False)
    test = centre.begin()
    for zone in ("4", "5"):
        centre.receive("BA", "1", account_ref="account-1", address=zone)
    centre.tests.end(test.id, "user-1")
    centre.receive("TA", "1", account_ref="account-1", address="7")
    centre = OnTest(store=centre.store, clock=centre.clock)
    centre.run()
    assert [(one.type, one.presentation, one.reason) for one in centre.open()] == [
        ("INT-BURGLARY", "shown", "active_after_test"), ("TECH-TAMPER", "shown", "by_code")
    ]  # fmt: skip
    assert centre.findings() == []


def test_timers_are_woken_when_the_end_of_a_test_is_set_or_put_off():
    """Else they would know of it up to a minute later."""
    centre = OnTest()
    woken = []
    centre.tests.on_timed = lambda: woken.append(centre.store.timers(kind=TEST_ENDS)[0].due_at)
    test = centre.begin()
    later = test.until + HOUR
    centre.tests.extend(test.id, later, "user-1")
    assert woken == [test.until, later]
