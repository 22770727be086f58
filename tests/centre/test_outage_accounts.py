"""A mass failure names every account that it is about, however many an incident remembers."""

from support.supervised import Supervised
from tocsin.centre.outage_accounts import accounts_of_outage


def ids(numbers):
    return frozenset(f"account-{n}" for n in numbers)


def test_every_account_of_a_mass_failure_is_named_also_beyond_what_the_incident_remembers():
    centre = Supervised(count=450)
    centre.hear_all()
    (incident,) = centre.wait(300)
    assert len(incident.points) == 200
    assert accounts_of_outage(centre.store, incident) == ids(range(1, 451))


def test_account_that_was_heard_again_stays_named_and_the_others_fault_is_not_among_them():
    def host(n):
        return f"203.0.113.{n}" if n <= 30 else f"192.0.{n % 250}.1"

    centre = Supervised(count=120)
    centre.hear_all(host=host)
    centre.wait(400, but={*range(1, 31), 99}, host=host)
    for n in range(1, 11):
        centre.hear(n, host(n))
    by_type = {one.type: one for one in centre.wait(3)}
    assert len(by_type["TECH-LINE"].points) == 20
    assert accounts_of_outage(centre.store, by_type["TECH-LINE"]) == ids(range(1, 31))
    assert accounts_of_outage(centre.store, by_type["TECH-OVERDUE"]) == ids([99])


def test_incident_about_something_else_names_nobody_here():
    centre = Supervised()
    centre.signal("BA", account="1", account_ref="account-1")
    assert accounts_of_outage(centre.store, centre.open()[0]) == frozenset()
