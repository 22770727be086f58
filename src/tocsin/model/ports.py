"""Ports: what a room needs of another, wired together in `app`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tocsin.model.access import AccessRow, Approval, Credential, CredentialKind, Grant, User
from tocsin.model.accounts import Account, AccountPolicy, Refusal, RefusalAnswer
from tocsin.model.action_plans import PlanSwitch, StoredActionPlan
from tocsin.model.call_forms import CallForm
from tocsin.model.chains import StoredChain, StoredGroup
from tocsin.model.check_ins import CheckIn
from tocsin.model.incidents import EVERY, Incident, IncidentFilter, SignalRow, State
from tocsin.model.journal import ActCount, EntryPage, EntryRow, Fact, Head, StoredEntry
from tocsin.model.key_links import KeyLink
from tocsin.model.keyholders import Keyholder, SitePhrases, SiteWishes
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.notices import (
    Contact,
    ContactAddress,
    Message,
    Notice,
    NoticeState,
    NoticeTally,
    OutboxRow,
    Outcome,
    Reach,
)
from tocsin.model.on_test import SiteTest, SiteTestCode
from tocsin.model.out_of_service import ZonesOut
from tocsin.model.plans import FloorPlan
from tocsin.model.retention import Erasure, Hold
from tocsin.model.rings import Ring, StoredLine
from tocsin.model.rosters import Roster
from tocsin.model.schedules import Schedule
from tocsin.model.shifts import Desk, Shift
from tocsin.model.signals import SealedPart
from tocsin.model.sites import Site, Zone
from tocsin.model.sources import StoredSource
from tocsin.model.supervision import Arming, Outage, PathRole
from tocsin.model.values import (
    AccountNumber,
    Actor,
    Code,
    HexHash,
    KeyId,
    Micros,
    Ref,
    SealClass,
    Seq,
    SignalId,
    StreamName,
)
from tocsin.model.vault import Timer, ValueRow
from tocsin.model.warnings import PlaceWarning


class Clock(Protocol):
    """Time. `system.SystemClock` is the real one."""

    def now_us(self) -> Micros:
        """Wall time, microseconds since 1970 UTC."""
        ...

    def monotonic_s(self) -> float:
        """Seconds from any start, never running back: for ages and limits."""
        ...


class Ids(Protocol):
    """Randomness. `system.SystemIds` is the real one."""

    def token_bytes(self, length: int) -> bytes:
        """Bytes fit for salts, nonces and keys."""
        ...


class Sealer(Protocol):
    """Seals personal values under the key of a day. The real one is `vault.Vault`."""

    def seal(self, seal_class: SealClass, at: Micros, part: SealedPart) -> tuple[KeyId, bytes, HexHash]:
        """Return the key's id, the sealed bytes and the commitment. The key is durable before this returns."""
        ...

    def open(self, key: KeyId, sealed: bytes) -> SealedPart | None:
        """Return what was sealed, or None where the key has been destroyed."""
        ...


class AccountDirectory(Protocol):
    """Accounts as a receiver sees them: an immutable snapshot, looked up without I/O."""

    @property
    def config(self) -> int:
        """Version of the configuration that the snapshot was made from."""
        ...

    def find(self, receiver: int | None, line: int | None, account: AccountNumber) -> AccountPolicy | None:
        """Return the account by (R, L, number), else by number, without case; None where unknown or ambiguous."""
        ...

    def refusal(
        self, receiver: int | None, line: int | None, account: AccountNumber, now: Micros
    ) -> RefusalAnswer | None:
        """How an unknown number is answered that a person refused; None where nobody did, or its time is over."""
        ...


class Appender(Protocol):
    """Numbers facts inside a transaction. They are durable when it is."""

    @property
    def at(self) -> Micros:
        """When the facts of this transaction are."""
        ...

    @property
    def prev(self) -> HexHash:
        """Hash of the last entry given a number."""
        ...

    @property
    def seq(self) -> Seq:
        """The last number given."""
        ...

    def append(self, fact: Fact) -> Seq:
        """Append a fact to the journal; return its number."""
        ...


