"""What helping needs, on the screen: help note, whom to call, phrases, warnings, wishes."""

import re

import pytest
from playwright.sync_api import expect

from support.people_on_screen import told
from support.room import ROLES, wait_for_open

EVERYBODY = (*ROLES, "integrator", "administrator")
NOTE = {
    "name": "Edda Example",
    "telephones": ["+43 1 5550101", "+43 1 5550102"],
    "pass_phrase": "blue herring",
    "duress_phrase": "green lantern",
}


@pytest.fixture
def fire(centre):
    """An incident of the mill, with two keyholders; and who set it up."""
    ada = centre.person("Ada", EVERYBODY)
    centre.alarm("1001", "FA", 1)
    (incident,) = wait_for_open(ada, 1)
    told(ada, f"/sites/{incident['site_id']}/keyholders", **NOTE)
    told(ada, f"/sites/{incident['site_id']}/keyholders", name="Fritz Example", telephones=["+43 1 5550203"])
    return incident


def write_note(screen):
    """Open the form of the help note by its key."""
    screen.press("h")
    form = screen.page.get_by_role("region", name="Help note")
    expect(form.get_by_role("button", name="Save the help note")).to_be_visible()
    return form


def test_two_who_write_the_help_note_see_field_by_field_where_they_differ(centre, fire, sign_in):
    ana, bo = sign_in(centre, "Ana"), sign_in(centre, "Bo")
    for screen in (ana, bo):
        screen.open(fire["number"])
    form = write_note(ana)
    form.get_by_label("Hurt").fill("2")
    form.get_by_role("button", name="Save the help note").click()
    expect(form.get_by_text("Say who told it")).to_be_visible()
    form.get_by_label("Told by").select_option("caller")
    # Bo saves first: Ana is told while she writes, before she overwrites anything.
    his = write_note(bo)
    his.get_by_label("Told by").select_option("crew")
    his.get_by_label("Hurt").fill("3")
    his.get_by_label("Trapped").fill("1")
    his.get_by_role("button", name="Save the help note").click()
    expect(his.get_by_text("Version 1")).to_be_visible()

    conflict = form.get_by_role("region", name="Somebody else saved first")
    expect(conflict).to_contain_text("Bo changed this")
    expect(conflict.get_by_role("row", name=re.compile("^Hurt"))).to_have_text(re.compile("Hurt.*3.*2"))
    expect(conflict.get_by_role("row", name=re.compile("^Trapped"))).to_contain_text("not changed by you")
    conflict.get_by_role("button", name="Keep mine").click()
    expect(form.get_by_label("Trapped")).to_have_value("1")
    form.get_by_role("button", name="Save the help note").click()
    expect(form.get_by_text("Version 2")).to_be_visible()
    # And it stands on the other's screen, without a click.
    expect(his.get_by_text("Version 2")).to_be_visible()
    expect(his).to_contain_text(re.compile("Hurt\\s*2\\s*Trapped\\s*1"))


def test_a_fire_asks_for_no_missing_person_and_nothing_asks_who_somebody_is(centre, fire, sign_in):
    ana = sign_in(centre, "Ana")
    ana.open(fire["number"])
    form = write_note(ana)
    expect(form.get_by_role("group", name="People in need, as told")).to_be_visible()
    expect(form.get_by_text("Missing person, in danger")).to_have_count(0)
    expect(form.get_by_label(re.compile("date of birth|nationality|religion|clothing|plate", re.I))).to_have_count(0)


@pytest.mark.parametrize(("key", "region"), [("h", "Help note"), ("o", "Whom to call")])
def test_key_whose_part_is_not_loaded_yet_is_carried_out_as_soon_as_it_is(centre, fire, sign_in, key, region):
    ana = sign_in(centre, "Ana")
    held = []
    ana.page.route("**/assets/Help-*.js", lambda route: held.append(route))
    # The part comes by itself soon after the first rows: only a page that is loaded anew is still without it.
    with ana.page.expect_request("**/assets/Help-*.js"):
        ana.page.reload()
    ana.open(fire["number"])
    ana.press(key)
    expect(ana.page.get_by_role("region", name=region)).to_have_count(0)
    assert held
    for route in held:
        route.continue_()
    ana.page.unroute("**/assets/Help-*.js")
    within = ana.page.get_by_role("region", name=region)
    if key == "h":
        expect(within.get_by_role("button", name="Save the help note")).to_be_visible()
    else:
        expect(within.get_by_role("link").first).to_be_focused()


