"""A core with places that can be put on test, and the commands and timers of tests."""

from support.cores import CoreAtWork, PlacesOf
from support.fakes import START_US, ManualClock
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.site_tests import SiteTests, Wanted, register_tests
from tocsin.centre.timers import Timers
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.sites import Site, SiteRow

HOUR = 3_600_000_000
ACCOUNTS = {"account-1": "site-1", "account-2": "site-1", "account-3": "site-3"}


def wanted(account_id="account-1", site_id=None, zones=(), partition=None, until=START_US + 2 * HOUR, **fields):
    return Wanted(
        account_id=account_id, site_id=site_id, zones=zones, partition=partition, until=until,
        **({"asked_by": "installer", "company": "4711", "live": (), "not_live": (), "reason": "walk_test"} | fields),
    )  # fmt: skip


class OnTest(CoreAtWork):
    """A core with accounts 1 to 3, the first two at one site, and the commands and timers of tests."""

    def __init__(self, **options):
        super().__init__(places=PlacesOf(ACCOUNTS), clock=options.pop("clock", None) or ManualClock(), **options)
        if not self.store.accounts():
            with self.store.transaction() as transaction:
                transaction.put_accounts(
                    Account(id_, AccountRow(account=id_[-1], site_id=site), n)
                    for n, (id_, site) in enumerate(ACCOUNTS.items(), 1)
                )
                transaction.put_sites(Site(id_, SiteRow(name=id_), n) for n, id_ in ((8, "site-1"), (9, "site-3")))
        self.tests = SiteTests(store=self.store, run=lambda work: work(self.journal), clock=self.clock)
        self.timers = Timers(self.store)
        register_tests(self.timers, self.store)
        self.scheduler = Scheduler(self.timers, self.store, lambda work: work(self.journal), self.clock)

    def again(self, **options):
        with self.store.transaction() as transaction:
            transaction.put_meta("running", "1")
        return OnTest(store=self.store, clock=self.clock, **options)

    def begin(self, actor="user-1", *, is_supervisor=False, **fields):
        return self.tests.begin(wanted(**fields), actor, is_supervisor=is_supervisor)

    def say(self, code="BA", n=1, zone="4", **fields):
        """A signal of account `n`; returns how its incident is shown, or why it was filed."""
        row = self.signal(code, str(n), account_ref=f"account-{n}", address=zone, **fields)
        return row.reason if row.incident is None else self.store.incident(row.incident).presentation

    def ring(self):
        """Whatever is due ends."""
        before = len(self.store.site_tests())
        self.scheduler.wake()
        self.scheduler.turn()
        self.run()
        return before - len(self.store.site_tests())

    def shown(self):
        return [(one.type, one.presentation, one.reason) for one in self.open()]
