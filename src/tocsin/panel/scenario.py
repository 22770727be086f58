"""Scenario files: who sends what and when, in TOML. Strict: a word that is not known names the nearest right one."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, cast

import msgspec

from tocsin.model.errors import BadInput
from tocsin.panel.faults import Fault, parse_fault
from tocsin.panel.fleet import MESSAGES_MAX, Due
from tocsin.panel.messages import Recipe, build, check_recipe
from tocsin.panel.nearest import nearest

FILE_MAX: Final = 4 * 1024 * 1024
STEPS_MAX: Final = 10_000
SECONDS_MAX: Final = 31 * 86_400.0


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One `[[step]]` of a scenario. Times in seconds after the start."""

    at: float = 0.0
    every: float | None = None
    """Repeat so often ..."""
    count: int | None = None
    """... so many times, ..."""
    until: float | None = None
    """... or up to this time."""
    panel: int | list[int] | Literal["all"] = "all"
    """Which panels, counted from 1."""
    token: str | None = None
    data: str | None = None
    code: str | None = None
    zone: str | None = None
    area: str | None = None
    qualifier: str = "1"
    text: str | None = None
    blocks: list[str] = []
    unique: bool = False
    fault: str | None = None
    """One fault, as on the command line without a share."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario file."""

    name: str = ""
    panels: int | None = None
    """How many panels it wants at least; --panels may give more."""
    step: list[Step]


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        BadInput: the file cannot be read, is too large, or holds what no scenario holds; the place is named.
    """
    try:
        if path.stat().st_size > FILE_MAX:
            raise BadInput(f"The scenario {path.name} is larger than {FILE_MAX // 1024 // 1024} MiB.", "panel.scenario")
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The scenario {path} cannot be read as UTF-8 text.", "panel.scenario") from error
    try:
        return parse_scenario(text)
    except BadInput as error:
        raise BadInput(f"{path.name}: {str(error).rsplit(' [', 1)[0]}", "panel.scenario") from error


def parse_scenario(text: str) -> Scenario:
    """Read a scenario from its text.

    Raises:
        BadInput: as `read_scenario`.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"This is no TOML: {str(error)[:200]}.", "panel.scenario") from error
    _check_words(table, Scenario, "the scenario")
    steps = table.get("step")
    if not isinstance(steps, list) or not steps:
        raise BadInput("A scenario has at least one [[step]].", "panel.scenario")
    if len(steps) > STEPS_MAX:
        raise BadInput(f"A scenario has at most {STEPS_MAX} steps.", "panel.scenario")
    for number, step in enumerate(steps, 1):
        if isinstance(step, dict):
            _check_words(cast("dict[str, Any]", step), Step, f"step {number}")
    try:
        scenario = msgspec.convert(table, Scenario)
    except msgspec.ValidationError as error:
        raise BadInput(f"{str(error)[:300].replace('`$.', '`')}.", "panel.scenario") from error
    for number, step in enumerate(scenario.step, 1):
        _check_step(step, f"step {number}")
    return scenario


def _check_words(table: Mapping[str, Any], kind: type[msgspec.Struct], where: str) -> None:
    for word in table:
        if word not in kind.__struct_fields__:
            raise BadInput(
                f"In {where} there is no {word[:60]!r}; {nearest(word, kind.__struct_fields__)}", "panel.scenario"
            )


def _check_step(step: Step, where: str) -> None:
    if not 0 <= step.at <= SECONDS_MAX:
        raise BadInput(f"In {where}, at must lie between 0 and {SECONDS_MAX:g} s.", "panel.scenario")
    if step.every is None and (step.count is not None or step.until is not None):
        raise BadInput(f"In {where}, count and until belong to every.", "panel.scenario")
    if step.every is not None:
        if not 0.001 <= step.every <= SECONDS_MAX:
            raise BadInput(f"In {where}, every must lie between 0.001 and {SECONDS_MAX:g} s.", "panel.scenario")
        if (step.count is None) == (step.until is None):
            raise BadInput(f"In {where}, every needs either count or until.", "panel.scenario")
        if step.count is not None and not 1 <= step.count <= MESSAGES_MAX:
            raise BadInput(f"In {where}, count must lie between 1 and {MESSAGES_MAX}.", "panel.scenario")
        if step.until is not None and not step.at <= step.until <= SECONDS_MAX:
            raise BadInput(f"In {where}, until must not lie before at nor beyond {SECONDS_MAX:g} s.", "panel.scenario")
    _recipe_of(step, where)
    _fault_of(step)


def _recipe_of(step: Step, where: str) -> Recipe:
    recipe = Recipe(
        token=step.token,
        data=step.data,
        code=step.code,
        zone=step.zone,
        area=step.area,
        qualifier=step.qualifier,
        text=step.text,
        blocks=tuple(step.blocks),
        is_unique=step.unique,
    )
    return check_recipe(recipe, where)


def _fault_of(step: Step) -> Fault | None:
    if step.fault is None:
        return None
    if "=" in step.fault:
        raise BadInput("A fault in a scenario has no share: it strikes its step each time.", "panel.scenario")
    return parse_fault(step.fault).fault


def panels_of(scenario: Scenario) -> int:
    """How many panels the scenario names."""
    most = scenario.panels or 1
    for step in scenario.step:
        if isinstance(step.panel, int):
            most = max(most, step.panel)
        elif isinstance(step.panel, list):
            most = max([most, *step.panel])
    return most


def plan(scenario: Scenario, accounts: list[str], first: int = 1) -> tuple[list[Due], ...]:
    """Spread a scenario over panels: one list of messages a panel, in order of time.

    Raises:
        BadInput: a step names a panel that is not there, or the whole is more than MESSAGES_MAX messages.
    """
    timed: list[list[tuple[float, int, Recipe, Fault | None]]] = [[] for _ in accounts]
    total = 0
    for number, step in enumerate(scenario.step, 1):
        where = f"step {number}"
        recipe, fault = _recipe_of(step, where), _fault_of(step)
        places = _places(step, len(accounts), where)
        times = _times(step)
        total += len(places) * len(times)
        if total > MESSAGES_MAX:
            raise BadInput(f"The scenario makes more than {MESSAGES_MAX} messages.", "panel.scenario")
        for place in places:
            timed[place] += [(at, number, recipe, fault) for at in times]
    plans: list[list[Due]] = []
    for account, entries in zip(accounts, timed, strict=True):
        entries.sort(key=lambda entry: entry[:2])
        plans.append(
            [Due(at, build(recipe, account, first + k, fault)) for k, (at, _, recipe, fault) in enumerate(entries)]
        )
    return tuple(plans)


def _places(step: Step, count: int, where: str) -> list[int]:
    if step.panel == "all":
        return list(range(count))
    numbers = [step.panel] if isinstance(step.panel, int) else step.panel
    for number in numbers:
        if not isinstance(number, int) or not 1 <= number <= count:
            raise BadInput(f"In {where}, there is no panel {number}; the run has 1 to {count}.", "panel.scenario")
    return [number - 1 for number in numbers if isinstance(number, int)]


def _times(step: Step) -> list[float]:
    if step.every is None:
        return [step.at]
    if step.count is not None:
        count = step.count
    else:
        assert step.until is not None, "checked when it was read"
        count = min(int((step.until - step.at) / step.every + 1e-9) + 1, MESSAGES_MAX + 1)
    return [step.at + k * step.every for k in range(count)]