class NoticeTransaction(Protocol):
    """What one transaction of the writer does to contacts, notices and the outbox."""

    def put_contacts(self, contacts: Iterable[Contact]) -> None:
        """Insert contacts, or replace those of the same id; those without an address go."""
        ...

    def put_reach(self, reach: Iterable[Reach]) -> None:
        """Insert, or replace what is of the same user."""
        ...

    def notice(self, id_: Ref) -> Notice | None:
        """One notice."""
        ...

    def open_notices(self, incident: Ref) -> list[Notice]:
        """Notices of an incident that want something still, the oldest first; also those of this transaction."""
        ...

    def put_notices(self, notices: Iterable[Notice]) -> None:
        """Insert notices, or replace those of the same id; what they want stands in the outbox, or goes from it."""
        ...

    def lease(self, ids: Iterable[Ref], at: Micros) -> None:
        """Note that somebody is at these."""
        ...


class NoticeStore(Protocol):
    """What a store reads of contacts, notices and the outbox."""

    def contacts(self, user: Actor | None = None) -> list[Contact]:
        """Contacts of somebody or of all, in the order of their facts."""
        ...

    def reach(self, user: Actor | None = None) -> list[Reach]:
        """When each may be notified, of somebody or of all, in the order of their facts."""
        ...

    def notice(self, id_: Ref) -> Notice | None:
        """One notice."""
        ...

    def notices(
        self,
        limit: int,
        *,
        before: Seq | None = None,
        states: Collection[NoticeState] | None = None,
        incident: Ref | None = None,
        recipient: Actor | None = None,
        cause: Seq | None = None,
    ) -> list[Notice]:
        """Notices, newest first; `before`: made before the one of this seq."""
        ...

    def outbox(self, limit: int, until: Micros | None = None) -> list[OutboxRow]:
        """What notices want, the first due first: all, or what is due by then."""
        ...

    def notice_tally(self) -> NoticeTally:
        """How many wait, and since when."""
        ...


class Notifier(Protocol):
    """One provider of one channel: it moves bytes, and decides nothing. `notify` has the real ones.

    Called at least once for each attempt, under the same `message.key`; never raises for what a provider does.
    """

    async def send(self, message: Message, address: ContactAddress) -> Outcome:
        """Hand it to the provider; return what it said."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class SupervisionTransaction(Protocol):
    """What one transaction of the writer does to missing paths and to what is armed."""

    def outage(self, account_id: Ref, path: PathRole) -> Outage | None:
        """One missing path."""
        ...

    def outage_count(self, incident: Ref) -> int:
        """How many paths of an incident are missing."""
        ...

    def put_outages(self, outages: Iterable[Outage]) -> None:
        """Insert missing paths, or replace those of the same account and path."""
        ...

    def drop_outages(self, paths: Iterable[tuple[Ref, PathRole]]) -> None:
        """These are missing no more."""
        ...

    def is_armed(self, account_id: Ref, partition: Code | None = None) -> bool:
        """Some partition of the account is armed, as far as its panel said; or this one, by itself or with all."""
        ...

    def is_site_armed(self, site_id: Ref) -> bool:
        """Some partition of some account of the site is armed, as far as their panels said."""
        ...

    def arm(self, armings: Iterable[Arming]) -> None:
        """These partitions are armed."""
        ...

    def disarm(self, account_id: Ref, partition: Code | None) -> None:
        """A partition is not armed any more; with None, nothing of the account is."""
        ...


class SupervisionStore(Protocol):
    """What a store reads of them."""

    def outages(self, accounts: Collection[Ref] | None = None) -> list[Outage]:
        """Missing paths, all or those of some accounts, by account and path."""
        ...

    def armed(self, accounts: Collection[Ref] | None = None) -> list[Arming]:
        """What is armed, of all or of some accounts, by account and partition."""
        ...


class OnTestTransaction(Protocol):
    """What one transaction of the writer does to tests of sites."""

    def put_site_test(self, test: SiteTest) -> None:
        """Insert a test, or replace the one of the same id."""
        ...

    def put_site_test_code(self, code: SiteTestCode) -> None:
        """Insert a one-day code, or replace the one of the same id."""
        ...

    def put_zones_out(self, out: ZonesOut) -> None:
        """Insert zones out of service, or replace those of the same name."""
        ...


class OnTestStore(Protocol):
    """What a store reads of them, and of zones out of service."""

    def zones_out_by(self, id_: Ref) -> ZonesOut | None:
        """What was taken out of service under this name."""
        ...

    def zones_out(self, ended_after: Micros | None = None) -> list[ZonesOut]:
        """Zones out of service, and with a time those put back then or later, in the order in which they were taken."""
        ...

    def site_test(self, id_: Ref) -> SiteTest | None:
        """One test."""
        ...

    def site_tests(self, ended_after: Micros | None = None) -> list[SiteTest]:
        """Tests that go on, and with a time those that ended then or later, in the order in which they began."""
        ...

    def site_test_code(self, code: HexHash) -> SiteTestCode | None:
        """The one-day code with this keyed hash, ended or not."""
        ...

    def site_test_codes(self, after: Micros) -> list[SiteTestCode]:
        """One-day codes whose time ends after `after`, ended ones too, in the order in which they were given."""
        ...


class ActionPlanTransaction(Protocol):
    """What one transaction of the writer does to action plans."""

    def action_plan_version(self, seq: Seq) -> StoredActionPlan | None:
        """One version, as this transaction sees it."""
        ...

    def shipped_plan(self, hash_: HexHash) -> StoredActionPlan | None:
        """The version of a plan that ships with this hash, where an incident has gone by it."""
        ...

    def add_action_plans(self, plans: Iterable[StoredActionPlan]) -> None:
        """Insert versions: none is ever changed."""
        ...

    def put_plan_switches(self, switches: Iterable[PlanSwitch]) -> None:
        """Insert what was said of types, or replace it."""
        ...


class ActionPlanStore(Protocol):
    """What a store reads of them."""

    def action_plans(self) -> list[StoredActionPlan]:
        """The newest version of each plan of the centre's own that was not removed, by the number in its id."""
        ...

    def action_plan_version(self, seq: Seq) -> StoredActionPlan | None:
        """One version of a plan, of the centre's own or one that shipped."""
        ...

    def action_plan_versions(self) -> list[StoredActionPlan]:
        """Every version of every plan, oldest first."""
        ...

    def plan_switches(self) -> list[PlanSwitch]:
        """What was said of types, by type."""
        ...


