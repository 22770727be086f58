"""One export at a time: a turn ends when it stands still, and one that is over touches no other."""

import pytest

from support.fakes import ManualClock
from tocsin.model.errors import TooMany
from tocsin.web.api.proof import STANDS_STILL_S, Turn


def test_export_that_stood_still_neither_ends_nor_prolongs_the_turn_of_the_next():
    clock = ManualClock()
    turn = Turn(clock)
    first = turn.begin()
    with pytest.raises(TooMany):
        turn.begin()
    clock.advance(STANDS_STILL_S)
    second = turn.begin()
    turn.end(first)
    with pytest.raises(TooMany):
        turn.begin()
    clock.advance(STANDS_STILL_S - 1)
    turn.go_on(first)
    clock.advance(1)
    third = turn.begin()
    turn.end(second)
    turn.go_on(third)
    turn.end(third)
    turn.begin()
