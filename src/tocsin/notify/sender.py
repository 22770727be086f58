"""Takes what is due from the outbox, gives it to its provider, and notes what the provider said.

One slow provider, or one dead address, holds up nobody else: each sending is a task of its own, bounded in time and
number. What comes back is noted together, so that many notices share one commit.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog

from tocsin.centre.outbox import AT_ONCE, Outbox, Sending, Sent
from tocsin.model.errors import CentreFault
from tocsin.model.notices import Failed, Outcome, Retry
from tocsin.model.ports import Clock, Notifier
from tocsin.model.values import Code
from tocsin.rules.ladder import Way
from tocsin.system import sleep, timeout

SENDING_MAX: Final = 100
"""Sendings at once."""

SENDING_S: Final = 40.0
"""A provider that says nothing for so long is tried again."""

LOOK_S: Final = 5.0
"""The outbox is looked at so often at least."""

FAULT_S: Final = 2.0
STOP_S: Final = 3.0
"""At the end sendings that are under way are waited for so long; what is not noted is sent again at the next start."""

_LOG = structlog.get_logger("notify")


class Sender:
    """Sends notices, in the event loop that started it."""

    def __init__(self, outbox: Outbox, notifiers: Mapping[Way, Notifier], clock: Clock) -> None:
        """Send what stands in `outbox` by these providers."""
        self._outbox = outbox
        self._notifiers = notifiers
        self._clock = clock
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._results: list[Sent] = []
        self._noting: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._turned_s = clock.monotonic_s()

    @property
    def silent_s(self) -> float:
        """How long ago it last looked into the outbox without a fault."""
        return self._clock.monotonic_s() - self._turned_s

    def start(self) -> None:
        """Begin, with what was left by an earlier process."""
        self._loop = asyncio.get_running_loop()
        self._turned_s = self._clock.monotonic_s()
        self._running = self._loop.create_task(self._run())

    def wake(self) -> None:
        """Something is to be sent. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def stop(self) -> None:
        """Take nothing more; note what comes back in time."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if self._sending:
            await asyncio.wait(self._sending, timeout=STOP_S)
        for task in list(self._sending):
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        if self._noting is not None:
            await asyncio.gather(self._noting, return_exceptions=True)
        for notifier in self._notifiers.values():
            await notifier.close()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                taken = await self._take()
                wait_s = 0.0 if taken >= AT_ONCE else await self._wait_s()
                self._turned_s = self._clock.monotonic_s()
            except CentreFault as fault:
                _LOG.warning("outbox.not_taken", code=fault.code)
                wait_s = FAULT_S
            except Exception:  # noqa: BLE001 - the next round tries again; it is logged
                _LOG.exception("outbox.failed")
                wait_s = FAULT_S
            if wait_s > 0:
                await self._wait(wait_s)

    async def _take(self) -> int:
        room = SENDING_MAX - len(self._sending)
        if room <= 0:
            return 0
        sendings = await asyncio.to_thread(self._outbox.take, min(room, AT_ONCE))
        for sending in sendings:
            task = asyncio.create_task(self._send(sending))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return len(sendings)

    async def _wait_s(self) -> float:
        due_at = await asyncio.to_thread(self._outbox.next_due_us)
        if due_at is None or len(self._sending) >= SENDING_MAX:
            return LOOK_S
        return min(LOOK_S, max(0.02, (due_at - self._clock.now_us()) / 1_000_000))

    async def _wait(self, seconds: float) -> None:
        try:
            async with timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _send(self, sending: Sending) -> None:
        outcome = await self._outcome(sending)
        self._results.append(Sent(sending, outcome))
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note())

    async def _outcome(self, sending: Sending) -> Outcome:
        notifier = self._notifiers.get((sending.step.channel, sending.step.provider))
        if notifier is None:
            return Failed(Code("switched_off"))
        if sending.address is None:
            return Failed(Code("contact_gone"), is_gone=True)
        try:
            async with timeout(SENDING_S):
                return await notifier.send(sending.message, sending.address)
        except TimeoutError:
            return Retry(None, Code("timeout"))
        except Exception as error:  # noqa: BLE001 - a provider's bug must not lose the notice; it is logged and tried on
            # Not the error's own words: an address may stand in them.
            _LOG.error("notify.bug", channel=sending.step.channel, error=type(error).__name__)
            return Retry(None, Code("bug"))

    async def _note(self) -> None:
        while self._results:
            results, self._results = self._results[:AT_ONCE], self._results[AT_ONCE:]
            try:
                await asyncio.to_thread(self._outbox.sent, results)
            except CentreFault as fault:
                # They are still in the outbox, and are sent again.
                _LOG.warning("outbox.not_noted", code=fault.code, count=len(results))
                await sleep(FAULT_S)
