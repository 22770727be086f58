"""Calls that somebody takes: drafts, reports, who joins what, and what is left of the caller afterwards."""

import json

import msgspec
import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.fakes import ManualClock, arrival
from tocsin.centre.core import Core
from tocsin.centre.editing import BadForm
from tocsin.model.call_forms import DRAFT_HOURS, OPEN_MAX, CallDraft, CallMarks, CallWords, QuestionAnswered
from tocsin.model.commands import Claim, Close, Command, Merge
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.help_note import Caller, HelpNote, Missing, PersonsInNeed
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.reporting import decide_opening, type_of
from tocsin.system import SystemClock

ANA, BO = "user-7", "user-8"
NUMBER, NAME, ADDRESS = "+1 202 555 0143", "Planted Erika Example", "7 Planted Lane"
NOTE = HelpNote(persons_in_need=PersonsInNeed(told_by="caller", trapped=2), caller=Caller(telephone=NUMBER, name=NAME))
FIRE = CallDraft(
    marks=CallMarks(place="unclear", type="FIRE-STRUCTURE"),
    words=CallWords(
        where=ADDRESS, latitude=54.32, longitude=10.14, said="smoke on the stairs",
        answers=(QuestionAnswered(number=1, words="the attic"), QuestionAnswered(number=3, said="no")), note=NOTE,
    ),
)  # fmt: skip


class Room:
    """A held centre with a core, two sites, and people who take calls."""

    def __init__(self, made, folder):
        self.made, self.folder = made, folder
        self.centre, self.store, self.clock = made.centre, made.store, made.clock
        made.add(b"name\nPier\nDock\n", kind="sites")
        made.add(b"account,site\n1001,Pier\n1002,Dock\n")
        self.pier, self.dock = (site.id for site in self.store.sites())
        core = Core(
            made.store, made.clock, shipped_catalogue(), made.centre.places(), keeper=made.centre.keeper,
            follower=made.centre.escalating, planner=made.centre.planning,
        )  # fmt: skip
        made.journal.attach(core)
        made.centre.use_core(core)
        self.calls = made.centre.call_forms
        self._count = 0

    def key(self):
        self._count += 1
        return f"k{self._count}"

    def begin(self, draft=FIRE, actor=ANA, id_=None):
        return self.calls.begin(draft, actor, id_ or self.key())

    def report(self, draft=FIRE, actor=ANA, **options):
        return self.calls.report(self.begin(draft, actor).id, draft, actor, self.key(), **options)[0]

    def at(self, site, type_="FIRE-STRUCTURE", **words):
        return CallDraft(marks=CallMarks(place="site", site_id=site, type=type_), words=CallWords(**words))

    def alarm(self, code="FA", account="1001"):
        self._count += 1
        ids = {one.row.account: one.id for one in self.store.accounts()}
        made = arrival(
            b"%d" % self._count, account=account, code=code, account_ref=ids[account], received_at=self.clock.now_us()
        )
        self.made.journal.store([made])
        self.made.journal.store([])
        return self.store.signal_rows(0, 1000)[-1].incident

    def act(self, incident, act, actor=ANA):
        version = self.store.incident(incident).version
        return self.centre.handle(Command(actor=actor, id=self.key(), incident=incident, version=version, act=act))[0]

    def entries(self, *kinds):
        found, after = [], 0
        while page := self.store.entries(after, 1000):
            found += [json.loads(one.row.entry) for one in page if not kinds or one.row.kind in kinds]
            after = page[-1].row.seq
        return found

    def run_timers(self):
        while self.centre.timers.run_due(self.made.journal, self.clock.now_us(), is_clock_sure=True):
            pass

    def bytes(self):
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        yield Room(made, tmp_path / "centre")


# The report ----------------------------------------------------------------------------------------------------------


def test_a_call_opens_an_incident_of_its_type_with_the_catalogues_priority_at_once_in_hand_of_who_took_it(room):
    incident = room.report()
    assert (incident.origin, incident.type, incident.hazard, incident.priority) == ("call", "FIRE-STRUCTURE", "fire", 1)
    assert (incident.claimed_by, incident.reports, incident.signals, incident.told_place) == (ANA, 1, 0, "unclear")
    assert (incident.state, incident.presentation, incident.site_id, incident.help_version) == (
        "open",
        "shown",
        None,
        1,
    )
    assert incident.plan is not None
    assert room.store.incident(incident.id) == incident
    assert rebuild_findings(room.store) == []


