"""`/api/v1/places`: what the accounts of the live stream are called, which itself holds no names."""

import asyncio
import re
from typing import Annotated, Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.model.values import Ref
from tocsin.web.api.types import PlacesAnswer
from tocsin.web.names import PlaceReader
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs

PLACES_MAX: Final = 200
_ACCOUNT: Final = re.compile(r"account-[0-9]{1,16}")
AccountIds = Annotated[list[str], QueryParameter(min_items=1, max_items=PLACES_MAX, description="Ids of accounts")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """Names of places."""
    reader = PlaceReader(parts.centre.names)

    @get("/api/v1/places", opt=needs("place.read"), summary="Names of accounts, sites and zones")
    async def read_places(
        account_id: Annotated[
            list[str], QueryParameter(min_items=1, max_items=PLACES_MAX, description="Ids of accounts")
        ],
    ) -> PlacesAnswer:
        """Names of accounts by id, with their sites and zones. An account that is not there is left out."""
        wanted = {Ref(id_) for id_ in account_id if _ACCOUNT.fullmatch(id_)}
        config, found = await asyncio.to_thread(reader.accounts, wanted, parts.board.config)
        return PlacesAnswer(accounts=found, config=config)

    return [read_places]
