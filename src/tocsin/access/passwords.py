"""Passwords: which are taken, and how they are hashed without slowing anything but sign-in.

argon2id with 3 rounds, 64 MiB and 4 lanes takes 0.2 s of a machine, so a few threads of their own do it, or in a centre
that runs, processes (`access.hashing`), which the system runs when nothing else wants to, behind a short queue; whoever
finds it full is told when to try again. People who sign in where they always do, and desks that are unlocked, have a
thread of their own, so that strangers cannot hold them up.
Source: INTEGRATIONS.md, section 11; RFC 9106 (argon2); RFC 8265 (one form of a password's characters).
"""

import contextlib
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final, Literal, TypeVar

import msgspec

from tocsin.model.errors import BadInput, TooMany

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PASSWORD_CHARACTERS_MIN: Final = 12
PASSWORD_CHARACTERS_MAX: Final = 128
SCORE_MIN: Final = 3
"""Of zxcvbn's 0 to 4: at least 10^8 guesses."""

_SCORED_MAX: Final = 40
"""Characters that are scored: more would only take longer, and never make a password worse."""

_WORD_LETTERS_MIN: Final = 3
_OTHER_LETTERS_MAX: Final = 3
PIN_DIGITS_MIN: Final = 6
PIN_DIGITS_MAX: Final = 12
CHECKS_AT_ONCE: Final = 1
"""At the door. A hash is spread over four threads by itself; two hashes would only be two storms."""

QUEUE_MAX: Final = 20
DESK_QUEUE_MAX: Final = 10
CHECK_S: Final = 0.25
"""How long a check takes, to say when to try again."""

Lane = Literal["door", "desk"]
NICE: Final = 10
"""How far hashing stands back behind everything else of this machine."""

MANY_BEHIND: Final = 3
"""With so many behind it at the door, a check gives way to everything else of the machine at once (SCHED_IDLE), for
niceness alone lets a hash that runs finish its slice of 3 ms before an acknowledgement has its turn. One that comes
alone does not give way: on a machine that has no time left it might wait for minutes."""

T = TypeVar("T")
_PIN: Final = re.compile(rf"[0-9]{{{PIN_DIGITS_MIN},{PIN_DIGITS_MAX}}}", re.ASCII)
_COMMON_PINS: Final = frozenset({"112233", "123321", "147258", "147852", "159753", "258456", "789456", "741852"})


class Cost(msgspec.Struct, frozen=True):
    """What a hash costs whoever guesses, and us."""

    rounds: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


class _Queue:
    """So many pieces of work at once, so many that wait, and no more."""

    def __init__(self, name: str, at_once: int, queue_max: int, on_thread: Callable[[], None]) -> None:
        self._name = name
        self._on_thread = on_thread
        self._at_once = at_once
        self._inside_max = at_once + queue_max
        self._inside = 0
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    @property
    def waiting(self) -> int:
        """How many have no turn yet."""
        return max(0, self._inside - self._at_once)

    def refuse_where_full(self) -> None:
        if self._inside >= self._inside_max:
            wait_s = ceil(self._inside_max / self._at_once * CHECK_S)
            raise TooMany(
                f"Too many people sign in at this moment. Nothing was done. Try again in {wait_s} s",
                "access.busy",
                wait_s,
            )

    def run(self, work: Callable[[], T]) -> T:
        with self._lock:
            self.refuse_where_full()
            self._inside += 1
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._at_once, f"hash-{self._name}", self._on_thread)
            threads = self._threads
        try:
            return threads.submit(work).result()
        finally:
            with self._lock:
                self._inside -= 1


