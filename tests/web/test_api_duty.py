"""Reports of staff on duty over HTTP: durable before the receipt, once however often they come, seen by nobody else."""

import itertools
import json

import pytest

from support.centres import SETTINGS, make_folder
from support.pdf import pages
from support.web import web
from tocsin.centre.core import Core
from tocsin.model.commands import Claim, Close, Command
from tocsin.rules.catalogue import shipped_catalogue

SAID = "Planted: smoke behind the planted door"
MINUTE, HOUR = 60_000_000, 3_600_000_000
KEYS = itertools.count(1)


def attached(site):
    """The site with a core, so that reports open incidents."""
    held = site.held
    core = Core(
        held.store, held.clock, shipped_catalogue(), held.centre.places(), keeper=held.centre.keeper,
        follower=held.centre.escalating, planner=held.centre.planning,
    )  # fmt: skip
    held.journal.attach(core)
    held.centre.use_core(core)
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("duty") / "centre"
    settings = make_folder(folder, toml=SETTINGS + '[duty]\ntelephone = "+1 202 555 0100"\n')
    with web(settings) as made:
        made.folder = folder
        made.held.add(b"name,buildings\nPier,Hall B: gate 2 | Pump house\nDock,\n", kind="sites")
        made.ids = {one.row.name: one.id for one in made.held.centre.sites()}
        yield attached(made)


@pytest.fixture(scope="module")
def staff(site):
    return site.signed_in("responder")


def body(site, type_="FIRE-SMOKE", **fields):
    now = site.clock.now_us()
    return {"type": type_, "typed_at": now, "sent_at": now, "where": "behind the hall"} | fields


def send(client, sent, key=None):
    return client.post("/api/v1/duty/reports", json=sent, headers={"idempotency-key": key or f"phone-{next(KEYS)}"})


def newest(site):
    return site.held.store.incidents("open", None, 1)[0]


def fact(site, kind="incident.reported"):
    rows = [one.row for one in site.held.store.entries(0, 5_000) if one.row.kind == kind]
    return json.loads(rows[-1].entry)


def act(site, incident, act_):
    version = site.held.store.incident(incident).version
    command = Command(actor="user-999", id=f"k{next(KEYS)}", incident=incident, version=version, act=act_)
    return site.held.centre.handle(command)


def test_the_same_report_thrice_is_one_incident_and_gets_the_same_receipt(site, staff):
    before = site.held.store.incident_count("open")
    sent = body(site, said=SAID)
    answers = [send(staff, sent | {"sent_at": sent["sent_at"] + n * MINUTE}, "thrice") for n in range(3)]
    assert [one.status_code for one in answers] == [201] * 3
    assert len({one.text for one in answers}) == 1
    assert site.held.store.incident_count("open") == before + 1
    receipt, incident = answers[0].json(), newest(site)
    assert receipt == {
        "report": "thrice", "received_at": incident.opened_at, "number": incident.number, "is_claimed": False,
        "closed_at": None,
    }  # fmt: skip
    assert (incident.origin, incident.type, incident.claimed_by, incident.told_place) == (
        "duty", "FIRE-SMOKE", None, "told",
    )  # fmt: skip
    assert fact(site)["body"]["way"] == "duty"


def test_another_report_under_the_same_id_is_refused_and_changes_nothing(site, staff):
    assert send(staff, body(site, typed_at=1), "reused").status_code == 201
    before = site.held.store.head()
    refused = send(staff, body(site, typed_at=1, said="else"), "reused")
    assert (refused.status_code, refused.json()["code"]) == (409, "command.reused")
    assert site.held.store.head() == before
    # The same id of somebody else is another report: nobody can suppress what a colleague sends.
    assert send(site.signed_in("responder"), body(site, typed_at=1), "reused").status_code == 201


def test_what_somebody_else_typed_goes_out_in_nobodys_name_but_as_handed_over(site):
    dee, eve = site.signed_in("responder"), site.signed_in("responder")
    writer = dee.get("/api/v1/session").json()["user"]["id"]
    before = site.held.store.head()
    refused = send(eve, body(site, typed_at=2, written_by=writer), "shared")
    assert (refused.status_code, refused.json()["code"]) == (409, "duty.report.other")
    assert site.held.store.head() == before
    sent = body(site, typed_at=2, written_by=writer, is_handed_over=True)
    assert [send(eve, sent, "shared").status_code for _ in range(2)] == [201, 201]
    said = fact(site)
    assert (said["actor"], said["body"]["is_handed_over"]) == (eve.get("/api/v1/session").json()["user"]["id"], True)
    operator = site.signed_in("operator")
    (report,) = operator.get(f"/api/v1/incidents/{newest(site).id}/reports").json()["items"]
    assert (report["is_handed_over"], report["by"]) == (True, said["actor"])
    assert send(dee, body(site, written_by=writer), "own").status_code == 201
    assert fact(site)["body"]["is_handed_over"] is False


