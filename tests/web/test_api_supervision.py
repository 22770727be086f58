"""The board of supervision over the API: numbers, rows, filters, pages, and what many have in common."""

import msgspec
import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.incidents import incident
from support.web import Site
from tocsin.centre.site_tests import Wanted
from tocsin.model.supervision import Outage
from tocsin.rules.supervision import point_of

ACCOUNTS = b"""account,site,category,supervision_interval_s,paths
1,Mill,SP4,60,first: GSM
2,Mill,SP4,,
3,,DP4,,second: line over the clinic's network
4,,,,
5,,,off,
6,,,,
"""


@pytest.fixture
def site(tmp_path):
    clock = ManualClock()
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(ACCOUNTS)
    made.watch.use(made.held.centre.snapshot())
    made.watch.scan()
    yield made
    made.close()


def hear(site, number, host="192.0.2.1"):
    policy = site.held.centre.snapshot().find(None, None, number)
    site.watch.note(policy.slot, 1, 0, "udp", host, is_poll=True)


def wait(site, seconds):
    for _ in range(seconds):
        site.clock.advance(1)
        found = site.watch.scan()
        site.losses.found(found)
    site.losses.work()


@pytest.fixture
def seen(site):
    for number in ("1", "2", "3", "6"):
        hear(site, number)
    hear(site, "3", "198.51.100.4")
    wait(site, 100)
    hear(site, "2")
    wait(site, 60)
    return site.signed_in("operator")


def rows(client, query=""):
    answer = client.get(f"/api/v1/supervision/accounts{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_board_counts_accounts_by_category_and_state(seen):
    answer = seen.get("/api/v1/supervision").json()
    told = {
        one["category"]: {name: one[name] for name in ("watched", "on_time", "missing", "one_path_lost", "never_heard",
                                                        "learning", "off")}
        for one in answer["categories"]
    }  # fmt: skip
    nothing = dict.fromkeys(told["SP4"], 0)
    assert told == {
        "SP4": nothing | {"watched": 2, "on_time": 1, "missing": 1},
        "DP4": nothing | {"watched": 1, "one_path_lost": 1},
        None: nothing | {"never_heard": 1, "learning": 1, "off": 1},
    }
    (sp4,) = [one for one in answer["categories"] if one["category"] == "SP4"]
    assert (sp4["oldest_account"], sp4["oldest_s"], sp4["oldest_site"]) == ("1", 160, "Mill")
    assert (sp4["limit_s"], sp4["is_confirmed"], answer["is_grace"], answer["moved_s"]) == (180, False, False, 0)


def test_rows_show_what_needs_a_person_first_and_all_when_asked(seen):
    page = rows(seen)
    assert [(row["account"], row["state"]) for row in page["items"]] == [("1", "missing"), ("3", "one_path_lost")]
    assert (page["total"], page["next"]) == (2, None)
    (first, second) = page["items"]
    assert (first["site"], first["interval_s"], first["is_learnt"], first["is_tight"]) == ("Mill", 60, False, False)
    assert [path["name"] for row in (first, second) for path in row["paths"]] == [
        "GSM", None, "line over the clinic's network"
    ]  # fmt: skip
    assert [(path["path"], path["silent_s"], path["is_missing"], path["network"]) for path in second["paths"]] == [
        ("primary", 160, True, "192.0.2.0/24"), ("alternative", 160, False, "198.51.100.0/24")
    ]  # fmt: skip
    states = {row["account"]: row["state"] for row in rows(seen, "?state=on_time,learning,never_heard,off")["items"]}
    assert states == {"2": "on_time", "6": "learning", "4": "never_heard", "5": "off"}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?state=missing&category=SP4", ["1"]),
        ("?state=missing&category=DP4", []),
        ("?state=on_time,missing,one_path_lost&receiver=1", ["1", "3", "2"]),
        ("?state=on_time,missing&receiver=2", []),
        ("?state=missing,on_time&network=192.0.2.0/24", ["1", "2"]),
        ("?state=missing,on_time&network=203.0.113.0/24", []),
        ("?state=learning,never_heard,off&category=-", ["6", "4", "5"]),
    ],
)
def test_rows_are_filtered_by_the_centre(seen, query, numbers):
    assert [row["account"] for row in rows(seen, query)["items"]] == numbers


