"""A store in memory: for tests and trials, nothing durable. It passes the same contract as the real one."""

import contextlib
import copy
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence

import msgspec

from tocsin.model.access import AccessRow, Approval, Credential, CredentialKind, Grant, User
from tocsin.model.accounts import Account, Refusal
from tocsin.model.errors import CentreFault
from tocsin.model.incidents import EVERY, Incident, IncidentFilter, SignalRow, State
from tocsin.model.journal import GENESIS, ActCount, EntryPage, EntryRow, Head, StoredEntry
from tocsin.model.keyholders import Keyholder, SitePhrases, SiteWishes
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.retention import Erasure, Hold
from tocsin.model.sites import Site, Zone
from tocsin.model.values import AccountNumber, Actor, Code, HexHash, KeyId, Micros, Ref, Seq, SignalId, StreamName
from tocsin.model.vault import Timer, ValueRow
from tocsin.model.warnings import PlaceWarning
from tocsin.model.watch_log import LOGGED
from tocsin.store.action_plan_memory import MemoryActionPlanReads, MemoryActionPlanWrites
from tocsin.store.call_form_memory import MemoryCallFormReads, MemoryCallFormWrites
from tocsin.store.chain_memory import MemoryChainReads, MemoryChainWrites
from tocsin.store.check_in_memory import MemoryCheckInReads, MemoryCheckInWrites
from tocsin.store.key_link_memory import MemoryKeyLinkReads, MemoryKeyLinkWrites
from tocsin.store.memory_tables import Tables
from tocsin.store.notice_memory import MemoryNoticeReads, MemoryNoticeWrites
from tocsin.store.on_test_memory import MemoryOnTestReads, MemoryOnTestWrites
from tocsin.store.place_memory import MemoryPlaceFactReads
from tocsin.store.ring_memory import MemoryRingReads, MemoryRingWrites
from tocsin.store.schedule_memory import MemoryScheduleReads, MemoryScheduleWrites
from tocsin.store.shift_memory import MemoryShiftReads, MemoryShiftWrites
from tocsin.store.source_memory import MemorySourceReads, MemorySourceWrites
from tocsin.store.supervision_memory import MemorySupervisionReads, MemorySupervisionWrites
from tocsin.store.timer_changes import TimerChanges


