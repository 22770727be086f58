"""A report on A4 as PDF: headings, tables that continue with their head on the next page, and drawings.

With the fonts that every reader has, as `reports.pdf`; letters that those lack lose their accents.
"""

import io
from collections.abc import Sequence
from typing import Final, assert_never

import pydyf

from tocsin.reports.document import Block, Heading, Pairs, Plot, Table, Text
from tocsin.reports.drawing import PRINT, Drawing, Ink, Line, Rect, Words, text_width
from tocsin.reports.pdf import HEIGHT, MARGIN, PAGES_MAX, WIDTH, plain

ROOM: Final = WIDTH - 2 * MARGIN
SIZE: Final = 8.5
LEAD: Final = 11.5
FOOT: Final = MARGIN + 10
PAD: Final = 5.0
NAMES: Final = 132.0
"""Width of the names of pairs."""

TOGETHER: Final = 0.4 * (HEIGHT - 2 * MARGIN)
"""A table that is not higher stands on one page."""

_CHARSET: Final = "cp1252"


def figures_pdf(title: str, centre: str, blocks: Sequence[Block]) -> bytes:
    """The document."""
    sheet = _Sheet(f"{centre}: {title.lower()}")
    sheet.words(title, 20, is_strong=True, lead=24)
    sheet.words(centre, 12, lead=18)
    for number, block in enumerate(blocks):
        sheet.block(block, blocks[number + 1] if number + 1 < len(blocks) else None)
    return sheet.bytes()


