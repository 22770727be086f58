"""The machinery of these tests finds what it is there for, on pages made to do wrong."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.browser import LEAN, OWN_WINDOW, asked_hosts, axe_violations, window
from support.room import room
from support.screens import clipped
from support.static import Page, serve_pages
from tocsin.bench.browser import chromium

GOOD = '<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1><p>Nothing wrong.</p></main></html>'
PAGES = {
    "/good": GOOD,
    "/logs": f"{GOOD}<script>console.error('a fault')</script>",
    "/throws": f"{GOOD}<script>throw new Error('thrown')</script>",
    "/rejects": f"{GOOD}<script>Promise.reject(new Error('not waited for'))</script>",
    "/elsewhere": f"{GOOD}<img src='http://elsewhere.example/x.png' alt='x'>",
    "/worker": f"{GOOD}<script>new SharedWorker('/worker.js').port.onmessage = () => (window.asked = true)</script>",
    "/worker.js": "onconnect = (e) => fetch('http://elsewhere.example/').catch(() => e.ports[0].postMessage(0))",
    "/missing": f"{GOOD}<script src='/nothing.js'></script>",
    "/inline": Page(
        f"{GOOD}<script>document.title = 'run'</script>", {"content-security-policy": "default-src 'self'"}
    ),
    "/wide": f"{GOOD}<div style='width: 3000px'>wide</div>",
    "/cut": f"{GOOD}<p style='width: 40px; overflow: hidden; white-space: nowrap'>Warehouse at the quay</p>",
    "/covered": f"{GOOD}<button>below</button><button style='position: relative; left: -60px'>above</button>",
    "/unlabelled": '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><input><p>y</p></main></html>',
}


@pytest.fixture(scope="module")
def origin():
    with serve_pages(PAGES) as made:
        yield made


def test_browser_is_given_each_word_and_all_lists_of_features_as_one(tmp_path):
    program = tmp_path / "program"
    program.write_text(LEAN.format(features=",".join(OWN_WINDOW), path="printf '%s\\n'"))
    words = ["--a", "--disable-features=C,D", "--title=two words", "--disable-features=E", ""]
    said = subprocess.run(["sh", program, *words], capture_output=True, text=True, check=True).stdout
    features = "WebUIOmniboxAimPopup,WebUIOmniboxPopup,C,D,E"
    assert said.split("\n") == ["--a", "--title=two words", "", f"--disable-features={features}", ""]


def test_page_that_does_nothing_wrong_passes(open_window, origin):
    page = open_window(origin).page
    page.goto("/good")
    assert page.title() == "Good"
    assert axe_violations(page) == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/logs", "error on the console: a fault"),
        ("/throws", "thrown: thrown"),
        ("/rejects", "thrown: not waited for"),
        ("/elsewhere", "request to another host: http://elsewhere.example/x.png"),
        ("/missing", "Failed to load resource: the server responded with a status of 404"),
        ("/inline", "content security policy: script-src-elem refused inline"),
    ],
)
def test_what_a_page_does_wrong_fails_its_test(browser, origin, path, found):
    with pytest.raises(AssertionError, match="did wrong") as failed, window(browser, origin) as opened:
        opened.page.goto(path, wait_until="load")
    assert found in str(failed.value)


def test_error_that_a_test_provokes_is_let_pass_by_its_words_alone(browser, origin):
    def visit():
        with window(browser, origin) as opened:
            opened.guard.allow("a fault")
            opened.page.goto("/logs")
            opened.page.goto("/throws")

    with pytest.raises(AssertionError) as failed:
        visit()
    assert "a fault" not in str(failed.value)
    assert "thrown: thrown" in str(failed.value)


def test_request_of_a_worker_is_found_in_what_the_browser_writes_down(origin, tmp_path):
    # A browser of its own, in a thread of its own: two of them cannot share one.
    def visit():
        with chromium(f"--log-net-log={tmp_path / 'net.json'}") as another:
            page = another.new_page()
            page.goto(f"{origin}/worker")
            page.wait_for_function("window.asked")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(visit).result()
    assert asked_hosts(tmp_path / "net.json") == {"127.0.0.1", "elsewhere.example"}


@pytest.mark.parametrize(
    ("path", "found"), [("/good", ""), ("/wide", "the page is"), ("/cut", "cut: p"), ("/covered", "over each other")]
)
def test_what_does_not_fit_is_found(open_window, origin, path, found):
    page = open_window(origin).page
    page.goto(path)
    findings = clipped(page)
    assert len(findings) == bool(found)
    assert all(finding.startswith(found) for finding in findings)


def test_axe_finds_a_field_without_a_label(open_window, origin):
    page = open_window(origin).page
    page.goto("/unlabelled")
    assert [finding.partition(" ")[0] for finding in axe_violations(page)] == ["label"]


def test_window_onto_a_centre_is_closed_before_the_centre_ends(tmp_path, sign_in):
    """It would go on asking a centre that is gone, and whether that is told before the test ends is a race."""
    with room(tmp_path) as made:
        ana = sign_in(made, "Ana")
    assert ana.page.is_closed()
    assert ana.guard.findings == []
