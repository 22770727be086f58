"""What can be asked of a centre and done to it, by the process that holds its folder.

The command line asks over the control socket where a centre runs, and holds the folder itself where none does: both
come here, so both get the same answers.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from tocsin.centre.action_plan_files import shipped_plans
from tocsin.centre.action_plan_imports import ImportedPlans
from tocsin.centre.action_plan_steps import Planning
from tocsin.centre.action_plans import ActionPlans
from tocsin.centre.bounces import Bounces
from tocsin.centre.call_facts import register_calls
from tocsin.centre.call_forms import CallForms
from tocsin.centre.call_lists import CallLists
from tocsin.centre.chain_trial import ChainTrials
from tocsin.centre.chains import Chains
from tocsin.centre.check_ins import CheckIns, register_check_ins
from tocsin.centre.configuration import Configuration, ImportPlan, Run
from tocsin.centre.contacts import Contacts
from tocsin.centre.core import Core
from tocsin.centre.day_codes import DayCodes
from tocsin.centre.dials import Dials
from tocsin.centre.duty_reports import DutyReports
from tocsin.centre.endings import register_endings
from tocsin.centre.erasure import Erasing, IncidentKeeper
from tocsin.centre.escalation import Escalating, chains_of
from tocsin.centre.flood import FloodWatch
from tocsin.centre.help_notes import HelpNotes
from tocsin.centre.hold_ups import HoldUps
from tocsin.centre.holds import Holds, Take
from tocsin.centre.holidays import HolidayCalendars
from tocsin.centre.incident_texts import IncidentTexts, LastingSecrets
from tocsin.centre.key_links import KeyLinks
from tocsin.centre.keyholder_import import KeyholderPlan, hashed
from tocsin.centre.known_numbers import KnownNumbers
from tocsin.centre.lines import Lines
from tocsin.centre.outbox import Outbox
from tocsin.centre.place_warnings import PlaceWarnings
from tocsin.centre.places import PlacesSnapshot
from tocsin.centre.plans import FloorPlans
from tocsin.centre.profiles import shipped
from tocsin.centre.queue_parts import QueueParts
from tocsin.centre.reachable import Reachable
from tocsin.centre.reads import Reads
from tocsin.centre.reminders import Reminders
from tocsin.centre.reporting import Report
from tocsin.centre.ring_facts import register_rings
from tocsin.centre.rings import Rings
from tocsin.centre.rosters import Rosters
from tocsin.centre.ruling import Ruling
from tocsin.centre.schedules import Schedules, register_schedules
from tocsin.centre.shifts import Shifts
from tocsin.centre.site_tests import SiteTests, register_tests
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.sources import Sources
from tocsin.centre.stills import Stills, register_stills
from tocsin.centre.table_plan import ImportResult, KnownKeyholder
from tocsin.centre.timers import Timers
from tocsin.centre.told_places import ToldPlaces
from tocsin.centre.values import Keys, Values
from tocsin.centre.waiting import Waiting
from tocsin.centre.watch_log import WatchLog, register_watch
from tocsin.centre.zones_out import ZonesOutOfService, register_zones_out
from tocsin.model.accounts import Account, SecretRef
from tocsin.model.commands import Command
from tocsin.model.errors import BadInput, CentreFault
from tocsin.model.escalation import BuiltIn
from tocsin.model.holidays import Holidays
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact, SoundChecked, StoredEntry, VaultRead
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.ports import Clock, Ids, Sealer, Store
from tocsin.model.profiles import Profile
from tocsin.model.retention import RetentionRules
from tocsin.model.rules import RulesVersion
from tocsin.model.schedules import Schedule
from tocsin.model.signals import SealedPart
from tocsin.model.sites import Site, Zone
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.settings import Escalation, Figures

if TYPE_CHECKING:
    from tocsin.centre.backup import Backups

ENTRIES_PAGE_MAX: Final = 5_000
REJECTED_PAGE_MAX: Final = 10_000
CLI: Final = Actor("cli")
EPOCH: Final = Code("epoch")
DEFAULT_CHAINS: Final = chains_of(Escalation())
READ_REASONS: Final = ("installation", "fault_finding", "complaint", "audit")
"""Why somebody looks at sealed frames; coded, since a reason in words could name a person."""


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
        secrets: LastingSecrets,
        holders: Keys,
        clock: Clock,
        ids: Ids,
        run: Run,
        retention: RetentionRules | None = None,
        chains: BuiltIn = DEFAULT_CHAINS,
        is_clock_in_doubt: Callable[[Micros], bool] = lambda _now: False,
        on_accounts: Callable[[AccountSnapshot], None] = lambda _snapshot: None,
        on_places: Callable[[PlacesSnapshot], None] = lambda _places: None,
        on_stale: Callable[[CentreFault], None] = lambda _fault: None,
        sign_head: Callable[[], Seq] | None = None,
        unknown: Callable[[], list[UnknownAccount]] | None = None,
        own_site: Ref | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Work on these; `on_accounts`, `on_places` and `on_stale` as `configuration.Configuration` calls them.

        `holders` are the keys of incidents and sites; while `is_clock_in_doubt` nothing is erased by time. By `chains`
        people are told of what nobody claims. `own_site` is the site of the control room itself. `profile`
        says by when incidents are to be claimed; None: the one of a centre that has chosen none.
        """
        self._store = store
        self._sealer = sealer
        self._ids = ids
        self._run = run
        self._core: Core | None = None
        self._backups: Backups | None = None
        self._sign_head = sign_head or (lambda: store.head().seq)
        self._unknown = unknown or store.unknown_accounts
        self.configuration = Configuration(
            store=store,
            secrets=secrets,
            ids=ids,
            run=run,
            on_accounts=on_accounts,
            on_places=on_places,
            on_stale=on_stale,
        )
        self.names = self.configuration.names
        self.values = Values(store=store, keys=holders, sealer=sealer, ids=ids)
        self.reads = Reads(store=store, run=run, clock=clock)
        self.timers = Timers(store, is_clock_in_doubt)
        self.keeper = IncidentKeeper(store=store, values=self.values, rules=retention or RetentionRules())
        self.erasing = Erasing(store=store, values=self.values, keeper=self.keeper, timers=self.timers)
        self.holds = Holds(
            store=store,
            run=run,
            clock=clock,
            values=self.values,
            keeper=self.keeper,
            erasing=self.erasing,
            is_in_doubt=is_clock_in_doubt,
        )
        self.waiting = Waiting(store=store, run=run, clock=clock, values=self.values)
        self.incident_texts = IncidentTexts(
            store=store, sealer=sealer, secrets=secrets, values=self.values, reads=self.reads, handle=self.handle
        )
        self.help_notes = HelpNotes(
            store=store,
            values=self.values,
            secrets=secrets,
            reads=self.reads,
            clock=clock,
            run=run,
            handle=self.handle,
        )
        self.told_places = ToldPlaces(store=store, run=run, values=self.values)
        self.call_forms = CallForms(
            store=store,
            run=run,
            clock=clock,
            values=self.values,
            reads=self.reads,
            catalogue=shipped_catalogue,
            key=secrets.identity_key,
            carry=self.report,
        )
        register_calls(self.timers, store, self.values)
        self.stills = Stills(
            store=store,
            run=run,
            clock=clock,
            ids=ids,
            values=self.values,
            reads=self.reads,
            key=secrets.identity_key,
        )
        register_stills(self.timers, store, self.values)
        self.duty_reports = DutyReports(
            store=store,
            values=self.values,
            catalogue=shipped_catalogue,
            key=secrets.identity_key,
            carry=self.report,
        )
        self.check_ins = CheckIns(
            store=store,
            run=run,
            values=self.values,
            placed=self.duty_reports.placed,
            key=secrets.identity_key,
            heard=lambda transaction, appender, user: self.outbox.end_reminders(transaction, appender, user),
        )
        self.lines = Lines(store=store, run=run)
        self.rings = Rings(
            store=store,
            run=run,
            clock=clock,
            values=self.values,
            reads=self.reads,
            calls=self.call_forms,
            lines=self.lines,
            known=KnownNumbers(store, secrets.secrets_get, secrets.identity_key),
            key=secrets.identity_key,
        )
        register_rings(self.timers, store, self.values, lambda: self.rings.on_changed())
        self.call_lists = CallLists(self.configuration, store, secrets, clock, ids)
        self.place_warnings = PlaceWarnings(store=store, run=run, clock=clock)
        self.floor_plans = FloorPlans(store=store, run=run, clock=clock, ids=ids, values=self.values)
        self.contacts = Contacts(store=store, run=run, clock=clock, ids=ids, values=self.values)
        self.outbox = Outbox(
            store=store, run=run, clock=clock, ids=ids, contacts=self.contacts, link_key=secrets.identity_key
        )
        self.bounces = Bounces(self.outbox)
        self._check_in_due = register_check_ins(self.timers, store, self.values, shipped_catalogue, self.outbox.remind)
        self.site_tests = SiteTests(store=store, run=run, clock=clock)
        self.test_codes = DayCodes(self.site_tests, store, run, clock, ids, secrets.identity_key)
        self.key_links = KeyLinks(
            configuration=self.configuration,
            store=store,
            secrets=secrets,
            run=run,
            clock=clock,
            ids=ids,
            key=secrets.identity_key,
        )
        self.rosters = Rosters(store=store, run=run, clock=clock)
        self.shifts = Shifts(store=store, run=run, clock=clock, rosters=self.rosters, handle=self.handle)
        self.queue_parts = QueueParts(store=store, run=run, handle=self.handle)
        self.watch_log = WatchLog(store=store, run=run, clock=clock, values=self.values, reads=self.reads)
        register_watch(self.timers, self.values)
        self.hold_ups = HoldUps(store=store, run=run, clock=clock, own_site=own_site)
        self.flood: FloodWatch | None = None
        """Counts what is announced; None before a core runs."""
        self.escalating = Escalating(store, self.timers, self.outbox, chains, clock)
        self.outbox.on_answer = self.escalating.answered
        self.outbox.is_strong_without = self.escalating.is_strong_without
        self.chains = Chains(
            store=store,
            run=run,
            clock=clock,
            outbox=self.outbox,
            escalating=self.escalating,
            profile=profile or shipped(Code(Figures().profile)),
        )
        self.chain_trials = ChainTrials(store=store, outbox=self.outbox, escalating=self.escalating, clock=clock)
        self.ruling = Ruling(store, run)
        self.planning = Planning(store, self.timers, self.outbox, shipped_plans())
        self.action_plans = ActionPlans(
            store=store, run=run, clock=clock, ids=ids, secrets=secrets, planning=self.planning, chains=self.chains
        )
        self.dials = Dials(
            store=store,
            run=run,
            notes=self.help_notes,
            lines=self.lines,
            step_number=self.action_plans.step_telephone,
            on_changed=lambda: self.rings.on_changed(),
        )
        self.reachable = Reachable(store=store, run=run, clock=clock, outbox=self.outbox, escalating=self.escalating)
        register_endings(self.timers, store, secrets)
        register_tests(self.timers, store, Reminders(store, self.outbox))
        self.schedules = Schedules(store=store, run=run, clock=clock)
        register_schedules(self.timers, store)
        self.holidays = HolidayCalendars(store=store, run=run)
        self.sources = Sources(store=store, run=run, secrets=secrets, ids=ids)
        self.zones_out = ZonesOutOfService(store=store, run=run, clock=clock)
        register_zones_out(self.timers, store)

    def use_backups(self, backups: "Backups") -> None:
        """Make backups with these from now on."""
        self._backups = backups

    @property
    def backups(self) -> "Backups":
        """What makes backups.

        Raises:
            CentreFault: nothing does in this process.
        """
        if self._backups is None:
            raise CentreFault("No backup can be made in this process. Nothing was copied", "backup.none_here")
        return self._backups

    @property
    def run(self) -> Run:
        """Gives work to whoever owns the journal, and waits for it."""
        return self._run

    def use_approvals(self, take: Take) -> None:
        """Let `take` say whether two persons agreed, from now on."""
        self.holds.use_approvals(take)
        self.waiting.use_approvals(take)

    def use_core(self, core: Core) -> None:
        """Carry out commands by this core from now on, and take the steps of what nobody claims."""
        self._core = core
        core.judge_by(lambda: self.ruling.judgement)
        self.escalating.use(core.take_over, core.put_apart, lambda: self.ruling.judgement, core.heard)
        self.escalating.shelving.use(self.timers, core.take_over, core.put_apart)
        core.flood.use(self.timers)
        self.flood = core.flood
        reporting = core.reporting
        self._check_in_due.use(reporting.open_in, reporting.opened, lambda ok: reporting.settle(is_durable=ok))
        self.planning.use(core.take_over, core.put_in, core.has_common_cause)

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

    def report(self, report: Report) -> tuple[Incident, Seq]:
        """Let a person's report open an incident or join one; return it as it is then, and the seq of its last fact.

        Raises:
            Conflict, BadInput: it is refused; nothing was changed.
            CentreFault: no core runs here, or nothing can be stored.
        """
        core = self._core
        if core is None:
            raise CentreFault("No core runs in this process. Nothing was changed. Start the centre", "core.none")
        return self._run(lambda journal: core.report(journal, report))

    def check_sound(self, heard: bool, actor: Actor) -> Seq:
        """Note whether somebody at a desk heard its sounds."""
        fact = Fact(kind=Code("desk.sound_checked"), body=SoundChecked(heard=heard), actor=actor)
        return self._run(lambda journal: journal.record([fact]))[0]

    def config(self) -> int:
        """Version of the configuration."""
        return self.configuration.config()

    def accounts(self) -> list[Account]:
        """All accounts with their names, in the order in which they were made. Of keys only where they lie."""
        return self.configuration.accounts()

    def sites(self) -> list[Site]:
        """All sites with their texts, in the order in which they were made."""
        return self.configuration.sites()

    def zones(self) -> list[Zone]:
        """All zones with their names."""
        return self.configuration.zones()

    def snapshot(self) -> AccountSnapshot:
        """The accounts as receivers see them, keys unwrapped."""
        return self.configuration.snapshot()

    def places(self) -> PlacesSnapshot:
        """The accounts as rules see them."""
        return self.configuration.places()

    def same_keys(self, pairs: Sequence[tuple[SecretRef, bytes]]) -> list[bool]:
        """Whether each key that a file brings is the one that the account has. The answer tells nothing else of it."""
        return self.configuration.same_keys(pairs)

    def keyholders(self, *, is_export: bool = False, actor: Actor = CLI) -> list[KnownKeyholder]:
        """All keyholders who are on a list, contacts in clear. An export is a fact before this returns."""
        found = self.configuration.keyholders()
        if is_export:
            body = VaultRead(count=len(found), reason=Code("export"), what=Code("keyholders"))
            self.note(Fact(kind=Code("vault.read"), body=body, actor=actor))
        return found

    def all_schedules(self) -> list[Schedule]:
        """All schedules."""
        return self.configuration.all_schedules()

    def all_calendars(self) -> list[Holidays]:
        """All calendars of holidays that schedules share."""
        return list(self.holidays.all())

    def rules_versions(self) -> tuple[RulesVersion, ...]:
        """The newest versions of the parameters of judgement, newest first."""
        return self.ruling.versions()

    def set_rules(self, changed: Mapping[str, int], version: Seq, actor: Actor = CLI) -> None:
        """Let decisions go by these parameters, as `ruling.Ruling` does."""
        self.ruling.set(changed, version, actor)

    def export_plans(self, key: str | None = None) -> bytes:
        """The centre's own action plans as a file, or one plan by its id or name."""
        return self.action_plans.export(key)

    def import_plans(self, data: str, *, is_dry: bool, actor: Actor = CLI) -> ImportedPlans:
        """Make and change action plans by name, the whole file or nothing, as `action_plans.ActionPlans` does."""
        return self.action_plans.import_(data, actor, is_dry=is_dry)

    def import_table(self, plan: ImportPlan, config: int, actor: Actor = CLI) -> ImportResult:
        """Carry out an import, all of it or nothing, as `configuration.Configuration` does."""
        if isinstance(plan, KeyholderPlan):
            plan = hashed(plan, self._ids)
        return self.configuration.import_table(plan, config, actor)

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

    def note(self, fact: Fact) -> None:
        """Append a fact that notes something and changes no table; it is durable when this returns."""
        self._run(lambda journal: journal.record([fact]))

    def note_decrypted(self, account_id: Ref, actor: Actor) -> None:
        """Note that somebody is shown what the key of an account decrypts, before it is shown: it can hold a name."""
        body = VaultRead(count=1, reason=Code("fault_finding"), what=Code("frame"))
        self.note(Fact(kind=Code("vault.read"), body=body, ref=account_id, actor=actor))

    def open_rejected(
        self, limit: int, reason: str, actor: Actor = CLI, ids: Collection[int] | None = None
    ) -> list[OpenedFrame]:
        """The same with their bytes, or those of some numbers among them.

        A frame can hold a name, so the reading is a fact, committed before this returns.

        Raises:
            BadInput: the reason is none of the coded ones.
        """
        if reason not in READ_REASONS:
            raise BadInput(
                f"{reason!r} is no reason that the journal knows. Nothing was read. Give one of "
                + ", ".join(READ_REASONS),
                "vault.reason",
            )
        frames = [frame for frame in self.rejected_frames(limit) if ids is None or frame.id in ids]
        body = VaultRead(count=len(frames), reason=Code(reason), what=Code("rejected_frames"))
        self._run(lambda journal: journal.record([Fact(kind=Code("vault.read"), body=body, actor=actor)]))
        opened: list[OpenedFrame] = []
        for frame in frames:
            part: SealedPart | None = None
            if frame.key is not None and frame.sealed is not None:
                part = self._sealer.open(frame.key, frame.sealed)
            opened.append(OpenedFrame(frame, part.raw if part else None, part.peer if part else None))
        return opened
