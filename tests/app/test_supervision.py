"""A panel that polls over TCP, is stopped, and comes back: seen through real sockets, the journal and the API."""

import msgspec
import pytest

from support.centres import make_folder, wait_for
from support.in_process import InProcess, frame
from tocsin.centre.folder import LAST_SEEN
from tocsin.centre.table_worker import plan_table
from tocsin.centre.tables import KINDS
from tocsin.store.sqlite import SqliteStore
from tocsin.system import SystemClock


class Hastening(SystemClock):
    """The machine's clock, which a test lets run ahead. Never so far at once that a scan takes it for a gap."""

    ahead_s = 0.0

    def now_us(self):
        return super().now_us() + round(self.ahead_s * 1_000_000)

    def monotonic_s(self):
        return super().monotonic_s() + self.ahead_s


STEP_S = 3.0


def until(clock, is_so):
    """Let time run ahead, a step for each scan."""
    stepped_s = SystemClock().monotonic_s()

    def look():
        nonlocal stepped_s
        if SystemClock().monotonic_s() - stepped_s > 1.1:
            stepped_s = SystemClock().monotonic_s()
            clock.ahead_s += STEP_S
        return is_so()

    wait_for(look, 60)


def poll(n):
    return frame("1", n, token="NULL", data=None)


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.mark.slow
def test_panel_that_stops_opens_an_incident_and_one_that_comes_back_returns_it(settings):
    clock = Hastening()
    running = InProcess(settings, clock=clock).start()
    try:
        plan = plan_table(KINDS["accounts"], running.remote, b"account,category\n1,SP6\n")
        running.remote.import_table(plan, running.remote.config())
        assert running.send(poll(1)) == ["ACK"]
        store = SqliteStore(settings.folder / "tocsin.db")

        def found():
            # Time that runs ahead of the threads looks like timers that stand still, and that is an incident as well.
            return [one for one in store.incidents("open", None, 10) if one.account is not None]

        until(clock, lambda: found() != [])
        wait_for(lambda: store.outages() != [])
        (incident,) = found()
        assert (incident.type, incident.account, incident.condition) == ("TECH-OVERDUE", "1", "active")
        assert [row.incident for row in store.outages()] == [incident.id]
        assert running.send(poll(2)) == ["ACK"]
        wait_for(lambda: found()[0].condition == "returned")
        assert store.outages() == []
        kinds = [stored.row.kind for stored in store.entries(0, 1000)]
        assert kinds.count("supervision.missing") == kinds.count("supervision.returned") == 1
        assert "poll" not in "".join(kinds)
        store.close()
    finally:
        running.stop()
    assert msgspec.json.decode((settings.folder / LAST_SEEN).read_bytes())["v"] == 2
