"""The outbox: notices that somebody asked for, durable with what asked for them, and what becomes of each.

What is due is leased durably before it is sent, and noted after: whoever is killed between finds it due again, and
sends it again under the same key. So everybody is told at least once, and nobody silently not. What is asked, sent,
told and answered are facts; addresses are in none of them.
"""

import base64
import hmac
import re
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec
import structlog

from tocsin.centre.again import answer_before
from tocsin.centre.configuration import Run
from tocsin.centre.contacts import Contacts, set_contact
from tocsin.centre.own_calendar import refused
from tocsin.journal.journal import Journal
from tocsin.model.catalogue import Priority
from tocsin.model.check_ins import CheckIn
from tocsin.model.errors import BadInput, Conflict, TooMany
from tocsin.model.incidents import Committed, Incident
from tocsin.model.journal import CentreNoticed, Fact, StoredEntry
from tocsin.model.notices import (
    ANSWER_DAYS,
    INCIDENT_NOTIFIED,
    NOTICE_MOVED,
    NOTICE_QUEUED,
    PEOPLE_MAX,
    WAITING_MAX,
    Accepted,
    BounceOutcome,
    Contact,
    ContactAddress,
    Failed,
    IncidentNotified,
    Message,
    Notice,
    NoticeAnswer,
    NoticeMoved,
    NoticePurpose,
    NoticeQueued,
    NoticeRefusal,
    NoticeStep,
    OutboxRow,
    Outcome,
    Receipt,
)
from tocsin.model.notices import FAILING as FAILING_CONTACT
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Secret, Seq
from tocsin.rules.delivery import (
    EXPIRES_S,
    SECOND_US,
    TEST_EXPIRES_S,
    decide_answer,
    decide_due,
    decide_end,
    decide_hold,
    decide_receipt,
    decide_sent,
    is_received,
    is_refused_again,
    moved,
    queued,
    sendings,
    wants_at,
)
from tocsin.rules.ladder import Way, again_s_of, dials, plan_of, way_of
from tocsin.rules.notice_texts import shown_type, text_of, title_of
from tocsin.rules.notices import NOTIFY_FAILED, NOTIFY_WORKS

AT_ONCE: Final = 20
"""Notices in one turn of the writer, which intake waits for."""

TURNS_MAX: Final = 100
"""Facts about one notice in one turn; what is left comes in the next."""

HOLD_AT_ONCE: Final = 200
TESTS_AN_HOUR: Final = 20
"""Tests that one person may ask for in an hour: each may cost the centre money."""

WANTED_MAX: Final = 500
MAC_BYTES: Final = 12
"""96 bits: beyond guessing, and short enough for a text message."""

REFUSALS_LOOKED: Final = 20
"""Notices of one person that are looked through for refusals of a contact, the newest."""

FAILS_MAX: Final = 3
"""So often in a row a provider fails before it is an incident; one whose settings are wrong, at once."""

FAILING: Final = Code("notify_failing")
"""Small value: the providers that fail, as JSON, so that a restart neither forgets nor tells it twice."""

ANSWERED: Final = Code("answered")
ENOUGH: Final = Code("enough")
REPLACED: Final = Code("replaced")
"""Another notice takes its place: nobody has two of one incident at a time."""

_PURPOSE: Final = b"tocsin notice link 1"
_BOUNCE: Final = b"tocsin notice bounce 1"
_MAIL: Final = re.compile(r"\.([0-9]{1,16})\.([0-9]{1,3})\.([0-9a-f]{24})(?:@|$)")
"""The end of a mail's name. In digits and small letters: some who pass mail on write all of it small."""

_ENCODE: Final = msgspec.json.Encoder().encode
_WAYS: Final = msgspec.json.Decoder(list[str])
_REFS: Final = msgspec.json.Decoder(list[Ref])
ANSWERS_MAX: Final = 1_000
"""Notices of one person and incident that are looked at for a later answer, the newest."""

_LOG = structlog.get_logger("outbox")


class Sending(msgspec.Struct, frozen=True, gc=False):
    """What a provider is to be given, and of which attempt it is."""

    notice: Notice
    number: int
    step: NoticeStep
    message: Message
    address: ContactAddress | None

    def __repr__(self) -> str:
        """Name it without the address."""
        return f"Sending({self.notice.id}, {self.number})"


class Sent(msgspec.Struct, frozen=True, gc=False):
    """What a provider said of an attempt."""

    sending: Sending
    outcome: Outcome


class Link(msgspec.Struct, frozen=True, gc=False):
    """A link that was proved to be ours: of which notice and attempt."""

    notice: Notice
    attempt: int


class _Entry(msgspec.Struct):
    body: msgspec.Raw
    cause: Seq | None
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_QUEUED: Final = msgspec.json.Decoder(NoticeQueued)
_MOVED: Final = msgspec.json.Decoder(NoticeMoved)


