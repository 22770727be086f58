"""Providers that fail, and people's telephones: what was really sent to whom, whatever the centre says of it."""

import re
from collections import Counter
from collections.abc import Callable, Collection
from typing import Final, Literal

from tocsin.model.errors import CentreFault
from tocsin.model.notices import (
    Accepted,
    ContactAddress,
    Failed,
    Message,
    Notice,
    NoticeAnswer,
    Outcome,
    Receipt,
    Retry,
)
from tocsin.model.values import Code, Ref, Secret
from tocsin.rules.chains import of_incident, standing_of
from tocsin.simulation.host import Host, SimulatedService
from tocsin.simulation.machine import SimulatedDeath, World
from tocsin.system import sleep

Mood = Literal["well", "error", "hangs", "swallows", "bounces"]
MOODS: Final[tuple[Mood, ...]] = ("error", "hangs", "swallows", "bounces")
FOREVER_S: Final = 1e6
KEY: Final = re.compile(r"(notice-[0-9]+)-([0-9]+)-([0-9]+)\Z")
"""What a provider is given as a key: the notice, its way, and how often that was dialled."""


class Phones:
    """What came out of the centre: every hand-over to a provider, by its key, and what the people said."""

    def __init__(self, world: World, host: Host, faults: Collection[str]) -> None:
        """Begin with everything well."""
        self.world = world
        self.host = host
        self.service: SimulatedService | None = None
        self.has_faults = "providers" in faults
        self.dice = world.dice("phones")
        self.handed: Counter[str] = Counter()
        """By key of the attempt: how often it was handed to a provider."""
        self.handed_notices: set[Ref] = set()
        self.handed_s = float("-inf")
        """When something was handed to a provider last."""
        self.accepted: set[str] = set()
        """Keys of attempts that a provider took."""
        self.had: set[str] = set()
        """Keys of attempts that came to a telephone."""
        self.answers = 0
        self.wrong: list[str] = []
        """What people were told that was not so."""

    def hand(self, message: Message) -> None:
        """A provider is given it, whatever becomes of it there."""
        self.handed[message.key] += 1
        self.handed_s = self.world.now_s
        found = KEY.search(message.key)
        assert found is not None, "each key names its notice"
        self.handed_notices.add(Ref(found[1]))

    def told(self, message: Message) -> None:
        """A person has it: the device says so, and perhaps the person answers."""
        dice, world = self.dice, self.world
        self.had.add(message.key)
        path = message.callback_url.rpartition("/")[2]
        world.after(dice.uniform(0.5, 20), lambda: self._receive(path, "delivered"))
        if dice.random() < 0.2:
            world.after(dice.uniform(1, 30), lambda: self._receive(path, "delivered"))
        if dice.random() < 0.4:
            answer: NoticeAnswer = "coming" if dice.random() < 0.6 else "cannot"
            world.after(dice.uniform(5, 900), lambda: self._answer(message.answer_url.rpartition("/")[2], answer))

    def _receive(self, path: str, receipt: Receipt) -> None:
        service = self.service
        if service is None or not service.takes_in:
            return
        outbox = service.centre.outbox
        try:
            link = outbox.link(path)
            if link is not None:
                outbox.receipt(link, receipt)
        except CentreFault:
            self.world.after(30, lambda: self._receive(path, receipt))

    def _answer(self, path: str, answer: NoticeAnswer) -> None:
        service = self.service
        if service is None or not service.takes_in:
            self.world.after(20, lambda: self._answer(path, answer))  # the page says so, and people try again
            return
        outbox = service.centre.outbox
        try:
            link = outbox.link(path)
            if link is not None:
                if answer == "coming":
                    self._look_whether_full(service, link.notice)
                outbox.answer(link, answer)
                self.answers += 1
        except CentreFault:
            self.world.after(20, lambda: self._answer(path, answer))

    def _look_whether_full(self, service: SimulatedService, notice: Notice) -> None:
        """Who hears that enough are coming is none of those who are missing."""
        store, escalating = service.parts._opened.store, service.centre.escalating
        incident = None if notice.incident is None else store.incident(notice.incident)
        plan = None if incident is None else escalating.plan_of(of_incident(incident))
        if incident is None or plan is None or plan.strength is None or not service.centre.outbox.is_full(notice):
            return
        others = [one for one in store.notices(1_000, incident=incident.id) if one.recipient != notice.recipient]
        standing = standing_of(plan.strength, others, [one.row for one in store.groups()])
        if standing is not None and not standing.is_reached:
            self.wrong.append(
                f"{notice.recipient} heard that enough are coming to {incident.id}, and is missing there."
            )


class Provider:
    """One provider of one channel (`model.ports.Notifier`)."""

    def __init__(self, name: str, phones: Phones) -> None:
        """Begin well; the mood changes by chance."""
        self.name = name
        self._phones = phones
        self._dice = phones.world.dice(f"provider {name}")
        self._mood: Mood = "well"
        if phones.has_faults:
            phones.world.after(self._dice.uniform(600, 7200), self._change)

    def _change(self) -> None:
        """From well to something else for a while, and back."""
        dice = self._dice
        self._mood = dice.choice(MOODS) if self._mood == "well" else "well"
        self._phones.world.after(dice.uniform(60, 3600) * (1 if self._mood != "well" else 3), self._change)

    def _look(self) -> Callable[[], Outcome]:
        dice = self._dice
        mood: Mood = self._mood
        if self._phones.has_faults and mood == "well" and dice.random() < 0.05:
            mood = dice.choice(MOODS)
        if mood == "bounces" and dice.random() < 0.9:
            mood = "error"  # a number that is no more is rare, whoever says so
        made: dict[Mood, Callable[[], Outcome]] = {
            "well": lambda: Accepted(Secret(f"{self.name}-{dice.randrange(1 << 30)}")),
            "swallows": lambda: Accepted(None),
            "error": lambda: Retry(None, Code("http_503")),
            "bounces": lambda: Failed(Code("no_such_number"), is_gone=True),
            "hangs": lambda: Retry(None, Code("hangs")),
        }
        self._mood_now = mood
        return made[mood]

    async def send(self, message: Message, address: ContactAddress) -> Outcome:
        """Take it, or not, as the mood is."""
        del address
        phones = self._phones
        if phones.host.disk.is_dead:
            raise SimulatedDeath
        answer = self._look()
        mood = self._mood_now
        phones.hand(message)
        await sleep(FOREVER_S if mood == "hangs" else self._dice.uniform(0.1, 3.0))
        outcome = answer()
        if isinstance(outcome, Accepted):
            phones.accepted.add(message.key)
            if mood == "well":
                phones.told(message)
        return outcome

    async def close(self) -> None:
        """Nothing is held."""
