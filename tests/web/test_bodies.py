"""What the bodies of the API can hold: no word of a sender gets into a fact, for facts are never erased."""

import re

import msgspec
import pytest

from support.api_description import api_description
from support.centres import make_folder
from support.incidents import incident
from support.web import web
from tocsin.model.access import ROLES
from tocsin.web.api.approvals import PARAMETERS

DESCRIBED = api_description()
ROOT = "#/components/schemas/"
WORDS = "Frau Erika Muster, Hauptstr. 5"

SEALED = {
    "Caller": ("call_back", "language", "name", "stands_at", "telephone"),
    "CallWords": ("exact", "said", "where"),
    "CheckInBody": ("exact", "where"),
    "CloseBody": ("note",),
    "ContactBody": ("address",),
    "DutyReportBody": ("exact", "said", "where"),
    "HelpNote": ("fleeing",),
    "HoldUp": ("ways_out",),
    "KeyholderBody": ("duress_phrase", "name", "pass_phrase", "telephones"),
    "KeyholderChange": ("name", "telephones"),
    "LoneWorker": ("position",),
    "Missing": ("aids", "direction", "known_by", "last_place"),
    "NoteBody": ("text",),
    "PatientNote": ("allergy", "infection_risk", "language", "what_happened"),
    "PhrasesBody": ("duress_phrase", "pass_phrase"),
    "QuestionAnswered": ("words",),
    "UserBody": ("name",),
    "UserPatch": ("name",),
    "Violence": ("place_now", "safe_place"),
    "WatchLineBody": ("text",),
    "WishesBody": ("key_safe", "words"),
}
"""Words that lie in the vault; facts name where."""

LOOKED_AT = {
    "AnswerHereBody": ("code", "name", "password"),
    "ConfirmBody": ("code", "password"),
    "FrameBody": ("key", "text"),
    "MailBody": ("networks", "senders"),
    "MessageBody": ("text", "topic"),
    "PasswordBody": ("new", "old"),
    "PhraseCheckBody": ("phrase",),
    "PinBody": ("pin",),
    "SetKey": ("value",),
    "SubjectRequest": ("contact",),
    "SubjectRequestBody": ("contact",),
    "TotpCodeBody": ("code",),
    "UnlockBody": ("secret",),
}
"""Words that are compared or worked with, or kept as a secret, and stand in no fact."""

ACCOUNT = (
    "account", "carried_by", "category", "line", "panel_time_zone", "profile", "receiver", "site_id", "unknown_codes",
)  # fmt: skip
CHECKED = {
    "AccountBody": ACCOUNT,
    "AccountChange": ACCOUNT,
    "HoursBody": ("zone",),
    "NumberBody": ("account", "line", "receiver"),
    "RefuseBody": ("account", "line", "receiver"),
    "ScheduleBody": ("zone",),
    "WeekBody": ("zone",),
    "ZoneItem": ("number", "partition", "type"),
}  # fmt: skip
"""What the form checks field by field, each with its own words: `test_form_takes_no_words_...`."""

SET_UP = {
    "LineBody": ("number",),
    "MailLineItem": ("pattern", "word"),
    "MapLineItem": ("at", "expected", "unit", "word"),
    "MapValueItem": ("at", "unit"),
    "MappingItem": ("device_at", "each", "id_at", "returned", "state_at", "text_at", "time_at"),
    "MqttBody": ("topics",),
}
"""What whoever sets up a machine writes of its messages, before any comes: it stands in a fact, and is refused where it
names people or is of no such form (`model.mappings`, `centre.lines`)."""

PLACES = {
    "AccountBody": ("name", "partitions", "paths"),
    "AccountChange": ("name", "partitions", "paths"),
    "BuildingItem": ("access", "name"),
    "PlanStepBody": ("words",),
    "SiteBody": ("address", "authority_ref", "directions", "hazard_details", "name"),
    "SiteChange": ("address", "authority_ref", "directions", "hazard_details", "name"),
    "ZoneItem": ("name",),
}
"""Names of places, limited by their forms; they lie in the vault too."""


