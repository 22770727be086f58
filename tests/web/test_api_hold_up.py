"""The hold-up keys over HTTP: whoever pressed is shown nothing anywhere, everybody else everything, locked or not."""

import pytest

from support.centres import wait_for
from support.desks import desks


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("operator", "supervisor"))


@pytest.fixture(scope="module")
def bo(office):
    return office.person("Bo", ("operator",))


@pytest.fixture(scope="module")
def boss(office):
    return office.person("Boss", ("supervisor",))


@pytest.fixture(autouse=True)
def calm(boss, bo):
    yield
    boss.close_all()
    bo.close_all()


def room_rows(person):
    return [row for row in person.open_incidents() if row["is_room"]]


def press(person, exercise=False, **headers):
    reply = person.ask("POST", "/api/v1/hold-up", {"exercise": exercise}, **headers)
    assert (reply.status, reply.text) == (204, "")


def raised(person, count=1):
    """Rows of the control room's own, once there are so many."""
    return wait_for(lambda: len(found := room_rows(person)) == count and found)


class Heard:
    """All that a stream said, in words."""

    def __init__(self, stream):
        self.stream, self.said = stream, ""

    def until(self, *ids):
        """Read until it has spoken of all of these."""

        def look():
            if not all(id_ in self.said for id_ in ids):
                self.said += str(self.stream.read(0.2))
            return all(id_ in self.said for id_ in ids)

        wait_for(look, 20)


def test_other_desks_have_the_row_and_whoever_pressed_is_shown_nothing_anywhere(office, ana, bo, boss):
    before = ana.get("/status")["open"]
    with ana.listen() as own, bo.listen() as other:
        heard, others = Heard(own), Heard(other)
        press(ana)
        (row,) = raised(bo)
        assert (row["type"], row["priority"], row["silent"], row["raised_by"]) == ("HOLD-UP", 1, True, ana.id)
        assert bo.act(row["id"], "note", text="police are on the way").status == 200
        assert bo.claim(row)["claimed_by"] == bo.id
        fire = office.alarm(ana)  # everybody is told of it, after the other
        heard.until(fire["id"])
        others.until(fire["id"], row["id"])
        assert row["id"] not in heard.said
    assert room_rows(ana) == []
    assert ana.get("/incidents?state=open&limit=1")["total"] == before + 1 == ana.get("/status")["open"]
    for path in ("", "/texts", "/notices", "/help", "/data"):
        asked = ana.ask("GET", f"/api/v1/incidents/{row['id']}{path}")
        never = ana.ask("GET", f"/api/v1/incidents/incident-999999{path}")
        assert (asked.status, asked.json) == (never.status, never.json)
    assert ana.act(row["id"], "claim", version=row["version"], take_over=True).json["code"] == "incident.unknown"
    assert ana.ask("GET", "/lite").text.count("HOLD-UP") == 0
    assert "HOLD-UP" in bo.ask("GET", "/lite").text
    assert all(one["incident"] != row["id"] for one in ana.get("/notices")["items"])


def test_supervisor_who_pressed_reads_nothing_of_it_in_the_journal_while_it_is_open(ana, boss):
    press(ana)
    (row,) = raised(boss)
    own, all_ = (str(one.get("/journal?limit=100")["items"]) for one in (ana, boss))
    assert row["id"] in all_
    assert "centre.held_up" in all_
    assert row["id"] not in own
    assert f"'seq': {row['id'].removeprefix('incident-')}," not in own
    boss.close(row["id"])
    assert "centre.held_up" in str(ana.get("/journal?limit=100")["items"])


def test_locked_session_may_press_and_may_nothing_else(office, boss):
    cy = office.person("Cy", ("operator",))
    office.centre.service._access.set_pin(cy.id, "830261")
    assert cy.ask("POST", "/api/v1/session/lock", {"reason": "idle"}).status == 200
    press(cy)
    assert raised(boss)[0]["raised_by"] == cy.id
    assert cy.ask("GET", "/api/v1/shifts").status == 423


def test_button_that_a_program_reads_is_shown_to_supervisors_and_on_no_operator_s_screen(office, ana, bo, boss):
    with bo.listen() as stream:
        heard = Heard(stream)
        press(boss, **office.program("handle"), cookie="")
        (row,) = raised(boss)
        fire = office.alarm(bo)
        heard.until(fire["id"])
        assert row["id"] not in heard.said
    assert row["raised_by"] is None
    assert [len(room_rows(one)) for one in (ana, bo)] == [1, 0]
    assert bo.ask("GET", f"/api/v1/incidents/{row['id']}").json["code"] == "incident.unknown"


def test_test_press_goes_the_same_way_and_says_that_it_is_an_exercise(ana, bo):
    press(ana, exercise=True)
    assert raised(bo)[0]["exercise"] is True
    assert room_rows(ana) == []


def test_who_works_at_no_desk_may_not_press_and_a_page_of_elsewhere_cannot(office, ana, boss):
    auditor = office.person("Dee", ("auditor",))
    assert auditor.ask("POST", "/api/v1/hold-up", {}).status == 403
    assert ana.ask("POST", "/api/v1/hold-up", {}, **{"x-csrf-token": "other"}).status == 403
    assert room_rows(boss) == []


def test_press_is_taken_by_its_whole_form_alone(ana, boss):
    assert ana.ask("POST", "/api/v1/hold-up", {"exercise": "perhaps"}).status == 400
    assert ana.ask("POST", "/api/v1/hold-up", {"reason": "words"}).status == 400
    assert room_rows(boss) == []
