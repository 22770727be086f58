"""Check-ins of lone workers: one a person, with a durable timer, ended by its person or by an incident.

The timer belongs to the check-in: both are written in one transaction, so what was acknowledged survives a kill. First
it reminds, then it opens an incident, in the same transaction as the check-in's end. No desk sees a check-in before.
Source: SCOPE.md, "lone worker"; decision 0072.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.centre.again import answer_before, keyed_digest
from tocsin.centre.check_in_facts import begun, ended, prolonged, reminded
from tocsin.centre.configuration import Run
from tocsin.centre.reporting import Report, SealedReport
from tocsin.centre.timers import Timers, set_timer
from tocsin.centre.values import Values
from tocsin.model.call_forms import REPORT_FIELD, CallWords, ReportedPlace
from tocsin.model.catalogue import Catalogue
from tocsin.model.check_ins import (
    CHECK_IN_BEGUN,
    CHECK_IN_DUE,
    CHECK_IN_ENDED,
    CHECK_IN_ERASED,
    CHECK_IN_FIELD,
    CHECK_IN_GONE,
    CHECK_IN_PROLONGED,
    CHECK_IN_REMINDED,
    MISSED_HOURS,
    OPEN_MAX,
    CheckIn,
    CheckInBegun,
    CheckInEnded,
    CheckInEndedAs,
    CheckInErased,
    CheckInProlonged,
    CheckInReminded,
)
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.retention import HOUR_US
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.check_ins import due_after, due_once_reminded, remind_at

MISSED_TYPE: Final = "WELFARE-LONEWORKER"
_BEGUN: Final = Code("begun")
_PURPOSE: Final = b"tocsin check-in 1\0"
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_WORDS: Final = msgspec.msgpack.Decoder(CallWords).decode
_JSON: Final = msgspec.json.Encoder().encode
_CHECK_IN: Final = msgspec.json.Decoder(CheckIn)

OpenIn = Callable[[StoreTransaction, Appender, Report], Incident]
"""Opens an incident in a transaction of the writer (`core.open_in`)."""

Opened = Callable[[Sequence[Incident], Seq], None]
Settle = Callable[[bool], None]
Remind = Callable[[StoreTransaction, Appender, CheckIn], None]
"""Has somebody told that the time is nearly over."""

Heard = Callable[[StoreTransaction, Appender, Actor], None]


class CheckIns:
    """Check-ins of a centre: what their people do. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        values: Values,
        placed: Callable[[CallWords, Ref | None, str | None], tuple[CallWords, Ref | None, ReportedPlace]],
        key: Callable[[], bytes],
        heard: Heard,
    ) -> None:
        """Work on these; `placed` says where a code or a chosen site is (`DutyReports.placed`).

        `heard` ends the reminders of somebody who was heard of.
        """
        self._store = store
        self._run = run
        self._values = values
        self._placed = placed
        self._key = key
        self._heard = heard

    def of(self, user: Actor) -> CheckIn | None:
        """Somebody's own: the one that goes on, else one that was missed lately."""
        own = [one for one in self._store.check_ins() if one.user == user and one.outcome != "well"]
        return next((one for one in own if one.outcome is None), own[-1] if own else None)

    def begin(
        self, minutes: int, words: CallWords, actor: Actor, id_: Code, *, site_id: Ref | None, code: str | None
    ) -> CheckIn:
        """Begin one; durable with its timer when it returns. The same command again gets the same answer.

        Raises:
            Conflict: one of this person goes on already, there are too many, or another command had this id.
        """
        words, site_id, place = self._placed(words, site_id, code)
        data = _ENCODE(words)
        digest = self._digest(b"begin", f"{minutes} {site_id} {place}".encode() + b"\0" + data)

        def work(transaction: StoreTransaction, appender: Appender) -> CheckIn:
            if (kept := answer_before(transaction, actor, id_, digest)) is not None:
                return _CHECK_IN.decode(kept)
            open_ = [one for one in self._store.check_ins() if one.outcome is None]
            if any(one.user == actor for one in open_):
                raise Conflict(
                    "A check-in of yours goes on already. Nothing was begun. End it, or let it go on",
                    "check_in.running",
                )
            if len(open_) >= OPEN_MAX:
                raise Conflict(
                    f"{OPEN_MAX:,} check-ins go on, which is the limit. Nothing was begun: nobody watches. Telephone",
                    "check_in.full",
                )
            # The value is sealed under the check-in's own key, whose name is the seq that comes next.
            holder = Ref(f"checkin-{appender.seq + 1}")
            value = self._values.seal(holder, CHECK_IN_FIELD, data, is_new=True)
            due_at = due_after(appender.at, minutes)
            body = CheckInBegun(
                due_at=due_at, exercise=False, minutes=minutes, place=place, site_id=site_id, value=value.ref
            )
            seq = appender.append(Fact(kind=CHECK_IN_BEGUN, body=body, actor=actor))
            one = begun(body, seq, appender.at, actor)
            assert one.id == holder, "the writer alone numbers facts"
            self._values.store(transaction, [value], appender.at)
            set_timer(transaction, appender, CHECK_IN_DUE, one.id, remind_at(due_at, minutes), _BEGUN, actor=actor)
            transaction.put_check_in(one)
            transaction.put_command(actor, id_, appender.at, digest, _JSON(one))
            return one

        return self._run(lambda journal: journal.decide(work))

    def prolong(self, id_: Ref, minutes: int, actor: Actor, command: Code) -> CheckIn:
        """All is well, and it goes on for so long from now.

        Raises:
            BadInput, Conflict: as `end`.
        """
        digest = self._digest(b"prolong", f"{id_} {minutes}".encode())

        def work(transaction: StoreTransaction, appender: Appender) -> CheckIn:
            if (kept := answer_before(transaction, actor, command, digest)) is not None:
                return _CHECK_IN.decode(kept)
            one = self._own(id_, actor)
            body = CheckInProlonged(due_at=due_after(appender.at, minutes), exercise=False, minutes=minutes)
            seq = appender.append(Fact(kind=CHECK_IN_PROLONGED, body=body, ref=id_, actor=actor))
            one = prolonged(one, body, seq)
            due_at = remind_at(body.due_at, minutes)
            set_timer(transaction, appender, CHECK_IN_DUE, id_, due_at, Code("prolonged"), actor=actor)
            transaction.put_check_in(one)
            self._heard(transaction, appender, actor)
            transaction.put_command(actor, command, appender.at, digest, _JSON(one))
            return one

        return self._run(lambda journal: journal.decide(work))

    def end(self, id_: Ref, actor: Actor, command: Code) -> CheckIn:
        """All is well, and it is over. Durable when it returns: no incident is opened.

        Raises:
            BadInput: this person has no such check-in.
            Conflict: it was missed, and the room looks after it now; or another command had this id.
        """
        digest = self._digest(b"end", id_.encode())

        def work(transaction: StoreTransaction, appender: Appender) -> CheckIn:
            if (kept := answer_before(transaction, actor, command, digest)) is not None:
                return _CHECK_IN.decode(kept)
            one = put_end(transaction, appender, self._own(id_, actor), "well", None, actor)
            self._heard(transaction, appender, actor)
            transaction.put_command(actor, command, appender.at, digest, _JSON(one))
            return one

        return self._run(lambda journal: journal.decide(work))

    def _own(self, id_: Ref, actor: Actor) -> CheckIn:
        found = self._store.check_in(id_)
        if found is None or found.user != actor or found.outcome == "well":
            raise BadInput(
                "You have no such check-in, or it has ended. Nothing was changed. Look at the page again",
                "check_in.unknown",
            )
        if found.outcome == "missed":
            raise Conflict(
                "This check-in was missed: the control room looks for you. Nothing was changed. Telephone them now",
                "check_in.missed",
            )
        return found

    def _digest(self, act: bytes, data: bytes) -> bytes:
        return keyed_digest(self._key(), _PURPOSE, act, data)


