"""A restore over a living centre: what was ended or held there after the backup does not come back."""

import contextlib

import pytest

from support.centres import make_folder
from support.erasing import ANA, WORDS, files_with
from support.fakes import ManualClock
from support.people import OTHER_PASSWORD, PASSWORD, Phone
from support.restoring import DAY_S, Living, counts, since
from tocsin.access.rebuild import rebuild_people
from tocsin.centre.keyholders import rebuild_keyholders, rebuild_phrases, rebuild_warnings, rebuild_wishes
from tocsin.model.errors import TocsinError
from tocsin.model.keyholders import KeyholderContact, Phrases, ResidentWishes
from tocsin.model.retention import DAY_US, EraseEarly, LiftHold, SetHold
from tocsin.model.sites import SiteRow

CLI = "cli"
LATE = 8
"""Days after the backup that a restore comes."""


@pytest.fixture
def living(tmp_path):
    made = Living(make_folder(tmp_path / "centre", clock=ManualClock()))
    rooms = [made]
    over = made.over

    def kept(*args, **options):
        done, room = over(*args, **options)
        rooms.append(room)
        return done, room

    made.over = kept
    yield made
    for room in rooms:
        with contextlib.suppress(Exception):
            room.close_folder()


def hold(room, incident, days=100):
    until = room.clock.now_us() + days * DAY_US
    return room.centre.holds.set(SetHold(incident=incident, reason="court_order", until=until), "approval-1", ANA)


def whole(room):
    """The tables are what the journal says, and the journal verifies."""
    assert room.findings() == []
    people = rebuild_people(room.entries())
    assert people.users == room.store.users()
    assert people.credentials == room.store.credentials()
    assert people.grants == room.store.grants()
    for rebuilt, there in (
        (rebuild_keyholders, room.store.keyholders),
        (rebuild_phrases, room.store.site_phrases),
        (rebuild_wishes, room.store.site_wishes),
        (rebuild_warnings, room.store.place_warnings),
    ):
        assert rebuilt(room.entries()) == there()
    assert room.verdict().exit_code != 1
    return True


# Incidents -----------------------------------------------------------------------------------------------------------


def test_hold_that_was_set_after_the_backup_keeps_the_texts_and_shows_them(living):
    incident = living.closed()
    living.clock.advance(25 * DAY_S)
    living.back_up()
    until = hold(living, incident).until
    done, room = living.over(LATE)
    assert counts(done) == {"holds_set": 1}
    assert (done.waiting, room.due_at(incident)) == ((), until)
    assert WORDS in room.words(incident)
    [(kind, ref, actor, body)] = since(room, living.manifest.seq, "hold.")
    assert (kind, ref, actor) == ("hold.set", incident, "cli")
    assert body == {"approval": None, "exercise": False, "reason": "court_order", "until": until}
    assert whole(room)


def test_hold_makes_the_copies_whose_days_key_is_over_now(living):
    incident = living.alarm(address="017")
    living.back_up(1)
    hold(living, incident, 300)
    done, room = living.over(20)
    assert counts(done) == {"holds_set": 1}
    found = room.texts.read(incident, ANA)
    assert [one.user for one in found.signals] == ["017"]


def test_hold_that_was_lifted_after_the_backup_is_lifted(living):
    incident = living.closed()
    id_ = hold(living, incident).id
    living.back_up(1)
    living.centre.holds.lift(LiftHold(hold=id_, incident=incident, reason="settled"), "approval-2", ANA)
    done, room = living.over(1)
    assert counts(done) == {"holds_lifted": 1}
    [again] = room.store.holds(incident)
    assert (again.id, again.lifted_reason) == (id_, "settled")
    assert room.due_at(incident) == room.store.incident(incident).closed_at + 30 * DAY_US
    assert whole(room)


def test_hold_that_was_set_and_lifted_or_is_over_or_of_a_later_incident_is_not_set(living):
    incident = living.closed()
    living.back_up(1)
    made = hold(living, incident)
    living.centre.holds.lift(LiftHold(hold=made.id, incident=incident, reason="settled"), "approval-2", ANA)
    hold(living, incident, days=3)
    hold(living, living.closed("5512"))
    done, room = living.over(4)
    assert counts(done) == {}
    assert room.store.holds() == []


def test_texts_that_two_persons_erased_after_the_backup_are_erased_again(living):
    incident, other = living.closed(), living.closed("5512")
    living.back_up(1)
    wanted = EraseEarly(incident=incident, reason="data_subject")
    living.centre.holds.erase_early(wanted, "approval-1", ANA)
    done, room = living.over(1)
    assert counts(done) == {"incidents_erased": 1}
    assert (room.store.values(incident), room.words(incident)) == ([], [])
    assert WORDS in room.words(other)
    assert room.store.erasure(incident).reason == "data_subject"
    assert whole(room)


def test_texts_whose_time_was_over_in_the_living_centre_do_not_wait_a_week(living):
    incident = living.closed()
    living.clock.advance(25 * DAY_S)
    living.back_up()
    living.pass_days(6)
    done, room = living.over(1)
    assert (counts(done), done.waiting) == ({"incidents_erased": 1}, ())
    assert room.store.values(incident) == []
    assert room.store.erasure(incident).reason == "time"


def test_incident_that_was_open_in_the_backup_and_erased_since_comes_back_without_texts(living):
    incident = living.alarm()
    living.note(incident)
    living.back_up(1)
    living.close(incident)
    wanted = EraseEarly(incident=incident, reason="entered_by_mistake")
    living.centre.holds.erase_early(wanted, "approval-1", ANA)
    done, room = living.over(1)
    assert counts(done) == {"incidents_erased": 1}
    assert room.store.incident(incident).state == "open"
    assert room.words(incident) == []
    room.note(incident)
    assert room.words(incident) == [WORDS], "who handles it can write again"
    assert whole(room)
