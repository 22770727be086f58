"""Exports, subject requests and what is held about oneself over HTTP: noted first, sealed parts by two persons."""

import base64
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.centres import make_folder
from support.fakes import SECOND, START_US, ManualClock
from support.retention_room import Room
from tocsin.centre.subject_requests import SubjectRequests
from tocsin.journal.verify import verify_export
from tocsin.model.errors import TooMany
from tocsin.model.export import SubjectRequest
from tocsin.model.help_note import Caller, HelpNote

WORDS = "Frau Yilmaz opens at the gate"
"""What a person said, and what must be in no answer that nobody opened."""

DAY = 86_400 * SECOND


@pytest.fixture
def room(tmp_path):
    made = Room(make_folder(tmp_path / "centre", clock=ManualClock()))
    yield made
    made.close()


def lines(answer):
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def agreed(room, act, parameters, *, given=True, subject=None):
    """Ask as the one supervisor, answer as the other; return the approval's id."""
    reason = parameters.get("reason", "data_subject")
    body = {"act": act, "parameters": parameters, "subject": subject, "reason": reason}
    asked = room.one.post("/api/v1/approvals", json=body)
    assert asked.status_code == 201, asked.text
    id_ = asked.json()["id"]
    assert room.other.post(f"/api/v1/approvals/{id_}/answer", json={"given": given}).status_code == 200
    return id_


def facts(room, kind):
    return [json.loads(stored.row.entry) for stored in room.held.store.entries(0, 100_000) if stored.row.kind == kind]


# The journal ------------------------------------------------------------------------------------------------------


def test_export_verifies_alone_and_ends_with_its_own_fact(room):
    room.closed()
    auditor = room.signed_in("auditor")
    answer = auditor.get("/api/v1/journal/export")
    found = lines(answer)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert found[-1]["kind"] == "journal.exported"
    assert found[-1]["body"]["unsealed"] is False
    assert found[-1]["actor"].startswith("user-"), "people are opaque ids"
    verdict = verify_export(line.encode() + b"\n" for line in answer.text.splitlines())
    assert verdict.exit_code in (0, 3), verdict.words
    assert verdict.first_bad_seq is None
    assert verdict.counts.entries == len(found)


def test_export_of_a_kind_from_a_place_on_is_just_that(room):
    room.closed()
    found = lines(room.one.get("/api/v1/journal/export?after=1&kind=incident.closed"))
    assert {one["kind"] for one in found} == {"incident.closed"}


def test_each_export_is_a_fact_of_its_own_before_the_first_byte(room):
    for _ in range(2):
        lines(room.one.get("/api/v1/journal/export"))
    assert len(facts(room, "journal.exported")) == 2


def test_nothing_sealed_is_in_an_export(room):
    room.closed(text="PLANTED-17")
    text = room.one.get("/api/v1/journal/export").text
    assert "PLANTED-17" not in text
    assert WORDS not in text


def test_unknown_kind_is_refused_and_nothing_noted(room):
    assert room.one.get("/api/v1/journal/export?kind=person").json()["code"] == "journal.kind"
    assert facts(room, "journal.exported") == []


# With what was sealed ----------------------------------------------------------------------------------------------


def test_unsealed_export_of_an_incident_opens_its_texts_for_two_persons_once(room):
    incident = room.closed(text="PLANTED-17")
    wanted = {"reason": "complaint", "incident": incident}
    approval = agreed(room, "journal.unsealed_export", wanted)
    answer = room.one.post("/api/v1/journal/unsealed", json={**wanted, "approval": approval})
    found = lines(answer)
    assert [one["derived"].get("text") for one in found if one["derived"].get("text")] == ["PLANTED-17", WORDS]
    assert bytes.fromhex(next(one["derived"]["raw"] for one in found if "raw" in one["derived"])) == b"frame of Yilmaz"
    (fact,) = facts(room, "journal.exported")
    assert (fact["ref"], fact["body"]["approval"], fact["body"]["reason"]) == (incident, approval, "complaint")
    again = room.one.post("/api/v1/journal/unsealed", json={**wanted, "approval": approval})
    assert again.json()["code"] == "approval.used"


