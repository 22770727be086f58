"""Profiles: what ships is sourced, a centre may copy one, what is wrong is said with its line and the nearest word."""

import pytest

from tocsin.centre.profiles import Profiles, parse, shipped, shipped_ids
from tocsin.model.errors import BadInput
from tocsin.model.profiles import claim_limit_s

OWN = """\
[profile]
id = "harbour"
title = "Our own, stricter"
wording = "designed to measure against"
copied_from = "en50518-2019"
version = 3

[[figure]]
id = "reaction.urgent.80"
measure = "reaction"
hazards = ["fire"]
share = 0.9
limit_s = 20
source = "our contract of 2026"
evidence = "M"
checked_by = "head of the centre"
checked_on = "2026-11-01"
"""
LOAD = """\
[profile]
id = "l"
title = "Load"
wording = "designed to measure against"
kind = "load"

[[figure]]
id = "average"
measure = "load.average"
target = 1.5
source = "s"
evidence = "C"
"""


@pytest.mark.parametrize("id_", shipped_ids())
def test_each_shipped_profile_is_read_and_says_where_each_figure_is_from(id_):
    profile = shipped(id_)
    assert (profile.id, profile.wording, profile.is_own) == (id_, "designed to measure against", False)
    assert [one.id for one in profile.figures if not one.source or one.evidence not in ("C", "M")] == []


def test_profiles_of_the_standards_page_ship():
    assert {"en50518-2019", "nena-sta-020-1-2020", "nfpa-1225-2022", "eemua-191", "isa-18-2-2016"} <= set(shipped_ids())


def test_figure_from_memory_is_unconfirmed_until_somebody_with_the_text_has_checked_it():
    assert [one.is_confirmed for one in shipped("en50518-2019").figures] == [False] * 4
    assert [one.is_confirmed for one in shipped("nfpa-1225-2022").figures] == [True, True]
    assert parse(OWN, "own").figures[0].is_confirmed
    assert not parse(OWN.replace('checked_on = "2026-11-01"\n', ""), "own").figures[0].is_confirmed


def test_time_to_claim_is_the_shortest_limit_about_the_class():
    profile = shipped("en50518-2019")
    assert claim_limit_s(profile, "fire", 1) == 30
    assert claim_limit_s(profile, "robbery_holdup", 1) == 30
    assert claim_limit_s(profile, "technical", 4) == 90
    assert claim_limit_s(shipped("nfpa-1225-2022"), "fire", 1) is None
    only_first = parse(OWN.replace('hazards = ["fire"]', "priorities = [1]"), "own")
    assert (claim_limit_s(only_first, "technical", 1), claim_limit_s(only_first, "technical", 2)) == (20, None)


def test_centre_copies_a_profile_and_changes_it(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "harbour.toml").write_text(OWN)
    profiles = Profiles(tmp_path)
    assert profiles.ids()[-1] == "harbour"
    profile = profiles.get("harbour")
    assert (profile.copied_from, profile.is_own, profile.figures[0].limit_s) == ("en50518-2019", True, 20)
    assert profile.version.startswith("3-")
    (tmp_path / "profiles" / "harbour.toml").write_text(OWN.replace("20\n", "25\n"))
    assert profiles.get("harbour").version != profile.version, "another text is another version"


def test_profile_that_is_not_there_is_refused_with_the_nearest_name(tmp_path):
    with pytest.raises(BadInput, match=r"the nearest known one is 'en50518-2019'.*\[profile.unknown\]"):
        Profiles(tmp_path).get("en50158-2019")


