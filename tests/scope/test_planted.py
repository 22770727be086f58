"""R3, R4, R10: what must not be known or kept is in no file: database, log, journal, keys, backups; nothing leaves.

One real centre is told planted values by every way that this release has, and looked through, byte by byte. A way that
is added later plants its values here.
"""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from support.centres import held, make_folder
from support.fakes import SECOND, ManualClock
from support.retention_room import WORDS, Room
from support.room import Person
from support.scope import found_in
from support.server import SETTINGS, Server, make_centre, run_tocsin, wait_for
from tocsin.centre.backup import Backups
from tocsin.centre.restore import restore
from tocsin.cli.backup import _pack
from tocsin.protocols.dc09.encode import encode_frame
from tocsin.protocols.dc09.stamps import format_stamp
from tocsin.settings import load
from tocsin.system import SystemClock, SystemIds

pytestmark = [pytest.mark.slow, pytest.mark.requires("linux")]
SOURCE = Path(__file__).parents[1] / "support" / "shims" / "net.c"
PLANTED = {
    "text of a panel": b"Zanzibarin",
    "user's number": b"Quetzalco",
    "telephone in a modifier": b"Oxymoronic",
    "extended block": b"Wolframite",
    "name of a site": b"Mississippi",
    "address of a site": b"Tegucigalpa",
    "name of an account": b"Popocatepetl",
    "name of a zone": b"Ljubljanica",
    "name of a keyholder": b"Szczebrzeszyn",
    "telephone of a keyholder": b"+436607654321",
    "pass phrase": b"Rhododendronbluete",
    "name of somebody of the staff": b"Xochitlquetzal",
    "password": b"Wanderschuh-Laterne-Kompass-7",
    "note": b"Kilimandscharo",
    "caller in the help note": b"Ouagadougou",
    "rejected frame": b"Antananarivo",
}
"""Each planted word, by where it is put; none of them stands anywhere in clear."""


USER = "user's number"


