"""The board holds what is open in the order of the queue, and hands out pages without encoding anything twice."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.cores import CoreAtWork
from support.fakes import START_US
from support.live import changed, committed, incident, shown
from tocsin.model.accounts import AccountRow
from tocsin.model.errors import BadInput
from tocsin.model.journal import Fact
from tocsin.web.api.types import IncidentPage
from tocsin.web.board import (
    NAMES_MAX,
    NEWEST_CHANGE_ENTRIES_MAX,
    PAGE_INCIDENTS_MAX,
    Board,
    PlaceKey,
    PlaceName,
    newest_change,
)


class CountingEncoder:
    """Encodes, and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self, value):
        self.times += 1
        return msgspec.json.encode(value)


def make_board(*incidents, head=100, encode=msgspec.json.encode):
    board = Board(2, encode)
    board.load(head, incidents)
    return board


def read(page):
    return msgspec.json.decode(page, type=IncidentPage)


def ids(page):
    return [item.id for item in read(page).items]


def all_pages(board, limit, **options):
    after = None
    while True:
        page = read(board.page(limit, after, **options))
        yield from page.items
        if (after := page.next) is None:
            return


def test_most_urgent_comes_first_then_unclaimed_then_oldest_then_lowest_number():
    ana = {"claimed_by": "user-4", "claimed_at": START_US}
    board = make_board(
        incident(9, priority=2, opened_at=5),
        incident(8, priority=1, opened_at=9, **ana),
        incident(7, priority=1, opened_at=6),
        incident(6, priority=1, opened_at=5),
        incident(5, priority=1, opened_at=6),
        incident(4, priority=4, opened_at=1),
    )
    wanted = ["incident-6", "incident-5", "incident-7", "incident-8", "incident-9", "incident-4"]
    assert ids(board.page(10)) == wanted
    assert [found.id for found in board.all()] == wanted


def test_claim_moves_an_incident_behind_those_of_its_priority_that_nobody_has():
    first, second = incident(1), incident(2)
    board = make_board(first, second)
    board.apply(committed(101, changed(first, 101, claimed_by="user-4", claimed_at=START_US)))
    assert ids(board.page(10)) == ["incident-2", "incident-1"]


def test_closed_incident_leaves_and_reopened_one_comes_back():
    one = incident(1)
    board = make_board(one)
    closed = changed(one, 101, state="closed", closed_by="user-4", closed_at=START_US, disposition="real")
    assert [update.before for update in board.apply(committed(101, closed))] == [one]
    assert (ids(board.page(10)), len(board), board.get("incident-1")) == ([], 0, None)
    again = changed(one, 102, claimed_by="user-4", claimed_at=START_US)
    assert [update.before for update in board.apply(committed(102, again))] == [None]
    assert (ids(board.page(10)), board.get("incident-1")) == (["incident-1"], again)


def test_page_says_how_many_there_are_and_where_the_stream_goes_on():
    board = make_board(*(incident(number) for number in range(1, 8)))
    page = read(board.page(3))
    assert ([item.number for item in page.items], page.total, page.live) == ([1, 2, 3], 7, "2-100")
    board.apply(committed(104, incident(104)))
    assert (read(board.page(3)).live, read(board.page(3)).total) == ("2-104", 8)


@given(st.integers(0, 30), st.integers(1, 12), st.data())
def test_pages_together_are_the_board_whatever_their_size(count, limit, data):
    incidents = [
        incident(
            number,
            priority=data.draw(st.integers(1, 4)),
            opened_at=data.draw(st.integers(0, 3)),
            claimed_by=data.draw(st.sampled_from([None, "user-4"])),
        )
        for number in range(1, count + 1)
    ]
    board = make_board(*incidents)
    assert [item.id for item in all_pages(board, limit)] == [found.id for found in board.all()]


def test_page_behind_an_incident_that_has_gone_meanwhile_goes_on_in_its_place():
    incidents = [incident(number) for number in range(1, 7)]
    board = make_board(*incidents)
    after = read(board.page(3)).next
    board.apply(committed(101, changed(incidents[2], 101, state="closed")))
    assert ids(board.page(10, after)) == ["incident-4", "incident-5", "incident-6"]


def test_page_of_one_site_holds_and_counts_that_site_alone():
    board = make_board(*(incident(number, site_id=f"site-{number % 3}") for number in range(1, 10)))
    assert [item.number for item in all_pages(board, 2, site_id="site-0")] == [3, 6, 9]
    assert read(board.page(2, site_id="site-0")).total == 3


def test_open_incidents_of_some_sites_and_accounts_are_found_the_latest_changed_first():
    places = [("site-1", "account-1"), ("site-2", "account-2"), ("site-1", "account-3"), (None, "account-4")]
    made = [incident(number, site_id=site, account_id=account) for number, (site, account) in enumerate(places, 1)]
    board = make_board(*made)
    assert board.at({"site-1", "account-4"}) == [made[3], made[2], made[0]]
    assert board.at({"account-2"}) == [made[1]]
    assert board.at(set()) == []
    board.apply(committed(101, changed(made[0], 101), changed(made[3], 101, state="closed")))
    assert [one.number for one in board.at({"site-1", "account-4"})] == [1, 3]


