"""`/api/v1/gazetteer`: public places by name, for the call form. Places alone: nothing here looks for people."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.centre.gazetteer import Gazetteer
from tocsin.model.values import Code, Place
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.threads import in_thread


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


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of the gazetteer."""
    gazetteer = Gazetteer(parts.settings.folder)

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

    return [find_places]
