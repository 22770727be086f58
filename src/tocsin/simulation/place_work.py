"""What simulated people do about places: zones out of service, codes for installers, schedules that are kept or not.

An installer has no login: by a code that an operator gave out, a place is put on test from a telephone. A place with a
schedule opens in time, late, or not at all; its panel says so, and the judge knows which (`simulation.place_judge`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tocsin.centre.zones_out import WantedOut
from tocsin.model.errors import CentreFault, Refused
from tocsin.model.on_test import SiteTestCode
from tocsin.model.out_of_service import OUT_REASONS, ZonesOut
from tocsin.model.schedules import Schedule, ScheduleRow, WeekHours
from tocsin.model.values import Actor, Code, Micros, Ref, Secret, Seq, ZoneName
from tocsin.simulation.errands import Errand, Errands
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import BEGIN_US, SECOND_US, World
from tocsin.simulation.panels import Panel

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - its type alone; the seeded one comes from `system`

PLACE_CHANCE: Final = 0.12
"""A turn, in the shortest runs."""

MINUTE_US: Final = 60 * SECOND_US
DAY_MIN: Final = 24 * 60
ZONES: Final = tuple(Code(str(zone)) for zone in range(1, 9))
SET_OFF: Final = ("BA", "BA", "GA", "FA", "HA", "WA")
VISITS_MAX: Final = 40
OPEN_LATE_MIN: Final = 4
TRIES_S: Final = 20.0


class Promise(NamedTuple):
    """A place was given hours: what its people will do at opening time. Times are the world's, in seconds."""

    panel: Panel
    since: Micros
    """When the centre took the hours."""
    set_s: float
    opens_s: float
    due_s: float
    """Without an opening by then it is told."""
    due_at: Micros
    is_dated: bool
    """Facts had the time of the centre's clock then; after one that was set back they are ahead of it for a while."""


class Visit(NamedTuple):
    """An installer tried a code: what the centre said, and whether it had to open."""

    at_s: float
    left_s: float
    """Until the code's end, by the clock of the centre's machine."""
    is_opened: bool


