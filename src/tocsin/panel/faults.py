"""What a simulated panel can do wrong on purpose, and what a sound receiver must then do."""

import re
from collections.abc import Sequence
from typing import Final, Literal, Protocol

import msgspec

from tocsin.model.errors import BadInput
from tocsin.panel.nearest import nearest

Expected = Literal["ack", "silence"]
SHIFT_S: Final = 3600
"""How far the stamp of `stamp-old` and `stamp-new` is off, in seconds, where no argument says otherwise."""


class Dice(Protocol):
    """The seeded generator of a run (`system.seeded`), as far as this room asks it."""

    def random(self) -> float:
        """A number from 0 up to, not including, 1."""
        ...

    def randbytes(self, n: int) -> bytes:
        """So many bytes."""
        ...


class FaultMode(msgspec.Struct, frozen=True, kw_only=True):
    """One way of going wrong: its name, what is sent, what a sound receiver answers."""

    name: str
    sends: str
    answer: str
    expected: Expected = "ack"
    """`silence`: the message must never be acknowledged; then "no answer" is the success."""
    argument: str | None = None
    """What the number after the colon means, None where the mode takes none."""
    default: int = 0
    low: int = 0
    high: int = 0
    needs_key: bool = False
    stream_only: bool = False
    """It makes no sense in datagrams."""


_MODES: Final = (
    FaultMode(name="bad-crc", sends="the frame with a wrong check sum, then the good frame", answer="one ACK"),
    FaultMode(
        name="bad-length",
        sends="the frame with a wrong length field, then the good frame",
        answer="one ACK",
        argument="how many bytes too many are announced",
        default=1,
        low=-4000,
        high=4000,
    ),
    FaultMode(name="truncated", sends="the first half of the frame, then the good frame", answer="one ACK"),
    FaultMode(
        name="split",
        sends="the frame in two pieces, 20 ms apart",
        answer="one ACK",
        argument="bytes in the first piece",
        default=5,
        low=1,
        high=4104,
        stream_only=True,
    ),
    FaultMode(
        name="coalesce",
        sends="several messages in one piece, without waiting between them",
        answer="an ACK for each",
        argument="how many messages",
        default=3,
        low=2,
        high=50,
    ),
    FaultMode(name="nul-after-cr", sends="a NUL byte behind the frame", answer="one ACK"),
    FaultMode(name="lf-after-cr", sends="a line feed behind the frame", answer="one ACK"),
    FaultMode(
        name="repeat",
        sends="the same frame again without waiting",
        answer="an ACK for each frame, one signal",
        argument="how many repeats",
        default=1,
        low=1,
        high=50,
    ),
    FaultMode(
        name="repeat-stamp",
        sends="the same message again with a new time stamp, without waiting",
        answer="an ACK for each frame, one signal",
        argument="how many repeats",
        default=1,
        low=1,
        high=50,
    ),
    FaultMode(
        name="repeat-encrypted",
        sends="the same message encrypted anew with other padding, without waiting",
        answer="an ACK for each frame, one signal",
        argument="how many repeats",
        default=1,
        low=1,
        high=50,
        needs_key=True,
    ),
    FaultMode(
        name="ignore-ack",
        sends="the frame; its first ACK is ignored and the frame repeated after the wait",
        answer="an ACK for each frame, one signal",
    ),
    FaultMode(
        name="wrong-key",
        sends="the message encrypted with another key",
        answer="none",
        expected="silence",
        needs_key=True,
    ),
    FaultMode(
        name="clear",
        sends="the message in clear on an account that has a key",
        answer="none, or DUH where the receiver is set so",
        expected="silence",
        needs_key=True,
    ),
    FaultMode(
        name="stamp-old",
        sends="a time stamp too old; after a NAK the clock is corrected and the message repeated",
        answer="NAK, then ACK; on a clear account usually ACK at once",
        argument="seconds too old",
        default=SHIFT_S,
        low=1,
        high=400_000_000,
    ),
    FaultMode(
        name="stamp-new",
        sends="a time stamp in the future; after a NAK the clock is corrected and the message repeated",
        answer="NAK, then ACK; on a clear account usually ACK at once",
        argument="seconds ahead",
        default=SHIFT_S,
        low=1,
        high=400_000_000,
    ),
    FaultMode(
        name="sequence-stuck",
        sends="the sequence number of the message before",
        answer="one ACK; a new signal where the data differ",
    ),
    FaultMode(
        name="sequence-hex",
        sends="a sequence number in hex digits (00AF)",
        answer="none",
        expected="silence",
    ),
)
FAULT_MODES: Final = {mode.name: mode for mode in _MODES}
"""Every fault mode by name, in the order of the reference."""


class Fault(msgspec.Struct, frozen=True):
    """A fault mode with its number filled in."""

    mode: FaultMode
    value: int

    @property
    def name(self) -> str:
        """The mode's name."""
        return self.mode.name


class FaultShare(msgspec.Struct, frozen=True):
    """A fault and the share of messages, above 0 and at most 1, that it strikes."""

    fault: Fault
    share: float


_FAULT = re.compile(r"(?P<name>[a-z-]{1,40})(?::(?P<value>-?\d{1,9}))?(?:=(?P<share>\d*\.?\d{1,9}))?\Z", re.ASCII)


def parse_fault(text: str) -> FaultShare:
    """Read `name`, `name=SHARE`, `name:NUMBER` or `name:NUMBER=SHARE`.

    Raises:
        BadInput: no such mode (the nearest is named), or a number outside its limits.
    """
    found = _FAULT.match(text)
    if found is None:
        raise BadInput(f"Fault {text[:60]!r}: write NAME, NAME=SHARE or NAME:NUMBER=SHARE.", "panel.fault")
    mode = FAULT_MODES.get(found["name"])
    if mode is None:
        raise BadInput(f"There is no fault {found['name']!r}; {nearest(found['name'], FAULT_MODES)}", "panel.fault")
    value = mode.default
    if found["value"] is not None:
        value = int(found["value"])
        if mode.argument is None:
            raise BadInput(f"Fault {mode.name} takes no number: write {mode.name}=SHARE.", "panel.fault")
        if not mode.low <= value <= mode.high or value == 0:
            raise BadInput(
                f"Fault {mode.name}: {mode.argument} must lie between {mode.low} and {mode.high} and not be 0.",
                "panel.fault",
            )
    share = 1.0 if found["share"] is None else float(found["share"])
    if not 0 < share <= 1:
        raise BadInput(f"Fault {mode.name}: the share must be above 0 and at most 1.", "panel.fault")
    return FaultShare(Fault(mode, value), share)


class FaultPlan:
    """Decides which message is struck by which fault: at most one each, the same choice in every run of one seed."""

    def __init__(self, shares: Sequence[FaultShare] = ()) -> None:
        """Take the shares, which may add up to 1 at most.

        Raises:
            BadInput: they add up to more.
        """
        if sum(one.share for one in shares) > 1 + 1e-9:
            raise BadInput("The shares of all faults may add up to 1 at most.", "panel.fault")
        self.shares = tuple(shares)

    def __bool__(self) -> bool:
        """Whether any message can be struck."""
        return bool(self.shares)

    def pick(self, rng: Dice) -> Fault | None:
        """Draw for one message. Asks the generator exactly once where there is any fault."""
        if not self.shares:
            return None
        drawn = rng.random()
        for one in self.shares:
            drawn -= one.share
            if drawn < 0:
                return one.fault
        return None
