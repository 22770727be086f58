"""How a notice goes on: what begins, what follows from silence, receipts and answers, and when it is over.

Pure: notice + what happened + now -> the body of a fact, or None where nothing is new. That a device has a notice of an
incident says nothing of its person: it goes on until somebody answers, until nobody is needed any more, or its time is
over. A receipt may come before the answer to `send`, twice, or after all is over: it never takes back what is known.
Source: INTEGRATIONS.md, section 10; decision 0048.
"""

import itertools
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from tocsin.model.notices import (
    ATTEMPTS_MAX,
    REFUSED_MAX,
    Accepted,
    Attempt,
    AttemptState,
    Contact,
    Failed,
    Notice,
    NoticeAnswer,
    NoticeMoved,
    NoticeQueued,
    NoticeRefusal,
    NoticeState,
    Outcome,
    ReachRow,
    Receipt,
    Retry,
)
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq
from tocsin.rules.ladder import following, newest, next_way, tries, way_of

SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400 * SECOND_US
RETRIES_S: Final = (5, 30, 120, 300, 900)
"""After so long a provider that could not take it is asked again; the last one holds for all that follow."""

RETRY_AFTER_MAX_S: Final = 900
"""A provider that wants more is asked again after this."""

JITTER_PARTS: Final = 5
"""Up to a fifth is added, so that what failed together does not come again together."""

REDIAL_S: Final = 60
DIALS_MAX: Final = 3
"""A call that is busy, not answered or fails is made twice more."""

OURS: Final = frozenset({Code("switched_off"), Code("address_not_allowed")})
"""Refused by the settings of the centre: no address is judged by it."""

EXPIRES_S: Final = 900
TEST_EXPIRES_S: Final = 600
MISSED_S: Final = 60
"""Later than this only what was missed is looked at: the centre was down or stood still, or its clock was set forward.
A sending takes at most 40 s."""

MISSED_MAX_S: Final = 86_400
"""What was missed for longer is of yesterday, and goes out no more."""

_RANK: Final[dict[str, int]] = {"queued": 0, "accepted": 1, "delivered": 2, "seen": 3, "answered": 4}
_ATTEMPT_RANK: Final[dict[AttemptState, int]] = {"accepted": 1, "delivered": 2, "seen": 3, "answered": 4}
_HOPES: Final[frozenset[AttemptState]] = frozenset({"sending", "accepted", "silent", "delivered", "seen"})
"""By such an attempt its person may hear of it."""

_OVER: Final[frozenset[NoticeState]] = frozenset({"answered", "failed", "expired", "held"})


def refusal_of(reach: ReachRow | None, now: Micros, *, is_away: bool = False) -> NoticeRefusal | None:
    """Why somebody may not be notified now; None where nothing speaks against it.

    On shift, duty decides alone; from home, "not now" alone, said by a tap or by the own calendar (`is_away`). Nobody
    who never said anything is on duty.
    """
    if reach is None or reach.kind == "on_shift":
        until = None if reach is None else reach.on_duty_until
        return None if until is not None and until > now else "off_duty"
    is_said = reach.not_now_until is not None and reach.not_now_until > now
    return "not_now" if is_said or is_away else None


def decide_due(notice: Notice, now: Micros) -> NoticeMoved | None:
    """Its time has come: what is next. Asked until it returns None: then nothing is to be done but to send.

    What is to be sent are the attempts whose state is `sending` (`sendings`).
    """
    if notice.due_at is None:
        return None
    known, notice = notice, _given_back(notice, now)
    if now >= notice.expires_at:
        state: NoticeState = "expired" if notice.state in ("queued", "accepted") else notice.state
        return _moved(notice, now, state=state, reason=Code("no_time_left"), is_over=True)
    for place in newest(notice):
        last = notice.attempts[place]
        if last.state != "sending" and last.due_at is not None and last.due_at <= now:
            return _follow(notice, place, now)
    if notice.next_at is not None and notice.next_at <= now and len(notice.attempts) < ATTEMPTS_MAX:
        return _begin_next(notice, now)
    if notice is known or any(one.state == "sending" for one in notice.attempts):
        return None
    return _moved(notice, now, state=notice.state)


