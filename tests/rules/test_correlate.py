"""Which signals belong together, and that no merge hides an alarm."""

import msgspec
import pytest

from support.events import CATALOGUE, Room, cid, event, read, sia, user, zones
from support.fakes import START_US
from tocsin.model.catalogue import HazardClass
from tocsin.model.commands import Claim, Close
from tocsin.model.incidents import POINTS_MAX
from tocsin.model.journal import CentreNoticed
from tocsin.rules import reasons
from tocsin.rules.correlate import CANDIDATES_MAX, CORRELATIONS, CORRELATIONS_BY_TYPE, decide_signal, usable
from tocsin.rules.notices import decide_notice, quarantine_incident

ALARM_OF = {
    "fire": sia("FA", "5"),
    "hazmat": sia("GA", "5"),
    "flood_weather": sia("WA", "5"),
    "intrusion": sia("BA", "5"),
    "medical": sia("MA", "5"),
    "robbery_holdup": sia("PA", "5"),
    "technical": sia("AT"),
    "welfare_check": sia("NA", "5"),
}
"""A signal of each class that panels have codes for."""


def ids(room):
    return [one.id for one in room.open]


# The table ----------------------------------------------------------------------------------------------------------


def test_every_hazard_class_has_its_row():
    assert set(CORRELATIONS) == set(HazardClass.__args__)
    assert set(CORRELATIONS_BY_TYPE) <= set(CATALOGUE.types)
    for hazard in ("violence", "theft", "missing_person", "trafficking_kidnap"):
        assert (CORRELATIONS[hazard].scope, CORRELATIONS[hazard].window_s) == ("zone", 0)


@pytest.mark.parametrize("hazard", ALARM_OF)
def test_same_again_joins_to_the_end_of_the_window_and_opens_behind_it(hazard):
    window_s, signal = CORRELATIONS[hazard].window_s, ALARM_OF[hazard]
    room = Room()
    first = room.take(signal)
    room.wait(window_s)
    assert room.take(signal).id == first.id
    assert room.last == ("joined", "same_point")
    room.wait(window_s)
    assert room.take(signal).id == first.id, "the window begins with the last alarm, not the first"
    room.wait(window_s + 1)
    assert room.take(signal).id != first.id


