"""Paper for a blackout: made on demand, and every few minutes into a folder from which somebody prints.

A file is whole when it has its name. The list has names and addresses of sites, places that were told, and who has an
incident: nothing else that callers said, no numbers, no notes (decisions 0075, 0088).
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import structlog

from tocsin.model.errors import CentreFault, Refused
from tocsin.model.incidents import Incident
from tocsin.model.values import Actor, Place, Ref
from tocsin.reports.emergency import ROWS_MAX, CallPaper, OpenPaper, OpenRow
from tocsin.web.parts import Parts
from tocsin.web.report_maker import ReportMaker

FORM_FILE: Final = "call-form.pdf"
LATEST: Final = "open-incidents.pdf"
_NAMED: Final = "open-incidents-%Y%m%dT%H%M%SZ.pdf"
_PATTERN: Final = "open-incidents-[0-9]*T[0-9]*Z.pdf"
PAGE: Final = 1_000
HOUR_S: Final = 3_600.0
OLD_S: Final = 7 * 24 * 3_600
"""A list holds places that callers told: after a week none is left, also where no new ones are written."""

_LOG = structlog.get_logger("paper")


class Press:
    """Makes papers. The event loop owns it."""

    def __init__(self, parts: Parts, maker: ReportMaker | None = None) -> None:
        """Make them of this centre."""
        self._parts = parts
        self._maker = maker or ReportMaker()
        self._is_at_work = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def call_form(self) -> bytes:
        """An empty call form as PDF.

        Raises:
            TooMany, CentreFault: as `ReportMaker.make`.
        """
        form = CallPaper(centre=self._parts.settings.centre.name, made_at=self._parts.clock.now_us())
        return await self._maker.make(msgspec.json.encode(form))

    async def open_incidents(self, actor: Actor | None) -> bytes:
        """The open incidents as PDF; None: the centre prints it by itself.

        That places which were told are read for it is a fact before this returns. Where that cannot be written they are
        left out: a list without them is better than none.

        Raises:
            TooMany, CentreFault: as `ReportMaker.make`.
        """
        return await self._maker.make(msgspec.json.encode(await asyncio.to_thread(self._list, actor)))

    def begin(self, every: Callable[[float, Callable[[], None]], None]) -> None:
        """Put the open incidents into the folder of the settings, now and every few minutes; or never."""
        paper = self._parts.settings.paper
        folder = self._parts.settings.folder / paper.folder
        self._remove_old(folder)
        every(HOUR_S, lambda: self._remove_old(folder))
        if not paper.every_min:
            return

        def print_round() -> None:
            work = self.round(folder, paper.kept)
            self._tasks.add(task := asyncio.create_task(work))
            task.add_done_callback(self._tasks.discard)

        print_round()
        every(paper.every_min * 60.0, print_round)

    def _remove_old(self, folder: Path) -> None:
        before = datetime.fromtimestamp(self._parts.clock.now_us() // 1_000_000 - OLD_S, UTC)
        try:
            remove_old(folder, before)
        except OSError as error:
            _LOG.error("paper.not_removed", error=type(error).__name__)

    async def round(self, folder: Path, kept: int) -> None:
        """Write both into a folder, each whole or not at all; the oldest lists beyond `kept` go."""
        if self._is_at_work:
            return
        self._is_at_work = True
        try:
            made = await self.open_incidents(None)
            form = None if (folder / FORM_FILE).exists() else await self.call_form()
            at = datetime.fromtimestamp(self._parts.clock.now_us() // 1_000_000, UTC)
            await asyncio.to_thread(write, folder, at.strftime(_NAMED), made, form, kept)
        except (OSError, Refused, CentreFault) as error:
            _LOG.error("paper.not_written", error=type(error).__name__)
        finally:
            self._is_at_work = False

    def _told(self, shown: list[Incident], actor: Actor | None) -> dict[Ref, Place]:
        told, wanted = self._parts.centre.told_places, [one.id for one in shown if one.told_place == "told"]
        if actor is None:
            told.forget(wanted)
        try:
            return told.read(wanted, actor)
        except (Refused, CentreFault) as fault:
            _LOG.error("paper.places_left_out", error=type(fault).__name__)
            return {}

    def _list(self, actor: Actor | None) -> OpenPaper:
        store, names = self._parts.store, self._parts.centre.names
        found: list[Incident] = []
        before = None
        while page := store.incidents("open", before, PAGE):
            found += [one for one in page if not one.is_room]
            before = page[-1].version
        found.sort(key=lambda one: (one.priority, one.claimed_by is not None, one.opened_at, one.number))
        shown = found[:ROWS_MAX]
        sites = names.sites({one.site_id for one in shown if one.site_id is not None})
        accounts = names.accounts({one.account_id for one in shown if one.account_id is not None})
        told_places = self._told(shown, actor)
        people = {one.id: one.name for one in self._parts.access.people()}
        rows: list[OpenRow] = []
        for one in shown:
            site = None if one.site_id is None else sites.get(one.site_id)
            account = None if one.account_id is None else accounts.get(one.account_id)
            place = (site and site.name) or (account and account.name) or (one.account and f"account {one.account}")
            told = "unclear" if one.told_place == "unclear" else "no place"
            if one.told_place == "told":
                told = f"told: {told_places[one.id]}" if one.id in told_places else "told by a caller"
            who = None if one.claimed_by is None else (people.get(one.claimed_by) or "somebody")
            rows.append(
                OpenRow(
                    number=one.number,
                    priority=one.priority,
                    type=one.type,
                    place=Place(place or told),
                    address=None if site is None else site.row.address,
                    opened_at=one.opened_at,
                    state=Place(who or "NOBODY"),
                )
            )
        return OpenPaper(
            centre=self._parts.settings.centre.name,
            made_at=self._parts.clock.now_us(),
            open=len(found),
            rows=tuple(rows),
        )


def write(folder: Path, name: str, made: bytes, form: bytes | None, kept: int) -> None:
    """Put a list into the folder under its time and as the latest; remove the oldest beyond `kept`.

    Raises:
        OSError: it could not be written. What stood there still does.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for target, data in ((name, made), (LATEST, made), (FORM_FILE, form)):
        if data is not None:
            _replace(folder / target, data)
    for old in sorted(folder.glob(_PATTERN))[:-kept]:
        old.unlink(missing_ok=True)


def remove_old(folder: Path, before: datetime) -> None:
    """Remove lists that were made before then, and the latest where it is as old.

    Raises:
        OSError: one could not be removed.
    """
    for old in folder.glob(_PATTERN):
        if old.name < before.strftime(_NAMED):
            old.unlink(missing_ok=True)
    latest = folder / LATEST
    if latest.exists() and latest.stat().st_mtime < before.timestamp():
        latest.unlink(missing_ok=True)


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
