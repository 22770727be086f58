"""Keyholders from a file: what is understood, what is refused and how it is named; what an export never holds."""

import csv
import io
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.centres import held, make_folder
from support.fakes import ManualClock
from tocsin.centre import keyholder_import
from tocsin.centre.keyholder_import import COLUMNS, EXPORTED, PHRASES_MAX, export_keyholders, hashed, plan_keyholders
from tocsin.centre.phrases import check_phrase, unpack
from tocsin.centre.table_files import BadRows, Problem
from tocsin.centre.table_plan import Known, KnownKeyholder, folded
from tocsin.centre.tables import KINDS, labels_of
from tocsin.model.errors import BadInput
from tocsin.model.keyholders import AVAILABILITIES, KEYHOLDERS_MAX, KeyholderContact, KeyholderRow
from tocsin.model.sites import Site, SiteRow
from tocsin.system import SystemIds

DAY_US = 86_400_000_000
NOW = 20_000 * DAY_US
"""2024-10-04."""

SITES = [Site("site-1", SiteRow(name="Pier"), 1), Site("site-2", SiteRow(name="Café"), 2)]
HEAD = ",".join(COLUMNS)


def known(*keyholders):
    return Known(sites=SITES, keyholders=keyholders, now=NOW)


def there(n, name, order=1, site=1, numbers=("+1 202 555 0101",), availability="always", **fields):
    row = KeyholderRow(contact=f"keyholder-text-{n:016x}", order=order, site_id=f"site-{site}", **fields)
    contact = KeyholderContact(name=name, telephones=numbers, availability=availability)
    return KnownKeyholder(id=f"keyholder-{n}", row=row, contact=contact)


def plan(text, *keyholders, form="csv"):
    return plan_keyholders(text.encode(), form, known(*keyholders))


def mistakes(text, *keyholders):
    with pytest.raises(BadRows) as caught:
        plan(text, *keyholders)
    return caught.value.problems


def test_every_column_is_understood():
    found = plan(f"{HEAD}\ncafé,3,Erika Example,+1 202 555 0101,202-555-0102,,nights,2024-01-31,Sunrise,Sunset\n")
    (item,) = found.new
    assert item.row == KeyholderRow(
        confirmed_at=19_753 * DAY_US, contact="", has_duress=True, has_phrase=True, order=3, site_id="site-2"
    )
    assert item.contact == KeyholderContact(
        name="Erika Example", telephones=("+1 202 555 0101", "202-555-0102"), availability="nights"
    )
    assert (item.phrases.pass_phrase, item.phrases.duress_phrase) == ("Sunrise", "Sunset")


def test_keyholder_needs_site_name_and_one_number_and_comes_at_the_end_of_the_list():
    found = plan("site,name,telephone_1\nPier,A,112\nPier,B,112\n", there(1, "Old", order=4))
    assert [(item.row.order, item.contact.availability, item.row.confirmed_at) for item in found.new] == [
        (5, "always", None),
        (6, "always", None),
    ]


def test_keyholder_is_known_by_site_and_name_and_a_row_is_the_whole_but_for_phrases_and_confirmation():
    old = there(
        7, "Café Owner", order=2, has_phrase=True, verifier="keyholder-phrase-1", confirmed_at=NOW - 5, config=3
    )
    text = "site,name,telephone_1\npier,CAFE\u0301 OWNER,+1 202 555 0199\nCafé,Café Owner,112\n"
    found = plan(text, old)
    (changed,), (new,) = found.changed, found.new
    assert changed.id == "keyholder-7"
    assert changed.row == msgspec.structs.replace(old.row, config=0)
    assert changed.contact.telephones == ("+1 202 555 0199",)
    assert new.row.site_id == "site-2"
    same = plan("site,order,name,telephone_1\nPier,2,Café Owner,+1 202 555 0101\n", old)
    assert ([item.id for item in same.same], same.changed) == (["keyholder-7"], ())


