"""What `/api/v1/supervision` answers."""

import msgspec

from tocsin.model.supervision import LossCause, PathRole, WatchState
from tocsin.model.values import AccountNumber, Code, Micros, Place, Ref, Transport


class CategoryItem(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts of one category, by state."""

    category: Code | None
    """None: accounts without one, whose own interval, set or learnt, is all that counts."""
    all_paths_lost: int
    alternative_s: int | None
    """How long the second path may be silent."""
    grace: int
    is_confirmed: bool
    """The limit was compared with the standard's text, or stands in a public one; else it is an unconfirmed figure."""
    late: int
    learning: int
    limit_s: int | None
    missing: int
    never_heard: int
    off: int
    oldest_account: AccountNumber | None
    """Who has been missing longest."""
    oldest_id: Ref | None
    oldest_s: int
    oldest_site: Place | None
    on_time: int
    one_path_lost: int
    second_never_heard: int
    """Of two paths, and heard by one way only since it is watched: the second one was never proved to work."""
    watched: int
    """All but those that are not supervised yet, or not at all."""


class CommonItem(msgspec.Struct, frozen=True, kw_only=True):
    """Many were lost together, and one incident names them."""

    cause: LossCause
    incident: Ref | None
    incident_number: int | None
    missing: int
    what: Code | None
    """The network or the transport, where it is known."""


class SupervisionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The head of the board."""

    at: Micros
    """As of when."""
    categories: list[CategoryItem]
    common: list[CommonItem]
    downtime_s: int
    """Part of `moved_s`: the restart."""
    is_grace: bool
    """The last-seen file was lost: whoever was not heard since has one full period from the start on."""
    moved_s: int
    """By how much deadlines were moved since the start, for outages of ours."""
    on_test: int
    """Places that are on test."""
    out_of_service: int
    """Zones that are out of service."""


class PathItem(msgspec.Struct, frozen=True, kw_only=True):
    """One path of an account."""

    silent_s: int | None
    """Since it was last heard; None: never."""
    is_missing: bool
    limit_s: int | None
    """How long it may be silent, with what our outages added; None: it is not supervised."""
    line: int | None
    name: Place | None
    """As its account names it: `GSM`."""
    network: Code | None
    path: PathRole
    receiver: int | None
    transport: Transport | None


class WatchedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One account."""

    account: AccountNumber
    account_id: Ref
    category: Code | None
    incident: Ref | None
    """Of its outage."""
    incident_number: int | None
    """None where it was closed."""
    interval_s: int | None
    is_learnt: bool
    is_moved: bool
    """Its deadline was moved by an outage of ours."""
    is_tight: bool
    """One lost poll raises a false fault: polls come further apart than half of the limit."""
    on_test_until: Micros | None
    """All that it sends is on test until then; null: it is not."""
    paths: list[PathItem]
    site: Place | None
    site_id: Ref | None
    since: Micros | None
    """When it was found missing."""
    state: WatchState


class WatchedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of accounts, the gravest state first, then who is silent longest."""

    at: Micros
    items: list[WatchedItem]
    next: str | None
    """Give it as `after` for the next page."""
    total: int
