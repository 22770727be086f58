"""The demo's one call and one report by phone go the way of any: at the API, opened once, and left to the desks."""

import pytest

from support.room import room
from support.tour import TABLES
from tocsin.cli.demo_call import take_call
from tocsin.cli.demo_report import send_report


@pytest.mark.slow
def test_the_simulated_call_and_phone_open_one_incident_each_that_says_what_it_is(tmp_path):
    with room(tmp_path, **TABLES) as centre:
        for _ in range(2):
            take_call(centre.folder, centre.origin, "Bo")
        ana = centre.person("Ana")
        (one,) = ana.open_incidents()
        assert (one["origin"], one["type"], one["told_place"]) == ("call", "FIRE-OUTDOOR", "told")
        assert one["claimed_by"] is None
        (report,) = ana.get(f"/incidents/{one['id']}/reports")["items"]
        assert report["words"]["where"].startswith("SIMULATED CALL")
        centre.person("Dan", ("responder",))
        for _ in range(2):
            send_report(centre.folder, centre.origin, "Dan")
        (other,) = [row for row in ana.open_incidents() if row["id"] != one["id"]]
        assert (other["origin"], other["type"], other["claimed_by"]) == ("duty", "MED-INJURY", None)
        (report,) = ana.get(f"/incidents/{other['id']}/reports")["items"]
        assert (report["words"]["where"][:15], report["waited_s"]) == ("SIMULATED PHONE", 240)
