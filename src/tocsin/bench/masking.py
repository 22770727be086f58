"""What masking a picture costs, in one thread: prints milliseconds of processor time.

The picture is made here: a smooth scene with the noise of a sensor on it, which packs about as a photograph does.
"""

import io
import sys
from collections.abc import Callable
from statistics import median
from typing import Any, Final

import msgspec

from tocsin.centre.still_worker import JPEG_QUALITY, draw_still, mask
from tocsin.model.stills import StillBox
from tocsin.system import cpu_s

SIZE: Final = (1920, 1080)
BOX: Final = StillBox(height=500, width=500, x=250, y=250)
SCENE: Final = (24, 14)
NOISE: Final = 6.0
SEED: Final = 7


class MaskCost(msgspec.Struct, frozen=True):
    """Medians, in ms of processor time."""

    whole_ms: float
    """From the bytes that came to both pictures as they are kept."""
    code_ms: float
    """Unpacking what came, and packing it twice, without a mask."""
    mask_ms: float
    """The mask alone, from pixels to pixels."""
    file_bytes: int


def scene() -> Any:
    """A picture of 1920 x 1080."""
    import numpy as np
    from PIL import Image

    dice = np.random.default_rng(SEED)
    small = Image.fromarray(dice.integers(0, 255, (SCENE[1], SCENE[0], 3), dtype=np.uint8))
    smooth = np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float32)
    noisy = smooth + dice.normal(0.0, NOISE, smooth.shape).astype(np.float32)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def measure(rounds: int) -> MaskCost:
    """Mask the picture so often."""
    from PIL import Image

    image = scene()
    data = _packed(image)

    def recode() -> None:
        opened = Image.open(io.BytesIO(data))
        opened.load()
        _packed(opened)
        _packed(opened)

    draw_still(data, BOX)  # the first pays for what is imported
    return MaskCost(
        whole_ms=_median_ms(rounds, lambda: draw_still(data, BOX)),
        code_ms=_median_ms(rounds, recode),
        mask_ms=_median_ms(rounds, lambda: mask(image, BOX)),
        file_bytes=len(data),
    )


def _packed(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _median_ms(rounds: int, work: Callable[[], object]) -> float:
    taken: list[float] = []
    for _ in range(rounds):
        began_s = cpu_s()
        work()
        taken.append((cpu_s() - began_s) * 1000)
    return median(taken)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(measure(int(sys.argv[1]))) + b"\n")