class Places:
    """What has been done about all places of a run, as those outside know it."""

    def __init__(self, world: World, panels: Sequence[Panel]) -> None:
        """Begin with nothing."""
        self.world = world
        self.panels = {panel.setup.account: panel for panel in panels}
        self.account_of: dict[Ref, str] = {}
        """Number by the centre's name for it."""
        self.site_of: dict[str, Ref] = {}
        """The same the other way round, of its site."""
        self.promises: dict[Ref, list[Promise]] = {}
        """By schedule."""
        self.visits: list[Visit] = []
        self.outs = 0
        self.service: SimulatedService | None = None
        self.dice = world.dice("places")

    def took_out(self, out: ZonesOut) -> None:
        """Whoever works there sets the detectors off; and once they are back, one of them goes off in earnest."""
        self.outs += 1
        account = self.account_of.get(out.taken.account_id)
        if account is None:
            return
        panel, dice = self.panels[account], self.dice
        length_s = (out.until - out.taken_at) / SECOND_US
        for _ in range(dice.randrange(1, 4)):
            self._set_off(panel, out, dice.uniform(1, length_s))
        if dice.random() < 0.5:
            self._set_off(panel, out, length_s + dice.uniform(30, 600))

    def _set_off(self, panel: Panel, out: ZonesOut, after_s: float) -> None:
        code, zone = self.dice.choice(SET_OFF), int(self.dice.choice(out.taken.zones))
        self.world.after(after_s, lambda: self._say(panel, code, zone))

    def visit(self, code: SiteTestCode, secret: Secret) -> None:
        """An installer goes there with the code, uses it, and tries it again when its time is over."""
        if len(self.visits) >= VISITS_MAX:
            return
        left_s = (code.given.until - self.world.now_us()) / SECOND_US
        self.world.after(self.dice.uniform(5, max(6.0, left_s * 0.8)), lambda: self._use(code, secret))
        self.world.after(left_s + 120, lambda: self._use(code, secret))

    def _use(self, code: SiteTestCode, secret: Secret) -> None:
        service, now = self.service, self.world.now_us()
        if service is None or not service.takes_in:
            self.world.after(TRIES_S, lambda: self._use(code, secret))
            return
        codes = service.centre.test_codes
        try:
            found = codes.find(secret)
            self.visits.append(Visit(self.world.now_s, (code.given.until - now) / SECOND_US, found is not None))
            if found is not None:
                until = min(code.given.until, Micros(now + self.dice.randrange(2, 40) * MINUTE_US))
                codes.begin(found, (), "walk_test", until)
        except Refused:
            pass  # it goes on already
        except CentreFault:
            self.world.after(TRIES_S, lambda: self._use(code, secret))

    def keep_hours(self, schedule: Schedule, opens_min_ahead: int) -> None:
        """The place was given hours: from here on its people open in time, late, or not at all."""
        world, dice = self.world, self.dice
        wrong_us = world.wrong_us
        account = self.account_of.get(schedule.row.account_id)
        if account is None:
            return
        panel = self.panels[account]
        # By the clock of the centre's own machine the hours were set; who opens looks at a clock that is right.
        opens_at = (schedule.since // MINUTE_US + opens_min_ahead) * MINUTE_US
        opens_s = (opens_at - BEGIN_US - wrong_us) / SECOND_US
        due_at = Micros(opens_at + OPEN_LATE_MIN * MINUTE_US)
        due_s = opens_s + OPEN_LATE_MIN * 60
        is_dated = abs(world.now_us() - schedule.since) < 2 * SECOND_US
        made = Promise(panel, schedule.since, world.now_s, opens_s, due_s, due_at, is_dated)
        self.promises.setdefault(schedule.id, []).append(made)
        panel.report("CL", 1)
        chance = dice.random()
        if chance < 0.35:
            when_s = dice.uniform(opens_s, opens_s + OPEN_LATE_MIN * 60 * 0.6)
        elif chance < 0.5:
            when_s = due_s + dice.uniform(60, 1200)
        else:
            return
        world.at(when_s, lambda: self._say(panel, "OP", 1))

    @staticmethod
    def _say(panel: Panel, code: str, zone: int) -> None:
        panel.report(code, zone)


class PlaceWork:
    """One person's."""

    def __init__(self, person: Actor, accounts: Sequence[Ref], places: Places, dice: "Random", chance: float) -> None:
        """Be somebody who does such a thing with this chance a turn."""
        self._person = person
        self._accounts = list(accounts)
        self._places = places
        self._dice = dice
        self._chance = chance
        self._errands = Errands()
        self._own: list[ZonesOut] = []

    def act(self, service: SimulatedService) -> bool:
        """Do one thing about a place, where there is one to do; False: there was none."""
        return self._errands.go(service, lambda: self._want() if self._dice.random() < self._chance else None)

    def _want(self) -> Errand:
        dice, me = self._dice, self._person
        chance = dice.random()
        account = dice.choice(self._accounts)
        if chance < 0.25 and self._own:
            return self._go_on(self._own.pop(dice.randrange(len(self._own))))
        if chance < 0.5:
            zones = tuple(dice.sample(ZONES, dice.randrange(1, 5)))
            reason, length_s = dice.choice(OUT_REASONS), dice.randrange(60, 5400)
            not_live = ("fire",) if dice.random() < 0.1 else ()
            return lambda one: self._took(
                one.centre.zones_out.take_out(
                    WantedOut(
                        account_id=account, not_live=not_live, reason=reason, until=_in(one, length_s), zones=zones
                    ),
                    me,
                )
            )
        if chance < 0.62:
            length_s = dice.randrange(300, 7200)
            return lambda one: self._places.visit(
                *one.centre.test_codes.give(account, None, None, _in(one, length_s), me)
            )
        ahead_min, open_min, test_h = dice.randrange(3, 15), dice.randrange(180, 600), dice.choice((None, None, 24))
        return lambda one: self._set_hours(one, account, ahead_min, open_min, test_h)

    def _took(self, out: ZonesOut) -> None:
        self._own.append(out)
        self._places.took_out(out)

    def _go_on(self, out: ZonesOut) -> Errand:
        if self._dice.random() < 0.5:
            return lambda one: one.centre.zones_out.put_back(out.id, self._person)
        later = Micros(out.until + self._dice.randrange(60, 3600) * SECOND_US)

        def extend(service: SimulatedService) -> None:
            self._own.append(service.centre.zones_out.extend(out.id, later, self._person))

        return extend

    def _set_hours(
        self, service: SimulatedService, account: Ref, ahead_min: int, open_min: int, test_h: int | None
    ) -> None:
        """The place opens in some minutes, each weekday at that time."""
        known = next((one for one in service.parts._opened.store.schedules([account])), None)
        now = service.parts._clock.now_us()
        opens_min = (now // MINUTE_US + ahead_min) % DAY_MIN
        week = tuple(
            WeekHours(closes_min=opens_min + open_min, opens_min=opens_min, weekday=weekday) for weekday in range(7)
        )
        row = ScheduleRow(
            account_id=account,
            close_late_min=30,
            days=(),
            early_min=2,
            open_late_min=OPEN_LATE_MIN,
            partition=None,
            test_h=test_h,
            week=week,
            zone=ZoneName("UTC"),
        )
        made = service.centre.schedules.set(row, Seq(0) if known is None else known.seq, self._person)
        ahead = (opens_min - made.since // MINUTE_US) % DAY_MIN
        self._places.keep_hours(made, ahead)


def _in(service: SimulatedService, seconds: int) -> Micros:
    return Micros(service.parts._clock.now_us() + seconds * SECOND_US)


__all__ = ["PLACE_CHANCE", "PlaceWork", "Places", "Promise", "Visit"]
