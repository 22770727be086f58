"""A backup of what time and reaching people have: plans, schedules, rosters, desks, chains, tests, timers, notices.

A centre at work is backed up by the command, goes on, and is made anew in another folder. What the first one had stands
there; what wanted to go out waits for a person; what lets somebody in opens nothing.
"""

import http.client
import io
import json
import shutil

import pytest
from PIL import Image

from support.centres import SETTINGS, held, make_folder, rows, wait_for
from support.desks import ACCOUNTS, SITES, ZONES, Office
from support.findings import projection_findings
from support.in_process import serving
from support.providers import fake_provider
from support.server import run_tocsin
from tocsin.settings import load

HOUR = 3_600_000_000
DAY = 86_400
WEBHOOK = '\n[notify]\ninternal = ["{}"]\n[notify.webhook]\nenabled = true\n'
TIMERS = "SELECT kind, ref, due_at FROM timers ORDER BY 1, 2"
STEPS = {"chain_step", "unclaimed"}
"""Timers of escalation: those of yesterday end with a restore."""


@pytest.fixture
def provider():
    with fake_provider() as made:
        made.answer = (503, {"retry-after": "1"}, b"")  # takes nothing: notices are on their way
        yield made


@pytest.fixture
def folder(tmp_path, provider):
    folder = tmp_path / "centre"
    with held(make_folder(folder)) as centre:
        for kind, table in (("sites", SITES), ("accounts", ACCOUNTS), ("zones", ZONES)):
            centre.add(table.encode(), kind=kind)
    (folder / "tocsin.toml").write_text(SETTINGS + WEBHOOK.format(provider.address))
    return folder


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "PNG")
    return out.getvalue()


def done(reply):
    assert reply.status in (200, 201), reply.text
    return reply.json


def upload(person, site, colour):
    """A floor plan, as a browser sends one."""
    connection = http.client.HTTPConnection(*person.address, timeout=30)
    try:
        headers = {**person.headers, "content-type": "application/octet-stream"}
        connection.request("POST", f"/api/v1/sites/{site}/plans", picture(colour), headers)
        answer = connection.getresponse()
        return json.loads(answer.read())
    finally:
        connection.close()


def pixel(person, plan):
    connection = http.client.HTTPConnection(*person.address, timeout=30)
    try:
        connection.request("GET", f"/api/v1/plans/{plan}/picture", headers=person.headers)
        answer = connection.getresponse()
        data = answer.read()
        return Image.open(io.BytesIO(data)).convert("RGB").getpixel((9, 9)) if answer.status == 200 else answer.status
    finally:
        connection.close()