class MemoryStore(
    MemoryActionPlanReads,
    MemoryCallFormReads,
    MemoryCheckInReads,
    MemoryChainReads,
    MemoryKeyLinkReads,
    MemoryNoticeReads,
    MemoryOnTestReads,
    MemoryPlaceFactReads,
    MemoryRingReads,
    MemoryScheduleReads,
    MemoryShiftReads,
    MemorySourceReads,
    MemorySupervisionReads,
):
    """Keeps a centre's journal in memory (`model.ports.Store`)."""

    def __init__(self) -> None:
        """Start empty."""
        self._tables = Tables()
        self._timer_changes = TimerChanges()
        self.fail_next: CentreFault | None = None
        """Raised by the next commit, as a full disk or a failed fsync would be."""

    @contextlib.contextmanager
    def transaction(self) -> Generator["MemoryTransaction"]:
        """Begin the writer's transaction; nothing of it stays where the context ends with an exception."""
        draft = copy.copy(self._tables)
        for name, value in vars(self._tables).items():
            setattr(draft, name, copy.copy(value))
        transaction = MemoryTransaction(draft)
        yield transaction
        if self.fail_next is not None:
            fault, self.fail_next = self.fail_next, None
            raise fault
        self._tables = draft
        self._timer_changes.committed(transaction.changed_timers)

    def command_answer(self, actor: Actor, id_: Code) -> bytes | None:
        """What somebody's command was answered with, as long as it is remembered."""
        found = self._tables.commands.get((actor, id_))
        return None if found is None else found[2]

    def head(self) -> Head:
        """The end of the journal."""
        return _head(self._tables)

    def entries(self, after: Seq, limit: int) -> list[StoredEntry]:
        """Entries with a seq above `after`, in order, at most `limit`."""
        return [self._stored(row) for row in self._tables.entries if row.seq > after][:limit]

    def incident(self, id_: Ref) -> Incident | None:
        """One incident, open or closed."""
        return self._tables.incidents.get(id_)

    def incidents(self, state: State, before: Seq | None, limit: int, only: IncidentFilter = EVERY) -> list[Incident]:
        """Incidents of a state, the latest changed first."""
        found = [i for i in self._tables.incidents.values() if i.state == state and (not before or i.version < before)]
        found = [i for i in found if only.lets(i)]
        return sorted(found, key=lambda i: i.version, reverse=True)[:limit]

    def incident_count(self, state: State, only: IncidentFilter = EVERY) -> int:
        """How many there are."""
        return sum(incident.state == state and only.lets(incident) for incident in self._tables.incidents.values())

    def highest_number(self) -> int:
        """The highest number that an incident has, 0 where there is none."""
        return max((incident.number for incident in self._tables.incidents.values()), default=0)

    def incident_facts(self, id_: Ref, limit: int) -> list[StoredEntry]:
        """The entries that make an incident's time line, oldest first: the last `limit`."""
        seqs = {seq for incident, seq in self._tables.incident_facts if incident == id_}
        return [self._stored(row) for row in self._tables.entries if row.seq in seqs][-limit:]

    def incident_signals(self, id_: Ref, limit: int) -> list[tuple[SignalRow, StoredEntry]]:
        """Signals of an incident, newest first."""
        return self._signals([row for row in self._tables.signals.values() if row.incident == id_], limit)

    def account_signals(self, account_id: Ref, before: Seq | None, limit: int) -> list[tuple[SignalRow, StoredEntry]]:
        """Signals of an account, newest first."""
        found = [row for row in self._tables.signals.values() if row.account_id == account_id]
        return self._signals([row for row in found if not before or row.seq < before], limit)

    def signal_rows(self, after: Seq, limit: int) -> list[SignalRow]:
        """Where signals ended, in the order of their seq."""
        return [row for seq, row in sorted(self._tables.signals.items()) if seq > after][:limit]

    def _signals(self, rows: list[SignalRow], limit: int) -> list[tuple[SignalRow, StoredEntry]]:
        entries = {row.seq: row for row in self._tables.entries}
        newest = sorted(rows, key=lambda row: row.seq, reverse=True)[:limit]
        return [(row, self._stored(entries[row.seq])) for row in newest]

    def _stored(self, row: EntryRow) -> StoredEntry:
        entry = StoredEntry(row, 0)
        return entry if entry.id is None else StoredEntry(row, self._tables.duplicates.get(entry.id, 0))

    def entries_at(self, seqs: Collection[Seq]) -> list[StoredEntry]:
        """The entries of these numbers, in order."""
        return [self._stored(row) for row in self._tables.entries if row.seq in seqs]

    def newest_entries(self, before: Seq | None, kind: Code | None, limit: int, looked_max: int) -> EntryPage:
        """Entries with a seq below `before`, newest first."""
        below = self.head().seq + 1 if before is None else before
        lowest = max(1, below - looked_max)
        rows = [row for row in reversed(self._tables.entries) if lowest <= row.seq < below]
        found = tuple(self._stored(row) for row in rows if kind is None or row.kind == kind)[:limit]
        end = found[-1].row.seq if len(found) == limit else lowest
        return EntryPage(found, Seq(end) if end > 1 else None)

    def logged(self, before: Seq | None, since: Micros, until: Micros, limit: int) -> EntryPage:
        """Entries of the watch log, newest first."""
        below = self.head().seq + 1 if before is None else before
        rows = [one for one in reversed(self._tables.entries) if one.seq < below and since <= one.at < until]
        found = [one for one in rows if one.kind in LOGGED][: limit + 1]
        entries = tuple(self._stored(row) for row in found[:limit])
        return EntryPage(entries, entries[-1].row.seq if len(found) > limit else None)

    def facts(
        self, kinds: Collection[Code], after: Seq, limit: int, looked_max: int
    ) -> tuple[list[StoredEntry], Seq | None]:
        """Entries of some kinds with a seq above `after`, in order; and where to go on."""
        looked = self._tables.entries[after : after + looked_max]
        found = [self._stored(row) for row in looked if row.kind in kinds][:limit]
        end = found[-1].row.seq if len(found) == limit else Seq(after + looked_max)
        return found, end if end < self.head().seq else None

    def acts_of(self, actor: Actor, after: Seq, looked_max: int) -> tuple[list[ActCount], Seq | None]:
        """How many facts of each kind an actor caused, above `after`; and where to go on."""
        begins = b'{"actor":' + msgspec.json.encode(actor) + b","
        times: dict[Code, list[Micros]] = {}
        for row in self._tables.entries[after : after + looked_max]:
            if row.entry.startswith(begins):
                times.setdefault(row.kind, []).append(row.at)
        end = Seq(after + looked_max)
        counts = [ActCount(kind, len(found), min(found), max(found)) for kind, found in sorted(times.items())]
        return counts, end if end < self.head().seq else None

    def accounts(self, ids: Collection[Ref] | None = None) -> list[Account]:
        """All accounts, or those of the ids that are there, in the order in which they were made."""
        found = [account for account in self._tables.accounts.values() if ids is None or account.id in ids]
        return sorted(found, key=lambda account: _made(account.id))

    def account_page(
        self, after: tuple[str, int] | None, limit: int, *, site_id: Ref | None = None, number: str = ""
    ) -> list[Account]:
        """Accounts by number without case, then as they were made."""
        place = {(one.row.account.upper(), _made(one.id)): one for one in self._tables.accounts.values()}
        return [
            account
            for at, account in sorted(place.items())
            if (after is None or at > after) and at[0].startswith(number) and site_id in (None, account.row.site_id)
        ][:limit]

    def account_count(self, site_id: Ref | None = None, number: str = "") -> int:
        """How many accounts there are, or stand at a site, or begin so."""
        return len(self.account_page(None, len(self._tables.accounts), site_id=site_id, number=number))

    def site_sizes(self, site_ids: Collection[Ref]) -> dict[Ref, int]:
        """How many accounts stand at each of these sites."""
        found = [account.row.site_id for account in self._tables.accounts.values()]
        return {id_: count for id_ in site_ids if (count := found.count(id_))}

    def zone_counts(self, account_ids: Collection[Ref]) -> dict[Ref, int]:
        """How many zones each of these accounts has."""
        found = [account_id for account_id, _ in self._tables.zones]
        return {id_: count for id_ in account_ids if (count := found.count(id_))}

    def sites(self, ids: Collection[Ref] | None = None) -> list[Site]:
        """All sites, or those of the ids that are there, in the order in which they were made."""
        found = [site for site in self._tables.sites.values() if ids is None or site.id in ids]
        return sorted(found, key=lambda site: _made(site.id))

    def zones(self, account_ids: Collection[Ref] | None = None) -> list[Zone]:
        """All zones, or those of some accounts."""
        found = [zone for (id_, _), zone in self._tables.zones.items() if account_ids is None or id_ in account_ids]
        return sorted(found, key=lambda zone: (_made(zone.row.account_id), len(zone.row.number), zone.row.number))

    def refusals(self) -> list[Refusal]:
        """Numbers that were ever refused, each with the last word on it."""
        return sorted(self._tables.refusals.values(), key=lambda refusal: refusal.seq)

    def keyholders(
        self, site_ids: Collection[Ref] | None = None, *, ids: Collection[Ref] | None = None
    ) -> list[Keyholder]:
        """All keyholders, or those of some sites, or some of them, removed ones too."""
        found = self._tables.keyholders.values()
        if ids is not None:
            found = [one for one in found if one.id in ids]
        elif site_ids is not None:
            found = [one for one in found if one.row.site_id in site_ids]
        return sorted(found, key=lambda one: (_made(one.row.site_id), one.row.order, _made(one.id)))

    def site_phrases(self, site_ids: Collection[Ref] | None = None) -> list[SitePhrases]:
        """Phrases of all sites, or of some."""
        found = [one for id_, one in self._tables.site_phrases.items() if site_ids is None or id_ in site_ids]
        return sorted(found, key=lambda one: one.seq)

    def site_wishes(self, site_ids: Collection[Ref] | None = None) -> list[SiteWishes]:
        """Notes of residents' wishes of all sites, or of some."""
        found = [one for id_, one in self._tables.site_wishes.items() if site_ids is None or id_ in site_ids]
        return sorted(found, key=lambda one: one.seq)

    def place_warnings(self, site_ids: Collection[Ref] | None = None) -> list[PlaceWarning]:
        """Warnings that stand, all or those of some sites."""
        found = [
            one for one in self._tables.place_warnings.values() if site_ids is None or one.body.site_id in site_ids
        ]
        return sorted(found, key=lambda one: one.seq)

    def users(self) -> list[User]:
        """All users, removed ones too, in the order in which they were made."""
        return sorted(self._tables.users.values(), key=lambda user: int(user.id.rpartition("-")[2]))

    def access_rows(self) -> list[AccessRow]:
        """What lets somebody in, and what did until it was dropped, in the order in which it was made."""
        return sorted(self._tables.access.values(), key=lambda row: (row.created_at, row.id))

    def credentials(self) -> list[Credential]:
        """What people can sign in or unlock with, by user and kind."""
        return sorted(self._tables.credentials.values(), key=lambda one: (_made(Ref(one.user)), one.row.kind))

    def totp_steps(self) -> dict[Actor, int]:
        """The last step of each user's authenticator that was used."""
        return dict(self._tables.totp_steps)

    def grants(self) -> list[Grant]:
        """All grants, by user and target."""
        return sorted(self._tables.grants.values(), key=lambda one: (_made(Ref(one.user)), one.row.target))

    def approvals(self) -> list[Approval]:
        """All that two persons did or are asked to do together, in the order in which it was asked."""
        return sorted(self._tables.approvals.values(), key=lambda one: _made(one.id))

    def unknown_accounts(self) -> list[UnknownAccount]:
        """The unknown accounts, newest first."""
        return sorted(self._tables.unknown.values(), key=lambda row: row.last_at, reverse=True)

    def rejected_frames(self, limit: int) -> list[RejectedFrame]:
        """The newest rejected frames, newest first."""
        return self._tables.rejected[::-1][:limit]

    def values(self, holder: Ref, field: Code | None = None, limit: int | None = None) -> list[ValueRow]:
        """A holder's sealed values, oldest first: all, or the newest."""
        found = [row for row in self._tables.values if row.holder == holder and field in (None, row.field)]
        return found if limit is None else found[len(found) - min(limit, len(found)) :]

    def value_count(self, holder: Ref) -> int:
        """How many sealed values a holder has."""
        return sum(row.holder == holder for row in self._tables.values)

    def holder_keys(self, holder: Ref) -> list[KeyId]:
        """The keys that values of a holder are sealed under, rising."""
        return sorted(key for key, one in self._tables.holder_keys.items() if one == holder)

    def highest_holder_key(self) -> KeyId:
        """The highest key that any holder has, 0 where none has one."""
        return max(self._tables.holder_keys, default=KeyId(0))

    def timer(self, kind: Code, ref: Ref) -> Timer | None:
        """One timer."""
        return self._tables.timers.get((kind, ref))

    def timers(self, until: Micros | None = None, limit: int | None = None, kind: Code | None = None) -> list[Timer]:
        """Timers that are due by then, or all, the first due first."""
        found = [
            timer
            for timer in self._tables.timers.values()
            if (until is None or timer.due_at <= until) and kind in (None, timer.kind)
        ]
        return sorted(found, key=lambda timer: (timer.due_at, timer.ref, timer.kind))[:limit]

    def timer_changes(self) -> dict[tuple[Code, Ref], Timer | None] | None:
        """Timers that were set, or with None ended, since the last call; None: too many to remember."""
        return self._timer_changes.take()

    def holds(self, incident: Ref | None = None) -> list[Hold]:
        """Legal holds of an incident, or of all, lifted ones too, oldest first."""
        return [hold for hold in self._tables.holds.values() if incident in (None, hold.incident)]

    def erasure(self, incident: Ref) -> Erasure | None:
        """The last erasure of an incident's data."""
        return self._tables.erasures.get(incident)

    def erasures(self) -> list[Erasure]:
        """The last erasure of each incident's data, in the order of their facts."""
        return sorted(self._tables.erasures.values(), key=lambda erasure: erasure.seq)

    def unscheduled(self, kind: Code, limit: int) -> list[Incident]:
        """Closed incidents that no timer of the kind waits for, and that were never erased, oldest first."""
        found = [
            one
            for one in self._tables.incidents.values()
            if one.state == "closed"
            and (kind, one.id) not in self._tables.timers
            and one.id not in self._tables.erasures
        ]
        return sorted(found, key=lambda one: one.version)[:limit]

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal."""
        return self._tables.meta.get(name)

    def truncate_log(self) -> bool:
        """Memory has no log."""
        return True

    def check(self) -> list[str]:
        """Memory is never damaged."""
        return []

    def close(self) -> None:
        """Nothing to let go of."""


class MemoryTransaction(
    MemoryActionPlanWrites,
    MemoryCallFormWrites,
    MemoryCheckInWrites,
    MemoryChainWrites,
    MemoryKeyLinkWrites,
    MemoryNoticeWrites,
    MemoryOnTestWrites,
    MemoryRingWrites,
    MemoryScheduleWrites,
    MemoryShiftWrites,
    MemorySourceWrites,
    MemorySupervisionWrites,
):
    """One transaction of the writer (`model.ports.StoreTransaction`)."""

    def __init__(self, tables: Tables) -> None:
        """Work on a copy of the tables."""
        self._tables = tables
        self.changed_timers: dict[tuple[Code, Ref], Timer | None] = {}

    def head(self) -> Head:
        """The journal's end inside this transaction."""
        return _head(self._tables)

    def stream_end(self, stream: StreamName) -> int:
        """The last number of a stream, 0 where it is empty."""
        return max((row.number or 0 for row in self._tables.entries if row.stream == stream), default=0)

    def append(self, rows: Sequence[EntryRow]) -> None:
        """Append entries, which must go on where the journal and each stream end."""
        taken = {row.seq for row in self._tables.entries}
        names: set[tuple[StreamName | None, int | None]] = {
            (row.stream, row.number) for row in self._tables.entries if row.stream is not None
        }
        for row in rows:
            if row.seq in taken or (row.stream is not None and (row.stream, row.number) in names):
                raise _refused()
            taken.add(row.seq)
            names.add((row.stream, row.number))
            self._tables.entries.append(row)

    def add_duplicates(self, counts: Mapping[SignalId, int]) -> None:
        """Add to the counts of repeats."""
        for id_, count in counts.items():
            self._tables.duplicates[id_] = self._tables.duplicates.get(id_, 0) + count

    def put_accounts(self, accounts: Iterable[Account]) -> None:
        """Insert accounts, or replace those of the same id; those whose row says removed go."""
        for account in accounts:
            self._tables.accounts[account.id] = account
            if account.row.removed:
                del self._tables.accounts[account.id]

    def put_sites(self, sites: Iterable[Site]) -> None:
        """Insert sites, or replace those of the same id; those whose row says removed go."""
        for site in sites:
            self._tables.sites[site.id] = site
            if site.row.removed:
                del self._tables.sites[site.id]

    def put_zones(self, zones: Iterable[Zone]) -> None:
        """Insert zones, or replace those of the same account and number; those whose row says removed go."""
        for zone in zones:
            place = zone.row.account_id, zone.row.number
            self._tables.zones[place] = zone
            if zone.row.removed:
                del self._tables.zones[place]

    def put_refusals(self, refusals: Iterable[Refusal]) -> None:
        """Insert refused numbers, or replace those of the same number, receiver and line."""
        for refusal in refusals:
            row = refusal.row
            self._tables.refusals[row.account.upper(), row.receiver, row.line] = refusal

    def put_keyholders(self, keyholders: Iterable[Keyholder]) -> None:
        """Insert keyholders, or replace those of the same id."""
        self._tables.keyholders.update({one.id: one for one in keyholders})

    def drop_keyholders(self, ids: Collection[Ref]) -> None:
        """Drop keyholders that were erased."""
        for id_ in ids:
            self._tables.keyholders.pop(id_, None)

    def put_site_phrases(self, phrases: Iterable[SitePhrases]) -> None:
        """Insert phrases of sites, or replace those of the same site; those without a verifier go."""
        for one in phrases:
            self._tables.site_phrases[one.row.site_id] = one
            if one.row.verifier is None:
                del self._tables.site_phrases[one.row.site_id]

    def put_site_wishes(self, wishes: Iterable[SiteWishes]) -> None:
        """Insert notes of wishes, or replace those of the same site; those without a note go."""
        for one in wishes:
            self._tables.site_wishes[one.row.site_id] = one
            if one.row.wishes is None:
                del self._tables.site_wishes[one.row.site_id]

    def put_place_warnings(self, warnings: Iterable[PlaceWarning]) -> None:
        """Insert warnings."""
        self._tables.place_warnings.update({one.id: one for one in warnings})

    def drop_place_warnings(self, ids: Collection[Ref]) -> None:
        """Drop warnings that ended."""
        for id_ in ids:
            self._tables.place_warnings.pop(id_, None)

    def put_users(self, users: Iterable[User]) -> None:
        """Insert users, or replace those of the same id."""
        self._tables.users.update({user.id: user for user in users})

    def put_access(self, rows: Iterable[AccessRow]) -> None:
        """Insert what lets somebody in, or replace what has the same hash."""
        self._tables.access.update({row.hash: row for row in rows})

    def renew_access(self, old: HexHash, row: AccessRow) -> None:
        """Insert what lets somebody in, in place of what has another hash."""
        self._tables.access.pop(old, None)
        self._tables.access[row.hash] = row

    def drop_access(self, before: Micros) -> None:
        """Forget what opened nothing any more before this time."""
        kept = {
            hash_: row
            for hash_, row in self._tables.access.items()
            if (row.expires_at if row.ended_at is None else row.ended_at) >= before
        }
        self._tables.access = kept

    def put_credentials(self, credentials: Iterable[Credential]) -> None:
        """Insert credentials, or replace those of the same user and kind."""
        self._tables.credentials.update({(one.user, one.row.kind): one for one in credentials})

    def drop_credentials(self, user: Actor, kinds: Iterable[CredentialKind]) -> None:
        """Forget credentials of a user; with `totp` also the last step that was used."""
        for kind in kinds:
            self._tables.credentials.pop((user, kind), None)
            if kind == "totp":
                self._tables.totp_steps.pop(user, None)

    def put_totp_step(self, user: Actor, step: int) -> None:
        """Note the last step of a user's authenticator that was used."""
        self._tables.totp_steps[user] = step

    def put_grants(self, grants: Iterable[Grant]) -> None:
        """Insert grants, or replace those of the same user and target; those whose row says removed go."""
        for one in grants:
            self._tables.grants[one.user, one.row.target] = one
            if one.row.removed:
                del self._tables.grants[one.user, one.row.target]

    def put_approvals(self, approvals: Iterable[Approval]) -> None:
        """Insert what two persons do together, or replace what has the same id."""
        self._tables.approvals.update({one.id: one for one in approvals})

    def put_unknown(self, rows: Iterable[UnknownAccount]) -> None:
        """Insert or replace rows of the unknown accounts."""
        self._tables.unknown.update({(row.account, row.receiver, row.line): row for row in rows})

    def drop_unknown(self, account: AccountNumber) -> None:
        """Forget a number, compared without case."""
        kept = {n: row for n, row in self._tables.unknown.items() if n[0].upper() != account.upper()}
        self._tables.unknown = kept

    def add_rejected(self, rows: Sequence[RejectedFrame], keep_max: int) -> None:
        """Append to the rejected frames, and let the oldest go so that `keep_max` stay."""
        for row in rows:
            self._tables.rejected_last += 1
            self._tables.rejected.append(msgspec.structs.replace(row, id=self._tables.rejected_last))
        self._tables.rejected = self._tables.rejected[-keep_max:] if keep_max else []

    @contextlib.contextmanager
    def savepoint(self) -> Generator[None]:
        """A part of the transaction that is undone alone where it raises."""
        before = {name: copy.copy(value) for name, value in vars(self._tables).items()}
        changed_timers = dict(self.changed_timers)
        try:
            yield
        except BaseException:
            vars(self._tables).update(before)
            self.changed_timers = changed_timers
            raise

    def incident(self, id_: Ref) -> Incident | None:
        """One incident, open or closed."""
        return self._tables.incidents.get(id_)

    def put_incidents(self, incidents: Iterable[Incident]) -> None:
        """Insert incidents, or replace those of the same id."""
        self._tables.incidents.update({incident.id: incident for incident in incidents})

    def add_incident_facts(self, facts: Iterable[tuple[Ref, Seq]]) -> None:
        """Note which entries make the time line of which incident."""
        for fact in facts:
            if fact in self._tables.incident_facts:
                raise _refused()
            self._tables.incident_facts[fact] = None

    def add_signals(self, rows: Iterable[SignalRow]) -> None:
        """Note where signals ended."""
        for row in rows:
            if row.seq in self._tables.signals:
                raise _refused()
            self._tables.signals[row.seq] = row

    def move_signals(self, seqs: Sequence[Seq], incident: Ref, reason: Code) -> None:
        """Let these signals end in another incident."""
        for seq in seqs:
            row = self._tables.signals[seq]
            self._tables.signals[seq] = msgspec.structs.replace(row, incident=incident, outcome="joined", reason=reason)

    def get_command(self, actor: Actor, id_: Code) -> tuple[bytes, bytes] | None:
        """Digest and answer of a command that was carried out, as long as it is remembered."""
        found = self._tables.commands.get((actor, id_))
        return None if found is None else found[1:]

    def put_command(self, actor: Actor, id_: Code, at: Micros, digest: bytes, answer: bytes) -> None:
        """Remember a command and its answer."""
        if (actor, id_) in self._tables.commands:
            raise _refused()
        self._tables.commands[actor, id_] = (at, digest, answer)

    def drop_commands(self, before: Micros) -> None:
        """Forget commands that are older."""
        kept = {name: kept for name, kept in self._tables.commands.items() if kept[0] >= before}
        self._tables.commands = kept

    def put_values(self, rows: Sequence[ValueRow]) -> None:
        """Insert sealed values, and note whose their keys are."""
        for row in rows:
            self._tables.values.append(row)
            self._tables.holder_keys.setdefault(row.key, row.holder)

    def drop_values(self, holder: Ref) -> int:
        """Delete a holder's values and let go of its keys, which are destroyed by then; return how many values."""
        kept = [row for row in self._tables.values if row.holder != holder]
        dropped = len(self._tables.values) - len(kept)
        self._tables.values = kept
        self._tables.holder_keys = {k: h for k, h in self._tables.holder_keys.items() if h != holder}
        return dropped

    def drop_value_field(self, holder: Ref, field: Code) -> int:
        """Delete a holder's values of one field; return how many."""
        kept = [row for row in self._tables.values if (row.holder, row.field) != (holder, field)]
        dropped = len(self._tables.values) - len(kept)
        self._tables.values = kept
        return dropped

    def holder_keys(self, holder: Ref) -> list[KeyId]:
        """The keys that values of a holder are sealed under, rising."""
        return sorted(key for key, one in self._tables.holder_keys.items() if one == holder)

    def put_timer(self, timer: Timer) -> None:
        """Insert a timer, or replace the one of the same kind and object."""
        self._tables.timers[timer.kind, timer.ref] = timer
        self.changed_timers[timer.kind, timer.ref] = timer

    def drop_timer(self, kind: Code, ref: Ref) -> None:
        """Delete a timer."""
        self._tables.timers.pop((kind, ref), None)
        self.changed_timers[kind, ref] = None

    def timer(self, kind: Code, ref: Ref) -> Timer | None:
        """One timer."""
        return self._tables.timers.get((kind, ref))

    def put_hold(self, hold: Hold) -> None:
        """Insert a legal hold, or replace the one of the same id."""
        self._tables.holds[hold.id] = hold

    def holds(self, incident: Ref) -> list[Hold]:
        """Legal holds of an incident, lifted ones too, oldest first."""
        return [hold for hold in self._tables.holds.values() if hold.incident == incident]

    def put_erasure(self, erasure: Erasure) -> None:
        """Note an erasure, in place of any before of the same incident."""
        self._tables.erasures[erasure.incident] = erasure

    def erasure(self, incident: Ref) -> Erasure | None:
        """The last erasure of an incident's data."""
        return self._tables.erasures.get(incident)

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal."""
        return self._tables.meta.get(name)

    def put_meta(self, name: Code, value: str) -> None:
        """Set such a value."""
        self._tables.meta[name] = value


def _made(ref: Ref) -> int:
    return int(ref.rpartition("-")[2])


def _refused() -> CentreFault:
    fault = CentreFault("The store refused a row. Nothing of it was stored", "store.refused")
    fault.permanent = False
    return fault


def _head(tables: Tables) -> Head:
    if not tables.entries:
        return Head(Seq(0), GENESIS, Micros(0))
    last = tables.entries[-1]
    return Head(last.seq, HexHash(last.hash.hex()), last.at)