class Told(NamedTuple):
    folder: Path
    place: Path
    outputs: Path
    net_log: Path


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim that notes what leaves."""
    made = tmp_path_factory.mktemp("net") / "net.so"
    command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return made


def said(name: str) -> str:
    return PLANTED[name].decode()


def import_all(folder: Path, place: Path, env: dict[str, str]) -> None:
    tables = {
        "sites": f"name,address\n{said('name of a site')},{said('address of a site')}\n",
        "accounts": f"account,site,name\n1001,{said('name of a site')},{said('name of an account')}\n",
        "zones": f"account,zone,name\n1001,1,{said('name of a zone')}\n",
        "keyholders": (
            "site,order,name,telephone_1,phrase\n"
            f"{said('name of a site')},1,{said('name of a keyholder')},"
            f"{said('telephone of a keyholder')},{said('pass phrase')}\n"
        ),
    }
    for kind, text in tables.items():
        file = place / f"{kind}.csv"
        file.write_text(text)
        done = run_tocsin("import", kind, file, "--dir", folder, env=env)
        file.unlink()
        assert done.status == 0, done.errors


async def send(server: Server) -> None:
    """Frames with everything that a panel can say about people, and one that is refused."""
    frames = (
        (f"#1001|Nri1id{said(USER)}/FA001^{said('text of a panel')}^", ()),
        (f"#1001|Nri1ph{said('telephone in a modifier')}/BA001", ()),
        ("#1001|NBA002", (f"Y{said('extended block')}",)),
    )
    reader, writer = await asyncio.open_connection(*server.dc09)
    for number, (data, blocks) in enumerate(frames, 1):
        writer.write(
            encode_frame(
                token="SIA-DCS",
                sequence=f"{number:04d}",
                receiver=None,
                line="0",
                account="1001",
                data=data,
                blocks=blocks,
                timestamp=format_stamp(SystemClock().now_us()),
                key=None,
                pad=b"",
            )
        )
        await writer.drain()
        assert b"ACK" in await reader.readuntil(b"\r")
    # One whose check sum is wrong: it is kept, sealed, to find out why.
    data = b'"SIA-DCS"0009L0#1001[#1001|NBA01^' + PLANTED["rejected frame"] + b"^]"
    writer.write(b"\n0000%04X%s\r" % (len(data), data))
    await writer.drain()
    wait_for(lambda: "tocsin_frames_refused_total" in server.get("/metrics").text, 5, "it is refused")
    writer.close()


def handle(server: Server, link: str) -> None:
    """Sign in, and write what people write."""
    person = Person(server.web, link)
    done = person.ask("POST", "/api/v1/me/password", {"new": said("password")})
    assert done.status == 200, done.text
    incident = person.claim(person.open_incidents()[0])
    done = person.act(incident["id"], "note", text=said("note"))
    assert done.status in (200, 201), done.text
    note = {"caller": {"name": said("caller in the help note"), "telephone": "1"}}
    path = f"/api/v1/incidents/{incident['id']}"
    key = {"idempotency-key": "h1"}
    done = person.ask("PUT", f"{path}/help-note", {"version": 0, "note": note}, **key)
    assert done.status == 200, done.text
    for page in ("texts", "help-note", "keyholders"):
        assert person.ask("GET", f"{path}/{page}").status == 200


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Told:
    """A centre that was told everything, backed up while it ran, exported, and stopped."""
    place = tmp_path_factory.mktemp("planted")
    folder, net_log = place / "centre", place / "net.log"
    env = {"LD_PRELOAD": str(library), "NET_LOG": str(net_log)}
    make_centre(folder, "account\n1001\n", SETTINGS)
    server = Server(folder, env=env)
    server.start().wait_ready(60)
    try:
        import_all(folder, place, env)
        asyncio.run(send(server))
        wait_for(lambda: "tocsin_core_waiting 0.0" in server.get("/metrics").text, 10, "the core has caught up")
        name = said("name of somebody of the staff")
        done = run_tocsin("link", name, "--role", "supervisor", "--dir", folder, "--json", env=env)
        handle(server, json.loads(done.output)["path"])
        for words in (
            ("backup", folder, place / "running.tocsin"),
            ("journal", "export", "--dir", folder, "--out", place / "export.jsonl"),
            ("scope", "sheet", "--dir", folder),
        ):
            run = run_tocsin(*words, env=env)
            assert run.status == 0, run.errors
            (place / f"{words[0]}.out").write_text(run.output + run.errors)
        # Beside the files of a folder at work: what a crash would leave.
        shutil.copytree(folder, place / "at-work", ignore=shutil.ignore_patterns("control.sock", "lock"))
        (place / "metrics.txt").write_text(server.get("/metrics").text)
        assert server.stop() == 0
    finally:
        server.clean_up()
    assert run_tocsin("backup", folder, place / "stopped.tocsin", env=env).status == 0
    return Told(folder, place, place / "centre-output", net_log)


def test_no_planted_value_stands_in_any_file_of_a_centre_its_log_its_export_or_its_backups(told: Told) -> None:
    names = {path.name for path in told.place.rglob("*") if path.is_file()}
    assert {"tocsin.db", "tocsin.db-wal", "keys.db", "running.tocsin", "running.tocsin.keys", "export.jsonl"} <= names
    assert any(name.endswith(".err") for name in names), "the log"
    assert found_in([told.place], PLANTED.values()) == []


def test_each_planted_value_was_really_told(told: Told) -> None:
    """Else the test above would hold of a centre that heard nothing: what was sealed opens, and holds them."""
    with held(load(told.folder, {})) as centre:
        opened = [
            centre.vault.open(stored.row.key, stored.row.sealed)
            for stored in centre.store.entries(0, 10_000)
            if stored.row.sealed is not None
        ]
        words = repr([(part.raw, part.text, part.address, part.mods, part.blocks) for part in opened if part])
        secrets = [bytes(value) for value in _secrets(centre)]
        values = [
            value
            for incident in centre.store.incidents("open", None, 100)
            for value in centre.centre.values.open(centre.store.values(incident.id)).values()
        ]
        rejected = [one.raw for one in centre.centre.open_rejected(10, "audit")]
    everything = words.encode() + b"".join(secrets) + b"".join(values) + b"".join(one or b"" for one in rejected)
    hashed = {"pass phrase", "password"}
    assert [name for name, value in PLANTED.items() if value not in everything and name not in hashed] == []


def _secrets(centre):
    names = [name for (name,) in centre.vault._keys.rows("SELECT name FROM secrets")]
    return [value for name, value in centre.vault.secrets_get(names).items() if not name.startswith("centre.")]


def test_nothing_leaves_the_machine_unasked(told: Told) -> None:
    """R10: no connection to another machine, and no name looked up, by the centre or by any command."""
    assert not told.net_log.exists(), told.net_log.read_text()


def test_connection_that_leaves_would_be_found(library: Path, tmp_path: Path) -> None:
    log = tmp_path / "net.log"
    script = (
        "import socket, contextlib\n"
        "with contextlib.suppress(OSError): socket.create_connection(('192.0.2.1', 9), 0.1)\n"
        "with contextlib.suppress(OSError): socket.getaddrinfo('example.org', 80)\n"
    )
    subprocess.run([sys.executable, "-c", script], env={"LD_PRELOAD": str(library), "NET_LOG": str(log)}, check=True)
    assert re.findall(r"^\w+ \S+$", log.read_text(), re.MULTILINE) == ["connect 192.0.2.1", "name example.org"]


# R4: after their time --------------------------------------------------------------------------------------------


def test_after_its_time_a_text_is_in_no_file_no_answer_and_no_restored_backup(tmp_path: Path) -> None:
    """The clock is moved past the class's time. A backup from before is restored after it: nobody is shown the text.

    It waits a week for a legal hold that the backup cannot know of, then it is erased.
    """
    clock = ManualClock()
    settings = make_folder(tmp_path / "centre", clock=clock)
    room = Room(settings)
    try:
        incident = room.closed(text="Zanzibarin")
        store = room.held.store
        backups = Backups(
            store=store, settings=settings, signer=room.held.opened.signer, clock=room.clock, ids=SystemIds(),
            sleep=lambda _: None, record=room.held.journal.record,
        )  # fmt: skip
        parts = backups.wait(backups.begin())
        _pack(backups, parts, tmp_path / "before.tocsin")
        backups.finish(parts.manifest.backup, is_durable=True)
        room.clock.advance(91 * 86_400)
        while room.held.centre.timers.run_due(room.held.journal, room.clock.now_us(), is_clock_sure=True):
            pass
        room.held.vault.destroy_expired(room.clock.now_us(), is_clock_sure=True)
        reader = room.signed_in("supervisor")
        for path in (f"/api/v1/incidents/{incident}/texts", f"/api/v1/incidents/{incident}", "/api/v1/journal"):
            text = reader.get(path).text
            assert WORDS not in text
            assert "Zanzibarin" not in text
        assert store.values(incident) == []
        later = room.clock
    finally:
        room.close()
    assert found_in([tmp_path], [WORDS.encode(), b"Zanzibarin"]) == []
    new = tmp_path / "new"
    new.mkdir()
    shutil.copy(tmp_path / "centre" / "master.key", new / "master.key")
    done = restore(tmp_path / "before.tocsin", new, {}, later, SystemIds(), clock_is_right=True)
    assert done.erased >= 1, "the day's key"
    assert done.waiting == (incident,)
    again = Room(load(new, {}))
    try:
        again.clock.wall_us = later.wall_us + SECOND
        reader = again.signed_in("supervisor")
        texts = reader.get(f"/api/v1/incidents/{incident}/texts").json()
        assert [one["text"] for one in texts["notes"]] == [None]
        assert texts["signals"] == []
        again.clock.wall_us += 7 * 86_400 * SECOND
        while again.held.centre.timers.run_due(again.held.journal, again.clock.now_us(), is_clock_sure=True):
            pass
        assert again.held.store.values(incident) == []
    finally:
        again.close()
