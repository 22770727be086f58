"""What the timers of incidents do when they are due: each takes a step of `centre.escalation`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Micros, Seq
from tocsin.model.vault import Timer

if TYPE_CHECKING:
    from tocsin.centre.escalation import Escalating


class Steps:
    """What both kinds of timers have in common (`timers.Handler`)."""

    def __init__(self, escalating: "Escalating") -> None:
        self._escalating = escalating

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: help is not put off."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._escalating.begin()

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: screens are told, and notices leave."""
        del timers
        self._escalating.done(seq)


class Unclaimed(Steps):
    """Nobody has claimed an incident for so long."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take the next step."""
        return self._escalating.step(timer, transaction, appender)


class OwnChain(Steps):
    """A chain of the centre's own goes on."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take the next step."""
        return self._escalating.chain_step(timer, transaction, appender)


class LookAgain(Steps):
    """Nobody has looked at a help note for so long."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say that it is due."""
        self._escalating.look_again(timer, transaction, appender)
