"""People change sites, accounts and zones one by one: nothing is overwritten unseen, nothing in use is removed."""

import json

import msgspec
import pytest

from support.centres import KEY, held, make_folder, rows
from support.fakes import ManualClock
from support.incidents import incident
from tocsin.centre.account_import import read_account
from tocsin.centre.configuration import Once
from tocsin.centre.editing import REFUSALS_MAX, BadForm, Editor, Number, Overtaken, zones_version
from tocsin.centre.table_files import Problems, TableRow
from tocsin.model.accounts import Refusal
from tocsin.model.errors import BadInput, CentreFault, Conflict
from tocsin.model.sites import SiteRow, ZoneRow
from tocsin.system import SystemClock

ANA, BO = "user-1", "user-2"
DAY_US = 86_400_000_000


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "centre"


@pytest.fixture
def centre(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(make_folder(folder), clock=clock) as made:
        made.folder = folder
        yield made


@pytest.fixture
def editor(centre):
    return Editor(centre.centre.configuration, centre.store, centre.clock)


def draft(account="1", **cells):
    problems = Problems("form")
    found = read_account(TableRow(1, {"account": account, **cells}), problems)
    problems.raise_if_any()
    return found


def make_site(editor, name="Pier", **texts):
    return editor.make_site(SiteRow(name=name, **texts), ANA)


def make_account(editor, account="1", site_id=None, **cells):
    return editor.make_account(draft(account, **cells), site_id, ANA)


def names(centre, *ids):
    rows = {id_: name.row for id_, name in centre.names.sites(ids).items()}
    return {id_: (row.name, row.address, row.directions) for id_, row in rows.items()}


def texts_left(folder):
    return {name for (name,) in rows(folder / "keys.db", "SELECT name FROM secrets WHERE name LIKE '%-text-%'")}


def last_fact(centre):
    return json.loads(centre.store.entries(centre.journal.head.seq - 1, 1)[0].row.entry)


def open_incident(centre, number, **fields):
    with centre.store.transaction() as transaction:
        transaction.put_incidents([incident(number, **fields)])


# Sites ---------------------------------------------------------------------------------------------------------------


def test_site_is_made_changed_and_removed_by_facts_in_the_name_of_whoever_did_it(centre, editor, folder):
    site = make_site(editor, "Pier", address="1 Quay Street", directions="Gate 2")
    assert site.id == f"site-{site.seq}"
    assert names(centre.centre, site.id) == {site.id: ("Pier", "1 Quay Street", "Gate 2")}
    fact = last_fact(centre)
    assert (fact["kind"], fact["ref"], fact["actor"], fact["body"]["config"]) == ("site.set", None, ANA, 1)

    changed = editor.change_site(site.id, site.seq, SiteRow(name="Pier 2"), BO)
    assert names(centre.centre, site.id) == {site.id: ("Pier 2", None, None)}
    fact = last_fact(centre)
    assert (fact["ref"], fact["actor"], fact["body"]["config"]) == (site.id, BO, 2)
    assert texts_left(folder) == {changed.row.name}, "the replaced texts are destroyed"

    editor.remove_site(site.id, changed.seq, BO)
    assert (centre.store.sites(), names(centre.centre, site.id), texts_left(folder)) == ([], {}, set())
    assert last_fact(centre)["body"] == msgspec.json.decode(msgspec.json.encode(SiteRow(config=3, removed=True)))


def test_texts_of_sites_and_zones_stand_in_no_file_in_clear(centre, editor, folder):
    site = make_site(editor, "PLANTED Villa", address="PLANTED Lane", directions="PLANTED ring at Example's")
    account = make_account(editor, site_id=site.id, name="PLANTED panel")
    editor.set_zones(
        account.id, zones_version(()), [ZoneRow(account_id=account.id, number="1", name="PLANTED Bedroom")], ANA
    )
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"PLANTED" not in data
    assert "PLANTED".encode("utf-16-le") not in data


def test_change_of_what_another_changed_meanwhile_is_refused_and_says_who_and_when(centre, editor):
    site = make_site(editor)
    centre.clock.advance(60)
    changed_at = centre.clock.now_us()
    editor.change_site(site.id, site.seq, SiteRow(name="Pier 2"), BO)
    for act in (
        lambda: editor.change_site(site.id, site.seq, SiteRow(name="Pier 3"), ANA),
        lambda: editor.remove_site(site.id, site.seq, ANA),
    ):
        with pytest.raises(
            Overtaken, match=r"site-2 was changed by user-2.*Nothing of yours was saved.*overtaken"
        ) as no:
            act()
        assert (no.value.ref, no.value.by, no.value.at) == (site.id, BO, changed_at)
    assert names(centre.centre, site.id)[site.id][0] == "Pier 2"


def test_two_sites_have_no_name_in_common_without_case(centre, editor):
    first, second = make_site(editor, "Café"), make_site(editor, "Pier")
    for act in (
        lambda: make_site(editor, "CAFE\u0301"),
        lambda: editor.change_site(second.id, second.seq, SiteRow(name="cafÉ"), ANA),
        lambda: editor.make_account(draft(), None, ANA, new_site=SiteRow(name="café")),
    ):
        with pytest.raises(Conflict, match=r"site-2 has this name already.*sites\.taken"):
            act()
    editor.change_site(first.id, first.seq, SiteRow(name="CAFÉ"), ANA)
    editor.change_site(second.id, second.seq, SiteRow(name="Gate"), ANA)
    make_site(editor, "Pier")


def test_site_with_accounts_is_not_removed_and_says_how_many_stand_there(centre, editor):
    site = make_site(editor)
    accounts = [make_account(editor, number, site.id) for number in ("1", "2")]
    with pytest.raises(Conflict, match=r"2 accounts stand at site-2\. Nothing was removed.*sites\.has_accounts"):
        editor.remove_site(site.id, site.seq, ANA)
    editor.change_account(accounts[0].id, accounts[0].seq, draft("1"), None, ANA)
    editor.remove_account(accounts[1].id, accounts[1].seq, ANA)
    editor.remove_site(site.id, site.seq, ANA)
    assert centre.store.sites() == []


def test_nothing_is_removed_while_incidents_are_open_there_and_their_numbers_are_named(centre, editor):
    site = make_site(editor)
    account = make_account(editor, "1", name="Fire panel")
    open_incident(centre, 7, site_id=site.id, account_id=None)
    open_incident(centre, 9, site_id=None, account_id=account.id)
    open_incident(centre, 11, site_id=site.id, account_id=account.id, state="closed")
    seq = centre.journal.head.seq
    with pytest.raises(Conflict, match=r"Incidents are open at site-2: #7\. Nothing was removed.*open_incidents"):
        editor.remove_site(site.id, site.seq, ANA)
    with pytest.raises(Conflict, match=r"Incidents are open at account-3: #9\. Nothing was removed"):
        editor.remove_account(account.id, account.seq, ANA)
    assert centre.journal.head.seq == seq
    assert centre.centre.names.accounts((account.id,))[account.id].name == "Fire panel", "its texts are kept"


def test_open_incidents_of_a_site_are_named_before_its_accounts_and_before_a_newer_version(centre, editor):
    """Somebody is being helped there: that is what whoever removes the site has to know first."""
    site = make_site(editor)
    accounts = [make_account(editor, number, site.id) for number in ("1", "2")]
    open_incident(centre, 7, site_id=site.id, account_id=None)
    open_incident(centre, 9, site_id=None, account_id=accounts[1].id)  # opened before its account came here
    seq = centre.journal.head.seq
    for version in (site.seq, site.seq - 1):
        with pytest.raises(Conflict, match=r"open at site-2: #7, #9\. Nothing was removed.*open_incidents"):
            editor.remove_site(site.id, version, ANA)
    assert (centre.journal.head.seq, len(centre.store.sites())) == (seq, 1)


@pytest.mark.parametrize(
    "act",
    [
        lambda editor: editor.change_site("site-99", 1, SiteRow(name="x"), ANA),
        lambda editor: editor.remove_site("site-99", 1, ANA),
        lambda editor: editor.remove_site("account-1' OR 1=1 --", 1, ANA),
        lambda editor: make_account(editor, site_id="site-99"),
    ],
)
def test_site_that_is_not_there_is_said(editor, act):
    with pytest.raises(
        BadInput, match=r"There is no site (site-99|of this id), or.*Nothing was changed.*sites\.unknown"
    ):
        act(editor)


# Accounts ------------------------------------------------------------------------------------------------------------


def test_account_is_made_with_a_new_site_in_one_transaction(centre, editor):
    seq = centre.journal.head.seq
    account = editor.make_account(draft("4711", name="Panel"), None, BO, new_site=SiteRow(name="Dock"))
    site_id, account_id = f"site-{seq + 1}", f"account-{seq + 2}"
    assert (account.id, account.row.site_id, account.row.config) == (account_id, site_id, 1)
    assert centre.centre.places().of_account(account_id).site_id == site_id
    assert centre.centre.config() == 1


def test_account_keeps_its_key_until_one_is_set_or_taken_away(centre, editor, folder):
    account = make_account(editor, "2", key=KEY.hex())
    first = centre.snapshots[-1].find(None, None, "2").key
    account = editor.change_account(account.id, account.seq, draft("2", name="x"), None, ANA)
    assert (first, centre.snapshots[-1].find(None, None, "2").key) == (KEY, KEY)
    account = editor.change_account(account.id, account.seq, draft("2", key="22" * 32), None, ANA)
    assert centre.snapshots[-1].find(None, None, "2").key == b"\x22" * 32
    editor.change_account(account.id, account.seq, draft("2", key="off"), None, ANA)
    assert centre.snapshots[-1].find(None, None, "2").key is None
    assert rows(folder / "keys.db", "SELECT name FROM secrets WHERE name LIKE 'account-key%'") == []


def test_two_accounts_have_no_number_receiver_and_line_in_common(centre, editor):
    make_account(editor, "ab", line="1")
    other = make_account(editor, "AB", line="2")
    for act in (
        lambda: make_account(editor, "AB", line="01"),
        lambda: editor.change_account(other.id, other.seq, draft("Ab", line="1"), None, ANA),
    ):
        with pytest.raises(Conflict, match=r"is there already with this receiver and line: account-2.*accounts\.taken"):
            act()


def test_form_is_checked_as_a_row_of_a_file_is(editor):
    with pytest.raises(BadForm) as no:
        make_account(editor, "1", key=KEY.hex(), duplicate_window_s="10", carried_by="1")
    assert no.value.reasons == [
        "duplicate_window_s is 10; an account with a key needs more than late_max_s + early_max_s = 60, or a message "
        "could be replayed",
        "carried_by names the account itself",
    ]
    with pytest.raises(BadForm, match="carried_by names account 9, which is not at the centre"):
        make_account(editor, "1", carried_by="9")
    make_account(editor, "9")
    with pytest.raises(BadForm, match="carried_by names account 9, which has no key"):
        make_account(editor, "1", carried_by="9")


def test_account_that_carries_others_keeps_its_key_and_stays(editor):
    carrier = make_account(editor, "9", key=KEY.hex())
    make_account(editor, "1", carried_by="9")
    for act, fate in (
        (lambda: editor.change_account(carrier.id, carrier.seq, draft("9", key="off"), None, ANA), "loses its key"),
        (lambda: editor.remove_account(carrier.id, carrier.seq, ANA), "is removed"),
    ):
        with pytest.raises(Conflict, match=rf"Account 9 carries 1; where it {fate}, their messages would be refused"):
            act()


def test_removed_account_is_unknown_and_its_key_names_and_zones_are_destroyed(centre, editor, folder):
    centre.centre.snapshot()
    account = make_account(editor, "5", name="Panel", key=KEY.hex())
    editor.set_zones(account.id, zones_version(()), [ZoneRow(account_id=account.id, number="1", name="Hall")], ANA)
    editor.remove_account(account.id, account.seq, BO)
    assert (centre.store.accounts(), centre.store.zones()) == ([], [])
    assert rows(folder / "keys.db", "SELECT name FROM secrets WHERE name NOT LIKE 'centre.%'") == []
    assert centre.snapshots[-1].find(None, None, "5") is None
    assert centre.places[-1].of_account(account.id) is None if centre.places else True
    assert centre.centre.names.accounts((account.id,)) == {}
    assert centre.centre.names.zones((account.id,)) == {account.id: {}}
    for act in (
        lambda: editor.remove_account(account.id, account.seq, ANA),
        lambda: editor.change_account(account.id, account.seq, draft("5"), None, ANA),
    ):
        with pytest.raises(BadInput, match=r"There is no account account-2, or.*accounts\.unknown"):
            act()


# Zones ---------------------------------------------------------------------------------------------------------------


def zone(account, number, **fields):
    return ZoneRow(account_id=account.id, number=number, **fields)


def test_account_has_the_zones_that_were_set_and_no_others(centre, editor):
    account = make_account(editor)
    centre.centre.places()
    rows_ = [zone(account, "1", name="Hall"), zone(account, "2", type="FIRE-SMOKE", priority=2), zone(account, "3")]
    editor.set_zones(account.id, zones_version(()), rows_, ANA)
    stored = centre.store.zones((account.id,))
    version = zones_version(stored)
    seq = centre.journal.head.seq

    editor.set_zones(account.id, version, rows_, BO)
    assert centre.journal.head.seq == seq, "what is the same writes nothing"

    editor.set_zones(account.id, version, [rows_[1], zone(account, "3", name="Yard"), zone(account, "4")], BO)
    assert [(z.row.number, z.row.name) for z in centre.centre.configuration.zones((account.id,))] == [
        ("2", None), ("3", "Yard"), ("4", None),
    ]  # fmt: skip
    assert centre.store.zones((account.id,))[0] == stored[1], "what is the same keeps its fact"
    place = centre.places[-1].of_account(account.id)
    assert {number: (rule.type, rule.priority) for number, rule in place.zones.items()} == {"2": ("FIRE-SMOKE", 2)}
    assert centre.centre.names.zones((account.id,)) == {account.id: {"3": "Yard"}}


def test_zones_that_another_changed_meanwhile_are_not_overwritten(centre, editor):
    account = make_account(editor)
    editor.set_zones(account.id, zones_version(()), [zone(account, n) for n in "123"], ANA)
    seen = zones_version(centre.store.zones((account.id,)))
    editor.set_zones(account.id, seen, [zone(account, n) for n in "23"], BO)
    with pytest.raises(Overtaken) as no:
        editor.set_zones(account.id, seen, [zone(account, n) for n in "1234"], ANA)
    assert no.value.ref == account.id


# Sent twice ----------------------------------------------------------------------------------------------------------


def once(id_="k1", digest=b"d1"):
    return Once(id=id_, digest=digest)


def test_change_that_is_sent_again_is_made_once(centre, editor):
    site = editor.make_site(SiteRow(name="Pier"), ANA, once())
    account = editor.make_account(draft("1"), site.id, ANA, once("k2"))
    seq = centre.journal.head.seq
    assert editor.make_site(SiteRow(name="Pier"), ANA, once()).id == site.id
    assert editor.make_account(draft("1"), site.id, ANA, once("k2")).id == account.id
    assert centre.journal.head.seq == seq
    changed = editor.change_site(site.id, site.seq, SiteRow(name="Pier 2"), ANA, once("k3"))
    assert editor.change_site(site.id, site.seq, SiteRow(name="Pier 2"), ANA, once("k3")) == changed
    editor.remove_account(account.id, account.seq, ANA, once("k4"))
    editor.remove_account(account.id, account.seq, ANA, once("k4"))
    assert centre.journal.head.seq == seq + 2


def test_same_key_with_something_else_is_refused_and_another_person_may_use_it(centre, editor):
    editor.make_site(SiteRow(name="Pier"), ANA, once())
    with pytest.raises(Conflict, match=r"Idempotency-Key came before with another request.*command\.reused"):
        editor.make_site(SiteRow(name="Dock"), ANA, once(digest=b"d2"))
    assert editor.make_site(SiteRow(name="Dock"), BO, once(digest=b"d2")).seq == centre.journal.head.seq


def test_refused_change_is_not_remembered(editor):
    make_site(editor, "Pier")
    with pytest.raises(Conflict, match=r"sites\.taken"):
        editor.make_site(SiteRow(name="pier"), ANA, once())
    site = editor.make_site(SiteRow(name="Dock"), ANA, once(digest=b"d2"))
    assert site.row.name is not None


# Numbers that are none of ours ---------------------------------------------------------------------------------------


def number(account="99", receiver=None, line="0"):
    return Number(account=account, receiver=receiver, line=line)


def refuse(editor, centre, days=1, answer="silent", **fields):
    until = centre.clock.now_us() + round(days * DAY_US)
    return editor.refuse_number(number(**fields), answer, "scanner", until, ANA)


def test_refused_number_is_answered_as_said_until_its_time_and_no_longer(centre, editor):
    centre.centre.snapshot()
    refuse(editor, centre, answer="duh")
    snapshot = centre.snapshots[-1]
    now, end = centre.clock.now_us(), centre.clock.now_us() + DAY_US
    assert [snapshot.refusal(None, 0, "99", at) for at in (now, end - 1, end)] == ["duh", "duh", None]
    assert snapshot.refusal(1, 0, "99", now) is snapshot.refusal(None, None, "99", now) is None
    assert last_fact(centre)["body"] == {
        "account": "99", "answer": "duh", "config": 1, "line": "0", "reason": "scanner", "receiver": None,
        "until": end,
    }  # fmt: skip
    assert [r.row.account for r in editor.refused()] == ["99"]
    centre.clock.advance(86_400)
    assert editor.refused() == []


def test_refusal_is_taken_back(centre, editor):
    centre.centre.snapshot()
    refuse(editor, centre, account="9A")
    editor.take_back(number("9a"), BO)
    assert centre.snapshots[-1].refusal(None, 0, "9A", centre.clock.now_us()) is None
    assert editor.refused() == []
    for again in (number("9A"), number("9A", receiver="1")):
        with pytest.raises(BadInput, match=r"Number 9A is not refused.*refusals\.unknown"):
            editor.take_back(again, BO)


@pytest.mark.parametrize("days", [-1, 0, 30.001, 365])
def test_number_is_refused_for_30_days_at_most(centre, editor, days):
    with pytest.raises(BadInput, match=r"30 days ahead\. Nothing was changed.*unknown\.until"):
        refuse(editor, centre, days=days)
    refuse(editor, centre, days=30)


def test_account_of_ours_is_not_refused(centre, editor):
    make_account(editor, "99", line="0")
    with pytest.raises(Conflict, match=r"Account 99 is one of ours.*unknown\.ours"):
        refuse(editor, centre)
    make_account(editor, "99", line="1")
    refuse(editor, centre, line="7")


def test_numbers_refused_at_once_are_bounded(centre, editor):
    row = refuse(editor, centre).row
    with centre.store.transaction() as transaction:
        transaction.put_refusals(
            Refusal(msgspec.structs.replace(row, account=f"X{n}"), n) for n in range(1, REFUSALS_MAX)
        )
    with pytest.raises(Conflict, match=r"1,000 numbers are refused already.*unknown\.too_many"):
        refuse(editor, centre, account="55")
    centre.clock.advance(2 * 86_400)
    refuse(editor, centre, account="55")


def test_nothing_is_changed_where_nothing_can_be_stored(folder):
    def fail(_held, _work):
        raise CentreFault("The centre is stopping", "centre.stopping")

    with held(make_folder(folder), run=fail) as centre:
        editor = Editor(centre.centre.configuration, centre.store, centre.clock)
        with pytest.raises(CentreFault, match=r"centre\.stopping"):
            make_site(editor, "Pier", address="Quay")
        assert (centre.store.sites(), texts_left(folder)) == ([], set())
