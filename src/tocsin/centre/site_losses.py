"""Which watched paths stand at the same site, and whether all of them were lost together.

A site may be reported by several accounts, such as one over its network and one over a mobile line. What matters is
whether anything of the site is heard any more: this looks at all of its accounts together.
Source: STANDARDS.md, section 3.2 and section 5 (lesson 11); decision 0054.
"""

from collections.abc import Collection, Mapping
from typing import Final

from tocsin.centre.shared_losses import were_lost_together
from tocsin.centre.supervision import ENDED, NO_LIMIT, NO_ROW, Lost, Watch
from tocsin.model.accounts import Account
from tocsin.model.ports import Store
from tocsin.model.values import Ref

SITE_ACCOUNTS_MAX: Final = 100
"""A site of more accounts is no one building: each of its accounts is judged by itself. Their paths fit an incident."""

PATHS_MIN: Final = 2
"""So many must have been lost at about the same time: one path lost is never an intrusion."""


def rows_at_sites(watch: Watch, store: Store, accounts: Collection[Account]) -> dict[Ref, tuple[int, ...]]:
    """By site of these accounts: rows of all paths that are watched there, of sites with two accounts and more."""
    sites = {account.row.site_id for account in accounts if account.row.site_id is not None}
    sizes = store.site_sizes(sites) if sites else {}
    site_of: dict[int, Ref] = {}
    for site_id in sorted(id_ for id_, size in sizes.items() if PATHS_MIN <= size <= SITE_ACCOUNTS_MAX):
        for account in store.account_page(None, SITE_ACCOUNTS_MAX, site_id=site_id):
            site_of[int(account.id.rpartition("-")[2])] = site_id
    found: dict[Ref, list[int]] = {}
    for row in _rows_of(watch, site_of):
        if watch.flags[row] & ENDED or (watch.limit[row] == NO_LIMIT and not watch.missing[row]):
            continue  # nobody waits for it
        found.setdefault(site_of[watch.account[row]], []).append(row)
    return {site_id: tuple(rows) for site_id, rows in found.items()}


def is_site_lost(watch: Watch, lost: Lost, rows: Collection[int], *, is_shared: bool) -> bool:
    """No path of the site is heard any more, and at least two went at about one time, not by what others lost too.

    `rows`: all that are watched there, `lost.row` among them. `is_shared`: that one was lost with many others. A path
    that has been missing since long before says nothing for or against it: it must not keep the rule from the others.
    """
    if len(rows) < PATHS_MIN or not all(watch.missing[row] for row in rows):
        return False
    heard_s, lost_by_s = lost.heard_s, watch.lost_by(lost.row)
    others = [
        row
        for row in rows
        if row != lost.row and were_lost_together(heard_s, lost_by_s, watch.earlier[row], watch.lost_by(row))
    ]
    if not others:
        return False
    return not (is_shared and all(watch.common[row] for row in others))


def is_beyond_site(watch: Watch, network: int, rows: Collection[int]) -> bool:
    """What was lost with others behind this network was lost at other sites too.

    Five accounts of one site behind its own line are that site, and no common cause.
    """
    own = set(rows)
    if watch.is_small:
        gone = (row for row in range(watch.size) if watch.missing[row] and watch.network[row] == network)
        return any(row not in own for row in gone)
    import numpy as np

    size = watch.size
    gone = np.frombuffer(watch.missing, np.bool_, size) & (np.frombuffer(watch.network, np.int32, size) == network)
    return int(gone.sum()) > sum(watch.missing[row] == 1 and watch.network[row] == network for row in own)


def _rows_of(watch: Watch, numbers: Mapping[int, Ref]) -> list[int]:
    """Rows of these accounts, in their order."""
    if not numbers:
        return []
    if watch.is_small:
        return [row for row in range(watch.size) if watch.account[row] != NO_ROW and watch.account[row] in numbers]
    import numpy as np

    account = np.frombuffer(watch.account, np.int64, watch.size)
    found: list[int] = np.flatnonzero(np.isin(account, np.fromiter(numbers, np.int64, len(numbers)))).tolist()
    return found


__all__ = ["SITE_ACCOUNTS_MAX", "is_beyond_site", "is_site_lost", "rows_at_sites"]
