"""The reserve is room that is really there."""

import resource

from tocsin.centre.disk import RESERVE_BYTES, DiskRoom


def test_reserve_takes_real_blocks_and_gives_them_back(tmp_path):
    room = DiskRoom(tmp_path, "reserve")
    assert not room.has_reserve
    assert room.make_reserve()
    assert room.has_reserve
    found = (tmp_path / "reserve").stat()
    assert found.st_size == RESERVE_BYTES == 64 << 20
    assert found.st_blocks * 512 >= RESERVE_BYTES
    assert room.make_reserve()
    assert (tmp_path / "reserve").stat().st_ino == found.st_ino
    room.free_reserve()
    room.free_reserve()
    assert (room.has_reserve, list(tmp_path.iterdir())) == (False, [])


def test_reserve_for_which_there_is_no_room_leaves_nothing_behind(tmp_path):
    room = DiskRoom(tmp_path, "reserve")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        assert not room.make_reserve()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_reserve_cut_short_is_none_and_is_made_again(tmp_path):
    (tmp_path / "reserve").write_bytes(b"x" * 100)
    room = DiskRoom(tmp_path, "reserve")
    assert not room.has_reserve
    assert room.make_reserve()
    assert room.has_reserve


def test_room_is_told_in_bytes(tmp_path):
    room = DiskRoom(tmp_path, "reserve")
    before = room.free_bytes()
    assert before > 0
    assert isinstance(room.is_low(), bool)
