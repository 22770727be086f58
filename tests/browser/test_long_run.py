"""A console that nobody reloads: hours of changes leave its memory and its nodes as they were."""

import pytest
from playwright.sync_api import expect

from support.room import room, wait_for_open
from support.screens import ROWS_MAX
from tocsin.bench.frames import accounts_csv
from tocsin.bench.load import Open, Storm
from tocsin.bench.processes import load_process

PANELS = 100
MEGABYTE = 1_000_000
GROWTH_BYTES_MAX = 20 * MEGABYTE
NODES_MORE_MAX = 400
"""What a row or two more and a word more in the header make."""


@pytest.fixture
def busy(tmp_path):
    """A centre, and `storm(n)`, which lets its panels send n signals and waits until all are decided on."""
    with room(tmp_path, accounts=accounts_csv(PANELS, 0).decode()) as made, load_process() as load:
        load.open(Open(*made.server.dc09, connections=PANELS))
        cy = made.person("Cy")
        sent = 0

        def storm(signals):
            nonlocal sent
            each = signals // PANELS
            load.prepare(Storm(sent // PANELS, each * PANELS))
            load.run()
            sent += each * PANELS
            while sum(incident["signals"] for incident in cy.open_incidents()) < sent:
                pass

        storm(PANELS)
        wait_for_open(cy, PANELS)
        yield made, storm


def used(page):
    """Bytes of the page's heap after a collection, and how many nodes it has."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("HeapProfiler.collectGarbage")
    heap = cdp.send("Runtime.getHeapUsage")["usedSize"]
    nodes = cdp.send("Memory.getDOMCounters")["nodes"]
    cdp.detach()
    return heap, nodes


def go_through(busy, ana, warm, signals, steps):
    storm = busy[1]
    expect(ana.rows.nth(10)).to_be_visible()
    storm(warm)  # whatever is kept for good is there after that
    heap, nodes = used(ana.page)
    for _ in range(steps):
        storm(signals // steps)
        assert ana.rows.count() <= ROWS_MAX
    expect(ana.page.locator("[data-link=live]")).to_be_visible()
    heap_after, nodes_after = used(ana.page)
    assert nodes_after - nodes < NODES_MORE_MAX
    assert heap_after - heap < GROWTH_BYTES_MAX


def test_thousands_of_changes_leave_nodes_and_memory_as_they_were(busy, sign_in):
    go_through(busy, sign_in(busy[0], "Ana"), 1_000, 6_000, 3)


@pytest.mark.soak
def test_eight_hours_of_changes_leave_nodes_and_memory_as_they_were(busy, sign_in):
    ana = sign_in(busy[0], "Ana")
    ana.open(ana.numbers[0])
    # An open incident shows at most 200 signals and 500 lines of its time line: from then on it grows no more.
    go_through(busy, ana, 60_000, 200_000, 40)
