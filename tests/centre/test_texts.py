"""Names of sites and accounts are read back as they were given, and stand in clear in no file of the folder."""

import json

import msgspec
import pytest

from tocsin.centre.texts import open_row
from tocsin.cli import main
from tocsin.model.sites import SiteRow

CSV = "account,site,name\n5512,PLANTED Villa,PLANTED Erika Example\n5513,,Only a name\n5514,,\n"


@pytest.fixture
def folder(tmp_path, capsys):
    made = tmp_path / "centre"
    assert main(["init", str(made)]) == 0
    bring(made, tmp_path, CSV)
    capsys.readouterr()
    return made


def bring(folder, tmp_path, text):
    table = tmp_path / "accounts.csv"
    table.write_text(text, encoding="utf-8")
    assert main(["import", "accounts", str(table), "--dir", str(folder)]) == 0


def exported(folder, capsys):
    capsys.readouterr()
    assert main(["export", "accounts", "--dir", str(folder), "--format", "json"]) == 0
    return {row["account"]: (row.get("site"), row.get("name")) for row in json.loads(capsys.readouterr().out)}


def all_bytes(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_names_come_back_as_they_were_given(folder, capsys):
    assert exported(folder, capsys) == {
        "5512": ("PLANTED Villa", "PLANTED Erika Example"),
        "5513": (None, "Only a name"),
        "5514": (None, None),
    }


def test_no_file_of_the_folder_holds_them_in_clear(folder):
    data = all_bytes(folder)
    for text in ("PLANTED", "Erika", "Only a name"):
        assert text.encode() not in data
        assert text.encode("utf-16-le") not in data


def test_importing_the_same_again_changes_nothing(folder, tmp_path, capsys):
    bring(folder, tmp_path, CSV)
    assert capsys.readouterr().out == "Imported: 0 new, 0 changed, 3 same.\n"
    assert main(["journal", "export", "--dir", str(folder), "--kind", "account.set"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_replaced_name_can_be_read_by_nobody_any_more(folder, tmp_path, capsys):
    assert main(["journal", "export", "--dir", str(folder), "--kind", "account.set"]) == 0
    old = json.loads(capsys.readouterr().out.splitlines()[0])["body"]["name"]
    bring(folder, tmp_path, CSV.replace("Erika Example", "Someone Else"))
    assert exported(folder, capsys)["5512"] == ("PLANTED Villa", "PLANTED Someone Else")
    from tocsin.cli.folder import held_folder

    with held_folder(folder) as opened:
        assert opened.vault.secrets_get([old]) == {}


def test_site_that_an_earlier_release_sealed_is_read_and_the_rest_of_it_is_not_said():
    lies_at = "site-text-00"
    row = SiteRow(name=lies_at, address=lies_at)
    sealed = msgspec.msgpack.encode(("Pier", "1 Quay", None))
    assert open_row(row, {lies_at: sealed}) == SiteRow(name="Pier", address="1 Quay")
    assert open_row(row, {}) == SiteRow(), "a text that is lost is left out"
