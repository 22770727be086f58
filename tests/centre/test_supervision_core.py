"""What becomes of paths that are missing: one incident an outage, one for many, and a break-in only where it may be."""

import pytest

from support.fakes import START_US
from support.supervised import HERE, KEY, THERE, Supervised, told
from tocsin.centre.supervision_core import outages_at_start
from tocsin.centre.supervision_losses import Losses
from tocsin.model.accounts import AccountRow
from tocsin.model.commands import Claim, Close
from tocsin.model.errors import JournalFull
from tocsin.model.journal import Fact


def test_silent_account_is_one_incident_once_and_its_return_closes_nothing():
    centre = Supervised()
    centre.hear_all()
    assert told(centre.wait(600, but={2})) == [("TECH-OVERDUE", 3, "2", "active", "overdue")]
    assert centre.kinds().count("supervision.missing") == 1
    centre.hear(2)
    (incident,) = centre.wait(2, but=())
    assert (incident.state, incident.condition, incident.points, incident.site_id) == ("open", "returned", (), "site-2")
    assert centre.kinds()[-2:] == ["supervision.returned", "incident.joined"]
    assert centre.store.outages() == []
    assert centre.findings() == []


def test_return_says_how_long_it_was_away():
    import msgspec

    from tocsin.rules.catalogue import shipped_catalogue
    from tocsin.rules.incident import BODIES
    from tocsin.rules.words import tell

    centre = Supervised()
    centre.hear_all()
    centre.wait(3725, but={2})
    centre.hear(2)
    (incident,) = centre.wait(1, but=())
    line = [(stored.row.kind, stored.row.entry) for stored in centre.store.incident_facts(incident.id, 10)][-1]
    body = msgspec.json.decode(msgspec.json.encode(msgspec.json.decode(line[1])["body"]), type=BODIES[line[0]])
    assert tell(body, None, shipped_catalogue()).startswith("Heard again. It was away for 01:02:05.")


def test_path_that_comes_and_goes_stays_one_incident_with_a_counter():
    centre = Supervised()
    centre.hear_all()
    for _ in range(4):
        centre.wait(200, but={1})
        centre.hear(1)
        centre.wait(5, but=())
    (incident,) = centre.open()
    assert (incident.signals, incident.condition) == (4, "returned")
    assert centre.findings() == []


def test_outage_whose_incident_was_closed_opens_no_second_one():
    centre = Supervised()
    centre.hear_all()
    (incident,) = centre.wait(200, but={1})
    centre.handle(incident.id, Claim())
    centre.handle(incident.id, Close(disposition="fault", note=None))
    assert centre.wait(600, but={1}) == []
    centre.hear(1)
    assert centre.wait(200, but={2, 3}) != []  # the next outages are new ones
    assert centre.findings() == []


def test_one_path_of_two_is_a_fault_and_never_an_intrusion():
    centre = Supervised(category="DP4", interval_s=None)
    centre.hear(1, HERE)
    centre.hear(1, THERE)
    centre.signal("CL", account="1", account_ref="account-1")
    for _ in range(10):
        centre.wait(60)
        centre.hear(1, THERE)
    (incident,) = centre.open()
    assert told([incident]) == [("TECH-LINE", 3, "1", "active", "lost_path")]
    assert (incident.hazard, incident.zone) == ("technical", "path-primary")


@pytest.mark.parametrize(
    ("signals", "type_"),
    [
        (["CL"], "INT-ALLPATHS"),
        (["OP"], "TECH-OVERDUE"),
        ([], "TECH-OVERDUE"),
        (["CL", "OP"], "TECH-OVERDUE"),
        (["OP", "CL"], "INT-ALLPATHS"),
    ],
)
def test_all_paths_of_an_armed_account_lost_together_may_be_a_break_in(signals, type_):
    centre = Supervised(category="DP3", interval_s=None)
    for code in signals:
        centre.signal(code, account="1", account_ref="account-1")
    centre.hear(1, HERE)
    centre.hear(1, THERE)
    # The shipped figures: the first path is told after its 180 s, the second one 180 s later, not after its day.
    before = centre.wait(350)
    assert [one.type for one in before] == ["TECH-LINE"]
    found = centre.wait(15)
    assert [(one.type, one.priority) for one in found] == [
        ("TECH-LINE", 3),
        (type_, 2 if type_ == "INT-ALLPATHS" else 3),
    ]
    assert centre.kinds().count("incident.opened") == 2
    assert centre.findings() == []


