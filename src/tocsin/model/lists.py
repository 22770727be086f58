"""Lists that intake keeps beside the journal: bounded, for the installer's questions, decided by no rule."""

import msgspec

from tocsin.model.values import AccountNumber, Code, KeyId, Micros, Transport


class UnknownAccount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A number that sends and that no account of ours fits. One row a number, receiver and line."""

    account: AccountNumber
    first_at: Micros
    last_at: Micros
    line: Code | None
    polls: int
    receiver: Code | None
    signals: int
    """Stored signals of the number."""
    transport: Transport
    unreadable: int
    """Encrypted frames, for which there is no key."""


class RejectedFrame(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A frame that was not accepted, and why. Its bytes and its sender's address are sealed."""

    account: AccountNumber | None
    """The header's account where the header could be read."""
    at: Micros
    id: int
    """Number in the list, rising; 0 before it is stored."""
    key: KeyId | None
    outcome: Code
    reason: Code
    sealed: bytes | None
    """A `SealedPart` with raw and peer."""
    token: Code | None
    transport: Transport
