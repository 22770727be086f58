"""The built console: read once at the start, served from memory.

What is asked for is looked up by its whole name among the files that were there; no path is ever put together from a
request, so none can lead out of the folder.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from tocsin.web.permissions import needs, public

FOLDER: Final = Path(__file__).parent / "static"
BUILT: Final = ".built"
"""Written last by the build: a folder without it is one that was broken off."""

INDEX: Final = "index.html"
ICON: Final = "icon.svg"
ASSETS: Final = "assets/"
FILES_MAX: Final = 2_000
BYTES_MAX: Final = 32 << 20
"""Of all files together: the console has a few hundred kilobytes."""

IMMUTABLE: Final = "public, max-age=31536000, immutable"
"""The names of assets hold a hash of what is in them."""

TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""What is served, and as what. A file with another ending is not."""

TWINS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Compressed forms, the better one first."""

_LOG = structlog.get_logger("web")


class Asset(msgspec.Struct, frozen=True):
    """One file, with its compressed forms."""

    type: str
    body: bytes
    twins: tuple[tuple[str, bytes], ...]
    tag: str


def read_assets(folder: Path) -> dict[str, Asset]:
    """Every file of a build by its path inside it; none where there is no whole build."""
    if not (folder / BUILT).is_file():
        return {}
    found: dict[str, Asset] = {}
    left = BYTES_MAX
    for path in sorted(folder.rglob("*")):
        kind = TYPES.get(path.suffix)
        if kind is None or path.is_symlink() or not path.is_file():
            continue
        body = path.read_bytes()
        twins = tuple(
            (coding, twin.read_bytes()) for coding, end in TWINS if (twin := path.with_name(path.name + end)).is_file()
        )
        left -= len(body) + sum(len(data) for _, data in twins)
        if left < 0 or len(found) >= FILES_MAX:
            _LOG.error("web.console_too_large", files_max=FILES_MAX, bytes_max=BYTES_MAX)
            return {}
        tag = f'"{sha256(body).hexdigest()[:32]}"'
        found[path.relative_to(folder).as_posix()] = Asset(kind, body, twins, tag)
    return found


def routes(folder: Path) -> list[HTTPRouteHandler]:
    """The routes of the console's files. Scripts and styles are the same for all; only the first page is closed."""
    from tocsin.web import duty_page

    assets = read_assets(folder)

    @get("/", opt=needs("session.own", page=True, proves=True), sync_to_thread=False, include_in_schema=False)
    def index(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The console; its own pages lie behind the `#`."""
        found = assets.get(INDEX)
        if found is None:
            return not_built()
        return asset_response(request, found, "no-store")

    @get(f"/{ICON}", opt=public(), sync_to_thread=False, include_in_schema=False)
    def icon(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The small picture of a tab."""
        return _served(request, assets, ICON, "public, max-age=86400")

    @get("/assets/{name:path}", opt=public(), sync_to_thread=False, include_in_schema=False)
    def asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        """A script, a style or a font: the same for everybody, and nobody's."""
        return _served(request, assets, ASSETS + name.removeprefix("/"), IMMUTABLE)

    return [index, icon, asset, *duty_page.routes(assets)]


def asset_response(request: Request[Any, Any, Any], asset: Asset, cache: str) -> Response[bytes]:
    """Answer with a file, in the best form that the browser takes."""
    headers = {"cache-control": cache, "etag": asset.tag, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == asset.tag:
        return Response(b"", status_code=304, headers=headers, media_type=asset.type)
    taken = _codings(request.headers.get("accept-encoding", ""))
    for coding, body in asset.twins:
        if coding in taken:
            return Response(body, headers={**headers, "content-encoding": coding}, media_type=asset.type)
    return Response(asset.body, headers=headers, media_type=asset.type)


def not_built() -> Response[bytes]:
    """What is shown where the console was not built: a checkout without it."""
    from tocsin.web.pages import message_page

    return message_page(
        "The console is not built",
        "This checkout has no built console. Build it with `make console` (its Node comes from PyPI) and start the "
        "centre again; an installed wheel has it. Until then the plain pages show the queue.",
        link=("/lite", "To the plain pages"),
        status=503,
    )


def _served(request: Request[Any, Any, Any], assets: Mapping[str, Asset], name: str, cache: str) -> Response[bytes]:
    found = assets.get(name)
    if found is None:
        raise NotFoundException
    return asset_response(request, found, cache)


def _codings(header: str) -> frozenset[str]:
    """The codings that a browser takes: those without `q=0`."""
    taken: set[str] = set()
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return frozenset(taken)