def decide_sent(
    notice: Notice, number: int, outcome: Outcome, provider_hash: HexHash | None, now: Micros, chance: int = 0
) -> NoticeMoved | None:
    """A provider answered attempt `number`. `chance`, 0 to 255, spreads what is tried again."""
    if not 1 <= number <= len(notice.attempts):
        return None
    notice = _given_back(notice, now)
    at = notice.attempts[number - 1]
    match outcome:
        case Accepted():
            now_state: AttemptState = "delivered" if outcome.is_received else "accepted"
            if _ATTEMPT_RANK.get(at.state, 0) >= _ATTEMPT_RANK[now_state]:
                return None if provider_hash in (None, at.provider_hash) else _noted(notice, number, now, provider_hash)
            if at.state in ("failed", "no_answer"):
                return None  # a receipt of the end came first
            due_at = None if outcome.is_received else Micros(now + way_of(notice, at.step).wait_s * SECOND_US)
            at = replace(at, state=now_state, reason=None, provider_hash=provider_hash, due_at=due_at)
            state: NoticeState = _higher(notice.state, "delivered" if outcome.is_received else "accepted")
            if notice.due_at is None and not outcome.is_received:
                state = notice.state  # it is over: that a provider has it begins nothing again
            return _moved(notice, now, state=state, number=number, attempt=at)
        case Retry() | Failed():
            if at.state != "sending":
                return None
            is_retry = isinstance(outcome, Retry)
            at = replace(at, state="retry" if is_retry else "failed", reason=outcome.reason)
            return _ended(notice, number, at, now, chance, after_s=outcome.after_s if is_retry else None)


def decide_receipt(notice: Notice, number: int, receipt: Receipt, now: Micros, *, is_late: bool) -> NoticeMoved | None:
    """A provider or device tells of attempt `number`; None where that was known, or less than was known."""
    if not 1 <= number <= len(notice.attempts):
        return None
    at = notice.attempts[number - 1]
    match receipt:
        case "delivered" | "seen":
            if _ATTEMPT_RANK.get(at.state, 0) >= _ATTEMPT_RANK[receipt]:
                return None
            at = replace(at, state=receipt, reason=None, due_at=None)
            return _moved(notice, now, state=_higher(notice.state, receipt), number=number, attempt=at, is_late=is_late)
        case "failed" | "no_answer" | "bounced":
            if at.state not in ("sending", "accepted", "silent"):
                return None
            notice = _given_back(notice, now)
            at = replace(at, state="no_answer" if receipt == "no_answer" else "failed", reason=Code(receipt))
            return _ended(notice, number, at, now, 0, is_late=is_late)


def decide_answer(
    notice: Notice, number: int, answer: NoticeAnswer, now: Micros, *, is_late: bool, is_latest: bool = True
) -> NoticeMoved | None:
    """The person said something; the same again is nothing new. `number` 0: on a page, by no attempt's own link.

    `is_latest`: by no other notice of the incident has the person said something since.
    """
    if notice.answer == answer and is_latest:
        return None
    at = None
    if 1 <= number <= len(notice.attempts):
        at = replace(notice.attempts[number - 1], state="answered", reason=None, due_at=None)
    return _moved(
        notice, now, state="answered", number=number, attempt=at, answer=answer, is_late=is_late, is_over=True
    )


def decide_hold(notice: Notice, now: Micros) -> NoticeMoved | None:
    """A backup was restored: what wanted something waits for a person."""
    if notice.due_at is None:
        return None
    return _moved(notice, now, state="held", reason=Code("restored"), is_over=True)


def decide_end(notice: Notice, reason: Code, now: Micros) -> NoticeMoved | None:
    """Nothing more is sent of it: a person lets go of it, another takes its place, or nobody is needed any more."""
    if notice.due_at is None and notice.state in ("answered", "seen", "delivered", "expired"):
        return None
    state: NoticeState = notice.state if is_received(notice) else "expired"
    return _moved(notice, now, state=state, reason=reason, is_over=True)


