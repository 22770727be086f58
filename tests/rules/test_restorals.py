"""Which points a restoral ends. In doubt none: a detector that still stands in alarm must not look returned."""

import msgspec
import pytest

from support.events import CATALOGUE, Room, cid, read, sia, user
from tocsin.model.sites import ZoneRule
from tocsin.rules.restorals import FAMILIES, ended_points, says_over

PAIRS = {
    "AN": {"AS"},
    "AR": {"AT"},
    "BE": {"BD"},
    "BH": {"BA", "BG", "BM", "EA"},
    "BJ": {"BD", "BS", "BT", "BZ"},
    "BR": {"BA", "BD", "BG", "BM", "BS", "BT", "BZ", "EA"},
    "DH": {"DL", "DM"},
    "DR": {"DF", "DJ", "DL", "DM"},
    "EJ": {"ES"},
    "EN": {"EM"},
    "ER": {"EM", "ET"},
    "FH": {"FA", "FG", "FM"},
    "FJ": {"FT", "FY"},
    "FQ": {"FW", "FZ"},
    "FR": {"FA", "FG", "FM", "FS", "FT", "FW", "FY", "FZ"},
    "FU": {"FB"},
    "FV": {"FS", "FZ"},
    "GH": {"GA"},
    "GJ": {"GS", "GT"},
    "GR": {"GA", "GS", "GT"},
    "GU": {"GB"},
    "HH": {"HA", "HV"},
    "HJ": {"HS", "HT"},
    "HR": {"HA", "HS", "HT", "HV"},
    "HU": {"HB"},
    "IR": {"IA"},
    "KH": {"KA"},
    "KJ": {"KS", "KT"},
    "KR": {"KA", "KS", "KT"},
    "KU": {"KB"},
    "LR": {"LT"},
    "MH": {"MA"},
    "MJ": {"MS", "MT"},
    "MR": {"MA", "MS", "MT"},
    "MU": {"MB"},
    "NR": {"NT"},
    "NS": {"NA"},
    "OV": {"OU"},
    "PH": {"PA"},
    "PJ": {"PS", "PT"},
    "PO": {"PF"},
    "PR": {"PA", "PS", "PT"},
    "PU": {"PB"},
    "QH": {"QA"},
    "QJ": {"QS", "QT"},
    "QR": {"QA", "QS", "QT"},
    "QU": {"QB"},
    "RR": {"AT"},
    "SH": {"SA"},
    "SJ": {"SS", "ST"},
    "SR": {"SA", "SS", "ST"},
    "SU": {"SB"},
    "TH": {"TA"},
    "TJ": {"TT"},
    "TR": {"TA", "TT"},
    "UH": {"UA", "UG", "UX"},
    "UJ": {"US", "UT", "UY", "UZ"},
    "UR": {"UA", "UG", "US", "UT", "UX", "UY", "UZ"},
    "WH": {"WA"},
    "WJ": {"WS", "WT"},
    "WR": {"WA", "WS", "WT"},
    "XC": {"SM"},
    "XH": {"XL", "XQ"},
    "XJ": {"XS"},
    "XR": {"XT"},
    "YE": {"YD"},
    "YH": {"YA"},
    "YJ": {"YI"},
    "YK": {"YC", "YS"},
    "YQ": {"YP"},
    "YR": {"YM", "YT"},
    "YZ": {"YX"},
    "ZH": {"ZA"},
    "ZJ": {"ZS", "ZT"},
    "ZR": {"ZA", "ZS", "ZT"},
}
"""What each restoral of DC-03 ends where neither side names an address: the whole table, written by hand."""


def test_every_restoral_of_dc03_ends_what_it_should_and_nothing_else():
    room = Room()
    opened = [
        room.take(sia(code)) for (one, code), rule in CATALOGUE.codes.items() if one == "SIA" and rule.priority < 5
    ]
    points = {point.code for incident in opened for point in room.now_of(incident).points}
    ended = {}
    for (format_, code), rule in CATALOGUE.codes.items():
        if format_ == "SIA" and rule.kind in ("restoral", "trouble_restoral"):
            signal = sia(code)
            found = [
                point.code
                for incident in room.open
                for point in ended_points(incident, read(signal), signal, "account-5512", CATALOGUE)
            ]
            assert len(found) == len(set(found))
            if found:
                ended[code] = set(found)
    assert ended == PAIRS
    assert set().union(*PAIRS.values()) <= points


def test_restorals_that_end_nothing_are_of_bypasses_that_open_nothing():
    restorals = {
        code
        for (format_, code), rule in CATALOGUE.codes.items()
        if format_ == "SIA" and rule.kind in ("restoral", "trouble_restoral")
    }
    assert restorals - set(PAIRS) == {"BU", "TU", "UU", "WU", "ZU"}