@pytest.mark.parametrize(
    "after", ["", "1", "1.0.5", "1.0.5.x", "1.0.5.6.7", "1.0.5.-6", "1.0.5." + "9" * 17, "1.0.5.٣"]
)
def test_what_is_no_place_in_the_queue_is_refused_with_the_remedy(after):
    with pytest.raises(BadInput, match=r"Give `next` of the page before.*\[incidents\.after\]"):
        make_board().page(10, after)


PLACE = PlaceKey("account-3", "site-2", "4")
NAME = PlaceName('Boiler "hall"', "Kessel\u00adhaus 7", None)


def test_pages_have_the_names_that_the_board_was_given_and_the_stream_has_none():
    board = make_board()
    update, _ = board.apply(committed(101, incident(101), incident(100, account_id=None, site_id=None, zone=None)))
    assert board.unnamed(10) == {PLACE}, "a place without ids has no name to ask for"
    board.name(0, {PLACE: NAME})
    assert board.unnamed(10) == set()
    nameless, named = read(board.page(10)).items
    assert msgspec.to_builtins(nameless) == shown(incident(100, account_id=None, site_id=None, zone=None))
    names = {"account_name": NAME.account, "site": NAME.site, "zone_name": None}
    assert msgspec.to_builtins(named) == shown(incident(101)) | names
    assert msgspec.json.decode(update.row) == shown(incident(101))


def test_page_is_given_without_a_name_rather_than_not_at_all():
    board = make_board(incident(1))
    assert [msgspec.to_builtins(item) for item in read(board.page(10)).items] == [shown(incident(1))]


def test_change_of_places_makes_the_board_forget_names_and_take_no_older_ones():
    board = make_board(incident(1))
    board.name(0, {PLACE: NAME})
    board.apply(committed(101, config=7))
    assert (board.unnamed(10), board.config) == ({PLACE}, 7)
    board.name(6, {PLACE: NAME})
    assert board.unnamed(10) == {PLACE}
    board.name(7, {PLACE: PlaceName("new", None, None)})
    assert [item.account_name for item in read(board.page(10)).items] == ["new"]


def test_only_the_places_of_the_page_are_asked_for():
    board = make_board(*(incident(number, account_id=f"account-{number}", zone=None) for number in range(1, 9)))
    wanted = {PlaceKey("account-3", "site-2", None), PlaceKey("account-4", "site-2", None)}
    assert board.unnamed(2, read(board.page(2)).next) == wanted


def test_names_are_not_kept_without_bound():
    board = make_board(incident(1))
    for number in range(3):
        board.name(0, {PlaceKey(f"account-{number}-{other}", None, None): NAME for other in range(NAMES_MAX // 2)})
        assert len(board._names) <= NAMES_MAX
    board.name(0, {PLACE: NAME})
    assert board.unnamed(10) == set()


def test_page_of_ten_thousand_incidents_encodes_nothing_that_has_not_changed():
    encoder = CountingEncoder()
    incidents = [incident(number) for number in range(1, 10_001)]
    board = make_board(*incidents, head=10_000, encode=encoder)
    assert encoder.times == 10_000
    assert len(list(all_pages(board, PAGE_INCIDENTS_MAX))) == 10_000
    board.apply(committed(10_001, changed(incidents[5], 10_001, signals=2)))
    assert len(list(all_pages(board, 500))) == 10_000
    assert encoder.times == 10_001


def test_consoles_that_ask_for_the_same_page_are_given_the_same_bytes():
    board = make_board(*(incident(number) for number in range(1, 5)))
    first = board.page(3)
    assert board.page(3) is first
    board.apply(committed(101, incident(101, priority=1)))
    assert ids(board.page(3)) == ["incident-101", "incident-1", "incident-2"]


def test_newest_change_is_the_last_fact_that_a_screen_shows():
    centre = CoreAtWork()
    centre.signal("FA")
    changed_at = centre.store.head().seq
    for _ in range(3):
        centre.signal("RP")  # filed: nobody sees anything of it
    assert centre.store.head().seq > changed_at
    assert newest_change(centre.store, centre.store.head().seq) == changed_at
    (seq,) = centre.journal.record([Fact(kind="account.set", body=AccountRow(account="4711", config=4))])
    centre.signal("RP")
    assert newest_change(centre.store, centre.store.head().seq) == seq


def test_newest_change_is_looked_for_in_bounds():
    centre = CoreAtWork()
    centre.signal("FA")
    for _ in range(NEWEST_CHANGE_ENTRIES_MAX // 2 + 1):
        centre.signal("RP")
    head = centre.store.head().seq
    assert newest_change(centre.store, head) == head - NEWEST_CHANGE_ENTRIES_MAX
