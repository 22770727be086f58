"""docs/reference/journal.md says what the code writes: kinds, versions, fields in their order, types, notices."""

import json
import re
import subprocess
import sys
import types
import typing
from pathlib import Path

import pytest

from tocsin.journal import chain
from tocsin.journal.heads import CentreCreatedBody, HeadKeyChangedBody
from tocsin.model import (
    access,
    accounts,
    action_plans,
    call_forms,
    calls,
    chains,
    check_ins,
    dials,
    escalation,
    flood,
    help_note,
    hold_up,
    holidays,
    incidents,
    journal,
    key_links,
    keyholders,
    notices,
    on_test,
    out_of_service,
    plans,
    proof,
    queue_parts,
    retention,
    rings,
    rosters,
    rules,
    schedules,
    shifts,
    signals,
    sites,
    sources,
    stills,
    supervision,
    vault,
    warnings,
    watch_log,
)
from tocsin.vault.vault import LIFE_DAYS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "journal.md").read_text(encoding="utf-8")

BODIES = {
    "centre.created": CentreCreatedBody,
    "centre.started": journal.CentreStarted,
    "centre.stopped": journal.CentreStopped,
    "clock.stepped": journal.ClockStepped,
    "head.key_changed": HeadKeyChangedBody,
    "signal": signals.SignalBody,
    "account.set": accounts.AccountRow,
    "centre.noticed": journal.CentreNoticed,
    "vault.read": journal.VaultRead,
    "vault.erased": journal.VaultErased,
    "incident.opened": incidents.IncidentOpened,
    "incident.joined": incidents.IncidentJoined,
    "incident.folded": incidents.IncidentFolded,
    "incident.quieted": incidents.IncidentQuieted,
    "incident.merged": incidents.IncidentMerged,
    "incident.absorbed": incidents.IncidentAbsorbed,
    "incident.unmerged": incidents.IncidentUnmerged,
    "incident.given_back": incidents.IncidentGivenBack,
    "incident.parted": incidents.IncidentParted,
    "incident.restored": incidents.IncidentRestored,
    "incident.claimed": incidents.IncidentClaimed,
    "incident.released": incidents.IncidentReleased,
    "incident.noted": incidents.IncidentNoted,
    "incident.closed": incidents.IncidentClosed,
    "incident.reopened": incidents.IncidentReopened,
    "incident.shelved": incidents.IncidentShelved,
    "incident.unshelved": incidents.IncidentUnshelved,
    "incident.placed": incidents.IncidentPlaced,
    "signals.filed": incidents.SignalsFiled,
    "storm.began": flood.StormBegan,
    "storm.ended": flood.StormEnded,
    "signal.quarantined": incidents.SignalQuarantined,
    "site.set": sites.SiteRow,
    "zone.set": sites.ZoneRow,
    "number.refused": accounts.NumberRefused,
    "journal.read": journal.JournalRead,
    "user.set": access.UserRow,
    "link.created": access.LinkCreated,
    "session.opened": access.SessionOpened,
    "session.ended": access.SessionEnded,
    "session.locked": access.SessionLocked,
    "session.unlocked": access.SessionUnlocked,
    "session.bound": access.SessionBound,
    "credential.set": access.CredentialRow,
    "credential.removed": access.CredentialRemoved,
    "recovery.used": access.RecoveryUsed,
    "grant.set": access.GrantRow,
    "approval.asked": access.ApprovalAsked,
    "approval.answered": access.ApprovalAnswered,
    "approval.used": access.ApprovalUsed,
    "token.created": access.TokenCreated,
    "token.revoked": access.TokenRevoked,
    "desk.sound_checked": journal.SoundChecked,
    "timer.set": vault.TimerSet,
    "incident.erased": retention.IncidentErased,
    "hold.set": retention.HoldSet,
    "hold.lifted": retention.HoldLifted,
    "backup.made": proof.BackupMade,
    "centre.restored": proof.CentreRestored,
    "journal.exported": proof.JournalExported,
    "subject.requested": proof.SubjectRequested,
    "keyholder.set": keyholders.KeyholderRow,
    "keyholder.erased": keyholders.KeyholderErased,
    "site.phrases_set": keyholders.SitePhrasesRow,
    "site.wishes_set": keyholders.WishesRow,
    "place.warned": warnings.PlaceWarned,
    "place.warning_ended": warnings.PlaceWarningEnded,
    "incident.help_noted": help_note.IncidentHelpNoted,
    "incident.phrase_checked": keyholders.IncidentPhraseChecked,
    "supervision.missing": supervision.SupervisionMissing,
    "supervision.returned": supervision.SupervisionReturned,
    "contact.set": notices.ContactRow,
    "reach.set": notices.ReachRow,
    "incident.notified": notices.IncidentNotified,
    "notice.queued": notices.NoticeQueued,
    "notice.moved": notices.NoticeMoved,
    "incident.escalated": escalation.IncidentEscalated,
    "incident.look_again": escalation.IncidentLookAgain,
    "test.begun": on_test.OnTestBegun,
    "test.extended": on_test.OnTestExtended,
    "test.ending": on_test.OnTestEnding,
    "test.ended": on_test.OnTestEnded,
    "test.code_given": on_test.OnTestCodeGiven,
    "test.code_ended": on_test.OnTestCodeEnded,
    "chain.set": chains.ChainRow,
    "group.set": chains.GroupRow,
    "schedule.set": schedules.ScheduleRow,
    "holidays.set": holidays.HolidaysRow,
    "schedule.missed": schedules.ScheduleMissed,
    "plan.set": plans.PlanRow,
    "desk.set": shifts.DeskRow,
    "desk.unattended": shifts.DeskUnattended,
    "desk.attended": shifts.DeskAttended,
    "shift.begun": shifts.ShiftBegun,
    "shift.offered": shifts.ShiftOffered,
    "shift.offer_ended": shifts.ShiftOfferEnded,
    "shift.ended": shifts.ShiftEnded,
    "roster.set": rosters.RosterRow,
    "zones.taken_out": out_of_service.ZonesTakenOut,
    "zones.out_extended": out_of_service.ZonesOutExtended,
    "zones.put_back": out_of_service.ZonesPutBack,
    "key_link.given": key_links.KeyLinkGiven,
    "key_link.opened": key_links.KeyLinkOpened,
    "key_link.ended": key_links.KeyLinkEnded,
    "incident.called": calls.IncidentCalled,
    "action_plan.set": action_plans.ActionPlanRow,
    "action_plan.switched": action_plans.PlanSwitched,
    "incident.plan_begun": action_plans.PlanBegun,
    "incident.step_done": action_plans.StepDone,
    "incident.step_waived": action_plans.StepWaived,
    "incident.step_overdue": action_plans.StepOverdue,
    "incident.plan_ended": action_plans.PlanEnded,
    "queue.offered": queue_parts.QueueOffered,
    "queue.accepted": queue_parts.QueueAccepted,
    "queue.joined": queue_parts.QueueJoined,
    "queue.ended": queue_parts.QueueEnded,
    "rules.set": rules.RulesSet,
    "centre.held_up": hold_up.HeldUp,
    "source.set": sources.SourceRow,
    "watch.noted": watch_log.WatchNoted,
    "watch.erased": watch_log.WatchErased,
    "call.begun": call_forms.CallBegun,
    "call.saved": call_forms.CallSaved,
    "call.taken_over": call_forms.CallTakenOver,
    "call.ended": call_forms.CallEnded,
    "call.erased": call_forms.CallErased,
    "check_in.begun": check_ins.CheckInBegun,
    "check_in.prolonged": check_ins.CheckInProlonged,
    "check_in.reminded": check_ins.CheckInReminded,
    "check_in.ended": check_ins.CheckInEnded,
    "check_in.erased": check_ins.CheckInErased,
    "incident.reported": call_forms.IncidentReported,
    "still.taken": stills.StillTaken,
    "still.lifted": stills.StillLifted,
    "still.masked": stills.StillMasked,
    "still.erased": stills.StillErased,
    "ring.told": rings.RingTold,
    "ring.located": rings.RingLocated,
    "ring.lost": rings.RingLost,
    "ring.taken": rings.RingTaken,
    "ring.returned": rings.RingReturned,
    "ring.erased": rings.RingErased,
    "dial.asked": dials.DialAsked,
    "dial.told": dials.DialTold,
    "dial.failed": dials.DialFailed,
    "line.set": rings.LineRow,
}
WORDS = {
    bool: "true or false",
    int: "integer",
    "AccountNumber": "account number",
    "Again": "repeat",
    "Actor": "actor",
    "Asked": "request",
    "OwnCalendar": "own calendar",
    "OwnRules": "own rules",
    "PlanStep": "plan step",
    "PlanTexts": "sealed words",
    "StepHours": "hours",
    "ChainStepRow": "chain step",
    "Code": "code",
    "DayHours": "day",
    "Earlier": "earlier incident",
    "MergedIncident": "merged incident",
    "HexHash": "hash",
    "KeyId": "key id",
    "Member": "member",
    "Listed": "list of a shift",
    "Micros": "time",
    "NoticeStep": "step",
    "Origin": "origin",
    "Place": "name",
    "PlanZone": "placed zone",
    "StillBox": "box",
    "PathMissing": "missing path",
    "PathReturned": "returned path",
    "Point": "point",
    "Quantity": "quantity",
    "Raw": "object",
    "Ref": "ref",
    "RosterLayer": "layer",
    "RosterOverride": "exception",
    "SecretRef": "secret ref",
    "Seq": "seq",
    "Source": "detector",
    "SplitOff": "split",
    "SignalId": "signal id",
    "SignatureText": "signature",
    "Strength": "strength",
    "VerifierKeyText": "verifier key",
    "WeekHours": "weekday hours",
    "MailWay": "mail lines",
    "Mapping": "mapping",
    "MqttWay": "topics",
    "PbxWay": "telephone system",
    "ZoneName": "zone name",
}
PLURALS = {
    "chain step": "chain steps",
    "plan step": "plan steps",
    "code": "codes",
    "member": "members",
    "ref": "refs",
    "day": "days",
    "placed zone": "placed zones",
    "weekday hours": "weekday hours",
    "quantity": "quantities",
    "key id": "key ids",
    "detector": "detectors",
    "integer": "integers",
    "seq": "seqs",
    "point": "points",
    "step": "steps",
    "layer": "layers",
    "exception": "exceptions",
    "missing path": "missing paths",
    "returned path": "returned paths",
    "pair of seq and code": "pairs of seq and code",
}


