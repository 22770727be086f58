"""Signing in and out in a browser without scripts."""

import re

import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.web import ORIGIN, TAG, csrf_field, web
from tocsin.access.attempts import FREE_ATTEMPTS
from tocsin.model.values import Actor

HTML = {"accept": "text/html"}
COOKIE = f"tocsin-{TAG}"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("sign-in") / "centre")


@pytest.fixture
def site(tmp_path):
    with web(make_folder(tmp_path / "centre"), clock=ManualClock()) as made:
        yield made


def heading(answer):
    return re.search(r"<h1>(.*?)</h1>", answer.text)[1]


def cookie_of(answer):
    """Name, value and attributes of the one cookie that an answer sets."""
    [header] = answer.headers.get_list("set-cookie")
    pair, *attributes = header.split("; ")
    name, value = pair.split("=", 1)
    return name, value, {attribute.lower() for attribute in attributes}


def test_link_shows_who_it_is_for_and_a_button_and_is_still_good(site):
    secret = site.link(user=site.user("operator", name="Ana <b>Horvat</b>"))
    client = site.client()
    for _ in range(3):
        answer = client.get(f"/sign-in/{secret}", headers=HTML)
        assert (answer.status_code, heading(answer)) == (200, "Sign in to Control room")
        assert "Ana &lt;b&gt;Horvat&lt;/b&gt;" in answer.text
        assert f'<form method="post" action="/sign-in/{secret}">' in answer.text
        assert answer.headers.get_list("set-cookie") == []
    assert site.access.link(secret).state == "alive"


