"""The machine's own Chromium, driven by Playwright: for the bench of the screen and for the tests in a browser.

Playwright is no part of what Tocsin needs to run, and no browser is ever downloaded.
"""

import contextlib
import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tocsin.model.errors import CentreFault

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES: Final = ("chromium", "google-chrome", "google-chrome-stable")
"""Under which the browser may be found; the first that is there is taken."""

REMEDY: Final = "Chromium (Debian: apt install chromium)"
NO_BROWSER: Final = "not measured: no Chromium on this machine (Debian: apt install chromium)"
NO_PLAYWRIGHT: Final = "not measured: the Python package playwright is not installed (pip install 'tocsin[bench]')"
ARGUMENTS: Final = (
    # Names are looked up nowhere: whatever asks for another host fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # Pictures are the same whichever hinting and colours the desktop prefers.
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    # A small /dev/shm, as containers have it, ends a page with much to draw.
    "--disable-dev-shm-usage",
)


def find_chromium() -> Path | None:
    """The browser of this machine; None where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return None if found is None else Path(found)


def what_is_missing() -> str | None:
    """Why no page can be measured here, and what to do about it; None where it can."""
    try:
        import playwright.sync_api  # noqa: F401 - whether it is there
    except ImportError:
        return NO_PLAYWRIGHT
    return None if find_chromium() else NO_BROWSER


@contextlib.contextmanager
def chromium(*arguments: str, path: Path | None = None) -> Iterator["Browser"]:
    """A browser without a window, for as long as the context lasts: that of this machine, or the one at `path`.

    While it lasts the thread cannot run an event loop of its own.

    Raises:
        CentreFault: there is no browser, or it does not start.
    """
    from playwright.sync_api import Error, sync_playwright

    path = path or find_chromium()
    if path is None:
        raise CentreFault(f"There is no browser on this machine. Install {REMEDY}", "bench.browser")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *arguments])
        except Error as error:
            raise CentreFault(
                f"The browser {path} does not start: {error.message[:300]}. Start it by hand to see why",
                "bench.browser",
            ) from error
        try:
            yield browser
        finally:
            browser.close()


def asked_urls(net_log: Path, until_ms: float = math.inf) -> list[str]:
    """Whatever the pages of a browser asked for, in order, from what it wrote down itself (`--log-net-log`).

    That holds requests of workers too, of which a page's events say nothing. Requests of the browser's own have no
    page as their initiator. What was asked later than `until_ms` (since 1970) is left out. Read it when the browser
    has ended.
    """
    log = json.loads(net_log.read_text(encoding="utf-8", errors="replace"))
    until = until_ms - int(log["constants"]["timeTickOffset"])
    events = [event for event in log["events"] if int(event["time"]) <= until]
    asked = [event["params"] for event in events if "://" in event.get("params", {}).get("initiator", "")]
    return [params["url"] for params in asked if params.get("url", "").startswith(("http", "ws"))]
