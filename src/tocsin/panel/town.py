"""The demo's harbour town: what its panels send in a day, made from the shipped files in data/demo. All is made up.

The same seed gives the same town: every message, its panel and its second.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from typing import Annotated, Final, Literal, Protocol

import msgspec
from msgspec import Meta

from tocsin.data import read_shipped
from tocsin.model.errors import BadInput
from tocsin.panel.fleet import Due, Fleet, Manner, Panel
from tocsin.panel.messages import Recipe, build, check_recipe
from tocsin.protocols.code_tables import codes
from tocsin.protocols.dc09.keys import parse_key
from tocsin.system import seeded

ACCOUNTS: Final = "demo/accounts.csv"
SITES: Final = "demo/sites.csv"
ZONES: Final = "demo/zones.csv"
TRAFFIC: Final = "demo/traffic.toml"

DAY_S: Final = 86_400
BEGINS: Final = "06:00"
"""When a town's day begins."""
PACE: Final = 60.0
"""Seconds of the town's day in one second: a day in 24 minutes."""
PACE_MIN: Final = 1.0
PACE_MAX: Final = 3600.0
DAYS_MAX: Final = 30
FLOOD_ALARMS: Final = 600
FLOOD_S: Final = 600.0
MANNER: Final = Manner(poll_interval_s=20.0, tries=100)
"""None of them gives a message up while a centre is away for a minute or two."""
USERS: Final = 6
"""A panel's users, numbered; a number is all that a panel says of them."""
PANEL_NAMES: Final = {"intrusion": "Intrusion panel", "fire": "Fire panel", "technical": "Technical alarms"}

WALKED: Final = range(1, 20)
"""Zones of doors, rooms and plant; 0 is the mains, buttons for a hold-up and the panel's own case lie above."""
NAMED: Final = frozenset({"zone", "door"})
"""What a number must mean for the zone's name to stand beside it."""

