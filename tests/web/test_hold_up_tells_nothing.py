"""A call of the control room itself, and every way out: whoever was forced finds nothing of it, anywhere, by any id.

Ana is operator and supervisor, and is forced. Everything that the API gives is asked for, with what lies near the call
where an address wants an id: the control room's own site, an account there with a button, a test of the whole site.
"""

import json
import re
import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from support.api_description import api_description
from support.centres import SETTINGS, held, make_folder, wait_for
from support.desks import ACCOUNTS, SITES, Office
from support.in_process import serving
from support.providers import fake_provider
from tocsin.journal.verify import verify_export
from tocsin.settings import load

DESCRIBED = api_description()
READS = sorted(path for path, methods in DESCRIBED["paths"].items() if "get" in methods)
MORE = '\n[centre]\nown_site = "{site}"\n[notify]\ninternal = ["{address}"]\n[notify.webhook]\nenabled = true\n'


@pytest.fixture(scope="module")
def provider():
    with fake_provider() as made:
        yield made


@pytest.fixture(scope="module")
def office(tmp_path_factory, provider):
    folder = tmp_path_factory.mktemp("office") / "centre"
    with held(make_folder(folder)) as centre:
        centre.add((SITES + "Control room,3 Quay Street,,,\n").encode(), kind="sites")
        centre.add((ACCOUNTS + "9001,Control room,Buttons\n").encode())
        own = next(one.id for one in centre.centre.sites() if one.row.name == "Control room")
        button = next(one.id for one in centre.centre.accounts() if one.row.account == "9001")
    (folder / "tocsin.toml").write_text(SETTINGS + MORE.format(site=own, address=provider.address))
    with serving(load(folder, {})) as centre:
        made = Office(centre)
        made.own, made.button = own, button
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("operator", "supervisor"))


@pytest.fixture(scope="module")
def bo(office):
    return office.person("Bo", ("operator",))


@pytest.fixture(scope="module")
def boss(office, provider):
    """Reached at home, by a program."""
    made = office.person("Boss", ("supervisor",))
    assert made.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"}).status == 200
    assert made.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": provider.url()}).status == 201
    return made


def press(person, **headers):
    assert person.ask("POST", "/api/v1/hold-up", {}, **headers).status == 204


def raised(person):
    return wait_for(lambda: next((row for row in person.open_incidents() if row["is_room"]), None))


@pytest.fixture(autouse=True)
def calm(ana, boss):
    yield
    for one in ana.get("/on-test")["items"]:
        ana.ask("POST", f"/api/v1/on-test/{one['id']}/end")
    boss.close_all()


@pytest.fixture
def call(calm, office, ana, bo, boss):
    """Everything near it is there, then Ana presses, Bo claims and writes, and Boss is told."""
    until = int(time.time() * 1_000_000) + 3_600_000_000
    asked = {"asked_by": "installer", "company": None, "live": [], "not_live": [], "partition": None}
    asked |= {"account_id": None, "site_id": office.own, "reason": "maintenance", "until": until, "zones": []}
    begun = ana.ask("POST", "/api/v1/on-test", asked)
    assert begun.status == 201, begun.text
    fire = office.alarm(bo, "9001", "FA")  # live on test, at the same site
    before = SimpleNamespace(
        status=ana.get("/status"), metrics=office.centre.metrics(), test=ana.get(f"/on-test/{begun.json['id']}")["test"]
    )
    press(ana)
    row = raised(bo)
    assert row["site_id"] == office.own
    told = wait_for(lambda: [n for n in bo.get("/notices")["items"] if n["incident"] == row["id"]])
    bo.claim(bo.get(f"/incidents/{row['id']}")["incident"])
    assert bo.act(row["id"], "note", text="police are on the way").status == 200
    return SimpleNamespace(row=row, fire=fire, test=begun.json["id"], told=told, before=before)


def traces(call, boss):
    """What would tell of it: ids and numbers that nothing else has."""
    entries = boss.get("/journal?limit=200")["items"]
    pressed = next(one["seq"] for one in entries if one["kind"] == "centre.held_up")
    opened = int(call.row["id"].removeprefix("incident-"))
    plain = [f'"{call.row["id"]}"', f'"number":{call.row["number"]},', "centre.held_up", '"raised_by":"']
    return plain + [f'"seq":{seq},' for seq in (pressed, opened)] + [f'"{one["id"]}"' for one in call.told]


def addresses(office, call):
    """Every read of the API, with what is near the call in place of ids."""
    near = {
        "account_id": office.button,
        "incident_id": call.fire["id"],
        "place_id": office.own,
        "site_id": office.own,
        "test_id": call.test,
    }
    for path in READS:
        if path.startswith("/api/v1/live"):
            continue  # never ends; its own test is below
        yield re.sub(r"\{(\w+)(:\w+)?\}", lambda found: near.get(found[1], "x"), path)
    yield f"/api/v1/accounts/{office.button}/history"
    yield "/api/v1/watch-log/export?since=0&until=9007199254740991"
    yield from ("/lite", "/lite/closed", f"/lite/incidents/{call.fire['id']}", "/metrics", "/readyz")


