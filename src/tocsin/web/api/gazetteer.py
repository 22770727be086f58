"""`/api/v1/gazetteer`: public places by name, for the call form. Places alone: nothing here looks for people.

A file of places is read, and its index written, by a process of its own: that takes minutes for a country.
"""

from typing import Annotated, Any, Final

import msgspec
import structlog
from litestar import Request, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter

from tocsin.centre.gazetteer import PLACES_MAX, SOURCES_MAX, Gazetteer, GazetteerSource
from tocsin.centre.place_import import FILE_BYTES_MAX, SOURCE_PATTERN, Form, PlacesAnswer, PlacesChange
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.values import Code, Place
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.side_process import SideProcess
from tocsin.web.threads import in_thread

IMPORT_S: Final = 300.0
MEDIA: Final = ("text/csv", "application/geo+json-seq")
PrincipalRequest = Request[Principal, Any, Any]
SourceId = Annotated[str, PathParameter(description="What the file is called here", pattern=SOURCE_PATTERN)]
CONFLICTS: Final = frozenset({"places.busy", "places.full", "places.sources"})
_ANSWER: Final = msgspec.msgpack.Decoder(PlacesAnswer)
_LOG = structlog.get_logger("web")


class GazetteerItem(msgspec.Struct, frozen=True, kw_only=True):
    """A place that somebody imported."""

    id: Code
    """Of this answer alone."""
    name: Place
    near: Place | None
    """What it lies in or at."""
    kind: Code
    latitude: float | None
    longitude: float | None
    source: Code
    """What its file is called."""


class GazetteerAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Places whose words begin so, the best first."""

    items: list[GazetteerItem]


class GazetteerSources(msgspec.Struct, frozen=True, kw_only=True):
    """What was imported."""

    items: list[GazetteerSource]
    """By name."""
    places: int
    """Of all of them."""
    places_max: int
    sources_max: int
    bytes_max: int
    """Of a file that is sent here."""


class PlacesImportAnswer(PlacesChange, frozen=True, kw_only=True):
    """What an import changed, or would change."""

    dry_run: bool


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the gazetteer."""
    gazetteer = Gazetteer(parts.settings.folder)
    worker = SideProcess("tocsin.centre.place_worker", "file", IMPORT_S)

    @get("/api/v1/gazetteer", opt=needs("site.read"), summary="Places by name")
    @in_thread
    def find_places(
        place: Annotated[str, QueryParameter(description="How the words of a place begin", max_length=300)],
    ) -> GazetteerAnswer:
        """Imported places whose words begin as these do. Nothing of what is asked is kept."""
        found = gazetteer.find(place)
        return GazetteerAnswer(
            items=[
                GazetteerItem(
                    id=Code(f"place-{number}"),
                    name=one.name,
                    near=one.near,
                    kind=one.kind,
                    latitude=one.latitude,
                    longitude=one.longitude,
                    source=one.source,
                )
                for number, one in enumerate(found)
            ]
        )

    @get("/api/v1/gazetteer/sources", opt=needs("site.read"), summary="What was imported into the gazetteer")
    @in_thread
    def read_gazetteer_sources() -> GazetteerSources:
        """How many places, from where, and when."""
        found = gazetteer.sources()
        return GazetteerSources(
            items=found,
            places=sum(one.places for one in found),
            places_max=PLACES_MAX,
            sources_max=SOURCES_MAX,
            bytes_max=FILE_BYTES_MAX,
        )

    @post(
        "/api/v1/gazetteer/sources/{place_source_id:str}",
        opt={**needs("site.write"), FILE: MEDIA},
        status_code=200,
        request_max_body_size=FILE_BYTES_MAX,
        summary="Import places",
    )
    async def import_gazetteer(
        request: PrincipalRequest,
        place_source_id: SourceId,
        form: Annotated[Form, QueryParameter(name="format", description="A table, or GeoJSON with one feature a line")],
        dry_run: Annotated[bool, QueryParameter(description="Say what it would do; change nothing")] = False,
    ) -> PlacesImportAnswer:
        """Take a file in place of what this source brought before: all of it or nothing. The body is the file itself.

        They are found at once. A backup does not have them.
        """
        act = "plan" if dry_run else "import"
        words = (act, str(parts.settings.folder), place_source_id, form, str(parts.clock.now_us()))
        answer = _ANSWER.decode(await worker.read(await request.body(), *words))
        if answer.change is None:
            raise (Conflict if answer.code in CONFLICTS else BadInput)(answer.message, answer.code)
        if not dry_run:
            _LOG.info("places.imported", actor=request.user.actor, source=place_source_id, places=answer.change.places)
        return PlacesImportAnswer(**msgspec.structs.asdict(answer.change), dry_run=dry_run)

    @delete(
        "/api/v1/gazetteer/sources/{place_source_id:str}", opt=needs("site.write"), summary="Remove imported places"
    )
    @in_thread
    def remove_gazetteer(request: PrincipalRequest, place_source_id: SourceId) -> None:
        """Take out what a source brought."""
        gazetteer.remove(Code(place_source_id), parts.clock.now_us())
        _LOG.info("places.removed", actor=request.user.actor, source=place_source_id)

    return [find_places, read_gazetteer_sources, import_gazetteer, remove_gazetteer]
