"""Other keys for a centre: another master key, and another key that signs the heads. Killed half way, both end well.

The master key: a new one is made durable beside the living one, everything in keys.db is wrapped under it in one
commit, then it takes the old one's place. A start that finds both tries which of them opens keys.db, and does the rest.
The head's key: the next one is made durable in keys.db, then the fact `head.key_changed`, signed by the old key, then
the next takes the old one's place. A start that finds a next key asks the journal whether the change came about.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from tocsin.centre.folder import KEYS
from tocsin.journal.heads import HeadKeyChangedBody, HeadSigner, Origin, key_changed_body
from tocsin.journal.journal import Journal
from tocsin.model.errors import Conflict, KeyMissing
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Ref, Seq
from tocsin.settings import Settings
from tocsin.vault import MasterKey, Vault, adopt, staged_path

KEY_CHANGED: Final = Code("head.key_changed")
PAGE: Final = 10_000


class ChangeHeadKey(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What two persons agree on before another key signs the heads: the key that signs them now."""

    old_key: str


class _Entry(msgspec.Struct, gc=False):
    body: HeadKeyChangedBody


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def load_vault(settings: Settings, environ: Mapping[str, str], ids: Ids) -> Vault:
    """Open keys.db; where a change of the master key was ended half way, do the rest of it, or forget it.

    Raises:
        KeyMissing, BadInput, Conflict: as `Vault.load`.
    """
    path = settings.master_key_path
    master = MasterKey.load(path, environ)
    staged = staged_path(path)
    if not staged.exists() or not path.exists():
        return Vault.load(settings.folder / KEYS, master, ids)
    try:
        vault = Vault.load(settings.folder / KEYS, master, ids)
    except KeyMissing:
        # Everything is wrapped under the new key: only its name is missing.
        vault = Vault.load(settings.folder / KEYS, MasterKey.load(staged, {}), ids)
        adopt(path)
        return vault
    staged.unlink()
    return vault


def change_master_key(settings: Settings, vault: Vault, ids: Ids, given: MasterKey | None = None) -> int:
    """Wrap everything in keys.db under another master key; return how many keys and secrets.

    `given` is a key that the environment or systemd will give from now on; without it a new one is made and takes the
    place of the file. The folder is held, and nothing else has the vault.

    Raises:
        Conflict: a key is staged already.
        JournalFull, DiskFault, OSError: nothing was changed.
    """
    if given is not None:
        return vault.rewrap(given)
    path = settings.master_key_path
    staged = MasterKey.stage(path, ids)
    try:
        count = vault.rewrap(staged)
    except BaseException:
        staged_path(path).unlink(missing_ok=True)
        raise
    adopt(path)
    return count


def change_head_key(journal: Journal, vault: Vault, signer: HeadSigner, approval: Ref, actor: Actor) -> HeadSigner:
    """Let another key sign the heads from now on; return what signs by it. Two persons have agreed.

    The folder is held and no head is being signed: a head of the new entry or above is signed by the new key alone.

    Raises:
        JournalFull, DiskFault: the old key goes on signing.
    """
    new = HeadSigner(vault.make_next_head_key(), signer.origin)

    def work(transaction: StoreTransaction, appender: Appender) -> None:
        del transaction
        body = key_changed_body(signer, new.verifier_key, seq=Seq(appender.seq + 1), prev=appender.prev)
        appender.append(Fact(kind=KEY_CHANGED, body=body, ref=approval, actor=actor))

    journal.decide(work)
    vault.take_next_head_key()
    return new


def finish_head_change(store: Store, vault: Vault, origin: Origin) -> None:
    """Where a change of the head's key was ended half way: the journal says whether it came about."""
    key = vault.next_head_key()
    if key is None:
        return
    new = str(HeadSigner(key, origin).verifier_key)
    before: Seq | None = None
    while True:
        page = store.newest_entries(before, KEY_CHANGED, 1, PAGE)
        if page.entries:
            if _ENTRY.decode(page.entries[0].row.entry).body.new_key == new:
                vault.take_next_head_key()
            else:
                vault.drop_next_head_key()
            return
        if page.next is None:
            vault.drop_next_head_key()
            return
        before = page.next


def refuse_given(settings: Settings, environ: Mapping[str, str]) -> None:
    """Raise where the master key does not come from the file: nobody could put a new one in its place here.

    Raises:
        Conflict: the environment or systemd gives it.
    """
    master = MasterKey.load(settings.master_key_path, environ)
    if master.source != f"the file {settings.master_key_path}":
        raise Conflict(
            f"The master key comes from {master.source}, where this command cannot put another. Nothing was changed. "
            "Give the new one with `--to FILE`, and put it there afterwards",
            "keys.master_given",
        )
