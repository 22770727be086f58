"""Keyholders, help notes, wishes and warnings over HTTP: who may, what is refused, what stands nowhere afterwards."""

import http.client
import time
import uuid

import pytest

from support.desks import desks

PLANT = "Planted Erika Example"
DAY_US = 86_400_000_000
CONTACT = {"name": "Erika Example", "telephones": ["+1 202 555 0101"]}
KEEPER = ("integrator",)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("operator",))


@pytest.fixture(scope="module")
def sue(office):
    return office.person("Sue", ("supervisor", "auditor"))


@pytest.fixture(scope="module")
def kim(office):
    return office.person("Kim", KEEPER)


@pytest.fixture(scope="module")
def adam(office):
    return office.person("Adam", ("administrator",))


@pytest.fixture(scope="module")
def sites(kim):
    return {site["name"]: site["id"] for site in kim.get("/sites")["items"]}


@pytest.fixture(autouse=True)
def tidy(office, sue):
    yield
    sue_sees = sue.open_incidents()
    for row in sue_sees:
        sue.close(row["id"])


def send(person, method, path, body=None, **headers):
    return person.ask(method, f"/api/v1{path}", body, **headers)


def done(reply, status=200):
    assert reply.status == status, reply.text
    return reply.json if reply.text else None


def refused(reply):
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status, reply.json["code"]


def keyed():
    return {"idempotency-key": uuid.uuid4().hex}


def now_us():
    return time.time_ns() // 1000


def make(person, site, name=None, **fields):
    body = CONTACT | {"name": name or f"Erika {uuid.uuid4().hex[:6]}"} | fields
    return done(send(person, "POST", f"/sites/{site}/keyholders", body), 201)


def listed(person, site):
    return [item for item in person.get(f"/sites/{site}/keyholders")["items"] if item["removed_at"] is None]


def readings(sue, person, what):
    page = sue.get("/journal?kind=vault.read&limit=200")
    return [
        (entry["ref"], entry["body"]["count"])
        for entry in page["items"]
        if entry["actor"] == person.id and entry["body"]["what"] == what
    ]


# Keyholders ----------------------------------------------------------------------------------------------------------


def test_keyholder_is_made_changed_confirmed_removed_and_taken_back(kim, sites):
    site = sites["Bank"]
    body = CONTACT | {"availability": "nights", "pass_phrase": "Sunrise", "duress_phrase": "Sunset"}
    made = done(send(kim, "POST", f"/sites/{site}/keyholders", body), 201)
    assert (made["name"], made["telephones"], made["availability"]) == (
        CONTACT["name"],
        CONTACT["telephones"],
        "nights",
    )
    assert (made["has_phrase"], made["has_duress"], made["is_due"]) == (True, True, False)
    assert made["confirm_due_at"] - made["confirmed_at"] == 365 * DAY_US
    changed = done(
        send(kim, "PUT", f"/keyholders/{made['id']}", CONTACT | {"name": "New Name", "version": made["version"]})
    )
    assert (changed["name"], changed["availability"], changed["has_phrase"]) == ("New Name", "always", True)
    stale = {"version": made["version"]}
    assert refused(send(kim, "POST", f"/keyholders/{made['id']}/confirm", stale)) == (409, "config.overtaken")
    confirmed = done(send(kim, "POST", f"/keyholders/{made['id']}/confirm", {"version": changed["version"]}))
    body = {"pass_phrase": None, "duress_phrase": None, "version": confirmed["version"]}
    bare = done(send(kim, "PUT", f"/keyholders/{made['id']}/phrases", body))
    assert (bare["has_phrase"], bare["has_duress"]) == (False, False)
    done(send(kim, "DELETE", f"/keyholders/{made['id']}?version={bare['version']}"), 204)
    (gone,) = kim.get(f"/sites/{site}/keyholders")["items"]
    assert gone["gone_at"] - gone["removed_at"] == 30 * DAY_US
    back = done(send(kim, "POST", f"/keyholders/{made['id']}/take-back", {"version": gone["version"]}))
    assert back["removed_at"] is None
    done(send(kim, "DELETE", f"/keyholders/{made['id']}?version={back['version']}"), 204)


