"""How long data are kept, holds and early erasure over HTTP: two persons, or nothing happens."""

import pytest

from support.centres import make_folder
from support.retention_room import WORDS, Room
from tocsin.centre.waiting import WAIT_US, put_off
from tocsin.model.commands import Close, Reopen
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
    assert (by_name["still"]["hours"], by_name["still"]["fields"]) == (72, ["DrawnStill.masked", "DrawnStill.original"])
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


def test_incident_that_was_held_and_erased_is_read_like_any_other_and_says_so(room):
    incident = room.closed()
    wanted = {"reason": "complaint", "until": room.clock.now_us() + 100 * DAY_US}
    agreed = room.agreed("hold.set", {"incident": incident, **wanted})
    hold = room.one.post(f"/api/v1/incidents/{incident}/holds", json={**wanted, "approval": agreed}).json()["id"]
    agreed = room.agreed("hold.lift", {"incident": incident, "hold": hold, "reason": "settled"})
    path = f"/api/v1/incidents/{incident}/holds/{hold}/lift"
    assert room.one.post(path, json={"reason": "settled", "approval": agreed}).status_code == 200
    agreed = room.agreed("erase.early", {"incident": incident, "reason": "not_needed"})
    done = room.one.post(f"/api/v1/incidents/{incident}/erase", json={"reason": "not_needed", "approval": agreed})
    assert done.status_code == 200
    lines = room.one.get(f"/api/v1/incidents/{incident}").json()["timeline"]
    who = lines[-1]["actor"]
    assert [(line["kind"], line["words"]) for line in lines[-3:]] == [
        ("hold.set", f"{{{who}}} set a legal hold on its texts: a complaint."),
        ("hold.lifted", f"{{{who}}} lifted a legal hold on its texts: the matter is settled."),
        ("incident.erased", f"{{{who}}} erased its texts: they were not needed any more."),
    ]


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


def test_when_an_incidents_data_end_is_told_to_whoever_may_see_the_incident_and_to_nobody_else(room):
    incident = room.closed()
    path = f"/api/v1/incidents/{incident}"
    own, other = room.signed_in(user=room.operator), room.signed_in("operator")
    for client in (
        own,
        other,
        room.one,
        room.program("read"),
        room.signed_in("administrator"),
        room.signed_in("auditor"),
    ):
        seen, data = client.get(path), client.get(f"{path}/data")
        assert data.status_code == seen.status_code
        if seen.status_code != 200:
            assert data.json()["code"] == seen.json()["code"]
            assert "due_at" not in data.text
    assert own.get(f"{path}/data").status_code == 200
    assert other.get(f"{path}/data").json()["code"] == "incident.not_own"
    opened = room.incident(account="4712")
    assert other.get(f"/api/v1/incidents/{opened}/data").status_code == 200


def test_operators_and_administrators_look_and_do_not_touch(room):
    incident = room.closed()
    for role in ("operator", "auditor", "administrator"):
        client = room.signed_in(role)
        assert client.get("/api/v1/holds").status_code == 200
        for path, body in (
            ("holds", {"reason": "complaint", "until": 1, "approval": "approval-1"}),
            ("holds/hold-1/lift", {"reason": "settled", "approval": "approval-1"}),
            ("erase", {"reason": "not_needed", "approval": "approval-1"}),
        ):
            assert client.post(f"/api/v1/incidents/{incident}/{path}", json=body).status_code == 403, (role, path)


# What waits after a restore -----------------------------------------------------------------------------------------


def restored(room, count=3):
    """Incidents whose texts fell due five days after a backup, which was just restored; return them and until when."""
    incidents = [room.closed(account=str(4711 + number)) for number in range(count)]
    room.clock.advance(40 * 86_400)
    now = room.clock.now_us()
    centre = room.held.centre
    assert put_off(room.held.store, centre.values, room.held.journal, now, now - 15 * DAY_US, "cli") == incidents
    room.one, room.other = room.signed_in("supervisor"), room.signed_in("supervisor")
    return incidents, now + WAIT_US