def test_a_report_that_is_left_for_another_desk_waits_for_a_claim_as_an_alarm_does(room):
    incident = room.report(is_claimed=False)
    assert incident.claimed_by is None
    assert {timer.kind for timer in room.store.timers() if timer.ref == incident.id} >= {"unclaimed"}


def test_a_type_may_be_named_by_its_three_digits_and_what_the_centre_raises_itself_is_refused(room):
    assert shipped_catalogue().types["MED-ARREST"].short == "303"
    assert room.report(room.at(room.pier, "303")).type == "MED-ARREST"
    with pytest.raises(BadInput) as refused:
        room.report(room.at(room.pier, "TECH-NOTIFY"))
    assert refused.value.code == "call.centre_type"
    with pytest.raises(BadForm, match="type is missing"):
        room.report(CallDraft())
    assert [one.type for one in room.store.incidents("open", None, 10)] == ["MED-ARREST"]


def test_people_may_report_every_type_but_the_centres_own():
    catalogue = shipped_catalogue()
    for found in catalogue.types.values():
        if found.opened_by == "centre":
            for word in (found.type, found.short):
                with pytest.raises(BadInput):
                    type_of(word, catalogue)
            continue
        assert type_of(found.type, catalogue) == type_of(found.short, catalogue) == found
        opened = decide_opening("call", found, "site-1", 5, 7, 3, catalogue)
        assert (opened.type, opened.hazard, opened.priority) == (found.type, found.hazard, found.priority)
        assert opened.silent == (found.type == "HOLD-UP")


def test_somebody_who_is_missing_is_looked_for_again(room):
    note = HelpNote(missing=Missing(harm_feared=("cold",)))
    incident = room.report(room.at(room.pier, "MISSING-LOST", note=note))
    assert incident.look_again_at == incident.opened_at + 12 * 3600 * 1_000_000
    assert {timer.kind for timer in room.store.timers() if timer.ref == incident.id} >= {"look_again"}
    assert rebuild_findings(room.store) == []


def test_nobody_is_looked_for_without_a_harm_that_is_feared(room):
    with pytest.raises(BadForm, match="harm_feared"):
        room.report(room.at(room.pier, "MISSING-LOST"))
    with pytest.raises(BadForm, match=r"caller\.name is not asked"):
        room.report(room.at(room.pier, "VIOL-THREAT", note=HelpNote(caller=Caller(name=NAME))))
    with pytest.raises(BadForm, match="missing is not asked"):
        room.report(room.at(room.pier, note=HelpNote(missing=Missing(harm_feared=("cold",)))))
    with pytest.raises(BadForm, match="answers name questions"):
        room.report(room.at(room.pier, answers=(QuestionAnswered(number=9, said="yes"),)))


def test_an_unclear_place_holds_up_nothing_and_a_form_without_any_place_is_an_unclear_one(room):
    assert room.report(CallDraft(marks=CallMarks(type="MED-CHEST"))).told_place == "unclear"
    told = CallDraft(marks=CallMarks(type="MED-CHEST"), words=CallWords(where=ADDRESS))
    assert room.report(told).told_place == "told"
    at = room.report(room.at(room.pier))
    assert (at.told_place, at.site_id) == (None, room.pier)


def test_a_signal_of_the_same_site_and_hazard_joins_what_a_call_opened_and_one_of_another_site_does_not(room):
    incident = room.report(room.at(room.pier))
    assert room.alarm("FA", "1001") == incident.id
    assert room.alarm("FA", "1002") != incident.id
    joined = room.store.incident(incident.id)
    assert (joined.signals, joined.origin) == (1, "call")
    assert rebuild_findings(room.store) == []


