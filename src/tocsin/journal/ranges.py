"""Follows ranges of a journal in processes of their own, side by side; journal/verify.py joins and judges them.

A process knows nothing of what stands before its range. What it could follow it hands back as stretches, with `at` and
hash of each entry, so that heads can be compared; whatever needs care it hands back as it stands. The joiner compares
the beginning of each stretch with the end of what it joined before, so nothing is believed for standing in a range.
All this is a shortcut to "nothing is wrong", and no more: where anything is wrong, or a process fails, the journal is
judged from its beginning by one process, which finds the words.
Only the standard library is needed, since an outsider's verifier runs this.
"""

import contextlib
import itertools
import os
import pickle
import signal
import subprocess
import sys
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Generic, Literal, NamedTuple, TypeVar

from tocsin.journal.canonical import INTEGER_MAX, NotCanonicalError
from tocsin.journal.export_lines import LINE_BYTES_MAX, Entry, read_columns, read_line
from tocsin.journal.following import UNLEARNT, ChainEnd, follow_columns, follow_lines
from tocsin.journal.shapes import Shapes

if TYPE_CHECKING:
    from tocsin.model.journal import EntryColumns

RANGE_ENTRIES: Final = 20_000
RANGE_BYTES: Final = 16_777_216
CARE_BYTES_MAX: Final = 16_777_216
"""So much that needs care may stand in a range; where more does, there is nothing to win."""
AHEAD: Final = 2
"""Ranges that a process has at most: the one it follows, and the next."""
NICE: Final = 10
"""A centre that receives on the same machine goes first."""

T = TypeVar("T")
Form = Literal["lines", "columns"]
_HASH_CHARS: Final = 64


class Stretch(NamedTuple):
    """Entries that were followed, one after another."""

    first: int
    """Seq of the first."""
    prev: str
    """The hash that it names as that of the entry before."""
    ats: "array[int]"
    """`at` of each, in microseconds."""
    hashes: str
    """Hash of each, 64 digits, without anything between them."""
    streams: dict[str, int]
    """The last number of each stream that the range has begun."""

    @property
    def last(self) -> int:
        """Seq of the last."""
        return self.first + len(self.ats) - 1

    def at(self, seq: int) -> int:
        """`at` of an entry, in microseconds."""
        return self.ats[seq - self.first]

    def hash(self, seq: int) -> str:
        """Hash of an entry."""
        begin = (seq - self.first) * _HASH_CHARS
        return self.hashes[begin : begin + _HASH_CHARS]


def follow_range(
    parts: Iterable[T],
    shapes: Shapes,
    follow: Callable[[Iterator[T], Shapes, ChainEnd, int], T | None],
    read: Callable[[T], Entry],
    care_bytes_max: int = CARE_BYTES_MAX,
) -> Iterator[Stretch | T]:
    """Give a range as stretches and as parts that need care, in order; the first is one. What cannot be read ends it.

    Raises:
        OverflowError: more than `care_bytes_max` need care.
    """
    parts, end, care_bytes = iter(parts), ChainEnd(), 0
    # Its own beginning is not known here: taken for the end of what nobody can follow.
    part = next(parts, None)
    while part is not None:
        yield part
        try:
            entry = read(part)
        except NotCanonicalError:
            return
        care_bytes += len(entry.canonical)
        if care_bytes > care_bytes_max:
            raise OverflowError(care_bytes)
        if entry.kind not in UNLEARNT:
            shapes.learn(entry.kind, entry.v, entry.body)
        if entry.stream is not None:
            end.streams[entry.stream] = entry.number
        end.seq, end.at, end.hash = entry.seq, entry.at, entry.hash
        end.ats, end.hashes = [], []
        part = follow(parts, shapes, end, INTEGER_MAX)
        if end.ats:
            yield Stretch(entry.seq + 1, entry.hash, array("q", end.ats), "".join(end.hashes), dict(end.streams))


