"""Entries, their hashes, and their lines in an export."""

import json
from hashlib import sha256

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tocsin.journal.canonical import INTEGER_MAX, canonical
from tocsin.journal.chain import entry_bytes, entry_hash, export_line
from tocsin.model.journal import GENESIS, EntryRow, StoredEntry

NUMBERS = st.integers(1, INTEGER_MAX)
BODIES = st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), st.none() | st.integers(-9, 9) | st.text())
ENTRIES = st.fixed_dictionaries(
    {
        "seq": NUMBERS,
        "id": st.none() | st.text(),
        "at": NUMBERS,
        "kind": st.text(),
        "v": st.integers(1, 99),
        "ref": st.none() | st.text(),
        "actor": st.none() | st.text(),
        "cause": st.none() | NUMBERS,
        "prev": st.text(),
    }
)
FIRST = (
    b'{"actor":null,"at":1790000000000000,"body":{"centre":"x"},"cause":null,"id":null,"kind":"centre.created",'
    b'"prev":"0000000000000000000000000000000000000000000000000000000000000000","ref":null,"seq":1,"v":1}'
)


def stored(entry: bytes, *, stream: str | None, duplicates: int = 0) -> StoredEntry:
    fields = json.loads(entry)
    number = None if stream is None else int(fields["id"].rpartition("-")[2])
    row = EntryRow(fields["seq"], fields["at"], fields["kind"], stream, number, entry, entry_hash(entry))  # pyright: ignore[reportArgumentType] - plain strings
    return StoredEntry(row, duplicates)


def make(**changes: object) -> bytes:
    values: dict[str, object] = {
        "seq": 1,
        "id": None,
        "at": 1790000000000000,
        "kind": "centre.created",
        "v": 1,
        "ref": None,
        "actor": None,
        "cause": None,
        "body": b'{"centre":"x"}',
        "prev": GENESIS,
    }
    return entry_bytes(**{**values, **changes})  # pyright: ignore[reportArgumentType] - the test's own values


def test_layout_of_an_entry_never_changes():
    assert make() == FIRST
    assert entry_hash(FIRST).hex() == "fa9c9b3c22c4c0a230e0a862e2b84e22c8f3865f224609ad6736b95daae87094"
    assert entry_hash(FIRST) == sha256(b"\x00" + FIRST).digest()


@given(ENTRIES, BODIES)
def test_entry_is_canonical_whatever_it_holds(fields: dict[str, object], body: dict[str, object]):
    entry = entry_bytes(**fields, body=canonical(body))  # pyright: ignore[reportArgumentType] - the test's own values
    assert entry == canonical({**fields, "body": body})


def test_export_line_of_a_fact_has_the_keys_of_the_reference_in_order():
    line = export_line(stored(FIRST, stream=None))
    assert line == (
        b'{"seq":1,"id":null,"at":1790000000000000,"kind":"centre.created","v":1,"ref":null,"actor":null,"cause":null,'
        b'"body":{"centre":"x"},"prev":"' + b"0" * 64 + b'","hash":"' + entry_hash(FIRST).hex().encode() + b'",'
        b'"derived":{}}\n'
    )


def test_export_line_of_a_signal_has_its_duplicates_and_what_was_joined():
    entry = make(seq=7, id="main-3", kind="signal", ref="account-2", body=b'{"code":"BA"}', prev="ab" * 32)
    plain = json.loads(export_line(stored(entry, stream="main", duplicates=4)))
    joined = json.loads(export_line(stored(entry, stream="main", duplicates=4), {"head": "text\n"}))
    assert plain["derived"] == {"duplicates": 4}
    assert joined["derived"] == {"duplicates": 4, "head": "text\n"}
    assert plain["id"] == "main-3"


@given(st.text(), st.none() | st.text())
def test_hash_can_be_computed_from_a_line_alone(name: str, ref: str | None):
    body = msgspec.json.encode({"name": name})
    entry = make(ref=ref, body=body)
    line = json.loads(export_line(stored(entry, stream=None)))
    hashed = line.pop("hash")
    del line["derived"]
    assert sha256(b"\x00" + canonical(line)).hexdigest() == hashed