class Outbox:
    """Notices of a centre. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        clock: Clock,
        ids: Ids,
        contacts: Contacts,
        link_key: Callable[[], bytes],
    ) -> None:
        """Work on these; `link_key` is the centre's for ever."""
        self._store = store
        self._run = run
        self._clock = clock
        self._ids = ids
        self._contacts = contacts
        self._read_link_key = link_key
        self._link_key: bytes | None = None
        self._key_prefix = ""
        self._base_url = ""
        self._ways: frozenset[Way] = frozenset()
        self._lock = threading.Lock()
        self._under_way: dict[Ref, set[int]] = {}
        """Attempts that a provider is being given, in this process, by notice."""
        self._wants: dict[Ref, Micros | None] = {}
        """When such a notice wants something beside that."""
        self._own: dict[Ref, tuple[Micros, float]] = {}
        """Notices whose time goes on by the monotonic clock, since it stood still: at what, and that clock then."""
        self._failing: frozenset[str] = frozenset(_WAYS.decode(store.get_meta(FAILING) or "[]"))
        self._fails: dict[str, int] = {}
        self.push_key: str | None = None
        """Public key that browsers subscribe with, where Web Push is on."""
        self._on_due: Callable[[], None] = lambda: None
        self.on_committed: Callable[[Committed], None] = lambda _committed: None
        self.on_answer: Callable[[StoreTransaction, Appender, Incident, Notice], None] = _nobody_asks
        """Called in the transaction of an answer to a notice of an open incident."""
        self.is_strong_without: Callable[[Incident, Actor], bool | None] = _nobody_counts
        """Asked whether the chain of an incident has enough without somebody; None: it counts nobody."""

    def use(self, ways: Collection[Way], key_prefix: str, base_url: str, on_due: Callable[[], None]) -> None:
        """Send by these ways from now on. `on_due` is called, from any thread, when something is to be sent.

        `key_prefix` tells keys of idempotency of this centre and epoch from all others.
        """
        self._ways = frozenset(ways)
        self._key_prefix = key_prefix
        self._base_url = base_url
        self._on_due = on_due

    @property
    def ways(self) -> frozenset[Way]:
        """The channels and providers that are switched on."""
        return self._ways

    def wake(self) -> None:
        """From any thread: something was queued that is due, and durable."""
        self._on_due()

    @property
    def failing(self) -> frozenset[str]:
        """Providers that fail, as `email_1`."""
        return self._failing

    # What people ask -------------------------------------------------------------------------------------------------

    def test(self, user: Actor, contact: Ref) -> Notice:
        """Send somebody a test to one of the own contacts. It counts as tested when the test was answered.

        Raises:
            BadInput: the person has no such contact.
            Conflict: its channel is not switched on, or the outbox is full.
            TooMany: too many tests within the hour.
        """
        found = self._contacts.own(user, contact)
        plan = plan_of([found], self._ways, purpose="test")
        if not plan:
            raise Conflict(
                f"The channel {found.row.channel} is not switched on in this centre. Nothing was sent. Ask who runs it "
                "to set up [notify]",
                "notice.no_way",
            )
        now = self._clock.now_us()
        recent = [one for one in self._store.notices(TESTS_AN_HOUR, recipient=user) if one.purpose == "test"]
        if len(recent) >= TESTS_AN_HOUR and recent[-1].queued_at > now - 3600 * SECOND_US:
            raise TooMany(
                f"You had {TESTS_AN_HOUR} tests within the hour, which is the limit. Nothing was sent. Try again later",
                "notice.tests",
                600,
            )
        body = NoticeQueued(
            again_s=None,
            begins_at=None,
            ends_at_claim=False,
            exercise=False,
            expires_at=Micros(now + TEST_EXPIRES_S * SECOND_US),
            incident=None,
            number=None,
            plan=plan,
            priority=None,
            purpose="test",
            recipient=user,
            refusal=None,
            shown_type=None,
            wanted=None,
        )

        def work(transaction: StoreTransaction, appender: Appender) -> Notice:
            self._refuse_full(1)
            return queue(transaction, appender, body, None, user)

        notice = self._run(lambda journal: journal.decide(work))
        self._on_due()
        return notice

    def remind(self, transaction: StoreTransaction, appender: Appender, check_in: CheckIn) -> None:
        """Remind a lone worker of the own check-in, whoever is on duty: in the writer's turn, with the timer's fact."""
        plan = plan_of(self._store.contacts(check_in.user), self._ways, None, "check_in")
        if not plan:
            return  # the phone page reminds by itself while it is open
        body = NoticeQueued(
            again_s=None,
            begins_at=None,
            ends_at_claim=False,
            exercise=False,
            expires_at=check_in.due_at,
            incident=None,
            number=None,
            plan=plan,
            priority=None,
            purpose="check_in",
            recipient=check_in.user,
            refusal=None,
            shown_type=None,
            wanted=None,
        )
        queue(transaction, appender, body, appender.seq, None)

    def end_reminders(self, transaction: StoreTransaction, appender: Appender, user: Actor) -> None:
        """The person was heard of: nothing more is sent of the own check-in. In the writer's turn."""
        for one in self._store.notices(REFUSALS_LOOKED, recipient=user):
            if one.purpose == "check_in" and (body := decide_end(one, ANSWERED, appender.at)) is not None:
                move(transaction, appender, one, body, user)

    def notify(
        self, incident: Ref, people: Sequence[Actor], actor: Actor, command: Code, wanted: int | None = None
    ) -> list[Notice]:
        """Have people told of an open incident; one notice each, those too who cannot be told, with the reason.

        The same command again changes nothing and returns the same notices.

        Raises:
            BadInput: nobody was named, too many, or there is no such incident.
            Conflict: it is closed, the outbox is full, or the command's id was another's.
        """
        people = list(dict.fromkeys(people))
        if not 1 <= len(people) <= PEOPLE_MAX or (wanted is not None and not 1 <= wanted <= WANTED_MAX):
            raise BadInput(
                f"1 to {PEOPLE_MAX} people are told at once, and {len(people)} were named. Nobody was notified. Name "
                "others, or fewer",
                "notice.people",
            )
        digest = sha256(_ENCODE((incident, people, wanted))).digest()
        of = self._store.incident(incident)
        planned = {person: self._planned(person, None if of is None else of.priority) for person in people}

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[list[Ref], Incident | None]:
            kept = answer_before(transaction, actor, command, digest, "Nobody was notified")
            if kept is not None:
                return _REFS.decode(kept), None
            found = _open_incident(transaction.incident(incident))
            self._refuse_full(len(people))
            made = self._queue_all(transaction, appender, found, planned, actor, wanted)
            transaction.put_command(actor, command, appender.at, digest, _ENCODE(made))
            return made, found

        def turn(journal: Journal) -> tuple[list[Ref], Incident | None]:
            made, found = journal.decide(work)
            self._tell(journal, None if found is None else found.id)
            return made, found

        made, found = self._run(turn)
        if found is not None:
            self._on_due()
        notices = (self._store.notice(id_) for id_ in made)
        return [one for one in notices if one is not None]

    def send_again(self, id_: Ref, actor: Actor) -> Notice:
        """Have somebody told anew, as of now: for what was held, has failed or expired. The old notice ends.

        Raises:
            BadInput: there is no such notice.
            Conflict: it is under way, or was received; or its incident is closed.
        """
        old = self._one(id_)
        if old.due_at is not None or is_received(old):
            raise Conflict(
                "This notice is under way, or was received. Nothing was sent. Wait, or notify anew from the incident",
                "notice.not_over",
            )
        now = self._clock.now_us()
        steps, refusal = self._planned(old.recipient, old.priority, old.purpose)
        if old.purpose == "test":
            raise Conflict(
                "A test is asked for by its person alone. Nothing was sent. Have it asked for in the own account",
                "notice.test",
            )

        def work(transaction: StoreTransaction, appender: Appender) -> Notice:
            assert old.incident is not None, "a notice is of an incident, or a test"
            _open_incident(transaction.incident(old.incident))
            self._refuse_full(1)
            current = transaction.notice(id_)
            if current is not None and (body := decide_end(current, Code("sent_again"), now)) is not None:
                move(transaction, appender, current, body, actor)
            if refusal is None and old.purpose == "incident":
                end_notices(transaction, appender, old.incident, REPLACED, lambda one: is_to(one, {old.recipient}))
            made = NoticeQueued(
                again_s=again_s_of(old.priority, old.purpose),
                begins_at=None,
                ends_at_claim=False,
                exercise=old.exercise,
                expires_at=Micros(now + EXPIRES_S * SECOND_US),
                incident=old.incident,
                number=old.number,
                plan=steps,
                priority=old.priority,
                purpose=old.purpose,
                recipient=old.recipient,
                refusal=refusal,
                shown_type=old.shown_type,
                wanted=old.wanted,
            )
            return queue(transaction, appender, made, old.cause, actor)

        notice = self._run(lambda journal: journal.decide(work))
        self._on_due()
        return notice

    def drop(self, id_: Ref, actor: Actor) -> None:
        """Let go of a notice that is held, waits or has failed: nothing more is sent of it.

        Raises:
            BadInput: there is no such notice.
        """
        self._one(id_)

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            current = transaction.notice(id_)
            if current is not None and (body := decide_end(current, Code("dropped"), appender.at)) is not None:
                move(transaction, appender, current, body, actor)

        self._run(lambda journal: journal.decide(work))

    # What is sent ----------------------------------------------------------------------------------------------------

    def take(self, limit: int = AT_ONCE) -> list[Sending]:
        """Lease what is to be sent now, durably, and settle what only waited for a receipt.

        Each comes back once by `sent`; until then nobody else gets it.
        """
        now = self._now()
        due = self._due(limit, now)
        if not due:
            return []

        marked: dict[Ref, list[int]] = {}

        def work(transaction: StoreTransaction, appender: Appender) -> list[Notice]:
            leased: list[Notice] = []
            for row, its_now in due:
                notice = transaction.notice(row.notice)
                if notice is None or notice.due_at is None or notice.due_at > its_now:
                    continue
                for _ in range(TURNS_MAX):
                    if (body := decide_due(notice, its_now)) is None:
                        break
                    notice = move(transaction, appender, notice, body, None)
                with self._lock:
                    wanted = set(sendings(notice))
                    marked[notice.id] = sorted(wanted - self._under_way.get(notice.id, set()))
                    if wanted:
                        self._under_way[notice.id] = wanted
                        self._wants[notice.id] = wants_at(notice, frozenset(wanted))
                if marked[notice.id]:
                    leased.append(notice)
            transaction.lease([one.id for one in leased], now)
            return leased

        try:
            leased = self._run(lambda journal: journal.decide(work))
        except BaseException:
            # Nothing is leased, and so nobody is at it: else these would never be sent by this process.
            self._let_go((id_, number) for id_, numbers in marked.items() for number in numbers)
            raise
        contacts = {one.id: one for one in self._store.contacts()} if leased else {}
        return [self._sending(notice, number, contacts) for notice in leased for number in marked[notice.id]]

    def sent(self, results: Sequence[Sent]) -> None:
        """Note what providers said, all in one transaction."""
        now = self._now()
        chance = self._ids.token_bytes(len(results))
        contacts = {one.id: one for one in self._store.contacts()}
        gone: list[Contact] = []

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            for result, spread in zip(results, chance, strict=True):
                sending, outcome = result.sending, result.outcome
                notice = transaction.notice(sending.notice.id)
                if notice is None:
                    continue
                hash_ = _hash_of(outcome)
                body = decide_sent(notice, sending.number, outcome, hash_, self._time_of(notice.id, now), spread)
                if body is not None:
                    after = move(transaction, appender, notice, body, None)
                    if isinstance(outcome, Failed) and not outcome.is_provider and not outcome.is_gone:
                        self._count_refused(transaction, appender, after, sending.number)
                contact = contacts.get(sending.step.contact)
                if isinstance(outcome, Failed) and outcome.is_gone and contact is not None:
                    gone.append(contact)
                self._note_health(transaction, appender, sending.step, outcome)

        try:
            self._run(lambda journal: journal.decide(work))
        finally:
            # What could not be noted is sent again: twice is better than never.
            self._let_go((one.sending.notice.id, one.sending.number) for one in results)
        for id_ in {one.sending.notice.id for one in results}:
            if (notice := self._store.notice(id_)) is not None:
                self._changed(notice)
        if gone:
            self._contacts.remove_gone(gone)
        self._on_due()

    def next_due_us(self) -> Micros | None:
        """When something is to be done next that is not under way; None where nothing waits."""
        with self._lock:
            wants = dict(self._wants)
        rows = self._store.outbox(1 + len(wants))
        times = [wants.get(row.notice, row.due_at) for row in rows]
        return min((one for one in times if one is not None), default=None)

    def _let_go(self, given: Iterable[tuple[Ref, int]]) -> None:
        """Nobody is at these attempts any more."""
        with self._lock:
            for id_, number in given:
                numbers = self._under_way.get(id_, set())
                numbers.discard(number)
                if not numbers:
                    self._under_way.pop(id_, None)
                    self._wants.pop(id_, None)

    def _changed(self, notice: Notice) -> None:
        """Something became of a notice while a provider is being given it: it may want something else now."""
        with self._lock:
            if (numbers := self._under_way.get(notice.id)) is not None:
                self._wants[notice.id] = wants_at(notice, frozenset(numbers))

    def _now(self) -> Micros:
        """The time that notices go by: like `at` of facts, which their times come from, it never runs back."""
        return max(self._clock.now_us(), self._store.head().at)

    def _due(self, limit: int, now: Micros) -> list[tuple[OutboxRow, Micros]]:
        """What is due, the first due first, each with the time that it goes by.

        While the clock is set back, `now` stands still. What tells people waits for no clock, as with prompt timers
        (`centre.scheduler`): from then on each notice's time goes on by the monotonic clock, until it is over. It is
        one time for all that the notice waits for, so that its end comes when it would have come.
        """
        with self._lock:
            wants = dict(self._wants)
        is_behind = now > self._clock.now_us()
        if is_behind or self._own:
            rows = self._store.outbox(WAITING_MAX)
            begun = (now, self._clock.monotonic_s()) if is_behind else None
            known = self._own
            self._own = {row.notice: own for row in rows if (own := known.get(row.notice, begun)) is not None}
        else:
            rows = self._store.outbox(limit + len(wants), now)
        due: list[tuple[OutboxRow, Micros]] = []
        now_s = self._clock.monotonic_s()
        for row in rows:
            its_now = self._time_of(row.notice, now, now_s)
            wanted_at = wants.get(row.notice, its_now)
            if row.due_at <= its_now and wanted_at is not None and wanted_at <= its_now:
                due.append((row, its_now))
                if len(due) >= limit:
                    break
        return due

    def _time_of(self, notice: Ref, now: Micros, now_s: float | None = None) -> Micros:
        """The time that a notice goes by; `now` where no clock stood still in its life."""
        own = self._own.get(notice)
        if own is None:
            return now
        passed_s = (self._clock.monotonic_s() if now_s is None else now_s) - own[1]
        return max(now, Micros(own[0] + round(passed_s * SECOND_US)))

    # What providers and people tell ----------------------------------------------------------------------------------

    def link(self, path: str) -> Link | None:
        """The notice that the end of a link names; None where it is none of ours, or its time is over."""
        number, _, rest = path.partition(".")
        attempt, _, mac = rest.partition(".")
        if not (_is_number(number, 16) and _is_number(attempt, 3)) or len(mac) > 2 * MAC_BYTES:
            return None
        notice = self._store.notice(Ref(f"notice-{number}"))
        if notice is None or not hmac.compare_digest(mac.encode(), self._mac(notice, int(attempt)).encode()):
            return None
        if self._clock.now_us() > notice.queued_at + ANSWER_DAYS * 86_400 * SECOND_US:
            return None
        return Link(notice, int(attempt))

    def receipt(self, link: Link, receipt: Receipt) -> None:
        """A provider or device tells of an attempt. The same again changes nothing."""
        self._tell_of(
            link, lambda notice, now, is_late: decide_receipt(notice, link.attempt, receipt, now, is_late=is_late)
        )

    def bounced(self, message_id: str) -> BounceOutcome:
        """A mail server gave a mail back that it had taken: its attempt failed, and what comes next begins at once.

        `message_id` is what a report says, and is believed only where it is ours: the attempt's name in it is proved.
        Of an incident that is closed, or where somebody answered, it is noted and sends nothing; its contact counts as
        refused all the same.
        """
        link = self._mailed(message_id)
        if link is None:
            return "unknown"
        before = link.notice.version
        after = self._tell_of(
            link, lambda notice, now, is_late: decide_receipt(notice, link.attempt, "bounced", now, is_late=is_late)
        )
        return "known" if after.version == before else "noted"

    def _mailed(self, message_id: str) -> Link | None:
        """The attempt that a mail was of; None where it is none of ours, or older than answers are taken."""
        found = _MAIL.search(message_id.lower())
        notice = None if found is None else self._store.notice(Ref(f"notice-{int(found[1])}"))
        if found is None or notice is None:
            return None
        number = int(found[2])
        if not hmac.compare_digest(found[3], self._digest(_BOUNCE, notice, number).hex()):
            return None
        is_mail = 1 <= number <= len(notice.attempts) and notice.attempts[number - 1].channel == "email"
        is_old = self._clock.now_us() > notice.queued_at + ANSWER_DAYS * 86_400 * SECOND_US
        return Link(notice, number) if is_mail and not is_old else None

    def answer(self, link: Link, answer: NoticeAnswer) -> Notice:
        """The person answered. The same again changes nothing; another answer counts from now on."""

        def decide(notice: Notice, now: Micros, is_late: bool) -> NoticeMoved | None:
            is_latest = self._is_latest(notice)
            return decide_answer(notice, link.attempt, answer, now, is_late=is_late, is_latest=is_latest)

        return self._tell_of(link, decide)

    def _is_latest(self, notice: Notice) -> bool:
        """Has its person said nothing by another notice of the incident since?"""
        if notice.answer is None or notice.incident is None:
            return True
        others = self._store.notices(ANSWERS_MAX, incident=notice.incident, recipient=notice.recipient)
        return all((one.answered_seq or 0) <= (notice.answered_seq or 0) for one in others)

    def is_full(self, notice: Notice) -> bool:
        """Enough are coming without this person, who can do nothing that is missing.

        By the strength that the incident's chain wants; of what was asked for by hand, as many as were wanted.
        """
        incident = None if notice.incident is None else self._store.incident(notice.incident)
        is_strong = None if incident is None else self.is_strong_without(incident, notice.recipient)
        return self._is_full_by_hand(notice, but=notice.recipient) if is_strong is None else is_strong

    def _is_full_by_hand(self, notice: Notice, but: Actor | None = None) -> bool:
        if notice.wanted is None or notice.cause is None:
            return False
        others = self._store.notices(PEOPLE_MAX * 2, cause=notice.cause)
        coming = {one.recipient for one in others if (notice if one.id == notice.id else one).answer == "coming"}
        return len(coming - {but}) >= notice.wanted

    def links(self, notice: Notice, attempt: int) -> tuple[str, str]:
        """Page and callback of an attempt: unguessable, and this attempt's alone."""
        end = f"{notice.id.removeprefix('notice-')}.{attempt}.{self._mac(notice, attempt)}"
        return f"{self._base_url}/n/{end}", f"{self._base_url}/api/v1/notices/callback/{end}"

    # ------------------------------------------------------------------------------------------------------------------

    def _planned(
        self, person: Actor, priority: Priority | None, purpose: NoticePurpose = "incident"
    ) -> tuple[tuple[NoticeStep, ...], NoticeRefusal | None]:
        found = self._store.reach(person)
        reach = found[0].row if found else None
        refusal = refused(reach, self._clock.now_us())
        if refusal is not None:
            return (), refusal
        contacts = self._store.contacts(person)
        plan = plan_of(contacts, self._ways, priority, purpose, None if reach is None else reach.rules)
        if not plan:
            return (), "no_way" if contacts else "no_contact"
        return plan, None

    def _queue_all(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        planned: dict[Actor, tuple[tuple[NoticeStep, ...], NoticeRefusal | None]],
        actor: Actor,
        wanted: int | None,
    ) -> list[Ref]:
        refused = sum(refusal is not None for _, refusal in planned.values())
        told = IncidentNotified(count=len(planned), exercise=incident.exercise, refused=refused, wanted=wanted)
        reached = {person for person, (_, refusal) in planned.items() if refusal is None}
        end_notices(transaction, appender, incident.id, REPLACED, lambda one: is_to(one, reached))
        cause = appender.append(Fact(kind=INCIDENT_NOTIFIED, body=told, ref=incident.id, actor=actor))
        transaction.add_incident_facts([(incident.id, cause)])
        made: list[Ref] = []
        for person, (plan, refusal) in planned.items():
            body = NoticeQueued(
                again_s=again_s_of(incident.priority, "incident"),
                begins_at=None,
                ends_at_claim=False,
                exercise=incident.exercise,
                expires_at=Micros(appender.at + EXPIRES_S * SECOND_US),
                incident=incident.id,
                number=incident.number,
                plan=plan,
                priority=incident.priority,
                purpose="incident",
                recipient=person,
                refusal=refusal,
                shown_type=shown_type(incident.type, incident.hazard, is_silent=incident.silent),
                wanted=wanted,
            )
            made.append(queue(transaction, appender, body, cause, actor).id)
        return made

    def _sending(self, notice: Notice, number: int, contacts: dict[Ref, Contact]) -> Sending:
        at = notice.attempts[number - 1].step
        step = way_of(notice, at)
        contact = contacts.get(step.contact)
        page_url, callback_url = self.links(notice, number)
        title = title_of(notice.purpose, notice.number, notice.priority, is_exercise=notice.exercise)
        text = text_of(
            notice.purpose,
            notice.number,
            notice.priority,
            notice.shown_type,
            page_url,
            is_exercise=notice.exercise,
        )
        message = Message(
            answer_url=Secret(page_url),
            bounce_id=Secret(
                f"{notice.id.removeprefix('notice-')}.{number}.{self._digest(_BOUNCE, notice, number).hex()}"
            ),
            callback_url=Secret(callback_url),
            exercise=notice.exercise,
            expires_at=notice.expires_at,
            key=Code(f"{self._key_prefix}{notice.id}-{at}-{dials(notice.attempts, at)}"),
            number=notice.number,
            priority=notice.priority,
            purpose=notice.purpose,
            queued_at=notice.queued_at,
            # What others compare with their own clocks: never the time of a journal that waits for ours.
            sent_at=self._clock.now_us(),
            text=text,
            title=title,
            type=notice.shown_type,
        )
        address = None if contact is None else self._contacts.address(contact)
        return Sending(notice, number, step, message, address)

    def _tell_of(self, link: Link, decide: Callable[[Notice, Micros, bool], NoticeMoved | None]) -> Notice:
        now = self._now()

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[Notice, Ref | None]:
            notice = transaction.notice(link.notice.id)
            assert notice is not None, "the link names one"
            incident = None if notice.incident is None else transaction.incident(notice.incident)
            its_now = self._time_of(notice.id, now)
            is_late = its_now > notice.expires_at or (incident is not None and incident.state == "closed")
            body = decide(notice, its_now, is_late)
            if body is None:
                return notice, None
            notice = move(transaction, appender, notice, body, notice.recipient if body.answer else None)
            if body.attempt_state == "failed":
                self._count_refused(transaction, appender, notice, link.attempt)
            if body.answer is not None and notice.purpose == "test":
                self._count_tested(transaction, appender, notice, link.attempt)
            if body.answer is not None and incident is not None:
                end_notices(transaction, appender, incident.id, ANSWERED, lambda one: _is_same(one, notice))
                if notice.wanted is not None and self._is_full_by_hand(notice):
                    end_notices(transaction, appender, incident.id, ENOUGH, lambda one: one.cause == notice.cause)
            if body.answer is not None and incident is not None and incident.state == "open":
                self.on_answer(transaction, appender, incident, notice)
            return notice, None if body.answer is None or incident is None else incident.id

        def turn(journal: Journal) -> Notice:
            notice, changed = journal.decide(work)
            self._tell(journal, changed)
            return notice

        notice = self._run(turn)
        self._changed(notice)
        self._on_due()
        return notice

    def _count_tested(self, transaction: StoreTransaction, appender: Appender, notice: Notice, attempt: int) -> None:
        """A test came through to its person: the contact counts from now on."""
        del attempt  # all attempts of a test are of one contact
        wanted = notice.plan[0].contact
        contact = next((one for one in self._store.contacts(notice.recipient) if one.id == wanted), None)
        if contact is not None:
            row = msgspec.structs.replace(contact.row, reason=Code("tested"), tested_at=appender.at)
            set_contact(transaction, appender, contact.id, row, notice.recipient)

    def _count_refused(self, transaction: StoreTransaction, appender: Appender, notice: Notice, number: int) -> None:
        """A contact was refused for good: after some times in a row it is failing, until a test comes through."""
        if not 1 <= number <= len(notice.attempts):
            return
        wanted = notice.attempts[number - 1].contact
        contact = next((one for one in self._store.contacts(notice.recipient) if one.id == wanted), None)
        if contact is None or contact.row.reason == FAILING_CONTACT:
            return
        known = {one.id: one for one in self._store.notices(REFUSALS_LOOKED, recipient=notice.recipient)}
        known[notice.id] = notice
        newest = sorted((at for one in known.values() for at in one.attempts), key=lambda at: -at.at)
        if is_refused_again(newest, wanted):
            row = msgspec.structs.replace(contact.row, reason=FAILING_CONTACT, tested_at=None)
            set_contact(transaction, appender, contact.id, row, None)
            _LOG.warning("contact.failing", contact=contact.id, channel=contact.row.channel)

    def _note_health(
        self, transaction: StoreTransaction, appender: Appender, step: NoticeStep, outcome: Outcome
    ) -> None:
        """A provider that fails is an incident, once; it is over when it takes something again."""
        name = f"{step.channel}_{step.provider}"
        if isinstance(outcome, Accepted):
            self._fails.pop(name, None)
            if name in self._failing:
                self._set_failing(transaction, appender, self._failing - {name}, NOTIFY_WORKS, name)
            return
        if isinstance(outcome, Failed) and not outcome.is_provider:
            return
        self._fails[name] = self._fails.get(name, 0) + 1
        if name not in self._failing and (isinstance(outcome, Failed) or self._fails[name] >= FAILS_MAX):
            _LOG.error("notify.failing", provider=name, reason=outcome.reason)
            self._set_failing(transaction, appender, self._failing | {name}, NOTIFY_FAILED, name)

    def _set_failing(
        self, transaction: StoreTransaction, appender: Appender, failing: frozenset[str], notice: Code, name: str
    ) -> None:
        body = CentreNoticed(account=None, count=len(failing), notice=notice, reason=Code(name))
        appender.append(Fact(kind=Code("centre.noticed"), body=body))
        transaction.put_meta(FAILING, _ENCODE(sorted(failing)).decode())
        self._failing = failing

    def _refuse_full(self, count: int) -> None:
        waiting = self._store.notice_tally().waiting
        if waiting + count > WAITING_MAX:
            raise Conflict(
                f"{waiting} notices wait already, limit {WAITING_MAX}. Nobody was notified. Use the telephone, and "
                "look at the delivery board",
                "notice.full",
            )

    def _one(self, id_: Ref) -> Notice:
        found = self._store.notice(id_)
        if found is None:
            raise unknown_notice()
        return found

    def _mac(self, notice: Notice, attempt: int) -> str:
        return base64.urlsafe_b64encode(self._digest(_PURPOSE, notice, attempt)).decode()

    def _digest(self, purpose: bytes, notice: Notice, attempt: int) -> bytes:
        # The time too: after a restore another notice may have this number.
        said = b"%s\0%s\0%d\0%d" % (purpose, notice.id.encode(), notice.queued_at, attempt)
        if self._link_key is None:
            self._link_key = self._read_link_key()  # of the centre for ever; unwrapping it cost more than all else here
        return hmac.digest(self._link_key, said, "sha256")[:MAC_BYTES]

    def _tell(self, journal: Journal, incident: Ref | None) -> None:
        """Let screens fetch the time line of this incident anew. In the writer's turn: they hear all in order."""
        if incident is not None:
            self.on_committed(Committed(seq=journal.head.seq, personal=(incident,)))


