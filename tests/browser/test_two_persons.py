"""What takes two persons, from the screen of the one to the screen of the other, and once."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from support.centres import make_folder
from support.fakes import ManualClock
from support.retention_room import Room as RetentionRoom
from support.room import Room, wait_for_open
from support.server import Server
from tocsin.centre.waiting import put_off
from tocsin.model.retention import DAY_US

WORDS = "Frau Yilmaz opens at the gate"
CONTACT = "+49 30 901820"
YES = "Yes, I answer for it too"
FAILED = "Failed to load resource: the server responded with a status of"


@pytest.fixture
def both(centre, sign_in):
    """Ana and Bo, two supervisors, with one closed fire that holds a note."""
    centre.alarm("1001", "FA", 1)
    ana = centre.person("Ana")
    (fire,) = wait_for_open(ana, 1)
    fire = ana.claim(fire)
    assert ana.act(fire["id"], "note", text=WORDS).status < 300
    version = ana.get(f"/incidents/{fire['id']}")["incident"]["version"]
    assert ana.act(fire["id"], "close", version=version, disposition="test", note=None).status < 300
    return sign_in(centre, "Ana"), sign_in(centre, "Bo"), fire


def ask(screen, *, reason=None):
    """Ask for a second person in the question that is open; return it."""
    dialog = screen.page.get_by_role("dialog")
    if reason is not None:
        dialog.get_by_role("radio", name=reason).check()
    dialog.get_by_role("button", name="Ask for a second person").click()
    expect(dialog.get_by_role("button", name="The second person is here")).to_be_visible()
    expect(dialog.get_by_role("button", name="Carry it out")).to_have_count(0)
    return dialog


def answer(screen, what, button=YES):
    """Answer at the own screen what another asks for; return its words as they stood."""
    bar = screen.page.get_by_role("region", name="What takes two persons")
    expect(bar).to_contain_text(re.compile(re.escape(what), re.IGNORECASE))
    words = bar.inner_text()
    bar.get_by_role("button", name=button, exact=True).click()
    return words


def carry_out(dialog, name="Bo"):
    expect(dialog.get_by_text(f"{name} said yes.")).to_be_visible()
    dialog.get_by_role("button", name="Carry it out").click()


def opened(screen, incident):
    """The detail of an incident that is not in the queue any more."""
    screen.page.goto(f"/#/incidents/{incident['id']}")
    expect(screen.detail.get_by_role("heading", level=1)).to_contain_text(str(incident["number"]))
    return screen.detail


def test_texts_are_erased_early_by_two_and_are_gone_from_both_screens(centre, both):
    ana, bo, fire = both
    detail, his = opened(ana, fire), opened(bo, fire)
    expect(his.get_by_text(WORDS)).to_be_visible()
    detail.get_by_role("button", name="Erase them now").click()
    dialog = ask(ana, reason="not needed any more")
    words = answer(bo, "erase an incident's data before their time")
    assert "Why: not needed any more." in words
    assert fire["id"] in words
    assert centre.person("Ana").get(f"/incidents/{fire['id']}/data")["values"] > 0, "nothing is done by the answer"
    carry_out(dialog)
    expect(dialog).to_have_count(0)
    expect(detail.get_by_text(re.compile("^Erased at"))).to_be_visible()
    expect(detail.get_by_role("button", name="Erase them now")).to_have_count(0)
    assert centre.person("Ana").get(f"/incidents/{fire['id']}/data")["values"] == 0
    bo.page.reload()
    expect(his.get_by_text("(erased)")).to_be_visible()
    assert WORDS not in bo.page.content()


def test_a_hold_is_lifted_by_two_and_stays_where_the_second_says_no(both):
    ana, bo, fire = both
    detail = opened(ana, fire)
    detail.get_by_role("button", name="Keep them longer").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Next").click()
    dialog = ask(ana, reason="a court ordered it")
    answer(bo, "legal hold")
    carry_out(dialog)
    expect(detail.get_by_text("A legal hold keeps them.")).to_be_visible()

    detail.get_by_role("button", name="Lift the hold").click()
    dialog = ask(ana, reason="the matter is settled")
    answer(bo, "lift a legal hold", "No")
    expect(dialog.get_by_text("Bo said no.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Carry it out")).to_have_count(0)
    expect(ana.page.get_by_text("Waiting for a second person:")).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    expect(detail.get_by_text("A legal hold keeps them.")).to_be_visible()

    detail.get_by_role("button", name="Lift the hold").click()
    dialog = ask(ana, reason="the matter is settled")
    answer(bo, "lift a legal hold")
    carry_out(dialog)
    expect(detail.get_by_text(re.compile("^Lifted at"))).to_be_visible()
    expect(detail.get_by_text("A legal hold keeps them.")).to_have_count(0)


def test_a_request_for_own_data_is_answered_by_two_and_the_second_is_not_told_the_contact(both):
    ana, bo, _ = both
    ana.page.goto("/#/data/requests")
    ana.page.get_by_role("button", name="Go on").click()
    expect(ana.page.get_by_text("At least three characters.")).to_be_visible()
    ana.page.get_by_label("Number of the request in your files").fill("SR-2027/12")
    ana.page.get_by_label("The contact").fill(CONTACT)
    ana.page.get_by_role("button", name="Go on").click()
    dialog = ask(ana)
    words = answer(bo, "answer somebody's request for their data")
    assert "SR-2027/12" in words
    assert CONTACT not in words
    carry_out(dialog)
    found = ana.page.get_by_role("dialog")
    expect(found.get_by_text("Nothing was found. The sealed file says so.")).to_be_visible()
    phrase = found.locator("code").inner_text()
    with ana.page.expect_download() as saved:
        found.get_by_role("button", name="Save the sealed file").click()
    content = saved.value.path().read_bytes()
    assert content
    assert CONTACT.encode() not in content
    found.get_by_role("button", name="Close").click()
    assert phrase not in ana.page.content(), "shown once"


def test_what_was_sealed_is_exported_by_two_into_a_file(both):
    ana, bo, fire = both
    ana.page.goto("/#/data/exports")
    ana.page.get_by_label("Number of the incident").fill("9999")
    ana.page.get_by_role("button", name="Go on").click()
    expect(ana.page.get_by_text("There is no incident 9999 that you may see.")).to_be_visible()
    ana.page.get_by_label("Number of the incident").fill(str(fire["number"]))
    ana.page.get_by_role("button", name="Go on").click()
    dialog = ask(ana, reason="a complaint")
    words = answer(bo, "export the journal with its texts")
    assert fire["id"] in words
    with ana.page.expect_download() as saved:
        carry_out(dialog)
    assert WORDS in saved.value.path().read_text()
    expect(ana.page.get_by_text("Exported.")).to_be_visible()


# What waits after a restore -----------------------------------------------------------------------------------------


def restore(folder):
    """A centre after a restore: the texts of two incidents fell due since its backup was made."""
    clock = ManualClock(time.time_ns() // 1000 - 40 * DAY_US)
    before = RetentionRoom(make_folder(folder, clock=clock), clock=clock)
    try:
        incidents = [before.closed(account=str(4711 + number)) for number in range(2)]
        clock.advance(40 * 86_400)
        now = clock.now_us()
        held = before.held
        assert put_off(held.store, held.centre.values, held.journal, now, now - 15 * DAY_US, "cli") == incidents
    finally:
        before.close()


@pytest.fixture
def restored(tmp_path):
    with ThreadPoolExecutor(1) as pool:  # the browser's own loop runs in this thread
        pool.submit(restore, tmp_path / "centre").result()
    with Server(tmp_path / "centre") as server:
        yield Room(server)


def test_what_waits_after_a_restore_is_kept_one_by_one_or_erased_by_two(restored, sign_in):
    ana, bo = sign_in(restored, "Ana"), sign_in(restored, "Bo")
    ana.page.goto("/#/data/waiting")
    rows = ana.page.get_by_role("row").filter(has=ana.page.get_by_role("rowheader"))
    expect(rows).to_have_count(2)
    assert WORDS not in ana.page.content()
    number = rows.first.get_by_role("link").inner_text()
    rows.first.get_by_role("link").click()
    expect(ana.detail.get_by_role("heading", level=1)).to_contain_text(number)
    expect(ana.detail.get_by_text(WORDS)).to_have_count(0)
    ana.detail.get_by_role("button", name="Keep them longer").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Next").click()
    dialog = ask(ana, reason="a court ordered it")
    answer(bo, "legal hold")
    carry_out(dialog)
    expect(ana.detail.get_by_text("A legal hold keeps them.")).to_be_visible()

    ana.page.goto("/#/data/waiting")
    expect(rows).to_have_count(1)
    expect(rows).not_to_contain_text(number)
    ana.page.get_by_role("button", name="Erase now what waits").click()
    dialog = ana.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Erase the texts of 1 incident now")).to_be_visible()
    dialog = ask(ana)
    answer(bo, "erase now all that waits")
    carry_out(dialog)
    expect(dialog).to_have_count(0)
    expect(ana.page.get_by_text("1 incident is being erased.")).to_be_visible()
    expect(ana.page.get_by_text("Nothing waits.")).to_be_visible()
    expect(rows).to_have_count(0)


def test_what_waits_says_when_it_cannot_be_read_and_is_read_again(centre, sign_in):
    ana = sign_in(centre, "Ana")
    ana.guard.allow("ERR_FAILED")
    ana.page.route("**/api/v1/retention/waiting*", lambda route: route.abort())
    ana.page.goto("/#/data/waiting")
    expect(ana.page.get_by_role("alert").filter(has_text="The centre does not answer.")).to_be_visible()
    expect(ana.page.get_by_text("Nothing waits.")).to_have_count(0)
    ana.page.unroute("**/api/v1/retention/waiting*")
    ana.page.get_by_role("button", name="Try again").click()
    expect(ana.page.get_by_text("Nothing waits.")).to_be_visible()
    expect(ana.page.get_by_role("button", name="Erase now what waits")).to_have_count(0)


def test_another_number_than_was_agreed_on_is_told_and_erases_nothing(restored, sign_in):
    ana, bo = sign_in(restored, "Ana"), sign_in(restored, "Bo")
    ana.guard.allow(f"{FAILED} 409")
    ana.page.goto("/#/data/waiting")
    ana.page.get_by_role("button", name="Erase now what waits").click()
    dialog = ask(ana)
    answer(bo, "erase now all that waits")
    expect(dialog.get_by_text("Bo said yes.")).to_be_visible()
    # Meanwhile one of them is taken up again.
    person = restored.person("Cy")
    first = person.get("/retention/waiting")["items"][0]["incident"]
    version = person.get(f"/incidents/{first}")["incident"]["version"]
    assert person.act(first, "reopen", version=version, reason="more_to_do").status < 300
    dialog.get_by_role("button", name="Carry it out").click()
    expect(dialog.get_by_text("1 incidents wait, and 2 were agreed on")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(ana.page.get_by_role("rowheader")).to_have_count(1)