class Passwords:
    """Hashes and checks, in threads of its own; the caller waits. May be used from any thread but the event loop's."""

    def __init__(self, cost: Cost | None = None, *, on_thread: Callable[[], None] | None = None) -> None:
        """Hash at this cost. Threads are made when the first is wanted; each begins with `on_thread`, to stand back."""
        self._cost = cost or Cost()
        self._queues: dict[Lane, _Queue] = {
            "door": _Queue("door", CHECKS_AT_ONCE, QUEUE_MAX, on_thread or stand_back),
            "desk": _Queue("desk", 1, DESK_QUEUE_MAX, on_thread or stand_back),
        }
        self._making = threading.Lock()
        self._hasher: PasswordHasher | None = None
        self._nobodys = ""

    def hash(self, secret: str) -> bytes:
        """What is kept of a password or PIN.

        Raises:
            TooMany: too many at once.
        """
        return self._queues["desk"].run(lambda: self.hash_now(one_form(secret)))

    def is_right(self, kept: bytes | None, secret: str, lane: Lane) -> bool:
        """Whether this is the secret that `kept` was made of. Where nothing is kept it takes as long, and it is not.

        Raises:
            TooMany: too many at once.
        """
        if len(secret) > PASSWORD_CHARACTERS_MAX * 2:
            secret = ""
        queue = self._queues[lane]
        return queue.run(
            lambda: self.verify_now(kept, one_form(secret), gives_way=lane == "door" and queue.waiting >= MANY_BEHIND)
        )

    def refuse_where_full(self, lane: Lane) -> None:
        """Say now what `is_right` would say of the queue; without waiting, from any thread.

        Raises:
            TooMany: too many at once.
        """
        self._queues[lane].refuse_where_full()

    def refuse_weak(self, new: str, words: Iterable[str]) -> None:
        """Refuse what is no good password; `words` are what anybody would try first, such as the user's name.

        Raises:
            BadInput: it is too short, too long, cannot be typed, or can be guessed.
            TooMany: too many at once.
        """
        new = one_form(new)
        if any(unicodedata.category(character) in ("Cc", "Cs", "Cn") for character in new):
            raise BadInput(
                "The password holds a character that no keyboard types. Nothing was changed. Choose another",
                "access.password_characters",
            )
        if not PASSWORD_CHARACTERS_MIN <= len(new) <= PASSWORD_CHARACTERS_MAX:
            raise BadInput(
                f"A password has {PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX} characters. Nothing was "
                "changed. Choose another; four words that have nothing to do with each other are good",
                "access.password_length",
            )
        known = [word for words_ in words for word in (words_, *words_.split()) if word]
        if _is_of_words(new, known) or self._queues["desk"].run(lambda: self.is_weak_now(new, known)):
            raise BadInput(
                "This password would be guessed too soon: it is a name, a common word or a pattern. Nothing was "
                "changed. Choose another; four words that have nothing to do with each other are good",
                "access.password_weak",
            )

    def close(self) -> None:
        """Let go of what was made for it."""

    def hash_now(self, secret: str) -> bytes:
        """Hash here and now, in whatever thread this is."""
        return self._ready().hash(secret).encode()

    def is_weak_now(self, password: str, words: list[str]) -> bool:
        """Whether a password is guessed soon, here and now."""
        from zxcvbn import zxcvbn

        return zxcvbn(password[:_SCORED_MAX], user_inputs=words)["score"] < SCORE_MIN

    def verify_now(self, kept: bytes | None, secret: str, *, gives_way: bool) -> bool:
        """Check here and now. A thread of a process cannot give way; whoever has processes for it can."""
        from argon2.exceptions import InvalidHashError, VerificationError

        hasher = self._ready()
        try:
            hasher.verify(self._nobodys if kept is None else kept.decode("ascii", "ignore"), secret)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def _ready(self) -> "PasswordHasher":
        """The hasher, and a hash of nobody's password, to take as long for names that are not there."""
        with self._making:
            if self._hasher is None:
                from argon2 import PasswordHasher

                cost = self._cost
                hasher = PasswordHasher(cost.rounds, cost.memory_kib, cost.lanes)
                self._nobodys = hasher.hash("nobody's")
                self._hasher = hasher
            return self._hasher


def one_form(secret: str) -> str:
    """A password in one form, however a keyboard composes its characters (RFC 8265, OpaqueString: NFC)."""
    return unicodedata.normalize("NFC", secret.encode("utf-8", "replace").decode())


def refuse_pin(pin: str) -> None:
    """Refuse what is no PIN, or one that everybody tries first.

    Raises:
        BadInput: it is none, or one of those.
    """
    if not is_pin(pin) or _is_tried_first(pin):
        raise BadInput(
            f"A PIN has {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} digits, and is no row such as 123456 and no repeat such "
            "as 111111. Nothing was changed. Choose another",
            "access.pin",
        )


def _is_tried_first(pin: str) -> bool:
    """Whether it is a row, a repeat, or one of the patterns of a keypad."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    half = pin[: len(pin) // 2]
    return len(steps) == 1 or len(set(pin)) <= 2 or half * 2 == pin or pin in _COMMON_PINS


def is_pin(secret: str) -> bool:
    """Whether this could be a PIN."""
    return _PIN.fullmatch(secret) is not None


def _is_of_words(password: str, words: list[str]) -> bool:
    """Whether its letters are those of these words, and hardly any others."""
    rest = letters = _letters(password)
    for word in sorted({_letters(word) for word in words}, key=len, reverse=True):
        if len(word) >= _WORD_LETTERS_MIN:
            rest = rest.replace(word, "")
    return rest != letters and len(rest) <= _OTHER_LETTERS_MAX


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalpha())


def stand_back(*, gives_way: bool = False) -> None:
    """Let this thread, and those that it makes, stand back behind everything else; or give way to it at once."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            if gives_way:
                os.sched_setscheduler(threading.get_native_id(), os.SCHED_IDLE, os.sched_param(0))
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
