"""Every route against everybody who might ask; other pages, other names, headers."""

import re

import pytest
import structlog
from litestar import Request, get, post

from support.centres import make_folder
from support.fakes import ManualClock
from support.web import ORIGIN, TAG, Site, web
from tocsin.access.attempts import FREE_ATTEMPTS
from tocsin.model.access import ROLES, SCOPES
from tocsin.model.values import Actor
from tocsin.web.permissions import PERMISSION, PUBLIC
from tocsin.web.security import CONTENT_SECURITY_POLICY, HEADERS

COOKIE = f"tocsin-{TAG}"
ANSWERED = "answered"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with web(make_folder(tmp_path_factory.mktemp("security") / "centre"), clock=ManualClock()) as made:
        yield made


@pytest.fixture
def own(tmp_path):
    """A site that a test may spoil."""
    with web(make_folder(tmp_path / "centre"), clock=ManualClock()) as made:
        yield made


def routes_of(site):
    """Method, a path that fits the route, and its permission."""
    found = []
    for route in site.app.routes:
        path = re.sub(r"\{\w+:\w+\}", "x", route.path)
        for handler in route.route_handlers:
            found += [(method, path, handler.opt.get(PERMISSION)) for method in handler.http_methods]
    return [(method, path, permission) for method, path, permission in found if method != "OPTIONS"]


def closed(site):
    return [(method, path, permission) for method, path, permission in routes_of(site) if permission != PUBLIC]


def verdict(answer):
    """What the guard said: the code of a refusal, or that the request got past it."""
    if answer.headers.get("location") == "/sign-in" and "set-cookie" not in answer.headers:  # signing out sets one
        return "sign-in page"
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        code = answer.json()["code"]
        return code if code.startswith("access.") else ANSWERED
    if answer.status_code in (401, 403):
        return "page of refusal"
    return ANSWERED


def refused(path, code):
    """How a refusal shows: pages say it in HTML."""
    if path.startswith("/api/"):
        return code
    return "page of refusal" if code == "access.forbidden" else "sign-in page"


class Bystander:
    """Each of those who have no business here."""

    def __init__(self, name, make, code):
        self.name, self.make, self.code = name, make, code


def with_cookie(site, value):
    client = site.client()
    client.cookies.set(COOKIE, value)
    client.headers["x-csrf-token"] = "0" * 40
    return client


def with_token(site, value):
    client = site.client()
    client.headers["authorization"] = value
    return client


def signed_out(site):
    client = site.signed_in(*ROLES)
    session = site.access.session(client.cookies[COOKIE])
    site.access.sign_out(session.id, session.user)
    return client


def removed(site):
    user = site.user(*ROLES)
    client = site.signed_in(user=user)
    site.access.remove_user(user, Actor("cli"))
    return client


def revoked(site):
    made = site.access.create_token(SCOPES, 1, Actor("cli"))
    site.access.revoke_token(made.id, Actor("cli"))
    return with_token(site, f"Bearer {made.secret}")


def expired_session(site):
    client = site.signed_in(*ROLES)
    site.clock.advance(12 * 3600)
    return client


def expired_token(site):
    made = site.access.create_token(SCOPES, 1, Actor("cli"))
    site.clock.advance(24 * 3600)
    return with_token(site, f"Bearer {made.secret}")


BYSTANDERS = {
    "nobody": (lambda site: site.client(), "access.not_signed_in"),
    "forged session": (lambda site: with_cookie(site, "A" * 43), "access.ended"),
    "empty session": (lambda site: with_cookie(site, ""), "access.ended"),
    "link as session": (lambda site: with_cookie(site, site.link("supervisor")), "access.ended"),
    "signed out": (signed_out, "access.ended"),
    "removed": (removed, "access.ended"),
    "expired session": (expired_session, "access.ended"),
    "forged token": (lambda site: with_token(site, "Bearer tcn_" + "A" * 43), "access.ended"),
    "revoked token": (revoked, "access.ended"),
    "expired token": (expired_token, "access.ended"),
    "session as token": (lambda site: with_token(site, f"Bearer {site.session(*ROLES)[0]}"), "access.ended"),
    "basic": (lambda site: with_token(site, "Basic YTpi"), "access.ended"),
    "empty token": (lambda site: with_token(site, "Bearer "), "access.ended"),
}


@pytest.mark.parametrize("who", BYSTANDERS)
def test_nobody_who_is_not_known_gets_past_the_guard_of_any_route(site, who):
    make, code = BYSTANDERS[who]
    client = make(site)
    for method, path, _permission in closed(site):
        answer = client.request(method, path)
        assert verdict(answer) == refused(path, code), (method, path)
        assert answer.headers.get_list("set-cookie") == []
        if path.startswith("/api/"):
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        site.access.attempts._used.clear()


