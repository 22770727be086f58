"""What ends by itself of a place: removed keyholders after 30 days, a resident's wishes on their review date, warnings.

Timers say when (`centre.timers`). What is sealed is destroyed in keys.db first; then one transaction says so and drops
the rows. Killed between the two, the next start finds the timer due and does the rest.
"""

from collections.abc import Sequence

import structlog

from tocsin.centre.configuration import Secrets
from tocsin.centre.place_names import CONFIG
from tocsin.centre.timers import Timers
from tocsin.model.journal import Fact
from tocsin.model.keyholders import (
    DAY_US,
    KEYHOLDER_ENDS,
    KEYHOLDER_ERASED,
    WISHES_END,
    WISHES_SET,
    KeyholderErased,
    SiteWishes,
    WishesRow,
    erased_at,
)
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Micros, Seq
from tocsin.model.vault import Timer
from tocsin.model.warnings import PLACE_WARNING_ENDED, WARNING_ENDS, PlaceWarningEnded

_LOG = structlog.get_logger("endings")


class KeyholdersEnd:
    """Destroys contact and phrases of keyholders who were removed (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store, secrets: Secrets) -> None:
        """Work on these."""
        self._store = store
        self._secrets = secrets

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Somebody who is on a list is not destroyed, whatever a timer says."""
        found = self._store.keyholders(ids=[timer.ref])
        if not found:
            return None
        due_at = erased_at(found[0].row)
        if due_at is None:
            _LOG.error("endings.keyholder_on_list", ref=timer.ref)
            return Micros(now + DAY_US)
        return due_at if due_at > now else None

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy what is sealed."""
        del now
        rows = [one.row for one in self._store.keyholders(ids=[timer.ref for timer in timers])]
        names = [name for row in rows for name in (row.contact, row.verifier) if name is not None]
        self._secrets.secrets_delete(sorted(set(names)))

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the row, and say so."""
        found = self._store.keyholders(ids=[timer.ref])
        if found:
            body = KeyholderErased(site_id=found[0].row.site_id)
            appender.append(Fact(kind=KEYHOLDER_ERASED, body=body, ref=timer.ref))
            transaction.drop_keyholders([timer.ref])
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more: nobody is shown those who were removed but whoever keeps the list."""


class WishesEnd:
    """Destroys notes of wishes on their review date (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store, secrets: Secrets) -> None:
        """Work on these."""
        self._store = store
        self._secrets = secrets

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """A note that was set anew stays until its own date."""
        found = self._store.site_wishes([timer.ref])
        due_at = found[0].row.review_at if found else None
        return due_at if due_at is not None and due_at > now else None

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy what is sealed."""
        del now
        rows = [one.row for one in self._store.site_wishes([timer.ref for timer in timers])]
        self._secrets.secrets_delete(sorted({row.wishes for row in rows if row.wishes is not None}))

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the row, and say so."""
        if self._store.site_wishes([timer.ref]):
            row = WishesRow(config=int(transaction.get_meta(CONFIG) or 0), site_id=timer.ref)
            seq = appender.append(Fact(kind=WISHES_SET, body=row, ref=timer.ref))
            transaction.put_site_wishes([SiteWishes(row, seq)])
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more."""


class WarningsEnd:
    """Ends warnings about places (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store) -> None:
        """Work on this."""
        self._store = store

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """A warning ends at its own time."""
        ends_at = next((one.body.ends_at for one in self._store.place_warnings() if one.id == timer.ref), None)
        return ends_at if ends_at is not None and ends_at > now else None

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is sealed of a warning."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the row, and say so."""
        found = next((one for one in self._store.place_warnings() if one.id == timer.ref), None)
        if found is not None:
            body = PlaceWarningEnded(reason="expired", site_id=found.body.site_id)
            appender.append(Fact(kind=PLACE_WARNING_ENDED, body=body, ref=timer.ref))
            transaction.drop_place_warnings([timer.ref])
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more."""


def register_endings(timers: Timers, store: Store, secrets: Secrets) -> None:
    """Let what ends of places end by these timers."""
    timers.register(KEYHOLDER_ENDS, KeyholdersEnd(store, secrets))
    timers.register(WISHES_END, WishesEnd(store, secrets))
    timers.register(WARNING_ENDS, WarningsEnd(store))
