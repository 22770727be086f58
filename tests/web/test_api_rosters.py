"""Rosters over HTTP: set up, looked at, and named when people are told of an incident."""

import pytest

from support.desks import desks

HOUR = 3_600_000_000
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def boss(office):
    return office.person("Boss", ("supervisor",))


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("operator",))


def body(boss, *people, label="fire", **fields):
    today = boss.get("/session")["now"] // DAY
    layer = {"users": list(people), "first_day": today - 2, "at_min": 480} | fields
    return {"label": label, "zone": "Europe/Vienna", "layers": [layer]}


def test_roster_is_set_up_changed_and_removed(boss, ana):
    made = boss.ask("POST", "/api/v1/rosters", body(boss, ana.id, boss.id, from_min=480, to_min=1200))
    assert made.status == 201, made.text
    roster = made.json
    assert roster["gaps"], "twelve hours of each day have nobody"
    path = f"/api/v1/rosters/{roster['id']}"
    assert boss.ask("PUT", path, body(boss, ana.id)).json["code"] == "roster.version"
    changed = boss.ask("PUT", path, body(boss, ana.id) | {"version": roster["version"]})
    assert (changed.status, changed.json["now"], changed.json["gaps"]) == (200, ana.id, [])
    assert boss.ask("PUT", path, body(boss, ana.id) | {"version": roster["version"]}).json["code"] == "config.overtaken"
    now = boss.get("/session")["now"]
    over = {"user": boss.id, "instead_of": ana.id, "from_at": now, "until_at": now + HOUR}
    held = boss.ask("POST", f"{path}/overrides", over)
    assert (held.status, held.json["now"], held.json["next"]) == (201, boss.id, ana.id)
    (item,) = ana.get("/rosters")["items"]
    assert [one["user"] for one in item["overrides"]] == [boss.id]
    assert boss.ask("DELETE", f"{path}/overrides/{item['overrides'][0]['number']}").status == 204
    (item,) = ana.get("/rosters")["items"]
    assert item["now"] == ana.id
    assert ana.ask("DELETE", f"{path}?version={item['version']}").status == 403
    assert boss.ask("DELETE", f"{path}?version={item['version']}").status == 204
    assert ana.get("/rosters")["items"] == []


def test_people_on_call_are_told_once_and_a_roster_without_anybody_is_named(office, boss, ana):
    today = boss.get("/session")["now"] // DAY
    made = [
        boss.ask("POST", "/api/v1/rosters", body(boss, ana.id, label=label, **fields)).json
        for label, fields in (("one", {}), ("two", {}), ("later", {"first_day": today + 9}))
    ]
    row = office.alarm(boss)
    told = boss.act(row["id"], "notify", rosters=[one["id"] for one in made])
    assert told.status == 200, told.text
    assert ([one["user_id"] for one in told.json["items"]], told.json["nobody"]) == ([ana.id], ["later"])
    nobody = boss.act(row["id"], "notify", rosters=[made[2]["id"]])
    assert (nobody.status, nobody.json["code"]) == (400, "notice.people")
    unknown = boss.act(row["id"], "notify", rosters=["roster-999"])
    assert unknown.json["code"] == "roster.unknown"


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "two words"},
        {"label": "a b"},
        {"layers": []},
        {"layers": [{"users": [], "first_day": 1, "at_min": 0}]},
        {"layers": [{"users": ["user-1"], "first_day": 1, "at_min": 1440}]},
        {"layers": [{"users": ["user-1"], "first_day": 1, "at_min": 0, "turn_days": 0}]},
        {"layers": [{"users": ["user-1"], "first_day": 1, "at_min": 0, "weekdays": [7]}]},
    ],
)
def test_roster_that_cannot_be_is_refused(boss, wrong):
    assert boss.ask("POST", "/api/v1/rosters", body(boss, boss.id) | wrong).status == 400
