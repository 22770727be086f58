"""Write the journal of this release as later releases will find it: run once a release, before it, and committed.

    python tests/journals/make_journal.py tests/journals/0.3.0

A folder of a centre (packed), its export and what its accounts are. Never written again: what a release wrote stays.
"""

import contextlib
import io
import json
import sys
import tarfile
import tempfile
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import tocsin
from support.action_plans import PlanRoom
from support.action_plans import form as plan_form
from support.action_plans import step as plan_step
from support.chains import chain, step, strength, wait
from support.chains import group as chain_group
from support.cores import rebuild_findings
from support.fakes import SECOND, CountingIds, ManualClock, arrival
from support.look_again import NOBODY, NOTE, open_search
from support.people import PASSWORD
from support.retention_room import Room
from tocsin.access.approvals import digest_of
from tocsin.centre.action_plan_files import MissedFile
from tocsin.centre.attendance import Attendance
from tocsin.centre.backup import Backups
from tocsin.centre.call_lists import CallLists
from tocsin.centre.dials import DialWish, call_of
from tocsin.centre.editing import Editor, Number
from tocsin.centre.journal_export import JournalExports
from tocsin.centre.journal_reading import JournalReading
from tocsin.centre.opening import create_folder
from tocsin.centre.outbox import Sent
from tocsin.centre.rosters import Wanted as WantedRoster
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.shifts import Wanted as WantedDesk
from tocsin.centre.site_tests import Wanted
from tocsin.centre.subject_requests import SubjectRequests
from tocsin.centre.zones_out import WantedOut
from tocsin.cli.backup import _pack
from tocsin.cli.journal import journal_app
from tocsin.intake.webhook.receiver import arrival_of
from tocsin.journal.heads import append_head
from tocsin.model.call_forms import CallDraft, CallMarks, CallWords
from tocsin.model.check_ins import CHECK_IN_DUE
from tocsin.model.commands import (
    AddNote,
    Claim,
    Close,
    DoStep,
    Merge,
    Release,
    Reopen,
    Shelve,
    Split,
    Unmerge,
    Unshelve,
    Unsplit,
    WaiveStep,
)
from tocsin.model.duty import DutyTimes
from tocsin.model.escalation import StepHours
from tocsin.model.export import SubjectRequest, UnsealedExport
from tocsin.model.flood import StormBegan, StormEnded
from tocsin.model.help_note import Caller, HelpNote
from tocsin.model.holidays import HolidaysRow
from tocsin.model.incidents import SignalQuarantined
from tocsin.model.journal import (
    KINDS,
    CentreNoticed,
    CentreStarted,
    CentreStopped,
    Fact,
    SoundChecked,
    VaultErased,
)
from tocsin.model.keyholders import KeyholderContact, Phrases, ResidentWishes
from tocsin.model.notices import Accepted, ContactAddress
from tocsin.model.on_test import WORD_S
from tocsin.model.plans import DrawnPlan, PlanZone
from tocsin.model.proof import CentreRestored
from tocsin.model.retention import HOUR_US, LiftHold, SetHold
from tocsin.model.rings import LineRow, Located
from tocsin.model.rosters import RosterLayer
from tocsin.model.schedules import DayHours, ScheduleRow, WeekHours
from tocsin.model.signals import Given
from tocsin.model.sources import SourceRow
from tocsin.model.stills import STILL_ENDS, STILL_HOURS, DrawnStill, StillBox
from tocsin.model.supervision import PathMissing, PathReturned, SupervisionMissing, SupervisionReturned
from tocsin.model.vault import Timer
from tocsin.model.watch_log import WatchErased
from tocsin.protocols.dc09.encode import encode_frame
from tocsin.protocols.dc09.framing import StreamDecoder
from tocsin.protocols.dc09.judge import ReceiverPolicy, judge
from tocsin.protocols.dc09.signals import to_arrival
from tocsin.protocols.dc09.stamps import format_stamp
from tocsin.protocols.machine_messages import read_messages
from tocsin.protocols.telephone import CallMessage
from tocsin.rules.queue_parts import may_go
from tocsin.settings import default_toml, load
from tocsin.system import SystemIds

USER = "user-7"

KEY = "00112233445566778899AABBCCDDEEFF"
ACCOUNTS = f"""account,site,name,key,key_form,receiver,line,category,late_max_s,duplicate_window_s,poll_602,carried_by
5512,Cold Store North,"Cold Store North, fire",,,,,DP3,,,yes,
5513,Bank Market Square,"Bank, intrusion",{KEY},hex,,,SP4,60,400,,
5514,Ferry Terminal,Küste »Nord«,,,1,2,SP2,off,,,
77A,Boatyard,Carried,{KEY},hex,,,,,,,5513
"""
SITES = 'name,address\nCold Store North,"Quay 3, gate »Nord«"\n'
ZONES = "account,zone,name,type\n5512,14,Boiler room,FIRE-SMOKE\n"
LATER = "account,name\n5512,Cold Store North again\n6000,New one\n9999,Known now\n"


