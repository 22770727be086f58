"""Names of partitions and paths: what a file may say, and under which words a screen finds them."""

import pytest

from tocsin.centre.account_parts import part_names, partition_code, path_code, read_partitions, read_paths
from tocsin.centre.table_plan import Mistake
from tocsin.model.accounts import AccountRow


def test_names_are_found_by_the_words_by_which_incidents_name_a_part():
    row = AccountRow(
        account="1",
        partitions=read_partitions("01: Shop|b : Strong room: left"),
        paths=read_paths("Second: line | first: GSM"),
    )
    assert (row.partitions, row.paths) == ("1: Shop | B: Strong room: left", "second: line | first: GSM")
    assert dict(part_names(row)) == {
        "partition-1": "Shop", "partition-B": "Strong room: left",
        "path-primary": "GSM", "path-only": "GSM", "path-alternative": "line",
    }  # fmt: skip
    assert (partition_code("001"), path_code("only")) == ("partition-1", "path-only")
    assert dict(part_names(AccountRow(account="1"))) == {}


def test_what_was_read_is_read_again_as_the_same():
    for read, text in ((read_partitions, "1: Shop | 2: Yard"), (read_paths, "first: GSM")):
        assert read(read(text)) == text


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (read_partitions, "Shop", "must each begin with 1 to 6|must each have a name"),
        (read_partitions, "1234567: Shop", "must each begin with 1 to 6 letters"),
        (read_partitions, "a b: Shop", "must each begin with 1 to 6 letters"),
        (read_partitions, "1: ", "must each have a name behind a colon"),
        (read_partitions, "1: Shop | 01: Yard", "have number 1 twice"),
        (read_partitions, f"1: {'x' * 61}", "at most 60 printable"),
        (read_partitions, "1: a\x07b", "at most 60 printable"),
        (read_partitions, " | ".join(f"{n}: P" for n in range(65)), "are 65, and an account has at most 64"),
        (read_paths, "third: GSM", "must be first and second"),
        (read_paths, "first: GSM | FIRST: line", "must be first and second, each once"),
        (read_paths, "first", "must each have a name behind a colon"),
    ],
)
def test_wrong_part_is_refused_with_its_limit(read, cell, reason):
    with pytest.raises(Mistake, match=reason):
        read(cell)
