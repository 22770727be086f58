"""How far this centre's clock faces are from UTC, over the years that its screens show.

A table and not a name: machines have a zone without saying which, and browsers know other zones than we do.
"""

import functools
from datetime import UTC, datetime, timedelta
from typing import Final

from tocsin.model.values import Micros
from tocsin.web.api.types import UtcOffset

DAY_S: Final = 86_400
BACK_DAYS: Final = 5 * 366
AHEAD_DAYS: Final = 2 * 366
"""Before and after, the nearest of the table counts."""

_SECOND_US: Final = 1_000_000


def utc_offsets(now: Micros) -> list[UtcOffset]:
    """From when on which offset counts here, the oldest first; never empty."""
    return _table(now // (DAY_S * _SECOND_US))


@functools.lru_cache(maxsize=1)
def _table(today: int) -> list[UtcOffset]:
    at = (today - BACK_DAYS) * DAY_S
    found = [(at, _minutes(at))]
    for day in range(today - BACK_DAYS + 1, today + AHEAD_DAYS):
        at = day * DAY_S
        if _minutes(at) != found[-1][1]:
            found.append(_change(at - DAY_S, at))
    return [UtcOffset(since=Micros(at * _SECOND_US), minutes=minutes) for at, minutes in found]


def _change(before: int, after: int) -> tuple[int, int]:
    """The second in which the offset of `before` ends, and the one that counts from then on."""
    old = _minutes(before)
    while after - before > 1:
        middle = (before + after) // 2
        if _minutes(middle) == old:
            before = middle
        else:
            after = middle
    return after, _minutes(after)


def _minutes(at: int) -> int:
    return (datetime.fromtimestamp(at, UTC).astimezone().utcoffset() or timedelta()) // timedelta(minutes=1)
