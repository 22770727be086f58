"""Who is overdue: each path by its category, its interval, or what was learnt; and nobody by our own fault."""

import pytest

from support.fakes import ManualClock
from tocsin.centre import last_seen
from tocsin.centre.categories import shipped_categories
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.model.accounts import AccountPolicy

KEY = b"k" * 32
HERE, THERE, ELSEWHERE = "192.0.2.1", "198.51.100.7", "203.0.113.9"


def policy(n, category=None, interval_s=None):
    return AccountPolicy(
        id=f"account-{n}", account=str(n), receiver=None, line=None, key=None, late_max_s=40, early_max_s=20,
        duplicate_window_us=300_000_000, panel_time_zone=None, poll_602=False, carried_by=None,
        category=category, interval_s=interval_s,
    )  # fmt: skip


class Watching:
    """A watch over accounts, whose panels are heard when the test says so."""

    def __init__(self, *policies, clock=None, data=None, default_interval_s=None):
        self.clock = clock or ManualClock()
        self.watch = Watch(KEY, self.clock, shipped_categories(), default_interval_s=default_interval_s)
        self.use(*policies)
        self.away_s = None if data is None else last_seen.restore(self.watch, data, self.clock.now_us())
        self.watch.scan()

    def use(self, *policies):
        self.snapshot = AccountSnapshot(policies, 1)
        self.watch.use(self.snapshot)

    def change(self, n, *policies):
        """Put `policies` in place of account `n`."""
        self.snapshot = self.snapshot.changed(2, [(str(n), f"account-{n}")], policies, [])
        self.watch.use(self.snapshot)

    def hear(self, n, host=HERE, *, is_poll=True, receiver=None, transport="tcp"):
        found = self.snapshot.find(None, None, str(n))
        self.watch.note(found.slot, receiver, 0, transport, host, is_poll=is_poll)

    def wait(self, seconds, scan_s=1.0, **options):
        """Let time go by with a scan a second; return who was lost and who came back, each with when."""
        told = []
        passed = 0.0
        while passed < seconds:
            step = min(scan_s, seconds - passed)
            self.clock.advance(step)
            passed += step
            found = self.watch.scan(**options)
            told += [("lost", int(one.account[8:]), one.path, round(passed)) for one in found.lost]
            told += [("back", int(one.account[8:]), one.path, round(one.away_s)) for one in found.returned]
        return told

    def polls(self, n, count, every_s, **options):
        for _ in range(count):
            self.hear(n, **options)
            told = self.wait(every_s, scan_s=4.0)
            assert told == []

    def again(self, *policies, away_s, data=None):
        """Another process, after a restart that took so long; with the file, or what is given in its place."""
        data = last_seen.encode(self.watch, self.clock.now_us(), self.clock.monotonic_s()) if data is None else data
        clock = ManualClock(self.clock.wall_us + round(away_s * 1_000_000))
        clock.since_s = 5.0  # another process: its monotonic clock begins anew
        return Watching(*policies, clock=clock, data=data)


# Limits --------------------------------------------------------------------------------------------------------------


def test_six_thousand_accounts_without_interval_raise_nothing_on_their_first_night():
    watching = Watching(*(policy(n) for n in range(1, 6001)))
    for n in range(1, 3001):
        watching.hear(n, is_poll=False)
    assert watching.wait(16 * 3600, scan_s=4.0) == []


def test_account_that_was_never_heard_is_not_alarmed_whatever_its_category():
    assert Watching(policy(1, "SP6"), policy(2, "DP4"), policy(3, None, 60)).wait(400_000, scan_s=4.0) == []


