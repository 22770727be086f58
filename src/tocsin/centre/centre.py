"""What can be asked of a centre and done to it, by the process that holds its folder.

The command line asks over the control socket where a centre runs, and holds the folder itself where none does: both
come here, so both get the same answers.
"""

import hmac
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, TypeVar

import msgspec

from tocsin.centre.account_import import AccountToStore, ImportResult, Plan, accounts_to_store
from tocsin.centre.accounts import accounts_of, facts_of
from tocsin.centre.core import Core
from tocsin.centre.snapshot import AccountSnapshot, policy_of
from tocsin.centre.texts import PREFIX, open_texts, seal_texts, texts_of
from tocsin.journal.journal import Journal
from tocsin.model.accounts import Account, AccountPolicy, SecretRef
from tocsin.model.commands import Command
from tocsin.model.errors import BadInput, CentreFault, Conflict, DiskFault, KeyMissing
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact, StoredEntry, VaultRead
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.ports import Ids, Sealer, Store, StoreTransaction
from tocsin.model.signals import SealedPart
from tocsin.model.values import Actor, Code, Ref, Seq

T = TypeVar("T")
CHANGES_MAX: Final = 100_000
ENTRIES_PAGE_MAX: Final = 5_000
REJECTED_PAGE_MAX: Final = 10_000
CLI: Final = Actor("cli")
CONFIG: Final = Code("config")
EPOCH: Final = Code("epoch")
LOST_KEY_BYTES: Final = 32
READ_REASONS: Final = ("installation", "fault_finding", "complaint", "audit")
"""Why somebody looks at sealed frames; coded, since a reason in words could name a person."""


