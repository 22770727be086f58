"""The demo's town: 40 sites, 120 panels, a day that is calm enough to read, and the same again for the same seed."""

import csv
import itertools
from collections import Counter

import pytest

from tocsin.data import read_shipped
from tocsin.model.catalogue import MACHINE_NEVER
from tocsin.model.errors import BadInput
from tocsin.panel.town import DAY_S, DAYS_MAX, FLOOD_ALARMS, FLOOD_S, PACE, PANEL_NAMES, Town, town_time

TOWN = Town()
SITES = list(csv.DictReader(TOWN.sites_csv.splitlines()))
ZONES = list(csv.DictReader(TOWN.zones_csv.splitlines()))
TYPES = {row["type"]: row for row in csv.DictReader(read_shipped("incident_types.csv").splitlines())}
TABLES = {
    token: {row["code"]: row for row in csv.DictReader(read_shipped(name).splitlines())}
    for token, name in (("SIA-DCS", "sia_codes.csv"), ("ADM-CID", "contact_id_codes.csv"))
}
FIVE_MINUTES_S = 300.0
HAPPENINGS = {happening.name: happening for happening in TOWN.traffic.happening}


def row_of(told):
    """What the shipped table says of a message's code, and whether the message says that it is over."""
    recipe = TOWN.recipe(told)
    row = TABLES[recipe.token][recipe.code]
    return row, recipe.token == "ADM-CID" and recipe.qualifier == "3"


def kind_of(told):
    row, is_over = row_of(told)
    return row["kind_restore"] if is_over else row["kind"]


def opens_an_incident(told):
    row, is_over = row_of(told)
    return not is_over and int(row["priority"]) < 5


def told_by(*names):
    """The messages of these happenings within one day."""
    wanted = Counter(
        (TOWN._place(site, HAPPENINGS[name].panel), step.says, step.zone)
        for name in names
        for site in HAPPENINGS[name].sites
        for step in HAPPENINGS[name].steps
    )
    found = [told for told in TOWN.told() if (told.place, told.says, told.zone) in wanted]
    assert Counter((told.place, told.says, told.zone) for told in found) == wanted
    return found


def test_town_has_40_sites_with_three_panels_each_and_a_third_of_them_has_keys():
    names = [site["name"] for site in SITES]
    assert len(names) == len({name.casefold() for name in names}) == 40
    assert Counter((row["site"], row["name"]) for row in TOWN.rows) == Counter(
        itertools.product(names, PANEL_NAMES.values())
    )
    assert len({row["account"] for row in TOWN.rows}) == 120
    keys = [row["key"] for row in TOWN.rows if row["key"]]
    assert len(keys) == len(set(keys)) == 40
    assert Counter(len(key) for key in keys).keys() == {32, 48, 64}


def test_every_site_says_where_it_is_and_how_to_get_in():
    assert all(0 < len(site["address"]) <= 60 and 20 <= len(site["directions"]) <= 120 for site in SITES)
    assert len({site["address"] for site in SITES}) == 40


def test_every_account_has_four_to_twelve_zones_with_a_name_of_its_own():
    zones = {account: [] for account in TOWN.accounts[:120]}
    for zone in ZONES:
        zones[zone["account"]].append(zone)
    assert all(4 <= len(mine) <= 12 for mine in zones.values())
    for mine in zones.values():
        assert len({zone["name"].casefold() for zone in mine}) == len({zone["zone"] for zone in mine}) == len(mine)
    assert all(zone["zone"] == str(int(zone["zone"])) for zone in ZONES)
    assert all(3 < len(zone["name"]) <= 60 for zone in ZONES)


def test_zone_has_a_type_only_where_a_machine_may_open_it():
    typed = [zone for zone in ZONES if zone["type"]]
    assert len(typed) < len(ZONES) / 2
    for zone in typed:
        row = TYPES[zone["type"]]
        assert row["opened_by"] == "any", zone
        assert row["hazard"] not in MACHINE_NEVER, zone
    assert {zone["priority"] for zone in ZONES} == {"", "2"}


