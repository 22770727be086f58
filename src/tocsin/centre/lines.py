"""Telephone lines that a centre knows: of equipment, with its place, and of desks. Lines, never people.

A line is found by its whole number alone, and only of a call that rings or by whoever sets lines up.
Source: INTEGRATIONS.md, section 14; decision 0073.
"""

import re
from typing import Final

from tocsin.centre.configuration import Run
from tocsin.centre.editing import BadForm, Overtaken, who_made
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.rings import LINE_SET, LINES_MAX, LineRow, StoredLine, plain_number
from tocsin.model.values import Actor, Ref, Seq

NUMBER: Final = re.compile(r"[0-9A-Za-z*_]{1,24}")
EXACT: Final = re.compile(r"[0-9A-Za-z_.*-]{1,40}")


class Lines:
    """Changes of lines. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run) -> None:
        """Change those of `store`."""
        self._store = store
        self._run = run

    def all(self) -> list[StoredLine]:
        """All of them, in the order in which they were made."""
        return self._store.lines()

    def one(self, id_: Ref) -> StoredLine | None:
        """One of them."""
        return next((one for one in self._store.lines() if one.id == id_), None)

    def with_number(self, said: str) -> Ref | None:
        """The line of a site that has exactly this number."""
        plain = plain_number(said)
        return next(
            (one.id for one in self._store.lines() if one.row.site_id is not None and one.row.number == plain), None
        )

    def desks(self) -> dict[str, Ref]:
        """Desks by the number of their telephone."""
        return {one.row.number: one.row.desk for one in self._store.lines() if one.row.desk is not None}

    def put(self, id_: Ref | None, version: Seq | None, row: LineRow, actor: Actor) -> StoredLine:
        """Make a line, change the one that its author saw at `version`, or take it away (`row.removed`).

        Raises:
            BadForm: what is wrong with it.
            BadInput: there is no such line.
            Overtaken: somebody changed it since `version`.
            Conflict: another has this number, or there are as many as can be.
        """
        self._check(row)

        def work(transaction: StoreTransaction, appender: Appender) -> StoredLine:
            known = self._store.lines()
            before = next((one for one in known if one.id == id_), None)
            if id_ is not None:
                if before is None:
                    raise BadInput(
                        "There is no such line, or not any more. Nothing was changed. Look at the list again",
                        "line.unknown",
                    )
                if before.row == row:
                    return before
                if before.seq != version:
                    raise Overtaken(before.id, *who_made(self._store, before.seq))
            elif len(known) >= LINES_MAX:
                raise Conflict(
                    f"There are {LINES_MAX:,} lines, and no more can be. Nothing was changed. Remove those that are "
                    "gone",
                    "line.full",
                )
            if not row.removed and any(one.row.number == row.number and one.id != id_ for one in known):
                raise Conflict(
                    "Another line has this number. Nothing was changed. Change that one, or give another number",
                    "line.same",
                )
            seq = appender.append(Fact(kind=LINE_SET, body=row, ref=id_, actor=actor))
            line = StoredLine(id_ or Ref(f"line-{seq}"), row, seq)
            transaction.put_lines([line])
            return line

        return self._run(lambda journal: journal.decide(work))

    def _check(self, row: LineRow) -> None:
        if row.removed:
            return
        wrong: list[str] = []
        if not NUMBER.fullmatch(row.number):
            wrong.append("number has 1 to 24 digits or letters: as the telephone system shows it")
        if (row.desk is None) == (row.site_id is None):
            wrong.append("site_id or desk: a line stands at a site, or is the telephone of a desk; give one of them")
        if row.exact is not None and (row.site_id is None or not EXACT.fullmatch(row.exact)):
            wrong.append("exact has 1 to 40 letters, digits, - or . and goes with a site: lift-2")
        if row.site_id is not None and not self._store.sites([row.site_id]):
            wrong.append("site_id names no site, or one that was removed: choose another")
        if row.desk is not None and all(one.id != row.desk or one.row.removed for one in self._store.desks()):
            wrong.append("desk names no desk, or one that was removed: choose another")
        if wrong:
            raise BadForm(wrong)
