"""What the town's day becomes by the product's own rules: read, joined and filed as the core would."""

import csv
from collections import Counter

from tocsin.model.incidents import IncidentOpened
from tocsin.model.signals import SignalBody
from tocsin.model.sites import AccountPlace, ZoneRule, zone_number
from tocsin.panel.messages import build
from tocsin.panel.town import Town
from tocsin.protocols.contact_id import parse_cid
from tocsin.protocols.payload import SiaEvent
from tocsin.protocols.sia_events import parse_sia
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.chatter import Folded, fold
from tocsin.rules.classify import classify
from tocsin.rules.correlate import decide_signal
from tocsin.rules.incident import apply

TOWN = Town()
CATALOGUE = shipped_catalogue()
NOTHING = dict.fromkeys(SignalBody.__struct_fields__) | {
    "address_withheld": False, "disputed": False, "encrypted": False, "exercise": False, "values": (), "config": 1
}  # fmt: skip


def places():
    """Where each account stands, as the import of the town's files would have it."""
    zones = {account: {} for account in TOWN.accounts}
    for row in csv.DictReader(TOWN.zones_csv.splitlines()):
        if row["type"] or row["priority"]:
            rule = ZoneRule(type=row["type"] or None, priority=int(row["priority"]) if row["priority"] else None)
            zones[row["account"]][row["zone"]] = rule
    return {row["account"]: AccountPlace(site_id=row["site"], zones=zones[row["account"]]) for row in TOWN.rows}


def signal_of(told, number):
    """The signal as it would stand in the journal: through the message that the panel sends and the codec."""
    account = TOWN.accounts[told.place]
    message = build(TOWN.recipe(told), account, 1)
    payload = (parse_sia if message.token == "SIA-DCS" else parse_cid)(message.data)
    (event,) = payload.events
    is_sia = isinstance(event, SiaEvent)
    is_user = TOWN.code(told)[1] == "user"
    address = event.address if is_sia else event.zone
    body = NOTHING | {
        "account": account,
        "address": None if is_user or not address else address,
        "address_withheld": is_user,
        "code": event.code,
        "format": "SIA" if is_sia else "CID",
        "known": account not in TOWN.traffic.strangers,
        "qualifier": None if is_sia else event.qualifier,
        "received_at": round(told.at_s * 1_000_000),
        "sequence": f"{number:04d}",
    }
    return SignalBody(**body)


def day(all_told):
    """Every incident of the messages, in the order in which they opened, and why signals were filed."""
    where = places()
    incidents, filed = {}, Counter()
    for number, told in enumerate(all_told, 1):
        signal = signal_of(told, number)
        place = where.get(signal.account)
        account_id = signal.account if place else None
        site_id = place.site_id if place else None
        candidates = [
            one
            for one in incidents.values()
            if (site_id and one.site_id == site_id) or one.account.upper() == signal.account.upper()
        ]
        reading = classify(signal, place, CATALOGUE)
        decided = decide_signal(
            reading, signal, f"main-{number}", account_id, site_id, candidates, len(incidents) + 1, 1, CATALOGUE
        )
        if isinstance(decided, str):
            filed[decided] += 1
            continue
        if isinstance(decided, Folded):
            before = incidents[decided.incident]
            decided = before.id, fold(before, None, decided, signal, number, 1)
        id_, body = (f"incident-{number}", decided) if isinstance(decided, IncidentOpened) else decided
        incidents[id_] = apply(incidents.get(id_), body, seq=number, at=signal.received_at, actor=None, id_=id_)
    return list(incidents.values()), filed


INCIDENTS, FILED = day(TOWN.told())


def at_s(incident):
    return round(incident.opened_at / 1_000_000)


def test_fire_in_the_cold_store_is_one_incident_confirmed_and_returned_at_the_end():
    (fire,) = [one for one in INCIDENTS if one.site_id == "Cold Store North" and one.hazard == "fire"]
    assert (at_s(fire), fire.type, fire.priority, fire.code, fire.zone) == (90, "FIRE-SMOKE", 1, "E111", "3")
    assert (fire.signals, fire.confirmed, fire.condition, fire.state) == (8, True, "returned", "open")


