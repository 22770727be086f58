"""Masking of pictures: nothing outside the box comes through, whatever is sent."""

import io
import os
import random

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tocsin.centre.still_worker import draw_still, mask
from tocsin.model.errors import BadInput
from tocsin.model.stills import BLOCKS_HIGH, FULL, PICTURE_BYTES_MAX, PIXELS_MAX, SIDE_PX_MAX, StillBox

BOX = StillBox(x=250, y=250, width=500, height=500)


def noise(width=960, height=540, seed=1):
    drawn = random.Random(seed).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), drawn)


def packed(image, form="PNG", **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


def test_outside_the_box_only_the_mean_of_each_block_is_left_and_inside_each_pixel():
    image = noise()
    masked = numpy.asarray(mask(image, BOX))
    pixels = numpy.asarray(image)
    block = 540 // BLOCKS_HIGH
    assert (masked[135:405, 240:720] == pixels[135:405, 240:720]).all()
    for row, column in ((0, 0), (520, 940), (0, 480), (100, 40)):
        part = masked[row : row + block, column : column + block].reshape(-1, 3)
        assert (part == part[0]).all(), "one colour a block"
        mean = pixels[row : row + block, column : column + block].reshape(-1, 3).mean(axis=0)
        assert abs(part[0] - mean).max() <= 1


@settings(max_examples=60)
@given(st.data())
def test_pixels_that_differ_outside_the_box_alone_change_nothing_inside_and_no_box_lets_one_through(data):
    width, height = data.draw(st.integers(64, 200)), data.draw(st.integers(64, 200))
    x, y = data.draw(st.integers(0, 980)), data.draw(st.integers(0, 980))
    box = StillBox(x=x, y=y, width=data.draw(st.integers(20, FULL - x)), height=data.draw(st.integers(20, FULL - y)))
    image = noise(width, height, data.draw(st.integers(0, 9)))
    masked, pixels = numpy.asarray(mask(image, box)), numpy.asarray(image)
    inside = numpy.zeros((height, width), bool)
    rows = slice(-(-y * height // FULL), (y + box.height) * height // FULL)
    inside[rows, -(-x * width // FULL) : (x + box.width) * width // FULL] = True
    assert (masked[inside] == pixels[inside]).all()
    block = max(2, round(height / BLOCKS_HIGH))
    colours = -(-width // block) * -(-height // block)
    assert len({tuple(one) for one in masked[~inside]}) <= colours, "as many colours as blocks"


def test_nothing_of_a_file_but_its_pixels_goes_on():
    exif = Image.Exif()
    exif[0x010E] = "Planted Erika Example"
    exif.get_ifd(0x8825)[2] = (54.0, 19.0, 12.0)
    sent = packed(noise(320, 200), "JPEG", exif=exif, comment=b"Planted comment") + b"<script>planted</script>"
    still = draw_still(sent, BOX)
    for made in (still.original, still.masked):
        assert b"lanted" not in made
        assert b"Exif" not in made
        assert (opened(made).format, opened(made).size, dict(opened(made).getexif())) == ("JPEG", (320, 200), {})


def test_photograph_that_lies_on_its_side_is_set_upright_before_the_box_is_drawn():
    exif = Image.Exif()
    exif[0x0112] = 6
    still = draw_still(packed(noise(640, 320), "JPEG", exif=exif), BOX)
    assert (still.width_px, still.height_px) == (320, 640)


def test_large_photograph_of_noise_is_made_smaller_until_it_can_be_kept():
    still = draw_still(packed(noise(2400, 1350), "JPEG", quality=60), BOX)
    assert max(still.width_px, still.height_px) <= SIDE_PX_MAX
    assert max(len(still.original), len(still.masked)) <= PICTURE_BYTES_MAX
    assert opened(still.masked).size == opened(still.original).size == (still.width_px, still.height_px)


def bomb():
    """A PNG of a few bytes that says it has more pixels than are taken."""
    return packed(Image.new("1", (6_000, 5_000)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "form"),
        (b"GIF89a" + bytes(100), "form"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "form"),
        (b"%PDF-1.7", "form"),
        (b"\xff\xd8\xff" + os.urandom(400), "broken"),
        (packed(noise(64, 64))[:900], "broken"),
        (packed(noise(63, 63)), "pixels"),
        (bomb(), "pixels"),
        (b"\xff\xd8\xff" + bytes(8 << 20), "size"),
    ],
    ids=["nothing", "gif", "svg", "pdf", "noise", "cut short", "tiny", "bomb", "large"],
)
def test_what_is_no_picture_that_is_taken_is_refused_and_says_that_nothing_was_stored(data, code):
    assert PIXELS_MAX < 6_000 * 5_000
    with pytest.raises(BadInput, match="Nothing was stored") as refused:
        draw_still(data, BOX)
    assert refused.value.code == f"still.{code}"


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 0), (0, 0, 19, 500), (-1, 0, 100, 100), (901, 0, 100, 100), (0, 990, 20, 20)]
)
def test_without_a_box_inside_the_picture_there_is_no_picture(box):
    x, y, width, height = box
    with pytest.raises(BadInput, match="No box, no picture"):
        draw_still(packed(noise(64, 64)), StillBox(x=x, y=y, width=width, height=height))


@settings(max_examples=200)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", packed(noise(64, 64))[:200]]),
)
def test_bytes_that_are_no_picture_are_refused_and_never_a_fault(data, head):
    with pytest.raises(BadInput, match="Nothing was stored"):
        draw_still(head + data, BOX)
