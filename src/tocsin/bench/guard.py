"""What it costs to ask who sends a request and whether it may: `python -m tocsin.bench.guard`.

The guard that every route has, with the sessions of 200 consoles, tokens and phones beside them. Time of the processor
alone, so that what else the machine does counts for little. Prints microseconds a request; the limit is 20.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from litestar import Request, get
from litestar.types import HTTPScope

from tocsin.access.access import Access
from tocsin.model.journal import Fact
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Seq
from tocsin.settings import FILE_NAME, Settings, load
from tocsin.store.memory import MemoryStore
from tocsin.system import SystemClock, SystemIds, cpu_s
from tocsin.web.permissions import needs
from tocsin.web.security import Security

LIMIT_US: Final = 20.0
SESSIONS: Final = 200
REQUESTS: Final = 5_000
RUNS: Final = 7
CLI: Final = Actor("cli")
TAG: Final = "bench000"


class _Names:
    """Names of users, in memory (`access.base.Secrets`)."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def secrets_get(self, names: Sequence[str]) -> Mapping[str, bytes]:
        return {name: self._values[name] for name in names if name in self._values}

    def secret_names(self, prefix: str) -> Sequence[str]:
        return [name for name in self._values if name.startswith(prefix)]

    def secrets_put(self, secrets: Mapping[str, bytes]) -> None:
        self._values.update(secrets)

    def secrets_delete(self, names: Sequence[str]) -> None:
        for name in names:
            self._values.pop(name, None)


@get("/", opt=needs("incident.read"))
async def asked() -> None:
    """What the requests are for."""


def measure(settings: Settings, requests: int = REQUESTS, runs: int = RUNS) -> float:
    """Microseconds of the processor that a request costs: median of the runs."""
    store = MemoryStore()
    seq = 0

    def record(facts: Sequence[Fact], apply: Callable[[StoreTransaction, Sequence[Seq]], None]) -> Sequence[Seq]:
        nonlocal seq
        seqs = [Seq(seq + number) for number in range(1, len(facts) + 1)]
        seq += len(facts)
        with store.transaction() as transaction:
            apply(transaction, seqs)
        return seqs

    access = Access(
        store=store,
        secrets=_Names(),
        clock=SystemClock(),
        ids=SystemIds(),
        record=record,
        session_s=43_200,
        centre_tag=TAG,
    )
    scopes: list[HTTPScope] = []
    for number in range(SESSIONS):
        user = access.set_user(f"Operator {number}", ["operator"], CLI)
        secret, _ = access.sign_in(access.create_link(user, CLI).secret)
        scopes.append(_scope(f"tocsin-{TAG}={secret}"))
    security = Security(access, settings)

    async def run() -> float:
        began_s = cpu_s()
        for number in range(requests):
            await security.guard(Request(scopes[number % SESSIONS]), asked)
        return (cpu_s() - began_s) / requests * 1_000_000

    return statistics.median(asyncio.run(run()) for _ in range(runs))


def _scope(cookie: str) -> HTTPScope:
    """A request as a console sends it."""
    headers = [
        (b"host", b"127.0.0.1:8400"),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"),
        (b"accept", b"application/json"),
        (b"sec-fetch-site", b"same-origin"),
        (b"accept-language", b"en"),
        (b"cookie", cookie.encode()),
    ]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "scheme": "http",
        "headers": headers,
        "client": ("127.0.0.1", 50_000),
        "state": {},
    }
    return scope  # pyright: ignore[reportReturnType] - the part of it that a guard looks at


def main() -> int:
    """Measure, print, and say whether it is within the limit."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        (Path(folder) / FILE_NAME).write_text("")
        cost_us = measure(load(Path(folder), {}))
    print(f"guard  {cost_us:.1f} us a request (limit {LIMIT_US:g})")
    return 0 if cost_us <= LIMIT_US else 1


if __name__ == "__main__":
    raise SystemExit(main())
