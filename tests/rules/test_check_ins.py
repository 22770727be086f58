"""When somebody who works alone is reminded, and when they count as not heard of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.check_ins import GRACE_S, MINUTES_MAX, CheckIn
from tocsin.rules.check_ins import due_after, due_once_reminded, remind_at

SECOND = 1_000_000


def begun(now, minutes):
    return CheckIn(
        id="checkin-1", begun_at=now, due_at=due_after(now, minutes), minutes=minutes, place="told", seq=1,
        site_id=None, user="user-1",
    )  # fmt: skip


@pytest.mark.parametrize(("minutes", "before_s"), [(480, 300), (30, 300), (15, 300), (14, 280), (3, 60), (1, 20)])
def test_the_person_is_reminded_five_minutes_before_or_after_two_thirds(minutes, before_s):
    assert remind_at(due_after(0, minutes), minutes) == (minutes * 60 - before_s) * SECOND


@given(st.integers(0, 2**50), st.integers(1, MINUTES_MAX), st.integers(0, 10**6))
def test_nobody_is_looked_for_who_was_not_reminded_a_while_before(now, minutes, late_s):
    one = begun(now, minutes)
    reminded = remind_at(one.due_at, minutes) + late_s * SECOND
    due = due_once_reminded(one, reminded)
    assert due >= one.due_at
    assert due - reminded >= min(GRACE_S, minutes * 20) * SECOND
