"""The demo has somebody of each role to be, who comes in by a link and sees what the role is for."""

import re

import pytest

from support.demo import Demo
from support.room import Person
from support.server import run_tocsin
from tocsin.cli.demo import PEOPLE
from tocsin.model.access import ROLES
from tocsin.web.permissions import of_roles

pytestmark = pytest.mark.slow


def test_there_is_somebody_of_each_role_alone_and_one_who_may_try_everything():
    alone = {person.roles[0] for person in PEOPLE if len(person.roles) == 1}
    assert alone == set(ROLES)
    assert len({person.name for person in PEOPLE}) == len(PEOPLE)


def test_each_comes_in_by_the_link_that_is_printed_and_sees_what_the_role_sees(tmp_path):
    with Demo(tmp_path / "town", "--roles", "--no-panels") as demo:
        assert len(demo.links) == len(PEOPLE)
        come = {}
        for person, link in zip(PEOPLE, demo.links, strict=True):
            host, port, path = re.fullmatch(r"http://([\d.]+):(\d+)(/\S+)", link).groups()
            come[person.name] = Person((host, int(port)), path)
            assert set(come[person.name].session["permissions"]) == of_roles(person.roles)
            assert come[person.name].session["user"]["name"] == person.name
        assert len(come["Eva"].get("/own/incidents")["sites"]) == 1
        assert [one["account"] for one in come["Finn"].get("/own/accounts")["items"]] == ["4140", "4141", "4142"]
        assert come["Hana"].ask("GET", "/api/v1/incidents").status == 403
        assert come["Ivo"].ask("GET", "/api/v1/incidents").status == 403
        people = come["Ivo"].get("/users")["items"]
        assert {one["name"] for one in people} == {person.name for person in PEOPLE}
        secrets = [come["Ivo"].get(f"/users/{one['id']}")["credentials"] for one in people]
        assert [secret["password"] for secret in secrets] == [None] * len(PEOPLE), "nobody has a password of ours"


def test_demo_names_them_without_links_where_those_were_not_asked_for(tmp_path):
    with Demo(tmp_path / "town", "--no-panels") as demo:
        assert len(demo.links) == 2
        [line] = [line for line in demo.said if line.startswith("There is somebody of each role to be: ")]
        for person in PEOPLE[2:]:
            assert f"{person.name} ({' and '.join(person.roles).replace('_', ' ')})" in line
        done = run_tocsin("link", "Eva", "--dir", tmp_path / "town")
        host, port, path = re.fullmatch(r"http://([\d.]+):(\d+)(/\S+)\n", done.output).groups()
        assert Person((host, int(port)), path).session["user"]["roles"] == ["site_contact"]