def _nobody_counts(_incident: Incident, _person: Actor) -> bool | None:
    """No chain counts who is coming in this process."""


def unknown_notice() -> BadInput:
    """What is answered to an id that no notice has."""
    return BadInput("There is no such notice. Nothing was changed. Look at the board again", "notice.unknown")


def _nobody_asks(_transaction: StoreTransaction, _appender: Appender, _incident: Incident, _notice: Notice) -> None:
    """Nothing follows from answers in this process."""


def queue(
    transaction: StoreTransaction, appender: Appender, body: NoticeQueued, cause: Seq | None, actor: Actor | None
) -> Notice:
    """Queue a notice, in the transaction of what causes it. It goes out as soon as that is durable."""
    seq = appender.append(Fact(kind=NOTICE_QUEUED, body=body, actor=actor, cause=cause))
    notice = queued(body, Ref(f"notice-{seq}"), seq, appender.at, cause)
    transaction.put_notices([notice])
    return notice


def move(
    transaction: StoreTransaction, appender: Appender, notice: Notice, body: NoticeMoved, actor: Actor | None
) -> Notice:
    """Note what happened to a notice, in a transaction; an answer stands in its incident's time line too."""
    seq = appender.append(Fact(kind=NOTICE_MOVED, body=body, ref=notice.id, actor=actor))
    if body.answer is not None and body.incident is not None:
        transaction.add_incident_facts([(body.incident, seq)])
    after = moved(notice, body, seq, appender.at)
    transaction.put_notices([after])
    return after


