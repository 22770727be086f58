"""Floor plans in a browser: sent, zones placed by click and by keyboard, and marked in the incident."""

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from support.room import room

SITES = "name,address\nHarbour Mill,Quay 3\n"
ACCOUNTS = "account,site,name\n4101,Harbour Mill,Fire\n"
ZONES = "account,zone,name\n4101,1,Main door\n4101,2,Boiler room\n4101,3,Loft\n"
PICTURES = os.environ.get("TOCSIN_LOOKS")


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    with room(tmp_path_factory.mktemp("mill"), sites=SITES, accounts=ACCOUNTS, zones=ZONES) as made:
        yield made


def drawing():
    """A small house of lines."""
    image = Image.new("RGB", (1200, 800), "white")
    draw = ImageDraw.Draw(image)
    for box in ((50, 50, 1150, 750), (50, 50, 500, 400), (500, 50, 1150, 400), (50, 400, 800, 750)):
        draw.rectangle(box, outline="black", width=6)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def look(page, name):
    """Two pictures of a page, for a person."""
    if PICTURES:
        for scheme in ("dark", "light"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", scheme)
            page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png", full_page=True)


def test_plan_is_sent_zones_are_placed_and_the_active_one_is_marked_in_the_incident(mill, sign_in):
    site = mill.person("Ben", ("integrator",)).get("/sites")["items"][0]["id"]
    page = sign_in(mill, "Ana", ("supervisor", "integrator")).page
    page.goto(f"{mill.origin}/#/sites/{site}")
    page.get_by_role("button", name="Add a floor plan").click()
    page.get_by_label("Picture or PDF").set_input_files(
        {"name": "ground.png", "mimeType": "image/png", "buffer": drawing()}
    )
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The plan was added.")).to_be_visible()
    plan = page.get_by_role("article", name="ground floor")
    expect(plan.get_by_role("img", name=re.compile("Floor plan, ground floor"))).to_be_visible()

    plan.get_by_role("button", name="Place zones on the plan").click()
    plan.get_by_label("Zone", exact=True).select_option(label="4101 zone 2 Boiler room (not on a plan)")
    plan.get_by_role("img").click(position={"x": 100, "y": 60})
    plan.get_by_label("Zone", exact=True).select_option(label="4101 zone 1 Main door (not on a plan)")
    plan.get_by_label("From the left, %").fill("90")
    plan.get_by_label("From the top, %").fill("80")
    plan.get_by_role("button", name="Put it there").press("Enter")
    look(page, "plan-placing")
    plan.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("The plan was saved.")).to_be_visible()
    expect(plan.get_by_role("listitem")).to_have_count(2)
    expect(plan.get_by_role("listitem").first).to_contain_text("Main door")
    expect(plan.get_by_role("listitem").first).to_contain_text("90 % from the left, 80 % from the top")

    mill.alarm("4101", "FA", 2)
    mill.alarm("4101", "FA", 3)
    page.goto(f"{mill.origin}/#/")
    page.locator("[data-number='1']").click()
    floor = page.get_by_role("region", name="Floor plan: ground floor")
    expect(floor.get_by_role("listitem").first).to_contain_text("active: 4101 zone 2 Boiler room")
    expect(floor.locator(".mark.active")).to_have_count(1)
    expect(floor).to_contain_text("Active, and on no plan: 4101 zone 3 Loft.")
    look(page, "plan-incident")

    page.goto(f"{mill.origin}/#/sites/{site}")
    page.get_by_role("button", name="Remove the plan of the ground floor").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The plan was removed.")).to_be_visible()
    expect(page.get_by_text("No floor plan.")).to_be_visible()