def is_test_due(contact: Contact, now: Micros, days: int) -> bool:
    """Is its last test older than so many days, or was it never tested?"""
    return contact.row.tested_at is None or contact.row.tested_at < now - days * DAY_US


def people_to_test(contacts: Iterable[Contact], now: Micros, days: int) -> list[Actor]:
    """Who is asked to test: of none of their contacts it is known that it worked within these days."""
    due: dict[Actor, bool] = {}
    for one in contacts:
        due[one.row.user] = due.get(one.row.user, True) and is_test_due(one, now, days)
    return [person for person, is_due in due.items() if is_due]


def is_refused_again(attempts: Iterable[Attempt], contact: Ref) -> bool:
    """Was a contact refused for good so often in a row that it is failing? `attempts`: the newest first.

    What a provider has not judged yet, or could not, says nothing of the address; what it took begins anew.
    """
    judged = (one for one in attempts if one.contact == contact and one.state not in ("sending", "retry", "held"))
    newest = list(itertools.islice((one for one in judged if one.reason not in OURS), REFUSED_MAX))
    is_same = len({one.reason for one in newest}) == 1
    return len(newest) == REFUSED_MAX and is_same and all(one.state == "failed" for one in newest)


def sendings(notice: Notice) -> list[int]:
    """Numbers of the attempts that a provider is to be given now; nothing of them was noted yet."""
    if notice.due_at is None:
        return []
    return [place + 1 for place, one in enumerate(notice.attempts) if one.state == "sending"]


def wants_at(notice: Notice, under_way: frozenset[int] = frozenset()) -> Micros | None:
    """When it wants something next, those attempts left out that somebody is at; None: nothing more."""
    if notice.state in _OVER or (notice.purpose != "incident" and is_received(notice)):
        return None
    times = [notice.expires_at]
    if notice.next_at is not None and len(notice.attempts) < ATTEMPTS_MAX:
        times.append(notice.next_at)
    for place in newest(notice):
        last = notice.attempts[place]
        if last.due_at is not None and place + 1 not in under_way:
            times.append(last.due_at)
    return min(times)


def queued(body: NoticeQueued, id_: Ref, seq: Seq, at: Micros, cause: Seq | None) -> Notice:
    """The notice that a fact makes."""
    begins_at = None if body.refusal is not None else body.begins_at or at
    return Notice(
        again_s=body.again_s,
        answer=None,
        answered_at=None,
        attempts=(),
        cause=cause,
        changed_at=at,
        due_at=begins_at,
        ends_at_claim=body.ends_at_claim,
        exercise=body.exercise,
        expires_at=body.expires_at,
        id=id_,
        incident=body.incident,
        is_late=False,
        next_at=begins_at,
        number=body.number,
        plan=body.plan,
        priority=body.priority,
        purpose=body.purpose,
        queued_at=at,
        reason=None if body.refusal is None else Code(body.refusal),
        recipient=body.recipient,
        seq=seq,
        shown_type=body.shown_type,
        state="queued" if body.refusal is None else "failed",
        step=0,
        version=seq,
        wanted=body.wanted,
    )


def moved(notice: Notice, body: NoticeMoved, seq: Seq, at: Micros) -> Notice:
    """The notice after a fact."""
    attempts = list(notice.attempts)
    if body.attempt:
        if body.attempt > len(attempts):
            assert body.attempt_step is not None, "an attempt begins with its way"
            attempts.append(_begun(notice, body.attempt_step, at))
        was = attempts[body.attempt - 1]
        attempts[body.attempt - 1] = replace(
            was,
            at=at,
            due_at=body.attempt_due_at,
            provider_hash=body.provider_hash or was.provider_hash,
            reason=body.reason,
            state=body.attempt_state or was.state,
        )
    # Why it is over stays, whatever becomes known of it afterwards.
    is_news = body.reason is not None or body.answer is not None or body.due_at is not None
    return replace(
        notice,
        answer=body.answer or notice.answer,
        answered_at=at if body.answer is not None else notice.answered_at,
        answered_seq=seq if body.answer is not None else notice.answered_seq,
        attempts=tuple(attempts),
        changed_at=at,
        due_at=body.due_at,
        expires_at=notice.expires_at if body.expires_at is None else body.expires_at,
        is_late=notice.is_late or body.is_late,
        next_at=body.next_at,
        reason=body.reason if is_news else notice.reason,
        state=body.state,
        step=body.step,
        version=seq,
    )


