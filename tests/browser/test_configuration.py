"""Sites, accounts, zones, imports, unknown accounts, refused frames and the journal, as people work with them."""

import re

import pytest
from playwright.sync_api import expect

from support.room import room
from support.tour import BROKEN_FRAME, TABLES
from tocsin.protocols.dc09.doctor import Patient, diagnose
from tocsin.protocols.dc09.questions import explanation_text, read_frame

EVERYBODY = ("supervisor", "administrator", "integrator")
CONFLICT = "409"
KEY = "0011 2233 4455 6677 8899 AABB CCDD EEFF"


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory):
    """A centre for the tests that leave it as it is."""
    with room(tmp_path_factory.mktemp("looked-at"), **TABLES) as made:
        made.alarm("4711", "FA", 3)
        yield made


def open_page(screen, tab, link=None):
    screen.page.get_by_role("navigation").get_by_role("link", name=tab, exact=True).click()
    if link is not None:
        screen.page.get_by_role("link", name=link, exact=True).first.click()
    return screen.page


def save(page, words="Saved."):
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_text(words)).to_be_visible()


def test_who_saves_second_sees_who_saved_first_and_keeps_both(centre, sign_in):
    ana, bo = sign_in(centre, "Ana", EVERYBODY), sign_in(centre, "Bo", EVERYBODY)
    ana.guard.allow(CONFLICT)
    mine, theirs = open_page(ana, "Sites", "Harbour Mill"), open_page(bo, "Sites", "Harbour Mill")
    mine.get_by_label("Directions").fill("Gate 2\nRing twice")
    theirs.get_by_label("Address").fill("9 Mill Quay")
    theirs.get_by_label("toxic substances").check()
    save(theirs)

    mine.get_by_role("button", name="Save").click()
    conflict = mine.get_by_role("region", name="Somebody else saved first")
    expect(conflict).to_contain_text("Bo changed this at")
    expect(conflict.get_by_role("row", name=re.compile("Address 9 Mill Quay"))).to_be_visible()
    expect(conflict.get_by_role("row", name=re.compile("Hazards on site toxic substances"))).to_be_visible()
    conflict.get_by_role("button", name="Keep mine").click()
    save(mine)

    (site,) = [item for item in centre.person("Cy", EVERYBODY).get("/sites")["items"] if item["name"] == "Harbour Mill"]
    assert (site["address"], site["directions"], site["hazards"]) == ("9 Mill Quay", "Gate 2 / Ring twice", ["toxic"])


def test_changes_that_are_not_saved_are_there_again_but_for_a_key(looked_at, sign_in):
    ana = sign_in(looked_at, "Ana", EVERYBODY)
    page = open_page(ana, "Accounts", "1001")
    page.get_by_label("Name of the equipment").fill("Fire panel")
    page.get_by_role("radio", name="Set a key").check()
    page.get_by_label("New key").fill(KEY)
    open_page(ana, "Queue")
    open_page(ana, "Accounts", "1001")
    expect(page.get_by_text("Changes of yours that were not saved are here again.")).to_be_visible()
    expect(page.get_by_label("Name of the equipment")).to_have_value("Fire panel")
    expect(page.get_by_label("New key")).to_have_count(0)


def test_a_key_is_set_replaced_and_taken_away_and_never_shown(centre, sign_in):
    ana = sign_in(centre, "Ana", EVERYBODY)
    answers = []
    ana.page.on("response", lambda response: answers.append(response) if "/api/v1/accounts" in response.url else None)
    page = open_page(ana, "Accounts", "1001")
    page.get_by_role("radio", name="Set a key").check()
    page.get_by_label("New key").fill(KEY[:-1])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("It has 31 digits; a key has 32, 48, 64.")).to_be_visible()
    expect(page.get_by_label("New key")).to_be_focused()
    page.get_by_label("New key").fill(KEY)
    save(page, "Saved. Frames of this number")
    expect(page.get_by_text("It has a key of 128 bits, given as hex digits. It is never shown.")).to_be_visible()
    centre.alarm("1001", "BA", 1, key=bytes.fromhex(KEY))
    told = page.content() + "".join(answer.text() for answer in answers)
    assert KEY.replace(" ", "").lower() not in told.replace(" ", "").lower()
    page.get_by_role("radio", name="Take the key away").check()
    save(page, "Saved. Frames of this number")
    centre.alarm("1001", "BA", 2)