def test_profile_of_the_other_kind_is_refused_and_one_that_is_set_is_replaced_and_said(tmp_path):
    with pytest.raises(BadInput, match=r"one of operators' load, not of intervals.*\[profile.kind\]"):
        Profiles(tmp_path).get("eemua-191", "response")
    used, trouble = Profiles(tmp_path).chosen("eemua-191", "response")
    assert used.id == "en50518-2019"
    assert "profile.kind" in trouble
    assert Profiles(tmp_path).chosen("nfpa-1225-2022", "response").trouble is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'measure = "reaction"',
            'measure = "reacton"',
            "line 10: `measure` is 'reacton'; the nearest known one is 'reaction'",
        ),
        ('"reaction.urgent.80"', '"reaction.urgnt.80"', "line 9: .*the nearest known one is 'reaction.urgent.80'"),
        ("limit_s = 20", "limt_s = 20", "line 13: there is no 'limt_s' here; the nearest known one is 'limit_s'"),
        ("[[figure]]", "[[figur]]", "line 8: there is no 'figur' here; the nearest known one is 'figure'"),
        ('["fire"]', '["fyre"]', "line 11: `hazards` names 'fyre'; the nearest known one is 'fire'"),
        ('["fire"]', '["fire", "fire"]', "line 11: `hazards` names one twice"),
        ('["fire"]', '"fire"', "line 11: `hazards` is no list"),
        ("share = 0.9", "share = 90", "line 12: the share"),
        ("share = 0.9", "share = 0.98555", "line 12: the share"),
        ("limit_s = 20", "limit_s = 0", "line 13: the limit"),
        ("limit_s = 20", "limit_s = true", "line 13: the limit"),
        ("limit_s = 20", "target = 3", "line 13: reaction is an interval"),
        ('evidence = "M"', 'evidence = "X"', "line 15: .*looked for and not found"),
        ('evidence = "M"', 'evidence = "Q"', "line 15: `evidence` is 'Q'"),
        ('source = "our contract of 2026"', 'source = ""', "line 14: `source` is no text"),
        ('"2026-11-01"', '"last week"', "line 17: `checked_on`"),
        ("designed to measure against", "certified to", "line 4: the wording"),
        (
            'copied_from = "en50518-2019"',
            'copied_from = "en50518"',
            "line 5: .*the nearest known one is 'en50518-2019'",
        ),
        ('copied_from = "en50518-2019"\n', "", "line 1: it does not say `copied_from`"),
        ('id = "harbour"', 'id = "other"', "line 2: the id is 'other'"),
        ("version = 3", "version = 0", "line 6: the version"),
        ("share = 0.9\n", "share = \n", "cannot be read"),
    ],
)
def test_wrong_profile_is_refused_with_its_line_and_the_nearest_word(tmp_path, old, new, words):
    assert old in OWN
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "harbour.toml").write_text(OWN.replace(old, new, 1))
    with pytest.raises(BadInput, match=words) as caught:
        Profiles(tmp_path).get("harbour")
    assert "profiles/harbour.toml" in str(caught.value)
    assert "Nothing of it is used" in str(caught.value)
    assert caught.value.code == "profile.figures"


def test_line_is_that_of_the_figure_which_is_wrong():
    second = OWN.partition("[[figure]]")[2].replace("urgent", "other").replace('"reaction"', '"reactoin"')
    with pytest.raises(BadInput, match="line 21: `measure`"):
        parse(f"{OWN}\n[[figure]]{second}", "own")


def test_figure_that_comes_twice_is_refused():
    with pytest.raises(BadInput, match=r"line 20: the figure 'reaction.urgent.80' comes twice"):
        parse(f"{OWN}\n[[figure]]{OWN.partition('[[figure]]')[2]}", "own")


def test_figure_of_ones_own_says_that_it_is_new():
    own = OWN.replace('id = "reaction.urgent.80"', 'id = "handling"\nnew = true')
    assert parse(own, "own").figures[0].id == "handling"


def test_load_has_a_target_in_thousandths():
    assert parse(LOAD, "x").figures[0].target_milli == 1500
    with pytest.raises(BadInput, match=r"line 10: load.average is a load"):
        parse(LOAD.replace("target = 1.5", "limit_s = 3"), "x")


def test_file_that_is_too_large_or_no_text_is_refused(tmp_path):
    (tmp_path / "profiles").mkdir()
    file = tmp_path / "profiles" / "harbour.toml"
    file.write_bytes(b"#" * 300_000)
    with pytest.raises(BadInput, match="larger than 256 KiB"):
        Profiles(tmp_path).get("harbour")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="cannot be read"):
        Profiles(tmp_path).get("harbour")
