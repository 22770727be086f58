"""`tocsin import` and `export` of sites, accounts, zones and keyholders, as a person types them at a real folder."""

import json

import pytest

from support.centres import make_folder
from tocsin.cli import main

SITES = 'name,address,directions\nPier,1 Quay Street,"Gate 2, ring twice"\nDock,,\n'
ACCOUNTS = "account,site,name\n1001,pier,Fire panel\n1002,New Yard,\n"
ZONES = (
    "account,receiver,line,zone,name,type,priority,partition,detector\n"
    "1001,,,7,Boiler,FIRE-SMOKE,1,2,smoke\n1001,,,10,Hall,,,,\n"
)


@pytest.fixture
def folder(tmp_path):
    make_folder(tmp_path / "centre")
    return tmp_path / "centre"


@pytest.fixture
def bring(folder, tmp_path, capsysbinary):
    """Import a text; return status, output and errors."""

    def bring(kind, text, *options):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8", newline="")
        capsysbinary.readouterr()
        status = main(["import", kind, str(file), "--dir", str(folder), *options])
        said = capsysbinary.readouterr()
        return status, said.out.decode(), said.err.decode()

    return bring


@pytest.fixture
def take(folder, capsysbinary):
    """What an export prints."""

    def take(kind, *options):
        capsysbinary.readouterr()
        assert main(["export", kind, "--dir", str(folder), *options]) == 0
        return capsysbinary.readouterr().out.decode()

    return take


@pytest.fixture
def journal(folder, capsysbinary):
    """What an export of the journal prints."""

    def journal():
        capsysbinary.readouterr()
        assert main(["journal", "export", "--dir", str(folder)]) == 0
        return capsysbinary.readouterr().out.decode()

    return journal


def test_sites_accounts_and_zones_are_imported_one_after_the_other(bring):
    assert bring("sites", SITES) == (0, "Imported: 2 new, 0 changed, 0 same.\n", "")
    assert bring("accounts", ACCOUNTS) == (0, "Imported: 2 new, 0 changed, 0 same. 1 site was made.\n", "")
    assert bring("zones", ZONES) == (0, "Imported: 2 new, 0 changed, 0 same.\n", "")
    for kind, text in (("sites", SITES), ("accounts", ACCOUNTS), ("zones", ZONES)):
        assert bring(kind, text)[1] == "Imported: 0 new, 0 changed, 2 same.\n"


def test_dry_run_names_what_is_new_and_changed_and_changes_nothing(bring):
    assert bring("sites", SITES, "--dry-run")[1] == "Would import: 2 new, 0 changed, 0 same.\n  new: Pier, Dock\n"
    bring("sites", SITES)
    bring("accounts", ACCOUNTS)
    bring("zones", ZONES)
    changed = ZONES.replace("Boiler", "Kettle") + "1002,,,1,,,,,\n"
    assert bring("zones", changed, "--dry-run")[1] == (
        "Would import: 1 new, 1 changed, 1 same.\n  new: 1002 zone 1\n  changed: 1001 zone 7\n"
    )
    assert json.loads(bring("zones", changed, "--dry-run", "--json")[1]) == {
        "dry_run": True, "new": 1, "changed": 1, "same": 1, "config": None, "sites": None,
        "new_zones": ["1002 zone 1"], "changed_zones": ["1001 zone 7"],
    }  # fmt: skip


def test_export_of_each_kind_is_the_same_to_the_byte_after_it_was_imported_again(bring, take):
    for kind, text in (("sites", SITES), ("accounts", ACCOUNTS), ("zones", ZONES)):
        bring(kind, text)
    for kind in ("sites", "accounts", "zones"):
        written = take(kind)
        lines = written.count("\r\n") - 1
        assert bring(kind, written)[1] == f"Imported: 0 new, 0 changed, {lines} same.\n"
        assert take(kind) == written
    assert take("zones").splitlines()[1:] == ["1001,,,7,Boiler,FIRE-SMOKE,1,2,smoke", "1001,,,10,Hall,,,,"]
    assert [row["site"] for row in json.loads(take("accounts", "--format", "json"))] == ["Pier", "New Yard"]