def test_list_is_put_in_order_and_an_order_of_others_is_refused(kim, sites):
    site = sites["Boiler hall"]
    ids = [make(kim, site)["id"] for _ in range(3)]
    done(send(kim, "PUT", f"/sites/{site}/keyholders/order", {"ids": ids[::-1]}), 204)
    assert [item["id"] for item in listed(kim, site)] == ids[::-1]
    reply = send(kim, "PUT", f"/sites/{site}/keyholders/order", {"ids": ids[:2]})
    assert refused(reply) == (409, "keyholders.list_changed")
    for item in listed(kim, site):
        done(send(kim, "DELETE", f"/keyholders/{item['id']}?version={item['version']}"), 204)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": " ", "telephones": ["112"]}, "name is missing"),
        ({"name": "A", "telephones": ["call"]}, "telephone_1 must be a telephone number"),
        ({"name": "A", "telephones": ["112", "x"]}, "telephone_2 must be a telephone number"),
        ({"name": "A\x07", "telephones": ["112"]}, "name must be at most 120 printable characters"),
    ],
)
def test_bad_field_is_named_with_its_limit_and_without_its_value(kim, sites, body, reason):
    reply = send(kim, "POST", f"/sites/{sites['Bank']}/keyholders", body)
    assert refused(reply) == (400, "config.form")
    (problem,) = reply.json["problems"]
    assert problem.startswith(reason)


def test_unknown_field_of_a_body_is_refused(kim, sites):
    reply = send(kim, "POST", f"/sites/{sites['Bank']}/keyholders", CONTACT | {"confirmed_at": 1})
    assert refused(reply) == (400, "request.invalid")
    assert listed(kim, sites["Bank"]) == []


def test_same_change_sent_again_is_made_once_and_its_digest_tells_no_phrase(office, kim, sites):
    key = keyed()
    body = CONTACT | {"name": "Once", "pass_phrase": "Sunrise"}
    first = done(send(kim, "POST", f"/sites/{sites['Bank']}/keyholders", body, **key), 201)
    assert done(send(kim, "POST", f"/sites/{sites['Bank']}/keyholders", body, **key), 201) == first
    for other in ({"pass_phrase": None}, {"name": "Another"}):
        reply = send(kim, "POST", f"/sites/{sites['Bank']}/keyholders", body | other, **key)
        assert refused(reply) == (409, "command.reused")
    untold = send(kim, "POST", f"/sites/{sites['Bank']}/keyholders", body | {"pass_phrase": "Sunset"}, **key)
    assert done(untold, 201) == first, "no digest holds a phrase, so nothing tells it from the other"
    done(send(kim, "DELETE", f"/keyholders/{first['id']}?version={first['version']}"), 204)


def test_reading_a_list_is_a_fact_once_a_person_and_quarter_of_an_hour(kim, sue, sites):
    made = make(kim, sites["Bank"])
    before = len(readings(sue, sue, "keyholders"))
    for _ in range(3):
        sue.get(f"/sites/{sites['Bank']}/keyholders")
    assert len(readings(sue, sue, "keyholders")) == before + 1
    done(send(kim, "DELETE", f"/keyholders/{made['id']}?version={made['version']}"), 204)


def test_what_is_due_names_sites_and_numbers_alone(office, kim, sites):
    rows = "site,name,telephone_1\nBoiler hall,Never Confirmed,+1 202 555 0101\n"
    assert _import(kim, rows)["new"] == 1
    due = kim.get("/keyholders/due")
    assert [(item["site"], item["keyholders"], item["since"]) for item in due["items"]] == [("Boiler hall", 1, 0)]
    assert "Never" not in repr(due)
    (one,) = listed(kim, sites["Boiler hall"])
    assert one["is_due"]
    done(send(kim, "POST", f"/keyholders/{one['id']}/confirm", {"version": one["version"]}))
    assert kim.get("/keyholders/due")["items"] == []
    (one,) = listed(kim, sites["Boiler hall"])
    done(send(kim, "DELETE", f"/keyholders/{one['id']}?version={one['version']}"), 204)


