"""All that the store in memory keeps, and where each of its parts finds it."""

from tocsin.model.access import AccessRow, Approval, Credential, CredentialKind, Grant, User
from tocsin.model.accounts import Account, Refusal
from tocsin.model.action_plans import PlanSwitch, StoredActionPlan
from tocsin.model.call_forms import CallForm
from tocsin.model.chains import StoredChain, StoredGroup
from tocsin.model.check_ins import CheckIn
from tocsin.model.incidents import Incident, SignalRow
from tocsin.model.journal import EntryRow
from tocsin.model.key_links import KeyLink
from tocsin.model.keyholders import Keyholder, SitePhrases, SiteWishes
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.notices import Contact, Notice, OutboxRow, Reach
from tocsin.model.on_test import SiteTest, SiteTestCode
from tocsin.model.out_of_service import ZonesOut
from tocsin.model.plans import FloorPlan
from tocsin.model.retention import Erasure, Hold
from tocsin.model.rings import Ring, StoredLine
from tocsin.model.rosters import Roster
from tocsin.model.schedules import Schedule
from tocsin.model.shifts import Desk, Shift
from tocsin.model.sites import Site, Zone
from tocsin.model.sources import StoredSource
from tocsin.model.supervision import Arming, Outage, PathRole
from tocsin.model.values import AccountNumber, Actor, Code, HexHash, KeyId, Micros, Ref, Seq, SignalId
from tocsin.model.vault import Timer, ValueRow
from tocsin.model.warnings import PlaceWarning

NumberKey = tuple[AccountNumber, Code | None, Code | None]


class Tables:
    """All that a store keeps. Copied for a transaction, so that a failed one leaves nothing behind."""

    def __init__(self) -> None:
        self.entries: list[EntryRow] = []
        self.duplicates: dict[SignalId, int] = {}
        self.accounts: dict[Ref, Account] = {}
        self.sites: dict[Ref, Site] = {}
        self.zones: dict[tuple[Ref, Code], Zone] = {}
        self.refusals: dict[tuple[str, Code | None, Code | None], Refusal] = {}
        self.keyholders: dict[Ref, Keyholder] = {}
        self.site_phrases: dict[Ref, SitePhrases] = {}
        self.site_wishes: dict[Ref, SiteWishes] = {}
        self.place_warnings: dict[Ref, PlaceWarning] = {}
        self.unknown: dict[NumberKey, UnknownAccount] = {}
        self.rejected: list[RejectedFrame] = []
        self.rejected_last = 0
        self.users: dict[Actor, User] = {}
        self.access: dict[HexHash, AccessRow] = {}
        self.credentials: dict[tuple[Actor, CredentialKind], Credential] = {}
        self.totp_steps: dict[Actor, int] = {}
        self.grants: dict[tuple[Actor, Ref], Grant] = {}
        self.approvals: dict[Ref, Approval] = {}
        self.meta: dict[Code, str] = {}
        self.incidents: dict[Ref, Incident] = {}
        self.incident_facts: dict[tuple[Ref, Seq], None] = {}
        self.signals: dict[Seq, SignalRow] = {}
        self.values: list[ValueRow] = []
        self.holder_keys: dict[KeyId, Ref] = {}
        self.timers: dict[tuple[Code, Ref], Timer] = {}
        self.holds: dict[Ref, Hold] = {}
        self.erasures: dict[Ref, Erasure] = {}
        self.contacts: dict[Ref, Contact] = {}
        self.reach: dict[Actor, Reach] = {}
        self.notices: dict[Ref, Notice] = {}
        self.outbox: dict[Ref, OutboxRow] = {}
        self.outages: dict[tuple[Ref, PathRole], Outage] = {}
        self.armed: dict[tuple[Ref, Code], Arming] = {}
        self.site_tests: dict[Ref, SiteTest] = {}
        self.site_test_codes: dict[Ref, SiteTestCode] = {}
        self.outs: dict[Ref, ZonesOut] = {}
        self.chains: dict[Ref, StoredChain] = {}
        self.sources: dict[Ref, StoredSource] = {}
        self.given: dict[bytes, tuple[bytes, SignalId, Seq]] = {}
        self.action_plans: dict[Seq, StoredActionPlan] = {}
        self.plan_switches: dict[Code, PlanSwitch] = {}
        self.groups: dict[Ref, StoredGroup] = {}
        self.schedules: dict[Ref, Schedule] = {}
        self.floor_plans: dict[Ref, FloorPlan] = {}
        self.desks: dict[Ref, Desk] = {}
        self.rosters: dict[Ref, Roster] = {}
        self.shifts: dict[Ref, Shift] = {}
        self.key_links: dict[Ref, KeyLink] = {}
        self.call_forms: dict[Ref, CallForm] = {}
        self.check_ins: dict[Ref, CheckIn] = {}
        self.rings: dict[Ref, Ring] = {}
        self.lines: dict[Ref, StoredLine] = {}
        self.commands: dict[tuple[Actor, Code], tuple[Micros, bytes, bytes]] = {}


class InTables:
    """Part of what `MemoryStore` reads, or `MemoryTransaction` writes."""

    _tables: Tables