@pytest.mark.parametrize(
    ("category", "interval_s", "limit_s"),
    [
        ("SP6", None, 20),
        ("SP5", None, 90),
        ("SP4", None, 180),
        ("SP3", None, 1800),
        (None, 60, 150),  # twice, and half a minute
        ("SP3", 60, 150),  # the interval counts ...
        ("SP5", 85, 90),  # ... and never more than the category
    ],
)
def test_path_is_missing_one_scan_before_its_limit_is_over(category, interval_s, limit_s):
    watching = Watching(policy(1, category, interval_s))
    watching.hear(1)
    assert watching.wait(limit_s + 20) == [("lost", 1, "only", limit_s - 1)]


def test_interval_of_the_settings_is_of_accounts_that_have_none_of_their_own_and_of_no_other():
    policies = (policy(1), policy(2, interval_s=600), policy(3, interval_s=0), policy(4, category="SP2"), policy(5))
    watching = Watching(*policies, default_interval_s=60)
    for n in (1, 2, 3, 4):
        watching.hear(n)
    told = watching.wait(200)
    assert [(what, n) for what, n, _, _ in told] == [("lost", 1)]  # 60 x 2 + 30 s; the fifth was never heard
    assert [(what, n) for what, n, _, _ in Watching(*policies).wait(200)] == []


def test_account_with_interval_0_is_never_missing():
    watching = Watching(policy(1, "SP6", 0))
    watching.hear(1)
    assert watching.wait(1000) == []


def test_outage_is_told_once_and_its_end_with_how_long_it_was_away():
    watching = Watching(policy(1, "SP6"))
    watching.hear(1)
    assert watching.wait(3600) == [("lost", 1, "only", 19)]
    watching.hear(1, is_poll=False)  # any message ends it
    assert watching.wait(1) == [("back", 1, "only", 3600)]


# Learning ------------------------------------------------------------------------------------------------------------


def test_three_polls_alike_teach_an_interval():
    watching = Watching(policy(1))
    for gap_s in (60, 66):
        watching.hear(1)
        watching.wait(gap_s)
    assert watching.watch.interval_of(0) is None
    watching.hear(1)
    assert watching.watch.interval_of(0) == 63
    assert watching.wait(300) == [("lost", 1, "only", 155)]


@pytest.mark.parametrize("gaps", [(60, 90), (60, 90, 60, 90, 60), (2, 2, 2, 2)])
def test_polls_that_are_not_alike_teach_nothing(gaps):
    watching = Watching(policy(1))
    for gap_s in (*gaps, 0):
        watching.hear(1)
        watching.wait(gap_s)
    assert watching.watch.interval_of(0) is None


def test_alarms_teach_no_interval():
    watching = Watching(policy(1))
    for _ in range(10):
        watching.hear(1, is_poll=False)
        watching.wait(60)
    assert watching.watch.interval_of(0) is None


def test_what_was_learnt_is_kept_over_a_restart_and_learnt_anew_after_an_outage():
    watching = Watching(policy(1))
    watching.polls(1, 3, 60)
    watching = watching.again(policy(1), away_s=30)
    assert watching.watch.interval_of(0) == 60
    assert watching.wait(200) == [("lost", 1, "only", 89)]  # 60 s silent at the end, 150 s allowed
    for _ in range(4):
        watching.hear(1)
        watching.wait(100)
    assert watching.watch.interval_of(0) == 100


def test_person_who_sets_an_interval_ends_the_learning():
    watching = Watching(policy(1))
    watching.polls(1, 3, 60)
    watching.change(1, policy(1, None, 300))
    assert watching.watch.interval_of(0) == 300
    watching.hear(1)
    assert watching.wait(1000) == [("lost", 1, "only", 629)]


# Two paths -----------------------------------------------------------------------------------------------------------


def test_each_of_two_paths_has_its_own_limit():
    watching = Watching(policy(1, "DP4"))
    watching.hear(1, HERE)
    watching.hear(1, THERE)
    told = []
    for minute in range(301):  # the first path polls on
        watching.hear(1, HERE)
        told += [(minute, *one[:3]) for one in watching.wait(60)]
    assert told == [(299, "lost", 1, "alternative")]
    assert [one[:3] for one in watching.wait(90)] == [("lost", 1, "primary")]
    watching.hear(1, THERE)
    assert watching.wait(1) == [("back", 1, "alternative", 18_150)]