def _import(person, text, query="", status=200):
    connection = http.client.HTTPConnection(*person.address, timeout=60)
    try:
        headers = person.headers | {"content-type": "text/csv"}
        connection.request("POST", f"/api/v1/import/keyholders{query}", text.encode(), headers)
        answer = connection.getresponse()
        data = answer.read().decode()
        assert answer.status == status, data
    finally:
        connection.close()
    import json

    return json.loads(data)


@pytest.mark.slow
def test_file_is_tried_imported_and_exported_and_the_export_is_a_fact_of_whoever_took_it(kim, sue, ana, sites):
    text = "site,name,telephone_1,phrase\nBank,=Formula,+1 202 555 0101,Sunrise\nBank,Other,202-555-0102,\n"
    tried = _import(kim, text, "?dry_run=true")
    assert (tried["new"], tried["bad"], listed(kim, sites["Bank"])) == (2, [], [])
    bad = _import(kim, text.replace("202-555-0102", PLANT), "?dry_run=true")
    assert [(row["line"], row["column"]) for row in bad["bad"]] == [(3, "telephone_1")]
    assert PLANT not in repr(bad)
    problem = _import(kim, text.replace("Bank", "Nowhere"), status=400)
    assert problem["code"] == "import.rows"
    assert _import(kim, text)["new"] == 2
    assert [item["has_phrase"] for item in listed(kim, sites["Bank"])] == [True, False]
    reply = send(kim, "GET", "/export/keyholders")
    assert reply.headers["content-disposition"] == 'attachment; filename="keyholders.csv"'
    assert "'=Formula,'+1 202 555 0101" in reply.text
    assert "unrise" not in reply.text
    page = sue.get("/journal?kind=vault.read&limit=50")
    exported = [one for one in page["items"] if one["body"]["reason"] == "export"]
    assert [(one["actor"], one["body"]["what"], one["body"]["count"]) for one in exported] == [
        (kim.id, "keyholders", 2)
    ]
    assert _import(kim, reply.text)["same"] == 2
    assert refused(send(ana, "GET", "/export/keyholders")) == (403, "access.forbidden")
    for item in listed(kim, sites["Bank"]):
        done(send(kim, "DELETE", f"/keyholders/{item['id']}?version={item['version']}"), 204)


def test_contact_of_a_site_sees_and_confirms_its_list_and_no_other(office, kim, sue, adam, sites):
    made = make(kim, sites["Bank"], "Own Holder", pass_phrase="Sunrise", duress_phrase="Sunset")
    con = office.person("Con", ("site_contact",))
    own = f"/own/sites/{sites['Bank']}/keyholders"
    assert refused(send(con, "GET", own)) == (403, "access.forbidden")
    done(send(adam, "POST", "/grants", {"user_id": con.id, "target_id": sites["Bank"]}), 201)
    (item,) = con.get(own)["items"]
    assert (item["name"], item["telephones"]) == ("Own Holder", ["+1 202 555 0101"])
    assert not {"has_duress", "has_phrase"} & item.keys()
    assert readings(sue, con, "keyholders") == [(sites["Bank"], 1)]
    for path in (f"/own/sites/{sites['Boiler hall']}/keyholders", "/own/sites/site-999/keyholders"):
        assert refused(send(con, "GET", path)) == (403, "access.forbidden")
    done(send(con, "POST", f"/own/keyholders/{made['id']}/confirm", {"version": made["version"]}))
    (item,) = listed(kim, sites["Bank"])
    assert item["confirmed_at"] > made["confirmed_at"]
    other = make(kim, sites["Boiler hall"], "Not Yours")
    reply = send(con, "POST", f"/own/keyholders/{other['id']}/confirm", {"version": other["version"]})
    assert refused(reply) == (403, "access.forbidden")
    for one in (item, other):
        done(send(kim, "DELETE", f"/keyholders/{one['id']}?version={one['version']}"), 204)


