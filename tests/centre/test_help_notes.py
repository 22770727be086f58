"""What helping needs to know: read in the course of an incident alone, noted, sealed, and gone with the incident."""

import json
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from support.centres import held, make_folder, rows
from support.cores import rebuild_findings
from support.fakes import ManualClock, arrival
from tocsin.centre import phrases
from tocsin.centre.call_lists import NOTHING, CallLists
from tocsin.centre.core import Core
from tocsin.centre.editing import BadForm, Editor
from tocsin.centre.guessing import CHECKS_MAX, Guessing
from tocsin.centre.help_notes import no_call_first
from tocsin.centre.keyholders import rebuild_warnings
from tocsin.centre.phrases import MEMORY_KIB
from tocsin.model.catalogue import HazardClass
from tocsin.model.commands import Claim, Close, Command, Reopen
from tocsin.model.errors import BadInput, Conflict, KeyMissing, TooMany
from tocsin.model.help_note import (
    ALL,
    ASKED,
    Caller,
    HelpNote,
    HoldUp,
    LoneWorker,
    Missing,
    PatientNote,
    PersonsInNeed,
    Violence,
    asked_in,
    mistakes_of,
)
from tocsin.model.incidents import Incident
from tocsin.model.keyholders import KeyholderContact, Phrases, ResidentWishes
from tocsin.model.warnings import WARNING_DAYS_MAX
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.system import SystemClock, SystemIds

ANA, BO = "user-7", "user-8"
DAY_S = 86_400
DAY_US = DAY_S * 1_000_000
PLANT = "Planted Erika Example"
NOTE = HelpNote(
    persons_in_need=PersonsInNeed(told_by="crew", hurt=2, trapped=1),
    patients=(PatientNote(patient="child", breathing="not_normally", what_happened=PLANT, allergy=PLANT),),
    caller=Caller(telephone="+1 202 555 0177", name=PLANT, stands_at=PLANT),
)


class Desk:
    """A held centre with a core, a site with an account, and what people do there."""

    def __init__(self, made):
        self.made = made
        self.centre, self.store, self.clock = made.centre, made.store, made.clock
        made.add(b"name\nPier\nDock\n", kind="sites")
        made.add(b"account,site\n1001,Pier\n1002,Dock\n1003,\n")
        self.site, self.other = (site.id for site in self.store.sites())
        places = made.centre.places()
        core = Core(
            made.store,
            made.clock,
            shipped_catalogue(),
            places,
            keeper=made.centre.keeper,
            follower=made.centre.escalating,
        )
        made.journal.attach(core)
        made.centre.use_core(core)
        self.lists = CallLists(made.centre.configuration, made.store, made.vault, made.clock, SystemIds())
        self.notes = made.centre.help_notes
        self.warnings = made.centre.place_warnings
        self._count = 0

    def alarm(self, code="FA", account="1001"):
        """Store a signal and decide on it; return its incident's id."""
        self._count += 1
        ids = {one.row.account: one.id for one in self.store.accounts()}
        made = arrival(
            b"%d" % self._count, account=account, code=code, account_ref=ids[account], received_at=self.clock.now_us()
        )
        self.made.journal.store([made])
        self.made.journal.store([])
        return self.store.signal_rows(0, 1000)[-1].incident

    def act(self, incident, act, actor=ANA):
        self._count += 1
        version = self.store.incident(incident).version
        command = Command(actor=actor, id=f"c{self._count}", incident=incident, version=version, act=act)
        return self.centre.handle(command)[0]

    def close(self, incident, actor=ANA):
        self.act(incident, Claim(take_over=True), actor)
        return self.act(incident, Close(disposition="real"), actor)

    def write(self, incident, note=NOTE, seen=0, actor=ANA, id_=None):
        self._count += 1
        return self.notes.write(incident, note, seen, actor, id_ or f"w{self._count}")

    def check(self, incident, of, phrase, actor=ANA):
        self._count += 1
        outcome, changed, _ = self.notes.check(incident, of, phrase, actor, f"p{self._count}")
        return outcome, changed

    def keyholder(self, name="Erika", site=None, **phrases):
        contact = KeyholderContact(name=name, telephones=("+1 202 555 0101",))
        given = Phrases(**phrases) if phrases else None
        return self.lists.make(site or self.site, contact, None, given, ANA)

    def journal(self):
        found = []
        while page := self.store.entries(len(found), 1000):
            found += page
        return found

    def readings(self):
        entries = [json.loads(stored.row.entry) for stored in self.journal() if stored.row.kind == "vault.read"]
        return [(entry["actor"], entry["ref"], entry["body"]["what"]) for entry in entries]

    def run_timers(self):
        return self.centre.timers.run_all(self.made.journal, self.clock.now_us(), is_clock_sure=True)