def test_way_that_is_new_takes_the_place_of_the_one_longest_unheard():
    watching = Watching(policy(1, "DP4"))
    watching.hear(1, HERE)
    watching.hear(1, THERE)
    watching.wait(1000)  # the first is missing by now
    watching.hear(1, ELSEWHERE)
    assert watching.wait(1) == [("back", 1, "primary", 1000)]


def test_account_of_one_path_is_heard_by_whichever_way_it_comes():
    watching = Watching(policy(1, "SP5"))
    told = []
    for n in range(20):
        watching.hear(1, f"192.0.2.{n}", transport="udp" if n % 2 else "tcp")
        told += watching.wait(60)
    assert told == []
    assert watching.watch.size == 1


def test_category_that_becomes_one_path_leaves_one_path():
    watching = Watching(policy(1, "DP4"))
    watching.hear(1, HERE)
    watching.hear(1, THERE)
    watching.change(1, policy(1, "SP4"))
    assert watching.wait(400) == [("lost", 1, "only", 179)]


# Our own fault -------------------------------------------------------------------------------------------------------


def test_restart_moves_deadlines_by_our_time_away():
    watching = Watching(policy(1, "SP4"))
    watching.hear(1)
    watching.wait(100)
    watching = watching.again(policy(1, "SP4"), away_s=9 * 3600)
    assert (watching.away_s, watching.watch.moved_s) == (9 * 3600, 9 * 3600)
    assert watching.wait(300) == [("lost", 1, "only", 79)]


def test_restart_keeps_which_path_is_which():
    watching = Watching(policy(1, "DP4"))
    watching.hear(1, HERE)
    watching.hear(1, THERE, transport="udp")
    watching = watching.again(policy(1, "DP4"), away_s=10)
    watching.hear(1, THERE, transport="udp")
    assert watching.wait(150) == [("lost", 1, "primary", 89)]


@pytest.mark.parametrize("step_s", [-3600, 3600, -86_400 * 400])
def test_clock_that_is_set_makes_nobody_overdue(step_s):
    watching = Watching(*(policy(n, "SP4") for n in range(1, 50)))
    for n in range(1, 50):
        watching.hear(n)
    watching.wait(100)
    watching.clock.wall_us += step_s * 1_000_000
    assert watching.wait(70) == []
    assert [what for what, *_ in watching.wait(20)] == ["lost"] * 49


@pytest.mark.parametrize("step_s", [-3600, 3600])
def test_clock_that_is_set_while_we_are_away_costs_nobody_a_second(step_s):
    watching = Watching(policy(1, "SP4"))
    watching.hear(1)
    watching.wait(100)
    watching.clock.wall_us += step_s * 1_000_000
    watching = watching.again(policy(1, "SP4"), away_s=0 if step_s < 0 else step_s)
    assert watching.wait(300) == [("lost", 1, "only", 79)]


def test_host_that_was_held_up_moves_deadlines():
    watching = Watching(*(policy(n, "SP5") for n in range(1, 1000)))
    for n in range(1, 1000):
        watching.hear(n)
    watching.wait(60)
    watching.clock.advance(3600)  # suspended: no scan for an hour
    assert watching.watch.scan().lost == []
    assert watching.watch.moved_s == 3600
    assert watching.wait(20) == []
    watching.hear(1)  # and its next message ends that
    told = watching.wait(85)
    assert len(told) == 998
    assert watching.wait(10) == [("lost", 1, "only", 4)]


def test_nobody_is_overdue_while_we_take_nothing_in():
    watching = Watching(policy(1, "SP5"))
    watching.hear(1)
    watching.wait(60)
    assert watching.wait(600, is_ours=True) == []
    assert watching.wait(200) == [("lost", 1, "only", 29)]


