"""A ring, pure: what late words make of one that was given up."""

import pytest

from tocsin.model.rings import Ring, RingTold
from tocsin.rules.ringing import in_call_until, is_news, lost, state_of, told_of

T0 = 1_800_000_000_000_000
RING = Ring(id="ring-1", begun_at=T0, extension="1001", key="a" * 64, ringing_at=T0, seq=1, source="source-1")


@pytest.mark.parametrize(
    ("event", "state", "is_lost"),
    [("ringing", "missed", True), ("answered", "answered", False), ("ended", "missed", False)],
)
def test_one_that_was_given_up_and_is_answered_after_all_is_talked_in(event, state, is_lost):
    gone = lost(RING, 2, T0 + 1)
    body = RingTold(
        dialled=None, event=event, exercise=False, extension="1001", key="a" * 64, line=None, linked=None,
        source="source-1", value=None,
    )  # fmt: skip
    assert (state_of(gone), gone.is_lost, is_news(gone, body)) == ("missed", True, event != "ringing")
    after = told_of(gone, body, 3, T0 + 2)
    assert (state_of(after), after.is_lost) == (state, is_lost)
    assert (in_call_until(after) is not None) == (event == "answered")
