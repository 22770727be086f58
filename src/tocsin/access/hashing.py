"""Processes that hash beside a running centre, and stand back behind everything that it does.

    python -m tocsin.access.hashing < questions > answers

Hashing in a thread of the centre would do, since argon2 lets go of the interpreter; but a thread that stands back, and
comes back to the interpreter on a busy machine, can keep the event loop waiting for it. So the centre has processes for
it, at most one for each check at once, made when the first is wanted, and one more, which gives way to everything
else, for when many wait at the door. They end with the pipe that they are asked by.

A question and an answer are each msgpack behind four bytes of its length. Secrets go through the pipe and nowhere else.
"""

import contextlib
import signal
import subprocess
import sys
import threading
from collections import deque
from typing import IO, Final, Literal

import msgspec

from tocsin.access.passwords import Cost, Passwords, stand_back
from tocsin.model.errors import CentreFault

ASKED_BYTES_MAX: Final = 65_536
_LENGTH_BYTES: Final = 4
_MODULE: Final = "tocsin.access.hashing"
_GIVES_WAY: Final = "--gives-way"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked."""

    op: Literal["hash", "verify", "is_weak"]
    cost: Cost
    secret: str
    kept: bytes | None = None
    words: list[str] = []

    def __repr__(self) -> str:
        """Name the question and nothing that came with it."""
        return f"Question({self.op})"


_QUESTION: Final = msgspec.msgpack.Decoder(Question)
_HASH: Final = msgspec.msgpack.Decoder(bytes)
_YES: Final = msgspec.msgpack.Decoder(bool)
_ENCODE: Final = msgspec.msgpack.Encoder().encode


class PasswordsApart(Passwords):
    """The same as `Passwords`, with the work done by processes."""

    def __init__(self, cost: Cost | None = None) -> None:
        """Hash at this cost."""
        super().__init__(cost, on_thread=lambda: None)
        self._idle: dict[bool, deque[subprocess.Popen[bytes]]] = {False: deque(), True: deque()}
        """By whether they give way."""
        self._all: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def hash_now(self, secret: str) -> bytes:
        """Have it hashed."""
        return _HASH.decode(self._ask(Question(op="hash", cost=self._cost, secret=secret)))

    def verify_now(self, kept: bytes | None, secret: str, *, gives_way: bool) -> bool:
        """Have it checked."""
        question = Question(op="verify", cost=self._cost, secret=secret, kept=kept)
        return _YES.decode(self._ask(question, gives_way=gives_way))

    def is_weak_now(self, password: str, words: list[str]) -> bool:
        """Have it scored."""
        return _YES.decode(self._ask(Question(op="is_weak", cost=self._cost, secret=password, words=words)))

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            self._is_closed = True
            ending, self._all = self._all, set()
            for idle in self._idle.values():
                idle.clear()
        for process in ending:
            _end(process)

    def _ask(self, question: Question, *, gives_way: bool = False) -> bytes:
        """Ask a process; where it has ended, another one, once.

        Raises:
            CentreFault: none answers.
        """
        for _ in range(2):
            process = self._take(gives_way)
            if process is None:
                break
            assert process.stdin is not None, "a pipe was asked for"
            assert process.stdout is not None, "a pipe was asked for"
            with contextlib.suppress(OSError, EOFError, ValueError):
                _write(process.stdin, _ENCODE(question))
                answer = _read(process.stdout)
                with self._lock:
                    if process in self._all:
                        self._idle[gives_way].append(process)
                return answer
            with self._lock:
                self._all.discard(process)
            _end(process)
        fault = CentreFault(
            "No process of the centre could check a password. Nothing was done. Try again; a sign-in link works "
            "meanwhile",
            "access.hashing",
        )
        fault.permanent = False
        raise fault

    def _take(self, gives_way: bool) -> "subprocess.Popen[bytes] | None":
        """A process that waits, or a new one; None where all have ended for good."""
        with self._lock:
            if self._is_closed:
                return None
            if self._idle[gives_way]:
                return self._idle[gives_way].pop()
        process = subprocess.Popen(  # noqa: S603 - our own module, and nothing from outside
            [sys.executable, "-m", _MODULE, *([_GIVES_WAY] if gives_way else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with self._lock:
            if not self._is_closed:
                self._all.add(process)
                return process
        _end(process)
        return None


def main(*, gives_way: bool) -> None:
    """Answer until the pipe ends."""
    # Whoever stops the centre by Ctrl-C stops the whole group; this process ends when its pipe does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stand_back(gives_way=gives_way)
    made: dict[Cost, Passwords] = {}
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            question = _QUESTION.decode(_read(sys.stdin.buffer))
            passwords = made.setdefault(question.cost, Passwords(question.cost))
            _write(sys.stdout.buffer, _answer(passwords, question))


def _answer(passwords: Passwords, question: Question) -> bytes:
    match question.op:
        case "hash":
            return _ENCODE(passwords.hash_now(question.secret))
        case "verify":
            return _ENCODE(passwords.verify_now(question.kept, question.secret, gives_way=False))
        case "is_weak":
            return _ENCODE(passwords.is_weak_now(question.secret, question.words))


def _read(pipe: IO[bytes]) -> bytes:
    length = int.from_bytes(_exactly(pipe, _LENGTH_BYTES), "big")
    if length > ASKED_BYTES_MAX:
        raise EOFError(length)
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError(length)
    return data


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    pipe.flush()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()


if __name__ == "__main__":
    main(gives_way=_GIVES_WAY in sys.argv)
