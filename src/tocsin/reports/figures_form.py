"""What is handed to whoever makes a report, and the making: read, compute, write it in a form."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from tocsin.model.errors import BadInput
from tocsin.model.profiles import Profile
from tocsin.model.values import Micros
from tocsin.reports.figures import Ask
from tocsin.reports.period import make_ask
from tocsin.reports.report import Report, report_of

OutForm = Literal["json", "csv", "html", "pdf", "text", "page"]
"""`page`: JSON of what it says, with its drawings, for the console."""

TITLE: Final = "Figures"
REFUSED: Final = b"refused "
"""What a worker's answer begins with that says why there is none: code and message follow."""


class FiguresForm(msgspec.Struct, frozen=True, kw_only=True, tag="figures"):
    """A report that is wanted."""

    centre: str
    source: str
    """The database of a centre, or an export."""
    is_export: bool
    since: Micros
    until: Micros
    made_at: Micros
    as_of: Micros | None
    """None: as an export's last line is."""
    profile: Profile
    load_profile: Profile
    shift_changes: tuple[str, ...]
    trouble: tuple[str, ...]
    form: OutForm


class _At(msgspec.Struct, gc=False):
    at: int


_AT: Final = msgspec.json.Decoder(_At)


def make(form: FiguresForm) -> bytes:
    """The report, in the form that is wanted.

    Raises:
        BadInput: there is nothing of this period, or an export that is none.
        CentreFault: the database could not be read.
    """
    report, ask = compute(form)
    if form.form == "json":
        return msgspec.json.encode(report)
    if form.form == "csv":
        from tocsin.reports.figures_csv import figures_csv

        return figures_csv(report)
    from tocsin.reports.document import document
    from tocsin.reports.plots import drawings

    drawn = drawings(report.figures, ask, _short_stamp(ask))
    blocks = document(report, drawn, stamp)
    if form.form == "page":
        return msgspec.json.encode({"blocks": blocks})
    if form.form == "text":
        from tocsin.reports.figures_text import figures_text

        return figures_text(TITLE, form.centre, blocks)
    if form.form == "html":
        from tocsin.reports.figures_html import html_page

        return html_page(TITLE, form.centre, blocks)
    from tocsin.reports.figures_pdf import figures_pdf

    return figures_pdf(TITLE, form.centre, blocks)


def compute(form: FiguresForm) -> tuple[Report, Ask]:
    """The figures: of a database by SQL, of an export from its lines."""
    path = Path(form.source)
    begins, last = _ends_of_export(path) if form.is_export else _ends_of_database(path)
    as_of = Micros(last) if form.as_of is None else form.as_of
    ask = make_ask(
        form.since,
        form.until,
        begins=Micros(begins),
        as_of=as_of,
        profile=form.profile,
        load_profile=form.load_profile,
        shift_changes=form.shift_changes,
    )
    if form.is_export:
        from tocsin.reports.figures_by_lines import figures_by_lines

        with path.open("rb") as file:
            figures = figures_by_lines(_lines(file), ask)
    else:
        from tocsin.reports.figures_by_sql import figures_by_sql

        figures = figures_by_sql(path, ask)
    return report_of(
        ask, figures, centre=form.centre, made_at=form.made_at, is_export=form.is_export, trouble=form.trouble
    ), ask


def _lines(file) -> Iterator[bytes]:
    from tocsin.journal.export_lines import read_lines

    return read_lines(file)


def _ends_of_export(path: Path) -> tuple[int, int]:
    """When its first and its last entry were written."""
    first = last = None
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), 1):
                if line.strip():
                    try:
                        last = _AT.decode(line).at
                    except msgspec.MsgspecError as error:
                        raise BadInput(
                            f"Line {number} is no entry of a journal ({type(error).__name__}). No report was made. "
                            "Name a file that `tocsin journal export` wrote",
                            "report.export",
                        ) from error
                    first = last if first is None else first
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}. No report was made", "usage.no_file") from error
    if first is None or last is None:
        raise BadInput(f"{path} holds no entry. No report was made. Export the journal again", "report.export")
    return first, last


def _ends_of_database(path: Path) -> tuple[int, int]:
    import contextlib

    from tocsin.store.driver import dbapi
    from tocsin.store.reading import faults

    with faults(), contextlib.closing(dbapi.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT at FROM journal WHERE seq IN ((SELECT min(seq) FROM journal), (SELECT max(seq) FROM journal)) "
            "ORDER BY seq"
        ).fetchall()
    if not rows:
        raise BadInput("The journal holds no entry. No report was made", "report.empty")
    return rows[0][0], rows[-1][0]


def stamp(at: Micros) -> str:
    """A time on this machine's clock face, with its distance from UTC: `2027-03-04 07:05 +01:00`."""
    from datetime import UTC, datetime

    face = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone()
    offset = face.strftime("%z")
    return f"{face:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def _short_stamp(ask: Ask):
    """Times below bars: clock times, days, or both where bars are of some hours."""
    from datetime import UTC, datetime

    from tocsin.reports.figures import DAY_US, HOUR_US

    width = ask.buckets[2] - ask.buckets[1] if len(ask.buckets) > 2 else 0
    layout = "%H:%M" if ask.until - ask.since <= 2 * DAY_US else ("%d %b" if width > 6 * HOUR_US else "%d %b %H:%M")

    def short(at: Micros) -> str:
        return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone().strftime(layout)

    return short
