"""The configuration: accounts, sites with their keyholders, zones, refused numbers, and every way to change them.

A change is one transaction: facts with whole rows, the tables that people see, and a new version of the configuration.
Keys and texts come first and are durable before a fact names them; what is replaced is destroyed at last. After the
commit, before the core takes anything more, rules get the new places; then the receivers get the new accounts.
"""

import hmac
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, Protocol, TypeVar

import msgspec

from tocsin.centre.account_import import AccountPlan, PlannedAccount, Secret
from tocsin.centre.accounts import ACCOUNT_SET, account_id
from tocsin.centre.holiday_rows import stored_holidays, with_holidays
from tocsin.centre.keyholder_import import KeyholderPlan
from tocsin.centre.keyholders import keyholder_id, open_contacts
from tocsin.centre.out_facts import put_back
from tocsin.centre.phrases import merged, pack, unpack
from tocsin.centre.place_names import CONFIG, PlaceNames
from tocsin.centre.places import PlacesSnapshot, each_place, places_of
from tocsin.centre.schedule_facts import end_schedule, put_schedule
from tocsin.centre.schedule_import import SchedulePlan
from tocsin.centre.site_import import SitePlan
from tocsin.centre.sites import NUMBER_REFUSED, SITE_SET, ZONE_SET, site_id
from tocsin.centre.snapshot import AccountSnapshot, number_of, policy_of
from tocsin.centre.table_plan import ImportResult, KnownKeyholder, folded
from tocsin.centre.texts import open_rows, seal_row, texts_of
from tocsin.centre.timers import set_timer
from tocsin.centre.zone_import import ZonePlan
from tocsin.journal.journal import Journal
from tocsin.model.accounts import Account, AccountPolicy, AccountRow, NumberRefused, Refusal, SecretRef
from tocsin.model.errors import BadInput, CentreFault, Conflict, DiskFault, KeyMissing
from tocsin.model.journal import Fact
from tocsin.model.keyholders import (
    KEYHOLDER_ENDS,
    KEYHOLDER_SET,
    PHRASES_SET,
    WISHES_END,
    WISHES_SET,
    Keyholder,
    KeyholderContact,
    KeyholderRow,
    ResidentWishes,
    SitePhrases,
    SitePhrasesRow,
    SiteWishes,
    Verifier,
    WishesRow,
    erased_at,
)
from tocsin.model.out_of_service import ZonesOut
from tocsin.model.ports import Appender, Ids, Store, StoreTransaction
from tocsin.model.schedules import SCHEDULES_MAX, Schedule
from tocsin.model.sites import Site, SiteRow, Zone, ZoneRow
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Ref, Seq
from tocsin.model.warnings import PLACE_WARNING_ENDED, WARNING_ENDS, PlaceWarning, PlaceWarningEnded

T = TypeVar("T")
CHANGES_MAX: Final = 100_000
"""Rows of one kind that one change may hold."""

PAGE: Final = 2_000
"""Accounts that are read at once."""

FEW: Final = 1_000
"""A change of at most so many rows is shown by changing the pictures in memory; a larger one makes them anew."""

LOST_KEY_BYTES: Final = 32
ImportPlan = AccountPlan | SitePlan | ZonePlan | KeyholderPlan | SchedulePlan


class Secrets(Protocol):
    """Where keys and texts are kept (`vault.Vault`)."""

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


class SiteToStore(msgspec.Struct, frozen=True, kw_only=True):
    """A site to write, its texts in clear."""

    id: Ref | None
    """None: it is new."""
    row: SiteRow


class AccountToStore(msgspec.Struct, frozen=True, kw_only=True):
    """An account to write, its name in clear."""

    id: Ref | None
    """None: it is new."""
    row: AccountRow
    secret: Secret | None = None
    """A new key; None: `row.key` stays what it says."""
    new_site: int | None = None
    """Which of the sites of the same change it stands at, where that one is new."""


