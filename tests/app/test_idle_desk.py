"""A console that lives and that nobody touches is nobody's, once something urgent waits."""

import pytest

from support.centres import SETTINGS, wait_for
from support.desks import Office, make_office
from support.in_process import serving
from support.jumping import Jumping

pytestmark = pytest.mark.slow  # a whole process

HOUR = 3_600_000_000
IDLE_S, UNATTENDED_S = 300, 10


def test_desk_that_nobody_touches_while_something_urgent_waits_is_unattended_until_somebody_does(tmp_path):
    clock = Jumping()
    toml = SETTINGS + f"\n[shifts]\nunattended_s = {UNATTENDED_S}\nidle_s = {IDLE_S}\n"
    with serving(make_office(tmp_path / "centre", toml=toml), clock=clock) as centre:
        office = Office(centre)
        ana, boss = office.person("Ana", ("operator",)), office.person("Boss", ("supervisor",))
        desk = boss.ask("POST", "/api/v1/desks", {"label": "north", "hazards": ["fire"]}).json
        ends = ana.get("/session")["now"] + 8 * HOUR
        assert ana.ask("POST", "/api/v1/shifts", {"desk": desk["id"], "until": ends}).status == 201

        def unattended():
            return boss.get("/shifts")["desks"][0]["unattended_since"]

        def looked():
            """Let the centre look at the desks twice, as it does each two seconds."""
            attendance = centre.service._attendance
            for _ in range(2):
                seen_s = attendance._seen_s.get(ana.id)
                wait_for(lambda seen_s=seen_s: attendance._seen_s.get(ana.id) != seen_s, 15)

        with ana.listen():
            clock.advance(2 * IDLE_S)  # a quiet night: nothing waits, and nobody must touch anything
            looked()
            assert unattended() is None
            row = office.alarm(ana, code="BA")
            assert row["priority"] == 2
            looked()
            assert unattended() is None
            clock.advance(IDLE_S)
            clock.advance(UNATTENDED_S + 1)
            wait_for(unattended, 25)
            told = wait_for(lambda: [one for one in boss.open_incidents() if one["reason"] == "notice_desk_unattended"])
            assert told[0]["condition"] == "active"
            assert ana.ask("POST", "/api/v1/session/touched").status == 204
            wait_for(lambda: unattended() is None, 25)
            version = ana.get(f"/incidents/{row['id']}")["incident"]["version"]
            assert ana.act(row["id"], "claim", version=version).status == 200