def test_zones_are_entered_by_keyboard_alone(centre, sign_in):
    ana = sign_in(centre, "Ana", EVERYBODY)
    page = open_page(ana, "Accounts", "1001")
    page.get_by_role("link", name="Zones (2)").click()
    page.get_by_role("button", name="Add a zone").focus()
    ana.press("Enter")
    expect(page.get_by_role("textbox", name="Number")).to_be_focused()
    page.keyboard.type("002")
    ana.press("Enter")
    expect(page.get_by_text("Zone 2 is there already. Leading zeros do not count.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Number")).to_be_focused()
    ana.press("Control+A")
    page.keyboard.type("7")
    ana.press("Tab")
    page.keyboard.type("Cellar")
    ana.press("Tab")
    page.keyboard.type("FIRE-SM")
    ana.press("Enter")
    save(page, "Zones are saved.")
    account = centre.person("Cy", EVERYBODY).get("/accounts?number=1001")["items"][0]["id"]
    zones = centre.person("Di", EVERYBODY).get(f"/accounts/{account}/zones")["items"]
    assert [(one["name"], one["type"], one["priority"]) for one in zones if one["number"] == "7"] == [
        ("Cellar", "FIRE-SMOKE", None)
    ]
    assert len(zones) == 3


def test_a_type_that_needs_a_person_is_not_offered_for_a_zone(looked_at, sign_in):
    ana = sign_in(looked_at, "Ana", EVERYBODY)
    page = open_page(ana, "Accounts", "1001")
    page.get_by_role("link", name="Zones (2)").click()
    page.get_by_role("button", name="Change zone 1").click()
    offered = set(
        page.get_by_role("combobox", name="Type").locator("option").evaluate_all("all => all.map(one => one.value)")
    )
    types = looked_at.person("Cy", EVERYBODY).get("/catalogue")["types"]
    never = {"violence", "theft", "missing_person", "trafficking_kidnap"}
    assert offered - {""} == {one["type"] for one in types if one["opened_by"] == "any" and one["hazard"] not in never}


def choose(page, kind, text):
    page.get_by_role("radio", name=kind).check()
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)


def test_an_import_changes_nothing_before_it_was_looked_at(centre, sign_in):
    ana = sign_in(centre, "Ana", EVERYBODY)
    cy = centre.person("Cy", EVERYBODY)
    page = open_page(ana, "Import")
    choose(page, "Sites", "name,address\nHarbour Mill,1 Mill Quay\nNew Pier,2 Pier Road\nOld Depot,8 Depot Lane\n")
    expect(page.get_by_role("heading", name="The file is good. Nothing is changed yet.")).to_be_visible()
    assert cy.get("/sites?name=new")["total"] == 0
    page.get_by_role("button", name="Import 1 new, change 1").click()
    expect(page.get_by_text("1 new, 1 changed, 1 already so.")).to_be_visible()
    assert cy.get("/sites?name=new")["total"] == 1
    page.get_by_role("link", name="To the sites").click()
    expect(page.get_by_role("link", name="New Pier")).to_be_visible()


def test_every_bad_row_is_named_and_nothing_can_be_imported(looked_at, sign_in):
    page = open_page(sign_in(looked_at, "Ana", EVERYBODY), "Import")
    choose(page, "Accounts", "account,key,late_max_s\n12 3,,\n2001,00,\n2002,,soon\n2003,,\n")
    expect(page.get_by_role("heading", name="3 mistakes: nothing can be imported")).to_be_visible()
    rows = [row.inner_text().split("\t")[:2] for row in page.get_by_role("row").all()[1:]]
    assert rows == [["2", "account"], ["3", "key"], ["4", "late_max_s"]]
    expect(page.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)


