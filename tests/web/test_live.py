"""The hub tells every console all that changed, in time, once encoded, and waits for none of them."""

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from structlog.testing import capture_logs

from support.fakes import START_US, ManualClock
from support.live import (
    Follower,
    ManualTimers,
    PipeSink,
    ServerEvents,
    changed,
    committed,
    incident,
    shown,
)
from tocsin.model.errors import BadInput, CentreFault, TooMany
from tocsin.web.api.types import Beat, UnknownSummary
from tocsin.web.board import Board
from tocsin.web.live import (
    BEAT_S,
    CUT_S,
    EVENT_BYTES_MAX,
    SLOW_S,
    TICK_S,
    URGENT_S,
    WAITING_BYTES_MAX,
    Hub,
    needs_attention,
    parse_live_id,
    show,
)

ALL = frozenset({"live.read", "unknown.read", "incident.texts"})
EPOCH = 3


class Room:
    """A board and a hub in a time that moves when told, and consoles that follow them."""

    def __init__(self, *incidents, head=100, unchanged_since=None, epoch=EPOCH, clock=None, consoles_max=300, **limits):
        self.clock = clock or ManualClock()
        self.timers = ManualTimers(self.clock)
        self.board = Board(epoch)
        self.board.load(head, incidents)
        self.missing = []
        self.unknown = UnknownSummary(count=2, oldest_at=START_US)
        self.beats_asked = 0
        self.hub = Hub(
            epoch=epoch,
            head=head,
            unchanged_since=head if unchanged_since is None else unchanged_since,
            clock=self.clock,
            timers=self.timers,
            beat=self._beat,
            consoles_max=consoles_max,
            **limits,
        )

    def _beat(self):
        self.beats_asked += 1
        return Beat(now=self.clock.now_us(), missing=list(self.missing), last_signal_at=START_US, unknown=self.unknown)

    def commit(self, seq, *incidents, **more):
        show(committed(seq, *incidents, **more), self.board, self.hub)

    def pages(self, limit=50):
        after, pages = None, []
        while True:
            pages.append(self.board.page(limit, after))
            after = msgspec.json.decode(pages[-1])["next"]
            if after is None:
                return pages

    def connect(self, last=None, rights=ALL, is_allowed=lambda: True):
        return Desk(self, last, rights, is_allowed)

    def loaded(self, **options):
        """A desk that has its snapshot and follows it."""
        pages = self.pages()
        desk = self.connect(msgspec.json.decode(pages[0])["live"], **options)
        desk.follower.load(*pages)
        return desk


class Desk:
    """A console and its connection."""

    def __init__(self, room, last, rights, is_allowed):
        self.room = room
        self.sink = PipeSink()
        self.follower = Follower()
        self._events = ServerEvents()
        self._read = 0
        self.console = room.hub.connect(self.sink, rights, is_allowed, last)
        self.read()

    def read(self):
        """Read whatever has come; return the events."""
        events = self._events.feed(bytes(self.sink.data[self._read :]))
        self._read = len(self.sink.data)
        self.follower.take(events)
        return events

    def names(self):
        return [name for name, _, _ in self.read()]

    def leave(self):
        self.room.hub.disconnect(self.console)

    @property
    def rows(self):
        self.read()
        return self.follower.rows


def rows_of(board):
    return {found.id: shown(found) for found in board.all()}


# In time --------------------------------------------------------------------------------------------------------------


def test_change_reaches_a_desk_at_once_when_nothing_was_written_for_a_while():
    room = Room()
    desk = room.loaded()
    room.commit(104, incident(104))
    (name, id_, delta) = desk.read()[-1]
    assert (name, id_, delta.prev) == ("delta", "3-104", "3-100")
    assert desk.rows == {"incident-104": shown(incident(104))}


def test_what_comes_within_100_ms_of_a_write_is_joined_into_one():
    room = Room()
    desk = room.loaded()
    room.commit(101, incident(101))
    desk.read()
    for seq in range(102, 112):
        room.commit(seq, incident(seq))
        room.timers.advance(0.005)
    assert desk.names() == []
    room.timers.advance(TICK_S)
    assert desk.names() == ["delta"]
    assert desk.rows == rows_of(room.board)
    assert desk.follower.id == "3-111"


