"""Lines and tables on A4, as PDF: with the fonts that every reader has, so that none is embedded.

These fonts have the letters of Western Europe. Others lose their accents, and what has no likeness is shown as `?`.
"""

import io
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import pydyf

WIDTH: Final = 595
HEIGHT: Final = 842
MARGIN: Final = 42
SIZE: Final = 9
LEAD: Final = 12
COLUMNS: Final = int((WIDTH - 2 * MARGIN) / (0.6 * SIZE))
"""Characters in a line: the font of tables is one of equal widths."""

CELL_LINES_MAX: Final = 4
PAGES_MAX: Final = 400
_CHARSET: Final = "cp1252"
_LIKE: Final = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "\u0131": "i", "\u2011": "-"})


class Paper:
    """Takes lines from top to bottom; begins pages by itself."""

    def __init__(self, title: str) -> None:
        """Begin with an empty page."""
        self._title = title
        self._pages: list[pydyf.Stream] = []
        self._y = 0
        self._begin()

    def heading(self, words: str) -> None:
        """A heading with room above."""
        self._y -= LEAD // 2
        self._line("B", 14, words, 20)

    def strong(self, words: str) -> None:
        """What must not be overlooked, over as many lines as it takes."""
        for line in textwrap.wrap(words, COLUMNS - 20) or [""]:
            self._line("B", 11, line, 15)

    def line(self, words: str) -> None:
        """Words, over as many lines as they take."""
        for line in textwrap.wrap(words, COLUMNS) or [""]:
            self._line("C", SIZE, line, LEAD)

    def picture(self, text: str, size: int) -> None:
        """The QR code of a text, so many points high."""
        import segno  # for these sheets alone

        rows = list(segno.make_qr(text, error="m").matrix_iter(border=4))
        if self._y - size < MARGIN:
            self._begin()
        self._y -= size
        module, page = size / len(rows), self._pages[-1]
        for row_number, row in enumerate(rows, 1):
            for column, dark in enumerate(row):
                if dark:
                    # A little over its edge, so that no reader of PDF leaves a white line between two.
                    x, y = MARGIN + column * module, self._y + size - row_number * module
                    page.rectangle(round(x, 2), round(y, 2), round(module + 0.05, 2), round(module + 0.05, 2))
        page.fill()

    def skip(self, points: int) -> None:
        """Leave room."""
        self._y -= points

    def next_page(self) -> None:
        """Go on with a new page."""
        self._begin()

    def table(self, head: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """A table; widths in characters, with their gaps COLUMNS at most. Its head stands on each page again."""
        assert sum(widths) + len(widths) - 1 <= COLUMNS, "a table fits its page"
        shown_head = next(_laid(head, widths))
        self._line("D", SIZE, shown_head, LEAD)
        for row in rows:
            lines = list(_laid(row, widths))
            if self._y - len(lines) * LEAD < MARGIN + LEAD:
                self._begin()
                self._line("D", SIZE, shown_head, LEAD)
            for line in lines:
                self._line("C", SIZE, line, LEAD)

    def bytes(self) -> bytes:
        """The whole document."""
        document = pydyf.PDF()
        fonts = pydyf.Dictionary()
        for name, base in (("B", "/Helvetica-Bold"), ("C", "/Courier"), ("D", "/Courier-Bold")):
            font = pydyf.Dictionary(
                {"Type": "/Font", "Subtype": "/Type1", "BaseFont": base, "Encoding": "/WinAnsiEncoding"}
            )
            document.add_object(font)
            fonts[name] = font.reference
        for number, page in enumerate(self._pages, 1):
            _text(page, "C", 8, MARGIN, MARGIN - 14, f"{self._title}, page {number} of {len(self._pages)}")
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
        made = io.BytesIO()
        document.write(made, version=b"1.7", compress=True)
        return made.getvalue()

    def _line(self, font: str, size: int, words: str, lead: int) -> None:
        if self._y - lead < MARGIN:
            self._begin()
        self._y -= lead
        _text(self._pages[-1], font, size, MARGIN, self._y, words)

    def _begin(self) -> None:
        assert len(self._pages) < PAGES_MAX, "who makes a report keeps it short"
        self._pages.append(pydyf.Stream(compress=True))
        self._y = HEIGHT - MARGIN


def plain(words: str) -> str:
    """Words in the letters that the fonts have: without marks of direction and other controls."""
    composed = unicodedata.normalize("NFC", words).translate(_LIKE)
    return "".join(_letter(one) for one in composed)


def _letter(one: str) -> str:
    if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return " " if one in "\n\r\t" else ""
    if one.encode(_CHARSET, "ignore"):
        return one
    bare = "".join(part for part in unicodedata.normalize("NFKD", one) if not unicodedata.combining(part))
    return bare if bare and bare.encode(_CHARSET, "ignore").decode(_CHARSET) == bare else "?"


def _text(page: pydyf.Stream, font: str, size: int, x: int, y: int, words: str) -> None:
    page.begin_text()
    page.set_font_size(font, size)
    page.set_text_matrix(1, 0, 0, 1, x, y)
    # In hexadecimal, so that no letter can end the string.
    page.show_text(b"<" + plain(words).encode(_CHARSET).hex().encode() + b">")
    page.end_text()


def _laid(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [
        textwrap.wrap(plain(cell), width, max_lines=CELL_LINES_MAX, placeholder=" ...") or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for number in range(max(len(lines) for lines in wrapped)):
        parts = [lines[number] if number < len(lines) else "" for lines in wrapped]
        yield " ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()