def strings(schema, place, schemas, within=frozenset()):
    """Every text that a schema has room for: where, and its own schema."""
    name = schema.get("$ref", "").removeprefix(ROOT)
    if name and name not in within:
        yield from strings(schemas[name], (name, ""), schemas, within | {name})
    for part in (one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, ())):
        yield from strings(part, place, schemas, within)
    kind = schema.get("type")
    if kind == "string" or (isinstance(kind, list) and "string" in kind):
        yield place, schema
    for field, part in schema.get("properties", {}).items():
        yield from strings(part, (place[0], field), schemas, within)
    parts = [schema.get("items"), schema.get("additionalProperties"), *schema.get("prefixItems", ())]
    for part in parts:
        if isinstance(part, dict):
            yield from strings(part, place, schemas, within)


def taken():
    """Every text that some body, or an approval's parameters, have room for."""
    found = {}
    for methods in DESCRIBED["paths"].values():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                for place, text in strings(schema, ("", ""), DESCRIBED["components"]["schemas"]):
                    found.setdefault(place, []).append(text)
    _, schemas = msgspec.json.schema_components(list(PARAMETERS.values()), ref_template=ROOT + "{name}")
    for kind in PARAMETERS.values():
        for place, text in strings({"$ref": ROOT + kind.__name__}, ("", ""), schemas):
            found.setdefault(place, []).append(text)
    return {place: texts for place, texts in found.items() if place[0]}


def listed(*tables):
    return {(name, field) for table in tables for name, fields in table.items() for field in fields}


def test_every_text_of_a_body_is_of_a_closed_shape_or_is_listed_with_where_it_goes():
    found = taken()
    assert len(found) > 90
    free = {
        place
        for place, texts in found.items()
        if any(not ({"enum", "const", "pattern"} & text.keys() or text.get("format")) for text in texts)
    }
    assert free == listed(SEALED, LOOKED_AT, CHECKED, PLACES, SET_UP)


def test_every_text_of_a_body_has_an_end():
    for place, texts in taken().items():
        for text in texts:
            if "pattern" in text:
                pattern = text["pattern"]
                assert (pattern[0], pattern[-1]) == ("^", "$"), place
                assert not {"*", "+"} & set(re.sub(r"\[[^]]*\]", "", pattern)), f"{place}: {pattern}"
            elif not {"enum", "const", "format"} & text.keys() and place not in listed(CHECKED, PLACES):
                assert text["maxLength"] <= 32_768, place


@pytest.fixture
def site(tmp_path):
    with web(make_folder(tmp_path / "centre")) as made:
        yield made


def words_in(site):
    return [one for one in site.held.store.entries(0, 5_000) if b"Muster" in one.row.entry or b"<b>" in one.row.entry]


PARAMETERS_OF_WORDS = [
    ("erase.early", {"incident": WORDS, "reason": "not_needed"}),
    ("erase.early", {"incident": "incident-5\n" + WORDS, "reason": "not_needed"}),
    ("hold.set", {"incident": WORDS, "reason": "complaint", "until": 5}),
    ("hold.lift", {"incident": "incident-5", "hold": WORDS, "reason": "settled"}),
    ("journal.unsealed_export", {"account_id": "<b>Erika</b>" + "x" * 20_000, "reason": "complaint"}),
    ("journal.unsealed_export", {"incident": WORDS, "reason": "complaint"}),
    ("subject.request", {"reference": "Muster-1980.05.17", "what": "name", "contact": "Erika Muster"}),
    ("subject.request", {"reference": "MUST-1980/0517", "what": "name", "contact": "Erika Muster"}),
    ("subject.request", {"reference": "R-2026-1, Muster", "what": "name", "contact": "Erika Muster"}),
]


@pytest.mark.parametrize(("act", "parameters"), PARAMETERS_OF_WORDS)
def test_no_words_get_into_the_journal_by_asking_for_a_second_person(site, act, parameters):
    with site.held.store.transaction() as transaction:
        transaction.put_incidents([incident(5)])
    body = {"act": act, "parameters": parameters, "reason": parameters.get("reason", "data_subject")}
    answer = site.signed_in("supervisor").post("/api/v1/approvals", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "approval.parameters")
    assert "Muster" not in answer.text
    assert words_in(site) == []


