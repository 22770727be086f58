"""Masks a picture, in a process of its own with little memory and little time.

    python -m tocsin.centre.still_worker 250 250 500 500 < photograph.jpg

The words are the box that stays clear: left, top, width and height in parts of a thousand. (A machine's picture has
none: `mail_still_worker`.) What comes out are two JPEG pictures of the pixels alone, drawn anew: nothing else that a
file can carry, its position among it, goes on. Blocks are averaged rather than blurred, for a blur can be undone; and
the mask is drawn before the picture is packed, so that no packed block holds both. A side that is long is made shorter
first.
Source: INTEGRATIONS.md, section 13.
"""

import io
import sys
from collections.abc import Callable
from typing import Any, Final

import msgspec

from tocsin.centre.pictures import is_picture, open_picture
from tocsin.model.errors import BadInput
from tocsin.model.stills import (
    BLOCKS_HIGH,
    BOX_MIN,
    FILE_BYTES_MAX,
    FULL,
    PICTURE_BYTES_MAX,
    PIXELS_MAX,
    SIDE_PX_MAX,
    SIDE_PX_MIN,
    ZONE_BLOCKS_HIGH,
    ZONE_PX_MIN,
    DrawnStill,
    StillBox,
)
from tocsin.system import limit_process

CPU_S: Final = 15
MEMORY_BYTES: Final = 1 << 30
JPEG_QUALITY: Final = 82
SMALLER: Final = 0.75
REFUSALS: Final = ("broken", "form", "pixels", "size")
"""Last parts of the codes of what is no picture that is taken."""


class StillAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The still, or why there is none."""

    still: DrawnStill | None = None
    message: str = ""
    code: str = ""


def draw_still(data: bytes, box: StillBox) -> DrawnStill:
    """Draw what was sent anew, masked and clear.

    Raises:
        BadInput: it is no picture, is too large, or cannot be read; or there is no such box.
    """
    check_box(box)
    return _drawn(data, lambda image: mask(image, box))


def draw_zone(data: bytes) -> DrawnStill:
    """Draw a machine's picture anew, masked and clear: all of it is its zone, and none of it stays clear.

    Raises:
        BadInput: as `draw_still`.
    """
    return _drawn(data, mask_zone)


def _drawn(data: bytes, masking: Callable[[Any], Any]) -> DrawnStill:
    if len(data) > FILE_BYTES_MAX:
        raise _refusal(f"It is larger than {FILE_BYTES_MAX >> 20} MiB", "size")
    if not is_picture(data):
        raise _refusal("It is neither PNG nor JPEG", "form")
    image = open_picture(
        data, pixels_max=PIXELS_MAX, side_px_min=SIDE_PX_MIN, side_px_max=SIDE_PX_MAX, refusal=_refusal
    )
    while True:
        original, masked = _packed(image), _packed(masking(image))
        if max(len(original), len(masked)) <= PICTURE_BYTES_MAX:
            return DrawnStill(height_px=image.height, masked=masked, original=original, width_px=image.width)
        image = image.resize((max(1, int(image.width * SMALLER)), max(1, int(image.height * SMALLER))))


def mask(image: Any, box: StillBox) -> Any:
    """Another picture, of which all is pixelated but what lies wholly inside the box."""
    width, height = image.size
    masked = _pixelated(image, max(2, round(height / BLOCKS_HIGH)))
    left, top = -(-box.x * width // FULL), -(-box.y * height // FULL)
    right, bottom = (box.x + box.width) * width // FULL, (box.y + box.height) * height // FULL
    masked.paste(image.crop((left, top, right, bottom)), (left, top))
    return masked


def mask_zone(image: Any) -> Any:
    """Another picture, all of it pixelated in small blocks."""
    return _pixelated(image, max(ZONE_PX_MIN, round(image.height / ZONE_BLOCKS_HIGH)))


def _pixelated(image: Any, block: int) -> Any:
    """Another picture, of blocks that are their mean."""
    from PIL import Image

    width, height = image.size
    small = image.resize((max(1, -(-width // block)), max(1, -(-height // block))), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.NEAREST)


def check_box(box: StillBox) -> None:
    """See that the box lies in the picture and shows something.

    Raises:
        BadInput: it does not.
    """
    if (
        min(box.x, box.y) < 0
        or min(box.width, box.height) < BOX_MIN
        or box.x + box.width > FULL
        or box.y + box.height > FULL
    ):
        raise BadInput(
            f"No box, no picture: draw what is to stay clear inside the picture, {BOX_MIN} of {FULL} parts at least "
            "each way. The picture was not taken; the report stands without it",
            "still.box",
        )


def _packed(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _refusal(what: str, code: str) -> BadInput:
    return BadInput(
        f"The picture was not taken. {what}. Nothing was stored of it. Take it anew with less detail, or go without",
        f"still.{code}",
    )


def main(words: list[str]) -> int:
    """Do what the arguments say."""
    limit_process(cpu_s=CPU_S, memory_bytes=MEMORY_BYTES)
    x, y, width, height = map(int, words)
    try:
        data = sys.stdin.buffer.read(FILE_BYTES_MAX + 1)
        answer = StillAnswer(still=draw_still(data, StillBox(height=height, width=width, x=x, y=y)))
    except BadInput as error:
        answer = StillAnswer(message=error.message, code=error.code)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
