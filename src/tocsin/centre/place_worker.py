"""Reads a file of places from standard input in a process of its own, and imports it or says what that would do.

The arguments: `plan` or `import`, the folder, the source, the form, and the time. Source: decision 0074.
"""

import io
import os
import sys
from pathlib import Path
from typing import Final, cast

import msgspec

from tocsin.centre.gazetteer import Gazetteer
from tocsin.centre.place_import import Form, PlacesAnswer, import_places
from tocsin.model.errors import Refused
from tocsin.model.values import Code, Words
from tocsin.system import limit_process

CPU_S: Final = 300
MEMORY_BYTES: Final = 2 << 30


def main(words: list[str]) -> int:
    """Do what the arguments say."""
    limit_process(cpu_s=CPU_S, memory_bytes=MEMORY_BYTES)
    os.umask(0o077)
    act, folder, source, form, at = words
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
    try:
        change = import_places(
            Gazetteer(Path(folder)), Code(source), lines, cast("Form", form), int(at), is_dry=act == "plan"
        )
        answer = PlacesAnswer(change=change)
    except Refused as error:
        answer = PlacesAnswer(message=Words(error.message), code=error.code)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
