"""A module that makes one thing of a form, in a process beside the event loop: one at a time, and a few wait."""

import asyncio
import contextlib
import sys
from typing import Final

import structlog

from tocsin.model.errors import CentreFault, TooMany
from tocsin.system import timeout

WAITING_MAX: Final = 5
RETRY_S: Final = 5
_LOG = structlog.get_logger("web")


class FormWorker:
    """Runs the process. The event loop owns it."""

    def __init__(self, module: str, *, noun: str, make_s: float, remedy: str) -> None:
        """Run `module`, for `make_s` seconds at most.

        `noun` is what it makes, `remedy` says what to do where it took too long.
        """
        self._module = module
        self._noun = noun
        self._make_s = make_s
        self._remedy = remedy
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def make(self, form: bytes) -> bytes:
        """Return what is made of a form. Where the asker is cancelled, its process is ended.

        Raises:
            TooMany: others wait already; trying again helps.
            CentreFault: it took too long, or its process failed; nothing was made.
        """
        if self._waiting >= WAITING_MAX:
            raise TooMany(
                f"{WAITING_MAX} {self._noun}s are being made already. Nothing was changed. Try again in a moment",
                "report.busy",
                RETRY_S,
            )
        self._waiting += 1
        try:
            async with self._turn:
                return await self._run(form)
        finally:
            self._waiting -= 1

    async def _run(self, form: bytes) -> bytes:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, stdin=pipe, stdout=pipe, stderr=pipe
        )
        try:
            async with timeout(self._make_s):
                made, said = await process.communicate(form)
        except TimeoutError:
            raise CentreFault(
                f"The {self._noun} took longer than {self._make_s:.0f} s. Nothing was made. {self._remedy}",
                "report.time",
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode or not made:
            # A traceback's last line names the exception; its message may repeat a name, so it is left out.
            last = said.strip().rpartition(b"\n")[2].partition(b":")[0]
            _LOG.error("report.failed", status=process.returncode, error=last[-200:].decode("utf-8", "replace"))
            raise CentreFault(
                f"The {self._noun} could not be made. Nothing was changed. The log says more", "report.failed"
            )
        return made
