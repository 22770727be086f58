"""What the API must not be able to do (SCOPE.md, R1 and R7): search for people, or hold what describes them."""

import re

import pytest

from support.api_description import api_description

DESCRIBED = api_description()
DECLINED = re.compile(
    r"(?<![a-z])(faces?|facial|gait|voice|plates?|biometrics?|appearance|clothing|sex|gender|race|ethnic|ethnicity|"
    r"nationality|religion|politics|political|union|emotion|crowds?|watch_?lists?|suspects?|protests?|birth|age|phone)"
    r"(?![a-z])"
)
QUERIES = {
    "account_id": "ids",
    "after": "a place in a list",
    "basis": "what of an import was looked at, as a hash",
    "before": "a place in a list",
    "category": "a category of supervision",
    "dry_run": "yes or no",
    "format": "csv, features or json",
    "height": "of the box that stays clear in a picture",
    "incident": "an id",
    "kind": "a kind of fact",
    "level": "a number",
    "limit": "a number",
    "load_profile": "the id of a profile of figures",
    "name": "how the name of a site begins: places may be looked for, people never",
    "network": "a network that panels send from, never a whole address of one",
    "number": "how an account's number begins",
    "page": "a number",
    "place": "how the words of an imported place begin: places alone stand in that file",
    "plan": "the name of an action plan",
    "profile": "the id of a profile of figures",
    "receiver": "a number",
    "report": "ids that a phone gave its own reports",
    "seq": "a number of an entry",
    "since": "a time",
    "site_id": "an id",
    "source": "an id",
    "state": "open or closed; states of accounts",
    "time_zone": "the name of a time zone",
    "until": "a time",
    "version": "a number",
    "what": "a sort of things that happened at a place, of a closed list",
    "width": "of the box that stays clear in a picture",
    "word": "the random word that lifting a mask answered",
    "x": "of the box that stays clear in a picture",
    "y": "of the box that stays clear in a picture",
}
"""Every query parameter that there may be, and what it holds. None of them can hold words about people."""


def parameters():
    for path, methods in DESCRIBED["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                yield f"{method.upper()} {path}", parameter


def test_every_query_parameter_is_one_of_a_short_list_and_free_words_find_sites_alone():
    found = [(where, one["name"]) for where, one in parameters() if one["in"] == "query"]
    assert {name for _, name in found} == set(QUERIES)
    assert {where for where, name in found if name == "name"} == {"GET /api/v1/duty/places", "GET /api/v1/sites"}


def test_no_path_holds_anything_but_ids():
    names = {one["name"] for _, one in parameters() if one["in"] == "path"}
    assert {name for name in names if not name.endswith("_id")} <= {"file", "path", "place_code", "secret"}


def test_words_that_a_query_may_hold_are_bounded():
    for where, one in parameters():
        schema = one["schema"]
        kinds = [schema, *schema.get("oneOf", ()), *schema.get("anyOf", ())]
        if one["in"] == "query" and any(kind.get("type") == "string" for kind in kinds):
            limited = any({"pattern", "maxLength", "enum"} & kind.keys() for kind in kinds)
            assert limited, f"{where}: {one['name']} takes words without end"


def field_names():
    for name, schema in DESCRIBED["components"]["schemas"].items():
        for field in schema.get("properties", ()):
            yield f"{name}.{field}"


def test_no_field_speaks_of_what_the_scope_declines():
    found = list(field_names())
    assert len(found) > 200
    assert [name for name in found if DECLINED.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())] == []


@pytest.mark.parametrize(
    "name", ["Caller.phone", "PersonItem.sex", "X.number_plate", "IncidentItem.crowd_size", "a.age"]
)
def test_field_that_speaks_of_it_would_be_found(name):
    assert DECLINED.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())


def test_no_answer_of_the_api_has_a_field_for_a_key():
    answers = {name for name in DESCRIBED["components"]["schemas"] if name.endswith(("Item", "Answer", "Page"))}
    for name in answers:
        for field, schema in DESCRIBED["components"]["schemas"][name].get("properties", {}).items():
            if field == "key":
                assert "KeyItem" in str(schema), f"{name}.key tells more than that there is a key"
    assert set(DESCRIBED["components"]["schemas"]["KeyItem"]["properties"]) == {"bits", "form"}