def end_notices(
    transaction: StoreTransaction,
    appender: Appender,
    incident: Ref,
    reason: Code,
    is_meant: Callable[[Notice], bool] = lambda _one: True,
) -> None:
    """Nothing more is sent of what is open of an incident, in the transaction of what makes it needless."""
    for one in transaction.open_notices(incident):
        if is_meant(one) and (body := decide_end(one, reason, appender.at)) is not None:
            move(transaction, appender, one, body, None)


def is_to(notice: Notice, people: Collection[Actor]) -> bool:
    """Does it ask one of these?"""
    return notice.purpose == "incident" and notice.recipient in people


def _is_same(notice: Notice, answered: Notice) -> bool:
    """Another one that asks the person who has just answered."""
    return notice.id != answered.id and answered.purpose == "incident" and is_to(notice, (answered.recipient,))


def hold_pending(journal: Journal, store: Store) -> int:
    """After a restore: what wanted to be sent or looked at waits for a person; return how many. Before anything runs.

    Nothing of yesterday goes out by itself (DESIGN.md, Operation).
    """
    held = 0
    while rows := store.outbox(HOLD_AT_ONCE):

        def work(transaction: StoreTransaction, appender: Appender, ids: Sequence[Ref]) -> None:
            for id_ in ids:
                notice = transaction.notice(id_)
                assert notice is not None, "the outbox names one"
                if (body := decide_hold(notice, appender.at)) is not None:
                    move(transaction, appender, notice, body, None)

        ids = [row.notice for row in rows]
        journal.decide(lambda tx, appender, ids=ids, work=work: work(tx, appender, ids))
        held += len(ids)
    return held


