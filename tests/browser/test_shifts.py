"""Shifts on the screen: going on, handing over with what is open, and a desk that nobody is at."""

from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import room, wait_for_open
from support.tour import TABLES

HOUR_US = 3_600_000_000


def test_a_shift_is_handed_over_with_its_list_and_the_other_has_the_incidents_then(tmp_path, sign_in):
    with room(tmp_path, **TABLES) as made:
        boss = made.person("Boss", ("supervisor",))
        assert boss.ask("POST", "/api/v1/desks", {"label": "north"}).status == 201
        made.alarm("1001", "FA")
        incident = wait_for_open(boss, 1)[0]
        ana, bo = sign_in(made, "Ana", ("operator",)), sign_in(made, "Bo", ("operator",))
        for one in (ana, bo):
            one.page.goto(f"{made.origin}/#/shifts")
        expect(ana.page.get_by_text("You are not on shift.")).to_be_visible()
        assert axe_violations(ana.page) == []
        ana.page.get_by_role("button", name="Go on shift: north").click()
        ana.page.get_by_role("dialog").get_by_role("button", name="Go on shift").click()
        expect(ana.page.get_by_text("You are on shift.")).to_be_visible()
        # An incident of Ana's goes with the shift.
        ana.page.goto(f"{made.origin}/#/incidents/{incident['id']}")
        ana.page.get_by_role("button", name="Claim").first.click()
        expect(ana.page.get_by_text("You have it since")).to_be_visible()
        ana.page.goto(f"{made.origin}/#/shifts")
        ana.page.get_by_role("button", name="Hand over").click()
        dialog = ana.page.get_by_role("dialog")
        expect(dialog.get_by_text("1 claimed on this shift")).to_be_visible()
        dialog.get_by_role("button", name="Hand over").click()
        expect(dialog.get_by_text("Choose a colleague.")).to_be_visible()
        dialog.get_by_label("To").select_option(label="Bo")
        assert axe_violations(ana.page) == []
        dialog.get_by_role("button", name="Hand over").click()
        # Until Bo accepts, Ana is responsible.
        expect(ana.page.get_by_text("handed to Bo, not accepted yet")).to_be_visible()
        expect(ana.page.get_by_text("You are on shift.")).to_be_visible()
        # Bo, who looks at another page, is told of it there, and accepts there.
        bo.page.goto(f"{made.origin}/#/me")
        expect(bo.page.get_by_text("Ana hands the shift over to you.")).to_be_visible(timeout=15_000)
        bo.page.get_by_role("button", name="Look and accept").click()
        dialog = bo.page.get_by_role("dialog")
        expect(dialog.get_by_text("1 open incident,")).to_be_visible()
        expect(dialog.get_by_text("nothing has changed")).to_be_visible()
        assert axe_violations(bo.page) == []
        dialog.get_by_role("button", name="Accept all of it").click()
        expect(bo.page.get_by_text("Ana hands the shift over to you.")).to_have_count(0)
        bo.page.goto(f"{made.origin}/#/shifts")
        expect(bo.page.get_by_text("You are on shift.")).to_be_visible()
        expect(ana.page.get_by_text("You are not on shift.")).to_be_visible(timeout=15_000)
        expect(bo.page.get_by_text("handed over to").first).to_be_visible()
        claimed = boss.get(f"/incidents/{incident['id']}")["incident"]["claimed_by"]
        assert claimed == next(one["id"] for one in boss.get("/users")["items"] if one["name"] == "Bo")
        _write_and_correct(bo)
        _call_in_silence(ana, bo)


def _write_and_correct(bo):
    """The watch log by its key: what the shift did stands there, and a wrong line stays beside the right one."""
    bo.page.keyboard.press("g")
    bo.page.keyboard.press("b")
    expect(bo.page.get_by_text("accepted the shift of Ana")).to_be_visible()
    for words in ("Gate 5 is shut.", "Gate 4, not 5."):
        bo.page.get_by_role("textbox", name="Line").fill(words)
        bo.page.get_by_role("button", name="Write it down").click()
        expect(bo.page.get_by_text(words, exact=True)).to_be_visible()
        if words.startswith("Gate 5"):
            bo.page.get_by_role("button", name="Put right").first.click()
            expect(bo.page.get_by_text("which stays as it is")).to_be_visible()
    expect(bo.page.locator("em", has_text="puts right the line of")).to_be_visible()
    expect(bo.page.get_by_text("Gate 5 is shut.", exact=True)).to_be_visible()
    assert axe_violations(bo.page) == []


