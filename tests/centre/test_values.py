"""Values lie under their holders' keys: committed to by name, and nowhere before their fact."""

import hashlib
import threading

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from support.centres import edit, make_folder, rows
from support.erasing import ANA, BO, PANEL_WORDS, WORDS, Room, files_with
from support.fakes import ManualClock
from tocsin.centre.values import VALUE_BYTES_MAX, Values
from tocsin.model.commands import AddNote, Claim, Close, Command
from tocsin.model.errors import BadInput, Conflict, JournalFull
from tocsin.system import SystemIds


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre", clock=ManualClock())


@pytest.fixture
def room(settings):
    made = Room(settings)
    yield made
    made.close_folder()


def stored(room, holder):
    return room.store.values(holder)


def test_name_of_a_value_commits_to_it(room):
    sealed = room.values.seal("site-5", "wishes", b"oxygen in the house")
    with room.store.transaction() as transaction:
        room.values.store(transaction, [sealed], 7)
    (row,) = stored(room, "site-5")
    secret = room.held.vault.holders.get(row.key)
    plain = AESGCM(secret).decrypt(row.sealed[:12], row.sealed[12:], b"tocsin value site-5 wishes")
    assert plain[32:] == b"oxygen in the house"
    assert row.ref == "value-" + hashlib.sha256(plain).hexdigest()
    assert room.values.open([row]) == {row.ref: b"oxygen in the house"}


def test_same_words_twice_are_two_names_that_nobody_can_compare(room):
    one, two = (room.values.seal("incident-5", "note", WORDS.encode()) for _ in range(2))
    assert one.ref != two.ref
    assert one.sealed != two.sealed
    assert one.digest == two.digest, "the centre itself knows the same command again"
    assert room.values.seal("incident-6", "note", WORDS.encode()).digest != one.digest


def test_value_opens_as_no_other_holders_and_as_no_other_field(room):
    incident = room.alarm()
    room.note(incident)
    row = stored(room, incident)[-1]
    for moved in ({"holder": "incident-999"}, {"field": "help_note"}):
        assert room.values.open([msgspec.structs.replace(row, **moved)]) == {}


def test_refused_command_leaves_no_value_and_no_key_behind(room, settings):
    incident = room.alarm(text=None)
    keys = room.store.highest_holder_key()
    values = room.store.value_count(incident)
    with pytest.raises(Conflict, match=r"\[incident\.not_claimed\]"):
        room.act(Close(disposition="real"), incident, WORDS)
    with pytest.raises(BadInput, match=r"\[incident\.unknown\]"):
        room.texts.handle(
            Command(actor=ANA, id="x", incident="incident-99999", version=None, act=AddNote(note="")), WORDS
        )
    assert room.store.value_count(incident) == values
    assert room.store.highest_holder_key() == keys
    assert files_with(settings.folder, WORDS.encode()) == []


def test_key_of_something_that_never_committed_is_given_to_nobody_else(settings):
    room = Room(settings)
    orphan = room.values.seal("incident-900", "note", b"never stored")
    kept = room.alarm()
    (key,) = room.store.holder_keys(kept)
    room.close_folder()
    again = Room(settings, clock=room.clock)
    later = again.alarm("77")
    assert again.store.holder_keys(later)[0] > max(key, orphan.key)
    assert again.words(kept) == [PANEL_WORDS]
    again.close_folder()


def test_incidents_have_keys_of_their_own_and_one_each(room):
    incidents = [room.alarm(str(number)) for number in range(20)]
    for incident in incidents:
        room.note(incident)
    keys = [room.store.holder_keys(incident) for incident in incidents]
    assert all(len(one) == 1 for one in keys)
    assert len({one[0] for one in keys}) == 20


