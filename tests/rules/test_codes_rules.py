"""The rules of CODES.md, by number, each on signals as panels send them."""

import string

import pytest

from support.events import CATALOGUE, Room, cid, event, read, sia, user, zones
from tocsin.model.catalogue import MACHINE_NEVER
from tocsin.model.commands import Claim, Close
from tocsin.rules import reasons

ALL_CODES = sorted(CATALOGUE.codes)
OVER = ("restoral", "trouble_restoral")
CID_CODES = [one for one in ALL_CODES if one[0] == "CID"]


def signal_of(format_, code, qualifier="1", zone="5", **fields):
    made = cid(code, zone, qualifier, **fields) if format_ == "CID" else sia(code, zone, **fields)
    return user(made) if CATALOGUE.codes[(format_, code)].address_is == "user" else made


# Rule 1: what opens, what joins, what is filed ----------------------------------------------------------------------


def test_1_every_code_of_priority_1_to_4_opens_its_type_and_every_other_is_filed():
    for one in ALL_CODES:
        rule, room = CATALOGUE.codes[one], Room()
        incident = room.take(signal_of(*one))
        if rule.priority == 5:
            assert incident is None, one
            assert room.ended[0][1] in reasons.FILING, one
            continue
        assert incident is not None, one
        assert (incident.type, incident.priority, incident.hazard) == (rule.type, rule.priority, rule.hazard), one
        assert (incident.state, incident.condition, incident.presentation) == ("open", "active", "shown"), one
        assert (incident.account, incident.account_id, incident.signals) == ("5512", "account-5512", 1), one
        assert incident.silent == (rule.kind == "duress"), one


def test_1_information_joins_the_open_incident_of_its_type_at_its_account():
    room = Room({"5512": "site-1", "7001": "site-1"})
    burglary = room.take(sia("BA", "1"))
    room.take(sia("OR"))
    room.take(sia("OR", account="7001"))
    room.take(sia("OR", account="9000"))
    assert [one[0] for one in room.ended] == ["opened", "joined", "filed", "filed"]
    assert room.ended[1] == ("joined", "disarmed", burglary.id)


def test_1_information_joins_the_same_zone_first():
    room = Room()
    first = room.take(sia("MA", "1"))
    second = room.take(sia("MA", "2"))
    assert first.id != second.id
    assert room.take(sia("MH", "1")).id == first.id
    assert room.take(sia("MH", "2")).id == second.id


# Rule 2: qualifiers of Contact ID -----------------------------------------------------------------------------------


def test_2_restored_opens_nothing_unless_the_qualifier_says_nothing():
    for one in CID_CODES:
        rule = CATALOGUE.codes[one]
        incident = Room().take(signal_of(*one, "3"))
        assert (incident is not None) == (rule.kind_restore == rule.kind and rule.priority < 5), one


def test_2_still_present_opens_like_new_and_never_a_second():
    for one in CID_CODES:
        rule, room = CATALOGUE.codes[one], Room()
        first = room.take(signal_of(*one, "6"))
        assert (first is not None) == (rule.priority < 5), one
        for _ in range(3):
            room.wait(7 * 86_400).take(signal_of(*one, "6"))
        assert len(room.incidents) == (rule.priority < 5), one


def test_2_still_present_joins_what_was_new_however_long_ago():
    room = Room()
    first = room.take(cid("131", "015"))
    room.wait(30 * 86_400)
    assert room.take(cid("131", "015", "6")).id == first.id
    assert room.last == ("joined", "still_present")
    assert room.take(cid("131", "015")).id == first.id, "its window counts from the last alarm"


def test_2_still_present_after_closing_is_seen_again():
    room = Room()
    first = room.take(cid("131", "015"))
    room.act(first, Claim())
    room.act(first, Close(disposition="unwanted"))
    assert room.take(cid("131", "015", "6")).id != first.id


# Rule 3: nothing closes by itself -----------------------------------------------------------------------------------


def test_3_no_restoral_cancel_or_disarming_closes_an_incident():
    called_off = [user(one) for one in (sia("OC"), sia("OR"), sia("OP"), sia("BC"), cid("406"), cid("401", None, "3"))]
    for format_, code in ALL_CODES:
        room = Room()
        incident = room.take(signal_of(format_, code))
        if incident is None:
            continue
        restorals = [two for one, two in CATALOGUE.codes if one == "SIA" and CATALOGUE.codes[one, two].kind in OVER]
        in_family = [sia(two, zone) for two in restorals if two[0] == code[0] for zone in ("5", None)]
        over = [signal_of("CID", code, "3")] if format_ == "CID" else in_family
        room.take_all([*over, *called_off])
        assert room.now_of(incident).state == "open", (format_, code)
        assert room.now_of(incident).priority == incident.priority, (format_, code)


