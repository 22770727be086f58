"""`/api/v1/journal`: the record, newest first. Who reads it is in it (SCOPE.md, R9)."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.centre.journal_reading import PAGE_MAX, JournalReading
from tocsin.journal.chain import export_line
from tocsin.model.errors import BadInput
from tocsin.model.journal import KINDS, StoredEntry
from tocsin.model.values import Code, HexHash, Seq
from tocsin.web.api.configuration_types import EntryItem, JournalPage
from tocsin.web.hidden import Hidden
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PAGE_DEFAULT: Final = 50
_ITEM: Final = msgspec.json.Decoder(EntryItem)
SeqParameter = Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1, required=False)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of the journal."""
    reading = JournalReading(parts.store, parts.centre.note, parts.clock)
    unseen = Hidden(parts.board, parts.store)

    @get("/api/v1/journal", opt=needs("journal.read"), summary="The journal")
    @in_thread
    def read_journal(
        request: Request[Principal, Any, Any],
        before: SeqParameter = None,
        seq: SeqParameter = None,
        kind: Annotated[str | None, QueryParameter(max_length=40, required=False)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT,
    ) -> JournalPage:
        """A page of entries, newest first: all, those of one kind, or the one of a number.

        Nothing sealed is in it. A person's first page in each quarter of an hour is a fact, `journal.read`.
        """
        if kind is not None and kind not in KINDS:
            raise BadInput(
                "The journal has no such kind. Nothing was read. docs/reference/journal.md lists them", "journal.kind"
            )
        wanted = None if kind is None else Code(kind)
        if seq is not None:
            before, limit = seq + 1, 1
        page, head = reading.page(request.user.actor, None if before is None else Seq(before), wanted, limit)
        hidden = unseen.entries(request.user)
        items = [entry_item(stored) for stored in page.entries if not hidden.has(stored.row)]
        return JournalPage(items=items, next=page.next, head=head)

    return [read_journal]


def entry_item(stored: StoredEntry) -> EntryItem:
    """An entry as `tocsin journal export` writes it; what of a damaged one its row still says."""
    try:
        return _ITEM.decode(export_line(stored))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        row = stored.row
        return EntryItem(
            seq=row.seq,
            id=stored.id,
            at=row.at,
            kind=row.kind,
            v=0,
            ref=None,
            actor=None,
            cause=None,
            body={},
            prev=HexHash(""),
            hash=HexHash(row.hash.hex()),
            derived={"damaged": True},
        )
