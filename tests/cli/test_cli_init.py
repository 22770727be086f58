"""`tocsin init` as a person meets it."""

import os
import stat

import pytest

from support.centres import edit
from tocsin.cli import main
from tocsin.settings import load

EXISTS = (
    "The folder {0} has a centre already. Nothing was changed. Name another folder, or start this one with "
    "`tocsin serve` [init.exists]\n"
)


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_folder_is_made_and_the_next_steps_are_told(tmp_path, capsys):
    folder = tmp_path / "new" / "centre"
    assert main(["init", str(folder), "--name", 'Harbour "north"']) == 0
    assert capsys.readouterr().out == (
        f"Made the centre 'Harbour \"north\"' in {folder}.\n"
        f"  settings    {folder}/tocsin.toml\n"
        f"  master key  {folder}/master.key (keep a copy apart from the backups of this folder)\n"
        f"Next: tocsin import accounts FILE.csv --dir {folder}, then tocsin serve --dir {folder}\n"
    )
    assert load(folder, {}).centre.name == 'Harbour "north"'
    assert sorted(contents(folder)) == ["heads.txt", "keys.db", "lock", "master.key", "tocsin.db", "tocsin.toml"]


def test_nothing_in_the_folder_is_anybody_elses_to_read_and_our_umask_stays(tmp_path):
    before = os.umask(0o022)
    try:
        assert main(["init", str(tmp_path / "centre")]) == 0
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    files = [tmp_path / "centre", *(tmp_path / "centre").iterdir()]
    assert [file.name for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077] == []


def test_new_centre_can_be_verified(tmp_path, capsys):
    main(["init", str(tmp_path / "centre")])
    assert main(["journal", "verify", "--dir", str(tmp_path / "centre")]) == 0
    assert "Whole: 1 entries, seq 1 to 1" in capsys.readouterr().out


def test_second_time_changes_nothing(tmp_path, capsys):
    folder = tmp_path / "centre"
    main(["init", str(folder)])
    before = contents(folder)
    assert main(["init", str(folder), "--name", "Other"]) == 1
    assert capsys.readouterr().err == EXISTS.format(folder)
    assert contents(folder) == before


def test_settings_that_are_there_already_are_kept(tmp_path):
    folder = tmp_path / "centre"
    folder.mkdir()
    (folder / "tocsin.toml").write_text('[centre]\nname = "Mine"\n')
    assert main(["init", str(folder), "--name", "Other"]) == 0
    assert (folder / "tocsin.toml").read_text() == '[centre]\nname = "Mine"\n'


def test_wrong_settings_make_nothing(tmp_path, capsys):
    folder = tmp_path / "centre"
    folder.mkdir()
    (folder / "tocsin.toml").write_text('[centre]\nnmae = "Mine"\n')
    assert main(["init", str(folder)]) == 1
    assert "the nearest known one is centre.name" in capsys.readouterr().err
    assert sorted(contents(folder)) == ["lock", "tocsin.toml"]


def test_name_that_cannot_be_shown_makes_nothing(tmp_path, capsys):
    assert main(["init", str(tmp_path / "centre"), "--name", "a\nb"]) == 1
    assert "must be 1 to 80 printable characters" in capsys.readouterr().err
    assert not (tmp_path / "centre").exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [("file/centre", "Not a directory"), ("file", "File exists"), ("taken", None)],
    ids=["below a file", "a file", "lock taken"],
)
def test_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys, name, reason):
    (tmp_path / "file").write_text("")
    (tmp_path / "taken" / "lock").mkdir(parents=True)
    folder = tmp_path / name
    assert main(["init", str(folder)]) == 1
    err = capsys.readouterr().err
    if reason is not None:
        assert err == (
            f"The folder {folder} cannot be made: {reason}. Nothing was changed. Name one that this user may make "
            "[folder.not_writable]\n"
        )
    else:
        assert err.startswith(f"The folder {folder} cannot be written: Is a directory. Nothing was changed.")
    assert (tmp_path / "file").read_text() == ""


def test_master_key_given_by_the_environment_makes_no_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TOCSIN_MASTER_KEY", "ab" * 32)
    assert main(["init", str(tmp_path / "centre")]) == 0
    assert not (tmp_path / "centre" / "master.key").exists()
    monkeypatch.delenv("TOCSIN_MASTER_KEY")
    assert main(["export", "accounts", "--dir", str(tmp_path / "centre")]) == 1
    assert "keys.master_missing" in capsys.readouterr().err


def test_database_of_another_program_version_is_no_reason_to_make_a_new_one(tmp_path, capsys):
    folder = tmp_path / "centre"
    main(["init", str(folder)])
    edit(folder / "tocsin.db", "UPDATE alembic_version SET version_num = '9999'")
    assert main(["init", str(folder)]) == 1
    assert capsys.readouterr().err == EXISTS.format(folder)
