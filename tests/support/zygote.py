"""`tocsin` as a process of its own without its imports: a fork of a process that has imported it once.

    process = start(["serve", "--dir", folder], stdout=subprocess.PIPE)
    process.kill()

What comes is a child of this process like any other: it has its own number, environment, folder, files and end, and
`wait`, `poll` and signals are those of `subprocess.Popen`. It runs what `python -m tocsin` runs, from the first line.
Only the second of imports before that is not done again, nor what is worked out of the signatures of the web's routes
(`support.known_handlers`).

It is not a new interpreter. All forks of one process have one seed for hashes, so whoever proves that an order does not
hang on it starts anew, and so does whoever measures memory or the start itself: `@pytest.mark.afresh`. What a variable
tells the loader, the C library or the interpreter is read when they start: with such a one, a new one is started.
"""

import atexit
import contextlib
import ctypes
import inspect
import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

READ_AT_START: Final = ("GLIBC_", "LANG", "LC_", "LD_", "MALLOC_", "MUTANT", "OPENSSL_", "PYTHON")
"""Variables that are read before the first line of ours, by how they begin."""

REQUEST_BYTES_MAX: Final = 150_000
MODULES: Final = b"modules"
"""The request that asks which are imported."""
LIMITS: Final = sorted({getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")})
PREPARED: Final = {"serve": "serve"}
"""Which kind of zygote a command comes from; all others are of the kind `command`."""

ANEW: Final = frozenset({"bench", "simulate-centre"})
"""Commands that measure, or that prove the same result in another process: their promise is about a new interpreter."""

SHARED: Final = ("sqlalchemy.dialects.sqlite", "tocsin.access.access", "tocsin.centre.backup", "tocsin.centre.opening",
    "tocsin.cli.folder", "tocsin.cli.reading", "tocsin.store.sqlite")  # fmt: skip
"""What most commands import when they have read their words."""

FORKED_OPTIONS: Final = frozenset({"bufsize", "cwd", "env", "start_new_session", "stderr", "stdin", "stdout", "text"})
"""Options of `Popen` that a fork carries out; with another one a new interpreter is started."""

_PR_SET_CHILD_SUBREAPER: Final = 36
_STDIO: Final = ("stdin", "stdout", "stderr")


class Allowed:
    """Whether processes may be forked; not in a test that is marked `afresh`."""

    now = sys.platform == "linux"


def start(words: Sequence[str | Path], **options: Any) -> subprocess.Popen[Any]:
    """Begin `tocsin WORDS`; `options` are those of `subprocess.Popen`."""
    command = [sys.executable, "-m", "tocsin", *map(str, words)]
    return (_Fork if can_fork(command[3:], options) else subprocess.Popen)(command, **options)


def run(words: Sequence[str | Path], *, timeout: float, **options: Any) -> tuple[int, str, str]:
    """Run `tocsin WORDS` to its end; return its status, its output and its errors.

    Raises:
        subprocess.TimeoutExpired: it has not ended within so many seconds; it was killed.
    """
    with start(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return process.returncode, output, errors


def can_fork(words: Sequence[str], options: Mapping[str, Any]) -> bool:
    """A fork would be the same process as one that is started anew with these words and options of `Popen`."""
    if not Allowed.now or not words or words[0] in ANEW or options.keys() - FORKED_OPTIONS:
        return False
    env = os.environ if options.get("env") is None else options["env"]
    if _read_at_start(env) != _GIVEN:
        return False
    # On a terminal output is written line by line, and looks another way: that is found out at the start.
    return not any(options.get(name) is None and os.isatty(number) for number, name in enumerate(_STDIO))


def _read_at_start(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(READ_AT_START)}


_GIVEN: Final = _read_at_start(os.environ)
"""What a zygote is given: that of the tests' own start."""


class _Fork(subprocess.Popen[Any]):
    """A process that was forked for us and is our own child."""

    def _execute_child(self, *given: Any) -> None:
        # What `Popen` would fork and execute here: pipes and files are made, and are closed in this process after it.
        named = _EXECUTE.bind(self, *given).arguments
        ends = [named[name] for name in ("p2cread", "c2pwrite", "errwrite")]
        request = {
            "words": named["args"][3:],
            "env": dict(os.environ if named["env"] is None else named["env"]),
            "folder": os.getcwd() if named["cwd"] is None else str(named["cwd"]),
            "has_own_session": named["start_new_session"],
            "umask": _umask(),
            "limits": [resource.getrlimit(limit) for limit in LIMITS],
        }
        kind = PREPARED.get(named["args"][3], "command")
        files = [number if end == -1 else end for number, end in enumerate(ends)]
        self.pid = zygote(kind).fork(request, files)
        self._child_created = True
        self._close_pipe_fds(*(named[n] for n in ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")))


_EXECUTE: Final = inspect.signature(subprocess.Popen._execute_child)


def _umask() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("Umask:")).split()[1], 8)


_ZYGOTES: Final[dict[tuple[str, int], "Zygote"]] = {}
_MAKING: Final = threading.Lock()
_TURN: Final = threading.Lock()
"""One process is made at a time, of whichever kind: who adopts is a matter of this whole process."""


def zygote(kind: str) -> "Zygote":
    """The one of a kind that is a child of this process: `serve` or `command`."""
    with _MAKING:
        key = kind, os.getpid()
        if key not in _ZYGOTES:
            _ZYGOTES[key] = Zygote(kind)
            atexit.register(_ZYGOTES[key].close)
        return _ZYGOTES[key]


class Zygote:
    """The process that has imported `tocsin`, seen from the tests. It ends when they do."""

    def __init__(self, kind: str) -> None:
        """Begin it; it is ready when it answers."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel = ours
        self._libc = ctypes.CDLL(None, use_errno=True)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).resolve()), kind, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**{name: value for name, value in os.environ.items() if name not in _GIVEN}, **_GIVEN},
            )

    def fork(self, request: Mapping[str, Any], files: Sequence[int]) -> int:
        """Make a process that runs the request with these files as its first three; return its number.

        Raises:
            ChildProcessError: it is not our child.
        """
        data = json.dumps(request).encode()
        if len(data) > REQUEST_BYTES_MAX:
            raise ValueError("the environment of a process is too large for its zygote")
        with _TURN, self._adopting():
            socket.send_fds(self._channel, [data], list(files))
            answer = self._channel.recv(64)
        if not answer:
            raise RuntimeError(f"the zygote has ended with {self._process.wait()}")
        number = int(answer)
        # `Popen` takes a process that is no child of ours for one that has ended well: this raises an error.
        os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return number

    def modules(self) -> frozenset[str]:
        """What it has imported from files; empty modules in the place of others are none."""
        with _TURN:
            self._channel.send(MODULES)
            return frozenset(self._channel.recv(1 << 20).decode().split())

    def close(self) -> None:
        """End it."""
        self._channel.close()
        self._process.wait()

    @contextlib.contextmanager
    def _adopting(self) -> Any:
        """While it forks, orphans below us are ours: so a grandchild whose parent has ended becomes our child."""
        self._set_subreaper(1)
        try:
            yield
        finally:
            self._set_subreaper(0)

    def _set_subreaper(self, value: int) -> None:
        if self._libc.prctl(_PR_SET_CHILD_SUBREAPER, value, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


# What follows runs in the zygote.


def _prepare(kind: str) -> None:
    """Import what `tocsin` imports at its start, in its order (`cli.serving.run`, `cli._run_by_typer`)."""
    import importlib

    import tocsin.cli

    if kind == "serve":
        from tocsin.process import leave_out

        leave_out()
        names = ["uvloop", "tocsin.app", "tocsin.cli.serving"]
    else:
        commands = [command.module for name, command in tocsin.cli.COMMANDS.items() if name not in (*ANEW, *PREPARED)]
        names = ["typer.main", *commands, *SHARED]
    for name in names:
        importlib.import_module(name)
    if kind == "serve":
        _read_routes_ahead()
    with contextlib.suppress(ImportError):
        # It brings pydantic where words are read. The name is typer's own: another version may lack it.
        if kind != "serve":
            importlib.import_module("typer._adapters")


def _read_routes_ahead() -> None:
    """What the library of the web works out of each route, from a file that no centre imports."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("known_handlers", Path(__file__).with_name("known_handlers.py"))
    if spec is None or spec.loader is None:
        raise ImportError("known_handlers")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.read_ahead()


def _serve_forks(channel: socket.socket) -> Mapping[str, Any] | None:
    """Fork for each request. Return None at the end, and in each fork what it is to do."""
    while True:
        data, files, _, _ = socket.recv_fds(channel, 1 << 20, 3)
        if not data:
            return None
        if data == MODULES:
            channel.send("\n".join(n for n, module in sys.modules.items() if hasattr(module, "__file__")).encode())
            continue
        read_end, write_end = os.pipe()
        middle = os.fork()
        if middle == 0:
            child = os.fork()
            if child:
                # Its parent ends at once, so it becomes the child of whoever adopts now.
                os.write(write_end, str(child).encode())
                os._exit(0)
            _become(request := json.loads(data), files, channel)
            return request
        os.close(write_end)
        for file in files:
            os.close(file)
        os.waitpid(middle, 0)
        with open(read_end, "rb") as pipe:
            channel.send(pipe.read())  # to its end: the fork has closed it, and is what it was to be


def _become(request: Mapping[str, Any], files: Sequence[int], channel: socket.socket) -> None:
    """Take on what a process is given at its start."""
    import tempfile
    import time

    if request["has_own_session"]:
        os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.chdir(request["folder"])
    os.umask(request["umask"])
    for limit, (soft, hard) in zip(LIMITS, request["limits"], strict=True):
        if resource.getrlimit(limit) != (soft, hard):
            resource.setrlimit(limit, (soft, hard))
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    tempfile.tempdir = None  # looked up in the environment where it is not known
    sys.argv = ["tocsin", *request["words"]]
    sys.path[0] = request["folder"]
    for number, name in enumerate(_STDIO):
        _open_stdio(number, name)
    channel.detach()
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))


def _open_stdio(number: int, name: str) -> None:
    """Open the file anew as the interpreter did at its start: what the old one knows of it is another file's."""
    import io

    old = getattr(sys, name)
    raw = io.FileIO(number, "w" if number else "r", closefd=False)
    raw.name = f"<{name}>"
    buffer: Any = io.BufferedWriter(raw) if number else io.BufferedReader(raw)
    new = io.TextIOWrapper(
        buffer, encoding=old.encoding, errors=old.errors, newline="\n", line_buffering=number == 2,
        write_through=bool(number) and old.write_through,
    )  # fmt: skip
    new.mode = "w" if number else "r"
    setattr(sys, name, new)
    setattr(sys, f"__{name}__", new)


def _main() -> None:
    kind, channel = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    os.set_inheritable(channel.fileno(), False)
    sys.path[0] = os.getcwd()  # as `python -m tocsin` has it, and not this file's folder
    _prepare(kind)
    threads = os.listdir("/proc/self/task")
    if len(threads) > 1:
        raise SystemExit(f"{len(threads)} threads stand after the imports: a fork would have one of them")
    import gc
    import runpy

    gc.collect()
    gc.freeze()  # a walk of the collector would copy each page into each fork
    if _serve_forks(channel) is not None:
        runpy.run_module("tocsin", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