def test_day_makes_these_incidents():
    found = [(at_s(one), one.site_id or one.account, one.type, one.priority) for one in INCIDENTS]
    quarter = [one for one in found if 430 <= one[0] < 440]
    assert [one for one in found if one not in quarter] == [
        (40, "Lighthouse Cottage", "TECH-MAINS", 4),
        (90, "Cold Store North", "FIRE-SMOKE", 1),
        (150, "Jeweller Market Square", "INT-BURGLARY", 2),
        (210, "Museum of the Sea", "FLOOD-LEAK", 3),
        (270, "Bank Market Square", "HOLD-UP", 1),
        (320, "Theatre", "TECH-LIFESAFETY", 4),
        (370, "Hotel Anchor", "FIRE-ALARM", 1),
        (500, "4221", "FIRE-ALARM", 1),
        (560, "Cold Store South", "TECH-PLANT", 3),
        (620, "Town Hall", "RESC-LIFT", 2),
        (680, "Substation East", "TECH-TAMPER", 2),
        (740, "Petrol Station Coast Road", "HAZ-GAS", 1),
        (790, "Library", "INT-SCHEDULE", 4),
        (840, "Pilot Station", "TECH-LINE", 3),
        (900, "Marina", "TECH-BATTERY", 4),
        (960, "Timber Yard", "INT-OUTDOOR", 2),
        (1020, "Water Works", "INT-DOOR", 2),
        (1090, "Chandlery", "INT-BURGLARY", 2),
        (1160, "Hotel Quayside", "HAZ-CO", 1),
        (1220, "Print Works", "FIRE-SMOKE", 1),
        (1290, "Water Works", "FLOOD-LEAK", 3),
        (1350, "Care Home Seaview", "TECH-BATTERY", 4),
        (1400, "Swimming Hall", "TECH-LIFESAFETY", 3),
    ]
    assert {one[2:] for one in quarter} == {("TECH-MAINS", 4)}
    assert len({one[1] for one in quarter}) == len(quarter) == 8


def test_what_went_off_has_returned_by_itself_and_nothing_has_closed_by_itself():
    assert {one.condition for one in INCIDENTS if one.type != "INT-SCHEDULE"} == {"returned"}
    assert {one.state for one in INCIDENTS} == {"open"}


def test_only_the_hold_up_is_silent():
    assert [one.type for one in INCIDENTS if one.silent] == ["HOLD-UP"]


def test_two_detectors_confirm_and_the_same_one_does_not():
    confirmed = {one.site_id for one in INCIDENTS if one.confirmed}
    assert confirmed == {
        "Cold Store North", "Jeweller Market Square", "Museum of the Sea", "Chandlery", "Print Works"
    }  # fmt: skip


def test_every_incident_is_opened_by_a_zone_that_has_a_name():
    names = {(row["account"], row["zone"]) for row in csv.DictReader(TOWN.zones_csv.splitlines())}
    of_zones = [one for one in INCIDENTS if one.account_id and one.zone and "-" not in one.zone]
    assert len(of_zones) > 15
    assert [one for one in of_zones if (one.account, zone_number(one.zone)) not in names] == []


def test_the_rest_of_the_day_is_filed():
    joined_or_opened = sum(one.signals for one in INCIDENTS)
    assert sum(FILED.values()) == len(TOWN.told()) - joined_or_opened
    assert set(FILED) == {
        "filed_test", "filed_open", "filed_close", "filed_bypass", "filed_restoral", "filed_information",
        "unknown_account_queue",
    }  # fmt: skip


def test_flood_opens_fewer_incidents_than_it_has_alarms():
    incidents, _ = day(TOWN.told(flood=True))
    assert 100 < len(incidents) - len(INCIDENTS) < 300
