"""What becomes of a frame: judged, queued for storage, and answered only with the receipt in hand.

Knows no sockets: a `Sender` is whatever the frame came from. Everything here runs in the event loop and does no I/O.
The only way to an acknowledgement of an event is `delivered`, which the writer's receipts come to.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.intake.dc09.budget import SenderBudget
from tocsin.intake.dc09.counters import Counters
from tocsin.intake.dc09.lists import IntakeLists, Rejection
from tocsin.intake.dc09.signal_log import SignalLog
from tocsin.journal.writer import Outcome, Queue
from tocsin.model.accounts import AccountPolicy
from tocsin.model.journal import CentreNoticed, Fact
from tocsin.model.lists import UnknownAccount
from tocsin.model.ports import Clock, Ids
from tocsin.model.signals import Receipt, SealedPart
from tocsin.model.values import AccountNumber, Code, Micros, Ref, Transport
from tocsin.protocols.dc09.answers import acknowledge, acknowledge_poll, refuse
from tocsin.protocols.dc09.framing import Broken, RawFrame
from tocsin.protocols.dc09.judge import ReceiverPolicy, Verdict, judge
from tocsin.protocols.dc09.signals import to_arrival

PAD_BYTES: Final = 24
"""Random bytes for an encrypted answer's pad: 16 to 31 by the newest edition (DC09.md section 8)."""

REFUSALS_NOTED: Final = 5
"""A known account refused this often within an hour is noted once: somebody must look at its key or clock."""

REFUSALS_WINDOW_S: Final = 3600.0
ACCOUNTS_NOTED_MAX: Final = 10_000
_LOG = structlog.get_logger("intake.dc09")


class Sender(Protocol):
    """Where a frame came from and where its answer goes."""

    transport: Transport
    host: str
    peer: str
    """Host and port; sealed wherever it is kept."""
    waiting: int
    """Frames of this sender that wait for storage."""
    is_known: bool
    """A frame of an account of ours came this way."""

    def send(self, data: bytes) -> None:
        """Write an answer; nothing happens where the sender has gone."""
        ...

    def stored_one(self) -> None:
        """A frame of this sender has been decided on: read on if reading was paused."""
        ...

    def may_speak_for(self, account: AccountNumber) -> bool:
        """The sender may send for this account (a TLS client certificate may bind it)."""
        ...


class Waiting:
    """A frame between "queued" and "stored": what its answer will need."""

    __slots__ = ("began_s", "sender", "verdict")

    def __init__(self, sender: Sender, verdict: Verdict, began_s: float) -> None:
        """Hold them until the receipt comes."""
        self.sender = sender
        self.verdict = verdict
        self.began_s = began_s


