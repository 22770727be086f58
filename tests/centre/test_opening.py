"""What is looked at before anything listens, and what is said where it is not right."""

import json
import os

import msgspec
import pytest

from support.centres import HeldCentre, edit, held, make_folder, rows
from support.fakes import START_US, ManualClock
from tocsin.centre.folder import FAULT
from tocsin.centre.opening import TAIL, create_folder, open_folder
from tocsin.journal.chain import entry_hash
from tocsin.journal.heads import append_head, read_heads
from tocsin.model.errors import BadInput, Conflict, DiskFault, KeyMissing
from tocsin.model.signals import SealedPart
from tocsin.settings import load
from tocsin.store.schema import REVISION
from tocsin.system import SystemClock, SystemIds
from tocsin.vault.vault import DAY_US

START_DAY = START_US // DAY_US


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "centre"


@pytest.fixture
def settings(folder):
    return make_folder(folder)


def opened(settings, **options):
    found = open_folder(settings, {}, SystemIds(), **options)
    found.close()
    return found


def fill(settings, count):
    """A journal of `count` more entries, its end signed."""
    with held(settings) as centre:
        centre.add(b"account\n" + b"".join(b"%d\n" % n for n in range(1, count + 1)))
        append_head(settings.heads_path, centre.opened.signer.sign(centre.journal.head))
        return centre.journal.head


# Making --------------------------------------------------------------------------------------------------------------


def test_new_centre_has_one_signed_fact(folder, settings):
    with held(settings) as centre:
        (entry,) = centre.store.entries(0, 10)
        body = json.loads(entry.row.entry)["body"]
        assert (entry.row.kind, sorted(body), body["centre"]) == (
            "centre.created",
            ["centre", "head_key", "origin", "version"],
            "Control room",
        )
        assert centre.opened.signed_seq == 1
        assert [head.size for head in read_heads(settings.heads_path)] == [1]
    assert {file.name for file in folder.iterdir()} >= {
        "tocsin.toml",
        "tocsin.db",
        "keys.db",
        "master.key",
        "heads.txt",
    }


@pytest.mark.parametrize("left", ["tocsin.db", "keys.db"])
def test_folder_with_a_centre_or_half_of_one_is_not_made_anew(folder, settings, left):
    for name in {"tocsin.db", "keys.db"} - {left}:
        (folder / name).unlink()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(Conflict) as refused:
        create_folder(settings, {}, SystemClock(), SystemIds(), "host")
    assert refused.value.code == "init.exists"
    assert "Nothing was changed" in str(refused.value)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


# Opening -------------------------------------------------------------------------------------------------------------


def test_folder_without_a_centre_is_named_with_the_remedy(tmp_path):
    (tmp_path / "tocsin.toml").write_text("")
    with pytest.raises(BadInput) as refused:
        opened(load(tmp_path, {}))
    assert str(refused.value) == (
        f"There is no centre in {tmp_path}. Nothing was changed. Make one with `tocsin init {tmp_path}` "
        "[folder.no_centre]"
    )


@pytest.mark.parametrize("gone", ["tocsin.db", "keys.db"])
def test_half_a_centre_is_named_as_that_and_nobody_is_told_to_make_a_new_one(folder, settings, gone):
    (folder / gone).unlink()
    with pytest.raises((Conflict, KeyMissing, DiskFault, BadInput)) as refused:
        opened(settings)
    assert gone in str(refused.value)
    assert "tocsin init" not in str(refused.value)
    assert not (folder / gone).exists()


def test_wrong_master_key_opens_nothing(folder, settings):
    (folder / "master.key").write_text("ab" * 32)
    with pytest.raises(KeyMissing, match=r"does not open keys\.db.*Nothing was changed.*keys\.master_wrong"):
        opened(settings)


def test_missing_master_key_is_named(folder, settings):
    (folder / "master.key").unlink()
    with pytest.raises(KeyMissing, match=r"keys\.master_missing"):
        opened(settings)