def test_button_signs_in_and_leads_to_the_console(site):
    user = site.user("operator")
    client = site.client()
    answer = client.post(f"/sign-in/{site.link(user=user)}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    name, value, attributes = cookie_of(answer)
    assert name == COOKIE
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", value)
    assert attributes == {"httponly", "max-age=43200", "path=/", "samesite=lax"}
    assert client.get("/api/v1/session").json()["user"]["id"] == user


def test_over_https_the_cookie_is_for_this_host_alone_and_no_other_is_looked_at(site):
    secret = site.link("operator")
    client = site.client("https://127.0.0.1:8400")
    answer = client.post(f"/sign-in/{secret}")
    name, value, attributes = cookie_of(answer)
    assert name == f"__Host-{COOKIE}"
    assert attributes == {"httponly", "max-age=43200", "path=/", "samesite=lax", "secure"}
    assert client.get("/api/v1/session").status_code == 200
    other = site.client("https://127.0.0.1:8400")
    other.cookies.set(COOKIE, value)
    assert other.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(
    ("spoil", "status", "code_words"),
    [
        (lambda site, secret: site.access.sign_in(secret) and secret, 410, "was used already"),
        (lambda site, secret: site.clock.advance(901) or secret, 410, "has expired"),
        (lambda _site, secret: secret[:-1], 404, "not known here"),
        (lambda _site, _secret: "tcn_" + "A" * 43, 404, "not known here"),
        (lambda _site, _secret: "A" * 5000, 404, "not known here"),
    ],
    ids=["used", "expired", "cut", "forged", "huge"],
)
def test_link_that_is_no_good_lets_nobody_in_and_says_what_to_do(site, spoil, status, code_words):
    secret = spoil(site, site.link("operator"))
    client = site.client()
    for answer in (client.get(f"/sign-in/{secret}", headers=HTML), client.post(f"/sign-in/{secret}")):
        assert (answer.status_code, heading(answer)) == (status, "This link lets nobody in")
        assert code_words in answer.text
        assert "<code>tocsin link</code>" in answer.text
        assert secret[:20] not in answer.text
        assert answer.headers.get_list("set-cookie") == []


def test_link_of_somebody_who_was_removed_lets_nobody_in(site):
    user = site.user("operator")
    secret = site.link(user=user)
    site.access.remove_user(user, Actor("cli"))
    assert site.client().post(f"/sign-in/{secret}").status_code == 410


def test_link_cannot_be_used_from_another_page(site):
    secret = site.link("operator")
    client = site.client()
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post(f"/sign-in/{secret}", headers=headers)
        assert (answer.status_code, answer.headers.get_list("set-cookie")) == (403, [])
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    assert client.post(f"/sign-in/{secret}", headers=headers).status_code == 303


def test_signing_in_again_ends_the_session_before_and_has_another_secret(site):
    user = site.user("operator")
    client = site.client()
    client.post(f"/sign-in/{site.link(user=user)}")
    before = client.cookies[COOKIE]
    client.post(f"/sign-in/{site.link(user=user)}")
    assert client.cookies[COOKIE] != before
    assert site.access.session(before) is None
    assert client.get("/api/v1/session").status_code == 200


def test_page_without_a_link_says_how_to_get_one(site):
    answer = site.client().get("/sign-in", headers=HTML)
    assert (answer.status_code, heading(answer)) == (200, "Sign in to Control room")
    assert "<code>tocsin link &#34;YOUR NAME&#34; --dir FOLDER</code>" in answer.text.replace('"', "&#34;")


def test_who_is_signed_in_goes_on_to_the_console(site):
    answer = site.signed_in("operator").get("/sign-in", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_page_says_when_nothing_is_encrypted(site):
    words = "Not encrypted."
    assert words in site.client().get("/sign-in", headers=HTML).text  # whoever asks has no address of this machine
    assert words not in site.client("https://127.0.0.1:8400").get("/sign-in", headers=HTML).text
    here = site.client(address="127.0.0.1")
    assert words not in here.get("/sign-in", headers=HTML).text


@pytest.mark.parametrize("path", ["/", "/lite"])
def test_page_without_sign_in_leads_there(site, path):
    for client in (site.client(), expired(site)):
        answer = client.get(path, headers=HTML)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def expired(site):
    client = site.signed_in("operator")
    site.clock.advance(13 * 3600)
    return client


def test_sign_out_needs_its_form_and_ends_the_session(site):
    client = site.signed_in("operator")
    secret = client.cookies[COOKIE]
    del client.headers["x-csrf-token"]
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"csrf": "0" * 40}).status_code == 403
    assert site.access.session(secret) is not None
    page = client.get("/lite", headers=HTML)
    answer = client.post("/sign-out", data={"csrf": csrf_field(page.text)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "max-age=0" in cookie_of(answer)[2]
    assert site.access.session(secret) is None


def test_console_signs_out_by_the_api(site):
    client = site.signed_in("operator")
    secret = client.cookies[COOKIE]
    answer = client.delete("/api/v1/session")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "max-age=0" in cookie_of(answer)[2]
    client.cookies.set(COOKIE, secret)
    answer = client.get("/api/v1/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "access.ended")


def test_forged_links_of_one_address_are_slowed_down_and_good_ones_never(site):
    secret = site.link("operator")
    client = site.client()
    for _ in range(FREE_ATTEMPTS):
        assert client.post("/sign-in/forged").status_code == 404
    for path in ("/sign-in/forged", "/sign-in/other"):
        answer = client.post(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "6")
    assert client.get("/sign-in/forged", headers=HTML).status_code == 429
    assert site.client(address="192.0.2.9").post("/sign-in/forged").status_code == 404
    assert client.post(f"/sign-in/{secret}").status_code == 303


def test_used_and_expired_links_are_no_guesses(site):
    secret = site.link("operator")
    site.access.sign_in(secret)
    for _ in range(3 * FREE_ATTEMPTS):
        assert site.client().post(f"/sign-in/{secret}").status_code == 410


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forged", "/nowhere"])
def test_pages_have_no_script_no_inline_style_and_nothing_of_other_hosts(site, path):
    text = site.client().get(path, headers=HTML).text
    assert '<html lang="en">' in text
    assert re.findall(r"<h1>", text) == ["<h1>"]
    assert re.findall(r"<script|<style|style=| on\w+=|https?://|//[a-z]", text) == []


def test_style_is_served_and_named_by_what_is_in_it(site):
    client = site.client()
    [path] = re.findall(r'<link rel="stylesheet" href="(/pages\.css\?[0-9a-f]{16})">', client.get("/sign-in").text)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "url(" not in answer.text
    assert "@import" not in answer.text
