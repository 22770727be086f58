"""The ceiling of the intake: our own receiver, sockets and codec, with the journal left out.

It reads, judges and answers exactly as `tocsin serve` does, and stores nothing at all: a receipt is handed out where
the writer would have queued the arrival. It exists so that the cost of durability can be told from the cost of the
protocol, and it must never listen anywhere but on this machine.
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
from tocsin.intake.dc09.budget import SenderBudget
from tocsin.intake.dc09.lists import IntakeLists
from tocsin.intake.dc09.receiver import Receiver, Waiting
from tocsin.intake.dc09.sockets import ConnectionLimits, Connections, PanelConnection
from tocsin.journal.writer import Outcome
from tocsin.model.signals import Arrival, Receipt
from tocsin.model.values import Seq, SignalId
from tocsin.protocols.dc09.judge import ReceiverPolicy
from tocsin.settings import Settings, load
from tocsin.system import SystemClock, SystemIds, raise_file_limit

HOST: Final = "127.0.0.1"
BACKLOG: Final = 4096
_RECEIPT: Final = Receipt(SignalId("none-0"), Seq(0), None)


class ReceiptsAtOnce:
    """Stands where the writer stands, stores nothing, and says so in its name. For the bench alone."""

    waiting_signals = 0

    def __init__(self) -> None:
        """Deliver to a receiver, once there is one."""
        self.receiver: Receiver | None = None

    def submit(self, arrival: Arrival, tag: Waiting) -> None:
        """Hand out a receipt for what was not stored."""
        assert self.receiver is not None
        self.receiver.delivered(Outcome((tag,), (_RECEIPT,), None))


def make_connections(settings: Settings) -> Connections:
    """The receiver of a folder's accounts, without its journal."""
    clock, ids = SystemClock(), SystemIds()
    opened = open_folder(settings, os.environ, ids)
    try:
        snapshot = Centre(
            store=opened.store,
            sealer=opened.vault,
            secrets=opened.vault,
            holders=opened.vault.holders,
            clock=clock,
            ids=ids,
            run=never,
        ).snapshot()
        watch = Watch(opened.vault.identity_key(), SystemClock(), shipped_categories())
        watch.use(snapshot)
    finally:
        opened.close()
    dc09 = settings.receivers.dc09
    writer = ReceiptsAtOnce()
    receiver = Receiver(
        snapshot=snapshot,
        policy=ReceiverPolicy(
            unknown_accounts=dc09.unknown_accounts,
            downgrade=dc09.downgrade,
            unstamped=dc09.unstamped,
            missing_line=dc09.missing_line,
        ),
        writer=writer,  # pyright: ignore[reportArgumentType] - what of a Writer the receiver uses
        lists=IntakeLists(opened.vault, dc09.unknown_kept, dc09.rejected_kept, []),
        watch=watch,
        budget=SenderBudget(dc09.unknown_store_per_min),
        clock=clock,
        ids=ids,
        queue_max=dc09.queue_max,
    )
    writer.receiver = receiver
    limits = ConnectionLimits(dc09.connections_max, dc09.per_connection_max, dc09.first_frame_s, dc09.idle_s)
    return Connections(receiver, limits)


async def serve(settings: Settings) -> None:
    """Answer panels on a free port of this machine until the process is ended."""
    connections = make_connections(settings)
    server = await asyncio.get_running_loop().create_server(
        lambda: PanelConnection(connections, "tcp"), HOST, 0, backlog=BACKLOG
    )
    host, port = server.sockets[0].getsockname()[:2]
    print(f"DC-09 on {host}:{port}, answers without storing", flush=True)
    print("Ready: -", flush=True)
    await server.serve_forever()


def main(folder: Path) -> None:
    """Serve the accounts of a folder that no other process holds."""
    settings = load(folder, os.environ)
    # Its lines would say "stored" of what is not; the centre writes at most 50 a second of them.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    raise_file_limit(settings.receivers.dc09.connections_max)
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(settings))
    else:
        uvloop.run(serve(settings))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