class SourceTransaction(Protocol):
    """What one transaction of the writer does to sources, and to the ids that they gave."""

    def put_sources(self, sources: Iterable[StoredSource]) -> None:
        """Insert sources, or replace those of the same id; one that was removed is dropped."""
        ...

    def is_source(self, account_id: Ref) -> bool:
        """A source speaks for this account."""
        ...

    def add_given(self, rows: Sequence[tuple[bytes, bytes, SignalId, Seq]]) -> None:
        """Insert ids that were given: keyed hashes of the id and of what was said, the signal's id and seq."""
        ...


class SourceStore(Protocol):
    """What a store reads of them."""

    def sources(self) -> list[StoredSource]:
        """All sources, by the number in their id."""
        ...

    def given_ids(self, digests: Sequence[bytes]) -> list[tuple[bytes, bytes, SignalId, Seq]]:
        """Those of these ids that were given before, each as `add_given` had it."""
        ...

    def devices_heard(self, account_id: Ref, limit: int) -> list[tuple[Code | None, int, Micros, Micros]]:
        """By zone of an account's newest signals, at most `limit` of them: how many, the first and the last time."""
        ...


class ChainTransaction(Protocol):
    """What one transaction of the writer does to chains and groups."""

    def put_chains(self, chains: Iterable[StoredChain]) -> None:
        """Insert chains, or replace those of the same id; one that was removed is dropped."""
        ...

    def put_groups(self, groups: Iterable[StoredGroup]) -> None:
        """Insert groups, or replace those of the same id; one that was removed is dropped."""
        ...


class ChainStore(Protocol):
    """What a store reads of them."""

    def chains(self) -> list[StoredChain]:
        """All chains, by the number in their id."""
        ...

    def groups(self) -> list[StoredGroup]:
        """All groups, by the number in their id."""
        ...


class ScheduleTransaction(Protocol):
    """What one transaction of the writer does to schedules and floor plans."""

    def put_schedules(self, schedules: Iterable[Schedule]) -> None:
        """Insert schedules, replace those of the same id; one that was removed is dropped."""
        ...

    def put_floor_plans(self, plans: Iterable[FloorPlan]) -> None:
        """Insert floor plans, replace those of the same id; one without a picture was removed, and is dropped."""
        ...