@pytest.mark.parametrize(("category", "limit_s"), [("DP2", 1_800), ("DP3", 180), ("DP4", 90)])
def test_both_paths_cut_at_once_are_told_within_twice_the_categorys_limit(category, limit_s):
    """Whoever cuts both has not the hours that a second path may be silent while the first one works."""
    centre = Supervised(category=category, interval_s=None)
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear(1, HERE)
    centre.hear(1, THERE)
    assert centre.wait(limit_s - 2) == []
    assert [one.type for one in centre.wait(limit_s - 2)] == ["TECH-LINE"]
    assert [one.type for one in centre.wait(4)] == ["TECH-LINE", "INT-ALLPATHS"]


def test_second_path_that_reports_while_the_first_is_cut_is_no_break_in():
    centre = Supervised(category="DP4", interval_s=None)
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear(1, HERE)
    centre.hear(1, THERE)
    for _ in range(60):
        centre.wait(60)
        centre.hear(1, THERE)
    assert [one.type for one in centre.wait(1)] == ["TECH-LINE"]
    for _ in range(60):  # with the first path heard again the second one has its hours again
        centre.hear(1, HERE)
        (line,) = centre.wait(60)
    assert (line.type, line.condition) == ("TECH-LINE", "returned")


def test_paths_lost_hours_apart_are_no_break_in():
    centre = Supervised(category="DP4", interval_s=None)
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear(1, HERE)
    centre.hear(1, THERE)
    for _ in range(60):
        centre.wait(60)
        centre.hear(1, THERE)
    found = centre.wait(100)
    assert [one.type for one in found] == ["TECH-LINE", "TECH-OVERDUE"]


def test_whole_centre_gone_silent_is_one_incident_about_our_own_side_that_names_all():
    centre = Supervised(count=300)
    centre.hear_all()
    centre.wait(40, but=())
    (incident,) = centre.wait(300)
    assert told([incident]) == [("TECH-RECEIVER", 1, None, "active", "lost_receiver")]
    assert len(centre.store.outages()) == 300
    assert {row.incident for row in centre.store.outages()} == {incident.id}
    assert (len(incident.points), incident.points_full) == (200, True)
    assert centre.findings() == []
    centre.hear_all()
    (incident,) = centre.wait(3, but=())
    assert (incident.condition, centre.store.outages()) == ("returned", [])
    assert centre.findings() == []


def host_of(n):
    return f"203.0.113.{n}" if n <= 30 else f"192.0.{n % 250}.1"


def test_many_behind_one_network_are_one_incident_and_the_others_their_own():
    centre = Supervised(count=120)
    centre.hear_all(host=host_of)
    lost = {*range(1, 31), 99}
    found = centre.wait(400, but=lost, host=host_of)
    assert told(found) == [
        ("TECH-LINE", 3, None, "active", "lost_network"),
        ("TECH-OVERDUE", 3, "99", "active", "overdue"),
    ] or told(found) == [
        ("TECH-OVERDUE", 3, "99", "active", "overdue"),
        ("TECH-LINE", 3, None, "active", "lost_network"),
    ]
    network = next(one for one in found if one.type == "TECH-LINE")
    assert sum(row.incident == network.id for row in centre.store.outages()) == 30
    assert b"203.0.113" not in b"".join(stored.row.entry for stored in centre.store.entries(0, 100_000))
    assert centre.findings() == []


def test_network_whose_panels_poll_out_of_step_is_one_incident_all_the_same():
    centre = Supervised(count=120)
    for second in range(60):
        for n in range(1, 121):
            if n % 60 == second:
                centre.hear(n, host_of(n))
        centre.wait(1)
    for second in range(300):
        for n in range(31, 121):
            if n % 60 == second % 60:
                centre.hear(n, host_of(n))
        centre.wait(1)
    assert told(centre.open()) == [("TECH-LINE", 3, None, "active", "lost_network")]
    assert len(centre.store.outages()) == 30


def test_restart_in_an_outage_tells_nothing_twice_and_knows_the_return():
    centre = Supervised()
    centre.hear_all()
    (incident,) = centre.wait(300, but={1})
    facts = len(centre.kinds())
    again = Supervised(store=centre.store, clock=centre.clock)
    again.hear_all(but={1})
    assert [one.id for one in again.wait(300, but={1})] == [incident.id]
    assert len(again.kinds()) == facts
    again.hear(1)
    (incident,) = again.wait(2, but=())
    assert incident.condition == "returned"
    assert again.findings() == []