def test_newer_database_is_refused_and_the_keys_are_let_go_of(folder, settings):
    edit(folder / "tocsin.db", "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict, match=r"store\.newer"):
        opened(settings)
    edit(folder / "tocsin.db", "UPDATE alembic_version SET version_num = ?", (REVISION,))
    opened(settings)


def test_file_that_is_no_database_is_a_fault_of_the_disk(folder, settings):
    (folder / "tocsin.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DiskFault, match=r"store\.disk"):
        opened(settings)


# The journal's end ---------------------------------------------------------------------------------------------------

EDITS = {
    "entry": "UPDATE journal SET entry = replace(entry, '\"cli\"', '\"you\"') WHERE seq = ?",
    "no JSON": "UPDATE journal SET entry = x'00ff' WHERE seq = ?",
    "hash": "UPDATE journal SET hash = zeroblob(32) WHERE seq = ?",
    "gone": "DELETE FROM journal WHERE seq = ?",
}


@pytest.mark.parametrize("change", EDITS)
def test_tail_that_was_changed_is_found_at_the_start_and_its_seq_named(folder, settings, change):
    head = fill(settings, 20)
    edit(folder / "tocsin.db", EDITS[change], (head.seq - 5,))
    broken = head.seq - 4 if change == "gone" else head.seq - 5
    with pytest.raises(DiskFault) as refused:
        opened(settings)
    assert str(refused.value) == (
        f"The journal is broken at seq {broken}: its hash does not fit. Nothing was started. Keep this folder as it "
        "is, run `tocsin journal verify`, and restore a backup into another folder [journal.broken]"
    )


def test_entry_with_a_right_hash_and_a_wrong_link_is_found(folder, settings):
    head = fill(settings, 5)
    ((entry,),) = rows(folder / "tocsin.db", f"SELECT entry FROM journal WHERE seq = {head.seq}")
    forged = entry.replace(json.loads(entry)["prev"].encode(), b"0" * 64)
    edit(
        folder / "tocsin.db",
        "UPDATE journal SET entry = ?, hash = ? WHERE seq = ?",
        (forged, entry_hash(forged), head.seq),
    )
    with pytest.raises(DiskFault, match=f"broken at seq {head.seq}"):
        opened(settings)


def test_last_1000_entries_are_looked_at_and_older_ones_left_to_verify(folder, settings):
    head = fill(settings, TAIL + 20)
    edit(folder / "tocsin.db", EDITS["hash"], (head.seq - TAIL,))
    opened(settings)
    edit(folder / "tocsin.db", EDITS["hash"], (head.seq - TAIL + 1,))
    with pytest.raises(DiskFault, match=f"broken at seq {head.seq - TAIL + 1}:"):
        opened(settings)


@pytest.mark.parametrize("change", EDITS)
def test_beginning_that_was_changed_is_found_however_long_the_journal(folder, settings, change):
    fill(settings, TAIL + 20)
    edit(folder / "tocsin.db", EDITS[change].replace('"cli"', '"v":1'), (1,))
    with pytest.raises(DiskFault, match=r"does not begin with centre\.created.*journal\.no_beginning"):
        opened(settings)


def lose_tail(folder, settings):
    """A journal that ends before its own newest signed head, as after an older copy of the database was put back."""
    kept = (folder / "tocsin.db").read_bytes()
    head = fill(settings, 5)
    (folder / "tocsin.db").write_bytes(kept)
    return head


def test_journal_that_ends_before_its_signed_head_is_refused(folder, settings):
    head = lose_tail(folder, settings)
    with pytest.raises(Conflict) as refused:
        opened(settings)
    assert str(refused.value) == (
        f"The journal ends at seq 1, but a signed head stands for seq {head.seq}: the database is an older copy, or "
        "was changed. Nothing was started. Put the newer database back, or use `tocsin serve --accept-lost-tail`, "
        "which keeps that loss on record [journal.lost_tail]"
    )


def test_accepted_loss_is_told_to_whoever_opened_the_folder(folder, settings):
    head = lose_tail(folder, settings)
    found = opened(settings, accept_lost_tail=True)
    assert (found.lost_seq, found.signed_seq) == (head.seq, 0)


def test_journal_that_grew_past_a_head_it_disagrees_with_is_a_lost_tail_too(folder, settings):
    head = lose_tail(folder, settings)
    heads = settings.heads_path.read_bytes()
    settings.heads_path.unlink()
    fill(settings, 10)
    settings.heads_path.write_bytes(heads)
    with pytest.raises(Conflict, match=r"journal\.lost_tail"):
        opened(settings)
    assert opened(settings, accept_lost_tail=True).lost_seq == head.seq


def test_nothing_lost_is_nothing_accepted(settings):
    head = fill(settings, 5)
    found = opened(settings, accept_lost_tail=True)
    assert (found.lost_seq, found.signed_seq) == (0, head.seq)


def test_newest_head_is_found_behind_years_of_others_and_past_a_torn_one(folder, settings):
    head = fill(settings, 5)
    heads = settings.heads_path.read_bytes()
    first, _, newest = heads.rpartition(b"\n\n\n")
    settings.heads_path.write_bytes((first + b"\n\n\n") * 1000 + newest + b"\n\n" + newest[: len(newest) // 2])
    assert settings.heads_path.stat().st_size > 200_000
    assert opened(settings).signed_seq == head.seq


def test_head_of_another_centre_says_nothing_about_this_one(tmp_path, settings):
    other = make_folder(tmp_path / "other", is_new=True)
    fill(other, 50)
    settings.heads_path.write_bytes(settings.heads_path.read_bytes() + b"\n\n" + other.heads_path.read_bytes())
    assert opened(settings).signed_seq == 1


def test_missing_heads_are_no_lost_tail(settings):
    settings.heads_path.unlink()
    assert opened(settings).signed_seq == 0


# After a disk fault --------------------------------------------------------------------------------------------------


def test_marker_of_a_disk_fault_makes_the_start_look_through_the_whole_database(folder, settings):
    fill(settings, 2000)
    path = folder / "tocsin.db"
    damage(path)
    opened(settings)
    (folder / FAULT).touch()
    with pytest.raises(DiskFault) as refused:
        opened(settings)
    assert str(refused.value).startswith("The database is damaged: ")
    assert refused.value.code == "store.damaged"
    assert (folder / FAULT).exists()


def damage(path):
    """Damage an index page that no start reads."""
    ((page,),) = rows(path, "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_unknown_accounts_1'")
    with path.open("r+b") as file:
        file.seek((page - 1) * 8192)
        file.write(os.urandom(8192))


def test_marker_goes_when_the_database_was_found_sound(folder, settings):
    (folder / FAULT).touch()
    opened(settings)
    assert not (folder / FAULT).exists()


# Erasing -------------------------------------------------------------------------------------------------------------


def test_keys_of_days_past_are_destroyed_and_the_journal_says_which(tmp_path):
    clock = ManualClock()
    settings = make_folder(tmp_path / "centre", clock=clock)
    with held(settings, clock=clock) as centre:
        key, sealed, _ = centre.vault.seal("intake", clock.now_us(), SealedPart(text="private"))
        for _ in range(14):
            centre.opened.erase_expired(centre.journal, clock.now_us())
            clock.advance(86_400)
        assert erasures(centre) == []
        assert centre.vault.open(key, sealed).text == "private"
        centre.opened.erase_expired(centre.journal, clock.now_us())
        centre.opened.erase_expired(centre.journal, clock.now_us())
        assert (erasures(centre), centre.vault.open(key, sealed)) == ([[key]], None)


def test_erasure_whose_fact_a_power_cut_left_out_is_named_with_the_next(tmp_path):
    clock = ManualClock()
    settings = make_folder(tmp_path / "centre", clock=clock)
    centre = HeldCentre(settings, clock=clock)
    for _ in range(14):
        centre.vault.destroy_expired(clock.now_us())
        clock.advance(86_400)
    cut = centre.vault.destroy_expired(clock.now_us())
    assert len(cut) == 1
    centre.close()
    with held(settings, clock=clock) as centre:
        centre.opened.erase_expired(centre.journal, clock.now_us())
        clock.advance(86_400)
        centre.opened.erase_expired(centre.journal, clock.now_us())
        assert erasures(centre)[0] == list(cut)
        assert [len(keys) for keys in erasures(centre)] == [1, 1]


def erasures(centre):
    return [
        list(msgspec.json.decode(stored.row.entry)["body"]["keys"])
        for stored in centre.store.entries(0, 1000)
        if stored.row.kind == "vault.erased"
    ]
