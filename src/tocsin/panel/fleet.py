"""Who sends, how, and what: the panels of a run as plain values."""

import re
from collections.abc import Sequence
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from tocsin.model.errors import BadInput
from tocsin.model.values import Micros, PanelTransport
from tocsin.panel.faults import FaultShare
from tocsin.panel.messages import POLL_TOKENS, Message, Recipe

PANELS_MAX: Final = 100_000
MESSAGES_MAX: Final = 1_000_000
"""Steps of a scenario or frames of a captured file that are held in memory."""

PadStyle = Literal["short", "long", "bare-null"]
"""`short`: 0 to 15 bytes, as up to 2013. `long`: 16 to 31, as the newest edition wants it. `bare-null`: long, but NULL
has the shortest pad and no separator."""
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,16}\Z", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Fa-f]{1,6}\Z", re.ASCII)
_LINE = re.compile(r"[0-9A-Fa-f]{0,6}\Z", re.ASCII)


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One simulated panel: the fields of its header and its key."""

    account: str
    receiver: str | None = None
    """Digits after R; None leaves R out."""
    line: str | None = "0"
    """Digits after L; "" sends a bare L, None leaves it out (both occur in the field)."""
    key: bytes | None = None
    silent: tuple[float, float] | None = None
    """From when to when, in seconds of the run, its link fails: it does not poll then."""

    def __repr__(self) -> str:
        """Name the panel and never its key."""
        return f"Panel({self.account}, {'keyed' if self.key else 'clear'})"


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How the panels speak. Times in seconds."""

    wait_s: float = 20.0
    """How long to wait for an answer before the message is repeated."""
    tries: int = 3
    """Transmissions and failed connections after which a message is given up."""
    retry_s: float = 1.0
    """Pause before the next attempt when no connection could be made."""
    keep_open: bool = True
    poll_interval_s: float | None = None
    """Supervision: a NULL whenever nothing was sent for so long. The run then lasts until it is stopped."""
    clock_offset_s: float = 0.0
    """How wrong the panel's clock is at the start."""
    time_zone: str | None = None
    """Stamps in the local time of this zone instead of UTC."""
    is_stamped: bool = True
    """Whether messages in clear carry a time stamp; encrypted ones always do."""
    pad: PadStyle = "long"
    upper_hex: bool = True
    crc_form: Literal["hex", "binary"] = "hex"


class Due(msgspec.Struct, frozen=True, gc=False):
    """A message and when it is to be sent, seconds after the start of the run; 0 means as soon as possible."""

    at_s: float
    message: Message


