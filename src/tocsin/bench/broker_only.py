"""The ceiling of what is read at a broker: our own reader of it, with the journal left out.

It connects, reads, judges and acknowledges exactly as `tocsin serve` does, and stores nothing at all: a receipt is
handed out where the writer would have queued the arrival. `/metrics` says how many it handed out, under the name that a
centre has for what it stored, so that one and the same bench asks both.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Final

import structlog

from tocsin.bench.one_commit import never
from tocsin.centre.categories import shipped_categories
from tocsin.centre.centre import Centre
from tocsin.centre.opening import open_folder
from tocsin.centre.supervision import Watch
from tocsin.intake.mqtt.broker import broker_of
from tocsin.intake.mqtt.receiver import Brokered, FromBroker
from tocsin.intake.webhook.counts import SourceTally
from tocsin.model.signals import Arrival, Receipt
from tocsin.model.values import Seq, SignalId
from tocsin.settings import load
from tocsin.system import SystemClock, SystemIds, call_every

HOST: Final = "127.0.0.1"
SETTLE_S: Final = 1.0
_RECEIPT: Final = Receipt(SignalId("none-0"), Seq(0), None)


class AtOnce:
    """Stands where the writer stands, stores nothing, and counts. For the bench alone."""

    def __init__(self) -> None:
        """Deliver to a reader, once there is one."""
        self.brokered: Brokered | None = None
        self.count = 0

    def submit(self, arrival: Arrival, tag: FromBroker) -> None:
        """Hand out a receipt for what was not stored."""
        assert self.brokered is not None
        self.count += len(arrival.signals)
        self.brokered.delivered(tag, _RECEIPT)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say how many it was, to whoever asks."""
        await reader.readuntil(b"\r\n\r\n")
        body = b"tocsin_journal_seq %d\n" % self.count
        writer.write(b"HTTP/1.0 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()


async def serve(folder: Path) -> None:
    """Read the broker of the settings until the process is ended."""
    settings, clock, ids = load(folder, os.environ), SystemClock(), SystemIds()
    broker = broker_of(settings.receivers.mqtt, folder)
    assert broker is not None, "the bench names one"
    opened = open_folder(settings, os.environ, ids)
    centre = Centre(
        store=opened.store,
        sealer=opened.vault,
        secrets=opened.vault,
        holders=opened.vault.holders,
        clock=clock,
        ids=ids,
        run=never,
    )
    snapshot = centre.snapshot()
    watch = Watch(opened.vault.identity_key(), clock, shipped_categories())
    watch.use(snapshot)
    at_once = AtOnce()
    brokered = Brokered(
        broker,
        store=opened.store,
        submit=at_once.submit,
        tally=SourceTally(None),
        watch=watch,
        clock=clock,
        notice=lambda _what: None,
    )
    at_once.brokered = brokered
    brokered.use(snapshot)
    server = await asyncio.start_server(at_once.answer, HOST, 0)
    looking = asyncio.create_task(call_every(SETTLE_S, brokered.look))
    print(f"Ready: http://{HOST}:{server.sockets[0].getsockname()[1]}/", flush=True)
    try:
        await brokered.bridge.run()
    finally:
        looking.cancel()
        opened.close()


def main(folder: Path) -> None:
    """Read for the sources of a folder that no other process holds."""
    # Its lines would say "stored" of what is not; the centre writes at most 50 a second of them.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(folder))
    else:
        uvloop.run(serve(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
