"""`tocsin import` and `tocsin export` as a person meets them, against a centre in memory."""

import csv
import io
import json

import pytest

from tocsin.centre.configuration import ImportPlan, change_of
from tocsin.centre.table_files import BadRows
from tocsin.centre.table_plan import ImportResult
from tocsin.centre.tables import KINDS
from tocsin.cli import main
from tocsin.cli.accounts import run_export, run_import
from tocsin.model.accounts import Account, AccountRow, SecretRef
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.sites import Site, Zone
from tocsin.model.values import AccountNumber, Code, KeyId, Micros, Ref, Seq

KEY_HEX = "00112233445566778899AABBCCDDEEFF"


class CentreInMemory:
    """Keeps what an import brings, as the real one does."""

    def __init__(self, *rows: AccountRow) -> None:
        self._accounts = [Account(Ref(f"account-{n}"), row, Seq(n)) for n, row in enumerate(rows, 1)]
        self.config = 0

    def accounts(self) -> list[Account]:
        return self._accounts

    def begin(self) -> None:
        pass

    def sites(self) -> list[Site]:
        return []

    def zones(self) -> list[Zone]:
        return []

    def import_table(self, plan: ImportPlan) -> ImportResult:
        self.config += 1
        stored = change_of(plan).accounts
        changed = {item.id for item in stored}
        kept = [account for account in self._accounts if account.id not in changed]
        self._accounts = kept + [
            Account(item.id or Ref(f"account-new-{n}"), item.row, Seq(n)) for n, item in enumerate(stored, 1)
        ]
        return ImportResult(new=len(plan.new), changed=len(plan.changed), same=len(plan.same), config=self.config)

    def unknown_accounts(self) -> list[UnknownAccount]:
        return [
            UnknownAccount(
                account=AccountNumber("9999"), first_at=Micros(0), last_at=Micros(1_500_000), line=Code("0"), polls=3,
                receiver=None, signals=1, transport="tcp", unreadable=0,
            )
        ]  # fmt: skip

    def rejected_frames(self) -> list[RejectedFrame]:
        return [
            RejectedFrame(
                account=None, at=Micros(1_000_000), id=7, key=KeyId(1), outcome=Code("discarded"),
                reason=Code("decrypt"), sealed=b"hidden", token=None, transport="udp",
            )
        ]  # fmt: skip


def test_import_is_carried_out_and_counted():
    centre = CentreInMemory(AccountRow(account=AccountNumber("1")))
    plan, result = run_import(centre, KINDS["accounts"], f"account,key\n1,\n2,{KEY_HEX}\n".encode())
    assert result == ImportResult(new=1, changed=0, same=1, config=1)
    assert [item.row.account for item in plan.new] == ["2"]
    assert [account.row.account for account in centre.accounts()] == ["1", "2"]


def test_dry_run_changes_nothing():
    centre = CentreInMemory()
    plan, result = run_import(centre, KINDS["accounts"], b"account\n1\n", dry_run=True)
    assert (len(plan.new), result, centre.accounts()) == (1, None, [])


def test_file_with_one_bad_row_changes_nothing():
    centre = CentreInMemory()
    with pytest.raises(BadRows):
        run_import(centre, KINDS["accounts"], b"account\n1\n#\n")
    assert centre.accounts() == []


def test_json_is_told_by_its_first_bracket():
    centre = CentreInMemory()
    run_import(centre, KINDS["accounts"], b'\n [{"account": "1"}]')
    assert centre.accounts()[0].row == AccountRow(account=AccountNumber("1"))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_export_has_no_key_and_says_so(form):
    keyed = AccountRow(account=AccountNumber("1"), key=SecretRef(bits=128, form="hex", name=Code("key-1")))
    data, note = run_export(CentreInMemory(keyed), "accounts", form)
    row = json.loads(data)[0] if form == "json" else next(csv.DictReader(io.StringIO(data.decode())))
    assert (row["account"], row["key"] or None, row["key_form"]) == ("1", None, "hex")
    assert note == "Keys were not written; 1 account has one. Importing the file again keeps them."
    assert b"key-1" not in data


def test_lists_of_the_intake_are_exported_without_what_is_sealed():
    unknown, _ = run_export(CentreInMemory(), "unknown-accounts", "csv")
    assert unknown.decode().splitlines() == [
        "account,first_at,last_at,line,polls,receiver,signals,transport,unreadable",
        "9999,1970-01-01T00:00:00.000+00:00,1970-01-01T00:00:01.500+00:00,0,3,,1,tcp,0",
    ]
    rejected, _ = run_export(CentreInMemory(), "rejected-frames", "json")
    assert json.loads(rejected) == [
        {
            "account": None,
            "at": "1970-01-01T00:00:01.000+00:00",
            "id": 7,
            "outcome": "discarded",
            "reason": "decrypt",
            "token": None,
            "transport": "udp",
        }
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["import", "units", "x.csv", "--dir", "x"],
         "This release imports accounts, sites, zones, keyholders, schedules and plans; units come later. "
         "[usage.kind]"),
        (["import", "acounts", "x.csv", "--dir", "x"], "did you mean accounts? [usage.kind]"),
        (["export", "run-cards", "--dir", "x"],
         "This release exports accounts, sites, zones, keyholders, schedules, plans, unknown-accounts and "
         "rejected-frames; run-cards come later. [usage.kind]"),
        (["export", "rejected", "--dir", "x"], "did you mean rejected-frames? [usage.kind]"),
        (["import", "accounts", "missing.csv", "--dir", "x"], "The file missing.csv cannot be read: No such file"),
        (["import", "accounts", "x.csv"], "Missing option '--dir'"),
    ],
)  # fmt: skip
def test_wrong_use_is_said_and_ends_with_2(words, says, capsys):
    assert main(words) == 2
    assert says in capsys.readouterr().err