@pytest.mark.parametrize("given", [False, None])
def test_without_the_second_persons_yes_nothing_is_opened_or_noted(room, given):
    incident = room.closed()
    wanted = {"reason": "complaint", "incident": incident}
    if given is None:
        body = {"act": "journal.unsealed_export", "parameters": wanted, "subject": incident, "reason": "complaint"}
        approval = room.one.post("/api/v1/approvals", json=body).json()["id"]
    else:
        approval = agreed(room, "journal.unsealed_export", wanted, given=False)
    answer = room.one.post("/api/v1/journal/unsealed", json={**wanted, "approval": approval})
    assert answer.status_code == 409, answer.text
    assert WORDS not in answer.text
    assert facts(room, "journal.exported") == []


def test_approval_is_for_this_incident_and_no_other(room):
    one, other = room.closed(), room.closed(account="4712")
    approval = agreed(room, "journal.unsealed_export", {"reason": "complaint", "incident": one})
    answer = room.one.post(
        "/api/v1/journal/unsealed", json={"reason": "complaint", "incident": other, "approval": approval}
    )
    assert answer.json()["code"] == "approval.other"


def test_account_is_opened_for_seven_days_at_most(room):
    room.held.add(b"account,name\n4711,Cold store\n")
    (account,) = room.held.store.accounts()
    room.closed(text="PLANTED-17")
    for days, code in ((8, "export.scope"), (0, "export.scope")):
        wanted = {
            "reason": "complaint", "account_id": account.id, "since": START_US, "until": START_US + days * DAY
        }  # fmt: skip
        answer = room.one.post("/api/v1/journal/unsealed", json={**wanted, "approval": "approval-1"})
        assert answer.json()["code"] == code
    for wanted in (
        {"reason": "complaint"},
        {"reason": "complaint", "incident": "incident-1", "account_id": account.id},
    ):
        answer = room.one.post("/api/v1/journal/unsealed", json={**wanted, "approval": "approval-1"})
        assert answer.json()["code"] == "export.scope"
    for name in ("incident", "account_id"):
        wanted = {"reason": "complaint", name: "site-1", "approval": "approval-1"}
        assert room.one.post("/api/v1/journal/unsealed", json=wanted).json()["code"] == "request.invalid"


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_erased_text_is_in_no_unsealed_export(room, form):
    incident = room.closed(text="PLANTED-17")
    room.clock.advance(200 * 86_400)
    while room.held.centre.timers.run_due(room.held.journal, room.clock.now_us(), is_clock_sure=True):
        pass
    room.held.vault.destroy_expired(room.clock.now_us(), is_clock_sure=True)
    room.one, room.other = room.signed_in("supervisor"), room.signed_in("supervisor")
    wanted = {"reason": "complaint", "incident": incident}
    approval = agreed(room, "journal.unsealed_export", wanted)
    answer = room.one.post("/api/v1/journal/unsealed", json={**wanted, "approval": approval, "form": form})
    assert answer.status_code == 200
    for planted in ("PLANTED-17", WORDS, "Yilmaz", b"frame of Yilmaz".hex()):
        assert planted not in answer.text


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "\t=1", "'=1"])
def test_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(room, text):
    incident = room.closed(text=text)
    wanted = {"reason": "fault_finding", "incident": incident}
    approval = agreed(room, "journal.unsealed_export", wanted)
    answer = room.one.post("/api/v1/journal/unsealed", json={**wanted, "approval": approval, "form": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert f"'{text}" in answer.text
    assert f",{text}" not in answer.text


@pytest.mark.parametrize("role", ["operator", "auditor", "administrator", "integrator", "responder"])
def test_nobody_else_may_open_what_is_sealed(room, role):
    incident = room.closed()
    answer = room.signed_in(role).post(
        "/api/v1/journal/unsealed", json={"reason": "complaint", "incident": incident, "approval": "approval-1"}
    )
    assert answer.status_code == 403


# Somebody asks what is held about them ----------------------------------------------------------------------------


def note_caller(room, incident, telephone="+43 660 1234567", name="Erika Muster"):
    version = 0
    note = HelpNote(caller=Caller(telephone=telephone, name=name))
    room._acts += 1
    room.held.centre.help_notes.write(incident, note, version, room.operator, f"h{room._acts}")


def opened(answer):
    """Open the sealed file with another process, as whoever receives it does."""
    script = (
        "import sys, pyrage; d = sys.stdin.buffer.read(); p, _, f = d.partition(b'\\n'); "
        "sys.stdout.buffer.write(pyrage.passphrase.decrypt(f, p.decode()))"
    )
    file = base64.b64decode(answer["file"])
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=answer["passphrase"].encode() + b"\n" + file,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_subject_request_finds_a_caller_and_hands_out_a_sealed_file(room):
    incident = room.incident()
    note_caller(room, incident)
    note_caller(room, room.incident(account="4712"), telephone="0660 7654321", name="Somebody Else")
    wanted = {"reference": "DSR-2026-017", "what": "telephone", "contact": "0660/1234567"}
    approval = agreed(room, "subject.request", wanted)
    answer = room.one.post("/api/v1/subject-requests", json={**wanted, "approval": approval})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert "Muster" not in answer.text
    assert found["found"] == 1
    plain = opened(found)
    assert [(one["where"], one["held"]["name"]) for one in plain["found"]] == [
        (f"caller of {incident}", "Erika Muster")
    ]
    (fact,) = facts(room, "subject.requested")
    assert fact["body"] == {"approval": approval, "found": 1, "reference": "DSR-2026-017", "what": "telephone"}
    for stored in room.held.store.entries(0, 100_000):
        assert b"1234567" not in stored.row.entry
        assert b"Muster" not in stored.row.entry


def test_second_supervisor_sees_the_contact_before_the_yes_and_nobody_else_does_or_later(room):
    wanted = {"reference": "DSR-2026-018", "what": "name", "contact": "Erika Planted"}
    body = {"act": "subject.request", "parameters": wanted, "reason": "data_subject"}
    asked = room.one.post("/api/v1/approvals", json=body).json()
    path = f"/api/v1/approvals/{asked['id']}"
    assert "Planted" not in json.dumps(asked)
    auditor = room.signed_in("auditor")
    for who in (auditor, room.signed_in("administrator"), room.program("read")):
        assert who.get(f"{path}/contact").json()["code"] == "access.forbidden"
    assert auditor.get(path).json()["may_answer"] is True, "to the procedure they may say yes"
    assert room.one.get(f"{path}/contact").status_code == 404, "whoever asked has it already"
    assert facts(room, "vault.read") == []
    for _ in range(2):
        assert room.other.get(f"{path}/contact").json() == {"contact": "Erika Planted"}
    (read,) = facts(room, "vault.read")
    assert (read["ref"], read["body"]) == (
        asked["id"], {"count": 1, "reason": "data_subject", "what": "subject_contact"},
    )  # fmt: skip
    assert room.other.post(f"{path}/answer", json={"given": True}).status_code == 200
    assert room.other.get(f"{path}/contact").status_code == 404
    assert "Planted" not in room.other.get("/api/v1/approvals").text
    for stored in room.held.store.entries(0, 100_000):
        assert b"Planted" not in stored.row.entry


def test_contact_of_a_request_that_nobody_answered_is_gone_after_five_minutes(room):
    wanted = {"reference": "DSR-2026-018", "what": "name", "contact": "Erika Planted"}
    body = {"act": "subject.request", "parameters": wanted, "reason": "data_subject"}
    path = f"/api/v1/approvals/{room.one.post('/api/v1/approvals', json=body).json()['id']}"
    room.clock.advance(299)
    assert room.other.get(f"{path}/contact").status_code == 200
    room.clock.advance(1)
    assert room.other.get(f"{path}/contact").status_code == 404


@pytest.mark.slow
def test_five_requests_a_day_and_no_more(room):
    for number in range(6):
        wanted = {"reference": f"R-2026-{number}", "what": "name", "contact": "Nobody Here"}
        approval = agreed(room, "subject.request", wanted)
        answer = room.one.post("/api/v1/subject-requests", json={**wanted, "approval": approval})
        assert answer.status_code == (200 if number < 5 else 429), answer.text
    assert answer.json()["code"] == "subject.too_many"
    assert len(facts(room, "subject.requested")) == 5
    room.clock.advance(86_401)
    room.one, room.other = room.signed_in("supervisor"), room.signed_in("supervisor")
    wanted = {"reference": "R-2026-7", "what": "name", "contact": "Nobody Here"}
    approval = agreed(room, "subject.request", wanted)
    answer = room.one.post("/api/v1/subject-requests", json={**wanted, "approval": approval})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "reference",
    [
        "Erika Muster",
        "Muster",
        "for Mr. Smith",
        "",
        "X" * 9 + "1",
        "Muster-1980.05.17",
        "MUST-1980/0517",
        "R-17",
        "DSR-2026-1234567",
        "muster-2026-1",
        "R-2026-1 Muster",
    ],
)
def test_reference_of_a_request_can_hold_no_name(room, reference):
    body = {"reference": reference, "what": "name", "contact": "Erika Muster", "approval": "approval-1"}
    answer = room.one.post("/api/v1/subject-requests", json=body)
    assert answer.status_code == 400
    assert "Muster" not in answer.text


def book(room):
    """Subject requests with a seal that costs nothing."""
    held = room.held
    return SubjectRequests(
        store=held.store, values=held.centre.values, secrets_get=held.vault.secrets_get, access=room.access,
        run=held.centre.run, clock=room.clock, ids=room.parts.ids, seal=lambda _, __: b"sealed",
    )  # fmt: skip


def test_of_six_that_were_let_through_at_once_five_are_answered(room):
    requests = book(room)
    wanted = SubjectRequest(reference="R-2026-1", what="name", contact="Nobody Here")
    for _ in range(6):
        requests.refuse_too_many()  # as each of the six was looked at before the first was answered

    def ask(number):
        try:
            return requests.answer(wanted, f"approval-{number}", "user-1").found
        except TooMany:
            return "too many"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert sorted(answers, key=str) == [0, 0, 0, 0, 0, "too many"]


def test_texts_are_not_looked_at_only_contacts(room):
    incident = room.closed(text="Erika Muster, +436601234567")
    assert incident
    requests = book(room)
    for what, contact in (("telephone", "+436601234567"), ("name", "Erika Muster"), ("name", "Erika")):
        wanted = SubjectRequest(reference="R-2026-1", what=what, contact=contact)
        assert requests.answer(wanted, "approval-1", "user-1").found == 0


# Oneself -----------------------------------------------------------------------------------------------------------


def test_everybody_sees_what_is_held_about_oneself_and_about_nobody_else(room):
    incident = room.closed()
    operator = room.signed_in(user=room.operator)
    answer = operator.get("/api/v1/me/holdings").json()
    assert answer["id"] == room.operator
    assert answer["roles"] == ["operator"]
    assert len(answer["sessions"]) == 1
    counts = {one["kind"]: one["count"] for one in answer["acts"]}
    assert counts["incident.claimed"] == 1
    assert counts["incident.closed"] == 1
    others = {user.id for user in room.held.store.users()} - {room.operator}
    assert not [other for other in others if f'"{other}"' in json.dumps(answer)]
    assert incident not in answer["text"]
    assert room.operator in answer["text"]


def test_scope_sheet_is_the_journals_and_names_nobody(room):
    room.closed(text="PLANTED-17")
    sheet = room.one.get("/api/v1/scope-sheet").json()
    assert {line["code"] for line in sheet["lines"]} >= {"holds_set", "unsealed_exports", "subject_requests"}
    assert sheet["seq"] == room.held.store.head().seq
    for planted in ("PLANTED-17", WORDS, "Person", "4711"):
        assert planted not in json.dumps(sheet)
