"""`tocsin journal`: the record as JSON Lines, and whether it is whole."""

import contextlib
import difflib
import itertools
import os
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, TypeVar

import msgspec
import typer

from tocsin.model.errors import BadInput, Conflict

if TYPE_CHECKING:
    from tocsin.journal.verify import Verdict
    from tocsin.model.journal import EntryColumns

__all__ = ["journal_app", "verify_folder"]

journal_app = typer.Typer(
    name="journal",
    help="Verify, export or follow the journal.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
PAGE: Final = 1000
T = TypeVar("T")
TAIL_ENTRIES: Final = 20
FOLLOW_S: Final = 0.5
PROCESSES_MAX: Final = 4
"""A journal is verified by so many at most; more would wait for the disk."""

Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]
OptionalFolder = Annotated[Path | None, typer.Option("--dir", help="Folder of the centre.", show_default=False)]
Kind = Annotated[str | None, typer.Option(help="Only facts of this kind, such as signal.", show_default=False)]
After = Annotated[int, typer.Option(min=0, help="Only entries after this seq.")]


@journal_app.command()
def verify(
    folder: OptionalFolder = None,
    export: Annotated[
        Path | None, typer.Option(help="An export to verify, instead of a folder.", show_default=False)
    ] = None,
    trusted: Annotated[
        Path | None, typer.Option(help="Signed heads that were kept elsewhere.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The verdict as one JSON object.")] = False,
) -> None:
    """Check that the journal is whole and signed: of a folder, or of an export alone.

    Exit status 0 whole, 1 broken (the first bad seq is named), 3 cannot judge.

    Example: tocsin journal verify --export june.jsonl --trusted heads-kept-by-the-auditor.txt
    """
    from tocsin.journal.verify import verify_file

    if (folder is None) == (export is None):
        raise BadInput("Name either a folder with --dir or an export with --export", "usage.verify")
    for file in (export, trusted):
        if file is not None and not file.is_file():
            raise BadInput(f"There is no file {file}. Nothing was judged", "usage.no_file")
    if export is not None:
        verdict = verify_file(export, trusted=trusted, processes=_processes())
    else:
        assert folder is not None
        verdict, _ = verify_folder(folder, trusted)
    if as_json:
        print(
            msgspec.json.encode(
                {
                    "exit": verdict.exit_code,
                    "first_bad_seq": verdict.first_bad_seq,
                    "words": list(verdict.words),
                    "entries": verdict.counts.entries,
                    "last_seq": verdict.counts.last_seq,
                    "signed_seq": verdict.counts.proved_seq,
                }
            ).decode()
        )
    else:
        for sentence in verdict.words:
            print(sentence)
    if verdict.exit_code:
        raise typer.Exit(verdict.exit_code)


@journal_app.command()
def export(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option(help="File to write; standard output without.", show_default=False)
    ] = None,
    kind: Kind = None,
    after: After = 0,
    unsealed: Annotated[
        bool, typer.Option("--unsealed", help="With messages, texts and user numbers. Takes two persons.")
    ] = False,
    incident: Annotated[str | None, typer.Option(help="With --unsealed: this incident.", show_default=False)] = None,
    account: Annotated[
        str | None, typer.Option(help="With --unsealed: the account of this number, or its id.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="With --account: from this day or time, UTC.", show_default=False)
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="With --account: until then, at most 7 days later.", show_default=False)
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="With --unsealed: why; one of the coded reasons.", show_default=False)
    ] = None,
    persons: Annotated[
        list[str] | None,
        typer.Option(
            "--person", help="With --unsealed: name of who asks, then of the second person.", show_default=False
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="With --unsealed: jsonl or csv.")] = "jsonl",
) -> None:
    """Write the journal as JSON Lines, with its signed heads, so that the file can be verified alone.

    Works while the centre runs. Nothing sealed is in it: whoever gets the file learns no name, number or text. With
    --unsealed the messages and texts of one incident, or of one account and at most 7 days, are opened for a coded
    reason, after two persons have given their passwords; the journal notes it first.

    Example: tocsin journal export --dir /srv/centre --out june.jsonl
    """
    if unsealed:
        from tocsin.cli.unsealed import export_unsealed

        made = export_unsealed(folder, incident, account, since, until, reason, persons or [], form)
        with _output(out) as file:
            file.write(made)
        return
    if any((incident, account, since, until, reason, persons)):
        raise BadInput(
            "--incident, --account, --from, --to, --reason and --person belong to --unsealed. Nothing was exported",
            "usage.unsealed",
        )
    _check_kind(kind)
    with _entries(folder) as source, _output(out) as file:
        lines = source.lines(after, kind)
        for line in lines if out is None else _progress("Exporting", lines, source.last_seq - after):
            file.write(line)


