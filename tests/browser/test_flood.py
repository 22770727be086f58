"""What is put aside, and what comes all at once: by keyboard alone, and nothing of it is gone."""

import os

from playwright.sync_api import expect

from support.browser import axe_violations
from support.in_process import frame
from support.room import room, wait_for_open
from support.screens import ROWS_MAX, clipped
from support.tour import TABLES

SHOWN = os.environ.get("TOCSIN_SHOW_FLOOD")


def shot(screen, name, *themes):
    if not SHOWN:
        return
    for width, height in ((1366, 768), (1920, 1080)):
        screen.page.set_viewport_size({"width": width, "height": height})
        for theme in themes or ("dark", "light", "night"):
            screen.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            screen.page.screenshot(path=f"{SHOWN}/{name}-{width}-{theme}.png")
    screen.page.emulate_media(forced_colors="active")
    screen.page.screenshot(path=f"{SHOWN}/{name}-forced.png")
    screen.page.emulate_media(forced_colors="none")
    screen.page.evaluate("document.documentElement.dataset.theme = 'dark'")


def test_incident_is_shelved_listed_and_taken_back_by_keyboard_and_a_fire_needs_two(centre, sign_in):
    cy = centre.person("Cy")
    centre.alarm("1003", "BA", 1)
    centre.alarm("1001", "FA", 1)
    fire, burglary = wait_for_open(cy, 2)
    ana = sign_in(centre, "Ana", ("operator",))
    detail = ana.open(burglary["number"])
    ana.press("s")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="The fault is known")).to_be_focused()
    ana.press("Enter")
    expect(dialog.get_by_text("Choose why.")).to_be_visible()
    ana.press("ArrowDown")
    expect(dialog.get_by_label("For how long")).to_have_value("15")
    assert axe_violations(ana.page) == []
    shot(ana, "shelve")
    ana.press("Enter")
    expect(detail.get_by_text("Shelved until")).to_contain_text("by Ana. Somebody is on the way. It sounds again then")
    expect(ana.row(burglary["number"])).to_contain_text("shelved until")
    expect(ana.page.get_by_role("banner").get_by_role("link", name="Shelved")).to_contain_text("1")
    assert ana.numbers == [fire["number"], burglary["number"]]

    detail = ana.open(fire["number"])
    ana.press("s")
    expect(ana.page.get_by_text("only a supervisor shelves it").last).to_be_visible()
    expect(dialog).to_have_count(0)

    ana.press("Escape", "g", "f")
    expect(ana.page.get_by_role("heading", name="Shelved: 1")).to_be_visible()
    row = ana.page.locator(f"[data-shelved='{burglary['number']}']")
    expect(row).to_contain_text("Somebody is on the way")
    expect(row).to_contain_text("Ana")
    assert axe_violations(ana.page) == []
    assert clipped(ana.page) == []
    shot(ana, "shelved")

    # A supervisor shelves the fire that Ana has; she alone could not, nor could Cy.
    assert (
        cy.act(fire["id"], "shelve", version=fire["version"], reason="work_on_site", minutes=5).json["code"]
        == "shelve.alone"
    )
    (fire,) = [one for one in wait_for_open(cy, 2) if one["id"] == fire["id"]]
    bo = centre.person("Bo", ("operator",))
    fire = bo.claim(fire)
    refused = bo.act(fire["id"], "shelve", version=fire["version"], reason="work_on_site", minutes=5)
    assert (refused.status, refused.json["code"]) == (403, "shelve.lead")
    done = cy.act(fire["id"], "shelve", version=fire["version"], reason="work_on_site", minutes=10)
    assert (done.status, done.json["incident"]["presentation"]) == (200, "shelved")
    expect(ana.page.get_by_role("heading", name="Shelved: 2")).to_be_visible()
    centre.alarm("1001", "FA", 2)  # another zone of a fire
    expect(ana.page.get_by_role("heading", name="Shelved: 1")).to_be_visible()

    row.get_by_role("button", name="Take back").press("Enter")
    expect(ana.page.get_by_role("heading", name="Shelved: none")).to_be_visible()
    assert {one["presentation"] for one in cy.open_incidents()} == {"shown"}


SITES = 40
EACH = 50


