"""Calls of a telephone system: stored before it is answered, in any order, linked, taken, called back and erased."""

import json
from urllib.parse import urlencode

import pytest

from support.centres import make_folder
from support.cores import rebuild_findings
from support.escalations import Room
from support.fakes import ManualClock
from support.web import Site
from tocsin.centre.scheduler import Scheduler
from tocsin.model.errors import JournalFull
from tocsin.model.rings import CALL_BACK_HOURS, GRACE_MIN, LOST_MIN, TALK_HOURS
from tocsin.notify.webhook import signed
from tocsin.system import SystemClock

PATH, AML_PATH = "/api/v1/intake/calls", "/api/v1/intake/locations"
NUMBER, AGAIN, LIFT = "+1 202 555 0143", "0012025550143", "+49 431 9988"
MINUTE_S = 60
AML = {
    "device_number": "+12025550143",
    "location_latitude": "54.32",
    "location_longitude": "10.14",
    "location_accuracy": "12",
}


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(b"name,address,directions\nMill,1 Quay Street,\n", kind="sites")
    made.held.add(b"account,site,name\n4711,Mill,Exchange\n4712,,Positions\n4713,,Other\n")
    made.folder = tmp_path / "centre"
    yield made
    made.close()


@pytest.fixture
def room(site):
    """With a core."""
    return Room(site.held)


def program(site, number="4711", **way):
    """A source of an account, and the program that sends for it."""
    boss = site.signed_in("administrator")
    account = next(one.id for one in site.held.store.accounts() if one.row.account == number)
    made = boss.post("/api/v1/sources", json={"account_id": account, **way}).json()
    token = site.access.create_token(["intake"], 90, "user-1")
    change = {"account_id": account, "tokens": [token.id], "version": made["version"], **way}
    changed = boss.put(f"/api/v1/sources/{made['id']}", json=change)
    assert changed.status_code == 200, changed.text
    sender = site.client()
    sender.headers["authorization"] = f"Bearer {token.secret}"
    return changed.json(), sender


@pytest.fixture
def pbx(site):
    return program(site, pbx={})[1]


def tell(pbx, event, call="c1", caller=NUMBER, **more):
    said = {"event": event, "call": call, **({} if caller is None else {"caller": caller}), **more}
    answer = pbx.post(PATH, json=said)
    assert answer.status_code == 202, answer.text
    return answer.json()


def rings(site, role="operator"):
    return site.signed_in(role).get("/api/v1/rings").json()["items"]


def scheduler(site):
    return Scheduler(site.held.centre.timers, site.held.store, lambda work: work(site.held.journal), site.clock)


def run_timers(site):
    scheduler(site).turn()


def bytes_of(site):
    return b"".join(path.read_bytes() for path in site.folder.rglob("*") if path.is_file())


def refused(answer):
    return answer.status_code, answer.json()["code"]


def test_a_call_is_stored_at_its_first_ring_and_no_number_stands_in_journal_list_or_files(site, pbx):
    told = tell(pbx, "ringing", line="112", extension="1001")
    assert (told["state"], told["is_repeat"]) == ("ringing", False)
    (ring,) = rings(site)
    assert (ring["id"], ring["state"], ring["extension"], ring["dialled"], ring["has_number"]) == (
        told["id"], "ringing", "1001", "112", True,
    )  # fmt: skip
    assert "5550143" not in json.dumps(ring)
    assert b"5550143" not in bytes_of(site)
    assert rebuild_findings(site.held.store) == []


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["ringing", "answered"], "answered"),
        (["ringing", "ended"], "missed"),
        (["ended", "ringing"], "missed"),
        (["ended"], "missed"),
        (["answered"], "answered"),
    ],
)
def test_events_come_in_any_order(site, pbx, events, state):
    for event in events:
        tell(pbx, event)
    assert [one["state"] for one in rings(site)] == [state]
    assert rebuild_findings(site.held.store) == []


@pytest.mark.parametrize(
    "events", [["ringing", "answered", "ended"], ["ended", "answered", "ringing"], ["answered", "ended"]]
)
def test_a_call_that_was_answered_and_is_over_is_on_no_list_whatever_came_first(site, pbx, events):
    assert [tell(pbx, event)["state"] for event in events][-1] == "over"
    assert rings(site) == []


