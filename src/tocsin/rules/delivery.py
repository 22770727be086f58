"""How a notice goes on: which way is tried, how long a receipt is waited for, what comes then, and when it is over.

Pure: notice + what happened + now -> the body of a fact, or None where nothing is new. A receipt may come before the
answer to `send`, twice, or after all is over: it never takes back what is known. Source: INTEGRATIONS.md, section 10.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

from tocsin.model.notices import (
    ATTEMPTS_MAX,
    CHANNELS,
    Accepted,
    Attempt,
    AttemptState,
    Channel,
    Contact,
    Failed,
    Notice,
    NoticeAnswer,
    NoticeMoved,
    NoticeQueued,
    NoticeRefusal,
    NoticeState,
    NoticeStep,
    Outcome,
    ProviderRank,
    ReachRow,
    Receipt,
    Retry,
)
from tocsin.model.values import Code, HexHash, Micros, Ref, Seq

SECOND_US: Final = 1_000_000
WAITS_S: Final[dict[Channel, int]] = {"push": 30, "webhook": 30, "sms": 60, "voice": 120, "email": 120}
"""So long a receipt is waited for; then the next way is tried."""

RETRIES_S: Final = (5, 30, 120, 300, 900)
"""After so long a provider that could not take it is asked again; the last one holds for all that follow."""

RETRY_AFTER_MAX_S: Final = 900
"""A provider that wants more is asked again after this."""

JITTER_PARTS: Final = 5
"""Up to a fifth is added, so that what failed together does not come again together."""

REDIAL_S: Final = 60
DIALS_MAX: Final = 3
"""A call that is busy, not answered or fails is made twice more."""

EXPIRES_S: Final = 900
TEST_EXPIRES_S: Final = 600
MISSED_S: Final = 60
"""Later than this only what was missed is looked at: the centre was down or stood still, or its clock was set forward.
A sending takes at most 40 s."""

MISSED_MAX_S: Final = 86_400
"""What was missed for longer is of yesterday, and goes out no more."""

_RANK: Final[dict[str, int]] = {"queued": 0, "accepted": 1, "delivered": 2, "seen": 3, "answered": 4}
_ATTEMPT_RANK: Final[dict[AttemptState, int]] = {"accepted": 1, "delivered": 2, "seen": 3, "answered": 4}
Way = tuple[Channel, ProviderRank]


def refusal_of(reach: ReachRow | None, now: Micros) -> NoticeRefusal | None:
    """Why somebody may not be notified now; None where nothing speaks against it.

    On shift, duty decides alone; from home, "not now" alone. Nobody who never said anything is on duty.
    """
    if reach is None or reach.kind == "on_shift":
        until = None if reach is None else reach.on_duty_until
        return None if until is not None and until > now else "off_duty"
    return "not_now" if reach.not_now_until is not None and reach.not_now_until > now else None


def plan_of(contacts: Iterable[Contact], ways: Collection[Way]) -> tuple[NoticeStep, ...]:
    """By which ways somebody is told, in order: tested contacts first, then by channel; each by both providers."""
    ordered = sorted(
        (one for one in contacts if one.row.address is not None),
        key=lambda one: (one.row.tested_at is None, CHANNELS.index(one.row.channel), one.id),
    )
    ranks: tuple[ProviderRank, ...] = (1, 2)
    return tuple(
        NoticeStep(channel=one.row.channel, contact=one.id, provider=rank, wait_s=WAITS_S[one.row.channel])
        for one in ordered
        for rank in ranks
        if (one.row.channel, rank) in ways
    )


def decide_due(notice: Notice, now: Micros) -> NoticeMoved | None:
    """Its time has come: what follows from silence; None where it is to be sent."""
    known, notice = notice, _given_back(notice, now)
    if now >= notice.expires_at:
        state: NoticeState = "expired" if notice.state in ("queued", "accepted") else notice.state
        return _moved(notice, state=state, reason=Code("no_time_left"))
    if notice.is_sending:
        if notice is known:
            return None
        return _moved(notice, state=notice.state, due_at=now, is_sending=True, tries=notice.tries)
    if not notice.attempts or notice.attempts[-1].state != "accepted":
        return _go_on(notice, notice.attempts, now, 0, None)
    silent = msgspec.structs.replace(notice.attempts[-1], state="silent", reason=Code("no_receipt"))
    return _go_on(notice, (*notice.attempts[:-1], silent), now, 0, silent)


def decide_sent(
    notice: Notice, number: int, outcome: Outcome, provider_hash: HexHash | None, now: Micros, chance: int = 0
) -> NoticeMoved | None:
    """A provider answered attempt `number`. `chance`, 0 to 255, spreads what is tried again."""
    known = _known(notice, number)
    if known is None:
        return None
    attempts, at = known
    match outcome:
        case Accepted():
            now_state: AttemptState = "delivered" if outcome.is_received else "accepted"
            if _ATTEMPT_RANK.get(at.state, 0) >= _ATTEMPT_RANK[now_state]:
                return None if at.provider_hash == provider_hash else _noted(notice, number, at, provider_hash)
            if at.state in ("failed", "no_answer"):
                return None  # a receipt of the end came first
            at = msgspec.structs.replace(at, state=now_state, reason=None, provider_hash=provider_hash)
            notice, due_at = _given_back(notice, now), None
            if not outcome.is_received and _rank(notice.state) < _RANK["delivered"]:
                due_at = Micros(min(now + notice.plan[at.step].wait_s * SECOND_US, notice.expires_at))
            return _moved(
                notice,
                state=_higher(notice.state, "delivered" if outcome.is_received else "accepted"),
                number=number,
                attempt=at,
                due_at=due_at,
                tries=notice.tries,
            )
        case Retry() | Failed():
            if at.state != "sending":
                return None
            state: AttemptState = "retry" if isinstance(outcome, Retry) else "failed"
            at = msgspec.structs.replace(at, state=state, reason=outcome.reason)
            after_s = outcome.after_s if isinstance(outcome, Retry) else None
            return _go_on(_given_back(notice, now), (*attempts[: number - 1], at), now, chance, at, after_s=after_s)


def decide_receipt(notice: Notice, number: int, receipt: Receipt, now: Micros, *, is_late: bool) -> NoticeMoved | None:
    """A provider or device tells of attempt `number`; None where that was known, or less than was known."""
    known = _known(notice, number)
    if known is None:
        return None
    attempts, at = known
    match receipt:
        case "delivered" | "seen":
            if _ATTEMPT_RANK.get(at.state, 0) >= _ATTEMPT_RANK[receipt]:
                return None
            at = msgspec.structs.replace(at, state=receipt, reason=None)
            return _moved(notice, state=_higher(notice.state, receipt), number=number, attempt=at, is_late=is_late)
        case "failed" | "no_answer":
            if at.state not in ("sending", "accepted", "silent"):
                return None
            at = msgspec.structs.replace(at, state=receipt, reason=Code(receipt))
            after = (*attempts[: number - 1], at, *attempts[number:])
            if notice.due_at is None or number < len(attempts):
                # It is over, or another way is being tried already.
                return _moved(
                    notice,
                    state=notice.state,
                    number=number,
                    attempt=at,
                    due_at=notice.due_at,
                    is_sending=notice.is_sending,
                    step=notice.step,
                    tries=notice.tries,
                    is_late=is_late,
                )
            return _go_on(_given_back(notice, now), after, now, 0, at)


def decide_answer(notice: Notice, number: int, answer: NoticeAnswer, *, is_late: bool) -> NoticeMoved | None:
    """The person said something; the same again is nothing new. `number` 0: on a page, by no attempt's own link."""
    if notice.answer == answer:
        return None
    known = _known(notice, number) if number else None
    if known is None:
        return _moved(notice, state="answered", answer=answer, is_late=is_late)
    at = msgspec.structs.replace(known[1], state="answered", reason=None)
    return _moved(notice, state="answered", number=number, attempt=at, answer=answer, is_late=is_late)


