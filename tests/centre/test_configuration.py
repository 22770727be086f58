"""Whatever people change, in whatever order: what is shown, what is stored and what the journal says are the same."""

import contextlib
import itertools
import json

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from support.centres import KEY, HeldCentre, held, make_folder, rows
from support.fakes import ManualClock
from tocsin.centre.account_import import read_account
from tocsin.centre.accounts import rebuild_accounts
from tocsin.centre.configuration import Configuration
from tocsin.centre.editing import Editor, Number, zones_version
from tocsin.centre.place_names import PlaceNames
from tocsin.centre.sites import rebuild_refusals, rebuild_sites, rebuild_zones
from tocsin.centre.table_files import BadRows, Problems, TableRow
from tocsin.model.errors import BadInput, Conflict, DiskFault, Refused
from tocsin.model.sites import SiteRow, ZoneRow
from tocsin.system import SystemClock

NUMBERS = ("1", "2", "aB", "AB", "77")


def whole_journal(store):
    entries = []
    while page := store.entries(len(entries), 1000):
        entries += page
    return entries


def secrets_of(folder):
    return {name for (name,) in rows(folder / "keys.db", "SELECT name FROM secrets WHERE name NOT LIKE 'centre.%'")}


def in_use(store):
    found = set()
    for row in [one.row for one in (*store.accounts(), *store.sites(), *store.zones())]:
        fields = msgspec.structs.asdict(row)
        found |= {text for name in ("name", "address", "directions") if (text := fields.get(name))}
        if fields.get("key") is not None:
            found.add(fields["key"].name)
    return found