def test_flood_of_two_thousand_stays_usable_and_hides_nothing_urgent(tmp_path, sign_in):
    accounts = [str(2000 + number) for number in range(SITES * EACH)]
    sites = "name\n" + "".join(f"Site {number:02}\n" for number in range(SITES))
    table = "account,site,name\n" + "".join(
        f"{account},Site {place % SITES:02},Panel {account}\n" for place, account in enumerate(accounts)
    )
    with room(tmp_path, sites=sites, accounts=table) as centre:
        ana = sign_in(centre, "Ana")
        cy = centre.person("Cy")
        centre.send([frame(account, 1, data=f"#{account}|Nri1/UT001") for account in accounts])
        centre.alarm("2000", "FA", 2)
        wait_for_open(cy, SITES * EACH + 1)

        # Calm: the first of each place stands for the others, and the fire above them all.
        bar = ana.page.get_by_role("region", name="What must not be overlooked")
        expect(bar.get_by_text("Alarm flood since")).to_be_visible()
        expect(bar).to_contain_text(f"{SITES * (EACH - 1):,} behind the first of their place and kind")
        expect(ana.page.locator(".count")).to_have_text(f"{SITES + 1} of {SITES * EACH + 1:,} incidents")
        first = ana.rows.first
        expect(first).to_contain_text("FIRE-ALARM")
        expect(ana.page.locator("[data-unfold]").first).to_have_text(f"+ {EACH - 1} here")
        assert ana.rows.count() <= ROWS_MAX
        assert axe_violations(ana.page) == []
        shot(ana, "storm")
        ana.page.set_viewport_size({"width": 1600, "height": 900})

        ana.press(" ")  # the fire, with nothing chosen
        expect(first).to_contain_text("You")

        # A group by keyboard: open it, claim one of it, shut it again.
        ana.press("Escape", "Home", "j")
        head = ana.page.locator("[aria-selected=true]")
        group = int(head.get_attribute("data-number"))
        expect(head).to_contain_text(f"+ {EACH - 1} here")
        ana.press("ArrowRight")
        expect(ana.page.locator(".count")).to_have_text(f"{SITES + EACH} of {SITES * EACH + 1:,} incidents")
        shot(ana, "storm-open", "dark")
        ana.page.set_viewport_size({"width": 1600, "height": 900})
        ana.press("j", "j", " ")
        expect(ana.page.locator("[data-number][aria-selected=true]")).to_contain_text("You")
        claimed = int(ana.page.locator("[aria-selected=true]").get_attribute("data-number"))
        ana.press("Escape", "Home")
        ana.press("j", "ArrowLeft")
        expect(ana.row(group)).to_contain_text(f"+ {EACH - 2} here")
        expect(ana.row(group + SITES)).to_have_count(0)
        assert claimed in {one["number"] for one in cy.open_incidents() if one["claimed_by"] is not None}

        # One by one: all of them, a few rows drawn, and still at hand.
        bar.get_by_role("button", name="Show one by one").press("Enter")
        expect(ana.page.locator(".count")).to_have_text(f"{SITES * EACH + 1:,} incidents")
        ana.queue.hover()
        ana.page.mouse.wheel(0, 36 * 1_000)
        expect(ana.row(1_000)).to_be_visible()
        assert ana.rows.count() <= ROWS_MAX
        ana.row(1_000).click()
        ana.press(" ")
        expect(ana.row(1_000)).to_contain_text("You")
        bar.get_by_role("button", name="Group again").press("Enter")

        ana.press("Escape", "g", "f")
        expect(ana.page.get_by_role("heading", name="Alarm flood since")).to_be_visible()
        expect(ana.page.locator("[data-group]")).to_have_count(SITES)
        room_row = ana.page.get_by_role("row", name="The whole room")
        expect(room_row).to_contain_text("2,001")
        assert axe_violations(ana.page) == []
        assert clipped(ana.page) == []
        shot(ana, "flood-page")
        ana.page.locator("[data-group]").first.get_by_role("button").press("Enter")
        expect(ana.page.locator(".behind").first).to_be_visible()


def test_part_of_the_queue_goes_to_another_desk_once_it_is_accepted_there(tmp_path, sign_in):
    with room(tmp_path, **TABLES) as made:
        boss = made.person("Boss", ("supervisor",))
        low = {"changed": [{"name": "flood.begins", "value": 5}], "version": 0}
        assert boss.ask("PUT", "/api/v1/rules/parameters", low).status == 200
        desks = [boss.ask("POST", "/api/v1/desks", {"label": label}).json["id"] for label in ("north", "south")]
        people = [made.person(name, ("operator",)) for name in ("Ana", "Bo")]
        for person, desk in zip(people, desks, strict=True):
            until = person.get("/shifts")["at"] + 8 * 3_600_000_000
            assert person.ask("POST", "/api/v1/shifts", {"desk": desk, "until": until}).status == 201
        for number in range(12):
            made.alarm(str(7_000 + number), "BA")
        made.alarm("1001", "FA")
        wait_for_open(boss, 13)
        # Bo looks at another page, and is told there.
        ana, bo = sign_in(made, "Ana", ("operator",)), sign_in(made, "Bo", ("operator",))
        bo.page.goto(f"{made.origin}/#/sites")
        ana.page.get_by_role("button", name="Hand part over").press("Enter")
        dialog = ana.page.get_by_role("dialog")
        dialog.get_by_label("What").select_option(label="Intrusion (12)")
        expect(dialog.get_by_label("To desk")).to_have_value(desks[1])
        assert axe_violations(ana.page) == []
        shot(ana, "part-dialog", "dark")
        dialog.get_by_role("button", name="Offer it").press("Enter")
        expect(ana.page.get_by_text("Desk south was asked to take 12 incidents: Intrusion.")).to_be_visible()
        shot(ana, "part-waiting")
        asked = bo.page.get_by_text("Ana asks your desk to take 12 incidents: Intrusion.")
        expect(asked).to_be_visible(timeout=15_000)
        assert axe_violations(bo.page) == []
        shot(bo, "part-asked", "dark")
        bo.page.get_by_role("button", name="Accept 12").press("Enter")
        bo.page.get_by_role("button", name="Show mine").press("Enter")
        expect(bo.rows).to_have_count(12)
        expect(bo.rows.first).to_contain_text("desk south")
        expect(bo.rows.first).to_contain_text("unclaimed")
        shot(bo, "part-taken")
        expect(ana.page.get_by_text("Desk south has taken over: Intrusion, 12 incidents open.")).to_be_visible(
            timeout=15_000
        )
        bo.page.get_by_role("button", name="Give back").press("Enter")
        expect(bo.rows).to_have_count(0)
        assert boss.get("/shifts")["parts"] == []