def test_confirmation_of_the_same_day_changes_nothing_and_of_another_day_does():
    old = there(7, "A", confirmed_at=NOW - DAY_US + 5)
    text = "site,name,telephone_1,confirmed_on\nPier,A,+1 202 555 0101,{}\n"
    assert plan(text.format("2024-10-03"), old).same
    assert plan(text.format("2024-10-02"), old).changed[0].row.confirmed_at == NOW - 2 * DAY_US


def test_row_with_a_phrase_always_counts_as_changed_so_that_no_dry_run_tells_whether_it_is_right():
    old = there(7, "A", has_phrase=True, verifier="keyholder-phrase-1")
    assert plan("site,name,telephone_1,phrase\nPier,A,+1 202 555 0101,Sunrise\n", old).changed
    assert plan("site,name,telephone_1,phrase\nPier,A,+1 202 555 0101,Nonsense\n", old).changed


def test_places_of_a_list_may_be_exchanged_in_one_file():
    a, b = there(1, "A", order=1), there(2, "B", order=2)
    found = plan("site,order,name,telephone_1\nPier,2,A,+1 202 555 0101\nPier,1,B,+1 202 555 0101\n", a, b)
    assert [(item.contact.name, item.row.order, item.row.contact) for item in found.changed] == [
        ("A", 2, a.row.contact),
        ("B", 1, b.row.contact),
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (",1,A,112,,,,,,", "site is missing"),
        ("Nowhere,1,A,112,,,,,,", "site is no site of the centre; import the sites first"),
        ("Pier,0,A,112,,,,,,", "order must be a whole number from 1 to 99"),
        ("Pier,100,A,112,,,,,,", "order must be a whole number from 1 to 99"),
        ("Pier,first,A,112,,,,,,", "order must be a whole number from 1 to 99"),
        ("Pier,1,,112,,,,,,", "name is missing"),
        (f"Pier,1,{'x' * 121},112,,,,,,", "name must be at most 120 printable characters"),
        ("Pier,1,a\x07b,112,,,,,,", "name must be at most 120 printable characters"),
        ("Pier,1,A,,112,,,,,", "telephone_1 is missing"),
        ("Pier,1,A,112,,,sometimes,,,", "availability must be " + ", ".join(AVAILABILITIES[:-1]) + " or away"),
        ("Pier,1,A,112,,,,2024-10-05,,", "confirmed_on must be a day that is past, from 2000 on"),
        ("Pier,1,A,112,,,,1999-12-31,,", "confirmed_on must be a day that is past, from 2000 on"),
        ("Pier,1,A,112,,,,31.1.2024,,", "confirmed_on must be a day such as 2026-11-22"),
        ("Pier,1,A,112,,,,,abc,", "phrase must have at least 4 letters or digits"),
        ("Pier,1,A,112,,,,,Sunrise,sun-rise", "duress_phrase must be another than phrase"),
        ("Pier,1,A,112,,,,,,Sunset", "duress_phrase needs a phrase beside it"),
    ],
)
def test_wrong_cell_is_named_with_its_line_and_limit(cells, reason):
    assert mistakes(f"{HEAD}\n{cells}\nPier,9,Good,112,,,,,,\n") == (Problem(2, reason),)


@pytest.mark.parametrize("number", ["12", "call me", "++12", "+1 202 555 0101 ext", "1" * 25, "=1+1", "12;34"])
def test_what_is_no_telephone_number_is_named(number):
    (problem,) = mistakes(f'site,name,telephone_1\nPier,A,"{number}"\n')
    assert problem.reason.startswith("telephone_1 must be a telephone number: at most 24 of +")


@pytest.mark.parametrize("number", ["112", "+44 20 7946 0123", "(202) 555-0101", "0049/30-123456", "030.123.456"])
def test_numbers_are_taken_as_people_write_them(number):
    assert plan(f"site,name,telephone_1\nPier,A,{number}\n").new[0].contact.telephones == (number,)


def test_place_that_is_taken_and_name_that_stands_twice_are_named_without_anybodys_name():
    text = "site,order,name,telephone_1\nPier,1,Erika,112\nPier,2,Max,112\nPier,2,Mia,112\npier,,ERIKA,112\n"
    assert mistakes(text, there(9, "Old", order=1)) == (
        Problem(2, "order 1 of this site is taken by a keyholder who is not in the file"),
        Problem(4, "order 2 of this site is taken by line 3"),
        Problem(5, "names the keyholder of line 2 again"),
    )


