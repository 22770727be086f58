"""A picture from a phone without a network to the desk: masked for everybody, clear for minutes for who lifts it."""

import io

import numpy
from PIL import Image
from playwright.sync_api import expect

from support.browser import axe_violations
from support.duty_phone import phone_of
from support.screens import clipped


def photograph():
    noise = numpy.random.default_rng(1).integers(0, 255, (360, 640, 3), numpy.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "JPEG", quality=90)
    return {"name": "smoke.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def spread(picture):
    """How far the pixels that an image element shows lie from their mean, left half and right half."""
    return picture.evaluate(
        """(image) => { const c = document.createElement('canvas'); c.width = 640; c.height = 360;
        const d = c.getContext('2d', { willReadFrequently: true }); d.drawImage(image, 0, 0, 640, 360);
        return [[0, 300], [340, 640]].map(([from, to]) => { const p = d.getImageData(from, 0, to - from, 360).data;
          let sum = 0, squares = 0, n = 0;
          for (let i = 0; i < p.length; i += 4) { sum += p[i]; squares += p[i] * p[i]; n += 1; }
          return Math.sqrt(squares / n - (sum / n) ** 2); }); }"""
    )


def test_a_picture_drawn_on_a_phone_without_a_network_reaches_desks_masked_and_is_lifted_for_moments(
    centre, sign_in, open_window
):
    phone = phone_of(centre, open_window)
    page = phone.page
    phone.window.context.set_offline(True)
    page.get_by_label("Short number").fill("205")
    page.get_by_label("Or say where").fill("paint store")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Add a picture").click()
    page.get_by_label("Take a picture").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"none"})
    expect(page.get_by_role("alert").filter(has_text="no picture")).to_be_visible()
    page.get_by_label("Take a picture").set_input_files(photograph())
    send = page.get_by_role("button", name="Send the picture")
    expect(send).to_be_disabled()
    area = page.get_by_role("application", name="Your picture")
    # By keyboard first; then the finger draws it anew: the left half.
    area.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("The frame is 52 % wide")).to_be_visible()
    frame = area.bounding_box()
    page.mouse.move(frame["x"] + 1, frame["y"] + 1)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] - 1, steps=3)
    page.mouse.up()
    expect(page.get_by_text("The frame is 50 % wide")).to_be_visible()
    assert axe_violations(page) == []
    assert clipped(page) == []
    send.click()
    row = page.get_by_role("listitem").filter(has_text="paint store")
    expect(row).to_contain_text("1 picture not sent yet")
    phone.window.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(row).to_contain_text("1 picture received")

    ana = sign_in(centre, "Ana", ("operator",))
    expect(ana.rows).to_have_count(1)
    detail = ana.open(ana.numbers[0])
    pictures = detail.get_by_role("region", name="Pictures")
    masked = pictures.get_by_role("img", name="Masked picture 1")
    expect(masked).to_be_visible()
    expect(pictures).to_contain_text("MASKED")
    expect(pictures).to_contain_text("ask a supervisor")
    inside, outside = spread(masked)
    assert outside < inside / 3
    assert axe_violations(ana.page) == []
    assert clipped(ana.page) == []

    sue = sign_in(centre, "Sue", ("operator", "supervisor"))
    expect(sue.rows).to_have_count(1)
    pictures = sue.open(sue.numbers[0]).get_by_role("region", name="Pictures")
    lift = pictures.get_by_role("button", name="Lift mask")
    lift.click()
    dialog = sue.page.get_by_role("dialog")
    # Nothing is chosen: Enter at once lifts nothing.
    expect(dialog.get_by_role("radio").first).to_be_focused()
    sue.press("Enter")
    expect(dialog).to_contain_text("Say what it must tell you.")
    dialog.get_by_label("Which door?").check()
    dialog.get_by_role("button", name="Lift", exact=True).click()
    clear = pictures.get_by_role("img", name="Picture 1 without its mask")
    expect(clear).to_be_visible()
    expect(pictures).to_contain_text("UNMASKED")
    inside, outside = spread(clear)
    assert outside > inside / 2
    assert axe_violations(sue.page) == []
    sue.press("Escape")
    expect(clear).to_have_count(0)
    expect(pictures.get_by_role("img", name="Masked picture 1")).to_be_visible()
    expect(sue.detail).to_contain_text("lifted the mask of picture 1: which door?")
    expect(sue.detail).to_contain_text("The mask of picture 1 is back")
    # What takes the eyes away from it masks it too.
    lift.click()
    dialog.get_by_label("Which door?").check()
    dialog.get_by_role("button", name="Lift", exact=True).click()
    expect(clear).to_be_visible()
    sue.page.evaluate("dispatchEvent(new Event('blur'))")
    expect(clear).to_have_count(0)
    expect(sue.detail).to_contain_text("since the screen showed something else")
