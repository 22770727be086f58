"""Lines of an incident's time line about calls that a desk had the telephone system make. Pure."""

from typing import Final, assert_never

from tocsin.model.dials import DialAsked, DialEvent, DialFailed, DialFailure, DialTold
from tocsin.model.values import Actor, Words

TOLD_WORDS: Final[dict[DialEvent, Words]] = {
    "picked_up": Words("The desk's telephone was taken up."),
    "answered": Words("The other side answered."),
    "ended": Words("The call ended."),
}
FAILED_WORDS: Final[dict[DialFailure, Words]] = {
    "unreachable": Words("it cannot be reached"),
    "timeout": Words("it did not answer in time"),
    "refused": Words("it refused"),
    "address": Words("its address is not listed in the settings"),
    "secret": Words("the secret for it cannot be read"),
}


def tell_dial(body: DialAsked | DialTold | DialFailed, actor: Actor | None) -> str:
    """One line, with its actor as `{id}`."""
    who = "The centre" if actor is None else f"{{{actor}}}"
    match body:
        case DialAsked():
            if body.of is None:
                return f"{who} had the telephone system call the number of step {body.step}."
            return f"{who} had the telephone system call keyholder {body.place} of the list, number {body.telephone}."
        case DialTold():
            return TOLD_WORDS[body.event]
        case DialFailed():
            return f"The telephone system made no call: {FAILED_WORDS[body.reason]}."
    assert_never(body)
