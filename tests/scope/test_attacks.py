"""What somebody with the database in the hand can do, and what tells of it: edits, a tail cut off, a clock set back."""

import shutil

import pytest

from support.centres import HeldCentre, edit, make_folder
from support.fakes import ManualClock, arrival
from tocsin.centre.opening import open_folder
from tocsin.cli.journal import verify_folder
from tocsin.journal.heads import append_head
from tocsin.model.errors import Conflict
from tocsin.settings import load
from tocsin.system import SystemIds

ENTRIES = 40


@pytest.fixture
def folder(tmp_path):
    """A centre with a journal that is signed at its end."""
    settings = make_folder(tmp_path / "centre", clock=ManualClock())
    held = HeldCentre(settings, clock=ManualClock())
    try:
        for number in range(ENTRIES):
            held.clock.advance(1)
            held.journal.store([arrival(b"%d" % number, received_at=held.clock.now_us())])
        append_head(settings.heads_path, held.opened.signer.sign(held.journal.head))
    finally:
        held.close()
    return tmp_path / "centre"


EDITS = {
    "a word in an entry": "UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), '5512', '5513') AS BLOB)",
    "the hash beside it": "UPDATE journal SET hash = zeroblob(32)",
    "its kind": "UPDATE journal SET kind = 'signal_'",
    "its time": "UPDATE journal SET at = at + 1",
    "its name": "UPDATE journal SET number = number + 1000",
    "an entry that is gone": "DELETE FROM journal",
    "no JSON any more": "UPDATE journal SET entry = CAST('x' AS BLOB)",
}


@pytest.mark.parametrize("change", EDITS)
@pytest.mark.parametrize("seq", [2, 17, ENTRIES])
def test_edit_by_hand_is_found_and_the_first_bad_entry_named(folder, change, seq):
    edit(folder / "tocsin.db", f"{EDITS[change]} WHERE seq = {seq}")
    verdict, _ = verify_folder(folder)
    assert (verdict.exit_code, verdict.first_bad_seq) == (1, seq), verdict.words
    assert f"ntry {seq}" in verdict.words[0] or f"after seq {seq - 1} " in verdict.words[0]


def test_of_two_edits_the_first_is_named(folder):
    for seq in (30, 12):
        edit(folder / "tocsin.db", f"{EDITS['a word in an entry']} WHERE seq = {seq}")
    assert verify_folder(folder)[0].first_bad_seq == 12


def test_tail_that_was_cut_off_is_told_by_a_kept_head_and_nothing_starts(folder, tmp_path):
    kept = tmp_path / "kept-elsewhere.txt"
    shutil.copy(folder / "heads.txt", kept)
    edit(folder / "tocsin.db", "DELETE FROM journal WHERE seq > 20")
    verdict, _ = verify_folder(folder)
    assert (verdict.exit_code, verdict.first_bad_seq) == (1, 21)
    with pytest.raises(Conflict) as refusal:
        open_folder(load(folder, {}), {}, SystemIds())
    assert refusal.value.code == "journal.lost_tail"
    # And where the heads beside it were cut as well, the ones that were kept elsewhere still tell.
    (folder / "heads.txt").unlink()
    assert verify_folder(folder)[0].exit_code == 3, "by itself it cannot be judged"
    verdict, _ = verify_folder(folder, kept)
    assert (verdict.exit_code, verdict.first_bad_seq) == (1, 21)


def test_clock_that_is_set_back_is_noted_and_neither_breaks_the_chain_nor_erases_anything(folder):
    settings = load(folder, {})
    held = HeldCentre(settings, clock=ManualClock())
    try:
        held.clock.wall_us += 100_000_000
        held.journal.store([arrival(b"before", received_at=held.clock.now_us())])
        held.clock.wall_us -= 30 * 86_400_000_000
        held.journal.store([arrival(b"after", received_at=held.clock.now_us())])
        assert held.vault.destroy_expired(held.clock.now_us()) == ()
        held.clock.wall_us += 400 * 86_400_000_000
        assert held.vault.destroy_expired(held.clock.now_us()) == (), "a step of a year is doubted for a day"
        entries = [stored.row for stored in held.store.entries(0, 1000)]
        assert [row.at for row in entries] == sorted(row.at for row in entries)
        assert "clock.stepped" in [row.kind for row in entries]
        append_head(settings.heads_path, held.opened.signer.sign(held.journal.head))
    finally:
        held.close()
    assert verify_folder(folder)[0].exit_code == 0
