"""Who signs the journal's end: in time, and never at the cost of anybody else."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.fakes import ManualClock
from tocsin.journal import head_keeper
from tocsin.journal.head_keeper import PLACE_HANGS_S, HeadKeeper
from tocsin.journal.heads import HeadSigner, Note, origin_of, read_heads
from tocsin.model.journal import Head

SIGNER = HeadSigner(Ed25519PrivateKey.from_private_bytes(b"k" * 32), origin_of("example.org", "c0ffee"))


def head(seq):
    return Head(seq, f"{seq:064x}", seq)


def sizes(path):
    return [item.size for item in read_heads(path) if isinstance(item, Note)]


@pytest.fixture
def clock():
    return ManualClock()


def test_a_start_signs_what_a_kill_left_unsigned(tmp_path, clock):
    keeper = HeadKeeper(SIGNER, tmp_path / "heads.txt", clock, 3)
    keeper.start(head(7))
    assert keeper.sign_now(head(7)) == 7
    keeper.stop()
    assert sizes(tmp_path / "heads.txt") == [7]


def test_each_thousand_entries_and_the_end_are_signed(tmp_path, clock):
    keeper = HeadKeeper(SIGNER, tmp_path / "heads.txt", clock, 0)
    keeper.start(head(1))
    keeper.sign_now(head(1))
    keeper.reached(head(1001))
    with keeper._condition:
        assert keeper._condition.wait_for(lambda: keeper.signed_seq == 1001, 10)
    keeper.reached(head(1500))
    keeper.stop()
    assert sizes(tmp_path / "heads.txt") == [1, 1001, 1500]


def test_a_place_that_hangs_is_told_and_holds_up_neither_exports_nor_the_stop(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(head_keeper, "SIGN_WAIT_S", 0.2)
    monkeypatch.setattr(head_keeper, "STOP_WAIT_S", 0.2)
    place = tmp_path / "heads.txt"
    os.mkfifo(place)  # nobody reads it: opening it to write waits for ever
    keeper = HeadKeeper(SIGNER, place, clock, 0)
    keeper.start(head(5))
    assert keeper.sign_now(head(5)) == 5
    assert (keeper.signed_seq, keeper.has_failed) == (0, False)
    clock.advance(PLACE_HANGS_S)
    assert keeper.has_failed
    keeper.stop()
    with place.open("rb") as reader:  # lets the thread end
        assert reader.readline()
