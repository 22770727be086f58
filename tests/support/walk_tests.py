"""A walk test's report, made by hand."""

from tocsin.model.on_test import OnTestBegun, SiteTest
from tocsin.reports.walk_test import TestedSignal, TestedZone, WalkTest

T0 = 1_800_000_000_000_000
BEGUN = OnTestBegun(
    account_id="account-1", again=False, asked_by="installer", company="4711", config=1, exercise=False,
    live=("fire", "medical"), partition=None, reason="walk_test", site_id="site-1", until=T0 + 9, zones=(),
)  # fmt: skip
TEST = SiteTest(
    id="test-9", begun=BEGUN, begun_at=T0, begun_by="user-1", ended_at=None, ended_by=None, ended_seq=None,
    end_reason=None, extended=0, seq=9, until=T0 + 9,
)  # fmt: skip


def zone(number, at=None, name=None):
    return TestedZone(number=number, name=name, at=at, code=None if at is None else "BA")


def signal(n, **fields):
    plain_ = {
        "account": "1234", "at": T0 + n, "code": "BA", "is_understood": True, "outcome": "opened", "zone": "4",
        "zone_name": "Hall",
    }  # fmt: skip
    return TestedSignal(**(plain_ | fields))


def report(zones=(), signals=(), **fields):
    plain_ = {
        "account": "1234", "account_name": None, "centre": "Harbour", "is_cut": False, "made_at": T0, "site": "Bank",
        "test": TEST, "zones": tuple(zones), "signals": tuple(signals),
    }  # fmt: skip
    return WalkTest(**(plain_ | fields))