# In an incident ------------------------------------------------------------------------------------------------------


def test_operator_sees_the_call_list_of_an_open_incident_without_what_tells_duress(office, ana, kim, sue, sites):
    made = make(kim, sites["Boiler hall"], "Erika", pass_phrase="Sunrise", duress_phrase="Sunset")
    incident = office.alarm(ana)
    answer = ana.get(f"/incidents/{incident['id']}/keyholders")
    assert [(item["name"], item["has_phrase"], item["is_due"]) for item in answer["items"]] == [("Erika", True, False)]
    assert (answer["site_id"], answer["no_call_first"]) == (sites["Boiler hall"], False)
    assert not [item for item in answer["items"] if "has_duress" in item]
    assert readings(sue, ana, "keyholders") == [(incident["id"], 1)]
    ana.close(incident["id"])
    assert refused(send(ana, "GET", f"/incidents/{incident['id']}/keyholders")) == (409, "incident.closed")
    done(send(kim, "DELETE", f"/keyholders/{made['id']}?version={made['version']}"), 204)


def test_hold_up_says_that_the_premises_are_not_telephoned_first(office, ana):
    incident = office.alarm(ana, "1002", "HA")
    assert ana.get(f"/incidents/{incident['id']}/keyholders")["no_call_first"] is True
    note = ana.get(f"/incidents/{incident['id']}/help-note")
    assert (note["no_call_first"], "hold_up" in note["asked"], note["note"], note["version"]) == (True, True, None, 0)


def test_duress_phrase_is_told_to_whoever_asked_and_raises_the_incident(office, ana, kim, sites):
    made = make(kim, sites["Boiler hall"], "Erika", pass_phrase="Sunrise", duress_phrase="Sunset")
    incident = office.alarm(ana, code="AT")
    path = f"/incidents/{incident['id']}/phrase"

    def ask(phrase, **key):
        return done(send(ana, "POST", path, {"of": made["id"], "phrase": phrase}, **(key or keyed())))

    assert [ask(word)["outcome"] for word in ("sun rise", "nonsense")] == ["right", "wrong"]
    key = keyed()
    told = ask("Sunset", **key)
    assert (told["outcome"], told["incident"]["priority"], told["incident"]["silent"]) == ("duress", 1, True)
    assert ask("Sunset", **key)["seq"] == told["seq"]
    lines = [line["words"] for line in ana.get(f"/incidents/{incident['id']}")["timeline"]]
    assert [line for line in lines if "phrase" in line] == [
        f"{{{ana.id}}} asked for the phrase of keyholder {made['id'][10:]}: right.",
        f"{{{ana.id}}} asked for the phrase of keyholder {made['id'][10:]}: wrong.",
        f"{{{ana.id}}} asked for the phrase of keyholder {made['id'][10:]}: the duress phrase. Handled in silence from "
        f"now on. Raised to priority 1.",
    ]
    assert refused(send(ana, "POST", path, {"of": "keyholder-9", "phrase": "Sunset"}, **keyed())) == (
        404,
        "phrases.unknown",
    )
    assert refused(send(ana, "POST", path, {"of": PLANT, "phrase": PLANT}, **keyed())) == (400, "request.invalid")
    done(send(kim, "DELETE", f"/keyholders/{made['id']}?version={made['version']}"), 204)


