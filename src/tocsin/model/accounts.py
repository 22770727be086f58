"""Accounts: the numbers under which panels report, and how each of them is to be judged."""

from typing import Final, Literal

import msgspec

from tocsin.model.values import AccountNumber, Code, Micros, Place, Ref, Seq, ZoneName

KeyForm = Literal["hex", "text"]
UnknownPolicy = Literal["ack", "duh", "silent"]
RefusalAnswer = Literal["duh", "silent"]
RefusalReason = Literal["not_our_customer", "contract_ended", "test_equipment", "scanner"]
REFUSAL_REASONS: Final[tuple[RefusalReason, ...]] = ("not_our_customer", "contract_ended", "test_equipment", "scanner")
"""Why a number that sends is none of ours; coded, since a reason in words could name a person."""

REFUSAL_DAYS_MAX: Final = 30
"""So long a number may be refused at once (CONSOLE.md section 11). Then it is unknown again, stored and shown."""

CATEGORIES: Final = ("SP1", "SP2", "SP3", "SP4", "SP5", "SP6", "DP1", "DP2", "DP3", "DP4")
LATE_MAX_S: Final = 40
EARLY_MAX_S: Final = 20
DUPLICATE_WINDOW_S: Final = 300


class SecretRef(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a secret lies: its name in `keys.db`. The journal and the tables hold this, never the secret."""

    bits: int
    form: KeyForm
    name: Code


class AccountRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One account's settings, whole. None means the default; body of `account.set`, version 2, in canonical order.

    Version 1 knew neither `partitions` nor `paths`.
    """

    account: AccountNumber
    carried_by: AccountNumber | None = None
    """Account of the transmitter that may report it in encrypted frames (DC09.md section 4)."""
    category: Code | None = None
    config: int = 0
    """The version of the configuration that this row made."""
    duplicate_window_s: int | None = None
    early_max_s: int | None = None
    """None: 20 s. -1: no check."""
    key: SecretRef | None = None
    late_max_s: int | None = None
    """None: 40 s. -1: no check."""
    line: Code | None = None
    name: Place | None = None
    """As a person gives it. In a fact and in the table: a reference to the vault, never the text."""
    panel_time_zone: ZoneName | None = None
    partitions: Place | None = None
    """Names of its partitions, as `centre.account_parts` reads them. As with `name`: a reference, never the text."""
    paths: Place | None = None
    """Names of the ways by which it reports. The same."""
    poll_602: bool = False
    profile: Code | None = None
    receiver: Code | None = None
    removed: bool = False
    """It is no account of ours any more: the projection drops it, its key and its name are destroyed."""
    site_id: Ref | None = None
    supervision_interval_s: int | None = None
    """None: learnt. 0: off."""
    unknown_codes: Code | None = None
    """Of journals before 0.4 alone, and read by nothing: what nobody knows may be an alarm (decision 0062)."""


class Account(msgspec.Struct, frozen=True, gc=False):
    """An account of the centre: its opaque id, its settings, and the fact that they came from."""

    id: Ref
    row: AccountRow
    seq: Seq


class AccountPolicy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a receiver needs to judge one account's frames, with the key unwrapped. Lives in memory only."""

    id: Ref
    account: AccountNumber
    """As set up, upper case."""
    receiver: int | None
    line: int | None
    key: bytes | None
    """16, 24 or 32 bytes."""
    late_max_s: int | None
    """None: no check."""
    early_max_s: int | None
    duplicate_window_us: int
    panel_time_zone: ZoneName | None
    poll_602: bool
    carried_by: AccountNumber | None
    """Upper case."""
    category: Code | None = None
    interval_s: int | None = None
    """Of its polls, as set. None: learnt. 0: it is not supervised."""
    slot: int = -1
    """Its place in the snapshot that it was found in."""

    def __repr__(self) -> str:
        """Name the account and never the key: this object passes near logs and tracebacks."""
        return f"AccountPolicy({self.id}, {'keyed' if self.key else 'clear'})"


class NumberRefused(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A number that is none of ours, whole: body of `number.refused`, version 1, in canonical order.

    Signals of it are answered as `answer` says and not stored, until `until`.
    """

    account: AccountNumber
    answer: RefusalAnswer | None
    """None: taken back; the number is unknown again."""
    config: int = 0
    line: Code | None
    """As the frame had it; None where it had none."""
    reason: RefusalReason | None
    receiver: Code | None
    until: Micros


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A refused number, and the fact that says so."""

    row: NumberRefused
    seq: Seq
