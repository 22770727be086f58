"""R7, R8, R9: no address finds a person, none scores one, and each that shows something personal is noted.

Every address, every query parameter and every answer of the application is walked: what is added later is in it by
itself, and fails until somebody says here what it is.
"""

import json
import re

import pytest

from support.api_description import api_description
from support.centres import make_folder
from support.fakes import ManualClock
from support.retention_room import Room
from support.scope import is_personal
from support.web import web
from tocsin.cli import COMMANDS, _load
from tocsin.model.help_note import Caller, HelpNote
from tocsin.web.app import handlers_of
from tocsin.web.permissions import PERMISSION, PUBLIC

DESCRIBED = api_description()

QUERIES = {
    "account_id": "an id",
    "after": "a place in a list",
    "basis": "a hash of what was looked at",
    "before": "a place in a list",
    "category": "one of SP1 to DP4",
    "dry_run": "yes or no",
    "format": "csv, features, html, json or pdf",
    "height": "of the box that stays clear in a picture",
    "incident": "an id",
    "kind": "a kind of fact",
    "level": "a number",
    "limit": "a number",
    "load_profile": "what operators' load is measured against, by name",
    "network": "a network of senders, as the board of supervision names it",
    "name": "how the name of a site begins: places may be looked for, people never",
    "page": "a number",
    "number": "how an account's number begins",
    "place": "how the words of an imported place begin: places may be looked for, people never",
    "plan": "an action plan's id or name",
    "profile": "what figures are measured against, by name",
    "report": "the ids that a phone gave its own reports",
    "receiver": "number of a receiver of ours",
    "seq": "a number of an entry",
    "site_id": "an id",
    "source": "an id",
    "state": "open or closed",
    "since": "a time",
    "time_zone": "a name of the IANA database",
    "until": "a time",
    "version": "a number",
    "what": "a sort of things that happened at a place, of a closed list",
    "width": "of the box that stays clear in a picture",
    "word": "the random word that lifting a mask answered",
    "x": "of the box that stays clear in a picture",
    "y": "of the box that stays clear in a picture",
}
"""Every query parameter that there may be, and what it holds."""

WORDS_FIND = {
    ("GET /api/v1/sites", "name"),
    ("GET /api/v1/duty/places", "name"),
    ("GET /api/v1/accounts", "number"),
}
"""The three that find by how something begins; none is about people."""

NAME, NUMBER = "Erika Mustermann", "+43 660 7654321"


def operations():
    for path, item in sorted(DESCRIBED["paths"].items()):
        for method, operation in item.items():
            yield method.upper(), path, operation


def queries():
    return [
        (f"{method} {path}", one)
        for method, path, operation in operations()
        for one in operation.get("parameters", ())
        if one["in"] == "query"
    ]


def kinds_of(schema):
    return [schema, *schema.get("oneOf", ()), *schema.get("anyOf", ())]


# R7 ----------------------------------------------------------------------------------------------------------------


def test_every_query_parameter_is_one_of_a_short_list():
    assert {one["name"] for _, one in queries()} == set(QUERIES)


def test_words_find_sites_and_numbers_of_accounts_alone():
    free = {
        (where, one["name"])
        for where, one in queries()
        if any(kind.get("type") == "string" and not {"enum", "const"} & kind.keys() for kind in kinds_of(one["schema"]))
        and one["name"] in ("name", "number")
    }
    assert free == WORDS_FIND


def test_paths_hold_ids_alone():
    names = {
        one["name"]
        for _, _, operation in operations()
        for one in operation.get("parameters", ())
        if one["in"] == "path"
    }
    assert {name for name in names if not name.endswith("_id")} <= {"file", "path", "place_code", "secret"}


class Planted(Room):
    """A room in which somebody's name and number stand wherever they can."""

    def __init__(self, settings):
        super().__init__(settings)
        self.made = self.incident(text=f"{NAME} {NUMBER}")
        note = HelpNote(caller=Caller(telephone=NUMBER, name=NAME))
        self.held.centre.help_notes.write(self.made, note, 0, self.operator, "h1")
        self.held.add(b"name,address\nHarbour house,Quay 3\n", kind="sites")
        (self.site,) = self.held.store.sites()
        file = f'site,order,name,telephone_1\nHarbour house,1,{NAME},"{NUMBER}"\n'
        self.held.add(file.encode(), kind="keyholders")
        self.erika = self.known("operator", name=NAME)


@pytest.fixture
def planted(tmp_path):
    made = Planted(make_folder(tmp_path / "centre", clock=ManualClock()))
    yield made
    made.close()


