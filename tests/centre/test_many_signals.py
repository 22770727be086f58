"""100,000 signals with repeats, restarts and in another order: none is lost, none makes a second incident."""

import collections
import random

import pytest

from support.cores import KEY, PlacesOf, vault
from support.fakes import SECOND, ManualClock, arrival
from tocsin.centre.core import Core
from tocsin.centre.rebuild import Rebuild
from tocsin.journal.identity import RepeatWindow
from tocsin.journal.journal import Journal
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

SIGNALS = 100_000
HAPPENINGS = 1_000
BATCH = 500
WINDOW_US = 300 * SECOND
PLACES = PlacesOf({f"account-{n}": f"site-{n}" for n in range(HAPPENINGS)})
KINDS = (("BA", "BR"), ("FA", "FH"), ("WA", "WR"))
"""What the detectors of a happening say: an alarm, and that it is over."""


class Life:
    """One process: it reads what the last one left, and dies without a word."""

    def __init__(self, store, clock):
        self.journal = Journal(store, vault(), clock, RepeatWindow(KEY), WINDOW_US)
        self.core = Core(store, clock, shipped_catalogue(), PLACES)
        self.journal.attach(self.core)


def frames(seed):
    """All that is sent, in the order in which it arrives: originals, a tenth of them again, none in its order."""
    chance = random.Random(seed)
    sent = []
    for number in range(SIGNALS):
        happening = number % HAPPENINGS
        codes = KINDS[happening % len(KINDS)]
        # The first is an alarm, so that there is something to be over.
        code = codes[0] if number < HAPPENINGS else chance.choice(codes)
        sent.append((number, happening, code, str(1 + chance.randrange(4))))
    head, rest = sent[:HAPPENINGS], sent[HAPPENINGS:]
    chance.shuffle(head)
    chance.shuffle(rest)
    arriving = head + rest
    for again in chance.sample(arriving, SIGNALS // 10):
        arriving.insert(chance.randrange(HAPPENINGS, len(arriving)), again)
    # A repeat that overtakes its original is the original.
    return arriving


def test_signals_with_repeats_restarts_and_reordering_make_no_second_incident_and_lose_none(tmp_path):
    arriving = frames(6)
    store, clock = SqliteStore(tmp_path / "tocsin.db"), ManualClock()
    life = Life(store, clock)
    acknowledged = collections.Counter()
    batches = range(0, len(arriving), BATCH)
    restarts = set(batches[len(batches) // 6 :: len(batches) // 5])
    for begin in range(0, len(arriving), BATCH):
        if begin in restarts:  # entries wait in it that nobody has decided on
            assert life.journal.is_core_behind
            with store.transaction() as transaction:
                transaction.put_meta("running", "1")
            life = Life(store, clock)
        batch = [
            arrival(
                b"%d" % number, account=str(happening), account_ref=f"account-{happening}", code=code, address=zone,
                received_at=clock.now_us(), window_us=WINDOW_US,
            )
            for number, happening, code, zone in arriving[begin : begin + BATCH]
        ]  # fmt: skip
        for receipt in life.journal.store(batch):
            acknowledged[receipt.id] += 1
    steps = 0
    while life.journal.is_core_behind:
        life.journal.store(())
        steps += 1
        assert steps < 10_000

    distinct = {one[0] for one in arriving}
    rows = store.signal_rows(0, 10_000_000)
    assert len(rows) == len(distinct) == len(acknowledged), "each that was acknowledged is there once"
    assert acknowledged.total() == len(arriving)
    assert len({row.seq for row in rows}) == len(rows), "and ends in one place"
    filed = collections.Counter((row.code, row.reason) for row in rows if row.outcome == "filed")
    assert not filed, filed
    assert {row.outcome for row in rows} == {"opened", "joined"}
    incidents = store.incidents("open", None, 1_000_000)
    assert sum(row.outcome == "opened" for row in rows) == len(incidents) == HAPPENINGS
    assert len({one.account_id for one in incidents}) == HAPPENINGS
    ended = collections.Counter(row.incident for row in rows)
    assert {one.id: one.signals for one in incidents} == ended
    found = []
    rebuilt = Rebuild(found.append)
    rebuilt.take_all(store.entries(0, 10_000_000))
    store.close()
    assert rebuilt.incidents == {one.id: one for one in incidents}
    assert sorted(found, key=lambda row: row.seq) == rows
