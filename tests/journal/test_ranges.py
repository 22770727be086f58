"""A journal that is followed in ranges, side by side, against the verdict of one who reads it from its beginning."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.made_journal import Journal, signer
from tocsin.journal.chain import export_line
from tocsin.journal.export_lines import LINE_BYTES_MAX, read_columns, read_line
from tocsin.journal.following import follow_columns, follow_lines
from tocsin.journal.heads import append_head
from tocsin.journal.notes import Note
from tocsin.journal.ranges import Stretch, follow_range, followed, ranges_of_file
from tocsin.journal.shapes import Shapes
from tocsin.journal.verify import (
    BROKEN,
    WHOLE,
    Verdict,
    join,
    verify_columns,
    verify_export,
    verify_file,
    verify_ranges,
)
from tocsin.model.journal import EntryColumns, StoredEntry
from tocsin.model.values import Seq
from tocsin.store.sqlite import SqliteStore
from tocsin.store.verified import verified_between


def journal_of(rounds: int) -> Journal:
    """Signals of two streams, configuration between them, a head each round."""
    journal = Journal(signer(1))
    for number in range(rounds):
        journal.signals(4)
        journal.add("account.set", {"name": "Caf\xe9", "poll_602": False, "times": [{"a": 1}, {"b": None}]})
        journal.signals(2, "b")
        journal.sign()
        if number == 2:
            journal.change_key(signer(2))
    return journal


LONG = journal_of(5)
CARRIED = [
    export_line(
        StoredEntry(row, 0),
        {"head": note.format().decode()} if (note := {n.size: n for n in LONG.heads}.get(Seq(row.seq))) else None,
    )
    for row in LONG.rows
]


def parted(parts: Sequence, size: int) -> list[list]:
    return [list(parts[begin : begin + size]) for begin in range(0, len(parts), size)]


def joined_lines(lines: Sequence[bytes], size: int, heads: Sequence[Note], trusted: Sequence | None = None):
    """As `verify_ranges` does it, in this process."""
    shapes = Shapes(of_lines=True)
    made = [list(follow_range(part, shapes, follow_lines, read_line)) for part in parted(lines, size)]
    return join(made, read_line, heads, trusted)


def joined_columns(rows: Sequence[EntryColumns], size: int, heads: Sequence[Note]) -> Verdict | None:
    shapes = Shapes(of_lines=False)
    made = [list(follow_range(part, shapes, follow_columns, read_columns)) for part in parted(rows, size)]
    return join(made, read_columns, heads, None)


def agrees(joined: Verdict | None, alone: Verdict) -> bool:
    """Ranges find the same, or leave what is broken to whoever reads from the beginning."""
    return joined is None if alone.exit_code == BROKEN else joined == alone


@pytest.mark.parametrize("size", [1, 2, 3, 7, 12, 100])
def test_whole_journal_is_whole_in_ranges_of_any_length(size: int):
    whole = verify_export(LONG.lines, heads=LONG.heads)
    assert whole.exit_code == WHOLE
    assert joined_lines(LONG.lines, size, LONG.heads) == whole
    assert joined_lines(CARRIED, size, []) == verify_export(CARRIED)
    assert joined_columns(LONG.columns, size, LONG.heads) == verify_columns(LONG.columns, heads=LONG.heads)


EDITS = st.lists(st.tuples(st.integers(0, len(LONG.rows) - 1), st.integers(0, 400), st.integers(0, 255)), max_size=2)


@settings(max_examples=300)
@given(EDITS, st.integers(1, 20), st.booleans())
def test_in_ranges_or_alone_the_verdict_on_changed_lines_is_the_same(edits, size: int, is_carried: bool):
    lines = list(CARRIED if is_carried else LONG.lines)
    for index, place, byte in edits:
        changed = bytearray(lines[index])
        changed[place % len(changed)] = byte
        lines[index] = bytes(changed)
    heads = [] if is_carried else LONG.heads
    assert agrees(joined_lines(lines, size, heads), verify_export(lines, heads=heads))


@settings(max_examples=200)
@given(EDITS, st.integers(1, 20))
def test_in_ranges_or_alone_the_verdict_on_changed_rows_is_the_same(edits, size: int):
    rows = list(LONG.columns)
    for index, place, byte in edits:
        seq, at, kind, stream, number, entry, hashed = rows[index]
        both = bytearray(entry + hashed)
        both[place % len(both)] = byte
        rows[index] = (seq, at, kind, stream, number, bytes(both[: len(entry)]), bytes(both[len(entry) :]))
    assert agrees(joined_columns(rows, size, LONG.heads), verify_columns(rows, heads=LONG.heads))


@settings(max_examples=200)
@given(st.data(), st.integers(1, 20))
def test_in_ranges_or_alone_the_verdict_on_moved_entries_and_heads_is_the_same(data: st.DataObject, size: int):
    """Entries left out, twice or swapped; heads of another key, another journal, or that are not there."""
    lines, heads = list(LONG.lines), list(LONG.heads)
    for _ in range(data.draw(st.integers(0, 2))):
        kind, index = data.draw(st.sampled_from(["out", "twice", "swap", "cut"])), data.draw(st.integers(0, 30))
        match kind:
            case "out":
                del lines[index]
            case "twice":
                lines.insert(index, lines[index])
            case "swap":
                lines[index], lines[index + 1] = lines[index + 1], lines[index]
            case _:
                lines = lines[: max(index, 4)] + [b""] * (32 - max(index, 4))
    if lines[-1] == b"":
        lines = [line for line in lines if line]
    heads = [head for head in heads if data.draw(st.booleans())]
    other = journal_of(5)
    other.key = signer(3)
    if data.draw(st.booleans()):
        heads.append(other.sign())
    keys = [signer(1).verifier_key], [signer(3).verifier_key], []
    trusted = data.draw(st.sampled_from([None, [LONG.heads[1]], [LONG.heads[-1], LONG.heads[0]], *keys]))
    begin = data.draw(st.sampled_from([0, 0, 3, 9]))
    alone = verify_export(lines[begin:], heads=heads, trusted=trusted)
    assert agrees(joined_lines(lines[begin:], size, heads, trusted), alone)


def test_stretches_are_joined_to_what_they_follow_and_to_nothing_else():
    """Ranges of two journals, each without a fault, are not one journal."""
    other = Journal(signer(1))
    other.at += 1
    other.signals(len(LONG.rows))
    shapes = Shapes(of_lines=True)
    first = list(follow_range(LONG.lines[:20], shapes, follow_lines, read_line))
    second = list(follow_range(other.lines[20:30], shapes, follow_lines, read_line))
    assert join([first, second], read_line, [], None) is None
    # And with the part between the two taken away, so that a stretch meets a stretch.
    assert isinstance(second[-1], Stretch)
    assert join([first, second[-1:]], read_line, [], None) is None


@pytest.mark.parametrize("change", [{"first": 4}, {"prev": "0" * 64}])
def test_stretch_that_goes_on_from_elsewhere_is_not_joined(change: dict[str, object]):
    made = list(follow_range(LONG.lines, Shapes(of_lines=True), follow_lines, read_line))
    index = next(index for index, item in enumerate(made) if isinstance(item, Stretch))
    stretch = made[index]
    assert isinstance(stretch, Stretch)
    assert join([made], read_line, LONG.heads, None) is not None
    made[index] = stretch._replace(**change)
    assert join([made], read_line, LONG.heads, None) is None


def test_a_range_that_failed_leaves_the_verdict_to_others():
    made = [list(follow_range(part, Shapes(of_lines=True), follow_lines, read_line)) for part in parted(LONG.lines, 20)]
    assert join([made[0], None], read_line, LONG.heads, None) is None


def test_range_of_rare_forms_alone_is_given_up_before_it_fills_the_memory():
    journal = Journal(signer(1))
    for _ in range(20):
        journal.add("account.set", {"name": "\n" * 200})  # what is escaped is read with care
    with pytest.raises(OverflowError):
        list(follow_range(journal.lines, Shapes(of_lines=True), follow_lines, read_line, 5_000))
    assert len(list(follow_range(journal.lines[:5], Shapes(of_lines=True), follow_lines, read_line, 5_000))) == 5


@pytest.mark.parametrize("range_bytes", [1, 100, 700, 1_000, 3_000, 10**7])
def test_each_line_of_a_file_is_of_one_range(tmp_path: Path, range_bytes: int):
    export = tmp_path / "export.jsonl"
    for lines in (LONG.lines, [b"\n", b"a\n", b"\n", b"b"], []):
        export.write_bytes(b"".join(lines))
        assert [line for range_ in ranges_of_file(export, range_bytes) for line in range_()] == lines


def test_line_that_is_too_long_is_of_one_range_and_refused(tmp_path: Path):
    export = tmp_path / "export.jsonl"
    export.write_bytes(b"".join(LONG.lines) + b" " * (3 * LINE_BYTES_MAX) + b"\n")
    made = [list(follow_range(range_(), Shapes(of_lines=True), follow_lines, read_line))
            for range_ in ranges_of_file(export, LINE_BYTES_MAX // 2)]  # fmt: skip
    assert join(made, read_line, LONG.heads, None) is None


# Processes -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def export(tmp_path_factory) -> Path:
    """Of 2,000 entries, with its heads beside it."""
    journal = journal_of(250)
    file = tmp_path_factory.mktemp("export") / "june.jsonl"
    file.write_bytes(b"".join(journal.lines))
    for head in journal.heads:
        append_head(file.with_name("june.jsonl.heads"), head)
    return file


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The same as a database holds it."""
    path = tmp_path / "tocsin.db"
    store = SqliteStore(path)
    with store.transaction() as transaction:
        transaction.append(journal_of(250).rows)
    store.close()
    return path


