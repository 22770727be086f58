"""Commands and questions of a centre: all or nothing, keys first, and nothing read without a record."""

import json

import msgspec
import pytest

from support.centres import KEY, KEYED_CSV, edit, held, make_folder, rows, secret_names
from support.fakes import START_US, ManualClock
from tocsin.centre.account_import import AccountPlan, PlannedAccount
from tocsin.centre.centre import ENTRIES_PAGE_MAX, OpenedFrame
from tocsin.centre.configuration import CHANGES_MAX
from tocsin.centre.table_plan import ImportResult
from tocsin.model.accounts import AccountRow
from tocsin.model.errors import BadInput, CentreFault, Conflict, DiskFault, JournalFull
from tocsin.model.lists import RejectedFrame
from tocsin.model.signals import SealedPart
from tocsin.protocols.dc09.encode import encode_frame, format_stamp
from tocsin.protocols.dc09.framing import read_datagram
from tocsin.protocols.dc09.judge import ReceiverPolicy, judge

OTHER_KEY = bytes(range(16, 32))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "centre"


@pytest.fixture
def centre(folder):
    with held(make_folder(folder)) as made:
        yield made


def keys_by_account(centre):
    """What receivers would use."""
    snapshot = centre.centre.snapshot()
    return {a.row.account: snapshot.find(None, 0, a.row.account).key for a in centre.centre.accounts()}


def bodies(centre, kind):
    entries = [e.row for e in centre.store.entries(0, 1000)]
    return [json.loads(row.entry)["body"] for row in entries if row.kind == kind]


# Imports -------------------------------------------------------------------------------------------------------------


def test_import_makes_accounts_keys_facts_and_a_picture_for_the_receivers(centre, folder):
    assert centre.add(KEYED_CSV) == ImportResult(new=3, changed=0, same=0, config=1)
    assert keys_by_account(centre) == {"1": None, "2": KEY, "3": None}
    (name,) = secret_names(folder)
    assert [(body["account"], body["config"], body["key"]) for body in bodies(centre, "account.set")] == [
        ("1", 1, None),
        ("2", 1, {"bits": 128, "form": "hex", "name": name}),
        ("3", 1, None),
    ]
    (snapshot,) = centre.snapshots
    assert (snapshot.config, snapshot.size, snapshot.keyless) == (1, 3, ())
    assert (centre.centre.config(), snapshot.find(None, None, "2").key) == (1, KEY)


def test_import_of_what_is_there_writes_nothing(centre, folder):
    centre.add(KEYED_CSV)
    names, seq = secret_names(folder), centre.journal.head.seq
    assert centre.add(KEYED_CSV) == ImportResult(new=0, changed=0, same=3, config=1)
    assert (secret_names(folder), centre.journal.head.seq, len(centre.snapshots)) == (names, seq, 1)


def test_replaced_key_is_destroyed(centre, folder):
    centre.add(KEYED_CSV)
    (old,) = secret_names(folder)
    ((old_id,),) = rows(folder / "keys.db", f"SELECT id FROM secrets WHERE name = '{old}'")
    result = centre.add(b"account,key\n2," + OTHER_KEY.hex().encode() + b"\n")
    assert (result.changed, keys_by_account(centre)["2"]) == (1, OTHER_KEY)
    (new,) = secret_names(folder)
    assert new != old
    ((wrapped,),) = rows(folder / "keys.db", f"SELECT value FROM wrapped WHERE id = {old_id}")
    assert set(wrapped) == {0}


def test_key_taken_away_is_destroyed_and_an_empty_field_keeps_it(centre, folder):
    centre.add(KEYED_CSV)
    centre.add(b"account,name\n2,Shed\n")
    assert keys_by_account(centre)["2"] == KEY
    centre.add(b"account,key\n2,off\n")
    assert (keys_by_account(centre)["2"], secret_names(folder)) == (None, [])


@pytest.mark.parametrize("fault", [JournalFull("full", "store.full"), ZeroDivisionError(), KeyboardInterrupt()])
def test_fault_between_keys_and_facts_leaves_no_key_and_no_account(folder, fault):
    settings = make_folder(folder)

    def fail(_held, work):
        assert len(secret_names(folder)) == 1, "the key is durable before the first fact"
        raise fault

    with held(settings, run=fail) as centre:
        with pytest.raises(type(fault)):
            centre.add(KEYED_CSV)
        assert (centre.centre.accounts(), centre.centre.config(), centre.snapshots) == ([], 0, [])
        assert secret_names(folder) == []


