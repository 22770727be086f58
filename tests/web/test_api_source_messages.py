"""The message doctor of each way in: what would become of a pasted message, and nothing of it is stored."""

import pytest

from support.centres import make_folder
from support.web import Site


@pytest.fixture
def site(tmp_path):
    made = Site(make_folder(tmp_path / "centre"))
    made.held.add(b"account\n4711\n4712\n4713\n")
    yield made
    made.close()


def test_each_way_in_says_what_would_become_of_a_message_and_stores_nothing(site):
    boss, ana = site.signed_in("administrator"), site.signed_in("operator")
    accounts = [one.id for one in site.held.store.accounts()]
    mail = {"senders": ["camera@site.example"], "networks": ["127.0.0.1"], "lines": []}
    bodies = [{"pbx": {"hosts": [], "names": []}}, {"way": "aml"}, {"mail": mail}]
    calls, positions, camera = (
        boss.post("/api/v1/sources", json={"account_id": account, **body}).json()["id"]
        for account, body in zip(accounts, bodies, strict=True)
    )
    head = site.held.store.head().seq

    def told(source, text):
        answer = ana.post(f"/api/v1/sources/{source}/message", json={"text": text}).json()
        return answer["is_accepted"], answer["code"], answer["why"]

    ringing = '{"event": "ringing", "call": "7", "caller": "+43 1 555 01 77", "line": "555"}'
    is_taken, code, why = told(calls, ringing)
    assert (is_taken, code) == (True, None)
    assert why.startswith("A call that rings")
    assert "line 555 was dialled" in why
    assert "0177" not in why.replace(" ", "")
    assert told(calls, '{"event": "ringing", "call": "7", "caller": "Anna"}')[2].endswith("cannot be read: caller")
    assert told(calls, '{"event": "whistling", "call": "7"}')[:2] == (False, "intake.event")
    assert told(positions, "v=3")[0] is False
    sent = "v=3&device_number=%2B491701234567&location_latitude=54.32&location_longitude=10.14&location_accuracy=12"
    assert told(positions, sent)[0] is True
    picture = "Subject: Zone 3\nContent-Type: image/jpeg; name=yard.jpg\n\nnone"
    assert told(camera, picture) == (
        True, None, "What it shows is masked before it is stored, and stands in its incident for 72 hours"
    )  # fmt: skip
    assert told(camera, "Subject: Zone 3\n\nnone") == (True, None, None)
    assert told(camera, "Subject: Person seen\n\nnone")[:2] == (False, "intake.scope")
    assert site.held.store.head().seq == head
