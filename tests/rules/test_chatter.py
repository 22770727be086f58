"""A detector that alarms again and again is one incident and one number; nothing that is new is counted away."""

import msgspec
import pytest

from support.events import CATALOGUE, Room, cid, sia
from tocsin.model.commands import Claim, Close, Reopen
from tocsin.model.incidents import ALARMS_KEPT, SOURCES_MAX
from tocsin.rules import reasons
from tocsin.rules.chatter import LIFE_SAFETY, decide_quiet, next_quiet
from tocsin.rules.incident import BODIES
from tocsin.rules.judgement import JUDGEMENT
from tocsin.rules.words import tell

RULE = JUDGEMENT.chatter
SWINGS = (sia("BA", "5"), sia("BR", "5"))


def chattering(times=3, room=None, alarm=SWINGS[0], over=SWINGS[1]):
    """A room with an incident whose detector has begun to chatter."""
    room = room or Room({"5512": "site-1", "7001": "site-1"})
    first = room.take(alarm)
    for _ in range(times - 1):
        room.wait(2).take(over)
        room.wait(2).take(alarm)
    return room, room.now_of(first)


def lines(room, incident):
    return [
        tell(msgspec.json.decode(body, type=BODIES[kind]), actor, CATALOGUE)
        for id_, kind, _, _, actor, body in room.facts
        if id_ == incident.id
    ]


def test_third_alarm_within_a_minute_begins_to_chatter_and_is_counted_from_the_first():
    room, incident = chattering(2)
    assert incident.chatter_since is None
    room, incident = chattering(3)
    assert room.last == ("joined", reasons.CHATTERING)
    assert (incident.chatter_since, incident.chatter_count) == (incident.opened_at, 3)
    assert "It chatters" in lines(room, incident)[-1]


def test_nobody_closes_as_over_what_chatters_again_without_having_seen_that():
    room, _ = chattering(2)
    seen = room.wait(2).take(SWINGS[1])
    assert seen.condition == "returned"
    after = room.wait(2).take(SWINGS[0])
    assert room.last == ("joined", reasons.CHATTERING)
    assert (after.id, after.condition, after.alarmed) == (seen.id, "active", after.version)


