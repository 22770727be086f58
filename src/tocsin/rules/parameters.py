"""The numbers of judgement that may be changed, by name, each within its range.

What may not be changed: which classes join by site, what a class must have in common, that nothing is merged of the
classes that no machine opens, and that nothing new is ever counted away.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from msgspec.structs import replace

from tocsin.model.catalogue import HazardClass
from tocsin.model.errors import BadInput
from tocsin.model.values import Words
from tocsin.rules.judgement import JUDGEMENT, Judgement
from tocsin.rules.words import HAZARD_WORDS

DAY_S: Final = 86_400
CHANGED_MAX: Final = 100
"""Parameters that are changed at once."""


class Range(NamedTuple):
    """A parameter: what ships, and between which values it may be."""

    shipped: int
    least: int
    most: int


_FIXED: Final[dict[str, tuple[str, str, int, int]]] = {
    "chatter.alarms": ("chatter", "alarms", 3, 10),
    "chatter.window_s": ("chatter", "window_s", 10, 600),
    "chatter.quiet_s": ("chatter", "quiet_s", 60, 3_600),
    "runaway.alarms": ("chatter", "runaway_alarms", 20, 10_000),
    "runaway.window_s": ("chatter", "runaway_s", 60, 3_600),
    "flood.begins": ("flood", "begins", 5, 100),
    "flood.ends": ("flood", "ends", 1, 5),
    "mains.accounts": ("area_mains", "accounts", 3, 20),
    "mains.window_s": ("area_mains", "window_s", 30, 3_600),
    "mains.joins_s": ("area_mains", "joins_s", 60, 21_600),
}
WINDOWS_S: Final = (60, 2 * DAY_S)
"""Windows of joining and of confirming. Where 0 ships, nothing is merged, and that stays."""

LIFE_WINDOWS_S: Final = (60, 7_200)
"""Of classes where somebody may be in danger: longer, and the next fire would stand in the row of the last."""

LIFE: Final[frozenset[HazardClass]] = frozenset({"explosion", "fire", "hazmat", "medical", "rescue", "robbery_holdup"})

RETURNED: Final = "returned_s"
_WORDS: Final[dict[str, str]] = {
    "chatter.alarms": "A detector chatters from so many alarms within the window on",
    "chatter.window_s": "Seconds of that window",
    "chatter.quiet_s": "Seconds without any signal of it until it chatters no more",
    "runaway.alarms": "A detector runs away from so many alarms within the window on, and its account gets a fault",
    "runaway.window_s": "Seconds of that window",
    "mains.accounts": "So many places without mains within the window are one happening",
    "mains.window_s": "Seconds of that window",
    "mains.joins_s": "Seconds after the latest one in which another belongs to it still",
    "flood.begins": "An alarm flood begins with more incidents than this in ten minutes for each staffed desk",
    "flood.ends": "It is over below so many in ten minutes for each staffed desk",
    RETURNED: "Seconds after the closing in which an alarm of the same detector is said to have come back",
}


def _ranges() -> dict[str, Range]:
    found: dict[str, Range] = {}
    for hazard, one in JUDGEMENT.correlations.items():
        if one.window_s:
            found[f"{hazard}.window_s"] = Range(one.window_s, *(LIFE_WINDOWS_S if hazard in LIFE else WINDOWS_S))
    for hazard, rule in JUDGEMENT.confirmations.items():
        if rule.window_s:
            found[f"{hazard}.confirm_s"] = Range(rule.window_s, *(LIFE_WINDOWS_S if hazard in LIFE else WINDOWS_S))
    for name, (part, field, least, most) in _FIXED.items():
        found[name] = Range(getattr(getattr(JUDGEMENT, part), field), least, most)
    found[RETURNED] = Range(JUDGEMENT.returned_s, 0, DAY_S)
    return found


RANGES: Final = _ranges()
"""By name: `fire.window_s`, `intrusion.confirm_s`, `chatter.alarms`, `mains.accounts`, `returned_s`."""


def words_of(name: str) -> Words:
    """What a parameter of RANGES says, in words."""
    if name in _WORDS:
        return Words(_WORDS[name])
    hazard, _, field = name.partition(".")
    said = HAZARD_WORDS[_hazard(hazard)]
    if field == "window_s":
        return Words(f"{said}: seconds after the latest alarm of an incident in which another joins it")
    return Words(f"{said}: seconds after the latest alarm in which a second detector confirms it")


def judgement_with(changed: Mapping[str, int]) -> Judgement:
    """Judgement with these parameters in place of what ships.

    Raises:
        BadInput: no such parameter, or outside its range. The message names it.
    """
    if len(changed) > CHANGED_MAX:
        raise BadInput(f"At most {CHANGED_MAX} parameters are changed. Nothing was changed", "rules.many")
    made = JUDGEMENT
    for name, value in changed.items():
        _check(name, value)
        if name == RETURNED:
            made = replace(made, returned_s=value)
            continue
        if name in _FIXED:
            part, field, _, _ = _FIXED[name]
            made = replace(made, **{part: replace(getattr(made, part), **{field: value})})
            continue
        hazard, _, field = name.partition(".")
        made = _of_class(made, _hazard(hazard), field, value)
    return made


def parse(words: Iterable[str]) -> dict[str, int]:
    """`fire.window_s=900` and more, as a command has them.

    Raises:
        BadInput: one is no name, `=` and a whole number.
    """
    found: dict[str, int] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not value.strip().removeprefix("-").isdecimal() or len(value) > 12:
            raise BadInput(
                f"{word[:60]!r} is no parameter with a whole number. Nothing was decided. Write, for instance, "
                "fire.window_s=900",
                "rules.parameter",
            )
        found[name.strip()] = int(value)
    return found


def _check(name: str, value: int) -> None:
    known = RANGES.get(name)
    if known is None:
        near = get_close_matches(name, RANGES, 1)
        hint = f"Did you mean {near[0]}?" if near else f"The first of them is {min(RANGES)}"
        raise BadInput(
            f"There is no parameter {name[:40]!r} that may be changed. Nothing was changed. {hint}", "rules.parameter"
        )
    if not known.least <= value <= known.most:
        raise BadInput(
            f"{name} is {known.least} to {known.most}, and {value} is not. Nothing was changed. {known.shipped} ships",
            "rules.range",
        )


def _of_class(made: Judgement, hazard: HazardClass, field: str, value: int) -> Judgement:
    if field == "window_s":
        rule = replace(made.correlations[hazard], window_s=value)
        return replace(made, correlations=made.correlations | {hazard: rule})
    confirmation = replace(made.confirmations[hazard], window_s=value)
    return replace(made, confirmations=made.confirmations | {hazard: confirmation})


def _hazard(name: str) -> HazardClass:
    return next(one for one in JUDGEMENT.correlations if one == name)
