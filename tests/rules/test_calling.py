"""Whom of a call list to telephone next: in order, each by all numbers; who was not reached, after all others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.calls import CALL_OUTCOMES, REACHED, ROUNDS_MAX, Called, NextCall, OnCallList
from tocsin.rules.calling import next_call

EDDA, FRITZ, GREGOR = "keyholder-1", "keyholder-2", "keyholder-3"
LISTED = [
    OnCallList(id=EDDA, is_away=False, telephones=2),
    OnCallList(id=FRITZ, is_away=True, telephones=1),
    OnCallList(id=GREGOR, is_away=False, telephones=1),
]


def call(of, outcome="no_answer", telephone=1):
    return Called(at=0, by="user-1", of=of, outcome=outcome, telephone=telephone)


def told(*calls, listed=LISTED):
    found = next_call(listed, calls)
    return found.reason if found.of is None else (found.of, found.telephone, found.reason)


def test_first_round_is_in_order_by_all_numbers_and_whoever_is_away_comes_last():
    assert told() == (EDDA, 1, "first_round")
    assert told(call(EDDA)) == (EDDA, 2, "first_round")
    assert told(call(EDDA), call(EDDA, "busy", 2)) == (GREGOR, 1, "first_round")
    assert told(call(EDDA), call(EDDA, "busy", 2), call(GREGOR, "voicemail")) == (FRITZ, 1, "first_round")


def test_whoever_was_not_reached_is_offered_again_the_one_longest_ago_first_and_then_the_list_is_through():
    first = [call(EDDA), call(EDDA, "busy", 2), call(GREGOR, "voicemail"), call(FRITZ)]
    again = []
    while not isinstance(found := told(*first, *again), str):
        assert found[2] == "again"
        again.append(call(found[0], telephone=found[1]))
    assert [(one.of, one.telephone) for one in again] == [(EDDA, 1), (EDDA, 2), (GREGOR, 1), (FRITZ, 1)]
    assert found == "through"


def test_whoever_was_reached_is_not_called_again_nor_is_a_wrong_number():
    refused = [call(EDDA, "refuses"), call(GREGOR, "wrong_number")]
    assert told(*refused) == (FRITZ, 1, "first_round")
    assert told(*refused, call(FRITZ, "wrong_phrase")) == "through"
    assert told(call(EDDA, "wrong_number")) == (EDDA, 2, "first_round")


@pytest.mark.parametrize("outcome", ["attends", "duress"])
def test_nobody_is_next_once_somebody_attends_or_is_under_duress(outcome):
    assert told(call(GREGOR, outcome)) == outcome
    assert told(call("keyholder-9", outcome), call(EDDA)) == outcome, "also one who is on the list no more"


def test_duress_goes_before_somebody_who_attends():
    assert told(call(EDDA, "attends"), call(GREGOR, "duress")) == "duress"


def test_nobody_is_next_where_nobody_can_be_called():
    assert told(listed=[]) == "nobody"
    assert told(listed=[OnCallList(id=EDDA, is_away=False, telephones=0)]) == "nobody"


@given(st.lists(st.tuples(st.sampled_from([EDDA, FRITZ, GREGOR]), st.sampled_from(CALL_OUTCOMES), st.integers(1, 3))))
def test_what_is_offered_is_on_the_list_not_reached_not_wrong_and_not_tried_too_often(past):
    calls = [call(*one) for one in past]
    found: NextCall = next_call(LISTED, calls)
    if found.of is None:
        return
    assert found.telephone in range(1, next(one.telephones for one in LISTED if one.id == found.of) + 1)
    own = [one for one in calls if one.of == found.of]
    assert not [one for one in own if one.outcome in REACHED]
    by_number = [one for one in own if one.telephone == found.telephone]
    assert len(by_number) < ROUNDS_MAX
    assert "wrong_number" not in {one.outcome for one in by_number}