def test_a_token_beside_a_session_counts_alone(site):
    client = site.signed_in(*ROLES)
    client.headers["authorization"] = "Bearer tcn_" + "A" * 43
    assert client.get("/api/v1/session").status_code == 401


def test_rights_that_are_taken_away_are_gone_at_once(own):
    user = own.user("operator", name="Ana")
    client = own.signed_in(user=user)
    assert client.get("/api/v1/users").status_code == 200
    own.user("auditor", name="Ana")
    assert client.get("/api/v1/users").status_code == 403


# Other pages ---------------------------------------------------------------------------------------------------------


def changing(site):
    return [(method, path) for method, path, _ in closed(site) if method not in ("GET", "HEAD")]


@pytest.mark.parametrize("token", [None, "", "0" * 40, "ü", "A" * 5000])
def test_whatever_changes_something_needs_the_sessions_csrf_token(site, token):
    user = site.user(*ROLES)
    assert changing(site)
    for method, path in changing(site):
        client = site.signed_in(user=user)
        del client.headers["x-csrf-token"]
        headers = {} if token is None else {"x-csrf-token": token.encode()}
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 403, (method, path)
        assert verdict(answer) in ("access.csrf", "page of refusal"), (method, path)
        assert site.access.session(client.cookies[COOKIE]) is not None


def test_csrf_token_of_another_session_of_the_same_user_is_none(site):
    user = site.user(*ROLES)
    client = site.signed_in(user=user)
    client.headers["x-csrf-token"] = site.session(user=user)[1].csrf
    assert client.delete("/api/v1/session").json()["code"] == "access.csrf"


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({}, True),
        ({"origin": ORIGIN}, True),
        ({"origin": ORIGIN, "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://127.0.0.1:8400"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "http://127.0.0.1:8401"}, False),
        ({"origin": "http://localhost:8400"}, False),
        ({"origin": "127.0.0.1:8400"}, False),
        ({"origin": "http://127.0.0.1:8400.evil.example"}, False),
        ({"origin": "file://"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": ORIGIN, "sec-fetch-site": "cross-site"}, False),
    ],
)
def test_what_another_page_made_the_browser_send_is_refused_though_it_has_the_token(site, headers, is_ours):
    answer = site.signed_in("operator").delete("/api/v1/session", headers=headers)
    if is_ours:
        assert answer.status_code == 204
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "access.other_page")


def test_programs_with_a_token_need_no_csrf_token(own):
    @post("/act", status_code=200, sync_to_thread=False, opt={PERMISSION: "incident.handle"})
    def act() -> str:
        return "done"

    with more(own, act) as site:
        assert site.program("handle").post("/act", headers={"origin": "https://other.example"}).text == "done"


class more:  # noqa: N801 - reads like a function
    """The same centre with one route more."""

    def __init__(self, site, handler):
        from tocsin.web.app import make_app

        self.site, self.before = site, site.app
        site.app = make_app(site.parts, more=[handler])

    def __enter__(self) -> Site:
        return self.site

    def __exit__(self, *error):
        self.site.app = self.before


def test_what_was_refused_is_logged_with_who_and_which_permission(site):
    client = site.signed_in("auditor")
    with structlog.testing.capture_logs() as logged:
        client.get("/api/v1/sites")
        client.delete("/api/v1/session", headers={"origin": "https://evil.example"})
        client.delete("/api/v1/session", headers={"x-csrf-token": "0" * 40})
    actor = site.access.session(client.cookies[COOKIE]).user
    assert [(line["event"], line.get("actor"), line.get("permission")) for line in logged] == [
        ("access.forbidden", actor, "site.read"),
        ("access.other_page", None, None),
        ("access.no_csrf_token", actor, None),
    ]
    assert "evil.example" not in str(logged)


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1:8400", True),
        ("127.0.0.1", True),
        ("localhost:8400", True),
        ("LOCALHOST", True),
        ("localhost.", True),
        ("[::1]:8400", True),
        ("192.0.2.7:8400", True),
        ("evil.example", False),
        ("evil.example:8400", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("evil.example@127.0.0.1", True),
        ("127.0.0.1@evil.example", False),
        ("", False),
        ("[", False),
        ("[::1", False),
        (" ", False),
    ],
)
def test_centre_answers_under_its_own_names_and_any_address_in_numbers(site, host, is_ours):
    answer = site.signed_in("operator").get("/api/v1/session", headers={"host": host})
    assert answer.status_code == (200 if is_ours else 421)
    if not is_ours:
        assert answer.json()["code"] == "http.421"
        assert "web.public_url" in answer.json()["detail"]