def test_bad_rows_are_named_with_their_lines_and_nothing_is_imported(bring, take):
    bring("accounts", "account\n1001\n")
    status, out, err = bring("zones", "account,zone,type\n1001,1,\n9,1,\n1001,2,VIOL-WEAPON\n")
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "line 3: account 9 is not at the centre",
        "line 4: type is VIOL-WEAPON, which no panel opens: it needs a person's report",
        "2 mistakes in the file; nothing was imported, and the centre keeps what it has. Mend what is named and "
        "import it again. [import.rows]",
    ]
    assert take("zones") == "account,receiver,line,zone,name,type,priority,partition,detector\r\n"


def test_another_systems_columns_are_read_by_a_map(bring, take, tmp_path):
    (tmp_path / "map.toml").write_text(
        '[format]\ndelimiter = ";"\n'
        '[columns]\nname = "Premises"\naddress = "Street"\n'
        '[constants]\ndirections = "Ring"\n'
    )
    assert bring("sites", "No;Premises;Street\n1;Pier;1 Quay\n", "--map", str(tmp_path / "map.toml"))[0] == 0
    assert take("sites").splitlines()[1] == "Pier,1 Quay,Ring" + "," * 9


def test_cell_that_a_spreadsheet_would_run_is_marked_and_comes_back_as_it_was(bring, take):
    bring("sites", 'name,address\n"=1+1","@x"\n')
    assert take("sites").splitlines()[1] == "'=1+1,'@x" + "," * 10
    assert json.loads(take("sites", "--format", "json"))[0]["name"] == "=1+1"


KEYHOLDERS = (
    "site,name,telephone_1,phrase,duress_phrase\n"
    "Pier,Erika Example,+1 202 555 0101,Sunrise,Sunset\n"
    "Dock,Max Example,+44 20 7946 0123,,\n"
)


def test_keyholders_are_tried_named_by_their_place_imported_and_exported_without_phrases(bring, take, journal):
    bring("sites", SITES)
    tried = bring("keyholders", KEYHOLDERS, "--dry-run")
    assert tried == (
        0, "Would import: 2 new, 0 changed, 0 same.\n  new: Pier keyholder 1, Dock keyholder 1\n", "",
    )  # fmt: skip
    assert take("keyholders").count("\r\n") == 1
    assert bring("keyholders", KEYHOLDERS) == (0, "Imported: 2 new, 0 changed, 0 same.\n", "")
    written = take("keyholders")
    assert not [word for word in ("unrise", "unset", "phrase") if word in written]
    assert bring("keyholders", written)[1] == "Imported: 0 new, 0 changed, 2 same.\n"
    assert take("keyholders") == written
    facts = [json.loads(line) for line in journal().splitlines()]
    read = [(fact["actor"], fact["body"]) for fact in facts if fact["kind"] == "vault.read"]
    assert read == [("cli", {"count": count, "reason": "export", "what": "keyholders"}) for count in (0, 2, 2)]
    assert "Erika" not in json.dumps(facts)


def test_bad_rows_of_keyholders_are_named_without_what_stands_in_them(bring):
    bring("sites", SITES)
    text = "site,name,telephone_1,phrase\nPier,Erika Example,call me,Sun\nNowhere,Erika Example,112,\n"
    status, out, err = bring("keyholders", text)
    assert (status, out) == (1, "")
    assert [line.split(" must ")[0] for line in err.splitlines()[:3]] == [
        "line 2: telephone_1", "line 2: phrase", "line 3: site is no site of the centre; import the sites first",
    ]  # fmt: skip
    assert not [word for word in ("Erika", "call me", "Sun", "Nowhere") if word in err]
