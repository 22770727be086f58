"""Incidents over HTTP, at a real centre with real frames: the queue, one whole, commands, texts."""

import http.client
import itertools

import pytest

from support.centres import wait_for
from support.desks import desks
from tocsin.centre.table_files import PLAIN
from tocsin.centre.tables import KINDS
from tocsin.web.api.types import NOTE_CHARACTERS_MAX

COUNT = itertools.count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana")


@pytest.fixture(scope="module")
def bo(office):
    return office.person("Bo")


@pytest.fixture(scope="module")
def cem(office):
    """An operator and nothing else."""
    return office.person("Cem", ("operator",))


@pytest.fixture
def fire(office, ana):
    """A fire that nobody has claimed; whatever was open before it is closed."""
    ana.close_all()
    return office.alarm(ana)


def item(person, id_):
    return person.get(f"/incidents/{id_}")["incident"]


def claim(person, id_, take_over=True):
    reply = person.act(id_, "claim", version=item(person, id_)["version"], take_over=take_over)
    assert reply.status == 200, reply.text
    return reply.json["incident"]


def problem(reply):
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status, reply.json["code"]


# The queue ------------------------------------------------------------------------------------------------------------


def test_frame_of_a_panel_is_a_row_of_the_queue_with_the_names_of_its_place(ana, fire):
    page = ana.get("/incidents?state=open")
    (row,) = page["items"]
    assert row == fire
    wanted = {
        "account": "1001",
        "site": "Boiler hall",
        "zone": "1",
        "zone_name": "Kessel 1",
        "type": "FIRE-ALARM",
        "priority": 1,
        "state": "open",
        "condition": "active",
        "claimed_by": None,
        "signals": 1,
    }
    assert {name: row[name] for name in wanted} == wanted
    assert row["account_name"].startswith("Fire panel")
    assert (page["total"], page["next"]) == (1, None)
    assert page["live"].startswith("1-")


def test_row_of_the_queue_is_that_of_the_incident(ana, fire):
    assert item(ana, fire["id"]) == fire


def test_queue_comes_in_pages_and_by_site(office, ana, fire):
    office.alarm(ana, "1002", "BA")
    office.alarm(ana, "1003", "WA")
    first = ana.get("/incidents?limit=2")
    second = ana.get(f"/incidents?limit=2&after={first['next']}")
    rows = first["items"] + second["items"]
    assert (first["total"], second["next"]) == (3, None)
    assert [row["priority"] for row in rows] == sorted(row["priority"] for row in rows)
    found = ana.get(f"/incidents?site_id={fire['site_id']}")
    assert (found["total"], {row["site"] for row in found["items"]}) == (2, {"Boiler hall"})


def test_closed_incidents_come_latest_first_in_pages_and_by_site(office, ana, fire):
    before = ana.get("/incidents?state=closed&limit=1")["total"]
    bank = office.alarm(ana, "1002", "BA")
    ana.close(fire["id"])
    ana.close(bank["id"])
    first = ana.get("/incidents?state=closed&limit=1")
    second = ana.get(f"/incidents?state=closed&limit=1&after={first['next']}")
    assert [page["items"][0]["id"] for page in (first, second)] == [bank["id"], fire["id"]]
    assert first["total"] == before + 2
    assert first["items"][0]["site"] == "Bank"
    found = ana.get(f"/incidents?state=closed&limit=1&site_id={fire['site_id']}")
    assert [row["id"] for row in found["items"]] == [fire["id"]]