def test_fault_inside_the_transaction_leaves_no_key_and_no_account(centre, folder):
    centre.add(b"account\n1\n")
    seq, accounts = centre.journal.head.seq, centre.centre.accounts()
    edit(folder / "tocsin.db", "CREATE TRIGGER fail BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(CentreFault, match=r"store\.refused"):
        centre.add(KEYED_CSV)
    assert (centre.centre.accounts(), centre.journal.head.seq, secret_names(folder)) == (accounts, seq, [])
    edit(folder / "tocsin.db", "DROP TRIGGER fail")
    assert centre.add(KEYED_CSV).new == 2


def test_interruption_just_after_the_commit_keeps_the_key_of_the_account(folder):
    def interrupted(held, work):
        work(held.journal)
        raise KeyboardInterrupt

    with held(make_folder(folder), run=interrupted) as centre:
        with pytest.raises(KeyboardInterrupt):
            centre.add(KEYED_CSV)
        assert keys_by_account(centre) == {"1": None, "2": KEY, "3": None}


def test_disk_fault_keeps_the_key_for_nobody_knows_whether_the_account_is_stored(folder):
    settings = make_folder(folder)

    def fail(_held, work):
        raise DiskFault("The fsync failed", "store.disk")

    with held(settings, run=fail) as centre:
        with pytest.raises(DiskFault):
            centre.add(KEYED_CSV)
        assert len(secret_names(folder)) == 1


def test_change_worked_out_from_older_accounts_is_refused_and_leaves_nothing(centre, folder):
    plan = centre.plan(KEYED_CSV)
    centre.add(b"account\n9\n")
    with pytest.raises(Conflict) as refused:
        centre.centre.import_table(plan, 0)
    assert str(refused.value) == (
        "The configuration was changed meanwhile (version 1, this change was worked out from 0). Nothing was changed. "
        "Give the command again [config.changed]"
    )
    assert ([a.row.account for a in centre.centre.accounts()], secret_names(folder)) == (["9"], [])


def test_more_than_100_000_accounts_at_once_are_refused(centre):
    item = PlannedAccount(line=2, id=None, row=AccountRow(account="1"))
    plan = AccountPlan(new=(item,) * (CHANGES_MAX + 1), changed=(), same=())
    with pytest.raises(BadInput, match=r"100,001 rows at once, limit 100,000\. Nothing was changed.*config\.too_many"):
        centre.centre.import_table(plan, 0)
    assert centre.centre.accounts() == []


def test_stored_change_that_receivers_cannot_be_shown_is_told_and_not_taken_back(folder):
    settings = make_folder(folder)
    faults = []

    class UnreadableSecrets:
        """Keys that can be written and not read (`centre.Secrets`)."""

        def __init__(self, vault):
            self.secrets_put, self.secrets_delete = vault.secrets_put, vault.secrets_delete
            self.identity_key = vault.identity_key

        def secrets_get(self, names):
            return {}

        def secret_get(self, name):
            raise DiskFault("keys.db could not be read", "vault.disk")

    with held(settings, on_stale=faults.append, secrets=UnreadableSecrets) as centre:
        assert centre.add(KEYED_CSV).new == 3
        assert ([fault.code for fault in faults], centre.snapshots) == (["vault.disk"], [])
        assert len(centre.centre.accounts()) == 3


# A key that is lost --------------------------------------------------------------------------------------------------


def verdict_of(snapshot, account, *, key=None):
    frame = encode_frame(
        token="SIA-DCS", sequence="0001", receiver=None, line="0", account=account, data=f"#{account}|NBA01",
        timestamp=format_stamp(START_US), key=key, pad=bytes(16) if key else b"",
    )  # fmt: skip
    verdict = judge(read_datagram(frame)[0], snapshot, ReceiverPolicy(), START_US)
    return verdict.outcome, verdict.reason


def test_account_whose_key_is_lost_is_refused_whole_and_all_others_are_served(centre, folder):
    centre.add(KEYED_CSV)
    centre.vault.secrets_delete(secret_names(folder))
    snapshot = centre.centre.snapshot()
    (lost,) = (account.id for account in centre.centre.accounts() if account.row.account == "2")
    assert (snapshot.keyless, snapshot.size) == ((lost,), 3)
    assert verdict_of(snapshot, "2") == ("discarded", "downgrade")
    assert verdict_of(snapshot, "2", key=KEY) == ("discarded", "decrypt")
    assert verdict_of(snapshot, "1") == ("accepted", None)


def test_key_nobody_knows_is_another_one_each_time(centre, folder):
    centre.add(KEYED_CSV)
    centre.vault.secrets_delete(secret_names(folder))
    assert len({keys_by_account(centre)["2"] for _ in range(3)} - {None}) == 3


def test_lost_key_comes_back_by_importing_it_again(centre, folder):
    centre.add(KEYED_CSV)
    centre.vault.secrets_delete(secret_names(folder))
    assert centre.add(KEYED_CSV).changed == 1
    assert (centre.snapshots[-1].keyless, keys_by_account(centre)["2"]) == ((), KEY)


# Questions -----------------------------------------------------------------------------------------------------------


def test_same_keys_tells_yes_or_no_and_nothing_else(centre):
    centre.add(KEYED_CSV)
    ref = centre.centre.accounts()[1].row.key
    assert centre.centre.same_keys([(ref, KEY), (ref, OTHER_KEY), (ref, KEY[:8])]) == [True, False, False]


@pytest.mark.parametrize("limit", [0, -1, -(2**40)])
def test_page_of_nothing_is_empty_and_never_everything(centre, limit):
    assert centre.centre.entries(0, limit) == []
    assert centre.centre.rejected_frames(limit) == []


def test_pages_are_bounded(centre):
    centre.add(b"account\n" + b"".join(b"%d\n" % n for n in range(ENTRIES_PAGE_MAX + 10)))
    page = centre.centre.entries(0, 10**9)
    assert ([e.row.seq for e in page[:2]], len(page)) == ([1, 2], ENTRIES_PAGE_MAX)
    assert [e.row.seq for e in centre.centre.entries(7, 2)] == [8, 9]


def reject(centre, at, raw=b"\nraw\r"):
    key, sealed, _ = centre.vault.seal("intake", at, SealedPart(raw=raw, peer="192.0.2.1:4000"))
    frame = RejectedFrame(
        account="1", at=at, id=0, key=key, outcome="discarded", reason="crc", sealed=sealed, token=None, transport="tcp"
    )
    with centre.store.transaction() as transaction:
        transaction.add_rejected([frame], 100)


def test_rejected_frames_are_opened_for_a_coded_reason_which_is_journalled_first(folder):
    clock = ManualClock()
    journalled = []

    def run(held, work):
        journalled.append(work(held.journal))

    with held(make_folder(folder, clock=clock), clock=clock, run=run) as centre:
        reject(centre, clock.now_us())
        opened = centre.centre.open_rejected(10, "complaint")
        assert [(f.frame.id, f.raw, f.peer) for f in opened] == [(1, b"\nraw\r", "192.0.2.1:4000")]
        assert (journalled, bodies(centre, "vault.read")) == (
            [[2]],
            [{"count": 1, "reason": "complaint", "what": "rejected_frames"}],
        )


def test_rejected_frames_are_not_opened_for_words_of_ones_own(centre):
    reject(centre, START_US)
    seq = centre.journal.head.seq
    with pytest.raises(
        BadInput, match=r"Nothing was read.*installation, fault_finding, complaint, audit.*vault\.reason"
    ):
        centre.centre.open_rejected(10, "curiosity")
    assert centre.journal.head.seq == seq


def test_rejected_frame_whose_key_was_destroyed_is_shown_without_what_was_sealed(centre):
    reject(centre, START_US)
    with centre.store.transaction() as transaction:
        unsealed = msgspec.structs.replace(centre.store.rejected_frames(1)[0], key=None, sealed=None)
        transaction.add_rejected([unsealed], 100)
    opened = centre.centre.open_rejected(10, "audit")
    assert [(f.raw, f.peer) for f in opened] == [(None, None), (b"\nraw\r", "192.0.2.1:4000")]
    assert isinstance(opened[0], OpenedFrame)


def test_nothing_is_shown_where_the_reading_cannot_be_journalled(folder):
    def fail(_held, work):
        raise CentreFault("The centre is stopping", "centre.stopping")

    with held(make_folder(folder), run=fail) as centre:
        reject(centre, START_US)
        with pytest.raises(CentreFault, match=r"centre\.stopping"):
            centre.centre.open_rejected(10, "audit")
