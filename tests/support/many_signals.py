"""Days of a town in signals: what is sent, what comes again and in which order, and a judge of what became of it.

Everything is in the town's own numbers, so that the judge needs no rule of the product: a happening is known by the
signals that were made of it.
"""

import random
from typing import NamedTuple

import msgspec

from support.fakes import SECOND
from tocsin.centre.flood import STORM
from tocsin.centre.rebuild import Rebuild
from tocsin.model.flood import Storm

SITES = 1_000
HAPPENINGS = 1_000
"""In 100,000 signals; ten times as many in a million."""

AREA = 20
"""Sites of one happening where the mains of an area fail; these sites have no other."""

AREA_SITES = 100
KINDS = (("FA", "FH"), ("BA", "BR"), ("WA", "WR"), ("YT", "YR"), ("MA", "MH"))
"""What the detectors of a happening say: it is there, it is over."""

LIFE_S = 400
"""Between the first and the last signal of a happening: no window of joining passes within it."""

FAULT_LIFE_S = 150
"""Of a battery: its plan waits ten minutes whether it returns, and it chatters for five minutes longer."""

JITTER_S = 30
"""So much later than it was sent a signal may come: others overtake it."""

REPEAT_S = 180
"""So much later it may come again; its identity is known for 300 s, and a restart takes up to 60."""

STORM_EACH_S = 1_800
SLICE_S = 10
IDLE_S = 760
"""After so long a silence a happening is over, and people close its incident."""


class Message(NamedTuple):
    """A message of a panel; the same again is equal."""

    number: int
    happening: int
    site: int
    code: str
    zone: str

    @property
    def material(self):
        return b"%d" % self.number


def signals(seed, count):
    """`count` different messages and a tenth of them once more: slices of `SLICE_S`, in the order of their coming."""
    chance = random.Random(seed)
    happenings = count // (100_000 // HAPPENINGS)
    storms = max(1, happenings // 250)
    coming = []
    free_at = [0.0] * SITES

    def send(at_s, message, late_s):
        at_s += late_s
        coming.append((at_s, len(coming), message))
        if chance.random() < 0.1:
            coming.append((at_s + chance.uniform(-1.0, REPEAT_S), len(coming), message))

    number = 0
    each = count // happenings
    for happening in range(happenings):
        # While the supply of an area is at fault no plan goes without an operator: every other storm has none.
        is_area = happening % 500 == 499
        # Nine in ten come in the minutes of a storm, the others when they come.
        storm_s = happening * storms // happenings * STORM_EACH_S
        begin_s = storm_s + (chance.uniform(0, 120) if chance.random() < 0.9 or is_area else chance.uniform(300, 900))
        if is_area:
            sites = [SITES - AREA_SITES + (happening // 500 * AREA + n) % AREA_SITES for n in range(AREA)]
        else:
            sites = [happening % (SITES - AREA_SITES)]
        begin_s = max(begin_s, *(free_at[site] for site in sites), 0.0)
        codes = ("AT", "AR") if is_area else KINDS[happening % len(KINDS)]
        life_s = FAULT_LIFE_S if codes[0] == "YT" else LIFE_S
        for n in range(each):
            site = sites[n % len(sites)]
            zone = "1" if codes[0] in ("AT", "YT", "MA") else str(chance.choice((1, 1, 1, 2, 2, 3)))
            if n < len(sites):  # the first is an alarm, so that there is something to be over
                send(begin_s + n, Message(number, happening, site, codes[0], zone), 0.0)
            else:
                at_s = begin_s + chance.uniform(len(sites) + 1, life_s)
                # What a plan may handle alone is over once: what came after would be another fault.
                is_once = codes[0] in ("AT", "YT")
                code = codes[1] if (n >= each - len(sites) if is_once else chance.random() < 0.5) else codes[0]
                at_s = begin_s + life_s + JITTER_S if is_once and code == codes[1] else at_s
                send(at_s, Message(number, happening, site, code, zone), chance.uniform(0, JITTER_S))
            number += 1
        for site in sites:
            free_at[site] = begin_s + LIFE_S + REPEAT_S + IDLE_S + 300
    coming.sort()
    slice_, end_s = [], SLICE_S
    for at_s, _, message in coming:
        while at_s > end_s:
            yield slice_
            slice_, end_s = [], end_s + SLICE_S
        slice_.append(message)
    yield slice_


class Ledger:
    """What the centre acknowledged, and what must be true of it at the end."""

    def __init__(self):
        self.seq_of = {}
        self.arrived = 0

    def acknowledged(self, message, receipt):
        """The same message again is the same signal, whatever happened in between."""
        self.arrived += 1
        known = self.seq_of.setdefault(message.number, (receipt.seq, message.happening))
        assert known[0] == receipt.seq, f"message {message.number} is there twice"

    def judge(self, store, count):
        """Each signal ends in one place; of each happening there is one incident, and of each incident one."""
        assert len(self.seq_of) == count
        rows = store.signal_rows(0, 100_000_000)
        assert sorted(row.seq for row in rows) == sorted(seq for seq, _ in self.seq_of.values())
        stored = {one.id: one for state in ("open", "closed") for one in store.incidents(state, None, 10_000_000)}
        happening_of = dict(self.seq_of.values())
        incidents, happenings = {}, {}
        for row in rows:
            if row.outcome == "filed":
                # Of an incident that is closed nothing is left to be over; an alarm is never filed.
                assert row.code in {over for _, over in KINDS} | {"AR"}, row
                continue
            assert row.outcome in ("opened", "joined"), row
            incident = stored[row.incident]
            while incident.merged_into is not None:
                incident = stored[incident.merged_into]
            happening = happening_of[row.seq]
            incidents.setdefault(happening, set()).add(incident.id)
            happenings.setdefault(incident.id, set()).add(happening)
        second = {one: found for one, found in incidents.items() if len(found) > 1}
        assert not second, f"{len(second)} happenings with a second incident: {sorted(second.items())[:3]}"
        mixed = {one: found for one, found in happenings.items() if len(found) > 1}
        assert not mixed, f"{len(mixed)} incidents of two happenings: {sorted(mixed.items())[:3]}"
        assert len(incidents) == len(set(happening_of.values()))
        # The centre itself tells of detectors that run away, beside what they tell of.
        of_signals = [one for one in stored.values() if one.merged_into is None and one.type != "TECH-RUNAWAY"]
        assert len(of_signals) == len(incidents), "none that nothing opened"
        return rows, stored


def assert_rebuilt(store, rows, stored):
    """What the journal makes of it again, read page by page, is what stands in the tables."""
    found = []
    rebuilt, after = Rebuild(found.append), 0
    while page := store.entries(after, 5_000):
        rebuilt.take_all(page)
        after = page[-1].row.seq
    assert rebuilt.incidents == stored
    assert sorted(map(rebuilt.placed, found), key=lambda row: row.seq) == rows
    storm = store.get_meta(STORM)
    assert rebuilt.storm == (msgspec.json.decode(storm, type=Storm) if storm else None)


def received(message, accounts, now_us):
    """Its fields, as intake has them."""
    return {
        "account": str(message.site),
        "account_ref": accounts[message.site],
        "code": message.code,
        "address": message.zone,
        "received_at": now_us,
        "window_us": 300 * SECOND,
    }