def test_closed_incidents_of_a_site_are_counted_and_end_with_the_last(office, ana, bo):
    ana.close_all()
    fire = office.alarm(ana)
    ana.close(fire["id"])
    of_site = f"/incidents?state=closed&site_id={fire['site_id']}&limit="
    whole = ana.get(f"{of_site}2000")
    assert (whole["total"], whole["next"]) == (len(whole["items"]), None)
    assert {row["site_id"] for row in whole["items"]} == {fire["site_id"]}
    for _ in range(2):
        bank = office.alarm(ana, "1002", "BA")
        ana.close(bank["id"])
    assert ana.get(f"{of_site}2000")["total"] == whole["total"], "those of other sites do not count"
    last = ana.get(f"{of_site}{whole['total']}")
    assert (len(last["items"]), last["next"]) == (whole["total"], None)
    empty = ana.get("/incidents?state=closed&site_id=site-999999")
    assert (empty["items"], empty["total"], empty["next"]) == ([], 0, None)
    # Of the own ones alone, as of all.
    own = bo.get("/incidents?state=closed&limit=2000")
    assert (own["total"], own["next"]) == (len(own["items"]), None)


def test_name_that_was_changed_is_in_the_next_page(office, ana, fire):
    name = f"Fire panel {next(COUNT)}"
    remote, table = office.centre.remote, KINDS["accounts"]
    data = f"account,site,name\n1001,Boiler hall,{name}\n".encode()
    plan = table.plan(data, "csv", table.known(remote), PLAIN, lambda done, total: None, remote.same_keys)
    remote.import_table(plan, remote.config())
    assert ana.get("/incidents")["items"][0]["account_name"] == name


@pytest.mark.parametrize(
    "query",
    [
        "state=claimed",
        "limit=0",
        "limit=2001",
        "limit=many",
        "site_id=Boiler",
        "after=" + "1" * 65,
        "after=x",
        "state=closed&after=1.0.1.1",
    ],
)
def test_question_that_cannot_be_answered_is_a_problem_with_the_remedy(ana, query):
    reply = ana.ask("GET", f"/api/v1/incidents?{query}")
    assert problem(reply) in {(400, "request.invalid"), (400, "incidents.after")}
    assert "Nothing" in reply.json["detail"]


# One whole ------------------------------------------------------------------------------------------------------------


def test_incident_is_shown_with_place_type_time_line_and_signals(office, ana, fire):
    office.report("1001", "FA", zone=2, text="Kessel heiss")
    found = wait_for(lambda: (now := ana.get(f"/incidents/{fire['id']}"))["incident"]["signals"] == 2 and now)
    assert (found["address"], found["directions"]) == ("1 Quay Street", "Gate 2")
    assert (found["hazards"], found["hazard_details"]) == (["flammable_gas"], "two bottles")
    assert found["type"]["type"] == "FIRE-ALARM"
    assert found["why"].endswith(".")
    assert [point["zone"] for point in found["points"]] == ["1", "2"]
    newest, oldest = found["signals"]
    assert (newest["zone_name"], oldest["zone_name"], oldest["outcome"]) == ("Kessel 2", "Kessel 1", "opened")
    assert (newest["outcome"], newest["incident"], newest["code"], newest["kind"]) == (
        "joined",
        fire["id"],
        "FA",
        "alarm",
    )
    assert newest["reason"].startswith("Joined:")
    assert newest["has_text"] is True
    assert "heiss" not in str(found), "texts are asked for by themselves"
    assert [line["kind"] for line in found["timeline"]] == ["incident.opened", "incident.joined"]
    assert found["timeline"][0]["words"].startswith("Opened as FIRE-ALARM")
    assert found["live"].startswith("1-")


@pytest.mark.parametrize(
    "id_", ["incident-999999", "incident-", "incident-1.5", "5", "Schmidt", "incident-" + "9" * 17]
)
@pytest.mark.parametrize("what", ["", "/texts"])
def test_incident_that_is_not_there_is_404_and_its_name_is_not_repeated(ana, id_, what):
    reply = ana.ask("GET", f"/api/v1/incidents/{id_}{what}")
    assert problem(reply) == (404, "incident.unknown")
    assert id_ not in reply.text or id_ == "5"


# Commands -------------------------------------------------------------------------------------------------------------