def rows(heading: str, first_column: str) -> list[list[str]]:
    """The rows of the table with that first column, under a heading."""
    section = re.split(r"\n#+ ", PAGE.split(f"\n{heading}\n", 1)[1], maxsplit=1)[0]
    found: list[list[str]] = []
    is_inside = False
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] == first_column:
            is_inside = True
        elif not cells:
            is_inside = False
        elif is_inside and set(cells[0]) != {"-"}:
            found.append(cells)
    assert found, heading
    return found


def words_of(annotation: object) -> str:
    """A field's type as the page says it."""
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return " or ".join("null" if one is type(None) else words_of(one) for one in arguments)
    if typing.get_origin(annotation) is typing.Literal:
        *most, last = [f"`{value}`" for value in arguments]
        return f"{', '.join(most)} or {last}" if most else last
    if typing.get_origin(annotation) is dict:
        return f"{PLURALS[words_of(arguments[1])]} by {words_of(arguments[0])}"
    if typing.get_origin(annotation) is tuple and arguments[1] is not ...:
        return f"pair of {' and '.join(map(words_of, arguments))}"
    if typing.get_origin(annotation) is tuple:
        inner = words_of(arguments[0])
        return f"list of {inner if inner.startswith('`') else PLURALS[inner]}"
    return WORDS[annotation if annotation in (bool, int) else annotation.__name__]


