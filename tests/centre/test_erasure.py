"""Texts of an incident end on time, are gone from every file, and the proof stays whole."""

import os
import signal as signals
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from support.centres import edit, make_folder, rows
from support.erasing import ANA, DAY_S, PANEL_WORDS, WORDS, Room, files_with
from support.fakes import ManualClock, arrival
from tocsin.centre.erasure import OLD_NOTE, SCHEDULED
from tocsin.centre.journal_export import JournalExports
from tocsin.model.commands import AddNote, Claim, Close
from tocsin.model.errors import Conflict, JournalFull
from tocsin.model.export import UnsealedExport
from tocsin.model.retention import DAY_US, EraseEarly, RetentionRules, SetHold
from tocsin.model.signals import SealedPart
from tocsin.model.vault import Timer

DUE = ["timer.set", "incident.erased", "timer.set"]


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre", clock=ManualClock())


@pytest.fixture
def room(settings):
    made = Room(settings)
    yield made
    made.close_folder()


# When ----------------------------------------------------------------------------------------------------------------


def test_texts_of_a_closed_incident_are_read_for_thirty_days_and_then_by_nobody(room):
    incident = room.closed()
    room.pass_days(29, hours=23)
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    room.pass_days(0, hours=1)
    assert room.words(incident) == []
    assert room.kinds(incident)[-2:] == ["incident.erased", "timer.set"]
    assert room.store.value_count(incident) == 0
    assert room.findings() == []


def test_texts_of_an_open_incident_never_end_even_when_the_days_keys_do(room):
    incident = room.alarm()
    room.note(incident)
    room.pass_days(120)
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    assert room.due_at(incident) is None


def test_reopening_stops_the_end_and_closing_again_counts_anew(room):
    incident = room.closed()
    room.pass_days(20)
    room.reopen(incident)
    assert room.due_at(incident) is None
    room.pass_days(20)
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    room.act(Close(disposition="real"), incident)
    assert room.due_at(incident) == room.store.incident(incident).closed_at + 30 * DAY_US
    room.pass_days(30)
    assert room.words(incident) == []
    assert room.findings() == []


def test_what_is_said_after_an_erased_incident_was_reopened_is_kept_and_ends_on_its_own(room):
    incident = room.closed()
    room.pass_days(30)
    room.reopen(incident)
    room.note(incident, "a second look")
    assert room.words(incident) == ["a second look"]
    room.act(Close(disposition="real"), incident)
    room.pass_days(30)
    assert room.words(incident) == []
    assert room.kinds(incident).count("incident.erased") == 2
    assert room.findings() == []


def test_text_of_a_panel_is_shown_no_more_though_its_days_key_lives_for_ninety(room):
    incident = room.closed()
    room.pass_days(30)
    stored = room.store.incident_signals(incident, 1)[0][1]
    assert room.held.vault.open(stored.row.key, stored.row.sealed).text == PANEL_WORDS
    assert room.texts.read(incident, ANA).signals == []
    assert room.texts.parts(incident) == []


def exported(room, incident):
    """Every text that two persons can open of the incident's account."""
    exports = JournalExports(
        store=room.store, run=lambda work: work(room.journal), heads=room.settings.heads_path,
        sign_head=lambda: room.store.head().seq, sealer=room.held.vault, values=room.values, texts=room.texts,
    )  # fmt: skip
    row = next(one for one in room.store.signal_rows(0, 1_000_000) if one.incident == incident)
    wanted = UnsealedExport(
        reason="complaint", account_id=row.account_id, since=row.at - DAY_US, until=row.at + 6 * DAY_US
    )
    found = exports.unsealed(wanted, "approval-1", ANA)
    assert row.seq in [one.stored.row.seq for one in found]
    return [one.text for one in found if one.text is not None or one.raw is not None]


def alarm_of_account(room, text):
    """A signal of an account that the centre looks after; return its incident."""
    made = arrival(text.encode(), account="4711", account_ref="account-1", code="FA", received_at=room.clock.now_us())
    part = SealedPart(raw=b"\nframe\r", peer="192.0.2.7:4000", text=text)
    room.journal.store([msgspec.structs.replace(made, sealed=(part,))])
    room.decide()
    return room.store.signal_rows(0, 1_000_000)[-1].incident


@pytest.mark.parametrize("is_early", [True, False])
def test_no_export_opens_the_days_copy_of_a_signal_whose_incident_was_erased(room, is_early):
    incident = alarm_of_account(room, PANEL_WORDS)
    room.close(incident)
    assert exported(room, incident) == [PANEL_WORDS]
    if is_early:
        room.centre.holds.erase_early(EraseEarly(incident=incident, reason="data_subject"), "approval-1", ANA)
    else:
        room.pass_days(31)
    (stored,) = [one for one in room.entries() if one.row.sealed is not None]
    assert room.held.vault.open(stored.row.key, stored.row.sealed) is not None, "its day's key lives for 90 days"
    assert exported(room, incident) == []
    other = alarm_of_account(room, "later words")
    assert other != incident
    assert exported(room, other) == ["later words"]


