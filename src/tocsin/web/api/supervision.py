"""`/api/v1/supervision`: who is heard, who is late, who is missing, and what many have in common.

It is worked out of memory when somebody asks, and is never part of the live stream: polls are stored nowhere.
"""

from typing import Annotated, Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.centre.account_parts import path_code
from tocsin.centre.categories import is_tight, shipped_categories
from tocsin.centre.outage_accounts import accounts_of_outage
from tocsin.centre.schedule_times import on_test_until
from tocsin.centre.supervision_board import NEEDED_FIRST, Tally, Watched
from tocsin.model.accounts import Account
from tocsin.model.errors import BadInput
from tocsin.model.incidents import Incident
from tocsin.model.supervision import WATCH_STATES, Outage, WatchState
from tocsin.model.values import Code, Ref
from tocsin.rules.supervision import is_outage
from tocsin.web.api.sites import Limit
from tocsin.web.api.supervision_types import (
    CategoryItem,
    CommonItem,
    PathItem,
    SupervisionAnswer,
    WatchedItem,
    WatchedPage,
)
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.threads import in_thread

PAGE_DEFAULT: Final = 40
NOT_WATCHED: Final[frozenset[WatchState]] = frozenset({"learning", "never_heard", "off"})


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of supervision."""
    board = _Board(parts)

    @get("/api/v1/supervision", opt=needs("supervision.read"), summary="Who is heard and who is missing, in numbers")
    @in_thread
    def read_supervision() -> SupervisionAnswer:
        """Numbers by category and state, what many have in common, and what was moved for outages of ours."""
        return board.answer()

    @get("/api/v1/supervision/accounts", opt=needs("supervision.read"), summary="Who is missing, late or on time")
    @in_thread
    def read_watched(
        of_states: Annotated[
            str | None,
            QueryParameter(
                name="state",
                description="States, with commas between; without, what needs a person",
                pattern=r"^[a-z_]{1,20}(,[a-z_]{1,20}){0,15}$",
                required=False,
            ),
        ] = None,
        category: Annotated[
            str | None,
            QueryParameter(description="Of it; `-`: without one", pattern=r"^([SD]P[1-6]|-)$", required=False),
        ] = None,
        receiver: Annotated[
            int | None, QueryParameter(description="Heard by this receiver (R)", ge=0, le=0xFFFFFF, required=False)
        ] = None,
        network: Annotated[
            str | None,
            QueryParameter(
                description="Heard from this network, such as 203.0.113.0/24",
                pattern=r"^[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?$",
                required=False,
            ),
        ] = None,
        incident: Annotated[
            str | None,
            QueryParameter(
                description="Whose silence opened or joined this incident, also those that were heard again since; "
                "without `state`, of every state",
                pattern=r"^incident-[0-9]{1,16}$",
                required=False,
            ),
        ] = None,
        after: Annotated[
            str | None,
            QueryParameter(description="`next` of the page before", pattern=r"^[0-9]{1,9}$", required=False),
        ] = None,
        limit: Limit = PAGE_DEFAULT,
    ) -> WatchedPage:
        """A page of accounts. Grouped, sorted and cut here: a browser never gets more than it shows."""
        begin = int(after or 0)
        of_incident = None if incident is None else board.accounts_of(Ref(incident))
        found, total = parts.supervision.page(
            WATCH_STATES if of_states is None and incident is not None else states_of(of_states),
            begin,
            limit,
            category=None if category is None else Code(category),
            receiver=receiver,
            network=network,
            accounts=of_incident,
        )
        more = begin + len(found)
        return WatchedPage(
            at=parts.clock.now_us(),
            items=board.items(found),
            next=str(more) if found and more < total else None,
            total=total,
        )

    return [read_supervision, read_watched]


def states_of(text: str | None) -> tuple[WatchState, ...]:
    """The states that are asked for.

    Raises:
        BadInput: there is no such state.
    """
    if text is None:
        return NEEDED_FIRST
    asked = text.split(",")
    found: tuple[WatchState, ...] = tuple(state for state in WATCH_STATES if state in asked)
    if len(found) != len(set(asked)):
        raise BadInput(
            f"{text[:60]!r} names a state that no account can have. Give some of {', '.join(WATCH_STATES)}, with "
            "commas between",
            "supervision.state",
        )
    return found


class _Board:
    """Rows with names and incidents. Reads the disk: never in the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._names = parts.centre.names

    def accounts_of(self, id_: Ref) -> frozenset[Ref]:
        """The accounts of an incident of silent paths.

        Raises:
            BadInput: there is none of this id. Of any other incident nothing is told here.
        """
        incident = self._parts.store.incident(id_)
        if incident is None or not is_outage(incident):
            raise BadInput(
                f"There is no incident {id_} about accounts that are not heard. Give the id of one, as its row has it",
                "supervision.incident",
            )
        return accounts_of_outage(self._parts.store, incident)

    def answer(self) -> SupervisionAnswer:
        totals = self._parts.supervision.totals()
        oldest = [tally.oldest for tally in totals.tallies if tally.oldest is not None]
        accounts = {account.id: account for account in self._parts.store.accounts(oldest)} if oldest else {}
        of_group = {
            incident.line: incident
            for incident in self._parts.board.all()
            if is_outage(incident) and incident.line is not None
        }
        return SupervisionAnswer(
            at=totals.at,
            categories=[self._category(tally, accounts) for tally in totals.tallies],
            common=[
                CommonItem(
                    cause=one.cause,
                    incident=None if (incident := of_group.get(one.group)) is None else incident.id,
                    incident_number=None if incident is None else incident.number,
                    missing=one.missing,
                    what=one.what,
                )
                for one in totals.common
            ],
            downtime_s=round(totals.downtime_s),
            is_grace=totals.is_grace,
            moved_s=round(totals.moved_s),
            on_test=len(self._parts.store.site_tests()),
            out_of_service=sum(len(one.taken.zones) for one in self._parts.store.zones_out()),
        )

    def _category(self, tally: Tally, accounts: dict[Ref, Account]) -> CategoryItem:
        oldest = None if tally.oldest is None else accounts.get(tally.oldest)
        site_id = None if oldest is None else oldest.row.site_id
        site = None if site_id is None else self._names.sites([site_id]).get(site_id)
        states = tally.states
        return CategoryItem(
            category=tally.category,
            all_paths_lost=states["all_paths_lost"],
            alternative_s=tally.alternative_s,
            grace=states["grace"],
            is_confirmed=tally.is_confirmed,
            late=states["late"],
            learning=states["learning"],
            limit_s=tally.limit_s,
            missing=states["missing"],
            never_heard=states["never_heard"],
            off=states["off"],
            oldest_account=None if oldest is None else oldest.row.account,
            oldest_id=None if oldest is None else oldest.id,
            oldest_s=round(tally.oldest_s),
            oldest_site=None if site is None else site.name,
            on_time=states["on_time"],
            one_path_lost=states["one_path_lost"],
            second_never_heard=states["second_never_heard"],
            watched=sum(count for state, count in states.items() if state not in NOT_WATCHED),
        )

    def items(self, found: list[Watched]) -> list[WatchedItem]:
        ids = [one.account_id for one in found]
        if not ids:
            return []
        store = self._parts.store
        accounts = {account.id: account for account in store.accounts(ids)}
        sites = self._names.sites(one.row.site_id for one in accounts.values() if one.row.site_id is not None)
        outages: dict[Ref, Outage] = {}
        for outage in store.outages(ids):
            before = outages.get(outage.account_id)
            if before is None or before.seq < outage.seq:
                outages[outage.account_id] = outage
        tests, parts = store.site_tests(), self._names.zones(ids)
        items: list[WatchedItem] = []
        for one in found:
            account = accounts.get(one.account_id)
            if account is None:
                continue  # it was removed a moment ago
            site = None if account.row.site_id is None else sites.get(account.row.site_id)
            outage = outages.get(one.account_id)
            incident: Incident | None = None
            if outage is not None and outage.incident is not None:
                incident = self._parts.board.get(outage.incident)
            items.append(
                WatchedItem(
                    account=account.row.account,
                    account_id=one.account_id,
                    category=one.category,
                    incident=None if outage is None else outage.incident,
                    incident_number=None if incident is None else incident.number,
                    interval_s=None if one.interval_s is None else round(one.interval_s),
                    is_learnt=one.is_learnt,
                    is_moved=one.is_moved,
                    is_tight=is_tight(one.category, account.row.supervision_interval_s, shipped_categories()),
                    on_test_until=on_test_until(tests, one.account_id, account.row.site_id),
                    paths=[
                        PathItem(
                            silent_s=None if path.silent_s is None else round(path.silent_s),
                            is_missing=path.is_missing,
                            limit_s=None if path.limit_s is None else round(path.limit_s),
                            line=path.line,
                            name=parts[one.account_id].get(path_code(path.path)),
                            network=path.network,
                            path=path.path,
                            receiver=path.receiver,
                            transport=path.transport,
                        )
                        for path in one.paths
                    ],
                    site=None if site is None else site.name,
                    site_id=account.row.site_id,
                    since=None if outage is None else outage.since,
                    state=one.state,
                )
            )
        return items
