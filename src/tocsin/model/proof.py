"""What the proof and the care for people write into the journal: backups, restores, exports and subject requests."""

import msgspec

from tocsin.model.values import Code, Micros, Ref, Seq


class BackupMade(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `backup.made`, version 1: a copy of data and keys exists outside the folder since this fact."""

    backup: Code
    """Its name, 32 hex digits; both of its files say it."""
    bytes: int
    """Size of the data."""
    keys_until: Micros | None
    """By when the copy of the keys is to be gone; None: nobody has said. What is erased is gone for good after that."""
    seq: Seq
    """The last entry in it."""


class CentreRestored(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `centre.restored`, version 1: the folder was made from a backup; what came after that is not in it."""

    backup: Code
    ended: int
    """Sessions, links and codes of the backup that open nothing any more."""
    epoch: int
    """The new one: ids of the live stream begin with it."""
    erased: int
    """Days, incidents, keyholders and notes whose time was over: erased before anything was served."""
    made_at: Micros
    seq: Seq
    """The last entry that came from the backup."""


class JournalExported(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `journal.exported`, version 1: somebody took entries of the journal away. Before the first byte."""

    account_id: Ref | None
    """Only this account's."""
    after: Seq
    approval: Ref | None
    """What two persons agreed on; only where something sealed was opened."""
    incident: Ref | None
    """Only what belongs to this incident."""
    kind: Code | None
    """Only entries of this kind."""
    reason: Code | None
    """Why something sealed was opened."""
    since: Micros | None
    unsealed: bool
    """Messages, texts and user numbers were opened for it, as far as the vault had them."""
    until: Micros | None
    upto: Seq
    """The last entry that there was."""


class SubjectRequested(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `subject.requested`, version 1: two persons looked for what is held under one contact.

    Neither what was looked for nor what was found stands here.
    """

    approval: Ref
    found: int
    """Values in the sealed file."""
    reference: Code
    """The request's own number in the centre's files."""
    what: Code
    """`telephone`, `email` or `name`."""