def test_three_alarms_over_more_than_a_minute_are_told_one_by_one():
    room = Room()
    first = room.take(SWINGS[0])
    for _ in range(9):
        room.wait(RULE.window_s // 2 + 1).take(SWINGS[0])
    assert room.now_of(first).chatter_since is None
    assert {reason for _, reason, _ in room.ended[1:]} == {"same_point"}


def test_what_comes_after_is_counted_and_neither_told_nor_news():
    room, before = chattering()
    facts = len(room.facts)
    for _ in range(50):
        room.wait(1).take(SWINGS[1])
        assert room.last == ("joined", reasons.FOLDED)
        room.wait(1).take(SWINGS[0])
        assert room.last == ("joined", reasons.FOLDED)
    after = room.now_of(before)
    assert (after.signals, after.chatter_count) == (before.signals + 100, before.chatter_count + 100)
    assert (after.condition, after.alarmed, after.points) == ("active", before.alarmed, before.points)
    assert {kind for _, kind, *_ in room.facts[facts:]} == {"incident.folded"}
    assert len(room.open) == 1
    assert len(after.sources) == 1
    assert len(after.sources[0].at) == ALARMS_KEPT
    assert room.rebuilt() == room.incidents


def test_first_alarm_of_another_zone_is_news_whatever_chatters():
    room, before = chattering()
    other = room.take(sia("BA", "6"))
    assert (other.id, other.alarmed) == (before.id, other.version)
    assert room.last == ("joined", "same_site")
    assert other.confirmed


def test_other_account_of_the_site_with_the_same_zone_number_is_another_detector():
    room, before = chattering()
    other = room.take(sia("BA", "5", account="7001"))
    assert room.last == ("joined", "same_site")
    assert other.alarmed > before.alarmed


def test_more_urgent_word_of_the_detector_that_chatters_is_told():
    room, before = chattering(alarm=sia("BG", "5"))
    assert (before.priority, before.chatter_count) == (3, 3)
    raised = room.take(sia("BM", "5"))
    assert (raised.priority, raised.alarmed) == (2, raised.version)


@pytest.mark.parametrize("alarm", [sia("FA"), sia("GA"), sia("MA"), sia("PA"), sia("FA", "0")])
def test_life_safety_without_a_zone_is_never_hushed_since_it_could_be_another_detector(alarm):
    room = Room()
    for _ in range(10):
        room.wait(1).take(alarm)
    (incident,) = room.open
    # How many came is known, so that a detector that runs away is told of (decision 0079); each is told all the same.
    assert (incident.chatter_count, incident.signals, incident.hazard in LIFE_SAFETY) == (0, 10, True)


def test_fault_of_a_whole_panel_without_a_zone_is_counted():
    _, incident = chattering(5, alarm=sia("AT"), over=sia("AR"))
    assert (incident.type, incident.chatter_count, incident.signals) == ("TECH-MAINS", 7, 9)


def test_message_whose_accounts_dispute_each_other_is_never_counted():
    room = Room()
    for _ in range(5):
        room.take(sia("BA", "5", disputed=True, data_account="9"))
    assert {incident.sources for incident in room.open} == {()}


def test_first_alarm_after_a_closing_opens_though_it_chattered():
    room, incident = chattering()
    room.act(incident, Claim())
    closed = room.act(incident, Close(disposition="fault"))
    assert closed.sources == ()
    assert room.take(SWINGS[0]).id != incident.id


def test_reopened_incident_begins_anew():
    room, incident = chattering()
    room.act(incident, Claim())
    room.act(incident, Close(disposition="fault"))
    room.wait(5)
    reopened = room.act(incident, Reopen(reason="active_again"))
    assert reopened.chatter_since is None
    room.take(SWINGS[0])
    assert room.last == ("joined", "same_point")


def test_quiet_ends_it_and_what_was_restored_last_is_over():
    room, incident = chattering()
    room.wait(3).take(SWINGS[1])
    incident = room.now_of(incident)
    due = next_quiet(incident, RULE)
    assert due == incident.last_at + RULE.quiet_s * 1_000_000
    assert decide_quiet(incident, due - 1, RULE) is None
    body = decide_quiet(incident, due, RULE)
    assert (body.condition, body.points_ended, body.quiet_s) == ("returned", incident.points, RULE.quiet_s)
    after = room._apply(incident, body, None)
    assert (after.condition, after.points, after.sources, after.chatter_since) == ("returned", (), (), None)
    assert lines(room, incident)[-1] == (
        "The detector of zone 5 chattered: 4 signals. Now quiet for 00:05:00. Nothing is active any more: returned."
    )


def test_quiet_while_in_alarm_leaves_it_active():
    room, incident = chattering()
    body = decide_quiet(incident, next_quiet(incident, RULE), RULE)
    assert (body.condition, body.points_ended) == ("active", ())
    assert room._apply(incident, body, None).points == incident.points


def test_one_detector_goes_quiet_while_another_chatters_on():
    room, _ = chattering()
    room.wait(200)
    room, _ = chattering(3, room, sia("BA", "6"), sia("BR", "6"))
    incident = room.open[0]
    room.wait(150)
    body = decide_quiet(incident, room.now, RULE)
    assert [one.zone for one in body.sources] == ["5"]
    after = room._apply(incident, body, None)
    assert [one.zone for one in after.sources if one.since] == ["6"]


def test_restoral_of_a_fault_and_an_alarm_of_one_zone_leaves_what_chatters_in_the_other_incident():
    room, burglary = chattering()
    room, trouble = chattering(3, room, sia("BT", "5"), sia("BJ", "5"))
    assert burglary.id != trouble.id
    facts = len(room.facts)
    for _ in range(20):
        room.take(sia("BA", "5"))
        room.take(sia("BR", "5"))
        room.take(sia("BT", "5"))
    assert {kind for _, kind, *_ in room.facts[facts:]} == {"incident.folded"}


def test_many_detectors_are_watched_to_a_limit_and_those_that_chatter_stay():
    room, incident = chattering()
    for zone in range(10, 10 + 3 * SOURCES_MAX):
        room.take(sia("BA", str(zone)))
    after = room.now_of(incident)
    assert len(after.sources) == SOURCES_MAX
    assert after.chatter_since is not None
    room.take(SWINGS[0])
    assert room.last == ("joined", reasons.FOLDED)


def test_more_detectors_chatter_than_are_watched_and_the_rest_is_told_one_by_one():
    room = Room()
    for zone in range(1, SOURCES_MAX + 3):
        for _ in range(4):
            room.take(sia("BA", str(zone)))
    (incident,) = room.open
    assert sum(one.since is not None for one in incident.sources) == SOURCES_MAX
    assert room.last == ("joined", "same_point")


def test_contact_id_is_counted_as_dc_03_is():
    _, incident = chattering(4, alarm=cid("131", "5"), over=cid("131", "5", "3"))
    assert (incident.chatter_count, incident.signals) == (5, 7)


def test_clock_that_was_set_back_makes_nothing_chatter():
    room = Room().wait(86_400)
    room.take(SWINGS[0])
    room.wait(-3_000).take(SWINGS[0])
    room.wait(-3_000).take(SWINGS[0])
    assert all(one.chatter_since is None for one in room.open)
