"""Who is on duty in the demo: those pages are not empty, and its chain leads to telephones that are simulated."""

import re

import pytest

from support.centres import make_folder
from tocsin.centre.tables import KINDS
from tocsin.cli.accounts import run_import
from tocsin.cli.demo import FIRST_OPERATOR, _settle
from tocsin.cli.demo_duty import NUMBERS, TEXT_S, VOICE_S, begin_test, fill_duty
from tocsin.cli.folder import open_centre
from tocsin.model.chains import ChainOf
from tocsin.panel.town import Town

TOWN = Town()


def test_every_number_is_reserved_for_fiction():
    assert [number for number in NUMBERS.values() if not re.fullmatch(r"\+1202555 ?01[0-9]{2}", number)] == []


@pytest.mark.slow
def test_duty_is_brought_in_once_whoever_is_on_call_has_a_phone_and_a_panel_is_on_test(tmp_path):
    folder = tmp_path / "centre"
    make_folder(folder)
    with open_centre(folder) as centre:
        run_import(centre, KINDS["sites"], TOWN.sites_csv.encode())
        run_import(centre, KINDS["accounts"], TOWN.accounts_csv.encode())
        _settle(centre)
        people = {person.name: person.id for person in centre.admission().people()}
        boss = people[FIRST_OPERATOR]
        for _ in range(2):
            fill_duty(centre, people, boss)
            begin_test(centre, boss)
        held = centre.asked
        watch, nights = held.rosters.all()
        assert (held.rosters.now(watch).gaps, len(held.rosters.now(nights).gaps) > 5) == ((), True)
        assert held.rosters.now(watch).now in {people[name] for name in NUMBERS}
        assert [(desk.row.label, desk.row.roster) for desk in held.shifts.desks()] == [
            ("North", watch.id),
            ("South", None),
        ]
        plan = held.escalating.plan_of(ChainOf(priority=1, site=None, type="FIRE-SMOKE"))
        told = [(one.tell, one.wait_s, one.rosters, one.channels) for one in plan.steps[:3]]
        assert told == [
            ("notify", TEXT_S, (watch.id,), ("sms",)),
            ("notify", VOICE_S - TEXT_S, (watch.id,), ("voice",)),
            ("supervisor", 30, (), ()),
        ]
        assert held.chains.problems(held.chains.chain(plan.id).row) == []
        assert held.shifts.listed(boss).tests_count == 1


def test_panel_that_is_on_test_says_within_the_test_what_is_active_at_its_end():
    tested = TOWN.traffic.on_test
    place = TOWN.accounts.index(tested.account)
    walked = [told for told in TOWN.told(walk=True) if told not in TOWN.told() and told.place == place]
    assert [told.at_s for told in walked] == [step.after_s for step in tested.steps]
    wet, dry = (next(told.at_s for told in walked if told.says == says) for says in ("water", "water-over"))
    assert wet < tested.ends_s - 30 < tested.ends_s < dry
