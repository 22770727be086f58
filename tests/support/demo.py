"""`tocsin demo` as a process of its own, with an Enter key and whatever it says."""

import contextlib
import os
import re
import signal
import subprocess
from pathlib import Path

from support.server import environment
from support.zygote import start

DEADLINE_S = 60


class Demo:
    """The demo on a folder, from its first line to its end; whatever happens in the `with`, it is gone after it."""

    def __init__(self, folder: Path, *words: str) -> None:
        """Begin it on a free port; `words` are further options."""
        self.process = start(
            ["demo", "--dir", folder, "--port", "0", *words],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []

    def __enter__(self) -> "Demo":
        self.read_to("Enter pulls the plug")
        return self

    def __exit__(self, *error: object) -> None:
        # The whole group: a demo that was killed may have left its centre behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def read_to(self, begin: str) -> None:
        """Read its output up to a line that begins so."""
        assert self.process.stdout is not None
        while not self.said or not self.said[-1].startswith(begin):
            line = self.process.stdout.readline()
            assert line, self.said
            self.said.append(line.rstrip("\n"))

    @property
    def links(self) -> list[str]:
        """The sign-in links, in the order of its output: Ana's, then Bo's."""
        return [found[0] for line in self.said if (found := re.search(r"http://127\.0\.0\.1:\d+/sign-in/\S+", line))]

    def press_enter(self) -> None:
        """Pull the plug."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, list[str]]:
        """Press Ctrl-C; return its status and what it said last."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, out.splitlines()
