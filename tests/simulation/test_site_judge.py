"""The judge of whole sites finds what it is there to find."""

from types import SimpleNamespace

from tocsin.simulation.site_judge import SiteEnd

S = 1_000_000


def judge():
    panels = {number: SimpleNamespace(setup=SimpleNamespace(interval_s=180)) for number in "12"}
    return SiteEnd(panels, {"1": "site-1", "2": "site-1", "3": "site-3"})


def lost(account="1", **fields):
    return {"account": account, "of_site": True, "together": True} | fields


def test_site_said_to_be_lost_while_an_account_of_it_was_just_heard_is_found():
    end = judge()
    end.signal("2", "BA", 1_000 * S)
    end.missing(7, 1_100 * S, [lost()])
    assert "account 2 had been heard 100 s before" in end.found[0]
    quiet = judge()
    quiet.signal("2", "BA", 1_000 * S)
    quiet.missing(7, 2_000 * S, [lost()])
    quiet.signal("2", "BA", 3_000 * S)
    quiet.begun_anew()
    quiet.missing(8, 3_100 * S, [lost()])
    quiet.missing(9, 3_100 * S, [lost("3", of_site=False)])
    assert (quiet.found, quiet.lost) == ([], 2)


def test_incident_for_a_site_that_nobody_armed_or_that_no_fact_calls_lost_is_found():
    end = judge()
    end.opened(4, "1", None)
    assert [words.split(" says ", 1)[1] for words in end.found] == [
        "that all paths were lost together, and no fact says so.",
        "that an armed site was lost, and nobody had armed it.",
    ]
    armed = judge()
    armed.signal("2", "CL", 10 * S)
    armed.missing(7, 2_000 * S, [lost()])
    armed.opened(4, "1", 7)
    assert armed.found == []
