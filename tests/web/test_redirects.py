"""Nothing that a request holds leads a browser anywhere but to a page of this centre."""

import pytest

from support.centres import make_folder
from support.people import PASSWORD
from support.web import web

HTML = {"accept": "text/html"}
PLACES = {"/", "/sign-in", "/unlock", "/lite"}
"""Where pages lead by themselves."""

EVIL = ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"]
NAMES = ["next", "to", "url", "return", "return_to", "redirect", "redirect_uri", "continue", "target", "goto"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with web(make_folder(tmp_path_factory.mktemp("redirects") / "centre")) as made:
        made.known("operator")
        yield made


def leads(answer):
    place = answer.headers.get("location")
    assert answer.is_redirect == (place is not None)
    return place


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("name", NAMES)
def test_no_parameter_of_an_address_leads_away(site, name, evil):
    stranger, known = site.client(), site.signed_in("operator")
    for client, path in ((stranger, "/"), (stranger, "/lite"), (stranger, "/sign-in"), (known, "/sign-in")):
        answer = client.get(path, params={name: evil}, headers=HTML)
        assert leads(answer) in PLACES | {None}, path
        assert "evil.example" not in answer.text
    assert "refresh" not in stranger.get("/sign-in", params={name: evil}, headers=HTML).headers


@pytest.mark.parametrize("evil", EVIL)
def test_no_field_of_a_form_leads_away(site, evil):
    for name in NAMES:
        form = {"name": "Ana Horvat", "password": PASSWORD, name: evil}
        assert leads(site.client().post("/sign-in", data=form, headers=HTML)) is None
        answer = site.client().post(f"/sign-in/{site.link('operator')}", data={name: evil}, headers=HTML)
        assert leads(answer) in PLACES | {None}


@pytest.mark.parametrize("header", ["referer", "x-forwarded-host", "x-original-url", "x-rewrite-url", "forwarded"])
def test_no_header_leads_away(site, header):
    for evil in EVIL:
        answer = site.client().get("/", headers=HTML | {header: evil})
        assert leads(answer) == "/sign-in"
        form = {"name": "Ana Horvat", "password": PASSWORD}
        assert leads(site.client().post("/sign-in", data=form, headers=HTML | {header: evil})) == "/"


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "//evil.example/%2e%2e", "/%2f%2fevil.example", "/\\evil.example", "/sign-in//evil.example"],
)
def test_address_that_looks_like_another_host_is_not_there(site, path):
    answer = site.client().get(path, headers=HTML)
    assert leads(answer) in PLACES | {None}
    assert answer.status_code in (303, 400, 404)


def test_link_that_an_administrator_makes_names_this_centre_whatever_the_request_says(site):
    admin, user = site.signed_in("administrator"), site.user("operator")
    headers = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    link = admin.post(f"/api/v1/users/{user}/link", headers=headers).json()["url"]
    assert link.startswith("http://127.0.0.1:8400/sign-in/")
    assert admin.post(f"/api/v1/users/{user}/link", headers={"host": "evil.example"}).status_code == 421
