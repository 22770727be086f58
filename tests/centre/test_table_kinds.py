"""Sites and zones from a file: what is understood, what is refused and how it is named, what an import would change."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.centre import site_import, zone_import
from tocsin.centre.site_import import PlannedSite, SitePlan, buildings_text, export_sites, plan_sites
from tocsin.centre.table_files import BadRows, Problem
from tocsin.centre.table_plan import Known, folded
from tocsin.centre.tables import KINDS, form_of
from tocsin.centre.zone_import import PlannedZone, ZonePlan, export_zones, plan_zones
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.catalogue import MACHINE_NEVER
from tocsin.model.errors import BadInput
from tocsin.model.sites import SITE_HAZARDS, SITE_RESPONSES, ZONES_MAX, Site, SiteRow, Zone, ZoneRow, zone_number
from tocsin.rules.catalogue import shipped_catalogue

TYPES = shipped_catalogue().types


def site(n, name, **fields):
    return Site(f"site-{n}", SiteRow(name=name, **fields), n)


def account(n, number, **fields):
    return Account(f"account-{n}", AccountRow(account=number, **fields), n)


def zone(account_id, number, **fields):
    return Zone(ZoneRow(account_id=account_id, number=number, **fields), 1)


def sites_plan(text, existing=(), form="csv"):
    return plan_sites(text.encode(), form, Known(sites=existing))


def zones_plan(text, accounts=(), zones=(), form="csv"):
    return plan_zones(text.encode(), form, Known(accounts=accounts, zones=zones), TYPES)


def mistakes(plan, *args):
    with pytest.raises(BadRows) as caught:
        plan(*args)
    return caught.value.problems


# Sites ---------------------------------------------------------------------------------------------------------------


def test_site_needs_a_name_and_nothing_else():
    assert sites_plan("name\nPier\n") == SitePlan(
        new=(PlannedSite(line=2, id=None, row=SiteRow(name="Pier")),), changed=(), same=()
    )


def test_row_is_the_whole_site_and_finds_it_by_name_without_case():
    known = [site(1, "Pier", address="1 Quay", config=4), site(2, "Café", directions="Gate", config=5)]
    text = "directions,name,address\nGate,CAFE\u0301,\n,pier,1 Quay\n,Dock,\n,PIER,2 Quay\n"
    problems = mistakes(sites_plan, text, known)
    assert problems == (Problem(5, "has the name of line 3 again"),)
    plan = sites_plan(text.replace(",PIER,2 Quay\n", ""), known)
    assert [(item.id, item.row.name) for item in plan.changed] == [("site-2", "CAFE\u0301"), ("site-1", "pier")]
    assert [item.row.name for item in plan.new] == ["Dock"]
    again = sites_plan("name,address\nPier,1 Quay\n", known)
    assert ([item.id for item in again.same], again.changed) == (["site-1"], ())
    assert sites_plan("name\nPier\n", known).changed[0].row == SiteRow(name="Pier"), "what is empty is empty afterwards"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (f"{'x' * 121},,", "name must be at most 120 printable characters"),
        ("a\x07b,,", "name must be at most 120 printable characters"),
        ("a\u202eb,,", "name must be at most 120 printable characters"),
        (",1 Quay,", "name is missing"),
        (f"a,{'x' * 241},", "address must be at most 240 printable characters"),
        (f"a,,{'x' * 1001}", "directions must be at most 1000 printable characters"),
        ('a,,"two\nlines"', "directions must be at most 1000 printable characters"),
    ],
)
def test_wrong_cell_of_a_site_is_named_with_its_line_and_limit(cells, reason):
    assert mistakes(sites_plan, f"name,address,directions\n{cells}\nGood,,\n") == (Problem(2, reason),)


HEAD = "name,latitude,longitude,buildings,hazards,hazard_details,authority_ref,response,grade,installer\n"
WHOLE = SiteRow(
    name="Pier", latitude="48.20849", longitude="-16.37208", buildings="Hall B: gate 2: ring twice | Pump house",
    hazards=("asbestos", "toxic"), hazard_details="chlorine, 400 kg", authority_ref="BMA 12/7",
    response="keyholder_first", grade=3, installer="ACME-7",
)  # fmt: skip


def test_every_column_of_a_site_is_understood_however_it_is_spelt():
    text = (
        HEAD + 'Pier,+48.208490,-16.3720801,"Hall B :gate 2: ring twice|  Pump house","toxic; ASBESTOS,toxic",'
        '"chlorine, 400 kg",BMA 12/7,keyholder_first,3,ACME-7\n'
    )
    assert sites_plan(text).new[0].row == WHOLE


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("91,16,,,,,,,", "latitude must be from -90 to 90 degrees (is it the longitude?)"),
        ("48,180.5,,,,,,,", "longitude must be from -180 to 180 degrees"),
        ('"48,20",16,,,,,,,', "latitude must be degrees with a point, such as 48.20849"),
        ("48 N,16,,,,,,,", "latitude must be degrees with a point, such as 48.20849"),
        ("48,,,,,,,,", "longitude is missing; a position needs both"),
        (",16,,,,,,,", "latitude is missing; a position needs both"),
        (
            "0.0,0,,,,,,,",
            "latitude and longitude are both 0, which is in the sea: leave them out where they are unknown",
        ),
        (",,Hall|: gate,,,,,,", "buildings have a part without a name; they are as in: Hall B: gate 2 | Pump house"),
        (",,Hall|HALL: gate,,,,,,", "buildings have the same name twice"),
        (f",,{'|'.join(map(str, range(41)))},,,,,,", "buildings are 41, and a site has at most 40"),
        (f",,{'x' * 81},,,,,,", "buildings have at most 80 characters of a name and 240 of how to get in"),
        (f",,x: {'x' * 241},,,,,,", "buildings have at most 80 characters of a name and 240 of how to get in"),
        (",,,,chlorine,,,,", "hazard_details are there and no hazards; name the hazards that they tell of"),
        (f",,,toxic,{'x' * 501},,,,", "hazard_details must be at most 500 printable characters"),
        (f",,,,,{'x' * 41},,,", "authority_ref must be at most 40 printable characters"),
        (",,,,,,,5,", "grade must be 1, 2, 3 or 4"),
        (",,,,,,,,Erika Example", "installer must be 1 to 20 letters, digits and hyphens: the firm, never a person"),
        (f",,,,,,,,{'x' * 21}", "installer must be 1 to 20 letters, digits and hyphens: the firm, never a person"),
        (
            ",,,,,,later,,",
            "response must be authority_at_once, authority_if_confirmed, guard_first, keyholder_first or inform_only",
        ),
    ],
)
def test_wrong_cell_of_premises_is_named_with_its_line_and_limit(cells, reason):
    assert mistakes(sites_plan, f"{HEAD}a,{cells}\nGood,,,,,,,,,\n") == (Problem(2, reason),)


def test_hazard_outside_the_closed_list_is_refused_with_the_nearest_and_dangers_to_crews_are_none():
    for word, near in (("flamable_gas", ", the nearest is flammable_gas"), ("dog", ""), ("weapons_stored", "")):
        (problem,) = mistakes(sites_plan, f"name,hazards\na,{word}\n")
        assert problem.reason.startswith("hazards must be of the closed list asbestos, batteries, ")
        assert problem.reason.endswith(f"water_reactive{near}")


def test_file_of_an_earlier_release_takes_no_hazard_and_no_position_away():
    known = [Site("site-1", msgspec.structs.replace(WHOLE, address="1 Quay"), 1)]
    (item,) = sites_plan("name,address\nPier,2 Quay\n", known).changed
    assert item.row == msgspec.structs.replace(WHOLE, address="2 Quay")
    assert sites_plan("name,address\nPier,1 Quay\n", known).changed == ()
    (item,) = sites_plan("name,address,latitude,hazards\nPier,1 Quay,,\n", known).changed
    assert item.row == msgspec.structs.replace(
        WHOLE, address="1 Quay", latitude=None, longitude=None, hazards=(), hazard_details=None
    ), "a column that the file has and that is empty takes away; a position goes as one, details with their hazards"


def test_file_without_names_is_one_mistake():
    with pytest.raises(BadInput, match="no column name") as caught:
        sites_plan("address\nx\ny\n")
    assert not isinstance(caught.value, BadRows)


texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "M")), min_size=1, max_size=20).map(
    lambda text: f"x{text}"
)
some = st.none() | texts


@st.composite
def whole_sites(draw):
    """A site with any of its columns, as the centre would have taken it."""
    position = draw(st.none() | st.tuples(st.integers(-90 * 10**6, 90 * 10**6), st.integers(-180 * 10**6, 180 * 10**6)))
    latitude, longitude = (None, None) if position in (None, (0, 0)) else [degrees(one) for one in position]
    plain = texts.filter(lambda text: not set(text) & {":", "|"})
    buildings = draw(st.lists(st.tuples(plain, st.none() | plain), max_size=4, unique_by=lambda one: folded(one[0])))
    hazards = tuple(one for one in SITE_HAZARDS if draw(st.booleans()))
    return SiteRow(
        name=draw(texts), address=draw(some), directions=draw(some), config=draw(st.integers(0, 9)),
        latitude=latitude, longitude=longitude, buildings=buildings_text(buildings) or None, hazards=hazards,
        hazard_details=draw(some) if hazards else None, authority_ref=draw(some),
        response=draw(st.none() | st.sampled_from(SITE_RESPONSES)),
        grade=draw(st.none() | st.sampled_from((1, 2, 3, 4))),
        installer=draw(st.none() | st.from_regex(r"[A-Za-z0-9-]{1,20}", fullmatch=True)),
    )  # fmt: skip


def degrees(micro):
    return f"{micro / 10**6:.6f}".rstrip("0").rstrip(".")


@given(
    st.lists(whole_sites(), max_size=6),
    st.sampled_from(["csv", "json"]),
)
def test_export_of_sites_imported_again_changes_nothing_and_is_the_same_to_the_byte(rows, form):
    unique = list({folded(row.name): row for row in rows}.values())
    sites = [Site(f"site-{n}", row, n) for n, row in enumerate(unique, 1)]
    written = export_sites(sites, form)
    plan = plan_sites(written, form, Known(sites=sites))
    assert (plan.new, plan.changed, len(plan.same)) == ((), (), len(sites))
    taken = [Site(item.id, item.row, 1) for item in plan.same]
    assert export_sites(taken, form) == written


# Zones ---------------------------------------------------------------------------------------------------------------


ACCOUNTS = [account(1, "5512"), account(2, "ab", receiver="0A", line="1"), account(3, "AB", line="2")]


ZONE_HEAD = "account,receiver,line,zone,name,type,priority,partition,detector"


def test_every_column_of_a_zone_is_understood():
    text = f"{ZONE_HEAD}\nAb,a,01,007,Hall,fire-smoke,2,0b,Smoke and heat\n5512,,,000,,,,,\n"
    assert zones_plan(text, ACCOUNTS) == ZonePlan(
        new=(
            PlannedZone(
                line=2,
                account="Ab",
                row=ZoneRow(
                    account_id="account-2",
                    number="7",
                    name="Hall",
                    type="FIRE-SMOKE",
                    priority=2,
                    partition="B",
                    detector="smoke_and_heat",
                ),
            ),
            PlannedZone(line=3, account="5512", row=ZoneRow(account_id="account-1", number="0")),
        ),
        changed=(),
        same=(),
    )


def test_zones_are_new_changed_and_same_by_account_and_number():
    known = [zone("account-1", "1", name="Hall", config=3), zone("account-1", "2", name="Yard", config=3)]
    plan = zones_plan("account,zone,name\n5512,01,Hall\n5512,2,Gate\n5512,3,\n", ACCOUNTS, known)
    assert [[item.row.number for item in items] for items in (plan.new, plan.changed, plan.same)] == [
        ["3"], ["2"], ["1"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (",,,1,,,", "account is missing"),
        ("5512,,,,,,", "zone is missing"),
        ("5512,,,a b,,,", "zone must be 1 to 16 letters and digits, as the panel sends it"),
        ("5512,,,12345678901234567,,,", "zone must be 1 to 16 letters and digits, as the panel sends it"),
        ("9999,,,1,,,", "account 9999 is not at the centre"),
        ("ab,,,1,,,", "account ab is not at the centre with this receiver and line; it is there with others"),
        ("5512,R1,,1,,,", "receiver must be 1 to 6 hex digits, without the letter R or L"),
        (f"5512,,,1,{'x' * 121},,", "name must be at most 120 printable characters"),
        ("5512,,,1,,FIRE-SMOKEY,", "type is no type of the catalogue, the nearest is FIRE-SMOKE"),
        ("5512,,,1,,,5", "priority must be 1, 2, 3 or 4"),
        ("5512,,,1,,,high", "priority must be 1, 2, 3 or 4"),
        ("5512,,,1,,,,7 7", "partition must be 1 to 6 letters and digits, as the panel sends it"),
        ("5512,,,1,,,,1234567", "partition must be 1 to 6 letters and digits, as the panel sends it"),
        ("5512,,,1,,,,,smok", "detector is no kind of detector, the nearest is smoke"),
        ("5512,,,1,,,,,heats", "detector is no kind of detector, the nearest is heat"),
    ],
)
def test_wrong_cell_of_a_zone_is_named_with_its_line_and_limit(cells, reason):
    row = cells + "," * (ZONE_HEAD.count(",") - cells.count(","))
    found = mistakes(zones_plan, f"{ZONE_HEAD}\n{row}\n5512,,,77,,,,,\n", ACCOUNTS)
    assert found == (Problem(2, reason),)


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_zone_opens_what_a_machine_may_open_and_nothing_else(type_):
    """CODES.md, rule 10, for every type that ships."""
    of = TYPES[type_]
    text = f"account,zone,type\n5512,1,{type_}\n"
    if of.opened_by == "any" and of.hazard not in MACHINE_NEVER:
        assert zones_plan(text, ACCOUNTS).new[0].row.type == type_
    else:
        (problem,) = mistakes(zones_plan, text, ACCOUNTS)
        assert "which no panel opens" in problem.reason


def test_zone_that_stands_twice_is_named_also_with_other_zeros():
    text = "account,zone\n5512,1\n5512,001\n5512,0\n5512,000\nab,1\n"
    assert mistakes(zones_plan, text, ACCOUNTS) == (
        Problem(3, "is zone 1 of this account again, as in line 2"),
        Problem(5, "is zone 0 of this account again, as in line 4"),
        Problem(6, "account ab is not at the centre with this receiver and line; it is there with others"),
    )


def test_zones_of_an_account_are_bounded_with_those_that_it_has():
    known = [zone("account-1", str(n)) for n in range(ZONES_MAX - 1)]
    text = f"account,zone\n5512,5\n5512,{ZONES_MAX}\n5512,{ZONES_MAX + 1}\n"
    assert mistakes(zones_plan, text, ACCOUNTS, known) == (
        Problem(4, "is more than the 2,000 zones that an account may have"),
    )


@given(
    st.lists(
        st.builds(
            ZoneRow,
            account_id=st.sampled_from([a.id for a in ACCOUNTS]),
            number=st.text("0123456789ABab", min_size=1, max_size=5).map(zone_number),
            name=some,
            type=st.none() | st.sampled_from(["FIRE-SMOKE", "HAZ-CO"]),
            priority=st.none() | st.integers(1, 4),
            config=st.integers(0, 9),
        ),
        max_size=6,
        unique_by=lambda row: (row.account_id, row.number),
    ),
    st.sampled_from(["csv", "json"]),
)
def test_export_of_zones_imported_again_changes_nothing_and_is_the_same_to_the_byte(rows, form):
    zones = [Zone(row, 1) for row in rows]
    written = export_zones(zones, ACCOUNTS, form)
    plan = plan_zones(written, form, Known(accounts=ACCOUNTS, zones=zones), TYPES)
    assert (plan.new, plan.changed, len(plan.same)) == ((), (), len(zones))
    assert export_zones([Zone(item.row, 1) for item in plan.same], ACCOUNTS, form) == written


# All kinds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_planned_or_refused(kind, data):
    with contextlib.suppress(BadInput):
        KINDS[kind].plan(data, form_of(data), Known(), site_import.PLAIN, lambda done, total: None, lambda pairs: [])


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_any_cells_are_planned_or_refused(kind, data):
    columns = KINDS[kind].columns
    cells = data.draw(st.lists(st.tuples(*[st.text(max_size=6)] * len(columns)), max_size=4))
    written = msgspec.json.encode([dict(zip(columns, row, strict=True)) for row in cells])
    with contextlib.suppress(BadInput):
        KINDS[kind].plan(
            written, "json", Known(accounts=ACCOUNTS), zone_import.PLAIN, lambda done, total: None, lambda pairs: []
        )


@pytest.mark.parametrize("kind", KINDS)
def test_mistake_repeats_no_cell_of_the_file(kind):
    secret = "Erika Example\u0007"
    rows = [dict.fromkeys(KINDS[kind].columns, secret)]
    with pytest.raises(BadRows) as caught:
        KINDS[kind].plan(
            msgspec.json.encode(rows), "json", Known(), site_import.PLAIN, lambda done, total: None, lambda pairs: []
        )
    assert "Erika" not in repr(caught.value.problems) + str(caught.value)
