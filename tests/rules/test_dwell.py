"""A contact that bounces is told of once: never where lives hang on it, and never where anything is new."""

import pytest
from msgspec.structs import replace

from support.events import Room, sia
from tocsin.model.catalogue import HazardClass
from tocsin.rules import reasons
from tocsin.rules.chatter import DWELLING, LIFE_SAFETY, is_brief
from tocsin.rules.judgement import JUDGEMENT, Dwell
from tocsin.rules.parameters import judgement_with

OFF_S = JUDGEMENT.dwell.off_s
BOUNCING = [("BA", "BR", "5"), ("WA", "WR", "5"), ("AT", "AR", None), ("YT", "YR", None)]


def bounced(alarm, over, zone, after_s, room=None):
    """A detector that alarms, is over, and alarms again so much later; the incident before and after that."""
    room = room or Room({"5512": "site-1"})
    room.take(sia(alarm, zone))
    before = room.wait(5).take(sia(over, zone))
    assert before.condition == "returned"
    return room, before, room.wait(after_s).take(sia(alarm, zone))


@pytest.mark.parametrize(("alarm", "over", "zone"), BOUNCING)
def test_detector_that_was_back_for_a_moment_is_active_again_and_not_told_anew(alarm, over, zone):
    room, before, after = bounced(alarm, over, zone, OFF_S - 1)
    assert room.last == ("joined", reasons.BRIEF)
    assert (after.id, after.condition, after.alarmed) == (before.id, "active", before.alarmed)
    assert (after.signals, len(after.points)) == (before.signals + 1, 1)
    assert room.rebuilt() == room.incidents


@pytest.mark.parametrize(("alarm", "over", "zone"), BOUNCING)
def test_after_the_dwell_it_is_told_anew(alarm, over, zone):
    room, before, after = bounced(alarm, over, zone, OFF_S)
    assert room.last[1] != reasons.BRIEF
    assert (after.condition, after.alarmed) == ("active", after.version)
    assert after.alarmed > before.alarmed


@pytest.mark.parametrize(
    ("alarm", "over", "zone"), [("FA", "FH", "5"), ("GA", "GH", "5"), ("MA", "MH", "5"), ("HA", "HH", "5")]
)
def test_what_is_about_lives_is_told_anew_at_once(alarm, over, zone):
    room, before, after = bounced(alarm, over, zone, 1)
    assert room.last[1] != reasons.BRIEF
    assert after.alarmed > before.alarmed


def test_no_class_where_lives_hang_on_it_has_a_dwell():
    assert DWELLING.isdisjoint(LIFE_SAFETY | {"welfare_check", "violence", "missing_person", "collision"})
    room, before, after = bounced("BA", "BR", "5", 1)
    (point,) = after.points
    found = {
        hazard
        for hazard in HazardClass.__args__
        if is_brief(replace(before, hazard=hazard), point, room.now, JUDGEMENT.dwell)
    }
    assert found == DWELLING
    assert not is_brief(replace(before, priority=1), point, room.now, JUDGEMENT.dwell)
    assert not is_brief(replace(before, silent=True), point, room.now, JUDGEMENT.dwell)


def test_another_zone_and_what_is_more_urgent_are_told_within_the_dwell():
    room, before, after = bounced("BA", "BR", "5", 1)
    other = room.wait(1).take(sia("BA", "6"))
    assert (other.id, other.alarmed) == (after.id, other.version)
    room, before, _ = bounced("BT", "BJ", "5", 1)
    urgent = room.take(sia("BA", "5"))
    assert urgent.alarmed == urgent.version
    assert urgent.id == before.id or urgent.opened_at > before.opened_at


def test_clock_that_is_set_back_and_a_detector_that_nobody_knows_are_told():
    room, before, after = bounced("BA", "BR", "5", -3_600)
    assert after.alarmed > before.alarmed or after.id != before.id
    room = Room({"5512": "site-1"})
    room.take(sia("BA", "5"))
    before = room.wait(5).take(sia("BR", "5"))
    other = room.wait(1).take(sia("BA", "7"))
    assert (other.id, other.alarmed) == (before.id, other.version)


def test_it_is_a_parameter_within_its_range_and_nought_switches_it_off():
    assert judgement_with({"dwell.off_s": 0}) == replace(JUDGEMENT, dwell=Dwell(off_s=0))
    room = Room({"5512": "site-1"}, judgement=judgement_with({"dwell.off_s": 0}))
    room, before, after = bounced("BA", "BR", "5", 0, room)
    assert after.alarmed > before.alarmed