# Rule 4: *R, *H, *J -------------------------------------------------------------------------------------------------

FAMILIES = [
    (code[0], code, trouble)
    for code, trouble in [
        ("BA", "BT"), ("FA", "FT"), ("GA", "GT"), ("HA", "HT"), ("KA", "KT"), ("MA", "MT"), ("PA", "PT"),
        ("QA", "QT"), ("SA", "ST"), ("UA", "UT"), ("WA", "WT"), ("ZA", "ZT"),
    ]
]  # fmt: skip


@pytest.mark.parametrize(("family", "alarm", "trouble"), FAMILIES)
def test_4_r_ends_alarm_and_trouble_of_its_zone_h_the_alarm_j_the_trouble(family, alarm, trouble):
    for letter, left in (("R", {}), ("H", {trouble}), ("J", {alarm})):
        room = Room()
        room.take_all([sia(alarm, "003"), sia(trouble, "3")])
        assert len(room.incidents) == 2
        room.take(sia(f"{family}{letter}", "03"))
        assert {point.code for one in room.open for point in one.points} == set(left)
        assert [one.condition for one in room.open] == ["active" if one.points else "returned" for one in room.open]


@pytest.mark.parametrize(("family", "alarm", "trouble"), FAMILIES)
def test_4_restoral_ends_nothing_of_another_zone_account_or_family(family, alarm, trouble):
    room = Room()
    room.take_all([sia(alarm, "3"), sia(trouble, "3")])
    before = {one.id: one.points for one in room.open}
    other = "B" if family != "B" else "F"
    room.take_all([sia(f"{family}R", "4"), sia(f"{family}R"), sia(f"{other}R", "3")])
    room.take_all([sia(f"{family}R", "3", account="7001"), sia(f"{family}R", "3", known=False)])
    assert {one.id: one.points for one in room.open} == before


def test_4_tr_ends_both_kinds_of_tamper_th_and_tj_one_each():
    for code, left in (("TR", set()), ("TH", {"TT"}), ("TJ", {"TA"})):
        room = Room()
        room.take_all([sia("TA"), sia("TT")])
        room.take(sia(code))
        assert {point.code for one in room.open for point in one.points} == left


def test_4_one_restoral_ends_in_one_incident_and_eases_the_other():
    room = Room()
    burglary, fault = room.take(sia("BA", "3")), room.take(sia("BT", "3"))
    assert room.take(sia("BR", "3")).id == burglary.id
    assert (room.now_of(burglary).signals, room.now_of(fault).signals) == (2, 1)
    assert (room.now_of(burglary).condition, room.now_of(fault).condition) == ("returned", "returned")
    assert [fact[1] for fact in room.facts] == [
        "incident.opened", "incident.opened", "incident.joined", "incident.restored"
    ]  # fmt: skip


# Rule 5: duress -----------------------------------------------------------------------------------------------------


def test_5_duress_is_silent_whatever_the_zone_list_says():
    silent = [one for one in ALL_CODES if CATALOGUE.codes[one].kind == "duress"]
    assert len(silent) == 8
    for one in silent:
        reading = read(signal_of(*one), zones(z5=("FLOOD-LEAK", 4)))
        assert (reading.silent, reading.priority, reading.type) == (True, 1, CATALOGUE.codes[one].type), one


def test_5_end_of_a_duress_is_no_call():
    assert (read(cid("122", "5", "3")).silent, read(cid("122", "5", "6")).silent) == (False, True)


def test_5_silence_stays():
    room = Room()
    first = room.take(sia("HA", "5"))
    assert room.take(sia("HV", "5")).id == first.id
    assert room.now_of(first).silent
    assert room.take(sia("PA", "5")).id != first.id, "a loud one is another incident"


def test_5_zone_of_hold_up_is_silent_though_its_code_is_an_alarm():
    reading = read(sia("BA", "5"), zones(z5=("HOLD-UP", None)))
    assert (reading.type, reading.priority, reading.silent) == ("HOLD-UP", 1, True)


# Rule 6: tests ------------------------------------------------------------------------------------------------------


def test_6_tests_open_nothing_but_those_that_report_a_fault():
    opening = [one for one in ALL_CODES if CATALOGUE.codes[one].kind == "test" and Room().take(signal_of(*one))]
    assert opening == [("CID", "608"), ("SIA", "RY")]


