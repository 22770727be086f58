"""Every coded reason and every fact has its sentence: plain, short, and without anybody's name."""

import re

import msgspec
import pytest

from support.events import CATALOGUE, Room, cid, event, sia, user, zones
from tocsin.model.catalogue import HazardClass
from tocsin.model.commands import AddNote, Claim, Close, Release, Reopen
from tocsin.model.incidents import DISPOSITIONS, REOPEN_REASONS, IncidentPlaced
from tocsin.model.journal import CentreNoticed
from tocsin.model.retention import ERASE_REASONS, HOLD_REASONS, LIFT_REASONS, IncidentErased
from tocsin.model.values import Code
from tocsin.rules import notices, reasons, words
from tocsin.rules.incident import BODIES
from tocsin.rules.on_test import decide_end
from tocsin.rules.words import REASONS, code_words, tell, why, zone_words


def told(room, incident):
    """The time line of an incident."""
    return [
        tell(msgspec.json.decode(body, type=BODIES[kind]), actor, CATALOGUE)
        for id_, kind, _seq, _at, actor, body in room.facts
        if id_ == incident.id
    ]


def test_every_reason_has_its_sentence_and_every_sentence_a_reason():
    named = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}
    of_notices = {notice.reason for notice in notices.NOTICES.values()} | {"notice_again", "notice_over"}
    assert set(REASONS) == named | of_notices
    watching = reasons.OUTAGES | reasons.WATCHING | reasons.SCHEDULE | reasons.KEPT_LATE | reasons.HOLD_UP
    watching |= reasons.RUNAWAYS
    by_people = reasons.REGROUPING | reasons.REPORTING | {reasons.QUARANTINED}
    assert reasons.OPENING | reasons.JOINING | reasons.FILING | watching | by_people == named
    assert not reasons.OPENING & reasons.JOINING | reasons.JOINING & reasons.FILING | reasons.OPENING & reasons.FILING


def test_every_reason_that_signals_get_has_its_sentence_and_no_other_is_declared():
    seen = set()
    for known in (True, False):
        for (format_, code), rule in CATALOGUE.codes.items():
            for qualifier in ("1", "3", "6") if format_ == "CID" else (None,):
                room = Room({"5512": "site-1"}, zones(z3=("FIRE-SMOKE", None), z4=(None, 1)))
                for zone in ("3", "4", "5"):
                    made = cid(code, zone, qualifier) if format_ == "CID" else sia(code, zone)
                    made = msgspec.structs.replace(made, known=known)
                    room.take(user(made) if rule.address_is == "user" else made)
                seen |= {reason for _, reason, _ in room.ended}
    room = Room({"5512": "site-1", "7001": "site-1"}, zones(z3=("HOLD-UP", None)))
    disputed = {"disputed": True, "data_account": "1"}
    room.take_all([sia("PQ", "1"), sia("FE", "6"), sia("NX", "7"), sia("NX", "3"), event(), cid("199", "1", "3")])
    room.take_all([sia("MA", "1"), sia("QA", "1"), sia("FA", "1"), sia("FA", "1", account="7001"), sia("PA", "1")])
    room.take_all([sia("PA", "2"), sia("BA", "1"), user(sia("OR")), sia("BH", "9"), sia("BH", "1"), user(sia("BC"))])
    room.take_all([sia("BA", "1"), sia("BA", "1"), sia("BA", "1")])
    room.take_all([user(sia("EE")), sia("FA", "1", **disputed), sia("FA", "2", **disputed), sia("FE", "1", **disputed)])
    seen |= {reason for _, reason, _ in room.ended}
    # What a test hid and is still active opens for that reason, whatever the signal was.
    active = next(one for one in room.incidents.values() if one.condition == "active" and one.points)
    _, opened = decide_end(active, room.now, 1, 1, CATALOGUE)
    seen.add(opened.reason)
    left_out = msgspec.structs.replace(active, presentation="out_of_service")
    seen.add(decide_end(left_out, room.now, 1, 1, CATALOGUE)[1].reason)
    # tests/centre/test_regrouping.py, test_area_mains.py and test_runaway.py have these.
    seen |= {reasons.COUNTED_IN_FAULT, reasons.AREA_MAINS, reasons.AREA_MAINS_JOINED, reasons.MERGED_HERE}
    assert seen == reasons.OPENING | reasons.JOINING | reasons.FILING
    assert seen <= set(REASONS)


ALL_WORDS = [
    *REASONS.values(),
    *words.DISPOSITION_WORDS.values(),
    *words.REOPEN_WORDS.values(),
    *words.HAZARD_WORDS.values(),
]


@pytest.mark.parametrize("text", ALL_WORDS)
def test_words_are_plain(text):
    assert text[0].isupper()
    assert len(text) <= 180
    assert not re.search(r"(?i)please|!|\bevent id\b|\berror\b|[{}\[\]_]", text)


def test_reasons_are_whole_sentences():
    assert all(text.endswith(".") for text in REASONS.values())


def test_reason_of_another_version_is_shown_as_it_is():
    assert why("from_the_future") == "Reason: from_the_future."


