"""The shipped tables as the codecs see them."""

import pytest

from tocsin.data import read_shipped
from tocsin.protocols.code_tables import CodeRow, codes, names_user


def test_tables_are_read_whole() -> None:
    assert (len(codes("SIA")), len(codes("CID"))) == (326, 322)
    assert codes("SIA")["FA"] == CodeRow("Fire alarm", "zone", "alarm", "alarm")
    assert codes("CID")["401"] == CodeRow("Open/close by user", "user", "open", "close")


@pytest.mark.parametrize("table", ["SIA", "CID"])
def test_every_user_row_is_withheld_and_no_other_known_code_is(table: str) -> None:
    for code, row in codes(table).items():  # pyright: ignore[reportArgumentType]
        assert names_user(table, code) == (row.address_is == "user"), code  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("table", "code", "expected"),
    [
        ("SIA", "CY", True),
        ("SIA", "JQ", True),
        ("SIA", "OY", True),
        ("SIA", "BY", False),
        ("SIA", "", False),
        ("CID", "499", True),
        ("CID", "199", False),
        ("CID", "", False),
    ],
)
def test_unknown_code_is_judged_by_its_family(table: str, code: str, expected: bool) -> None:
    assert code not in codes(table)  # pyright: ignore[reportArgumentType]
    assert names_user(table, code) is expected  # pyright: ignore[reportArgumentType]


def test_file_that_is_not_shipped_is_missing() -> None:
    with pytest.raises(FileNotFoundError):
        read_shipped("nothing.csv")