def test_fire_is_claimed_noted_closed_and_reopened_each_by_name(ana, fire):
    claimed = claim(ana, fire["id"])
    assert (claimed["claimed_by"], claimed["site"]) == (ana.id, "Boiler hall")
    noted = ana.act(fire["id"], "note", text="Fire brigade is on its way")
    assert noted.json["incident"]["version"] == noted.json["seq"] > claimed["version"]
    waived = ana.act(fire["id"], "plan/waive", step="send", reason="done_elsewhere", all_undone=True)
    closed = ana.act(fire["id"], "close", version=waived.json["seq"], disposition="real", note="Out at 03:40")
    assert (closed.json["incident"]["state"], closed.json["incident"]["disposition"]) == ("closed", "real")
    assert fire["id"] not in [row["id"] for row in ana.open_incidents()]
    opened = ana.act(fire["id"], "reopen", version=closed.json["seq"], reason="more_to_do")
    assert (opened.json["incident"]["state"], opened.json["incident"]["claimed_by"]) == ("open", ana.id)
    given = ana.act(fire["id"], "release", version=opened.json["seq"])
    assert given.json["incident"]["claimed_by"] is None
    lines = ana.get(f"/incidents/{fire['id']}")["timeline"]
    assert [line["kind"].partition(".")[2] for line in lines] == [
        "opened", "claimed", "plan_begun", "noted", "step_waived", "closed", "reopened", "plan_begun", "released"
    ]  # fmt: skip
    lines = [line for line in lines if line["kind"] not in ("incident.plan_begun", "incident.step_waived")]
    assert [line["note"] is not None for line in lines] == [False, False, True, True, False, False]
    assert lines[1]["words"] == f"{{{ana.id}}} claimed it."


def test_who_comes_second_is_told_who_was_first_and_how_the_incident_is_now(ana, bo, fire):
    claim(ana, fire["id"])
    reply = bo.act(fire["id"], "claim", version=fire["version"])
    assert problem(reply) == (409, "incident.claimed_by_other")
    who, _, rest = reply.json["detail"].partition(" claimed this ")
    assert (who, rest.partition(" s ago. ")[2]) == (f"{{{ana.id}}}", "Take over, or choose another.")
    assert reply.json["incident"] == item(ana, fire["id"])
    assert reply.json["incident"]["claimed_by"] == ana.id


def test_taking_over_is_an_act_of_its_own(ana, bo, fire):
    row = claim(ana, fire["id"])
    reply = bo.act(fire["id"], "claim", version=row["version"], take_over=True)
    assert reply.json["incident"]["claimed_by"] == bo.id
    refused = ana.act(fire["id"], "close", version=reply.json["seq"], disposition="real")
    assert problem(refused) == (409, "incident.claimed_by_other")
    assert "Take it over first, or leave it to them." in refused.json["detail"]


def test_closing_what_changed_meanwhile_says_what_changed(ana, bo, fire):
    row = claim(ana, fire["id"])
    bo.act(fire["id"], "note", text="Wait, there is a second one")
    reply = ana.act(fire["id"], "close", version=row["version"], disposition="real")
    assert problem(reply) == (409, "incident.changed")
    assert f"{{{bo.id}}} wrote a note." in reply.json["detail"]
    assert "second one" not in reply.text
    assert reply.json["incident"]["version"] > row["version"]


def test_claiming_what_is_closed_says_who_closed_it(ana, bo, fire):
    row = ana.close(fire["id"])
    reply = bo.act(fire["id"], "claim", version=row["version"])
    assert problem(reply) == (409, "incident.closed")
    assert reply.json["detail"].startswith(f"{{{ana.id}}} closed this ")


ACTS = {
    "claim": {},
    "release": {},
    "note": {"text": "hello"},
    "close": {"disposition": "real"},
    "reopen": {"reason": "more_to_do"},
    "merge": {"into": "incident-1", "seen": 1},
    "unmerge": {},
    "split": {"signals": [1]},
    "unsplit": {},
}


