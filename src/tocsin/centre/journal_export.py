"""Entries of the journal that somebody takes away: in clear as they are, or with what was sealed, by two persons.

That it is taken is a fact before the first byte leaves. Entries name people by opaque ids alone. What was sealed is
opened for one incident, or for one account and seven days at most, as far as the vault has it: never for a person.
Source: INTERFACES.md, "tocsin journal export"; SCOPE.md, R7 and R9.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.erasure import notes_of
from tocsin.centre.incident_texts import IncidentTexts
from tocsin.centre.values import Values
from tocsin.journal.chain import export_line
from tocsin.journal.notes import Note, read_heads
from tocsin.model.errors import BadInput
from tocsin.model.export import ACCOUNT_DAYS_MAX, UnsealedExport
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.ports import Sealer, Store
from tocsin.model.proof import JournalExported
from tocsin.model.signals import SealedPart
from tocsin.model.values import Actor, Code, Ref, Seq
from tocsin.model.vault import NOTE_FIELD

__all__ = ["CSV_COLUMNS", "JournalExports", "Opened", "checked", "csv_table", "harmless", "json_lines"]

PAGE: Final = 500
FACTS_MAX: Final = 10_000
SIGNALS_MAX: Final = 10_000
EXPORTED: Final = Code("journal.exported")
CSV_COLUMNS: Final = ("seq", "id", "at", "kind", "account", "code", "zone", "actor", "text", "address", "raw")
_DAY_US: Final = 86_400_000_000
_INCIDENT: Final = re.compile(r"incident-[0-9]{1,16}")
_ACCOUNT: Final = re.compile(r"account-[0-9]{1,16}")
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_NOTING: Final = frozenset({"incident.noted", "incident.closed"})


class Opened(msgspec.Struct, frozen=True):
    """An entry, and what was sealed with it; None where that is gone."""

    stored: StoredEntry
    raw: bytes | None = None
    text: str | None = None
    address: str | None = None


class JournalExports:
    """Writes entries as lines. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        heads: Path,
        sign_head: Callable[[], Seq],
        sealer: Sealer,
        values: Values,
        texts: IncidentTexts,
    ) -> None:
        """Read from these; `heads` is the file of the signed heads."""
        self._store = store
        self._run = run
        self._heads = heads
        self._sign_head = sign_head
        self._sealer = sealer
        self._values = values
        self._texts = texts

    def pages(self, actor: Actor, after: Seq, kind: Code | None, before: Seq | None = None) -> Iterator[bytes]:
        """All entries after a seq, or those of a kind, a page at a time, with the signed heads that stand for them.

        The export ends with its own fact, which is made first; so an export of everything can be verified alone. With
        `before`, from which on somebody must not be shown anything yet, it ends with the last signed head before that:
        it verifies alone too, and the rest comes with a later one.
        """
        cut = None if before is None else self._signed_before(before)
        upto = self._note(actor, after=after, kind=kind, cut=cut)
        self._sign_head()
        heads = self._signed() if kind is None else iter(())
        head = next(heads, None)
        at = after
        while page := self._store.entries(at, PAGE):
            lines: list[bytes] = []
            for stored in page:
                at = stored.row.seq
                if at > upto:
                    break
                derived: dict[str, object] = {}
                while head is not None and head.size <= at:
                    if head.size == at and head.entry_hash == stored.row.hash:
                        derived["head"] = head.format().decode()
                    head = next(heads, None)
                if kind is None or stored.row.kind == kind:
                    lines.append(export_line(stored, derived))
            yield b"".join(lines)
            if at >= upto:
                return

    def unsealed(self, wanted: UnsealedExport, approval: Ref, actor: Actor) -> list[Opened]:
        """Entries of an incident or of an account, with what was sealed with them; noted before this returns.

        Whoever calls has taken the approval of two persons for exactly this.

        Raises:
            BadInput: as `checked`, or there is no such incident.
        """
        checked(wanted)
        self._note(actor, wanted=wanted, approval=approval)
        if wanted.incident is not None:
            return self._of_incident(wanted.incident)
        return self._of_account(wanted)

    def refuse_unknown(self, wanted: UnsealedExport) -> None:
        """Before two persons are asked: is there what they would open?

        Raises:
            BadInput: there is no such incident, or as `checked`.
        """
        checked(wanted)
        if wanted.incident is not None and self._store.incident(wanted.incident) is None:
            raise BadInput("There is no such incident. Nothing was read. Look at the queue again", "incident.unknown")

    def _of_incident(self, incident: Ref) -> list[Opened]:
        found: dict[Seq, Opened] = {}
        facts = self._store.incident_facts(incident, FACTS_MAX)
        for row, stored in self._store.incident_signals(incident, SIGNALS_MAX):
            found[row.seq] = Opened(stored)
        for row, part in self._texts.parts(incident, SIGNALS_MAX):
            found[row.seq] = _with(found[row.seq].stored, part)
        words = self._values.open(self._store.values(incident, NOTE_FIELD))
        for stored in facts:
            text = None
            if stored.row.kind in _NOTING:
                for note in notes_of([stored]):
                    text = words[note].decode() if note in words else None
            found[stored.row.seq] = Opened(stored, text=text)
        return [found[seq] for seq in sorted(found)]

    def _of_account(self, wanted: UnsealedExport) -> list[Opened]:
        assert wanted.account_id is not None, "it was checked"
        assert wanted.since is not None, "it was checked"
        assert wanted.until is not None, "it was checked"
        found: list[Opened] = []
        ended: dict[Ref, Seq] = {}
        before: Seq | None = None
        while len(found) < SIGNALS_MAX:
            page = self._store.account_signals(wanted.account_id, before, PAGE)
            for row, stored in page:
                if wanted.since <= row.at < wanted.until:
                    if row.incident is not None and row.incident not in ended:
                        ended[row.incident] = self._texts.ended_at(row.incident)
                    # What ended with its incident is not brought back from the copy of its day.
                    is_gone = row.incident is not None and row.seq <= ended[row.incident]
                    found.append(Opened(stored) if is_gone else self._opened(stored))
            if not page or page[-1][0].at < wanted.since:
                break
            before = page[-1][0].seq
        return found[::-1]

    def _opened(self, stored: StoredEntry) -> Opened:
        row = stored.row
        part = None if row.key is None or row.sealed is None else self._sealer.open(row.key, row.sealed)
        return Opened(stored) if part is None else _with(stored, part)

    def _note(
        self,
        actor: Actor,
        *,
        after: Seq = Seq(0),  # noqa: B008 - a number
        kind: Code | None = None,
        wanted: UnsealedExport | None = None,
        approval: Ref | None = None,
        cut: Seq | None = None,
    ) -> Seq:
        upto = Seq(self._store.head().seq) if cut is None else cut
        body = JournalExported(
            account_id=None if wanted is None else wanted.account_id,
            after=after,
            approval=approval,
            incident=None if wanted is None else wanted.incident,
            kind=kind,
            reason=None if wanted is None else Code(wanted.reason),
            since=None if wanted is None else wanted.since,
            until=None if wanted is None else wanted.until,
            unsealed=wanted is not None,
            upto=upto,
        )
        ref = None if wanted is None else wanted.incident or wanted.account_id
        fact = Fact(kind=EXPORTED, body=body, ref=ref, actor=actor)
        own = self._run(lambda journal: journal.record([fact]))[-1]
        return own if cut is None else cut

    def _signed_before(self, before: Seq) -> Seq:
        """Where the last signed head before an entry stands; where there is none, just before the entry."""
        return Seq(max((head.size for head in self._signed() if head.size < before), default=before - 1))

    def _signed(self) -> Iterator[Note]:
        if self._heads.is_file():
            yield from (item for item in read_heads(self._heads) if isinstance(item, Note))


