"""What the journeys share: a centre made once and copied for each test, the shim compiled once."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

_TESTS = Path(__file__).parent.parent
if str(_TESTS) not in sys.path:
    sys.path.append(str(_TESTS))

from support.bad_disk import BadDisk, build_library  # noqa: E402 - only now importable
from support.panels import accounts_csv  # noqa: E402
from support.server import Server, copy_centre, make_centre  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey starts processes, and the processes are Linux's."""
    for item in items:
        if item.nodeid.startswith("tests/journeys/"):
            item.add_marker(pytest.mark.requires("linux"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with the accounts of `support.panels`, never started."""
    folder = tmp_path_factory.mktemp("template") / "centre"
    make_centre(folder, accounts_csv())
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """The folder of a centre for this test alone."""
    return copy_centre(template, tmp_path / "centre")


@pytest.fixture
def serve(folder: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers of `folder`, not started, and ends them all."""
    made: list[Server] = []

    def make(env: Mapping[str, str] | None = None, **settings: object) -> Server:
        """`settings` are those of the receiver, by name."""
        variables = {f"TOCSIN_RECEIVERS__DC09__{name}".upper(): str(value) for name, value in settings.items()}
        server = Server(folder, {**(env or {}), **variables})
        made.append(server)
        return server

    yield make
    for server in made:
        server.clean_up()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim. Tests that use it are marked `requires("cc")`."""
    return build_library(tmp_path_factory.mktemp("shim"))


@pytest.fixture
def disk(library: Path, folder: Path, tmp_path: Path) -> BadDisk:
    """A bad disk under `folder`, which is good until it is told otherwise."""
    return BadDisk(library, folder, tmp_path / "disk")


@pytest.fixture
def shadowed_disk(library: Path, folder: Path, tmp_path: Path) -> BadDisk:
    """The same, and it knows what a power cut would leave."""
    return BadDisk(library, folder, tmp_path / "disk", has_shadow=True)