def fields_of(struct: type) -> list[list[str]]:
    hints = typing.get_type_hints(struct)
    return [[f"`{name}`", words_of(hints[name])] for name in struct.__struct_fields__]


def test_page_lists_every_kind_with_its_version():
    listed = [(row[0], row[1]) for row in rows("## Kinds", "kind")]
    assert listed == [(f"`{kind}`", str(version)) for kind, version in journal.KINDS.items()]
    headings = re.findall(r"^### `([a-z._]+)`, version (\d+)$", PAGE, re.MULTILINE)
    assert headings == [(kind, str(version)) for kind, version in journal.KINDS.items()]
    assert list(BODIES) == list(journal.KINDS)


@pytest.mark.parametrize("kind", BODIES)
def test_page_lists_the_fields_of_a_body_in_their_order_with_their_types(kind):
    table = rows(f"### `{kind}`, version {journal.KINDS[kind]}", "field")
    assert [row[:2] for row in table] == fields_of(BODIES[kind])
    assert all(row[2] for row in table)


@pytest.mark.parametrize("kind", BODIES)
def test_fields_of_a_body_stand_in_the_order_of_canonical_json(kind):
    assert list(BODIES[kind].__struct_fields__) == sorted(BODIES[kind].__struct_fields__)


def test_page_lists_the_keys_that_are_hashed_and_those_of_an_export():
    assert [row[:2] for row in rows("## An entry", "key")] == fields_of(chain._Entry)
    line = re.search(r"two keys more:\n([^.]+)\.", PAGE)
    assert line is not None
    assert tuple(re.findall(r"`(\w+)`", line[1])) == chain._Line.__struct_fields__


