"""A search for somebody missing, and a scheduler that turns when told, by a clock that moves when told."""

import msgspec

from support.centres import make_folder
from support.erasing import ANA, Room
from support.fakes import ManualClock
from tocsin.centre.scheduler import Scheduler
from tocsin.model.escalation import LOOK_AGAIN
from tocsin.model.help_note import HelpNote, Missing
from tocsin.model.incidents import IncidentOpened
from tocsin.model.journal import Fact
from tocsin.rules.incident import apply
from tocsin.system import SystemClock

HOUR_S = 3600
HOUR_US = HOUR_S * 1_000_000
NOTE = HelpNote(missing=Missing(harm_feared=("cold",), last_place="Planted Ridge hut"))
NOBODY = HelpNote()


def open_search(store, journal, core):
    """An open incident about somebody missing, by the fact that a form for calls will write; return its id."""
    number = store.highest_number() + 500
    body = IncidentOpened(
        account=None, account_id=None, catalogue="1", code=None, config=0, exercise=False, hazard="missing_person",
        line=None, number=number, opened_at=journal.head.at, origin="centre", points=(), priority=3, reason="by_code",
        receiver=None, signal=None, silent=False, site_id=None, type="MISSING-LOST", zone=None,
    )  # fmt: skip

    def work(transaction, appender):
        seq = appender.append(Fact(kind="incident.opened", body=body))
        made = apply(None, body, seq=seq, at=appender.at, actor=None, id_=f"incident-{seq}")
        transaction.put_incidents([made])
        transaction.add_incident_facts([(made.id, seq)])
        return made

    made = journal.decide(work)
    core.take_over([made], journal.head.seq)
    return made.id


def search(room):
    return open_search(room.store, room.journal, room.core)


def scheduler(room):
    """The scheduler of a room, not yet turned."""
    return Scheduler(room.timers, room.store, lambda work: work(room.journal), room.clock)


def write(room, incident, note=NOTE, seen=0):
    return room.centre.help_notes.write(incident, note, seen, ANA, f"w{room.journal.head.seq}")


def confirm(room, incident, seen=1):
    return room.centre.help_notes.confirm(incident, seen, ANA, f"w{room.journal.head.seq}")


def pass_s(room, turning, seconds):
    """Let time go by, turning as the thread does."""
    turning.wake()
    turning.turn()
    due = [(timer.due_at - room.clock.now_us()) / 1_000_000 for timer in room.store.timers()]
    quiet_s = max(0, min([seconds, *due]) - 60)  # nothing happens in it, so it takes one step
    room.clock.advance(quiet_s)
    seconds -= quiet_s
    end_s = room.clock.monotonic_s() + seconds
    while True:
        wait_s = turning.turn()
        left_s = end_s - room.clock.monotonic_s()
        if left_s <= 0:
            return
        room.clock.advance(min(max(wait_s, 0.001), left_s))


def state(room, incident):
    """How many hours are left, and whether it is due."""
    row = room.store.incident(incident)
    left_h = None if row.look_again_at is None else round((row.look_again_at - room.clock.now_us()) / HOUR_US, 2)
    return left_h, row.look_again_due


def due_facts(room):
    """How late each was that fell due, in seconds."""
    return [body["late_s"] for body in room.bodies("incident.look_again") if body["reason"] == "due"]


def waiting(room):
    return {timer.ref: timer.due_at for timer in room.store.timers(kind=LOOK_AGAIN)}


def last_fact(room):
    """The last fact of its kind, with its actor."""
    entries = (msgspec.json.decode(stored.row.entry) for stored in room.entries())
    return [entry for entry in entries if entry["kind"] == "incident.look_again"][-1]


def make_search(folder, hours_ago):
    """A folder with one search, whose note was written so many hours ago; return the incident's row.

    As a centre left it that was killed then: it is served by the machine's own clock.
    """
    clock = ManualClock(SystemClock().now_us() - round(hours_ago * HOUR_US))
    room = Room(make_folder(folder, clock=clock), clock=clock)
    try:
        incident = search(room)
        write(room, incident)
        return room.store.incident(incident)
    finally:
        room.close_folder()
