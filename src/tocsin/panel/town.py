"""The demo's harbour town: what its panels send, made from the shipped files in data/demo. Every name is made up."""

import csv
import tomllib
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from tocsin.data import read_shipped
from tocsin.panel.fleet import Due, Fleet, Manner, Panel, RawFrameDue
from tocsin.panel.messages import Recipe, build, check_recipe
from tocsin.protocols.dc09.keys import parse_key
from tocsin.system import seeded

ACCOUNTS: Final = "demo/accounts.csv"
TRAFFIC: Final = "demo/traffic.toml"
FLOOD_PER_S: Final = 1.0
"""600 alarms in 10 minutes."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of a happening."""

    after_s: float
    code: str
    zone: str
    text: str | None = None


class Routine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes on any day, by weight."""

    panel: str
    weight: int
    code: str
    zone: str
    area: str | None = None
    qualifier: str = "1"
    text: str | None = None


class Happening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A story that one site tells, again and again."""

    name: str
    site: str
    panel: str
    every_s: float
    steps: tuple[Step, ...]


class Traffic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of what is sent."""

    routine: tuple[Routine, ...]
    happening: tuple[Happening, ...]


class Town:
    """The accounts and the traffic, read once."""

    def __init__(self) -> None:
        """Read the shipped files."""
        self.accounts_csv = read_shipped(ACCOUNTS)
        self.rows = list(csv.DictReader(self.accounts_csv.splitlines()))
        self.traffic = msgspec.convert(tomllib.loads(read_shipped(TRAFFIC)), Traffic)
        self._places = {row["name"]: place for place, row in enumerate(self.rows)}

    def fleet(self, *, duration_s: float, rate_per_s: float, flood: bool, first: int, seed: int) -> Fleet:
        """All panels with what each sends within `duration_s`; message numbers go on from `first`."""
        dues: list[list[tuple[float, Recipe]]] = [[] for _ in self.rows]
        for at_s, place, recipe in self._all(duration_s, rate_per_s, flood=flood, seed=seed):
            dues[place].append((at_s, recipe))
        plans: list[Sequence[Due | RawFrameDue]] = []
        for row, wanted in zip(self.rows, dues, strict=True):
            wanted.sort(key=lambda due: due[0])
            plans.append(
                [Due(at_s, build(recipe, row["account"], first + n)) for n, (at_s, recipe) in enumerate(wanted)]
            )
        panels = tuple(
            Panel(account=row["account"], key=parse_key(row["key"], "hex") if row["key"] else None) for row in self.rows
        )
        return Fleet(panels=panels, plans=tuple(plans), manner=Manner(poll_interval_s=20.0), seed=seed)

    def _all(
        self, duration_s: float, rate_per_s: float, *, flood: bool, seed: int
    ) -> Iterator[tuple[float, int, Recipe]]:
        rng = seeded(seed)
        weights = [routine.weight for routine in self.traffic.routine]
        for n in range(int(duration_s * rate_per_s)):
            routine = rng.choices(self.traffic.routine, weights)[0]
            yield n / rate_per_s, self._place(rng.randrange(len(self.rows) // 3), routine.panel), _recipe(routine)
        alarms = [routine for routine in self.traffic.routine if routine.code in ("BA", "154")]
        for n in range(int(duration_s * FLOOD_PER_S) if flood else 0):
            routine = rng.choice(alarms)
            yield n / FLOOD_PER_S, self._place(rng.randrange(len(self.rows) // 3), routine.panel), _recipe(routine)
        for happening in self.traffic.happening:
            place = self._place_of(happening)
            for n in range(int(duration_s / happening.every_s) + 1):
                for step in happening.steps:
                    if (at_s := 2 + n * happening.every_s + step.after_s) < duration_s:
                        yield at_s, place, _recipe(step)

    def _place(self, site: int, panel: str) -> int:
        return site * 3 + ("intrusion", "fire", "technical").index(panel)

    def _place_of(self, happening: Happening) -> int:
        names = {"intrusion": "intrusion panel", "fire": "fire panel", "technical": "technical alarms"}
        return self._places[f"{happening.site}, {names[happening.panel]}"]


def _recipe(what: Routine | Step) -> Recipe:
    recipe = Recipe(code=what.code, zone=what.zone, text=what.text)
    if isinstance(what, Routine):
        recipe = msgspec.structs.replace(recipe, area=what.area, qualifier=what.qualifier)
    return check_recipe(recipe, "the demo's traffic")
