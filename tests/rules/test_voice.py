"""A call with a keypress, exactly as the table of INTEGRATIONS.md says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tocsin.rules.voice import PROMPTS_MAX, REPEATS_MAX, CallMove, CallStep, answered, is_step, pressed

FIRST = CallStep()
KEYS = st.sampled_from([None, *"0123456789*#", "12", ""])


@pytest.mark.parametrize(
    ("step", "key", "is_full", "move"),
    [
        (FIRST, "1", False, CallMove("coming", None)),
        (FIRST, "1", True, CallMove("enough", None)),
        (FIRST, "2", False, CallMove("cannot", None)),
        (FIRST, "9", False, CallMove("prompt", CallStep(1, 1))),
        (FIRST, "5", False, CallMove("prompt", CallStep(2))),
        (FIRST, None, False, CallMove("prompt", CallStep(2))),
        (CallStep(2, 3), None, False, CallMove("prompt", CallStep(3))),
        (CallStep(3), "1", False, CallMove("coming", None)),
        (CallStep(3), None, False, CallMove("no_answer", None)),
        (CallStep(3), "7", False, CallMove("no_answer", None)),
        (CallStep(3), "9", False, CallMove("prompt", CallStep(3, 1))),
        (CallStep(2, REPEATS_MAX), "9", False, CallMove("prompt", CallStep(3))),
    ],
)
def test_each_key_at_each_prompt_does_what_the_table_says(step, key, is_full, move):
    assert pressed(step, key, is_full=is_full) == move


def test_call_that_is_taken_begins_with_the_first_prompt():
    assert answered() == CallMove("prompt", FIRST)


@given(st.integers(1, PROMPTS_MAX), st.integers(0, REPEATS_MAX), KEYS, st.booleans())
def test_same_key_at_the_same_step_gets_the_same_answer_and_leads_to_a_step_that_is_one(prompt, repeats, key, is_full):
    step = CallStep(prompt, repeats)
    move = pressed(step, key, is_full=is_full)
    assert move == pressed(step, key, is_full=is_full)
    assert (move.step is None) == (move.said != "prompt")
    assert move.step is None or (is_step(move.step) and move.step > step)


class Call(RuleBasedStateMachine):
    """Any keys in any order: a call ends within so many prompts, and only a 1 is ever a yes."""

    def __init__(self):
        super().__init__()
        self.move = answered()
        self.prompts = 1

    @precondition(lambda self: self.move.step is not None)
    @rule(key=KEYS, is_full=st.booleans())
    def press(self, key, is_full):
        self.move = pressed(self.move.step, key, is_full=is_full)
        self.prompts += self.move.said == "prompt"
        assert self.prompts <= PROMPTS_MAX * (REPEATS_MAX + 1)
        if self.move.said in ("coming", "enough"):
            assert key == "1"
        if self.move.said == "cannot":
            assert key == "2"

    @precondition(lambda self: self.move.step is None)
    @rule()
    def call_again(self):
        self.move = answered()
        self.prompts = 1


TestCall = Call.TestCase
TestCall.settings = settings(max_examples=100, deadline=None)


def test_voicemail_box_presses_no_key_and_so_never_accepts():
    move, said = answered(), []
    while move.step is not None:
        move = pressed(move.step, None, is_full=False)
        said.append(move.said)
    assert said == ["prompt", "prompt", "no_answer"]