def test_list_of_a_site_is_bounded_with_those_whom_it_has():
    old = [there(n, f"Old {n}", order=n) for n in range(1, KEYHOLDERS_MAX)]
    text = "site,name,telephone_1\nPier,Old 1,112\nPier,New 1,112\nPier,New 2,112\n"
    assert mistakes(text, *old) == (Problem(4, "is more than the 20 keyholders that a site may have"),)


def test_phrases_of_one_file_are_bounded(monkeypatch):
    sites = [Site(f"site-{n}", SiteRow(name=f"S{n}"), n) for n in range(1, PHRASES_MAX + 2)]
    rows = "".join(f"S{n},A,112,Sunrise\n" for n in range(1, PHRASES_MAX + 2))
    with pytest.raises(BadRows, match="1 mistake") as caught:
        plan_keyholders(b"site,name,telephone_1,phrase\n" + rows.encode(), "csv", Known(sites=sites, now=NOW))
    assert caught.value.problems == (
        Problem(PHRASES_MAX + 2, "is more than the 2,000 rows with a phrase that one file may have"),
    )


def test_file_without_names_is_one_mistake():
    with pytest.raises(BadInput, match="no column name"):
        plan("site,telephone_1\nPier,112\n")


def test_hashing_leaves_no_phrase_in_the_plan():
    made = hashed(plan(f"{HEAD}\nPier,1,A,112,,,,,Sunrise,Sunset\nPier,2,B,112,,,,,,\n"), SystemIds())
    assert [item.phrases for item in made.new] == [None, None]
    assert check_phrase(made.new[0].verifier, "sunrise") == "right"
    assert made.new[1].verifier is None
    assert b"unrise" not in msgspec.json.encode(made)


def test_nothing_of_a_plan_stands_in_a_repr():
    made = plan(f"{HEAD}\nPier,1,Erika Example,112,,,,,Sunrise,Sunset\n")
    assert not [word for word in ("Erika", "112", "Sunrise", "Sunset") if word in repr(made)]
    assert labels_of(made.new) == ["Pier keyholder 1"]


# At a centre ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def centre(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(NOW)) as made:
        made.add(b"name\nPier\nDock\n", kind="sites")
        yield made


FILE = (
    b"site,order,name,telephone_1,telephone_2,availability,confirmed_on,phrase,duress_phrase\n"
    b"Pier,1,Erika Example,+1 202 555 0101,+1 202 555 0102,always,2024-01-31,Sunrise,Sunset\n"
    b"Pier,2,Max Example,+44 20 7946 0123,,weekends,,,\n"
    b"Dock,1,Erika Example,+1 202 555 0101,,away,,Moonlight,\n"
)


def vault_names(centre):
    return {one.row.contact for one in centre.store.keyholders()}


def test_file_is_taken_whole_and_its_phrases_are_verifiers(centre):
    result = centre.add(FILE, kind="keyholders")
    assert (result.new, result.changed, result.same) == (3, 0, 0)
    found = centre.centre.keyholders()
    assert [(one.row.site_id, one.row.order, one.contact.name) for one in found] == [
        (found[0].row.site_id, 1, "Erika Example"),
        (found[0].row.site_id, 2, "Max Example"),
        (found[2].row.site_id, 1, "Erika Example"),
    ]
    verifier = unpack(centre.vault.secret_get(found[0].row.verifier))
    assert [check_phrase(verifier, word) for word in ("sun rise", "SUNSET", "moonlight")] == [
        "right",
        "duress",
        "wrong",
    ]
    assert found[1].row.verifier is None


def test_phrase_of_a_file_takes_no_other_phrase_away(centre):
    centre.add(FILE, kind="keyholders")
    text = "site,order,name,telephone_1,phrase\nPier,1,Erika Example,+1 202 555 0101,Daylight\n"
    assert centre.add(text.encode(), kind="keyholders").changed == 1
    (found, *_) = centre.centre.keyholders()
    verifier = unpack(centre.vault.secret_get(found.row.verifier))
    assert [check_phrase(verifier, word) for word in ("sunrise", "daylight", "sunset")] == ["wrong", "right", "duress"]