class _Sheet:
    """Takes blocks from top to bottom; begins pages by itself."""

    def __init__(self, foot: str) -> None:
        self._foot = foot
        self._pages: list[pydyf.Stream] = []
        self._y = 0.0
        self._begin()

    def block(self, block: Block, after: Block | None) -> None:
        match block:
            case Heading(text=text):
                self._need(34 + (_height(after) if after is not None else 0))
                self._y -= 12
                self.words(text, 14, is_strong=True, lead=18)
                self._line(((MARGIN, self._y - 5), (WIDTH - MARGIN, self._y - 5)), "line", 0.7)
                self._y -= 10
            case Text(text=text, is_strong=is_strong):
                for line in _wrapped(text, SIZE, ROOM, is_strong=is_strong):
                    self.words(line, SIZE, is_strong=is_strong, lead=LEAD, ink="text" if is_strong else "dim")
                self._y -= 4
            case Pairs(rows=rows):
                for name, value in rows:
                    lines = _wrapped(value, SIZE + 0.5, ROOM - NAMES)
                    self._need(LEAD * len(lines))
                    self._put(name, MARGIN, self._y - LEAD, SIZE + 0.5, ink="dim")
                    for line in lines:
                        self._y -= LEAD + 0.5
                        self._put(line, MARGIN + NAMES, self._y, SIZE + 0.5)
                self._y -= 8
            case Table():
                self._table(block)
            case Plot(drawing=drawing):
                self._plot(drawing)
            case _:
                assert_never(block)

    def words(self, text: str, size: float, *, lead: float, is_strong: bool = False, ink: Ink = "text") -> None:
        """One line."""
        self._need(lead)
        self._y -= lead
        self._put(text, MARGIN, self._y, size, is_strong=is_strong, ink=ink)

    def bytes(self) -> bytes:
        """The whole document."""
        document = pydyf.PDF()
        fonts = pydyf.Dictionary()
        for name, base in (("A", "/Helvetica"), ("B", "/Helvetica-Bold")):
            font = pydyf.Dictionary(
                {"Type": "/Font", "Subtype": "/Type1", "BaseFont": base, "Encoding": "/WinAnsiEncoding"}
            )
            document.add_object(font)
            fonts[name] = font.reference
        for number, page in enumerate(self._pages, 1):
            _show(page, self._foot, MARGIN, MARGIN - 12, 7.5, "dim")
            words = f"page {number} of {len(self._pages)}"
            _show(page, words, WIDTH - MARGIN - text_width(words, 7.5), MARGIN - 12, 7.5, "dim")
            document.add_object(page)
            document.add_page(
                pydyf.Dictionary(
                    {
                        "Type": "/Page",
                        "Parent": document.pages.reference,
                        "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                        "Contents": page.reference,
                        "Resources": pydyf.Dictionary({"Font": fonts}),
                    }
                )
            )
        document.info["Title"] = pydyf.String(plain(self._foot))
        made = io.BytesIO()
        document.write(made, version=b"1.7", compress=True)
        return made.getvalue()

    # Tables ----------------------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        widths = _widths(table)
        head, rows = _laid(table, widths)
        head_height = _head_height(head)
        self._need(_together(table))
        self._y -= 5
        self.words(table.title, SIZE + 1, is_strong=True, lead=12)
        self._y -= 3
        self._head(head, widths, table.align, head_height)
        for row in rows:
            height = _row_height(row)
            if self._y - height < FOOT:
                self._begin()
                self._head(head, widths, table.align, head_height)
            self._cells(row, widths, table.align, self._y, SIZE)
            self._y -= height
            self._line(((MARGIN, self._y + 0.8), (MARGIN + sum(widths), self._y + 0.8)), "rule", 0.4)
        self._y -= 7

    def _head(self, head: list[list[str]], widths: list[float], align: str, height: float) -> None:
        # What is short stands at the bottom, beside the line.
        tallest = max(map(len, head))
        padded = [[""] * (tallest - len(lines)) + lines for lines in head]
        self._cells(padded, widths, align, self._y, SIZE - 0.7, is_strong=True, ink="dim")
        self._y -= height
        self._line(((MARGIN, self._y + 1.5), (MARGIN + sum(widths), self._y + 1.5)), "line", 0.8)

    def _cells(
        self,
        row: list[list[str]],
        widths: list[float],
        align: str,
        top: float,
        size: float,
        *,
        is_strong: bool = False,
        ink: Ink = "text",
    ) -> None:
        x = float(MARGIN)
        for lines, width, side in zip(row, widths, align, strict=True):
            for number, line in enumerate(lines):
                left = x if side == "l" else x + width - PAD - text_width(line, size, is_strong=is_strong)
                self._put(line, left, top - LEAD * (number + 1) + 1.5, size, is_strong=is_strong, ink=ink)
            x += width

    # Drawings --------------------------------------------------------------------------------------------------------

    def _plot(self, drawing: Drawing) -> None:
        says = _wrapped(drawing.says, SIZE, ROOM)
        self._need(24 + drawing.height + LEAD * len(says))
        self._y -= 6
        self.words(drawing.title, SIZE + 1, is_strong=True, lead=12)
        self._y -= 2
        top = self._y
        for shape in drawing.shapes:
            match shape:
                case Rect():
                    self._rect(shape, top)
                case Line():
                    points = tuple((MARGIN + x, top - y) for x, y in shape.points)
                    self._line(points, shape.ink, shape.width, dashed=shape.dashed)
                case Words():
                    wide = text_width(shape.text, shape.size, is_strong=shape.is_strong)
                    left = {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
                    self._put(
                        shape.text,
                        MARGIN + shape.x - left,
                        top - shape.y,
                        shape.size,
                        is_strong=shape.is_strong,
                        ink=shape.ink,
                    )
                case _:
                    assert_never(shape)
        self._y = top - drawing.height
        for line in says:
            self.words(line, SIZE, lead=LEAD, ink="dim")
        self._y -= 6

    def _rect(self, rect: Rect, top: float) -> None:
        page = self._pages[-1]
        x, y = MARGIN + rect.x, top - rect.y - rect.height
        page.push_state()
        page.set_color_rgb(*_parts(rect.fill))
        page.rectangle(x, y, rect.width, rect.height)
        page.fill()
        page.pop_state()
        for begin, end in _hatches(rect, x, y):
            self._line((begin, end), "text", 0.45)
        if rect.has_border:
            page.push_state()
            page.set_color_rgb(*_parts("text"), stroke=True)
            page.set_line_width(0.4)
            page.rectangle(x, y, rect.width, rect.height)
            page.stroke()
            page.pop_state()

    def _line(self, points: tuple[tuple[float, float], ...], ink: Ink, width: float, *, dashed: bool = False) -> None:
        page = self._pages[-1]
        page.push_state()
        page.set_color_rgb(*_parts(ink), stroke=True)
        page.set_line_width(width)
        if dashed:
            page.set_dash([5, 3], 0)
        page.move_to(*points[0])
        for point in points[1:]:
            page.line_to(*point)
        page.stroke()
        page.pop_state()

    def _put(self, text: str, x: float, y: float, size: float, *, is_strong: bool = False, ink: Ink = "text") -> None:
        _show(self._pages[-1], text, x, y, size, ink, is_strong=is_strong)

    def _need(self, height: float) -> None:
        if self._y - height < FOOT and self._y < HEIGHT - MARGIN:
            self._begin()

    def _begin(self) -> None:
        assert len(self._pages) < PAGES_MAX, "who makes a report keeps it short"
        self._pages.append(pydyf.Stream(compress=True))
        self._y = float(HEIGHT - MARGIN)


def _height(block: Block) -> float:
    """How much of a block must stand below its heading."""
    match block:
        case Plot(drawing=drawing):
            return drawing.height + 40
        case Table():
            return _together(block)
        case _:
            return 30


def _together(table: Table) -> float:
    """How much of a table stands on one page: all of a short one, of others the head and some rows."""
    head, rows = _laid(table, _widths(table))
    heights = [_row_height(row) for row in rows]
    whole = 20 + _head_height(head) + sum(heights)
    return whole if whole <= TOGETHER else 20 + _head_height(head) + sum(heights[:3])


def _widths(table: Table) -> list[float]:
    total = sum(table.share)
    room = ROOM if total >= 90 else ROOM * total / 100
    return [room * one / total for one in table.share]


def _laid(table: Table, widths: list[float]) -> tuple[list[list[str]], list[list[list[str]]]]:
    """The lines of each cell: of the head, and of the rows."""
    head = [
        _wrapped(one, SIZE - 0.7, width - PAD, is_strong=True) for one, width in zip(table.head, widths, strict=True)
    ]
    rows = [[_wrapped(cell, SIZE, width - PAD) for cell, width in zip(row, widths, strict=True)] for row in table.rows]
    return head, rows


def _head_height(head: list[list[str]]) -> float:
    return LEAD * max(map(len, head)) + 5


def _row_height(row: list[list[str]]) -> float:
    return LEAD * max(map(len, row)) + 2.5


def _hatches(rect: Rect, x: float, y: float) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Lines across a rectangle, each cut off at its edges; at the same places whatever the rectangle."""
    right, top = x + rect.width, y + rect.height
    if rect.hatch == "horizontal":
        first = int(y // 3) + 1
        return [((x, at * 3.0), (right, at * 3.0)) for at in range(first, int(top // 3) + 1) if at * 3.0 < top]
    if rect.hatch == "diagonal":
        made: list[tuple[tuple[float, float], tuple[float, float]]] = []
        for at in range(int((x - top) // 4), int((right - y) // 4) + 1):
            shift = at * 4.0  # the line x - y = shift
            begin, end = max(x, y + shift), min(right, top + shift)
            if begin < end:
                made.append(((begin, begin - shift), (end, end - shift)))
        return made
    return []


def _wrapped(text: str, size: float, width: float, *, is_strong: bool = False) -> list[str]:
    """Words over as many lines as they take; a word that is too long is cut."""
    lines: list[str] = []
    line = ""
    for word in plain(text).split():
        wanted = f"{line} {word}" if line else word
        if text_width(wanted, size, is_strong=is_strong) <= width:
            line = wanted
            continue
        if line:
            lines.append(line)
        while text_width(word, size, is_strong=is_strong) > width and len(word) > 1:
            fits = next(
                n
                for n in range(len(word) - 1, 0, -1)
                if n == 1 or text_width(word[:n], size, is_strong=is_strong) <= width
            )
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line or not lines else lines


def _parts(ink: Ink) -> tuple[float, float, float]:
    red, green, blue = PRINT[ink]
    return red / 255, green / 255, blue / 255


def _show(page: pydyf.Stream, text: str, x: float, y: float, size: float, ink: Ink, *, is_strong: bool = False) -> None:
    if not text:
        return
    page.begin_text()
    page.set_color_rgb(*_parts(ink))
    page.set_font_size("B" if is_strong else "A", size)
    page.set_text_matrix(1, 0, 0, 1, round(x, 2), round(y, 2))
    # In hexadecimal, so that no letter can end the string.
    page.show_text(b"<" + plain(text).encode(_CHARSET).hex().encode() + b">")
    page.end_text()
