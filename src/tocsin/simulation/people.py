"""Impatient operators: they claim, note, hand back, close, reopen, put places on test and lock their desks.

They act by the same parts that the web part asks: a session opened by a link, its roles, and the centre's commands. Who
gets no answer gives the same command again, under the same id, until there is one.
"""

from typing import Any, Final

from tocsin.centre.centre import CLI
from tocsin.centre.site_tests import Wanted
from tocsin.model.action_plans import PlanState
from tocsin.model.commands import AddNote, Claim, Close, Command, DoStep, IncidentAct, Release, Reopen, WaiveStep
from tocsin.model.errors import BadInput, CentreFault, Conflict, Forbidden, Refused
from tocsin.model.incidents import DISPOSITIONS, Incident
from tocsin.model.notices import ContactAddress
from tocsin.model.values import Actor, Code, Micros, Ref, Secret, Seq
from tocsin.rules.action_plan import results_of, steps_of
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import SECOND_US, World
from tocsin.simulation.part_work import PartWork
from tocsin.simulation.place_work import PlaceWork
from tocsin.simulation.shelf_work import ShelfWork
from tocsin.simulation.shift_work import ShiftWork

PIN: Final = "482913"
ADDRESS: Final = "192.0.2.7"
GIVES_UP_AFTER: Final = 500
NOTE_CHANCE: Final = 0.35
AWAY_CHANCE: Final = 0.02
IMPATIENT_CHANCE: Final = 0.2
"""Closes though steps are undone, and is refused."""

LEAVES_UNDONE_CHANCE: Final = 0.4
LEAVES_CHANCE: Final = 0.5
"""Who is away has closed the console with it: nobody is at the desk, for the centre too."""


class Given:
    """One command that somebody gave, until it was answered."""

    __slots__ = ("answer", "command", "refused", "text", "times")

    def __init__(self, command: Command, text: str | None) -> None:
        self.command = command
        self.text = text
        self.times = 0
        self.answer: Seq | None = None
        """The incident's version that the answer named."""
        self.refused: str | None = None