def test_texts_about_a_missing_person_end_after_a_day(room):
    incident = room.store.incident(room.closed())
    missing = msgspec.structs.replace(incident, hazard="missing_person")
    due_at = room.centre.keeper.due_at(missing, missing.closed_at, [])
    assert due_at == missing.closed_at + DAY_US


def test_note_to_an_erased_incident_is_refused_and_kept_nowhere(room):
    incident = room.closed()
    room.pass_days(30)
    with pytest.raises(Conflict, match=r"\[incident\.erased\]"):
        room.note(incident, "too late")
    assert room.store.value_count(incident) == 0


def test_value_that_was_sealed_just_before_the_erasure_is_not_stored_under_a_dead_key(room):
    incident = room.closed()
    sealed = room.values.seal(incident, "note", b"in flight")
    room.pass_days(30)
    with pytest.raises(Conflict, match=r"\[incident\.erased\]"), room.store.transaction() as transaction:
        room.values.store(transaction, [sealed], 1)


def test_screens_that_show_the_texts_are_told_to_ask_again(room):
    incident = room.closed()
    room.pass_days(30)
    assert [one.personal for one in room.committed] == [(incident,)]


# Nothing is left -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_thousand_erased_incidents_leave_the_proof_whole_the_figures_equal_and_no_byte(tmp_path):
    settings = make_folder(tmp_path / "centre", clock=ManualClock())
    room = Room(settings)
    for number in range(1000):
        room.receive(f"{number:04}", text=f"{PANEL_WORDS} {number}")
    room.decide()
    incidents = [row.incident for row in room.store.signal_rows(0, 10_000)]
    assert len(set(incidents)) == 1000
    for incident in incidents:
        room.note(incident)
        room.close(incident)
    keys = {key for incident in incidents for key in room.store.holder_keys(incident)}
    assert len(keys) == 1000
    wrapped = [
        bytes(value) for id_, value in rows(settings.folder / "keys.db", "SELECT id, value FROM wrapped") if id_ in keys
    ]
    secrets = [room.held.vault.holders.get(key) for key in sorted(keys)]
    sealed = [bytes(value) for (value,) in rows(settings.database_path, "SELECT sealed FROM vault_values")]
    assert len(sealed) == 2000
    folder = settings.folder
    assert files_with(folder, wrapped[0]) == ["keys.db"], "the search finds what is there"
    figures = ("SELECT * FROM incidents ORDER BY id", "SELECT * FROM signals ORDER BY seq")
    before = [rows(settings.database_path, sql) for sql in figures]
    assert [len(one) for one in before] == [1000, 1000]

    room.pass_days(30)

    assert [rows(settings.database_path, sql) for sql in figures] == before
    assert room.kinds().count("incident.erased") == 1000
    assert room.findings() == []
    verdict = room.verdict()
    assert verdict.first_bad_seq is None
    assert verdict.counts.entries == room.journal.head.seq
    assert os.path.getsize(f"{settings.database_path}-wal") == 0
    backup = tmp_path / "backup"
    backup.mkdir()
    edit(settings.database_path, "VACUUM INTO ?", (str(backup / "tocsin.db"),))
    edit(folder / "keys.db", "VACUUM INTO ?", (str(backup / "keys.db"),))
    # Every ninth of the keys and values: looking for all of them takes minutes.
    planted = [WORDS.encode(), PANEL_WORDS.encode(), *secrets[::9], *wrapped[::9], *sealed[::9]]
    data = b"".join(file.read_bytes() for file in [*folder.rglob("*"), *backup.rglob("*")] if file.is_file())
    assert [one for one in planted if one in data] == []
    assert all(room.words(incident) == [] for incident in incidents[:20])
    room.close_folder()
    again = Room(settings, clock=room.clock)
    assert again.findings() == []
    assert all(again.words(incident) == [] for incident in incidents[:20])
    again.close_folder()


DYING = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from support.erasing import Room
from support.fakes import ManualClock, arrival
from tocsin.settings import load

settings, clock, point = load(Path(sys.argv[2]), {}), ManualClock(int(sys.argv[3])), sys.argv[4]
room = Room(settings, clock=clock)

class Dies:
    def __init__(self, inner): self.inner = inner
    def at(self, here):
        if here == point: os.kill(os.getpid(), signal.SIGKILL)
    def not_before(self, timer, now): return self.inner.not_before(timer, now)
    def destroy(self, timers, now):
        self.at("before"); self.inner.destroy(timers, now); self.at("destroyed")
    def fire(self, timer, transaction, appender):
        found = self.inner.fire(timer, transaction, appender); self.at("inside"); return found
    def done(self, timers, seq):
        self.at("committed"); self.inner.done(timers, seq)

