"""Tables that people bring: forms of CSV and JSON, other systems' columns, and what a spreadsheet would run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.centre import table_files
from tocsin.centre.table_files import (
    BYTES_MAX,
    ROWS_MAX,
    ColumnMap,
    Problem,
    Table,
    TableRow,
    read_map,
    read_table,
    write_table,
)
from tocsin.model.errors import BadInput

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

KNOWN = ("account", "name", "category", "line")


def rows(data: bytes | str, form="csv", mapping: ColumnMap = table_files.PLAIN) -> list[tuple[int, dict[str, str]]]:
    table = read_table(data.encode() if isinstance(data, str) else data, form, KNOWN, mapping)
    table.problems.raise_if_any()
    return [(row.line, row.cells) for row in table.rows]


def refusal(data: bytes | str, form="csv", mapping: ColumnMap = table_files.PLAIN) -> BadInput:
    with pytest.raises(BadInput) as caught:
        rows(data, form, mapping)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "account,name\n1,Hall\n",
        "account;name\r\n1;Hall\r\n",
        "account\tname\n1\tHall",
        "\ufeffaccount,name\n1,Hall\n",
        " Account , NAME \n 1 , Hall \n\n",
        '"account","name"\n"1","Hall"\n',
    ],
)
def test_delimiter_byte_order_mark_and_blanks_do_not_matter(text):
    assert rows(text) == [(2, {"account": "1", "name": "Hall"})]


def test_line_of_the_delimiter_is_taken_as_such_and_counted():
    assert rows("sep=;\naccount;name\n1;a,b\n") == [(3, {"account": "1", "name": "a,b"})]


def test_delimiter_inside_quoted_headings_does_not_mislead():
    mapping = ColumnMap(columns={"account": "No; of; panel", "name": "n"})
    assert rows('"No; of; panel",n\n1,Hall\n', mapping=mapping) == [(2, {"account": "1", "name": "Hall"})]


def test_lines_are_those_of_the_file_though_a_cell_runs_over_several():
    text = 'account,name\n1,"two\nlines"\n\n2,x\n'
    assert rows(text) == [(2, {"account": "1", "name": "two\nlines"}), (5, {"account": "2", "name": "x"})]


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "import.columns", "empty"),
        (b"\n\n", "import.columns", "empty"),
        (b"account,nmae\n", "import.columns", "'nmae' is no column, the nearest is name"),
        (b"account,colour,lien\n", "import.columns", "'lien' is no column, the nearest is line"),
        (b"account,Account\n", "import.columns", "Two columns are called 'account'"),
        (b'account\n"1\n2\n', "import.syntax", "Line 2 is no CSV"),
        (b'account\n"1"x\n', "import.syntax", "Line 2 is no CSV"),
        (b"account\n\x80\n", "import.encoding", "Line 2 is not utf-8"),
    ],
)
def test_table_that_cannot_be_read_is_refused(data, code, says):
    error = refusal(data)
    assert (error.code, says in str(error)) == (code, True), str(error)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b'[{"account": {}}]', b'[{"account": 1.5}]', b"[" * 100_000, b'[{"account": "\xff"}]']
)
def test_json_that_is_no_list_of_plain_rows_is_refused(data):
    assert refusal(data, "json").code == "import.syntax"


def test_more_rows_or_bytes_than_the_limit_are_refused():
    assert len(rows("account\n" + "1\n" * ROWS_MAX)) == ROWS_MAX
    assert refusal("account\n" + "1\n" * (ROWS_MAX + 1)).code == "import.size"
    assert refusal(b"x" * (BYTES_MAX + 1)).code == "import.size"
    assert refusal("account" + ",x" * 300 + "\n").code == "import.size"


def test_rows_of_wrong_width_are_noted_beside_the_sound_ones():
    table = read_table(b"account,name\n1\n2,b\n3,c,d\n", "csv", KNOWN)
    assert table.rows == (TableRow(3, {"account": "2", "name": "b"}),)
    with pytest.raises(table_files.BadRows) as caught:
        table.problems.raise_if_any()
    assert caught.value.problems == (
        Problem(2, "has 1 cell, the heading has 2"),
        Problem(4, "has 3 cells, the heading has 2"),
    )


def test_cell_of_absurd_length_is_a_mistake_of_its_row():
    assert str(refusal(f"account\n{'1' * 5000}\n")).startswith("1 mistake in the file")


def test_cells_stand_in_no_repr():
    table = read_table(b"account,name\n1,hidden\n", "csv", KNOWN)
    assert isinstance(table, Table)
    assert "hidden" not in repr(table)


def test_map_takes_columns_values_constants_and_layout_of_another_system():
    mapping = read_map(
        b"""
        [format]
        delimiter = ";"
        encoding = "Windows-1252"
        [columns]
        account = "Acct No"
        category = "Grade"
        name = "Kunde"
        [values.category]
        "Grade 2" = "SP2"
        "" = "SP1"
        [constants]
        line = "1"
        """,
        KNOWN,
    )
    data = "Acct No;Grade;Kunde;Extra\n1;Grade 2;Süd;x\n2;;;\n3;SP4;;\n".encode("windows-1252")
    assert rows(data, mapping=mapping) == [
        (2, {"account": "1", "category": "SP2", "name": "Süd", "line": "1"}),
        (3, {"account": "2", "category": "SP1", "line": "1"}),
        (4, {"account": "3", "category": "SP4", "line": "1"}),
    ]


def test_map_that_names_a_column_which_is_not_there_is_refused():
    mapping = ColumnMap(columns={"account": "Acct No"})
    assert "'Acct No', which the file does not have, the nearest is Acct-No" in str(
        refusal("Acct-No\n1\n", mapping=mapping)
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[colums]\n", "'colums' is no section, the nearest is columns"),
        ("[columns]\nacount = 'x'\n", "'acount' is no column, the nearest is account"),
        ("[values.categry]\na = 'b'\n", "'categry' is no column, the nearest is category"),
        ("[format]\ndelimeter = ','\n", "'delimeter' is no setting, the nearest is delimiter"),
        ("[format]\ndelimiter = '|'\n", "must be a comma, a semicolon or a tab"),
        ("[format]\nencoding = 'ebcdic'\n", "must be one of utf-8, windows-1252, iso-8859-1, utf-16"),
        ("[constants]\nline = 1\n", 'is NAME = "text"'),
        ("columns = 3\n", 'is NAME = "text"'),
        ("values = 3\n", "[values.COLUMN]"),
        ("[values]\nline = 'x'\n", "[values.COLUMN]"),
        ("[columns]\nline = 'x'\n[constants]\nline = '1'\n", "gives line a column and a constant"),
        ("[columns\n", "is no TOML"),
    ],
)
def test_map_with_a_slip_is_refused(text, says):
    with pytest.raises(BadInput) as caught:
        read_map(text.encode(), KNOWN)
    assert (caught.value.code, says in str(caught.value)) == ("import.map", True), str(caught.value)


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@x", "'=1", "''=x"])
def test_what_a_spreadsheet_would_run_is_marked_as_text_and_taken_back(cell):
    data = write_table(("account", "name"), [{"account": "1", "name": cell}], "csv")
    assert data == f"account,name\r\n1,'{cell}\r\n".encode()
    assert rows(data) == [(2, {"account": "1", "name": cell})]


@pytest.mark.parametrize("cell", ["'s-Hertogenbosch", "O'Neill", "a=b", "'"])
def test_apostrophes_of_names_stay(cell):
    data = write_table(("account", "name"), [{"account": "1", "name": cell}], "csv")
    assert data == f"account,name\r\n1,{cell}\r\n".encode()
    assert rows(data) == [(2, {"account": "1", "name": cell})]


cells = st.text(max_size=12).map(str.strip)


@given(st.lists(st.tuples(cells, cells), max_size=6), st.sampled_from(["csv", "json"]))
def test_table_written_and_read_is_the_same(pairs, form):
    wanted = [{"account": f"x{account}", "name": name} for account, name in pairs]
    read = [cells for _, cells in rows(write_table(("account", "name"), wanted, form), form)]
    assert read == [{key: value for key, value in row.items() if value} for row in wanted]
