"""The description of the API, worked out once in a process of tests: it takes a second of the processor."""

import functools
from typing import Any

import msgspec

from tocsin.web.openapi import openapi_document


def api_description() -> dict[str, Any]:
    """What `GET /api/v1/openapi.json` says. Each caller has it for itself, and may change it."""
    return msgspec.json.decode(_encoded())


@functools.cache
def _encoded() -> bytes:
    return msgspec.json.encode(openapi_document())
