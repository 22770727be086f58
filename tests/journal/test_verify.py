"""The verifier against whoever tampers with a journal, its heads or an export of it."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.made_journal import BEGIN, Journal, signer, small
from tocsin.journal.canonical import NotCanonicalError, canonical, decode
from tocsin.journal.chain import entry_bytes, entry_hash, export_line
from tocsin.journal.export_lines import LINE_BYTES_MAX, read_columns, read_line
from tocsin.journal.following import ChainEnd, follow_columns, follow_lines
from tocsin.journal.heads import (
    Origin,
    append_head,
    key_changed_body,
)
from tocsin.journal.notes import Note, Unread, VerifierKey
from tocsin.journal.shapes import SHAPES_EACH_MAX, SHAPES_MAX, Shapes
from tocsin.journal.verify import (
    BROKEN,
    CANNOT_JUDGE,
    TAIL_ENTRIES_MAX,
    WHOLE,
    Verdict,
    _judged,  # pyright: ignore[reportPrivateUsage] - what is followed fast is compared with careful reading alone
    verify_columns,
    verify_export,
    verify_file,
)
from tocsin.model.journal import EntryColumns, Head, StoredEntry


def reprinted(lines: Sequence[bytes], index: int, change: Callable[[dict[str, object]], None]) -> list[bytes]:
    """The lines with one entry changed and its hash left as it was."""
    fields = json.loads(lines[index])
    change(fields)
    return [*lines[:index], json.dumps(fields).encode() + b"\n", *lines[index + 1 :]]


def summary(verdict: Verdict) -> tuple[int, int | None]:
    return verdict.exit_code, verdict.first_bad_seq


def test_whole_journal_is_whole():
    journal = small()
    verdict = verify_export(journal.lines, heads=journal.heads)
    assert summary(verdict) == (WHOLE, None)
    assert verdict.words[0] == (
        "Whole: 12 entries, seq 1 to 12; 3 signed heads and 0 trusted ones are right, the newest of seq 12."
    )
    assert "--trusted" in verdict.words[1]
    assert (verdict.counts.entries, verdict.counts.heads, verdict.counts.unsigned_entries) == (12, 3, 0)


def test_export_that_carries_its_heads_needs_no_other_file():
    journal = small()
    notes = {note.size: note.format().decode() for note in journal.heads}
    lines = [
        export_line(StoredEntry(row, 0), {"head": notes[row.seq]} if row.seq in notes else None) for row in journal.rows
    ]
    verdict = verify_export(lines)
    assert (verdict.exit_code, verdict.counts.heads, verdict.counts.proved_seq) == (WHOLE, 3, 12)


def test_export_alone_without_any_head_cannot_be_judged():
    verdict = verify_export(small().lines)
    assert summary(verdict) == (CANNOT_JUDGE, None)
    assert "no signed head" in verdict.words[0]


def test_no_entries_cannot_be_judged_unless_a_head_says_that_there_were_some():
    assert summary(verify_export([])) == (CANNOT_JUDGE, None)
    assert summary(verify_export([], trusted=[])) == (CANNOT_JUDGE, None)


@pytest.mark.parametrize("field", ["seq", "id", "at", "kind", "v", "ref", "actor", "cause", "body", "prev", "hash"])
def test_no_field_can_change_without_being_named(field: str):
    """Every bit of what is printed, in a signal, in a fact with all that can be escaped, and in the last entry."""
    journal = small()
    lines = journal.lines
    for index in (1, 5, 11):
        line = lines[index]
        begin, end = place_of(line, field)
        for bit in range(8 * begin, 8 * end):
            changed = bytearray(line)
            changed[bit // 8] ^= 1 << bit % 8
            if same_values(line, bytes(changed)):
                continue
            verdict = verify_export([*lines[:index], bytes(changed), *lines[index + 1 :]], heads=journal.heads)
            assert verdict.exit_code == BROKEN, changed
            # A seq that is too low is named as it stands there, out of order.
            assert verdict.first_bad_seq is not None
            assert verdict.first_bad_seq == index + 1 or (field == "seq" and verdict.first_bad_seq <= index)


def place_of(line: bytes, field: str) -> tuple[int, int]:
    """Where a field's value is printed in a line."""
    begin = line.index(b'"%b":' % field.encode()) + len(field) + 3
    names = ["seq", "id", "at", "kind", "v", "ref", "actor", "cause", "body", "prev", "hash", "derived"]
    following = names[names.index(field) + 1]
    return begin, line.rindex(b',"%b":' % following.encode())


def same_values(one: bytes, other: bytes) -> bool:
    """A line that reads the same is the same: only its form changed (\\u001f and \\u001F)."""
    try:
        return canonical(decode(one)) == canonical(decode(other))
    except NotCanonicalError:
        return False


