"""A journal made by the same functions as the writer's, and nothing else of the writer."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.journal.chain import entry_bytes, entry_hash, export_line
from tocsin.journal.heads import CentreCreatedBody, HeadSigner, Origin, key_changed_body
from tocsin.journal.notes import Note
from tocsin.model.journal import GENESIS, EntryColumns, EntryRow, Head, StoredEntry, columns_of

ORIGIN = Origin("watch.example/tocsin/harbour/chain")
BEGIN = 1_790_000_000_000_000


def signer(number: int, origin: Origin = ORIGIN) -> HeadSigner:
    return HeadSigner(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32), origin)


class Journal:
    """A journal made by the same functions as the writer's, with nothing else of the writer."""

    def __init__(self, key: HeadSigner) -> None:
        self.key = key
        self.at = BEGIN
        self.rows: list[EntryRow] = []
        self.heads: list[Note] = []
        self.numbers: dict[str, int] = {}
        body = CentreCreatedBody(
            centre="Harbour",
            head_key=str(key.verifier_key),
            origin=key.origin,
            version="0.1.0",  # pyright: ignore[reportArgumentType] - plain strings
        )
        self.add("centre.created", body)

    @property
    def prev(self) -> str:
        return self.rows[-1].hash.hex() if self.rows else GENESIS

    @property
    def lines(self) -> list[bytes]:
        return [export_line(StoredEntry(row, 0)) for row in self.rows]

    @property
    def columns(self) -> list[EntryColumns]:
        return [columns_of(row) for row in self.rows]

    def add(self, kind: str, body: object, stream: str | None = None, **more: object) -> None:
        self.at += 1000
        number = None
        if stream is not None:
            number = self.numbers[stream] = self.numbers.get(stream, 0) + 1
        fields: dict[str, object] = {
            "seq": len(self.rows) + 1,
            "id": None if stream is None else f"{stream}-{number}",
            "at": self.at,
            "kind": kind,
            "v": 1,
            "ref": None,
            "actor": None,
            "cause": None,
            "prev": self.prev,
            **more,
        }
        entry = entry_bytes(**fields, body=msgspec.json.encode(body))  # pyright: ignore[reportArgumentType] - plain values
        self.rows.append(EntryRow(len(self.rows) + 1, self.at, kind, stream, number, entry, entry_hash(entry)))  # pyright: ignore[reportArgumentType] - plain values

    def signals(self, count: int, stream: str = "main") -> None:
        for index in range(count):
            body = {"account": "1234", "commitment": None, "events": 1, "received_at": self.at, "values": []}
            if index % 3 == 2:
                body["values"] = [{"milli": -17_000, "unit": "degC"}]
            self.add("signal", body, stream, ref="account-2" if index % 2 else None)

    def sign(self) -> Note:
        note = self.key.sign(Head(len(self.rows), self.prev, self.at))  # pyright: ignore[reportArgumentType] - plain values
        self.heads.append(note)
        return note

    def change_key(self, new: HeadSigner) -> None:
        body = key_changed_body(self.key, new.verifier_key, seq=len(self.rows) + 1, prev=self.prev)  # pyright: ignore[reportArgumentType] - plain values
        self.add("head.key_changed", body)
        self.key = new


def small(key: HeadSigner | None = None) -> Journal:
    """Twelve entries, heads of seq 5, 9 and 12, a fact with strings to escape, two streams."""
    journal = Journal(key or signer(1))
    journal.signals(4)
    journal.sign()
    journal.add("account.set", {"name": 'Caf\xe9 "X"\n\x1f\x7f\U0001f525', "poll_602": False}, actor="user-7", cause=2)
    journal.signals(2, "b")
    journal.signals(1)
    journal.sign()
    journal.signals(3)
    journal.sign()
    return journal
