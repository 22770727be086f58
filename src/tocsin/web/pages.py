"""Pages made here, without scripts: sign-in, password, unlocking, and whatever has to be said to a person.

A broken console must not take the room down, so these need nothing of it.
"""

import asyncio
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from tocsin.access.access import LiveSession
from tocsin.model.errors import BadInput, NotSignedIn, Refused, SecondFactorNeeded
from tocsin.model.values import Secret
from tocsin.web.parts import Parts
from tocsin.web.permissions import PAGE, needs, public
from tocsin.web.problems import Locked, Problem, answer_problem, headers_of, log_failure, problem_of
from tocsin.web.security import CSRF_FIELD, FORM_TYPE, Principal, Security, address_of, is_secure
from tocsin.web.threads import CHECKS, in_thread

FOLDER: Final = Path(__file__).parent / "templates"
STYLE_CACHE: Final = "public, max-age=3600"
HTML: Final = "text/html"
if TYPE_CHECKING:
    from jinja2 import Environment

SIGN_IN: Final = "/sign-in"
PASSWORD: Final = "/password"  # noqa: S105 - an address
UNLOCK: Final = "/unlock"
FORM_BYTES_MAX: Final = 16_384
TYPED_MAX: Final = 512
"""The longest name, password, PIN or code that is looked at."""

_LOG = structlog.get_logger("web")

PageRequest = Request[Principal | None, Any, Any]

_STYLE: Final = (FOLDER / "pages.css").read_bytes()
_STYLE_TAG: Final = sha256(_STYLE).hexdigest()[:16]


