"""Pictures and PDFs that become floor plans: what is drawn anew, and what a bomb gets."""

import io
import struct
import subprocess
import sys
import zlib

import msgspec
import pydyf
import pytest
from PIL import Image, PngImagePlugin

from tocsin.centre.plan_worker import PlanAnswer


def run(data, page=1):
    command = [sys.executable, "-m", "tocsin.centre.plan_worker", str(page)]
    done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)
    return msgspec.msgpack.decode(done.stdout, type=PlanAnswer) if done.returncode == 0 else None


def picture(width=300, height=200, form="PNG", **options):
    image = Image.new("RGB", (width, height), "white")
    image.paste("black", (10, 10, width - 10, 20))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def pdf(width=400, height=200, script=b""):
    made = pydyf.PDF()
    stream = pydyf.Stream()
    stream.rectangle(10, 10, 100, 50)
    stream.fill()
    made.add_object(stream)
    made.add_page(
        pydyf.Dictionary(
            {"Type": "/Page", "Parent": made.pages.reference, "MediaBox": pydyf.Array([0, 0, width, height]),
             "Contents": stream.reference}
        )
    )  # fmt: skip
    out = io.BytesIO()
    made.write(out)
    return out.getvalue() + script


def test_picture_is_drawn_anew_and_nothing_else_of_its_file_is_kept():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Mr Hollis")
    plan = run(picture(pnginfo=info) + b"<script>alert(1)</script>").plan
    assert (plan.width_px, plan.height_px, plan.media) == (300, 200, "png")
    assert b"Hollis" not in plan.picture
    assert b"script" not in plan.picture
    drawn = Image.open(io.BytesIO(plan.picture)).convert("RGB")
    assert drawn.getpixel((150, 15)) == (0, 0, 0)
    assert drawn.getpixel((150, 100)) == (255, 255, 255)


def test_photograph_is_turned_as_it_says_and_where_it_was_taken_is_dropped():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Mr Hollis"
    plan = run(picture(form="JPEG", exif=exif)).plan
    assert (plan.width_px, plan.height_px) == (200, 300)
    assert b"Hollis" not in plan.picture


def test_large_picture_is_made_smaller_and_large_files_of_it_too():
    plan = run(picture(6000, 3000)).plan
    assert (plan.width_px, plan.height_px) == (4096, 2048)
    noise = Image.effect_noise((2500, 2500), 100).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=90)
    plan = run(out.getvalue()).plan
    assert plan.media == "jpeg"
    assert len(plan.picture) <= 2 << 20


def test_page_of_a_pdf_is_drawn_and_no_script_comes_with_it():
    plan = run(pdf(script=b"\n% /JavaScript (app.alert(1))")).plan
    assert (plan.width_px, plan.height_px) == (4096, 2048)
    assert b"JavaScript" not in plan.picture
    assert run(pdf(), 2).code == "plan.page"


def bomb(width, height):
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "plan.form"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "plan.form"),
        (b"GIF89a" + bytes(100), "plan.form"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "plan.broken"),
        (b"\xff\xd8\xff" + bytes(100), "plan.broken"),
        (b"%PDF-1.7 nothing", "plan.broken"),
        (picture()[:-60], "plan.broken"),
        (bomb(60_000, 60_000), "plan.pixels"),
        (bomb(2**31 - 1, 2**31 - 1), ("plan.pixels", "plan.broken")),
        (bomb(4_000, 4_000), "plan.broken"),
        (picture(15, 300), "plan.pixels"),
        (pdf(14_000, 1), "plan.pixels"),
        (bytes((10 << 20) + 1), "plan.size"),
    ],
)
def test_file_that_is_no_plan_or_a_bomb_is_refused_and_says_why(data, code):
    answer = run(data)
    assert answer is not None
    assert answer.plan is None
    assert answer.code in ((code,) if isinstance(code, str) else code)
    assert "Nothing was changed" in answer.message