def test_call_is_noted_in_a_word_and_the_answer_says_whom_to_call_next(office, ana, kim, sites):
    first = make(kim, sites["Boiler hall"], "Erika", telephones=["+1 202 555 0101", "+1 202 555 0102"])
    second = make(kim, sites["Boiler hall"], "Fritz")
    incident = office.alarm(ana)
    path = f"/incidents/{incident['id']}/calls"

    def call(of, outcome, telephone=1):
        body = {"of": of["id"], "outcome": outcome, "telephone": telephone}
        return done(send(ana, "POST", path, body, **keyed()))

    listed_ = ana.get(f"/incidents/{incident['id']}/keyholders")
    assert listed_["next"] == {"of": first["id"], "reason": "first_round", "telephone": 1}
    told = call(first, "no_answer")
    assert told["next"] == {"of": first["id"], "reason": "first_round", "telephone": 2}
    assert call(first, "voicemail", 2)["next"]["of"] == second["id"]
    assert call(second, "attends")["next"] == {"of": None, "reason": "attends", "telephone": None}
    again = ana.get(f"/incidents/{incident['id']}/keyholders")
    assert [(one["outcome"], one["telephone"], one["by"]) for one in again["calls"]] == [
        ("no_answer", 1, ana.id), ("voicemail", 2, ana.id), ("attends", 1, ana.id)
    ]  # fmt: skip
    lines = [line["words"] for line in ana.get(f"/incidents/{incident['id']}")["timeline"]]
    assert f"{{{ana.id}}} called keyholder 1 of the list, number 2: a voicemail box answered." in lines
    for body in ({"of": second["id"], "outcome": "because", "telephone": 1}, {"of": second["id"], "outcome": "busy"}):
        assert refused(send(ana, "POST", path, body, **keyed())) == (400, "request.invalid")
    ghost = {"of": "keyholder-9", "outcome": "busy", "telephone": 1}
    assert refused(send(ana, "POST", path, ghost, **keyed())) == (404, "calls.unknown")
    for one in (first, second):
        done(send(kim, "DELETE", f"/keyholders/{one['id']}?version={one['version']}"), 204)


def write(person, incident, note, version=0, **key):
    return send(
        person, "PUT", f"/incidents/{incident}/help-note", {"note": note, "version": version}, **(key or keyed())
    )


def test_help_note_is_written_by_one_read_by_another_and_never_overwritten_unseen(office, ana, sue):
    incident = office.alarm(ana)["id"]
    note = {"persons_in_need": {"told_by": "caller", "trapped": 2}, "caller": {"telephone": "+1 202 555 0177"}}
    written = done(write(ana, incident, note))
    assert (written["version"], written["incident"]["id"]) == (1, incident)
    answer = sue.get(f"/incidents/{incident}/help-note")
    assert (answer["version"], answer["written_by"]) == (1, ana.id)
    assert answer["note"]["persons_in_need"]["trapped"] == 2
    assert readings(sue, sue, "help_note") == [(incident, 1)]
    assert refused(write(sue, incident, note)) == (409, "help_note.changed")
    assert done(write(sue, incident, {}, 1))["version"] == 2
    assert sue.get(f"/incidents/{incident}/help-note")["note"]["caller"] is None


def test_part_that_has_no_place_in_a_class_is_named_and_an_unknown_field_refused(office, ana):
    incident = office.alarm(ana)["id"]
    reply = write(ana, incident, {"missing": {"harm_feared": ["cold"], "known_by": PLANT}})
    assert refused(reply) == (400, "config.form")
    assert reply.json["problems"] == ["missing is not asked in an incident of class fire"]
    for note in ({"plate": PLANT}, {"patients": [{"patient": PLANT}]}, {"caller": {"name": [PLANT]}}):
        reply = write(ana, incident, note)
        assert (refused(reply), PLANT in reply.text) == ((400, "request.invalid"), False)


