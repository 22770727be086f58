"""How a report says amounts: durations, shares and counts, the same on paper, on screen and in HTML."""

from typing import Final

from tocsin.model.profiles import Figure, Measure
from tocsin.reports.figures import Dimension, Exclusion

SECOND_US: Final = 1_000_000
NOTHING: Final = "-"
EXCLUSION_WORDS: Final[dict[Exclusion, str]] = {
    "exercise": "part of an exercise",
    "on_test": "the place was on test",
    "out_of_service": "the zone was out of service",
    "shelved": "shelved when it opened",
    "after_test": "still active when a test or an absence from service ended",
    "by_call": "opened by whoever took the call, who had it from its beginning",
    "regrouped": "merged into another before anybody claimed it, or split off one that was claimed",
    "by_plan": "handled by plan, without an operator",
    "after_plan": "came to the queue when its plan went no further without an operator",
}
MEASURE_WORDS: Final[dict[Measure, str]] = {
    "reaction": "reaction",
    "handling": "handling",
    "answering": "answering",
    "processing": "processing",
    "turnout": "turnout",
    "travel": "travel",
    "hand_over": "hand-over",
    "path_fault": "path fault",
    "restoral": "restoral",
    "runner": "runner",
    "load.average": "average in ten minutes",
    "load.day": "in a day",
    "load.peak_hour": "most in an hour",
    "load.peak_minute": "most in a minute",
    "load.flood_begins": "flood begins above, in ten minutes",
    "load.flood_ends": "flood ends below, in ten minutes",
    "load.flood_share": "share of time in flood",
    "load.high": "share of priority 1",
    "load.medium": "share of priority 2",
    "load.low": "share of priorities 3 and 4",
    "load.worst_ten": "share of the ten worst sources",
    "load.chattering": "sources that chatter",
    "load.stale": "open for more than 24 h at any midnight",
}
DIMENSION_WORDS: Final[dict[Dimension, str]] = {
    "all": "whole centre",
    "hazard": "hazard class",
    "desk": "desk",
    "shift": "shift",
    "month": "month",
}
UNCONFIRMED: Final = "unconfirmed figure"
WITHHELD: Final = "fewer than three people"
NOT_MEASURED: Final = "no such facts in this journal"
INTERVALS: Final[tuple[tuple[str, str], ...]] = (
    ("Reaction", "first signal of the incident received, until a named person claimed it"),
    ("Handling", "claimed, until closed for the first time"),
    ("Path fault", "last message heard, until the incident was raised"),
    ("Restoral", "incident raised, until the path was heard again"),
)
MISSING: Final[tuple[tuple[str, str], ...]] = (
    ("Answering", "calls are not in the journal of this release"),
    ("Processing, turnout, travel", "dispatches are not in the journal of this release"),
    ("Hand-over", "neighbours are not in the journal of this release"),
    (
        "Acknowledgement to the sender, signal to screen",
        "measured by the page /metrics of the centre, never journalled",
    ),
)


def count(number: int) -> str:
    """`1,234`."""
    return f"{number:,}"


def duration(us: int | None) -> str:
    """`4.2 s`, `2 min 05 s`, `3 h 10 min`, `2 d 4 h`; cut off, never rounded up into a limit."""
    if us is None:
        return NOTHING
    seconds = us // SECOND_US
    if seconds < 120:
        return f"{seconds}.{us // 100_000 % 10} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    if seconds < 172_800:
        return f"{seconds // 3600} h {seconds // 60 % 60:02d} min"
    return f"{seconds // 86_400} d {seconds // 3600 % 24} h"


def limit(seconds: int) -> str:
    """A limit as its source has it: `30 s`, `4 h`."""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def share(part: int, whole: int) -> str:
    """`91.2 %`, cut off: 79.99 % is not 80 %."""
    if whole == 0:
        return NOTHING
    permille = part * 1000 // whole
    return f"{permille // 10}.{permille % 10} %"


def thousandths(milli: int) -> str:
    """`1.5`, `10`."""
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")


def target(figure: Figure) -> str:
    """What a figure of a profile asks for."""
    if figure.target_milli is not None:
        unit = " %" if figure.measure in ("load.flood_share", "load.high", "load.medium", "load.low") else ""
        return f"{thousandths(figure.target_milli)}{' %' if figure.measure == 'load.worst_ten' else unit}"
    assert figure.share_permille is not None, "an interval has a share"
    return f"{thousandths(figure.share_permille * 100)} % within {limit(figure.limit_s or 0)}"


def hazards(figure: Figure) -> str:
    """Which classes a figure is about."""
    named = figure.hazards
    if not named:
        return "all classes"
    return classes(named) if len(named) <= 4 else f"the {len(named)} other classes"


def classes(named: tuple[str, ...]) -> str:
    """Classes in words: `robbery, hold-up`."""
    return "; ".join(label(one) for one in named)


def label(code: str) -> str:
    """A hazard class, desk or shift in words."""
    return {
        "robbery_holdup": "robbery, hold-up",
        "flood_weather": "flood, weather",
        "all": "whole centre",
        "no desk": "at no desk",
    }.get(code, code.replace("_", " "))