room.timers.register("incident", Dies(room.centre.erasing))
room.tick()
"""


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before", "destroyed", "inside", "committed"])
def test_erasure_that_was_killed_is_finished_by_the_next_start(settings, point):
    room = Room(settings)
    incident = room.closed()
    (key,) = room.store.holder_keys(incident)
    (sealed,) = rows(settings.database_path, "SELECT sealed FROM vault_values WHERE field = 'note'")[0]
    room.pass_days(29)
    room.close_folder()
    now = room.clock.now_us() + 2 * DAY_US - 1
    support = str(Path(__file__).parents[1])
    killed = subprocess.run([sys.executable, "-c", DYING, support, str(settings.folder), str(now), point], check=False)
    assert killed.returncode == -signals.SIGKILL
    again = Room(settings, clock=ManualClock(now))
    before = again.words(incident)
    assert before == ([PANEL_WORDS, WORDS] if point == "before" else []), "a destroyed key opens nothing any more"
    again.tick()
    assert again.words(incident) == []
    assert again.kinds(incident).count("incident.erased") == 1
    assert again.bodies("incident.erased")[0]["keys"] == [key]
    assert again.held.vault.holders.get(key) is None
    assert files_with(settings.folder, bytes(sealed), WORDS.encode()) == []
    assert again.findings() == []
    again.close_folder()


# The clock -----------------------------------------------------------------------------------------------------------


def test_clock_that_jumps_ahead_erases_nothing_for_a_day_and_harms_nothing_when_set_right(room):
    incident = room.closed()
    room.tick()
    right = room.clock.wall_us
    room.clock.wall_us += 400 * DAY_US
    assert room.tick() == 0
    room.clock.advance(20 * 3600)
    assert room.tick() == 0
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    room.clock.wall_us = right + 20 * 3600 * 1_000_000
    assert room.tick() == 0
    room.pass_days(3)
    assert room.words(incident) == [PANEL_WORDS, WORDS]


def test_clock_that_stays_ahead_for_more_than_a_day_is_believed(room):
    incident = room.closed()
    room.tick()
    room.clock.wall_us += 400 * DAY_US
    assert room.tick() == 0
    room.pass_days(1, hours=1)
    assert room.words(incident) == []


def test_clock_that_was_set_back_ends_texts_late_and_never_early(room):
    first = room.closed("1")
    room.tick()
    room.clock.wall_us -= 200 * DAY_US
    second = room.closed("2")
    assert room.due_at(second) >= room.due_at(first)
    room.pass_days(60)
    assert room.words(first) == room.words(second) == [PANEL_WORDS, WORDS]
    room.clock.wall_us += 140 * DAY_US
    assert room.tick() == 0
    room.pass_days(2)
    assert room.words(second) == [PANEL_WORDS, WORDS], "by the true clock it was closed two days ago"


def test_full_disk_puts_the_erasure_off_and_nothing_is_done_by_halves(settings):
    room = Room(settings, run=lambda held, work: work(held.journal))
    incident = room.closed()
    room.clock.advance(30 * DAY_S)
    room.held.vault.prepare(room.clock.now_us())

    class Full:
        def not_before(self, timer, now):
            return None

        def destroy(self, timers, now):
            raise JournalFull("full", "vault.full")

        def fire(self, timer, transaction, appender):
            raise AssertionError

        def done(self, timers, seq):
            raise AssertionError

    room.timers.register("incident", Full())
    with pytest.raises(JournalFull):
        room.timers.run_due(room.journal, room.clock.now_us(), is_clock_sure=True)
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    room.timers.register("incident", room.centre.erasing)
    assert room.timers.run_due(room.journal, room.clock.now_us(), is_clock_sure=True) == 1
    assert room.words(incident) == []
    room.close_folder()


def test_one_timer_that_fails_does_not_hold_up_the_others(room):
    bad, good = room.closed("1"), room.closed("2")
    inner = room.centre.erasing

    class Picky:
        not_before, destroy, done = inner.not_before, inner.destroy, inner.done

        def fire(self, timer, transaction, appender):
            assert timer.ref != bad, "a bug"
            return inner.fire(timer, transaction, appender)

    room.timers.register("incident", Picky())
    room.pass_days(30)
    assert room.kinds(good).count("incident.erased") == 1
    assert room.kinds(bad).count("incident.erased") == 0
    assert room.due_at(bad) is not None


def test_timer_that_comes_before_the_end_of_a_hold_is_put_off(room):
    incident = room.closed()
    until = room.clock.now_us() + 50 * DAY_US
    room.centre.holds.set(SetHold(incident=incident, reason="court_order", until=until), "approval-1", ANA)
    with room.store.transaction() as transaction:  # as an older program or a bug would leave it
        transaction.put_timer(Timer(kind="incident", ref=incident, due_at=room.clock.now_us()))
    room.clock.advance(60)
    room.tick()
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    assert room.due_at(incident) == until


def test_timer_of_an_open_incident_erases_nothing(room):
    incident = room.alarm()
    room.note(incident)
    with room.store.transaction() as transaction:
        transaction.put_timer(Timer(kind="incident", ref=incident, due_at=room.clock.now_us()))
    room.clock.advance(60)
    room.tick()
    assert room.words(incident) == [PANEL_WORDS, WORDS]


def test_timer_of_a_kind_that_nobody_knows_is_left_alone(room):
    with room.store.transaction() as transaction:
        transaction.put_timer(Timer(kind="from_a_newer_release", ref="site-1", due_at=1))
    incident = room.closed()
    room.pass_days(30)
    assert room.words(incident) == []
    assert room.store.timer("from_a_newer_release", "site-1") is not None


# Incidents of before -------------------------------------------------------------------------------------------------


def legacy_note(room, incident, number, text=WORDS):
    """A note as the first release kept it: under a name of its own in keys.db."""
    name = f"{OLD_NOTE}{number:016x}"
    room.held.vault.secret_put(name, text.encode())
    room.act(AddNote(note=name), incident)
    return name


def test_notes_of_the_first_release_are_read_and_end_on_time_too(settings):
    room = Room(settings)
    incident, open_one = room.alarm("1"), room.alarm("2")
    legacy_note(room, incident, 1)
    legacy_note(room, open_one, 2, "still open")
    room.close(incident)
    edit(settings.database_path, "DELETE FROM timers")
    edit(settings.database_path, "DELETE FROM vault_values")
    room.close_folder()

    again = Room(settings, clock=room.clock)
    assert again.words(incident) == [PANEL_WORDS, WORDS]
    assert again.centre.erasing.schedule_found(again.held.centre._run) == 1
    assert again.centre.erasing.schedule_found(again.held.centre._run) == 0
    assert again.due_at(incident) == again.store.incident(incident).closed_at + 30 * DAY_US
    wrapped = rows(
        settings.folder / "keys.db",
        f"SELECT w.value FROM secrets s JOIN wrapped w ON w.id = s.id WHERE s.name = '{OLD_NOTE}{1:016x}'",
    )[0][0]
    again.pass_days(30)
    assert again.words(incident) == []
    assert again.bodies("incident.erased")[0]["notes"] == 1
    assert again.words(open_one) == [PANEL_WORDS, "still open"]
    assert files_with(settings.folder, bytes(wrapped)) == []
    again.close_folder()


def test_note_of_the_first_release_whose_fact_a_power_cut_took_is_destroyed(settings):
    room = Room(settings)
    incident = room.alarm()
    kept = legacy_note(room, incident, 1)
    lost = f"{OLD_NOTE}{2:016x}"
    room.held.vault.secret_put(lost, b"nobody names these words")
    room.centre.erasing.schedule_found(room.centre._run)
    assert sorted(room.held.vault.secrets_get([kept, lost])) == [kept]
    assert room.words(incident) == [PANEL_WORDS, WORDS]
    room.close_folder()


def test_shorter_class_ends_what_is_there_sooner_and_a_longer_one_does_not_keep_it_longer(settings):
    room = Room(settings, rules=RetentionRules(incident_days=90, incident_reason="law"))
    incident = room.closed()
    room.centre.erasing.schedule_found(room.centre._run)
    assert room.store.get_meta(SCHEDULED) == "incident-90"
    room.pass_days(10)
    room.close_folder()

    shorter = Room(settings, clock=room.clock, rules=RetentionRules(incident_days=20))
    assert shorter.centre.erasing.schedule_found(shorter.centre._run) == 1
    closed_at = shorter.store.incident(incident).closed_at
    assert shorter.due_at(incident) == closed_at + 20 * DAY_US
    assert shorter.findings() == []
    shorter.close_folder()

    longer = Room(settings, clock=room.clock, rules=RetentionRules(incident_days=60, incident_reason="law"))
    assert longer.centre.erasing.schedule_found(longer.centre._run) == 0
    assert longer.due_at(incident) == closed_at + 20 * DAY_US
    longer.close_folder()


def test_every_closed_incident_of_the_journal_can_be_found_by_its_timer_or_its_erasure(room):
    for number in range(5):
        room.closed(str(number))
    room.act(Claim(), room.alarm("9"))
    waiting = {timer.ref for timer in room.store.timers(kind="incident")}
    assert waiting == {one.id for one in room.store.incidents("closed", None, 100)}
    assert room.store.unscheduled("incident", 100) == []