@pytest.mark.parametrize(
    ("ahead", "lay", "waited"),
    [(0, 14 * MINUTE, 840), (-400 * 24 * HOUR, 14 * MINUTE, 840), (90 * 24 * HOUR, 0, 0), (0, -HOUR, None),
     (0, 4_000 * 24 * HOUR, None)],
)  # fmt: skip
def test_a_wrong_clock_is_kept_and_decides_neither_age_nor_order(site, staff, ahead, lay, waited):
    now = site.clock.now_us()
    typed = now + ahead - max(0, lay)
    assert send(staff, body(site, typed_at=typed, sent_at=typed + lay)).status_code == 201
    said = fact(site)
    assert (said["body"]["device_time"], said["body"]["waited_s"]) == (typed, waited)
    assert now <= newest(site).opened_at <= site.clock.now_us()
    assert newest(site).number == max(one.number for one in site.held.store.incidents("open", None, 100))


def test_type_is_chosen_by_word_or_by_its_three_digits_and_the_centres_own_are_refused(site, staff):
    assert send(staff, body(site, "303")).status_code == 201
    assert newest(site).type == "MED-ARREST"
    for type_, code in (("TECH-RUNAWAY", "call.centre_type"), ("999", "call.type"), ("FIRE-NOTHING", "call.type")):
        refused = send(staff, body(site, type_))
        assert (refused.status_code, refused.json()["code"]) == (400, code)


def test_somebody_missing_is_reported_with_the_harm_that_is_feared_or_not_at_all(site, staff):
    refused = send(staff, body(site, "MISSING-VULNERABLE"))
    assert refused.status_code == 400
    assert "harm" in refused.text
    assert send(staff, body(site, "MISSING-VULNERABLE", harm_feared=["cold"])).status_code == 201
    assert newest(site).help_version == 1


def test_a_code_at_the_place_names_site_and_part_and_a_false_one_holds_up_no_report(site, staff):
    code = site.held.centre.duty_reports.code_of(site.ids["Pier"], "Hall B")
    shown = staff.get(f"/api/v1/duty/places/{code}").json()
    assert shown == {"site_id": site.ids["Pier"], "name": "Pier", "part": "Hall B"}
    assert send(staff, body(site, code=code, where=None)).status_code == 201
    assert (newest(site).site_id, newest(site).told_place) == (site.ids["Pier"], None)
    operator = site.signed_in("operator")
    (report,) = operator.get(f"/api/v1/incidents/{newest(site).id}/reports").json()["items"]
    assert (report["site"], report["words"]["exact"], report["way"]) == ("Pier", "Hall B", "duty")
    false = code.replace("Pier", "Dock")[:-2] + "zz"
    asked = staff.get(f"/api/v1/duty/places/{false}")
    assert (asked.status_code, asked.json()["code"]) == (404, "duty.code.unknown")
    assert send(staff, body(site, code=false, where=None)).status_code == 201
    assert (newest(site).site_id, newest(site).told_place) == (None, "unclear")


def test_a_position_comes_with_its_accuracy_and_stands_in_the_report_alone(site, staff):
    assert send(staff, body(site, where=None, latitude=54.32, longitude=10.14, accuracy_m=15)).status_code == 201
    (report,) = site.signed_in("operator").get(f"/api/v1/incidents/{newest(site).id}/reports").json()["items"]
    assert (report["words"]["latitude"], report["words"]["accuracy_m"], report["place"]) == (54.32, 15, "told")
    assert b"54.32" not in b"".join(one.row.entry for one in site.held.store.entries(0, 5_000))
    for wrong in ({"latitude": 1.0}, {"accuracy_m": 3}, {"latitude": 91, "longitude": 0}):
        assert send(staff, body(site, **wrong)).status_code == 400


def test_receipts_tell_received_claimed_and_closed_of_ones_own_and_of_nobody_elses(site, staff):
    assert send(staff, body(site, "FLOOD-LEAK", said=SAID), "followed").status_code == 201
    incident = newest(site)

    def state():
        (item,) = staff.get("/api/v1/duty/receipts?report=followed&report=never-sent").json()["items"]
        return item["number"], item["is_claimed"], item["closed_at"] is not None

    assert state() == (incident.number, False, False)
    act(site, incident.id, Claim())
    assert state() == (incident.number, True, False)
    assert SAID not in staff.get("/api/v1/duty/receipts?report=followed").text
    other = site.signed_in("responder")
    assert other.get("/api/v1/duty/receipts?report=followed").json()["items"] == []


def test_a_silent_call_for_help_leaves_nothing_to_see_on_the_phone(site, staff):
    assert send(staff, body(site, "HOLD-UP"), "silent").status_code == 201
    assert newest(site).silent
    assert staff.get("/api/v1/duty/receipts?report=silent").json()["items"] == []


