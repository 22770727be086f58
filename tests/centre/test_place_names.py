"""Names of places are remembered for places that are there, and for no others."""

from support.centres import held, make_folder

SITES = b"name,address,directions\nBoiler hall,1 Quay Street,Gate 2\n"
ACCOUNTS = b"account,site,name\n1001,Boiler hall,Fire panel\n"


def test_ids_of_nothing_are_not_remembered_and_may_become_something(tmp_path):
    with held(make_folder(tmp_path / "centre")) as centre:
        names = centre.centre.names
        for number in range(1, 1_000, 100):
            ids = [f"{number + more}" for more in range(100)]
            assert names.accounts(f"account-{id_}" for id_ in ids) == {}
            assert names.sites(f"site-{id_}" for id_ in ids) == {}
        assert (names._accounts, names._sites) == ({}, {})
        centre.add(SITES, kind="sites")
        centre.add(ACCOUNTS)
        (site,) = centre.store.sites()
        (account,) = centre.store.accounts()
        assert names.sites([site.id])[site.id].name == "Boiler hall"
        assert names.accounts([account.id])[account.id].name == "Fire panel"
        assert (list(names._accounts), list(names._sites)) == ([account.id], [site.id])


def test_parts_of_an_account_are_found_beside_its_zones_until_it_is_changed(tmp_path):
    with held(make_folder(tmp_path / "centre")) as centre:
        centre.add(b"account,partitions,paths\n1001,1: Shop | 2: Vault,first: GSM\n")
        centre.add(b"account,zone,name\n1001,2,Door\n", kind="zones")
        (account,) = centre.store.accounts()
        assert "Vault" not in str(account.row), "the table holds a reference alone"
        names = centre.centre.names
        assert names.zones([account.id])[account.id] == {
            "2": "Door", "partition-1": "Shop", "partition-2": "Vault", "path-primary": "GSM", "path-only": "GSM"
        }  # fmt: skip
        centre.add(b"account,partitions,paths\n1001,2: Strong room,\n")
        assert names.zones([account.id])[account.id] == {"2": "Door", "partition-2": "Strong room"}