@pytest.mark.parametrize("act", ACTS)
def test_no_act_tells_about_a_closed_incident_more_than_asking_for_it_does(office, ana, cem, fire, act):
    version = ana.close(fire["id"])["version"]
    body = ACTS[act] if act == "note" else {"version": version, **ACTS[act]}
    path = f"/api/v1/incidents/{fire['id']}"
    program = office.program("handle")
    asked = [cem.ask("GET", path), ana.ask("GET", path, **program)]
    acted = [
        cem.act(fire["id"], act, **body),
        ana.ask("POST", f"{path}/{act}", body, **program, **{"idempotency-key": f"hidden-{act}"}),
    ]
    for reply in asked + acted:
        assert problem(reply) == (403, "incident.not_own")
        assert "incident" not in reply.json
    assert [reply.json["detail"] for reply in acted] == [reply.json["detail"] for reply in asked]
    assert item(ana, fire["id"])["version"] == version


def test_same_command_again_gets_the_same_answer_and_changes_nothing(ana, fire):
    claim(ana, fire["id"])
    key = {"idempotency-key": f"note-{fire['id']}"}
    first = ana.ask("POST", f"/api/v1/incidents/{fire['id']}/note", {"text": "once"}, **key)
    again = ana.ask("POST", f"/api/v1/incidents/{fire['id']}/note", {"text": "once"}, **key)
    assert (first.status, again.text) == (200, first.text)
    assert [note["text"] for note in ana.get(f"/incidents/{fire['id']}/texts")["notes"]] == ["once"]
    other = ana.ask("POST", f"/api/v1/incidents/{fire['id']}/note", {"text": "twice"}, **key)
    assert problem(other) == (409, "command.reused")
    assert [note["text"] for note in ana.get(f"/incidents/{fire['id']}/texts")["notes"]] == ["once"]


@pytest.mark.parametrize("key", [None, "", "x" * 65, "a b", "schlüssel", "a;b"])
def test_command_without_a_good_key_is_refused(ana, fire, key):
    headers = {} if key is None else {"idempotency-key": key}
    reply = ana.ask("POST", f"/api/v1/incidents/{fire['id']}/claim", {"version": fire["version"]}, **headers)
    assert problem(reply) == (400, "request.invalid")
    (mistake,) = reply.json["problems"]
    assert mistake.startswith("Idempotency-Key: missing" if key is None else "idempotency_key: ")
    assert item(ana, fire["id"])["claimed_by"] is None


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("claim", {}),
        ("claim", {"version": 1, "by": "Bo"}),
        ("claim", []),
        ("release", {"version": 1.5}),
        ("note", {"text": ""}),
        ("note", {"text": "x" * (NOTE_CHARACTERS_MAX + 1)}),
        ("note", {"text": 5}),
        ("close", {"version": 1, "disposition": "solved"}),
        ("reopen", {"version": 1, "reason": "boredom"}),
    ],
)
def test_body_that_is_none_is_refused_and_not_repeated(ana, fire, act, body):
    reply = ana.act(fire["id"], act, **body) if isinstance(body, dict) else ana.ask(
        "POST", f"/api/v1/incidents/{fire['id']}/{act}", body, **{"idempotency-key": "k"}
    )  # fmt: skip
    assert problem(reply) == (400, "request.invalid")
    for value in ("solved", "boredom", "xxxx"):
        assert value not in reply.text
    assert item(ana, fire["id"])["version"] == fire["version"]


def test_note_of_blanks_is_none_and_one_of_2000_characters_is_one(ana, fire):
    assert problem(ana.act(fire["id"], "note", text=" \n\t ")) == (400, "incident.note")
    text = "ß" * NOTE_CHARACTERS_MAX
    assert ana.act(fire["id"], "note", text=text).status == 200
    assert [note["text"] for note in ana.get(f"/incidents/{fire['id']}/texts")["notes"]] == [text]


