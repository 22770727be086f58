"""`/api/v1/watch-log`: the shift's own log book, to read, to write on, and to take away."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from tocsin.centre.journal_export import harmless
from tocsin.centre.on_test_core import id_of_test
from tocsin.centre.out_core import id_of_out
from tocsin.centre.watch_log import PAGE_MAX
from tocsin.model.errors import BadInput
from tocsin.model.journal import StoredEntry
from tocsin.model.on_test import TEST_BEGUN
from tocsin.model.out_of_service import OUT_KINDS
from tocsin.model.values import Actor, Code, Micros, PersonalText, Ref, Seq, Words
from tocsin.model.watch_log import WATCH_NOTED, WORDS_MAX, WatchWords
from tocsin.rules.watch_words import about, line_words
from tocsin.web.hidden import Hidden
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PAGE_DEFAULT: Final = 100
COLUMNS: Final = ("at", "seq", "kind", "actor", "words", "about", "text", "corrects")
PrincipalRequest = Request[Principal, Any, Any]
Since = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="From when, in microseconds")]
Until = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Until before when, in microseconds")]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class WatchLineBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a line that somebody writes."""

    text: Annotated[PersonalText, Meta(min_length=1, max_length=WORDS_MAX)]
    corrects: Seq | None = None
    """An earlier line that this one puts right."""


class WatchLineItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the watch log."""

    seq: Seq
    at: Micros
    kind: Code
    actor: Actor | None
    """Who did it; None: the centre itself."""
    words: Words
    """What was done, to follow the name."""
    about: Actor | None
    """Whom else it names."""
    ref: Ref | None
    """What it is about: a desk, a shift, a test; of zones out of service their account."""
    text: PersonalText | None
    """What somebody wrote; None: nobody did, or it is erased."""
    corrects: Seq | None


class WatchLogPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lines, newest first."""

    items: list[WatchLineItem]
    next: Seq | None
    """`before` for the page after this one."""


class WatchWritten(msgspec.Struct, frozen=True, kw_only=True):
    """A line was written."""

    seq: Seq


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: dict[str, Any]
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the watch log."""
    log, shown = parts.centre.watch_log, _Shown(parts)

    @get("/api/v1/watch-log", opt=needs("watch.read"), summary="The watch log")
    @in_thread
    def read_watch_log(
        request: PrincipalRequest,
        since: Since = 0,
        until: Until = 2**53 - 1,
        before: Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1, required=False)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT,
    ) -> WatchLogPage:
        """Lines between two times, newest first: what people wrote, and what the centre did and was told.

        That somebody is shown what was written is a fact, `vault.read`, once a person, day of the log and quarter hour.
        """
        wanted = None if before is None else Seq(before)
        page, said = log.page(request.user.actor, before=wanted, since=Micros(since), until=Micros(until), limit=limit)
        return WatchLogPage(items=shown.items(page.entries, said, request.user), next=page.next)

    @post("/api/v1/watch-log", opt=needs("watch.write"), summary="Write a line")
    @in_thread
    def write_watch_log(request: PrincipalRequest, data: JSONBody[WatchLineBody]) -> WatchWritten:
        """Nothing is ever changed: who was mistaken writes another line that says so."""
        return WatchWritten(seq=log.write(data.text, data.corrects, request.user.actor))

    @get("/api/v1/watch-log/export", opt=needs("watch.read"), media_type="text/csv", summary="Export the watch log")
    @in_thread
    def export_watch_log(request: PrincipalRequest, since: Since, until: Until) -> Response[bytes]:
        """As a table, the oldest line first, people by their opaque ids. Each export is a fact of its own."""
        if since >= until:
            raise BadInput(
                "An export begins before it ends. Nothing was exported. Give `since` before `until`", "watch.times"
            )
        entries, said = log.export(request.user.actor, since=Micros(since), until=Micros(until))
        body = _table(shown.items(entries, said, request.user))
        headers = {"content-disposition": 'attachment; filename="watch-log.csv"'}
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    return [read_watch_log, write_watch_log, export_watch_log]


class _Shown:
    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._hidden = Hidden(parts.board, parts.store)

    def items(
        self, entries: Sequence[StoredEntry], said: Mapping[Seq, WatchWords], who: Principal
    ) -> list[WatchLineItem]:
        labels = {str(desk.id): str(desk.row.label) for desk in self._store.desks()}
        hidden = self._hidden.entries(who)
        items: list[WatchLineItem] = []
        for one in entries:
            if hidden.has(one.row):
                continue
            entry, row = _ENTRY.decode(one.row.entry), one.row
            shift = self._store.shift(entry.ref) if row.kind == "shift.ended" and entry.ref is not None else None
            other = about(row.kind, entry.body, None if shift is None else shift.user)
            items.append(
                WatchLineItem(
                    seq=row.seq,
                    at=row.at,
                    kind=row.kind,
                    actor=entry.actor,
                    words=line_words(row.kind, entry.ref, entry.body, labels),
                    about=None if other == entry.actor else other,
                    ref=self._ref(row.kind, row.seq, entry),
                    text=said[row.seq].text if row.seq in said else None,
                    corrects=entry.body.get("corrects") if row.kind == WATCH_NOTED else None,
                )
            )
        return items

    def _ref(self, kind: Code, seq: Seq, entry: _Entry) -> Ref | None:
        """What a line is about, by the name under which a page shows it."""
        if kind == TEST_BEGUN:
            return id_of_test(seq)
        if kind not in OUT_KINDS:
            return entry.ref
        out = self._store.zones_out_by(entry.ref or id_of_out(seq))
        return None if out is None else out.taken.account_id


def _table(items: Sequence[WatchLineItem]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for one in items:
        at = (_EPOCH + timedelta(microseconds=one.at)).isoformat(timespec="seconds")
        cells = (at, one.seq, one.kind, one.actor, one.words, one.about, one.text, one.corrects)
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in cells])
    return stream.getvalue().encode()