def test_a_file_that_would_lose_letters_is_not_sent(looked_at, sign_in):
    ana = sign_in(looked_at, "Ana", EVERYBODY)
    page = open_page(ana, "Import")
    page.get_by_role("radio", name="Sites").check()
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": "name\nHöfe\n".encode("latin-1")}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("alert").filter(has_text="The file is not UTF-8")).to_be_visible()
    assert not [request for request in ana.guard.requests if "/import/" in request]


def test_an_unknown_number_becomes_an_account_at_a_new_site_and_its_incident_moves(centre, sign_in):
    centre.alarm("4711", "FA", 3)
    ana = sign_in(centre, "Ana", EVERYBODY)
    expect(ana.rows).to_have_count(1)
    page = open_page(ana, "Unknown accounts")
    page.get_by_role("button", name="Attach to a site: 4711").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="A new site").check()
    dialog.get_by_role("button", name="Attach").click()
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    dialog.get_by_label("Name", exact=True).fill("New Pier")
    dialog.get_by_role("button", name="Attach").click()
    expect(page.get_by_text("4711 is an account at New Pier now.")).to_be_visible()
    expect(page.get_by_text("No unknown accounts.")).to_be_visible()
    open_page(ana, "Queue")
    expect(ana.rows.filter(has_text="New Pier")).to_have_count(1)


def test_a_number_that_is_not_ours_is_answered_so_until_it_is_taken_back(centre, sign_in):
    centre.report("4711", "#4711|Nri1/RP000")
    ana = sign_in(centre, "Ana", EVERYBODY)
    page = open_page(ana, "Unknown accounts")
    page.get_by_role("button", name="4711 is not ours").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Refuse this number").click()
    expect(dialog.get_by_text("Choose why.")).to_be_visible()
    dialog.get_by_role("radio", name="Equipment on a bench").check()
    dialog.get_by_label("For how many days").fill("31")
    dialog.get_by_role("button", name="Refuse this number").click()
    expect(dialog.get_by_text("A whole number from 1 to 30.")).to_be_visible()
    dialog.get_by_label("For how many days").fill("2")
    dialog.get_by_role("button", name="Refuse this number").click()
    expect(page.get_by_text(re.compile("4711 is refused until"))).to_be_visible()
    page.get_by_role("link", name="Not ours").click()
    row = page.get_by_role("row", name=re.compile("4711"))
    expect(row).to_contain_text("Equipment on a bench")
    expect(row).to_contain_text("Ana")
    row.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("No number is refused.")).to_be_visible()
    centre.report("4711", "#4711|Nri1/RP000")
    page.get_by_role("link", name="Waiting").click()
    expect(page.get_by_role("heading", name="4711")).to_be_visible()


def test_the_doctor_says_on_the_page_what_the_command_says(looked_at, sign_in):
    page = open_page(sign_in(looked_at, "Ana", EVERYBODY), "Frame doctor")
    text = '86540049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027'
    page.get_by_label("Hex or text").fill(text)
    page.get_by_label("Hex or text").press("Control+Enter")
    wrong = page.get_by_role("row", name=re.compile("^Check sum"))
    expect(wrong).to_be_focused()
    expect(wrong).to_contain_text("wrong")
    said = page.locator(".outcome").inner_text()
    raw = read_frame(text)
    for line in explanation_text(diagnose(raw, None, Patient(accounts=None)), text).splitlines():
        assert line in said
    vector = page.get_by_role("textbox", name="As a vector").input_value()
    assert b"5512".hex() not in vector.lower()
    assert b"Boiler".hex() not in vector.lower()