def arrivals(snapshot, clock):
    """Frames of every form: both contents, several events, texts, users, values, encrypted, disputed, unknown."""

    def frame(account, data, n, *, token="SIA-DCS", key=None, blocks=(), receiver=None, line="0"):
        now = clock.now_us()
        raw = encode_frame(
            token=token,
            sequence=f"{n:04d}",
            receiver=receiver,
            line=line,
            account=account,
            data=data,
            blocks=blocks,
            timestamp=format_stamp(now),
            key=key,
            pad=b"x" * 20 if key else b"",
        )
        (piece,) = StreamDecoder().feed(raw)
        verdict = judge(piece, snapshot, ReceiverPolicy(), now)
        assert verdict.outcome == "accepted", verdict
        return to_arrival(verdict, peer="192.0.2.7:4000", transport="tcp", received_at=now, config=snapshot.config)

    key = bytes.fromhex(KEY)
    return [
        frame("5512", "#5512|Nri2/FA014^Boiler room^", 1),
        frame("5512", "#5512|Nri1/BA07^Rear door^/BA08/TA08|AStore room", 2),
        frame("5512", "#5512|1131 01 015", 3, token="ADM-CID", blocks=("H07:04:58,03-04-2027", "CDP3", "G2", "TF")),
        frame("5512", "#5512|3131 01 015", 4, token="ADM-CID"),
        frame("5513", "#5513|Nid42/OP042^A name^", 5, key=key),
        frame("5513", "#77A|NFA001", 6, key=key),
        frame("5512", "#5513|NFR001", 7),
        frame("5514", "#0012|Nri3/WA004*17C_", 8, receiver="1", line="2"),
        frame("9999", "#9999|NXX01", 9),
        frame("5512", "#5512|AText alone", 10),
        frame("5512", "#5512|NFT020", 11),
        frame("5512", "#5512|NFA020", 12),
        frame("5512", "#5512|NFR020", 13),
        frame("9999", "#9999|NFA01", 14),
    ]


def decide(journal):
    """Let the core decide on all that is stored."""
    while journal.is_core_behind:
        journal.store(())


def handle(room):
    """Take one incident through everything that a person can do with it."""
    incident = room.held.store.incidents("open", None, 1000)[-1].id
    for act, text in (
        (Claim(), None), (AddNote(None), "Key at the gate"), (Release(), None), (Claim(), None),
        (Close("unwanted", None), "Steam"), (Reopen("more_to_do"), None), (Close("real", None), None),
    ):  # fmt: skip
        room.act(act, incident, text)
    return incident


def put_aside(room):
    """Shelve an incident that is not about lives, and take it back."""
    found = room.held.store.incidents("open", None, 1000)
    one = next(one.id for one in found if one.priority > 1 and one.hazard in ("intrusion", "technical"))
    for act in (Shelve("work_on_site"), Unshelve()):
        room.act(act, one, None)


def others(now):
    """One fact of each kind that nothing else makes here and that no table is worked out from."""
    signal = SignalQuarantined(error="ZeroDivisionError", exercise=False, signal=None)
    return [
        Fact(kind="signal.quarantined", body=signal, cause=3),
        Fact(kind="desk.sound_checked", body=SoundChecked(heard=True), actor=USER),
        Fact(
            kind="storm.began",
            body=StormBegan(begins=10, count=11, desks=1, exercise=False, since=now, window_s=600),
        ),
        Fact(kind="storm.ended", body=StormEnded(count=4, desks=1, ends=5, exercise=False, late_s=0), ref="storm-1"),
        Fact(
            kind="centre.restored",
            body=CentreRestored(backup="00" * 16, ended=1, epoch=2, erased=0, made_at=now, seq=3),
            actor="cli",
        ),
    ]


def bring(held, kind, text):
    """Import a table."""
    held.add(text.encode(), kind=kind)


def edit(room):
    """What people change one by one, and read: something is removed, refused and taken back."""
    held, clock = room.held, room.clock
    centre, store = held.centre, held.store
    editor = Editor(centre.configuration, store, clock)
    bring(held, "accounts", "account,site,name\n6001,Soon removed,Panel\n")
    account, site = store.accounts()[-1], store.sites()[-1]
    bring(held, "zones", "account,zone,name\n6001,1,Hall\n")
    editor.remove_account(account.id, account.seq, USER)
    editor.remove_site(site.id, site.seq, USER)
    until = clock.now_us() + 86_400 * SECOND
    refused, back = (Number(account=number, receiver="1", line=None) for number in ("8888", "8887"))
    editor.refuse_number(refused, "silent", "scanner", until, USER)
    editor.refuse_number(back, "duh", "contract_ended", until, USER)
    editor.take_back(back, USER)
    JournalReading(store, centre.note, clock).page(USER, None, None, 10)