class People(RuleBasedStateMachine):
    """People change the configuration by files and one by one; some of what they try is refused."""

    @initialize()
    def begin(self):
        self.folder = self.place / f"centre-{next(self.count)}"
        self.clock = ManualClock(SystemClock().now_us())
        self.held = HeldCentre(make_folder(self.folder), clock=self.clock)
        self.centre = self.held.centre
        self.editor = Editor(self.centre.configuration, self.held.store, self.clock)
        self.centre.snapshot()
        self.centre.places()
        self.centre.names.site_page(None, 10)

    @rule(
        number=st.sampled_from(NUMBERS),
        line=st.sampled_from([None, "1"]),
        site=st.sampled_from([None, "Pier", "PIER", "Dock"]),
        name=st.sampled_from([None, "Panel", "Other"]),
        key=st.sampled_from([None, "off", KEY.hex(), "22" * 32]),
    )
    def import_account(self, number, line, site, name, key):
        cells = {"account": number, "line": line, "site": site, "name": name, "key": key}
        self.held.add(json.dumps([{k: v for k, v in cells.items() if v is not None}]).encode(), "json")

    @rule(name=st.sampled_from(["Pier", "dock", "Yard"]), address=st.sampled_from([None, "1 Quay"]))
    def import_site(self, name, address):
        self.held.add(json.dumps([{"name": name, "address": address}]).encode(), "json", "sites")

    @rule(number=st.sampled_from(NUMBERS), zone=st.sampled_from(["1", "02"]), priority=st.sampled_from([None, 1]))
    def import_zone(self, number, zone, priority):
        cells = {"account": number, "zone": zone, "priority": priority, "name": "Hall"}
        with contextlib.suppress(BadRows):  # such an account may not be there, or be there twice
            self.held.add(json.dumps([cells]).encode(), "json", "zones")

    @rule(index=st.integers(0, 5), name=st.sampled_from(["Pier", "New"]), remove=st.booleans())
    def edit_site(self, index, name, remove):
        found = self.held.store.sites()
        if not found:
            return
        site = found[index % len(found)]
        with contextlib.suppress(Refused):
            if remove:
                self.editor.remove_site(site.id, site.seq, "user-1")
            else:
                self.editor.change_site(site.id, site.seq, SiteRow(name=name), "user-1")

    @rule(index=st.integers(0, 9), number=st.sampled_from(NUMBERS), remove=st.booleans(), has_site=st.booleans())
    def edit_account(self, index, number, remove, has_site):
        found, sites = self.held.store.accounts(), self.held.store.sites()
        if not found:
            return
        account = found[index % len(found)]
        draft = read_account(TableRow(1, {"account": number, "name": "Edited"}), Problems("form"))
        site = sites[index % len(sites)].id if sites and has_site else None
        with contextlib.suppress(Refused):
            if remove:
                self.editor.remove_account(account.id, account.seq, "user-1")
            else:
                self.editor.change_account(account.id, account.seq, draft, site, "user-1")

    @rule(
        index=st.integers(0, 9),
        numbers=st.sets(st.sampled_from("123"), max_size=3),
        type_=st.sampled_from([None, "FIRE-SMOKE"]),
    )
    def set_zones(self, index, numbers, type_):
        found = self.held.store.accounts()
        if found:
            id_ = found[index % len(found)].id
            wanted = [
                ZoneRow(account_id=id_, number=number, name=f"Z{number}", type=type_) for number in sorted(numbers)
            ]
            self.editor.set_zones(id_, zones_version(self.held.store.zones((id_,))), wanted, "user-1")

    @rule(number=st.sampled_from([*NUMBERS, "99"]), answer=st.sampled_from(["duh", "silent"]), back=st.booleans())
    def refuse(self, number, answer, back):
        which = Number(account=number, receiver=None, line="0")
        with contextlib.suppress(Refused):
            if back:
                self.editor.take_back(which, "user-1")
            else:
                self.editor.refuse_number(which, answer, "scanner", self.clock.now_us() + 1000, "user-1")

    @invariant()
    def receivers_see_what_is_stored(self):
        shown = self.held.snapshots[-1] if self.held.snapshots else self.centre.configuration.shown()
        fresh = Configuration(
            store=self.held.store, secrets=self.held.vault, ids=None, run=None
        ).snapshot()  # fmt: skip
        assert (shown.config, shown.size, set(shown.keyless)) == (fresh.config, fresh.size, set(fresh.keyless))
        now = self.clock.now_us()
        for number in (*NUMBERS, "99"):
            upper = number.upper()
            assert sorted(map(repr_of, shown.numbered(upper))) == sorted(map(repr_of, fresh.numbered(upper)))
            for line in (None, 0, 1):
                assert shown.refusal(None, line, number, now) == fresh.refusal(None, line, number, now)

    @invariant()
    def rules_see_what_is_stored(self):
        shown = self.held.places[-1] if self.held.places else self.centre.configuration._places
        fresh = Configuration(store=self.held.store, secrets=self.held.vault, ids=None, run=None).places()
        assert shown.config == fresh.config
        for account in self.held.store.accounts():
            assert shown.of_account(account.id) == fresh.of_account(account.id)
        assert dict(shown._places) == dict(fresh._places)
        assert shown._sites.size == fresh._sites.size

    @invariant()
    def screens_see_what_is_stored(self):
        store = self.held.store
        fresh = PlaceNames(store, self.held.vault.secrets_get)
        accounts = [account.id for account in store.accounts()]
        sites = [site.id for site in store.sites()]
        names = self.centre.names
        assert names.accounts(accounts) == fresh.accounts(accounts)
        assert names.sites(sites) == fresh.sites(sites)
        assert names.zones(accounts) == fresh.zones(accounts)
        assert names.site_page(None, 100) == fresh.site_page(None, 100)
        assert names.config == self.centre.config()

    @invariant()
    def journal_alone_rebuilds_every_table_byte_for_byte(self):
        store, entries = self.held.store, whole_journal(self.held.store)
        for table, rebuilt in (
            (store.accounts(), rebuild_accounts(entries)),
            (store.sites(), rebuild_sites(entries)),
            (store.zones(), rebuild_zones(entries)),
            (store.refusals(), rebuild_refusals(entries)),
        ):
            assert msgspec.json.encode(table) == msgspec.json.encode(rebuilt)

    @invariant()
    def vault_holds_what_rows_name_and_nothing_else(self):
        assert secrets_of(self.folder) == in_use(self.held.store)

    @invariant()
    def names_of_sites_are_told_apart(self):
        named = [site.row.name for site in self.centre.sites()]
        assert len({name.casefold() for name in named}) == len(named)
        stand = {account.row.site_id for account in self.held.store.accounts()} - {None}
        assert stand <= {site.id for site in self.held.store.sites()}, "no account stands at a site that is gone"

    def teardown(self):
        self.held.close()