def test_a_second_of_changes_is_at_most_ten_writes():
    room = Room()
    desk = room.loaded()
    for number in range(199):
        room.commit(101 + number, incident(101 + number))
        room.timers.advance(0.005)
    assert desk.names().count("delta") == 10
    room.timers.advance(TICK_S)
    assert desk.rows == rows_of(room.board)


def test_priority_1_goes_at_once_with_what_waits_before_it():
    room = Room()
    desk = room.loaded()
    room.commit(101, incident(101))
    room.timers.advance(URGENT_S)
    desk.read()
    room.commit(102, incident(102))
    assert desk.names() == []
    room.commit(103, incident(103, priority=1))
    assert desk.names() == ["delta"]
    assert sorted(desk.rows) == ["incident-101", "incident-102", "incident-103"]


def test_burst_of_priority_1_is_told_within_20_ms_each_and_never_more_often():
    room = Room()
    desk = room.loaded()
    for number in range(1000):
        room.commit(101 + number, incident(101 + number, priority=1))
        room.timers.advance(0.001)
        assert desk.follower.deltas <= number / 1000 / URGENT_S + 1
    room.timers.advance(URGENT_S)
    assert desk.rows == rows_of(room.board)
    assert desk.follower.deltas == pytest.approx(1 / URGENT_S, abs=2)


ONE = incident(1, priority=1, claimed_by="user-4", claimed_at=START_US)


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        pytest.param(None, ONE, True, id="new or reopened"),
        pytest.param(ONE, changed(ONE, 2, signals=2), True, id="a signal joined"),
        pytest.param(changed(ONE, 2, priority=2), ONE, True, id="raised to it"),
        pytest.param(ONE, changed(ONE, 2, claimed_by=None, claimed_at=None), True, id="given back"),
        pytest.param(changed(ONE, 2, claimed_by=None), ONE, False, id="claimed"),
        pytest.param(ONE, changed(ONE, 2), False, id="noted"),
        pytest.param(ONE, changed(ONE, 2, state="closed"), False, id="closed"),
        pytest.param(None, changed(ONE, 2, priority=2), False, id="a new one of priority 2"),
        pytest.param(ONE, changed(ONE, 2, priority=2, signals=2), False, id="no longer priority 1"),
    ],
)
def test_priority_1_goes_at_once_where_somebody_must_look(before, now, wanted):
    assert needs_attention(before, now) is wanted


def test_nothing_runs_while_nobody_listens_and_only_the_beat_while_nothing_changes():
    room = Room()
    room.commit(101, incident(101))
    assert room.timers.waiting == []
    desk = room.loaded()
    room.timers.advance(1)
    assert len(room.timers.waiting) == 1
    room.commit(102, incident(102))
    room.commit(103, incident(103))
    desk.leave()
    assert room.timers.waiting == []


# Once encoded ---------------------------------------------------------------------------------------------------------


def test_consoles_at_one_place_are_given_the_same_bytes():
    room = Room()
    desks = [room.loaded() for _ in range(5)]
    room.commit(101, incident(101))
    assert len({id(desk.sink.writes[-1]) for desk in desks}) == 1


def test_consoles_that_come_back_together_share_what_they_missed():
    room = Room()
    early = [room.loaded() for _ in range(3)]
    for desk in early:
        desk.leave()
    for seq in range(101, 700):
        room.commit(seq, incident(seq))
    back = [room.connect("3-100") for _ in range(3)]
    late = room.connect("3-110")
    room.timers.advance(1)
    assert len(back[0].sink.writes) > 3, "a beat, and several events"
    assert [id(one) for one in back[0].sink.writes[1:]] == [id(one) for one in back[2].sink.writes[1:]]
    # Who missed less has another first event, and shares the others.
    assert [id(one) for one in back[0].sink.writes[2:]] == [id(one) for one in late.sink.writes[2:]]


def test_what_was_joined_is_kept_no_longer_than_it_is_good_for():
    room = Room()
    desk = room.loaded()
    for seq in range(101, 400):
        room.commit(seq, incident(seq))
        room.timers.advance(TICK_S)
        assert len(room.hub._joined) <= 1
    assert desk.rows == rows_of(room.board)


def test_of_several_changes_of_one_incident_the_last_is_told():
    room = Room()
    desk = room.loaded()
    room.commit(101, incident(101))
    room.commit(102, changed(incident(101), 102, signals=2), personal=["incident-101"])
    room.commit(103, changed(incident(101), 103, signals=3), personal=["incident-101"])
    room.timers.advance(TICK_S)
    (_, id_, delta) = desk.read()[-1]
    assert (id_, [change.incident and change.incident.signals for change in delta.changes]) == ("3-103", [3, None])