def test_the_same_again_is_told_so_and_writes_nothing(site, pbx):
    first = tell(pbx, "ringing")
    before = site.held.store.head().seq
    assert tell(pbx, "ringing") == first | {"is_repeat": True}
    assert site.held.store.head().seq == before


def test_a_call_that_nobody_answered_waits_to_be_called_back_and_can_be_marked_and_unmarked(site, pbx):
    ring = tell(pbx, "ringing")["id"]
    tell(pbx, "ended")
    ana = site.signed_in("operator")
    assert ana.get(f"/api/v1/rings/{ring}/number").json() == {"telephone": "+12025550143"}
    reads = [json.loads(one.row.entry) for one in site.held.store.entries(0, 1000) if one.row.kind == "vault.read"]
    assert [(one["ref"], one["body"]["what"]) for one in reads] == [(ring, "ring_caller")]
    for is_done, state in ((True, "returned"), (True, "returned"), (False, "missed")):
        answer = ana.post(f"/api/v1/rings/{ring}/returned", json={"is_done": is_done})
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    live = tell(pbx, "ringing", "c2", None)["id"]
    assert refused(ana.post(f"/api/v1/rings/{live}/returned", json={"is_done": True})) == (409, "ring.not_missed")
    assert refused(ana.get("/api/v1/rings/ring-999999/number")) == (404, "ring.unknown")
    assert rebuild_findings(site.held.store) == []


def test_one_whose_end_nobody_tells_is_called_back_and_what_nobody_calls_back_is_erased(site, pbx):
    tell(pbx, "ringing")
    tell(pbx, "answered", "c2", "+49 1")
    site.clock.advance(LOST_MIN * MINUTE_S)
    run_timers(site)
    assert [(one["state"], one["is_lost"]) for one in rings(site)] == [("missed", True), ("answered", False)]
    site.clock.advance(TALK_HOURS * 60 * MINUTE_S)
    run_timers(site)
    site.clock.advance(GRACE_MIN * MINUTE_S)
    run_timers(site)
    assert [one["state"] for one in rings(site)] == ["missed"]
    site.clock.advance(CALL_BACK_HOURS * 60 * MINUTE_S)
    run_timers(site)
    store = site.held.store
    assert (store.rings(), store.timers(kind="ring"), store.timers(kind="ring_given_up")) == ([], [], [])
    assert not [
        one for one in store.entries(0, 1000) if one.row.kind == "ring.erased" and b'"keys":[]' in one.row.entry
    ]
    assert rebuild_findings(store) == []


