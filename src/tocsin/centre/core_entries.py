"""Entries of the journal as the core reads them: which kinds it decides on, and what of each."""

from typing import Final

import msgspec

from tocsin.model.accounts import AccountRow
from tocsin.model.hold_up import HELD_UP, HeldUp
from tocsin.model.incidents import SignalOutcome, SignalRow
from tocsin.model.journal import CentreNoticed, EntryRow
from tocsin.model.on_test import TEST_ENDED
from tocsin.model.out_of_service import ZONES_PUT_BACK
from tocsin.model.schedules import SCHEDULE_MISSED
from tocsin.model.signals import SignalBody
from tocsin.model.supervision import SUPERVISION_MISSING, SUPERVISION_RETURNED
from tocsin.model.values import Code, Ref, Seq, SignalId

SIGNAL: Final = "signal"
NOTICED: Final = "centre.noticed"
ACCOUNT: Final = "account.set"
TAKEN: Final = frozenset(
    {
        SIGNAL,
        NOTICED,
        ACCOUNT,
        HELD_UP,
        SUPERVISION_MISSING,
        SUPERVISION_RETURNED,
        TEST_ENDED,
        SCHEDULE_MISSED,
        ZONES_PUT_BACK,
    }
)
"""Kinds of entries that the core decides on."""

CONFIGURING: Final = frozenset(
    {ACCOUNT, "site.set", "zone.set", "keyholder.set", "site.phrases_set", "site.wishes_set"}
)


class SignalEntry(msgspec.Struct, gc=False):
    """An entry of kind `signal`."""

    body: SignalBody
    ref: Ref | None


class _NoticeEntry(msgspec.Struct, gc=False):
    body: CentreNoticed


class _HeldUpEntry(msgspec.Struct, gc=False):
    body: HeldUp


class AccountEntry(msgspec.Struct, gc=False):
    """An entry of kind `account.set`."""

    body: AccountRow
    ref: Ref | None


class _ConfigBody(msgspec.Struct, gc=False):
    config: int


class _ConfigEntry(msgspec.Struct, gc=False):
    body: _ConfigBody


SIGNAL_ENTRY: Final = msgspec.json.Decoder(SignalEntry)
NOTICE_ENTRY: Final = msgspec.json.Decoder(_NoticeEntry)
HELD_UP_ENTRY: Final = msgspec.json.Decoder(_HeldUpEntry)
ACCOUNT_ENTRY: Final = msgspec.json.Decoder(AccountEntry)
CONFIG_ENTRY: Final = msgspec.json.Decoder(_ConfigEntry)


def signal_id(row: EntryRow) -> SignalId:
    """The signal's name."""
    return SignalId(f"{row.stream}-{row.number}")


def signal_row(
    seq: Seq, account_id: Ref | None, signal: SignalBody, outcome: SignalOutcome, reason: Code, incident: Ref | None
) -> SignalRow:
    """Where a signal ended, as a row: the same from a step and from a rebuild."""
    return SignalRow(
        seq=seq,
        at=signal.received_at,
        account=signal.account,
        account_id=account_id,
        code=signal.code,
        format=signal.format,
        zone=signal.address,
        outcome=outcome,
        reason=reason,
        incident=incident,
    )


def site_of(row: AccountRow) -> Ref | None:
    """The site that an account stands at."""
    return getattr(row, "site_id", None)
