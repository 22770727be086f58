"""The queue: its order, its size, and that it can be read without colour."""

import base64

import pytest
from playwright.sync_api import expect

from support.in_process import frame
from support.room import room, wait_for_open
from support.screens import ROWS_MAX

MANY = 10_000
STEP_MS = 10_000
"""What a step with ten thousand may take; a tenth of a second is usual, a busy machine gets more."""
DIFFERENCE = """
async ([one, other]) => {
  const pixels = async (data) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(48, 32);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, 48, 32);
    return context.getImageData(0, 0, 48, 32).data;
  };
  const [a, b] = [await pixels(one), await pixels(other)];
  let colour = 0, different = 0;
  for (let at = 0; at < a.length; at += 4) {
    colour = Math.max(colour, Math.abs(a[at] - a[at + 1]), Math.abs(a[at + 1] - a[at + 2]));
    if (Math.abs(a[at] - b[at]) > 24) different++;
  }
  return { colour, share: different / (48 * 32) };
}
"""


@pytest.fixture
def crowded(tmp_path):
    """A centre with ten thousand open incidents."""
    accounts = "account\n" + "".join(f"{10_000 + index}\n" for index in range(MANY))
    with room(tmp_path, accounts=accounts) as made:
        codes = ["FA", "BA", "BG", "YT"]
        made.send(
            [frame(str(10_000 + i), 1, data=f"#{10_000 + i}|Nri1/{codes[i % 4]}001", at=None) for i in range(MANY)]
        )
        wait_for_open(made.person("Cy"), MANY, 300)
        yield made


def test_ten_thousand_open_incidents_can_be_worked_with(crowded, sign_in):
    ana = sign_in(crowded, "Ana")
    # So many at once are a flood, whose rest stands behind the first of each kind: each by itself, here.
    ana.page.get_by_role("button", name="Show one by one").click()
    expect(ana.queue).to_have_attribute("aria-rowcount", str(MANY + 1))
    shown = ana.page.get_by_text(f"{MANY:,} incidents")
    expect(shown.first).to_be_visible()
    assert 10 < ana.rows.count() <= ROWS_MAX
    on_server = crowded.person("Cy").open_incidents()
    assert [row["number"] for row in on_server[: len(ana.numbers)]] == ana.numbers

    last = on_server[-1]
    ana.press("/")
    ana.page.keyboard.type(str(last["number"]))
    ana.press("Enter")
    expect(ana.detail.get_by_role("heading", level=1)).to_contain_text(f"#{last['number']}", timeout=STEP_MS)
    assert ana.rows.count() <= ROWS_MAX

    ana.press("Escape", "Home")
    ana.press(*["j"] * 30)
    expect(ana.page.locator("[data-id][aria-selected=true]")).to_have_attribute(
        "data-number", str(on_server[30]["number"]), timeout=STEP_MS
    )
    assert ana.rows.count() <= ROWS_MAX

    ana.queue.evaluate("(list) => list.scrollTo(0, list.scrollHeight)")
    expect(ana.row(last["number"])).to_be_visible(timeout=STEP_MS)
    assert ana.rows.count() <= ROWS_MAX

    ana.press("Home")
    first = on_server[0]["number"]
    expect(ana.row(first)).to_be_visible(timeout=STEP_MS)
    ana.press(" ")
    # It stands behind all unclaimed ones of its priority now, and the list has gone there with it.
    expect(ana.row(first)).to_contain_text("You", timeout=STEP_MS)
    expect(ana.rows.first).not_to_have_attribute("aria-rowindex", "2", timeout=STEP_MS)
    assert ana.rows.count() <= ROWS_MAX


@pytest.fixture
def colourful(centre):
    """One open incident of each priority that an alarm can have."""
    for account, code in (("1004", "AT"), ("1002", "BG"), ("1003", "BA"), ("1001", "FA")):
        centre.alarm(account, code, 1)
    return centre


def test_queue_is_ordered_by_priority_and_says_it_without_colour(colourful, sign_in):
    ana = sign_in(colourful, "Ana")
    priorities = [row["priority"] for row in wait_for_open(colourful.person("Cy"), 4)]
    assert priorities == sorted(priorities)
    expect(ana.rows).to_have_count(4)
    cdp = ana.page.context.new_cdp_session(ana.page)
    cdp.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    shapes = []
    for number, priority in zip(ana.numbers, priorities, strict=True):
        shape = ana.row(number).locator("[data-priority]")
        expect(shape).to_contain_text(f"P{priority}")
        expect(shape.locator("text")).to_have_text(str(priority))
        shapes.append(base64.b64encode(shape.locator("svg").screenshot()).decode())
    scratch = ana.page.context.browser.new_page()
    for index, one in enumerate(shapes):
        for other in shapes[index + 1 :]:
            compared = scratch.evaluate(DIFFERENCE, [one, other])
            assert compared["colour"] <= 3, "the picture is grey"
            if priorities[index] != priorities[shapes.index(other)]:
                assert compared["share"] > 0.05, "shapes differ without colour"
    scratch.close()


def test_row_says_in_words_what_it_is_and_who_has_it(colourful, sign_in):
    ana = sign_in(colourful, "Ana")
    fire = wait_for_open(colourful.person("Cy"), 4)[0]
    expect(ana.row(fire["number"])).to_contain_text(fire["type"])
    expect(ana.row(fire["number"])).to_contain_text("Boiler room")
    expect(ana.row(fire["number"])).to_contain_text("unclaimed")
    ana.press(" ")
    expect(ana.row(fire["number"])).to_contain_text("You")


LAID = """
row => {
  const box = (part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    return { left, right, top, bottom };
  };
  const [place, ...others] = [".main", ".type", ".marks", ".who", ".age"].map((name) => row.querySelector(name));
  const words = document.createRange();
  words.selectNodeContents(place);
  const text = box(words);
  const covers = (other) => {
    const range = document.createRange();
    range.selectNodeContents(other);
    const that = box(range);
    const isBeside = that.right <= that.left || that.left >= text.right || text.left >= that.right;
    return !isBeside && that.top < text.bottom && text.top < that.bottom;
  };
  const covered = others.filter(covers).map((other) => other.className);
  return { covered, isCut: place.scrollWidth > place.clientWidth };
}
"""
"""What lies on the words of a row's place, and whether they are cut."""


@pytest.mark.parametrize("width", [2560, 1600, 1366, 390])
def test_name_of_the_place_is_read_whole_beside_whom_was_told(tmp_path, sign_in, width):
    settings = "\n[escalation]\nsecond_desk_s = 5\nsupervisor_s = 600\n"
    sites, accounts = "name\nCold Store North\n", "account,site\n4108,Cold Store North\n"
    with room(tmp_path, settings=settings, sites=sites, accounts=accounts) as made:
        ana = sign_in(made, "Ana", viewport={"width": width, "height": 900})
        made.send([frame("4108", n, data=f"#4108|Nri1/FA00{n}", at=None) for n in (1, 2)])
        row = ana.rows.first
        expect(row).to_contain_text("confirmed")
        expect(row).to_contain_text("2nd desk told", timeout=2 * STEP_MS)
        expect(row).to_contain_text("Cold Store North")
        assert row.evaluate(LAID) == {"covered": [], "isCut": False}
