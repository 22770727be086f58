"""Processes of a bench: servers and the load, what they use of the machine, and their end."""

import contextlib
import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import msgspec

from tocsin.bench.guesses import Guessed
from tocsin.bench.load import Answer, Failed, Open, Ready, Result
from tocsin.model.errors import CentreFault
from tocsin.system import SystemClock, sleep_blocking

START_S: Final = 60.0
STOP_S: Final = 60.0
READY_STEP_S: Final = 0.002
SETTINGS: Final = {
    "TOCSIN_WEB__LISTEN": "127.0.0.1:0",
    "TOCSIN_RECEIVERS__DC09__LISTEN": '["127.0.0.1:0"]',
}
"""Free ports of this machine. Everything else is as `tocsin init` leaves it."""

_CLOCK: Final = SystemClock()
_TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")


class Server:
    """One server in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], dc09: tuple[str, int], web: tuple[str, int] | None) -> None:
        """Hold a process that said where it listens."""
        self._process = process
        self.dc09 = dc09
        """Of what takes no panels, nowhere."""
        self.web = web

    @property
    def cpu_s(self) -> float:
        """Processor time of all its threads, user and system, in steps of a clock tick (10 ms)."""
        # The name, in brackets, may hold blanks; the fields after it are the 3rd to the last of proc_pid_stat(5).
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * _TICK_S

    @property
    def rss_bytes(self) -> int:
        """Resident memory, shared pages included."""
        return self._memory("status", "VmRSS:")

    @property
    def pss_bytes(self) -> int:
        """Resident memory, each shared page divided among those that share it."""
        return self._memory("smaps_rollup", "Pss:")

    def metric(self, name: str) -> float:
        """One plain figure of `/metrics`."""
        for line in self._get("/metrics")[1].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise CentreFault(f"The server has no figure {name}. Report this as a fault of Tocsin", "bench.metric")

    def is_ready(self) -> bool:
        """Whether `/readyz` says so."""
        return self._get("/readyz")[0] == http.HTTPStatus.OK

    def _get(self, path: str) -> tuple[int, bytes]:
        assert self.web is not None, "only a whole centre has a web address"
        connection = http.client.HTTPConnection(*self.web, timeout=START_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _memory(self, file: str, field: str) -> int:
        for line in Path(f"/proc/{self._process.pid}/{file}").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) * 1024
        return 0


class Load:
    """The load in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Hold a process that takes orders."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[bytes] = process.stdin
        self._out: IO[bytes] = process.stdout

    def open(self, order: Open) -> Result:
        """Connect the panels."""
        self._tell(order)
        return self._result()

    def prepare(self, order: msgspec.Struct) -> None:
        """Have the frames or requests of an order encoded; `run` begins it."""
        self._tell(order)
        answer = self._answer()
        assert isinstance(answer, Ready)

    def run(self) -> Result:
        """Send what was prepared, until all is answered."""
        self._write(b"\n")
        return self._result()

    def _tell(self, order: msgspec.Struct) -> None:
        self._write(msgspec.json.encode(order) + b"\n")

    def _write(self, line: bytes) -> None:
        self._in.write(line)
        self._in.flush()

    def _result(self) -> Result:
        answer = self._answer()
        assert isinstance(answer, Result)
        if answer.lost or answer.wrong:
            raise CentreFault(
                f"{answer.wrong} answers were wrong and {answer.lost} connections of {answer.connections} ended early: "
                "no figure can be had from that. Report this as a fault of Tocsin",
                "bench.answers",
            )
        return answer

    def _answer(self) -> Answer:
        line = self._out.readline()
        answer = msgspec.json.decode(line, type=Answer) if line else Failed("it ended")
        if isinstance(answer, Failed):
            raise CentreFault(f"The load of the bench failed: {answer.reason[:200]}", "bench.load")
        return answer