@pytest.mark.parametrize(
    ("act", "parameters", "refusal"),
    [
        ("erase.early", {"incident": "incident-6", "reason": "not_needed"}, "incident.unknown"),
        ("hold.set", {"incident": "incident-6", "reason": "complaint", "until": 5}, "incident.unknown"),
        ("hold.lift", {"incident": "incident-5", "hold": "hold-3", "reason": "settled"}, "hold.unknown"),
        ("journal.unsealed_export", {"incident": "incident-6", "reason": "complaint"}, "incident.unknown"),
        ("journal.unsealed_export", {"account_id": "account-1", "reason": "complaint"}, "accounts.unknown"),
    ],
)
def test_nobody_is_asked_for_what_is_not_there(site, act, parameters, refusal):
    with site.held.store.transaction() as transaction:
        transaction.put_incidents([incident(5)])
    supervisor = site.signed_in("supervisor")
    before = site.held.store.head().seq
    body = {"act": act, "parameters": parameters, "reason": parameters["reason"]}
    answer = supervisor.post("/api/v1/approvals", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, refusal)
    assert site.held.store.head().seq == before
    assert site.signed_in("auditor").get("/api/v1/approvals").json()["items"] == []


@pytest.mark.parametrize("field", CHECKED["AccountBody"])
@pytest.mark.parametrize("words", [WORDS, "<b>Muster</b>", "Muster" * 4_000])
def test_form_takes_no_words_where_a_code_belongs(site, field, words):
    client = site.signed_in(*ROLES)
    answer = client.post("/api/v1/accounts", json={"account": "4711"} | {field: words})
    expected = (404, "sites.unknown") if field == "site_id" else (400, "config.form")
    assert (answer.status_code, answer.json()["code"]) == expected
    assert words_in(site) == []


@pytest.mark.parametrize("field", ["account", "line", "receiver"])
@pytest.mark.parametrize("what", ["refuse", "accept"])
def test_no_words_get_into_the_journal_by_an_unknown_number(site, field, what):
    client = site.signed_in(*ROLES)
    number = {"account": "4711", "receiver": None, "line": None} | {field: WORDS}
    until = site.clock.now_us() + 86_400_000_000
    refusing = number | {"answer": "unable", "reason": "not_ours", "until": until}
    body = refusing if what == "refuse" else {"account": number}
    answer = client.post(f"/api/v1/unknown-accounts/{what}", json=body)
    assert answer.status_code in (400, 404), answer.text
    assert words_in(site) == []


@pytest.mark.parametrize("field", ["number", "partition", "type"])
def test_no_words_get_into_the_journal_by_a_zone(site, field):
    site.held.add(b"account\n4711\n")
    [account] = site.held.store.accounts()
    client = site.signed_in(*ROLES)
    version = client.get(f"/api/v1/accounts/{account.id}/zones").json()["version"]
    zone = {"number": "1", "name": None, "type": None, "priority": None} | {field: WORDS}
    answer = client.put(f"/api/v1/accounts/{account.id}/zones", json={"items": [zone], "version": version})
    assert answer.status_code == 400, answer.text
    assert words_in(site) == []


@pytest.mark.parametrize("words", [WORDS, "<b>Muster</b>", "Europe/Muster"])
def test_no_words_get_into_the_journal_by_the_time_zone_of_a_schedule(site, words):
    site.held.add(b"account\n4711\n")
    [account] = site.held.store.accounts()
    body = {"version": 0, "zone": words, "test_h": 25}
    answer = site.signed_in(*ROLES).put(f"/api/v1/accounts/{account.id}/schedules", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "schedules.form")
    assert words_in(site) == []


@pytest.mark.parametrize("words", [WORDS, "<b>Muster</b>", "Europe/Muster"])
def test_no_words_get_into_the_journal_by_the_time_zone_of_the_own_week(site, words):
    week = {"zone": words, "weekly": [{"weekday": 4, "from_min": 600, "to_min": 840}]}
    answer = site.signed_in("responder").put("/api/v1/me/reach/week", json=week)
    assert answer.status_code == 400, answer.text
    assert words_in(site) == []
