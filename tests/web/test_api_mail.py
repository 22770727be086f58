"""A mail source by the API: its address is made, shown to who sets it up, and its lines are tried before they serve."""

import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.web import Site
from tocsin.centre.sources import rebuild_sources
from tocsin.system import SystemClock

LINE = {"pattern": "Zone * in alarm", "word": "smoke"}
MAIL = {"senders": ["Panel@Site.Example"], "networks": ["192.0.2.0/24"], "lines": [LINE]}


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(b"account,site,name\n4711,,Sensors\n4712,,Boiler\n")
    yield made
    made.close()


def save(site, mail, number="4711", **more):
    account = next(one.id for one in site.held.store.accounts() if one.row.account == number)
    return site.signed_in("administrator").post("/api/v1/sources", json={"account_id": account, "mail": mail, **more})


def refused(answer):
    return answer.status_code, answer.json()["code"]


def test_who_may_send_is_shown_to_who_sets_it_up_and_stands_in_no_fact(site):
    made = save(site, MAIL).json()
    assert (made["way"], made["is_signed"]) == ("mail", False)
    path = f"/api/v1/sources/{made['id']}"
    shown = site.signed_in("administrator").get(path).json()["mail"]
    assert (shown["senders"], shown["networks"], shown["address"]) == (["panel@site.example"], ["192.0.2.0/24"], None)
    assert site.signed_in("operator").get(path).json()["mail"] is None
    door = site.held.centre.sources.door(made["id"])
    assert len(door.local) == 24
    entries = b"".join(one.row.entry for one in site.held.store.entries(0, 1000))
    assert b"site.example" not in entries
    assert door.local.encode() not in entries
    assert rebuild_sources(site.held.store.entries(0, 1000)) == site.held.store.sources()


def test_a_change_keeps_the_address_and_what_was_before_is_destroyed(site):
    made = save(site, MAIL).json()
    boss = site.signed_in("administrator")
    before = site.held.centre.sources.source(made["id"]).row.secret
    local = site.held.centre.sources.door(made["id"]).local
    mail = MAIL | {"senders": ["b@x.example"]}
    body = {"account_id": made["account_id"], "mail": mail, "version": made["version"]}
    changed = boss.put(f"/api/v1/sources/{made['id']}", json=body)
    assert changed.status_code == 200, changed.text
    door = site.held.centre.sources.door(made["id"])
    assert (door.local, door.senders) == (local, ("b@x.example",))
    assert site.held.vault.secrets_get([before]) == {}
    other = {"account_id": made["account_id"], "version": changed.json()["version"]}
    assert refused(boss.put(f"/api/v1/sources/{made['id']}", json=other)) == (400, "source.way")
    signing = {"version": changed.json()["version"]}
    assert refused(boss.post(f"/api/v1/sources/{made['id']}/secret", json=signing)) == (400, "source.way")


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        (MAIL | {"senders": []}, "source.senders"),
        (MAIL | {"senders": ["nobody"]}, "source.senders"),
        (MAIL | {"senders": ["a@b\r\nc"]}, "source.senders"),
        (MAIL | {"networks": []}, "source.networks"),
        (MAIL | {"networks": ["192.0.2.1/24"]}, "source.networks"),
        (MAIL | {"lines": [LINE | {"pattern": "* people"}]}, "source.scope"),
        (MAIL | {"lines": [LINE | {"pattern": "*"}]}, "source.mapping"),
        (MAIL | {"lines": [LINE | {"word": "person"}]}, "source.word"),
    ],
)
def test_what_no_mail_source_may_have_is_refused(site, mail, code):
    assert refused(save(site, mail)) == (400, code)
    assert site.held.store.sources() == []


def test_a_mail_source_has_no_tokens_no_topics_and_no_mapping(site):
    mapping = {"lines": [{"at": "/a", "expected": "1", "word": "smoke"}]}
    for more in ({"tokens": ["token-1"]}, {"mapping": mapping}, {"mqtt": {"convention": "frigate", "base": "f"}}):
        assert refused(save(site, MAIL, **more)) == (400, "source.way")


def test_a_pasted_mail_is_explained_and_nothing_is_stored(site):
    made = save(site, MAIL).json()
    boss = site.signed_in("administrator")
    before = site.held.store.entries(0, 1000)
    path = f"/api/v1/sources/{made['id']}/message"
    read = boss.post(path, json={"text": "Subject: Zone 3 in alarm\n\nx"}).json()
    assert [(one["cid"], one["device"]) for one in read["messages"]] == [("111", "3")]
    tried = boss.post(
        path, json={"text": "Subject: Gas: B1\n\nx", "mail_lines": [{"pattern": "Gas: *", "word": "gas"}]}
    )
    assert [(one["cid"], one["device"]) for one in tried.json()["messages"]] == [("151", "B1")]
    wrong = boss.post(path, json={"text": "x", "mail_lines": [{"pattern": "* people", "word": "gas"}]})
    assert (wrong.json()["is_accepted"], wrong.json()["code"]) == (False, "source.scope")
    assert boss.post(path, json={"text": "Subject: Person seen\n\nx"}).json()["code"] == "intake.scope"
    assert site.held.store.entries(0, 1000) == before


def test_no_test_is_sent_where_no_mail_is_taken(site):
    made = save(site, MAIL).json()
    assert refused(site.signed_in("administrator").post(f"/api/v1/sources/{made['id']}/test")) == (409, "source.test")
