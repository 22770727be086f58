"""Makes one report in a process of its own: the form on standard input, the PDF on standard output.

    python -m tocsin.reports.worker < form.json > report.pdf

A long one takes a second of the processor, which nobody who waits for an alarm may wait for.
"""

import sys
from datetime import UTC, datetime

import msgspec

from tocsin.model.errors import Refused
from tocsin.model.values import Micros
from tocsin.reports.duty_sheets import DutyCard, PlaceSheets, duty_card_pdf, place_sheets_pdf
from tocsin.reports.emergency import CallPaper, OpenPaper, call_paper_pdf, open_paper_pdf
from tocsin.reports.figures_form import REFUSED, FiguresForm, make
from tocsin.reports.panel_sheet import PanelSheet, panel_sheet_pdf
from tocsin.reports.walk_test import WalkTest, walk_test_pdf

Form = PanelSheet | WalkTest | FiguresForm | DutyCard | PlaceSheets | CallPaper | OpenPaper


def stamp(at: Micros) -> str:
    """A time on this machine's clock face, with its distance from UTC: `2027-03-04 07:05:11 +01:00`."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone().isoformat(" ")[:25].replace("+", " +")


def main() -> int:
    """Make it."""
    form: Form = msgspec.json.decode(sys.stdin.buffer.read(), type=Form)
    match form:
        case PanelSheet():
            made = panel_sheet_pdf(form, stamp)
        case WalkTest():
            made = walk_test_pdf(form, stamp)
        case DutyCard():
            made = duty_card_pdf(form, stamp)
        case PlaceSheets():
            made = place_sheets_pdf(form, stamp)
        case CallPaper():
            made = call_paper_pdf(form, stamp)
        case OpenPaper():
            made = open_paper_pdf(form, stamp)
        case FiguresForm():
            try:
                made = make(form)
            except Refused as error:
                made = REFUSED + msgspec.json.encode([error.code, error.message])
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