def test_wishes_are_set_without_being_seen_and_shown_in_an_open_incident_of_that_home_alone(
    office, ana, kim, sue, sites
):
    site = sites["Boiler hall"]
    body = {
        "wishes": ["oxygen_in_the_home", "hard_of_hearing"],
        "key_safe": "Behind the pot",
        "consented_at": now_us(),
        "review_at": now_us() + 20 * DAY_US,
    }
    state = done(send(kim, "PUT", f"/sites/{site}/wishes", body))
    assert (state["is_set"], state["is_due"], "key_safe" in state) == (True, True, False)
    assert kim.get(f"/sites/{site}/keyholders")["wishes"] == state
    assert [item["wishes"] for item in kim.get("/keyholders/due")["items"]] == [True]
    incident, elsewhere = office.alarm(ana)["id"], office.alarm(ana, "1002", "BA")["id"]
    assert ana.get(f"/incidents/{elsewhere}/wishes")["is_set"] is False
    shown = ana.get(f"/incidents/{incident}/wishes")
    assert (shown["wishes"], shown["key_safe"]) == (body["wishes"], "Behind the pot")
    assert readings(sue, ana, "wishes") == [(incident, 1)]
    ana.close(incident)
    assert refused(send(ana, "GET", f"/incidents/{incident}/wishes")) == (409, "incident.closed")
    late = body | {"review_at": now_us() + 400 * DAY_US, "version": state["version"]}
    assert refused(send(kim, "PUT", f"/sites/{site}/wishes", late)) == (400, "wishes.review")
    done(send(kim, "DELETE", f"/sites/{site}/wishes?version={state['version']}"), 204)
    assert kim.get(f"/sites/{site}/keyholders")["wishes"]["is_set"] is False


def test_supervisor_warns_crews_because_of_a_closed_incident_and_ends_it(office, ana, sue):
    cause = office.alarm(ana)["id"]
    body = {"danger": "dog", "ends_at": now_us() + 30 * DAY_US}
    assert refused(send(ana, "POST", f"/incidents/{cause}/warnings", body)) == (403, "access.forbidden")
    assert refused(send(sue, "POST", f"/incidents/{cause}/warnings", body)) == (409, "place_warning.open")
    ana.close(cause)
    assert sue.get(f"/incidents/{cause}/warnings")["may_cause"] == ["crew_attacked", "dog", "needles", "weapons_stored"]
    made = done(send(sue, "POST", f"/incidents/{cause}/warnings", body), 201)
    reply = send(sue, "POST", f"/incidents/{cause}/warnings", body | {"danger": PLANT})
    assert (refused(reply), PLANT in reply.text) == ((400, "request.invalid"), False)
    later = office.alarm(ana)["id"]
    answer = ana.get(f"/incidents/{later}/warnings")
    assert (answer["items"], answer["may_cause"]) == (made["items"], [])
    assert ana.get(f"/incidents/{office.alarm(ana, '1002', 'BA')['id']}/warnings")["items"] == []
    (one,) = answer["items"]
    assert refused(send(ana, "DELETE", f"/warnings/{one['id']}")) == (403, "access.forbidden")
    done(send(sue, "DELETE", f"/warnings/{one['id']}"), 204)
    assert ana.get(f"/incidents/{later}/warnings")["items"] == []
    assert refused(send(sue, "DELETE", f"/warnings/{one['id']}")) == (404, "place_warning.unknown")


def test_closed_incident_of_another_shows_an_operator_nothing(office, ana, sue):
    incident = office.alarm(ana)["id"]
    done(write(ana, incident, {"caller": {"telephone": "+1 202 555 0177"}}))
    sue.close(incident)
    for name in ("help-note", "warnings", "keyholders", "wishes"):
        assert refused(send(ana, "GET", f"/incidents/{incident}/{name}")) == (403, "incident.not_own")
    assert sue.get(f"/incidents/{incident}/help-note")["note"] is not None


def test_program_sees_nothing_of_people(office, ana):
    incident = office.alarm(ana)["id"]
    headers = office.program("read", "handle", "journal")
    for path in ("help-note", "keyholders", "wishes", "warnings"):
        connection = http.client.HTTPConnection(*office.address, timeout=30)
        connection.request("GET", f"/api/v1/incidents/{incident}/{path}", headers=headers)
        assert connection.getresponse().status == 403, path
        connection.close()