# Missed and taken up again --------------------------------------------------------------------------------------------


def test_desk_that_was_away_takes_up_where_it_was():
    room = Room()
    desk = room.loaded()
    room.commit(101, incident(101))
    desk.read()
    desk.leave()
    room.commit(105, incident(105))
    room.commit(109, changed(incident(101), 109, state="closed"), config=7)
    again = room.connect(desk.follower.id)
    desk.follower.take(ServerEvents().feed(again.sink.writes[-1]))
    assert desk.follower.rows == rows_of(room.board) == {"incident-105": shown(incident(105))}
    assert (desk.follower.id, desk.follower.config, again.follower.resets) == ("3-109", 7, [])


def test_desk_that_missed_nothing_is_told_nothing():
    room = Room()
    assert room.connect("3-100").sink.writes == [room.connect("3-100").sink.writes[0]]


def test_desk_that_comes_between_two_writes_misses_nothing_and_sees_nothing_twice():
    room = Room()
    first = room.loaded()
    room.commit(101, incident(101))
    room.commit(102, incident(102))  # waits
    second = room.loaded()
    room.commit(103, incident(103))  # waits with it
    room.timers.advance(TICK_S)
    (_, id_, delta) = second.read()[-1]
    assert (id_, delta.prev, [change.incident.id for change in delta.changes]) == ("3-103", "3-102", ["incident-103"])
    (_, id_, delta) = first.read()[-1]
    assert (id_, delta.prev, len(delta.changes)) == ("3-103", "3-101", 2)
    assert first.rows == second.rows == rows_of(room.board)


@pytest.mark.parametrize(
    ("last", "reason"),
    [("2-105", "epoch"), ("4-105", "epoch"), ("3-99", "gap"), ("3-111", "gap"), ("3-9999999999999999", "gap")],
)
def test_desk_whose_place_is_not_known_is_reset_and_goes_on_from_now(last, reason):
    room = Room(head=100)
    room.commit(110, incident(110))
    desk = room.connect(last)
    assert desk.follower.resets == [reason]
    assert room.hub.resets[reason] == 1
    desk.follower.load(*room.pages())
    room.commit(112, incident(112))
    room.timers.advance(TICK_S)
    assert desk.rows == rows_of(room.board)


def test_desk_that_fell_out_of_the_ring_is_reset_and_one_at_its_edge_is_not():
    room = Room(ring_entries_max=5)
    for seq in range(101, 111):
        room.commit(seq, incident(seq))
    assert room.connect("3-104").follower.resets == ["gap"]
    assert room.connect("3-105").follower.resets == []
    assert room.connect("3-105").follower.deltas == 1


def test_desk_is_reset_where_more_happens_within_a_tick_than_the_ring_holds():
    room = Room(ring_entries_max=5)
    desk = room.loaded()
    for seq in range(101, 111):
        room.commit(seq, incident(seq))
    assert desk.names() == ["delta"]
    room.timers.advance(TICK_S)
    assert (desk.names(), desk.follower.resets) == (["reset"], ["gap"])


def test_ring_is_bounded_in_bytes_too():
    room = Room(ring_bytes_max=20_000)
    for seq in range(101, 201):
        room.commit(seq, incident(seq))
    kept = [seq for seq in range(100, 201) if room.connect(f"3-{seq}").follower.resets == []]
    assert 10 < len(kept) < 40
    assert kept[-1] == 200


def test_after_a_restart_a_desk_that_missed_nothing_is_not_reset():
    # The stop, the start and signals that were filed moved the journal's end, and nothing that is seen.
    room = Room(incident(90), head=100, unchanged_since=90)
    before = msgspec.json.encode({"items": [shown(incident(90))], "live": "3-90"})
    desks = [room.connect(last) for last in ("3-90", "3-95", "3-100")]
    for desk in desks:
        desk.follower.load(before.replace(b"3-90", b"3-%d" % desk.console.at))
    room.commit(101, incident(101))
    assert [(desk.follower.resets, desk.rows) for desk in desks] == [([], rows_of(room.board))] * 3
    assert room.connect("3-89").follower.resets == ["gap"]


