"""Floor plans over the API: sent, shown, zones placed on them, replaced, removed, and gone with their site."""

import io

import pytest
from PIL import Image

from support.centres import make_folder
from support.cores import rebuild_findings
from support.fakes import ManualClock
from support.web import Site
from tocsin.model.plans import DrawnPlan

ACCOUNTS = b"account,site,name\n4101,Harbour Mill,Intrusion\n4103,Depot,\n"
ZONES = b"account,zone,name,type\n4101,1,Main door,\n4101,2,Boiler room,FIRE-SMOKE\n4103,1,Gate,\n"


def png(colour="white", width=320, height=200):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def site(tmp_path):
    clock = ManualClock()
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(ACCOUNTS)
    made.held.add(ZONES, kind="zones")
    made.mill, made.depot = (one.id for one in made.held.store.accounts())
    made.place = made.held.store.accounts()[0].row.site_id
    made.editor = made.signed_in("integrator")
    yield made
    assert rebuild_findings(made.held.store) == []
    made.close()


def send(site, data=None, query="", client=None):
    path = f"/api/v1/sites/{site.place}/plans{query}"
    return (client or site.editor).post(path, content=png() if data is None else data)


def test_plan_is_sent_and_its_pixels_are_shown_as_a_picture_and_nothing_else(site):
    made = send(site, png() + b"<script>alert(1)</script>", "?level=-1")
    assert made.status_code == 200, made.text
    item = made.json()
    assert (item["level"], item["width_px"], item["height_px"], item["zones"]) == (-1, 320, 200, [])
    shown = site.signed_in("operator").get(f"/api/v1/plans/{item['id']}/picture")
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "no-store"
    assert b"script" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (320, 200)


def test_plan_as_large_as_plans_are_is_taken_whole_and_replaced(site):
    # Of few colours, but nothing in it repeats: a scanned plan has hundreds of kilobytes as well.
    noise = Image.effect_noise((900, 700), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    item = send(site, out.getvalue()).json()
    assert item["size_bytes"] > 100_000
    path = f"/api/v1/plans/{item['id']}/picture"
    assert len(site.signed_in("operator").get(path).content) == item["size_bytes"]
    again = site.editor.put(f"{path}?version={item['version']}", content=out.getvalue()).json()
    assert again["size_bytes"] == item["size_bytes"]


def test_zones_are_placed_and_come_with_their_names(site):
    item = send(site).json()
    zones = [{"account_id": site.mill, "number": "02", "x": 5000, "y": 2500}]
    body = {"version": item["version"], "level": 1, "zones": zones}
    changed = site.editor.put(f"/api/v1/plans/{item['id']}", json=body)
    assert changed.status_code == 200, changed.text
    (zone,) = changed.json()["zones"]
    assert (zone["number"], zone["name"], zone["type"], zone["x"], zone["y"]) == (
        "2", "Boiler room", "FIRE-SMOKE", 5000, 2500
    )  # fmt: skip
    answer = site.signed_in("operator").get(f"/api/v1/sites/{site.place}/plans").json()
    assert [one["name"] for one in answer["zones"]] == ["Main door", "Boiler room"]
    second = site.editor.put(f"/api/v1/plans/{item['id']}", json=body)
    assert (second.status_code, second.json()["code"]) == (409, "config.overtaken")


@pytest.mark.parametrize(
    "zones",
    [
        [{"account_id": "depot", "number": "1", "x": 1, "y": 1}],
        [{"account_id": "mill", "number": "1", "x": 1, "y": 1}, {"account_id": "mill", "number": "01", "x": 2, "y": 2}],
        [{"account_id": "mill", "number": "1", "x": 10_001, "y": 1}],
    ],
)
def test_zone_that_cannot_be_on_the_plan_is_refused(site, zones):
    item = send(site).json()
    ids = {"depot": site.depot, "mill": site.mill}
    zones = [one | {"account_id": ids[one["account_id"]]} for one in zones]
    body = {"version": item["version"], "level": 0, "zones": zones}
    assert site.editor.put(f"/api/v1/plans/{item['id']}", json=body).status_code == 400


def test_plan_is_replaced_with_its_zones_and_removed_for_ever(site):
    item = send(site).json()
    zones = [{"account_id": site.mill, "number": "1", "x": 1, "y": 1}]
    body = {"version": item["version"], "level": 0, "zones": zones}
    item = site.editor.put(f"/api/v1/plans/{item['id']}", json=body).json()
    path = f"/api/v1/plans/{item['id']}"
    replaced = site.editor.put(f"{path}/picture?version={item['version']}", content=png("red", 100, 100)).json()
    assert (replaced["width_px"], len(replaced["zones"])) == (100, 1)
    assert replaced["content"] != item["content"]
    assert len(site.held.store.values(item["id"])) == 1
    assert site.editor.delete(f"{path}?version={item['version']}").status_code == 409
    assert site.editor.delete(f"{path}?version={replaced['version']}").status_code == 204
    assert site.editor.get(f"{path}/picture").status_code == 404
    assert (site.held.store.floor_plans(), site.held.store.values(item["id"])) == ([], [])


def test_plans_go_with_their_site(site):
    send(site)
    account = site.editor.get(f"/api/v1/accounts/{site.mill}").json()
    site.editor.delete(f"/api/v1/accounts/{site.mill}?version={account['version']}")
    version = site.editor.get(f"/api/v1/sites/{site.place}").json()["version"]
    assert site.editor.delete(f"/api/v1/sites/{site.place}?version={version}").status_code == 204
    assert site.held.store.floor_plans() == []


@pytest.mark.parametrize(
    ("data", "code"), [(b"<svg/>", "plan.form"), (b"\x89PNG\r\n\x1a\n", "plan.broken"), (b"%PDF-", "plan.broken")]
)
def test_file_that_is_no_plan_is_refused_in_words(site, data, code):
    refused = send(site, data)
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert site.held.store.floor_plans() == []


def test_file_that_is_too_large_is_refused_before_it_is_read(site):
    assert send(site, bytes((10 << 20) + 1)).status_code == 413


def test_operator_sees_plans_and_changes_none(site):
    item = send(site).json()
    operator = site.signed_in("operator")
    assert send(site, client=operator).status_code == 403
    assert operator.delete(f"/api/v1/plans/{item['id']}?version={item['version']}").status_code == 403


def test_site_has_so_many_plans_and_no_more(site):
    drawn = DrawnPlan(height_px=1, media="png", picture=b"x", width_px=1)
    for _ in range(20):
        site.held.centre.floor_plans.add(site.place, 0, drawn, "user-1")
    refused = send(site)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.full")