def test_page_lists_the_notices_that_the_program_makes():
    listed = [row[0].strip("`") for row in rows("### `centre.noticed`, version 1", "notice")]
    promised = re.search(r"Notices: ([^.]+)\.", journal.CentreNoticed.__doc__ or "")
    assert promised is not None
    assert sorted(listed) == sorted(re.split(r",\s+", promised[1]))
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert [notice for notice in listed if f'"{notice}"' not in source] == []
    made = re.findall(r"notice=Code\(\"(\w+)\"\)|\b_notice\(\s*\"(\w+)\"", source)
    assert {one or other for one, other in made} <= set(listed)


def test_page_lists_what_is_sealed_and_for_how_long():
    fields = [row[0].strip("`") for row in rows("## What is sealed beside a signal", "sealed field")]
    assert fields == list(signals.SealedPart.__struct_fields__)
    lives = {row[0].strip("`"): row[1] for row in rows("## What is sealed beside a signal", "class")}
    assert lives == {name: f"{days} days" for name, days in LIFE_DAYS.items()}


def test_accounts_can_be_rebuilt_by_hand(exported, tmp_path):
    (tmp_path / "journal.jsonl").write_bytes(exported)
    script = re.search(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert script is not None
    done = subprocess.run([sys.executable, "-c", script[1]], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "account-3 5512 None\n"


def test_what_a_real_centre_wrote_is_what_the_page_says(exported):
    facts = [json.loads(line) for line in exported.splitlines()]
    assert {fact["kind"] for fact in facts} >= {"centre.created", "account.set", "centre.started", "signal"}
    for fact in facts:
        assert [f"`{name}`" for name in fact["body"]] == [
            row[0] for row in rows(f"### `{fact['kind']}`, version {fact['v']}", "field")
        ]
