"""What the tests in a browser share: a page whose every misstep is written down."""

import contextlib
import re
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError, expect

from tocsin.bench.browser import asked_urls, find_chromium

ROOT = Path(__file__).parents[2]
AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREEN = {"width": 1600, "height": 900}
STEP_MS = 20_000
"""How long a step of a page may take before its test fails."""

TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`content security policy: ${event.effectiveDirective} refused ${event.blockedURI || 'inline'}`))
"""


OWN_WINDOW = ("WebUIOmniboxAimPopup", "WebUIOmniboxPopup")
"""Features of the browser's own window, each a page with a process in every context: a quarter of what a test costs."""

LEAN = """#!/bin/sh
# Of several lists of features Chromium takes the last alone, and whoever starts it gives one: they become one list.
list={features}
for word do
    shift
    case $word in
        --disable-features=*) list=$list,${{word#*=}} ;;
        *) set -- "$@" "$word" ;;
    esac
done
exec {path} "$@" "--disable-features=$list"
"""


def lean_chromium(place: Path) -> Path:
    """The browser of this machine without pages of its own beside ours, as a program in `place`."""
    program = place / "chromium"
    program.write_text(LEAN.format(features=",".join(OWN_WINDOW), path=shlex.quote(str(find_chromium()))))
    program.chmod(0o755)
    return program


class Guard:
    """What the pages of one context did that no page of ours does.

    Errors on the console or thrown, refusals of the content security policy, and requests to another host.
    """

    def __init__(self, context: BrowserContext, origin: str) -> None:
        """Watch a context before its first page opens; `origin` is the one place that it may ask."""
        self._origin = origin
        self._found: list[str] = []
        self._allowed: list[re.Pattern[str]] = []
        self.requests: list[str] = []
        """Every request, with its method."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def allow(self, pattern: str) -> None:
        """Let pass what matches: a test that provokes an error says so before."""
        self._allowed.append(re.compile(pattern))

    @property
    def findings(self) -> list[str]:
        """What was found, in words."""
        return [found for found in self._found if not any(pattern.search(found) for pattern in self._allowed)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location
            self._found.append(f"{message.type} on the console: {message.text} ({place['url']}:{place['lineNumber']})")

    def _error(self, error: WebError) -> None:
        self._found.append(f"thrown: {error.error}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        self.requests.append(f"{request.method} {request.url}")
        if url.scheme not in ("data", "blob") and f"{url.scheme}://{url.netloc}" != self._origin:
            self._found.append(f"request to another host: {request.url}")


class Window:
    """A browser context of its own with one page: one person at one workstation."""

    def __init__(self, context: BrowserContext, guard: Guard) -> None:
        """Open the page."""
        self.context = context
        self.guard = guard
        self.page: Page = context.new_page()


@contextlib.contextmanager
def window(browser: Browser, origin: str, **options: Any) -> Iterator[Window]:
    """A window onto `origin`, closed at the end; whatever its pages did wrong fails the test then.

    Options are those of Playwright's `new_context`.
    """
    context = browser.new_context(base_url=origin, **{"viewport": SCREEN, "locale": "en-GB", **options})
    context.set_default_timeout(STEP_MS)
    expect.set_options(timeout=STEP_MS)
    try:
        guard = Guard(context, origin)
        made = Window(context, guard)
        yield made
        for page in context.pages:
            if not page.is_closed():
                page.title()  # events that came meanwhile are handed out with the answer
        if guard.findings:
            # In one line: where a second try goes well, the first line is all that is kept of the first.
            raise AssertionError("pages did wrong: " + "; ".join(guard.findings))
    finally:
        context.close()


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds in a page. Playwright's own way needs `eval`, which our pages forbid."""
    end = time.monotonic() + STEP_MS / 1000
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"not within {STEP_MS} ms: {expression}")
        page.wait_for_timeout(20)


def asked_hosts(net_log: Path) -> set[str | None]:
    """Every host that the pages and workers of a browser asked, from its own log."""
    return {urlsplit(url).hostname for url in asked_urls(net_log)}


def axe_violations(page: Page, *without: str) -> list[str]:
    """What axe-core finds on the page as it is now: rule, help and where; rules `without` are left out."""
    # Evaluated, not loaded by a tag: the content security policy stays as it is.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
    found = page.evaluate(
        # What passes is counted and not brought here: it is a hundred times what does not.
        "([tags, without]) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], "
        "rules: Object.fromEntries(without.map((rule) => [rule, {enabled: false}]))})"
        ".then((found) => ({passes: found.passes.length, violations: found.violations}))",
        [AXE_TAGS, list(without)],
    )
    if found["passes"] <= 3:
        raise AssertionError("axe found next to nothing to look at")
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']} at {node['target'][0]}: {node['html'][:120]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
