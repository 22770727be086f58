"""What nobody claims, over kills: each step once, at most 5 s after the centre is ready again: lesson 4."""

import time

import pytest

from support.centres import make_folder, rows
from support.providers import fake_provider
from support.room import Room
from support.server import SETTINGS, Server, run_tocsin, wait_for

pytestmark = pytest.mark.slow  # real processes, and seconds that must pass

KILLS = 10
SOAK_KILLS = 100
SOON = "\n[escalation]\nsecond_desk_s = 5\nsupervisor_s = 6\nagain_s = 10\nrepeats = 1\n"


def ready(folder):
    """A centre at work; a loaded machine takes its time to start one."""
    return Server(folder).start().wait_ready(60)


def steps(folder):
    """Incident and step of each that was taken, as the journal has it."""
    sql = """
        SELECT json_extract(entry, '$.ref'), json_extract(entry, '$.body.tell')
        FROM journal WHERE kind = 'incident.escalated' ORDER BY seq
    """
    return rows(folder / "tocsin.db", sql)


@pytest.mark.parametrize("kills", [KILLS, pytest.param(SOAK_KILLS, marks=pytest.mark.soak)])
def test_over_kills_every_step_is_taken_once_and_within_5_s_of_being_ready(tmp_path, kills):
    folder = tmp_path / "centre"
    make_folder(folder)
    with fake_provider() as provider:
        provider.answer = lambda taken: (204, {}, b"")
        (folder / "tocsin.toml").write_text(
            SETTINGS + SOON + f'\n[notify]\ninternal = ["{provider.address}"]\n[notify.webhook]\nenabled = true\n'
        )
        (folder / "accounts.csv").write_text("account\n" + "".join(f"{1000 + kill}\n" for kill in range(kills + 1)))
        done = run_tocsin("import", "accounts", folder / "accounts.csv", "--dir", folder)
        assert done.status == 0, done.errors
        with ready(folder) as server:
            ana = Room(server).person("Ana")
            assert ana.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"}).status == 200
            made = ana.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": provider.url("/hook")})
            assert made.status == 201, made.text
        for kill in range(kills):
            with ready(folder) as server:
                Room(server).alarm(str(1000 + kill))
                # Some die before a step falls due, some as it does, some between two of them.
                time.sleep((0.1, 4.9, 5.0, 5.1, 5.9, 6.0, 6.1, 3.0, 0.0, 5.05)[kill % 10])
                server.kill()
        with ready(folder) as server:
            ready_s = time.monotonic()
            wait_for(lambda: len({ref for ref, _ in steps(folder)}) == kills, 5, "a first step of each")
            assert time.monotonic() - ready_s < 5
            wait_for(lambda: sum(tell == "supervisor" for _, tell in steps(folder)) == kills, 8, "all second steps")
        taken = steps(folder)
    assert len(set(taken)) == len(taken)
    told = {one.json["data"]["number"] for one in provider.taken}
    assert told, "somebody was told"
    done = run_tocsin("journal", "verify", "--dir", folder)
    assert done.status == 0, done.output


def test_killed_in_the_middle_of_a_chain_of_its_own_each_of_the_crew_is_asked_once_and_the_chain_goes_on(tmp_path):
    folder = tmp_path / "centre"
    make_folder(folder)
    with fake_provider() as provider:
        provider.answer = lambda taken: (204, {}, b"")
        (folder / "tocsin.toml").write_text(
            SETTINGS + f'\n[notify]\ninternal = ["{provider.address}"]\n[notify.webhook]\nenabled = true\n'
        )
        (folder / "accounts.csv").write_text("account\n1000\n")
        done = run_tocsin("import", "accounts", folder / "accounts.csv", "--dir", folder)
        assert done.status == 0, done.errors
        with ready(folder) as server:
            room = Room(server)
            crew = [room.person(name, ("responder",)) for name in ("Rex", "Mo")]
            for person in crew:
                assert person.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"}).status == 200
                address = {"channel": "webhook", "address": provider.url(f"/{person.id}")}
                assert person.ask("POST", "/api/v1/me/contacts", address).status == 201
            steps_ = [
                {"kind": "notify", "users": [crew[0].id]},
                {"kind": "wait", "wait_s": 6},
                {"kind": "notify", "users": [one.id for one in crew]},
            ]
            body = {"name": "crew", "priorities": [1], "steps": steps_, "strength": {"coming": 2}}
            made = room.person("Boss", ("supervisor",)).ask("POST", "/api/v1/chains", body)
            assert made.status == 201, made.text
            room.alarm("1000")
            wait_for(lambda: [tell for _, tell in steps(folder)] == ["notify"], 5, "the first step")
            time.sleep(1)
            server.kill()
        with ready(folder):
            wait_for(lambda: [tell for _, tell in steps(folder)].count("notify") == 2, 12, "the second step")
            wait_for(lambda: len({one.path for one in provider.taken}) == 2, 10, "both are told")
        # The same notice may leave twice around a kill; nobody has two of them.
        sql = "SELECT json_extract(entry, '$.body.recipient') FROM journal WHERE kind = 'notice.queued'"
        asked = [who for (who,) in rows(folder / "tocsin.db", sql) if who in {one.id for one in crew}]
        assert sorted(asked) == sorted(one.id for one in crew)
    done = run_tocsin("journal", "verify", "--dir", folder)
    assert done.status == 0, done.output
