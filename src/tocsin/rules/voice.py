"""A call with a keypress: what is said, and what a key means. The provider only plays and listens.

Pure, and keyed by call and step: the same key at the same step gets the same answer. A voicemail box presses no key,
so it can never accept. No speech is recognised, nothing is recorded. Source: INTEGRATIONS.md, "Voice call with a
keypress".
"""

from typing import Final, Literal

import msgspec

PROMPTS_MAX: Final = 3
REPEATS_MAX: Final = 5
"""So often 9 repeats a prompt without counting; then it counts like any other key."""

SILENCE_S: Final = 8
RING_S: Final = 25

Said = Literal["prompt", "coming", "enough", "cannot", "no_answer"]
"""What the call says next: a prompt and listens; thanks, with place and type; that enough are coming; that it goes on
to somebody else; or good-bye."""


class CallStep(msgspec.Struct, frozen=True, order=True):
    """Where a call stands: which prompt is played, and how often it was repeated on demand."""

    prompt: int = 1
    repeats: int = 0


class CallMove(msgspec.Struct, frozen=True):
    """What follows from a key or from silence."""

    said: Said
    step: CallStep | None
    """The prompt that is played; None: the call ends."""


def answered() -> CallMove:
    """Somebody, or something, took the call."""
    return CallMove("prompt", CallStep())


def pressed(step: CallStep, key: str | None, *, is_full: bool) -> CallMove:
    """What follows from `key` at this step; None: 8 seconds of silence. `is_full`: enough are coming already."""
    match key:
        case "1":
            return CallMove("enough" if is_full else "coming", None)
        case "2":
            return CallMove("cannot", None)
        case "9" if step.repeats < REPEATS_MAX:
            return CallMove("prompt", CallStep(step.prompt, step.repeats + 1))
        case _:
            if step.prompt >= PROMPTS_MAX:
                return CallMove("no_answer", None)
            return CallMove("prompt", CallStep(step.prompt + 1))


def is_step(step: CallStep) -> bool:
    """Is it one that a call can come to?"""
    return 1 <= step.prompt <= PROMPTS_MAX and 0 <= step.repeats <= REPEATS_MAX