class RawFrameDue(msgspec.Struct, frozen=True, gc=False):
    """A captured frame to be sent as it stands."""

    at_s: float
    number: int
    raw: bytes
    token: str
    sequence: str | None
    """None: the header cannot be read, so that no acknowledgement is expected."""
    receiver: str | None
    line: str | None
    account: str
    is_encrypted: bool

    @property
    def is_poll(self) -> bool:
        """A link test, which no journal holds."""
        return self.token in POLL_TOKENS


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """The panels of one run and what they send.

    Each panel sends `count` messages made from `recipe`; or, where `plans` is given, what its plan holds (one plan a
    panel, each in order of time).
    """

    panels: tuple[Panel, ...]
    recipe: Recipe | None = None
    count: int = 1
    """Messages a panel."""
    first: int = 1
    """Number of each panel's first message; a later run of the same test goes on behind the earlier one."""
    rate_per_s: float | None = None
    """Messages a second of the whole fleet, evenly spread; None: each panel sends on as soon as it was answered."""
    within_s: float | None = None
    """Spread the first message of all panels over so many seconds; the others follow as answers come."""
    plans: tuple[Sequence[Due | RawFrameDue], ...] = ()
    manner: Manner = Manner()
    faults: tuple[FaultShare, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what no panel could send.

        Raises:
            BadInput: an account, number or limit is wrong.
        """
        check_fleet(self)

    @property
    def planned(self) -> int:
        """How many messages the run is to send, polls of the supervision not counted."""
        return sum(len(plan) for plan in self.plans) if self.plans else self.count * len(self.panels)


def check_fleet(fleet: Fleet) -> None:
    """Raise BadInput with one sentence where the fleet cannot be sent."""
    manner = fleet.manner
    if not 1 <= len(fleet.panels) <= PANELS_MAX:
        raise BadInput(f"A run has 1 to {PANELS_MAX} panels.", "panel.limit")
    if fleet.plans and len(fleet.plans) != len(fleet.panels):
        raise BadInput("There must be one plan for each panel.", "panel.limit")
    if not 0 <= fleet.count <= 1_000_000_000 or not 1 <= fleet.first <= 1_000_000_000:
        raise BadInput("The count must be 0 to 1,000,000,000 and the first number at least 1.", "panel.limit")
    if not fleet.plans and fleet.recipe is None and fleet.count:
        raise BadInput("There is nothing to send: give a code, data or a scenario.", "panel.message")
    limits = (
        ("wait", manner.wait_s, 0.01, 3600.0),
        ("tries", manner.tries, 1, 1_000_000),
        ("retry", manner.retry_s, 0.01, 3600.0),
        ("poll interval", manner.poll_interval_s, 0.1, 1080 * 3600.0),
        ("clock offset", abs(manner.clock_offset_s), 0.0, 400_000_000.0),
        ("rate", fleet.rate_per_s, 0.001, 1_000_000.0),
        ("within", fleet.within_s, 0.0, 86_400.0),
    )
    for name, value, low, high in limits:
        if value is not None and not low <= value <= high:
            raise BadInput(f"{name}: must lie between {low:g} and {high:g}.", "panel.limit")
    for panel in fleet.panels:
        _check_panel(panel)
    keyless = any(panel.key is None for panel in fleet.panels)
    for one in fleet.faults:
        if keyless and one.fault.mode.needs_key:
            raise BadInput(f"The fault {one.fault.name} needs panels with a key: give --key.", "panel.fault")
    for panel, plan in zip(fleet.panels, fleet.plans, strict=False):
        if panel.key is None and any(_needs_key(due) for due in plan):
            raise BadInput("A fault of the scenario needs panels with a key: give --key.", "panel.fault")


def _needs_key(due: Due | RawFrameDue) -> bool:
    return isinstance(due, Due) and due.message.fault is not None and due.message.fault.mode.needs_key


def _check_panel(panel: Panel) -> None:
    if not _ACCOUNT.match(panel.account):
        raise BadInput("An account has 1 to 16 letters and digits.", "panel.account")
    if panel.receiver is not None and not _NUMBER.match(panel.receiver):
        raise BadInput("The receiver number R has 1 to 6 hex digits.", "panel.account")
    if panel.line is not None and not _LINE.match(panel.line):
        raise BadInput("The line number L has at most 6 hex digits.", "panel.account")
    if panel.key is not None and len(panel.key) not in (16, 24, 32):
        raise BadInput("A key has 16, 24 or 32 bytes.", "panel.key")


def rising_accounts(first: str, count: int, *, is_hex: bool = False) -> list[str]:
    """Return `count` accounts from `first` on, each one higher, as wide as the first.

    Raises:
        BadInput: `first` is no number of that base, or there is no room for so many of its width.
    """
    if count == 1:
        return [first]
    base, width = (16, len(first)) if is_hex else (10, len(first))
    if not re.fullmatch(r"[0-9A-Fa-f]+" if is_hex else r"[0-9]+", first, re.ASCII):
        raise BadInput(
            "The first account of several must be a decimal number, or a hex number with --hex-accounts.",
            "panel.account",
        )
    start = int(first, base)
    if start + count > base**width:
        raise BadInput(
            f"There is no room for {count} accounts of {width} digits from the first one on; write it with leading"
            " zeros.",
            "panel.account",
        )
    form = f"0{width}X" if is_hex else f"0{width}d"
    return [format(number, form) for number in range(start, start + count)]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run sends to."""

    host: str
    port: int
    transport: PanelTransport = "tcp"
    ca_file: str | None = None
    """Certificates that sign the receiver's, PEM; None: those of the system."""
    certificate: str | None = None
    """The panel's own certificate with its chain, PEM."""
    certificate_key: str | None = None
    server_name: str | None = None
    is_insecure: bool = False
    """Take any certificate. For test benches only."""


def zone_of(name: str | None) -> ZoneInfo | None:
    """Return the time zone.

    Raises:
        BadInput: there is none of this name.
    """
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise BadInput(f"There is no time zone {name[:60]!r}; write it like Europe/Vienna.", "panel.zone") from error


def micros(seconds: float) -> Micros:
    """Return seconds as whole microseconds."""
    return Micros(round(seconds * 1_000_000))