@cache
def _templates() -> "Environment":
    """Read when the first page is asked for: 2 MB that a centre whose desks are signed in does without."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals["style"] = f"/pages.css?{_STYLE_TAG}"
    return made


def page(name: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Response[bytes]:
    """Fill a template in, and answer with it."""
    text = _templates().get_template(name).render(**values)
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
    if isinstance(error, Locked):
        return Redirect(UNLOCK, status_code=303)
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
        """How to get in. A phone that has lost its key is led nowhere else: its page would lead it back here."""
        if request.user is not None and request.user.session is not None and request.user.session.is_proved:
            return Redirect("/", status_code=303)
        return _sign_in_page(request)

    @post(SIGN_IN, opt=public(page=True), include_in_schema=False, request_max_body_size=FORM_BYTES_MAX)
    async def sign_in(request: PageRequest) -> Response[Any]:
        """Let somebody in by name and password, and by a code where they have an authenticator."""
        security.refuse_other_pages(request)
        form = await read_form(request, "name", "password", "ticket", "code")
        address = address_of(request.scope)
        ticket = form.get("ticket")
        try:
            if ticket is not None:
                code = _typed(form, "code")
                made = await CHECKS.run(lambda: access.sign_in_with_code(ticket, code, address))
            else:
                name, password = _typed(form, "name"), _typed(form, "password")
                access.refuse_where_full(name, address)
                made = await CHECKS.run(lambda: access.sign_in_with_password(name, password, None, address))
        except SecondFactorNeeded as step:
            return page("code.html", centre=centre, ticket=step.ticket, wrong=None)
        except Refused as refusal:
            problem = problem_of(refusal)
            said: dict[str, Any] = {"status": problem.status, "headers": headers_of(problem), "wrong": problem.detail}
            if ticket is not None and refusal.code != "access.ticket":
                return page("code.html", centre=centre, ticket=ticket, **said)
            return _sign_in_page(request, typed=form.get("name", ""), **said)
        return await asyncio.to_thread(_let_in, request, *made)

    @get(SIGN_IN + "/{secret:str}", opt=public(page=True), sync_to_thread=False, include_in_schema=False)
    def link_page(request: PageRequest, secret: FromPath[str]) -> Response[bytes]:
        """What a sign-in link opens: a button, so that a mail program that looks at links does not use it up."""
        return _link_page(request, secret, None)

    @post(
        SIGN_IN + "/{secret:str}",
        opt=public(page=True),
        include_in_schema=False,
        request_max_body_size=FORM_BYTES_MAX,
    )
    async def use_link(request: PageRequest, secret: FromPath[str]) -> Response[Any]:
        """Let somebody in, once; with a first password where the form has one."""
        security.refuse_other_pages(request)
        # The button alone sends no field; a program that uses a link up sends whatever it likes.
        is_form = request.headers.get("content-type", "").startswith(FORM_TYPE)
        form = await read_form(request, "new", "again", "code") if is_form else {}
        address = address_of(request.scope)
        try:
            session_secret, session = await asyncio.to_thread(access.sign_in, secret, address, form.get("code"))
        except Refused as refusal:
            return await asyncio.to_thread(_link_page, request, secret, problem_of(refusal))
        response = await asyncio.to_thread(_let_in, request, session_secret, session)
        if not form.get("new"):
            return response
        try:
            await CHECKS.run(lambda: _set_password(session, form, request))
        except Refused as refusal:
            # They are in, whatever became of the password: the link is used up.
            response = _password_page(session, problem_of(refusal))
            response.set_cookie(security.cookie(session_secret, request, parts.settings.web.session_h * 3600))
        return response

    @get(PASSWORD, opt=needs("self.manage", page=True), include_in_schema=False)
    @in_thread
    def password_page(request: PageRequest) -> Response[bytes]:
        """A form for a new password."""
        assert request.user is not None, "the guard lets nobody else pass"
        return _password_page(request.user.own_session, None)

    @post(
        PASSWORD,
        opt=needs("self.manage", page=True),
        include_in_schema=False,
        request_max_body_size=FORM_BYTES_MAX,
    )
    async def set_password(request: PageRequest) -> Response[Any]:
        """Set the own password."""
        assert request.user is not None, "the guard lets nobody else pass"
        session = request.user.own_session
        form = await read_form(request, "old", "new", "again", CSRF_FIELD)
        try:
            await CHECKS.run(lambda: _set_password(session, form, request))
        except Refused as refusal:
            return _password_page(session, problem_of(refusal))
        return message_page(
            "Your password is set",
            "From now on sign in with your name and this password. Wherever else you were signed in, you are not any "
            "more.",
            link=("/", "Go on"),
        )

    @post("/lock", opt=needs("session.own", page=True), include_in_schema=False)
    @in_thread
    def lock(request: PageRequest) -> Response[Any]:
        """Lock this desk; the queue stays to be seen."""
        assert request.user is not None, "the guard lets nobody else pass"
        access.lock(request.user.own_session.id)
        return Redirect("/lite", status_code=303)

    @get(UNLOCK, opt=needs("session.own", page=True), sync_to_thread=False, include_in_schema=False)
    def unlock_page(request: PageRequest) -> Response[Any]:
        """A form for PIN or password."""
        assert request.user is not None, "the guard lets nobody else pass"
        session = request.user.own_session
        if not session.locked:
            return Redirect("/lite", status_code=303)
        return _unlock_page(session, None)

    @post(
        UNLOCK,
        opt=needs("session.own", page=True),
        include_in_schema=False,
        request_max_body_size=FORM_BYTES_MAX,
    )
    async def unlock(request: PageRequest) -> Response[Any]:
        """Unlock this desk."""
        assert request.user is not None, "the guard lets nobody else pass"
        session = request.user.own_session
        form = await read_form(request, "secret", CSRF_FIELD)
        address = address_of(request.scope)
        try:
            secret = _typed(form, "secret")
            await CHECKS.run(lambda: access.unlock(session.id, secret, address))
        except Refused as refusal:
            return _unlock_page(session, problem_of(refusal))
        return Redirect("/lite", status_code=303)

    @post("/sign-out", opt=needs("session.own", page=True, proves=True), sync_to_thread=True, include_in_schema=False)
    def sign_out(request: PageRequest) -> Response[Any]:
        """End this session."""
        assert request.user is not None, "the guard lets nobody else pass"
        session = request.user.own_session
        access.sign_out(session.id, session.user)
        response = Redirect(SIGN_IN, status_code=303)
        response.set_cookie(security.no_cookie(request))
        return response

    def _sign_in_page(
        request: PageRequest, *, wrong: str | None = None, typed: str = "", **more: Any
    ) -> Response[bytes]:
        values = {"centre": centre, "is_secure": is_secure(request.scope), "wrong": wrong, "typed": typed[:TYPED_MAX]}
        return page("sign_in.html", **values, **more)

    def _link_page(request: PageRequest, secret: str, problem: Problem | None) -> Response[bytes]:
        state = access.link(secret)
        if state.state != "alive" or state.user is None:
            return _useless(request, secret)
        return page(
            "link.html",
            status=200 if problem is None else problem.status,
            headers={} if problem is None else headers_of(problem),
            centre=centre,
            secret=secret,
            person=access.person(state.user),
            needs_code=state.needs_code,
            is_secure=is_secure(request.scope),
            wrong=None if problem is None else problem.detail,
        )

    def _let_in(request: PageRequest, session_secret: Secret, session: LiveSession) -> Response[Any]:
        """Give somebody the cookie of a session that was just opened, and end the one that they had."""
        before = None if request.user is None else request.user.session
        if before is not None:
            access.sign_out(before.id, before.user)
        _LOG.info("access.signed_in", user=session.user, session=session.id, how=session.how)
        response: Response[Any] = Redirect("/", status_code=303)
        if access.authenticator_taken(session.user) is not None:
            response = message_page(
                "Your authenticator was taken away",
                "Somebody who administers this centre did so in the last 7 days; your password or a link now lets you "
                "in alone. Set up another one in your account. If you did not ask for this, say so to a supervisor "
                "now, and set another password.",
                link=("/", "Go on"),
            )
        response.set_cookie(security.cookie(session_secret, request, parts.settings.web.session_h * 3600))
        return response

    def _set_password(session: LiveSession, form: dict[str, str], request: PageRequest) -> None:
        new = _typed(form, "new")
        if form.get("again") != new:
            raise BadInput("The two are not the same. Nothing was changed. Type both again", "access.password_again")
        access.set_password(
            session.user,
            new,
            session.user,
            old=form.get("old") or None,
            session=session.id,
            address=address_of(request.scope),
        )

    def _password_page(session: LiveSession, problem: Problem | None) -> Response[Any]:
        has_one = access.credentials_of(session.user).password is not None
        return page(
            "password.html",
            status=200 if problem is None else problem.status,
            headers={} if problem is None else headers_of(problem),
            centre=centre,
            person=access.person(session.user),
            csrf=session.csrf,
            needs_old=has_one and access.needs_old(session.user, session.id),
            wrong=None if problem is None else problem.detail,
        )

    def _unlock_page(session: LiveSession, problem: Problem | None) -> Response[Any]:
        return page(
            "unlock.html",
            status=200 if problem is None else problem.status,
            headers={} if problem is None else headers_of(problem),
            centre=centre,
            person=access.person(session.user),
            csrf=session.csrf,
            wrong=None if problem is None else problem.detail,
        )

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

    return [
        style,
        sign_in_page,
        sign_in,
        link_page,
        use_link,
        password_page,
        set_password,
        lock,
        unlock_page,
        unlock,
        sign_out,
    ]


async def read_form(request: PageRequest, *names: str) -> dict[str, str]:
    """A form of ours: these fields, each once at most, and no others.

    Raises:
        BadInput: it is none.
    """
    if not request.headers.get("content-type", "").startswith(FORM_TYPE):
        raise _bad_form()
    fields = list((await request.form()).multi_items())
    form = {name: value for name, value in fields if name in names and isinstance(value, str)}
    if len(form) != len(fields):
        raise _bad_form()
    return form


def _typed(form: dict[str, str], name: str) -> str:
    """What somebody typed into a field that must be filled in."""
    typed = form.get(name, "")
    if not typed or len(typed) > TYPED_MAX:
        raise _bad_form()
    return typed


def _bad_form() -> BadInput:
    return BadInput(
        "The form was not filled in as it must be. Nothing was changed. Go back, fill in each field and try again",
        "request.form",
    )


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