@settings(max_examples=150)
@given(st.integers(0, 11), st.data())
def test_any_flipped_bit_of_what_is_hashed_is_found(index: int, data: st.DataObject):
    journal = small()
    line = journal.lines[index]
    end = line.index(b',"derived":')
    bit = data.draw(st.integers(0, 8 * end - 1))
    changed = bytearray(line)
    changed[bit // 8] ^= 1 << bit % 8
    if same_values(line, bytes(changed)):
        return
    lines = [*journal.lines[:index], bytes(changed), *journal.lines[index + 1 :]]
    verdict = verify_export(lines, heads=journal.heads)
    assert verdict.exit_code == BROKEN
    assert verdict.first_bad_seq is not None
    # An export may begin anywhere, so a first entry whose seq was flipped is named by what stands there.
    assert verdict.first_bad_seq <= index + 1 or index == 0


def test_what_is_derived_may_change_freely():
    journal = small()
    changed = reprinted(journal.lines, 4, lambda fields: fields.update(derived={"duplicates": 99, "text": "new {}"}))
    assert verify_export(changed, heads=journal.heads).exit_code == WHOLE


def test_form_of_a_line_may_change_since_its_values_are_judged():
    journal = small()
    again = [json.dumps(dict(reversed(json.loads(line).items())), indent=None).encode() for line in journal.lines]
    assert verify_export(again, heads=journal.heads) == verify_export(journal.lines, heads=journal.heads)


def test_erased_values_change_nothing():
    """What was sealed stands in the journal as a commitment alone, so its erasure leaves every line as it was."""
    journal = Journal(signer(1))
    vault = {}
    for number in range(1000):
        secret = b"%032d" % number + b"name and number"
        vault[number] = secret
        journal.add("signal", {"commitment": sha256(secret).hexdigest()}, "main")
    journal.sign()
    before = verify_export(journal.lines, heads=journal.heads)
    vault.clear()
    assert verify_export(journal.lines, heads=journal.heads) == before
    assert before.exit_code == WHOLE


@pytest.mark.parametrize("seq", [1, 2, 5, 6, 11])
def test_deleted_row_is_named(seq: int):
    journal = small()
    lines = journal.lines
    del lines[seq - 1]
    verdict = verify_export(lines, heads=journal.heads)
    # Without its first entry an export begins in the middle, which is allowed; but then nothing names a key.
    assert summary(verdict) == ((CANNOT_JUDGE, None) if seq == 1 else (BROKEN, seq))
    if seq != 1:
        assert f"Entry {seq} is missing" in verdict.words[0]


def test_deleted_tail_is_found_by_the_head_that_covered_it():
    journal = small()
    verdict = verify_export(journal.lines[:10], heads=journal.heads)
    assert summary(verdict) == (BROKEN, 11)
    assert "entries 11 to 12 are missing" in verdict.words[0]


def test_tail_deleted_with_its_heads_is_found_by_a_trusted_head_alone():
    journal = small()
    kept = journal.heads[-1]
    assert summary(verify_export(journal.lines[:9], heads=journal.heads[:2])) == (WHOLE, None)
    assert summary(verify_export(journal.lines[:9], heads=journal.heads[:2], trusted=[kept])) == (BROKEN, 10)


def test_two_rows_swapped_are_named():
    journal = small()
    lines = journal.lines
    lines[6], lines[7] = lines[7], lines[6]
    assert summary(verify_export(lines, heads=journal.heads)) == (BROKEN, 7)


def test_swapped_contents_under_each_others_seq_are_named():
    journal = small()
    one, two = (json.loads(journal.lines[index]) for index in (6, 7))
    one["body"], two["body"] = two["body"], one["body"]
    lines = [*journal.lines[:6], *(json.dumps(x).encode() + b"\n" for x in (one, two)), *journal.lines[8:]]
    assert summary(verify_export(lines, heads=journal.heads)) == (BROKEN, 7)


def test_inserted_row_is_named():
    journal = small()
    lines = [*journal.lines[:6], journal.lines[5], *journal.lines[6:]]
    verdict = verify_export(lines, heads=journal.heads)
    assert summary(verdict) == (BROKEN, 6)
    assert "twice" in verdict.words[0]


def test_line_cut_in_its_middle_is_named():
    journal = small()
    verdict = verify_export([*journal.lines[:-1], journal.lines[-1][:100]], heads=journal.heads)
    assert summary(verdict) == (BROKEN, 12)
    assert "the export was cut there" in verdict.words[0]


def test_changed_entry_with_a_new_hash_of_its_own_breaks_the_chain_after_it():
    journal = small()

    def rewrite(fields: dict[str, object]) -> None:
        fields["body"] = {"account": "9999"}
        hashed = {k: v for k, v in fields.items() if k not in {"hash", "derived"}}
        fields["hash"] = entry_hash(canonical(hashed)).hex()

    verdict = verify_export(reprinted(journal.lines, 5, rewrite), heads=journal.heads)
    assert summary(verdict) == (BROKEN, 7)
    assert "does not follow entry 6" in verdict.words[0]


def test_all_rewritten_from_one_entry_on_is_found_by_the_next_head():
    journal = small()
    forged = Journal(signer(1))
    forged.signals(4)
    forged.signals(7, "other")
    assert len(forged.rows) == 12
    verdict = verify_export(forged.lines, heads=journal.heads)
    assert summary(verdict) == (BROKEN, 6)
    assert "in entries 6 to 9 was rewritten" in verdict.words[0]


def test_all_rewritten_and_signed_with_another_key_is_found_only_with_what_is_trusted():
    honest, forged = small(), small(signer(66))
    assert verify_export(forged.lines, heads=forged.heads).exit_code == WHOLE
    by_key = verify_export(forged.lines, heads=forged.heads, trusted=[honest.key.verifier_key])
    by_head = verify_export(forged.lines, heads=forged.heads, trusted=[honest.heads[1]])
    assert summary(by_key) == (BROKEN, 1)
    assert "signed anew" in by_key.words[0]
    assert summary(by_head) == (BROKEN, 1)
    for trusted in ([honest.heads[1]], [honest.key.verifier_key], [honest.heads[0], honest.key.verifier_key]):
        assert verify_export(honest.lines, heads=honest.heads, trusted=trusted).exit_code == WHOLE


def test_same_entries_signed_with_another_key_are_found():
    """The heads file alone was replaced: the journal still names its own key."""
    journal, other = small(), signer(66)
    heads = [other.sign(Head(note.size, note.entry_hash.hex(), BEGIN)) for note in journal.heads]  # pyright: ignore[reportArgumentType] - plain values
    assert summary(verify_export(journal.lines, heads=heads)) == (BROKEN, 5)


def test_rewritten_under_another_origin_agrees_with_nothing_that_is_trusted():
    honest, forged = small(), small(signer(66, Origin("watch.example/tocsin/other/chain")))
    verdict = verify_export(forged.lines, heads=forged.heads, trusted=[*honest.heads, honest.key.verifier_key])
    assert summary(verdict) == (CANNOT_JUDGE, None)
    assert "3 signed heads are of another journal" in " ".join(verdict.words)


def test_old_head_replayed_is_found():
    journal = small()
    first, second, third = journal.heads
    replayed = verify_export(journal.lines, heads=[first, second, third, first])
    assert summary(replayed) == (BROKEN, 5)
    instead = verify_export(journal.lines[:9], heads=[first, second, first])
    assert instead.exit_code == BROKEN
    # The same head twice in a row is an append that was tried again.
    assert verify_export(journal.lines, heads=[first, first, second, third]).exit_code == WHOLE


def test_head_with_a_flipped_bit_never_counts():
    journal = small()
    last = journal.heads[-1]
    signed = last.signatures[0]
    for changed in (
        Note(last.origin, last.size, bytes(32), last.signatures),
        Note(last.origin, 11, last.entry_hash, last.signatures),
        Note(last.origin, 13, last.entry_hash, last.signatures),
        with_signature(last, signed.signature[:-1] + bytes([signed.signature[-1] ^ 1])),
    ):
        assert verify_export(journal.lines, heads=[*journal.heads[:2], changed]).exit_code == BROKEN


def with_signature(note: Note, signature: bytes) -> Note:
    signed = note.signatures[0]
    return Note(note.origin, note.size, note.entry_hash, (type(signed)(signed.name, signed.key_id, signature),))


def test_key_change_by_the_old_key_is_followed():
    journal = small()
    old = journal.key.verifier_key
    journal.change_key(signer(2))
    journal.signals(2)
    journal.sign()
    journal.change_key(signer(3))
    journal.signals(2)
    journal.sign()
    for trusted in (None, [old], [signer(2).verifier_key], [signer(3).verifier_key], [journal.heads[0]]):
        verdict = verify_export(journal.lines, heads=journal.heads, trusted=trusted)
        assert (verdict.exit_code, verdict.counts.proved_seq) == (WHOLE, 18), trusted


def test_head_of_the_old_key_after_its_change_is_refused():
    journal = small()
    old = journal.key
    journal.change_key(signer(2))
    journal.signals(1)
    journal.key = old
    journal.sign()
    assert summary(verify_export(journal.lines, heads=journal.heads)) == (BROKEN, 14)


def test_key_change_without_the_old_keys_word_is_refused():
    journal = small()
    thief = signer(66)
    honest = journal.key
    journal.key = thief
    journal.change_key(signer(2))
    assert summary(verify_export(journal.lines, heads=journal.heads)) == (BROKEN, 13)

    # The true sentence of the old key, moved to an earlier place by somebody who has the new key only.
    honest_journal = small()
    body = key_changed_body(honest, signer(2).verifier_key, seq=13, prev=honest_journal.prev)  # pyright: ignore[reportArgumentType] - plain values
    moved = Journal(honest)
    moved.add("head.key_changed", body)
    moved.key = signer(2)
    moved.signals(3)
    moved.sign()
    assert summary(verify_export(moved.lines, heads=moved.heads)) == (BROKEN, 2)


def test_export_from_the_middle_is_judged_by_the_heads_it_has():
    journal = small()
    lines, key = journal.lines[5:], journal.key.verifier_key
    assert verify_export(lines, heads=journal.heads).exit_code == CANNOT_JUDGE  # nothing names the key
    claimed = verify_export(lines, heads=[key, *journal.heads])
    assert (claimed.exit_code, claimed.counts.first_seq, claimed.counts.heads) == (WHOLE, 6, 3)
    assert "begins at seq 6" in " ".join(claimed.words)
    assert verify_export(lines, heads=journal.heads, trusted=[key]).exit_code == WHOLE
    assert verify_export(lines, trusted=[journal.heads[-1]]).exit_code == WHOLE  # it was kept, so its hash is enough
    other = verify_export(lines, heads=journal.heads, trusted=[signer(66).verifier_key])
    assert other.exit_code == CANNOT_JUDGE


def test_export_from_the_middle_must_fit_the_head_before_it():
    journal, other = small(), Journal(signer(1))
    other.signals(11, "x")
    other.sign()
    key = journal.key.verifier_key
    verdict = verify_export(other.lines[5:], heads=[key, journal.heads[0], *other.heads])
    assert summary(verdict) == (BROKEN, 5)


def test_unsigned_tail_is_said_plainly_and_has_a_limit():
    journal = small()
    journal.signals(5)
    verdict = verify_export(journal.lines, heads=journal.heads)
    assert (verdict.exit_code, verdict.counts.unsigned_entries) == (WHOLE, 5)
    assert "The last 5 entries are chained but not signed yet" in verdict.words[1]

    journal.at += 121_000_000
    journal.signals(1)
    late = verify_export(journal.lines, heads=journal.heads)
    assert summary(late) == (CANNOT_JUDGE, None)
    assert "A head is missing" in late.words[0]

    many = small()
    many.signals(TAIL_ENTRIES_MAX)
    assert verify_export(many.lines, heads=many.heads).exit_code == WHOLE
    many.signals(1)
    assert verify_export(many.lines, heads=many.heads).exit_code == CANNOT_JUDGE


def test_tail_after_a_quiet_night_is_measured_from_the_first_unsigned_entry():
    journal = small()
    journal.at += 8 * 3_600_000_000
    journal.signals(2)
    assert verify_export(journal.lines, heads=journal.heads).exit_code == WHOLE


def test_head_trusted_long_ago_vouches_for_the_key_of_later_heads():
    journal = small()
    assert verify_export(journal.lines, heads=journal.heads, trusted=[journal.heads[0]]).counts.proved_seq == 12
    journal.at += 999_000_000
    journal.signals(1)
    journal.at += 999_000_000
    journal.signals(1)
    alone = verify_export(journal.lines, trusted=[journal.heads[0]])
    assert (alone.exit_code, alone.counts.proved_seq) == (CANNOT_JUDGE, 5)


def test_numbers_of_a_stream_go_on_without_gaps():
    journal = Journal(signer(1))
    journal.signals(2)
    journal.numbers["main"] = 5
    journal.signals(1)
    journal.sign()
    verdict = verify_export(journal.lines, heads=journal.heads)
    assert summary(verdict) == (BROKEN, 4)
    assert "main-6, but main-3 must come next" in verdict.words[0]


def test_time_of_entries_never_runs_back():
    journal = Journal(signer(1))
    journal.signals(1)
    journal.at -= 5000
    journal.signals(1)
    journal.sign()
    verdict = verify_export(journal.lines, heads=journal.heads)
    assert summary(verdict) == (BROKEN, 3)
    assert "never runs back" in verdict.words[0]


def test_journal_begins_with_its_centre_and_has_only_one():
    journal = small()
    journal.add("centre.created", json.loads(journal.lines[0])["body"])
    assert summary(verify_export(journal.lines, heads=journal.heads)) == (BROKEN, 13)

    other = small()
    fields = {**json.loads(other.lines[0]), "kind": "signal", "id": "main-1"}
    del fields["derived"], fields["hash"]
    hashed = entry_hash(canonical(fields)).hex()
    line = json.dumps({**fields, "hash": hashed, "derived": {}}).encode() + b"\n"
    assert summary(verify_export([line])) == (BROKEN, 1)


def test_kinds_of_later_versions_are_chained_like_any():
    journal = small()
    journal.add("incident.opened", {"deep": {"list": [1, {"x": None}]}})
    journal.add("door.seen", {"a": 1}, "door")
    journal.sign()
    assert verify_export(journal.lines, heads=journal.heads).exit_code == WHOLE


def test_loss_that_the_centre_noted_is_told():
    journal = small()
    journal.add("centre.noticed", {"account": None, "count": 40, "notice": "tail_lost", "reason": None})
    journal.sign()
    verdict = verify_export(journal.lines, heads=journal.heads)
    assert verdict.exit_code == WHOLE
    assert "what it had recorded after seq 12 was lost" in verdict.words[-1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda line: line.replace(b'"v":1,', b'"v":1,"v":1,'), "twice"),
        (lambda line: line.replace(b'"events":1', b'"events":1,"events":1'), "twice"),
        (lambda line: line.replace(b'"events":1', b'"events":1.0'), "not an integer"),
        (lambda line: line.replace(b'"events":1', b'"events":1e0'), "not an integer"),
        (lambda line: line.replace(b'"events":1', b'"events":9007199254740992'), "beyond 2^53-1"),
        (lambda line: line.replace(b'"events":1', b'"events":"\\ud800"'), "half a character"),
        (lambda line: line.replace(b'"events":1', b'"\xc3\xa9":1'), "not ASCII"),
        (lambda line: line.replace(b'"v":1', b'"v":true'), "its v is not of the right form"),
        (lambda line: line.replace(b'"v":1,', b'"v":1,"more":1,'), "not those of an entry"),
        (lambda line: line.replace(b'"cause":null,', b""), "not those of an entry"),
        (lambda line: b"\n", "empty"),
        (lambda line: b"[]\n", "no object"),
        (lambda line: b"\xff\n", "not UTF-8"),
        (lambda line: b"[" * 100_000, "nested"),
        (lambda line: line[:-1] + b" " * LINE_BYTES_MAX, "longer than"),
    ],
)
def test_line_that_could_be_read_in_two_ways_is_refused(change: Callable[[bytes], bytes], words: str):
    journal = small()
    changed = change(journal.lines[3])
    assert changed != journal.lines[3]
    verdict = verify_export([*journal.lines[:3], changed, *journal.lines[4:]], heads=journal.heads)
    assert summary(verdict) == (BROKEN, 4)
    assert words in verdict.words[0]