def is_received(notice: Notice) -> bool:
    """Some device is known to have it."""
    return _rank(notice.state) >= _RANK["delivered"]


def _given_back(notice: Notice, now: Micros) -> Notice:
    """Time in which nobody looked counts for nobody: what was missed of a notice's time is added to its end.

    Else whoever the first provider does not reach is never told by the second, because the machine slept between.
    """
    if notice.due_at is None or notice.due_at >= notice.expires_at:
        return notice
    missed_us = now - max(notice.due_at, notice.changed_at)
    if not MISSED_S * SECOND_US < missed_us <= MISSED_MAX_S * SECOND_US:
        return notice
    return replace(notice, expires_at=Micros(notice.expires_at + missed_us))


def _begun(notice: Notice, step: int, at: Micros) -> Attempt:
    way = way_of(notice, step)
    return Attempt(
        at=at,
        channel=way.channel,
        contact=way.contact,
        due_at=at,
        provider=way.provider,
        provider_hash=None,
        reason=None,
        state="sending",
        step=step,
    )


def _follow(notice: Notice, place: int, now: Micros) -> NoticeMoved:
    """No receipt came of the newest attempt at a contact in its time, or that contact is tried again now."""
    last = notice.attempts[place]
    if last.state == "accepted":
        return _ended(notice, place + 1, replace(last, state="silent", reason=Code("no_receipt")), now, 0)
    step = next_way(notice, last, DIALS_MAX)
    if step is None or len(notice.attempts) >= ATTEMPTS_MAX:
        return _moved(notice, now, state=notice.state, number=place + 1, attempt=replace(last, due_at=None))
    return _begin(notice, step, now)


def _begin(notice: Notice, step: int, now: Micros) -> NoticeMoved:
    number = len(notice.attempts) + 1
    return _moved(notice, now, state=notice.state, number=number, attempt=_begun(notice, step, now), is_new=True)


def _begin_next(notice: Notice, now: Micros) -> NoticeMoved:
    """The next way of the plan begins: those are passed over whose contact refused it for good, or is called now."""
    for _ in notice.plan:
        step = notice.step
        after, gap_s = following(notice, step)
        notice = replace(notice, step=after, next_at=None if gap_s is None else Micros(now + gap_s * SECOND_US))
        if not _is_passed_over(notice, step):
            return _begin(notice, step, now)
        if notice.next_at is None or notice.next_at > now:
            break
    return _moved(notice, now, state=notice.state)


def _is_passed_over(notice: Notice, step: int) -> bool:
    way = way_of(notice, step)
    last = next((one for one in reversed(notice.attempts) if one.contact == way.contact), None)
    if last is None:
        return False
    is_called = way.channel == "voice" and (last.state == "accepted" or last.due_at is not None)
    return last.state in ("failed", "sending") or is_called


def _ended(
    notice: Notice,
    number: int,
    attempt: Attempt,
    now: Micros,
    chance: int,
    *,
    after_s: int | None = None,
    is_late: bool = False,
) -> NoticeMoved:
    """An attempt came to nothing, or nobody heard of it: when its contact is tried next, and whether others wait."""
    attempt = replace(attempt, due_at=None)
    attempts = (*notice.attempts[: number - 1], attempt, *notice.attempts[number:])
    then = replace(notice, attempts=attempts)
    if number - 1 in newest(then) and notice.due_at is not None:
        step = next_way(then, attempt, DIALS_MAX)
        if step is not None:
            due_at = Micros(now + _wait_us(then, attempt, step, after_s, chance))
            if due_at < notice.expires_at:
                attempt = replace(attempt, due_at=due_at)
    return _moved(notice, now, state=notice.state, number=number, attempt=attempt, is_late=is_late)