def heads_of(rounds: int) -> list[Note]:
    return journal_of(rounds).heads


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_processes_come_to_the_verdict_of_one(export: Path, processes: int):
    made = verify_ranges(ranges_of_file(export, 50_000), "lines", heads=heads_of(250), processes=processes)
    assert made == verify_file(export)
    assert made is not None
    assert made.exit_code == WHOLE


def test_processes_read_a_database_by_themselves(database: Path):
    def between(last: int) -> list[Callable]:
        return [partial(verified_between, database, after, min(after + 300, last)) for after in range(0, last, 300)]

    count = len(journal_of(250).rows)
    made = verify_ranges(between(count), "columns", heads=heads_of(250), processes=2)
    assert made is not None
    assert (made.exit_code, made.counts.entries, made.counts.heads) == (WHOLE, count, 250)
    connection = SqliteStore(database)
    with connection.transaction() as transaction:
        transaction._connection.exec_driver_sql(  # pyright: ignore[reportPrivateUsage] - somebody with the file in hand
            "UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), '1234', '1235') AS BLOB) WHERE seq = 1200"
        )
    connection.close()
    assert verify_ranges(between(count), "columns", heads=heads_of(250), processes=2) is None
    database.unlink()
    assert verify_ranges(between(count), "columns", heads=heads_of(250), processes=2) is None


