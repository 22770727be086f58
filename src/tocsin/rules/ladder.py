"""The ladder: by which ways somebody is told, when each begins, and which way of a contact is tried next.

Pure. All devices of a kind ring at once; the next kind begins after its time, whatever became of the first, until
somebody answers. The second provider of a contact is asked where the first cannot, or stays silent.
Source: INTEGRATIONS.md, section 10; STANDARDS.md, lesson 8; decision 0048.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from tocsin.model.catalogue import Priority
from tocsin.model.notices import (
    CHANNELS,
    Attempt,
    Channel,
    ChannelTime,
    Contact,
    Notice,
    NoticePurpose,
    NoticeStep,
    OwnRules,
    ProviderRank,
)

Way = tuple[Channel, ProviderRank]
WAITS_S: Final[dict[Channel, int]] = {"push": 30, "webhook": 30, "sms": 60, "voice": 120, "email": 120}
"""So long a receipt is waited for; then the second provider is asked."""

URGENT: Final[Priority] = 1
OWN_URGENT: Final[Priority] = 2
"""The least urgent that somebody's own urgent rules are for."""

URGENT_S: Final[dict[Channel, tuple[int, ...]]] = {
    "push": (0, 20),
    "webhook": (0,),
    "sms": (20,),
    "email": (20,),
    "voice": (40,),
}
"""Of priority 1: when each channel begins, in seconds. Browsers ring twice."""

USUAL_S: Final[dict[Channel, tuple[int, ...]]] = {
    "push": (0,),
    "webhook": (0,),
    "sms": (60,),
    "email": (60,),
    "voice": (180,),
}
"""Of all other priorities."""

UNTESTED_S: Final = {True: 20, False: 60}
"""Contacts that nobody ever tested come so much later than those of their kind, by whether it is urgent."""

AGAIN_S: Final = 180
"""So long after it began the ladder of priority 1 begins anew, until somebody answers."""

APART_S: Final = 30
"""What is no ladder, a test or a call of programs, tries one contact after the other, so far apart."""


def plan_of(
    contacts: Iterable[Contact],
    ways: Collection[Way],
    priority: Priority | None = None,
    purpose: NoticePurpose = "incident",
    own: OwnRules | None = None,
) -> tuple[NoticeStep, ...]:
    """By which ways somebody is told, in the order in which they begin; each with its second provider behind it.

    Whoever has no contact of the first kind does not wait for it: the ladder begins with what there is. `own` are the
    person's own rules; where these reach nothing, the ladder of the centre does.
    """
    ordered = sorted(
        (one for one in contacts if one.row.address is not None),
        key=lambda one: (one.row.tested_at is None, CHANNELS.index(one.row.channel), one.id),
    )
    usable = [(one, found) for one in ordered if (found := _ranks(one.row.channel, ways))]
    wanted = own_of(own, priority)

    def begun(wanted: Sequence[ChannelTime]) -> list[tuple[int, int, Contact, list[ProviderRank]]]:
        return [
            (at_s, place, one, ranks)
            for place, (one, ranks) in enumerate(usable)
            for at_s in (_times(one, priority, wanted) if purpose == "incident" else (place * APART_S,))
        ]

    begins = begun(wanted) or begun(())
    begins.sort(key=lambda one: (one[0], one[1]))
    first_s = begins[0][0] if begins else 0
    return tuple(
        NoticeStep(
            at_s=None if behind else at_s - first_s,
            channel=one.row.channel,
            contact=one.id,
            provider=rank,
            wait_s=WAITS_S[one.row.channel],
        )
        for at_s, _, one, ranks in begins
        for behind, rank in enumerate(ranks)
    )


def own_of(own: OwnRules | None, priority: Priority | None) -> tuple[ChannelTime, ...]:
    """Somebody's own rules for an incident of a priority; empty: the ladder of the centre."""
    if own is None or priority is None:
        return ()
    return own.urgent if priority <= OWN_URGENT else own.normal


def again_s_of(priority: Priority | None, purpose: NoticePurpose) -> int | None:
    """After how long its ladder begins anew; None: it does not."""
    return AGAIN_S if purpose == "incident" and priority == URGENT else None


def way_of(notice: Notice, step: int) -> NoticeStep:
    """The way of a step, which counts on where the plan comes again."""
    return notice.plan[step % len(notice.plan)]


def following(notice: Notice, step: int) -> tuple[int, int | None]:
    """The step that begins after this one, and how many seconds later; None: it was the last."""
    count = len(notice.plan)
    after = next(one for one in range(step + 1, step + count + 1) if way_of(notice, one).at_s is not None)
    at_s, next_s = way_of(notice, step).at_s, way_of(notice, after).at_s
    assert at_s is not None, "a second provider begins no step"
    assert next_s is not None, "looked for"
    if after // count == step // count:
        return after, next_s - at_s
    return after, None if notice.again_s is None else max(notice.again_s - at_s, APART_S)


def newest(notice: Notice) -> list[int]:
    """The place of the newest attempt at each contact, in the order of the attempts."""
    found = {one.contact: place for place, one in enumerate(notice.attempts)}
    return sorted(found.values())


def next_way(notice: Notice, last: Attempt, dials_max: int) -> int | None:
    """The step by which the contact of `last`, its newest attempt, is tried next; None: by none until it begins anew.

    A call that nobody answered is made again. Else the provider that was not asked yet; else of those who could not
    take it the one that was asked longest ago.
    """
    steps = _spell(notice, last.step)
    if last.state == "no_answer":
        return last.step if dials(notice.attempts, last.step) < dials_max else None
    by_step = {one.step: place for place, one in enumerate(notice.attempts) if one.step in steps}
    untried = [step for step in steps if step not in by_step]
    if untried:
        return untried[0]
    waiting = [(place, step) for step, place in by_step.items() if notice.attempts[place].state == "retry"]
    return min(waiting)[1] if waiting else None


def dials(attempts: Sequence[Attempt], step: int) -> int:
    """How often a call of this step was not answered."""
    return sum(one.step == step and one.state == "no_answer" for one in attempts)


def tries(notice: Notice, last: Attempt) -> int:
    """How often, beyond once each, the providers of this contact could not take it since its step began."""
    steps = _spell(notice, last.step)
    own = [one.step for one in notice.attempts if one.step in steps and one.state == "retry"]
    return max(0, len(own) - len(set(own)))


def asked_by(notices: Iterable[Notice]) -> set[Channel]:
    """The channels by which somebody was really asked: a provider has it, or is being given it."""
    return {one.channel for notice in notices for one in notice.attempts if one.state not in ("retry", "failed")}


def _spell(notice: Notice, step: int) -> list[int]:
    """The step by which a contact began to be asked this time, and that of its second provider, where it has one."""
    base = step if way_of(notice, step).at_s is not None else step - 1
    has_second = base % len(notice.plan) + 1 < len(notice.plan) and way_of(notice, base + 1).at_s is None
    return [base, base + 1] if has_second else [base]


def _ranks(channel: Channel, ways: Collection[Way]) -> list[ProviderRank]:
    ranks: tuple[ProviderRank, ...] = (1, 2)
    return [rank for rank in ranks if (channel, rank) in ways]


def _times(contact: Contact, priority: Priority | None, wanted: Sequence[ChannelTime]) -> tuple[int, ...]:
    is_urgent = priority == URGENT
    times = (URGENT_S if is_urgent else USUAL_S)[contact.row.channel]
    if wanted:
        times = tuple(one.after_s for one in wanted if one.channel == contact.row.channel)
    return times if contact.row.tested_at is not None else tuple(one + UNTESTED_S[is_urgent] for one in times)