def test_desk_without_an_id_is_told_from_now_on_and_may_load_its_snapshot_later():
    room = Room(incident(1))
    desk = room.connect()
    room.commit(101, incident(101))
    room.commit(102, changed(incident(1), 102, state="closed"))
    pages = room.pages()
    room.timers.advance(TICK_S)
    desk.follower.load(*pages)
    assert desk.rows == rows_of(room.board)


@pytest.mark.parametrize(
    "text", ["", "3", "3-", "-3", "3-4-5", "a-b", "3-+4", "3-4 ", "٣-4", "1" * 17 + "-1", "9" * 40]
)
def test_what_is_no_live_id_is_refused_with_the_remedy(text):
    with pytest.raises(BadInput, match=r"Give the id of the last event.*\[live\.id\]"):
        parse_live_id(text)


def test_seq_that_does_not_rise_resets_everybody_rather_than_be_missed():
    room = Room()
    desk = room.loaded()
    with capture_logs() as logs:
        room.commit(100, incident(99))
    assert desk.names() == ["reset"]
    assert [log["event"] for log in logs] == ["live.seq_not_rising"]
    desk.follower.load(*room.pages())
    room.commit(101, incident(101))
    assert desk.rows == rows_of(room.board)


# Slow ones ------------------------------------------------------------------------------------------------------------


def flood(room, events, bytes_each=2_000):
    for _ in range(events):
        seq = room.board.head + 1
        room.commit(seq, incident(seq, type="X" * bytes_each))
        room.timers.advance(TICK_S)


def test_desk_that_takes_nothing_is_never_buffered_without_bound_and_holds_up_nobody():
    room = Room()
    slow, quick = room.loaded(), room.loaded()
    slow.sink.is_stuck = True
    flood(room, 300)
    assert quick.rows == rows_of(room.board)
    assert slow.sink.waiting_most <= WAITING_BYTES_MAX


def test_slow_desk_is_reset_as_soon_as_it_takes_what_waits_and_goes_on_from_now():
    room = Room()
    desk = room.loaded()
    desk.sink.is_stuck = True
    while not desk.console.is_slow:
        flood(room, 1, 20_000)
    assert desk.names().count("reset") == 0
    desk.sink.take()
    flood(room, 1)
    assert desk.names()[-1] == "reset"
    assert (desk.follower.resets, room.hub.resets["slow"], room.hub.consoles) == (["slow"], 1, 1)
    desk.follower.load(*room.pages())
    flood(room, 3)
    assert desk.rows == rows_of(room.board)


def test_desk_that_is_behind_for_a_moment_is_told_what_it_missed_and_not_reset():
    room = Room()
    desk = room.loaded()
    desk.sink.is_stuck = True
    while desk.console.blocked_since_s is None:
        flood(room, 1, 20_000)
    room.timers.advance(SLOW_S / 2)
    desk.sink.take()
    room.timers.advance(TICK_S)
    assert (desk.rows, desk.follower.resets) == (rows_of(room.board), [])


def test_desk_that_takes_nothing_for_10_s_is_cut_off():
    room = Room()
    desk = room.loaded()
    desk.sink.is_stuck = True
    while not desk.console.is_slow:
        flood(room, 1, 20_000)
    since_s = desk.console.blocked_since_s
    while room.hub.consoles and room.clock.monotonic_s() < since_s + 60:
        room.timers.advance(TICK_S)
    assert desk.sink.end_state == "cut"
    assert CUT_S <= room.clock.monotonic_s() - since_s <= CUT_S + 2 * TICK_S
    assert room.hub.resets["slow"] == 1
    assert room.timers.waiting == []


def test_what_was_missed_is_given_as_it_is_taken_and_never_all_at_once():
    room = Room()
    for _ in range(400):
        seq = room.board.head + 1
        room.commit(seq, incident(seq, type="X" * 5_000))
    desk = room.connect("3-100")
    desk.sink.is_stuck = True
    desk.sink.waiting = len(desk.sink.data)
    desk.follower.load(*Room().pages())
    for _ in range(60):
        assert desk.sink.waiting <= WAITING_BYTES_MAX + EVENT_BYTES_MAX
        desk.sink.waiting = max(0, desk.sink.waiting - 100_000)
        room.timers.advance(TICK_S)
    replay = Follower()
    replay.load(*Room().pages())
    replay.take(ServerEvents().feed(bytes(desk.sink.data)))
    assert replay.rows == rows_of(room.board)
    assert replay.resets == []