def test_opening_a_refused_frame_asks_why_and_is_in_the_journal(centre, sign_in):
    centre.send_unanswered(BROKEN_FRAME)
    ana = sign_in(centre, "Ana", EVERYBODY)
    page = open_page(ana, "Frame doctor", "Refused frames")
    page.get_by_role("button", name=re.compile("Open the frame of")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Open it").click()
    expect(dialog.get_by_text("Choose why.")).to_be_visible()
    dialog.get_by_role("radio", name="To find a fault").check()
    dialog.get_by_role("button", name="Open it").click()
    expect(page.get_by_label("Hex or text")).to_have_value(BROKEN_FRAME.hex())
    expect(page.get_by_text(re.compile(r"Received .* from 127\.0\.0\.1"))).to_be_visible()
    open_page(ana, "Journal")
    row = page.get_by_role("row", name=re.compile("sealed values read"))
    expect(row).to_contain_text("reason fault_finding")
    expect(row).to_contain_text("Ana")


def test_the_journal_follows_and_finds_an_entry_by_its_number(centre, sign_in):
    ana = sign_in(centre, "Ana", EVERYBODY)
    page = open_page(ana, "Journal")
    expect(page.get_by_role("row", name=re.compile("journal read"))).to_be_visible()
    page.get_by_role("checkbox", name="Follow").check()
    centre.alarm("1001", "FA", 1)
    expect(page.get_by_role("row", name=re.compile("incident opened"))).to_be_visible()
    page.get_by_label("Go to seq").fill("1")
    ana.press("Enter")
    expect(page.get_by_role("heading", name="Entry 1: centre created")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Follow")).not_to_be_checked()
    page.get_by_label("Go to seq").fill("999999")
    ana.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="there is no 999999")).to_be_visible()


def test_who_may_only_look_is_offered_nothing_to_change(looked_at, sign_in):
    ana = sign_in(looked_at, "Ana", ("operator",))
    page = open_page(ana, "Sites", "Harbour Mill")
    expect(page.get_by_label("Address")).to_have_attribute("readonly", "")
    expect(page.get_by_role("button", name=re.compile("Save|Remove"))).to_have_count(0)
    open_page(ana, "Unknown accounts")
    expect(page.get_by_role("heading", name="4711")).to_be_visible()
    expect(page.get_by_role("button", name="Attach")).to_have_count(0)
    expect(page.get_by_role("navigation").get_by_role("link", name="Journal")).to_have_count(0)


def test_who_comes_back_to_a_list_is_on_the_row_that_was_opened(looked_at, sign_in):
    ana = sign_in(looked_at, "Ana", EVERYBODY)
    page = open_page(ana, "Accounts")
    page.get_by_label("Find by number").fill("100")
    expect(page).to_have_url(re.compile("number=100"))
    page.get_by_role("link", name="1003").focus()
    ana.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    ana.press("Escape")
    expect(page.get_by_role("link", name="1003")).to_be_focused()
    expect(page.get_by_label("Find by number")).to_have_value("100")
    ana.press("j")
    expect(page.get_by_role("link", name="1004")).to_be_focused()
    ana.press("ArrowUp", "ArrowUp")
    expect(page.get_by_role("link", name="1002")).to_be_focused()


def test_a_change_without_an_answer_is_made_once_when_it_is_sent_again(centre, sign_in):
    ana = sign_in(centre, "Ana", EVERYBODY)
    page = open_page(ana, "Sites", "New site")
    page.get_by_label("Name").fill("New Pier")
    ana.guard.allow("ERR_|Failed to load")
    lost = []

    def lose_answer(route):
        """The centre makes it, and the answer is lost."""
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    page.route("**/api/v1/sites", lose_answer)
    page.get_by_role("button", name="Make the site").click()
    expect(page.get_by_role("alert")).to_contain_text("Whether it took the change is not known")
    page.get_by_role("button", name="Make the site").click()
    expect(page.get_by_text("The site is made.")).to_be_visible()
    assert centre.person("Cy", EVERYBODY).get("/sites?name=New")["total"] == 1
