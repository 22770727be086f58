"""The board holds what is open in the order of the queue, and hands out pages without encoding anything twice."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.fakes import START_US
from support.live import KnownNames, changed, committed, incident, shown
from tocsin.model.errors import BadInput
from tocsin.web.api.types import IncidentPage
from tocsin.web.board import PAGE_INCIDENTS_MAX, Board


class CountingEncoder:
    """Encodes, and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self, value):
        self.times += 1
        return msgspec.json.encode(value)


def make_board(*incidents, head=100, names=None, encode=msgspec.json.encode):
    board = Board(2, names or KnownNames(), encode)
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


@pytest.mark.parametrize(
    "after", ["", "1", "1.0.5", "1.0.5.x", "1.0.5.6.7", "1.0.5.-6", "1.0.5." + "9" * 17, "1.0.5.٣"]
)
def test_what_is_no_place_in_the_queue_is_refused_with_the_remedy(after):
    with pytest.raises(BadInput, match=r"Give `next` of the page before.*\[incidents\.after\]"):
        make_board().page(10, after)


def test_pages_have_the_names_of_places_and_the_stream_has_none():
    names = KnownNames(**{"account-3": "Boiler hall"})
    one = incident(1)
    board = make_board(names=names)
    (update,) = board.apply(committed(101, one))
    assert msgspec.json.decode(update.row) == shown(one)
    (item,) = read(board.page(10)).items
    assert (item.account_name, item.site, item.zone_name) == ("Boiler hall", "site of site-2", "zone 4")
    assert msgspec.to_builtins(item) == shown(one) | {
        "account_name": "Boiler hall",
        "site": "site of site-2",
        "zone_name": "zone 4",
    }


def test_page_after_a_change_of_names_has_the_new_ones():
    names = KnownNames(**{"account-3": 'Boiler "hall"'})
    board = make_board(incident(1), incident(2, account_id=None), names=names)
    assert [item.account_name for item in read(board.page(10)).items] == ['Boiler "hall"', None]
    names.names["account-3"] = "Kessel\u00adhaus 7"
    names.config = 2
    assert [item.account_name for item in read(board.page(10)).items] == ["Kessel\u00adhaus 7", None]


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