def test_file_that_is_lost_gives_everybody_one_full_period():
    watching = Watching(policy(1, "SP4"), policy(2))
    watching.watch.give_grace()
    assert watching.watch.is_grace
    assert watching.wait(300) == [("lost", 1, "only", 179)]


def test_path_that_was_missing_before_a_restart_is_missing_still_and_is_not_told_again():
    watching = Watching(policy(1, "SP4"), policy(2), policy(3, "DP4"))
    watching.watch.keep_missing("account-1", "only", 500.0)
    watching.watch.keep_missing("account-2", "only", 500.0)  # what it had learnt is lost with the file
    watching.watch.keep_missing("account-3", "alternative", 500.0)
    assert watching.wait(300) == []
    for n, host in ((1, HERE), (2, HERE), (3, THERE)):
        watching.hear(n, host)
    told = watching.wait(1)
    assert sorted(one[:3] for one in told)[:2] == [("back", 1, "only"), ("back", 2, "only")]


def test_second_path_must_be_heard_soon_after_a_restart_too_where_the_first_was_missing():
    watching = Watching(policy(1, "DP4"))
    watching.hear(1, HERE)
    watching.hear(1, THERE)
    watching.watch.keep_missing("account-1", "primary", 500.0)
    assert watching.wait(88) == []
    assert [one[:3] for one in watching.wait(2)] == [("lost", 1, "alternative")]


# Accounts ------------------------------------------------------------------------------------------------------------


def test_account_that_is_removed_is_watched_no_more():
    watching = Watching(policy(1, "SP6"), policy(2, "SP6"))
    watching.hear(1)
    watching.hear(2)
    watching.change(1)
    assert watching.wait(60) == [("lost", 2, "only", 19)]
    watching.change(2)
    assert watching.wait(1) == [("back", 2, "only", 61)]  # nobody waits for it
    watching.change(1, policy(9, "SP6"))
    watching.hear(9)
    assert watching.wait(60) == [("lost", 9, "only", 19)]
    assert watching.watch.size == 2


def test_picture_that_is_made_anew_keeps_who_was_heard():
    policies = [policy(n, "SP4") for n in range(1, 5)]
    watching = Watching(*policies)
    for n in range(1, 5):
        watching.hear(n)
    watching.wait(100)
    watching.use(policy(7, "SP4"), *reversed(policies[1:]))
    watching.hear(4)
    assert watching.wait(100) == [("lost", 2, "only", 79), ("lost", 3, "only", 79)]


def test_network_is_told_from_its_neighbour():
    watching = Watching(policy(1, "SP4"))
    watch = watching.watch
    names = {
        host: watch.network_name(watch.network_of(host))
        for host in (HERE, "192.0.2.200", "2001:db8:1::5", "::ffff:192.0.2.3")
    }
    assert names == {
        HERE: "192.0.2.0/24", "192.0.2.200": "192.0.2.0/24", "2001:db8:1::5": "2001:db8:1::/48",
        "::ffff:192.0.2.3": "192.0.2.0/24",
    }  # fmt: skip


def test_second_path_stays_the_alternative_where_a_removed_account_left_its_place():
    centre = Watching(policy(1, "SP6"), policy(2, "DP4"))
    centre.change(1)
    for host in (HERE, THERE):
        centre.hear(2, host)
    roles = [
        (centre.watch.network_name(centre.watch.network[row]), centre.watch.role(row))
        for row in range(3)
        if centre.watch.account[row] == 2
    ]
    assert sorted(roles) == [("192.0.2.0/24", "primary"), ("198.51.100.0/24", "alternative")]


def test_path_that_was_heard_a_second_before_the_machine_counts_from_is_no_path_that_was_never_heard():
    before = Watching(policy(1, "SP6"))
    before.hear(1)
    after = before.again(policy(1, "SP6"), away_s=6)
    assert (after.watch.heard[0], after.watch.paths_heard) == (-1.0, 1)
