"""A report as plain text, for a terminal."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import assert_never

from tocsin.reports.document import Block, Heading, Pairs, Plot, Table, Text

COLUMNS = 100


def figures_text(title: str, centre: str, blocks: Sequence[Block]) -> bytes:
    """The text; drawings are told in a sentence."""
    lines = [f"{title}: {centre}", "=" * len(f"{title}: {centre}")]
    for block in blocks:
        lines += _block(block)
    return ("\n".join(lines) + "\n").encode()


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text):
            yield from ("", text, "-" * len(text))
        case Text(text=text):
            yield from ("", *textwrap.wrap(text, COLUMNS))
        case Pairs(rows=rows):
            wide = max(len(name) for name, _ in rows)
            yield from (f"{name:{wide}}  {value}" for name, value in rows)
        case Plot(drawing=drawing):
            yield from ("", *textwrap.wrap(f"{drawing.title}: {drawing.says}", COLUMNS))
        case Table():
            yield from ("", block.title)
            widths = [max(map(len, column)) for column in zip(block.head, *block.rows, strict=True)]
            for row in (block.head, *block.rows):
                cells = (
                    cell.ljust(wide) if side == "l" else cell.rjust(wide)
                    for cell, wide, side in zip(row, widths, block.align, strict=True)
                )
                yield f"  {'  '.join(cells)}".rstrip()
        case _:
            assert_never(block)
