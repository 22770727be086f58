"""Takes the pictures out of a machine's mail and masks them, in a process of its own with little memory and time.

    python -m tocsin.centre.mail_still_worker 6 < mail.eml

The word is how many are wanted at most. A picture that is none, is too large or cannot be read is counted and left out;
the others of the mail are drawn anew. All of a machine's picture is its zone: it is pixelated whole, in small blocks.
Source: INTEGRATIONS.md, sections 13 and 18; decision 0084.
"""

import sys

import msgspec

from tocsin.centre.still_worker import CPU_S, MEMORY_BYTES, draw_zone
from tocsin.model.errors import BadInput
from tocsin.model.stills import DrawnStill
from tocsin.protocols.mail_in import MAIL_BYTES_MAX
from tocsin.protocols.mail_pictures import pictures_of
from tocsin.system import limit_process


class MailStills(msgspec.Struct, frozen=True):
    """What a mail shows."""

    stills: tuple[DrawnStill, ...] = ()
    refused: int = 0
    """Parts that say that they are pictures, and are none that is taken."""
    more: int = 0
    """Pictures beyond those that were wanted; nobody looked at them."""


def draw_mail(raw: bytes, most: int) -> MailStills:
    """Draw the first `most` pictures of a mail."""
    pictures, more = pictures_of(raw, most)
    stills: list[DrawnStill] = []
    for data in pictures:
        try:
            stills.append(draw_zone(data))
        except BadInput:  # it is counted, and nothing else is said of what a stranger sent
            continue
    return MailStills(tuple(stills), len(pictures) - len(stills), more)


def main(words: list[str]) -> int:
    """Do what the arguments say."""
    limit_process(cpu_s=CPU_S, memory_bytes=MEMORY_BYTES)
    raw = sys.stdin.buffer.read(MAIL_BYTES_MAX + 1)
    sys.stdout.buffer.write(msgspec.msgpack.encode(draw_mail(raw, int(words[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
