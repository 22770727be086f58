"""Backups and restores: two files that are whole or refused, and a centre that begins anew with what is in them."""

import hashlib
import io
import json
import shutil
import stat
import tarfile

import msgspec
import pyotp
import pytest

from support.backups import TEXT, Made, contents, no_sleep, refused
from support.centres import edit, held, make_folder, rows
from support.erasing import ANA, WORDS, Room
from support.fakes import SECOND, START_US, CountingIds, ManualClock, arrival
from tocsin.access.access import Access
from tocsin.access.rebuild import rebuild_people
from tocsin.access.secrets import RECOVERY_CODES
from tocsin.centre.backup import Backups
from tocsin.centre.backup_files import Manifest, signed_text
from tocsin.centre.opening import open_folder
from tocsin.centre.restore import restore
from tocsin.cli.backup import _delete_old, _pack
from tocsin.cli.journal import verify_folder
from tocsin.model.errors import BadInput, Conflict, DiskFault, KeyMissing, TocsinError
from tocsin.model.notices import ContactAddress
from tocsin.model.retention import SetHold
from tocsin.settings import load
from tocsin.store.schema import REVISION
from tocsin.system import SystemIds

DAY = 86_400 * SECOND


@pytest.fixture
def made(tmp_path):
    return Made(tmp_path)


# What a backup is --------------------------------------------------------------------------------------------------


def test_restored_centre_has_the_journal_of_the_backup_and_says_that_it_was_restored(made, tmp_path):
    done = made.restore(tmp_path / "new")
    settings = load(tmp_path / "new", {})
    opened = open_folder(settings, {}, CountingIds())
    try:
        stored = opened.store.entries(0, 1000)
        assert [one.row.hash for one in stored][: made.manifest.seq] == made.entries
        assert [one.row.kind for one in stored][made.manifest.seq :] == ["centre.restored", "centre.noticed"]
        body = json.loads(stored[made.manifest.seq].row.entry)["body"]
        assert body == {
            "backup": made.manifest.backup,
            "ended": 0,
            "epoch": done.epoch,
            "erased": 0,
            "made_at": START_US,
            "seq": made.manifest.seq,
        }
        assert [account.row.account for account in opened.store.accounts()] == ["5512"]
        assert {opened.vault.open(one.row.key, one.row.sealed).raw for one in stored if one.row.sealed} == {
            b"\n" + TEXT + b"\r"
        }
    finally:
        opened.close()
    verdict, _ = verify_folder(tmp_path / "new")
    assert verdict.exit_code == 0
    assert any("restored from a backup" in words for words in verdict.words)


def test_backup_is_two_files_that_only_their_owner_may_read_and_neither_holds_the_master_key(made):
    secret = made.master.read_text().strip()
    for path in (made.file, made.keys):
        data = path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert secret.encode() not in data
        assert bytes.fromhex(secret) not in data
    with tarfile.open(made.file) as archive:
        assert archive.getnames() == ["tocsin.db", "heads.txt", "tocsin.toml", "manifest.json"]
    with tarfile.open(made.keys) as archive:
        assert archive.getnames() == ["keys.db", "manifest.json"]


def test_backup_is_noted_with_the_day_by_which_its_keys_are_to_be_gone(tmp_path):
    made = Made(tmp_path, keep_days=30)
    (entry,) = [
        json.loads(row[0])
        for row in rows(made.folder / "tocsin.db", "SELECT entry FROM journal WHERE kind = 'backup.made'")
    ]
    assert (entry["body"]["keys_until"], entry["body"]["seq"]) == (START_US + 30 * DAY, made.manifest.seq)


def test_copies_in_the_folder_of_the_centre_are_taken_away(made):
    assert not (made.folder / "backup-copy").exists()