def test_two_people_who_write_at_once_find_one_key(room):
    both = threading.Barrier(8)
    sealed = []

    def write(number):
        both.wait(10)
        sealed.append(room.values.seal("incident-500", "note", b"%d" % number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len({value.key for value in sealed}) == 1
    assert len({value.ref for value in sealed}) == 8


def test_same_command_after_a_restart_finds_its_answer(settings):
    room = Room(settings)
    incident = room.alarm()
    first = room.note(incident, id_="same")
    room.close_folder()
    again = Room(settings, clock=room.clock)
    assert again.note(incident, id_="same") == first
    with pytest.raises(Conflict, match=r"\[command\.reused\]"):
        again.note(incident, "other words", id_="same")
    assert again.note(incident, actor=BO, id_="same") != first
    again.close_folder()


@pytest.mark.slow
def test_flood_of_incidents_never_waits_for_a_key_that_is_made_one_by_one(room):
    for number in range(3000):
        room.receive(f"{number:04}", text=None)
    room.decide()
    assert room.held.vault.holders.waits < 20
    keys = {room.store.holder_keys(one.id)[0] for one in room.store.incidents("open", None, 5000)}
    assert len(keys) == 3000


def test_signal_joins_though_no_copy_of_its_part_can_be_made(settings):
    room = Room(settings)

    class Broken:
        def start(self, highest):
            pass

        def prepare(self):
            pass

        def draw(self):
            raise JournalFull("full", "vault.full")

        def get(self, id_):
            return None

        def destroy(self, ids, names, now):
            pass

        def names(self, prefix):
            return []

    values = Values(store=room.store, keys=Broken(), sealer=room.held.vault, ids=SystemIds())
    room.centre.keeper._values = values
    incident = room.alarm()
    assert room.store.incident(incident).signals == 1
    assert room.store.value_count(incident) == 0
    assert room.words(incident) == [PANEL_WORDS], "the day's copy is read as long as it is there"
    room.close_folder()


def test_text_that_is_too_long_is_refused(room):
    with pytest.raises(BadInput, match=r"\[vault\.long\]"):
        room.values.seal("incident-5", "note", b"x" * (VALUE_BYTES_MAX + 1))


@pytest.mark.parametrize("holder", ["", "incident-", "Incident-5", "incident-5; DROP", "incident-12345678901234567"])
def test_only_an_id_holds_values(room, holder):
    with pytest.raises(BadInput, match=r"\[vault\.holder\]"):
        room.values.seal(holder, "note", b"x")


def test_lost_key_hides_its_values_and_no_others(room, settings):
    one, two = room.alarm("1"), room.alarm("2")
    room.note(one)
    room.note(two)
    room.close(one)
    key = room.store.holder_keys(one)[0]
    edit(settings.folder / "keys.db", "DELETE FROM holder_keys WHERE id = ?", (key,))
    values = Values(store=room.store, keys=room.held.vault.holders, sealer=room.held.vault, ids=SystemIds())
    assert values.open(stored(room, one)) == {}
    assert len(values.open(stored(room, two))) == 2


def test_keys_that_are_older_than_the_database_give_no_number_twice(settings):
    room = Room(settings)
    incident = room.alarm()
    room.note(incident)
    highest = room.store.highest_holder_key()
    holders = room.held.vault.holders
    edit(settings.folder / "keys.db", "DELETE FROM holder_keys")
    edit(settings.folder / "keys.db", "DELETE FROM wrapped WHERE id > 5")
    edit(settings.folder / "keys.db", "UPDATE sqlite_sequence SET seq = 5")
    holders.start(highest)
    drawn, _ = holders.draw()
    assert drawn > highest
    room.close_folder()


def test_no_seal_of_a_step_pays_for_a_commit_of_keys(room, settings):
    before = rows(settings.folder / "keys.db", "SELECT max(id) FROM wrapped")
    for number in range(100):
        room.alarm(str(number))
    assert rows(settings.folder / "keys.db", "SELECT max(id) FROM wrapped") == before


def test_act_that_brings_no_text_seals_nothing(room):
    incident = room.alarm(text=None)
    count = room.store.value_count(incident)
    room.act(Claim(), incident)
    assert room.store.value_count(incident) == count
