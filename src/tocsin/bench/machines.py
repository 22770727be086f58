"""Machines of a bench's centre: sources by HTTP with their tokens, and one at a broker with its devices."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from tocsin.access.access import Access, tag_of
from tocsin.bench.frames import account
from tocsin.centre.centre import CLI, Centre
from tocsin.centre.opening import open_folder
from tocsin.journal.journal import Journal
from tocsin.model.sources import MqttWay, SourceRow
from tocsin.model.values import Code, Ref
from tocsin.settings import load
from tocsin.system import SystemClock, SystemIds

T = TypeVar("T")
BASE: Final = "zigbee2mqtt"
TOKEN_DAYS: Final = 1


class Machines(msgspec.Struct, frozen=True):
    """What a load needs to send for them."""

    sources: tuple[str, ...]
    """Ids of the sources by HTTP."""
    tokens: tuple[str, ...]
    """The secret of each one's token."""


def add_machines(folder: Path, first: int, count: int) -> Machines:
    """Make sources of `count` accounts of the bench, from `first`, by HTTP; and one at the broker of the next.

    The folder is one that no process holds.
    """
    clock, ids = SystemClock(), SystemIds()
    settings = load(folder, os.environ)
    opened = open_folder(settings, os.environ, ids)
    try:
        opened.vault.prepare(clock.now_us())
        journal = opened.journal(clock, 0)

        def run(work: Callable[[Journal], T]) -> T:
            return work(journal)

        centre = Centre(
            store=opened.store,
            sealer=opened.vault,
            secrets=opened.vault,
            holders=opened.vault.holders,
            clock=clock,
            ids=ids,
            run=run,
        )
        access = Access(
            store=opened.store,
            secrets=opened.vault,
            clock=clock,
            ids=ids,
            record=journal.record,
            session_s=3600,
            centre_tag=tag_of(opened.signer.origin),
        )
        by_number: dict[str, Ref] = {one.row.account: one.id for one in opened.store.accounts()}
        wanted = [by_number[account(first + index, is_encrypted=False).number] for index in range(count + 1)]
        tokens = [access.create_token(["intake"], TOKEN_DAYS, CLI) for _ in range(count)]
        made = [
            centre.sources.make(SourceRow(account_id=id_, tokens=(Ref(token.id),)), CLI)
            for id_, token in zip(wanted, tokens, strict=False)
        ]
        mqtt = MqttWay(base=Code(BASE), convention="zigbee2mqtt")
        centre.sources.make(SourceRow(account_id=wanted[-1], mqtt=mqtt, way="mqtt"), CLI)
        return Machines(tuple(one.id for one in made), tuple(token.secret for token in tokens))
    finally:
        opened.close()


def batch(source: str, first: int, count: int) -> bytes:
    """A request of `count` messages, numbers `first` and those after it: no two of a source are repeats."""
    said = [{"code": "smoke", "device": "kitchen-1", "id": f"{source}-{first + index}"} for index in range(count)]
    return json.dumps(said, separators=(",", ":")).encode()


def device_list(devices: int) -> bytes:
    """What a Zigbee bridge tells of its devices."""
    found = [
        {"friendly_name": f"detector-{index}", "ieee_address": f"0x00158d00{index:08x}", "type": "EndDevice"}
        for index in range(devices)
    ]
    return json.dumps(found).encode()


def state(number: int, devices: int) -> tuple[str, bytes]:
    """Topic and text of message `number`: each device in turn, then each anew with the other state."""
    has_smoke = "false" if number // devices % 2 else "true"
    return f"{BASE}/detector-{number % devices}", b'{"battery":87,"linkquality":120,"smoke":%b}' % has_smoke.encode()
