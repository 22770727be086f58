"""Both computations over what a real core wrote: hours of a simulated centre, with kills, restarts and set clocks."""

from support.simulations import simulated_database
from tocsin.centre.profiles import shipped
from tocsin.journal.chain import export_line
from tocsin.reports.figures_by_lines import figures_by_lines
from tocsin.reports.figures_by_sql import figures_by_sql
from tocsin.reports.period import make_ask
from tocsin.store.sqlite import SqliteStore


def read(database):
    """The lines of an export, and when the first and the last entry were written."""
    store = SqliteStore(database)
    try:
        found, after = [], 0
        while page := store.entries(after, 1000):
            found += page
            after = page[-1].row.seq
        return [export_line(one) for one in found], found[0].row.at, found[-1].row.at
    finally:
        store.close()


def test_both_computations_say_the_same_of_a_simulated_day():
    with simulated_database(seed=3, hours=0.5, accounts=30) as database:
        lines, first, last = read(database)
        ask = make_ask(
            first,
            last + 1,
            begins=first,
            as_of=last,
            profile=shipped("en50518-2019"),
            load_profile=shipped("eemua-191"),
            shift_changes=("06:00", "14:00", "22:00"),
        )
        figures = figures_by_lines(lines, ask)
        assert figures_by_sql(database, ask) == figures
    assert figures.incidents > 10
    assert figures.signals > 10
    assert figures.load[0].annunciated > 0