@pytest.fixture(autouse=True)
def cheap_phrases(monkeypatch):
    """A check costs what it must (the test below); of all the others it would be half of the time."""
    assert phrases.MEMORY_KIB == MEMORY_KIB
    monkeypatch.setattr(phrases, "MEMORY_KIB", 64)


@pytest.fixture
def desk(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        made.folder = tmp_path / "centre"
        yield Desk(made)


def test_phrase_costs_whoever_tries_them_all_what_a_password_does():
    """OWASP, Password Storage Cheat Sheet: Argon2id with 19 MiB, two rounds and one lane at least."""
    assert (MEMORY_KIB, phrases.ROUNDS, phrases.LANES) == (19 * 1024, 2, 1)


# The fields ----------------------------------------------------------------------------------------------------------


def test_every_class_is_asked_what_its_row_of_the_scope_names_and_nothing_of_another():
    everywhere = ("persons_in_need", "patients", "caller")
    extra = {
        "rescue": {"lone_worker"},
        "medical": {"lone_worker"},
        "missing_person": {"missing"},
        "violence": {"fleeing", "violence"},
        "intrusion": {"fleeing", "violence"},
        "trafficking_kidnap": {"fleeing", "violence"},
        "robbery_holdup": {"fleeing", "violence", "hold_up"},
        "theft": {"fleeing"},
        "collision": {"fleeing"},
        "welfare_check": {"lone_worker"},
    }
    assert {hazard: set(asked_in(hazard)) for hazard in ALL} == {
        hazard: {*everywhere, *extra.get(hazard, ())} for hazard in HazardClass.__args__
    }


WHOLE = HelpNote(
    persons_in_need=PersonsInNeed(told_by="staff", missing=1),
    patients=(PatientNote(patient="adult"),),
    missing=Missing(harm_feared=("cold",)),
    fleeing="a van",
    violence=Violence(weapon="blade"),
    hold_up=HoldUp(by="button"),
    lone_worker=LoneWorker(by="no_movement"),
    caller=Caller(telephone="112"),
)


@pytest.mark.parametrize("hazard", sorted(ALL))
def test_part_that_a_class_has_no_place_for_is_refused_by_its_name(hazard):
    wrong = mistakes_of(WHOLE, hazard)
    assert [text.split()[0] for text in wrong] == [block for block in ASKED if hazard not in ASKED[block]]
    assert all(hazard in text for text in wrong)


def test_parties_of_violence_are_named_in_no_field():
    note = HelpNote(caller=Caller(name="x", telephone="112"))
    for hazard in ALL:
        assert bool(mistakes_of(note, hazard)) == (hazard in ("violence", "trafficking_kidnap"))


@pytest.mark.parametrize(
    "body",
    [
        b'{"missing":{"harm_feared":[]}}',
        b'{"missing":{}}',
        b'{"missing":{"harm_feared":["wanted"]}}',
        b'{"persons_in_need":{"hurt":1}}',
        b'{"persons_in_need":{"told_by":"camera","hurt":1}}',
        b'{"persons_in_need":{"told_by":"crew","hurt":-1}}',
        b'{"persons_in_need":{"told_by":"crew","present":400}}',
        b'{"patients":[{"patient":"man"}]}',
        b'{"patients":[{"patient":"adult","birth":"1990"}]}',
        b'{"plate":"AB 123"}',
        b'{"caller":{"recorder_reference":"she wears a red coat"}}',
        b'{"missing":{"harm_feared":["cold"],"last_seen_at":1e30}}',
        b'{"missing":{"harm_feared":["cold"],"last_seen_at":1000000000000000000000000000000}}',
        b'{"lone_worker":{"by":"button","since":-1}}',
        b'{"violence":{"attacker":"x"}}',
        b'{"caller":{"name":"' + b"x" * 121 + b'"}}',
        b'{"patients":[' + b",".join([b'{"patient":"adult"}'] * 11) + b"]}",
    ],
)
def test_what_is_no_field_or_choice_of_the_note_is_refused(body):
    """No harm feared, a machine's number, a head count, looks, a birth date, a plate, a name: no place for any."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=HelpNote)


def test_nothing_of_a_note_stands_in_a_repr():
    assert "Planted" not in repr(NOTE) + repr(NOTE.patients) + repr(NOTE.caller)


# Written and read ----------------------------------------------------------------------------------------------------


def test_note_is_read_back_whole_and_the_reading_is_a_fact_once_a_person_and_claim(desk):
    incident = desk.alarm()
    changed, seq = desk.write(incident)
    assert (changed.help_version, changed.version) == (1, seq)
    found = desk.notes.read(incident, BO)
    assert (found.note, found.version, found.written_by, found.review_due_at) == (NOTE, 1, ANA, None)
    desk.notes.read(incident, BO)
    assert desk.readings() == [(BO, incident, "help_note")]
    desk.act(incident, Claim(), ANA)
    desk.notes.read(incident, BO)
    desk.notes.read(incident, ANA)
    assert desk.readings()[1:] == [(BO, incident, "help_note"), (ANA, incident, "help_note")]


def test_incident_without_a_note_shows_none_and_notes_no_reading(desk):
    incident = desk.alarm()
    found = desk.notes.read(incident, ANA)
    assert (found.note, found.version, desk.readings()) == (None, 0, [])


def test_note_is_written_anew_whole_by_whoever_saw_the_last_version_alone(desk):
    incident = desk.alarm()
    desk.write(incident)
    second = HelpNote(caller=Caller(call_back="+1 202 555 0188"))
    desk.write(incident, second, seen=1, actor=BO)
    for seen in (0, 1, 3):
        with pytest.raises(Conflict) as caught:
            desk.write(incident, NOTE, seen=seen)
        assert (caught.value.code, "Planted" in str(caught.value)) == ("help_note.changed", False)
    found = desk.notes.read(incident, ANA)
    assert (found.note, found.version, found.written_by) == (second, 2, BO)


def test_same_writing_sent_again_is_written_once(desk):
    incident = desk.alarm()
    first = desk.write(incident, id_="same")
    assert desk.write(incident, id_="same") == first
    assert desk.store.incident(incident).help_version == 1
    with pytest.raises(Conflict) as caught:
        desk.write(incident, HelpNote(), id_="same")
    assert caught.value.code == "command.reused"


def test_note_of_another_class_or_of_a_closed_incident_is_refused_and_leaves_nothing(desk):
    incident = desk.alarm("FA")
    with pytest.raises(BadForm, match="missing is not asked in an incident of class fire"):
        desk.write(incident, HelpNote(missing=Missing(harm_feared=("cold",), known_by=PLANT)))
    desk.close(incident)
    with pytest.raises(Conflict) as caught:
        desk.write(incident)
    assert caught.value.code == "incident.closed"
    assert rows(desk.made.folder / "tocsin.db", "SELECT * FROM vault_values WHERE field = 'help_note'") == []
    with pytest.raises(BadInput):
        desk.write("incident-999999")


def test_note_stands_in_no_journal_row_or_file(desk):
    incident = desk.alarm()
    desk.write(incident)
    desk.notes.read(incident, ANA)
    for path in desk.made.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not [word for word in (b"Planted", b"555 0177", b"not_normally") if word in data], path.name
    (fact,) = [json.loads(one.row.entry) for one in desk.journal() if one.row.kind == "incident.help_noted"]
    assert set(fact["body"]) == {"exercise", "value", "version"}


def test_fact_commits_to_the_note_and_the_rebuild_needs_no_vault(desk):
    incident = desk.alarm()
    desk.write(incident)
    desk.check(incident, desk.keyholder(pass_phrase="Sunrise").id, "nonsense")
    assert rebuild_findings(desk.store) == []


def test_note_dies_with_the_incident(desk):
    incident = desk.alarm()
    desk.write(incident)
    desk.close(incident)
    desk.clock.advance(29 * DAY_S)
    desk.run_timers()
    assert desk.notes.read(incident, ANA).note == NOTE
    desk.clock.advance(2 * DAY_S)
    assert desk.run_timers() >= 1
    gone = desk.notes.read(incident, BO)
    assert (gone.note, gone.version) == (None, 1)
    assert (BO, incident, "help_note") not in desk.readings()
    assert rows(desk.made.folder / "tocsin.db", "SELECT count(*) FROM vault_values")[0][0] == 0


def test_missing_persons_note_asks_to_be_looked_at_again_every_12_hours_and_is_gone_a_day_after_closing(desk):
    incident = desk.alarm()
    lost = msgspec.structs.replace(
        desk.store.incident(incident), hazard="missing_person", type="MISSING-LOST", id="incident-500000", number=77
    )
    with desk.store.transaction() as transaction:
        transaction.put_incidents([lost])
    note = HelpNote(missing=Missing(harm_feared=("cold", "cannot_find_the_way"), known_by=PLANT))
    desk.write(lost.id, note)
    found = desk.notes.read(lost.id, ANA)
    assert found.review_due_at == found.written_at + 12 * 3_600_000_000
    desk.clock.advance(13 * 3600)
    desk.write(lost.id, note, seen=1)
    assert desk.notes.read(lost.id, ANA).review_due_at == desk.clock.now_us() + 12 * 3_600_000_000
    desk.close(lost.id)
    assert desk.notes.read(lost.id, ANA).review_due_at is None
    desk.clock.advance(24 * 3600 - 1)
    desk.run_timers()
    assert desk.notes.read(lost.id, ANA).note == note
    desk.clock.advance(2)
    desk.run_timers()
    assert desk.notes.read(lost.id, ANA).note is None


def test_reopened_incident_keeps_its_note(desk):
    incident = desk.alarm()
    desk.write(incident)
    desk.close(incident)
    desk.clock.advance(20 * DAY_S)
    desk.act(incident, Reopen(reason="more_to_do"))
    desk.clock.advance(60 * DAY_S)
    desk.run_timers()
    assert desk.notes.read(incident, ANA).note == NOTE


# Call list, wishes ---------------------------------------------------------------------------------------------------


def test_call_list_is_of_the_open_incidents_site_alone_in_its_order(desk):
    first, second = desk.keyholder("First"), desk.keyholder("Second")
    desk.keyholder("Elsewhere", site=desk.other)
    gone = desk.keyholder("Gone")
    desk.lists.remove(gone.id, gone.seq, ANA)
    incident = desk.alarm()
    assert [one.id for one in desk.notes.call_list(incident, BO)] == [first.id, second.id]
    desk.notes.call_list(incident, BO)
    assert desk.readings() == [(BO, incident, "keyholders")]
    assert desk.notes.call_list(desk.alarm(account="1003"), BO) == []
    desk.close(incident)
    with pytest.raises(Conflict) as caught:
        desk.notes.call_list(incident, BO)
    assert caught.value.code == "incident.closed"
    assert len(desk.readings()) == 1


def test_wishes_are_shown_in_an_open_incident_of_that_home_until_their_day(desk):
    now = desk.clock.now_us()
    wishes = ResidentWishes(wishes=("oxygen_in_the_home",), key_safe=PLANT)
    desk.lists.set_wishes(desk.site, NOTHING, wishes, now, now + 10 * DAY_US, ANA)
    incident, elsewhere = desk.alarm(), desk.alarm(account="1002")
    assert desk.notes.wishes(elsewhere, BO) is None
    kept, found = desk.notes.wishes(incident, BO)
    assert (kept.row.review_at, found) == (now + 10 * DAY_US, wishes)
    assert desk.readings() == [(BO, incident, "wishes")]
    desk.clock.advance(11 * DAY_S)
    assert desk.notes.wishes(incident, BO) is None, "its day has come, though no timer ran"
    desk.close(incident)
    with pytest.raises(Conflict):
        desk.notes.wishes(incident, BO)


def as_it_were(desk, **fields):
    """The open incident of the site with other fields: no panel opens incidents of every class."""
    made = msgspec.structs.replace(desk.store.incident(desk.alarm()), id="incident-500000", number=77, **fields)
    with desk.store.transaction() as transaction:
        transaction.put_incidents([made])
    return made.id


def with_wishes(desk):
    now = desk.clock.now_us()
    wishes = ResidentWishes(wishes=("use_the_key_safe",), key_safe=PLANT)
    desk.lists.set_wishes(desk.site, NOTHING, wishes, now, now + 10 * DAY_US, ANA)
    return desk.keyholder()


@pytest.mark.parametrize("hazard", HazardClass.__args__)
def test_wishes_are_shown_in_an_alarm_of_that_home_and_not_for_a_fault_of_its_equipment(desk, hazard):
    keyholder = with_wishes(desk)
    incident = as_it_were(desk, hazard=hazard, type="TECH-MAINS" if hazard == "technical" else "FIRE-ALARM")
    if hazard == "technical":
        with pytest.raises(Conflict) as caught:
            desk.notes.wishes(incident, BO)
        assert (caught.value.code, PLANT in str(caught.value)) == ("incident.no_alarm", False)
        assert desk.readings() == []
    else:
        assert desk.notes.wishes(incident, BO)[1].key_safe == PLANT
    assert [one.id for one in desk.notes.call_list(incident, BO)] == [keyholder.id], "a fault needs a key as well"


def test_signal_that_nobody_can_read_may_be_a_call_for_help_and_shows_the_wishes(desk):
    with_wishes(desk)
    incident = as_it_were(desk, hazard="technical", type="TECH-UNCLASSIFIED")
    assert desk.notes.wishes(incident, BO)[1].key_safe == PLANT


def test_mains_that_fail_at_a_home_show_nobody_where_its_key_is(desk):
    with_wishes(desk)
    incident = desk.alarm("AT")
    assert desk.store.incident(incident).type == "TECH-MAINS"
    with pytest.raises(Conflict) as caught:
        desk.notes.wishes(incident, BO)
    assert caught.value.code == "incident.no_alarm"


@pytest.mark.parametrize("what", ["wishes", "call_list"])
@pytest.mark.parametrize("hazard", ["fire", "technical"])
def test_exercise_shows_neither_wishes_nor_keyholders(desk, what, hazard):
    with_wishes(desk)
    incident = as_it_were(desk, hazard=hazard, exercise=True)
    with pytest.raises(Conflict) as caught:
        getattr(desk.notes, what)(incident, BO)
    assert (caught.value.code, desk.readings()) == ("incident.exercise", [])


# Phrases -------------------------------------------------------------------------------------------------------------


def test_outcome_of_a_phrase_is_the_only_thing_that_is_kept_of_it(desk):
    one = desk.keyholder(pass_phrase="Planted Sunrise", duress_phrase="Planted Sunset")
    incident = desk.alarm()
    said = ["planted sunrise", "Planted Nonsense"]
    assert [desk.check(incident, one.id, word)[0] for word in said] == ["right", "wrong"]
    facts = [json.loads(stored.row.entry) for stored in desk.journal() if stored.row.kind == "incident.phrase_checked"]
    assert [(fact["actor"], fact["body"]["of"], fact["body"]["outcome"]) for fact in facts] == [
        (ANA, one.id, "right"),
        (ANA, one.id, "wrong"),
    ]
    for path in desk.made.folder.rglob("*"):
        assert b"lanted" not in (path.read_bytes() if path.is_file() else b"").lower(), path.name


def test_duress_phrase_raises_the_incident_to_the_first_priority_and_silences_it(desk):
    one = desk.keyholder(pass_phrase="Sunrise", duress_phrase="Sunset")
    incident = desk.alarm("AT")
    before = desk.store.incident(incident)
    assert (before.priority > 1, before.silent) == (True, False)
    outcome, changed = desk.check(incident, one.id, "sunset")
    assert (outcome, changed.priority, changed.silent) == ("duress", 1, True)
    assert changed.alarmed == changed.acted == changed.version, "nobody closes it without having seen this"
    assert no_call_first(changed)
    assert rebuild_findings(desk.store) == []
    assert desk.check(incident, one.id, "sunrise")[1].silent, "a right phrase later takes nothing back"


def test_right_and_wrong_phrases_change_neither_priority_nor_silence(desk):
    one = desk.keyholder(pass_phrase="Sunrise")
    incident = desk.alarm("AT")
    before = desk.store.incident(incident)
    for word in ("sunrise", "nonsense"):
        changed = desk.check(incident, one.id, word)[1]
        assert (changed.priority, changed.silent, changed.alarmed) == (before.priority, before.silent, before.alarmed)


def test_phrase_of_the_site_is_asked_as_a_keyholders_is(desk):
    desk.lists.set_site_phrases(desk.site, NOTHING, Phrases(pass_phrase="Harbour", duress_phrase="Ocean"), ANA)
    incident = desk.alarm()
    assert [desk.check(incident, desk.site, word)[0] for word in ("harbour", "river", "ocean")] == [
        "right", "wrong", "duress",
    ]  # fmt: skip


def test_phrase_of_nobody_there_is_refused_without_a_fact(desk):
    without = desk.keyholder("Without")
    elsewhere = desk.keyholder("Elsewhere", site=desk.other, pass_phrase="Sunrise")
    gone = desk.keyholder("Gone", pass_phrase="Sunrise")
    desk.lists.remove(gone.id, gone.seq, ANA)
    incident = desk.alarm()
    for of in (without.id, elsewhere.id, gone.id, desk.site, desk.other, "keyholder-9999"):
        with pytest.raises(BadInput) as caught:
            desk.check(incident, of, "sunrise")
        assert (caught.value.code, "unrise" in str(caught.value)) == ("phrases.unknown", False)
    assert "incident.phrase_checked" not in {stored.row.kind for stored in desk.journal()}


def test_phrase_that_is_lost_is_said_to_be_and_is_not_wrong(desk):
    one = desk.keyholder(pass_phrase="Sunrise")
    desk.made.vault.secret_delete(one.row.verifier)
    with pytest.raises(KeyMissing) as caught:
        desk.check(desk.alarm(), one.id, "sunrise")
    assert caught.value.code == "phrases.lost"


def test_phrase_is_not_asked_for_in_a_closed_incident(desk):
    one = desk.keyholder(pass_phrase="Sunrise")
    incident = desk.alarm()
    desk.close(incident)
    with pytest.raises(Conflict):
        desk.check(incident, one.id, "sunrise")


def test_guessing_ends_after_ten_words_and_goes_on_when_ten_minutes_are_over(desk):
    one = desk.keyholder(pass_phrase="Sunrise")
    incident = desk.alarm()
    for n in range(CHECKS_MAX):
        desk.check(incident, one.id, f"guess {n}")
    with pytest.raises(TooMany) as caught:
        desk.check(incident, one.id, "sunrise")
    assert 590 <= caught.value.retry_after_s <= 600
    desk.clock.advance(601)
    assert desk.check(incident, one.id, "sunrise")[0] == "right"


def facts_of_phrases(desk):
    return [stored.row.kind for stored in desk.journal()].count("incident.phrase_checked")


def answers(desk, incident, of, words, id_):
    """What each word gets under the same command id: an outcome, or the code of a refusal."""
    found = []
    for word in words:
        try:
            found.append(desk.notes.check(incident, of, word, ANA, id_)[0])
        except (Conflict, TooMany) as refused:
            found.append(refused.code)
    return found


def test_another_phrase_under_the_same_command_is_refused_alike_and_counts_as_an_attempt(desk):
    one = desk.keyholder(pass_phrase="Sunrise", duress_phrase="Sunset")
    incident = desk.alarm()
    words = ["guess", "other", "sunrise", "Sunset", "guess"]
    assert answers(desk, incident, one.id, words, "same") == ["wrong", *["command.reused"] * 3, "wrong"]
    assert (facts_of_phrases(desk), desk.store.incident(incident).silent) == (1, False)
    again = answers(desk, incident, one.id, [f"guess {n}" for n in range(20)], "same")
    assert again == ["command.reused"] * 6 + ["phrases.too_many"] * 14
    assert answers(desk, incident, one.id, ["sunrise", "guess"], "same") == ["phrases.too_many"] * 2
    assert answers(desk, incident, one.id, ["sunrise"], "new") == ["phrases.too_many"]


@pytest.mark.parametrize("word", ["sunrise", "sunset", "guess"])
def test_same_phrase_under_the_same_command_gets_the_stored_answer_and_is_no_attempt(desk, word):
    one = desk.keyholder(pass_phrase="Sunrise", duress_phrase="Sunset")
    incident = desk.alarm()
    first = desk.notes.check(incident, one.id, word, ANA, "same")
    for _ in range(2 * CHECKS_MAX):
        assert desk.notes.check(incident, one.id, word, ANA, "same") == first
    assert facts_of_phrases(desk) == 1
    assert [desk.check(incident, one.id, f"guess {n}")[0] for n in range(CHECKS_MAX - 1)] == ["wrong"] * 9
    assert desk.notes.check(incident, one.id, word, ANA, "same") == first, "though nothing new may be asked"


def test_forty_phrases_at_once_are_ten_attempts(desk):
    one = desk.keyholder(pass_phrase="Sunrise")
    incident = desk.alarm()
    with ThreadPoolExecutor(40) as threads:
        asked = threads.map(lambda n: answers(desk, incident, one.id, [f"guess {n}"], f"at-once {n}")[0], range(40))
        found = sorted(asked)
    assert found == ["phrases.too_many"] * 30 + ["wrong"] * CHECKS_MAX
    assert facts_of_phrases(desk) == CHECKS_MAX


def test_attempts_before_a_restart_count_by_their_facts(desk):
    one = desk.keyholder(pass_phrase="Sunrise")
    incident = desk.alarm()
    for n in range(CHECKS_MAX - 1):
        desk.check(incident, one.id, f"guess {n}")
    desk.notes._guessing = Guessing(desk.store, desk.clock)
    assert desk.check(incident, one.id, "guess")[0] == "wrong"
    with pytest.raises(TooMany):
        desk.check(incident, one.id, "sunrise")


# Warnings about a place ----------------------------------------------------------------------------------------------


def warn(desk, cause, danger="dog", days=90):
    return desk.warnings.warn(cause, danger, desk.clock.now_us() + days * DAY_US, ANA)


def shown(desk, incident):
    return [one.warning.body.danger for one in desk.warnings.of_incident(desk.store.incident(incident))]


def test_warning_has_one_closed_incident_as_cause_and_is_shown_in_the_incidents_of_that_place(desk):
    cause = desk.alarm()
    with pytest.raises(Conflict) as caught:
        warn(desk, cause)
    assert caught.value.code == "place_warning.open"
    desk.close(cause)
    made = warn(desk, cause)
    assert (shown(desk, cause), shown(desk, desk.alarm(account="1002"))) == (["dog"], [])
    later = desk.alarm()
    (one,) = desk.warnings.of_incident(desk.store.incident(later))
    assert (one.warning, one.made_by) == (made, ANA)
    desk.close(later)
    assert shown(desk, later) == [], "a closed incident shows what it is the cause of"


@pytest.mark.parametrize("days", [-1, 0, WARNING_DAYS_MAX + 1])
def test_warning_ends_within_six_months(desk, days):
    cause = desk.alarm()
    desk.close(cause)
    with pytest.raises(BadInput) as caught:
        warn(desk, cause, days=days)
    assert caught.value.code == "place_warning.end"
    assert desk.store.place_warnings() == []


def test_warning_ends_by_itself_and_is_not_shown_late(desk):
    cause = desk.alarm()
    desk.close(cause)
    warn(desk, cause, days=2)
    later = desk.alarm()
    desk.clock.advance(2 * DAY_S + 1)
    assert (shown(desk, later), len(desk.store.place_warnings())) == ([], 1)
    desk.run_timers()
    assert desk.store.place_warnings() == rebuild_warnings(desk.journal()) == []
    ended = [json.loads(one.row.entry) for one in desk.journal() if one.row.kind == "place.warning_ended"]
    assert [(one["actor"], one["body"]["reason"]) for one in ended] == [(None, "expired")]


def test_same_danger_is_renewed_by_a_new_cause_and_another_stands_beside_it(desk):
    cause = desk.alarm()
    desk.close(cause)
    old = warn(desk, cause, days=2)
    new = warn(desk, cause, days=50)
    other = warn(desk, cause, "needles", days=3)
    assert desk.store.place_warnings() == rebuild_warnings(desk.journal()) == [new, other]
    assert {timer.ref for timer in desk.store.timers(kind="place_warning")} == {new.id, other.id}
    desk.warnings.lift(other.id, BO)
    assert desk.store.place_warnings() == rebuild_warnings(desk.journal()) == [new]
    for id_ in (old.id, other.id, "warning-1"):
        with pytest.raises(BadInput) as caught:
            desk.warnings.lift(id_, BO)
        assert caught.value.code == "place_warning.unknown"


def test_exercise_and_incident_without_a_place_warn_nobody(desk):
    nowhere = desk.alarm(account="1003")
    desk.close(nowhere)
    with pytest.raises(BadInput) as caught:
        warn(desk, nowhere)
    assert caught.value.code == "place_warning.no_site"
    drill = desk.alarm()
    desk.close(drill)
    with desk.store.transaction() as transaction:
        transaction.put_incidents([msgspec.structs.replace(desk.store.incident(drill), exercise=True)])
    with pytest.raises(Conflict) as caught:
        warn(desk, drill)
    assert caught.value.code == "place_warning.exercise"
    with pytest.raises(BadInput):
        warn(desk, "incident-999999")


def test_warnings_end_with_their_site(desk):
    cause = desk.alarm(account="1002")
    desk.close(cause)
    warn(desk, cause)
    editor = Editor(desk.centre.configuration, desk.store, desk.clock)
    account = next(one for one in desk.store.accounts() if one.row.account == "1002")
    editor.remove_account(account.id, account.seq, ANA)
    editor.remove_site(desk.other, desk.store.sites([desk.other])[0].seq, ANA)
    assert desk.store.place_warnings() == rebuild_warnings(desk.journal()) == []
    assert desk.store.timers(kind="place_warning") == []


def test_queue_shows_of_a_help_note_its_version_alone():
    assert [name for name in Incident.__struct_fields__ if "help" in name or "note" in name] == ["help_version"]


# Calls to keyholders -------------------------------------------------------------------------------------------------


def called(desk, incident, of, outcome, telephone=1, actor=ANA, id_=None):
    desk._count += 1
    return desk.notes.called(incident, of, telephone, outcome, actor, id_ or f"call{desk._count}")[0]


def test_what_became_of_a_call_is_a_coded_fact_without_name_or_number(desk):
    one = desk.keyholder("Planted Erika")
    incident = desk.alarm()
    before = desk.store.incident(incident)
    called(desk, incident, one.id, "no_answer")
    after = called(desk, incident, one.id, "attends", actor=BO)
    assert [(call.of, call.outcome, call.telephone, call.by) for call in desk.notes.calls(incident)] == [
        (one.id, "no_answer", 1, ANA), (one.id, "attends", 1, BO)
    ]  # fmt: skip
    assert (after.priority, after.silent, after.alarmed) == (before.priority, before.silent, before.alarmed)
    facts = [stored.row.entry for stored in desk.journal() if stored.row.kind == "incident.called"]
    assert [json.loads(fact)["body"]["place"] for fact in facts] == [1, 1]
    # In the body: times and hashes hold any digits.
    bodies = [json.dumps(json.loads(fact)["body"]) for fact in facts]
    assert not [body for body in bodies if "lanted" in body or "555" in body]
    assert rebuild_findings(desk.store) == []


def test_duress_on_the_telephone_is_handled_as_the_duress_phrase_is(desk):
    one = desk.keyholder()
    incident = desk.alarm("AT")
    changed = called(desk, incident, one.id, "duress")
    assert (changed.priority, changed.silent, changed.alarmed) == (1, True, changed.version)
    assert called(desk, incident, one.id, "attends").silent, "what comes later takes nothing back"
    assert rebuild_findings(desk.store) == []


def test_same_call_sent_again_is_noted_once_also_where_the_list_was_put_in_order_meanwhile(desk):
    one, other = desk.keyholder("One"), desk.keyholder("Two")
    incident = desk.alarm()
    called(desk, incident, one.id, "busy", id_="same")
    desk.lists.reorder(desk.site, [other.id, one.id], ANA)
    called(desk, incident, one.id, "busy", id_="same")
    assert len(desk.notes.calls(incident)) == 1
    with pytest.raises(Conflict) as caught:
        called(desk, incident, one.id, "attends", id_="same")
    assert caught.value.code == "command.reused"


def test_call_to_nobody_on_the_list_or_in_a_closed_incident_or_an_exercise_is_refused(desk):
    one, elsewhere = desk.keyholder(), desk.keyholder("Elsewhere", site=desk.other)
    gone = desk.keyholder("Gone")
    desk.lists.remove(gone.id, gone.seq, ANA)
    incident = desk.alarm()
    for of in (elsewhere.id, gone.id, "keyholder-9999", desk.site):
        with pytest.raises(BadInput) as caught:
            called(desk, incident, of, "attends")
        assert caught.value.code == "calls.unknown"
    desk.close(incident)
    drill = as_it_were(desk, exercise=True)
    for id_, code in ((incident, "incident.closed"), (drill, "incident.exercise")):
        with pytest.raises(Conflict) as refused:
            called(desk, id_, one.id, "attends")
        assert refused.value.code == code
    assert "incident.called" not in {stored.row.kind for stored in desk.journal()}
