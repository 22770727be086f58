"""Opening a centre's folder: vault, store, and the checks before anything listens (DESIGN.md, Operation)."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tocsin.centre.centre import EPOCH
from tocsin.centre.folder import FAULT, KEYS, RESTORING, UNFINISHED, clear_copies
from tocsin.centre.key_changes import finish_head_change, load_vault
from tocsin.journal.chain import entry_hash
from tocsin.journal.heads import CentreCreatedBody, HeadSigner, Note, Origin, VerifierKeyText, append_head, origin_of
from tocsin.journal.identity import RepeatWindow
from tocsin.journal.journal import Journal
from tocsin.journal.notes import parse_heads
from tocsin.model.errors import BadInput, Conflict, DiskFault
from tocsin.model.journal import GENESIS, Fact, VaultErased
from tocsin.model.ports import Clock, Ids, Store
from tocsin.model.retention import RetentionRules
from tocsin.model.values import Code, KeyId, Micros, Place, Seq
from tocsin.settings import Settings
from tocsin.store.sqlite import SqliteStore
from tocsin.vault import MasterKey, Vault, sync_folder

TAIL: Final = 1000
"""Entries whose hashes are computed again at each start. `tocsin journal verify` does all."""

MADE_HERE: Final = "master key made here"
CREATED: Final = Code("centre.created")
ERASED: Final = Code("vault.erased")
ERASED_KEYS: Final = Code("erased_keys")
"""Name of the small value that holds the ids of all erased keys that the journal names, as JSON."""

HEADS_TAIL_BYTES: Final = 65_536
"""So much of the heads' end is read for the newest: one a minute for years is more than a start may read."""


class _Linked(msgspec.Struct):
    prev: str


class _Created(msgspec.Struct):
    body: CentreCreatedBody


_LINKED = msgspec.json.Decoder(_Linked)
_CREATED = msgspec.json.Decoder(_Created)
_KEY_IDS = msgspec.json.Decoder(frozenset[KeyId])


class OpenFolder:
    """A folder that this process holds, with its vault and store open."""

    def __init__(self, store: Store, vault: Vault, signer: HeadSigner, signed: Note | None, lost_seq: int = 0) -> None:
        """Hold the parts; `signed` is the newest head of the file.

        `lost_seq` is the seq of a signed head that the journal does not agree with, where somebody accepted that; else
        0.
        """
        self.store = store
        self.vault = vault
        self.signer = signer
        self.signed = signed
        self.lost_seq = lost_seq

    @property
    def signed_seq(self) -> Seq:
        """The newest entry of this journal that a signed head covers."""
        return Seq(0 if self.signed is None or self.lost_seq else self.signed.size)

    def journal(self, clock: Clock, longest_window_us: int) -> Journal:
        """The journal, with the repeats of the last window remembered again."""
        return Journal(self.store, self.vault, clock, RepeatWindow(self.vault.identity_key()), longest_window_us)

    def erase_expired(self, journal: Journal, now: Micros, rules: RetentionRules | None = None) -> None:
        """Destroy the keys of days whose time is over, and with them all that they sealed; the journal says which.

        Those whose fact a power cut left out are named with the next.
        """
        kept = rules or RetentionRules()
        self.vault.destroy_expired(now, life_days={"intake": kept.intake_days, "panel": kept.panel_days})
        erased = self.vault.destroyed()
        named = _KEY_IDS.decode(self.store.get_meta(ERASED_KEYS) or "[]")
        if keys := tuple(key for key in erased if key not in named):
            ids = msgspec.json.encode(erased).decode()
            journal.record(
                [Fact(kind=ERASED, body=VaultErased(keys=keys))], lambda tx, _seqs: tx.put_meta(ERASED_KEYS, ids)
            )

    def close(self) -> None:
        """Let go of both databases."""
        try:
            self.store.close()
        finally:
            self.vault.close()


def create_folder(settings: Settings, environ: Mapping[str, str], clock: Clock, ids: Ids, host: str) -> None:
    """Make the database and the keys of a new centre, with `centre.created` as its first fact.

    Raises:
        Conflict: the folder has a centre already. Nothing was changed.
    """
    if (settings.folder / UNFINISHED).exists():
        _clear_unfinished(settings)
    elif settings.database_path.exists() or (settings.folder / KEYS).exists():
        raise Conflict(
            f"The folder {settings.folder} has a centre already. Nothing was changed. "
            "Name another folder, or start this one with `tocsin serve`",
            "init.exists",
        )
    elif settings.master_key_path.exists():
        MasterKey.create(settings.master_key_path, environ, ids)  # refuses, or needs no file
    made_here = "" if settings.master_key_path.exists() else MADE_HERE
    (settings.folder / UNFINISHED).write_text(made_here, encoding="ascii")
    sync_folder(settings.folder)
    master = MasterKey.create(settings.master_key_path, environ, ids)
    vault = Vault.create(settings.folder / KEYS, master, ids)
    store = SqliteStore(settings.database_path)
    try:
        signer = HeadSigner(vault.head_signing_key(), origin_of(host, ids.token_bytes(8).hex()))
        vault.prepare(clock.now_us())
        journal = Journal(store, vault, clock, RepeatWindow(vault.identity_key()), 0)
        body = CentreCreatedBody(
            centre=Place(settings.centre.name),
            head_key=VerifierKeyText(str(signer.verifier_key)),
            origin=signer.origin,
            version=Code(_version()),
        )
        journal.record([Fact(kind=CREATED, body=body)], lambda tx, _seqs: tx.put_meta(EPOCH, "1"))
        append_head(settings.heads_path, signer.sign(journal.head))
    finally:
        store.close()
        vault.close()
    (settings.folder / UNFINISHED).unlink()
    sync_folder(settings.folder)


