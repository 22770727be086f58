"""What the journal promises its writer: durable before told, once, in order, chained."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.fakes import SECOND, START_US, CountingIds, ManualClock, arrival
from tocsin.journal.chain import export_line
from tocsin.journal.identity import Original, RepeatWindow
from tocsin.journal.journal import Journal
from tocsin.journal.verify import verify_export
from tocsin.model.errors import CentreFault, JournalFull
from tocsin.model.journal import CentreStarted, Fact
from tocsin.model.signals import Quantity, Receipt
from tocsin.store.memory import MemoryStore
from tocsin.vault import MasterKey, Vault

KEY = b"k" * 32


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vault")
    ids = CountingIds()
    made = Vault.create(folder / "keys.db", MasterKey.create(folder / "master.key", {}, ids), ids)
    yield made
    made.close()


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def journal(store, vault, clock):
    return open_journal(store, vault, clock)


def open_journal(store, vault, clock, longest_us=3600 * SECOND):
    return Journal(store, vault, clock, RepeatWindow(KEY), longest_us)


def entries(store):
    return [json.loads(stored.row.entry) for stored in store.entries(0, 10_000)]


def started():
    return Fact(kind="centre.started", body=CentreStarted(epoch=1, version="0"))


def test_each_event_of_a_frame_is_a_signal_and_all_share_the_frame(journal, store):
    receipts = journal.store([arrival(b"a", events=3), arrival(b"b")])
    assert receipts == [Receipt("main-1", 1, None), Receipt("main-4", 4, None)]
    assert [(e["id"], e["body"]["frame"], e["body"]["event"], e["body"]["events"]) for e in entries(store)] == [
        ("main-1", "main-1", 1, 3),
        ("main-2", "main-1", 2, 3),
        ("main-3", "main-1", 3, 3),
        ("main-4", "main-4", 1, 1),
    ]


def test_a_repeat_is_told_of_its_original_and_stored_as_a_count(journal, store, clock):
    first = journal.store([arrival()])
    clock.advance(11)
    assert journal.store([arrival(), arrival()]) == [Receipt("main-1", 1, "main-1")] * 2
    assert first == [Receipt("main-1", 1, None)]
    assert store.entries(0, 10)[0].duplicates == 0, "counts ride with the next commit"
    journal.store([arrival(b"another")])
    assert [stored.duplicates for stored in store.entries(0, 10)] == [2, 0]


def test_a_repeat_in_the_same_batch_waits_for_the_original_s_commit(journal, store):
    assert journal.store([arrival(), arrival()]) == [Receipt("main-1", 1, None), Receipt("main-1", 1, "main-1")]
    assert len(entries(store)) == 1


def test_the_window_starts_at_the_original_and_no_repeat_extends_it(journal, clock):
    journal.store([arrival(window_us=60 * SECOND)])
    clock.advance(59)
    assert journal.store([arrival(window_us=60 * SECOND)])[0].duplicate_of == "main-1"
    clock.advance(1)
    assert journal.store([arrival(window_us=60 * SECOND)]) == [Receipt("main-2", 2, None)]


def test_no_identity_is_always_a_new_signal(journal):
    assert [r.id for r in journal.store([arrival(None), arrival(None)])] == ["main-1", "main-2"]


def test_repeats_are_recognised_after_a_restart(store, vault, clock):
    open_journal(store, vault, clock).store([arrival(b"a"), arrival(b"b", window_us=5 * SECOND)])
    clock.advance(10)
    again = open_journal(store, vault, clock)
    assert again.store([arrival(b"a")]) == [Receipt("main-1", 1, "main-1")]
    assert again.store([arrival(b"b", window_us=5 * SECOND)]) == [Receipt("main-3", 3, None)]
    assert [e["id"] for e in entries(store)] == ["main-1", "main-2", "main-3"]


def test_a_restart_reads_back_over_pages_that_hold_no_signals(store, vault, clock):
    first = open_journal(store, vault, clock)
    first.store([arrival(b"a")])
    first.record([started()] * 5000)
    assert open_journal(store, vault, clock).store([arrival(b"a")]) == [Receipt("main-1", 1, "main-1")]


def test_a_lost_vault_key_keeps_no_centre_from_starting(store, vault, clock, tmp_path):
    open_journal(store, vault, clock).store([arrival(b"a")])
    ids = CountingIds()
    other = Vault.create(tmp_path / "keys.db", MasterKey.create(tmp_path / "master.key", {}, ids), ids)
    again = open_journal(store, other, clock)
    assert again.store([arrival(b"a")]) == [Receipt("main-2", 2, None)], "seen twice, rather than never"
    other.close()


def test_a_failed_commit_tells_nobody_and_is_no_original(journal, store):
    store.fail_next = JournalFull("The disk is full", "store.full")
    with pytest.raises(JournalFull):
        journal.store([arrival()])
    assert entries(store) == []
    assert journal.store([arrival()]) == [Receipt("main-1", 1, None)]


def test_a_failed_commit_loses_no_count_of_repeats(journal, store):
    journal.store([arrival()])
    journal.store([arrival()])
    store.fail_next = JournalFull("The disk is full", "store.full")
    with pytest.raises(JournalFull):
        journal.store([arrival(b"b")])
    journal.store([arrival(b"b")])
    assert [stored.duplicates for stored in store.entries(0, 10)] == [1, 0]


def test_a_clock_that_runs_back_holds_at_and_is_noted_once(journal, store, clock):
    journal.store([arrival(b"a")])
    clock.wall_us -= 3600 * SECOND
    journal.store([arrival(b"b")])
    journal.store([arrival(b"c")])
    found = entries(store)
    assert [e["kind"] for e in found] == ["signal", "clock.stepped", "signal", "signal"]
    assert [e["at"] for e in found] == [START_US] * 4
    assert found[1]["body"] == {"backward_us": 3600 * SECOND}


def test_a_clock_set_back_does_not_lengthen_the_window(store, vault, clock):
    """A panel whose sequence number stands still sends the same bytes for its next alarm: it must not be hidden."""
    journal = open_journal(store, vault, clock)
    journal.store([arrival(b"a")])
    clock.wall_us -= 3600 * SECOND
    assert journal.store([arrival(b"a")])[0].duplicate_of is None
    assert journal.store([arrival(b"a")])[0].duplicate_of == "main-2"
    clock.advance(301)
    assert journal.store([arrival(b"a")])[0].duplicate_of is None
    clock.advance(10)
    again = open_journal(store, vault, clock)
    assert again.store([arrival(b"a")])[0].duplicate_of == "main-3"


def test_slewing_by_less_than_a_second_is_not_noted(journal, store, clock):
    journal.store([arrival(b"a")])
    clock.wall_us -= SECOND
    journal.store([arrival(b"b")])
    assert [e["kind"] for e in entries(store)] == ["signal", "signal"]


def test_what_is_sealed_opens_again_and_stands_nowhere_in_clear(journal, store, vault):
    journal.store([arrival(raw=b"\nPLANTED Boiler room\r")])
    row = store.entries(0, 10)[0].row
    part = vault.open(row.key, row.sealed)
    assert (part.raw, part.peer) == (b"\nPLANTED Boiler room\r", "192.0.2.7:4000")
    assert b"PLANTED" not in row.entry + row.sealed
    assert b"192.0.2.7" not in row.entry + row.sealed
    assert len(json.loads(row.entry)["body"]["commitment"]) == 64


def test_facts_and_their_projection_are_one_transaction(journal, store):
    with pytest.raises(ZeroDivisionError):
        journal.record([started()], lambda _tx, _seqs: 1 // 0)
    assert entries(store) == []
    seqs = journal.record([started(), started()], lambda tx, seqs: tx.put_meta("epoch", str(seqs[-1])))
    assert (seqs, store.get_meta("epoch")) == ([1, 2], "2")


def test_a_thing_the_writer_does_not_understand_harms_no_later_batch(journal, store):
    broken = msgspec.structs.replace(arrival(b"x"), sealed=())
    with pytest.raises(IndexError):
        journal.store([broken])
    journal.store([arrival(b"y")])
    assert [e["seq"] for e in entries(store)] == [1]


def test_each_field_of_a_signal_comes_into_the_field_of_its_name(journal, store):
    """The body is made by position, so every field gets a value of its own here."""
    texts = [
        "account",
        "transmitter",
        "data_account",
        "receiver",
        "line",
        "sequence",
        "token",
        "format",
        "block",
        "code",
        "qualifier",
        "address",
        "partition",
        "peripheral",
        "category",
        "path",
        "trigger",
    ]
    fields = {name: f"its {name}" for name in texts}
    fields |= {
        "device_time": 11,
        "event_time": 12,
        "disputed": True,
        "address_withheld": True,
        "encrypted": True,
        "transport": "tls",
        "account_ref": "account-9",
        "values": (Quantity(17_000, "degC"),),
    }
    journal.store([arrival(received_at=START_US - 5, **fields)])
    body = entries(store)[0]["body"]
    expected = {name: value for name, value in fields.items() if name not in ("account_ref", "values")}
    assert {name: body[name] for name in expected} == expected
    assert {name: value for name, value in body.items() if name not in expected} == {
        "commitment": body["commitment"],
        "config": 3,
        "event": 1,
        "events": 1,
        "exercise": False,
        "frame": "main-1",
        "known": True,
        "received_at": START_US - 5,
        "source": "dc09",
        "values": [{"milli": 17_000, "unit": "degC"}],
    }


def test_identity_digests_are_keyed_and_never_in_the_journal(journal, store):
    journal.store([arrival(b"material")])
    digest = RepeatWindow(KEY).digest(b"material")
    assert digest != RepeatWindow(b"q" * 32).digest(b"material")
    row = store.entries(0, 10)[0].row
    assert digest.hex().encode() not in row.entry
    assert digest not in row.entry + row.sealed


def test_originals_are_bounded_and_the_oldest_go_first():
    window = RepeatWindow(KEY, originals_max=3)
    for n in range(5):
        window.remember(bytes([n]) * 16, Original(f"main-{n}", n, 0, 100))
    assert len(window) == 3
    assert [window.find(bytes([n]) * 16, 1) is not None for n in range(5)] == [False, False, True, True, True]


def test_an_expired_original_does_not_take_its_successor_with_it():
    window = RepeatWindow(KEY)
    window.remember(b"d", Original("main-1", 1, 0, 10))
    window.remember(b"d", Original("main-2", 2, 0, 50))
    window.expire(20)
    assert window.find(b"d", 30).id == "main-2"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_course_of_batches_faults_and_restarts_loses_and_doubles_nothing(vault, data):
    """A model of the journal in a dozen lines: what was told durable is there once, whatever happened between."""
    store, clock = MemoryStore(), ManualClock()
    journal = open_journal(store, vault, clock)
    journal.record([started()])
    original, told = {}, {}
    for _ in range(data.draw(st.integers(1, 12))):
        step = data.draw(st.sampled_from(["store", "store", "fail", "restart", "wait"]))
        if step == "wait":
            clock.advance(data.draw(st.integers(0, 400)))
        elif step == "restart":
            journal = open_journal(store, vault, clock)
        else:
            names = data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=5))
            batch = [arrival(b"m%d" % n, events=1 + n % 2) for n in names]
            if step == "fail":
                store.fail_next = CentreFault("refused", "store.refused")
                try:
                    journal.store(batch)
                except CentreFault:
                    continue
                store.fail_next = None  # only repeats: nothing was committed
                continue
            for n, receipt in zip(names, journal.store(batch), strict=True):
                began = original.get(n)
                is_repeat = began is not None and clock.now_us() < began[1] + 300 * SECOND
                assert (receipt.duplicate_of is not None) == is_repeat
                if is_repeat:
                    assert receipt.id == began[0]
                else:
                    original[n] = (receipt.id, clock.now_us())
                    told[receipt.id] = 1 + n % 2
    found = [e for e in entries(store) if e["kind"] == "signal"]
    assert [e["id"] for e in found] == [f"main-{n + 1}" for n in range(len(found))]
    assert {e["body"]["frame"]: e["body"]["events"] for e in found} == told
    assert len(found) == sum(told.values())
    broken = verify_export((export_line(stored) for stored in store.entries(0, 10_000)), heads=(), trusted=None)
    assert broken.first_bad_seq in (None, 1), "the chain is whole; entry 1 is no centre.created here"
