"""A stored entry as those read it who apply facts again: who, about what, and the body as it stands."""

from typing import Final

import msgspec

from tocsin.model.journal import StoredEntry
from tocsin.model.values import Actor, Ref


class FactEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of an entry a table is made of; the body is read by whoever knows its kind."""

    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None
    """What it is about; None where the fact makes it, or is about the centre."""


_ENTRY: Final = msgspec.json.Decoder(FactEntry)


def entry_of(stored: StoredEntry) -> FactEntry:
    """Read an entry; its bytes are those of the journal, so they are whole."""
    return _ENTRY.decode(stored.row.entry)
