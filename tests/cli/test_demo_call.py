"""The demo's one call goes the way of any: taken at the API, opened once, and left to the desks."""

import pytest

from support.room import room
from support.tour import TABLES
from tocsin.cli.demo_call import take_call


@pytest.mark.slow
def test_the_simulated_call_opens_one_incident_that_says_what_it_is(tmp_path):
    with room(tmp_path, **TABLES) as centre:
        for _ in range(2):
            take_call(centre.folder, centre.origin, "Bo")
        ana = centre.person("Ana")
        (one,) = ana.open_incidents()
        assert (one["origin"], one["type"], one["told_place"]) == ("call", "FIRE-OUTDOOR", "told")
        assert one["claimed_by"] is None
        (report,) = ana.get(f"/incidents/{one['id']}/reports")["items"]
        assert report["words"]["where"].startswith("SIMULATED CALL")
