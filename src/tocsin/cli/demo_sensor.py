"""The demo's one source beside its panels: a simulated water sensor that sends by HTTP, as a gateway would."""

import asyncio
import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.centre.centre import Centre
from tocsin.centre.tables import KINDS
from tocsin.cli.accounts import run_import
from tocsin.cli.folder import CentreAccess
from tocsin.model.sources import SourceRow
from tocsin.model.values import Actor, Secret
from tocsin.system import SystemClock, sleep

NUMBER: Final = "9001"
_ACCOUNTS: Final = f"account,site,name\n{NUMBER},Museum of the Sea,Archive gateway (simulated)\n"
_ZONES: Final = f"account,zone,name\n{NUMBER},ARCHIVE1,Archive cellar: water sensor (simulated)\n"
WATER_S: Final = 40
"""So long after the start the cellar has water."""

DRY_S: Final = 100
"""And so long after the start none any more."""

AGAIN_S: Final = 2
TIMEOUT_S: Final = 5


def fill_sensor(centre: CentreAccess, actor: Actor) -> Secret:
    """Let it be there, with a token for this run alone; return that."""
    held = centre.asked
    assert isinstance(held, Centre), "the demo is filled before it runs"
    if all(account.row.account != NUMBER for account in centre.accounts()):
        for kind, table in (("accounts", _ACCOUNTS), ("zones", _ZONES)):
            run_import(centre, KINDS[kind], table.encode())
    account = next(one for one in centre.accounts() if one.row.account == NUMBER)
    admission = centre.admission()
    made = admission.create_token(["intake"], 1)
    source = next((one for one in held.sources.all() if one.row.account_id == account.id), None)
    if source is None:
        held.sources.make(SourceRow(account_id=account.id, tokens=(made.id,)), actor)
        return made.secret
    alive = {one.id for one in admission.tokens() if one.state == "alive"}
    for token in source.row.tokens:
        if token in alive:
            admission.revoke_token(token)
    held.sources.change(source.id, source.seq, msgspec.structs.replace(source.row, tokens=(made.id,)), actor)
    return made.secret


async def send(address: Callable[[], str], secret: Secret, acked: list[int]) -> None:
    """Send water, and later that it is over, each until it is stored; add to `acked` what was."""
    clock = SystemClock()
    begin_s, begin_us = clock.monotonic_s(), clock.now_us()
    for after_s, state in ((WATER_S, "active"), (DRY_S, "returned")):
        await sleep(max(0.0, begin_s + after_s - clock.monotonic_s()))
        said = {"code": "water", "device": "archive-1", "state": state, "id": f"{begin_us}-{state}"}
        while not await asyncio.to_thread(_post, address(), secret, said):
            await sleep(AGAIN_S)
        acked.append(1)


def _post(address: str, secret: Secret, said: dict[str, str]) -> bool:
    """Whether it is stored. A centre that is dead at this moment is asked again, under the same id."""
    asked = urllib.request.Request(  # noqa: S310 - the demo's own centre
        f"{address}/api/v1/intake/signals",
        json.dumps(said).encode(),
        {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
        method="POST",
    )
    with (
        contextlib.suppress(OSError, urllib.error.URLError),
        urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer,  # noqa: S310 - the same
    ):
        return bool(answer.status == 202)
    return False
