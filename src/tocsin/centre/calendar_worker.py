"""Reads one calendar in a process of its own, with little memory and little time.

    python -m tocsin.centre.calendar_worker Europe/Vienna 2027-03-04 < holidays.ics

The days go to standard output as JSON; where it is refused, why. With a third word they are when somebody is away.
"""

import sys
from datetime import date
from typing import Final

import msgspec

from tocsin.centre.calendars import CALENDAR_BYTES_MAX, CalendarDays, read_calendar
from tocsin.model.errors import BadInput
from tocsin.system import limit_process

CPU_S: Final = 3
MEMORY_BYTES: Final = 512 << 20


class CalendarAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The days, or why there are none."""

    read: CalendarDays | None = None
    message: str = ""
    code: str = ""


def main(words: list[str]) -> int:
    """Do what the arguments say."""
    limit_process(cpu_s=CPU_S, memory_bytes=MEMORY_BYTES)
    zone, begin, *of = words
    try:
        read = read_calendar(
            sys.stdin.buffer.read(CALENDAR_BYTES_MAX + 1), zone, date.fromisoformat(begin), is_absence=bool(of)
        )
        answer = CalendarAnswer(read=read)
    except BadInput as error:
        answer = CalendarAnswer(message=error.message, code=error.code)
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