@journal_app.command()
def tail(
    folder: Folder,
    kind: Kind = None,
    after: Annotated[int | None, typer.Option(min=0, help="Begin after this seq.", show_default=False)] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes in, until Ctrl-C.")] = False,
) -> None:
    """Print the newest entries of the journal as JSON Lines.

    With --follow it waits where the centre stops, and goes on when it runs again.

    Example: tocsin journal tail --dir /srv/centre --kind signal --follow
    """
    _check_kind(kind)
    if not follow:
        with _entries(folder) as source:
            _print_new(source, after, kind)
        return
    with contextlib.suppress(KeyboardInterrupt):
        _follow(folder, after, kind)


def _print_new(source: "_Source", after: int | None, kind: str | None) -> int:
    """Print what comes after a seq, or the newest entries; return the seq up to which all was read."""
    after = max(0, source.last_seq - TAIL_ENTRIES) if after is None else after
    for line in source.lines(after, kind, with_heads=False):
        sys.stdout.buffer.write(line)
    sys.stdout.flush()
    return max(after, source.read_seq)


def _follow(folder: Path, after: int | None, kind: str | None) -> None:
    from tocsin.centre.folder import CONTROL
    from tocsin.model.errors import CentreFault
    from tocsin.system import sleep_blocking

    while True:
        try:
            with _entries(folder) as source:
                after = _print_new(source, after, kind)
                while source.is_running:
                    sleep_blocking(FOLLOW_S)
                    after = _print_new(source, after, kind)
        except CentreFault as fault:
            if fault.code != "control.no_answer":
                raise
        # Nothing is added without a centre: wait for it, and hold no folder, or it could not start.
        print("The centre does not run; waiting for it.", file=sys.stderr, flush=True)
        sleep_blocking(FOLLOW_S)
        while not (folder / CONTROL).exists():
            sleep_blocking(FOLLOW_S)


def _check_kind(kind: str | None) -> None:
    from tocsin.model.journal import KINDS

    if kind is None or kind in KINDS:
        return
    near = difflib.get_close_matches(kind, KINDS, 1)
    remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(KINDS)}"
    raise BadInput(f"The journal has no kind {kind[:40]!r}; {remedy}", "usage.kind")