def rebuild_notices(entries: Iterable[StoredEntry]) -> list[Notice]:
    """Apply the journal's facts again: what results equals the live table byte for byte, with the vault empty."""
    found: dict[Ref, Notice] = {}
    for stored in entries:
        row = stored.row
        if row.kind == NOTICE_QUEUED:
            entry = _ENTRY.decode(row.entry)
            id_ = Ref(f"notice-{row.seq}")
            found[id_] = queued(_QUEUED.decode(entry.body), id_, row.seq, row.at, entry.cause)
        elif row.kind == NOTICE_MOVED:
            entry = _ENTRY.decode(row.entry)
            assert entry.ref is not None, "it names a notice"
            found[entry.ref] = moved(found[entry.ref], _MOVED.decode(entry.body), row.seq, row.at)
    return sorted(found.values(), key=lambda one: one.seq)


def _open_incident(incident: Incident | None) -> Incident:
    if incident is None:
        raise BadInput("There is no such incident. Nobody was notified. Look at the queue again", "incident.unknown")
    if incident.state == "closed":
        raise Conflict(f"Incident {incident.number} is closed. Nobody was notified. Reopen it first", "incident.closed")
    return incident


def _hash_of(outcome: Outcome) -> HexHash | None:
    if not isinstance(outcome, Accepted) or outcome.provider_id is None:
        return None
    return HexHash(sha256(outcome.provider_id.encode("utf-8", "replace")).hexdigest())


def _is_number(text: str, digits_max: int) -> bool:
    return text.isascii() and text.isdigit() and 1 <= len(text) <= digits_max and not text.startswith("0")
