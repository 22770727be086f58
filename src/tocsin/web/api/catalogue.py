"""`/api/v1/catalogue`: the incident types, and what outcomes and reasons are called."""

import functools
import hashlib
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter

from tocsin.centre.profiles import Profiles
from tocsin.model.incidents import DISPOSITIONS
from tocsin.model.profiles import claim_limit_s
from tocsin.model.values import Code
from tocsin.rules.shifts import HAZARDS, PRIORITIES
from tocsin.rules.words import DISPOSITION_WORDS, REOPEN_WORDS, SHELVE_WORDS
from tocsin.settings import Settings
from tocsin.web.api.types import CatalogueAnswer, ClaimLimit, Coded, TimeToClaim
from tocsin.web.items import type_item
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs

KnownTag = Annotated[str | None, HeaderParameter(name="If-None-Match", max_length=200, required=False)]


def time_to_claim(settings: Settings) -> TimeToClaim:
    """By the profile that the centre has chosen, as it is when this is asked for."""
    profile, trouble = Profiles(settings.folder).chosen(settings.figures.profile, "response")
    return TimeToClaim(
        profile=profile.id,
        title=profile.title,
        is_confirmed=all(one.is_confirmed for one in profile.figures if one.measure == "reaction"),
        trouble=trouble,
        limits=[
            ClaimLimit(hazard=hazard, priority=priority, limit_s=limit_s)
            for hazard in HAZARDS
            for priority in PRIORITIES
            if (limit_s := claim_limit_s(profile, hazard, priority)) is not None
        ],
    )


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The catalogue."""

    @functools.cache
    def encoded() -> tuple[bytes, dict[str, str]]:
        answer = CatalogueAnswer(
            version=parts.catalogue.version,
            types=[type_item(found) for found in parts.catalogue.types.values()],
            dispositions=[Coded(code=Code(code), words=DISPOSITION_WORDS[code]) for code in DISPOSITIONS],
            reopen_reasons=[Coded(code=Code(code), words=said) for code, said in REOPEN_WORDS.items()],
            shelve_reasons=[Coded(code=Code(code), words=said) for code, said in SHELVE_WORDS.items()],
            time_to_claim=time_to_claim(parts.settings),
        )
        body = msgspec.json.encode(answer)
        # By its bytes: a newer program may have other words for the same catalogue.
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        return body, {"etag": etag, "cache-control": "private, no-cache"}

    @get("/api/v1/catalogue", opt=needs("catalogue.read"), sync_to_thread=False, summary="The catalogue")
    def read_catalogue(
        if_none_match: Annotated[
            str | None, HeaderParameter(name="If-None-Match", max_length=200, required=False)
        ] = None,
    ) -> Response[CatalogueAnswer]:
        """Every incident type with its meaning, questions and checks; dispositions, reasons, time to claim."""
        body, headers = encoded()
        if if_none_match is not None and headers["etag"] in if_none_match:
            return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type] - it has no body
        return Response(body, media_type="application/json", headers=headers)  # type: ignore[arg-type] - encoded once

    return [read_catalogue]