def test_long_file_is_verified_by_processes_and_a_changed_one_named_by_one(export: Path, tmp_path: Path):
    assert verify_file(export, processes=2, range_bytes=50_000) == verify_file(export)
    changed = tmp_path / "june.jsonl"
    changed.write_bytes(export.read_bytes().replace(b'"seq":1501,"id":"main-', b'"seq":1501,"id":"mine-'))
    heads = export.with_name("june.jsonl.heads")
    verdict = verify_file(changed, heads=heads, processes=2, range_bytes=50_000)
    assert (verdict.exit_code, verdict.first_bad_seq) == (BROKEN, 1501)
    assert verdict == verify_file(changed, heads=heads)


def test_process_that_dies_or_fails_leaves_the_verdict_to_others(export: Path):
    whole = ranges_of_file(export, 50_000)
    assert verify_ranges([*whole[:2], partial(sys.exit, 9), *whole[2:]], "lines", processes=2) is None
    assert verify_ranges([*whole[:2], partial(int, "x"), *whole[2:]], "lines", processes=2) is None  # pyright: ignore[reportArgumentType] - wrong on purpose
    assert next(followed([partial(sys.exit, 9)], "lines", 1)) is None


def test_processes_end_with_whoever_asked(export: Path):
    """Killed in the middle, it leaves nobody behind."""
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tocsin.journal.ranges import followed, ranges_of_file\n"
        f"made = followed(ranges_of_file(Path({str(export)!r}), 20_000), 'lines', 2)\n"
        "next(made)\n"
        "children = open(f'/proc/self/task/{os.getpid()}/children').read()\n"
        "print(children, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, text=True)
    children = done.stdout.split()
    assert (done.returncode, len(children)) == (-9, 2), done.stderr
    for child in children:
        # It notices at its next read: a pipe that ended is read at once.
        path = Path("/proc") / child / "cmdline"
        for _ in range(1000):
            try:
                if b"tocsin.journal.ranges" not in path.read_bytes():
                    break
            except (FileNotFoundError, ProcessLookupError):
                break
            subprocess.run(["/bin/true"], check=True)
        else:
            pytest.fail(f"process {child} is left")