class Operator:
    """Somebody at a desk."""

    def __init__(self, name: str, roles: tuple[str, ...], world: World, attention: float, *, is_testing: bool) -> None:
        """Be somebody with these roles, who takes up what waits with this chance a look."""
        self.name = name
        self.roles = roles
        self.world = world
        self.dice = world.dice(f"operator {name}")
        self.attention = attention
        self.is_testing = is_testing
        self.given: list[Given] = []
        self.doubles: list[str] = []
        """Commands that were answered differently when they came again."""
        self.service: SimulatedService | None = None
        self.id: Actor | None = None
        self.accounts: list[Ref] = []
        self.tests: list[tuple[Ref, Micros]] = []
        self.work: ShiftWork | None = None
        self.place_work: PlaceWork | None = None
        self.shelf_work: ShelfWork | None = None
        self.part_work: PartWork | None = None
        self._secret: Secret | None = None
        self._session: Ref | None = None
        self._waiting: Given | None = None
        self._is_off = False
        self._away_until_s = 0.0
        self._has_left = False

    def begin(self) -> None:
        """Come to the desk."""
        self.world.after(self.dice.uniform(1, 30), self._turn)

    def go_home(self) -> None:
        """Leave; nobody sits there any more."""
        self._is_off = True

    def _turn(self) -> None:
        if self._is_off:
            return
        self.world.after(self.dice.uniform(4, 40), self._turn)
        service = self.service
        if service is None or not service.takes_in or self._waiting is not None:
            return
        is_away = self._is_away()
        if self._session is not None and is_away and self._has_left:
            service.consoles.discard(self._session)
        if is_away:
            return
        try:
            if self._sits(service):
                self._begin_or_act(service)
        except Refused:
            pass  # somebody was quicker, or the door is shut for a moment
        except CentreFault:
            pass  # the screen says that it could not be done

    def _is_away(self) -> bool:
        """Now and then nobody looks for some minutes."""
        if self.dice.random() < AWAY_CHANCE:
            self._away_until_s = self.world.now_s + self.dice.uniform(60, 900)
            self._has_left = self.dice.random() < LEAVES_CHANCE
        return self.world.now_s < self._away_until_s

    # Coming in -------------------------------------------------------------------------------------------------------

    def enroll(self, service: SimulatedService) -> None:
        """Become a user, who is reached by telephone."""
        access, centre = service.parts._access, service.centre
        self.id = access.set_user(self.name, self.roles, CLI)
        access.set_pin(self.id, PIN)
        self.reach(service)
        for channel in ("sms", "email"):
            self._add_contact(centre, channel)

    def reach(self, service: SimulatedService) -> None:
        """Supervisors are called from home; operators are on duty while they are on shift."""
        assert self.id is not None, "enrolled"
        contacts, now = service.centre.contacts, self.world.now_us()
        if "supervisor" in self.roles:
            contacts.set_reach(self.id, "from_home", not_now_until=None, on_duty_until=None)
        elif self.work is None:  # from then on duty follows the shift
            until = Micros(now + 9 * 3600 * SECOND_US)
            contacts.set_reach(self.id, "on_shift", not_now_until=None, on_duty_until=until)

    def keep_reachable(self) -> None:
        """Who lost a contact to a bounce enters it again."""
        service = self.service
        if service is None or not service.takes_in or self.id is None:
            return
        try:
            known = {contact.row.channel for contact, _ in service.centre.contacts.of(self.id)}
            for channel in ("sms", "email"):
                if channel not in known:
                    self._add_contact(service.centre, channel)
            self.reach(service)
        except (CentreFault, Refused):
            pass  # the next time

    def _add_contact(self, centre: Any, channel: str) -> None:
        text = "+12025550177" if channel == "sms" else "somebody@example.org"
        centre.contacts.add(self.id, channel, ContactAddress(address=text))

    def _sits(self, service: SimulatedService) -> bool:
        """Is there an open session at an unlocked desk? Else this turn is used for that."""
        access = service.parts._access
        live = None if self._secret is None else access.session(self._secret)
        if live is None:
            link = access.create_link(self.id, CLI)
            self._secret, live = access.sign_in(link.secret, ADDRESS)
            self._session = live.id
            return False
        if live.locked:
            live = access.unlock(live.id, PIN, ADDRESS)
            assert not live.locked, "it was unlocked"
            return False
        service.consoles.add(live.id)
        if self.dice.random() < 0.004:
            access.lock(live.id)
            assert access.session(self._secret).locked, "a locked desk takes no commands"
            return False
        return True

    # Acting ----------------------------------------------------------------------------------------------------------

    def _begin_or_act(self, service: SimulatedService) -> None:
        """Whoever is not on shift goes on shift first; supervisors act either way."""
        work = self.work
        assert work is not None, "enrolled"
        if work.act(service, service.present()):
            return
        if "supervisor" in self.roles or work.is_on(service):
            self._act(service)

    def _act(self, service: SimulatedService) -> None:
        dice = self.dice
        if self.place_work is not None and self.place_work.act(service):
            return
        if self.is_testing and dice.random() < 0.02:
            self._put_on_test(service)
            return
        board = service.parts._screens.board
        queue: list[Incident] = board.all()
        if self.part_work is not None and self.part_work.act(service, queue):
            return
        if self.shelf_work is not None and (wanted := self.shelf_work.want(queue)) is not None:
            self._give(service, *wanted)
            return
        own = [one for one in queue if one.claimed_by == self.id]
        if own and dice.random() < 0.7:
            self._handle_own(service, dice.choice(own[:10]))
            return
        waiting = [one for one in queue if one.claimed_by is None]
        if waiting and len(own) < 6 and dice.random() < self.attention:
            self._give(service, waiting[0], Claim())
        elif queue and dice.random() < 0.02:
            self._give(service, dice.choice(queue[:20]), Claim(take_over=True))
        elif dice.random() < 0.01:
            closed = service.parts._opened.store.incidents("closed", None, 5)
            if closed:
                self._give(service, dice.choice(closed), Reopen(reason="more_to_do"))

    def _handle_own(self, service: SimulatedService, incident: Incident) -> None:
        dice = self.dice
        chance = dice.random()
        if chance < NOTE_CHANCE:
            self._give(service, incident, AddNote(note=Ref("")), f"note {len(self.given)} of {self.name}")
        elif chance < NOTE_CHANCE + 0.08:
            self._give(service, incident, Release())
        elif incident.plan is not None and incident.plan.undone and dice.random() > IMPATIENT_CHANCE:
            self._give(service, incident, self._step(service, incident.plan))
        else:
            self._give(service, incident, Close(disposition=dice.choice(DISPOSITIONS)))

    def _step(self, service: SimulatedService, plan: PlanState) -> IncidentAct:
        """Do the step whose turn it is, or leave what is left undone: before that nothing is closed."""
        stored = service.centre.planning.version(plan.version, plan.hash)
        step = None if stored is None or plan.step is None else steps_of(stored.row)[plan.step]
        if step is None or step.kind == "wait" or self.dice.random() < LEAVES_UNDONE_CHANCE:
            return WaiveStep(step=plan.step or plan.undone[0], reason="other_first", all_undone=True)
        is_listed = step.kind == "call" and step.call == "keyholders"
        return DoStep(step=step.id, result=Code("nobody") if is_listed else self.dice.choice(results_of(step)))

    def _give(self, service: SimulatedService, incident: Incident, act: IncidentAct, text: str | None = None) -> None:
        assert self.id is not None, "enrolled"
        id_ = Code(f"{self.name}-{len(self.given)}")
        command = Command(actor=self.id, id=id_, incident=incident.id, version=incident.version, act=act)
        given = Given(command, text)
        self.given.append(given)
        self._waiting = given
        self._send(given, service)
        if self.dice.random() < 0.15:
            self.world.after(self.dice.uniform(0.05, 3), lambda: self._send_again(given))  # a double click

    def _send(self, given: Given, service: SimulatedService) -> None:
        """Give it to the centre; where no answer comes, again in a while."""
        given.times += 1
        # Whatever happens to the process while it is at it: somebody waits for an answer.
        if given.answer is None and given.refused is None and given.times < GIVES_UP_AFTER:
            times = given.times
            self.world.after(self.dice.uniform(2, 15), lambda: self._ask_again(given, times))
        try:
            _, seq = service.centre.incident_texts.handle(given.command, given.text)
        except (Conflict, BadInput, Forbidden) as refusal:
            if given.answer is not None:
                self.doubles.append(f"{given.command.id} was done, and refused when it came again: {refusal.code}")
            given.refused = refusal.code
        except CentreFault:
            return
        else:
            if given.answer is not None and given.answer != seq:
                self.doubles.append(f"{given.command.id} was answered by {given.answer}, and then by {seq}")
            given.answer = seq
        if self._waiting is given:
            self._waiting = None

    def _ask_again(self, given: Given, times: int) -> None:
        if given.answer is None and given.refused is None and given.times == times:
            self._send_again(given)

    def _send_again(self, given: Given) -> None:
        service = self.service
        if given.refused is not None:
            return
        if service is not None and service.takes_in:
            self._send(given, service)
        elif given.answer is None:
            self.world.after(self.dice.uniform(3, 10), lambda: self._send_again(given))

    def _put_on_test(self, service: SimulatedService) -> None:
        dice = self.dice
        assert self.id is not None, "enrolled"
        now = self.world.now_us()
        tests = service.centre.site_tests
        live = [(id_, until) for id_, until in self.tests if until > now]
        if live and dice.random() < 0.3:
            test, until = dice.choice(live)
            if dice.random() < 0.5:
                tests.end(test, self.id)
            else:
                until = Micros(until + 600 * SECOND_US)
                tests.extend(test, until, self.id)
                self.tests.append((test, until))
            return
        wanted = Wanted(
            account_id=dice.choice(self.accounts),
            asked_by="installer",
            company=None,
            live=(),
            not_live=(),
            partition=None,
            reason="maintenance",
            site_id=None,
            until=Micros(now + dice.randrange(120, 5400) * SECOND_US),
            zones=(),
        )
        test = tests.begin(wanted, self.id)
        self.tests.append((test.id, test.until))