class Receiver:
    """Judges frames for one centre. One instance serves every listener."""

    def __init__(
        self,
        *,
        snapshot: AccountSnapshot,
        policy: ReceiverPolicy,
        writer: Queue[Waiting],
        lists: IntakeLists,
        watch: Watch,
        budget: SenderBudget,
        clock: Clock,
        ids: Ids,
        queue_max: int,
    ) -> None:
        """Serve with these; `snapshot` is exchanged whole by `use`."""
        self._snapshot = snapshot
        self._policy = policy
        self._writer = writer
        self._lists = lists
        self._watch = watch
        watch.use(snapshot)
        self._budget = budget
        self._clock = clock
        self._ids = ids
        self._queue_max = queue_max
        self._refusals: OrderedDict[Ref, tuple[float, int]] = OrderedDict()
        self.counters = Counters()
        self._log = SignalLog()
        self.is_accepting = True
        """False while storage refuses: nothing is read, nothing answered, so that panels turn to their other path."""
        self._resume: list[Callable[[], None]] = []

    @property
    def is_full(self) -> bool:
        """As much waits for storage as may: stop reading."""
        return not self.is_accepting or self._writer.waiting_signals >= self._queue_max

    @property
    def now_s(self) -> float:
        """Monotonic seconds, for limits."""
        return self._clock.monotonic_s()

    def use(self, snapshot: AccountSnapshot) -> None:
        """Judge by another picture of the accounts from the next frame on."""
        self._snapshot = snapshot
        self._watch.use(snapshot)
        now = self._clock.now_us()

        def is_settled(row: UnknownAccount) -> bool:
            number = _hex(row.receiver), _hex(row.line), row.account
            return snapshot.find(*number) is not None or snapshot.refusal(*number, now) is not None

        self._lists.now_known(is_settled)

    def on_resume(self, resume: Callable[[], None]) -> None:
        """Call `resume` once, when there is room again. For whoever stopped reading because of `is_full`."""
        self._resume.append(resume)

    def pause(self) -> None:
        """Storage refuses: stop reading, answer nothing."""
        self.is_accepting = False

    def go_on(self) -> None:
        """Storage takes again."""
        self.is_accepting = True
        self._wake()

    def waits_s(self, host: str) -> float:
        """Seconds until a sender whose budget is used up is read again; 0 for any other."""
        return self._budget.waits_s(host, self._clock.monotonic_s())

    def take(self, sender: Sender, found: RawFrame | Broken) -> bool:
        """Take one frame, or a broken one, from a sender; False where it was no frame."""
        now = self._clock.now_us()
        if isinstance(found, Broken):
            self._reject(sender, found.raw, "discarded", found.reason, None, now)
            return False
        self.counters.frames += 1
        verdict = judge(found, self._snapshot, self._policy, now)
        if verdict.outcome == "accepted":
            if verdict.transmitter is None or not sender.may_speak_for(verdict.transmitter):
                self._reject(sender, found.raw, "discarded", "account", verdict, now)
            elif verdict.kind == "poll":
                self._answer_poll(sender, verdict, now)
            else:
                self._queue(sender, verdict, now)
        elif verdict.outcome == "answer":
            self.counters.answers += 1
        else:
            self._refuse(sender, found.raw, verdict, now)
        return True

    def delivered(self, outcome: Outcome[Waiting]) -> None:
        """Answer a batch: with its receipts, or not at all where it was not stored."""
        counters = self.counters
        if outcome.fault is not None:
            counters.not_stored += len(outcome.tags)
            for waiting in outcome.tags:
                waiting.sender.waiting -= 1
                waiting.sender.stored_one()
        else:
            self._answer(outcome)
        if self._resume and not self.is_full:
            self._wake()

    def _answer(self, outcome: Outcome[Waiting]) -> None:
        counters = self.counters
        now = self._clock.now_us()
        done_s = self._clock.monotonic_s()
        for waiting, receipt in zip(outcome.tags, outcome.receipts, strict=True):
            assert isinstance(receipt, Receipt), "a panel gives no ids"
            sender, verdict = waiting.sender, waiting.verdict
            sender.waiting -= 1
            try:
                pad = self._ids.token_bytes(PAD_BYTES) if verdict.encrypted else b""
                sender.send(acknowledge(verdict, receipt, now, pad))
            except Exception:  # noqa: BLE001 - one answer that cannot be made must not cost the others theirs
                _LOG.exception("signal.not_answered", id=receipt.id)
            if receipt.duplicate_of is None:
                counters.stored += 1
            else:
                counters.repeated += 1
            counters.acknowledged_after(done_s - waiting.began_s, 1)
            self._log.stored(verdict, receipt, done_s - waiting.began_s, done_s)
            sender.stored_one()

    def _queue(self, sender: Sender, verdict: Verdict, now: Micros) -> None:
        account = verdict.policy or verdict.object_policy
        began_s = self._clock.monotonic_s()
        arrival = to_arrival(
            verdict, peer=sender.peer, transport=sender.transport, received_at=now, config=self._snapshot.config
        )
        if account is None:
            signals = len(arrival.signals)
            if not self._budget.spend(sender.host, signals, began_s):
                self._over_budget(sender, verdict)
                return
            self.counters.unknown += 1
            self._heard_unknown(sender, verdict, now, signals=signals)
        else:
            self._saw(account, sender, verdict, is_poll=False)
        self.counters.disputed += verdict.disputed
        self.counters.clock_off += verdict.clock_off_s is not None
        sender.waiting += 1
        self._writer.submit(arrival, Waiting(sender, verdict, began_s))

    def _answer_poll(self, sender: Sender, verdict: Verdict, now: Micros) -> None:
        self.counters.polls += 1
        if verdict.policy is None:
            self._heard_unknown(sender, verdict, now, polls=1)
        else:
            self._saw(verdict.policy, sender, verdict, is_poll=True)
        pad = self._ids.token_bytes(PAD_BYTES) if verdict.encrypted else b""
        sender.send(acknowledge_poll(verdict, now, pad))

    def _heard_unknown(self, sender: Sender, verdict: Verdict, now: Micros, **counts: int) -> None:
        if verdict.transmitter is not None:
            self._lists.heard_unknown(
                verdict.transmitter, verdict.receiver, verdict.line, sender.transport, now, **counts
            )

    def _saw(self, account: AccountPolicy, sender: Sender, verdict: Verdict, *, is_poll: bool) -> None:
        sender.is_known = True
        self._watch.note(
            account.slot,
            _hex(verdict.receiver),
            _hex(verdict.line),
            sender.transport,
            sender.host,
            is_poll=is_poll,
        )

    def _refuse(self, sender: Sender, raw: bytes, verdict: Verdict, now: Micros) -> None:
        reply = refuse(verdict, now)
        if reply is not None:
            sender.send(reply)
        reason = verdict.reason or "header"
        self._reject(sender, raw, verdict.outcome, reason, verdict, now)
        if verdict.policy is not None:
            self._note_refusal(verdict.policy.id, verdict.policy.account, reason)
        elif reason == "decrypt":
            self._heard_unknown(sender, verdict, now, unreadable=1)

    def _reject(
        self, sender: Sender, raw: bytes, outcome: str, reason: str, verdict: Verdict | None, now: Micros
    ) -> None:
        self.counters.refused[outcome, reason] += 1
        has_header = verdict is not None and reason != "header"
        self._lists.rejected(
            Rejection(
                at=now,
                outcome=Code(outcome),
                reason=Code(reason),
                transport=sender.transport,
                account=verdict.transmitter if verdict is not None and has_header else None,
                token=verdict.token if verdict is not None and has_header else None,
                part=SealedPart(raw=raw, peer=sender.peer),
            )
        )

    def _note_refusal(self, account: Ref, number: AccountNumber, reason: str) -> None:
        """Tell the centre about an account that is refused again and again: once, not once a frame."""
        now_s = self._clock.monotonic_s()
        began_s, count = self._refusals.get(account, (now_s, 0))
        if now_s - began_s >= REFUSALS_WINDOW_S:
            began_s, count = now_s, 0
        self._refusals[account] = (began_s, count + 1)
        self._refusals.move_to_end(account)
        if len(self._refusals) > ACCOUNTS_NOTED_MAX:
            self._refusals.popitem(last=False)
        if count + 1 == REFUSALS_NOTED:
            _LOG.warning("account.refused", account_id=account, reason=reason, count=count + 1)
            self._notice("account_refused", account=number, count=count + 1, reason=reason, ref=account)

    def _over_budget(self, sender: Sender, verdict: Verdict) -> None:
        """A sender used up what it may store for unknown accounts: no answer, and its reading stops."""
        self.counters.refused["discarded", "budget"] += 1
        if self._budget.is_news(sender.host, self.now_s):
            _LOG.warning("sender.stopped", transport=sender.transport)
            self._notice("sender_stopped", account=verdict.transmitter, count=1, reason="budget", ref=None)

    def _notice(self, notice: str, *, account: AccountNumber | None, count: int, reason: str, ref: Ref | None) -> None:
        body = CentreNoticed(account=account, count=count, notice=Code(notice), reason=Code(reason))
        fact = Fact(kind=Code("centre.noticed"), body=body, ref=ref)
        self._writer.call(lambda journal: journal.record([fact]))

    def _wake(self) -> None:
        resume, self._resume = self._resume, []
        for call in resume:
            call()


def _hex(value: Code | None) -> int | None:
    """R and L as numbers: compared so, since 01 and 1 are the same receiver. An empty L is line 0."""
    if value is None:
        return None
    return int(value, 16) if value else 0


__all__ = ["Receiver", "Sender", "Waiting"]
