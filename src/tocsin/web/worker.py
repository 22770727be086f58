"""The one worker process beside the event loop: large tables are checked and written there.

One works at a time, and a few wait. Its input is handed on as it comes, so that a file is never held here; where it
hangs, dies, or its asker goes away, it is ended.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import msgspec
import structlog

from tocsin.centre.table_worker import Outcome, error_of
from tocsin.model.errors import CentreFault, TocsinError, TooMany
from tocsin.system import timeout

WORK_S: Final = 600.0
"""So long one table may take, its way here included."""

BUSY_MAX: Final = 5
"""Imports and exports under way at once, of which one works."""

READ_BYTES: Final = 65_536
RETRY_S: Final = 10
LOGGED_BYTES: Final = 200
_MODULE: Final = "tocsin.centre.table_worker"
_LOG = structlog.get_logger("web")


class Worker:
    """Runs the worker process: as many wait for their input as may, and one works at a time."""

    def __init__(self, control: Path) -> None:
        """Let it ask the centre at the control socket `control`."""
        self._control = control
        self._turn = asyncio.Lock()
        self._busy = 0

    async def answer(self, *words: str, data: AsyncIterator[bytes]) -> bytes:
        """Run `import` with this input; return all that it wrote.

        Raises:
            TooMany: others wait for their turn already.
            CentreFault: it did not end well.
        """
        async with self._started(words, asyncio.subprocess.PIPE) as process:
            assert process.stdin is not None, "a pipe was asked for"
            assert process.stdout is not None, "a pipe was asked for"
            with contextlib.suppress(ConnectionError):
                # Where it ends before it has read all, it says why.
                async for chunk in data:
                    _write(process.stdin, chunk)
                    await process.stdin.drain()
            # It begins to work at the end of its input, and that is its turn: a slow sender holds up nobody.
            async with self._turn:
                process.stdin.close()
                answer = await process.stdout.read()
                if await process.wait() or not answer:
                    raise await _failed(process)
                return answer

    async def file(self, *words: str) -> AsyncIterator[bytes]:
        """Run `export`; yield the file in pieces. The first piece comes only where all of it could be made.

        Raises:
            TooMany, CentreFault: as `answer`.
            TocsinError: what it was refused with.
        """
        async with self._turn, self._started(words, asyncio.subprocess.DEVNULL) as process:
            assert process.stdout is not None, "a pipe was asked for"
            is_begun = False
            while chunk := await process.stdout.read(READ_BYTES):
                is_begun = True
                yield chunk
            if await process.wait() or not is_begun:
                raise await _failed(process)

    @contextlib.asynccontextmanager
    async def _started(self, words: tuple[str, ...], stdin: int) -> AsyncIterator[asyncio.subprocess.Process]:
        if self._busy >= BUSY_MAX:
            raise TooMany(
                f"{BUSY_MAX} imports or exports are under way already. Nothing was changed. Try again in a moment",
                "import.busy",
                RETRY_S,
            )
        self._busy += 1
        try:
            process = await self._start(words, stdin)
            try:
                async with timeout(WORK_S):
                    yield process
            except TimeoutError:
                raise CentreFault(
                    f"The table took longer than {WORK_S:.0f} s. Whether it was imported is not known: look, then try "
                    "again with less",
                    "import.time",
                ) from None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        finally:
            self._busy -= 1

    async def _start(self, words: tuple[str, ...], stdin: int) -> asyncio.subprocess.Process:
        verb, kind, *rest = words
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _MODULE,
            verb,
            kind,
            str(self._control),
            *rest,
            stdin=stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )


def _write(pipe: asyncio.StreamWriter, chunk: bytes) -> None:
    try:
        pipe.write(chunk)
    except RuntimeError as error:
        # uvloop's word for a pipe that was closed when its process ended; asyncio's own loop says nothing here.
        raise BrokenPipeError from error


async def _failed(process: asyncio.subprocess.Process) -> TocsinError:
    """What it says went wrong."""
    assert process.stderr is not None, "a pipe was asked for"
    said = await process.stderr.read()
    with contextlib.suppress(msgspec.MsgspecError):
        told = msgspec.json.decode(said, type=Outcome).error
        if told is not None:
            return error_of(told)
    # A traceback's last line names the exception; its message may repeat a value, so it is left out.
    last = said.strip().rpartition(b"\n")[2].partition(b":")[0]
    _LOG.error("worker.failed", status=process.returncode, error=last[-LOGGED_BYTES:].decode("utf-8", "replace"))
    return CentreFault(
        "The worker that checks tables ended before it was done. Whether something was imported is not known: look, "
        "then try again. The log says more",
        "import.worker",
    )
