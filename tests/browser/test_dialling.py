"""A desk dials by its telephone system: whose telephone rings, what is heard meanwhile, what a failure leaves.

The telephone system is a fake: an HTTP server of ours. No maker's equipment was tried.
"""

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations, until
from support.providers import fake_provider
from support.room import room
from support.screens import clipped
from support.tour import TABLES
from tocsin.protocols.standard_webhooks import secret_text

KEYHOLDERS = {"Dora Lang": "+49 431 55501", "Emil Noor": "+49 431 55502"}
PLAN = {
    "name": "fire-alarm",
    "steps": [
        {"id": "keys", "kind": "call", "words": "Call the keyholders.", "call": "keyholders", "mandatory": True},
        {"id": "duty", "kind": "call", "words": "Call the duty officer.", "call": "number", "telephone": "0431 5566"},
    ],
}
HEARD = "performance.getEntriesByName('tocsin.sound').map((mark) => mark.detail.name)"
LEVEL = "performance.getEntriesByName('tocsin.sound').map((mark) => mark.detail.level_db)"


@pytest.fixture
def pbx():
    with fake_provider() as made:
        yield made


@pytest.fixture
def centre(tmp_path, pbx):
    secret = tmp_path / "pbx.secret"
    secret.write_text(secret_text(bytes(32)) + "\n")
    own = f'[telephone]\ndial_url = "{pbx.url()}"\nsecret_file = "{secret}"\ninternal = ["{pbx.address}"]\n'
    with room(tmp_path, settings=own, **TABLES) as made:
        yield made


def telephone_of(centre, person, desk):
    """Give a desk a telephone, somebody a shift there, and return what tells of calls."""
    boss = centre.person("Boss", ("administrator", "supervisor"))
    account = next(one for one in boss.get("/accounts")["items"] if one["account"] == "1003")
    source = boss.ask("POST", "/api/v1/sources", {"account_id": account["id"], "pbx": {}}).json
    made = boss.ask("POST", f"/api/v1/sources/{source['id']}/tokens", {"version": source["version"]}).json
    assert boss.ask("POST", "/api/v1/action-plans", PLAN).status == 201
    mill = next(one["id"] for one in boss.get("/sites")["items"] if one["name"] == "Harbour Mill")
    for name, number in KEYHOLDERS.items():
        contact = {"name": name, "telephones": [number]}
        assert boss.ask("POST", f"/api/v1/sites/{mill}/keyholders", contact).status == 201
    place = boss.ask("POST", "/api/v1/desks", {"label": desk}).json["id"]
    assert boss.ask("POST", "/api/v1/lines", {"number": "1001", "desk": place}).status == 201
    end = boss.get("/session")["now"] + 3_600_000_000
    assert centre.person(person).ask("POST", "/api/v1/shifts", {"desk": place, "until": end}).status == 201
    program = centre.person("Cy")

    def tell(call, event, **more):
        headers = {"authorization": f"Bearer {made['secret']}", "cookie": "", "x-csrf-token": ""}
        answer = program.ask("POST", "/api/v1/intake/calls", {"event": event, "call": call, **more}, **headers)
        assert answer.status == 202, answer.text

    return tell


def hears(screen):
    """Test the sound at the start of a shift, as people do."""
    screen.page.get_by_role("button", name="Start shift: test the sound").click()
    screen.page.get_by_role("button", name="Yes, all of it").click()
    expect(screen.page.get_by_role("dialog")).to_have_count(0)


def test_a_desk_dials_by_a_key_is_soft_while_it_talks_and_dials_by_hand_where_nobody_is_called(centre, pbx, sign_in):
    tell = telephone_of(centre, "Ana", "north")
    ana, bo = sign_in(centre, "Ana"), sign_in(centre, "Bo")
    page = ana.page
    hears(ana)
    hears(bo)
    # A telephone that rings is heard at its desk alone, until it is answered.
    tell("in-1", "ringing", extension="1001", caller="+49 170 1")
    until(page, f"{HEARD}.includes('ring')")
    assert not bo.page.evaluate(HEARD)
    tell("in-1", "ended")
    expect(page.get_by_text("Your telephone rings")).to_have_count(0)

    centre.alarm("1001", "FA", 1)
    expect(ana.rows).to_have_count(1)
    ana.press(" ")
    detail = ana.open(ana.numbers[0])
    ana.press("p")
    step = detail.locator("[data-step=keys]")
    dial = step.get_by_role("button", name="Call Dora Lang, +49 431 55501")
    expect(dial).to_be_visible()
    # The key has the telephone of this desk ring, then the other side.
    ana.press("o", "o")
    (taken,) = pbx.wait()
    call = taken.json["data"]["call"]
    assert taken.json["data"] == {"call": call, "extension": "1001", "number": "+4943155501"}
    expect(step).to_contain_text("Your telephone rings: take it up.")
    tell(call, "answered", extension="1001")
    expect(step).to_contain_text("Calling since")
    talking = page.get_by_role("button", name="In a call")
    expect(talking).to_have_attribute("aria-pressed", "true")
    tell(call, "answered")
    expect(step).to_contain_text("Talking since")
    assert len(pbx.taken) == 1, "pressed twice it calls once"
    assert axe_violations(page) == []
    assert clipped(page) == []

    # Another fire: one soft pulse here, the whole of it at the other desk, at once.
    centre.alarm("1003", "FA", 1)
    until(page, f"{HEARD}.at(-1) === 'soft'")
    assert page.evaluate(LEVEL)[-1] == -26
    until(bo.page, f"{HEARD}.at(-1) === 'p1'")
    assert bo.page.evaluate(LEVEL)[-1] == -10
    bo.press(" ")
    tell(call, "ended")
    expect(step).to_contain_text("Say what became of it.")
    expect(page.get_by_role("button", name="No call")).to_have_attribute("aria-pressed", "false")
    # The result is one key, as by hand; the next on the list is next. Its call is refused: said at once, with the link.
    pbx.answer = (500, {}, b"")
    ana.press("p", "7")
    expect(step.get_by_role("button", name="Call Emil Noor, +49 431 55502")).to_be_visible()
    ana.press("o")
    expect(step.get_by_role("alert")).to_have_text("Not called: the telephone system refused. Dial by hand.")
    by_hand = step.get_by_role("link", name="Call Emil Noor, +49 431 55502")
    expect(by_hand).to_be_focused()
    assert by_hand.get_attribute("href") == "tel:+4943155502"
    assert clipped(page) == []
    # Where no telephone system says so, a key does, also while somebody types.
    ana.press("n")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    ana.press("F2")
    ana.press("Escape")
    expect(talking).to_have_attribute("aria-pressed", "true")
    ana.press("F2")
    expect(talking).to_have_count(0)
    lines = detail.locator("section.timeline li")
    expect(lines.filter(has_text="keyholder 1 of the list, number 1")).not_to_have_count(0)
    assert "55501" not in "".join(lines.all_inner_texts())
