"""A drawing made of a few shapes, which the console, HTML and PDF draw alike; and how wide letters are.

In points, y downwards. Inks are names: what colour they have is the business of whoever draws. Whatever has an ink
has a hatch, a place or a word too, so that it is read in grey.
"""

from typing import Final, Literal

import msgspec

Ink = Literal["p1", "p2", "p3", "p4", "text", "dim", "line", "rule", "bar", "page"]
Hatch = Literal["none", "diagonal", "horizontal"]
Anchor = Literal["start", "middle", "end"]

PRINT: Final[dict[Ink, tuple[int, int, int]]] = {
    "p1": (0xD9, 0x3B, 0x3B),
    "p2": (0xFF, 0xB0, 0x66),
    "p3": (0xFF, 0xF0, 0xA3),
    "p4": (0xCF, 0xE6, 0xFF),
    "text": (0x14, 0x19, 0x1E),
    "dim": (0x4A, 0x55, 0x60),
    "line": (0x71, 0x7C, 0x87),
    "rule": (0xCD, 0xD5, 0xDC),
    "bar": (0x5B, 0x6B, 0x7A),
    "page": (0xFF, 0xFF, 0xFF),
}
"""Colours on paper: those of the console's light theme, set apart in grey too."""


class Rect(msgspec.Struct, frozen=True, kw_only=True, tag="rect"):
    """A filled rectangle with a thin border."""

    x: float
    y: float
    width: float
    height: float
    fill: Ink
    hatch: Hatch = "none"
    has_border: bool = True


class Line(msgspec.Struct, frozen=True, kw_only=True, tag="line"):
    """A line through some points; dashed to tell it from a plain one."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    width: float = 1
    dashed: bool = False


class Words(msgspec.Struct, frozen=True, kw_only=True, tag="words"):
    """A few words; `y` is their base line."""

    x: float
    y: float
    text: str
    size: float = 8
    ink: Ink = "text"
    anchor: Anchor = "start"
    is_strong: bool = False


Shape = Rect | Line | Words


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """A plot."""

    id: str
    title: str
    says: str
    """What is to be seen, in a sentence: for whoever does not see it."""
    width: float
    height: float
    shapes: tuple[Shape, ...]


_PLAIN: Final = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, *([556] * 10), 278, 278, 584, 584,
    584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611,
    722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_STRONG: Final = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, *([556] * 10), 333, 333, 584, 584,
    584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611,
    722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
"""Widths of the letters from blank to `~` in thousandths of the size: of Helvetica, which every reader of PDF has."""


def text_width(text: str, size: float, *, is_strong: bool = False) -> float:
    """How wide words are in Helvetica; letters beyond ASCII are taken as wide as a digit."""
    table = _STRONG if is_strong else _PLAIN
    return sum(table[ord(one) - 32] if 32 <= ord(one) < 127 else 556 for one in text) * size / 1000