# Rule 7: unknown codes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", "ABCEFGHIJKLMNOPQRSTUVWXYZ")  # of D the table has all 26
def test_7_unknown_code_of_dc03_is_unclassified_with_caution_by_family_alone(family):
    code = next(
        f"{family}{letter}" for letter in string.ascii_uppercase if ("SIA", f"{family}{letter}") not in CATALOGUE.codes
    )
    reading = read(sia(code, "7"))
    assert (reading.type, reading.hazard, reading.kind) == ("TECH-UNCLASSIFIED", "technical", None)
    assert (reading.is_known_code, reading.code) == (False, code)
    assert reading.priority == (1 if family in "FKSGMQHP" else 2)
    assert reading.silent == (family in "HP")


@pytest.mark.parametrize("code", ["109", "119", "12B", "13F", "199", "359", "360", "470", "471", "473", "799", "FFF"])
@pytest.mark.parametrize("qualifier", ["1", "6"])
def test_7_unknown_code_of_contact_id(code, qualifier):
    assert ("CID", code) not in CATALOGUE.codes
    reading = read(cid(code, "7", qualifier))
    assert (reading.type, reading.kind, reading.is_known_code) == ("TECH-UNCLASSIFIED", None, False)
    assert reading.priority == (1 if code[:2] in ("10", "11", "12") else 2)
    assert reading.silent == (code[:2] == "12")


def test_7_code_that_the_table_names_is_decided_by_the_table():
    assert read(cid("118", "7")).priority == 2


def test_7_message_without_an_event_is_unclassified():
    reading = read(event())
    assert (reading.type, reading.priority, reading.code, reading.zone) == ("TECH-UNCLASSIFIED", 2, None, None)
    assert Room().take(event()) is not None


def test_7_unknown_code_over_ends_its_own_point_and_else_opens_nothing():
    room = Room()
    assert room.take(cid("199", "7", "3")) is None
    assert room.last == ("filed", "filed_unknown_restoral")
    incident = room.take(cid("199", "7"))
    room.take(cid("199", "8", "3"))
    assert room.now_of(incident).condition == "active"
    room.take(cid("199", "007", "3"))
    assert room.now_of(incident).condition == "returned"


def test_7_unknown_code_is_as_urgent_as_a_person_said_of_its_zone_and_still_unclassified():
    for rules, expected in (
        (zones(z7=("FIRE-SMOKE", None)), (1, False)),
        (zones(z7=("HOLD-UP", None)), (1, True)),
        (zones(z7=("TECH-PLANT", None)), (2, False)),
        (zones(z7=(None, 1)), (1, False)),
        (zones(z8=(None, 1)), (2, False)),
    ):
        reading = read(sia("NX", "7"), rules)
        assert reading.type == "TECH-UNCLASSIFIED"
        assert (reading.priority, reading.silent) == expected


# Rule 8: order of look-up -------------------------------------------------------------------------------------------


def test_8_zone_of_the_account_comes_first():
    reading = read(sia("BA", "0005"), zones(z5=("FIRE-SMOKE", None)))
    assert (reading.type, reading.priority, reading.hazard, reading.reason) == ("FIRE-SMOKE", 1, "fire", "by_zone")
    reading = read(cid("131", "005"), zones(z5=("FIRE-SMOKE", 3)))
    assert (reading.type, reading.priority) == ("FIRE-SMOKE", 3)
    reading = read(cid("131", "005"), zones(z5=(None, 4)))
    assert (reading.type, reading.priority, reading.reason) == ("INT-BURGLARY", 4, "by_zone_priority")


@pytest.mark.parametrize("code", ["140", "150", "750", "789", "703"])
def test_8_zone_list_names_what_the_code_leaves_open(code):
    assert read(cid(code, "5"), zones(z5=("HAZ-CO", None))).type == "HAZ-CO"


def test_8_zone_list_never_makes_an_alarm_of_what_is_none():
    for one, rule in CATALOGUE.codes.items():
        if rule.kind == "alarm" or rule.type == "TECH-UNCLASSIFIED":
            continue
        for qualifier in ("1", "3", "6"):
            made = signal_of(*one, qualifier)
            assert read(made, zones(z5=("FIRE-SMOKE", 1))) == read(made), one


def test_8_zone_list_never_makes_an_alarm_of_a_restoral():
    for one in CID_CODES:
        rule = CATALOGUE.codes[one]
        reading = read(signal_of(*one, "3"), zones(z5=("FIRE-SMOKE", 1)))
        assert reading.priority == 5 or rule.kind == rule.kind_restore, one


