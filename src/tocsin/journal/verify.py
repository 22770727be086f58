"""The verifier: is this the whole journal, and did the centre sign it?

It works on the lines of an export alone: no database, no vault, nothing but the standard library, `cryptography` and
the two modules beside it. So an auditor can run it on another machine, years later.

What is judged is the values of a line, not its form: blanks and the order of keys may be any, since an entry is hashed
in its canonical form. What two readers could read differently (a key twice, a float, half a character) is refused.
What it proves and what it cannot is told in docs/explanation/what-the-proof-proves.md.
Source: INTEGRATIONS.md section 12; RFC 8785; RFC 6962 section 2.1; c2sp.org/signed-note.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from tocsin.journal.canonical import NotCanonicalError
from tocsin.journal.export_lines import Entry, read_columns, read_line, read_lines
from tocsin.journal.following import GENESIS, UNLEARNT, ChainEnd, follow_columns, follow_lines
from tocsin.journal.known_heads import UNREAD_NAMED_MAX, OwnHeads, Trusted
from tocsin.journal.notes import Item, Note, NoteError, VerifierKey, key_change_text, parse_signature, read_heads
from tocsin.journal.ranges import RANGE_BYTES, Form, Stretch, followed, ranges_of_file
from tocsin.journal.shapes import Shapes

if TYPE_CHECKING:
    from tocsin.model.journal import EntryColumns

WHOLE: Final = 0
BROKEN: Final = 1
CANNOT_JUDGE: Final = 3

RANGES_MIN: Final = 4
"""Fewer are judged sooner than a second process has started."""
TAIL_ENTRIES_MAX: Final = 2_000
"""A head is made each 1,000 entries; twice that without one means that one is missing."""
TAIL_US_MAX: Final = 120_000_000
"""And at least each 60 s after something new; twice that, too."""
STREAMS_MAX: Final = 10_000


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """What was looked at."""

    entries: int = 0
    first_seq: int = 0
    last_seq: int = 0
    heads: int = 0
    """Signed heads whose signature and hash are right."""
    trusted_heads: int = 0
    """Heads kept elsewhere that the journal agrees with."""
    proved_seq: int = 0
    """The newest entry that a signed head covers; with `trusted`, one that goes back to what is trusted."""
    unsigned_entries: int = 0
    """Entries after that."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verifier found: an exit status, the first bad seq where one is known, and sentences for a person."""

    exit_code: Literal[0, 1, 3]
    first_bad_seq: int | None
    words: tuple[str, ...]
    counts: Counts


class _BrokenError(Exception):
    def __init__(self, seq: int, words: str) -> None:
        super().__init__(words)
        self.seq = seq


@dataclass(slots=True)
class _Keys:
    """Which key signs from here on, and why we think so."""

    current: tuple[VerifierKey, ...] = ()
    are_certain: bool = False
    """The journal itself says that it is this one and no other."""
    is_trusted: bool = False
    """It goes back to what the caller trusts."""
    used: set[str] = field(default_factory=set[str])


def verify_file(
    export: Path,
    *,
    trusted: Path | None = None,
    heads: Path | None = None,
    processes: int = 1,
    range_bytes: int = RANGE_BYTES,
) -> Verdict:
    """Verify an export in a file. `heads` defaults to the file of its name with `.heads` added, where there is one.

    One of many ranges is followed in so many processes as are asked for.

    Raises:
        OSError: a file cannot be read.
    """
    if heads is None:
        beside = export.with_name(export.name + ".heads")
        heads = beside if beside.exists() else None
    ranges = ranges_of_file(export, range_bytes) if processes > 1 else []
    if len(ranges) >= RANGES_MIN:
        verdict = verify_ranges(
            ranges,
            "lines",
            heads=() if heads is None else read_heads(heads),
            trusted=None if trusted is None else read_heads(trusted),
            processes=processes,
        )
        if verdict is not None:
            return verdict
    with export.open("rb") as file:
        return verify_export(
            read_lines(file),
            heads=() if heads is None else read_heads(heads),
            trusted=None if trusted is None else read_heads(trusted),
        )