class KeyholderToStore(msgspec.Struct, frozen=True, kw_only=True):
    """A keyholder to write."""

    id: Ref | None
    """None: it is new."""
    row: KeyholderRow
    contact: KeyholderContact | None = None
    """None: `row.contact` stays what it says."""
    verifier: Verifier | None = None
    """None: `row.verifier` stays what it says. Else what is given; what is not stays, unless `is_whole`."""
    is_whole: bool = False
    was_removed: bool = False
    """It had been taken off the list, and a timer waits for it."""


class PhrasesToStore(msgspec.Struct, frozen=True, kw_only=True):
    """Phrases of a site to write, whole; without a verifier there are none any more."""

    row: SitePhrasesRow
    verifier: Verifier | None


class WishesToStore(msgspec.Struct, frozen=True, kw_only=True):
    """A note of a resident's wishes to write, whole; without one it is gone."""

    row: WishesRow
    wishes: ResidentWishes | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one transaction writes."""

    sites: tuple[SiteToStore, ...] = ()
    accounts: tuple[AccountToStore, ...] = ()
    zones: tuple[ZoneRow, ...] = ()
    """Names in clear."""
    refusals: tuple[NumberRefused, ...] = ()
    keyholders: tuple[KeyholderToStore, ...] = ()
    phrases: tuple[PhrasesToStore, ...] = ()
    wishes: tuple[WishesToStore, ...] = ()
    warnings_ended: tuple[PlaceWarning, ...] = ()
    """Those of a site that is removed."""
    schedules_ended: tuple[Schedule, ...] = ()
    """Those of an account that is removed."""
    zones_back: tuple[ZonesOut, ...] = ()
    """Zones out of service of an account that is removed."""

    @property
    def size(self) -> int:
        """The most rows of one kind."""
        ours = (self.sites, self.accounts, self.zones, self.refusals)
        return max(map(len, (*ours, self.keyholders, self.phrases, self.wishes)))


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What a change made, as it is stored: texts are references."""

    config: int
    sites: tuple[Site, ...] = ()
    accounts: tuple[Account, ...] = ()
    zones: tuple[Zone, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    keyholders: tuple[Keyholder, ...] = ()
    phrases: tuple[SitePhrases, ...] = ()
    wishes: tuple[SiteWishes, ...] = ()


class Once(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a change the same one when it is sent again: its sender's own id for it, and a digest of what it says.

    The id is unique for the actor for 30 days (DESIGN.md, "The journal", 8).
    """

    id: Code
    digest: bytes


class Earlier(msgspec.Struct, frozen=True):
    """What was answered to a change when it came first."""

    made: Ref | None
    """The site, account or keyholder that it made or changed."""


_EARLIER: Final = msgspec.json.Decoder(Earlier)
_ENCODE: Final = msgspec.json.Encoder().encode
_PACK: Final = msgspec.msgpack.Encoder().encode


class _Before(msgspec.Struct, frozen=True):
    """The rows that a change replaces."""

    sites: dict[Ref, Site]
    accounts: dict[Ref, Account]
    zones: dict[tuple[Ref, Code], Zone]
    keyholders: dict[Ref, Keyholder]
    phrases: list[SitePhrases]
    wishes: list[SiteWishes]

    def secrets(self) -> set[str]:
        """Names of their keys and texts."""
        rows = [*self.sites.values(), *self.accounts.values(), *self.zones.values(), *self.keyholders.values()]
        return _secrets_of(one.row for one in (*rows, *self.phrases, *self.wishes))


class Configuration:
    """The configuration of one centre. `run` gives work to whoever owns the journal, and waits for it."""

    def __init__(
        self,
        *,
        store: Store,
        secrets: Secrets,
        ids: Ids,
        run: Run,
        on_accounts: Callable[[AccountSnapshot], None] = lambda _snapshot: None,
        on_places: Callable[[PlacesSnapshot], None] = lambda _places: None,
        on_stale: Callable[[CentreFault], None] = lambda _fault: None,
    ) -> None:
        """Work on these.

        `on_places` is called in the writer's turn, just after the commit. `on_accounts` is called by whoever changed
        something; `on_stale` instead, where the change is stored and the new picture cannot be made: the old one stays.
        """
        self._store = store
        self._secrets = secrets
        self._ids = ids
        self._run = run
        self._on_accounts = on_accounts
        self._on_places = on_places
        self._on_stale = on_stale
        self.changing = threading.RLock()
        """Held by whoever looks at what is there and changes it: nobody else changes anything meanwhile."""
        self._accounts: AccountSnapshot | None = None
        self._places: PlacesSnapshot | None = None
        self.names = PlaceNames(store, secrets.secrets_get)

    # What there is ---------------------------------------------------------------------------------------------------

    def config(self) -> int:
        """Version of the configuration."""
        return int(self._store.get_meta(CONFIG) or 0)

    def accounts(self) -> list[Account]:
        """All accounts with their names, in the order in which they were made. Of keys only where they lie."""
        found = self._store.accounts()
        rows = open_rows((account.row for account in found), self._secrets.secrets_get)
        return [Account(account.id, row, account.seq) for account, row in zip(found, rows, strict=True)]

    def sites(self) -> list[Site]:
        """All sites with their texts, in the order in which they were made."""
        found = self._store.sites()
        rows = open_rows((site.row for site in found), self._secrets.secrets_get)
        return [Site(site.id, row, site.seq) for site, row in zip(found, rows, strict=True)]

    def zones(self, account_ids: Sequence[Ref] | None = None) -> list[Zone]:
        """All zones with their names, or those of some accounts."""
        found = self._store.zones(account_ids)
        rows = open_rows((zone.row for zone in found), self._secrets.secrets_get)
        return [Zone(row, zone.seq) for zone, row in zip(found, rows, strict=True)]

    def keyholders(self) -> list[KnownKeyholder]:
        """All keyholders who are on a list, with their contacts: sites as made, each by order."""
        found = [one for one in self._store.keyholders() if one.row.removed_at is None]
        return open_contacts(found, self._secrets.secrets_get)

    def same_keys(self, pairs: Sequence[tuple[SecretRef, bytes]]) -> list[bool]:
        """Whether each key that a file brings is the one that the account has. The answer tells nothing else of it.

        A key that is lost is like no other, so that importing the file again brings it back.
        """
        return [self._is_key(ref, key) for ref, key in pairs]

    def snapshot(self) -> AccountSnapshot:
        """The accounts as receivers see them, keys unwrapped.

        An account whose key is lost gets one that nobody knows: it is never served in clear, all its frames are
        refused, and all others are served. The snapshot names it.
        """
        with self.changing:
            keyless: list[Ref] = []
            policies = self._each_policy(keyless)
            self._accounts = AccountSnapshot(policies, self.config(), keyless, self._store.refusals())
            return self._accounts

    def places(self) -> PlacesSnapshot:
        """The accounts as rules see them."""
        with self.changing:
            self._places = PlacesSnapshot(each_place(self._each_account(), self._store.zones()), self.config())
            return self._places

    def is_known(self, receiver: Code | None, line: Code | None, account: AccountNumber) -> bool:
        """A frame with these would be taken for an account of ours."""
        return self.shown().find(number_of(receiver), number_of(line), account) is not None

    def shown(self) -> AccountSnapshot:
        """The accounts as receivers see them now; made where nobody asked for them before."""
        with self.changing:
            return self._accounts or self.snapshot()

    # Changes ---------------------------------------------------------------------------------------------------------

    def import_table(self, plan: ImportPlan, config: int, actor: Actor) -> ImportResult:
        """Carry out an import, all of it or nothing, in one transaction. `config` is what it was worked out from.

        Raises:
            BadInput: more than 100,000 at once.
            Conflict: the configuration was changed by somebody else meanwhile. Nothing was changed: work it out again.
        """
        counts = counts_of(plan, config)
        if isinstance(plan, SchedulePlan):
            self._import_schedules(plan, config, actor)
            return counts
        change = change_of(plan)
        if not change.size:
            return counts
        return msgspec.structs.replace(counts, config=self.commit(change, actor, config=config).config)

    def all_schedules(self) -> list[Schedule]:
        """All schedules, in the order in which they were made."""
        return self._store.schedules()

    def _import_schedules(self, plan: SchedulePlan, config: int, actor: Actor) -> None:
        """They belong to accounts and are no part of the configuration's version: each has its own."""
        items = (*plan.new, *plan.changed)

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            accounts = {item.row.account_id for item in items}
            found = {(one.row.account_id, one.row.partition): one for one in self._store.schedules(accounts)}
            for item in items:
                old = found.get((item.row.account_id, item.row.partition))
                if (Seq(0) if old is None else old.seq) != item.version or self.config() != config:
                    raise Conflict(
                        f"The schedule of account {item.account}, or the accounts, were changed meanwhile. Nothing was "
                        "changed. Give the command again",
                        "config.changed",
                    )
            if self._store.schedule_count() + len(plan.new) > SCHEDULES_MAX:
                raise Conflict(
                    f"With these there would be more than {SCHEDULES_MAX:,} schedules. Nothing was changed. Remove "
                    "those that nobody needs",
                    "schedules.full",
                )
            calendars = stored_holidays(transaction)
            for item in items:
                # Of its calendar the days as they are now: it may have been changed since the file was looked at.
                put_schedule(transaction, appender, with_holidays(item.row, calendars), item.id, actor)

        with self.changing:
            if items:
                self._run(lambda journal: journal.decide(work))

    def commit(
        self,
        change: Change,
        actor: Actor,
        *,
        config: int | None = None,
        check: Callable[[], None] = lambda: None,
        once: Once | None = None,
    ) -> Changed:
        """Write a change, all of it or nothing.

        `config`: the version that it was worked out from; None: any. `check` is called in the writer's turn, before
        anything is written, and may refuse. `once` is remembered with it: ask `answered` before.

        Raises:
            BadInput: more than 100,000 rows of a kind.
            Conflict: there is another version than `config`.
        """
        if change.size > CHANGES_MAX:
            raise BadInput(
                f"{change.size:,} rows at once, limit {CHANGES_MAX:,}. Nothing was changed. Split the file",
                "config.too_many",
            )
        with self.changing:
            before = self._before(change)
            sealed, secrets = self._sealed(change)
            try:
                for begin in range(0, len(secrets), CHANGES_MAX):
                    self._secrets.secrets_put(dict(list(secrets.items())[begin : begin + CHANGES_MAX]))
                changed = self._run(lambda journal: self._write(journal, sealed, actor, config, check, once))
            except DiskFault:
                # Whether the facts are on the disk is unknown: a secret too many is better than a row without its.
                raise
            except BaseException:
                # Also where somebody pressed Ctrl-C just after the commit: the rows say which secrets they need.
                used = self._secrets_in_use()
                self._destroy(name for name in secrets if name not in used)
                raise
            texts = (*changed.keyholders, *changed.phrases, *changed.wishes)
            after = _secrets_of(one.row for one in (*changed.sites, *changed.accounts, *changed.zones, *texts))
            self._destroy(before.secrets() - after)
            self._show(before, changed)
        return changed

    def answered(self, actor: Actor, once: Once | None) -> Earlier | None:
        """What was answered to this very change before; None where it is new.

        Raises:
            Conflict: the same id came with something else.
        """
        if once is None:
            return None
        found = self._run(lambda journal: journal.decide(lambda tx, _appender: tx.get_command(actor, once.id)))
        if found is None:
            return None
        if not hmac.compare_digest(found[0], once.digest):
            raise Conflict(
                "The Idempotency-Key came before with another request. Nothing was changed. Send each change with a "
                "key of its own",
                "command.reused",
            )
        return _EARLIER.decode(found[1])

    # Inside ----------------------------------------------------------------------------------------------------------

    def _write(
        self,
        journal: Journal,
        change: Change,
        actor: Actor,
        expected: int | None,
        check: Callable[[], None],
        once: Once | None,
    ) -> Changed:
        """In the writer's turn."""
        found = self.config()
        if expected is not None and found != expected:
            raise Conflict(
                f"The configuration was changed meanwhile (version {found}, this change was worked out from "
                f"{expected}). Nothing was changed. Give the command again",
                "config.changed",
            )
        check()

        def apply(transaction: StoreTransaction, appender: Appender) -> Changed:
            changed = _apply(transaction, appender, change, actor, found + 1)
            if once is not None:
                made = (one.id for one in (*changed.accounts, *changed.sites, *changed.keyholders))
                answer = _ENCODE(Earlier(next(made, None)))
                transaction.put_command(actor, once.id, appender.at, once.digest, answer)
            return changed

        changed = journal.decide(apply)
        self.names.forget(changed)
        if self._places is not None:
            self._places = self._next_places(self._places, changed)
            self._on_places(self._places)
        return changed

    def _sealed(self, change: Change) -> tuple[Change, dict[str, bytes]]:
        """The change with references in place of texts, and all that must be stored before it."""
        secrets: dict[str, bytes] = {}
        accounts: list[AccountToStore] = []
        for item in change.accounts:
            row = item.row
            if item.secret is not None:
                key = SecretRef(bits=len(item.secret.value) * 8, form=item.secret.form, name=self._name("account-key-"))
                secrets[key.name] = item.secret.value
                row = msgspec.structs.replace(row, key=key)
            accounts.append(msgspec.structs.replace(item, row=seal_row(row, self._name, secrets), secret=None))
        sites = [msgspec.structs.replace(item, row=seal_row(item.row, self._name, secrets)) for item in change.sites]
        change = Change(
            sites=tuple(sites),
            accounts=tuple(accounts),
            zones=tuple(seal_row(row, self._name, secrets) for row in change.zones),
            refusals=change.refusals,
            keyholders=tuple(self._seal_keyholder(item, secrets) for item in change.keyholders),
            phrases=tuple(self._seal_phrases(item, secrets) for item in change.phrases),
            wishes=tuple(self._seal_wishes(item, secrets) for item in change.wishes),
            warnings_ended=change.warnings_ended,
            schedules_ended=change.schedules_ended,
            zones_back=change.zones_back,
        )
        return change, secrets

    def _seal_keyholder(self, item: KeyholderToStore, secrets: dict[str, bytes]) -> KeyholderToStore:
        """The same with references to its contact and to what tells its phrases, which are added to `secrets`."""
        row = item.row
        if item.contact is not None:
            row = msgspec.structs.replace(row, contact=Ref(self._name("keyholder-text-")))
            secrets[row.contact] = _PACK(item.contact)
        if item.verifier is not None:
            old = None if item.is_whole or row.verifier is None else self._verifier(row.verifier)
            verifier = merged(old, item.verifier)
            is_set = verifier.phrase is not None or verifier.duress is not None
            row = msgspec.structs.replace(
                row,
                has_duress=verifier.duress is not None,
                has_phrase=verifier.phrase is not None,
                verifier=Ref(self._name("keyholder-phrase-")) if is_set else None,
            )
            if row.verifier is not None:
                secrets[row.verifier] = pack(verifier)
        return msgspec.structs.replace(item, row=row, contact=None, verifier=None)

    def _seal_phrases(self, item: PhrasesToStore, secrets: dict[str, bytes]) -> PhrasesToStore:
        if item.verifier is None:
            return item
        row = msgspec.structs.replace(
            item.row,
            has_duress=item.verifier.duress is not None,
            has_phrase=item.verifier.phrase is not None,
            verifier=Ref(self._name("site-phrase-")),
        )
        assert row.verifier is not None, "it was just named"
        secrets[row.verifier] = pack(item.verifier)
        return PhrasesToStore(row=row, verifier=None)

    def _seal_wishes(self, item: WishesToStore, secrets: dict[str, bytes]) -> WishesToStore:
        if item.wishes is None:
            return item
        reference = Ref(self._name("site-wishes-"))
        secrets[reference] = _PACK(item.wishes)
        return WishesToStore(row=msgspec.structs.replace(item.row, wishes=reference), wishes=None)

    def _verifier(self, reference: Ref) -> Verifier | None:
        """What tells phrases; None where it is lost, and setting them again brings it back."""
        found = self._secrets.secrets_get([reference]).get(reference)
        return None if found is None else unpack(found)

    def _before(self, change: Change) -> _Before:
        """The rows that the change replaces."""
        sites = [item.id for item in change.sites if item.id is not None]
        accounts = [item.id for item in change.accounts if item.id is not None]
        keyholders = [item.id for item in change.keyholders if item.id is not None]
        places = {(row.account_id, row.number) for row in change.zones}
        zones = self._store.zones({id_ for id_, _ in places}) if places else []
        return _Before(
            {site.id: site for site in self._store.sites(sites)} if sites else {},
            {account.id: account for account in self._store.accounts(accounts)} if accounts else {},
            {place: zone for zone in zones if (place := (zone.row.account_id, zone.row.number)) in places},
            {one.id: one for one in self._store.keyholders(ids=keyholders)} if keyholders else {},
            self._store.site_phrases([item.row.site_id for item in change.phrases]) if change.phrases else [],
            self._store.site_wishes([item.row.site_id for item in change.wishes]) if change.wishes else [],
        )

    def _secrets_in_use(self) -> set[str]:
        """Names of all keys and texts of the configuration."""
        rows = [*self._store.accounts(), *self._store.sites(), *self._store.zones(), *self._store.keyholders()]
        return _secrets_of(one.row for one in (*rows, *self._store.site_phrases(), *self._store.site_wishes()))

    def _destroy(self, names: Iterable[str]) -> None:
        ordered = sorted(names)
        for begin in range(0, len(ordered), CHANGES_MAX):
            self._secrets.secrets_delete(ordered[begin : begin + CHANGES_MAX])

    def _next_places(self, places: PlacesSnapshot, changed: Changed) -> PlacesSnapshot:
        """The places with what a change made of them. Quick, since the writer waits for it."""
        gone = {account.id for account in changed.accounts if account.row.removed}
        touched = {account.id for account in changed.accounts} | {zone.row.account_id for zone in changed.zones}
        touched -= gone
        if not touched:
            return places.changed(changed.config, gone, {})
        accounts = self._store.accounts(touched)
        return places.changed(changed.config, gone, places_of(accounts, self._store.zones(touched)))

    def _show(self, before: _Before, changed: Changed) -> None:
        """Let the receivers judge by the accounts as they are now; where that fails they go on with the old ones."""
        old = self._accounts
        try:
            if old is None or len(changed.accounts) > FEW:
                snapshot = self.snapshot()
            else:
                living = [account for account in changed.accounts if not account.row.removed]
                policies, keyless = self._policies(living)
                touched = {account.id for account in changed.accounts}
                snapshot = old.changed(
                    changed.config,
                    [(account.row.account, account.id) for account in before.accounts.values()],
                    policies,
                    [*(id_ for id_ in old.keyless if id_ not in touched), *keyless],
                    self._store.refusals() if changed.refusals else None,
                )
                self._accounts = snapshot
        except CentreFault as fault:
            # What is shown is older than what is stored: nothing is built upon it.
            self._accounts = None
            self._on_stale(fault)
        else:
            self._on_accounts(snapshot)

    def _policies(self, accounts: Sequence[Account]) -> tuple[list[AccountPolicy], list[Ref]]:
        """What receivers judge by, and the accounts whose key is lost."""
        policies: list[AccountPolicy] = []
        keyless: list[Ref] = []
        key_of = self._key_source(accounts)
        for account in accounts:
            try:
                policies.append(policy_of(account, key_of))
            except KeyMissing:
                keyless.append(account.id)
                policies.append(policy_of(account, lambda _name: self._ids.token_bytes(LOST_KEY_BYTES)))
        return policies, keyless

    def _each_account(self) -> Iterator[Account]:
        """All accounts, a page at a time: a million rows at once would take more memory than all that is kept."""
        after: tuple[str, int] | None = None
        while page := self._store.account_page(after, PAGE):
            yield from page
            last = page[-1]
            after = last.row.account.upper(), int(last.id.rpartition("-")[2])

    def _each_policy(self, keyless: list[Ref]) -> Iterator[AccountPolicy]:
        """What receivers judge by; the accounts whose key is lost are added to `keyless`."""
        accounts = self._each_account()
        while page := list(islice(accounts, PAGE)):
            policies, lost = self._policies(page)
            keyless += lost
            yield from policies

    def _key_source(self, accounts: Sequence[Account]) -> Callable[[Code], bytes]:
        """Where the keys of these accounts come from: all at once, and one by one where one of them is damaged."""
        names = [account.row.key.name for account in accounts if account.row.key is not None]
        try:
            found = self._secrets.secrets_get(names)
        except KeyMissing:
            return self._secrets.secret_get
        return lambda name: found[name] if name in found else self._secrets.secret_get(name)

    def _is_key(self, ref: SecretRef, key: bytes) -> bool:
        try:
            return hmac.compare_digest(self._secrets.secret_get(ref.name), key)
        except KeyMissing:
            return False

    def _name(self, prefix: str) -> Code:
        """A name for a new secret. It comes from outside, since the seq of its fact is not known yet."""
        return Code(prefix + self._ids.token_bytes(8).hex())


def counts_of(plan: ImportPlan, config: int) -> ImportResult:
    """What an import would do, in numbers; `config` is what it was worked out from."""
    sites = len(change_of(plan).sites) if isinstance(plan, AccountPlan) else 0
    return ImportResult(new=len(plan.new), changed=len(plan.changed), same=len(plan.same), sites=sites, config=config)


def change_of(plan: ImportPlan) -> Change:
    """What an import writes: new rows first, then changed ones, in the file's order; new sites before all."""
    match plan:
        case SchedulePlan():
            return Change()
        case AccountPlan():
            return _accounts_change((*plan.new, *plan.changed))
        case SitePlan():
            return Change(sites=tuple(SiteToStore(id=item.id, row=item.row) for item in (*plan.new, *plan.changed)))
        case ZonePlan():
            return Change(zones=tuple(item.row for item in (*plan.new, *plan.changed)))
        case KeyholderPlan():
            return Change(
                keyholders=tuple(
                    KeyholderToStore(id=item.id, row=item.row, contact=item.contact, verifier=item.verifier)
                    for item in (*plan.new, *plan.changed)
                )
            )


def _accounts_change(items: Sequence[PlannedAccount]) -> Change:
    """Accounts, and the sites that they name and that are not there yet, each once."""
    sites: list[SiteToStore] = []
    at: dict[str, int] = {}
    accounts: list[AccountToStore] = []
    for item in items:
        new_site = None
        if item.site is not None:
            new_site = at.setdefault(folded(item.site), len(sites))
            if new_site == len(sites):
                sites.append(SiteToStore(id=None, row=SiteRow(name=item.site)))
        accounts.append(AccountToStore(id=item.id, row=item.row, secret=item.secret, new_site=new_site))
    return Change(sites=tuple(sites), accounts=tuple(accounts))


def _apply(transaction: StoreTransaction, appender: Appender, change: Change, actor: Actor, config: int) -> Changed:
    """Append the facts and write the tables; what is new is named by the seq of its fact."""

    def append(kind: Code, row: msgspec.Struct, ref: Ref | None = None) -> Seq:
        return appender.append(Fact(kind=kind, body=row, ref=ref, actor=actor))

    sites: list[Site] = []
    for item in change.sites:
        row = msgspec.structs.replace(item.row, config=config)
        seq = append(SITE_SET, row, item.id)
        sites.append(Site(item.id or site_id(seq), row, seq))
    accounts: list[Account] = []
    for item in change.accounts:
        row = msgspec.structs.replace(item.row, config=config)
        if item.new_site is not None:
            row = msgspec.structs.replace(row, site_id=sites[item.new_site].id)
        seq = append(ACCOUNT_SET, row, item.id)
        accounts.append(Account(item.id or account_id(seq), row, seq))
    zones: list[Zone] = []
    for zone in change.zones:
        row = msgspec.structs.replace(zone, config=config)
        zones.append(Zone(row, append(ZONE_SET, row, row.account_id)))
    refusals: list[Refusal] = []
    for refusal in change.refusals:
        row = msgspec.structs.replace(refusal, config=config)
        refusals.append(Refusal(row, append(NUMBER_REFUSED, row)))
    keyholders: list[Keyholder] = []
    for item in change.keyholders:
        row = msgspec.structs.replace(item.row, config=config)
        seq = append(KEYHOLDER_SET, row, item.id)
        keyholder = Keyholder(item.id or keyholder_id(seq), row, seq)
        keyholders.append(keyholder)
        if item.was_removed or row.removed_at is not None:
            _time(transaction, appender, KEYHOLDER_ENDS, keyholder.id, erased_at(row), actor)
    phrases: list[SitePhrases] = []
    for item in change.phrases:
        row = msgspec.structs.replace(item.row, config=config)
        phrases.append(SitePhrases(row, append(PHRASES_SET, row, row.site_id)))
    wishes: list[SiteWishes] = []
    for item in change.wishes:
        row = msgspec.structs.replace(item.row, config=config)
        wishes.append(SiteWishes(row, append(WISHES_SET, row, row.site_id)))
        _time(transaction, appender, WISHES_END, row.site_id, row.review_at, actor)
    for warning in change.warnings_ended:
        append(PLACE_WARNING_ENDED, PlaceWarningEnded(reason="site_removed", site_id=warning.body.site_id), warning.id)
        _time(transaction, appender, WARNING_ENDS, warning.id, None, actor)
    for schedule in change.schedules_ended:
        end_schedule(transaction, appender, schedule, actor)
    for out in change.zones_back:
        put_back(out, "account_removed", transaction, appender, actor)
    transaction.drop_place_warnings([warning.id for warning in change.warnings_ended])
    transaction.put_keyholders(keyholders)
    transaction.put_site_phrases(phrases)
    transaction.put_site_wishes(wishes)
    transaction.put_sites(sites)
    transaction.put_accounts(accounts)
    transaction.put_zones(zones)
    transaction.put_refusals(refusals)
    transaction.put_meta(CONFIG, str(config))
    return Changed(
        config=config,
        sites=tuple(sites),
        accounts=tuple(accounts),
        zones=tuple(zones),
        refusals=tuple(refusals),
        keyholders=tuple(keyholders),
        phrases=tuple(phrases),
        wishes=tuple(wishes),
    )


def _time(
    transaction: StoreTransaction, appender: Appender, kind: Code, ref: Ref, due_at: Micros | None, actor: Actor
) -> None:
    """Let something end then, or not any more (`centre.endings`)."""
    timer = transaction.timer(kind, ref)
    if due_at is not None and (timer is None or timer.due_at != due_at):
        set_timer(transaction, appender, kind, ref, due_at, Code("ends"), actor=actor)
    elif due_at is None and timer is not None:
        set_timer(transaction, appender, kind, ref, None, Code("goes_on"), actor=actor)


_SecretRow = SiteRow | AccountRow | ZoneRow | KeyholderRow | SitePhrasesRow | WishesRow


def _secrets_of(rows: Iterable[_SecretRow]) -> set[str]:
    """Names of the keys and texts that rows have."""
    names: set[str] = set()
    for row in rows:
        match row:
            case KeyholderRow():
                names.update(name for name in (row.contact, row.verifier) if name is not None)
            case SitePhrasesRow():
                names.update(() if row.verifier is None else (row.verifier,))
            case WishesRow():
                names.update(() if row.wishes is None else (row.wishes,))
            case _:
                names.update(texts_of(row))
                if isinstance(row, AccountRow) and row.key is not None:
                    names.add(row.key.name)
    return names