def checked(wanted: UnsealedExport) -> UnsealedExport:
    """What is asked for has its limits: one incident, or one account and seven days at most.

    Raises:
        BadInput: it has not.
    """
    if (wanted.incident is None) == (wanted.account_id is None):
        raise BadInput(
            "An unsealed export is of one incident or of one account. Nothing was read. Name one of the two",
            "export.scope",
        )
    if wanted.incident is not None:
        if not _INCIDENT.fullmatch(wanted.incident) or wanted.since is not None or wanted.until is not None:
            raise BadInput(
                "An incident is named by its id, such as incident-71, and exported whole. Nothing was read. Leave the "
                "times out",
                "export.scope",
            )
        return wanted
    since, until = wanted.since, wanted.until
    if since is None or until is None or not 0 < until - since <= ACCOUNT_DAYS_MAX * _DAY_US:
        raise BadInput(
            f"Of an account at most {ACCOUNT_DAYS_MAX} days are exported unsealed. Nothing was read. Name the time "
            "from which on and until which",
            "export.scope",
        )
    if wanted.account_id is None or not _ACCOUNT.fullmatch(wanted.account_id):
        raise BadInput(
            "An account is named by its id, such as account-12. Nothing was read. Look at the account", "export.scope"
        )
    return wanted


def json_lines(found: list[Opened]) -> bytes:
    """As `tocsin journal export` prints entries; in `derived` what was opened."""
    lines: list[bytes] = []
    for one in found:
        raw = None if one.raw is None else one.raw.hex()
        opened = {"raw": raw, "text": one.text, "address": one.address}
        derived = {name: value for name, value in opened.items() if value is not None}
        lines.append(export_line(one.stored, derived))
    return b"".join(lines)


def csv_table(found: list[Opened]) -> bytes:
    """As a table for a spreadsheet, which runs nothing of it: a cell that it would begins with an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(CSV_COLUMNS)
    for one in found:
        entry = json.loads(one.stored.row.entry)
        body = entry["body"]
        row = one.stored.row
        cells = (
            row.seq,
            one.stored.id,
            row.at,
            row.kind,
            body.get("account"),
            body.get("code"),
            body.get("zone") or (body.get("address") if row.kind == "signal" else None),
            entry["actor"],
            one.text,
            one.address,
            None if one.raw is None else one.raw.hex(),
        )
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in cells])
    return stream.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs: one that it would begins with an apostrophe."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _with(stored: StoredEntry, part: SealedPart) -> Opened:
    return Opened(stored, raw=part.raw, text=part.text, address=part.address)