# Nowhere -------------------------------------------------------------------------------------------------------------


def test_planted_values_stand_in_no_stream_problem_log_journal_metric_or_file(office, ana, kim, sue, sites, capfd):
    phrase = "Planted Sunrise"
    site = sites["Bank"]
    problems = []

    def ask(person, method, path, body=None, **headers):
        reply = send(person, method, path, body, **headers)
        if reply.status >= 400:
            problems.append(reply.text)
        return reply

    with ana.listen() as stream:
        contact = {"name": PLANT, "telephones": ["+1 202 555 0177"]}
        made = done(ask(kim, "POST", f"/sites/{site}/keyholders", contact | {"pass_phrase": phrase}), 201)
        ask(kim, "POST", f"/sites/{site}/keyholders", contact)
        ask(kim, "POST", f"/sites/{site}/keyholders", contact | {"telephones": [PLANT]})
        ask(kim, "POST", f"/sites/{site}/keyholders", contact | {PLANT: PLANT})
        ask(kim, "PUT", f"/keyholders/{made['id']}", contact | {"version": 1})
        ask(kim, "PUT", f"/keyholders/{made['id']}/phrases", {"pass_phrase": "P", "duress_phrase": PLANT, "version": 1})
        ask(kim, "PUT", f"/keyholders/{PLANT.replace(' ', '%20')}", contact | {"version": 1})
        ask(kim, "PUT", f"/sites/{site}/wishes", {"words": PLANT, "consented_at": now_us(), "review_at": 1})
        body = {"words": PLANT, "key_safe": PLANT, "consented_at": now_us(), "review_at": now_us() + DAY_US}
        state = done(ask(kim, "PUT", f"/sites/{site}/wishes", body))
        incident = office.alarm(ana, "1002", "BA")["id"]
        note = {"fleeing": PLANT, "caller": {"telephone": "+1 202 555 0177", "name": PLANT}}
        done(ask(ana, "PUT", f"/incidents/{incident}/help-note", {"note": note, "version": 0}, **keyed()))
        ask(ana, "PUT", f"/incidents/{incident}/help-note", {"note": note, "version": 0}, **keyed())
        ask(ana, "PUT", f"/incidents/{incident}/help-note", {"note": {"missing": note}, "version": 1}, **keyed())
        for word in (phrase, PLANT):
            done(ask(ana, "POST", f"/incidents/{incident}/phrase", {"of": made["id"], "phrase": word}, **keyed()))
        for name in ("help-note", "keyholders", "wishes", "warnings"):
            ana.get(f"/incidents/{incident}/{name}")
        heard = []
        while not any(incident in repr(event) for event in heard):
            heard.extend(stream.read())
    seen = {
        "stream": repr(heard),
        "problems": "".join(problems),
        "journal": sue.ask("GET", "/api/v1/journal?limit=200").text,
        "metrics": office.centre.get("/metrics").text + office.centre.get("/readyz").text,
        "incident": ana.ask("GET", f"/api/v1/incidents/{incident}").text,
        "queue": ana.ask("GET", "/api/v1/incidents").text,
    }
    out, err = capfd.readouterr()
    seen["log"] = out + err
    for path in office.centre.settings.folder.rglob("*"):
        if path.is_file():
            seen[path.name] = path.read_bytes().decode("latin-1")
    planted = ("PLANTED", "ERIKA EXAMPLE", "555 0177")
    assert [(where, word) for where, text in seen.items() for word in planted if word in text.upper()] == []
    assert len(problems) == 9
    assert "keyholder.set" in seen["journal"]
    done(send(kim, "DELETE", f"/sites/{site}/wishes?version={state['version']}"), 204)
    done(send(kim, "DELETE", f"/keyholders/{made['id']}?version={made['version']}"), 204)