def test_one_backup_at_a_time(made):
    with held(made.settings, clock=made.clock) as centre:
        backups = Backups(
            store=centre.store, settings=made.settings, signer=centre.opened.signer, clock=made.clock, ids=SystemIds(),
            sleep=no_sleep, record=centre.journal.record,
        )  # fmt: skip
        name = backups.begin()
        backups.wait(name)
        backups.finish(name, is_durable=False)
        refused(BadInput, "backup.unknown", lambda: backups.state(name))
        refused(BadInput, "usage.days", lambda: backups.begin(0))
        kinds = [stored.row.kind for stored in centre.store.entries(0, 1000)]
        assert kinds.count("backup.made") == 1, "what is not durable is not noted"


def test_older_backups_whose_days_are_over_are_deleted_and_others_left_alone(made, tmp_path):
    place = tmp_path / "kept"
    place.mkdir()
    with held(made.settings, clock=made.clock) as centre:
        made.back_up(centre, place / "one.tocsin", 3)
        made.back_up(centre, place / "two.tocsin", 10)
        made.back_up(centre, place / "three.tocsin")
    (place / "foreign.keys").write_text("not ours")
    origin = made.manifest.origin
    assert _delete_old(place / "four.tocsin", origin, START_US + 2 * DAY) == []
    gone = _delete_old(place / "four.tocsin", origin, START_US + 3 * DAY)
    assert [path.name for path in gone] == ["one.tocsin.keys", "one.tocsin"]
    assert _delete_old(place / "four.tocsin", "another/tocsin/centre/chain", START_US + 99 * DAY) == []
    assert {path.name for path in place.iterdir()} == {
        "two.tocsin", "two.tocsin.keys", "three.tocsin", "three.tocsin.keys", "foreign.keys"
    }  # fmt: skip


# What is refused, and what stays ----------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["file", "keys"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.95, 0.999])
def test_file_that_was_cut_short_is_refused_and_leaves_nothing(made, tmp_path, which, share):
    path = getattr(made, which)
    data = path.read_bytes()
    # The zeros at the end of an archive say nothing: the cut goes through what does.
    whole = len(data.rstrip(b"\0"))
    path.write_bytes(data[: int(whole * share)])
    # With less than its first block it could be anything.
    code = "backup.none" if whole * share < 512 else "backup.cut_short"
    assert "Nothing was restored" in refused(BadInput, code, lambda: made.restore(tmp_path / "new"))
    assert contents(tmp_path / "new").keys() == {"master.key"}


@pytest.mark.parametrize("which", ["file", "keys"])
def test_flipped_bit_is_found_wherever_it_is(made, tmp_path, which):
    path = getattr(made, which)
    data = bytearray(path.read_bytes())
    for place in range(600, len(data) - 12_000, len(data) // 7):
        changed = bytearray(data)
        changed[place] ^= 4
        path.write_bytes(changed)
        with pytest.raises(TocsinError):
            made.restore(tmp_path / "new")
        assert contents(tmp_path / "new").keys() == {"master.key"}


def test_missing_half_is_named(made, tmp_path):
    made.keys.unlink()
    assert "bring both" in refused(BadInput, "backup.missing", lambda: made.restore(tmp_path / "new"))


def test_halves_are_not_taken_for_each_other(made, tmp_path):
    shutil.copy(made.keys, tmp_path / "x")
    shutil.copy(made.file, tmp_path / "x.keys")
    refused(BadInput, "backup.other_half", lambda: made.restore(tmp_path / "new", file=tmp_path / "x"))


def test_keys_of_another_backup_of_the_same_centre_are_refused(made, tmp_path):
    with held(made.settings, clock=made.clock) as centre:
        made.back_up(centre, tmp_path / "second.tocsin")
    shutil.copy(tmp_path / "second.tocsin.keys", made.keys)
    refused(Conflict, "backup.pair", lambda: made.restore(tmp_path / "new"))


def test_keys_of_another_centre_are_refused_and_both_are_named(made, tmp_path):
    other = Made(tmp_path, "other", is_new=True)
    shutil.copy(other.keys, made.keys)
    words = refused(Conflict, "backup.other_centre", lambda: made.restore(tmp_path / "new"))
    assert made.manifest.origin in words
    assert other.manifest.origin in words


def test_backup_of_another_centre_is_refused_where_this_centres_heads_lie(made, tmp_path):
    other = Made(tmp_path, "other", is_new=True)
    (tmp_path / "new").mkdir()
    shutil.copy(made.folder / "heads.txt", tmp_path / "new" / "heads.txt")
    before = contents(tmp_path / "new")
    words = refused(Conflict, "backup.other_centre", lambda: other.restore(tmp_path / "new"))
    assert other.manifest.origin in words
    assert contents(tmp_path / "new") == before | {"master.key": other.master.read_bytes()}


def test_heads_of_this_centre_that_go_beyond_the_backup_are_kept_beside_the_new_ones(made, tmp_path):
    with held(made.settings, clock=made.clock) as centre:
        centre.journal.store([arrival(b"later")])
        later = centre.opened.signer.sign(centre.journal.head).format()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "heads.txt").write_bytes(later)
    done = made.restore(tmp_path / "new")
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == later, "they prove what was lost"
    assert verify_folder(tmp_path / "new")[0].exit_code == 0
    assert verify_folder(tmp_path / "new", done.set_aside)[0].exit_code == 1, "a head kept elsewhere tells of the loss"