def ranges_of_file(export: Path, range_bytes: int = RANGE_BYTES) -> list[Callable[[], Iterator[bytes]]]:
    """The lines of an export, parted."""
    size = export.stat().st_size
    return [partial(_lines_between, export, begin, begin + range_bytes) for begin in range(0, size, range_bytes)]


def _lines_between(export: Path, begin: int, end: int) -> Iterator[bytes]:
    """Give the lines that begin from one place of the file on and before another."""
    with export.open("rb") as file:
        if begin:
            # The line that the byte before belongs to is of the range before, however long it is.
            file.seek(begin - 1)
            while (rest := file.readline(LINE_BYTES_MAX)) and not rest.endswith(b"\n"):
                pass
        while file.tell() < end and (line := file.readline(LINE_BYTES_MAX + 1)):
            yield line


def followed(
    ranges: Iterable[Callable[[], Iterable[T]]], form: Form, processes: int
) -> Iterator[list[Stretch | T] | None]:
    """Follow ranges in so many processes; give what each came to, in order, or None for one that failed.

    A range is made in the process: the callable is pickled.
    """
    ranges = iter(ranges)
    with contextlib.ExitStack() as stack:
        started = [stack.enter_context(contextlib.closing(_Process[T](form))) for _ in range(processes)]
        asked: deque[_Process[T]] = deque()
        for process, range_ in zip(started * AHEAD, itertools.islice(ranges, processes * AHEAD), strict=False):
            process.ask(range_)
            asked.append(process)
        while asked:
            process = asked.popleft()
            answer = process.answer()
            for range_ in itertools.islice(ranges, 1):
                process.ask(range_)
                asked.append(process)
            yield answer


class _Process(Generic[T]):
    """A process that follows ranges, and ends when its pipe does."""

    def __init__(self, form: Form) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, and nothing from outside
            # -P: an auditor may stand in a folder that somebody else has filled.
            [sys.executable, "-P", "-m", "tocsin.journal.ranges", form],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None, "a pipe was asked for"
        assert self._process.stdout is not None, "a pipe was asked for"
        self._questions, self._answers = self._process.stdin, self._process.stdout

    def ask(self, range_: Callable[[], Iterable[T]]) -> None:
        """Let it follow one more range."""
        # Where it has ended, its answer says so.
        with contextlib.suppress(OSError):
            pickle.dump(range_, self._questions)
            self._questions.flush()

    def answer(self) -> list[Stretch | T] | None:
        """Wait for the next answer."""
        try:
            return pickle.load(self._answers)  # noqa: S301 - of a process of our own
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def close(self) -> None:
        """End it."""
        self._process.kill()
        for pipe in (self._questions, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()


def main(form: str, questions: IO[bytes], answers: IO[bytes]) -> None:
    """Follow the ranges that are asked for, until the pipe ends."""
    # Whoever stops a command by Ctrl-C stops the whole group; this process ends when its pipe does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    shapes = Shapes(of_lines=form == "lines")
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            range_ = pickle.load(questions)  # noqa: S301 - of the process that started this one
            pickle.dump(_answer(range_, form, shapes), answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


def _answer(
    range_: "Callable[[], Iterable[bytes | EntryColumns]]", form: str, shapes: Shapes
) -> "list[Stretch | bytes | EntryColumns] | None":
    try:
        if form == "lines":
            return list(follow_range(range_(), shapes, follow_lines, read_line))  # pyright: ignore[reportArgumentType] - lines, as was asked
        return list(follow_range(range_(), shapes, follow_columns, read_columns))  # pyright: ignore[reportArgumentType] - columns, as was asked
    except Exception:  # noqa: BLE001 - whatever is wrong with it is found, and told, by whoever judges alone
        return None


if __name__ == "__main__":
    # Not as __main__: what is pickled names the module as the other process knows it.
    from tocsin.journal.ranges import main as run

    run(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