def test_rows_are_cut_into_pages(seen):
    every = "state=missing,one_path_lost,on_time,learning,never_heard,off&limit=2"
    numbers, after = [], ""
    while after is not None:
        page = rows(seen, f"?{every}{after and f'&after={after}'}")
        numbers += [row["account"] for row in page["items"]]
        after = page["next"]
        assert page["total"] == 6
    assert numbers == ["1", "3", "2", "6", "4", "5"]


def test_row_names_the_incident_of_its_outage(site, seen):
    account = site.held.centre.snapshot().find(None, None, "1").id
    with site.held.store.transaction() as transaction:
        transaction.put_outages(
            [Outage(account_id=account, path="only", heard_at=1, since=2, seq=3, group=None, incident="incident-9")]
        )
    (row, _) = rows(seen)["items"]
    assert (row["incident"], row["incident_number"], row["since"]) == ("incident-9", None, 2)


def test_state_that_no_account_can_have_is_refused(seen):
    answer = seen.get("/api/v1/supervision/accounts?state=missing,asleep")
    assert (answer.status_code, answer.json()["code"]) == (400, "supervision.state")


def test_centre_without_accounts_has_an_empty_board(tmp_path):
    site = Site(make_folder(tmp_path / "centre"))
    client = site.signed_in("supervisor")
    assert client.get("/api/v1/supervision").json()["categories"] == []
    assert rows(client)["items"] == []
    site.close()


def test_account_on_test_is_marked_on_the_board_until_when(seen, site):
    accounts = {one.row.account: one for one in site.held.store.accounts()}
    until = site.clock.now_us() + 3_600_000_000

    def begin(**place):
        wanted = {
            "account_id": None, "asked_by": "staff", "company": None, "live": (), "not_live": (), "partition": None,
            "reason": "maintenance", "site_id": None, "until": until, "zones": (),
        }  # fmt: skip
        site.held.centre.site_tests.begin(Wanted(**(wanted | place)), "user-1")

    begin(account_id=accounts["3"].id, zones=("1",))  # of a zone alone
    begin(site_id=accounts["1"].row.site_id)
    items = rows(seen, "?state=on_time,late,missing,one_path_lost,all_paths_lost,learning,never_heard,off")["items"]
    assert {one["account"]: one["on_test_until"] for one in items} == {
        "1": until, "2": until, "3": None, "4": None, "5": None, "6": None
    }  # fmt: skip
    assert seen.get("/api/v1/supervision").json()["on_test"] == 2


def test_accounts_of_one_incident_are_listed_all_by_pages_also_one_that_was_heard_again(seen, site):
    numbers = {number: site.held.centre.snapshot().find(None, None, number).id for number in ("1", "2", "3")}
    points = tuple(point_of(number, id_, "only", "TECH-RECEIVER") for number, id_ in numbers.items())
    lost = incident(9, origin="centre", type="TECH-RECEIVER", reason="lost_receiver", account=None)
    lost = msgspec.structs.replace(lost, points=points)
    with site.held.store.transaction() as transaction:
        transaction.put_incidents([lost, incident(8)])
    told, after = [], ""
    while after is not None:
        page = rows(seen, f"?incident={lost.id}&limit=2{after and f'&after={after}'}")
        told += [(row["account"], row["state"]) for row in page["items"]]
        after = page["next"]
        assert page["total"] == 3
    assert told == [("1", "missing"), ("3", "one_path_lost"), ("2", "on_time")]
    assert [row["account"] for row in rows(seen, f"?incident={lost.id}&state=missing")["items"]] == ["1"]


@pytest.mark.parametrize("id_", ["incident-8", "incident-77"])
def test_of_an_incident_about_something_else_and_of_none_nothing_is_told(seen, site, id_):
    with site.held.store.transaction() as transaction:
        transaction.put_incidents([incident(8)])
    answer = seen.get(f"/api/v1/supervision/accounts?incident={id_}")
    assert (answer.status_code, answer.json()["code"]) == (400, "supervision.incident")