def test_who_may_only_report_sees_no_queue_no_places_and_no_incident(site, staff):
    assert send(staff, body(site)).status_code == 201
    incident = newest(site).id
    for path in (
        "/incidents", f"/incidents/{incident}", f"/incidents/{incident}/reports", f"/incidents/{incident}/texts",
        "/calls", "/sites", "/users", "/live", "/duty/card", f"/duty/sheets?site_id={site.ids['Pier']}",
    ):  # fmt: skip
        assert staff.get(f"/api/v1{path}").status_code == 403, path
    form = staff.get("/api/v1/duty").json()
    assert (form["places"], form["telephone"], form["help_type"]) == ([], "+1 202 555 0100", "WELFARE-ASSIST")
    shorts = [one["short"] for one in form["types"]]
    assert shorts == sorted(set(shorts))
    assert not {one["type"] for one in form["types"]} & {"TECH-RUNAWAY", "TECH-CENTRE"}
    # Who sees names of places anyway chooses from them, part by part.
    places = site.signed_in("operator").get("/api/v1/duty").json()["places"]
    assert [(one["name"], one["parts"]) for one in places] == [("Dock", []), ("Pier", ["Hall B", "Pump house"])]
    assert site.client().post("/api/v1/duty/reports", json=body(site)).status_code == 401
    assert send(site.signed_in("auditor"), body(site)).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"said": "x" * 501}, {"where": "x" * 301}, {"type": "fire"}, {"code": "site-1"}, {"typed_at": 2**60},
     {"persons": 3}, {"harm_feared": ["wanted"]}, {"site_id": "Pier"}, {"written_by": "Dee"}],
)  # fmt: skip
def test_what_is_too_long_or_no_field_is_refused_and_stores_nothing(site, staff, wrong):
    before = site.held.store.head()
    refused = send(staff, body(site) | wrong)
    assert refused.status_code == 400
    assert site.held.store.head() == before


def test_a_body_larger_than_a_report_can_be_is_refused(site, staff):
    refused = staff.post(
        "/api/v1/duty/reports", content=b"{" + b" " * 70_000 + b"}",
        headers={"content-type": "application/json", "idempotency-key": "large"},
    )  # fmt: skip
    assert refused.status_code == 413


def test_the_card_has_every_short_number_and_the_sheets_a_code_for_each_part(site):
    boss = site.signed_in("supervisor")
    card = boss.get("/api/v1/duty/card")
    assert card.status_code == 200
    shown = " ".join(" ".join(line for page in pages(card.content) for line in page).split())
    assert "+1 202 555 0100" in shown
    for one in shipped_catalogue().types.values():
        assert (f" {one.short} " in shown) == (one.opened_by != "centre"), one.type
    sheets = pages(boss.get(f"/api/v1/duty/sheets?site_id={site.ids['Pier']}&site_id={site.ids['Dock']}").content)
    text = " ".join(line for page in sheets for line in page)
    assert [name in text for name in ("Pier", "Hall B", "Pump house", "Dock")] == [True] * 4
    assert len(sheets) == 2
    gone = boss.get("/api/v1/duty/sheets?site_id=site-99999")
    assert (gone.status_code, gone.json()["code"]) == (404, "sites.unknown")


def test_what_was_typed_lies_under_the_incidents_key_and_goes_with_it(site, staff):
    assert send(staff, body(site, said=SAID), "sealed").status_code == 201
    incident = newest(site).id
    act(site, incident, Claim())
    act(site, incident, Close(disposition="test"))
    assert [path.name for path in site.folder.rglob("*") if path.is_file() and SAID.encode() in path.read_bytes()] == []
    (item,) = staff.get("/api/v1/duty/receipts?report=sealed").json()["items"]
    assert item["closed_at"] is not None


def post(client, path, **fields):
    return client.post(f"/api/v1/duty/{path}", json=fields, headers={"idempotency-key": f"c{next(KEYS)}"})


def test_a_check_in_is_begun_goes_on_and_ends_and_nobody_else_sees_it(site):
    dee, eve = site.signed_in("responder"), site.signed_in("responder")
    begun = post(dee, "check-in", minutes=30, code=site.held.centre.duty_reports.code_of(site.ids["Pier"]))
    assert begun.status_code == 201
    one = begun.json()["check_in"]
    assert (one["minutes"], one["due_at"] - one["begun_at"], one["is_missed"]) == (30, 30 * MINUTE, False)
    again = post(dee, "check-in", minutes=30)
    assert (again.status_code, again.json()["code"]) == (409, "check_in.running")
    assert eve.get("/api/v1/duty/check-in").json()["check_in"] is None
    foreign = post(eve, f"check-in/{one['id']}/end")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "check_in.unknown")
    went_on = post(dee, f"check-in/{one['id']}/go-on", minutes=60).json()["check_in"]
    assert went_on["due_at"] > one["due_at"]
    assert dee.get("/api/v1/duty/check-in").json()["check_in"] == went_on
    assert post(dee, f"check-in/{one['id']}/end").json()["check_in"] is None
    assert dee.get("/api/v1/duty/check-in").json()["check_in"] is None
    for wrong in ({"minutes": 0}, {"minutes": 481}, {"minutes": 30, "where": "x" * 301}, {"minutes": 5, "track": True}):
        assert post(dee, "check-in", **wrong).status_code == 400
