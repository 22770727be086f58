"""Calls that a desk asks the centre's own telephone system for: a fact first, then the call, then what became of it.

The number leaves this module once, for the telephone system alone: no fact, table, answer or log has it. Whoever asks
for a call has read it, and that reading is a fact as any other. Nothing is tried again by itself: a telephone that
rings minutes later calls somebody whom nobody wants to speak to any more.
Source: INTEGRATIONS.md, section 14; decision 0082.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.centre.again import answer_before
from tocsin.centre.configuration import Run
from tocsin.centre.help_notes import HelpNotes, no_call_first
from tocsin.centre.lines import Lines
from tocsin.centre.ring_facts import dial_key, put
from tocsin.model.dials import (
    DIAL_ASKED,
    DIAL_FAILED,
    DIAL_PREFIX,
    DIAL_TOLD,
    DialAsked,
    DialFailed,
    DialFailure,
    DialTold,
)
from tocsin.model.errors import BadInput, Conflict, TooMany
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.rings import RINGS_MAX, Ring, StoredLine
from tocsin.model.values import Actor, Code, PersonalText, Ref
from tocsin.protocols.telephone import CallMessage
from tocsin.rules.dialling import asked, event_of, failed, is_news, may_fail, told

CALL_PREFIX: Final = f"tocsin-{DIAL_PREFIX}"
"""What stands before the number of a dial where the telephone system names it: no call of its own begins so."""

_PLAIN: Final = frozenset("0123456789*#")
_JSON: Final = msgspec.json.Encoder().encode
_RING: Final = msgspec.json.Decoder(Ring).decode


class DialWish(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call: a keyholder, or whom a step of the incident's plan names."""

    of: Ref | None = None
    telephone: int = 1
    """Which of the keyholder's numbers, from 1."""
    step: Code | None = None
    is_anyway: bool = False
    """Somebody decided to call the premises of a silent call for help all the same."""