def values_for(schema):
    """What is asked with: the name, the number, and parts of them, where words fit."""
    kinds = kinds_of(schema)
    if any(kind.get("type") == "string" for kind in kinds):
        return [NAME, NAME.lower(), "Erika", "Muster", NUMBER, "6607654321", "7654321", f"%{NAME}%", "*"]
    return ["1"]


def test_asking_with_a_name_or_a_number_leads_nobody_to_a_person(planted):
    """Each query parameter of each address with each form of them: no answer changes to hold what they belong to."""
    planted.everybody = planted.signed_in(
        "operator", "supervisor", "integrator", "auditor", "administrator", "installer", "site_contact"
    )
    asked = 0
    for where, one in queries():
        method, path = where.split()
        if method != "GET" or "{" in path or path.endswith(("/live", "/export")):
            continue
        for value in values_for(one["schema"]):
            answer = planted.everybody.get(path, params={one["name"]: value})
            asked += 1
            if answer.status_code == 200 and one["name"] in ("name", "number", "kind", "state"):
                found = answer.json()
                items = found.get("items", []) if isinstance(found, dict) else found
                assert items == [], f"{where}?{one['name']}={value!r} finds something"
    assert asked > 60


def test_no_command_takes_words_about_people_but_for_staff_and_the_two_of_the_rule():
    """Options and arguments of every command: a name is that of a centre, a user, or a file."""
    found = set()
    for name in COMMANDS:
        command = _load(name)
        below = getattr(command, "commands", {"": command})
        for verb, one in below.items():
            for parameter in one.params:
                if re.search(r"name|person|who|contact|phone|search|find|query", parameter.name or ""):
                    found.add(f"{name} {verb}".strip() + f" {parameter.name}")
    assert found <= {
        "init name",
        "link name",
        "journal export persons",
        "restore persons",
        "scope holdings name",
        "user add name",
        "user rename name",
        "user rename new_name",
        "user roles name",
        "user remove name",
        "user link name",
        "user password name",
        "user sign-out name",
        "user totp-off name",
        "user grant name",
        "user revoke name",
        "user reset name",
        "user sessions name",
        "keys rotate-head persons",
        *(f"panel {verb} server_name" for verb in ("send", "storm", "replay")),
    }


def test_contact_is_taken_by_the_subject_request_alone():
    """In any body of any address: a field called so, or meant for a person's number or name to look for."""
    bodies = {
        reference.rpartition("/")[2]: f"{method} {path}"
        for method, path, operation in operations()
        for media in operation.get("requestBody", {}).get("content", {}).values()
        if (reference := media["schema"].get("$ref", ""))
    }
    schemas = DESCRIBED["components"]["schemas"]
    looking = {
        bodies[name]
        for name in bodies
        for field in schemas[name].get("properties", {})
        if re.search(r"contact|search|find|query|match|filter", field)
    }
    assert looking == {"POST /api/v1/subject-requests"}


# R8 ----------------------------------------------------------------------------------------------------------------


def test_no_answer_scores_or_compares_people_who_work_here():
    scoring = re.compile(
        r"(?<![a-z])(scores?|ratings?|rank|ranking|average|median|fastest|slowest|performance|kpi)(?![a-z])"
    )
    names = [
        f"{name}.{field}"
        for name, schema in DESCRIBED["components"]["schemas"].items()
        for field in schema.get("properties", ())
    ]
    assert [name for name in names if scoring.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())] == []


def test_what_somebody_did_is_counted_for_that_person_alone():
    """`acts` and the like stand in the answer about oneself, which takes no id of anybody."""
    counted = {
        name
        for name, schema in DESCRIBED["components"]["schemas"].items()
        if {"kind", "count", "first_at", "last_at"} <= schema.get("properties", {}).keys()
    }
    assert counted == {"ActCountItem"}
    users = [f"{m} {p}" for m, p, o in operations() if "HoldingsAnswer" in json.dumps(o["responses"])]
    assert users == ["GET /api/v1/me/holdings"]


def test_export_names_nobody(planted):
    text = planted.one.get("/api/v1/journal/export").text
    assert '"actor":"user-' in text
    for name in (NAME, "Erika", "Person 1", NUMBER, "7654321"):
        assert name not in text


# R9 ----------------------------------------------------------------------------------------------------------------