def verify_export(
    lines: Iterable[bytes], *, heads: Iterable[Item] = (), trusted: Iterable[Item] | None = None
) -> Verdict:
    """Verify the lines of an export, in order.

    `heads` is the centre's own file of signed heads, in its order, read a little at a time. `trusted` is what the
    caller kept elsewhere: signed heads, in any order, and verifier keys; where it is given, whole means that it
    confirms the journal. Heads that the export itself carries (`derived.head`) count as the centre's own.
    """
    shapes = Shapes(of_lines=True)
    return _judged(lines, heads, trusted, shapes, follow_lines, read_line)


def verify_columns(
    rows: "Iterable[EntryColumns]", *, heads: Iterable[Item] = (), trusted: Iterable[Item] | None = None
) -> Verdict:
    """Verify entries as a database holds them, in order; else as `verify_export`.

    Here the form is judged as well: an entry is the bytes that were hashed, and the columns beside it say what it says.
    """
    shapes = Shapes(of_lines=False)
    return _judged(rows, heads, trusted, shapes, follow_columns, read_columns)


def verify_ranges(
    ranges: Iterable[Callable[[], Iterable[T]]],
    form: Form,
    *,
    heads: Iterable[Item] = (),
    trusted: Iterable[Item] | None = None,
    processes: int,
) -> Verdict | None:
    """Verify a journal in ranges, in order, which as many processes make and follow; else as `verify_export`.

    Each range is a callable that can be pickled. None where anything is wrong, with the journal or with a process: then
    one of the others has to judge it from its beginning.
    """
    return join(followed(ranges, form, processes), read_line if form == "lines" else read_columns, heads, trusted)  # pyright: ignore[reportArgumentType] - as the form says


def join(
    followed: Iterable[list[Stretch | T] | None],
    read: Callable[[T], Entry],
    heads: Iterable[Item],
    trusted: Iterable[Item] | None,
) -> Verdict | None:
    """Judge what was followed in ranges; None where anything is wrong."""
    judge = _Judge(heads, trusted)
    try:
        for items in followed:
            if items is None:
                return None
            for item in items:
                if isinstance(item, Stretch):
                    judge.take_stretch(item)
                else:
                    judge.take(read(item))
        judge.finish()
    except (_BrokenError, NotCanonicalError):
        return None
    return judge.verdict()


def _judged(
    parts: Iterable[T],
    heads: Iterable[Item],
    trusted: Iterable[Item] | None,
    shapes: Shapes,
    follow: Callable[[Iterator[T], Shapes, ChainEnd, int], T | None],
    read: Callable[[T], Entry],
) -> Verdict:
    """Follow what is plain, and judge with care whatever is not."""
    judge = _Judge(heads, trusted)
    parts = iter(parts)
    try:
        while (part := follow(parts, shapes, judge.end, judge.next_remarkable())) is not None:
            try:
                entry = read(part)
            except NotCanonicalError as error:
                is_cut = isinstance(part, bytes) and not part.endswith(b"\n")
                raise judge.unreadable(error, is_cut=is_cut) from None
            judge.take(entry)
            if entry.kind not in UNLEARNT:
                shapes.learn(entry.kind, entry.v, entry.body)
        judge.finish()
    except _BrokenError as broken:
        return Verdict(BROKEN, broken.seq, (str(broken), *judge.notes()), judge.counts())
    return judge.verdict()


