"""The web application: every route of every module, behind one guard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import Any, Final

from litestar import HttpMethod, Litestar, Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler, Message, Receive, Scope, Send
from litestar.utils import join_paths

from tocsin.web import day_code_pages, key_pages, lite, openapi, pages, static
from tocsin.web.api import (
    accounts,
    action_plan_moves,
    action_plans,
    approvals,
    bounces,
    calls,
    catalogue,
    chains,
    desk,
    duty,
    figures,
    flood,
    frames,
    gazetteer,
    grants,
    help_notes,
    hold_ups,
    holidays,
    imports,
    incident_plans,
    incidents,
    intake,
    journal,
    keyholders,
    live,
    me,
    notice_callbacks,
    notices,
    on_test,
    out_of_service,
    own,
    own_tests,
    panel_sheets,
    paper,
    place_history,
    place_quick,
    place_warnings,
    places,
    plans,
    proof,
    reach,
    regrouping,
    retention,
    rings,
    rosters,
    rules,
    schedules,
    session,
    sessions,
    shifts,
    sites,
    sources,
    status,
    stills,
    supervision,
    tokens,
    unknown,
    users,
    watch_log,
)
from tocsin.web.health import OPEN_PATHS, health_routes
from tocsin.web.parts import Parts
from tocsin.web.permissions import PERMISSION, PERMISSIONS, PUBLIC
from tocsin.web.problems import DETAILS, make_problem, problem_response
from tocsin.web.security import Guard, Security, add_headers

BODY_BYTES_MAX: Final = 65_536
"""The longest body that a route takes unless it says otherwise (`request_max_body_size`)."""


@HTTPRouteHandler("/", http_method=HttpMethod.OPTIONS, include_in_schema=False, sync_to_thread=False)
def _options() -> None:
    """It declares nothing, so that the guard refuses it."""


class WebApp(Litestar):
    """The application, which answers nothing under a name that is not this centre's."""

    security: Security

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] not in OPEN_PATHS and not self.security.is_ours(scope):
            await self._refuse_name(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    def register_all(self, handlers: Sequence[HTTPRouteHandler]) -> None:
        """Register handlers at once, each path with all of its handlers.

        What `register` does one by one: it looks through every route before for each, and makes those of a path anew
        with each further method of it. That was half of the time that an application took to be made.
        """
        # One for all: the library would make one for each path, and no guard lets any of them pass.
        options = copy(_options)
        options.owner = self
        paths: defaultdict[str, list[HTTPRouteHandler]] = defaultdict(list)
        for given in handlers:
            given.owner = self
            handler = copy(given)
            for path in handler.paths:
                paths[join_paths([self.path, path])].append(handler)
        for path, of_path in paths.items():
            route = HTTPRoute(path=path, route_handlers=[*of_path, options])
            self.routes.append(route)
            for handler in route.route_handlers:
                handler.on_registration(self)
            route.create_handler_map()
            for plugin in self.plugins.receive_route:
                plugin.receive_route(route)
        self.asgi_router.construct_routing_trie()

    async def _refuse_name(self, scope: Any, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            add_headers(message, self.security.headers)
            await send(message)

        request: Request[Any, Any, Any] = Request(scope, receive, send_with_headers)
        answer = problem_response(make_problem(421, "http.421", DETAILS[421]))
        await answer.to_asgi_response(app=None, request=request)(scope, receive, send_with_headers)


def routes(parts: Parts, static_folder: Path) -> list[HTTPRouteHandler]:
    """Every route of the centre: a module of routes has its line here."""
    return [
        *health_routes(parts.status),
        *openapi.routes(parts),
        *pages.routes(parts),
        *lite.routes(parts),
        *day_code_pages.routes(parts),
        *key_pages.routes(parts),
        *static.routes(static_folder),
        *session.routes(parts),
        *me.routes(parts),
        *users.routes(parts),
        *tokens.routes(parts),
        *sessions.routes(parts),
        *grants.routes(parts),
        *approvals.routes(parts),
        *own.routes(parts),
        *own_tests.routes(parts),
        *incidents.routes(parts),
        *regrouping.routes(parts),
        *live.routes(parts),
        *catalogue.routes(parts),
        *places.routes(parts),
        *status.routes(parts),
        *desk.routes(parts),
        *sites.routes(parts),
        *sources.routes(parts),
        *intake.routes(parts),
        *accounts.routes(parts),
        *panel_sheets.routes(parts),
        *place_history.routes(parts),
        *place_quick.routes(parts),
        *keyholders.routes(parts),
        *help_notes.routes(parts),
        *calls.routes(parts),
        *duty.routes(parts),
        *rings.routes(parts),
        *gazetteer.routes(parts),
        *paper.routes(parts),
        *place_warnings.routes(parts),
        *notices.routes(parts),
        *chains.routes(parts),
        *action_plan_moves.routes(parts),
        *action_plans.routes(parts),
        *rules.routes(parts),
        *incident_plans.routes(parts),
        *on_test.routes(parts),
        *out_of_service.routes(parts),
        *schedules.routes(parts),
        *plans.routes(parts),
        *stills.routes(parts),
        *reach.routes(parts),
        *shifts.routes(parts),
        *hold_ups.routes(parts),
        *watch_log.routes(parts),
        *holidays.routes(parts),
        *rosters.routes(parts),
        *bounces.routes(parts),
        *notice_callbacks.routes(parts),
        *imports.routes(parts),
        *unknown.routes(parts),
        *supervision.routes(parts),
        *figures.routes(parts),
        *flood.routes(parts),
        *frames.routes(parts),
        *journal.routes(parts),
        *retention.routes(parts),
        *proof.routes(parts),
    ]


def make_app(
    parts: Parts,
    described: OpenAPIConfig | None = None,
    *,
    more: Sequence[ControllerRouterHandler] = (),
    behind: Sequence[Guard] = (),
    static_folder: Path = static.FOLDER,
) -> WebApp:
    """Make the application of the centre's routes and `more`, with the console that was built in `static_folder`.

    `behind` are asked after the guard, of whoever it let pass.

    Raises:
        TypeError: a route declares neither a permission nor that it is public, or is none that the guard sees.
    """
    security = Security(parts.access, parts.settings)

    async def before_send(message: Message, _scope: Scope) -> None:
        add_headers(message, security.headers)

    app = WebApp(
        before_send=[before_send],
        exception_handlers={Exception: pages.answer_error},
        guards=[security.guard, *behind],
        logging_config=None,
        openapi_config=described,
        request_max_body_size=BODY_BYTES_MAX,
    )
    app.security = security
    app.register_all(routes(parts, static_folder))
    for one in more:
        app.register(one)
    refuse_undeclared(handlers_of(app))
    return app


def handlers_of(app: Litestar) -> list[HTTPRouteHandler]:
    """Every handler of the application but those that the library adds by itself for OPTIONS."""
    found: list[HTTPRouteHandler] = []
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise TypeError(f"{route.path}: only routes of HTTP can be guarded")
        found.extend(handler for handler in route.route_handlers if handler.http_methods != {"OPTIONS"})
    return found


def refuse_undeclared(handlers: Iterable[HTTPRouteHandler]) -> None:
    """Refuse a route that does not say who may use it.

    Raises:
        TypeError: such a route is there; it is named.
    """
    for handler in handlers:
        declared = handler.opt.get(PERMISSION)
        if declared != PUBLIC and declared not in PERMISSIONS:
            raise TypeError(
                f"{sorted(handler.paths)} declares no permission of the list: opt=needs(...) or opt=public()"
            )
