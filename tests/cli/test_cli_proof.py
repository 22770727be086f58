"""`tocsin scope`, `tocsin backup`, `tocsin restore` and `tocsin journal export --unsealed`, as people give them."""

import io
import json
import re
import shutil

import msgspec
import pytest

from support.centres import HeldCentre, edit, make_folder
from support.fakes import arrival
from support.people import OTHER_PASSWORD, PASSWORD
from support.web import make_access
from tocsin.centre.core import Core
from tocsin.centre.restore import set_aside
from tocsin.cli import main
from tocsin.model.personal import REGISTER
from tocsin.model.signals import SealedPart
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.settings import load
from tocsin.store.sqlite import SqliteStore


@pytest.fixture
def folder(tmp_path, capsys):
    made = tmp_path / "centre"
    settings = make_folder(made)
    held = HeldCentre(settings)
    try:
        held.add(b"account,name\n5512,Cold store of PLANTED\n")
        (account,) = held.store.accounts()
        part = SealedPart(raw=b"raw of PLANTED", text="PLANTED-17")
        made_arrival = arrival(b"one", account="5512", account_ref=account.id, received_at=held.clock.now_us())
        held.journal.store([msgspec.structs.replace(made_arrival, sealed=(part,))])
        held.journal.attach(Core(held.store, held.clock, shipped_catalogue(), keeper=held.centre.keeper))
        while held.journal.is_core_behind:  # a turn has some milliseconds: a busy machine needs several
            held.journal.store(())
        access = make_access(held, settings)
        for name, role in (("Ana Horvat", "supervisor"), ("Ben Weiss", "auditor"), ("Cem Kaya", "operator")):
            access.set_password(access.set_user(name, [role], "cli"), PASSWORD, "cli")
    finally:
        held.close()
    capsys.readouterr()
    return made


def journal(folder, capsys, kind):
    assert main(["journal", "export", "--dir", str(folder), "--kind", kind]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def unsealed(folder, monkeypatch, *words, typed=f"{PASSWORD}\n\n{PASSWORD}\n\n", reason="complaint"):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["journal", "export", "--dir", str(folder), "--unsealed", "--reason", reason, *words])


TWO = ("--person", "Ana Horvat", "--person", "Ben Weiss")


def test_two_persons_open_an_account_and_the_journal_says_who_and_why(folder, capsys, monkeypatch, tmp_path):
    out = tmp_path / "out.jsonl"
    words = ("--account", "5512", "--from", "2026-01-01", "--to", "2026-01-02", *TWO, "--out", str(out))
    assert unsealed(folder, monkeypatch, *words) == 0
    assert out.read_bytes() == b"", "nothing of that day"
    (fact,) = journal(folder, capsys, "journal.exported")
    assert (fact["body"]["reason"], fact["body"]["unsealed"], fact["ref"]) == (
        "complaint",
        True,
        fact["body"]["account_id"],
    )
    (asked,), (answered,) = journal(folder, capsys, "approval.asked"), journal(folder, capsys, "approval.answered")
    assert asked["actor"] != answered["actor"]
    assert fact["actor"] == asked["actor"]


def test_two_persons_open_an_incident(folder, capsys, monkeypatch):
    (opened,) = journal(folder, capsys, "incident.opened")
    assert unsealed(folder, monkeypatch, "--incident", f"incident-{opened['seq']}", *TWO) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [
        (one["derived"]["text"], bytes.fromhex(one["derived"]["raw"])) for one in found if "raw" in one["derived"]
    ] == [("PLANTED-17", b"raw of PLANTED")]


@pytest.mark.parametrize(
    ("words", "typed", "code"),
    [
        (("--person", "Ana Horvat", "--person", "Ana Horvat"), None, "approval.same_person"),
        (("--person", "Ana Horvat", "--person", "Cem Kaya"), None, "approval.forbidden"),
        (("--person", "Cem Kaya", "--person", "Ana Horvat"), None, "approval.forbidden"),
        (TWO, f"{PASSWORD}\n\nwrong pass word here\n\n", "access.sign_in"),
        (("--person", "Ana Horvat"), None, "usage.unsealed"),
        ((*TWO, "--format", "xml"), None, "usage.unsealed"),
    ],
)
def test_without_two_persons_who_may_nothing_is_opened(folder, capsys, monkeypatch, words, typed, code):
    (opened,) = journal(folder, capsys, "incident.opened")
    options = {} if typed is None else {"typed": typed}
    assert unsealed(folder, monkeypatch, "--incident", f"incident-{opened['seq']}", *words, **options) != 0
    said = capsys.readouterr()
    assert code in said.err
    assert "PLANTED" not in said.out + said.err
    assert PASSWORD not in said.out + said.err
    assert journal(folder, capsys, "journal.exported") == []