def decide_hold(notice: Notice) -> NoticeMoved | None:
    """A backup was restored: what wanted something waits for a person."""
    return None if notice.due_at is None else _moved(notice, state="held", reason=Code("restored"))


def decide_end(notice: Notice, reason: Code) -> NoticeMoved | None:
    """A person lets go of it, or has it sent anew as another one."""
    if notice.state in ("answered", "seen", "delivered", "expired"):
        return None
    return _moved(notice, state="expired", reason=reason)


def queued(body: NoticeQueued, id_: Ref, seq: Seq, at: Micros, cause: Seq | None) -> Notice:
    """The notice that a fact makes."""
    is_refused = body.refusal is not None
    return Notice(
        answer=None,
        answered_at=None,
        attempts=(),
        cause=cause,
        changed_at=at,
        due_at=None if is_refused else at,
        exercise=body.exercise,
        expires_at=body.expires_at,
        id=id_,
        incident=body.incident,
        is_late=False,
        is_sending=not is_refused,
        number=body.number,
        plan=body.plan,
        priority=body.priority,
        purpose=body.purpose,
        queued_at=at,
        reason=None if body.refusal is None else Code(body.refusal),
        recipient=body.recipient,
        seq=seq,
        shown_type=body.shown_type,
        state="failed" if is_refused else "queued",
        step=0,
        tries=0,
        version=seq,
        wanted=body.wanted,
    )