def test_closed_sets_have_their_words():
    assert tuple(words.DISPOSITION_WORDS) == (*DISPOSITIONS, "handled_by_plan")
    assert tuple(words.REOPEN_WORDS) == REOPEN_REASONS
    assert tuple(words.HOLD_WORDS) == HOLD_REASONS
    assert tuple(words.LIFT_WORDS) == LIFT_REASONS
    assert tuple(words.ERASE_WORDS) == ("time", *ERASE_REASONS)
    assert set(words.HAZARD_WORDS) == set(HazardClass.__args__)


def test_end_of_texts_by_time_is_told_as_the_centres():
    erased = IncidentErased(approval=None, exercise=False, keys=(), notes=0, reason=Code("time"), values=2)
    assert words.tell_data(erased, None) == "The centre erased its texts: their time was over."


def test_codes_are_told_with_their_meaning():
    assert code_words("FA", CATALOGUE) == "FA Fire alarm"
    assert code_words("E131", CATALOGUE) == "E131 Perimeter burglary alarm"
    assert code_words("R131", CATALOGUE) == "R131 over: Perimeter burglary alarm"
    assert code_words("P131", CATALOGUE) == "P131 Perimeter burglary alarm (still present)"
    assert code_words("R453", CATALOGUE) == "R453 Failed to open"
    assert code_words("XQQ", CATALOGUE) == "Unknown code XQQ"
    assert code_words(None, CATALOGUE) == "A message without an event"


def test_zones_are_told_with_the_word_for_what_they_are():
    assert [zone_words(one) for one in ("5", "door-3", "linecard-1", "number-2", None)] == [
        "zone 5",
        "door 3",
        "line card 1",
        "address 2",
        "",
    ]


def test_time_line_of_a_fire():
    room = Room({"5512": "site-1"})
    fire = room.take(cid("118", "014"))
    room.take(cid("111", "015"))
    room.act(fire, Claim())
    room.act(fire, AddNote(note="text-1"))
    room.act(fire, Claim(take_over=True), actor="user-2")
    room.take_all([cid("118", "014", "3"), cid("111", "015", "3")])
    room.act(fire, Close(disposition="real", note="text-2"), actor="user-2")
    room.act(fire, Reopen(reason="closed_by_mistake"), actor="user-2")
    room.act(fire, Release(), actor="user-2")
    assert told(room, fire) == [
        "Opened as FIRE-ALARM (Automatic fire alarm; kind of detector unknown or heat or flame), priority 2: E118 Fire "
        "near alarm: detector close to its alarm level, zone 14. Type and priority are those of its code in the code "
        "table.",
        "E111 Smoke detector alarm, zone 15. Joined: the same site, shortly after. Priority raised from 2 to 1. "
        "Confirmed: a detector of another zone says so too.",
        "{user-1} claimed it.",
        "{user-1} wrote a note.",
        "{user-2} took it over from {user-1}.",
        "R118 over: Fire near alarm: detector close to its alarm level, zone 14. Joined: a restoral of what is active "
        "here. Over: Fire near alarm: detector close to its alarm level, zone 14. Others are active.",
        "R111 over: Smoke detector alarm, zone 15. Joined: a restoral of what is active here. Over: Smoke detector "
        "alarm, zone 15. Nothing is active any more: returned.",
        "{user-2} closed it. Real: the hazard was there. With a note.",
        "{user-2} reopened it and has it. Closed by mistake.",
        "{user-2} gave it back to the queue.",
    ]


def test_time_line_of_a_silent_call_says_so():
    room = Room()
    first = room.take(sia("HA", "1"))
    assert told(room, first)[0].endswith(" Handle it in silence.")


def test_point_that_ended_with_another_incident_is_told():
    room = Room()
    room.take(sia("BA", "3"))
    fault = room.take(sia("BT", "3"))
    room.take(sia("BR", "3"))
    assert told(room, fault)[-1] == (
        "Over: Burglary zone trouble, zone 3, by a restoral that is listed elsewhere. "
        "Nothing is active any more: returned."
    )


def test_many_points_are_counted():
    room = Room()
    first = room.take(sia("BA", "3"))
    room.take_all([sia(code, "3") for code in ("BG", "BM", "EA")])
    room.take(sia("BR", "3"))
    assert "Over: 4 detectors." in told(room, first)[-1]


def test_what_the_centre_says_itself_is_told():
    notice = CentreNoticed(account=None, count=1, notice="disk_full", reason=None)
    room = Room()
    opened = notices.decide_notice(notice, room.now, [], 1, 1, CATALOGUE)
    made = room._apply(None, opened, None)
    assert told(room, made)[0].startswith("Opened by the centre as TECH-CENTRE (The centre itself is impaired")
    again = notices.decide_notice(notice, room.now, [made], 2, 1, CATALOGUE)[1]
    assert tell(again, None, CATALOGUE) == "The centre noticed the same again."
    placed = IncidentPlaced(account_id="account-1", config=1, exercise=False, points=(), site_id=None)
    assert tell(placed, None, CATALOGUE) == "The account that it came from has been set up, so its place is known."


def test_type_that_is_gone_from_the_catalogue_is_told_by_its_name():
    room = Room()
    body = msgspec.structs.replace(msgspec.convert(room_body(room), BODIES["incident.opened"]), type="GONE")
    assert tell(body, None, CATALOGUE).startswith("Opened as GONE, priority 1: FA Fire alarm, zone 1. ")


def room_body(room):
    room.take(sia("FA", "1"))
    return msgspec.json.decode(room.facts[-1][-1])