def test_duplicate_key_is_refused_even_where_it_was_hashed_like_that():
    """Whoever writes the journal could hash such bytes himself; the fast path must not let them through."""
    journal = small()
    body = b'{"account":"1234","account":"1234","commitment":null,"events":1,"received_at":5,"values":[]}'
    entry = entry_bytes(
        seq=13, id="main-9", at=journal.at, kind="signal", v=1, ref=None, actor=None, cause=None, body=body,  # pyright: ignore[reportArgumentType] - plain values
        prev=journal.prev,  # pyright: ignore[reportArgumentType] - plain values
    )  # fmt: skip
    line = (
        b'{"seq":13,"id":"main-9","at":%d,"kind":"signal","v":1,"ref":null,"actor":null,"cause":null,"body":%b,'
        b'"prev":"%b","hash":"%b","derived":{"duplicates":0}}\n'
        % (journal.at, body, journal.prev.encode(), entry_hash(entry).hex().encode())
    )
    verdict = verify_export([*journal.lines, line], heads=journal.heads)
    assert summary(verdict) == (BROKEN, 13)


def learnt(journal: Journal, *, of_lines: bool) -> tuple[Shapes, ChainEnd]:
    """What is known after careful reading of all of a journal, and where its first entry ended."""
    shapes, end = Shapes(of_lines=of_lines), ChainEnd()
    for line in journal.lines:
        entry = read_line(line)
        shapes.learn(entry.kind, entry.v, entry.body)
    end.seq, end.at, end.hash, end.streams["main"] = 1, BEGIN, journal.rows[0].hash.hex(), 0
    return shapes, end