def test_a_call_that_joins_an_alarm_confirms_it_raises_it_and_is_news(room):
    alarm = room.store.incident(room.alarm("FS"))  # a fault of the fire system
    joined = room.report(room.at(room.pier), into=alarm.id)
    assert (joined.id, joined.reports, joined.confirmed, joined.origin) == (alarm.id, 1, True, "signal")
    assert joined.priority == min(alarm.priority, 1)
    assert joined.alarmed == joined.version or joined.plan is not None
    (fact,) = room.entries("incident.reported")
    assert (fact["body"]["is_first"], fact["body"]["raised_from"]) == (
        False,
        alarm.priority if alarm.priority > 1 else None,
    )
    assert joined.claimed_by is None
    assert rebuild_findings(room.store) == []


def test_a_second_call_about_it_keeps_its_own_caller_and_the_help_note_stays_that_of_the_first(room):
    first = room.report()
    other = msgspec.structs.replace(NOTE, caller=Caller(telephone="+1 202 555 0199"))
    second = msgspec.structs.replace(FIRE, words=msgspec.structs.replace(FIRE.words, note=other))
    joined = room.report(second, BO, into=first.id)
    assert (joined.id, joined.reports, joined.help_version) == (first.id, 2, 1)
    opened = room.calls.reports(first.id, BO)
    assert [(one.is_first, one.by, one.place) for one in opened] == [(True, ANA, "unclear"), (False, BO, "unclear")]
    assert opened[0].words == msgspec.structs.replace(FIRE.words, note=None)
    assert opened[1].words == second.words
    assert room.centre.help_notes.read(first.id, BO).note == NOTE


def test_a_report_joins_nothing_that_is_closed(room):
    incident = room.report()
    room.act(incident.id, Close(disposition="real", waive="not_needed"))
    call = room.begin()
    with pytest.raises(Conflict) as refused:
        room.calls.report(call.id, FIRE, ANA, room.key(), into=incident.id)
    assert refused.value.code == "incident.closed"
    assert room.store.incident(incident.id).state == "closed"
    assert [one.id for one in room.calls.open()] == [call.id]  # and its form is still there
    with pytest.raises(BadInput):
        room.calls.report(call.id, FIRE, ANA, room.key(), into="incident-999999")


def test_two_calls_about_one_happening_can_be_merged_afterwards_and_the_merge_undone(room):
    first, second = room.report(room.at(room.pier)), room.report(room.at(room.dock), BO)
    seen = room.store.incident(first.id).version
    merged = room.act(second.id, Merge(into=first.id, seen=seen, take_over=True), BO)
    assert (merged.state, merged.merged_into) == ("closed", first.id)
    assert rebuild_findings(room.store) == []


def test_the_same_command_thrice_opens_one_and_another_under_its_id_is_refused(room):
    call = room.begin()
    opened = [room.calls.report(call.id, FIRE, ANA, "once") for _ in range(2)]
    room.run_timers()  # the draft and its key are gone
    opened.append(room.calls.report(call.id, FIRE, ANA, "once"))
    assert opened[0] == opened[1] == opened[2]
    assert len(room.store.incidents("open", None, 10)) == 1
    other = msgspec.structs.replace(FIRE, words=CallWords(where="elsewhere"))
    with pytest.raises(Conflict) as refused:
        room.calls.report(call.id, other, ANA, "once")
    assert refused.value.code == "command.reused"
    with pytest.raises(BadInput) as gone:
        room.calls.report(call.id, FIRE, ANA, "twice")
    assert gone.value.code == "call.unknown"
    assert len(room.store.incidents("open", None, 10)) == 1


# The draft -----------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_stored_and_a_field_that_is_left_is_a_fact_of_it(room):
    call = room.begin(CallDraft(words=CallWords(where="7")))
    room.calls.save(call.id, CallDraft(words=CallWords(where="7 Pl")), ANA, is_left=False)
    assert [one["kind"] for one in room.entries("call.begun", "call.saved")] == ["call.begun"]
    assert room.calls.read(call.id, ANA)[1].words.where == "7 Pl"
    room.calls.save(call.id, FIRE, ANA, is_left=True)
    (shown,) = room.calls.open()
    assert (shown.marks, shown.held_by) == (FIRE.marks, ANA)
    assert room.calls.read(call.id, BO)[1] == FIRE
    assert len(room.store.values(call.id)) == 1
    assert rebuild_findings(room.store) == []


