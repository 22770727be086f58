"""All paths of an armed site, whichever of its accounts they are of: a break-in only where nothing else explains it."""

import pytest

from support.supervised import HERE, THERE, Supervised, told

ONE_SITE = {1: "site-1", 2: "site-1"}
"""Accounts 1 and 2 report the same premises: one over its network, one over a mobile line."""


def armed_site(count=2, site_of=None, **options):
    centre = Supervised(count=count, site_of=site_of or ONE_SITE, **options)
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear(1, HERE)
    centre.hear(2, THERE)
    return centre


@pytest.mark.parametrize("armed_by", ["1", "2"])
def test_two_single_path_accounts_of_an_armed_site_lost_together_are_one_break_in(armed_by):
    centre = Supervised(count=2, site_of=ONE_SITE)
    centre.signal("CL", account=armed_by, account_ref=f"account-{armed_by}")
    centre.hear(1, HERE)
    centre.hear(2, THERE)
    (incident,) = centre.wait(400)
    assert told([incident]) == [("INT-ALLPATHS", 2, "1", "active", "lost_site")]
    assert (incident.site_id, {point.account for point in incident.points}) == ("site-1", {"1", "2"})
    assert {row.incident for row in centre.store.outages()} == {incident.id}
    assert centre.findings() == []
    centre.hear(1, HERE)
    assert [one.condition for one in centre.wait(2)] == ["active"]  # one of its paths is still missing
    centre.hear(2, THERE)
    assert [one.condition for one in centre.wait(2)] == ["returned"]
    assert centre.findings() == []


def test_account_that_is_told_first_is_a_fault_until_the_last_one_of_the_site_is_lost_too():
    centre = armed_site()
    centre.wait(60)
    centre.hear(2, THERE)
    assert told(centre.wait(100)) == [("TECH-OVERDUE", 3, "1", "active", "overdue")]
    assert told(centre.wait(100)) == [
        ("TECH-OVERDUE", 3, "1", "active", "overdue"),
        ("INT-ALLPATHS", 2, "2", "active", "lost_site"),
    ]
    assert centre.findings() == []


def test_site_that_nobody_armed_and_one_of_which_something_is_heard_are_no_break_in():
    centre = Supervised(count=2, site_of=ONE_SITE)
    centre.hear_all()
    assert [one.type for one in centre.wait(400)] == ["TECH-OVERDUE", "TECH-OVERDUE"]
    heard = armed_site()
    for _ in range(20):
        heard.wait(60)
        heard.hear(2, THERE)
    assert [one.type for one in heard.wait(1)] == ["TECH-OVERDUE"]


def test_another_sites_arming_and_another_sites_loss_count_for_nothing():
    centre = Supervised(count=3, site_of={1: "site-1", 2: "site-2", 3: "site-2"})
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear_all()
    assert {one.type for one in centre.wait(400)} == {"TECH-OVERDUE"}


def test_paths_of_a_site_lost_hours_apart_are_no_break_in():
    centre = armed_site()
    for _ in range(60):
        centre.wait(60)
        centre.hear(2, THERE)
    assert [one.type for one in centre.wait(400)] == ["TECH-OVERDUE", "TECH-OVERDUE"]


def test_account_that_has_been_dead_for_long_keeps_the_rule_from_no_other():
    centre = armed_site(count=3, site_of={1: "site-1", 2: "site-1", 3: "site-1"})
    centre.hear(3)
    for _ in range(60):
        centre.wait(60)
        centre.hear(1, HERE)
        centre.hear(2, THERE)
    assert [one.type for one in centre.wait(1)] == ["TECH-OVERDUE"]
    assert [one.type for one in centre.wait(400)] == ["TECH-OVERDUE", "INT-ALLPATHS"]
    assert centre.findings() == []


def test_account_nobody_waits_for_is_no_path_of_the_site():
    """Never heard, or switched off: it can prove neither that the site is reached nor that it is not."""
    centre = armed_site(count=3, site_of={1: "site-1", 2: "site-1", 3: "site-1"})
    assert [one.type for one in centre.wait(400)] == ["INT-ALLPATHS"]


def test_site_that_went_with_many_others_is_no_break_in():
    centre = Supervised(count=30, site_of=ONE_SITE)
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear_all()
    assert [one.type for one in centre.wait(400)] == ["TECH-RECEIVER"]


def test_five_accounts_of_one_site_behind_its_own_line_have_no_common_cause_but_the_site():
    """What a centre knows as one network is the site's own line: to call that a common cause would hide a cut cable."""
    own = dict.fromkeys(range(1, 6), "site-1")
    centre = Supervised(count=60, site_of=own)
    centre.signal("CL", account="3", account_ref="account-3")

    def host(n):
        return f"203.0.113.{n}" if n <= 5 else f"192.0.{n}.1"

    centre.hear_all(host=host)
    (incident,) = centre.wait(400, but=set(own), host=host)
    assert told([incident]) == [("INT-ALLPATHS", 2, "1", "active", "lost_site")]
    assert len(incident.points) == 5
    assert centre.findings() == []


def test_two_paths_of_one_armed_account_are_enough_though_another_account_of_the_site_is_heard():
    """The panel itself is cut off: that the lift's own line works proves nothing for it."""
    centre = Supervised(count=2, site_of=ONE_SITE, category="DP4", interval_s=None)
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear(1, HERE)
    centre.hear(1, THERE)
    for _ in range(8):
        centre.hear(2, HERE)
        centre.wait(30)
    assert [(one.type, one.reason) for one in centre.wait(1)] == [
        ("TECH-LINE", "lost_path"), ("INT-ALLPATHS", "lost_all_paths")
    ]  # fmt: skip


def test_site_of_more_accounts_than_a_building_has_is_judged_account_by_account():
    centre = Supervised(count=140, site_of=dict.fromkeys(range(1, 121), "site-1"))
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear(1)
    centre.hear(2)
    for n in range(121, 141):
        centre.hear(n, f"192.0.{n}.1")
    found = centre.wait(400, but=set(range(1, 121)), host=lambda n: f"192.0.{n}.1")
    assert [one.type for one in found] == ["TECH-OVERDUE", "TECH-OVERDUE"]


def test_restart_between_the_two_losses_still_finds_them_together():
    centre = armed_site()
    centre.wait(60)
    centre.hear(2, THERE)
    centre.wait(100)
    again = Supervised(count=2, site_of=ONE_SITE, store=centre.store, clock=centre.clock)
    again.hear(2, THERE)
    assert [one.type for one in again.wait(200)] == ["TECH-OVERDUE", "INT-ALLPATHS"]
    assert again.findings() == []
