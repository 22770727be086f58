"""Whom of a call list to telephone next: the list and the calls so far in, one keyholder and number out.

Keyholders are called in their order, each by all numbers before the next; whoever is away comes last. Who was not
reached is offered again after all others, the one longest ago first.
"""

from collections.abc import Sequence

from tocsin.model.calls import REACHED, ROUNDS_MAX, Called, NextCall, NextReason, OnCallList
from tocsin.model.values import Ref


def next_call(listed: Sequence[OnCallList], calls: Sequence[Called]) -> NextCall:
    """Say who is next. `listed` is in the order of the list, `calls` in the order in which they were made.

    Calls of somebody who is on the list no more count for what was said, and for no order.
    """
    if any(one.outcome == "duress" for one in calls):
        return _nobody("duress")
    if any(one.outcome == "attends" for one in calls):
        return _nobody("attends")
    ends = {one.of for one in calls if one.outcome in REACHED}
    wrong = {(one.of, one.telephone) for one in calls if one.outcome == "wrong_number"}
    order = [
        (one.id, telephone)
        for one in sorted(listed, key=lambda one: one.is_away)
        for telephone in range(1, one.telephones + 1)
    ]
    if not order:
        return _nobody("nobody")
    left = [number for number in order if number[0] not in ends and number not in wrong]
    tried: dict[tuple[Ref, int], int] = {}
    last: dict[tuple[Ref, int], int] = {}
    for place, call in enumerate(calls):
        number = call.of, call.telephone
        tried[number] = tried.get(number, 0) + 1
        last[number] = place
    for number in left:
        if number not in tried:
            return NextCall(of=number[0], reason="first_round", telephone=number[1])
    again = [number for number in left if tried[number] < ROUNDS_MAX]
    if not again:
        return _nobody("through")
    of, telephone = min(again, key=lambda number: (tried[number], last[number]))
    return NextCall(of=of, reason="again", telephone=telephone)


def _nobody(reason: NextReason) -> NextCall:
    return NextCall(of=None, reason=reason, telephone=None)