@contextlib.contextmanager
def load_process() -> Iterator[Load]:
    """A load for as long as the context lasts."""
    with child_process([sys.executable, "-m", "tocsin.bench.load"], {}, stdin=subprocess.PIPE) as process:
        yield Load(process)


@contextlib.contextmanager
def guesses_process(server: Server, rate_per_s: float) -> Iterator[Callable[[], Guessed]]:
    """Guesses at passwords of a server for as long as the context lasts, or until it is asked what came of them."""
    assert server.web is not None, "only a whole centre has a web address"
    command = [sys.executable, "-m", "tocsin.bench.guesses", *map(str, server.web), str(rate_per_s)]
    with child_process(command, {}, stdin=subprocess.PIPE) as process:

        def end() -> Guessed:
            return msgspec.json.decode(process.communicate(timeout=STOP_S)[0], type=Guessed)

        yield end


@contextlib.contextmanager
def centre_process(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """`tocsin serve` on a folder, as everybody starts it, for as long as the context lasts."""
    with _server([sys.executable, "-m", "tocsin", "serve", "--dir", str(folder)], environment or {}) as server:
        yield server


@contextlib.contextmanager
def intake_process(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The same with the core at rest, for what is measured of the intake alone."""
    with _server([sys.executable, "-m", "tocsin.bench.intake_only", str(folder)], environment or {}) as server:
        yield server


@contextlib.contextmanager
def broker_only_process(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The reader of a broker that acknowledges without storing, for the sources of a folder."""
    with _server([sys.executable, "-m", "tocsin.bench.broker_only", str(folder)], environment or {}) as server:
        yield server


@contextlib.contextmanager
def reply_only_process(folder: Path) -> Iterator[Server]:
    """The server that answers without storing, for the accounts of a folder."""
    with _server([sys.executable, "-m", "tocsin.bench.reply_only", str(folder)], {}) as server:
        yield server


def output_of(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> bytes:
    """What a process of ours prints."""
    with child_process([sys.executable, "-m", *arguments], environment or {}) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        if process.wait(STOP_S) != 0:
            raise _failed(process)
    return printed


@contextlib.contextmanager
def _server(command: list[str], environment: Mapping[str, str]) -> Iterator[Server]:
    with child_process(command, environment) as process:
        assert process.stdout is not None
        dc09: tuple[str, int] | None = None
        # Without it a server that hangs at its start would leave us waiting for a line that never comes.
        limit = threading.Timer(START_S, process.kill)
        limit.start()
        for line in process.stdout:
            words = line.decode().split()
            if words[0] == "DC-09" and dc09 is None:
                dc09 = _address(words[2].rstrip(","))
            elif words[0] == "Ready:":
                break
        else:
            limit.cancel()
            raise _failed(process)
        limit.cancel()
        web = None if words[1] == "-" else _address(words[1].split("/")[2])
        yield Server(process, dc09 or ("", 0), web)


def seconds_to_ready(folder: Path) -> float:
    """How long a centre takes from the start of its process until `/readyz` says 200."""
    began_s = _CLOCK.monotonic_s()
    with centre_process(folder) as server:
        while not server.is_ready():
            if _CLOCK.monotonic_s() - began_s > START_S:
                raise CentreFault(f"The centre was not ready within {START_S:.0f} s", "bench.not_ready")
            sleep_blocking(READY_STEP_S)
        return _CLOCK.monotonic_s() - began_s


@contextlib.contextmanager
def child_process(
    command: list[str], environment: Mapping[str, str], *, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A child that is ended with the context: asked first, then killed."""
    process = subprocess.Popen(  # noqa: S603 - our own programs
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **SETTINGS, **environment},
    )
    try:
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _failed(process: subprocess.Popen[bytes]) -> CentreFault:
    status = process.wait(STOP_S)
    return CentreFault(
        f"A process of the bench ended with status {status} too early: {str(process.args)[:300]}. Start it by hand to "
        "see why",
        "bench.process",
    )


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)
