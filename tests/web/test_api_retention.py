"""How long data are kept, holds and early erasure over HTTP: two persons, or nothing happens."""

import pytest

from support.centres import make_folder
from support.retention_room import WORDS, Room
from tocsin.model.commands import Close
from tocsin.model.retention import CLASSES, DAY_US


@pytest.fixture
def room(tmp_path):
    made = Room(make_folder(tmp_path / "centre"))
    yield made
    made.close()


def test_every_class_is_shown_with_its_reason_and_its_fields(room):
    answer = room.one.get("/api/v1/retention").json()
    assert [item["name"] for item in answer["items"]] == list(CLASSES)
    assert all(item["kept"] and item["reason"] for item in answer["items"])
    by_name = {item["name"]: item for item in answer["items"]}
    assert (by_name["incident"]["hours"], by_name["incident"]["hours_max"]) == (30 * 24, 366 * 24)
    assert "ValueRow.sealed" in by_name["incident"]["fields"]
    assert (by_name["still"]["hours"], by_name["still"]["fields"]) == (72, [])
    assert answer["incident_reason"] == "none"


def test_data_of_an_incident_say_when_they_end_and_not_a_word_of_them(room):
    incident = room.incident()
    assert room.data(incident)["due_at"] is None
    room.act(Close(disposition="real", note=None), incident, WORDS)
    data = room.data(incident)
    assert data["due_at"] == room.held.store.incident(incident).closed_at + 30 * DAY_US
    assert (data["values"], data["is_held"], data["erased_at"]) == (2, False, None)
    assert "Yilmaz" not in room.one.get(f"/api/v1/incidents/{incident}/data").text


def test_hold_needs_a_second_person_who_said_yes_to_exactly_this(room):
    incident = room.closed()
    until = room.clock.now_us() + 100 * DAY_US
    body = {"reason": "court_order", "until": until}
    path = f"/api/v1/incidents/{incident}/holds"
    assert room.one.post(path, json={**body, "approval": "approval-1"}).status_code == 404
    refused = room.agreed("hold.set", {"incident": incident, **body}, given=False)
    assert room.one.post(path, json={**body, "approval": refused}).status_code == 409
    agreed = room.agreed("hold.set", {"incident": incident, **body})
    longer = room.one.post(path, json={**body, "until": until + 1, "approval": agreed})
    assert (longer.status_code, longer.json()["code"]) == (400, "approval.other")
    assert not room.data(incident)["is_held"]
    made = room.one.post(path, json={**body, "approval": agreed})
    assert made.status_code == 201, made.text
    data = room.data(incident)
    assert (data["is_held"], data["due_at"]) == (True, until)
    assert [hold["id"] for hold in room.one.get("/api/v1/holds").json()["items"]] == [made.json()["id"]]
    assert room.one.post(path, json={**body, "approval": agreed}).json()["code"] == "approval.used"


def test_hold_longer_than_twelve_months_is_refused_before_anybody_is_used_up(room):
    incident = room.closed()
    wanted = {"reason": "court_order", "until": room.clock.now_us() + 400 * DAY_US}
    agreed = room.agreed("hold.set", {"incident": incident, **wanted})
    answer = room.one.post(f"/api/v1/incidents/{incident}/holds", json={**wanted, "approval": agreed})
    assert (answer.status_code, answer.json()["code"]) == (400, "hold.until")


def test_lifted_hold_lets_the_data_end_when_their_class_says(room):
    incident = room.closed()
    wanted = {"reason": "complaint", "until": room.clock.now_us() + 100 * DAY_US}
    agreed = room.agreed("hold.set", {"incident": incident, **wanted})
    hold = room.one.post(f"/api/v1/incidents/{incident}/holds", json={**wanted, "approval": agreed}).json()["id"]
    agreed = room.agreed("hold.lift", {"incident": incident, "hold": hold, "reason": "settled"})
    path = f"/api/v1/incidents/{incident}/holds/{hold}/lift"
    lifted = room.one.post(path, json={"reason": "settled", "approval": agreed})
    assert (lifted.status_code, lifted.json()["holds"]) == (200, False)
    assert room.data(incident)["due_at"] == room.held.store.incident(incident).closed_at + 30 * DAY_US


def test_early_erasure_by_two_persons_leaves_no_text_and_says_so(room):
    incident = room.closed()
    agreed = room.agreed("erase.early", {"incident": incident, "reason": "data_subject"})
    path = f"/api/v1/incidents/{incident}/erase"
    done = room.one.post(path, json={"reason": "data_subject", "approval": agreed})
    assert done.status_code == 200, done.text
    assert (done.json()["values"], done.json()["erased_reason"], done.json()["due_at"]) == (0, "data_subject", None)
    texts = room.one.get(f"/api/v1/incidents/{incident}/texts").json()
    assert (texts["signals"], [note["text"] for note in texts["notes"]]) == ([], [None])


def test_open_incident_is_not_erased(room):
    incident = room.incident()
    agreed = room.agreed("erase.early", {"incident": incident, "reason": "not_needed"})
    answer = room.one.post(f"/api/v1/incidents/{incident}/erase", json={"reason": "not_needed", "approval": agreed})
    assert (answer.status_code, answer.json()["code"]) == (409, "incident.open")


def test_note_to_an_incident_whose_texts_are_gone_is_refused_and_kept_nowhere(room):
    incident = room.closed()
    agreed = room.agreed("erase.early", {"incident": incident, "reason": "data_subject"})
    room.one.post(f"/api/v1/incidents/{incident}/erase", json={"reason": "data_subject", "approval": agreed})
    answer = room.one.post(
        f"/api/v1/incidents/{incident}/note", json={"text": WORDS}, headers={"idempotency-key": "late"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "incident.erased")
    assert room.data(incident)["values"] == 0


def test_operators_and_administrators_look_and_do_not_touch(room):
    incident = room.closed()
    for role in ("operator", "auditor", "administrator"):
        client = room.signed_in(role)
        assert client.get(f"/api/v1/incidents/{incident}/data").status_code == 200
        for path, body in (
            ("holds", {"reason": "complaint", "until": 1, "approval": "approval-1"}),
            ("holds/hold-1/lift", {"reason": "settled", "approval": "approval-1"}),
            ("erase", {"reason": "not_needed", "approval": "approval-1"}),
        ):
            assert client.post(f"/api/v1/incidents/{incident}/{path}", json=body).status_code == 403, (role, path)
