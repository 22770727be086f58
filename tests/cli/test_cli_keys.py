"""`tocsin keys`: other keys by command, with two persons where the heads' key is concerned."""

import io
import json

import pytest

from support.centres import HeldCentre, make_folder
from support.people import PASSWORD
from support.web import make_access
from tocsin.centre.folder import FolderLock
from tocsin.cli import main


@pytest.fixture
def folder(tmp_path, capsys):
    made = tmp_path / "centre"
    settings = make_folder(made, is_new=True)
    held = HeldCentre(settings)
    try:
        access = make_access(held, settings)
        for name, role in (("Ana Horvat", "administrator"), ("Ben Weiss", "auditor"), ("Cem Kaya", "operator")):
            access.set_password(access.set_user(name, [role], "cli"), PASSWORD, "cli")
    finally:
        held.close()
    capsys.readouterr()
    return made


def journal(folder, capsys, kind):
    capsys.readouterr()
    assert main(["journal", "export", "--dir", str(folder), "--kind", kind]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def rotate_head(folder, monkeypatch, *persons, typed=f"{PASSWORD}\n\n{PASSWORD}\n\n"):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    names = [word for name in persons for word in ("--person", name)]
    return main(["keys", "rotate-head", "--dir", str(folder), *names])


def test_new_master_key_opens_the_centre_and_the_old_one_is_gone(folder, capsys):
    old = (folder / "master.key").read_text()
    assert main(["keys", "rotate-master", "--dir", str(folder)]) == 0
    said = capsys.readouterr()
    assert "wrapped under the new master key" in said.out
    assert "Make a backup of the keys now" in said.err
    new = (folder / "master.key").read_text()
    assert old != new
    assert new.strip() not in said.out + said.err
    assert main(["journal", "verify", "--dir", str(folder)]) == 0
    assert len(journal(folder, capsys, "centre.created")) == 1


def test_master_key_of_the_environment_goes_to_a_file_first(folder, capsys, monkeypatch, tmp_path):
    secret = (folder / "master.key").read_text().strip()
    (folder / "master.key").unlink()
    monkeypatch.setenv("TOCSIN_MASTER_KEY", secret)
    assert main(["keys", "rotate-master", "--dir", str(folder)]) == 1
    assert "[keys.master_given]" in capsys.readouterr().err
    new = tmp_path / "new.key"
    assert main(["keys", "rotate-master", "--dir", str(folder), "--to", str(new)]) == 0
    assert "Put it where the old one stood" in capsys.readouterr().err
    assert main(["journal", "export", "--dir", str(folder)]) == 0
    capsys.readouterr()
    assert main(["export", "accounts", "--dir", str(folder)]) == 1
    assert "[keys.master_wrong]" in capsys.readouterr().err
    monkeypatch.setenv("TOCSIN_MASTER_KEY", new.read_text())
    assert main(["export", "accounts", "--dir", str(folder)]) == 0


def test_running_centre_keeps_its_keys(folder, capsys):
    before = (folder / "master.key").read_text()
    with FolderLock(folder):
        assert main(["keys", "rotate-master", "--dir", str(folder)]) == 1
    assert "[folder.in_use]" in capsys.readouterr().err
    assert (folder / "master.key").read_text() == before


def test_two_persons_change_the_key_of_the_heads_and_the_proof_goes_on(folder, capsys, monkeypatch):
    old = journal(folder, capsys, "centre.created")[0]["body"]["head_key"]
    assert rotate_head(folder, monkeypatch, "Ana Horvat", "Ben Weiss") == 0
    new = capsys.readouterr().out.splitlines()[-1]
    (changed,) = journal(folder, capsys, "head.key_changed")
    assert (changed["body"]["old_key"], changed["body"]["new_key"]) == (old, new)
    (used,) = journal(folder, capsys, "approval.used")
    assert changed["ref"] == used["ref"]
    assert changed["actor"] == used["actor"]
    assert main(["journal", "verify", "--dir", str(folder)]) == 0
    assert rotate_head(folder, monkeypatch, "Ana Horvat", "Ben Weiss") == 0
    assert main(["journal", "verify", "--dir", str(folder)]) == 0


@pytest.mark.parametrize(
    ("persons", "typed", "code"),
    [
        (["Ana Horvat"], f"{PASSWORD}\n\n", "usage.persons"),
        (["Ana Horvat", "Ana Horvat"], f"{PASSWORD}\n\n{PASSWORD}\n\n", "approval.same_person"),
        (["Ben Weiss", "Ana Horvat"], f"{PASSWORD}\n\n{PASSWORD}\n\n", "approval.forbidden"),
        (["Ana Horvat", "Cem Kaya"], f"{PASSWORD}\n\n{PASSWORD}\n\n", "approval.forbidden"),
        (["Ana Horvat", "Ben Weiss"], f"{PASSWORD}\n\nwrong\n\n", "access.sign_in"),
    ],
)
def test_key_of_the_heads_stays_where_two_persons_do_not_agree(folder, capsys, monkeypatch, persons, typed, code):
    assert rotate_head(folder, monkeypatch, *persons, typed=typed) != 0
    assert f"[{code}]" in capsys.readouterr().err
    assert journal(folder, capsys, "head.key_changed") == []
