"""When each path was last heard: over restarts, without addresses, whole or not at all."""

import resource

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.fakes import SECOND, START_US, ManualClock
from tocsin.centre import last_seen
from tocsin.centre.categories import shipped_categories
from tocsin.centre.last_seen import write_atomically
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import NEVER, Watch
from tocsin.model.accounts import AccountPolicy

KEY = b"k" * 32


def policy(n, category="SP4"):
    return AccountPolicy(
        id=f"account-{n}", account=str(n), receiver=None, line=None, key=None, late_max_s=40, early_max_s=20,
        duplicate_window_us=300_000_000, panel_time_zone=None, poll_602=False, carried_by=None, category=category,
    )  # fmt: skip


def watch(key=KEY, clock=None, categories=("SP4", "SP4")):
    made = Watch(key, clock or ManualClock(), shipped_categories())
    made.use(AccountSnapshot([policy(n, one) for n, one in enumerate(categories, 1)], 1))
    return made


def encode(watched, clock):
    return last_seen.encode(watched, clock.now_us(), clock.monotonic_s())


def test_file_holds_no_address_and_none_that_another_centre_could_recognise():
    digests = []
    for key in (KEY, b"x" * 32):
        clock = ManualClock()
        watched = watch(key, clock)
        watched.note(0, None, 0, "udp", "192.0.2.77", is_poll=True)
        watched.note(1, None, 0, "udp", "2001:db8::77", is_poll=True)
        data = encode(watched, clock)
        assert not any(part in data for part in (b"192.0.2", b"2001", b"db8"))
        digests += last_seen.read(data).digest
    assert len(set(digests)) == 4


def test_file_tells_when_each_path_was_heard_and_nothing_of_who_never_was():
    clock = ManualClock()
    watched = watch(clock=clock, categories=("DP4", "SP4", "SP4"))
    watched.note(0, 1, 0, "tcp", "192.0.2.1", is_poll=True)
    clock.advance(10)
    watched.note(0, 1, 0, "udp", "192.0.2.1", is_poll=True)
    watched.note(2, None, None, "tcp", "192.0.2.1", is_poll=True)
    clock.advance(5)
    paths = last_seen.read(encode(watched, clock))
    assert paths.saved_at == START_US + 15 * SECOND
    found = [
        (n, at, paths.routes[route]) for n, at, route in zip(paths.account, paths.heard_at, paths.route, strict=True)
    ]
    assert sorted(found) == [
        (1, START_US, (1, 0, "tcp")), (1, START_US + 10 * SECOND, (1, 0, "udp")),
        (3, START_US + 10 * SECOND, (None, None, "tcp")),
    ]  # fmt: skip


def test_file_of_an_earlier_release_is_read():
    seen = [
        ("account-1", None, 0, "tcp", "00ff", START_US - 100 * SECOND),
        ("account-1", None, 0, "udp", "00fe", START_US - 50 * SECOND),
        ("account-9", None, 0, "udp", "00fe", START_US),
    ]
    data = msgspec.json.encode({"v": 1, "saved_at": START_US, "seen": seen})
    watched = watch()
    assert last_seen.restore(watched, data, START_US + 20 * SECOND) == 20.0
    assert (watched.heard[0], watched.heard[1]) == (-70.0, NEVER)  # the newest of its paths


BROKEN = [b'{"v":3,"saved_at":1}', b'{"v":1}', b'{"v":2}', b"[]", b"null"]


@given(st.binary(max_size=60) | st.sampled_from(BROKEN))
def test_broken_file_is_refused_whole(data):
    watched = watch()
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's is one, with words of its own
        last_seen.restore(watched, data, START_US)
    assert watched.paths_heard == 0


@pytest.mark.parametrize(
    "spoilt",
    [{"route": b"\x05\0\0\0"}, {"heard_at": b""}, {"heard_at": b"123"}, {"learnt_s": b"\0\0\xc0\x7f"}, {"routes": []}],
)
def test_file_whose_columns_do_not_fit_is_refused_whole(spoilt):
    clock = ManualClock()
    watched = watch(clock=clock)
    watched.note(0, None, 0, "udp", "192.0.2.77", is_poll=True)
    file = msgspec.json.decode(encode(watched, clock), type=last_seen.LastSeenFile)
    data = msgspec.json.encode(msgspec.structs.replace(file, **spoilt))
    fresh = watch()
    with pytest.raises(ValueError):  # noqa: PT011 - of several modules, each with words of its own
        last_seen.restore(fresh, data, START_US)
    assert fresh.paths_heard == 0


def test_sender_with_ever_new_addresses_fills_neither_memory_nor_file():
    clock = ManualClock()
    watched = watch(clock=clock, categories=("DP4", "SP4"))
    for n in range(200):
        for slot in (0, 1):
            watched.note(slot, None, 0, "udp", f"192.0.2.{n}", is_poll=True)
    assert (watched.size, len(last_seen.read(encode(watched, clock)).account)) == (3, 3)


def test_file_is_replaced_whole(tmp_path):
    path = tmp_path / "last-seen.json"
    write_atomically(path, b"old")
    write_atomically(path, b"new and longer")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, b"new and longer")]


def test_write_that_fails_half_way_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "last-seen.json"
    write_atomically(path, b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_atomically(path, b"x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, b"old")]


def overdue_after_s(watched, clock):
    """After how many seconds of silence it goes missing."""
    seconds = 0
    while not watched.scan().lost:
        clock.advance(1)
        seconds += 1
        assert seconds < 1_000, "it is never missed"
    return seconds


def silent_for_130_s(clock):
    """A path that may be silent for 180 s."""
    watched = watch(clock=clock, categories=("SP4",))
    watched.note(0, None, 0, "tcp", "192.0.2.7", is_poll=True)
    for _ in range(130):
        clock.advance(1)
        watched.scan()
    return watched


@pytest.mark.parametrize(("is_whole", "left_s"), [(True, 49), (False, 104)])
def test_after_a_kill_each_path_has_the_time_of_one_more_poll(is_whole, left_s):
    """What was heard in the last minute is in no file: nobody is overdue by that."""
    clock = ManualClock()
    data = encode(silent_for_130_s(clock), clock)
    fresh = watch(clock=clock, categories=("SP4",))
    last_seen.restore(fresh, data, clock.now_us(), is_whole=is_whole)
    assert overdue_after_s(fresh, clock) == left_s


def test_file_that_the_end_had_no_room_for_is_not_taken_for_whole():
    clock = ManualClock()
    data = last_seen.encode(silent_for_130_s(clock), clock.now_us(), clock.monotonic_s(), is_whole=False)
    fresh = watch(clock=clock, categories=("SP4",))
    last_seen.restore(fresh, data, clock.now_us())
    assert overdue_after_s(fresh, clock) == 104


def test_an_outage_of_ours_is_not_forgotten_at_a_restart_after_it():
    clock = ManualClock()
    watched = silent_for_130_s(clock)
    clock.advance(300)
    assert not watched.scan().lost  # held up by us
    fresh = watch(clock=clock, categories=("SP4",))
    last_seen.restore(fresh, encode(watched, clock), clock.now_us())
    assert overdue_after_s(fresh, clock) == 49