@pytest.mark.parametrize(
    "words",
    [
        ("--account", "5512", "--from", "2026-01-01", "--to", "2026-01-09"),
        ("--account", "5512"),
        (),
        ("--account", "5512", "--incident", "incident-7"),
        ("--account", "9999", "--from", "2026-01-01", "--to", "2026-01-02"),
        ("--account", "5512", "--from", "yesterday", "--to", "2026-01-02"),
    ],
)
def test_more_than_one_incident_or_seven_days_of_an_account_is_refused(folder, capsys, monkeypatch, words):
    assert unsealed(folder, monkeypatch, *words, *TWO) != 0
    assert journal(folder, capsys, "journal.exported") == []


def test_without_a_coded_reason_nothing_is_opened(folder, capsys, monkeypatch):
    assert unsealed(folder, monkeypatch, "--incident", "incident-7", *TWO, reason="curiosity") == 2
    assert "usage.unsealed" in capsys.readouterr().err


def test_options_of_the_unsealed_export_belong_to_it(folder, capsys):
    assert main(["journal", "export", "--dir", str(folder), "--reason", "complaint"]) == 2
    assert "usage.unsealed" in capsys.readouterr().err


# Sheets ------------------------------------------------------------------------------------------------------------


def test_scope_sheet_says_what_is_not_there_and_names_nobody(folder, capsys):
    assert main(["scope", "sheet", "--dir", str(folder)]) == 0
    text = capsys.readouterr().out
    assert "This release has no way to do any of these" in text
    assert "Lifts of masks" in text
    for planted in ("PLANTED", "Horvat", "5512", "Cold store"):
        assert not re.search(rf"\b{planted}\b", text), "a hash may hold these digits by chance"
    assert main(["scope", "sheet", "--dir", str(folder), "--json"]) == 0
    sheet = json.loads(capsys.readouterr().out)
    assert sheet["key_copies"] == {"made": 0, "without_end": 0, "complete_at": None}


def test_sheet_says_why_a_centre_keeps_texts_for_longer(folder, capsys):
    (folder / "tocsin.toml").write_text('[retention]\nincident_days = 90\nincident_reason = "insurer"\n')
    assert main(["scope", "sheet", "--dir", str(folder)]) == 0
    assert "**Here 90 days**: insurers settle claims within this time" in capsys.readouterr().out


def test_records_list_every_field_of_the_register(folder, capsys):
    assert main(["scope", "records", "--dir", str(folder)]) == 0
    text = capsys.readouterr().out
    assert [one.holds for one in REGISTER if one.holds not in text] == []
    assert [one.purpose for one in REGISTER if one.purpose not in text] == []


def test_holdings_are_handed_over_and_the_reading_is_a_fact(folder, capsys):
    assert main(["scope", "holdings", "ana horvat", "--dir", str(folder)]) == 0
    text = capsys.readouterr().out
    assert "# What we hold about Ana Horvat" in text
    assert "password since" in text
    assert "Ben Weiss" not in text
    (read,) = journal(folder, capsys, "vault.read")
    assert read["body"] == {"count": 1, "reason": "data_subject", "what": "holdings"}
    assert main(["scope", "holdings", "Nobody", "--dir", str(folder)]) == 1
    assert "user.unknown" in capsys.readouterr().err


# Backup and restore ------------------------------------------------------------------------------------------------