def _clear_unfinished(settings: Settings) -> None:
    """Take away what an `init` that was ended half way had made: no signal was ever received with it."""
    for path in (settings.folder / KEYS, settings.database_path):
        for end in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    if (settings.folder / UNFINISHED).read_text(encoding="ascii") == MADE_HERE:
        settings.master_key_path.unlink(missing_ok=True)


def open_folder(
    settings: Settings,
    environ: Mapping[str, str],
    ids: Ids,
    *,
    accept_lost_tail: bool = False,
    is_restoring: bool = False,
    open_store: Callable[[Path], SqliteStore] = SqliteStore,
) -> OpenFolder:
    """Open what `create_folder` made, and check the end of its journal. Copies that a backup left are taken away.

    `is_restoring`: by the restore itself, which is not done yet. `open_store` opens the database.

    Raises:
        BadInput: there is no centre in the folder.
        KeyMissing: the master key is not there or does not fit.
        Conflict: the database is newer than the program, or older than its own signed heads.
        DiskFault: the database is damaged.
    """
    if (settings.folder / UNFINISHED).exists():
        raise BadInput(
            f"The centre in {settings.folder} was never made whole: `tocsin init` was ended before it was done. "
            f"Nothing was started. Give `tocsin init {settings.folder}` again",
            "init.unfinished",
        )
    if not is_restoring and (settings.folder / RESTORING).exists():
        raise BadInput(
            f"The centre in {settings.folder} was never restored whole: `tocsin restore` was ended before it was done. "
            "Nothing was started. Restore again, into the same folder",
            "restore.unfinished",
        )
    if not settings.database_path.exists():
        if not (settings.folder / KEYS).exists():
            raise no_centre(settings.folder)
        raise DiskFault(
            f"{settings.database_path} is not there, and with it the journal, though its keys are. Nothing was "
            "started. Put it back, or restore the newest backup; do not make a new one",
            "store.missing",
        )
    clear_copies(settings.folder)
    vault = load_vault(settings, environ, ids)
    try:
        store = open_store(settings.database_path)
    except BaseException:
        vault.close()
        raise
    try:
        fault = settings.folder / FAULT
        if fault.exists():
            _check_whole(store)
        _check_tail(store)
        created = _created(store)
        finish_head_change(store, vault, created.origin)
        signer = HeadSigner(vault.head_signing_key(), created.origin)
        signed = _newest_head(settings.heads_path, created.origin)
        lost_seq = 0
        if signed is not None and not _agrees(store, signed):
            if not accept_lost_tail:
                raise _lost_tail(store, signed)
            lost_seq = signed.size
        fault.unlink(missing_ok=True)
    except BaseException:
        store.close()
        vault.close()
        raise
    return OpenFolder(store, vault, signer, signed, lost_seq)


def no_centre(folder: Path) -> BadInput:
    """The refusal for a folder without a centre."""
    return BadInput(
        f"There is no centre in {folder}. Nothing was changed. Make one with `tocsin init {folder}`",
        "folder.no_centre",
    )


def _created(store: Store) -> CentreCreatedBody:
    first = store.entries(Seq(0), 1)
    if not first or first[0].row.kind != CREATED or entry_hash(first[0].row.entry) != first[0].row.hash:
        raise DiskFault(
            "The journal does not begin with centre.created, so it is no whole journal. Nothing was started. "
            "Restore a backup",
            "journal.no_beginning",
        )
    return _CREATED.decode(first[0].row.entry).body


def _check_whole(store: Store) -> None:
    """After a disk fault: look through the whole database before anything listens."""
    if wrong := store.check():
        raise DiskFault(
            f"The database is damaged: {wrong[0]}. Nothing was started, and nothing more was written. "
            "Keep this folder as it is, and restore a backup into another",
            "store.damaged",
        )


def _check_tail(store: Store) -> None:
    """The last entries hash to what stands beside them, and each holds the hash of the one before."""
    head = store.head()
    after = Seq(max(0, head.seq - TAIL))
    previous: str | None = GENESIS if after == 0 else None
    for stored in store.entries(after, TAIL):
        row = stored.row
        # The hash first: an entry that somebody changed may be no JSON any more.
        is_whole = entry_hash(row.entry) == row.hash
        if not is_whole or (previous is not None and _LINKED.decode(row.entry).prev != previous):
            raise DiskFault(
                f"The journal is broken at seq {row.seq}: its hash does not fit. Nothing was started. Keep this folder "
                "as it is, run `tocsin journal verify`, and restore a backup into another folder",
                "journal.broken",
            )
        previous = row.hash.hex()


def _newest_head(path: Path, origin: Origin) -> Note | None:
    if not path.is_file():  # a device may have no end
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - HEADS_TAIL_BYTES))
        tail = io.BytesIO(file.read(HEADS_TAIL_BYTES))
    newest: Note | None = None
    for item in parse_heads(tail):  # what the cut left of a head at the beginning is no note
        if isinstance(item, Note) and item.origin == origin:
            newest = item
    return newest


def _agrees(store: Store, signed: Note) -> bool:
    """The journal reaches at least as far as its own newest signed head, and says the same there."""
    found = store.entries(Seq(signed.size - 1), 1)
    return bool(found) and found[0].row.seq == signed.size and found[0].row.hash == signed.entry_hash


def _lost_tail(store: Store, signed: Note) -> Conflict:
    return Conflict(
        f"The journal ends at seq {store.head().seq}, but a signed head stands for seq {signed.size}: the database is "
        "an older copy, or was changed. Nothing was started. Put the newer database back, or use `tocsin serve "
        "--accept-lost-tail`, which keeps that loss on record",
        "journal.lost_tail",
    )


def _version() -> str:
    import tocsin

    return tocsin.__version__
