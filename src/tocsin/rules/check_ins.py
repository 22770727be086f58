"""When somebody who works alone is reminded, and when they count as not heard of.

Pure: times in, times out. Whoever is down when a check-in is due, centre or phone, never makes one missed unseen: the
person is reminded first, and has `GRACE_S` from then.
"""

from tocsin.model.check_ins import GRACE_S, REMIND_S, CheckIn
from tocsin.model.values import Micros

_SECOND_US = 1_000_000


def due_after(now: Micros, minutes: int) -> Micros:
    """By when somebody is heard of."""
    return Micros(now + minutes * 60 * _SECOND_US)


def remind_at(due_at: Micros, minutes: int) -> Micros:
    """When the person is reminded: five minutes before, or for a short one after two thirds of it."""
    return Micros(due_at - min(REMIND_S, minutes * 60 // 3) * _SECOND_US)


def due_once_reminded(one: CheckIn, now: Micros) -> Micros:
    """By when somebody is heard of who is reminded now."""
    full_s = min(GRACE_S, one.minutes * 60 // 3)
    return Micros(max(one.due_at, now + full_s * _SECOND_US))
