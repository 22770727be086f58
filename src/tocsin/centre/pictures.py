"""Opens a picture that a stranger sent: how many pixels it has is read before any of it is unpacked.

For processes of their own with little memory and little time (`plan_worker`, `still_worker`).
"""

import io
import warnings
from collections.abc import Callable
from typing import Any, Final

from tocsin.model.errors import BadInput

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"


def is_picture(data: bytes) -> bool:
    """It begins as a PNG or JPEG does."""
    return data.startswith((_PNG, _JPEG))


def open_picture(
    data: bytes, *, pixels_max: int, side_px_min: int, side_px_max: int, refusal: Callable[[str, str], BadInput]
) -> Any:
    """The picture upright, in RGB on white, no side longer than `side_px_max`, with nothing of its file but pixels.

    `refusal` makes the error of what is wrong and of the last part of its code: pixels, broken.

    Raises:
        BadInput: it has too many pixels or too few, or cannot be read.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours is checked first, and says which
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if image.width * image.height > pixels_max:
                raise refusal(f"It has {image.width:,} x {image.height:,} pixels, limit {pixels_max:,}", "pixels")
            if min(image.width, image.height) < side_px_min:
                raise refusal(f"A side has fewer than {side_px_min} pixels", "pixels")
            image.draft("RGB", (side_px_max, side_px_max))  # a large JPEG is unpacked at half its size at once
            image.load()
            image = ImageOps.exif_transpose(image)
            # Another picture, never the one that was read: what its file says besides would be written again.
            flat = Image.new("RGB", image.size, "white")
            if image.mode == "RGB":
                flat.paste(image)
            else:
                clear = image.convert("RGBA")
                flat.paste(clear, mask=clear.getchannel("A"))
    except BadInput:
        raise
    except Exception as error:
        raise refusal("The picture cannot be read", "broken") from error
    flat.thumbnail((side_px_max, side_px_max))
    return flat
