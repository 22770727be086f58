"""A centre's core with supervision before it, driven second by second."""

from support.cores import CoreAtWork, PlacesOf
from support.fakes import ManualClock
from tocsin.centre.categories import shipped_categories
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.centre.supervision_core import outages_at_start
from tocsin.centre.supervision_losses import Losses
from tocsin.model.accounts import Account, AccountPolicy, AccountRow

KEY = b"k" * 32
HERE, THERE = "192.0.2.1", "198.51.100.7"


def policy(n, category, interval_s):
    return AccountPolicy(
        id=f"account-{n}", account=str(n), receiver=None, line=None, key=None, late_max_s=40, early_max_s=20,
        duplicate_window_us=300_000_000, panel_time_zone=None, poll_602=False, carried_by=None,
        category=category, interval_s=interval_s,
    )  # fmt: skip


class Supervised(CoreAtWork):
    """A core with a watch before it: accounts 1 to `count`, all of one category, each at a site of its own.

    `site_of`: by account, at which site it stands instead.
    """

    def __init__(self, count=3, category="SP4", interval_s=60, site_of=None, **options):
        sites = {n: f"site-{n}" for n in range(1, count + 1)} | (site_of or {})
        places = PlacesOf({f"account-{n}": site for n, site in sites.items()})
        super().__init__(places=places, clock=options.pop("clock", None) or ManualClock(), **options)
        if not self.store.accounts():
            with self.store.transaction() as transaction:
                transaction.put_accounts(
                    Account(f"account-{n}", AccountRow(account=str(n), site_id=sites[n]), n)
                    for n in range(1, count + 1)
                )
        self.count = count
        self.snapshot = AccountSnapshot([policy(n, category, interval_s) for n in range(1, count + 1)], 1)
        self.watch = Watch(KEY, self.clock, shipped_categories())
        self.watch.use(self.snapshot)
        self.losses = Losses(self.watch, self.store, self.clock, self.journal.record, KEY)
        self.losses.restore(outages_at_start(self.store))

    def hear(self, n, host=HERE, *, transport="tcp", is_poll=True):
        slot = self.snapshot.find(None, None, str(n)).slot
        self.watch.note(slot, None, 0, transport, host, is_poll=is_poll)

    def hear_all(self, but=(), host=None):
        for n in range(1, self.count + 1):
            if n not in but:
                self.hear(n, host(n) if host else HERE)

    def wait(self, seconds, but=None, host=None):
        """Let time go by; all panels but these poll each 20 s meanwhile, where any are named."""
        for second in range(seconds):
            if but is not None and second % 20 == 0:
                self.hear_all(but, host)
            self.clock.advance(1)
            self.losses.found(self.watch.scan())
            self.losses.work()
            self.run()
        return self.open()

    def kinds(self):
        return [stored.row.kind for stored in self.store.entries(0, 100_000)]


def told(incidents):
    return [(one.type, one.priority, one.account, one.condition, one.reason) for one in incidents]