def test_entries_of_known_shapes_are_followed_without_being_parsed():
    """What makes 100,000 entries a second; the properties below say that it lets nothing else through."""
    journal = Journal(signer(1))
    journal.signals(20)  # each third with a list of objects
    shapes, end = learnt(journal, of_lines=True)
    assert follow_lines(iter(journal.lines[1:]), shapes, end, 100) is None
    assert (end.seq, end.at, end.hash, end.streams) == (21, journal.at, journal.prev, {"main": 20})
    shapes, end = learnt(journal, of_lines=False)
    assert follow_columns(iter(journal.columns[1:]), shapes, end, 100) is None
    assert (end.seq, end.at, end.hash, end.streams) == (21, journal.at, journal.prev, {"main": 20})


def test_followed_up_to_the_entry_that_a_head_is_of():
    journal = Journal(signer(1))
    journal.signals(20)
    shapes, end = learnt(journal, of_lines=True)
    assert follow_lines(iter(journal.lines[1:]), shapes, end, 12) == journal.lines[11]
    assert end.seq == 11
    shapes, end = learnt(journal, of_lines=False)
    assert follow_columns(iter(journal.columns[1:]), shapes, end, 12) == journal.columns[11]
    assert end.seq == 11


def test_shapes_that_are_learnt_have_a_limit():
    shapes = Shapes(of_lines=False)
    for number in range(20):
        shapes.learn("signal", 1, {f"a{number}": 1})
    assert len(shapes.by_kind["signal"]) == SHAPES_EACH_MAX
    for number in range(2 * SHAPES_MAX):
        shapes.learn(f"kind.{number}", 1, {})
    assert sum(map(len, shapes.by_kind.values())) == SHAPES_MAX
    deep: dict[str, object] = {}
    for _ in range(20):
        deep = {"a": deep}
    for body in (deep, {f"a{number}": 1 for number in range(101)}, {"A b": 1}):
        shapes = Shapes(of_lines=False)
        shapes.learn("signal", 1, body)
        assert not shapes.by_kind