def test_a_change_larger_than_what_may_wait_is_told_to_a_desk_that_takes_its_bytes():
    room = Room()
    desk = room.loaded()
    room.commit(101, *(incident(number, id=f"incident-{number}") for number in range(1, 1_001)))
    assert len(desk.sink.data) > 2 * WAITING_BYTES_MAX
    assert desk.rows == rows_of(room.board)


# Rights and numbers ---------------------------------------------------------------------------------------------------


def test_beat_comes_at_once_and_every_2_s_without_an_id():
    room = Room()
    desk = room.connect()
    room.missing = ["the disk is full"]
    room.timers.advance(BEAT_S)
    assert desk.names() == ["beat"]
    assert desk.follower.beats == [
        Beat(now=START_US, missing=[], last_signal_at=START_US, unknown=room.unknown),
        Beat(now=START_US + 2_000_000, missing=room.missing, last_signal_at=START_US, unknown=room.unknown),
    ]


def test_beat_is_made_once_for_all_desks():
    room = Room()
    desks = [room.connect() for _ in range(20)]
    asked = room.beats_asked
    room.timers.advance(BEAT_S)
    assert room.beats_asked == asked + 1
    assert len({id(desk.sink.writes[-1]) for desk in desks}) == 1


def test_unknown_accounts_are_told_only_to_those_who_may_see_them():
    room = Room()
    desk, other = room.connect(), room.connect(rights=frozenset({"live.read", "incident.texts"}))
    room.timers.advance(BEAT_S)
    desk.read(), other.read()
    assert [beat.unknown for beat in desk.follower.beats] == [room.unknown] * 2
    assert [beat.unknown for beat in other.follower.beats] == [None] * 2


def test_changes_of_texts_are_told_only_to_those_who_may_read_them():
    room = Room()
    desk, other = room.loaded(), room.loaded(rights=frozenset({"live.read"}))
    room.commit(101, incident(101), personal=["incident-101"])
    assert desk.rows == other.rows == rows_of(room.board)
    assert (desk.follower.personal, other.follower.personal) == ({"incident-101"}, set())
    room.commit(102, personal=["incident-101"])  # nothing for the other but that its place has moved
    room.timers.advance(TICK_S)
    desk.read(), other.read()
    assert desk.follower.id == other.follower.id == "3-102"


def test_desk_whose_rights_end_is_reset_and_ended_within_2_s():
    room = Room()
    allowed = [True]
    desk, other = room.loaded(is_allowed=lambda: allowed[0]), room.loaded()
    room.timers.advance(1.9)
    allowed[0] = False
    room.timers.advance(BEAT_S)
    assert (desk.names()[-1], desk.follower.resets, desk.sink.end_state) == ("reset", ["rights"], "ended")
    assert (room.hub.consoles, other.sink.end_state) == (1, None)


def test_console_beyond_the_limit_is_refused_with_the_remedy_and_a_place_that_is_free_again_is_given():
    room = Room(consoles_max=3)
    desks = [room.connect() for _ in range(3)]
    with pytest.raises(TooMany, match=r"3 consoles are connected, the limit.*web\.consoles_max.*\[live\.consoles\]"):
        room.connect()
    assert room.hub.consoles == 3
    desks[1].leave()
    desks[1].leave()
    room.connect()
    assert room.hub.consoles == 3


def test_stop_ends_every_stream_and_takes_no_more():
    room = Room()
    desks = [room.connect() for _ in range(3)]
    room.hub.close()
    assert [desk.sink.end_state for desk in desks] == ["ended"] * 3
    assert (room.hub.consoles, room.timers.waiting) == (0, [])
    with pytest.raises(CentreFault, match=r"stopping.*Try again.*\[live\.stopping\]") as stopping:
        room.connect()
    assert not stopping.value.permanent
    room.commit(101, incident(101))  # what is still committed harms nobody


# Whatever happens -----------------------------------------------------------------------------------------------------


