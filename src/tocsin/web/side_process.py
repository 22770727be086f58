"""Files of strangers are read in a process beside the centre, one at a time: it has little memory and little time."""

import asyncio
import contextlib
import sys
from typing import Final

import structlog

from tocsin.model.errors import BadInput, TooMany
from tocsin.system import timeout

WAITING_MAX: Final = 5
RETRY_S: Final = 5
_LOG = structlog.get_logger("web")


class SideProcess:
    """Runs one module that reads standard input and writes its answer. The event loop owns it."""

    def __init__(self, module: str, noun: str, take_s: float) -> None:
        """Run `module`, for `take_s` at most; `noun` is what it reads."""
        self._module = module
        self._noun = noun
        self._take_s = take_s
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def read(self, data: bytes, *words: str) -> bytes:
        """Return what it wrote.

        Raises:
            TooMany: others wait already; trying again helps.
            BadInput: it took too much time or memory: no file that a person made does.
        """
        if self._waiting >= WAITING_MAX:
            raise TooMany(
                f"{WAITING_MAX} files of this kind are being read already. Nothing was changed. Try again in a moment",
                "file.busy",
                RETRY_S,
            )
        self._waiting += 1
        try:
            async with self._turn:
                return await self._run(data, words)
        finally:
            self._waiting -= 1

    async def _run(self, data: bytes, words: tuple[str, ...]) -> bytes:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, *words, stdin=pipe, stdout=pipe, stderr=pipe
        )
        said = b""
        try:
            async with timeout(self._take_s):
                answer, said = await process.communicate(data)
        except TimeoutError:
            answer = b""
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode or not answer:
            # A traceback's last line names the exception; its message may repeat what is in the file.
            last = said.strip().rpartition(b"\n")[2].partition(b":")[0]
            _LOG.warning(
                "side_process.failed",
                module=self._module,
                status=process.returncode,
                error=last[-200:].decode("utf-8", "replace"),
            )
            raise BadInput(
                f"The {self._noun} takes more time or memory to read than one that a person made. Nothing was changed. "
                "Save it again in another program, smaller, and send that",
                "file.heavy",
            )
        return answer