def test_whoever_rang_and_was_lost_is_called_back_on_time_whatever_the_wall_clock_says(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(
        make_folder(tmp_path / "centre", clock=clock), clock=clock, held={"is_clock_in_doubt": lambda _now: True}
    )
    try:
        made.held.add(b"account,site,name\n4711,,Exchange\n")
        sender = program(made, pbx={})[1]
        tell(sender, "ringing")
        turning = scheduler(made)
        turning.turn()
        clock.wall_us -= 5 * 3_600_000_000  # set back while it rings
        clock.advance(LOST_MIN * MINUTE_S - 1)
        turning.turn()
        assert [one["state"] for one in rings(made)] == ["ringing"]
        clock.advance(1)
        turning.turn()
        assert [(one["state"], one["is_lost"]) for one in rings(made)] == [("missed", True)]
        # What erases waits for a clock that is sure: the number of whoever is to be called back stays.
        clock.advance(CALL_BACK_HOURS * 3600 + 6 * 3600)
        turning.turn()
        assert [one["state"] for one in rings(made)] == ["missed"]
        assert rebuild_findings(made.held.store) == []
    finally:
        made.close()


def test_whoever_takes_a_call_has_its_number_and_the_place_of_its_line_in_the_form(site, pbx, room):
    boss, ana = site.signed_in("administrator"), site.signed_in("operator")
    mill = site.held.store.sites()[0].id
    line = boss.post("/api/v1/lines", json={"number": LIFT, "site_id": mill, "exact": "lift-2"}).json()
    assert (line["number"], line["site"]) == ("494319988", "Mill")
    ring = tell(pbx, "ringing", caller="0049 431 9988")["id"]
    (shown,) = rings(site)
    assert (shown["site"], shown["exact"]) == ("Mill", "lift-2")
    taken = ana.post(f"/api/v1/rings/{ring}/take", headers={"idempotency-key": "t1"})
    assert taken.status_code == 201, taken.text
    form = ana.get(f"/api/v1/calls/{taken.json()['id']}").json()["draft"]
    assert (form["marks"]["site_id"], form["words"]["exact"], form["words"]["note"]["caller"]["telephone"]) == (
        mill, "lift-2", "00494319988",
    )  # fmt: skip
    again = ana.post(f"/api/v1/rings/{ring}/take", headers={"idempotency-key": "t2"})
    assert again.json()["id"] == taken.json()["id"]
    bo = site.signed_in("supervisor")
    assert refused(bo.post(f"/api/v1/rings/{ring}/take", headers={"idempotency-key": "t3"})) == (409, "ring.taken")
    tell(pbx, "ended")  # nobody told that it was answered: by its form it was
    assert [one["state"] for one in rings(site)] == ["over"]
    ended = ana.post(
        f"/api/v1/calls/{taken.json()['id']}/abandon", json={"reason": "hung_up"}, headers={"idempotency-key": "a1"}
    )
    assert ended.status_code == 200
    assert rings(site) == []
    assert rebuild_findings(site.held.store) == []


def test_a_second_ring_of_a_number_is_shown_with_the_first_while_that_is_open_and_never_later(site, pbx, room):
    ana = site.signed_in("operator")
    first = tell(pbx, "ringing")["id"]
    form = ana.post(f"/api/v1/rings/{first}/take", headers={"idempotency-key": "t1"}).json()["id"]
    tell(pbx, "answered")
    tell(pbx, "ended")
    tell(pbx, "ringing", "c2", AGAIN)
    assert rings(site)[-1]["linked"] | {"at": 0} == {"ring": first, "at": 0, "call": form, "incident": None}
    draft = {"marks": {"type": "FIRE-STRUCTURE", "place": "unclear"}, "words": {"where": "there"}}
    opened = ana.post(f"/api/v1/calls/{form}/open", json={"draft": draft}, headers={"idempotency-key": "o1"})
    assert opened.status_code == 201, opened.text
    tell(pbx, "ended", "c2")
    tell(pbx, "ringing", "c3", AGAIN)
    assert rings(site)[-1]["linked"]["incident"] == opened.json()["incident"]["id"]
    # Closed incidents are never matched, and half an hour later nobody knows the number.
    incident = opened.json()["incident"]
    closed = ana.post(
        f"/api/v1/incidents/{incident['id']}/close", json={"version": opened.json()["seq"], "disposition": "real"},
        headers={"idempotency-key": "x1"},
    )  # fmt: skip
    assert closed.status_code == 200, closed.text
    for n in (2, 3):
        tell(pbx, "answered", f"c{n}")
        tell(pbx, "ended", f"c{n}")
    tell(pbx, "ringing", "c4", AGAIN)
    assert rings(site)[-1]["linked"] is None
    tell(pbx, "ended", "c4")
    site.clock.advance(31 * MINUTE_S)
    tell(pbx, "ringing", "c5", AGAIN)
    assert rings(site)[-1]["linked"] is None
    assert rebuild_findings(site.held.store) == []


def test_a_call_rings_at_the_desk_with_that_telephone(site, pbx):
    boss, ana = site.signed_in("administrator"), site.signed_in("operator")
    desk = boss.post("/api/v1/desks", json={"label": "D1"}).json()["id"]
    assert boss.post("/api/v1/lines", json={"number": "1001", "desk": desk}).status_code == 201
    until = site.clock.now_us() + 3_600_000_000
    assert ana.post("/api/v1/shifts", json={"desk": desk, "until": until}).status_code == 201
    tell(pbx, "ringing", extension="1001")
    assert [(one["desk"], one["is_mine"]) for one in ana.get("/api/v1/rings").json()["items"]] == [(desk, True)]
    assert [one["is_mine"] for one in rings(site, "supervisor")] == [False]
    # Its sound is at that desk alone; where no desk, or nobody at it, has the telephone, it is at all.
    tell(pbx, "ringing", "c2", extension="1002")
    tell(pbx, "ringing", "c3")
    assert [one["sounds"] for one in ana.get("/api/v1/rings").json()["items"]] == [True, True, True]
    assert [one["sounds"] for one in rings(site, "supervisor")] == [False, True, True]
    tell(pbx, "answered", "c3", extension="1001")
    answer = ana.get("/api/v1/rings").json()
    assert ([one["sounds"] for one in answer["items"]], answer["in_call_until"] is None) == ([True, True, False], False)
    assert site.signed_in("supervisor").get("/api/v1/rings").json()["in_call_until"] is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"number": "12"}, "config.form"),
        ({"number": "???", "site_id": "mill"}, "config.form"),
        ({"number": "12", "site_id": "mill", "desk": "desk-9"}, "config.form"),
        ({"number": "12", "desk": "desk-999"}, "config.form"),
        ({"number": "12", "site_id": "site-999"}, "config.form"),
    ],
)
def test_a_line_that_is_wrong_is_refused_and_each_mistake_named(site, body, code):
    mill = site.held.store.sites()[0].id
    body = {name: mill if value == "mill" else value for name, value in body.items()}
    answer = site.signed_in("administrator").post("/api/v1/lines", json=body)
    assert refused(answer) == (400, code)
    assert site.held.store.lines() == []


