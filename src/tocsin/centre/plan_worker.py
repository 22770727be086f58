"""Makes a floor plan of a picture or a PDF, in a process of its own with little memory and little time.

    python -m tocsin.centre.plan_worker 1 < ground-floor.pdf

What comes out are the pixels, drawn anew as PNG or JPEG: no script, no metadata, nothing that a file could carry. How
many pixels a picture has is read before any of it is unpacked.
"""

import io
import sys
from typing import Any, Final

import msgspec

from tocsin.centre.pictures import is_picture, open_picture
from tocsin.model.errors import BadInput
from tocsin.model.plans import FILE_BYTES_MAX, PICTURE_BYTES_MAX, PIXELS_MAX, SIDE_PX_MAX, DrawnPlan, PlanMedia
from tocsin.system import limit_process

CPU_S: Final = 20
MEMORY_BYTES: Final = 1 << 30
COLOURS: Final = 128
JPEG_QUALITY: Final = 80
SMALLER: Final = 0.75
SIDE_PX_MIN: Final = 16
_PDF: Final = b"%PDF-"


class PlanAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The plan, or why there is none."""

    plan: DrawnPlan | None = None
    message: str = ""
    code: str = ""


def draw_plan(data: bytes, page: int) -> DrawnPlan:
    """Draw what was sent; of a PDF, this page.

    Raises:
        BadInput: it is no picture and no PDF, is too large, or cannot be read.
    """
    if len(data) > FILE_BYTES_MAX:
        raise BadInput(_said(f"It is larger than {FILE_BYTES_MAX >> 20} MiB"), "plan.size")
    if data.startswith(_PDF):
        image = _page(data, page)
    elif is_picture(data):
        image = open_picture(
            data, pixels_max=PIXELS_MAX, side_px_min=SIDE_PX_MIN, side_px_max=SIDE_PX_MAX, refusal=_refusal
        )
    else:
        raise BadInput(_said("It is neither PNG, JPEG nor PDF"), "plan.form")
    image.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX))
    while True:
        for media, made in _encoded(image):
            if len(made) <= PICTURE_BYTES_MAX:
                return DrawnPlan(height_px=image.height, media=media, picture=made, width_px=image.width)
        image = image.resize((max(1, int(image.width * SMALLER)), max(1, int(image.height * SMALLER))))


def _page(data: bytes, page: int) -> Any:
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - it ships none

    try:
        document: Any = pypdfium2.PdfDocument(data)
        if not 1 <= page <= len(document):
            raise BadInput(_said(f"It has {len(document)} pages, and no page {page}"), "plan.page")
        one = document[page - 1]
        width, height = one.get_size()
        longer, shorter = max(width, height), min(width, height)
        if not shorter >= 1 or longer / shorter > SIDE_PX_MAX / SIDE_PX_MIN:
            raise BadInput(_said("Its page has no sides that a plan has"), "plan.pixels")
        return one.render(scale=SIDE_PX_MAX / longer).to_pil().convert("RGB")
    except BadInput:
        raise
    except Exception as error:
        raise BadInput(_said("The PDF cannot be read, or wants a pass word"), "plan.broken") from error


def _encoded(image: Any) -> Any:
    """The picture as PNG of few colours, as most plans are; then as JPEG, which is smaller for photographs."""
    forms: tuple[tuple[PlanMedia, dict[str, Any]], ...] = (
        ("png", {"optimize": True}),
        ("jpeg", {"quality": JPEG_QUALITY}),
    )
    for media, options in forms:
        out = io.BytesIO()
        (image.quantize(COLOURS) if media == "png" else image).save(out, media.upper(), **options)
        yield media, out.getvalue()


def _refusal(what: str, code: str) -> BadInput:
    return BadInput(_said(what), f"plan.{code}")


def _said(what: str) -> str:
    return f"The plan was not taken. {what}. Nothing was changed. Save it as a smaller PNG, JPEG or PDF and send that"


def main(words: list[str]) -> int:
    """Do what the arguments say."""
    limit_process(cpu_s=CPU_S, memory_bytes=MEMORY_BYTES)
    try:
        answer = PlanAnswer(plan=draw_plan(sys.stdin.buffer.read(FILE_BYTES_MAX + 1), int(words[0])))
    except BadInput as error:
        answer = PlanAnswer(message=error.message, code=error.code)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