NOTED = {
    "GET /api/v1/incidents/{}/texts": "vault.read",
    "GET /api/v1/watch-log": "vault.read",
    "GET /api/v1/incidents/{}/help-note": "vault.read",
    "GET /api/v1/incidents/{}/keyholders": "vault.read",
    "GET /api/v1/incidents/{}/reports": "vault.read",
    "GET /api/v1/calls/{}": "vault.read",
    "GET /api/v1/rings/{}/number": "vault.read",
    "GET /api/v1/rings/{}/locations": "vault.read",
    "GET /api/v1/incidents/{}/wishes": "vault.read",
    "GET /api/v1/approvals/{}/contact": "vault.read",
    "GET /api/v1/sites/{}/keyholders": "vault.read",
    "GET /api/v1/own/sites/{}/keyholders": "vault.read",
    "GET /api/v1/export/keyholders": "vault.read",
    "POST /api/v1/sites/{}/keyholders": "vault.read",
    "PUT /api/v1/keyholders/{}": "vault.read",
    "PUT /api/v1/keyholders/{}/phrases": "vault.read",
    "POST /api/v1/keyholders/{}/confirm": "vault.read",
    "POST /api/v1/keyholders/{}/take-back": "vault.read",
    "POST /api/v1/rejected-frames/open": "vault.read",
    "POST /api/v1/journal/unsealed": "journal.exported",
    "POST /api/v1/subject-requests": "subject.requested",
    "POST /api/v1/frame": "vault.read, where a key of the centre decrypts",
}
"""Addresses that show what is personal, and the fact that is durable before they answer."""

NOT_NOTED = {
    "names of colleagues, and one's own": [
        *("GET /api/v1/session", "GET /api/v1/users", "GET /api/v1/users/{}", "POST /api/v1/users"),
        *("PATCH /api/v1/users/{}", "POST /api/v1/users/{}/totp/remove", "GET /api/v1/me", "GET /api/v1/me/holdings"),
        *("POST /api/v1/session/device", "POST /api/v1/session/lock", "POST /api/v1/session/proof"),
        *("POST /api/v1/session/touched", "POST /api/v1/session/unlock"),
    ],
    "one's own contacts, of which a part is shown": [
        *("GET /api/v1/me/reach", "PUT /api/v1/me/reach", "POST /api/v1/me/contacts"),
        *("PUT /api/v1/me/reach/rules", "PUT /api/v1/me/reach/week"),
        *("POST /api/v1/me/reach/calendar", "DELETE /api/v1/me/reach/calendar"),
    ],
}
"""Addresses whose answers name people and need no fact, each with the reason."""


def returned(handler):
    return handler.parsed_fn_signature.return_type.annotation


def shown(tmp_path, what):
    """Addresses whose answers have a part for which `what` says yes."""
    with web(make_folder(tmp_path / "walked")) as site:
        found = set()
        for handler in handlers_of(site.app):
            if handler.opt.get(PERMISSION) != PUBLIC and what(returned(handler)):
                for path in handler.paths:
                    for method in handler.http_methods - {"HEAD"}:
                        found.add(f"{method} {re.sub(r'{[^}]+}', '{}', path)}")
        return found


def test_each_address_that_shows_something_personal_is_noted_or_has_its_reason(tmp_path):
    known = set(NOTED) | {one for some in NOT_NOTED.values() for one in some}
    found = shown(tmp_path, is_personal)
    assert len(found) > 5
    assert found - known == set(), "say in NOTED which fact tells of it, or in NOT_NOTED why none does"
    there = {f"{method} {re.sub(r'{[^}]+}', '{}', path)}" for method, path, _ in operations()}
    assert known - there == set(), "no address of this name"


def facts(room, kind):
    entries = [json.loads(stored.row.entry) for stored in room.held.store.entries(0, 100_000)]
    return [entry for entry in entries if entry["kind"] == kind]


def test_reading_is_a_fact_once_a_person_incident_and_claim(planted):
    base = f"/api/v1/incidents/{planted.made}"
    readers = planted.signed_in("operator"), planted.signed_in("supervisor")
    before = len(facts(planted, "vault.read"))
    for _ in range(3):
        for reader in readers:
            assert NAME in reader.get(f"{base}/texts").text
            assert NAME in reader.get(f"{base}/help-note").text
    noted = facts(planted, "vault.read")[before:]
    assert len(noted) == 4, "two persons, two kinds of values, each once"
    assert {one["ref"] for one in noted} == {planted.made}
    assert len({one["actor"] for one in noted}) == 2
    for one in noted:
        assert NAME not in json.dumps(one)


def test_whoever_confirms_a_keyholder_and_is_shown_the_contact_has_read_it(planted):
    (keyholder,) = planted.held.store.keyholders()
    answer = planted.one.post(f"/api/v1/keyholders/{keyholder.id}/confirm", json={"version": keyholder.seq})
    assert NAME in answer.text
    assert [one["ref"] for one in facts(planted, "vault.read")] == [planted.site.id]


def test_reading_the_journal_and_exporting_it_are_facts(planted):
    auditor = planted.signed_in("auditor")
    auditor.get("/api/v1/journal")
    auditor.get("/api/v1/journal/export")
    (read,), (exported,) = facts(planted, "journal.read"), facts(planted, "journal.exported")
    assert read["actor"] == exported["actor"]