@pytest.mark.parametrize("hazard", ALARM_OF)
def test_what_is_no_alarm_does_not_hold_the_window_open(hazard):
    room = Room()
    first = room.take(ALARM_OF[hazard])
    window_s = CORRELATIONS[hazard].window_s
    over = {"technical": sia("AR"), "welfare_check": sia("NS", "5")}.get(hazard)
    room.wait(window_s // 2 + 1).take(over or sia(ALARM_OF[hazard].code[0] + "H", "5"))
    assert room.last == ("joined", "restored")
    room.wait(window_s // 2 + 1)
    assert room.take(ALARM_OF[hazard]).id != first.id


@pytest.mark.parametrize("hazard", ALARM_OF)
def test_clock_that_was_far_ahead_and_is_set_right_hides_nothing(hazard):
    room = Room().wait(400 * 86_400)
    first = room.take(ALARM_OF[hazard])
    room.now = START_US
    assert room.take(ALARM_OF[hazard]).id != first.id


@pytest.mark.parametrize("hazard", ALARM_OF)
def test_scope_is_the_site_the_account_or_the_zone(hazard):
    scope, signal = CORRELATIONS[hazard].scope, ALARM_OF[hazard]
    zone = msgspec.structs.replace(signal, address="6")
    account = msgspec.structs.replace(signal, account="7001")
    for other, joins in ((zone, {"site", "account"}), (account, {"site"})):
        room = Room({"5512": "site-1", "7001": "site-1"})
        first = room.take(signal)
        is_joined = room.take(other).id == first.id
        assert is_joined == (scope in joins), other


def test_other_site_is_another_incident_and_an_account_without_a_site_stands_alone():
    room = Room({"5512": "site-1", "7001": "site-2"})
    first = room.take(sia("FA", "1"))
    assert room.take(sia("FA", "1", account="7001")).id != first.id
    assert room.take(sia("FA", "1", account="7002")).id != first.id
    assert room.take(sia("FA", "2", account="7002")).account == "7002"
    assert len(room.open) == 3


def test_reason_says_what_they_have_in_common():
    room = Room({"5512": "site-1", "7001": "site-1"})
    room.take(sia("FA", "1"))
    room.take(sia("FA", "2", account="7001"))
    assert room.last == ("joined", "same_site")
    room.take(sia("PA", "1", account="9000"))
    room.take(sia("PA", "2", account="9000"))
    assert room.last == ("joined", "same_account")
    room.take(sia("MA", "1"))
    room.take(sia("QA", "1"))
    assert room.last == ("joined", "same_zone")
    room.take(sia("FA", "1", account="1", known=False))
    room.take(sia("FA", "2", account="1", known=False))
    assert room.last == ("joined", "same_unknown_account")


# No merge hides an alarm --------------------------------------------------------------------------------------------


def test_break_in_does_not_vanish_in_what_is_less_urgent():
    room = Room()
    schedule = room.take(sia("OK"))
    assert room.take(sia("DM", "1")).id == schedule.id, "a door left open is no more urgent than early opening"
    burglary = room.take(sia("BA", "5"))
    assert burglary.id != schedule.id
    assert room.take(sia("DF", "1")).id == burglary.id, "as urgent as the break-in: it belongs to it"
    assert (room.now_of(schedule).priority, room.now_of(schedule).signals) == (3, 2)


def test_more_urgent_signal_of_its_own_type_joins_and_raises():
    room = Room()
    first = room.take(sia("BG", "5"))
    assert first.priority == 3
    assert room.take(sia("BM", "6")).id == first.id
    assert room.now_of(first).priority == 2
    assert room.take(sia("BG", "7")).id == first.id
    assert room.now_of(first).priority == 2, "a signal lowers nothing"


def test_fires_at_one_site_are_one_whatever_detector():
    room = Room({"5512": "site-1"})
    first = room.take(cid("118", "1"))
    assert first.priority == 2
    room.take_all([cid("111", "2"), cid("115", "3"), cid("113", "4"), sia("FL"), sia("KA", "9")])
    assert ids(room) == [first.id]
    assert (room.now_of(first).priority, room.now_of(first).signals) == (1, 6)
    assert room.now_of(first).type == "FIRE-ALARM", "the type stays that of the first"


def test_gas_and_carbon_monoxide_ask_for_different_help():
    room = Room()
    assert room.take(cid("151", "1")).id != room.take(cid("162", "2")).id


def test_loud_and_silent_hold_up_are_two():
    room = Room()
    assert room.take(sia("PA", "1")).id != room.take(sia("HA", "1")).id


def test_unclassified_never_vanishes_in_another_zone_or_in_what_is_less_urgent():
    room = Room()
    first = room.take(sia("UA", "1"))
    assert room.take(sia("UA", "1")).id == first.id
    assert room.take(sia("UA", "2")).id != first.id
    assert room.take(sia("FE", "1")).id != first.id
    assert room.take(sia("UG", "1")).id == room.open[-1].id, "the latest of this zone has it"


def test_patients_of_two_rooms_are_two_incidents():
    room = Room({"5512": "site-1"})
    first = room.take(sia("QA", "101"))
    assert room.take(sia("QA", "102")).id != first.id
    assert room.take(sia("MA", "0101")).id == first.id


def test_closed_incident_is_joined_by_nothing():
    room = Room()
    first = room.take(sia("FA", "1"))
    room.act(first, Claim())
    closed = room.act(first, Close(disposition="unwanted"))
    assert room.take(sia("FA", "1")).id != first.id
    room.take(sia("FR", "1"))
    assert room.now_of(first) == closed


def test_exercise_and_reality_are_never_one():
    room = Room()
    first = room.take(sia("FA", "1", exercise=True))
    second = room.take(sia("FA", "1"))
    assert (first.exercise, second.exercise, first.id == second.id) == (True, False, False)
    room.take(sia("FH", "1"))
    assert (room.now_of(first).condition, room.now_of(second).condition) == ("active", "returned")
    third = room.take(sia("FA", "2", exercise=True))
    assert third.id == first.id


def test_quarantined_signal_and_what_the_centre_raised_are_joined_by_nothing():
    room = Room()
    body = quarantine_incident(event(), "r-1", "account-5512", START_US, 1, 1, CATALOGUE)
    made = room._apply(None, body, None)
    assert room.take(event()).id != made.id
    by_centre = msgspec.structs.replace(room.take(sia("FA", "1")), origin="centre")
    assert usable([by_centre], sia("FA", "1"), read(sia("FA", "1"))) == []


def test_best_of_several_is_the_one_with_its_point_then_of_its_type_then_the_latest():
    room = Room({"5512": "site-1", "7001": "site-1"})
    first = room.take(sia("BA", "1"))
    room.wait(1_300)
    second = room.take(sia("BA", "2"))
    assert first.id != second.id
    room.act(second, Claim())
    room.wait(1)
    assert room.take(sia("BA", "2")).id == second.id
    assert room.take(sia("BA", "3")).id == second.id
    assert room.take(cid("131", "1", "6")).id == second.id, "same point counts by its code as well"
    assert room.take(cid("131", "1")).id == second.id


def test_of_two_fires_the_one_of_its_type_is_taken_before_the_latest():
    room = Room()
    smoke = room.take(cid("111", "1"))
    alarm = room.wait(1_801).take(cid("110", "9"))
    room.wait(1).take(cid("111", "1", "6"))
    room.wait(1).take(cid("110", "9"))
    assert (room.now_of(smoke).signals, room.now_of(alarm).signals) == (2, 2)
    assert room.wait(1).take(cid("112", "7")).id == smoke.id
    assert room.take(cid("117", "8")).id == alarm.id


def test_still_present_finds_the_incident_that_has_its_point():
    room = Room()
    first = room.take(cid("131", "001"))
    room.wait(1_300)
    second = room.take(cid("131", "002"))
    assert room.take(cid("131", "001", "6")).id == first.id
    assert room.take(cid("131", "002", "6")).id == second.id


def test_oldest_beyond_the_candidates_are_not_looked_at():
    room = Room({str(account): "site-1" for account in range(5000, 5000 + CANDIDATES_MAX + 2)})
    first = room.take(sia("QA", "1", account="5000"))
    for account in range(5001, 5000 + CANDIDATES_MAX):
        room.take(sia("QA", "1", account=str(account)))
    assert room.take(sia("QA", "1", account="5000")).id == first.id, "the last that is looked at"
    second = room.take(sia("QA", "1", account="5001"))
    room.take(sia("QA", "1", account=str(5000 + CANDIDATES_MAX)))
    assert len(usable(room.open, sia("QA"), read(sia("QA")))) == CANDIDATES_MAX
    assert len(room.open) == CANDIDATES_MAX + 1
    before = set(ids(room))
    assert room.take(sia("QA", "1", account="5002")).id not in before, "its incident is the one that stands longest"
    assert room.take(sia("QA", "1", account="5004")).id in before
    assert second.id in before


def test_order_of_the_candidates_does_not_matter():
    room = Room({"5512": "site-1"})
    room.take_all([sia("BA", "1"), sia("FA", "1"), sia("MA", "1")])
    room.wait(5_000).take_all([sia("BA", "1"), sia("FA", "1")])
    signal = sia("BR", "1", received_at=room.now)
    decided = [
        decide_signal(read(signal), signal, "r-9", "account-5512", "site-1", order, 9, 1, CATALOGUE)
        for order in (room.open, list(reversed(room.open)))
    ]
    assert decided[0] == decided[1]


# What joining changes -----------------------------------------------------------------------------------------------


def test_joining_counts_and_dates():
    room = Room()
    first = room.take(sia("FA", "1"))
    room.wait(12.9).take(sia("FA", "2"))
    now = room.now_of(first)
    assert (now.signals, now.opened_at, now.last_at, now.alarm_at) == (2, START_US, room.now, room.now)
    assert [point.zone for point in now.points] == ["1", "2"]
    body = msgspec.json.decode(room.facts[-1][-1])
    assert (body["gap_s"], body["raised_from"], body["is_alarm"], body["is_news"]) == (12, None, True, True)


def test_same_again_is_counted_and_is_no_news():
    room = Room()
    first = room.take(sia("FA", "1"))
    room.take(sia("FA", "001"))
    now = room.now_of(first)
    assert (now.signals, len(now.points), now.alarmed) == (2, 1, first.version)
    assert now.version > first.version


@pytest.mark.parametrize(
    ("before", "signal"),
    [
        ([sia("FA", "1")], sia("FA", "2")),
        ([cid("118", "1")], cid("110", "1")),
        ([sia("FA", "1"), sia("FH", "1")], sia("FA", "1")),
        ([sia("BG", "1")], sia("BA", "1")),
    ],
    ids=["another detector", "more urgent", "active again", "raised"],
)
def test_what_tells_of_more_is_news(before, signal):
    room = Room()
    first = room.take(before[0])
    room.take_all(before[1:])
    assert room.take(signal).id == first.id
    now = room.now_of(first)
    assert now.alarmed == now.version


def test_silence_is_kept_and_is_news():
    room = Room()
    first = room.take(sia("UA", "1", known=False))
    room.take(sia("HQ", "1", known=False))
    now = room.now_of(first)
    assert (now.silent, now.priority, now.alarmed) == (True, 1, now.version)
    room.take(sia("UA", "1", known=False))
    assert room.now_of(first).silent


def test_same_detector_is_news_where_the_zone_list_makes_more_of_it_now():
    room = Room()
    first = room.take(sia("BA", "5"))
    room.zones = zones(z5=(None, 1))
    room.take(sia("BA", "5"))
    now = room.now_of(first)
    assert (now.priority, now.alarmed, len(now.points)) == (1, now.version, 1)
    quiet = room.take(sia("FE", "7"))
    room.zones = zones(z7=("HOLD-UP", None))
    assert room.take(sia("FE", "7")).id == quiet.id
    now = room.now_of(quiet)
    assert (now.silent, now.alarmed, len(now.points)) == (True, now.version, 1)


def test_gap_is_never_less_than_nothing():
    room = Room()
    room.take(sia("FA", "1"))
    room.wait(-5).take(sia("FA", "2"))
    assert msgspec.json.decode(room.facts[-1][-1])["gap_s"] == 0


def test_what_the_centre_says_is_no_signal():
    notice = CentreNoticed(account=None, count=1, notice="disk_full", reason=None)
    room = Room()
    made = room._apply(None, decide_notice(notice, START_US, [], 1, 1, CATALOGUE), None)
    again = decide_notice(notice, START_US + 1, [made], 2, 1, CATALOGUE)
    assert (made.signals, room._apply(made, again[1], None).signals) == (0, 0)


def test_information_goes_to_the_incident_of_its_zone_before_the_latest():
    room = Room()
    first, second = room.take(sia("MA", "1")), room.wait(1).take(sia("MA", "2"))
    room.take_all([sia("MH", "1"), sia("MH", "2")])
    assert room.take(sia("MH", "1")).id == first.id
    assert room.take(sia("MH", "2")).id == second.id
    assert room.last == ("joined", "restored_nothing")


def test_restoral_belongs_to_the_alarm_before_the_fault():
    room = Room(zone_rules=zones(z5=("FIRE-SMOKE", None)))
    fire = room.take(sia("BA", "5"))
    room.wait(1).take(sia("BT", "5"))
    assert room.take(sia("BR", "5")).id == fire.id


def test_information_is_no_alarm_and_no_news():
    room = Room()
    first = room.take(sia("BA", "1"))
    room.wait(60).take_all([sia("BH", "1"), user(sia("OR")), user(sia("BC")), sia("BH", "9")])
    now = room.now_of(first)
    assert [one[:2] for one in room.ended[1:]] == [
        ("joined", "restored"),
        ("joined", "disarmed"),
        ("joined", "cancelled"),
        ("joined", "restored_nothing"),
    ]
    assert (now.alarmed, now.alarm_at, now.last_at) == (first.version, START_US, room.now)
    assert (now.priority, now.signals, now.condition) == (2, 5, "returned")


# Confirmed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signals", "confirmed"),
    [
        ([sia("BA", "1")], False),
        ([sia("BA", "1"), sia("BA", "1")], False),
        ([sia("BA", "1"), sia("BA", "2")], True),
        ([sia("BA", "1"), sia("BH", "1"), sia("BA", "2")], True),
        ([sia("BA", "1"), sia("BH", "1"), sia("BA", "1")], False),
        ([sia("BA"), sia("BA", "2")], False),
        ([sia("BA", "1"), sia("BA")], False),
        ([sia("BA", "0"), sia("BA", "2")], False),
        ([sia("BA", "1"), sia("BV", "1")], False),
        ([sia("BA", "1"), sia("DF", "1")], False),
        ([sia("BA", "1"), sia("UZ", "2")], False),
        ([sia("UZ", "1"), sia("BA", "2")], False),
        ([sia("UZ", "1"), sia("UR", "1"), sia("BA", "2")], False),
        ([sia("BA", "1"), sia("BA", "1", account="7001")], True),
        ([cid("110", "1"), cid("110", "2")], True),
        ([sia("TA", "1"), sia("TA", "2")], False),
        ([sia("ZA", "1"), sia("ZA", "2")], False),
        ([sia("HA", "1"), sia("HA", "2")], True),
        ([sia("FA", "1", known=False), sia("FA", "2", known=False)], True),
    ],
)
def test_confirmed_is_another_detector_of_an_alarm(signals, confirmed):
    room = Room({"5512": "site-1", "7001": "site-1"})
    first = room.take(signals[0])
    room.take_all(signals[1:])
    assert ids(room) == [first.id]
    assert room.now_of(first).confirmed == confirmed


def test_confirmed_stays():
    room = Room()
    first = room.take(sia("BA", "1"))
    room.take_all([sia("BA", "2"), sia("BR", "1"), sia("BR", "2"), sia("BA", "1")])
    assert room.now_of(first).confirmed


# Points -------------------------------------------------------------------------------------------------------------


def test_returned_when_nothing_is_active_any_more_and_active_again_with_the_next():
    room = Room()
    first = room.take(sia("FA", "1"))
    room.take(sia("FA", "2"))
    room.take(sia("FH", "1"))
    assert (room.now_of(first).condition, len(room.now_of(first).points)) == ("active", 1)
    room.take(sia("FH", "2"))
    assert (room.now_of(first).condition, room.now_of(first).points) == ("returned", ())
    room.take(sia("FA", "2"))
    assert room.now_of(first).condition == "active"


def test_more_points_than_are_remembered_never_return_by_themselves():
    room = Room()
    first = room.take(sia("FA", "1"))
    for zone in range(2, POINTS_MAX + 1):
        room.take(sia("FA", str(zone)))
    assert (len(room.now_of(first).points), room.now_of(first).points_full) == (POINTS_MAX, False)
    room.take(sia("FA", "1"))
    assert not room.now_of(first).points_full, "one that is remembered needs no place"
    room.take(sia("FA", str(POINTS_MAX + 1)))
    assert (len(room.now_of(first).points), room.now_of(first).points_full) == (POINTS_MAX, True)
    for zone in range(1, POINTS_MAX + 2):
        room.take(sia("FH", str(zone)))
    now = room.now_of(first)
    assert (now.points, now.condition, now.signals) == ((), "active", 2 * POINTS_MAX + 3)
    room.wait(61).take_all([sia("FA", "1"), sia("FH", "1")])  # nothing chatters
    now = room.now_of(first)
    assert (now.points, now.condition, now.points_full) == ((), "active", True), "nobody knows of the forgotten one"
    assert ids(room) == [first.id]


def test_zone_0_is_the_whole_panel():
    room = Room()
    first = room.take(sia("FA", "00"))
    assert (first.zone, first.points[0].zone) == ("0", None)
    room.take(sia("FA", "1"))
    room.take(sia("FH"))
    assert [point.zone for point in room.now_of(first).points] == ["1"]
    room.take(sia("FH", "0"))
    assert [point.zone for point in room.now_of(first).points] == ["1"]


@pytest.mark.parametrize("signal", [sia("FL"), sia("BV", "1"), sia("CI", "1"), user(cid("453")), cid("912", "1")])
def test_what_only_happened_leaves_no_point_behind(signal):
    assert Room().take(signal).points == ()


def test_fire_that_was_silenced_returns_with_its_detectors():
    room = Room()
    first = room.take(sia("FA", "1"))
    room.take_all([sia("FL"), sia("FR", "1")])
    assert room.now_of(first).condition == "returned"


# Disputed messages (DC09.md section 4) ------------------------------------------------------------------------------


def test_disputed_alarm_keeps_type_and_priority_and_stands_alone():
    room = Room({"5512": "site-1"})
    real = room.take(sia("FA", "1"))
    disputed = room.take(sia("FA", "1", disputed=True, data_account="4711"))
    assert disputed.id != real.id
    assert (disputed.type, disputed.priority, disputed.reason) == ("FIRE-ALARM", 1, "disputed")
    assert (disputed.account, disputed.zone) == ("5512", None), "the zone is another account's"
    assert [(point.account, point.account_id, point.zone) for point in disputed.points] == [("4711", None, "1")]
    assert room.take(sia("FA", "2")).id == real.id
    assert room.take(sia("FA", "2", disputed=True, data_account="4711")).id == disputed.id
    assert room.last == ("joined", "same_disputed_account")
    assert not room.now_of(disputed).confirmed
    assert room.take(sia("FA", "2", disputed=True, data_account="4712")).id not in (real.id, disputed.id)


def test_disputed_restoral_ends_nothing():
    room = Room({"5512": "site-1", "4711": "site-1"})
    real = room.take(sia("FA", "1"))
    other = room.take(sia("FA", "1", account="4711"))
    disputed = room.take(sia("FA", "1", disputed=True, data_account="4711"))
    before = [room.now_of(one).points for one in (real, other, disputed)]
    room.take(sia("FR", "1", disputed=True, data_account="4711"))
    room.take(sia("FR", "1", disputed=True, data_account="9999"))
    assert [room.now_of(one).points for one in (real, other, disputed)] == before
    room.take(sia("FR", "1", account="4711"))
    assert room.now_of(disputed).points == before[2]


def test_disputed_message_is_not_read_by_the_zone_list_of_its_sender():
    signal = sia("BA", "1", disputed=True, data_account="4711")
    reading = read(signal, zones(z1=("FIRE-SMOKE", 1)))
    assert (reading.type, reading.zone, reading.detector) == ("INT-BURGLARY", None, "1"), "zone 1 of another account"
    assert read(sia("NX", "1", disputed=True, data_account="4711")).reason == reasons.DISPUTED_UNKNOWN_CODE