BODY_TEXTS = st.sampled_from([b"0", b"-0", b"00", b"1", b"-1", b"1.0", b"true", b"True", b'"\\u0061"', b'"a"', b"[]",
    b"[ ]", b"[1]", b"{}", b"1 ", b"9007199254740991", b"9007199254740992", b"8999999999999999", b"12345678901234567",
    b'"\\n"', b'"\x1f"', b'"\xc3\xa9"', b'"/"', b'"\\/"', b"null", b""])  # fmt: skip


@given(BODY_TEXTS, BODY_TEXTS)
def test_fast_and_strict_reading_agree(one: bytes, two: bytes):
    """A line that the learnt pattern lets through has exactly the form that strict reading would print."""
    journal = Journal(signer(1))
    journal.add("signal", {"a": 1, "b": 2}, "main")
    body = b'{"a":%b,"b":%b}' % (one, two)
    hashed = (
        b'{"actor":null,"at":%d,"body":%b,"cause":null,"id":"main-2","kind":"signal","prev":"%b","ref":null,"seq":3,"v":1}'
        % (journal.at, body, journal.prev.encode())
    )
    line = (
        b'{"seq":3,"id":"main-2","at":%d,"kind":"signal","v":1,"ref":null,"actor":null,"cause":null,"body":%b,"prev":"%b",'
        b'"hash":"%b","derived":{"duplicates":0}}\n'
        % (journal.at, body, journal.prev.encode(), entry_hash(hashed).hex().encode())
    )
    row = (3, journal.at, "signal", "main", 2, hashed, entry_hash(hashed))
    try:
        is_canonical = canonical(decode(body)) == body
    except NotCanonicalError:
        is_canonical = False
    expected = CANNOT_JUDGE if is_canonical else BROKEN
    assert verify_export([*journal.lines, line]).exit_code == expected
    assert verify_columns([*journal.columns, row]).exit_code == expected  # pyright: ignore[reportArgumentType] - plain values


