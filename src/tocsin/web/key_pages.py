"""`/key/...`: a one-time link to the key of an account. A plain page without scripts: a button, and then the key, once.

Looking at the link does not use it up: mail programs look. The key stands in the answer to the button alone, which
nobody keeps (`no-store`), and in no address.
"""

import asyncio
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from tocsin.centre.key_links import AccountKey
from tocsin.model.errors import BadInput
from tocsin.model.key_links import KeyLink
from tocsin.model.values import Actor
from tocsin.reports.worker import stamp
from tocsin.web.pages import FORM_BYTES_MAX, message_page, page
from tocsin.web.parts import Parts
from tocsin.web.permissions import public
from tocsin.web.problems import problem_of
from tocsin.web.security import Principal, Security, address_of, is_secure

PATH: Final = "/key"
GROUP: Final = 4
NOTHING: Final = "This link shows no key"
PageRequest = Request[Principal | None, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The pages of links to keys."""
    security, links = Security(parts.access, parts.settings), parts.centre.key_links
    centre = parts.settings.centre.name

    @get(PATH + "/{secret:str}", opt=public(page=True), include_in_schema=False)
    async def key_page(request: PageRequest, secret: FromPath[str]) -> Response[bytes]:
        """What the link is good for, and a button."""
        return await asyncio.to_thread(_asked, request, secret)

    @post(PATH + "/{secret:str}", opt=public(page=True), include_in_schema=False, request_max_body_size=FORM_BYTES_MAX)
    async def show_key(request: PageRequest, secret: FromPath[str]) -> Response[bytes]:
        """The key, for the only time."""
        security.refuse_other_pages(request)
        return await asyncio.to_thread(_shown, request, secret)

    def _asked(request: PageRequest, secret: str) -> Response[bytes]:
        link = _found(request, secret)
        if isinstance(link, Response):
            return link
        account = links.account_of(link)
        return page(
            "key_link.html",
            headers={"cache-control": "no-store"},
            centre=centre,
            secret=secret,
            account=account.row.account,
            is_new=link.given.is_new,
            was_keyed=account.row.key is not None,
            until=stamp(link.given.until),
            is_secure=is_secure(request.scope),
        )

    def _shown(request: PageRequest, secret: str) -> Response[bytes]:
        link = _found(request, secret)
        if isinstance(link, Response):
            return link
        opened, key = links.open(secret, _signed_in(request))
        return page(
            "key.html",
            headers={"cache-control": "no-store"},
            centre=centre,
            account=links.account_of(opened).row.account,
            bits=key.bits,
            form=key.form,
            groups=groups_of(key),
            is_new=opened.given.is_new,
        )

    def _found(request: PageRequest, secret: str) -> KeyLink | Response[bytes]:
        """The link where it is alive; else what is said of it. One that is none of ours counts as a guess."""
        address = address_of(request.scope)
        try:
            link = links.find(secret)
        except BadInput as refusal:
            parts.access.attempts.failed(address)
            return message_page(NOTHING, problem_of(refusal).detail, status=404)
        if links.is_alive(link):
            return link
        return message_page(NOTHING, _why(link), status=410)

    def _signed_in(request: PageRequest) -> Actor | None:
        return None if request.user is None or request.user.session is None else request.user.actor

    return [key_page, show_key]


def groups_of(key: AccountKey) -> list[str]:
    """A key as it is typed: hex digits in fours, or its characters in fours."""
    typed = key.value.hex().upper() if key.form == "hex" else key.value.decode("latin-1")
    return [typed[at : at + GROUP] for at in range(0, len(typed), GROUP)]


def _why(link: KeyLink) -> str:
    """What became of a link, and what to do."""
    if link.opened_at is not None:
        return (
            f"It was opened on {stamp(link.opened_at)}, and a link opens once. Was it you, and the key is not in the "
            "panel? Ask the centre for another link; it makes a new key. Was it none of you? Tell the centre at once: "
            "somebody else has the key, and it must be changed."
        )
    if link.ended == "replaced":
        return "The centre gave another link for this account since. Use the newer one."
    if link.ended is not None:
        return "The centre ended it. Nobody opened it. Ask the centre for another one."
    return (
        f"Its time was over on {stamp(link.given.until)}, or the centre was restored from a backup since. Ask the "
        "centre for another one."
    )
