"""When each path was last heard: over restarts, without addresses, within bounds."""

import resource

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.centre.last_seen import PATHS_MAX, LastSeen, LastSeenFile, write_atomically

KEY = b"k" * 32


def test_account_was_last_heard_on_any_of_its_paths():
    seen = LastSeen(KEY)
    seen.note("account-1", None, 0, "tcp", "192.0.2.1", 10)
    seen.note("account-1", None, 0, "udp", "192.0.2.1", 30)
    seen.note("account-1", None, 0, "tcp", "192.0.2.1", 20)
    seen.note("account-2", 1, 0, "tcp", "192.0.2.1", 5)
    assert (seen.newest(), len(seen)) == ({"account-1": 30, "account-2": 5}, 3)


def test_restart_goes_on_from_the_file_and_newer_times_win():
    first = LastSeen(KEY)
    first.note("account-1", None, 0, "tcp", "192.0.2.1", 10)
    first.note("account-2", None, 0, "tcp", "192.0.2.2", 11)
    second = LastSeen(KEY)
    assert second.restore(first.encode(15)) == 15
    assert (second.newest(), len(second)) == ({"account-1": 10, "account-2": 11}, 0)
    second.note("account-1", None, 0, "tcp", "192.0.2.1", 20)
    third = LastSeen(KEY)
    assert third.restore(second.encode(25)) == 25
    assert third.newest() == {"account-1": 20, "account-2": 11}
    file = msgspec.json.decode(third.encode(26), type=LastSeenFile)
    assert [(row[0], row[5]) for row in file.seen] == [("account-1", 20), ("account-2", 11)]


def test_file_holds_no_address_and_none_that_another_centre_could_recognise():
    here, elsewhere = LastSeen(KEY), LastSeen(b"x" * 32)
    for seen in (here, elsewhere):
        seen.note("account-1", None, None, "udp", "192.0.2.77", 10)
        seen.note("account-1", None, None, "udp", "2001:db8::77", 10)
    data = here.encode(10)
    assert not any(part in data for part in (b"192.0.2", b"2001", b"db8"))
    digests = [{row[4] for row in msgspec.json.decode(s.encode(10), type=LastSeenFile).seen} for s in (here, elsewhere)]
    assert len(digests[0] | digests[1]) == 4


def test_sender_with_ever_new_addresses_fills_neither_memory_nor_file():
    seen = LastSeen(KEY)
    for at in range(1, 200):
        seen.note("account-1", None, 0, "udp", f"192.0.2.{at}", at)
    seen.note("account-2", None, 0, "udp", "192.0.2.1", 1)
    assert (len(seen), seen.newest()) == (PATHS_MAX + 1, {"account-1": 199, "account-2": 1})
    again = LastSeen(KEY)
    again.restore(seen.encode(200))
    for at in range(300, 300 + PATHS_MAX):
        again.note("account-1", None, 0, "tcp", f"198.51.100.{at}", at)
    file = msgspec.json.decode(again.encode(400), type=LastSeenFile)
    assert [row[5] for row in file.seen if row[0] == "account-1"] == list(range(300, 300 + PATHS_MAX))


def test_path_heard_again_outlives_new_ones():
    seen = LastSeen(KEY)
    for at in range(1, 200):
        seen.note("account-1", None, 0, "tcp", "192.0.2.1", at)
        seen.note("account-1", None, 0, "udp", f"198.51.100.{at}", at)
    file = msgspec.json.decode(seen.encode(200), type=LastSeenFile)
    assert [row[5] for row in file.seen if row[3] == "tcp"] == [199]


@given(st.binary(max_size=60) | st.sampled_from([b'{"v":2,"saved_at":1,"seen":[]}', b'{"v":1}', b"[]", b"null"]))
def test_broken_file_is_refused_whole(data):
    seen = LastSeen(KEY)
    seen.note("account-1", None, 0, "tcp", "192.0.2.1", 10)
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's is one, with words of its own
        seen.restore(data)
    assert seen.newest() == {"account-1": 10}


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
