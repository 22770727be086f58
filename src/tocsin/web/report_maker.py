"""Has reports made in a process beside the event loop: one at a time, and a few wait."""

import asyncio
import contextlib
import sys
from typing import Final

import structlog

from tocsin.model.errors import CentreFault, TooMany
from tocsin.system import timeout

MAKE_S: Final = 30.0
WAITING_MAX: Final = 5
RETRY_S: Final = 5
_MODULE: Final = "tocsin.reports.worker"
_LOG = structlog.get_logger("web")


class ReportMaker:
    """Runs the process. The event loop owns it."""

    def __init__(self) -> None:
        """Begin with none under way."""
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def make(self, form: bytes) -> bytes:
        """Return the PDF of a form.

        Raises:
            TooMany: others wait already; trying again helps.
            CentreFault: it took too long, or its process failed; nothing was made.
        """
        if self._waiting >= WAITING_MAX:
            raise TooMany(
                f"{WAITING_MAX} reports are being made already. Nothing was changed. Try again in a moment",
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
            sys.executable, "-m", _MODULE, stdin=pipe, stdout=pipe, stderr=pipe
        )
        try:
            async with timeout(MAKE_S):
                made, said = await process.communicate(form)
        except TimeoutError:
            raise CentreFault(
                f"The report took longer than {MAKE_S:.0f} s. Nothing was made. Try again; where it fails again, the "
                "machine has too much to do",
                "report.time",
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode or not made.startswith(b"%PDF"):
            # A traceback's last line names the exception; its message may repeat a name, so it is left out.
            last = said.strip().rpartition(b"\n")[2].partition(b":")[0]
            _LOG.error("report.failed", status=process.returncode, error=last[-200:].decode("utf-8", "replace"))
            raise CentreFault("The report could not be made. Nothing was changed. The log says more", "report.failed")
        return made