def test_foreign_name_gets_no_page_no_asset_and_no_hint_of_what_is_there(site):
    for path in ("/", "/sign-in", "/assets/x.js", "/api/openapi.json", "/nowhere"):
        assert site.client().get(path, headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_whoever_watches_the_process_may_know_it_by_another_name(site, path):
    assert site.client().get(path, headers={"host": "watched.example"}).status_code == 200


def test_name_of_the_settings_is_ours_and_its_pages_too(tmp_path):
    toml = '[web]\nlisten = "127.0.0.1:0"\npublic_url = "https://alarms.example:8443"\n'
    with web(make_folder(tmp_path / "centre", toml=toml)) as site:
        client = site.signed_in("operator", origin="https://alarms.example:8443")
        assert client.get("/api/v1/session").status_code == 200
        assert client.delete("/api/v1/session", headers={"origin": "https://alarms.example:8443"}).status_code == 204
        answer = site.client().get("/sign-in", headers={"host": "other.example"})
        assert answer.status_code == 421
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


# Headers -------------------------------------------------------------------------------------------------------------


def test_every_answer_has_the_headers(site):
    expected = {name.decode(): value.decode() for name, value in HEADERS if name != b"cache-control"}
    assert len(expected) == 7
    answers = [
        site.client().get("/healthz"),
        site.client().get("/nowhere"),
        site.client().get("/nowhere", headers={"accept": "text/html"}),
        site.client().get("/sign-in"),
        site.client().get("/", headers={"accept": "text/html"}),
        site.client().get("/icon.svg"),
        site.client().get("/assets/none.js"),
        site.client().get("/api/v1/session"),
        site.client().post("/healthz"),
        site.client().request("OPTIONS", "/api/v1/session"),
        site.client().get("/api/v1/session", headers={"host": "evil.example"}),
        site.signed_in("operator").get("/api/v1/session"),
        site.signed_in("operator").delete("/api/v1/session"),
        site.signed_in("operator").get("/"),
    ]
    for answer in answers:
        found = {name: answer.headers.get_list(name) for name in expected}
        assert found == {name: [value] for name, value in expected.items()}, answer.request.url
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers


def test_policy_lets_no_inline_script_no_other_host_and_no_frame_through():
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives == {
        "default-src": "'self'",
        "worker-src": "'self' blob:",
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_nothing_of_the_api_is_kept_by_a_browser(site):
    client = site.signed_in(*ROLES)
    for method, path, _ in closed(site):
        if method == "GET" and "live" not in path:
            answer = client.get(path)
            # The catalogue is the program's own, and is asked for anew each time.
            expected = "private, no-cache" if path == "/api/v1/catalogue" else "no-store"
            assert answer.headers["cache-control"] == expected, path


def test_methods_that_a_route_does_not_have_are_refused_and_options_tells_nothing(site):
    for method in ("OPTIONS", "TRACE", "PATCH", "CONNECT"):
        answer = site.signed_in("operator").request(method, "/api/v1/session")
        assert answer.status_code == 405
        assert "allow" not in answer.headers


# Guessing ------------------------------------------------------------------------------------------------------------


def test_who_guesses_sessions_and_tokens_is_told_to_wait_and_who_is_signed_in_goes_on(own):
    good = own.signed_in("operator")
    for number in range(FREE_ATTEMPTS):
        guess = with_cookie(own, f"{number:043}") if number % 2 else with_token(own, f"Bearer tcn_{number:043}")
        assert guess.get("/api/v1/session").status_code == 401
    answer = with_cookie(own, "B" * 43).get("/api/v1/session")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "6")
    assert (answer.json()["code"], answer.json()["retry_after_s"]) == ("access.too_many", 6)
    assert good.get("/api/v1/session").status_code == 200
    assert own.program("read").get("/api/v1/session").status_code == 403
    assert own.client(address="192.0.2.200").get("/api/v1/session").json()["code"] == "access.not_signed_in"


def test_console_whose_shift_is_over_is_told_so_every_time(own):
    client = expired_session(own)
    for _ in range(3 * FREE_ATTEMPTS):
        assert client.get("/api/v1/session").json()["code"] == "access.ended"


def test_open_routes_do_not_mind_a_cookie_that_has_ended(own):
    for client in (expired_session(own), with_cookie(own, "A" * 43), with_token(own, "Bearer x")):
        assert client.get("/sign-in").status_code == 200
        assert client.get("/healthz").status_code == 200
    assert own.access.attempts.refused == 0


def test_who_asks_is_given_to_the_route(own):
    @get("/me", sync_to_thread=False, opt={PERMISSION: "session.own"})
    def me(request: Request) -> str:
        return f"{request.user.actor} {request.user.session.id} {request.user.token}"

    with more(own, me) as site:
        user = site.user("operator")
        client = site.signed_in(user=user)
        session = site.access.session(client.cookies[COOKIE])
        assert client.get("/me").text == f"{user} {session.id} None"