class ScheduleStore(Protocol):
    """What a store reads of them."""

    def schedule(self, id_: Ref) -> Schedule | None:
        """One schedule."""
        ...

    def schedules(self, accounts: Collection[Ref] | None = None) -> list[Schedule]:
        """Schedules, all or those of some accounts, in the order in which they were made."""
        ...

    def schedule_count(self) -> int:
        """How many there are."""
        ...

    def floor_plans(self, sites: Collection[Ref] | None = None) -> list[FloorPlan]:
        """Floor plans, all or those of some sites, by id."""
        ...

    def newest_signal_at(
        self,
        account_id: Ref,
        after: Micros,
        *,
        reasons: Collection[Code] = (),
        codes: Collection[tuple[str, Code]] = (),
    ) -> Micros | None:
        """When the newest signal of an account later than `after` was received, of some; None where none was.

        Of those that ended for one of `reasons`, or have one of `codes`: pairs of format and code.
        """
        ...


class ShiftTransaction(Protocol):
    """What one transaction of the writer does to desks and shifts."""

    def put_desk(self, desk: Desk) -> None:
        """Insert a desk, or replace the one of the same id."""
        ...

    def put_shift(self, shift: Shift) -> None:
        """Insert a shift, or replace the one of the same id."""
        ...


class RosterTransaction(Protocol):
    """What one transaction of the writer does to rosters."""

    def put_roster(self, roster: Roster) -> None:
        """Insert a roster, or replace the one of the same id."""
        ...


class RosterStore(Protocol):
    """What a store reads of them."""

    def rosters(self) -> list[Roster]:
        """All rosters, removed ones too, in the order in which they were made."""
        ...


class ShiftStore(Protocol):
    """What a store reads of them."""

    def desks(self) -> list[Desk]:
        """All desks, removed ones too, in the order in which they were made."""
        ...

    def shift(self, id_: Ref) -> Shift | None:
        """One shift."""
        ...

    def shifts(self, ended_after: Micros | None = None) -> list[Shift]:
        """Shifts that go on, and with a time those that ended then or later, in the order in which they began."""
        ...


class KeyLinkTransaction(Protocol):
    """What one transaction of the writer does to one-time links to keys."""

    def put_key_link(self, link: KeyLink) -> None:
        """Insert a link, or replace the one of the same id."""
        ...


class KeyLinkStore(Protocol):
    """What a store reads of them."""

    def key_link(self, secret: HexHash) -> KeyLink | None:
        """The link with this keyed hash, whatever became of it."""
        ...

    def key_links(self, account_id: Ref | None = None, after: Micros | None = None) -> list[KeyLink]:
        """Links of all accounts or of one, all or those whose time ends after `after`, in the order of giving."""
        ...


class CallFormTransaction(Protocol):
    """What one transaction of the writer does to calls that are being taken."""

    def put_call_form(self, call: CallForm) -> None:
        """Insert a call, or replace the one of the same id."""
        ...

    def drop_call_form(self, id_: Ref) -> None:
        """Delete a call: its draft is erased."""
        ...


class CallFormStore(Protocol):
    """What a store reads of them."""

    def call_form(self, id_: Ref) -> CallForm | None:
        """One of them."""
        ...

    def call_forms(self) -> list[CallForm]:
        """All of them, in the order in which they were begun."""
        ...


class CheckInTransaction(Protocol):
    """What one transaction of the writer does to check-ins of lone workers."""

    def put_check_in(self, one: CheckIn) -> None:
        """Insert a check-in, or replace the one of the same id."""
        ...

    def drop_check_in(self, id_: Ref) -> None:
        """Delete a check-in."""
        ...


class CheckInStore(Protocol):
    """What a store reads of them."""

    def check_in(self, id_: Ref) -> CheckIn | None:
        """One of them."""
        ...

    def check_ins(self) -> list[CheckIn]:
        """All of them, in the order in which they were begun."""
        ...


class CommandStore(Protocol):
    """What a store reads of commands that were carried out."""

    def command_answer(self, actor: Actor, id_: Code) -> bytes | None:
        """What somebody's command was answered with, as long as it is remembered."""
        ...


