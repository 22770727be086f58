"""What a report looks like in the API: blocks in their order, as `reports.document` writes them."""

from typing import Literal

import msgspec

from tocsin.model.profiles import Kind
from tocsin.model.values import Code, Words

FigureInk = Literal["p1", "p2", "p3", "p4", "text", "dim", "line", "rule", "bar", "page"]


class FigureProfileItem(msgspec.Struct, frozen=True, kw_only=True):
    """A profile that can be chosen."""

    id: Code
    kind: Kind | None
    """None: its file is wrong."""
    title: Words
    is_own: bool
    """It lies in `profiles` of the centre's folder."""
    copied_from: Code | None
    version: Code | None
    figures: int
    unconfirmed: int
    """Of them, from memory, and checked by nobody yet."""
    is_chosen: bool
    """By the settings."""
    trouble: Words | None
    """What is wrong with its file."""


class FigureProfilesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `/figures/profiles`."""

    items: list[FigureProfileItem]


class FigureRect(msgspec.Struct, frozen=True, kw_only=True, tag="rect"):
    """A filled rectangle of a plot; the hatch is what is seen of it in grey."""

    x: float
    y: float
    width: float
    height: float
    fill: FigureInk
    hatch: Literal["none", "diagonal", "horizontal"]
    has_border: bool


class FigureLine(msgspec.Struct, frozen=True, kw_only=True, tag="line"):
    """A line of a plot, through some points."""

    points: list[tuple[float, float]]
    ink: FigureInk
    width: float
    dashed: bool


class FigureWords(msgspec.Struct, frozen=True, kw_only=True, tag="words"):
    """Words in a plot; `y` is their base line."""

    x: float
    y: float
    text: Words
    size: float
    ink: FigureInk
    anchor: Literal["start", "middle", "end"]
    is_strong: bool


class FigureDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """A plot, in points."""

    id: Code
    title: Words
    says: Words
    """What is to be seen, for whoever does not see it."""
    width: float
    height: float
    shapes: list[FigureRect | FigureLine | FigureWords]


class FigureHeading(msgspec.Struct, frozen=True, kw_only=True, tag="heading"):
    """A heading."""

    text: Words


class FigureText(msgspec.Struct, frozen=True, kw_only=True, tag="text"):
    """A paragraph."""

    text: Words
    is_strong: bool


class FigurePairs(msgspec.Struct, frozen=True, kw_only=True, tag="pairs"):
    """Names and values, one a line."""

    rows: list[tuple[Words, Words]]


class FigureTable(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """A table; `align` has an `l` or `r` for each column."""

    title: Words
    head: list[Words]
    align: Code
    share: list[int]
    """Part of the width of each column, on paper."""
    rows: list[list[Words]]


class FigurePlot(msgspec.Struct, frozen=True, kw_only=True, tag="plot"):
    """A plot among the blocks."""

    drawing: FigureDrawing


class FiguresAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `/figures`: what a report says, block by block. Its plain values are in `/figures/export`."""

    blocks: list[FigureHeading | FigureText | FigurePairs | FigureTable | FigurePlot]