def test_lines_are_changed_and_removed_by_whoever_saw_them_last(site):
    boss, mill = site.signed_in("administrator"), site.held.store.sites()[0].id
    made = boss.post("/api/v1/lines", json={"number": "12", "site_id": mill}).json()
    assert refused(boss.post("/api/v1/lines", json={"number": "12", "site_id": mill})) == (409, "line.same")
    path = f"/api/v1/lines/{made['id']}"
    changed = boss.put(path, json={"number": "13", "site_id": mill, "version": made["version"]}).json()
    assert boss.put(path, json={"number": "14", "site_id": mill, "version": made["version"]}).status_code == 409
    assert boss.delete(path, params={"version": changed["version"]}).status_code == 204
    assert boss.get("/api/v1/lines").json() == {"items": []}
    assert rebuild_findings(site.held.store) == []


# Who may send --------------------------------------------------------------------------------------------------------


def test_what_is_not_authorised_is_refused_and_counted(site):
    made, pbx = program(site, pbx={"hosts": ["10.9.0.0/16"]})
    assert refused(pbx.post(PATH, json={"event": "ringing", "call": "1"})) == (403, "intake.address")
    assert site.client().post(PATH, json={"event": "ringing", "call": "1"}).status_code == 401
    assert refused(site.signed_in("operator").post(PATH, json={})) == (403, "access.forbidden")
    _, signals = program(site, "4713")
    assert refused(signals.post(PATH, json={"event": "ringing", "call": "1"})) == (403, "intake.source")
    boss = site.signed_in("administrator")
    shown = boss.get(f"/api/v1/sources/{made['id']}").json()["source"]
    assert ([one["rule"] for one in shown["refused"]], shown["pbx"]["hosts"]) == (["address"], ["10.9.0.0/16"])
    assert site.held.store.rings() == []


