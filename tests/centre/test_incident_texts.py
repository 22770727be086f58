"""Words of incidents lie in the vault alone, belong to one fact each, and nobody reads them without a trace."""

import threading

import msgspec
import pytest

from support.centres import held, make_folder, rows
from support.cores import rebuild_findings
from support.fakes import arrival
from tocsin.centre.core import Core
from tocsin.centre.incident_texts import OpenedNote, OpenedSignal
from tocsin.model.commands import AddNote, Claim, Close, Command
from tocsin.model.errors import BadInput, Conflict, DiskFault, JournalFull
from tocsin.model.signals import SealedPart
from tocsin.model.vault import VALUE_PREFIX
from tocsin.rules.catalogue import shipped_catalogue

ANA, BO = "user-7", "user-8"
WORDS = "Herr Schmidt opens at the gate, he limps"


class Desk:
    """A held centre with a core, and what people do there."""

    def __init__(self, centre):
        self.held = centre
        self.texts = centre.centre.incident_texts
        self.store = centre.store
        core = Core(centre.store, centre.clock, shipped_catalogue(), keeper=centre.centre.keeper)
        centre.journal.attach(core)
        centre.centre.use_core(core)
        self._frames = 0

    def alarm(self, code="FA", text=None, address=None, account="4711"):
        """Store a signal and decide on it; return its incident."""
        self._frames += 1
        made = arrival(b"%d" % self._frames, account=account, code=code, received_at=self.held.clock.now_us())
        part = SealedPart(raw=b"a frame", peer="192.0.2.7:4000", text=text, address=address)
        self.held.journal.store([msgspec.structs.replace(made, sealed=(part,))])
        self.held.journal.store([])
        return self.store.signal_rows(0, 1000)[-1].incident

    def act(self, act, incident, text=None, actor=ANA, id_="c1", version=None):
        seen = self.store.incident(incident).version if version is None else version
        return self.texts.handle(Command(actor=actor, id=id_, incident=incident, version=seen, act=act), text)

    def note(self, incident, text=WORDS, actor=ANA, id_="c1"):
        return self.act(AddNote(note=""), incident, text, actor, id_, version=0)

    def readings(self):
        """Who read which incident's texts, by the journal."""
        return [
            (entry["actor"], entry["ref"], entry["body"]["count"])
            for entry in map(msgspec.json.decode, (stored.row.entry for stored in self.store.entries(0, 5000)))
            if entry["kind"] == "vault.read"
        ]

    def kept(self):
        """How many texts of incidents the vault has."""
        return len(rows(self.held.database, "SELECT ref FROM vault_values WHERE field = 'note'"))


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def desk(settings):
    with held(settings) as centre:
        centre.database = settings.database_path
        yield Desk(centre)


def test_note_is_read_back_word_for_word_and_stands_nowhere_but_in_the_vault(desk, settings):
    incident = desk.alarm()
    desk.note(incident)
    (note,) = desk.texts.read(incident, ANA).notes
    assert note.text == WORDS
    assert note.note.startswith(VALUE_PREFIX)
    for file in settings.folder.iterdir():
        if file.is_file():
            assert b"Schmidt" not in file.read_bytes(), file.name


def test_notes_come_oldest_first_and_a_closings_note_is_one_of_them(desk):
    incident = desk.alarm()
    desk.act(Claim(), incident, id_="c0")
    desk.note(incident, "first", id_="c1")
    desk.note(incident, "second", BO, id_="c2")
    desk.act(Close(disposition="real"), incident, "third", id_="c3")
    assert [note.text for note in desk.texts.read(incident, ANA).notes] == ["first", "second", "third"]
    assert rebuild_findings(desk.store) == []


def test_same_command_again_finds_its_own_note_and_makes_no_second(desk):
    incident = desk.alarm()
    first = desk.note(incident)
    assert desk.note(incident) == first
    assert [note.text for note in desk.texts.read(incident, ANA).notes] == [WORDS]
    assert desk.kept() == 1


def test_other_words_under_the_same_id_are_refused_and_kept_nowhere(desk):
    incident = desk.alarm()
    desk.note(incident)
    with pytest.raises(Conflict, match=r"\[command\.reused\]"):
        desk.note(incident, "something else")
    assert [note.text for note in desk.texts.read(incident, ANA).notes] == [WORDS]
    assert desk.kept() == 1


def test_words_of_a_refused_command_are_kept_nowhere(desk):
    incident = desk.alarm()
    with pytest.raises(Conflict, match=r"\[incident\.not_claimed\]"):
        desk.act(Close(disposition="real"), incident, WORDS)
    with pytest.raises(BadInput, match=r"\[incident\.unknown\]"):
        desk.note("incident-999999")
    assert desk.kept() == 0


def test_same_words_of_two_people_are_two_notes(desk):
    incident = desk.alarm()
    desk.note(incident, actor=ANA)
    desk.note(incident, actor=BO)
    assert len({note.note for note in desk.texts.read(incident, ANA).notes}) == 2


def test_note_that_was_erased_is_told_as_such(desk):
    incident = desk.alarm()
    desk.note(incident)
    (note,) = desk.texts.read(incident, ANA).notes
    desk.held.centre.values.destroy([incident], [], desk.held.clock.now_us())
    assert desk.texts.read(incident, ANA).notes == [OpenedNote(note.note, None)]