def moved(notice: Notice, body: NoticeMoved, seq: Seq, at: Micros) -> Notice:
    """The notice after a fact."""
    attempts = list(notice.attempts)
    if body.attempt:
        if body.attempt > len(attempts):
            way = notice.plan[notice.step]
            attempts.append(_begun(way, notice.step, at))
        was = attempts[body.attempt - 1]
        attempts[body.attempt - 1] = msgspec.structs.replace(
            was,
            at=at,
            provider_hash=body.provider_hash or was.provider_hash,
            reason=body.reason,
            state=body.attempt_state or was.state,
        )
    return msgspec.structs.replace(
        notice,
        answer=body.answer or notice.answer,
        answered_at=at if body.answer is not None else notice.answered_at,
        attempts=tuple(attempts),
        changed_at=at,
        due_at=body.due_at,
        expires_at=notice.expires_at if body.expires_at is None else body.expires_at,
        is_late=notice.is_late or body.is_late,
        is_sending=body.is_sending,
        reason=body.reason,
        state=body.state,
        step=body.step,
        tries=body.tries,
        version=seq,
    )


def next_attempt(notice: Notice) -> int:
    """Number of the attempt that is made next. It stays the same until something is known of it."""
    return len(notice.attempts) + 1


def is_received(notice: Notice) -> bool:
    """Some device is known to have it."""
    return _rank(notice.state) >= _RANK["delivered"]


def _given_back(notice: Notice, now: Micros) -> Notice:
    """Time in which nobody looked counts for nobody: what was missed of a notice's time is added to its end.

    Else whoever the first provider does not reach is never told by the second, because the machine slept between.
    """
    if notice.due_at is None or notice.due_at >= notice.expires_at:
        return notice
    missed_us = now - notice.due_at
    if not MISSED_S * SECOND_US < missed_us <= MISSED_MAX_S * SECOND_US:
        return notice
    return msgspec.structs.replace(notice, expires_at=Micros(notice.expires_at + missed_us))


def _begun(way: NoticeStep, step: int, at: Micros) -> Attempt:
    return Attempt(
        at=at,
        channel=way.channel,
        contact=way.contact,
        provider=way.provider,
        provider_hash=None,
        reason=None,
        state="sending",
        step=step,
    )


def _known(notice: Notice, number: int) -> tuple[tuple[Attempt, ...], Attempt] | None:
    """The attempts and the one of this number, which may be under way; None where there is no such attempt.

    Who names a number has been given it with a message or a link: the one after the last was sent, and is not noted.
    """
    attempts = notice.attempts
    if 1 <= number <= len(attempts):
        return attempts, attempts[number - 1]
    if number != len(attempts) + 1 or not notice.plan:
        return None
    return attempts, _begun(notice.plan[notice.step], notice.step, notice.changed_at)


