"""Facts, and the entries of the journal that hold them."""

import msgspec

from tocsin.model.values import Actor, Code, HexHash, KeyId, Micros, Ref, Seq, SignalId, StreamName

GENESIS = HexHash("0" * 64)
"""`prev` of the first entry."""

KINDS: dict[str, int] = {
    "centre.created": 1,
    "centre.started": 1,
    "centre.stopped": 1,
    "clock.stepped": 1,
    "head.key_changed": 1,
    "signal": 1,
    "account.set": 1,
    "receiver.noticed": 1,
    "vault.read": 1,
    "vault.erased": 1,
}
"""Every kind of fact and the newest version of its body. docs/reference/journal.md describes each; a test compares."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that the centre decided or did, before it has a number."""

    kind: Code
    body: msgspec.Struct
    """Its fields stand in the order of canonical JSON."""
    ref: Ref | None = None
    actor: Actor | None = None
    cause: Seq | None = None


class Head(msgspec.Struct, frozen=True, gc=False):
    """Where the journal ends: seq and hash of its last fact; seq 0 and GENESIS where it is empty."""

    seq: Seq
    hash: HexHash
    at: Micros


class EntryRow(msgspec.Struct, frozen=True, gc=False):
    """One fact as it is stored. `entry` is the canonical JSON that was hashed, to the byte."""

    seq: Seq
    at: Micros
    kind: Code
    stream: StreamName | None
    number: int | None
    """Number in the stream, from 1 without gaps; None for facts that are no signals."""
    entry: bytes
    hash: bytes
    """32 bytes: SHA-256(0x00 + entry)."""
    key: KeyId | None = None
    """Vault key of `sealed`."""
    sealed: bytes | None = None


class StoredEntry(msgspec.Struct, frozen=True, gc=False):
    """An entry as it is read back, with what is joined at export."""

    row: EntryRow
    duplicates: int

    @property
    def id(self) -> SignalId | None:
        """The signal's name, None for other facts."""
        return None if self.row.stream is None else SignalId(f"{self.row.stream}-{self.row.number}")
