"""The chain: how a fact becomes the bytes that are hashed, and how each entry holds the hash of the one before.

The layout is final. An entry is canonical JSON (journal/canonical.py) of actor, at, body, cause, id, kind, prev, ref,
seq and v; its hash is SHA-256(0x00 + entry), the leaf form of RFC 6962, so that a tree can come later with no entry
changed. `prev` is the hash of the entry before in hex, 64 zeros in the first.
Source: DESIGN.md, "The journal"; INTEGRATIONS.md section 12.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import msgspec

from tocsin.model.journal import StoredEntry
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq, SignalId


class _Entry(msgspec.Struct, gc=False):
    """What is hashed. The order of the fields is the order of the keys."""

    actor: Actor | None
    at: Micros
    body: msgspec.Raw
    cause: Seq | None
    id: SignalId | None
    kind: Code
    prev: HexHash
    ref: Ref | None
    seq: Seq
    v: int


class _Line(msgspec.Struct, gc=False):
    """A line of `tocsin journal export`, in the order of INTERFACES.md."""

    seq: Seq
    id: SignalId | None
    at: Micros
    kind: Code
    v: int
    ref: Ref | None
    actor: Actor | None
    cause: Seq | None
    body: msgspec.Raw
    prev: HexHash
    hash: HexHash
    derived: dict[str, object]


_encode: Final = msgspec.json.Encoder().encode
_decode_entry: Final = msgspec.json.Decoder(_Entry).decode


def entry_bytes(
    *,
    seq: Seq,
    id: SignalId | None,  # noqa: A002 - the name that the journal gives it
    at: Micros,
    kind: Code,
    v: int,
    ref: Ref | None,
    actor: Actor | None,
    cause: Seq | None,
    body: bytes,
    prev: HexHash,
) -> bytes:
    """Return the bytes that are hashed and stored. `body` is canonical JSON already, and goes in as it is.

    A Struct encoded by msgspec is twice as fast as formatting and escapes as RFC 8785 wants, whatever the strings hold.
    """
    return _encode(_Entry(actor, at, msgspec.Raw(body), cause, id, kind, prev, ref, seq, v))


def entry_hash(entry: bytes) -> bytes:
    """Return the 32 bytes of SHA-256(0x00 + entry): 0x00 marks a leaf (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def export_line(stored: StoredEntry, derived: Mapping[str, object] | None = None) -> bytes:
    r"""Return the entry as one line of an export, ending with `\n`.

    `derived` is joined and not hashed: a signal's count of duplicates comes by itself; `derived` adds to it (`head`:
    the text of a signed head of this seq, so that an export proves itself; `raw`, `text`, `address` where unsealed).
    """
    row = stored.row
    entry = _decode_entry(row.entry)
    joined: dict[str, object] = {} if row.stream is None else {"duplicates": stored.duplicates}
    if derived is not None:
        joined.update(derived)
    line = _Line(
        seq=entry.seq,
        id=entry.id,
        at=entry.at,
        kind=entry.kind,
        v=entry.v,
        ref=entry.ref,
        actor=entry.actor,
        cause=entry.cause,
        body=entry.body,
        prev=entry.prev,
        hash=HexHash(row.hash.hex()),
        derived=joined,
    )
    return _encode(line) + b"\n"