def carefully(lines: Sequence[bytes], heads: Sequence[Note]) -> Verdict:
    return _judged(lines, heads, None, Shapes(of_lines=True), lambda parts, *_: next(parts, None), read_line)


LONG = Journal(signer(1))
for _ in range(4):
    LONG.signals(4)
    LONG.add("account.set", {"name": "Caf\xe9", "poll_602": False, "times": [{"a": 1}, {"b": None}]}, actor="user-7")
    LONG.signals(2, "b")
    LONG.sign()


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(LONG.rows) - 1), st.integers(0, 400), st.integers(0, 255)), max_size=2))
def test_followed_or_read_with_care_the_verdict_is_the_same(edits: list[tuple[int, int, int]]):
    lines = LONG.lines
    for index, place, byte in edits:
        changed = bytearray(lines[index])
        changed[place % len(changed)] = byte
        lines[index] = bytes(changed)
    assert verify_export(lines, heads=LONG.heads) == carefully(lines, LONG.heads)


@settings(max_examples=300)
@given(st.integers(0, len(LONG.rows) - 1), st.integers(0, 10_000), st.integers(0, 7))
def test_any_flipped_bit_of_a_stored_entry_or_hash_is_found(index: int, place: int, bit: int):
    rows = LONG.columns
    seq, at, kind, stream, number, entry, hashed = rows[index]
    both = bytearray(entry + hashed)
    both[place % len(both)] ^= 1 << bit
    changed = (seq, at, kind, stream, number, bytes(both[: len(entry)]), bytes(both[len(entry) :]))
    verdict = verify_columns([*rows[:index], changed, *rows[index + 1 :]], heads=LONG.heads)
    assert summary(verdict) == (BROKEN, index + 1)


def test_whole_journal_as_it_is_stored_is_whole():
    verdict = verify_columns(LONG.columns, heads=LONG.heads)
    assert (verdict.exit_code, verdict.counts) == (WHOLE, verify_export(LONG.lines, heads=LONG.heads).counts)
    assert (verdict.counts.entries, verdict.counts.heads) == (len(LONG.rows), 4)