def come_and_go(room):
    """People sign in, lock, bind a phone, change what they sign in with, and one is removed."""
    access, clock = room.access, room.clock
    ana = room.known("supervisor", name="Ana Horvat")
    access.sign_in_with_password("Ana Horvat", PASSWORD, None, "192.0.2.9")
    offer = access.begin_totp(ana)
    codes = access.confirm_totp(ana, pyotp.TOTP(offer.secret).at(clock.wall_us // SECOND))
    access.sign_in_with_password("Ana Horvat", PASSWORD, codes[0], "192.0.2.9")
    access.set_pin(ana, "730518")
    _, session = access.sign_in(access.create_link(ana, "cli").secret, "192.0.2.9", codes[1])
    access.lock(session.id)
    access.unlock(session.id, "730518", "192.0.2.9")
    access.remove_pin(ana, "cli")
    ben = room.user("responder", name="Ben Weiss")
    _, phone = access.sign_in(access.create_link(ben, "cli").secret)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    access.bind_device(phone.id, key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    access.sign_out(phone.id, ben)
    cem = room.user("site_contact", name="Cem Kaya")
    access.grant(cem, room.held.store.sites()[0].id, "cli")
    access.remove_user(ben, "cli")
    access.revoke_token(access.create_token(["read"], 30, "cli").id, "cli")


def agreed(room, act, wanted, subject):
    """Two persons agree; the first one's id, and the approval."""
    book, one, other = room.access.approvals, room.pair[0], room.pair[1]
    asked = book.ask(act, digest_of(act, wanted), subject, "audit", one)
    book.answer(asked.id, other, True)
    return one, asked.id


def places_and_people(room, incident):
    """Keyholders, phrases, wishes, a warning, a help note; what is checked and what is taken away."""
    held, clock = room.held, room.clock
    lists = CallLists(held.centre.configuration, held.store, held.vault, clock, SystemIds())
    site = held.store.sites()[0]
    one = lists.make(site.id, KeyholderContact(name="Dora Lang", telephones=("+4366012345",)), None, None, USER)
    other = lists.make(site.id, KeyholderContact(name="Emil Noor", telephones=("+4366054321",)), None, None, USER)
    lists.remove(one.id, one.seq, USER)
    lists.set_site_phrases(site.id, 0, Phrases(pass_phrase="blue lantern", duress_phrase="red lantern"), USER)
    day = 86_400 * SECOND
    now = clock.now_us()
    lists.set_wishes(site.id, 0, ResidentWishes(wishes=("ring_and_wait",)), now - day, now + 300 * day, USER)
    note = HelpNote(caller=Caller(telephone="+4366077777", name="Fred Moor"))
    held.centre.help_notes.write(incident, note, 0, USER, "help-1")
    held.centre.help_notes.check(incident, site.id, "blue lantern", USER, "phrase-1")
    for outcome in ("no_answer", "attends"):
        held.centre.help_notes.called(incident, other.id, 1, outcome, USER, f"call-{outcome}")


def go_silent(journal):
    """A path of two that is lost and comes back, and many that are lost together and stay so."""
    paths = ("5512", "account-3", "primary", False), ("5513", "account-4", "only", True)
    lost = [
        PathMissing(
            account=number, account_id=account, all_lost=is_all, heard_at=1, limit_s=180, path=path, together=False
        )
        for number, account, path, is_all in paths
    ]
    back = PathReturned(account="5512", account_id="account-3", away_s=200, path="primary", reason="heard")
    for kind, body in (
        ("missing", SupervisionMissing(cause=None, config=1, exercise=False, group=None, paths=(lost[0],))),
        ("returned", SupervisionReturned(config=1, exercise=False, paths=(back,))),
        ("missing", SupervisionMissing(cause="network", config=1, exercise=False, group="network-1", paths=(lost[1],))),
    ):
        journal.record([Fact(kind=f"supervision.{kind}", body=body)])
        decide(journal)


def told(room, incident):
    """Contacts, when somebody may be notified, people told of an incident: a receipt, an answer, and one off duty."""
    centre = room.held.centre
    centre.outbox.use({("sms", 1)}, "t-1-", "https://centre.example", lambda: None)
    contact = centre.contacts.add(USER, "sms", ContactAddress(address="+4366055555"))
    other = centre.contacts.add(USER, "email", ContactAddress(address="gerd@example.org"))
    centre.contacts.remove(USER, other.id)
    centre.contacts.set_reach(USER, "from_home", not_now_until=None, on_duty_until=None)
    test = centre.outbox.test(USER, contact.id)
    notices = centre.outbox.notify(incident, [USER, "user-8"], USER, "notify-1", 1)
    centre.outbox.sent([Sent(one, Accepted("SM1")) for one in centre.outbox.take()])
    for notice, answer in ((test, "arrived"), (notices[0], "coming")):
        link = centre.outbox.link(centre.outbox.links(notice, 1)[0].rpartition("/")[2])
        centre.outbox.receipt(link, "delivered")
        centre.outbox.answer(link, answer)


def chains(room):
    """A group, and a chain that tells it until one is coming; both are changed, and what goes on goes by it."""
    centre, (boss, other) = room.held.centre, room.pair
    for person in room.pair:
        centre.contacts.set_reach(person, "from_home", not_now_until=None, on_duty_until=None)
        centre.contacts.add(person, "sms", ContactAddress(address="+4366055556"))
    group = centre.chains.make_group(chain_group("crew", **{boss.replace("-", "_"): ("driver",)}), boss)
    both = {person.replace("-", "_"): () for person in (boss, other)}
    centre.chains.change_group(group.id, group.seq, chain_group("crew", **both), other)
    row = chain(step("notify", groups=(group.id,)), wait(90), step("all"), strength=strength(1), again=(60, 1))
    made = centre.chains.make(row, boss)
    centre.chains.make(chain(step("supervisor"), name="short", priorities=(2,)), boss)
    nights = StepHours(from_min=1200, to_min=360, zone="Europe/Vienna")
    steps = (step("notify", users=(other,), hours=nights), step("webhook", users=(other,)), step("all"))
    gone = centre.chains.make(chain(*steps, name="gone", priorities=(3,)), boss)
    centre.chains.remove(gone.id, gone.seq, boss)
    return made


def ways_in(room):
    """A source that sends twice the same, one that is changed, and one that is removed."""
    held, (boss, other) = room.held, room.pair
    first, second = held.store.accounts()[:2]
    made = held.centre.sources.make(SourceRow(account_id=first.id, tokens=("token-9", "token-8")), boss)
    gone = held.centre.sources.make(SourceRow(account_id=second.id), other)
    held.centre.sources.change(made.id, made.seq, SourceRow(account_id=first.id, tokens=("token-9",)), other)
    held.centre.sources.remove(gone.id, gone.seq, boss)
    body = b'[{"code":"water","device":"b-1","id":"1","values":[{"value":3,"unit":"cm"}]},{"code":"odd","text":"Anna"}]'
    found = read_messages(body, "application/json", {})
    given = (Given(b"token-9 id 1", b"water"), None)
    for _ in range(2):
        held.journal.store([arrival_of(made.id, first, found, given, held.clock.now_us(), 5, is_encrypted=False)])
    decide(held.journal)


def on_test(room):
    """A place on test by a person and by a one-day code; an end that is put off, and one that comes by itself."""
    held, clock = room.held, room.clock
    tests, codes = held.centre.site_tests, held.centre.test_codes
    hour, account = 3600 * SECOND, next(one for one in held.store.accounts() if one.row.site_id is not None)
    wanted = Wanted(
        account_id=account.id, asked_by="installer", company="4711", live=(), not_live=("fire",), partition=None,
        reason="walk_test", site_id=None, until=clock.now_us() + hour, zones=("014",),
    )  # fmt: skip
    test = tests.begin(wanted, USER)
    tests.extend(test.id, clock.now_us() + 2 * hour, USER)
    clock.advance(1800)  # past the window in which it would be a repeat
    held.journal.store(arrivals(held.centre.snapshot(), clock)[:1])
    decide(held.journal)
    tests.end(test.id, USER)
    decide(held.journal)
    code, letters = codes.give(None, account.row.site_id, "4711", clock.now_us() + 5 * hour, USER)
    codes.begin(codes.find(letters), (), "maintenance", clock.now_us() + (WORD_S + 60) * SECOND)
    clock.advance(61)  # and it is about to end
    scheduler = Scheduler(held.centre.timers, held.store, held.centre.run, clock)
    scheduler.wake()
    scheduler.turn()
    codes.end(code.id, USER)


def key_links(room):
    """A link to a key that is replaced by another, which is opened and makes a new key; and one that is ended."""
    held, clock = room.held, room.clock
    links = held.centre.key_links
    account = next(one for one in held.store.accounts() if one.row.account == "6000")  # nothing is sent under it
    until = clock.now_us() + 3600 * SECOND
    links.give(account.id, None, until, USER, is_new=True)
    link, secret = links.give(account.id, "4711", until, USER, is_new=True)
    links.open(secret, None)
    links.end(links.give(account.id, "4711", until, USER, is_new=True)[0].id, USER)
    assert links.find(secret).id == link.id


def shifts(room):
    """A desk by roster, somebody stood in for, a shift that is declined, handed over, and a desk that nobody is at."""
    held, clock = room.held, room.clock
    centre, (one, other) = held.centre, room.pair
    layer = RosterLayer(
        at_min=480, first_day=20_000, from_min=0, users=(one, other), to_min=1440, turn_days=7, weekdays=()
    )
    wanted = WantedRoster(label="fire", layers=(layer,), zone="Europe/Vienna")
    roster = centre.rosters.put(None, wanted, None, one)
    now = clock.now_us()
    centre.rosters.override(roster.id, other, one, now, now + 3600 * SECOND, one)
    wanted = WantedDesk(hazards=("fire",), label="north", priorities=(1, 2), roster=roster.id)
    desk = centre.shifts.set_desk(None, wanted, one)
    shift = centre.shifts.begin(desk.id, now + 8 * 3600 * SECOND, one)
    attendance = Attendance(store=held.store, run=centre.run, clock=clock, limit_s=60)
    attendance.look(())
    clock.advance(61)
    attendance.look(())
    decide(held.journal)
    attendance.look({one})
    decide(held.journal)
    centre.shifts.offer(shift.id, other, one)
    centre.shifts.end_offer(shift.id, other)
    centre.shifts.offer(shift.id, other, one)
    centre.shifts.accept(shift.id, clock.now_us() + 8 * 3600 * SECOND, other)
    south = centre.shifts.set_desk(None, WantedDesk(hazards=(), label="south", priorities=()), one)
    beside = centre.shifts.begin(south.id, clock.now_us() + 3600 * SECOND, one)
    codes = {"intrusion": "BA", "fire": "FA", "medical": "MA"}
    waiting = next(
        one
        for one in held.store.incidents("open", None, 1000)
        if one.hazard in codes and may_go(one, USER, one.hazard, None)
    )
    part = centre.queue_parts.offer(south.id, waiting.hazard, None, other)
    centre.queue_parts.accept(part.id, one)
    clock.advance(1)
    later = {"account": "6001", "code": codes[waiting.hazard], "address": "77", "received_at": clock.now_us()}
    held.journal.store([arrival(b"later", **later)])
    decide(held.journal)
    centre.queue_parts.look()
    centre.queue_parts.end(part.id, one)
    centre.shifts.end(beside.id, one, is_lead=True)
    wrong = centre.watch_log.write("Tor 5 »klemmt«.", None, other)
    centre.watch_log.write("Tor 4, nicht 5.", wrong, other)
    for is_exercise in (True, False):
        centre.hold_ups.press(other, raised_by=other, exercise=is_exercise)
        clock.advance(11)
        centre.hold_ups.press(other, raised_by=other, exercise=is_exercise)
        decide(held.journal)


def calls(room):
    """Calls: one that is taken over and opens an incident, one that joins it, and one that is no report."""
    held, (one, other) = room.held, room.pair
    forms, site = held.centre.call_forms, next(iter(held.store.sites())).id
    words = CallWords(
        where="Kai 7", said="Rauch im Treppenhaus", note=HelpNote(caller=Caller(telephone="+43 1 5550177"))
    )
    told = CallDraft(marks=CallMarks(place="unclear", type="FIRE-STRUCTURE"), words=words)
    call = forms.begin(CallDraft(words=CallWords(where="K")), one, "call-1")
    forms.save(call.id, told, one, is_left=True)
    forms.take_over(call.id, other)
    incident, _ = forms.report(call.id, told, other, "call-2")
    at_site = CallDraft(marks=CallMarks(place="site", site_id=site, type="FIRE-SMOKE"), words=words)
    forms.report(forms.begin(at_site, one, "call-3").id, at_site, one, "call-4", into=incident.id)
    forms.report(forms.begin(at_site, one, "call-5").id, at_site, one, "call-6", is_claimed=False)
    forms.abandon(forms.begin(told, one, "call-7").id, "hung_up", one, "call-8")
    forms.begin(told, one, "call-9")
    rung(room, one, site)
    dialled(room, one, site)
    decide(held.journal)


def duty(room):
    """Staff on duty: a report by phone, and check-ins that end well, go on, are reminded of and are missed."""
    held, (one, other) = room.held, room.pair
    clock, timers, check_ins = held.clock, held.centre.timers, held.centre.check_ins
    site = next(iter(held.store.sites())).id
    times = DutyTimes(typed_at=1_000_000, sent_at=841_000_000)
    held.centre.duty_reports.report("303", CallWords(where="Kai 7"), one, "phone-1", times, site_id=site)
    well = check_ins.begin(30, CallWords(where="Pumpenhaus"), one, "check-1", site_id=None, code=None)
    check_ins.prolong(well.id, 60, one, "check-2")
    check_ins.end(well.id, one, "check-3")
    check_ins.begin(1, CallWords(where="Pumpenhaus"), one, "check-4", site_id=site, code=None)
    for wait_s in (41, 21):
        clock.advance(wait_s)
        now = clock.now_us()
        assert timers.run_prompt(held.journal, held.store.timers(now, None, CHECK_IN_DUE), now, {}) == []
    check_ins.begin(480, CallWords(), other, "check-5", site_id=None, code=None)
    pictured(room, one, other)
    decide(held.journal)


def pictured(room, sender, viewer):
    """A picture of what somebody reported: its mask is lifted and put back, and it is erased when its time is over."""
    held, clock = room.held, room.clock
    stills, times = held.centre.stills, DutyTimes(typed_at=1_000_000, sent_at=841_000_000)
    held.centre.duty_reports.report("205", CallWords(where="Kai 8"), sender, "phone-2", times)
    incident = held.centre.duty_reports.incident_of("phone-2", sender)
    box = StillBox(height=500, width=400, x=100, y=200)
    drawn = DrawnStill(height_px=90, masked=b"masked", original=b"clear", width_px=160)
    still, _ = stills.add(incident, drawn, box, "duty", sender, "picture-1")
    word, _ = stills.lift(incident, still.id, "which_door", viewer, "session-1")
    clock.advance(20)
    assert stills.mask_again(incident, still.id, word, "session-1", "by_hand")
    now = clock.now_us() + STILL_HOURS * HOUR_US
    held.centre.timers.run_now(held.journal, [Timer(kind=STILL_ENDS, ref=still.id, due_at=now)], clock.now_us())
    signal = held.store.signal_rows(0, 1)[0].seq
    assert stills.add_of_machine(incident, drawn, "source-1", signal), "a machine's, of which nothing stays clear"


def rung(room, actor, site):
    """Rings: one of a lift that is taken, one that is called back, and one that nobody tells the end of."""
    held, clock = room.held, room.clock
    rings, lines = held.centre.rings, held.centre.lines
    line = LineRow(desk=None, exact="lift-2", number="4315550188", removed=False, site_id=site)
    kept = lines.put(None, None, line, actor)
    gone = lines.put(None, None, msgspec.structs.replace(line, number="12"), actor)
    lines.put(gone.id, gone.seq, msgspec.structs.replace(line, removed=True), actor)
    source = "source-1"

    def tell(event, call, caller, location=None):
        message = CallMessage(
            event=event, call=call, caller=caller, dialled="112", extension="1001", location=location,
            is_caller_odd=False, is_location_odd=False,
        )  # fmt: skip
        return rings.tell(source, message)[0]

    where = Located(latitude=48.21, longitude=16.37, radius_m=12.0, source="pidf")
    lift = tell("ringing", "a", "+431 5550188", where)
    assert lift.line == kept.id
    tell("answered", "a", None)
    rings.take(lift.id, actor, "ring-1")
    tell("ended", "a", None)
    missed = tell("ended", "b", "+43 1 5550199")
    rings.mark_returned(missed.id, actor, is_done=True)
    tell("ringing", "c", None)
    turning = Scheduler(held.centre.timers, held.store, held.centre.run, clock)
    for minutes in (16, 31):
        clock.advance(minutes * 60)
        turning.turn()
        while held.centre.timers.run_due(held.journal, clock.now_us(), is_clock_sure=True):
            pass


def dialled(room, actor, site):
    """Calls that a desk asks for: one that is talked in, one that is refused, and one that nobody tells of."""
    held, clock = room.held, room.clock
    dials, shifts, store = held.centre.dials, held.centre.shifts, held.store
    desk = shifts.set_desk(None, WantedDesk(hazards=(), label="dials", priorities=()), actor)
    shift = shifts.begin(desk.id, clock.now_us() + 3600 * SECOND, actor)
    held.centre.lines.put(
        None, None, LineRow(desk=desk.id, exact=None, number="1009", removed=False, site_id=None), actor
    )
    keyholder = held.centre.call_lists.make(
        site, KeyholderContact(name="Ida Berg", telephones=("+4366011111",)), None, None, actor
    )
    incident = next(one.id for one in store.incidents("open", None, 1000) if one.site_id == site and not one.silent)
    wish = DialWish(of=keyholder.id)

    def tell(dial, event, extension):
        message = CallMessage(
            event=event, call=call_of(dial), caller=None, dialled=None, extension=extension, location=None,
            is_caller_odd=False, is_location_odd=False,
        )  # fmt: skip
        assert dials.tell("source-1", message)[1]

    made, number = dials.ask(incident, wish, actor, "dial-1")
    assert number == "+4366011111"
    for event, extension in (("answered", "1009"), ("answered", None), ("ended", None)):
        clock.advance(5)
        tell(made.id, event, extension)
    assert dials.fail(dials.ask(incident, wish, actor, "dial-2")[0].id, "refused").ended_at is not None
    dials.ask(incident, wish, actor, "dial-3")
    turning = Scheduler(held.centre.timers, store, held.centre.run, clock)
    for minutes in (4, 31):
        clock.advance(minutes * 60)
        turning.turn()
        while held.centre.timers.run_due(held.journal, clock.now_us(), is_clock_sure=True):
            pass
    assert not dials.of(actor)
    shifts.end(shift.id, actor, is_lead=True)


def look_again(room):
    """A search whose note is confirmed, falls due, is written anew, and in the end is about nobody missing."""
    held, clock = room.held, room.clock
    notes, turning = held.centre.help_notes, Scheduler(held.centre.timers, held.store, held.centre.run, clock)
    incident = open_search(held.store, held.journal, room.core)
    notes.write(incident, NOTE, 0, USER, "search-1")
    notes.confirm(incident, 1, USER, "search-2")
    clock.advance(12 * 3600 + 5)
    turning.turn()
    notes.write(incident, NOTE, 1, USER, "search-3")
    notes.write(incident, NOBODY, 2, USER, "search-4")


def hours_and_plans(room):
    """A schedule that is changed, not kept, and removed; a floor plan that is sent, filled and removed."""
    held = room.held
    account = next(one for one in held.store.accounts() if one.row.site_id is not None)
    day = WeekHours(weekday=0, opens_min=480, closes_min=1080)
    row = ScheduleRow(
        account_id=account.id, close_late_min=15, days=(DayHours(date="2027-12-25", hours=(), source="by_hand"),),
        early_min=30, open_late_min=15, partition="2", test_h=None, week=(day,), zone="Europe/Vienna",
    )  # fmt: skip
    schedules, plans = held.centre.schedules, held.centre.floor_plans
    gone = schedules.set(row, 0, USER)
    schedules.remove(gone.id, gone.seq, USER)
    shared = held.centre.holidays
    calendar = shared.set(None, HolidaysRow(days=row.days, label="austria"), 0, USER)
    row = msgspec.structs.replace(row, holidays=calendar.id, partition=None, test_h=1, week=())
    schedules.set(row, 0, USER)
    shared.set(calendar.id, HolidaysRow(days=(), label="austria"), calendar.seq, USER)
    unused = shared.set(None, HolidaysRow(days=(), label="gone"), 0, USER)
    shared.remove(unused.id, unused.seq, USER)
    drawn = DrawnPlan(height_px=1, media="png", picture=b"a plan", width_px=1)
    plan = plans.add(account.row.site_id, 0, drawn, USER)
    plans.change(plan.id, plan.seq, 1, [PlanZone(account_id=account.id, number="14", x=1, y=2)], USER)
    other = plans.add(account.row.site_id, -1, drawn, USER)
    plans.remove(other.id, other.seq, USER)
    zones_out = held.centre.zones_out
    out = zones_out.take_out(
        WantedOut(
            account_id=account.id, not_live=("fire",), reason="detector_fault", until=room.clock.now_us() + 60 * SECOND,
            zones=("14",),
        ),
        USER,
    )  # fmt: skip
    zones_out.extend(out.id, room.clock.now_us() + 120 * SECOND, USER)
    zones_out.put_back(out.id, USER)


def nobody_comes(room):
    """What nobody has claimed goes through its chain, and a test ends by itself."""
    held, clock = room.held, room.clock
    scheduler = Scheduler(held.centre.timers, held.store, held.centre.run, clock)
    for _ in range(3 * 60):
        scheduler.wake()
        scheduler.turn()
        decide(held.journal)
        clock.advance(60)


def regroup(room):
    """A detector chatters and is quiet again; two incidents are merged and parted, and signals split off and back."""
    held, clock = room.held, room.clock
    store, journal = held.store, held.journal

    def says(account, zone, times=1):
        for _ in range(times):
            clock.advance(1)
            made = arrival(b"%d" % clock.now_us(), account=account, code="BA", address=zone, received_at=clock.now_us())
            journal.store([made])
        decide(journal)
        return store.signal_rows(0, 100_000)[-1]

    chatters = says("6001", "5", 5)
    clock.advance(400)
    scheduler = Scheduler(held.centre.timers, store, held.centre.run, clock)
    scheduler.wake()
    scheduler.turn()
    other = says("6002", "7")
    into = chatters.incident
    room.act(Merge(into=into, seen=store.incident(into).version), other.incident)
    room.act(Unmerge(), other.incident)
    room.act(Split(signals=(chatters.seq,)), into)
    made = next(one.id for one in store.incidents("open", None, 1000) if one.split is not None)
    room.act(Unsplit(), made)
    for incident in (into, other.incident):
        room.act(Claim(take_over=True), incident)
        room.act(Close("unwanted", None), incident)


def ends(room, incident):
    """A hold is set and lifted, a warning given and ended, texts are erased early and by time."""
    held, clock = room.held, room.clock
    now = clock.now_us()
    wanted = SetHold(incident=incident, reason="complaint", until=now + 40 * 86_400 * SECOND)
    actor, approval = agreed(room, "hold.set", wanted, incident)
    hold = held.centre.holds.set(wanted, approval, actor)
    lift = LiftHold(hold=hold.id, incident=incident, reason="settled")
    actor, approval = agreed(room, "hold.lift", lift, incident)
    held.centre.holds.lift(lift, approval, actor)
    warning = held.centre.place_warnings.warn(incident, "dog", now + 30 * 86_400 * SECOND, room.pair[0])
    held.centre.place_warnings.lift(warning.id, room.pair[0])
    unsealed = UnsealedExport(reason="complaint", incident=incident)
    actor, approval = agreed(room, "journal.unsealed_export", unsealed, incident)
    held.centre.reads.note(incident, "incident_texts", actor)
    room.access.approvals.take(
        approval, "journal.unsealed_export", digest_of("journal.unsealed_export", unsealed), actor
    )
    exports = JournalExports(
        store=held.store, run=held.centre.run, heads=room.parts.settings.heads_path, sign_head=held.centre.sign_head,
        sealer=held.vault, values=held.centre.values, texts=held.centre.incident_texts,
    )  # fmt: skip
    exports.unsealed(unsealed, approval, actor)
    request = SubjectRequest(reference="R-2026-1", what="name", contact="Fred Moor")
    actor, approval = agreed(room, "subject.request", request, None)
    room.access.approvals.take(approval, "subject.request", digest_of("subject.request", request), actor)
    SubjectRequests(
        store=held.store, values=held.centre.values, secrets_get=held.vault.secrets_get, access=room.access,
        run=held.centre.run, clock=clock, ids=SystemIds(), seal=lambda _, __: b"sealed",
    ).answer(request, approval, actor)  # fmt: skip


def led(room):
    """An incident is led through a plan: a step done, one left undone, a limit missed; a type is switched on."""
    plans = room.held.centre.action_plans
    actor = room.pair[0]
    last = plan_step("look", limit_s=60, missed=MissedFile("mark"))
    plans.make(plan_form(plan_step("send", mandatory=True), plan_step("tell", mandatory=True), last), actor)
    plans.switch("TECH-LINE", 0, actor, is_on=True)
    room.held.centre.ruling.set({"chatter.alarms": 4}, 0, actor)
    led = PlanRoom(room.held)
    incident = led.alarm(account="8801")
    led.act(incident, Claim(), room.operator)
    led.act(incident, DoStep(step="send", result="done"), room.operator)
    led.act(incident, WaiveStep(step="tell", reason="not_needed"), room.operator)
    led.pass_s(90)
    led.act(incident, DoStep(step="look", result="done"), room.operator)
    led.act(incident, Close("real", None), room.operator)


def back_up(room, place):
    """A backup, whose files are thrown away."""
    held = room.held
    backups = Backups(
        store=held.store, settings=room.parts.settings, signer=held.opened.signer, clock=room.clock, ids=SystemIds(),
        sleep=lambda _: None, record=held.journal.record,
    )  # fmt: skip
    parts = backups.wait(backups.begin(30))
    _pack(backups, parts, place)
    backups.finish(parts.manifest.backup, is_durable=True)


def fill(folder):
    """Make the centre and let it live for a while."""
    clock, ids = ManualClock(), CountingIds()
    (folder / "tocsin.toml").write_text(default_toml("Küstenwache »Nord«"), encoding="utf-8")
    settings = load(folder, {})
    create_folder(settings, {}, clock, ids, "example.org")
    room = Room(settings)
    room.clock = room.held.clock
    held, clock, journal = room.held, room.held.clock, room.held.journal
    try:
        journal.record([Fact(kind="centre.started", body=CentreStarted(epoch=1, version=tocsin.__version__))])
        for kind, table in (("sites", SITES), ("accounts", ACCOUNTS), ("zones", ZONES)):
            bring(held, kind, table)
        room.core.use_places(held.centre.places())
        room.pair = (room.user("supervisor"), room.user("supervisor", "auditor"))
        journal.store(arrivals(held.centre.snapshot(), clock))
        decide(journal)
        clock.advance(11)
        journal.store(arrivals(held.centre.snapshot(), clock)[:3])
        append_head(settings.heads_path, held.opened.signer.sign(journal.head))
        clock.advance(60)
        bring(held, "accounts", LATER)
        decide(journal)
        held.centre.open_rejected(10, "audit")
        edit(room)
        come_and_go(room)
        incident = next(one.id for one in held.store.incidents("open", None, 1000) if one.site_id is not None)
        room.act(Claim(), incident)
        places_and_people(room, incident)
        told(room, incident)
        made = chains(room)
        ways_in(room)
        go_silent(journal)
        on_test(room)
        hours_and_plans(room)
        key_links(room)
        shifts(room)
        nobody_comes(room)
        held.centre.chains.remove(made.id, made.seq, room.pair[1])
        room.act(Close("real", None), incident, "All out")
        ends(room, incident)
        look_again(room)
        calls(room)
        duty(room)
        regroup(room)
        gone = handle(room)
        put_aside(room)
        led(room)
        back_up(room, folder.parent / "thrown-away.tocsin")
        notice = CentreNoticed(account="5513", count=5, notice="account_refused", reason="downgrade")
        journal.record(
            [
                Fact(kind="centre.noticed", body=notice, ref="account-4"),
                Fact(kind="vault.erased", body=VaultErased(keys=(7, 8))),
                Fact(kind="watch.erased", body=WatchErased(keys=(9,), values=2), ref="watch-19999"),
                *others(clock.now_us()),
            ]
        )
        decide(journal)
        clock.advance(31 * 86_400)
        held.centre.values.prepare()
        while held.centre.timers.run_due(journal, clock.now_us(), is_clock_sure=True):
            pass
        assert held.store.erasure(gone) is not None
        held.vault.prepare(clock.now_us())
        journal.store(arrivals(held.centre.snapshot(), clock))
        decide(journal)
        clock.wall_us -= 7200 * SECOND
        journal.store(arrivals(held.centre.snapshot(), clock)[3:4])
        decide(journal)
        journal.record([Fact(kind="centre.stopped", body=CentreStopped(epoch=1))])
        append_head(settings.heads_path, held.opened.signer.sign(journal.head))
        accounts = [msgspec.to_builtins(account) for account in held.store.accounts()]
        assert rebuild_findings(held.store) == []
        kinds = {stored.row.kind for stored in held.store.entries(0, 5000)}
    finally:
        room.close()
    missing = set(KINDS) - {"head.key_changed"} - kinds
    assert not missing, f"each kind is in it, but for {missing}"
    return accounts


def main(target):
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "centre"
        folder.mkdir()
        accounts = fill(folder)
        (target / "accounts.json").write_text(json.dumps(accounts, indent=1, ensure_ascii=False) + "\n", "utf-8")
        with contextlib.suppress(SystemExit):
            journal_app(["export", "--dir", str(folder), "--out", str(target / "export.jsonl")])
        with tarfile.open(target / "centre.tar.gz", "w:gz") as archive:
            for file in sorted(folder.iterdir()):
                if file.name in ("tocsin.toml", "tocsin.db", "keys.db", "master.key", "heads.txt"):
                    info = tarfile.TarInfo(file.name)
                    data = file.read_bytes()
                    info.size, info.mode = len(data), 0o600
                    archive.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
