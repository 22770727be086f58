"""What the parts of the core share: what is open and what is configured, and the ports of those whom they ask."""

from collections.abc import Callable, Sequence
from typing import Protocol

from tocsin.centre.action_plan_steps import Put
from tocsin.centre.flood import FloodWatch
from tocsin.centre.open_incidents import OpenIncidents
from tocsin.centre.recently_closed import RecentlyClosed
from tocsin.model.catalogue import Catalogue
from tocsin.model.commands import Call, Close, IncidentAct
from tocsin.model.incidents import Incident
from tocsin.model.journal import EntryRow
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.sites import AccountPlace, Places
from tocsin.model.values import Actor, Micros, Ref, Seq
from tocsin.model.vault import SealedValue
from tocsin.rules.incident import IncidentBody
from tocsin.rules.judgement import JUDGEMENT, Judgement

READ_INCIDENTS = 1_000
"""So many open incidents are read at once at the start."""


class Keeper(Protocol):
    """Who keeps the texts of incidents (`erasure.IncidentKeeper`). Called in the core's transactions."""

    def copy_signal(self, incident: Ref, row: EntryRow, *, is_new: bool) -> SealedValue | None:
        """The incident's own copy of what was sealed with a signal that opened or joined it."""
        ...

    def keep(self, transaction: StoreTransaction, values: Sequence[SealedValue], at: Micros) -> None:
        """Store sealed values with the facts that name them."""
        ...

    def acted(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        body: IncidentBody,
        value: SealedValue | None,
        actor: Actor | None,
    ) -> None:
        """Somebody did something to the incident, which is now as `incident` says."""
        ...


class Follower(Protocol):
    """Who keeps the timers of incidents (`escalation.Escalating`). Called in the core's transactions."""

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        since: Micros,
        actor: Actor | None = None,
    ) -> None:
        """An incident has changed by what came in at `since`, or by what somebody did."""
        ...

    def acted(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident,
        after: Incident,
        act: IncidentAct,
        actor: Actor,
    ) -> Incident:
        """Somebody did this to it; return it with what follows from that."""
        ...


class Planner(Protocol):
    """Who leads incidents through their action plans (`action_plan_steps.Planning`). Called in the transactions."""

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        put: Put,
    ) -> Incident:
        """An incident has changed: put what follows for its plan, and return it as it is then."""
        ...

    def act(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        act: IncidentAct,
        actor: Actor,
        put: Put,
    ) -> Incident:
        """Somebody did something with its plan."""
        ...

    def called(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: Call, actor: Actor, put: Put
    ) -> Incident:
        """A keyholder was called."""
        ...

    def waived(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: Close, actor: Actor, put: Put
    ) -> Incident:
        """Somebody closes it and says why what is left of its plan is not done."""
        ...

    def committed(self, *, is_durable: bool) -> None:
        """The transaction has ended in which it was asked."""
        ...


class NoPlaces:
    """A configuration without any account."""

    config = 0

    def of_account(self, account_id: Ref) -> AccountPlace | None:
        """None: there is no account."""
        del account_id


class CoreState:
    """What the core holds in memory, and whom its parts ask. One thread uses it: the writer's."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        catalogue: Catalogue,
        places: Places | None,
        keeper: Keeper | None,
        follower: Follower | None,
        planner: Planner | None,
    ) -> None:
        """Take up what is open in the store."""
        self.store = store
        self.clock = clock
        self.catalogue = catalogue
        self.places: Places = places or NoPlaces()
        """Swapped whole, from any thread."""
        self.keeper = keeper
        self.follower = follower
        self.planner = planner
        self.number = store.highest_number()
        """The highest number that an incident has."""
        self.open = OpenIncidents()
        before: Seq | None = None
        while page := store.incidents("open", before, READ_INCIDENTS):
            for incident in page:
                self.open.put(incident)
            before = page[-1].version
        self.open.keep()
        self.closed = RecentlyClosed(store)
        self.judges: Callable[[], Judgement] = lambda: JUDGEMENT
        """The parameters to decide by."""
        self.flood = FloodWatch(store, clock.now_us(), lambda: self.judges())
        """Counts what is announced, and knows whether a storm goes on."""

    @property
    def config(self) -> int:
        """Version of the configuration that is decided by."""
        return self.places.config

    def settle_plans(self, *, is_durable: bool) -> None:
        """The transaction has ended in which plans may have been led on."""
        if self.planner is not None:
            self.planner.committed(is_durable=is_durable)

    def kept(self, incidents: Sequence[Incident]) -> None:
        """These are durable as they are in memory."""
        gone = self.open.keep()
        for incident in incidents:
            if incident.state == "closed":
                self.closed.put(incident, gone.get(incident.id), self.judges().chatter.runaway_s)
