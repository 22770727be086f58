"""The plots of a report: what came in, how soon it was claimed, how long classes take, what is unwanted.

Each is read in grey, and says in a sentence what is to be seen.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final

from tocsin.model.values import Micros
from tocsin.reports import says
from tocsin.reports.drawing import Anchor, Drawing, Hatch, Ink, Line, Rect, Shape, Words, text_width
from tocsin.reports.figures import EDGES_S, HOUR_US, MINUTE_US, Ask, Figures, Group

WIDTH: Final = 511.0
BARS_MAX: Final = 10
Stamp = Callable[[Micros], str]
_PRIORITY: Final[tuple[tuple[Ink, Hatch], ...]] = (
    ("p1", "none"),
    ("p2", "diagonal"),
    ("p3", "none"),
    ("p4", "horizontal"),
)
_TICKS_S: Final = (2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400)


def drawings(figures: Figures, ask: Ask, stamp: Stamp) -> tuple[Drawing, ...]:
    """Those that there is something for; `stamp` writes a time in few letters."""
    made = (_load(figures, ask, stamp), _spread(figures, ask), _classes(figures, ask), _worst(figures))
    return tuple(one for one in made if one is not None)


def _load(figures: Figures, ask: Ask, stamp: Stamp) -> Drawing | None:
    """Stacked bars of what was annunciated, by priority."""
    if not figures.bars:
        return None
    height, left, top, bottom = 168.0, 34.0, 30.0, 24.0
    inner_width, inner_height = WIDTH - left - 4, height - top - bottom
    most = max(sum(bar) for bar in figures.bars)
    width_us = _bar_us(ask)
    goal = _bar_target(ask, width_us)
    scale = _nice(max(most, goal or 0, 4))
    shapes: list[Shape] = []
    for tick in range(0, scale + 1, max(1, scale // 4)):
        y = top + inner_height * (1 - tick / scale)
        shapes.append(Line(points=((left, y), (WIDTH - 4, y)), ink="rule", width=0.5))
        shapes.append(_words(left - 5, y + 3, says.count(tick), anchor="end"))
    step = inner_width / len(figures.bars)
    thick = min(40.0, max(1.0, step * 0.76))
    for number, bar in enumerate(figures.bars):
        x, y = left + step * number + (step - thick) / 2, top + inner_height
        for (ink, hatch), amount in zip(_PRIORITY, bar, strict=True):
            if amount:
                tall = inner_height * amount / scale
                y -= tall
                shapes.append(Rect(x=x, y=y, width=thick, height=tall, fill=ink, hatch=hatch))
    shapes.append(Line(points=((left, top + inner_height), (WIDTH - 4, top + inner_height)), ink="line"))
    if goal is not None:
        y = top + inner_height * (1 - goal / scale)
        shapes.append(Line(points=((left, y), (WIDTH - 4, y)), ink="text", width=1, dashed=True))
        shapes.append(_words(WIDTH - 4, y - 3, f"target of one desk: {goal} at most", anchor="end"))
    labels = [stamp(at) for at in ask.buckets]
    every = max(1, math.ceil(max(text_width(one, 8) + 12 for one in labels) / step))
    for number in range(0, len(labels), every):
        x = left + step * (number + 0.5)
        anchor: Anchor = "middle"
        half = text_width(labels[number], 8) / 2
        if x - half < left - 14:
            x, anchor = left, "start"
        elif x + half > WIDTH:
            continue
        shapes.append(
            Line(
                points=(
                    (left + step * (number + 0.5), top + inner_height),
                    (left + step * (number + 0.5), top + inner_height + 3),
                ),
                ink="line",
            )
        )
        shapes.append(_words(x, height - 8, labels[number], anchor=anchor))
    x = left
    for number, (ink, hatch) in enumerate(_PRIORITY):
        shapes.append(Rect(x=x, y=6, width=12, height=9, fill=ink, hatch=hatch))
        shapes.append(_words(x + 16, 14, f"priority {number + 1}"))
        x += 74
    total = sum(map(sum, figures.bars))
    return Drawing(
        id="load",
        title=f"Incidents annunciated, a bar for {_span_words(width_us)}",
        says=f"{says.count(total)} incidents; at most {says.count(most)} in one bar.",
        width=WIDTH,
        height=height,
        shapes=tuple(shapes),
    )


def _spread(figures: Figures, ask: Ask) -> Drawing | None:
    """Which share was claimed within which time, and where the profile's targets are."""
    if not figures.spreads:
        return None
    height, left, top, bottom = 206.0, 34.0, 46.0, 24.0
    inner_width, inner_height = WIDTH - left - 14, height - top - bottom
    goals = [one for one in ask.profile.figures if one.measure == "reaction" and one.limit_s is not None]
    whole = [
        next((edge for edge, n in zip(EDGES_S, one.claimed_within, strict=True) if n == one.claimed_within[-1]), 2)
        for one in figures.spreads
    ]
    last_s = max([300, *(2 * (one.limit_s or 0) for one in goals), *whole])
    x_of = _log_scale(2, last_s, left, inner_width)
    y_of = lambda part: top + inner_height * (1 - part)  # noqa: E731 - a scale
    shapes: list[Shape] = []
    for percent in (0, 25, 50, 75, 100):
        y = y_of(percent / 100)
        shapes.append(Line(points=((left, y), (WIDTH - 14, y)), ink="rule", width=0.5))
        shapes.append(_words(left - 5, y + 3, f"{percent} %", anchor="end"))
    shapes += _time_axis(x_of, last_s, top, top + inner_height, height - 8)
    key_x = left
    for number, one in enumerate(figures.spreads):
        points = [
            (x_of(edge), y_of(n / one.cases))
            for edge, n in zip(EDGES_S, one.claimed_within, strict=True)
            if edge <= last_s
        ]
        dashed = number % 2 == 1
        shapes.append(Line(points=tuple(points), ink="text", width=1.6, dashed=dashed))
        words = f"{_set_words(one.hazards)} ({says.count(one.cases)})"
        shapes.append(Line(points=((key_x, 11), (key_x + 22, 11)), ink="text", width=1.6, dashed=dashed))
        shapes.append(_words(key_x + 27, 14, words))
        key_x += 40 + text_width(words, 8)
    for number, goal in enumerate(sorted(goals, key=lambda one: one.limit_s or 0)):
        x, y = x_of(goal.limit_s or 2), y_of((goal.share_permille or 0) / 1000)
        words = says.target(goal).replace(" within ", " in ")
        wide = text_width(words, 8)
        words_x = min(x, WIDTH - wide / 2)
        words_y = 29 + 11 * (number % 2)
        shapes.append(Line(points=((x, words_y + 3), (x, y)), ink="dim", width=0.6))
        shapes.append(
            Rect(x=words_x - wide / 2 - 2, y=words_y - 8, width=wide + 4, height=10, fill="page", has_border=False)
        )
        shapes.append(_words(words_x, words_y, words, ink="dim", anchor="middle"))
        shapes.append(Rect(x=x - 3, y=y - 3, width=6, height=6, fill="page"))
    return Drawing(
        id="spread",
        title="Share claimed within a time",
        says="; ".join(
            f"{_set_words(one.hazards)}: {says.share(one.claimed_within[EDGES_S.index(60)], one.cases)} within a minute"
            for one in figures.spreads
        )
        + ". Squares are the targets of the profile: a line that runs above its square reaches it.",
        width=WIDTH,
        height=height,
        shapes=tuple(shapes),
    )


