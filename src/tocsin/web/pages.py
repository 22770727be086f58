"""Pages made here, without scripts: sign-in, and whatever has to be said to a person.

A broken console must not take the room down, so these need nothing of it.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from tocsin.model.errors import BadInput, NotSignedIn
from tocsin.web.parts import Parts
from tocsin.web.permissions import PAGE, needs, public
from tocsin.web.problems import Problem, answer_problem, headers_of, log_failure, problem_of
from tocsin.web.security import Principal, Security, address_of, is_secure

FOLDER: Final = Path(__file__).parent / "templates"
STYLE_CACHE: Final = "public, max-age=3600"
HTML: Final = "text/html"
SIGN_IN: Final = "/sign-in"
_LOG = structlog.get_logger("web")

PageRequest = Request[Principal | None, Any, Any]

_STYLE: Final = (FOLDER / "pages.css").read_bytes()
_STYLE_TAG: Final = sha256(_STYLE).hexdigest()[:16]
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
_TEMPLATES.globals["style"] = f"/pages.css?{_STYLE_TAG}"


def page(name: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Response[bytes]:
    """Fill a template in, and answer with it."""
    text = _TEMPLATES.get_template(name).render(**values)
    return Response(text.encode(), status_code=status, headers=headers or {}, media_type=HTML)


def message_page(
    title: str,
    text: str,
    *,
    link: tuple[str, str] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    problems: list[str] | None = None,
) -> Response[bytes]:
    """A page that says one thing, and where to go on; text between backticks is shown as what to type."""
    pieces = text.split("`")
    return page(
        "message.html", status=status, headers=headers, title=title, pieces=pieces, link=link, problems=problems or []
    )


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Say what went wrong: to a program as a problem, to a person as a page."""
    if not _is_for_a_person(request):
        return answer_problem(request, error)
    if isinstance(error, NotSignedIn):
        return Redirect(SIGN_IN, status_code=303)
    log_failure(request, error)
    problem = problem_of(error)
    return message_page(
        problem.title,
        problem.detail,
        link=_way_on(request, problem),
        status=problem.status,
        headers=headers_of(problem),
        problems=problem.problems,
    )


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """Sign-in and sign-out."""
    access = parts.access
    security = Security(access, parts.settings)
    centre = parts.settings.centre.name

    @get("/pages.css", opt=public(), sync_to_thread=False, include_in_schema=False)
    def style() -> Response[bytes]:
        """How these pages look."""
        return Response(_STYLE, media_type="text/css", headers={"cache-control": STYLE_CACHE})

    @get(SIGN_IN, opt=public(page=True), sync_to_thread=False, include_in_schema=False)
    def sign_in_page(request: PageRequest) -> Response[Any]:
        """How to get in."""
        if request.user is not None and request.user.session is not None:
            return Redirect("/", status_code=303)
        return page("sign_in.html", centre=centre, is_secure=is_secure(request.scope))

    @get(SIGN_IN + "/{secret:str}", opt=public(page=True), sync_to_thread=False, include_in_schema=False)
    def link_page(request: PageRequest, secret: FromPath[str]) -> Response[bytes]:
        """What a sign-in link opens: a button, so that a mail program that looks at links does not use it up."""
        state = access.link(secret)
        if state.state == "alive" and state.user is not None:
            person = access.person(state.user)
            return page("link.html", centre=centre, secret=secret, person=person, is_secure=is_secure(request.scope))
        return _useless(request, secret)

    @post(SIGN_IN + "/{secret:str}", opt=public(page=True), sync_to_thread=True, include_in_schema=False)
    def use_link(request: PageRequest, secret: FromPath[str]) -> Response[Any]:
        """Let somebody in, once."""
        security.refuse_other_pages(request)
        before = None if request.user is None else request.user.session
        try:
            session_secret, session = access.sign_in(secret)
        except BadInput:
            return _useless(request, secret)
        if before is not None:
            access.sign_out(before.id, before.user)
        _LOG.info("access.signed_in", user=session.user, session=session.id)
        response = Redirect("/", status_code=303)
        response.set_cookie(security.cookie(session_secret, request, parts.settings.web.session_h * 3600))
        return response

    @post("/sign-out", opt=needs("session.own", page=True), sync_to_thread=True, include_in_schema=False)
    def sign_out(request: PageRequest) -> Response[Any]:
        """End this session."""
        assert request.user is not None, "the guard lets nobody else pass"
        assert request.user.session is not None, "session.own is no scope's"
        access.sign_out(request.user.session.id, request.user.session.user)
        response = Redirect(SIGN_IN, status_code=303)
        response.set_cookie(security.no_cookie(request))
        return response

    def _useless(request: PageRequest, secret: str) -> Response[bytes]:
        """Say why a link lets nobody in. One that is none of ours counts as a guess."""
        try:
            access.refuse_link(secret, address_of(request.scope))
        except BadInput as refusal:
            status = 404 if refusal.code.endswith(".unknown") else 410
            return message_page(
                "This link lets nobody in", problem_of(refusal).detail, link=(SIGN_IN, "How to sign in"), status=status
            )
        raise AssertionError("a link that is alive lets somebody in")

    return [style, sign_in_page, link_page, use_link, sign_out]


def _is_for_a_person(request: Request[Any, Any, Any]) -> bool:
    """A page was asked for, or something that is not there by somebody with a browser."""
    handler = request.scope.get("route_handler")
    if handler is not None:
        return bool(handler.opt.get(PAGE))
    return not request.scope["path"].startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _way_on(request: Request[Any, Any, Any], problem: Problem) -> tuple[str, str]:
    if problem.status in (401, 403):
        return SIGN_IN, "To the sign-in page"
    return ("/lite", "To the plain pages") if request.scope["path"].startswith("/lite") else ("/", "To the first page")
