"""A real `tocsin serve`: its own process, its own folder, real sockets on ports that the system chose.

    with Server(folder) as server:
        server.wait_ready()
        server.get("/readyz")

Whatever happens in the `with`, the process is gone after it.
"""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from support import zygote

READY_S = 60.0
EXIT_S = 60.0
"""Both take a second or two; a busy machine gets more."""
POLL_S = 0.003
POLL_MAX_S = 0.1
POLL_SHARE = 0.15
"""Of the time waited already: whoever asks without a break takes the processor from what it waits for."""

MUTANTS = Path(__file__).parent / "mutants"
SETTINGS = '[web]\nlisten = "127.0.0.1:0"\n\n[receivers.dc09]\nlisten = ["127.0.0.1:0"]\n'
_DC09 = re.compile(r"^DC-09 on (.+):(\d+), TCP and UDP$", re.MULTILINE)
_READY = re.compile(r"^Ready: http://(.+):(\d+)/readyz$", re.MULTILINE)

T = TypeVar("T")
Address = tuple[str, int]


class EndedError(AssertionError):
    """The process ended, or did not come, where it should have served."""


class Answer(NamedTuple):
    """What HTTP answered."""

    status: int
    text: str


class Run(NamedTuple):
    """A command that ended by itself."""

    status: int
    output: str
    errors: str


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for(condition: Callable[[], T], deadline_s: float, what: str) -> T:
    """Ask until the condition holds; fail when it does not within the deadline."""
    begun = time.monotonic()
    while True:
        if found := condition():
            return found
        waited_s = time.monotonic() - begun
        if waited_s > deadline_s:
            raise AssertionError(f"{what}: not within {deadline_s:g} s")
        time.sleep(max(POLL_S, min(POLL_MAX_S, waited_s * POLL_SHARE)))


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: ours without settings of another centre."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "DISK_", "MUTANT"))}
    return {**kept, **(extra or {})}


def mutant(name: str) -> dict[str, str]:
    """What makes a process a mutant (`mutants/sitecustomize.py`)."""
    return {"PYTHONPATH": str(MUTANTS), "MUTANT": name}


def run_tocsin(
    *words: str | Path, env: Mapping[str, str] | None = None, deadline_s: float = EXIT_S, **options: Any
) -> Run:
    """Run a command to its end; `options` are those of `zygote.start`."""
    return Run(*zygote.run(words, env=environment(env), timeout=deadline_s, **options))


def make_centre(folder: Path, accounts_csv: str, settings: str = SETTINGS) -> None:
    """Make the folder of a centre with accounts, by its own commands."""
    folder.mkdir(parents=True)
    (folder / "tocsin.toml").write_text(settings)
    table = folder.parent / f"{folder.name}-accounts.csv"
    table.write_text(accounts_csv)
    for words in (("init", folder), ("import", "accounts", table, "--dir", folder)):
        done = run_tocsin(*words)
        if done.status:
            raise EndedError(f"tocsin {words[0]} ended with {done.status}:\n{done.errors}")


class Server:
    """One process of `tocsin serve`, begun by `start` or `with`; it can be begun again after its end."""

    def __init__(
        self,
        folder: Path,
        env: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        errors_to: int | None = None,
        program: Sequence[str] | None = None,
    ) -> None:
        """Serve `folder`, with `env` on top of our own environment; `errors_to` is a descriptor in place of a file.

        `program` is another `tocsin` than the one of the tests.
        """
        self.folder = folder
        self.env = dict(env or {})
        self._arguments = tuple(arguments)
        self._errors_to = errors_to
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._outputs = folder.parent / f"{folder.name}-output"
        self._starts = 0
        self._dc09: Address | None = None
        self._web: Address | None = None

    @property
    def pid(self) -> int:
        """Number of the process."""
        assert self._process is not None, "it was started"
        return self._process.pid

    @property
    def dc09(self) -> Address:
        """Where panels are heard. Fails before it is ready."""
        assert self._dc09 is not None, "it is ready"
        return self._dc09

    @property
    def web(self) -> Address:
        """Where pages are served. Fails before it is ready."""
        assert self._web is not None, "it is ready"
        return self._web

    @property
    def is_running(self) -> bool:
        """The process has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> "Server":
        """Begin the process, and return at once."""
        assert not self.is_running, "one process at a time"
        self._starts += 1
        self._dc09 = self._web = None
        self._outputs.mkdir(exist_ok=True)
        with self._file("out").open("wb") as out, self._file("err").open("wb") as err:
            words = ["serve", "--dir", str(self.folder), *self._arguments]
            options: dict[str, Any] = {
                "env": environment(self.env),
                "stdin": subprocess.DEVNULL,
                "stdout": out,
                "stderr": err if self._errors_to is None else self._errors_to,
            }
            self._process = (
                zygote.start(words, **options)
                if self._program is None
                else subprocess.Popen([*self._program, *words], **options)
            )
        return self

    def wait_ready(self, deadline_s: float = READY_S) -> "Server":
        """Return when it says that it is ready.

        Raises:
            EndedError: it ended instead; its last words are in the message.
        """

        def is_ready() -> bool:
            text = self._file("out").read_text()
            if ready := _READY.search(text):
                self._web = (ready[1], int(ready[2]))
                if heard := _DC09.search(text):
                    self._dc09 = (heard[1], int(heard[2]))
                return True
            if not self.is_running:
                raise EndedError(f"serve ended with {self.status}:\n{self.errors[-3000:]}")
            return False

        wait_for(is_ready, deadline_s, "ready")
        return self

    @property
    def status(self) -> int | None:
        """Exit status; None while it runs."""
        return None if self._process is None else self._process.poll()

    @property
    def errors(self) -> str:
        """What it wrote on stderr since its last start."""
        return self._file("err").read_text(errors="replace")

    def get(self, path: str, deadline_s: float = 10.0) -> Answer:
        """Ask over HTTP.

        Raises:
            OSError: nobody answers.
        """
        assert self._web is not None, "it is ready"
        connection = http.client.HTTPConnection(*self._web, timeout=deadline_s)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def metric(self, line: str) -> float:
        """One figure of `/metrics`, by its name with labels; 0 where it is not there."""
        found = re.search(rf"^{re.escape(line)} (\S+)$", self.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def terminate(self) -> None:
        """SIGTERM."""
        self._signal(signal.SIGTERM)

    def kill(self) -> int:
        """Kill it as nothing can be caught, and return its status when it is gone."""
        self._signal(signal.SIGKILL)
        return self.wait_exit()

    def wait_exit(self, deadline_s: float = EXIT_S) -> int:
        """Return its exit status when it has ended."""
        assert self._process is not None, "it was started"
        try:
            return self._process.wait(deadline_s)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"serve has not ended within {deadline_s:g} s") from error

    def stop(self) -> int:
        """SIGTERM, and its exit status."""
        self.terminate()
        return self.wait_exit()

    def __enter__(self) -> "Server":
        return self if self.is_running else self.start().wait_ready()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clean_up()

    def clean_up(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.is_running and self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _file(self, kind: str) -> Path:
        return self._outputs / f"{self._starts}.{kind}"


def copy_centre(template: Path, folder: Path) -> Path:
    """A centre of its own for a test, from one that was made once."""
    shutil.copytree(template, folder, ignore=shutil.ignore_patterns("control.sock"))
    return folder