def test_a_desk_that_nobody_is_at_is_told_on_another_screen(tmp_path, sign_in):
    with room(tmp_path, settings="\n[shifts]\nunattended_s = 10\n", **TABLES) as made:
        boss, ana = made.person("Boss", ("supervisor",)), made.person("Ana", ("operator",))
        desk = boss.ask("POST", "/api/v1/desks", {"label": "north"}).json
        until = ana.get("/shifts")["at"] + 8 * HOUR_US
        assert ana.ask("POST", "/api/v1/shifts", {"desk": desk["id"], "until": until}).status == 201
        bo = sign_in(made, "Bo", ("operator",))
        expect(bo.rows.first).to_contain_text("TECH-CENTRE", timeout=40_000)
        bo.page.goto(f"{made.origin}/#/shifts")
        expect(bo.page.get_by_text("UNATTENDED since")).to_be_visible()
        assert boss.get("/shifts")["desks"][0]["unattended_since"] is not None


def test_a_roster_is_set_up_says_its_gaps_and_somebody_stands_in(tmp_path, sign_in):
    with room(tmp_path, **TABLES) as made:
        made.person("Ana", ("operator",))
        made.person("Ben", ("operator",))
        boss = sign_in(made, "Boss", ("supervisor",))
        boss.page.goto(f"{made.origin}/#/rosters")
        expect(boss.page.get_by_text("No roster was set up.")).to_be_visible()
        boss.page.get_by_role("button", name="Add a roster").click()
        dialog = boss.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_text("Add at least one person.")).to_be_visible()
        assert axe_violations(boss.page) == []
        dialog.get_by_label("Label").fill("fire")
        dialog.get_by_label("People, in their order").select_option(label="Ana")
        dialog.get_by_label("First turn begins on").fill("2026-01-05")
        dialog.get_by_label("Turns pass on at").fill("08:00")
        dialog.get_by_label("Counts from").fill("08:00")
        dialog.get_by_label("Counts until").fill("20:00")
        dialog.get_by_role("button", name="Save").click()
        expect(boss.page.get_by_text("Nobody is on call")).not_to_have_count(0)
        boss.page.get_by_role("button", name="Change roster fire").click()
        dialog.get_by_label("Counts from").fill("00:00")
        dialog.get_by_label("Counts until").fill("00:00")
        dialog.get_by_role("button", name="Save").click()
        expect(boss.page.get_by_text("Roster fire was saved.", exact=True)).to_be_visible()
        row = boss.page.get_by_role("row").filter(has_text="fire")
        expect(row.get_by_role("cell").nth(0)).to_have_text("Ana")
        boss.page.get_by_role("button", name="Somebody instead, on roster fire").click()
        dialog.get_by_label("Who", exact=True).select_option(label="Ben")
        dialog.get_by_label("Instead of").select_option(label="Ana")
        assert axe_violations(boss.page) == []
        dialog.get_by_role("button", name="Save").click()
        expect(row.get_by_role("cell").nth(0)).to_have_text("Ben")
        boss.page.get_by_role("button", name="Take back the exception of Ben").click()
        expect(row.get_by_role("cell").nth(0)).to_have_text("Ana")


def _call_in_silence(ana, bo):
    """The hold-up keys: the other desk shows it at once, and nothing in the page of whoever pressed tells."""
    for one in (ana, bo):
        one.page.goto(one.page.url.partition("#")[0] + "#/")
        expect(one.rows).to_have_count(1)
        expect(one.page.locator("button.talk")).to_be_visible()  # it comes after the first rows
    shown = ana.page.locator("body").inner_text()
    ana.page.keyboard.press("Control+Shift+Space")
    ana.page.keyboard.press("Control+Shift+Space")
    expect(bo.page.get_by_text("HOLD-UP").first).to_be_visible()
    expect(bo.page.get_by_text("SILENT").first).to_be_visible()
    for is_anew in (False, True):  # by the stream, and as the queue is read
        if is_anew:
            ana.page.reload()
        expect(ana.rows).to_have_count(1)
        expect(ana.page.locator("button.talk")).to_be_visible()
        now = ana.page.locator("body").inner_text()
        assert not [word for word in ("HOLD", "SILENT", "P1 2") if word in now]
        assert len(shown.splitlines()) == len(now.splitlines())
