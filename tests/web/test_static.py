"""The console's files: served from memory, by their whole names, in the form that fits."""

import gzip
import os

import httpx
import pytest

from support.centres import make_folder
from support.web import ORIGIN, web
from tocsin.web import static
from tocsin.web.app import make_app

SCRIPT = b"console.log('tocsin');" * 50


@pytest.fixture
def build(tmp_path):
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>console</title>")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "manifest.json").write_text("{}")
    (folder / "assets" / "app-abc.js").write_bytes(SCRIPT)
    (folder / "assets" / "app-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "app-abc.js.br").write_bytes(b"brotli")
    (folder / "assets" / "font.woff2").write_bytes(b"wOF2")
    (folder / "assets" / "secret.env").write_text("KEY=1")
    (folder / ".built").write_text("")
    (tmp_path / "outside.js").write_text("outside")
    return folder


@pytest.fixture
def site(tmp_path, build):
    with web(make_folder(tmp_path / "centre")) as made:
        made.app = make_app(made.parts, static_folder=build)
        yield made


def test_first_page_is_for_who_is_signed_in_and_is_never_kept(site):
    answer = site.signed_in("operator").get("/")
    assert (answer.status_code, answer.text) == (200, "<!doctype html><title>console</title>")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("text/html; charset=utf-8", "no-store")
    assert site.client().get("/").status_code == 303


def test_asset_is_kept_for_ever_since_its_name_says_what_is_in_it(site):
    answer = site.client().get("/assets/app-abc.js", headers={"accept-encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, SCRIPT)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0", None),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("brotli, gzipped", None),
    ],
)
def test_asset_comes_in_the_best_form_that_the_browser_takes(site, accepted, coding):
    answer = raw(site, "/assets/app-abc.js", {"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    expected = {"br": b"brotli", "gzip": gzip.compress(SCRIPT), None: SCRIPT}[coding]
    assert answer.content[10:] == expected[10:]  # a gzip's own time stands before


def raw(site, path, headers):
    """An answer whose body nobody decoded."""
    transport = httpx.ASGITransport(site.app, client=("192.0.2.7", 1))

    async def ask():
        async with (
            httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client,
            client.stream("GET", path, headers=headers) as answer,
        ):
            answer._content = b"".join([chunk async for chunk in answer.aiter_raw()])
            return answer

    return site._runner.run(ask())


def test_what_a_browser_has_already_is_not_sent_again(site):
    client = site.client()
    tag = client.get("/icon.svg").headers["etag"]
    answer = client.get("/icon.svg", headers={"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get("/icon.svg", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../index.html",
        "/assets/..%2findex.html",
        "/assets/%2e%2e/index.html",
        "/assets/..\\index.html",
        "/assets//etc/passwd",
        "/assets/../../outside.js",
        "/assets/%2e%2e%2f%2e%2e%2foutside.js",
        "/assets/app-abc.js/..",
        "/assets/app-abc.js%00.css",
        "/assets/",
        "/assets",
        "/assets/app-abc.js.gz",
        "/assets/secret.env",
        "/assets/APP-ABC.JS",
        "/index.html",
        "/manifest.json",
        "/.built",
    ],
)
def test_nothing_but_the_files_of_the_build_is_served(site, path):
    answer = site.signed_in("supervisor").get(path)
    assert answer.status_code == 404
    assert b"outside" not in answer.content


def test_link_out_of_the_folder_is_not_followed(tmp_path, build):
    (build / "assets" / "out.js").symlink_to(tmp_path / "outside.js")
    assert set(static.read_assets(build)) == {
        "assets/app-abc.js",
        "assets/font.woff2",
        "icon.svg",
        "index.html",
        "manifest.json",
    }


def test_file_put_there_after_the_start_is_not_served(site, build):
    (build / "assets" / "late.js").write_text("late")
    assert site.client().get("/assets/late.js").status_code == 404


@pytest.mark.parametrize(
    "spoil", [lambda folder: (folder / ".built").unlink(), lambda folder: (folder / "index.html").unlink()]
)
def test_console_that_is_not_built_is_said_so_with_the_remedy_and_a_way_on(tmp_path, build, spoil):
    spoil(build)
    with web(make_folder(tmp_path / "centre")) as site:
        site.app = make_app(site.parts, static_folder=build)
        answer = site.signed_in("operator").get("/")
    assert answer.status_code == 503
    assert "<code>make console</code>" in answer.text
    assert 'href="/lite"' in answer.text


def test_build_that_is_much_too_large_is_not_taken(build):
    for number in range(static.FILES_MAX + 1):
        (build / "assets" / f"{number}.txt").touch()
    assert static.read_assets(build) == {}


def test_build_with_too_many_bytes_is_not_taken(build):
    with (build / "assets" / "huge.txt").open("wb") as file:
        os.truncate(file.fileno(), static.BYTES_MAX)
    assert static.read_assets(build) == {}


def test_phone_page_is_a_shell_for_anybody_and_the_one_page_that_may_ask_for_a_position(site, build):
    (build / "duty.html").write_text("<!doctype html><title>phone</title>")
    (build / "duty-worker.js").write_text("// keeps SHELL")
    (build / "manifest.json").write_text(
        '{"duty.html": {"file": "assets/duty-1.js", "imports": ["_a.js"], "css": ["assets/duty-1.css"]},'
        ' "_a.js": {"file": "assets/a-1.js", "imports": ["duty.html"]}, "index.html": {"file": "assets/queue-1.js"}}'
    )
    site.app = make_app(site.parts, static_folder=build)
    anybody = site.client()
    shell = anybody.get("/duty")
    assert (shell.status_code, shell.text) == (200, "<!doctype html><title>phone</title>")
    assert "geolocation=(self)" in shell.headers["permissions-policy"]
    assert "camera=()" in shell.headers["permissions-policy"]
    assert "geolocation=()" in site.signed_in("operator").get("/").headers["permissions-policy"]
    worker = anybody.get("/duty-worker.js")
    for kept in ("/duty", "/assets/duty-1.js", "/assets/a-1.js", "/assets/duty-1.css"):
        assert f'"{kept}"' in worker.text
    assert "queue-1" not in worker.text
    assert worker.text.endswith("// keeps SHELL")
    (build / "duty.html").write_text("<!doctype html><title>newer</title>")
    site.app = make_app(site.parts, static_folder=build)
    assert site.client().get("/duty-worker.js").text != worker.text