def test_a_wrong_signature_is_refused_and_a_right_one_is_taken(site):
    made, pbx = program(site, pbx={})
    boss = site.signed_in("administrator")
    secret = boss.post(f"/api/v1/sources/{made['id']}/secret", json={"version": made["version"]}).json()["secret"]
    body = json.dumps({"event": "ringing", "call": "1"}).encode()
    assert refused(pbx.post(PATH, content=body, headers={"content-type": "application/json"})) == (
        403,
        "intake.signature",
    )
    headers = {"content-type": "application/json", **signed("m1", site.clock.now_us() // 1_000_000, body, secret)}
    assert pbx.post(PATH, content=body + b" ", headers=headers).status_code == 403
    assert pbx.post(PATH, content=body, headers=headers).status_code == 202


def test_a_flood_of_one_telephone_system_is_held_back_and_another_is_unharmed(site):
    made, pbx = program(site, pbx={})
    _, other = program(site, "4713", pbx={})
    answers = [pbx.post(PATH, json={"event": "ringing", "call": f"{n}"}) for n in range(60)]
    assert [one.status_code for one in answers] == [202] * 50 + [429] * 10
    assert refused(answers[-1]) == (429, "intake.rate")
    assert other.post(PATH, json={"event": "ringing", "call": "1"}).status_code == 202
    site.clock.advance(1)
    assert pbx.post(PATH, json={"event": "ringing", "call": "60"}).status_code == 202
    shown = site.signed_in("administrator").get(f"/api/v1/sources/{made['id']}").json()["source"]
    assert (shown["stored"], [(one["rule"], one["count"]) for one in shown["refused"]]) == (51, [("rate", 10)])


def test_nothing_is_acknowledged_that_storage_refused(site, pbx, monkeypatch):
    def full(*_arguments, **_options):
        raise JournalFull("no room", "journal.full")

    with monkeypatch.context() as patched:
        patched.setattr(site.held.journal, "decide", full)
        assert pbx.post(PATH, json={"event": "ringing", "call": "1"}).status_code == 503
    assert site.held.store.rings() == []
    assert tell(pbx, "ringing", "1")["is_repeat"] is False


def test_a_vendors_form_is_read_by_the_words_of_its_source(site):
    _, pbx = program(
        site, pbx={"names": [{"ours": "event", "theirs": "Status"}, {"ours": "ringing", "theirs": "RING"}]}
    )
    body = urlencode({"Status": "RING", "call": "7", "caller": NUMBER})
    answer = pbx.post(PATH, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["state"]) == (202, "ringing")


# Where the caller is -------------------------------------------------------------------------------------------------


def locate(aml, **change):
    body = urlencode(AML | change)
    return aml.post(AML_PATH, content=body, headers={"content-type": "application/x-www-form-urlencoded"}).status_code


def test_a_position_finds_its_call_by_number_and_time_before_and_after_it_rings(site, pbx):
    _, aml = program(site, "4712", way="aml")
    assert locate(aml) == 204
    assert site.held.store.head().seq == site.held.store.head().seq  # in memory alone: see below
    ring = tell(pbx, "ringing", caller=AGAIN)["id"]
    assert locate(aml, location_accuracy="900") == 204
    assert locate(aml, device_number="+4900000000") == 204
    ana = site.signed_in("operator")
    found = ana.get(f"/api/v1/rings/{ring}/locations").json()["items"]
    assert [(one["latitude"], one["radius_m"], one["source"]) for one in found] == [
        (54.32, 12, "aml"),
        (54.32, 900, "aml"),
    ]
    assert rings(site)[0]["locations"] == 2
    assert b"54.32" not in bytes_of(site)
    assert rebuild_findings(site.held.store) == []


def test_a_position_of_no_call_is_gone_and_one_that_is_too_old_or_broken_is_thrown_away_with_204(site, pbx):
    made, aml = program(site, "4712", way="aml")
    assert locate(aml) == 204
    site.clock.advance(5 * MINUTE_S + 1)
    tell(pbx, "ringing")
    assert rings(site)[0]["locations"] == 0
    site.clock.advance(20 * MINUTE_S + 1)
    assert locate(aml) == 204  # the call began too long ago
    assert rings(site)[0]["locations"] == 0
    assert locate(aml, location_latitude="north") == 204
    assert aml.post(AML_PATH, content=b"\xff", headers={"content-type": "text/plain"}).status_code == 204
    shown = site.signed_in("administrator").get(f"/api/v1/sources/{made['id']}").json()["source"]
    assert [(one["rule"], one["count"]) for one in shown["refused"]] == [("form", 2)]


# Whose number it is --------------------------------------------------------------------------------------------------


def test_a_keyholders_number_shows_its_site_while_it_rings_and_never_after(site, pbx):
    add = b"site,order,name,telephone_1\nMill,1,Planted Erika,+49 431 1\nMill,2,Planted Bo,+49 431 2222\n"
    site.held.add(add, kind="keyholders")
    tell(pbx, "ringing", caller="0049 431 2222")
    tell(pbx, "ringing", "c2", "+49 431 3333")
    assert [one["known_as"] for one in rings(site)] == ["keyholder 2 of Mill", None]
    assert "Planted" not in json.dumps(rings(site))
    tell(pbx, "ended")
    assert [(one["state"], one["known_as"]) for one in rings(site)] == [("missed", None), ("ringing", None)]
    assert b"492222" not in bytes_of(site)


def test_a_keyholder_who_is_removed_or_has_another_number_is_known_no_more(site, pbx):
    add = b"site,order,name,telephone_1\nMill,1,Planted Erika,+49 431 2222\n"
    site.held.add(add, kind="keyholders")
    tell(pbx, "ringing", caller="+49 431 2222")
    assert rings(site)[0]["known_as"] == "keyholder 1 of Mill"
    boss = site.signed_in("administrator")
    mill = site.held.store.sites()[0].id
    (one,) = boss.get(f"/api/v1/sites/{mill}/keyholders").json()["items"]
    gone = boss.delete(f"/api/v1/keyholders/{one['id']}", params={"version": one["version"]})
    assert gone.status_code == 204, gone.text
    assert rings(site)[0]["known_as"] is None