def test_reading_a_draft_or_the_reports_of_an_incident_is_in_the_journal(room):
    call = room.begin()
    room.calls.read(call.id, BO)
    incident = room.report()
    room.calls.reports(incident.id, BO)
    reads = [(one["actor"], one["ref"], one["body"]["what"]) for one in room.entries("vault.read")]
    assert reads == [(BO, call.id, "call_draft"), (BO, incident.id, "reports")]


def test_beginning_twice_under_one_id_is_one_call_and_too_many_calls_are_refused(room):
    first = room.begin(id_="same")
    assert room.begin(id_="same") == first
    with pytest.raises(Conflict):
        room.begin(CallDraft(words=CallWords(where="other")), id_="same")
    for _ in range(OPEN_MAX - 1):
        room.begin(CallDraft())
    with pytest.raises(Conflict) as refused:
        room.begin(CallDraft())
    assert refused.value.code == "call.full"


def test_who_takes_a_call_over_has_it_and_who_had_it_saves_no_more(room):
    call = room.begin()
    assert room.calls.take_over(call.id, BO).held_by == BO
    for act in (
        lambda: room.calls.save(call.id, FIRE, ANA, is_left=True),
        lambda: room.calls.report(call.id, FIRE, ANA, "k"),
        lambda: room.calls.abandon(call.id, "hung_up", ANA, "k"),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "call.taken_by_other"
    room.calls.save(call.id, FIRE, BO, is_left=True)
    assert rebuild_findings(room.store) == []


def test_an_abandoned_call_says_why_and_nothing_of_it_is_left(room):
    call = room.begin()
    ended = room.calls.abandon(call.id, "wrong_number", ANA, "gone")
    assert (ended.outcome, room.calls.open()) == ("abandoned", [])
    room.run_timers()
    assert room.calls.abandon(call.id, "wrong_number", ANA, "gone") == ended
    assert (room.store.values(call.id), room.store.call_forms(), room.store.timers(kind="call")) == ([], [], [])
    with pytest.raises(BadInput):
        room.calls.read(call.id, ANA)
    assert rebuild_findings(room.store) == []


def test_a_draft_that_nobody_ends_is_told_as_forgotten_and_erased(room):
    call = room.begin()
    room.clock.advance(DRAFT_HOURS * 3600 - 1)
    room.run_timers()
    assert [one.id for one in room.calls.open()] == [call.id]
    room.clock.advance(2)
    room.run_timers()
    assert room.calls.open() == []
    assert [one["body"]["outcome"] for one in room.entries("call.ended")] == ["forgotten"]
    assert rebuild_findings(room.store) == []


def test_a_draft_that_is_too_long_or_names_what_is_not_there_is_refused_and_what_was_saved_stays(room):
    call = room.begin()
    for draft in (
        CallDraft(marks=CallMarks(site_id="site-9999")),
        CallDraft(marks=CallMarks(type="NO-SUCH")),
        CallDraft(words=CallWords(latitude=1.0)),
    ):
        with pytest.raises(BadForm):
            room.calls.save(call.id, draft, ANA, is_left=True)
    assert room.calls.read(call.id, ANA)[1] == FIRE


# What is left of the caller ------------------------------------------------------------------------------------------


def test_a_caller_stands_nowhere_in_clear_and_is_gone_when_the_incident_is_erased(room):
    incident = room.report()
    room.act(incident.id, Close(disposition="real", waive="not_needed"))
    planted = [NUMBER.encode(), NAME.encode(), ADDRESS.encode(), b"smoke on the stairs"]
    assert [word for word in planted if word in room.bytes()] == []
    room.clock.advance(31 * 86_400)
    room.run_timers()
    assert room.store.erasure(incident.id) is not None
    assert [one.words for one in room.calls.reports(incident.id, ANA)] == [None]
    assert room.store.values(incident.id) == []
    assert [word for word in planted if word in room.bytes()] == []
    assert rebuild_findings(room.store) == []


def test_claims_of_others_and_notes_go_on_as_with_any_incident(room):
    incident = room.report(is_claimed=False)
    assert room.act(incident.id, Claim(), BO).claimed_by == BO
