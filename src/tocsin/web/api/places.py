"""`/api/v1/places`: what the accounts of the live stream are called, which itself holds no names."""

import asyncio
import re
from typing import Annotated, Final

from litestar import get
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.model.values import Ref
from tocsin.web.api.types import PlacesAnswer
from tocsin.web.names import PlaceReader
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs

PLACES_MAX: Final = 200
_ACCOUNT: Final = re.compile(r"account-[0-9]{1,16}")
_SITE: Final = re.compile(r"site-[0-9]{1,16}")


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """Names of places."""
    reader = PlaceReader(parts.centre.names)

    @get("/api/v1/places", opt=needs("place.read"), summary="Names of accounts, sites and zones")
    async def read_places(
        account_id: Annotated[
            list[str] | None, QueryParameter(max_items=PLACES_MAX, description="Ids of accounts", required=False)
        ] = None,
        site_id: Annotated[
            list[str] | None, QueryParameter(max_items=PLACES_MAX, description="Ids of sites", required=False)
        ] = None,
    ) -> PlacesAnswer:
        """Names of accounts by id, with their sites and zones, and of sites. What is not there is left out."""
        if not account_id and not site_id:
            raise ValidationException("Name accounts or sites by their ids")
        accounts = {Ref(id_) for id_ in account_id or () if _ACCOUNT.fullmatch(id_)}
        sites = {Ref(id_) for id_ in site_id or () if _SITE.fullmatch(id_)}
        config, found = await asyncio.to_thread(reader.accounts, accounts, parts.board.config)
        older, named = await asyncio.to_thread(reader.sites, sites, parts.board.config)
        return PlacesAnswer(accounts=found, config=min(config, older), sites=named)

    return [read_places]