class RingTransaction(Protocol):
    """What one transaction of the writer does to calls that a telephone system tells of, and to telephone lines."""

    def put_ring(self, ring: Ring) -> None:
        """Insert a ring, or replace the one of the same id."""
        ...

    def drop_ring(self, id_: Ref) -> None:
        """Delete a ring: its number is erased."""
        ...

    def put_lines(self, lines: Iterable[StoredLine]) -> None:
        """Insert lines, or replace those of the same id; those whose row says removed go."""
        ...


class RingStore(Protocol):
    """What a store reads of them."""

    def ring(self, id_: Ref) -> Ring | None:
        """One of them."""
        ...

    def ring_of(self, key: HexHash) -> Ring | None:
        """The newest that the telephone system calls so, by the keyed hash of that."""
        ...

    def rings(self) -> list[Ring]:
        """All of them, in the order in which we were told of them."""
        ...

    def lines(self) -> list[StoredLine]:
        """All telephone lines, in the order in which they were made."""
        ...


class PlaceFactStore(Protocol):
    """What a store reads of the entries that are about a site or account (`store.place_index`)."""

    def place_facts(self, place: Ref, before: Seq | None, limit: int) -> list[tuple[StoredEntry, Ref]]:
        """Entries about a site or account with a seq below `before`, newest first, each with what it is about."""
        ...

    def fact_before(self, thing: Ref, kind: Code, before: Seq) -> StoredEntry | None:
        """The last entry of this kind about the same thing before that one; None where that was the first."""
        ...


