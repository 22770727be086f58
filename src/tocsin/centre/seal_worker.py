"""Seals a file with a passphrase, in a process of its own: the age format's hash takes a second of a processor."""

import importlib
import subprocess
import sys
from typing import Any, Final

from tocsin.model.errors import CentreFault

SEAL_S: Final = 60.0


def seal_with_passphrase(plain: bytes, passphrase: str) -> bytes:
    """Encrypt in the age format.

    Raises:
        CentreFault: it did not end well; a retry can help.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing of anybody's in its words
            [sys.executable, "-m", __name__],
            input=passphrase.encode() + b"\n" + plain,
            capture_output=True,
            timeout=SEAL_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        # Not chained: what it was given stands in the error.
        raise CentreFault(
            f"The sealed file could not be made ({type(error).__name__}). Nothing was handed out. Try again",
            "subject.not_sealed",
        ) from None
    return done.stdout


def main() -> None:
    """Seal what comes on standard input: the passphrase's line, then the rest."""
    age: Any = importlib.import_module("pyrage")
    passphrase, _, plain = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(age.passphrase.encrypt(plain, passphrase.decode()))


if __name__ == "__main__":
    main()
