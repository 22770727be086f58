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


class VoiceStep(msgspec.Struct, frozen=True, order=True):
    """Where a call stands: which prompt is played, and how often it was repeated on demand."""

    prompt: int = 1
    repeats: int = 0


class VoiceMove(msgspec.Struct, frozen=True):
    """What follows from a key or from silence."""

    said: Said
    step: VoiceStep | None
    """The prompt that is played; None: the call ends."""


def answered() -> VoiceMove:
    """Somebody, or something, took the call."""
    return VoiceMove("prompt", VoiceStep())


def pressed(step: VoiceStep, key: str | None, *, is_full: bool) -> VoiceMove:
    """What follows from `key` at this step; None: 8 seconds of silence. `is_full`: enough are coming already."""
    match key:
        case "1":
            return VoiceMove("enough" if is_full else "coming", None)
        case "2":
            return VoiceMove("cannot", None)
        case "9" if step.repeats < REPEATS_MAX:
            return VoiceMove("prompt", VoiceStep(step.prompt, step.repeats + 1))
        case _:
            if step.prompt >= PROMPTS_MAX:
                return VoiceMove("no_answer", None)
            return VoiceMove("prompt", VoiceStep(step.prompt + 1))


def is_step(step: VoiceStep) -> bool:
    """Is it one that a call can come to?"""
    return 1 <= step.prompt <= PROMPTS_MAX and 0 <= step.repeats <= REPEATS_MAX
