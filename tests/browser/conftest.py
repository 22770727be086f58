"""One Chromium for the tests of this folder, and windows of it that fail a test whose page does wrong."""

import contextlib

import pytest

from support.browser import lean_chromium, window
from support.room import room
from support.screens import screens
from support.tour import TABLES
from tocsin.bench.browser import chromium


def pytest_collection_modifyitems(items):
    """Each of them needs the browser, and none is fast."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.requires("chromium", "playwright"))
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def browser(tmp_path_factory):
    """The browser. It ends with the last test of this folder: no other could run an event loop beside it."""
    # Nothing of the console may need what draws in three dimensions: many a desk has none.
    with chromium("--disable-3d-apis", path=lean_chromium(tmp_path_factory.mktemp("browser"))) as started:
        yield started


@pytest.fixture
def open_window(browser):
    """`open_window(origin)` opens a window; what its pages do wrong fails the test at its end."""
    with contextlib.ExitStack() as stack:
        yield lambda origin, **options: stack.enter_context(window(browser, origin, **options))


@pytest.fixture
def sign_in(browser):
    """`sign_in(centre, "Ana")` lets somebody in, in a window of their own, and returns their screen."""
    with contextlib.ExitStack() as stack:
        yield screens(browser, stack)


@pytest.fixture
def centre(tmp_path):
    """A centre with a few accounts, at work."""
    with room(tmp_path, **TABLES) as made:
        yield made
