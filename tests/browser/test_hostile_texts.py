"""What a panel, a file or a colleague writes is drawn as text: as no markup, no script, no other direction."""

import pytest
from playwright.sync_api import expect

from support.room import room, wait_for_open

MARKUP = "<img src=x onerror=alert(1)><b>bold</b>"
RIGHT_TO_LEFT = "A\u202egnp.exe\u202cB"
"""Said to be drawn from right to left: `exe.png` to whoever reads it."""

LONG = "Warehouse" * 13
TABLES = {
    "sites": f'name,address\n"{MARKUP}",<i>1 Quay</i>\n{LONG},2 Quay\n',
    "accounts": f'account,site,name\n1001,"{MARKUP}","<script>alert(2)</script>"\n1002,{LONG},{LONG}\n',
    "zones": 'account,zone,name\n1001,1,"{{7*7}} ${7*7} </td>"\n',
}


@pytest.fixture
def hostile(tmp_path):
    with room(tmp_path, **TABLES) as made:
        made.alarm("1001", "FA", 1, text="^<svg onload=alert(3)>\u202e^")
        made.alarm("1002", "BA", 1)
        wait_for_open(made.person("Cy"), 2)
        yield made


def no_markup(page):
    """None of what was written has become an element, and nothing of it has run."""
    assert page.locator("img[src=x], b:text-is('bold'), svg[onload]").count() == 0
    assert page.evaluate("[...document.scripts].filter((script) => script.textContent.includes('alert')).length") == 0


def test_names_notes_and_texts_of_panels_are_drawn_as_text(hostile, sign_in):
    ana = sign_in(hostile, "Ana")
    ana.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    fire, other = ana.numbers
    expect(ana.row(fire)).to_contain_text(MARKUP)
    detail = ana.open(fire)
    expect(detail.get_by_text(MARKUP).first).to_be_visible()
    expect(detail.get_by_text("<script>alert(2)</script>").first).to_be_visible()
    expect(detail.get_by_text("{{7*7}} ${7*7} </td>").first).to_be_visible()
    expect(detail.get_by_text("<svg onload=alert(3)>").first).to_be_visible()
    detail.get_by_role("button", name="Add a note").click()
    ana.page.get_by_role("textbox", name="Note").fill(f"{MARKUP}\n{RIGHT_TO_LEFT}")
    ana.page.get_by_role("button", name="Add the note").click()
    expect(detail.locator(".note").get_by_text(MARKUP)).to_be_visible()
    no_markup(ana.page)
    # A long name is cut within its cell and pushes nothing out of the row.
    box = ana.row(other).bounding_box()
    assert box is not None
    assert box["height"] < 60
    for path in ("#/sites", "#/accounts", "#/journal"):
        ana.page.goto(f"/{path}")
        expect(ana.page.get_by_role("heading", level=1).first).to_be_visible()
        no_markup(ana.page)


def test_direction_of_a_text_ends_with_the_text(hostile, sign_in):
    ana, cy = sign_in(hostile, "Ana"), hostile.person("Cy")
    fire = cy.open_incidents()[0]
    assert cy.act(fire["id"], "note", text=f"{RIGHT_TO_LEFT} beside").status == 200
    detail = ana.open(fire["number"])
    # The note, and the text of the panel, which leaves its direction turned round.
    for words in ("gnp.exe", "svg onload"):
        shown = detail.get_by_text(words).first
        expect(shown).to_be_visible()
        kept = shown.evaluate("(e) => [...(function* () { for (; e; e = e.parentElement) yield e; })()]"
                              ".map((e) => getComputedStyle(e).unicodeBidi).slice(0, 2)")  # fmt: skip
        turned = "\u202e" in (shown.text_content() or "")
        assert not turned or {"isolate", "isolate-override", "plaintext"} & set(kept), words


def test_plain_pages_draw_them_as_text_too(hostile, open_window):
    page = open_window(hostile.origin).page
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.goto(hostile.link("Ana"))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/lite")
    expect(page.get_by_text(MARKUP).first).to_be_visible()
    page.get_by_role("link", name="FIRE").first.click()
    expect(page.get_by_text(MARKUP).first).to_be_visible()
    no_markup(page)