def test_fact_that_the_core_has_not_taken_before_a_death_counts_as_missing():
    centre = Supervised(is_deciding=False)
    centre.hear_all()
    centre.wait(200, but={1})
    assert (centre.store.outages(), centre.open()) == ([], [])
    assert [row.account_id for row in outages_at_start(centre.store)] == ["account-1"]


def test_what_cannot_be_stored_is_told_later_and_once():
    centre = Supervised()
    refused = [True]

    def record(facts):
        if refused[0]:
            raise JournalFull("There is no room", "journal.full")
        return centre.journal.record(facts)

    centre.losses._record = record
    centre.hear_all()
    assert centre.wait(200, but={1}) == []
    refused[0] = False
    assert len(centre.wait(3, but={1})) == 1
    assert centre.kinds().count("supervision.missing") == 1


def test_account_that_was_removed_leaves_no_missing_path_and_nothing_armed():
    centre = Supervised()
    centre.signal("CL", account="1", account_ref="account-1")
    centre.hear_all()
    centre.wait(200, but={1})
    assert (len(centre.store.outages()), len(centre.store.armed())) == (1, 1)
    centre.journal.record([Fact(kind="account.set", body=AccountRow(account="1", removed=True), ref="account-1")])
    centre.run()
    assert (centre.store.outages(), centre.store.armed()) == ([], [])
    assert centre.findings() == []


def test_partitions_are_armed_each_by_itself():
    centre = Supervised()
    for code, partition in (("CL", "1"), ("CL", "2"), ("OP", "1")):
        centre.receive(code, "1", account_ref="account-1", partition=partition)
    centre.run()
    assert [row.partition for row in centre.store.armed()] == ["2"]
    centre.receive("CL", "1", account_ref="account-1", partition="1")
    centre.receive("OP", "1", account_ref="account-1", partition=None)
    centre.run()
    assert centre.store.armed() == []
    assert centre.findings() == []


def test_times_in_facts_are_our_clocks():
    centre = Supervised()
    centre.hear_all()
    centre.wait(200, but={1})
    (row,) = centre.store.outages()
    assert row.heard_at == START_US
    assert row.since == START_US + 149_000_000


# What fails ----------------------------------------------------------------------------------------------------------


class Failing:
    """A store whose accounts cannot be read while `fails` says so of them."""

    def __init__(self, store):
        self._store = store
        self.fails = lambda ids: True

    def accounts(self, ids):
        ids = set(ids)
        if self.fails(ids):
            raise ZeroDivisionError("a bug")
        return self._store.accounts(ids)

    def __getattr__(self, name):
        return getattr(self._store, name)


def failing_centre():
    centre = Supervised(count=3)
    store = Failing(centre.store)
    centre.losses = Losses(centre.watch, store, centre.clock, centre.journal.record, KEY)
    centre.hear_all()
    return centre, store


def test_loss_that_met_a_bug_is_told_as_soon_as_it_can_be():
    centre, store = failing_centre()
    assert centre.wait(160) == []
    assert 5 < centre.losses.failing_s < 20
    store.fails = lambda ids: False
    assert [(one.type, one.account) for one in centre.wait(2)] == [("TECH-OVERDUE", str(n)) for n in (1, 2, 3)]
    assert centre.losses.failing_s == 0


def test_path_that_no_rule_can_take_holds_up_no_other_and_is_told_as_failing():
    centre, store = failing_centre()
    store.fails = lambda ids: "account-2" in ids
    assert [one.account for one in centre.wait(160)] == ["1", "3"]
    assert centre.losses.failing_s > 5
    centre.hear(2)  # its return waits behind its loss
    assert [one.account for one in centre.wait(2)] == ["1", "3"]
    store.fails = lambda ids: False
    found = centre.wait(2)
    assert {one.account: one.condition for one in found} == {"1": "active", "2": "returned", "3": "active"}
    assert centre.losses.failing_s == 0
    assert centre.findings() == []


def test_fact_that_cannot_be_written_holds_up_no_other():
    centre = Supervised(count=3)
    record = centre.journal.record

    def record_but_one(facts):
        if any("account-1" in str(fact.body) for fact in facts):
            raise ZeroDivisionError("a bug")
        return record(facts)

    centre.losses = Losses(centre.watch, centre.store, centre.clock, record_but_one, KEY)
    centre.hear(1)
    centre.wait(40)
    centre.hear(2)
    centre.hear(3)
    assert [one.account for one in centre.wait(160)] == ["2", "3"]
    assert centre.losses.failing_s > 5
