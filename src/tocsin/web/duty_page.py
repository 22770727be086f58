"""The phone page of staff on duty: its shell, which is nobody's, and the worker that keeps it without a network.

The shell is open to anybody, as scripts and styles are: what it shows comes by the API, from whoever is signed in. It
is the one page that may ask the phone for its position, and it asks once a report.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from tocsin.web.permissions import public
from tocsin.web.security import PERMISSIONS_POLICY
from tocsin.web.static import ICON, Asset, asset_response, not_built

INDEX: Final = "duty.html"
WORKER: Final = "duty-worker.js"
MANIFEST: Final = "duty.webmanifest"
PICTURE: Final = "duty-512.png"
BUILD: Final = "manifest.json"
"""Which files each page of the build is made of."""

POLICY: Final = PERMISSIONS_POLICY.replace("geolocation=()", "geolocation=(self)")
REVALIDATED: Final = "no-cache"


class _Chunk(msgspec.Struct):
    file: str
    imports: tuple[str, ...] = ()
    dynamicImports: tuple[str, ...] = ()  # noqa: N815 - the builder's word
    css: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()


_CHUNKS: Final = msgspec.json.Decoder(dict[str, _Chunk])


def shell_of(build: bytes) -> tuple[str, ...]:
    """Every file that the phone page needs to work without a network, by its address; none where it was not built."""
    chunks = _CHUNKS.decode(build)
    files: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [INDEX] if INDEX in chunks else []
    while waiting:
        name = waiting.pop()
        if name in seen or name not in chunks:
            continue
        seen.add(name)
        chunk = chunks[name]
        files.update(dict.fromkeys((chunk.file, *chunk.css, *chunk.assets)))
        waiting += [*chunk.imports, *chunk.dynamicImports]
    if not files:
        return ()
    return ("/duty", f"/{MANIFEST}", f"/{ICON}", f"/{PICTURE}", *sorted(f"/{file}" for file in files))


def worker_of(assets: Mapping[str, Asset]) -> Asset | None:
    """The worker with what it keeps written in front: another build makes another worker."""
    script, build = assets.get(WORKER), assets.get(BUILD)
    if script is None or build is None or INDEX not in assets:
        return None
    shell = shell_of(build.body)
    version = sha256(assets[INDEX].body + script.body + repr(shell).encode()).hexdigest()[:16]
    head = b"const VERSION = %s;\nconst SHELL = %s;\n" % (msgspec.json.encode(version), msgspec.json.encode(shell))
    body = head + script.body
    return Asset(script.type, body, (), f'"{sha256(body).hexdigest()[:32]}"')


def routes(assets: Mapping[str, Asset]) -> list[HTTPRouteHandler]:
    """The routes of the phone page's files."""
    page, worker = assets.get(INDEX), worker_of(assets)

    def served(request: Request[Any, Any, Any], asset: Asset | None) -> Response[bytes]:
        if asset is None:
            return not_built()
        response = asset_response(request, asset, REVALIDATED)
        response.headers["permissions-policy"] = POLICY
        return response

    @get("/duty", opt=public(page=True), sync_to_thread=False, include_in_schema=False)
    def duty(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The phone page. It holds nothing before somebody signs in."""
        return served(request, page)

    @get(f"/{WORKER}", opt=public(), sync_to_thread=False, include_in_schema=False)
    def duty_worker(request: Request[Any, Any, Any]) -> Response[bytes]:
        """What keeps the page on the phone."""
        return served(request, worker)

    @get(f"/{MANIFEST}", opt=public(), sync_to_thread=False, include_in_schema=False)
    def duty_manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
        """What makes it a page that can be installed."""
        return served(request, assets.get(MANIFEST))

    @get(f"/{PICTURE}", opt=public(), sync_to_thread=False, include_in_schema=False)
    def duty_picture(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Its picture on the phone's first screen."""
        return served(request, assets.get(PICTURE))

    return [duty, duty_worker, duty_manifest, duty_picture]
