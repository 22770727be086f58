"""The demo's call lists: keyholders of some sites and one resident's wishes. Everybody is made up.

Names say so, numbers are of ranges that are reserved for fiction (+1 202 555 01xx, +44 20 7946 0xxx), and the phrases
stand in the shipped file.
"""

import csv
import io
from datetime import UTC, datetime
from typing import Final

from tocsin.centre.call_lists import NOTHING
from tocsin.centre.centre import CLI, Centre
from tocsin.centre.tables import KINDS
from tocsin.cli.accounts import run_import
from tocsin.cli.folder import CentreAccess
from tocsin.data import read_shipped
from tocsin.model.keyholders import DAY_US, ResidentWishes
from tocsin.model.values import Micros
from tocsin.system import SystemClock

__all__ = ["fill_call_lists"]

KEYHOLDERS: Final = "demo/keyholders.csv"
HOME: Final = "Lighthouse Cottage"
WISHES: Final = ResidentWishes(
    wishes=("hard_of_hearing", "ring_and_wait", "assistance_dog"),
    key_safe="Left of the porch, behind the blue plate. The number is with the keyholder. (made up)",
    words="I am up the tower by day. Ring long, then come up. The dog is called Buoy. (made up)",
)
AGREED_DAYS: Final = 12
REVIEW_DAYS: Final = 300


def fill_call_lists(centre: CentreAccess) -> None:
    """Bring in keyholders and wishes where the demo has none, most of them confirmed today."""
    if centre.keyholders():
        return
    now = SystemClock().now_us()
    run_import(centre, KINDS["keyholders"], _confirmed(read_shipped(KEYHOLDERS), now).encode())
    held = centre.asked
    assert isinstance(held, Centre), "the demo is filled before it runs"
    home = next(site.id for site in centre.sites() if site.row.name == HOME)
    if held.call_lists.wishes_of(home) is None:
        agreed_at, review_at = Micros(now - AGREED_DAYS * DAY_US), Micros(now + REVIEW_DAYS * DAY_US)
        held.call_lists.set_wishes(home, NOTHING, WISHES, agreed_at, review_at, CLI)


def _confirmed(table: str, now: Micros) -> str:
    """The table with everybody confirmed today who is not said to have been confirmed longer ago."""
    today = datetime.fromtimestamp(now / 1_000_000, UTC).date().isoformat()
    rows = list(csv.DictReader(io.StringIO(table)))
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "confirmed_on": row["confirmed_on"] or today} for row in rows)
    return written.getvalue()