def test_call_point_is_told_from_a_smoke_detector_in_both_languages():
    """DC-03 says FA for both, so the zone says it; Contact ID has a code for each."""
    for zone in ZONES:
        if zone["name"].startswith("Call point"):
            is_cid = zone["account"] in TOWN.traffic.contact_id
            assert zone["type"] == ("" if is_cid else "FIRE-MANUAL"), zone


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_message_has_a_code_that_the_tables_know_and_a_named_zone(seed):
    for told in TOWN.told(days=3, flood=True, seed=seed):
        row, _ = row_of(told)
        recipe = TOWN.recipe(told)
        is_stranger = TOWN.accounts[told.place] in TOWN.traffic.strangers
        if kind_of(told) == "test" and told.zone is None:
            assert recipe.zone is None  # of the panel as a whole: no number in DC-03, 000 in Contact ID
        elif row["address_is"] in ("zone", "door") and not is_stranger:
            assert told.zone in TOWN.zones[told.place], (told, row["meaning"])
            assert recipe.zone == f"{told.zone:03d}"
            is_cid = recipe.token == "ADM-CID"
            assert recipe.text == (None if is_cid else TOWN.zones[told.place][told.zone])
        if row["address_is"] == "none":
            assert recipe.zone is None


def test_panel_speaks_one_language():
    languages = {}
    for told in TOWN.told(days=5, flood=True):
        languages.setdefault(TOWN.accounts[told.place], set()).add(TOWN.recipe(told).token)
    assert set(languages) == set(TOWN.accounts)
    assert Counter(len(tokens) for tokens in languages.values()) == {1: 121}
    assert Counter(token for tokens in languages.values() for token in tokens)["ADM-CID"] == 54


def test_traffic_is_about_hazards_and_equipment_alone():
    hazards = {row_of(told)[0]["hazard"] for told in TOWN.told(days=2, flood=True)}
    hazards |= {TYPES[zone["type"]]["hazard"] for zone in ZONES if zone["type"]}
    assert hazards == {
        "", "fire", "flood_weather", "hazmat", "intrusion", "rescue", "robbery_holdup", "technical", "utility"
    }  # fmt: skip


def test_same_seed_is_the_same_town_and_another_seed_another_day():
    again = Town()
    assert again.told(days=3, flood=True, seed=7) == TOWN.told(days=3, flood=True, seed=7)
    assert again.fleet(days=2, seed=7) == TOWN.fleet(days=2, seed=7)
    assert TOWN.told(seed=7) != TOWN.told(seed=8)


def test_longer_run_begins_with_the_same_day():
    day = TOWN.told(seed=3)
    longer = TOWN.told(days=2, seed=3)
    end_s = DAY_S / PACE
    assert [told for told in longer if told.at_s < end_s] == [told for told in day if told.at_s < end_s]
    assert len(longer) == 2 * len(day)
    assert {told.says for told in longer if told.at_s > end_s} == {told.says for told in day}


def test_second_day_is_not_the_first_one_again():
    end_s = DAY_S / PACE
    days = [{}, {}]
    for told in TOWN.told(days=2):
        if told.says == "test":
            days[told.at_s >= end_s][told.place] = round(told.at_s % end_s, 3)
    assert len(days[0]) == len(days[1]) == 120
    assert sum(days[0][place] == days[1][place] for place in days[0]) < 5


def test_pace_moves_the_day_and_leaves_the_seconds_of_a_happening():
    fire = HAPPENINGS["Fire in the cold store: three smoke detectors, then a call point"]
    place = TOWN._place("Cold Store North", "fire")
    for pace, begin_s in ((60, 90), (30, 180), (600, 9)):
        says = {step.says for step in fire.steps}
        found = [told.at_s - begin_s for told in TOWN.told(pace=pace) if told.place == place and told.says in says]
        assert found == pytest.approx([step.after_s for step in fire.steps])


def test_newcomer_meets_one_thing_after_another_in_the_first_five_minutes():
    met = []
    for name, happening in HAPPENINGS.items():
        first = min((told for told in told_by(name)), key=lambda told: told.at_s) if happening.sites else None
        if first is not None and first.at_s < FIVE_MINUTES_S:
            row, _ = row_of(first)
            met.append((round(first.at_s), row["incident_type"], int(row["priority"])))
    assert met == [
        (40, "TECH-MAINS", 4),
        (90, "FIRE-SMOKE", 1),
        (150, "INT-BURGLARY", 2),
        (210, "FLOOD-LEAK", 3),
        (270, "HOLD-UP", 1),
    ]


def test_what_opens_an_incident_comes_from_happenings_alone():
    """Openings, tests and bypasses are filed: else the queue would fill with what nobody needs to see."""
    expected = Counter(
        (place, step.says, step.zone)
        for happening in TOWN.traffic.happening
        for place in TOWN._places_of(happening)
        for step in happening.steps
    )
    opening = Counter((told.place, told.says, told.zone) for told in TOWN.told() if opens_an_incident(told))
    assert opening
    assert all(expected[key] == count for key, count in opening.items())
    assert len(TOWN.told()) > 4 * sum(opening.values())


