"""Roles, the last administrator, names, grants, and people's tables worked out from the journal again."""

import msgspec
import pytest

from support.centres import rows
from support.people import CLI, OTHER_PASSWORD, refused
from tocsin.access.grants import GRANTS_EACH_MAX
from tocsin.access.rebuild import rebuild_people
from tocsin.centre.tables import KINDS, plan_table
from tocsin.model.errors import DiskFault
from tocsin.model.values import Actor


def places(people):
    """Two accounts with a site each; return ids of sites and accounts."""
    centre = people.held.centre
    text = "account,site,name\n5512,North Pier,Panel\n5513,South Pier,Panel\n"
    centre.import_table(plan_table(KINDS["accounts"], centre, text.encode()), centre.config())
    return [site.id for site in centre.sites()], [account.id for account in centre.accounts()]


# Roles ---------------------------------------------------------------------------------------------------------------


def test_last_administrator_can_neither_lose_the_role_nor_be_removed(people):
    first = people.user("Ana", "administrator", "supervisor", password=None)
    people.user("Bo", "operator", password=None)
    for act in (
        lambda: people.access.set_roles(first, ["supervisor"], first),
        lambda: people.access.set_user("Ana", ["supervisor"], CLI),
        lambda: people.access.remove_user(first, first),
    ):
        refused("access.last_administrator", act)
    assert people.access.roles_of(first) == ("administrator", "supervisor")
    people.access.set_roles(first, ["administrator"], first)
    second = people.user("Cy", "administrator", password=None)
    people.access.set_roles(first, ["operator"], second)
    refused("access.last_administrator", people.access.remove_user, second, CLI)
    assert people.access.roles_of(first) == ("operator",)


def test_removed_administrator_does_not_count_as_another_one(people):
    first, second = (people.user(name, "administrator", password=None) for name in ("Ana", "Bo"))
    people.access.remove_user(second, first)
    refused("access.last_administrator", people.access.remove_user, first, first)


def test_roles_count_at_once_in_open_sessions(people):
    user = people.user()
    secret, _ = people.by_password()
    people.access.set_roles(user, ["Auditor", "site contact"], CLI)
    assert people.access.session(secret).roles == ("auditor", "site_contact")
    before = len(people.facts("user"))
    people.access.set_roles(user, ["site_contact", "auditor"], CLI)
    assert len(people.facts("user")) == before
    refused("access.roles", people.access.set_roles, user, [], CLI)
    refused("access.roles", people.access.set_roles, user, ["king"], CLI)
    refused("user.unknown", people.access.set_roles, Actor("user-99"), ["auditor"], CLI)


def test_new_name_is_the_users_and_the_old_one_is_destroyed(people):
    user = people.user()
    secret, _ = people.by_password()
    old = people.held.store.users()[0].row.name
    people.access.rename_user(user, "  Ana   Moreau ", CLI)
    assert people.access.person(user).name == "Ana Moreau"
    assert people.access.find("Ana Horvat") is None
    assert people.held.vault.secrets_get([old]) == {}
    assert people.access.session(secret) is not None
    refused("access.sign_in", people.by_password)
    assert people.by_password("ana moreau")
    people.restart()
    assert people.access.person(user).name == "Ana Moreau"


def test_name_of_a_colleague_is_refused_and_ones_own_in_other_letters_is_not(people):
    user = people.user()
    people.user("Bo Larsen", password=None)
    refused("access.name_taken", people.access.rename_user, user, "BO larsen", CLI)
    refused("access.name", people.access.rename_user, user, "", CLI)
    refused("user.unknown", people.access.rename_user, Actor("user-99"), "Cy", CLI)
    people.access.rename_user(user, "ANA HORVAT", CLI)
    assert people.access.person(user).name == "ANA HORVAT"
    before = people.held.store.head().seq
    people.access.rename_user(user, "ANA HORVAT", CLI)
    assert people.held.store.head().seq == before


# Grants --------------------------------------------------------------------------------------------------------------


def test_site_contact_is_granted_sites_and_installer_accounts(people):
    sites, accounts = places(people)
    contact = people.user("Ana", "site_contact", password=None)
    installer = people.user("Bo", "installer", password=None)
    people.access.grant(contact, sites[0], CLI)
    people.access.grant(contact, sites[0], CLI)
    people.access.grant(installer, accounts[1], CLI)
    assert people.access.granted(contact) == {sites[0]}
    assert people.access.granted(installer) == {accounts[1]}
    assert people.facts("grant") == [
        ("grant.set", contact, "cli", {"removed": False, "target": sites[0]}),
        ("grant.set", installer, "cli", {"removed": False, "target": accounts[1]}),
    ]
    people.restart()
    assert people.access.granted(contact) == {sites[0]}
    people.access.revoke_grant(contact, sites[0], CLI)
    people.access.revoke_grant(contact, sites[0], CLI)
    assert people.access.granted(contact) == frozenset()
    assert len(people.facts("grant")) == 3
    people.restart()
    assert people.access.granted(contact) == frozenset()


