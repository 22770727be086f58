"""A panel of the town whose link fails for a while: it does not poll then, and goes on afterwards."""

from tocsin.panel.town import Town


def test_town_has_one_panel_whose_link_fails_for_a_while_and_that_is_watched_by_its_interval():
    town = Town()
    fleet = town.fleet()
    silent = [panel for panel in fleet.panels if panel.silent is not None]
    assert [(panel.account, panel.silent) for panel in silent] == [("4219", (30.0, 210.0))]
    (row,) = [row for row in town.rows if row["account"] == "4219"]
    interval_s = int(row["supervision_interval_s"])
    assert interval_s == fleet.manner.poll_interval_s
    begins_s, ends_s = silent[0].silent
    assert ends_s - begins_s > 2 * interval_s + 30, "else nobody misses it"
    plan = fleet.plans[fleet.panels.index(silent[0])]
    assert [due for due in plan if begins_s <= due.at_s < ends_s] == []