def test_bad_row_takes_nothing_and_leaves_nothing_in_the_vault(centre):
    before = centre.vault._keys.rows("SELECT name FROM secrets ORDER BY name")
    with pytest.raises(BadRows):
        centre.add(FILE + b"Pier,3,Third,nonsense,,,,,\n", kind="keyholders")
    assert centre.store.keyholders() == []
    assert centre.vault._keys.rows("SELECT name FROM secrets ORDER BY name") == before


@pytest.mark.parametrize("form", ["csv", "json"])
def test_export_holds_no_phrase_and_imported_again_changes_nothing(centre, form):
    centre.add(FILE, kind="keyholders")
    kind = KINDS["keyholders"]
    written = kind.export(kind.to_export(centre.centre), form)
    assert not [word for word in (b"unrise", b"unset", b"oonlight", b"phrase", b"duress") if word in written]
    again = centre.plan(written, form, "keyholders")
    assert (again.new, again.changed, len(again.same)) == ((), (), 3)
    assert kind.export(kind.known(centre.centre), form) == written


def test_export_is_a_fact_before_the_file_is_made_and_a_dry_run_is_none(centre):
    centre.add(FILE, kind="keyholders")
    before = centre.store.head().seq
    centre.plan(FILE, kind="keyholders")
    assert centre.store.head().seq == before
    KINDS["keyholders"].to_export(centre.centre)
    (stored,) = centre.store.entries(before, 10)
    entry = json.loads(stored.row.entry)
    assert (entry["kind"], entry["actor"], entry["body"]) == (
        "vault.read",
        "cli",
        {"count": 3, "reason": "export", "what": "keyholders"},
    )


names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "M")), min_size=1, max_size=20).map(
    lambda text: f"x {text}"
)
FORMULAS = ["=1+1", "+1 202 555 0101", "-A", "@sum", "'=x", "''+x", "\u202eEvil"]


@given(
    st.lists(
        st.tuples(names | st.sampled_from([f for f in FORMULAS if f.isprintable()]), st.sampled_from(AVAILABILITIES)),
        max_size=6,
        unique_by=lambda item: folded(item[0]),
    ),
    st.sampled_from(["csv", "json"]),
)
def test_export_imported_again_changes_nothing_and_is_the_same_to_the_byte(people, form):
    keyholders = [
        there(n, name, order=n, numbers=("+1 202 555 0101", "(202) 555-0102")[: 1 + n % 2], availability=when)
        for n, (name, when) in enumerate(people, 1)
    ]
    written = export_keyholders(keyholders, SITES, form)
    found = plan_keyholders(written, form, known(*keyholders))
    assert (found.new, found.changed, len(found.same)) == ((), (), len(keyholders))
    taken = [KnownKeyholder(id=item.id, row=item.row, contact=item.contact) for item in found.same]
    assert export_keyholders(taken, SITES, form) == written


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A1", "+1", "-2", "@x", "'=x"])
def test_no_cell_of_an_export_is_run_by_a_spreadsheet(name):
    written = export_keyholders([there(1, name)], SITES, "csv").decode()
    heading, row = csv.reader(io.StringIO(written))
    assert tuple(heading) == EXPORTED
    assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert dict(zip(heading, row, strict=True))["telephone_1"] == "'+1 202 555 0101"


def test_who_is_lost_or_stands_at_a_site_without_a_name_is_left_out_of_an_export():
    lost = msgspec.structs.replace(there(1, "A"), contact=None)
    assert export_keyholders([lost, there(2, "B", site=9)], SITES, "csv") == (",".join(EXPORTED) + "\r\n").encode()


def test_columns_of_a_file_are_those_of_an_export_and_the_phrases():
    assert set(COLUMNS) - set(EXPORTED) == {"phrase", "duress_phrase"}
    assert KINDS["keyholders"].columns == keyholder_import.COLUMNS