def test_grant_counts_only_as_long_as_the_user_has_its_role(people):
    sites, accounts = places(people)
    both = people.user("Ana", "site_contact", "installer", password=None)
    people.access.grant(both, sites[0], CLI)
    people.access.grant(both, accounts[0], CLI)
    people.access.set_roles(both, ["installer"], CLI)
    assert people.access.granted(both) == {accounts[0]}
    people.access.set_roles(both, ["operator"], CLI)
    assert people.access.granted(both) == frozenset()
    refused("access.grant_role", people.access.grant, both, sites[1], CLI)
    people.access.set_roles(both, ["site_contact"], CLI)
    assert people.access.granted(both) == {sites[0]}


@pytest.mark.parametrize("target", ["", "site-999", "account-999", "incident-1", "site", "user-3", "-", "site-1'--"])
def test_grant_of_what_is_no_site_and_no_account_is_refused(people, target):
    user = people.user("Ana", "site_contact", "installer", password=None)
    refused("access.grant", people.access.grant, user, target, CLI)
    people.access.revoke_grant(user, target, CLI)
    assert people.facts("grant") == []


def test_grants_of_a_removed_user_are_gone(people):
    sites, _ = places(people)
    user = people.user("Ana", "site_contact", password=None)
    people.access.grant(user, sites[0], CLI)
    people.access.remove_user(user, CLI)
    assert people.access.granted(user) == frozenset()
    assert people.held.store.grants() == []
    refused("user.unknown", people.access.grant, user, sites[0], CLI)
    people.restart()
    assert people.access.granted(user) == frozenset()


def test_grants_of_one_user_have_a_limit(people, monkeypatch):
    sites, accounts = places(people)
    assert GRANTS_EACH_MAX == 2_000
    monkeypatch.setattr("tocsin.access.grants.GRANTS_EACH_MAX", 1)
    user = people.user("Ana", "site_contact", "installer", password=None)
    people.access.grant(user, sites[0], CLI)
    refused("access.grants_full", people.access.grant, user, accounts[0], CLI)
    people.access.grant(user, sites[0], CLI)


# From the journal again ----------------------------------------------------------------------------------------------


def live_for_a_while(people):
    """Everything that people's tables can hold, and end with."""
    sites, accounts = places(people)
    ana = people.user("Ana Horvat", "supervisor", "administrator")
    bo = people.user("Bo Larsen", "supervisor", password=OTHER_PASSWORD)
    cy = people.user("Cy", "site_contact", "installer")
    gone = people.user("Di Olsen", "site_contact", password=OTHER_PASSWORD)
    for user in (ana, gone):
        people.clock.advance(60)
        people.authenticator(user)
    people.access.set_pin(bo, "280619")
    people.access.set_pin(ana, "904713")
    people.access.remove_pin(ana, ana)
    people.access.set_password(bo, "Pflaume Turbine Regenschirm 9", CLI)
    for target in (sites[0], sites[1], accounts[0]):
        people.access.grant(cy, target, ana)
    people.access.grant(gone, sites[0], ana)
    people.access.revoke_grant(cy, sites[1], ana)
    people.access.rename_user(cy, "Cy Moreau", ana)
    people.access.remove_user(gone, ana)
    book = people.access.approvals
    asked = [book.ask("hold.set", f"{number:064x}", "incident-7", "complaint", ana).id for number in range(3)]
    book.answer(asked[0], bo, True)
    book.take(asked[0], "hold.set", f"{0:064x}", ana)
    book.answer(asked[1], bo, False)


def test_tables_of_people_are_the_same_from_the_journal_alone_byte_for_byte(people):
    live_for_a_while(people)
    store = people.held.store
    again = rebuild_people(store.entries(0, 5000))
    assert again.users == store.users()
    assert again.credentials == store.credentials()
    assert again.grants == store.grants()
    assert again.approvals == store.approvals()
    assert (len(again.credentials), len(again.grants), len(again.approvals)) == (6, 2, 3)
    database = people.settings.database_path
    for table, key, found in (
        ("credentials", "user || kind", {one.user + one.row.kind: one.row for one in again.credentials}),
        ("grants", "user || target", {one.user + one.row.target: one.row for one in again.grants}),
        ("approvals", "id", {one.id: one for one in again.approvals}),
        ("users", "id", {one.id: one.row for one in again.users}),
    ):
        stored = {name: bytes(row) for name, row in rows(database, f"SELECT {key}, row FROM {table}")}
        assert stored == {name: msgspec.json.encode(row) for name, row in found.items()}, table


def test_journal_that_answers_what_nobody_asked_for_is_not_rebuilt(people):
    live_for_a_while(people)
    entries = [one for one in people.held.store.entries(0, 5000) if one.row.kind != "approval.asked"]
    with pytest.raises(DiskFault, match=r"\[journal\.broken\]"):
        rebuild_people(entries)
