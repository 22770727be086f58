"""Centres in this process: folders made by the product's own code, and one held open as a command holds it."""

import atexit
import contextlib
import functools
import shutil
import tempfile
import time
from pathlib import Path

import pysqlite3.dbapi2 as dbapi

from tocsin.centre.centre import CLI, Centre
from tocsin.centre.opening import create_folder, open_folder
from tocsin.centre.table_files import PLAIN
from tocsin.centre.tables import KINDS
from tocsin.intake.listening import bind_pair
from tocsin.settings import load
from tocsin.system import SystemClock, SystemIds

SETTINGS = '[web]\nlisten = "127.0.0.1:0"\n\n[receivers.dc09]\nlisten = ["127.0.0.1:0"]\n'
KEY = bytes(range(16))
KEYED_CSV = f"account,key\n1,\n2,{KEY.hex()}\n3,\n".encode()


def make_folder(folder, *, toml=SETTINGS, clock=None, is_new=False):
    """Make a centre in `folder`; return its settings. All have the same keys, but for one that `is_new`."""
    if is_new or clock is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tocsin.toml").write_text(toml)
        settings = load(folder, {})
        create_folder(settings, {}, clock or SystemClock(), SystemIds(), "host")
        return settings
    shutil.copytree(_template(), folder, dirs_exist_ok=True)
    (folder / "tocsin.toml").write_text(toml)
    return load(folder, {})


@functools.cache
def _template():
    """A centre made once for the whole run: copying it takes a tenth of the time."""
    place = Path(tempfile.mkdtemp(prefix="tocsin-tests-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    make_folder(place / "centre", is_new=True)
    return place / "centre"


class HeldCentre:
    """A centre whose folder this process holds, with a journal and no writer's thread."""

    def __init__(self, settings, clock=None, run=lambda held, work: work(held.journal), secrets=None, **options):
        """Hold the folder; `run` gives work to the journal, `secrets` makes the keeper of keys from the vault."""
        self.clock = clock or SystemClock()
        self.opened = open_folder(settings, {}, SystemIds())
        self.vault = self.opened.vault
        self.store = self.opened.store
        self.vault.prepare(self.clock.now_us())
        self.journal = self.opened.journal(self.clock, 0)
        self.snapshots = []
        self.places = []
        plain = {
            "store": self.store,
            "sealer": self.vault,
            "secrets": self.vault if secrets is None else secrets(self.vault),
            "holders": self.vault.holders,
            "clock": self.clock,
            "is_clock_in_doubt": self.vault.is_clock_in_doubt,
            "ids": SystemIds(),
            "run": lambda work: run(self, work),
            "on_accounts": self.snapshots.append,
            "on_places": self.places.append,
        }
        self.centre = Centre(**(plain | options))

    def plan(self, data, form="csv", kind="accounts"):
        """What importing `data` would do now."""
        table = KINDS[kind]
        known = table.known(self.centre)
        return table.plan(data, form, known, PLAIN, lambda done, total: None, self.centre.same_keys)

    def add(self, data, form="csv", kind="accounts", actor=CLI):
        """Import `data` as the command does."""
        return self.centre.import_table(self.plan(data, form, kind), self.centre.config(), actor)

    def close(self):
        self.opened.close()


@contextlib.contextmanager
def held(settings, **options):
    """A held centre, let go of at the end."""
    made = HeldCentre(settings, **options)
    try:
        yield made
    finally:
        made.close()


def rows(file: Path, sql: str):
    """What a database file says, read beside whoever has it open."""
    connection = dbapi.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def edit(file: Path, sql: str, values=()):
    """Change a database file behind the centre's back."""
    connection = dbapi.connect(str(file))
    try:
        connection.execute(sql, values)
        connection.commit()
    finally:
        connection.close()


def secret_names(folder: Path):
    """Names of the accounts' keys in `keys.db`."""
    names = rows(folder / "keys.db", "SELECT name FROM secrets WHERE name LIKE 'account-%' ORDER BY name")
    return [name for (name,) in names]


def udp_taken():
    """A socket on a number that is taken for UDP and free for TCP; the number's address too."""
    stream, datagrams = bind_pair("127.0.0.1:0", "test")
    stream.close()
    return datagrams, f"127.0.0.1:{datagrams.getsockname()[1]}"


def wait_for(condition, deadline_s=30.0):
    """Ask until it holds, and return what it said."""
    end_s = time.monotonic() + deadline_s
    while not (found := condition()):
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.005)
    return found
