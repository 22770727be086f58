"""Parameters of judgement over HTTP: listed, changed by supervisors, two of whom see each other."""

import pytest

from support.centres import make_folder
from support.web import Site

PATH = "/api/v1/rules/parameters"


@pytest.fixture
def site(tmp_path):
    made = Site(make_folder(tmp_path / "centre"))
    yield made
    made.close()


def put(person, version, **changed):
    values = [{"name": name.replace("__", "."), "value": value} for name, value in changed.items()]
    return person.put(PATH, json={"changed": values, "version": version})


def test_supervisor_changes_a_parameter_and_the_second_sees_who_was_first(site):
    sue, ana = site.signed_in("supervisor"), site.signed_in("operator")
    before = ana.get(PATH).json()
    assert (before["version"], before["versions"]) == (0, [])
    (chatter,) = [one for one in before["items"] if one["name"] == "chatter.alarms"]
    assert (chatter["now"], chatter["shipped"], chatter["least"], chatter["most"]) == (3, 3, 3, 10)
    assert all(one["words"] for one in before["items"])
    made = put(sue, 0, chatter__alarms=5)
    assert made.status_code == 200, made.text
    assert [one["now"] for one in made.json()["items"] if one["name"] == "chatter.alarms"] == [5]
    late = put(sue, 0, chatter__alarms=6)
    assert (late.status_code, late.json()["code"]) == (409, "config.overtaken")
    assert late.json()["changed_by"] == made.json()["versions"][0]["by"]
    assert late.json()["changed_at"] == made.json()["versions"][0]["at"]
    assert ana.get(PATH).json() == made.json()


def test_others_read_and_what_is_out_of_range_is_refused(site):
    sue, ana, key = site.signed_in("supervisor"), site.signed_in("operator"), site.signed_in("integrator")
    assert put(ana, 0, chatter__alarms=5).status_code == 403
    assert key.get(PATH).status_code == 403
    refused = put(sue, 0, fire__window_s=7_201)
    assert (refused.status_code, refused.json()["code"]) == (400, "rules.range")
    assert put(sue, 0, fire__speed=7).json()["code"] == "rules.parameter"
    assert ana.get(PATH).json()["version"] == 0