@pytest.mark.parametrize("act", ["claim", "release", "note", "close", "reopen"])
def test_command_on_what_is_not_there_is_404(ana, act):
    bodies = {
        "note": {"text": "hello"},
        "close": {"version": 1, "disposition": "real"},
        "reopen": {"version": 1, "reason": "more_to_do"},
    }
    assert problem(ana.act("incident-999999", act, **bodies.get(act, {"version": 1}))) == (404, "incident.unknown")


# Merge and split ------------------------------------------------------------------------------------------------------


def test_merge_split_and_their_undoing_are_told_to_both_and_seen_in_both(office, ana, bo, fire):
    other = office.alarm(ana, "1002", "BA", zone=4)
    body = {"version": other["version"], "into": fire["id"], "seen": fire["version"]}
    assert problem(ana.act(other["id"], "merge", **(body | {"into": other["id"]}))) == (400, "merge.itself")
    assert problem(ana.act(other["id"], "merge", **(body | {"into": "incident-999999"}))) == (404, "incident.unknown")
    assert problem(ana.act(fire["id"], "merge", version=fire["version"], into=other["id"], seen=other["version"])) == (
        400,
        "merge.more_urgent",
    )
    claim(bo, fire["id"])
    body["seen"] = item(ana, fire["id"])["version"]
    refused = ana.act(other["id"], "merge", **body)
    assert problem(refused) == (409, "merge.claimed_by_others")
    assert f"{{{bo.id}}} has incident {fire['number']}" in refused.json["detail"]
    merged = ana.act(other["id"], "merge", take_over=True, **body)
    assert (merged.status, merged.json["incident"]["state"]) == (200, "closed")
    seen = ana.get(f"/incidents/{other['id']}")
    assert (seen["merged_into"]["id"], seen["merged_into"]["number"]) == (fire["id"], fire["number"])
    into = ana.get(f"/incidents/{fire['id']}")
    assert [one["number"] for one in into["merged"]] == [other["number"]]
    assert (into["incident"]["claimed_by"], into["incident"]["signals"]) == (ana.id, 2)

    undone = ana.act(other["id"], "unmerge", version=seen["incident"]["version"])
    assert (undone.status, undone.json["incident"]["state"]) == (200, "open")
    office.report("1001", "FA", zone=2)
    wait_for(lambda: item(ana, fire["id"])["signals"] == 2)
    whole = ana.get(f"/incidents/{fire['id']}")
    newest = whole["signals"][0]["seq"]
    version = whole["incident"]["version"]
    assert problem(ana.act(fire["id"], "split", version=version, signals=[])) == (400, "request.invalid")
    assert problem(ana.act(fire["id"], "split", version=version, signals=[1])) == (400, "split.unknown_signal")
    assert ana.act(fire["id"], "split", version=version, signals=[newest]).status == 200
    new = next(row for row in ana.open_incidents() if row["number"] > other["number"])
    assert ana.get(f"/incidents/{new['id']}")["split_from"]["number"] == fire["number"]
    assert [one["seq"] for one in ana.get(f"/incidents/{new['id']}")["signals"]] == [newest]
    back = ana.act(new["id"], "unsplit", version=new["version"])
    assert (back.status, back.json["incident"]["state"]) == (200, "closed")
    assert item(ana, fire["id"])["signals"] == 2


# Texts ----------------------------------------------------------------------------------------------------------------