def verify_folder(
    folder: Path, trusted: Path | None = None, *, counted_after: int | None = None
) -> "tuple[Verdict, int]":
    """Verify the journal of a folder; return the verdict, and how many signals it holds after a seq if one is given."""
    from tocsin.journal.notes import read_heads
    from tocsin.journal.ranges import RANGE_ENTRIES
    from tocsin.journal.verify import RANGES_MIN, verify_columns, verify_ranges

    with _entries(folder) as source:
        is_long = source.last_seq > (RANGES_MIN - 1) * RANGE_ENTRIES
        processes = _processes()
        if source.ranges is not None and is_long and processes > 1 and counted_after is None:
            verdict = verify_ranges(
                _progress("Verifying", source.ranges(), -(-source.last_seq // RANGE_ENTRIES)),
                "columns",
                heads=source.heads(),
                trusted=None if trusted is None else read_heads(trusted),
                processes=processes,
            )
            if verdict is not None:
                return verdict, 0
        rows = _progress("Verifying", source.columns(counted_after), source.last_seq)
        verdict = verify_columns(rows, heads=source.heads(), trusted=None if trusted is None else read_heads(trusted))
        return verdict, source.signals


def _processes() -> int:
    return min(PROCESSES_MAX, len(os.sched_getaffinity(0)))


class _Source:
    """The entries of a folder as lines of an export, its signed heads joined where they stand for."""

    def __init__(self, folder: Path, pages) -> None:
        from tocsin.cli.reading import settings_of

        self._pages = pages.read
        self._columns = pages.columns
        self.ranges = pages.ranges
        self._heads_path = settings_of(folder).heads_path
        self.read_seq = 0
        self.signals = 0
        self.last_seq = pages.last_seq
        self.is_running = pages.is_running

    def heads(self):
        """The signed heads of the file, oldest first."""
        from tocsin.journal.notes import read_heads

        return read_heads(self._heads_path) if self._heads_path.is_file() else iter(())

    def lines(self, after: int, kind: str | None = None, *, with_heads: bool = True) -> Iterator[bytes]:
        """The entries after a seq, each with the signed head that stands for it."""
        from tocsin.journal.chain import export_line
        from tocsin.journal.notes import Note

        heads = (item for item in (self.heads() if with_heads else ()) if isinstance(item, Note))
        head = next(heads, None)
        while page := self._pages(after, PAGE):
            for stored in page:
                after = stored.row.seq
                if kind is not None and stored.row.kind != kind:
                    continue
                derived: dict[str, object] = {}
                while head is not None and head.size <= after:
                    if head.size == after and head.entry_hash == stored.row.hash:
                        derived["head"] = head.format().decode()
                    head = next(heads, None)
                try:
                    line = export_line(stored, derived)
                except msgspec.DecodeError:
                    # Somebody changed it so that it is no JSON any more: hand it over as it is, for verify to name.
                    line = stored.row.entry.replace(b"\n", b" ") + b"\n"
                yield line if _agrees(stored, line) else b'{"seq":' + str(after).encode() + b"}\n"
            self.read_seq = after

    def columns(self, counted_after: int | None) -> "Iterator[EntryColumns]":
        """What is verified of all entries; counts the signals after a seq."""
        return itertools.chain.from_iterable(self._column_pages(counted_after))

    def _column_pages(self, counted_after: int | None) -> "Iterator[list[EntryColumns]]":
        after = 0
        while page := self._columns(after, PAGE):
            after = page[-1][0]
            if counted_after is not None and after > counted_after:
                self.signals += sum(stream is not None and seq > counted_after for seq, _, _, stream, *_ in page)
            yield page


def _agrees(stored, line: bytes) -> bool:
    """The columns beside an entry say what the entry says: an edited column is found as an edited entry is."""
    try:
        entry = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return True
    if not isinstance(entry, dict):
        return True
    row = stored.row
    return (entry.get("seq"), entry.get("at"), entry.get("kind"), entry.get("id")) == (
        row.seq,
        row.at,
        row.kind,
        stored.id,
    )


@contextlib.contextmanager
def _entries(folder: Path) -> Generator[_Source]:
    """Read a folder's journal: by the process that holds it, or by ourselves, however damaged it is."""
    from tocsin.cli.reading import journal_pages

    with journal_pages(folder) as pages:
        yield _Source(folder, pages)


@contextlib.contextmanager
def _output(out: Path | None) -> Generator[BinaryIO]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    try:
        file = out.open("wb")
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}. Nothing was exported", "usage.no_file") from error
    try:
        with file:
            yield file
    except OSError as error:
        raise Conflict(
            f"{out} cannot be written: {error.strerror}. The export is not whole: delete it, and make room or name "
            "another file",
            "export.file",
        ) from error


def _progress(title: str, lines: Iterable[T], total: int) -> Iterable[T]:
    """Show a bar while a person waits."""
    if not sys.stderr.isatty():
        return lines
    from rich.console import Console
    from rich.progress import track

    return track(lines, title, total=total, console=Console(stderr=True), transient=True)
