"""What is urgent and nobody's is never out of reach: whatever the filter, whatever the page."""

import pytest
from playwright.sync_api import expect

from support.browser import until
from support.room import room
from support.screens import clipped

LONG_SITE = "Saint Elisabeth Residential Home for the Elderly, Long Harbour Road"
WHOLE = """
() => {
  const pill = document.querySelector("button.above");
  const list = document.querySelector("section.queue").getBoundingClientRect();
  return [pill, ...pill.querySelectorAll("*")].every((part) => {
    const box = part.getBoundingClientRect();
    const isCut = part instanceof HTMLElement && (part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 1);
    return !isCut && box.left >= list.left && box.right <= list.right;
  });
}
"""


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
        # The button of the filter was clicked, and has given the key back.
        ana.press(way)
    expect(ana.page.get_by_role("button", name="All", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(ana.rows).to_have_count(1)
    expect(told).to_have_count(0)
    expect(ana.rows).to_contain_text("unclaimed")


def test_the_counts_of_the_header_lead_to_the_whole_queue_from_every_page(centre, sign_in):
    ana = sign_in(centre, "Ana")
    centre.alarm("1001", "FA", 1)
    expect(ana.rows).to_have_count(1)
    ana.page.get_by_role("button", name="Mine", exact=True).click()
    expect(ana.rows).to_have_count(0)
    ana.page.goto("/#/nowhere")
    ana.page.get_by_role("banner").get_by_role("link", name="Priority 1: 1 open, 1 unclaimed").click()
    expect(ana.rows).to_have_count(1)


@pytest.mark.parametrize("viewport", [(1440, 900), (1600, 900), (1920, 1080), (1024, 768)])
def test_what_waits_out_of_view_is_told_whole_at_every_size(tmp_path, sign_in, viewport):
    tables = {"sites": f'name\n"{LONG_SITE}"\n', "accounts": f'account,site,name\n1001,"{LONG_SITE}",Boiler\n'}
    with room(tmp_path, **tables) as centre:
        ana = sign_in(centre, "Ana", viewport=dict(zip(("width", "height"), viewport, strict=True)))
        one_site = ana.page.get_by_role("button", name="One site", exact=True)
        one_site.click()
        expect(one_site).to_have_attribute("aria-pressed", "true")
        before = ana.queue.bounding_box()
        centre.alarm("1001", "HA", 1)
        told = ana.page.get_by_role("button", name="1 unclaimed not in this view")
        expect(told).to_contain_text(LONG_SITE)
        expect(told).to_contain_text("Home")
        until(ana.page, f"({WHOLE.strip().rstrip(';')})()")
        assert clipped(ana.page) == []
        if viewport[0] >= 1600:
            assert ana.queue.bounding_box() == before, "the list stays where it was"


def test_space_after_a_click_on_a_filter_claims_and_after_tab_it_presses_the_button(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    ana = sign_in(centre, "Ana")
    mine = ana.page.get_by_role("button", name="Mine", exact=True)
    everything = ana.page.get_by_role("button", name="All", exact=True)
    mine.focus()
    ana.press(" ")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(ana.rows).to_have_count(0)
    everything.click()
    ana.press(" ")
    expect(ana.rows).to_contain_text("You")
    expect(everything).to_have_attribute("aria-pressed", "true")