def test_keyholders_stand_in_their_order_with_numbers_to_dial_and_the_outcome_is_one_click(centre, fire, sign_in):
    ana = sign_in(centre, "Ana")
    detail = ana.open(fire["number"])
    calls = ana.page.get_by_role("region", name="Whom to call")
    # Nobody's number is read before somebody has the incident, or asks.
    expect(calls.get_by_text("Edda Example")).to_have_count(0)
    ana.press("Escape", " ")
    expect(detail.get_by_text("You have it since")).to_be_visible()
    holders = calls.get_by_role("listitem")
    expect(holders).to_have_count(2)
    expect(holders.nth(0)).to_contain_text("Edda Example")
    expect(holders.nth(1)).to_contain_text("Fritz Example")
    numbers = holders.nth(0).get_by_role("link")
    expect(numbers).to_have_count(2)
    expect(numbers.nth(0)).to_have_attribute("href", "tel:+4315550101")
    ana.press("o")
    expect(numbers.nth(0)).to_be_focused()

    holders.nth(0).get_by_role("button", name="No answer").click()
    expect(holders.nth(0)).to_contain_text("No answer (number 1),")
    # It is in the time line for everybody, without a name.
    expect(detail.get_by_text("called keyholder 1 of the list, number 1: no answer.")).to_be_visible()
    expect(calls.get_by_text("Next: 1. Edda Example (number 2)")).to_be_visible()
    ana.press("o")
    expect(numbers.nth(1)).to_be_focused()
    # One key says what became of the call to whoever has the focus.
    ana.press("4")
    expect(holders.nth(0)).to_contain_text("Voicemail (number 2),")
    expect(calls.get_by_text("Next: 2. Fritz Example")).to_be_visible()
    ana.press("o")
    expect(holders.nth(1).get_by_role("link")).to_be_focused()
    ana.press("1")
    expect(calls.get_by_text("Somebody attends.")).to_be_visible()


def test_a_phrase_is_right_or_wrong_and_one_for_duress_raises_the_incident(centre, fire, sign_in):
    ana = sign_in(centre, "Ana")
    detail = ana.open(fire["number"])
    calls = ana.page.get_by_role("region", name="Whom to call")
    calls.get_by_role("button", name="Show whom to call").click()

    def say(word):
        calls.get_by_role("button", name="Check the phrase of Edda Example").click()
        dialog = ana.page.get_by_role("dialog")
        dialog.get_by_label("What was said").fill(word)
        dialog.get_by_role("button", name="Check", exact=True).click()
        expect(dialog.get_by_role("status")).to_have_text(re.compile("RIGHT|WRONG|DURESS"))
        outcome = dialog.get_by_role("status").inner_text().split(".")[0]
        expect(dialog.get_by_label("What was said")).to_have_value("")
        ana.press("Escape")
        return outcome

    assert [say("Blue  Herring"), say("red herring"), say("green lantern")] == ["RIGHT", "WRONG", "DURESS"]
    # Whoever forces it may stand beside the keyholder: nobody is telephoned first any more.
    expect(detail.get_by_text("SILENT CALL FOR HELP")).to_be_visible()
    expect(calls.get_by_role("link")).to_have_count(0)
    expect(calls.get_by_role("button", name="Show the numbers all the same")).to_be_visible()
    assert "herring" not in ana.page.content()


def test_a_supervisor_warns_crews_by_a_closed_incident_and_the_next_one_there_says_so(centre, fire, sign_in):
    ana = sign_in(centre, "Ana")
    person = centre.person("Ana")
    claimed = person.claim(fire)
    assert person.act(fire["id"], "close", version=claimed["version"], disposition="test", note=None).status < 300
    expect(ana.rows).to_have_count(0)
    ana.page.goto(f"/#/incidents/{fire['id']}")
    warnings = ana.page.get_by_role("region", name="Warnings to crews")
    warnings.get_by_role("button", name="Warn crews about this place").click()
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_role("radio", name="dog").check()
    dialog.get_by_role("button", name="Warn", exact=True).click()
    expect(warnings.get_by_role("listitem")).to_contain_text("dog")
    centre.alarm("1002", "BA", 1)
    second = wait_for_open(person, 1)[0]
    ana.page.goto(f"/#/incidents/{second['id']}")
    expect(ana.page.get_by_role("region", name="Warnings to crews").get_by_role("listitem")).to_contain_text("dog")


def test_keyholders_of_a_site_are_kept_on_its_page(centre, fire, sign_in):
    page = sign_in(centre, "Ada", EVERYBODY).page
    page.goto(f"/#/sites/{fire['site_id']}")
    panel = page.get_by_role("region", name="Keyholders")
    expect(panel.get_by_text("Edda Example")).to_have_count(0)
    panel.get_by_role("button", name="Show the keyholders").click()
    rows = panel.get_by_role("listitem")
    expect(rows).to_have_count(2)
    panel.get_by_role("button", name="Fritz Example: one up").click()
    expect(rows.nth(0)).to_contain_text("Fritz Example")
    panel.get_by_role("button", name="Add a keyholder").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("Give a name.")).to_be_visible()
    dialog.get_by_label("Name").fill("Gerda Example")
    dialog.get_by_label("Telephone 1").fill("+43 1 5550304")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(rows).to_have_count(3)
    panel.get_by_role("button", name="Remove Gerda Example").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(rows.nth(2)).to_contain_text("removed, destroyed")
    panel.get_by_role("button", name="Take Gerda Example back").click()
    expect(panel.get_by_text("On the list again")).to_be_visible()

    panel.get_by_role("button", name="Note wishes").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="oxygen in the home").check()
    dialog.get_by_role("button", name="Save the wishes").click()
    expect(panel.get_by_text("Noted.")).to_be_visible()
    # What is in them is shown in the incident of that home, and not here.
    expect(panel.get_by_text("oxygen")).to_have_count(0)
    page.goto(f"/#/incidents/{fire['id']}")
    page.get_by_role("button", name="Show the resident's wishes").click()
    expect(page.get_by_role("region", name="A resident's own wishes")).to_contain_text("oxygen in the home")
