"""What the tests of the pages share: the tutorial, carried out once as it is written."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
if str(ROOT / "tests") not in sys.path:
    sys.path.append(str(ROOT / "tests"))

from support.server import Server, environment  # noqa: E402 - only now importable

TUTORIAL = ROOT / "docs" / "tutorials" / "first-signal.md"
DEADLINE_S = 60
FREE_PORTS = {"TOCSIN_RECEIVERS__DC09__LISTEN": '["127.0.0.1:0"]', "TOCSIN_WEB__LISTEN": "127.0.0.1:0"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever wants the tutorial carried out waits for it, and it starts processes that are Linux's."""
    for item in items:
        if item.nodeid.startswith("tests/docs/") and "tutorial" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.requires("linux"))


class Done(NamedTuple):
    """A command of the tutorial, what it ended with and said, and what the page says that it says."""

    command: str
    status: int
    output: str
    expected: str


class Tutorial(NamedTuple):
    """The tutorial, carried out."""

    place: Path
    """The folder in which it was typed."""
    served: list[str]
    """Files of the centre's folder while it served."""
    metrics: str
    """What `/metrics` said then."""
    done: list[Done]

    def of(self, words: str) -> Done:
        """The first command that holds these words."""
        return next(done for done in self.done if words in done.command)


class Block(NamedTuple):
    """A block of the page: its language and title, and its lines."""

    kind: str
    title: str
    text: str


def blocks_of(page: str) -> list[Block]:
    found = re.findall(r"^```(\w+) ?([\w.]*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [Block(*one) for one in found]


class Reader:
    """Types what the page says, on free ports."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.done: list[Done] = []
        self.served: list[str] = []
        self.metrics = ""
        self._server: Server | None = None
        (place / ".venv").symlink_to(sys.prefix)

    def read(self, blocks: list[Block]) -> None:
        for index, block in enumerate(blocks):
            if block.title:
                (self.place / block.title).write_text(block.text)
            elif block.kind == "sh":
                following = blocks[index + 1] if index + 1 < len(blocks) else None
                says = following.text if following and following.kind == "text" and not following.title else ""
                lines = block.text.splitlines()
                for line in lines:
                    self._type(line, says if line == lines[-1] else "")

    def stop(self) -> None:
        if self._server is not None:
            self._server.clean_up()

    def _type(self, command: str, expected: str) -> None:
        if command.startswith("tocsin serve"):
            assert command == "tocsin serve --dir centre"
            self._server = Server(self.place / "centre", FREE_PORTS).start().wait_ready()
            self.done.append(Done(command, 0, self._server._file("out").read_text(), expected))
            return
        if command == "tocsin journal verify --dir centre":
            assert self._server is not None
            self.served = sorted(os.listdir(self.place / "centre"))
            self.metrics = self._server.get("/metrics").text
            assert self._server.stop() == 0
        end = time.monotonic() + 10
        while True:
            done = self._run(command, expected)
            # Lists are written each second: a person is slower than that, a test is not.
            if not command.startswith("tocsin export") or agrees(done) or time.monotonic() > end:
                break
            time.sleep(0.1)
        self.done.append(done)

    def _run(self, command: str, expected: str) -> Done:
        done = subprocess.run(
            ["bash", "-c", self._on_free_ports(command)],
            cwd=self.place / ("tocsin" if command.startswith("make") else "."),
            env=environment({"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **TRUST}),
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        return Done(command, done.returncode, done.stdout + done.stderr, expected)

    def _on_free_ports(self, command: str) -> str:
        """The command as typed, but for ports, the clone's address, and what `make` would install."""
        if command.startswith("tocsin panel"):
            assert self._server is not None
            return f"{command} --port {self._server.dc09[1]}"
        if command == "make demo":
            bin_ = Path(sys.executable).parent
            # The screen is not built in the clone: tests/browser looks at it.
            return f"make -o .venv/stamp-run -o console demo BIN={bin_} ARGS='--port 0 --seconds 3 --pace 3600'"
        return command.replace("ADDRESS", str(ROOT))


TRUST = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
"""The clone may belong to another user than the tests."""


def masked(text: str) -> str:
    """Numbers do not matter: ports, times, counts of the demo."""
    return re.sub(r"\d+", "0", text)


def agrees(done: Done) -> bool:
    """Every line that the page shows was said."""
    said = masked(done.output).splitlines()
    return all(line in said for line in masked(done.expected).splitlines())


@pytest.fixture(scope="session")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutorial]:
    """The tutorial, carried out from its first line to its last."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs the repository, to clone it")
    if not (Path(sys.prefix) / "bin" / "activate").exists():
        pytest.skip("needs a virtual environment, as `make` makes it")
    reader = Reader(tmp_path_factory.mktemp("tutorial"))
    try:
        reader.read(blocks_of(TUTORIAL.read_text(encoding="utf-8")))
        yield Tutorial(reader.place, reader.served, reader.metrics, reader.done)
    finally:
        reader.stop()


@pytest.fixture(scope="session")
def exported(tutorial: Tutorial) -> bytes:
    """The tutorial's export of its journal."""
    return (tutorial.place / "journal.jsonl").read_bytes()