def repr_of(policy):
    """All that a policy says; its slot says nothing of the account."""
    return repr(msgspec.structs.astuple(msgspec.structs.replace(policy, slot=-1)))


@pytest.mark.slow
def test_people_change_the_configuration_in_any_order(tmp_path):
    People.place = tmp_path
    People.count = itertools.count()
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=25, stateful_step_count=25, suppress_health_check=list(HealthCheck), deadline=None
        ),
    )


# One by one ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "centre"


@pytest.fixture
def centre(folder):
    with held(make_folder(folder)) as made:
        yield made


def test_accounts_of_a_file_stand_at_new_sites_that_are_made_in_the_same_transaction(centre):
    before = centre.journal.head.seq
    result = centre.add(b"account,site\n1,Pier\n2,pier\n3,Dock\n")
    assert (result.new, result.sites, result.config) == (3, 2, 1)
    entries = [json.loads(stored.row.entry) for stored in centre.store.entries(before, 10)]
    assert [(entry["kind"], entry["body"].get("site_id"), entry["body"]["config"]) for entry in entries] == [
        ("site.set", None, 1), ("site.set", None, 1), ("account.set", f"site-{before + 1}", 1),
        ("account.set", f"site-{before + 1}", 1), ("account.set", f"site-{before + 2}", 1),
    ]  # fmt: skip
    assert len({entry["at"] for entry in entries}) == 1
    assert [site.row.name for site in centre.centre.sites()] == ["Pier", "Dock"]


def test_rules_see_a_change_before_anything_is_decided_after_it(folder):
    order = []

    def run(held, work):
        result = work(held.journal)
        order.append("turn over")
        return result

    with held(make_folder(folder), run=run, on_places=lambda places: order.append(places.config)) as centre:
        centre.centre.places()
        centre.add(b"account\n1\n")
        assert order == [1, "turn over"], "in the writer's turn, before it takes anything more"


def test_fault_between_texts_and_facts_leaves_no_text(folder):
    def fail(_held, _work):
        assert len(secrets_of(folder)) == 3, "texts are durable before the first fact"
        raise ZeroDivisionError

    with held(make_folder(folder), run=fail) as centre:
        with pytest.raises(ZeroDivisionError):
            centre.add(b"account,name,site\n1,Panel,Pier\n2,,Dock\n")
        assert (centre.store.sites(), centre.store.accounts(), secrets_of(folder)) == ([], [], set())


def test_disk_fault_keeps_the_texts_for_nobody_knows_whether_the_rows_are_stored(folder):
    def fail(_held, _work):
        raise DiskFault("The fsync failed", "store.disk")

    with held(make_folder(folder), run=fail) as centre:
        with pytest.raises(DiskFault):
            centre.add(b"name\nPier\n", kind="sites")
        assert len(secrets_of(folder)) == 1


def test_import_that_was_worked_out_from_older_rows_is_refused_whatever_kind_changed(centre):
    plan = centre.plan(b"name\nPier\n", kind="sites")
    config = centre.centre.config()
    centre.add(b"account\n1\n")
    with pytest.raises(Conflict, match=r"config\.changed"):
        centre.centre.import_table(plan, config)
    assert centre.store.sites() == []


def test_page_after_a_site_that_is_gone_is_refused(centre):
    centre.add(b"name\nPier\nDock\n", kind="sites")
    names = centre.centre.names
    (first, second), _ = names.site_page(None, 10)
    assert names.site_page(first, 10) == ([second], 2)
    with pytest.raises(BadInput, match=r"sites\.after"):
        names.site_page("site-99", 10)


def test_names_that_are_lost_in_the_vault_are_shown_as_none_and_come_back_by_importing_again(centre, folder):
    text = b"name,address\nPier,1 Quay\n"
    centre.add(text, kind="sites")
    centre.add(b"account,name,site\n1,Panel,Pier\n")
    centre.vault.secrets_delete(sorted(secrets_of(folder)))
    fresh = PlaceNames(centre.store, centre.vault.secrets_get)
    (site,) = centre.store.sites()
    assert fresh.sites([site.id])[site.id].row == SiteRow(config=1)
    assert fresh.site_page(None, 5) == ([site.id], 1)
    assert centre.add(b"account,name\n1,Panel\n").changed == 1
    assert centre.centre.accounts()[0].row.name == "Panel"