class Filled:
    """A centre that has some of everything."""

    def __init__(self, office, provider):
        self.sue = sue = office.person("Sue", ("supervisor", "integrator", "administrator", "operator"))
        self.now = now = sue.get("/session")["now"]
        places = {one["name"]: one for one in sue.get("/sites")["items"]}
        accounts = {one["account"]: one for one in sue.get("/accounts")["items"]}
        self.site, self.account = places["Boiler hall"]["id"], accounts["1001"]["id"]
        assert sue.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"}).status == 200
        done(sue.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": provider.url()}))
        self.roster = done(sue.ask("POST", "/api/v1/rosters", {
            "label": "fire", "zone": "Europe/Vienna",
            "layers": [{"users": [sue.id], "first_day": now // 1_000_000 // DAY - 2, "at_min": 480}],
        }))["id"]  # fmt: skip
        self.desk = done(sue.ask("POST", "/api/v1/desks", {"label": "north", "hazards": ["fire"]}))["id"]
        group = done(sue.ask("POST", "/api/v1/groups", {"name": "crew", "members": [
            {"user_id": sue.id, "capabilities": ["driver"]},
        ]}))["id"]  # fmt: skip
        steps = [{"kind": "wait", "wait_s": 60}, {"kind": "notify", "groups": [group]}]
        steps += [{"kind": "notify", "users": [sue.id], "rosters": [self.roster]}]
        self.chain = done(sue.ask("POST", "/api/v1/chains", {"name": "crew", "priorities": [1], "steps": steps}))["id"]
        hours = {"opens_min": 480, "closes_min": 1080}
        done(sue.ask("PUT", f"/api/v1/accounts/{self.account}/schedules", {
            "version": 0, "zone": "Europe/Vienna", "week": [{"weekday": day, **hours} for day in range(5)],
            "days": [{"date": "2027-12-25", "hours": []}], "open_late_min": 15, "close_late_min": 15, "test_h": 25,
        }))  # fmt: skip
        self.plan = upload(sue, self.site, "red")["id"]
        asked = {"asked_by": "installer", "company": "4711", "live": [], "not_live": [], "partition": None, "zones": []}
        asked |= {"account_id": accounts["1002"]["id"], "site_id": None, "reason": "maintenance"}
        self.test = done(sue.ask("POST", "/api/v1/on-test", asked | {"until": now + 5 * HOUR}))["id"]
        taken = {"reason": "detector_fault", "until": now + 6 * HOUR, "zones": ["2"]}
        self.out = done(sue.ask("POST", f"/api/v1/accounts/{self.account}/out-of-service", taken))["id"]
        code = {"account_id": accounts["1003"]["id"], "company": "4711", "until": now + 8 * HOUR}
        self.code = done(sue.ask("POST", "/api/v1/on-test-codes", code))["code"]
        self.shift = done(sue.ask("POST", "/api/v1/shifts", {"desk": self.desk, "until": now + 8 * HOUR}))["id"]
        self.fire = office.alarm(sue)
        notify = {"users": [sue.id], "roles": [], "rosters": [], "wanted": None}
        done(sue.act(self.fire["id"], "notify", **notify))
        provider.wait()  # it was tried, and the provider did not take it

    def remove_plan(self, person):
        (plan,) = person.get(f"/sites/{self.site}/plans")["items"]
        reply = person.ask("DELETE", f"/api/v1/plans/{self.plan}?version={plan['version']}")
        assert reply.status in (200, 204), reply.text

    def kept(self, person):
        """What has to stand in the centre that is made of the backup."""
        found = {name: person.get(f"/{name}") for name in ("chains", "groups", "rosters", "on-test", "out-of-service")}
        found["codes"] = [one["id"] for one in person.get("/on-test-codes")["items"]]
        found["desks"] = [(one["id"], one["label"], one["hazards"]) for one in person.get("/shifts")["desks"]]
        found["shift"] = [(one["id"], one["user"]) for d in person.get("/shifts")["desks"] for one in d["on"]]
        found["schedules"] = person.get(f"/accounts/{self.account}/schedules")
        found["plans"] = person.get(f"/sites/{self.site}/plans")
        found["site"] = person.get(f"/sites/{self.site}")
        found["red"] = pixel(person, self.plan)
        for name in ("chains", "groups", "rosters", "on-test", "out-of-service", "schedules"):
            found[name] = without_times(found[name])
        return found


def without_times(value):
    """An answer without what says when it was asked."""
    if isinstance(value, dict):
        moving = {"at", "now", "next", "now_us", "marks", "findings", "until_s"}
        return {name: without_times(inner) for name, inner in value.items() if name not in moving}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def restored(folder, file, new):
    new.mkdir()
    shutil.copy(folder / "master.key", new / "master.key")
    made = run_tocsin("restore", file, new, "--json")
    assert made.status == 0, made.errors
    return json.loads(made.output)


def test_backup_of_a_centre_at_work_holds_all_of_it_and_nothing_of_yesterday_goes_out(folder, tmp_path, provider):
    with serving(load(folder, {})) as centre:
        filled = Filled(Office(centre), provider)
        made = run_tocsin("backup", folder, tmp_path / "one")
        assert made.status == 0, made.errors
        timers = rows(folder / "tocsin.db", TIMERS)
        assert {"on_test", "out_of_service", "chain_step"} <= {kind for kind, *_ in timers}
        there = filled.kept(filled.sue)
        assert there["red"] == (255, 0, 0)
        # After the backup: this is in none of what follows.
        filled.remove_plan(filled.sue)
    said = restored(folder, tmp_path / "one", tmp_path / "new")
    assert said["held"] >= 1
    kept = [one for one in timers if one[0] not in STEPS]
    assert [one for one in rows(tmp_path / "new" / "tocsin.db", TIMERS) if one in kept] == kept
    assert not STEPS & {kind for kind, *_ in rows(tmp_path / "new" / "tocsin.db", TIMERS)}
    sent = len(provider.taken)
    provider.answer = (204, {}, b"")
    with serving(load(tmp_path / "new", {})) as centre:
        office = Office(centre)
        sue = office.person("Sue again", ("supervisor", "integrator", "administrator", "operator"))
        here = filled.kept(sue)
        codes, here["codes"] = here["codes"], there["codes"]
        assert here == there
        assert codes == [], "what lets somebody in may have been ended since"
        items = sue.get("/notices")["items"]
        assert {(one["state"], one["reason"]) for one in items} == {("held", "restored")}
        assert {one["incident"] for one in items} == {filled.fire["id"]}
        (fire,) = [one for one in sue.open_incidents() if one["id"] == filled.fire["id"]]
        assert (fire["state"], fire["claimed_by"]) == ("open", None)
        office.report("1002", "BA", 1)  # the place is still on test
        wait_for(lambda: [one for one in sue.open_incidents() if one["presentation"] == "on_test"])
        assert len(provider.taken) == sent, "nothing of yesterday went out"
        again = sue.ask("POST", f"/api/v1/notices/{items[0]['id']}/again")
        assert again.status == 200, again.text
        provider.wait(sent + 1)
        # What is erased here is gone, and stays so.
        filled.remove_plan(sue)
        assert pixel(sue, filled.plan) == 404
    with held(load(tmp_path / "new", {})) as centre:
        assert (centre.store.floor_plans(), centre.store.values(filled.plan)) == ([], [])
    assert projection_findings(tmp_path / "new") == []
