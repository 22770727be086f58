"""Promises 1 and 2 for machines that send by HTTP: the real process, killed while requests are on the way."""

import http.client
import json
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.bad_disk import WAL, BadDisk
from support.centres import held, rows
from support.journal_reader import read_journal, signals
from support.server import Server, wait_for
from support.web import make_access
from tocsin.model.sources import SourceRow
from tocsin.model.values import Actor
from tocsin.settings import load

ROUNDS = 3
BATCH = 5

pytestmark = pytest.mark.afresh

Serve = Callable[..., Server]
CLI = Actor("cli")


class Sent(NamedTuple):
    """A request, and the receipts that came for it; None where none came."""

    ids: list[str]
    receipts: list[dict[str, Any]] | None


@pytest.fixture
def token(folder: Path) -> str:
    """The secret of a token of a source for the first account."""
    settings = load(folder, {})
    with held(settings) as centre:
        made = make_access(centre, settings).create_token(["intake"], 90, CLI)
        (account, *_) = centre.store.accounts()
        centre.centre.sources.make(SourceRow(account_id=account.id, tokens=(made.id,)), CLI)
    return made.secret


def post(server: Server, token: str, ids: list[str]) -> Sent:
    """Send a batch of alarms under these ids."""
    connection = http.client.HTTPConnection(*server.web, timeout=10)
    body = json.dumps([{"code": "smoke", "device": "d1", "id": one} for one in ids])
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    try:
        connection.request("POST", "/api/v1/intake/signals", body, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return Sent(ids, None)
    finally:
        connection.close()
    assert answer.status == 202, said
    return Sent(ids, said["receipts"])


def counts(folder: Path) -> str:
    """What was counted of sources, as it is stored."""
    return "".join(
        str(one) for one in rows(folder / "tocsin.db", "SELECT value FROM meta WHERE name = 'source_counts'")
    )


def stored_ids(folder: Path) -> list[str]:
    return [str(entry.id) for entry in signals(read_journal(folder))]


@pytest.mark.slow
def test_request_that_was_answered_survives_kills_and_its_repeat_is_no_second_signal(
    serve: Serve, folder: Path, token: str
) -> None:
    dice, sent, count = random.Random(7), list[Sent](), 0
    server = serve()
    for _ in range(ROUNDS):
        server.start().wait_ready()
        killer = threading.Timer(dice.uniform(0.05, 0.4), server.kill)
        killer.start()
        while server.is_running and (not sent or sent[-1].receipts is not None or count % 7 == 0):
            count += 1
            sent.append(post(server, token, [f"{count}-{n}" for n in range(BATCH)]))
        killer.join()
        sent.append(Sent(sent[-1].ids, None))
    answered = [one for one in sent if one.receipts is not None]
    assert len(answered) > ROUNDS, "something was answered in each round"
    with server:
        server.wait_ready()
        for one in answered:
            again = post(server, token, one.ids)
            assert one.receipts is not None
            assert again.receipts == [told | {"duplicate_of": told["id"]} for told in one.receipts]
        for one in sent:
            post(server, token, one.ids)
        server.stop()
    names = stored_ids(folder)
    assert len(names) == len(set(names)) == BATCH * len({one.ids[0] for one in sent}), "each once, and batches whole"
    assert {told["id"] for one in answered for told in one.receipts or ()} <= set(names)


@pytest.mark.slow
@pytest.mark.requires("cc")
def test_death_between_stored_and_answered_makes_no_second_signal_of_a_request(
    serve: Serve, disk: BadDisk, folder: Path, token: str
) -> None:
    server = serve(disk.environment)
    with server:
        server.wait_ready()
        assert post(server, token, ["a-1"]).receipts is not None
        # Decided on, and its count written: from now on the next sync is that of the next request.
        wait_for(
            lambda: '"stored":1' in counts(folder) and server.metric("tocsin_core_waiting") == 0, 30, "it is at rest"
        )
        disk.kill_after(WAL)
        assert post(server, token, ["a-2", "a-3"]).receipts is None, "answered, though the process died"
        server.wait_exit()
    disk.heal()
    before = stored_ids(folder)
    with server:
        server.wait_ready()
        again = post(server, token, ["a-2", "a-3"]).receipts
        told = {what: server.metric(f'tocsin_sources_total{{result="{what}"}}') for what in ("received", "repeated")}
        assert told == {"received": 1, "repeated": 2}, "since this start"
        server.stop()
    assert again is not None
    assert stored_ids(folder) == before
    assert [one["duplicate_of"] for one in again] == before[1:] == [one["id"] for one in again]