def _classes(figures: Figures, ask: Ask) -> Drawing | None:
    """Median and nine of ten of reaction, by class: how far apart they are."""
    rows = [one for one in figures.groups if one.dimension == "hazard" and one.reaction is not None]
    if not rows:
        return None
    names = [_group_words(one) for one in rows]
    left, row_height, top = min(210.0, max(text_width(one, 8) for one in names) + 14), 17.0, 24.0
    height = top + row_height * len(rows) + 26
    last_s = max(120, *(-(-(one.reaction.longest_us if one.reaction else 0) // 1_000_000) for one in rows))
    x_of = _log_scale(2, last_s, left, WIDTH - left - 14)
    shapes: list[Shape] = _time_axis(x_of, last_s, top - 4, height - 22, height - 8)
    shapes.append(Rect(x=left, y=5, width=8, height=8, fill="text"))
    shapes.append(_words(left + 12, 13, "half of them"))
    shapes.append(Rect(x=left + 78, y=5, width=26, height=8, fill="bar", hatch="none", has_border=False))
    shapes.append(_words(left + 108, 13, "to nine of ten"))
    shapes.append(Line(points=((left + 180, 9), (left + 206, 9)), ink="line", width=1))
    shapes.append(_words(left + 210, 13, "to the longest"))
    for number, (one, name) in enumerate(zip(rows, names, strict=True)):
        assert one.reaction is not None, "chosen above"
        y = top + row_height * number + row_height / 2
        a, b, c = (
            x_of(max(2, us / 1_000_000))
            for us in (one.reaction.median_us, one.reaction.p90_us, one.reaction.longest_us)
        )
        shapes.append(_words(left - 8, y + 3, _short(name, left - 12), anchor="end"))
        shapes.append(Line(points=((b, y), (c, y)), ink="line", width=1))
        shapes.append(Rect(x=a, y=y - 3, width=max(1, b - a), height=6, fill="bar", has_border=False))
        shapes.append(Rect(x=a - 4, y=y - 4, width=8, height=8, fill="text"))
    return Drawing(
        id="classes",
        title="Reaction by hazard class",
        says="; ".join(
            f"{name}: half within {says.duration(one.reaction.median_us if one.reaction else None)}"
            for one, name in zip(rows, names, strict=True)
        )
        + ".",
        width=WIDTH,
        height=height,
        shapes=tuple(shapes),
    )


def _worst(figures: Figures) -> Drawing | None:
    """The accounts with the most unwanted alarms."""
    rows = [one for one in figures.sources if one.dimension == "account"][:BARS_MAX]
    if not rows:
        return None
    row_height, top, left = 15.0, 24.0, min(150.0, max(text_width(one.key, 8) for one in rows) + 14)
    height = top + row_height * len(rows) + 8
    scale = max(one.closed for one in rows)
    room = WIDTH - left - 120
    shapes: list[Shape] = [
        Rect(x=left, y=5, width=12, height=9, fill="bar"),
        _words(left + 16, 13, "unwanted"),
        Rect(x=left + 74, y=5, width=12, height=9, fill="page", hatch="diagonal"),
        _words(left + 90, 13, "other outcomes"),
    ]
    for number, one in enumerate(rows):
        y = top + row_height * number
        bad, all_ = room * one.unwanted / scale, room * one.closed / scale
        shapes.append(_words(left - 8, y + 9.5, one.key, anchor="end"))
        if all_ > bad:
            shapes.append(Rect(x=left + bad, y=y + 1, width=all_ - bad, height=11, fill="page", hatch="diagonal"))
        shapes.append(Rect(x=left, y=y + 1, width=bad, height=11, fill="bar"))
        shapes.append(
            _words(
                left + all_ + 6,
                y + 9.5,
                f"{says.count(one.unwanted)} of {says.count(one.closed)}, {says.share(one.unwanted, one.closed)}",
            )
        )
    return Drawing(
        id="worst",
        title="Accounts with the most unwanted alarms",
        says=f"{rows[0].key} leads with {says.count(rows[0].unwanted)} of {says.count(rows[0].closed)}.",
        width=WIDTH,
        height=height,
        shapes=tuple(shapes),
    )


def _time_axis(x_of: Callable[[float], float], last_s: float, top: float, bottom: float, base: float) -> list[Shape]:
    shapes: list[Shape] = []
    end = -math.inf
    for tick in _TICKS_S:
        if tick > last_s:
            break
        x, words = x_of(tick), says.limit(tick)
        shapes.append(Line(points=((x, top), (x, bottom)), ink="rule", width=0.5))
        half = text_width(words, 8) / 2
        if x - half > end + 6:
            shapes.append(_words(x, base, words, anchor="middle"))
            end = x + half
    shapes.append(Line(points=((x_of(2), bottom), (x_of(last_s), bottom)), ink="line"))
    return shapes


def _log_scale(first: float, last: float, left: float, width: float) -> Callable[[float], float]:
    span = math.log(last / first)
    return lambda value: round(left + width * math.log(min(max(value, first), last) / first) / span, 2)


def _words(x: float, y: float, text: str, *, anchor: Anchor = "start", ink: Ink = "text") -> Words:
    return Words(x=round(x, 2), y=round(y, 2), text=text, anchor=anchor, ink=ink)


def _group_words(group: Group) -> str:
    return says.classes(group.labels)


def _short(text: str, width: float) -> str:
    while text and text_width(text, 8) > width:
        text = text[:-4].rstrip(" ;") + "..."
    return text


def _set_words(hazards: Sequence[str]) -> str:
    if not hazards:
        return "all classes"
    return says.classes(tuple(hazards)) if len(hazards) <= 4 else "the other classes"


def _bar_us(ask: Ask) -> int:
    return ask.buckets[2] - ask.buckets[1] if len(ask.buckets) > 2 else ask.until - ask.since


def _bar_target(ask: Ask, width_us: int) -> int | None:
    measure = {HOUR_US: "load.peak_hour", MINUTE_US: "load.peak_minute"}.get(width_us)
    return next(
        (one.target_milli // 1000 for one in ask.load_profile.figures if one.measure == measure and one.target_milli),
        None,
    )


def _span_words(us: int) -> str:
    minutes = us // MINUTE_US
    if minutes >= 6 * 24 * 60:
        return "a week"
    if minutes >= 22 * 60:
        return "a day"
    if minutes >= 60:
        return "an hour" if minutes == 60 else f"{minutes // 60} hours"
    return "a minute" if minutes <= 1 else f"{minutes} minutes"


def _nice(most: int) -> int:
    """The end of an axis with four steps: at least `most`."""
    power = 1
    while True:
        for step in (1, 2, 3, 4, 5, 6, 8):
            if step * power * 4 >= most:
                return step * power * 4
        power *= 10