class _Judge:
    """Goes through the entries once and keeps no more of them than the last."""

    def __init__(self, heads: Iterable[Item], trusted: Iterable[Item] | None) -> None:
        self.end = ChainEnd()
        """Where the chain has been followed to."""
        self._own = OwnHeads(heads)
        self._trusted = None if trusted is None else Trusted(trusted)
        self._keys = _Keys()
        self._origin: str | None = None
        self._first = 0
        self._heads = self._trusted_heads = 0
        self._signed = self._proved = 0
        self._unsigned_since: int | None = None
        self._unjudged = self._foreign = 0
        self._losses: list[str] = []

    def next_remarkable(self) -> int:
        """The next seq that is judged with care: the first of all, one that a head is of, the first unsigned one."""
        if not self._first or self._unsigned_since is None:
            return 0
        awaited = self._own.next_size
        return awaited if self._trusted is None else min(awaited, self._trusted.next_size(self.end.seq))

    def unreadable(self, error: NotCanonicalError, *, is_cut: bool) -> _BrokenError:
        """What is to be said of an entry that cannot be read."""
        last = self.end.seq
        place = f"The entry after seq {last}" if last else "The first entry"
        cut = " Its line has no end: the export was cut there." if is_cut else ""
        return _BrokenError(last + 1, f"{place} cannot be read: {error}.{cut}")

    def take(self, entry: Entry) -> None:
        """Judge the next entry, whatever it is."""
        end = self.end
        if not self._first:
            self._begin(entry)
        self._check_link(entry, end.seq + 1)
        if entry.stream is not None:
            self._check_stream(entry.stream, entry)
        end.seq, end.at, end.hash = entry.seq, entry.at, entry.hash
        if entry.kind in UNLEARNT:
            self._apply(entry)
        if self._unsigned_since is None:
            self._unsigned_since = entry.at
        if entry.head is not None or self._is_awaited(entry.seq):
            self._judge_heads(entry.head)

    def take_stretch(self, stretch: Stretch) -> None:
        """Take entries that were followed elsewhere, where they go on from the last."""
        end = self.end
        if stretch.first != end.seq + 1 or stretch.prev != end.hash or stretch.ats[0] < end.at:
            raise _BrokenError(end.seq + 1, "A stretch does not go on from the entry before it.")
        # The numbers before it were judged here: each of its streams begins with a part that was handed back.
        end.streams.update(stretch.streams)
        while end.seq < stretch.last:
            seq = min(max(self.next_remarkable(), end.seq + 1), stretch.last)
            end.seq, end.at, end.hash = seq, stretch.at(seq), stretch.hash(seq)
            if self._unsigned_since is None:
                self._unsigned_since = end.at
            if self._is_awaited(seq):
                self._judge_heads(None)

    def finish(self) -> None:
        """Judge what can only be known at the end: heads of entries that are not there, keys that nothing names."""
        for note in self._own.rest():
            self._foreign += note.origin != self._origin
            self._refuse_beyond(note, "A signed head")
        if self._trusted is None:
            return
        for note in self._trusted.beyond(self.end.seq):
            self._refuse_beyond(note, "A trusted head")
        names = {str(key) for key in self._trusted.keys if key.name == self._origin}
        if self._keys.are_certain and names and not names & self._keys.used:
            raise _BrokenError(
                self._first,
                "The journal names another key than the trusted one: it may have been rewritten and signed anew.",
            )

    def counts(self) -> Counts:
        first = self._first
        return Counts(
            entries=self.end.seq - first + 1 if first else 0,
            first_seq=first,
            last_seq=self.end.seq,
            heads=self._heads,
            trusted_heads=self._trusted_heads,
            proved_seq=self._proved,
            unsigned_entries=self.end.seq - max(self._proved, first - 1) if first else 0,
        )

    def verdict(self) -> Verdict:
        """Say whole or cannot judge; broken has left by its exception."""
        counts = self.counts()
        reason = self._reason_not_to_judge(counts)
        if reason is not None:
            return Verdict(CANNOT_JUDGE, None, (reason, *self.notes()), counts)
        words = [
            f"Whole: {counts.entries} entries, seq {counts.first_seq} to {counts.last_seq}; "
            f"{counts.heads} signed heads and {counts.trusted_heads} trusted ones are right, the newest of seq "
            f"{counts.proved_seq}."
        ]
        if counts.unsigned_entries:
            words.append(
                f"The last {counts.unsigned_entries} entries are chained but not signed yet: whoever can write the "
                "database could still have changed them."
            )
        if self._trusted is None:
            words.append(
                "The key is the one that the journal itself names: somebody who rewrote all of it and signed it with "
                "another key is found only with --trusted."
            )
        return Verdict(WHOLE, None, (*words, *self.notes()), counts)

    def notes(self) -> tuple[str, ...]:
        """What else a person should know."""
        words = list(self._losses)
        if self._first > 1:
            words.append(f"The export begins at seq {self._first}; what came before was not looked at.")
        if self._unjudged:
            words.append(f"{self._unjudged} signed heads could not be checked, since their key is not known here.")
        foreign = self._foreign + (0 if self._trusted is None else self._trusted.count_foreign(self._origin))
        if foreign:
            words.append(f"{foreign} signed heads are of another journal and were left aside.")
        for unread in (*self._own.unread, *(() if self._trusted is None else self._trusted.unread)):
            words.append(f"A heads file is not readable at line {unread.line}: {unread.reason}. It was left aside.")
        return tuple(words)

    def _begin(self, entry: Entry) -> None:
        """Take the beginning: of the journal, or of an export from its middle, which names no key of its own."""
        self._first = entry.seq
        self.end.hash = entry.prev
        if entry.seq == 1:
            if entry.prev != GENESIS or entry.kind != "centre.created":
                raise _BrokenError(1, "Entry 1 is not the beginning of a journal: centre.created after 64 zeros.")
            return
        trusted = () if self._trusted is None else self._trusted.keys
        self._keys.current = tuple(trusted) or self._own.keys()
        self._keys.is_trusted = bool(trusted)
        self._origin = self._own.origin() or (None if self._trusted is None else self._trusted.origin())
        # What a head says of the entry just before the export is what the first entry's prev must be.
        self.end.seq = entry.seq - 1
        for note in self._own.up_to(self.end.seq):
            if note.size == self.end.seq:
                self._judge(note, entry.prev, is_trusted=False)
        for note in () if self._trusted is None else self._trusted.of(self.end.seq):
            self._judge(note, entry.prev, is_trusted=True)
        self._signed = self._proved = 0

    def _check_link(self, entry: Entry, expected: int) -> None:
        seq = entry.seq
        if seq > expected:
            missing = f"Entry {expected} is" if seq == expected + 1 else f"Entries {expected} to {seq - 1} are"
            raise _BrokenError(expected, f"{missing} missing. (An export made with --kind cannot be verified.)")
        if seq < expected:
            raise _BrokenError(seq, f"Entry {seq} stands after entry {self.end.seq}: out of order, or twice.")
        if sha256(b"\x00" + entry.canonical).hexdigest() != entry.hash:
            raise _BrokenError(seq, f"Entry {seq} was changed: its hash is not that of what stands in it.")
        if entry.prev != self.end.hash:
            raise _BrokenError(
                seq, f"Entry {seq} does not follow entry {seq - 1}: one of the two was changed, or put in its place."
            )
        if entry.at < self.end.at and seq != self._first:
            raise _BrokenError(seq, f"Entry {seq} is older than the entry before it: `at` never runs back.")

    def _check_stream(self, stream: str, entry: Entry) -> None:
        """A stream's signals are numbered without gaps; in an export from the middle, from the first one seen."""
        last = self.end.streams.get(stream)
        if last is None:
            if len(self.end.streams) >= STREAMS_MAX:
                raise _BrokenError(entry.seq, f"Entry {entry.seq} begins stream {STREAMS_MAX + 1}: that is too many.")
            last = 0 if self._first == 1 else entry.number - 1
        if entry.number != last + 1:
            raise _BrokenError(
                entry.seq,
                f"Entry {entry.seq} is signal {stream}-{entry.number}, but {stream}-{last + 1} must come next.",
            )
        self.end.streams[stream] = entry.number

    def _apply(self, entry: Entry) -> None:
        body = entry.body
        if entry.kind == "centre.noticed":
            self._note_loss(entry, body)
            return
        if entry.kind == "centre.restored":
            self._note_restore(entry, body)
            return
        try:
            if entry.kind == "centre.created":
                self._take_first_key(entry, body)
            else:
                self._take_new_key(entry, body)
        except (NoteError, KeyError, TypeError):
            raise _BrokenError(entry.seq, f"Entry {entry.seq} ({entry.kind}) names no key that can be read.") from None

    def _take_first_key(self, entry: Entry, body: dict[str, object]) -> None:
        if entry.seq != 1:
            raise _BrokenError(entry.seq, f"Entry {entry.seq} says centre.created, which only entry 1 can.")
        key = VerifierKey.parse(_text(body["head_key"]))
        if key.name != _text(body["origin"]):
            raise _BrokenError(1, "Entry 1 names a key of another origin than its own.")
        self._origin = key.name
        trusted = () if self._trusted is None else self._trusted.keys
        self._set_key(key, is_trusted=key in trusted)

    def _take_new_key(self, entry: Entry, body: dict[str, object]) -> None:
        old, new = VerifierKey.parse(_text(body["old_key"])), VerifierKey.parse(_text(body["new_key"]))
        signature = parse_signature(_text(body["signature"]))
        is_ours = old in self._keys.current or not self._keys.are_certain
        text = key_change_text(old.name, entry.seq, entry.prev, new)
        if not is_ours or new.name != old.name or not old.verifies(signature, text):
            raise _BrokenError(entry.seq, f"Entry {entry.seq} changes the key of the heads without the old key's word.")
        was_trusted = self._keys.is_trusted and old in self._keys.current
        self._keys.used.add(str(old))
        self._origin = new.name
        self._set_key(new, is_trusted=was_trusted or (self._trusted is not None and new in self._trusted.keys))
        # The old key signed seq and prev: that is a head for the entry before.
        if entry.seq > self._first:
            self._cover(entry.seq - 1, is_proved=was_trusted)

    def _set_key(self, key: VerifierKey, *, is_trusted: bool) -> None:
        self._keys.current = (key,)
        self._keys.are_certain = True
        self._keys.is_trusted = is_trusted
        self._keys.used.add(str(key))

    def _note_loss(self, entry: Entry, body: dict[str, object]) -> None:
        """A centre that went on from an older copy says so; whoever reads the verdict should know."""
        if body.get("notice") == "tail_lost" and len(self._losses) < UNREAD_NAMED_MAX:
            self._losses.append(
                f"Seq {entry.seq} notes that the centre went on from an older copy of its database: what it had "
                f"recorded after seq {entry.seq - 1} was lost."
            )

    def _note_restore(self, entry: Entry, body: dict[str, object]) -> None:
        """And so does one that was restored from a backup."""
        if len(self._losses) < UNREAD_NAMED_MAX:
            self._losses.append(
                f"Seq {entry.seq} notes that the centre was restored from a backup that ended at seq "
                f"{body.get('seq')}: what it had recorded after that is not here."
            )

    def _is_awaited(self, seq: int) -> bool:
        return seq >= self._own.next_size or (self._trusted is not None and seq in self._trusted.sizes)

    def _judge_heads(self, carried: str | None) -> None:
        """Judge the heads of the last entry; `carried` came with it inside the export."""
        seq, entry_hash = self.end.seq, self.end.hash
        for note in self._own.up_to(seq):
            if note.size != seq:
                raise _BrokenError(
                    note.size,
                    f"In the file of heads, the one of seq {note.size} stands after later ones: an old head was put "
                    "there again.",
                )
            self._judge(note, entry_hash, is_trusted=False)
        for note in () if self._trusted is None else self._trusted.of(seq):
            self._judge(note, entry_hash, is_trusted=True)
        if carried is not None:
            self._judge_carried(carried)

    def _judge_carried(self, text: str) -> None:
        """A head that came inside the export; one that cannot be read proves nothing and spoils nothing."""
        try:
            note = Note.parse(text.encode())
        except (NoteError, UnicodeEncodeError):
            self._unjudged += 1
            return
        if self._origin is None:
            self._origin = note.origin
        seq = self.end.seq
        if note.size != seq:
            raise _BrokenError(seq, f"The export joins a head of seq {note.size} to entry {seq}.")
        self._judge(note, self.end.hash, is_trusted=False)

    def _judge(self, note: Note, entry_hash: str, *, is_trusted: bool) -> None:
        if note.origin != self._origin:
            self._foreign += 0 if is_trusted else 1  # trusted ones are counted at the end
            return
        whose = "trusted" if is_trusted else "signed"
        if note.entry_hash.hex() != entry_hash:
            begin = max(self._proved if is_trusted else self._signed, self._first - 1) + 1
            where = f"in entries {begin} to {note.size}" if note.size > begin else f"at entry {note.size}"
            raise _BrokenError(
                min(begin, note.size),
                f"The {whose} head of seq {note.size} holds another hash: something {where} was rewritten.",
            )
        known = [key for key in self._keys.current if note.signature_of(key) is not None]
        if any(note.is_signed_by(key) for key in known):
            self._accept(note, is_trusted=is_trusted, by_known_key=True)
        elif known or self._keys.are_certain:
            raise _BrokenError(
                note.size,
                f"The {whose} head of seq {note.size} is not signed with the key that the journal names there: the "
                "head was changed, or the journal was rewritten and signed anew with another key.",
            )
        elif is_trusted:
            self._accept(note, is_trusted=True, by_known_key=False)
        else:
            self._unjudged += 1

    def _accept(self, note: Note, *, is_trusted: bool, by_known_key: bool) -> None:
        if is_trusted:
            self._trusted_heads += 1
            # Whoever trusts this head trusts the key that signed it, for the heads that follow.
            self._keys.is_trusted = self._keys.is_trusted or by_known_key
        else:
            self._heads += 1
        self._cover(note.size, is_proved=is_trusted or self._keys.is_trusted)

    def _cover(self, size: int, *, is_proved: bool) -> None:
        """Entries up to `size` are signed; proved, where nothing is trusted or the signature goes back to it."""
        self._signed = max(self._signed, size)
        if is_proved or self._trusted is None:
            self._proved = max(self._proved, size)
            self._unsigned_since = None if size == self.end.seq else self.end.at

    def _refuse_beyond(self, note: Note, what: str) -> None:
        if note.origin != self._origin:
            return
        raise _BrokenError(
            self.end.seq + 1,
            f"{what} says that the journal had {note.size} entries, but the last one here is {self.end.seq}: entries "
            f"{self.end.seq + 1} to {note.size} are missing. (If the export is older than that head, export again.)",
        )

    def _reason_not_to_judge(self, counts: Counts) -> str | None:
        if not counts.entries:
            return "Cannot judge: there is no entry."
        chained = f"Cannot judge: {counts.entries} entries are chained without a fault"
        if not counts.proved_seq:
            if self._unjudged:
                return f"{chained}, but the key of their heads is not known: give it with --trusted."
            if self._trusted is not None:
                return f"{chained}, but nothing in the trusted file is about them."
            return f"{chained}, but there is no signed head to compare them with."
        if counts.unsigned_entries > TAIL_ENTRIES_MAX or self._tail_us() > TAIL_US_MAX:
            what = "a head" if self._trusted is None else "a head that goes back to what is trusted"
            return (
                f"{chained}, but the last {counts.unsigned_entries} are not covered by {what}: the newest is of seq "
                f"{counts.proved_seq}, and a centre signs each 60 s. A head is missing."
            )
        return None

    def _tail_us(self) -> int:
        return 0 if self._unsigned_since is None else self.end.at - self._unsigned_since


def _text(value: object) -> str:
    if type(value) is not str:
        raise NoteError("a text is missing")
    return value