def repack(path, change):
    """Write an archive anew with another manifest, as whoever can write a file but has no key."""
    with tarfile.open(path) as archive:
        members = {info.name: archive.extractfile(info).read() for info in archive}
    manifest = msgspec.json.decode(members.pop("manifest.json"), type=Manifest)
    manifest = change(manifest, members)
    with tarfile.open(path, "w") as archive:
        for name, data in [*members.items(), ("manifest.json", msgspec.json.encode(manifest))]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize(("field", "value"), [("format", 2), ("schema", "9999")])
def test_backup_of_a_newer_version_is_refused_and_the_version_named(made, tmp_path, field, value):
    repack(made.file, lambda one, _: msgspec.structs.replace(one, version="9.9.9", **{field: value}))
    assert "9.9.9" in refused(Conflict, "backup.newer", lambda: made.restore(tmp_path / "new"))
    assert REVISION < "9999"


def test_data_that_somebody_changed_and_hashed_anew_are_not_signed_by_the_centre(made, tmp_path):
    def change(manifest, members):
        members["tocsin.toml"] = b'[web]\nlisten = "0.0.0.0:1"\n'
        entry = msgspec.structs.replace(
            manifest.files["tocsin.toml"],
            bytes=len(members["tocsin.toml"]),
            sha256=hashlib.sha256(members["tocsin.toml"]).hexdigest(),
        )
        return msgspec.structs.replace(manifest, files=manifest.files | {"tocsin.toml": entry})

    repack(made.file, change)
    refused(BadInput, "backup.signature", lambda: made.restore(tmp_path / "new"))
    assert contents(tmp_path / "new").keys() == {"master.key"}


def with_settings(words):
    """Give the backup other settings, hashed anew but signed by nobody."""

    def change(manifest, members):
        members["tocsin.toml"] = words.encode()
        entry = msgspec.structs.replace(
            manifest.files["tocsin.toml"], bytes=len(words), sha256=hashlib.sha256(words.encode()).hexdigest()
        )
        return msgspec.structs.replace(manifest, files=manifest.files | {"tocsin.toml": entry})

    return change


OUTSIDE = ['[journal]\nheads = "{}"\n', '[storage]\nurl = "sqlite:///{}"\n']


@pytest.mark.parametrize("journal_only", [False, True])
@pytest.mark.parametrize("setting", OUTSIDE)
@pytest.mark.parametrize("is_again", [False, True])
def test_settings_that_nobody_signed_move_and_delete_nothing(made, tmp_path, setting, journal_only, is_again):
    precious = tmp_path / "precious"
    precious.write_bytes(b"not yours")
    repack(made.file, with_settings(setting.format(precious)))
    (tmp_path / "new").mkdir()
    if is_again:
        (tmp_path / "new" / "restore-unfinished").write_text("x")
    work = lambda: made.restore(tmp_path / "new", journal_only=journal_only)  # noqa: E731
    refused(BadInput, "backup.signature", work)
    assert precious.read_bytes() == b"not yours"
    assert contents(tmp_path / "new").keys() - {"restore-unfinished"} == {"master.key"}


