"""What is urgent and nobody's is never out of reach: whatever the filter, whatever the page."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("way", ["Home", " ", "click"])
@pytest.mark.parametrize("view", ["Mine", "One site", "Closed"])
def test_an_unclaimed_alarm_that_the_filter_hides_is_told_with_the_way_to_it(centre, sign_in, view, way):
    ana = sign_in(centre, "Ana")
    ana.page.get_by_role("button", name=view, exact=True).click()
    expect(ana.rows).to_have_count(0)
    centre.alarm("1001", "FA", 1)
    told = ana.page.get_by_role("button", name="1 unclaimed not in this view")
    expect(told).to_be_visible()
    if way == "click":
        told.click()
    else:
        if way == " ":
            ana.page.get_by_role("grid").focus()  # a button that was clicked takes this key for itself
        ana.press(way)
    expect(ana.page.get_by_role("button", name="All", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(ana.rows).to_have_count(1)
    expect(told).to_have_count(0)
    expect(ana.rows).to_contain_text("unclaimed")


def test_the_counts_of_the_header_lead_to_the_whole_queue_from_every_page(centre, sign_in):
    ana = sign_in(centre, "Ana")
    centre.alarm("1001", "FA", 1)
    ana.page.get_by_role("button", name="Mine", exact=True).click()
    expect(ana.rows).to_have_count(0)
    ana.page.goto("/#/nowhere")
    ana.page.get_by_role("banner").get_by_role("link", name="Priority 1: 1 open, 1 unclaimed").click()
    expect(ana.rows).to_have_count(1)
