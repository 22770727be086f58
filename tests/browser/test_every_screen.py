"""On every screen: axe finds nothing, nothing is cut off or covered, and no other host is asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from support.browser import asked_hosts, axe_violations
from support.room import ROLES, room
from support.screens import clipped
from support.tour import TABLES, screens_of, stock
from tocsin.bench.browser import chromium

EVERYBODY = (*ROLES, "integrator", "administrator")
THEMES = ("dark", "night", "light")
SMALL = {"width": 1366, "height": 768}
ZOOMED = {"width": 683, "height": 384}
"""What a page of 1366 by 768 has at 200 %: half as many of its own pixels, drawn twice as large."""


@pytest.fixture(scope="module")
def stocked(tmp_path_factory):
    """A centre where something stands on every screen."""
    with room(tmp_path_factory.mktemp("stocked"), **TABLES) as made:
        stock(made)
        yield made


def use_theme(screen, theme):
    screen.page.get_by_label("Theme").select_option(theme)
    expect(screen.page.locator(f":root[data-theme={theme}]")).to_be_attached()


def refuse_findings(stocked, screen, find):
    """Fail with whatever is found on each screen, after its name."""
    person = stocked.person("Ana", EVERYBODY)
    for incident in person.open_incidents():
        if incident["claimed_by"] == person.id:  # by the tour before
            assert person.act(incident["id"], "release", version=incident["version"]).status < 300
    found = [f"{name}: {finding}" for name in screens_of(screen) for finding in find(screen.page)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_axe_finds_nothing_on_any_screen(stocked, sign_in):
    refuse_findings(stocked, sign_in(stocked, "Ana", EVERYBODY), axe_violations)


@pytest.mark.soak
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["1366x768", "200 percent"])
def test_axe_finds_nothing_in_any_theme_and_size(stocked, sign_in, theme, size):
    ana = sign_in(stocked, "Ana", EVERYBODY, viewport=size)
    use_theme(ana, theme)
    refuse_findings(stocked, ana, axe_violations)


@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["1366x768", "200 percent"])
def test_nothing_is_cut_off_or_covered_on_a_small_screen(stocked, sign_in, size):
    ana = sign_in(stocked, "Ana", EVERYBODY, viewport=size)
    refuse_findings(stocked, ana, clipped)


def test_no_page_and_no_worker_asks_another_host(stocked, tmp_path):
    # A browser of its own, which writes down whatever leaves it.
    link = stocked.link("Ana", EVERYBODY)

    def visit():
        with chromium(f"--log-net-log={tmp_path / 'net.json'}") as another:
            page = another.new_context(base_url=stocked.origin).new_page()
            page.goto(link)
            page.get_by_role("button", name="Sign in", exact=True).click()
            expect(page.locator("[data-id]").first).to_be_visible()
            for tab in page.get_by_role("navigation").get_by_role("link").all():
                tab.click()
                expect(page.get_by_role("heading", level=1).first).to_be_visible()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(visit).result()
    assert asked_hosts(tmp_path / "net.json") == {"127.0.0.1"}