def test_day_is_calm_enough_to_read():
    """At the default pace there are at least 30 s between one happening and the next."""
    begins = sorted(TOWN._since_begin_s(happening.at) / PACE for happening in TOWN.traffic.happening)
    begins.append(begins[0] + DAY_S / PACE)
    gaps = [later - earlier for earlier, later in itertools.pairwise(begins)]
    assert min(gaps[1:]) >= 30  # the first is the stranger's test, which opens nothing


def test_fire_is_told_by_three_detectors_and_a_call_point_of_one_building_within_half_a_minute():
    fire = told_by("Fire in the cold store: three smoke detectors, then a call point")
    alarms = [told for told in fire if kind_of(told) == "alarm"]
    assert [row_of(told)[0]["incident_type"] for told in alarms] == ["FIRE-SMOKE"] * 3 + ["FIRE-MANUAL"]
    assert len({told.zone for told in alarms}) == 4
    assert len({told.place for told in alarms}) == 1
    assert alarms[-1].at_s - alarms[0].at_s <= 30


def test_mains_fails_at_eight_sites_within_ten_seconds():
    lost = [told for told in told_by("Mains failure over the east quarter") if kind_of(told) == "trouble"]
    assert {row_of(told)[0]["incident_type"] for told in lost} == {"TECH-MAINS"}
    assert len({told.place for told in lost}) == 8
    assert max(told.at_s for told in lost) - min(told.at_s for told in lost) < 10


def test_hold_up_is_a_silent_one():
    first = min(told_by("Hold-up at the bank, silent"), key=lambda told: told.at_s)
    assert kind_of(first) == "duress"


def test_whatever_goes_off_is_said_to_be_over_afterwards():
    standing = {}
    for told in TOWN.told():
        if opens_an_incident(told) and told.says != "not-closed":
            standing[told.place, told.zone] = told
        elif kind_of(told) in ("restoral", "trouble_restoral"):
            standing.pop((told.place, told.zone), None)
    assert standing == {}


def test_stranger_sends_a_test_at_once_and_an_alarm_later():
    place = TOWN.accounts.index("4221")
    said = [(round(told.at_s), told.says) for told in TOWN.told() if told.place == place]
    assert said == [(12, "test-by-hand"), (17, "opened"), (500, "smoke"), (580, "smoke-over")]
    assert "4221" not in {row["account"] for row in TOWN.rows}
    assert TOWN.fleet().panels[place].key is None


def test_flood_is_600_alarms_and_faults_in_ten_minutes_on_top():
    for pace in (PACE, 600):
        calm, flooded = (Counter(TOWN.told(pace=pace, days=2, flood=flood)) for flood in (False, True))
        assert calm - flooded == Counter()
        alarms = list((flooded - calm).elements())
        assert len(alarms) == FLOOD_ALARMS == 600
        assert {kind_of(told) for told in alarms} == {"alarm", "trouble"}
        said = Counter(told.says for told in alarms)
        assert 0 < said["smoke"] < 40  # about lives is the smallest part of a flood, and never lost in it
        assert max(told.at_s for told in alarms) < FLOOD_S == 600
        assert len({told.place for told in alarms}) > 60


def test_fleet_sends_what_is_told_with_numbers_that_go_on_and_the_accounts_keys():
    fleet = TOWN.fleet(days=2, first=40)
    assert fleet.planned == len(TOWN.told(days=2))
    for plan in fleet.plans:
        assert [due.message.number for due in plan] == list(range(40, 40 + len(plan)))
    keyed = {panel.account for panel in fleet.panels if panel.key is not None}
    assert keyed == {row["account"] for row in TOWN.rows if row["key"]}


@pytest.mark.parametrize("wrong", [{"pace": 0.5}, {"pace": 3601}, {"days": 0}, {"days": DAYS_MAX + 1}])
def test_pace_and_days_have_limits(wrong):
    with pytest.raises(BadInput, match=r"\[panel\.limit\]"):
        TOWN.told(**wrong)


def test_clock_of_the_town_begins_at_six_and_comes_round():
    times = [town_time(elapsed_s, PACE) for elapsed_s in (0, 40.9, 90, 1079, 1080, 1440)]
    assert times == ["06:00", "06:40", "07:30", "23:59", "00:00", "06:00"]