def test_backup_into_a_folder_gets_its_name_from_the_time_and_restores(folder, capsys, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    assert main(["backup", str(folder), str(kept), "--keep-days", "30", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["data"].endswith(".tocsin")
    assert told["keys"] == told["data"] + ".keys"
    assert told["data_bytes"] > told["keys_bytes"] > 0
    assert told["writer_held_ms"] < 10_000, "a panel repeats after about so long; the rest is a busy machine"
    new = tmp_path / "new"
    new.mkdir()
    shutil.copy(folder / "master.key", new / "master.key")
    assert main(["restore", told["data"], str(new)]) == 0
    assert "Whole:" in capsys.readouterr().out
    assert main(["journal", "verify", "--dir", str(new)]) == 0
    assert main(["scope", "sheet", "--dir", str(new), "--json"]) == 0
    sheet = json.loads(capsys.readouterr().out.splitlines()[-1])
    restores = next(line for line in sheet["lines"] if line["code"] == "restores")
    assert restores["total"] == 1


def test_sheet_says_by_when_an_erasure_is_complete(folder, capsys, tmp_path):
    assert main(["backup", str(folder), str(tmp_path / "one"), "--keep-days", "30"]) == 0
    capsys.readouterr()
    assert main(["scope", "sheet", "--dir", str(folder), "--json"]) == 0
    copies = json.loads(capsys.readouterr().out)["key_copies"]
    assert (copies["made"], copies["without_end"]) == (1, 0)
    assert copies["complete_at"] is not None
    assert main(["backup", str(folder), str(tmp_path / "two")]) == 0
    capsys.readouterr()
    assert main(["scope", "sheet", "--dir", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "nobody has said by when" in said
    assert "restored over" not in said
    (folder / "replaced-3").mkdir()
    (folder / "replaced-3" / "keys.db").write_bytes(b"keys")
    assert main(["scope", "sheet", "--dir", str(folder)]) == 0
    assert "Keys of a centre that was restored over are kept in `replaced-3`" in capsys.readouterr().out
    assert main(["scope", "sheet", "--dir", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["replaced"] == ["replaced-3"], "a program is told, too"


def test_file_that_is_there_is_not_touched(folder, capsys, tmp_path):
    (tmp_path / "one").write_text("mine")
    assert main(["backup", str(folder), str(tmp_path / "one")]) == 1
    assert "backup.exists" in capsys.readouterr().err
    assert (tmp_path / "one").read_text() == "mine"
    assert main(["backup", str(folder), str(tmp_path / "nowhere" / "one")]) == 2
    assert "usage.no_file" in capsys.readouterr().err


def restored_over(folder, file, monkeypatch, *words, typed=f"{PASSWORD}\n\n{PASSWORD}\n\n"):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["restore", str(file), str(folder), "--over", *words])


def changed_since(folder):
    """Somebody is removed, and another gets another password; return who."""
    held = HeldCentre(load(folder, {}))
    access = make_access(held, load(folder, {}))
    access.remove_user(access.find("Cem Kaya"), "cli")
    changed = access.find("Ana Horvat")
    access.set_password(changed, OTHER_PASSWORD, "cli")
    held.close()
    return changed


def test_over_a_centre_whose_journal_was_changed_it_says_that_nothing_was_carried_over(
    folder, capsys, monkeypatch, tmp_path
):
    assert main(["backup", str(folder), str(tmp_path / "one")]) == 0
    changed_since(folder)
    aside = set_aside(folder)
    edit(aside / "tocsin.db", "UPDATE journal SET at = at + 1 WHERE kind = 'backup.made'")
    assert main(["restore", str(tmp_path / "one"), str(folder)]) == 0
    said = capsys.readouterr().out
    assert f"Nothing was carried over from {aside}: its journal does not verify." in said
    assert "users removed since are\n  back; passwords and authenticators are those of then" in said


@pytest.mark.parametrize("is_cut", [True, False])
def test_over_a_centre_without_its_signed_heads_it_carries_nothing_over_and_says_what_to_do(
    folder, capsys, monkeypatch, tmp_path, is_cut
):
    assert main(["user", "add", "Dea Lind", "--role", "administrator", "--dir", str(folder)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{PASSWORD}\n"))
    assert main(["user", "password", "Dea Lind", "--dir", str(folder)]) == 0
    assert main(["backup", str(folder), str(tmp_path / "one")]) == 0
    seq = _last_seq(folder)
    assert main(["user", "remove", "Cem Kaya", "--yes", "--dir", str(folder)]) == 0
    if is_cut:
        edit(folder / "tocsin.db", f"DELETE FROM journal WHERE seq > {seq}")
    ended = _last_seq(folder)
    shutil.move(folder / "heads.txt", tmp_path / "elsewhere.txt")
    capsys.readouterr()
    two = ("--person", "Dea Lind", "--person", "Ben Weiss")
    kept = ("--trusted", str(tmp_path / "elsewhere.txt"))
    assert restored_over(folder, tmp_path / "one", monkeypatch, *two) == 0
    said = capsys.readouterr().out
    aside = folder / "replaced-1"
    for words in (
        f"The centre that was there had gone on to seq {ended}, 20",
        f"Nothing was carried over from {aside}: its signed heads were gone or did not reach the backup",
        f"  tocsin journal verify --dir {aside} --trusted HEADS",
        "users removed since are\n  back",
    ):
        assert words in said, said
    assert "Carried over" not in said
    capsys.readouterr()
    assert main(["journal", "verify", "--dir", str(aside), *kept]) == (1 if is_cut else 0)


def test_heads_kept_elsewhere_are_looked_for_before_anybody_types_a_password(folder, capsys, monkeypatch, tmp_path):
    assert main(["backup", str(folder), str(tmp_path / "one")]) == 0
    assert restored_over(folder, tmp_path / "one", monkeypatch, "--trusted", str(tmp_path / "no-file")) == 2
    assert "usage.no_file" in capsys.readouterr().err
    own = str(folder / "heads.txt")
    assert restored_over(folder, tmp_path / "one", monkeypatch, "--trusted", own) == 2
    assert "usage.trusted" in capsys.readouterr().err, "its own heads cannot vouch for it"
    assert not (folder / "replaced-1").exists()
    assert main(["restore", str(tmp_path / "one"), str(tmp_path / "new"), "--trusted", str(folder / "heads.txt")]) == 2
    assert "usage.trusted" in capsys.readouterr().err


def _last_seq(folder):
    store = SqliteStore(folder / "tocsin.db")
    try:
        return store.head().seq
    finally:
        store.close()


def test_over_a_centre_whose_administrator_came_after_the_backup_the_way_on_is_said(
    folder, capsys, monkeypatch, tmp_path
):
    assert main(["user", "add", "Dea Lind", "--role", "administrator", "--dir", str(folder)]) == 0
    assert main(["backup", str(folder), str(tmp_path / "one")]) == 0
    for name, role in (("Ana Horvat", "administrator"), ("Dea Lind", "operator")):
        assert main(["user", "roles", name, "--role", role, "--dir", str(folder)]) == 0
    capsys.readouterr()
    two = ("--person", "Ana Horvat", "--person", "Ben Weiss")
    assert restored_over(folder, tmp_path / "one", monkeypatch, *two) == 0
    assert f"  tocsin user roles NAME --role administrator --dir {folder}" in capsys.readouterr().out


def test_over_a_centre_two_persons_restore_and_it_is_kept_beside(folder, capsys, monkeypatch, tmp_path):
    held = HeldCentre(load(folder, {}))
    access = make_access(held, load(folder, {}))
    access.set_password(access.set_user("Dea Lind", ["administrator"], "cli"), PASSWORD, "cli")
    held.close()
    assert main(["backup", str(folder), str(tmp_path / "one")]) == 0
    before = (folder / "tocsin.db").read_bytes()
    two = ("--person", "Dea Lind", "--person", "Ben Weiss")
    for words, typed in (
        (("--person", "Dea Lind", "--person", "Dea Lind"), None),
        (("--person", "Ben Weiss", "--person", "Dea Lind"), None),
        (two, f"{PASSWORD}\n\nwrong pass word\n\n"),
        (("--person", "Dea Lind"), None),
    ):
        options = {} if typed is None else {"typed": typed}
        assert restored_over(folder, tmp_path / "one", monkeypatch, *words, **options) != 0
        assert not (folder / "replaced-1").exists()
    keys = tmp_path / "one.keys"
    whole = keys.read_bytes()
    keys.write_bytes(whole[: len(whole) // 2])
    assert restored_over(folder, tmp_path / "one", monkeypatch, *two) == 1
    assert "backup.cut_short" in capsys.readouterr().err
    assert not (folder / "replaced-1").exists()
    assert main(["journal", "verify", "--dir", str(folder)]) == 0, "what was there is there again"
    keys.write_bytes(whole)
    changed = changed_since(folder)
    assert restored_over(folder, tmp_path / "one", monkeypatch, *two) == 0
    said = capsys.readouterr()
    assert f"The centre that was there is kept in {folder / 'replaced-1'}." in said.err
    assert "its keys open what is erased from now on" in said.err
    for words in (
        "which was ended or held there after the backup: 2.",
        "  1 users removed",
        "  1 passwords, PINs, authenticators and sets of recovery codes changed or removed",
        "each needs a link (tocsin link NAME): Ana Horvat",
        f"  Read them: tocsin journal export --dir {folder / 'replaced-1'}",
    ):
        assert words in said.out, said.out
    assert main(["journal", "export", "--dir", str(folder / "replaced-1"), "--kind", "approval.used"]) == 0
    assert "restore.over" in capsys.readouterr().out
    assert restored_over(folder, tmp_path / "one", monkeypatch, *two, "--json") == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])["carried"]
    assert told["why_not"] is None
    assert told["ended_seq"] > 0
    assert told["ended_at"] > 0
    assert {name: count for name, count in told["counts"].items() if count} == {
        "users_removed": 1, "credentials_removed": 1
    }  # fmt: skip
    assert (told["need_link"], told["need_phrases"], told["has_administrator"]) == ([changed], [], True)
    assert told["entries"] == sum(told["kinds"].values())
    assert {"tocsin.db", "keys.db", "heads.txt"} <= {path.name for path in (folder / "replaced-1").iterdir()}
    assert len((folder / "replaced-1" / "tocsin.db").read_bytes()) >= len(before)
    assert len(journal(folder, capsys, "centre.restored")) == 1
    assert main(["journal", "verify", "--dir", str(folder)]) == 0
