"""Files that call themselves a backup: only what `tocsin backup` writes is read, whatever a file says of itself."""

import io
import tarfile
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.backups import Made, contents, refused
from tocsin.centre.backup_files import open_archive
from tocsin.cli.journal import verify_folder
from tocsin.model.errors import BadInput, TocsinError
from tocsin.store.schema import REVISION

BLOCK = 512
MEMORY_MAX = 8 << 20
"""Blocks of 1 MiB are read and hashed; nothing else is held."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("archives"))


def archive(path, *members, form=tarfile.GNU_FORMAT):
    """An archive of whoever can write a file: name, content and fields of each member."""
    with tarfile.open(path, "w", format=form) as file:
        for name, data, fields in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for field, value in fields.items():
                setattr(info, field, value)
            file.addfile(info, io.BytesIO(data))
    return path


def opened(path, part="data"):
    """Open it and read all of it, in little memory; the error it is refused with."""
    tracemalloc.start()
    try:
        found = open_archive(path, part, REVISION)
        try:
            found.check()
        finally:
            found.close()
    except TocsinError as error:
        return error
    else:
        return None
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MEMORY_MAX


@pytest.mark.parametrize("size", ["-1", "-4", "-512", "99999999999999999999"])
@pytest.mark.parametrize("name", ["tocsin.db", "manifest.json"])
def test_header_that_changes_the_length_of_the_next_is_refused(tmp_path, name, size):
    path = archive(tmp_path / "a", (name, b"abcd", {"pax_headers": {"size": size}}), form=tarfile.PAX_FORMAT)
    assert opened(path).code == "backup.none"


def test_negative_length_in_a_plain_header_is_refused(tmp_path):
    info = tarfile.TarInfo("manifest.json")
    info.size = -4
    path = tmp_path / "a"
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))
    assert opened(path).code == "backup.none"


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K", b"S", b"V", b"1", b"2", b"3", b"5", b"7", b"\0", b"Z"])
def test_member_of_a_kind_that_no_backup_has_is_refused(tmp_path, kind):
    path = archive(tmp_path / "a", ("tocsin.db", b"abcd", {}), ("heads.txt", b"", {"type": kind}))
    assert opened(path).code == "backup.none"


@pytest.mark.parametrize("kind", [b"x", b"L"])
def test_header_of_400_mb_is_not_read(tmp_path, kind):
    info = tarfile.TarInfo("tocsin.db")
    info.type, info.size = kind, 400 << 20
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        file.truncate(BLOCK + info.size + 4096)
    assert opened(path).code == "backup.none"


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 60_000,
        b'{"format":1,"version":"x","part":' + b"[" * 60_000,
        b'{"format":1e400,"version":"x"}',
        b'{"format":1,"version":"\\u001b[2J"}',
        b"\xff\xfe",
        b"",
        b" " * 70_000,
    ],
    ids=["deep", "deep field", "number", "terminal", "bytes", "empty", "long"],
)
def test_manifest_that_is_none_is_refused(tmp_path, data):
    assert opened(archive(tmp_path / "a", ("manifest.json", data, {}))).code == "backup.none"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("made_at", b"9" * 30),
        ("seq", b"-1"),
        ("epoch", b"9" * 30),
        ("keys_until", b"9" * 30),
        ("backup", b'"../../etc"'),
        ("origin", b'"\\u001b]0;"'),
    ],
)
def test_manifest_with_a_value_beyond_all_limits_is_refused(made, tmp_path, field, value):
    with tarfile.open(made.file) as file:
        members = [(info.name, file.extractfile(info).read(), {}) for info in file]
    name, manifest, _ = members.pop()
    lines = [
        f' "{field}": '.encode() + value + b"," if line.startswith(f' "{field}":'.encode()) else line
        for line in manifest.split(b"\n")
    ]
    assert lines != manifest.split(b"\n")
    path = archive(tmp_path / "a", *members, (name, b"\n".join(lines), {}))
    assert opened(path).code == "backup.none"


def changes(length):
    """Bytes to put somewhere: anywhere, or in a header, or in the manifest, which is near the end."""
    places = st.one_of(
        st.integers(0, length - 1),
        st.integers(0, BLOCK - 1),
        st.integers(length // BLOCK * 3 // 4, length // BLOCK - 1).map(lambda block: block * BLOCK + 130),
        st.integers(max(0, length - 16_384), length - 1),
    )
    return st.lists(st.tuples(places, st.binary(min_size=1, max_size=16)), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_in_either_file_are_refused_in_words_or_read_whole(made, tmp_path, data):
    part = data.draw(st.sampled_from(["data", "keys"]))
    whole = (made.file if part == "data" else made.keys).read_bytes()
    changed = bytearray(whole)
    for place, piece in data.draw(changes(len(whole))):
        changed[place : place + len(piece)] = piece
    end = data.draw(st.one_of(st.none(), st.integers(0, len(changed))))
    path = tmp_path / "changed"
    path.write_bytes(changed[:end])
    error = opened(path, part)
    assert error is None or "Nothing was restored" in error.message


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_backup_is_refused_and_leaves_nothing_or_restores_what_verifies(made, tmp_path_factory, data):
    place = tmp_path_factory.mktemp("fuzz")
    file = place / "centre.tocsin"
    changed = bytearray(made.file.read_bytes())
    for at, piece in data.draw(changes(len(changed))):
        changed[at : at + len(piece)] = piece
    file.write_bytes(changed)
    file.with_name(file.name + ".keys").write_bytes(made.keys.read_bytes())
    try:
        made.restore(place / "new", file=file)
    except TocsinError:
        assert contents(place / "new").keys() == {"master.key"}
    else:
        assert verify_folder(place / "new")[0].exit_code == 0


def test_what_follows_the_end_of_an_archive_is_not_read(made, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(made.file.read_bytes() + b"x" * 5_000)
    assert opened(path) is None


def test_archive_without_any_member_is_none(tmp_path):
    (tmp_path / "a").write_bytes(b"\0" * 10_240)
    (tmp_path / "b").write_bytes(b"")
    for name in ("a", "b"):
        refused(BadInput, "backup.none", lambda name=name: open_archive(tmp_path / name, "data", REVISION))