class StoreTransaction(
    ActionPlanTransaction,
    CallFormTransaction,
    CheckInTransaction,
    ChainTransaction,
    KeyLinkTransaction,
    NoticeTransaction,
    OnTestTransaction,
    RingTransaction,
    RosterTransaction,
    ScheduleTransaction,
    ShiftTransaction,
    SourceTransaction,
    SupervisionTransaction,
    Protocol,
):
    """One transaction of the writer. It is durable when the context that gave it ends without an exception."""

    def head(self) -> Head:
        """The journal's end inside this transaction."""
        ...

    def stream_end(self, stream: StreamName) -> int:
        """The last number of a stream, 0 where it is empty."""
        ...

    def append(self, rows: Sequence[EntryRow]) -> None:
        """Append entries. Their seq and their numbers in each stream go on without gaps, or the transaction fails."""
        ...

    def add_duplicates(self, counts: Mapping[SignalId, int]) -> None:
        """Add to the counts of repeats."""
        ...

    def put_accounts(self, accounts: Iterable[Account]) -> None:
        """Insert accounts, or replace those of the same id; those whose row says removed go."""
        ...

    def put_sites(self, sites: Iterable[Site]) -> None:
        """Insert sites, or replace those of the same id; those whose row says removed go."""
        ...

    def put_zones(self, zones: Iterable[Zone]) -> None:
        """Insert zones, or replace those of the same account and number; those whose row says removed go."""
        ...

    def put_refusals(self, refusals: Iterable[Refusal]) -> None:
        """Insert refused numbers, or replace those of the same number, receiver and line."""
        ...

    def put_keyholders(self, keyholders: Iterable[Keyholder]) -> None:
        """Insert keyholders, or replace those of the same id; those that were removed stay until they are dropped."""
        ...

    def drop_keyholders(self, ids: Collection[Ref]) -> None:
        """Drop keyholders that were erased."""
        ...

    def put_site_phrases(self, phrases: Iterable[SitePhrases]) -> None:
        """Insert phrases of sites, or replace those of the same site; those without a verifier go."""
        ...

    def put_site_wishes(self, wishes: Iterable[SiteWishes]) -> None:
        """Insert notes of wishes, or replace those of the same site; those without a note go."""
        ...

    def put_place_warnings(self, warnings: Iterable[PlaceWarning]) -> None:
        """Insert warnings."""
        ...

    def drop_place_warnings(self, ids: Collection[Ref]) -> None:
        """Drop warnings that ended."""
        ...

    def put_users(self, users: Iterable[User]) -> None:
        """Insert users, or replace those of the same id."""
        ...

    def put_access(self, rows: Iterable[AccessRow]) -> None:
        """Insert what lets somebody in, or replace what has the same hash."""
        ...

    def renew_access(self, old: HexHash, row: AccessRow) -> None:
        """Insert what lets somebody in, in place of what has another hash."""
        ...

    def drop_access(self, before: Micros) -> None:
        """Forget what opened nothing any more before this time."""
        ...

    def put_credentials(self, credentials: Iterable[Credential]) -> None:
        """Insert credentials, or replace those of the same user and kind."""
        ...

    def drop_credentials(self, user: Actor, kinds: Iterable[CredentialKind]) -> None:
        """Forget credentials of a user; with `totp` also the last step that was used."""
        ...

    def put_totp_step(self, user: Actor, step: int) -> None:
        """Note the last step of a user's authenticator that was used."""
        ...

    def put_grants(self, grants: Iterable[Grant]) -> None:
        """Insert grants, or replace those of the same user and target; those whose row says removed go."""
        ...

    def put_approvals(self, approvals: Iterable[Approval]) -> None:
        """Insert what two persons do together, or replace what has the same id."""
        ...

    def put_unknown(self, rows: Iterable[UnknownAccount]) -> None:
        """Insert or replace rows of the unknown accounts, by number, receiver and line."""
        ...

    def drop_unknown(self, account: AccountNumber) -> None:
        """Forget a number, compared without case: it was set up."""
        ...

    def add_rejected(self, rows: Sequence[RejectedFrame], keep_max: int) -> None:
        """Append to the rejected frames, and let the oldest go so that `keep_max` stay."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """A part of the transaction that is undone alone where it raises."""
        ...

    def incident(self, id_: Ref) -> Incident | None:
        """One incident, open or closed."""
        ...

    def put_incidents(self, incidents: Iterable[Incident]) -> None:
        """Insert incidents, or replace those of the same id."""
        ...

    def add_incident_facts(self, facts: Iterable[tuple[Ref, Seq]]) -> None:
        """Note which entries make the time line of which incident."""
        ...

    def add_signals(self, rows: Iterable[SignalRow]) -> None:
        """Note where signals ended."""
        ...

    def move_signals(self, seqs: Sequence[Seq], incident: Ref, reason: Code) -> None:
        """Let these signals end in another incident, for this reason: a person split them off, or undid that."""
        ...

    def get_command(self, actor: Actor, id_: Code) -> tuple[bytes, bytes] | None:
        """Digest and answer of a command that was carried out, as long as it is remembered."""
        ...

    def put_command(self, actor: Actor, id_: Code, at: Micros, digest: bytes, answer: bytes) -> None:
        """Remember a command and its answer."""
        ...

    def drop_commands(self, before: Micros) -> None:
        """Forget commands that are older."""
        ...

    def put_values(self, rows: Sequence[ValueRow]) -> None:
        """Insert sealed values, and note whose their keys are."""
        ...

    def drop_values(self, holder: Ref) -> int:
        """Delete a holder's values and let go of its keys, which are destroyed by then; return how many values."""
        ...

    def drop_value_field(self, holder: Ref, field: Code) -> int:
        """Delete a holder's values of one field; return how many."""
        ...

    def holder_keys(self, holder: Ref) -> list[KeyId]:
        """The keys that values of a holder are sealed under, rising."""
        ...

    def put_timer(self, timer: Timer) -> None:
        """Insert a timer, or replace the one of the same kind and object."""
        ...

    def drop_timer(self, kind: Code, ref: Ref) -> None:
        """Delete a timer."""
        ...

    def timer(self, kind: Code, ref: Ref) -> Timer | None:
        """One timer."""
        ...

    def put_hold(self, hold: Hold) -> None:
        """Insert a legal hold, or replace the one of the same id."""
        ...

    def holds(self, incident: Ref) -> list[Hold]:
        """Legal holds of an incident, lifted ones too, oldest first."""
        ...

    def put_erasure(self, erasure: Erasure) -> None:
        """Note an erasure, in place of any before of the same incident."""
        ...

    def erasure(self, incident: Ref) -> Erasure | None:
        """The last erasure of an incident's data."""
        ...

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal: epoch, checkpoint."""
        ...

    def put_meta(self, name: Code, value: str) -> None:
        """Set such a value."""
        ...


class Store(
    ActionPlanStore,
    CallFormStore,
    ChainStore,
    CheckInStore,
    CommandStore,
    KeyLinkStore,
    NoticeStore,
    OnTestStore,
    PlaceFactStore,
    RingStore,
    RosterStore,
    ScheduleStore,
    ShiftStore,
    SourceStore,
    SupervisionStore,
    Protocol,
):
    """A database that keeps the journal and its projections. Every implementation passes tests/contracts/."""

    def transaction(self) -> AbstractContextManager[StoreTransaction]:
        """Begin the writer's transaction; commit and fsync at the end of the context, roll back on an exception.

        Raises:
            JournalFull: there is no room; nothing was stored.
            DiskFault: a write or the fsync failed; the process must stop.
        """
        ...

    def head(self) -> Head:
        """The durable end of the journal, read anew."""
        ...

    def entries(self, after: Seq, limit: int) -> list[StoredEntry]:
        """Entries with a seq above `after`, in order, at most `limit`. Each call is a short read of its own."""
        ...

    def incident(self, id_: Ref) -> Incident | None:
        """One incident, open or closed."""
        ...

    def incidents(self, state: State, before: Seq | None, limit: int, only: IncidentFilter = EVERY) -> list[Incident]:
        """Incidents of a state, the latest changed first; `before`: the version of the last one of the page before."""
        ...

    def incident_count(self, state: State, only: IncidentFilter = EVERY) -> int:
        """How many there are."""
        ...

    def highest_number(self) -> int:
        """The highest number that an incident has, 0 where there is none."""
        ...

    def incident_facts(self, id_: Ref, limit: int) -> list[StoredEntry]:
        """The entries that make an incident's time line, oldest first: the last `limit`."""
        ...

    def incident_signals(self, id_: Ref, limit: int) -> list[tuple[SignalRow, StoredEntry]]:
        """Signals of an incident, newest first."""
        ...

    def account_signals(self, account_id: Ref, before: Seq | None, limit: int) -> list[tuple[SignalRow, StoredEntry]]:
        """Signals of an account, newest first."""
        ...

    def signal_rows(self, after: Seq, limit: int) -> list[SignalRow]:
        """Where signals ended, in the order of their seq."""
        ...

    def entries_at(self, seqs: Collection[Seq]) -> list[StoredEntry]:
        """The entries of these numbers, in order."""
        ...

    def newest_entries(self, before: Seq | None, kind: Code | None, limit: int, looked_max: int) -> EntryPage:
        """Entries with a seq below `before`, newest first, at most `limit`, of one kind or of all.

        At most `looked_max` entries are looked at, so that a kind that is rare costs no more.
        """
        ...

    def logged(self, before: Seq | None, since: Micros, until: Micros, limit: int) -> EntryPage:
        """Entries of the watch log (`model.watch_log.LOGGED`) from `since` to before `until`, newest first.

        Those with a seq below `before` alone, at most `limit`. It costs as much as it finds, however long the journal.
        """
        ...

    def facts(
        self, kinds: Collection[Code], after: Seq, limit: int, looked_max: int
    ) -> tuple[list[StoredEntry], Seq | None]:
        """Entries of some kinds with a seq above `after`, in order, at most `limit`; and where to go on.

        At most `looked_max` entries are looked at. None: the end was reached.
        """
        ...

    def acts_of(self, actor: Actor, after: Seq, looked_max: int) -> tuple[list[ActCount], Seq | None]:
        """How many facts of each kind an actor caused, above `after`; and where to go on, as `facts` does."""
        ...

    def accounts(self, ids: Collection[Ref] | None = None) -> list[Account]:
        """All accounts, or those of the ids that are there, in the order in which they were made."""
        ...

    def account_page(
        self, after: tuple[str, int] | None, limit: int, *, site_id: Ref | None = None, number: str = ""
    ) -> list[Account]:
        """Accounts by number without case, then as they were made.

        `after`: number in upper case and seq that made the last one of the page before. `number`: how the numbers
        begin, in upper case.
        """
        ...

    def account_count(self, site_id: Ref | None = None, number: str = "") -> int:
        """How many accounts there are, or stand at a site, or begin so; as `account_page` finds them."""
        ...

    def site_sizes(self, site_ids: Collection[Ref]) -> dict[Ref, int]:
        """How many accounts stand at each of these sites; sites without any are left out."""
        ...

    def zone_counts(self, account_ids: Collection[Ref]) -> dict[Ref, int]:
        """How many zones each of these accounts has; accounts without any are left out."""
        ...

    def sites(self, ids: Collection[Ref] | None = None) -> list[Site]:
        """All sites, or those of the ids that are there, in the order in which they were made."""
        ...

    def zones(self, account_ids: Collection[Ref] | None = None) -> list[Zone]:
        """All zones, or those of some accounts: accounts in the order in which they were made, zones by number."""
        ...

    def refusals(self) -> list[Refusal]:
        """Numbers that were ever refused, each with the last word on it, in the order of the facts."""
        ...

    def keyholders(
        self, site_ids: Collection[Ref] | None = None, *, ids: Collection[Ref] | None = None
    ) -> list[Keyholder]:
        """All keyholders, or those of some sites, or some of them, removed ones too: sites as made, each by order."""
        ...

    def site_phrases(self, site_ids: Collection[Ref] | None = None) -> list[SitePhrases]:
        """Phrases of all sites, or of some, in the order of their facts."""
        ...

    def site_wishes(self, site_ids: Collection[Ref] | None = None) -> list[SiteWishes]:
        """Notes of residents' wishes of all sites, or of some, in the order of their facts."""
        ...

    def place_warnings(self, site_ids: Collection[Ref] | None = None) -> list[PlaceWarning]:
        """Warnings that stand, all or those of some sites, in the order in which they were made."""
        ...

    def users(self) -> list[User]:
        """All users, removed ones too, in the order in which they were made."""
        ...

    def access_rows(self) -> list[AccessRow]:
        """What lets somebody in, and what did until it was dropped, in the order in which it was made."""
        ...

    def credentials(self) -> list[Credential]:
        """What people can sign in or unlock with, by user and kind."""
        ...

    def totp_steps(self) -> dict[Actor, int]:
        """The last step of each user's authenticator that was used."""
        ...

    def grants(self) -> list[Grant]:
        """All grants, by user and target."""
        ...

    def approvals(self) -> list[Approval]:
        """All that two persons did or are asked to do together, in the order in which it was asked."""
        ...

    def unknown_accounts(self) -> list[UnknownAccount]:
        """The unknown accounts, newest first."""
        ...

    def rejected_frames(self, limit: int) -> list[RejectedFrame]:
        """The newest rejected frames, newest first."""
        ...

    def values(self, holder: Ref, field: Code | None = None, limit: int | None = None) -> list[ValueRow]:
        """A holder's sealed values, oldest first: all, or the newest."""
        ...

    def value_count(self, holder: Ref) -> int:
        """How many sealed values a holder has."""
        ...

    def holder_keys(self, holder: Ref) -> list[KeyId]:
        """The keys that values of a holder are sealed under, rising."""
        ...

    def highest_holder_key(self) -> KeyId:
        """The highest key that any holder has, 0 where none has one."""
        ...

    def timer(self, kind: Code, ref: Ref) -> Timer | None:
        """One timer."""
        ...

    def timers(self, until: Micros | None = None, limit: int | None = None, kind: Code | None = None) -> list[Timer]:
        """Timers that are due by then, or all, the first due first."""
        ...

    def timer_changes(self) -> dict[tuple[Code, Ref], Timer | None] | None:
        """Timers that were set, or with None ended, since the last call; None: too many to remember, so look at all.

        For the scheduler alone: what one call has told, no other tells again.
        """
        ...

    def holds(self, incident: Ref | None = None) -> list[Hold]:
        """Legal holds of an incident, or of all, lifted ones too, oldest first."""
        ...

    def erasure(self, incident: Ref) -> Erasure | None:
        """The last erasure of an incident's data."""
        ...

    def erasures(self) -> list[Erasure]:
        """The last erasure of each incident's data, in the order of their facts."""
        ...

    def unscheduled(self, kind: Code, limit: int) -> list[Incident]:
        """Closed incidents that no timer of the kind waits for, and that were never erased, oldest first."""
        ...

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal."""
        ...

    def truncate_log(self) -> bool:
        """Write the log back and cut it to nothing, so that what was deleted is in no file; False: ask again later.

        Called between two transactions, in the writer's thread.
        """
        ...

    def check(self) -> list[str]:
        """Look through the whole database for damage; return what is wrong, in words. Slow on a large one."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