class AnyRoom(RuleBasedStateMachine):
    """Whatever changes, and whoever comes, goes, is stuck or comes back: by the rules everybody ends with the board."""

    def __init__(self):
        super().__init__()
        self.clock = ManualClock()
        self.seq = 100
        self.incidents = {}
        self.last_change = 100
        self.epoch = EPOCH
        self.desks = []
        self.away = []
        self._new_room()

    def _new_room(self):
        open_ = [found for found in self.incidents.values() if found.state == "open"]
        self.room = Room(
            *open_,
            head=self.seq,
            unchanged_since=self.last_change,
            epoch=self.epoch,
            clock=self.clock,
            ring_entries_max=12,
            consoles_max=8,
        )

    def _commit(self, incidents, step, **more):
        for found in incidents:
            self.incidents[found.id] = found
        self.seq = self.last_change = max([self.seq + step, *(found.version for found in incidents)])
        self.room.commit(self.seq, *incidents, **more)

    @rule(priority=st.integers(1, 4), step=st.integers(1, 3))
    def open_one(self, priority, step):
        self._commit([incident(self.seq + 1, priority=priority)], step)

    @precondition(lambda self: self.incidents)
    @rule(data=st.data(), step=st.integers(1, 3))
    def change_one(self, data, step):
        found = self.incidents[data.draw(st.sampled_from(sorted(self.incidents)))]
        fields = data.draw(
            st.sampled_from(
                [
                    {"signals": found.signals + 1},
                    {"state": "closed"},
                    {"state": "open", "claimed_by": "user-4", "claimed_at": START_US},
                    {"claimed_by": None, "claimed_at": None},
                    {"priority": 1},
                ]
            )
        )
        personal = data.draw(st.sampled_from([(), (found.id,)]))
        self._commit([changed(found, self.seq + 1, **fields)], step, personal=personal)

    @rule(step=st.integers(1, 3))
    def change_places(self, step):
        self._commit([], step, config=self.seq)

    @rule(seconds=st.sampled_from([0.001, 0.03, 0.1, 0.5, 3.0]))
    def wait(self, seconds):
        self.room.timers.advance(seconds)

    @precondition(lambda self: len(self.desks) < 6)
    @rule(limit=st.integers(1, 5))
    def load_and_connect(self, limit):
        pages = self.room.pages(limit)
        desk = self.room.connect(msgspec.json.decode(pages[0])["live"])
        desk.follower.load(*pages)
        self.desks.append(desk)

    @precondition(lambda self: len(self.desks) < 6)
    @rule()
    def connect_and_load_later(self):
        self.desks.append(self.room.connect())

    @precondition(lambda self: self.desks)
    @rule(data=st.data())
    def leave(self, data):
        desk = self.desks.pop(data.draw(st.integers(0, len(self.desks) - 1)))
        desk.read()
        desk.leave()
        if not desk.follower.needs_snapshot:
            self.away.append(desk.follower)

    @precondition(lambda self: self.away and len(self.desks) < 6)
    @rule(data=st.data())
    def come_back(self, data):
        follower = self.away.pop(data.draw(st.integers(0, len(self.away) - 1)))
        desk = self.room.connect(follower.id)
        follower.take(ServerEvents().feed(bytes(desk.sink.data)))
        desk.follower = follower
        self.desks.append(desk)

    @precondition(lambda self: self.desks)
    @rule(data=st.data())
    def snapshot_where_one_is_needed(self, data):
        self._settle(data.draw(st.integers(1, 5)))

    @rule(epoch_is_new=st.booleans())
    def restart(self, epoch_is_new):
        self.epoch += epoch_is_new
        for desk in self.desks:
            desk.read()
        self.room.hub.close()
        self.away += [desk.follower for desk in self.desks if not desk.follower.needs_snapshot]
        self.desks = []
        self.seq += 2  # stop and start stand in the journal, and change nothing that is seen
        self._new_room()

    def _settle(self, limit):
        for desk in self.desks:
            desk.read()
            if desk.follower.needs_snapshot:
                desk.follower.load(*self.room.pages(limit))

    @invariant()
    def deltas_follow_each_other(self):
        for desk in self.desks:
            desk.read()  # the follower itself complains of a broken chain

    def teardown(self):
        self.room.timers.advance(TICK_S)
        self._settle(3)
        for desk in self.desks:
            assert desk.rows == rows_of(self.room.board)
        for follower in self.away:
            if len(self.desks) == 8:
                break
            back = self.room.connect(follower.id)
            follower.take(ServerEvents().feed(bytes(back.sink.data)))
            if follower.needs_snapshot:
                follower.load(*self.room.pages())
            assert follower.rows == rows_of(self.room.board)
            back.leave()


AnyRoom.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_whatever_happens_everybody_ends_with_what_the_board_shows = AnyRoom.TestCase
