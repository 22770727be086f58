"""Check-ins of lone workers: durable with their timer, reminded, missed or ended; seen by nobody before."""

import itertools

import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.fakes import ManualClock
from tocsin.centre.core import Core
from tocsin.model.call_forms import CallWords
from tocsin.model.check_ins import CHECK_IN_DUE
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.notices import ContactAddress
from tocsin.rules.catalogue import shipped_catalogue

DEE, EVE = "user-7", "user-8"
PLANTED = "Planted: pump room behind the planted gate"
MINUTE = 60_000_000
KEYS = itertools.count(1)


class Room:
    def __init__(self, made, folder):
        self.made, self.folder = made, folder
        self.centre, self.store, self.clock = made.centre, made.store, made.clock
        core = Core(
            made.store, made.clock, shipped_catalogue(), made.centre.places(), keeper=made.centre.keeper,
            follower=made.centre.escalating, planner=made.centre.planning,
        )  # fmt: skip
        made.journal.attach(core)
        made.centre.use_core(core)
        self.check_ins = made.centre.check_ins

    def begin(self, minutes=30, user=DEE, id_=None, where=PLANTED):
        words = CallWords(where=where)
        return self.check_ins.begin(minutes, words, user, id_ or f"k{next(KEYS)}", site_id=None, code=None)

    def pass_(self, minutes):
        """So many minutes later: what is due is done."""
        self.clock.advance(minutes * 60)
        for _ in range(4):
            now = self.clock.now_us()
            due = self.store.timers(now, None, CHECK_IN_DUE)
            if not due:
                break
            assert self.centre.timers.run_prompt(self.made.journal, due, now, {}) == []
        self.centre.timers.run_all(self.made.journal, self.clock.now_us())

    def incidents(self):
        return sorted(self.store.incidents("open", None, 100), key=lambda one: one.number)

    def kinds(self):
        return [one.row.kind for one in self.store.entries(0, 5_000) if one.row.kind.startswith("check_in.")]


@pytest.fixture
def room(tmp_path):
    clock = ManualClock(1_800_000_000_000_000)
    with held(make_folder(tmp_path / "centre", clock=clock), clock=clock) as made:
        yield Room(made, tmp_path / "centre")


def test_who_ends_in_time_is_looked_for_by_nobody_and_what_was_typed_is_erased(room):
    one = room.begin()
    assert room.check_ins.of(DEE) == one
    room.pass_(20)
    assert room.check_ins.end(one.id, DEE, "end").outcome == "well"
    room.pass_(60)
    assert (room.incidents(), room.store.check_ins(), room.store.values(one.id)) == ([], [], [])
    assert room.store.timers(kind=CHECK_IN_DUE) == []
    assert room.kinds() == ["check_in.begun", "check_in.ended", "check_in.erased"]
    assert rebuild_findings(room.store) == []


def test_who_is_not_heard_of_is_reminded_and_then_an_incident_is_opened_once(room):
    one = room.begin(30)
    room.pass_(24)
    assert room.check_ins.of(DEE).reminded_at is None
    room.pass_(2)
    assert room.check_ins.of(DEE).reminded_at == room.clock.now_us()
    assert room.incidents() == []
    room.pass_(5)
    (incident,) = room.incidents()
    assert (incident.type, incident.priority, incident.origin, incident.told_place, incident.claimed_by) == (
        "WELFARE-LONEWORKER", 1, "check_in", "told", None,
    )  # fmt: skip
    (report,) = room.centre.call_forms.reports(incident.id, "user-9")
    assert (report.by, report.way, report.words.where) == (DEE, "check_in", PLANTED)
    assert room.check_ins.of(DEE).incident == incident.id
    with pytest.raises(Conflict, match=r"check_in\.missed"):
        room.check_ins.end(one.id, DEE, "late")
    room.pass_(13 * 60)
    assert (len(room.incidents()), room.store.check_ins(), room.store.values(one.id)) == (1, [], [])
    assert rebuild_findings(room.store) == []


def test_going_on_begins_its_time_anew(room):
    one = room.begin(30)
    room.pass_(26)
    gone_on = room.check_ins.prolong(one.id, 60, DEE, "on")
    assert (gone_on.due_at, gone_on.reminded_at) == (room.clock.now_us() + 60 * MINUTE, None)
    room.pass_(50)
    assert room.incidents() == []
    room.pass_(6)
    assert room.check_ins.of(DEE).reminded_at is not None
    room.pass_(5)
    assert len(room.incidents()) == 1


def test_a_centre_that_was_down_reminds_first_and_only_then_looks_for_somebody(room):
    room.begin(30)
    room.clock.advance(3 * 3600)
    now = room.clock.now_us()
    assert room.centre.timers.run_prompt(room.made.journal, room.store.timers(now, None, CHECK_IN_DUE), now, {}) == []
    assert room.incidents() == []
    assert room.check_ins.of(DEE).due_at == now + 120_000_000
    room.pass_(2)
    assert len(room.incidents()) == 1


def test_two_who_are_missed_at_once_are_two_incidents_with_numbers_of_their_own(room):
    for user in (DEE, EVE):
        room.begin(30, user)
    room.pass_(26)
    room.pass_(5)
    found = room.incidents()
    assert [one.number for one in found] == [1, 2]
    assert {room.centre.call_forms.reports(one.id, "user-9")[0].by for one in found} == {DEE, EVE}
    assert rebuild_findings(room.store) == []


def test_the_same_command_is_done_once_and_nobody_ends_a_colleagues_check_in(room):
    one = room.begin(id_="same")
    assert room.begin(id_="same") == one
    with pytest.raises(Conflict, match=r"command\.reused"):
        room.begin(60, id_="same")
    with pytest.raises(Conflict, match=r"check_in\.running"):
        room.begin()
    for act in (lambda: room.check_ins.end(one.id, EVE, "e"), lambda: room.check_ins.prolong(one.id, 30, EVE, "p")):
        with pytest.raises(BadInput, match=r"check_in\.unknown"):
            act()
    assert room.check_ins.of(EVE) is None


def test_what_was_typed_stands_in_no_file_and_not_in_the_journal(room):
    room.begin()
    held_ = [path for path in room.folder.rglob("*") if path.is_file()]
    assert [path.name for path in held_ if PLANTED.encode() in path.read_bytes()] == []


def test_the_reminder_goes_by_the_own_contacts_off_duty_too_and_ends_when_its_person_is_heard_of(room):
    room.centre.outbox.use({("sms", 1), ("voice", 1)}, "t-1-", "https://c.example", lambda: None)
    for channel in ("sms", "voice"):
        room.centre.contacts.add(DEE, channel, ContactAddress(address="+12025550177"))
    one = room.begin(30)
    room.pass_(26)
    (notice,) = room.store.notices(10, recipient=DEE)
    assert (notice.purpose, notice.incident, notice.state, len(notice.plan)) == ("check_in", None, "queued", 2)
    (sending,) = room.centre.outbox.take()
    assert sending.message.title == "CHECK IN NOW: say that all is well"
    assert PLANTED not in sending.message.text
    room.check_ins.end(one.id, DEE, "end")
    (ended,) = room.store.notices(10, recipient=DEE)
    assert ended.state in ("expired", "answered")
    assert rebuild_findings(room.store) == []