class Dials:
    """Calls that desks ask for. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        notes: HelpNotes,
        lines: Lines,
        step_number: Callable[[Incident, Code], PersonalText | None],
        on_changed: Callable[[], None],
    ) -> None:
        """Work on these; `step_number` says whom a step of an incident's plan calls."""
        self._store = store
        self._run = run
        self._notes = notes
        self._lines = lines
        self._step_number = step_number
        self._on_changed = on_changed

    def line_of(self, actor: Actor) -> StoredLine | None:
        """The telephone of the desk where somebody is on shift; None: no shift, or that desk has none."""
        desks = [one.desk for one in self._store.shifts() if one.user == actor]
        return next((one for one in self._lines.all() if one.row.desk in desks), None)

    def of(self, actor: Actor) -> list[Ring]:
        """What somebody asked for, in the order in which they did: nobody else is shown of which incident."""
        return [one for one in self._store.rings() if one.dial is not None and one.dial.by == actor]

    def ask(self, incident: Ref, wish: DialWish, actor: Actor, command: Code) -> tuple[Ring, str | None]:
        """Note that somebody is to be called; return the dial, and the number for the telephone system.

        Durable when it returns. The same command again returns the dial, and no number: it was called.

        Raises:
            BadInput: there is no such incident, keyholder, number or step.
            Conflict: the incident is closed or an exercise, nobody is called first there, or the desk has no telephone.
            TooMany: as many calls are kept as can be.
        """
        digest = _JSON((str(incident), wish))
        found = self._open(incident)
        line = self.line_of(actor)
        if line is None or line.row.desk is None:
            raise Conflict(
                "You are on shift at no desk whose telephone is known. Nobody was called. Dial by hand; under Ways in, "
                "Telephone lines, each desk is given its telephone",
                "dial.no_extension",
            )
        if wish.of is not None and no_call_first(found) and not wish.is_anyway:
            raise Conflict(
                f"Incident {found.number} is a silent call for help: nobody there is called first. Nobody was called. "
                "Call the police; if you decide to call all the same, do it from the call list",
                "dial.silent",
            )
        place, number = self._whom(found, wish, actor)
        body = DialAsked(
            desk=line.row.desk,
            exercise=False,
            extension=line.row.number,
            of=wish.of,
            place=place,
            step=wish.step,
            telephone=None if wish.of is None else wish.telephone,
        )

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[Ring, str | None]:
            kept = answer_before(transaction, actor, command, digest, "Nobody was called")
            if kept is not None:
                before = _RING(kept)
                return self._store.ring(before.id) or before, None
            if len(self._store.rings()) >= RINGS_MAX:
                raise TooMany(
                    f"{RINGS_MAX:,} calls are kept, and no more can be. Nobody was called. Dial by hand",
                    "ring.full",
                    60,
                )
            seq = appender.append(Fact(kind=DIAL_ASKED, body=body, ref=incident, actor=actor))
            ring = asked(body, dial_key(seq), seq, appender.at, incident, actor)
            put(transaction, appender, ring, actor)
            transaction.add_incident_facts([(incident, seq)])
            transaction.put_command(actor, command, appender.at, digest, _JSON(ring))
            return ring, number

        ring, number = self._run(lambda journal: journal.decide(work))
        self._on_changed()
        return ring, number

    def fail(self, dial: Ref, reason: DialFailure) -> Ring | None:
        """Note that the telephone system did not take it, unless it told otherwise meanwhile; return it as it is."""

        def work(transaction: StoreTransaction, appender: Appender) -> Ring | None:
            ring = self._store.ring(dial)
            if ring is None or not may_fail(ring):
                return ring
            body = DialFailed(dial=dial, exercise=False, reason=reason)
            seq = appender.append(Fact(kind=DIAL_FAILED, body=body, ref=ring.incident))
            ring = failed(ring, reason, seq, appender.at)
            self._put(transaction, appender, ring)
            return ring

        ring = self._run(lambda journal: journal.decide(work))
        self._on_changed()
        return ring

    def tell(self, source: Ref, message: CallMessage) -> tuple[Ring, bool] | None:
        """Store what a telephone system tells of a dial; return it as it is then, and whether that was news.

        None: it tells of a call of its own.

        Raises:
            BadInput: there is no such dial, or not any more.
            CentreFault: it could not be stored; telling it again can help.
        """
        number = str(message.call).removeprefix(CALL_PREFIX)
        if number == message.call or not (number.isascii() and number.isdigit()):
            return None
        id_ = Ref(DIAL_PREFIX + number)

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[Ring, bool]:
            ring = self._store.ring(id_)
            if ring is None or ring.dial is None:
                raise BadInput(
                    "There is no such dial, or it was over long ago. Nothing was stored. Nothing needs to be done",
                    "dial.unknown",
                )
            event = event_of(ring, message.event, message.extension)
            if event is None or not is_news(ring, event):
                return ring, False
            body = DialTold(dial=id_, event=event, exercise=False, source=source)
            ring = told(ring, event, appender.append(Fact(kind=DIAL_TOLD, body=body, ref=ring.incident)), appender.at)
            self._put(transaction, appender, ring)
            return ring, True

        ring, news = self._run(lambda journal: journal.decide(work))
        if news:
            self._on_changed()
        return ring, news

    def _put(self, transaction: StoreTransaction, appender: Appender, ring: Ring) -> None:
        put(transaction, appender, ring)
        assert ring.incident is not None, "a dial is about an incident"
        transaction.add_incident_facts([(ring.incident, ring.seq)])

    def _open(self, id_: Ref) -> Incident:
        found = self._store.incident(id_)
        if found is None:
            raise BadInput("There is no such incident. Nobody was called. Look at the queue again", "incident.unknown")
        if found.state == "closed":
            raise Conflict(f"Incident {found.number} is closed. Nobody was called. Reopen it first", "incident.closed")
        if found.exercise:
            raise Conflict(
                f"Incident {found.number} is an exercise: nothing leaves the room. Nobody was called. Say what you "
                "would do",
                "dial.exercise",
            )
        return found

    def _whom(self, incident: Incident, wish: DialWish, actor: Actor) -> tuple[int | None, str]:
        """Their place on the call list, and the number as it is dialled."""
        if wish.of is None:
            told = None if wish.step is None else self._step_number(incident, wish.step)
            if told is None:
                raise BadInput(
                    f"Incident {incident.number}: that step of its plan calls no number. Nobody was called. Look at "
                    "the plan again",
                    "dial.step",
                )
            return None, dialled(told)
        listed = self._notes.call_list(incident.id, actor)
        found = next((one for one in listed if one.id == wish.of), None)
        numbers = () if found is None or found.contact is None else found.contact.telephones
        if found is None or not 1 <= wish.telephone <= len(numbers):
            raise BadInput(
                f"Incident {incident.number}: its call list has no such number, or not any more. Nobody was called. "
                "Look at the list again",
                "dial.whom",
            )
        return found.row.order, dialled(numbers[wish.telephone - 1])


def call_of(dial: Ref) -> str:
    """What the telephone system calls a dial, in whatever it tells of it."""
    return CALL_PREFIX + dial.removeprefix(DIAL_PREFIX)


def dialled(number: str) -> str:
    """A number as it is dialled: digits, `*` and `#` alone, with the + in front of it."""
    plain = "".join(sign for sign in number if sign in _PLAIN)
    return f"+{plain}" if number.strip().startswith("+") else plain
