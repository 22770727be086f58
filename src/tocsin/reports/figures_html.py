"""A report as one HTML file, which needs nothing else: no script, no font, no address."""

import html
from collections.abc import Sequence
from typing import Final, assert_never

from tocsin.reports.document import Block, Heading, Pairs, Plot, Table, Text
from tocsin.reports.drawing import PRINT, Drawing, Ink, Line, Rect, Words

_STYLE: Final = """
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #14191e; background: #fff;
  font: 15px/1.45 "Atkinson Hyperlegible Next", Arial, Helvetica, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .2rem; } h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.3rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; text-align: start; vertical-align: top; border-bottom: 1px solid #cdd5dc; }
th { font-size: .85rem; color: #4a5560; vertical-align: bottom; border-bottom: 2px solid #717c87; }
.r { text-align: end; } .scroll { overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
dt { color: #4a5560; } dd { margin: 0; }
figure { margin: 1rem 0; } figcaption { color: #4a5560; font-size: .9rem; } svg { width: 100%; height: auto; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } table, figure { break-inside: avoid; } }
"""


def html_page(title: str, centre: str, blocks: Sequence[Block]) -> bytes:
    """The file."""
    body = "\n".join(_block(one) for one in blocks)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(f'{title}: {centre}')}</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{_text(title)}</h1>\n<p>{_text(centre)}</p>\n{body}\n"
        "</main>\n</body>\n</html>\n"
    ).encode()


def _block(block: Block) -> str:
    match block:
        case Heading(text=text):
            return f"<h2>{_text(text)}</h2>"
        case Text(text=text, is_strong=is_strong):
            return f"<p><strong>{_text(text)}</strong></p>" if is_strong else f"<p>{_text(text)}</p>"
        case Pairs(rows=rows):
            return "<dl>" + "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in rows) + "</dl>"
        case Table():
            return _table(block)
        case Plot(drawing=drawing):
            return (
                f"<h3>{_text(drawing.title)}</h3>\n<figure>{svg(drawing)}<figcaption>{_text(drawing.says)}</figcaption>"
                "</figure>"
            )
    assert_never(block)


def _table(table: Table) -> str:
    classes = [' class="r"' if one == "r" else "" for one in table.align]
    head = "".join(f'<th scope="col"{c}>{_text(one)}</th>' for one, c in zip(table.head, classes, strict=True))
    rows = "\n".join(
        "<tr>" + "".join(f"<td{c}>{_text(one)}</td>" for one, c in zip(row, classes, strict=True)) + "</tr>"
        for row in table.rows
    )
    return (
        f'<h3>{_text(table.title)}</h3>\n<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def svg(drawing: Drawing) -> str:
    """A drawing as SVG, in the colours of paper."""
    shapes = "".join(_shape(one, f"{drawing.id}-{number}") for number, one in enumerate(drawing.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" '
        f'font-family="Arial, Helvetica, sans-serif"><title>{_text(drawing.title)}</title>'
        f'<desc>{_text(drawing.says)}</desc><defs><pattern id="{drawing.id}-diagonal" width="4" height="4" '
        f'patternUnits="userSpaceOnUse"><path d="M-1 5L5 -1M-1 1L1 -1M3 5L5 3" stroke="{_hex("text")}" '
        f'stroke-width=".6"/></pattern><pattern id="{drawing.id}-horizontal" width="4" height="3" '
        f'patternUnits="userSpaceOnUse"><path d="M0 1.5H4" stroke="{_hex("text")}" stroke-width=".5"/></pattern></defs>'
        f"{shapes}</svg>"
    )


def _shape(shape: Rect | Line | Words, id_: str) -> str:
    match shape:
        case Rect():
            place = f'x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}"'
            border = f' stroke="{_hex("text")}" stroke-width=".5"' if shape.has_border else ""
            made = f'<rect {place} fill="{_hex(shape.fill)}"{border}/>'
            if shape.hatch != "none":
                made += f'<rect {place} fill="url(#{id_.rpartition("-")[0]}-{shape.hatch})"/>'
            return made
        case Line():
            points = " ".join(f"{x:g},{y:g}" for x, y in shape.points)
            dashes = ' stroke-dasharray="5 3"' if shape.dashed else ""
            return (
                f'<polyline points="{points}" fill="none" stroke="{_hex(shape.ink)}" stroke-width="{shape.width:g}"'
                f"{dashes}/>"
            )
        case Words():
            strong = ' font-weight="bold"' if shape.is_strong else ""
            return (
                f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size:g}" text-anchor="{shape.anchor}" '
                f'fill="{_hex(shape.ink)}"{strong}>{_text(shape.text)}</text>'
            )
    assert_never(shape)


def _hex(ink: Ink) -> str:
    return "#{:02x}{:02x}{:02x}".format(*PRINT[ink])


def _text(words: str) -> str:
    return html.escape(words)