def test_8_number_of_a_partition_or_door_is_no_zone():
    rules = zones(z5=("FIRE-SMOKE", 1), z1=("FIRE-SMOKE", 1))
    assert read(sia("BV", "1"), rules).type == "INT-BURGLARY"
    assert read(sia("DF", "5"), rules).type == "INT-DOOR"
    assert (read(sia("BV", "01")).zone, read(sia("DF", "05")).zone, read(sia("AT", "2")).zone) == (
        "partition-1",
        "door-5",
        "number-2",
    )


def test_8_zone_in_hex_is_compared_without_case():
    assert read(sia("BA", "0a"), zones(zA=("FIRE-SMOKE", None))).type == "FIRE-SMOKE"


def test_8_old_event_is_still_an_event():
    assert read(sia("FA", "5", block="O")) == read(sia("FA", "5"))


# Rule 9: unknown accounts -------------------------------------------------------------------------------------------


def test_9_alarm_of_an_unknown_account_keeps_type_and_priority():
    for one, rule in CATALOGUE.codes.items():
        if rule.kind not in ("alarm", "duress", "tamper"):
            continue
        incident = Room().take(signal_of(*one, known=False))
        assert incident is not None, one
        assert (incident.type, incident.priority, incident.silent) == (rule.type, rule.priority, rule.kind == "duress")
        assert (incident.account, incident.account_id, incident.site_id) == ("5512", None, None)


def test_9_what_is_no_alarm_waits_in_the_list_of_unknown_accounts():
    for one, rule in CATALOGUE.codes.items():
        if rule.kind in ("alarm", "duress", "tamper") or rule.priority <= 2:
            continue
        room = Room()
        assert room.take(signal_of(*one, known=False)) is None, one
        assert room.last == ("filed", "unknown_account_queue"), one


@pytest.mark.parametrize("code", ["FL", "YD"])
def test_9_urgent_word_of_an_unknown_account_is_seen_whatever_its_kind(code):
    assert Room().take(sia(code, "5", known=False)).priority == 2


def test_9_unknown_account_is_one_incident_a_type_not_one_a_signal():
    room = Room()
    for zone in ("1", "2", "3"):
        room.wait(30).take(sia("FA", zone, known=False))
        room.take(sia("BA", zone, known=False))
        room.take(sia("NX", zone, known=False))
    assert sorted(one.type for one in room.open) == ["FIRE-ALARM", "INT-BURGLARY", "TECH-UNCLASSIFIED"]
    assert {one.signals for one in room.open} == {3}


@pytest.mark.parametrize("other", [{"line": "7"}, {"receiver": "2"}, {"account": "5513"}])
def test_9_unknown_accounts_that_the_message_tells_apart_are_told_apart(other):
    room = Room()
    first = room.take(sia("FA", "1", known=False))
    assert room.take(sia("FA", "1", known=False, **other)).id != first.id


def test_9_known_and_unknown_account_of_one_number_are_told_apart():
    room = Room()
    first = room.take(sia("FA", "1", known=False))
    assert room.take(sia("FA", "1")).id != first.id


def test_9_unknown_account_ends_nothing_of_another():
    room = Room()
    room.take_all([sia(code, "1", known=False, line=line) for line in ("1", "2") for code in ("BA", "UA")])
    room.take_all([sia("BA", "1", known=False, account="77")])
    room.take(sia("BR", "1", known=False, line="1"))
    ended = [(one.line, one.account) for one in room.open if one.condition == "returned"]
    assert ended == [("1", "5512")]


def test_9_unknown_account_ends_what_it_began():
    room = Room()
    first = room.take(sia("FA", "1", known=False))
    assert room.take(sia("FH", "1", known=False)).id == first.id
    assert room.now_of(first).condition == "returned"


# Rule 10: what no machine opens --------------------------------------------------------------------------------------


def test_10_zone_list_that_names_a_type_for_people_is_not_obeyed():
    never = [one.type for one in CATALOGUE.types.values() if one.opened_by != "any" or one.hazard in MACHINE_NEVER]
    assert len(never) > 40
    for type_ in never:
        assert read(sia("BA", "5"), zones(z5=(type_, None))) == read(sia("BA", "5")), type_


def test_10_no_code_opens_what_needs_a_person():
    for rule in CATALOGUE.codes.values():
        if rule.priority < 5:
            assert CATALOGUE.types[rule.type].opened_by == "any", rule
            assert rule.hazard not in MACHINE_NEVER, rule


def test_10_type_that_is_gone_from_the_catalogue_is_not_obeyed():
    assert read(sia("BA", "5"), zones(z5=("GONE", 1))).priority == 1
    assert read(sia("BA", "5"), zones(z5=("GONE", 1))).type == "INT-BURGLARY"


# Rule 11 is the loader's: test_catalogue.py -------------------------------------------------------------------------