def test_nothing_that_can_be_read_tells_whoever_was_forced(office, ana, bo, boss, call):
    signs = traces(call, boss)
    found, answered = [], 0
    for path in addresses(office, call):
        reply = ana.ask("GET", path)
        answered += reply.status == 200
        found += [(path, sign) for sign in signs if sign in reply.text.replace(": ", ":")]
    assert found == []
    assert answered > 45
    # The same signs are there for others, so that they could have been found.
    others = "".join(boss.ask("GET", path).text for path in addresses(office, call))
    assert [sign for sign in signs if sign not in others] == []


def test_counts_are_those_of_before(office, ana, boss, call):
    assert ana.get("/status")["open"] == call.before.status["open"]
    assert boss.get("/status")["open"] == call.before.status["open"] + 1
    assert office.centre.metrics()["tocsin_incidents_open"] == call.before.metrics["tocsin_incidents_open"]
    assert ana.get(f"/on-test/{call.test}")["test"] == call.before.test


def test_button_over_dc09_is_in_no_list_of_signals_and_no_count_of_a_test(office, bo, boss, call):
    before = bo.get(f"/on-test/{call.test}")["test"]["signals"]
    office.report("9001", "HA", 2)
    row = wait_for(lambda: next((one for one in boss.open_incidents() if one["code"] == "HA"), None))
    assert (row["is_room"], row["raised_by"]) == (True, None)
    assert [one["id"] for one in bo.open_incidents() if one["code"] == "HA"] == []
    for path in (f"/accounts/{office.button}/signals", f"/on-test/{call.test}"):
        assert row["id"] not in str(bo.get(path)), path
        assert "HA" not in [one["code"] for one in (bo.get(path).get("items") or bo.get(path)["arrived"])], path
    assert bo.get(f"/on-test/{call.test}")["test"]["signals"] == before
    assert row["id"] in str(boss.get(f"/accounts/{office.button}/signals"))


def test_notices_of_it_are_as_unknown_as_any_that_never_was(ana, call):
    notice = call.told[0]["id"]
    for method, path in (("POST", "/api/v1/notices/{}/again"), ("DELETE", "/api/v1/notices/{}")):
        asked, never = (ana.ask(method, path.format(one)) for one in (notice, "notice-999999"))
        assert (asked.status, asked.json) == (never.status, never.json)


def test_second_person_is_asked_nothing_about_it(ana, boss, call):
    wanted = {
        "incident": call.row["id"],
        "reason": "court_order",
        "until": int(time.time() * 1_000_000) + 86_400_000_000,
    }
    asked = {"act": "hold.set", "parameters": wanted, "reason": "court_order", "subject": call.row["id"]}
    never = asked | {"parameters": wanted | {"incident": "incident-999999"}, "subject": "incident-999999"}
    own, unknown = (ana.ask("POST", "/api/v1/approvals", one) for one in (asked, never))
    assert own.json["code"] == "incident.unknown", own.text
    assert (own.status, own.json) == (unknown.status, unknown.json)
    assert boss.ask("POST", "/api/v1/approvals", asked).status == 201
    assert call.row["id"] not in str(ana.get("/approvals"))


def test_stream_says_nothing_of_it_nor_of_who_was_told_and_answered(office, ana, bo, boss, provider, call):
    with ana.listen() as own, bo.listen() as other:
        links = [one.json["data"] for one in provider.taken if one.json["data"]["number"] == call.row["number"]]
        path = urlsplit(links[0]["answer_url"]).path
        assert boss.ask("POST", f"{path}/answer/coming").status in (200, 303)
        said = {"own": "", "other": ""}
        last = office.alarm(bo, "1002", "BA")

        def heard():
            said["own"] += str(own.read(0.2))
            said["other"] += str(other.read(0.2))
            return last["id"] in said["own"] and last["id"] in said["other"]

        assert bo.act(call.row["id"], "note", text="they are inside").status == 200
        wait_for(heard, 20)
    assert call.row["id"] in said["other"]
    assert call.row["id"] not in said["own"]


def test_export_ends_before_it_verifies_and_gives_the_rest_later(office, ana, boss, call):
    cut, whole = (one.ask("GET", "/api/v1/journal/export").text.splitlines() for one in (ana, boss))
    pressed = max(one["seq"] for one in map(json.loads, whole) if one["kind"] == "centre.held_up")
    last = json.loads(cut[-1])["seq"]
    assert last < pressed
    assert verify_export(line.encode() + b"\n" for line in cut).exit_code == 0
    boss.close_all()
    later = ana.ask("GET", f"/api/v1/journal/export?after={last}").text.splitlines()
    assert (cut + later)[: len(whole)] == whole


def test_place_with_a_button_is_removed_as_if_there_were_no_call(office, bo, boss, call):
    """To be refused would tell of it; what is open keeps what it says of itself."""
    admin = office.person("Admin", ("administrator",))
    boss.close(call.fire["id"])
    office.report("9001", "HA", 3)
    row = wait_for(lambda: next((one for one in boss.open_incidents() if one["code"] == "HA"), None))
    account = admin.get(f"/accounts/{office.button}")
    gone = admin.ask("DELETE", f"/api/v1/accounts/{office.button}?version={account['version']}")
    assert gone.status == 204, gone.text
    assert boss.get(f"/incidents/{row['id']}")["incident"]["account"] == "9001"