def _wait_us(notice: Notice, last: Attempt, step: int, after_s: int | None, chance: int) -> int:
    if last.state == "no_answer":
        return REDIAL_S * SECOND_US
    if all(one.step != step for one in notice.attempts):
        return 0  # the second provider was not asked yet
    wait_s = RETRIES_S[min(tries(notice, last), len(RETRIES_S) - 1)]
    if after_s is not None:
        wait_s = max(1, min(after_s, RETRY_AFTER_MAX_S))
    wait_us = wait_s * SECOND_US
    return wait_us + wait_us * chance // (255 * JITTER_PARTS)


def _noted(notice: Notice, number: int, now: Micros, provider_hash: HexHash | None) -> NoticeMoved:
    """Nothing is new but the provider's own name of it."""
    at = replace(notice.attempts[number - 1], provider_hash=provider_hash)
    return _moved(notice, now, state=notice.state, number=number, attempt=at)


def _moved(
    notice: Notice,
    now: Micros,
    *,
    state: NoticeState,
    number: int = 0,
    attempt: Attempt | None = None,
    answer: NoticeAnswer | None = None,
    is_late: bool = False,
    is_new: bool = False,
    is_over: bool = False,
    reason: Code | None = None,
) -> NoticeMoved:
    """The fact; what the notice wants next follows from how it stands then."""
    is_over |= notice.due_at is None
    body = NoticeMoved(
        answer=answer,
        attempt=number if attempt is not None else 0,
        attempt_due_at=None if attempt is None or is_over else attempt.due_at,
        attempt_state=None if attempt is None else attempt.state,
        attempt_step=attempt.step if is_new and attempt is not None else None,
        due_at=None,
        exercise=notice.exercise,
        expires_at=notice.expires_at,
        incident=notice.incident,
        is_late=is_late,
        next_at=None if is_over else notice.next_at,
        provider_hash=None if attempt is None else attempt.provider_hash,
        reason=reason if reason is not None or attempt is None else attempt.reason,
        state=state,
        step=notice.step,
    )
    return body if is_over else _on(moved(notice, body, Seq(0), now), body, now)


def _on(then: Notice, body: NoticeMoved, now: Micros) -> NoticeMoved:
    """What it wants next. Where nobody may hear of it by what was begun, the next way begins at once."""
    last = [then.attempts[place] for place in newest(then)]
    if any(one.state in _HOPES or (one.state == "no_answer" and one.due_at is not None) for one in last):
        return replace(body, due_at=wants_at(then))
    can_go_on = then.next_at is not None and len(then.attempts) < ATTEMPTS_MAX
    refused = {one.contact for one in last if one.state == "failed" and one.due_at is None}
    all_refused = refused >= {one.contact for one in then.plan}
    if can_go_on and not all_refused and then.attempts:
        if way_of(then, then.step).at_s and then.next_at is not None:
            # Of this time round; whatever comes again later keeps its time.
            then = replace(then, next_at=min(then.next_at, now))
            body = replace(body, next_at=then.next_at)
        return replace(body, due_at=wants_at(then))
    if then.plan and (not then.attempts or any(one.due_at is not None for one in last)):
        return replace(body, due_at=wants_at(then))
    if any(one.state in ("accepted", "silent", "delivered", "seen") for one in then.attempts):
        # A provider took an earlier one: perhaps it is there. Nobody says "failed" before its time is over.
        return replace(body, due_at=then.expires_at, next_at=None)
    reason = Code("too_many_attempts") if len(then.attempts) >= ATTEMPTS_MAX else body.reason
    return replace(body, state="failed", reason=reason or Code("no_way"), due_at=None, next_at=None)


def _rank(state: NoticeState) -> int:
    return _RANK.get(state, 0)


def _higher(state: NoticeState, other: NoticeState) -> NoticeState:
    return state if _rank(state) >= _rank(other) else other