def _go_on(
    notice: Notice,
    attempts: Sequence[Attempt],
    now: Micros,
    chance: int,
    last: Attempt | None,
    *,
    after_s: int | None = None,
) -> NoticeMoved:
    """An attempt came to nothing, or nobody heard of it: the next way, the same again, or the end."""
    number = 0 if last is None else max(1, _number_of(attempts, last))
    state = notice.state if _rank(notice.state) >= _RANK["accepted"] else "queued"
    if _rank(notice.state) >= _RANK["delivered"]:
        return _moved(notice, state=notice.state, number=number, attempt=last, tries=notice.tries)
    if len(attempts) >= ATTEMPTS_MAX:
        return _moved(notice, state="failed", number=number, attempt=last, reason=Code("too_many_attempts"))
    if last is not None and last.state == "no_answer":
        dials = sum(one.step == last.step and one.state == "no_answer" for one in attempts)
        due_at = Micros(now + REDIAL_S * SECOND_US)
        if dials < DIALS_MAX and due_at < notice.expires_at:
            return _moved(
                notice, state=state, number=number, attempt=last, due_at=due_at, is_sending=True, tries=notice.tries
            )
    if notice.step + 1 < len(notice.plan) and notice.tries == 0:
        return _moved(
            notice, state=state, number=number, attempt=last, due_at=now, is_sending=True, step=notice.step + 1
        )
    again = _again(notice, attempts)
    if again is not None:
        due_at = Micros(now + _wait_us(notice.tries, after_s, chance))
        if due_at < notice.expires_at:
            return _moved(
                notice,
                state=state,
                number=number,
                attempt=last,
                due_at=due_at,
                is_sending=True,
                step=again,
                tries=notice.tries + 1,
            )
    if any(one.state in ("accepted", "silent") for one in attempts):
        # A provider took it: perhaps it is there. Nobody says "failed" before its time is over.
        return _moved(notice, state="accepted", number=number, attempt=last, due_at=notice.expires_at)
    reason = Code("no_way") if last is None else last.reason
    return _moved(notice, state="failed", number=number, attempt=last, reason=reason)


def _again(notice: Notice, attempts: Sequence[Attempt]) -> int | None:
    """The step whose provider could not take it at its last attempt; the one that was asked longest ago."""
    newest: dict[int, tuple[int, Attempt]] = {one.step: (place, one) for place, one in enumerate(attempts)}
    waiting = [(place, step) for step, (place, one) in newest.items() if one.state == "retry"]
    return min(waiting)[1] if waiting else None


def _wait_us(tries: int, after_s: int | None, chance: int) -> int:
    wait_s = RETRIES_S[min(tries, len(RETRIES_S) - 1)]
    if after_s is not None:
        wait_s = max(1, min(after_s, RETRY_AFTER_MAX_S))
    wait_us = wait_s * SECOND_US
    return wait_us + wait_us * chance // (255 * JITTER_PARTS)


def _number_of(attempts: Sequence[Attempt], last: Attempt) -> int:
    return next(place for place in range(len(attempts), 0, -1) if attempts[place - 1] is last)


def _noted(notice: Notice, number: int, attempt: Attempt, provider_hash: HexHash | None) -> NoticeMoved | None:
    """Nothing is new but the provider's own name of it."""
    if provider_hash is None:
        return None
    return _moved(
        notice,
        state=notice.state,
        number=number,
        attempt=msgspec.structs.replace(attempt, provider_hash=provider_hash),
        due_at=notice.due_at,
        is_sending=notice.is_sending,
        step=notice.step,
        tries=notice.tries,
    )


def _moved(
    notice: Notice,
    *,
    state: NoticeState,
    number: int = 0,
    attempt: Attempt | None = None,
    answer: NoticeAnswer | None = None,
    due_at: Micros | None = None,
    is_sending: bool = False,
    is_late: bool = False,
    reason: Code | None = None,
    step: int | None = None,
    tries: int = 0,
) -> NoticeMoved:
    return NoticeMoved(
        answer=answer,
        attempt=number if attempt is not None else 0,
        attempt_state=None if attempt is None else attempt.state,
        due_at=due_at,
        exercise=notice.exercise,
        expires_at=notice.expires_at,
        incident=notice.incident,
        is_late=is_late,
        is_sending=is_sending,
        provider_hash=None if attempt is None else attempt.provider_hash,
        reason=reason if reason is not None or attempt is None else attempt.reason,
        state=state,
        step=notice.step if step is None else step,
        tries=tries,
    )


def _rank(state: NoticeState) -> int:
    return _RANK.get(state, 0)


def _higher(state: NoticeState, other: NoticeState) -> NoticeState:
    return state if _rank(state) >= _rank(other) else other
