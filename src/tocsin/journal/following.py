"""Goes along the chain as long as nothing is remarkable, about a seventh as fast as SHA-256 alone would.

What is passed over here has been checked whole: canonical to the byte, the hash of exactly these bytes, the `prev` of
the entry before, the next seq, `at` not run back, the next number of its stream, and columns that agree. Whatever is
anything else, right or wrong, is handed to careful reading (journal/verify.py), which judges it from the beginning and
finds the words. So this can be too careful and never too lenient.
Only the standard library is needed, since an outsider's verifier runs this.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from tocsin.journal.export_lines import LINE_BYTES_MAX
from tocsin.journal.shapes import Shapes

if TYPE_CHECKING:
    from tocsin.model.journal import EntryColumns

GENESIS: Final = "0" * 64
UNLEARNT: Final = frozenset(("centre.created", "head.key_changed", "centre.noticed", "centre.restored"))
"""Kinds that are never passed over, since the verdict hangs on what they say."""


class ChainEnd:
    """Where the chain has been followed to: what the next entry is compared with."""

    __slots__ = ("at", "ats", "hash", "hashes", "seq", "streams")

    def __init__(self) -> None:
        """Before the first entry."""
        self.seq = 0
        self.at = 0
        self.hash = GENESIS
        self.streams: dict[str, int] = {}
        """The last number of each stream."""
        self.ats: list[int] | None = None
        self.hashes: list[str] | None = None
        """Where these are lists, `at` and hash of each entry that is passed over are added."""


def follow_lines(lines: Iterator[bytes], shapes: Shapes, end: ChainEnd, before: int) -> bytes | None:
    """Go along lines of an export up to the entry `before`; return the first that needs care, None after the last."""
    last, last_at, last_hash, streams, by_kind = end.seq, end.at, end.hash, end.streams, shapes.by_kind
    ats, hashes = end.ats, end.hashes
    remarkable: bytes | None = None
    for line in lines:
        remarkable = line
        if last + 1 >= before or len(line) > LINE_BYTES_MAX:
            break
        try:
            text = line.decode()
        except UnicodeDecodeError:
            break
        begin = text.find('"kind":"') + 8
        kind = text[begin : text.find('"', begin)]
        found = _match(by_kind.get(kind), text)
        if found is None:
            break
        seq, id_, stream, number, at_text, v, ref, actor, cause, body, prev, hashed = found.groups()
        at = int(at_text)
        if prev != last_hash or int(seq) != last + 1 or at < last_at:
            break
        hashed_text = (
            f'\0{{"actor":{actor},"at":{at_text},"body":{body},"cause":{cause},"id":{id_},"kind":"{kind}",'
            f'"prev":"{prev}","ref":{ref},"seq":{seq},"v":{v}}}'
        )
        if sha256(hashed_text.encode()).hexdigest() != hashed:
            break
        if stream is not None:
            if streams.get(stream) != int(number) - 1:
                break
            streams[stream] += 1
        last, last_at, last_hash, remarkable = last + 1, at, hashed, None
        if ats is not None and hashes is not None:
            ats.append(at)
            hashes.append(hashed)
    end.seq, end.at, end.hash = last, last_at, last_hash
    return remarkable


def follow_columns(rows: "Iterator[EntryColumns]", shapes: Shapes, end: ChainEnd, before: int) -> "EntryColumns | None":
    """Go along entries as they are stored, as `follow_lines` does."""
    last, last_at, last_hash, streams, by_kind = end.seq, end.at, end.hash, end.streams, shapes.by_kind
    ats, hashes = end.ats, end.hashes
    remarkable: EntryColumns | None = None
    for row in rows:
        remarkable = row
        seq, at, kind, stream, number, entry, hashed = row
        if seq >= before or seq != last + 1 or type(entry) is not bytes or len(entry) > LINE_BYTES_MAX:
            break
        try:
            text = entry.decode()
        except UnicodeDecodeError:
            break
        found = _match(by_kind.get(kind), text)
        if found is None:
            break
        at_text, stream_text, number_text, prev, seq_text = found.groups()
        if prev != last_hash or int(seq_text) != seq or int(at_text) != at or at < last_at or stream_text != stream:
            break
        digest = sha256(b"\0" + entry)
        if digest.digest() != hashed:
            break
        if stream is None or number is None:
            if stream is not None or number is not None:
                break
        else:
            if int(number_text) != number or streams.get(stream) != number - 1:
                break
            streams[stream] = number
        last, last_at, last_hash, remarkable = seq, at, digest.hexdigest(), None
        if ats is not None and hashes is not None:
            ats.append(at)
            hashes.append(last_hash)
    end.seq, end.at, end.hash = last, last_at, last_hash
    return remarkable


def _match(shapes: list[re.Pattern[str]] | None, text: str) -> re.Match[str] | None:
    if shapes is None:
        return None
    found = shapes[0].fullmatch(text)
    if found is not None:
        return found
    for index in range(1, len(shapes)):
        found = shapes[index].fullmatch(text)
        if found is not None:
            shapes.insert(0, shapes.pop(index))
            break
    return found