@pytest.mark.parametrize("journal_only", [False, True])
@pytest.mark.parametrize("setting", [*OUTSIDE, '[storage]\nurl = "sqlite:///link.db"\n'])
@pytest.mark.parametrize("is_again", [False, True])
def test_settings_that_lead_outside_the_folder_restore_nothing_and_say_what_to_do(
    made, tmp_path, setting, journal_only, is_again
):
    precious = tmp_path / "precious"
    precious.write_bytes(b"not yours")
    new = tmp_path / "new"
    new.mkdir()
    (new / "link.db").symlink_to(precious)
    (new / "tocsin.toml").write_text(setting.format(precious))
    if is_again:
        (new / "restore-unfinished").write_text("x")
    words = refused(Conflict, "restore.outside", lambda: made.restore(new, journal_only=journal_only))
    assert "of your own" in words
    assert precious.read_bytes() == b"not yours"
    assert (new / "link.db").is_symlink()


def test_files_under_each_others_names_are_refused(made, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    (new / "tocsin.toml").write_text('[journal]\nheads = "master.key"\n')
    refused(Conflict, "restore.outside", lambda: made.restore(new))
    assert (new / "master.key").read_bytes() == made.master.read_bytes()


def test_what_is_signed_is_all_but_the_signature(made):
    with tarfile.open(made.file) as archive:
        manifest = msgspec.json.decode(archive.extractfile("manifest.json").read(), type=Manifest)
    plain = signed_text(manifest)
    for field in manifest.__struct_fields__:
        value = getattr(manifest, field)
        other = (
            value + 1 if isinstance(value, int) else {} if isinstance(value, dict) else "x" if value is not None else 1
        )
        changed = signed_text(msgspec.structs.replace(manifest, **{field: other}))
        assert (changed == plain) == (field == "signature"), field


def test_entry_that_was_changed_in_the_database_before_the_backup_is_named(tmp_path):
    def change(centre):
        edit(
            tmp_path / "centre" / "tocsin.db",
            "UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), 'signal', 'signol') AS BLOB) WHERE seq = 5",
        )

    made = Made(tmp_path, before=change)
    words = refused(DiskFault, "restore.journal", lambda: made.restore(tmp_path / "new"))
    assert "Entry 5 was changed" in words
    assert contents(tmp_path / "new").keys() == {"master.key"}


def test_lost_master_key_is_said_with_what_can_still_be_done(made, tmp_path):
    words = refused(KeyMissing, "keys.master_missing", lambda: made.restore(tmp_path / "new", with_key=False))
    assert "--journal-only" in words
    assert "tocsin init" in words
    assert contents(tmp_path / "new") == {}


def test_wrong_master_key_is_said_with_what_can_still_be_done(made, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "master.key").write_text("ab" * 32)
    (tmp_path / "new" / "master.key").chmod(0o600)
    words = refused(KeyMissing, "keys.master_wrong", lambda: made.restore(tmp_path / "new", with_key=False))
    assert "--journal-only" in words
    assert contents(tmp_path / "new").keys() == {"master.key"}


def test_without_any_key_the_record_can_be_read_and_no_centre_be_started(made, tmp_path):
    made.keys.unlink()
    done = made.restore(tmp_path / "new", with_key=False, journal_only=True)
    assert done.epoch is None
    assert verify_folder(tmp_path / "new")[0].exit_code == 0
    settings = load(tmp_path / "new", {})
    refused(KeyMissing, "keys.master_missing", lambda: open_folder(settings, {}, CountingIds()))


def test_over_a_living_centre_nothing_is_restored(made, tmp_path):
    before = contents(made.folder)
    words = refused(Conflict, "restore.living", lambda: made.restore(made.folder, with_key=False))
    assert "move the folder away" in words
    assert contents(made.folder) == before


def test_over_a_database_of_another_name_neither(made, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "tocsin.toml").write_text('[storage]\nurl = "sqlite:///precious.db"\n')
    (tmp_path / "new" / "precious.db").write_bytes(b"signals")
    refused(Conflict, "restore.living", lambda: made.restore(tmp_path / "new"))
    assert (tmp_path / "new" / "precious.db").read_bytes() == b"signals"


def test_restore_that_was_ended_half_way_starts_nothing_and_can_be_given_again(made, tmp_path):
    folder = tmp_path / "new"

    def fail(what, _done, _all):
        if what == "Verifying":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made.restore(folder, progress=fail)
    assert contents(folder).keys() == {"master.key"}
    # And a power cut, which takes nothing away.
    made.restore(folder)
    (folder / "restore-unfinished").write_text(made.manifest.backup)
    refused(BadInput, "restore.unfinished", lambda: open_folder(load(folder, {}), {}, CountingIds()))
    made.restore(folder)
    assert verify_folder(folder)[0].exit_code == 0


# What a restored centre begins with -----------------------------------------------------------------------------


def test_clock_that_is_behind_the_backup_restores_nothing(made, tmp_path):
    refused(Conflict, "restore.clock", lambda: made.restore(tmp_path / "new", clock=ManualClock(START_US - DAY)))


def test_old_backup_is_restored_only_where_somebody_has_looked_at_the_clock(made, tmp_path):
    late = ManualClock(START_US + 100 * DAY)
    refused(Conflict, "restore.clock", lambda: made.restore(tmp_path / "new", clock=late))
    made.restore(tmp_path / "new", clock=late, clock_is_right=True)


def test_what_is_due_is_erased_before_anything_is_served_and_the_chain_verifies(made, tmp_path):
    late = ManualClock(START_US + 100 * DAY)
    done = made.restore(tmp_path / "new", clock=late, clock_is_right=True)
    assert done.erased > 0
    opened = open_folder(load(tmp_path / "new", {}), {}, CountingIds())
    try:
        sealed = [one.row for one in opened.store.entries(0, 1000) if one.row.sealed]
        assert sealed
        assert {opened.vault.open(row.key, row.sealed) for row in sealed} == {None}
        kinds = [one.row.kind for one in opened.store.entries(made.manifest.seq, 1000)]
        assert kinds == ["vault.erased", "centre.restored", "centre.noticed"]
    finally:
        opened.close()
    ids = ",".join(str(row.key) for row in sealed)
    wrapped = rows(tmp_path / "new" / "keys.db", f"SELECT value FROM wrapped WHERE id IN ({ids})")
    assert {bytes(value).strip(b"\0") for (value,) in wrapped} == {b""}, "the keys' bytes are in no file"
    assert verify_folder(tmp_path / "new")[0].exit_code == 0


def texts_of_a_backup(tmp_path, *, closed_before_days=25):
    """A closed incident, whose texts end after 30 days; a backup; and what is restored of it eight days later."""
    clock = ManualClock()
    settings = make_folder(tmp_path / "centre", clock=clock)
    room = Room(settings, clock=clock)
    try:
        incident = room.closed()
        clock.advance(closed_before_days * 86_400)
        backups = Backups(
            store=room.store, settings=settings, signer=room.held.opened.signer, clock=clock, ids=SystemIds(),
            sleep=no_sleep, record=room.journal.record,
        )  # fmt: skip
        parts = backups.wait(backups.begin(None))
        _pack(backups, parts, tmp_path / "one.tocsin")
    finally:
        room.close_folder()
    clock.advance(8 * 86_400)
    (tmp_path / "new").mkdir()
    shutil.copy(tmp_path / "centre" / "master.key", tmp_path / "new" / "master.key")
    done = restore(tmp_path / "one.tocsin", tmp_path / "new", {}, clock, CountingIds())
    return incident, done, Room(load(tmp_path / "new", {}), clock=clock)


def test_texts_that_fell_due_after_the_backup_are_shown_to_nobody_and_end_in_a_week(tmp_path):
    incident, done, room = texts_of_a_backup(tmp_path)
    try:
        assert done.waiting == (incident,)
        assert room.store.values(incident), "a hold of after the backup can still be set"
        assert room.words(incident) == []
        assert room.due_at(incident) == room.clock.now_us() + 7 * DAY
        assert room.bodies("timer.set")[-1]["reason"] == "restored"
        assert room.findings() == []
        room.pass_days(6)
        assert room.words(incident) == []
        assert room.store.values(incident)
        room.pass_days(1, hours=1)
        assert room.store.values(incident) == []
        assert room.store.erasure(incident) is not None
        assert room.verdict().first_bad_seq is None
    finally:
        room.close_folder()


def test_hold_that_is_set_again_after_a_restore_keeps_the_texts_and_opens_them(tmp_path):
    incident, _, room = texts_of_a_backup(tmp_path)
    try:
        wanted = SetHold(incident=incident, reason="court_order", until=room.clock.now_us() + 90 * DAY)
        room.centre.holds.set(wanted, "approval-1", ANA)
        assert WORDS in room.words(incident)
        room.pass_days(20)
        assert WORDS in room.words(incident)
    finally:
        room.close_folder()


def test_texts_that_were_due_when_the_backup_was_made_are_erased_at_once(tmp_path):
    incident, done, room = texts_of_a_backup(tmp_path, closed_before_days=31)
    try:
        assert done.waiting == ()
        assert room.store.values(incident) == []
        assert room.store.erasure(incident) is not None
    finally:
        room.close_folder()


def test_what_let_people_in_then_lets_nobody_in_and_tokens_are_counted(tmp_path):
    def sign_in(centre):
        access = Access(
            store=centre.store, secrets=centre.vault, clock=centre.clock, ids=SystemIds(),
            record=centre.journal.record, session_s=3600, centre_tag="x",
        )  # fmt: skip
        user = access.set_user("Ana Horvat", ("administrator",), "cli")
        access.set_password(user, "kestrel-harbour-9-lamp", "cli")
        used, _unused = access.create_link(user, "cli"), access.create_link(user, "cli")
        access.sign_in(used.secret)
        offer = access.begin_totp(user)
        access.confirm_totp(user, pyotp.TOTP(offer.secret).at(centre.clock.now_us() // SECOND))
        access.create_token(["read"], 30, "cli")
        access.approvals.ask("journal.key_change", "a" * 64, None, "rotation", user)

    made = Made(tmp_path, before=sign_in)
    done = made.restore(tmp_path / "new")
    assert (done.ended, done.tokens) == (1 + 1 + RECOVERY_CODES, 1)
    asked = "SELECT DISTINCT kind, used_at IS NOT NULL, ended_at IS NOT NULL FROM access ORDER BY 1, 2"
    states = rows(tmp_path / "new" / "tocsin.db", asked)
    assert states == [("link", 0, 1), ("link", 1, 1), ("recovery", 0, 1), ("session", 0, 1), ("token", 0, 0)]
    with held(load(tmp_path / "new", {}), clock=made.clock) as centre:
        assert [(one.given, one.answered_by) for one in centre.store.approvals()] == [(False, "cli")]
        assert rebuild_people(centre.store.entries(0, 1000)).approvals == centre.store.approvals()


def test_each_restore_begins_an_epoch_that_no_other_had(made, tmp_path):
    first = made.restore(tmp_path / "one").epoch
    made.clock.advance(1)
    second = made.restore(tmp_path / "two").epoch
    assert made.manifest.epoch < first < second
    assert rows(tmp_path / "two" / "tocsin.db", "SELECT value FROM meta WHERE name = 'epoch'") == [(str(second),)]


def test_notice_that_was_on_its_way_when_the_backup_was_made_waits_for_a_person(tmp_path):
    def before(centre):
        centre.centre.outbox.use({("sms", 1)}, "t-1-", "https://c.example", lambda: None)
        contact = centre.centre.contacts.add("user-7", "sms", ContactAddress(address="+12025550177"))
        centre.centre.outbox.test("user-7", contact.id)

    made = Made(tmp_path, before=before)
    done = made.restore(tmp_path / "new")
    opened = open_folder(load(tmp_path / "new", {}), {}, CountingIds())
    try:
        (notice,) = opened.store.notices(10)
        assert (done.held, notice.state, notice.reason, opened.store.outbox(10)) == (1, "held", "restored", [])
    finally:
        opened.close()