def test_texts_are_shown_to_whoever_may_and_each_reading_is_a_fact(office, ana, bo, fire):
    office.report("1001", "FA", zone=2, text="Kessel heiss")
    wait_for(lambda: item(ana, fire["id"])["signals"] == 2)
    ana.act(fire["id"], "note", text="Herr Schmidt opens")
    texts = [person.get(f"/incidents/{fire['id']}/texts") for person in (ana, ana, bo)]
    assert texts[0] == texts[1] == texts[2]
    assert [note["text"] for note in texts[0]["notes"]] == ["Herr Schmidt opens"]
    assert [signal["text"] for signal in texts[0]["signals"]] == ["Kessel heiss"]
    lines = ana.get(f"/incidents/{fire['id']}")["timeline"]
    assert [(line["actor"], line["words"]) for line in lines if line["kind"] == "vault.read"] == [
        (ana.id, f"{{{ana.id}}} read the texts of this incident."),
        (bo.id, f"{{{bo.id}}} read the texts of this incident."),
    ]


# Rights ---------------------------------------------------------------------------------------------------------------


def test_nothing_is_told_to_somebody_who_is_not_signed_in(office, ana, fire):
    for method, path in [
        ("GET", "/incidents"),
        ("GET", f"/incidents/{fire['id']}"),
        ("GET", f"/incidents/{fire['id']}/texts"),
        ("POST", f"/incidents/{fire['id']}/claim"),
        ("GET", "/live"),
        ("GET", "/places?account_id=account-1"),
        ("GET", "/catalogue"),
        ("GET", "/status"),
        ("POST", "/desk/sound-check"),
    ]:
        connection = http.client.HTTPConnection(*office.address)
        connection.request(method, f"/api/v1{path}")
        assert connection.getresponse().status == 401, path
        connection.close()


def test_token_reads_the_queue_and_neither_texts_nor_acts(office, ana, fire):
    token = office.program("read")
    assert ana.ask("GET", "/api/v1/incidents", **token, cookie="").status == 200
    assert problem(ana.ask("GET", f"/api/v1/incidents/{fire['id']}/texts", **token)) == (403, "access.forbidden")
    reply = ana.ask(
        "POST", f"/api/v1/incidents/{fire['id']}/claim", {"version": 1}, **token, **{"idempotency-key": "k"}
    )
    assert problem(reply) == (403, "access.forbidden")


def test_program_that_may_not_see_names_of_places_gets_none_with_incidents(office, ana, fire):
    handle, read = office.program("handle"), office.program("read")
    path = f"/api/v1/incidents/{fire['id']}"
    pages = ("/api/v1/incidents", path, "/api/v1/incidents?state=closed")
    told = [ana.ask("GET", page, **read).text for page in pages]
    assert all(fire["site"] in text for text in told)
    names = {fire["site"], fire["account_name"], *(ana.get(f"/incidents/{fire['id']}")[of] for of in WHERE)} - {None}
    claimed = ana.ask(
        "POST", f"{path}/claim", {"version": fire["version"]}, **handle, **{"idempotency-key": "nameless-1"}
    )
    refused = ana.ask(
        "POST", f"{path}/close", {"version": fire["version"], "disposition": "real"}, **handle,
        **{"idempotency-key": "nameless-2"},
    )  # fmt: skip
    assert (claimed.status, refused.status) == (200, 409)
    replies = [claimed, refused, *(ana.ask("GET", page, **handle) for page in pages)]
    for reply in replies:
        assert [name for name in names if name in reply.text] == []
    for row in (claimed.json["incident"], replies[2].json["items"][0], replies[3].json["incident"]):
        assert (row["account_name"], row["site"], row["zone_name"]) == (None, None, None)
    assert all(signal["zone_name"] is None for signal in replies[3].json["signals"])


WHERE = ("address", "directions", "hazard_details")


def test_program_may_act_with_the_scope_for_it_and_its_name_is_the_tokens(office, ana, fire):
    token = office.program("handle")
    reply = ana.ask(
        "POST",
        f"/api/v1/incidents/{fire['id']}/claim",
        {"version": fire["version"]},
        **token,
        **{"idempotency-key": "program-1"},
    )
    assert reply.status == 200, reply.text
    assert reply.json["incident"]["claimed_by"].startswith("token-")