def waiting(room, query=""):
    answer = room.one.get(f"/api/v1/retention/waiting{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def release(room, count, approval):
    return room.one.post("/api/v1/retention/waiting/release", json={"count": count, "approval": approval})


def texts(room, incident):
    answer = room.one.get(f"/api/v1/incidents/{incident}/texts").json()
    return answer["signals"], [note["text"] for note in answer["notes"]]


NOTHING = ([], [None])


def run_timers(room):
    return room.held.centre.timers.run_all(room.held.journal, room.clock.now_us())


def test_what_waits_after_a_restore_is_listed_page_by_page_and_without_a_word_of_it(room):
    assert waiting(room) == {"items": [], "next": None, "total": 0, "erasing": 0}
    incidents, until = restored(room)
    stored = [room.held.store.incident(one) for one in incidents]
    items = [{"incident": one.id, "number": one.number, "closed_at": one.closed_at, "until": until} for one in stored]
    assert waiting(room) == {"items": items, "next": None, "total": 3, "erasing": 0}
    first = waiting(room, "?limit=2")
    assert first == {"items": items[:2], "next": incidents[1], "total": 3, "erasing": 0}
    assert waiting(room, f"?limit=2&after={first['next']}") == {
        "items": items[2:], "next": None, "total": 3, "erasing": 0
    }  # fmt: skip
    assert [texts(room, one) for one in incidents] == [NOTHING] * 3


@pytest.mark.parametrize("query", ["?limit=0", "?limit=501", "?after=site-3", "?after=incident-"])
def test_page_of_what_waits_that_cannot_be_is_refused(room, query):
    assert room.one.get(f"/api/v1/retention/waiting{query}").status_code == 400


def test_two_persons_let_all_that_waits_go_and_nobody_sees_it_before_it_is_erased(room):
    incidents, _ = restored(room)
    agreed = room.agreed("erase.waiting", {"count": 3})
    done = release(room, 3, agreed)
    assert (done.status_code, done.json()) == (200, {"released": 3})
    assert waiting(room) == {"items": [], "next": None, "total": 0, "erasing": 3}
    assert [texts(room, one) for one in incidents] == [NOTHING] * 3
    assert run_timers(room) == 3
    assert waiting(room) == {"items": [], "next": None, "total": 0, "erasing": 0}
    assert [(room.data(one)["values"], room.data(one)["erased_reason"]) for one in incidents] == [(0, "time")] * 3


def test_what_was_let_go_is_shown_to_nobody_after_a_restart_either(tmp_path):
    before = Room(make_folder(tmp_path / "centre"))
    incidents, _ = restored(before)
    assert release(before, 3, before.agreed("erase.waiting", {"count": 3})).status_code == 200
    before.close()
    again = Room(before.parts.settings, clock=before.clock)
    try:
        assert [texts(again, one) for one in incidents] == [NOTHING] * 3
        assert waiting(again)["erasing"] == 3
    finally:
        again.close()


def test_hold_and_reopening_take_an_incident_out_of_what_waits(room):
    (held, reopened, left), until = restored(room)
    body = {"reason": "court_order", "until": room.clock.now_us() + 100 * DAY_US}
    agreed = room.agreed("hold.set", {"incident": held, **body})
    assert room.one.post(f"/api/v1/incidents/{held}/holds", json={**body, "approval": agreed}).status_code == 201
    room.act(Reopen(reason="more_to_do"), reopened)
    assert [(one["incident"], one["until"]) for one in waiting(room)["items"]] == [(left, until)]
    assert release(room, 1, room.agreed("erase.waiting", {"count": 1})).json() == {"released": 1}
    run_timers(room)
    assert [room.data(one)["values"] for one in (held, reopened, left)] == [2, 2, 0]


def test_other_number_than_was_agreed_on_lets_nothing_go(room):
    assert release(room, 1, "approval-1").json()["code"] == "waiting.none"
    incidents, _ = restored(room)
    agreed = room.agreed("erase.waiting", {"count": 2})
    assert (release(room, 2, agreed).status_code, release(room, 2, agreed).json()["code"]) == (409, "waiting.changed")
    assert release(room, 3, agreed).json()["code"] == "approval.other"
    refused = room.agreed("erase.waiting", {"count": 3}, given=False)
    assert release(room, 3, refused).json()["code"] == "approval.refused"
    assert waiting(room)["total"] == 3
    assert run_timers(room) == 0
    assert [room.data(one)["values"] for one in incidents] == [2] * 3


def test_when_what_waits_was_closed_is_told_to_whoever_may_see_closed_incidents(room):
    restored(room)
    for role, is_told in (("supervisor", True), ("operator", False), ("auditor", False), ("administrator", False)):
        items = room.signed_in(role).get("/api/v1/retention/waiting").json()["items"]
        assert [item["closed_at"] is not None for item in items] == [is_told] * 3, role


def test_who_may_not_erase_lets_nothing_go(room):
    restored(room)
    for role in ("operator", "auditor", "administrator"):
        client = room.signed_in(role)
        assert client.get("/api/v1/retention/waiting").json()["total"] == 3
        body = {"count": 3, "approval": "approval-1"}
        assert client.post("/api/v1/retention/waiting/release", json=body).status_code == 403, role