class Secrets(Protocol):
    """Where keys of accounts are kept (`vault.Vault`)."""

    def secret_get(self, name: str) -> bytes:
        """Unwrap one; KeyMissing where it is not there."""
        ...

    def secrets_get(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Unwrap many; those that are not there are left out."""
        ...

    def secrets_put(self, secrets: Mapping[str, bytes]) -> None:
        """Wrap and store some; durable when this returns."""
        ...

    def secrets_delete(self, names: Sequence[str]) -> None:
        """Destroy some."""
        ...


class Run(Protocol):
    """Gives work to whoever owns the journal, and waits for what it returns or raises."""

    def __call__(self, work: Callable[[Journal], T], /) -> T:
        """Do it."""
        ...


class OpenedFrame(msgspec.Struct, frozen=True):
    """A rejected frame, and what it was, as long as its day's key lives."""

    frame: RejectedFrame
    raw: bytes | None
    peer: str | None


class Centre:
    """Commands and questions of one centre. `run` gives work to whoever owns the journal, and waits for it."""

    def __init__(
        self,
        *,
        store: Store,
        sealer: Sealer,
        secrets: Secrets,
        ids: Ids,
        run: Run,
        on_accounts: Callable[[AccountSnapshot], None] = lambda _snapshot: None,
        on_stale: Callable[[CentreFault], None] = lambda _fault: None,
        sign_head: Callable[[], Seq] | None = None,
        unknown: Callable[[], list[UnknownAccount]] | None = None,
    ) -> None:
        """Work on these; `on_accounts` is called with the new picture after each change of accounts.

        `on_stale` is called instead where the change is stored and the new picture cannot be made: the old one stays.
        """
        self._store = store
        self._sealer = sealer
        self._secrets = secrets
        self._ids = ids
        self._run = run
        self._on_accounts = on_accounts
        self._on_stale = on_stale
        self._changing = threading.Lock()
        self._core: Core | None = None
        self._sign_head = sign_head or (lambda: store.head().seq)
        self._unknown = unknown or store.unknown_accounts

    def use_core(self, core: Core) -> None:
        """Carry out commands by this core from now on."""
        self._core = core

    def handle(self, command: Command) -> tuple[Incident, Seq]:
        """Carry out a command on an incident; return it as it is then, and the seq of its last fact.

        Raises:
            Conflict, BadInput: it is refused; nothing was changed.
            CentreFault: no core runs here, or nothing can be stored.
        """
        core = self._core
        if core is None:
            raise CentreFault("No core runs in this process. Nothing was changed. Start the centre", "core.none")
        return self._run(lambda journal: core.handle(journal, command))

    def config(self) -> int:
        """Version of the configuration."""
        return int(self._store.get_meta(CONFIG) or 0)

    def accounts(self) -> list[Account]:
        """All accounts with their names, in the order in which they were made. Of keys only where they lie."""
        return open_texts(self._store.accounts(), self._secrets.secrets_get)

    def snapshot(self) -> AccountSnapshot:
        """The accounts as receivers see them, keys unwrapped.

        An account whose key is lost gets one that nobody knows: it is never served in clear, all its frames are
        refused, and all others are served. The snapshot names it.
        """
        config = self.config()
        policies: list[AccountPolicy] = []
        keyless: list[Ref] = []
        accounts = self._store.accounts()
        key_of = self._key_source(accounts)
        for account in accounts:
            try:
                policies.append(policy_of(account, key_of))
            except KeyMissing:
                keyless.append(account.id)
                policies.append(policy_of(account, lambda _name: self._ids.token_bytes(LOST_KEY_BYTES)))
        return AccountSnapshot(policies, config, keyless)

    def same_keys(self, pairs: Sequence[tuple[SecretRef, bytes]]) -> list[bool]:
        """Whether each key that a file brings is the one that the account has. The answer tells nothing else of it.

        A key that is lost is like no other, so that importing the file again brings it back.
        """
        return [self._is_key(ref, key) for ref, key in pairs]

    def import_accounts(self, plan: Plan, config: int) -> ImportResult:
        """Make and change accounts, all or none, in one transaction. `config` is what the plan was worked out from.

        Keys come first and are durable before a fact names them; what is replaced is destroyed at last.

        Raises:
            BadInput: more than 100,000 at once.
            Conflict: the accounts were changed by somebody else meanwhile. Nothing was changed: work it out again.
        """
        items = list(accounts_to_store(plan, config + 1, self._name_secret))
        if len(items) > CHANGES_MAX:
            raise BadInput(
                f"{len(items)} accounts at once, limit {CHANGES_MAX}. Nothing was changed. Split the file",
                "accounts.too_many",
            )
        result = ImportResult(new=len(plan.new), changed=len(plan.changed), same=len(plan.same), config=config + 1)
        if not items:
            return msgspec.structs.replace(result, config=config)
        secrets: dict[str, bytes] = {
            item.row.key.name: item.secret.value for item in items if item.row.key and item.secret
        }
        items, texts = seal_texts(items, lambda: Code(PREFIX + self._ids.token_bytes(8).hex()))
        with self._changing:
            before = self._keys_in_use()
            try:
                self._secrets.secrets_put(secrets)
                self._secrets.secrets_put(texts)
                self._run(lambda journal: self._record(journal, items, config))
            except DiskFault:
                # Whether the facts are on the disk is unknown: a key too many is better than an account without its.
                raise
            except BaseException:
                # Also where somebody pressed Ctrl-C just after the commit: the accounts say which keys they need.
                used = self._keys_in_use()
                for names in (secrets, texts):
                    self._secrets.secrets_delete([name for name in names if name not in used])
                raise
            obsolete = sorted(before - self._keys_in_use())
            for begin in range(0, len(obsolete), CHANGES_MAX):
                self._secrets.secrets_delete(obsolete[begin : begin + CHANGES_MAX])
            self._show_accounts()
        return result

    def entries(self, after: Seq, limit: int) -> list[StoredEntry]:
        """A page of the journal."""
        return self._store.entries(after, max(0, min(limit, ENTRIES_PAGE_MAX)))

    def sign_head(self) -> Seq:
        """Sign where the journal ends now, so that an export of it can be proved; return that seq."""
        return self._sign_head()

    def unknown_accounts(self) -> list[UnknownAccount]:
        """Numbers that send and that no account fits, newest first."""
        return self._unknown()

    def rejected_frames(self, limit: int) -> list[RejectedFrame]:
        """The newest frames that were not accepted, their bytes sealed."""
        return self._store.rejected_frames(max(0, min(limit, REJECTED_PAGE_MAX)))

    def open_rejected(self, limit: int, reason: str) -> list[OpenedFrame]:
        """The same with their bytes. A frame can hold a name, so the reading is a fact, committed before this returns.

        Raises:
            BadInput: the reason is none of the coded ones.
        """
        if reason not in READ_REASONS:
            raise BadInput(
                f"{reason!r} is no reason that the journal knows. Nothing was read. Give one of "
                + ", ".join(READ_REASONS),
                "vault.reason",
            )
        frames = self.rejected_frames(limit)
        body = VaultRead(count=len(frames), reason=Code(reason), what=Code("rejected_frames"))
        self._run(lambda journal: journal.record([Fact(kind=Code("vault.read"), body=body, actor=CLI)]))
        opened: list[OpenedFrame] = []
        for frame in frames:
            part: SealedPart | None = None
            if frame.key is not None and frame.sealed is not None:
                part = self._sealer.open(frame.key, frame.sealed)
            opened.append(OpenedFrame(frame, part.raw if part else None, part.peer if part else None))
        return opened

    def _is_key(self, ref: SecretRef, key: bytes) -> bool:
        try:
            return hmac.compare_digest(self._secrets.secret_get(ref.name), key)
        except KeyMissing:
            return False

    def _keys_in_use(self) -> set[str]:
        """Names of the keys and texts that accounts have."""
        rows = [account.row for account in self._store.accounts()]
        keys: set[str] = {row.key.name for row in rows if row.key is not None}
        return keys.union(*map(texts_of, rows))

    def _key_source(self, accounts: Sequence[Account]) -> Callable[[Code], bytes]:
        """Where the keys of these accounts come from: all at once, and one by one where one of them is damaged."""
        names = [account.row.key.name for account in accounts if account.row.key is not None]
        try:
            found = self._secrets.secrets_get(names)
        except KeyMissing:
            return self._secrets.secret_get
        return lambda name: found[name] if name in found else self._secrets.secret_get(name)

    def _show_accounts(self) -> None:
        """Let the receivers judge by the accounts as they are now; where that fails they go on with the old ones."""
        try:
            snapshot = self.snapshot()
        except CentreFault as fault:
            self._on_stale(fault)
        else:
            self._on_accounts(snapshot)

    def _record(self, journal: Journal, items: Sequence[AccountToStore], config: int) -> None:
        found = self.config()
        if found != config:
            raise Conflict(
                f"The accounts were changed meanwhile (version {found}, this change was worked out from {config}). "
                "Nothing was changed. Give the command again",
                "accounts.changed",
            )
        facts = facts_of(items, CLI)

        def apply(transaction: StoreTransaction, seqs: Sequence[Seq]) -> None:
            transaction.put_accounts(accounts_of(facts, seqs))
            transaction.put_meta(CONFIG, str(config + 1))

        journal.record(facts, apply)

    def _name_secret(self) -> Code:
        """A name for a new key. It comes from outside, since the seq of its fact is not known yet."""
        return Code(f"account-key-{self._ids.token_bytes(8).hex()}")
