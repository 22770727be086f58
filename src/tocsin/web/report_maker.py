"""Has reports made in a process beside the event loop: one at a time, and a few wait."""

import asyncio
import contextlib
import sys
from typing import Final

import msgspec
import structlog

from tocsin.model.errors import BadInput, CentreFault, TooMany
from tocsin.reports.figures_form import REFUSED
from tocsin.system import timeout

MAKE_S: Final = 30.0
WAITING_MAX: Final = 5
RETRY_S: Final = 5
_MODULE: Final = "tocsin.reports.worker"
_LOG = structlog.get_logger("web")


class ReportMaker:
    """Runs the process. The event loop owns it."""

    def __init__(self, make_s: float = MAKE_S) -> None:
        """Begin with none under way; one may take `make_s` seconds."""
        self._make_s = make_s
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def make(self, form: bytes) -> bytes:
        """Return what is made of a form.

        Raises:
            TooMany: others wait already; trying again helps.
            BadInput: there is nothing to make one of.
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
            async with timeout(self._make_s):
                made, said = await process.communicate(form)
        except TimeoutError:
            raise CentreFault(
                f"The report took longer than {self._make_s:.0f} s. Nothing was made. Try again; where it fails again, "
                "the machine has too much to do",
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
            raise CentreFault("The report could not be made. Nothing was changed. The log says more", "report.failed")
        if made.startswith(REFUSED):
            code, message = msgspec.json.decode(made.removeprefix(REFUSED), type=tuple[str, str])
            raise BadInput(message, code)
        return made