@pytest.mark.parametrize("index", [1, 5, 12, 28])
@pytest.mark.parametrize(
    "change",
    [
        lambda row: (row[0] + 1, *row[1:]),
        lambda row: (row[0], row[1] + 1, *row[2:]),
        lambda row: (*row[:2], "centre.seen", *row[3:]),
        lambda row: (*row[:3], "other", *row[4:]),
        lambda row: (*row[:3], None, *row[4:]),
        lambda row: (*row[:4], 77, *row[5:]),
        lambda row: (*row[:4], None if row[4] is not None else 5, *row[5:]),
        lambda row: (*row[:5], row[5].decode(), row[6]),
        lambda row: (*row[:5], row[5] + b" ", row[6]),
        lambda row: (*row[:5], b" " + row[5], entry_hash(b" " + row[5])),
        lambda row: (*row[:5], b"\xff", row[6]),
        lambda row: (*row[:5], b"", row[6]),
        lambda row: (*row[:5], row[5] + b" " * LINE_BYTES_MAX, row[6]),
        lambda row: (*row[:6], row[6].hex()),
        lambda row: (*row[:6], b""),
    ],
)
def test_changed_column_is_named(index: int, change: Callable[[EntryColumns], EntryColumns]):
    rows = LONG.columns
    changed = change(rows[index])
    if changed == rows[index]:
        return
    verdict = verify_columns([*rows[:index], changed, *rows[index + 1 :]], heads=LONG.heads)
    assert summary(verdict) == (BROKEN, index + 1), verdict.words


def test_stored_entries_left_out_swapped_or_twice_are_named():
    rows = LONG.columns
    assert summary(verify_columns([*rows[:6], *rows[7:]], heads=LONG.heads)) == (BROKEN, 7)
    assert summary(verify_columns([*rows[:6], rows[7], rows[6], *rows[8:]], heads=LONG.heads)) == (BROKEN, 7)
    assert summary(verify_columns([*rows[:7], *rows[6:]], heads=LONG.heads)) == (BROKEN, 7)
    assert summary(verify_columns(rows[:-1], heads=LONG.heads)) == (BROKEN, len(rows))


ORDER = ("seq", "id", "at", "kind", "v", "ref", "actor", "cause", "body", "prev")
NUMBERS = [b"1", b"-1", b"0", b"1.0", b"9007199254740992"]
FIELD_TEXTS = st.sampled_from(
    [*NUMBERS, b"null", b'"a"', b'"a","ref":"b"', b'"a" ', b'"\\u0061"', b'"\\n"', b'"\xff"', b"true", b"{}",
     b"[]", b'"signal"', b'"main-20"', b'"main-19"', b'"m-1"', b""]
)  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(["actor", "at", "body", "cause", "id", "kind", "ref", "v"]), FIELD_TEXTS)
def test_whatever_stands_in_a_field_followed_and_careful_reading_agree(field: str, text: bytes):
    """Somebody who can hash and writes what is no canonical JSON, as an entry of a shape that is known."""
    journal = Journal(signer(1))
    journal.signals(18)
    prev = journal.prev.encode()
    fields = {"actor": b"null", "at": b"%d" % journal.at, "body": b'{"a":1}', "cause": b"null", "id": b'"main-19"',
              "kind": b'"signal"', "prev": b'"%b"' % prev, "ref": b"null", "seq": b"20", "v": b"1"}  # fmt: skip
    fields["body"] = canonical(json.loads(journal.rows[-3].entry)["body"])
    fields[field] = text
    entry = b"{%b}" % b",".join(b'"%b":%b' % (key.encode(), value) for key, value in fields.items())
    line = b"{%b" % b",".join(b'"%b":%b' % (key.encode(), fields[key]) for key in ORDER)
    line += b',"hash":"%b","derived":{"duplicates":0}}\n' % entry_hash(entry).hex().encode()
    assert verify_export([*journal.lines, line]) == carefully([*journal.lines, line], [])
    row = (20, journal.at, "signal", "main", 19, entry, entry_hash(entry))
    rows = [*journal.columns, row]
    with_care = _judged(rows, (), None, Shapes(of_lines=False), lambda parts, *_: next(parts, None), read_columns)  # pyright: ignore[reportArgumentType] - plain values
    assert verify_columns(rows) == with_care  # pyright: ignore[reportArgumentType] - plain values


def chained(rows: Sequence[EntryColumns], **changes: object) -> EntryColumns:
    """One more entry, hashed and chained as it should be, whatever it says."""
    fields = {
        **json.loads(rows[-1][5]),
        "id": f"main-{len(rows) - 12}",
        "seq": len(rows) + 1,
        "prev": rows[-1][6].hex(),
    }
    fields.update(changes)
    stored = canonical(fields)
    stream, _, number = str(fields["id"]).partition("-")
    return (fields["seq"], fields["at"], fields["kind"], stream, int(number), stored, entry_hash(stored))  # pyright: ignore[reportReturnType] - plain values


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"at": LONG.at - 1}, "never runs back"),
        ({"id": "main-19"}, "main-18 must come next"),
        ({"id": "main-17"}, "main-18 must come next"),
        ({"id": "new-2"}, "new-1 must come next"),
        ({"prev": "0" * 64}, "does not follow"),
        ({"seq": len(LONG.rows) + 3}, "missing"),
        ({"v": 0}, "its v is not of the right form"),
        ({"cause": True}, "its cause is not of the right form"),
        ({"more": 1}, "not those of an entry"),
    ],
)
def test_entry_that_is_hashed_rightly_and_says_what_cannot_be_is_named(change: dict[str, object], words: str | None):
    """Somebody who can hash; in a database as in an export."""
    rows = [*LONG.columns, chained(LONG.columns)]  # the first after a head is always read with care
    rows.append(chained(rows, **change))
    of_export = [*LONG.lines, *(exported(row) for row in rows[-2:])]
    for verdict in (verify_columns(rows, heads=LONG.heads), verify_export(of_export, heads=LONG.heads)):
        if words is None:
            assert verdict.exit_code == WHOLE, verdict.words
        else:
            assert summary(verdict) == (BROKEN, len(rows))
            assert words in verdict.words[0]