def test_text_and_user_of_a_signal_are_opened_and_nothing_else_of_its_message(desk):
    incident = desk.alarm(text="Kessel", address=None)
    assert desk.alarm(text=None, address="017") == incident
    assert desk.alarm() == incident
    seqs = [row.seq for row in desk.store.signal_rows(0, 100)]
    found = desk.texts.read(incident, ANA).signals
    assert found == [OpenedSignal(seqs[1], None, "017"), OpenedSignal(seqs[0], "Kessel", None)]


@pytest.mark.parametrize("fault", [JournalFull("full", "disk.full"), KeyboardInterrupt()])
def test_words_are_not_kept_where_the_fact_could_not_be_stored(settings, fault):
    def run(centre, work):
        if centre.is_broken:
            raise fault
        return work(centre.journal)

    with held(settings, run=run) as centre:
        centre.is_broken, centre.database = False, settings.database_path
        desk = Desk(centre)
        incident = desk.alarm()
        centre.is_broken = True
        with pytest.raises(type(fault)):
            desk.note(incident)
        assert desk.kept() == 0


def test_words_of_a_note_that_is_there_outlive_a_repeat_that_fails(settings):
    def run(centre, work):
        if centre.is_broken:
            raise JournalFull("full", "disk.full")
        return work(centre.journal)

    with held(settings, run=run) as centre:
        centre.is_broken = False
        desk = Desk(centre)
        incident = desk.alarm()
        desk.note(incident)
        desk.texts.read(incident, ANA)
        centre.is_broken = True
        with pytest.raises(JournalFull):
            desk.note(incident)
        assert [note.text for note in desk.texts.read(incident, ANA).notes] == [WORDS]


def test_words_are_kept_where_nobody_knows_whether_the_fact_is_on_the_disk(settings):
    def run(centre, work):
        work(centre.journal)
        raise DiskFault("the fsync failed", "disk.fault")

    with held(settings, run=run) as centre:
        centre.database = settings.database_path
        desk = Desk(centre)
        incident = desk.alarm()
        with pytest.raises(DiskFault):
            desk.note(incident)
        assert desk.kept() == 1


# Reading is a fact ----------------------------------------------------------------------------------------------------


def test_first_reading_of_a_person_and_claim_is_a_fact_and_no_later_one_is(desk):
    incident = desk.alarm(text="Kessel")
    desk.note(incident)
    for _ in range(3):
        desk.texts.read(incident, ANA)
    desk.texts.read(incident, BO)
    assert desk.readings() == [(ANA, incident, 2), (BO, incident, 2)]
    desk.act(Claim(), incident, actor=BO, id_="c2")
    desk.texts.read(incident, ANA)
    desk.texts.read(incident, ANA)
    assert desk.readings()[2:] == [(ANA, incident, 2)]


def test_reading_survives_a_restart(desk):
    incident = desk.alarm(text="Kessel")
    desk.texts.read(incident, ANA)
    again = Desk(desk.held)
    again.texts.read(incident, ANA)
    assert len(again.readings()) == 1


def test_reading_of_one_incident_says_nothing_of_another(desk):
    one, other = desk.alarm(text="Kessel"), desk.alarm(text="Dach", account="4712")
    desk.texts.read(one, ANA)
    desk.texts.read(other, ANA)
    assert [ref for _, ref, _ in desk.readings()] == [one, other]


def test_where_there_is_nothing_to_read_nothing_is_noted(desk):
    incident = desk.alarm()
    assert (desk.texts.read(incident, ANA).signals, desk.readings()) == ([], [])


def test_reading_stands_in_the_time_line_and_is_no_newer_version_of_the_incident(desk):
    incident = desk.alarm(text="Kessel")
    before = desk.store.incident(incident)
    desk.texts.read(incident, ANA)
    assert [stored.row.kind for stored in desk.store.incident_facts(incident, 10)] == ["incident.opened", "vault.read"]
    assert desk.store.incident(incident) == before
    assert rebuild_findings(desk.store) == []


def test_nothing_is_shown_where_the_reading_could_not_be_noted(settings):
    def run(centre, work):
        del work
        raise JournalFull("full", "disk.full")

    with held(settings, run=run) as centre:
        desk = Desk(centre)
        with pytest.raises(JournalFull):
            desk.texts.read(desk.alarm(text="Kessel"), ANA)


def test_two_windows_of_one_person_that_ask_at_once_are_one_reading(settings):
    lock, both_looked = threading.Lock(), threading.Barrier(2)

    def run(centre, work):
        both_looked.wait(10)  # both found no reading yet
        with lock:
            return work(centre.journal)

    with held(settings, run=run) as centre:
        desk = Desk(centre)
        incident = desk.alarm(text="Kessel")
        threads = [threading.Thread(target=desk.texts.read, args=(incident, ANA)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert desk.readings() == [(ANA, incident, 1)]


def test_texts_of_an_incident_that_is_not_there_are_refused(desk):
    with pytest.raises(BadInput, match=r"no such incident.*Look at the queue.*\[incident\.unknown\]"):
        desk.texts.read("incident-5", ANA)
