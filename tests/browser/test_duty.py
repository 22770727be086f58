"""The phone page of staff on duty: without a network and back, sent twice and there once; help now; a check-in."""

import json

from playwright.sync_api import expect

from support.browser import axe_violations
from support.duty_phone import phone_of
from support.people_on_screen import come_in, with_password
from support.screens import clipped


def test_a_report_without_a_network_survives_the_page_is_sent_twice_and_is_there_once(centre, sign_in, open_window):
    phone = phone_of(centre, open_window)
    page = phone.page
    targets = page.locator("main a.button, main input, button").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(targets) >= 56
    assert axe_violations(page) == []
    assert clipped(page) == []
    phone.window.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("No connection")).to_be_visible()
    # The code at a place was scanned, the number typed: one tap sends.
    page.evaluate("localStorage.removeItem('tocsin.duty.place')")
    page.get_by_label("Short number").fill("303")
    expect(page.get_by_role("heading", name="303")).to_be_visible()
    page.get_by_label("Or say where").fill("laundry, basement")
    page.get_by_label("What happened").fill("he fell")
    assert axe_violations(page) == []
    assert clipped(page) == []
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Not sent yet: nobody knows of it")).to_be_visible()
    page.close()
    page = phone.window.context.new_page()
    page.goto("/duty#/sent")
    expect(page.get_by_text("Not sent yet: nobody knows of it")).to_be_visible()
    # Its first answer is lost on the way: it is sent again.
    lost = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/api/v1/duty/reports", lose)
    phone.window.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    row = page.get_by_role("listitem").filter(has_text="laundry")
    expect(row).to_contain_text("Received")
    assert len(lost) == 1
    assert lost[0].status == 201
    number = json.loads(lost[0].body())["number"]
    expect(row).to_contain_text(f"incident {number}")
    expect(row).to_contain_text("nobody has it yet")
    kept = page.evaluate(
        "new Promise((done) => { const asked = indexedDB.open('tocsin-duty'); asked.onsuccess = () => {"
        " const all = asked.result.transaction('reports').objectStore('reports').getAll();"
        " all.onsuccess = () => done(JSON.stringify(all.result)); }; })"
    )
    assert "he fell" not in kept
    ana = sign_in(centre, "Ana")
    expect(ana.rows).to_have_count(1)
    detail = ana.open(number)
    detail.get_by_role("button", name="Claim").first.click()
    expect(detail).to_contain_text("laundry, basement")
    expect(row).to_contain_text("claimed")
    assert_it_goes_out_in_nobody_elses_name(centre, phone, page, ana)


def assert_it_goes_out_in_nobody_elses_name(centre, phone, page, ana):
    """The same phone goes to Eve: what Dee left unsent waits, is shown, and goes as handed over."""
    phone.window.context.set_offline(True)
    page.get_by_role("link", name="Back").click()
    page.get_by_label("Short number").fill("205")
    page.get_by_label("Or say where").fill("paint store")
    page.get_by_label("What happened").fill("smoke at the door")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Not sent yet: nobody knows of it")).to_be_visible()
    page.get_by_role("button", name="Not you?").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Signed in as")).to_have_count(0)
    page.goto("/duty#/sent")
    expect(page.get_by_text("Sign in to send it.")).to_be_visible()
    for gone in ("Dee", "smoke at the door", "paint store", "laundry"):
        expect(page.get_by_text(gone)).to_have_count(0)
    phone.window.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("You are signed out. 1 not sent yet.")).to_be_visible()
    with_password(centre, "Eve", ("responder",))
    phone.page = page
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Your name")).to_be_visible()
    come_in(phone, "Eve")
    expect(page.get_by_text("Signed in as Eve")).to_be_visible()
    page.get_by_role("link", name="Look at it").click()
    stray = page.get_by_role("listitem").filter(has_text="smoke at the door")
    expect(stray).to_contain_text("Typed by somebody else")
    assert axe_violations(page) == []
    assert clipped(page) == []
    kept = page.evaluate(
        "new Promise((done) => { const asked = indexedDB.open('tocsin-duty'); asked.onsuccess = () => {"
        " const all = asked.result.transaction(['reports', 'other']);"
        " const got = ['reports', 'other'].map((name) => all.objectStore(name).getAll());"
        " all.oncomplete = () => done(JSON.stringify(got.map((one) => one.result))); }; })"
    )
    assert [word in kept for word in ("smoke at the door", "Eve", "Dee", "laundry")] == [True, True, False, False]
    expect(ana.rows).to_have_count(1)
    stray.get_by_role("button", name="Send it for them").click()
    expect(page.get_by_role("listitem").filter(has_text="paint store")).to_contain_text("Received")
    expect(ana.rows).to_have_count(2)
    detail = ana.open(ana.numbers[1] if "FIRE" in ana.rows.nth(1).inner_text() else ana.numbers[0])
    expect(detail).to_contain_text("Eve reported it by the phone page. Somebody else typed it at the same phone.")


def test_help_is_called_by_holding_for_a_second_and_a_check_in_is_begun_and_ended(centre, sign_in, open_window):
    place = {"latitude": 54.32, "longitude": 10.14, "accuracy": 12}
    phone = phone_of(centre, open_window, geolocation=place, permissions=["geolocation"])
    page = phone.page
    button = page.get_by_role("button", name="Help here now")
    box = button.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    expect(button).to_contain_text("Keep holding")
    page.mouse.up()
    expect(button).to_contain_text("Hold for one second")
    # By key, without a place: the phone looks once where it is.
    button.focus()
    page.keyboard.down("Space")
    expect(page.get_by_text("Help is called")).to_be_visible()
    page.keyboard.up("Space")
    row = page.get_by_role("listitem").filter(has_text="Staff or crew attacked")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Received")
    ana = sign_in(centre, "Ana")
    expect(ana.rows).to_have_count(1)
    detail = ana.open(ana.numbers[0])
    expect(detail).to_contain_text("WELFARE-ASSIST")
    detail.get_by_role("button", name="Claim").first.click()
    expect(detail).to_contain_text("54.32, 10.14 (to 12 m)")
    # Working alone.
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Working alone").click()
    page.get_by_label("1 hour").check()
    page.get_by_label("Or say where").fill("pump house")
    assert axe_violations(page) == []
    assert clipped(page) == []
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("then you are looked for")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    running = page.get_by_role("link", name="Working alone until")
    expect(running).to_be_visible()
    assert not ana.page.get_by_text("pump house").count()
    running.click()
    page.get_by_role("button", name="All is well, I have finished").click()
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