@pytest.mark.parametrize("change", [{"id": "main-99"}, {"id": "other-18"}, {"seq": 9}, {"kind": "signals"}])
def test_columns_that_go_on_rightly_hide_no_entry_that_does_not(change: dict[str, object]):
    rows = [*LONG.columns, chained(LONG.columns)]
    entry, hashed = chained(rows, **change)[5:]
    rows.append((*chained(rows)[:5], entry, hashed))
    verdict = verify_columns(rows, heads=LONG.heads)
    assert summary(verdict) == (BROKEN, len(rows))
    assert "a column beside it says another thing" in verdict.words[0]


def exported(row: EntryColumns) -> bytes:
    fields = json.loads(row[5])
    ordered = {key: fields.pop(key) for key in ORDER if key in fields}
    text = json.dumps({**ordered, **fields, "hash": row[6].hex(), "derived": {}}, separators=(",", ":"))
    return text.encode() + b"\n"


@given(st.lists(st.binary(max_size=60) | st.sampled_from(small().lines), max_size=8))
def test_any_lines_give_a_verdict(lines: list[bytes]):
    assert verify_export(lines, trusted=[signer(1).verifier_key]).exit_code in {BROKEN, CANNOT_JUDGE}


def test_unreadable_parts_of_a_heads_file_are_told_and_spoil_nothing():
    journal = small()
    verdict = verify_export(journal.lines, heads=[journal.heads[0], Unread(9, "torn"), *journal.heads[1:]])
    assert verdict.exit_code == WHOLE
    assert verdict.words[-1] == "A heads file is not readable at line 9: torn. It was left aside."


def test_heads_of_other_journals_are_left_aside():
    journal = small()
    foreign = small(signer(9, Origin("elsewhere/tocsin/x/chain")))
    verdict = verify_export(journal.lines, heads=journal.heads, trusted=[*foreign.heads, *journal.heads])
    assert (verdict.exit_code, verdict.counts.trusted_heads) == (WHOLE, 3)


def test_files_are_verified_with_the_heads_beside_them(tmp_path: Path):
    journal = small()
    export = tmp_path / "export.jsonl"
    export.write_bytes(b"".join(journal.lines))
    assert verify_file(export).exit_code == CANNOT_JUDGE
    for note in journal.heads:
        append_head(tmp_path / "export.jsonl.heads", note)
    assert verify_file(export).exit_code == WHOLE
    trusted = tmp_path / "kept"
    trusted.write_text(f"{journal.key.verifier_key}\n")
    assert verify_file(export, trusted=trusted).exit_code == WHOLE
    trusted.write_text(f"{signer(66).verifier_key}\n")
    assert summary(verify_file(export, trusted=trusted)) == (BROKEN, 1)


def test_verifier_needs_nothing_but_the_standard_library_and_cryptography(tmp_path: Path):
    journal = small()
    export = tmp_path / "export.jsonl"
    export.write_bytes(b"".join(journal.lines))
    for note in journal.heads:
        append_head(tmp_path / "export.jsonl.heads", note)
    program = (
        "import sys\n"
        "for name in ('msgspec', 'sqlalchemy', 'pysqlite3', 'structlog', 'litestar'): sys.modules[name] = None\n"
        "from pathlib import Path\n"
        "from tocsin.journal.verify import verify_file\n"
        "sys.exit(verify_file(Path(sys.argv[1])).exit_code)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(export)], check=False).returncode == WHOLE


def test_program_of_the_how_to_checks_the_chain_without_ours(tmp_path: Path):
    how_to = (Path(__file__).parents[2] / "docs/how-to/verify-a-journal.md").read_text()
    program = how_to.split("```python\n")[1].split("```")[0]
    lines = small().lines
    changed = reprinted(lines, 7, lambda fields: fields.update(at=5))
    for export, status in ((lines, 0), (changed, 1), (lines[:5] + lines[6:], 1)):
        (tmp_path / "june.jsonl").write_bytes(b"".join(export))
        done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == status, done.stderr


def test_verifier_key_in_the_first_entry_is_the_one_that_signs():
    body = json.loads(small().lines[0])["body"]
    assert list(body) == ["centre", "head_key", "origin", "version"]
    assert VerifierKey.parse(body["head_key"]) == signer(1).verifier_key