PanelKind = Literal["intrusion", "fire", "technical"]
TownTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Words = Annotated[str, Meta(min_length=1, max_length=120)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that panels say, as a code of either language."""

    sia: str | None = None
    cid: str | None = None
    qualifier: Literal["1", "3"] = "1"
    """Contact ID's: 3 says that it is over."""


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When sites are disarmed and armed, each within so many minutes of the town's."""

    sites: tuple[Words, ...]
    opens: TownTime
    closes: TownTime
    within_min: Annotated[int, Meta(ge=1, le=120)]


class NowAndThen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes a few times a day, from any panel of its kind."""

    says: str
    panel: PanelKind
    times_a_day: Annotated[int, Meta(ge=1, le=1000)]
    of_a_zone: bool = False
    """It speaks of one of the panel's zones; else of the panel as a whole."""
    then: str | None = None
    """What the same zone says afterwards, so many seconds (ours) later."""
    then_after_s: Seconds = 0


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of a happening."""

    after_s: Seconds
    says: str
    zone: Annotated[int, Meta(ge=0, le=999)] | None = None


class Happening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens once a day, at one site or at several, one after the other."""

    name: Words
    at: TownTime
    steps: tuple[Step, ...]
    sites: tuple[Words, ...] = ()
    panel: PanelKind = "technical"
    account: str | None = None
    """In place of sites: a panel that nobody has set up."""
    apart_s: Seconds = 0


class FloodShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of alarm or fault of the flood: from zones whose name begins so."""

    says: str
    panel: PanelKind
    name: Words
    weight: Annotated[int, Meta(ge=1, le=100)]


class Silence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A panel whose link fails for a while: neither polls nor messages. In our own seconds, at every pace."""

    account: str
    begins_s: Annotated[float, Meta(ge=1, le=3600)]
    ends_s: Annotated[float, Meta(ge=1, le=3600)]


class OnTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A panel that an installer tests at the beginning, and what it sends then. In our own seconds, at every pace."""

    account: str
    ends_s: Annotated[float, Meta(ge=1, le=3600)]
    """So long after the start of the demo the test ends by itself."""
    steps: tuple[Step, ...]


class Traffic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of what is sent."""

    contact_id: frozenset[str]
    strangers: tuple[str, ...]
    phrases: dict[str, Phrase]
    hours: tuple[Hours, ...]
    now_and_then: tuple[NowAndThen, ...]
    happening: tuple[Happening, ...]
    flood: tuple[FloodShare, ...]
    silence: Silence
    on_test: OnTest


class Told(msgspec.Struct, frozen=True, gc=False):
    """One message of the day: when, from which panel, and what."""

    at_s: float
    """Seconds of ours since the start."""
    place: int
    """Panel, counted from 0: first the accounts in the order of their file, then the strangers."""
    says: str
    zone: int | None
    """Zone, or number of the user where the code wants one; None where it has neither."""


class Dice(Protocol):
    """What is needed of `random.Random`."""

    def random(self) -> float:
        """A number from 0 to 1."""
        ...

    def randrange(self, stop: int, /) -> int:
        """A whole number below `stop`."""
        ...


class Town:
    """The accounts, their zones and the traffic, read once."""

    def __init__(self) -> None:
        """Read the shipped files."""
        self.sites_csv = read_shipped(SITES)
        self.accounts_csv = read_shipped(ACCOUNTS)
        self.zones_csv = read_shipped(ZONES)
        self.rows = list(csv.DictReader(self.accounts_csv.splitlines()))
        self.traffic = msgspec.convert(tomllib.loads(read_shipped(TRAFFIC)), Traffic)
        self.accounts: tuple[str, ...] = (*(row["account"] for row in self.rows), *self.traffic.strangers)
        self.zones: list[dict[int, str]] = [{} for _ in self.accounts]
        """Names of each panel's zones, by number."""
        self._places = {account: place for place, account in enumerate(self.accounts)}
        self._kinds = {(row["site"], row["name"]): place for place, row in enumerate(self.rows)}
        for row in csv.DictReader(self.zones_csv.splitlines()):
            self.zones[self._places[row["account"]]][int(row["zone"])] = row["name"]

    def fleet(
        self,
        *,
        pace: float = PACE,
        days: int = 1,
        flood: bool = False,
        walk: bool = False,
        first: int = 1,
        seed: int = 1,
    ) -> Fleet:
        """All panels with what each sends in so many of the town's days; message numbers go on from `first`.

        `walk`: with what the panel sends that is on test at the beginning.

        Raises:
            BadInput: the pace or the number of days lies outside its limits.
        """
        dues: list[list[Due]] = [[] for _ in self.accounts]
        silence = self.traffic.silence
        for told in self.told(pace=pace, days=days, flood=flood, walk=walk, seed=seed):
            if self.accounts[told.place] == silence.account and silence.begins_s <= told.at_s < silence.ends_s:
                continue
            mine = dues[told.place]
            recipe = self.recipe(told)
            mine.append(Due(told.at_s, build(recipe, self.accounts[told.place], first + len(mine))))
        keys = [row["key"] for row in self.rows] + [""] * len(self.traffic.strangers)
        panels = tuple(
            Panel(
                account=account,
                key=parse_key(key, "hex") if key else None,
                silent=(silence.begins_s, silence.ends_s) if account == silence.account else None,
            )
            for account, key in zip(self.accounts, keys, strict=True)
        )
        return Fleet(panels=panels, plans=tuple(dues), manner=MANNER, first=first, seed=seed)

    def told(
        self, *, pace: float = PACE, days: int = 1, flood: bool = False, walk: bool = False, seed: int = 1
    ) -> list[Told]:
        """Every message of so many days, in order of time.

        Raises:
            BadInput: the pace or the number of days lies outside its limits.
        """
        if not PACE_MIN <= pace <= PACE_MAX:
            raise BadInput(
                f"The pace {pace:g} cannot be kept: it is at least {PACE_MIN:g}, one second of the town's day in one "
                f"of ours, and at most {PACE_MAX:g}.",
                "panel.limit",
            )
        if not 1 <= days <= DAYS_MAX:
            raise BadInput(f"The town has 1 to {DAYS_MAX} days at once.", "panel.limit")
        found = list(self._flood(seed)) if flood else []
        if walk:
            place = self._places[self.traffic.on_test.account]
            found += [Told(step.after_s, place, step.says, step.zone) for step in self.traffic.on_test.steps]
        for day in range(days):
            # Each day has dice of its own: a longer run begins with the same days.
            rng = seeded(seed * 1_000_003 + day)
            begin_s = day * DAY_S / pace
            for town_s, told in (*self._routine(rng), *self._happenings()):
                found.append(msgspec.structs.replace(told, at_s=begin_s + town_s / pace + told.at_s))
        return sorted(found, key=lambda told: (told.at_s, told.place))

    def recipe(self, told: Told) -> Recipe:
        """The message as its panel would send it, in the language that this panel speaks."""
        code, address_is = self.code(told)
        is_cid = self._speaks_contact_id(told.place)
        zone = None if told.zone is None or address_is == "none" else f"{told.zone:03d}"
        where = f"the demo's traffic, {told.says} of {self.accounts[told.place]}"
        if is_cid:
            qualifier = self.traffic.phrases[told.says].qualifier
            return check_recipe(Recipe(code=code, zone=zone, area="01", qualifier=qualifier), where)
        # A DC-03 panel sends the name of the zone along; Contact ID has no words.
        text = self.zones[told.place].get(told.zone) if told.zone is not None and address_is in NAMED else None
        return check_recipe(Recipe(code=code, zone=zone, area=None if zone is None else "1", text=text), where)

    def code(self, told: Told) -> tuple[str, str]:
        """The code of a message in its panel's language, and what its number means: zone, user, line, none ..."""
        phrase = self.traffic.phrases[told.says]
        is_cid = self._speaks_contact_id(told.place)
        code = phrase.cid if is_cid else phrase.sia
        assert code is not None, f"{self.accounts[told.place]} has no code for {told.says}"
        return code, codes("CID" if is_cid else "SIA")[code].address_is

    # What comes in a day, each with its second of the town's day; `at_s` is what stays as it is at every pace ---------

    def _routine(self, rng: Dice) -> Iterator[tuple[float, Told]]:
        for hours in self.traffic.hours:
            for site in hours.sites:
                place = self._place(site, "intrusion")
                for says, at in (("opened", hours.opens), ("closed", hours.closes)):
                    later_s = rng.random() * hours.within_min * 60
                    yield self._since_begin_s(at) + later_s, Told(0.0, place, says, 1 + rng.randrange(USERS))
        for place in range(len(self.rows)):
            yield rng.random() * DAY_S, Told(0.0, place, "test", None)
        for one in self.traffic.now_and_then:
            for _ in range(one.times_a_day):
                place = self._place(self.rows[3 * rng.randrange(len(self.rows) // 3)]["site"], one.panel)
                numbers = sorted(zone for zone in self.zones[place] if zone in WALKED)
                zone = numbers[rng.randrange(len(numbers))] if one.of_a_zone else None
                town_s = rng.random() * DAY_S
                yield town_s, Told(0.0, place, one.says, zone)
                if one.then is not None:
                    yield town_s, Told(one.then_after_s, place, one.then, zone)

    def _happenings(self) -> Iterator[tuple[float, Told]]:
        for happening in self.traffic.happening:
            for number, place in enumerate(self._places_of(happening)):
                for step in happening.steps:
                    at_s = number * happening.apart_s + step.after_s
                    yield self._since_begin_s(happening.at), Told(at_s, place, step.says, step.zone)

    def _flood(self, seed: int) -> Iterator[Told]:
        rng = seeded(seed * 1_000_003 - 1)
        shares = self.traffic.flood
        zones = [list(self._zones_named(share)) for share in shares]
        weights = [share.weight for share in shares]
        for number in range(FLOOD_ALARMS):
            (kind,) = rng.choices(range(len(shares)), weights)
            place, zone = rng.choice(zones[kind])
            yield Told(number * FLOOD_S / FLOOD_ALARMS, place, shares[kind].says, zone)

    def _zones_named(self, share: FloodShare) -> Iterable[tuple[int, int]]:
        for place, row in enumerate(self.rows):
            if row["name"] == PANEL_NAMES[share.panel]:
                yield from ((place, zone) for zone, name in self.zones[place].items() if name.startswith(share.name))

    def _place(self, site: str, panel: PanelKind) -> int:
        return self._kinds[site, PANEL_NAMES[panel]]

    def _places_of(self, happening: Happening) -> list[int]:
        if happening.account is not None:
            return [self._places[happening.account]]
        return [self._place(site, happening.panel) for site in happening.sites]

    def _speaks_contact_id(self, place: int) -> bool:
        return self.accounts[place] in self.traffic.contact_id

    def _since_begin_s(self, time: str) -> int:
        """Seconds of the town's day from its begin to this time."""
        return (_day_s(time) - _day_s(BEGINS)) % DAY_S


def town_time(elapsed_s: float, pace: float = PACE) -> str:
    """The town's clock so many seconds after the start."""
    minutes = (_day_s(BEGINS) + int(elapsed_s * pace)) % DAY_S // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _day_s(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60
