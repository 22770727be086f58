"""The centre's own zone as its screens are told it, and a QR code as rows."""

import os
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tocsin.model.values import Micros, Secret
from tocsin.web import zone
from tocsin.web.qr import QUIET, qr_rows
from tocsin.web.zone import utc_offsets

NOW = Micros(1_795_000_000_000_000)
SECOND = 1_000_000


@pytest.fixture(params=["Europe/Vienna", "Asia/Kolkata", "America/St_Johns", "UTC"])
def place(request):
    """The machine stands there for as long as the test lasts."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    zone._table.cache_clear()
    yield ZoneInfo(request.param)
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
    zone._table.cache_clear()


def test_offsets_are_those_of_the_place_before_and_after_each_change(place):
    table = utc_offsets(NOW)
    assert [one.since for one in table] == sorted(one.since for one in table)
    for index, one in enumerate(table):
        for at in (one.since, one.since - SECOND)[: 1 if index == 0 else 2]:
            told = next(offset for offset in reversed(table) if offset.since <= at)
            offset = datetime.fromtimestamp(at // SECOND, place).utcoffset()
            assert offset is not None
            assert told.minutes == offset.total_seconds() // 60


def test_offsets_cover_the_years_that_screens_show(place):
    table = utc_offsets(NOW)
    assert table[0].since <= NOW - 5 * 365 * 86_400 * SECOND
    changes = len(table) - 1
    assert changes == 0 if place.key in ("Asia/Kolkata", "UTC") else changes >= 12


def test_a_qr_code_is_square_with_a_light_margin_and_three_finders():
    rows = qr_rows(Secret("otpauth://totp/Harbour:Ana?secret=JBSWY3DPEHPK3PXP&issuer=Harbour"))
    size = len(rows)
    assert {len(row) for row in rows} == {size}
    assert set("".join(rows)) == {"0", "1"}
    assert all("1" not in row for row in (*rows[:QUIET], *rows[-QUIET:]))
    assert all("1" not in row[:QUIET] + row[-QUIET:] for row in rows)
    for y, x in ((QUIET, QUIET), (QUIET, size - QUIET - 7), (size - QUIET - 7, QUIET)):
        assert [rows[y + line][x : x + 7] for line in (0, 1, 3, 6)] == ["1111111", "1000001", "1011101", "1111111"]
