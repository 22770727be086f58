"""The console's sources: what they are made of, and that they agree with the program."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
FREE = {"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0", "Python-2.0", "OFL-1.1",
    "CC0-1.0", "MPL-2.0", "(MIT OR CC0-1.0)"}  # fmt: skip
"""Licences of the tools; MPL-2.0 is that of tools that are not shipped."""

SHIPPED = {"svelte", "@fontsource/atkinson-hyperlegible-next", "@fontsource/b612-mono"}
"""Packages whose code or fonts stand in the built console."""


def lock() -> dict:
    return json.loads((CONSOLE / "package-lock.json").read_text(encoding="utf-8"))


def build(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CONSOLE / "build.py"), *arguments], capture_output=True, text=True, check=False
    )


def test_lock_names_no_registry_and_every_package_has_a_hash():
    text = (CONSOLE / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert not re.search(r"https?://[^\"]*(?:registry|npmjs|npm\.)", text)
    packages = {name: package for name, package in lock()["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name


def test_versions_are_pinned():
    package = json.loads((CONSOLE / "package.json").read_text(encoding="utf-8"))
    for name, version in {**package.get("dependencies", {}), **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name


def test_tools_are_free_and_what_is_shipped_is_permissive():
    packages = lock()["packages"]
    for name, package in packages.items():
        if name:
            assert package.get("license") in FREE, f"{name}: {package.get('license')}"
    for name in SHIPPED:
        assert packages[f"node_modules/{name}"]["license"] in {"MIT", "OFL-1.1"}, name
    unchanged = {
        name.removeprefix("node_modules/") for name, one in packages.items() if one.get("license") == "MPL-2.0"
    }
    assert {name for name in unchanged if not name.startswith("lightningcss")} == {"axe-core"}, "tools alone"


def test_only_the_client_and_the_live_stream_ask_the_server():
    """One way out means one place that looks at the origin, the token and the time limit."""
    allowed = {"src/api/client.ts", "src/live/hub.ts"}
    asking = re.compile(r"\bfetch\(|XMLHttpRequest|new EventSource|new WebSocket|sendBeacon|importScripts")
    for path in [*(CONSOLE / "src").rglob("*.ts"), *(CONSOLE / "src").rglob("*.svelte")]:
        name = path.relative_to(CONSOLE).as_posix()
        if name not in allowed:
            assert asking.findall(path.read_text(encoding="utf-8")) == [], name


def test_nothing_is_drawn_as_markup_that_is_not_ours():
    for path in (CONSOLE / "src").rglob("*.svelte"):
        assert "{@html" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.requires("console")
@pytest.mark.slow
def test_types_of_the_api_are_those_of_the_program():
    done = build("types", "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.requires("console")
@pytest.mark.slow
def test_types_texts_and_accessibility_have_neither_error_nor_warning():
    done = build("check")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.requires("console")
@pytest.mark.slow
def test_what_needs_no_browser_holds():
    done = build("test")
    assert done.returncode == 0, done.stdout + done.stderr


def test_wrong_use_of_the_build_says_how_it_is_used():
    done = build("everything")
    assert done.returncode == 2
    assert "python console/build.py" in done.stderr
