"""A centre at work: what nobody claims is told in time on every screen, also by the process after a kill."""

import pytest

from support.centres import SETTINGS, wait_for
from support.desks import Office, desks, make_office
from support.in_process import serving

pytestmark = pytest.mark.slow  # whole processes, and seconds that must pass

SOON = SETTINGS + "\n[escalation]\nsecond_desk_s = 5\nsupervisor_s = 6\nagain_s = 10\nrepeats = 1\n"


def told(row):
    return [one["tell"] for one in row["escalated"]]


def row_when(stream, id_, condition):
    """The row of an incident as the stream tells it, as soon as the condition holds for its steps."""

    def look(follower):
        row = follower.rows.get(id_)
        return row if row is not None and condition(told(row)) else None

    return stream.until(look)


def test_missed_claim_is_told_to_the_second_desk_within_a_second_on_every_screen(tmp_path):
    with desks(tmp_path / "centre", toml=SOON) as office:
        ana, bo = office.person("Ana"), office.person("Bo")
        with bo.listen() as stream:
            bo.snapshot(stream.follower)
            row = office.alarm(ana)
            found = row_when(stream, row["id"], len)
            (step,) = found["escalated"][:1]
            assert (step["tell"], step["late_s"]) == ("second_desk", 0)
            assert 5_000_000 <= step["at"] - found["opened_at"] <= 6_000_000
            # Nobody can be reached by notices here: the queue says to telephone, and stays with it.
            row_when(stream, row["id"], lambda steps: steps[-1:] == ["telephone"])
            version = bo.get(f"/incidents/{row['id']}")["incident"]["version"]
            assert bo.act(row["id"], "claim", version=version).status == 200
            row_when(stream, row["id"], lambda steps: steps == [])
        lines = [line["words"] for line in bo.get(f"/incidents/{row['id']}")["timeline"]]
        assert "Nobody has claimed it: the second desk was told." in lines
        assert office.centre.get("/readyz").json == {"ready": True, "missing": []}


def test_scheduler_that_stands_still_is_said_by_readyz_and_is_an_incident(tmp_path):
    settings = make_office(tmp_path / "centre")
    with serving(settings) as centre:
        ana = Office(centre).person("Ana")
        centre.service._scheduler.stop()
        missing = wait_for(lambda: centre.get("/readyz").json["missing"], 25)
        assert missing[0].startswith("the timers stand still")
        (row,) = wait_for(ana.open_incidents)
        assert (row["type"], row["reason"]) == ("TECH-CENTRE", "notice_timers_stopped")