def test_every_state_of_contact_id_is_ended_by_its_own_code_and_zone_alone():
    for (format_, code), rule in CATALOGUE.codes.items():
        if format_ != "CID" or rule.priority == 5:
            continue
        room = Room()
        first = room.take(cid(code, "015"))
        points = room.now_of(first).points
        assert bool(points) == (rule.kind_restore != rule.kind and (rule.kind != "other" or "UNCL" in rule.type)), code
        other = "131" if code != "131" else "132"
        room.take_all([cid(other, "15", "3"), cid(code, "16", "3"), cid(code, None, "3")])
        if rule.address_is != "user":
            assert room.now_of(first).points == points, code
        room.take(cid(code, "15", "3"))
        if points:
            assert (room.now_of(first).points, room.now_of(first).condition) == ((), "returned"), code


def test_sealed_address_of_a_user_is_no_zone():
    room = Room()
    first = room.take(user(cid("121")))
    assert (first.zone, first.points[0].zone) == (None, None)
    room.take(user(cid("121", None, "3")))
    assert room.now_of(first).condition == "returned"
    assert read(cid("121", "007")).zone is None, "not even where somebody failed to seal it"


def test_panic_reset_ends_panic_alone():
    room = Room()
    first = room.take(cid("120", "4"))
    room.take(cid("122", "4"))
    room.take(cid("465", "4"))
    assert room.now_of(first).condition == "returned"
    assert [one.condition for one in room.open] == ["returned", "active"]


def test_account_is_known_by_its_id_and_an_unknown_one_by_its_number():
    first = Room().take(sia("FA", "1"))
    over = sia("FR", "1")
    for account_id, signal, ended in (
        ("account-5512", over, 1),
        ("account-5512", msgspec.structs.replace(over, account="6000"), 1),  # it was given another number
        ("account-7", over, 0),  # another account of the same number
        (None, msgspec.structs.replace(over, known=False), 0),
    ):
        assert len(ended_points(first, read(signal), signal, account_id, CATALOGUE)) == ended
    unknown = Room().take(sia("FA", "1", known=False))
    for account, ended in (("5512", 1), ("6000", 0)):
        signal = msgspec.structs.replace(over, account=account, known=False)
        assert len(ended_points(unknown, read(signal), signal, None, CATALOGUE)) == ended


def test_disputed_message_never_says_that_something_is_over():
    for signal in (sia("FR", "1"), cid("110", "1", "3")):
        assert says_over(read(signal), signal)
        disputed = msgspec.structs.replace(signal, disputed=True, data_account="5512")
        assert not says_over(read(disputed), disputed)


def test_formats_do_not_mix():
    room = Room()
    first = room.take(sia("FA", "1"))
    room.take(cid("110", "1", "3"))
    assert room.now_of(first).condition == "active"
    panic = room.take(sia("PA", "4"))
    room.take(cid("465", "4"))
    assert room.now_of(panic).condition == "active"


def test_zone_list_decides_the_type_and_not_what_a_restoral_ends():
    room = Room(zone_rules={"5": ZoneRule("FIRE-SMOKE", None)})
    first = room.take(sia("BA", "5"))
    assert first.type == "FIRE-SMOKE"
    assert room.take(sia("BR", "5")).id == first.id
    assert room.now_of(first).condition == "returned"


def test_cancel_speaks_of_what_its_code_opens_whatever_the_zone_list_made_of_it():
    room = Room(zone_rules={"5": ZoneRule("FIRE-SMOKE", None)})
    first = room.take(sia("FA", "5"))
    assert room.take(sia("FC", "5")).id == first.id
    assert (room.last, room.now_of(first).condition) == (("joined", "cancelled"), "active")


def test_armed_again_ends_an_opening_outside_the_hours():
    room = Room()
    first = room.take(user(cid("450")))
    assert first.type == "INT-SCHEDULE"
    assert room.take(user(cid("450", None, "3"))).id == first.id
    assert room.now_of(first).condition == "returned"


@pytest.mark.parametrize("code", ["OC", "AB"])
def test_cancel_without_a_type_speaks_of_an_intrusion_at_its_account(code):
    room = Room({"5512": "site-1", "7001": "site-1"})
    room.take(sia("FA", "5"))
    room.take(sia(code))
    assert room.last == ("filed", "filed_cancel")
    burglary = room.take(sia("BA", "5"))
    assert room.take(sia(code)).id == burglary.id
    room.take(sia(code, account="7001"))
    assert room.last == ("filed", "filed_cancel")


def test_code_that_a_centre_added_ends_alarms_of_its_type():
    rule = CATALOGUE.codes["SIA", "NS"]
    added = msgspec.structs.replace(rule, code="NZ")
    catalogue = msgspec.structs.replace(CATALOGUE, codes=CATALOGUE.codes | {("SIA", "NZ"): added})
    room = Room()
    first = room.take(sia("NA", "5"))
    signal = sia("NZ", "5")
    reading = msgspec.structs.replace(read(sia("NS", "5")), code="NZ")
    assert ended_points(first, reading, signal, "account-5512", catalogue) == first.points
    fault = msgspec.structs.replace(reading, kind="trouble_restoral")
    assert ended_points(first, fault, signal, "account-5512", catalogue) == ()


def test_families_have_the_four_letters_in_the_table():
    for family in FAMILIES:
        letters = {code[1] for format_, code in CATALOGUE.codes if format_ == "SIA" and code[0] == family}
        assert {"H", "J", "R"} <= letters or family in "B", family