def put_end(
    transaction: StoreTransaction,
    appender: Appender,
    one: CheckIn,
    outcome: CheckInEndedAs,
    incident: Ref | None,
    actor: Actor | None,
) -> CheckIn:
    """Put that it is over, and by when what was typed goes; its deadline ends."""
    body = CheckInEnded(exercise=False, incident=incident, outcome=outcome)
    one = ended(one, body, appender.append(Fact(kind=CHECK_IN_ENDED, body=body, ref=one.id, actor=actor)))
    transaction.put_check_in(one)
    if outcome == "well":
        set_timer(transaction, appender, CHECK_IN_DUE, one.id, None, Code(outcome), actor=actor)
    gone_at = Micros(appender.at + (0 if outcome == "well" else MISSED_HOURS * HOUR_US))
    set_timer(transaction, appender, CHECK_IN_GONE, one.id, gone_at, Code(outcome), actor=actor)
    return one


class CheckInDue:
    """Reminds, and then opens an incident (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store, values: Values, catalogue: Callable[[], Catalogue], remind: Remind) -> None:
        """Work on these; `use` comes before the first timer."""
        self._store = store
        self._values = values
        self._catalogue = catalogue
        self._remind = remind
        self._open_in: OpenIn | None = None
        self._opened: Opened | None = None
        self._settle: Settle | None = None
        self._made: list[Incident] = []

    def use(self, open_in: OpenIn, opened: Opened, settle: Settle) -> None:
        """Open incidents by these from now on."""
        self._open_in, self._opened, self._settle = open_in, opened, settle

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Its time is its own."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; what an attempt before this one left in memory is forgotten."""
        del timers, now
        if self._made and self._settle is not None:
            self._settle(False)
        self._made = []

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Remind once; the next time open an incident."""
        one = self._store.check_in(timer.ref)
        if one is None or one.outcome is not None:
            return None
        if one.reminded_at is None:
            body = CheckInReminded(due_at=due_once_reminded(one, appender.at), exercise=False)
            seq = appender.append(Fact(kind=CHECK_IN_REMINDED, body=body, ref=one.id))
            one = reminded(one, body, seq, appender.at)
            transaction.put_check_in(one)
            self._remind(transaction, appender, one)
            return one.due_at
        assert self._open_in is not None, "a core runs before a timer does"
        incident = self._open_in(transaction, appender, self._report(one))
        self._made.append(incident)
        put_end(transaction, appender, one, "missed", incident.id, None)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """The incidents stand: every desk is told."""
        del timers
        made, self._made = self._made, []
        if made and self._opened is not None:
            self._opened(made, seq)

    def _report(self, one: CheckIn) -> Report:
        rows = self._store.values(one.id, CHECK_IN_FIELD, 1)
        data = next(iter(self._values.open(rows).values()), None)
        words = CallWords() if data is None else _WORDS(data)

        def seal(incident: Ref, is_first: bool) -> SealedReport:
            return SealedReport(
                report=self._values.seal(incident, REPORT_FIELD, _ENCODE(words), is_new=is_first),
                note=None,
                is_looked_for=False,
            )

        return Report(
            actor=one.user,
            id=Code(one.id),
            digest=b"",
            way="check_in",
            call=None,
            type=self._catalogue().types[MISSED_TYPE],
            place=one.place,
            site_id=one.site_id,
            into=None,
            is_claimed=False,
            seal=seal,
            beside=_nothing_beside,
        )


class CheckInGone:
    """Erases what was typed of a check-in that has ended (`timers.Handler`). In the writer's turn."""

    def __init__(self, values: Values) -> None:
        """Work on these."""
        self._values = values
        self._keys: dict[Ref, tuple[KeyId, ...]] = {}

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Its time is its own: no hold is of a check-in."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy the keys: from here on nobody can read it."""
        self._keys = self._values.destroy([timer.ref for timer in timers], (), now)

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the rows, and say so."""
        erased = CheckInErased(keys=self._keys[timer.ref], values=transaction.drop_values(timer.ref))
        appender.append(Fact(kind=CHECK_IN_ERASED, body=erased, ref=timer.ref))
        transaction.drop_check_in(timer.ref)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more: whoever looks next finds nothing."""


def register_check_ins(
    timers: Timers, store: Store, values: Values, catalogue: Callable[[], Catalogue], remind: Remind
) -> CheckInDue:
    """Let check-ins remind, be missed and be erased by their timers."""
    due = CheckInDue(store, values, catalogue, remind)
    timers.register(CHECK_IN_DUE, due, is_prompt=True)
    timers.register(CHECK_IN_GONE, CheckInGone(values))
    return due


def _nothing_beside(_transaction: StoreTransaction, _appender: Appender, _incident: Incident) -> None:
    return
